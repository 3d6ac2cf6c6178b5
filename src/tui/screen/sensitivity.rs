//! What moves one design's cost: every number of the scenario made smaller and larger, one at a time.

mod draw;
mod shown;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::draw::{Layout, draw_tornado, last_of_told};
use self::shown::Entry;
pub use self::shown::{Request, Shown};
use super::{View, break_even};
use crate::analysis::curve::Metric;
use crate::analysis::sensitivity::Percent;
use crate::keys;
use crate::report::{chart, sensitivity as rows};
use crate::scenario::Target;
use crate::tui::action::{Direction, Screen};
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch, key};
use crate::tui::scroll::scroll;
use crate::tui::state::State;
use crate::tui::text::{Words, entry_in, put, wrap};
use crate::tui::theme::Role;
use crate::tui::work::Work;

/// Percentages that numbers can be moved by.
const PERCENTS: [f64; 4] = [5.0, 10.0, 20.0, 50.0];

/// What moves a design's cost.
#[derive(Debug, Clone, Default)]
pub struct Levers {
    /// By how much numbers are moved.
    pub by: Percent,
    /// Which cost.
    pub metric: Metric,
    /// Words that a number must have.
    pub filter: String,
    /// The selected number; it stays selected while its place changes.
    pub selected: Option<Target>,
    /// Whether it is explained.
    pub explained: bool,
    /// The first line of what is said below the list that is on the screen.
    pub first: usize,
    /// The last result, which may be one of an earlier scenario.
    pub shown: Option<Shown>,
    /// Rows of the list, filtered.
    pub rows: Vec<Row>,
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A number that moves the cost, by its place.
    Move(usize),
    /// The head of those that are not moved.
    Head,
    /// A number that is not moved, by its place.
    Unmoved(usize),
}

/// What the screen can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Explains the selected number, or stops to.
    Explain,
    /// Moves numbers by less (back) or more (on).
    By(Direction),
    /// Switches between the cost of a month and of the horizon.
    Metric,
    /// Opens Break-even along the selected number.
    Along,
    /// Scrolls in what is said below the list.
    Scroll(Direction),
}

impl View for Levers {
    type Action = Action;

    const TITLE: &'static str = "Sensitivity";
    const SHORT: &'static str = "Sens";
    const ABOUT: &'static str = "what moves one design's cost";
    const KEYS: &'static [Binding] = keys![Sensitivity:
        key(KeyCode::Enter) => Action::Explain, "explain", "say what the selected number does at both ends, or stop";
        ch('<'), key(KeyCode::Left) => Action::By(Direction::Back), "±%", "move numbers by less: 50, 20, 10, 5%";
        ch('>'), key(KeyCode::Right) => Action::By(Direction::On), "±%", "move numbers by more: 5, 10, 20, 50%";
        ch('m') => Action::Metric, "metric", "cost of a month, or of the horizon with what is paid once";
        ch('b') => Action::Along, "break-even", "costs along the selected number, on the Break-even screen";
        ch('J') => Action::Scroll(Direction::On), "", "further down in what is said below the list";
        ch('K') => Action::Scroll(Direction::Back), "", "further up in what is said below the list";
    ];

    fn new(_work: &Work) -> Levers {
        Levers::default()
    }

    fn refresh(state: &mut State) {
        let Some((pair, _)) = state.design() else {
            state.views.sensitivity.shown = None;
            state.views.sensitivity.rows.clear();
            return;
        };
        let Levers { by, metric, .. } = state.views.sensitivity;
        let request = Request { revision: state.work.revision(), pair, by, metric };
        if !is_shown(state, request) {
            let snapshot = state.work.snapshot();
            state.start(Screen::Sensitivity, "moving every number", move |_| {
                let shown = Shown::of(snapshot, request);
                move |state: &mut State| state.views.sensitivity.shown = shown
            });
        }
        let words = Words::of(state.filter(Screen::Sensitivity));
        let rows = state.views.sensitivity.shown.as_ref().map_or(Vec::new(), |shown| shown.rows(&words));
        state.views.sensitivity.rows = rows;
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Explain if selected_entry(state).is_some() => {
                state.views.sensitivity.explained = !state.views.sensitivity.explained;
                state.views.sensitivity.first = 0;
            }
            Action::Explain => state.note("there is no number to explain"),
            Action::By(direction) => change_percent(state, direction),
            Action::Metric => {
                let levers = &mut state.views.sensitivity;
                levers.metric = match levers.metric {
                    Metric::Monthly => Metric::Total,
                    Metric::Total => Metric::Monthly,
                };
                state.jobs.cancel(Screen::Sensitivity);
            }
            Action::Along => along(state),
            Action::Scroll(direction) => {
                scroll(state, last_of_told(state), direction, |state| &mut state.views.sensitivity.first);
            }
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        let width = usize::from(area.width);
        let say = |text: &str, buffer: &mut Buffer| {
            for (row, line) in wrap(text, width).iter().enumerate() {
                put(buffer, area, row as u16, line, state.theme.style(Role::Text));
            }
        };
        match &state.views.sensitivity.shown {
            Some(shown) => match &shown.tornado {
                Ok(tornado) => draw_tornado(state, shown, tornado, area, buffer),
                Err(why) => {
                    let name = state.work.name(shown.request.pair);
                    say(&format!("{name} has no cost, so nothing moves it: {why}"), buffer);
                }
            },
            None if state.jobs.is_stopped(Screen::Sensitivity) => {
                say("Moving every number was stopped; < and > begin again.", buffer);
            }
            None if state.design().is_some() => say("Moving every number …", buffer),
            None => say("No design is compared, so there is none to look at.", buffer),
        }
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        let levers = &state.views.sensitivity;
        levers.shown.as_ref()?.tornado.as_ref().ok()?;
        let count = levers.rows.iter().filter(|row| **row != Row::Head).count();
        Some((count, selected_entry_at(state)))
    }

    fn select(state: &mut State, entry: usize) {
        let levers = &state.views.sensitivity;
        let row = levers.rows.iter().filter(|row| **row != Row::Head).nth(entry);
        let target = row.and_then(|row| levers.shown.as_ref()?.target(*row));
        state.views.sensitivity.selected = target;
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        let levers = &state.views.sensitivity;
        let rows = Layout::of(state, levers.shown.as_ref()?, area).rows;
        let row = entry_in(rows, at, selected_at(state), levers.rows.len())?;
        let before = levers.rows[..row].iter().filter(|row| **row != Row::Head).count();
        (levers.rows[row] != Row::Head).then_some(before)
    }

    fn filter(&self) -> Option<&String> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.filter)
    }

    fn back(state: &mut State) -> bool {
        std::mem::take(&mut state.views.sensitivity.explained)
    }

    fn copied(state: &State) -> Option<String> {
        let entry = selected_entry(state)?;
        let cells = entry.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty());
        Some(std::iter::once(entry.path.as_str()).chain(cells).collect::<Vec<_>>().join("\t"))
    }

    fn formats(state: &State) -> Vec<FileFormat> {
        let has_tornado = state.views.sensitivity.shown.as_ref().is_some_and(|shown| shown.tornado.is_ok());
        if has_tornado {
            vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown, FileFormat::Svg]
        } else {
            Vec::new()
        }
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        let shown = state.views.sensitivity.shown.as_ref()?;
        let tornado = shown.tornado.as_ref().ok()?;
        let case = shown.snapshot.case()?;
        Some(match format {
            FileFormat::Csv => rows::full(tornado, &case).to_csv(),
            FileFormat::Json => rows::to_json(tornado, &case),
            FileFormat::Markdown => {
                let (head, table) = (rows::head(tornado, &case), rows::full(tornado, &case).to_markdown());
                format!("{head}\n\n{table}\n{}\n", rows::notes(tornado, &case).join("\n\n"))
            }
            FileFormat::Svg => chart::tornado(&case, state.work.comparison(), tornado),
        })
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("by", self.by.percent().to_string()), ("metric", self.metric.word().to_owned())]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        match key {
            "by" => {
                let known = PERCENTS.into_iter().find(|percent| percent.to_string() == value);
                let by = known.and_then(Percent::new);
                self.by = by.unwrap_or(self.by);
                by.is_some()
            }
            "metric" => {
                let metric = Metric::WORDS.iter().find(|(word, _)| *word == value).map(|(_, metric)| *metric);
                self.metric = metric.unwrap_or(self.metric);
                metric.is_some()
            }
            _ => false,
        }
    }
}

fn is_shown(state: &State, request: Request) -> bool {
    state.views.sensitivity.shown.as_ref().is_some_and(|shown| shown.request == request)
}

/// Returns whether what is shown is of an earlier scenario or setting.
fn is_stale(state: &State, shown: &Shown) -> bool {
    let levers = &state.views.sensitivity;
    let pair = state.design().map(|(pair, _)| pair);
    let wanted = pair.map(|pair| Request {
        revision: state.work.revision(),
        pair,
        by: levers.by,
        metric: levers.metric,
    });
    wanted != Some(shown.request)
}

/// Returns the place of the selected row among all.
fn selected_at(state: &State) -> usize {
    let levers = &state.views.sensitivity;
    let of = |row: &Row| levers.shown.as_ref().and_then(|shown| shown.target(*row));
    let chosen =
        levers.selected.and_then(|target| levers.rows.iter().position(|row| of(row) == Some(target)));
    chosen.or_else(|| levers.rows.iter().position(|row| *row != Row::Head)).unwrap_or(0)
}

/// Returns the place of the selected row among those that can be selected.
fn selected_entry_at(state: &State) -> usize {
    let rows = &state.views.sensitivity.rows;
    rows.iter().take(selected_at(state)).filter(|row| **row != Row::Head).count()
}

fn selected_entry(state: &State) -> Option<&Entry> {
    let levers = &state.views.sensitivity;
    levers.shown.as_ref()?.entry(*levers.rows.get(selected_at(state))?)
}

fn change_percent(state: &mut State, direction: Direction) {
    let now = state.views.sensitivity.by.percent();
    let to = match direction {
        Direction::Back => PERCENTS.into_iter().rev().find(|percent| *percent < now),
        Direction::On => PERCENTS.into_iter().find(|percent| *percent > now),
    };
    match to.and_then(Percent::new) {
        Some(by) => state.views.sensitivity.by = by,
        None => {
            let word = if direction == Direction::On { "most" } else { "least" };
            state.note(format!("±{now}% is the {word}"));
        }
    }
    // Also where the user stopped it: the key begins again.
    state.jobs.cancel(Screen::Sensitivity);
}

/// Opens Break-even along the selected number, as far as the scenario on the screen has it.
fn along(state: &mut State) {
    let levers = &state.views.sensitivity;
    let row = levers.rows.get(selected_at(state)).copied();
    let target = row.and_then(|row| levers.shown.as_ref()?.target(row));
    let (metric, scenario) = (levers.metric, state.work.scenario());
    match target.filter(|target| scenario.targets().contains(target)) {
        Some(target) => break_even::show(state, target, metric),
        None => state.note("there is no number to go along"),
    }
}
