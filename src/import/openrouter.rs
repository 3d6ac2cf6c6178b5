//! OpenRouter's list of models: the answer of `https://openrouter.ai/api/v1/models`.
//!
//! Prices are texts in US dollars for one token, image, search or request. `"-1"` is a price that varies with the
//! model that the router chooses: unknown.
//!
//! **Zero.** `"0"` is free where the id ends in `:free`; any other zero stands for a price that does not exist or is
//! not known.
//!
//! **Images.** `image` is the price of an image of the prompt, or of a token of it where the model counts images in
//! tokens; the list does not say which. It is read by its size beside the price of a prompt's token: the same is a
//! token's, 64 times as much or more (the fewest tokens of an image) is an image's, and anything else is named.
//!
//! **Conditions.** `overrides` are prices of requests of strictly more than `min_prompt_tokens`, or from `utc_start`
//! until `utc_end`, clock times written as a number (1030 is 10:30), on the days of `utc_days`.
//!
//! **Day.** `created` is the day on which a model was listed, not that of its price, so the caller gives the day.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::card::{CardBuilder, MILLION, THOUSAND, number, table_day};
use super::models_dev::{above, add_note, kind, texts};
use super::vendors::vendor_name;
use super::{Intake, Options};
use crate::catalog::Product;
use crate::catalog::rate::{Condition, Hours};
use crate::diagnostic::Fault;

type Object = Map<String, Value>;

/// Where the list is published.
const ADDRESS: &str = "https://openrouter.ai/api/v1/models";

/// Fewest tokens that an image counts as: 64 at the lowest resolution of Gemini.
const IMAGE_IN_TOKENS: Decimal = Decimal::from_parts(64, 0, 0, false, 0);

/// Prices of the list with the keys that they are and how many units those are for.
const PRICES: &[(&str, &str, Decimal)] = &[
    ("prompt", "input_per_mtok", MILLION),
    ("completion", "output_per_mtok", MILLION),
    ("input_cache_read", "cached_input_per_mtok", MILLION),
    ("input_cache_write", "cache_write_per_mtok", MILLION),
    ("input_cache_write_1h", "cache_write_1h_per_mtok", MILLION),
    ("internal_reasoning", "reasoning_per_mtok", MILLION),
    ("audio", "input_audio_per_mtok", MILLION),
    ("input_audio_cache", "cached_audio_per_mtok", MILLION),
    ("audio_output", "output_audio_per_mtok", MILLION),
    ("image_token", "input_image_per_mtok", MILLION),
    ("image_output", "output_image_per_mtok", MILLION),
    ("request", "request_each", Decimal::ONE),
    ("web_search", "web_search_per_k", THOUSAND),
];

/// Keys of a model that are read, and those that are no figures.
const FACTS: &[&str] = &[
    "id",
    "name",
    "created",
    "context_length",
    "architecture",
    "pricing",
    "top_provider",
    "expiration_date",
    "hugging_face_id",
    "canonical_slug",
    "description",
    "supported_parameters",
    "default_parameters",
    "supported_voices",
    "links",
    "knowledge_cutoff",
];

/// Reads the answer.
///
/// # Errors
/// A text that is not the answer, or no day.
pub(super) fn read(intake: &mut Intake, text: &str, options: &Options) -> Result<(), Fault> {
    let answer: Object = super::json(text, "OpenRouter's list of models")?;
    let Some(models) = answer.get("data").and_then(Value::as_array) else {
        return Err(super::other_source("`data` is missing"));
    };
    let date = table_day(options)?;
    let vendor = intake.vendor("openrouter", vendor_name("openrouter"), Some("https://openrouter.ai/models"));
    for (at, model) in models.iter().enumerate() {
        intake.entry();
        match (model.get("id").and_then(Value::as_str), model.as_object()) {
            (Some(id), Some(model)) => read_model(intake, vendor, (id, model), date),
            _ => intake.skip(&format!("model {}", at + 1), "without an id"),
        }
    }
    Ok(())
}

fn read_model(intake: &mut Intake, vendor: usize, (id, model): (&str, &Object), date: Date) {
    let mut product = intake.blank(vendor, id);
    read_facts(intake, id, model, &mut product);
    let mut card = CardBuilder::default();
    if let Some(pricing) = model.get("pricing").and_then(Value::as_object) {
        read_pricing(intake, id, pricing, &mut card);
    }
    match card.finish(date, date, ADDRESS) {
        Some(mut card) => {
            card.note = Some(super::first_seen(date));
            product.prices.push(card);
        }
        None => add_note(&mut product, "OpenRouter prints no fixed price"),
    }
    intake.add(id, product);
}

fn read_facts(intake: &mut Intake, id: &str, model: &Object, product: &mut Product) {
    let unknown = |(key, value): &(&String, &Value)| !FACTS.contains(&key.as_str()) && !value.is_null();
    for (key, _) in model.iter().filter(unknown) {
        intake.lose(id, key, "not known to this program");
    }
    if let Some(name) = model.get("name").and_then(Value::as_str) {
        product.name = name.to_owned();
    }
    let size = |pointer: &str| at(model, pointer).and_then(Value::as_f64).filter(|size| *size > 0.0);
    product.window = size("/context_length");
    product.max_output = size("/top_provider/max_completion_tokens");
    product.shared_window = product.max_output <= product.window || product.window.is_none();
    // The provider that requests go to first may take less than the best one.
    if let Some(window) = size("/top_provider/context_length").filter(|window| Some(*window) < product.window)
    {
        add_note(product, &format!("the provider asked first takes {window} tokens"));
    }
    product.released = model.get("created").and_then(Value::as_i64).and_then(day_of);
    product.retired = model.get("expiration_date").and_then(Value::as_str).and_then(super::card::day);
    product.tokenizer = at(model, "/architecture/tokenizer").and_then(Value::as_str).map(str::to_owned);
    product.open_weights =
        model.get("hugging_face_id").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
    let goes_in = texts(at(model, "/architecture/input_modalities"));
    product.kind = kind(id, &goes_in, &texts(at(model, "/architecture/output_modalities")));
    if !goes_in.is_empty() {
        // A `file` of OpenRouter's is a PDF.
        let ours = |word: String| if word == "file" { "pdf".to_owned() } else { word };
        product.modalities = goes_in.into_iter().map(ours).collect();
    }
}

/// Looks up a path such as `/top_provider/context_length`.
fn at<'v>(model: &'v Object, pointer: &str) -> Option<&'v Value> {
    let (first, rest) = pointer.strip_prefix('/')?.split_once('/').unwrap_or((&pointer[1..], ""));
    let value = model.get(first)?;
    if rest.is_empty() { Some(value) } else { value.get(rest) }
}

/// Returns the day in UTC of a moment in seconds since 1970.
fn day_of(seconds: i64) -> Option<Date> {
    let moment = jiff::Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn read_pricing(intake: &mut Intake, id: &str, pricing: &Object, card: &mut CardBuilder) {
    let free = id.ends_with(":free");
    for (key, value) in pricing.iter().filter(|(key, _)| *key != "overrides") {
        let Some(price) = figure(intake, id, key, value).filter(|price| free || !price.is_zero()) else {
            continue;
        };
        let token = pricing.get("prompt").and_then(number);
        match (key.as_str(), token) {
            ("image", _) if price.is_zero() => {}
            ("image", token) => put_image(intake, id, card, price, token),
            _ => put(intake, id, card, &Condition::default(), (key, price)),
        }
    }
    let overrides = pricing.get("overrides").and_then(Value::as_array);
    let mut window: Option<Hours> = None;
    for entry in overrides.into_iter().flatten() {
        read_override(intake, id, entry, &mut window, card);
    }
}

/// Reads a price; `None` where it is unknown, or no number, which is named.
fn figure(intake: &mut Intake, id: &str, key: &str, value: &Value) -> Option<Decimal> {
    match number(value) {
        // The price of the model that the router will choose.
        Some(price) if price == Decimal::NEGATIVE_ONE => None,
        Some(price) => Some(price),
        None if value.is_null() => None,
        None => {
            intake.lose(id, &format!("pricing.{key}"), "no number");
            None
        }
    }
}

fn put(
    intake: &mut Intake,
    id: &str,
    card: &mut CardBuilder,
    when: &Condition,
    (key, price): (&str, Decimal),
) {
    let known = PRICES.iter().find(|(name, ..)| *name == key);
    let added = match known {
        Some((_, known, units)) => {
            card.add_scaled(when, known, price, *units).map_err(|refused| refused.words())
        }
        None if price.is_zero() => Ok(()),
        // Whether the prices beside it are before or after it, the list does not say.
        None if key == "discount" => Err("no place for a discount whose base is not stated"),
        None => Err("no price key of the tables, or a unit that the list does not state"),
    };
    if let Err(why) = added {
        intake.lose(id, &format!("pricing.{key}"), why);
    }
}

/// Puts the price of an image, or of a token of it, where its size tells which.
fn put_image(intake: &mut Intake, id: &str, card: &mut CardBuilder, price: Decimal, token: Option<Decimal>) {
    let base = Condition::default();
    let image = token.filter(|token| !token.is_zero()).and_then(|token| token.checked_mul(IMAGE_IN_TOKENS));
    let added = match image {
        Some(_) if Some(price) == token => card.add_scaled(&base, "input_image_per_mtok", price, MILLION),
        Some(image) if price >= image => card.add(&base, "input_image_each", price),
        _ => {
            let why = format!("{price} may be for an image or for a token of it");
            return intake.lose(id, "pricing.image", why);
        }
    };
    if let Err(refused) = added {
        intake.lose(id, "pricing.image", refused.words());
    }
}

/// Reads prices under a condition; all of them are named where the condition is not understood.
fn read_override(
    intake: &mut Intake,
    id: &str,
    entry: &Value,
    window: &mut Option<Hours>,
    card: &mut CardBuilder,
) {
    const CONDITIONS: &[&str] = &["min_prompt_tokens", "utc_start", "utc_end", "utc_days"];
    let Some(prices) = entry.as_object() else { return };
    let Some(condition) = condition(prices, window) else {
        intake.lose(
            id,
            "pricing.overrides",
            format!("a condition that the tables have no place for: {entry}"),
        );
        return;
    };
    for (key, value) in prices.iter().filter(|(key, _)| !CONDITIONS.contains(&key.as_str())) {
        if let Some(price) = figure(intake, id, key, value).filter(|price| !price.is_zero()) {
            put(intake, id, card, &condition, (key, price));
        }
    }
}

/// Reads the condition of an override; rating knows one window of hours, so a second one is none.
fn condition(entry: &Object, window: &mut Option<Hours>) -> Option<Condition> {
    let threshold = entry.get("min_prompt_tokens").filter(|value| !value.is_null());
    let mut condition = match threshold {
        Some(threshold) => above(threshold.as_f64()?),
        None => Condition::default(),
    };
    let given = |key: &str| entry.get(key).filter(|value| !value.is_null());
    condition.hours = match (given("utc_start"), given("utc_end"), given("utc_days")) {
        (None, None, None) => None,
        (Some(start), Some(end), days) => Some(hours(start, end, days)?),
        _ => return None,
    };
    if let Some(hours) = &condition.hours {
        let known = window.get_or_insert_with(|| hours.clone());
        if known != hours {
            return None;
        }
    }
    (condition != Condition::default()).then_some(condition)
}

/// Reads a window of every day, or of some days; one past midnight is two ranges of the same days, so it is
/// understood only where it is of every day.
fn hours(start: &Value, end: &Value, days: Option<&Value>) -> Option<Hours> {
    const DAY: u16 = 24 * 60;
    let (from, to) = (minute(start)?, minute(end)?);
    let days = days.map_or(Some(0b111_1111), weekdays)?;
    let ranges = match from < to {
        true => vec![(from, to)],
        false if days == 0b111_1111 && from > to => vec![(from, DAY), (0, to)],
        false => return None,
    };
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    Some(Hours { text: format!("{}-{}", clock(from), clock(to)), days, ranges })
}

/// Reads a clock time written as a number, 1030 for 10:30.
fn minute(value: &Value) -> Option<u16> {
    let clock = u16::try_from(value.as_f64().filter(|clock| clock.fract() == 0.0)? as i64).ok()?;
    let (hour, minute) = (clock / 100, clock % 100);
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

/// Reads days by the first three letters of their names.
fn weekdays(value: &Value) -> Option<u8> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut mask = 0;
    for day in value.as_array()? {
        let name = day.as_str()?.to_lowercase();
        mask |= 1 << NAMES.iter().position(|known| name.starts_with(known))?;
    }
    (mask != 0).then_some(mask)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::{Imported, Source, import};
    use super::*;
    use crate::catalog::Kind;

    const LIST: &str = r#"{"data": [
      {"id": "acme/chat", "name": "Acme: Chat", "created": 1715367049, "context_length": 128000,
        "hugging_face_id": "", "description": "words",
        "architecture": {"input_modalities": ["text", "image", "file"], "output_modalities": ["text"], "tokenizer": "GPT"},
        "pricing": {"prompt": "0.0000025", "completion": "0.00001", "request": "0.005", "image": "0.003613",
          "web_search": "0.01", "internal_reasoning": "0.00002", "input_cache_read": "0.00000125",
          "input_cache_write": "0.000003", "input_cache_write_1h": "0.000005", "audio": "0.0001", "moons": "3",
          "discount": 0,
          "overrides": [{"min_prompt_tokens": 200000, "prompt": "0.000005"},
            {"utc_start": 1630, "utc_end": 30, "completion": "0.000004"},
            {"utc_start": 900, "utc_end": 1000, "completion": "0.000003"}]},
        "top_provider": {"context_length": 64000, "max_completion_tokens": 16384, "is_moderated": true},
        "per_request_limits": null, "expiration_date": "2027-01-31", "benchmark": {"score": 1}},
      {"id": "acme/chat:free", "pricing": {"prompt": "0", "completion": "0", "image": "0"}},
      {"id": "acme/lab", "pricing": {"prompt": "0", "completion": "0"}},
      {"id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"}},
      {"id": "acme/eyes", "pricing": {"prompt": "0.0000003", "completion": "0", "image": "0.0000003", "image_output": "0.00003"},
        "architecture": {"input_modalities": ["text"], "output_modalities": ["image"]}},
      {"id": "acme/blur", "pricing": {"prompt": "0.000001", "image": "0.000002"}},
      {"name": "nobody"}
    ]}"#;

    fn read() -> Imported {
        let options = Options { date: Some(date(2026, 11, 22)), ..Options::default() };
        import(Source::OpenRouter, "models.json", LIST, &options).expect("the list")
    }

    fn product<'i>(imported: &'i Imported, id: &str) -> &'i Product {
        imported.catalog.product(imported.catalog.find(id).expect("a product"))
    }

    fn prices(product: &Product) -> Vec<String> {
        let mut all = Vec::new();
        for cell in product.prices.iter().flat_map(|card| &card.cells) {
            let tier = cell.condition.tier.map(|tier| format!(">{} ", tier.threshold)).unwrap_or_default();
            let hours =
                cell.condition.hours.as_ref().map(|hours| format!("{} ", hours.text)).unwrap_or_default();
            all.extend(
                cell.rates
                    .iter()
                    .map(|(_, rate)| format!("{tier}{hours}{} {}", rate.key.key, rate.price.exact)),
            );
        }
        all
    }

    #[test]
    fn prices_of_one_become_prices_of_a_million_or_a_thousand() {
        let imported = read();
        assert_eq!(
            prices(product(&imported, "openrouter/acme/chat")),
            [
                "input_per_mtok 2.5",
                "cached_input_per_mtok 1.25",
                "cache_write_per_mtok 3",
                "cache_write_1h_per_mtok 5",
                "output_per_mtok 10",
                "reasoning_per_mtok 20",
                "input_audio_per_mtok 100",
                "input_image_each 0.003613",
                "request_each 0.005",
                "web_search_per_k 10",
                ">200000 input_per_mtok 5",
                "16:30-00:30 output_per_mtok 4",
            ]
        );
        let lost: Vec<(&str, &str)> =
            imported.account.lost.iter().map(|lost| (lost.name.as_str(), lost.field.as_str())).collect();
        assert_eq!(
            lost,
            [
                ("acme/chat", "benchmark"),
                ("acme/chat", "pricing.moons"),
                ("acme/chat", "pricing.overrides"),
                ("acme/blur", "pricing.image"),
            ]
        );
    }

    #[test]
    fn facts_are_taken() {
        let imported = read();
        let chat = product(&imported, "openrouter/acme/chat");
        assert_eq!((chat.window, chat.max_output), (Some(128_000.0), Some(16_384.0)));
        // 1,715,367,049 seconds are 19,853 days and some hours: 10 May 2024.
        assert_eq!((chat.released, chat.retired), (Some(date(2024, 5, 10)), Some(date(2027, 1, 31))));
        assert_eq!((chat.name.as_str(), chat.open_weights), ("Acme: Chat", false));
        assert_eq!(chat.modalities, ["text", "image", "pdf"]);
        assert_eq!(chat.note.as_deref(), Some("the provider asked first takes 64000 tokens"));
        assert_eq!(product(&imported, "openrouter/acme/eyes").kind, Kind::Image);
    }

    #[test]
    fn a_zero_is_free_only_where_the_id_says_so_and_minus_one_is_unknown() {
        let imported = read();
        assert_eq!(
            prices(product(&imported, "openrouter/acme/chat:free")),
            ["input_per_mtok 0", "output_per_mtok 0"]
        );
        for id in ["openrouter/acme/lab", "openrouter/openrouter/auto"] {
            let product = product(&imported, id);
            assert!(product.prices.is_empty() && product.note.is_some(), "{id}");
        }
        let account = &imported.account;
        assert_eq!((account.entries, account.priced, account.unpriced, account.skipped.len()), (7, 4, 2, 1));
    }

    #[test]
    fn an_image_is_priced_by_the_token_or_each() {
        let imported = read();
        assert_eq!(
            prices(product(&imported, "openrouter/acme/eyes")),
            ["input_per_mtok 0.3", "input_image_per_mtok 0.3", "output_image_per_mtok 30"]
        );
    }

    #[test]
    fn hours_past_midnight_are_two_ranges() {
        let clock = |from: i64, to: i64, days: Option<Value>| hours(&from.into(), &to.into(), days.as_ref());
        assert_eq!(clock(1630, 30, None).map(|hours| hours.ranges), Some(vec![(990, 1440), (0, 30)]));
        let weekdays = serde_json::json!(["monday", "Tue"]);
        assert_eq!(clock(100, 400, Some(weekdays.clone())).map(|hours| hours.days), Some(0b11));
        for (from, to, days) in
            [(100, 100, None), (160, 200, None), (2500, 100, None), (2300, 100, Some(weekdays))]
        {
            assert_eq!(clock(from, to, days), None, "{from} {to}");
        }
    }
}
