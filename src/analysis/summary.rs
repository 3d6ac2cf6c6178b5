//! What a report tells: the comparison, the bill of one design, and the break-even of the two sides.

use super::break_even::{BreakEven, break_even};
use super::compare::{ANSWER_RANGE, Comparison, chosen_of, compare};
use super::curve::Metric;
use super::sweep::{Axis, Sweep, sweep};
use super::{Case, Evaluation, Failure, Pair};
use crate::scenario::Param;
use crate::usage::strategy::Family;

/// Points of each cost curve.
const POINTS: usize = 181;

/// The design whose bill is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The design.
    pub pair: Pair,
    /// Why it and no other.
    pub why: &'static str,
    /// Its usage and bill, or why there is none.
    pub outcome: Result<Evaluation, Failure>,
}

/// Stuffing against retrieval along requests a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Contest {
    /// Where the cheaper of the two changes.
    pub break_even: BreakEven,
    /// The cost of both.
    pub curves: Sweep,
    /// Whether both draw on the same share of the corpus.
    pub equal_coverage: bool,
}

/// Everything that a report tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// All designs, ranked.
    pub comparison: Comparison,
    /// The plan, else the cheapest design that fits; `None` where no design has a cost.
    pub chosen: Option<Chosen>,
    /// The cheapest design of either side; `None` where one side has none.
    pub contest: Option<Contest>,
}

/// Works out everything that a report tells.
pub fn summary(case: &Case<'_>) -> Summary {
    let comparison = compare(case);
    let chosen = chosen_of(case, &comparison);
    let chosen = chosen.map(|(pair, why)| Chosen { pair, why, outcome: case.evaluate(pair) });
    let contest = contest(case, &comparison);
    Summary { comparison, chosen, contest }
}

/// Takes the two designs of the answer; where the answer names only one, because no design of the
/// other side covers as much, the cheapest of either side.
fn contest(case: &Case<'_>, comparison: &Comparison) -> Option<Contest> {
    let answered = comparison.answer.as_ref().and_then(|answer| answer.by_requests.clone());
    let equal_coverage = answered.is_some();
    let break_even = answered.or_else(|| unequal(case, comparison))?;
    let pairs = [break_even.a, break_even.b];
    let curves = sweep(case, &pairs, break_even.axis, POINTS, Metric::Monthly);
    Some(Contest { break_even, curves, equal_coverage })
}

fn unequal(case: &Case<'_>, comparison: &Comparison) -> Option<BreakEven> {
    let (stuff, retrieve) =
        (comparison.cheapest_of(Family::Stuff)?, comparison.cheapest_of(Family::Retrieve)?);
    let axis = Axis::new(Param::RequestsPerMonth, ANSWER_RANGE.0, ANSWER_RANGE.1, true).ok()?;
    Some(break_even(case, stuff, retrieve, axis, Metric::Monthly))
}
