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
    let (mut first, mut second) = (Curve::new(case, a), Curve::new(case, b));
    let Found { crossings, regions, parallel } = find(axis, &mut |value| {
        (first.cost_at(axis.target, value, metric), second.cost_at(axis.target, value, metric))
    });
    BreakEven { a, b, axis, metric, crossings, regions, parallel }
}
