//! The `data.json` of genai-prices, version 2: a list of providers with their models, prices in dollars for a
//! million tokens or a thousand calls.
//!
//! A model's prices are one object, or a list of which the last that holds applies: from a day on, or between two
//! hours of the day in UTC. A tier begins above its `start` and prices the whole request. `prices` without any key
//! means free where the name says so, and unknown otherwise.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::card::{CardBuilder, day, number, table_day};
use super::llm_prices::EARLIEST;
use super::vendors::{vendor_id, vendor_name};
use super::{Intake, Options, Source, caches, first_seen};
use crate::catalog::rate::{Basis, Condition, Hours, Tier};
use crate::catalog::{Kind, Meter, PriceCard, Product};
use crate::diagnostic::Fault;

#[derive(Deserialize)]
struct Provider {
    id: String,
    name: String,
    #[serde(default)]
    pricing_urls: Vec<String>,
    models: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    id: String,
    name: Option<String>,
    #[serde(rename = "match", default)]
    clause: Value,
    context_window: Option<f64>,
    price_comments: Option<String>,
    #[serde(default)]
    deprecated: bool,
    prices: Prices,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Prices {
    One(Map<String, Value>),
    Dated(Vec<Dated>),
}

#[derive(Deserialize)]
struct Dated {
    #[serde(default)]
    constraint: Option<Map<String, Value>>,
    prices: Map<String, Value>,
}

/// Keys of the table with ours.
const KEYS: &[(&str, &str)] = &[
    ("input_mtok", "input_per_mtok"),
    ("cache_read_mtok", "cached_input_per_mtok"),
    ("cache_write_mtok", "cache_write_per_mtok"),
    ("cache_write_1h_mtok", "cache_write_1h_per_mtok"),
    ("output_mtok", "output_per_mtok"),
    ("output_reasoning_mtok", "reasoning_per_mtok"),
    ("output_citation_mtok", "citation_per_mtok"),
    ("input_audio_mtok", "input_audio_per_mtok"),
    ("cache_audio_read_mtok", "cached_audio_per_mtok"),
    ("cache_audio_write_mtok", "cache_write_audio_per_mtok"),
    ("output_audio_mtok", "output_audio_per_mtok"),
    ("input_image_mtok", "input_image_per_mtok"),
    ("cache_image_read_mtok", "cached_image_per_mtok"),
    ("output_image_mtok", "output_image_per_mtok"),
    ("input_video_mtok", "input_video_per_mtok"),
    ("output_video_mtok", "output_video_per_mtok"),
    ("web_searches_kcount", "web_search_per_k"),
    ("requests_kcount", "request_per_k"),
    ("audio_hours", "audio_per_hour"),
];

pub(super) fn read(intake: &mut Intake, text: &str, options: &Options) -> Result<(), Fault> {
    let providers: Vec<Provider> = super::json(text, "the data of genai-prices, version 2")?;
    let day = table_day(options)?;
    for provider in &providers {
        let id = vendor_id(Source::GenaiPrices, &provider.id);
        let name = vendor_name(&id);
        let name = if name == id { provider.name.as_str() } else { name };
        let page = provider.pricing_urls.first().map(String::as_str);
        let vendor = intake.vendor(&id, name, page);
        for model in &provider.models {
            intake.entry();
            add_model(intake, vendor, provider, model, day);
        }
    }
    Ok(())
}

fn add_model(intake: &mut Intake, vendor: usize, provider: &Provider, model: &Model, day: Date) {
    let called = format!("{}/{}", provider.id, model.id);
    let mut product = intake.blank(vendor, &model.id);
    product.name = model.name.clone().unwrap_or(product.name);
    product.window = model.context_window.filter(|window| *window > 0.0);
    product.aliases = exact_names(&model.clause);
    product
        .aliases
        .retain(|alias| !alias.eq_ignore_ascii_case(&model.id) && !alias.contains(char::is_whitespace));
    product.note = note(model);
    let source = provider.pricing_urls.first().map_or("genai-prices, data.json".to_owned(), |page| {
        format!("{page} (as in genai-prices, data.json)")
    });
    product.prices = cards(intake, &called, model, day, &source);
    product.kind = kind(&product, &model.id);
    if product.prices.is_empty() && is_free(model) {
        product.prices.extend(free_card(product.kind, day, &source));
    }
    if product.prices.is_empty() {
        let why = "genai-prices knows it and has no price of it.";
        product.note = Some(product.note.map_or(why.to_owned(), |note| format!("{note} {why}")));
    }
    caches::add(&mut product, None);
    intake.add(&called, product);
}

/// Returns the names that a clause asks for letter by letter; what a name must begin with or contain is no name.
fn exact_names(clause: &Value) -> Vec<String> {
    if let Some(name) = clause.get("equals").and_then(Value::as_str) {
        return vec![name.to_owned()];
    }
    let any_of = clause.get("or").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    any_of.iter().flat_map(exact_names).collect()
}

fn note(model: &Model) -> Option<String> {
    let old = model.deprecated.then_some("Deprecated; the day is not in the table of genai-prices.");
    let parts: Vec<&str> = [model.price_comments.as_deref(), old].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Returns what a model is: the table does not say, but a model that makes vectors has no price of output.
fn kind(product: &Product, id: &str) -> Kind {
    let id = id.to_lowercase();
    let makes_vectors = ["embed", "voyage", "bge"].iter().any(|word| id.contains(word));
    if id.contains("moderation") {
        Kind::Moderation
    } else if makes_vectors && product.prices.iter().all(|card| !card.prices(Meter::Output)) {
        Kind::Embedding
    } else {
        Kind::Chat
    }
}

/// Returns whether an empty list of prices means free: so the name says, or the vendor of moderation.
fn is_free(model: &Model) -> bool {
    let named = model.name.as_deref().is_some_and(|name| name.trim_end().ends_with("(free)"));
    named || model.id.ends_with(":free") || model.id == "moderation"
}

fn free_card(kind: Kind, day: Date, source: &str) -> Option<PriceCard> {
    let keys =
        if kind == Kind::Chat { &["input_per_mtok", "output_per_mtok"][..] } else { &["input_per_mtok"] };
    let mut builder = CardBuilder::default();
    for key in keys {
        builder.add(&Condition::default(), key, rust_decimal::Decimal::ZERO).ok()?;
    }
    let mut card = builder.finish(day, day, source)?;
    card.note = Some(first_seen(day));
    Some(card)
}

/// Returns the cards of a model, oldest first.
fn cards(intake: &mut Intake, called: &str, model: &Model, table: Date, source: &str) -> Vec<PriceCard> {
    let dated = match &model.prices {
        Prices::One(prices) => {
            let mut builder = CardBuilder::default();
            add_prices(intake, &mut builder, called, prices, None);
            let mut card = builder.finish(table, table, source);
            card.iter_mut().for_each(|card| card.note = Some(first_seen(table)));
            return card.into_iter().collect();
        }
        Prices::Dated(dated) => dated,
    };
    let mut builders: Vec<(Option<Date>, CardBuilder)> = Vec::new();
    for entry in dated {
        let constraint = entry.constraint.as_ref();
        let text = |key: &str| constraint.and_then(|constraint| constraint.get(key)).and_then(Value::as_str);
        if let Some(hours) = hours(text("start_time"), text("end_time")) {
            for (_, builder) in &mut builders {
                add_prices(intake, builder, called, &entry.prices, Some(&hours));
            }
            continue;
        }
        let from = text("start_date").and_then(day);
        if constraint.is_some() && from.is_none() {
            let words = serde_json::to_string(&constraint).unwrap_or_default();
            intake.lose(called, "prices", format!("a constraint that is neither a day nor hours: {words}"));
            continue;
        }
        let mut builder = CardBuilder::default();
        add_prices(intake, &mut builder, called, &entry.prices, None);
        builders.push((from, builder));
    }
    // A price without a day that was replaced before the day of the table was never seen in it.
    let replaced = builders.iter().any(|(from, _)| from.is_some_and(|from| from <= table));
    let finish = |(from, builder): (Option<Date>, CardBuilder)| {
        let mut card =
            builder.finish(from.unwrap_or(if replaced { EARLIEST } else { table }), table, source)?;
        card.note = match (from, replaced) {
            (Some(_), _) => None,
            (None, true) => Some(format!("start date not known; {EARLIEST} stands for it")),
            (None, false) => Some(first_seen(table)),
        };
        Some(card)
    };
    let mut cards: Vec<PriceCard> = builders.into_iter().filter_map(finish).collect();
    cards.sort_by_key(|card| card.from);
    cards
}

/// Adds prices, each with its tiers.
fn add_prices(
    intake: &mut Intake,
    builder: &mut CardBuilder,
    called: &str,
    prices: &Map<String, Value>,
    hours: Option<&Hours>,
) {
    for (field, value) in prices {
        let mut put = |path: &str, tier: Option<Tier>, value: &Value| {
            let condition = Condition { tier, hours: hours.cloned(), ..Condition::default() };
            let key = KEYS.iter().find(|(theirs, _)| theirs == field).map_or("", |(_, ours)| *ours);
            let Some(price) = number(value) else { return intake.lose(called, path, "not a number") };
            if let Err(refused) = builder.add(&condition, key, price) {
                intake.lose(called, path, refused.words());
            }
        };
        let Some(tiered) = value.as_object() else {
            put(field, None, value);
            continue;
        };
        put(field, None, tiered.get("base").unwrap_or(&Value::Null));
        for tier in tiered.get("tiers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice) {
            let price = tier.get("price").unwrap_or(&Value::Null);
            let path = format!("{field}.tiers");
            match tier.get("start").and_then(Value::as_f64) {
                Some(threshold) => {
                    put(&path, Some(Tier { threshold, inclusive: false, basis: Basis::Request }), price);
                }
                None => put(&path, None, &Value::Null),
            }
        }
    }
}

/// Reads two times of the day such as `00:30:00Z`.
fn hours(from: Option<&str>, to: Option<&str>) -> Option<Hours> {
    const DAY: u16 = 24 * 60;
    let minute = |text: &str| {
        let (hour, minute): (u16, u16) = (text.get(..2)?.parse().ok()?, text.get(3..5)?.parse().ok()?);
        let zone = text.get(5..).is_some_and(|rest| matches!(rest, ":00Z" | "Z"));
        (zone && hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let (from, to) = (from?, to?);
    let text = format!("{}-{}", from.get(..5)?, to.get(..5)?);
    let (from, to) = (minute(from)?, minute(to)?);
    let ranges = match (from < to, to) {
        (true, _) => vec![(from, to)],
        (false, 0) => vec![(from, DAY)],
        (false, _) => vec![(from, DAY), (0, to)],
    };
    Some(Hours { text, days: 0b111_1111, ranges })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rust_decimal::Decimal;

    use super::super::{Imported, import};
    use super::*;
    use crate::catalog::rate::{CallContext, Moment};

    const DAY: Date = date(2026, 8, 21);

    fn table(models: &str) -> Imported {
        let text = format!(
            r#"[{{"id": "x-ai", "name": "X AI", "pricing_urls": ["https://x.ai"], "models": [{models}]}}]"#
        );
        let options = Options { date: Some(DAY), ..Options::default() };
        import(Source::GenaiPrices, "data.json", &text, &options).unwrap_or_else(|faults| panic!("{faults}"))
    }

    fn price(
        imported: &Imported,
        id: &str,
        day: Date,
        meter: Meter,
        call: CallContext<'_>,
    ) -> Option<Decimal> {
        let id = imported.catalog.find(id).unwrap_or_else(|fault| panic!("{fault}"));
        let card = imported.catalog.price_on(id, day, None).ok()?;
        card.segments(meter, 1.0, &call).first().map(|segment| segment.rate.price.exact)
    }

    #[test]
    fn a_price_with_a_start_replaces_the_one_before_it() {
        let imported = table(
            r#"{"id": "o3", "match": {"or": [{"equals": "o3"}, {"equals": "o3-2025"}, {"starts_with": "o3-"}]},
                "prices": [{"prices": {"input_mtok": 10}},
                {"constraint": {"start_date": "2025-06-10"}, "prices": {"input_mtok": 2}}]},
               {"id": "next", "match": {"equals": "next"}, "prices": [{"prices": {"input_mtok": 0.75}},
                {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 1.5}}]}"#,
        );
        let on = |id, day| price(&imported, id, day, Meter::Input, CallContext::default());
        assert_eq!(on("xai/o3-2025", date(2025, 6, 9)), Some(Decimal::from(10)));
        assert_eq!(on("xai/o3", date(2025, 6, 10)), Some(Decimal::from(2)));
        // A price that is still to come says nothing about when the first began.
        assert_eq!(on("xai/next", date(2026, 8, 20)), None);
        assert_eq!(on("xai/next", date(2026, 12, 31)), Some(Decimal::new(75, 2)));
        assert_eq!(on("xai/next", date(2027, 1, 1)), Some(Decimal::new(15, 1)));
        let o3 = imported.catalog.product(imported.catalog.find("xai/o3").expect("a product"));
        assert_eq!(o3.aliases, ["o3-2025"]);
    }

    #[test]
    fn a_tier_begins_above_its_start_and_hours_are_those_of_the_price() {
        let imported = table(
            r#"{"id": "chat", "prices": [{"prices": {"input_mtok": 0.135, "output_mtok": {"base": 0.5,
                "tiers": [{"start": 200000, "price": 1}]}}},
                {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}, "prices": {"input_mtok": 0.27}}]}"#,
        );
        let at = |minute| {
            let call = CallContext { moment: Moment::At(0, minute), ..CallContext::default() };
            price(&imported, "xai/chat", DAY, Meter::Input, call)
        };
        assert_eq!([at(29), at(30)], [Some(Decimal::new(135, 3)), Some(Decimal::new(27, 2))]);
        assert_eq!([at(989), at(990)], [Some(Decimal::new(27, 2)), Some(Decimal::new(135, 3))]);
        let of = |input_tokens| {
            let call = CallContext { input_tokens, ..CallContext::default() };
            price(&imported, "xai/chat", DAY, Meter::Output, call)
        };
        assert_eq!([of(200_000.0), of(200_001.0)], [Some(Decimal::new(5, 1)), Some(Decimal::ONE)]);
    }

    #[test]
    fn no_prices_are_free_where_the_name_says_so_and_unknown_otherwise() {
        let imported = table(
            r#"{"id": "gift:free", "prices": {}}, {"id": "gone", "prices": {}},
               {"id": "calls", "prices": {"requests_kcount": 12, "unheard_of_mtok": 3}}"#,
        );
        let of = |id, meter| price(&imported, id, DAY, meter, CallContext::default());
        assert_eq!(of("xai/gift:free", Meter::Output), Some(Decimal::ZERO));
        assert_eq!(of("xai/gone", Meter::Input), None);
        assert_eq!(of("xai/calls", Meter::Requests), Some(Decimal::from(12)));
        let account = &imported.account;
        assert_eq!((account.entries, account.priced, account.unpriced), (3, 2, 1));
        assert_eq!(account.lost[0].field, "unheard_of_mtok");
    }
}
