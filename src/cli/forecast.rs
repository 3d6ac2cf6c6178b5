//! `forecast`: one design month by month.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::output::{CliError, Output};
use crate::analysis::forecast::{Forecast, forecast};
use crate::diagnostic::Fault;
use crate::report::Format;
use crate::report::forecast::{self as rows, words};

/// Flags of `forecast`.
#[derive(Debug, Clone, Args)]
pub struct ForecastArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    pair: PairOptions,
}

/// Forecasts one design over the scenario's horizon and prints its months.
pub fn run(args: &ForecastArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let pair = common::pair(&case, &args.pair, output)?;
    let name = case.pair_name(pair);
    let found = forecast(&case, pair);
    if let Some(reason) = found.never_runs() {
        let remedy = "`ragonomics compare` shows which designs run".to_owned();
        return Err(CliError::flag(&name, Fault::Conflict { message: reason.to_string(), remedy }));
    }
    match args.options.format() {
        Format::Json => output.result(&rows::to_json(&found, &case)),
        Format::Csv => output.result(&rows::full(&found, &case).to_csv()),
        Format::Markdown => output.result(&rows::to_markdown(&found, &case)),
        Format::Table => {
            let head = format!("{}: {name} by month, {}", case.scenario.name, case.book.currency);
            let mut text = output.wrapped(&head);
            for (at, sheet) in rows::tables(&found, &case).iter().enumerate() {
                text.push_str(&format!("\n{}", sheet.to_table(output.width, output.color)));
                // The marks stand in the first table.
                if at == 0 {
                    text.push_str(&legend(&found, output));
                }
            }
            for said in [words::findings(&found, &case), words::notes(&found, &case)] {
                text.push('\n');
                said.iter().for_each(|line| text.push_str(&output.wrapped(line)));
            }
            output.result(&text)
        }
    }
}

fn legend(found: &Forecast, output: &Output) -> String {
    let legend = rows::legend(found);
    if legend.is_empty() { legend } else { output.wrapped(&legend) }
}
