//! Tables as text: TOML as a person would write it, and JSON of the same shape.

use std::fmt::Write;

use super::Catalog;
use super::tree::{Node, Table, contracts, exchange_rates, tables, tokenizers};

/// A pricing table as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Name for a file, without its ending: the vendor's id, or what it holds, such as `exchange-rates`.
    pub name: String,
    /// The TOML text.
    pub text: String,
}

/// Writes a catalog as TOML tables: one for each vendor, and one each for exchange rates, tokenizers and agreements.
pub fn toml(catalog: &Catalog) -> Vec<Written> {
    all_tables(catalog).into_iter().map(|(name, table)| Written { name, text: toml_text(&table) }).collect()
}

/// Returns every table of a catalog that holds something, with its name.
fn all_tables(catalog: &Catalog) -> Vec<(String, Table)> {
    let mut all = vec![
        ("exchange-rates".to_owned(), exchange_rates(&catalog.exchange)),
        ("tokenizers".to_owned(), tokenizers(&catalog.tokenizers)),
    ];
    all.extend(tables(catalog));
    all.push(("contracts".to_owned(), contracts(&catalog.contracts)));
    all.retain(|(_, table)| !table.is_empty());
    all
}

/// Writes one table as TOML.
pub fn toml_text(table: &Table) -> String {
    let mut text = String::new();
    write_table(&mut text, "", table);
    text.trim_start().to_owned()
}

/// Values first, then tables: TOML has no way back to a table once another has begun.
fn write_table(text: &mut String, path: &str, table: &Table) {
    for (key, node) in table {
        if let Some(value) = value(node) {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{key} = {value}");
        }
    }
    let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for (key, node) in table {
        match node {
            Node::Table(table) => {
                let path = inner(key);
                let _ = write!(text, "\n[{path}]\n");
                write_table(text, &path, table);
            }
            Node::Tables(tables) => {
                let path = inner(key);
                for table in tables {
                    let _ = write!(text, "\n[[{path}]]\n");
                    write_table(text, &path, table);
                }
            }
            _ => {}
        }
    }
}

fn value(node: &Node) -> Option<String> {
    Some(match node {
        Node::Text(text) => quoted(text),
        Node::Number(number) => number.clone(),
        Node::Bool(yes) => yes.to_string(),
        Node::Date(date) => date.to_string(),
        Node::Texts(list) => {
            format!("[{}]", list.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
        }
        Node::Table(_) | Node::Tables(_) => return None,
    })
}

/// Writes a basic string of TOML; JSON has the same escapes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Writes a catalog as one JSON document: `tables`, each in the shape of a TOML table.
pub fn json(catalog: &Catalog) -> String {
    let tables: Vec<serde_json::Value> =
        all_tables(catalog).into_iter().map(|(_, table)| json_table(&table)).collect();
    let document = serde_json::json!({ "schema": SCHEMA, "tables": tables });
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Name of the JSON document of a catalog.
pub const SCHEMA: &str = "ragonomics/catalog/1";

/// Returns a table as a JSON object with the same keys.
pub fn json_table(table: &Table) -> serde_json::Value {
    let fields = table.iter().map(|(key, node)| ((*key).to_owned(), json_value(node)));
    serde_json::Value::Object(fields.collect())
}

fn json_value(node: &Node) -> serde_json::Value {
    match node {
        Node::Text(text) => text.clone().into(),
        Node::Number(number) => serde_json::Number::from_string_unchecked(number.clone()).into(),
        Node::Bool(yes) => (*yes).into(),
        Node::Date(date) => date.to_string().into(),
        Node::Texts(list) => list.clone().into(),
        Node::Table(table) => json_table(table),
        Node::Tables(tables) => tables.iter().map(json_table).collect(),
    }
}

/// Turns a JSON document of a catalog into the TOML tables it was made from, each as text.
///
/// `None` where the text is no such document.
pub fn from_json(text: &str) -> Option<Vec<String>> {
    let document: serde_json::Value = serde_json::from_str(text).ok()?;
    if document.get("schema")?.as_str()? != SCHEMA {
        return None;
    }
    let tables = document.get("tables")?.as_array()?;
    tables.iter().map(|table| table.as_object().map(toml_of_json)).collect()
}

fn toml_of_json(table: &serde_json::Map<String, serde_json::Value>) -> String {
    let mut text = String::new();
    write_json_table(&mut text, "", table);
    text
}

fn write_json_table(text: &mut String, path: &str, table: &serde_json::Map<String, serde_json::Value>) {
    use serde_json::Value;
    let is_tables = |value: &Value| value.as_array().is_some_and(|list| list.iter().any(Value::is_object));
    for (key, value) in table.iter().filter(|(_, value)| !value.is_object() && !is_tables(value)) {
        if !value.is_null() {
            let _ = writeln!(text, "{} = {value}", bare(key));
        }
    }
    let inner = |key: &str| if path.is_empty() { bare(key) } else { format!("{path}.{}", bare(key)) };
    for (key, value) in table {
        if let Some(table) = value.as_object() {
            let _ = write!(text, "\n[{}]\n", inner(key));
            write_json_table(text, &inner(key), table);
        } else if is_tables(value) {
            for table in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
                let _ = write!(text, "\n[[{}]]\n", inner(key));
                write_json_table(text, &inner(key), table);
            }
        }
    }
}

/// Writes a key, in quotes where it is no bare one.
fn bare(key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if plain { key.to_owned() } else { quoted(key) }
}
