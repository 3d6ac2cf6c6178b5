//! `prices where`: which table each figure comes from.

use std::path::Path;
use std::sync::Arc;

use clap::Args;

use crate::catalog::Catalog;
use crate::cli::output::{CliError, Output};
use crate::cli::tables::{TableOptions, fetched_folder, load_catalog, user_folder};
use crate::report::{Align, Cell, Sheet};

/// Flags of `prices where`.
#[derive(Debug, Clone, Args)]
pub struct WhereArgs {
    /// Product: id, alias or unique name
    id: Option<String>,
    #[command(flatten)]
    tables: TableOptions,
}

/// Says where the tables lie, or where a product's figures come from.
pub fn run(args: &WhereArgs, output: &Output) -> Result<(), CliError> {
    let catalog = load_catalog(&args.tables, output)?;
    let sheet = match &args.id {
        Some(id) => product_files(&catalog, id)?,
        None => table_list(&catalog),
    };
    output.result(&sheet.to_table(output.width, output.color))
}

fn product_files(catalog: &Catalog, id: &str) -> Result<Sheet, CliError> {
    let id = catalog.find(id).map_err(|fault| CliError::flag("ID", fault))?;
    let product = catalog.product(id);
    let mut sheet = Sheet::new(&[("Figures", "figures", Align::Left), ("Table", "table", Align::Left)]);
    let mut push = |what: String, file: &str| sheet.push(vec![Cell::text(what), Cell::text(file.to_owned())]);
    push(format!("{}, facts", product.id), &product.file);
    for (key, file) in &product.overlaid {
        push(format!("{}, {key}", product.id), file);
    }
    push(format!("{}, prices", product.id), &product.price_file);
    Ok(sheet)
}

fn table_list(catalog: &Catalog) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Table", "table", Align::Left),
        ("Where", "where", Align::Left),
        ("Priced", "priced", Align::Right),
    ]);
    let shipped = crate::catalog::embedded::TABLES.len();
    // A JSON document holds several tables, all under its name.
    let first = |(at, file): &(usize, &Arc<str>)| *at == 0 || catalog.files[at - 1] != **file;
    for (at, file) in catalog.files.iter().enumerate().filter(first) {
        let priced = catalog.products.iter().filter(|product| product.price_file == *file).count();
        let place = if at < shipped { "in the program" } else { overlay_place(file) };
        sheet.push(vec![Cell::text(file.to_string()), Cell::text(place), Cell::text(priced.to_string())]);
    }
    if catalog.files.len() == shipped {
        let folder = user_folder().map_or_else(|| "none".to_owned(), |folder| folder.display().to_string());
        sheet.push(vec![
            Cell::text("(none of your own)"),
            Cell::text(format!("--pricing DIR|FILE, or tables in {folder}")),
            Cell::text(""),
        ]);
    }
    sheet
}

/// Tells a table that was fetched from one that the user wrote or named.
fn overlay_place(file: &str) -> &'static str {
    let fetched = fetched_folder().is_some_and(|folder| Path::new(file).starts_with(folder));
    if fetched { "fetched" } else { "overlay" }
}
