//! `compare`: every model × strategy, ranked.

use clap::Args;

use super::common::{self, ScenarioOptions};
use super::output::{CliError, Output};
use crate::analysis::compare::{Comparison, compare};
use crate::answer::sentence;
use crate::present::whole;
use crate::report::{Format, compare as rows};

/// Flags of `compare`.
#[derive(Debug, Clone, Args)]
pub struct CompareArgs {
    #[command(flatten)]
    pub options: ScenarioOptions,
}

/// Compares and prints.
pub fn run(args: &CompareArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let comparison = compare(&case);
    case.scenario.notes.iter().for_each(|note| output.detail(&format!("note: {note}")));
    match args.options.format() {
        Format::Json => output.result(&rows::to_json(&comparison, Some(sentence(&comparison)))),
        Format::Csv => output.result(&rows::full(&comparison).to_csv()),
        Format::Markdown => output.result(&markdown(&comparison)),
        Format::Table => output.result(&table(&comparison, output)),
    }
}

fn table(comparison: &Comparison, output: &Output) -> String {
    let head = format!(
        "{}, {} requests a month, prices of {}, {}",
        comparison.scenario,
        whole(comparison.requests),
        comparison.as_of,
        comparison.currency
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

fn markdown(comparison: &Comparison) -> String {
    let mut text = format!("{}\n\n{}", sentence(comparison), rows::ranked(comparison).to_markdown());
    let without = rows::without_cost(comparison);
    if !without.rows.is_empty() {
        text.push_str(&format!("\n{}", without.to_markdown()));
    }
    text.push_str(&format!("\n{}\n", rows::footnotes(comparison).join("\n")));
    text
}
