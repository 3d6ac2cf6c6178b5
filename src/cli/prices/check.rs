//! `prices check`: what is wrong in tables, and what only looks wrong.

use std::path::PathBuf;

use clap::Args;

use super::super::common::{FormatArg, today};
use super::super::output::{CliError, Output};
use super::super::tables::{borrowed, own_tables, read_tables, table_files};
use crate::catalog::audit::audit;
use crate::catalog::load::{Places, shipped, with_overlays};
use crate::config::Config;
use crate::report::Format;
use crate::report::audit::Audited;

/// Flags of `prices check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Pricing tables or folders of them; your own folder is laid under them, as everywhere
    tables: Vec<PathBuf>,
    /// How results are written; JSON, CSV and Markdown hold what is worth a look in the shipped tables too
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatArg>,
}

/// Checks tables of the user's own over the shipped ones and those of the user's folder, or the shipped ones alone.
pub fn run(args: &CheckArgs, output: &Output) -> Result<(), CliError> {
    let texts = read_tables(&args.tables)?;
    let beneath = read_tables(&files_beneath(&args.tables, &output.config)?)?;
    let own = [borrowed(&beneath), borrowed(&texts)].concat();
    let (catalog, warnings) = with_overlays(&own)?;
    output.warnings(&warnings);
    let date = today();
    let (all, findings) = ([shipped(), own].concat(), audit(&catalog, date));
    let own = texts.iter().map(|table| table.name.as_str()).collect();
    let audited = Audited::new(&catalog, &warnings, &findings, &Places::new(&all), own, date);
    match args.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&audited.to_json()),
        Format::Csv => output.result(&audited.sheet().to_csv()),
        Format::Markdown => output.result(&audited.sheet().to_markdown()),
        Format::Table => {
            audited.shipped_lines().for_each(|line| output.detail(&line));
            let summary: String = audited.summary().iter().map(|line| output.wrapped(line)).collect();
            let own: String = audited.own().map(|diagnostic| format!("{diagnostic}\n")).collect();
            output.result(&format!("{summary}{own}"))
        }
    }
}

/// Returns the tables of the user's folders that others are checked over; those that are checked themselves are not
/// among them.
fn files_beneath(checked: &[PathBuf], config: &Config) -> Result<Vec<PathBuf>, CliError> {
    if checked.is_empty() {
        return Ok(Vec::new());
    }
    let whole = |file: &PathBuf| file.canonicalize().unwrap_or_else(|_| file.clone());
    let files = |paths: &[PathBuf]| -> Result<Vec<PathBuf>, CliError> {
        Ok(paths.iter().map(|path| table_files(path)).collect::<Result<Vec<_>, _>>()?.concat())
    };
    let checked: Vec<PathBuf> = files(checked)?.iter().map(whole).collect();
    let mut beneath = files(&own_tables(config)?)?;
    beneath.retain(|file| !checked.contains(&whole(file)));
    Ok(beneath)
}
