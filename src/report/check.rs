//! The rules of a scenario as rows and as JSON.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use super::json::Exact;
use super::{Align, Cell, Sheet};
use crate::analysis::Case;
use crate::analysis::check::{Check, Measure, Rule, Verdict};
use crate::present::percent;
use crate::units::Currency;

/// Returns every rule with what was found.
pub fn sheet(check: &Check, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Rule", "rule", Align::Name),
        ("Found", "value", Align::Left),
        ("Bound", "bound", Align::Left),
        ("", "verdict", Align::Name),
        ("", "reason", Align::Left),
    ]);
    let currency = case.book.currency;
    for rule in &check.rules {
        let value = rule.value.as_ref().map_or_else(Cell::unknown, |value| cell(value, currency));
        let cells = vec![
            Cell::text(rule.name),
            value,
            bound(rule, currency),
            Cell::text(rule.verdict.word()),
            Cell::text(rule.reason.clone().unwrap_or_default()),
        ];
        sheet.push_marked(cells, rule.verdict != Verdict::Kept);
    }
    sheet
}

fn cell(measure: &Measure, currency: Currency) -> Cell {
    match measure {
        Measure::Money(amount) => Cell::money(Some(*amount), currency),
        Measure::Share(share) => {
            Cell::both(percent(share.to_f64().unwrap_or(f64::NAN)), share.normalize().to_string())
        }
        Measure::Words(words) => Cell::text(words.clone()),
    }
}

fn bound(rule: &Rule, currency: Currency) -> Cell {
    let side = match (&rule.bound, rule.name) {
        (Measure::Money(_), _) => "at most ",
        (Measure::Share(_), _) => "at least ",
        (Measure::Words(_), _) => "",
    };
    let cell = cell(&rule.bound, currency);
    Cell { shown: format!("{side}{}", cell.shown), ..cell }
}

/// Says what the rules come to, in one sentence.
pub fn sentence(check: &Check) -> String {
    let count = |verdict| check.rules.iter().filter(|rule| rule.verdict == verdict).count();
    let (broken, unknown) = (count(Verdict::Broken), count(Verdict::Unknown));
    let rules = |count: usize| if count == 1 { "1 rule is".to_owned() } else { format!("{count} rules are") };
    match (broken, unknown) {
        (0, 0) if !check.sets_rules() => {
            "The design runs; the scenario sets no rules, such as budget.monthly.".to_owned()
        }
        (0, 0) => "All rules are kept.".to_owned(),
        (0, unknown) => format!("{} not known to be kept.", rules(unknown)),
        (broken, 0) => format!("{} broken.", rules(broken)),
        (broken, unknown) => format!("{} broken, {} not known to be kept.", rules(broken), rules(unknown)),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    currency: String,
    model: &'a str,
    strategy: &'a str,
    ok: bool,
    rules: Vec<JsonRule<'a>>,
}

#[derive(Serialize)]
struct JsonRule<'a> {
    rule: &'a str,
    value: Option<JsonMeasure<'a>>,
    bound: JsonMeasure<'a>,
    unit: Option<&'static str>,
    verdict: &'static str,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonMeasure<'a> {
    Number(Exact),
    Words(&'a str),
}

impl<'a> JsonMeasure<'a> {
    fn of(measure: &'a Measure) -> JsonMeasure<'a> {
        let number = |value: &Decimal| JsonMeasure::Number(Exact(*value));
        match measure {
            Measure::Money(amount) => number(amount),
            Measure::Share(share) => number(share),
            Measure::Words(words) => JsonMeasure::Words(words),
        }
    }
}

/// Returns the rules as JSON.
pub fn to_json(check: &Check, case: &Case<'_>) -> String {
    let unit = |measure: &Measure| match measure {
        Measure::Money(_) => Some("money"),
        Measure::Share(_) => Some("share"),
        Measure::Words(_) => None,
    };
    let rules = check.rules.iter().map(|rule| JsonRule {
        rule: rule.name,
        value: rule.value.as_ref().map(JsonMeasure::of),
        bound: JsonMeasure::of(&rule.bound),
        unit: unit(rule.value.as_ref().unwrap_or(&rule.bound)),
        verdict: rule.verdict.word(),
        reason: rule.reason.as_deref(),
    });
    super::json::pretty(&Document {
        schema: "ragonomics/check/1",
        scenario: &case.scenario.name,
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        model: &case.product(check.pair.model).id,
        strategy: check.pair.strategy.id(),
        ok: check.passes(),
        rules: rules.collect(),
    })
}
