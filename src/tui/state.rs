//! What the screens show: the work, and where the user is in it.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyEvent, KeyEventKind, MouseEvent};
use jiff::civil::Date;

use super::action::Screen;
use super::frame::{self, Frame};
use super::job::Jobs;
use super::keys::{self, Scope};
use super::memory::Kept;
use super::open::{self, File, Next};
use super::palette::Palette;
use super::picker::Picker;
use super::reading::{self, Reading};
use super::screen::Views;
use super::theme::Theme;
use super::typed::Typed;
use super::work::Work;
use super::{memory, mouse, panel, question, update};
use crate::analysis::Pair;
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostics, Fault};
use crate::scenario::{Param, Scenario, Uncertain};
use crate::usage::strategy::Family;

/// Designs that a chart can hold: as many as there are letters for its lines.
pub const MOST_PINS: usize = 26;

/// What keys act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The screen.
    #[default]
    Screen,
    /// The parameters.
    Parameters,
}

/// What a typed text is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It is the value of a key of the scenario, by its path.
    Key(String),
    /// It is the path of a new file for the scenario.
    NewFile,
}

/// A value that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What it is for.
    pub asked: Asked,
    /// What is asked, such as `top k (5 now)`.
    pub prompt: String,
    /// What is typed.
    pub text: Typed,
    /// What stood there to begin with.
    pub before: String,
}

/// A question that is answered with yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Whether to leave without the changes.
    Leave,
    /// Whether to make these changes of the last run again.
    Recover(Kept),
    /// Whether to open another scenario and lose the changes of this one.
    Lose(Next),
    /// Whether to read the file again that somebody else has written.
    Reread,
    /// Whether to write over what somebody else has written.
    Overwrite,
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
    Filter(Typed),
    /// A value that is being typed.
    Value(Value),
    /// The list of all actions.
    Palette(Palette),
    /// The choice of files to write, and which is selected.
    Export(usize),
    /// A list to pick from.
    Pick(Picker),
    /// A question.
    Question(Question),
}

/// A line for the user, until the next key or for some seconds.
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

/// How the user left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// With `q`; what was unsaved is not wanted.
    Quit,
    /// With Ctrl-C, at once.
    Interrupt,
}

/// Where files are.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Folder of what is remembered between runs; nothing is remembered without it.
    pub state: Option<PathBuf>,
    /// The working folder, into which screens are exported.
    pub exports: PathBuf,
    /// The user's own folder, which `~` means.
    pub home: Option<PathBuf>,
}

impl Places {
    /// Returns a path with the working folder before one that starts nowhere.
    pub fn working(&self, path: &Path) -> PathBuf {
        match self.exports.as_os_str().to_str() {
            Some("" | ".") => path.to_owned(),
            _ => self.exports.join(path),
        }
    }

    /// Returns a path as typed, with the user's own folder for `~`.
    pub fn at_home(&self, typed: &str) -> String {
        match (typed.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest).to_string_lossy().into_owned(),
            _ => typed.to_owned(),
        }
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
    /// The text that it comes from.
    pub file: File,
    /// What is done with a scenario once it is read.
    pub reading: Reading,
    /// Where files are.
    pub places: Places,
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
    /// The states of the screens.
    pub views: Views,
    /// The parameters.
    pub panel: panel::Panel,
    /// Whether clicks and the wheel come here rather than to the terminal.
    pub mouse: bool,
    /// A text for the terminal's clipboard, until it is sent.
    pub clipboard: Option<String>,
    /// The scenario with other files, while these are counted.
    pub counting: Option<Scenario>,
    /// Whether the terminal is to be given back to the shell for a while.
    pub suspended: bool,
    /// Work that is not done.
    pub jobs: Jobs,
    /// Whether and how the user has left.
    pub done: Option<Leave>,
    /// The revision of the work and the pins that the views know.
    pub(super) known: (u64, Vec<Pair>),
}

/// Says what a change takes away beside the value that it gives.
fn lost(before: &Scenario, after: &Scenario) -> Option<String> {
    let users = |scenario: &Scenario| scenario.numbers.get(Param::Users).is_some();
    if users(before) && !users(after) {
        return Some("requests/month stands for itself now, users count no more; u takes it back".to_owned());
    }
    let gone = |known: &&Uncertain| !after.ranges.iter().any(|range| range.target == known.target);
    let range = before.ranges.iter().find(gone).filter(|range| after.has_target(range.target))?;
    Some(format!("{} is one value now, no range; u takes it back", before.label_of(range.target)))
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
            views: Views::new(&work),
            panel: panel::Panel::default(),
            known: (work.revision(), Vec::new()),
            work,
            theme,
            source: None,
            file: File::default(),
            reading: Reading::default(),
            places: Places::default(),
            size: (80, 24),
            screen: Screen::ALL[0],
            focus: Focus::default(),
            overlay: Overlay::default(),
            message: None,
            pins: Vec::new(),
            mouse: true,
            clipboard: None,
            counting: None,
            suspended: false,
            jobs: Jobs::default(),
            done: None,
        };
        update::settle(&mut state);
        Ok(state)
    }

    /// Takes what the last run left in a place.
    pub fn recall(&mut self, places: Places) {
        self.places = places;
        memory::recall(self);
        update::settle(self);
    }

    /// Does what a key asks for.
    pub fn press(&mut self, key: &KeyEvent) {
        if let Some(action) = keys::translate(key, &self.scopes()) {
            update::update(self, action);
        } else if matches!(self.overlay, Overlay::Question(_)) && key.kind != KeyEventKind::Release {
            self.fault(question::WANTED);
        }
        if self.done.is_none() {
            open::look(self);
        }
    }

    /// Does what the mouse asks for; returns whether it asked for anything.
    pub fn point(&mut self, event: &MouseEvent) -> bool {
        let asked = mouse::act(self, event);
        if asked && self.done.is_none() {
            open::look(self);
        }
        asked
    }

    /// Looks whether the scenario's file was changed while the user was elsewhere.
    pub fn come_back(&mut self) {
        if self.done.is_none() {
            open::look(self);
        }
    }

    /// Takes a new size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
    }

    /// Says what was done.
    pub fn note(&mut self, text: impl Into<String>) {
        self.message = Some(Message::Note(text.into()));
    }

    /// Says what cannot be done.
    pub fn fault(&mut self, text: impl Into<String>) {
        self.message = Some(Message::Fault(text.into()));
    }

    /// Says why the scenario was not changed.
    pub fn refuse(&mut self, fault: Fault) {
        self.message = Some(fault.into());
    }

    /// Begins to type the value of a key of the scenario, by its path.
    pub fn ask(&mut self, path: impl Into<String>, prompt: impl Into<String>) {
        self.ask_for(Asked::Key(path.into()), prompt, String::new());
    }

    /// Begins to type a text, from one that stands there already.
    pub fn ask_for(&mut self, asked: Asked, prompt: impl Into<String>, text: String) {
        let (prompt, before) = (prompt.into(), text.clone());
        self.overlay = Overlay::Value(Value { asked, prompt, text: text.into(), before });
    }

    /// Changes the scenario as [`Work::change`] does, with all that follows on the screen; says why where it is
    /// refused. Files that it names are counted first, beside the screen.
    pub fn change(&mut self, edit: impl FnOnce(&mut Scenario) -> Result<(), Fault>) -> bool {
        let mut changed = self.work.scenario().clone();
        if let Err(fault) = edit(&mut changed) {
            self.refuse(fault);
            return false;
        }
        match reading::files_differ(self.work.scenario(), &changed) {
            true => reading::take_files(self, changed),
            false => self.change_to(changed),
        }
    }

    /// Puts another version of the scenario in place, as a change that can be taken back.
    pub(super) fn change_to(&mut self, changed: Scenario) -> bool {
        let lost = lost(self.work.scenario(), &changed);
        let change = |scenario: &mut Scenario| {
            *scenario = changed;
            Ok(())
        };
        match self.work.change(change) {
            Ok(()) => {
                update::settle(self);
                if let Some(lost) = lost {
                    self.note(lost);
                }
                true
            }
            Err(fault) => {
                self.refuse(fault);
                false
            }
        }
    }

    /// Returns the scopes of keys that are in force, the first of which goes first.
    pub fn scopes(&self) -> Vec<Scope> {
        let over = match &self.overlay {
            Overlay::Help(_) => Scope::Help,
            Overlay::Filter(_) => Scope::Filter,
            Overlay::Value(_) => Scope::Value,
            Overlay::Palette(_) => Scope::Palette,
            Overlay::Export(_) => Scope::Menu,
            Overlay::Pick(picker) if picker.many => return vec![Scope::Ticks, Scope::Pick, Scope::Always],
            Overlay::Pick(_) => Scope::Pick,
            Overlay::Question(_) => Scope::Question,
            Overlay::None => return self.screen_scopes(),
        };
        vec![over, Scope::Always]
    }

    /// Returns the scopes of the screen and what is in focus on it, whatever lies over them.
    pub fn screen_scopes(&self) -> Vec<Scope> {
        let mut scopes = Vec::new();
        if self.focus == Focus::Parameters {
            scopes.push(Scope::Parameters);
        }
        scopes.push(Scope::View(self.screen));
        if self.screen.list(self).is_some() {
            scopes.push(Scope::List);
        }
        if self.views.filter(self.screen).is_some() {
            scopes.push(Scope::Filtered);
        }
        scopes.extend([Scope::Screens, Scope::Always]);
        scopes
    }

    /// Returns the filter in force on a screen, finished or not.
    pub fn filter(&self, screen: Screen) -> &str {
        match &self.overlay {
            Overlay::Filter(typed) if self.screen == screen => typed.text(),
            _ => self.views.filter(screen).map_or("", String::as_str),
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

    /// Returns the design that a screen about one design shows, and why it: the one that the user selected in the
    /// comparison, else the plan, else the cheapest.
    pub fn design(&self) -> Option<(Pair, &'static str)> {
        let comparison = self.work.comparison();
        let there = |pair: &Pair| comparison.rows.iter().any(|row| row.pair == *pair);
        let ranking = &self.views.compare;
        if let Some(pair) = ranking.selected.filter(|pair| ranking.by_user && there(pair)) {
            return Some((pair, "selected"));
        }
        if let Some(row) = comparison.rows.iter().find(|row| row.plan) {
            return Some((row.pair, "the plan"));
        }
        let cheapest = comparison.answer.as_ref().and_then(|answer| comparison.rows.get(answer.cheapest));
        match cheapest {
            Some(row) => Some((row.pair, "the cheapest")),
            None => comparison.rows.first().map(|row| (row.pair, "the first")),
        }
    }

    /// Returns whether the parameters are on the screen.
    pub fn has_panel(&self) -> bool {
        self.focus == Focus::Parameters || self.size.0 >= frame::WIDE && !self.panel.hidden
    }

    /// Returns how far a page goes in a list.
    pub fn page(&self) -> usize {
        let rows = Frame::of(self).map_or(0, |frame| frame.body.height);
        usize::from(rows).saturating_sub(7).max(1)
    }
}
