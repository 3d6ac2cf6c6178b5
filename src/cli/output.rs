//! Where results and messages go, and how the program ends.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use super::ColorChoice;
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Place};
use crate::document::reason;

/// Width of tables where standard output is no terminal.
const PIPE_WIDTH: u16 = 80;

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub enum CliError {
    /// Bad input, with all its faults.
    Input(Diagnostics),
    /// Something could not be read or written.
    Io(Diagnostics),
    /// The reasons are already printed beside the results; the input was bad.
    Reported,
}

impl CliError {
    /// Returns an error for one fault of a flag or argument.
    pub fn flag(flag: &str, fault: Fault) -> CliError {
        CliError::Input(Diagnostics::one(Place::whole(flag), fault))
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

/// The two streams, and how they may look.
pub struct Output {
    /// Whether results may carry colour.
    pub color: bool,
    /// Whether the terminal application may use colour.
    pub color_choice: Option<bool>,
    /// Columns of a table.
    pub width: u16,
    quiet: bool,
    verbose: bool,
}

impl Output {
    /// Decides colour and width from the flags, the environment and the terminal.
    pub(super) fn new(choice: ColorChoice, quiet: bool, verbose: bool) -> Output {
        let stdout = io::stdout();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let color_choice = match choice {
            ColorChoice::Always => Some(true),
            ColorChoice::Never => Some(false),
            ColorChoice::Auto => (no_color || dumb).then_some(false),
        };
        let color = color_choice.unwrap_or(stdout.is_terminal());
        let width = if stdout.is_terminal() {
            crossterm::terminal::size().map_or(PIPE_WIDTH, |(columns, _)| columns.max(40))
        } else {
            PIPE_WIDTH
        };
        Output { color, color_choice, width, quiet, verbose }
    }

    /// Writes a result. A reader that went away is no error.
    pub fn result(&self, text: &str) -> Result<(), CliError> {
        self.result_bytes(text.as_bytes())
    }

    /// Writes a result of any bytes.
    pub fn result_bytes(&self, bytes: &[u8]) -> Result<(), CliError> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(CliError::write("standard output", &error))
            }
            _ => Ok(()),
        }
    }

    /// Prints a warning or note, unless the user wants quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Prints a detail that only the curious want.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            let _ = writeln!(io::stderr(), "{text}");
        }
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
            CliError::Reported => {}
        }
        ExitCode::from(match error {
            CliError::Input(_) | CliError::Reported => 2,
            CliError::Io(_) => 3,
        })
    }
}

/// Writes a file whole or not at all: to a temporary file beside it, then renamed.
///
/// # Errors
/// The file cannot be written; an earlier one is then untouched.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.display().to_string();
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".ragonomics-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        set_ordinary_permissions(file.path())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| CliError::write(&name, &error))
}

/// Temporary files are private; a report is as readable as any other file of the user.
#[cfg(unix)]
fn set_ordinary_permissions(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_ordinary_permissions(_: &Path) -> io::Result<()> {
    Ok(())
}
