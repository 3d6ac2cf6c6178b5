//! `prices`: the pricing tables themselves.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::common::today;
use super::output::{CliError, Output};
use super::tables::overlaid;
use crate::catalog::{Confidence, STALE_AFTER_DAYS};

mod diff;
mod export;
mod import;
mod locate;
mod update;

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
    /// Take in another tool's price table, or a rate card in CSV
    Import(import::ImportArgs),
    /// Compare two catalogs, or two days of the tables
    Diff(diff::DiffArgs),
    /// Write the tables in force as TOML, one file for each vendor, or as one JSON document
    Export(export::ExportArgs),
    /// Fetch a table over HTTPS and lay it over the shipped ones; nothing is ever fetched unasked
    Update(update::UpdateArgs),
    /// Say where the tables lie, or which table each figure of a product comes from
    Where(locate::WhereArgs),
}

/// Checks, takes in, writes, fetches or locates the tables.
pub fn run(args: &PricesArgs, output: &Output) -> Result<(), CliError> {
    match &args.command {
        PricesCommand::Check { tables } => check(tables, output),
        PricesCommand::Import(args) => import::run(args, output),
        PricesCommand::Diff(args) => diff::run(args, output),
        PricesCommand::Export(args) => export::run(args, output),
        PricesCommand::Update(args) => update::run(args, output),
        PricesCommand::Where(args) => locate::run(args, output),
    }
}

fn check(paths: &[PathBuf], output: &Output) -> Result<(), CliError> {
    let (catalog, warnings) = overlaid(paths)?;
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
