//! `prices`: the pricing tables themselves.

use clap::{Args, Subcommand};

use super::output::{CliError, Output};

mod check;
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
    Check(check::CheckArgs),
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
        PricesCommand::Check(args) => check::run(args, output),
        PricesCommand::Import(args) => import::run(args, output),
        PricesCommand::Diff(args) => diff::run(args, output),
        PricesCommand::Export(args) => export::run(args, output),
        PricesCommand::Update(args) => update::run(args, output),
        PricesCommand::Where(args) => locate::run(args, output),
    }
}
