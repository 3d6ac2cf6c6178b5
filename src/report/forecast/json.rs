//! A forecast as JSON.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::words;
use crate::analysis::Case;
use crate::analysis::forecast::afford::Affordable;
use crate::analysis::forecast::findings::First;
use crate::analysis::forecast::outlay::Outlay;
use crate::analysis::forecast::{Forecast, Month};
use crate::bill::Total;
use crate::report::json::{Exact, Plain, pretty};
use crate::report::price_change::{self, JsonChange};
use crate::scenario::Param;

/// The parts of an outlay as an object.
struct JsonParts<'a>(&'a Outlay);

impl Serialize for JsonParts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.parts.len()))?;
        for (purpose, amount) in &self.0.parts {
            map.serialize_entry(purpose.word(), &Exact(*amount))?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct JsonOutlay<'a> {
    cost: Option<Exact>,
    at_least: Option<Exact>,
    reason: Option<String>,
    parts: JsonParts<'a>,
}

impl<'a> JsonOutlay<'a> {
    fn of(outlay: &'a Outlay) -> JsonOutlay<'a> {
        JsonOutlay {
            cost: outlay.cost().map(Exact),
            at_least: outlay.at_least().map(Exact),
            reason: outlay.reason.as_ref().map(|reason| reason.to_string()),
            parts: JsonParts(outlay),
        }
    }
}

#[derive(Serialize)]
struct JsonMonth<'a> {
    month: u32,
    from: String,
    requests: Option<Plain>,
    users: Option<Plain>,
    corpus_tokens: Option<Plain>,
    #[serde(flatten)]
    outlay: JsonOutlay<'a>,
    saved_by_decline: Option<Exact>,
    so_far: Option<Exact>,
    so_far_at_least: Option<Exact>,
    over_budget: Option<bool>,
    revenue: Option<Exact>,
    margin: Option<Exact>,
    margin_share: Option<Plain>,
    cost_per_user: Option<Exact>,
    balance: Option<Exact>,
    balance_at_most: Option<Exact>,
    retired: Vec<&'a str>,
    price_changes: Vec<JsonChange<'a>>,
}

impl<'a> JsonMonth<'a> {
    fn of(month: &'a Month, case: &'a Case<'_>) -> JsonMonth<'a> {
        JsonMonth {
            month: month.number,
            from: month.from.to_string(),
            requests: month.requests.map(Plain),
            users: month.users.map(Plain),
            corpus_tokens: month.corpus_tokens.map(Plain),
            outlay: JsonOutlay::of(&month.outlay),
            saved_by_decline: month.saved_by_decline.map(Exact),
            so_far: month.so_far.amount().map(Exact),
            so_far_at_least: part(month.so_far),
            over_budget: month.over_budget,
            revenue: month.revenue.map(Exact),
            margin: month.margin.map(Exact),
            margin_share: month.margin_share.map(Plain),
            cost_per_user: month.cost_per_user.map(Exact),
            balance: month.balance.and_then(|left| left.amount()).map(Exact),
            balance_at_most: month.balance.and_then(part),
            retired: month.retired.iter().map(|id| case.product(*id).id.as_str()).collect(),
            price_changes: price_change::json(&month.changes, case),
        }
    }
}

/// Returns the known part of an amount that is not known as a whole.
fn part(total: Total) -> Option<Exact> {
    (!total.complete).then_some(Exact(total.known))
}

#[derive(Serialize)]
struct JsonFirst {
    month: Option<u32>,
    from: Option<String>,
    unknown_from: Option<u32>,
}

#[derive(Serialize)]
struct JsonAffordable {
    answer: &'static str,
    count: Option<Plain>,
}

#[derive(Serialize)]
struct JsonFindings {
    over_budget: Option<JsonFirst>,
    balance_spent: Option<JsonFirst>,
    margin_lost: Option<JsonFirst>,
    below_target_margin: Option<JsonFirst>,
    affordable_requests: Option<JsonAffordable>,
    affordable_users: Option<JsonAffordable>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    model: &'a str,
    strategy: &'static str,
    as_of: String,
    currency: String,
    horizon_months: usize,
    start: JsonOutlay<'a>,
    months: Vec<JsonMonth<'a>>,
    total: Option<Exact>,
    total_at_least: Option<Exact>,
    revenue: Option<Exact>,
    saved_by_decline: Option<Exact>,
    budget: Option<Exact>,
    findings: JsonFindings,
    notes: Vec<String>,
}

/// Returns a forecast as JSON.
pub fn to_json(forecast: &Forecast, case: &Case<'_>) -> String {
    let first = |first: First| JsonFirst {
        month: first.month,
        from: first.month.and_then(|month| words::first_day(forecast, month)).map(|day| day.to_string()),
        unknown_from: first.unknown_from,
    };
    let affordable = |found: Affordable| JsonAffordable {
        answer: found.word(),
        count: if let Affordable::UpTo(count) = found { Some(Plain(count)) } else { None },
    };
    let found = &forecast.findings;
    let mut notes = words::findings(forecast, case);
    notes.extend(words::notes(forecast, case));
    pretty(&Document {
        schema: "ragonomics/forecast/1",
        scenario: &case.scenario.name,
        model: &case.product(forecast.pair.model).id,
        strategy: forecast.pair.strategy.id(),
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        horizon_months: forecast.months.len(),
        start: JsonOutlay::of(&forecast.start),
        months: forecast.months.iter().map(|month| JsonMonth::of(month, case)).collect(),
        total: forecast.total.amount().map(Exact),
        total_at_least: part(forecast.total),
        revenue: forecast.revenue.map(Exact),
        saved_by_decline: forecast.saved_by_decline.map(Exact),
        budget: case.amount(Param::BudgetPerMonth).map(Exact),
        findings: JsonFindings {
            over_budget: found.over_budget.map(first),
            balance_spent: found.balance_spent.map(first),
            margin_lost: found.margin_lost.map(first),
            below_target_margin: found.below_target.map(first),
            affordable_requests: found.requests.map(affordable),
            affordable_users: found.users.map(affordable),
        },
        notes,
    })
}
