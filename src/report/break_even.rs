//! Break-even results as text, rows and JSON.

pub mod cover;

use serde::Serialize;

use super::json::Plain;
use super::{Align, Cell, Sheet};
use crate::analysis::Case;
use crate::analysis::break_even::{BreakEven, Cheaper, Crossing, Gap, Region};
use crate::analysis::summary::Contest;
use crate::analysis::sweep::Axis;
use crate::answer::noun;
use crate::present::{money_float, value};
use crate::units::Currency;
use crate::usage::strategy::Family;

/// What the two sides are called.
struct Sides {
    a: String,
    b: String,
}

impl Sides {
    fn name(&self, side: Cheaper) -> String {
        match side {
            Cheaper::A => self.a.clone(),
            Cheaper::B => self.b.clone(),
            Cheaper::Equal => "equal".to_owned(),
            Cheaper::Neither => "neither".to_owned(),
        }
    }
}

/// Returns which design a region names.
pub fn cheaper(found: &BreakEven, side: Cheaper, case: &Case<'_>) -> String {
    Sides { a: case.pair_name(found.a), b: case.pair_name(found.b) }.name(side)
}

/// Writes where crossings lie: "3 and at 5".
fn places(crossings: &[Crossing]) -> String {
    let places: Vec<String> = crossings.iter().map(|crossing| value(crossing.at)).collect();
    places.join(" and at ")
}

/// Says in one sentence what was found.
pub fn note(found: &BreakEven, case: &Case<'_>) -> String {
    let path = case.scenario.path_of(found.axis.target);
    let range = format!("between {} and {}", value(found.axis.from), value(found.axis.to));
    if !found.crossings.is_empty() {
        return format!("the cheaper design changes at {path} = {}", places(&found.crossings));
    }
    match found.regions.first().map(|region| region.cheaper) {
        Some(Cheaper::Neither) | None => format!("no cost for either design {range}"),
        Some(Cheaper::Equal) => format!("both cost the same {range}"),
        Some(side) if found.parallel => {
            format!("never: {} is cheaper by the same amount at every {path}", cheaper(found, side, case))
        }
        Some(side) => {
            format!("none in this range: {} is cheaper at every {path} {range}", cheaper(found, side, case))
        }
    }
}

/// Says where designs have no cost along an axis, and why.
pub fn gap_notes(gaps: &[Gap], axis: Axis, case: &Case<'_>) -> Vec<String> {
    let path = case.scenario.path_of(axis.target);
    let said = |gap: &Gap| {
        let name = case.pair_name(gap.pair);
        let stretch = match (gap.from <= axis.from, gap.to >= axis.to) {
            (true, true) => format!("from {path} = {} to {}", value(gap.from), value(gap.to)),
            (false, true) => format!("from {path} = {} on", value(gap.from)),
            (true, false) => format!("up to {path} = {}", value(gap.to)),
            (false, false) => format!("from {path} = {} to {}", value(gap.from), value(gap.to)),
        };
        format!("{name} has no cost {stretch}; at {}: {}", value(gap.at), gap.reason)
    };
    gaps.iter().map(said).collect()
}

/// Says why there is nothing to compare along requests.
pub fn nothing_to_cross() -> String {
    let (stuff, retrieve) = (noun(Family::Stuff), noun(Family::Retrieve));
    format!("No break-even: it takes a design with {stuff} and one with {retrieve}, both with a known cost.")
}

/// Warns where the two sides of a break-even do not do the same job; empty where they do.
pub fn coverage(contest: &Contest) -> &'static str {
    if contest.equal_coverage {
        ""
    } else {
        "The two do not draw on the same share of the corpus, so the cheaper one is not simply the better one."
    }
}

/// Returns the regions for people: what both cost where one begins, or that it begins with a jump.
pub fn shown_regions(found: &BreakEven, case: &Case<'_>) -> Sheet {
    let mut sheet = regions(found, case);
    let column = |key: &str| sheet.columns.iter().position(|column| column.key == key);
    if let (Some(kind), Some(cost)) = (column("begins_with"), column("cost")) {
        for (cells, _) in &mut sheet.rows {
            if cells[cost].shown.is_empty() {
                cells[cost].shown = cells[kind].shown.clone();
            }
        }
        sheet.columns[cost].heading = "Both cost".into();
    }
    sheet.without("begins_with")
}

/// Returns the regions with the crossings that begin them.
pub fn regions(found: &BreakEven, case: &Case<'_>) -> Sheet {
    let side = |side: Cheaper| cheaper(found, side, case);
    rows_of(&found.regions, &found.crossings, side, case.book.currency)
}

/// Returns regions as rows, with the crossings that begin them.
fn rows_of(
    regions: &[Region],
    crossings: &[Crossing],
    side: impl Fn(Cheaper) -> String,
    currency: Currency,
) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("From", "from", Align::Right),
        ("To", "to", Align::Right),
        ("Cheaper", "cheaper", Align::Left),
        ("Begins with", "begins_with", Align::Left),
        ("Cost there", "cost", Align::Right),
    ]);
    for region in regions {
        let crossing = crossings.iter().find(|crossing| crossing.at == region.from);
        let cost = crossing.and_then(|crossing| crossing.cost);
        let number = |at: f64| Cell::number(value(at), at);
        sheet.push(vec![
            number(region.from),
            number(region.to),
            Cell::text(side(region.cheaper)),
            Cell::text(crossing.map(|crossing| crossing.kind.word()).unwrap_or_default()),
            cost.map_or_else(|| Cell::text(""), |cost| Cell::number(money_float(cost, currency), cost)),
        ]);
    }
    sheet
}

#[derive(Serialize)]
struct JsonCrossing {
    at: Plain,
    kind: &'static str,
    cost: Option<Plain>,
}

#[derive(Serialize)]
struct JsonRegion {
    from: Plain,
    to: Plain,
    cheaper: String,
}

/// A stretch of the axis without a cost, and why there is none at one of its values.
#[derive(Serialize)]
struct JsonGap {
    design: String,
    from: Plain,
    to: Plain,
    at: Plain,
    reason: String,
}

fn json_gaps(gaps: &[Gap], case: &Case<'_>) -> Vec<JsonGap> {
    let gap = |gap: &Gap| JsonGap {
        design: case.pair_name(gap.pair),
        from: Plain(gap.from),
        to: Plain(gap.to),
        at: Plain(gap.at),
        reason: gap.reason.to_string(),
    };
    gaps.iter().map(gap).collect()
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    currency: String,
    vary: String,
    a: String,
    b: String,
    crossings: Vec<JsonCrossing>,
    regions: Vec<JsonRegion>,
    without_cost: Vec<JsonGap>,
    metric: &'static str,
    note: String,
}

fn json_crossings(crossings: &[Crossing]) -> Vec<JsonCrossing> {
    let crossing = |crossing: &Crossing| JsonCrossing {
        at: Plain(crossing.at),
        kind: crossing.kind.word(),
        cost: crossing.cost.map(Plain),
    };
    crossings.iter().map(crossing).collect()
}

/// Returns the result as the JSON of the contract.
pub fn to_json(found: &BreakEven, gaps: &[Gap], case: &Case<'_>) -> String {
    let regions = found.regions.iter().map(|region| JsonRegion {
        from: Plain(region.from),
        to: Plain(region.to),
        cheaper: cheaper(found, region.cheaper, case),
    });
    super::json::pretty(&Document {
        schema: "ragonomics/breakeven/1",
        scenario: &case.scenario.name,
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        vary: case.scenario.path_of(found.axis.target),
        a: case.pair_name(found.a),
        b: case.pair_name(found.b),
        crossings: json_crossings(&found.crossings),
        regions: regions.collect(),
        without_cost: json_gaps(gaps, case),
        metric: found.metric.word(),
        note: note(found, case),
    })
}
