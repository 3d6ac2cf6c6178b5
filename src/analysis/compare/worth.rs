//! What a month's cost comes to for each right answer and for each user, and what is left of the price.

use rust_decimal::Decimal;

use crate::analysis::Case;
use crate::analysis::revenue::revenue;
use crate::scenario::Param;
use crate::units::decimal;

/// A month's cost by what it brings.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Worth {
    pub per_correct: Option<Decimal>,
    pub per_user: Option<Decimal>,
    pub margin: Option<Decimal>,
}

impl Worth {
    /// Divides a month's cost.
    ///
    /// Wrong answers are paid like right ones: $100 for 1,000 requests of which 80% are right are
    /// 100 / (1,000 × 0.8) = $0.125 for each right answer. Users on trial cost what others cost and pay nothing: $4 a
    /// user at a price of $10 with 20% on trial leave 1 − 4 / (10 × 0.8) = 50%.
    pub fn of(case: &Case<'_>, monthly: Option<Decimal>, accuracy: Option<f64>) -> Worth {
        let Some(monthly) = monthly else { return Worth::default() };
        let numbers = &case.scenario.numbers;
        let right = accuracy.and_then(|share| decimal(numbers.requests()).checked_mul(decimal(share)));
        let users = numbers.get(Param::Users);
        let brought = users.zip(case.amount(Param::PricePerUser));
        let brought =
            brought.and_then(|(users, price)| revenue(users, numbers.value(Param::TrialShare), price));
        let spent = brought.and_then(|brought| monthly.checked_div(brought));
        Worth {
            per_correct: right.and_then(|right| monthly.checked_div(right)),
            per_user: users.and_then(|users| monthly.checked_div(decimal(users))),
            margin: spent.and_then(|spent| Decimal::ONE.checked_sub(spent)),
        }
    }
}

/// Returns the share of the price that is to be left.
pub(super) fn target_margin(case: &Case<'_>) -> f64 {
    case.scenario.numbers.value(Param::TargetMargin)
}
