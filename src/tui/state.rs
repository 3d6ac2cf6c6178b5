//! What the screens show: the work, and where the user is in it.

use crossterm::event::KeyEvent;
use jiff::civil::Date;

use super::action::Screen;
use super::keys::{self, Scope};
use super::screen::{break_even, compare};
use super::theme::Theme;
use super::work::Work;
use super::{panel, update};
use crate::analysis::Pair;
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostics, Fault};
use crate::scenario::Scenario;
use crate::usage::strategy::Family;

/// Designs that a chart can hold and still be read.
pub const MOST_PINS: usize = 6;

/// Columns from which the parameters are always beside the screen.
pub const WIDE: u16 = 100;

/// What keys act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The screen.
    #[default]
    Screen,
    /// The parameters.
    Parameters,
}

/// What lies over the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The list of keys, scrolled to a line.
    Help(usize),
    /// A filter that is being typed.
    Filter(String),
    /// A value that is being typed.
    Value(String),
}

/// A line for the user, until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// What was done.
    Note(String),
    /// What cannot be done, and why.
    Fault(String),
}

impl From<Fault> for Message {
    fn from(fault: Fault) -> Self {
        Message::Fault(match fault.remedy() {
            Some(remedy) => format!("{fault}; {remedy}"),
            None => fault.to_string(),
        })
    }
}

/// Everything that a screen is drawn from.
#[derive(Debug, Clone)]
pub struct State {
    /// The scenario and its results.
    pub work: Work,
    /// How it looks.
    pub theme: Theme,
    /// Where the scenario comes from, for the status line.
    pub source: Option<String>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The screen that is open.
    pub screen: Screen,
    /// What keys act on.
    pub focus: Focus,
    /// What lies over it.
    pub overlay: Overlay,
    /// A line for the user.
    pub message: Option<Message>,
    /// Designs that the user chose for the chart.
    pub pins: Vec<Pair>,
    /// The ranked list.
    pub compare: compare::Ranking,
    /// The chart.
    pub break_even: break_even::Chart,
    /// The parameters.
    pub panel: panel::Panel,
    /// Whether the user has left.
    pub done: bool,
}

impl State {
    /// Opens a scenario at the first screen.
    ///
    /// # Errors
    /// All names of the scenario that the catalog does not know.
    pub fn open(
        catalog: Catalog,
        scenario: Scenario,
        today: Date,
        theme: Theme,
    ) -> Result<State, Diagnostics> {
        let work = Work::open(catalog, scenario, today)?;
        let mut state = State {
            compare: compare::Ranking::default(),
            break_even: break_even::Chart::of(&work),
            panel: panel::Panel::default(),
            work,
            theme,
            source: None,
            size: (80, 24),
            screen: Screen::Compare,
            focus: Focus::default(),
            overlay: Overlay::default(),
            message: None,
            pins: Vec::new(),
            done: false,
        };
        update::refresh(&mut state);
        Ok(state)
    }

    /// Does what a key asks for.
    pub fn press(&mut self, key: &KeyEvent) {
        if let Some(action) = keys::translate(key, &self.scopes()) {
            update::update(self, action);
        }
    }

    /// Takes a new size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
    }

    /// Returns the scopes of keys that are in force, the first of which goes first.
    pub fn scopes(&self) -> Vec<Scope> {
        let screen = match self.screen {
            Screen::Compare => Scope::Compare,
            Screen::BreakEven => Scope::BreakEven,
        };
        match (&self.overlay, self.focus) {
            (Overlay::Help(_), _) => vec![Scope::Help, Scope::Always],
            (Overlay::Filter(_), _) => vec![Scope::Filter, Scope::Always],
            (Overlay::Value(_), _) => vec![Scope::Value, Scope::Always],
            (Overlay::None, Focus::Parameters) => {
                vec![Scope::Parameters, screen, Scope::Screens, Scope::Always]
            }
            (Overlay::None, Focus::Screen) => vec![screen, Scope::Screens, Scope::Always],
        }
    }

    /// Returns the designs of the chart: the pinned ones, completed to two sides of the question
    /// by the cheapest of the side that is missing.
    pub fn lines(&self) -> Vec<Pair> {
        let mut lines = self.pins.clone();
        if lines.len() < 2 {
            for family in Family::ALL {
                let missing = !lines.iter().any(|pair| pair.strategy.family() == family);
                lines.extend(self.work.cheapest_of(family).filter(|_| missing));
            }
        }
        lines
    }

    /// Returns whether the parameters are on the screen.
    pub fn has_panel(&self) -> bool {
        self.focus == Focus::Parameters || self.size.0 >= WIDE
    }

    /// Returns how far a page goes in a list.
    pub fn page(&self) -> usize {
        usize::from(self.size.1).saturating_sub(10).max(1)
    }
}
