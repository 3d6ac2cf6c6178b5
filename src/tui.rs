//! The terminal application: reads keys, updates its state, draws.
//!
//! Keys become [`action`]s by the table in [`keys`]; [`update`] changes the [`state`] and works
//! out what follows; [`draw`] only looks. [`state::State`] needs no terminal, so tests press its
//! keys and read its screens. A screen is one file that answers to [`screen::View`]; long work
//! goes to a thread by [`job`].

pub mod action;
pub mod ascii;
pub mod curves;
pub mod draw;
pub mod export;
pub mod facts;
pub mod foot;
pub mod frame;
pub mod fuzzy;
pub mod grid;
pub mod help;
pub mod job;
pub mod keys;
pub mod listing;
pub mod memory;
pub mod mouse;
pub mod nudge;
pub mod open;
pub mod palette;
pub mod panel;
pub mod picker;
pub mod popup;
pub mod question;
pub mod reading;
pub mod save;
pub mod screen;
pub mod scroll;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod ticks;
pub mod typed;
pub mod update;
pub mod work;

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use jiff::civil::Date;

use self::job::{Owner, Report};
use self::open::File;
use self::reading::Reading;
use self::state::{Leave, Places, State};
use self::terminal::{Outside, Screen, Signals, listen};
use self::theme::{Palette, Theme};
use crate::catalog::Catalog;
use crate::config;
use crate::diagnostic::Diagnostics;
use crate::scenario::Scenario;
use crate::scenario::library::Source;

/// How long a message stays when no key is pressed.
const MESSAGE: Duration = Duration::from_secs(4);

/// The signal that Ctrl-C stands for, by which shells see that a program was interrupted.
const SIGINT: i32 = 2;

/// The application, ready to run.
#[derive(Debug)]
pub struct App {
    state: State,
}

/// What the application starts from, beside the scenario.
#[derive(Debug)]
pub struct Start {
    /// The scenario's name on the command line or in the settings.
    pub named: Option<String>,
    /// The text that it was read from.
    pub source: Source,
    /// What is done with other scenarios once they are read.
    pub reading: Reading,
    /// Where files are.
    pub places: Places,
    /// The user's settings.
    pub config: Settings,
}

/// The user's settings, as far as they are about the application.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The theme; what was taken last where the settings name none.
    pub palette: Option<Palette>,
    /// Whether the mouse is taken.
    pub mouse: Option<bool>,
    /// Keys of the user's own.
    pub keys: Vec<config::Binding>,
}

impl Settings {
    fn apply(&self, state: &mut State) {
        if let Some(palette) = self.palette {
            state.theme.take(palette);
        }
        keys::take_own(&self.keys);
        if let Some(mouse) = self.mouse {
            state.mouse = mouse;
        }
    }
}

/// How the application ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The user left.
    ByUser,
    /// The system sent this signal, or the user pressed its key.
    BySignal(i32),
}

impl App {
    /// Opens a scenario as it was read by [`Start::source`].
    ///
    /// # Errors
    /// All names of the scenario that the catalog does not know.
    pub fn open(
        catalog: Catalog,
        scenario: Scenario,
        today: Date,
        theme: Theme,
        start: Start,
    ) -> Result<App, Diagnostics> {
        let mut state = State::open(catalog, scenario, today, theme)?;
        state.source = start.named;
        state.file = File::started(&start.source);
        state.reading = start.reading;
        state.recall(start.places);
        start.config.apply(&mut state);
        Ok(App { state })
    }
}

/// Takes the terminal over, runs until the user leaves, and gives it back.
///
/// # Errors
/// That there is no terminal, or that it cannot be read or drawn on any more.
pub fn run(app: App) -> io::Result<Ended> {
    let mut session = Session { state: app.state };
    let signals = Signals::watch()?;
    let mut screen = Screen::take()?;
    let (sender, outside) = listen(signals);
    session.state.jobs.report_to(sender);
    let size = screen.terminal.size()?;
    session.state.resize(size.width, size.height);
    update::settle(&mut session.state);
    session.run(&mut screen, &outside)
}

/// A run, which keeps what was not saved however it ends.
struct Session {
    state: State,
}

impl Session {
    fn run(&mut self, screen: &mut Screen, outside: &Receiver<Outside>) -> io::Result<Ended> {
        let mut message_ends = self.state.message.as_ref().map(|_| Instant::now() + MESSAGE);
        loop {
            self.show(screen)?;
            let first = match message_ends {
                None => outside.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(end) => outside.recv_timeout(end.saturating_duration_since(Instant::now())),
            };
            let first = match first {
                Ok(first) => first,
                Err(RecvTimeoutError::Timeout) => {
                    (self.state.message, message_ends) = (None, None);
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Ended::ByUser),
            };
            // What has arrived meanwhile is done before the next frame.
            for event in std::iter::once(first).chain(outside.try_iter()) {
                let speaks = matches!(
                    event,
                    Outside::Key(_)
                        | Outside::Mouse(_)
                        | Outside::Focused
                        | Outside::Work(Report::Done(..) | Report::Failed(_))
                );
                if let Some(ended) = self.take(event)? {
                    return Ok(ended);
                }
                if speaks {
                    message_ends = self.state.message.as_ref().map(|_| Instant::now() + MESSAGE);
                }
            }
        }
    }

    /// Does what an event asks for; returns how the program ends, if it does.
    fn take(&mut self, event: Outside) -> io::Result<Option<Ended>> {
        match event {
            Outside::Key(key) => {
                panic_for_a_test(&key);
                self.state.press(&key);
            }
            Outside::Mouse(event) => {
                self.state.point(&event);
            }
            Outside::Focused => self.state.come_back(),
            Outside::Work(report) => self.state.report(report),
            Outside::Resize(columns, rows) => {
                self.state.resize(columns, rows);
                // What is worked out for a size is worked out anew.
                update::settle(&mut self.state);
            }
            Outside::Signal(signal) => return Ok(Some(Ended::BySignal(signal))),
            Outside::Closed(error) => return Err(error),
        }
        Ok(self.state.done.map(|leave| match leave {
            Leave::Quit => Ended::ByUser,
            Leave::Interrupt => Ended::BySignal(SIGINT),
        }))
    }

    /// Draws, and brings the terminal's mouse and clipboard in line with the state.
    fn show(&mut self, screen: &mut Screen) -> io::Result<()> {
        let state = &mut self.state;
        if std::mem::take(&mut state.suspended) {
            screen.suspend()?;
            state.come_back();
        }
        // The terminal library has a NO_COLOR rule of its own, which resets bold and reversed text
        // too. The theme has decided already: a mono theme sets no colours that it could reset.
        crossterm::style::force_color_output(state.theme.palette != Palette::Mono);
        screen.take_mouse(state.mouse)?;
        if let Some(text) = state.clipboard.take() {
            screen.copy(&text)?;
        }
        screen.terminal.draw(|frame| draw::draw(state, frame.area(), frame.buffer_mut()))?;
        Ok(())
    }
}

impl Drop for Session {
    /// Whether by a key, a signal, an error or a panic: settings are kept, and changes that were not saved unless
    /// the user left them behind. The terminal is given back by now, so that what is lost is told on it.
    fn drop(&mut self) {
        self.state.jobs.cancel_screens();
        self.state.jobs.cancel(Owner::Scenario);
        let _ = memory::keep_view(&self.state);
        if self.state.done == Some(Leave::Quit) {
            memory::leave_changes(&self.state);
        } else if let Err(error) = memory::keep_changes(&self.state) {
            eprintln!("{}", memory::told_lost(&self.state, &error));
        }
    }
}

/// Panics at F12 where a test of the program asks for it, to see that the terminal is given back.
#[cfg(debug_assertions)]
fn panic_for_a_test(key: &crossterm::event::KeyEvent) {
    let asked = key.code == crossterm::event::KeyCode::F(12);
    assert!(!asked || std::env::var_os("RAGONOMICS_TEST_PANIC").is_none(), "a test asks for this panic");
}

#[cfg(not(debug_assertions))]
fn panic_for_a_test(_: &crossterm::event::KeyEvent) {}
