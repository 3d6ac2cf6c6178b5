//! One table of a document, read key by key: values are converted, and what is wrong with them is recorded.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Document;
use super::tree::{Content, Entry, Node, Span, Table};
use crate::diagnostic::{Fault, nearest, one_of};
use crate::units::{CURRENCY_CODE, Currency, parse_decimal, parse_number};

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
pub(super) struct KeyPath<'d>([&'d str; 3]);

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
    pub(super) fn new(
        document: &'d Document<'d>,
        path: KeyPath<'d>,
        table: Table<'d>,
        span: Span,
    ) -> Section<'d> {
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

    /// Reads a list of numbers as they are written.
    pub fn number_list(&self, key: &'d str) -> Option<Vec<(String, Range<usize>)>> {
        let value = self.value(key)?;
        let expected = "a list of numbers";
        let Some(items) = self.document.tree.list(value.node) else {
            return self.wrong(key, value, expected);
        };
        let mut texts = Vec::with_capacity(items.len());
        for node in items {
            let item = Value { node };
            match item.as_number() {
                Some(number) => texts.push((number.to_string(), item.span())),
                None => {
                    let _: Option<()> = self.wrong(key, item, expected);
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
