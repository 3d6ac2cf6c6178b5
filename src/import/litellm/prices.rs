//! Prices of a product's entries as cards: one for each region, one cell for each condition.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::card::{CardBuilder, THOUSAND, number};
use super::super::{Intake, first_seen};
use super::field::{Place, Sold, place};
use super::hours::{Window, window};
use super::{Entry, Fields, factors};
use crate::catalog::rate::{Basis, Condition, Tier};
use crate::catalog::{Kind, Product};

/// Where a price comes from when the entry names no page.
const TABLE: &str = "LiteLLM, model_prices_and_context_window.json";

/// A figure of an entry with the place it goes to.
struct Figure {
    field: String,
    place: Place,
    price: Decimal,
}

/// Returns whether two entries say the same about prices.
pub(super) fn same(one: &Fields, two: &Fields) -> bool {
    const MORE: [&str; 4] =
        ["tiered_pricing", "off_peak_pricing", "provider_specific_entry", "search_free_requests"];
    let said = |fields: &Fields| -> Vec<(String, Value)> {
        let of_price =
            |key: &String| key.contains("cost") || key.contains("uplift") || MORE.contains(&key.as_str());
        fields
            .iter()
            .filter(|(key, _)| of_price(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    said(one) == said(two)
}

/// Puts the prices of entries on the product's cards and returns for each whether it had any.
pub(super) fn fill(
    intake: &mut Intake,
    product: &mut Product,
    entries: &[&Entry<'_>],
    day: Date,
) -> Vec<bool> {
    let mut cards: Vec<(Option<&str>, CardBuilder, &Entry<'_>)> = Vec::new();
    let mut priced = Vec::new();
    for entry in entries {
        let region = entry.name.region.as_deref();
        let at = cards.iter().position(|(known, ..)| *known == region).unwrap_or_else(|| {
            cards.push((region, CardBuilder::default(), entry));
            cards.len() - 1
        });
        let figures = figures(intake, entry);
        priced.push(put(intake, &mut cards[at].1, entry, figures));
    }
    let mut by_factor = Vec::new();
    for (region, builder, entry) in cards {
        let source = entry.fields.get("source").and_then(Value::as_str);
        let source = source.map_or(TABLE.to_owned(), |page| format!("{page} (as in {TABLE})"));
        let Some(mut card) = builder.finish(day, day, &source) else { continue };
        card.region = region.map(str::to_owned);
        card.note = Some(first_seen(day));
        factors::add_fast(intake, &mut card, entry);
        factors::add_free_searches(intake, &mut card, entry);
        by_factor.extend(factors::elsewhere(intake, &card, entry));
        product.prices.push(card);
    }
    // A region with an entry of its own has its price printed: no factor is needed for it.
    for card in by_factor {
        if !product.prices.iter().any(|printed| printed.region == card.region) {
            product.prices.push(card);
        }
    }
    priced
}

/// Puts figures on a card and returns whether any had a place there.
fn put(intake: &mut Intake, card: &mut CardBuilder, entry: &Entry<'_>, figures: Vec<Figure>) -> bool {
    let mut any = false;
    for mut figure in figures {
        let condition = &mut figure.place.condition;
        condition.variant = joined(entry.name.variant.clone(), condition.variant.take());
        match card.add_scaled(condition, figure.place.key, figure.price, figure.place.times) {
            Ok(()) => any = true,
            Err(refused) => intake.lose(entry.name.key, &figure.field, refused.words()),
        }
    }
    any
}

/// Joins the variant of a name with that of a field.
fn joined(one: Option<String>, two: Option<String>) -> Option<String> {
    let both: Vec<String> = [one, two].into_iter().flatten().collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// Collects what an entry says, and names what has no place.
fn figures(intake: &mut Intake, entry: &Entry<'_>) -> Vec<Figure> {
    let mut figures = Vec::new();
    add_fields(intake, &mut figures, entry, entry.fields, &Condition::default(), "");
    add_steps(intake, &mut figures, entry);
    add_off_peak(intake, &mut figures, entry);
    add_searches(&mut figures, entry.fields);
    figures
}

fn sold(entry: &Entry<'_>) -> Sold {
    let made = |(field, value): (&String, &Value)| {
        field.starts_with("output_cost_per_image") && number(value).is_some_and(|price| !price.is_zero())
    };
    Sold {
        kind: entry.kind,
        inclusive: entry.name.family == "xai",
        reserved: entry.name.reserved,
        makes_images: entry.fields.iter().any(made),
    }
}

/// Adds the `..cost..` fields of an entry, or of a part of it that holds under a condition.
fn add_fields(
    intake: &mut Intake,
    figures: &mut Vec<Figure>,
    entry: &Entry<'_>,
    fields: &Fields,
    under: &Condition,
    path: &str,
) {
    for (field, value) in fields.iter().filter(|(field, _)| field.contains("cost")) {
        let full = format!("{path}{field}");
        if let Some(parts) = value.as_object().filter(|_| field != "search_context_cost_per_query") {
            lose_parts(intake, entry, &full, parts);
        }
        let Some(price) = number(value) else { continue };
        let place = place(field, sold(entry));
        if price.is_zero() && !place.as_ref().is_some_and(|place| is_free(entry, place)) {
            continue;
        }
        let Some(mut place) = place else {
            intake.lose(entry.name.key, &full, why_no_place(field));
            continue;
        };
        place.condition.tier = under.tier.or(place.condition.tier);
        place.condition.variant = joined(under.variant.clone(), place.condition.variant.take());
        figures.push(Figure { field: full, place, price });
    }
}

fn lose_parts(intake: &mut Intake, entry: &Entry<'_>, path: &str, parts: &Fields) {
    for (part, value) in parts {
        if number(value).is_some_and(|price| !price.is_zero()) {
            intake.lose(entry.name.key, &format!("{path}.{part}"), why_no_place(path));
        }
    }
}

fn why_no_place(field: &str) -> &'static str {
    if field.contains("_dbu_") {
        "counted in the vendor's own unit; the price in dollars beside it was taken"
    } else {
        "no price key of the tables counts this"
    }
}

/// Returns whether a zero is a price: see the head of the importer.
fn is_free(entry: &Entry<'_>, place: &Place) -> bool {
    const JUDGES: [&str; 3] = ["decisions", "evaluation", "extraction"];
    let mode = entry.fields.get("mode").and_then(Value::as_str).unwrap_or_default();
    let asked =
        entry.fields.get("input_cost_per_token").and_then(number).is_some_and(|price| !price.is_zero());
    let judges = JUDGES.contains(&mode) || place.condition.variant.as_deref() == Some("decisions");
    match place.key {
        "input_per_mtok" => entry.kind == Kind::Moderation || entry.name.key.ends_with("free"),
        "output_per_mtok" => (judges && asked) || entry.name.key.ends_with("free"),
        _ => false,
    }
}

/// Adds `tiered_pricing`: steps by the input of a request, of which the whole request pays the one it ends in, or
/// steps by the number of results asked for. A step begins above its first number.
fn add_steps(intake: &mut Intake, figures: &mut Vec<Figure>, entry: &Entry<'_>) {
    let steps = entry.fields.get("tiered_pricing").and_then(Value::as_array);
    for (at, step) in steps.map_or(&[][..], Vec::as_slice).iter().enumerate() {
        let Some(fields) = step.as_object() else { continue };
        let path = format!("tiered_pricing[{at}].");
        let ends = |key: &str| {
            let ends = fields.get(key)?.as_array()?;
            Some((ends.first()?.as_f64()?, ends.get(1)?.as_f64()?))
        };
        let mut under = Condition::default();
        if let Some((from, _)) = ends("range") {
            let tier = Tier { threshold: from, inclusive: false, basis: Basis::Request };
            under.tier = (from > 0.0).then_some(tier);
        } else if let Some((from, to)) = ends("max_results_range") {
            under.variant = Some(format!("{from} to {to} results"));
        } else {
            lose_parts(intake, entry, path.trim_end_matches('.'), fields);
            continue;
        }
        add_fields(intake, figures, entry, fields, &under, &path);
    }
}

/// Adds `off_peak_pricing`: the fields of the entry itself are the price of the peak.
fn add_off_peak(intake: &mut Intake, figures: &mut Vec<Figure>, entry: &Entry<'_>) {
    let Some(off_peak) = entry.fields.get("off_peak_pricing") else { return };
    let Some(fields) = off_peak.as_object() else { return };
    let Some(window) = window(off_peak) else {
        for (field, _) in fields.iter().filter(|(field, _)| field.contains("cost")) {
            intake.lose(
                entry.name.key,
                &format!("off_peak_pricing.{field}"),
                "hours that are not one window",
            );
        }
        return;
    };
    let mut off = Vec::new();
    add_fields(intake, &mut off, entry, fields, &Condition::default(), "off_peak_pricing.");
    for mut price in off {
        match &window {
            Window::OffPeak(hours) => price.place.condition.hours = Some(hours.clone()),
            Window::Peak(hours) => {
                for peak in figures.iter_mut().filter(|peak| peak.place == price.place) {
                    peak.place.condition.hours = Some(hours.clone());
                }
            }
        }
        figures.push(price);
    }
}

/// Adds the price of a web search, by how much is put before the model where that matters.
fn add_searches(figures: &mut Vec<Figure>, fields: &Fields) {
    let Some(searches) = fields.get("search_context_cost_per_query").and_then(Value::as_object) else {
        return;
    };
    let prices: Vec<(&str, Decimal)> = searches
        .iter()
        .filter_map(|(size, value)| Some((size.strip_prefix("search_context_size_")?, number(value)?)))
        .filter(|(_, price)| !price.is_zero())
        .collect();
    let same = prices.len() == searches.len() && prices.windows(2).all(|pair| pair[0].1 == pair[1].1);
    for (size, price) in prices {
        let variant = (!same).then(|| format!("{size} search context"));
        let condition = Condition { variant, ..Condition::default() };
        let place = Place { key: "web_search_per_k", times: THOUSAND, condition };
        let field = format!("search_context_cost_per_query.search_context_size_{size}");
        figures.push(Figure { field, place, price });
    }
}
