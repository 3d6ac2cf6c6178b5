//! Every file that ships loads and checks.

use ragonomics::catalog::embedded::TABLES;
use ragonomics::catalog::load;
use ragonomics::document::{packed, tree};

#[test]
fn the_embedded_tables_load_without_a_warning() {
    let (_, warnings) = load::with_overlays(&[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(warnings.0.is_empty(), "{warnings}");
}

#[test]
fn the_packed_form_of_each_table_is_the_tree_of_its_text() {
    for table in TABLES {
        let (tree, mistakes) = tree::parse(table.text);
        assert_eq!(mistakes, [], "{}", table.name);
        assert_eq!(packed::unpack(table.packed, table.text), Some(tree), "{}", table.name);
    }
}

#[test]
fn a_table_without_products_adds_no_vendor() {
    let catalog = load::embedded().unwrap_or_else(|faults| panic!("{faults}"));
    let nameless: Vec<_> = catalog.vendors.iter().filter(|vendor| vendor.id == "?").collect();
    assert!(nameless.is_empty(), "{nameless:?}");
}

#[test]
fn no_shipped_product_is_in_two_tables() {
    let catalog = load::embedded().unwrap_or_else(|faults| panic!("{faults}"));
    let twice: Vec<&str> = catalog
        .products
        .iter()
        .filter(|p| p.file != p.price_file || !p.overlaid.is_empty())
        .map(|p| p.id.as_str())
        .collect();
    assert!(twice.is_empty(), "{twice:?}");
}
