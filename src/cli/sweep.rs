//! `sweep`: the cost of each design along one parameter.

use std::cell::Cell;
use std::rc::Rc;

use clap::Args;

use super::common::{self, ScenarioOptions};
use super::explain::{self, ExplainOptions};
use super::output::{CliError, Output};
use crate::analysis::Pair;
use crate::analysis::curve::Metric;
use crate::analysis::sweep::{Axis, LongSweep};
use crate::diagnostic::{Fault, one_of};
use crate::present::UNKNOWN;
use crate::report::{Format, Sheet, escape_markdown, sweep as rows};
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
    /// Compare a month, or the whole horizon with what is paid once and what switching costs
    #[arg(long, value_name = "monthly|total", default_value = "monthly")]
    metric: String,
}

/// Makes an axis of the flags; ends that are left out are those of the parameter's usual range.
pub fn axis(options: &AxisOptions, scenario: &Scenario) -> Result<(Axis, Metric), CliError> {
    let stretch = Stretch { path: &options.vary, from: &options.from, to: &options.to, log: options.log };
    let axis = stretch.axis(["--vary", "--from", "--to"], scenario)?;
    let metric = one_of("--metric", &options.metric, Metric::WORDS);
    let metric = metric.map_err(|fault| CliError::flag("--metric", fault))?;
    Ok((axis, metric))
}

/// A stretch of a parameter as flags give it.
pub struct Stretch<'a> {
    /// The parameter.
    pub path: &'a str,
    /// Smallest value, where it is given.
    pub from: &'a Option<String>,
    /// Largest value, where it is given.
    pub to: &'a Option<String>,
    /// Whether values are spaced by factors.
    pub log: bool,
}

impl Stretch<'_> {
    /// Makes an axis; the flags are those of the parameter and of both ends.
    pub fn axis(&self, [path, from, to]: [&str; 3], scenario: &Scenario) -> Result<Axis, CliError> {
        let target = scenario.find_target(self.path).map_err(|fault| CliError::flag(path, fault))?;
        let usual = Axis::usual(target.param.facts());
        let end = |flag: &str, text: &Option<String>, usual: f64| {
            text.as_ref().map_or(Ok(usual), |text| number(flag, text))
        };
        let ends = (end(from, self.from, usual.from)?, end(to, self.to, usual.to)?);
        let spread = self.from.is_none() && self.to.is_none() && usual.log;
        Axis::of(scenario, target, ends, self.log || spread).map_err(|fault| CliError::flag(from, fault))
    }
}

/// Flags of `sweep`.
#[derive(Debug, Clone, Args)]
pub struct SweepArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    axis: AxisOptions,
    /// Points along the parameter, both ends included
    #[arg(long, value_name = "N", default_value = "11", allow_hyphen_values = true)]
    points: String,
    #[command(flatten)]
    explain: ExplainOptions,
    #[command(flatten)]
    at: AtOptions,
}

/// The flag that says at which value of the varied parameter a bill is explained.
#[derive(Debug, Clone, Default, Args)]
pub struct AtOptions {
    /// Value of --vary at which --explain explains
    #[arg(long, value_name = "VALUE", requires = "explain", allow_hyphen_values = true)]
    at: Option<String>,
}

impl AtOptions {
    /// Returns the value, checked to be one that the parameter can have.
    pub fn value(&self, axis: &Axis) -> Result<Option<f64>, CliError> {
        let Some(text) = &self.at else { return Ok(None) };
        let fault = |fault| CliError::flag("--at", fault);
        let number = number("--at", text)?;
        axis.param().facts().check(number, text).map_err(fault)?;
        Ok(Some(number))
    }
}

/// Reads a number that a flag gives.
pub fn number(flag: &str, text: &str) -> Result<f64, CliError> {
    let fault = || CliError::flag(flag, Fault::NotANumber { key: flag.to_owned(), text: text.to_owned() });
    parse_number(text).ok_or_else(fault)
}

/// Sweeps and prints.
pub fn run(args: &SweepArgs, output: &Output) -> Result<(), CliError> {
    let points = common::whole_flag("--points", &args.points, 2..=100_000)? as usize;
    let (explain, options) = args.explain.apart_from(&args.options);
    let common = common::load(&options, output)?;
    let case = common.case()?;
    let (axis, metric) = axis(&args.axis, case.scenario)?;
    let pairs: Vec<Pair> = case.pairs().collect();
    let long = LongSweep { case: &case, pairs: &pairs, axis, points, metric };
    let at = args.at.value(&axis)?.map(|value| (axis.target, value));
    match explain.pair(&case, None, output)?.map(|pair| (pair, at.into_iter().collect())) {
        None => match options.format() {
            Format::Json => output.result_json(&rows::json(&long)),
            Format::Csv => output.result_in_parts(rows::parts(&long, 1, Sheet::to_csv)),
            Format::Markdown => output.result_in_parts(markdown(&long)),
            Format::Table => output.result_in_parts(tables(&long, output)),
        },
        Some(explained) => {
            let text = match options.format() {
                Format::Json => crate::report::json::pretty(&rows::json(&long)),
                Format::Csv => rows::parts(&long, 1, Sheet::to_csv).collect(),
                Format::Markdown => markdown(&long).collect(),
                Format::Table => tables(&long, output).collect(),
            };
            explain::result(&case, &[explained], options.format(), output, &text)
        }
    }
}

/// Returns a heading and the rows as Markdown.
fn markdown<'o>(long: &'o LongSweep<'_>) -> impl Iterator<Item = String> + 'o {
    let head = escape_markdown(&rows::head(long));
    std::iter::once(format!("{head}\n\n")).chain(rows::parts(long, 2, Sheet::to_markdown))
}

/// Returns a heading, a table for each model, or one where few designs are compared, and what a dash means.
fn tables<'o>(long: &'o LongSweep<'_>, output: &'o Output) -> impl Iterator<Item = String> + 'o {
    let case = long.case;
    let head = rows::head(long);
    let some_missing = Rc::new(Cell::new(false));
    let (seen, missing) = (some_missing.clone(), some_missing);
    let tables = long.by_model(rows::COLUMNS).flat_map(move |part| {
        seen.set(seen.get() || part.series.iter().any(|series| series.costs.contains(&None)));
        let text = |table: Sheet| format!("\n{}", table.to_table(output.width, output.color));
        rows::tables(&part, case).map(text).collect::<Vec<_>>()
    });
    let note = std::iter::once_with(move || match missing.get() {
        true => format!("{UNKNOWN} does not fit there, or has no price\n"),
        false => String::new(),
    });
    std::iter::once(output.wrapped(&head)).chain(tables).chain(note)
}
