//! Puts a state on the screen; changes nothing. Where the parts lie is said in [`super::frame`].
//!
//! ```text
//!  ragonomics   1 Compare   2 Break-even   3 Bill
//!  ┌ screen ────────────────────────────────┐│ Parameters
//!  │                                        ││ requests/month   30,000
//!  └────────────────────────────────────────┘│ ...
//!  Support bot · 2 unsaved · prices of 2026-11-22 · USD · 12 prices, oldest 38 d
//!  ? help  q quit  Space pin  s sort  / filter
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::ascii::fold_to_ascii;
use super::frame::{Frame, NAME, tabs};
use super::state::{Overlay, State};
use super::text::put;
use super::theme::{Glyphs, Role};
use super::{export, foot, help, palette, panel, picker, popup, question};

/// Draws everything.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    match state.overlay {
        Overlay::Help(first) => help::draw(state, first, area, buffer),
        _ => draw_screen(state, area, buffer),
    }
    if state.theme.glyphs == Glyphs::Ascii {
        fold_to_ascii(buffer);
    }
}

fn draw_screen(state: &State, area: Rect, buffer: &mut Buffer) {
    let frame = Frame::within(state, area);
    draw_tabs(state, frame.head, buffer);
    state.screen.draw(state, frame.main, buffer);
    if frame.panel.width > 0 {
        panel::draw(state, frame.panel, buffer);
    }
    draw_over(state, &frame, buffer);
    foot::draw(state, &frame, buffer);
}

/// Draws what lies over the screen, which is dimmed beneath it.
fn draw_over(state: &State, frame: &Frame, buffer: &mut Buffer) {
    let body = frame.body;
    let covers = matches!(
        state.overlay,
        Overlay::Palette(_) | Overlay::Pick(_) | Overlay::Export(_) | Overlay::Question(_)
    );
    if covers {
        popup::dim(&state.theme, frame.head.union(body), buffer);
    }
    match &state.overlay {
        Overlay::Palette(palette) => palette::draw(state, palette, body, buffer),
        Overlay::Pick(picker) => picker::draw(state, picker, body, buffer),
        Overlay::Export(selected) => export::draw(state, *selected, body, buffer),
        Overlay::Question(question) => question::draw(state, question, body, buffer),
        _ => {}
    }
}

fn draw_tabs(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let tabs = tabs(state, area.width);
    if tabs.first().is_some_and(|tab| usize::from(tab.start) >= NAME.width()) {
        put(buffer, area, 0, NAME, theme.style(Role::Heading));
    }
    for tab in tabs {
        let role = if tab.screen == state.screen { Role::Selected } else { Role::Text };
        let place = Rect {
            x: area.x + tab.start.min(area.width),
            width: area.width.saturating_sub(tab.start),
            ..area
        };
        put(buffer, place, 0, &tab.text, theme.style(role));
    }
}
