//! What the columns of a CSV file hold: headings, mappings and fixed values put together.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Column;
use super::cells::{Sheet, is_unknown};
use super::numbers::{Evidence, Mark, Marks, evidence_of};
use crate::catalog::meter::PRICE_KEYS;
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Place, nearest, one_of};
use crate::import::Options;
use crate::units::parse_decimal;

/// Keys that name a product, a card or a cell.
const NAMES: &[&str] = &[
    "id",
    "vendor",
    "from",
    "region",
    "currency",
    "service",
    "above_input_tokens",
    "from_input_tokens",
    "variant",
];

/// Facts of a product: rows of one product must agree on them.
pub(super) const PRODUCT: &[&str] = &[
    "name",
    "aliases",
    "kind",
    "released",
    "retired",
    "window",
    "max_input",
    "max_output",
    "shared_window",
    "modalities",
    "tokenizer",
    "open_weights",
    "regions",
    "dimensions",
    "note",
    "vendor_name",
];

/// Facts of a card: rows of one card must agree on them.
pub(super) const CARD: &[&str] = &["until", "source", "checked", "confidence", "price_note", MINIMUM];

/// Facts that are numbers, which a mapping may scale.
const NUMBERS: &[&str] =
    &["window", "max_input", "max_output", "dimensions", "above_input_tokens", "from_input_tokens"];

/// The floor of a month, a price though no meter counts it.
pub(super) const MINIMUM: &str = "minimum_per_month";

/// The fixed value that says what parts the decimals of the file.
const DECIMAL: &str = "decimal";

/// The flag that maps a column, for messages.
pub(super) const MAP: &str = "--map";

/// The flag that fixes a value, for messages.
pub(super) const SET: &str = "--set-field";

/// A key with where its values come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    /// The key of a pricing table.
    pub(super) key: &'static str,
    /// Index of the column; `None` where the value is fixed.
    pub(super) column: Option<usize>,
    /// The fixed value.
    pub(super) fixed: String,
    /// What its numbers are multiplied with.
    pub(super) scale: Decimal,
}

/// How a row is read.
pub(super) struct Layout {
    /// The keys that have values.
    pub(super) fields: Vec<Field>,
    /// Headings of the columns that are not read, with their indexes.
    pub(super) unmapped: Vec<usize>,
    /// What the file says of its decimals.
    pub(super) marks: Marks,
    /// Day of the table.
    pub(super) date: Option<Date>,
}

impl Layout {
    /// Puts headings, mappings and fixed values together.
    ///
    /// # Errors
    /// All that contradict each other or name what there is not.
    pub(super) fn new(sheet: &Sheet<'_>, options: &Options) -> Result<Layout, Diagnostics> {
        let mut making =
            Making { sheet, fields: Vec::new(), left_out: Vec::new(), faults: Diagnostics::default() };
        for column in &options.columns {
            making.map(column);
        }
        let unmapped = making.take_headings();
        let mut mark = None;
        for (key, value) in &options.fixed {
            if key == DECIMAL {
                let read = one_of(DECIMAL, value.trim(), Mark::WORDS);
                mark = making.keep(SET, read);
            } else {
                making.fix(key, value);
            }
        }
        making.must_have(options.date);
        let marks = making.marks(mark);
        let Making { fields, faults, .. } = making;
        let layout = Layout { fields, unmapped, marks, date: options.date };
        if faults.0.is_empty() { Ok(layout) } else { Err(faults) }
    }

    /// Returns the field of a key.
    pub(super) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// Returns whether values of a key are prices.
pub(super) fn is_price(key: &str) -> bool {
    key == MINIMUM || PRICE_KEYS.iter().any(|known| known.key == key)
}

fn keys() -> impl Iterator<Item = &'static str> + Clone {
    let facts = [NAMES, PRODUCT, CARD].into_iter().flatten().copied();
    facts.chain(PRICE_KEYS.iter().map(|known| known.key))
}

/// A layout that is being made.
struct Making<'s> {
    sheet: &'s Sheet<'s>,
    fields: Vec<Field>,
    /// Columns that a mapping leaves out.
    left_out: Vec<usize>,
    faults: Diagnostics,
}

impl Making<'_> {
    fn fault(&mut self, place: &str, fault: Fault) {
        self.faults.push(Diagnostic::error(Place::whole(place), fault));
    }

    fn conflict(&mut self, place: &str, message: String, remedy: &str) {
        self.fault(place, Fault::Conflict { message, remedy: remedy.to_owned() });
    }

    fn keep<T>(&mut self, place: &str, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.fault(place, fault)).ok()
    }

    fn map(&mut self, column: &Column) {
        let Some(at) = self.find_heading(&column.heading) else { return };
        if column.key.trim() == "-" {
            self.left_out.push(at);
            return;
        }
        let split = split_scale(&column.key);
        let Some((name, scale)) = self.keep(MAP, split) else { return };
        let Some(key) = self.find_key(MAP, name) else { return };
        if scale != Decimal::ONE && !is_price(key) && !NUMBERS.contains(&key) {
            self.conflict(
                MAP,
                format!("`{key}` is no number, so nothing scales it"),
                "map the column without a scale",
            );
        }
        if let Some(times) =
            unit_in_heading(&self.sheet.headings[at], key).filter(|_| !column.key.contains('*'))
        {
            let heading = &self.sheet.headings[at];
            let message = format!("`{heading}` sounds like a price for fewer units than `{key}` is for");
            let remedy = format!("write {key}*{times}, or {key}*1 where the figures are for a million");
            self.conflict(MAP, message, &remedy);
        }
        self.add(MAP, Field { key, column: Some(at), fixed: String::new(), scale });
    }

    /// Finds the one column of a heading.
    fn find_heading(&mut self, heading: &str) -> Option<usize> {
        let wanted = heading.trim();
        let same = |exact: bool| {
            let headings = self.sheet.headings.iter().enumerate();
            let equal = |known: &str| {
                if exact { known == wanted } else { known.to_lowercase() == wanted.to_lowercase() }
            };
            headings.filter(|(_, known)| equal(known)).map(|(at, _)| at).collect::<Vec<_>>()
        };
        let exact = same(true);
        let found = if exact.is_empty() { same(false) } else { exact };
        match found.as_slice() {
            [at] => Some(*at),
            [] => {
                let headings: Vec<String> =
                    self.sheet.headings.iter().map(|known| format!("`{known}`")).collect();
                let remedy = format!("the headings are {}", headings.join(", "));
                self.conflict(MAP, format!("no column is called `{wanted}`"), &remedy);
                None
            }
            several => {
                let message = format!("{} columns are called `{wanted}`", several.len());
                self.conflict(MAP, message, "give each column a heading of its own");
                None
            }
        }
    }

    fn find_key(&mut self, place: &str, name: &str) -> Option<&'static str> {
        let found = keys().find(|known| *known == name);
        if found.is_none() {
            let near = nearest(name, keys()).into_iter().next();
            let otherwise =
                "the keys are those of a pricing table, such as id, from and input_per_mtok".to_owned();
            self.fault(place, Fault::UnknownKey { key: name.to_owned(), nearest: near, otherwise });
        }
        found
    }

    fn add(&mut self, place: &str, field: Field) {
        let Some(known) = self.fields.iter().find(|known| known.key == field.key) else {
            return self.fields.push(field);
        };
        let from = |field: &Field| match field.column {
            Some(at) => format!("column `{}`", self.sheet.headings[at]),
            None => format!("the value `{}`", field.fixed),
        };
        let message = format!("`{}` is filled by {} and by {}", field.key, from(known), from(&field));
        self.conflict(place, message, "keep one of them; --map HEADING=- leaves a column out");
    }

    /// Takes the columns whose headings are keys; returns those that remain.
    fn take_headings(&mut self) -> Vec<usize> {
        let mut unmapped = Vec::new();
        for (at, heading) in self.sheet.headings.iter().enumerate() {
            let mapped = self.fields.iter().any(|field| field.column == Some(at));
            if mapped || self.left_out.contains(&at) {
                continue;
            }
            let lower = heading.to_lowercase();
            match keys().find(|key| *key == lower) {
                Some(key) => {
                    let field = Field { key, column: Some(at), fixed: String::new(), scale: Decimal::ONE };
                    self.add(self.sheet.name(), field);
                }
                None => unmapped.push(at),
            }
        }
        unmapped
    }

    fn fix(&mut self, key: &str, value: &str) {
        let Some(key) = self.find_key(SET, key.trim()) else { return };
        self.add(SET, Field { key, column: None, fixed: value.trim().to_owned(), scale: Decimal::ONE });
    }

    /// Names what every table needs and this one has not.
    fn must_have(&mut self, date: Option<Date>) {
        let has = |key: &str| self.fields.iter().any(|field| field.key == key);
        let mut missing = Vec::new();
        if !has("id") {
            missing.push(("id", "map the column with the models' names, such as --map \"Model=id\""));
        }
        if !self.fields.iter().any(|field| is_price(field.key)) {
            missing.push((
                "input_per_mtok",
                "no column holds a price: map at least one, such as --map \"Input (per 1M)=input_per_mtok\"",
            ));
        }
        if date.is_none() {
            if !has("from") {
                missing.push((
                    "from",
                    "give the first day of the prices, such as --date 2026-11-22, or map a column",
                ));
            } else if !has("checked") {
                missing.push((
                    "checked",
                    "give the day of the table, such as --date 2026-11-22, or map a column",
                ));
            }
        }
        for (key, remedy) in missing {
            self.fault(self.sheet.name(), Fault::Missing { key: key.to_owned(), remedy: remedy.to_owned() });
        }
    }

    /// Finds what parts the decimals: as the caller says, or as the prices show.
    fn marks(&mut self, said: Option<Mark>) -> Marks {
        if let Some(mark) = said {
            return Marks::Known(mark);
        }
        let columns: Vec<usize> =
            self.fields.iter().filter(|field| is_price(field.key)).filter_map(|field| field.column).collect();
        let mut first: Option<(Mark, &str, usize)> = None;
        for row in &self.sheet.rows {
            for at in &columns {
                let cell = row.cells.get(*at).map_or("", String::as_str);
                let Evidence::One(mark) = evidence_of(cell) else { continue };
                // A cell that is no number shows nothing.
                if is_unknown(cell) || super::numbers::amount(cell, Marks::Known(mark)).is_err() {
                    continue;
                }
                match first {
                    None => first = Some((mark, cell, self.sheet.line(row))),
                    Some((known, ..)) if known == mark => {}
                    Some((_, other, line)) => {
                        let message =
                            format!("`{cell}` and `{other}` on line {line} have different decimal marks");
                        let remedy = "write all prices with a decimal point, or all with a comma".to_owned();
                        let fault = Fault::Conflict { message, remedy };
                        self.faults.push(Diagnostic::error(self.sheet.place(row, *at), fault));
                        return Marks::Unknown;
                    }
                }
            }
        }
        match first {
            Some((mark, ..)) => Marks::Known(mark),
            None if self.sheet.delimiter == ',' => Marks::PointUnlessComma,
            None => Marks::Unknown,
        }
    }
}

/// Returns what a price per million would be scaled with, where the heading speaks of a thousand or of one: a slip of
/// the unit is the likeliest mistake of a mapping.
fn unit_in_heading(heading: &str, key: &str) -> Option<u32> {
    const MILLION: &[&str] = &["million", "1m", "/m", "per m", "mtok", "1,000,000", "1.000.000", "1000000"];
    const THOUSAND: &[&str] = &["1k", "1,000", "1.000", "1000", "thousand", "/k", "per k"];
    const ONE: &[&str] = &["per token", "/token", "per character", "/character"];
    let heading = heading.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    let for_a_million = key.ends_with("_per_mtok") || key.ends_with("_per_mchar");
    if !for_a_million || says(MILLION) {
        return None;
    }
    let thousand = says(THOUSAND).then_some(1_000);
    thousand.or_else(|| says(ONE).then_some(1_000_000))
}

/// Splits `input_per_mtok*1000` into the key and what its figures are multiplied with.
fn split_scale(key: &str) -> Result<(&str, Decimal), Fault> {
    let Some((name, scale)) = key.split_once('*') else { return Ok((key.trim(), Decimal::ONE)) };
    let scale = scale.trim();
    match parse_decimal(scale).filter(|scale| *scale > Decimal::ZERO) {
        Some(scale) => Ok((name.trim(), scale)),
        None => Err(Fault::OutOfRange {
            key: name.trim().to_owned(),
            value: format!("*{scale}"),
            range: "scaled by a plain number above zero, such as input_per_mtok*1000".to_owned(),
        }),
    }
}
