//! One vendor's file of llm-prices.
//!
//! A model has a `price_history`: prices per million tokens, from `from_date` on and no longer on `to_date`. Two or
//! three models of the file can be one product:
//!
//! * `GPT-5.4 ≤272k` and `GPT-5.4 >272k` are a product with a tier strictly above 272,000 input tokens; the id of the
//!   second ends in `-272k`, which is cut off;
//! * `gpt-image-2 ... text tokens` and `... image tokens` are a product with prices for both; the ids end in `-text`
//!   and `-image`.
//!
//! **Unknown start.** `from_date` is null where the price held since the product came out, a day that the file does
//! not say. Such a card begins where the row before it ends, or else on [`EARLIEST`], with a note.
//!
//! **Day.** The file has none: the dates in it are those of price changes, some announced. The caller gives it.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::card::{CardBuilder, day, number, table_day};
use super::models_dev::{above, add_note};
use super::vendors::{vendor_id, vendor_name};
use super::{Intake, Options, Source};
use crate::catalog::rate::Condition;
use crate::catalog::{Kind, PriceCard};
use crate::diagnostic::Fault;

type Object = Map<String, Value>;

/// First day of a price whose start nobody wrote down: that of the API of ChatGPT, older than any model that the
/// files price by its present name.
pub const EARLIEST: Date = date(2023, 3, 1);

/// Where the files are published.
const ADDRESS: &str = "https://github.com/simonw/llm-prices";

/// Reads the file.
///
/// # Errors
/// A text that is not such a file, or no day.
pub(super) fn read(intake: &mut Intake, text: &str, options: &Options) -> Result<(), Fault> {
    let file: Object = super::json(text, "a vendor's file of llm-prices")?;
    let called = file.get("vendor").and_then(Value::as_str);
    let models = file.get("models").and_then(Value::as_array);
    let (Some(called), Some(models)) = (called, models) else {
        return Err(super::other_source("`vendor` or `models` is missing"));
    };
    let checked = table_day(options)?;
    let id = vendor_id(Source::LlmPrices, called);
    let vendor = intake.vendor(&id, vendor_name(&id), None);
    let mut products: Vec<Vec<Entry>> = Vec::new();
    for (at, model) in models.iter().enumerate() {
        intake.entry();
        let Some(entry) = read_entry(intake, model) else {
            intake.skip(&format!("model {}", at + 1), "without an id");
            continue;
        };
        match products.iter_mut().find(|product| product[0].id == entry.id) {
            Some(product) => product.push(entry),
            None => products.push(vec![entry]),
        }
    }
    for entries in products {
        join(intake, vendor, entries, checked);
    }
    Ok(())
}

/// What of a product a model of the file prices.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    /// All of it.
    Whole,
    /// Requests of up to so many input tokens.
    UpTo(f64),
    /// Requests of more than so many input tokens.
    Above(f64),
    /// Tokens of text.
    Text,
    /// Tokens of images.
    Image,
}

impl Part {
    fn condition(self) -> Condition {
        match self {
            Part::Above(threshold) => above(threshold),
            _ => Condition::default(),
        }
    }

    /// Returns the price keys of input, cached input and output.
    fn keys(self) -> [(&'static str, &'static str); 3] {
        let keys = match self {
            Part::Image => ["input_image_per_mtok", "cached_image_per_mtok", "output_image_per_mtok"],
            _ => ["input_per_mtok", "cached_input_per_mtok", "output_per_mtok"],
        };
        [("input", keys[0]), ("input_cached", keys[1]), ("output", keys[2])]
    }
}

/// A model of the file.
struct Entry {
    /// Its id in the file.
    called: String,
    /// The id without what says the part.
    id: String,
    /// The name without what says the part.
    name: String,
    part: Part,
    rows: Vec<Row>,
}

/// Prices that held from a day until another.
struct Row {
    from: Option<Date>,
    until: Option<Date>,
    prices: Vec<(&'static str, Decimal)>,
}

fn read_entry(intake: &mut Intake, model: &Value) -> Option<Entry> {
    let called = model.get("id")?.as_str()?;
    let full = model.get("name").and_then(Value::as_str).unwrap_or(called);
    for key in
        model.as_object()?.keys().filter(|key| !["id", "name", "price_history"].contains(&key.as_str()))
    {
        intake.lose(called, key, "not known to this program");
    }
    let (name, part, ending) = split_name(full);
    let id = ending.and_then(|ending| called.strip_suffix(&ending)).unwrap_or(called);
    let history = model.get("price_history").and_then(Value::as_array).into_iter().flatten();
    let mut rows: Vec<Row> = history.filter_map(|row| read_row(intake, called, row, part)).collect();
    rows.sort_by_key(|row| (row.from, row.until));
    let rows = in_order(intake, called, rows);
    Some(Entry { called: called.to_owned(), id: id.to_owned(), name: name.to_owned(), part, rows })
}

/// Lets a row of unknown start begin where the one before it ends, and drops a second one of the same day.
fn in_order(intake: &mut Intake, called: &str, rows: Vec<Row>) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::new();
    for mut row in rows {
        if let Some(before) = kept.last() {
            row.from = row.from.or(before.until);
            if row.from == before.from {
                let prices = row.prices.iter().map(|(key, price)| format!("{key} {price}"));
                let why =
                    format!("a second price of the same days: {}", prices.collect::<Vec<_>>().join(", "));
                intake.lose(called, "price_history", why);
                continue;
            }
        }
        kept.push(row);
    }
    kept
}

/// Splits `GPT-5.4 >272k` into the name, the part and the ending of the id that says so.
fn split_name(full: &str) -> (&str, Part, Option<String>) {
    for (words, part, ending) in
        [("text tokens", Part::Text, "-text"), ("image tokens", Part::Image, "-image")]
    {
        if let Some(name) = full.strip_suffix(words) {
            return (name.trim_end(), part, Some(ending.to_owned()));
        }
    }
    let Some((name, last)) = full.rsplit_once(' ') else { return (full, Part::Whole, None) };
    let sized = |mark: &str| crate::units::parse_number(last.strip_prefix(mark)?);
    if let Some(size) = sized("≤").or_else(|| sized("<=")) {
        (name, Part::UpTo(size), None)
    } else if let Some(size) = sized(">") {
        (name, Part::Above(size), Some(last.replace('>', "-")))
    } else {
        (full, Part::Whole, None)
    }
}

fn read_row(intake: &mut Intake, called: &str, row: &Value, part: Part) -> Option<Row> {
    let mut bad_date = false;
    let mut date = |key: &str| {
        let text = row.get(key).and_then(Value::as_str)?;
        let date = day(text);
        bad_date |= date.is_none();
        date
    };
    let (from, until) = (date("from_date"), date("to_date"));
    if bad_date {
        intake.lose(called, "price_history", format!("a day of it cannot be read: {row}"));
        return None;
    }
    let mut prices = Vec::new();
    for (field, value) in row.as_object()?.iter().filter(|(_, value)| !value.is_null()) {
        if ["from_date", "to_date"].contains(&field.as_str()) {
            continue;
        }
        let known = part.keys().into_iter().find(|(key, _)| key == field);
        match (known, number(value)) {
            // A zero stands for a price that nobody knows.
            (Some(_), Some(price)) if price.is_zero() => {}
            (Some((_, key)), Some(price)) => prices.push((key, price)),
            _ => intake.lose(called, field, "no price that is known to this program"),
        }
    }
    Some(Row { from, until, prices })
}

/// Makes one product of the entries that have its id.
fn join(intake: &mut Intake, vendor: usize, entries: Vec<Entry>, checked: Date) {
    let parts = distinct(intake, entries);
    let Some(first) = parts.first() else { return };
    let mut product = intake.blank(vendor, &first.id);
    product.name = first.name.clone();
    if first.name.contains("image gen") {
        product.kind = Kind::Image;
    }
    if let [Entry { part: Part::UpTo(size), called, .. }] = parts.as_slice() {
        add_note(&mut product, &format!("prices of up to {size} input tokens; llm-prices prints none above"));
        let why = format!(
            "the price is for up to {size} input tokens; a table cannot say that there is none above"
        );
        intake.lose(called, "name", why);
    }
    for from in first_days(&parts) {
        product.prices.extend(card(intake, &parts, from, checked));
    }
    if product.prices.is_empty() {
        add_note(&mut product, "llm-prices prints no price");
    }
    let priced = |entry: &Entry| entry.rows.iter().any(|row| !row.prices.is_empty());
    let taken: Vec<(&str, bool)> = parts.iter().map(|entry| (entry.called.as_str(), priced(entry))).collect();
    intake.add_of(&taken, product);
}

/// Drops entries that price the same part of a product a second time: `Grok 4 Fast` and `Grok 4 Fast ≤128k` have one
/// id. The one that says its limit is kept.
fn distinct(intake: &mut Intake, entries: Vec<Entry>) -> Vec<Entry> {
    let mut parts: Vec<Entry> = Vec::new();
    for entry in entries {
        let alike = |other: &Entry| {
            other.part.condition() == entry.part.condition() && other.part.keys() == entry.part.keys()
        };
        let Some(at) = parts.iter().position(alike) else {
            parts.push(entry);
            continue;
        };
        let known = &mut parts[at];
        if !same_prices(known, &entry) {
            intake.skip(&entry.called, format!("other prices than `{}` of the same id", known.name));
        } else {
            let why = format!("a second `{}` with the same id and prices", known.name);
            intake.skip(&entry.called, why);
            if known.part == Part::Whole {
                *known = entry;
            }
        }
    }
    parts
}

fn same_prices(one: &Entry, other: &Entry) -> bool {
    let same = |(one, other): (&Row, &Row)| {
        one.from == other.from && one.until == other.until && one.prices == other.prices
    };
    one.rows.len() == other.rows.len() && one.rows.iter().zip(&other.rows).all(same)
}

/// Returns the days on which a part of a product gets or loses a price, `None` for the unknown start.
fn first_days(parts: &[Entry]) -> Vec<Option<Date>> {
    let rows = parts.iter().flat_map(|entry| &entry.rows);
    let mut days: Vec<Option<Date>> = rows.clone().map(|row| row.from).collect();
    days.extend(rows.map(|row| row.until).filter(Option::is_some));
    days.sort();
    days.dedup();
    days
}

/// Returns the card that begins on a day, with the prices of every part that holds then.
fn card(intake: &mut Intake, parts: &[Entry], from: Option<Date>, checked: Date) -> Option<PriceCard> {
    let mut card = CardBuilder::default();
    let mut until: Option<Date> = None;
    for entry in parts {
        let holds = |row: &&Row| {
            row.from <= from && row.until.is_none_or(|until| from.is_none_or(|from| from < until))
        };
        let Some(row) = entry.rows.iter().rev().find(holds) else { continue };
        until = [until, row.until].into_iter().flatten().min();
        for (key, price) in &row.prices {
            if let Err(refused) = card.add(&entry.part.condition(), key, *price) {
                intake.lose(&entry.called, key, refused.words());
            }
        }
    }
    let mut card = card.finish(from.unwrap_or_else(|| start(until)), checked, ADDRESS)?;
    card.until = until;
    if from.is_none() {
        card.note = Some(format!("start date not known; {} stands for it", card.from));
    }
    Some(card)
}

/// Returns the day that stands for an unknown start: [`EARLIEST`], or the day before the end of an older price.
fn start(until: Option<Date>) -> Date {
    let last_day = until.and_then(|until| until.yesterday().ok());
    last_day.map_or(EARLIEST, |day| EARLIEST.min(day))
}

#[cfg(test)]
mod tests {
    use super::super::{Imported, import};
    use super::*;
    use crate::catalog::rate::CallContext;
    use crate::catalog::{Meter, Product};

    const TABLE: &str = r#"{"vendor": "acme", "models": [
      {"id": "flat", "name": "Flat", "price_history": [
        {"input": 2, "output": 8.5, "input_cached": null, "from_date": "2026-02-01", "to_date": null},
        {"input": 1, "output": 4, "input_cached": 0.1, "from_date": null, "to_date": "2026-02-01"}]},
      {"id": "big", "name": "Big ≤200k", "price_history": [
        {"input": 1, "output": 2, "from_date": null, "to_date": "2026-03-01"},
        {"input": 3, "output": 4, "from_date": "2026-03-01", "to_date": null}]},
      {"id": "big-200k", "name": "Big >200k", "price_history": [
        {"input": 5, "output": 6, "from_date": null, "to_date": "2026-04-01"},
        {"input": 7, "output": 8, "from_date": "2026-04-01", "to_date": null}]},
      {"id": "twice", "name": "Twice", "price_history": [{"input": 1, "output": 2, "from_date": null, "to_date": null}]},
      {"id": "twice", "name": "Twice ≤128k", "price_history": [{"input": 1, "output": 2, "from_date": null, "to_date": null}]},
      {"id": "art-text", "name": "art (image gen) text tokens", "price_history": [{"input": 5, "input_cached": 1.25, "output": 10}]},
      {"id": "art-image", "name": "art (image gen) image tokens", "price_history": [{"input": 8, "input_cached": 2, "output": 30, "batch": 4}]},
      {"id": "old", "name": "Old", "price_history": [
        {"input": 9, "from_date": null, "to_date": "2022-05-05"}, {"input": 10, "from_date": null, "to_date": "2022-06-06"}]},
      {"id": "zero", "name": "Zero", "price_history": [{"input": 0, "output": 0}]},
      {"name": "nobody"}
    ]}"#;

    fn read() -> Imported {
        let options = Options { date: Some(date(2026, 8, 21)), ..Options::default() };
        import(Source::LlmPrices, "acme.json", TABLE, &options).expect("the file")
    }

    fn product<'i>(imported: &'i Imported, id: &str) -> &'i Product {
        imported.catalog.product(imported.catalog.find(id).expect("a product"))
    }

    fn price(imported: &Imported, id: &str, on: Date, meter: Meter, tokens: f64) -> Option<String> {
        let id = imported.catalog.find(id).expect("a product");
        let card = imported.catalog.price_on(id, on, None).ok()?;
        let call = CallContext { input_tokens: tokens, ..CallContext::default() };
        let segments = card.segments(meter, 1.0, &call);
        Some(segments.first()?.rate.price.exact.to_string())
    }

    #[test]
    fn a_history_becomes_dated_cards() {
        let imported = read();
        for (on, expected) in [
            (date(2023, 2, 28), None),
            (EARLIEST, Some("1")),
            (date(2026, 1, 31), Some("1")),
            (date(2026, 2, 1), Some("2")),
        ] {
            assert_eq!(price(&imported, "flat", on, Meter::Input, 1.0).as_deref(), expected, "{on}");
        }
        let cards = &product(&imported, "flat").prices;
        assert_eq!(cards[0].note.as_deref(), Some("start date not known; 2023-03-01 stands for it"));
        assert_eq!((cards[0].until, &cards[1].note), (Some(cards[1].from), &None));
    }

    #[test]
    fn two_models_with_their_limits_in_their_names_are_one_product_with_a_tier() {
        let imported = read();
        assert_eq!(product(&imported, "big").name, "Big");
        assert!(imported.catalog.find("acme/big-200k").is_err());
        // The lower price changes in March, the upper one in April.
        for (month, below, above) in [(2, "1", "5"), (3, "3", "5"), (4, "3", "7")] {
            let on = date(2026, month, 1);
            assert_eq!(price(&imported, "big", on, Meter::Input, 200_000.0).as_deref(), Some(below), "{on}");
            assert_eq!(price(&imported, "big", on, Meter::Input, 200_001.0).as_deref(), Some(above), "{on}");
        }
    }

    #[test]
    fn text_and_image_tokens_of_one_product_are_joined() {
        let imported = read();
        let art = product(&imported, "art");
        assert_eq!((art.kind, art.prices.len()), (Kind::Image, 1));
        let rate = |meter| art.prices[0].cells[0].rate(meter).map(|rate| rate.price.exact);
        let expected = [
            (Meter::Input, 500),
            (Meter::CachedInput, 125),
            (Meter::Output, 1000),
            (Meter::InputImage, 800),
            (Meter::CachedImage, 200),
            (Meter::OutputImage, 3000),
        ];
        for (meter, cents) in expected {
            assert_eq!(rate(meter), Some(Decimal::new(cents, 2)), "{meter:?}");
        }
    }

    #[test]
    fn a_price_older_than_the_files_begins_the_day_before_it_ended() {
        let imported = read();
        let days: Vec<(Date, Option<Date>)> =
            product(&imported, "old").prices.iter().map(|card| (card.from, card.until)).collect();
        assert_eq!(
            days,
            [(date(2022, 5, 4), Some(date(2022, 5, 5))), (date(2022, 5, 5), Some(date(2022, 6, 6))),]
        );
    }

    #[test]
    fn every_entry_is_accounted_for() {
        let account = read().account;
        assert_eq!((account.entries, account.priced, account.unpriced, account.skipped.len()), (10, 7, 1, 2));
        let lost: Vec<(&str, &str)> =
            account.lost.iter().map(|lost| (lost.name.as_str(), lost.field.as_str())).collect();
        assert_eq!(lost, [("art-image", "batch"), ("twice", "name")]);
    }

    #[test]
    fn the_day_is_needed_and_another_file_is_refused() {
        let read = |text| {
            import(Source::LlmPrices, "x", text, &Options::default()).expect_err("a fault").to_string()
        };
        assert!(read(TABLE).contains("--date"));
        assert!(read("{}").contains("--from"));
        assert!(read("{").contains("not a vendor's file of llm-prices"));
    }
}
