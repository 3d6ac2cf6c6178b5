//! Draws the bill.
//!
//! ```text
//! acme/large:rag, the plan: $491.46 a month
//! AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBCCCCCD
//! D is less than a cell of the bar
//!                             quantity  unit price    amount  share
//!    Each month
//!    acme/large
//! ▸A   answer: input             92.1M   $3.00/1M…   $276.30    56%
//!  B   answer: output               9M  $15.00/1M…   $135.00    27%
//!
//! formula     requests × (system + context + question)
//! with values 30,000 × (300 + 2,750 + 20) = 92,100,000 tokens
//! amount      92,100,000 ÷ 1,000,000 × $3.00 = $276.30
//! source      the vendor's price list
//! ▾ 9 more below, J scrolls
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::shares::cells;
use super::{LETTERS, Part, Row, Shown, sections, selected_at, selected_row};
use crate::bill::{AdjustmentKind, Bill, Total};
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
    put_line(buffer, layout.top, 1, &bar(state, shown, width));
    let filter = filter_chip(state, Screen::Bill, "sums are of all lines, Esc clears", width);
    let remark = || Line::styled(cut(&remark(shown, bill, width), width), theme.style(Role::Dim));
    put_line(buffer, layout.top, 2, &filter.map_or_else(remark, Line::from));
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

/// Returns the cells of each part of a month in the bar; what has no letter is one part.
fn bar_cells(shown: &Shown, width: usize) -> Vec<usize> {
    let amounts: Vec<f64> = shown.monthly.iter().map(|part| part.amount).collect();
    let (lettered, others) = amounts.split_at(amounts.len().min(LETTERS));
    let others: f64 = others.iter().sum();
    let others = (others > 0.0).then_some(others);
    cells(&lettered.iter().copied().chain(others).collect::<Vec<_>>(), width)
}

/// Draws what is paid each month as one bar: each part as long as its share, by the letters that the table says.
fn bar(state: &State, shown: &Shown, width: usize) -> Line<'static> {
    let chosen = selected_row(state);
    let mut spans = Vec::new();
    for (place, cells) in bar_cells(shown, width).into_iter().enumerate() {
        let style = state.theme.style(Role::Line(place));
        let is_chosen = place < LETTERS && chosen == shown.monthly.get(place).map(|part| &part.row);
        let style = if is_chosen { style.patch(state.theme.style(Role::Selected)) } else { style };
        let symbol = if place < LETTERS { letter(place) } else { '·' };
        spans.push(Span::styled(symbol.to_string().repeat(cells), style));
    }
    Line::from(spans)
}

/// Says which parts the bar shows longer than they are or not at all, and what shares are of where that is not the list
/// price.
fn remark(shown: &Shown, bill: &Bill, width: usize) -> String {
    let total: f64 = shown.monthly.iter().map(|part| part.amount).sum();
    let small = |place: &usize| shown.monthly[*place].amount / total * (width as f64) < 1.0;
    let small: Vec<usize> = (0..shown.monthly.len().min(LETTERS)).filter(small).collect();
    let cells = bar_cells(shown, width);
    let (drawn, left_out): (Vec<usize>, Vec<usize>) = small.into_iter().partition(|place| cells[*place] > 0);
    let less = |places: &[usize]| {
        let verb = if places.len() == 1 { "is" } else { "are" };
        letters(places).map(|letters| format!("{letters} {verb} less than a cell of the bar"))
    };
    let out = letters(&left_out).map(|letters| format!("{letters} too small for the bar"));
    let taken = |kind| matches!(kind, AdjustmentKind::Included | AdjustmentKind::Discount);
    let credits = bill.adjustments.iter().any(|found| taken(found.kind));
    let credits = credits.then(|| "shares are of what is paid, credits taken off".to_owned());
    [less(&drawn), out, credits].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Names letters that follow each other: `D`, `D and E`, `D to H`; `None` where there are none.
fn letters(places: &[usize]) -> Option<String> {
    let (first, last) = (letter(*places.first()?), letter(*places.last()?));
    Some(match places.len() {
        1 => first.to_string(),
        2 => format!("{first} and {last}"),
        _ => format!("{first} to {last}"),
    })
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
    let (place, share) = (shown.lettered(row), share(shown, bill, row));
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

/// Returns the share of a line or correction in what is paid; nothing for a credit, which is inside the others' shares.
fn share(shown: &Shown, bill: &Bill, row: &Row) -> String {
    let in_parts = |parts: &[Part]| {
        let total: f64 = parts.iter().map(|part| part.amount).sum();
        let own = parts.iter().find(|part| part.row == *row)?;
        let share = own.amount / total;
        // What is paid for is not nothing.
        Some(if share < 0.000_5 { "<0.1%".to_owned() } else { present::percent(share) })
    };
    let free = || match row {
        Row::Line(at) if bill.lines[*at].price.is_ok() => present::percent(0.0),
        _ => String::new(),
    };
    in_parts(&shown.monthly).or_else(|| in_parts(&shown.once)).unwrap_or_else(free)
}

/// Explains the selected line or correction, where the user asks for it: how the quantity comes about, what it costs,
/// and where the price is from.
fn explanation(state: &State, shown: &Shown, width: usize) -> Vec<Line<'static>> {
    let (Some(row), Ok(bill)) = (selected_row(state).filter(|_| state.views.bill.explained), &shown.bill)
    else {
        return Vec::new();
    };
    let catalog = state.work.catalog();
    let facts = match row {
        Row::Line(at) => {
            let mut facts = derivation(shown, *at);
            facts.extend(rows::explain_line(bill, catalog, &bill.lines[*at], state.work.comparison().as_of));
            // What the row above does not say comes first: on a small screen the rest has to be scrolled to.
            let place = |name: &str| ORDER.iter().position(|first| *first == name).unwrap_or(ORDER.len());
            facts.sort_by_key(|(name, _)| place(name));
            facts
        }
        Row::Adjustment(at) => rows::explain_adjustment(bill, catalog, &bill.adjustments[*at]),
        Row::Section(_) | Row::Party(_) | Row::Sum(_) => return Vec::new(),
    };
    facts::lines(&state.theme, &facts, width)
}

/// Order of a line's facts: formula, values, amount, and where the price is from; the others follow.
const ORDER: [&str; 11] = [
    "no price",
    "formula",
    "with values",
    "amount",
    "to be paid",
    "source",
    "checked",
    "price since",
    "quoted",
    "chosen by",
    "this price",
];

/// Derives the quantity of a line from the scenario's numbers, and says what chose its price.
fn derivation(shown: &Shown, at: usize) -> Vec<(&'static str, String)> {
    let explained = shown.explanation.as_ref();
    let line = explained.and_then(|found| Some((found.bill.lines.get(at)?, found.lines.get(at)?)));
    line.map_or_else(Vec::new, |(line, derivation)| line_facts(line, derivation))
}
