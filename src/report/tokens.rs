//! Token counts as rows and as JSON.

use serde::Serialize;

use super::{Align, Cell, Sheet};
use crate::present::whole;
use crate::tokens::{FileCount, Tokenizer};

/// Returns one row for each file and the sum.
pub fn sheet(counts: &[FileCount]) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("File", "file", Align::Left),
        ("Bytes", "bytes", Align::Right),
        ("Characters", "characters", Align::Right),
        ("Tokens", "tokens", Align::Right),
    ]);
    let number = |value: usize| Cell::both(whole(value as f64), value.to_string());
    for count in counts {
        let name = Cell::text(count.path.display().to_string());
        sheet.push(vec![name, number(count.bytes), number(count.characters), number(count.tokens)]);
    }
    let sum = |field: fn(&FileCount) -> usize| number(counts.iter().map(field).sum());
    let total = vec![Cell::text("total"), sum(|c| c.bytes), sum(|c| c.characters), sum(|c| c.tokens)];
    sheet.push_marked(total, true);
    sheet
}

#[derive(Serialize)]
struct JsonFile {
    file: String,
    bytes: usize,
    characters: usize,
    tokens: usize,
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    tokenizer: &'static str,
    estimate: bool,
    tokens: usize,
    files: Vec<JsonFile>,
}

/// Returns counts as JSON; `estimate` says that the tokenizer only stands in for the model's own.
pub fn to_json(counts: &[FileCount], tokenizer: Tokenizer, estimate: bool) -> String {
    let files = counts.iter().map(|count| JsonFile {
        file: count.path.display().to_string(),
        bytes: count.bytes,
        characters: count.characters,
        tokens: count.tokens,
    });
    super::json::pretty(&Document {
        schema: "ragonomics/tokens/1",
        tokenizer: tokenizer.word(),
        estimate,
        tokens: counts.iter().map(|count| count.tokens).sum(),
        files: files.collect(),
    })
}
