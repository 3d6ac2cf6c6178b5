//! The catalog as rows and as JSON.

use jiff::civil::Date;
use serde::Serialize;

use super::json::{Exact, Plain};
use super::{Align, Cell, Sheet};
use crate::catalog::query::{Column, Listing, Order, Query, Value};
use crate::catalog::rate::{Basis, Condition, Rate};
use crate::catalog::{Catalog, Meter, NoPrice, PriceCard, ProductId};
use crate::present::{compact, money, whole};

/// Returns the main price of a product and its output price; one that is not for a million tokens
/// has its unit where the output price would stand.
fn main_prices(card: &PriceCard) -> (String, String) {
    let shown = |rate: Rate| money(rate.price.exact, card.currency);
    let output = card.base_rate(Meter::Output).map(shown).unwrap_or_default();
    match card.main_rate().filter(|rate| rate.key.meter != Meter::Output) {
        Some(rate) if rate.key.key == "input_per_mtok" => (shown(rate), output),
        Some(rate) => (shown(rate), format!("/{}", rate.key.unit)),
        None => (String::new(), output),
    }
}

/// Columns that a list has anyway.
const ALWAYS_LISTED: [Column; 9] = [
    Column::Id,
    Column::Vendor,
    Column::Kind,
    Column::Window,
    Column::Price,
    Column::Input,
    Column::Output,
    Column::Since,
    Column::Retired,
];

/// Returns the columns that a list shows beside the usual ones: those that a query or an order names.
pub fn extra_columns(query: &Query, order: &[Order]) -> Vec<Column> {
    let mut extra: Vec<Column> = Vec::new();
    for column in query.columns().chain(order.iter().map(|part| part.column)) {
        if !ALWAYS_LISTED.contains(&column) && !extra.contains(&column) {
            extra.push(column);
        }
    }
    extra
}

/// Returns heading and side of a column that is shown where a query or an order names it.
fn heading(column: Column) -> (&'static str, Align) {
    match column {
        Column::MaxOutput => ("Largest out", Align::Right),
        Column::Cached => ("Cached/1M", Align::Right),
        Column::Dimensions => ("Dimensions", Align::Right),
        Column::Released => ("Released", Align::Right),
        Column::Checked => ("Checked", Align::Right),
        Column::Confidence => ("Confidence", Align::Right),
        Column::Modality => ("Takes", Align::Left),
        Column::Region => ("Regions", Align::Left),
        Column::Cache => ("Cache", Align::Right),
        Column::Batch => ("Batch", Align::Right),
        Column::Open => ("Open", Align::Right),
        Column::Priced => ("Priced", Align::Right),
        _ => (column.word(), Align::Right),
    }
}

/// Returns a product's cell in such a column; prices stand in the currency that they are quoted in.
fn extra_cell(listing: &Listing<'_>, id: ProductId, column: Column) -> Cell {
    if column == Column::Cached {
        let card = listing.catalog.price_on(id, listing.date, None).ok();
        let rate = card.and_then(|card| Some((card.base_rate(Meter::CachedInput)?, card.currency)));
        return Cell::text(
            rate.map_or_else(String::new, |(rate, currency)| money(rate.price.exact, currency)),
        );
    }
    let values = listing.values(id, column);
    if let [Value::Number(number)] = values.as_slice() {
        return Cell::number(compact(*number), *number);
    }
    let texts: Vec<String> = values.into_iter().map(text_of).collect();
    Cell::text(texts.join(", "))
}

fn text_of(value: Value) -> String {
    match value {
        Value::Word(word) => word,
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Number(number) => compact(number),
        Value::Day(date) => date.to_string(),
    }
}

/// Returns products with their main facts on a day and further columns; retired ones are marked R.
pub fn list(listing: &Listing<'_>, found: &[ProductId], extra: &[Column]) -> Sheet {
    let Listing { catalog, date } = *listing;
    let usual = [
        ("", "retired", Align::Right),
        ("Id", "id", Align::Name),
        ("Kind", "kind", Align::Right),
        ("Window", "window", Align::Right),
        ("Input/1M", "input", Align::Right),
        ("Output/1M", "output", Align::Right),
        ("Since", "price_from", Align::Right),
    ];
    let extra_headings = extra.iter().map(|column| {
        let (heading, align) = heading(*column);
        (heading, column.word(), align)
    });
    let mut sheet = Sheet::new(&usual.into_iter().chain(extra_headings).collect::<Vec<_>>());
    for id in found {
        let product = catalog.product(*id);
        let card = catalog.price_on(*id, date, None);
        let (input, output) = card.map(main_prices).unwrap_or_default();
        let since = match card {
            Ok(card) => card.from.to_string(),
            Err(reason) => short_reason(reason),
        };
        let retired = product.is_retired(date);
        let retired = Cell::both(if retired { "R" } else { "" }, retired.to_string());
        let window =
            product.window.map_or_else(|| Cell::text(""), |size| Cell::both(compact(size), size.to_string()));
        let mut cells = vec![
            retired,
            Cell::text(product.id.clone()),
            Cell::text(product.kind.word()),
            window,
            Cell::text(input),
            Cell::text(output),
            Cell::text(since),
        ];
        cells.extend(extra.iter().map(|column| extra_cell(listing, *id, *column)));
        sheet.push(cells);
    }
    sheet
}

fn short_reason(reason: NoPrice) -> String {
    match reason {
        NoPrice::NotReleased(date) => format!("from {date}"),
        NoPrice::NotYetPriced(date) => format!("priced {date}"),
        NoPrice::Unknown(_) => "no price".to_owned(),
    }
}

/// Returns everything known of a product but its prices.
pub fn facts(catalog: &Catalog, id: ProductId, date: Date) -> Sheet {
    let product = catalog.product(id);
    let vendor = catalog.vendor_of(id);
    let mut sheet = Sheet::new(&[("Fact", "fact", Align::Name), ("Value", "value", Align::Left)]);
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            sheet.push(vec![Cell::text(name), Cell::text(value)]);
        }
    };
    let tokens = |size: Option<f64>| size.map(|size| format!("{} tokens", whole(size)));
    fact("id", Some(product.id.clone()));
    fact("name", Some(product.name.clone()));
    fact("aliases", Some(product.aliases.join(", ")));
    fact(
        "vendor",
        Some(
            vendor
                .pricing_page
                .as_ref()
                .map_or(vendor.name.clone(), |page| format!("{}, {page}", vendor.name)),
        ),
    );
    fact("kind", Some(product.kind.word().to_owned()));
    fact("released", product.released.map(|date| date.to_string()));
    fact(
        "retired",
        product
            .retired
            .map(|retired| format!("{retired}{}", if retired <= date { "" } else { " (announced)" })),
    );
    fact(
        "window",
        tokens(product.window)
            .map(|text| if product.shared_window { text } else { format!("{text}, output apart") }),
    );
    fact("largest input", tokens(product.max_input));
    fact("largest output", tokens(product.max_output));
    fact("takes", Some(product.modalities.join(", ")));
    fact("tokenizer", product.tokenizer.clone());
    fact("open weights", product.open_weights.then(|| "yes".to_owned()));
    fact("dimensions", product.dimensions.map(whole));
    for cache in &product.caches {
        let mode = if cache.mode == crate::catalog::CacheMode::Automatic { "automatic" } else { "explicit" };
        let renewed = if cache.renews_on_hit { "renewed by hits" } else { "not renewed" };
        let rent = if cache.rent { ", rent by the hour" } else { "" };
        let minimum = whole(cache.minimum_tokens);
        let since = cache.since.map(|date| format!(", since {date}")).unwrap_or_default();
        fact(
            "cache",
            Some(format!(
                "{mode}, {} min, {renewed}, from {minimum} tokens on, writes billed as {}{rent}{since}",
                cache.ttl_minutes,
                cache.write.label()
            )),
        );
    }
    for limit in &product.limits {
        let quotas = limit.quotas.iter().map(|(quota, size)| format!("{} {}", compact(*size), quota.label()));
        let parts: Vec<String> = quotas.collect();
        let pool = limit
            .above_input_tokens
            .map(|size| format!(", inputs over {}", compact(size)))
            .unwrap_or_default();
        fact(
            "rate limit",
            Some(format!("{} (since {}{pool}): {}", limit.tier, limit.from, parts.join(", "))),
        );
    }
    fact("note", product.note.clone());
    fact("table", Some(product.file.to_string()));
    sheet
}

/// Says when a cell of a price card applies.
pub fn condition(condition: &Condition) -> String {
    let mut parts: Vec<String> = Vec::new();
    if condition.service != crate::catalog::Service::Standard {
        parts.push(condition.service.word().to_owned());
    }
    if let Some(tier) = &condition.tier {
        let from = if tier.inclusive { "from" } else { "over" };
        let basis = if tier.basis == Basis::Excess { ", the excess only" } else { "" };
        parts.push(format!("{from} {} in{basis}", whole(tier.threshold)));
    }
    if let Some(hours) = &condition.hours {
        parts.push(format!("{} UTC", hours.text));
    }
    parts.extend(condition.variant.clone());
    parts.join(", ")
}

/// Returns every price that a product ever had, newest first.
pub fn price_history(catalog: &Catalog, id: ProductId) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("From", "from", Align::Left),
        ("When", "when", Align::Left),
        ("Price", "price", Align::Left),
        ("Checked", "checked", Align::Left),
        ("Source", "source", Align::Left),
    ]);
    for card in catalog.product(id).prices.iter().rev() {
        for (at, cell) in card.cells.iter().enumerate() {
            let prices: Vec<String> = cell
                .rates
                .iter()
                .map(|(meter, rate)| {
                    format!("{} {}/{}", meter.label(), money(rate.price.exact, card.currency), rate.key.unit)
                })
                .chain(
                    card.minimum_per_month
                        .filter(|_| at == 0)
                        .map(|price| format!("at least {}/month", money(price.exact, card.currency))),
                )
                .collect();
            let first = at == 0;
            let from = match (first, card.until) {
                (false, _) => String::new(),
                (true, None) => card.from.to_string(),
                (true, Some(until)) => format!("{} until {until}", card.from),
            };
            let region = card.region.as_ref().filter(|_| first).map(|region| format!("region {region}"));
            let withdrawn = (card.withdrawn && first).then(|| "withdrawn".to_owned());
            let when = [Some(condition(&cell.condition)), region, withdrawn]
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>();
            let unsure = if card.confidence == crate::catalog::Confidence::High {
                String::new()
            } else {
                format!("; confidence {}", card.confidence.word())
            };
            let note = card.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
            let source = if first { format!("{}{unsure}{note}", card.source) } else { String::new() };
            let checked = if first { card.checked.to_string() } else { String::new() };
            sheet.push([from, when.join(", "), prices.join("; "), checked, source].map(Cell::text).to_vec());
        }
    }
    sheet
}

/// Returns the price history as text: each card with its conditions, then its source.
pub fn history_text(catalog: &Catalog, id: ProductId) -> Vec<String> {
    let mut lines = Vec::new();
    for (cells, _) in &price_history(catalog, id).rows {
        let [from, when, prices, checked, source] = [0, 1, 2, 3, 4].map(|at| cells[at].shown.as_str());
        if !from.is_empty() {
            let when = if when.is_empty() { String::new() } else { format!(", {when}") };
            lines.push(format!("From {from}{when}: {prices}"));
            lines.push(format!("  Source: {source}; checked {checked}"));
        } else {
            lines.push(format!("  {when}: {prices}"));
        }
    }
    lines
}

#[derive(Serialize)]
struct JsonRate {
    key: &'static str,
    price: Exact,
}

#[derive(Serialize)]
struct JsonCell {
    when: Option<String>,
    prices: Vec<JsonRate>,
}

#[derive(Serialize)]
struct JsonCard<'a> {
    from: String,
    until: Option<String>,
    region: Option<&'a str>,
    currency: String,
    cells: Vec<JsonCell>,
    minimum_per_month: Option<Exact>,
    source: &'a str,
    checked: String,
    confidence: &'static str,
    note: Option<&'a str>,
    withdrawn: bool,
}

fn json_card(card: &PriceCard) -> JsonCard<'_> {
    let cells = card.cells.iter().map(|cell| JsonCell {
        when: Some(condition(&cell.condition)).filter(|text| !text.is_empty()),
        prices: cell
            .rates
            .iter()
            .map(|(_, rate)| JsonRate { key: rate.key.key, price: Exact(rate.price.exact) })
            .collect(),
    });
    JsonCard {
        from: card.from.to_string(),
        until: card.until.map(|date| date.to_string()),
        region: card.region.as_deref(),
        currency: card.currency.to_string(),
        cells: cells.collect(),
        minimum_per_month: card.minimum_per_month.map(|price| Exact(price.exact)),
        source: &card.source,
        checked: card.checked.to_string(),
        confidence: card.confidence.word(),
        note: card.note.as_deref(),
        withdrawn: card.withdrawn,
    }
}

#[derive(Serialize)]
struct JsonProduct<'a> {
    id: &'a str,
    name: &'a str,
    aliases: &'a [String],
    kind: &'static str,
    released: Option<String>,
    retired: Option<String>,
    window: Option<Plain>,
    max_input: Option<Plain>,
    max_output: Option<Plain>,
    modalities: &'a [String],
    tokenizer: Option<&'a str>,
    open_weights: bool,
    note: Option<&'a str>,
    table: &'a str,
    price: Option<JsonCard<'a>>,
    no_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prices: Option<Vec<JsonCard<'a>>>,
}

fn json_product(catalog: &Catalog, id: ProductId, date: Date, history: bool) -> JsonProduct<'_> {
    let product = catalog.product(id);
    let card = catalog.price_on(id, date, None);
    JsonProduct {
        id: &product.id,
        name: &product.name,
        aliases: &product.aliases,
        kind: product.kind.word(),
        released: product.released.map(|date| date.to_string()),
        retired: product.retired.map(|date| date.to_string()),
        window: product.window.map(Plain),
        max_input: product.max_input.map(Plain),
        max_output: product.max_output.map(Plain),
        modalities: &product.modalities,
        tokenizer: product.tokenizer.as_deref(),
        open_weights: product.open_weights,
        note: product.note.as_deref(),
        table: &product.file,
        price: card.ok().map(json_card),
        no_price: card.err().map(|reason| reason.to_string()),
        prices: history.then(|| product.prices.iter().map(json_card).collect()),
    }
}

#[derive(Serialize)]
struct ListDocument<'a> {
    schema: &'static str,
    as_of: String,
    products: Vec<JsonProduct<'a>>,
}

/// Returns products with the prices of a day as JSON.
pub fn list_json(listing: &Listing<'_>, found: &[ProductId]) -> String {
    let Listing { catalog, date } = *listing;
    let products = found.iter().map(|id| json_product(catalog, *id, date, false)).collect();
    super::json::pretty(&ListDocument { schema: "ragonomics/models/1", as_of: date.to_string(), products })
}

/// Returns one product with its whole price history as JSON.
pub fn product_json(catalog: &Catalog, id: ProductId, date: Date) -> String {
    super::json::pretty(&json_product(catalog, id, date, true))
}
