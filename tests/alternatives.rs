//! Other ways to cache a design, and the hit share from which caching pays.

mod support;

use ragonomics::analysis::alternatives::{Alternatives, alternatives};
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::scenario::Param;
use support::*;

/// $1 in, $10 out, $1.25 written for five minutes, $2 for an hour, $0.10 read, a million tokens.
const PRICES: &str = r#"
[vendor]
id = "acme"
[[product]]
id = "chat"
kind = "chat"
window = 100_000
[[product.cache]]
mode = "explicit"
ttl_minutes = 5
minimum_tokens = 1024
write = "cache_write"
[[product.cache]]
mode = "explicit"
ttl_minutes = 60
minimum_tokens = 1024
write = "cache_write_1h"
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
cached_input_per_mtok = 0.10
cache_write_per_mtok = 1.25
cache_write_1h_per_mtok = 2
source = "a test"
checked = 2026-01-01
"#;

/// 7,300 requests a month of 730 hours are ten an hour.
const SCENARIO: &str = r#"
as_of = 2026-02-01
workload = { requests_per_month = 7300 }
request = { system_tokens = 0, question_tokens = 100, output_tokens = 100 }
corpus = { tokens = 50_000 }
retrieval = { embedding = "none", store = "none" }
compare = { models = ["acme/chat"], strategies = ["long_context", "cached_context"] }
"#;

fn found(rest: &str) -> Alternatives {
    let (catalog, scenario) = (catalog_of(PRICES), scenario(&format!("{SCENARIO}{rest}")));
    let case = case(&catalog, &scenario);
    alternatives(&case, pair(&case, "acme/chat:cached_context")).unwrap().unwrap()
}

#[test]
fn every_lifetime_is_priced_kept_warm_and_not() {
    let found = found("");
    let ways: Vec<(f64, bool, bool)> =
        found.ways.iter().map(|way| (way.ttl_minutes, way.kept_warm, way.chosen)).collect();
    let expected = [(5.0, false, true), (5.0, true, false), (60.0, false, false), (60.0, true, false)];
    assert_eq!(ways, expected);
    // Ten requests an hour find an entry of an hour in 1 - e^-10 = 99.99546 % of cases. Reads and writes of 50,000
    // tokens, and $0.0011 for question and answer: 7,300 x (0.9999546 x 0.005 + 0.0000454 x 0.10 + 0.0011).
    let hour = found.ways[2].monthly.unwrap();
    let hits = 1.0 - (-10f64).exp();
    let by_hand = 7300.0 * (hits * 0.005 + (1.0 - hits) * 0.10 + 0.0011);
    assert!((hour.to_string().parse::<f64>().unwrap() - by_hand).abs() < 1e-6, "{hour} {by_hand}");
}

#[test]
fn caching_pays_above_the_share_at_which_it_costs_as_much_as_sending_everything() {
    // (1.25 - 1) / (1.25 - 0.1) = 0.2174 for five minutes, (2 - 1) / (2 - 0.1) = 0.5263 for an hour.
    assert!((found("").pays_above.unwrap() - 0.25 / 1.15).abs() < 1e-12);
    let hour = found("caching = { ttl_minutes = 60 }\n");
    assert!((hour.pays_above.unwrap() - 1.0 / 1.9).abs() < 1e-12);
    let (catalog, scenario) = (catalog_of(PRICES), scenario(SCENARIO));
    let case = case(&catalog, &scenario);
    let cost = |strategy: &str, hits: f64| {
        let design = pair(&case, &format!("acme/chat:{strategy}"));
        Curve::new(&case, design).cost_at(Param::HitShare, hits, Metric::Monthly).unwrap()
    };
    let plain = cost("long_context", 0.0);
    assert!((cost("cached_context", 0.25 / 1.15) - plain).abs() < 1e-6);
    assert!(cost("cached_context", 0.21) > plain && cost("cached_context", 0.22) < plain);
}

#[test]
fn more_traffic_can_cost_less_where_writes_are_dear() {
    // With h = 1 - e^(-requests / 8,760) a month costs requests x (0.005 h + 0.0625 (1 - h) + 0.0011): $248.56 at
    // 12,000 requests and $239.26 at 20,000.
    let (catalog, scenario) = (catalog_of(PRICES), scenario(SCENARIO));
    let case = case(&catalog, &scenario);
    let mut curve = Curve::new(&case, pair(&case, "acme/chat:cached_context"));
    let mut cost = |requests: f64| curve.cost_at(Param::RequestsPerMonth, requests, Metric::Monthly).unwrap();
    assert!((cost(12_000.0) - 248.557_822).abs() < 1e-5, "{}", cost(12_000.0));
    assert!((cost(20_000.0) - 239.262_170).abs() < 1e-5, "{}", cost(20_000.0));
}

#[test]
fn a_design_that_caches_nothing_has_no_other_ways() {
    let (catalog, scenario) = (catalog_of(PRICES), scenario(SCENARIO));
    let case = case(&catalog, &scenario);
    assert_eq!(alternatives(&case, pair(&case, "acme/chat:long_context")).unwrap(), None);
}
