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
    files.sort();
    embedded.sort();
    assert_eq!(files, embedded);
}
