//! Pricing tables of one's own.

use super::*;

#[test]
fn a_private_model_is_added_in_a_few_lines_and_compared() {
    let (_folder, table) = with_own_model();
    let flags = ["--models", "acme/own-model", "--pricing", &table, "--as-of", "2026-11-22"];
    let text = result(&[&["compare", "devday", "--format", "json"], &flags[..]].concat());
    let found: Value = serde_json::from_str(&text).unwrap();
    let row = found["rows"].as_array().unwrap().iter().find(|row| row["strategy"] == "long_context").unwrap();
    assert_eq!(row["model"], "acme/own-model");
    // 100,000 requests of 128,000 tokens at $0.50 per million: 0.064 each.
    assert_eq!(row["monthly"].to_string(), "6400");
    assert_eq!(row["per_request"].to_string(), "0.064");
    assert!(result(&["prices", "check", &table]).contains("no errors"));
    assert!(result(&["prices", "where", "acme/own-model", "--pricing", &table]).contains("acme.toml"));
}

#[test]
fn the_last_table_wins() {
    let (folder, table) = with_own_model();
    let dearer = folder.path().join("dearer.toml");
    fs::write(&dearer, OWN_MODEL.replace("0.50", "5")).unwrap();
    let price = |tables: [&str; 2]| {
        let price = ["price", "--model=acme/own-model", "--input-tokens=1M", "--format=json"];
        let tables = [format!("--pricing={}", tables[0]), format!("--pricing={}", tables[1])];
        let text = result(&[&price[..], &[&tables[0], &tables[1]]].concat());
        serde_json::from_str::<Value>(&text).unwrap()["cost"].to_string()
    };
    let dearer = dearer.to_str().unwrap();
    assert_eq!(price([&table, dearer]), "5");
    assert_eq!(price([dearer, &table]), "0.5");
}

#[test]
fn faults_of_all_tables_come_out_together() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.toml", "b.toml"] {
        fs::write(folder.path().join(name), OWN_MODEL.replace("0.50", "-1")).unwrap();
    }
    let message = refused(&["prices", "check", folder.path().to_str().unwrap()]);
    assert!(message.contains("a.toml:11:18") && message.contains("b.toml:11:18"), "{message}");
    assert!(message.ends_with("2 errors"), "{message}");
}
