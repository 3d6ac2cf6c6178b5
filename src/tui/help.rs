//! The list of keys, made from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::keys::{self, Scope};
use super::state::State;
use super::text::{left, put, put_line};
use super::theme::{Role, Theme};

/// Lines at the head and the foot of the list.
const FRAME_ROWS: u16 = 2;

/// What the marks of the list mean.
const MARKS: [(&str, &str); 12] = [
    ("★", "cheapest of the designs that cover as much of the corpus"),
    ("☆", "cheapest of its group, where the designs are grouped"),
    ("L m", "over its rate limits; below the target margin"),
    ("~ ? !", "reads only part of the corpus; window unknown; over the budget"),
    ("●", "the scenario's plan"),
    ("○", "the scenario's baseline"),
    ("A B C", "pinned for the chart; the same letters name its lines"),
    ("◆", "crossing: the cheaper design changes"),
    ("▲ *", "the scenario's value; a value that was changed here"),
    ("+ R", "in the catalog: one of the compared models; no longer sold"),
    ("R P + -", "in a price history: released, first price, dearer, cheaper"),
    ("~ E X W", "there too: otherwise changed, price ended, withdrawn, change called off"),
];

fn lines(theme: &Theme) -> Vec<Line<'static>> {
    let shown = keys::all().map(|binding| binding.shown().width());
    let width = shown.max().unwrap_or(0) + 2;
    let entry = |key: &str, help: &str| {
        let key = Span::styled(format!("  {}", left(key, width)), theme.style(Role::Key));
        Line::from(vec![key, Span::raw(help.to_owned())])
    };
    let mut lines = Vec::new();
    for scope in Scope::all().filter(|scope| keys::of(*scope).next().is_some()) {
        lines.push(Line::styled(scope.title(), theme.style(Role::Heading)));
        lines.extend(keys::of(scope).map(|binding| entry(&binding.shown(), binding.help)));
        lines.push(Line::default());
    }
    lines.push(Line::styled("Marks", theme.style(Role::Heading)));
    lines.extend(MARKS.iter().map(|(mark, help)| entry(mark, help)));
    lines
}

/// Returns the largest number of lines that can be scrolled away.
pub fn last_first_line(size: (u16, u16)) -> usize {
    let rows = usize::from(size.1.saturating_sub(FRAME_ROWS));
    lines(&Theme::default()).len().saturating_sub(rows)
}

/// Draws the list over the whole screen.
pub fn draw(state: &State, first: usize, area: Rect, buffer: &mut Buffer) {
    Clear.render(area, buffer);
    let lines = lines(&state.theme);
    let first = first.min(last_first_line((area.width, area.height)));
    let rows = usize::from(area.height.saturating_sub(FRAME_ROWS));
    put(buffer, area, 0, " Keys", state.theme.style(Role::Selected));
    for (row, line) in lines.iter().skip(first).take(rows).enumerate() {
        put_line(buffer, area, row as u16 + 1, line);
    }
    let more = lines.len().saturating_sub(first + rows);
    let text = if more > 0 { format!(" Esc close  ↓ {more} more lines") } else { " Esc close".to_owned() };
    put(buffer, area, area.height.saturating_sub(1), &text, state.theme.style(Role::Dim));
}
