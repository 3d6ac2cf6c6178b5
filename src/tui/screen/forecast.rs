//! One design month by month: bars stacked by what is paid for, and the months in figures.

mod draw;
mod plot;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use rust_decimal::Decimal;

use self::draw::{Layout, draw_months, draw_nothing};
use super::View;
use crate::analysis::forecast::{Forecast, forecast};
use crate::analysis::{Case, Pair};
use crate::keys;
use crate::report::chart::months::Months;
use crate::report::forecast::{self as rows, month, words};
use crate::report::{self, Sheet};
use crate::scenario::Param;
use crate::tui::action::{Direction, Screen};
use crate::tui::export::FileFormat;
use crate::tui::grid;
use crate::tui::keys::{Binding, ch, key};
use crate::tui::state::State;
use crate::tui::text::entry_in;
use crate::tui::work::Work;
use Direction::{Back, On};

/// Months that are worked out at once; each takes some tenths of a millisecond at most.
const SHORT: f64 = 36.0;

/// The months of one design.
#[derive(Debug, Clone, Default)]
pub struct Outlook {
    /// Place of the selected row of the table.
    pub selected: usize,
    /// Whether the selected month is explained.
    pub explained: bool,
    /// What the bars stand for.
    pub bars: Bars,
    /// The forecast; `None` while it is worked out.
    pub shown: Option<Shown>,
    /// What explains the selected month, as names and texts; empty where nobody asks.
    facts: Vec<(&'static str, String)>,
}

/// What the bars stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bars {
    /// What each month costs.
    #[default]
    Months,
    /// What has been spent by the end of each month.
    SoFar,
    /// What each month costs beside what users pay.
    Business,
}

impl Bars {
    /// Every kind with its word in files.
    const WORDS: [(&'static str, Bars); 3] =
        [("months", Bars::Months), ("so_far", Bars::SoFar), ("business", Bars::Business)];

    fn turned(self, direction: Direction) -> Bars {
        direction.turned(&Bars::WORDS, |(_, bars)| *bars == self).map_or(self, |(_, bars)| bars)
    }
}

/// A forecast as it is shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The design.
    pub pair: Pair,
    /// The months, or why the design runs in none.
    pub forecast: Result<Forecast, String>,
    /// A row for each month, before month 1 first where anything is paid then.
    pub table: Sheet,
    /// What stands out.
    pub findings: Vec<String>,
    /// What the months rest on.
    pub notes: Vec<String>,
    /// What the marks of the table mean.
    pub legend: String,
    /// What a month may cost.
    pub budget: Option<Decimal>,
    /// What is there before month 1.
    pub balance: Option<Decimal>,
}

impl Shown {
    fn of(case: &Case<'_>, pair: Pair) -> Shown {
        let found = forecast(case, pair);
        let (table, legend) = (rows::table(&found, case), rows::legend(&found));
        let (findings, notes) = (words::findings(&found, case), words::notes(&found, case));
        let forecast = match found.never_runs() {
            Some(reason) => Err(reason.to_string()),
            None => Ok(found),
        };
        let (budget, balance) = (case.amount(Param::BudgetPerMonth), case.amount(Param::Balance));
        Shown { pair, forecast, table, findings, notes, legend, budget, balance }
    }

    /// Returns whether anybody pays.
    fn has_revenue(&self) -> bool {
        self.forecast.as_ref().is_ok_and(|found| found.months.iter().any(|month| month.revenue.is_some()))
    }

    /// Returns the number of the month in a row of the table: those of the rows before it are left out.
    fn number(&self, row: usize) -> u32 {
        let months = self.forecast.as_ref().map_or(0, |found| found.months.len());
        let before = self.table.rows.len().saturating_sub(months);
        (row + 1).saturating_sub(before) as u32
    }
}

impl Outlook {
    /// Returns what the bars stand for: what was chosen, but where nobody pays the months alone.
    fn drawn(&self) -> Bars {
        match self.bars {
            Bars::Business if !self.shown.as_ref().is_some_and(Shown::has_revenue) => Bars::Months,
            bars => bars,
        }
    }
}

/// What the forecast can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Explains the selected month, or stops to.
    Explain,
    /// Selects the next or the previous month.
    Month(Direction),
    /// Draws other bars.
    Bars(Direction),
}

impl View for Outlook {
    type Action = Action;

    const TITLE: &'static str = "Forecast";
    const SHORT: &'static str = "Fcst";
    const ABOUT: &'static str = "one design, month by month";
    const KEYS: &'static [Binding] = keys![Forecast:
        key(KeyCode::Enter) => Action::Explain, "explain", "say what makes the selected month up, or stop";
        key(KeyCode::Left), ch('h') => Action::Month(Back), "", "the month before";
        key(KeyCode::Right), ch('l') => Action::Month(On), "", "the month after";
        ch('v') => Action::Bars(On), "view", "other bars: each month, spent so far, beside what users pay";
        ch('V') => Action::Bars(Back), "", "the bars before";
    ];

    fn new(_work: &Work) -> Outlook {
        Outlook::default()
    }

    fn forget(&mut self) {
        self.shown = None;
    }

    fn refresh(state: &mut State) {
        let pair = state.design().map(|(pair, _)| pair);
        if state.views.forecast.shown.as_ref().is_some_and(|shown| Some(shown.pair) != pair) {
            state.views.forecast.shown = None;
        }
        if let Some(pair) = pair.filter(|_| state.views.forecast.shown.is_none()) {
            work_out(state, pair);
        }
        state.views.forecast.facts = explained(state);
    }

    fn update(state: &mut State, action: Action) {
        let (count, selected) = Self::list(state).unwrap_or_default();
        match action {
            Action::Explain if selected < count => {
                state.views.forecast.explained = !state.views.forecast.explained;
            }
            Action::Explain => state.note("there is no month to explain"),
            Action::Month(direction) => {
                let to = if direction == On { selected + 1 } else { selected.wrapping_sub(1) };
                if to < count {
                    state.views.forecast.selected = to;
                } else {
                    state.note("there is no other month");
                }
            }
            Action::Bars(direction) => turn(state, direction),
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        match state.views.forecast.shown.as_ref().map(|shown| (shown, &shown.forecast)) {
            Some((shown, Ok(found))) => draw_months(state, shown, found, area, buffer),
            _ => draw_nothing(state, area, buffer),
        }
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        let shown = state.views.forecast.shown.as_ref().filter(|shown| shown.forecast.is_ok())?;
        Some((shown.table.rows.len(), state.views.forecast.selected))
    }

    fn select(state: &mut State, entry: usize) {
        state.views.forecast.selected = entry;
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        let shown = state.views.forecast.shown.as_ref()?;
        let found = shown.forecast.as_ref().ok()?;
        let layout = Layout::of(state, shown, area);
        let in_table = entry_in(layout.rows, at, state.views.forecast.selected, shown.table.rows.len());
        in_table.or_else(|| plot::entry_at(state, shown, found, layout.chart, at))
    }

    fn back(state: &mut State) -> bool {
        std::mem::take(&mut state.views.forecast.explained)
    }

    fn copied(state: &State) -> Option<String> {
        let shown = state.views.forecast.shown.as_ref().filter(|shown| shown.forecast.is_ok())?;
        grid::copied(&shown.table, state.views.forecast.selected)
    }

    fn formats(state: &State) -> Vec<FileFormat> {
        let there = state.views.forecast.shown.as_ref().is_some_and(|shown| shown.forecast.is_ok());
        let all = [FileFormat::Csv, FileFormat::Json, FileFormat::Markdown, FileFormat::Svg];
        if there { all.to_vec() } else { Vec::new() }
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        let forecast = state.views.forecast.shown.as_ref()?.forecast.as_ref().ok()?;
        let case = &state.work.case()?;
        Some(match format {
            FileFormat::Csv => rows::full(forecast, case).to_csv(),
            FileFormat::Json => rows::to_json(forecast, case),
            FileFormat::Markdown => rows::to_markdown(forecast, case),
            FileFormat::Svg => {
                let so_far = state.views.forecast.drawn() == Bars::SoFar;
                let comparison = state.work.comparison();
                report::chart::months(&Months { case, comparison, forecast, so_far })
            }
        })
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let word = Bars::WORDS.iter().find(|(_, bars)| *bars == self.bars).map_or("", |(word, _)| word);
        vec![("bars", word.to_owned())]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        let found = Bars::WORDS.iter().find(|(word, _)| key == "bars" && *word == value);
        self.bars = found.map_or(self.bars, |(_, bars)| *bars);
        found.is_some()
    }
}

/// Forecasts a design: at once where a frame is enough for it, else beside the screen.
fn work_out(state: &mut State, pair: Pair) {
    if state.work.scenario().numbers.value(Param::HorizonMonths) <= SHORT {
        let shown = state.work.case().map(|case| Shown::of(&case, pair));
        return take(state, shown);
    }
    let snapshot = state.work.snapshot();
    state.start(Screen::Forecast, "forecasting", move |_control| {
        let shown = snapshot.case().map(|case| Shown::of(&case, pair));
        move |state: &mut State| take(state, shown)
    });
}

/// Takes a forecast; the selection stays on its month where there still is one.
fn take(state: &mut State, shown: Option<Shown>) {
    let outlook = &mut state.views.forecast;
    let count = shown.as_ref().map_or(0, |shown| shown.table.rows.len());
    outlook.selected = outlook.selected.min(count.saturating_sub(1));
    outlook.shown = shown;
}

/// Takes the next bars that there are; says what the others need.
fn turn(state: &mut State, direction: Direction) {
    let next = state.views.forecast.drawn().turned(direction);
    let priced = state.views.forecast.shown.as_ref().is_some_and(Shown::has_revenue);
    state.views.forecast.bars = next;
    if next == Bars::Business && !priced {
        state.views.forecast.bars = next.turned(direction);
        state.note("nobody pays: give business.price_per_user and workload.users to see a margin");
    }
}

/// Returns what explains the selected month, as names and texts.
fn explained(state: &State) -> Vec<(&'static str, String)> {
    let outlook = &state.views.forecast;
    let shown = outlook.shown.as_ref().filter(|_| outlook.explained);
    let Some((shown, case)) = shown.zip(state.work.case()) else { return Vec::new() };
    let number = shown.number(outlook.selected);
    shown.forecast.as_ref().map_or_else(|_| Vec::new(), |found| month::explain(found, &case, number))
}
