//! Whether a design's peak is within the limits of a tier: the one that the scenario names, else the highest.

use std::fmt;

use arrayvec::ArrayVec;

use super::demand::{Demand, Pace, has_queue, is_asked};
use super::tier::{QuotaUse, binding, of_pool, uses};
use crate::analysis::{Case, Pair};
use crate::catalog::{Confidence, ProductId, Quota, RateLimit};
use crate::present::{rough, whole};
use crate::usage::{Recurrence, Usage};

/// Most products of one design that limits are looked up for.
const MOST_PRODUCTS: usize = 16;

/// The limit that a design is over.
#[derive(Debug, Clone, PartialEq)]
pub struct OverLimit {
    /// Id of the product, where it is not the model that answers.
    pub product: Option<String>,
    /// Name of the tier.
    pub tier: String,
    /// Whether the scenario names the tier; else it is the highest that is published.
    pub named: bool,
    /// The quota that decides.
    pub quota: QuotaUse,
    /// Requests in the busiest minute.
    pub peak_per_minute: f64,
    /// Requests a minute that the tier allows; `None` where all requests wait in a queue.
    pub allowed_per_minute: Option<f64>,
}

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(product) = &self.product {
            write!(f, "{product}: ")?;
        }
        let tier = if self.named { self.tier.clone() } else { format!("{}, the highest tier,", self.tier) };
        let QuotaUse { quota, size, demand, .. } = self.quota;
        let label = quota.label();
        if self.quota.bars_a_call() {
            let call = whole(self.quota.largest_call);
            return write!(f, "a call of {call} tokens is over the {} {label} of {}", whole(size), self.tier);
        }
        match (quota, self.allowed_per_minute) {
            (Quota::Rpd, _) => {
                write!(f, "{} requests a day, {tier} allows {}", whole(demand), whole(size))
            }
            (Quota::BatchQueue, _) => {
                write!(f, "{} batch tokens a day, {tier} queues {}", whole(demand), whole(size))
            }
            (_, Some(allowed)) => {
                let (peak, allowed) = (rough(self.peak_per_minute), rough(allowed));
                write!(f, "peak {peak} requests/min, {tier} allows {allowed} ({label})")
            }
            (_, None) => write!(f, "{} {label} at the peak, {tier} allows {}", whole(demand), whole(size)),
        }
    }
}

/// What limits say about a design.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Verdict {
    /// Whether the peak is within the limits; `None` where none are published for the model that answers.
    pub within: Option<bool>,
    /// The limit that it is over.
    pub over: Option<OverLimit>,
    /// Why nothing is known.
    pub unknown: Option<&'static str>,
}

/// Says why a design was not held against any limit of the model that answers.
fn unknown(case: &Case<'_>, model: ProductId, usage: &Usage) -> &'static str {
    let mut limits = RateLimit::in_force(&case.product(model).limits, case.book.date);
    if usage.lines.iter().any(|line| line.hosted && line.product == model) {
        "the model runs on hardware of your own"
    } else if limits.next().is_none() {
        "no limits are known for the model on that day"
    } else if case.tier_of(model).is_some() {
        "no limits are known for the model in the tier that limits.tiers names"
    } else {
        "nothing is asked for that the limits count"
    }
}

/// Says why a design over a limit is not called so.
const NOT_CERTAIN: &str = "over the highest tier that is known, which is not certain";

/// Judges a usage by the limits of all products that it calls for each request.
///
/// A tier that the scenario does not name and whose figures are not certain holds a peak but never bars a design: what the
/// vendor really sells may be more.
pub(in crate::analysis) fn judge(case: &Case<'_>, pair: Pair, usage: &Usage) -> Verdict {
    let mut pace: Option<Pace> = None;
    let (mut within, mut certain) = (None, true);
    for product in asked(usage, pair.model) {
        if case.product(product).limits.is_empty() {
            continue;
        }
        let pace = pace.get_or_insert_with(|| Pace::of(case, pair.model));
        let demand = Demand::of(usage, product, has_queue(case, product));
        let Some((limit, quota)) = judged(case, &demand, pace) else { continue };
        let named = case.tier_of(product).is_some();
        if !quota.holds() && !named && limit.confidence != Confidence::High {
            certain = false;
            continue;
        }
        if !quota.holds() {
            let over = OverLimit {
                product: (product != pair.model).then(|| case.product(product).id.clone()),
                tier: limit.tier.clone(),
                named,
                quota,
                peak_per_minute: pace.peak_per_minute(),
                allowed_per_minute: quota.requests_per_minute(pace),
            };
            return Verdict { within: Some(false), over: Some(over), unknown: None };
        }
        if product == pair.model {
            within = Some(true);
        }
    }
    let within = within.filter(|_| certain);
    let unknown = match within {
        Some(_) => None,
        None if !certain => Some(NOT_CERTAIN),
        None => Some(unknown(case, pair.model, usage)),
    };
    Verdict { within, over: None, unknown }
}

/// Returns the products that are called for each request, the model that answers first.
pub(super) fn asked(usage: &Usage, model: ProductId) -> ArrayVec<ProductId, MOST_PRODUCTS> {
    let mut products: ArrayVec<ProductId, MOST_PRODUCTS> = ArrayVec::new();
    products.push(model);
    for line in &usage.lines {
        let counts = line.recurrence == Recurrence::Monthly && is_asked(line.step);
        if counts && !products.contains(&line.product) && products.try_push(line.product).is_err() {
            break;
        }
    }
    products
}

/// Returns the limit that a product is judged by, with the quota that decides: the tier that the scenario names for its
/// vendor, else one that holds the demand, else the one that leaves most.
fn judged<'c>(case: &'c Case<'_>, demand: &Demand, pace: &Pace) -> Option<(&'c RateLimit, QuotaUse)> {
    let named = case.tier_of(demand.product);
    let mut best: Option<(&RateLimit, QuotaUse)> = None;
    // Tables list the highest tier last, which most often is enough.
    let limits = of_pool(case.product(demand.product), case.book.date, demand.largest_prompt).rev();
    for limit in limits.filter(|limit| named.is_none_or(|named| named.eq_ignore_ascii_case(&limit.tier))) {
        let Some(quota) = binding(&uses(limit, demand, pace)) else { continue };
        if quota.holds() {
            return Some((limit, quota));
        }
        if best.is_none_or(|(_, most)| quota.used() < most.used()) {
            best = Some((limit, quota));
        }
    }
    best
}
