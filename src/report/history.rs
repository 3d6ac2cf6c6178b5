//! The past of a workload as rows and as JSON.

use serde::Serialize;

use super::json::{Exact, Plain};
use super::price_change::{self, JsonChange};
use super::{Align, Cell, Sheet};
use crate::analysis::Case;
use crate::analysis::compare::Row;
use crate::analysis::history::{History, Series, Step};
use crate::present::{UNKNOWN, money, rough};
use crate::report::compare::remark;

/// Returns a factor as people read it: ×0.5, ×1, ×1.25.
fn factor(factor: f64) -> String {
    format!("×{}", rough(factor))
}

/// Says what changed at a step: prices, or why there is no cost.
pub fn what(step: &Step, case: &Case<'_>) -> String {
    let mut said: Vec<String> = step.changes.iter().map(|change| price_change::short(change, case)).collect();
    let reason = step.row.reason.as_ref().map(|reason| reason.to_string());
    let known = |reason: &String| said.iter().any(|text| text.contains(reason.as_str()));
    let reason = reason.filter(|reason| !known(reason));
    let least = step.row.at_least.map(|known| format!("at least {}", money(known, case.book.currency)));
    said.extend([reason, least].into_iter().flatten());
    let share = Some(remark(&step.row)).filter(|text| step.row.reads_part() && !text.is_empty());
    said.extend(share);
    if step.row.retired {
        said.push("no longer sold".to_owned());
    }
    said.join("; ")
}

/// Returns the steps of one design.
pub fn steps(series: &Series, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("From", "from", Align::Name),
        ("Monthly", "monthly", Align::Right),
        ("Factor", "factor", Align::Right),
        ("What changed", "changes", Align::Left),
    ]);
    for step in &series.steps {
        sheet.push(vec![
            Cell::text(step.date.to_string()),
            Cell::money(step.row.monthly, case.book.currency),
            step.factor.map_or_else(|| Cell::text(""), |times| Cell::number(factor(times), times)),
            Cell::text(what(step, case)),
        ]);
    }
    sheet
}

/// Returns which design was cheapest when.
pub fn cheapest(history: &History, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("From", "from", Align::Name),
        ("Cheapest", "design", Align::Name),
        ("Monthly", "monthly", Align::Right),
        ("Factor", "factor", Align::Right),
    ]);
    let mut before: Option<f64> = None;
    for reign in &history.cheapest {
        let cost = reign.row.as_ref().and_then(|row| row.monthly);
        let number = cost.and_then(|cost| rust_decimal::prelude::ToPrimitive::to_f64(&cost));
        let times = number.zip(before).map(|(now, before)| now / before).filter(|times| times.is_finite());
        before = number.or(before);
        sheet.push(vec![
            Cell::text(reign.from.to_string()),
            reign.row.as_ref().map_or_else(|| Cell::both(UNKNOWN, ""), |row| Cell::text(row.name())),
            Cell::money(cost, case.book.currency),
            times.map_or_else(|| Cell::text(""), |times| Cell::number(factor(times), times)),
        ]);
    }
    sheet
}

/// Returns the designs that never had a cost, each with its last reason; of alike ones of a model only one.
pub fn never_priced(history: &History) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Never with a cost", "model", Align::Name),
        ("Strategy", "strategy", Align::Name),
        ("Reason", "reason", Align::Left),
    ]);
    for series in history.series.iter().filter(|series| !series.was_priced()) {
        let Some(row) = series.steps.last().map(|step| &step.row) else { continue };
        let reason = row.reason.as_ref().map(|reason| reason.to_string()).unwrap_or_default();
        sheet.push([row.model.clone(), row.strategy.to_owned(), reason].map(Cell::text).to_vec());
    }
    sheet
}

/// Returns every step of every design, for CSV.
pub fn full(history: &History, case: &Case<'_>) -> Sheet {
    let columns = [
        "model", "strategy", "from", "monthly", "currency", "factor", "at_least", "reason", "retired",
        "changes",
    ];
    let columns: Vec<_> = columns.iter().map(|key| (*key, *key, Align::Left)).collect();
    let mut sheet = Sheet::new(&columns);
    let exact = |amount: Option<rust_decimal::Decimal>| {
        amount.map(|amount| amount.normalize().to_string()).unwrap_or_default()
    };
    for step in history.series.iter().flat_map(|series| &series.steps) {
        let changes: Vec<String> =
            step.changes.iter().map(|change| price_change::sentence(change, case)).collect();
        let texts = [
            step.row.model.clone(),
            step.row.strategy.to_owned(),
            step.date.to_string(),
            exact(step.row.monthly),
            case.book.currency.to_string(),
            step.factor.map(|times| Cell::number("", times).raw).unwrap_or_default(),
            exact(step.row.at_least),
            step.row.reason.as_ref().map(|reason| reason.to_string()).unwrap_or_default(),
            step.row.retired.to_string(),
            changes.join("; "),
        ];
        sheet.push(texts.map(Cell::text).to_vec());
    }
    sheet
}

/// Says where the prices of the steps are printed, each once.
pub fn sources(history: &History, case: &Case<'_>) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    let priced = history.series.iter().filter(|series| series.was_priced());
    for change in priced.flat_map(|series| &series.steps).flat_map(|step| &step.changes) {
        let text = price_change::sentence(change, case);
        if change.now.is_ok() && !sources.contains(&text) {
            sources.push(text);
        }
    }
    sources
}

/// Says what the steps rest on.
pub fn notes(history: &History, case: &Case<'_>) -> Vec<String> {
    let mut notes = vec![format!(
        "The workload is the scenario's throughout; only prices are those of the day, from {} to {}. Announced changes \
         that were called off are left out.",
        history.from, history.until
    )];
    let foreign = |row: &Row| {
        let card = case.book.in_force(row.pair.model);
        card.is_ok_and(|card| card.currency != case.book.currency)
    };
    if history.series.iter().flat_map(|series| &series.steps).any(|step| foreign(&step.row)) {
        notes.push(
            "Prices in other currencies are converted at the last rate known on each step's day, or at the scenario's \
             fixed one; a factor then holds the change of the rate, too."
                .to_owned(),
        );
    }
    notes
}

#[derive(Serialize)]
struct JsonStep<'a> {
    from: String,
    monthly: Option<Exact>,
    one_off: Option<Exact>,
    at_least: Option<Exact>,
    reason: Option<String>,
    fits: Option<bool>,
    retired: bool,
    coverage: Option<Plain>,
    factor: Option<Plain>,
    changes: Vec<JsonChange<'a>>,
}

#[derive(Serialize)]
struct JsonSeries<'a> {
    model: &'a str,
    strategy: &'static str,
    factor: Option<Plain>,
    steps: Vec<JsonStep<'a>>,
}

#[derive(Serialize)]
struct JsonReign<'a> {
    from: String,
    until: Option<String>,
    model: Option<&'a str>,
    strategy: Option<&'static str>,
    monthly: Option<Exact>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    from: String,
    currency: String,
    series: Vec<JsonSeries<'a>>,
    cheapest: Vec<JsonReign<'a>>,
    notes: Vec<String>,
}

fn json_step<'a>(step: &'a Step, case: &'a Case<'_>) -> JsonStep<'a> {
    JsonStep {
        from: step.date.to_string(),
        monthly: step.row.monthly.map(Exact),
        one_off: step.row.one_off.map(Exact),
        at_least: step.row.at_least.map(Exact),
        reason: step.row.reason.as_ref().map(|reason| reason.to_string()),
        fits: step.row.fits,
        retired: step.row.retired,
        coverage: step.row.coverage.map(Plain),
        factor: step.factor.map(Plain),
        changes: price_change::json(&step.changes, case),
    }
}

/// Returns a history as JSON.
pub fn to_json(history: &History, case: &Case<'_>) -> String {
    let series = history.series.iter().map(|series| JsonSeries {
        model: &case.product(series.pair.model).id,
        strategy: series.pair.strategy.id(),
        factor: series.whole_factor().map(Plain),
        steps: series.steps.iter().map(|step| json_step(step, case)).collect(),
    });
    let cheapest = history.cheapest.iter().map(|reign| JsonReign {
        from: reign.from.to_string(),
        until: reign.until.map(|until| until.to_string()),
        model: reign.row.as_ref().map(|row| row.model.as_str()),
        strategy: reign.row.as_ref().map(|row| row.strategy),
        monthly: reign.row.as_ref().and_then(|row| row.monthly).map(Exact),
    });
    super::json::pretty(&Document {
        schema: "ragonomics/history/1",
        scenario: &case.scenario.name,
        as_of: case.book.date.to_string(),
        from: history.from.to_string(),
        currency: case.book.currency.to_string(),
        series: series.collect(),
        cheapest: cheapest.collect(),
        notes: notes(history, case),
    })
}
