//! The comparison as JSON.

use serde::Serialize;

use super::{footnotes, remark, saving_note};
use crate::analysis::compare::{Comparison, Row, Saving};
use crate::report::json::{Exact, Plain, pretty};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    currency: String,
    requests_per_month: Plain,
    horizon_months: Plain,
    answer: Option<String>,
    saving: Option<JsonSaving>,
    saving_reason: Option<String>,
    users: Option<Plain>,
    price_per_user: Option<Exact>,
    target_margin: Plain,
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
    over_horizon: Option<Exact>,
    at_least: Option<Exact>,
    input_tokens_per_request: Option<Plain>,
    output_tokens_per_request: Option<Plain>,
    calls_per_request: Option<Plain>,
    times_cheapest: Option<Plain>,
    cheapest: bool,
    plan: bool,
    baseline: bool,
    over_budget: bool,
    within_limits: Option<bool>,
    limits_reason: Option<String>,
    accuracy: Option<Plain>,
    per_correct: Option<Exact>,
    per_correct_reason: Option<&'static str>,
    per_user: Option<Exact>,
    margin: Option<Exact>,
    meets_target: Option<bool>,
    remark: Option<String>,
}

#[derive(Serialize)]
struct JsonSaving {
    monthly: Exact,
    yearly: Option<Exact>,
    switching: Exact,
    payback_months: Option<Plain>,
    payback_reason: Option<&'static str>,
}

impl From<&Saving> for JsonSaving {
    fn from(saving: &Saving) -> JsonSaving {
        JsonSaving {
            monthly: Exact(saving.monthly),
            yearly: saving.yearly.map(Exact),
            switching: Exact(saving.switching),
            payback_months: saving.payback_months.map(Plain),
            payback_reason: saving.no_payback(),
        }
    }
}

/// Says why there is no limit that a row was held against, or which one it is over.
fn limits_reason(row: &Row) -> Option<String> {
    match (&row.over_limits, row.within_limits) {
        (Some(over), _) => Some(over.to_string()),
        (None, Some(_)) => None,
        (None, None) => Some(row.limits_unknown.unwrap_or("the design does not run").to_owned()),
    }
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
        over_horizon: row.over_horizon.map(Exact),
        at_least: row.at_least.map(Exact),
        input_tokens_per_request: row.input_tokens_per_request.map(Plain),
        output_tokens_per_request: row.output_tokens_per_request.map(Plain),
        calls_per_request: row.calls_per_request.map(Plain),
        times_cheapest: row.times_cheapest.map(Plain),
        cheapest: row.cheapest,
        plan: row.plan,
        baseline: row.baseline,
        over_budget: row.over_budget,
        within_limits: row.within_limits,
        limits_reason: limits_reason(row),
        accuracy: row.accuracy.map(Plain),
        per_correct: row.per_correct.map(Exact),
        per_correct_reason: row.no_per_correct(),
        per_user: row.per_user.map(Exact),
        margin: row.margin.map(Exact),
        meets_target: row.meets_target,
        remark: Some(remark(row)).filter(|text| !text.is_empty()),
    });
    pretty(&Document {
        schema: "ragonomics/compare/1",
        scenario: &comparison.scenario,
        as_of: comparison.as_of.to_string(),
        currency: comparison.currency.to_string(),
        requests_per_month: Plain(comparison.requests),
        horizon_months: Plain(comparison.horizon_months),
        answer,
        saving: comparison.saving.as_ref().map(JsonSaving::from),
        saving_reason: no_saving(comparison),
        users: comparison.users.map(Plain),
        price_per_user: comparison.price_per_user.map(Exact),
        target_margin: Plain(comparison.target_margin),
        prices_shown: comparison.prices_shown,
        prices_stale: comparison.prices_stale,
        prices_uncertain: comparison.prices_uncertain,
        notes: footnotes(comparison),
        rows: rows.collect(),
    })
}

/// Says why there is no saving; `None` where there is one.
fn no_saving(comparison: &Comparison) -> Option<String> {
    if comparison.saving.is_some() {
        return None;
    }
    let named = comparison.names_saving.then(|| saving_note(comparison));
    let unknown = || "the plan or the baseline has no known cost".to_owned();
    Some(match named {
        Some(note) => note.unwrap_or_else(unknown),
        None => "the scenario does not name both a plan and a baseline".to_owned(),
    })
}
