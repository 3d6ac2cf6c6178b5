//! The derivation of a bill as text, rows and JSON.

mod document;

use super::bill::{adjustment_label, meter, product, source};
use super::{Align, Cell, Sheet, escape_markdown, prices_of};
use crate::analysis::Case;
use crate::analysis::explain::{Derivation, Digits, Explanation, Source, Value};
use crate::bill::{Charge, LineItem};
use crate::present::{exact_money, money, quantity, readable_money, value};
use crate::scenario::parameter::Unit;
use crate::usage::Recurrence;
pub use document::{Document, document};

/// A line of a bill with its derivation, as a reader sees it.
struct Entry {
    title: String,
    formula: String,
    numbers: String,
    price: String,
    chosen: String,
}

/// Returns the derivation for a terminal: each line of the bill with its formula, then what the formulas rest on.
pub fn to_text(explanation: &Explanation, case: &Case<'_>, width: u16, color: bool) -> String {
    let wrapped = |text: &str| crate::present::wrap(text, usize::from(width)).join("\n") + "\n";
    let mut text = wrapped(&head(explanation, case));
    let (mut sources, mut number) = (Vec::new(), 0);
    for (recurrence, heading) in [(Recurrence::Monthly, "Each month"), (Recurrence::OneOff, "Once")] {
        let entries = entries(explanation, case, recurrence, &mut sources);
        if entries.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{heading}\n"));
        for entry in entries {
            number += 1;
            text.push_str(&wrapped(&format!("{number}. {}", entry.title)));
            let parts = [entry.formula, entry.numbers, entry.price, entry.chosen];
            for part in parts.iter().filter(|part| !part.is_empty()) {
                let lines = crate::present::wrap(&format!("   {part}"), usize::from(width));
                text.extend(lines.iter().map(|line| format!("{line}\n")));
            }
            text.push('\n');
        }
        totals(explanation, recurrence).iter().for_each(|total| text.push_str(&wrapped(total)));
    }
    text.push('\n');
    for (at, source) in sources.iter().enumerate() {
        text.push_str(&wrapped(&format!("[{}] {source}", at + 1)));
    }
    for (heading, sheet) in
        [("Numbers of the scenario", numbers(explanation, case)), ("Worked out", derived(explanation))]
    {
        if !sheet.rows.is_empty() {
            text.push_str(&format!("\n{heading}\n{}", sheet.to_table(width, color)));
        }
    }
    text
}

/// Returns the derivation as Markdown.
pub fn to_markdown(explanation: &Explanation, case: &Case<'_>) -> String {
    let mut text = format!("{}\n", escape_markdown(&head(explanation, case)));
    let mut sources = Vec::new();
    for (recurrence, heading) in [(Recurrence::Monthly, "Each month"), (Recurrence::OneOff, "Once")] {
        let entries = entries(explanation, case, recurrence, &mut sources);
        if entries.is_empty() {
            continue;
        }
        text.push_str(&format!("\n**{heading}**\n\n"));
        for entry in entries {
            text.push_str(&format!("1. **{}**\n", escape_markdown(&entry.title)));
            let parts = [entry.formula, entry.numbers, entry.price, entry.chosen];
            for part in parts.iter().filter(|part| !part.is_empty()) {
                text.push_str(&format!("   - {}\n", escape_markdown(part)));
            }
        }
        for total in totals(explanation, recurrence) {
            text.push_str(&format!("\n{}\n", escape_markdown(&total)));
        }
    }
    text.push('\n');
    for (at, source) in sources.iter().enumerate() {
        text.push_str(&format!("- \\[{}\\] {}\n", at + 1, escape_markdown(source)));
    }
    for (heading, sheet) in
        [("Numbers of the scenario", numbers(explanation, case)), ("Worked out", derived(explanation))]
    {
        if !sheet.rows.is_empty() {
            text.push_str(&format!("\n**{heading}**\n\n{}", sheet.to_markdown()));
        }
    }
    text
}

fn head(explanation: &Explanation, case: &Case<'_>) -> String {
    let changes = explanation.changes.iter().map(|(target, number)| {
        let shown = crate::present::parameter(target.param.facts(), *number);
        format!(", {} = {shown}", case.scenario.path_of(*target))
    });
    format!(
        "How the bill of {} comes about{}, {}",
        case.pair_name(explanation.pair),
        changes.collect::<String>(),
        prices_of(case.book.date, explanation.bill.currency)
    )
}

/// Returns the lines of one recurrence; where prices come from is noted once and called by its number.
fn entries(
    explanation: &Explanation,
    case: &Case<'_>,
    recurrence: Recurrence,
    sources: &mut Vec<String>,
) -> Vec<Entry> {
    let lines = explanation.bill.lines.iter().zip(&explanation.lines);
    let of_recurrence = lines.filter(|(line, _)| line.recurrence == recurrence);
    of_recurrence
        .map(|(line, derivation)| {
            let at = source(&explanation.bill, case.catalog, line).map(|text| {
                let known = sources.iter().position(|known| *known == text);
                known.unwrap_or_else(|| {
                    sources.push(text);
                    sources.len() - 1
                })
            });
            entry(explanation, case, line, derivation, at)
        })
        .collect()
}

fn entry(
    explanation: &Explanation,
    case: &Case<'_>,
    line: &LineItem,
    derivation: &Derivation,
    at: Option<usize>,
) -> Entry {
    let currency = explanation.bill.currency;
    let price = match &line.price {
        Ok(price) => {
            let at = at.map(|at| format!(" [{}]", at + 1)).unwrap_or_default();
            let unit = readable_money(price.unit_price, currency);
            format!("× {unit} per {}{at} = {}", price.unit, money(price.amount, currency))
        }
        Err(why) => why.to_string(),
    };
    Entry {
        title: title(line, case),
        formula: formula(derivation),
        numbers: format!("= {}", with_values(line, derivation)),
        price,
        chosen: derivation.chosen.join("; "),
    }
}

/// Returns the formula of a line's quantity in words; alike terms once.
fn formula(derivation: &Derivation) -> String {
    let mut words: Vec<String> = derivation.terms.iter().map(|term| term.in_words()).collect();
    words.dedup();
    // One month, say, needs no formula.
    words.retain(|formula| formula != "1");
    words.join(" + ")
}

/// Returns the formula with its values and what it comes to; the quantity alone where there is nothing to work out.
///
/// Values have two digits more than the result, so that whoever multiplies them gets it.
fn with_values(line: &LineItem, derivation: &Derivation) -> String {
    let whole = quantity(line.quantity.trunc(), 0).chars().filter(char::is_ascii_digit).count();
    let decimals = MOST_SHOWN.saturating_sub(whole).min(4);
    let count = quantity(line.quantity, decimals as u32);
    let shown = count.chars().filter(char::is_ascii_digit).collect::<String>();
    let digits = shown.trim_start_matches('0').len() + 2;
    let digits = Digits::Significant(digits.clamp(LEAST_DIGITS, MOST_DIGITS));
    let numbers: Vec<String> = derivation.terms.iter().map(|term| term.in_numbers(digits)).collect();
    let numbers = numbers.join(" + ");
    let count = format!("{count} {}", line.unit);
    if numbers.contains(' ') { format!("{numbers} = {count}") } else { count }
}

/// Digits of a quantity that are shown at most, so that values with two more are still exact.
const MOST_SHOWN: usize = 12;

/// Significant digits of a value in a formula, at least and at most: a double has no more than the latter.
const LEAST_DIGITS: usize = 6;
const MOST_DIGITS: usize = 15;

/// Returns how a line came about as names with texts: the formula in words, with its values, and what chose the price
/// where there was a choice.
pub fn line_facts(line: &LineItem, derivation: &Derivation) -> Vec<(&'static str, String)> {
    let mut facts = vec![("formula", formula(derivation)), ("with values", with_values(line, derivation))];
    facts.retain(|(_, text)| !text.is_empty());
    if !derivation.chosen.is_empty() {
        facts.push(("chosen by", derivation.chosen.join("; ")));
    }
    facts
}

/// Returns what a line is: the step and its meter, and the product.
fn title(line: &LineItem, case: &Case<'_>) -> String {
    let product = product(case.catalog, line);
    match line.charge {
        Charge::Product(..) => format!("{}: {} ({product})", line.title(), meter(line)),
        Charge::Own(_) => format!("{product} (own cost)"),
    }
}

/// Returns corrections and the sum of one recurrence.
fn totals(explanation: &Explanation, recurrence: Recurrence) -> Vec<String> {
    let bill = &explanation.bill;
    let adjusted = bill.adjustments.iter().filter(|adjustment| adjustment.recurrence == recurrence);
    let mut texts: Vec<String> = adjusted
        .map(|adjustment| {
            format!("{}: {}", adjustment_label(adjustment), money(adjustment.amount, bill.currency))
        })
        .collect();
    let total = bill.total(recurrence);
    let known = exact_money(total.known, bill.currency);
    texts.push(if total.complete {
        format!("Total: {known}")
    } else {
        format!("Total unknown, at least {known}")
    });
    texts
}

/// Returns the numbers of the scenario that the formulas name, with who gave them.
pub fn numbers(explanation: &Explanation, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Key", "key", Align::Name),
        ("Value", "value", Align::Right),
        ("Unit", "unit", Align::Name),
        ("Origin", "origin", Align::Left),
    ]);
    for known in &explanation.values {
        let Source::Number { target, converted, .. } = known.source else { continue };
        let facts = target.param.facts();
        let unit = if facts.unit == Unit::Money {
            case.scenario.amounts_in().to_string()
        } else {
            facts.unit.to_string()
        };
        let origin = if converted {
            format!("{}, as the model counts it", known.origin())
        } else {
            known.origin().to_owned()
        };
        sheet.push(vec![
            Cell::text(known.name.clone()),
            Cell::number(value(known.value), known.value),
            Cell::text(unit),
            Cell::text(origin),
        ]);
    }
    sheet
}

/// Returns what was worked out, with how; values of one name that differ from call to call share a row.
pub fn derived(explanation: &Explanation) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("What", "what", Align::Name),
        ("Value", "value", Align::Right),
        ("How", "how", Align::Left),
    ]);
    let mut told: Vec<(&str, &Option<String>)> = Vec::new();
    for known in explanation.values.iter().filter(|known| known.target().is_none()) {
        if told.contains(&(&known.name, &known.class)) {
            continue;
        }
        told.push((&known.name, &known.class));
        let same = |other: &&Value| {
            other.name == known.name && other.class == known.class && other.target().is_none()
        };
        let alike: Vec<f64> = explanation.values.iter().filter(same).map(|value| value.value).collect();
        let name = known.class.as_ref().map(|class| format!("{class}: {}", known.name));
        let (low, high) =
            alike.iter().fold((f64::MAX, f64::MIN), |(a, b), value| (a.min(*value), b.max(*value)));
        let shown = if low == high { value(low) } else { format!("{} to {}", value(low), value(high)) };
        let how = match &known.source {
            Source::Formula { words, numbers, .. } if low == high && words != numbers => {
                format!("{words} = {numbers}")
            }
            Source::Formula { words, .. } => words.clone(),
            Source::Words(words) => words.clone(),
            Source::Number { .. } => String::new(),
        };
        let how = if how == known.name { String::new() } else { how };
        sheet.push(vec![
            Cell::text(name.unwrap_or_else(|| known.name.clone())),
            Cell::text(shown),
            Cell::text(how),
        ]);
    }
    sheet
}

/// Returns one row for each line of the bill, for CSV.
pub fn rows(explanation: &Explanation, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Line", "line", Align::Left),
        ("Product", "product", Align::Name),
        ("Formula", "formula", Align::Left),
        ("With values", "with_values", Align::Left),
        ("Quantity", "quantity", Align::Right),
        ("Unit", "unit", Align::Left),
        ("Unit price", "unit_price", Align::Right),
        ("Per", "per", Align::Right),
        ("Amount", "amount", Align::Right),
        ("Chosen by", "chosen_by", Align::Left),
        ("Price from", "price_from", Align::Left),
        ("Source", "source", Align::Left),
    ]);
    for (line, derivation) in explanation.bill.lines.iter().zip(&explanation.lines) {
        let price = line.price.as_ref().ok();
        let exact = |number: Option<rust_decimal::Decimal>| {
            number.map_or_else(Cell::unknown, |number| Cell::text(number.normalize().to_string()))
        };
        sheet.push(vec![
            Cell::text(format!("{}: {}", line.title(), meter(line))),
            Cell::text(product(case.catalog, line)),
            Cell::text(words(derivation)),
            Cell::text(in_numbers(derivation)),
            exact(Some(line.quantity)),
            Cell::text(line.unit),
            exact(price.map(|price| price.unit_price)),
            exact(price.map(|price| price.per)),
            exact(price.map(|price| price.amount)),
            Cell::text(derivation.chosen.join("; ")),
            Cell::text(price.and_then(|price| price.from).map(|date| date.to_string()).unwrap_or_default()),
            Cell::text(price.map(|price| price.source.clone()).unwrap_or_default()),
        ]);
    }
    sheet
}

fn words(derivation: &Derivation) -> String {
    derivation.terms.iter().map(|term| term.in_words()).collect::<Vec<_>>().join(" + ")
}

fn in_numbers(derivation: &Derivation) -> String {
    derivation.terms.iter().map(|term| term.in_numbers(Digits::All)).collect::<Vec<_>>().join(" + ")
}
