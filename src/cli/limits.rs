//! `limits`: what rate limits allow, and what a minute at the limit costs.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::explain;
use super::output::{CliError, Output};
use crate::analysis::limits::limits;
use crate::diagnostic::Fault;
use crate::report::{Format, limits as rows};

/// Flags of `limits`.
#[derive(Debug, Clone, Args)]
pub struct LimitsArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    pair: PairOptions,
    /// Show how the bill of the design comes about, after the result
    #[arg(long)]
    explain: bool,
}

/// Works out limits for one design and prints them.
pub fn run(args: &LimitsArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let pair = common::pair(&case, &args.pair, output)?;
    let found = limits(&case, pair).map_err(|failure| {
        let remedy = "`ragonomics compare` shows which designs run".to_owned();
        CliError::flag(&case.pair_name(pair), Fault::Conflict { message: failure.to_string(), remedy })
    })?;
    let (tiers, summary) = (rows::tiers(&found, &case), rows::summary(&found, &case));
    let text = match args.options.format() {
        Format::Json => rows::to_json(&found, &case),
        Format::Csv => tiers.to_csv(),
        Format::Markdown => format!("{summary}\n\n{}", tiers.to_markdown()),
        Format::Table => {
            let table = if tiers.rows.is_empty() {
                String::new()
            } else {
                tiers.to_table(output.width, output.color)
            };
            format!("{}\n{table}", output.wrapped(&summary))
        }
    };
    let explained = args.explain.then(|| (pair, Vec::new()));
    explain::result(&case, explained.as_slice(), args.options.format(), output, &text)
}
