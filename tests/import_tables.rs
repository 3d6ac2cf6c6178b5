//! The importers on whole public tables, which are not part of the crate: an independent walk over each file finds
//! every figure again in what was taken.
//!
//! The tables are looked for under the folder in `RAGONOMICS_SHARED`, or `../shared` beside the crate.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use jiff::civil::{Date, date};
use ragonomics::catalog::rate::CallContext;
use ragonomics::catalog::{Meter, PriceCard, Product, Service};
use ragonomics::import::{Account, Imported, Options, Source, import};
use ragonomics::units::parse_decimal;
use rust_decimal::Decimal;
use serde_json::Value;

/// Returns a file or folder of the tables; prints that it is absent.
fn table(path: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let found =
        std::env::var_os("RAGONOMICS_SHARED").map_or_else(beside, PathBuf::from).join("data").join(path);
    if found.exists() {
        return Some(found);
    }
    println!("skipped: {} is absent", found.display());
    None
}

fn taken(source: Source, path: &PathBuf) -> (Value, Imported) {
    let text = fs::read_to_string(path).unwrap();
    let options = Options { date: Some(date(2026, 8, 21)), ..Options::default() };
    let imported = import(source, &path.display().to_string(), &text, &options).unwrap();
    (serde_json::from_str(&text).unwrap(), imported)
}

fn exact(value: &Value) -> Option<Decimal> {
    value.as_number().and_then(|number| parse_decimal(&number.to_string()))
}

/// Every entry is a product, or named.
fn is_complete(account: &Account) {
    assert_eq!(account.entries, account.priced + account.unpriced + account.skipped.len());
}

fn has_rate(cards: &[PriceCard], meter: Meter, price: Decimal, service: Service, above: Option<f64>) -> bool {
    let cells = cards.iter().flat_map(|card| &card.cells);
    let same = cells.filter(|cell| {
        cell.condition.service == service && cell.condition.tier.map(|tier| tier.threshold) == above
    });
    // A table's 0.049999999999999996 is 0.05: what is beyond the fifteenth digit nobody wrote.
    let close = |other: Decimal| (other - price).abs() <= price * Decimal::new(1, 14);
    same.filter_map(|cell| cell.rate(meter)).any(|rate| close(rate.price.exact))
}

const COSTS: &[(&str, Meter)] = &[
    ("input", Meter::Input),
    ("output", Meter::Output),
    ("cache_read", Meter::CachedInput),
    ("cached_input", Meter::CachedInput),
    ("cache_input", Meter::CachedInput),
    ("cache_write", Meter::CacheWrite),
    ("cached_write", Meter::CacheWrite),
    ("reasoning", Meter::Reasoning),
    ("input_audio", Meter::InputAudio),
    ("output_audio", Meter::OutputAudio),
    ("image", Meter::OutputImage),
    ("citation", Meter::Citation),
];

/// Checks the costs of one condition; returns how many were found and how many are named as lost.
fn walk(
    product: &Product,
    cost: &Value,
    service: Service,
    above: Option<f64>,
    lost: &[&str],
) -> (usize, usize) {
    let (mut found, mut named) = (0, 0);
    for (key, value) in cost.as_object().unwrap() {
        let Some(price) = exact(value).filter(|price| !price.is_zero()) else { continue };
        let meter = COSTS.iter().find(|(name, _)| name == key);
        if meter.is_some_and(|(_, meter)| has_rate(&product.prices, *meter, price, service, above)) {
            found += 1;
        } else {
            assert!(lost.contains(&format!("cost.{key}").as_str()), "{} {key} {price}", product.id);
            named += 1;
        }
    }
    (found, named)
}

#[test]
fn every_cost_of_models_dev_is_a_rate_or_named() {
    let Some(path) = table("models-dev-api.json") else { return };
    let (raw, imported) = taken(Source::ModelsDev, &path);
    let account = &imported.account;
    is_complete(account);
    let mut lost: HashMap<&str, Vec<&str>> = HashMap::new();
    for one in &account.lost {
        lost.entry(&one.name).or_default().push(&one.field);
    }
    let by_id: HashMap<&str, &Product> =
        imported.catalog.products.iter().map(|product| (product.id.as_str(), product)).collect();
    let skipped: Vec<&str> = account.skipped.iter().map(|skipped| skipped.name.as_str()).collect();
    let (mut found, mut named) = (0, 0);
    for (provider, entry) in raw.as_object().unwrap() {
        let vendor = ragonomics::import::vendors::vendor_id(Source::ModelsDev, provider);
        for (id, model) in entry["models"].as_object().unwrap() {
            let name = format!("{provider}/{id}");
            let Some(product) = by_id.get(format!("{vendor}/{id}").as_str()) else {
                assert!(skipped.contains(&name.as_str()), "{name}");
                continue;
            };
            if skipped.contains(&name.as_str()) {
                continue;
            }
            let lost = lost.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            let mut count = |(more, other): (usize, usize)| {
                found += more;
                named += other;
            };
            let Some(cost) = model.get("cost") else { continue };
            count(walk(product, cost, Service::Standard, None, lost));
            for tier in cost.get("tiers").and_then(Value::as_array).into_iter().flatten() {
                count(walk(product, tier, Service::Standard, tier["tier"]["size"].as_f64(), lost));
            }
            if let Some(fast) = model.pointer("/experimental/modes/fast") {
                let priority = fast.pointer("/provider/body/service_tier").is_some();
                let service = if priority { Service::Priority } else { Service::Fast };
                count(walk(product, &fast["cost"], service, None, lost));
            }
            // No card where nothing has a price, unless the id says free.
            assert!(found + named > 0 || product.prices.is_empty() || id.ends_with("free"), "{name}");
        }
    }
    println!("models.dev: {}", summary(account));
    println!("models.dev: {found} costs are rates, {named} are named as lost");
    for one in
        account.lost.iter().filter(|one| !one.field.starts_with("limit") && one.field != "release_date")
    {
        println!("  lost: {} {}: {}", one.name, one.field, one.why);
    }
    account.skipped.iter().for_each(|one| println!("  skipped: {}: {}", one.name, one.why));
    assert!(found > 12_000 && named < 10);
}

fn summary(account: &Account) -> String {
    format!(
        "{} entries: {} priced, {} unpriced, {} skipped; {} figures lost",
        account.entries,
        account.priced,
        account.unpriced,
        account.skipped.len(),
        account.lost.len()
    )
}

#[test]
fn every_dated_row_of_llm_prices_holds_on_its_first_and_last_day() {
    let Some(folder) = table("llm-prices") else { return };
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (mut rows, mut figures) = (0, 0);
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
        let (raw, imported) = taken(Source::LlmPrices, path);
        let account = &imported.account;
        is_complete(account);
        println!("{}: {}", path.display(), summary(account));
        for one in &account.lost {
            println!("  lost: {} {}: {}", one.name, one.field, one.why);
        }
        account.skipped.iter().for_each(|one| println!("  skipped: {}: {}", one.name, one.why));
        for model in raw["models"].as_array().unwrap() {
            for row in model["price_history"].as_array().unwrap() {
                rows += 1;
                figures += holds(&imported, model, row);
            }
        }
    }
    println!("llm-prices: {rows} rows with {figures} figures hold on their days");
    assert!(rows > 100 && figures > 250);
}

/// Checks that the figures of a row hold on its first day and on the day before its end; returns how many.
fn holds(imported: &Imported, model: &Value, row: &Value) -> usize {
    let (id, name) = (model["id"].as_str().unwrap(), model["name"].as_str().unwrap());
    let image = name.ends_with("image tokens");
    let above =
        name.split_once('>').map(|(_, size)| size.trim_end_matches('k').parse::<f64>().unwrap() * 1000.0);
    let id = match above {
        Some(_) => id.rsplit_once('-').unwrap().0,
        None => id.strip_suffix("-image").or(id.strip_suffix("-text")).unwrap_or(id),
    };
    let product = imported.catalog.find(id).unwrap();
    let day = |key: &str| row[key].as_str().map(|text| text.parse::<Date>().unwrap());
    let last = day("to_date").map(|until| until.yesterday().unwrap());
    let today = day("to_date").is_none().then_some(date(2026, 12, 31));
    // A row without a first day is asked for on some day before its end.
    let early = day("from_date").or(last.map(|last| last.min(date(2025, 1, 1))));
    let call = CallContext { input_tokens: above.unwrap_or(0.0) + 1.0, ..CallContext::default() };
    let mut figures = 0;
    for (field, meter) in [
        ("input", if image { Meter::InputImage } else { Meter::Input }),
        ("input_cached", if image { Meter::CachedImage } else { Meter::CachedInput }),
        ("output", if image { Meter::OutputImage } else { Meter::Output }),
    ] {
        let Some(price) = exact(&row[field]) else { continue };
        figures += 1;
        for on in [early, last, today].into_iter().flatten() {
            let card = imported.catalog.price_on(product, on, None).unwrap();
            let found = card.segments(meter, 1.0, &call);
            assert_eq!(found.len(), 1, "{name} {field} {on}");
            assert_eq!(found[0].rate.price.exact, price, "{name} {field} {on}");
        }
        if let (Some(from), Some(card)) = (
            day("from_date"),
            imported.catalog.product(product).prices.iter().find(|c| Some(c.from) == day("from_date")),
        ) {
            assert_eq!(card.from, from);
        }
    }
    figures
}
