//! A simulation as rows, sentences and JSON.

use serde::Serialize;

use super::json::Plain;
use super::{Align, Cell, Sheet, prices_of};
use crate::analysis::Case;
use crate::analysis::simulate::{Chance, Histogram, Row, Simulation};
use crate::present::{money_float, money_rough, percent, whole};
use crate::scenario::reference::shown_range;
use crate::scenario::{Range, Uncertain};

/// Longest bar of a histogram.
const BAR: usize = 36;

/// Writes a chance as a percentage; one that is neither never nor always does not look so.
pub fn shown(chance: f64) -> String {
    match percent(chance).as_str() {
        "0%" if chance > 0.0 => "<0.1%".to_owned(),
        "100%" if chance < 1.0 => ">99.9%".to_owned(),
        text => text.to_owned(),
    }
}

/// Says what was drawn, how often and from where.
pub fn head(found: &Simulation, case: &Case<'_>) -> String {
    format!(
        "{}: cost of a month in {} {}, seed {}, {}, of {}",
        case.scenario.name,
        whole(f64::from(found.samples)),
        if found.samples == 1 { "draw" } else { "draws" },
        found.seed,
        prices_of(case.book.date, case.book.currency),
        ranges(case)
    )
}

/// Says which numbers are drawn from what.
pub fn ranges(case: &Case<'_>) -> String {
    let ranges = case.scenario.ranges.iter().map(|known| {
        let range = shown_range(case.scenario, known.target).unwrap_or_default();
        format!("{} {range}", case.scenario.label_of(known.target))
    });
    ranges.collect::<Vec<_>>().join("; ")
}

/// Returns the designs that have a cost, by its median, within 80 columns.
pub fn table(found: &Simulation, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Model", "model", Align::Name),
        ("Strategy", "strategy", Align::Name),
        ("p5", "p5", Align::Right),
        ("p50", "p50", Align::Right),
        ("p95", "p95", Align::Right),
        ("Over", "chance_over_budget", Align::Right),
        ("Cheapest", "chance_cheapest", Align::Right),
    ]);
    for row in &found.rows {
        let Some(costs) = row.costs else { continue };
        let partly = if row.without_cost > 0.0 { "~" } else { "" };
        let id = &case.product(row.pair.model).id;
        let short = id.split_once('/').map_or(id.as_str(), |(_, short)| short);
        let cells = vec![
            Cell::both(short, id.clone()),
            Cell::text(format!("{}{partly}", row.pair.strategy.id())),
            cost(Some(costs.p5), case),
            cost(Some(costs.p50), case),
            cost(Some(costs.p95), case),
            share(row.over_budget),
            share(row.cheapest),
        ];
        sheet.push_marked(cells, found.cheapest == Some(row.pair));
    }
    if found.budget.is_none() { sheet.without("chance_over_budget") } else { sheet }
}

/// Returns the designs without a cost in some draws, with the share of them and the reason; strategies of one model of which
/// both are the same stand together.
pub fn without_cost(found: &Simulation, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Without a cost", "model", Align::Name),
        ("Strategies", "strategy", Align::Left),
        ("Draws", "without_cost", Align::Right),
        ("Reason in the first of them", "reason", Align::Left),
    ]);
    let mut groups: Vec<(&Row, Vec<&str>)> = Vec::new();
    for row in found.rows.iter().filter(|row| row.without_cost > 0.0) {
        let alike = |known: &Row| {
            (known.pair.model, &known.reason) == (row.pair.model, &row.reason)
                && known.without_cost == row.without_cost
        };
        match groups.iter_mut().find(|(known, _)| alike(known)) {
            Some((_, strategies)) => strategies.push(row.pair.strategy.id()),
            None => groups.push((row, vec![row.pair.strategy.id()])),
        }
    }
    for (row, strategies) in groups {
        sheet.push(vec![
            Cell::text(case.product(row.pair.model).id.clone()),
            Cell::text(strategies.join(", ")),
            Cell::number(shown(row.without_cost), row.without_cost),
            Cell::text(reason(row).unwrap_or_default()),
        ]);
    }
    sheet
}

/// Explains a design's row, as names and texts.
pub fn explain(found: &Simulation, row: &Row, case: &Case<'_>) -> Vec<(&'static str, String)> {
    let money = |cost: f64| money_float(cost, case.book.currency);
    let draws = whole(f64::from(found.samples));
    let chance = |chance: Chance| match chance.share {
        0.0 => format!("in none of the {draws} draws"),
        1.0 => format!("in all of the {draws} draws"),
        share => format!("in {} ± {} of the draws", shown(share), shown(chance.error)),
    };
    let mut told = Vec::new();
    if let Some(middle) = row.middle {
        told.push(("as it is", format!("{} a month, at the {}", money(middle), held(case))));
    }
    if let Some(costs) = row.costs {
        let [p5, p50, p95, mean] = [costs.p5, costs.p50, costs.p95, costs.mean].map(money);
        told.push(("in the draws", format!("p5 {p5}, p50 {p50}, p95 {p95}, mean {mean}")));
    }
    told.push((
        "over budget",
        match (row.over_budget, found.budget) {
            (Some(over), Some(budget)) => {
                format!("{}, by the budget of {}", chance(over), money(budget))
            }
            (None, Some(_)) => "it has no cost in any draw".to_owned(),
            (_, None) => "no budget is set; budget.monthly is one".to_owned(),
        },
    ));
    told.push((
        "cheapest",
        match row.cheapest {
            Some(cheapest) => chance(cheapest),
            None => "never called so: it is not compared, or its model is no longer sold".to_owned(),
        },
    ));
    if row.without_cost > 0.0 {
        let why = reason(row).map(|reason| format!("; in the first of them: {reason}")).unwrap_or_default();
        told.push(("no cost", format!("in {} of the draws{why}", shown(row.without_cost))));
    }
    told
}

/// Names the values at which numbers that are known only roughly are held where one value is needed: the most likely
/// one of a range with three numbers, the middle of one that holds in eight of ten cases.
fn held(case: &Case<'_>) -> &'static str {
    let is_triangle = |known: &Uncertain| matches!(known.range, Range::Triangle { .. });
    let triangles = case.scenario.ranges.iter().filter(|known| is_triangle(known)).count();
    match triangles {
        0 => "middle values",
        all if all == case.scenario.ranges.len() => "most likely values",
        _ => "most likely or middle values",
    }
}

fn reason(row: &Row) -> Option<String> {
    row.reason.as_ref().map(|reason| reason.to_string())
}

fn cost(cost: Option<f64>, case: &Case<'_>) -> Cell {
    cost.map_or_else(Cell::unknown, |cost| Cell::number(money_rough(cost, case.book.currency), cost))
}

fn share(chance: Option<Chance>) -> Cell {
    chance.map_or_else(Cell::unknown, |chance| Cell::number(shown(chance.share), chance.share))
}

/// Returns every design with every field, for CSV and Markdown.
pub fn full(found: &Simulation, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Model", "model", Align::Left),
        ("Strategy", "strategy", Align::Left),
        ("Middle", "middle", Align::Right),
        ("p5", "p5", Align::Right),
        ("p50", "p50", Align::Right),
        ("p95", "p95", Align::Right),
        ("Mean", "mean", Align::Right),
        ("Over the budget", "chance_over_budget", Align::Right),
        ("±", "chance_over_budget_error", Align::Right),
        ("Cheapest", "chance_cheapest", Align::Right),
        ("±", "chance_cheapest_error", Align::Right),
        ("Without a cost", "without_cost", Align::Right),
        ("Reason", "reason", Align::Left),
    ]);
    let error = |chance: Option<Chance>| {
        chance.map_or_else(Cell::unknown, |chance| Cell::number(shown(chance.error), chance.error))
    };
    for row in &found.rows {
        sheet.push(vec![
            Cell::text(case.product(row.pair.model).id.clone()),
            Cell::text(row.pair.strategy.id()),
            cost(row.middle, case),
            cost(row.costs.map(|costs| costs.p5), case),
            cost(row.costs.map(|costs| costs.p50), case),
            cost(row.costs.map(|costs| costs.p95), case),
            cost(row.costs.map(|costs| costs.mean), case),
            share(row.over_budget),
            error(row.over_budget),
            share(row.cheapest),
            error(row.cheapest),
            Cell::number(shown(row.without_cost), row.without_cost),
            Cell::text(reason(row).unwrap_or_default()),
        ]);
    }
    sheet
}

/// Says how sure the answer is, and what the table leaves open.
pub fn notes(found: &Simulation, case: &Case<'_>) -> Vec<String> {
    let held = held(case);
    let mut notes = vec![match (found.cheapest, found.changes) {
        (Some(pair), Some(chance)) if chance.share > 0.0 => format!(
            "{} is the cheapest at the {held}; another one is in {} of the draws (standard error {}).",
            case.pair_name(pair),
            shown(chance.share),
            shown(chance.error)
        ),
        (Some(pair), _) => {
            format!("{} is the cheapest at the {held}, and no other is in any draw.", case.pair_name(pair))
        }
        (None, _) => format!("No design can be called the cheapest at the {held}."),
    }];
    if let Some(none) = found.none_cheapest.filter(|none| none.share > 0.0) {
        notes.push(format!("In {} of the draws no design can be called the cheapest.", shown(none.share)));
    }
    if let Some(budget) = found.budget {
        let budget = money_float(budget, case.book.currency);
        notes.push(format!("Over: chance that a month costs more than the budget of {budget}."));
    }
    for row in found.rows.iter().filter(|row| row.costs.is_some() && row.cheapest.is_none()) {
        let retired = case.product(row.pair.model).is_retired(case.book.date);
        let why = if retired { "its model is no longer sold" } else { "it is not among those compared" };
        notes.push(format!("{} cannot be the cheapest: {why}.", case.pair_name(row.pair)));
    }
    let partly = |row: &&Row| row.costs.is_some() && row.without_cost > 0.0;
    if found.rows.iter().any(|row| partly(&row)) {
        notes.push("~ has no cost in some draws, which are left out of its quantiles, its mean and its chance to be over the budget.".to_owned());
    }
    if found.redrawn > 0 {
        let count = whole(found.redrawn as f64);
        notes.push(format!("{count} draws contradicted themselves and were made again."));
    }
    notes
}

/// Draws a histogram with characters, one line for each bin.
pub fn histogram(histogram: &Histogram, case: &Case<'_>) -> String {
    let largest = histogram.bins.iter().map(|bin| bin.share).fold(0.0, f64::max);
    let mut sheet = Sheet::new(&[
        ("From", "from", Align::Right),
        ("To", "to", Align::Right),
        ("Draws", "share", Align::Right),
        ("", "bar", Align::Left),
    ]);
    for bin in &histogram.bins {
        let places = (bin.share / largest * BAR as f64).round() as usize;
        sheet.push(vec![
            cost(Some(bin.from), case),
            cost(Some(bin.to), case),
            Cell::number(shown(bin.share), bin.share),
            Cell::text("█".repeat(places)),
        ]);
    }
    sheet.to_table(80, false)
}

#[derive(Serialize)]
struct JsonRange {
    parameter: String,
    label: String,
    low: Option<Plain>,
    mode: Option<Plain>,
    high: Option<Plain>,
    p10: Option<Plain>,
    p90: Option<Plain>,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    model: &'a str,
    strategy: &'static str,
    middle: Option<Plain>,
    p5: Option<Plain>,
    p50: Option<Plain>,
    p95: Option<Plain>,
    mean: Option<Plain>,
    chance_over_budget: Option<Plain>,
    chance_over_budget_error: Option<Plain>,
    chance_cheapest: Option<Plain>,
    chance_cheapest_error: Option<Plain>,
    without_cost: Plain,
    reason: Option<String>,
}

#[derive(Serialize)]
struct JsonBin {
    from: Plain,
    to: Plain,
    share: Plain,
}

#[derive(Serialize)]
struct JsonHistogram<'a> {
    model: &'a str,
    strategy: &'static str,
    scale: &'static str,
    bins: Vec<JsonBin>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    currency: String,
    samples: u32,
    seed: u64,
    redrawn: u64,
    budget: Option<Plain>,
    ranges: Vec<JsonRange>,
    cheapest: Option<String>,
    chance_cheapest_changes: Option<Plain>,
    chance_cheapest_changes_error: Option<Plain>,
    chance_none_cheapest: Option<Plain>,
    rows: Vec<JsonRow<'a>>,
    histogram: Option<JsonHistogram<'a>>,
}

fn json_row<'a>(row: &Row, case: &Case<'a>) -> JsonRow<'a> {
    let value = |chance: Option<Chance>| chance.map(|chance| Plain(chance.share));
    let error = |chance: Option<Chance>| chance.map(|chance| Plain(chance.error));
    JsonRow {
        model: &case.product(row.pair.model).id,
        strategy: row.pair.strategy.id(),
        middle: row.middle.map(Plain),
        p5: row.costs.map(|costs| Plain(costs.p5)),
        p50: row.costs.map(|costs| Plain(costs.p50)),
        p95: row.costs.map(|costs| Plain(costs.p95)),
        mean: row.costs.map(|costs| Plain(costs.mean)),
        chance_over_budget: value(row.over_budget),
        chance_over_budget_error: error(row.over_budget),
        chance_cheapest: value(row.cheapest),
        chance_cheapest_error: error(row.cheapest),
        without_cost: Plain(row.without_cost),
        reason: reason(row),
    }
}

fn json_ranges(case: &Case<'_>) -> Vec<JsonRange> {
    let ranges = case.scenario.ranges.iter().map(|known| {
        let (triangle, tenths) = match known.range {
            Range::Triangle { low, mode, high } => (Some([low, mode, high]), None),
            Range::Tenths { p10, p90, .. } => (None, Some([p10, p90])),
        };
        JsonRange {
            parameter: case.scenario.path_of(known.target),
            label: case.scenario.label_of(known.target),
            low: triangle.map(|[low, ..]| Plain(low)),
            mode: triangle.map(|[_, mode, _]| Plain(mode)),
            high: triangle.map(|[.., high]| Plain(high)),
            p10: tenths.map(|[p10, _]| Plain(p10)),
            p90: tenths.map(|[_, p90]| Plain(p90)),
        }
    });
    ranges.collect()
}

/// Returns the simulation as JSON.
pub fn to_json(found: &Simulation, case: &Case<'_>) -> String {
    let histogram = found.histogram.as_ref().map(|histogram| JsonHistogram {
        model: &case.product(histogram.pair.model).id,
        strategy: histogram.pair.strategy.id(),
        scale: if histogram.log { "log" } else { "linear" },
        bins: histogram
            .bins
            .iter()
            .map(|bin| JsonBin { from: Plain(bin.from), to: Plain(bin.to), share: Plain(bin.share) })
            .collect(),
    });
    super::json::pretty(&Document {
        schema: "ragonomics/simulate/1",
        scenario: &case.scenario.name,
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        samples: found.samples,
        seed: found.seed,
        redrawn: found.redrawn,
        budget: found.budget.map(Plain),
        ranges: json_ranges(case),
        cheapest: found.cheapest.map(|pair| case.pair_name(pair)),
        chance_cheapest_changes: found.changes.map(|chance| Plain(chance.share)),
        chance_cheapest_changes_error: found.changes.map(|chance| Plain(chance.error)),
        chance_none_cheapest: found.none_cheapest.map(|chance| Plain(chance.share)),
        rows: found.rows.iter().map(|row| json_row(row, case)).collect(),
        histogram,
    })
}
