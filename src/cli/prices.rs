//! `prices`: the pricing tables themselves.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::common::{TableOptions, load_catalog, read, table_files, today};
use super::output::{CliError, Output};
use crate::catalog::load::{Table, with_overlays};
use crate::catalog::{Catalog, Confidence, STALE_AFTER_DAYS};
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
    Check {
        /// Pricing tables or folders of them
        tables: Vec<PathBuf>,
    },
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
        PricesCommand::Check { tables } => check(tables, output),
        PricesCommand::Where { id, tables } => locate(id.as_deref(), tables, output),
    }
}

fn check(paths: &[PathBuf], output: &Output) -> Result<(), CliError> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for path in paths {
        for file in table_files(path)? {
            texts.push((file.display().to_string(), read(&file)?));
        }
    }
    let tables: Vec<Table<'_>> = texts.iter().map(|(name, text)| Table { name, text }).collect();
    let (catalog, warnings) = with_overlays(&tables)?;
    output.warnings(&warnings);
    let today = today();
    let cards = || catalog.products.iter().flat_map(|product| &product.prices);
    let unsure = cards().filter(|card| card.confidence != Confidence::High).count();
    let on_sale = catalog.iter().filter(|(_, product)| !product.is_retired(today));
    let in_force = on_sale
        .filter_map(|(id, product)| catalog.price_on(id, today, None).ok().map(|card| (product, card)));
    let stale: Vec<_> = in_force.filter(|(_, card)| card.is_stale(today)).collect();
    for (product, card) in &stale {
        output.detail(&format!("{}: checked {}", product.id, card.checked));
    }
    let without = catalog.products.iter().filter(|product| product.prices.is_empty()).count();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    output.result(&format!(
        "{} tables, {} products, {} price entries, {} exchange rates: no errors, {} warning{}\n\
         Not certain: {unsure} price entries. In force and checked more than {STALE_AFTER_DAYS} days ago: {}{}. Without a public price: {without} product{}.\n",
        catalog.files.len(),
        catalog.products.len(),
        cards().count(),
        catalog.exchange.rates.len(),
        warnings.0.len(),
        plural(warnings.0.len()),
        stale.len(),
        if stale.is_empty() { "" } else { " (--verbose lists them)" },
        plural(without),
    ))
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
