//! Costs of designs along a parameter, worked out once for as long as nothing changes.

use super::work::Work;
use crate::analysis::break_even::{BreakEven, Cheaper, CrossingKind, Gap, Region, break_evens, gaps};
use crate::analysis::curve::{Curve, Metric};
use crate::analysis::sweep::{Axis, Sweep, sweep};
use crate::analysis::{Case, Pair};

/// Samples of a curve: twice the columns of a wide terminal, which is what braille can show.
const SAMPLES: usize = 400;

/// A value at which two designs change order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The value.
    pub at: f64,
    /// Equality or a step.
    pub kind: CrossingKind,
    /// The two lines.
    pub lines: (usize, usize),
    /// The cheaper line below the value, if one is.
    pub before: Option<usize>,
    /// The cheaper line above the value, if one is.
    pub after: Option<usize>,
    /// Cost there.
    pub cost: Option<f64>,
}

/// A stretch in which a design has no cost.
#[derive(Debug, Clone, PartialEq)]
pub struct LineGap {
    /// The line.
    pub line: usize,
    /// First value without a cost.
    pub from: f64,
    /// Last value without a cost.
    pub to: f64,
    /// Why, for the whole stretch.
    pub reason: String,
}

/// What a chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    /// Names of the lines, `MODEL:STRATEGY`.
    pub names: Vec<String>,
    /// Costs at each sample.
    pub sweep: Sweep,
    /// The cheapest line at each sample.
    pub cheapest: Vec<Option<usize>>,
    /// Smallest and largest cost; `None` where there is none at all.
    pub range: Option<(f64, f64)>,
    /// Changes of order, ascending.
    pub crossings: Vec<Found>,
    /// Stretches without a cost.
    pub gaps: Vec<LineGap>,
}

impl Curves {
    /// Works out the curves of designs along an axis.
    pub fn of(work: &Work, pairs: &[Pair], axis: Axis, metric: Metric) -> Option<Curves> {
        let case = work.case_of(work.scenario())?;
        let sweep = sweep(&case, pairs, axis, SAMPLES, metric);
        let gaps = gaps(&case, pairs, axis, metric);
        Some(Curves {
            names: pairs.iter().map(|pair| work.name(*pair)).collect(),
            cheapest: (0..sweep.values.len()).map(|at| cheapest_at(&sweep, at)).collect(),
            range: range(&sweep),
            crossings: crossings(&case, pairs, axis, metric, &gaps),
            gaps: line_gaps(pairs, gaps),
            sweep,
        })
    }

    /// Returns whether the costs lie so far apart that only a logarithmic scale shows them all.
    pub fn is_wide(&self) -> bool {
        self.range.is_some_and(|(low, high)| crate::present::far_apart(low, high))
    }
}

/// Returns the cost of each design at one value of the axis.
pub fn costs_at(work: &Work, pairs: &[Pair], axis: Axis, metric: Metric, at: f64) -> Vec<Option<f64>> {
    let Some(case) = work.case_of(work.scenario()) else { return vec![None; pairs.len()] };
    pairs.iter().map(|pair| cost(&case, *pair, axis, metric, at)).collect()
}

fn cost(case: &Case<'_>, pair: Pair, axis: Axis, metric: Metric, at: f64) -> Option<f64> {
    Curve::new(case, pair).cost_at(axis.target, at, metric)
}

fn cheapest_at(sweep: &Sweep, at: usize) -> Option<usize> {
    let costs = sweep.series.iter().enumerate().filter_map(|(line, series)| Some((line, series.costs[at]?)));
    costs.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(line, _)| line)
}

fn range(sweep: &Sweep) -> Option<(f64, f64)> {
    let costs = || sweep.series.iter().flat_map(|series| series.costs.iter().flatten().copied());
    Some((costs().reduce(f64::min)?, costs().reduce(f64::max)?))
}

/// Returns where the order of any two designs changes. That one of them begins or ends to have a cost is none: there is
/// nothing on one side to be cheaper than.
fn crossings(case: &Case<'_>, pairs: &[Pair], axis: Axis, metric: Metric, gaps: &[Gap]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for ((a, b), found) in break_evens(case, pairs, axis, metric) {
        let of_both = || gaps.iter().filter(|gap| gap.pair == pairs[a] || gap.pair == pairs[b]);
        let crossings = between(&found, (a, b), |line, at| cost(case, pairs[line], axis, metric, at));
        all.extend(crossings.into_iter().filter(|found| !of_both().any(|gap| gap.borders(found.at, axis))));
    }
    all.sort_by(|a, b| a.at.total_cmp(&b.at));
    all
}

fn between(found: &BreakEven, lines: (usize, usize), cost: impl Fn(usize, f64) -> Option<f64>) -> Vec<Found> {
    let line = |cheaper: Cheaper| match cheaper {
        Cheaper::A => Some(lines.0),
        Cheaper::B => Some(lines.1),
        Cheaper::Equal | Cheaper::Neither => None,
    };
    let crossing = |(at, regions): (usize, &[Region])| {
        let crossing = found.crossings.get(at)?;
        let (before, after) = (line(regions[0].cheaper), line(regions[1].cheaper));
        let known = [after, before].into_iter().flatten().find_map(|line| cost(line, crossing.at));
        let cost = crossing.cost.or(known);
        Some(Found { at: crossing.at, kind: crossing.kind, lines, before, after, cost })
    };
    found.regions.windows(2).enumerate().filter_map(crossing).collect()
}

fn line_gaps(pairs: &[Pair], gaps: Vec<Gap>) -> Vec<LineGap> {
    let line_gap = |gap: Gap| {
        let line = pairs.iter().position(|pair| *pair == gap.pair)?;
        Some(LineGap { line, from: gap.from, to: gap.to, reason: gap.reason.lasting() })
    };
    gaps.into_iter().filter_map(line_gap).collect()
}
