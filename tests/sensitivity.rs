//! Each number moved, one at a time: swings, ends without a cost, what stays where it is, and who is cheapest then.

mod support;

use ragonomics::analysis::Case;
use ragonomics::analysis::curve::Metric;
use ragonomics::analysis::sensitivity::{Move, Percent, Still, Tornado, tornado};
use ragonomics::catalog::Catalog;
use ragonomics::report::sensitivity::{notes, to_json};
use ragonomics::scenario::{Origin, Scenario};
use ragonomics::usage::Recurrence;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;
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
output_per_mtok = 2
source = "test"
checked = 2026-11-22

[[product]]
id = "half"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 0.5
output_per_mtok = 1
source = "test"
checked = 2026-11-22

[[product]]
id = "short"
kind = "chat"
window = 11_000
[[product.price]]
from = 2020-01-01
input_per_mtok = 1
output_per_mtok = 2
source = "test"
checked = 2026-11-22
"#;

/// A month of 1,000 requests with 10,000 + 100 tokens in and 200 out: $10.10 + $0.40 on `chat`.
const WORKLOAD: &str = r#"
[compare]
models = ["acme/chat"]
strategies = ["long_context"]
[workload]
requests_per_month = 1000
[request]
system_tokens = 0
question_tokens = 100
output_tokens = 200
[corpus]
tokens = 10_000
"#;

fn run(case: &Case<'_>, design: &str, metric: Metric) -> Tornado {
    tornado(case, pair(case, design), Percent::default(), metric).unwrap_or_else(|reason| panic!("{reason}"))
}

fn moved<'t>(found: &'t Tornado, case: &Case<'_>, path: &str) -> &'t Move {
    let of_path = |moved: &&Move| case.scenario.path_of(moved.target) == path;
    found.moves.iter().find(of_path).unwrap_or_else(|| panic!("{path} is not moved"))
}

fn close(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() < 1e-9)
}

#[test]
fn numbers_are_ranked_by_what_a_fifth_of_each_changes() {
    let (catalog, scenario) = (catalog_with(TABLE), scenario(WORKLOAD));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/chat:long_context", Metric::Monthly);
    assert!(close(Some(found.cost), 10.50));
    // Requests: 0.8 and 1.2 times $10.50. Corpus: 8,100 and 12,100 tokens in. Output: 160 and 240 tokens at $2 a million.
    // Question: 80 and 120 tokens.
    let expected = [
        ("workload.requests_per_month", [800.0, 1200.0], [8.40, 12.60], 4.20),
        ("corpus.tokens", [8000.0, 12_000.0], [8.50, 12.50], 4.00),
        ("request.output_tokens", [160.0, 240.0], [10.42, 10.58], 0.16),
        ("request.question_tokens", [80.0, 120.0], [10.48, 10.52], 0.04),
    ];
    let paths: Vec<String> = found.moves.iter().map(|moved| scenario.path_of(moved.target)).collect();
    assert_eq!(paths, expected.map(|(path, ..)| path));
    for (moved, (path, values, costs, swing)) in found.moves.iter().zip(expected) {
        assert_eq!([moved.low.value, moved.high.value], values, "{path}");
        assert!(close(moved.low.cost, costs[0]) && close(moved.high.cost, costs[1]), "{path}");
        assert!(close(moved.swing(), swing) && !moved.is_uneven, "{path}");
    }
}

#[test]
fn over_the_horizon_months_count_and_so_does_what_is_paid_once() {
    let text = format!("horizon_months = 10\n{WORKLOAD}\n[[cost]]\nname = \"setup\"\none_off = 100\n");
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/chat:long_context", Metric::Total);
    // Ten months of $10.50 and $100 once; a fifth of the months is $21 on either side.
    assert!(close(Some(found.cost), 205.0));
    let horizon = moved(&found, &case, "horizon_months");
    assert!(close(horizon.low.cost, 184.0) && close(horizon.high.cost, 226.0));
}

#[test]
fn an_end_that_does_not_fit_has_no_cost_but_a_reason() {
    let text = WORKLOAD.replace("acme/chat", "acme/short");
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/short:long_context", Metric::Monthly);
    // A fifth more corpus is 12,100 tokens in and 200 out, 1,300 more than the window of 11,000.
    let corpus = moved(&found, &case, "corpus.tokens");
    assert!(close(corpus.low.cost, 8.50) && corpus.low.reason.is_none());
    assert_eq!((corpus.high.cost, corpus.swing()), (None, None));
    let reason = corpus.high.reason.as_ref().unwrap().to_string();
    assert!(reason.contains("11,000") && reason.contains("1,300"), "{reason}");
    // What is known of its swing is $10.50 − $8.50, less than that of requests.
    assert!((corpus.known_swing - 2.0).abs() < 1e-9);
    assert_eq!(scenario.path_of(found.moves[1].target), "corpus.tokens");

    let json: Value = serde_json::from_str(&to_json(&found, &case)).unwrap();
    let corpus = &json["parameters"][1];
    assert_eq!((&corpus["high_cost"], &corpus["swing"]), (&Value::Null, &Value::Null));
    assert_eq!(corpus["high_reason"], Value::from(reason));
    assert_eq!(corpus["high_value"].as_f64(), Some(12_000.0));
}

#[test]
fn an_end_that_contradicts_another_number_says_so() {
    let text = WORKLOAD.replace("output_tokens = 200", "output_tokens = 200\nreasoning_tokens = 190");
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/chat:long_context", Metric::Monthly);
    // 190 reasoning tokens are no part of 160 output tokens.
    let output = moved(&found, &case, "request.output_tokens");
    assert_eq!(output.low.cost, None);
    let reason = output.low.reason.as_ref().unwrap().to_string();
    assert!(reason.contains("190 reasoning tokens are more than the 160 output tokens"), "{reason}");
}

#[test]
fn a_design_without_a_cost_says_why() {
    let text = WORKLOAD.replace("acme/chat", "acme/short").replace("10_000", "20_000");
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let design = pair(&case, "acme/short:long_context");
    let refused = tornado(&case, design, Percent::default(), Metric::Monthly).unwrap_err().to_string();
    assert!(refused.contains("11,000"), "{refused}");
}

#[test]
fn what_is_nothing_or_moves_by_less_than_half_a_step_is_listed_apart() {
    let text = format!("{WORKLOAD}\n[retrieval]\ntop_k = 2\n").replace("long_context", "rag");
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/chat:rag", Metric::Monthly);
    let still = |path: &str| {
        let of_path = found.unmoved.iter().find(|unmoved| scenario.path_of(unmoved.target) == path);
        of_path.map(|unmoved| unmoved.why)
    };
    assert_eq!(still("request.system_tokens"), Some(Still::Zero));
    assert_eq!(still("request.retries"), Some(Still::Zero));
    // A fifth of 2 chunks rounds to none, and the price of a request depends on them.
    assert_eq!(still("retrieval.top_k"), Some(Still::Whole));
    // It hears nothing, shows no pictures, and rag caches no context.
    for path in [
        "request.audio_tokens",
        "caching.changes_per_month",
        "rewrite.output_ratio",
        "forecast.growth_per_month",
    ] {
        assert_eq!(still(path), None, "{path}");
    }
    let told = notes(&found, &case).join("\n");
    assert!(told.contains("because they are 0: ") && told.contains("top k 2"), "{told}");
}

#[test]
fn a_whole_number_that_moves_by_more_than_its_share_says_so() {
    let text = format!("{WORKLOAD}\n[retrieval]\ntop_k = 4\n").replace("long_context", "rag");
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/chat:rag", Metric::Monthly);
    // 3.2 and 4.8 round to 3 and 5, a quarter on either side.
    let top_k = moved(&found, &case, "retrieval.top_k");
    assert!((top_k.low.value, top_k.high.value) == (3.0, 5.0) && top_k.is_uneven);
    assert!(notes(&found, &case).iter().any(|note| note.contains("top k 3 to 5")));
}

#[test]
fn users_are_moved_and_not_the_requests_that_follow_from_them() {
    let text = WORKLOAD
        .replace("requests_per_month = 1000", "users = 100\nsessions_per_user = 5\nturns_per_session = 2");
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/chat:long_context", Metric::Monthly);
    for path in ["workload.users", "workload.sessions_per_user"] {
        assert!(close(moved(&found, &case, path).swing(), 4.20), "{path}");
    }
    let paths: Vec<String> = found.moves.iter().map(|moved| scenario.path_of(moved.target)).collect();
    assert!(!paths.contains(&"workload.requests_per_month".to_owned()), "{paths:?}");
}

#[test]
fn a_share_of_one_class_is_taken_from_the_others() {
    let classes =
        "[[class]]\nname = \"long\"\nshare = 0.5\noutput_tokens = 1200\n[[class]]\nname = \"rest\"\n";
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&format!("{WORKLOAD}{classes}")));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/chat:long_context", Metric::Monthly);
    // $10.10 for input; half of the requests put out 1,200 tokens, the others 200: $1.40. At 40 %: 600 mean tokens, $1.20;
    // at 60 %: 800, $1.60.
    let share = moved(&found, &case, "class.long.share");
    assert!(close(Some(found.cost), 11.50));
    assert!(close(share.low.cost, 11.30) && close(share.high.cost, 11.70));
}

#[test]
fn moves_that_make_another_design_the_cheapest_are_told() {
    let text = WORKLOAD.replace("\"acme/chat\"", "\"acme/chat\", \"acme/half\"")
        + "[[cost]]\nname = \"support\"\nmonthly = 5\nmodels = [\"acme/half\"]\n";
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = run(&case, "acme/chat:long_context", Metric::Monthly);
    // Half of $10.50 and $5 a month are $10.25. With 800 requests $9.20 stand against $8.40, with 8,000 tokens of corpus
    // $9.25 against $8.50; other moves leave the order as it is.
    assert_eq!(found.cheapest, Some(pair(&case, "acme/half:long_context")));
    let changes: Vec<_> = found
        .changes
        .iter()
        .map(|change| (scenario.path_of(change.target), change.value, change.up, change.cheapest))
        .collect();
    let chat = Some(pair(&case, "acme/chat:long_context"));
    let expected = [
        ("workload.requests_per_month".to_owned(), 800.0, false, chat),
        ("corpus.tokens".to_owned(), 8000.0, false, chat),
    ];
    assert_eq!(changes, expected);
}

/// Returns a scenario with a number put into its file, as its user would.
fn changed(scenario: &Scenario, moved: &Move, value: f64) -> Scenario {
    let mut changed = scenario.clone();
    changed.put(moved.target, value, Origin::Override);
    changed
}

#[test]
fn every_end_costs_what_a_bill_of_the_changed_scenario_comes_to() {
    let catalog: Catalog = catalog_with("");
    for (name, design) in [
        ("support-bot", "deepseek/deepseek-flash:cached_context"),
        ("support-bot", "openai/gpt-6.1-sol:rag"),
        ("contract-review", "anthropic/claude-haiku-5-5:cached_context"),
        ("devday", "openai/gpt-4-1106-preview:long_context"),
    ] {
        let scenario = shipped(name);
        let case = case(&catalog, &scenario);
        let found = run(&case, design, Metric::Monthly);
        assert!(found.moves.len() >= 3, "{name} {design}");
        for moved in &found.moves {
            for end in [&moved.low, &moved.high] {
                let scenario = changed(&scenario, moved, end.value);
                let case = support::case(&catalog, &scenario);
                let bill = case.evaluate(pair(&case, design)).ok().map(|found| found.bill);
                let total = bill.and_then(|bill| bill.total(Recurrence::Monthly).amount());
                let (path, exact) = (scenario.path_of(moved.target), total.and_then(|total| total.to_f64()));
                match (end.cost, exact) {
                    (None, None) => {}
                    (Some(cost), Some(exact)) => {
                        assert!(
                            (cost - exact).abs() <= 1e-9 * exact,
                            "{name} {design} {path}: {cost} {exact}"
                        );
                    }
                    differ => panic!("{name} {design} {path}: {differ:?}"),
                }
            }
        }
    }
}

fn command(arguments: &[&str]) -> std::process::Output {
    support::program().arg("sensitivity").args(arguments).output().unwrap()
}

#[test]
fn a_percentage_is_read_with_and_without_its_sign() {
    let [bare, signed] = ["10", "10%"].map(|by| command(&["devday", "--by", by, "--format", "json"]));
    assert!(bare.status.success() && bare.stdout == signed.stdout);
    let json: Value = serde_json::from_slice(&bare.stdout).unwrap();
    assert_eq!(
        (json["schema"].as_str(), json["by_percent"].as_f64()),
        (Some("ragonomics/sensitivity/1"), Some(10.0))
    );
    let usual: Value = serde_json::from_slice(&command(&["devday", "--format", "json"]).stdout).unwrap();
    assert_eq!(usual["by_percent"].as_f64(), Some(20.0));
    for bad in ["0", "-20", "101", "x", "20%%"] {
        let refused = command(&["devday", "--by", bad]);
        assert!(refused.status.code() == Some(2) && refused.stdout.is_empty(), "{bad}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--by"), "{bad}");
    }
}

#[test]
fn tables_keep_within_80_columns_and_csv_has_every_field() {
    let table = String::from_utf8(command(&["support-bot"]).stdout).unwrap();
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let csv = String::from_utf8(command(&["support-bot", "--format", "csv"]).stdout).unwrap();
    assert!(
        csv.starts_with(
            "path,value,low_value,high_value,low_cost,high_cost,swing,reason\nworkload.requests_per_month,"
        ),
        "{csv}"
    );
}
