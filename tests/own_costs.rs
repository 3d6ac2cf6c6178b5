//! Costs of the user's own: converted, counted, refused where they are too large.

mod support;

use ragonomics::analysis::Failure;
use ragonomics::analysis::compare::compare;
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::limits::limits;
use ragonomics::bill::{Charge, Overflow};
use ragonomics::report::compare::saving_note;
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;
use support::*;

const MODEL: &str = "openai/gpt-6-luna";

fn scenario_with(costs: &str) -> String {
    format!(
        "as_of = 2026-11-22\n[workload]\nrequests_per_month = 0\n[retrieval]\nstore = \"none\"\n\
         [compare]\nmodels = [\"{MODEL}\"]\nstrategies = [\"long_context\", \"rag\"]\n{costs}"
    )
}

/// 100 USD and 7.18 CNY at 7.18 CNY for a dollar: 718 + 7.18 CNY.
#[test]
fn a_cost_in_another_currency_is_converted_and_says_what_it_was() {
    let overlay =
        "[[exchange_rate]]\ndate = 2026-11-22\ncurrency = \"CNY\"\nper_usd = 7.18\nsource = \"a test\"\n";
    let costs = "[[cost]]\nname = \"desk\"\nmonthly = 100\ncurrency = \"USD\"\n\
                 [[cost]]\nname = \"tea\"\nmonthly = 7.18\n";
    let (catalog, scenario) =
        (catalog_with(overlay), scenario(&format!("currency = \"CNY\"\n{}", scenario_with(costs))));
    let case = case(&catalog, &scenario);
    let pair = pair(&case, &format!("{MODEL}:long_context"));
    let bill = case.evaluate(pair).unwrap().bill;
    assert_eq!(bill.total(Recurrence::Monthly).amount(), Some(dec("725.18")));
    let desk = bill.lines.iter().find(|line| line.charge == Charge::Own("desk".into())).unwrap();
    let quoted = desk.price.as_ref().unwrap().quoted.as_ref().unwrap();
    assert_eq!((quoted.price, quoted.factor), (dec("100"), dec("7.18")));
    assert_eq!(Curve::new(&case, pair).cost(Metric::Monthly), Some(725.18));
    let conversions = compare(&case).conversions;
    assert_eq!(conversions.iter().map(|known| known.from.code()).collect::<Vec<_>>(), ["USD"]);
}

#[test]
fn the_cost_of_a_request_at_a_limit_holds_what_the_user_pays_for_each_request() {
    let costs = "[[cost]]\nname = \"desk\"\nmonthly = 100\n[[cost]]\nname = \"check\"\nper_request = 0.25\n";
    let per_request = |costs: &str| {
        let text = scenario_with(costs).replace("requests_per_month = 0", "requests_per_month = 1000");
        let (catalog, scenario) = (catalog_with(""), scenario(&text));
        let case = case(&catalog, &scenario);
        limits(&case, pair(&case, &format!("{MODEL}:rag"))).unwrap().money_per_request.unwrap()
    };
    assert_eq!(per_request(costs) - per_request(""), dec("0.25"));
}

#[test]
fn amounts_that_no_decimal_can_hold_are_refused_alone_and_in_sum() {
    let large = "70000000000000000000000000000";
    let cost = |name: &str| format!("[[cost]]\nname = \"{name}\"\nmonthly = {large}\n");
    let too_large = [
        scenario_with(&(cost("a") + &cost("b"))),
        format!("currency = \"CNY\"\n{}", scenario_with(&(cost("a") + "currency = \"USD\"\n"))),
    ];
    let catalog = catalog_with("");
    for text in too_large {
        let scenario = scenario(&text);
        let case = case(&catalog, &scenario);
        let failure = case.evaluate(pair(&case, &format!("{MODEL}:rag"))).unwrap_err();
        assert_eq!(failure, Failure::Overflow(Overflow));
    }
}

#[test]
fn a_payback_beyond_any_number_of_months_is_none() {
    let text = scenario_with(
        "[[cost]]\nname = \"move\"\none_off = 70000000000000000000000000000\nstrategies = [\"long_context\"]\n\
         [[cost]]\nname = \"desk\"\nmonthly = 0.0000000000000001\nstrategies = [\"rag\"]\n",
    );
    let named = format!("plan = \"{MODEL}:long_context\"\nbaseline = \"{MODEL}:rag\"\n{text}");
    let (catalog, scenario) = (catalog_with(""), scenario(&named));
    let saving = compare(&case(&catalog, &scenario)).saving.unwrap();
    assert!(saving.monthly > Decimal::ZERO);
    assert_eq!(saving.payback_months, None);
}

#[test]
fn a_saving_is_also_told_as_a_share_of_the_baseline() {
    let text = |plan: &str, baseline: &str| {
        scenario_with(&format!(
            "[[cost]]\nname = \"plan\"\nmonthly = {plan}\nstrategies = [\"long_context\"]\n\
             [[cost]]\nname = \"baseline\"\nmonthly = {baseline}\nstrategies = [\"rag\"]\n"
        ))
    };
    let share = |plan: &str, baseline: &str| {
        let named =
            format!("plan = \"{MODEL}:long_context\"\nbaseline = \"{MODEL}:rag\"\n{}", text(plan, baseline));
        let (catalog, scenario) = (catalog_with(""), scenario(&named));
        let comparison = compare(&case(&catalog, &scenario));
        (comparison.saving.unwrap().share, saving_note(&comparison).unwrap())
    };
    // 0.60 less 0.0714 is 88.1% of 0.60; 2 is twice what 1 is; of nothing there is no share.
    let (saved, note) = share("0.0714", "0.60");
    assert_eq!(saved, Some(0.881));
    assert!(
        note.starts_with("The plan saves $0.5286 a month ($6.34 a year) against the baseline, 88.1% of it;"),
        "{note}"
    );
    assert_eq!(share("2", "1").0, Some(-1.0));
    assert_eq!(share("1", "0").0, None);
}
