//! Draws the form.
//!
//! ```text
//! support-bot.toml · 2 changed
//!   key                        value  unit               origin
//!   [workload]
//! ▸ requests_per_month *      45,000  requests a month   changed
//!
//! workload.requests_per_month  from 0 to 1B, whole
//! Requests a month of all users together. Changed here; the file says 30k.
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Entry, Row, entries, follows_from_users, selected, selected_row};
use crate::present::{cut, shorten};
use crate::scenario::form::{Field, Source};
use crate::tui::action::Screen;
use crate::tui::state::{Asked, Focus, Message, Overlay, State};
use crate::tui::text::{first_shown, left, put, put_line, right, split_bottom, split_top, wrap};
use crate::tui::theme::Role;
use crate::tui::typed::Typed;

/// Rows from which the selected key is explained.
const ROWS_FOR_HELP: u16 = 10;

/// Rows of the explanation, the blank one above it included.
const HELP: u16 = 5;

/// Columns of the origin.
const ORIGIN: usize = 7;

/// Widest column of values.
const WIDEST_VALUE: usize = 44;

/// Where the parts of the screen lie.
pub(super) struct Layout {
    top: Rect,
    head: Rect,
    pub(super) rows: Rect,
    help: Rect,
}

impl Layout {
    pub(super) fn of(_state: &State, area: Rect) -> Layout {
        let (top, rest) = split_top(area, u16::from(area.height > 3));
        let help = if area.height >= ROWS_FOR_HELP { HELP } else { 0 };
        let (list, help) = split_bottom(rest, help);
        let (head, rows) = split_top(list, u16::from(area.height > 2));
        Layout { top, head, rows, help }
    }
}

/// Columns of the table.
struct Columns {
    key: usize,
    value: usize,
    unit: usize,
}

impl Columns {
    fn fit(rows: &[Row], width: usize) -> Columns {
        let widest = |of: fn(&Entry) -> usize| entries(rows).map(of).max().unwrap_or(0);
        let key = widest(|entry| entry.field.key().width()).clamp(8, 24) + 2;
        let left = width.saturating_sub(2 + key + 2 + ORIGIN);
        let unit = if left >= 40 { widest(|entry| entry.unit.width()).min(18) + 2 } else { 0 };
        let value = left.saturating_sub(unit).clamp(1, WIDEST_VALUE);
        Columns { key, value, unit }
    }
}

pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let rows = state.views.scenario.rows.as_deref().unwrap_or_default();
    let layout = Layout::of(state, area);
    let width = usize::from(area.width);
    put_line(buffer, layout.top, 0, &title(state, rows, width));
    let columns = Columns::fit(rows, width);
    let head = format!(
        "  {}{}  {}{}",
        left("key", columns.key),
        right("value", columns.value),
        left(if columns.unit > 4 { "unit" } else { "" }, columns.unit),
        "origin"
    );
    put(buffer, layout.head, 0, &cut(&head, width), theme.style(Role::Dim));
    if rows.is_empty() {
        let text = match state.filter(Screen::Scenario) {
            "" => "No key is set: s shows all of them.",
            _ => "No key has these words: Esc clears the filter, s shows keys that nobody set.",
        };
        for (row, line) in wrap(text, width.saturating_sub(2)).iter().enumerate() {
            put(buffer, layout.rows, row as u16, &format!("  {line}"), theme.style(Role::Text));
        }
        return;
    }
    let chosen = selected_row(state, rows);
    let first = first_shown(chosen, rows.len(), usize::from(layout.rows.height));
    for (at, row) in rows.iter().enumerate().skip(first).take(usize::from(layout.rows.height)) {
        let y = (at - first) as u16;
        match row {
            Row::Head(title) => {
                put(
                    buffer,
                    layout.rows,
                    y,
                    &format!("  {}", cut(title, width.saturating_sub(2))),
                    theme.style(Role::Heading),
                );
            }
            Row::Key(entry) => put_line(buffer, layout.rows, y, &line(state, entry, &columns, at == chosen)),
        }
        if at == chosen && matches!(row, Row::Key(_)) {
            let role = if state.focus == Focus::Screen { Role::Selected } else { Role::Marked };
            buffer.set_style(Rect { y: layout.rows.y + y, height: 1, ..layout.rows }, theme.style(role));
        }
    }
    if let Some(entry) = selected(state) {
        explain(state, entry, layout.help, buffer);
    }
}

/// Says where the scenario is from, how many keys were changed, and what is filtered.
fn title(state: &State, rows: &[Row], width: usize) -> Line<'static> {
    let theme = &state.theme;
    let source = match &state.file.path {
        Some(path) => path.display().to_string(),
        None => match &state.source {
            Some(name) if name != "-" => format!("{name}, in no file of yours"),
            _ => "in no file yet".to_owned(),
        },
    };
    let changed = state.work.unsaved().len();
    let changed = if changed == 0 { String::new() } else { format!(" · {changed} changed, w saves") };
    let filter = state.filter(Screen::Scenario);
    let filter = if filter.is_empty() { String::new() } else { format!("[/{filter}]") };
    let only = if state.views.scenario.set_only { "[set only]" } else { "" };
    let chips = [only, filter.as_str()].join(" ").trim().to_owned();
    let found = entries(rows).count();
    let found = match found {
        _ if chips.is_empty() => String::new(),
        1 => " · 1 key ".to_owned(),
        count => format!(" · {count} keys "),
    };
    let room = width.saturating_sub(changed.width() + chips.width() + found.width());
    Line::from(vec![
        Span::styled(shorten(&source, room.max(8)), theme.style(Role::Heading)),
        Span::styled(changed, theme.style(Role::Changed)),
        Span::styled(found, theme.style(Role::Dim)),
        Span::styled(chips, theme.style(Role::Chip)),
    ])
}

/// Returns the text that is being typed for a key.
fn typed<'s>(state: &'s State, entry: &Entry) -> Option<&'s Typed> {
    match &state.overlay {
        Overlay::Value(value) if value.asked == Asked::Key(entry.path.clone()) => Some(&value.text),
        _ => None,
    }
}

fn line(state: &State, entry: &Entry, columns: &Columns, chosen: bool) -> Line<'static> {
    let theme = &state.theme;
    let changed = entry.source == Source::Changed;
    let role = match entry.source {
        Source::Changed => Role::Changed,
        Source::File | Source::Counted => Role::Text,
        Source::Default | Source::Derived | Source::Whole => Role::Dim,
    };
    let cursor = if chosen { "▸ " } else { "  " };
    let mark = if changed { " *" } else { "" };
    let key = format!("{}{mark}", shorten(entry.field.key(), columns.key - 2));
    let is_number = matches!(entry.field, Field::Number(_));
    let value = match typed(state, entry) {
        Some(typed) => right(&typed.shown(theme, columns.value), columns.value),
        None if is_number => right(&entry.value, columns.value),
        None => right(&cut(&entry.value, columns.value), columns.value),
    };
    Line::from(vec![
        Span::raw(format!("{cursor}{}", left(&key, columns.key))),
        Span::styled(value, theme.style(role)),
        Span::styled(format!("  {}", left(&entry.unit, columns.unit)), theme.style(Role::Dim)),
        Span::styled(source_word(state, entry.source), theme.style(role)),
    ])
}

/// Says what the selected key means, what it may be, and where its value is from; of a text that is being typed, why it
/// would be refused.
fn explain(state: &State, entry: &Entry, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let width = usize::from(area.width);
    let path = shorten(&entry.path, width);
    // What a key may be goes on below its path where both do not fit.
    let mut allowed = wrap(&entry.field.allowed(), width);
    let beside = match allowed.as_slice() {
        [one] if path.width() + 2 + one.width() <= width => allowed.pop().unwrap_or_default(),
        _ => String::new(),
    };
    let head = Line::from(vec![
        Span::styled(path, theme.style(Role::Heading)),
        Span::styled(format!("  {beside}"), theme.style(Role::Key)),
    ]);
    put_line(buffer, area, 1, &head);
    let refused =
        typed(state, entry).map(Typed::text).filter(|text| !text.trim().is_empty()).and_then(|text| {
            let mut scenario = state.work.scenario().clone();
            let typed = scenario.type_in(entry.field, text);
            typed.and_then(|()| scenario.consistency().map_err(|(_, fault)| fault)).err()
        });
    let (text, role) = match refused.map(Message::from) {
        Some(Message::Fault(why)) => (format!("! {why}"), Role::Changed),
        _ => (format!("{} {}", entry.field.help(), origin(state, entry)), Role::Text),
    };
    let below = allowed.into_iter().map(|line| (line, Role::Key));
    let below = below.chain(wrap(&text, width).into_iter().map(|line| (line, role)));
    for (row, (line, role)) in below.take(usize::from(HELP) - 2).enumerate() {
        put(buffer, area, row as u16 + 2, &line, theme.style(role));
    }
}

/// Returns where a value comes from, in a word.
fn source_word(state: &State, source: Source) -> &'static str {
    if source == Source::File { Origin::of(state).word } else { source.word() }
}

/// Where the text of a scenario is from, in a word and a sentence.
struct Origin {
    word: &'static str,
    said: &'static str,
}

impl Origin {
    fn of(state: &State) -> Origin {
        let (word, said) = match (&state.file.path, state.source.as_deref()) {
            (Some(_), _) => ("file", "From the file."),
            (None, Some("-")) => ("stdin", "From standard input."),
            (None, Some(_)) => ("shipped", "From the shipped scenario."),
            (None, None) => ("new", "From the template of new scenarios."),
        };
        Origin { word, said }
    }
}

fn origin(state: &State, entry: &Entry) -> String {
    let scenario = state.work.scenario();
    let how = entry.field.derivation(scenario);
    match entry.source {
        Source::Default => "This is the default.".to_owned(),
        Source::File => Origin::of(state).said.to_owned(),
        Source::Counted => "Counted from corpus.files.".to_owned(),
        Source::Whole => "As for the whole scenario.".to_owned(),
        Source::Derived if follows_from_users(scenario, entry.field) => {
            format!("Derived: {}.", how.unwrap_or_default())
        }
        Source::Derived => format!("Derived: {}.", how.unwrap_or_else(|| "from other values".to_owned())),
        Source::Changed => match entry.field.in_other(scenario, state.work.opened()) {
            Some(field) if entry.field.is_changed(scenario, state.work.opened()) => {
                format!("Changed: it was {}; Backspace takes it back.", field.text(state.work.opened()))
            }
            Some(_) => "Given on the command line.".to_owned(),
            None => "Added; it is in no file yet.".to_owned(),
        },
    }
}
