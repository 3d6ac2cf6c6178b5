//! Where scenarios come from: files, and those that ship inside the program.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostics, Fault, Place, nearest_or_all};
use crate::document::read_file;

/// The text of a scenario, with the name and folder that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name for messages.
    pub name: String,
    /// The TOML text.
    pub text: String,
    /// Folder that relative names start from.
    pub folder: PathBuf,
    /// Name for a scenario that gives none.
    pub stem: String,
    /// The file; nothing for a shipped one.
    pub path: Option<PathBuf>,
}

/// Finds a scenario by its name: a file, or else a shipped one.
///
/// # Errors
/// That there is neither, or that the file cannot be read.
pub fn find(named: &str) -> Result<Source, Diagnostics> {
    let path = Path::new(named);
    if !path.exists() {
        if let Some(text) = shipped(named) {
            let (name, folder) = (format!("{named} (shipped)"), PathBuf::from("."));
            return Ok(Source { name, text: text.to_owned(), folder, stem: named.to_owned(), path: None });
        }
        let looks_like_a_file = named.contains(['/', '\\']) || named.ends_with(".toml");
        if !looks_like_a_file {
            let fault = Fault::UnknownName {
                kind: "scenario, and no such file:",
                name: named.to_owned(),
                nearest: nearest_or_all(named, SHIPPED.iter().map(|(name, _)| *name)),
            };
            return Err(Diagnostics::one(Place::whole("SCENARIO"), fault));
        }
    }
    let text = read_file(path)?;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let stem = path.file_stem().map_or_else(|| named.to_owned(), |stem| stem.to_string_lossy().into_owned());
    Ok(Source { name: named.to_owned(), text, folder, stem, path: Some(path.to_owned()) })
}

/// Name and text of every file under `scenarios/`; the first is the default.
pub const SHIPPED: &[(&str, &str)] = &[
    ("support-bot", include_str!("../../scenarios/support-bot.toml")),
    ("devday", include_str!("../../scenarios/devday.toml")),
    ("contract-review", include_str!("../../scenarios/contract-review.toml")),
    ("novel-qa", include_str!("../../scenarios/novel-qa.toml")),
    ("saas-assistant", include_str!("../../scenarios/saas-assistant.toml")),
    ("transcript-cleanup", include_str!("../../scenarios/transcript-cleanup.toml")),
];

/// Returns the text of a shipped scenario.
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Returns the name of the scenario that is opened when none is named.
pub fn default_name() -> &'static str {
    SHIPPED[0].0
}
