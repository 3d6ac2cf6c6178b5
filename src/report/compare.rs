//! The comparison as rows and as JSON.

use serde::Serialize;

use super::json::{Exact, Plain, plain};
use super::{Align, Cell, Sheet};
use crate::analysis::Failure;
use crate::analysis::compare::{Comparison, Reason, Row};
use crate::catalog::exchange::FIXED;
use crate::catalog::{Confidence, STALE_AFTER_DAYS};
use crate::present::{self, money, percent, times};
use crate::usage::Refusal;

/// What makes a row stand out: the test, a mark for tables, and words.
type Mark = (fn(&Row) -> bool, char, &'static str);

const MARKS: [Mark; 8] = [
    (|row| row.cheapest, '*', "cheapest"),
    (|row| row.plan, 'P', "plan"),
    (|row| row.baseline, 'B', "baseline"),
    (|row| row.over_budget, '!', "over the budget"),
    (|row| row.retired, 'R', "retired"),
    (Row::reads_part, '~', "reads only part of the corpus"),
    (Row::drops_history, 'h', "drops history"),
    (Row::window_unknown, '?', "window unknown"),
];

/// Returns the marks of a row: cheapest, plan, baseline, over budget, retired.
pub fn marks(row: &Row) -> String {
    MARKS.iter().filter(|(test, ..)| test(row)).map(|(_, mark, _)| mark).collect()
}

/// Returns the marks of a row as words.
pub fn mark_words(row: &Row) -> Vec<&'static str> {
    MARKS.iter().filter(|(test, ..)| test(row)).map(|(.., words)| *words).collect()
}

/// Explains the marks that a comparison uses; empty where it uses none.
pub fn legend(comparison: &Comparison) -> String {
    let used = MARKS.iter().filter(|(test, ..)| comparison.rows.iter().any(test));
    used.map(|(_, mark, words)| format!("{mark} {words}")).collect::<Vec<_>>().join(", ")
}

/// Returns what a row says beside its cost: coverage below all, or the strategy's remark.
pub fn remark(row: &Row) -> String {
    let coverage = row
        .coverage
        .filter(|_| row.reads_part())
        .map(|share| format!("reads {} of the corpus", percent(share)));
    let window = row.window_unknown().then(|| "window unknown".to_owned());
    let remark = row.remark.map(|remark| remark.to_string());
    [coverage, window, remark].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Returns the designs with a cost, ranked, within 80 columns.
pub fn ranked(comparison: &Comparison) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("", "rank", Align::Right),
        ("", "marks", Align::Left),
        ("Model", "model", Align::Name),
        ("Strategy", "strategy", Align::Name),
        ("Monthly", "monthly", Align::Right),
        ("Request", "per_request", Align::Right),
        ("×", "times_cheapest", Align::Right),
    ]);
    let currency = comparison.currency;
    for (at, row) in comparison.rows.iter().enumerate().filter(|(_, row)| row.monthly.is_some()) {
        let cells = vec![
            Cell::text((at + 1).to_string()),
            Cell::text(marks(row)),
            Cell::text(row.model.clone()),
            Cell::text(row.strategy),
            Cell::money(row.monthly, currency),
            Cell::money(row.per_request, currency),
            row.times_cheapest.map_or_else(Cell::unknown, |ratio| Cell::number(times(ratio), ratio)),
        ];
        sheet.push_marked(cells, row.cheapest);
    }
    sheet
}

/// Returns the designs without a cost, each with its reason.
pub fn without_cost(comparison: &Comparison) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Without a cost", "model", Align::Name),
        ("Strategy", "strategy", Align::Name),
        ("Reason", "reason", Align::Left),
    ]);
    for row in comparison.rows.iter().filter(|row| row.monthly.is_none()) {
        let reason = reason(row, comparison);
        let strategy = if is_of_all(row, comparison) { "all" } else { row.strategy };
        let cells = [row.model.clone(), strategy.to_owned(), reason].map(Cell::text).to_vec();
        if sheet.rows.last().is_none_or(|(last, _)| *last != cells) {
            sheet.push(cells);
        }
    }
    sheet
}

/// Returns whether no strategy of a row's model has a cost, all of several for the same reason.
fn is_of_all(row: &Row, comparison: &Comparison) -> bool {
    let of_model = comparison.rows.iter().filter(|other| other.model == row.model);
    let mut others = of_model.filter(|other| other.strategy != row.strategy).peekable();
    let same = |other: &Row| (&other.reason, other.at_least) == (&row.reason, row.at_least);
    others.peek().is_some() && others.all(|other| other.monthly.is_none() && same(other))
}

/// Returns why a row has no cost, with the priced part as "at least".
pub fn reason(row: &Row, comparison: &Comparison) -> String {
    let reason = row.reason.as_ref().map(|reason| reason.to_string()).unwrap_or_default();
    match row.at_least {
        Some(known) => format!("{reason}; at least {}", money(known, comparison.currency)),
        None => reason,
    }
}

/// Returns every row with every field, for CSV.
pub fn full(comparison: &Comparison) -> Sheet {
    let columns = [
        "rank",
        "model",
        "strategy",
        "fits",
        "reason",
        "retired",
        "coverage",
        "per_request",
        "monthly",
        "one_off",
        "at_least",
        "currency",
        "input_tokens_per_request",
        "output_tokens_per_request",
        "calls_per_request",
        "times_cheapest",
        "cheapest",
        "plan",
        "baseline",
        "over_budget",
        "remark",
    ];
    let columns: Vec<(&'static str, &'static str, Align)> =
        columns.iter().map(|key| (*key, *key, Align::Left)).collect();
    let mut sheet = Sheet::new(&columns);
    let exact = |value: Option<rust_decimal::Decimal>| {
        value.map(|value| value.normalize().to_string()).unwrap_or_default()
    };
    let number = |value: Option<f64>| value.map(plain).unwrap_or_default();
    for (at, row) in comparison.rows.iter().enumerate() {
        let texts = [
            row.monthly.map(|_| (at + 1).to_string()).unwrap_or_default(),
            row.model.clone(),
            row.strategy.to_owned(),
            row.fits.map(|fits| fits.to_string()).unwrap_or_default(),
            row.reason.as_ref().map(|reason| reason.to_string()).unwrap_or_default(),
            row.retired.to_string(),
            number(row.coverage),
            exact(row.per_request),
            exact(row.monthly),
            exact(row.one_off),
            exact(row.at_least),
            comparison.currency.to_string(),
            number(row.input_tokens_per_request),
            number(row.output_tokens_per_request),
            number(row.calls_per_request),
            number(row.times_cheapest),
            row.cheapest.to_string(),
            row.plan.to_string(),
            row.baseline.to_string(),
            row.over_budget.to_string(),
            remark(row),
        ];
        sheet.push(texts.into_iter().map(Cell::text).collect());
    }
    sheet
}

/// Says how old and how sure the shown prices are, which exchange rates were used, and what the
/// plan saves.
pub fn footnotes(comparison: &Comparison) -> Vec<String> {
    let mut notes = price_notes(comparison);
    notes.extend(saving_note(comparison));
    notes
}

/// Says how old and how sure the shown prices are, and which exchange rates were used.
pub fn price_notes(comparison: &Comparison) -> Vec<String> {
    let shown = comparison.prices_shown;
    let mut notes = vec![format!(
        "{shown} {} shown as of {}: {} checked more than {STALE_AFTER_DAYS} days before, {} not certain.",
        if shown == 1 { "price" } else { "prices" },
        comparison.as_of,
        comparison.prices_stale,
        comparison.prices_uncertain
    )];
    for conversion in &comparison.conversions {
        let rates: Vec<String> = conversion
            .rates
            .iter()
            .map(|rate| {
                let unsure = if rate.confidence == Confidence::High { "" } else { " (not certain)" };
                let when = if rate.source == FIXED { FIXED.to_owned() } else { format!("on {}", rate.date) };
                format!("1 USD = {} {} {when}{unsure}", rate.per_usd, rate.currency)
            })
            .collect();
        notes.push(format!("Converted from {} to {}: {}.", conversion.from, conversion.to, rates.join(", ")));
    }
    let later =
        |row: &Row| matches!(&row.reason, Some(Reason::Failure(Failure::Refused(Refusal::NotReleased(_)))));
    if comparison.answer.is_none() && comparison.rows.iter().any(later) {
        notes.push(format!(
            "`ragonomics models kind:chat --as-of {}` shows the models of that day; --models compares them.",
            comparison.as_of
        ));
    }
    let part_missing = |row: &Row| matches!(row.reason, Some(Reason::Unpriced { part: Some(_), .. }));
    if comparison.rows.iter().any(part_missing) {
        notes.push(
            "A part without a price on that day can be left out: retrieval.store = \"none\", retrieval.embedding = \"none\"; retrieval.reranker and contextual.model can name another."
                .to_owned(),
        );
    }
    notes
}

/// Says what the plan saves against the baseline, where the scenario names both.
pub fn saving_note(comparison: &Comparison) -> Option<String> {
    let Some(saving) = &comparison.saving else { return unknown_saving(comparison) };
    let monthly = money(saving.monthly, comparison.currency);
    let switching = money(saving.switching, comparison.currency);
    Some(match saving.payback_months {
        Some(months) => format!(
            "The plan saves {monthly} a month against the baseline; switching costs {switching}, {}.",
            payback(months)
        ),
        None => format!(
            "The plan saves nothing against the baseline: {monthly} a month, and {switching} to switch."
        ),
    })
}

fn payback(months: f64) -> String {
    const DAYS: f64 = 30.0;
    if months * DAYS <= 1.0 {
        "paid back within a day".to_owned()
    } else {
        format!("paid back after {} months", present::value((months * 10.0).ceil() / 10.0))
    }
}

/// Says why there is no saving, where one of the two designs is ranked without a cost.
fn unknown_saving(comparison: &Comparison) -> Option<String> {
    let named = |test: fn(&Row) -> bool| comparison.rows.iter().find(|row| test(row));
    let (plan, baseline) = (named(|row| row.plan), named(|row| row.baseline));
    let (word, row) = [("plan", plan), ("baseline", baseline)]
        .into_iter()
        .find_map(|(word, row)| row.filter(|row| row.monthly.is_none()).map(|row| (word, row)))?;
    Some(format!(
        "The {word}, {}:{}, has no cost: {}.",
        row.model,
        row.strategy,
        crate::answer::reason(row).unwrap_or_default()
    ))
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    currency: String,
    requests_per_month: Plain,
    answer: Option<String>,
    prices_shown: usize,
    prices_stale: usize,
    prices_uncertain: usize,
    notes: Vec<String>,
    rows: Vec<JsonRow<'a>>,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    model: &'a str,
    strategy: &'a str,
    fits: Option<bool>,
    reason: Option<String>,
    retired: bool,
    coverage: Option<Plain>,
    per_request: Option<Exact>,
    monthly: Option<Exact>,
    one_off: Option<Exact>,
    at_least: Option<Exact>,
    input_tokens_per_request: Option<Plain>,
    output_tokens_per_request: Option<Plain>,
    calls_per_request: Option<Plain>,
    times_cheapest: Option<Plain>,
    cheapest: bool,
    plan: bool,
    baseline: bool,
    over_budget: bool,
    remark: Option<String>,
}

/// Returns the comparison as the JSON of the contract.
pub fn to_json(comparison: &Comparison, answer: Option<String>) -> String {
    let rows = comparison.rows.iter().map(|row| JsonRow {
        model: &row.model,
        strategy: row.strategy,
        fits: row.fits,
        reason: row.reason.as_ref().map(|reason| reason.to_string()),
        retired: row.retired,
        coverage: row.coverage.map(Plain),
        per_request: row.per_request.map(Exact),
        monthly: row.monthly.map(Exact),
        one_off: row.one_off.map(Exact),
        at_least: row.at_least.map(Exact),
        input_tokens_per_request: row.input_tokens_per_request.map(Plain),
        output_tokens_per_request: row.output_tokens_per_request.map(Plain),
        calls_per_request: row.calls_per_request.map(Plain),
        times_cheapest: row.times_cheapest.map(Plain),
        cheapest: row.cheapest,
        plan: row.plan,
        baseline: row.baseline,
        over_budget: row.over_budget,
        remark: Some(remark(row)).filter(|text| !text.is_empty()),
    });
    super::json::pretty(&Document {
        schema: "ragonomics/compare/1",
        scenario: &comparison.scenario,
        as_of: comparison.as_of.to_string(),
        currency: comparison.currency.to_string(),
        requests_per_month: Plain(comparison.requests),
        answer,
        prices_shown: comparison.prices_shown,
        prices_stale: comparison.prices_stale,
        prices_uncertain: comparison.prices_uncertain,
        notes: footnotes(comparison),
        rows: rows.collect(),
    })
}
