//! A list over the screen from which one entry is picked, or several, found by a few letters.
//!
//! ```text
//!  compare.models: lar▏                       2 chosen
//!  ▸ [x] acme/large        200k   $3.00 in  $15.00 out
//!    [ ] acme/larger         1M   $0.25 in   $2.00 out
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::action::Motion;
use super::fuzzy::score;
use super::state::State;
use super::text::{first_shown, left, put, put_line};
use super::theme::Role;
use crate::present::{cut, shorten};

/// Widest list.
const WIDTH: u16 = 100;

/// Columns that a value keeps before what is said of it gives way.
const NARROWEST: usize = 20;

/// What is done with what is picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// It is the value of a key, by its path.
    Key(String),
    /// It is a scenario to open.
    Open,
    /// It is a kind of table to add.
    Table,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is picked.
    pub value: String,
    /// What is said of it.
    pub detail: String,
    /// Whether that is figures, which are whole or left out and never cut.
    pub figures: bool,
}

impl Choice {
    /// Makes one.
    pub fn new(value: impl Into<String>, detail: impl Into<String>) -> Choice {
        Choice { value: value.into(), detail: detail.into(), figures: false }
    }

    /// Makes one with figures.
    pub fn with_figures(value: impl Into<String>, figures: impl Into<String>) -> Choice {
        Choice { figures: true, ..Choice::new(value, figures) }
    }
}

/// A list to pick from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    /// What is picked.
    pub title: String,
    /// What is done with it.
    pub purpose: Purpose,
    /// All entries.
    pub choices: Vec<Choice>,
    /// Values that are chosen; one at most where only one can be.
    pub chosen: Vec<String>,
    /// Whether several can be chosen.
    pub many: bool,
    /// What picking a text means that is no entry, such as `open the file`; nothing where it cannot be.
    pub free: Option<&'static str>,
    /// What is typed.
    pub text: String,
    /// Place among the entries found.
    pub selected: usize,
}

impl Picker {
    /// Makes a list from which one entry is picked.
    pub fn one(
        title: impl Into<String>,
        purpose: Purpose,
        choices: Vec<Choice>,
        chosen: Option<String>,
    ) -> Picker {
        let at = chosen.as_ref().and_then(|value| choices.iter().position(|choice| choice.value == *value));
        Picker {
            title: title.into(),
            purpose,
            choices,
            chosen: chosen.into_iter().collect(),
            many: false,
            free: None,
            text: String::new(),
            selected: at.unwrap_or(0),
        }
    }

    /// Makes a list from which several are picked. What is chosen and no entry, such as a pattern, becomes one.
    pub fn many(
        title: impl Into<String>,
        purpose: Purpose,
        mut choices: Vec<Choice>,
        chosen: Vec<String>,
    ) -> Picker {
        for value in chosen.iter().rev() {
            if !choices.iter().any(|choice| choice.value == *value) {
                choices.insert(0, Choice::new(value.clone(), ""));
            }
        }
        let mut picker = Picker::one(title, purpose, choices, None);
        picker.selected =
            picker.choices.iter().position(|choice| chosen.contains(&choice.value)).unwrap_or(0);
        (picker.chosen, picker.many) = (chosen, true);
        picker
    }

    /// Returns the entries that what is typed finds, the best first; what is typed itself where it may be picked.
    pub fn found(&self) -> Vec<Choice> {
        if self.text.trim().is_empty() {
            return self.choices.clone();
        }
        let scored = self.choices.iter().filter_map(|choice| {
            Some((score(&self.text, &format!("{} {}", choice.value, choice.detail))?, choice))
        });
        let mut scored: Vec<(i32, &Choice)> = scored.collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let mut found: Vec<Choice> = scored.into_iter().map(|(_, choice)| choice.clone()).collect();
        let typed = self.text.trim();
        if let Some(what) = self.free.filter(|_| !found.iter().any(|choice| choice.value == typed)) {
            // What looks like a path or a pattern is meant so.
            let at = if typed.contains(['*', '/', '\\', '.']) { 0 } else { found.len() };
            found.insert(at, Choice::new(typed, what));
        }
        found
    }

    /// Moves the selection.
    pub fn step(&mut self, motion: Motion, page: usize) {
        self.selected = motion.from(self.selected, self.found().len(), page);
    }

    /// Chooses the selected entry, or takes it out again.
    pub fn toggle(&mut self) {
        let Some(choice) = self.found().get(self.selected).cloned() else { return };
        if let Some(at) = self.chosen.iter().position(|value| *value == choice.value) {
            self.chosen.remove(at);
            return;
        }
        if !self.choices.iter().any(|known| known.value == choice.value) {
            self.choices.insert(0, Choice::new(choice.value.clone(), ""));
        }
        self.chosen.push(choice.value);
    }

    /// Returns what is picked: the values chosen, or the one selected.
    pub fn picked(&self) -> Option<Vec<String>> {
        if self.many {
            return Some(self.chosen.clone());
        }
        self.found().get(self.selected).map(|choice| vec![choice.value.clone()])
    }

    fn place(&self, area: Rect, count: usize) -> Rect {
        let width = area.width.min(WIDTH);
        let most = (area.height.max(3) * 4 / 5).min(area.height);
        let height = (count.clamp(1, 1000) as u16 + 1).min(most);
        Rect { x: area.x + (area.width - width) / 2, width, height, ..area }
    }

    /// Returns the entry that is drawn at a place.
    pub fn entry_at(&self, area: Rect, at: Position) -> Option<usize> {
        let count = self.found().len();
        let area = self.place(area, count);
        if !area.contains(at) || at.y == area.y {
            return None;
        }
        let first = first_shown(self.selected, count, usize::from(area.height) - 1);
        Some(first + usize::from(at.y - area.y) - 1).filter(|entry| *entry < count)
    }
}

/// Draws the list over the body.
pub fn draw(state: &State, picker: &Picker, area: Rect, buffer: &mut Buffer) {
    let found = picker.found();
    let area = picker.place(area, found.len());
    let theme = &state.theme;
    Clear.render(area, buffer);
    let width = usize::from(area.width);
    let count = if picker.many { format!(" {} chosen ", picker.chosen.len()) } else { String::new() };
    let title = shorten(&picker.title, width.saturating_sub(count.width() + picker.text.width() + 5));
    let head = Line::from(vec![
        Span::styled(format!(" {title}: {}", picker.text), theme.style(Role::Chip)),
        Span::raw("▏"),
    ]);
    put_line(buffer, area, 0, &head);
    if head.width() + count.width() <= width {
        let place = Rect { x: area.right() - count.width() as u16, width: count.width() as u16, ..area };
        put(buffer, place, 0, &count, theme.style(Role::Dim));
    }
    if found.is_empty() {
        put(buffer, area, 1, "   nothing has these letters", theme.style(Role::Dim));
    }
    let widest = found.iter().map(|choice| choice.value.width()).max().unwrap_or(0);
    let rows = usize::from(area.height.saturating_sub(1));
    let first = first_shown(picker.selected, found.len(), rows);
    for (at, choice) in found.iter().enumerate().skip(first).take(rows) {
        let row = 1 + (at - first) as u16;
        put_line(buffer, area, row, &line(state, picker, choice, at == picker.selected, (width, widest)));
        if at == picker.selected {
            let row = Rect { y: area.y + row, height: 1, ..area };
            buffer.set_style(row, theme.style(Role::Selected));
        }
    }
}

/// Returns the line of an entry; the values take as many columns as the widest, before what is said of them.
fn line(
    state: &State,
    picker: &Picker,
    choice: &Choice,
    selected: bool,
    (width, widest): (usize, usize),
) -> Line<'static> {
    let cursor = if selected { "▸" } else { " " };
    let chosen = picker.chosen.contains(&choice.value);
    let mark = match (picker.many, chosen) {
        (true, true) => "[x] ",
        (true, false) => "[ ] ",
        (false, true) => "* ",
        (false, false) => "  ",
    };
    let room = width.saturating_sub(4 + mark.width());
    let value = if choice.value.is_empty() { "(default)" } else { &choice.value };
    let wanted = choice.detail.width() + 2;
    let (value_room, detail) = match choice.figures {
        true if room >= NARROWEST + wanted => (room - wanted, choice.detail.clone()),
        false if room >= NARROWEST + 10 => {
            let value_room = widest.max("(default)".len()).min(room / 2);
            (value_room, cut(&choice.detail, room - value_room - 2))
        }
        _ => (room, String::new()),
    };
    let tail = if detail.is_empty() { String::new() } else { format!("  {detail}") };
    Line::from(vec![
        Span::raw(format!(" {cursor} {mark}{}", left(value, value_room))),
        Span::styled(tail, state.theme.style(if selected { Role::Text } else { Role::Dim })),
    ])
}
