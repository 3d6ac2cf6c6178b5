//! `report`: a document for somebody else.

use clap::Args;

use super::common::ScenarioOptions;
use super::output::{CliError, Output};

/// Flags of `report`.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    options: ScenarioOptions,
}

/// Writes the report.
pub fn run(_: &ReportArgs, _: &Output) -> Result<(), CliError> {
    Ok(())
}
