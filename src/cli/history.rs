//! `history`: the same workload at each price change.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::explain::{self, ExplainOptions};
use super::output::{CliError, Output};
use crate::analysis::history::{BEGINNING, History, history};
use crate::analysis::{Case, Pair};
use crate::diagnostic::Fault;
use crate::report::{Format, Sheet, escape_markdown, history as rows};

/// Flags of `history`.
#[derive(Debug, Clone, Args)]
pub struct HistoryArgs {
    #[command(flatten)]
    options: ScenarioOptions,

    /// Model of the only design to show; without it, all that the scenario compares
    #[arg(long, value_name = "M")]
    model: Option<String>,

    /// Strategy of that design
    #[arg(long, value_name = "S")]
    strategy: Option<String>,

    /// First day; without it, 2023-03-01
    #[arg(long, value_name = "DATE")]
    from: Option<String>,

    #[command(flatten)]
    explain: ExplainOptions,
}

/// Works out the past of a workload and prints it.
pub fn run(args: &HistoryArgs, output: &Output) -> Result<(), CliError> {
    let (explain, options) = args.explain.apart_from(&args.options);
    let common = common::load(&options, output)?;
    let case = common.case()?;
    let pairs: Vec<Pair> = if args.model.is_some() || args.strategy.is_some() {
        let options = PairOptions { model: args.model.clone(), strategy: args.strategy.clone() };
        vec![common::pair(&case, &options, output)?]
    } else {
        case.pairs().collect()
    };
    let from = match &args.from {
        None => BEGINNING,
        Some(text) => common::date_flag("--from", text)?,
    };
    if args.from.is_some() && from > case.book.date {
        let message =
            format!("the history would begin on {from}, after the day of the prices, {}", case.book.date);
        let remedy = "begin it earlier, or give a later --as-of".to_owned();
        return Err(CliError::flag("--from", Fault::Conflict { message, remedy }));
    }
    let found = history(&case, &pairs, from);
    let text = match options.format() {
        Format::Json => rows::to_json(&found, &case),
        Format::Csv => rows::full(&found, &case).to_csv(),
        Format::Markdown => markdown(&found, &case),
        Format::Table => table(&found, &case, output),
    };
    // Of one design the newest step is explained.
    let only = if let [pair] = pairs[..] { Some(pair) } else { None };
    let explained = explain.pair(&case, only, output)?.map(|pair| (pair, Vec::new()));
    explain::result(&case, explained.as_slice(), options.format(), output, &text)
}

/// Returns each design's steps under its name, then what is about all of them.
fn sheets(history: &History, case: &Case<'_>) -> Vec<(String, Sheet)> {
    let priced = history.series.iter().filter(|series| series.was_priced());
    let mut sheets: Vec<(String, Sheet)> =
        priced.map(|series| (case.pair_name(series.pair), rows::steps(series, case))).collect();
    if history.series.len() > 1 {
        sheets.push(("Which design was cheapest when".to_owned(), rows::cheapest(history, case)));
    }
    sheets.push((String::new(), rows::never_priced(history)));
    sheets.retain(|(_, sheet)| !sheet.rows.is_empty());
    sheets
}

fn markdown(history: &History, case: &Case<'_>) -> String {
    let mut text = String::new();
    for (name, sheet) in sheets(history, case) {
        let head = if name.is_empty() { String::new() } else { format!("{name}\n\n") };
        text.push_str(&format!("{head}{}\n", sheet.to_markdown()));
    }
    let said = [rows::notes(history, case), rows::sources(history, case)].concat();
    said.iter().for_each(|note| text.push_str(&format!("- {}\n", escape_markdown(note))));
    text
}

fn table(history: &History, case: &Case<'_>, output: &Output) -> String {
    let head = format!(
        "{}: the same month from {} to {}, {}",
        case.scenario.name, history.from, history.until, case.book.currency
    );
    let mut text = output.wrapped(&head);
    for (name, sheet) in sheets(history, case) {
        let head = if name.is_empty() { String::new() } else { output.wrapped(&name) };
        text.push_str(&format!("\n{head}{}", sheet.to_table(output.width, output.color)));
    }
    for said in [rows::notes(history, case), rows::sources(history, case)] {
        text.push('\n');
        said.iter().for_each(|note| text.push_str(&output.wrapped(note)));
    }
    text
}
