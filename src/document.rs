//! A TOML text read key by key, with the place of every mistake.
//!
//! Both file kinds, pricing tables and scenarios, are read through [`Section`]: it converts
//! values, remembers which keys were asked for, and records a [`Fault`] instead of stopping, so
//! that all mistakes of a file come out together.
//!
//! What it reads is a [`tree`]: of a text that is parsed, or of a shipped text whose tree was
//! [`packed`] when the program was built.

pub mod packed;
pub mod tree;

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Lines, Place, Severity, nearest, one_of};
use crate::units::{CURRENCY_CODE, Currency, parse_decimal, parse_number};
use tree::{Content, Entry, Node, Span, Table, Tree};

/// Largest scenario or pricing file that is read, in bytes. The largest table shipped is a
/// fiftieth of it; anything longer is some other file.
pub const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// Largest document whose tokens are counted, in bytes: some fifty million tokens.
pub const LARGEST_DOCUMENT: u64 = 256 * 1024 * 1024;

/// Reads a text file for parsing.
///
/// # Errors
/// A fault for the whole file: it cannot be read, is a folder, too large, or not UTF-8.
pub fn read_file(path: &Path) -> Result<String, Diagnostics> {
    read_up_to(path, LARGEST_FILE)
}

/// Reads a text whose tokens are counted; it may be longer than any file that is parsed.
///
/// # Errors
/// As [`read_file`].
pub fn read_document(path: &Path) -> Result<String, Diagnostics> {
    read_up_to(path, LARGEST_DOCUMENT)
}

fn read_up_to(path: &Path, limit: u64) -> Result<String, Diagnostics> {
    let name = path.display().to_string();
    let fail = |fault| Diagnostics::one(Place::whole(&name), fault);
    let unreadable = |error: std::io::Error| fail(Fault::Unreadable { reason: reason(&error) });
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if meta.is_dir() {
        return Err(fail(Fault::IsADirectory));
    }
    // A pipe or a device has no length to ask for: reading itself stops at the limit.
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let length = meta.len().max(bytes.len() as u64);
    if length > limit {
        return Err(fail(Fault::TooLarge { bytes: length, limit }));
    }
    text_from_bytes(&name, bytes)
}

/// Checks that bytes from any source are UTF-8 text and drops a byte-order mark.
pub fn text_from_bytes(name: &str, bytes: Vec<u8>) -> Result<String, Diagnostics> {
    let text = String::from_utf8(bytes).map_err(|e| {
        let offset = e.utf8_error().valid_up_to();
        Diagnostics::one(Place::whole(name), Fault::NotUtf8 { offset })
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// Says an operating-system error in a few words, without its number.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

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

    fn record(&self, severity: Severity, span: Range<usize>, fault: Fault) {
        let counted = if severity == Severity::Error { &self.errors } else { &self.warnings };
        if counted.get() > MOST_FAULTS {
            return;
        }
        counted.set(counted.get() + 1);
        let place = self.place(span);
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

/// A value in its place, for readers that decide on the type themselves.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    node: &'d Node<'d>,
}

impl<'d> Value<'d> {
    /// Returns the byte range of the value.
    pub fn span(&self) -> Range<usize> {
        self.node.span.range()
    }

    /// Returns the text, if it is one.
    pub fn as_text(&self) -> Option<&'d str> {
        match &self.node.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.node.content {
            Content::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the number as written; units such as `128k` are allowed inside quotes.
    pub fn as_number(&self) -> Option<f64> {
        match &self.node.content {
            Content::Integer(..) | Content::Float(_) => exact(self.node).and_then(|d| d.to_f64()),
            Content::Text(text) => parse_number(text),
            _ => None,
        }
    }

    /// Returns whether a number is one at all: TOML writes infinity as `inf` and no number as `nan`.
    fn is_finite(&self) -> bool {
        !matches!(&self.node.content, Content::Float(digits) if digits.contains(['n', 'i']))
    }

    /// Returns the name of the TOML type.
    pub fn kind(&self) -> &'static str {
        self.node.kind()
    }

    /// Returns what the value looks like in the file, for messages.
    pub fn shown(&self, document: &Document<'_>) -> String {
        document.text.get(self.span()).unwrap_or("").trim().to_owned()
    }
}

fn exact(node: &Node<'_>) -> Option<Decimal> {
    match &node.content {
        Content::Integer(digits, 10) => parse_decimal(digits),
        Content::Integer(digits, radix) => {
            i64::from_str_radix(digits, u32::from(*radix)).ok().map(Decimal::from)
        }
        Content::Float(digits) => parse_decimal(digits),
        Content::Text(text) => parse_decimal(text),
        _ => None,
    }
}

/// The keys from the root to a section, the last ones empty; no file goes deeper.
#[derive(Clone, Copy, Default)]
struct KeyPath<'d>([&'d str; 3]);

impl<'d> KeyPath<'d> {
    fn below(mut self, key: &'d str) -> KeyPath<'d> {
        if let Some(free) = self.0.iter_mut().find(|known| known.is_empty()) {
            *free = key;
        }
        self
    }

    fn with(&self, key: &str) -> String {
        let mut full = String::new();
        for known in self.0.iter().take_while(|known| !known.is_empty()) {
            full.push_str(known);
            full.push('.');
        }
        full + key
    }
}

/// Returns whether a text is printable ASCII that begins with a letter or sign, as almost all texts are; every byte
/// is looked at, which is faster than to stop at the first that differs.
fn is_plain(text: &str) -> bool {
    let printable = text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    printable && !text.is_empty() && !text.starts_with(' ')
}

/// Entries of a table that are noted by a bit when they are asked for; later ones are noted by name.
const NOTED_BY_BIT: usize = u64::BITS as usize;

/// A table of a document, read key by key.
pub struct Section<'d> {
    document: &'d Document<'d>,
    path: KeyPath<'d>,
    table: Table<'d>,
    span: Span,
    /// The last entry found: keys are mostly asked for in the order in which files have them.
    last: Cell<usize>,
    /// Entries that were asked for, the first one in the lowest bit.
    read: Cell<u64>,
    /// Keys that were asked for and are not noted in `read`: mostly those that the table does not have.
    asked: RefCell<Vec<&'d str>>,
    /// Keys that are known beside those asked for.
    known: Cell<&'static [&'static str]>,
}

impl<'d> Section<'d> {
    fn new(document: &'d Document<'d>, path: KeyPath<'d>, table: Table<'d>, span: Span) -> Section<'d> {
        let (last, read, asked, known) =
            (Cell::default(), Cell::default(), RefCell::default(), Cell::default());
        Section { document, path, table, span, last, read, asked, known }
    }

    /// Returns the document that the section belongs to.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// Returns the byte range of the table's header or body.
    pub fn span(&self) -> Range<usize> {
        self.span.range()
    }

    /// Returns a key with the path of its section before it.
    pub fn full_key(&self, key: &str) -> String {
        self.path.with(key)
    }

    /// Returns the keys as written, with the value's place, in the order of the file.
    pub fn entries(&self) -> impl Iterator<Item = (&'d str, Range<usize>, Value<'d>)> + use<'d> {
        self.table
            .entries
            .iter()
            .map(|entry| (&*entry.key, entry.key_span.range(), Value { node: &entry.value }))
    }

    /// Returns the keys that nobody asked for, in the order of the file.
    pub fn unread_keys(&self) -> impl Iterator<Item = &'d str> {
        self.unread().map(|entry| &*entry.key)
    }

    fn unread(&self) -> impl Iterator<Item = &'d Entry<'d>> {
        self.table
            .entries
            .iter()
            .enumerate()
            .filter(|(at, entry)| !self.was_read(*at, &entry.key))
            .map(|(_, entry)| entry)
    }

    fn was_read(&self, at: usize, key: &str) -> bool {
        if at < NOTED_BY_BIT { self.read.get() >> at & 1 == 1 } else { self.asked.borrow().contains(&key) }
    }

    /// Says which keys are known here beside those that are asked for.
    pub fn knows(&self, keys: &'static [&'static str]) {
        self.known.set(keys);
    }

    /// Returns a value of any type.
    pub fn value(&self, key: &'d str) -> Option<Value<'d>> {
        let found = self.table.position(key, self.last.get());
        match found {
            Some(at) if at < NOTED_BY_BIT => self.read.set(self.read.get() | 1 << at),
            _ => self.note(key),
        }
        self.last.set(found?);
        found.map(|at| Value { node: &self.table.entries[at].value })
    }

    /// Notes by its name that a key was asked for, with room for as many as are asked of a product at once.
    fn note(&self, key: &'d str) {
        let mut asked = self.asked.borrow_mut();
        if asked.is_empty() {
            asked.reserve(32);
        }
        asked.push(key);
    }

    /// Reads a text; empty texts are refused.
    pub fn text(&self, key: &'d str) -> Option<&'d str> {
        self.text_of(key, self.value(key)?)
    }

    fn text_of(&self, key: &str, value: Value<'d>) -> Option<&'d str> {
        match value.as_text() {
            Some(text) => self.printable(key, text, value.span()),
            None => self.wrong(key, value, "a text in quotes"),
        }
    }

    /// Refuses texts that are empty or would act on a terminal instead of being shown.
    fn printable(&self, key: &str, text: &'d str, span: Range<usize>) -> Option<&'d str> {
        if is_plain(text) {
            return Some(text);
        }
        let (problem, remedy) = if text.trim().is_empty() {
            ("is empty", "write a text, or leave the key out")
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            ("holds a control character", "remove it; only tabs and line breaks are allowed")
        } else {
            return Some(text);
        };
        self.document.fault(span, Fault::BadText { key: self.full_key(key), problem, remedy });
        None
    }

    /// Reads a text that must be there.
    pub fn required_text(&self, key: &'d str, remedy: &str) -> Option<&'d str> {
        let value = self.value(key);
        if value.is_none() {
            self.missing(key, remedy);
        }
        self.text_of(key, value?)
    }

    /// Records that a key is missing from this section, where it is.
    pub fn require(&self, key: &'d str, remedy: &str) {
        if self.value(key).is_none() {
            self.missing(key, remedy);
        }
    }

    /// Records that a key is missing from this section.
    pub fn missing(&self, key: &str, remedy: &str) {
        let fault = Fault::Missing { key: self.full_key(key), remedy: remedy.to_owned() };
        self.document.fault(self.span(), fault);
    }

    /// Reads one of a closed list of words.
    pub fn word<T: Copy>(&self, key: &'d str, words: &[(&str, T)]) -> Option<T> {
        let value = self.value(key)?;
        let text = self.text_of(key, value)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        found.or_else(|| {
            let fault = one_of(&self.full_key(key), text, words).err()?;
            self.document.fault(value.span(), fault);
            None
        })
    }

    /// Reads true or false.
    pub fn boolean(&self, key: &'d str) -> Option<bool> {
        let value = self.value(key)?;
        value.as_bool().or_else(|| self.wrong(key, value, "true or false"))
    }

    /// Reads a number with units, within a range given in words by the caller's own check.
    pub fn number(&self, key: &'d str) -> Option<f64> {
        let value = self.value(key)?;
        match value.as_number() {
            Some(number) if number.is_finite() => Some(number),
            _ => {
                self.not_a_number(key, value);
                None
            }
        }
    }

    /// Reads a number of zero or more.
    pub fn count(&self, key: &'d str) -> Option<f64> {
        let number = self.number(key)?;
        if number < 0.0 {
            let value = self.value(key)?;
            self.out_of_range(key, value, "zero or more");
            return None;
        }
        Some(number)
    }

    /// Reads a number above zero.
    pub fn positive(&self, key: &'d str) -> Option<f64> {
        let number = self.number(key)?;
        if number <= 0.0 {
            let value = self.value(key)?;
            self.out_of_range(key, value, "more than zero");
            return None;
        }
        Some(number)
    }

    /// Reads an exact decimal of zero or more, as prices are.
    pub fn price(&self, key: &'d str) -> Option<Decimal> {
        let value = self.value(key)?;
        match exact(value.node) {
            Some(number) if number.is_sign_negative() && !number.is_zero() => {
                self.out_of_range(key, value, "zero or more");
                None
            }
            Some(number) => Some(number),
            None => {
                match value.as_text() {
                    Some(text) => {
                        let fault = Fault::NotAPrice { key: self.full_key(key), text: text.to_owned() };
                        self.document.fault(value.span(), fault);
                    }
                    None => self.not_a_number(key, value),
                }
                None
            }
        }
    }

    fn not_a_number(&self, key: &str, value: Value<'d>) {
        let key = self.full_key(key);
        let fault = match &value.node.content {
            Content::Text(text) => Fault::NotANumber { key, text: text.to_string() },
            Content::Integer(..) | Content::Float(_) => {
                let range =
                    if value.is_finite() { "a number of at most 28 digits" } else { "a finite number" };
                Fault::OutOfRange { key, value: value.shown(self.document), range: range.into() }
            }
            _ => Fault::WrongType { key, expected: "a number".into(), found: value.kind() },
        };
        self.document.fault(value.span(), fault);
    }

    /// Records that a value is out of its range.
    pub fn out_of_range(&self, key: &str, value: Value<'d>, range: &str) {
        let fault = Fault::OutOfRange {
            key: self.full_key(key),
            value: value.shown(self.document),
            range: range.to_owned(),
        };
        self.document.fault(value.span(), fault);
    }

    /// Reads a calendar date, written bare or in quotes.
    pub fn date(&self, key: &'d str) -> Option<Date> {
        let value = self.value(key)?;
        let date = match &value.node.content {
            Content::Day(day) => {
                day.and_then(|(year, month, day)| Date::new(year as i16, month as i8, day as i8).ok())
            }
            Content::Text(text) => text.parse().ok(),
            _ => None,
        };
        if date.is_none() {
            let text = value.as_text().map_or_else(|| value.shown(self.document), str::to_owned);
            let fault = Fault::NotADate { key: self.full_key(key), text };
            self.document.fault(value.span(), fault);
        }
        date
    }

    /// Reads the code of a currency.
    pub fn currency(&self, key: &'d str) -> Option<Currency> {
        let (code, value) = (self.text(key)?, self.value(key)?);
        let currency = Currency::parse(code);
        if currency.is_none() {
            self.out_of_range(key, value, CURRENCY_CODE);
        }
        currency
    }

    /// Reads a list of texts; a single text counts as a list of one.
    pub fn text_list(&self, key: &'d str) -> Option<Vec<(&'d str, Range<usize>)>> {
        let value = self.value(key)?;
        if let Some(text) = value.as_text() {
            return self.printable(key, text, value.span()).map(|text| vec![(text, value.span())]);
        }
        let Some(items) = self.document.tree.list(value.node) else {
            return self.wrong(key, value, "a list of texts in quotes");
        };
        let mut texts = Vec::with_capacity(items.len());
        for node in items {
            let item = Value { node };
            match item.as_text() {
                Some(text) => texts.extend(self.printable(key, text, item.span()).map(|t| (t, item.span()))),
                None => {
                    let _: Option<()> = self.wrong(key, item, "a list of texts in quotes");
                }
            }
        }
        Some(texts)
    }

    /// Reads a sub-table.
    pub fn section(&self, key: &'d str) -> Option<Section<'d>> {
        let value = self.value(key)?;
        match self.document.tree.table(value.node) {
            Some(table) => Some(self.inner(key, table, value.node.span)),
            None => self.wrong(key, value, &format!("a table, written [{}]", self.full_key(key))),
        }
    }

    fn inner(&self, key: &'d str, table: Table<'d>, span: Span) -> Section<'d> {
        Section::new(self.document, self.path.below(key), table, span)
    }

    /// Reads an array of tables (`[[key]]`); a single table counts as a list of one.
    pub fn sections(&self, key: &'d str) -> Vec<Section<'d>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let wrong = |value| {
            let _: Option<()> =
                self.wrong(key, value, &format!("tables, each written [[{}]]", self.full_key(key)));
        };
        if let Some(table) = self.document.tree.table(value.node) {
            return vec![self.inner(key, table, value.node.span)];
        }
        let Some(items) = self.document.tree.list(value.node) else {
            wrong(value);
            return Vec::new();
        };
        let mut sections = Vec::with_capacity(items.len());
        for node in items {
            match self.document.tree.table(node) {
                Some(table) => sections.push(self.inner(key, table, node.span)),
                None => wrong(Value { node }),
            }
        }
        sections
    }

    fn wrong<T>(&self, key: &str, value: Value<'d>, expected: &str) -> Option<T> {
        let fault =
            Fault::WrongType { key: self.full_key(key), expected: expected.to_owned(), found: value.kind() };
        self.document.fault(value.span(), fault);
        None
    }

    /// Returns whether the section has keys that nobody asked for.
    pub fn has_unread_keys(&self) -> bool {
        self.unread().next().is_some()
    }

    /// Records every key that nobody asked for, naming the nearest one that is known.
    pub fn refuse_unknown_keys(&self) {
        if !self.has_unread_keys() {
            return;
        }
        let known = self.known_keys();
        let listed: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
        let otherwise = format!("known here: {}", listed.join(", "));
        for entry in self.unread() {
            if self.document.is_hopeless() {
                return;
            }
            let nearest = nearest(&entry.key, known.iter().copied()).into_iter().next();
            let (key, otherwise) = (self.full_key(&entry.key), otherwise.clone());
            self.document.fault(entry.key_span.range(), Fault::UnknownKey { key, nearest, otherwise });
        }
    }

    /// Returns every key that is known here, whether the table has it or not, by name.
    fn known_keys(&self) -> Vec<&'d str> {
        let entries = self.table.entries.iter().enumerate();
        let read = entries.filter(|(at, entry)| self.was_read(*at, &entry.key)).map(|(_, entry)| &*entry.key);
        let mut known: Vec<&'d str> = self.known.get().to_vec();
        known.extend(self.asked.borrow().iter().copied().chain(read));
        known.sort_unstable();
        known.dedup();
        known
    }
}
