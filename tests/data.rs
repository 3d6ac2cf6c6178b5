//! Every file that ships loads and checks.

use ragonomics::catalog::load;

#[test]
fn the_embedded_tables_load_without_a_warning() {
    let (_, warnings) = load::with_overlays(&[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(warnings.0.is_empty(), "{warnings}");
}

#[test]
fn every_table_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/pricing");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut files: Vec<String> = files.map(|name| format!("pricing/{}", name.to_str().unwrap())).collect();
    let mut embedded: Vec<String> =
        ragonomics::catalog::embedded::TABLES.iter().map(|(name, _)| (*name).to_owned()).collect();
    files.retain(|file| file.ends_with(".toml"));
    files.sort();
    embedded.sort();
    assert_eq!(files, embedded);
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
