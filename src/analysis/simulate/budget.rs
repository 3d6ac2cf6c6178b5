//! The budget of a draw.

use rust_decimal::prelude::ToPrimitive;

use crate::analysis::Case;
use crate::scenario::Param;

/// What a month may cost, in the currency of the results.
pub(super) struct Budget {
    amount: Option<f64>,
    /// Currency of the results for one unit of the scenario's, where the budget itself is drawn.
    factor: f64,
}

impl Budget {
    pub fn of(case: &Case<'_>) -> Budget {
        let amount = case.amount(Param::BudgetPerMonth).and_then(|budget| budget.to_f64());
        let given = case.scenario.numbers.value(Param::BudgetPerMonth);
        let factor = amount.filter(|_| given > 0.0).map_or(1.0, |amount| amount / given);
        Budget { amount, factor }
    }

    pub fn at(&self, drawn: Option<f64>) -> Option<f64> {
        self.amount.map(|amount| drawn.map_or(amount, |drawn| drawn * self.factor))
    }
}
