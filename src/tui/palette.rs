//! The list of all actions, found by a few letters of their names.
//!
//! ```text
//!  : bil▏
//!  ▸ Bill: one design, line by line                    3
//!    Bill: say how the selected line comes about   Enter
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::action::{Action, Motion};
use super::fuzzy::score;
use super::keys::{self, Binding, Scope};
use super::state::{Focus, Overlay, State};
use super::text::{first_shown, left, put, put_line};
use super::theme::Role;

/// Widest list.
const WIDTH: u16 = 90;

/// What is typed, and which of the actions found is selected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Palette {
    /// What is typed.
    pub text: String,
    /// Place among the actions found.
    pub selected: usize,
}

/// An action by name.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its keys.
    pub binding: &'static Binding,
    /// Where it applies.
    pub scope: Scope,
}

impl Entry {
    /// Returns the name.
    pub fn name(&self) -> String {
        match self.scope {
            Scope::View(screen) => format!("{}: {}", screen.title(), self.binding.help),
            Scope::Parameters => format!("Parameters: {}", self.binding.help),
            _ => match self.binding.action {
                Action::Open(screen) => format!("{}: {}", screen.title(), self.binding.help),
                _ => self.binding.help.to_owned(),
            },
        }
    }
}

/// Returns all actions that have a name of their own, each once.
pub fn entries() -> Vec<Entry> {
    let listed = |scope: &Scope| {
        matches!(
            scope,
            Scope::Always
                | Scope::Screens
                | Scope::List
                | Scope::Filtered
                | Scope::View(_)
                | Scope::Parameters
        )
    };
    let named = keys::all().filter(|binding| !matches!(binding.action, Action::Palette | Action::Back));
    named
        .filter_map(|binding| {
            Some(Entry { binding, scope: *binding.scopes.iter().find(|scope| listed(scope))? })
        })
        .collect()
}

/// Returns the actions that what is typed finds, the best first.
pub fn found(text: &str) -> Vec<Entry> {
    let mut scored: Vec<(i32, Entry)> =
        entries().into_iter().filter_map(|entry| Some((score(text, &entry.name())?, entry))).collect();
    // Enter in a list that was only opened must not leave.
    let leaves = |entry: &Entry| matches!(entry.binding.action, Action::Interrupt);
    scored.sort_by_key(|(score, entry)| (std::cmp::Reverse(*score), leaves(entry)));
    scored.into_iter().map(|(_, entry)| entry).collect()
}

/// Moves the selection.
pub fn step(palette: &mut Palette, motion: Motion, page: usize) {
    palette.selected = motion.from(palette.selected, found(&palette.text).len(), page);
}

/// Returns what is to be done for the selected action, after what it needs is made ready.
pub fn choose(state: &mut State) -> Option<Action> {
    let Overlay::Palette(palette) = std::mem::take(&mut state.overlay) else { return None };
    let entry = *found(&palette.text).get(palette.selected)?;
    match entry.scope {
        Scope::View(screen) => {
            state.screen = screen;
            state.focus = Focus::Screen;
        }
        Scope::Parameters => state.focus = Focus::Parameters,
        _ => {}
    }
    Some(entry.binding.action)
}

/// Returns where the list of so many actions is drawn.
fn place(area: Rect, count: usize) -> Rect {
    let width = area.width.min(WIDTH);
    let height = (count.max(1) as u16 + 1).min(area.height.max(3) * 2 / 3).min(area.height);
    Rect { x: area.x + (area.width - width) / 2, width, height, ..area }
}

/// Returns the action that is drawn at a place.
pub fn entry_at(palette: &Palette, area: Rect, at: Position) -> Option<usize> {
    let count = found(&palette.text).len();
    let area = place(area, count);
    if !area.contains(at) || at.y == area.y {
        return None;
    }
    let first = first_shown(palette.selected, count, usize::from(area.height) - 1);
    Some(first + usize::from(at.y - area.y) - 1).filter(|entry| *entry < count)
}

/// Draws the list over the body.
pub fn draw(state: &State, palette: &Palette, area: Rect, buffer: &mut Buffer) {
    let entries = found(&palette.text);
    let area = place(area, entries.len());
    let theme = &state.theme;
    Clear.render(area, buffer);
    let head = Line::from(vec![
        Span::styled(format!(" : {}", palette.text), theme.style(Role::Chip)),
        Span::raw("▏"),
    ]);
    put_line(buffer, area, 0, &head);
    if entries.is_empty() {
        put(buffer, area, 1, "   no action has these letters", theme.style(Role::Dim));
    }
    let rows = usize::from(area.height.saturating_sub(1));
    let first = first_shown(palette.selected, entries.len(), rows);
    for (at, entry) in entries.iter().enumerate().skip(first).take(rows) {
        let keys = entry.binding.shown();
        let room = usize::from(area.width).saturating_sub(keys.width() + 5);
        let mark = if at == palette.selected { "▸" } else { " " };
        let line = Line::from(vec![
            Span::raw(format!(" {mark} {} ", left(&entry.name(), room))),
            Span::styled(keys, theme.style(Role::Key)),
        ]);
        let row = 1 + (at - first) as u16;
        put_line(buffer, area, row, &line);
        if at == palette.selected {
            let row = Rect { y: area.y + row, height: 1, ..area };
            buffer.set_style(row, theme.style(Role::Selected));
        }
    }
}
