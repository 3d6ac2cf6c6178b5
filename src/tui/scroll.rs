//! Lines that may be more than there is room for: a part of them, and a last row that says where there is more.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::action::Direction;
use super::state::State;
use super::text::{put, put_line};
use super::theme::{Role, Theme};
use crate::present::cut;

/// Returns the last line that a text can begin with so that its end is seen; where it is cut, the sign takes a row.
pub fn last_first(lines: usize, rows: usize) -> usize {
    if lines <= rows { 0 } else { lines - rows.saturating_sub(1).min(lines) }
}

/// Scrolls by a line; says so where there is no more of the text.
pub fn scroll(state: &mut State, last: usize, direction: Direction, first: fn(&mut State) -> &mut usize) {
    let now = (*first(state)).min(last);
    let next = match direction {
        Direction::On => (now + 1).min(last),
        Direction::Back => now.saturating_sub(1),
    };
    *first(state) = next;
    if next == now {
        state.note("there is no more of it");
    }
}

/// Draws lines from one on; where they do not all fit, the last row names the keys that show the rest.
pub fn draw_scrolled(theme: &Theme, lines: &[Line<'_>], first: usize, area: Rect, buffer: &mut Buffer) {
    let rows = usize::from(area.height);
    let last = last_first(lines.len(), rows);
    let first = first.min(last);
    let room = if last > 0 { rows.saturating_sub(1) } else { rows };
    for (row, line) in lines.iter().skip(first).take(room).enumerate() {
        put_line(buffer, area, row as u16, line);
    }
    if last == 0 || rows == 0 {
        return;
    }
    let more = match (lines.len().saturating_sub(first + room), first) {
        (0, above) => format!("▴ {above} more above, K scrolls"),
        (below, 0) => format!("▾ {below} more below, J scrolls"),
        (below, above) => format!("▾ {below} more below, ▴ {above} above, J and K scroll"),
    };
    put(buffer, area, room as u16, &cut(&more, usize::from(area.width)), theme.style(Role::Dim));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_row_says_where_there_is_more() {
        let lines: Vec<Line<'_>> = ["a", "b", "c", "d"].map(Line::raw).into();
        let shown = |first: usize, rows: u16| {
            let area = Rect::new(0, 0, 30, rows);
            let mut buffer = Buffer::empty(area);
            draw_scrolled(&Theme::default(), &lines, first, area, &mut buffer);
            let row = |y| (0..30).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
            (0..rows).map(row).collect::<Vec<_>>()
        };
        assert_eq!(shown(0, 4), ["a", "b", "c", "d"]);
        assert_eq!(shown(0, 3), ["a", "b", "▾ 2 more below, J scrolls"]);
        assert_eq!(shown(9, 3), ["c", "d", "▴ 2 more above, K scrolls"]);
        assert_eq!(last_first(4, 3), 2);
    }
}
