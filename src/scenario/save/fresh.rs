//! The text of a scenario that came from no file: the template with its values, and its repeated tables behind.

use super::view::rest;
use super::{Step, read_again, saved, unwritable, without};
use crate::diagnostic::Fault;
use crate::document::edit::with_more;
use crate::scenario::Scenario;
use crate::scenario::reference::template;
use crate::scenario::table::{TableKind, block};

/// Returns the text of a new scenario file: every key with its meaning, the changed ones with their values.
///
/// # Errors
/// What of the scenario a file cannot say.
pub fn created(changed: &Scenario) -> Result<String, Fault> {
    let name = if changed.name.is_empty() { "My scenario" } else { &changed.name };
    let mut text = template(name);
    if !changed.groups.corpora.is_empty() {
        text = without(&text, &[Step::Key("corpus")]);
    }
    // Tables come first, so that the values of their keys are among what is compared.
    let tables = tables(changed);
    if !tables.is_empty() {
        text = with_more(&text, &tables);
    }
    let opened = read_again(&text, changed)?;
    if rest(&opened) != rest(changed) {
        return Err(unwritable("a repeated table"));
    }
    let named = Scenario { name: name.to_owned(), ..changed.clone() };
    saved(&text, &opened, &named)
}

fn tables(scenario: &Scenario) -> String {
    let blocks = TableKind::ALL
        .into_iter()
        .flat_map(|kind| (0..scenario.tables(kind)).map(move |at| block(scenario, kind, at)));
    blocks.collect::<Vec<_>>().join("\n")
}
