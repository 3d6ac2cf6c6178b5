//! What is said above and below the list: what the plan saves, and what the selected row leaves out.

use unicode_width::UnicodeWidthStr;

use super::marks;
use crate::analysis::compare::{Comparison, Row};
use crate::answer;
use crate::present::{self, cut};
use crate::report::compare::{payback, saving_note};
use crate::tui::screen::compare::{Column, basis, pin_letter, selected_row};
use crate::tui::state::State;
use crate::tui::text::wrap;

/// Says in one line what the plan saves against the baseline, with as much of both as there is room for; `None` where the
/// scenario does not name both, or for a line that would be cut.
pub(super) fn saving(comparison: &Comparison, width: usize) -> Option<String> {
    let Some(saving) = &comparison.saving else {
        return saving_note(comparison).map(|note| cut(&note, width));
    };
    let money = |amount| present::money(amount, comparison.currency);
    let (verb, amount) = match saving.monthly.is_sign_negative() && !saving.monthly.is_zero() {
        true => ("costs", format!("{} a month more", money(saving.monthly.abs()))),
        false => ("saves", format!("{} a month", money(saving.monthly))),
    };
    let share = saving.share.map(|share| format!(" ({})", present::percent(share.abs()))).unwrap_or_default();
    let year = saving.yearly.filter(|_| verb == "saves").map(|year| format!(", {} a year", money(year)));
    let switch = match saving.payback_months {
        Some(months) => format!("; switching costs {}, {}", money(saving.switching), payback(months)),
        None => String::new(),
    };
    let named = |test: fn(&Row) -> bool| {
        let row = comparison.rows.iter().find(|row| test(row))?;
        Some((row.name(), money(row.monthly?)))
    };
    let mut tried = Vec::new();
    if let (Some((plan, cost)), Some((baseline, before))) = (named(|row| row.plan), named(|row| row.baseline))
    {
        let both = format!("Plan {plan} at {cost} {verb} {amount}{share}");
        let other = format!(" against baseline {baseline} at {before}");
        let year = year.unwrap_or_default();
        tried.push(format!("{both}{year}{other}{switch}"));
        tried.push(format!("{both}{year}{other}"));
        tried.push(format!("{both}{other}"));
        tried.push(format!("Plan {cost}, baseline {before}: the plan {verb} {amount}{share}"));
        let bare = money(saving.monthly.abs());
        tried.push(format!("Plan {cost}, baseline {before}: {verb} {bare}{share}"));
        tried.push(format!("Plan {cost}, baseline {before}: {verb} {bare}"));
    } else {
        tried.push(format!("The plan {verb} {amount}{share} against the baseline{switch}"));
        tried.push(format!("The plan {verb} {amount}{share} against the baseline"));
    }
    tried.push(format!("The plan {verb} {amount}"));
    tried.into_iter().find(|text| text.width() <= width)
}

/// Says in words what the selected row says in marks, and what it leaves out, in so many lines.
pub(super) fn detail(state: &State, width: usize, rows: usize) -> Vec<String> {
    let Some(row) = selected_row(state).filter(|_| width > 0 && rows > 0) else { return Vec::new() };
    let named =
        [(row.cheapest, "cheapest"), (row.plan, "the plan"), (row.baseline, "the baseline")].into_iter();
    let named = named.filter(|(holds, _)| *holds).map(|(_, word)| word);
    let mut words: Vec<String> = named.chain(marks::words(row)).map(str::to_owned).collect();
    words.extend(pin_letter(state, row.pair).map(|letter| format!("pinned as {letter}")));
    let head = row.name();
    let head = if words.is_empty() { head } else { format!("{head} · {}", words.join(", ")) };
    let mut lines = vec![cut(&head, width)];
    let facts = match answer::reason(row) {
        Some(reason) => unpriced(state.work.comparison(), row, reason),
        None => facts(state, row),
    };
    lines.extend(wrap(&facts, width));
    if lines.len() > rows {
        let rest = lines.split_off(rows - 1).join(" ");
        lines.push(cut(&rest, width));
    }
    lines
}

/// Says why a row has no cost, with its priced part.
fn unpriced(comparison: &Comparison, row: &Row, reason: String) -> String {
    match row.at_least {
        Some(amount) => format!("at least {} a month; {reason}", present::money(amount, comparison.currency)),
        None => reason,
    }
}

fn facts(state: &State, row: &Row) -> String {
    let comparison = state.work.comparison();
    let money = |amount| present::money(amount, comparison.currency);
    let tokens = row.input_tokens_per_request.zip(row.output_tokens_per_request);
    let tokens = tokens.map(|(input, output)| {
        format!("{} tokens in, {} out a request", present::whole(input), present::whole(output))
    });
    let mut parts: Vec<String> = tokens.into_iter().collect();
    if let Some(coverage) = row.coverage.filter(|coverage| *coverage < 1.0) {
        parts.push(format!("draws on {} of the corpus", present::percent(coverage)));
    }
    if let Some(amount) = row.one_off.filter(|amount| !amount.is_zero()) {
        parts.push(format!("{} once", money(amount)));
    }
    parts.extend(row.remark.map(|remark| remark.to_string()));
    parts.extend(row.over_limits.as_ref().map(|over| format!("over its rate limits: {over}")));
    parts.extend(row.per_correct.map(|amount| format!("{} a right answer", money(amount))));
    parts.extend(row.per_user.map(|amount| format!("{} a user", money(amount))));
    parts.extend(row.margin.map(|margin| format!("margin {}", present::share(margin))));
    let saved = Column::Saving.amount(comparison, basis(state), row).filter(|_| !row.baseline);
    parts.extend(saved.map(|saved| {
        let word = if saved.is_sign_negative() { "more" } else { "less" };
        format!("{} a month {word} than the baseline", money(saved.abs()))
    }));
    parts.join("; ")
}
