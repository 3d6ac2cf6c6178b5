//! The last lines of the screen: status, messages, what is typed, and the keys in force.
//!
//! ```text
//!  Support bot *2 unsaved · prices of 2026-11-22 · USD · 12 prices, oldest checked 38 days ago, 1 uncertain
//!  ? help  q quit  Space pin  s sort  / filter
//! ```

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::action::Action;
use super::frame::{Frame, LEAST, WIDE};
use super::job::Running;
use super::keys::{self, Binding, Key, Scope};
use super::listing::typed_line;
use super::question;
use super::state::{Focus, Message, Overlay, State};
use super::text::{broken, put_line};
use super::theme::{Role, Theme};
use super::typed::Typed;
use crate::analysis::compare::Comparison;
use crate::present::{self, cut};

/// Columns of the bar that shows how far work is.
const PROGRESS: usize = 12;

/// The part of the line that the rest of the status leaves to the scenario's name: an eighth.
const NAME_SHARE: usize = 8;

/// Ways to tell the ages of prices that say enough for the name to be whole.
const WORDY: usize = 3;

/// Draws status and keys; on a small terminal what is typed or said, or else that there is more to see.
pub fn draw(state: &State, frame: &Frame, buffer: &mut Buffer) {
    let width = usize::from(frame.foot.width);
    let quiet = matches!(state.overlay, Overlay::None) && state.message.is_none();
    if frame.small && quiet {
        let hint = format!(" {}×{} shows more · ? q", LEAST.0, LEAST.1);
        let line = Line::styled(cut(&hint, width), state.theme.style(Role::Dim));
        return put_line(buffer, frame.foot, 0, &line);
    }
    put_line(buffer, frame.foot, 0, &status_line(state, frame, width));
    if !frame.small {
        put_line(buffer, frame.foot, 1, &footer(state, width));
    }
    draw_message(state, frame, buffer);
}

/// Draws a message in the place of the status, or, where a text is typed there, of the keys; one that is longer takes
/// lines of the screen above, so that it is read whole.
fn draw_message(state: &State, frame: &Frame, buffer: &mut Buffer) {
    let (typing, text, role) = match (&state.overlay, &state.message) {
        (Overlay::Question(_), _) | (Overlay::Filter(_), _) | (_, None) => return,
        // A value that was refused stays to be corrected; the reason stands beside it.
        (Overlay::Value(_) | Overlay::Pick(_), Some(Message::Fault(text))) => (true, text, Role::Fault),
        (Overlay::Value(_), Some(Message::Note(_))) => return,
        (_, Some(Message::Fault(text))) => (false, text, Role::Fault),
        (_, Some(Message::Note(text))) => (false, text, Role::Text),
    };
    let lines = broken(text, usize::from(frame.foot.width).saturating_sub(2));
    let status = frame.foot.y;
    let last = match (typing, lines.len()) {
        (true, 1) if !frame.small => status + 1,
        (true, _) => status.saturating_sub(1),
        (false, _) => status,
    };
    let rows = (lines.len() as u16).min(last + 1 - frame.head.y.min(last));
    let area = Rect { y: last + 1 - rows, height: rows, ..frame.foot };
    Clear.render(area, buffer);
    // What is reversed ends with a blank as it begins.
    let end = if role == Role::Fault { " " } else { "" };
    for (row, line) in lines.iter().take(usize::from(rows)).enumerate() {
        let style = state.theme.style(role);
        put_line(buffer, area, row as u16, &Line::styled(format!(" {line}{end}"), style));
    }
}

fn status_line(state: &State, frame: &Frame, width: usize) -> Line<'static> {
    let theme = &state.theme;
    match &state.overlay {
        Overlay::Filter(typed) => prompt(theme, "filter:", typed, width),
        Overlay::Value(value) => prompt(theme, &format!("{} =", value.prompt), &value.text, width),
        // The box says it in full, where there is room for one.
        Overlay::Question(question) if frame.small => {
            let text = format!(" {} y/n ", cut(&question::text(state, question), width.saturating_sub(6)));
            Line::styled(text, theme.style(Role::Chip))
        }
        _ => match state.jobs.shown(state.screen) {
            Some(running) => progress(state, running, width),
            None => Line::from(status(state, width)),
        },
    }
}

/// Returns the line in which a text is typed; a long prompt gives way to the text, and keeps some columns.
fn prompt(theme: &Theme, what: &str, typed: &Typed, width: usize) -> Line<'static> {
    let least = 8.min(width / 3);
    let room = width.saturating_sub(typed.text().width() + 4).max(least);
    typed_line(theme, &format!(" {} ", present::shorten(what, room)), typed, width)
}

/// Says what is being worked on and how far it is.
fn progress(state: &State, running: &Running, width: usize) -> Line<'static> {
    let done = (running.progress() * PROGRESS as f64).round() as usize;
    let bar = format!("{}{}", "█".repeat(done.min(PROGRESS)), "·".repeat(PROGRESS - done.min(PROGRESS)));
    let percent = present::percent(running.progress());
    let tail = if width >= 60 { "  Esc stops" } else { "" };
    let text = format!("{} {percent}{tail}", running.what);
    Line::from(vec![
        Span::raw(" "),
        Span::styled(bar, state.theme.style(Role::Bar)),
        Span::raw(format!(" {}", cut(&text, width.saturating_sub(PROGRESS + 2)))),
    ])
}

/// Says what is compared at which prices, and how old those are. The words give way where there is no room, then the
/// name; the day, the currency and the age stay.
fn status(state: &State, width: usize) -> Vec<Span<'static>> {
    let comparison = state.work.comparison();
    let name = name(state, width);
    let unsaved = match state.work.unsaved().len() {
        0 => String::new(),
        count if width < 60 => format!(" *{count}"),
        count => format!(" *{count} unsaved"),
    };
    let (day, currency) = (comparison.as_of, comparison.currency);
    let ways = ages(comparison).map(|(before, ages)| format!(" · {before}{day} · {currency}{ages}"));
    let fits = |facts: &&String, name: usize| facts.width() + name + unsaved.width() < width;
    let whole = ways.iter().take(WORDY).find(|facts| fits(facts, name.width()));
    let least = name.width().min(width / NAME_SHARE);
    let facts = whole.or_else(|| ways.iter().find(|facts| fits(facts, least))).or(ways.last());
    let facts = facts.cloned().unwrap_or_default();
    let room = width.saturating_sub(unsaved.width() + facts.width() + 1).max(4);
    let name = format!(" {}", present::shorten(&name, room));
    let left = width.saturating_sub(name.width() + unsaved.width());
    let dim = state.theme.style(Role::Dim);
    vec![
        Span::styled(name, dim),
        Span::styled(unsaved, state.theme.style(Role::Changed)),
        Span::styled(cut(&facts, left), dim),
    ]
}

/// Returns what the scenario is called, with its file where there is room.
fn name(state: &State, width: usize) -> String {
    match (&state.source, state.work.comparison().scenario.as_str()) {
        (Some(source), "") => source.clone(),
        (Some(source), name) if width >= 140 => format!("{name} ({source})"),
        (_, "") => "unnamed scenario".to_owned(),
        (_, name) => name.to_owned(),
    }
}

/// Returns ways to say how old and how sure the prices are, each shorter than the one before: what stands before their
/// day, and what stands behind the currency.
fn ages(comparison: &Comparison) -> [(&'static str, String); 7] {
    const DAY: &str = "prices of ";
    let shown = comparison.prices_shown;
    let count = if shown == 1 { "1 price".to_owned() } else { format!("{shown} prices") };
    let (long, short) = match comparison.oldest_days {
        None => (String::new(), String::new()),
        Some(..0) => (", all checked later".to_owned(), "checked later".to_owned()),
        Some(0) => (", oldest checked that day".to_owned(), "oldest 0 d".to_owned()),
        Some(1) => (", oldest checked 1 day ago".to_owned(), "oldest 1 d".to_owned()),
        Some(days) => (format!(", oldest checked {days} days ago"), format!("oldest {days} d")),
    };
    let (old, unsure) = (comparison.prices_stale, comparison.prices_uncertain);
    let some =
        |count: usize, word: &str| if count == 0 { String::new() } else { format!(", {count} {word}") };
    let doubts = format!("{}{}", some(old, "old"), some(unsure, "uncertain"));
    let both = if old > 0 && unsure > 0 { some(old + unsure, "old/unsure") } else { doubts.clone() };
    let least = comparison
        .oldest_days
        .filter(|days| *days > 0)
        .map_or_else(|| short.clone(), |days| format!("{days} d old"));
    // Where no price is shown there is no age to stand for their number.
    let short = if short.is_empty() { count.clone() } else { short };
    let counted = if comparison.oldest_days.is_some() { format!("{count}, {short}") } else { count.clone() };
    [
        (DAY, format!(" · {count}{long}{doubts}")),
        (DAY, format!(" · {counted}{doubts}")),
        (DAY, format!(" · {short}{doubts}")),
        ("", format!(" · {short}{doubts}")),
        ("", format!(" · {short}{both}")),
        ("", format!(" · {short}")),
        ("", format!(" · {least}")),
    ]
}

/// Keys in the footer that have one short name, and what each does.
struct Entry {
    keys: Vec<(String, Option<Action>)>,
    brief: &'static str,
}

impl Entry {
    fn width(&self) -> usize {
        self.keys.iter().map(|(key, _)| key.width()).sum::<usize>() + 1 + self.brief.width()
    }
}

/// Returns the keys of the scopes in force that have a short name and something to do, as many as there is room for.
fn footer(state: &State, width: usize) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for (entry, _) in placed(state, width) {
        let keys: String = entry.keys.iter().map(|(key, _)| key.as_str()).collect();
        spans.push(Span::styled(keys, state.theme.style(Role::Key)));
        spans.push(Span::styled(format!(" {}  ", entry.brief), state.theme.style(Role::Dim)));
    }
    Line::from(spans)
}

/// Returns the entries that fit, each with its first column.
fn placed(state: &State, width: usize) -> Vec<(Entry, usize)> {
    let mut column = 1;
    let mut placed = Vec::new();
    for entry in entries(state) {
        let next = column + entry.width() + 2;
        if next > width + 2 {
            break;
        }
        placed.push((entry, column));
        column = next;
    }
    placed
}

/// The way to the help and out stands first; keys with the same short name stand together.
fn entries(state: &State) -> Vec<Entry> {
    let scopes = state.scopes();
    let shown = |binding: &&Binding| !binding.brief.is_empty() && is_useful(state, binding);
    let (first, rest): (Vec<_>, Vec<_>) = keys::in_force(&scopes)
        .filter(shown)
        .partition(|binding| matches!(binding.action, Action::Help | Action::Quit));
    let mut entries: Vec<Entry> = Vec::new();
    for binding in first.into_iter().chain(rest) {
        let Some(key) = binding.keys.first().map(Key::to_string) else { continue };
        match entries.iter_mut().find(|entry| entry.brief == binding.brief) {
            Some(entry) if entry.keys.len() == 1 && entry.keys[0].0.chars().count() == 1 => {
                entry.keys.push((key, Some(binding.action)));
            }
            Some(_) => {}
            None => entries.push(Entry { keys: vec![(key, Some(binding.action))], brief: binding.brief }),
        }
    }
    with_own(state, entries)
}

/// Puts keys of what is open on the screen behind the way to the help and out.
fn with_own(state: &State, mut entries: Vec<Entry>) -> Vec<Entry> {
    if matches!(state.overlay, Overlay::None) && state.focus == Focus::Screen && is_seen(state) {
        let back = |keys: &str| (keys == "Esc").then_some(Action::Back);
        let own = state.screen.briefs(state).iter();
        let own: Vec<Entry> =
            own.map(|(keys, brief)| Entry { keys: vec![((*keys).to_owned(), back(keys))], brief }).collect();
        // What these keys do elsewhere on the screen is not what they do now.
        let other = |entry: &Entry| {
            !own.iter().any(|own| own.brief == entry.brief || own.keys[0].0 == entry.keys[0].0)
        };
        entries.retain(other);
        let place = entries.len().min(2);
        entries.splice(place..place, own);
    }
    entries
}

/// Returns whether a key does something now; the others are in the help.
fn is_useful(state: &State, binding: &Binding) -> bool {
    match binding.action {
        Action::Undo => state.work.can_undo(),
        Action::Save => !state.work.unsaved().is_empty(),
        Action::Export => !state.screen.formats(state).is_empty(),
        Action::Panel => state.size.0 >= WIDE,
        // The screen is not seen where the parameters take its place.
        Action::On(_) => {
            !binding.scopes.iter().any(|scope| matches!(scope, Scope::View(_))) || is_seen(state)
        }
        _ => true,
    }
}

fn is_seen(state: &State) -> bool {
    Frame::of(state).is_none_or(|frame| frame.main.width > 0)
}

/// Returns what a click on a column of the footer asks for.
pub fn action_at(state: &State, width: u16, column: u16) -> Option<Action> {
    let within = |range: Range<usize>| range.contains(&usize::from(column));
    for (entry, start) in placed(state, usize::from(width)) {
        let mut at = start;
        for (key, action) in &entry.keys {
            if within(at..at + key.width()) {
                return *action;
            }
            at += key.width();
        }
        if within(at..start + entry.width()) {
            return entry.keys.first().and_then(|(_, action)| *action);
        }
    }
    None
}
