//! Prices and sizes of one product on both sides.

use super::{Difference, Figure, Match, PriceDiff, Question, Side};
use crate::catalog::rate::{Cell, Rate};
use crate::catalog::{NoPrice, PriceCard, Product, ProductId};
use crate::units::Currency;

/// What a relative difference of floats may be off: exactly 1 % is not more than 1 %.
const ROUNDING: f64 = 1e-12;

/// Compares prices, sizes and days of sale.
pub(super) fn compare(question: &Question<'_>, pair: Match, found: &mut PriceDiff) {
    let (ours, theirs) =
        (question.before.catalog.product(pair.before), question.after.catalog.product(pair.after));
    let mut report = |what: String, key: &'static str, before: Figure, after: Figure| {
        let theirs = theirs.id.clone();
        let difference =
            Difference { product: pair.before, theirs, what, key, before, after, explanation: None };
        let changed = difference.relative().map(f64::abs).unwrap_or(f64::INFINITY);
        found.compared += 1;
        if difference.before != difference.after && changed > question.tolerance + ROUNDING {
            found.differences.push(difference);
        }
    };
    if question.is_about_days() {
        sale(question, ours, &mut report);
    } else {
        sizes(question, ours, theirs, &mut report);
    }
    match (card_of(question.before, pair.before, None), card_of(question.after, pair.after, None)) {
        (Ok(before), Ok(after)) => {
            let before = in_currency(question.before, pair.before, before, after.currency);
            if before.currency == after.currency {
                cards(question, before, after, &mut report);
            } else {
                converted(question, (before, after), &mut report);
            }
        }
        (Ok(_), Err(NoPrice::Unknown(_))) if question.is_about_days() => {
            report("price".into(), "price", Figure::Words("known".into()), Figure::Unknown);
        }
        _ => {}
    }
}

/// A sink of findings: what, key, before, after.
type Report<'r> = dyn FnMut(String, &'static str, Figure, Figure) + 'r;

fn card_of<'a>(side: Side<'a>, id: ProductId, region: Option<&str>) -> Result<&'a PriceCard, NoPrice> {
    side.catalog.price_on(id, side.date, region)
}

/// Returns a card in force that is quoted in a currency: the default one, else that of a region.
fn in_currency<'a>(side: Side<'a>, id: ProductId, card: &'a PriceCard, currency: Currency) -> &'a PriceCard {
    if card.currency == currency {
        return card;
    }
    let regions = side.catalog.product(id).prices.iter().filter_map(|card| card.region.as_deref());
    let regional = regions.filter_map(|region| card_of(side, id, Some(region)).ok());
    regional.into_iter().find(|regional| regional.currency == currency).unwrap_or(card)
}

/// Compares what two tables print of sizes.
///
/// Some tables mean by a window what goes in and out together, some the largest input alone: a window of theirs that
/// is our largest input, or our window less the largest output, is the same window.
fn sizes(question: &Question<'_>, ours: &Product, theirs: &Product, report: &mut Report<'_>) {
    let facts = [
        ("window", ours.window, theirs.window),
        ("max_output", ours.max_output, theirs.max_output),
        ("dimensions", ours.dimensions, theirs.dimensions),
    ];
    for (key, before, after) in facts {
        let (Some(before), Some(after)) = (before, after) else { continue };
        let input_alone = [ours.max_input, ours.max_output.map(|output| before - output)];
        let is_input = key == "window"
            && input_alone
                .into_iter()
                .flatten()
                .any(|input| (input - after).abs() <= input * question.tolerance);
        let after = if is_input { before } else { after };
        report(key.into(), key, Figure::Number(before), Figure::Number(after));
    }
}

/// Notes what came out or was withdrawn between two days.
fn sale(question: &Question<'_>, product: &Product, report: &mut Report<'_>) {
    let between = |date: &jiff::civil::Date| *date > question.before.date && *date <= question.after.date;
    if let Some(released) = product.released.filter(between) {
        report("released".into(), "released", Figure::Unknown, Figure::Day(released));
    }
    if let Some(retired) = product.retired.filter(between) {
        report("retired".into(), "retired", Figure::Unknown, Figure::Day(retired));
    }
}

/// Compares every price that both cards print; between two days, what only one of them prints too.
fn cards(question: &Question<'_>, before: &PriceCard, after: &PriceCard, report: &mut Report<'_>) {
    let currency = before.currency;
    for cell in &before.cells {
        let other = after.cells.iter().find(|other| other.condition.is_alike(&cell.condition));
        for (meter, rate) in &cell.rates {
            let price = Figure::Price(rate.price.exact, currency);
            let found =
                other.and_then(|other| other.rate(*meter)).and_then(|theirs| theirs.in_unit_of(rate.key));
            match found {
                Some(theirs) => {
                    report(what(cell, rate), rate.key.key, price, Figure::Price(theirs, currency))
                }
                None if question.is_about_days() => {
                    report(what(cell, rate), rate.key.key, price, Figure::Unknown)
                }
                None => {}
            }
        }
    }
    if !question.is_about_days() {
        return;
    }
    for cell in &after.cells {
        let other = before.cells.iter().find(|other| other.condition.is_alike(&cell.condition));
        let new = |meter| other.is_none_or(|other| other.rate(meter).is_none());
        for (_, rate) in cell.rates.iter().filter(|(meter, _)| new(*meter)) {
            let price = Figure::Price(rate.price.exact, currency);
            report(what(cell, rate), rate.key.key, Figure::Unknown, price);
        }
    }
}

/// Compares ordinary prices in two currencies by the rate of the day, in the currency of the one side.
fn converted(question: &Question<'_>, (before, after): (&PriceCard, &PriceCard), report: &mut Report<'_>) {
    let Side { catalog, date } = question.before;
    let Some(conversion) = catalog.exchange.conversion(after.currency, before.currency, date) else { return };
    for cell in &before.cells {
        let Some(other) = after.cells.iter().find(|other| other.condition.is_alike(&cell.condition)) else {
            continue;
        };
        for (meter, rate) in &cell.rates {
            let theirs = other.rate(*meter).and_then(|theirs| theirs.in_unit_of(rate.key));
            let theirs = theirs.and_then(|price| price.checked_mul(conversion.factor.exact));
            if let Some(theirs) = theirs {
                let (ours, theirs) = (
                    Figure::Price(rate.price.exact, before.currency),
                    Figure::Price(theirs.round_dp(6), before.currency),
                );
                report(
                    format!("{}, converted from {}", what(cell, rate), after.currency),
                    rate.key.key,
                    ours,
                    theirs,
                );
            }
        }
    }
}

fn what(cell: &Cell, rate: &Rate) -> String {
    let condition = cell.condition.to_string();
    if condition.is_empty() { rate.key.key.to_owned() } else { format!("{} ({condition})", rate.key.key) }
}
