//! One design's bill, line by line, with where each amount comes from.

mod draw;
mod shares;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::draw::{Layout, draw_bill, last_of_explanation, texts};
pub use self::shares::Part;
use self::shares::parts;
use super::View;
use super::said::draw_reason;
use crate::analysis::Pair;
use crate::analysis::alternatives::alternatives;
use crate::analysis::compare::Reason;
use crate::analysis::explain::{Explanation, explain};
use crate::bill::Bill;
use crate::keys;
use crate::report::bill::{self as rows, About};
use crate::tui::action::{Direction, Screen};
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch, key};
use crate::tui::state::State;
use crate::tui::text::{Words, entry_in, put};
use crate::tui::theme::Role;
use crate::tui::work::Work;
use crate::usage::Recurrence;

/// Parts of a month that have a letter in the bar.
const LETTERS: usize = 26;

/// The bill of one design.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Words that a line must have.
    pub filter: String,
    /// Place of the selected line among those that can be selected.
    pub selected: usize,
    /// Whether the selected line is explained.
    pub explained: bool,
    /// First line of the explanation that is shown.
    pub first: usize,
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
    /// What is paid each month in parts, the dearest first; those that have a letter stand before the others.
    pub monthly: Vec<Part>,
    /// What is paid once in parts, which have no letters.
    pub once: Vec<Part>,
    /// How its lines came about, where one is explained.
    pub explanation: Option<Explanation>,
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

impl Shown {
    /// Returns the place of a row among the parts of a month that have letters.
    fn lettered(&self, row: &Row) -> Option<usize> {
        self.monthly.iter().take(LETTERS).position(|part| part.row == *row)
    }
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
    /// Scrolls in the explanation.
    Scroll(Direction),
}

impl View for Account {
    type Action = Action;

    const TITLE: &'static str = "Bill";
    const SHORT: &'static str = "Bill";
    const ABOUT: &'static str = "one design, line by line";
    const KEYS: &'static [Binding] = keys![Bill:
        key(KeyCode::Enter) => Action::Explain, "explain", "say how the selected line comes about, or stop";
        ch('J') => Action::Scroll(Direction::On), "", "further down in the explanation";
        ch('K') => Action::Scroll(Direction::Back), "", "further up in the explanation";
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
        let known = known.map(|shown| (shown.bill, shown.explanation));
        let (bill, explanation) = known.unwrap_or_else(|| (bill_of(&state.work, pair), None));
        let explanation = explanation.filter(|_| state.views.bill.explained).or_else(|| {
            let case = state.work.case().filter(|_| state.views.bill.explained)?;
            explain(&case, pair).ok()
        });
        let words = Words::of(state.filter(Screen::Bill));
        let rows = bill.as_ref().map_or(Vec::new(), |bill| table(&state.work, bill, &words));
        let of = |recurrence| bill.as_ref().map_or(Vec::new(), |bill| parts(bill, recurrence));
        let (monthly, once) = (of(Recurrence::Monthly), of(Recurrence::OneOff));
        let count = rows.iter().filter(|row| row.is_selectable()).count();
        let account = &mut state.views.bill;
        account.selected = account.selected.min(count.saturating_sub(1));
        account.shown = Some(Shown { pair, why, bill, rows, monthly, once, explanation });
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Explain if selected_row(state).is_some() => {
                state.views.bill.explained = !state.views.bill.explained;
                state.views.bill.first = 0;
            }
            Action::Explain => state.note("there is no line to explain"),
            Action::Scroll(_) if !state.views.bill.explained => {
                state.note("no line is explained; Enter explains the selected one");
            }
            Action::Scroll(direction) => scroll(state, direction),
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        let Some(shown) = &state.views.bill.shown else {
            return put(buffer, area, 0, "No design to bill.", state.theme.style(Role::Text));
        };
        match &shown.bill {
            Ok(bill) => draw_bill(state, shown, bill, area, buffer),
            Err(why) => {
                draw_reason(state, (shown.pair, shown.why), &format!("No bill: {why}"), area, buffer);
            }
        }
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        let rows = state.views.bill.shown.as_ref().map_or(&[][..], |shown| &shown.rows);
        Some((rows.iter().filter(|row| row.is_selectable()).count(), state.views.bill.selected))
    }

    fn select(state: &mut State, entry: usize) {
        state.views.bill.selected = entry;
        state.views.bill.first = 0;
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
            FileFormat::Json => {
                let case = state.work.case();
                let other = case.and_then(|case| alternatives(&case, shown.pair).ok().flatten());
                Some(rows::to_json(bill, catalog, &about, other.as_ref()))
            }
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

/// Scrolls in the explanation by a line.
fn scroll(state: &mut State, direction: Direction) {
    let last = last_of_explanation(state);
    let first = state.views.bill.first.min(last);
    let next = match direction {
        Direction::On => (first + 1).min(last),
        Direction::Back => first.saturating_sub(1),
    };
    if next == first {
        state.note("the explanation goes no further");
    }
    state.views.bill.first = next;
}

fn bill_of(work: &Work, pair: Pair) -> Result<Bill, String> {
    let case = work.case().ok_or("the scenario has a name that no table knows")?;
    case.evaluate(pair)
        .map(|evaluation| evaluation.bill)
        .map_err(|failure| Reason::of_failure(&case, failure).to_string())
}

/// Returns the sections that have anything in them; what is paid each month always stands there.
fn sections(bill: &Bill) -> Vec<Recurrence> {
    let is_once = |recurrence: Recurrence| recurrence == Recurrence::OneOff;
    let once = bill.lines.iter().any(|line| is_once(line.recurrence))
        || bill.adjustments.iter().any(|adjustment| is_once(adjustment.recurrence));
    if once { vec![Recurrence::Monthly, Recurrence::OneOff] } else { vec![Recurrence::Monthly] }
}

/// Returns the rows of the table: lines and corrections grouped by what they are paid for, in the bill's order.
fn table(work: &Work, bill: &Bill, words: &Words) -> Vec<Row> {
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
        let kept: Vec<(&str, Row)> = lines
            .chain(adjusted)
            .filter(|(party, _, label)| words.are_in(&format!("{party} {label}")))
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
