//! Saves the scenario.

use super::state::State;

/// Saves the scenario to its file. Nothing is written yet, so no key asks for it.
pub fn save(_state: &mut State) {}
