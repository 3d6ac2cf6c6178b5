//! LiteLLM's table of models: every figure of it is looked for in the imported catalog.
//!
//! The table is not part of the repository. It is read in `$RAGONOMICS_SHARED/data`, or `../shared/data`; without it
//! the test says so and passes.

mod support;

use std::collections::{BTreeMap, HashSet};

use ragonomics::catalog::rate::Cell;
use ragonomics::catalog::{Product, Service};
use ragonomics::import::vendors::vendor_id;
use ragonomics::import::{Imported, Options, Source, import};
use ragonomics::units::parse_decimal;
use rust_decimal::Decimal;
use serde_json::Value;
use support::*;

/// A figure of the table: its path, and what it should have become.
struct Figure {
    path: String,
    value: Decimal,
    service: Service,
    threshold: Option<f64>,
    in_hours: Option<bool>,
}

/// Units of a field in the units that prices are quoted for, by the words in its name alone.
fn factors(field: &str) -> Vec<Decimal> {
    let million = Decimal::from(1_000_000);
    let of = |units: &[i64]| units.iter().map(|units| Decimal::from(*units)).collect();
    if field.contains("token") && !field.contains("second")
        || field.contains("character")
        || field.contains("pixel")
    {
        vec![million]
    } else if field.contains("query") {
        of(&[1000, 1_000_000])
    } else if field.contains("page") {
        of(&[1000])
    } else if field.contains("second") {
        // A second of reserved throughput is quoted for an hour.
        of(&[1, 3600])
    } else {
        of(&[1])
    }
}

/// Reads a number; more than 15 digits are the trace of binary arithmetic.
fn number(value: &Value) -> Option<Decimal> {
    let Value::Number(number) = value else { return None };
    parse_decimal(&number.to_string())?.round_sf(15)
}

/// Walks an entry and collects its figures that are not zero.
fn walk(path: &str, value: &Value, found: &mut Vec<Figure>, threshold: Option<f64>, in_hours: Option<bool>) {
    let field = path.rsplit('.').next().unwrap();
    match value {
        Value::Object(fields) => {
            let step = fields.get("range").map(|range| range[0].as_f64().unwrap()).filter(|from| *from > 0.0);
            let in_hours = if field == "off_peak_pricing" { Some(false) } else { in_hours };
            for (name, value) in fields {
                walk(&format!("{path}.{name}"), value, found, step.or(threshold), in_hours);
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| walk(path, item, found, threshold, in_hours));
        }
        _ if path.contains("cost") => {
            let Some(value) = number(value).filter(|value| !value.is_zero()) else { return };
            let service = [
                ("_batches", Service::Batch),
                ("_flex", Service::Flex),
                ("_priority", Service::Priority),
                ("_ultrafast", Service::Ultrafast),
            ];
            let service =
                service.iter().find(|(end, _)| field.ends_with(end)).map_or(Service::Standard, |s| s.1);
            let above =
                field.split("_above_").find_map(|part| part.split_once("k_tokens")?.0.parse::<f64>().ok());
            let threshold = above.map(|thousands| thousands * 1000.0).or(threshold);
            found.push(Figure { path: path.to_owned(), value, service, threshold, in_hours });
        }
        _ => {}
    }
}

/// Finds the products that an entry may be a part of: those of its whole name, or of an end of it.
fn products<'c>(names: &BTreeMap<String, &'c Product>, key: &str, provider: &str) -> Vec<&'c Product> {
    let vendor = vendor_id(Source::LiteLlm, provider);
    let parts: Vec<&str> = key.split('/').collect();
    let ends = (0..parts.len()).map(|at| format!("{vendor}/{}", parts[at..].join("/")).to_lowercase());
    let whole = [format!("{vendor}/{provider}/{key}"), key.to_lowercase()];
    whole.into_iter().chain(ends).filter_map(|name| names.get(&name).copied()).collect()
}

/// Keys of the commonest fields, so that none of them is taken for another.
const KEYS: &[(&str, &str)] = &[
    ("cache_creation_input_token_cost_above_12hr", "cache_write_long_per_mtok"),
    ("cache_creation_input_token_cost_above_1hr", "cache_write_1h_per_mtok"),
    ("cache_creation_input_token_cost", "cache_write_per_mtok"),
    ("cache_read_input_token_cost", "cached_input_per_mtok"),
    ("input_cost_per_token_cache_hit", "cached_input_per_mtok"),
    ("input_cost_per_token", "input_per_mtok"),
    ("output_cost_per_token", "output_per_mtok"),
    ("output_cost_per_reasoning_token", "reasoning_per_mtok"),
    ("output_cost_per_image_token", "output_image_per_mtok"),
    ("output_cost_per_image", "image_each"),
];

/// Returns whether a product has a figure of an entry, on a card of the entry's region.
fn has(product: &Product, key: &str, figure: &Figure) -> bool {
    let field = figure.path.rsplit('.').find(|part| part.contains("cost")).unwrap();
    let prices: Vec<Decimal> =
        factors(field).into_iter().map(|factor| (figure.value * factor).normalize()).collect();
    let ours = KEYS.iter().find(|(start, _)| field.starts_with(start)).map_or("", |(_, ours)| *ours);
    let right = |key: &str| match ours {
        "" => true,
        "image_each" => key == "image_each" || key == "request_each",
        ours => key == ours,
    };
    let in_cell = |cell: &Cell| {
        let condition = &cell.condition;
        condition.service == figure.service
            && condition.tier.map(|tier| tier.threshold) == figure.threshold
            && figure.in_hours.is_none_or(|inside| condition.hours.is_some() == inside)
            && cell.rates.iter().any(|(_, rate)| right(rate.key.key) && prices.contains(&rate.price.exact))
    };
    let here = |region: &str| key.split('/').any(|part| part == region);
    let mut cards = product.prices.iter().filter(|card| card.region.as_deref().is_none_or(here));
    cards.any(|card| card.cells.iter().any(in_cell))
}

#[test]
fn every_figure_of_the_table_arrives_or_is_named() {
    let Some(text) = shared("data/litellm-model-prices.json") else { return };
    let options = Options { date: Some(TODAY), ..Options::default() };
    let Imported { catalog, account } = import(Source::LiteLlm, "litellm", &text, &options).unwrap();
    let table: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    let mut names: BTreeMap<String, &Product> = BTreeMap::new();
    for product in &catalog.products {
        let vendor = &catalog.vendors[product.vendor].id;
        let aliases = product.aliases.iter().map(|alias| format!("{vendor}/{alias}").to_lowercase());
        names.extend(aliases.chain([product.id.to_lowercase()]).map(|name| (name, product)));
    }
    let lost: HashSet<(&str, &str)> =
        account.lost.iter().map(|lost| (lost.name.as_str(), lost.field.as_str())).collect();
    let (mut priced, mut complete, mut figures, mut missing) = (0, 0, 0, Vec::new());
    for (key, entry) in table.iter().filter(|(key, _)| *key != "sample_spec") {
        let mut found = Vec::new();
        walk("", entry, &mut found, None, None);
        if found.is_empty() {
            continue;
        }
        priced += 1;
        figures += found.len();
        let products = products(&names, key, entry["litellm_provider"].as_str().unwrap());
        // All figures of an entry have to be in one product.
        let absent = |product: &&Product| found.iter().filter(|figure| !has(product, key, figure)).count();
        let product = products.into_iter().min_by_key(absent);
        let absent = found.iter().filter(|figure| !product.is_some_and(|product| has(product, key, figure)));
        let absent: Vec<&Figure> = absent.collect();
        complete += usize::from(absent.is_empty());
        for figure in absent {
            let field = figure.path.rsplit('.').next().unwrap();
            if !lost.iter().any(|(name, lost)| name == key && lost.rsplit('.').next() == Some(field)) {
                missing.push(format!("{key}: {} {}", figure.path, figure.value));
            }
        }
    }
    let mut by_field: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for lost in &account.lost {
        *by_field.entry((lost.field.as_str(), lost.why.as_str())).or_default() += 1;
    }
    println!("{} entries, {} products", account.entries, catalog.products.len());
    println!("{priced} priced with {figures} figures, {complete} of them complete");
    println!(
        "{} priced, {} without price, {} skipped",
        account.priced,
        account.unpriced,
        account.skipped.len()
    );
    by_field.iter().for_each(|((field, why), count)| println!("lost {count} × {field}: {why}"));
    account.skipped.iter().for_each(|skipped| println!("skipped {}: {}", skipped.name, skipped.why));
    assert!(
        missing.is_empty(),
        "{} lost in silence:\n{}",
        missing.len(),
        missing[..missing.len().min(60)].join("\n")
    );
    assert_eq!(account.entries, account.priced + account.unpriced + account.skipped.len());
    assert!(complete * 100 >= priced * 95, "{complete} of {priced}");
}
