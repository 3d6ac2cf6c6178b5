//! Cost along a parameter, or which design wins over two: what is drawn, how, and where the cursor is.

mod draw;
mod map;
mod moves;
mod stretch;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::map::Map;
use super::View;
use crate::analysis::curve::Metric;
use crate::analysis::sweep::{Axis, LongSweep};
use crate::analysis::{Case, Pair};
use crate::keys;
use crate::present;
use crate::report::chart::along::Along;
use crate::report::json::pretty;
use crate::report::{self, sweep as rows};
use crate::scenario::{Param, Target};
use crate::tui::action::{Direction, Screen, Stride};
use crate::tui::curves::{Curves, costs_at};
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch, key, shift};
use crate::tui::state::State;
use crate::tui::work::Work;
use Direction::{Back, On};
use Stride::{Coarse, End, Fine};

/// A chart of the break-even screen.
#[derive(Debug, Clone)]
pub struct Chart {
    /// The stretch drawn.
    pub axis: Axis,
    /// Whether costs are logarithmic; `None` decides by the costs.
    pub log_cost: Option<bool>,
    /// What is compared.
    pub metric: Metric,
    /// Value under the cursor.
    pub cursor: f64,
    /// Costs of the lines there.
    pub costs: Vec<Option<f64>>,
    /// The curves; `None` when something changed since.
    pub curves: Option<Curves>,
    /// The map over a second parameter.
    pub map: Map,
}

/// What the chart can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Moves the cursor.
    Cursor(Direction, Stride),
    /// Moves the cursor of the map up (on) or down (back).
    Rise(Direction, Stride),
    /// Opens the map, or closes it.
    Map,
    /// Takes another parameter for the axis.
    Axis(Direction),
    /// Takes another second parameter for the map.
    Second(Direction),
    /// Goes to a crossing, on the map to a border.
    Crossing(Direction),
    /// Draws a smaller (on) or larger (back) stretch.
    Zoom(Direction),
    /// Draws the stretch beside.
    Pan(Direction),
    /// Draws the usual stretch.
    Unzoom,
    /// Switches a scale between linear and logarithmic.
    Scale(Scale),
    /// Switches between the cost of a month and of the horizon.
    Metric,
}

/// A scale of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The parameter's.
    X,
    /// The cost's, on the map the second parameter's.
    Y,
}

impl Chart {
    /// Begins with requests a month.
    pub fn of(work: &Work) -> Chart {
        let axis = stretch::usual(work, Param::RequestsPerMonth.into());
        Chart {
            axis,
            log_cost: None,
            metric: Metric::Monthly,
            cursor: stretch::now(work, axis),
            costs: Vec::new(),
            curves: None,
            map: Map::of(work, axis.target),
        }
    }

    /// Returns whether costs are drawn on a logarithmic scale.
    pub fn is_log_cost(&self) -> bool {
        let positive = self.curves.as_ref().and_then(|curves| curves.range).is_some_and(|(low, _)| low > 0.0);
        let wide = self.curves.as_ref().is_some_and(Curves::is_wide);
        positive && self.log_cost.unwrap_or(wide)
    }

    /// Takes another stretch, into which the cursor is brought.
    fn set_axis(&mut self, axis: Axis) {
        self.axis = axis;
        self.cursor = self.cursor.clamp(axis.from, axis.to);
        self.curves = None;
    }

    /// Takes another number, with its usual stretch and the cursor on the scenario's value.
    fn set_number(&mut self, work: &Work, target: Target) {
        let axis = stretch::usual(work, target);
        self.cursor = stretch::now(work, axis);
        self.set_axis(axis);
    }
}

impl View for Chart {
    type Action = Action;

    const TITLE: &'static str = "Break-even";
    const SHORT: &'static str = "Even";
    const ABOUT: &'static str = "cost along a parameter, and which design wins over two";
    const KEYS: &'static [Binding] = keys![BreakEven:
        key(KeyCode::Left), ch('h') => Action::Cursor(Back, Fine), "cursor", "cursor to smaller values";
        key(KeyCode::Right), ch('l') => Action::Cursor(On, Fine), "cursor", "cursor to larger values";
        key(KeyCode::Enter), ch('a') => Action::Map, "map", "map of which design wins over two parameters, or the curves again";
        ch('n') => Action::Crossing(On), "crossing", "cursor to the next crossing; on the map to the next border";
        ch('N') => Action::Crossing(Back), "crossing", "cursor to the previous crossing; on the map to the border before";
        ch('v') => Action::Axis(On), "axis", "next parameter on the axis";
        ch('V') => Action::Axis(Back), "axis", "previous parameter on the axis";
        ch('+'), ch('=') => Action::Zoom(On), "zoom", "a smaller stretch around the cursor";
        ch('-') => Action::Zoom(Back), "zoom", "a larger stretch";
        ch('<') => Action::Pan(Back), "pan", "the stretch before this one";
        ch('>') => Action::Pan(On), "pan", "the stretch after this one";
        ch('0') => Action::Unzoom, "", "the usual stretch";
        ch('m') => Action::Metric, "metric", "cost of a month, or of the horizon with what is paid once";
        ch('X') => Action::Scale(Scale::X), "log x", "parameter linear or logarithmic";
        ch('Y') => Action::Scale(Scale::Y), "log y", "cost linear or logarithmic; on the map the second parameter";
        shift(KeyCode::Left), ch('H') => Action::Cursor(Back, Coarse), "", "cursor to smaller values in large steps";
        shift(KeyCode::Right), ch('L') => Action::Cursor(On, Coarse), "", "cursor to larger values in large steps";
        ch('g'), key(KeyCode::Home) => Action::Cursor(Back, End), "", "cursor to the beginning";
        ch('G'), key(KeyCode::End) => Action::Cursor(On, End), "", "cursor to the end";
        key(KeyCode::Up), ch('k') => Action::Rise(On, Fine), "", "on the map, cursor up";
        key(KeyCode::Down), ch('j') => Action::Rise(Back, Fine), "", "on the map, cursor down";
        shift(KeyCode::Up), ch('K') => Action::Rise(On, Coarse), "", "on the map, cursor up in large steps";
        shift(KeyCode::Down), ch('J') => Action::Rise(Back, Coarse), "", "on the map, cursor down in large steps";
        ch('b') => Action::Second(On), "", "on the map, next second parameter";
        ch('B') => Action::Second(Back), "", "on the map, previous second parameter";
    ];

    fn new(work: &Work) -> Chart {
        Chart::of(work)
    }

    fn forget(&mut self) {
        self.curves = None;
    }

    fn refresh(state: &mut State) {
        let gone = |target: Target| !state.work.scenario().has_target(target);
        if gone(state.views.break_even.axis.target) {
            let Chart { metric, log_cost, map, .. } = state.views.break_even.clone();
            state.views.break_even = Chart { metric, log_cost, map, ..Chart::of(&state.work) };
        }
        if state.views.break_even.map.open {
            return map::refresh(state);
        }
        let lines = state.lines();
        let chart = &mut state.views.break_even;
        if chart.curves.is_none() {
            chart.curves = Curves::of(&state.work, &lines, chart.axis, chart.metric);
        }
        chart.costs = costs_at(&state.work, &lines, chart.axis, chart.metric, chart.cursor);
    }

    fn update(state: &mut State, action: Action) {
        moves::act(state, action);
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        match state.views.break_even.map.open {
            true => map::draw::draw(state, area, buffer),
            false => draw::draw(state, area, buffer),
        }
    }

    fn click(state: &mut State, area: Rect, at: Position) {
        if state.views.break_even.map.open {
            if let Some((across, up)) = map::draw::values_at(state, area, at) {
                state.views.break_even.cursor = across;
                state.views.break_even.map.cursor = up;
            }
        } else if let Some(value) = draw::value_at(state, area, at) {
            state.views.break_even.cursor = value;
        }
    }

    fn wheel(state: &mut State, direction: Direction) {
        moves::act(state, Action::Zoom(if direction == Back { On } else { Back }));
    }

    fn back(state: &mut State) -> bool {
        std::mem::take(&mut state.views.break_even.map.open)
    }

    fn briefs(state: &State) -> &'static [(&'static str, &'static str)] {
        match state.views.break_even.map.open {
            true => &[("Enter", "curves"), ("↑↓←→", "cursor"), ("bB", "second")],
            false => &[],
        }
    }

    fn copied(state: &State) -> Option<String> {
        let chart = &state.views.break_even;
        if chart.map.open {
            return map::copied(state);
        }
        let curves = chart.curves.as_ref()?;
        let facts = chart.axis.param().facts();
        let label = state.work.scenario().label_of(chart.axis.target);
        let currency = state.work.comparison().currency;
        let cost = |at: usize| chart.costs.get(at).copied().flatten();
        let shown =
            |at| cost(at).map_or(present::UNKNOWN.to_owned(), |cost| present::money_float(cost, currency));
        let lines = curves.names.iter().enumerate().map(|(at, name)| format!("\n{name}\t{}", shown(at)));
        let found = draw::findings(state, curves).into_iter().map(|line| format!("\n{line}"));
        let (at, lines, found) =
            (present::parameter(facts, chart.cursor), lines.collect::<String>(), found.collect::<String>());
        Some(format!("{label}\t{at}{lines}{found}"))
    }

    fn formats(state: &State) -> Vec<FileFormat> {
        match state.views.break_even.map.open && map::grid(state).is_none() {
            true => Vec::new(),
            false => vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown, FileFormat::Svg],
        }
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        if state.views.break_even.map.open {
            return map::export(state, format);
        }
        let curves = state.views.break_even.curves.as_ref()?;
        let sweep = &curves.sweep;
        let case = state.work.case()?;
        match format {
            FileFormat::Csv => Some(rows::long(sweep, &case).to_csv()),
            FileFormat::Json => {
                let pairs: Vec<Pair> = sweep.series.iter().map(|series| series.pair).collect();
                let (axis, points, metric) = (sweep.axis, sweep.values.len(), sweep.metric);
                let long = LongSweep { case: &case, pairs: &pairs, axis, points, metric };
                Some(pretty(&rows::json(&long)))
            }
            FileFormat::Markdown => Some(rows::long(sweep, &case).to_markdown()),
            FileFormat::Svg => Some(picture(state, curves, &case)),
        }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let view = if self.map.open { MAP } else { CURVES };
        vec![("metric", self.metric.word().to_owned()), ("view", view.to_owned())]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        let metric = Metric::WORDS.iter().find(|(word, _)| *word == value);
        match (key, value, metric) {
            ("metric", _, Some((_, metric))) => self.metric = *metric,
            ("view", MAP | CURVES, _) => self.map.open = value == MAP,
            _ => return false,
        }
        true
    }
}

/// Words for what is drawn, as they are remembered.
const MAP: &str = "map";
const CURVES: &str = "curves";

/// Draws the curves as a picture.
fn picture(state: &State, curves: &Curves, case: &Case<'_>) -> String {
    let crossings = curves.crossings.iter().map(|found| (found.at, found.cost)).collect();
    let comparison = state.work.comparison();
    report::chart::along(&Along { case, comparison, sweep: &curves.sweep, crossings })
}

/// Opens the curves along a number, with its usual stretch and the cursor on its value.
pub fn show(state: &mut State, target: Target, metric: Metric) {
    let chart = &mut state.views.break_even;
    chart.metric = metric;
    chart.map.open = false;
    chart.set_number(&state.work, target);
    state.screen = Screen::BreakEven;
}
