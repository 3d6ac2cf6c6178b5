//! A list of products as rows and as JSON.

use serde::Serialize;

use super::product::JsonProduct;
use super::{Align, Cell, Sheet};
use crate::catalog::query::{Column, Listing, Order, Query, Value};
use crate::catalog::rate::Rate;
use crate::catalog::{Meter, NoPrice, PriceCard, ProductId};
use crate::present::compact;

/// Returns the main price of a product and its output price; one that is not for a million tokens
/// has its unit where the output price would stand.
pub fn main_prices(card: &PriceCard) -> (String, String) {
    let (main, output) = main_cells(card);
    (main.shown, output.shown)
}

/// Returns the same with the numbers behind the texts.
fn main_cells(card: &PriceCard) -> (Cell, Cell) {
    let cell = |rate: Rate| Cell::money(Some(rate.price.exact), card.currency);
    let none = || Cell::text("");
    let output = card.base_rate(Meter::Output).map_or_else(none, cell);
    match card.main_rate().filter(|rate| rate.key.meter != Meter::Output) {
        Some(rate) if rate.key.key == "input_per_mtok" => (cell(rate), output),
        Some(rate) => (cell(rate), Cell::both(format!("/{}", rate.key.unit), output.raw)),
        None => (none(), output),
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
        let cell = |(rate, currency): (Rate, _)| Cell::money(Some(rate.price.exact), currency);
        return rate.map_or_else(|| Cell::text(""), cell);
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
        let none = || (Cell::text(""), Cell::text(""));
        let (input, output) = card.map_or_else(|_| none(), main_cells);
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
            input,
            output,
            Cell::text(since),
        ];
        cells.extend(extra.iter().map(|column| extra_cell(listing, *id, *column)));
        sheet.push(cells);
    }
    sheet
}

/// Returns the same for CSV: prices as numbers, with the currency that they are quoted in and what the main price is for
/// in columns of their own.
pub fn list_csv(listing: &Listing<'_>, found: &[ProductId], extra: &[Column]) -> String {
    let mut sheet = list(listing, found, extra);
    let more = Sheet::new(&[("Currency", "currency", Align::Left), ("Unit", "unit", Align::Left)]);
    let behind = sheet.columns.iter().position(|column| column.key == "output").map_or(0, |at| at + 1);
    sheet.columns.splice(behind..behind, more.columns);
    for (id, (cells, _)) in found.iter().zip(&mut sheet.rows) {
        let card = listing.catalog.price_on(*id, listing.date, None).ok();
        let rate = |card: &PriceCard| card.main_rate().or(card.base_rate(Meter::Output));
        let unit = card.and_then(rate).map(|rate| rate.key.unit).unwrap_or_default();
        let currency = card.map(|card| card.currency.to_string()).unwrap_or_default();
        cells.splice(behind..behind, [Cell::text(currency), Cell::text(unit)]);
    }
    sheet.to_csv()
}

fn short_reason(reason: NoPrice) -> String {
    match reason {
        NoPrice::NotReleased(date) => format!("from {date}"),
        NoPrice::NotYetPriced(date) => format!("priced {date}"),
        NoPrice::Unknown(_) => "no price".to_owned(),
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
    let products = found.iter().map(|id| JsonProduct::of(catalog, *id, date)).collect();
    super::json::pretty(&ListDocument { schema: "ragonomics/models/1", as_of: date.to_string(), products })
}
