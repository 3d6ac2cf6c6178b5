//! Opens and closes what stands in place of the list, and marks products for it.

use super::{Chart, Mode, ORDERS, Page, as_of, to_list};
use crate::analysis::product_history::product_history;
use crate::catalog::ProductId;
use crate::report::side_by_side;
use crate::tui::action::Direction::{self, Back, On};
use crate::tui::state::State;

/// Shows what is open again with the prices of another day.
pub(super) fn reopen(state: &mut State) {
    match std::mem::take(&mut state.views.vendors.mode) {
        Mode::List => {}
        Mode::Full(_) => toggle_full(state),
        Mode::Side(_) => toggle_side(state),
        Mode::History(_) => toggle_history(state),
    }
}

/// Returns the selected product; says that there is none otherwise.
pub(super) fn selected(state: &mut State) -> Option<ProductId> {
    if state.views.vendors.selected.is_none() {
        state.note("no product is selected");
    }
    state.views.vendors.selected
}

pub(super) fn toggle_full(state: &mut State) {
    let Some(id) = selected(state) else { return };
    state.views.vendors.mode = match state.views.vendors.mode {
        Mode::Full(_) => Mode::List,
        _ => Mode::Full(Page::of_product(state.work.catalog(), id, as_of(state))),
    };
}

pub(super) fn toggle_history(state: &mut State) {
    let Some(id) = selected(state) else { return };
    state.views.vendors.mode = match state.views.vendors.mode {
        Mode::History(_) => Mode::List,
        _ => Mode::History(Chart::of(product_history(state.work.catalog(), id, as_of(state)))),
    };
}

pub(super) fn toggle_side(state: &mut State) {
    let shelf = &mut state.views.vendors;
    if matches!(shelf.mode, Mode::Side(_)) {
        shelf.mode = Mode::List;
    } else if shelf.marked.len() < 2 {
        state.note("mark two to four products with Space first");
    } else {
        let marked = shelf.marked.clone();
        state.views.vendors.mode = Mode::Side(Page::of_several(state.work.catalog(), &marked, as_of(state)));
    }
}

pub(super) fn mark(state: &mut State) {
    let Some(id) = selected(state) else { return };
    let name = state.work.catalog().product(id).id.clone();
    let marked = &mut state.views.vendors.marked;
    if let Some(at) = marked.iter().position(|known| *known == id) {
        marked.remove(at);
        state.note(format!("{name} is no longer marked"));
    } else if marked.len() == side_by_side::MOST {
        state.fault(format!(
            "{} products are marked, which is the most; unmark one first",
            side_by_side::MOST
        ));
    } else {
        marked.push(id);
        let text = if marked.len() == 1 { "mark another one" } else { "c shows them side by side" };
        state.note(format!("{name} is marked; {text}"));
    }
    let few = state.views.vendors.marked.len() < 2;
    if let Mode::Side(_) = state.views.vendors.mode {
        to_list(state);
        if !few {
            toggle_side(state);
        }
    }
}

/// Takes the column of the order, or the event of a history, beside the present one.
pub(super) fn beside(state: &mut State, direction: Direction) {
    let shelf = &mut state.views.vendors;
    if let Mode::History(chart) = &mut shelf.mode {
        let last = chart.history.events.len().saturating_sub(1);
        chart.event = match direction {
            On => (chart.event + 1).min(last),
            Back => chart.event.saturating_sub(1),
        };
        return;
    }
    let count = ORDERS.len();
    let step = if direction == On { 1 } else { count - 1 };
    shelf.order = ((shelf.order.0 + step) % count, false);
    shelf.mode = Mode::List;
    let word = shelf.order_word();
    state.note(format!("ordered by {word}"));
}
