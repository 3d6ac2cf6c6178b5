//! Entries that live for a fixed time from their creation, hits or no hits.

use super::integral::{NOTHING, at_least, decayed};
use super::week::Week;
use super::{Life, Traffic, grid};

/// Lifetimes in a block of active hours beyond which single ones no longer show.
const MOST_CYCLES: f64 = 300.0;

/// Returns the hit share of a cache whose lifetime runs from its creation, hits or no hits.
///
/// With λ requests and μ changes an hour around the clock, each write is followed by H = λ(1 − e^(−μτ))/μ
/// hits on average (λτ without changes) and h = H/(1 + H): at 3 requests an hour and a lifetime of an hour
/// 3/4. Where no entry outlives the pause between two blocks of active hours, each block begins without one
/// and its writes are a finite sum of Gamma chances. Where entries do, the state of the cache repeats with
/// the week; it is then solved for on a grid of moments, within 1e-4. 0 without requests or lifetime.
pub fn not_renewed(traffic: &Traffic, ttl_hours: f64) -> f64 {
    let Some(life) = traffic.life(ttl_hours) else { return 0.0 };
    let Life { rate, churn, ttl } = life;
    let Some(week) = Week::of(traffic) else { return found(rate * decayed(churn, ttl).0) };
    let pause = week.gaps().0;
    if ttl <= pause || churn * pause > NOTHING {
        return (1.0 - writes_from_cold(&life, week.block) / (rate * week.block)).clamp(0.0, 1.0);
    }
    // A lifetime of whole periods ends at the time of day and week at which it began, so no moment is special.
    // Where a block holds very many lifetimes, those that cross a pause are too few to matter.
    if (churn == 0.0 && ttl % week.period == 0.0) || week.block > ttl * MOST_CYCLES {
        return found(rate * week.overlap(0.0, churn, ttl));
    }
    1.0 - grid::missing(&week, &life)
}

/// Returns the hit share where so many hits follow a write on average.
fn found(hits_per_write: f64) -> f64 {
    hits_per_write / (1.0 + hits_per_write)
}

/// Returns the expected writes in a block of active hours that begins without an entry.
///
/// Writes are the renewals of a process with cycles of a life and an exponential wait. Their expected number
/// has the Laplace transform λ(μ+s) / (s²·(s + a − λe^(−(μ+s)τ))) with a = λ+μ. Expanded in powers of the last
/// term it is, with x = block − kτ and P(n, y) the chance of n or more Poisson events at mean y,
/// Σₖ (λ/a)^(k+1) · e^(−kμτ) · ((1 + μx)·P(k+1, ax) − μ(k+1)/a · P(k+2, ax)) over k from 0 while x is above 0.
/// Without changes that is Σₖ P(k+1, λx).
fn writes_from_cold(life: &Life, block: f64) -> f64 {
    if block > life.ttl * MOST_CYCLES {
        return many_writes(life, block);
    }
    let &Life { rate, churn, ttl } = life;
    let either = rate + churn;
    let step = rate / either * (-churn * ttl).exp();
    let (mut writes, mut weight, mut index, mut log_factorial) = (0.0, rate / either, 1.0, 0.0);
    loop {
        let left = block - (index - 1.0) * ttl;
        if left <= 0.0 || weight * (1.0 + churn * left) <= f64::EPSILON * writes {
            return writes;
        }
        let reached = at_least(index, either * left, log_factorial);
        if reached == 0.0 {
            return writes;
        }
        let after = if churn > 0.0 {
            let beyond = at_least(index + 1.0, either * left, log_factorial + f64::ln(index + 1.0));
            churn * (left * reached - index / either * beyond)
        } else {
            0.0
        };
        writes += weight * (reached + after.max(0.0));
        weight *= step;
        index += 1.0;
        log_factorial += index.ln();
    }
}

/// Returns the same where a block holds very many lifetimes: the first two terms of the renewal theorem.
///
/// They are the residue of the transform at 0. With the mean life E(L) and the mean cycle c = E(L) + 1/λ,
/// block/c + E(L²)/(2c²).
fn many_writes(life: &Life, block: f64) -> f64 {
    let (mean, half_square) = decayed(life.churn, life.ttl);
    let cycle = mean + 1.0 / life.rate;
    block / cycle + half_square / (cycle * cycle)
}
