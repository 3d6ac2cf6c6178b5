//! What is wrong with a user's input, where it is, and what would be right.
//!
//! A [`Fault`] holds values; its text is made in `Display`, and the remedy in [`Fault::remedy`].
//! A [`Diagnostic`] puts a fault at a [`Place`]; [`Diagnostics`] collects all of a file's faults,
//! so that one run reports every mistake.

use std::fmt;

/// How bad a fault is: an error stops the command, a warning is printed beside the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; the result is still computed.
    Warning,
    /// The input cannot be used.
    Error,
}

/// A position in a named source, 1-based, with the line it points at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// File as the user named it, `-` for standard input, or the flag (`--set`).
    pub source: String,
    /// Line, from 1; 0 when the fault concerns the whole source.
    pub line: usize,
    /// Column in characters, from 1; 0 when the fault concerns the whole source.
    pub column: usize,
    /// The source line, cut to a readable length.
    pub excerpt: String,
    /// Length of the marked text in characters.
    pub width: usize,
}

/// Longest excerpt shown: one terminal line beside the line number.
const EXCERPT_CHARACTERS: usize = 72;

impl Place {
    /// Returns a place that means the whole source rather than one position in it.
    pub fn whole(source: &str) -> Self {
        Place { source: source.to_owned(), line: 0, column: 0, excerpt: String::new(), width: 0 }
    }

    /// Returns the place of a byte range in `text`.
    pub fn at(source: &str, text: &str, span: std::ops::Range<usize>) -> Self {
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &text[..start];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = text[line_start..start].chars().count() + 1;
        let whole_line = text[line_start..].lines().next().unwrap_or("");
        let marked = text.get(start..span.end.min(text.len())).unwrap_or("");
        let width = marked.lines().next().unwrap_or("").chars().count().max(1);
        Place { source: source.to_owned(), line, column, excerpt: cut(whole_line), width }
    }
}

/// Cuts a long line so that the excerpt stays readable; the beginning is kept.
fn cut(line: &str) -> String {
    if line.chars().nth(EXCERPT_CHARACTERS).is_none() {
        return line.to_owned();
    }
    let kept: String = line.chars().take(EXCERPT_CHARACTERS - 1).collect();
    format!("{kept}…")
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}", self.source)
        } else {
            write!(f, "{}:{}:{}", self.source, self.line, self.column)
        }
    }
}

/// One kind of mistake, with the values that its message needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The source could not be read at all.
    Unreadable {
        /// What the operating system said.
        reason: String,
    },
    /// A folder stands where a file was expected.
    IsADirectory,
    /// The file is larger than any such file should be.
    TooLarge {
        /// Size in bytes.
        bytes: u64,
        /// Largest size accepted, in bytes.
        limit: u64,
    },
    /// The bytes are not UTF-8 text.
    NotUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// The file has no content.
    Empty {
        /// What the file should hold.
        expected: &'static str,
    },
    /// The text is not TOML.
    Syntax {
        /// The parser's message.
        message: String,
    },
    /// A key that means nothing here.
    UnknownKey {
        /// The key as written, with its path.
        key: String,
        /// The nearest known key.
        nearest: Option<String>,
    },
    /// A name that is not in the list it should come from.
    UnknownName {
        /// What kind of thing was looked for, such as "model".
        kind: &'static str,
        /// The name as written.
        name: String,
        /// The nearest known names, best first.
        nearest: Vec<String>,
    },
    /// A name that could mean several things.
    AmbiguousName {
        /// What kind of thing was looked for.
        kind: &'static str,
        /// The name as written.
        name: String,
        /// What it could mean.
        candidates: Vec<String>,
    },
    /// A value of the wrong type.
    WrongType {
        /// The key.
        key: String,
        /// What would be right.
        expected: String,
        /// What was found.
        found: &'static str,
    },
    /// A text that cannot be read as a number with units.
    NotANumber {
        /// The key.
        key: String,
        /// The text as written.
        text: String,
    },
    /// A number outside its range.
    OutOfRange {
        /// The key.
        key: String,
        /// The value as written.
        value: String,
        /// The range in words.
        range: String,
    },
    /// A text that is not one of the allowed words.
    NotOneOf {
        /// The key.
        key: String,
        /// The text as written.
        value: String,
        /// The allowed words.
        allowed: Vec<String>,
    },
    /// A text that is not a date.
    NotADate {
        /// The key.
        key: String,
        /// The text as written.
        text: String,
    },
    /// A required key is absent.
    Missing {
        /// The key.
        key: String,
        /// Why it is needed, or what to write.
        remedy: String,
    },
    /// Two things that must differ are the same.
    Duplicate {
        /// What is doubled, such as "product id".
        kind: &'static str,
        /// The doubled value.
        value: String,
        /// Where the first one stands.
        first: String,
    },
    /// Two settings contradict each other.
    Conflict {
        /// What contradicts what.
        message: String,
        /// What to do.
        remedy: String,
    },
    /// A value that is allowed but looks like a mistake.
    Suspicious {
        /// What looks wrong.
        message: String,
        /// What to check.
        remedy: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Unreadable { reason } => write!(f, "cannot be read: {reason}"),
            Fault::IsADirectory => write!(f, "is a folder, a file was expected"),
            Fault::TooLarge { bytes, limit } => {
                write!(f, "is {bytes} bytes long; at most {limit} are read")
            }
            Fault::NotUtf8 { offset } => write!(f, "is not UTF-8 text (first bad byte at offset {offset})"),
            Fault::Empty { expected } => write!(f, "is empty; {expected} was expected"),
            Fault::Syntax { message } => write!(f, "not valid TOML: {message}"),
            Fault::UnknownKey { key, .. } => write!(f, "unknown key `{key}`"),
            Fault::UnknownName { kind, name, .. } => write!(f, "unknown {kind} `{name}`"),
            Fault::AmbiguousName { kind, name, .. } => write!(f, "{kind} `{name}` could mean more than one"),
            Fault::WrongType { key, expected, found } => {
                write!(f, "`{key}` should be {expected}, found {found}")
            }
            Fault::NotANumber { key, text } => write!(f, "`{key}` is no number: `{text}`"),
            Fault::OutOfRange { key, value, range } => {
                write!(f, "`{key}` is {value}; it should be {range}")
            }
            Fault::NotOneOf { key, value, .. } => write!(f, "`{key}` cannot be `{value}`"),
            Fault::NotADate { key, text } => write!(f, "`{key}` is no date: `{text}`"),
            Fault::Missing { key, .. } => write!(f, "`{key}` is missing"),
            Fault::Duplicate { kind, value, first } => {
                write!(f, "{kind} `{value}` is used twice; first at {first}")
            }
            Fault::Conflict { message, .. } | Fault::Suspicious { message, .. } => f.write_str(message),
        }
    }
}

impl Fault {
    /// Returns what the user can do about it.
    pub fn remedy(&self) -> Option<String> {
        match self {
            Fault::Unreadable { .. } => None,
            Fault::IsADirectory => Some("name a file inside it".into()),
            Fault::TooLarge { .. } => Some("is this the right file?".into()),
            Fault::NotUtf8 { .. } => Some("save the file as UTF-8".into()),
            Fault::Empty { .. } => Some("`ragonomics scenario new` prints one to start from".into()),
            Fault::Syntax { .. } => None,
            Fault::UnknownKey { nearest, .. } => nearest.as_ref().map(|key| format!("did you mean `{key}`?")),
            Fault::UnknownName { nearest, .. } if nearest.is_empty() => None,
            Fault::UnknownName { nearest, .. } => Some(format!("did you mean {}?", quoted_list(nearest))),
            Fault::AmbiguousName { candidates, .. } => {
                Some(format!("write one of {}", quoted_list(candidates)))
            }
            Fault::WrongType { .. } => None,
            Fault::NotANumber { .. } => Some("write it as 1500, 128k, 1.5M or 3%".into()),
            Fault::OutOfRange { .. } => None,
            Fault::NotOneOf { allowed, .. } => Some(format!("write one of {}", quoted_list(allowed))),
            Fault::NotADate { .. } => Some("write it as 2026-11-22".into()),
            Fault::Duplicate { .. } => Some("remove or rename one of them".into()),
            Fault::Missing { remedy, .. }
            | Fault::Conflict { remedy, .. }
            | Fault::Suspicious { remedy, .. } => Some(remedy.clone()),
        }
    }
}

fn quoted_list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A fault at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub fault: Fault,
}

impl Diagnostic {
    /// Returns an error at a place.
    pub fn error(place: Place, fault: Fault) -> Self {
        Diagnostic { severity: Severity::Error, place, fault }
    }

    /// Returns a warning at a place.
    pub fn warning(place: Place, fault: Fault) -> Self {
        Diagnostic { severity: Severity::Warning, place, fault }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{word}: {}: {}", self.place, self.fault)?;
        if self.place.line > 0 {
            let number = self.place.line.to_string();
            write!(f, "\n  {number} | {}", self.place.excerpt)?;
            if self.place.column <= self.place.excerpt.chars().count() {
                let gap = " ".repeat(number.len());
                // A tab or a wide character before the marker keeps its own width in the marker line.
                let lead: String = self
                    .place
                    .excerpt
                    .chars()
                    .take(self.place.column - 1)
                    .map(|c| if c == '\t' { "\t".to_owned() } else { " ".repeat(display_width(c)) })
                    .collect();
                let room = self.place.excerpt.chars().count() + 1 - self.place.column;
                let marked: usize = self
                    .place
                    .excerpt
                    .chars()
                    .skip(self.place.column - 1)
                    .take(self.place.width.min(room))
                    .map(display_width)
                    .sum();
                write!(f, "\n  {gap} | {lead}{}", "^".repeat(marked.max(1)))?;
            }
        }
        if let Some(remedy) = self.fault.remedy() {
            write!(f, "\n  help: {remedy}")?;
        }
        Ok(())
    }
}

fn display_width(c: char) -> usize {
    unicode_width::UnicodeWidthChar::width(c).unwrap_or(0)
}

/// Every fault found in one go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Returns a collection with one error in it.
    pub fn one(place: Place, fault: Fault) -> Self {
        Diagnostics(vec![Diagnostic::error(place, fault)])
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Returns whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Sorts by place, so that a reader goes through the file once.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| a.place.cmp(&b.place));
    }

    /// Returns the errors and the warnings apart.
    pub fn split(self) -> (Diagnostics, Diagnostics) {
        let (errors, warnings) = self.0.into_iter().partition(|d| d.severity == Severity::Error);
        (Diagnostics(errors), Diagnostics(warnings))
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// Returns up to three of `known` that are close to `name`, best first.
///
/// Closeness is Damerau–Levenshtein distance, at most a third of the name's length, or a shared
/// beginning of the last path segment.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = name.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(2);
    let mut scored: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let distance = strsim::damerau_levenshtein(&wanted, &lower);
            let tail = lower.rsplit(['/', '.']).next().unwrap_or(&lower);
            let tail_distance = strsim::damerau_levenshtein(&wanted, tail) + 1;
            let best = distance.min(tail_distance);
            if best <= limit {
                Some((best, candidate))
            } else if !wanted.is_empty() && lower.contains(&wanted) {
                Some((limit + 1, candidate))
            } else {
                None
            }
        })
        .collect();
    scored.sort();
    scored.truncate(3);
    scored.into_iter().map(|(_, candidate)| candidate.to_owned()).collect()
}
