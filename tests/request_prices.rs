//! Single requests with prices and expected cost from the test suite of genai-prices (MIT).
//!
//! Each case's prices are a table of its own, and those that name a model are priced once more at what the importer
//! makes of the table of genai-prices. The adapter maps field names and computes nothing.

mod support;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use ragonomics::analysis::request::{Pricer, Request};
use ragonomics::catalog::rate::Moment;
use ragonomics::catalog::{Meter, Service};
use ragonomics::import::vendors::vendor_id;
use ragonomics::import::{Options, Source, import};
use ragonomics::units::{Currency, parse_number};
use ragonomics::usage::Recurrence;
use serde_json::Value;
use support::*;

/// Price fields of a case and the keys of our tables.
const PRICES: &[(&str, &str)] = &[
    ("input_mtok", "input_per_mtok"),
    ("output_mtok", "output_per_mtok"),
    ("cache_read_mtok", "cached_input_per_mtok"),
    ("cache_write_mtok", "cache_write_per_mtok"),
    ("cache_write_1h_mtok", "cache_write_1h_per_mtok"),
    ("input_audio_mtok", "input_audio_per_mtok"),
    ("cache_audio_read_mtok", "cached_audio_per_mtok"),
    ("output_image_mtok", "output_image_per_mtok"),
    ("output_video_mtok", "output_video_per_mtok"),
    ("web_searches_kcount", "web_search_per_k"),
    ("requests_kcount", "request_per_k"),
    ("audio_hours", "audio_per_hour"),
];

/// Usage fields of a case and our meters. Fields that say again what another one holds (text and
/// reasoning tokens, five-minute writes, tool tokens that are not billed) are left out.
const USAGE: &[(&str, Meter)] = &[
    ("input_tokens", Meter::Input),
    ("output_tokens", Meter::Output),
    ("cache_read_tokens", Meter::CachedInput),
    ("cache_write_tokens", Meter::CacheWrite),
    ("cache_write_1h_tokens", Meter::CacheWrite1h),
    ("input_audio_tokens", Meter::InputAudio),
    ("cache_audio_read_tokens", Meter::CachedAudio),
    ("input_image_tokens", Meter::InputImage),
    ("output_image_tokens", Meter::OutputImage),
    ("output_video_tokens", Meter::OutputVideo),
    ("web_searches", Meter::WebSearches),
    ("audio_seconds", Meter::AudioSeconds),
];

const LEFT_OUT: &[&str] = &[
    "input_text_tokens",
    "output_text_tokens",
    "output_reasoning_tokens",
    "cache_write_5m_tokens",
    "input_tool_tokens",
    "input_text_tool_tokens",
    "input_video_tokens",
    "cache_text_read_tokens",
    "cache_video_read_tokens",
];

fn table(prices: &serde_json::Map<String, Value>) -> String {
    let mut base = String::new();
    let mut tiers: BTreeMap<String, String> = BTreeMap::new();
    for (field, value) in prices {
        let key = PRICES.iter().find(|(theirs, _)| theirs == field).unwrap_or_else(|| panic!("{field}")).1;
        match value {
            Value::String(price) => base.push_str(&format!("{key} = {price}\n")),
            tiered => {
                base.push_str(&format!("{key} = {}\n", tiered["base"].as_str().unwrap()));
                for tier in tiered["tiers"].as_array().unwrap() {
                    let threshold = tier["above_input_tokens"].to_string();
                    let line = format!("{key} = {}\n", tier["price"].as_str().unwrap());
                    tiers.entry(threshold).or_default().push_str(&line);
                }
            }
        }
    }
    let cells: String = tiers
        .iter()
        .map(|(threshold, lines)| {
            format!("[[product.price.when]]\nabove_input_tokens = {threshold}\n{lines}")
        })
        .collect();
    format!(
        "[vendor]\nid = \"case\"\n[[product]]\nid = \"model\"\nkind = \"chat\"\n[[product.price]]\nfrom = 2020-01-01\n\
         source = \"the case\"\nchecked = 2026-11-22\nunit_checked = true\n{base}{cells}"
    )
}

fn quantities(usage: &serde_json::Map<String, Value>) -> Vec<(Meter, f64)> {
    let number = |value: &Value| match value {
        Value::String(text) => parse_number(text).unwrap(),
        number => parse_number(&number.to_string()).unwrap(),
    };
    let mut quantities = Vec::new();
    for (field, value) in usage {
        match USAGE.iter().find(|(theirs, _)| theirs == field) {
            Some((_, meter)) => quantities.push((*meter, number(value))),
            None => assert!(LEFT_OUT.contains(&field.as_str()), "{field}"),
        }
    }
    quantities
}

#[test]
fn every_recorded_request_costs_what_its_source_says() {
    let cases = include_str!("cases/request-prices.jsonl");
    let mut checked = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        let catalog = catalog_of(&table(case["prices"].as_object().unwrap()));
        let request = Request {
            product: catalog.find("case/model").unwrap(),
            date: TODAY,
            moment: Moment::Spread,
            service: Service::Standard,
            variant: None,
            quantities: quantities(case["usage"].as_object().unwrap()),
        };
        let bill = Pricer::new(&catalog, Currency::USD, None)
            .price(&request)
            .unwrap_or_else(|why| panic!("{id}: {why}"));
        let cost = bill
            .total(Recurrence::Monthly)
            .amount()
            .unwrap_or_else(|| panic!("{id}: {:?}", bill.first_unpriced(None)));
        assert_eq!(cost, dec(case["expected_total_usd"].as_str().unwrap()), "{id}");
        checked += 1;
    }
    assert_eq!(checked, 77);
}

/// Returns whether a clause of genai-prices takes a name: this is which product is meant, and computes nothing.
fn takes(clause: &Value, name: &str) -> bool {
    let (word, wanted) = clause.as_object().and_then(|clause| clause.iter().next()).unwrap();
    let any = |clauses: &Value| clauses.as_array().unwrap().iter().any(|clause| takes(clause, name));
    let text = || wanted.as_str().unwrap().to_lowercase();
    match word.as_str() {
        "or" => any(wanted),
        "and" => wanted.as_array().unwrap().iter().all(|clause| takes(clause, name)),
        "equals" => name == text(),
        "starts_with" => name.starts_with(&text()),
        "ends_with" => name.ends_with(&text()),
        "contains" => name.contains(&text()),
        // No recorded name is meant by a pattern alone.
        "regex" => false,
        other => panic!("{other}"),
    }
}

/// Finds the id under which a provider's list has a model: its own, or that of the first clause that takes it.
fn meant(providers: &Value, provider: &str, model: &str) -> String {
    let providers = providers.as_array().unwrap().iter();
    let models = providers
        .filter(|entry| entry["id"] == provider)
        .flat_map(|entry| entry["models"].as_array().unwrap());
    let name = model.to_lowercase();
    let found = models.clone().find(|entry| entry["id"] == model);
    let found = found.or_else(|| models.clone().find(|entry| takes(&entry["match"], &name)));
    found.unwrap_or_else(|| panic!("{provider} has no {model}"))["id"].as_str().unwrap().to_owned()
}

/// Reads a day and a minute of the week from `2026-08-21T12:00:00Z`.
fn moment(timestamp: &str) -> (Date, Moment) {
    let day: Date = timestamp[..10].parse().unwrap();
    let number = |range: std::ops::Range<usize>| timestamp[range].parse::<u16>().unwrap();
    let weekday = u8::try_from(day.weekday().to_monday_zero_offset()).unwrap();
    (day, Moment::At(weekday, number(11..13) * 60 + number(14..16)))
}

#[test]
fn every_recorded_request_costs_the_same_at_the_imported_prices_of_its_source() {
    let Some(text) = shared("data/genai-prices-v2.json") else { return };
    let options = Options { date: Some(date(2026, 8, 21)), ..Options::default() };
    let imported = import(Source::GenaiPrices, "data.json", &text, &options).unwrap();
    let (catalog, account) = (&imported.catalog, &imported.account);
    println!(
        "{} entries: {} priced, {} without price, {} skipped, {} figures lost",
        account.entries,
        account.priced,
        account.unpriced,
        account.skipped.len(),
        account.lost.len()
    );
    assert_eq!(account.entries, account.priced + account.unpriced + account.skipped.len());
    assert_eq!((&account.lost[..], &account.skipped[..]), (&[][..], &[][..]));
    let providers: Value = serde_json::from_str(&text).unwrap();
    let mut checked = 0;
    for line in include_str!("cases/request-prices.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (Some(provider), Some(model)) = (case["provider"].as_str(), case["model"].as_str()) else {
            continue;
        };
        let id = case["id"].as_str().unwrap();
        let named =
            format!("{}/{}", vendor_id(Source::GenaiPrices, provider), meant(&providers, provider, model));
        let (date, moment) = moment(case["timestamp"].as_str().unwrap());
        let request = Request {
            product: catalog.find(&named).unwrap_or_else(|fault| panic!("{id}: {fault}")),
            date,
            moment,
            service: Service::Standard,
            variant: None,
            quantities: quantities(case["usage"].as_object().unwrap()),
        };
        let bill = Pricer::new(catalog, Currency::USD, None)
            .price(&request)
            .unwrap_or_else(|why| panic!("{id}: {why}"));
        let cost = bill.total(Recurrence::Monthly).amount();
        let cost = cost.unwrap_or_else(|| panic!("{id}: {:?}", bill.first_unpriced(None)));
        assert_eq!(cost, dec(case["expected_total_usd"].as_str().unwrap()), "{id}");
        checked += 1;
    }
    println!("{checked} requests agree");
    assert_eq!(checked, 71);
}

#[test]
fn a_record_of_ten_meters_is_one_request() {
    let catalog = catalog_with("");
    let meters = [
        Meter::Input,
        Meter::CachedInput,
        Meter::CacheWrite,
        Meter::CacheWrite1h,
        Meter::Output,
        Meter::InputAudio,
        Meter::OutputAudio,
        Meter::InputImage,
        Meter::Images,
        Meter::WebSearches,
    ];
    // The wholes are large enough to hold their parts.
    let quantities = meters.iter().zip([100.0, 1.0, 2.0, 1.0, 9.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    let request = Request {
        product: catalog.find("openai/gpt-4o").unwrap(),
        date: TODAY,
        moment: Moment::Spread,
        service: Service::Standard,
        variant: None,
        quantities: quantities.map(|(meter, quantity)| (*meter, quantity)).collect(),
    };
    let bill = Pricer::new(&catalog, Currency::USD, None).price(&request).unwrap();
    assert_eq!(bill.lines.len(), meters.len());
}
