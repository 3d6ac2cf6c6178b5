//! A TOML text read key by key, with the place of every mistake.
//!
//! Both file kinds, pricing tables and scenarios, are read through [`Section`]: it converts
//! values, remembers which keys were asked for, and records a [`Fault`] instead of stopping, so
//! that all mistakes of a file come out together.
//!
//! What it reads is a [`tree`]: of a text that is parsed, or of a shipped text whose tree was
//! [`packed`] when the program was built.

pub mod edit;
pub mod file;
pub mod packed;
mod section;
pub mod tree;
pub mod write;

use std::cell::{Cell, RefCell};
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Lines, Place, Severity};
pub use file::{LARGEST_DOCUMENT, LARGEST_FILE, read_document, read_file, reason, text_from_bytes};
use section::KeyPath;
pub use section::{Section, Value};
use tree::{Table, Tree};

/// A TOML text, its name, its tree and the faults found so far.
pub struct Document<'t> {
    source: &'t str,
    text: &'t str,
    lines: Lines<'t>,
    tree: Tree<'t>,
    faults: RefCell<Diagnostics>,
    errors: Cell<usize>,
    warnings: Cell<usize>,
}

/// Most faults listed of one file; a file with more is another file, or made by a machine.
pub const MOST_FAULTS: usize = 100;

impl<'t> Document<'t> {
    /// Parses a text; syntax errors are recorded as faults and the rest is kept.
    ///
    /// `expected` says what the text should be and how to get one, for a text without content.
    pub fn parse(source: &'t str, text: &'t str, expected: (&'static str, &'static str)) -> Self {
        let (tree, mistakes) = tree::parse(text);
        let document = Document::new(source, text, tree);
        for mistake in mistakes {
            let fault = syntax_fault(&mistake.message, mistake.span.is_empty());
            document.fault(mistake.span, fault);
        }
        if document.table().entries.is_empty() && document.faults.borrow().0.is_empty() {
            let fault = Fault::Empty { expected: expected.0, remedy: expected.1 };
            document.faults.borrow_mut().push(Diagnostic::error(Place::whole(source), fault));
        }
        document
    }

    /// Takes the tree of a text without mistakes.
    pub fn new(source: &'t str, text: &'t str, tree: Tree<'t>) -> Self {
        let (lines, faults) = (Lines::new(source, text), RefCell::default());
        Document { source, text, lines, tree, faults, errors: Cell::default(), warnings: Cell::default() }
    }

    /// Returns the name of the text.
    pub fn source(&self) -> &'t str {
        self.source
    }

    /// Returns the top-level table.
    pub fn root(&self) -> Section<'_> {
        Section::new(self, KeyPath::default(), self.table(), self.tree.root.span)
    }

    fn table(&self) -> Table<'_> {
        self.tree.table(&self.tree.root).unwrap_or(Table::EMPTY)
    }

    /// Records an error.
    pub fn fault(&self, span: Range<usize>, fault: Fault) {
        self.record(Severity::Error, span, fault);
    }

    /// Records a warning.
    pub fn warn(&self, span: Range<usize>, fault: Fault) {
        self.record(Severity::Warning, span, fault);
    }

    /// Records an error at a place that was looked up before.
    pub fn fault_at(&self, place: Place, fault: Fault) {
        self.record_at(Severity::Error, place, fault);
    }

    /// Records a warning at a place that was looked up before.
    pub fn warn_at(&self, place: Place, fault: Fault) {
        self.record_at(Severity::Warning, place, fault);
    }

    fn record(&self, severity: Severity, span: Range<usize>, fault: Fault) {
        self.record_at(severity, self.place(span), fault);
    }

    fn record_at(&self, severity: Severity, place: Place, fault: Fault) {
        let counted = if severity == Severity::Error { &self.errors } else { &self.warnings };
        if counted.get() > MOST_FAULTS {
            return;
        }
        counted.set(counted.get() + 1);
        self.faults.borrow_mut().push(Diagnostic { severity, place, fault });
    }

    /// Returns whether so many errors were found that looking for more helps nobody.
    pub fn is_hopeless(&self) -> bool {
        self.errors.get() > MOST_FAULTS
    }

    /// Returns the place of a byte range.
    pub fn place(&self, span: Range<usize>) -> Place {
        self.lines.place(span)
    }

    /// Returns the line on which a byte range starts, from 1.
    pub fn line(&self, span: &Range<usize>) -> usize {
        self.lines.line(span.start.min(self.text.len()))
    }

    /// Returns all faults, in the order of the file.
    ///
    /// Behind a syntax error the parser guesses on: what it then finds on the same line, and keys that only
    /// seem unknown or missing, would send the reader after mistakes that are not there.
    pub fn into_faults(self) -> Diagnostics {
        let mut faults = self.faults.into_inner();
        let syntax = |d: &&Diagnostic| matches!(d.fault, Fault::Syntax { .. });
        let broken: Vec<usize> = faults.0.iter().filter(syntax).map(|d| d.place.line).collect();
        if !broken.is_empty() {
            faults.0.retain(|d| match d.fault {
                Fault::Syntax { .. } => true,
                Fault::UnknownKey { .. } | Fault::Missing { .. } => false,
                _ => !broken.contains(&d.place.line),
            });
        }
        let (mut errors, mut warnings) = faults.split();
        shorten(&mut errors, Diagnostic::error);
        shorten(&mut warnings, Diagnostic::warning);
        errors.0.extend(warnings.0);
        errors.sort();
        errors
    }
}

/// Returns whether a text holds nothing but blank lines and comments.
pub fn is_blank(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// Keeps the first faults of one severity and says that there are more.
fn shorten(faults: &mut Diagnostics, diagnostic: fn(Place, Fault) -> Diagnostic) {
    faults.sort();
    if faults.0.len() > MOST_FAULTS {
        faults.0.truncate(MOST_FAULTS);
        let place = Place::whole(&faults.0[0].place.source);
        faults.push(diagnostic(place, Fault::TooMany { listed: MOST_FAULTS }));
    }
}

/// Says in the program's words what the parser says in its own; nothing but its text tells its errors apart.
fn syntax_fault(message: &str, nothing_there: bool) -> Fault {
    let (message, remedy) = match message {
        text if text.starts_with("string values must be quoted") && nothing_there => {
            ("a value is missing", Some("write one after the `=`, or remove the line"))
        }
        text if text.starts_with("string values must be quoted") => {
            ("a text without quotes", Some("write texts, and numbers with units such as \"50k\", in quotes"))
        }
        "invalid basic string, expected `\"`" => {
            ("a text that does not end", Some("end the text with a quote on the same line"))
        }
        text if text.contains("expected newline") => {
            (text, Some("nothing may follow the value; a large number is written 1000, 1_000 or \"1k\""))
        }
        text if text.contains("invalid float") => {
            (text, Some("write days as 2026-11-22, and texts in quotes"))
        }
        text if text.contains("invalid date") => {
            (text, Some("write a day of the calendar, such as 2026-11-22"))
        }
        text if text.contains("with no value, expected `=`") => {
            (text, Some("write KEY = VALUE; a group of keys begins with [NAME]"))
        }
        text if text.contains("duplicate key") => (text, Some("keep one of the two")),
        text if text.contains("recur") => (text, Some("this deep, no file of ragonomics goes")),
        text => (text, None),
    };
    Fault::Syntax { message: message.to_owned(), remedy }
}
