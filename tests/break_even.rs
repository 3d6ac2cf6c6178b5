//! Crossings: roots, jumps, none and never.

mod support;

use ragonomics::analysis::Case;
use ragonomics::analysis::break_even::{BreakEven, Cheaper, CrossingKind, break_even};
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::sweep::Axis;
use ragonomics::report::break_even::note;
use ragonomics::scenario::{Origin, Param};
use support::*;

/// A vendor whose models are free, so that only the costs of a scenario count, and some that are not.
const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "free"
kind = "chat"
[[product.price]]
from = 2020-01-01
input_per_mtok = 0
output_per_mtok = 0
source = "test"
checked = 2026-11-22

[[product]]
id = "tiered"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 1
output_per_mtok = 1
source = "test"
checked = 2026-11-22
[[product.price.when]]
above_input_tokens = 200_000
input_per_mtok = 3

[[product]]
id = "flat"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 2
output_per_mtok = 1
source = "test"
checked = 2026-11-22

[[product]]
id = "short"
kind = "chat"
window = 50_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 1
output_per_mtok = 1
source = "test"
checked = 2026-11-22

[[product]]
id = "cached"
kind = "chat"
window = 1_000_000
[[product.cache]]
mode = "explicit"
ttl_minutes = 60
write = "cache_write"
[[product.price]]
from = 2020-01-01
input_per_mtok = 1
cached_input_per_mtok = 0.1
cache_write_per_mtok = 1.25
output_per_mtok = 0
source = "test"
checked = 2026-11-22
"#;

const BARE: &str = "[request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n[retrieval]\nembedding = \"none\"\nstore = \"none\"\n";

/// Runs a break-even analysis and gives it to a check with its case.
fn found(
    scenario_text: &str,
    a: &str,
    b: &str,
    axis: (Param, f64, f64, bool),
    check: impl Fn(&BreakEven, &Case<'_>),
) {
    let catalog = catalog_of(TABLE);
    let scenario = scenario(&format!("{scenario_text}\n{BARE}[compare]\nmodels = [\"acme/flat\"]\n"));
    let case = case(&catalog, &scenario);
    let axis = Axis::new(axis.0, axis.1, axis.2, axis.3).unwrap();
    let result = break_even(&case, pair(&case, a), pair(&case, b), axis, Metric::Monthly);
    assert_eq!(result.regions.first().unwrap().from, axis.from);
    assert_eq!(result.regions.last().unwrap().to, axis.to);
    for pair in result.regions.windows(2) {
        assert_eq!(pair[0].to, pair[1].from, "regions leave no gap");
    }
    assert_roots_are_equal(&result, &case);
    check(&result, &case);
}

fn assert_roots_are_equal(result: &BreakEven, case: &Case<'_>) {
    let mut scenario = case.scenario.clone();
    for crossing in result.crossings.iter().filter(|crossing| crossing.kind == CrossingKind::Root) {
        scenario.put(result.axis.param(), crossing.at, Origin::Override);
        let a = Curve::new(case, result.a).cost_at(result.axis.target, crossing.at, result.metric).unwrap();
        let b = Curve::new(case, result.b).cost_at(result.axis.target, crossing.at, result.metric).unwrap();
        assert!((a - b).abs() <= 1e-9 * a.max(b), "{a} and {b} at {}", crossing.at);
    }
}

fn own_costs(stuffed: f64, retrieved: f64) -> String {
    format!(
        "[[cost]]\nname = \"stuffing\"\nper_request = {stuffed}\nstrategies = [\"long_context\"]\n\
         [[cost]]\nname = \"retrieval\"\nper_request = {retrieved}\nmonthly = 100\nstrategies = [\"rag\"]\n"
    )
}

const REQUESTS: (Param, f64, f64, bool) = (Param::RequestsPerMonth, 1.0, 100_000.0, true);

#[test]
fn a_fixed_100_dollars_pays_back_at_111_1_queries_a_month() {
    // 100 / (1.00 - 0.10) = 111.11...
    found(&own_costs(1.0, 0.1), "acme/free:long_context", "acme/free:rag", REQUESTS, |result, _| {
        assert_eq!(result.crossings.len(), 1);
        assert_eq!(result.crossings[0].kind, CrossingKind::Root);
        assert!((result.crossings[0].at - 1000.0 / 9.0).abs() < 1e-9);
        let sides: Vec<Cheaper> = result.regions.iter().map(|region| region.cheaper).collect();
        assert_eq!(sides, [Cheaper::A, Cheaper::B]);
    });
}

#[test]
fn equal_costs_a_query_never_pay_a_fixed_cost_back() {
    found(&own_costs(0.1, 0.1), "acme/free:long_context", "acme/free:rag", REQUESTS, |result, case| {
        assert!(result.crossings.is_empty() && result.parallel);
        let text = note(result, case);
        assert!(text.starts_with("never: acme/free:long_context is cheaper"), "{text}");
    });
}

#[test]
fn curves_that_do_not_meet_in_the_range_say_none() {
    let axis = (Param::RequestsPerMonth, 1.0, 100.0, false);
    found(&own_costs(1.0, 0.1), "acme/free:long_context", "acme/free:rag", axis, |result, case| {
        assert!(result.crossings.is_empty() && !result.parallel);
        let text = note(result, case);
        assert!(text.starts_with("none in this range: acme/free:long_context is cheaper"), "{text}");
    });
}

#[test]
fn curves_that_cross_three_times_give_all_crossings() {
    // An hour's cache with paid writes: the cost of a month rises with traffic, falls as hits set in, rises
    // again. A flat 37 dollars a month lies between the hump and the dip.
    let text =
        "[corpus]\ntokens = 100_000\n[[cost]]\nname = \"flat fee\"\nmonthly = 37\nmodels = [\"acme/free\"]\n";
    let axis = (Param::RequestsPerMonth, 1.0, 100_000.0, true);
    // With lambda = N/730 per hour and tau = 1 h, per request in dollars of 100,000 tokens:
    // cached = 0.1 (1.25 - 1.15 h), h = 1 - exp(-N/730).
    let closed_form = |requests: f64| {
        let hits = 1.0 - (-requests / 730.0).exp();
        requests * (0.1 * (1.25 - 1.15 * hits))
    };
    found(text, "acme/cached:cached_context", "acme/free:long_context", axis, |result, _| {
        assert_eq!(result.crossings.len(), 3, "{:?}", result.crossings);
        for crossing in &result.crossings {
            assert_eq!(crossing.kind, CrossingKind::Root);
            assert!((closed_form(crossing.at) - 37.0).abs() < 1e-6, "{}", crossing.at);
        }
    });
}

#[test]
fn two_crossings_inside_one_step_of_the_search_are_found() {
    // A flat fee a hair below the hump of the cached curve: up and down again within two requests.
    let hump = (1..3000).map(|requests| {
        let hits = 1.0 - (-f64::from(requests) / 730.0).exp();
        f64::from(requests) * (0.1 * (1.25 - 1.15 * hits) + 0.005)
    });
    let rising_then_falling: Vec<f64> = hump.collect();
    let top = rising_then_falling.windows(3).find(|w| w[1] > w[0] && w[1] > w[2]).unwrap()[1];
    let text = format!(
        "[corpus]\ntokens = 100_000\n[[cost]]\nname = \"base fee\"\nmonthly = {}\nmodels = [\"acme/free\"]\n\
         [[cost]]\nname = \"calls\"\nper_request = 0.005\nmodels = [\"acme/cached\"]\n",
        top - 1e-5
    );
    found(
        &text,
        "acme/cached:cached_context",
        "acme/free:long_context",
        (Param::RequestsPerMonth, 1.0, 1800.0, false),
        |result, _| {
            assert_eq!(result.crossings.len(), 2, "{:?}", result.crossings);
            assert!(result.crossings[1].at - result.crossings[0].at < 1800.0 / 512.0 * 2.0);
        },
    );
}

#[test]
fn curves_that_cross_twice_give_both_crossings() {
    // The same hump, looked at only until the dip: up through 37 dollars, and down again.
    let text =
        "[corpus]\ntokens = 100_000\n[[cost]]\nname = \"flat fee\"\nmonthly = 37\nmodels = [\"acme/free\"]\n";
    let axis = (Param::RequestsPerMonth, 1.0, 2300.0, false);
    found(text, "acme/cached:cached_context", "acme/free:long_context", axis, |result, _| {
        let sides: Vec<Cheaper> = result.regions.iter().map(|region| region.cheaper).collect();
        assert_eq!(sides, [Cheaper::A, Cheaper::B, Cheaper::A]);
        assert!(result.crossings.iter().all(|crossing| crossing.kind == CrossingKind::Root));
    });
}

#[test]
fn a_tier_that_swaps_the_order_is_a_jump_and_no_root() {
    // 1 a million up to 200,000 tokens, then 3 on all of them, against 2 a million: no equality anywhere.
    let axis = (Param::CorpusTokens, 1000.0, 900_000.0, false);
    found("", "acme/tiered:long_context", "acme/flat:long_context", axis, |result, _| {
        assert_eq!(result.crossings.len(), 1);
        assert_eq!((result.crossings[0].kind, result.crossings[0].at), (CrossingKind::Jump, 200_001.0));
        let sides: Vec<Cheaper> = result.regions.iter().map(|region| region.cheaper).collect();
        assert_eq!(sides, [Cheaper::A, Cheaper::B]);
    });
}

#[test]
fn where_neither_fits_the_region_says_neither() {
    let axis = (Param::CorpusTokens, 10_000.0, 90_000.0, false);
    found("", "acme/short:long_context", "acme/short:long_context", axis, |result, _| {
        let sides: Vec<Cheaper> = result.regions.iter().map(|region| region.cheaper).collect();
        assert_eq!(sides, [Cheaper::Equal, Cheaper::Neither]);
        assert_eq!((result.crossings[0].kind, result.crossings[0].at), (CrossingKind::Jump, 50_001.0));
    });
}

#[test]
fn a_whole_numbered_crossing_on_a_logarithmic_axis_is_the_first_value_on_the_other_side() {
    // 10,000 requests of D tokens at $2 per million are $0.02 × D a month, against $0.02 × (n + 1/2).
    for n in (1..100).map(|step| f64::from(step * 271 + 2)) {
        let fee =
            format!("[[cost]]\nname = \"fee\"\nmonthly = {}\nmodels = [\"acme/free\"]\n", 0.02 * n + 0.01);
        let axis = (Param::CorpusTokens, 1.0, 1e6, true);
        found(&fee, "acme/flat:long_context", "acme/free:long_context", axis, |result, _| {
            assert_eq!(result.crossings.iter().map(|crossing| crossing.at).collect::<Vec<_>>(), [n + 1.0]);
        });
    }
}
