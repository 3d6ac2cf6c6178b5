//! Requests spread over many prefixes, evenly or by rank.

use super::Traffic;

/// Ranks that are taken one by one.
const HEAD: f64 = 40.0;

/// Stretches of ranks beyond, each as much longer than the one before as the next is than it.
const STRETCHES: u8 = 10;

/// Ranks up to which there is nothing to gain from stretches.
const ONE_BY_ONE: f64 = 93.0;

/// Prefixes beyond which more make no difference, each being asked for next to never.
const MOST: f64 = 1e15;

/// Places and weights of Gauss and Legendre's rule with five points, on −1 to 1.
const POINTS: [(f64, f64); 5] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189_08),
    (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
    (0.0, 0.568_888_888_888_888_9),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
    (0.906_179_845_938_664, 0.236_926_885_056_189_08),
];

/// Returns the hit share of traffic that is spread over many prefixes, each with an entry of its own.
///
/// Prefix i gets the share pᵢ of the requests, so h = Σ pᵢ·h(λpᵢ), where `share` gives the hit share of one
/// prefix. With an exponent of 0 all are alike and that is h(λ/n); else the shares fall with the rank as
/// i^−exponent (Zipf). Two prefixes at exponent 1 have 2/3 and 1/3. `share` is asked at most 93 times, for up to
/// 1e15 prefixes; where there are more of them the sum over ranks is an integral, within a millionth for
/// 100,000. Of a number of prefixes that is not whole the last counts in part. Each prefix changes at the
/// churn of the traffic.
pub fn spread(traffic: &Traffic, prefixes: f64, zipf_exponent: f64, share: impl Fn(&Traffic) -> f64) -> f64 {
    let prefixes = prefixes.clamp(1.0, MOST);
    let part = |part: f64| part * share(&Traffic { rate: traffic.rate * part, ..*traffic });
    if prefixes == 1.0 || zipf_exponent <= 0.0 {
        return prefixes * part(1.0 / prefixes);
    }
    let whole = over_ranks(prefixes, |rank| rank.powf(-zipf_exponent));
    over_ranks(prefixes, |rank| part(rank.powf(-zipf_exponent) / whole))
}

/// Returns the sum of a smooth function over the ranks from 1 to `last`.
///
/// Beyond the head it is ∫ from HEAD + ½ to `last` + ½ less (f′(end) − f′(start))/24, Euler and Maclaurin's
/// formula for midpoints; the next term is smaller by about the square of the rank. The integral is taken
/// over the logarithm of the rank, in which functions of a power of it are smooth.
fn over_ranks(last: f64, of: impl Fn(f64) -> f64) -> f64 {
    if last <= ONE_BY_ONE {
        let whole = last.floor();
        let rest = last - whole;
        let partly = if rest > 0.0 { rest * of(whole + 1.0) } else { 0.0 };
        return (1..=whole as u32).map(|rank| of(f64::from(rank))).sum::<f64>() + partly;
    }
    let head: f64 = (1..HEAD as u32).map(|rank| of(f64::from(rank))).sum();
    let at_head = of(HEAD);
    let slope_at_start = of(HEAD + 1.0) - at_head;
    let slope_at_end = of(last + 1.0) - of(last);
    head + at_head + integral(HEAD + 0.5, last + 0.5, of) - (slope_at_end - slope_at_start) / 24.0
}

/// Returns ∫ of a function over ranks from `start` to `end`, in stretches that are even on a logarithmic scale.
fn integral(start: f64, end: f64, of: impl Fn(f64) -> f64) -> f64 {
    let half = (end / start).ln() / f64::from(STRETCHES) / 2.0;
    let mut sum = 0.0;
    for stretch in 0..STRETCHES {
        let middle = start.ln() + half * f64::from(2 * stretch + 1);
        for (place, weight) in POINTS {
            let rank = (middle + half * place).exp();
            sum += weight * half * rank * of(rank);
        }
    }
    sum
}
