//! What is said of the selected product below the list.

use super::as_of;
use crate::present::cut;
use crate::report::product;
use crate::tui::state::State;
use crate::tui::text::{broken, up_to, wrap};

/// Says in so many rows who sells the selected product, what it costs and where that is printed; the prices that matter
/// stand first.
pub(super) fn lines(state: &State, width: usize, rows: usize) -> Vec<String> {
    let Some(id) = state.views.vendors.selected else { return Vec::new() };
    let catalog = state.work.catalog();
    let found = catalog.product(id);
    let compared = state.views.vendors.compared.as_ref().is_some_and(|compared| compared.contains(&id));
    let compared = if compared { ", compared" } else { "" };
    let title = format!("{}: {}, {}{compared}", found.id, found.name, catalog.vendor_of(id).name);
    let mut lines = vec![cut(&title, width)];
    let price = wrap(&product::shortly(catalog, id, as_of(state)), width);
    let text = product::in_force_text(catalog, id, as_of(state));
    let source = text.get(1).map(|source| source.trim()).or(found.note.as_deref());
    let source = source.map_or(Vec::new(), |source| broken(source, width));
    // What one does not need is the other's.
    let room = rows.saturating_sub(lines.len());
    let for_source = source.len().min(room / 2);
    lines.extend(up_to(price, width, room - for_source));
    let room = rows.saturating_sub(lines.len());
    lines.extend(up_to(source, width, room));
    lines
}
