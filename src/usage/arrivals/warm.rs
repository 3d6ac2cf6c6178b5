//! Entries that are kept alive on purpose, by a read whenever they would expire.

use super::integral::{NOTHING, decayed, ramp};
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
    let count = windows.min(lasting.ceil());
    if count > MOST_WINDOWS {
        let idle_pings = (week.period - week.active()) / life.ttl;
        return (even_hits(life), even_pings(life) + idle_pings / requests);
    }
    let meets = windows <= lasting;
    let (hits, pings) = match life.ttl < week.block {
        true => in_pieces(week, life, if meets { periods } else { (count * life.ttl / week.period).ceil() }),
        false => one_by_one(week, life, count),
    };
    let again = if meets { -(-requests * periods).exp_m1() } else { 1.0 };
    (hits / again, pings / again)
}

/// Returns hits and pings a request from each lifetime by itself.
fn one_by_one(week: &Week, life: &Life, count: f64) -> (f64, f64) {
    let unchanging = Life { churn: 0.0, ..*life };
    let (mut hits, mut pings, mut waiting) = (0.0, 0.0, 1.0);
    for window in 0..count as u32 {
        let start = f64::from(window) * life.ttl;
        hits += life.rate * found_from(week, life, start);
        waiting -= life.rate * found_from(week, &unchanging, start);
        pings += f64::max(waiting, 0.0);
    }
    (hits, pings)
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

/// Returns the same where lifetimes are shorter than blocks, so that many of them are alike, over whole periods.
///
/// Σₘ P(G > mτ) is Σ m·P(gap ends in lifetime m), and all lifetimes for a gap that outlives them.
fn in_pieces(week: &Week, life: &Life, periods: f64) -> (f64, f64) {
    let requests = life.rate * week.active();
    let mut gaps = Gaps::new(life);
    for period in 0..periods as u32 {
        let (period, start) = (f64::from(period), f64::from(period) * week.period);
        week.pieces(|piece| {
            let to = piece.to.min(week.period);
            let chance = piece.weight * (-requests * period - life.rate * piece.between).exp();
            gaps.add((start + piece.from, start + to), (piece.met, piece.slope), chance);
        });
    }
    let outliving = (periods * week.period / life.ttl).round() * (-requests * periods).exp();
    (life.rate * gaps.hits / week.block, life.rate * gaps.lifetimes / week.block + outliving)
}

/// The gaps between two requests by the lifetimes in which they end, over ages in pieces.
struct Gaps {
    life: Life,
    /// ∫ e^(−(λ+μ)y) and ∫ y·e^(−(λ+μ)y) over a lifetime, and the same without changes.
    whole: (f64, f64),
    unchanged: (f64, f64),
    /// e^(−λτ).
    decay: f64,
    /// Sum of the chances of no change in the lifetime in which a gap ends.
    hits: f64,
    /// Sum of the lifetimes before that one.
    lifetimes: f64,
}

impl Gaps {
    fn new(life: &Life) -> Gaps {
        let Life { rate, churn, ttl } = *life;
        Gaps {
            life: Life { rate, churn, ttl },
            whole: decayed(rate + churn, ttl),
            unchanged: decayed(rate, ttl),
            decay: (-rate * ttl).exp(),
            hits: 0.0,
            lifetimes: 0.0,
        }
    }

    /// Adds gaps of ages at which blocks meet for hours that grow or shrink evenly, `met` of them at the first age, where
    /// `chance` is that of no request in between.
    ///
    /// Lifetimes that lie within these ages are alike but for what has fallen off, so none of them needs an exponential.
    fn add(&mut self, (from, to): (f64, f64), (mut met, slope): (f64, f64), mut chance: f64) {
        let Life { rate, churn, ttl } = self.life;
        let (mut lifetime, last) = ((from / ttl).floor(), (to / ttl).floor());
        let mut age = from;
        while age < to {
            while age == lifetime * ttl && lifetime < last {
                self.hits += chance * (met * self.whole.0 + slope * self.whole.1);
                self.lifetimes += lifetime * chance * (met * self.unchanged.0 + slope * self.unchanged.1);
                (met, chance, lifetime) = (met + slope * ttl, chance * self.decay, lifetime + 1.0);
                age = lifetime * ttl;
            }
            let end = ((lifetime + 1.0) * ttl).min(to);
            if end > age {
                let unchanged = (-churn * (age - lifetime * ttl)).exp();
                self.hits += chance * unchanged * ramp(met, slope, rate + churn, end - age);
                self.lifetimes += lifetime * chance * ramp(met, slope, rate, end - age);
                (met, chance) = (met + slope * (end - age), chance * (-rate * (end - age)).exp());
                age = end;
            }
            lifetime += 1.0;
        }
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lifetimes_in_pieces_come_to_the_same_as_one_by_one(
            active in 0.5..23.5f64,
            days in 1..7u8,
            rate in 0.001..100f64,
            churn in prop_oneof![Just(0.0), 0.0001..5f64],
            minutes in 5..60u8,
        ) {
            let days = f64::from(days);
            let week = Week::of(&Traffic { rate, active, days, churn }).expect("it pauses");
            let life = Life { rate, churn, ttl: f64::from(minutes) / 60.0 };
            let periods = 2.0;
            let whole = (periods * week.period / life.ttl).floor();
            // Both over as many whole lifetimes, so that no part of one is counted by one of them alone.
            prop_assume!((whole * life.ttl - periods * week.period).abs() < 1e-9);
            let (hits, pings) = in_pieces(&week, &life, periods);
            let (expected_hits, expected_pings) = one_by_one(&week, &life, whole);
            prop_assert!((hits - expected_hits).abs() < 1e-9, "{hits} {expected_hits}");
            prop_assert!((pings / expected_pings - 1.0).abs() < 1e-7, "{pings} {expected_pings}");
        }
    }
}
