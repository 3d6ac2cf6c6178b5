//! What several screens say alike: why there is nothing to draw, and which filter is in force.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use crate::analysis::Pair;
use crate::present::cut;
use crate::tui::action::Screen;
use crate::tui::state::{Overlay, State};
use crate::tui::text::{put, wrap};
use crate::tui::theme::Role;

/// Names the design of a screen and why it is that one, and says why there is nothing else to draw.
///
/// ```text
/// acme/large:long_context, selected
///
/// No bill: over the 200,000 token window by 41,000
/// ```
pub fn draw_reason(state: &State, (pair, why): (Pair, &str), reason: &str, area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let name = format!("{}, {why}", state.work.name(pair));
    put(buffer, area, 0, &cut(&name, width), state.theme.style(Role::Heading));
    for (row, line) in wrap(reason, width).iter().enumerate() {
        put(buffer, area, row as u16 + 2, line, state.theme.style(Role::Text));
    }
}

/// Returns the words by which a screen is filtered, with what is said beside them; `None` where there are none, or where
/// they are being typed.
pub fn filter_chip(state: &State, screen: Screen, said: &str, width: usize) -> Option<Vec<Span<'static>>> {
    let words = state.filter(screen);
    if words.is_empty() || matches!(state.overlay, Overlay::Filter(_)) {
        return None;
    }
    let chip = cut(&format!(" / {words} "), width);
    let rest = cut(&format!("  {said}"), width.saturating_sub(chip.width()));
    let (strong, dim) = (state.theme.style(Role::Chip), state.theme.style(Role::Dim));
    Some(vec![Span::styled(chip, strong), Span::styled(rest, dim)])
}
