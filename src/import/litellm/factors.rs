//! What changes a whole card: factors for a region and for the fast class, and searches that cost nothing.

use rust_decimal::Decimal;
use serde_json::Value;

use super::super::Intake;
use super::super::card::number;
use super::Entry;
use crate::catalog::rate::{Cell, Rate};
use crate::catalog::{Meter, PriceCard, Service};
use crate::units::Price;

/// Factors for regions: the field and our region. The endpoints of a region cost the same in all of them.
const UPLIFTS: [(&str, &str); 3] = [
    ("regional_processing_uplift_multiplier_us", "us"),
    ("regional_processing_uplift_multiplier_eu", "eu"),
    ("regional_endpoint_uplift_multiplier", "regional"),
];

/// Adds the searches of a month that cost nothing.
pub(super) fn add_free_searches(intake: &mut Intake, card: &mut PriceCard, entry: &Entry<'_>) {
    let Some(free) = entry.fields.get("search_free_requests") else { return };
    let text = |key: &str| free.get(key).and_then(Value::as_str).unwrap_or_default();
    match (free.get("count").and_then(Value::as_f64), text("period")) {
        (Some(count), "month") if card.prices(Meter::WebSearches) => {
            card.included.push((Meter::WebSearches, count));
            let group = text("shared_group");
            let shared = format!("the free searches of a month are shared by the models of {group}");
            card.note = Some(card.note.take().map_or(shared.clone(), |note| format!("{note}; {shared}")));
        }
        _ => intake.lose(entry.name.key, "search_free_requests", "a free quantity that is not for a month"),
    }
}

/// Returns the entry's factor for something under `provider_specific_entry`.
fn own_factor(entry: &Entry<'_>, name: &str) -> Option<Decimal> {
    entry.fields.get("provider_specific_entry")?.get(name).and_then(number)
}

/// Adds the cells of the fast class, which costs a factor of the ordinary one.
pub(super) fn add_fast(intake: &mut Intake, card: &mut PriceCard, entry: &Entry<'_>) {
    if own_factor(entry, "minimax_free_input_images").is_some() {
        let why = "images of a request that cost nothing have no place";
        intake.lose(entry.name.key, "provider_specific_entry.minimax_free_input_images", why);
    }
    let Some(factor) = own_factor(entry, "fast") else { return };
    let standard = card.cells.iter().filter(|cell| cell.condition.service == Service::Standard);
    let Some(mut fast) = standard.map(|cell| tokens_times(cell, factor)).collect::<Option<Vec<Cell>>>()
    else {
        intake.lose(entry.name.key, "provider_specific_entry.fast", "more than 28 digits");
        return;
    };
    fast.iter_mut().for_each(|cell| cell.condition.service = Service::Fast);
    card.cells.extend(fast);
    card.cells.sort_by_key(|cell| cell.condition.service);
}

/// Returns the cards of regions that cost a factor more.
pub(super) fn elsewhere(intake: &mut Intake, card: &PriceCard, entry: &Entry<'_>) -> Vec<PriceCard> {
    if card.region.is_some() {
        return Vec::new();
    }
    let field = |(field, region)| Some((field, region, entry.fields.get(field).and_then(number)?));
    let mut factors: Vec<(&str, &str, Decimal)> = UPLIFTS.into_iter().filter_map(field).collect();
    factors.extend(own_factor(entry, "us").map(|factor| ("provider_specific_entry.us", "us", factor)));
    let mut cards = Vec::new();
    for (field, region, factor) in factors {
        match card.cells.iter().map(|cell| tokens_times(cell, factor)).collect::<Option<Vec<Cell>>>() {
            Some(cells) => cards.push(PriceCard { region: Some(region.to_owned()), cells, ..card.clone() }),
            None => intake.lose(entry.name.key, field, "more than 28 digits"),
        }
    }
    cards
}

/// Returns a cell whose prices of tokens are times a factor: searches and the like cost the same everywhere. `None`
/// where one would have too many digits.
fn tokens_times(cell: &Cell, factor: Decimal) -> Option<Cell> {
    let scaled = |(meter, rate): &(Meter, Rate)| {
        let factor = if meter.unit() == "tokens" { factor } else { Decimal::ONE };
        let price = Price::new(rate.price.exact.checked_mul(factor)?.normalize());
        Some((*meter, Rate { price, key: rate.key }))
    };
    let rates = cell.rates.iter().map(scaled).collect::<Option<Vec<_>>>()?;
    Some(Cell { condition: cell.condition.clone(), rates })
}
