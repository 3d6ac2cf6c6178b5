//! `prices check` as its users meet it: findings in their own tables in full, counts of the shipped ones.

mod support;

use std::fs;

use serde_json::Value;

/// A table whose input is 1,333 times dearer than it was, and whose price nobody has checked since.
const TABLE: &str = r#"[vendor]
id = "acme"

[[product]]
id = "own"
kind = "chat"

[[product.price]]
from = 2025-01-01
input_per_mtok = 0.0015
source = "contract"
checked = 2025-01-01

[[product.price]]
from = 2025-03-01
input_per_mtok = 2
source = "contract"
checked = 2025-03-01
"#;

/// Runs `prices check` on a table; returns exit code, result and messages.
fn check(table: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.toml");
    fs::write(&path, table).unwrap();
    let output = support::program().args(["prices", "check"]).arg(&path).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_suspicion_is_told_with_its_place_and_is_no_error() {
    let (code, result, messages) = check(TABLE, &[]);
    assert_eq!((code, messages.as_str()), (Some(0), ""));
    assert!(result.contains("Worth a look in your tables: 1 old price, 1 jump of a price.\n"), "{result}");
    let jump = "acme.toml:16:18: `acme/own`: input_per_mtok of 2 USD/1M tokens is 1333.3 times the 0.0015 USD/1M tokens before\n  16 | input_per_mtok = 2\n";
    assert!(result.contains(jump), "{result}");
    let (_, _, messages) = check(TABLE, &["--verbose"]);
    assert!(messages.lines().any(|line| line.starts_with("pricing/")), "{messages}");
}

#[test]
fn a_fault_is_an_error() {
    let (code, result, messages) = check(&TABLE.replace("source = \"contract\"\n", ""), &[]);
    assert_eq!((code, result.as_str()), (Some(2), ""));
    assert!(messages.contains("`product.price.source` is missing"), "{messages}");
}

#[test]
fn a_currency_that_nothing_converts_is_told() {
    let (code, result, _) =
        check(&TABLE.replace("from = 2025-03-01", "from = 2025-03-01\ncurrency = \"RMB\""), &[]);
    assert_eq!(code, Some(0));
    assert!(result.contains("acme.toml:16:12: `acme/own`: no exchange rate of RMB is known"), "{result}");
}

#[test]
fn as_json_every_finding_has_its_check_place_and_remedy() {
    let (_, result, _) = check(TABLE, &["--format", "json"]);
    let json: Value = serde_json::from_str(&result).unwrap();
    let own = json["findings"].as_array().unwrap().iter().filter(|finding| finding["own"] == true);
    let told: Vec<_> = own.map(|finding| (&finding["check"], finding["line"].to_string())).collect();
    assert_eq!(told, [(&Value::from("jump"), "16".to_owned()), (&Value::from("stale"), "18".to_owned())]);
    assert!(json["findings"].as_array().unwrap().iter().all(|finding| finding["remedy"].is_string()));
}
