//! The price of single requests as rows and as JSON.

use serde::Serialize;

use super::bill::{JsonAdjustment, JsonLine, adjustment_label, json_adjustments, json_lines};
use super::json::Exact;
use super::{Align, Cell, Sheet};
use crate::bill::{Bill, Charge};
use crate::catalog::Catalog;
use crate::present::{quantity, readable_money};
use crate::units::Currency;
use crate::usage::Recurrence;

/// Returns the lines of a request and their sum.
pub fn lines(bill: &Bill) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Meter", "meter", Align::Left),
        ("Quantity", "quantity", Align::Right),
        ("Price", "unit_price", Align::Right),
        ("Amount", "amount", Align::Right),
    ]);
    for line in &bill.lines {
        let meter = match &line.charge {
            Charge::Product(_, meter) => meter.label(),
            Charge::Own(name) => name,
        };
        let (price, amount) = match &line.price {
            Ok(price) => (
                format!("{}/{}", readable_money(price.unit_price, bill.currency), price.unit),
                readable_money(price.amount, bill.currency),
            ),
            Err(why) => (why.to_string(), crate::present::UNKNOWN.to_owned()),
        };
        sheet.push([meter.to_owned(), quantity(line.quantity, 6), price, amount].map(Cell::text).to_vec());
    }
    for adjustment in &bill.adjustments {
        let amount = readable_money(adjustment.amount, bill.currency);
        let texts = [adjustment_label(adjustment), String::new(), String::new(), amount];
        sheet.push(texts.map(Cell::text).to_vec());
    }
    let total = bill.total(Recurrence::Monthly);
    let (label, amount) = match total.amount() {
        Some(amount) => ("Total", readable_money(amount, bill.currency)),
        None => ("Total unknown", format!("at least {}", readable_money(total.known, bill.currency))),
    };
    sheet
        .push_marked([label.to_owned(), String::new(), String::new(), amount].map(Cell::text).to_vec(), true);
    sheet
}

#[derive(Serialize)]
struct Document<'a> {
    model: &'a str,
    cost: Option<Exact>,
    currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    lines: Vec<JsonLine<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    adjustments: Vec<JsonAdjustment<'a>>,
}

fn document<'a>(model: &'a str, bill: &'a Bill, catalog: &'a Catalog) -> Document<'a> {
    Document {
        model,
        cost: bill.total(Recurrence::Monthly).amount().map(Exact),
        currency: bill.currency.to_string(),
        reason: bill.first_unpriced(None).map(|(_, why)| why.to_string()),
        lines: json_lines(bill, catalog),
        adjustments: json_adjustments(bill, catalog),
    }
}

/// Returns a priced request as an indented JSON document.
pub fn to_json(model: &str, bill: &Bill, catalog: &Catalog) -> String {
    super::json::pretty(&document(model, bill, catalog))
}

/// Returns a priced request as one line of JSON.
pub fn to_line(model: &str, bill: &Bill, catalog: &Catalog) -> String {
    super::json::line(&document(model, bill, catalog))
}

/// Returns the line for a record that could not be priced.
pub fn failed_line(model: &str, currency: Currency, why: &str) -> String {
    let (reason, currency) = (Some(why.to_owned()), currency.to_string());
    super::json::line(&Document {
        model,
        cost: None,
        currency,
        reason,
        lines: Vec::new(),
        adjustments: Vec::new(),
    })
}
