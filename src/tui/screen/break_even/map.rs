//! Which design wins over two parameters: a map that follows the axis of the chart and a second one.

pub mod draw;

use super::stretch;
use crate::analysis::Pair;
use crate::analysis::curve::Metric;
use crate::analysis::grid::{Grid, Rule, Winner, grid_while, obstacle, ranked_at};
use crate::analysis::sweep::Axis;
use crate::present;
use crate::report::{chart, grid as rows};
use crate::scenario::{Param, Target};
use crate::tui::action::{Direction, Screen};
use crate::tui::export::FileFormat;
use crate::tui::frame::Frame;
use crate::tui::state::State;
use crate::tui::work::{Snapshot, Work};

/// Numbers that the map begins with, the first that can be varied against the axis.
const SECOND: [Param; 2] = [Param::CorpusTokens, Param::RequestsPerMonth];

/// Designs that the readout names: the cheapest and the next.
const NAMED: usize = 2;

/// The map and where the user is in it.
#[derive(Debug, Clone)]
pub struct Map {
    /// Whether it is drawn instead of the curves.
    pub open: bool,
    /// The stretch from bottom to top.
    pub up: Axis,
    /// Value of the second parameter under the cursor.
    pub cursor: f64,
    /// The cheapest designs under the cursor with their costs.
    here: Vec<(Pair, f64)>,
    /// What was last asked for.
    asked: Option<Request>,
    /// The last result, which may be one of an earlier scenario or stretch.
    shown: Option<Shown>,
}

/// What a result is of.
#[derive(Debug, Clone, PartialEq)]
struct Request {
    revision: u64,
    across: Axis,
    up: Axis,
    points: (usize, usize),
    metric: Metric,
    rule: Rule,
    pairs: Vec<Pair>,
}

/// A result with the names that it was made with.
#[derive(Debug, Clone)]
struct Shown {
    request: Request,
    grid: Grid,
    names: Vec<String>,
    snapshot: Snapshot,
}

impl Map {
    /// Begins, closed, with a number that can be varied against that of the axis.
    pub fn of(work: &Work, across: Target) -> Map {
        let choices = choices(work, across);
        // Of several corpora the first.
        let of = |param: Param| choices.iter().find(|target| target.param == param).copied();
        let target = SECOND.into_iter().find_map(of).or(choices.first().copied()).unwrap_or(SECOND[0].into());
        let up = stretch::usual(work, target);
        Map { open: false, up, cursor: stretch::now(work, up), here: Vec::new(), asked: None, shown: None }
    }

    /// Returns the last result, unless it is of other numbers; `across` is that of the axis.
    fn shown(&self, across: Target) -> Option<&Shown> {
        let same = |request: &Request| (request.across.target, request.up.target) == (across, self.up.target);
        self.shown.as_ref().filter(|shown| same(&shown.request))
    }

    /// Takes another stretch, into which the cursor is brought.
    pub fn set_axis(&mut self, axis: Axis) {
        self.up = axis;
        self.cursor = self.cursor.clamp(axis.from, axis.to);
    }

    /// Takes another number, with its usual stretch and the cursor on the scenario's value.
    pub fn set_number(&mut self, work: &Work, target: Target) {
        let axis = stretch::usual(work, target);
        self.cursor = stretch::now(work, axis);
        self.set_axis(axis);
    }
}

/// Returns the map that is drawn.
pub fn grid(state: &State) -> Option<&Grid> {
    shown(state).map(|shown| &shown.grid)
}

fn shown(state: &State) -> Option<&Shown> {
    let chart = &state.views.break_even;
    chart.map.shown(chart.axis.target)
}

/// Returns the numbers that can be varied against another.
pub fn choices(work: &Work, across: Target) -> Vec<Target> {
    let fits = |target: &&Target| obstacle(work.scenario(), across, **target).is_none();
    work.targets().iter().filter(fits).copied().collect()
}

/// Works out what is missing: the designs under the cursor at once, the map beside the screen.
pub fn refresh(state: &mut State) {
    let chart = &state.views.break_even;
    let across = chart.axis.target;
    let (scenario, up) = (state.work.scenario(), chart.map.up.target);
    if !scenario.has_target(up) || obstacle(scenario, across, up).is_some() {
        let begun = Map::of(&state.work, across);
        // Where no other number is left, there is no map to be worked out again and again.
        if obstacle(scenario, across, begun.up.target).is_some() {
            state.views.break_even.map = begun;
            return state.note("no other number can be varied against this one");
        }
        state.views.break_even.map = Map { open: true, ..begun };
    }
    let here = here(state);
    state.views.break_even.map.here = here;
    let request = wanted(state);
    let map = &mut state.views.break_even.map;
    if map.shown.as_ref().is_some_and(|shown| shown.request == request) {
        return;
    }
    // What is being worked out for another stretch is not wanted any more.
    if map.asked.as_ref() != Some(&request) {
        map.asked = Some(request.clone());
        state.jobs.cancel(Screen::BreakEven);
    }
    let snapshot = state.work.snapshot();
    state.start(Screen::BreakEven, "mapping", move |control| {
        let wanted = |share: f64| {
            control.progress(share);
            !control.is_cancelled()
        };
        let shown = Shown::of(snapshot, request, wanted);
        move |state: &mut State| state.views.break_even.map.shown = shown
    });
}

impl Shown {
    /// Works it out; `None` where the numbers cannot be varied together.
    fn of(snapshot: Snapshot, request: Request, wanted: impl Fn(f64) -> bool + Sync) -> Option<Shown> {
        let case = snapshot.case()?;
        let Request { across, up, points, metric, rule, .. } = request;
        let grid = grid_while(&case, &request.pairs, (across, up), points, (metric, rule), wanted).ok()?;
        let names = grid.designs.iter().map(|pair| case.pair_name(*pair)).collect();
        drop(case);
        Some(Shown { request, grid, names, snapshot })
    }
}

/// Returns what the map should show: of pinned designs the cheaper, else the cheapest of all that are compared.
fn wanted(state: &State) -> Request {
    let chart = &state.views.break_even;
    let (rule, pairs) = contenders(state);
    let area = Frame::of(state).map(|frame| frame.main).unwrap_or_default();
    let points = draw::points(area);
    let (across, up, metric) = (chart.axis, chart.map.up, chart.metric);
    Request { revision: state.work.revision(), across, up, points, metric, rule, pairs }
}

fn contenders(state: &State) -> (Rule, Vec<Pair>) {
    if state.pins.len() > 1 {
        return (Rule::Cheaper, state.pins.clone());
    }
    let all = state.work.case().map(|case| case.pairs().collect());
    (Rule::Cheapest, all.unwrap_or_default())
}

/// Returns the cheapest designs under the cursor, by the rule of the map.
fn here(state: &State) -> Vec<(Pair, f64)> {
    let Some(case) = state.work.case() else { return Vec::new() };
    let chart = &state.views.break_even;
    let (rule, pairs) = contenders(state);
    let point = [(chart.axis.target, chart.cursor), (chart.map.up.target, chart.map.cursor)];
    let ranked = ranked_at(&case, &pairs, point, (chart.metric, rule));
    ranked.into_iter().take(NAMED).collect()
}

/// Moves the cursor along its row to where another design begins to win.
pub fn to_border(state: &mut State, direction: Direction) {
    let chart = &state.views.break_even;
    let Some(grid) = grid(state) else { return };
    let row = nearest(grid.up, &grid.rows, chart.map.cursor);
    let at = nearest(grid.across, &grid.columns, chart.cursor);
    let design = |column: &usize| grid.cells[row][*column].map(|winner| winner.design);
    let now = design(&at);
    let next = match direction {
        Direction::On => (at..grid.columns.len()).find(|column| design(column) != now),
        Direction::Back => (0..at).rev().find(|column| design(column) != now),
    };
    match next.map(|column| grid.columns[column]) {
        Some(value) => state.views.break_even.cursor = value,
        None => {
            let side = if direction == Direction::On { "right" } else { "left" };
            state.note(format!("the same design wins to the {side} end"));
        }
    }
}

/// Returns the place of the value that lies nearest on an axis.
fn nearest(axis: Axis, values: &[f64], value: f64) -> usize {
    let place = axis.position(value);
    let after = values.partition_point(|known| axis.position(*known) < place);
    let distance =
        |at: usize| values.get(at).map_or(f64::INFINITY, |known| (axis.position(*known) - place).abs());
    match after.checked_sub(1) {
        Some(before) if distance(before) <= distance(after) => before,
        _ => after.min(values.len().saturating_sub(1)),
    }
}

/// Returns the winner of the cell that lies nearest to two values.
fn winner_at(grid: &Grid, across: f64, up: f64) -> Option<Winner> {
    let row = grid.cells.get(nearest(grid.up, &grid.rows, up))?;
    *row.get(nearest(grid.across, &grid.columns, across))?
}

/// Says where the cursor is and what is cheapest there, as text to copy.
pub fn copied(state: &State) -> Option<String> {
    let chart = &state.views.break_even;
    let value = |axis: Axis, value: f64| {
        let label = state.work.scenario().label_of(axis.target);
        format!("{label}\t{}", present::parameter(axis.param().facts(), value))
    };
    let mut lines = vec![value(chart.axis, chart.cursor), value(chart.map.up, chart.map.cursor)];
    let currency = state.work.comparison().currency;
    let designs = chart.map.here.iter();
    lines.extend(designs.map(|(pair, cost)| {
        format!("{}\t{}", state.work.name(*pair), present::money_float(*cost, currency))
    }));
    Some(lines.join("\n"))
}

/// Returns the map as a file.
pub fn export(state: &State, format: FileFormat) -> Option<String> {
    let shown = shown(state)?;
    let (case, grid) = (shown.snapshot.case()?, &shown.grid);
    Some(match format {
        FileFormat::Csv => rows::long(grid, &case).to_csv(),
        FileFormat::Json => rows::to_json(grid, &case),
        FileFormat::Markdown => rows::to_markdown(grid, &case),
        FileFormat::Svg => chart::map(&case, state.work.comparison(), grid),
    })
}
