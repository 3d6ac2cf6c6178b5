//! All designs, ranked: which rows there are, in which order, and which one is selected.

use crate::analysis::Pair;
use crate::analysis::compare::Row;
use crate::tui::action::Motion;
use crate::tui::state::{MOST_PINS, Message, Overlay, State};

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
    /// Indexes of the rows in the comparison, filtered and ordered.
    pub shown: Vec<usize>,
}

/// Returns the filter in force, finished or not.
pub fn filter(state: &State) -> &str {
    match &state.overlay {
        Overlay::Filter(text) => text,
        _ => &state.compare.filter,
    }
}

/// Works out which rows are shown, and selects one of them.
pub fn refresh(state: &mut State) {
    let words: Vec<String> = filter(state).to_lowercase().split_whitespace().map(str::to_owned).collect();
    let rows = &state.work.comparison().rows;
    let mut shown: Vec<usize> = (0..rows.len()).filter(|at| has_words(&rows[*at], &words)).collect();
    match state.compare.order {
        Order::Cost => {}
        Order::Model => shown.sort_by_key(|at| &rows[*at].model),
        Order::Strategy => shown.sort_by_key(|at| rows[*at].strategy),
    }
    let still_there = |pair: &Pair| shown.iter().any(|at| rows[*at].pair == *pair);
    let selected = state.compare.selected.filter(still_there);
    state.compare.selected = selected.or(shown.first().map(|at| rows[*at].pair));
    state.compare.shown = shown;
}

fn has_words(row: &Row, words: &[String]) -> bool {
    let text = row.name().to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

/// Returns the place of the selected row among those shown.
pub fn selected_at(state: &State) -> usize {
    let rows = &state.work.comparison().rows;
    let place = |pair: Pair| state.compare.shown.iter().position(|at| rows[*at].pair == pair);
    state.compare.selected.and_then(place).unwrap_or(0)
}

/// Returns the selected row.
pub fn selected_row(state: &State) -> Option<&Row> {
    let at = state.compare.shown.get(selected_at(state))?;
    state.work.comparison().rows.get(*at)
}

/// Moves the selection.
pub fn step(state: &mut State, motion: Motion, page: usize) {
    let to = motion.from(selected_at(state), state.compare.shown.len(), page);
    let row = state.compare.shown.get(to).map(|at| state.work.comparison().rows[*at].pair);
    state.compare.selected = row;
}

/// Takes the next order.
pub fn sort(state: &mut State) {
    state.compare.order = state.compare.order.next();
    let word = state.compare.order.word();
    state.message = Some(Message::Note(format!("ordered by {word}")));
}

/// Pins the selected design for the chart, or unpins it.
pub fn pin(state: &mut State) {
    let Some(row) = selected_row(state) else { return };
    let (pair, name) = (row.pair, row.name());
    state.break_even.forget();
    if let Some(at) = state.pins.iter().position(|pinned| *pinned == pair) {
        state.pins.remove(at);
        state.message = Some(Message::Note(format!("unpinned {name}")));
    } else if state.pins.len() == MOST_PINS {
        let text = format!("{MOST_PINS} designs are pinned, which is the most; unpin one first");
        state.message = Some(Message::Fault(text));
    } else {
        state.pins.push(pair);
        state.message = Some(Message::Note(format!("pinned {name}")));
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
