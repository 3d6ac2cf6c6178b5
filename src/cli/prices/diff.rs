//! `prices diff`: two catalogs, or two days of one.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use crate::analysis::price_diff::money::effects;
use crate::analysis::price_diff::{PriceDiff, Question, Side, diff};
use crate::catalog::{Catalog, load};
use crate::cli::common::{FormatArg, date_flag, read, read_scenario, show_in_usual_currency, source, today};
use crate::cli::output::{CliError, Output};
use crate::cli::tables::{TableOptions, load_catalog, overlaid, table_files, warn_of_tables};
use crate::diagnostic::{Fault, one_of};
use crate::import::{self, Options, Source};
use crate::report::Format;
use crate::report::price_diff::{About, View, summary};
use crate::scenario::Scenario;
use crate::units::parse_number;

/// Flags of `prices diff`.
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// The one catalog: `embedded`, a pricing table or folder of tables, or another tool's file
    #[arg(conflicts_with_all = ["from", "to"])]
    before: Option<String>,
    /// The other catalog; another tool's file may be written SOURCE:FILE, such as litellm:prices.json
    #[arg(requires = "before")]
    after: Option<String>,
    /// Compare the tables in force on this day …
    #[arg(long, value_name = "DATE", requires = "to")]
    from: Option<String>,
    /// … with those of this day
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<String>,
    /// Day whose prices are compared between two catalogs, and the day of a file that does not say its own
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Smallest difference that counts
    #[arg(long, value_name = "PERCENT", default_value = "1%")]
    tolerance: String,
    /// Scenario or folder of scenarios: order by what the changes do to their monthly cost
    #[arg(long, value_name = "DIR|FILE")]
    scenarios: Option<PathBuf>,
    /// Show only the differences that nothing in the first catalog explains
    #[arg(long)]
    unexplained: bool,
    /// End with exit code 1 where a difference is unexplained
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    tables: TableOptions,
    /// How the result is written
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatArg>,
}

/// Columns from which the table has room for reasons and designs; other formats always have them.
const WIDE: u16 = 110;

/// One side as it was loaded.
struct Loaded {
    catalog: Catalog,
    name: String,
    source: Option<Source>,
}

/// Compares and prints.
pub fn run(args: &DiffArgs, output: &Output) -> Result<(), CliError> {
    let tolerance = tolerance(&args.tolerance)?;
    let scenarios = args.scenarios.as_deref().map(|path| scenarios(path, output)).transpose()?;
    if let (Some(from), Some(to)) = (&args.from, &args.to) {
        let dates = [date_flag("--from", from)?, date_flag("--to", to)?];
        let catalog = load_catalog(&args.tables, output)?;
        let sides = dates.map(|date| Side { catalog: &catalog, date });
        let question = Question { before: sides[0], after: sides[1], table: None, tolerance: 0.0 };
        return show(args, &question, ["the tables"; 2], scenarios.as_deref(), output);
    }
    let (Some(before), Some(after)) = (&args.before, &args.after) else {
        let message = "there is nothing to compare".to_owned();
        let remedy =
            "name two catalogs, such as `embedded litellm:prices.json`, or two days with --from and --to";
        return Err(CliError::flag("prices diff", Fault::Conflict { message, remedy: remedy.to_owned() }));
    };
    let date =
        args.as_of.as_deref().map(|text| date_flag("--as-of", text)).transpose()?.unwrap_or_else(today);
    let (before, after) = (loaded(before, date, args, output)?, loaded(after, date, args, output)?);
    let question = Question {
        before: Side { catalog: &before.catalog, date },
        after: Side { catalog: &after.catalog, date },
        table: Some(after.source.map_or("", Source::word)),
        tolerance,
    };
    show(args, &question, [&before.name, &after.name], scenarios.as_deref(), output)
}

fn show(
    args: &DiffArgs,
    question: &Question<'_>,
    names: [&str; 2],
    scenarios: Option<&[Scenario]>,
    output: &Output,
) -> Result<(), CliError> {
    let found: PriceDiff = diff(question);
    let about =
        About { before: names[0], after: names[1], dates: [question.before.date, question.after.date] };
    let view = View {
        diff: &found,
        catalog: question.before.catalog,
        effects: scenarios.map(|scenarios| effects(&found, question.before, question.after, scenarios)),
        unexplained_only: args.unexplained,
    };
    let sheet = view.sheet();
    match args.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&view.to_json(&about))?,
        Format::Csv => output.result(&sheet.to_csv())?,
        Format::Markdown => output.result(&sheet.to_markdown())?,
        Format::Table => {
            let explained = found.differences.iter().any(|difference| difference.explanation.is_some());
            let sheet = if explained && output.width >= WIDE { sheet } else { sheet.without("why") };
            let sheet = if output.width >= WIDE { sheet } else { sheet.without("design") };
            let table = if sheet.rows.is_empty() {
                String::new()
            } else {
                sheet.to_table(output.width, output.color) + "\n"
            };
            output.result(&(table + &output.wrapped(&summary(&found, &about, question.tolerance))))?;
        }
    }
    if args.check && found.unexplained().next().is_some() { Err(CliError::No) } else { Ok(()) }
}

fn tolerance(text: &str) -> Result<f64, CliError> {
    let number = parse_number(text).filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| {
        let range = "from 0% to 100%".to_owned();
        CliError::flag(
            "--tolerance",
            Fault::OutOfRange { key: "--tolerance".into(), value: text.to_owned(), range },
        )
    })
}

/// Loads what one side names.
fn loaded(named: &str, date: Date, args: &DiffArgs, output: &Output) -> Result<Loaded, CliError> {
    if named == "embedded" {
        let (catalog, _) = load::with_overlays(&[])?;
        return Ok(Loaded { catalog, name: "embedded".to_owned(), source: None });
    }
    let (source, path) = match named.split_once(':') {
        Some((word, path)) if !Path::new(named).exists() => {
            let source =
                one_of("SOURCE", word, Source::WORDS).map_err(|fault| CliError::flag(named, fault))?;
            (Some(source), PathBuf::from(path))
        }
        _ => (None, PathBuf::from(named)),
    };
    let name = path.display().to_string();
    let text = if path.is_dir() { String::new() } else { read(&path)? };
    let source = source.or_else(|| Source::detect(&text));
    let Some(source) = source else {
        let mut paths = args.tables.pricing.clone();
        paths.push(path);
        let (catalog, warnings) = overlaid(&paths)?;
        warn_of_tables(&warnings, output);
        return Ok(Loaded { catalog, name, source: None });
    };
    let options = Options { date: Some(date), ..Options::default() };
    let catalog = import::import(source, &name, &text, &options)?.catalog;
    Ok(Loaded { catalog, name: format!("{name} ({})", source.word()), source: Some(source) })
}

/// Reads a scenario, or every one of a folder.
fn scenarios(path: &Path, output: &Output) -> Result<Vec<Scenario>, CliError> {
    let read = |path: &Path| {
        let mut scenario = read_scenario(&source(path.to_str())?, output)?;
        show_in_usual_currency(&mut scenario, output);
        Ok(scenario)
    };
    table_files(path)?.iter().map(|file| read(file)).collect()
}
