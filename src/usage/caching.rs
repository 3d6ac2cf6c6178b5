//! Prompt caches: what is cached, how often it is found, how a call splits into hit and miss.

use jiff::civil::Date;

use super::prompt::Exchange;
use super::{Calls, Job, Recurrence, Refusal, Step};
use crate::catalog::{CacheRule, Meter, Product};
use crate::scenario::Param;
use crate::units::{HOURS_PER_MONTH, share};

/// Hours of a day.
const DAY: f64 = 24.0;

/// Returns the ways to cache that a model offers on the day of the calls.
#[inline]
pub fn offered<'a>(job: &Job<'a>) -> impl Iterator<Item = &'a CacheRule> {
    offered_by(job.model.1, job.date())
}

/// Returns the ways to cache that any model offers on a day.
#[inline]
pub fn offered_by(model: &Product, date: Date) -> impl Iterator<Item = &CacheRule> {
    model.caches.iter().filter(move |rule| rule.is_open(date))
}

/// Chooses the cache of a model: the lifetime that the scenario asks for, else the first.
///
/// # Errors
/// The model has no cache, not yet, or none of that lifetime.
#[inline]
pub fn choose<'a>(job: &Job<'a>) -> Result<&'a CacheRule, Refusal> {
    let opens = || job.model.1.caches.iter().filter_map(|rule| rule.since).min();
    let first =
        offered(job).next().ok_or_else(|| opens().map_or(Refusal::NoCache, Refusal::NoCacheBefore))?;
    match job.numbers.get(Param::TtlMinutes) {
        None => Ok(first),
        Some(minutes) => {
            offered(job).find(|rule| rule.ttl_minutes == minutes).ok_or(Refusal::NoCacheOfLifetime(minutes))
        }
    }
}

/// Returns how much of a prefix is cached: nothing below the minimum, else rounded down to the increment.
#[inline]
pub fn cached_tokens(rule: &CacheRule, prefix: f64) -> f64 {
    if prefix < rule.minimum_tokens || prefix <= 0.0 {
        return 0.0;
    }
    (prefix / rule.increment_tokens).floor() * rule.increment_tokens
}

/// Returns the share of requests that find their prefix cached: the scenario's, else derived.
///
/// `arrivals` are the requests a month that use one of `prefixes` different prefixes.
#[inline]
pub(super) fn hit_share(job: &Job<'_>, rule: &CacheRule, arrivals: f64, prefixes: f64) -> f64 {
    if let Some(given) = job.numbers.get(Param::HitShare) {
        return share(given);
    }
    let active = job.number(Param::ActiveHoursPerDay);
    let active_hours = f64::from(HOURS_PER_MONTH) * active / DAY;
    let arrivals = arrivals / (prefixes * active_hours);
    let ttl = rule.ttl_minutes / 60.0;
    share(if rule.renews_on_hit {
        renewed(arrivals, ttl, active)
    } else {
        not_renewed(arrivals, ttl, active)
    })
}

/// Returns the hit share of a cache whose lifetime starts anew with each hit.
///
/// Arrivals are Poisson at `rate` an hour during `active` hours of each day; `ttl` is in hours. A
/// request misses when no other came in the active part of the `ttl` before it. Over the position
/// t in the active day that part is constant, then grows with t, then is constant again, which
/// gives the three terms. Always active: 1 − e^(−rate·ttl).
#[inline]
pub fn renewed(rate: f64, ttl: f64, active: f64) -> f64 {
    if rate <= 0.0 || ttl <= 0.0 {
        return 0.0;
    }
    if active >= DAY {
        return 1.0 - none_of(rate * ttl);
    }
    let idle = DAY - active;
    let (days, rest) = ((ttl / DAY).floor(), ttl % DAY);
    let reaches_yesterday = (rest - idle).max(0.0);
    let within_today = rest.min(active);
    let constant_early = reaches_yesterday * (-rate * reaches_yesterday).exp();
    let growing = if within_today > reaches_yesterday {
        ((-rate * reaches_yesterday).exp() - (-rate * within_today).exp()) / rate
    } else {
        0.0
    };
    let constant_late = (active - rest.max(reaches_yesterday)).max(0.0) * (-rate * rest).exp();
    let miss = (constant_early + growing + constant_late) / active * (-rate * days * active).exp();
    (1.0 - miss).clamp(0.0, 1.0)
}

/// Returns the chance that none comes of that many expected; far below what a float holds it is not worked out.
#[inline]
fn none_of(expected: f64) -> f64 {
    const SURELY_SOME: f64 = 700.0;
    if expected > SURELY_SOME { 0.0 } else { (-expected).exp() }
}

/// Lifetimes in an active day from which its cold start no longer shows.
const MOST_CYCLES: f64 = 300.0;

/// Returns the hit share of a cache whose lifetime runs from its creation, hits or no hits.
///
/// Always active, each write is followed by rate·ttl hits on average: h = H/(1 + H). With nights
/// longer than the lifetime every day starts cold, and the writes of a day are the renewals of a
/// process with cycles of ttl plus an exponential wait: Σₖ P(Gamma(k+1, rate) ≤ active − k·ttl).
/// A lifetime that outlasts the night hits only in its active hours: h = H/(1 + H) with H counting those,
/// exact for whole days; for parts of days as if writes fell evenly over the active day, which is within
/// 0.05 of simulated arrivals.
pub fn not_renewed(rate: f64, ttl: f64, active: f64) -> f64 {
    if rate <= 0.0 || ttl <= 0.0 {
        return 0.0;
    }
    if active >= DAY || DAY - active < ttl || active / ttl > MOST_CYCLES {
        let hits_per_write = rate * active_part(ttl, active);
        return hits_per_write / (1.0 + hits_per_write);
    }
    let mut writes = 0.0;
    let mut cycle = 0.0;
    while active - cycle * ttl > 0.0 {
        let expected = rate * (active - cycle * ttl);
        writes += at_least(cycle + 1.0, expected);
        cycle += 1.0;
    }
    (1.0 - writes / (rate * active)).clamp(0.0, 1.0)
}

/// Returns how many hours of a lifetime are active, on average over lifetimes that begin in active hours.
///
/// A whole day holds `active` of them. Of the rest r a start u hours into the day has min(active − u, r) before
/// the night and max(0, u − (24 − r)) after it; both are integrated over u. For 24 hours with 8 active it is 8.
fn active_part(ttl: f64, active: f64) -> f64 {
    let (days, rest) = ((ttl / DAY).floor(), ttl % DAY);
    let before = rest.min(active);
    let after = (rest - (DAY - active)).max(0.0);
    days * active + before - before * before / (2.0 * active) + after * after / (2.0 * active)
}

/// Returns the chance that a Poisson count of that mean is at least `least` (a whole number).
fn at_least(least: f64, mean: f64) -> f64 {
    let (mut below, mut log_term, mut count) = (0.0, -mean, 0.0);
    while count < least {
        below += f64::exp(log_term);
        count += 1.0;
        log_term += mean.ln() - f64::ln(count);
    }
    (1.0 - below).clamp(0.0, 1.0)
}

/// What the calls of one prompt are for: without a cache, with a hit, with a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Steps {
    pub plain: Step,
    pub hit: Step,
    pub miss: Step,
}

impl Steps {
    /// Answers to requests.
    pub const ANSWER: Steps = Steps { plain: Step::Answer, hit: Step::AnswerHit, miss: Step::AnswerMiss };

    /// Answers from the long context to requests that were declined.
    pub const FALLBACK: Steps =
        Steps { plain: Step::Fallback, hit: Step::FallbackHit, miss: Step::FallbackMiss };

    /// A step that has one name, cached or not.
    pub const fn all(step: Step) -> Steps {
        Steps { plain: step, hit: step, miss: step }
    }
}

/// A call whose first part can be cached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Tokens of the prefix that are cached.
    pub cached: f64,
    /// Other text tokens of the prompt.
    pub fresh: f64,
    /// Media and answer.
    pub exchange: Exchange,
    /// Share of calls that hit.
    pub hits: f64,
}

/// Adds a month's calls, split into hits and writes, and the rent of the cache where it takes one.
#[inline]
pub(super) fn push_calls(
    calls: &mut dyn Calls,
    job: &Job<'_>,
    rule: &CacheRule,
    (requests, of): (f64, f64),
    part: Part,
    steps: Steps,
) {
    let model = job.model.0;
    let tail = part.exchange.quantities();
    let mut push = |step, meter, calls_share: f64| {
        let (cached, fresh) = match meter {
            Meter::Input => ((Meter::Input, 0.0), part.fresh + part.cached),
            meter => ((meter, part.cached), part.fresh),
        };
        let quantities = [cached, (Meter::Input, fresh), tail[0], tail[1], tail[2], tail[3], tail[4]];
        calls.call(step, model, (requests, of * calls_share), Recurrence::Monthly, &quantities);
    };
    let misses = share(1.0 - part.hits);
    push(steps.hit, rule.read, part.hits);
    push(steps.miss, rule.write, misses);
    if rule.rent {
        let token_hours = part.cached * rule.ttl_minutes / 60.0;
        let quantities = [(Meter::CacheStorage, token_hours)];
        calls.call(Step::StoreCache, model, (requests, of * misses), Recurrence::Monthly, &quantities);
    }
}
