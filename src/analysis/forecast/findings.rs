//! What stands out in a forecast: when a budget is crossed, when a balance is spent, when a margin is lost, how much
//! traffic the budget pays for.

use rust_decimal::prelude::ToPrimitive;

use super::Month;
use super::afford::{Affordable, affordable};
use crate::analysis::{Case, Pair};
use crate::bill::Total;
use crate::scenario::Param;

/// The first month of which something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First {
    /// Number of the month, 0 for what is paid before month 1; `None` where it holds of none.
    pub month: Option<u32>,
    /// The first month before that of which it cannot be told.
    pub unknown_from: Option<u32>,
}

impl First {
    /// Looks for the first month of which something is certain.
    fn of(answers: impl Iterator<Item = (u32, Option<bool>)>) -> First {
        let mut unknown_from = None;
        for (number, answer) in answers {
            match answer {
                Some(true) => return First { month: Some(number), unknown_from },
                Some(false) => {}
                None => unknown_from = unknown_from.or(Some(number)),
            }
        }
        First { month: None, unknown_from }
    }
}

/// What stands out in a forecast; `None` for what the scenario gives no number for.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// First month that costs more than the budget.
    pub over_budget: Option<First>,
    /// First month at whose end more is spent than the balance and what users have paid.
    pub balance_spent: Option<First>,
    /// First month that costs more than its users pay.
    pub margin_lost: Option<First>,
    /// First month whose margin is a smaller share than the target.
    pub below_target: Option<First>,
    /// Requests a month that the budget pays for, at the prices of the case's day.
    pub requests: Option<Affordable>,
    /// Users that it pays for, each with the scenario's sessions and turns.
    pub users: Option<Affordable>,
}

impl Findings {
    /// Looks through the months of a design.
    pub(super) fn of(case: &Case<'_>, pair: Pair, start: Option<Total>, months: &[Month]) -> Findings {
        let numbers = &case.scenario.numbers;
        let first = |answer: &dyn Fn(&Month) -> Option<bool>| {
            First::of(months.iter().map(|month| (month.number, answer(month))))
        };
        let priced = numbers.get(Param::PricePerUser).and(numbers.get(Param::Users));
        let target = numbers.value(Param::TargetMargin);
        let counted = |param| affordable(case, pair, param);
        Findings {
            over_budget: case.amount(Param::BudgetPerMonth).map(|_| first(&|month| month.over_budget)),
            balance_spent: start.map(|start| {
                let ends = months.iter().map(|month| (month.number, month.balance.and_then(is_spent)));
                First::of(std::iter::once((0, is_spent(start))).chain(ends))
            }),
            margin_lost: priced.map(|_| first(&loses)),
            below_target: priced.filter(|_| target > 0.0).map(|_| first(&|month| misses(month, target))),
            requests: counted(Param::RequestsPerMonth),
            users: numbers.get(Param::Users).and_then(|_| counted(Param::Users)),
        }
    }
}

/// Returns whether a balance is spent; what is left at most may say so although a cost is unknown.
fn is_spent(left: Total) -> Option<bool> {
    let spent = left.known.is_sign_negative() && !left.known.is_zero();
    (spent || left.complete).then_some(spent)
}

/// Returns whether a month costs more than its users pay.
fn loses(month: &Month) -> Option<bool> {
    let (cost, revenue) = (month.outlay.total(), month.revenue?);
    let lost = cost.known > revenue;
    (lost || cost.complete).then_some(lost)
}

/// Returns whether a month's margin is a smaller share of its revenue than the target.
fn misses(month: &Month, target: f64) -> Option<bool> {
    match (month.margin_share, loses(month)) {
        (Some(share), _) => Some(share < target),
        (None, Some(true)) => Some(true),
        // Where nobody pays and nothing is spent, nothing is missed.
        (None, _) => month.margin.map(|margin| margin.to_f64().is_some_and(|margin| margin < 0.0)),
    }
}
