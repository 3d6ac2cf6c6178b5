//! A report as one Markdown document that explains itself to somebody who never ran the program.

use super::{Sheet, assumptions, bill, break_even, compare, escape_markdown as escape};
use crate::analysis::Case;
use crate::analysis::compare::Reason;
use crate::analysis::summary::{Chosen, Summary};
use crate::answer::{noun, sentence};
use crate::bill::Bill;
use crate::present::{exact_money, whole};
use crate::usage::Recurrence;

/// Names of the charts that lie beside the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charts {
    /// The comparison.
    pub comparison: String,
    /// The break-even.
    pub break_even: String,
}

/// Writes the document.
pub fn markdown(case: &Case<'_>, summary: &Summary, charts: &Charts) -> String {
    let sections = [
        head(case, summary),
        answer(summary),
        comparison(summary, charts),
        chosen(case, summary),
        contest(case, summary, charts),
        rests_on(case, summary),
    ];
    sections.map(|section| format!("{}\n", section.trim_end())).join("\n")
}

fn head(case: &Case<'_>, summary: &Summary) -> String {
    let comparison = &summary.comparison;
    let about = paragraph(&case.scenario.description);
    format!(
        "# {}\n\n{about}Prices of {}, in {}; {} requests a month. Written by ragonomics {}.\n",
        escape(&comparison.scenario),
        comparison.as_of,
        comparison.currency,
        whole(comparison.requests),
        env!("CARGO_PKG_VERSION"),
    )
}

fn answer(summary: &Summary) -> String {
    let saving = compare::saving_note(&summary.comparison).unwrap_or_default();
    format!("## Answer\n\n{}{}", paragraph(&sentence(&summary.comparison)), paragraph(&saving))
}

fn comparison(summary: &Summary, charts: &Charts) -> String {
    let comparison = &summary.comparison;
    let mut text = format!("## Comparison\n\n{}", image("Monthly cost of each design", &charts.comparison));
    let ranked = compare::ranked(comparison).in_full("model");
    if !ranked.rows.is_empty() {
        text.push_str(&format!("{}\n", ranked.to_markdown()));
        text.push_str(&paragraph(&compare::legend(comparison)));
        text.push_str(&paragraph(&compare::limits_note(comparison).unwrap_or_default()));
    }
    let without = compare::without_cost(comparison).in_full("model");
    if !without.rows.is_empty() {
        text.push_str(&format!("{}\n", without.to_markdown()));
    }
    text
}

fn chosen(case: &Case<'_>, summary: &Summary) -> String {
    let Some(Chosen { pair, why, outcome }) = &summary.chosen else {
        return "## Bill\n\nNo design has a cost, so there is no bill.\n".to_owned();
    };
    let name = escape(&case.pair_name(*pair));
    let gone: String = case.sold_no_more(*pair).iter().map(|gone| format!(" {}.", escape(gone))).collect();
    let head = format!("## Bill of {name}\n\nThis is {why}.{gone}");
    match outcome {
        Ok(evaluation) => format!("{head}\n\n{}", lines(case, &evaluation.bill)),
        Err(failure) => {
            format!("{head} It has no bill: {}.\n", escape(&Reason::of_failure(case, *failure).to_string()))
        }
    }
}

fn lines(case: &Case<'_>, bill: &Bill) -> String {
    let mut text = String::new();
    let parts = [(Recurrence::Monthly, "Each month"), (Recurrence::OneOff, "Once")];
    for (recurrence, when) in parts {
        let sheet = bill::lines(bill, case.catalog, recurrence);
        // The total is a row of its own; without other rows there is nothing to tell.
        if sheet.rows.len() > 1 || recurrence == Recurrence::Monthly {
            text.push_str(&format!("{}\n{when}, {}.\n\n", sheet.to_markdown(), total(bill, recurrence)));
        }
    }
    let sources = bill::sources(bill, case.catalog);
    if !sources.is_empty() {
        text.push_str(&format!("Where the prices come from:\n\n{}", list(&sources)));
    }
    text
}

fn total(bill: &Bill, recurrence: Recurrence) -> String {
    match bill::exact_total(bill, recurrence) {
        Some(exact) => format!("exactly: {exact}"),
        None => {
            let known = exact_money(bill.total(recurrence).known, bill.currency);
            format!("a price is missing; at least {known}")
        }
    }
}

fn contest(case: &Case<'_>, summary: &Summary, charts: &Charts) -> String {
    let picture = image("Cost of stuffing and retrieval along requests a month", &charts.break_even);
    let head = format!("## Break-even\n\n{picture}");
    let Some(contest) = &summary.contest else {
        return format!("{head}{}\n", break_even::nothing_to_cross());
    };
    let found = &contest.break_even;
    let against = format!(
        "{} against {}, by what a month costs at different requests a month:",
        side(case, found.a),
        side(case, found.b)
    );
    let note = format!("{}.", break_even::note(found, case));
    let sheet: Sheet = break_even::shown_regions(found, case);
    let kinds = if found.crossings.is_empty() { "" } else { KINDS };
    format!(
        "{head}{}{}{}\n{}{}",
        paragraph(&against),
        paragraph(&capitalized(&note)),
        sheet.to_markdown(),
        paragraph(kinds),
        paragraph(break_even::coverage(contest)),
    )
}

const KINDS: &str = "From and To are requests a month. Where a range begins, both cost the amount given; at a jump one cost steps over the other, or a design begins or ends to fit.";

fn side(case: &Case<'_>, pair: crate::analysis::Pair) -> String {
    format!("{} ({})", case.pair_name(pair), noun(pair.strategy.family()))
}

fn rests_on(case: &Case<'_>, summary: &Summary) -> String {
    let mut notes = compare::price_notes(&summary.comparison);
    notes.extend(assumptions::conventions());
    let mut text = format!(
        "## Assumptions\n\n{}\nEvery value that the results rest on:\n\n{}",
        list(&notes),
        assumptions::values(case).to_markdown()
    );
    if !case.scenario.notes.is_empty() {
        text.push_str(&format!("\nNotes of the scenario:\n\n{}", list(&case.scenario.notes)));
    }
    text
}

/// Writes a text as a paragraph; nothing where it is empty.
fn paragraph(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("{}\n\n", block(text)) }
}

fn list<T: AsRef<str>>(items: &[T]) -> String {
    items.iter().map(|item| format!("- {}\n", block(item.as_ref()))).collect()
}

/// Escapes a text that begins a line, where signs and numbers would begin a list.
fn block(text: &str) -> String {
    let text = escape(text.trim());
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    if text.starts_with(['-', '+', '=']) {
        format!("\\{text}")
    } else if digits > 0 && [". ", ") "].iter().any(|sign| text[digits..].starts_with(sign)) {
        format!("{}\\{}", &text[..digits], &text[digits..])
    } else {
        text
    }
}

fn image(alternative: &str, file: &str) -> String {
    format!("![{alternative}]({})\n\n", address(file))
}

/// Writes a file's name as an address: what ends or changes an address becomes its code.
fn address(file: &str) -> String {
    let plain = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-._".contains(c);
    file.chars().map(|c| if plain(c) { c.to_string() } else { format!("%{:02X}", u32::from(c)) }).collect()
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_any_file_name() {
        assert_eq!(address("a b(c)#1-客服.svg"), "a%20b%28c%29%231-客服.svg");
    }

    #[test]
    fn a_text_does_not_begin_a_list() {
        assert_eq!(block("- x"), "\\- x");
        assert_eq!(block("12. x"), "12\\. x");
        assert_eq!(block("1.28 dollars"), "1.28 dollars");
    }
}
