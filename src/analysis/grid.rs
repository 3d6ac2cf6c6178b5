//! Which design wins where, over two parameters.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::curve::{Curve, Metric};
use super::lineup::may_win;
use super::sweep::Axis;
use super::{Case, Pair};
use crate::diagnostic::Fault;
use crate::scenario::{Param, Scenario, Target};

/// Relative difference below which two costs count as equal; the design that is listed first then wins.
const TIE: f64 = 1e-14;

/// Evaluations below which threads cost more than they save.
const WORTH_A_THREAD: usize = 2_000;

/// Which designs may win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The cheaper one, whatever it covers: for two designs that the user named.
    Cheaper,
    /// The cheapest of those that cover most of the corpus, are known to fit, keep their history and are still sold:
    /// what `compare` calls the cheapest.
    Cheapest,
}

/// The winner of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Winner {
    /// Its place among the grid's designs.
    pub design: usize,
    /// What it costs there.
    pub cost: f64,
}

/// Which design wins where.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The stretch from left to right.
    pub across: Axis,
    /// The stretch from bottom to top.
    pub up: Axis,
    /// What is compared.
    pub metric: Metric,
    /// How the winner is chosen.
    pub rule: Rule,
    /// Values from left to right.
    pub columns: Vec<f64>,
    /// Values from bottom to top.
    pub rows: Vec<f64>,
    /// Designs that were named, or those that win somewhere, the one with the largest area first.
    pub designs: Vec<Pair>,
    /// Winners row by row, in the order of [`rows`](Self::rows) and [`columns`](Self::columns); `None` where no design
    /// has a cost.
    pub cells: Vec<Vec<Option<Winner>>>,
}

impl Grid {
    /// Returns the share of the area in which a design wins; of that in which none does for `None`.
    ///
    /// It is the area that a reader sees, so that on a logarithmic axis each factor counts alike. A point stands for what
    /// lies nearest to it: one at an end of an axis for half as much as one inside.
    pub fn share(&self, design: Option<usize>) -> f64 {
        let (across, up) = (widths(self.across, &self.columns), widths(self.up, &self.rows));
        let mut area = 0.0;
        for (cells, height) in self.cells.iter().zip(up) {
            let won =
                cells.iter().zip(&across).filter(|(cell, _)| cell.map(|winner| winner.design) == design);
            area += height * won.map(|(_, width)| width).sum::<f64>();
        }
        area
    }
}

/// Returns the positions on an axis, from 0 to 1, between which what lies nearest to each of some values is: one more than
/// there are values.
pub fn edges(axis: Axis, values: &[f64]) -> Vec<f64> {
    let places: Vec<f64> = values.iter().map(|value| axis.position(*value)).collect();
    let between = places.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
    std::iter::once(0.0).chain(between).chain([1.0]).collect()
}

/// Returns which part of an axis lies nearest to each of some values.
fn widths(axis: Axis, values: &[f64]) -> Vec<f64> {
    edges(axis, values).windows(2).map(|edge| edge[1] - edge[0]).collect()
}

/// Works out which design wins at each point of a grid, ends included.
///
/// Values of a whole-numbered parameter that fall together are taken once. Designs are worked out on all cores.
///
/// # Errors
/// Both axes are of one number, or of shares of classes, which leave each other no room.
pub fn grid(
    case: &Case<'_>,
    pairs: &[Pair],
    axes: (Axis, Axis),
    points: (usize, usize),
    how: (Metric, Rule),
) -> Result<Grid, Fault> {
    grid_while(case, pairs, axes, points, how, |_| true)
}

/// Works out a [`grid`] for as long as it is wanted: `wanted` is told which share is done, from 0 to 1, and says whether
/// to go on. What was not reached has no winner.
///
/// # Errors
/// Those of [`grid`].
pub fn grid_while(
    case: &Case<'_>,
    pairs: &[Pair],
    (across, up): (Axis, Axis),
    (columns, rows): (usize, usize),
    (metric, rule): (Metric, Rule),
    wanted: impl Fn(f64) -> bool + Sync,
) -> Result<Grid, Fault> {
    can_vary_together(case, across, up)?;
    let (columns, rows) = (across.values(columns), up.values(rows));
    let (done, steps) = (AtomicUsize::new(0), (pairs.len() * rows.len()).max(1));
    let step = || wanted(done.fetch_add(1, Ordering::Relaxed) as f64 / steps as f64);
    let board = Board { case, across, up, columns: &columns, rows: &rows, metric, rule, step: &step };
    let named = rule == Rule::Cheaper;
    let pairs = &in_order(case, pairs, rule);
    let best = board.best_of_all(pairs);
    let (width, height) = (widths(across, &columns), widths(up, &rows));
    let area = |place: usize| width[place % width.len()] * height[place / width.len()];
    let mut won = vec![0.0; pairs.len()];
    for (place, best) in best.iter().enumerate() {
        if let Some(best) = best {
            won[best.pair] += area(place);
        }
    }
    let mut order: Vec<usize> = (0..pairs.len()).filter(|at| named || won[*at] > 0.0).collect();
    if !named {
        order.sort_by(|a, b| won[*b].total_cmp(&won[*a]));
    }
    let winner = |cell: &Option<Best>| {
        let best = (*cell)?;
        let design = order.iter().position(|known| *known == best.pair)?;
        Some(Winner { design, cost: best.cost })
    };
    let cells = best.chunks(columns.len()).map(|row| row.iter().map(winner).collect()).collect();
    let designs = order.iter().map(|at| pairs[*at]).collect();
    Ok(Grid { across, up, metric, rule, columns, rows, designs, cells })
}

/// Returns designs in the order in which the first of equals wins: as named, or else as a comparison tells equals.
fn in_order(case: &Case<'_>, pairs: &[Pair], rule: Rule) -> Vec<Pair> {
    let mut pairs = pairs.to_vec();
    if rule == Rule::Cheapest {
        pairs.sort_by_key(|pair| (&case.product(pair.model).id, pair.strategy.id()));
    }
    pairs
}

/// Returns why two numbers cannot be varied against each other; `None` where they can.
pub fn obstacle(scenario: &Scenario, across: Target, up: Target) -> Option<String> {
    let requests = |target: Target| target.param == Param::RequestsPerMonth;
    let users = |target: Target| {
        matches!(target.param, Param::Users | Param::SessionsPerUser | Param::TurnsPerSession)
    };
    let (x, y) = (scenario.path_of(across), scenario.path_of(up));
    if across == up {
        Some(format!("{x} cannot be varied against itself"))
    } else if across.param == Param::ClassShare && up.param == Param::ClassShare {
        Some(format!(
            "{x} and {y} leave each other no room: a share of one class changes those of the others"
        ))
    } else if requests(across) && users(up) || users(across) && requests(up) {
        Some(format!("{x} and {y} replace each other"))
    } else {
        None
    }
}

fn can_vary_together(case: &Case<'_>, across: Axis, up: Axis) -> Result<(), Fault> {
    match obstacle(case.scenario, across.target, up.target) {
        Some(message) => {
            Err(Fault::Conflict { message, remedy: "name another parameter with --and".to_owned() })
        }
        None => Ok(()),
    }
}

/// The best design of a cell so far.
#[derive(Debug, Clone, Copy)]
struct Best {
    pair: usize,
    cost: f64,
    coverage: f64,
}

impl Best {
    /// Returns whether it wins against an earlier one.
    fn beats(&self, other: &Best, rule: Rule) -> bool {
        if rule == Rule::Cheapest && self.coverage != other.coverage {
            return self.coverage > other.coverage;
        }
        other.cost - self.cost > TIE * other.cost.abs().max(self.cost.abs())
    }
}

/// What every cell is worked out from.
struct Board<'b, 'c> {
    case: &'b Case<'c>,
    across: Axis,
    up: Axis,
    columns: &'b [f64],
    rows: &'b [f64],
    metric: Metric,
    rule: Rule,
    /// Says that a row of a design begins; returns whether to go on.
    step: &'b (dyn Fn() -> bool + Sync),
}

impl Board<'_, '_> {
    /// Shares the designs out among threads and puts their results together, in the order of the designs.
    fn best_of_all(&self, pairs: &[Pair]) -> Vec<Option<Best>> {
        let cells = self.columns.len() * self.rows.len();
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let worth = (pairs.len() * cells / WORTH_A_THREAD).clamp(1, cores);
        let size = pairs.len().div_ceil(worth).max(1);
        let parts: Vec<(usize, &[Pair])> =
            pairs.chunks(size).enumerate().map(|(at, part)| (at * size, part)).collect();
        let mut results: Vec<Vec<Option<Best>>> = match parts.as_slice() {
            [] => vec![vec![None; cells]],
            [(first, only)] => vec![self.best_of(*first, only)],
            parts => std::thread::scope(|scope| {
                let work: Vec<_> = parts
                    .iter()
                    .map(|(first, part)| scope.spawn(move || self.best_of(*first, part)))
                    .collect();
                // A thread that panics has met a fault of the program; its panic goes on here.
                work.into_iter()
                    .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                    .collect()
            }),
        };
        let mut best = results.remove(0);
        for later in results {
            for (known, new) in best.iter_mut().zip(later) {
                self.keep_better(known, new);
            }
        }
        best
    }

    fn keep_better(&self, known: &mut Option<Best>, new: Option<Best>) {
        let Some(new) = new else { return };
        if known.is_none_or(|known| new.beats(&known, self.rule)) {
            *known = Some(new);
        }
    }

    /// Returns the best of some designs for each cell; the first of them has a place among all.
    fn best_of(&self, first: usize, pairs: &[Pair]) -> Vec<Option<Best>> {
        let mut best: Vec<Option<Best>> = vec![None; self.columns.len() * self.rows.len()];
        let competes = |pair: &Pair| competes(self.case, *pair, self.rule);
        for (at, pair) in pairs.iter().enumerate().filter(|(_, pair)| competes(pair)) {
            let mut curve = Curve::new(self.case, *pair);
            let mut cells = best.iter_mut();
            for up in self.rows {
                if !(self.step)() {
                    return best;
                }
                curve.put(self.up.target, *up);
                for across in self.columns {
                    curve.put(self.across.target, *across);
                    let Some(cell) = cells.next() else { break };
                    self.keep_better(cell, best_at(&mut curve, first + at, (self.metric, self.rule)));
                }
            }
        }
        best
    }
}

/// Returns whether a design may win at all.
fn competes(case: &Case<'_>, pair: Pair, rule: Rule) -> bool {
    rule == Rule::Cheaper || !case.product(pair.model).is_retired(case.book.date)
}

/// Returns a design where its numbers are, if it may win there.
fn best_at(curve: &mut Curve<'_>, pair: usize, (metric, rule): (Metric, Rule)) -> Option<Best> {
    let (sum, shape) = curve.outcome().filter(|(_, shape)| rule == Rule::Cheaper || may_win(shape))?;
    Some(Best { pair, cost: curve.by(metric, sum), coverage: shape.coverage })
}

/// Ranks designs with their costs at one point of a grid, by its rule: the winner first. Those that cannot win there are
/// left out.
pub fn ranked_at(
    case: &Case<'_>,
    pairs: &[Pair],
    point: [(Target, f64); 2],
    (metric, rule): (Metric, Rule),
) -> Vec<(Pair, f64)> {
    let pairs = in_order(case, pairs, rule);
    let best = |(at, pair): (usize, &Pair)| {
        let mut curve = Curve::new(case, *pair);
        point.into_iter().for_each(|(target, value)| curve.put(target, value));
        best_at(&mut curve, at, (metric, rule))
    };
    let competing = pairs.iter().enumerate().filter(|(_, pair)| competes(case, **pair, rule));
    let mut found: Vec<Best> = competing.filter_map(best).collect();
    let covered = |best: &Best| if rule == Rule::Cheapest { best.coverage } else { 0.0 };
    // A stable sort: of equals the one that is listed first wins, as in a cell.
    found.sort_by(|a, b| covered(b).total_cmp(&covered(a)).then(a.cost.total_cmp(&b.cost)));
    found.into_iter().map(|best| (pairs[best.pair], best.cost)).collect()
}
