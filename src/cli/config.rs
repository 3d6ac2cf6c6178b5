//! `config`: the user's settings, and how every command comes by them.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::common::FormatArg;
use super::output::{CliError, Output, write_new_file};
use super::tables::{base_folder, home_folder};
use crate::config::{self, Config, FILE, Folders};
use crate::diagnostic::Fault;
use crate::document::read_file;
use crate::report::{Format, config as rows};
use crate::scenario::library::{SHIPPED, default_name};
use crate::tui::keys::NAMED;

/// Flags of `config`.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Clone, Subcommand)]
enum ConfigCommand {
    /// Show every setting as it holds, with where it comes from
    Show {
        /// How the settings are written
        #[arg(long, value_enum, value_name = "FORMAT")]
        format: Option<FormatArg>,
    },
    /// Print where the file of settings is, or would be
    Path,
    /// Write a file of settings to start from; an existing one is left alone
    Init,
}

impl ConfigArgs {
    /// Returns whether the command does without settings, so that a broken file can be found.
    pub fn needs_no_settings(&self) -> bool {
        matches!(self.command, ConfigCommand::Path)
    }
}

/// Reads the user's settings; without a file all of them are open.
pub fn load() -> Result<Config, CliError> {
    let Some(path) = path().filter(|path| path.exists()) else { return Ok(Config::default()) };
    let text = read_file(&path)?;
    let shipped: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
    let actions: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
    let home = home_folder();
    let folders = Folders { own: path.parent().unwrap_or(Path::new(".")), home: home.as_deref() };
    Ok(config::read(&path.display().to_string(), &text, folders, &actions, &shipped)?)
}

fn path() -> Option<PathBuf> {
    base_folder("XDG_CONFIG_HOME", ".config").map(|folder| folder.join(FILE))
}

fn known_path() -> Result<PathBuf, CliError> {
    path().ok_or_else(|| {
        let message = "the system names no folder for settings".to_owned();
        let remedy = "set XDG_CONFIG_HOME or HOME".to_owned();
        CliError::flag("config", Fault::Conflict { message, remedy })
    })
}

/// Runs a subcommand of `config`.
pub fn run(args: &ConfigArgs, output: &Output) -> Result<(), CliError> {
    match &args.command {
        ConfigCommand::Path => output.result(&format!("{}\n", known_path()?.display())),
        ConfigCommand::Init => init(output),
        ConfigCommand::Show { format } => show(format.map(Format::from).unwrap_or_default(), output),
    }
}

fn init(output: &Output) -> Result<(), CliError> {
    let path = known_path()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .map_err(|error| CliError::write(&folder.display().to_string(), &error))?;
    let remedy = "change it with an editor; `ragonomics config show` says what it sets";
    write_new_file(&path, config::template(default_name()).as_bytes(), remedy)?;
    output.note(&format!("wrote {}", path.display()));
    Ok(())
}

fn show(format: Format, output: &Output) -> Result<(), CliError> {
    let settings = config::effective(&output.config, default_name());
    let file = path().filter(|path| path.exists());
    let sheet = || rows::sheet(&settings);
    match format {
        Format::Json => output.result(&rows::to_json(&settings, file.as_deref())),
        Format::Csv => output.result(&sheet().to_csv()),
        Format::Markdown => output.result(&sheet().to_markdown()),
        Format::Table => {
            let head = match (&file, path()) {
                (Some(file), _) => file.display().to_string(),
                (None, Some(path)) => {
                    format!("{} is not there; `ragonomics config init` writes one", path.display())
                }
                (None, None) => "no folder for settings".to_owned(),
            };
            output.result(&format!("{head}\n\n{}", sheet().to_table(output.width, output.color)))
        }
    }
}
