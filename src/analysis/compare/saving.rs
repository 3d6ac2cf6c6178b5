//! What the plan saves against what runs today.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Row;
use crate::analysis::{Case, Pair};
use crate::units::decimal;
use crate::usage::Recurrence;

const MONTHS_PER_YEAR: f64 = 12.0;

/// What changes for the user if the plan replaces the baseline.
///
/// A baseline of $100 a month and a plan of $60 save $40 a month and $480 a year; where the plan pays $20 once and
/// `business.switching_cost` is $60, the switch costs $80 and is paid back after 2 months.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saving {
    /// Monthly cost of the baseline less that of the plan.
    pub monthly: Decimal,
    /// That saving as a share of what the baseline costs: 0.881 where $0.0714 takes the place of $0.60; `None` where the
    /// baseline costs nothing.
    pub share: Option<f64>,
    /// The same in twelve months; `None` where a decimal cannot hold it.
    pub yearly: Option<Decimal>,
    /// Cost of switching, paid once: what the plan pays once, and `business.switching_cost`.
    pub switching: Decimal,
    /// Months until the saving has paid for the switch; `None` where it never does.
    pub payback_months: Option<f64>,
}

impl Saving {
    /// Says why the switch is never paid back; `None` where it is.
    pub fn no_payback(&self) -> Option<&'static str> {
        match self.payback_months {
            Some(_) => None,
            None if self.monthly > Decimal::ZERO => Some("it takes longer than can be counted"),
            None => Some("the plan saves nothing"),
        }
    }
}

/// Works the saving out; `None` where the scenario does not name both designs or one has no known cost.
pub(super) fn saving(case: &Case<'_>, rows: &[Row]) -> Option<Saving> {
    let costs = |pair: Option<Pair>| {
        let pair = pair?;
        let known = rows.iter().find(|row| row.pair == pair).map(|row| (row.monthly, row.one_off));
        known.or_else(|| {
            let bill = case.evaluate(pair).ok()?.bill;
            Some((bill.total(Recurrence::Monthly).amount(), bill.total(Recurrence::OneOff).amount()))
        })
    };
    let (plan, once) = costs(case.plan)?;
    let (baseline, _) = costs(case.baseline)?;
    let monthly = baseline?.checked_sub(plan?)?;
    let share = monthly.checked_div(baseline?).and_then(|share| share.to_f64());
    let switches = case.plan.filter(|plan| case.baseline != Some(*plan));
    let switching =
        switches.map_or(Some(Decimal::ZERO), |plan| once?.checked_add(case.switching_to(plan)?))?;
    let months = switching.checked_div(monthly).filter(|_| monthly > Decimal::ZERO);
    let payback_months = months.and_then(|months| months.to_f64());
    Some(Saving {
        monthly,
        share,
        yearly: monthly.checked_mul(decimal(MONTHS_PER_YEAR)),
        switching,
        payback_months,
    })
}
