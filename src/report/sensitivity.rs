//! What every number does to a design's cost, as rows, sentences and JSON.

use serde::Serialize;

use super::json::Plain;
use super::{Align, Cell, Sheet, prices_of};
use crate::analysis::sensitivity::{Change, End, Move, Still, Tornado, Unmoved};
use crate::analysis::{Case, Pair};
use crate::present::{self, money_float, parameter};
use crate::scenario::Target;

/// Places of a bar on either side of the cost in the middle.
const HALF_BAR: usize = 8;

/// Says what was moved, and what the design costs as it is.
pub fn head(tornado: &Tornado, case: &Case<'_>) -> String {
    format!(
        "{}: cost of {} with {}, {} as it is, {}; each number moved by ±{}",
        case.scenario.name,
        tornado.metric.of(case.scenario),
        case.pair_name(tornado.pair),
        money_float(tornado.cost, case.book.currency),
        prices_of(case.book.date, case.book.currency),
        percent(tornado)
    )
}

/// Writes by how much numbers are moved.
pub fn percent(tornado: &Tornado) -> String {
    present::percent(tornado.by.percent() / 100.0)
}

/// Returns the numbers that move the cost, the largest swing first, within 80 columns.
pub fn table(tornado: &Tornado, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Number", "number", Align::Left),
        ("Value", "value", Align::Right),
        ("Smaller", "low_cost", Align::Right),
        ("Larger", "high_cost", Align::Right),
        ("Swing", "swing", Align::Right),
        ("Cheaper ┼ dearer", "bar", Align::Left),
    ]);
    let widest = tornado.widest();
    for moved in &tornado.moves {
        sheet.push(vec![
            Cell::text(case.scenario.label_of(moved.target)),
            Cell::text(parameter(moved.target.param.facts(), moved.value)),
            cost(moved.low.cost, case),
            cost(moved.high.cost, case),
            cost(moved.swing(), case),
            Cell::text(bar(reach(moved, tornado.cost), widest)),
        ]);
    }
    sheet
}

/// Returns how far the cost goes down and up.
fn reach(moved: &Move, middle: f64) -> [f64; 2] {
    let costs = || [moved.low.cost, moved.high.cost].into_iter().flatten();
    [
        costs().fold(0.0, |most, cost| f64::max(most, middle - cost)),
        costs().fold(0.0, |most, cost| f64::max(most, cost - middle)),
    ]
}

fn bar([down, up]: [f64; 2], widest: f64) -> String {
    let places =
        |size: f64| if widest > 0.0 { (size / widest * HALF_BAR as f64).round() as usize } else { 0 };
    let (down, up) = ("█".repeat(places(down)), "█".repeat(places(up)));
    format!("{down:>HALF_BAR$}│{up}")
}

fn cost(cost: Option<f64>, case: &Case<'_>) -> Cell {
    cost.map_or_else(Cell::unknown, |cost| Cell::number(money_float(cost, case.book.currency), cost))
}

/// Returns every number that moves the cost with every field, for CSV and Markdown.
pub fn full(tornado: &Tornado, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Number", "path", Align::Left),
        ("Value", "value", Align::Right),
        ("From", "low_value", Align::Right),
        ("To", "high_value", Align::Right),
        ("Cost from", "low_cost", Align::Right),
        ("Cost to", "high_cost", Align::Right),
        ("Swing", "swing", Align::Right),
        ("Reason", "reason", Align::Left),
    ]);
    for moved in &tornado.moves {
        let shown = |value: f64| Cell::number(parameter(moved.target.param.facts(), value), value);
        sheet.push(vec![
            Cell::text(case.scenario.path_of(moved.target)),
            shown(moved.value),
            shown(moved.low.value),
            shown(moved.high.value),
            cost(moved.low.cost, case),
            cost(moved.high.cost, case),
            cost(moved.swing(), case),
            Cell::text(reasons(moved).join("; ")),
        ]);
    }
    sheet
}

/// Explains a number that moves the cost, as names and texts: its ends with what the design costs there or why it has
/// no cost, and which design is the cheapest there.
pub fn explain(tornado: &Tornado, moved: &Move, case: &Case<'_>) -> Vec<(&'static str, String)> {
    let facts = moved.target.param.facts();
    let money = |cost: f64| money_float(cost, case.book.currency);
    let end = |end: &End| {
        let value = parameter(facts, end.value);
        match (end.cost, &end.reason) {
            (Some(cost), _) => {
                let difference = cost - tornado.cost;
                let word = if difference < 0.0 { "less" } else { "more" };
                format!("{value}: {}, {} {word}", money(cost), money(difference.abs()))
            }
            (None, Some(reason)) => format!("{value}: no cost: {reason}"),
            (None, None) => format!("{value}: no cost"),
        }
    };
    let mut told = vec![
        ("number", number(moved.target, case)),
        ("as it is", format!("{}: {}", parameter(facts, moved.value), money(tornado.cost))),
        ("smaller", end(&moved.low)),
        ("larger", end(&moved.high)),
    ];
    if moved.is_uneven {
        told.push(("not ±", format!("not moved by just {}: it is whole or at a bound", percent(tornado))));
    }
    told.push(("cheapest", cheapest_along(tornado, moved, case)));
    told
}

/// Explains a number that is not moved.
pub fn explain_unmoved(tornado: &Tornado, unmoved: &Unmoved, case: &Case<'_>) -> Vec<(&'static str, String)> {
    let value = parameter(unmoved.target.param.facts(), unmoved.value);
    let why = match unmoved.why {
        Still::Zero => "it is 0, and any part of that is 0".to_owned(),
        Still::Whole => format!("it is whole, and ±{} of it is less than half a step", percent(tornado)),
    };
    vec![("number", number(unmoved.target, case)), ("as it is", value), ("not moved", why)]
}

fn number(target: Target, case: &Case<'_>) -> String {
    format!("{}: {}", case.scenario.path_of(target), target.param.facts().help)
}

/// Says whether the cheapest design is another one at an end of a move.
fn cheapest_along(tornado: &Tornado, moved: &Move, case: &Case<'_>) -> String {
    let name = |pair: Option<Pair>| {
        pair.map_or_else(|| "none can be called so".to_owned(), |pair| case.pair_name(pair))
    };
    let mut told = name(tornado.cheapest);
    let ends = [&moved.low, &moved.high].map(|end| end.value);
    let changed: Vec<String> = ends
        .into_iter()
        .map(|value| (value, tornado.cheapest_at(moved.target, value)))
        .filter(|(_, cheapest)| *cheapest != tornado.cheapest)
        .map(|(value, cheapest)| {
            format!("; at {}: {}", parameter(moved.target.param.facts(), value), name(cheapest))
        })
        .collect();
    told.push_str(if changed.is_empty() { ", at both ends too" } else { "" });
    told + &changed.concat()
}

/// Returns why an end of a move has no cost.
fn reasons(moved: &Move) -> Vec<String> {
    let reason = |end: &End| {
        let reason = end.reason.as_ref()?;
        Some(format!("at {}: {reason}", parameter(moved.target.param.facts(), end.value)))
    };
    [&moved.low, &moved.high].into_iter().filter_map(reason).collect()
}

/// Says what the rows leave open: ends without a cost, numbers that were not moved, and whether the cheapest changes.
pub fn notes(tornado: &Tornado, case: &Case<'_>) -> Vec<String> {
    let label = |target: Target| case.scenario.label_of(target);
    let mut notes: Vec<String> = Vec::new();
    for moved in &tornado.moves {
        notes.extend(reasons(moved).into_iter().map(|reason| format!("{} {reason}", label(moved.target))));
    }
    let uneven = tornado.moves.iter().filter(|moved| moved.is_uneven).map(|moved| {
        let shown = |end: &End| parameter(moved.target.param.facts(), end.value);
        format!("{} {} to {}", label(moved.target), shown(&moved.low), shown(&moved.high))
    });
    let uneven: Vec<String> = uneven.collect();
    if !uneven.is_empty() {
        notes.push(format!(
            "Not moved by just ±{}, because they are whole or at a bound: {}.",
            percent(tornado),
            uneven.join(", ")
        ));
    }
    let still = |why: Still| tornado.unmoved.iter().filter(move |unmoved| unmoved.why == why);
    let zero: Vec<String> = still(Still::Zero).map(|unmoved| label(unmoved.target)).collect();
    if !zero.is_empty() {
        notes.push(format!("Not moved because they are 0: {}.", zero.join(", ")));
    }
    let whole = |unmoved: &Unmoved| format!("{} {}", label(unmoved.target), present::value(unmoved.value));
    let whole: Vec<String> = still(Still::Whole).map(whole).collect();
    if !whole.is_empty() {
        notes.push(format!(
            "Not moved because they are whole and ±{} is less than half a step: {}.",
            percent(tornado),
            whole.join(", ")
        ));
    }
    notes.extend(cheapest(tornado, case));
    notes
}

/// Says which design is the cheapest, and with which moves another one is.
pub fn cheapest(tornado: &Tornado, case: &Case<'_>) -> Vec<String> {
    let Some(cheapest) = tornado.cheapest else { return Vec::new() };
    let name = case.pair_name(cheapest);
    if tornado.changes.is_empty() {
        return vec![format!("{name} is the cheapest as it is and at every end of every move.")];
    }
    let mut told = vec![format!("{name} is the cheapest as it is. Another one is with:")];
    let mut others: Vec<Option<Pair>> = Vec::new();
    for change in &tornado.changes {
        if !others.contains(&change.cheapest) {
            others.push(change.cheapest);
        }
    }
    for other in others {
        let at = |change: &Change| {
            let value = parameter(change.target.param.facts(), change.value);
            format!("{} {value}", case.scenario.label_of(change.target))
        };
        let moves = tornado.changes.iter().filter(|change| change.cheapest == other).map(at);
        let moves = moves.collect::<Vec<_>>().join(", ");
        let other = other.map_or_else(|| "none can be called so".to_owned(), |pair| case.pair_name(pair));
        told.push(format!("  {moves}: {other}"));
    }
    told
}

#[derive(Serialize)]
struct JsonMove {
    parameter: String,
    label: String,
    value: Plain,
    low_value: Plain,
    high_value: Plain,
    low_cost: Option<Plain>,
    high_cost: Option<Plain>,
    low_reason: Option<String>,
    high_reason: Option<String>,
    swing: Option<Plain>,
    swing_at_least: Option<Plain>,
}

#[derive(Serialize)]
struct JsonUnmoved {
    parameter: String,
    value: Plain,
    reason: &'static str,
}

#[derive(Serialize)]
struct JsonChange {
    parameter: String,
    value: Plain,
    direction: &'static str,
    cheapest: Option<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    model: &'a str,
    strategy: &'static str,
    as_of: String,
    currency: String,
    metric: &'static str,
    by_percent: Plain,
    cost: Plain,
    parameters: Vec<JsonMove>,
    not_moved: Vec<JsonUnmoved>,
    cheapest: Option<String>,
    cheapest_changes: Vec<JsonChange>,
}

fn json_move(moved: &Move, case: &Case<'_>) -> JsonMove {
    let reason = |end: &End| end.reason.as_ref().map(|reason| reason.to_string());
    let swing = moved.swing();
    JsonMove {
        parameter: case.scenario.path_of(moved.target),
        label: case.scenario.label_of(moved.target),
        value: Plain(moved.value),
        low_value: Plain(moved.low.value),
        high_value: Plain(moved.high.value),
        low_cost: moved.low.cost.map(Plain),
        high_cost: moved.high.cost.map(Plain),
        low_reason: reason(&moved.low),
        high_reason: reason(&moved.high),
        swing: swing.map(Plain),
        swing_at_least: swing.is_none().then_some(Plain(moved.known_swing)),
    }
}

/// Returns the tornado as JSON.
pub fn to_json(tornado: &Tornado, case: &Case<'_>) -> String {
    let unmoved = tornado.unmoved.iter().map(|unmoved| JsonUnmoved {
        parameter: case.scenario.path_of(unmoved.target),
        value: Plain(unmoved.value),
        reason: match unmoved.why {
            Still::Zero => "it is 0",
            Still::Whole => "it is whole, and the move is less than half a step",
        },
    });
    let changes = tornado.changes.iter().map(|change| JsonChange {
        parameter: case.scenario.path_of(change.target),
        value: Plain(change.value),
        direction: if change.up { "up" } else { "down" },
        cheapest: change.cheapest.map(|pair| case.pair_name(pair)),
    });
    super::json::pretty(&Document {
        schema: "ragonomics/sensitivity/1",
        scenario: &case.scenario.name,
        model: &case.product(tornado.pair.model).id,
        strategy: tornado.pair.strategy.id(),
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        metric: tornado.metric.word(),
        by_percent: Plain(tornado.by.percent()),
        cost: Plain(tornado.cost),
        parameters: tornado.moves.iter().map(|moved| json_move(moved, case)).collect(),
        not_moved: unmoved.collect(),
        cheapest: tornado.cheapest.map(|pair| case.pair_name(pair)),
        cheapest_changes: changes.collect(),
    })
}
