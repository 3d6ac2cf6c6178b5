//! One design's bill, line by line, with where each amount comes from.
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
//! quantity    92,100,000 tokens, monthly
//! amount      92,100,000 ÷ 1,000,000 × $3.00 = $276.30
//! ```

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use rust_decimal::prelude::ToPrimitive;
use unicode_width::UnicodeWidthStr;

use super::View;
use super::compare::letter;
use crate::analysis::Pair;
use crate::bill::{Bill, LineItem, Total};
use crate::keys;
use crate::present::{self, cut};
use crate::report::bill::{self as rows, About};
use crate::tui::action::Screen;
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, key};
use crate::tui::state::{Focus, Overlay, State};
use crate::tui::text::{entry_in, first_shown, left, put, put_line, right, split_bottom, split_top, wrap};
use crate::tui::theme::Role;
use crate::tui::work::Work;
use crate::usage::Recurrence;

/// Lines of the bill that have a letter in the bar.
const LETTERS: usize = 26;

/// Columns of cursor and letter.
const MARKS: usize = 3;

/// Columns that labels keep before quantities and unit prices give way.
const LABEL: usize = 24;

/// Columns of a share.
const SHARE: usize = 5;

/// Rows from which there is a bar, and a line of the filter.
const ROWS_FOR_BAR: u16 = 8;

/// The bill of one design.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Words that a line must have.
    pub filter: String,
    /// Place of the selected line among those that can be selected.
    pub selected: usize,
    /// Whether the selected line is explained.
    pub explained: bool,
    /// The bill; `None` when something changed since.
    pub shown: Option<Shown>,
}

/// A bill as it is shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The design.
    pub pair: Pair,
    /// Why this one.
    pub why: &'static str,
    /// The bill, or why there is none.
    pub bill: Result<Bill, String>,
    /// Rows of the table.
    pub rows: Vec<Row>,
    /// Lines of the bill with a letter, the dearest first.
    pub lettered: Vec<usize>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The head of what is paid each month or once.
    Section(Recurrence),
    /// A product, vendor or cost of the user's own.
    Party(String),
    /// A line of the bill, by its place.
    Line(usize),
    /// A correction, by its place.
    Adjustment(usize),
    /// The sum of a section.
    Sum(Recurrence),
}

impl Row {
    fn is_selectable(&self) -> bool {
        matches!(self, Row::Line(_) | Row::Adjustment(_))
    }
}

/// What the bill can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Explains the selected line, or stops to.
    Explain,
}

impl View for Account {
    type Action = Action;

    const TITLE: &'static str = "Bill";
    const SHORT: &'static str = "Bill";
    const ABOUT: &'static str = "one design, line by line";
    const KEYS: &'static [Binding] = keys![Bill:
        key(KeyCode::Enter) => Action::Explain, "explain", "say how the selected line comes about, or stop";
    ];

    fn new(_work: &Work) -> Account {
        Account::default()
    }

    fn forget(&mut self) {
        self.shown = None;
    }

    fn refresh(state: &mut State) {
        let Some((pair, why)) = state.design() else {
            state.views.bill.shown = None;
            return;
        };
        let known = state.views.bill.shown.take().filter(|shown| shown.pair == pair);
        let bill = known.map_or_else(|| bill_of(&state.work, pair), |shown| shown.bill);
        let words = state.filter(Screen::Bill).to_lowercase();
        let rows = bill.as_ref().map_or(Vec::new(), |bill| table(&state.work, bill, &words));
        let lettered = bill.as_ref().map_or(Vec::new(), dearest);
        let count = rows.iter().filter(|row| row.is_selectable()).count();
        let account = &mut state.views.bill;
        account.selected = account.selected.min(count.saturating_sub(1));
        account.shown = Some(Shown { pair, why, bill, rows, lettered });
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Explain if selected_row(state).is_some() => {
                state.views.bill.explained = !state.views.bill.explained;
            }
            Action::Explain => state.note("there is no line to explain"),
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        let Some(shown) = &state.views.bill.shown else {
            return put(buffer, area, 0, "No design to bill.", state.theme.style(Role::Text));
        };
        match &shown.bill {
            Ok(bill) => draw_bill(state, shown, bill, area, buffer),
            Err(why) => {
                let name = format!("{}, {}", state.work.name(shown.pair), shown.why);
                put(buffer, area, 0, &cut(&name, usize::from(area.width)), state.theme.style(Role::Heading));
                for (row, line) in
                    wrap(&format!("No bill: {why}"), usize::from(area.width)).iter().enumerate()
                {
                    put(buffer, area, row as u16 + 2, line, state.theme.style(Role::Text));
                }
            }
        }
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        let rows = state.views.bill.shown.as_ref().map_or(&[][..], |shown| &shown.rows);
        Some((rows.iter().filter(|row| row.is_selectable()).count(), state.views.bill.selected))
    }

    fn select(state: &mut State, entry: usize) {
        state.views.bill.selected = entry;
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        let shown = state.views.bill.shown.as_ref()?;
        let rows = Layout::of(state, shown, area).rows;
        let row = entry_in(rows, at, selected_at(state, shown), shown.rows.len())?;
        let before = shown.rows[..row].iter().filter(|row| row.is_selectable()).count();
        shown.rows[row].is_selectable().then_some(before)
    }

    fn filter(&self) -> Option<&String> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.filter)
    }

    fn back(state: &mut State) -> bool {
        std::mem::take(&mut state.views.bill.explained)
    }

    fn copied(state: &State) -> Option<String> {
        let shown = state.views.bill.shown.as_ref()?;
        let bill = shown.bill.as_ref().ok()?;
        let texts = texts(bill, selected_row(state)?);
        Some(texts.map(|text| text.trim().to_owned()).join("\t"))
    }

    fn formats(state: &State) -> Vec<FileFormat> {
        let has_bill = state.views.bill.shown.as_ref().is_some_and(|shown| shown.bill.is_ok());
        if has_bill { vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown] } else { Vec::new() }
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        let shown = state.views.bill.shown.as_ref()?;
        let (bill, catalog) = (shown.bill.as_ref().ok()?, state.work.catalog());
        let comparison = state.work.comparison();
        let (strategy, scenario) = (shown.pair.strategy.id(), comparison.scenario.as_str());
        let about = About {
            scenario,
            model: &catalog.product(shown.pair.model).id,
            strategy,
            as_of: comparison.as_of,
        };
        match format {
            FileFormat::Csv => Some(rows::focus(bill, catalog).to_csv()),
            FileFormat::Json => Some(rows::to_json(bill, catalog, &about)),
            FileFormat::Markdown => {
                let sections = sections(bill).into_iter();
                let tables =
                    sections.map(|paid| format!("\n{}", rows::lines(bill, catalog, paid).to_markdown()));
                Some(format!("{}\n{}", state.work.name(shown.pair), tables.collect::<String>()))
            }
            FileFormat::Svg => None,
        }
    }
}

fn bill_of(work: &Work, pair: Pair) -> Result<Bill, String> {
    let case = work.case().ok_or("the scenario has a name that no table knows")?;
    case.evaluate(pair).map(|evaluation| evaluation.bill).map_err(|failure| failure.to_string())
}

/// Returns the sections that have anything in them; what is paid each month always stands there.
fn sections(bill: &Bill) -> Vec<Recurrence> {
    let is_once = |recurrence: Recurrence| recurrence == Recurrence::OneOff;
    let once = bill.lines.iter().any(|line| is_once(line.recurrence))
        || bill.adjustments.iter().any(|adjustment| is_once(adjustment.recurrence));
    if once { vec![Recurrence::Monthly, Recurrence::OneOff] } else { vec![Recurrence::Monthly] }
}

/// Returns the rows of the table: lines and corrections grouped by what they are paid for, in the bill's order.
fn table(work: &Work, bill: &Bill, words: &str) -> Vec<Row> {
    let catalog = work.catalog();
    let mut table = Vec::new();
    for recurrence in sections(bill) {
        table.push(Row::Section(recurrence));
        let lines = bill.lines.iter().enumerate().filter(|(_, line)| line.recurrence == recurrence);
        let lines = lines.map(|(at, line)| {
            (rows::product(catalog, line), Row::Line(at), rows::line_texts(bill, line)[0].clone())
        });
        let adjusted =
            bill.adjustments.iter().enumerate().filter(|(_, found)| found.recurrence == recurrence);
        let adjusted = adjusted.map(|(at, found)| {
            (rows::party(catalog, found), Row::Adjustment(at), rows::adjustment_label(found))
        });
        let has_words = |party: &str, label: &str| {
            let text = format!("{party} {label}").to_lowercase();
            words.split_whitespace().all(|word| text.contains(word))
        };
        let kept: Vec<(&str, Row)> = lines
            .chain(adjusted)
            .filter(|(party, _, label)| has_words(party, label))
            .map(|(party, row, _)| (party, row))
            .collect();
        let mut parties: Vec<&str> = Vec::new();
        for (party, _) in &kept {
            if !parties.contains(party) {
                parties.push(party);
            }
        }
        for party in parties {
            table.push(Row::Party(party.to_owned()));
            table.extend(kept.iter().filter(|(other, _)| *other == party).map(|(_, row)| row.clone()));
        }
        table.push(Row::Sum(recurrence));
    }
    table
}

/// Returns the lines that are paid each month, the dearest first.
fn dearest(bill: &Bill) -> Vec<usize> {
    let monthly =
        |at: &usize| bill.lines[*at].recurrence == Recurrence::Monthly && amount(&bill.lines[*at]) > 0.0;
    let mut lines: Vec<usize> = (0..bill.lines.len()).filter(monthly).collect();
    lines.sort_by(|a, b| amount(&bill.lines[*b]).total_cmp(&amount(&bill.lines[*a])));
    lines.truncate(LETTERS);
    lines
}

/// Returns the amount of a line; zero where it is unknown, which the table says.
fn amount(line: &LineItem) -> f64 {
    line.price.as_ref().ok().and_then(|price| price.amount.to_f64()).unwrap_or(0.0)
}

/// Returns the row that is selected.
fn selected_row(state: &State) -> Option<&Row> {
    let shown = state.views.bill.shown.as_ref()?;
    shown.rows.iter().filter(|row| row.is_selectable()).nth(state.views.bill.selected)
}

/// Returns the place of the selected row in the table.
fn selected_at(state: &State, shown: &Shown) -> usize {
    let selectable = shown.rows.iter().enumerate().filter(|(_, row)| row.is_selectable());
    selectable.map(|(at, _)| at).nth(state.views.bill.selected).unwrap_or(0)
}

/// Where the parts of the screen lie.
struct Layout {
    top: Rect,
    head: Rect,
    rows: Rect,
    explanation: Rect,
    explained: Vec<Line<'static>>,
}

impl Layout {
    fn of(state: &State, shown: &Shown, area: Rect) -> Layout {
        let (top, rest) = split_top(area, if area.height >= ROWS_FOR_BAR { 3 } else { 1 });
        let explained = explanation(state, shown, usize::from(area.width));
        let (list, explanation) = split_bottom(rest, (explained.len() as u16).min(rest.height * 2 / 3));
        let (head, rows) = split_top(list, 1);
        Layout { top, head, rows, explanation, explained }
    }
}

fn draw_bill(state: &State, shown: &Shown, bill: &Bill, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let layout = Layout::of(state, shown, area);
    let width = usize::from(area.width);
    put(buffer, layout.top, 0, &cut(&title(state, shown, bill), width), theme.style(Role::Heading));
    put_line(buffer, layout.top, 1, &bar(state, shown, bill, width));
    put_line(buffer, layout.top, 2, &filter_line(state));
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
    for (row, line) in layout.explained.iter().enumerate() {
        put_line(buffer, layout.explanation, row as u16, line);
    }
}

fn title(state: &State, shown: &Shown, bill: &Bill) -> String {
    let name = state.work.name(shown.pair);
    let monthly = sum(bill, bill.total(Recurrence::Monthly));
    let once = bill.total(Recurrence::OneOff);
    let once = if sections(bill).len() > 1 { format!(", {} once", sum(bill, once)) } else { String::new() };
    format!("{name}, {}: {monthly} a month{once}", shown.why)
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

/// Shows the filter in force.
fn filter_line(state: &State) -> Line<'static> {
    let words = state.filter(Screen::Bill);
    if words.is_empty() || matches!(state.overlay, Overlay::Filter(_)) {
        return Line::default();
    }
    Line::from(vec![
        Span::styled(format!(" / {words} "), state.theme.style(Role::Chip)),
        Span::styled("  sums are of all lines, Esc clears", state.theme.style(Role::Dim)),
    ])
}

/// Widths of the columns; 0 leaves a column out.
struct Columns {
    label: usize,
    quantity: usize,
    price: usize,
    amount: usize,
    share: usize,
}

impl Columns {
    /// Gives numbers the room that they need, and labels the rest; shares, quantities and unit prices go, in this
    /// order, where labels would be too short.
    fn fit(shown: &Shown, bill: &Bill, width: usize) -> Columns {
        let widest = |column: usize, title: &str| {
            let texts = shown.rows.iter().map(|row| texts(bill, row)[column].width());
            texts.max().unwrap_or(0).max(title.width())
        };
        let longest = widest(0, "").max(LABEL);
        let mut columns = Columns {
            label: 0,
            quantity: widest(1, "quantity"),
            price: widest(2, "unit price").min(30),
            amount: widest(3, "amount"),
            share: SHARE,
        };
        let room = width.saturating_sub(MARKS);
        if columns.taken() + longest > room {
            columns.share = 0;
        }
        if columns.taken() + LABEL > room {
            columns.quantity = 0;
        }
        if columns.taken() + LABEL > room {
            columns.price = 0;
        }
        columns.label = room.saturating_sub(columns.taken()).min(longest).max(1);
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
fn texts(bill: &Bill, row: &Row) -> [String; 4] {
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
    let texts = texts(bill, row);
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
    let line = &bill.lines[*at];
    let facts = rows::explain_line(bill, state.work.catalog(), line);
    let name_width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0) + 2;
    let mut lines = vec![Line::default()];
    for (name, text) in facts {
        for (at, part) in wrap(&text, width.saturating_sub(name_width).max(8)).into_iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            lines.push(Line::from(vec![
                Span::styled(left(name, name_width), state.theme.style(Role::Dim)),
                Span::styled(part, state.theme.style(Role::Text)),
            ]));
        }
    }
    lines.extend(derivation(state, shown, line).into_iter().map(Line::from));
    lines
}

/// Derives the quantity of a line from the scenario's numbers. Nothing derives one yet; what does goes here.
fn derivation(_state: &State, _shown: &Shown, _line: &LineItem) -> Vec<String> {
    Vec::new()
}
