//! `prices check`: what is wrong in tables, and what only looks wrong.

use std::path::PathBuf;

use clap::Args;

use super::super::common::{FormatArg, today};
use super::super::output::{CliError, Output};
use super::super::tables::{borrowed, read_tables};
use crate::catalog::audit::audit;
use crate::catalog::load::{Places, shipped, with_overlays};
use crate::report::Format;
use crate::report::audit::Audited;

/// Flags of `prices check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Pricing tables or folders of them
    tables: Vec<PathBuf>,
    /// How results are written; JSON, CSV and Markdown hold what is worth a look in the shipped tables too
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatArg>,
}

/// Checks tables of the user's own over the shipped ones, or the shipped ones alone.
pub fn run(args: &CheckArgs, output: &Output) -> Result<(), CliError> {
    let texts = read_tables(&args.tables)?;
    let own = borrowed(&texts);
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
