//! `check`: the rules of a scenario, held against the design that is meant to run.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::output::{CliError, Output};
use crate::analysis::check::check;
use crate::report::{Format, check as rows, escape_markdown};

/// Flags of `check`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CheckArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    pair: PairOptions,
}

/// Which rules there are, and what the exit code says.
const AFTER_HELP: &str = "Rules: budget.monthly, business.target_margin where users and a price are given, limits.tiers, \
constraints, and that the design runs at all, on products that are still sold. Exit codes: 0 all are kept; 1 one is broken, or not known to be kept \
because a price or a limit is missing.";

/// Checks and prints.
pub fn run(args: &CheckArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let pair = common::pair(&case, &args.pair, output)?;
    let found = check(&case, pair);
    let (sheet, said) = (rows::sheet(&found, &case), rows::sentence(&found));
    let head = format!("{}, {}, prices of {}", case.scenario.name, case.pair_name(pair), case.book.date);
    match args.options.format() {
        Format::Json => output.result(&rows::to_json(&found, &case))?,
        Format::Csv => output.result(&sheet.to_csv())?,
        Format::Markdown => {
            output.result(&format!("{}\n\n{}\n{said}\n", escape_markdown(&head), sheet.to_markdown()))?;
        }
        Format::Table => {
            let table = sheet.without("reason").to_table(output.width, output.color);
            let reasons: String = found
                .rules
                .iter()
                .filter_map(|rule| Some((rule.name, rule.reason.as_ref()?)))
                .map(|(name, reason)| output.wrapped(&format!("{name}: {reason}")))
                .collect();
            let (head, said) = (output.wrapped(&head), output.wrapped(&said));
            output.result(&format!("{head}\n{table}\n{reasons}{said}"))?;
        }
    }
    if found.passes() { Ok(()) } else { Err(CliError::No) }
}
