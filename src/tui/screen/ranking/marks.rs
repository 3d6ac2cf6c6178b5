//! Signs before the designs, and what they mean.

use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use crate::analysis::compare::{Comparison, Row};
use crate::report::compare::NOTICES;
use crate::tui::screen::compare::pin_letter;
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Returns the marks of a row.
fn marks_of(row: &Row) -> String {
    NOTICES.iter().filter(|(test, ..)| test(row)).map(|(_, mark, _)| mark).collect()
}

/// Returns the marks of a row in words.
pub(super) fn words(row: &Row) -> impl Iterator<Item = &'static str> {
    NOTICES.iter().filter(|(test, ..)| test(row)).map(|(.., words)| *words)
}

/// Returns how many columns the marks of the row with the most of them take.
pub(super) fn width(comparison: &Comparison) -> usize {
    comparison.rows.iter().map(|row| marks_of(row).len()).max().unwrap_or(0)
}

/// Three columns: cheapest of all or of its group; plan or baseline; pin. After them what to know of the row.
pub(super) fn spans(state: &State, at: usize, row: &Row, width: usize) -> Vec<Span<'static>> {
    let theme = &state.theme;
    let named = match (row.plan, row.baseline) {
        (true, _) => "●",
        (false, true) => "○",
        _ => " ",
    };
    let pin = pin_letter(state, row.pair);
    let standing = match row.cheapest {
        true => "★",
        false if state.views.compare.cheapest.contains(&at) => "☆",
        false => " ",
    };
    let line = state.pins.iter().position(|pinned| *pinned == row.pair).unwrap_or(0);
    vec![
        Span::styled(standing, theme.style(Role::Cheapest)),
        Span::styled(named, theme.style(Role::Named)),
        Span::styled(pin.unwrap_or(' ').to_string(), theme.style(Role::Line(line))),
        Span::styled(format!("{:width$}", marks_of(row)), theme.style(Role::Dim)),
    ]
}

/// Says what the marks mean that any row has, in so many lines: what has no room is left out whole, and what is said of the
/// selected row has it in words.
pub(super) fn legend(state: &State, width: usize, lines: usize) -> Vec<String> {
    let rows = &state.work.comparison().rows;
    let used = NOTICES.iter().filter(|(test, ..)| rows.iter().any(test));
    let used = used.map(|(_, mark, words)| format!("{mark} {words}"));
    let stars = [
        (!state.views.compare.cheapest.is_empty(), "☆ cheapest of its group"),
        (rows.iter().any(|row| row.plan), "● plan"),
        (rows.iter().any(|row| row.baseline), "○ baseline"),
        (rows.iter().any(|row| row.cheapest), "★ cheapest"),
    ];
    let stars = stars.iter().filter(|(used, _)| *used).map(|(_, words)| (*words).to_owned());
    let mut told: Vec<String> = Vec::new();
    for entry in used.chain(stars) {
        let more = told.len() < lines && entry.width() <= width;
        match told.last_mut() {
            Some(line) if line.width() + 2 + entry.width() <= width => {
                line.push_str(", ");
                line.push_str(&entry);
            }
            _ if more => told.push(entry),
            _ => {}
        }
    }
    told
}
