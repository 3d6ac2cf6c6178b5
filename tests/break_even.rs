//! Crossings: roots, jumps, none and never.

mod support;

use proptest::prelude::*;
use ragonomics::analysis::Case;
use ragonomics::analysis::break_even::price::cover;
use ragonomics::analysis::break_even::{BreakEven, Cheaper, Crossing, CrossingKind, break_even, gaps};
use ragonomics::analysis::compare::other_side;
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::sweep::{Axis, sweep};
use ragonomics::report::break_even::{self as report, cover as cover_report, note};
use ragonomics::scenario::{Param, Scenario};
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
    for crossing in result.crossings.iter().filter(|crossing| crossing.kind == CrossingKind::Root) {
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
fn a_design_that_ends_says_from_where_on_and_why() {
    let axis = (Param::CorpusTokens, 10_000.0, 90_000.0, false);
    found("", "acme/short:long_context", "acme/flat:long_context", axis, |result, case| {
        let gaps = gaps(case, &[result.a, result.b], result.axis, result.metric);
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].pair, gaps[0].from, gaps[0].to), (result.a, 50_001.0, 90_000.0));
        let said = report::gap_notes(&gaps, result.axis, case);
        let text = "acme/short:long_context has no cost from corpus.tokens = 50,001 on; at 90,000: over the 50,000 token \
                    window by 40,000";
        assert_eq!(said, [text]);
        let json: serde_json::Value = serde_json::from_str(&report::to_json(result, &gaps, case)).unwrap();
        let gap = &json["without_cost"][0];
        assert_eq!(gap["design"], "acme/short:long_context");
        assert_eq!((gap["from"].as_f64(), gap["to"].as_f64()), (Some(50_001.0), Some(90_000.0)));
        assert_eq!(gap["reason"], "over the 50,000 token window by 40,000");
    });
    // Nothing fits anywhere.
    let axis = (Param::CorpusTokens, 60_000.0, 90_000.0, false);
    found("", "acme/short:long_context", "acme/flat:long_context", axis, |result, case| {
        let gaps = gaps(case, &[result.a, result.b], result.axis, result.metric);
        assert_eq!(gaps.iter().map(|gap| (gap.from, gap.to)).collect::<Vec<_>>(), [(60_000.0, 90_000.0)]);
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

/// What a product earns: 2,000 users of whom a tenth is on trial pay $6, and half of that is to be left.
const BUSINESS: &str = "[workload]\nusers = 2000\nsessions_per_user = 5\ntrial_share = 0.1\n\
                        [business]\nprice_per_user = 6\ntarget_margin = 0.5\n";

fn covered(
    text: &str,
    axis: (Param, f64, f64),
    check: impl Fn(&ragonomics::analysis::break_even::price::Cover, &Case<'_>),
) {
    let catalog = catalog_of(TABLE);
    let scenario = scenario(&format!("{text}\n{BARE}[compare]\nmodels = [\"acme/flat\"]\n"));
    let case = case(&catalog, &scenario);
    let axis = Axis::new(axis.0, axis.1, axis.2, false).unwrap();
    let found = cover(&case, pair(&case, "acme/free:long_context"), axis).unwrap();
    check(&found, &case);
}

#[test]
fn the_price_covers_a_fixed_cost_from_its_break_even_on() {
    // A user brings in 0.9 × 6 × 0.5 = $2.70 and costs 5 × $0.04 = $0.20; $1,000 a month are covered from 400 users on.
    let costs = "[[cost]]\nname = \"rent\"\nmonthly = 1000\n[[cost]]\nname = \"calls\"\nper_request = 0.04\n";
    covered(&format!("{BUSINESS}{costs}"), (Param::Users, 1.0, 10_000.0), |found, case| {
        assert_eq!(found.crossings.len(), 1);
        assert!((found.crossings[0].at - 400.0).abs() < 1e-6, "{:?}", found.crossings);
        let sides: Vec<Cheaper> = found.regions.iter().map(|region| region.cheaper).collect();
        assert_eq!(sides, [Cheaper::B, Cheaper::A]);
        // 2,000 × 2.70.
        assert!((found.brought_in - 5400.0).abs() < 1e-9);
        let text = cover_report::note(found, case);
        assert!(text.contains("the cost is above the price up to workload.users = 400"), "{text}");
    });
}

#[test]
fn more_requests_of_the_same_users_end_what_the_price_covers() {
    // $5,400 against N × $0.04: 135,000 requests, made by the 2,000 users of the scenario.
    let costs = "[[cost]]\nname = \"calls\"\nper_request = 0.04\n";
    covered(&format!("{BUSINESS}{costs}"), (Param::RequestsPerMonth, 1.0, 1e6), |found, _| {
        assert!((found.crossings[0].at - 135_000.0).abs() < 1e-3, "{:?}", found.crossings);
        let sides: Vec<Cheaper> = found.regions.iter().map(|region| region.cheaper).collect();
        assert_eq!(sides, [Cheaper::A, Cheaper::B]);
    });
}

#[test]
fn the_price_itself_can_be_varied() {
    // $1,000 a month over 2,000 × 0.9 × 0.5 = 900 halves of a paying user's price: $1.11.
    let costs = "[[cost]]\nname = \"rent\"\nmonthly = 1000\n";
    covered(&format!("{BUSINESS}{costs}"), (Param::PricePerUser, 0.0, 10.0), |found, _| {
        assert!((found.crossings[0].at - 1000.0 / 900.0).abs() < 1e-9, "{:?}", found.crossings);
    });
}

#[test]
fn a_price_or_users_that_are_missing_are_named() {
    let catalog = catalog_of(TABLE);
    let refused = |text: &str, param: Param| {
        let scenario = scenario(&format!("{text}\n{BARE}[compare]\nmodels = [\"acme/flat\"]\n"));
        let case = case(&catalog, &scenario);
        let axis = Axis::new(param, 1.0, 100.0, false).unwrap();
        cover(&case, pair(&case, "acme/flat:long_context"), axis).map_err(|fault| fault.to_string())
    };
    let no_price = refused("[workload]\nusers = 5\n", Param::Users).unwrap_err();
    assert!(no_price.starts_with("business.price_per_user is not given"), "{no_price}");
    let no_users = refused("[business]\nprice_per_user = 6\n", Param::CorpusTokens).unwrap_err();
    assert!(no_users.starts_with("workload.users is not given"), "{no_users}");
    assert!(
        refused("[business]\nprice_per_user = 6\n", Param::Users).is_ok(),
        "varied users need not be given"
    );
}

#[test]
fn the_other_side_is_the_cheapest_that_draws_on_as_much() {
    let (catalog, scenario) = (catalog_with(""), shipped("support-bot"));
    let case = case(&catalog, &scenario);
    let comparison = ragonomics::analysis::compare::compare(&case);
    let other = comparison.answer.as_ref().and_then(|answer| answer.other_side).unwrap();
    let found = other_side(&case, comparison.rows[0].pair).unwrap();
    assert_eq!((found.pair, found.covers_as_much), (comparison.rows[other].pair, true));
    let talk = other_side(&case, pair(&case, "openai/gpt-4.1:conversation")).unwrap_err();
    assert!(talk.to_string().contains("neither stuffs nor retrieves"), "{talk}");
}

/// Two classes, one of which asks for a million tokens of output in all where it makes all requests.
const CLASSES: &str = "[workload]\nrequests_per_month = 1000\n[[class]]\nname = \"long\"\nshare = 0.5\noutput_tokens = 1000\n\
                       [[class]]\nname = \"short\"\noutput_tokens = 0\n";

#[test]
fn a_share_of_a_class_can_be_varied_to_all_and_back() {
    // Output costs $1 a million: share × 1,000 × 1,000 tokens are share × $1, against a fee of $0.25.
    let fee = "[[cost]]\nname = \"fee\"\nmonthly = 0.25\nmodels = [\"acme/free\"]\n";
    let catalog = catalog_of(TABLE);
    let text = format!("[corpus]\ntokens = 0\n{CLASSES}{fee}{BARE}[compare]\nmodels = [\"acme/flat\"]\n");
    let scenario = scenario(&text);
    let case = case(&catalog, &scenario);
    let target = scenario.find_target("class.long.share").unwrap();
    let axis = Axis::of(&scenario, target, (0.0, 1.0), false).unwrap();
    let (flat, free) = (pair(&case, "acme/flat:long_context"), pair(&case, "acme/free:long_context"));
    let result = break_even(&case, flat, free, axis, Metric::Monthly);
    assert_eq!(result.crossings.len(), 1);
    assert!((result.crossings[0].at - 0.25).abs() < 1e-9, "{:?}", result.crossings);
    assert!(note(&result, &case).contains("class.long.share = 0.25"), "{}", note(&result, &case));
    let swept = sweep(&case, &[flat], axis, 3, Metric::Monthly);
    let costs: Vec<f64> = swept.series[0].costs.iter().map(|cost| cost.unwrap()).collect();
    assert!(costs.iter().zip([0.0, 0.5, 1.0]).all(|(a, b): (&f64, f64)| (a - b).abs() < 1e-9), "{costs:?}");
    let sheet = ragonomics::report::sweep::long(&swept, &case);
    assert!(sheet.to_markdown().starts_with("| class share, long |"), "{}", sheet.to_markdown());
    let mut curve = Curve::new(&case, flat);
    assert_eq!(curve.cost_at(target, 1.0, Metric::Monthly), Some(1.0));
    let back = curve.cost_at(target, 0.5, Metric::Monthly).unwrap();
    assert!((back - 0.5).abs() < 1e-9, "{back}: the other class has its half again");
}

#[test]
fn an_axis_of_a_repeated_table_is_called_by_its_path() {
    let scenario = scenario(CLASSES);
    let target = scenario.find_target("class.long.share").unwrap();
    let fault = Axis::of(&scenario, target, (0.9, 0.1), false).unwrap_err();
    assert_eq!(fault.to_string(), "the range of class.long.share runs from 0.9 to 0.1");
}

#[test]
fn an_axis_without_two_whole_numbers_is_refused() {
    let fault = Axis::new(Param::TopK, 1.2, 1.8, false).unwrap_err();
    assert!(fault.to_string().contains("no two whole numbers lie between 1.2 and 1.8"), "{fault}");
}

prop_compose! {
    fn contests()(
        class in 0.01..0.99f64,
        sizes in (0u32..3000, 1u32..1000, 1u32..3000, 10_000u32..400_000),
        tenants in 1u32..20,
        batch in 0.0..0.9f64,
        fee in 1u32..2000,
        designs in (0usize..6, 0usize..6),
        axis in 0usize..5,
    ) -> (Scenario, [&'static str; 2], &'static str, f64, f64) {
        const DESIGNS: [&str; 6] = [
            "google/gemini-2.5-pro:long_context",
            "google/gemini-2.5-pro:cached_context",
            "openai/gpt-6.1-sol:rag",
            "anthropic/claude-haiku-5-5:cached_context",
            "deepseek/deepseek-flash:hybrid",
            "openai/gpt-6.1-sol:map_reduce",
        ];
        const AXES: [(&str, f64, f64); 5] = [
            ("workload.requests_per_month", 10.0, 1e6),
            ("corpus.tokens", 1000.0, 900_000.0),
            ("class.a.share", 0.0, 1.0),
            ("tenants.count", 1.0, 1000.0),
            ("retrieval.top_k", 0.0, 200.0),
        ];
        let (system, question, output, corpus) = sizes;
        let text = format!(
            "as_of = 2026-11-22\n[request]\nsystem_tokens = {system}\nquestion_tokens = {question}\n\
             output_tokens = {output}\n[corpus]\ntokens = {corpus}\n[tenants]\ncount = {tenants}\n\
             [service]\nbatch_share = {batch}\n[[class]]\nname = \"a\"\nshare = {class}\noutput_tokens = 3000\n\
             [[class]]\nname = \"b\"\n[[cost]]\nname = \"fee\"\nmonthly = {fee}\nstrategies = [\"rag\"]\n"
        );
        let (path, from, to) = AXES[axis];
        (scenario(&text), [DESIGNS[designs.0], DESIGNS[designs.1]], path, from, to)
    }
}

/// Checks that costs agree at a root, and change order within one step of a jump.
fn assert_crossing(crossing: &Crossing, result: &BreakEven, (a, b): (&mut Curve<'_>, &mut Curve<'_>)) {
    let mut at = |value: f64| {
        let target = result.axis.target;
        (a.cost_at(target, value, result.metric), b.cost_at(target, value, result.metric))
    };
    let whole = result.axis.param().facts().whole;
    let before = if whole { crossing.at - 1.0 } else { crossing.at.next_down() };
    match crossing.kind {
        CrossingKind::Root => {
            let (Some(x), Some(y)) = at(crossing.at) else { panic!("a root without costs: {crossing:?}") };
            assert!((x - y).abs() <= 1e-9 * x.max(y), "{x} and {y} at {}", crossing.at);
        }
        CrossingKind::Jump => {
            let order = |(a, b): (Option<f64>, Option<f64>)| {
                let cost = |cost: Option<f64>| cost.unwrap_or(f64::INFINITY);
                cost(a).partial_cmp(&cost(b))
            };
            assert_ne!(order(at(before)), order(at(crossing.at)), "{crossing:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn costs_agree_at_every_root_and_change_order_at_every_jump((scenario, designs, path, from, to) in contests()) {
        let catalog = catalog_with("");
        let case = case(&catalog, &scenario);
        let target = scenario.find_target(path).unwrap();
        let axis = Axis::of(&scenario, target, (from, to), false).unwrap();
        let [a, b] = designs.map(|design| pair(&case, design));
        let result = break_even(&case, a, b, axis, Metric::Monthly);
        prop_assert_eq!(result.regions.len(), result.crossings.len() + 1);
        let (mut first, mut second) = (Curve::new(&case, a), Curve::new(&case, b));
        for crossing in &result.crossings {
            assert_crossing(crossing, &result, (&mut first, &mut second));
        }
    }
}
