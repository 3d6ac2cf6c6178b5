//! Draws the bill.
//!
//! ```text
//! acme/large:rag, the plan: $491.46 a month
//! AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBCCCCCC
//!
//!                             quantity  unit price    amount  share
//!    Each month
//!    acme/large
//! ▸A   answer: input             92.1M   $3.00/1M…   $276.30    56%
//!  B   answer: output               9M  $15.00/1M…   $135.00    27%
//!
//! amount      92,100,000 ÷ 1,000,000 × $3.00 = $276.30
//! source      the vendor's price list
//! formula     requests × (system + context + question)
//! ▾ 9 more lines, J scrolls
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{LETTERS, Row, Shown, amount, sections, selected_at, selected_row};
use crate::bill::{Bill, LineItem, Total};
use crate::present::{self, cut};
use crate::report::bill as rows;
use crate::report::explain::line_facts;
use crate::tui::action::Screen;
use crate::tui::facts;
use crate::tui::frame::Frame;
use crate::tui::screen::compare::letter;
use crate::tui::screen::said::filter_chip;
use crate::tui::state::{Focus, State};
use crate::tui::text::{first_shown, heading, left, put, put_line, right, split_bottom, split_top};
use crate::tui::theme::Role;
use crate::usage::Recurrence;

/// Columns of cursor and letter.
const MARKS: usize = 3;

/// Columns that labels keep before quantities and unit prices give way.
const LABEL: usize = 24;

/// Columns of a share.
const SHARE: usize = 5;

/// Widest unit price that is not cut.
const WIDEST_PRICE: usize = 30;

/// Rows from which there is a bar, and a line of the filter.
const ROWS_FOR_BAR: u16 = 8;

/// Where the parts of the screen lie.
pub(super) struct Layout {
    top: Rect,
    head: Rect,
    /// The table below its head.
    pub(super) rows: Rect,
    explanation: Rect,
    explained: Vec<Line<'static>>,
}

/// Returns the last line that the explanation can begin with.
pub(super) fn last_of_explanation(state: &State) -> usize {
    let (Some(shown), Some(frame)) = (&state.views.bill.shown, Frame::of(state)) else { return 0 };
    let layout = Layout::of(state, shown, frame.main);
    last_first(layout.explained.len(), usize::from(layout.explanation.height))
}

/// Returns the last line that a text can begin with so that its end is seen; where it is cut, the mark takes a row.
fn last_first(lines: usize, rows: usize) -> usize {
    if lines <= rows { 0 } else { lines - rows.saturating_sub(1).min(lines) }
}

impl Layout {
    pub(super) fn of(state: &State, shown: &Shown, area: Rect) -> Layout {
        let (top, rest) = split_top(area, if area.height >= ROWS_FOR_BAR { 3 } else { 1 });
        let explained = explanation(state, shown, usize::from(area.width));
        let (list, explanation) = split_bottom(rest, (explained.len() as u16).min(rest.height * 2 / 3));
        let (head, rows) = split_top(list, 1);
        Layout { top, head, rows, explanation, explained }
    }
}

pub(super) fn draw_bill(state: &State, shown: &Shown, bill: &Bill, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let layout = Layout::of(state, shown, area);
    let width = usize::from(area.width);
    for (row, line) in title(state, shown, bill, width).iter().enumerate() {
        put(buffer, layout.top, row as u16, line, theme.style(Role::Heading));
    }
    put_line(buffer, layout.top, 1, &bar(state, shown, bill, width));
    let width = usize::from(layout.top.width);
    let filter = filter_chip(state, Screen::Bill, "sums are of all lines, Esc clears", width);
    put_line(buffer, layout.top, 2, &Line::from(filter.unwrap_or_default()));
    let columns = Columns::fit(shown, bill, width);
    put(buffer, layout.head, 0, &columns.head(), theme.style(Role::Dim));
    let selected = selected_at(state, shown);
    let first = first_shown(selected, shown.rows.len(), usize::from(layout.rows.height));
    for (at, row) in shown.rows.iter().enumerate().skip(first).take(usize::from(layout.rows.height)) {
        let chosen = at == selected && row.is_selectable();
        let y = (at - first) as u16;
        put_line(buffer, layout.rows, y, &row_line(state, shown, bill, row, &columns, chosen));
        if chosen {
            let role = if state.focus == Focus::Screen { Role::Selected } else { Role::Marked };
            let row = Rect { y: layout.rows.y + y, height: 1, ..layout.rows };
            buffer.set_style(row, theme.style(role));
        }
    }
    draw_explanation(state, &layout, buffer);
}

/// Draws as much of the explanation as there is room for; its last row says where there is more.
fn draw_explanation(state: &State, layout: &Layout, buffer: &mut Buffer) {
    let rows = usize::from(layout.explanation.height);
    let last = last_first(layout.explained.len(), rows);
    let first = state.views.bill.first.min(last);
    let room = if last > 0 { rows.saturating_sub(1) } else { rows };
    for (row, line) in layout.explained.iter().skip(first).take(room).enumerate() {
        put_line(buffer, layout.explanation, row as u16, line);
    }
    if last > 0 && rows > 0 {
        let below = layout.explained.len().saturating_sub(first + room);
        let more = match (below, first) {
            (0, above) => format!("▴ {above} more above, K scrolls"),
            (below, 0) => format!("▾ {below} more below, J scrolls"),
            (below, above) => format!("▾ {below} more below, ▴ {above} above, J and K scroll"),
        };
        let more = cut(&more, usize::from(layout.explanation.width));
        put(buffer, layout.explanation, room as u16, &more, state.theme.style(Role::Dim));
    }
}

fn title(state: &State, shown: &Shown, bill: &Bill, width: usize) -> Vec<String> {
    let name = state.work.name(shown.pair);
    let monthly = sum(bill, bill.total(Recurrence::Monthly));
    let once = bill.total(Recurrence::OneOff);
    let once = if sections(bill).len() > 1 { format!(", {} once", sum(bill, once)) } else { String::new() };
    heading(&format!("{name}, {}", shown.why), &format!("{monthly} a month{once}"), width, 1)
}

fn sum(bill: &Bill, total: Total) -> String {
    let known = present::money(total.known, bill.currency);
    if total.complete { known } else { format!("at least {known}") }
}

/// Draws what the lines of a month come to, each as long as its share, by the letters that the table says.
fn bar(state: &State, shown: &Shown, bill: &Bill, width: usize) -> Line<'static> {
    let monthly: Vec<usize> =
        (0..bill.lines.len()).filter(|at| bill.lines[*at].recurrence == Recurrence::Monthly).collect();
    let total: f64 = monthly.iter().map(|at| amount(&bill.lines[*at])).sum();
    let chosen = selected_row(state);
    let mut spans = Vec::new();
    let (mut reached, mut drawn) = (0.0, 0);
    for at in monthly.iter().filter(|_| total > 0.0) {
        reached += amount(&bill.lines[*at]);
        let end = (reached / total * width as f64).round() as usize;
        let place = shown.lettered.iter().position(|lettered| lettered == at);
        let style = state.theme.style(Role::Line(place.unwrap_or(LETTERS)));
        let style = if chosen == Some(&Row::Line(*at)) {
            style.patch(state.theme.style(Role::Selected))
        } else {
            style
        };
        let symbol = place.map_or('·', letter);
        spans.push(Span::styled(symbol.to_string().repeat(end.saturating_sub(drawn)), style));
        drawn = drawn.max(end);
    }
    Line::from(spans)
}

/// Widths of the columns; 0 leaves a column out.
struct Columns {
    label: usize,
    /// Whether some labels do not fit.
    cut: bool,
    quantity: usize,
    price: usize,
    /// Whether unit prices leave the name of the unit out.
    brief: bool,
    amount: usize,
    share: usize,
}

impl Columns {
    /// Gives numbers the room that they need, and labels the rest; shares, names of units, quantities and unit prices go,
    /// in this order, where labels would be too short.
    fn fit(shown: &Shown, bill: &Bill, width: usize) -> Columns {
        let widest = |column: usize, title: &str| {
            let texts = shown.rows.iter().map(|row| texts(bill, row)[column].width());
            texts.max().unwrap_or(0).max(title.width())
        };
        let longest = widest(0, "").max(LABEL);
        let prices = [false, true].map(|brief| {
            let texts = shown.rows.iter().map(|row| price(bill, row, brief).width());
            texts.max().unwrap_or(0).max("unit price".width()).min(WIDEST_PRICE)
        });
        let mut columns = Columns {
            label: 0,
            cut: false,
            quantity: widest(1, "quantity"),
            price: prices[0],
            brief: false,
            amount: widest(3, "amount"),
            share: SHARE,
        };
        let room = width.saturating_sub(MARKS);
        if columns.taken() + longest > room {
            columns.share = 0;
        }
        let name_units = |columns: &mut Columns| {
            columns.price = prices[0];
            columns.brief = columns.taken() + longest > room;
            columns.price = prices[usize::from(columns.brief)];
        };
        name_units(&mut columns);
        if columns.taken() + LABEL > room {
            columns.quantity = 0;
            name_units(&mut columns);
        }
        if columns.taken() + LABEL > room {
            columns.price = 0;
        }
        if columns.taken() >= room {
            // Half an amount would be a wrong one.
            columns.amount = 0;
        }
        columns.label = room.saturating_sub(columns.taken()).min(longest).max(1);
        columns.cut = columns.label < longest;
        columns
    }

    /// Columns of numbers with two blanks before each.
    fn taken(&self) -> usize {
        [self.quantity, self.price, self.amount, self.share]
            .iter()
            .filter(|width| **width > 0)
            .map(|width| width + 2)
            .sum()
    }

    /// Returns the texts of a row as they fit.
    fn texts(&self, bill: &Bill, row: &Row) -> [String; 4] {
        let [label, quantity, _, amount] = texts(bill, row);
        let label = match row {
            Row::Line(at) if self.cut => rows::brief_label(&bill.lines[*at], self.label),
            _ => label,
        };
        [label, quantity, price(bill, row, self.brief), amount]
    }

    fn line(&self, texts: &[String; 4], share: &str) -> String {
        let mut line = left(&texts[0], self.label);
        let numbers = [&texts[1], &texts[2], &texts[3]].map(String::as_str).into_iter().chain([share]);
        for (text, width) in numbers.zip([self.quantity, self.price, self.amount, self.share]) {
            if width > 0 {
                line.push_str(&format!("  {}", right(text, width)));
            }
        }
        line
    }

    fn head(&self) -> String {
        let titles = ["", "quantity", "unit price", "amount"].map(str::to_owned);
        format!("{}{}", " ".repeat(MARKS), self.line(&titles, "share"))
    }
}

/// Returns label, quantity, unit price and amount of a row.
pub(super) fn texts(bill: &Bill, row: &Row) -> [String; 4] {
    let only = |label: String, amount: String| [label, String::new(), String::new(), amount];
    match row {
        Row::Section(recurrence) => only(section_title(*recurrence).to_owned(), String::new()),
        Row::Party(name) => only(name.clone(), String::new()),
        Row::Line(at) => rows::line_texts(bill, &bill.lines[*at]),
        Row::Adjustment(at) => {
            let found = &bill.adjustments[*at];
            only(format!("  {}", rows::adjustment_label(found)), present::money(found.amount, bill.currency))
        }
        Row::Sum(recurrence) => {
            let total = bill.total(*recurrence);
            let known = present::money(total.known, bill.currency);
            only(if total.complete { "Total" } else { "Total unknown, at least" }.to_owned(), known)
        }
    }
}

/// Returns the unit price of a row.
fn price(bill: &Bill, row: &Row, brief: bool) -> String {
    match row {
        Row::Line(at) => match &bill.lines[*at].price {
            Ok(price) => rows::unit_price(bill, price, brief),
            Err(why) => why.to_string(),
        },
        _ => String::new(),
    }
}

fn section_title(recurrence: Recurrence) -> &'static str {
    if recurrence == Recurrence::Monthly { "Each month" } else { "Once" }
}

fn row_line(
    state: &State,
    shown: &Shown,
    bill: &Bill,
    row: &Row,
    columns: &Columns,
    chosen: bool,
) -> Line<'static> {
    let theme = &state.theme;
    let texts = columns.texts(bill, row);
    let mark = if chosen { "▸" } else { " " };
    let (place, share) = match row {
        Row::Line(at) => (shown.lettered.iter().position(|line| line == at), share(bill, &bill.lines[*at])),
        _ => (None, String::new()),
    };
    let role = match row {
        Row::Section(_) => Role::Dim,
        Row::Party(_) | Row::Sum(_) => Role::Heading,
        Row::Line(at) if bill.lines[*at].price.is_err() => Role::Dim,
        Row::Line(_) | Row::Adjustment(_) => Role::Text,
    };
    Line::from(vec![
        Span::styled(mark, theme.style(Role::Text)),
        Span::styled(place.map_or(' ', letter).to_string(), theme.style(Role::Line(place.unwrap_or(0)))),
        Span::styled(format!(" {}", columns.line(&texts, &share)), theme.style(role)),
    ])
}

/// Returns the share of a line in what its section's lines come to before corrections.
fn share(bill: &Bill, line: &LineItem) -> String {
    let lines = bill.lines.iter().filter(|other| other.recurrence == line.recurrence);
    let total: f64 = lines.map(amount).sum();
    if line.price.is_err() || total <= 0.0 { String::new() } else { present::percent(amount(line) / total) }
}

/// Explains the selected line, where the user asks for it.
fn explanation(state: &State, shown: &Shown, width: usize) -> Vec<Line<'static>> {
    let Some(Row::Line(at)) = selected_row(state).filter(|_| state.views.bill.explained) else {
        return Vec::new();
    };
    let Ok(bill) = &shown.bill else { return Vec::new() };
    let mut facts = rows::explain_line(bill, state.work.catalog(), &bill.lines[*at]);
    // What the row above does not say comes first: on a small screen the rest has to be scrolled to.
    let order = || FIRST.into_iter().chain(["this price"]);
    let place = |name: &str| order().position(|first| first == name).unwrap_or(order().count());
    facts.sort_by_key(|(name, _)| place(name));
    let first = facts.iter().take_while(|(name, _)| FIRST.contains(name)).count();
    facts.splice(first..first, derivation(shown, *at));
    facts::lines(&state.theme, &facts, width)
}

/// Facts of a line that stand before its derivation.
const FIRST: [&str; 4] = ["no price", "amount", "to be paid", "source"];

/// Derives the quantity of a line from the scenario's numbers, and says what chose its price.
fn derivation(shown: &Shown, at: usize) -> Vec<(&'static str, String)> {
    let explained = shown.explanation.as_ref();
    let line = explained.and_then(|found| Some((found.bill.lines.get(at)?, found.lines.get(at)?)));
    line.map_or_else(Vec::new, |(line, derivation)| line_facts(line, derivation))
}
