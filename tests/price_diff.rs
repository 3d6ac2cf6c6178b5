//! Two catalogs, or two days of one: what differs, and why.

mod support;

use jiff::civil::{Date, date};
use ragonomics::analysis::price_diff::{Difference, Figure, PriceDiff, Question, Side, diff};
use ragonomics::catalog::Catalog;
use ragonomics::catalog::rules::Reason;
use ragonomics::import::{Options, Source, import};
use support::*;

fn against(ours: &Catalog, theirs: &Catalog, table: &str, day: Date) -> PriceDiff {
    let side = |catalog| Side { catalog, date: day };
    diff(&Question { before: side(ours), after: side(theirs), table: Some(table), tolerance: 0.01 })
}

const OURS: &str = r#"
[vendor]
id = "acme"
[[product]]
id = "one"
aliases = ["one-latest"]
kind = "chat"
window = 131_072
max_input = 100_000
[[product.differs]]
table = "litellm"
keys = ["output_per_mtok"]
reason = "their_error"
note = "a slip"
source = "the page"
[[product.price]]
from = 2025-01-01
input_per_mtok = 3
source = "old page"
checked = 2025-01-01
[[product.price]]
from = 2026-01-01
input_per_mtok = 2
cached_input_per_mtok = 0.2
output_per_mtok = 8
source = "page"
checked = 2026-01-01
[product.price.uplift]
eu = 1.25
[[product.price.when]]
above_input_tokens = 100_000
input_per_mtok = 5
[[product.cache]]
mode = "automatic"
ttl_minutes = 5
"#;

/// Compares with a table of one product that has these prices.
fn with(prices: &str) -> Vec<Difference> {
    let theirs = format!(
        "[vendor]\nid = \"acme\"\n[[product]]\nid = \"ONE-latest\"\nkind = \"chat\"\n[[product.price]]\nfrom = 2026-01-01\n\
         source = \"s\"\nchecked = 2026-01-01\n{prices}\n"
    );
    let ours = OURS.replace("[[product.cache]]\nmode = \"automatic\"\nttl_minutes = 5\n", "");
    against(&catalog_of(&ours), &catalog_of(&theirs), "litellm", TODAY).differences
}

fn reason(prices: &str) -> Vec<Option<Reason>> {
    with(prices).into_iter().map(|difference| difference.explanation.map(|why| why.reason)).collect()
}

#[test]
fn what_agrees_within_the_tolerance_is_no_difference() {
    assert_eq!(with("input_per_mtok = 2\noutput_per_mtok = 8"), []);
    assert_eq!(with("input_per_mtok = 2.02"), []);
    assert_eq!(reason("input_per_mtok = 2.03"), [None]);
}

#[test]
fn what_one_side_does_not_print_is_unknown_and_no_difference() {
    assert_eq!(with("web_search_per_k = 10"), []);
    assert_eq!(
        with("input_per_mtok = 2\n[[product.price.when]]\nservice = \"batch\"\ninput_per_mtok = 1"),
        []
    );
}

#[test]
fn a_difference_is_explained_by_a_note_another_day_another_region_or_another_size() {
    assert_eq!(reason("output_per_mtok = 80"), [Some(Reason::TheirError)]);
    assert_eq!(reason("input_per_mtok = 3"), [Some(Reason::Date)]);
    // 0.2 x 1.25 in the European Union.
    assert_eq!(reason("cached_input_per_mtok = 0.25"), [Some(Reason::Region)]);
    assert_eq!(reason("input_per_mtok = 5"), [Some(Reason::Tier)]);
    assert_eq!(reason("input_per_mtok = 4"), [None]);
}

#[test]
fn the_explanation_of_a_day_says_which() {
    let found = with("input_per_mtok = 3");
    let why = found[0].explanation.clone().unwrap();
    assert_eq!(why.note, "theirs held from 2025-01-01 until 2026-01-01");
    assert_eq!(why.source, "old page");
    assert_eq!(
        (found[0].before.clone(), found[0].relative()),
        (Figure::Price(dec("2"), ragonomics::units::Currency::USD), Some(0.5))
    );
}

#[test]
fn only_the_same_thousands_explain_a_window() {
    let window = |theirs: u32| {
        let table = |window: u32| {
            format!(
                "[vendor]\nid = \"acme\"\n[[product]]\nid = \"one\"\nkind = \"chat\"\nwindow = {window}\nnote = \"none\"\n"
            )
        };
        let found =
            against(&catalog_of(&table(1_048_576)), &catalog_of(&table(theirs)), "", TODAY).differences;
        found.first().map(|difference| difference.explanation.as_ref().map(|why| why.reason))
    };
    assert_eq!(window(1_000_000), Some(Some(Reason::Rounding)));
    assert_eq!(window(1_200_000), Some(None));
    assert_eq!(window(700_000), Some(None));
}

#[test]
fn a_price_per_thousand_is_compared_with_one_per_one() {
    let ours = "[vendor]\nid = \"acme\"\n[[product]]\nid = \"s\"\nkind = \"search\"\n[[product.price]]\nfrom = 2026-01-01\n\
                request_per_k = 5\nsource = \"s\"\nchecked = 2026-01-01\n";
    let theirs = ours.replace("request_per_k = 5", "request_each = 0.005");
    assert_eq!(against(&catalog_of(ours), &catalog_of(&theirs), "", TODAY).differences, []);
    let dearer = ours.replace("request_per_k = 5", "request_each = 0.006");
    let found = against(&catalog_of(ours), &catalog_of(&dearer), "", TODAY).differences;
    assert_eq!(found[0].after, Figure::Price(dec("6"), ragonomics::units::Currency::USD));
}

/// Each public table with its file, and the day on which it was made.
const TABLES: [(Source, &str, Date, usize); 3] = [
    (Source::LiteLlm, "litellm-model-prices.json", date(2026, 11, 22), 150),
    (Source::GenaiPrices, "genai-prices-v2.json", date(2026, 8, 21), 150),
    (Source::ModelsDev, "models-dev-api.json", date(2026, 7, 15), 150),
];

/// The tables are not part of the repository; without them the test says so and passes.
#[test]
fn every_difference_from_the_public_tables_is_explained() {
    let ours = catalog_with("");
    for (source, file, day, least) in TABLES {
        let Some(text) = shared(&format!("data/{file}")) else { continue };
        let options = Options { date: Some(day), ..Options::default() };
        let theirs =
            import(source, file, &text, &options).unwrap_or_else(|faults| panic!("{faults}")).catalog;
        let found = against(&ours, &theirs, source.word(), day);
        let unexplained: Vec<String> = found
            .unexplained()
            .map(|d| {
                format!("{} {}: {:?} against {:?}", ours.product(d.product).id, d.what, d.before, d.after)
            })
            .collect();
        println!(
            "{file}: {} products matched, {} figures compared, {} differ, {} unexplained",
            found.products,
            found.compared,
            found.differences.len(),
            unexplained.len()
        );
        assert!(found.products >= least, "{file}: only {} products", found.products);
        assert!(unexplained.is_empty(), "{file}:\n{}", unexplained.join("\n"));
    }
}
