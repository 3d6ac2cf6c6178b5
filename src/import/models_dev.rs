//! The api.json of models.dev.
//!
//! A provider has models, a model a `cost` in US dollars per million tokens. What the file calls strange names is
//! taken too: `cached_input` and `cache_input` are `cache_read`, `cached_write` is `cache_write`.
//!
//! **Zero.** A cost of zero is free where the provider says so in the model's id, which then ends in `free`
//! (`glm-5-free`, `gpt-oss-20b:free`, `openrouter/free`). Any other zero is unknown: the coding plans print it for
//! what a subscription pays, trial services for what they do not sell, and embedding models for output that they
//! do not have.
//!
//! **Day.** The file has no date of its own. Where the caller gives none, its newest `last_updated` is the day.
//!
//! **No place.** `family`, `attachment`, `reasoning`, `tool_call`, `temperature`, `structured_output`, `knowledge`,
//! `interleaved` and `provider` are no figures and are left out without a word.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::card::{CardBuilder, day, number, table_day};
use super::vendors::{vendor_id, vendor_name};
use super::{Intake, Options, Source};
use crate::catalog::rate::{Basis, Condition, Tier};
use crate::catalog::{Kind, Product, Service};
use crate::diagnostic::{Fault, one_of};

type Object = Map<String, Value>;

/// Where the file is published.
const ADDRESS: &str = "https://models.dev/api.json";

/// Costs with the price keys that they are; all are per million tokens.
const PRICES: &[(&str, &str)] = &[
    ("input", "input_per_mtok"),
    ("output", "output_per_mtok"),
    ("cache_read", "cached_input_per_mtok"),
    ("cached_input", "cached_input_per_mtok"),
    ("cache_input", "cached_input_per_mtok"),
    ("cache_write", "cache_write_per_mtok"),
    ("cached_write", "cache_write_per_mtok"),
    ("reasoning", "reasoning_per_mtok"),
    ("input_audio", "input_audio_per_mtok"),
    ("output_audio", "output_audio_per_mtok"),
    // Two image models of Poe: 120 is what Google prints for a million tokens of image that its model makes.
    ("image", "output_image_per_mtok"),
    ("citation", "citation_per_mtok"),
];

/// Keys of a cost that hold prices under a condition.
const CONDITIONAL: &[&str] = &["tiers", "context_over_200k"];

/// Keys of a model that are read, and those that are no figures.
const FACTS: &[&str] = &[
    "id",
    "name",
    "cost",
    "limit",
    "modalities",
    "open_weights",
    "release_date",
    "last_updated",
    "status",
    "experimental",
    "family",
    "attachment",
    "reasoning",
    "tool_call",
    "temperature",
    "structured_output",
    "knowledge",
    "interleaved",
    "provider",
];

/// Reads the file.
///
/// # Errors
/// A text that is not the file, or one that says no day where the caller gives none.
pub(super) fn read(intake: &mut Intake, text: &str, options: &Options) -> Result<(), Fault> {
    let providers: Object = super::json(text, "the api.json of models.dev")?;
    if !providers.values().any(|provider| provider.get("models").is_some_and(Value::is_object)) {
        return Err(super::other_source("no provider in it has models"));
    }
    let date =
        newest(&providers).filter(|_| options.date.is_none()).map_or_else(|| table_day(options), Ok)?;
    for (called, provider) in &providers {
        let Some(models) = provider.get("models").and_then(Value::as_object) else {
            intake.skip(called, "a provider without models");
            continue;
        };
        let id = vendor_id(Source::ModelsDev, called);
        let known = vendor_name(&id);
        let name = if known == id { word(provider, "name").unwrap_or(known) } else { known };
        let vendor = intake.vendor(&id, name, None);
        for (id, model) in models {
            let name = format!("{called}/{id}");
            intake.entry();
            match model.as_object() {
                Some(model) => read_model(intake, vendor, (&name, id), model, date),
                None => intake.skip(&name, "not an object"),
            }
        }
    }
    Ok(())
}

/// Returns the newest day on which a model of the file was changed.
fn newest(providers: &Object) -> Option<Date> {
    let models = providers.values().filter_map(|provider| provider.get("models")?.as_object());
    models.flat_map(Map::values).filter_map(|model| day(word(model, "last_updated")?)).max()
}

fn read_model(intake: &mut Intake, vendor: usize, (name, id): (&str, &str), model: &Object, date: Date) {
    let mut product = intake.blank(vendor, id);
    read_facts(intake, name, model, &mut product);
    read_limits(intake, name, model, &mut product);
    let mut card = CardBuilder::default();
    let cost = model.get("cost").and_then(Value::as_object);
    if let Some(cost) = cost {
        read_cost(intake, name, (id, cost), &mut card);
    }
    read_modes(intake, name, model, &mut card);
    if let Some(mut card) = card.finish(date, date, ADDRESS) {
        card.note = Some(super::first_seen(date));
        product.prices.push(card);
    } else {
        let why = if cost.is_some() { "zero, which stands for unknown" } else { "no price" };
        add_note(&mut product, &format!("models.dev prints {why}"));
    }
    intake.add(name, product);
}

fn read_facts(intake: &mut Intake, name: &str, model: &Object, product: &mut Product) {
    for key in model.keys().filter(|key| !FACTS.contains(&key.as_str())) {
        intake.lose(name, key, "not known to this program");
    }
    if let Some(name) = model.get("name").and_then(Value::as_str) {
        product.name = name.to_owned();
    }
    product.open_weights = model.get("open_weights").and_then(Value::as_bool).unwrap_or(false);
    if let Some(text) = model.get("release_date").and_then(Value::as_str) {
        product.released = day(text);
        if product.released.is_none() {
            intake.lose(name, "release_date", format!("`{text}` is no day"));
        }
    }
    if let Some(status) = model.get("status").and_then(Value::as_str) {
        add_note(product, &format!("models.dev calls it {status}"));
    }
    let modalities = model.get("modalities");
    let goes_in = texts(modalities.and_then(|m| m.get("input")));
    let comes_out = texts(modalities.and_then(|m| m.get("output")));
    let family = model.get("family").and_then(Value::as_str).unwrap_or_default();
    product.kind = kind(&format!("{} {family}", product.short_id()), &goes_in, &comes_out);
    if !goes_in.is_empty() {
        product.modalities = goes_in;
    }
}

/// Says what a model is sold as, by what goes in, what comes out and what it is called: these lists call embedding
/// models and rerankers text models.
pub(super) fn kind(called: &str, goes_in: &[String], comes_out: &[String]) -> Kind {
    const EMBEDDING: &[&str] = &["embed", "bge-", "gte-", "e5-", "minilm", "mini-lm", "mpnet-base"];
    let called = called.to_lowercase();
    let only = |list: &[String], what: &str| list == [what.to_owned()];
    if called.contains("rerank") {
        Kind::Rerank
    } else if only(comes_out, "text") && EMBEDDING.iter().any(|part| called.contains(part)) {
        Kind::Embedding
    } else if only(comes_out, "text") && only(goes_in, "audio") {
        Kind::Transcription
    } else if only(comes_out, "image") {
        Kind::Image
    } else if only(comes_out, "video") {
        Kind::Video
    } else if only(comes_out, "audio") {
        Kind::Speech
    } else {
        Kind::Chat
    }
}

/// Reads the limits; a size of zero is unknown.
fn read_limits(intake: &mut Intake, name: &str, model: &Object, product: &mut Product) {
    let Some(limits) = model.get("limit").and_then(Value::as_object) else { return };
    for (key, value) in limits {
        let Some(size) = value.as_f64().filter(|size| *size > 0.0) else { continue };
        let field = format!("limit.{key}");
        match key.as_str() {
            "context" => product.window = Some(size),
            "input" => product.max_input = Some(size),
            // The length of the vectors at some providers, a placeholder at others.
            "output" if matches!(product.kind, Kind::Embedding | Kind::Rerank) => {
                intake.lose(name, &field, "an embedding model or a reranker writes nothing");
            }
            "output" => product.max_output = Some(size),
            _ => intake.lose(name, &field, "not known to this program"),
        }
    }
    // An answer longer than the window cannot lie in it.
    product.shared_window = product.max_output <= product.window || product.window.is_none();
}

fn read_cost(intake: &mut Intake, name: &str, (id, cost): (&str, &Object), card: &mut CardBuilder) {
    let zero = |key: &str| cost.get(key).and_then(number).is_some_and(|price| price.is_zero());
    let free = is_free(id) && zero("input") && zero("output");
    let place = Place { name, field: "cost", free };
    read_prices(intake, place, cost, &Condition::default(), card);
    for tier in cost.get("tiers").and_then(Value::as_array).into_iter().flatten() {
        read_tier(intake, name, tier, card);
    }
    if let Some(tier) = cost.get("context_over_200k").and_then(Value::as_object) {
        let place = Place { name, field: "cost.context_over_200k", free: false };
        read_prices(intake, place, tier, &above(200_000.0), card);
    }
}

/// Returns whether a model's id says that it is free.
pub(super) fn is_free(id: &str) -> bool {
    id.strip_suffix("free").is_some_and(|start| start.ends_with([':', '-', '/']))
}

/// Reads the prices of requests with more than `tier.size` tokens of context.
fn read_tier(intake: &mut Intake, name: &str, tier: &Value, card: &mut CardBuilder) {
    let size = tier.pointer("/tier/size").and_then(Value::as_f64).filter(|size| *size > 0.0);
    let by_context = tier.pointer("/tier/type").is_none_or(|kind| kind == "context");
    let (Some(size), true, Some(prices)) = (size, by_context, tier.as_object()) else {
        intake.lose(name, "cost.tiers", format!("a condition that is not known to this program: {tier}"));
        return;
    };
    let place = Place { name, field: "cost.tiers", free: false };
    read_prices(intake, place, prices, &above(size), card);
}

/// Returns the condition of requests with more input than a threshold; that many tokens pay the lower price yet.
pub(super) fn above(threshold: f64) -> Condition {
    let tier = Tier { threshold, inclusive: false, basis: Basis::Request };
    Condition { tier: Some(tier), ..Condition::default() }
}

/// Reads prices of other service classes, which the file calls experimental modes.
fn read_modes(intake: &mut Intake, name: &str, model: &Object, card: &mut CardBuilder) {
    let modes = model.get("experimental").and_then(|experimental| experimental.get("modes"));
    for (mode, entry) in modes.and_then(Value::as_object).into_iter().flatten() {
        let field = format!("experimental.modes.{mode}.cost");
        let Some(prices) = entry.get("cost").and_then(Value::as_object) else { continue };
        let Some(service) = service(mode, entry) else {
            intake.lose(name, &field, "a service class that is not known to this program");
            continue;
        };
        let condition = Condition { service, ..Condition::default() };
        read_prices(intake, Place { name, field: &field, free: false }, prices, &condition, card);
    }
}

/// Returns the service class of a mode: by the `service_tier` that a request names, or else its `speed`, or else
/// what the mode is called. OpenAI's fast mode is the class that OpenAI calls priority.
fn service(mode: &str, entry: &Value) -> Option<Service> {
    let asked = |field: &str| entry.pointer(&format!("/provider/body/{field}")).and_then(Value::as_str);
    let word = asked("service_tier").or_else(|| asked("speed")).unwrap_or(mode);
    one_of("service", word, Service::WORDS).ok().filter(|service| *service != Service::Standard)
}

/// Where prices stand in the file.
#[derive(Clone, Copy)]
struct Place<'a> {
    name: &'a str,
    field: &'a str,
    free: bool,
}

/// Reads the prices of one condition; a zero that is not free is unknown.
fn read_prices(
    intake: &mut Intake,
    place: Place<'_>,
    prices: &Object,
    condition: &Condition,
    card: &mut CardBuilder,
) {
    for (key, value) in
        prices.iter().filter(|(key, _)| !CONDITIONAL.contains(&key.as_str()) && *key != "tier")
    {
        let field = format!("{}.{key}", place.field);
        let Some(price) = number(value) else {
            if !value.is_null() {
                intake.lose(place.name, &field, "no number");
            }
            continue;
        };
        if price.is_zero() && !place.free {
            continue;
        }
        let known = PRICES.iter().find(|(cost, _)| cost == key);
        let Some((_, known)) = known else {
            intake.lose(
                place.name,
                &field,
                "no price key of the tables, or a unit that the file does not state",
            );
            continue;
        };
        if let Err(refused) = card.add(condition, known, price) {
            intake.lose(place.name, &field, refused.words());
        }
    }
}

/// Adds a sentence to the note of a product.
pub(super) fn add_note(product: &mut Product, note: &str) {
    let before = product.note.take().map(|before| format!("{before}; ")).unwrap_or_default();
    product.note = Some(before + note);
}

fn word<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Returns the texts of a list.
pub(super) fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Imported, import};
    use super::*;
    use crate::catalog::Meter;
    use rust_decimal::Decimal;

    const TABLE: &str = r#"{
      "acme": {"id": "acme", "name": "Acme", "models": {
        "big": {"id": "big", "name": "Big", "release_date": "2026-01-02", "last_updated": "2026-02-03",
          "modalities": {"input": ["text", "image"], "output": ["text"]}, "open_weights": true,
          "limit": {"context": 200000, "output": 0}, "status": "beta",
          "cost": {"input": 3, "output": 15.50, "cache_read": 0.3, "cached_input": 0.4, "cache_write": 0,
            "request": 5, "context_over_200k": {"input": 6},
            "tiers": [{"tier": {"size": 400000}, "input": 9}, {"tier": {"size": 1, "type": "month"}, "input": 1}]},
          "experimental": {"modes": {"fast": {"cost": {"input": 7}, "provider": {"body": {"service_tier": "priority"}}},
            "odd": {"cost": {"input": 8}}}}},
        "plan": {"name": "Plan", "cost": {"input": 0, "output": 0}, "release_date": "2026-01"},
        "gift-free": {"cost": {"input": 0, "output": 0}},
        "vectors-embed": {"modalities": {"input": ["text"], "output": ["text"]},
          "limit": {"context": 8191, "output": 1536}, "cost": {"input": 0.02, "output": 0.0}},
        "none": {}, "wrong": 3
      }}, "empty": {}}"#;

    fn read(date: Option<&str>) -> Imported {
        let options = Options { date: date.and_then(day), ..Options::default() };
        import(Source::ModelsDev, "api.json", TABLE, &options).expect("the table")
    }

    fn product<'i>(imported: &'i Imported, id: &str) -> &'i Product {
        imported.catalog.product(imported.catalog.find(id).expect("a product"))
    }

    /// Prices as text: `key price` with the condition before it.
    fn prices(product: &Product) -> Vec<String> {
        let mut all = Vec::new();
        for cell in product.prices.iter().flat_map(|card| &card.cells) {
            let when = &cell.condition;
            let tier = when.tier.map(|tier| format!(">{} ", tier.threshold)).unwrap_or_default();
            for (_, rate) in &cell.rates {
                all.push(format!("{} {tier}{} {}", when.service.word(), rate.key.key, rate.price.exact));
            }
        }
        all
    }

    #[test]
    fn prices_tiers_and_modes_are_taken_and_the_rest_is_named() {
        let imported = read(None);
        let big = product(&imported, "acme/big");
        assert_eq!(
            prices(big),
            [
                "standard input_per_mtok 3",
                "standard cached_input_per_mtok 0.3",
                "standard output_per_mtok 15.5",
                "standard >400000 input_per_mtok 9",
                "standard >200000 input_per_mtok 6",
                "priority input_per_mtok 7",
            ]
        );
        assert_eq!(big.prices[0].from, day("2026-02-03").expect("the newest day of the file"));
        assert_eq!((big.window, big.max_output, big.released), (Some(200_000.0), None, day("2026-01-02")));
        assert_eq!(big.note.as_deref(), Some("models.dev calls it beta"));
        let lost: Vec<(&str, &str)> =
            imported.account.lost.iter().map(|lost| (lost.name.as_str(), lost.field.as_str())).collect();
        for field in ["cost.cached_input", "cost.request", "cost.tiers", "experimental.modes.odd.cost"] {
            assert!(lost.contains(&("acme/big", field)), "{field}: {lost:?}");
        }
        assert!(lost.contains(&("acme/plan", "release_date")));
        assert!(lost.contains(&("acme/vectors-embed", "limit.output")));
        assert_eq!(imported.account.lost.len(), 6);
    }

    #[test]
    fn a_zero_is_free_only_where_the_id_says_so() {
        let imported = read(Some("2026-07-01"));
        assert!(product(&imported, "acme/plan").prices.is_empty());
        let gift = product(&imported, "acme/gift-free");
        assert_eq!(prices(gift), ["standard input_per_mtok 0", "standard output_per_mtok 0"]);
        let vectors = product(&imported, "acme/vectors-embed");
        assert_eq!(
            (vectors.kind, prices(vectors)),
            (Kind::Embedding, vec!["standard input_per_mtok 0.02".into()])
        );
        assert_eq!(
            vectors.prices[0].cells[0].rate(Meter::Input).map(|r| r.price.exact),
            Some(Decimal::new(2, 2))
        );
        assert_eq!(vectors.prices[0].from, day("2026-07-01").expect("the day given"));
        for (id, free) in [("x:free", true), ("openrouter/free", true), ("carefree", false), ("free", false)]
        {
            assert_eq!(is_free(id), free, "{id}");
        }
    }

    #[test]
    fn every_entry_is_accounted_for() {
        let account = read(None).account;
        assert_eq!((account.entries, account.priced, account.unpriced), (6, 3, 2));
        assert_eq!(
            account.skipped.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(),
            ["acme/wrong", "empty"]
        );
    }

    #[test]
    fn a_file_without_any_day_needs_one_and_another_file_is_refused() {
        let options = Options::default();
        let undated = r#"{"acme": {"models": {"big": {"cost": {"input": 1}}}}}"#;
        let fault = import(Source::ModelsDev, "x", undated, &options).expect_err("no day").to_string();
        assert!(fault.contains("--date"), "{fault}");
        let fault =
            import(Source::ModelsDev, "x", r#"{"gpt": {}}"#, &options).expect_err("other").to_string();
        assert!(fault.contains("--from"), "{fault}");
    }
}
