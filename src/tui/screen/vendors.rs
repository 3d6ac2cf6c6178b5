//! The catalog: products as a list, one in full, some side by side, and the prices of one over time.

mod compared;
mod detail;
mod draw;
mod files;
mod filter;
mod history;
mod opened;
mod page;
mod rows;
mod scale;
mod side;

use std::sync::Arc;

use crossterm::event::KeyCode;
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use self::filter::{Facets, ORDERS};
use self::filter::{Found, next_kind, next_vendor};
pub use self::history::Chart;
use self::opened::{beside, mark, reopen, toggle_full, toggle_history, toggle_side};
pub use self::page::Page;
pub use self::rows::{Row, Rows};
use super::View;
use crate::catalog::ProductId;
use crate::tui::action::{Direction, Screen};
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch, key};
use crate::tui::state::{Overlay, State};
use crate::tui::text::entry_in;
use crate::tui::work::Work;
use crate::{keys, present};
use Direction::{Back, On};

/// The catalog on the screen.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// A query of words and conditions.
    pub filter: String,
    /// What is shown beside the query.
    pub facets: Facets,
    /// Column of the order and whether it is turned round, by the place in [`ORDERS`].
    pub order: (usize, bool),
    /// The selected product.
    pub selected: Option<ProductId>,
    /// Products to be shown side by side.
    pub marked: Vec<ProductId>,
    /// What is on the screen.
    pub mode: Mode,
    /// All products as rows; `None` before the screen is opened.
    pub rows: Option<Arc<Rows>>,
    /// Rows that the query and the facets leave, in order.
    pub found: Found,
    /// Products whose designs are compared; `None` when the scenario changed since.
    pub compared: Option<Vec<ProductId>>,
}

/// What is on the screen.
#[derive(Debug, Clone, Default)]
pub enum Mode {
    /// The list.
    #[default]
    List,
    /// The selected product in full.
    Full(Page),
    /// The marked products side by side.
    Side(Page),
    /// The selected product's prices over time.
    History(Chart),
}

/// What the catalog can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Shows the selected product in full, or no longer.
    Full,
    /// Marks the selected product, or no longer.
    Mark,
    /// Shows the marked products side by side, or no longer.
    Side,
    /// Shows the selected product's prices over time, or no longer.
    History,
    /// Adds the selected model to the compared ones, or removes it.
    Compare,
    /// Takes the next column of the order.
    Sort,
    /// Takes the next or previous column of the order; in a history, event.
    Beside(Direction),
    /// Turns the order round.
    Reverse,
    /// Takes the next or previous kind.
    Kind(Direction),
    /// Takes the next or previous vendor.
    Vendor(Direction),
    /// Shows all products, those with a price, or those without.
    Priced,
    /// Shows all products, those that are sold, or those that were withdrawn.
    Retired,
}

impl View for Shelf {
    type Action = Action;

    const TITLE: &'static str = "Vendors";
    const SHORT: &'static str = "Vend";
    const ABOUT: &'static str = "the catalog: prices, sources and their history";
    const KEYS: &'static [Binding] = keys![Vendors:
        key(KeyCode::Enter) => Action::Full, "source", "everything known of the product, with the sources of its prices";
        ch('h') => Action::History, "history", "the product's prices over time";
        ch(' ') => Action::Mark, "mark", "mark the product for the view side by side, up to four";
        ch('c') => Action::Side, "beside", "the marked products side by side";
        ch('a') => Action::Compare, "compare", "add the model to the scenario's compared ones, or remove it";
        ch('s') => Action::Sort, "sort", "order by the next column";
        key(KeyCode::Right) => Action::Beside(On), "", "order by the next column; next event of a history";
        key(KeyCode::Left) => Action::Beside(Back), "", "order by the previous column; previous event of a history";
        ch('S') => Action::Reverse, "", "turn the order round";
        ch('f') => Action::Kind(On), "kind", "filter by the next kind";
        ch('F') => Action::Kind(Back), "", "filter by the previous kind";
        ch('v') => Action::Vendor(On), "vendor", "narrow to the next vendor";
        ch('V') => Action::Vendor(Back), "", "narrow to the previous vendor";
        ch('d') => Action::Priced, "", "all products, only those with a price, only those without";
        ch('r') => Action::Retired, "", "all products, only those still sold, only withdrawn ones";
    ];

    fn new(_work: &Work) -> Shelf {
        Shelf::default()
    }

    fn forget(&mut self) {
        self.compared = None;
    }

    fn refresh(state: &mut State) {
        let date = as_of(state);
        if state.views.vendors.rows.as_ref().is_none_or(|rows| rows.date != date) {
            state.views.vendors.rows = Some(Arc::new(Rows::of(state.work.catalog(), date)));
            state.views.vendors.found = Found::default();
            reopen(state);
        }
        if matches!(state.overlay, Overlay::Filter(_)) {
            state.views.vendors.mode = Mode::List;
        }
        if state.views.vendors.compared.is_none() {
            state.views.vendors.compared = state.work.case().map(|case| case.models);
        }
        filter::refresh(state);
        let shelf = &mut state.views.vendors;
        let Some(rows) = &shelf.rows else { return };
        let there = |id: &ProductId| shelf.found.shown.iter().any(|at| rows.all[*at].id == *id);
        shelf.selected = match shelf.mode {
            Mode::List => {
                shelf.selected.filter(there).or(shelf.found.shown.first().map(|at| rows.all[*at].id))
            }
            _ => shelf.selected,
        };
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Full => toggle_full(state),
            Action::Mark => mark(state),
            Action::Side => toggle_side(state),
            Action::History => toggle_history(state),
            Action::Compare => compared::toggle(state),
            Action::Sort => {
                to_list(state);
                beside(state, On);
            }
            Action::Beside(direction) => beside(state, direction),
            Action::Reverse => {
                state.views.vendors.order.1 ^= true;
                to_list(state);
            }
            Action::Kind(direction) => {
                state.views.vendors.facets.kind = next_kind(state, direction);
                to_list(state);
            }
            Action::Vendor(direction) => {
                state.views.vendors.facets.vendor = next_vendor(state, direction);
                to_list(state);
            }
            Action::Priced => {
                state.views.vendors.facets.priced = next_flag(state.views.vendors.facets.priced, true);
                to_list(state);
            }
            Action::Retired => {
                state.views.vendors.facets.retired = next_flag(state.views.vendors.facets.retired, false);
                to_list(state);
            }
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        match &state.views.vendors.mode {
            Mode::List => draw::draw(state, area, buffer),
            Mode::Full(page) | Mode::Side(page) => page.draw(state, area, buffer),
            Mode::History(chart) => chart.draw(state, area, buffer),
        }
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        let shelf = &state.views.vendors;
        Some(match &shelf.mode {
            Mode::List => (shelf.found.shown.len(), selected_at(state)),
            Mode::Full(page) | Mode::Side(page) => page.place(state),
            Mode::History(chart) => (chart.history.events.len(), chart.event),
        })
    }

    fn select(state: &mut State, entry: usize) {
        let shelf = &mut state.views.vendors;
        match &mut shelf.mode {
            Mode::List => {
                let row = shelf.found.shown.get(entry).zip(shelf.rows.as_ref());
                shelf.selected = row.map(|(at, rows)| rows.all[*at].id);
            }
            Mode::Full(page) | Mode::Side(page) => page.first = entry,
            Mode::History(chart) => chart.event = entry,
        }
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        match &state.views.vendors.mode {
            Mode::List => {
                let count = state.views.vendors.found.shown.len();
                entry_in(draw::rows_area(state, area), at, selected_at(state), count)
            }
            Mode::Full(_) | Mode::Side(_) => None,
            Mode::History(chart) => chart.entry_at(state, area, at),
        }
    }

    fn has_whole_width(state: &State) -> bool {
        matches!(state.views.vendors.mode, Mode::Side(_))
    }

    fn briefs(state: &State) -> &'static [(&'static str, &'static str)] {
        match state.views.vendors.mode {
            Mode::List => &[],
            Mode::Full(_) | Mode::Side(_) => &[("Esc", "back"), ("↑↓", "scroll")],
            Mode::History(_) => &[("Esc", "back"), ("←→", "event")],
        }
    }

    fn filter(&self) -> Option<&String> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.filter)
    }

    fn back(state: &mut State) -> bool {
        let shelf = &mut state.views.vendors;
        if !matches!(shelf.mode, Mode::List) {
            shelf.mode = Mode::List;
        } else if !shelf.filter.is_empty() {
            return false;
        } else if shelf.facets != Facets::default() {
            shelf.facets = Facets::default();
        } else if !shelf.marked.is_empty() {
            shelf.marked.clear();
        } else {
            return false;
        }
        true
    }

    fn copied(state: &State) -> Option<String> {
        files::copied(state)
    }

    fn formats(state: &State) -> Vec<FileFormat> {
        files::formats(state)
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        files::export(state, format)
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let minus = if self.order.1 { "-" } else { "" };
        vec![("order", format!("{minus}{}", self.order_word()))]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        let (turned, word) = value.strip_prefix('-').map_or((false, value), |word| (true, word));
        let place = ORDERS.iter().position(|(known, _)| *known == word).filter(|_| key == "order");
        self.order = place.map_or(self.order, |place| (place, turned));
        place.is_some()
    }
}

/// Returns the day whose prices are shown.
fn as_of(state: &State) -> Date {
    state.work.comparison().as_of
}

/// Returns the place of the selected product among those shown.
fn selected_at(state: &State) -> usize {
    let shelf = &state.views.vendors;
    let Some((rows, selected)) = shelf.rows.as_ref().zip(shelf.selected) else { return 0 };
    shelf.found.shown.iter().position(|at| rows.all[*at].id == selected).unwrap_or(0)
}

fn to_list(state: &mut State) {
    state.views.vendors.mode = Mode::List;
}

/// Goes from all to one side, to the other one, and back to all.
fn next_flag(now: Option<bool>, first: bool) -> Option<bool> {
    match now {
        None => Some(first),
        Some(side) if side == first => Some(!first),
        Some(_) => None,
    }
}

/// Returns how many of how many products are shown: `23 of 1,287 products`.
fn counted(shelf: &Shelf) -> String {
    let number = |count: usize| present::whole(count as f64);
    let (shown, all) = (shelf.found.shown.len(), shelf.rows.as_ref().map_or(0, |rows| rows.all.len()));
    if shown == all {
        format!("{} products", number(all))
    } else {
        format!("{} of {} products", number(shown), number(all))
    }
}

/// Returns whether the open filter is that of this screen.
fn is_typing(state: &State) -> bool {
    state.screen == Screen::Vendors && matches!(state.overlay, Overlay::Filter(_))
}
