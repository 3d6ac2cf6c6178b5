//! The user's settings as rows and as JSON.

use std::path::Path;

use serde::Serialize;

use super::{Align, Cell, Sheet};
use crate::config::Effective;

/// Returns every setting with where it comes from.
pub fn sheet(settings: &[Effective]) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Setting", "setting", Align::Name),
        ("Value", "value", Align::Left),
        ("From", "from", Align::Left),
    ]);
    for setting in settings {
        let value = if setting.value.is_empty() { "none" } else { &setting.value };
        let cells = vec![
            Cell::text(setting.key.clone()),
            Cell::both(value, setting.value.clone()),
            Cell::both(from(setting, true), from(setting, false)),
        ];
        sheet.push_marked(cells, setting.from.is_some());
    }
    sheet
}

/// Says where a setting comes from: the line of the file, whose name stands above a table already.
fn from(setting: &Effective, short: bool) -> String {
    match &setting.from {
        Some(place) if short => format!("line {}", place.line),
        Some(place) => place.to_string(),
        None => "default".to_owned(),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    file: Option<String>,
    settings: Vec<JsonSetting<'a>>,
}

#[derive(Serialize)]
struct JsonSetting<'a> {
    setting: &'a str,
    value: Option<&'a str>,
    from: &'static str,
    line: Option<usize>,
}

/// Returns the settings as JSON; `file` is the file of settings, where there is one.
pub fn to_json(settings: &[Effective], file: Option<&Path>) -> String {
    let settings = settings.iter().map(|setting| JsonSetting {
        setting: &setting.key,
        value: Some(setting.value.as_str()).filter(|value| !value.is_empty()),
        from: if setting.from.is_some() { "file" } else { "default" },
        line: setting.from.as_ref().map(|place| place.line),
    });
    super::json::pretty(&Document {
        schema: "ragonomics/config/1",
        file: file.map(|path| path.display().to_string()),
        settings: settings.collect(),
    })
}
