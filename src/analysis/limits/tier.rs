//! What one tier of a product allows.

use arrayvec::ArrayVec;

use super::demand::{Demand, Pace};
use crate::catalog::{Product, Quota, RateLimit};
use jiff::civil::Date;

/// How many quotas a limit can have.
const QUOTAS: usize = Quota::WORDS.len();

/// Rounding that is not held against a demand.
const TOLERANCE: f64 = 1e-9;

/// One quota of a tier against the demand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuotaUse {
    /// What is counted.
    pub quota: Quota,
    /// How much the tier allows.
    pub size: f64,
    /// How much is asked for: in the busiest minute, on an active day for RPD, or waiting in the queue.
    pub demand: f64,
    /// The part of it that one request takes.
    pub each: f64,
    /// The part of it that the largest call takes, where a single one could be over the quota.
    pub largest_call: f64,
}

impl QuotaUse {
    /// Returns whether the largest call alone is over the quota, so that it can never be made.
    pub fn bars_a_call(&self) -> bool {
        self.largest_call > self.size
    }

    /// Returns the share of the quota that the demand takes; infinite where a call can never be made.
    pub fn used(&self) -> f64 {
        if self.bars_a_call() { f64::INFINITY } else { self.demand / self.size }
    }

    /// Returns whether the quota holds the demand.
    pub fn holds(&self) -> bool {
        self.used() <= 1.0 + TOLERANCE
    }

    /// Returns the share of the quota that is left, negative where the demand is over it; `None` where a call can never
    /// be made. 5 of 20 requests a minute leave 0.75, 40 of 20 leave −1.
    pub fn headroom(&self) -> Option<f64> {
        Some(1.0 - self.used()).filter(|left| left.is_finite())
    }

    /// Returns the requests a minute that the quota allows, at the peak factor, the hours and the batch share of the
    /// scenario; `None` where none is answered at once.
    pub fn requests_per_minute(&self, pace: &Pace) -> Option<f64> {
        if pace.at_once <= 0.0 {
            return None;
        }
        let allowed = match self.quota {
            _ if self.bars_a_call() => 0.0,
            Quota::Rpd | Quota::BatchQueue => pace.peak_per_minute() * self.size / self.demand,
            Quota::Rpm | Quota::Tpm | Quota::Itpm | Quota::Otpm => self.size / self.each,
        };
        Some(allowed).filter(|allowed| allowed.is_finite())
    }
}

/// Holds a demand against every quota of a limit; those that nothing is asked of are left out.
///
/// Requests and tokens a minute are held against the busiest minute, requests a day against an active day. Of a batch
/// queue all input tokens of an active day are taken to wait at the same time, since vendors promise no more than
/// an answer within 24 hours.
pub(super) fn uses(limit: &RateLimit, demand: &Demand, pace: &Pace) -> ArrayVec<QuotaUse, QUOTAS> {
    let held = |(quota, size): &(Quota, f64)| {
        let total = demand.total(*quota, limit.counts_cached);
        (total > 0.0).then(|| QuotaUse {
            quota: *quota,
            size: *size,
            demand: match quota {
                Quota::Rpd | Quota::BatchQueue => pace.day(total),
                Quota::Rpm | Quota::Tpm | Quota::Itpm | Quota::Otpm => pace.peak(total),
            },
            each: if pace.at_once > 0.0 { total / pace.at_once } else { 0.0 },
            largest_call: demand.largest(*quota, limit.counts_cached),
        })
    };
    limit.quotas.iter().filter_map(held).take(QUOTAS).collect()
}

/// Returns the quota that decides: the one of which the demand takes the largest share.
pub(super) fn binding(uses: &[QuotaUse]) -> Option<QuotaUse> {
    uses.iter().copied().reduce(|most, other| if other.used() > most.used() { other } else { most })
}

/// Returns the limits in force for calls of a size: those of the pool that the largest call belongs to.
pub(super) fn of_pool(
    product: &Product,
    date: Date,
    largest_prompt: f64,
) -> impl DoubleEndedIterator<Item = &RateLimit> {
    let reached = |limit: &RateLimit| limit.above_input_tokens.filter(|above| largest_prompt > *above);
    let held = product.limits.iter().filter(move |limit| limit.holds_on(date));
    let pool = held.filter_map(reached).reduce(f64::max);
    RateLimit::in_force(&product.limits, date).filter(move |limit| limit.above_input_tokens == pool)
}
