//! Which pricing tables hold: the shipped ones, then those of the user's folder, then those that flags name.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::de::IgnoredAny;

use super::output::{CliError, Output};
use crate::catalog::load::{Table, with_overlays};
use crate::catalog::{Catalog, write};
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Fault, Place};
use crate::document::{read_file, reason};

/// Options about the tables.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct TableOptions {
    /// Pricing table or folder of tables laid over the shipped ones and your own folder; the last one wins
    #[arg(long, value_name = "DIR|FILE")]
    pub pricing: Vec<PathBuf>,
}

/// A table as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableText {
    /// Name for messages.
    pub name: String,
    /// The TOML text.
    pub text: String,
}

/// Loads the shipped tables with the user's over them.
pub fn load_catalog(options: &TableOptions, output: &Output) -> Result<Catalog, CliError> {
    let mut paths = own_tables(&output.config)?;
    paths.extend(options.pricing.iter().cloned());
    let (catalog, warnings) = overlaid(&paths)?;
    warn_of_tables(&warnings, output);
    output.detail(&format!("{} products in {} tables", catalog.products.len(), catalog.files.len()));
    Ok(catalog)
}

/// Warnings of tables that are printed before the result of another command.
const MOST_WARNINGS: usize = 3;

/// Prints the first warnings of tables and counts the others, for a table from elsewhere can have hundreds.
pub fn warn_of_tables(warnings: &Diagnostics, output: &Output) {
    let most = if output.is_verbose() { warnings.0.len() } else { MOST_WARNINGS };
    warnings.0.iter().take(most).for_each(|warning| output.note(&warning.to_string()));
    if let Some(more) = warnings.0.len().checked_sub(most).filter(|more| *more > 0) {
        output.note(&format!("{more} more warnings of tables; `ragonomics prices check` of them lists all"));
    }
}

/// Loads the shipped tables with those under the paths over them.
pub fn overlaid(paths: &[PathBuf]) -> Result<(Catalog, Diagnostics), CliError> {
    let texts = read_tables(paths)?;
    Ok(with_overlays(&borrowed(&texts))?)
}

/// Reads every table under the paths, in their order.
pub fn read_tables(paths: &[PathBuf]) -> Result<Vec<TableText>, CliError> {
    let mut texts = Vec::new();
    for path in paths {
        for file in table_files(path)? {
            texts.extend(table_texts(&file.display().to_string(), read_file(&file)?)?);
        }
    }
    Ok(texts)
}

/// Lends tables to the loader.
pub fn borrowed(texts: &[TableText]) -> Vec<Table<'_>> {
    texts.iter().map(|table| Table { name: &table.name, text: &table.text }).collect()
}

/// Returns the tables that a file holds: itself, or those of a catalog that was exported as JSON.
pub fn table_texts(name: &str, text: String) -> Result<Vec<TableText>, CliError> {
    if !is_json(&text) {
        return Ok(vec![TableText { name: name.to_owned(), text }]);
    }
    let Some(tables) = write::from_json(&text) else {
        let message = "is JSON, but no catalog that ragonomics exported".to_owned();
        let remedy =
            "take another tool's table in with `ragonomics prices import --from SOURCE FILE --out DIR`";
        return Err(CliError::flag(name, Fault::Conflict { message, remedy: remedy.to_owned() }));
    };
    Ok(tables.into_iter().map(|text| TableText { name: name.to_owned(), text }).collect())
}

/// Returns whether a table is written as JSON; no TOML begins with a brace, and a table with a bracket is no JSON.
pub fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('{') || text.starts_with('[') && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Lists the tables that a path names: itself, or the TOML and JSON files of a folder.
pub fn table_files(path: &Path) -> Result<Vec<PathBuf>, CliError> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        let fault = Fault::Unreadable { reason: reason(&error) };
        CliError::Io(Diagnostics::one(Place::whole(&name), fault))
    };
    if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(path)
        .map_err(unreadable)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| file.extension().is_some_and(|ending| ending == "toml" || ending == "json"))
        .collect();
    files.sort();
    if files.is_empty() {
        let fault = Fault::Empty {
            expected: "a folder with pricing tables (*.toml, *.json)",
            remedy: "put a table into it, or name a file",
        };
        return Err(CliError::flag(&name, fault));
    }
    Ok(files)
}

/// Returns the user's folders of tables that exist and hold one: fetched tables first, then the user's own.
fn own_folders() -> Vec<PathBuf> {
    let holds_tables = |folder: &PathBuf| table_files(folder).is_ok();
    [fetched_folder(), user_folder()].into_iter().flatten().filter(holds_tables).collect()
}

/// Returns everything of the user's own that is laid over the shipped tables unasked: the folders of tables, then what
/// the settings name.
pub fn own_tables(config: &Config) -> Result<Vec<PathBuf>, CliError> {
    let mut paths = own_folders();
    for path in &config.pricing {
        if !path.value.exists() {
            let message =
                format!("`pricing` names `{}`, and there is no such file or folder", path.value.display());
            let remedy = "correct the path, or take it out".to_owned();
            return Err(CliError::Input(Diagnostics::one(
                path.place.clone(),
                Fault::Conflict { message, remedy },
            )));
        }
        paths.push(path.value.clone());
    }
    Ok(paths)
}

/// Returns the folder into which `prices update` writes, by the XDG rules.
pub fn fetched_folder() -> Option<PathBuf> {
    Some(base_folder("XDG_DATA_HOME", ".local/share")?.join("pricing"))
}

/// Returns the folder for the user's own tables, by the XDG rules.
pub fn user_folder() -> Option<PathBuf> {
    Some(base_folder("XDG_CONFIG_HOME", ".config")?.join("pricing"))
}

/// Returns the program's folder below one of the XDG base folders; `None` where the system names none.
pub fn base_folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let base = variable_path(variable).filter(|path| path.is_absolute());
    let base =
        base.or_else(|| variable_path("LOCALAPPDATA")).or_else(|| Some(home_folder()?.join(below_home)));
    base.map(|folder| folder.join("ragonomics"))
}

/// Returns the user's own folder.
pub fn home_folder() -> Option<PathBuf> {
    variable_path("HOME")
}

fn variable_path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
