//! Where results and messages go, and how the program ends.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::progress::Progress;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Place};
use crate::document::reason;
use crate::document::write::{write_new, write_together};
use crate::present::wrap;
use crate::tui::theme::ColorChoice;

/// Width of tables where standard output is no terminal.
const PIPE_WIDTH: u16 = 80;

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub enum CliError {
    /// Bad input, with all its faults.
    Input(Diagnostics),
    /// Something could not be read or written.
    Io(Diagnostics),
    /// The system asked the program to end.
    Signal(i32),
    /// The reasons are already printed beside the results; the input was bad.
    Reported,
    /// A check said no; what it found is printed.
    No,
}

impl CliError {
    /// Returns an error for one fault of a flag or argument.
    pub fn flag(flag: &str, fault: Fault) -> CliError {
        CliError::Input(Diagnostics::one(Place::whole(flag), fault))
    }

    /// Returns the faults; none where they are printed already.
    pub fn into_faults(self) -> Diagnostics {
        match self {
            CliError::Input(faults) | CliError::Io(faults) => faults,
            CliError::Signal(_) | CliError::Reported | CliError::No => Diagnostics::default(),
        }
    }

    /// Returns an error for a terminal that cannot be drawn on.
    pub fn terminal(error: &io::Error) -> CliError {
        let fault = Fault::Unreadable { reason: reason(error) };
        CliError::Io(Diagnostics::one(Place::whole("the terminal"), fault))
    }

    /// Returns an error for a file that could not be written.
    pub fn write(what: &str, error: &io::Error) -> CliError {
        let message = format!("cannot be written: {}", reason(error));
        let fault = Fault::Conflict { message, remedy: "check the folder and its permissions".into() };
        CliError::Io(Diagnostics::one(Place::whole(what), fault))
    }
}

impl From<Diagnostics> for CliError {
    /// What could not be read is an error of reading; everything else is bad input.
    fn from(faults: Diagnostics) -> CliError {
        if faults.0.iter().any(|d: &Diagnostic| matches!(d.fault, Fault::Unreadable { .. })) {
            return CliError::Io(faults);
        }
        CliError::Input(faults)
    }
}

/// The two streams, how they may look, and the user's settings.
pub struct Output {
    /// The user's settings, for what no flag says.
    pub config: Config,
    /// Whether results may carry colour.
    pub color: bool,
    /// What the user said about colour.
    pub color_choice: ColorChoice,
    /// Columns of a table.
    pub width: u16,
    quiet: bool,
    verbose: bool,
}

impl Output {
    /// Decides colour and width from the flags, the environment and the terminal.
    pub(super) fn new(color_choice: ColorChoice, quiet: bool, verbose: bool) -> Output {
        let stdout = io::stdout();
        let allowed = color_choice.is_allowed(|name| std::env::var(name).ok());
        let color = allowed && (color_choice == ColorChoice::Always || stdout.is_terminal());
        let width = if stdout.is_terminal() {
            crossterm::terminal::size().map_or(PIPE_WIDTH, |(columns, _)| columns.max(40))
        } else {
            PIPE_WIDTH
        };
        Output { config: Config::default(), color, color_choice, width, quiet, verbose }
    }

    /// Writes a result. A reader that went away is no error.
    pub fn result(&self, text: &str) -> Result<(), CliError> {
        self.result_bytes(text.as_bytes())
    }

    /// Writes a result of any bytes.
    pub fn result_bytes(&self, bytes: &[u8]) -> Result<(), CliError> {
        self.write(|out| out.write_all(bytes))
    }

    /// Writes a long result part by part, and works out no more of it once its reader went away.
    pub fn result_in_parts(&self, mut parts: impl Iterator<Item = String>) -> Result<(), CliError> {
        self.write(|out| parts.try_for_each(|part| out.write_all(part.as_bytes())))
    }

    /// Writes a JSON document that may be worked out while it is written.
    pub fn result_json(&self, document: &impl Serialize) -> Result<(), CliError> {
        self.write(|out| {
            serde_json::to_writer_pretty(&mut *out, document)?;
            out.write_all(b"\n")
        })
    }

    fn write(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        match write(&mut stdout).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(CliError::write("standard output", &error))
            }
            _ => Ok(()),
        }
    }

    /// Breaks a text at the width of the output; it ends with a line break.
    pub fn wrapped(&self, text: &str) -> String {
        wrap(text, usize::from(self.width)).join("\n") + "\n"
    }

    /// Prints a warning or note, unless the user wants quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Returns whether the user wants everything listed.
    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Prints a detail that only the curious want.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Begins to tell how far long work is.
    pub fn progress(&self, what: &'static str) -> Progress {
        Progress::of(what, self.quiet)
    }

    /// Prints warnings.
    pub fn warnings(&self, warnings: &Diagnostics) {
        for warning in &warnings.0 {
            self.note(&warning.to_string());
        }
    }

    /// Prints an error and returns the exit code that goes with it.
    pub(super) fn fail(&self, error: &CliError) -> ExitCode {
        let mut stderr = io::stderr();
        match error {
            CliError::Input(faults) | CliError::Io(faults) => {
                let count = faults
                    .0
                    .iter()
                    .filter(|d: &&Diagnostic| d.severity == crate::diagnostic::Severity::Error)
                    .count();
                let _ = writeln!(stderr, "{faults}");
                if count > 1 {
                    let _ = writeln!(stderr, "{count} errors");
                }
            }
            CliError::Reported | CliError::No | CliError::Signal(_) => {}
        }
        ExitCode::from(match error {
            CliError::Input(_) | CliError::Reported => 2,
            // The convention of shells for a program that a signal ended.
            CliError::Signal(signal) => u8::try_from(128 + signal).unwrap_or(1),
            CliError::Io(_) => 3,
            CliError::No => 1,
        })
    }
}

/// Writes a file whole or not at all: to a temporary file beside it, then renamed.
///
/// # Errors
/// The file cannot be written; an earlier one is then untouched.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write_files(&[(path, bytes)])
}

/// Writes files that belong together: none is put in its place before all are on the disk.
///
/// # Errors
/// One of them cannot be written; earlier ones are then untouched.
pub fn write_files<P: AsRef<Path>, B: AsRef<[u8]>>(files: &[(P, B)]) -> Result<(), CliError> {
    write_together(files).map_err(|(path, error)| CliError::write(&path.display().to_string(), &error))
}

/// Writes a file that must not be there yet, for the command that makes it.
///
/// # Errors
/// Bad usage where it exists; otherwise it cannot be written.
pub fn write_new_file(path: &Path, bytes: &[u8], remedy: &str) -> Result<(), CliError> {
    write_new(path, bytes).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            let message = format!("{} exists and is left as it is", path.display());
            CliError::flag("FILE", Fault::Conflict { message, remedy: remedy.to_owned() })
        }
        _ => CliError::write(&path.display().to_string(), &error),
    })
}
