//! The hit shares of caches: against simulated arrivals, by hand, and at their limits.

use std::cell::Cell;

use ragonomics::usage::arrivals::{
    Traffic, kept_warm, not_renewed, pays_above, pays_above_with_rent, renewed, spread,
};

/// Hours of a lifetime: 5 and 30 minutes, 1, 8, 20 and 24 hours.
const LIFETIMES: [f64; 6] = [1.0 / 12.0, 0.5, 1.0, 8.0, 20.0, 24.0];

/// Active hours and days: without a pause, nights, short nights, nights and weekends, weekends only.
const WEEKS: [(f64, f64); 6] = [(24.0, 7.0), (14.0, 7.0), (22.5, 7.0), (8.0, 5.0), (20.0, 6.0), (24.0, 5.0)];

fn traffic(rate: f64, (active, days): (f64, f64), churn: f64) -> Traffic {
    Traffic { rate, active, days, churn }
}

fn around_the_clock(rate: f64) -> Traffic {
    traffic(rate, (24.0, 7.0), 0.0)
}

#[track_caller]
fn close(derived: f64, expected: f64, tolerance: f64) {
    assert!((derived - expected).abs() <= tolerance, "{derived} against {expected}");
}

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

    /// Draws the wait for the next of events that happen at `rate` an hour.
    fn wait(&mut self, rate: f64) -> f64 {
        -(1.0 - self.next()).ln() / rate
    }
}

/// Poisson requests in the active hours of weeks, in order, in hours by the clock.
struct Requests {
    traffic: Traffic,
    /// Active hours so far.
    worked: f64,
}

impl Requests {
    fn next(&mut self, uniform: &mut Uniform) -> f64 {
        self.worked += uniform.wait(self.traffic.rate);
        let day = (self.worked / self.traffic.active).floor();
        let week = (day / self.traffic.days).floor();
        let of_week = day - week * self.traffic.days;
        week * 168.0 + of_week * 24.0 + (self.worked - day * self.traffic.active)
    }
}

/// The changes of one prefix.
#[derive(Clone)]
struct Changes {
    rate: f64,
    next: f64,
}

impl Changes {
    fn new(rate: f64, uniform: &mut Uniform) -> Changes {
        Changes { rate, next: if rate > 0.0 { uniform.wait(rate) } else { f64::INFINITY } }
    }

    /// Returns whether any came since the last time it was asked.
    fn any_until(&mut self, clock: f64, uniform: &mut Uniform) -> bool {
        let any = self.next <= clock;
        while self.next <= clock {
            self.next += uniform.wait(self.rate);
        }
        any
    }
}

/// Sums of a batch: how many there were, and how many of them counted.
type Batch = (f64, f64);

/// Batches of a simulation; the standard error comes from how they differ.
const BATCHES: usize = 100;

/// Requests of all batches together, about.
const REQUESTS: f64 = 100_000.0;

/// Returns the hours of a batch: whole weeks (days where all are alike), some lifetimes, enough requests.
fn batch_hours(traffic: &Traffic, ttl: f64) -> f64 {
    let period = if traffic.days == 7.0 { 24.0 } else { 168.0 };
    let a_period = traffic.rate * traffic.active * traffic.days * period / 168.0;
    let enough = (REQUESTS / BATCHES as f64 / a_period).ceil();
    period * enough.max((4.0 * ttl / period).ceil())
}

/// Returns a share and its standard error, for a quotient of batch sums.
fn quotient(batches: &[Batch]) -> (f64, f64) {
    let all: f64 = batches.iter().map(|batch| batch.0).sum();
    let share = batches.iter().map(|batch| batch.1).sum::<f64>() / all;
    let squares: f64 = batches.iter().map(|batch| (batch.1 - share * batch.0).powi(2)).sum();
    let count = batches.len() as f64;
    (share, (squares * count / (count - 1.0)).sqrt() / all)
}

#[track_caller]
fn agrees(derived: f64, batches: &[Batch], what: &str) {
    let (share, error) = quotient(batches);
    assert!(
        (derived - share).abs() < 4.5 * error + 1e-4,
        "{what}: {derived} against {share}, standard error {error}"
    );
}

/// An entry as the simulation keeps it: when it ends, and the changes of its prefix.
#[derive(Clone)]
struct Entry {
    expires: f64,
    changes: Changes,
}

/// Draws requests for prefixes of these shares and counts how many find an entry that is alive and unchanged.
fn simulate(traffic: &Traffic, ttl: f64, renews: bool, shares: &[f64], seed: u64) -> Vec<Batch> {
    let mut uniform = Uniform(seed);
    let mut entries: Vec<Entry> = shares
        .iter()
        .map(|_| Entry { expires: f64::NEG_INFINITY, changes: Changes::new(traffic.churn, &mut uniform) })
        .collect();
    let mut requests = Requests { traffic: *traffic, worked: 0.0 };
    let hours = batch_hours(traffic, ttl);
    // The first batch is only there to forget the start.
    let mut batches = vec![(0.0, 0.0); BATCHES + 1];
    loop {
        let clock = requests.next(&mut uniform);
        let Some(batch) = batches.get_mut((clock / hours) as usize) else {
            return batches.split_off(1);
        };
        let entry = &mut entries[drawn(shares, &mut uniform)];
        let changed = entry.changes.any_until(clock, &mut uniform);
        let hit = clock < entry.expires && !changed;
        if changed {
            entry.expires = f64::NEG_INFINITY;
        }
        if renews || !hit {
            entry.expires = clock + ttl;
        }
        batch.0 += 1.0;
        batch.1 += f64::from(u8::from(hit));
    }
}

/// Draws a prefix by its share.
fn drawn(shares: &[f64], uniform: &mut Uniform) -> usize {
    if shares.len() == 1 {
        return 0;
    }
    let mut left = uniform.next();
    for (at, share) in shares.iter().enumerate() {
        left -= share;
        if left < 0.0 {
            return at;
        }
    }
    shares.len() - 1
}

/// Compares one simulation with what the formulas give for prefixes of ranks 1 to `prefixes`.
fn compare(traffic: &Traffic, ttl: f64, renews: bool, (prefixes, exponent): (u32, f64), seed: u64) {
    let weights: Vec<f64> = (1..=prefixes).map(|rank| f64::from(rank).powf(-exponent)).collect();
    let whole: f64 = weights.iter().sum();
    let shares: Vec<f64> = weights.iter().map(|weight| weight / whole).collect();
    let of_one = |traffic: &Traffic| if renews { renewed(traffic, ttl) } else { not_renewed(traffic, ttl) };
    let derived = spread(traffic, f64::from(prefixes), exponent, of_one);
    let batches = simulate(traffic, ttl, renews, &shares, seed);
    let what = format!("renews {renews}, lifetime {ttl}, {prefixes} prefixes at {exponent}, {traffic:?}");
    agrees(derived, &batches, &what);
}

#[test]
fn hit_shares_of_one_prefix_agree_with_simulated_arrivals() {
    let mut seed = 10_000;
    for renews in [true, false] {
        for week in WEEKS {
            for ttl in LIFETIMES {
                for rate in [0.05, 0.6, 3.0, 15.0] {
                    for churn in [0.0, 0.15] {
                        seed += 1;
                        compare(&traffic(rate, week, churn), ttl, renews, (1, 0.0), seed);
                    }
                }
            }
        }
    }
}

#[test]
fn hit_shares_of_many_prefixes_agree_with_simulated_arrivals() {
    let mut seed = 20_000;
    for renews in [true, false] {
        for week in [WEEKS[0], WEEKS[1], WEEKS[3]] {
            for ttl in LIFETIMES {
                for (prefixes, rate) in [((4, 0.0), 2.0), ((9, 1.0), 8.0)] {
                    for churn in [0.0, 0.05] {
                        seed += 1;
                        compare(&traffic(rate, week, churn), ttl, renews, prefixes, seed);
                    }
                }
            }
        }
    }
}

#[test]
fn odd_lifetimes_agree_with_simulated_arrivals() {
    // A little more than a day, half a week (which makes entries swing between two weeks' shapes), more than a
    // week; a night only just outlived; a single day a week.
    let cases = [
        ((8.0, 7.0), 24.5),
        ((10.0, 5.0), 100.0),
        ((10.0, 5.0), 200.0),
        ((16.0, 7.0), 8.1),
        ((2.0, 1.0), 167.0),
        ((23.9, 7.0), 0.2),
        ((12.0, 2.0), 13.0),
    ];
    for (seed, (week, ttl)) in (30_000..).zip(cases) {
        for renews in [true, false] {
            for (rate, churn) in [(0.2, 0.0), (2.0, 0.01), (20.0, 0.0)] {
                compare(&traffic(rate, week, churn), ttl, renews, (1, 0.0), seed);
            }
        }
    }
}

/// Hits of requests, pings of requests, and hits of pings.
type Kept = [Vec<Batch>; 3];

/// Draws requests, sends a ping whenever a lifetime passes without a call, and counts.
fn simulate_kept_warm(traffic: &Traffic, ttl: f64, seed: u64) -> Kept {
    let mut uniform = Uniform(seed);
    let mut changes = Changes::new(traffic.churn, &mut uniform);
    let mut requests = Requests { traffic: *traffic, worked: 0.0 };
    let hours = batch_hours(traffic, ttl);
    let mut batches = [(); 3].map(|()| vec![(0.0, 0.0); BATCHES + 1]);
    let mut last = 0.0;
    loop {
        let clock = requests.next(&mut uniform);
        let at = (clock / hours) as usize;
        if at > BATCHES {
            return batches.map(|mut batches| batches.split_off(1));
        }
        while last + ttl <= clock {
            last += ttl;
            batches[1][at].1 += 1.0;
            batches[2][at].0 += 1.0;
            batches[2][at].1 += f64::from(u8::from(!changes.any_until(last, &mut uniform)));
        }
        batches[0][at].0 += 1.0;
        batches[0][at].1 += f64::from(u8::from(!changes.any_until(clock, &mut uniform)));
        batches[1][at].0 += 1.0;
        last = clock;
    }
}

#[test]
fn entries_kept_warm_agree_with_simulated_arrivals() {
    let mut seed = 40_000;
    for week in [(24.0, 7.0), (14.0, 7.0), (8.0, 5.0), (24.0, 5.0)] {
        for ttl in LIFETIMES {
            for rate in [0.3, 2.0, 12.0] {
                for churn in [0.0, 0.15] {
                    seed += 1;
                    let traffic = traffic(rate, week, churn);
                    let derived = kept_warm(&traffic, ttl);
                    let [hits, pings, ping_hits] = simulate_kept_warm(&traffic, ttl, seed);
                    agrees(derived.hits, &hits, &format!("hits, lifetime {ttl}, {traffic:?}"));
                    agrees(derived.pings_per_request, &pings, &format!("pings, lifetime {ttl}, {traffic:?}"));
                    if ping_hits.iter().map(|batch| batch.0).sum::<f64>() > 1000.0 {
                        agrees(derived.ping_hits, &ping_hits, &format!("ping hits, {ttl}, {traffic:?}"));
                    }
                }
            }
        }
    }
}

#[test]
fn hit_shares_around_the_clock_worked_by_hand() {
    // One request expected in a lifetime: none came with 1/e.
    close(renewed(&around_the_clock(2.0), 0.5), 1.0 - f64::exp(-1.0), 1e-15);
    // Three requests to a change and no expiry: the last event before a request was a request 3 times in 4.
    close(renewed(&traffic(3.0, (24.0, 7.0), 1.0), 1e6), 0.75, 1e-15);
    // A write and the three requests of its hour.
    close(not_renewed(&around_the_clock(3.0), 1.0), 0.75, 1e-15);
    // A change an hour ends entries after an hour on average, so again three hits a write.
    close(not_renewed(&traffic(3.0, (24.0, 7.0), 1.0), 1e6), 0.75, 1e-15);
}

#[test]
fn renewed_entries_with_pauses_worked_by_hand() {
    // One active hour, half an hour of life: at t the last min(t, 1/2) hours count, so the misses are
    // 1 - e^-1/2 in the first half hour and e^-1/2 / 2 in the second. Hits: e^-1/2 - e^-1/2 / 2.
    close(renewed(&traffic(1.0, (1.0, 7.0), 0.0), 0.5), f64::exp(-0.5) / 2.0, 1e-14);
    // A day always holds the eight active hours.
    close(renewed(&traffic(0.1, (8.0, 7.0), 0.0), 24.0), 1.0 - f64::exp(-0.8), 1e-14);
    // From Tuesday to Friday too; on Monday only what came before on the same day counts, e^-0.1t on average.
    let monday = (1.0 - f64::exp(-0.8)) / 0.8;
    let expected = 1.0 - (monday + 4.0 * f64::exp(-0.8)) / 5.0;
    close(renewed(&traffic(0.1, (8.0, 5.0), 0.0), 24.0), expected, 1e-14);
    // Three days: on Monday at t they hold Friday's hours from t on and today's until t, 8 in all. On Tuesday
    // 8 + t, on Wednesday 16 + t, on Thursday and Friday 24.
    let day = f64::exp(-0.8);
    let expected = 1.0 - (day + day * monday + day * day * monday + 2.0 * day.powi(3)) / 5.0;
    close(renewed(&traffic(0.1, (8.0, 5.0), 0.0), 72.0), expected, 1e-14);
    // One active hour and a change an hour: ages s of the same day count (1 - s)·e^-2s, together
    // 1/2 - (1 - e^-2)/4; the day before counts e^-23·((1 - e^-2)/2)^2, the one before that e^-25 as much.
    let e2 = f64::exp(-2.0);
    let expected = 0.5 - (1.0 - e2) / 4.0 + f64::exp(-23.0) * ((1.0 - e2) / 2.0).powi(2);
    close(renewed(&traffic(1.0, (1.0, 7.0), 1.0), 1e6), expected, 1e-11);
}

#[test]
fn entries_that_are_not_renewed_with_pauses_worked_by_hand() {
    // One active hour and a lifetime that outlasts it but not the night: a write where any request comes,
    // 1 - 1/e of them a day, and one request a day.
    close(not_renewed(&traffic(1.0, (1.0, 7.0), 0.0), 20.0), f64::exp(-1.0), 1e-14);
    // With a change an hour the chance of no entry is 1/2 + e^-2t/2, on average 1/2 + (1 - e^-2)/4.
    let expected = 0.5 - (1.0 - f64::exp(-2.0)) / 4.0;
    close(not_renewed(&traffic(1.0, (1.0, 7.0), 1.0), 20.0), expected, 1e-14);
    // 24 hours hold 8 active ones: H = 8 at one request an hour, h = 8/9. A week holds 40 of five days.
    close(not_renewed(&traffic(1.0, (8.0, 7.0), 0.0), 24.0), 8.0 / 9.0, 1e-14);
    close(not_renewed(&traffic(1.0, (8.0, 5.0), 0.0), 168.0), 40.0 / 41.0, 1e-14);
    // Of 20 hours an entry of hour u has 8 - u active ones today, and u - 4 tomorrow where u is more than 4:
    // 4 + 1 = 5 on average over u from 0 to 8. At next to no traffic writes fall evenly: 5 hits to a rate of 1.
    close(not_renewed(&traffic(1e-6, (8.0, 7.0), 0.0), 20.0) / 1e-6, 5.0, 1e-4);
    // At very dense traffic an entry is written at once at the start of a day, lives through it and dies in the
    // night: one write a day for 8 million requests.
    close(not_renewed(&traffic(1e6, (8.0, 7.0), 0.0), 20.0), 1.0 - 1.0 / 8e6, 1e-9);
}

#[test]
fn entries_kept_warm_worked_by_hand() {
    // A request in two lifetimes; then a lifetime without one as often as not: one ping, 1/2 + 1/4 + ...
    let half = f64::exp(0.5) - 1.0;
    close(kept_warm(&around_the_clock(0.5), 1.0).pings_per_request, 1.0 / half, 1e-14);
    let even = kept_warm(&traffic(std::f64::consts::LN_2, (24.0, 7.0), std::f64::consts::LN_2), 1.0);
    close(even.pings_per_request, 1.0, 1e-14);
    // As many changes as requests: 1/2 · (1 - 1/4)/(1 - 1/2), and half of the pings see no change.
    close(even.hits, 0.75, 1e-14);
    close(even.ping_hits, 0.5, 1e-14);
    // Eight active hours, no request in them as often as not. A ping a day: again 1. Two a day: the ones half a
    // day after a request at t follow t active hours, 1/(2 ln 2) of them without a request, and
    // each further day halves all: (1/(2 ln 2) + 1/2) · 2.
    let office = traffic(std::f64::consts::LN_2 / 8.0, (8.0, 7.0), 0.0);
    close(kept_warm(&office, 24.0).pings_per_request, 1.0, 1e-14);
    close(kept_warm(&office, 12.0).pings_per_request, 1.0 / std::f64::consts::LN_2 + 1.0, 1e-14);
    close(kept_warm(&office, 12.0).hits, 1.0, 1e-14);
    // At dense traffic only the nights take pings: 16 hours and a moment hold 16 lifetimes of an hour.
    let dense = kept_warm(&traffic(1e6, (8.0, 7.0), 0.0), 1.0);
    close(dense.pings_per_request * 8e6, 16.0, 1e-3);
}

#[test]
fn rare_requests_are_kept_warm_by_a_ping_each_lifetime() {
    for week in WEEKS {
        for ttl in [1e-9, 1.0 / 12.0, 1.0, std::f64::consts::PI, 20.0, 1000.0, 1e6] {
            let rate = 1e-9;
            let gap = 168.0 / (rate * week.0 * week.1);
            let kept = kept_warm(&traffic(rate, week, 0.0), ttl);
            let expected = gap / ttl;
            assert!(
                (kept.pings_per_request + 0.5 - expected).abs() < 0.5 + 1e-9 * expected,
                "{week:?} {ttl}"
            );
            close(kept.hits, 1.0, 1e-9);
        }
    }
}

#[test]
fn a_cache_pays_above_a_share_worked_by_hand() {
    // A miss costs 0.25 more than no cache and a hit 0.9 less.
    close(pays_above(1.25, 0.1).unwrap(), 0.25 / 1.15, 1e-15);
    assert_eq!(pays_above(1.0, 0.1), Some(0.0));
    assert_eq!(pays_above(0.5, 0.1), Some(0.0));
    assert_eq!(pays_above(1.25, 1.0), None);
    assert_eq!(pays_above(1.0, 1.0), None);
    // $1 an hour a million tokens is half of $2 a million: w' = 1.5.
    close(pays_above_with_rent(1.0, 0.1, 1e-6, 1.0, 2e-6).unwrap(), 0.5 / 1.4, 1e-15);
    assert_eq!(pays_above_with_rent(1.0, 0.1, 0.0, 1.0, 2e-6), Some(0.0));
    assert_eq!(pays_above_with_rent(1.0, 0.1, 1e-6, 1.0, 0.0), None);
}

#[test]
fn prefixes_share_the_requests_by_rank() {
    let ttl = 1.0;
    let one = |rate: f64| renewed(&around_the_clock(rate), ttl);
    let shared = |prefixes: f64, exponent: f64| {
        spread(&around_the_clock(3.0), prefixes, exponent, |traffic| renewed(traffic, ttl))
    };
    close(shared(1.0, 0.0), one(3.0), 1e-15);
    close(shared(1.0, 1.0), one(3.0), 1e-15);
    close(shared(10.0, 0.0), one(0.3), 1e-15);
    // 1 and 1/2 of 3/2, so 2 requests an hour and 1.
    close(shared(2.0, 1.0), (2.0 * one(2.0) + one(1.0)) / 3.0, 1e-15);
    // 1, 1/4 and 1/9 of 49/36.
    let expected = (36.0 * one(108.0 / 49.0) + 9.0 * one(27.0 / 49.0) + 4.0 * one(12.0 / 49.0)) / 49.0;
    close(shared(3.0, 2.0), expected, 1e-15);
    // A number of prefixes between two lies between them.
    assert!(shared(2.5, 1.0) < shared(2.0, 1.0) && shared(2.5, 1.0) > shared(3.0, 1.0));
}

#[test]
fn many_ranks_are_summed_to_a_millionth() {
    for prefixes in [94u32, 100, 1000, 100_000] {
        for exponent in [0.3, 0.8, 1.0, 1.2, 2.0, 4.0] {
            let shares: Vec<f64> = (1..=prefixes).map(|rank| f64::from(rank).powf(-exponent)).collect();
            let whole: f64 = shares.iter().sum();
            for (rate, week, ttl) in
                [(10.0, (24.0, 7.0), 1.0), (1e4, (8.0, 7.0), 0.5), (1e6, (8.0, 7.0), 20.0)]
            {
                let traffic = traffic(rate, week, 0.02);
                let of_one = |traffic: &Traffic| renewed(traffic, ttl);
                let full: f64 = shares
                    .iter()
                    .map(|share| share / whole)
                    .map(|part| part * of_one(&Traffic { rate: rate * part, ..traffic }))
                    .sum();
                let derived = spread(&traffic, f64::from(prefixes), exponent, of_one);
                let off = (derived / full - 1.0).abs();
                assert!(off < 1e-6, "{prefixes} at {exponent}, rate {rate}: {derived} against {full}");
            }
        }
    }
}

#[test]
fn many_ranks_take_few_questions_and_more_of_them_never_raise_the_share() {
    for exponent in [0.5, 1.0, 1.5] {
        let mut last = 1.0;
        for prefixes in [10.0, 93.0, 94.0, 1e3, 1e6, 1e9, 1e12, 1e15, f64::INFINITY] {
            let asked = Cell::new(0);
            let share = spread(&around_the_clock(1e6), prefixes, exponent, |traffic| {
                asked.set(asked.get() + 1);
                not_renewed(traffic, 1.0)
            });
            assert!(asked.get() <= 93, "{prefixes}: {}", asked.get());
            assert!(share > 0.0 && share <= last + 1e-9, "{prefixes} at {exponent}: {share} after {last}");
            last = share;
        }
    }
}

#[test]
fn no_requests_and_no_lifetime_give_no_hits() {
    for week in WEEKS {
        for share in [renewed, not_renewed, |traffic: &Traffic, ttl| kept_warm(traffic, ttl).hits] {
            assert_eq!(share(&traffic(0.0, week, 0.1), 1.0), 0.0);
            assert_eq!(share(&traffic(10.0, week, 0.1), 0.0), 0.0);
            assert_eq!(share(&traffic(f64::NAN, week, 0.1), 1.0), 0.0);
            assert_eq!(share(&traffic(10.0, week, f64::NAN), 1.0), 0.0);
            assert_eq!(share(&traffic(10.0, week, 0.1), f64::NAN), 0.0);
        }
        assert_eq!(kept_warm(&traffic(0.0, week, 0.0), 1.0).pings_per_request, 0.0);
    }
}

#[test]
fn hit_shares_are_shares_at_all_sizes() {
    let sizes = [1e-300, 1e-12, 1e-6, 1e-3, 1.0, 1e3, 1e6, 1e12, 1e300, f64::INFINITY];
    for week in [WEEKS[0], WEEKS[1], WEEKS[2], WEEKS[3], WEEKS[5], (1e-3, 1.0)] {
        for rate in sizes {
            for ttl in [1e-300, 1e-12, 1e-6, 0.01, 1.0, 20.0, 24.0, 50.0, 1e3, 1e6, f64::INFINITY] {
                for churn in [0.0, 1e-300, 1e-12, 1e-3, 1.0, 1e12, f64::INFINITY] {
                    let traffic = traffic(rate, week, churn);
                    let kept = kept_warm(&traffic, ttl);
                    for share in
                        [renewed(&traffic, ttl), not_renewed(&traffic, ttl), kept.hits, kept.ping_hits]
                    {
                        assert!((0.0..=1.0).contains(&share), "{share} at {ttl}, {traffic:?}");
                    }
                    assert!(kept.pings_per_request >= 0.0, "{kept:?} at {ttl}, {traffic:?}");
                    // A gap less its whole lifetimes is shorter than one.
                    assert!(kept.hits >= kept.ping_hits - 1e-9, "{kept:?} at {ttl}, {traffic:?}");
                    // No more hits than requests are expected in a lifetime.
                    let most = renewed(&traffic, ttl).max(not_renewed(&traffic, ttl));
                    assert!(most <= rate * ttl * (1.0 + 1e-9) + 1e-12, "{most} at {ttl}, {traffic:?}");
                }
            }
        }
    }
}

#[test]
fn more_requests_never_lower_the_share_of_renewed_entries() {
    for week in WEEKS {
        for ttl in LIFETIMES.into_iter().chain([30.0, 200.0]) {
            for churn in [0.0, 0.1] {
                let mut last = 0.0;
                for step in -60..60 {
                    let share = renewed(&traffic(f64::from(step).exp2().sqrt(), week, churn), ttl);
                    assert!(share >= last - 1e-14, "{share} after {last} at {ttl}, {week:?}");
                    last = share;
                }
            }
        }
    }
}

#[test]
fn renewal_never_lowers_the_share_nor_does_a_longer_life_or_keeping_warm() {
    for week in WEEKS {
        for rate in [0.01, 0.5, 10.0] {
            for churn in [0.0, 0.1] {
                let traffic = traffic(rate, week, churn);
                let mut last = 0.0;
                for ttl in LIFETIMES.into_iter().chain([30.0, 200.0]) {
                    let share = renewed(&traffic, ttl);
                    assert!(share >= last - 1e-14);
                    assert!(share >= not_renewed(&traffic, ttl) - 1e-4);
                    assert!(kept_warm(&traffic, ttl).hits >= share - 1e-12);
                    last = share;
                }
            }
        }
    }
}

#[test]
fn rare_changes_and_short_pauses_hardly_count() {
    for ttl in LIFETIMES {
        for rate in [0.1, 1.0, 10.0] {
            for week in WEEKS {
                for share in [renewed, not_renewed] {
                    let (without, rare) = (traffic(rate, week, 0.0), traffic(rate, week, 1e-9));
                    close(share(&without, ttl), share(&rare, ttl), 1e-6);
                }
                let (without, rare) = (traffic(rate, week, 0.0), traffic(rate, week, 1e-9));
                close(kept_warm(&without, ttl).hits, 1.0, 1e-12);
                close(kept_warm(&rare, ttl).hits, 1.0, 1e-6);
            }
            for share in [renewed, not_renewed] {
                let (always, nearly) = (around_the_clock(rate), traffic(rate, (24.0 - 1e-7, 7.0), 0.0));
                close(share(&always, ttl), share(&nearly, ttl), 1e-5);
                close(share(&around_the_clock(rate), ttl), share(&traffic(rate, (25.0, 8.0), 0.0), ttl), 0.0);
            }
        }
    }
}

#[test]
fn a_lifetime_of_a_moment_is_worked_out_in_a_moment() {
    let (rate, ttl) = (10.0, 1e-9);
    close(not_renewed(&traffic(rate, (12.0, 7.0), 0.0), ttl), rate * ttl, 1e-12);
    close(not_renewed(&traffic(rate, (12.0, 5.0), 0.5), ttl), rate * ttl, 1e-12);
}

#[test]
fn the_many_lifetimes_of_a_block_go_over_into_the_limit() {
    // 300 lifetimes are summed one by one, more are not.
    let block = 10.0;
    for rate in [1.0, 30.0, 300.0, 3000.0] {
        for churn in [0.0, 1.0] {
            let traffic = traffic(rate, (block, 7.0), churn);
            close(not_renewed(&traffic, block / 300.01), not_renewed(&traffic, block / 299.99), 3e-5);
        }
    }
}
