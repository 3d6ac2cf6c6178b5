//! The command line: flags as typed become settings as meant, results go to standard output and
//! everything else to standard error.

mod bill;
mod breakeven;
mod check;
mod common;
mod compare;
mod config;
mod diff;
mod explain;
mod forecast;
mod history;
mod limits;
mod models;
mod output;
mod price;
mod prices;
mod progress;
mod report;
mod scenario;
mod sensitivity;
mod simulate;
mod sweep;
mod tables;
mod tokens;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use common::ScenarioOptions;
use explain::ExplainOptions;
use output::{CliError, Output};

use crate::config::{Config, ThemeChoice};
use crate::diagnostic::{Fault, nearest};
use crate::tui::state::Places;
use crate::tui::theme::{ColorChoice, Palette, Theme};
use crate::tui::{self, App, Ended, Settings, Start};

/// Prices long context against retrieval, on every model whose price is known, at any date
#[derive(Debug, Parser)]
#[command(name = "ragonomics", version, about, long_about = LONG_ABOUT, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    scenario: ScenarioOptions,

    #[command(flatten)]
    global: Global,
}

const LONG_ABOUT: &str = "Stuff the context, or retrieve? ragonomics prices both for a workload: every model and \
strategy of a scenario, ranked by what a month costs, with every cent traceable to a quantity, a unit price and \
a source.\n\nWithout a command it opens the terminal application on SCENARIO, or prints the comparison where \
standard output is no terminal. SCENARIO is a file, `-` for standard input, or the name of a shipped scenario; \
without it the one of your settings, else support-bot.\n\nExit codes: 0 done; 1 a check said no; 2 bad usage or bad input; 3 could not read or write.";

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
struct Global {
    /// When to use colour; NO_COLOR is honoured
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    color: ColorArg,

    /// Print no warnings and notes, only results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Say which tables and rates were used
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

impl From<ColorArg> for ColorChoice {
    fn from(when: ColorArg) -> ColorChoice {
        match when {
            ColorArg::Auto => ColorChoice::Auto,
            ColorArg::Always => ColorChoice::Always,
            ColorArg::Never => ColorChoice::Never,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Rank every model × strategy of a scenario by monthly cost
    Compare(compare::CompareArgs),
    /// Show one design's bill, line by line
    Bill(bill::BillArgs),
    /// Show the cost of each design along one parameter
    Sweep(sweep::SweepArgs),
    /// Find where the cheaper of two designs changes
    Breakeven(breakeven::BreakevenArgs),
    /// Show a design month by month: growth, price changes, budget, margin, runway
    Forecast(forecast::ForecastArgs),
    /// Show what the same workload cost at each price change, and which design was cheapest when
    History(history::HistoryArgs),
    /// Show which number moves one design's cost most
    Sensitivity(sensitivity::SensitivityArgs),
    /// Draw the numbers that are known only roughly, and show where costs lie
    Simulate(simulate::SimulateArgs),
    /// Show what rate limits allow, and what a minute costs
    Limits(limits::LimitsArgs),
    /// Hold a design against the scenario's rules: budget, margin, rate limits, constraints
    Check(check::CheckArgs),
    /// Compare the bills of two scenarios, or of one on two days, line by line
    Diff(diff::DiffArgs),
    /// List models and other products, or show one in full
    Models(models::ModelsArgs),
    /// Price single requests
    Price(price::PriceArgs),
    /// Check, take in, write, fetch or locate pricing tables
    Prices(prices::PricesArgs),
    /// Count the tokens of documents
    Tokens(tokens::TokensArgs),
    /// Write a report for somebody else
    Report(report::ReportArgs),
    /// Make, list, show and check scenarios
    Scenario(scenario::ScenarioArgs),
    /// Show your settings, say where they are, or write a file of them
    Config(config::ConfigArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
    /// Print a JSON Schema, for editors that complete and check scenarios and pricing tables
    Schema {
        /// Which file it is for
        #[arg(value_enum)]
        of: SchemaOf,
    },
}

/// Files that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaOf {
    /// Scenario files
    Scenario,
    /// Pricing tables
    Pricing,
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let mut output = Output::new(cli.global.color.into(), cli.global.quiet, cli.global.verbose);
    let needs_settings = !matches!(&cli.command, Some(Command::Config(args)) if args.needs_no_settings());
    match if needs_settings { config::load() } else { Ok(Config::default()) } {
        Ok(config) => output.config = config,
        Err(error) => return output.fail(&error),
    }
    match dispatch(cli, &output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output.fail(&error),
    }
}

/// Prints what clap found, and the command that was meant where the first word is nearly one.
fn refuse(error: &clap::Error) -> ExitCode {
    let first = std::env::args().nth(1).unwrap_or_default();
    let command = Cli::command();
    let near = nearest(&first, command.get_subcommands().map(clap::Command::get_name));
    if error.kind() == ErrorKind::UnknownArgument && !near.is_empty() && !near.contains(&first) {
        let fault = Fault::UnknownName { kind: "command", name: first, nearest: near };
        return Output::new(ColorChoice::Auto, false, false).fail(&CliError::flag("ragonomics", fault));
    }
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn dispatch(cli: Cli, output: &Output) -> Result<(), CliError> {
    let Some(command) = cli.command else { return open(&cli.scenario, output) };
    if cli.scenario != ScenarioOptions::default() {
        let message = "the scenario or options stand before the command, where they would be lost".to_owned();
        let remedy = "write them after the command: ragonomics compare SCENARIO --set …".to_owned();
        return Err(CliError::flag("ragonomics", Fault::Conflict { message, remedy }));
    }
    match command {
        Command::Compare(args) => compare::run(&args, output),
        Command::Bill(args) => bill::run(&args, output),
        Command::Sweep(args) => sweep::run(&args, output),
        Command::Breakeven(args) => breakeven::run(&args, output),
        Command::Forecast(args) => forecast::run(&args, output),
        Command::History(args) => history::run(&args, output),
        Command::Sensitivity(args) => sensitivity::run(&args, output),
        Command::Simulate(args) => simulate::run(&args, output),
        Command::Limits(args) => limits::run(&args, output),
        Command::Check(args) => check::run(&args, output),
        Command::Diff(args) => diff::run(&args, output),
        Command::Models(args) => models::run(&args, output),
        Command::Price(args) => price::run(&args, output),
        Command::Prices(args) => prices::run(&args, output),
        Command::Tokens(args) => tokens::run(&args, output),
        Command::Report(args) => report::run(&args, output),
        Command::Scenario(args) => scenario::run(&args, output),
        Command::Config(args) => config::run(&args, output),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "ragonomics", &mut script);
            output.result_bytes(&script)
        }
        Command::Schema { of } => {
            let schema = match of {
                SchemaOf::Scenario => crate::scenario::schema::scenario(),
                SchemaOf::Pricing => crate::catalog::schema::pricing(),
            };
            output.result(&crate::report::json::pretty(&schema))
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut page)
                .map_err(|e| CliError::write("the manual page", &e))?;
            output.result_bytes(&page)
        }
    }
}

/// Opens the terminal application, or compares where there is no terminal to open it on.
fn open(options: &ScenarioOptions, output: &Output) -> Result<(), CliError> {
    if !std::io::stdout().is_terminal() || options.format.is_some() {
        return compare::run(
            &compare::CompareArgs { options: options.clone(), explain: ExplainOptions::default() },
            output,
        );
    }
    let workload = &options.workload;
    let named = common::scenario_name(workload, output)?.map(str::to_owned);
    let source = common::source(named.as_deref())?;
    let named = named.or_else(|| Some(source.stem.clone()));
    let scenario = common::load_source(&source, workload, output)?;
    let catalog = tables::load_catalog(&workload.tables, output)?;
    let theme = Theme::choose(output.color_choice, |name| std::env::var(name).ok());
    let state = tables::base_folder("XDG_STATE_HOME", ".local/state");
    let places = Places { state, exports: ".".into(), home: tables::home_folder() };
    let palette = palette(output.config.theme());
    let mouse = output.config.mouse.as_ref().map(|set| set.value);
    let keys = output.config.keys.clone();
    let reading = common::reading(workload, output);
    let start = Start { named, source, reading, places, config: Settings { palette, mouse, keys } };
    let app = App::open(catalog, scenario, common::today(), theme, start)?;
    match tui::run(app).map_err(|error| CliError::terminal(&error))? {
        Ended::ByUser => Ok(()),
        Ended::BySignal(signal) => Err(CliError::Signal(signal)),
    }
}

/// Returns the colours that the settings ask for; none where the terminal decides.
fn palette(theme: ThemeChoice) -> Option<Palette> {
    match theme {
        ThemeChoice::Auto => None,
        ThemeChoice::Dark => Some(Palette::Dark),
        ThemeChoice::Light => Some(Palette::Light),
        ThemeChoice::Vivid => Some(Palette::Vivid),
        ThemeChoice::Mono => Some(Palette::Mono),
    }
}
