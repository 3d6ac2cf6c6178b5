//! Where prices stand in the texts of tables, for messages about a catalog that is loaded.

use std::ops::Range;

use jiff::civil::Date;

use super::super::Service;
use super::{EXPECTED, Table};
use crate::diagnostic::Place;
use crate::document::{Document, Section};

/// Where prices stand in the texts of tables, for messages about a catalog that is loaded.
pub struct Places<'t> {
    documents: Vec<(&'t str, Document<'t>)>,
}

impl<'t> Places<'t> {
    /// Parses tables for their places.
    pub fn new(tables: &[Table<'t>]) -> Places<'t> {
        let parsed = |table: &Table<'t>| (table.name, Document::parse(table.name, table.text, EXPECTED));
        Places { documents: tables.iter().map(parsed).collect() }
    }

    /// Returns the place of a key of a product's price, or of what of it can be found: the price, the product, the file.
    pub fn price(
        &self,
        file: &str,
        product: &str,
        from: Option<Date>,
        service: Service,
        key: Option<&str>,
    ) -> Place {
        // An export in JSON is one file of several tables.
        let named = self.documents.iter().rev().filter(|(name, _)| *name == file);
        let found = named.map(|(_, document)| (document, price_span(document, product, from, service, key)));
        let mut found = found.filter_map(|(document, span)| Some(document.place(span?)));
        found.next().unwrap_or_else(|| Place::whole(file))
    }
}

fn price_span(
    document: &Document<'_>,
    product: &str,
    from: Option<Date>,
    service: Service,
    key: Option<&str>,
) -> Option<Range<usize>> {
    let products = document.root().sections("product");
    let product = products.into_iter().find(|section| section.text("id") == Some(product))?;
    let of_day = |section: &Section<'_>| from.is_some() && section.date("from") == from;
    let Some(card) = product.sections("price").into_iter().find(of_day) else {
        return Some(product.value("id")?.span());
    };
    let of_class = |when: &Section<'_>| when.text("service") == Some(service.word());
    let cell = card.sections("when").into_iter().find(of_class);
    let entry = cell.unwrap_or(card);
    let written = key.and_then(|key| entry.value(key)).or_else(|| entry.value("factor"));
    Some(written.map_or(entry.span(), |value| value.span()))
}
