//! Entries that are kept alive on purpose, by a read whenever they would expire.

use super::integral::NOTHING;
use super::week::Week;
use super::{Life, Traffic};

/// What it takes to keep an entry alive, and what it gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeptWarm {
    /// Share of requests that hit; the others write.
    pub hits: f64,
    /// Extra calls for each request, none of which anyone waits for.
    pub pings_per_request: f64,
    /// Share of the extra calls that read; the others find the prefix changed and write.
    pub ping_hits: f64,
}

/// Most lifetimes that are looked at one by one: the minutes of a week.
const MOST_WINDOWS: f64 = 10_080.0;

/// Returns the hit share and the extra calls of an entry that is never left to expire.
///
/// The model: a timer of `ttl_hours` (τ) starts anew with each call. When it runs out, an extra call (a ping)
/// is made, by day, night and weekend alike, so a gap of G hours between requests takes ⌊G/τ⌋ pings. The first
/// call after a change of the prefix, request or ping, finds the entry useless and writes; several changes
/// between two calls cost one write. So a request hits where nothing has changed since the last call,
/// e^(−μ·(G mod τ)), and a ping reads with the chance e^(−μτ). Changes do not move the pings.
///
/// Around the clock hits are λ/(λ+μ) · (1 − e^(−(λ+μ)τ))/(1 − e^(−λτ)) and pings 1/(e^(λτ) − 1) a request: at a
/// request in two lifetimes 1/(e^½ − 1) = 1.54. With idle hours the pings are Σₘ P(G > mτ), summed until nothing
/// is left or lifetimes and periods end together, from where on the sum is geometric. Where that takes more
/// than 10,080 lifetimes, which are then short or the requests rare, they are taken as around the clock in
/// active hours and one for each τ of idle ones. Meant for entries that hits renew. Without requests or
/// lifetime nothing is kept and all is 0.
pub fn kept_warm(traffic: &Traffic, ttl_hours: f64) -> KeptWarm {
    let Some(life) = traffic.life(ttl_hours) else {
        return KeptWarm { hits: 0.0, pings_per_request: 0.0, ping_hits: 0.0 };
    };
    let (hits, pings_per_request) = match Week::of(traffic) {
        None => (even_hits(&life), even_pings(&life)),
        Some(week) => in_week(&week, &life),
    };
    KeptWarm { hits: hits.min(1.0), pings_per_request, ping_hits: (-life.churn * life.ttl).exp() }
}

/// Returns the hit share where requests never pause.
fn even_hits(&Life { rate, churn, ttl }: &Life) -> f64 {
    let either = rate + churn;
    rate / either * ((-either * ttl).exp_m1() / (-rate * ttl).exp_m1())
}

/// Returns the pings a request where requests never pause.
fn even_pings(life: &Life) -> f64 {
    1.0 / (life.rate * life.ttl).exp_m1()
}

/// Returns hits and pings a request where active hours pause.
fn in_week(week: &Week, life: &Life) -> (f64, f64) {
    let requests = life.rate * week.active();
    let lasting = (NOTHING / requests + 1.0) * week.period / life.ttl;
    let (windows, periods) = meeting(life.ttl, week.period);
    if windows.min(lasting) > MOST_WINDOWS {
        let idle_pings = (week.period - week.active()) / life.ttl;
        return (even_hits(life), even_pings(life) + idle_pings / requests);
    }
    let unchanging = Life { churn: 0.0, ..*life };
    let (mut hits, mut pings, mut waiting) = (0.0, 0.0, 1.0);
    for window in 0..windows.min(lasting.ceil()) as u32 {
        let start = f64::from(window) * life.ttl;
        hits += life.rate * found_from(week, life, start);
        waiting -= life.rate * found_from(week, &unchanging, start);
        pings += f64::max(waiting, 0.0);
    }
    let again = if windows <= lasting { -(-requests * periods).exp_m1() } else { 1.0 };
    (hits / again, pings / again)
}

/// Returns the chance, by the rate, that a gap ends in the lifetime from `start` on, no change in it before.
fn found_from(week: &Week, &Life { rate, churn, ttl }: &Life, start: f64) -> f64 {
    let requests = rate * week.active();
    let before = (-requests * (start / week.period).floor()).exp();
    let from = start % week.period;
    let first = week.period - from;
    if ttl <= first {
        return before * week.window(rate, churn, (from, from + ttl));
    }
    let rest = week.overlap(rate, churn, ttl - first);
    before * (week.window(rate, churn, (from, week.period)) + (-requests - churn * first).exp() * rest)
}

/// Returns after how many lifetimes and periods the two end together; infinitely many where they never do.
fn meeting(ttl: f64, period: f64) -> (f64, f64) {
    /// Hours that count as none: a few milliseconds.
    const TOLERANCE: f64 = 1e-6;
    let (mut large, mut small) = (ttl.max(period), ttl.min(period));
    while small > TOLERANCE {
        (large, small) = (small, large % small);
    }
    let (windows, periods) = ((period / large).round(), (ttl / large).round());
    if periods >= 1.0 && (windows * ttl - periods * period).abs() < TOLERANCE * windows {
        (windows, periods)
    } else {
        (f64::INFINITY, f64::INFINITY)
    }
}
