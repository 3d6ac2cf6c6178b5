//! `forecast`: one design month by month.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::explain;
use super::output::{CliError, Output};
use crate::analysis::Case;
use crate::analysis::forecast::growth::Growth;
use crate::analysis::forecast::{Forecast, forecast};
use crate::diagnostic::Fault;
use crate::report::Format;
use crate::report::forecast::{self as rows, words};
use crate::scenario::{Param, Target};

/// Flags of `forecast`.
#[derive(Debug, Clone, Args)]
pub struct ForecastArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    pair: PairOptions,
    /// Show how the bill of a month comes about, after the result: what recurs in it, before an assumed fall of prices
    #[arg(long, value_name = "MONTH", num_args = 0..=1, default_missing_value = "1")]
    explain: Option<u32>,
}

/// Forecasts one design over the scenario's horizon and prints its months.
pub fn run(args: &ForecastArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let pair = common::pair(&case, &args.pair, output)?;
    let name = case.pair_name(pair);
    let found = forecast(&case, pair);
    if let Some(reason) = found.never_runs() {
        return Err(common::no_cost(&case, pair, reason));
    }
    let text = match args.options.format() {
        Format::Json => rows::to_json(&found, &case),
        Format::Csv => rows::full(&found, &case).to_csv(),
        Format::Markdown => rows::to_markdown(&found, &case),
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
            text
        }
    };
    let Some(number) = args.explain else { return output.result(&text) };
    let (then, changes) = month(&case, &found, number)?;
    explain::result(&then, &[(pair, changes)], args.options.format(), output, &text)
}

/// Returns a case at the prices of a month, and the numbers that are others than those of the scenario in it.
fn month<'a>(
    case: &Case<'a>,
    found: &Forecast,
    number: u32,
) -> Result<(Case<'a>, Vec<(Target, f64)>), CliError> {
    let month = found.months.iter().find(|month| month.number == number);
    let grown =
        month.and_then(|month| Some((month, Growth::of(case.scenario).in_month(number, month.from)?)));
    let (month, grown) = grown.ok_or_else(|| {
        let range = format!("a month from 1 to {} with numbers that can be told", found.months.len());
        CliError::flag(
            "--explain",
            Fault::OutOfRange { key: "--explain".into(), value: number.to_string(), range },
        )
    })?;
    let moved = |target: &Target| grown.number(*target) != case.scenario.number(*target);
    let targets = case.scenario.targets().into_iter().filter(moved);
    // Requests follow from users where those are given.
    let counted = grown.numbers.get(Param::Users).is_some();
    let targets = targets.filter(|target| !counted || *target != Param::RequestsPerMonth.into());
    let changes = targets.filter_map(|target| Some((target, grown.number(target)?))).collect();
    Ok((case.on(month.from), changes))
}

fn legend(found: &Forecast, output: &Output) -> String {
    let legend = rows::legend(found);
    if legend.is_empty() { legend } else { output.wrapped(&legend) }
}
