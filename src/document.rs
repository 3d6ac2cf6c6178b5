//! A TOML text read key by key, with the place of every mistake.
//!
//! Both file kinds, pricing tables and scenarios, are read through [`Section`]: it converts
//! values, remembers which keys were asked for, and records a [`Fault`] instead of stopping, so
//! that all mistakes of a file come out together.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Lines, Place, Severity, nearest, one_of};
use crate::units::{CURRENCY_CODE, Currency, parse_decimal, parse_number};

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

/// A parsed TOML text with its name and the faults found so far.
pub struct Document<'t> {
    text: &'t str,
    lines: Lines<'t>,
    root: Spanned<DeTable<'t>>,
    faults: RefCell<Diagnostics>,
}

/// Most faults listed of one file; a file with more is another file, or made by a machine.
pub const MOST_FAULTS: usize = 100;

impl<'t> Document<'t> {
    /// Parses a text; syntax errors are recorded as faults and the rest is kept.
    ///
    /// `expected` says what the text should be and how to get one, for a text without content.
    pub fn parse(source: &'t str, text: &'t str, expected: (&'static str, &'static str)) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let lines = Lines::new(source, text);
        let document = Document { text, lines, root, faults: RefCell::default() };
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let fault = syntax_fault(error.message().trim(), span.is_empty());
            document.fault(span, fault);
        }
        if document.root.get_ref().is_empty() && document.faults.borrow().0.is_empty() {
            let fault = Fault::Empty { expected: expected.0, remedy: expected.1 };
            document.faults.borrow_mut().push(Diagnostic::error(Place::whole(source), fault));
        }
        document
    }

    /// Returns the top-level table.
    pub fn root(&self) -> Section<'_> {
        Section::new(self, String::new(), self.root.get_ref(), self.root.span())
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
        if self.is_hopeless() {
            return;
        }
        let place = self.place(span);
        self.faults.borrow_mut().push(Diagnostic { severity, place, fault });
    }

    /// Returns whether so many faults were found that looking for more helps nobody.
    pub fn is_hopeless(&self) -> bool {
        self.faults.borrow().0.len() > MOST_FAULTS
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
        faults.sort();
        if faults.0.len() > MOST_FAULTS {
            faults.0.truncate(MOST_FAULTS);
            let place = Place::whole(&faults.0[0].place.source);
            faults.push(Diagnostic::error(place, Fault::TooMany { listed: MOST_FAULTS }));
        }
        faults
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
    value: &'d DeValue<'d>,
    start: usize,
    end: usize,
}

impl<'d> Value<'d> {
    /// Returns the byte range of the value.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Returns the text, if it is one.
    pub fn as_text(&self) -> Option<&'d str> {
        self.value.as_str()
    }

    /// Returns the boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        self.value.as_bool()
    }

    /// Returns the number as written; units such as `128k` are allowed inside quotes.
    pub fn as_number(&self) -> Option<f64> {
        match self.value {
            DeValue::Integer(_) | DeValue::Float(_) => exact(self.value).and_then(|d| d.to_f64()),
            DeValue::String(text) => parse_number(text),
            _ => None,
        }
    }

    /// Returns whether a number is one at all: TOML writes infinity as `inf` and no number as `nan`.
    fn is_finite(&self) -> bool {
        !matches!(self.value, DeValue::Float(number) if number.as_str().contains(['n', 'i']))
    }

    /// Returns the name of the TOML type.
    pub fn kind(&self) -> &'static str {
        self.value.type_str()
    }

    /// Returns what the value looks like in the file, for messages.
    pub fn shown(&self, document: &Document<'_>) -> String {
        document.text.get(self.span()).unwrap_or("").trim().to_owned()
    }
}

fn exact(value: &DeValue<'_>) -> Option<Decimal> {
    match value {
        DeValue::Integer(number) if number.radix() == 10 => parse_decimal(number.as_str()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(Decimal::from)
        }
        DeValue::Float(number) => parse_decimal(number.as_str()),
        DeValue::String(text) => parse_decimal(text),
        _ => None,
    }
}

/// A table of a document, read key by key.
pub struct Section<'d> {
    document: &'d Document<'d>,
    path: String,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    asked: RefCell<Vec<String>>,
}

impl<'d> Section<'d> {
    fn new(
        document: &'d Document<'_>,
        path: String,
        table: &'d DeTable<'_>,
        span: Range<usize>,
    ) -> Section<'d> {
        Section { document, path, table, span, asked: RefCell::default() }
    }

    /// Returns the document that the section belongs to.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// Returns the byte range of the table's header or body.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns a key with the path of its section before it.
    pub fn full_key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Returns the keys as written, with the value's place, in the order of the file.
    pub fn entries(&self) -> Vec<(&'d str, Range<usize>, Value<'d>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| {
                let name: &'d str = key.get_ref();
                (name, key.span(), as_value(value))
            })
            .collect();
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }

    /// Returns a value of any type.
    pub fn value(&self, key: &str) -> Option<Value<'d>> {
        self.asked.borrow_mut().push(key.to_owned());
        self.table.get(key).map(as_value)
    }

    /// Reads a text; empty texts are refused.
    pub fn text(&self, key: &str) -> Option<&'d str> {
        let value = self.value(key)?;
        match value.as_text() {
            Some(text) => self.printable(key, text, value.span()),
            None => self.wrong(key, value, "a text in quotes"),
        }
    }

    /// Refuses texts that are empty or would act on a terminal instead of being shown.
    fn printable(&self, key: &str, text: &'d str, span: Range<usize>) -> Option<&'d str> {
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
    pub fn required_text(&self, key: &str, remedy: &str) -> Option<&'d str> {
        self.require(key, remedy);
        self.text(key)
    }

    /// Records that a key is missing from this section, where it is.
    pub fn require(&self, key: &str, remedy: &str) {
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
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let (text, value) = (self.text(key)?, self.value(key)?);
        one_of(&self.full_key(key), text, words)
            .map_err(|fault| self.document.fault(value.span(), fault))
            .ok()
    }

    /// Reads true or false.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        value.as_bool().or_else(|| self.wrong(key, value, "true or false"))
    }

    /// Reads a number with units, within a range given in words by the caller's own check.
    pub fn number(&self, key: &str) -> Option<f64> {
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
    pub fn count(&self, key: &str) -> Option<f64> {
        let number = self.number(key)?;
        if number < 0.0 {
            let value = self.value(key)?;
            self.out_of_range(key, value, "zero or more");
            return None;
        }
        Some(number)
    }

    /// Reads a number above zero.
    pub fn positive(&self, key: &str) -> Option<f64> {
        let number = self.number(key)?;
        if number <= 0.0 {
            let value = self.value(key)?;
            self.out_of_range(key, value, "more than zero");
            return None;
        }
        Some(number)
    }

    /// Reads an exact decimal of zero or more, as prices are.
    pub fn price(&self, key: &str) -> Option<Decimal> {
        let value = self.value(key)?;
        match exact(value.value) {
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
        let fault = match value.value {
            DeValue::String(text) => Fault::NotANumber { key, text: text.to_string() },
            DeValue::Integer(_) | DeValue::Float(_) => {
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
    pub fn date(&self, key: &str) -> Option<Date> {
        let value = self.value(key)?;
        let date = match value.value {
            DeValue::Datetime(when) if when.time.is_none() => {
                when.date.and_then(|d| Date::new(d.year as i16, d.month as i8, d.day as i8).ok())
            }
            DeValue::String(text) => text.parse().ok(),
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
    pub fn currency(&self, key: &str) -> Option<Currency> {
        let (code, value) = (self.text(key)?, self.value(key)?);
        let currency = Currency::parse(code);
        if currency.is_none() {
            self.out_of_range(key, value, CURRENCY_CODE);
        }
        currency
    }

    /// Reads a list of texts; a single text counts as a list of one.
    pub fn text_list(&self, key: &str) -> Option<Vec<(&'d str, Range<usize>)>> {
        let value = self.value(key)?;
        if let Some(text) = value.as_text() {
            return self.printable(key, text, value.span()).map(|text| vec![(text, value.span())]);
        }
        let Some(array) = value.value.as_array() else {
            return self.wrong(key, value, "a list of texts in quotes");
        };
        let mut texts = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.extend(self.printable(key, text, item.span()).map(|t| (t, item.span()))),
                None => {
                    let expected = "a list of texts in quotes".to_owned();
                    let fault = Fault::WrongType {
                        key: self.full_key(key),
                        expected,
                        found: item.get_ref().type_str(),
                    };
                    self.document.fault(item.span(), fault);
                }
            }
        }
        Some(texts)
    }

    /// Reads a sub-table.
    pub fn section(&self, key: &str) -> Option<Section<'d>> {
        let value = self.value(key)?;
        match value.value.as_table() {
            Some(table) => Some(Section::new(self.document, self.full_key(key), table, value.span())),
            None => self.wrong(key, value, &format!("a table, written [{}]", self.full_key(key))),
        }
    }

    /// Reads an array of tables (`[[key]]`); a single table counts as a list of one.
    pub fn sections(&self, key: &str) -> Vec<Section<'d>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let path = self.full_key(key);
        if let Some(table) = value.value.as_table() {
            return vec![Section::new(self.document, path, table, value.span())];
        }
        let Some(array) = value.value.as_array() else {
            let _: Option<()> = self.wrong(key, value, &format!("tables, each written [[{path}]]"));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section::new(self.document, path.clone(), table, item.span())),
                None => {
                    let _: Option<()> =
                        self.wrong(key, as_value(item), &format!("tables, each written [[{path}]]"));
                }
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
        let asked = self.asked.borrow();
        self.table.keys().any(|key| !asked.iter().any(|known| known.as_str() == &**key.get_ref()))
    }

    /// Records every key that nobody asked for, naming the nearest one that is known.
    pub fn refuse_unknown_keys(&self) {
        let asked = self.asked.borrow();
        for (key, span, _) in self.entries() {
            if asked.iter().any(|known| known == key) {
                continue;
            }
            if self.document.is_hopeless() {
                return;
            }
            let near = nearest(key, asked.iter().map(String::as_str)).into_iter().next();
            let mut known: Vec<String> = asked.iter().map(|key| format!("`{key}`")).collect();
            known.sort();
            known.dedup();
            let otherwise = format!("known here: {}", known.join(", "));
            self.document
                .fault(span, Fault::UnknownKey { key: self.full_key(key), nearest: near, otherwise });
        }
    }
}

fn as_value<'d>(value: &'d Spanned<DeValue<'_>>) -> Value<'d> {
    let span = value.span();
    Value { value: value.get_ref(), start: span.start, end: span.end }
}
