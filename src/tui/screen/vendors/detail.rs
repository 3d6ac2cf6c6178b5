//! What is said of the selected product below the list.

use super::as_of;
use crate::present::cut;
use crate::report::product;
use crate::tui::state::State;
use crate::tui::text::wrap;

/// Says who sells the selected product, what it costs and where that is printed, in as many lines: prices in two at most,
/// those that matter first, and the source in what is left.
pub(super) fn lines(state: &State, width: usize, rows: usize) -> Vec<String> {
    let Some(id) = state.views.vendors.selected else { return Vec::new() };
    let catalog = state.work.catalog();
    let found = catalog.product(id);
    let compared = state.views.vendors.compared.as_ref().is_some_and(|compared| compared.contains(&id));
    let compared = if compared { ", compared" } else { "" };
    let title = format!("{}: {}, {}{compared}", found.id, found.name, catalog.vendor_of(id).name);
    let mut lines = vec![cut(&title, width)];
    lines.extend(wrapped(&product::shortly(catalog, id, as_of(state)), width, 2));
    let text = product::in_force_text(catalog, id, as_of(state));
    let source = text.get(1).map(|source| source.trim().to_owned()).or_else(|| found.note.clone());
    let room = rows.saturating_sub(lines.len());
    lines.extend(source.map(|source| wrapped(&source, width, room)).unwrap_or_default());
    lines
}

/// Breaks a text into so many lines at most; the last one says that something is missing.
fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines = wrap(text, width);
    if lines.len() > most && most > 0 {
        let rest = lines.split_off(most - 1).join(" ");
        lines.push(cut(&rest, width));
    }
    lines.truncate(most);
    lines
}
