//! The closed forms of the hit share against simulated arrivals.

use ragonomics::usage::caching::{not_renewed, renewed};

/// A small generator of uniform numbers (SplitMix64), so that the test is the same on every machine.
struct Uniform(u64);

impl Uniform {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Draws Poisson arrivals at `rate` an hour in the first `active` hours of each day, and counts how
/// many find a cache entry alive.
fn simulate(rate: f64, ttl: f64, active: f64, renews: bool) -> f64 {
    let mut uniform = Uniform(42);
    let days = (400_000.0 / (rate * active)).ceil().max(50.0);
    let (mut hits, mut arrivals, mut expires, mut busy) = (0.0, 0.0, f64::NEG_INFINITY, 0.0);
    loop {
        busy += -(1.0 - uniform.next()).ln() / rate;
        let day = (busy / active).floor();
        if day >= days {
            return hits / arrivals;
        }
        let clock = day * 24.0 + (busy - day * active);
        let hit = clock < expires;
        arrivals += 1.0;
        hits += f64::from(u8::from(hit));
        if renews || !hit {
            expires = clock + ttl;
        }
    }
}

#[test]
fn the_hit_share_agrees_with_simulated_arrivals() {
    let minutes = |count: f64| count / 60.0;
    for renews in [true, false] {
        for rate in [0.3, 2.0, 12.0, 60.0] {
            for ttl in [minutes(5.0), minutes(30.0), 1.0, 8.0, 24.0] {
                for active in [24.0, 14.0, 8.0] {
                    let expected = simulate(rate, ttl, active, renews);
                    let derived =
                        if renews { renewed(rate, ttl, active) } else { not_renewed(rate, ttl, active) };
                    let gap = (derived - expected).abs();
                    assert!(
                        gap < 0.006,
                        "renews {renews}, rate {rate}, ttl {ttl}, active {active}: {derived} against {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn no_traffic_and_no_lifetime_give_no_hits() {
    for share in [renewed, not_renewed] {
        assert_eq!(share(0.0, 1.0, 24.0), 0.0);
        assert_eq!(share(10.0, 0.0, 24.0), 0.0);
        assert!(share(1e9, 1.0, 24.0) > 0.999_999 && share(1e9, 1.0, 24.0) <= 1.0);
    }
}

#[test]
fn a_lifetime_of_a_moment_is_worked_out_in_a_moment() {
    let (rate, ttl) = (10.0, 1e-9);
    assert!((not_renewed(rate, ttl, 12.0) - rate * ttl).abs() < 1e-12);
}

#[test]
fn without_renewal_an_entry_that_outlasts_the_night_hits_only_by_day() {
    // 24 hours hold 8 active ones: H = 8 at one request an hour, h = 8/9.
    assert!((not_renewed(1.0, 24.0, 8.0) - 8.0 / 9.0).abs() < 1e-12);
    // Of 20 hours an entry of hour u has 8 - u active ones today, and u - 4 tomorrow where u is more than 4:
    // 4 + 1 = 5 on average over u from 0 to 8, so H = 0.5 at a request in ten hours, h = 1/3.
    assert!((not_renewed(0.1, 20.0, 8.0) - 1.0 / 3.0).abs() < 1e-12);
    for (rate, ttl, active) in [(0.1, 20.0, 8.0), (0.5, 20.0, 8.0), (0.5, 12.0, 14.0), (0.3, 30.0, 10.0)] {
        let gap = (not_renewed(rate, ttl, active) - simulate(rate, ttl, active, false)).abs();
        assert!(gap < 0.05, "rate {rate}, ttl {ttl}, active {active}: off by {gap}");
    }
}
