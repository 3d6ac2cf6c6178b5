//! Cost along a parameter: which stretch is drawn, how, and where the cursor is.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{View, chart};
use crate::analysis::curve::Metric;
use crate::analysis::sweep::{Axis, LongSweep};
use crate::analysis::{Case, Pair};
use crate::keys;
use crate::present;
use crate::report::chart::along::Along;
use crate::report::json::pretty;
use crate::report::{self, sweep as rows};
use crate::scenario::{GroupKind, Param, Target};
use crate::tui::action::{Direction, Screen, Stride};
use crate::tui::curves::{Curves, costs_at};
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch, key, shift};
use crate::tui::state::State;
use crate::tui::work::Work;
use Direction::{Back, On};
use Stride::{Coarse, End, Fine};

/// Steps of the cursor from end to end, fine and coarse.
const CURSOR_STEPS: (f64, f64) = (200.0, 20.0);

/// How far beyond a parameter's usual range one can zoom out.
const FARTHEST: f64 = 1000.0;

/// Smallest stretch that can be drawn, as a share of its upper end; whole numbers need this many.
const SMALLEST: (f64, f64) = (1e-6, 4.0);

/// A chart of the break-even screen.
#[derive(Debug, Clone, PartialEq)]
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
}

/// What the chart can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Moves the cursor.
    Cursor(Direction, Stride),
    /// Takes another parameter for the axis.
    Axis(Direction),
    /// Goes to a crossing.
    Crossing(Direction),
    /// Draws a smaller (on) or larger (back) stretch.
    Zoom(Direction),
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
    /// The cost's.
    Y,
}

impl Chart {
    /// Begins with requests a month.
    pub fn of(work: &Work) -> Chart {
        let param = Param::RequestsPerMonth;
        let axis = usual(work, param.into());
        Chart {
            axis,
            log_cost: None,
            metric: Metric::Monthly,
            cursor: now(work, axis),
            costs: Vec::new(),
            curves: None,
        }
    }

    /// Returns whether costs are drawn on a logarithmic scale.
    pub fn is_log_cost(&self) -> bool {
        let positive = self.curves.as_ref().and_then(|curves| curves.range).is_some_and(|(low, _)| low > 0.0);
        let wide = self.curves.as_ref().is_some_and(Curves::is_wide);
        positive && self.log_cost.unwrap_or(wide)
    }
}

impl View for Chart {
    type Action = Action;

    const TITLE: &'static str = "Break-even";
    const SHORT: &'static str = "Even";
    const ABOUT: &'static str = "cost along a parameter";
    const KEYS: &'static [Binding] = keys![BreakEven:
        key(KeyCode::Left), ch('h') => Action::Cursor(Back, Fine), "cursor", "cursor to smaller values";
        key(KeyCode::Right), ch('l') => Action::Cursor(On, Fine), "cursor", "cursor to larger values";
        shift(KeyCode::Left), ch('H') => Action::Cursor(Back, Coarse), "", "cursor to smaller values in large steps";
        shift(KeyCode::Right), ch('L') => Action::Cursor(On, Coarse), "", "cursor to larger values in large steps";
        ch('g'), key(KeyCode::Home) => Action::Cursor(Back, End), "", "cursor to the beginning";
        ch('G'), key(KeyCode::End) => Action::Cursor(On, End), "", "cursor to the end";
        ch('n') => Action::Crossing(On), "crossing", "cursor to the next crossing";
        ch('N') => Action::Crossing(Back), "crossing", "cursor to the previous crossing";
        ch('v') => Action::Axis(On), "axis", "next parameter on the axis";
        ch('V') => Action::Axis(Back), "axis", "previous parameter on the axis";
        ch('+'), ch('=') => Action::Zoom(On), "zoom", "a smaller stretch around the cursor";
        ch('-') => Action::Zoom(Back), "zoom", "a larger stretch";
        ch('0') => Action::Unzoom, "", "the usual stretch";
        ch('X') => Action::Scale(Scale::X), "log x", "parameter linear or logarithmic";
        ch('Y') => Action::Scale(Scale::Y), "log y", "cost linear or logarithmic";
        ch('m') => Action::Metric, "metric", "cost of a month, or of the horizon with what is paid once";
    ];

    fn new(work: &Work) -> Chart {
        Chart::of(work)
    }

    fn forget(&mut self) {
        self.curves = None;
    }

    fn refresh(state: &mut State) {
        let groups = &state.work.scenario().groups;
        let gone = |(kind, at): (GroupKind, u16)| usize::from(at) >= groups.count(kind);
        if state.views.break_even.axis.target.group.is_some_and(gone) {
            state.views.break_even = Chart::of(&state.work);
        }
        let lines = state.lines();
        let chart = &mut state.views.break_even;
        if chart.curves.is_none() {
            chart.curves = Curves::of(&state.work, &lines, chart.axis, chart.metric);
        }
        chart.costs = costs_at(&state.work, &lines, chart.axis, chart.metric, chart.cursor);
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Cursor(direction, stride) => move_cursor(&mut state.views.break_even, direction, stride),
            Action::Axis(direction) => next_parameter(state, direction),
            Action::Crossing(direction) => to_crossing(state, direction),
            Action::Zoom(direction) => zoom(state, direction),
            Action::Unzoom => {
                let Axis { target, log, .. } = state.views.break_even.axis;
                let axis = usual(&state.work, target);
                set_axis(state, Axis { log: log && axis.from > 0.0, ..axis });
            }
            Action::Scale(Scale::X) => toggle_log_parameter(state),
            Action::Scale(Scale::Y) => toggle_log_cost(state),
            Action::Metric => toggle_metric(state),
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        chart::draw(state, area, buffer);
    }

    fn click(state: &mut State, area: Rect, at: Position) {
        if let Some(value) = chart::value_at(state, area, at) {
            state.views.break_even.cursor = value;
        }
    }

    fn wheel(state: &mut State, direction: Direction) {
        zoom(state, if direction == Back { On } else { Back });
    }

    fn copied(state: &State) -> Option<String> {
        let chart = &state.views.break_even;
        let curves = chart.curves.as_ref()?;
        let facts = chart.axis.param().facts();
        let label = state.work.scenario().label_of(chart.axis.target);
        let currency = state.work.comparison().currency;
        let cost = |at: usize| chart.costs.get(at).copied().flatten();
        let shown =
            |at| cost(at).map_or(present::UNKNOWN.to_owned(), |cost| present::money_float(cost, currency));
        let lines = curves.names.iter().enumerate().map(|(at, name)| format!("\n{name}\t{}", shown(at)));
        Some(format!("{}\t{}{}", label, present::parameter(facts, chart.cursor), lines.collect::<String>()))
    }

    fn formats(_state: &State) -> Vec<FileFormat> {
        vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown, FileFormat::Svg]
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
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
        vec![("metric", self.metric.word().to_owned())]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        let metric = |(word, metric): &(&str, Metric)| (*word == value).then_some(*metric);
        match (key, Metric::WORDS.iter().find_map(metric)) {
            ("metric", Some(metric)) => {
                self.metric = metric;
                true
            }
            _ => false,
        }
    }
}

/// Draws what the screen shows as a picture.
fn picture(state: &State, curves: &Curves, case: &Case<'_>) -> String {
    let crossings = curves.crossings.iter().map(|found| (found.at, found.cost)).collect();
    let comparison = state.work.comparison();
    report::chart::along(&Along { case, comparison, sweep: &curves.sweep, crossings })
}

/// Opens the screen along a number, with its usual stretch and the cursor on its value.
pub fn show(state: &mut State, target: Target, metric: Metric) {
    let axis = usual(&state.work, target);
    state.views.break_even.cursor = now(&state.work, axis);
    state.views.break_even.metric = metric;
    set_axis(state, axis);
    state.screen = Screen::BreakEven;
}

/// Returns the usual stretch of a number, widened to the scenario's value.
fn usual(work: &Work, target: Target) -> Axis {
    let facts = target.param.facts();
    let axis = Axis { target, ..Axis::usual(facts) };
    let Some(value) = work.scenario().number(target).filter(|value| value.is_finite()) else { return axis };
    let mut wide = axis;
    if value > axis.to {
        wide.to = (value * 2.0).min(facts.bounds.1);
    }
    // A logarithmic stretch cannot begin at zero; it is drawn without the scenario's value.
    if value < axis.from && (value > 0.0 || !axis.log) {
        wide.from = (value / 2.0).max(facts.bounds.0);
    }
    if facts.whole {
        (wide.from, wide.to) = (wide.from.floor(), wide.to.ceil());
    }
    wide.log = axis.log && wide.from > 0.0;
    if wide.from < wide.to { wide } else { axis }
}

/// Returns the scenario's value on an axis, or its middle where the value is derived.
fn now(work: &Work, axis: Axis) -> f64 {
    let value = work.scenario().number(axis.target).unwrap_or_else(|| axis.value(0.5));
    value.clamp(axis.from, axis.to)
}

fn set_axis(state: &mut State, axis: Axis) {
    let chart = &mut state.views.break_even;
    chart.axis = axis;
    chart.cursor = chart.cursor.clamp(axis.from, axis.to);
    chart.forget();
}

fn move_cursor(chart: &mut Chart, direction: Direction, stride: Stride) {
    let axis = chart.axis;
    let sign = if direction == Direction::On { 1.0 } else { -1.0 };
    let step = match stride {
        Stride::Fine => 1.0 / CURSOR_STEPS.0,
        Stride::Coarse => 1.0 / CURSOR_STEPS.1,
        Stride::End => 1.0,
    };
    let mut to = axis.value(axis.position(chart.cursor) + sign * step);
    if to == chart.cursor && axis.param().facts().whole {
        to += sign;
    }
    chart.cursor = to.clamp(axis.from, axis.to);
}

fn next_parameter(state: &mut State, direction: Direction) {
    let parameters = state.work.parameters();
    let count = parameters.len();
    let Some(last) = count.checked_sub(1) else { return };
    let at = parameters.iter().position(|param| *param == state.views.break_even.axis.param()).unwrap_or(0);
    let to = match direction {
        Direction::On => (at + 1) % count,
        Direction::Back => at.checked_sub(1).unwrap_or(last),
    };
    let axis = usual(&state.work, parameters[to].into());
    state.views.break_even.cursor = now(&state.work, axis);
    set_axis(state, axis);
}

fn to_crossing(state: &mut State, direction: Direction) {
    let chart = &mut state.views.break_even;
    let crossings = chart.curves.iter().flat_map(|curves| curves.crossings.iter().map(|found| found.at));
    let near = |at: &f64| (at - chart.cursor).abs() <= 1e-9 * at.abs();
    let to = match direction {
        Direction::On => crossings.filter(|at| *at > chart.cursor && !near(at)).reduce(f64::min),
        Direction::Back => crossings.filter(|at| *at < chart.cursor && !near(at)).reduce(f64::max),
    };
    match to {
        Some(at) => chart.cursor = at,
        None => {
            let side = if direction == Direction::On { "above" } else { "below" };
            let text = format!("no crossing {side} {}", present::value(chart.cursor));
            state.note(text);
        }
    }
}

/// Halves or doubles the stretch; the cursor keeps its place on the screen.
fn zoom(state: &mut State, direction: Direction) {
    let chart = &state.views.break_even;
    let (axis, facts) = (chart.axis, chart.axis.param().facts());
    let factor = if direction == Direction::On { 0.5 } else { 2.0 };
    let place = axis.position(chart.cursor);
    let (mut from, mut to) =
        (beyond(axis, place - place * factor), beyond(axis, place + (1.0 - place) * factor));
    if facts.whole {
        (from, to) = (from.floor(), to.ceil());
    }
    let low = if axis.log { facts.range.0 / FARTHEST } else { facts.bounds.0 };
    let low = low.max(facts.bounds.0).max(if facts.whole && axis.log { 1.0 } else { 0.0 });
    let high = (facts.range.1 * FARTHEST).min(facts.bounds.1).max(axis.to);
    let (from, to) = (from.max(low.min(axis.from)), to.min(high));
    let smallest = if facts.whole { SMALLEST.1 } else { SMALLEST.0 * to.abs() };
    let zoomed = Axis::new(axis.param(), from, to, axis.log).ok().filter(|_| to - from >= smallest);
    match zoomed {
        Some(zoomed) if zoomed != axis => set_axis(state, zoomed),
        _ => {
            let word = if direction == Direction::On { "smaller" } else { "larger" };
            state.note(format!("no {word} stretch"));
        }
    }
}

/// Returns the value at a place that may lie outside the axis.
fn beyond(axis: Axis, place: f64) -> f64 {
    if axis.log {
        axis.from * (axis.to / axis.from).powf(place)
    } else {
        axis.from + (axis.to - axis.from) * place
    }
}

fn toggle_log_parameter(state: &mut State) {
    let axis = state.views.break_even.axis;
    let from = match (axis.log, axis.from > 0.0) {
        (false, false) if axis.param().facts().whole => 1.0,
        (false, false) => axis.to / FARTHEST,
        _ => axis.from,
    };
    if from < axis.to {
        set_axis(state, Axis { from, log: !axis.log, ..axis });
    }
}

fn toggle_log_cost(state: &mut State) {
    let chart = &mut state.views.break_even;
    let range = chart.curves.as_ref().and_then(|curves| curves.range);
    if range.is_some_and(|(low, _)| low > 0.0) {
        chart.log_cost = Some(!chart.is_log_cost());
    } else {
        state.note("costs of zero have no place on a logarithmic scale");
    }
}

fn toggle_metric(state: &mut State) {
    let chart = &mut state.views.break_even;
    chart.metric = match chart.metric {
        Metric::Monthly => Metric::Total,
        Metric::Total => Metric::Monthly,
    };
    chart.forget();
}
