//! `scenario`: making, listing, showing and checking scenarios.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::common::{self, FormatArg, ScenarioOptions};
use super::output::{CliError, Output, write_new_file};
use crate::analysis::Case;
use crate::report::{Align, Cell, Format, Sheet, json};
use crate::scenario::library::{SHIPPED, default_name};
use crate::scenario::{load, reference};

/// Flags of `scenario`.
#[derive(Debug, Clone, Args)]
pub struct ScenarioArgs {
    #[command(subcommand)]
    command: ScenarioCommand,
}

#[derive(Debug, Clone, Subcommand)]
enum ScenarioCommand {
    /// Print a scenario to start from, with every key, or write it to a new file
    New {
        /// File to write; an existing one is left alone
        file: Option<PathBuf>,
    },
    /// List the shipped scenarios
    List,
    /// Print a scenario, or every key with the value that holds
    Show {
        #[command(flatten)]
        options: Box<ScenarioOptions>,
        /// Fill in what the file leaves out, and mark it
        #[arg(long)]
        effective: bool,
    },
    /// Check a scenario: its syntax, its numbers and the names in it
    Check {
        #[command(flatten)]
        options: Box<ScenarioOptions>,
    },
    /// List every key with its unit, range and default
    Reference {
        /// How the list is written
        #[arg(long, value_enum, value_name = "FORMAT")]
        format: Option<FormatArg>,
    },
}

/// Runs a subcommand of `scenario`.
pub fn run(args: &ScenarioArgs, output: &Output) -> Result<(), CliError> {
    match &args.command {
        ScenarioCommand::New { file } => new(file.as_ref(), output),
        ScenarioCommand::List => list(output),
        ScenarioCommand::Show { options, effective } => show(options, *effective, output),
        ScenarioCommand::Check { options } => check(options, output),
        ScenarioCommand::Reference { format } => match format.map(Format::from).unwrap_or_default() {
            Format::Table => output.result(&reference_text(output)),
            format => write_sheet(&reference_sheet(), format, output),
        },
    }
}

fn new(file: Option<&PathBuf>, output: &Output) -> Result<(), CliError> {
    let Some(file) = file else { return output.result(&reference::template("My scenario")) };
    let name =
        file.file_stem().map_or_else(|| "My scenario".into(), |stem| stem.to_string_lossy().into_owned());
    write_new_file(file, reference::template(&name).as_bytes(), "name a new file")?;
    output.note(&format!("wrote {}", file.display()));
    Ok(())
}

fn list(output: &Output) -> Result<(), CliError> {
    let mut sheet =
        Sheet::new(&[("Scenario", "name", Align::Name), ("What it is about", "description", Align::Left)]);
    let usual = output.config.scenario.as_ref().map_or(default_name(), |set| &set.value);
    for (name, text) in SHIPPED {
        let (scenario, _) = load::scenario(name, text, std::path::Path::new("."))?;
        let default = if *name == usual { " (opened when none is named)" } else { "" };
        sheet.push(vec![Cell::text(*name), Cell::text(format!("{}{default}", scenario.description))]);
    }
    output.result(&sheet.to_table(output.width, output.color))
}

fn show(options: &ScenarioOptions, effective: bool, output: &Output) -> Result<(), CliError> {
    if !effective {
        return output.result(&common::source(common::scenario_name(&options.workload, output)?)?.text);
    }
    let scenario = common::load_workload(&options.workload, output)?;
    let mut sheet = Sheet::new(&[
        ("Key", "key", Align::Name),
        ("Value", "value", Align::Left),
        ("", "origin", Align::Left),
    ]);
    for row in reference::effective(&scenario) {
        let set = row.origin != "default";
        sheet.push_marked(vec![Cell::text(row.path), Cell::text(row.value), Cell::text(row.origin)], set);
    }
    write_sheet(&sheet, options.format(), output)
}

fn check(options: &ScenarioOptions, output: &Output) -> Result<(), CliError> {
    let common = common::load(options, output)?;
    let case = common.case()?;
    let format = options.format();
    if format == Format::Json {
        let facts = serde_json::json!({
            "scenario": case.scenario.name,
            "errors": 0,
            "models": case.models.len(),
            "strategies": case.strategies.len(),
            "prices_of": case.book.date.to_string(),
        });
        return output.result(&json::pretty(&facts));
    }
    if format != Format::Table {
        return write_sheet(&checked(&case), format, output);
    }
    output.result(&format!(
        "{}: no errors; {} models × {} strategies, prices of {}\n",
        common.scenario.name,
        case.models.len(),
        case.strategies.len(),
        case.book.date
    ))
}

/// Returns what was checked as one row, for CSV and Markdown.
fn checked(case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Scenario", "scenario", Align::Name),
        ("Errors", "errors", Align::Right),
        ("Models", "models", Align::Right),
        ("Strategies", "strategies", Align::Right),
        ("Prices of", "prices_of", Align::Left),
    ]);
    let number = |count: usize| Cell::number(count.to_string(), count as f64);
    sheet.push(vec![
        Cell::text(&case.scenario.name),
        number(0),
        number(case.models.len()),
        number(case.strategies.len()),
        Cell::text(case.book.date.to_string()),
    ]);
    sheet
}

/// Writes the reference as a list, because its sentences are too long for columns.
fn reference_text(output: &Output) -> String {
    let mut text = output.wrapped(&reference::RANGES.join(" ")) + "\n";
    for row in reference::rows() {
        let range = if row.range.is_empty() { String::new() } else { format!(", {}", row.range) };
        let unit = if row.unit.is_empty() { "number" } else { &row.unit };
        text.push_str(&format!("{} ({unit}{range})\n", row.path));
        text.push_str(&output.wrapped(&format!("    {} Without it: {}.", row.help, row.default)));
    }
    text
}

fn reference_sheet() -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Key", "key", Align::Name),
        ("Unit", "unit", Align::Left),
        ("Range", "range", Align::Left),
        ("Default", "default", Align::Left),
        ("Meaning", "meaning", Align::Left),
    ]);
    for row in reference::rows() {
        sheet.push([row.path, row.unit, row.range, row.default, row.help].map(Cell::text).to_vec());
    }
    sheet
}

fn write_sheet(sheet: &Sheet, format: Format, output: &Output) -> Result<(), CliError> {
    match format {
        Format::Json => output.result(&sheet.to_json()),
        Format::Csv => output.result(&sheet.to_csv()),
        Format::Markdown => output.result(&sheet.to_markdown()),
        Format::Table => output.result(&sheet.to_table(output.width, output.color)),
    }
}
