//! The comparison as rows and as JSON.

mod json;

use super::json::plain;
use super::{Align, Cell, Sheet};
use crate::analysis::Failure;
use crate::analysis::compare::{Comparison, Reason, Row};
use crate::catalog::exchange::FIXED;
use crate::catalog::{Confidence, STALE_AFTER_DAYS};
use crate::present::{self, money, percent, times};
use crate::usage::Refusal;
pub use json::to_json;
use rust_decimal::Decimal;

/// What makes a row stand out: the test, a mark for tables, and words.
pub type Mark = (fn(&Row) -> bool, char, &'static str);

/// How a design stands in the comparison.
const STANDING: [Mark; 3] = [
    (|row| row.cheapest, '*', "cheapest"),
    (|row| row.plan, 'P', "plan"),
    (|row| row.baseline, 'B', "baseline"),
];

/// What to know of a row beside its costs.
pub const NOTICES: [Mark; 7] = [
    (|row| row.over_budget, '!', "over the budget"),
    (|row| row.retired, 'R', "retired"),
    (Row::reads_part, '~', "reads only part of the corpus"),
    (Row::drops_history, 'h', "drops history"),
    (Row::window_unknown, '?', "window unknown"),
    (Row::is_over_limits, 'L', "over its rate limits"),
    (Row::misses_margin, 'm', "below the target margin"),
];

fn all_marks() -> impl Iterator<Item = &'static Mark> {
    STANDING.iter().chain(&NOTICES)
}

/// Returns the marks of a row: cheapest, plan, baseline, over the budget and so on.
pub fn marks(row: &Row) -> String {
    all_marks().filter(|(test, ..)| test(row)).map(|(_, mark, _)| mark).collect()
}

/// Returns the marks of a row as words.
pub fn mark_words(row: &Row) -> Vec<&'static str> {
    all_marks().filter(|(test, ..)| test(row)).map(|(.., words)| *words).collect()
}

/// Explains the marks that a comparison uses; empty where it uses none.
pub fn legend(comparison: &Comparison) -> String {
    let used = all_marks().filter(|(test, ..)| comparison.rows.iter().any(test));
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
    let limits = row.over_limits.as_ref().map(|over| format!("over its rate limits: {over}"));
    [coverage, window, remark, limits].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Returns the designs with a cost, ranked, within 80 columns; what a right answer costs where an accuracy is given, what
/// a user costs where users are, and what is left of the price where a user pays one.
pub fn ranked(comparison: &Comparison) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("", "rank", Align::Right),
        ("", "marks", Align::Left),
        ("Model", "model", Align::Name),
        ("Strategy", "strategy", Align::Name),
        ("Monthly", "monthly", Align::Right),
        ("Request", "per_request", Align::Right),
        ("×", "times_cheapest", Align::Right),
        ("Correct", "per_correct", Align::Right),
        ("User", "per_user", Align::Right),
        ("Margin", "margin", Align::Right),
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
            Cell::money(row.per_correct, currency),
            Cell::money(row.per_user, currency),
            row.margin
                .map_or_else(Cell::unknown, |margin| Cell::both(present::share(margin), exact(Some(margin)))),
        ];
        sheet.push_marked(cells, row.cheapest);
    }
    let told = [
        ("per_correct", comparison.rows.iter().any(|row| row.accuracy.is_some())),
        ("per_user", comparison.users.is_some()),
        ("margin", comparison.users.is_some() && comparison.price_per_user.is_some()),
    ];
    told.into_iter().filter(|(_, told)| !told).fold(sheet, |sheet, (key, _)| sheet.without(key))
}

/// Returns the same for a terminal: where costs of answers and users leave no room for names, multiples and then costs
/// of requests give way.
pub fn ranked_within(comparison: &Comparison, width: u16) -> Sheet {
    let mut sheet = ranked(comparison);
    let more = ["per_correct", "per_user", "margin"].into_iter().any(|key| sheet.has(key));
    for key in ["times_cheapest", "per_request"] {
        if more && sheet.natural_width() > usize::from(width) {
            sheet = sheet.without(key);
        }
    }
    sheet
}

/// Writes an amount with all its digits; nothing where there is none.
fn exact(value: Option<Decimal>) -> String {
    value.map(|value| value.normalize().to_string()).unwrap_or_default()
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

/// Returns the comparison as Markdown: the answer, the ranked designs, those without a cost, and notes.
pub fn to_markdown(comparison: &Comparison, answer: &str) -> String {
    let mut text = format!("{answer}\n\n{}", ranked(comparison).to_markdown());
    let without = without_cost(comparison);
    if !without.rows.is_empty() {
        text.push_str(&format!("\n{}", without.to_markdown()));
    }
    text.push_str(&format!("\n{}\n", footnotes(comparison).join("\n")));
    text
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
        "over_horizon",
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
        "within_limits",
        "accuracy",
        "per_correct",
        "per_user",
        "margin",
        "meets_target",
        "remark",
    ];
    let columns: Vec<(&'static str, &'static str, Align)> =
        columns.iter().map(|key| (*key, *key, Align::Left)).collect();
    let mut sheet = Sheet::new(&columns);
    let number = |value: Option<f64>| value.map(plain).unwrap_or_default();
    let known = |value: Option<bool>| value.map(|value| value.to_string()).unwrap_or_default();
    for (at, row) in comparison.rows.iter().enumerate() {
        let texts = [
            row.monthly.map(|_| (at + 1).to_string()).unwrap_or_default(),
            row.model.clone(),
            row.strategy.to_owned(),
            known(row.fits),
            row.reason.as_ref().map(|reason| reason.to_string()).unwrap_or_default(),
            row.retired.to_string(),
            number(row.coverage),
            exact(row.per_request),
            exact(row.monthly),
            exact(row.one_off),
            exact(row.over_horizon),
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
            known(row.within_limits),
            number(row.accuracy),
            exact(row.per_correct),
            exact(row.per_user),
            exact(row.margin),
            known(row.meets_target),
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
    notes.extend(limits_note(comparison));
    notes.extend(margin_note(comparison));
    notes.extend(comparison.left_out.iter().map(|(word, name)| {
        format!(
            "The {word}, {name}, is not among the designs compared; compare.models and compare.strategies name those."
        )
    }));
    notes.extend(saving_note(comparison));
    notes
}

/// Designs over their limits that are spelled out; more are counted.
const OVER_TOLD: usize = 3;

/// Says which designs are over their rate limits, and by what; `None` where none is.
pub fn limits_note(comparison: &Comparison) -> Option<String> {
    let over = |row: &Row| {
        let over = row.over_limits.as_ref().filter(|_| row.monthly.is_some())?;
        Some(format!("{} ({over})", row.name()))
    };
    let all: Vec<String> = comparison.rows.iter().filter_map(over).collect();
    let more = all.len().saturating_sub(OVER_TOLD);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let told = all.get(..OVER_TOLD).unwrap_or(&all).join(", ");
    (!all.is_empty()).then(|| format!("Over the rate limits, so never called the cheapest: {told}{more}."))
}

/// Says what margins are measured by, where the scenario gives users and a price.
fn margin_note(comparison: &Comparison) -> Option<String> {
    let price = comparison.price_per_user.filter(|_| comparison.users.is_some())?;
    let price = money(price, comparison.currency);
    let target = percent(comparison.target_margin);
    let trial = match comparison.trial_share {
        0.0 => String::new(),
        share => format!(", {} of the users on trial", percent(share)),
    };
    Some(format!("Margins are of {price} a user a month{trial}; the target is {target}."))
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
    let yearly = saving.yearly.map(|yearly| format!(" ({} a year)", money(yearly, comparison.currency)));
    let switching = money(saving.switching, comparison.currency);
    Some(match saving.payback_months {
        Some(months) => format!(
            "The plan saves {monthly} a month{} against the baseline{}; switching costs {switching}, {}.",
            yearly.unwrap_or_default(),
            saving.share.map(|share| format!(", {} of it", present::percent(share))).unwrap_or_default(),
            payback(months)
        ),
        None => format!(
            "The plan saves nothing against the baseline: {monthly} a month, and {switching} to switch."
        ),
    })
}

/// Says when a switch has paid off.
pub fn payback(months: f64) -> String {
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
