//! Numbers that are known only roughly: quantiles against closed forms, chances, and draws that anybody can repeat.
//!
//! What is estimated from draws may lie 4.5 standard errors from the truth, which by chance one in 150,000 would not.

mod support;

use proptest::prelude::*;
use ragonomics::analysis::Case;
use ragonomics::analysis::simulate::{Chance, Options, Row, Simulation, simulate, simulate_while};
use ragonomics::catalog::Catalog;
use ragonomics::report::simulate::to_json;
use ragonomics::scenario::reference::effective;
use serde_json::Value;
use std::sync::LazyLock;
use support::*;

const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "chat"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 1
output_per_mtok = 0
source = "test"
checked = 2026-11-22

[[product]]
id = "other"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 0
output_per_mtok = 0
source = "test"
checked = 2026-11-22

[[product]]
id = "short"
kind = "chat"
window = 3000
[[product.price]]
from = 2020-01-01
input_per_mtok = 1
output_per_mtok = 0
source = "test"
checked = 2026-11-22
"#;

/// Requests of 1,000 tokens: a thousandth of a dollar each on `chat`.
const REQUEST: &str =
    "[request]\nsystem_tokens = 0\nquestion_tokens = 1000\noutput_tokens = 0\n[corpus]\ntokens = 0\n";

const COMPARE: &str = "[compare]\nmodels = [\"acme/chat\"]\nstrategies = [\"long_context\"]\n";

/// From 1,000 to 5,000 requests, most likely 2,000.
const TRIANGLE: &str = "[workload]\nrequests_per_month = { low = 1000, mode = 2000, high = 5000 }\n";

const DRAWS: u32 = 40_000;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog_with(TABLE));

fn run(text: &str) -> Simulation {
    let scenario = scenario(text);
    let case = case(&CATALOG, &scenario);
    let found = simulate(&case, &Options { samples: DRAWS, ..Options::default() });
    found.unwrap_or_else(|fault| panic!("{fault}"))
}

fn only(found: &Simulation) -> &Row {
    assert_eq!(found.rows.len(), 1);
    &found.rows[0]
}

#[track_caller]
fn within(found: f64, truth: f64, error: f64) {
    assert!((found - truth).abs() <= 4.5 * error, "{found} is not {truth} ± 4.5 × {error}");
}

/// Returns the standard error of a quantile from the density of the cost there: √(p(1 − p)/n) / f.
fn error_of_quantile(chance: f64, density: f64) -> f64 {
    (chance * (1.0 - chance) / f64::from(DRAWS)).sqrt() / density
}

#[test]
fn quantiles_of_a_triangle_are_those_of_its_formula() {
    let found = run(&format!("{COMPARE}{TRIANGLE}{REQUEST}"));
    let costs = only(&found).costs.unwrap();
    // In dollars the triangle goes from 1 over 2 to 5; 1/4 of it lies below the mode.
    // p5 = 1 + √(0.05·4·1) = 1.447214, density 2·0.447214/4 = 0.223607.
    within(costs.p5, 1.447_214, error_of_quantile(0.05, 0.223_607));
    // p50 = 5 − √(0.5·4·3) = 2.550510, density 2·2.449490/12 = 0.408248.
    within(costs.p50, 2.550_510, error_of_quantile(0.5, 0.408_248));
    // p95 = 5 − √(0.05·4·3) = 4.225403, density 2·0.774597/12 = 0.129099.
    within(costs.p95, 4.225_403, error_of_quantile(0.95, 0.129_099));
    // Mean (1 + 2 + 5)/3; variance (1 + 4 + 25 − 2 − 5 − 10)/18 = 13/18.
    within(costs.mean, 8.0 / 3.0, (13.0 / 18.0 / f64::from(DRAWS)).sqrt());
    assert!((only(&found).middle.unwrap() - 2.0).abs() < 1e-12);
}

#[test]
fn quantiles_of_a_size_between_two_tenths_are_lognormal() {
    let range = "[workload]\nrequests_per_month = { p10 = 1000, p90 = 4000 }\n";
    let found = run(&format!("{COMPARE}{range}{REQUEST}"));
    let costs = only(&found).costs.unwrap();
    // Median √(1·4) = $2; deviation ln 4 / (2·1.281552) = 0.540867, and 1.644854 of them are 0.889647.
    let deviation = 0.540_867;
    let density = |height: f64, cost: f64| height / (deviation * cost);
    // p5 = 2·e^−0.889647 = 0.821602; the standard normal density is 0.103136 there and 0.398942 in the middle.
    within(costs.p5, 0.821_602, error_of_quantile(0.05, density(0.103_136, 0.821_602)));
    within(costs.p50, 2.0, error_of_quantile(0.5, density(0.398_942, 2.0)));
    // p95 = 2·e^0.889647 = 4.868537.
    within(costs.p95, 4.868_537, error_of_quantile(0.95, density(0.103_136, 4.868_537)));
    assert!((only(&found).middle.unwrap() - 2.0).abs() < 1e-12);
}

#[test]
fn a_share_between_two_tenths_is_normal_and_stays_a_share() {
    // Of 1,000 requests the long ones, between 30 % and 70 %, have 2,000 tokens, the others 1,000: $1 and the share.
    let classes = "[workload]\nrequests_per_month = 1000\n[[class]]\nname = \"long\"\nshare = { p10 = \"30%\", p90 = \"70%\" }\nquestion_tokens = 2000\n[[class]]\nname = \"rest\"\n";
    let costs = only(&run(&format!("{COMPARE}{REQUEST}{classes}"))).costs.unwrap();
    // Deviation 0.4/(2·1.281552) = 0.156061; p95 of the share is 0.5 + 1.644854·0.156061 = 0.756697.
    within(costs.p95, 1.756_697, error_of_quantile(0.95, 0.103_136 / 0.156_061));
    within(costs.p50, 1.5, error_of_quantile(0.5, 0.398_942 / 0.156_061));
    let wide = classes.replace("30%", "1%").replace("70%", "99%");
    let costs = only(&run(&format!("{COMPARE}{REQUEST}{wide}"))).costs.unwrap();
    assert!(costs.p5 >= 1.0 && costs.p95 <= 2.0, "{costs:?}");
}

#[test]
fn a_share_of_a_class_can_be_a_triangle() {
    let classes = "[workload]\nrequests_per_month = 1000\n[[class]]\nname = \"long\"\nshare = { low = 0.2, mode = 0.4, high = 0.8 }\nquestion_tokens = 2000\n[[class]]\nname = \"rest\"\n";
    let costs = only(&run(&format!("{COMPARE}{REQUEST}{classes}"))).costs.unwrap();
    // Median of the share 0.8 − √(0.5·0.6·0.4) = 0.453590, density 2·0.346410/(0.6·0.4) = 2.886751.
    within(costs.p50, 1.453_590, error_of_quantile(0.5, 2.886_751));
}

#[test]
fn shares_of_all_classes_come_to_all_requests() {
    let class = |name: &str, tokens: u32| {
        format!(
            "[[class]]\nname = \"{name}\"\nshare = {{ low = 0.3, mode = 0.5, high = 0.6 }}\nquestion_tokens = {tokens}\n"
        )
    };
    let text = format!(
        "{COMPARE}{REQUEST}[workload]\nrequests_per_month = 1000\n{}{}",
        class("a", 1000),
        class("b", 1000)
    );
    // Both cost the same, so that only requests that get lost or are counted twice could move the $1.
    let costs = only(&run(&text)).costs.unwrap();
    assert!((costs.p5 - 1.0).abs() < 1e-9 && (costs.p95 - 1.0).abs() < 1e-9, "{costs:?}");
}

#[test]
fn the_chance_above_the_budget_is_that_of_the_formula_with_its_standard_error() {
    let found = run(&format!("{COMPARE}{TRIANGLE}{REQUEST}[budget]\nmonthly = 3\n"));
    let Chance { share, error } = only(&found).over_budget.unwrap();
    // Above $3 of the triangle from 1 over 2 to 5: (5 − 3)²/(4·3) = 1/3, standard error √(2/9/n).
    let truth = (2.0 / 9.0 / f64::from(DRAWS)).sqrt();
    within(share, 1.0 / 3.0, truth);
    assert!((error - truth).abs() < 0.02 * truth, "{error} {truth}");
    assert_eq!(only(&run(&format!("{COMPARE}{TRIANGLE}{REQUEST}"))).over_budget, None);
}

#[test]
fn a_budget_can_be_a_range_itself() {
    // 2,000 requests cost $2; the budget goes from 1 over 2 to 5, of which 1/4 lies below $2.
    let budget = "[budget]\nmonthly = { low = 1, mode = 2, high = 5 }\n";
    let found = run(&format!("{COMPARE}[workload]\nrequests_per_month = 2000\n{REQUEST}{budget}"));
    within(only(&found).over_budget.unwrap().share, 0.25, (3.0 / 16.0 / f64::from(DRAWS)).sqrt());
}

#[test]
fn the_chance_to_be_the_cheapest_is_that_of_the_formula() {
    // `other` is free but for $3 a month: it is the cheapest where `chat` costs more, in 1/3 of the draws.
    let compare = COMPARE.replace("\"acme/chat\"", "\"acme/chat\", \"acme/other\"");
    let fee = "[[cost]]\nname = \"fee\"\nmonthly = 3\nmodels = [\"acme/other\"]\n";
    let found = run(&format!("{compare}{TRIANGLE}{REQUEST}{fee}"));
    let truth = (2.0 / 9.0 / f64::from(DRAWS)).sqrt();
    within(found.changes.unwrap().share, 1.0 / 3.0, truth);
    let chances: Vec<f64> = found.rows.iter().map(|row| row.cheapest.unwrap().share).collect();
    // At the middle values $2 stand against $3.
    within(chances[0], 2.0 / 3.0, truth);
    assert_eq!((chances.iter().sum::<f64>(), found.none_cheapest.unwrap().share), (1.0, 0.0));
    // The fee is the same in every draw.
    let other = found.rows[1].costs.unwrap();
    assert_eq!((other.p5, other.p50, other.p95, other.mean), (3.0, 3.0, 3.0, 3.0));
}

#[test]
fn draws_that_do_not_fit_are_counted_and_left_out() {
    let compare = COMPARE.replace("chat", "short");
    let text = format!(
        "{compare}[workload]\nrequests_per_month = 1000\n[request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n[corpus]\ntokens = {{ low = 1000, mode = 2000, high = 5000 }}\n"
    );
    let found = run(&text);
    let row = only(&found);
    // A third of the triangle lies above the window of 3,000 tokens, $3.
    within(row.without_cost, 1.0 / 3.0, (2.0 / 9.0 / f64::from(DRAWS)).sqrt());
    assert!(row.costs.unwrap().p95 <= 3.0);
    assert!(row.reason.as_ref().unwrap().to_string().contains("3,000"), "{:?}", row.reason);
    assert_eq!(found.none_cheapest.unwrap().share, row.without_cost);
}

#[test]
fn draws_that_contradict_themselves_are_made_again() {
    let text = |overlap: &str| {
        format!("{COMPARE}{TRIANGLE}{REQUEST}[retrieval]\nchunk_tokens = 60\noverlap_tokens = {overlap}\n")
    };
    // Above 59.5 of the triangle from 0 over 50 to 100 lies (100 − 59.5)²/(100·50) = 0.328; every draw that counts takes
    // 1/(1 − p) tries, so that p/(1 − p) = 0.488 of them are made again.
    let found = run(&text("{ low = 0, mode = 50, high = 100 }"));
    let p: f64 = 40.5 * 40.5 / 5000.0;
    let again = found.redrawn as f64 / f64::from(DRAWS);
    within(again, p / (1.0 - p), (p / f64::from(DRAWS)).sqrt() / (1.0 - p));

    let scenario = scenario(&text("{ low = 0, mode = 50, high = 1_000_000_000_000 }"));
    let fault = simulate(&case(&CATALOG, &scenario), &Options::default()).unwrap_err().to_string();
    assert!(fault.contains("contradict each other"), "{fault}");
}

#[test]
fn a_histogram_has_twenty_bins_that_hold_all_draws() {
    let scenario = scenario(&format!("{COMPARE}{TRIANGLE}{REQUEST}"));
    let case = case(&CATALOG, &scenario);
    let chosen = Some(pair(&case, "acme/chat:long_context"));
    let found = simulate(&case, &Options { chosen, ..Options::default() }).unwrap();
    let histogram = found.histogram.unwrap();
    assert!(histogram.bins.len() == 20 && !histogram.log);
    assert!((histogram.bins.iter().map(|bin| bin.share).sum::<f64>() - 1.0).abs() < 1e-9);
    assert!(histogram.bins[0].from >= 1.0 && histogram.bins[19].to <= 5.0);
}

/// The shipped tables and a scenario of the test's own with two ranges.
fn rough(run: impl FnOnce(&Case<'_>)) {
    let catalog = catalog_with("");
    let text = "as_of = 2026-11-22\n[workload]\nrequests_per_month = { p10 = \"5k\", p90 = \"40k\" }\n[corpus]\ntokens = { low = \"50k\", mode = \"100k\", high = \"1.2M\" }\n[budget]\nmonthly = 500\n";
    let scenario = scenario(text);
    run(&case(&catalog, &scenario));
}

#[test]
fn the_same_seed_gives_the_same_result_on_any_number_of_threads() {
    rough(|case| {
        let told = |seed, threads| {
            let options = Options { samples: 4500, seed, threads, chosen: None };
            to_json(&simulate(case, &options).unwrap(), case)
        };
        let first = told(7, 1);
        assert!(first == told(7, 1) && first == told(7, 2) && first == told(7, 5));
        assert!(first != told(8, 1));
    });
}

#[test]
fn a_single_draw_is_its_own_median_and_decides_every_chance() {
    rough(|case| {
        let found = simulate(case, &Options { samples: 1, ..Options::default() }).unwrap();
        assert!(found.rows.iter().filter_map(|row| row.costs).all(|c| c.p5 == c.p95 && c.mean == c.p50));
        let chances = found.rows.iter().filter_map(|row| row.cheapest);
        assert!(chances.into_iter().all(|chance| [0.0, 1.0].contains(&chance.share) && chance.error == 0.0));
    });
}

#[test]
fn a_design_beside_the_compared_ones_is_told_and_never_the_cheapest() {
    rough(|case| {
        let chosen = Some(pair(case, "deepseek/deepseek-flash:rag_rerank"));
        let found = simulate(case, &Options { samples: 200, chosen, ..Options::default() }).unwrap();
        let row = found.rows.iter().find(|row| Some(row.pair) == chosen).unwrap();
        assert!(row.costs.is_some() && row.cheapest.is_none());
        assert_eq!(found.histogram.unwrap().pair, row.pair);
        assert_eq!(found.rows.len(), 31);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn quantiles_are_in_order_and_chances_come_to_one(
        low in 1.0..1e5f64, up in 0.0..1e5f64, more in 1.0..1e6f64, p10 in 1u32..100_000, factor in 2u32..50,
        hit in 0.0..0.8f64, seed in any::<u64>(),
    ) {
        let text = format!(
            "as_of = 2026-11-22\n[compare]\nmodels = [\"openai/gpt-6.1-sol\", \"deepseek/deepseek-flash\", \"zhipu/glm-5.3\"]\n\
             [workload]\nrequests_per_month = {{ low = {low}, mode = {}, high = {} }}\n\
             [corpus]\ntokens = {{ p10 = {p10}, p90 = {} }}\n\
             [caching]\nhit_share = {{ p10 = {hit}, p90 = {} }}\n",
            low + up, low + up + more, p10 * factor, hit + 0.2,
        );
        let (catalog, scenario) = (&*SHIPPED, scenario(&text));
        let case = case(catalog, &scenario);
        let found = simulate(&case, &Options { samples: 300, seed, ..Options::default() }).unwrap();
        let none = found.none_cheapest.unwrap().share;
        let chances: f64 = found.rows.iter().filter_map(|row| row.cheapest).map(|chance| chance.share).sum();
        prop_assert!((chances + none - 1.0).abs() < 1e-9, "{chances} {none}");
        for row in &found.rows {
            prop_assert!((0.0..=1.0).contains(&row.without_cost));
            prop_assert_eq!(row.costs.is_none(), row.without_cost == 1.0);
            prop_assert_eq!(row.reason.is_some(), row.without_cost > 0.0);
            if let Some(costs) = row.costs {
                prop_assert!(0.0 <= costs.p5 && costs.p5 <= costs.p50 && costs.p50 <= costs.p95 && costs.mean.is_finite());
            }
        }
    }
}

static SHIPPED: LazyLock<Catalog> = LazyLock::new(|| catalog_with(""));

#[test]
fn a_range_is_shown_as_one() {
    let scenario = scenario(
        "[workload]\nrequests_per_month = { low = \"50k\", mode = \"100k\", high = \"200k\" }\n\
         [caching]\nhit_share = { p10 = 0.2, p90 = \"60%\" }\n[[class]]\nname = \"a\"\nshare = { low = \"10%\", mode = 0.2, high = 0.5 }\n[[class]]\nname = \"b\"\n",
    );
    let rows = effective(&scenario);
    let value = |path: &str| rows.iter().find(|row| row.path == path).unwrap().value.clone();
    assert_eq!(value("workload.requests_per_month"), "50k to 200k, most likely 100k");
    assert_eq!(value("caching.hit_share"), "20% to 60% in eight of ten cases");
    assert_eq!(value("class.a.share"), "10% to 50%, most likely 20%");
}

fn command(arguments: &[&str], input: &str) -> std::process::Output {
    support::program().arg("simulate").args(arguments).write_stdin(input).output().unwrap()
}

const ROUGH: &str = "name = \"Rough\"\nas_of = 2026-11-22\n[workload]\nrequests_per_month = { p10 = \"5k\", p90 = \"40k\" }\n[budget]\nmonthly = 500\n";

#[test]
fn without_a_range_there_is_nothing_to_draw_and_the_message_shows_how_to_write_one() {
    let refused = command(&["devday"], "");
    assert!(refused.status.code() == Some(2) && refused.stdout.is_empty());
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("no number of this scenario is a range"), "{message}");
    assert!(
        message.contains("requests_per_month = { low = \"5k\", mode = \"10k\", high = \"30k\" }"),
        "{message}"
    );
    // A value set by hand is known exactly.
    let set = command(&["-", "--set", "workload.requests_per_month=10k"], ROUGH);
    assert_eq!(set.status.code(), Some(2));
}

#[test]
fn the_program_tells_the_same_for_the_same_seed_in_every_format() {
    for format in ["table", "json", "csv", "md"] {
        let run = |seed: &str| command(&["-", "--samples", "300", "--seed", seed, "--format", format], ROUGH);
        let (first, again, other) = (run("5"), run("5"), run("6"));
        assert!(first.status.success() && !first.stdout.is_empty(), "{format}");
        assert!(first.stdout == again.stdout && first.stdout != other.stdout, "{format}");
    }
}

#[test]
fn json_has_draws_seed_ranges_and_chances() {
    let json: Value =
        serde_json::from_slice(&command(&["-", "--samples", "500", "--format", "json"], ROUGH).stdout)
            .unwrap();
    assert_eq!(json["schema"], "ragonomics/simulate/1");
    assert_eq!((json["samples"].as_u64(), json["seed"].as_u64()), (Some(500), Some(1)));
    assert_eq!(json["ranges"][0]["parameter"], "workload.requests_per_month");
    assert_eq!((json["ranges"][0]["p10"].as_f64(), json["ranges"][0]["mode"].as_f64()), (Some(5000.0), None));
    assert!(
        json["rows"][0]["chance_over_budget"].is_number() && json["rows"][0]["chance_cheapest"].is_number()
    );
    assert_eq!(json["histogram"]["bins"].as_array().map(Vec::len), Some(20));
}

#[test]
fn too_many_draws_and_none_are_refused() {
    for bad in ["0", "10000001", "-5", "2.5", "x"] {
        let refused = command(&["-", "--samples", bad], ROUGH);
        assert_eq!(refused.status.code(), Some(2), "{bad}");
        let said = String::from_utf8(refused.stderr).unwrap();
        let expected = match bad {
            "x" => {
                "error: --samples is no number: `x`\n  help: write it as 1500, 128k, 1.5M or 3%\n".to_owned()
            }
            _ => format!("error: --samples is {bad}; it should be a whole number from 1 to 10,000,000\n"),
        };
        assert_eq!(said, expected);
    }
    let refused = command(&["-", "--seed", "-1"], ROUGH);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("from 0 to 18,446,744,073,709,551,615"));
    // Written as numbers of a scenario are.
    let json =
        command(&["-", "--samples", "0.5k", "--seed", "18446744073709551615", "--format", "json"], ROUGH);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json["samples"].as_u64(), json["seed"].as_u64()), (Some(500), Some(u64::MAX)));
}

#[test]
fn tables_keep_within_80_columns() {
    let table = String::from_utf8(command(&["-", "--samples", "200"], ROUGH).stdout).unwrap();
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
}

#[test]
fn draws_that_are_no_longer_wanted_are_left_out() {
    let scenario = scenario(&format!("{REQUEST}{COMPARE}{TRIANGLE}"));
    let case = case(&CATALOG, &scenario);
    let options = Options { samples: DRAWS, threads: 1, ..Options::default() };
    let told = std::cell::RefCell::new(Vec::new());
    let found = simulate_while(&case, &options, |share| {
        told.borrow_mut().push(share);
        told.borrow().len() < 2
    });
    // Two blocks of 2,048 of 40,000 draws.
    assert_eq!(found.unwrap().samples, 4096);
    assert_eq!(*told.borrow(), [0.0512, 0.1024]);
    let whole = simulate_while(&case, &options, |_| true);
    assert_eq!(whole, simulate(&case, &options));
}

#[test]
fn a_plan_that_cannot_be_the_cheapest_is_said_to_be_one() {
    let plan = |name: &str| {
        let text = format!("plan = \"{name}\"\n{ROUGH}");
        String::from_utf8(command(&["-", "--samples", "1"], &text).stdout).unwrap().replace('\n', " ")
    };
    let gone = plan("openai/gpt-4:rag");
    assert!(gone.contains("in 1 draw, seed 1"), "{gone}");
    assert!(gone.contains("openai/gpt-4:rag cannot be the cheapest: its model is no longer sold."), "{gone}");
    let other = plan("openai/gpt-6-luna:map_reduce");
    assert!(other.contains(" cannot be the cheapest: it is not among those compared."), "{other}");
}
