//! Queries over a small catalog of its own: every operator, every mistake, every direction of an order.

mod support;

use jiff::civil::date;
use ragonomics::catalog::Catalog;
use ragonomics::catalog::query::{Column, Listing, Order, Query};

/// Four chat models and a transcription; `dark` has no window and no price.
const TABLE: &str = r#"
[vendor]
id = "acme"
[[exchange_rate]]
date = 2026-01-01
currency = "CNY"
per_usd = 8
source = "for a test"

[[product]]
id = "big"
name = "Big Model"
aliases = ["large"]
kind = "chat"
released = 2025-06-01
window = 1_000_000
max_output = 64_000
modalities = ["text", "image"]
open_weights = true
regions = ["eu", "us"]
[[product.cache]]
mode = "automatic"
ttl_minutes = 5
[[product.price]]
from = 2025-06-01
input_per_mtok = 2
cached_input_per_mtok = 0.2
output_per_mtok = 10
source = "page"
checked = 2026-01-01
[[product.price.when]]
service = "batch"
factor = 0.5

[[product]]
id = "small"
kind = "chat"
released = 2024-01-01
retired = 2026-01-01
window = 128_000
[[product.price]]
from = 2024-01-01
input_per_mtok = 0.5
output_per_mtok = 2
source = "page"
checked = 2025-01-01
confidence = "low"

[[product]]
id = "yuan:v2"
kind = "chat"
released = 2025-01-01
window = 32_000
regions = ["china"]
[[product.price]]
from = 2025-01-01
currency = "CNY"
input_per_mtok = 8
output_per_mtok = 16
source = "page"
checked = 2025-06-01
confidence = "medium"

[[product]]
id = "dark"
kind = "chat"
note = "not sold yet"

[[product]]
id = "ears"
kind = "transcription"
[[product.price]]
from = 2025-01-01
audio_per_minute = 0.006
source = "page"
checked = 2026-02-01
"#;

fn found(query: &str) -> Vec<String> {
    sorted(query, "")
}

fn sorted(query: &str, order: &str) -> Vec<String> {
    let catalog = support::catalog_of(TABLE);
    let listing = Listing { catalog: &catalog, date: date(2026, 3, 1) };
    let query = Query::parse(&catalog, query).unwrap_or_else(|fault| panic!("{query}: {fault}"));
    let mut found = listing.find(&query);
    listing.sort(&mut found, &Order::parse(order).unwrap());
    found.into_iter().map(|id| catalog.product(id).short_id().to_owned()).collect()
}

#[test]
fn words_are_looked_for_in_ids_names_and_aliases() {
    assert_eq!(found("big"), ["big"]);
    assert_eq!(found("LARGE"), ["big"]);
    assert_eq!(found("\"big model\""), ["big"]);
    assert_eq!(found("big small"), [""; 0]);
    assert_eq!(found(""), ["big", "small", "yuan:v2", "dark", "ears"]);
}

#[test]
fn a_colon_inside_an_id_is_no_condition() {
    assert_eq!(found("acme/yuan:v2"), ["yuan:v2"]);
    assert_eq!(found("\"yuan:v2\""), ["yuan:v2"]);
}

#[test]
fn columns_of_words_are_compared_whole_and_several_words_are_alternatives() {
    assert_eq!(found("kind:transcription"), ["ears"]);
    assert_eq!(found("kind=CHAT vendor:acme").len(), 4);
    assert_eq!(found("modality:image"), ["big"]);
    assert_eq!(found("region:eu"), ["big"]);
    assert_eq!(found("region:eu,china"), ["big", "yuan:v2"]);
    assert_eq!(found("id:large"), ["big"]);
    assert_eq!(found("confidence:low"), ["small"]);
}

#[test]
fn yes_and_no_are_told_apart_from_unknown() {
    assert_eq!(found("cache:yes"), ["big"]);
    assert_eq!(found("open:yes"), ["big"]);
    assert_eq!(found("retired:yes"), ["small"]);
    assert_eq!(found("batch:yes"), ["big"]);
    // Without a price nothing is known of batches.
    assert_eq!(found("batch:no"), ["small", "yuan:v2", "ears"]);
    assert_eq!(found("priced:no"), ["dark"]);
}

#[test]
fn numbers_take_units_and_every_operator() {
    assert_eq!(found("context>=128k"), ["big", "small"]);
    assert_eq!(found("window>128k"), ["big"]);
    assert_eq!(found("window < 128k"), ["yuan:v2"]);
    assert_eq!(found("window <= 128_000"), ["small", "yuan:v2"]);
    assert_eq!(found("window=1M"), ["big"]);
    assert_eq!(found("window:1M"), ["big"]);
    assert_eq!(found("max_output>1"), ["big"]);
}

#[test]
fn prices_are_compared_in_dollars_at_the_rate_of_the_day() {
    // CN¥8 at 8 yuan for a dollar are $1.
    assert_eq!(found("price<=1"), ["small", "yuan:v2", "ears"]);
    assert_eq!(found("input<=1"), ["small", "yuan:v2"]);
    assert_eq!(found("output=2"), ["small", "yuan:v2"]);
    assert_eq!(found("cached<1"), ["big"]);
    assert_eq!(found("price<0.01"), ["ears"]);
}

#[test]
fn days_are_compared() {
    assert_eq!(found("released>2025-01-01"), ["big"]);
    assert_eq!(found("released>=2025-01-01"), ["big", "yuan:v2"]);
    assert_eq!(found("checked<2025-06-01"), ["small"]);
    assert_eq!(found("since=2025-01-01"), ["yuan:v2", "ears"]);
}

#[test]
fn what_is_not_known_matches_neither_a_condition_nor_its_negation() {
    assert_eq!(found("kind:chat -window>=128k"), ["yuan:v2"]);
    assert_eq!(found("not region:eu"), ["yuan:v2"]);
    assert_eq!(found("not kind:chat"), ["ears"]);
    assert_eq!(found("-big kind:chat not small"), ["yuan:v2", "dark"]);
}

#[test]
fn an_order_has_a_direction_and_puts_the_unknown_last_in_both() {
    assert_eq!(sorted("", "window"), ["yuan:v2", "small", "big", "dark", "ears"]);
    assert_eq!(sorted("", "-window"), ["big", "small", "yuan:v2", "dark", "ears"]);
    assert_eq!(sorted("", "kind,-id"), ["yuan:v2", "small", "dark", "big", "ears"]);
    // From low to high, not by the alphabet; dark has no price to be sure of.
    assert_eq!(sorted("", "confidence"), ["small", "yuan:v2", "big", "ears", "dark"]);
}

#[test]
fn every_column_can_be_sorted_by_in_both_directions() {
    for (name, _) in Column::WORDS {
        assert_eq!(sorted("", name).len(), 5, "{name}");
        assert_eq!(sorted("", &format!("-{name}")).len(), 5, "{name}");
    }
}

fn mistake(query: &str) -> String {
    let catalog: Catalog = support::catalog_of(TABLE);
    let fault = Query::parse(&catalog, query).expect_err(query);
    format!("{fault}; {}", fault.remedy().expect(query))
}

#[test]
fn every_mistake_is_answered_with_a_remedy() {
    for (query, said) in [
        ("knid:chat", "unknown column `knid`; did you mean `kind`, `id`?"),
        ("zzzzz>1", "unknown column `zzzzz`; `ragonomics models --help` lists them"),
        ("kind:chatt", "unknown kind `chatt`; did you mean `chat`?"),
        ("vendor:acne", "unknown vendor `acne`; did you mean `acme`?"),
        ("region:eux", "unknown region `eux`; did you mean `eu`?"),
        ("modality:imag", "unknown modality `imag`; did you mean `image`?"),
        ("confidence:lo", "unknown confidence `lo`; did you mean `low`?"),
        ("id:bigg", "unknown model `bigg`; did you mean `acme/big`?"),
        ("cache:maybe", "`cache` cannot be `maybe`; write one of `yes`, `no`"),
        ("window>many", "`window` is no number: `many`; write it as 1500, 128k, 1.5M or 3%"),
        ("released>soon", "`released` is no date: `soon`; write a day of the calendar, such as 2026-11-22"),
        ("kind>chat", "`kind` has no order that `kind>chat` could ask for; write it as kind:chat"),
        ("cache>=yes", "`cache` has no order that `cache>=yes` could ask for; write it as cache:yes"),
        ("price<", "`price<` compares price with nothing; write it as price<1"),
        (">3", "`>3` compares no column; name one before it, such as window>=128k"),
        ("\"big", "a quoted text that does not end: \"big; end it with a quote"),
        (
            "big not",
            "`not` stands at the end of the query, before nothing; write what is not wanted after it, such as not kind:chat",
        ),
    ] {
        assert_eq!(mistake(query), said, "{query}");
    }
    let order = Order::parse("window,-prise").unwrap_err();
    let said = format!("{order}; {}", order.remedy().unwrap());
    assert_eq!(said, "unknown column `prise`; did you mean `price`, `priced`?");
}
