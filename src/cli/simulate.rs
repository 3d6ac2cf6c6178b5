//! `simulate`: what designs cost where numbers are known only roughly.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::explain::{self, ExplainOptions};
use super::output::{CliError, Output};
use crate::analysis::simulate::{MOST_SAMPLES, Options, USUAL_SAMPLES, USUAL_SEED, simulate};
use crate::report::{Format, simulate as rows};

/// Width from which models are shown with their vendor.
const WIDE: u16 = 100;

/// Flags of `simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    pair: PairOptions,
    /// Draws; up to 10 million
    #[arg(long, value_name = "N", default_value_t = USUAL_SAMPLES.to_string(), allow_hyphen_values = true)]
    samples: String,
    /// Seed of the draws: the same one gives the same result
    #[arg(long, value_name = "N", default_value_t = USUAL_SEED.to_string(), allow_hyphen_values = true)]
    seed: String,
    #[command(flatten)]
    explain: ExplainOptions,
}

/// Draws, prices every design in each draw, and prints where the costs lie.
pub fn run(args: &SimulateArgs, output: &Output) -> Result<(), CliError> {
    let samples = common::whole_flag("--samples", &args.samples, 1..=u64::from(MOST_SAMPLES))? as u32;
    let seed = common::whole_flag("--seed", &args.seed, 0..=u64::MAX)?;
    let (explain, scenario) = args.explain.apart_from(&args.options);
    let common = common::load(&scenario, output)?;
    let case = common.case()?;
    let chosen = common::pair_if_any(&case, &args.pair)?;
    let options = Options { samples, seed, chosen, ..Options::default() };
    let found = simulate(&case, &options).map_err(|fault| CliError::flag("SCENARIO", fault))?;
    let (head, notes) = (rows::head(&found, &case), rows::notes(&found, &case));
    let spread = found.histogram.as_ref().map(|histogram| {
        format!(
            "Cost of a month of {}:\n\n{}",
            case.pair_name(histogram.pair),
            rows::histogram(histogram, &case)
        )
    });
    let text = match scenario.format() {
        Format::Json => rows::to_json(&found, &case),
        Format::Csv => rows::full(&found, &case).to_csv(),
        Format::Markdown => {
            let table = rows::full(&found, &case).to_markdown();
            format!("{head}\n\n{table}\n{}\n", notes.join("\n\n"))
        }
        Format::Table => {
            let mut text = output.wrapped(&head);
            let without = rows::without_cost(&found, &case);
            let mut table = rows::table(&found, &case);
            if output.width >= WIDE {
                table = table.in_full("model");
            }
            for sheet in [table, without].iter().filter(|sheet| !sheet.rows.is_empty()) {
                text.push_str(&format!("\n{}", sheet.to_table(output.width, output.color)));
            }
            text.push('\n');
            notes.iter().for_each(|note| text.push_str(&output.wrapped(note)));
            text.push_str(&spread.map(|spread| format!("\n{spread}")).unwrap_or_default());
            text
        }
    };
    // What is explained has the middle values of what is known roughly.
    let shown = found.histogram.as_ref().map(|histogram| histogram.pair);
    let explained = explain.pair(&case, shown, output)?.map(|pair| (pair, Vec::new()));
    explain::result(&case, explained.as_slice(), scenario.format(), output, &text)
}
