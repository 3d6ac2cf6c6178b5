//! How much traffic a budget pays for.

use rust_decimal::prelude::ToPrimitive;

use crate::analysis::curve::{Curve, Metric};
use crate::analysis::{Case, Pair};
use crate::scenario::Param;
use crate::scenario::parameter::LARGEST;

/// How many users or requests a month a budget pays for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Affordable {
    /// As many as anybody can have.
    Any,
    /// Not even one.
    None,
    /// That many, and not one more.
    UpTo(f64),
    /// The cost of a month is not known.
    Unknown,
}

impl Affordable {
    /// Returns the answer in one word.
    pub fn word(self) -> &'static str {
        match self {
            Affordable::Any => "any",
            Affordable::None => "none",
            Affordable::UpTo(_) => "up_to",
            Affordable::Unknown => "unknown",
        }
    }
}

/// Floats add up to a cost that is off by less than this share.
const ROUNDING: f64 = 1e-12;

/// Finds the largest whole number that keeps the month of a design within the budget, at the prices and the other
/// numbers of the case; `None` where no budget is given.
///
/// The cost is followed along powers of two up to the largest number that is accepted anywhere, and the last step from
/// a month within the budget to one above it is halved until neighbours are left. So a cost that falls for a while,
/// as that of a paid cache can, does not end the search.
///
/// A budget of $100 pays for 10,000 requests of $0.01.
pub fn affordable(case: &Case<'_>, pair: Pair, param: Param) -> Option<Affordable> {
    let budget = case.amount(Param::BudgetPerMonth)?.to_f64()?;
    let limit = budget * (1.0 + ROUNDING);
    let mut curve = Curve::new(case, pair);
    let mut within = |count: f64| Some(curve.cost_at(param, count, Metric::Monthly)? <= limit);
    let mut search = || {
        if within(LARGEST)? {
            return Some(Affordable::Any);
        }
        let powers = std::iter::successors(Some(LARGEST.log2().floor().exp2()), |power| Some(power / 2.0));
        let mut above = LARGEST;
        for power in powers.take_while(|power| *power >= 1.0) {
            if within(power)? {
                return last_within(power, above, &mut within).map(Affordable::UpTo);
            }
            above = power;
        }
        Some(Affordable::None)
    };
    Some(search().unwrap_or(Affordable::Unknown))
}

/// Halves the way between a number within the budget and one above it.
fn last_within(mut low: f64, mut high: f64, within: &mut impl FnMut(f64) -> Option<bool>) -> Option<f64> {
    while high - low > 1.0 {
        let middle = ((low + high) / 2.0).floor();
        if within(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}
