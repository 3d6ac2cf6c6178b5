//! Rate limits: how many requests a tier allows, whether the peak fits, what a minute costs.

use rust_decimal::Decimal;

use super::{Case, Evaluation, Failure, Pair};
use crate::catalog::{Meter, Quota, RateLimit};
use crate::scenario::Param;
use crate::units::{HOURS_PER_MONTH, MINUTES_PER_MONTH, decimal};
use crate::usage::UsageLine;

const MINUTES_PER_DAY: f64 = 24.0 * 60.0;

/// What one tier allows.
#[derive(Debug, Clone, PartialEq)]
pub struct TierRow {
    /// The tier as the catalog has it.
    pub limit: RateLimit,
    /// Requests of the scenario per minute; 0 where a single one is over the limit.
    pub requests_per_minute: f64,
    /// Which limit decides.
    pub binding: Quota,
    /// Whether the peak minute fits the limits by the minute, and a day's requests the limit by the day.
    pub holds_peak: bool,
    /// Cost of a minute at the limit.
    pub money_per_minute: Option<Decimal>,
}

/// Demand against the tiers of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The design.
    pub pair: Pair,
    /// Input tokens of one request.
    pub input_tokens: f64,
    /// Output tokens of one request.
    pub output_tokens: f64,
    /// Requests in the mean active minute.
    pub mean_per_minute: f64,
    /// Requests in the busiest minute.
    pub peak_per_minute: f64,
    /// Cost of one request, without what is paid by the month.
    pub money_per_request: Option<Decimal>,
    /// Tiers in the order of what they allow.
    pub tiers: Vec<TierRow>,
}

impl Limits {
    /// Returns the lowest tier that holds the peak.
    pub fn tier_needed(&self) -> Option<&TierRow> {
        self.tiers.iter().find(|tier| tier.holds_peak)
    }
}

/// Works out demand and tiers for one design.
///
/// # Errors
/// Why the design cannot run.
pub fn limits(case: &Case<'_>, pair: Pair) -> Result<Limits, Failure> {
    let evaluation = case.evaluate(pair)?;
    let numbers = &case.scenario.numbers;
    let requests = numbers.requests();
    let (input_tokens, output_tokens, calls) = evaluation.usage.per_request(requests);
    let active_minutes = f64::from(MINUTES_PER_MONTH) * numbers.value(Param::ActiveHoursPerDay) / 24.0;
    let mean_per_minute = requests / active_minutes;
    let peak_per_minute = mean_per_minute * numbers.value(Param::PeakFactor);
    let money_per_request = money_per_request(&evaluation, requests);
    let demand = Demand {
        cached: cached_per_request(&evaluation, requests),
        input_tokens,
        output_tokens,
        calls,
        peak_per_minute,
        per_day: requests * 24.0 / f64::from(HOURS_PER_MONTH),
    };
    let largest_call = evaluation
        .usage
        .lines
        .iter()
        .filter(|line| line.step.is_answer())
        .map(UsageLine::input_tokens)
        .fold(0.0, f64::max);
    let mut tiers: Vec<TierRow> = in_force(case, pair, largest_call)
        .into_iter()
        .filter_map(|limit| tier_row(limit, &demand, money_per_request))
        .collect();
    tiers.sort_by(|a, b| a.requests_per_minute.total_cmp(&b.requests_per_minute));
    Ok(Limits {
        pair,
        input_tokens,
        output_tokens,
        mean_per_minute,
        peak_per_minute,
        money_per_request,
        tiers,
    })
}

/// Tokens and calls of one request, as limits count them, and how many requests there are.
struct Demand {
    input_tokens: f64,
    cached: f64,
    output_tokens: f64,
    calls: f64,
    peak_per_minute: f64,
    per_day: f64,
}

/// Returns the limits that hold on the case's day: the newest of each tier, from the pool that the
/// size of the call belongs to.
fn in_force(case: &Case<'_>, pair: Pair, largest_call: f64) -> Vec<RateLimit> {
    let dated = || case.product(pair.model).limits.iter().filter(|limit| limit.from <= case.book.date);
    let reached = |limit: &RateLimit| limit.above_input_tokens.filter(|above| largest_call > *above);
    let pool = dated().filter_map(reached).reduce(f64::max);
    let mut newest: Vec<RateLimit> = Vec::new();
    for limit in dated().filter(|limit| limit.above_input_tokens == pool) {
        match newest.iter_mut().find(|known| known.tier == limit.tier) {
            Some(known) if known.from <= limit.from => *known = limit.clone(),
            Some(_) => {}
            None => newest.push(limit.clone()),
        }
    }
    newest
}

fn tier_row(limit: RateLimit, demand: &Demand, money: Option<Decimal>) -> Option<TierRow> {
    let counted_input =
        if limit.counts_cached { demand.input_tokens } else { demand.input_tokens - demand.cached };
    let both = counted_input + demand.output_tokens;
    let allowed =
        |quota: Quota, used: f64| limit.size(quota).filter(|_| used > 0.0).map(|size| (size / used, quota));
    // A minute's tokens that cannot hold a single call let none through at all.
    let whole_calls = |quota: Quota, used: f64| {
        let (rate, quota) = allowed(quota, used)?;
        Some((if rate * demand.calls < 1.0 { 0.0 } else { rate }, quota))
    };
    let by_minute = [
        allowed(Quota::Rpm, demand.calls),
        whole_calls(Quota::Tpm, both),
        whole_calls(Quota::Itpm, counted_input),
        whole_calls(Quota::Otpm, demand.output_tokens),
    ];
    let by_day = allowed(Quota::Rpd, demand.calls);
    // A day's requests may come in its busy minutes, so the daily limit is held against the day, not the peak.
    let holds_peak = by_minute.iter().flatten().all(|(rate, _)| *rate >= demand.peak_per_minute)
        && by_day.is_none_or(|(daily, _)| daily >= demand.per_day);
    // For one figure by which tiers are ranked, it is spread over the minutes of a day.
    let spread = by_day.map(|(daily, binding)| (daily / MINUTES_PER_DAY, binding));
    let candidates = by_minute.into_iter().chain([spread]).flatten();
    let (requests_per_minute, binding) = candidates.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let money_per_minute = money.and_then(|money| money.checked_mul(decimal(requests_per_minute)));
    Some(TierRow { limit, requests_per_minute, binding, holds_peak, money_per_minute })
}

/// Returns what one request costs, without floors and what is paid by the month.
fn money_per_request(evaluation: &Evaluation, requests: f64) -> Option<Decimal> {
    let lines = evaluation.bill.lines.iter().filter(|line| line.per_request);
    let month: Option<Decimal> = lines.map(|line| Some(line.price.as_ref().ok()?.effective)).sum();
    month?.checked_div(decimal(requests))
}

fn cached_per_request(evaluation: &Evaluation, requests: f64) -> f64 {
    let answers = evaluation.usage.lines.iter().filter(|line| line.step.is_answer());
    let cached = answers.map(|line| {
        let read = line
            .per_call
            .iter()
            .filter(|(meter, _)| matches!(meter, Meter::CachedInput | Meter::CachedAudio));
        line.count() * read.map(|(_, quantity)| quantity).sum::<f64>()
    });
    if requests > 0.0 { cached.sum::<f64>() / requests } else { 0.0 }
}
