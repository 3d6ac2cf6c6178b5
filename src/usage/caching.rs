//! Prompt caches: what is cached, how often it is found, how a call splits into hit and miss.

mod telling;

use jiff::civil::Date;

use super::arrivals::{DAY, Traffic, kept_warm, not_renewed, renewed, spread};
use super::prompt::Exchange;
use super::{Calls, Job, Recurrence, Refusal, Step};
use crate::catalog::{CacheRule, Meter, Product};
use crate::scenario::Param;
use crate::units::{HOURS_PER_MONTH, share};
pub(super) use telling::{as_usual, only_prefix, tell_cache, tell_call, tell_hits, tell_plain};

/// Days of a week.
const WEEK_DAYS: f64 = 7.0;

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

/// Returns when the requests of a month arrive: in the active hours of the active days, with changes of the prefix.
pub(crate) fn traffic(job: &Job<'_>, arrivals: f64) -> Traffic {
    let (active, days) = (job.number(Param::ActiveHoursPerDay), job.number(Param::DaysPerWeek));
    let month = f64::from(HOURS_PER_MONTH);
    Traffic {
        rate: arrivals / (month * (active / DAY) * (days / WEEK_DAYS)),
        active,
        days,
        churn: job.number(Param::PrefixChanges) / month,
    }
}

/// Returns the share of requests that find their prefix cached: the scenario's, else derived.
///
/// `arrivals` are the requests a month that use one of `prefixes` different prefixes, spread over them as the scenario
/// says of its tenants.
#[inline]
pub(super) fn hit_share(job: &Job<'_>, rule: &CacheRule, arrivals: f64, prefixes: f64) -> f64 {
    if let Some(given) = job.numbers.get(Param::HitShare) {
        return share(given);
    }
    let ttl = rule.ttl_minutes / 60.0;
    let found = if rule.renews_on_hit { renewed } else { not_renewed };
    spread_over(job, arrivals, prefixes, |traffic| found(traffic, ttl))
}

/// Returns a share of the requests, summed over prefixes of unlike traffic.
fn spread_over(job: &Job<'_>, arrivals: f64, prefixes: f64, found: impl Fn(&Traffic) -> f64) -> f64 {
    let traffic = traffic(job, arrivals);
    if prefixes == 1.0 {
        return share(found(&traffic));
    }
    share(spread(&traffic, prefixes, job.number(Param::ZipfExponent), found))
}

/// What it takes to keep prefixes cached on purpose, and what it gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kept {
    /// Share of requests that hit.
    pub hits: f64,
    /// Reads of no use, for each request.
    pub pings: f64,
    /// Share of those that find the prefix unchanged; the others write it.
    pub ping_hits: f64,
    /// Whether entries stand all month, and pay rent for it.
    pub stands: bool,
}

/// Returns what keeping prefixes cached takes: a read before an entry expires where hits renew it, an entry that stands
/// all month where it pays rent. `None` where neither is possible.
pub(super) fn keep(job: &Job<'_>, rule: &CacheRule, arrivals: f64, prefixes: f64) -> Option<Kept> {
    /// Hours that no entry outlives.
    const FOR_EVER: f64 = 1e6;
    let given = job.numbers.get(Param::HitShare).map(share);
    let ttl = rule.ttl_minutes / 60.0;
    if rule.rent {
        let hits = spread_over(job, arrivals, prefixes, |traffic| renewed(traffic, FOR_EVER));
        return Some(Kept { hits: given.unwrap_or(hits), pings: 0.0, ping_hits: 1.0, stands: true });
    }
    if !rule.renews_on_hit || ttl <= 0.0 || arrivals <= 0.0 {
        return None;
    }
    let zipf = job.number(Param::ZipfExponent);
    let hits = spread_over(job, arrivals, prefixes, |traffic| kept_warm(traffic, ttl).hits);
    // Pings are counted for each request of their prefix, so that their mean is weighted as requests are.
    let all = traffic(job, arrivals);
    let pings = spread(&all, prefixes, zipf, |traffic| kept_warm(traffic, ttl).pings_per_request);
    let ping_hits = share(kept_warm(&all, ttl).ping_hits);
    Some(Kept { hits: given.unwrap_or(hits), pings, ping_hits, stands: false })
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
    /// How the prefix is kept cached on purpose, where it is.
    pub kept: Option<Kept>,
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
    tell_cache(calls, rule, part.cached);
    let push = |calls: &mut dyn Calls, step, meter, calls_share: f64| {
        let (cached, fresh) = match meter {
            Meter::Input => ((Meter::Input, 0.0), part.fresh + part.cached),
            meter => ((meter, part.cached), part.fresh),
        };
        let hit = meter == rule.read;
        tell_call(calls, hit, calls_share, if hit { (cached.1, 0.0) } else { (0.0, cached.1) });
        let quantities = [cached, (Meter::Input, fresh), tail[0], tail[1], tail[2], tail[3], tail[4]];
        calls.call(step, model, (requests, of * calls_share), Recurrence::Monthly, &quantities);
    };
    let misses = share(1.0 - part.hits);
    push(calls, steps.hit, rule.read, part.hits);
    push(calls, steps.miss, rule.write, misses);
    if rule.rent && part.kept.is_none() {
        tell_call(calls, false, misses, (0.0, 0.0));
        let token_hours = part.cached * rule.ttl_minutes / 60.0;
        let quantities = [(Meter::CacheStorage, token_hours)];
        calls.call(Step::StoreCache, model, (requests, of * misses), Recurrence::Monthly, &quantities);
    }
}

/// Adds what keeping the prefixes of all requests cached takes: reads of no use, or the rent of a month.
pub(super) fn push_keeping(
    calls: &mut dyn Calls,
    job: &Job<'_>,
    rule: &CacheRule,
    part: &Part,
    prefixes: f64,
) {
    let Some(kept) = part.kept else { return };
    let model = job.model.0;
    if kept.stands {
        // Entries stand for all service classes together; those of these requests pay their share.
        let of_all = if job.arrivals > 0.0 { job.requests / job.arrivals } else { 0.0 };
        telling::standing(calls, of_all, prefixes, part.cached);
        let token_hours = [(Meter::CacheStorage, part.cached * f64::from(HOURS_PER_MONTH) * prefixes)];
        calls.call(Step::StoreCache, model, (1.0, of_all), Recurrence::Monthly, &token_hours);
        telling::as_usual(calls);
        return;
    }
    let pings = job.requests * kept.pings;
    // The shortest answer is one token.
    let answer = (Meter::Output, 1.0);
    let read = [(rule.read, part.cached), answer];
    let written = [(rule.write, part.cached), answer];
    telling::pings(calls, &kept, true, (rule.read, part.cached));
    calls.call(Step::KeepWarm, model, (pings, kept.ping_hits), Recurrence::Monthly, &read);
    telling::pings(calls, &kept, false, (rule.write, part.cached));
    calls.call(Step::KeepWarm, model, (pings, share(1.0 - kept.ping_hits)), Recurrence::Monthly, &written);
    telling::as_usual(calls);
}
