//! `--explain`: the derivation of a bill after a result.

use clap::Args;

use super::common::{self, ScenarioOptions};
use super::output::{CliError, Output};
use crate::analysis::compare::chosen_pair;
use crate::analysis::explain::explain_at;
use crate::analysis::{Case, Pair};
use crate::diagnostic::Fault;
use crate::report::json::pretty;
use crate::report::{Format, explain as rows};
use crate::scenario::Target;

/// The flag of commands that show several designs.
#[derive(Debug, Clone, Default, Args)]
pub struct ExplainOptions {
    /// Show how the bill of a design comes about, after the result; without a design, the plan's or the cheapest one's
    #[arg(long, value_name = "MODEL:STRATEGY", num_args = 0..=1, default_missing_value = "")]
    explain: Option<String>,
}

impl ExplainOptions {
    /// Returns flag and options apart: a scenario that stands behind the flag, as in `compare --explain support-bot`, is
    /// the scenario and no design.
    pub fn apart_from(&self, options: &ScenarioOptions) -> (ExplainOptions, ScenarioOptions) {
        let (mut own, mut options) = (self.clone(), options.clone());
        let is_scenario = |text: &&String| !text.is_empty() && !text.contains(':');
        if let Some(text) = self.explain.as_ref().filter(is_scenario)
            && options.workload.scenario.is_none()
        {
            options.workload.scenario = Some(text.clone());
            own.explain = Some(String::new());
        }
        (own, options)
    }

    /// Returns whether the flag says which design.
    pub fn names_a_design(&self) -> bool {
        self.explain.as_ref().is_some_and(|text| !text.is_empty())
    }

    /// Finds the design that is asked for: the named one, else one that the command has at hand, else the chosen one.
    pub fn pair(
        &self,
        case: &Case<'_>,
        at_hand: Option<Pair>,
        output: &Output,
    ) -> Result<Option<Pair>, CliError> {
        match self.explain.as_deref() {
            None => Ok(None),
            Some("") => match at_hand {
                Some(pair) => Ok(Some(pair)),
                None => chosen(case, output).map(Some),
            },
            Some(text) => case.find_pair(text).map(Some).map_err(|fault| CliError::flag("--explain", fault)),
        }
    }
}

fn chosen(case: &Case<'_>, output: &Output) -> Result<Pair, CliError> {
    let Some((pair, why)) = chosen_pair(case) else {
        let message = "no design of this scenario can be called the cheapest".to_owned();
        let remedy = "name one: --explain MODEL:STRATEGY".to_owned();
        return Err(CliError::flag("--explain", Fault::Conflict { message, remedy }));
    };
    output.note(&format!("{}: {why}", case.pair_name(pair)));
    Ok(pair)
}

/// A design whose bill is to be explained, with the numbers that are not those of the case.
pub type Explained = (Pair, Vec<(Target, f64)>);

/// Prints a result, and after it how the bills of some designs come about; the result alone where there are none.
///
/// A JSON result gets the key `explanations`. There is one table in CSV, so a derivation has no place in it.
pub fn result(
    case: &Case<'_>,
    explained: &[Explained],
    format: Format,
    output: &Output,
    text: &str,
) -> Result<(), CliError> {
    if explained.is_empty() {
        return output.result(text);
    }
    if format == Format::Csv {
        let message = "a derivation does not fit into the table of a result".to_owned();
        let remedy = "use --format json, or `ragonomics bill --explain --format csv`".to_owned();
        return Err(CliError::flag("--explain", Fault::Conflict { message, remedy }));
    }
    let told = explained.iter().map(|(pair, changes)| derivation(case, *pair, changes, format, output));
    let told = told.collect::<Result<Vec<String>, CliError>>()?;
    output.result(&match format {
        Format::Json => with_list(text, "explanations", &told),
        _ => format!("{text}\n{}", told.join("\n")),
    })
}

/// Returns how the bill of a design comes about, in a format.
pub fn derivation(
    case: &Case<'_>,
    pair: Pair,
    changes: &[(Target, f64)],
    format: Format,
    output: &Output,
) -> Result<String, CliError> {
    let explanation =
        explain_at(case, pair, changes).map_err(|failure| common::no_bill(case, pair, failure))?;
    Ok(match format {
        Format::Json => pretty(&rows::document(&explanation, case)),
        Format::Csv => rows::rows(&explanation, case).to_csv(),
        Format::Markdown => rows::to_markdown(&explanation, case),
        Format::Table => rows::to_text(&explanation, case, output.width, output.color),
    })
}

/// Adds a key with a list of documents to the object that a JSON text is.
fn with_list(text: &str, key: &str, documents: &[String]) -> String {
    let open = text.trim_end().strip_suffix('}').unwrap_or(text).trim_end();
    let indented: Vec<String> =
        documents.iter().map(|text| text.trim_end().replace('\n', "\n    ")).collect();
    format!("{open},\n  \"{key}\": [\n    {}\n  ]\n}}\n", indented.join(",\n    "))
}
