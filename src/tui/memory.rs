//! What is remembered from one run to the next: the view's settings, and changes that were not saved.
//!
//! Both are JSON in the program's folder below `$XDG_STATE_HOME`. Settings hold no number of any scenario. Unsaved
//! changes are written when the program is interrupted, one file for each scenario, and offered at its next start.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::action::Screen;
use super::state::{Message, Overlay, Question, State};
use super::theme::Palette;
use super::{open, reading, save};
use crate::document::reason;
use crate::present;
use crate::scenario::form::Field;

const VIEW: &str = "ragonomics/view/1";
const RECOVERY: &str = "ragonomics/recovery/1";

/// What the names of files with unsaved changes begin with.
const UNSAVED: &str = "unsaved-";

/// What the identity of a scenario without a name begins with.
const BEGUN: &str = "new ";

/// Files of the folder that are looked at; there is one for each scenario that was interrupted and never opened again.
const MOST_FILES: usize = 1000;

/// Largest file that is read; ours are far smaller.
const LARGEST: u64 = 1 << 20;

/// Lost changes that are told on the way out.
const MOST_TOLD: usize = 20;

/// Settings of the view.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct View {
    schema: String,
    screen: String,
    theme: String,
    mouse: bool,
    #[serde(default)]
    panel_hidden: bool,
    #[serde(default)]
    views: BTreeMap<String, BTreeMap<String, String>>,
}

/// Changes that were not saved.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recovery {
    schema: String,
    scenario: String,
    #[serde(flatten)]
    kept: Kept,
}

/// What was kept of changes: as paths and values, and the whole text as it would have been saved, which says more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    changes: Vec<(String, String)>,
    #[serde(default)]
    text: Option<String>,
    /// The text of the file that they are changes of; the whole text holds only as long as the file does.
    #[serde(default)]
    base: Option<String>,
    /// How long ago, as people say it.
    #[serde(skip)]
    ago: Option<String>,
}

impl Kept {
    /// Returns the changes, as paths and values.
    pub fn changes(&self) -> &[(String, String)] {
        &self.changes
    }

    /// Returns how long ago they were kept, such as `12 min ago`, where that is known.
    pub fn ago(&self) -> Option<&str> {
        self.ago.as_deref()
    }
}

/// Says how long ago a file was written.
fn ago(path: &Path) -> Option<String> {
    let written = std::fs::metadata(path).ok()?.modified().ok()?;
    let minutes = written.elapsed().ok()?.as_secs_f64() / 60.0;
    Some(if minutes < 1.0 { "just now".to_owned() } else { format!("{} ago", present::duration(minutes)) })
}

/// Why a file was not taken.
enum Unread {
    /// It is not there.
    Absent,
    /// It is there and is none of ours.
    Foreign,
    /// The system does not let it be read, for this reason.
    Unreadable(String),
}

impl Unread {
    /// Says why it is ignored; nothing where it is not there.
    fn said(&self) -> Option<String> {
        match self {
            Unread::Absent => None,
            Unread::Foreign => Some("are not understood and ignored".to_owned()),
            Unread::Unreadable(reason) => Some(format!("cannot be read ({reason}) and are ignored")),
        }
    }
}

/// Takes the settings of the last run and offers changes that it did not save. Says which file it could not use.
pub fn recall(state: &mut State) {
    let Some(folder) = state.places.state.clone() else { return };
    if let Err(unread) = recall_view(state, &folder.join("view.json"))
        && let Some(why) = unread.said()
    {
        state.fault(format!("the settings of the last run {why}: view.json"));
    }
    offer_changes(state);
}

/// Offers changes of the scenario that an earlier run kept. One that was just begun takes up the last that was begun and
/// never saved, and is that one from then on.
pub fn offer_changes(state: &mut State) {
    let Some(folder) = state.places.state.clone() else { return };
    if state.file.begun.is_some() {
        let Some(last) = last_begun(&folder) else { return };
        state.file.begun = Some(last);
    }
    let path = recovery_path(&folder, &identity(state));
    state.file.kept_at = written_at(&path);
    match read::<Recovery>(&path) {
        Ok(Recovery { schema, scenario, kept })
            if schema == RECOVERY && scenario == identity(state) && !kept.changes.is_empty() =>
        {
            let kept = Kept { ago: ago(&path), ..kept };
            state.overlay = Overlay::Question(Question::Recover(kept));
        }
        Err(Unread::Absent) => {}
        read => {
            let unread = read.err().unwrap_or(Unread::Foreign);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // A folder that cannot be read was told of with the settings.
            let told = matches!(state.message, Some(Message::Fault(_)));
            if let Some(why) = unread.said().filter(|_| !told) {
                state.fault(format!("unsaved changes of an earlier run {why}: {name}"));
            }
        }
    }
}

/// Returns the name of a scenario that is begun now, which no other has: the moment, and the program's own number for two
/// that are begun at once.
pub fn now() -> String {
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("{moment:020}-{}", std::process::id())
}

/// Returns the scenario without a name that was begun last, of those of which changes are kept.
fn last_begun(folder: &Path) -> Option<String> {
    let files = std::fs::read_dir(folder).ok()?.take(MOST_FILES).flatten();
    let kept = files.filter(|file| file.file_name().to_string_lossy().starts_with(UNSAVED));
    let kept = kept.filter_map(|file| read::<Recovery>(&file.path()).ok());
    kept.filter_map(|kept| kept.scenario.strip_prefix(BEGUN).map(str::to_owned)).max()
}

fn recall_view(state: &mut State, path: &Path) -> Result<(), Unread> {
    let view = match read::<View>(path) {
        Ok(view) if view.schema == VIEW => view,
        Ok(_) => return Err(Unread::Foreign),
        Err(unread) => return Err(unread),
    };
    let named = |word: &str| Screen::ALL.iter().copied().find(|screen| screen.word() == word);
    state.screen = named(&view.screen).unwrap_or(state.screen);
    state.mouse &= view.mouse;
    state.panel.hidden = view.panel_hidden;
    if let Some(palette) = Palette::find(&view.theme) {
        state.theme.take(palette);
    }
    for (screen, settings) in &view.views {
        let Some(screen) = named(screen) else { continue };
        for (key, value) in settings {
            // A setting of another version means nothing here.
            state.views.set(screen, key, value);
        }
    }
    Ok(())
}

/// Keeps the settings of the view.
///
/// # Errors
/// That the folder cannot be written.
pub fn keep_view(state: &State) -> io::Result<()> {
    let Some(folder) = &state.places.state else { return Ok(()) };
    let settings = |screen: &Screen| {
        let settings = state.views.settings(*screen).into_iter();
        let settings: BTreeMap<String, String> =
            settings.map(|(key, value)| (key.to_owned(), value)).collect();
        (!settings.is_empty()).then(|| (screen.word().to_owned(), settings))
    };
    let view = View {
        schema: VIEW.to_owned(),
        screen: state.screen.word().to_owned(),
        theme: state.theme.chosen.word().to_owned(),
        mouse: state.mouse,
        panel_hidden: state.panel.hidden,
        views: Screen::ALL.iter().filter_map(settings).collect(),
    };
    write(&folder.join("view.json"), &view)
}

/// Keeps unsaved changes for the next start; without any, forgets those kept earlier.
///
/// # Errors
/// That there is no folder for them, or that it cannot be written.
pub fn keep_changes(state: &State) -> io::Result<()> {
    let Some(folder) = &state.places.state else {
        return match state.work.unsaved().is_empty() {
            true => Ok(()),
            false => Err(io::Error::other("neither XDG_STATE_HOME nor HOME names a folder")),
        };
    };
    // Changes that were offered and not yet answered stay as they are.
    if matches!(state.overlay, Overlay::Question(Question::Recover(_))) {
        return Ok(());
    }
    // Files that are being counted are a change like any other.
    let pending = reading::with_pending(state);
    let changes =
        pending.as_ref().map_or_else(|| state.work.unsaved().to_vec(), |now| state.work.changes_of(now));
    if changes.is_empty() {
        leave_changes(state);
        return Ok(());
    }
    let scenario = identity(state);
    let path = recovery_path(folder, &scenario);
    // Without a text that they are changes of, what no key says is lost; the rest is not.
    let text =
        state.file.text.as_ref().filter(|_| pending.is_none()).and_then(|_| save::new_text(state).ok());
    let base = state.file.text.clone();
    let kept = with_earlier(state, &path, Kept { changes, text, base, ago: None });
    write(&path, &Recovery { schema: RECOVERY.to_owned(), scenario, kept })
}

/// Returns when a file was written; `None` where it is not there.
fn written_at(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

/// Returns whether another run has kept changes of the scenario since it was opened here.
fn has_others(state: &State, path: &Path) -> bool {
    let now = written_at(path);
    now.is_some() && now != state.file.kept_at
}

/// Puts changes that were left for another time, or kept by another run meanwhile, before new ones, which hold where both
/// are of one key. No whole text has them all.
fn with_earlier(state: &State, path: &Path, kept: Kept) -> Kept {
    let earlier =
        if state.file.later || has_others(state, path) { read::<Recovery>(path).ok() } else { None };
    let Some(earlier) = earlier else { return kept };
    let is_new = |(key, _): &(String, String)| !kept.changes.iter().any(|(known, _)| known == key);
    let mut changes: Vec<(String, String)> = earlier.kept.changes.into_iter().filter(is_new).collect();
    changes.extend(kept.changes);
    Kept { changes, text: None, ..kept }
}

/// Says what is lost because it could not be kept, so that it can be done again.
pub fn told_lost(state: &State, error: &io::Error) -> String {
    let place =
        state.places.state.as_ref().map_or_else(String::new, |folder| format!("{}: ", folder.display()));
    let changes = state.work.unsaved();
    let many =
        if changes.len() == 1 { "1 unsaved change" } else { &format!("{} unsaved changes", changes.len()) };
    let mut said = format!("{many} could not be kept for the next start: {place}{}", reason(error));
    for (path, value) in changes.iter().take(MOST_TOLD) {
        said.push_str(&format!("\n  {path} = {value}"));
    }
    if let Some(more) = changes.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        said.push_str(&format!("\n  and {more} more"));
    }
    said
}

/// Forgets changes that the user saved or leaves behind. What was offered and left for another time stays.
pub fn leave_changes(state: &State) {
    let Some(folder) = &state.places.state else { return };
    if !state.file.later && !has_others(state, &recovery_path(folder, &identity(state))) {
        forget_changes(state);
    }
}

/// Forgets changes that were kept; a file of somebody else stays.
pub fn forget_changes(state: &State) {
    let Some(folder) = &state.places.state else { return };
    let path = recovery_path(folder, &identity(state));
    if read::<Recovery>(&path).is_ok() {
        let _ = std::fs::remove_file(path);
    }
}

/// Makes kept changes again, as one change that can be taken back; says which cannot be made any more.
pub fn recover(state: &mut State, kept: &Kept) {
    let mut refused = Vec::new();
    let same = kept.base == state.file.text;
    let whole = kept.text.as_ref().filter(|_| same).and_then(|text| open::read_text(state, text).ok());
    let made = state.work.change(|scenario| {
        if let Some(whole) = whole {
            *scenario = whole;
            return Ok(());
        }
        for (path, value) in &kept.changes {
            let field = Field::find(scenario, path);
            let set = match field {
                Some(field) => scenario.type_in(field, value),
                None => scenario.set(path, value),
            };
            if set.is_err() {
                refused.push(path.clone());
            }
        }
        Ok(())
    });
    match (made, refused.is_empty()) {
        (Ok(()), true) => state.note("unsaved changes of the last run are back"),
        (Ok(()), false) => state.fault(format!("these are not back, the rest is: {}", refused.join(", "))),
        (Err(fault), _) => state.refuse(fault),
    }
}

/// Returns what tells one scenario from another: the file's full path, the shipped name, or when it was begun.
fn identity(state: &State) -> String {
    if let (None, Some(begun)) = (&state.source, &state.file.begun) {
        return format!("{BEGUN}{begun}");
    }
    let source = state.source.clone().unwrap_or_default();
    let full = Path::new(&source).canonicalize().map(|path| path.to_string_lossy().into_owned());
    let name = full.unwrap_or(source);
    if name == "-" { format!("- {}", state.work.scenario().name) } else { name }
}

/// Returns the file for a scenario: a hash of its identity (FNV-1a, 64 bits) keeps any path a short, plain name.
fn recovery_path(folder: &Path, identity: &str) -> PathBuf {
    let hash = identity.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    folder.join(format!("{UNSAVED}{hash:016x}.json"))
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<T, Unread> {
    let facts = match std::fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unread::Absent),
        Err(error) => return Err(Unread::Unreadable(reason(&error))),
    };
    if !facts.is_file() || facts.len() > LARGEST {
        return Err(Unread::Foreign);
    }
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        // It is no text.
        io::ErrorKind::InvalidData => Unread::Foreign,
        _ => Unread::Unreadable(reason(&error)),
    })?;
    serde_json::from_str(&text).map_err(|_| Unread::Foreign)
}

/// Writes a file whole or not at all. Unlike a file that the user asked for it stays private to them, and is not forced
/// onto the disk: it is written on the way out, for which nobody wants to wait.
fn write(path: &Path, document: &impl Serialize) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".ragonomics-").tempfile_in(folder)?;
    file.write_all(crate::report::json::pretty(document).as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
