//! The terminal application: reads keys, updates its state, draws.
//!
//! Keys become [`action`]s by the table in [`keys`]; [`update`] changes the [`state`] and works
//! out what follows; [`draw`] only looks. [`state::State`] needs no terminal, so tests press its
//! keys and read its screens.

pub mod action;
pub mod curves;
pub mod draw;
pub mod help;
pub mod keys;
pub mod nudge;
pub mod panel;
pub mod screen;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod ticks;
pub mod update;
pub mod work;

use std::io;

use jiff::civil::Date;

use self::state::State;
use self::terminal::{Outside, Screen, Signals, listen};
use self::theme::{Palette, Theme};
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostics;
use crate::scenario::Scenario;

/// The application, ready to run.
#[derive(Debug)]
pub struct App {
    state: State,
}

/// How the application ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The user left.
    ByUser,
    /// The system sent this signal.
    BySignal(i32),
}

impl App {
    /// Opens a scenario; `source` says where it comes from, for the status line.
    ///
    /// # Errors
    /// All names of the scenario that the catalog does not know.
    pub fn open(
        catalog: Catalog,
        scenario: Scenario,
        today: Date,
        theme: Theme,
        source: Option<String>,
    ) -> Result<App, Diagnostics> {
        let mut state = State::open(catalog, scenario, today, theme)?;
        state.source = source;
        Ok(App { state })
    }
}

/// Takes the terminal over, runs until the user leaves, and gives it back.
///
/// # Errors
/// That there is no terminal, or that it cannot be read or drawn on any more.
pub fn run(app: App) -> io::Result<Ended> {
    let mut state = app.state;
    // The terminal library has a NO_COLOR rule of its own, which resets bold and reversed text
    // too. The theme has decided already: a mono theme sets no colours that it could reset.
    crossterm::style::force_color_output(state.theme.palette != Palette::Mono);
    let signals = Signals::watch()?;
    let mut screen = Screen::take()?;
    let outside = listen(signals);
    let size = screen.terminal.size()?;
    state.resize(size.width, size.height);
    loop {
        screen.terminal.draw(|frame| draw::draw(&state, frame.area(), frame.buffer_mut()))?;
        let Ok(first) = outside.recv() else { return Ok(Ended::ByUser) };
        // What has arrived meanwhile is done before the next frame.
        for event in std::iter::once(first).chain(outside.try_iter()) {
            match event {
                Outside::Key(key) => state.press(&key),
                Outside::Resize(columns, rows) => state.resize(columns, rows),
                Outside::Signal(signal) => return Ok(Ended::BySignal(signal)),
                Outside::Closed(error) => return Err(error),
            }
            if state.done {
                return Ok(Ended::ByUser);
            }
        }
    }
}
