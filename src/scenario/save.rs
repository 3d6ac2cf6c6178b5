//! A changed scenario written back into the text that it came from.
//!
//! Only the values of changed keys are replaced; comments, order and layout stay byte for byte. Numbers keep the style
//! of their old value: `"128k"` becomes `"200k"`, `0.03` becomes `0.05`. A key that was not there is added to its table,
//! and one that is taken back to its default is removed. What was written is read again before anybody gets it.

mod fresh;
mod tables;
pub(super) mod text;
pub(super) mod view;

use std::fmt;
use std::io;
use std::path::Path;

use super::parameter::Unit;
use super::table::first;
use super::{Range, Scenario, Target, load};
use crate::diagnostic::{Diagnostics, Fault, Place, Severity};
use crate::document::edit::{Step, holds, with_list, with_value, without, written};
use crate::document::write::{write_new, write_whole};
use crate::document::{is_blank, reason, text_from_bytes};
pub use fresh::created;
use view::{Key, View, Written, holds_the_same, rest, view};

/// Returns the text of a scenario with what was changed since it was opened.
///
/// `opened` is the scenario as it was before the changes: what flags put into it and what was counted stays out of the
/// text, because only differences between the two scenarios are written.
///
/// # Errors
/// What of the change a file cannot say, or why a file with it could not be read again.
///
/// ```
/// use std::path::Path;
/// use ragonomics::scenario::{load, save};
///
/// let text = "[workload]\nrequests_per_month = \"30k\" # guessed\n";
/// let (opened, _) = load::scenario("bot.toml", text, Path::new("."))?;
/// let mut changed = opened.clone();
/// changed.set("workload.requests_per_month", "45k").unwrap();
/// let saved = save::saved(text, &opened, &changed).unwrap();
/// assert_eq!(saved, "[workload]\nrequests_per_month = \"45k\" # guessed\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn saved(original: &str, opened: &Scenario, changed: &Scenario) -> Result<String, Fault> {
    let (mut text, opened) = tables::with_tables(original, opened, changed)?;
    let opened = &opened;
    if rest(opened) != rest(changed) {
        return Err(unwritable("a table"));
    }
    // Shares of classes come to all requests only once their new values stand there, too.
    let base = Scenario { folder: opened.folder.clone(), ..load::part(&text).map_err(first)? };
    let edits = changes(opened, changed);
    // What goes makes room first: a number and the files that it is counted from, users and requests.
    for gone in [true, false] {
        for (key, value) in edits.iter().filter(|(_, value)| value.is_none() == gone) {
            text =
                edited(&text, &base, *key, value.as_ref()).ok_or_else(|| unwritable(&name(&base, *key)))?;
        }
    }
    let again = read_again(&text, opened)?;
    let mut expected = view(&base);
    for (key, value) in edits {
        if let Some((_, known)) = expected.iter_mut().find(|(known, _)| *known == key) {
            *known = value;
        }
    }
    match first_difference(&expected, &view(&again)) {
        Some(key) => Err(unwritable(&name(&base, key))),
        None if rest(&again) != rest(changed) => Err(unwritable("a table")),
        None => Ok(text),
    }
}

/// Returns whether files of the two scenarios would say something else.
pub fn differ(opened: &Scenario, changed: &Scenario) -> bool {
    rest(opened) != rest(changed) || !changes(opened, changed).is_empty()
}

/// Returns the keys whose values differ, with the new ones.
fn changes(opened: &Scenario, changed: &Scenario) -> View {
    let before = view(opened);
    let differs = |(at, (key, value)): &(usize, (Key, Option<Written>))| match (&before[*at].1, value) {
        (Some(before), Some(now)) => !before.is(now),
        (None, None) => false,
        _ => !holds_the_same(*key, opened, changed),
    };
    view(changed).into_iter().enumerate().filter(differs).map(|(_, change)| change).collect()
}

fn first_difference(expected: &View, found: &View) -> Option<Key> {
    if expected.len() != found.len() {
        return expected.first().map(|(key, _)| *key);
    }
    let same = |a: &Option<Written>, b: &Option<Written>| match (a, b) {
        (Some(a), Some(b)) => a.is(b),
        (None, None) => true,
        _ => false,
    };
    expected.iter().zip(found).find(|((_, a), (_, b))| !same(a, b)).map(|((key, _), _)| *key)
}

fn read_again(text: &str, like: &Scenario) -> Result<Scenario, Fault> {
    let source = "the scenario";
    // A text of comments alone is no scenario to the loader, but one to write into.
    if is_blank(text) {
        return Ok(Scenario { folder: like.folder.clone(), ..Scenario::default() });
    }
    load::scenario(source, text, &like.folder).map(|(scenario, _)| scenario).map_err(|faults| {
        let first = faults.0.into_iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        let said = first.as_ref().map(|diagnostic| diagnostic.fault.to_string()).unwrap_or_default();
        let message = format!("a file with these changes could not be read: {said}");
        let remedy = first.and_then(|diagnostic| diagnostic.fault.remedy());
        Fault::Conflict { message, remedy: remedy.unwrap_or_else(|| "take the last change back".to_owned()) }
    })
}

fn unwritable(key: &str) -> Fault {
    let message = format!("`{key}` cannot be written into the text of the scenario");
    Fault::Conflict { message, remedy: "write it into the file with an editor".to_owned() }
}

fn name(scenario: &Scenario, key: Key) -> String {
    match key {
        Key::Setting(setting) => setting.path.to_owned(),
        Key::Number(target) => scenario.path_of(target),
    }
}

/// Returns the steps to a key.
fn steps(key: Key) -> Vec<Step<'static>> {
    let dotted = |path: &'static str| path.split('.').map(Step::Key).collect();
    match key {
        Key::Setting(setting) => dotted(setting.path),
        Key::Number(Target { param, group: None }) => dotted(param.facts().path),
        Key::Number(Target { param, group: Some((kind, at)) }) => {
            vec![Step::Key(kind.key()), Step::Item(usize::from(at)), Step::Key(param.key())]
        }
    }
}

/// Returns the text with one key changed; `None` where the text has no place for it.
fn edited(text: &str, base: &Scenario, key: Key, value: Option<&Written>) -> Option<String> {
    let path = steps(key);
    if let Key::Number(Target { group: Some((kind, at)), .. }) = key
        && usize::from(at) >= base.groups.count(kind)
    {
        return None;
    }
    let Some(value) = value else { return Some(without(text, &path)) };
    let unit = match key {
        Key::Number(target) => target.param.facts().unit,
        Key::Setting(_) => Unit::Count,
    };
    match value {
        Written::Range(range) => with_range(text, &path, *range, unit),
        Written::List(items) => {
            let items: Vec<String> = items.iter().map(|item| text::quoted(item, None)).collect();
            listed(text, &path, &items)
        }
        Written::Numbers(numbers) => {
            let items: Vec<String> = numbers.iter().map(|number| format!("{number}")).collect();
            listed(text, &path, &items)
        }
        _ => with_value(text, &path, &one(value, unit, old_style(text, &path))),
    }
}

/// Returns the old value whose style a new one takes over: the value itself, or the middle of a range.
fn old_style<'t>(text: &'t str, path: &[Step<'_>]) -> Option<&'t str> {
    let inside = ["mode", "p10"].iter().find_map(|part| written(text, &[path, &[Step::Key(part)]].concat()));
    inside.or_else(|| written(text, path))
}

/// Writes a value that is neither a list nor a range.
pub(super) fn one(value: &Written, unit: Unit, old: Option<&str>) -> String {
    match value {
        Written::Number(value) => text::number(*value, unit, old),
        Written::Fill => "\"fill\"".to_owned(),
        Written::Text(value) => text::quoted(value, old),
        Written::Day(day) => match old.filter(|old| old.starts_with(['"', '\''])) {
            Some(old) => text::quoted(day, Some(old)),
            None => day.clone(),
        },
        Written::Flag(flag) => flag.to_string(),
        Written::Range(range) => range_text(*range, unit, old),
        Written::List(_) | Written::Numbers(_) => String::new(),
    }
}

fn listed(text: &str, path: &[Step<'_>], items: &[String]) -> Option<String> {
    with_list(text, path, items).or_else(|| with_value(text, path, &format!("[{}]", items.join(", "))))
}

fn parts(range: Range) -> Vec<(&'static str, f64)> {
    match range {
        Range::Triangle { low, mode, high } => vec![("low", low), ("mode", mode), ("high", high)],
        Range::Tenths { p10, p90, .. } => vec![("p10", p10), ("p90", p90)],
    }
}

fn range_text(range: Range, unit: Unit, old: Option<&str>) -> String {
    let parts = parts(range).into_iter();
    let parts: Vec<String> =
        parts.map(|(part, value)| format!("{part} = {}", text::number(value, unit, old))).collect();
    format!("{{ {} }}", parts.join(", "))
}

/// Sets a range: the numbers of one of the same kind in their places, else all of it anew.
fn with_range(text: &str, path: &[Step<'_>], range: Range, unit: Unit) -> Option<String> {
    let below = |part: &'static str| [path, &[Step::Key(part)]].concat();
    let parts = parts(range);
    let same_kind = parts.iter().all(|(part, _)| holds(text, &below(part)));
    if !same_kind {
        return with_value(text, path, &range_text(range, unit, old_style(text, path)));
    }
    let mut text = text.to_owned();
    for (part, value) in parts {
        let path = below(part);
        let old = written(&text, &path)?;
        let same = old.trim_matches(['"', '\'']);
        if crate::units::parse_number(same) != Some(value) {
            text = with_value(&text, &path, &text::number(value, unit, Some(old)))?;
        }
    }
    Some(text)
}

/// Why a scenario was not saved. What was on the disk is then untouched.
#[derive(Debug)]
pub enum SaveError {
    /// The file holds another text than the one that was opened: somebody else has written it since.
    ChangedOnDisk,
    /// The file is gone.
    Gone,
    /// The new file is there already.
    Exists,
    /// The change cannot be written, or not be read again.
    Fault(Fault),
    /// The file cannot be read.
    Unreadable(Diagnostics),
    /// The file cannot be written.
    Unwritable(io::Error),
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SaveError::ChangedOnDisk => {
                f.write_str("the file was changed by somebody else since it was opened")
            }
            SaveError::Gone => f.write_str("the file is no longer there"),
            SaveError::Exists => f.write_str("the file exists and is left as it is"),
            SaveError::Fault(fault) => fault.fmt(f),
            SaveError::Unreadable(faults) => match faults.0.first() {
                Some(diagnostic) => diagnostic.fault.fmt(f),
                None => f.write_str("the file cannot be read"),
            },
            SaveError::Unwritable(error) => write!(f, "cannot be written: {}", reason(error)),
        }
    }
}

impl std::error::Error for SaveError {}

impl SaveError {
    /// Returns what the user can do about it.
    pub fn remedy(&self) -> String {
        let text = match self {
            SaveError::ChangedOnDisk => "save under another name, or open the file again",
            SaveError::Gone => "save it as a new file",
            SaveError::Exists => "name a new file",
            SaveError::Unwritable(_) => "check the folder and its permissions",
            SaveError::Fault(fault) => return fault.remedy().unwrap_or_default(),
            SaveError::Unreadable(faults) => {
                return faults.0.first().and_then(|known| known.fault.remedy()).unwrap_or_default();
            }
        };
        text.to_owned()
    }

    /// Returns the same as an error of a file.
    pub fn at(&self, path: &Path) -> Diagnostics {
        let fault = Fault::Conflict { message: self.to_string(), remedy: self.remedy() };
        Diagnostics::one(Place::whole(&path.display().to_string()), fault)
    }
}

/// Saves into the file that a scenario was opened from, whole or not at all; returns its new text.
///
/// # Errors
/// The file is no longer the one that was opened, the change cannot be written, or the system refuses.
pub fn save(path: &Path, original: &str, opened: &Scenario, changed: &Scenario) -> Result<String, SaveError> {
    let text = saved(original, opened, changed).map_err(SaveError::Fault)?;
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SaveError::Gone,
        _ => {
            let fault = Fault::Unreadable { reason: reason(&error) };
            SaveError::Unreadable(Diagnostics::one(Place::whole(&name), fault))
        }
    })?;
    // What is no text any more was changed as well.
    if text_from_bytes(&name, bytes.clone()).ok().as_deref() != Some(original) {
        return Err(SaveError::ChangedOnDisk);
    }
    // A byte-order mark is no part of the text, but of the file.
    const MARK: &[u8] = "\u{feff}".as_bytes();
    let mark = if bytes.starts_with(MARK) { MARK } else { b"" };
    write_whole(path, &[mark, text.as_bytes()].concat()).map_err(SaveError::Unwritable)?;
    Ok(text)
}

/// Writes the text of a scenario into a file that must not be there yet.
///
/// # Errors
/// The file exists, or the system refuses.
pub fn save_new(path: &Path, text: &str) -> Result<(), SaveError> {
    write_new(path, text.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => SaveError::Exists,
        _ => SaveError::Unwritable(error),
    })
}
