//! `tokens`: how many tokens documents are.

use std::path::PathBuf;

use clap::Args;

use super::common::{FormatArg, with_counts};
use super::output::{CliError, Output};
use super::tables::{TableOptions, load_catalog};
use crate::report::Format;
use crate::report::tokens as rows;
use crate::tokens::{STAND_IN, Tokenizer, count};

/// Flags of `tokens`.
#[derive(Debug, Clone, Args)]
pub struct TokensArgs {
    /// Plain text or Markdown files, or folders that hold some
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Vocabulary to count with: o200k_base, cl100k_base or p50k_base
    #[arg(long, value_name = "T", conflicts_with = "model")]
    tokenizer: Option<String>,
    /// Model whose tokens to count; estimated where its vocabulary is not published
    #[arg(long, value_name = "M")]
    model: Option<String>,
    #[command(flatten)]
    tables: TableOptions,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatArg>,
}

/// Counts and prints.
pub fn run(args: &TokensArgs, output: &Output) -> Result<(), CliError> {
    let (tokenizer, estimate_for) = tokenizer(args, output)?;
    let progress = output.progress("counting tokens");
    let wanted = |share| progress.at(share);
    let (counts, faults) = with_counts(|cache| count(&args.paths, tokenizer, cache, &wanted));
    drop(progress);
    if counts.is_empty() && faults.0.is_empty() {
        output.note("no .txt or .md files there");
    }
    if let Some(model) = &estimate_for {
        output.note(&format!(
            "{model}: its vocabulary is not in the program; counted with {}, an estimate",
            tokenizer.word()
        ));
    }
    let sheet = rows::sheet(&counts);
    let estimate = estimate_for.is_some();
    match args.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&rows::to_json(&counts, tokenizer, estimate))?,
        Format::Csv => output.result(&sheet.to_csv())?,
        Format::Markdown => output.result(&sheet.to_markdown())?,
        Format::Table => {
            let text = sheet.to_table(output.width, output.color);
            output.result(&format!("counted with {}\n\n{text}", tokenizer.word()))?;
        }
    }
    if faults.has_errors() { Err(faults.into()) } else { Ok(()) }
}

/// Returns the tokenizer, and the model that it only stands in for.
fn tokenizer(args: &TokensArgs, output: &Output) -> Result<(Tokenizer, Option<String>), CliError> {
    if let Some(name) = &args.tokenizer {
        return Ok((Tokenizer::find(name).map_err(|fault| CliError::flag("--tokenizer", fault))?, None));
    }
    let Some(model) = &args.model else { return Ok((STAND_IN, None)) };
    let catalog = load_catalog(&args.tables, output)?;
    let id = catalog.find(model).map_err(|fault| CliError::flag("--model", fault))?;
    let product = catalog.product(id);
    let own = product.tokenizer.as_deref().and_then(|name| Tokenizer::find(name).ok());
    Ok(match own {
        Some(tokenizer) => (tokenizer, None),
        None => (STAND_IN, Some(product.id.clone())),
    })
}
