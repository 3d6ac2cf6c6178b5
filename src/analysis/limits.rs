//! Rate limits: how many requests the tiers of every product of a design allow, whether the peak fits, which product
//! binds, what a minute costs, and how long the index takes.

pub mod demand;
pub mod index;
pub mod tier;
pub mod verdict;

use rust_decimal::Decimal;

use super::{Case, Evaluation, Failure, Pair};
use crate::catalog::{Confidence, ProductId, Quota, RateLimit};
use crate::scenario::Scenario;
use crate::units::{HOURS_PER_MONTH, decimal};
use crate::usage::hosting::Hosted;
use crate::usage::{Recurrence, Step, Usage};
use demand::{Demand, Pace, has_queue, is_asked};
use index::IndexJob;
use tier::QuotaUse;

/// What one tier allows.
#[derive(Debug, Clone, PartialEq)]
pub struct TierRow {
    /// The tier as the catalog has it.
    pub limit: RateLimit,
    /// Every quota of the tier against what is asked for.
    pub quotas: Vec<QuotaUse>,
    /// Which quota decides.
    pub binding: QuotaUse,
    /// Requests of the scenario in a minute at the limit, 0 where a single one is over it; `None` where all wait in a
    /// batch queue.
    pub requests_per_minute: Option<f64>,
    /// Whether the peak minute fits the limits by the minute, a day's requests the limit by the day and a day's
    /// waiting tokens the batch queue.
    pub holds_peak: bool,
    /// Cost of a minute at the limit.
    pub money_per_minute: Option<Decimal>,
    /// Whether the scenario names this tier as the customer's.
    pub is_own: bool,
}

/// What boxes of one's own allow, for a model without a vendor's limits.
///
/// A box that is busy all the time answers 60 / (seconds of a request) a minute: at 2 seconds 30. A peak of 70 a minute
/// then needs ⌈70 / 30⌉ = 3 boxes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boxes {
    /// Boxes that run all month; `None` where they are rented by the hour, as many as are needed.
    pub count: Option<f64>,
    /// Requests a minute that one box answers when it is busy all the time.
    pub requests_per_minute_each: Option<f64>,
    /// Boxes that the peak needs.
    pub needed: f64,
}

impl Boxes {
    /// Returns the requests a minute that the boxes answer, where their number is fixed.
    pub fn requests_per_minute(&self) -> Option<f64> {
        Some(self.count? * self.requests_per_minute_each?)
    }

    /// Returns whether they hold the peak; `None` where as many are rented as are needed.
    pub fn holds_peak(&self) -> Option<bool> {
        self.count.map(|count| count >= self.needed)
    }
}

/// One product of a design with what it is asked for and what its tiers allow.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductLimits {
    /// The product.
    pub product: ProductId,
    /// What the design uses it for.
    pub roles: Vec<String>,
    /// What it is asked for in a month.
    pub demand: Demand,
    /// Name of the tier that the scenario names for its vendor.
    pub own_tier: Option<String>,
    /// Tiers in the order of what they allow.
    pub tiers: Vec<TierRow>,
    /// The boxes that it runs on, where it runs on hardware of the user's own.
    pub boxes: Option<Boxes>,
}

impl ProductLimits {
    /// Returns the lowest tier that holds the peak.
    pub fn tier_needed(&self) -> Option<&TierRow> {
        self.tiers.iter().find(|tier| tier.holds_peak)
    }

    /// Returns the tier by which the product is judged: the customer's, else the highest that is published.
    pub fn judged_by(&self) -> Option<&TierRow> {
        match self.own_tier {
            Some(_) => self.tiers.iter().find(|tier| tier.is_own),
            None => self.tiers.last(),
        }
    }
}

/// Demand against the tiers of every product of a design.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The design.
    pub pair: Pair,
    /// Input tokens of one request.
    pub input_tokens: f64,
    /// Output tokens of one request.
    pub output_tokens: f64,
    /// When requests arrive.
    pub pace: Pace,
    /// Cost of one request, without what is paid by the month.
    pub money_per_request: Option<Decimal>,
    /// The products that are called for each request, the model that answers first.
    pub products: Vec<ProductLimits>,
    /// What is done once to make the index.
    pub index: Vec<IndexJob>,
}

impl Limits {
    /// Returns the tiers of the model that answers.
    pub fn tiers(&self) -> &[TierRow] {
        self.products.first().map_or(&[], |product| &product.tiers)
    }

    /// Returns the product whose limits leave the smallest share of what is asked for, by its own tier or the highest.
    pub fn binding(&self) -> Option<(&ProductLimits, &TierRow)> {
        let judged = self.products.iter().filter_map(|product| Some((product, product.judged_by()?)));
        judged.reduce(|most, other| if other.1.binding.used() > most.1.binding.used() { other } else { most })
    }

    /// Returns whether the peak is within the limits that are known; `None` where none are published for the model
    /// that answers, or where it is over a highest tier that is not certain.
    pub fn within(&self) -> Option<bool> {
        let judged = |product: &ProductLimits| product.judged_by().map(|tier| tier.holds_peak);
        let is_certain = |product: &&ProductLimits| {
            let sure = |tier: &TierRow| tier.is_own || tier.limit.confidence == Confidence::High;
            product.judged_by().is_some_and(sure)
        };
        let (certain, others): (Vec<_>, Vec<_>) =
            self.products.iter().filter(|product| judged(product) == Some(false)).partition(is_certain);
        match (certain.is_empty(), others.is_empty()) {
            (false, _) => Some(false),
            (true, false) => None,
            (true, true) => judged(self.products.first()?),
        }
    }
}

/// Works out demand and tiers for one design.
///
/// # Errors
/// Why the design cannot run.
pub fn limits(case: &Case<'_>, pair: Pair) -> Result<Limits, Failure> {
    let evaluation = case.evaluate(pair)?;
    let usage = &evaluation.usage;
    let hosts = case.design(pair).hosts;
    let requests = case.scenario.numbers.requests();
    let (input_tokens, output_tokens, _) = usage.per_request(requests);
    let pace = Pace::of(case, pair.model);
    let money = money_per_request(&evaluation, requests);
    let of_product = |product| match hosts.iter().find(|host| host.product == product) {
        Some(host) => hosted(case, usage, host, &pace),
        None => product_limits(case, usage, product, (&pace, money)),
    };
    let asked = verdict::asked(usage, pair.model);
    let products = asked.into_iter().map(of_product).filter(|of| of.product == pair.model || of.is_known());
    Ok(Limits {
        pair,
        input_tokens,
        output_tokens,
        pace,
        money_per_request: money,
        products: products.collect(),
        index: index::jobs(case, usage, &hosts),
    })
}

impl ProductLimits {
    /// Returns whether the product is asked for anything, so that there is something to tell.
    fn is_known(&self) -> bool {
        self.demand.is_any() || self.boxes.is_some()
    }
}

fn product_limits(
    case: &Case<'_>,
    usage: &Usage,
    product: ProductId,
    (pace, money): (&Pace, Option<Decimal>),
) -> ProductLimits {
    let demand = Demand::of(usage, product, has_queue(case, product));
    let own = case.tier_of(product);
    let row = |limit: &RateLimit| {
        let quotas = tier::uses(limit, &demand, pace);
        let binding = tier::binding(&quotas)?;
        let requests_per_minute = binding.requests_per_minute(pace);
        let at_limit = |money: Decimal| money.checked_mul(decimal(requests_per_minute?));
        Some(TierRow {
            limit: limit.clone(),
            quotas: quotas.to_vec(),
            binding,
            requests_per_minute,
            holds_peak: binding.holds(),
            money_per_minute: money.and_then(at_limit),
            is_own: own.is_some_and(|own| own.eq_ignore_ascii_case(&limit.tier)),
        })
    };
    let in_force = tier::of_pool(case.product(product), case.book.date, demand.largest_prompt);
    let mut tiers: Vec<TierRow> = in_force.filter_map(row).collect();
    // Where no call passes, the larger limit is the higher tier all the same.
    let order = |tier: &TierRow| (tier.binding.used(), tier.binding.demand / tier.binding.size);
    tiers.sort_by(|a, b| {
        let (a, b) = (order(a), order(b));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    let (roles, own_tier) = (roles(case.scenario, usage, product), own.map(str::to_owned));
    ProductLimits { product, roles, demand, own_tier, tiers, boxes: None }
}

/// Works out what the boxes of a hosted model answer.
fn hosted(case: &Case<'_>, usage: &Usage, host: &Hosted, pace: &Pace) -> ProductLimits {
    let month = usage.busy_seconds(host, Recurrence::Monthly);
    let lines = usage.answered_by(host, Recurrence::Monthly);
    let asked: f64 = lines.filter(|line| is_asked(line.step)).map(|line| host.busy(line)).sum();
    const SECONDS: f64 = 60.0;
    let each = (asked > 0.0 && pace.at_once > 0.0).then(|| SECONDS * pace.at_once / asked);
    let count = host
        .always_on
        .then(|| host.gpu_hours(month, Recurrence::Monthly) / host.gpus / f64::from(HOURS_PER_MONTH));
    let needed = (pace.peak(asked) / SECONDS).ceil();
    let boxes = Boxes { count, requests_per_minute_each: each, needed };
    let demand = Demand::of(usage, host.product, false);
    let roles = roles(case.scenario, usage, host.product);
    ProductLimits {
        product: host.product,
        roles,
        demand,
        own_tier: None,
        tiers: Vec::new(),
        boxes: Some(boxes),
    }
}

/// Says what a design uses a product for, each role once.
fn roles(scenario: &Scenario, usage: &Usage, product: ProductId) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    let lines = usage.lines.iter().filter(|line| line.product == product && is_asked(line.step));
    for line in lines {
        let role = match line.step {
            Step::Fallback | Step::FallbackHit | Step::FallbackMiss => "answer again",
            Step::EmbedQuestion => "embed question",
            Step::Rerank => "rerank",
            Step::KeepWarm => "keep cache warm",
            Step::Extra(at) => {
                scenario.groups.calls.get(usize::from(at)).map_or("extra call", |call| &call.name.text)
            }
            _ => "answer",
        };
        if !roles.iter().any(|known| known == role) {
            roles.push(role.to_owned());
        }
    }
    roles
}

/// Returns what one request costs, without floors and what is paid by the month.
fn money_per_request(evaluation: &Evaluation, requests: f64) -> Option<Decimal> {
    let lines = evaluation.bill.lines.iter().filter(|line| line.per_request);
    let month: Option<Decimal> = lines.map(|line| Some(line.price.as_ref().ok()?.effective)).sum();
    month?.checked_div(decimal(requests))
}

impl TierRow {
    /// Returns the quota that decides.
    pub fn bound_by(&self) -> Quota {
        self.binding.quota
    }
}
