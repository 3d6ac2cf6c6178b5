//! `compare`: every model × strategy, ranked.

use clap::Args;

use super::common::{self, ScenarioOptions};
use super::explain::{self, ExplainOptions};
use super::output::{CliError, Output};
use crate::analysis::compare::{Comparison, compare};
use crate::answer::sentence;
use crate::present::whole;
use crate::report::{Format, compare as rows, prices_of};

/// Flags of `compare`.
#[derive(Debug, Clone, Args)]
pub struct CompareArgs {
    #[command(flatten)]
    pub options: ScenarioOptions,
    #[command(flatten)]
    pub explain: ExplainOptions,
}

/// Compares and prints.
pub fn run(args: &CompareArgs, output: &Output) -> Result<(), CliError> {
    let (explain, options) = args.explain.apart_from(&args.options);
    let common = common::load(&options, output)?;
    let case = common.case()?;
    let comparison = compare(&case);
    case.scenario.notes.iter().for_each(|note| output.detail(&format!("note: {note}")));
    let text = match options.format() {
        Format::Json => rows::to_json(&comparison, Some(sentence(&comparison))),
        Format::Csv => rows::full(&comparison).to_csv(),
        Format::Markdown => rows::to_markdown(&comparison, &sentence(&comparison)),
        Format::Table => table(&comparison, output),
    };
    let explained = explain.pair(&case, None, output)?.map(|pair| (pair, Vec::new()));
    explain::result(&case, explained.as_slice(), options.format(), output, &text)
}

fn table(comparison: &Comparison, output: &Output) -> String {
    let head = format!(
        "{}, {} requests a month, {}",
        comparison.scenario,
        whole(comparison.requests),
        prices_of(comparison.as_of, comparison.currency)
    );
    let mut text = output.wrapped(&head) + "\n";
    let ranked = rows::ranked_within(comparison, output.width);
    if !ranked.rows.is_empty() {
        text.push_str(&ranked.to_table(output.width, output.color));
        let legend = rows::legend(comparison);
        if !legend.is_empty() {
            text.push_str(&format!("{legend}\n"));
        }
        text.push('\n');
    }
    let without = rows::without_cost(comparison);
    if !without.rows.is_empty() {
        text.push_str(&without.to_table(output.width, output.color));
        text.push('\n');
    }
    text.push_str(&output.wrapped(&sentence(comparison)));
    for note in rows::footnotes(comparison) {
        text.push_str(&output.wrapped(&note));
    }
    text
}
