//! `prices export`: the tables in force, as files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::catalog::write;
use crate::cli::output::{CliError, Output, write_file, write_files};
use crate::cli::tables::{TableOptions, load_catalog};
use crate::diagnostic::Fault;

/// Flags of `prices export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    tables: TableOptions,
    /// Folder for TOML tables, or file for JSON; without it, standard output
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// How the tables are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "json")]
    format: ExportFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// One JSON document, which --pricing reads
    Json,
    /// TOML tables, one for each vendor
    Toml,
}

/// Writes the catalog.
pub fn run(args: &ExportArgs, output: &Output) -> Result<(), CliError> {
    let catalog = load_catalog(&args.tables, output)?;
    match (args.format, &args.out) {
        (ExportFormat::Json, None) => output.result(&write::json(&catalog)),
        (ExportFormat::Json, Some(path)) => {
            write_file(path, write::json(&catalog).as_bytes())?;
            output.note(&format!("wrote {}", path.display()));
            Ok(())
        }
        (ExportFormat::Toml, None) => {
            let message = "TOML tables are one file for each vendor".to_owned();
            let remedy = "name a folder for them with --out DIR, or leave --format toml out".to_owned();
            Err(CliError::flag("--format", Fault::Conflict { message, remedy }))
        }
        (ExportFormat::Toml, Some(folder)) => write_tables(&write::toml(&catalog), folder, output),
    }
}

/// Writes tables into a folder, which is made where it is missing; a table that is there is left alone.
///
/// # Errors
/// A table of that name exists, or the folder cannot be written.
pub fn write_tables(
    tables: &[write::Written],
    folder: &std::path::Path,
    output: &Output,
) -> Result<(), CliError> {
    let files: Vec<(PathBuf, &[u8])> = tables
        .iter()
        .map(|table| (folder.join(format!("{}.toml", table.name)), table.text.as_bytes()))
        .collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        let message = format!("{} exists already", path.display());
        let remedy = "name another folder, or move the tables in it away".to_owned();
        return Err(CliError::flag("--out", Fault::Conflict { message, remedy }));
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| CliError::write(&folder.display().to_string(), &error))?;
    write_files(&files)?;
    output.note(&format!("wrote {} tables into {}", files.len(), folder.display()));
    Ok(())
}
