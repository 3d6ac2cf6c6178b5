//! The prices of one product over time as words, rows and JSON.

use rust_decimal::Decimal;
use serde::Serialize;

use super::json::Exact;
use super::{Align, Cell, Sheet};
use crate::analysis::product_history::{Change, Event, EventKind, PriceLine, ProductHistory};
use crate::catalog::{Catalog, Confidence, PriceCard};
use crate::present::readable_money;

/// Returns the word for what happened.
pub fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Released => "released",
        EventKind::FirstPrice => "first price",
        EventKind::Change => "price change",
        EventKind::Ended => "price ended",
        EventKind::Retired => "retired",
        EventKind::Withdrawn => "announcement withdrawn",
    }
}

/// Returns the sign of an event on a chart: R released, P first price, + dearer, - cheaper, ~ otherwise changed,
/// E ended, X retired, W withdrawn.
pub fn sign(event: &Event) -> char {
    // A price that is new or gone is neither dearer nor cheaper.
    let both = || event.changes.iter().filter_map(|change| Some((change.before?, change.after?)));
    match event.kind {
        EventKind::Released => 'R',
        EventKind::FirstPrice => 'P',
        EventKind::Ended => 'E',
        EventKind::Retired => 'X',
        EventKind::Withdrawn => 'W',
        EventKind::Change if both().next().is_none() => '~',
        EventKind::Change if both().all(|(before, after)| after > before) => '+',
        EventKind::Change if both().all(|(before, after)| after <= before) => '-',
        EventKind::Change => '~',
    }
}

/// Says what happened: `price change: input $5.00 to $2.50/1M tokens`.
pub fn what(history: &ProductHistory, event: &Event) -> String {
    let announced = if event.announced { "announced: " } else { "" };
    let changes: Vec<String> = event.changes.iter().map(|change| in_words(history, change)).collect();
    let rest = match event.kind {
        EventKind::Change if changes.is_empty() => ": ordinary prices stay, others change".to_owned(),
        _ if changes.is_empty() => String::new(),
        EventKind::Withdrawn => format!(", never in force: {}", changes.join(", ")),
        _ => format!(": {}", changes.join(", ")),
    };
    format!("{announced}{}{rest}", word(event.kind))
}

fn in_words(history: &ProductHistory, change: &Change) -> String {
    let money = |amount: Decimal| readable_money(amount, history.currency);
    let (label, unit) = (change.key.meter.label(), change.key.unit);
    match (change.before, change.after) {
        (Some(before), Some(after)) => format!("{label} {} to {}/{unit}", money(before), money(after)),
        (None, Some(after)) => format!("{label} {}/{unit}", money(after)),
        (Some(before), None) => format!("{label} {}/{unit} to no price", money(before)),
        (None, None) => format!("{label} of no known value"),
    }
}

/// Returns the price card that an event is read from.
pub fn card<'c>(catalog: &'c Catalog, history: &ProductHistory, event: &Event) -> Option<&'c PriceCard> {
    catalog.product(history.product).prices.get(event.card?)
}

/// Says where an event is printed, when that was last checked and how sure it is.
pub fn source(catalog: &Catalog, history: &ProductHistory, event: &Event) -> String {
    match card(catalog, history, event) {
        Some(card) => {
            let note = card.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
            let sure = match card.confidence {
                Confidence::High => String::new(),
                unsure => format!("; confidence {}", unsure.word()),
            };
            format!("{}, checked {}{sure}{note}", card.source, card.checked)
        }
        None => format!("the facts of the product in {}", catalog.product(history.product).file),
    }
}

/// Returns the events of a product, oldest first.
pub fn events(catalog: &Catalog, history: &ProductHistory) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Date", "date", Align::Name),
        ("Event", "event", Align::Left),
        ("What", "what", Align::Left),
        ("Source", "source", Align::Left),
    ]);
    for event in &history.events {
        let texts = [
            event.date.to_string(),
            word(event.kind).to_owned(),
            what(history, event),
            source(catalog, history, event),
        ];
        sheet.push(texts.map(Cell::text).to_vec());
    }
    sheet
}

/// Returns the same for CSV: a row for each price that an event changes, with numbers.
pub fn changes(catalog: &Catalog, history: &ProductHistory) -> Sheet {
    let columns = ["date", "event", "announced", "price", "before", "after", "currency", "unit", "source"];
    let mut sheet = Sheet::new(&columns.map(|key| (key, key, Align::Left)));
    let exact =
        |amount: Option<Decimal>| amount.map(|amount| amount.normalize().to_string()).unwrap_or_default();
    for event in &history.events {
        let changes = event.changes.iter().map(|change| {
            let (label, unit) = (change.key.meter.label().to_owned(), change.key.unit.to_owned());
            [label, exact(change.before), exact(change.after), history.currency.to_string(), unit]
        });
        let mut rows: Vec<[String; 5]> = changes.collect();
        if rows.is_empty() {
            rows.push(Default::default());
        }
        for [label, before, after, currency, unit] in rows {
            let (day, word) = (event.date.to_string(), word(event.kind).to_owned());
            let (announced, source) = (event.announced.to_string(), source(catalog, history, event));
            let texts = [day, word, announced, label, before, after, currency, unit, source];
            sheet.push(texts.map(Cell::text).to_vec());
        }
    }
    sheet
}

#[derive(Serialize)]
struct JsonStep {
    from: String,
    price: Option<Exact>,
}

#[derive(Serialize)]
struct JsonLine {
    key: &'static str,
    unit: &'static str,
    steps: Vec<JsonStep>,
}

#[derive(Serialize)]
struct JsonChange {
    key: &'static str,
    before: Option<Exact>,
    after: Option<Exact>,
}

#[derive(Serialize)]
struct JsonEvent {
    date: String,
    event: &'static str,
    announced: bool,
    changes: Vec<JsonChange>,
    source: String,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    product: &'a str,
    as_of: String,
    region: Option<&'a str>,
    currency: String,
    converted: bool,
    prices: Vec<JsonLine>,
    events: Vec<JsonEvent>,
}

/// Returns a history as JSON.
pub fn to_json(catalog: &Catalog, history: &ProductHistory) -> String {
    let line = |line: &PriceLine| JsonLine {
        key: line.key.key,
        unit: line.key.unit,
        steps: line
            .steps
            .iter()
            .map(|step| JsonStep { from: step.date.to_string(), price: step.price.map(Exact) })
            .collect(),
    };
    let change = |change: &Change| JsonChange {
        key: change.key.key,
        before: change.before.map(Exact),
        after: change.after.map(Exact),
    };
    let event = |event: &Event| JsonEvent {
        date: event.date.to_string(),
        event: word(event.kind),
        announced: event.announced,
        changes: event.changes.iter().map(change).collect(),
        source: source(catalog, history, event),
    };
    super::json::pretty(&Document {
        schema: "ragonomics/product_history/1",
        product: &catalog.product(history.product).id,
        as_of: history.as_of.to_string(),
        region: history.region.as_deref(),
        currency: history.currency.to_string(),
        converted: history.converted,
        prices: history.lines.iter().map(line).collect(),
        events: history.events.iter().map(event).collect(),
    })
}
