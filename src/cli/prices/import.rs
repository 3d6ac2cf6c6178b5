//! `prices import`: another tool's price table as tables of our own.

use std::path::PathBuf;

use clap::Args;

use super::export::write_tables;
use crate::catalog::load::embedded;
use crate::catalog::write;
use crate::cli::common::{FormatArg, date_flag, read};
use crate::cli::output::{CliError, Output};
use crate::diagnostic::{Fault, one_of};
use crate::import::{self, Imported, Options, Source};
use crate::report::Format;
use crate::report::import as rows;

/// Flags of `prices import`.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// Where the file comes from: litellm, models.dev, genai-prices, llm-prices, openrouter or csv
    #[arg(long, value_name = "SOURCE")]
    from: String,
    /// The file
    file: PathBuf,
    /// Folder to write the tables into, one for each vendor; without it, only the account is printed
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Day of the file, where it does not say: its prices hold from then on
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// CSV: which key a column fills, such as "Input (per 1K)=input_per_mtok*1000"
    #[arg(long, value_name = "HEADING=KEY")]
    map: Vec<String>,
    /// CSV: a value for every row, such as vendor=acme
    #[arg(long, value_name = "KEY=VALUE")]
    set_field: Vec<String>,
    /// How the account is written
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatArg>,
}

/// Takes a table in, writes it where asked, and prints the account.
pub fn run(args: &ImportArgs, output: &Output) -> Result<(), CliError> {
    let source =
        one_of("--from", &args.from, Source::WORDS).map_err(|fault| CliError::flag("--from", fault))?;
    let options = Options {
        date: args.date.as_deref().map(|text| date_flag("--date", text)).transpose()?,
        columns: pairs("--map", &args.map)?
            .into_iter()
            .map(|(heading, key)| import::csv::Column { heading, key })
            .collect(),
        fixed: pairs("--set-field", &args.set_field)?,
    };
    if source != Source::Csv && !(args.map.is_empty() && args.set_field.is_empty()) {
        let message = format!("a file of {} has no columns to map", source.word());
        let remedy = "leave --map and --set-field out".to_owned();
        return Err(CliError::flag("--map", Fault::Conflict { message, remedy }));
    }
    let name = args.file.display().to_string();
    let mut imported = import::import(source, &name, &read(&args.file)?, &options)?;
    imported.fit_over(&embedded()?);
    let Imported { catalog, account } = imported;
    if let Some(folder) = &args.out {
        write_tables(&write::toml(&catalog), folder, output)?;
    }
    match args.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&rows::to_json(source, &account)),
        Format::Csv => output.result(&rows::sheet(&account).to_csv()),
        Format::Markdown => output.result(&rows::sheet(&account).to_markdown()),
        Format::Table => {
            let text: String = rows::text(source, &account, output.is_verbose())
                .iter()
                .map(|line| output.wrapped(line))
                .collect();
            output.result(&text)
        }
    }
}

/// Splits assignments at the last `=`, for a heading may hold one.
fn pairs(flag: &str, texts: &[String]) -> Result<Vec<(String, String)>, CliError> {
    texts.iter().map(|text| pair(flag, text)).collect()
}

fn pair(flag: &str, text: &str) -> Result<(String, String), CliError> {
    let parts = text.rsplit_once('=').map(|(left, right)| (left.trim(), right.trim()));
    match parts.filter(|(left, right)| !left.is_empty() && !right.is_empty()) {
        Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
        None => {
            let message = format!("`{text}` has no two sides");
            Err(CliError::flag(
                flag,
                Fault::Conflict { message, remedy: format!("write it as {flag} LEFT=RIGHT") },
            ))
        }
    }
}
