//! Two bills line by line: what each line costs on either side, and what that differs by.

use rust_decimal::Decimal;

use crate::bill::{AdjustmentKind, Bill, Charge, LineItem};
use crate::catalog::{Catalog, Meter, Service};
use crate::usage::Recurrence;

/// What makes lines of two bills the same line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Once or each month.
    pub recurrence: Recurrence,
    /// What the line is for, an extra call by its name; the kind of a correction.
    pub step: String,
    /// Class of requests, or corpus, where there are several.
    pub class: Option<String>,
    /// Service class.
    pub service: Service,
    /// Id of the product, name of a cost of the user's own, or the vendor of a correction.
    pub product: String,
    /// What is counted; `None` for own costs and corrections.
    pub meter: Option<Meter>,
    /// The kind of a correction.
    pub correction: Option<AdjustmentKind>,
}

/// One side of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Base units; `None` for a correction.
    pub quantity: Option<Decimal>,
    /// Price for a base unit, where all of them cost the same.
    pub unit_price: Option<Decimal>,
    /// What that costs; `None` where a price is not known.
    pub amount: Option<Decimal>,
}

/// One line with both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is.
    pub key: Key,
    /// How it is on the first bill; `None` where that has no such line.
    pub a: Option<Side>,
    /// How it is on the second.
    pub b: Option<Side>,
}

impl Line {
    /// Returns by how much more the second side costs; a line that is absent costs nothing.
    pub fn difference(&self) -> Option<Decimal> {
        let amount = |side: &Option<Side>| side.as_ref().map_or(Some(Decimal::ZERO), |side| side.amount);
        amount(&self.b)?.checked_sub(amount(&self.a)?)
    }
}

/// Two bills line by line.
#[derive(Debug, Clone, PartialEq)]
pub struct BillDiff {
    /// The lines: those of the first bill in its order, then those that only the second has.
    pub lines: Vec<Line>,
}

impl BillDiff {
    /// Returns the lines of one recurrence.
    pub fn lines_of(&self, recurrence: Recurrence) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.key.recurrence == recurrence)
    }
}

/// Returns by how much more one total is than another; `None` where one is not known.
pub fn difference(a: &Bill, b: &Bill, recurrence: Recurrence) -> Option<Decimal> {
    b.total(recurrence).amount()?.checked_sub(a.total(recurrence).amount()?)
}

/// Compares two bills in one currency. Lines are the same where step, class, service, product and meter are; several
/// such lines of one bill, as tiers make them, count as one.
pub fn diff(a: &Bill, b: &Bill, catalog: &Catalog) -> BillDiff {
    let (a, b) = (sides(a, catalog), sides(b, catalog));
    let find = |sides: &[(Key, Side)], key: &Key| {
        sides.iter().find(|(known, _)| known == key).map(|(_, side)| *side)
    };
    let first = a.iter().map(|(key, side)| Line { key: key.clone(), a: Some(*side), b: find(&b, key) });
    let only_second = b.iter().filter(|(key, _)| find(&a, key).is_none());
    let second = only_second.map(|(key, side)| Line { key: key.clone(), a: None, b: Some(*side) });
    BillDiff { lines: first.chain(second).collect() }
}

fn sides(bill: &Bill, catalog: &Catalog) -> Vec<(Key, Side)> {
    let mut sides: Vec<(Key, Side)> = Vec::new();
    for line in &bill.lines {
        let price = line.price.as_ref().ok();
        let unit_price = price.and_then(|price| price.unit_price.checked_div(price.per));
        let amount = price.map(|price| price.amount);
        add(&mut sides, key(line, catalog), Side { quantity: Some(line.quantity), unit_price, amount });
    }
    for adjustment in &bill.adjustments {
        let product = match adjustment.product {
            Some(product) => catalog.product(product).id.clone(),
            None => adjustment.vendor.clone().unwrap_or_default(),
        };
        let key = Key {
            recurrence: adjustment.recurrence,
            step: adjustment.kind.label().to_owned(),
            class: None,
            service: Service::Standard,
            product,
            meter: None,
            correction: Some(adjustment.kind),
        };
        add(&mut sides, key, Side { quantity: None, unit_price: None, amount: Some(adjustment.amount) });
    }
    sides
}

fn key(line: &LineItem, catalog: &Catalog) -> Key {
    let (product, meter) = match &line.charge {
        Charge::Product(id, meter) => (catalog.product(*id).id.clone(), Some(*meter)),
        Charge::Own(name) => (name.clone(), None),
    };
    Key {
        recurrence: line.recurrence,
        step: line.call.clone().unwrap_or_else(|| line.step.to_owned()),
        class: line.class_name.clone(),
        service: line.service,
        product,
        meter,
        correction: None,
    }
}

/// Adds a side; a second one of the same key is summed into the first.
fn add(sides: &mut Vec<(Key, Side)>, key: Key, side: Side) {
    let Some((_, known)) = sides.iter_mut().find(|(known, _)| *known == key) else {
        sides.push((key, side));
        return;
    };
    let sum = |a: Option<Decimal>, b: Option<Decimal>| a?.checked_add(b?);
    known.unit_price = known.unit_price.filter(|price| Some(*price) == side.unit_price);
    known.quantity = sum(known.quantity, side.quantity);
    known.amount = sum(known.amount, side.amount);
}
