//! What is wrong with a user's input, where it is, and what would be right.
//!
//! A [`Fault`] holds values; its text is made in `Display`, and the remedy in [`Fault::remedy`].
//! A [`Diagnostic`] puts a fault at a [`Place`]; [`Diagnostics`] collects all of a file's faults,
//! so that one run reports every mistake.

use std::cell::{Cell, OnceCell};
use std::fmt;
use std::ops::Range;

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
    /// The part of the source line around the mark, cut to a readable length.
    pub excerpt: String,
    /// Characters of the excerpt before the marked text.
    pub lead: usize,
    /// Length of the marked text in characters.
    pub width: usize,
}

/// Longest excerpt shown: one terminal line beside the line number.
const EXCERPT_CHARACTERS: usize = 72;

/// Characters of a long line that are kept before a mark far inside it.
const KEPT_BEFORE: usize = 24;

impl Place {
    /// Returns a place that means the whole source rather than one position in it.
    pub fn whole(source: &str) -> Self {
        Place { source: source.to_owned(), line: 0, column: 0, excerpt: String::new(), lead: 0, width: 0 }
    }
}

/// A source text whose lines were found once, so that thousands of places in it are found quickly.
#[derive(Debug)]
pub struct Lines<'t> {
    source: &'t str,
    text: &'t str,
    /// First byte of each line; found when the first place is asked for, as a sound text has none to show.
    starts: OnceCell<Vec<usize>>,
    /// The last column found, as (start of its line, byte, characters before it): places in one long
    /// line are mostly asked for from left to right.
    last: Cell<(usize, usize, usize)>,
}

impl<'t> Lines<'t> {
    /// Takes a text.
    pub fn new(source: &'t str, text: &'t str) -> Self {
        Lines { source, text, starts: OnceCell::new(), last: Cell::default() }
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        })
    }

    /// Returns the line of a byte, from 1.
    pub fn line(&self, byte: usize) -> usize {
        self.starts().partition_point(|start| *start <= byte)
    }

    /// Returns the place of a byte range.
    pub fn place(&self, span: Range<usize>) -> Place {
        let mut start = span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let line = self.line(start);
        let line_start = self.starts()[line - 1];
        let before = self.characters(line_start, start);
        let marked = self.text.get(start..span.end.min(self.text.len())).unwrap_or("");
        let width = on_this_line(marked).take(EXCERPT_CHARACTERS).count().max(1);
        let (excerpt, lead) = excerpt(&self.text[line_start..], &self.text[line_start..start], before);
        Place { source: self.source.to_owned(), line, column: before + 1, excerpt, lead, width }
    }

    /// Counts the characters from the start of a line to a byte of it.
    fn characters(&self, line_start: usize, byte: usize) -> usize {
        let (line, known, count) = self.last.get();
        let (from, counted) = if line == line_start && known <= byte && known >= line_start {
            (known, count)
        } else {
            (line_start, 0)
        };
        let count = counted + self.text[from..byte].chars().count();
        self.last.set((line_start, byte, count));
        count
    }
}

fn on_this_line(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().take_while(|c| !matches!(c, '\n' | '\r'))
}

/// Cuts a line so that the mark stays in sight; returns the excerpt and the characters before the mark.
fn excerpt(line: &str, until_mark: &str, before: usize) -> (String, usize) {
    let cut = if before < EXCERPT_CHARACTERS - KEPT_BEFORE { 0 } else { before - KEPT_BEFORE };
    let skipped = match cut {
        0 => 0,
        _ => until_mark.char_indices().rev().nth(KEPT_BEFORE - 1).map_or(0, |(at, _)| at),
    };
    let mut kept: String = if cut > 0 { "…".into() } else { String::new() };
    let mut rest = on_this_line(&line[skipped..]);
    kept.extend(rest.by_ref().take(EXCERPT_CHARACTERS - 2).map(visible));
    if rest.next().is_some() {
        kept.push('…');
    }
    (kept, before - cut + usize::from(cut > 0))
}

/// Shows a character that a terminal would obey instead of printing.
fn visible(c: char) -> char {
    if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }
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
        /// How to get one.
        remedy: &'static str,
    },
    /// The text is not TOML.
    Syntax {
        /// The parser's message.
        message: String,
        /// What to do about it, where it does not say so itself.
        remedy: Option<&'static str>,
    },
    /// A key that means nothing here.
    UnknownKey {
        /// The key as written, with its path.
        key: String,
        /// The nearest known key.
        nearest: Option<String>,
        /// Where the known keys are found, for one that is like no other.
        otherwise: String,
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
    /// A text that is empty or holds what cannot be shown.
    BadText {
        /// The key.
        key: String,
        /// What is wrong with the text.
        problem: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A text that cannot be read as an exact price.
    NotAPrice {
        /// The key.
        key: String,
        /// The text as written.
        text: String,
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
    /// So many mistakes that the rest is not worth listing.
    TooMany {
        /// How many are listed.
        listed: usize,
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
                write!(f, "is {bytes} bytes long or more; at most {limit} are read")
            }
            Fault::NotUtf8 { offset } => write!(f, "is not UTF-8 text (first bad byte at offset {offset})"),
            Fault::Empty { expected, .. } => write!(f, "is empty; {expected} was expected"),
            Fault::Syntax { message, .. } => write!(f, "not valid TOML: {message}"),
            Fault::UnknownKey { key, .. } => write!(f, "unknown key `{key}`"),
            Fault::UnknownName { kind, name, .. } => write!(f, "unknown {kind} `{name}`"),
            Fault::AmbiguousName { kind, name, .. } => write!(f, "{kind} `{name}` could mean more than one"),
            Fault::WrongType { key, expected, found } => {
                write!(f, "`{key}` should be {expected}, found {found}")
            }
            Fault::BadText { key, problem, .. } => write!(f, "`{key}` {problem}"),
            Fault::NotAPrice { key, text } => write!(f, "`{key}` is no price: `{text}`"),
            Fault::TooMany { listed } => write!(f, "has more mistakes than the {listed} listed"),
            Fault::NotANumber { key, text } => write!(f, "`{key}` is no number: `{text}`"),
            Fault::OutOfRange { key, value, range } => {
                write!(f, "`{key}` is {value}; it should be {range}")
            }
            Fault::NotOneOf { key, value, .. } => write!(f, "`{key}` cannot be `{value}`"),
            Fault::NotADate { key, text } => write!(f, "`{key}` is no date: `{text}`"),
            Fault::Missing { key, .. } => write!(f, "`{key}` is missing"),
            Fault::Duplicate { kind, value, first } => {
                write!(f, "{kind} `{value}` is used twice; first {first}")
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
            Fault::Empty { remedy, .. } | Fault::BadText { remedy, .. } => Some((*remedy).into()),
            Fault::Syntax { remedy, .. } => remedy.map(str::to_owned),
            Fault::UnknownKey { nearest: Some(key), .. } => Some(format!("did you mean `{key}`?")),
            Fault::UnknownKey { otherwise, .. } => Some(otherwise.clone()),
            Fault::UnknownName { kind, nearest, .. } if nearest.is_empty() => Some(where_listed(kind)),
            Fault::UnknownName { nearest, .. } => Some(format!("did you mean {}?", quoted_list(nearest))),
            Fault::AmbiguousName { candidates, .. } => {
                Some(format!("write one of {}", quoted_list(candidates)))
            }
            Fault::WrongType { .. } => None,
            Fault::NotANumber { .. } => Some("write it as 1500, 128k, 1.5M or 3%".into()),
            Fault::OutOfRange { value, range, .. } => percent_remedy(value, range),
            Fault::NotOneOf { allowed, .. } => Some(format!("write one of {}", quoted_list(allowed))),
            Fault::NotADate { .. } => Some("write a day of the calendar, such as 2026-11-22".into()),
            Fault::NotAPrice { .. } => {
                Some("write a plain number, such as 1.50; the currency has a key of its own".into())
            }
            Fault::TooMany { .. } => Some("is this the right file?".into()),
            Fault::Duplicate { .. } => Some("remove or rename one of them".into()),
            Fault::Missing { remedy, .. }
            | Fault::Conflict { remedy, .. }
            | Fault::Suspicious { remedy, .. } => Some(remedy.clone()),
        }
    }
}

/// Says where the names of a kind are found, for a name that is like no other.
fn where_listed(kind: &str) -> String {
    match kind {
        "embedding model" => "`ragonomics models kind:embedding` lists them".into(),
        "vector store" => "`ragonomics models kind:vector_store` lists them".into(),
        "model pattern" => "a pattern matches whole ids, such as `openai/*` or `*mini*`".into(),
        "column" => "`ragonomics models --help` lists them".into(),
        "meter" => "a meter is named such as `input_tokens`, `images` or `web_searches`".into(),
        _ => "`ragonomics models` lists them; --pricing adds tables of your own".into(),
    }
}

/// Says how a percentage is written, for a share above one that looks like a number of percent.
fn percent_remedy(value: &str, range: &str) -> Option<String> {
    let percent: f64 = value.parse().ok()?;
    let meant = range == "from 0 to 1" && percent > 1.0 && percent <= 100.0;
    meant.then(|| format!("{percent} percent is written \"{percent}%\" or {}", percent / 100.0))
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
        let fault = self.fault.to_string();
        // A flag that its own fault names is named once.
        let named = format!("`{}` ", self.place.source);
        let head = match fault.strip_prefix(&named).filter(|_| self.place.line == 0) {
            Some(rest) => format!("{word}: {} {rest}", self.place),
            None => format!("{word}: {}: {fault}", self.place),
        };
        f.write_str(&head.chars().map(visible).collect::<String>())?;
        if self.place.line > 0 {
            self.write_excerpt(f)?;
        }
        if let Some(remedy) = self.fault.remedy() {
            write!(f, "\n  help: {}", remedy.chars().map(visible).collect::<String>())?;
        }
        Ok(())
    }
}

impl Diagnostic {
    /// Writes the source line with a mark below.
    fn write_excerpt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.place.line.to_string();
        let gap = " ".repeat(number.len());
        // A tab or a wide character before the mark keeps its own width in the line of the mark.
        let lead = self.place.excerpt.chars().take(self.place.lead);
        let lead: String =
            lead.map(|c| if c == '\t' { "\t".to_owned() } else { " ".repeat(display_width(c)) }).collect();
        let marked = self.place.excerpt.chars().skip(self.place.lead).take(self.place.width);
        let marked: usize = marked.map(display_width).sum();
        write!(f, "\n  {number} | {}\n  {gap} | {lead}{}", self.place.excerpt, "^".repeat(marked.max(1)))
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

/// Finds what a word of a closed list means.
///
/// # Errors
/// A fault of `key` that lists the words.
pub fn one_of<T: Copy>(key: &str, text: &str, words: &[(&str, T)]) -> Result<T, Fault> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    found.ok_or_else(|| Fault::NotOneOf {
        key: key.to_owned(),
        value: text.to_owned(),
        allowed: words.iter().map(|(word, _)| (*word).to_owned()).collect(),
    })
}

/// Returns the word of a closed list for a meaning; empty where the list leaves it out.
pub fn word_for<T: PartialEq>(meaning: T, words: &[(&'static str, T)]) -> &'static str {
    words.iter().find(|(_, known)| *known == meaning).map_or("", |(word, _)| word)
}

/// Returns the names that are close to `name`, or all of a short list where none is.
pub fn nearest_or_all<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Vec<String> {
    let near = nearest(name, known.clone());
    if near.is_empty() { known.into_iter().map(str::to_owned).collect() } else { near }
}

/// Returns up to three of `known` that are close to `name`, best first.
///
/// Closeness is Damerau–Levenshtein distance, at most a third of the name's length, or the same last path segment, such
/// as a model of another vendor, or a shared beginning of it.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    let limit = (length / 3).max(if length > 3 { 2 } else { 1 });
    let mut scored: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let tail = lower.rsplit(['/', '.']).next().unwrap_or(&lower);
            let best = distance(&wanted, &lower, limit).min(distance(&wanted, tail, limit).saturating_add(1));
            let elsewhere = wanted.rsplit_once('/').is_some_and(|(_, own)| own == tail);
            let best = if elsewhere { best.min(2) } else { best };
            let inside = |inner: &str, outer: &str| inner.len() >= 3 && outer.contains(inner);
            if best <= limit {
                Some((best, candidate))
            } else if inside(&wanted, &lower) || inside(tail, &wanted) {
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

/// Returns the distance of two names, or the largest number where their lengths alone differ by more than
/// the limit.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    if a.chars().count().abs_diff(b.chars().count()) > limit {
        return usize::MAX;
    }
    strsim::damerau_levenshtein(a, b)
}
