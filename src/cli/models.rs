//! `models`: the catalog, and one product in full.

use clap::{Args, Subcommand};

use super::common::{FormatArg, date_flag, today};
use super::output::{CliError, Output};
use super::tables::{TableOptions, load_catalog};
use crate::report::Format;
use crate::report::models as rows;

/// Columns from which the list has room for each product's kind.
const WIDE: u16 = 110;

/// Flags of `models`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ModelsArgs {
    #[command(subcommand)]
    command: Option<ModelsCommand>,
    /// Words that an id, name or alias contains; kind:embedding and vendor:openai narrow the list
    query: Vec<String>,
    #[command(flatten)]
    list: ListOptions,
}

/// Options of the list and of one product.
#[derive(Debug, Clone, Default, Args)]
struct ListOptions {
    /// Day whose prices are shown
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    #[command(flatten)]
    tables: TableOptions,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatArg>,
}

#[derive(Debug, Clone, Subcommand)]
enum ModelsCommand {
    /// Show everything known of one product, with all its prices
    Show {
        /// Id, alias or unique name
        id: String,
        #[command(flatten)]
        list: ListOptions,
    },
}

fn date(options: &ListOptions) -> Result<jiff::civil::Date, CliError> {
    match &options.as_of {
        None => Ok(today()),
        Some(text) => date_flag("--as-of", text),
    }
}

/// Lists products or shows one.
pub fn run(args: &ModelsArgs, output: &Output) -> Result<(), CliError> {
    if let Some(ModelsCommand::Show { id, list }) = &args.command {
        let catalog = load_catalog(&list.tables, output)?;
        let id = catalog.find(id).map_err(|fault| CliError::flag("ID", fault))?;
        let date = date(list)?;
        return match list.format.map(Format::from).unwrap_or_default() {
            Format::Json => output.result(&rows::product_json(&catalog, id, date)),
            Format::Csv => output.result(&rows::price_history(&catalog, id).to_csv()),
            Format::Markdown => output.result(
                &(rows::facts(&catalog, id, date).to_markdown()
                    + "\n"
                    + &rows::price_history(&catalog, id).to_markdown()),
            ),
            Format::Table => {
                let facts = rows::facts(&catalog, id, date).to_table(output.width, output.color);
                let history: String =
                    rows::history_text(&catalog, id).iter().map(|line| output.wrapped(line)).collect();
                output.result(&format!("{facts}\n{history}"))
            }
        };
    }
    let catalog = load_catalog(&args.list.tables, output)?;
    let date = date(&args.list)?;
    let found =
        rows::search(&catalog, &args.query.join(" ")).map_err(|fault| CliError::flag("QUERY", fault))?;
    let sheet = rows::list(&catalog, &found, date);
    match args.list.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&rows::list_json(&catalog, &found, date)),
        Format::Csv => output.result(&sheet.to_csv()),
        Format::Markdown => output.result(&sheet.to_markdown()),
        Format::Table if found.is_empty() => {
            output.note("no product matches");
            Ok(())
        }
        Format::Table => {
            let sheet = if output.width < WIDE { sheet.without("kind") } else { sheet };
            output.result(&sheet.to_table(output.width, output.color))
        }
    }
}
