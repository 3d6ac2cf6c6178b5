//! The screens: what every one offers, and the list of all.
//!
//! A screen is one file: a struct with its state, an enum with its actions, and [`View`], which says how it answers
//! keys, draws itself, and what it copies and exports. To add one, write the file and add two lines here: the module,
//! and the screen in the list below, in the order of the number keys. Header, help, palette, mouse, messages, undo and
//! exports follow from that. [`bill`] is the model of a screen with a list, [`break_even`] of one with a chart.
//!
//! What a screen can count on:
//!
//! - [`View::forget`] comes before [`View::refresh`] whenever the scenario or the pins changed, so that a result of an
//!   earlier scenario is never drawn. A screen keeps its result in an `Option` and works it out in `refresh`.
//! - Whatever takes longer than a frame goes to [`State::start`], which may be called at every `refresh` without a
//!   result: it does nothing while the work is running or after the user stopped it. `State::jobs.cancel` lets it
//!   start again, for instance when a setting of the view changed. Without a terminal, as in tests, it is done at once:
//!
//! ```text
//! fn refresh(state: &mut State) {
//!     if state.views.forecast.result.is_none() && state.jobs.may_start(Screen::Forecast) {
//!         let snapshot = state.work.snapshot();
//!         state.start(Screen::Forecast, "forecasting", move |control| {
//!             let result = snapshot.case().map(|case| forecast(&case, |share| control.progress(share)));
//!             move |state: &mut State| state.views.forecast.result = Some(result)
//!         });
//!     }
//! }
//! ```
//!
//! - A value of the scenario is changed by [`State::change`], or typed by the user after [`State::ask`]; both can be
//!   taken back, and say why where they are refused.
//! - [`State::design`] is the design that a screen about one design shows, [`State::lines`] those of a chart,
//!   [`State::filter`] the filter in force, also while it is typed.
//! - Lists are drawn from [`first_shown`](super::text::first_shown) on, and clicks are found again by
//!   [`entry_in`](super::text::entry_in); `draw` and `entry_at` take both from one layout.
//! - An amount is whole or left out, never cut: [`cut`](crate::present::cut) says by `…` that something is missing.

pub mod bill;
pub mod break_even;
pub mod compare;
pub mod forecast;
pub mod limits;
pub mod ranking;
pub mod said;
pub mod scenario;
pub mod sensitivity;
pub mod uncertainty;
pub mod vendors;

use std::fmt::Debug;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::action::{Action, Direction};
use super::export::FileFormat;
use super::keys::{Binding, Key, Scope, ch};
use super::state::State;
use super::work::Work;

/// What a screen is to the shell.
///
/// Functions that act take the whole [`State`]: the work, the theme and the pins are shared, and a screen's own part
/// is `state.views.NAME`. The shell calls [`View::forget`] whenever the scenario or the pins changed, then
/// [`View::refresh`] of the open screen, then draws.
pub trait View: Debug + Clone {
    /// What this screen alone can do; keys for it stand in [`View::KEYS`].
    type Action: Debug + Copy + Eq;

    /// The title.
    const TITLE: &'static str;

    /// The title in at most four columns, so that nine of them fit beside one title in full on 80.
    const SHORT: &'static str;

    /// What it shows, for the help.
    const ABOUT: &'static str;

    /// Its own keys, made with [`keys!`](crate::keys).
    const KEYS: &'static [Binding];

    /// Begins, before anything is worked out.
    fn new(work: &Work) -> Self;

    /// Drops what was worked out, because the scenario or the pins changed.
    fn forget(&mut self) {}

    /// Works out what is missing, when the screen is open. Long work goes to [`State::start`](State::start).
    fn refresh(_state: &mut State) {}

    /// Does what an action asks for.
    fn update(state: &mut State, action: Self::Action);

    /// Draws; changes nothing.
    fn draw(state: &State, area: Rect, buffer: &mut Buffer);

    /// Returns how many entries its list has and which one is selected; `None` for a screen without a list.
    fn list(_state: &State) -> Option<(usize, usize)> {
        None
    }

    /// Selects an entry of the list.
    fn select(_state: &mut State, _entry: usize) {}

    /// Returns the entry that is drawn at a place.
    fn entry_at(_state: &State, _area: Rect, _at: Position) -> Option<usize> {
        None
    }

    /// Does what a click asks for: selects the entry there.
    fn click(state: &mut State, area: Rect, at: Position) {
        if let Some(entry) = Self::entry_at(state, area, at) {
            Self::select(state, entry);
        }
    }

    /// Turns the wheel where there is no list.
    fn wheel(_state: &mut State, _direction: Direction) {}

    /// Returns whether the parameters give their columns to it, as long as nobody is in them.
    fn has_whole_width(_state: &State) -> bool {
        false
    }

    /// Returns keys with short words that go first in the footer, where what is open on the screen has its own.
    fn briefs(_state: &State) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Returns the filter of its list; `None` for a screen that has none. While it is typed, [`State::filter`]
    /// returns it.
    fn filter(&self) -> Option<&String> {
        None
    }

    /// Returns the same to be changed.
    fn filter_mut(&mut self) -> Option<&mut String> {
        None
    }

    /// Closes a layer of its own, such as an explanation; false where none is open.
    fn back(_state: &mut State) -> bool {
        false
    }

    /// Returns the selected row or number as text to copy.
    fn copied(_state: &State) -> Option<String> {
        None
    }

    /// Returns the kinds of files that [`View::export`] can write now.
    fn formats(_state: &State) -> Vec<FileFormat> {
        Vec::new()
    }

    /// Returns the screen's content as a file.
    fn export(_state: &State, _format: FileFormat) -> Option<String> {
        None
    }

    /// Returns settings of the view, such as an order, to be remembered. Never a number of the scenario.
    fn settings(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Takes a remembered setting; false where it means nothing.
    fn set(&mut self, _key: &str, _value: &str) -> bool {
        false
    }
}

/// Writes a screen's own keys: `keys![Bill: ch('e') => Action::Explain, "brief", "help"; ...]`.
///
/// The brief word stands in the footer; empty where there is no room for it.
#[macro_export]
macro_rules! keys {
    ($screen:ident: $($($key:expr),+ => $action:expr, $brief:literal, $help:literal;)*) => {
        &[$($crate::tui::keys::Binding {
            keys: &[$($key),+],
            action: $crate::tui::action::Action::On($crate::tui::action::ScreenAction::$screen($action)),
            scopes: &[$crate::tui::keys::Scope::View($crate::tui::action::Screen::$screen)],
            help: $help,
            brief: $brief,
        },)*]
    };
}

/// Keys that open the screens, in their order.
static NUMBERS: [Key; 9] = [ch('1'), ch('2'), ch('3'), ch('4'), ch('5'), ch('6'), ch('7'), ch('8'), ch('9')];

macro_rules! screens {
    ($($(#[$doc:meta])* $name:ident = $module:ident::$view:ident;)+) => {
        /// A screen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Screen {
            $($(#[$doc])* $name,)+
        }

        /// What one screen alone can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ScreenAction {
            $($(#[$doc])* $name(<$module::$view as View>::Action),)+
        }

        /// The states of all screens.
        #[derive(Debug, Clone)]
        pub struct Views {
            $($(#[$doc])* pub $module: $module::$view,)+
        }

        /// Keys that open the screens.
        pub static OPENING: &[Binding] = &[$(Binding {
            keys: std::slice::from_ref(&NUMBERS[Screen::$name as usize]),
            action: Action::Open(Screen::$name),
            scopes: &[Scope::Screens],
            help: <$module::$view as View>::ABOUT,
            brief: "",
        },)+];

        impl Views {
            /// Begins all.
            pub fn new(work: &Work) -> Views {
                Views { $($module: View::new(work),)+ }
            }

            /// Drops what all have worked out.
            pub fn forget(&mut self) {
                $(self.$module.forget();)+
            }

            /// Returns the filter of a screen's list.
            pub fn filter(&self, screen: Screen) -> Option<&String> {
                match screen { $(Screen::$name => self.$module.filter(),)+ }
            }

            /// Returns the same to be changed.
            pub fn filter_mut(&mut self, screen: Screen) -> Option<&mut String> {
                match screen { $(Screen::$name => self.$module.filter_mut(),)+ }
            }

            /// Returns the settings of a screen that are remembered.
            pub fn settings(&self, screen: Screen) -> Vec<(&'static str, String)> {
                match screen { $(Screen::$name => self.$module.settings(),)+ }
            }

            /// Gives a screen a remembered setting; false where it means nothing.
            pub fn set(&mut self, screen: Screen, key: &str, value: &str) -> bool {
                match screen { $(Screen::$name => self.$module.set(key, value),)+ }
            }
        }

        impl ScreenAction {
            /// Returns the screen.
            pub fn screen(self) -> Screen {
                match self { $(ScreenAction::$name(_) => Screen::$name,)+ }
            }

            /// Does it.
            pub fn update(self, state: &mut State) {
                match self { $(ScreenAction::$name(action) => <$module::$view as View>::update(state, action),)+ }
            }
        }

        impl Screen {
            /// All screens, in the order of their numbers.
            pub const ALL: &'static [Screen] = &[$(Screen::$name,)+];

            /// Returns the title.
            pub fn title(self) -> &'static str {
                match self { $(Screen::$name => <$module::$view as View>::TITLE,)+ }
            }

            /// Returns the title in at most four columns.
            pub fn short(self) -> &'static str {
                match self { $(Screen::$name => <$module::$view as View>::SHORT,)+ }
            }

            /// Returns the name in files.
            pub fn word(self) -> &'static str {
                match self { $(Screen::$name => stringify!($module),)+ }
            }

            /// Returns its own keys.
            pub fn keys(self) -> &'static [Binding] {
                match self { $(Screen::$name => <$module::$view as View>::KEYS,)+ }
            }

            /// Works out what it shows.
            pub fn refresh(self, state: &mut State) {
                match self { $(Screen::$name => <$module::$view as View>::refresh(state),)+ }
            }

            /// Draws it.
            pub fn draw(self, state: &State, area: Rect, buffer: &mut Buffer) {
                match self { $(Screen::$name => <$module::$view as View>::draw(state, area, buffer),)+ }
            }

            /// Returns how many entries its list has and which one is selected.
            pub fn list(self, state: &State) -> Option<(usize, usize)> {
                match self { $(Screen::$name => <$module::$view as View>::list(state),)+ }
            }

            /// Selects an entry of its list.
            pub fn select(self, state: &mut State, entry: usize) {
                match self { $(Screen::$name => <$module::$view as View>::select(state, entry),)+ }
            }

            /// Does what a click asks for.
            pub fn click(self, state: &mut State, area: Rect, at: Position) {
                match self { $(Screen::$name => <$module::$view as View>::click(state, area, at),)+ }
            }

            /// Turns the wheel where there is no list.
            pub fn wheel(self, state: &mut State, direction: Direction) {
                match self { $(Screen::$name => <$module::$view as View>::wheel(state, direction),)+ }
            }

            /// Returns whether the parameters give their columns to it.
            pub fn has_whole_width(self, state: &State) -> bool {
                match self { $(Screen::$name => <$module::$view as View>::has_whole_width(state),)+ }
            }

            /// Returns keys with short words that go first in the footer.
            pub fn briefs(self, state: &State) -> &'static [(&'static str, &'static str)] {
                match self { $(Screen::$name => <$module::$view as View>::briefs(state),)+ }
            }

            /// Closes a layer of its own.
            pub fn back(self, state: &mut State) -> bool {
                match self { $(Screen::$name => <$module::$view as View>::back(state),)+ }
            }

            /// Returns what is selected as text.
            pub fn copied(self, state: &State) -> Option<String> {
                match self { $(Screen::$name => <$module::$view as View>::copied(state),)+ }
            }

            /// Returns the kinds of files that it can write.
            pub fn formats(self, state: &State) -> Vec<FileFormat> {
                match self { $(Screen::$name => <$module::$view as View>::formats(state),)+ }
            }

            /// Returns its content as a file.
            pub fn export(self, state: &State, format: FileFormat) -> Option<String> {
                match self { $(Screen::$name => <$module::$view as View>::export(state, format),)+ }
            }
        }
    };
}

// The list of screens, in the order of their number keys.
screens! {
    /// All designs, ranked.
    Compare = compare::Ranking;
    /// Cost along a parameter.
    BreakEven = break_even::Chart;
    /// One design, line by line.
    Bill = bill::Account;
    /// The catalog.
    Vendors = vendors::Shelf;
    /// What moves one design's cost.
    Sensitivity = sensitivity::Levers;
    /// Where costs lie while numbers are known only roughly.
    Uncertainty = uncertainty::Draws;
    /// One design, month by month.
    Forecast = forecast::Outlook;
    /// Rate limits of one design.
    Limits = limits::Quotas;
    /// Every key of the scenario.
    Scenario = scenario::Keys;
}

impl Screen {
    /// Returns the number key.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// Returns the screen that follows or goes before.
    pub fn turned(self, direction: Direction) -> Screen {
        direction.turned(Screen::ALL, |screen| *screen == self).unwrap_or(self)
    }
}
