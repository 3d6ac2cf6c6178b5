//! What a scenario does not allow is listed with its reason, has no cost and is never the cheapest.

mod support;

use ragonomics::analysis::compare::{Comparison, compare};
use ragonomics::analysis::curve::{Curve, Metric};
use support::dec;

/// Two vendors; `cheap` undercuts everything, `mixed` costs more in the EU, `mute` says no region.
const TABLES: &str = r#"
[vendor]
id = "acme"
[[product]]
id = "cheap"
kind = "chat"
window = 1_000_000
regions = ["us"]
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.1
output_per_mtok = 1
source = "page"
checked = 2026-11-01

[[product]]
id = "mixed"
kind = "chat"
window = 1_000_000
regions = ["us"]
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 1
source = "page"
checked = 2026-11-01
[product.price.uplift]
eu = 1.1

[[product]]
id = "mute"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.2
output_per_mtok = 1
source = "page"
checked = 2026-11-01
"#;

/// One request a month, whose prompt is a corpus of 500,000 tokens and nothing else.
fn compared(constraints: &str, strategies: &str) -> Comparison {
    let catalog = support::catalog_with(TABLES);
    let text = format!(
        "name = \"x\"\n[workload]\nrequests_per_month = 1\n[request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n[corpus]\ntokens = 500_000\n[compare]\nmodels = [\"acme/*\", \"openai/gpt-6.1-sol\"]\nstrategies = [{strategies}]\n[constraints]\n{constraints}\n"
    );
    let scenario = support::scenario(&text);
    compare(&support::case(&catalog, &scenario))
}

fn reasons(comparison: &Comparison) -> Vec<(String, String)> {
    let named =
        |row: &ragonomics::analysis::compare::Row| Some((row.name(), row.reason.as_ref()?.to_string()));
    let mut reasons: Vec<_> = comparison.rows.iter().filter_map(named).collect();
    reasons.sort();
    reasons
}

fn cheapest(comparison: &Comparison) -> Option<String> {
    comparison.rows.iter().find(|row| row.cheapest).map(|row| row.name())
}

#[test]
fn without_constraints_all_have_a_cost() {
    let comparison = compared("", "\"long_context\"");
    assert_eq!(reasons(&comparison), []);
    assert_eq!(cheapest(&comparison).as_deref(), Some("acme/cheap:long_context"));
}

#[test]
fn a_vendor_outside_is_a_row_with_the_reason_and_never_the_cheapest() {
    let comparison = compared("vendors = [\"OpenAI\"]", "\"long_context\"");
    let outside = "vendor not allowed by the scenario's constraints";
    let expected =
        ["cheap", "mixed", "mute"].map(|id| (format!("acme/{id}:long_context"), outside.to_owned()));
    assert_eq!(reasons(&comparison), expected);
    assert_eq!(cheapest(&comparison).as_deref(), Some("openai/gpt-6.1-sol:long_context"));
    assert!(comparison.rows.iter().all(|row| row.reason.is_none() == row.monthly.is_some()));
}

#[test]
fn strategies_that_are_all_without_a_cost_for_one_reason_are_one_line() {
    let comparison = compared("vendors = [\"OpenAI\"]", "\"long_context\", \"cached_context\"");
    let lines = ragonomics::report::compare::without_cost(&comparison).to_csv();
    let outside = |id| format!("acme/{id},all,vendor not allowed by the scenario's constraints\n");
    assert_eq!(lines, format!("model,strategy,reason\n{}", ["cheap", "mixed", "mute"].map(outside).concat()));
}

#[test]
fn a_model_outside_is_refused_and_so_is_an_embedding_model() {
    let comparison = compared("models = [\"acme/m*\", \"gpt-6.1-sol\"]", "\"long_context\", \"rag\"");
    let embedding = "embedding model: model not allowed by the scenario's constraints";
    let own = "model not allowed by the scenario's constraints";
    let expected = [
        ("acme/cheap:long_context", own),
        ("acme/cheap:rag", own),
        ("acme/mixed:rag", embedding),
        ("acme/mute:rag", embedding),
        ("openai/gpt-6.1-sol:rag", embedding),
    ];
    assert_eq!(reasons(&comparison), expected.map(|(name, why)| (name.to_owned(), why.to_owned())));
    assert_eq!(cheapest(&comparison).as_deref(), Some("acme/mute:long_context"));
}

#[test]
fn a_store_outside_is_named() {
    let comparison = compared("vendors = [\"acme\", \"openai\"]", "\"rag\"");
    let store = "vector store: vendor not allowed by the scenario's constraints";
    assert!(reasons(&comparison).iter().all(|(_, why)| why == store));
    assert_eq!(reasons(&comparison).len(), 4);
    assert_eq!(cheapest(&comparison), None);
}

#[test]
fn a_region_is_allowed_where_it_is_known_and_its_price_is_taken() {
    let comparison = compared("regions = [\"eu\"]", "\"long_context\"");
    let expected = [
        ("acme/cheap:long_context", "not known to run in an allowed region"),
        ("acme/mute:long_context", "no region known, and only some are allowed"),
    ];
    let mut told = reasons(&comparison);
    told.retain(|(name, _)| name.starts_with("acme/"));
    assert_eq!(told, expected.map(|(name, why)| (name.to_owned(), why.to_owned())));
    // 500,000 tokens at 1.1 times $1 a million.
    let mixed = comparison.rows.iter().find(|row| row.model == "acme/mixed").unwrap();
    assert_eq!(mixed.monthly, Some(dec("0.55")));
    // The first region in which it runs decides: in the US at the vendor's default.
    let both = compared("regions = [\"china\", \"us\", \"eu\"]", "\"long_context\"");
    let mixed = both.rows.iter().find(|row| row.model == "acme/mixed").unwrap();
    assert_eq!(mixed.monthly, Some(dec("0.5")));
    assert_eq!(cheapest(&both).as_deref(), Some("acme/cheap:long_context"));
}

#[test]
fn a_curve_of_a_design_that_is_not_allowed_has_no_points() {
    let catalog = support::catalog_with(TABLES);
    let scenario = support::scenario(
        "name = \"x\"\n[compare]\nmodels = [\"acme/*\"]\n[constraints]\nmodels = [\"acme/mixed\"]\n",
    );
    let case = support::case(&catalog, &scenario);
    let cost = |name| Curve::new(&case, support::pair(&case, name)).cost(Metric::Monthly);
    assert!(cost("acme/cheap:long_context").is_none());
    assert!(cost("acme/mixed:long_context").is_some());
}
