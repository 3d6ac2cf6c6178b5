//! What users pay: the one place where they meet their price.

use rust_decimal::Decimal;

use crate::units::{decimal, share};

/// Returns how many users pay: all but those on trial.
pub(super) fn payers(users: f64, trial_share: f64) -> f64 {
    users * share(1.0 - trial_share)
}

/// Returns what users pay a month; `None` where a decimal cannot hold it.
///
/// Of 2,000 users 10 % are on trial: at $6 a user the others pay 1,800 × 6 = $10,800.
pub(super) fn revenue(users: f64, trial_share: f64, price: Decimal) -> Option<Decimal> {
    price.checked_mul(decimal(payers(users, trial_share)))
}
