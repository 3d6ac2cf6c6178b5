//! `sweep`: the cost of each design along one parameter.

use clap::Args;

use super::common::{self, ScenarioOptions};
use super::output::{CliError, Output};
use crate::analysis::Pair;
use crate::analysis::curve::Metric;
use crate::analysis::sweep::{Axis, LongSweep};
use crate::diagnostic::{Fault, one_of};
use crate::present::UNKNOWN;
use crate::report::{Format, Sheet, sweep as rows};
use crate::scenario::Scenario;
use crate::units::parse_number;

/// Flags that name a stretch of a parameter.
#[derive(Debug, Clone, Args)]
pub struct AxisOptions {
    /// Numeric scenario parameter to vary, such as workload.requests_per_month
    #[arg(long, value_name = "PATH")]
    vary: String,
    /// Smallest value; without it, the parameter's usual range
    #[arg(long, value_name = "A", allow_hyphen_values = true)]
    from: Option<String>,
    /// Largest value
    #[arg(long, value_name = "B", allow_hyphen_values = true)]
    to: Option<String>,
    /// Space the values by factors instead of steps
    #[arg(long)]
    log: bool,
    /// Compare a month, or the whole horizon with what is paid once
    #[arg(long, value_name = "monthly|total", default_value = "monthly")]
    metric: String,
}

/// Makes an axis of the flags; ends that are left out are those of the parameter's usual range.
pub fn axis(options: &AxisOptions, scenario: &Scenario) -> Result<(Axis, Metric), CliError> {
    let target = scenario.find_target(&options.vary).map_err(|fault| CliError::flag("--vary", fault))?;
    let usual = Axis::usual(target.param.facts());
    let end = |flag: &str, text: &Option<String>, usual: f64| match text {
        None => Ok(usual),
        Some(text) => parse_number(text).ok_or_else(|| {
            CliError::flag(flag, Fault::NotANumber { key: flag.to_owned(), text: text.clone() })
        }),
    };
    let from = end("--from", &options.from, usual.from)?;
    let to = end("--to", &options.to, usual.to)?;
    let spread = options.from.is_none() && options.to.is_none() && usual.log;
    let axis = Axis::new(target, from, to, options.log || spread)
        .map_err(|fault| CliError::flag("--from", fault))?;
    let metric = one_of("--metric", &options.metric, Metric::WORDS);
    let metric = metric.map_err(|fault| CliError::flag("--metric", fault))?;
    Ok((axis, metric))
}

/// Flags of `sweep`.
#[derive(Debug, Clone, Args)]
pub struct SweepArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    axis: AxisOptions,
    /// Points along the parameter, both ends included
    #[arg(long, value_name = "N", default_value_t = 11, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    points: u32,
}

/// Sweeps and prints.
pub fn run(args: &SweepArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let (axis, metric) = axis(&args.axis, case.scenario)?;
    let pairs: Vec<Pair> = case.pairs().collect();
    let points = args.points as usize;
    let long = LongSweep { case: &case, pairs: &pairs, axis, points, metric };
    match args.options.format() {
        Format::Json => output.result_json(&rows::json(&long)),
        Format::Csv => output.result_in_parts(rows::parts(&long, 1, Sheet::to_csv)),
        Format::Markdown => output.result_in_parts(rows::parts(&long, 2, Sheet::to_markdown)),
        Format::Table => tables(&long, output),
    }
}

/// Prints a table for each model, or one where few designs are compared.
fn tables(long: &LongSweep<'_>, output: &Output) -> Result<(), CliError> {
    let LongSweep { case, axis, metric, .. } = *long;
    let head = format!(
        "{}: {} cost along {}",
        case.scenario.name,
        metric.word(),
        case.scenario.path_of(axis.target)
    );
    let mut some_missing = false;
    let tables = long.by_model(rows::COLUMNS).flat_map(|part| {
        some_missing |= part.series.iter().any(|series| series.costs.contains(&None));
        let text = |table: Sheet| format!("\n{}", table.to_table(output.width, output.color));
        rows::tables(&part, case).map(text).collect::<Vec<_>>()
    });
    output.result_in_parts(std::iter::once(output.wrapped(&head)).chain(tables))?;
    if some_missing {
        output.result(&format!("{UNKNOWN} does not fit there, or has no price\n"))?;
    }
    Ok(())
}
