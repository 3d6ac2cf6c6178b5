//! Saves the scenario: into its file, whose comments and layout stay, or into a new one.

use std::path::Path;

use super::memory;
use super::open::File;
use super::state::{Asked, State};
use crate::diagnostic::Fault;
use crate::scenario::save::{SaveError, created, save as save_over, save_new, saved};

/// Saves the scenario to its file; asks for one where it has none.
pub fn save(state: &mut State) {
    let (Some(path), Some(text)) = (state.file.path.clone(), state.file.text.clone()) else {
        return ask(state);
    };
    if state.work.unsaved().is_empty() {
        return state.note(format!("nothing to save: {} says the same", path.display()));
    }
    match save_over(&path, &text, state.work.opened(), state.work.scenario()) {
        Ok(text) => {
            state.file.written(text);
            state.work.mark_saved(None);
            memory::forget_changes(state);
            state.note(format!("saved {}", path.display()));
        }
        Err(error) => refuse(state, &error),
    }
}

/// Asks for the path of a new file.
pub fn ask(state: &mut State) {
    let name = match (&state.file.path, &state.source) {
        (Some(path), _) => path.display().to_string(),
        (None, Some(source)) if source != "-" => format!("{source}.toml"),
        _ => "scenario.toml".to_owned(),
    };
    state.ask_for(Asked::NewFile, "save as", name);
}

/// Saves the scenario to a new file, which is its own from then on; false where that is refused.
pub fn save_as(state: &mut State, typed: &str) -> bool {
    let name = state.places.at_home(typed.trim());
    let path = state.places.working(Path::new(&name));
    let path = path.as_path();
    let written = new_text(state).map_err(SaveError::Fault).and_then(|text| {
        save_new(path, &text)?;
        Ok(text)
    });
    let text = match written {
        Ok(text) => text,
        Err(error) => {
            refuse(state, &error);
            return false;
        }
    };
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let scenario = state.work.scenario();
    let relative = scenario.files.iter().any(|file| Path::new(&file.text).is_relative());
    let moved = relative && scenario.folder != folder;
    memory::forget_changes(state);
    state.work.mark_saved(Some(&folder));
    state.file = File::of(&text, Some(path));
    let name = path.display().to_string();
    state.source = Some(name.clone());
    if moved {
        state.fault(format!("saved {name}; corpus.files start from its folder: correct them"));
    } else {
        state.note(format!("saved {name}"));
    }
    true
}

/// Returns the text that is saved: the one that was opened with what was changed, or one of its own.
///
/// # Errors
/// What of the change a file cannot say.
pub fn new_text(state: &State) -> Result<String, Fault> {
    match &state.file.text {
        Some(text) => saved(text, state.work.opened(), state.work.scenario()),
        None => created(state.work.scenario()),
    }
}

fn refuse(state: &mut State, error: &SaveError) {
    state.fault(format!("not saved: {error}; {}", error.remedy()));
}
