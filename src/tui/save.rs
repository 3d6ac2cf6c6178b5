//! Saves the scenario: into its file, whose comments and layout stay, or into a new one.

use std::path::{Path, PathBuf};

use super::memory;
use super::open::File;
use super::reading;
use super::screen::View;
use super::state::{Asked, Overlay, Question, State};
use crate::diagnostic::Fault;
use crate::document::write::write_whole;
use crate::scenario::save::{SaveError, created, save as save_over, save_new, saved};

/// Saves the scenario to its file; asks for one where it has none, and before it writes over what others wrote.
pub fn save(state: &mut State) {
    if reading::is_busy(state) {
        return;
    }
    let (Some(path), Some(text)) = (state.file.path.clone(), state.file.text.clone()) else {
        return ask(state);
    };
    if state.work.unsaved().is_empty() && !state.file.left && path.exists() {
        return state.note(format!("nothing to save: {} says the same", path.display()));
    }
    match save_over(&path, &text, state.work.opened(), state.work.scenario()) {
        Ok(text) => saved_as_it_is(state, text, &path),
        Err(SaveError::ChangedOnDisk) => state.overlay = Overlay::Question(Question::Overwrite),
        Err(error @ SaveError::Gone) => {
            ask(state);
            state.fault(format!("{error}; Enter writes it anew"));
        }
        Err(error) => refuse(state, &error),
    }
}

/// Saves the scenario over whatever its file holds by now.
pub fn overwrite(state: &mut State) {
    let Some(path) = state.file.path.clone() else { return };
    let written = new_text(state).map_err(SaveError::Fault).and_then(|text| {
        write_whole(&path, text.as_bytes()).map_err(SaveError::Unwritable)?;
        Ok(text)
    });
    match written {
        Ok(text) => saved_as_it_is(state, text, &path),
        Err(error) => refuse(state, &error),
    }
}

fn saved_as_it_is(state: &mut State, text: String, path: &Path) {
    mark_saved(state, &text, None);
    state.file.written(text);
    memory::leave_changes(state);
    state.note(format!("saved {}", path.display()));
}

/// Takes the scenario as it is for what its file says. Nothing has to be worked out again but where keys are from.
fn mark_saved(state: &mut State, text: &str, folder: Option<&Path>) {
    state.work.mark_saved(text, folder);
    state.views.scenario.forget();
}

/// Names tried before the last one is offered as it is.
const MOST_NAMES: usize = 999;

/// Asks for the path of a new file, and offers one that is free.
pub fn ask(state: &mut State) {
    let name = match (&state.file.path, &state.source) {
        (Some(path), _) => path.clone(),
        (None, Some(source)) if source != "-" => PathBuf::from(format!("{source}.toml")),
        _ => PathBuf::from("scenario.toml"),
    };
    let free = free_name(&name, |path| !state.places.working(path).exists());
    state.ask_for(Asked::NewFile, "save as", free.display().to_string());
}

/// Returns the first free name in a row such as `a.toml`, `a-2.toml`, `a-3.toml`.
fn free_name(path: &Path, is_free: impl Fn(&Path) -> bool) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ending = path.extension().map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
    let (stem, number) = match stem.rsplit_once('-').map(|(stem, number)| (stem, number.parse::<usize>())) {
        Some((stem, Ok(number))) if number > 1 && number < MOST_NAMES => (stem, number),
        _ => (stem.as_str(), 1),
    };
    let later =
        (number + 1..=MOST_NAMES).map(|number| path.with_file_name(format!("{stem}-{number}{ending}")));
    std::iter::once(path.to_owned())
        .chain(later)
        .find(|path| is_free(path))
        .unwrap_or_else(|| path.to_owned())
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
    memory::leave_changes(state);
    mark_saved(state, &text, Some(&folder));
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
