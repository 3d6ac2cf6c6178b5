//! `prices`: the pricing tables themselves.

mod check;

use clap::{Args, Subcommand};

use super::common::{TableOptions, load_catalog};
use super::output::{CliError, Output};
use crate::catalog::Catalog;
use crate::report::{Align, Cell, Sheet};

/// Flags of `prices`.
#[derive(Debug, Clone, Args)]
pub struct PricesArgs {
    #[command(subcommand)]
    command: PricesCommand,
}

#[derive(Debug, Clone, Subcommand)]
enum PricesCommand {
    /// Check tables of your own over the shipped ones, or the shipped ones alone
    Check(check::CheckArgs),
    /// Say where the tables lie, or which table a product's figures come from
    Where {
        /// Product: id, alias or unique name
        id: Option<String>,
        #[command(flatten)]
        tables: TableOptions,
    },
}

/// Checks or locates the tables.
pub fn run(args: &PricesArgs, output: &Output) -> Result<(), CliError> {
    match &args.command {
        PricesCommand::Check(args) => check::run(args, output),
        PricesCommand::Where { id, tables } => locate(id.as_deref(), tables, output),
    }
}

fn locate(id: Option<&str>, tables: &TableOptions, output: &Output) -> Result<(), CliError> {
    let catalog = load_catalog(tables, output)?;
    let sheet = match id {
        Some(id) => product_files(&catalog, id)?,
        None => table_list(&catalog, tables),
    };
    output.result(&sheet.to_table(output.width, output.color))
}

fn product_files(catalog: &Catalog, id: &str) -> Result<Sheet, CliError> {
    let id = catalog.find(id).map_err(|fault| CliError::flag("ID", fault))?;
    let product = catalog.product(id);
    let mut sheet = Sheet::new(&[("Figures", "figures", Align::Left), ("Table", "table", Align::Left)]);
    sheet.push(vec![Cell::text(format!("facts of {}", product.id)), Cell::text(product.file.to_string())]);
    sheet.push(vec![
        Cell::text(format!("prices of {}", product.id)),
        Cell::text(product.price_file.to_string()),
    ]);
    Ok(sheet)
}

fn table_list(catalog: &Catalog, tables: &TableOptions) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Table", "table", Align::Left),
        ("Where", "where", Align::Left),
        ("Products", "products", Align::Right),
    ]);
    let shipped = crate::catalog::embedded::TABLES.len();
    for (at, file) in catalog.files.iter().enumerate() {
        let products = catalog.products.iter().filter(|product| product.price_file == *file).count();
        let place = if at < shipped { "in the program" } else { "overlay" };
        sheet.push(vec![Cell::text(file.to_string()), Cell::text(place), Cell::text(products.to_string())]);
    }
    if tables.pricing.is_empty() {
        sheet.push(vec![
            Cell::text("(none of your own)"),
            Cell::text("add with --pricing DIR|FILE"),
            Cell::text(""),
        ]);
    }
    sheet
}
