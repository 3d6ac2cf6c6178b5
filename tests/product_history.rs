//! The prices of one product over time, against what was published.

mod support;

use jiff::civil::date;
use ragonomics::analysis::history::BEGINNING;
use ragonomics::analysis::product_history::{EventKind, ProductHistory, product_history};
use ragonomics::catalog::{Catalog, Meter};
use ragonomics::report::product_history::{sign, source, what};
use rust_decimal::Decimal;
use serde_json::Value;
use support::*;

fn history(catalog: &Catalog, id: &str) -> ProductHistory {
    product_history(catalog, catalog.find(id).unwrap(), TODAY)
}

fn price(history: &ProductHistory, meter: Meter, day: jiff::civil::Date) -> Option<String> {
    let line = history.lines.iter().find(|line| line.key.meter == meter)?;
    line.on(day).map(|price| price.normalize().to_string())
}

fn kinds(history: &ProductHistory) -> Vec<(String, EventKind)> {
    history.events.iter().map(|event| (event.date.to_string(), event.kind)).collect()
}

#[test]
fn claude_2_became_cheaper_when_2_1_came() {
    // 11.02 and 32.68 until 2023-11-21, 8 and 24 from then on.
    let catalog = catalog_with("");
    let history = history(&catalog, "anthropic/claude-2");
    let on = |meter, day| price(&history, meter, day).unwrap();
    assert_eq!(on(Meter::Input, date(2023, 11, 20)), "11.02");
    assert_eq!(on(Meter::Output, date(2023, 11, 20)), "32.68");
    assert_eq!(on(Meter::Input, date(2023, 11, 21)), "8");
    assert_eq!(on(Meter::Output, date(2023, 11, 21)), "24");
    let cut = history.events.iter().find(|event| event.date == date(2023, 11, 21)).unwrap();
    assert_eq!((cut.kind, sign(cut)), (EventKind::Change, '-'));
    let words = "price change: input $11.02 to $8.00/1M tokens, output $32.68 to $24.00/1M tokens";
    assert_eq!(what(&history, cut), words);
    assert!(source(&catalog, &history, cut).contains("https://"));
    assert_eq!(price(&history, Meter::Input, date(2023, 7, 10)), None, "it was not released");
    assert_eq!((history.from, history.until), (BEGINNING, TODAY));
}

#[test]
fn a_history_that_begins_before_2023_is_shown_from_its_beginning() {
    // ada-002 cost 0.4 from December 2022 and a quarter of it from 2023-06-13.
    let catalog = catalog_with("");
    let history = history(&catalog, "openai/text-embedding-ada-002");
    assert!(history.from < date(2023, 1, 1));
    assert_eq!(price(&history, Meter::Input, date(2023, 6, 12)).unwrap(), "0.4");
    assert_eq!(price(&history, Meter::Input, date(2023, 6, 13)).unwrap(), "0.1");
}

const TABLE: &str = r#"
[vendor]
id = "acme"
[[exchange_rate]]
date = 2024-01-01
currency = "CNY"
per_usd = 8
source = "a test"
[[product]]
id = "moved"
kind = "chat"
retired = 2027-01-01
[[product.price]]
from = 2024-01-01
currency = "CNY"
input_per_mtok = 16
output_per_mtok = 40
source = "one"
checked = 2024-01-01
[[product.price]]
from = 2025-01-01
input_per_mtok = 9
output_per_mtok = 9
withdrawn = true
source = "two"
checked = 2024-12-01
[[product.price]]
from = 2025-06-01
until = 2026-01-01
input_per_mtok = 3
output_per_mtok = 5
cached_input_per_mtok = 0.3
source = "three"
checked = 2025-06-01
[[product.price]]
from = 2026-06-01
input_per_mtok = 3
output_per_mtok = 4
source = "four"
checked = 2026-06-01
confidence = "low"

[[product]]
id = "ears"
kind = "transcription"
[[product.price]]
from = 2024-01-01
audio_per_hour = 3.6
source = "a test"
checked = 2024-01-01
[[product.price]]
from = 2025-01-01
audio_per_minute = 0.05
source = "a test"
checked = 2025-01-01

[[product]]
id = "regional"
kind = "chat"
[[product.price]]
from = 2025-01-01
region = "eu"
input_per_mtok = 2
output_per_mtok = 4
source = "a test"
checked = 2025-01-01

[[product]]
id = "silent"
note = "nobody prints a price"
kind = "chat"
"#;

#[test]
fn every_kind_of_event_is_told_once_with_its_source() {
    let catalog = catalog_of(TABLE);
    let history = history(&catalog, "acme/moved");
    use EventKind::{Change, Ended, FirstPrice, Retired, Withdrawn};
    let expected = [
        ("2024-01-01", FirstPrice),
        ("2025-01-01", Withdrawn),
        ("2025-06-01", Change),
        ("2026-01-01", Ended),
        ("2026-06-01", Change),
        ("2027-01-01", Retired),
    ];
    assert_eq!(kinds(&history), expected.map(|(day, kind)| (day.to_owned(), kind)));
    let announced: Vec<bool> = history.events.iter().map(|event| event.announced).collect();
    assert_eq!(announced, [false, false, false, false, false, true]);
    let sources: Vec<String> = history.events.iter().map(|event| source(&catalog, &history, event)).collect();
    for (text, known) in sources.iter().zip(["one", "two", "three", "three", "four", "table.toml"]) {
        assert!(text.contains(known), "{text}");
    }
    assert!(sources[4].contains("confidence low"));
}

#[test]
fn prices_in_another_currency_are_converted_at_the_rate_of_their_first_day() {
    let catalog = catalog_of(TABLE);
    let history = history(&catalog, "acme/moved");
    assert!(history.converted);
    // 16 and 40 yuan at 8 for a dollar.
    assert_eq!(price(&history, Meter::Input, date(2024, 5, 1)).unwrap(), "2");
    assert_eq!(price(&history, Meter::Output, date(2024, 5, 1)).unwrap(), "5");
    // What was called off never held; after an end there is no price.
    assert_eq!(price(&history, Meter::Input, date(2025, 1, 1)).unwrap(), "2");
    assert_eq!(price(&history, Meter::Input, date(2026, 3, 1)), None);
    assert_eq!(price(&history, Meter::CachedInput, date(2026, 7, 1)), None);
    assert_eq!(price(&history, Meter::Input, date(2027, 1, 1)), None);
    assert_eq!(history.range(), Some((Decimal::new(3, 1), Decimal::from(5))));
    assert_eq!(history.until, date(2027, 1, 1));
}

#[test]
fn prices_for_another_quantity_are_told_for_the_newest_one() {
    let catalog = catalog_of(TABLE);
    let history = history(&catalog, "acme/ears");
    // 3.6 an hour is 0.06 a minute.
    assert_eq!(history.lines[0].key.key, "audio_per_minute");
    assert_eq!(price(&history, Meter::AudioSeconds, date(2024, 5, 1)).unwrap(), "0.06");
    assert_eq!(what(&history, &history.events[1]), "price change: audio $0.06 to $0.05/minute");
}

#[test]
fn a_product_priced_by_region_alone_is_told_for_that_region() {
    let catalog = catalog_of(TABLE);
    let history = history(&catalog, "acme/regional");
    assert_eq!(history.region.as_deref(), Some("eu"));
    assert_eq!(price(&history, Meter::Output, TODAY).unwrap(), "4");
}

#[test]
fn a_product_of_which_nothing_is_known_has_an_empty_history() {
    let catalog = catalog_of(TABLE);
    let history = history(&catalog, "acme/silent");
    assert!(history.events.is_empty() && history.lines.is_empty() && history.range().is_none());
}

#[test]
fn every_shipped_product_has_a_history_as_json_and_as_a_picture() {
    let catalog = catalog_with("");
    for (id, product) in catalog.iter() {
        let history = product_history(&catalog, id, TODAY);
        assert!(history.events.is_sorted_by_key(|event| event.date), "{}", product.id);
        let json: Value =
            serde_json::from_str(&ragonomics::report::product_history::to_json(&catalog, &history)).unwrap();
        assert_eq!(json["schema"], "ragonomics/product_history/1");
        assert_eq!(json["events"].as_array().unwrap().len(), history.events.len());
        let picture = ragonomics::report::chart::prices(&catalog, &history);
        assert!(roxmltree::Document::parse(&picture).is_ok(), "{}", product.id);
        // Today's price is the one that the catalog says, but for withdrawn products.
        if let (Ok(card), false, None) =
            (catalog.price_on(id, TODAY, None), product.is_retired(TODAY), &history.region)
        {
            let rate = card.base_rate(Meter::Output);
            if let (Some(rate), true) = (rate, card.currency == history.currency) {
                let line = history.lines.iter().find(|line| line.key.meter == Meter::Output);
                let told = line.and_then(|line| line.on(TODAY));
                let per = line.map_or(1, |line| line.key.per);
                assert!(per != rate.key.per || told == Some(rate.price.exact), "{}", product.id);
            }
        }
    }
}
