//! Where the cheaper of two designs changes along a parameter.
//!
//! Cost curves are piecewise smooth: tiers, whole chunks and cache minimums make them jump, and a
//! design may stop fitting. The search is numeric, see [`break_even`]; the same one finds where the price that users
//! pay covers a cost, see [`price`].

mod finder;
mod gap;
pub mod price;

pub use gap::{Gap, gaps};

use super::curve::{Curve, Metric};
use super::sweep::Axis;
use super::{Case, Pair};
use finder::{Found, find};

/// How the order changes at a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrossingKind {
    /// The costs are equal.
    Root,
    /// One cost steps over the other, or a design begins or ends to fit.
    Jump,
}

impl CrossingKind {
    /// Returns the word used in JSON.
    pub fn word(self) -> &'static str {
        if self == CrossingKind::Root { "root" } else { "jump" }
    }
}

/// A value of the parameter at which the cheaper design changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// The value.
    pub at: f64,
    /// Equality or a step.
    pub kind: CrossingKind,
    /// Cost of either design there, where both have one.
    pub cost: Option<f64>,
}

/// Which design is cheaper over a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cheaper {
    /// The first.
    A,
    /// The second.
    B,
    /// Both cost the same.
    Equal,
    /// Neither fits, or no price is known.
    Neither,
}

/// A stretch of the axis in which the same design is cheaper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Who is cheaper.
    pub cheaper: Cheaper,
}

/// What was found out about two designs along an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakEven {
    /// The first design.
    pub a: Pair,
    /// The second design.
    pub b: Pair,
    /// The stretch.
    pub axis: Axis,
    /// What is compared.
    pub metric: Metric,
    /// All changes of order, ascending.
    pub crossings: Vec<Crossing>,
    /// Regions between them; together they cover the axis.
    pub regions: Vec<Region>,
    /// Whether the difference of the costs is the same everywhere, so that they never cross.
    pub parallel: bool,
}

/// Finds every change of order of two designs along an axis.
///
/// The axis is sampled, each change of state between samples is narrowed by bisection, and each place where the curves
/// come close without changing order is searched for a pair of crossings inside.
pub fn break_even(case: &Case<'_>, a: Pair, b: Pair, axis: Axis, metric: Metric) -> BreakEven {
    let mut first = Sampled::of(case, a, axis, metric);
    first.against(&mut Sampled::of(case, b, axis, metric))
}

/// Finds every change of order of each two of some designs, with their places; what a design costs at the samples is worked
/// out once for all of them.
pub fn break_evens(
    case: &Case<'_>,
    pairs: &[Pair],
    axis: Axis,
    metric: Metric,
) -> Vec<((usize, usize), BreakEven)> {
    let mut sampled: Vec<Sampled<'_>> =
        pairs.iter().map(|pair| Sampled::of(case, *pair, axis, metric)).collect();
    let mut all = Vec::new();
    for b in 1..sampled.len() {
        let (before, rest) = sampled.split_at_mut(b);
        for (a, first) in before.iter_mut().enumerate() {
            all.push(((a, b), first.against(&mut rest[0])));
        }
    }
    all.sort_by_key(|(places, _)| *places);
    all
}

/// A design whose costs at the samples of a search are known.
struct Sampled<'c> {
    curve: Curve<'c>,
    axis: Axis,
    metric: Metric,
    values: Vec<f64>,
    costs: Vec<Option<f64>>,
}

impl<'c> Sampled<'c> {
    fn of(case: &'c Case<'c>, pair: Pair, axis: Axis, metric: Metric) -> Sampled<'c> {
        let mut curve = Curve::new(case, pair);
        let values = finder::samples(axis);
        let costs = values.iter().map(|value| curve.cost_at(axis.target, *value, metric)).collect();
        Sampled { curve, axis, metric, values, costs }
    }

    fn cost(&mut self, value: f64) -> Option<f64> {
        match self.values.binary_search_by(|known| known.total_cmp(&value)) {
            Ok(at) => self.costs[at],
            Err(_) => self.curve.cost_at(self.axis.target, value, self.metric),
        }
    }

    fn against(&mut self, other: &mut Sampled<'_>) -> BreakEven {
        let (a, b, axis, metric) = (self.curve.pair, other.curve.pair, self.axis, self.metric);
        let Found { crossings, regions, parallel } =
            find(axis, &mut |value| (self.cost(value), other.cost(value)));
        BreakEven { a, b, axis, metric, crossings, regions, parallel }
    }
}
