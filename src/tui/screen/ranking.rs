//! Draws the ranked list.
//!
//! ```text
//! Cheapest: rag on deepseek/deepseek-flash at $12.34 a month ...
//!
//!   #     model                    strategy         month   request      ×
//! ▸ 1 ★●A deepseek/deepseek-flash  rag             $12.34   $0.0012   1.0×  ██
//!   2     openai/gpt-6-luna        rag             $41.00   $0.0041   3.3×  ██████
//!
//! deepseek/deepseek-flash:rag  cheapest, plan, pinned as A
//! 3,072 tokens in and 300 out a request; ...
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use rust_decimal::prelude::ToPrimitive;
use unicode_width::UnicodeWidthStr;

use super::compare::{Basis, Entry, Order, basis, pin_letter, selected_entry, selected_row};
use super::said::filter_chip;
use super::uncertainty;
use crate::analysis::compare::{Comparison, Row};
use crate::answer;
use crate::present::{self, cut};
use crate::tui::action::Screen;
use crate::tui::state::{Focus, State};
use crate::tui::text::{entry_in, first_shown, left, put, put_line, right, split_bottom, split_top, wrap};
use crate::tui::theme::Role;

/// Rows from which the selected design is explained below the list.
const ROWS_FOR_DETAIL: u16 = 16;

/// Rows from which the answer stands above the list.
const ROWS_FOR_ANSWER: u16 = 6;

/// Longest bar in columns.
const LONGEST_BAR: usize = 40;

/// Shortest bar worth drawing.
const SHORTEST_BAR: usize = 5;

/// Columns that a strategy keeps while models are in full.
const CUT_STRATEGY: usize = 8;

/// Columns that a model keeps while multiples and costs of a request are shown.
const CUT_MODEL: usize = 20;

/// Columns below which names give way until amounts fit.
const NARROW: usize = 36;

/// Columns of cursor and marks, and the blanks around them.
const MARKS: usize = 7;

/// Columns of a rank in lists of ordinary length.
const RANK: usize = 3;

/// Where the parts of the screen lie.
struct Layout {
    answer: Vec<String>,
    top: Rect,
    list: Rect,
    detail: Rect,
}

impl Layout {
    fn of(state: &State, area: Rect) -> Layout {
        // On a terminal with hardly any room the list is all there is.
        let answer = if area.height < ROWS_FOR_ANSWER { Vec::new() } else { answer_lines(state, area) };
        let (top, rest) = split_top(area, answer.len() as u16 + u16::from(!answer.is_empty()));
        let detail_rows = if area.height >= ROWS_FOR_DETAIL { 4 } else { 0 };
        let (list, detail) = split_bottom(rest, detail_rows);
        Layout { answer, top, list, detail }
    }

    /// Rows of the list below its head.
    fn rows(&self) -> Rect {
        split_top(self.list, 1).1
    }
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
    let Layout { answer, top, list, detail } = &layout;
    for (row, line) in answer.iter().enumerate() {
        put(buffer, *top, row as u16, line, state.theme.style(Role::Heading));
    }
    put_line(buffer, *top, answer.len() as u16, &filter_line(state, usize::from(top.width)));
    draw_list(state, *list, buffer);
    for (row, line) in detail_lines(state, usize::from(detail.width)).iter().enumerate() {
        let role = if row == 0 { Role::Heading } else { Role::Text };
        put(buffer, *detail, row as u16 + 1, line, state.theme.style(role));
    }
}

fn answer_lines(state: &State, area: Rect) -> Vec<String> {
    let hint = uncertainty::hint(state).map(|hint| format!(" {hint}")).unwrap_or_default();
    let most = if area.height >= ROWS_FOR_DETAIL { 4 } else { 2 } + usize::from(!hint.is_empty());
    let said = answer::sentence(state.work.comparison()) + &hint;
    let mut lines = wrap(&said, usize::from(area.width));
    if lines.len() > most {
        let rest = lines.split_off(most - 1).join(" ");
        lines.push(cut(&rest, usize::from(area.width)));
    }
    lines
}

/// Widths of the columns; 0 leaves a column out.
#[derive(Debug, Default)]
struct Columns {
    /// Whether models stand with their vendors.
    vendors: bool,
    basis: Basis,
    /// Columns of marks that stand against a row: over its limits, below the target margin.
    against: usize,
    rank: usize,
    model: usize,
    strategy: usize,
    monthly: usize,
    each: usize,
    times: usize,
    bar: usize,
}

impl Columns {
    /// Fits the columns into a width: vendors go first, then bars and the ends of long models, multiples and costs
    /// of a request; at last names are cut.
    fn fit(comparison: &Comparison, basis: Basis, width: usize) -> Columns {
        let mut columns = Columns::of(comparison, basis, true);
        let room = width.saturating_sub(columns.prefix());
        if columns.total() + 2 + SHORTEST_BAR > room {
            columns = Columns::of(comparison, basis, false);
        }
        let longest = columns.model;
        let over = columns.total().saturating_sub(room);
        columns.model = longest.saturating_sub(over).max(longest.min(CUT_MODEL));
        if columns.total() > room {
            columns.times = 0;
        }
        if columns.total() > room {
            columns.each = 0;
        }
        let spare = room.saturating_sub(columns.total());
        columns.model = longest.min(columns.model + spare);
        // Strategies are told apart by their beginnings, so they give way before models do.
        let over = columns.total().saturating_sub(room);
        columns.strategy = columns.strategy.saturating_sub(over).max(columns.strategy.min(CUT_STRATEGY));
        let others = columns.total() - columns.model;
        let (model, strategy) = if width < NARROW { (3, 2) } else { (8, 4) };
        columns.model = columns.model.min(room.saturating_sub(others)).max(model.min(columns.model));
        let over = columns.total().saturating_sub(room);
        columns.strategy = columns.strategy.saturating_sub(over).max(strategy);
        if columns.total() > room {
            // Half an amount would be a wrong one.
            columns.monthly = 0;
        }
        let spare = room.saturating_sub(columns.total() + 2);
        columns.bar = if spare >= SHORTEST_BAR { spare.min(LONGEST_BAR) } else { 0 };
        columns
    }

    /// Makes every column as wide as its widest text.
    fn of(comparison: &Comparison, basis: Basis, vendors: bool) -> Columns {
        let widest = |text: &dyn Fn(&Row) -> String, title: usize| {
            comparison.rows.iter().map(|row| text(row).width()).max().unwrap_or(0).max(title)
        };
        Columns {
            vendors,
            basis,
            against: against_marks(comparison).len(),
            rank: comparison.rows.len().to_string().len().max(RANK),
            model: widest(&|row| model(row, vendors).to_owned(), 6),
            strategy: widest(&|row| row.strategy.to_owned(), 9),
            monthly: widest(&|row| amount_text(comparison, basis, row), basis.title(comparison).width() + 1),
            each: widest(&|row| amount_text(comparison, other(basis), row), 7),
            // Multiples are of a month's cost, and what is paid once would change them.
            times: if basis == Basis::Horizon { 0 } else { widest(&times, 3) },
            bar: 0,
        }
    }

    /// Columns of cursor, rank and marks.
    fn prefix(&self) -> usize {
        MARKS + self.rank + self.against
    }

    /// Columns with two blanks between them, bars not counted.
    fn total(&self) -> usize {
        let optional = |width: usize| if width > 0 { width + 2 } else { 0 };
        self.model + 2 + self.strategy + 2 + self.monthly + optional(self.each) + optional(self.times)
    }
}

fn draw_list(state: &State, area: Rect, buffer: &mut Buffer) {
    let comparison = state.work.comparison();
    let columns = Columns::fit(comparison, basis(state), usize::from(area.width));
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
    let style = state.theme.style(Role::Dim);
    let ordered = |title: &str, order: Order| {
        if state.views.compare.order == order { format!("{title}↓") } else { title.to_owned() }
    };
    let mut text = format!(
        "  {}      {}{}  {}  {}",
        right("#", columns.rank - 1),
        " ".repeat(columns.against),
        left(&ordered("model", Order::Model), columns.model),
        left(&ordered("strategy", Order::Strategy), columns.strategy),
        right(&ordered(&columns.basis.title(state.work.comparison()), Order::Cost), columns.monthly)
    );
    if columns.each > 0 {
        text.push_str(&format!("  {}", right(other(columns.basis).word(), columns.each)));
    }
    if columns.times > 0 {
        text.push_str(&format!("  {}", right("×", columns.times)));
    }
    let logarithmic = cost_range(state.work.comparison(), columns.basis)
        .is_some_and(|(low, high)| present::far_apart(low, high));
    if logarithmic && columns.bar >= "log scale".len() {
        text.push_str("  log scale");
    }
    Line::styled(text, style)
}

/// Shows the filter in force and how many rows it leaves.
fn filter_line(state: &State, width: usize) -> Line<'static> {
    let (shown, all) = (state.views.compare.shown.len(), state.work.comparison().rows.len());
    let said = format!("{shown} of {all} designs, Esc clears");
    let dim = state.theme.style(Role::Dim);
    match filter_chip(state, Screen::Compare, &said, width) {
        None => Line::styled(legend(state), dim),
        Some(mut spans) => {
            spans.push(Span::styled(format!("  {}", legend(state)), dim));
            Line::from(spans)
        }
    }
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
    let mut spans = vec![Span::styled(
        format!("{}{} ", if selected { "▸" } else { " " }, right(&(at + 1).to_string(), columns.rank)),
        style,
    )];
    spans.extend(marks(state, at, row));
    spans.push(Span::styled(format!("  {}  ", left(model(row, columns.vendors), columns.model)), style));
    spans.push(Span::styled(left(row.strategy, columns.strategy), style));
    match answer::reason(row) {
        Some(reason) => spans.push(reason_span(comparison, row, reason, columns, width, style)),
        None => spans.extend(cost_spans(state, row, columns, style)),
    }
    Line::from(spans)
}

/// Three columns: cheapest of all or of its group, or what to know of the row; plan or baseline; pin. After them limits and
/// margin, each where any row has the mark.
fn marks(state: &State, at: usize, row: &Row) -> Vec<Span<'static>> {
    let theme = &state.theme;
    let named = match (row.plan, row.baseline) {
        (true, _) => "●",
        (false, true) => "○",
        _ => " ",
    };
    let pin = pin_letter(state, row.pair);
    let (standing, role) = match row {
        row if row.cheapest => ("★", Role::Cheapest),
        _ if state.views.compare.cheapest.contains(&at) => ("☆", Role::Cheapest),
        row if row.reads_part() => ("~", Role::Dim),
        row if row.window_unknown() => ("?", Role::Dim),
        row if row.over_budget => ("!", Role::Dim),
        _ => (" ", Role::Dim),
    };
    let line = state.pins.iter().position(|pinned| *pinned == row.pair).unwrap_or(0);
    let against = against_marks(state.work.comparison()).into_iter();
    let against: String = against.map(|(test, mark, _)| if test(row) { mark } else { ' ' }).collect();
    vec![
        Span::styled(standing, theme.style(role)),
        Span::styled(named, theme.style(Role::Named)),
        Span::styled(pin.unwrap_or(' ').to_string(), theme.style(Role::Line(line))),
        Span::styled(against, theme.style(Role::Dim)),
    ]
}

/// A mark that stands against a row: the test, the letter, and words.
type Against = (fn(&Row) -> bool, char, &'static str);

const AGAINST: [Against; 2] = [
    (Row::is_over_limits, 'L', "over its rate limits"),
    (Row::misses_margin, 'm', "below the target margin"),
];

/// Returns the marks against rows that any row has.
fn against_marks(comparison: &Comparison) -> Vec<Against> {
    AGAINST.into_iter().filter(|(test, ..)| comparison.rows.iter().any(test)).collect()
}

/// Says what the marks mean that are not always there.
fn legend(state: &State) -> String {
    let grouped = !state.views.compare.cheapest.is_empty();
    let group = grouped.then(|| "☆ cheapest of its group".to_owned());
    let against = against_marks(state.work.comparison()).into_iter();
    let against = against.map(|(_, mark, words)| format!("{mark} {words}"));
    group.into_iter().chain(against).collect::<Vec<_>>().join(", ")
}

fn reason_span(
    comparison: &Comparison,
    row: &Row,
    reason: String,
    columns: &Columns,
    width: usize,
    style: Style,
) -> Span<'static> {
    let room = width.saturating_sub(columns.prefix() + columns.model + 2 + columns.strategy + 2);
    let reason = match (row.at_least, &row.reason) {
        (Some(amount), _) => format!("at least {}; {reason}", present::money(amount, comparison.currency)),
        // Where there is no room to say that it does not fit, by how much says it.
        (None, Some(bare)) if reason.width() > room => bare.to_string(),
        _ => reason,
    };
    Span::styled(format!("  {}", cut(&reason, room)), style)
}

fn cost_spans(state: &State, row: &Row, columns: &Columns, style: Style) -> Vec<Span<'static>> {
    if columns.monthly == 0 {
        return Vec::new();
    }
    let comparison = state.work.comparison();
    let mut text = format!("  {}", right(&amount_text(comparison, columns.basis, row), columns.monthly));
    if columns.each > 0 {
        text.push_str(&format!(
            "  {}",
            right(&amount_text(comparison, other(columns.basis), row), columns.each)
        ));
    }
    if columns.times > 0 {
        text.push_str(&format!("  {}", right(&times(row), columns.times)));
    }
    let role = if row.cheapest { Role::Cheapest } else { Role::Bar };
    let bar = Span::styled(
        format!("  {}", bar(comparison, columns.basis, row, columns.bar)),
        state.theme.style(role),
    );
    vec![Span::styled(text, style), bar]
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

fn model(row: &Row, vendor: bool) -> &str {
    match row.model.split_once('/') {
        Some((_, short)) if !vendor => short,
        _ => &row.model,
    }
}

/// Returns what stands beside the amounts: those of a request, or of a month where they are of a request themselves.
fn other(basis: Basis) -> Basis {
    if basis == Basis::Request { Basis::Month } else { Basis::Request }
}

fn amount_text(comparison: &Comparison, basis: Basis, row: &Row) -> String {
    let unknown = || if row.monthly.is_some() { present::UNKNOWN.to_owned() } else { String::new() };
    basis.amount(row).map_or_else(unknown, |amount| present::money(amount, comparison.currency))
}

fn times(row: &Row) -> String {
    row.times_cheapest.map(present::times).unwrap_or_default()
}

/// Says in words what the row says in marks, and what it leaves out.
fn detail_lines(state: &State, width: usize) -> Vec<String> {
    let Some(row) = selected_row(state) else { return Vec::new() };
    if width == 0 {
        return Vec::new();
    }
    let named = [
        (row.cheapest, "cheapest"),
        (row.plan, "the plan"),
        (row.baseline, "the baseline"),
        (row.retired, "retired"),
        (row.over_budget, "over the budget"),
        (row.is_over_limits(), "over its rate limits"),
        (row.window_unknown(), "window unknown"),
        (row.misses_margin(), "below the target margin"),
    ];
    let mut words: Vec<String> =
        named.iter().filter(|(holds, _)| *holds).map(|(_, word)| (*word).to_owned()).collect();
    words.extend(pin_letter(state, row.pair).map(|letter| format!("pinned as {letter}")));
    let head = row.name();
    let head = if words.is_empty() { head } else { format!("{head} · {}", words.join(", ")) };
    let mut lines = vec![cut(&head, width)];
    let facts = match answer::reason(row) {
        Some(reason) => reason,
        None => facts(state.work.comparison(), row),
    };
    lines.extend(wrap(&facts, width));
    lines.truncate(3);
    lines
}

fn facts(comparison: &Comparison, row: &Row) -> String {
    let tokens = row.input_tokens_per_request.zip(row.output_tokens_per_request);
    let tokens = tokens.map(|(input, output)| {
        format!("{} tokens in, {} out a request", present::whole(input), present::whole(output))
    });
    let mut parts: Vec<String> = tokens.into_iter().collect();
    if let Some(coverage) = row.coverage.filter(|coverage| *coverage < 1.0) {
        parts.push(format!("draws on {} of the corpus", present::percent(coverage)));
    }
    if let Some(amount) = row.one_off.filter(|amount| !amount.is_zero()) {
        parts.push(format!("{} once", present::money(amount, comparison.currency)));
    }
    parts.extend(row.remark.map(|remark| remark.to_string()));
    parts.extend(row.over_limits.as_ref().map(|over| format!("over its rate limits: {over}")));
    if let (true, Some(saving)) = (row.plan, &comparison.saving) {
        let amount = present::money(saving.monthly.abs(), comparison.currency);
        let word = if saving.monthly.is_sign_negative() { "more" } else { "less" };
        parts.push(format!("{amount} a month {word} than the baseline"));
    }
    parts.join("; ")
}
