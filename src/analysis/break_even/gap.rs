//! Stretches of an axis in which a design has no cost: it does not fit there, or no price is known.

use super::finder::edge;
use crate::analysis::compare::{Reason, why_without_cost};
use crate::analysis::curve::{Curve, Metric};
use crate::analysis::sweep::Axis;
use crate::analysis::{Case, Pair};
use crate::scenario::Origin;

/// Samples of the axis; a stretch between two of them goes unseen.
const SAMPLES: usize = 256;

/// A stretch of an axis in which a design has no cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The design.
    pub pair: Pair,
    /// First value without a cost.
    pub from: f64,
    /// Last value without a cost.
    pub to: f64,
    /// The value at which the reason was found: the end of the axis that the stretch reaches, else its middle.
    pub at: f64,
    /// Why there is no cost there.
    pub reason: Reason,
}

impl Gap {
    /// Returns whether a change of order is nothing but the beginning or end of the stretch: there is no cost on one side
    /// to be cheaper than.
    pub fn borders(&self, at: f64, axis: Axis) -> bool {
        let slack = if axis.param().facts().whole { 1.0 } else { 1e-9 * at.abs() };
        (self.from - at).abs() <= slack || (self.to - at).abs() <= slack
    }
}

/// Finds where designs have no cost along an axis, and why.
///
/// A model of 50,000 tokens that is filled with 1,000 to 90,000 has none from 50,001 on.
pub fn gaps(case: &Case<'_>, pairs: &[Pair], axis: Axis, metric: Metric) -> Vec<Gap> {
    pairs.iter().flat_map(|pair| gaps_of(case, *pair, axis, metric)).collect()
}

fn gaps_of(case: &Case<'_>, pair: Pair, axis: Axis, metric: Metric) -> Vec<Gap> {
    let mut curve = Curve::new(case, pair);
    let mut cost = |value| curve.cost_at(axis.target, value, metric);
    let samples: Vec<(f64, bool)> =
        axis.values(SAMPLES).into_iter().map(|value| (value, cost(value).is_none())).collect();
    let mut border = |gone: f64, there: f64| edge(axis, &mut |value| (cost(value), None), (gone, there));
    let mut gaps = Vec::new();
    let mut start: usize = 0;
    for run in samples.chunk_by(|one, other| one.1 == other.1) {
        let (first, last) = (run[0], run[run.len() - 1]);
        let before = start.checked_sub(1).map(|at| samples[at].0);
        let after = samples.get(start + run.len()).map(|next| next.0);
        start += run.len();
        if !first.1 {
            continue;
        }
        let from = before.map_or(first.0, |there| border(first.0, there));
        let to = after.map_or(last.0, |there| border(last.0, there));
        let at = match (before, after) {
            (_, None) => to,
            (None, _) => from,
            _ => run[run.len() / 2].0,
        };
        let mut scenario = case.scenario.clone();
        scenario.put(axis.target, at, Origin::Override);
        let reason = why_without_cost(case, pair, &scenario);
        gaps.extend(reason.map(|reason| Gap { pair, from, to, at, reason }));
    }
    gaps
}
