//! Options that every command about a scenario takes, and what is made of them.

use std::io::Read;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::output::{CliError, Output};
use super::tables::{TableOptions, base_folder, load_catalog};
use crate::analysis::compare::{Reason, chosen_pair};
use crate::analysis::{Case, Failure, Pair, find_chat, find_pair};
use crate::catalog::Catalog;
use crate::config::Set;
use crate::diagnostic::{Diagnostics, Fault, Place};
use crate::document::{LARGEST_FILE, read_file, text_from_bytes};
use crate::present::quantity;
use crate::report::Format;
use crate::scenario::library::{self, Source, default_name, shipped};
use crate::scenario::{Named, Scenario, load as load_scenario};
use crate::tokens::{CountCache, count_corpus};
use crate::tui::reading::{Occasion, Reading};
use crate::units::{CURRENCY_CODE, Currency, parse_number};
use crate::usage::strategy;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// Columns for a terminal
    Table,
    /// One JSON document
    Json,
    /// Comma-separated values with a header
    Csv,
    /// A Markdown table
    Md,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Format {
        match format {
            FormatArg::Table => Format::Table,
            FormatArg::Json => Format::Json,
            FormatArg::Csv => Format::Csv,
            FormatArg::Md => Format::Markdown,
        }
    }
}

/// Options about a workload: which scenario, what to change in it, whose prices.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct WorkloadOptions {
    /// Scenario: a file, `-` for standard input, or the name of a shipped one
    pub scenario: Option<String>,

    /// Models to compare instead of the scenario's: ids, aliases or patterns such as openai/*
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub models: Vec<String>,

    /// Strategies to compare instead of the scenario's
    #[arg(long, value_name = "S", value_delimiter = ',')]
    pub strategies: Vec<String>,

    /// Any scenario key, such as workload.requests_per_month=50k
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,

    /// Day whose prices hold
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,

    /// Currency of the results; the scenario's own amounts are converted
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,

    #[command(flatten)]
    pub tables: TableOptions,
}

/// Options of a command that prints what it found about a scenario.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct ScenarioOptions {
    #[command(flatten)]
    pub workload: WorkloadOptions,

    /// How results are written
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatArg>,
}

impl ScenarioOptions {
    /// Returns the format, a table unless another one is asked for.
    pub fn format(&self) -> Format {
        self.format.map(Format::from).unwrap_or_default()
    }
}

/// What a command about a scenario works from.
pub struct Common {
    /// The tables.
    pub catalog: Catalog,
    /// The workload, with the flags put into it.
    pub scenario: Scenario,
    /// The day on which the program runs.
    pub today: Date,
}

impl Common {
    /// Looks the scenario's names up and opens its prices.
    pub fn case(&self) -> Result<Case<'_>, CliError> {
        Ok(Case::open(&self.catalog, &self.scenario, self.today)?)
    }
}

/// Returns today's date in UTC; the only place that asks the clock.
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Reads the day that a flag names.
pub fn date_flag(flag: &str, text: &str) -> Result<Date, CliError> {
    text.parse()
        .map_err(|_| CliError::flag(flag, Fault::NotADate { key: flag.to_owned(), text: text.to_owned() }))
}

/// Reads a whole number that a flag gives, written like the numbers of a scenario: 500, 10k.
pub fn whole_flag(flag: &str, text: &str, range: RangeInclusive<u64>) -> Result<u64, CliError> {
    /// Whole numbers up to here are exact floats.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let (key, number) = (flag.to_owned(), parse_number(text));
    let rounded = number.filter(|number| number.fract() == 0.0 && (0.0..=EXACT).contains(number));
    let whole = text.trim().parse::<u64>().ok().or(rounded.map(|number| number as u64));
    if let Some(whole) = whole.filter(|whole| range.contains(whole)) {
        return Ok(whole);
    }
    let fault = if number.is_none() {
        Fault::NotANumber { key, text: text.to_owned() }
    } else {
        let [low, high] = [range.start(), range.end()].map(|end| quantity(Decimal::from(*end), 0));
        let range = format!("a whole number from {low} to {high}");
        Fault::OutOfRange { key, value: text.to_owned(), range }
    };
    Err(CliError::flag(flag, fault))
}

/// Runs what counts tokens with the counts of earlier runs, and keeps the new ones.
pub fn with_counts<T>(run: impl FnOnce(&mut CountCache) -> T) -> T {
    let folder = base_folder("XDG_CACHE_HOME", ".cache");
    let mut cache = folder.as_deref().map_or_else(CountCache::default, CountCache::open);
    let result = run(&mut cache);
    cache.keep();
    result
}

/// Reads a text file as bad input or as an error of reading, whichever it is.
pub fn read(path: &Path) -> Result<String, CliError> {
    Ok(read_file(path)?)
}

/// Returns the scenario that the command line names, else the one of the settings.
pub fn scenario_name<'o>(
    options: &'o WorkloadOptions,
    output: &'o Output,
) -> Result<Option<&'o str>, CliError> {
    let (None, Some(set)) = (options.scenario.as_deref(), &output.config.scenario) else {
        return Ok(options.scenario.as_deref());
    };
    if shipped(&set.value).is_none() && !Path::new(&set.value).exists() {
        let message = format!("`scenario` names `{}`, and there is no such file", set.value);
        let remedy =
            "correct it, or take it out; `ragonomics scenario list` shows the shipped ones".to_owned();
        return Err(CliError::Input(Diagnostics::one(
            set.place.clone(),
            Fault::Conflict { message, remedy },
        )));
    }
    Ok(Some(&set.value))
}

/// Shows results in the currency of the settings, where the scenario and the flags name none. The scenario's own amounts
/// stay in US dollars.
pub fn show_in_usual_currency(scenario: &mut Scenario, output: &Output) {
    show_in_currency_of(scenario, output.config.currency.as_ref());
}

fn show_in_currency_of(scenario: &mut Scenario, usual: Option<&Set<Currency>>) {
    if let (None, Some(set)) = (scenario.currency, usual) {
        scenario.show_in(set.value, set.place.clone());
    }
}

/// Returns what is done with a scenario that is read while the terminal application runs: flags are put into the one that
/// the program was started with, and files are counted.
pub fn reading(options: &WorkloadOptions, output: &Output) -> Reading {
    let (options, usual) = (options.clone(), output.config.currency.clone());
    Reading::new(move |scenario, occasion, wanted| {
        if occasion == Occasion::Again {
            apply_flags(scenario, &options).map_err(CliError::into_faults)?;
        }
        if occasion != Occasion::Files {
            show_in_currency_of(scenario, usual.as_ref());
        }
        with_counts(|cache| count_corpus(scenario, cache, wanted))
    })
}

/// Finds a scenario: a file, standard input, or a shipped one.
pub fn source(named: Option<&str>) -> Result<Source, CliError> {
    let named = named.unwrap_or(default_name());
    if named == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes);
        read.map_err(|error| {
            let fault = Fault::Unreadable { reason: crate::document::reason(&error) };
            CliError::Io(Diagnostics::one(Place::whole("-"), fault))
        })?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(CliError::flag(
                "-",
                Fault::TooLarge { bytes: bytes.len() as u64, limit: LARGEST_FILE },
            ));
        }
        let text = text_from_bytes("-", bytes)?;
        return Ok(Source {
            name: "-".into(),
            text,
            folder: PathBuf::from("."),
            stem: "standard input".into(),
            path: None,
        });
    }
    Ok(library::find(named)?)
}

/// Reads a scenario without flags and without counting its files.
pub fn read_scenario(source: &Source, output: &Output) -> Result<Scenario, CliError> {
    let (mut scenario, warnings) = load_scenario::scenario(&source.name, &source.text, &source.folder)?;
    output.warnings(&warnings);
    if scenario.name.is_empty() {
        scenario.name.clone_from(&source.stem);
    }
    Ok(scenario)
}

/// Reads a scenario, puts the flags into it and counts its files.
pub fn load_workload(options: &WorkloadOptions, output: &Output) -> Result<Scenario, CliError> {
    load_source(&source(scenario_name(options, output)?)?, options, output)
}

/// Does the same with a scenario that was found already.
pub fn load_source(
    source: &Source,
    options: &WorkloadOptions,
    output: &Output,
) -> Result<Scenario, CliError> {
    let mut scenario = read_scenario(source, output)?;
    apply_flags(&mut scenario, options)?;
    show_in_usual_currency(&mut scenario, output);
    let progress = output.progress("counting the tokens of corpus.files");
    with_counts(|cache| count_corpus(&mut scenario, cache, &|share| progress.at(share)))?;
    drop(progress);
    Ok(scenario)
}

/// Loads everything that a command about a scenario needs.
pub fn load(options: &ScenarioOptions, output: &Output) -> Result<Common, CliError> {
    load_common(&options.workload, output)
}

/// Loads the same for a command with formats of its own.
pub fn load_common(options: &WorkloadOptions, output: &Output) -> Result<Common, CliError> {
    let scenario = load_workload(options, output)?;
    let catalog = load_catalog(&options.tables, output)?;
    Ok(Common { catalog, scenario, today: today() })
}

fn apply_flags(scenario: &mut Scenario, options: &WorkloadOptions) -> Result<(), CliError> {
    let mut faults = Diagnostics::default();
    let mut fault = |flag: &str, fault: Fault| {
        faults.push(crate::diagnostic::Diagnostic::error(Place::whole(flag), fault));
    };
    for assignment in &options.set {
        let given = assignment.split_once('=').filter(|(_, value)| !value.trim().is_empty());
        let Some((path, value)) = given else {
            let remedy = "write it as --set workload.requests_per_month=50k".to_owned();
            fault("--set", Fault::Conflict { message: format!("`{assignment}` sets nothing"), remedy });
            continue;
        };
        if let Err(found) = scenario.set(path.trim(), value.trim()) {
            fault("--set", found);
        }
    }
    if let Err((_, found)) = scenario.consistency() {
        fault("--set", found);
    }
    if let Some(text) = &options.as_of {
        match text.parse() {
            Ok(date) => scenario.as_of = Some(date),
            Err(_) => fault("--as-of", Fault::NotADate { key: "--as-of".into(), text: text.clone() }),
        }
    }
    if let Some(code) = &options.currency {
        match Currency::parse(code) {
            Some(currency) => scenario.show_in(currency, Place::whole("--currency")),
            None => {
                let range = CURRENCY_CODE.to_owned();
                fault(
                    "--currency",
                    Fault::OutOfRange { key: "--currency".into(), value: format!("{code:?}"), range },
                );
            }
        }
    }
    let named = |texts: &[String], flag: &str| {
        texts.iter().map(|text| Named::from_flag(text, flag)).collect::<Vec<_>>()
    };
    if !options.models.is_empty() {
        scenario.models = named(&options.models, "--models");
    }
    if !options.strategies.is_empty() {
        scenario.strategies = named(&options.strategies, "--strategies");
    }
    if faults.0.is_empty() { Ok(()) } else { Err(CliError::Input(faults)) }
}

/// Names one design; without it, the scenario's plan or the cheapest design that fits.
#[derive(Debug, Clone, Default, Args)]
pub struct PairOptions {
    /// Model of the design; without it, the scenario's plan, else the cheapest that fits
    #[arg(long, value_name = "M")]
    pub model: Option<String>,

    /// Strategy of the design
    #[arg(long, value_name = "S")]
    pub strategy: Option<String>,
}

/// Finds the design that a command is about and says which one it took when it was not told.
pub fn pair(case: &Case<'_>, options: &PairOptions, output: &Output) -> Result<Pair, CliError> {
    if let Some(told) = told_pair(case, options)? {
        return Ok(told);
    }
    let Some((pair, why)) = chosen_pair(case) else {
        let message = "no design of this scenario can be called the cheapest".to_owned();
        return Err(CliError::flag(
            "SCENARIO",
            Fault::Conflict {
                message,
                remedy: "name one with --model and --strategy; `ragonomics compare` lists the reasons".into(),
            },
        ));
    };
    output.note(&format!("{}: {why}", case.pair_name(pair)));
    Ok(pair)
}

/// Says why a design has no bill.
pub fn no_bill(case: &Case<'_>, pair: Pair, failure: Failure) -> CliError {
    no_cost(case, pair, &Reason::of_failure(case, failure))
}

/// Says why a design has no cost.
pub fn no_cost(case: &Case<'_>, pair: Pair, reason: &Reason) -> CliError {
    let remedy = "`ragonomics compare` shows which designs have a cost".to_owned();
    CliError::flag(&case.pair_name(pair), Fault::Conflict { message: reason.to_string(), remedy })
}

/// Finds the design that a command about all of them looks at more closely; none where none was named or can be chosen.
pub fn pair_if_any(case: &Case<'_>, options: &PairOptions) -> Result<Option<Pair>, CliError> {
    let told = told_pair(case, options)?;
    Ok(told.or_else(|| chosen_pair(case).map(|(pair, _)| pair)))
}

/// Finds the design that the flags name, if they name one.
fn told_pair(case: &Case<'_>, options: &PairOptions) -> Result<Option<Pair>, CliError> {
    let (given, missing) = match (&options.model, &options.strategy) {
        (None, None) => return Ok(None),
        (Some(model), Some(strategy)) => {
            let model = find_chat(case.catalog, model).map_err(|fault| CliError::flag("--model", fault))?;
            let strategy = strategy::find(strategy).map_err(|fault| CliError::flag("--strategy", fault))?;
            return Ok(Some(Pair { model, strategy }));
        }
        (Some(model), None) if model.contains(':') => {
            let found = find_pair(case.catalog, model).map_err(|fault| CliError::flag("--model", fault));
            return found.map(Some);
        }
        (Some(_), None) => ("--model", "--strategy"),
        (None, Some(_)) => ("--strategy", "--model"),
    };
    let message = format!("{given} is given without {missing}");
    let remedy = format!("give both, or neither: add {missing}");
    Err(CliError::flag(missing, Fault::Conflict { message, remedy }))
}
