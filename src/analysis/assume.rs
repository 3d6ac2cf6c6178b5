//! Ranges for a scenario that has none yet: the numbers that move a design's cost most are taken to be known roughly.

use super::compare::Reason;
use super::curve::Metric;
use super::sensitivity::{Percent, tornado};
use super::{Case, Pair};
use crate::scenario::range::{Range, Uncertain};

/// Returns ranges for the numbers that move a month's cost of a design most, at most `count` of them: from a part less to
/// a part more of what the scenario says, most likely what it says. 10,000 requests ± 25 % are 7,500 to 12,500.
///
/// Numbers that are ranges already are left out, but take their place among the `count`.
///
/// # Errors
/// Why the design has no cost with the numbers of the scenario.
pub fn assumed_ranges(
    case: &Case<'_>,
    pair: Pair,
    count: usize,
    by: Percent,
) -> Result<Vec<Uncertain>, Reason> {
    let found = tornado(case, pair, by, Metric::Monthly)?;
    let is_rough = |target| case.scenario.ranges.iter().any(|known| known.target == target);
    let largest = found.moves.iter().take(count).filter(|moved| !is_rough(moved.target));
    let range = |moved: &super::sensitivity::Move| {
        // Below zero, a smaller part is the larger number.
        let (low, high) = (moved.low.value.min(moved.high.value), moved.low.value.max(moved.high.value));
        let range = Range::Triangle { low, mode: moved.value, high };
        Uncertain { target: moved.target, range }
    };
    Ok(largest.map(range).collect())
}
