//! Finding products: a query of words and conditions, and an order by columns.
//!
//! A query such as `kind:chat context>=128k price<1 -mini` is parsed against a catalog, so that a kind, vendor or
//! region that does not exist is a mistake and not an empty answer. Parsing and matching know no clock: the day
//! whose prices are compared is part of the [`Listing`].
//!
//! What is not known is neither true nor false: it matches no condition, nor the negation of one.

use std::cmp::Ordering;

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;

use super::{Catalog, Confidence, Kind, Meter, PriceCard, Product, ProductId, Service};
use crate::diagnostic::{Fault, nearest, nearest_or_all, one_of};
use crate::units::{Currency, parse_number};

/// Currency in which prices are compared, whatever they are quoted in.
pub const COMPARED_IN: Currency = Currency::USD;

/// Something of a product that a query can ask for and a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Full id.
    Id,
    /// Id of the vendor.
    Vendor,
    /// What it is sold as.
    Kind,
    /// Context window in tokens.
    Window,
    /// Largest output in tokens.
    MaxOutput,
    /// Main price: of a million input tokens, or of what the product sells instead.
    Price,
    /// Price of a million input tokens.
    Input,
    /// Price of a million output tokens.
    Output,
    /// Price of a million input tokens read from a cache.
    Cached,
    /// Dimensions of the vectors.
    Dimensions,
    /// First day on which it could be bought.
    Released,
    /// First day of the price in force.
    Since,
    /// Day on which the price in force was last checked.
    Checked,
    /// How sure the price in force is.
    Confidence,
    /// What goes in.
    Modality,
    /// Where it is known to run.
    Region,
    /// Whether prompts can be cached.
    Cache,
    /// Whether the price in force has one for batches.
    Batch,
    /// Whether the weights are published.
    Open,
    /// Whether it was withdrawn.
    Retired,
    /// Whether a price is in force.
    Priced,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A word, or several.
    Word,
    /// Yes or no.
    Flag,
    /// A number with units such as `128k`.
    Number,
    /// A price in [`COMPARED_IN`].
    Price,
    /// A day of the calendar.
    Day,
}

impl Column {
    /// The names of the columns in queries and orders; where one has two, the first is the usual one.
    pub const WORDS: &'static [(&'static str, Column)] = &[
        ("id", Column::Id),
        ("vendor", Column::Vendor),
        ("kind", Column::Kind),
        ("window", Column::Window),
        ("context", Column::Window),
        ("max_output", Column::MaxOutput),
        ("price", Column::Price),
        ("input", Column::Input),
        ("output", Column::Output),
        ("cached", Column::Cached),
        ("dimensions", Column::Dimensions),
        ("released", Column::Released),
        ("since", Column::Since),
        ("checked", Column::Checked),
        ("confidence", Column::Confidence),
        ("modality", Column::Modality),
        ("region", Column::Region),
        ("cache", Column::Cache),
        ("batch", Column::Batch),
        ("open", Column::Open),
        ("retired", Column::Retired),
        ("priced", Column::Priced),
    ];

    /// Returns the usual name of the column.
    pub fn word(self) -> &'static str {
        crate::diagnostic::word_for(self, Column::WORDS)
    }

    /// Returns what the column holds.
    pub fn form(self) -> Form {
        match self {
            Column::Id
            | Column::Vendor
            | Column::Kind
            | Column::Confidence
            | Column::Modality
            | Column::Region => Form::Word,
            Column::Cache | Column::Batch | Column::Open | Column::Retired | Column::Priced => Form::Flag,
            Column::Window | Column::MaxOutput | Column::Dimensions => Form::Number,
            Column::Price | Column::Input | Column::Output | Column::Cached => Form::Price,
            Column::Released | Column::Since | Column::Checked => Form::Day,
        }
    }

    /// Finds a column by its name.
    ///
    /// # Errors
    /// A fault with the nearest names.
    pub fn find(name: &str) -> Result<Column, Fault> {
        let wanted = name.to_lowercase();
        let known = Column::WORDS.iter().find(|(word, _)| *word == wanted).map(|(_, column)| *column);
        known.ok_or_else(|| Fault::UnknownName {
            kind: "column",
            name: name.to_owned(),
            nearest: nearest(&wanted, Column::WORDS.iter().map(|(word, _)| *word)),
        })
    }

    /// Returns the words that a column can hold in a catalog; empty where no product has one yet.
    fn vocabulary(self, catalog: &Catalog) -> Vec<String> {
        let mut words: Vec<String> = match self {
            Column::Kind => Kind::WORDS.iter().map(|(word, _)| (*word).to_owned()).collect(),
            Column::Confidence => Confidence::WORDS.iter().map(|(word, _)| (*word).to_owned()).collect(),
            Column::Modality => {
                catalog.products.iter().flat_map(|product| product.modalities.clone()).collect()
            }
            Column::Region => {
                catalog.products.iter().flat_map(Product::regions_known).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        words.sort();
        words.dedup();
        words
    }
}

/// What a product has in a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A word, in lower case.
    Word(String),
    /// Yes or no.
    Flag(bool),
    /// A number, or a price in [`COMPARED_IN`].
    Number(f64),
    /// A day.
    Day(Date),
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Word(a), Value::Word(b)) => a.partial_cmp(b),
            (Value::Flag(a), Value::Flag(b)) => a.partial_cmp(b),
            (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
            (Value::Day(a), Value::Day(b)) => a.partial_cmp(b),
            _ => None,
        }
    }
}

/// Products as a list of one day shows them.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    /// The tables.
    pub catalog: &'a Catalog,
    /// Day whose prices are listed.
    pub date: Date,
}

impl Listing<'_> {
    /// Returns everything that a product has in a column; nothing where that is not known.
    pub fn values(&self, id: ProductId, column: Column) -> Vec<Value> {
        let product = self.catalog.product(id);
        match column {
            Column::Modality => words(product.modalities.iter().map(String::as_str)),
            Column::Region => words(product.regions_known()),
            _ => self.value(id, column).into_iter().collect(),
        }
    }

    fn value(&self, id: ProductId, column: Column) -> Option<Value> {
        let product = self.catalog.product(id);
        let card = || self.catalog.price_on(id, self.date, None).ok();
        Some(match column {
            Column::Id => word(&product.id),
            Column::Vendor => word(&self.catalog.vendor_of(id).id),
            Column::Kind => word(product.kind.word()),
            Column::Window => Value::Number(product.window?),
            Column::MaxOutput => Value::Number(product.max_output?),
            Column::Dimensions => Value::Number(product.dimensions?),
            Column::Released => Value::Day(product.released?),
            Column::Open => Value::Flag(product.open_weights),
            Column::Retired => Value::Flag(product.is_retired(self.date)),
            Column::Cache => Value::Flag(product.caches.iter().any(|rule| rule.is_open(self.date))),
            Column::Priced => Value::Flag(card().is_some()),
            Column::Since => Value::Day(card()?.from),
            Column::Checked => Value::Day(card()?.checked),
            Column::Confidence => word(card()?.confidence.word()),
            Column::Batch => Value::Flag(card()?.serves(Service::Batch)),
            Column::Price | Column::Input | Column::Output | Column::Cached => {
                Value::Number(self.price(card()?, column)?)
            }
            Column::Modality | Column::Region => self.values(id, column).into_iter().next()?,
        })
    }

    /// Returns a price of a card in [`COMPARED_IN`]; `None` where there is none, or no exchange rate.
    fn price(&self, card: &PriceCard, column: Column) -> Option<f64> {
        let rate = match column {
            Column::Output => card.base_rate(Meter::Output)?,
            Column::Cached => card.base_rate(Meter::CachedInput)?,
            Column::Input => card.base_rate(Meter::Input)?,
            _ => card.main_rate()?,
        };
        let conversion = self.catalog.exchange.conversion(card.currency, COMPARED_IN, self.date)?;
        rate.price.exact.checked_mul(conversion.factor.exact)?.to_f64()
    }

    /// Returns the products that a query matches, in the order of the tables.
    pub fn find(&self, query: &Query) -> Vec<ProductId> {
        self.catalog.iter().map(|(id, _)| id).filter(|id| query.matches(self, *id)).collect()
    }

    /// Sorts products by columns, the first one deciding; what is not known comes last in either direction.
    pub fn sort(&self, products: &mut Vec<ProductId>, order: &[Order]) {
        type Keyed = (Vec<Option<Value>>, ProductId);
        let keys = |id: ProductId| order.iter().map(|part| self.sort_key(id, part.column)).collect();
        let mut keyed: Vec<Keyed> = products.iter().map(|id| (keys(*id), *id)).collect();
        keyed.sort_by(|(a, _), (b, _)| {
            let parts = order.iter().zip(a.iter().zip(b));
            parts
                .map(|(part, (a, b))| part.compare(a.as_ref(), b.as_ref()))
                .find(|found| found.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        *products = keyed.into_iter().map(|(_, id)| id).collect();
    }

    /// Returns what a product is sorted by; grades of confidence go from low to high and not by the alphabet.
    fn sort_key(&self, id: ProductId, column: Column) -> Option<Value> {
        if column == Column::Confidence {
            let card = self.catalog.price_on(id, self.date, None).ok()?;
            return Some(Value::Number(f64::from(card.confidence as u8)));
        }
        self.value(id, column)
    }
}

fn word(text: &str) -> Value {
    Value::Word(text.to_lowercase())
}

fn words<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<Value> {
    texts.into_iter().map(word).collect()
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `:` or `=`.
    Is,
    /// `<`.
    Below,
    /// `<=`.
    AtMost,
    /// `>`.
    Above,
    /// `>=`.
    AtLeast,
}

impl Comparison {
    /// The operators, longer ones before those that they begin with.
    const OPERATORS: &'static [(&'static str, Comparison)] = &[
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("<", Comparison::Below),
        (">", Comparison::Above),
        ("=", Comparison::Is),
        (":", Comparison::Is),
    ];

    fn holds(self, value: &Value, wanted: &Value) -> bool {
        let Some(order) = value.partial_cmp(wanted) else { return false };
        match self {
            Comparison::Is => order.is_eq(),
            Comparison::Below => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Above => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
        }
    }
}

/// One part of a query.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    /// A text that the id, the name or an alias contains, in lower case.
    Text(String),
    /// A column that compares with any of some values.
    Column(Column, Comparison, Vec<Value>),
}

/// What products are asked for: all terms must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Terms, each with whether it is negated.
    terms: Vec<(bool, Term)>,
}

impl Query {
    /// Parses a query.
    ///
    /// # Errors
    /// The first mistake: an unknown column or word, a text that is no number or day, an operator that the column
    /// does not have.
    pub fn parse(catalog: &Catalog, text: &str) -> Result<Query, Fault> {
        let mut terms = Vec::new();
        let mut negated = false;
        for piece in pieces(text)? {
            if !piece.quoted && piece.text.eq_ignore_ascii_case("not") {
                negated = !negated;
                continue;
            }
            let (minus, rest) =
                match piece.text.strip_prefix('-').filter(|rest| !piece.quoted && !rest.is_empty()) {
                    Some(rest) => (true, rest),
                    None => (false, piece.text.as_str()),
                };
            let term = if piece.quoted { Term::Text(rest.to_lowercase()) } else { term(catalog, rest)? };
            terms.push((negated != minus, term));
            negated = false;
        }
        if negated {
            let message = "`not` stands at the end of the query, before nothing".to_owned();
            let remedy = "write what is not wanted after it, such as not kind:chat".to_owned();
            return Err(Fault::Conflict { message, remedy });
        }
        Ok(Query { terms })
    }

    /// Returns whether a product is what the query asks for.
    pub fn matches(&self, listing: &Listing<'_>, id: ProductId) -> bool {
        self.terms
            .iter()
            .all(|(negated, term)| term.holds(listing, id).is_some_and(|holds| holds != *negated))
    }

    /// Returns the columns that the query compares, in its order.
    pub fn columns(&self) -> impl Iterator<Item = Column> + '_ {
        self.terms.iter().filter_map(|(_, term)| match term {
            Term::Column(column, ..) => Some(*column),
            Term::Text(_) => None,
        })
    }
}

impl Term {
    /// Returns whether a product has what is asked for; `None` where that is not known.
    fn holds(&self, listing: &Listing<'_>, id: ProductId) -> Option<bool> {
        match self {
            Term::Text(text) => Some(mentions(listing.catalog.product(id), text)),
            Term::Column(column, comparison, wanted) => {
                let values = listing.values(id, *column);
                let any = |value: &Value| wanted.iter().any(|wanted| comparison.holds(value, wanted));
                (!values.is_empty()).then(|| values.iter().any(any))
            }
        }
    }
}

fn mentions(product: &Product, text: &str) -> bool {
    let names = [&product.id, &product.name].into_iter().chain(&product.aliases);
    names.into_iter().any(|name| name.to_lowercase().contains(text))
}

/// A piece of a query between blanks.
#[derive(Debug, Default)]
struct Piece {
    text: String,
    /// Whether the whole piece stood in quotes, so that it is a text and nothing else.
    quoted: bool,
}

/// Splits a query at blanks; quotes keep a text together, and blanks around `<`, `>` and `=` do not count.
fn pieces(text: &str) -> Result<Vec<Piece>, Fault> {
    let joins = |c: char| matches!(c, '<' | '>' | '=');
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let mut piece = Piece { text: String::new(), quoted: rest.starts_with('"') };
        while let Some(next) = rest.chars().next() {
            if next == '"' {
                let (inside, after) = rest[1..].split_once('"').ok_or_else(|| open_quote(rest))?;
                piece.text.push_str(inside);
                rest = after;
            } else if next.is_whitespace() {
                let after = rest.trim_start();
                let goes_on = after.starts_with(joins) || piece.text.ends_with(joins);
                if piece.quoted || !goes_on {
                    break;
                }
                rest = after;
            } else {
                piece.quoted = false;
                piece.text.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        if !piece.text.is_empty() {
            pieces.push(piece);
        }
        rest = rest.trim_start();
    }
    Ok(pieces)
}

fn open_quote(rest: &str) -> Fault {
    let message = format!("a quoted text that does not end: {rest}");
    Fault::Conflict { message, remedy: "end it with a quote".to_owned() }
}

/// Reads a piece as a condition where it has an operator, else as a text.
fn term(catalog: &Catalog, piece: &str) -> Result<Term, Fault> {
    let Some((name, comparison, value)) = split(piece) else { return Ok(Term::Text(piece.to_lowercase())) };
    if name.is_empty() {
        let message = format!("`{piece}` compares no column");
        return Err(Fault::Conflict { message, remedy: "name one before it, such as window>=128k".into() });
    }
    let column = Column::find(name)?;
    if value.is_empty() {
        let message = format!("`{piece}` compares {} with nothing", column.word());
        return Err(Fault::Conflict { message, remedy: format!("write it as {}", example(column)) });
    }
    let ordered = matches!(column.form(), Form::Number | Form::Price | Form::Day);
    if comparison != Comparison::Is && !ordered {
        let message = format!("`{}` has no order that `{piece}` could ask for", column.word());
        return Err(Fault::Conflict { message, remedy: format!("write it as {}", example(column)) });
    }
    let values = value.split(',').map(|value| read(catalog, column, value.trim()));
    Ok(Term::Column(column, comparison, values.collect::<Result<_, _>>()?))
}

/// Splits a piece at its operator. A colon after what cannot be the name of a column belongs to an id.
fn split(piece: &str) -> Option<(&str, Comparison, &str)> {
    let at = piece.find([':', '<', '>', '='])?;
    let (name, rest) = piece.split_at(at);
    if rest.starts_with(':') && !name.chars().all(|c| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let (operator, comparison) =
        Comparison::OPERATORS.iter().find(|(operator, _)| rest.starts_with(operator))?;
    Some((name, *comparison, &rest[operator.len()..]))
}

/// Returns a condition that a column can be asked for with.
fn example(column: Column) -> String {
    let rest = match column {
        Column::Id => ":gpt-4o",
        Column::Vendor => ":openai",
        Column::Kind => ":chat",
        Column::Confidence => ":low",
        Column::Modality => ":image",
        Column::Region => ":eu",
        _ => match column.form() {
            Form::Flag => ":yes",
            Form::Day => ">2025-01-01",
            Form::Price => "<1",
            Form::Number | Form::Word => ">=1k",
        },
    };
    format!("{}{rest}", column.word())
}

/// Reads what a column is compared with.
fn read(catalog: &Catalog, column: Column, text: &str) -> Result<Value, Fault> {
    let key = || column.word().to_owned();
    match column.form() {
        Form::Word => read_word(catalog, column, text),
        Form::Flag => {
            Ok(Value::Flag(one_of(column.word(), &text.to_lowercase(), &[("yes", true), ("no", false)])?))
        }
        Form::Number | Form::Price => {
            let number = parse_number(text).map(Value::Number);
            number.ok_or_else(|| Fault::NotANumber { key: key(), text: text.to_owned() })
        }
        Form::Day => {
            let day = text.parse().map(Value::Day);
            day.map_err(|_| Fault::NotADate { key: key(), text: text.to_owned() })
        }
    }
}

fn read_word(catalog: &Catalog, column: Column, text: &str) -> Result<Value, Fault> {
    match column {
        Column::Id => return Ok(word(&catalog.product(catalog.find(text)?).id)),
        Column::Vendor => return Ok(word(&catalog.find_vendor(text)?.id)),
        _ => {}
    }
    let known = column.vocabulary(catalog);
    if known.is_empty() || known.iter().any(|known| known.eq_ignore_ascii_case(text)) {
        return Ok(word(text));
    }
    Err(Fault::UnknownName {
        kind: column.word(),
        name: text.to_owned(),
        nearest: nearest_or_all(text, known.iter().map(String::as_str)),
    })
}

/// A column to sort by, with its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub column: Column,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Order {
    /// Reads columns separated by commas, each with a minus before it for the largest first.
    ///
    /// # Errors
    /// A column that does not exist.
    pub fn parse(text: &str) -> Result<Vec<Order>, Fault> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let order = parts.map(|part| {
            let (descending, name) = part.strip_prefix('-').map_or((false, part), |name| (true, name));
            Ok(Order { column: Column::find(name)?, descending })
        });
        order.collect()
    }

    fn compare(self, a: Option<&Value>, b: Option<&Value>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => {
                let order = a.partial_cmp(b).unwrap_or(Ordering::Equal);
                if self.descending { order.reverse() } else { order }
            }
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    }
}
