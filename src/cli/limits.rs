//! `limits`: what rate limits allow, and what a minute at the limit costs.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::explain;
use super::output::{CliError, Output};
use crate::analysis::Case;
use crate::analysis::limits::{Limits, limits};
use crate::report::{Format, Sheet, limits as rows};

/// Flags of `limits`.
#[derive(Debug, Clone, Args)]
pub struct LimitsArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    pair: PairOptions,
    /// Show how the bill of the design comes about, after the result
    #[arg(long)]
    explain: bool,
}

/// Works out limits for one design and prints them.
pub fn run(args: &LimitsArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let pair = common::pair(&case, &args.pair, output)?;
    let found = limits(&case, pair).map_err(|failure| common::no_bill(&case, pair, failure))?;
    let tiers = rows::tiers(&found.products, &case);
    let text = match args.options.format() {
        Format::Json => rows::to_json(&found, &case),
        Format::Csv => tiers.to_csv(),
        Format::Markdown => rows::to_markdown(&found, &case),
        Format::Table => table(&found, &case, output),
    };
    let explained = args.explain.then(|| (pair, Vec::new()));
    explain::result(&case, explained.as_slice(), args.options.format(), output, &text)
}

fn table(found: &Limits, case: &Case<'_>, output: &Output) -> String {
    let mut text = output.wrapped(&rows::summary(found, case));
    let mut add = |head: &str, sheet: &Sheet| {
        if !sheet.rows.is_empty() {
            text.push('\n');
            if !head.is_empty() {
                text.push_str(&output.wrapped(head));
            }
            text.push_str(&sheet.to_table(output.width, output.color));
        }
    };
    for (head, sheet) in rows::sections(found, case) {
        add(&head, &sheet);
    }
    add("", &rows::index(found, case));
    text.push('\n');
    for note in rows::notes(found, case) {
        text.push_str(&output.wrapped(&note));
    }
    text
}
