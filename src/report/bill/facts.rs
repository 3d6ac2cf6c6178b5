//! One line or correction of a bill explained, as names and texts.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{adjustment_label, meter, party, product, rate_of};
use crate::bill::{Adjustment, AdjustmentKind, Bill, Charge, LineItem, LinePrice};
use crate::catalog::Catalog;
use crate::present::{quantity, readable_money, significant, whole};
use crate::units::Currency;
use crate::usage::Recurrence;

type Facts = Vec<(&'static str, String)>;

/// Explains one line: what is charged, the multiplication, the price and where it comes from, how old that is on a day,
/// and why this price and no other.
pub fn explain_line(bill: &Bill, catalog: &Catalog, line: &LineItem, date: Date) -> Facts {
    let mut facts =
        vec![("for", line.title()), ("charged", format!("{}, {}", product(catalog, line), meter(line)))];
    facts.extend(
        line.class_name.clone().map(|name| (if line.class.is_some() { "class" } else { "corpus" }, name)),
    );
    let counted = format!("{} {}, {}", quantity(line.quantity, 6), line.unit, line.recurrence.word());
    facts.push(("quantity", counted));
    match &line.price {
        Ok(price) => facts.extend(explain_price(bill, line, price, date)),
        Err(why) => facts.push(("no price", why.to_string())),
    }
    facts
}

fn explain_price(bill: &Bill, line: &LineItem, price: &LinePrice, date: Date) -> Facts {
    let money = |amount| readable_money(amount, bill.currency);
    let mut facts = vec![
        ("unit price", format!("{}/{}", money(price.unit_price), price.unit)),
        ("amount", multiplied(line.quantity, price, bill.currency)),
    ];
    if price.effective != price.amount {
        facts
            .push(("to be paid", format!("{}, after what is included or taken off", money(price.effective))));
    }
    facts.extend(price.quoted.as_ref().map(|quoted| {
        let day = rate_of(quoted);
        let rate = significant(quoted.factor);
        let quote = readable_money(quoted.price, quoted.currency);
        ("quoted", format!("{quote}; 1 {} = {rate} {}{day}", quoted.currency, bill.currency))
    }));
    facts.push(("this price", why_this_price(line, price)));
    facts.extend(price.from.map(|date| ("price since", date.to_string())));
    facts.extend(
        price.checked.map(|day| {
            ("checked", format!("{day}{}, confidence {}", age(day, date), price.confidence.word()))
        }),
    );
    facts.push(("source", price.source.clone()));
    facts
}

/// Says how long before the day of the prices something was checked.
fn age(checked: Date, date: Date) -> String {
    match (date - checked).get_days() {
        days if days < 0 => String::new(),
        0 => format!(", the day of the prices, {date}"),
        1 => format!(", 1 day before {date}"),
        days => format!(", {} days before {date}", whole(f64::from(days))),
    }
}

/// Decimals with which a quantity is tried until the multiplication can be done again.
const TRIED_DECIMALS: [u32; 4] = [6, 9, 12, 15];

/// Writes quantity × unit price = amount, with as many digits of the quantity and of a converted price as it takes for the
/// product to be the amount to its last digit.
fn multiplied(counted: Decimal, price: &LinePrice, currency: Currency) -> String {
    let amount = readable_money(price.amount, currency);
    let product = |decimals: u32| {
        let quantity = counted.round_dp(decimals);
        let unit = factor(price.unit_price);
        quantity.checked_mul(unit).and_then(|product| product.checked_div(price.per))
    };
    let again = |decimals: &u32| {
        let scale = price.amount.normalize().scale();
        let written = |product: Decimal| readable_money(product.round_dp(scale), currency);
        product(*decimals).map(written).as_ref() == Some(&amount)
    };
    let decimals = TRIED_DECIMALS.into_iter().find(again).unwrap_or(TRIED_DECIMALS[0]);
    let per =
        if price.per == Decimal::ONE { String::new() } else { format!(" ÷ {}", quantity(price.per, 0)) };
    let unit = crate::present::exact_money(factor(price.unit_price), currency);
    format!("{}{per} × {unit} = {amount}", quantity(counted, decimals))
}

/// Digits of a converted price in a multiplication: more than the six of the amount, so that these can be worked out.
const FACTOR_DIGITS: u32 = 10;

/// Returns a unit price as a multiplication shows it: one that was converted is not written with all its digits.
fn factor(price: Decimal) -> Decimal {
    if price.normalize().scale() <= 12 { price } else { price.round_sf(FACTOR_DIGITS).unwrap_or(price) }
}

/// Says which conditions chose the price.
fn why_this_price(line: &LineItem, price: &LinePrice) -> String {
    if matches!(line.charge, Charge::Own(_)) {
        return "a cost of your own".to_owned();
    }
    let tier = match price.why.tier {
        Some(size) => format!("the tier over {} tokens", crate::present::value(size)),
        None => "the base price".to_owned(),
    };
    let hours = if price.why.in_hours { ", in priced hours" } else { "" };
    format!("{tier}{hours}, {} service", line.service.word())
}

/// Explains a correction: what it is with, what it comes to, and where that was agreed.
pub fn explain_adjustment(bill: &Bill, catalog: &Catalog, found: &Adjustment) -> Facts {
    let money = |amount: Decimal| readable_money(amount, bill.currency);
    let mut facts = vec![("amount", money(found.amount))];
    if found.kind == AdjustmentKind::Minimum {
        let own = |line: &&LineItem| {
            let of_product = matches!(line.charge, Charge::Product(id, _) if Some(id) == found.product);
            of_product && line.recurrence == Recurrence::Monthly
        };
        let prices = bill.lines.iter().filter(own).filter_map(|line| line.price.as_ref().ok());
        let used: Decimal = prices.map(|price| price.effective).sum();
        let least = used.checked_add(found.amount).unwrap_or(found.amount);
        let values = format!("{} − {} = {}", money(least), money(used), money(found.amount));
        facts = vec![("formula", "monthly minimum − what the lines come to".to_owned()), ("amount", values)];
    }
    facts.push(("for", format!("{}, {}", party(catalog, found), adjustment_label(found))));
    let agreed = found.source.clone().or_else(|| {
        let own =
            |line: &&LineItem| matches!(line.charge, Charge::Product(id, _) if Some(id) == found.product);
        let line = bill.lines.iter().find(own)?;
        line.price.as_ref().ok().map(|price| price.source.clone())
    });
    facts.extend(agreed.map(|source| ("source", source)));
    facts
}
