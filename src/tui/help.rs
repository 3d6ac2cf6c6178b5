//! The list of keys, made from the key table: those in force first, so that what can be done now is seen at once.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::keys::{self, Scope};
use super::state::State;
use super::text::{left, put, put_line, wrap};
use super::theme::Role;
use crate::report::compare::NOTICES;

/// Lines at the head and the foot of the list.
const FRAME_ROWS: u16 = 2;

/// What the marks mean, beside those that tell what to know of a design.
const MARKS: [(&str, &str); 11] = [
    ("★", "cheapest of the designs that cover as much of the corpus"),
    ("☆", "cheapest of its group, where the designs are grouped"),
    ("●", "the scenario's plan"),
    ("○", "the scenario's baseline"),
    ("A B C", "pinned for the chart; the same letters name its lines"),
    ("◆", "crossing: the cheaper design changes"),
    ("░", "on the chart: a design has no cost there"),
    ("▲ *", "the scenario's value; a value that was changed here"),
    ("+ R", "in the catalog: one of the compared models; no longer sold"),
    ("R P + -", "in a price history: released, first price, dearer, cheaper"),
    ("~ E X W", "there too: otherwise changed, price ended, withdrawn, change called off"),
];

/// Returns the list in lines of a width: first the keys in force on the screen that is open, then all others.
fn lines(state: &State, width: u16) -> Vec<Line<'static>> {
    let keys = keys::all().map(|binding| binding.shown().width()).max().unwrap_or(0) + 2;
    let in_force = state.screen_scopes();
    let others = Scope::all().filter(|scope| !in_force.contains(scope));
    let mut lines = Vec::new();
    for scope in in_force.iter().copied().chain(others).filter(|scope| keys::of(*scope).next().is_some()) {
        lines.push(Line::styled(scope.title(), state.theme.style(Role::Heading)));
        // What has no key is found in the list of all actions.
        let bound = keys::of(scope).filter(|binding| !binding.keys.is_empty());
        let entries = bound.flat_map(|binding| entry(state, &binding.shown(), binding.help, (keys, width)));
        lines.extend(entries);
        lines.push(Line::default());
    }
    lines.push(Line::styled("Marks", state.theme.style(Role::Heading)));
    let notices = NOTICES.iter().map(|(_, mark, words)| (mark.to_string(), *words));
    let marks = MARKS.iter().map(|(mark, help)| ((*mark).to_owned(), *help)).chain(notices);
    lines.extend(marks.flat_map(|(mark, help)| entry(state, &mark, help, (keys, width))));
    lines
}

/// Returns an entry; what is said of its keys goes on below itself where a line is too short.
fn entry(state: &State, key: &str, help: &str, (keys, width): (usize, u16)) -> Vec<Line<'static>> {
    let room = usize::from(width).saturating_sub(keys + 2).max(1);
    let said = wrap(help, room).into_iter().enumerate();
    said.map(|(at, text)| {
        let key = left(if at == 0 { key } else { "" }, keys);
        Line::from(vec![Span::styled(format!("  {key}"), state.theme.style(Role::Key)), Span::raw(text)])
    })
    .collect()
}

/// Returns the largest number of lines that can be scrolled away.
pub fn last_first_line(state: &State) -> usize {
    let rows = usize::from(state.size.1.saturating_sub(FRAME_ROWS));
    lines(state, state.size.0).len().saturating_sub(rows)
}

/// Draws the list over the whole screen.
pub fn draw(state: &State, first: usize, area: Rect, buffer: &mut Buffer) {
    Clear.render(area, buffer);
    let lines = lines(state, area.width);
    let rows = usize::from(area.height.saturating_sub(FRAME_ROWS));
    let first = first.min(lines.len().saturating_sub(rows));
    put(buffer, area, 0, " Keys", state.theme.style(Role::Selected));
    for (row, line) in lines.iter().skip(first).take(rows).enumerate() {
        put_line(buffer, area, row as u16 + 1, line);
    }
    let more = lines.len().saturating_sub(first + rows);
    let text = if more > 0 {
        format!(" Esc q close  ↑↓ jk move  ↓ {more} more lines")
    } else {
        " Esc q close".to_owned()
    };
    put(buffer, area, area.height.saturating_sub(1), &text, state.theme.style(Role::Dim));
}
