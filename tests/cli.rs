//! The program as its users and their scripts meet it: streams, exit codes, formats.

#[path = "cli/analyses.rs"]
mod analyses;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/price.rs"]
mod price;
#[path = "cli/scenarios.rs"]
mod scenarios;
#[path = "cli/streams.rs"]
mod streams;
#[path = "cli/tables.rs"]
mod tables;
#[path = "cli/usage.rs"]
mod usage;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command as Process, Output, Stdio};

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// A private model: ten lines that a user would copy from a neighbour.
const OWN_MODEL: &str = r#"[vendor]
id = "acme"

[[product]]
id = "own-model"
kind = "chat"
window = 128_000

[[product.price]]
from = 2026-01-01
input_per_mtok = 0.50
output_per_mtok = 2
source = "contract of January"
checked = 2026-11-01
"#;

const COMMANDS: [&[&str]; 36] = [
    &[],
    &["compare"],
    &["bill"],
    &["sweep"],
    &["breakeven"],
    &["forecast"],
    &["history"],
    &["sensitivity"],
    &["simulate"],
    &["limits"],
    &["models"],
    &["models", "show"],
    &["price"],
    &["prices"],
    &["prices", "check"],
    &["prices", "where"],
    &["prices", "import"],
    &["prices", "export"],
    &["prices", "diff"],
    &["prices", "update"],
    &["schema"],
    &["tokens"],
    &["report"],
    &["scenario"],
    &["scenario", "new"],
    &["scenario", "list"],
    &["scenario", "show"],
    &["scenario", "check"],
    &["scenario", "reference"],
    &["check"],
    &["diff"],
    &["config"],
    &["config", "show"],
    &["config", "path"],
    &["config", "init"],
    &["completions"],
];

const SHIPPED: [&str; 6] =
    ["support-bot", "contract-review", "novel-qa", "transcript-cleanup", "devday", "saas-assistant"];

fn command() -> Command {
    let mut command = Command::new(cargo_bin!("ragonomics"));
    command.env_remove("NO_COLOR").env_remove("COLUMNS").env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
    // Tables of whoever runs the tests stay out of them.
    command
        .env("XDG_CONFIG_HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("XDG_DATA_HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

fn run(arguments: &[&str]) -> Output {
    command().args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Returns the result of a run that must succeed.
fn result(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    stdout(&output)
}

/// Returns the message of a run that must be refused without a result.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
    assert_eq!(stdout(&output), "", "{arguments:?}");
    stderr(&output).trim_end().to_owned()
}

fn with_own_model() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acme.toml");
    fs::write(&path, OWN_MODEL).unwrap();
    let name = path.to_str().unwrap().to_owned();
    (folder, name)
}
