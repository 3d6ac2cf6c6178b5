//! Two bills line by line, as rows and as JSON.

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use super::json::Exact;
use super::{Align, Cell, Sheet};
use crate::analysis::bill_diff::{BillDiff, Key, Line, Side, difference};
use crate::bill::{Bill, Total};
use crate::catalog::Service;
use crate::present::{UNKNOWN, money, signed_percent};
use crate::units::Currency;
use crate::usage::Recurrence;

/// One of the two, as it is called.
pub struct About<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// Id of the model.
    pub model: &'a str,
    /// Id of the strategy.
    pub strategy: &'a str,
    /// Day whose prices hold.
    pub as_of: Date,
    /// The bill.
    pub bill: &'a Bill,
}

impl About<'_> {
    /// Returns the side in one line, behind its letter.
    pub fn line(&self, letter: char) -> String {
        format!("{letter}  {}, {}:{}, prices of {}", self.scenario, self.model, self.strategy, self.as_of)
    }
}

fn title(key: &Key) -> String {
    let class = key.class.as_ref().map(|class| format!("{class}: ")).unwrap_or_default();
    let service = match key.service {
        Service::Standard => String::new(),
        service => format!(", {}", service.word()),
    };
    let meter = key.meter.map(|meter| format!(": {}", meter.label())).unwrap_or_default();
    format!("{class}{}{service}{meter}", key.step)
}

fn signed(amount: Option<Decimal>, currency: Currency) -> Cell {
    let Some(amount) = amount else { return Cell::unknown() };
    let plus = if amount > Decimal::ZERO { "+" } else { "" };
    Cell::both(format!("{plus}{}", money(amount, currency)), amount.normalize().to_string())
}

/// Returns the lines of one recurrence under the product that they are paid for, with their totals, within 80 columns;
/// empty where there are none.
pub fn lines(diff: &BillDiff, sides: [&About<'_>; 2], recurrence: Recurrence) -> Sheet {
    let heading = if recurrence == Recurrence::Monthly { "Each month" } else { "Once" };
    let mut sheet = Sheet::new(&[
        (heading, "line", Align::Left),
        ("A", "a", Align::Right),
        ("B", "b", Align::Right),
        ("Difference", "difference", Align::Right),
    ]);
    let currency = sides[0].bill.currency;
    let mut products: Vec<&str> = Vec::new();
    for line in diff.lines_of(recurrence) {
        if !products.contains(&line.key.product.as_str()) {
            products.push(&line.key.product);
        }
    }
    for product in &products {
        sheet.push_marked([*product, "", "", ""].map(Cell::text).to_vec(), true);
        for line in diff.lines_of(recurrence).filter(|line| line.key.product == *product) {
            let text = Cell::text(format!("  {}", title(&line.key)));
            let (a, b) = (amount(line.a, currency), amount(line.b, currency));
            sheet.push(vec![text, a, b, signed(line.difference(), currency)]);
        }
    }
    if !products.is_empty() {
        let [a, b] = sides.map(|side| total_cell(side.bill.total(recurrence), currency));
        let difference = signed(difference(sides[0].bill, sides[1].bill, recurrence), currency);
        sheet.push_marked(vec![Cell::text("Total"), a, b, difference], true);
    }
    sheet
}

/// Shows an amount: nothing where the line is absent, a dash where its price is not known.
fn amount(side: Option<Side>, currency: Currency) -> Cell {
    side.map_or_else(|| Cell::text(""), |side| Cell::money(side.amount, currency))
}

fn total_cell(total: Total, currency: Currency) -> Cell {
    match total.amount() {
        Some(amount) => Cell::money(Some(amount), currency),
        None => Cell::both(format!("≥ {}", money(total.known, currency)), ""),
    }
}

/// Says what the difference comes to.
pub fn sentence(sides: [&About<'_>; 2]) -> String {
    let currency = sides[0].bill.currency;
    let monthly = |side: &About<'_>| side.bill.total(Recurrence::Monthly).amount();
    let Some(difference) = difference(sides[0].bill, sides[1].bill, Recurrence::Monthly) else {
        let which = if monthly(sides[0]).is_none() { "A" } else { "B" };
        return format!("The month of {which} is not known in full, so the difference is {UNKNOWN}.");
    };
    let before = monthly(sides[0]).filter(|before| !before.is_zero());
    let share = before.and_then(|before| difference.checked_div(before)?.to_f64());
    let share = share.map(|share| format!(" ({})", signed_percent(share))).unwrap_or_default();
    match difference {
        none if none.is_zero() => "A month of B costs the same as one of A.".to_owned(),
        less if less.is_sign_negative() => {
            format!("A month of B costs {} less than one of A{share}.", money(-less, currency))
        }
        more => format!("A month of B costs {} more than one of A{share}.", money(more, currency)),
    }
}

/// Returns every line with every field, for CSV.
pub fn full(diff: &BillDiff, currency: Currency) -> Sheet {
    let columns = [
        "recurring",
        "step",
        "class",
        "service",
        "product",
        "meter",
        "quantity_a",
        "quantity_b",
        "unit_price_a",
        "unit_price_b",
        "amount_a",
        "amount_b",
        "difference",
        "currency",
    ];
    let columns: Vec<(&'static str, &'static str, Align)> =
        columns.iter().map(|key| (*key, *key, Align::Left)).collect();
    let mut sheet = Sheet::new(&columns);
    let exact = |value: Option<Decimal>| value.map(|value| value.normalize().to_string()).unwrap_or_default();
    for line in &diff.lines {
        let of =
            |side: &Option<Side>, field: fn(&Side) -> Option<Decimal>| exact(side.as_ref().and_then(field));
        let texts = [
            line.key.recurrence.word().to_owned(),
            line.key.step.clone(),
            line.key.class.clone().unwrap_or_default(),
            line.key.service.word().to_owned(),
            line.key.product.clone(),
            meter(&line.key).to_owned(),
            of(&line.a, |side| side.quantity),
            of(&line.b, |side| side.quantity),
            of(&line.a, |side| side.unit_price),
            of(&line.b, |side| side.unit_price),
            of(&line.a, |side| side.amount),
            of(&line.b, |side| side.amount),
            exact(line.difference()),
            currency.to_string(),
        ];
        sheet.push(texts.map(Cell::text).to_vec());
    }
    sheet
}

fn meter(key: &Key) -> &'static str {
    match (key.meter, key.correction) {
        (Some(meter), _) => meter.name(),
        (None, Some(_)) => "correction",
        (None, None) => "own_cost",
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    currency: String,
    a: JsonBill<'a>,
    b: JsonBill<'a>,
    monthly_difference: Option<Exact>,
    one_off_difference: Option<Exact>,
    lines: Vec<JsonLine<'a>>,
}

#[derive(Serialize)]
struct JsonBill<'a> {
    scenario: &'a str,
    as_of: String,
    model: &'a str,
    strategy: &'a str,
    monthly: Option<Exact>,
    one_off: Option<Exact>,
    at_least: Option<Exact>,
}

#[derive(Serialize)]
struct JsonLine<'a> {
    step: &'a str,
    class: Option<&'a str>,
    service: &'static str,
    product: &'a str,
    meter: &'static str,
    recurring: &'static str,
    a: Option<JsonSide>,
    b: Option<JsonSide>,
    difference: Option<Exact>,
}

#[derive(Serialize)]
struct JsonSide {
    quantity: Option<Exact>,
    unit_price: Option<Exact>,
    amount: Option<Exact>,
}

/// Returns two bills as JSON; `difference` is that of the second less the first.
pub fn to_json(diff: &BillDiff, sides: [&About<'_>; 2]) -> String {
    let [a, b] = sides.map(json_bill);
    let of = |recurrence| difference(sides[0].bill, sides[1].bill, recurrence).map(Exact);
    super::json::pretty(&Document {
        schema: "ragonomics/diff/1",
        currency: sides[0].bill.currency.to_string(),
        a,
        b,
        monthly_difference: of(Recurrence::Monthly),
        one_off_difference: of(Recurrence::OneOff),
        lines: diff.lines.iter().map(json_line).collect(),
    })
}

fn json_bill<'a>(side: &'a About<'a>) -> JsonBill<'a> {
    let monthly = side.bill.total(Recurrence::Monthly);
    JsonBill {
        scenario: side.scenario,
        as_of: side.as_of.to_string(),
        model: side.model,
        strategy: side.strategy,
        monthly: monthly.amount().map(Exact),
        one_off: side.bill.total(Recurrence::OneOff).amount().map(Exact),
        at_least: (!monthly.complete).then_some(Exact(monthly.known)),
    }
}

fn json_line(line: &Line) -> JsonLine<'_> {
    let side = |side: &Option<Side>| {
        side.as_ref().map(|side| JsonSide {
            quantity: side.quantity.map(Exact),
            unit_price: side.unit_price.map(Exact),
            amount: side.amount.map(Exact),
        })
    };
    JsonLine {
        step: &line.key.step,
        class: line.key.class.as_deref(),
        service: line.key.service.word(),
        product: &line.key.product,
        meter: meter(&line.key),
        recurring: line.key.recurrence.word(),
        a: side(&line.a),
        b: side(&line.b),
        difference: line.difference().map(Exact),
    }
}
