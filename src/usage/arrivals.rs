//! When requests arrive, and how often they then find their prefix in the cache.
//!
//! Requests are Poisson arrivals in the active hours of a week; changes of the prefix are Poisson by day
//! and by night. [`renewed`] and [`not_renewed`] are the hit shares of the two ways in which a cache entry
//! ages, [`kept_warm`] that of an entry which is never left to expire, and [`spread()`] that of many prefixes
//! of unlike popularity. [`pays_above`] says from which hit share on a cache saves money.

mod fixed;
mod grid;
mod integral;
mod spread;
mod warm;
mod week;

pub use fixed::not_renewed;
pub use spread::spread;
pub use warm::{KeptWarm, kept_warm};

use week::Week;

/// Hours of a day.
pub const DAY: f64 = 24.0;

/// Days of a week.
const WEEK_DAYS: f64 = 7.0;

/// Rates an hour between which all arithmetic here stays finite; beyond them nothing changes.
const RATES: (f64, f64) = (1e-100, 1e100);

/// The same for lifetimes, in hours.
const LIFETIMES: (f64, f64) = (1e-100, 1e12);

/// When requests of one prefix arrive and how often the prefix changes.
///
/// Active days follow each other, and each has one block of active hours that begins at the same time. An
/// office that works from Monday to Friday for eight hours is `active: 8.0, days: 5.0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traffic {
    /// Requests an active hour that use the prefix (Poisson).
    pub rate: f64,
    /// Active hours of an active day, above 0 and at most 24, in one block.
    pub active: f64,
    /// Active days of a week, a whole number from 1 to 7, consecutive.
    pub days: f64,
    /// Changes of the prefix an hour (Poisson, by day and by night); each makes the cached entry useless.
    pub churn: f64,
}

impl Traffic {
    /// Returns what rules the life of an entry, or nothing where no request can hit or a number is none.
    fn life(&self, ttl_hours: f64) -> Option<Life> {
        let requested = self.rate > 0.0 && self.active > 0.0 && self.days >= 1.0;
        (requested && ttl_hours > 0.0 && self.churn >= 0.0).then(|| Life {
            rate: self.rate.clamp(RATES.0, RATES.1),
            churn: self.churn.min(RATES.1),
            ttl: ttl_hours.clamp(LIFETIMES.0, LIFETIMES.1),
        })
    }
}

/// What rules the life of a cache entry, all of it finite.
#[derive(Debug, Clone, Copy)]
struct Life {
    /// Requests an active hour.
    rate: f64,
    /// Changes of the prefix an hour.
    churn: f64,
    /// Hours after which it expires.
    ttl: f64,
}

/// Returns the hit share of a cache whose lifetime starts anew with each hit.
///
/// A request hits when the one before it came within `ttl_hours` (τ) by the clock and the prefix has not
/// changed since. With λ requests and μ changes an hour, around the clock, that is
/// λ/(λ+μ) · (1 − e^(−(λ+μ)τ)): at 2 requests an hour and a lifetime of half an hour 1 − 1/e = 0.632. With idle
/// hours it is an integral over the age of the last request, in closed form (`Week::overlap`). Exact for every
/// lifetime; 0 without requests or lifetime.
pub fn renewed(traffic: &Traffic, ttl_hours: f64) -> f64 {
    let Some(Life { rate, churn, ttl }) = traffic.life(ttl_hours) else { return 0.0 };
    match Week::of(traffic) {
        None => {
            let either = rate + churn;
            -(-either * ttl).exp_m1() * (rate / either)
        }
        Some(week) => (rate * week.overlap(rate, churn, ttl)).min(1.0),
    }
}

/// Returns the hit share above which a cache costs less than none; nothing where it never does.
///
/// `write` (w) and `read` (r) are multiples of the price of plain input. A miss costs w − 1 more than no
/// cache, a hit 1 − r less, and the two balance at h = (w − 1)/(w − r): with w = 1.25 and r = 0.1 at
/// 0.25/1.15 = 0.217. It is 0 where writes cost no more than plain input, and never where reads cost as much.
pub fn pays_above(write: f64, read: f64) -> Option<f64> {
    match (write, read) {
        (_, read) if read >= 1.0 => None,
        (write, _) if write <= 1.0 => Some(0.0),
        _ => Some((write - 1.0) / (write - read)),
    }
}

/// Returns the hit share above which a rented cache costs less than none; nothing where it never does.
///
/// As [`pays_above`], with a rent for one lifetime on each write. `rent` is the price of keeping a token for
/// an hour and `input` that of a token of plain input, in the same money, so a write costs
/// w′ = w + `rent` · `ttl_hours` / `input`. At w = 1, r = 0.1, an input of $2 and a rent of $1 an hour, each a
/// million tokens, a lifetime of an hour makes w′ = 1.5 and h = 0.5/1.4 = 0.357. An entry that hits keep alive
/// for longer is rented for longer, so its threshold is higher. Where input is free no cache pays.
pub fn pays_above_with_rent(write: f64, read: f64, rent: f64, ttl_hours: f64, input: f64) -> Option<f64> {
    if input <= 0.0 {
        return None;
    }
    pays_above(write + rent * ttl_hours / input, read)
}
