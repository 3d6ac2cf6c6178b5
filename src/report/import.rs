//! The account of an import.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Align, Cell, Sheet};
use crate::import::{Account, Source};

/// Most entries of a kind that are listed without being asked for all.
const LISTED: usize = 10;

/// Returns every entry that was not taken and every figure without a place, as rows.
pub fn sheet(account: &Account) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Entry", "entry", Align::Name),
        ("Field", "field", Align::Left),
        ("Why", "why", Align::Left),
    ]);
    let skipped = account.skipped.iter().map(|entry| [entry.name.as_str(), "", entry.why.as_str()]);
    let lost =
        account.lost.iter().map(|entry| [entry.name.as_str(), entry.field.as_str(), entry.why.as_str()]);
    for row in skipped.chain(lost) {
        sheet.push(row.map(Cell::text).to_vec());
    }
    sheet
}

/// Returns the account in words; with `all`, every entry is named.
pub fn text(source: Source, account: &Account, all: bool) -> Vec<String> {
    let Account { entries, priced, unpriced, skipped, lost } = account;
    let mut lines = vec![format!(
        "{}: {entries} entries; {priced} products with prices, {unpriced} without, {} entries not taken.",
        source.word(),
        skipped.len()
    )];
    let skipped = skipped.iter().map(|entry| (entry.why.clone(), entry.name.clone()));
    lines.extend(grouped("Not taken", skipped, all));
    let lost = lost.iter().map(|entry| (format!("{}: {}", entry.field, entry.why), entry.name.clone()));
    lines.extend(grouped("Without a place in a table", lost, all));
    lines
}

/// Lists names by their reason, the most frequent reason first.
fn grouped(title: &str, entries: impl Iterator<Item = (String, String)>, all: bool) -> Vec<String> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (why, name) in entries {
        groups.entry(why).or_default().push(name);
    }
    let mut groups: Vec<(String, Vec<String>)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    let mut lines = Vec::new();
    if !groups.is_empty() {
        let more = if all { "" } else { " (--verbose names all)" };
        lines.push(format!("{title}{more}:"));
    }
    for (why, names) in &groups {
        let shown = if all { names.len() } else { names.len().min(LISTED) };
        let rest = names.len() - shown;
        let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        lines.push(format!("  {why} ({}): {}{rest}", names.len(), names[..shown].join(", ")));
    }
    lines
}

#[derive(Serialize)]
struct JsonEntry<'a> {
    entry: &'a str,
    field: Option<&'a str>,
    why: &'a str,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    source: &'static str,
    entries: usize,
    priced: usize,
    unpriced: usize,
    skipped: Vec<JsonEntry<'a>>,
    lost: Vec<JsonEntry<'a>>,
}

/// Returns the account as JSON.
pub fn to_json(source: Source, account: &Account) -> String {
    let skipped = account.skipped.iter().map(|e| JsonEntry { entry: &e.name, field: None, why: &e.why });
    let lost = account.lost.iter().map(|e| JsonEntry { entry: &e.name, field: Some(&e.field), why: &e.why });
    super::json::pretty(&Document {
        schema: "ragonomics/import/1",
        source: source.word(),
        entries: account.entries,
        priced: account.priced,
        unpriced: account.unpriced,
        skipped: skipped.collect(),
        lost: lost.collect(),
    })
}
