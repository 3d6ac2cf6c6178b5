//! One published example as the file has it, and changes of unit: all that an adapter may do with a number.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// A published example.
pub struct Example {
    pub id: String,
    pub category: String,
    pub status: String,
    pub derivation: String,
    inputs: Map<String, Value>,
    /// Inputs that an adapter asked for.
    read: RefCell<BTreeSet<String>>,
    pub expected: Value,
    pub published: Value,
    pub tolerance: Decimal,
}

/// What the engine answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A number.
    One(Decimal),
    /// Several, by the names under which they are expected.
    Named(Vec<(&'static str, Decimal)>),
    /// There is no such value, such as a break-even that never comes.
    Never,
}

impl From<Decimal> for Answer {
    fn from(number: Decimal) -> Answer {
        Answer::One(number)
    }
}

/// Reads all examples of the file.
pub fn all(text: &str) -> Vec<Example> {
    let cases: Vec<Value> = serde_json::from_str(text).expect("the examples are JSON");
    let field = |case: &Value, key: &str| case[key].as_str().unwrap_or_default().to_owned();
    let read = |case: Value| Example {
        id: field(&case, "id"),
        category: field(&case, "category"),
        status: field(&case, "status"),
        derivation: field(&case, "derivation"),
        inputs: case["inputs"].as_object().expect("inputs by name").clone(),
        read: RefCell::default(),
        expected: case["expected"].clone(),
        published: case["published"].clone(),
        tolerance: number(&case["tolerance"]).expect("a tolerance"),
    };
    cases.into_iter().map(read).collect()
}

/// Reads a number, written as one or as a text.
pub fn number(value: &Value) -> Option<Decimal> {
    let text = written(value)?;
    let rounded = || text.parse::<Decimal>().ok();
    Decimal::from_str_exact(&text).ok().or_else(|| Decimal::from_scientific(&text).ok()).or_else(rounded)
}

/// Returns whether two numbers are equal to a relative 1e-9.
pub fn same(found: Decimal, expected: Decimal) -> bool {
    (found - expected).abs() <= expected.abs() * Decimal::new(1, 9)
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Example {
    /// Returns an input as it is written.
    pub fn text(&self, key: &str) -> String {
        self.maybe(key).unwrap_or_else(|| panic!("{}: no input `{key}`", self.id))
    }

    /// Returns an input that need not be there.
    pub fn maybe(&self, key: &str) -> Option<String> {
        let value = self.inputs.get(key)?;
        self.read.borrow_mut().insert(key.to_owned());
        written(value)
    }

    /// Returns whether an input that is true or false is so; nothing where it is not there.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.read.borrow_mut().insert(key.to_owned());
        self.inputs.get(key)?.as_bool()
    }

    /// Returns the names of all inputs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.inputs.keys().map(String::as_str)
    }

    /// Returns the inputs that no adapter asked for.
    pub fn unread(&self) -> Vec<&str> {
        let read = self.read.borrow();
        self.names().filter(|name| !read.contains(*name)).collect()
    }

    /// Returns the first of several inputs that is there.
    pub fn any(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.maybe(key))
    }

    /// Returns whether an input is there.
    pub fn has(&self, key: &str) -> bool {
        self.inputs.contains_key(key)
    }
}

/// Changes to a unit that is a power of ten smaller or larger: the point moves, so 1.28 GB are 1280000000 bytes.
pub fn shifted(text: &str, places: u32) -> String {
    let number = Decimal::from_str_exact(text).expect("a number");
    (number * Decimal::from(10_u64.pow(places))).normalize().to_string()
}

/// Changes GB to bytes.
pub fn in_bytes(gigabytes: Decimal) -> Decimal {
    gigabytes * Decimal::from(1_000_000_000)
}

/// Writes a share in percent.
pub fn in_percent(share: Decimal) -> Decimal {
    share * Decimal::ONE_HUNDRED
}

/// Changes minutes to hours.
pub fn minutes_in_hours(minutes: &str) -> String {
    (Decimal::from_str_exact(minutes).expect("a number") / Decimal::from(60)).normalize().to_string()
}

/// Changes a price for a minute to one for a number of minutes.
pub fn price_for_minutes(price: &str, minutes: u32) -> String {
    (Decimal::from_str_exact(price).expect("a number") * Decimal::from(minutes)).normalize().to_string()
}
