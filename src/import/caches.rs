//! Caches of products whose source prints prices of cached tokens and little else about them.

use crate::catalog::{CacheMode, CacheRule, Meter, Product};

/// Why a lifetime of five minutes is written where none is known.
const LIFETIME: &str = "The source does not say how long an entry lives: five minutes are assumed.";

/// Minutes that an entry lives where nobody says it; the shortest that a vendor promises.
const ASSUMED_MINUTES: f64 = 5.0;

/// Adds the caches that a product's prices are for, the usual one first.
///
/// Only the price of a write that lives an hour, or twelve, says how long that is. A vendor that sells an hour has
/// the caller mark what is cached; all others are taken to cache on their own. A price of reads of marked caches
/// beside that of reads means both ways.
pub fn add(product: &mut Product, minimum_tokens: Option<f64>) {
    let has = |meter| product.prices.iter().any(|card| card.prices(meter));
    if !has(Meter::CachedInput) {
        return;
    }
    let rule = |mode, ttl_minutes, write, read| CacheRule {
        mode,
        since: None,
        ttl_minutes,
        renews_on_hit: true,
        minimum_tokens: minimum_tokens.unwrap_or(0.0),
        increment_tokens: 1.0,
        write,
        read,
        rent: false,
        note: (ttl_minutes == ASSUMED_MINUTES).then(|| LIFETIME.to_owned()),
    };
    let (marked, both) = (has(Meter::CacheWrite1h), has(Meter::ExplicitCachedInput));
    let write = if has(Meter::CacheWrite) { Meter::CacheWrite } else { Meter::Input };
    let usual = if marked { CacheMode::Explicit } else { CacheMode::Automatic };
    let usual_write = if both { Meter::Input } else { write };
    let mut caches = vec![rule(usual, ASSUMED_MINUTES, usual_write, Meter::CachedInput)];
    if both {
        caches.push(rule(CacheMode::Explicit, ASSUMED_MINUTES, write, Meter::ExplicitCachedInput));
    }
    if marked {
        caches.push(rule(CacheMode::Explicit, 60.0, Meter::CacheWrite1h, Meter::CachedInput));
    }
    if has(Meter::CacheWriteLong) {
        caches.push(rule(CacheMode::Explicit, 720.0, Meter::CacheWriteLong, Meter::CachedInput));
    }
    product.caches = caches;
}
