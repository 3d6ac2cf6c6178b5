//! `sensitivity`: what every number does to the cost of one design.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::explain;
use super::output::{CliError, Output};
use crate::analysis::curve::Metric;
use crate::analysis::sensitivity::{Percent, tornado};
use crate::diagnostic::{Fault, one_of};
use crate::report::{Format, sensitivity as rows};

/// Flags of `sensitivity`.
#[derive(Debug, Clone, Args)]
pub struct SensitivityArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    pair: PairOptions,
    /// By how much each number is moved down and up, in percent
    #[arg(long, value_name = "PERCENT", default_value = "20%", allow_hyphen_values = true)]
    by: String,
    /// Compare a month, or the whole horizon with what is paid once and what switching costs
    #[arg(long, value_name = "monthly|total", default_value = "monthly")]
    metric: String,
    /// Show how the bill of the design comes about, after the result
    #[arg(long)]
    explain: bool,
}

/// Reads a percentage with or without its sign: `20` and `20%` are the same.
fn percent(text: &str) -> Result<Percent, Fault> {
    let digits = text.trim();
    let digits = digits.strip_suffix('%').unwrap_or(digits);
    let number: f64 =
        digits.parse().map_err(|_| Fault::NotANumber { key: "--by".to_owned(), text: text.to_owned() })?;
    Percent::new(number).ok_or_else(|| {
        let range = "a percentage above 0 and up to 100, such as 20%".to_owned();
        Fault::OutOfRange { key: "--by".to_owned(), value: text.to_owned(), range }
    })
}

/// Moves every number and prints what that does.
pub fn run(args: &SensitivityArgs, output: &Output) -> Result<(), CliError> {
    let by = percent(&args.by).map_err(|fault| CliError::flag("--by", fault))?;
    let metric = one_of("--metric", &args.metric, Metric::WORDS);
    let metric = metric.map_err(|fault| CliError::flag("--metric", fault))?;
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let pair = common::pair(&case, &args.pair, output)?;
    let found = tornado(&case, pair, by, metric).map_err(|reason| common::no_cost(&case, pair, &reason))?;
    let (head, notes) = (rows::head(&found, &case), rows::notes(&found, &case));
    let text = match args.options.format() {
        Format::Json => rows::to_json(&found, &case),
        Format::Csv => rows::full(&found, &case).to_csv(),
        Format::Markdown => {
            let table = rows::full(&found, &case).to_markdown();
            format!("{head}\n\n{table}\n{}\n", notes.join("\n\n"))
        }
        Format::Table => {
            let table = rows::table(&found, &case);
            let table = if table.rows.is_empty() {
                "No number moves it.\n".to_owned()
            } else {
                table.to_table(output.width, output.color)
            };
            let notes: String = notes.iter().map(|note| output.wrapped(note)).collect();
            format!("{}\n{table}\n{notes}", output.wrapped(&head))
        }
    };
    let explained = args.explain.then(|| (pair, Vec::new()));
    explain::result(&case, explained.as_slice(), args.options.format(), output, &text)
}
