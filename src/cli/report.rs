//! `report`: a document for somebody else.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::common::{self, WorkloadOptions};
use super::output::{CliError, Output, write_files};
use crate::analysis::summary::summary;
use crate::diagnostic::Fault;
use crate::report::{chart, document};

/// Flags of `report`.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    workload: WorkloadOptions,

    /// File to write: .md for a document with two charts beside it, .svg for the charts alone
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// What to write, whatever the ending of FILE
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<ReportFormat>,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// A Markdown document with two charts beside it
    Md,
    /// One picture with both charts
    Svg,
}

impl ReportFormat {
    fn of(args: &ReportArgs) -> Result<ReportFormat, CliError> {
        let refuse = |message: String| {
            let remedy = "end it with .md for a document with charts or with .svg for the charts alone, or add --format md|svg";
            CliError::flag("--out", Fault::Conflict { message, remedy: remedy.to_owned() })
        };
        if args.out == Path::new("-") || args.out.file_name().is_none() {
            return Err(refuse(format!("`{}` is no name of a file", args.out.display())));
        }
        if let Some(format) = args.format {
            return Ok(format);
        }
        let Some(ending) = args.out.extension() else {
            return Err(refuse(format!("`{}` has no ending that says what to write", args.out.display())));
        };
        let ending = ending.to_string_lossy();
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Ok(ReportFormat::Md),
            "svg" => Ok(ReportFormat::Svg),
            _ => Err(refuse(format!("no report is written as `.{ending}`"))),
        }
    }
}

/// Writes the report.
pub fn run(args: &ReportArgs, output: &Output) -> Result<(), CliError> {
    let format = ReportFormat::of(args)?;
    let common = common::load_common(&args.workload, output)?;
    let case = common.case()?;
    let summary = summary(&case);
    let files = match format {
        ReportFormat::Svg => vec![(args.out.clone(), chart::both(&case, &summary))],
        ReportFormat::Md => {
            let (comparison, break_even) = (beside(&args.out, "comparison"), beside(&args.out, "break-even"));
            let links = document::Charts { comparison: link(&comparison), break_even: link(&break_even) };
            vec![
                (comparison, chart::comparison(&summary)),
                (break_even, chart::break_even(&case, &summary)),
                (args.out.clone(), document::markdown(&case, &summary, &links)),
            ]
        }
    };
    write_files(&files)?;
    for (path, _) in &files {
        output.note(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Returns the path of a chart beside the document: `cost.md` has `cost-comparison.svg`.
fn beside(document: &Path, chart: &str) -> PathBuf {
    let mut name = document.file_stem().map_or_else(OsString::new, OsString::from);
    name.push(format!("-{chart}.svg"));
    document.with_file_name(name)
}

/// Returns what a document in the same folder links to.
fn link(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
