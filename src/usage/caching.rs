//! Prompt caches: what is cached, how often it is found, how a call splits into hit and miss.

use jiff::civil::Date;

use super::arrivals::{DAY, Traffic, not_renewed, renewed};
use super::{Job, Recurrence, Refusal, Step, Usage};
use crate::catalog::{CacheRule, Meter, Product};
use crate::scenario::Param;
use crate::units::{HOURS_PER_MONTH, share};

/// Returns the ways to cache that a model offers on the day of the calls.
pub fn offered<'a>(job: &Job<'a>) -> impl Iterator<Item = &'a CacheRule> {
    offered_by(job.model.1, job.date)
}

/// Returns the ways to cache that any model offers on a day.
pub fn offered_by(model: &Product, date: Date) -> impl Iterator<Item = &CacheRule> {
    model.caches.iter().filter(move |rule| rule.is_open(date))
}

/// Chooses the cache of a model: the lifetime that the scenario asks for, else the first.
///
/// # Errors
/// The model has no cache, not yet, or none of that lifetime.
pub fn choose<'a>(job: &Job<'a>) -> Result<&'a CacheRule, Refusal> {
    let opens = job.model.1.caches.iter().filter_map(|rule| rule.since).min();
    let first = offered(job).next().ok_or(opens.map_or(Refusal::NoCache, Refusal::NoCacheBefore))?;
    match job.numbers.get(Param::TtlMinutes) {
        None => Ok(first),
        Some(minutes) => {
            offered(job).find(|rule| rule.ttl_minutes == minutes).ok_or(Refusal::NoCacheOfLifetime(minutes))
        }
    }
}

/// Returns how much of a prefix is cached: nothing below the minimum, else rounded down to the increment.
pub fn cached_tokens(rule: &CacheRule, prefix: f64) -> f64 {
    if prefix < rule.minimum_tokens || prefix <= 0.0 {
        return 0.0;
    }
    (prefix / rule.increment_tokens).floor() * rule.increment_tokens
}

/// Returns the share of requests that find their prefix cached: the scenario's, else derived.
///
/// `prefixes` is how many different prefixes the requests are spread over evenly.
pub fn hit_share(job: &Job<'_>, rule: &CacheRule, prefixes: f64) -> f64 {
    if let Some(given) = job.numbers.get(Param::HitShare) {
        return share(given);
    }
    let active = job.number(Param::ActiveHoursPerDay);
    let active_hours = f64::from(HOURS_PER_MONTH) * active / DAY;
    let rate = job.requests() / (prefixes * active_hours);
    let traffic = Traffic { rate, active, days: 7.0, churn: 0.0 };
    let ttl = rule.ttl_minutes / 60.0;
    share(if rule.renews_on_hit { renewed(&traffic, ttl) } else { not_renewed(&traffic, ttl) })
}

/// A call whose first part can be cached.
#[derive(Debug, Clone, Copy)]
pub struct CachedCall {
    /// Tokens of the prefix that are cached.
    pub cached: f64,
    /// Other text tokens of the prompt.
    pub fresh: f64,
    /// Image tokens of the prompt.
    pub images: f64,
    /// Output tokens.
    pub output: f64,
    /// Share of calls that hit.
    pub hits: f64,
}

/// Adds a month's calls, split into hits and writes, and the rent of the cache where it takes one.
pub fn push_calls(usage: &mut Usage, job: &Job<'_>, rule: &CacheRule, call: CachedCall) {
    let (model, requests) = (job.model.0, job.requests());
    let tail = [(Meter::Input, call.fresh), (Meter::InputImage, call.images), (Meter::Output, call.output)];
    let mut push = |step, part, meter, calls_share| {
        let mut quantities = [(meter, part), tail[0], tail[1], tail[2]];
        if meter == Meter::Input {
            quantities = [(Meter::Input, part + call.fresh), tail[1], tail[2], (Meter::Output, 0.0)];
        }
        usage.push(step, model, (requests, calls_share), Recurrence::Monthly, &quantities);
    };
    let misses = share(1.0 - call.hits);
    push(Step::AnswerHit, call.cached, rule.read, call.hits);
    push(Step::AnswerMiss, call.cached, rule.write, misses);
    if rule.rent {
        let token_hours = call.cached * rule.ttl_minutes / 60.0;
        let quantities = [(Meter::CacheStorage, token_hours)];
        usage.push(Step::StoreCache, model, (requests, misses), Recurrence::Monthly, &quantities);
    }
}
