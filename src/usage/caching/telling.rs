//! What is told of prompt caches, for whoever wants a bill explained.

use super::super::formula::{CALLS_MADE, INPUT_OF_A_CALL, RENT_OF_A_CALL};
use super::super::{Calls, Job};
use super::{Kept, share, traffic};
use crate::catalog::{CacheRule, Meter};
use crate::scenario::Param;
use crate::units::HOURS_PER_MONTH;

/// How many prefixes there are.
const PREFIXES: &str = "one, or one for each of {tenants.count} where each has its own";

/// How hits come about where each renews the lifetime.
const RENEWED: &str = "λ ÷ (λ + μ) × (1 − e^(−(λ + μ)τ)) where requests come all day: λ = {arrivals of a prefix an hour}, \
    τ = {cache lifetime} ÷ 60, μ = {caching.changes_per_month} ÷ 730, renewed by each hit; cold after nights of \
    24 − {workload.active_hours_per_day} hours, and summed over tenants of a skew of {tenants.zipf_exponent}";

/// How they do where none renews it.
const NOT_RENEWED: &str = "H ÷ (1 + H) where requests come all day: H = λ(1 − e^(−μτ)) ÷ μ, λτ without changes, \
    λ = {arrivals of a prefix an hour}, τ = {cache lifetime} ÷ 60, μ = {caching.changes_per_month} ÷ 730, not renewed by \
    hits; cold after nights of 24 − {workload.active_hours_per_day} hours, and summed over tenants of a skew of \
    {tenants.zipf_exponent}";

/// Tells how much of a prefix is cached, and for how long.
pub(in super::super) fn tell_cache(calls: &mut dyn Calls, rule: &CacheRule, cached: f64) {
    let Some(told) = calls.told() else { return };
    told.words(
        "step of the cache",
        rule.increment_tokens,
        "the model's cache counts in such steps of tokens",
    );
    told.words("least that is cached", rule.minimum_tokens, "the model caches no shorter prefix");
    told.words("cache lifetime", rule.ttl_minutes, "minutes, by the model's rules");
    told.formula("cached prefix", cached, "⌊{prefix} ÷ {step of the cache}⌋ × {step of the cache}");
    told.formula("tokens kept", cached, "{cached prefix}");
}

/// Tells of which share of the calls the next is, and what it reads from the cache and writes to it at prices of its own.
pub(in super::super) fn tell_call(calls: &mut dyn Calls, hit: bool, share: f64, (read, written): (f64, f64)) {
    let Some(told) = calls.told() else { return };
    if hit {
        told.forget(&["miss share"]);
        told.formula("hit share", share, "{cache hits}");
    } else {
        told.forget(&["hit share"]);
        told.formula("miss share", share, "1 − {cache hits}");
    }
    told.formula("read from the cache", read, "{cached prefix}");
    told.formula("written to the cache", written, "{cached prefix}");
}

/// Tells that the next calls use no cache.
pub(in super::super) fn tell_plain(calls: &mut dyn Calls) {
    if let Some(told) = calls.told() {
        told.forget(&["hit share", "miss share", "read from the cache", "written to the cache"]);
    }
}

/// Tells how the share of cache hits came about.
pub(in super::super) fn tell_hits(
    calls: &mut dyn Calls,
    job: &Job<'_>,
    rule: &CacheRule,
    (arrivals, prefixes): (f64, f64),
    hits: f64,
) {
    let Some(told) = calls.told() else { return };
    if job.numbers.get(Param::HitShare).is_some() {
        return told.formula("cache hits", hits, "{caching.hit_share}");
    }
    told.words("prefixes", prefixes, PREFIXES);
    told.words("cache lifetime", rule.ttl_minutes, "minutes, by the model's rules");
    told.words(
        "arrivals of a prefix an hour",
        traffic(job, arrivals / prefixes).rate,
        "requests of a month with the prefix ÷ {prefixes} ÷ (730 × {workload.active_hours_per_day} ÷ 24 × \
         {workload.days_per_week} ÷ 7)",
    );
    let words = match (job.modes().keep_warm, rule.renews_on_hit) {
        (true, _) => {
            "kept warm on purpose: all but the requests that find the prefix changed, {caching.changes_per_month} times a month"
        }
        (false, true) => RENEWED,
        (false, false) => NOT_RENEWED,
    };
    told.words("cache hits", hits, words);
}

/// Tells what an entry that stands all month pays.
pub(in super::super) fn standing(calls: &mut dyn Calls, of_all: f64, prefixes: f64, cached: f64) {
    let Some(told) = calls.told() else { return };
    told.words("prefixes", prefixes, PREFIXES);
    told.words("hours of a month", f64::from(HOURS_PER_MONTH), "a twelfth of a year");
    told.words("share of the rent", of_all, "these requests among all that begin with the prefix");
    told.formula(CALLS_MADE, of_all, "{share of the rent}");
    let hours = cached * f64::from(HOURS_PER_MONTH) * prefixes;
    told.formula(RENT_OF_A_CALL, hours, "{cached prefix} × {hours of a month} × {prefixes}");
}

/// Tells of the reads that keep a prefix warm: those that find it, or those that find it changed and write it.
pub(in super::super) fn pings(calls: &mut dyn Calls, kept: &Kept, hit: bool, (meter, cached): (Meter, f64)) {
    let Some(told) = calls.told() else { return };
    told.words("reads to keep warm", kept.pings, "for each request: those that come while no request does");
    told.words(
        "found unchanged",
        kept.ping_hits,
        "share of the reads, with {caching.changes_per_month} changes a month",
    );
    told.formula("found changed", share(1.0 - kept.ping_hits), "1 − {found unchanged}");
    let (found, made) = if hit {
        (kept.ping_hits, "{requests}[ × {share of requests}] × {reads to keep warm} × {found unchanged}")
    } else {
        (
            share(1.0 - kept.ping_hits),
            "{requests}[ × {share of requests}] × {reads to keep warm} × {found changed}",
        )
    };
    told.formula(CALLS_MADE, kept.pings * found, made);
    told.formula("read from the cache", if hit { cached } else { 0.0 }, "{cached prefix}");
    told.formula(
        "written to the cache",
        if hit || meter == Meter::Input { 0.0 } else { cached },
        "{cached prefix}",
    );
    told.formula(INPUT_OF_A_CALL, cached, "{cached prefix}");
}

/// Tells that the input of the next call is a prefix and nothing else.
pub(in super::super) fn only_prefix(calls: &mut dyn Calls, cached: f64) {
    if let Some(told) = calls.told() {
        told.formula(INPUT_OF_A_CALL, cached, "{cached prefix}");
    }
}

/// Tells that the next calls are made as usual again.
pub(in super::super) fn as_usual(calls: &mut dyn Calls) {
    if let Some(told) = calls.told() {
        told.forget(&[CALLS_MADE, INPUT_OF_A_CALL, RENT_OF_A_CALL]);
    }
}
