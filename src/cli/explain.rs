//! `--explain`: the derivation of a bill after a result.

use clap::Args;

use super::common::ScenarioOptions;
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
    /// Returns whether a derivation is asked for.
    pub fn is_asked(&self) -> bool {
        self.explain.is_some()
    }

    /// Gives the scenario back where it stands behind the flag, as in `compare --explain support-bot`.
    pub fn give_back(&mut self, options: &mut ScenarioOptions) {
        let taken = self.explain.take_if(|text| !text.is_empty() && options.workload.scenario.is_none());
        match taken {
            Some(text) if text.contains(':') => self.explain = Some(text),
            Some(text) => (options.workload.scenario, self.explain) = (Some(text), Some(String::new())),
            None => {}
        }
    }

    /// Finds the design that is asked for: the named one, else one that the command has at hand, else the chosen one.
    pub fn pair(&self, case: &Case<'_>, at_hand: Option<Pair>, output: &Output) -> Result<Option<Pair>, CliError> {
        match self.explain.as_deref() {
            None => Ok(None),
            Some("") => match at_hand {
                Some(pair) => Ok(Some(pair)),
                None => chosen(case, output).map(Some),
            },
            Some(text) => {
                case.find_pair(text).map(Some).map_err(|fault| CliError::flag("--explain", fault))
            }
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

/// Prints a result, and after it how the bill of a design comes about where one is given, with the numbers that are not
/// those of the case.
///
/// A JSON result gets the key `explanation`. There is one table in CSV, so a derivation has no place in it.
pub fn result(
    case: &Case<'_>,
    explained: Option<(Pair, &[(Target, f64)])>,
    format: Format,
    output: &Output,
    text: &str,
) -> Result<(), CliError> {
    let Some((pair, changes)) = explained else { return output.result(text) };
    if format == Format::Csv {
        let message = "a derivation does not fit into the table of a result".to_owned();
        let remedy = "use --format json, or `ragonomics bill --explain --format csv`".to_owned();
        return Err(CliError::flag("--explain", Fault::Conflict { message, remedy }));
    }
    let derivation = derivation(case, pair, changes, format, output)?;
    output.result(&match format {
        Format::Json => with_key(text, "explanation", &derivation),
        _ => format!("{text}\n{derivation}"),
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
    let explanation = explain_at(case, pair, changes).map_err(|failure| {
        let remedy = "`ragonomics compare` shows which designs run".to_owned();
        CliError::flag(&case.pair_name(pair), Fault::Conflict { message: failure.to_string(), remedy })
    })?;
    Ok(match format {
        Format::Json => pretty(&rows::document(&explanation, case)),
        Format::Csv => rows::rows(&explanation, case).to_csv(),
        Format::Markdown => rows::to_markdown(&explanation, case),
        Format::Table => rows::to_text(&explanation, case, output.width, output.color),
    })
}

/// Adds a key with a document to the object that a JSON text is.
fn with_key(text: &str, key: &str, document: &str) -> String {
    let open = text.trim_end().strip_suffix('}').unwrap_or(text).trim_end();
    let indented = document.trim_end().replace('\n', "\n  ");
    format!("{open},\n  \"{key}\": {indented}\n}}\n")
}
