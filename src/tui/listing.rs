//! A list over the screen below a line in which is typed: the palette, and lists to pick from.
//!
//! ```text
//!  ┌ Actions ───────────────────────────────────────────────┐
//!  │ : bil▏                                                 │
//!  │ ▸ Bill: one design, line by line                    3  │
//!  │   Bill: say how the selected line comes about   Enter  │
//!  └────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::popup::Popup;
use super::text::{entry_in, first_shown, put, put_line, split_top};
use super::theme::{Role, Theme};
use super::typed::{Typed, cursor};

/// Returns a line in which is typed; the cursor is told from reversed text by being plain.
pub fn typed_line(theme: &Theme, before: &str, typed: &Typed, width: usize) -> Line<'static> {
    let (front, behind) = typed.around(width.saturating_sub(before.width() + 1));
    let strong = theme.style(Role::Chip);
    Line::from(vec![
        Span::styled(format!("{before}{front}"), strong),
        Span::raw(cursor(theme)),
        Span::styled(behind, strong),
    ])
}

/// Where such a list lies, and which of how many entries is selected.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    popup: Popup,
    /// The line in which is typed.
    pub head: Rect,
    rows: Rect,
    selected: usize,
    count: usize,
}

impl Listing {
    /// Lays a list of entries over an area, no wider than it needs to be.
    pub fn over(area: Rect, widest: u16, selected: usize, count: usize) -> Listing {
        // Some of the screen stays in view.
        let most = (area.height.max(3) * 4 / 5).min(area.height);
        let popup = Popup::at_top(area, widest, (count.clamp(1, 1000) as u16 + 1).min(most));
        let (head, rows) = split_top(popup.inner, 1);
        Listing { popup, head, rows, selected, count }
    }

    /// Returns whether the title stands in a border rather than before what is typed.
    pub fn has_title(&self) -> bool {
        self.popup.framed
    }

    /// Returns the entry that is drawn at a place.
    pub fn entry_at(&self, at: Position) -> Option<usize> {
        entry_in(self.rows, at, self.selected, self.count)
    }

    /// Draws the frame with its title, what stands before what is typed, that, and the entries in view, or what is said where there are none. A
    /// line begins behind the mark of what is selected.
    pub fn draw(
        &self,
        theme: &Theme,
        (title, before, typed): (&str, &str, &Typed),
        line: impl Fn(usize) -> Line<'static>,
        none: &str,
        buffer: &mut Buffer,
    ) {
        self.popup.draw(theme, title, buffer);
        put_line(buffer, self.head, 0, &typed_line(theme, before, typed, usize::from(self.head.width)));
        if self.count == 0 {
            put(buffer, self.rows, 0, &format!("   {none}"), theme.style(Role::Dim));
        }
        let shown = usize::from(self.rows.height);
        let first = first_shown(self.selected, self.count, shown);
        for (row, entry) in (first..self.count.min(first + shown)).enumerate() {
            let selected = entry == self.selected;
            let mut line = line(entry);
            line.spans.insert(0, Span::raw(if selected { " ▸ " } else { "   " }));
            put_line(buffer, self.rows, row as u16, &line);
            if selected {
                let row = Rect { y: self.rows.y + row as u16, height: 1, ..self.rows };
                buffer.set_style(row, theme.style(Role::Selected));
            }
        }
    }
}
