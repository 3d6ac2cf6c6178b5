//! The shape of a scenario file as JSON Schema, made from the reference.

use serde_json::{Map, Value, json};

use super::group::GroupKind;
use super::parameter::PARAMETERS;
use super::reference::{ReferenceRow, rows};

/// Properties of a table by their key.
type Properties = Map<String, Value>;

/// Returns the JSON Schema of a scenario.
pub fn scenario() -> Value {
    let mut groups: Vec<(String, Properties)> = Vec::new();
    let mut top = Properties::new();
    let rows = rows();
    for row in &rows {
        match row.path.split_once('.') {
            None => {
                top.insert(row.path.clone(), property(row));
            }
            Some((group, key)) => properties(&mut groups, group).extend([(key.to_owned(), property(row))]),
        }
    }
    for kind in GroupKind::ALL {
        let keys = kind.params().iter().filter_map(|param| {
            let row = rows.iter().find(|row| row.path == param.facts().path)?;
            Some((param.key().to_owned(), property(row)))
        });
        properties(&mut groups, kind.key()).extend(keys.collect::<Properties>());
    }
    for (group, properties) in groups {
        let table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        let list = json!({ "type": "array", "items": table });
        let value = match group.as_str() {
            // One, or several with names.
            "corpus" => json!({ "anyOf": [table, list] }),
            name if name == "cost" || GroupKind::ALL.iter().any(|kind| kind.key() == name) => list,
            _ => table,
        };
        top.insert(group, value);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ragonomics scenario",
        "type": "object",
        "properties": top,
        "additionalProperties": false,
    })
}

/// Returns the properties of a group of keys, begun where it is new.
fn properties<'g>(groups: &'g mut Vec<(String, Properties)>, name: &str) -> &'g mut Properties {
    let at = groups.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        groups.push((name.to_owned(), Properties::new()));
        groups.len() - 1
    });
    &mut groups[at].1
}

fn property(row: &ReferenceRow) -> Value {
    let mut schema = match row.unit.as_str() {
        "text" => json!({ "type": "string" }),
        "list" => json!({ "type": "array", "items": { "type": "string" } }),
        "numbers" => json!({ "type": "array", "items": { "type": ["number", "string"] } }),
        "table" => json!({ "type": "object", "additionalProperties": { "type": ["number", "string"] } }),
        "true or false" => json!({ "type": "boolean" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "money" if row.range.is_empty() => json!({ "type": ["number", "string"], "minimum": 0 }),
        _ => number(row),
    };
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("description".to_owned(), row.help.clone().into());
        fields.insert("x-default".to_owned(), row.default.clone().into());
    }
    schema
}

/// Returns the shape of a number: itself, or a table of what is known of it.
fn number(row: &ReferenceRow) -> Value {
    // Numbers may be written with a unit, as texts; the bounds hold for bare ones.
    let bounds = PARAMETERS.iter().find(|parameter| parameter.path == row.path).map(|p| p.bounds);
    let (least, most) = bounds.unwrap_or((0.0, f64::MAX));
    let number = json!({ "type": ["number", "string"], "minimum": least, "maximum": most });
    let range = |keys: &[&str]| {
        let values: Properties = keys.iter().map(|key| ((*key).to_owned(), number.clone())).collect();
        json!({ "type": "object", "properties": values, "required": keys, "additionalProperties": false })
    };
    json!({ "anyOf": [number, range(&["low", "mode", "high"]), range(&["p10", "p90"])] })
}
