//! `breakeven`: where the cheaper of two designs changes.

use clap::Args;

use super::common::{self, ScenarioOptions};
use super::output::{CliError, Output};
use super::sweep::{AxisOptions, axis};
use crate::analysis::break_even::break_even;
use crate::analysis::{Case, Pair};
use crate::present::value;
use crate::report::{Format, break_even as rows};

/// Flags of `breakeven`.
#[derive(Debug, Clone, Args)]
pub struct BreakevenArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    axis: AxisOptions,
    /// The first design
    #[arg(long, value_name = "MODEL:STRATEGY")]
    a: String,
    /// The second design
    #[arg(long, value_name = "MODEL:STRATEGY")]
    b: String,
}

fn find(case: &Case<'_>, flag: &str, text: &str) -> Result<Pair, CliError> {
    case.find_pair(text).map_err(|fault| CliError::flag(flag, fault))
}

/// Finds crossings and prints them.
pub fn run(args: &BreakevenArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let (a, b) = (find(&case, "--a", &args.a)?, find(&case, "--b", &args.b)?);
    let (axis, metric) = axis(&args.axis, case.scenario)?;
    let found = break_even(&case, a, b, axis, metric);
    let note = rows::note(&found, &case);
    match args.options.format() {
        Format::Json => output.result(&rows::to_json(&found, &case)),
        Format::Csv => output.result(&rows::regions(&found, &case).to_csv()),
        Format::Markdown => {
            output.result(&format!("{note}\n\n{}", rows::shown_regions(&found, &case).to_markdown()))
        }
        Format::Table => {
            let head = format!(
                "{}: {} against {}, {} cost along {} from {} to {}",
                case.scenario.name,
                case.pair_name(a),
                case.pair_name(b),
                metric.word(),
                case.scenario.path_of(axis.target),
                value(axis.from),
                value(axis.to)
            );
            let table = rows::shown_regions(&found, &case).to_table(output.width, output.color);
            output.result(&format!("{}\n{table}\n{}", output.wrapped(&head), output.wrapped(&note)))
        }
    }
}
