//! Where the parts of the screen lie, at any size.
//!
//! ```text
//!  120 columns and more: the parameters beside the screen, unless they are hidden or it needs the whole width
//!   head   ragonomics  1 Compare  2 Break-even  3 Bill
//!   main │ panel
//!   foot   status, keys
//!  80 to 119: the parameters beside it while they are in focus; 60 to 79: the parameters instead of it
//!  below 40 columns or 10 rows: the screen alone and one line that says what is missing
//! ```

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::action::Screen;
use super::panel;
use super::state::{Focus, State};
use super::text::{split_bottom, split_top};

/// Columns from which the parameters are beside the screen, unless the user hides them.
pub const WIDE: u16 = 120;

/// Columns and rows below which only the screen itself is drawn.
pub const LEAST: (u16, u16) = (40, 10);

/// Columns that a screen keeps beside the parameters.
const NARROWEST: u16 = 40;

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Titles of the screens; no rows on a small terminal.
    pub head: Rect,
    /// Everything between head and foot.
    pub body: Rect,
    /// The open screen.
    pub main: Rect,
    /// The parameters; no columns where they are not shown.
    pub panel: Rect,
    /// Status and keys.
    pub foot: Rect,
    /// Whether the terminal is too small for head and status.
    pub small: bool,
}

impl Frame {
    /// Returns the parts on the terminal; `None` where it has no cells.
    pub fn of(state: &State) -> Option<Frame> {
        let area = Rect::new(0, 0, state.size.0, state.size.1);
        (!area.is_empty()).then(|| Frame::within(state, area))
    }

    /// Returns the parts of an area.
    pub fn within(state: &State, area: Rect) -> Frame {
        let small = area.width < LEAST.0 || area.height < LEAST.1;
        let (head, rest) = split_top(area, if small { 0 } else { 1 });
        let (body, foot) = split_bottom(rest, if small { 1 } else { 2 });
        let (main, panel) = split_panel(state, body);
        Frame { head, body, main, panel, foot, small }
    }
}

/// Gives the parameters their columns, or all of them where both would be too narrow.
fn split_panel(state: &State, body: Rect) -> (Rect, Rect) {
    let beside = body.width >= WIDE && !state.panel.hidden && !state.screen.has_whole_width(state);
    let shown = state.focus == Focus::Parameters || beside;
    if !shown {
        return (body, Rect { x: body.right(), width: 0, ..body });
    }
    let width = if body.width < panel::WIDTH + NARROWEST { body.width } else { panel::WIDTH };
    let main = body.width - width;
    let gap = u16::from(main > 0);
    (Rect { width: main - gap, ..body }, Rect { x: body.x + main, width, ..body })
}

/// The title of a screen in the head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// The screen.
    pub screen: Screen,
    /// First column.
    pub start: u16,
    /// The text.
    pub text: String,
}

impl Tab {
    /// Returns whether a column of the head is one of its own.
    pub fn holds(&self, column: u16) -> bool {
        (self.start..self.start + self.text.width() as u16).contains(&column)
    }
}

/// The program's name in the head.
pub const NAME: &str = " ragonomics ";

/// Returns the titles that fit a width: in full beside the program's name, in full, short, as numbers, or that of
/// the open screen alone. The open screen's title is in full as long as any is.
pub fn tabs(state: &State, width: u16) -> Vec<Tab> {
    let full = |screen: Screen| format!(" {} {} ", screen.number(), screen.title());
    let short = |screen: Screen| format!(" {} {} ", screen.number(), screen.short());
    let number = |screen: Screen| format!(" {} ", screen.number());
    let open = |screen: Screen| screen == state.screen;
    let named = |screen: Screen, other: &dyn Fn(Screen) -> String| {
        if open(screen) { full(screen) } else { other(screen) }
    };
    let rows = [
        row(NAME.width(), 1, &full),
        row(0, 1, &full),
        row(0, 0, &|screen| named(screen, &short)),
        row(0, 0, &|screen| named(screen, &number)),
    ];
    let fits = |tabs: &Vec<Tab>| tabs.last().is_some_and(|tab| tab.start + tab.text.width() as u16 <= width);
    rows.into_iter().find(fits).unwrap_or_else(|| {
        let count = Screen::ALL.len();
        let text = format!(" {} {} of {count} ", state.screen.number(), state.screen.title());
        vec![Tab { screen: state.screen, start: 0, text }]
    })
}

fn row(start: usize, gap: usize, text: &dyn Fn(Screen) -> String) -> Vec<Tab> {
    let mut start = start;
    let tab = |screen: &Screen| {
        let tab = Tab { screen: *screen, start: start as u16, text: text(*screen) };
        start += tab.text.width() + gap;
        tab
    };
    Screen::ALL.iter().map(tab).collect()
}
