//! `diff`: two bills line by line, with sums by hand.

mod support;

use ragonomics::analysis::bill_diff::{diff, difference};
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;
use serde_json::Value;
use support::{case, catalog_with, dec, pair, program};

const TABLE: &str = r#"[vendor]
id = "acme"

[[product]]
id = "chat"
kind = "chat"
window = 100_000
max_output = 10_000

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 4
source = "page"
checked = 2026-11-01

[[product.price]]
from = 2026-06-01
input_per_mtok = 0.5
output_per_mtok = 5
source = "page"
checked = 2026-11-01
"#;

/// 10,000 requests of 1,000 tokens in and 250 out, of which 900 are the corpus.
const SCENARIO: &str = r#"name = "First"
as_of = 2026-11-22
plan = "acme/chat:long_context"
[workload]
requests_per_month = 10_000
[request]
system_tokens = 50
question_tokens = 50
output_tokens = 250
[corpus]
tokens = 900
[compare]
models = ["acme/chat"]
strategies = ["long_context"]
"#;

/// Twice the requests, and a cost of the user's own.
fn second() -> String {
    let text = SCENARIO.replace("First", "Second").replace("10_000", "20_000");
    format!("{text}\n[[cost]]\nname = \"licence\"\nmonthly = 30\n")
}

/// Runs `diff` with A and B in a folder; returns exit code, result and messages.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("acme.toml"), TABLE).unwrap();
    std::fs::write(path("a.toml"), SCENARIO).unwrap();
    std::fs::write(path("b.toml"), second()).unwrap();
    std::fs::write(path("yuan.toml"), format!("currency = \"CNY\"\n{SCENARIO}")).unwrap();
    let mut command = program();
    command.current_dir(folder.path()).arg("diff").args(["--pricing", "acme.toml"]).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn lines_are_matched_and_what_stands_on_one_side_only_is_there() {
    let (code, result, said) = run(&["a.toml", "b.toml"]);
    assert_eq!(code, 0, "{said}");
    // 10M tokens at $0.50 are $5, 2.5M at $5 are $12.50; twice that is $10 and $25.
    let expected = "A First, acme/chat:long_context, prices of 2026-11-22
B Second, acme/chat:long_context, prices of 2026-11-22

Each month           A       B  Difference
acme/chat
  answer: input  $5.00  $10.00      +$5.00
  answer: output $12.50  $25.00     +$12.50
licence
  own cost               $30.00     +$30.00
Total            $17.50  $65.00     +$47.50

A month of B costs $47.50 more than one of A (+271%).
";
    let squeezed = |text: &str| {
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(squeezed(&result), squeezed(expected), "{result}");
    assert!(result.lines().all(|line| line.chars().count() <= 80), "{result}");
}

#[test]
fn one_scenario_is_compared_on_two_days() {
    let (code, result, said) =
        run(&["a.toml", "--as-of", "2026-05-31", "--as-of", "2026-06-01", "--format", "json"]);
    assert_eq!(code, 0, "{said}");
    let found: Value = serde_json::from_str(&result).unwrap();
    assert_eq!(found["schema"], "ragonomics/diff/1");
    assert_eq!((&found["a"]["as_of"], &found["b"]["as_of"]), (&"2026-05-31".into(), &"2026-06-01".into()));
    // At $1 and $4 it was $10 + $10.
    assert_eq!(
        (found["a"]["monthly"].to_string(), found["b"]["monthly"].to_string()),
        ("20".into(), "17.5".into())
    );
    assert_eq!(found["monthly_difference"].to_string(), "-2.5");
    let input = &found["lines"][0];
    assert_eq!(
        (&input["step"], &input["meter"], &input["class"]),
        (&"answer".into(), &"input_tokens".into(), &Value::Null)
    );
    assert_eq!(input["a"]["unit_price"].to_string(), "0.000001");
    assert_eq!(input["b"]["quantity"].to_string(), "10000000");
    assert_eq!(input["difference"].to_string(), "-5");
}

#[test]
fn csv_has_every_field_and_markdown_a_table() {
    let (_, csv, _) = run(&["a.toml", "b.toml", "--format", "csv"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "recurring,step,class,service,product,meter,quantity_a,quantity_b,unit_price_a,unit_price_b,amount_a,amount_b,difference,currency"
    );
    assert_eq!(
        lines[1],
        "monthly,answer,,standard,acme/chat,input_tokens,10000000,20000000,0.0000005,0.0000005,5,10,5,USD"
    );
    assert_eq!(lines[3], "monthly,own cost,,standard,licence,own_cost,,1,,30,,30,30,USD");
    let (_, md, _) = run(&["a.toml", "b.toml", "--format", "md"]);
    assert!(md.contains("| **Total** | **$17.50** | **$65.00** | **+$47.50** |"), "{md}");
}

#[test]
fn the_second_is_shown_in_the_currency_of_the_first() {
    let (code, result, said) = run(&["a.toml", "yuan.toml", "--format", "json"]);
    assert_eq!(code, 0);
    assert!(said.contains("B is shown in USD, the currency of A"), "{said}");
    let found: Value = serde_json::from_str(&result).unwrap();
    assert_eq!((&found["currency"], found["monthly_difference"].to_string()), (&"USD".into(), "0".into()));
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_remedy() {
    for (arguments, message) in [
        (&["a.toml"][..], "there is one side only"),
        (&["a.toml", "--as-of", "2026-01-01"], "there is one side only"),
        (
            &["a.toml", "b.toml", "--as-of", "2026-01-01", "--as-of", "2026-02-01", "--as-of", "2026-03-01"],
            "more than two days",
        ),
        (&["-", "-"], "both scenarios come from standard input"),
        (&["-", "--as-of", "2026-01-01", "--as-of", "2026-02-01"], "standard input can be read once only"),
        (&["a.toml", "b.toml", "--as-of", "soon"], "--as-of is no date"),
        (&["a.toml", "b.toml", "--set", "corpus.tokens=200k"], "acme/chat:long_context"),
    ] {
        let (code, result, said) = run(arguments);
        assert_eq!((code, result.as_str()), (2, ""), "{arguments:?}: {said}");
        assert!(said.contains(message) && said.contains("help: "), "{arguments:?}: {said}");
    }
}

#[test]
fn lines_sum_to_the_totals_for_every_pair_of_shipped_scenarios() {
    let catalog = catalog_with("");
    let evaluated = |name: &str| {
        let scenario = support::shipped(name);
        let case = case(&catalog, &scenario);
        let design = pair(&case, "openai/gpt-4.1:rag");
        case.evaluate(design).unwrap_or_else(|failure| panic!("{name}: {failure}")).bill
    };
    let bills = ["support-bot", "saas-assistant", "novel-qa"].map(evaluated);
    for a in &bills {
        for b in &bills {
            let found = diff(a, b, &catalog);
            for recurrence in [Recurrence::Monthly, Recurrence::OneOff] {
                let total: Option<Decimal> = found.lines_of(recurrence).map(|line| line.difference()).sum();
                assert_eq!(
                    total.map(|total| total.normalize()),
                    difference(a, b, recurrence).map(|total| total.normalize())
                );
            }
        }
    }
    let own = diff(&bills[0], &bills[0], &catalog);
    assert!(own.lines.iter().all(|line| line.difference() == Some(dec("0"))));
}
