//! Adds a model of the catalog to the scenario's compared ones, or removes it.

use super::opened::selected;
use crate::catalog::{Catalog, Kind, ProductId};
use crate::scenario::Named;
use crate::tui::state::State;

/// Adds the selected model to the compared ones, or removes it; the change can be taken back like any other.
pub(super) fn toggle(state: &mut State) {
    let Some(id) = selected(state) else { return };
    let product = state.work.catalog().product(id);
    let (name, kind) = (product.id.clone(), product.kind);
    if kind != Kind::Chat {
        return state.note(format!("only chat models are compared; {name} is of the kind {}", kind.word()));
    }
    let compared = state.views.vendors.compared.clone().unwrap_or_default();
    let (names, word) = if compared.contains(&id) {
        (without(state, id, &compared), "no longer compared")
    } else {
        let mut names = named(state, &compared);
        names.push(explicit(state.work.catalog(), id));
        (names, "compared now")
    };
    if names.is_empty() {
        return state.fault(format!("{name} is the only compared model; add another one first"));
    }
    let change = |scenario: &mut crate::scenario::Scenario| {
        scenario.models = names;
        Ok(())
    };
    if state.change(change) {
        state.note(format!("{name} is {word}; u takes it back"));
    }
}

fn explicit(catalog: &Catalog, id: ProductId) -> Named {
    Named::from_flag(&catalog.product(id).id, "compare.models")
}

/// Returns what the scenario compares by name; where it says nothing, the models that it compares then.
fn named(state: &State, compared: &[ProductId]) -> Vec<Named> {
    let names = state.work.scenario().models.clone();
    let catalog = state.work.catalog();
    if names.is_empty() { compared.iter().map(|id| explicit(catalog, *id)).collect() } else { names }
}

/// Returns the names without a model; a pattern that holds it becomes the other models that it holds.
fn without(state: &State, id: ProductId, compared: &[ProductId]) -> Vec<Named> {
    let catalog = state.work.catalog();
    let kept = |name: Named| match catalog.find_all(&name.text, Kind::Chat) {
        Ok(ids) if ids.contains(&id) => {
            ids.into_iter().filter(|other| *other != id).map(|other| explicit(catalog, other)).collect()
        }
        _ => vec![name],
    };
    named(state, compared).into_iter().flat_map(kept).collect()
}
