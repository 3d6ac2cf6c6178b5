//! `diff`: two scenarios, or one on two days, line by line.

use std::path::PathBuf;

use clap::Args;

use super::common::{self, FormatArg, PairOptions, WorkloadOptions};
use super::output::{CliError, Output};
use super::tables::{TableOptions, load_catalog};
use crate::analysis::bill_diff::diff;
use crate::analysis::{Case, Evaluation, Pair};
use crate::catalog::Catalog;
use crate::diagnostic::{Fault, Place};
use crate::report::bill_diff::{self as rows, About};
use crate::report::{Format, escape_markdown};
use crate::units::Currency;
use crate::usage::Recurrence;

/// Flags of `diff`.
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// The first scenario: a file, `-` for standard input, or the name of a shipped one
    a: String,
    /// The second scenario; without it, the first one on another day
    b: Option<String>,
    #[command(flatten)]
    pair: PairOptions,
    /// Any scenario key of both, such as workload.requests_per_month=50k
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Day whose prices hold; given twice, the first is for A and the second for B
    #[arg(long, value_name = "DATE")]
    as_of: Vec<String>,
    /// Currency of both; without it, that of the first
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Pricing table or folder of tables laid over the shipped ones and your own folder; the last one wins
    #[arg(long, value_name = "DIR|FILE")]
    pricing: Vec<PathBuf>,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatArg>,
}

impl DiffArgs {
    /// Returns the flags of one side, the first or the second.
    fn side(&self, at: usize) -> WorkloadOptions {
        let named = if at == 0 { &self.a } else { self.b.as_ref().unwrap_or(&self.a) };
        WorkloadOptions {
            scenario: Some(named.clone()),
            set: self.set.clone(),
            as_of: self.as_of.get(at).or(self.as_of.first()).cloned(),
            currency: self.currency.clone(),
            ..WorkloadOptions::default()
        }
    }

    /// Refuses what names one side only.
    fn names_two(&self) -> Result<(), CliError> {
        let (message, remedy) = match (&self.b, self.as_of.len()) {
            (_, 3..) => ("more than two days are given", "give --as-of once for both, or once for each"),
            (None, 0 | 1) => ("there is one side only", "name a second scenario, or give --as-of twice"),
            (Some(b), _) if b == "-" && self.a == "-" => {
                ("both scenarios come from standard input", "name a file for one of them")
            }
            (None, _) if self.a == "-" => {
                ("standard input can be read once only", "name a file to show it on two days")
            }
            _ => return Ok(()),
        };
        let (message, remedy) = (message.to_owned(), remedy.to_owned());
        Err(CliError::flag("diff", Fault::Conflict { message, remedy }))
    }
}

/// Compares and prints.
pub fn run(args: &DiffArgs, output: &Output) -> Result<(), CliError> {
    args.names_two()?;
    let catalog = load_catalog(&TableOptions { pricing: args.pricing.clone() }, output)?;
    let first = common::load_workload(&args.side(0), output)?;
    let mut second = common::load_workload(&args.side(1), output)?;
    let currency = first.currency.unwrap_or(Currency::USD);
    if second.currency.unwrap_or(Currency::USD) != currency {
        second.show_in(currency, Place::whole(&args.a));
        output.note(&format!("B is shown in {currency}, the currency of A"));
    }
    let today = common::today();
    let cases = [Case::open(&catalog, &first, today)?, Case::open(&catalog, &second, today)?];
    let pair = |case: &Case<'_>| common::pair(case, &args.pair, output);
    let pairs = [pair(&cases[0])?, pair(&cases[1])?];
    let bills = [evaluated(&cases[0], pairs[0])?.bill, evaluated(&cases[1], pairs[1])?.bill];
    let sides = [0, 1].map(|at| About {
        scenario: &cases[at].scenario.name,
        model: &catalog.product(pairs[at].model).id,
        strategy: pairs[at].strategy.id(),
        as_of: cases[at].book.date,
        bill: &bills[at],
    });
    print(args, [&sides[0], &sides[1]], &catalog, output)
}

fn evaluated(case: &Case<'_>, pair: Pair) -> Result<Evaluation, CliError> {
    case.evaluate(pair).map_err(|failure| common::no_bill(case, pair, failure))
}

fn print(
    args: &DiffArgs,
    sides: [&About<'_>; 2],
    catalog: &Catalog,
    output: &Output,
) -> Result<(), CliError> {
    let found = diff(sides[0].bill, sides[1].bill, catalog);
    let sheets =
        [Recurrence::Monthly, Recurrence::OneOff].map(|recurrence| rows::lines(&found, sides, recurrence));
    let sheets = sheets.iter().filter(|sheet| !sheet.rows.is_empty());
    let (said, heads) = (rows::sentence(sides), [sides[0].line('A'), sides[1].line('B')]);
    match args.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&rows::to_json(&found, sides)),
        Format::Csv => output.result(&rows::full(&found, sides[0].bill.currency).to_csv()),
        Format::Markdown => {
            let heads: String = heads.iter().map(|head| format!("- {}\n", escape_markdown(head))).collect();
            let tables: String = sheets.map(|sheet| format!("{}\n", sheet.to_markdown())).collect();
            output.result(&format!("{heads}\n{tables}{said}\n"))
        }
        Format::Table => {
            let heads: String = heads.iter().map(|head| output.wrapped(head)).collect();
            let tables = sheets.map(|sheet| format!("\n{}", sheet.to_table(output.width, output.color)));
            let tables: String = tables.collect();
            output.result(&format!("{heads}{tables}\n{}", output.wrapped(&said)))
        }
    }
}
