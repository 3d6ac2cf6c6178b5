//! `models` as its users meet it: the list in eighty columns, and one product in full.

mod support;

use jiff::civil::date;
use ragonomics::report::product;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

fn result(arguments: &[&str]) -> String {
    let output = support::program().args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_list_fits_eighty_columns_whatever_is_asked_for() {
    for arguments in [
        &["models", "--as-of", "2026-11-22"][..],
        &["models", "cached<1", "released>2024-01-01", "checked>2024-01-01", "--sort=-max_output,region"],
        &["models", "modality:image", "--sort", "region,-window"],
        &["models", "kind:chat", "open:yes", "cache:yes", "retired:no", "--as-of", "2026-11-22"],
    ] {
        let table = result(arguments);
        assert!(table.lines().all(|line| line.width() <= 80), "{table}");
    }
}

#[test]
fn a_column_that_is_sorted_by_is_shown() {
    let table = result(&["models", "kind:embedding", "--sort=-dimensions", "--as-of", "2026-11-22"]);
    assert!(table.lines().next().unwrap().ends_with("Dimensions"), "{table}");
    let csv = result(&["models", "kind:embedding", "--sort", "dimensions", "--format", "csv"]);
    assert!(
        csv.starts_with("retired,id,kind,window,input,output,currency,unit,price_from,dimensions\n"),
        "{csv}"
    );
}

#[test]
fn a_region_is_listed_once_however_many_prices_it_had() {
    let csv = result(&["models", "id:openai/gpt-5.6-luna", "--sort", "region", "--format", "csv"]);
    assert!(csv.ends_with(",\"us, eu\"\n"), "{csv}");
}

/// A product with every rule that a table can hold, and an announced price.
const WHOLE: &str = r#"
[vendor]
id = "acme"
name = "Acme"
[[product]]
id = "all"
kind = "chat"
regions = ["eu", "us"]
[product.image_tokens]
formula = "openai_tiles"
base = 85
per_tile = 170
[product.provisioned]
unit = "PTU"
minimum_units = 15
input_tokens_per_minute = 2500
source = "sizing page"
[[product.cache]]
mode = "explicit"
ttl_minutes = 60
increment_tokens = 128
note = "not promised"
[[product.limit]]
tier = "two"
from = 2026-01-01
needs = "50 USD paid"
rpm = 500
source = "limits page"
confidence = "medium"
[[product.throughput]]
model = "llama"
output_tokens_per_second = 900
source = "own measurement"
[[product.differs]]
table = "litellm"
keys = ["input_per_mtok"]
reason = "date"
note = "theirs is of 2025"
source = "vendor page"
[[product.price]]
from = 2026-01-01
input_per_mtok = 1.2345
cached_input_per_mtok = 0.1
source = "page"
checked = 2026-02-01
[product.price.included]
requests = 1000
[[product.price.when]]
hours_utc = "01:00-04:00"
days = "mon-fri"
input_per_mtok = 2.5
[[product.price]]
from = 2027-01-01
input_per_mtok = 1
source = "blog"
checked = 2026-11-01
confidence = "low"
"#;

#[test]
fn one_product_is_shown_with_everything_that_its_table_says() {
    let catalog = support::catalog_of(WHOLE);
    let id = catalog.find("all").unwrap();
    let facts = product::facts(&catalog, id, date(2026, 11, 22)).to_table(200, false);
    for fact in [
        "regions       eu, us",
        "cache         explicit, 60 min, renewed by hits, from 0 tokens on, in steps of 128, writes billed as input, reads as cached input; not promised",
        "image tokens  openai_tiles: base 85, per_tile 170, short_side 768",
        "provisioned   unit PTU, minimum_units 15, increment_units 1, input_tokens_per_minute 2,500, source sizing page",
        "throughput    model llama, output_tokens_per_second 900, source own measurement",
        "rate limit    two (since 2026-01-01): 500 RPM, needs 50 USD paid; source limits page; confidence medium",
        "other table   litellm on input_per_mtok: theirs is of 2025 (date; ours from vendor page)",
    ] {
        assert!(facts.lines().any(|line| line == fact), "{fact}\n{facts}");
    }
    let history = product::history_text(&catalog, id, date(2026, 11, 22));
    // From 1 February to 22 November are 294 days, more than 90.
    let expected = [
        "From 2027-01-01 (announced): input $1.00/1M tokens",
        "  Source: blog; confidence low; checked 2026-11-01 (21 days before)",
        "From 2026-01-01 (in force): input $1.2345/1M tokens; cached input $0.10/1M tokens; included each month: requests 1,000",
        "  Source: page; checked 2026-02-01 (294 days before), old",
        "  01:00-04:00 UTC on mon, tue, wed, thu, fri: input $2.50/1M tokens",
    ];
    assert_eq!(history, expected);
}

#[test]
fn prices_of_a_day_begin_with_the_one_of_all_regions_and_name_regions_that_pay_the_same_together() {
    let uplift = "[product.price.uplift]\nus = 1.1\neu = 1.1\njp = 1.2\n";
    let table = "[vendor]\nid = \"acme\"\n[[product]]\nid = \"own\"\nkind = \"chat\"\n[[product.price]]\nfrom = 2026-01-01\n\
                 input_per_mtok = 10\nsource = \"page\"\nchecked = 2026-11-22\n";
    let catalog = support::catalog_of(&format!("{table}{uplift}"));
    let history = product::history_text(&catalog, catalog.find("own").unwrap(), date(2026, 11, 22));
    // A tenth, and a fifth, more than $10.
    let expected = [
        "From 2026-01-01 (in force): input $10.00/1M tokens",
        "From 2026-01-01, regions us, eu (in force): input $11.00/1M tokens",
        "From 2026-01-01, region jp (in force): input $12.00/1M tokens",
    ];
    assert_eq!(
        history.iter().filter(|line| line.starts_with("From")).collect::<Vec<_>>(),
        expected.each_ref()
    );
}

#[test]
fn a_plan_is_listed_with_its_fee() {
    let csv = result(&["models", "id:midjourney/pro", "--as-of", "2026-11-22", "--format", "csv"]);
    assert!(csv.ends_with("subscription,,60,,USD,user-month,2023-07-01\n"), "{csv}");
}

#[test]
fn one_product_as_json_holds_the_rules_by_the_keys_of_a_table() {
    let catalog = support::catalog_of(WHOLE);
    let text = product::to_json(&catalog, catalog.find("all").unwrap(), date(2026, 11, 22));
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["cache"][0]["note"], "not promised");
    assert_eq!(json["limit"][0]["needs"], "50 USD paid");
    assert_eq!(json["differs"][0]["reason"], "date");
    assert_eq!(json["image_tokens"]["formula"], "openai_tiles");
    assert_eq!(json["prices"][0]["included"]["requests"].to_string(), "1000");
    assert_eq!(json["prices"][0]["age_days"].to_string(), "294");
    assert_eq!(json["prices"][0]["cells"][1]["condition"]["days"], "mon, tue, wed, thu, fri");
    assert_eq!(json["prices"][1]["standing"], "announced");
    assert_eq!(json["price"]["cells"][0]["prices"][0]["price"].to_string(), "1.2345");
}

#[test]
fn a_product_shows_what_its_tokenizer_counts() {
    let show = |id| result(&["models", "show", id, "--as-of", "2026-11-22", "--format", "json"]);
    let json: Value = serde_json::from_str(&show("deepseek/deepseek-flash")).unwrap();
    assert_eq!(json["tokenizer_measured"]["chinese"], 0.8394);
    assert_eq!(json["tokenizer_measured"]["confidence"], "medium");
    let unknown: Value = serde_json::from_str(&show("meta/llama-4-scout")).unwrap();
    assert_eq!((&unknown["tokenizer"], &unknown["tokenizer_measured"]), (&"llama4".into(), &Value::Null));
    let facts = result(&["models", "show", "anthropic/claude-opus-5", "--as-of", "2026-11-22"]);
    let facts: Vec<&str> = facts.split_whitespace().collect();
    let expected = "claude-4.7: english 1.508, code 1.69 tokens for one of o200k_base, not certain";
    assert!(facts.join(" ").contains(expected), "{facts:?}");
}
