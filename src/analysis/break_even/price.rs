//! Where the price that users pay covers what a design costs.

use super::finder::{Found, find};
use super::{Crossing, Region};
use crate::analysis::curve::{Curve, Metric};
use crate::analysis::names::no_rate;
use crate::analysis::revenue::payers;
use crate::analysis::sweep::Axis;
use crate::analysis::{Case, Pair};
use crate::diagnostic::Fault;
use crate::scenario::Param;

/// What was found out about a design's cost and what its users bring in, along an axis.
///
/// In [`regions`](Self::regions) the first side is the cost and the second what users bring in: where the cost is the
/// smaller of the two, the price covers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    /// The design.
    pub pair: Pair,
    /// The stretch.
    pub axis: Axis,
    /// All values at which the price begins or ceases to cover the cost, ascending.
    pub crossings: Vec<Crossing>,
    /// Regions between them; together they cover the axis.
    pub regions: Vec<Region>,
    /// Whether both differ by the same amount everywhere.
    pub parallel: bool,
    /// What users bring in each month at the scenario's own numbers, in the currency of the results.
    pub brought_in: f64,
}

/// What users bring in each month, less the margin that is to be left.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Income {
    users: f64,
    trial_share: f64,
    price: f64,
    margin: f64,
    /// From the currency of the scenario's amounts into that of the results.
    factor: f64,
}

impl Income {
    /// Returns users × (1 − on trial) × price × (1 − margin).
    ///
    /// 2,000 users of whom 10 % are on trial, a price of $6 and a margin of 70 %: 1,800 × 6 × 0.3 = $3,240.
    fn monthly(&self) -> f64 {
        payers(self.users, self.trial_share) * self.price * (1.0 - self.margin) * self.factor
    }

    /// Returns the same with one number changed.
    fn at(mut self, axis: Axis, value: f64) -> Income {
        if axis.target.group.is_none() {
            match axis.target.param {
                Param::Users => self.users = value,
                Param::TrialShare => self.trial_share = value,
                Param::PricePerUser => self.price = value,
                Param::TargetMargin => self.margin = value,
                _ => {}
            }
        }
        self
    }

    /// Takes the scenario's numbers; one that is varied need not be given.
    fn of(case: &Case<'_>, axis: Axis) -> Result<Income, Fault> {
        let numbers = &case.scenario.numbers;
        let needed = |param: Param, remedy: &str| {
            let varied = (axis.target == param.into()).then_some(axis.from);
            let message =
                || format!("{} is not given, so nobody knows what users bring in", param.facts().path);
            let missing = || Fault::Conflict { message: message(), remedy: remedy.to_owned() };
            numbers.get(param).or(varied).ok_or_else(missing)
        };
        let written = case.scenario.amounts_in();
        let no_rate = || no_rate(written, case.book.currency, case.book.date);
        Ok(Income {
            price: needed(Param::PricePerUser, "add --set business.price_per_user=6 with your price")?,
            users: needed(
                Param::Users,
                "add --set workload.users=2000 with your users, and workload.sessions_per_user and turns_per_session",
            )?,
            trial_share: numbers.value(Param::TrialShare),
            margin: numbers.value(Param::TargetMargin),
            factor: case.book.factor(written).ok_or_else(no_rate)?.float,
        })
    }
}

/// Finds where the price that users pay covers a design's monthly cost along an axis.
///
/// Where the axis is not one of users, there are as many of them as the scenario says. Where requests a month are
/// varied, the users make more or fewer of them.
///
/// # Errors
/// The scenario has no price per user, or no users, or no rate for their currency.
pub fn cover(case: &Case<'_>, pair: Pair, axis: Axis) -> Result<Cover, Fault> {
    let income = Income::of(case, axis)?;
    let mut curve = Curve::new(case, pair);
    let Found { crossings, regions, parallel } = find(axis, &mut |value| {
        // Where the cost is not known, nobody can say whether it is covered.
        let cost = curve.cost_at(axis.target, value, Metric::Monthly);
        (cost, cost.map(|_| income.at(axis, value).monthly()))
    });
    Ok(Cover { pair, axis, crossings, regions, parallel, brought_in: income.monthly() })
}
