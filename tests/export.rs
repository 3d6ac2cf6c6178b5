//! What is written of a catalog loads as the same catalog.

mod support;

use ragonomics::catalog::load::{Table, load};
use ragonomics::catalog::{Catalog, Product, write};
use ragonomics::diagnostic::Place;
use support::*;

/// Facts and prices of a product, without the files that they came from.
fn facts(catalog: &Catalog) -> Vec<(String, Product)> {
    let nowhere: std::sync::Arc<str> = "".into();
    let plain = |product: &Product| Product {
        vendor: 0,
        file: nowhere.clone(),
        price_file: nowhere.clone(),
        ..product.clone()
    };
    let mut all: Vec<(String, Product)> = catalog
        .products
        .iter()
        .map(|product| (catalog.vendors[product.vendor].name.clone(), plain(product)))
        .collect();
    all.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    all
}

fn loaded(tables: &[String]) -> Catalog {
    let tables: Vec<Table<'_>> = tables.iter().map(|text| Table { name: "written.toml", text }).collect();
    load(&tables).unwrap_or_else(|faults| panic!("{faults}")).0
}

fn same(ours: &Catalog, theirs: &Catalog) {
    for (one, other) in facts(ours).iter().zip(&facts(theirs)) {
        assert_eq!(one, other);
    }
    assert_eq!(ours.products.len(), theirs.products.len());
    assert_eq!(ours.exchange, theirs.exchange);
    assert_eq!(ours.tokenizers, theirs.tokenizers);
    let terms = |catalog: &Catalog| {
        let mut contracts = catalog.contracts.clone();
        let nowhere = || Place::whole("");
        contracts.discounts.iter_mut().for_each(|known| known.place = nowhere());
        contracts.allowances.iter_mut().for_each(|known| known.place = nowhere());
        contracts.commitments.iter_mut().for_each(|known| known.place = nowhere());
        contracts
    };
    assert_eq!(terms(ours), terms(theirs));
}

#[test]
fn the_shipped_tables_written_as_toml_load_as_they_were() {
    let ours = catalog_with("");
    let written: Vec<String> = write::toml(&ours).into_iter().map(|table| table.text).collect();
    same(&ours, &loaded(&written));
}

#[test]
fn the_shipped_tables_written_as_json_load_as_they_were() {
    let ours = catalog_with("");
    let written = write::from_json(&write::json(&ours)).expect("our own document");
    same(&ours, &loaded(&written));
}

#[test]
fn odd_texts_and_every_rule_survive() {
    let text = include_str!("cases/every-key.toml");
    let ours = catalog_of(text);
    let written: Vec<String> = write::toml(&ours).into_iter().map(|table| table.text).collect();
    same(&ours, &loaded(&written));
    same(&ours, &loaded(&write::from_json(&write::json(&ours)).expect("our own document")));
    let model = &ours.products[0];
    assert_eq!(model.prices.len(), 3, "a card, its uplift, and a later card");
    assert_eq!(model.prices[1].region.as_deref(), Some("eu"));
    assert_eq!(model.prices[1].cells[0].rates[0].1.price.exact, dec("1.65"));
}
