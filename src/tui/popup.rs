//! The one frame of everything that lies over a screen: lists to choose from and questions.
//!
//! ```text
//!  ┌ Actions ───────────────────────────────┐
//!  │ : bil▏                                 │
//!  └────────────────────────────────────────┘
//! ```
//!
//! A small terminal has no columns for borders: what lies over the screen then takes its whole width.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::theme::{Palette, Role, Theme};
use crate::present::shorten;

/// Columns and rows of the body from which there is room for borders.
const LEAST: (u16, u16) = (60, 12);

/// Columns and rows that borders take.
const BORDERS: u16 = 2;

/// Where something lies over a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Popup {
    /// All of it.
    outer: Rect,
    /// What is within the borders.
    pub inner: Rect,
    /// Whether there are borders.
    pub framed: bool,
}

impl Popup {
    /// Returns whether there is room for borders in an area.
    pub fn is_framed(area: Rect) -> bool {
        area.width >= LEAST.0 && area.height >= LEAST.1
    }

    /// Returns the columns and rows that are left within the borders, at most `widest` columns.
    pub fn room(area: Rect, widest: u16) -> (u16, u16) {
        if Popup::is_framed(area) {
            ((area.width - BORDERS).min(widest), area.height - BORDERS)
        } else {
            (area.width, area.height)
        }
    }

    /// Lays it at the top of an area, where a list stays when it grows shorter; the size is that of what is within.
    pub fn at_top(area: Rect, widest: u16, rows: u16) -> Popup {
        let framed = Popup::is_framed(area);
        let (columns, most) = Popup::room(area, widest);
        let borders = if framed { BORDERS } else { 0 };
        let (width, height) = (columns + borders, rows.min(most) + borders);
        let outer = Rect { x: area.x + (area.width - width) / 2, width, height, ..area };
        let inset = borders / 2;
        let inner = Rect { x: outer.x + inset, y: outer.y + inset, width: columns, height: height - borders };
        Popup { outer, inner, framed }
    }

    /// Lays it in the middle of an area.
    pub fn in_the_middle(area: Rect, widest: u16, rows: u16) -> Popup {
        let top = Popup::at_top(area, widest, rows);
        let down = (area.height - top.outer.height) / 2;
        let lower = |rect: Rect| Rect { y: rect.y + down, ..rect };
        Popup { outer: lower(top.outer), inner: lower(top.inner), framed: top.framed }
    }

    /// Takes its cells from the screen and draws its borders and title; without borders the title is the caller's.
    pub fn draw(&self, theme: &Theme, title: &str, buffer: &mut Buffer) {
        let cleared = self.cleared(buffer.area);
        free_edge(cleared, buffer);
        Clear.render(cleared, buffer);
        if self.framed {
            let title = shorten(title, usize::from(self.outer.width).saturating_sub(6));
            let title = Line::styled(format!(" {title} "), theme.style(Role::Heading));
            Block::bordered().title(title).render(self.outer, buffer);
        }
    }

    /// Returns the cells that are taken: borders have a blank column on either side.
    fn cleared(&self, screen: Rect) -> Rect {
        if !self.framed {
            return self.outer;
        }
        let left = self.outer.x.saturating_sub(1).max(screen.x);
        let right = (self.outer.right() + 1).min(screen.right());
        Rect { x: left, width: right - left, ..self.outer }
    }
}

/// Takes wide characters away whole whose second half would lie in an area.
fn free_edge(area: Rect, buffer: &mut Buffer) {
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom() {
        if buffer[(x, y)].symbol().width() > 1 {
            buffer[(x, y)].set_symbol(" ");
        }
    }
}

/// Dims what lies beneath; without colours the borders alone tell it from what lies over it.
pub fn dim(theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if theme.palette != Palette::Mono {
        buffer.set_style(area, Style::new().add_modifier(Modifier::DIM));
    }
}
