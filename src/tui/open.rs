//! Other scenarios: opened from a file or the program, begun from the template, read again when the file has changed.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::memory;
use super::picker::{Choice, Picker, Purpose};
use super::reading::{self, Occasion};
use super::state::{Overlay, Question, State};
use crate::diagnostic::{Diagnostics, Fault, Severity};
use crate::document::read_file;
use crate::scenario::library::{self, SHIPPED, Source};
use crate::scenario::{Scenario, load, reference};

/// Files of a folder that are offered to be opened.
const MOST_FILES: usize = 200;

/// When a file was written, and how long it is.
type Stamp = Option<(SystemTime, u64)>;

/// The text that the scenario comes from.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// The text as it was read or last written; nothing where it is unknown.
    pub text: Option<String>,
    /// The file; nothing for a scenario that has none yet.
    pub path: Option<PathBuf>,
    stamp: Stamp,
    /// Whether flags of the command line belong to it.
    first: bool,
    /// When it was begun from the template, which tells it from others that have no name yet either.
    pub(super) begun: Option<String>,
    /// Whether changes of an earlier run were offered and left for another time.
    pub(super) later: bool,
    /// When the changes that were kept for it had been written as it was opened.
    pub(super) kept_at: Option<SystemTime>,
    /// Whether the file was changed on the disk and the user goes on with what was read before.
    pub(super) left: bool,
}

impl File {
    /// Takes the scenario that the program was started with.
    pub fn started(source: &Source) -> File {
        File { first: true, ..File::of(&source.text, source.path.as_deref()) }
    }

    /// Takes a text that was just read or written.
    pub fn of(text: &str, path: Option<&Path>) -> File {
        File {
            text: Some(text.to_owned()),
            path: path.map(Path::to_owned),
            stamp: path.and_then(stamp),
            first: false,
            begun: None,
            later: false,
            kept_at: None,
            left: false,
        }
    }

    /// Takes a text that was just written over the earlier one.
    pub fn written(&mut self, text: String) {
        self.text = Some(text);
        self.stamp = self.path.as_deref().and_then(stamp);
        self.left = false;
    }
}

fn stamp(path: &Path) -> Stamp {
    let facts = std::fs::metadata(path).ok()?;
    Some((facts.modified().ok()?, facts.len()))
}

/// Asks which scenario to open: those of the file's folder, those of the program, or any path.
pub fn ask(state: &mut State) {
    let folder = state.file.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let mut choices: Vec<Choice> = files(folder).into_iter().map(|name| Choice::new(name, "file")).collect();
    choices.extend(SHIPPED.iter().map(|(name, _)| Choice::new(*name, "shipped")));
    let picker = Picker::one("open a scenario, or type a path", Purpose::Open, choices, None);
    state.overlay = Overlay::Pick(Picker { free: Some("open the file"), ..picker });
}

fn files(folder: &Path) -> Vec<String> {
    let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(shown) else { return Vec::new() };
    let paths = entries.take(MOST_FILES * 10).filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let toml = paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let named = toml.filter_map(|path| Some(folder.join(path.file_name()?).to_str()?.to_owned()));
    let mut names: Vec<String> = named.take(MOST_FILES).collect();
    names.sort_unstable();
    names
}

/// What takes the place of the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The one of a name.
    Named(String),
    /// One from the template.
    New,
    /// The same file, read again.
    Again,
}

/// Opens another scenario, after a question where changes would be lost.
pub fn go(state: &mut State, next: Next) {
    if reading::is_busy(state) {
        return;
    }
    if state.work.unsaved().is_empty() {
        put(state, &next);
    } else {
        state.overlay = Overlay::Question(Question::Lose(next));
    }
}

/// Opens another scenario, whatever is lost.
pub fn put(state: &mut State, next: &Next) {
    let source = match next {
        Next::Named(name) => {
            let name = state.places.at_home(name);
            let path = state.places.working(Path::new(&name));
            // A shipped one has no file.
            if path.exists() { library::find(&path.to_string_lossy()) } else { library::find(&name) }
        }
        Next::New => Ok(template()),
        Next::Again => match &state.file.path {
            Some(path) => library::find(&path.to_string_lossy()),
            None => return state.note("this scenario has no file to be read again"),
        },
    };
    let first = *next == Next::Again && state.file.first;
    let occasion = if first { Occasion::Again } else { Occasion::Other };
    let found = source.and_then(|source| Ok((load(&source)?, source)));
    match found {
        Ok((scenario, source)) => {
            let next = next.clone();
            reading::finish(state, scenario, occasion, move |state, read| {
                place(state, &next, source, first, read);
            });
        }
        Err(faults) => state.fault(said(&faults)),
    }
}

/// Puts a scenario that was read in the place of the open one; says what is wrong with it where it cannot be.
fn place(state: &mut State, next: &Next, source: Source, first: bool, read: Result<Scenario, Diagnostics>) {
    match read.and_then(|scenario| state.work.reopened(scenario)) {
        Ok(work) => {
            state.work = work;
            state.pins.clear();
            state.source = (source.path.is_some() || matches!(next, Next::Named(_)))
                .then(|| source.path.as_ref().map_or(source.stem.clone(), |path| path.display().to_string()));
            let begun = (*next == Next::New).then(memory::now);
            state.file = File { first, begun, ..File::of(&source.text, source.path.as_deref()) };
            state.note(match next {
                Next::Named(_) => format!("opened {}", source.name),
                Next::New => "a new scenario of defaults; w saves it".to_owned(),
                Next::Again => format!("read {} again", source.name),
            });
            memory::offer_changes(state);
        }
        Err(faults) => state.fault(said(&faults)),
    }
}

fn template() -> Source {
    const NAME: &str = "My scenario";
    Source {
        name: NAME.to_owned(),
        text: reference::template(NAME),
        folder: PathBuf::from("."),
        stem: NAME.to_owned(),
        path: None,
    }
}

/// Reads a scenario from its text; what the program does to one is left to do.
fn load(source: &Source) -> Result<Scenario, Diagnostics> {
    let (mut scenario, _) = load::scenario(&source.name, &source.text, &source.folder)?;
    if scenario.name.is_empty() {
        scenario.name.clone_from(&source.stem);
    }
    Ok(scenario)
}

/// Reads the open scenario from another text.
///
/// # Errors
/// All faults of the text.
pub fn read_text(state: &State, text: &str) -> Result<Scenario, Diagnostics> {
    let now = state.work.scenario();
    let source = Source {
        name: "the scenario".to_owned(),
        text: text.to_owned(),
        folder: now.folder.clone(),
        stem: now.name.clone(),
        path: None,
    };
    let occasion = if state.file.first { Occasion::Again } else { Occasion::Other };
    let mut scenario = load(&source)?;
    // Its files were counted before, and the counts are kept.
    state.reading.finish(&mut scenario, occasion, &|_| true)?;
    Ok(scenario)
}

/// Says the first of some faults with its place, and how many there are.
pub fn said(faults: &Diagnostics) -> String {
    let errors: Vec<_> = faults.0.iter().filter(|fault| fault.severity == Severity::Error).collect();
    let Some(first) = errors.first() else { return "it cannot be opened".to_owned() };
    let more = match errors.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    format!("{}: {}{more}", first.place, with_remedy(&first.fault))
}

fn with_remedy(fault: &Fault) -> String {
    match fault.remedy() {
        Some(remedy) => format!("{fault}; {remedy}"),
        None => fault.to_string(),
    }
}

/// Asks whether to read the file again where somebody else has written it. This is looked at when a key or a button of
/// the mouse is pressed and when the user comes back to the terminal: a program that nobody uses wakes up for nothing.
pub fn look(state: &mut State) {
    let Some(path) = state.file.path.clone() else { return };
    let now = stamp(&path);
    // What lies over the screen is done with first; the change is still seen then.
    if now == state.file.stamp || !matches!(state.overlay, Overlay::None) {
        return;
    }
    state.file.stamp = now;
    if now.is_none() {
        return state.fault(format!("{} is no longer there; W saves a new file", path.display()));
    }
    let same = read_file(&path).is_ok_and(|text| Some(&text) == state.file.text.as_ref());
    if same {
        state.file.left = false;
    } else {
        state.overlay = Overlay::Question(Question::Reread);
    }
}
