//! `bill`: one design, line by line.

use clap::Args;

use super::common::{self, PairOptions, ScenarioOptions};
use super::explain;
use super::output::{CliError, Output};
use crate::analysis::alternatives::alternatives;
use crate::bill::Bill;
use crate::catalog::Catalog;
use crate::report::alternatives as ways;
use crate::report::bill::{self as rows, About};
use crate::report::{Format, prices_of};
use crate::usage::Recurrence;

/// Flags of `bill`.
#[derive(Debug, Clone, Args)]
pub struct BillArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    pair: PairOptions,
    /// Show how each line comes about: formula, values, price, and what they rest on
    #[arg(long)]
    explain: bool,
}

/// Prices one design and prints its bill.
pub fn run(args: &BillArgs, output: &Output) -> Result<(), CliError> {
    let common = common::load(&args.options, output)?;
    let case = common.case()?;
    let pair = common::pair(&case, &args.pair, output)?;
    if args.explain {
        return output.result(&explain::derivation(&case, pair, &[], args.options.format(), output)?);
    }
    let name = case.pair_name(pair);
    let evaluation = case.evaluate(pair).map_err(|failure| common::no_bill(&case, pair, failure))?;
    let bill = &evaluation.bill;
    let other = alternatives(&case, pair).ok().flatten();
    let gone = case.sold_no_more(pair).into_iter().map(|gone| gone + ".");
    let ways = other.iter().flat_map(|other| ways::notes(other, case.book.currency));
    let notes: Vec<String> = gone.chain(ways).collect();
    let about = About {
        scenario: &case.scenario.name,
        model: &case.product(pair.model).id,
        strategy: pair.strategy.id(),
        as_of: case.book.date,
    };
    match args.options.format() {
        Format::Json => output.result(&rows::to_json(bill, case.catalog, &about, other.as_ref())),
        Format::Csv => output.result(&rows::focus(bill, case.catalog).to_csv()),
        Format::Markdown => {
            let monthly = rows::lines(bill, case.catalog, Recurrence::Monthly).to_markdown();
            let once = rows::lines(bill, case.catalog, Recurrence::OneOff);
            let once = if once.rows.len() > 1 { format!("\n{}", once.to_markdown()) } else { String::new() };
            let notes: String = notes.iter().map(|note| format!("- {note}\n")).collect();
            output.result(&format!("{name}\n\n{monthly}{once}\n{notes}{}\n", list(bill, case.catalog)))
        }
        Format::Table => {
            let prices = prices_of(about.as_of, bill.currency);
            let head = format!("{}, {name}, {prices}", about.scenario);
            let notes: Vec<String> = notes.iter().map(|note| output.wrapped(note)).collect();
            let table = table(bill, case.catalog, &notes, output);
            output.result(&format!("{}\n{table}", output.wrapped(&head)))
        }
    }
}

fn table(bill: &Bill, catalog: &Catalog, notes: &[String], output: &Output) -> String {
    let mut text = rows::lines(bill, catalog, Recurrence::Monthly).to_table(output.width, output.color);
    let once = rows::lines(bill, catalog, Recurrence::OneOff);
    if once.rows.len() > 1 {
        text.push_str(&format!("\n{}", once.to_table(output.width, output.color)));
    }
    if let Some(exact) = rows::exact_total(bill, Recurrence::Monthly) {
        text.push_str(&format!("\nEach month, exactly: {exact}\n"));
    }
    text.extend(notes.iter().map(String::as_str));
    for source in rows::sources(bill, catalog) {
        text.push_str(&output.wrapped(&source));
    }
    text
}

fn list(bill: &Bill, catalog: &Catalog) -> String {
    rows::sources(bill, catalog).iter().map(|source| format!("- {source}")).collect::<Vec<_>>().join("\n")
}
