//! The compared designs side by side on the path of curves: which is the cheapest as numbers move.

use super::curve::{Curve, Metric};
use super::{Case, Pair};
use crate::bill::rating::Sum;
use crate::scenario::{GroupKind, Param, Target};
use crate::usage::{Fit, Shape};

/// A design with its curve.
struct Runner<'c> {
    curve: Curve<'c>,
    /// Whether it may be called the cheapest where it fits: it is one of the compared designs and its model is still sold.
    competes: bool,
}

/// Several designs whose numbers are moved together.
pub(super) struct Lineup<'c> {
    case: &'c Case<'c>,
    runners: Vec<Runner<'c>>,
}

/// What a design costs, and how it compares; `None` where it has no cost.
pub(super) type Outcome = Option<(Sum, Shape)>;

impl<'c> Lineup<'c> {
    /// Lines up designs, by the name of model and strategy, so that equals are told in the order of a comparison.
    ///
    /// Those that are not compared take part without a place.
    pub(super) fn of(case: &'c Case<'c>, others: &[Pair]) -> Lineup<'c> {
        let compared: Vec<Pair> = case.pairs().collect();
        let mut pairs = compared.clone();
        for other in others {
            if !pairs.contains(other) {
                pairs.push(*other);
            }
        }
        pairs.sort_by_key(|pair| (&case.product(pair.model).id, pair.strategy.id()));
        let runner = |pair: Pair| Runner {
            curve: Curve::new(case, pair),
            competes: compared.contains(&pair) && !case.product(pair.model).is_retired(case.book.date),
        };
        Lineup { case, runners: pairs.into_iter().map(runner).collect() }
    }

    /// Returns the designs in their order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        self.runners.iter().map(|runner| runner.curve.pair)
    }

    /// Returns whether a design may be called the cheapest.
    pub(super) fn competes(&self, at: usize) -> bool {
        self.runners[at].competes
    }

    /// Changes a number that was checked before.
    pub(super) fn put(&mut self, target: Target, value: f64) {
        for runner in &mut self.runners {
            runner.curve.put(target, value);
        }
    }

    /// Takes a number back to what the case says.
    pub(super) fn restore(&mut self, target: Target) {
        if target.param == Param::ClassShare && matches!(target.group, Some((GroupKind::Class, _))) {
            self.put_shares(&self.case.scenario.groups.class_shares());
        } else if let Some(value) = self.case.scenario.number(target) {
            self.put(target, value);
        }
    }

    /// Gives every class of requests a share; they come to 1.
    pub(super) fn put_shares(&mut self, shares: &[f64]) {
        for runner in &mut self.runners {
            runner.curve.put_shares(shares);
        }
    }

    /// Works out every design, in their order.
    pub(super) fn run(&mut self, outcomes: &mut Vec<Outcome>) {
        outcomes.clear();
        outcomes.extend(self.runners.iter_mut().map(|runner| runner.curve.outcome()));
    }

    /// Returns what an outcome of a design comes to by a metric.
    pub(super) fn cost(&self, at: usize, outcome: &Outcome, metric: Metric) -> Option<f64> {
        outcome.map(|(sum, _)| self.runners[at].curve.by(metric, sum))
    }

    /// Returns the cheapest of the outcomes, by the rule of comparisons: among designs that are known to fit, still sold
    /// and keep their history, those that draw on the largest share of the corpus; of equals the one that costs less
    /// once, then the first.
    pub(super) fn cheapest(&self, outcomes: &[Outcome], metric: Metric) -> Option<usize> {
        let mut best: Option<(usize, f64, f64, f64)> = None;
        for (at, outcome) in outcomes.iter().enumerate() {
            let Some((sum, shape)) = outcome.filter(|(_, shape)| self.runners[at].competes && may_win(shape))
            else {
                continue;
            };
            let (cost, coverage) = (self.runners[at].curve.by(metric, sum), shape.coverage);
            let better = best.is_none_or(|(_, covered, least, once)| {
                coverage > covered
                    || (coverage == covered && (cost < least || (cost == least && sum.one_off < once)))
            });
            if better {
                best = Some((at, coverage, cost, sum.one_off));
            }
        }
        best.map(|(at, ..)| at)
    }
}

/// Returns whether a design that came out so may be called the cheapest.
pub(super) fn may_win(shape: &Shape) -> bool {
    shape.fit == Fit::Fits && !shape.remark.is_some_and(|remark| remark.drops_history())
}
