//! `models`: the catalog, and one product in full.

use clap::{Args, Subcommand};

use super::common::{FormatArg, date_flag, today};
use super::output::{CliError, Output};
use super::tables::{TableOptions, load_catalog};
use crate::catalog::ProductId;
use crate::catalog::query::{Column, Listing, Order, Query};
use crate::report::{Format, Sheet, models as rows, product};

/// Columns from which the list has room for each product's kind.
const WIDE: u16 = 110;

/// Columns that a query or an order can add to the list of a narrow terminal.
const MOST_EXTRA_WHEN_NARROW: usize = 2;

/// Flags of `models`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ModelsArgs {
    #[command(subcommand)]
    command: Option<ModelsCommand>,
    /// Words that an id, name or alias contains, and conditions such as kind:chat and 'price<1'
    #[arg(long_help = QUERY_HELP)]
    query: Vec<String>,
    /// Columns to sort by, with a minus before one for the largest first: -window,price
    #[arg(long, value_name = "COLUMN[,COLUMN]", allow_hyphen_values = true)]
    sort: Option<String>,
    #[command(flatten)]
    list: ListOptions,
}

/// What a query can hold.
const QUERY_HELP: &str = "\
Words that an id, name or alias contains, and conditions; all of them must hold.

  kind:chat  vendor:openai,google  modality:image  region:eu  confidence:low  id:gpt-4o
  cache:yes  batch:yes  open:no  retired:no  priced:yes
  window>=128k  max_output>8k  dimensions=1536
  price<1  input<1  output<5  cached<0.1
  released>2025-01-01  since<2024-06-01  checked<2026-08-01

Prices are USD for a million tokens; `price` is that of the input, or of what is sold where that is no tokens.

A colon and = say the same; >, >=, < and <= compare (in a shell, put them in quotes). `not` before a condition, or a \
minus before it inside quotes, turns it round; a text in double quotes is looked for as it stands. What is not known \
matches no condition. Prices in another currency are compared at the exchange rate of the day and shown as quoted. \
The same columns can be sorted by.";

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
    match &args.command {
        Some(ModelsCommand::Show { id, list }) => show(id, list, output),
        None => list(args, output),
    }
}

fn show(id: &str, options: &ListOptions, output: &Output) -> Result<(), CliError> {
    let catalog = load_catalog(&options.tables, output)?;
    let id = catalog.find(id).map_err(|fault| CliError::flag("ID", fault))?;
    let date = date(options)?;
    let facts = || product::facts(&catalog, id, date);
    let history = || product::price_history(&catalog, id, date);
    match options.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&product::to_json(&catalog, id, date)),
        Format::Csv => output.result(&product::rates(&catalog, id, date).to_csv()),
        Format::Markdown => output.result(&format!("{}\n{}", facts().to_markdown(), history().to_markdown())),
        Format::Table => {
            let facts = facts().to_table(output.width, output.color);
            let history = product::history_text(&catalog, id, date);
            let history: String = history.iter().map(|line| output.wrapped(line)).collect();
            output.result(&format!("{facts}\n{history}"))
        }
    }
}

fn list(args: &ModelsArgs, output: &Output) -> Result<(), CliError> {
    let catalog = load_catalog(&args.list.tables, output)?;
    let listing = Listing { catalog: &catalog, date: date(&args.list)? };
    let query =
        Query::parse(&catalog, &args.query.join(" ")).map_err(|fault| CliError::flag("QUERY", fault))?;
    let order = Order::parse(args.sort.as_deref().unwrap_or_default());
    let order = order.map_err(|fault| CliError::flag("--sort", fault))?;
    let mut found = listing.find(&query);
    listing.sort(&mut found, &order);
    let extra = rows::extra_columns(&query, &order);
    let sheet = || rows::list(&listing, &found, &extra);
    match args.list.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&rows::list_json(&listing, &found)),
        Format::Csv => output.result(&rows::list_csv(&listing, &found, &extra)),
        Format::Markdown => output.result(&sheet().to_markdown()),
        Format::Table if found.is_empty() => {
            output.note("no product matches; what is not known of one matches no condition");
            Ok(())
        }
        Format::Table if output.width < WIDE => {
            output.result(&narrow(&listing, &found, &extra).to_table(output.width, output.color))
        }
        Format::Table => output.result(&sheet().to_table(output.width, output.color)),
    }
}

/// Returns the list for a narrow terminal: what was asked for goes before the kind and the first day of the price.
fn narrow(listing: &Listing<'_>, found: &[ProductId], extra: &[Column]) -> Sheet {
    let shown = &extra[..extra.len().min(MOST_EXTRA_WHEN_NARROW)];
    let sheet = rows::list(listing, found, shown).without("kind");
    if shown.is_empty() { sheet } else { sheet.without("price_from") }
}
