//! The derivation of a bill as JSON.

use serde::Serialize;

use super::{in_numbers, words};
use crate::analysis::Case;
use crate::analysis::explain::{Derivation, Explanation, Source, Value, label};
use crate::report::bill::{JsonAdjustment, JsonLine, json_adjustments, json_line};
use crate::report::json::{Exact, Plain};
use crate::usage::Recurrence;

#[derive(Serialize)]
struct JsonNamed<'a> {
    name: &'a str,
    label: &'a str,
    value: Plain,
}

#[derive(Serialize)]
struct JsonDerivation<'a> {
    #[serde(flatten)]
    line: JsonLine<'a>,
    formula: String,
    with_values: String,
    depends_on: Vec<JsonNamed<'a>>,
    rests_on: &'a [String],
    chosen_by: &'a [String],
}

#[derive(Serialize)]
struct JsonValue<'a> {
    name: &'a str,
    class: Option<&'a str>,
    value: Plain,
    unit: Option<String>,
    origin: &'static str,
    converted: bool,
    formula: Option<&'a str>,
    with_values: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonChange {
    vary: String,
    value: Plain,
}

/// A derivation in JSON.
#[derive(Serialize)]
pub struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    model: &'a str,
    strategy: &'a str,
    as_of: String,
    currency: String,
    changes: Vec<JsonChange>,
    monthly: Option<Exact>,
    one_off: Option<Exact>,
    lines: Vec<JsonDerivation<'a>>,
    adjustments: Vec<JsonAdjustment<'a>>,
    assumptions: Vec<JsonValue<'a>>,
}

/// Returns the derivation for JSON.
pub fn document<'a>(explanation: &'a Explanation, case: &'a Case<'_>) -> Document<'a> {
    let bill = &explanation.bill;
    let lines = bill.lines.iter().zip(&explanation.lines).map(|(line, derivation)| JsonDerivation {
        line: json_line(line, case.catalog),
        formula: words(derivation),
        with_values: in_numbers(derivation),
        depends_on: depends_on(derivation),
        rests_on: &derivation.rests_on,
        chosen_by: &derivation.chosen,
    });
    let changes = explanation
        .changes
        .iter()
        .map(|(target, number)| JsonChange { vary: case.scenario.path_of(*target), value: Plain(*number) });
    Document {
        schema: "ragonomics/explain/1",
        scenario: &case.scenario.name,
        model: &case.product(explanation.pair.model).id,
        strategy: explanation.pair.strategy.id(),
        as_of: case.book.date.to_string(),
        currency: bill.currency.to_string(),
        changes: changes.collect(),
        monthly: bill.total(Recurrence::Monthly).amount().map(Exact),
        one_off: bill.total(Recurrence::OneOff).amount().map(Exact),
        lines: lines.collect(),
        adjustments: json_adjustments(bill, case.catalog),
        assumptions: explanation.values.iter().map(assumption).collect(),
    }
}

fn depends_on(derivation: &Derivation) -> Vec<JsonNamed<'_>> {
    let mut named: Vec<(&str, f64)> = Vec::new();
    for known in derivation.terms.iter().flat_map(|term| term.named()) {
        if !named.contains(&known) {
            named.push(known);
        }
    }
    named
        .into_iter()
        .map(|(name, value)| JsonNamed { name, label: label(name), value: Plain(value) })
        .collect()
}

fn assumption(known: &Value) -> JsonValue<'_> {
    let (formula, with_values) = match &known.source {
        Source::Formula { words, exact, .. } => (Some(words.as_str()), Some(exact.as_str())),
        Source::Words(words) => (Some(words.as_str()).filter(|words| !words.is_empty()), None),
        Source::Number { .. } => (None, None),
    };
    let unit = known.target().map(|target| target.param.facts().unit.to_string());
    JsonValue {
        name: &known.name,
        class: known.class.as_deref(),
        value: Plain(known.value),
        unit: unit.filter(|unit| !unit.is_empty()),
        origin: known.origin(),
        converted: matches!(known.source, Source::Number { converted: true, .. }),
        formula,
        with_values,
    }
}
