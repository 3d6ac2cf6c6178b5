//! `breakeven`: where the cheaper of two designs changes, or where the price that users pay covers a cost; over two
//! parameters, which design wins where.

use clap::Args;

use super::common::{self, ScenarioOptions};
use super::explain::{self, ExplainOptions, Explained};
use super::output::{CliError, Output};
use super::sweep::{AtOptions, AxisOptions, Stretch, axis};
use crate::analysis::break_even::price::cover;
use crate::analysis::break_even::{Crossing, Gap, break_even, gaps};
use crate::analysis::compare::{chosen_pair, other_side};
use crate::analysis::curve::Metric;
use crate::analysis::grid::{Rule, grid};
use crate::analysis::sweep::Axis;
use crate::analysis::{Case, Pair};
use crate::diagnostic::Fault;
use crate::present::value;
use crate::report::break_even::cover as cover_rows;
use crate::report::{Format, Sheet, break_even as rows, escape_markdown, grid as grid_rows, prices_of};

/// The word for what users pay, in the place of a design.
const PRICE: &str = "price";

/// Flags of `breakeven`.
#[derive(Debug, Clone, Args)]
pub struct BreakevenArgs {
    #[command(flatten)]
    options: ScenarioOptions,
    #[command(flatten)]
    axis: AxisOptions,
    /// The first design; without it, the scenario's plan, else the cheapest that fits
    #[arg(long, value_name = "MODEL:STRATEGY")]
    a: Option<String>,
    /// The second design, or `price` for what users pay; without it, the cheapest of the other side of the question
    #[arg(long, value_name = "MODEL:STRATEGY|price")]
    b: Option<String>,
    #[command(flatten)]
    second: SecondAxis,
    #[command(flatten)]
    explain: ExplainOptions,
    #[command(flatten)]
    at: AtOptions,
}

/// Flags of a second parameter.
#[derive(Debug, Clone, Args)]
struct SecondAxis {
    /// A second parameter: a map of which design wins where, of all compared ones without --a and --b
    #[arg(long, value_name = "PATH")]
    and: Option<String>,
    /// Smallest value of the second parameter
    #[arg(long, value_name = "C", requires = "and", allow_hyphen_values = true)]
    and_from: Option<String>,
    /// Largest value of the second parameter
    #[arg(long, value_name = "D", requires = "and", allow_hyphen_values = true)]
    and_to: Option<String>,
    /// Space the values of the second parameter by factors instead of steps
    #[arg(long, requires = "and")]
    and_log: bool,
    /// Points of the map along --vary; along --and a quarter of them, which looks even in a terminal. Without it: what
    /// fits the terminal, and 60 for JSON and CSV
    #[arg(long, value_name = "N", requires = "and", allow_hyphen_values = true)]
    points: Option<String>,
}

fn find(case: &Case<'_>, flag: &str, text: &str) -> Result<Pair, CliError> {
    case.find_pair(text).map_err(|fault| CliError::flag(flag, fault))
}

/// Finds crossings, or winners over two parameters, and prints them.
pub fn run(args: &BreakevenArgs, output: &Output) -> Result<(), CliError> {
    let (explain, options) = args.explain.apart_from(&args.options);
    let common = common::load(&options, output)?;
    let case = common.case()?;
    let (axis, metric) = axis(&args.axis, case.scenario)?;
    let asked = Asked {
        case: &case,
        axis,
        metric,
        format: options.format(),
        explain,
        at: args.at.value(&axis)?,
        output,
    };
    if let Some(path) = &args.second.and {
        return asked.map(args, path);
    }
    let a = asked.first(args.a.as_deref())?;
    match args.b.as_deref() {
        Some(PRICE) => asked.against_price(a),
        Some(text) => asked.against(a, find(&case, "--b", text)?),
        None => asked.against(a, asked.other_side(a)?),
    }
}

/// What the flags ask for.
struct Asked<'a, 'c> {
    case: &'a Case<'c>,
    axis: Axis,
    metric: Metric,
    format: Format,
    explain: ExplainOptions,
    at: Option<f64>,
    output: &'a Output,
}

impl Asked<'_, '_> {
    /// Returns the first design: the named one, else the plan or the cheapest.
    fn first(&self, named: Option<&str>) -> Result<Pair, CliError> {
        if let Some(text) = named {
            return find(self.case, "--a", text);
        }
        let Some((pair, why)) = chosen_pair(self.case) else {
            let message = "no design of this scenario can be called the cheapest".to_owned();
            let remedy = "name one with --a; `ragonomics compare` lists the reasons".to_owned();
            return Err(CliError::flag("--a", Fault::Conflict { message, remedy }));
        };
        self.output.note(&format!("a: {}: {why}", self.case.pair_name(pair)));
        Ok(pair)
    }

    /// Returns the cheapest design of the other side of the question.
    fn other_side(&self, a: Pair) -> Result<Pair, CliError> {
        let found = other_side(self.case, a).map_err(|fault| CliError::flag("--b", fault))?;
        let covers = if found.covers_as_much { "" } else { ", though it draws on less of the corpus" };
        let name = self.case.pair_name(found.pair);
        self.output.note(&format!("b: {name}: the cheapest of the other side of the question{covers}"));
        Ok(found.pair)
    }

    fn against(&self, a: Pair, b: Pair) -> Result<(), CliError> {
        let case = self.case;
        let found = break_even(case, a, b, self.axis, self.metric);
        let note = rows::note(&found, case);
        let gaps = gaps(case, &[a, b], self.axis, self.metric);
        let text = match self.format {
            Format::Json => rows::to_json(&found, &gaps, case),
            Format::Csv => rows::regions(&found, case).to_csv(),
            format => {
                let sides = format!("{} against {}", case.pair_name(a), case.pair_name(b));
                self.page(format, &sides, &rows::shown_regions(&found, case), &note, &gaps)
            }
        };
        self.print(&text, &[a, b], &found.crossings)
    }

    fn against_price(&self, a: Pair) -> Result<(), CliError> {
        let case = self.case;
        if self.metric != Metric::Monthly {
            let message = "what users pay is by the month".to_owned();
            let remedy = "leave --metric out, or name a design with --b".to_owned();
            return Err(CliError::flag("--metric", Fault::Conflict { message, remedy }));
        }
        let found = cover(case, a, self.axis).map_err(|fault| CliError::flag("--b", fault))?;
        let (note, regions) = (cover_rows::note(&found, case), cover_rows::regions(&found, case));
        let gaps = gaps(case, &[a], self.axis, self.metric);
        let text = match self.format {
            Format::Json => cover_rows::to_json(&found, &gaps, case),
            Format::Csv => regions.to_csv(),
            format => {
                let sides = format!("{} against what users pay", case.pair_name(a));
                self.page(format, &sides, &regions, &note, &gaps)
            }
        };
        self.print(&text, &[a], &found.crossings)
    }

    /// Writes a result for people: what is compared, the regions, what was found and where a cost is missing.
    fn page(&self, format: Format, sides: &str, regions: &Sheet, note: &str, gaps: &[Gap]) -> String {
        let (head, output) = (self.head(sides), self.output);
        let gaps = rows::gap_notes(gaps, self.axis, self.case);
        if format == Format::Markdown {
            let gaps: String = gaps.iter().map(|gap| format!("\n{gap}\n")).collect();
            let head = escape_markdown(&head);
            return format!("{head}\n\n{note}\n\n{}{gaps}", regions.to_markdown());
        }
        let table = regions.to_table(output.width, output.color);
        let gaps: String = gaps.iter().map(|gap| output.wrapped(gap)).collect();
        format!("{}\n{table}\n{}{gaps}", output.wrapped(&head), output.wrapped(note))
    }

    fn prices(&self) -> String {
        prices_of(self.case.book.date, self.case.book.currency)
    }

    fn head(&self, sides: &str) -> String {
        let (axis, path) = (self.axis, self.case.scenario.path_of(self.axis.target));
        let (from, to) = (value(axis.from), value(axis.to));
        let (name, of) = (&self.case.scenario.name, self.metric.of(self.case.scenario));
        let prices = self.prices();
        format!("{name}: {sides}, cost of {of} along {path} from {from} to {to}, {prices}")
    }

    /// Prints a result, and where it is asked for the bills at a value: the one given, else the first crossing.
    fn print(&self, text: &str, pairs: &[Pair], crossings: &[Crossing]) -> Result<(), CliError> {
        let at = self.at.or(crossings.first().map(|crossing| crossing.at));
        let changes: Vec<_> = at.map(|at| (self.axis.target, at)).into_iter().collect();
        let explained: Vec<Explained> =
            match self.explain.pair(self.case, pairs.first().copied(), self.output)? {
                None => Vec::new(),
                Some(pair) if self.explain.names_a_design() => vec![(pair, changes)],
                Some(_) => pairs.iter().map(|pair| (*pair, changes.clone())).collect(),
            };
        explain::result(self.case, &explained, self.format, self.output, text)
    }

    /// Returns how many points a map has along both axes: the asked ones, else for a table what a terminal shows whole.
    fn points(&self, asked: Option<usize>) -> (usize, usize) {
        /// Columns beside a map: the values of the second parameter.
        const BESIDE: u16 = 12;
        match asked {
            Some(points) => (points, (points / 4).max(2)),
            None if self.format == Format::Table => {
                let columns = usize::from(self.output.width.saturating_sub(BESIDE)).clamp(20, 120);
                (columns, columns / 7)
            }
            None => (60, 15),
        }
    }

    /// Shows which design wins where over two parameters.
    fn map(&self, args: &BreakevenArgs, path: &str) -> Result<(), CliError> {
        let (case, output, second) = (self.case, self.output, &args.second);
        let stretch = Stretch { path, from: &second.and_from, to: &second.and_to, log: second.and_log };
        let up = stretch.axis(["--and", "--and-from", "--and-to"], case.scenario)?;
        let (pairs, rule): (Vec<Pair>, Rule) = match (args.a.as_deref(), args.b.as_deref()) {
            (None, None) => (case.pairs().collect(), Rule::Cheapest),
            (_, Some(PRICE)) => {
                let message = "a map is of designs, and `price` is none".to_owned();
                let remedy = "leave --and out, or name a design with --b".to_owned();
                return Err(CliError::flag("--b", Fault::Conflict { message, remedy }));
            }
            (a, b) => {
                let a = self.first(a)?;
                let b = b.map_or_else(|| self.other_side(a), |text| find(case, "--b", text))?;
                (vec![a, b], Rule::Cheaper)
            }
        };
        let points = |text: &String| common::whole_flag("--points", text, 2..=2000);
        let points =
            self.points(second.points.as_ref().map(points).transpose()?.map(|points| points as usize));
        let found = grid(case, &pairs, (self.axis, up), points, (self.metric, rule))
            .map_err(|fault| CliError::flag("--and", fault))?;
        let text = match self.format {
            Format::Json => grid_rows::to_json(&found, case),
            Format::Csv => grid_rows::long(&found, case).to_csv(),
            Format::Markdown => grid_rows::to_markdown(&found, case),
            Format::Table => {
                let head = output.wrapped(&grid_rows::head(&found, case));
                format!("{head}\n{}", grid_rows::map(&found, case, output.width))
            }
        };
        let pair = self.explain.pair(case, None, output)?;
        let changes = self.at.map(|at| (self.axis.target, at)).into_iter().collect();
        let explained: Vec<Explained> = pair.map(|pair| (pair, changes)).into_iter().collect();
        explain::result(case, &explained, self.format, output, &text)
    }
}
