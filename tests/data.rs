//! Every file that ships loads and checks.

use ragonomics::catalog::load;

#[test]
fn the_embedded_tables_load_without_a_warning() {
    let (_, warnings) = load::with_overlays(&[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(warnings.0.is_empty(), "{warnings}");
}
