//! What a check of the tables found, as text, rows and JSON.

use jiff::civil::Date;
use serde::Serialize;

use super::{Align, Cell, Sheet};
use crate::catalog::audit::{Check, Finding};
use crate::catalog::load::Places;
use crate::catalog::{Catalog, Confidence, STALE_AFTER_DAYS};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};

/// A catalog with what was found in its tables.
pub struct Audited<'a> {
    catalog: &'a Catalog,
    warnings: &'a Diagnostics,
    found: Vec<Found<'a>>,
    own: Vec<&'a str>,
    date: Date,
}

/// A finding at its place.
struct Found<'a> {
    finding: &'a Finding,
    diagnostic: Diagnostic,
    own: bool,
}

impl<'a> Audited<'a> {
    /// Puts findings at their places; `own` are the names of the user's own tables.
    pub fn new(
        catalog: &'a Catalog,
        warnings: &'a Diagnostics,
        findings: &'a [Finding],
        places: &Places<'_>,
        own: Vec<&'a str>,
        date: Date,
    ) -> Audited<'a> {
        let placed = |finding: &'a Finding| {
            let own = own.contains(&&*catalog.product(finding.product).price_file);
            Found { finding, diagnostic: finding.diagnostic(catalog, places), own }
        };
        let mut found: Vec<Found<'a>> = findings.iter().map(placed).collect();
        found.sort_by(|a, b| a.diagnostic.place.cmp(&b.diagnostic.place));
        Audited { catalog, warnings, found, own, date }
    }

    /// Returns what is worth a look in the user's own tables.
    pub fn own(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter().filter(|found| found.own).map(|found| &found.diagnostic)
    }

    /// Returns what is worth a look in the shipped tables, a line each.
    pub fn shipped_lines(&self) -> impl Iterator<Item = String> + '_ {
        let shipped = self.found.iter().filter(|found| !found.own);
        shipped.map(|found| format!("{}: {}", found.diagnostic.place, found.diagnostic.fault))
    }

    /// Returns the counts in sentences.
    pub fn summary(&self) -> Vec<String> {
        let tally = self.tally();
        let mut lines = vec![
            format!(
                "{} tables, {} products, {}, {}, {}: no errors, {}",
                self.catalog.files.len(),
                self.catalog.products.len(),
                counted(tally.price_entries, "price entry", "price entries"),
                counted(self.catalog.exchange.rates.len(), "exchange rate", "exchange rates"),
                counted(self.catalog.tokenizers.known.len(), "tokenizer", "tokenizers"),
                counted(self.warnings.0.len() + self.own().count(), "warning", "warnings"),
            ),
            format!(
                "Not certain: {}. Without a public price: {}.",
                counted(tally.not_certain, "price entry", "price entries"),
                counted(tally.without_price, "product", "products"),
            ),
        ];
        if self.found.iter().any(|found| found.finding.check == Check::Stale) {
            lines.push(format!("Old: in force, and checked more than {STALE_AFTER_DAYS} days ago."));
        }
        let shipped = self.counts(false);
        if !shipped.is_empty() {
            lines.push(format!("Worth a look in the shipped tables: {shipped} (--verbose lists them)."));
        }
        if !self.own.is_empty() {
            let own = self.counts(true);
            let own = if own.is_empty() { "nothing".to_owned() } else { own };
            lines.push(format!("Worth a look in your tables: {own}."));
        }
        lines
    }

    fn tally(&self) -> Tally {
        let cards = || self.catalog.products.iter().flat_map(|product| &product.prices);
        Tally {
            price_entries: cards().count(),
            not_certain: cards().filter(|card| card.confidence != Confidence::High).count(),
            without_price: self.catalog.products.iter().filter(|product| product.prices.is_empty()).count(),
        }
    }

    /// Returns how many findings there are of each check, in words.
    fn counts(&self, own: bool) -> String {
        let count = |check| {
            self.found.iter().filter(|found| found.own == own && found.finding.check == check).count()
        };
        let counts =
            Check::WORDS.iter().map(|(_, check)| (count(*check), *check)).filter(|(count, _)| *count > 0);
        let named = counts.map(|(count, check)| {
            let (one, many) = check.labels();
            counted(count, one, many)
        });
        named.collect::<Vec<_>>().join(", ")
    }

    /// Returns all findings as rows.
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("Check", "check", Align::Left),
            ("Product", "product", Align::Name),
            ("Place", "place", Align::Left),
            ("Finding", "text", Align::Left),
            ("Remedy", "remedy", Align::Left),
        ]);
        for found in &self.found {
            let product = self.catalog.product(found.finding.product).id.clone();
            let place = found.diagnostic.place.to_string();
            let (text, remedy) = (found.finding.text.clone(), found.finding.remedy.to_owned());
            let check = found.finding.check.word().to_owned();
            sheet.push([check, product, place, text, remedy].map(Cell::text).to_vec());
        }
        sheet
    }

    /// Returns everything as one JSON document.
    pub fn to_json(&self) -> String {
        let finding = |found: &Found<'_>| JsonFinding {
            check: found.finding.check.word(),
            product: self.catalog.product(found.finding.product).id.clone(),
            own: found.own,
            place: JsonPlace::of(&found.diagnostic.place),
            price_from: found.finding.from.map(|date| date.to_string()),
            text: found.finding.text.clone(),
            remedy: found.finding.remedy,
        };
        let warning = |warning: &Diagnostic| JsonWarning {
            place: JsonPlace::of(&warning.place),
            text: warning.fault.to_string(),
            remedy: warning.fault.remedy(),
        };
        super::json::pretty(&JsonAudit {
            schema: "ragonomics/prices-check/1",
            as_of: self.date.to_string(),
            tables: self.catalog.files.iter().map(|file| file.to_string()).collect(),
            products: self.catalog.products.len(),
            exchange_rates: self.catalog.exchange.rates.len(),
            tokenizers: self.catalog.tokenizers.known.len(),
            tally: self.tally(),
            warnings: self.warnings.0.iter().map(warning).collect(),
            findings: self.found.iter().map(finding).collect(),
        })
    }
}

/// Counts a thing: `1 gap`, `2 gaps`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[derive(Serialize)]
struct Tally {
    price_entries: usize,
    not_certain: usize,
    without_price: usize,
}

#[derive(Serialize)]
struct JsonAudit {
    schema: &'static str,
    as_of: String,
    tables: Vec<String>,
    products: usize,
    exchange_rates: usize,
    tokenizers: usize,
    #[serde(flatten)]
    tally: Tally,
    warnings: Vec<JsonWarning>,
    findings: Vec<JsonFinding>,
}

#[derive(Serialize)]
struct JsonPlace {
    file: String,
    /// Line and column from 1; `None` for a file as a whole.
    line: Option<usize>,
    column: Option<usize>,
}

impl JsonPlace {
    fn of(place: &Place) -> JsonPlace {
        let known = |number: usize| (number > 0).then_some(number);
        JsonPlace { file: place.source.clone(), line: known(place.line), column: known(place.column) }
    }
}

#[derive(Serialize)]
struct JsonWarning {
    #[serde(flatten)]
    place: JsonPlace,
    text: String,
    remedy: Option<String>,
}

#[derive(Serialize)]
struct JsonFinding {
    check: &'static str,
    product: String,
    own: bool,
    #[serde(flatten)]
    place: JsonPlace,
    price_from: Option<String>,
    text: String,
    remedy: &'static str,
}
