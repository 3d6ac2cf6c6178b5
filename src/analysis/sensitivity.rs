//! Which number moves a design's cost most: each one moved up and down by the same part of itself, one at a time.

use super::compare::{Reason, why_without_cost};
use super::curve::Metric;
use super::lineup::{Lineup, Outcome};
use super::{Case, Pair};
use crate::scenario::group::shares_with;
use crate::scenario::{GroupKind, Origin, Param, Scenario, Target};

/// Percentage by which numbers are moved unless another one is asked for.
pub const USUAL_PERCENT: f64 = 20.0;

/// Relative difference below which a cost counts as unmoved: rounding of `f64` sums.
const UNMOVED: f64 = 1e-12;

/// By how many percent numbers are moved: above 0, and 100 at most, where the lower end is nothing at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percent(f64);

impl Default for Percent {
    fn default() -> Percent {
        Percent(USUAL_PERCENT)
    }
}

impl Percent {
    /// Returns a percentage; `None` where it is 0 or less, more than 100, or no number.
    pub fn new(percent: f64) -> Option<Percent> {
        (percent > 0.0 && percent <= 100.0).then_some(Percent(percent))
    }

    /// Returns the percentage.
    pub fn percent(self) -> f64 {
        self.0
    }

    /// Returns whether an end lies elsewhere than this part of a number away from it, by more than a tenth of the move.
    fn is_missed(self, value: f64, end: f64) -> bool {
        const TOLERATED: f64 = 0.1;
        let wanted = value.abs() * self.0 / 100.0;
        ((end - value).abs() - wanted).abs() > wanted * TOLERATED
    }

    /// Returns a number moved down (`-1.0`) or up (`1.0`), within its bounds, whole where it has to be: 10,000 moved
    /// by 20 % is 8,000 and 12,000; a share of 90 % is 72 % and 100 %; 5 chunks are 4 and 6.
    fn of(self, param: Param, value: f64, way: f64) -> f64 {
        let facts = param.facts();
        let moved = value * (100.0 + way * self.0) / 100.0;
        let moved = if facts.whole { moved.round() } else { moved };
        moved.clamp(facts.bounds.0, facts.bounds.1)
    }
}

/// One end of a number's move.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// The number there.
    pub value: f64,
    /// What the design costs there; `None` where it has no cost.
    pub cost: Option<f64>,
    /// Why it has none.
    pub reason: Option<Reason>,
}

/// A number that moves the design's cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The number.
    pub target: Target,
    /// What the scenario says.
    pub value: f64,
    /// The number made smaller.
    pub low: End,
    /// The number made larger.
    pub high: End,
    /// Whether an end is not quite where the percentage would have it, because it is whole or at a bound: 4 chunks
    /// moved by 20 % are 3 and 5.
    pub is_uneven: bool,
    /// Largest less smallest of the costs at both ends and in the middle, of those that are known.
    pub known_swing: f64,
}

impl Move {
    /// Returns the swing: largest less smallest of the costs at both ends and in the middle; `None` where an end has no cost.
    pub fn swing(&self) -> Option<f64> {
        (self.low.cost.is_some() && self.high.cost.is_some()).then_some(self.known_swing)
    }
}

/// Why a number that matters is not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Still {
    /// It is 0, and any part of that is 0.
    Zero,
    /// It is whole, and the move is less than half a step.
    Whole,
}

/// A number that the design depends on and that is not moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unmoved {
    /// The number.
    pub target: Target,
    /// What the scenario says.
    pub value: f64,
    /// Why.
    pub why: Still,
}

/// A move after which another design is the cheapest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The number.
    pub target: Target,
    /// Its value.
    pub value: f64,
    /// Whether it is moved up.
    pub up: bool,
    /// The design that is the cheapest then; `None` where none can be called so.
    pub cheapest: Option<Pair>,
}

/// What every number does to a design's cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    /// The design.
    pub pair: Pair,
    /// What is compared.
    pub metric: Metric,
    /// By how much numbers are moved.
    pub by: Percent,
    /// What the design costs with the numbers of the scenario.
    pub cost: f64,
    /// Numbers that move it, the largest swing first.
    pub moves: Vec<Move>,
    /// Numbers that it depends on and that are not moved.
    pub unmoved: Vec<Unmoved>,
    /// The cheapest of the compared designs with the numbers of the scenario.
    pub cheapest: Option<Pair>,
    /// Moves that make another one the cheapest, of any number.
    pub changes: Vec<Change>,
}

impl Tornado {
    /// Returns how far an end's cost lies above (below, if negative) that of the scenario's numbers.
    pub fn difference(&self, end: &End) -> Option<f64> {
        end.cost.map(|cost| cost - self.cost)
    }

    /// Returns how far the farthest cost of any end lies from that of the scenario's numbers.
    pub fn widest(&self) -> f64 {
        let ends = self.moves.iter().flat_map(|moved| [&moved.low, &moved.high]);
        ends.filter_map(|end| self.difference(end))
            .fold(0.0, |widest, difference| widest.max(difference.abs()))
    }

    /// Returns the design that is the cheapest with a number at an end of its move; `None` where none can be called so.
    pub fn cheapest_at(&self, target: Target, value: f64) -> Option<Pair> {
        let change = self.changes.iter().find(|change| change.target == target && change.value == value);
        change.map_or(self.cheapest, |change| change.cheapest)
    }
}

/// Moves every number of a scenario that is given or has a default, one at a time; numbers that are left to be derived
/// follow the others.
///
/// # Errors
/// Why the design has no cost with the numbers of the scenario.
pub fn tornado(case: &Case<'_>, pair: Pair, by: Percent, metric: Metric) -> Result<Tornado, Reason> {
    let mut trial = Trial::of(case, pair, by, metric);
    let (cost, cheapest) = trial.run();
    let Some(cost) = cost else {
        let unknown = || Reason::Contradiction("the cost is too large to be counted".to_owned());
        return Err(why_without_cost(case, pair, case.scenario).unwrap_or_else(unknown));
    };
    let cheapest_pair = |at: Option<usize>| at.and_then(|at| trial.lineup.pairs().nth(at));
    let mut found = Tornado {
        pair,
        metric,
        by,
        cost,
        moves: Vec::new(),
        unmoved: Vec::new(),
        cheapest: cheapest_pair(cheapest),
        changes: Vec::new(),
    };
    for target in case.scenario.targets() {
        trial.number(target, cheapest, &mut found);
    }
    // A stable sort: equal swings stay in the order of the list.
    found.moves.sort_by(|a, b| b.known_swing.total_cmp(&a.known_swing));
    Ok(found)
}

/// The designs while their numbers are moved.
struct Trial<'c> {
    case: &'c Case<'c>,
    lineup: Lineup<'c>,
    outcomes: Vec<Outcome>,
    /// Place of the design in question.
    at: usize,
    pair: Pair,
    by: Percent,
    metric: Metric,
}

impl<'c> Trial<'c> {
    fn of(case: &'c Case<'c>, pair: Pair, by: Percent, metric: Metric) -> Trial<'c> {
        let lineup = Lineup::of(case, &[pair]);
        let at = lineup.pairs().position(|known| known == pair).unwrap_or(0);
        Trial { case, lineup, outcomes: Vec::new(), at, pair, by, metric }
    }

    /// Returns what the design costs, and the place of the cheapest one.
    fn run(&mut self) -> (Option<f64>, Option<usize>) {
        self.lineup.run(&mut self.outcomes);
        let cost = self.lineup.cost(self.at, &self.outcomes[self.at], self.metric);
        (cost, self.lineup.cheapest(&self.outcomes, self.metric))
    }

    /// Returns the same with one number moved.
    fn run_at(&mut self, target: Target, value: f64) -> (Option<f64>, Option<usize>) {
        self.lineup.put(target, value);
        let found = self.run();
        self.lineup.restore(target);
        found
    }

    /// Moves a number down and up and notes what that does.
    fn number(&mut self, target: Target, cheapest: Option<usize>, found: &mut Tornado) {
        let scenario = self.case.scenario;
        let Some(value) = scenario.number(target).filter(|_| !is_derived(scenario, target)) else { return };
        let ends = [-1.0, 1.0].map(|way| self.by.of(target.param, value, way));
        if ends == [value, value] {
            if self.matters(target, value, found.cost) {
                let why = if value == 0.0 { Still::Zero } else { Still::Whole };
                found.unmoved.push(Unmoved { target, value, why });
            }
            return;
        }
        let [low, high] = ends.map(|end| {
            let (cost, winner) = self.run_at(target, end);
            if winner != cheapest {
                let winner = winner.and_then(|at| self.lineup.pairs().nth(at));
                found.changes.push(Change { target, value: end, up: end > value, cheapest: winner });
            }
            self.end(target, end, cost)
        });
        let moves = |end: &End| end.cost.is_none_or(|cost| differs(cost, found.cost));
        if moves(&low) || moves(&high) {
            let known = [low.cost, high.cost].into_iter().flatten();
            let (least, most) =
                known.fold((found.cost, found.cost), |(least, most), cost| (least.min(cost), most.max(cost)));
            let is_uneven = ends.iter().any(|end| self.by.is_missed(value, *end));
            found.moves.push(Move { target, value, low, high, is_uneven, known_swing: most - least });
        }
    }

    fn end(&self, target: Target, value: f64, cost: Option<f64>) -> End {
        let reason = || why_without_cost(self.case, self.pair, &with(self.case.scenario, target, value));
        End { value, cost, reason: if cost.is_none() { reason() } else { None } }
    }

    /// Returns whether the design's cost depends on a number that stays where it is, found out by a step that moves it.
    fn matters(&mut self, target: Target, value: f64, cost: f64) -> bool {
        /// Small, so that it contradicts no other number.
        const STEP: f64 = 0.01;
        let facts = target.param.facts();
        let step = if facts.whole { 1.0 } else { STEP };
        let inside = |probe: &f64| *probe >= facts.bounds.0 && *probe <= facts.bounds.1;
        let Some(probe) = [value + step, value - step].into_iter().find(inside) else { return false };
        self.run_at(target, probe).0.is_some_and(|moved| differs(moved, cost))
    }
}

fn differs(cost: f64, from: f64) -> bool {
    (cost - from).abs() > UNMOVED * cost.abs().max(from.abs())
}

/// Returns whether a number follows from others: requests where users are given, and the share of a class without others.
fn is_derived(scenario: &Scenario, target: Target) -> bool {
    match target.param {
        Param::RequestsPerMonth => scenario.numbers.get(Param::Users).is_some(),
        Param::ClassShare => scenario.groups.classes.len() < 2,
        _ => false,
    }
}

/// Returns a scenario with one number changed; with the share of a class, the others change in their proportions.
fn with(scenario: &Scenario, target: Target, value: f64) -> Scenario {
    let mut changed = scenario.clone();
    changed.put(target, value, Origin::Override);
    if let (Param::ClassShare, Some((GroupKind::Class, at))) = (target.param, target.group)
        && let Some(shares) = shares_with(&scenario.groups.class_shares(), &[(usize::from(at), value)])
    {
        for (class, share) in shares.enumerate() {
            let group = Some((GroupKind::Class, class as u16));
            changed.put(Target { group, ..target }, share, Origin::Override);
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_numbers_stay_in_bounds_and_whole() {
        let by = Percent::default();
        let ends = |param, value| [-1.0, 1.0].map(|way| by.of(param, value, way));
        assert_eq!(ends(Param::RequestsPerMonth, 10_000.0), [8000.0, 12_000.0]);
        assert_eq!(ends(Param::HitShare, 0.9), [0.72, 1.0]);
        assert_eq!(ends(Param::TopK, 5.0), [4.0, 6.0]);
        assert_eq!(ends(Param::TopK, 2.0), [2.0, 2.0]);
        assert_eq!(ends(Param::ActiveHoursPerDay, 22.0), [17.6, 24.0]);
        // 300 tokens move by 60; of 4 chunks one is 25 %, of 22 hours 24 is 9 %.
        for (value, end, missed) in
            [(300.0, 240.0, false), (4.0, 5.0, true), (22.0, 24.0, true), (22.0, 17.6, false)]
        {
            assert_eq!(by.is_missed(value, end), missed, "{value} to {end}");
        }
    }

    #[test]
    fn nothing_and_more_than_all_are_no_percentages() {
        assert_eq!(Percent::new(20.0), Some(Percent::default()));
        for bad in [0.0, -5.0, 100.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Percent::new(bad), None, "{bad}");
        }
    }
}
