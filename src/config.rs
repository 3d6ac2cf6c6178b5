//! The user's settings: `config.toml`, read with the same care as a scenario.
//!
//! A flag goes before the file, and the file before the default. Keys of the terminal application are read and checked
//! here, against the actions that the application has; it applies them itself.

pub mod key;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostics, Fault, Place, nearest, word_for};
use crate::document::{Document, Section, is_blank};
use crate::units::Currency;
use key::KeyPress;

/// Name of the file in the program's folder of settings.
pub const FILE: &str = "config.toml";

/// Which colours the terminal application takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeChoice {
    /// What suits the terminal.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// That people with any colour vision tell apart, on terminals that have them.
    Vivid,
    /// None.
    Mono,
}

impl ThemeChoice {
    /// The words in files.
    pub const WORDS: &'static [(&'static str, ThemeChoice)] = &[
        ("auto", ThemeChoice::Auto),
        ("dark", ThemeChoice::Dark),
        ("light", ThemeChoice::Light),
        ("vivid", ThemeChoice::Vivid),
        ("mono", ThemeChoice::Mono),
    ];

    /// Returns the word for the choice.
    pub fn word(self) -> &'static str {
        word_for(self, ThemeChoice::WORDS)
    }
}

/// A setting with the place at which it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set<T> {
    /// The setting.
    pub value: T,
    /// Where it was written.
    pub place: Place,
}

/// A key of the user's for an action of the terminal application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Name of the action.
    pub action: String,
    /// The key.
    pub key: KeyPress,
    /// Where it was written.
    pub place: Place,
}

/// The user's settings; what the file does not say is left open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Colours of the terminal application.
    pub theme: Option<Set<ThemeChoice>>,
    /// Whether the terminal application takes the mouse.
    pub mouse: Option<Set<bool>>,
    /// Keys of the terminal application.
    pub keys: Vec<Binding>,
    /// The scenario that is opened when none is named: a file, or a shipped name.
    pub scenario: Option<Set<String>>,
    /// Currency of results, where neither a flag nor the scenario names one.
    pub currency: Option<Set<Currency>>,
    /// Tables laid over the shipped ones and those of the user's folder, under those of `--pricing`.
    pub pricing: Vec<Set<PathBuf>>,
}

impl Config {
    /// Returns the colours of the terminal application.
    pub fn theme(&self) -> ThemeChoice {
        self.theme.as_ref().map_or_else(ThemeChoice::default, |set| set.value)
    }

    /// Returns whether the terminal application takes the mouse: it does, unless the file says otherwise.
    pub fn mouse(&self) -> bool {
        self.mouse.as_ref().is_none_or(|set| set.value)
    }
}

/// Where relative paths of a file start, and what its `~` means.
#[derive(Debug, Clone, Copy)]
pub struct Folders<'a> {
    /// The folder of the file.
    pub own: &'a Path,
    /// The user's own folder.
    pub home: Option<&'a Path>,
}

impl Folders<'_> {
    fn resolve(&self, text: &str) -> PathBuf {
        match (text.strip_prefix("~/"), self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.own.join(text),
        }
    }
}

/// Reads the settings from their text. `actions` are the names that `[keys]` may bind; `shipped` those of scenarios.
///
/// # Errors
/// All faults of the file.
pub fn read(
    source: &str,
    text: &str,
    folders: Folders<'_>,
    actions: &[&str],
    shipped: &[&str],
) -> Result<Config, Diagnostics> {
    // A file of comments alone leaves everything open.
    if is_blank(text) {
        return Ok(Config::default());
    }
    let document =
        Document::parse(source, text, ("a file of settings", "`ragonomics config init` writes one"));
    let root = document.root();
    let config = Config {
        theme: set(&root, "theme", root.word("theme", ThemeChoice::WORDS)),
        mouse: set(&root, "mouse", root.boolean("mouse")),
        scenario: set(&root, "scenario", root.text("scenario").map(|text| scenario(text, folders, shipped))),
        currency: set(&root, "currency", root.currency("currency")),
        pricing: pricing(&root, folders),
        keys: root.section("keys").map(|section| bindings(&section, actions)).unwrap_or_default(),
    };
    root.refuse_unknown_keys();
    let faults = document.into_faults();
    if faults.has_errors() { Err(faults) } else { Ok(config) }
}

fn set<T>(root: &Section<'_>, key: &'static str, value: Option<T>) -> Option<Set<T>> {
    let place = root.document().place(root.value(key)?.span());
    value.map(|value| Set { value, place })
}

/// Returns a scenario's name as it is given on the command line: a path, unless it is the name of a shipped one.
fn scenario(text: &str, folders: Folders<'_>, shipped: &[&str]) -> String {
    let path = folders.resolve(text);
    let is_shipped = shipped.contains(&text) && !path.exists();
    if is_shipped { text.to_owned() } else { path.to_string_lossy().into_owned() }
}

fn pricing(root: &Section<'_>, folders: Folders<'_>) -> Vec<Set<PathBuf>> {
    let listed = root.text_list("pricing").unwrap_or_default();
    let path = |(text, span): (&str, std::ops::Range<usize>)| Set {
        value: folders.resolve(text),
        place: root.document().place(span),
    };
    listed.into_iter().map(path).collect()
}

fn bindings(section: &Section<'_>, actions: &[&str]) -> Vec<Binding> {
    let document = section.document();
    let mut bindings: Vec<Binding> = Vec::new();
    for (action, span, _) in section.entries() {
        if !actions.contains(&action) {
            document.fault(span, unknown_action(&section.full_key(action), action, actions));
            continue;
        }
        let listed = section.text_list(action).unwrap_or_default();
        for (text, span) in listed {
            match KeyPress::parse(text) {
                Some(key) => {
                    bindings.push(Binding { action: action.to_owned(), key, place: document.place(span) })
                }
                None => document.fault(span, no_key(&section.full_key(action), text)),
            }
        }
    }
    for (at, binding) in bindings.iter().enumerate() {
        let earlier = bindings[..at].iter().find(|known| known.key == binding.key);
        if let Some(earlier) = earlier.filter(|earlier| earlier.action != binding.action) {
            let message =
                format!("`{}` is the key of both {} and {}", binding.key, earlier.action, binding.action);
            let remedy = "give each action a key of its own".to_owned();
            document.fault_at(binding.place.clone(), Fault::Conflict { message, remedy });
        }
    }
    bindings
}

fn unknown_action(key: &str, action: &str, actions: &[&str]) -> Fault {
    let near = nearest(action, actions.iter().copied()).into_iter().next();
    let listed: Vec<String> = actions.iter().map(|action| format!("`{action}`")).collect();
    Fault::UnknownKey {
        key: key.to_owned(),
        nearest: near.map(|near| format!("keys.{near}")),
        otherwise: format!("actions are {}", listed.join(", ")),
    }
}

fn no_key(action: &str, text: &str) -> Fault {
    Fault::Conflict {
        message: format!("`{action}` names no key: `{text}`"),
        remedy:
            "write a character, Ctrl-r, Shift-Left, F5, Enter, Esc, Space, Tab, Up, PageDown, Home or Delete"
                .to_owned(),
    }
}

/// One setting as it holds, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// Its key.
    pub key: String,
    /// Its value, as the file would say it.
    pub value: String,
    /// The place in the file; `None` for a default.
    pub from: Option<Place>,
}

/// Returns every setting as it holds, keys that are bound last.
pub fn effective(config: &Config, default_scenario: &str) -> Vec<Effective> {
    let row = |key: &str, value: String, from: Option<&Place>| Effective {
        key: key.to_owned(),
        value,
        from: from.cloned(),
    };
    let scenario = config.scenario.as_ref();
    let currency = config.currency.as_ref();
    let mut rows = vec![
        row(
            "scenario",
            scenario.map_or_else(|| default_scenario.to_owned(), |set| set.value.clone()),
            scenario.map(|set| &set.place),
        ),
        row(
            "currency",
            currency.map_or_else(|| Currency::USD.to_string(), |set| set.value.to_string()),
            currency.map(|set| &set.place),
        ),
        row("theme", config.theme().word().to_owned(), config.theme.as_ref().map(|set| &set.place)),
        row("mouse", config.mouse().to_string(), config.mouse.as_ref().map(|set| &set.place)),
    ];
    if config.pricing.is_empty() {
        rows.push(row("pricing", String::new(), None));
    }
    for path in &config.pricing {
        rows.push(row("pricing", path.value.display().to_string(), Some(&path.place)));
    }
    for binding in &config.keys {
        rows.push(row(&format!("keys.{}", binding.action), binding.key.to_string(), Some(&binding.place)));
    }
    rows
}

/// Returns a file of settings to start from: all of it comments, so that it changes nothing.
pub fn template(default_scenario: &str) -> String {
    format!(
        r#"# Settings of ragonomics. Every line below is a comment that shows the default: take the mark away to change it.
# A flag goes before this file, and this file before the default. Relative paths start from this file's folder.

# The scenario that is opened when none is named: a file, or the name of a shipped one.
# scenario = "{default_scenario}"

# Currency of results, where neither --currency nor the scenario names one. Amounts inside a scenario stay in its own.
# currency = "USD"

# Pricing tables, or folders of them, laid over the shipped ones and those of your own folder; --pricing goes before.
# pricing = []

# Colours of the terminal application: auto, dark, light, vivid or mono.
# theme = "auto"

# Whether the terminal application takes the mouse; without it the terminal selects text itself.
# mouse = true

# Keys of the terminal application, by the name of the action: a text or a list, such as quit = ["q", "Ctrl-q"].
# [keys]
"#
    )
}
