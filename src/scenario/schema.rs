//! The shape of a scenario file as JSON Schema, made from the reference.

use serde_json::{Map, Value, json};

use super::parameter::PARAMETERS;
use super::reference::{ReferenceRow, rows};

/// Returns the JSON Schema of a scenario.
pub fn scenario() -> Value {
    let mut groups: Vec<(String, Map<String, Value>)> = Vec::new();
    let mut top: Map<String, Value> = Map::new();
    for row in rows() {
        let value = property(&row);
        match row.path.split_once('.') {
            None => {
                top.insert(row.path, value);
            }
            Some((group, key)) => {
                let at = groups.iter().position(|(known, _)| known == group).unwrap_or_else(|| {
                    groups.push((group.to_owned(), Map::new()));
                    groups.len() - 1
                });
                groups[at].1.insert(key.to_owned(), value);
            }
        }
    }
    for (group, properties) in groups {
        let table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        // Costs of one's own are a list of tables, everything else is one table.
        let value = if group == "cost" { json!({ "type": "array", "items": table }) } else { table };
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

fn property(row: &ReferenceRow) -> Value {
    let mut schema = match row.unit.as_str() {
        "text" => json!({ "type": "string" }),
        "list" => json!({ "type": "array", "items": { "type": "string" } }),
        "true or false" => json!({ "type": "boolean" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "money" => json!({ "type": ["number", "string"], "minimum": 0 }),
        _ => {
            // Numbers may be written with a unit, as texts; the range holds for bare ones.
            let bounds = PARAMETERS.iter().find(|parameter| parameter.path == row.path).map(|p| p.bounds);
            let (least, most) = bounds.unwrap_or((0.0, f64::MAX));
            let number = json!({ "type": ["number", "string"], "minimum": least, "maximum": most });
            // One that is known only roughly is a table of such numbers.
            let range = |keys: &[&str]| {
                let values: Map<String, Value> =
                    keys.iter().map(|key| ((*key).to_owned(), number.clone())).collect();
                json!({ "type": "object", "properties": values, "required": keys, "additionalProperties": false })
            };
            json!({ "anyOf": [number, range(&["low", "mode", "high"]), range(&["p10", "p90"])] })
        }
    };
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("description".to_owned(), row.help.clone().into());
        fields.insert("x-default".to_owned(), row.default.clone().into());
    }
    schema
}
