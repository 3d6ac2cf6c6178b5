//! `prices update`: a table from the web, laid over the shipped ones until it is taken away again.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::common::whole_flag;
use crate::cli::output::{CliError, Output};
use crate::cli::tables::fetched_folder;
use crate::diagnostic::Fault;

#[cfg(feature = "online")]
mod online;

/// Flags of `prices update`.
#[derive(Debug, Clone, Args)]
#[command(after_help = NOTES)]
pub struct UpdateArgs {
    /// Address of a TOML table, or of a JSON document that `prices export` wrote
    #[arg(long, value_name = "URL", required_unless_present = "remove")]
    url: Option<String>,
    /// Seconds until the fetch is given up
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "30",
        allow_hyphen_values = true,
        conflicts_with = "remove"
    )]
    timeout: String,
    /// Take the fetched table away again
    #[arg(long, conflicts_with = "url")]
    remove: bool,
}

const NOTES: &str = "The address is https; plain http only on 127.0.0.1, ::1 or localhost. Proxies are taken from \
ALL_PROXY, HTTPS_PROXY, HTTP_PROXY and NO_PROXY. At most 8 MiB are read. A table that does not load changes \
nothing. Needs a program built with `--features online`; --remove works in any.";

/// Names of the fetched table in its folder, as TOML or as JSON; only one of them is there.
const FETCHED: [&str; 2] = ["fetched.toml", "fetched.json"];

/// Fetches a table, or takes the fetched one away.
pub fn run(args: &UpdateArgs, output: &Output) -> Result<(), CliError> {
    match &args.url {
        None => remove(output),
        Some(url) => update(url, whole_flag("--timeout", &args.timeout, 1..=3600)?, output),
    }
}

#[cfg(feature = "online")]
fn update(url: &str, seconds: u64, output: &Output) -> Result<(), CliError> {
    online::update(url, seconds, output)
}

#[cfg(not(feature = "online"))]
fn update(_: &str, _: u64, _: &Output) -> Result<(), CliError> {
    let message = "this program was built without the feature `online` and fetches nothing".to_owned();
    let folder = crate::cli::tables::user_folder();
    let folder = folder.map_or_else(String::new, |folder| format!(", or put it into {}", folder.display()));
    let remedy = format!(
        "build it with `cargo install --path . --features online`; or download the file yourself and lay it over \
         with --pricing FILE{folder}"
    );
    Err(CliError::flag("prices update", Fault::Conflict { message, remedy }))
}

/// Deletes the fetched table, where there is one.
fn remove(output: &Output) -> Result<(), CliError> {
    let folder = folder()?;
    let fetched = fetched(&folder);
    if fetched.is_empty() {
        output.note(&format!("there is no fetched table in {}", folder.display()));
    }
    for file in fetched {
        delete(&file)?;
        output.note(&format!("removed {}", file.display()));
    }
    Ok(())
}

fn folder() -> Result<PathBuf, CliError> {
    fetched_folder().ok_or_else(|| {
        let message = "the system names no folder for fetched tables".to_owned();
        CliError::flag(
            "prices update",
            Fault::Conflict { message, remedy: "set XDG_DATA_HOME or HOME".to_owned() },
        )
    })
}

/// Returns the fetched table, as a list of what is there.
fn fetched(folder: &Path) -> Vec<PathBuf> {
    FETCHED.iter().map(|name| folder.join(name)).filter(|file| file.exists()).collect()
}

fn delete(file: &Path) -> Result<(), CliError> {
    std::fs::remove_file(file).map_err(|error| CliError::write(&file.display().to_string(), &error))
}
