//! Draws the ranked list.
//!
//! ```text
//! Cheapest: rag on deepseek/deepseek-flash at $12.34 a month ...
//! Plan $12.34, baseline $41.00: the plan saves $28.66 a month (69.9%)
//! ! over the budget, ● plan, ○ baseline, ★ cheapest
//!   #      model                    strategy      a month↑   request      ×
//! ▸ 1 ★●A  deepseek/deepseek-flash  rag             $12.34   $0.0012   1.0×  ██
//!   2  ○ ! openai/gpt-6-luna        rag             $41.00   $0.0041   3.3×  ██████
//!
//! deepseek/deepseek-flash:rag  cheapest, plan, pinned as A
//! 3,072 tokens in and 300 out a request; ...
//! ```

mod columns;
mod marks;
mod told;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use rust_decimal::prelude::ToPrimitive;
use unicode_width::UnicodeWidthStr;

use self::columns::Columns;
use super::compare::{Basis, Column, Entry, basis, selected_entry};
use super::said::filter_chip;
use super::uncertainty;
use crate::analysis::compare::{Comparison, Row};
use crate::answer;
use crate::present::{self, cut};
use crate::tui::action::Screen;
use crate::tui::frame::Frame;
use crate::tui::state::{Focus, State};
use crate::tui::text::{entry_in, first_shown, put, put_line, right, split_bottom, split_top, wrap};
use crate::tui::theme::Role;

/// Rows from which the selected design is explained below the list.
const ROWS_FOR_DETAIL: u16 = 16;

/// Rows from which the answer stands above the list.
const ROWS_FOR_ANSWER: u16 = 6;

/// Rows from which there is room for more of the marks and of the selected design.
const ROWS_FOR_MORE: u16 = 30;

/// Where the parts of the screen lie.
struct Layout {
    answer: Vec<String>,
    notes: Vec<Line<'static>>,
    top: Rect,
    list: Rect,
    detail: Rect,
}

impl Layout {
    fn of(state: &State, area: Rect) -> Layout {
        let width = usize::from(area.width);
        let lines = if area.height >= ROWS_FOR_MORE { 2 } else { 1 };
        // On a terminal with hardly any room the list is all there is.
        let (answer, notes) = match area.height < ROWS_FOR_ANSWER {
            true => (Vec::new(), Vec::new()),
            false => (answer_lines(state, area), notes(state, width, lines)),
        };
        let rows = if answer.is_empty() { 0 } else { answer.len() + notes.len().max(1) };
        let (top, rest) = split_top(area, rows as u16);
        let detail_rows = match area.height {
            ROWS_FOR_MORE.. => 5,
            ROWS_FOR_DETAIL.. => 4,
            _ => 0,
        };
        let (list, detail) = split_bottom(rest, detail_rows);
        Layout { answer, notes, top, list, detail }
    }

    /// The heads of the list.
    fn head(&self) -> Rect {
        split_top(self.list, 1).0
    }

    /// Rows of the list below its head.
    fn rows(&self) -> Rect {
        split_top(self.list, 1).1
    }
}

/// Returns the columns of a width.
fn columns_within(state: &State, width: u16) -> Columns {
    let comparison = state.work.comparison();
    Columns::fit(comparison, basis(state), marks::width(comparison), usize::from(width))
}

/// Returns the columns that are on the terminal.
pub fn columns(state: &State) -> Vec<Column> {
    let width = Frame::of(state).map_or(0, |frame| frame.main.width);
    columns_within(state, width).all()
}

/// Returns the column whose head is drawn at a place.
pub fn column_at(state: &State, area: Rect, at: Position) -> Option<Column> {
    let head = Layout::of(state, area).head();
    head.contains(at).then(|| columns_within(state, area.width).column_at(usize::from(at.x - head.x)))
}

/// Returns the place among the rows shown of the one that is drawn somewhere.
pub fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
    let entries = &state.views.compare.entries;
    let entry = entry_in(Layout::of(state, area).rows(), at, selected_entry(state), entries.len())?;
    match entries.get(entry)? {
        Entry::Design(place) => Some(*place),
        Entry::Heading(_) => None,
    }
}

/// Draws the screen.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let layout = Layout::of(state, area);
    let Layout { answer, notes, top, list, detail } = &layout;
    for (row, line) in answer.iter().enumerate() {
        put(buffer, *top, row as u16, line, state.theme.style(Role::Heading));
    }
    for (row, line) in notes.iter().enumerate() {
        put_line(buffer, *top, (answer.len() + row) as u16, line);
    }
    draw_list(state, *list, buffer);
    let room = usize::from(detail.height).saturating_sub(1);
    for (row, line) in told::detail(state, usize::from(detail.width), room).iter().enumerate() {
        let role = if row == 0 { Role::Heading } else { Role::Text };
        put(buffer, *detail, row as u16 + 1, line, state.theme.style(role));
    }
}

/// Returns the answer in as many lines as there is room for, and what the plan saves.
fn answer_lines(state: &State, area: Rect) -> Vec<String> {
    let hint = uncertainty::hint(state).map(|hint| format!(" {hint}")).unwrap_or_default();
    let most = if area.height >= ROWS_FOR_DETAIL { 4 } else { 2 } + usize::from(!hint.is_empty());
    let said = answer::sentence(state.work.comparison()) + &hint;
    let mut lines = wrap(&said, usize::from(area.width));
    if lines.len() > most {
        let rest = lines.split_off(most - 1).join(" ");
        lines.push(cut(&rest, usize::from(area.width)));
    }
    lines.extend(told::saving(state.work.comparison(), usize::from(area.width)));
    lines
}

fn draw_list(state: &State, area: Rect, buffer: &mut Buffer) {
    let comparison = state.work.comparison();
    let columns = columns_within(state, area.width);
    let (head, body) = split_top(area, 1);
    put_line(buffer, head, 0, &head_line(state, &columns));
    if state.views.compare.shown.is_empty() {
        let text =
            if comparison.rows.is_empty() { "nothing to compare" } else { "no design has these words" };
        put(buffer, body, 0, text, state.theme.style(Role::Dim));
    }
    let entries = &state.views.compare.entries;
    let selected = selected_entry(state);
    let first = first_shown(selected, entries.len(), usize::from(body.height));
    for (at, entry) in entries.iter().enumerate().skip(first).take(usize::from(body.height)) {
        let y = (at - first) as u16;
        let place = match entry {
            Entry::Heading(name) => {
                put(buffer, body, y, &cut(name, usize::from(area.width)), state.theme.style(Role::Heading));
                continue;
            }
            Entry::Design(place) => state.views.compare.shown[*place],
        };
        let line = row_line(state, place, &columns, usize::from(area.width), at == selected);
        put_line(buffer, body, y, &line);
        if at == selected {
            let role = if state.focus == Focus::Screen { Role::Selected } else { Role::Marked };
            buffer.set_style(Rect { y: body.y + y, height: 1, ..body }, state.theme.style(role));
        }
    }
}

fn head_line(state: &State, columns: &Columns) -> Line<'static> {
    let comparison = state.work.comparison();
    let heads = columns.heads(comparison, state.views.compare.order);
    let marks = " ".repeat(columns.prefix() - columns.rank - 1);
    let mut text = format!(" {}{marks}{heads}", right("#", columns.rank));
    let logarithmic =
        cost_range(comparison, columns.basis).is_some_and(|(low, high)| present::far_apart(low, high));
    if logarithmic && columns.bar >= "log scale".len() {
        text.push_str("  log scale");
    }
    Line::styled(text, state.theme.style(Role::Dim))
}

/// Shows the filter in force and how many rows it leaves, or else the order where its column is not shown; and what the
/// marks mean.
fn notes(state: &State, width: usize, lines: usize) -> Vec<Line<'static>> {
    let (shown, all) = (state.views.compare.shown.len(), state.work.comparison().rows.len());
    let said = format!("{shown} of {all} designs, Esc clears");
    let dim = state.theme.style(Role::Dim);
    let order = state.views.compare.order;
    let hidden = (!columns(state).contains(&order.column)).then(|| {
        let title = order.column.title(state.work.comparison(), basis(state));
        vec![Span::styled(cut(&format!("by {title}{}", order.arrow()), width), dim)]
    });
    let Some(mut spans) = filter_chip(state, Screen::Compare, &said, width).or(hidden) else {
        return marks::legend(state, width, lines).into_iter().map(|line| Line::styled(line, dim)).collect();
    };
    let used: usize = spans.iter().map(Span::width).sum();
    let mut legend = marks::legend(state, width.saturating_sub(used + 2), 1);
    spans.extend(legend.pop().map(|legend| Span::styled(format!("  {legend}"), dim)));
    vec![Line::from(spans)]
}

fn row_line(state: &State, at: usize, columns: &Columns, width: usize, selected: bool) -> Line<'static> {
    let comparison = state.work.comparison();
    let row = &comparison.rows[at];
    let theme = &state.theme;
    let role = match (row.cheapest, row.monthly.is_some() && !row.retired) {
        (true, _) => Role::Cheapest,
        (false, true) => Role::Text,
        (false, false) => Role::Dim,
    };
    let style = theme.style(role);
    // What has no cost has no rank.
    let rank = row.monthly.map(|_| (at + 1).to_string()).unwrap_or_default();
    let cursor = if selected { "▸" } else { " " };
    let mut spans = vec![Span::styled(format!("{cursor}{} ", right(&rank, columns.rank)), style)];
    spans.extend(marks::spans(state, at, row, columns.marks));
    spans.push(Span::styled(format!("  {}", columns.name_texts(row).join("  ")), style));
    match answer::reason(row) {
        Some(reason) => spans.push(reason_span(comparison, row, reason, columns, width, style)),
        None => spans.extend(cost_spans(state, row, columns, style)),
    }
    Line::from(spans)
}

fn reason_span(
    comparison: &Comparison,
    row: &Row,
    reason: String,
    columns: &Columns,
    width: usize,
    style: Style,
) -> Span<'static> {
    let room = width.saturating_sub(columns.prefix() + columns.names());
    let reason = match (row.at_least, &row.reason) {
        (Some(amount), _) => format!("at least {}; {reason}", present::money(amount, comparison.currency)),
        // Where there is no room to say that it does not fit, by how much says it.
        (None, Some(bare)) if reason.width() > room => bare.to_string(),
        _ => reason,
    };
    Span::styled(format!("  {}", cut(&reason, room)), style)
}

fn cost_spans(state: &State, row: &Row, columns: &Columns, style: Style) -> Vec<Span<'static>> {
    let comparison = state.work.comparison();
    let role = if row.cheapest { Role::Cheapest } else { Role::Bar };
    let bar = format!("  {}", bar(comparison, columns.basis, row, columns.bar));
    vec![Span::styled(columns.numbers(comparison, row), style), Span::styled(bar, state.theme.style(role))]
}

/// Returns the smallest and the largest amount above zero.
fn cost_range(comparison: &Comparison, basis: Basis) -> Option<(f64, f64)> {
    let amounts = comparison.rows.iter().filter_map(|row| amount(basis, row)).filter(|amount| *amount > 0.0);
    amounts.fold(None, |range, amount| {
        let (low, high) = range.unwrap_or((amount, amount));
        Some((amount.min(low), amount.max(high)))
    })
}

fn amount(basis: Basis, row: &Row) -> Option<f64> {
    basis.amount(row)?.to_f64()
}

/// Returns a bar for a row's cost, in eighths of a column: as long as its share of the dearest, or
/// of the decades up to it where costs lie far apart.
fn bar(comparison: &Comparison, basis: Basis, row: &Row, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let (Some((low, high)), Some(amount)) = (cost_range(comparison, basis), amount(basis, row)) else {
        return String::new();
    };
    if width == 0 {
        return String::new();
    }
    let share = if present::far_apart(low, high) {
        let start = present::log_scale_start(low).ln();
        (amount.ln() - start) / (high.ln() - start)
    } else {
        amount / high
    };
    let longest = width as f64 * 8.0;
    let eighths = (share * longest).round().clamp(1.0, longest) as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}
