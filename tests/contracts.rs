//! What a customer has agreed with vendors: every expectation is worked by hand.

mod support;

use ragonomics::analysis::Evaluation;
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::limits::limits;
use ragonomics::analysis::request::{Pricer, Request};
use ragonomics::bill::AdjustmentKind;
use ragonomics::catalog::rate::Moment;
use ragonomics::catalog::{Catalog, Meter, Service};
use ragonomics::units::Currency;
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;
use support::*;

/// 1,000 requests of 1,000 input and 100 output tokens: 1M in at 2 and 0.1M out at 10, together 3.
const WORKLOAD: &str = "[workload]\nrequests_per_month = 1000\n[request]\nsystem_tokens = 0\nquestion_tokens = 500\n\
                        output_tokens = 100\n[corpus]\ntokens = 500\n[retrieval]\nembedding = \"none\"\nstore = \"none\"\n[compare]\nmodels = [\"acme/one\", \"rival/one\"]\n\
                        strategies = [\"long_context\"]\n";

const ACME: &str = r#"
[vendor]
id = "acme"
[[product]]
id = "one"
kind = "chat"
window = 100_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 2
output_per_mtok = 10
source = "list"
checked = 2026-11-22
"#;

fn catalog(agreements: &str) -> Catalog {
    let rival = ACME.replace("\"acme\"", "\"rival\"");
    let tables = [("acme.toml", ACME), ("rival.toml", &rival), ("contract.toml", agreements)];
    let tables = tables.map(|(name, text)| ragonomics::catalog::load::Table { name, text });
    let used = if agreements.is_empty() { &tables[..2] } else { &tables[..] };
    ragonomics::catalog::load::load(used).unwrap_or_else(|faults| panic!("{faults}")).0
}

fn evaluate_with(agreements: &str, design: &str) -> Evaluation {
    let (catalog, scenario) = (catalog(agreements), scenario(WORKLOAD));
    let case = case(&catalog, &scenario);
    let pair = pair(&case, design);
    let evaluation = case.evaluate(pair).unwrap_or_else(|failure| panic!("{failure}"));
    // Bills and curves are one rating: the curve at the scenario's own numbers is the bill.
    let float = Curve::new(&case, pair).cost(Metric::Monthly).unwrap();
    let exact = evaluation.bill.total(Recurrence::Monthly).known;
    assert!((float - exact.to_string().parse::<f64>().unwrap()).abs() <= 1e-9 * float.abs().max(1.0));
    evaluation
}

fn adjustments(evaluation: &Evaluation) -> Vec<(AdjustmentKind, Decimal)> {
    evaluation.bill.adjustments.iter().map(|adjustment| (adjustment.kind, adjustment.amount)).collect()
}

fn monthly(evaluation: &Evaluation) -> Decimal {
    evaluation.bill.total(Recurrence::Monthly).amount().unwrap()
}

#[test]
fn without_agreements_the_list_price_is_paid() {
    let plain = evaluate_with("", "acme/one:long_context");
    assert_eq!((monthly(&plain), adjustments(&plain)), (dec("3"), vec![]));
    let line = plain.bill.lines[0].price.as_ref().unwrap();
    assert_eq!((line.amount, line.effective), (dec("2"), dec("2")));
}

#[test]
fn the_discount_that_names_most_holds_and_discounts_do_not_add_up() {
    let text = "[[discount]]\nvendor = \"acme\"\npercent = 10\nsource = \"c\"\n\
                [[discount]]\nvendor = \"acme\"\nmeter = \"output_tokens\"\npercent = 25\nsource = \"c\"\n";
    let discounted = evaluate_with(text, "acme/one:long_context");
    // 10 % of 2 and 25 % of 1.
    assert_eq!(adjustments(&discounted), [(AdjustmentKind::Discount, dec("-0.45"))]);
    assert_eq!(monthly(&discounted), dec("2.55"));
    let effective: Vec<Decimal> =
        discounted.bill.lines.iter().map(|line| line.price.as_ref().unwrap().effective).collect();
    assert_eq!(effective, [dec("1.8"), dec("0.75")]);
    assert_eq!(monthly(&evaluate_with(text, "rival/one:long_context")), dec("3"));
}

#[test]
fn a_discount_holds_in_its_term_and_a_product_goes_before_its_vendor() {
    let ended = "[[discount]]\nvendor = \"acme\"\npercent = 10\nuntil = 2026-11-22\nsource = \"c\"\n";
    assert_eq!(monthly(&evaluate_with(ended, "acme/one:long_context")), dec("3"));
    let product = "[[discount]]\nproduct = \"acme/one\"\npercent = 50\nsource = \"c\"\n\
                   [[discount]]\nvendor = \"acme\"\nmeter = \"input_tokens\"\npercent = 10\nsource = \"c\"\n";
    assert_eq!(monthly(&evaluate_with(product, "acme/one:long_context")), dec("1.5"));
}

#[test]
fn an_allowance_is_given_back_at_the_list_price_before_the_discount() {
    let text = "[[allowance]]\nproduct = \"acme/one\"\ninput_tokens = \"400k\"\nsource = \"c\"\n\
                [[discount]]\nvendor = \"acme\"\npercent = 50\nsource = \"c\"\n";
    let bill = evaluate_with(text, "acme/one:long_context");
    // 0.4M of input at 2 is 0.80 free; half of the 2.20 that are left.
    assert_eq!(
        adjustments(&bill),
        [(AdjustmentKind::Included, dec("-0.8")), (AdjustmentKind::Discount, dec("-1.1"))]
    );
    assert_eq!(monthly(&bill), dec("1.1"));
}

#[test]
fn a_commitment_is_owed_in_full_and_use_is_drawn_from_it() {
    let text = |amount: u32, more: &str| {
        format!("[[commitment]]\nvendor = \"acme\"\namount_per_month = {amount}\nsource = \"c\"\n{more}")
    };
    let short = evaluate_with(&text(10, ""), "acme/one:long_context");
    assert_eq!(
        adjustments(&short),
        [(AdjustmentKind::Commitment, dec("10")), (AdjustmentKind::Drawdown, dec("-3"))]
    );
    assert_eq!(monthly(&short), dec("10"), "3 used of 10 that are owed: a shortfall of 7");
    let over = evaluate_with(&text(2, ""), "acme/one:long_context");
    assert_eq!(monthly(&over), dec("3"), "2 are drawn down, the third is paid beside");
    // Others draw 9 of the 10: one is left, which the 3 use up.
    let shared = evaluate_with(&text(10, "drawn_elsewhere = 9\n"), "acme/one:long_context");
    assert_eq!(monthly(&shared), dec("3"));
    assert_eq!(monthly(&evaluate_with(&text(10, ""), "rival/one:long_context")), dec("3"));
    let binding = evaluate_with(&text(10, "binding = true\n"), "rival/one:long_context");
    assert_eq!(monthly(&binding), dec("13"), "a signed contract is owed whatever runs");
}

#[test]
fn a_commitment_in_another_currency_is_converted_or_leaves_the_total_unknown() {
    let rate = "[[exchange_rate]]\ndate = 2026-01-01\ncurrency = \"EUR\"\nper_usd = 0.8\nsource = \"bank\"\n";
    let text =
        "[[commitment]]\nvendor = \"acme\"\namount_per_month = 8\ncurrency = \"EUR\"\nsource = \"c\"\n";
    // 8 euros at 0.8 a dollar are 10 dollars.
    assert_eq!(monthly(&evaluate_with(&format!("{rate}{text}"), "acme/one:long_context")), dec("10"));
    let (catalog, scenario) = (catalog(text), scenario(WORKLOAD));
    let case = case(&catalog, &scenario);
    let bill = case.evaluate(pair(&case, "acme/one:long_context")).unwrap().bill;
    assert_eq!(bill.total(Recurrence::Monthly).amount(), None);
}

#[test]
fn names_and_numbers_of_agreements_are_checked() {
    let refused = |text: &str| {
        let tables = [("acme.toml", ACME), ("contract.toml", text)];
        let tables = tables.map(|(name, text)| ragonomics::catalog::load::Table { name, text });
        ragonomics::catalog::load::load(&tables).unwrap_err().to_string()
    };
    let unknown = refused("[[discount]]\nvendor = \"acmee\"\npercent = 10\nsource = \"c\"\n");
    assert!(
        unknown.contains("contract.toml:1:1: unknown vendor `acmee`") && unknown.contains("`acme`"),
        "{unknown}"
    );
    let product = refused("[[allowance]]\nproduct = \"acme/on\"\ninput_tokens = 1\nsource = \"c\"\n");
    assert!(product.contains("unknown model `acme/on`") && product.contains("`acme/one`"), "{product}");
    let percent = refused("[[discount]]\npercent = 110\nsource = \"c\"\n");
    assert!(
        percent.contains("contract.toml:2:11: `discount.percent` is 110; it should be from 0 to 100"),
        "{percent}"
    );
    let meter = refused("[[discount]]\nmeter = \"output_token\"\npercent = 10\nsource = \"c\"\n");
    assert!(meter.contains("unknown meter `output_token`") && meter.contains("`output_tokens`"), "{meter}");
    let source = refused("[[commitment]]\nvendor = \"acme\"\namount_per_month = 10\n");
    assert!(source.contains("`commitment.source` is missing"), "{source}");
}

#[test]
fn a_single_request_has_its_discount_and_none_of_the_months_allowances() {
    let text = "[[allowance]]\nproduct = \"acme/one\"\ninput_tokens = \"10M\"\nsource = \"c\"\n\
                [[discount]]\nvendor = \"acme\"\npercent = 50\nsource = \"c\"\n\
                [[commitment]]\nvendor = \"acme\"\namount_per_month = 10\nsource = \"c\"\n";
    let catalog = catalog(text);
    let request = Request {
        product: catalog.find("acme/one").unwrap(),
        date: TODAY,
        moment: Moment::Spread,
        service: Service::Standard,
        variant: None,
        quantities: vec![(Meter::Input, 1_000_000.0)],
    };
    // A million at 2, half off: each line of a file of requests costs the same.
    let mut pricer = Pricer::new(&catalog, Currency::USD, None);
    for _ in 0..2 {
        let bill = pricer.price(&request).unwrap();
        assert_eq!(bill.total(Recurrence::Monthly).amount(), Some(dec("1")));
    }
}

#[test]
fn money_a_minute_at_a_limit_is_what_is_really_paid() {
    let limited = ACME.replace(
        "[[product.price]]",
        "[[product.limit]]\ntier = \"one\"\nfrom = 2026-01-01\nrpm = 10\nsource = \"s\"\n[[product.price]]",
    );
    let money = |agreements: &str| {
        let text = format!("{limited}\n{agreements}");
        let catalog = catalog_of(&text);
        let scenario = scenario(&WORKLOAD.replace(", \"rival/one\"", ""));
        let case = case(&catalog, &scenario);
        limits(&case, pair(&case, "acme/one:long_context")).unwrap().tiers()[0].money_per_minute
    };
    // 1,000 requests cost 3, so ten of them 0.03; half of it with half off.
    assert_eq!(money(""), Some(dec("0.03")));
    assert_eq!(money("[[discount]]\nvendor = \"acme\"\npercent = 50\nsource = \"c\"\n"), Some(dec("0.015")));
}
