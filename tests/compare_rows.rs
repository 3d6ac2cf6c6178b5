//! What the rows of a comparison say beside their cost: accuracy, users and margin, what the plan saves.

mod support;

use ragonomics::analysis::compare::{Comparison, Grouping, Row, Saving, compare};
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::forecast::forecast;
use ragonomics::diagnostic::Place;
use ragonomics::report::compare::{footnotes, full, marks, ranked, to_json};
use ragonomics::scenario::Scenario;
use ragonomics::units::Currency;
use support::{case, catalog_of, dec, scenario};

/// Two models at $1 and $0.60 a million tokens, and a rate of two euros for a dollar.
const ACME: &str = r#"
[vendor]
id = "acme"
[[product]]
id = "today"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 1
source = "s"
checked = 2026-11-01
[[product]]
id = "next"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.6
output_per_mtok = 1
source = "s"
checked = 2026-11-01
[[exchange_rate]]
currency = "EUR"
date = 2026-11-01
per_usd = 2
source = "s"
"#;

/// 1,000 requests of 100,000 tokens: $100 a month on the one, $60 on the other.
fn scenario_with(head: &str, more: &str) -> Scenario {
    scenario(&format!(
        "{head}\n[compare]\nmodels = [\"acme/today\", \"acme/next\"]\nstrategies = [\"long_context\"]\n[request]\n\
         system_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n[corpus]\ntokens = 100_000\n\
         [retrieval]\nembedding = \"none\"\nstore = \"none\"\n{more}"
    ))
}

const REQUESTS: &str = "[workload]\nrequests_per_month = 1000\n";

fn of(scenario: &Scenario) -> Comparison {
    let catalog = catalog_of(ACME);
    compare(&case(&catalog, scenario))
}

fn compared(head: &str, more: &str) -> Comparison {
    of(&scenario_with(head, more))
}

fn today(comparison: &Comparison) -> &Row {
    comparison.rows.iter().find(|row| row.model == "acme/today").unwrap()
}

fn headings(comparison: &Comparison) -> Vec<&'static str> {
    ranked(comparison).columns.iter().map(|column| column.key).collect()
}

#[test]
fn a_right_answer_bears_the_cost_of_the_wrong_ones() {
    let quality = "[[quality]]\nmodel = \"acme/today\"\naccuracy = 0.8\n";
    let comparison = compared("", &format!("{REQUESTS}{quality}"));
    // 100 / (1,000 x 0.8).
    assert_eq!(today(&comparison).per_correct, Some(dec("0.125")));
    assert_eq!(today(&comparison).accuracy, Some(0.8));
    let other = &comparison.rows[0];
    assert_eq!((other.accuracy, other.per_correct), (None, None));
    assert_eq!(other.no_per_correct(), Some("no accuracy is given"));
    assert!(headings(&comparison).contains(&"per_correct"));
    assert!(other.cheapest, "accuracy does not rank");
}

#[test]
fn nothing_is_assumed_of_accuracy() {
    let comparison = compared("", REQUESTS);
    assert_eq!(today(&comparison).per_correct, None);
    assert_eq!(
        headings(&comparison),
        ["rank", "marks", "model", "strategy", "monthly", "per_request", "times_cheapest"]
    );
}

#[test]
fn a_design_that_is_never_right_has_no_cost_of_a_right_answer() {
    let comparison = compared("", &format!("{REQUESTS}[[quality]]\naccuracy = 0\n"));
    assert_eq!(today(&comparison).no_per_correct(), Some("no answer is right"));
    let json: serde_json::Value = serde_json::from_str(&to_json(&comparison, None)).unwrap();
    let row = &json["rows"][0];
    assert_eq!(
        (row["per_correct"].is_null(), row["per_correct_reason"].as_str()),
        (true, Some("no answer is right"))
    );
}

#[test]
fn users_on_trial_cost_and_do_not_pay() {
    // 25 users of 40 requests are 1,000: $100 / 25 = $4 each. Of 10 dollars 20% pay nothing: 1 - 4 / 8 = 50%.
    let business = "[workload]\nusers = 25\nsessions_per_user = 40\ntrial_share = 0.2\n[business]\nprice_per_user = 10\n";
    let with_target = |target: &str| compared("", &format!("{business}target_margin = {target}\n"));
    let comparison = with_target("0.5");
    let row = today(&comparison);
    assert_eq!((row.per_user, row.margin, row.meets_target), (Some(dec("4")), Some(dec("0.5")), Some(true)));
    assert!(headings(&comparison).ends_with(&["per_user", "margin"]));
    let missed = with_target("0.6");
    assert_eq!((today(&missed).meets_target, marks(today(&missed))), (Some(false), "m".to_owned()));
    // The other costs 2.40 a user: 1 - 2.4 / 8 = 70%.
    assert_eq!((missed.rows[0].margin, missed.rows[0].meets_target), (Some(dec("0.7")), Some(true)));
    // At a price of 3 dollars it is sold at a loss: 1 - 4 / 2.4.
    let loss = compared("", &business.replace("price_per_user = 10", "price_per_user = 3"));
    assert!(today(&loss).margin.unwrap().is_sign_negative() && today(&loss).misses_margin());
}

#[test]
fn without_users_or_a_price_there_is_no_margin() {
    let users = "[workload]\nusers = 25\nsessions_per_user = 40\n";
    let comparison = compared("", users);
    assert_eq!((today(&comparison).per_user, today(&comparison).margin), (Some(dec("4")), None));
    assert_eq!(headings(&comparison).last(), Some(&"per_user"));
    let nobody_pays = compared("", &format!("{users}trial_share = 1\n[business]\nprice_per_user = 10\n"));
    assert_eq!(today(&nobody_pays).margin, None);
    let no_users = compared("", &format!("{REQUESTS}[business]\nprice_per_user = 10\n"));
    assert_eq!((today(&no_users).per_user, today(&no_users).margin), (None, None));
    let nobody = compared("", "[workload]\nusers = 0\n[business]\nprice_per_user = 10\n");
    assert_eq!((today(&nobody).per_user, today(&nobody).margin), (None, None));
}

fn saving(switching: &str) -> Option<Saving> {
    let head = "plan = \"acme/next:long_context\"\nbaseline = \"acme/today:long_context\"";
    let once = "[[cost]]\nname = \"move\"\none_off = 20\nmodels = [\"acme/next\"]\n";
    compared(head, &format!("{REQUESTS}[business]\nswitching_cost = {switching}\n{once}")).saving
}

#[test]
fn a_switch_is_paid_back_out_of_what_it_saves() {
    // 100 - 60 = 40 a month and 480 a year. 60 beside the 20 that the plan pays once: 80 / 40 = 2 months.
    let saved = saving("60").unwrap();
    assert_eq!((saved.monthly, saved.yearly, saved.switching), (dec("40"), Some(dec("480")), dec("80")));
    assert_eq!(saved.payback_months, Some(2.0));
    assert_eq!(saving("0").unwrap().payback_months, Some(0.5));
}

#[test]
fn a_plan_that_runs_already_costs_no_switch() {
    let head = "plan = \"acme/next:long_context\"\nbaseline = \"acme/next:long_context\"";
    let saved = compared(head, &format!("{REQUESTS}[business]\nswitching_cost = 60\n")).saving.unwrap();
    assert_eq!((saved.monthly, saved.switching, saved.payback_months), (dec("0"), dec("0"), None));
}

#[test]
fn a_plan_that_saves_nothing_is_never_paid_back() {
    let head = "plan = \"acme/today:long_context\"\nbaseline = \"acme/next:long_context\"";
    let comparison = compared(head, REQUESTS);
    let saved = comparison.saving.unwrap();
    assert_eq!((saved.monthly, saved.payback_months), (dec("-40"), None));
    let json: serde_json::Value = serde_json::from_str(&to_json(&comparison, None)).unwrap();
    assert_eq!(json["saving"]["payback_reason"], "the plan saves nothing");
    let json: serde_json::Value = serde_json::from_str(&to_json(&compared("", REQUESTS), None)).unwrap();
    assert!(json["saving"].is_null());
    assert_eq!(json["saving_reason"], "the scenario does not name both a plan and a baseline");
}

#[test]
fn amounts_of_the_scenario_are_converted_like_the_budget() {
    let head = "plan = \"acme/next:long_context\"\nbaseline = \"acme/today:long_context\"";
    let business = "[workload]\nusers = 25\nsessions_per_user = 40\n[business]\nprice_per_user = 8\nswitching_cost = 80\n";
    let mut scenario = scenario_with(head, business);
    let dollars = of(&scenario);
    scenario.show_in(Currency::parse("EUR").unwrap(), Place::whole("--currency"));
    let euros = of(&scenario);
    // Two euros for a dollar: a user costs 8 euros and pays 16, and the margin stays 50%.
    assert_eq!((today(&euros).per_user, euros.price_per_user), (Some(dec("8")), Some(dec("16"))));
    assert_eq!((today(&euros).margin, today(&dollars).margin), (Some(dec("0.5")), Some(dec("0.5"))));
    assert_eq!(euros.saving.unwrap().switching, dec("160"));
    assert_eq!(euros.saving.unwrap().payback_months, dollars.saving.unwrap().payback_months);
}

#[test]
fn csv_and_json_hold_every_new_column() {
    let more = format!("{REQUESTS}[[quality]]\naccuracy = 0.5\n");
    let comparison = compared("", &more);
    let header = full(&comparison).to_csv().lines().next().unwrap().to_owned();
    let json: serde_json::Value = serde_json::from_str(&to_json(&comparison, None)).unwrap();
    for key in
        ["within_limits", "accuracy", "per_correct", "per_user", "margin", "meets_target", "over_horizon"]
    {
        assert!(header.split(',').any(|name| name == key), "{key} in {header}");
        assert!(json["rows"][0].get(key).is_some(), "{key}");
    }
    assert_eq!(json["rows"][0]["limits_reason"], "no limits are known for the model on that day");
    // 60 / (1,000 x 0.5)
    assert_eq!(json["rows"][0]["per_correct"].to_string(), "0.12");
}

#[test]
fn a_horizon_costs_its_months_and_what_is_paid_once() {
    // $100 a month over 6 months are 600; the other's 60 a month are 360, and the 20 that it pays once 380.
    let once = "[[cost]]\nname = \"move\"\none_off = 20\nmodels = [\"acme/next\"]\n";
    let comparison = compared("horizon_months = 6", &format!("{REQUESTS}{once}"));
    assert_eq!(today(&comparison).over_horizon, Some(dec("600")));
    assert_eq!(comparison.rows[0].over_horizon, Some(dec("380")));
    assert_eq!(comparison.horizon_months, 6.0);
    let json: serde_json::Value = serde_json::from_str(&to_json(&comparison, None)).unwrap();
    assert_eq!(json["rows"][0]["over_horizon"].to_string(), "380");
    assert_eq!(json["horizon_months"].to_string(), "6");
    assert!(full(&comparison).to_csv().lines().nth(1).unwrap().contains(",380,"));
}

#[test]
fn the_horizon_is_the_same_wherever_it_is_counted() {
    // 6 months of $60, $20 once and the change from what runs today, 40 euros at two for a dollar: 360 + 20 + 20.
    let more = "[[cost]]\nname = \"move\"\none_off = 40\nmodels = [\"acme/next\"]\n[business]\nswitching_cost = 40\n";
    let head = "horizon_months = 6\ncurrency = \"EUR\"\nbaseline = \"acme/today:long_context\"";
    let mut scenario = scenario_with(head, &format!("{REQUESTS}{more}"));
    scenario.show_in(Currency::USD, Place::whole("--currency"));
    let catalog = catalog_of(ACME);
    let case = case(&catalog, &scenario);
    let rows = compare(&case).rows;
    for (model, total) in [("acme/next", "400"), ("acme/today", "600")] {
        let row = rows.iter().find(|row| row.model == model).unwrap();
        assert_eq!(row.over_horizon, Some(dec(total)), "{model}");
        assert_eq!(forecast(&case, row.pair).total.amount(), Some(dec(total)), "{model}");
        let cost = Curve::new(&case, row.pair).cost(Metric::Total).unwrap();
        assert!((cost - total.parse::<f64>().unwrap()).abs() < 1e-9, "{model}: {cost}");
    }
}

#[test]
fn a_group_names_its_cheapest_row_though_it_is_not_among_those_asked_for() {
    let comparison = compared("", REQUESTS);
    // $60 on acme/next stands before $100 on acme/today; both are of one vendor.
    let all = comparison.groups(&[0, 1], Grouping::Vendor);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].name.as_str(), all[0].cheapest), ("acme", Some(0)));
    let dear = comparison.groups(&[1], Grouping::Strategy);
    assert_eq!((dear[0].name.as_str(), &dear[0].rows, dear[0].cheapest), ("long_context", &vec![1], Some(0)));
}

#[test]
fn a_plan_that_is_not_compared_is_said_to_be_left_out() {
    let notes = |head: &str| footnotes(&compared(head, REQUESTS)).join("\n");
    let said = notes("plan = \"acme/today:map_reduce\"");
    assert!(said.contains("The plan, acme/today:map_reduce, is not among the designs compared"), "{said}");
    assert!(!notes("plan = \"acme/today:long_context\"").contains("not among"));
}
