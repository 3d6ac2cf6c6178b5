//! Where the price that users pay covers a cost, as text, rows and JSON.

use serde::Serialize;

use super::{JsonCrossing, JsonGap, Sides, json_crossings, json_gaps, places, rows_of};
use crate::analysis::Case;
use crate::analysis::break_even::price::Cover;
use crate::analysis::break_even::{Cheaper, Gap};
use crate::present::{exact_money, value};
use crate::report::Sheet;
use crate::report::json::Plain;
use crate::units::decimal;

/// Says which side is the smaller.
fn meaning(side: Cheaper) -> &'static str {
    match side {
        Cheaper::A => "the price covers the cost",
        Cheaper::B => "the cost is above the price",
        Cheaper::Equal => "the price is the cost",
        Cheaper::Neither => "no cost",
    }
}

/// Says in one sentence what was found.
pub fn note(found: &Cover, case: &Case<'_>) -> String {
    let (name, path) = (case.pair_name(found.pair), case.scenario.path_of(found.axis.target));
    let (from, to) = (value(found.axis.from), value(found.axis.to));
    let brought = exact_money(decimal((found.brought_in * 100.0).round() / 100.0), case.book.currency);
    let start = found.regions.first().map_or(Cheaper::Neither, |region| region.cheaper);
    let sentence = if found.crossings.len() == 1 {
        format!("{} up to {path} = {}", meaning(start), places(&found.crossings))
    } else if !found.crossings.is_empty() {
        format!("{} first, which changes at {path} = {}", meaning(start), places(&found.crossings))
    } else if found.parallel {
        format!("{} by the same amount at every {path}", meaning(start))
    } else {
        format!("{} at every {path} between {from} and {to}", meaning(start))
    };
    format!(
        "{name}: {sentence}; at the scenario's own numbers users bring in {brought} a month, after trials and margin"
    )
}

/// Returns the regions with the crossings that begin them.
pub fn regions(found: &Cover, case: &Case<'_>) -> Sheet {
    let side = |side: Cheaper| meaning(side).to_owned();
    let mut sheet = rows_of(&found.regions, &found.crossings, side, case.book.currency);
    if let Some(column) = sheet.columns.iter_mut().find(|column| column.key == "cheaper") {
        (column.heading, column.key) = ("Price against cost".into(), "meaning");
    }
    sheet
}

#[derive(Serialize)]
struct JsonRegion {
    from: Plain,
    to: Plain,
    cheaper: String,
    meaning: &'static str,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    currency: String,
    vary: String,
    a: String,
    b: &'static str,
    brought_in: Plain,
    crossings: Vec<JsonCrossing>,
    regions: Vec<JsonRegion>,
    without_cost: Vec<JsonGap>,
    metric: &'static str,
    note: String,
}

/// Returns the result as JSON, in the shape of a break-even of two designs; `b` is `price`.
pub fn to_json(found: &Cover, gaps: &[Gap], case: &Case<'_>) -> String {
    let sides = Sides { a: case.pair_name(found.pair), b: "price".to_owned() };
    let region = |region: &crate::analysis::break_even::Region| JsonRegion {
        from: Plain(region.from),
        to: Plain(region.to),
        cheaper: sides.name(region.cheaper),
        meaning: meaning(region.cheaper),
    };
    crate::report::json::pretty(&Document {
        schema: "ragonomics/breakeven/1",
        scenario: &case.scenario.name,
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        vary: case.scenario.path_of(found.axis.target),
        a: sides.a.clone(),
        b: "price",
        brought_in: Plain(found.brought_in),
        crossings: json_crossings(&found.crossings),
        regions: found.regions.iter().map(region).collect(),
        without_cost: json_gaps(gaps, case),
        metric: "monthly",
        note: note(found, case),
    })
}
