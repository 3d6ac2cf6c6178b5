//! `check`: a scenario's own rules, with sums by hand, and what the exit code says.

mod support;

use ragonomics::analysis::check::{Check, Measure, Verdict, check};
use rust_decimal::Decimal;
use serde_json::Value;
use support::{case, catalog_with, dec, pair, program, scenario};

/// A model at $1 for a million tokens in and $4 out, with a tier of ten requests a minute, and one without a price.
const TABLE: &str = r#"[vendor]
id = "acme"

[[product]]
id = "chat"
kind = "chat"
window = 100_000
max_output = 10_000

[[product.limit]]
tier = "small"
from = 2026-01-01
rpm = 10
source = "page"

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 4
source = "page"
checked = 2026-11-01

[[product]]
id = "unpriced"
kind = "chat"
note = "no price published"
window = 100_000
max_output = 10_000
"#;

/// 10,000 requests of 100 + 100 + 800 tokens in and 250 out: 10M at $1 and 2.5M at $4 are $20 a month.
const SCENARIO: &str = r#"name = "Twenty"
as_of = 2026-11-22
plan = "acme/chat:long_context"
[workload]
requests_per_month = 10_000
[request]
system_tokens = 100
question_tokens = 100
output_tokens = 250
[corpus]
tokens = 800
[compare]
models = ["acme/chat"]
strategies = ["long_context"]
"#;

fn checked_of(design: &str, more: &str) -> Check {
    let catalog = catalog_with(TABLE);
    let mut scenario = scenario(SCENARIO);
    for assignment in more.split(';').filter(|text| !text.is_empty()) {
        let (path, value) = assignment.split_once('=').unwrap();
        scenario.set(path, value).unwrap_or_else(|fault| panic!("{fault}"));
    }
    let case = case(&catalog, &scenario);
    check(&case, pair(&case, design))
}

fn checked(more: &str) -> Check {
    checked_of("acme/chat:long_context", more)
}

/// Returns what is said of a rule.
fn rule(check: &Check, name: &str) -> (Verdict, Option<Measure>) {
    let rule =
        check.rules.iter().find(|rule| rule.name == name).unwrap_or_else(|| panic!("{name}: {check:?}"));
    (rule.verdict, rule.value.clone())
}

fn money(text: &str) -> Option<Measure> {
    Some(Measure::Money(dec(text)))
}

#[test]
fn a_month_at_the_budget_keeps_it_and_a_cent_less_is_broken() {
    let kept = checked("budget.monthly=20");
    assert_eq!(rule(&kept, "budget.monthly"), (Verdict::Kept, money("20")));
    assert!(kept.passes());
    let broken = checked("budget.monthly=19.99");
    assert_eq!(rule(&broken, "budget.monthly"), (Verdict::Broken, money("20")));
    assert!(!broken.passes());
}

#[test]
fn a_margin_is_a_rule_where_users_and_a_price_are_given() {
    // 1,000 users with 10 requests each, $20 / 1,000 = $0.02 a user; at a price of $0.10 80% are left.
    let users = "workload.users=1000;workload.sessions_per_user=10;business.price_per_user=0.1";
    let share = Some(Measure::Share(Decimal::new(8, 1)));
    let kept = checked(&format!("{users};business.target_margin=80%"));
    assert_eq!(rule(&kept, "business.target_margin"), (Verdict::Kept, share.clone()));
    let broken = checked(&format!("{users};business.target_margin=81%"));
    assert_eq!(rule(&broken, "business.target_margin"), (Verdict::Broken, share));
    // Without a price nothing is asked.
    assert!(!checked("business.target_margin=80%").sets_rules());
}

#[test]
fn a_tier_is_a_rule_where_the_scenario_names_one_of_a_vendor_that_is_called() {
    // 730,000 requests in 43,800 minutes are 16.7 a minute, three times that at the peak; 10 are allowed.
    assert!(!checked("").sets_rules());
    let broken = checked("limits.tiers=acme=small;workload.requests_per_month=730k");
    assert_eq!(rule(&broken, "limits.tiers").0, Verdict::Broken);
    // 43,800 requests are one a minute, three at the peak: 30% of ten.
    let kept = checked("limits.tiers=acme=small;workload.requests_per_month=43800");
    assert_eq!(rule(&kept, "limits.tiers"), (Verdict::Kept, Some(Measure::Share(Decimal::new(3, 1)))));
}

#[test]
fn what_the_scenario_does_not_allow_breaks_its_constraints_and_leaves_the_rest_open() {
    let check = checked("constraints.vendors=openai;budget.monthly=20");
    assert_eq!(rule(&check, "constraints").0, Verdict::Broken);
    assert_eq!(rule(&check, "budget.monthly"), (Verdict::Unknown, None));
    assert!(!check.passes());
    assert_eq!(rule(&checked("constraints.vendors=acme"), "constraints").0, Verdict::Kept);
}

#[test]
fn a_design_that_does_not_fit_is_broken_without_any_rule() {
    // 200,000 tokens do not go into a window of 100,000.
    let check = checked("corpus.tokens=200k");
    assert_eq!(rule(&check, "fits").0, Verdict::Broken);
    assert!(!check.passes());
}

#[test]
fn a_budget_is_not_called_kept_where_a_price_is_missing() {
    let check = checked_of("acme/unpriced:long_context", "budget.monthly=20");
    assert_eq!(rule(&check, "budget.monthly"), (Verdict::Unknown, None));
    assert!(!check.passes());
}

/// Runs `check` on the scenario; returns exit code, result and messages.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (table, file) = (folder.path().join("acme.toml"), folder.path().join("twenty.toml"));
    std::fs::write(&table, TABLE).unwrap();
    std::fs::write(&file, SCENARIO).unwrap();
    let mut command = program();
    command.arg("check").arg(&file).arg("--pricing").arg(&table).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_exit_code_is_one_where_a_rule_is_broken() {
    let (code, result, said) = run(&["--set", "budget.monthly=20"]);
    assert_eq!(code, 0, "{said}");
    let expected = "Twenty, acme/chat:long_context, prices of 2026-11-22

Rule            Found    Bound
fits            it does  the design runs on its model  ok
budget.monthly  $20.00   at most $20.00                ok

All rules are kept.
";
    assert_eq!(result, expected);
    let (code, result, _) = run(&["--set", "budget.monthly=19"]);
    assert_eq!(code, 1);
    assert!(result.ends_with("\n1 rule is broken.\n"), "{result}");
    assert_eq!(run(&["--model", "acme/none", "--strategy", "rag"]).0, 2);
}

#[test]
fn json_has_each_rule_with_value_bound_and_verdict() {
    let (code, result, _) = run(&["--set", "budget.monthly=19", "--format", "json"]);
    assert_eq!(code, 1);
    let found: Value = serde_json::from_str(&result).unwrap();
    assert_eq!((&found["schema"], &found["ok"]), (&"ragonomics/check/1".into(), &false.into()));
    assert_eq!((&found["model"], &found["strategy"]), (&"acme/chat".into(), &"long_context".into()));
    let rule = &found["rules"][1];
    assert_eq!(rule["rule"], "budget.monthly");
    assert_eq!((rule["value"].to_string(), rule["bound"].to_string()), ("20".into(), "19".into()));
    assert_eq!((&rule["unit"], &rule["verdict"]), (&"money".into(), &"broken".into()));
    let (_, csv, _) = run(&["--set", "budget.monthly=19", "--format", "csv"]);
    assert!(
        csv.starts_with("rule,value,bound,verdict,reason\n")
            && csv.contains("\nbudget.monthly,20,19,broken,\n"),
        "{csv}"
    );
    let (_, md, _) = run(&["--format", "md"]);
    assert!(md.contains("| fits | it does |"), "{md}");
}

/// The model of the table again, taken off the market on a day.
fn retired_on(day: &str) -> String {
    let day = format!("max_output = 10_000\nretired = {day}\n\n[[product.limit]]");
    TABLE.replace("max_output = 10_000\n\n[[product.limit]]", &day)
}

#[test]
fn a_design_whose_model_is_no_longer_sold_cannot_be_run() {
    let scenario = scenario(SCENARIO);
    let found = |day: &str| {
        let catalog = catalog_with(&retired_on(day));
        let case = case(&catalog, &scenario);
        check(&case, case.plan.unwrap())
    };
    let gone = found("2026-11-22");
    assert!(!gone.passes());
    let rule = gone.rules.iter().find(|rule| rule.name == "sold").unwrap();
    assert_eq!(rule.reason.as_deref(), Some("acme/chat is no longer sold since 2026-11-22"));
    assert!(found("2026-11-23").passes());
}

#[test]
fn a_bill_says_what_is_no_longer_sold() {
    let asked = ["bill", "support-bot", "--model", "openai/gpt-4", "--strategy", "rag"];
    let said = program().args(asked).output().unwrap();
    let bill = String::from_utf8(said.stdout).unwrap();
    assert!(bill.contains("\nopenai/gpt-4 is no longer sold since "), "{bill}");
}
