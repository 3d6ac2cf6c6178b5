//! All designs, ranked: which rows there are, in which order, and which one is selected.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{View, ranking};
use crate::analysis::Pair;
use crate::analysis::compare::Row;
use crate::analysis::summary::summary;
use crate::report::{self, compare as rows};
use crate::tui::action::Screen;
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch};
use crate::tui::state::{MOST_PINS, State};
use crate::tui::work::Work;
use crate::{answer, keys, present};

/// An order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Cheapest first.
    #[default]
    Cost,
    /// By the model's id.
    Model,
    /// By strategy, then cost.
    Strategy,
}

impl Order {
    /// All orders.
    pub const ALL: [Order; 3] = [Order::Cost, Order::Model, Order::Strategy];

    /// Returns the word for the order.
    pub fn word(self) -> &'static str {
        match self {
            Order::Cost => "cost",
            Order::Model => "model",
            Order::Strategy => "strategy",
        }
    }

    fn next(self) -> Order {
        match self {
            Order::Cost => Order::Model,
            Order::Model => Order::Strategy,
            Order::Strategy => Order::Cost,
        }
    }
}

/// The rows on the screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranking {
    /// Order of the rows.
    pub order: Order,
    /// Words that a row must have.
    pub filter: String,
    /// The selected design; it stays selected while its cost changes.
    pub selected: Option<Pair>,
    /// Whether the user selected it.
    pub by_user: bool,
    /// Indexes of the rows in the comparison, filtered and ordered.
    pub shown: Vec<usize>,
}

/// What the list can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Changes the order of the rows.
    Sort,
    /// Pins or unpins the selected design.
    Pin,
}

impl View for Ranking {
    type Action = Action;

    const TITLE: &'static str = "Compare";
    const SHORT: &'static str = "Comp";
    const ABOUT: &'static str = "all designs, ranked";
    const KEYS: &'static [Binding] = keys![Compare:
        ch(' ') => Action::Pin, "pin", "pin or unpin the design for the chart";
        ch('s') => Action::Sort, "sort", "order by cost, model or strategy";
    ];

    fn new(_work: &Work) -> Ranking {
        Ranking::default()
    }

    fn refresh(state: &mut State) {
        let filter = state.filter(Screen::Compare).to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        let rows = &state.work.comparison().rows;
        let mut shown: Vec<usize> = (0..rows.len()).filter(|at| has_words(&rows[*at], &words)).collect();
        match state.views.compare.order {
            Order::Cost => {}
            Order::Model => shown.sort_by_key(|at| &rows[*at].model),
            Order::Strategy => shown.sort_by_key(|at| rows[*at].strategy),
        }
        let ranking = &mut state.views.compare;
        let still_there = |pair: &Pair| shown.iter().any(|at| rows[*at].pair == *pair);
        ranking.selected = ranking.selected.filter(still_there);
        ranking.by_user &= ranking.selected.is_some();
        ranking.selected = ranking.selected.or(shown.first().map(|at| rows[*at].pair));
        ranking.shown = shown;
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Sort => sort(state),
            Action::Pin => pin(state),
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        ranking::draw(state, area, buffer);
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        Some((state.views.compare.shown.len(), selected_at(state)))
    }

    fn select(state: &mut State, entry: usize) {
        let row = state.views.compare.shown.get(entry).map(|at| state.work.comparison().rows[*at].pair);
        state.views.compare.selected = row;
        state.views.compare.by_user = row.is_some();
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        ranking::entry_at(state, area, at)
    }

    fn filter(&self) -> Option<&String> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.filter)
    }

    fn copied(state: &State) -> Option<String> {
        let row = selected_row(state)?;
        let currency = state.work.comparison().currency;
        let cost = match row.monthly {
            Some(amount) => format!("{} a month", present::money(amount, currency)),
            None => answer::reason(row).unwrap_or_else(|| present::UNKNOWN.to_owned()),
        };
        Some(format!("{}\t{cost}", row.name()))
    }

    fn formats(_state: &State) -> Vec<FileFormat> {
        vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown, FileFormat::Svg]
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        let comparison = state.work.comparison();
        match format {
            FileFormat::Csv => Some(rows::full(comparison).to_csv()),
            FileFormat::Json => Some(rows::to_json(comparison, Some(answer::sentence(comparison)))),
            FileFormat::Markdown => Some(rows::full(comparison).to_markdown()),
            FileFormat::Svg => state.work.case().map(|case| report::chart::comparison(&summary(&case))),
        }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("order", self.order.word().to_owned())]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        let order = Order::ALL.into_iter().find(|order| order.word() == value);
        self.order = order.filter(|_| key == "order").unwrap_or(self.order);
        order.is_some() && key == "order"
    }
}

fn has_words(row: &Row, words: &[&str]) -> bool {
    let text = row.name().to_lowercase();
    words.iter().all(|word| text.contains(word))
}

/// Returns the place of the selected row among those shown.
pub fn selected_at(state: &State) -> usize {
    let rows = &state.work.comparison().rows;
    let place = |pair: Pair| state.views.compare.shown.iter().position(|at| rows[*at].pair == pair);
    state.views.compare.selected.and_then(place).unwrap_or(0)
}

/// Returns the selected row.
pub fn selected_row(state: &State) -> Option<&Row> {
    let at = state.views.compare.shown.get(selected_at(state))?;
    state.work.comparison().rows.get(*at)
}

/// Takes the next order.
fn sort(state: &mut State) {
    state.views.compare.order = state.views.compare.order.next();
    let word = state.views.compare.order.word();
    state.note(format!("ordered by {word}"));
}

/// Pins the selected design for the chart, or unpins it.
fn pin(state: &mut State) {
    let Some(row) = selected_row(state) else { return };
    let (pair, name) = (row.pair, row.name());
    if let Some(at) = state.pins.iter().position(|pinned| *pinned == pair) {
        state.pins.remove(at);
        state.note(format!("unpinned {name}"));
    } else if state.pins.len() == MOST_PINS {
        state.fault(format!("{MOST_PINS} designs are pinned, which is the most; unpin one first"));
    } else {
        state.pins.push(pair);
        state.note(format!("pinned {name}"));
    }
}

/// Returns the letter of a pinned design.
pub fn pin_letter(state: &State, pair: Pair) -> Option<char> {
    state.pins.iter().position(|pinned| *pinned == pair).map(letter)
}

/// Returns the letter of a line of the chart.
pub fn letter(line: usize) -> char {
    char::from(b'A' + (line % 26) as u8)
}
