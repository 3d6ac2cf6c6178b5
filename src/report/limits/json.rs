//! Rate limits as JSON.

use serde::Serialize;

use crate::analysis::Case;
use crate::analysis::limits::index::IndexJob;
use crate::analysis::limits::tier::QuotaUse;
use crate::analysis::limits::{Limits, ProductLimits, TierRow};
use crate::catalog::Quota;
use crate::diagnostic::word_for;
use crate::report::json::{Exact, Plain, pretty};

#[derive(Serialize)]
struct JsonQuota {
    quota: &'static str,
    size: Plain,
    demand: Plain,
    largest_call: Plain,
    headroom: Option<Plain>,
}

#[derive(Serialize)]
struct JsonTier<'a> {
    tier: &'a str,
    from: String,
    needs: Option<&'a str>,
    yours: bool,
    requests_per_minute: Option<Plain>,
    bound_by: &'static str,
    holds_peak: bool,
    headroom: Option<Plain>,
    money_per_minute: Option<Exact>,
    counts_cached: bool,
    above_input_tokens: Option<Plain>,
    quotas: Vec<JsonQuota>,
    source: &'a str,
    confidence: &'static str,
}

#[derive(Serialize)]
struct JsonBoxes {
    count: Option<Plain>,
    requests_per_minute_each: Option<Plain>,
    requests_per_minute: Option<Plain>,
    needed: Plain,
    holds_peak: Option<bool>,
}

#[derive(Serialize)]
struct JsonProduct<'a> {
    product: &'a str,
    roles: &'a [String],
    calls_per_minute: Plain,
    input_tokens_per_minute: Plain,
    cached_tokens_per_minute: Plain,
    output_tokens_per_minute: Plain,
    batch_tokens_per_day: Plain,
    your_tier: Option<&'a str>,
    tier_needed: Option<&'a str>,
    reason: Option<&'static str>,
    boxes: Option<JsonBoxes>,
    tiers: Vec<JsonTier<'a>>,
}

#[derive(Serialize)]
struct JsonTime<'a> {
    tier: &'a str,
    minutes: Option<Plain>,
    bound_by: &'static str,
    reason: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonJob<'a> {
    job: &'static str,
    product: &'a str,
    calls: Option<Plain>,
    input_tokens: Plain,
    output_tokens: Plain,
    in_batch: bool,
    hosted_minutes: Option<Plain>,
    reason: Option<&'static str>,
    tiers: Vec<JsonTime<'a>>,
}

#[derive(Serialize)]
struct JsonBinding<'a> {
    product: &'a str,
    tier: &'a str,
    bound_by: &'static str,
    requests_per_minute: Option<Plain>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    model: &'a str,
    strategy: &'static str,
    as_of: String,
    currency: String,
    input_tokens_per_request: Plain,
    output_tokens_per_request: Plain,
    mean_requests_per_minute: Plain,
    peak_requests_per_minute: Plain,
    requests_per_active_day: Plain,
    money_per_request: Option<Exact>,
    within_limits: Option<bool>,
    tier_needed: Option<&'a str>,
    binding: Option<JsonBinding<'a>>,
    tiers: Vec<JsonTier<'a>>,
    products: Vec<JsonProduct<'a>>,
    index: Vec<JsonJob<'a>>,
    notes: Vec<String>,
}

/// Returns limits as JSON.
pub fn to_json(limits: &Limits, case: &Case<'_>) -> String {
    let needed = limits.products.first().and_then(ProductLimits::tier_needed);
    let (pace, model) = (&limits.pace, &case.product(limits.pair.model).id);
    pretty(&Document {
        schema: "ragonomics/limits/1",
        scenario: &case.scenario.name,
        model,
        strategy: limits.pair.strategy.id(),
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        input_tokens_per_request: Plain(limits.input_tokens),
        output_tokens_per_request: Plain(limits.output_tokens),
        mean_requests_per_minute: Plain(pace.mean_per_minute()),
        peak_requests_per_minute: Plain(pace.peak_per_minute()),
        requests_per_active_day: Plain(pace.day(pace.at_once)),
        money_per_request: limits.money_per_request.map(Exact),
        within_limits: limits.within(),
        tier_needed: needed.map(|tier| tier.limit.tier.as_str()),
        binding: limits.binding().map(|(product, tier)| JsonBinding {
            product: &case.product(product.product).id,
            tier: &tier.limit.tier,
            bound_by: tier.bound_by().label(),
            requests_per_minute: tier.requests_per_minute.map(Plain),
        }),
        tiers: limits.tiers().iter().map(json_tier).collect(),
        products: limits.products.iter().map(|product| json_product(product, limits, case)).collect(),
        index: limits.index.iter().map(|job| json_job(job, case)).collect(),
        notes: super::notes(limits, case),
    })
}

fn json_tier(tier: &TierRow) -> JsonTier<'_> {
    let quota = |quota: &QuotaUse| JsonQuota {
        quota: word_for(quota.quota, Quota::WORDS),
        size: Plain(quota.size),
        demand: Plain(quota.demand),
        largest_call: Plain(quota.largest_call),
        headroom: quota.headroom().map(Plain),
    };
    JsonTier {
        tier: &tier.limit.tier,
        from: tier.limit.from.to_string(),
        needs: tier.limit.needs.as_deref(),
        yours: tier.is_own,
        requests_per_minute: tier.requests_per_minute.map(Plain),
        bound_by: tier.bound_by().label(),
        holds_peak: tier.holds_peak,
        headroom: tier.binding.headroom().map(Plain),
        money_per_minute: tier.money_per_minute.map(Exact),
        counts_cached: tier.limit.counts_cached,
        above_input_tokens: tier.limit.above_input_tokens.map(Plain),
        quotas: tier.quotas.iter().map(quota).collect(),
        source: &tier.limit.source,
        confidence: tier.limit.confidence.word(),
    }
}

fn json_product<'a>(product: &'a ProductLimits, limits: &Limits, case: &Case<'a>) -> JsonProduct<'a> {
    let demand = &product.demand;
    let peak = |month: f64| Plain(limits.pace.peak(month));
    let needed = product.tier_needed();
    let reason = match (&product.boxes, needed) {
        (Some(_), _) => Some("runs on hardware of your own"),
        (None, None) if !demand.is_any() => Some("nothing is asked for"),
        (None, None) if product.tiers.is_empty() => Some("no limits are known on that day"),
        (None, None) => Some("no known tier holds the peak"),
        (None, Some(_)) => None,
    };
    JsonProduct {
        product: &case.product(product.product).id,
        roles: &product.roles,
        calls_per_minute: peak(demand.calls),
        input_tokens_per_minute: peak(demand.input),
        cached_tokens_per_minute: peak(demand.cached),
        output_tokens_per_minute: peak(demand.output),
        batch_tokens_per_day: Plain(limits.pace.day(demand.waiting)),
        your_tier: product.own_tier.as_deref(),
        tier_needed: needed.map(|tier| tier.limit.tier.as_str()),
        reason,
        boxes: product.boxes.map(|boxes| JsonBoxes {
            count: boxes.count.map(Plain),
            requests_per_minute_each: boxes.requests_per_minute_each.map(Plain),
            requests_per_minute: boxes.requests_per_minute().map(Plain),
            needed: Plain(boxes.needed),
            holds_peak: boxes.holds_peak(),
        }),
        tiers: product.tiers.iter().map(json_tier).collect(),
    }
}

fn json_job<'a>(job: &'a IndexJob, case: &Case<'a>) -> JsonJob<'a> {
    let unknown = job.tiers.is_empty() && job.hosted_minutes.is_none();
    JsonJob {
        job: job.job.label(),
        product: &case.product(job.product).id,
        calls: job.calls.map(Plain),
        input_tokens: Plain(job.input),
        output_tokens: Plain(job.output),
        in_batch: job.in_batch,
        hosted_minutes: job.hosted_minutes.map(Plain),
        reason: unknown.then_some("no limits are known on that day"),
        tiers: job
            .tiers
            .iter()
            .map(|tier| JsonTime {
                tier: &tier.tier,
                minutes: tier.minutes.map(Plain),
                bound_by: tier.binding.label(),
                reason: tier.minutes.is_none().then_some("a single call is over the limit"),
            })
            .collect(),
    }
}
