//! The program as its users and their scripts meet it: streams, exit codes, formats.

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

const SHIPPED: [&str; 5] = ["support-bot", "contract-review", "novel-qa", "transcript-cleanup", "devday"];

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

// Usage

#[test]
fn unknown_commands_and_flags_are_bad_usage() {
    for arguments in [
        &["compare", "--colour-me"][..],
        &["frobnicate", "support-bot"],
        &["compare", "--format", "yaml"],
        &["compare", "--color", "sometimes"],
        &["compare", "-q", "-v"],
        &["sweep", "devday"],
        &["sweep", "devday", "--vary", "corpus.tokens", "--points", "1"],
        &["price"],
        &["models", "show"],
        &["completions", "tcsh"],
        &["price", "--usage", "-", "--input-tokens", "5"],
        &["price", "--usage", "-", "--model", "openai/gpt-4.1"],
        &["price", "--model", "openai/gpt-4.1", "--batch", "--service", "flex"],
    ] {
        let message = refused(arguments);
        assert!(message.starts_with("error: "), "{arguments:?}: {message}");
    }
}

#[test]
fn every_command_explains_itself() {
    for arguments in COMMANDS {
        let help = result(&[arguments, &["--help"]].concat());
        assert!(help.contains("Usage: ragonomics"), "{arguments:?}");
        let undocumented = help.lines().filter(|line| line.trim_start().starts_with("--")).count();
        assert!(help.len() > 200 || undocumented == 0, "{arguments:?}: {help}");
    }
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(result(&["completions", shell]).contains("ragonomics"), "{shell}");
    }
    assert!(result(&["man"]).contains(".TH ragonomics"));
}

#[test]
fn set_says_what_is_wrong_with_each_assignment() {
    let message = refused(&[
        "compare",
        "--set=workload.requests_per_month",
        "--set=plan=",
        "--set=retrieval.topk=4",
        "--set=caching.hit_share=200%",
        "--set=retrieval.top_k=2.5",
        "--set=corpus.tokens=lots",
        "--set=retrieval.index=shared",
        "--set=as_of=soon",
        "--set=currency=dollars",
        "--set=rewrite.resend_text=maybe",
    ]);
    assert_eq!(
        message,
        r#"error: --set: `workload.requests_per_month` sets nothing
  help: write it as --set workload.requests_per_month=50k
error: --set: `plan=` sets nothing
  help: write it as --set workload.requests_per_month=50k
error: --set: unknown key `retrieval.topk`
  help: did you mean `retrieval.top_k`?
error: --set: `caching.hit_share` is 200%; it should be from 0 to 1
error: --set: `retrieval.top_k` is 2.5; it should be a whole number
error: --set: `corpus.tokens` is no number: `lots`
  help: write it as 1500, 128k, 1.5M or 3%
error: --set: `retrieval.index` cannot be `shared`
  help: write one of `dedicated`, `spare`
error: --set: `as_of` is no date: `soon`
  help: write a day of the calendar, such as 2026-11-22
error: --set: `currency` is "dollars"; it should be a three-letter code such as USD
error: --set: `rewrite.resend_text` cannot be `maybe`
  help: write one of `true`, `false`
10 errors"#
    );
    let message = refused(&["compare", "--set=retrieval.chunk_tokens=50"]);
    assert!(message.contains("the overlap of 64 tokens is not smaller than the chunk of 50"), "{message}");
    for number in ["nan", "inf", "-inf", "-1", "1e16", "1e400", "k", "１２", "0x10", "1,000"] {
        let message = refused(&["compare", &format!("--set=corpus.tokens={number}")]);
        assert!(message.starts_with("error: --set: `corpus.tokens` is "), "{number}: {message}");
    }
}

#[test]
fn flags_about_the_day_and_the_currency_are_checked() {
    assert_eq!(
        refused(&["compare", "--as-of", "2026-02-30"]),
        "error: --as-of is no date: `2026-02-30`\n  help: write a day of the calendar, such as 2026-11-22"
    );
    assert_eq!(
        refused(&["compare", "--currency", "XYZ"]),
        "error: --currency: no exchange rate of XYZ is known\n  help: write one of `AUD`, `BRL`, `CAD`, `CHF`, `CNY`, `EUR`, `GBP`, `HKD`, `INR`, `JPY`, `KRW`, `SGD`, `TWD`, `USD`, give one in exchange_rates, or add an [[exchange_rate]] in a table of your own"
    );
    assert_eq!(
        refused(&["compare", "--currency", "dollars"]),
        "error: --currency is \"dollars\"; it should be a three-letter code such as USD"
    );
    assert!(refused(&["price", "--model", "openai/gpt-4.1", "--currency", "XYZ"]).contains("XYZ"));
    assert!(refused(&["models", "--as-of", "soon"]).contains("`soon`"));
    assert!(refused(&["compare", "--set", "region=euu"]).contains("unknown region `euu`"));
    let fixed = ["compare", "devday", "--currency", "CNY", "--set", "exchange_rates=CNY=8"];
    assert!(result(&fixed).contains("1 USD = 8 CNY fixed by the scenario"));
}

#[test]
fn a_command_that_is_misspelt_or_misplaced_is_named() {
    assert_eq!(
        refused(&["compar", "devday"]),
        "error: ragonomics: unknown command `compar`\n  help: did you mean `compare`?"
    );
    assert!(refused(&["devday", "compare"]).contains("write them after the command"));
}

#[test]
fn a_time_without_its_zone_is_refused() {
    let request =
        ["price", "--model", "deepseek-flash", "--input-tokens", "1M", "--at", "2026-11-22T02:00:00"];
    assert!(refused(&request).contains("a time with its zone such as"));
}

#[test]
fn a_request_of_nothing_has_no_price() {
    assert!(refused(&["price", "--model", "openai/gpt-4.1"]).contains("no quantity is given"));
    let request = ["price", "--model", "openai/gpt-4.1", "--input-tokens", "5k", "--batch"];
    assert!(result(&request).starts_with("openai/gpt-4.1, batch, price of "));
}

#[test]
fn a_sweep_of_many_designs_has_a_table_for_each_model() {
    let models = "gpt-4,gpt-4-32k,gpt-4-1106-preview,gpt-4-0125-preview,gpt-4o,gpt-4.1,gpt-4.1-mini";
    let sweep = ["sweep", "devday", "--vary", "corpus.tokens", "--points", "3", "--models", models];
    let text = result(&sweep);
    assert_eq!(text.matches("     corpus\n").count() + text.matches("    corpus\n").count(), 7, "{text}");
}

#[test]
fn a_bill_counts_in_millions_from_a_million_on() {
    let bill = result(&["bill", "support-bot", "--model=openai/gpt-6.1-sol", "--strategy=rag"]);
    assert!(bill.contains("  answer: input                 112.56M       $2.00/1M tokens"), "{bill}");
    assert!(bill.contains("  search: read units              7,500  $16.00/1M read units"), "{bill}");
}

#[test]
fn a_plan_without_a_cost_is_said_to_have_none() {
    let text = result(&[
        "compare",
        "devday",
        "--set=plan=openai/gpt-4:long_context",
        "--set=baseline=openai/gpt-4:rag",
    ]);
    let told = "The plan, openai/gpt-4:long_context, has no cost: does not fit: over the 8,192 token";
    assert!(text.replace('\n', " ").contains(told), "{text}");
}

#[test]
fn names_in_flags_are_looked_up() {
    let message = refused(&["compare", "--models", "openai/gpt-4.11", "--strategies", "rga"]);
    assert!(message.contains("error: --models: unknown model `openai/gpt-4.11`"), "{message}");
    assert!(message.contains("error: --strategies: unknown strategy `rga`"), "{message}");
    assert!(refused(&["bill", "devday", "--model", "openai/gpt-4"]).contains("--strategy"));
    assert!(refused(&["bill", "devday", "--strategy", "rag"]).contains("--model"));
    for flag in [
        &["bill", "devday", "--strategy", "rag", "--model", "openai/text-embedding-3-small"][..],
        &["bill", "devday", "--model", "openai/text-embedding-3-small:rag"],
        &[
            "breakeven",
            "devday",
            "--vary=corpus.tokens",
            "--b=openai/gpt-4:rag",
            "--a=openai/text-embedding-3-small:rag",
        ],
    ] {
        assert!(refused(flag).contains("is of kind embedding; chat is needed here"), "{flag:?}");
    }
}

#[test]
fn a_range_is_checked_before_it_is_swept() {
    let sweep = |ends: &[&str]| refused(&[&["sweep", "devday", "--vary", "corpus.tokens"], ends].concat());
    assert!(sweep(&["--from=10", "--to=5"]).contains("begin it below its end"));
    assert!(sweep(&["--from=0", "--to=5", "--log"]).contains("begin it above zero"));
    assert!(sweep(&["--from=-5"]).contains("it should be from 0 to 1e15"));
    assert!(sweep(&["--from=nan"]).contains("--from is no number: `nan`"));
    assert!(sweep(&["--metric=yearly"]).contains("`monthly`"));
    let message = refused(&["sweep", "devday", "--vary", "retrieval.topk"]);
    assert!(message.contains("did you mean `retrieval.top_k`?"), "{message}");
}

// Pricing tables of one's own

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

// Single requests

#[test]
fn flags_of_price_are_checked() {
    let price = |flags: &[&str]| refused(&[&["price", "--model", "openai/gpt-4.1"], flags].concat());
    assert!(price(&["--input-tokens=lots"]).contains("--input-tokens is no number: `lots`"));
    assert!(price(&["--input-tokens=-1"]).contains("it should be from 0 to 1e15"));
    assert!(price(&["--input-tokens=1e16"]).contains("it should be from 0 to 1e15"));
    assert!(price(&["--meter=input_tokns=5"]).contains("did you mean `input_tokens`"));
    assert!(price(&["--meter=input_tokens"]).contains("input_tokens=69"));
    assert!(price(&["--service=overnight"]).contains("`standard`, `batch`"));
    assert!(price(&["--at=noon"]).contains("--at is no date or time: `noon`"));
    let message = price(&["--input-tokens=10", "--cached-input-tokens=11"]);
    assert!(message.contains("cached_input_tokens are more than input_tokens"), "{message}");
    assert!(refused(&["price", "--model=gpt-nothing"]).contains("unknown model"));
}

#[test]
fn usage_records_are_answered_line_by_line_in_order() {
    let records = concat!(
        r#"{"model": "openai/gpt-4-1106-preview", "at": "2023-11-22", "input_tokens": 128000}"#,
        "\n",
        r#"{"model": "openai/gpt-4.11", "input_tokens": 1}"#,
        "\n",
        "not json\n",
        "\n",
        r#"{"input_tokens": 1}"#,
        "\n",
        r#"{"model": "openai/gpt-4.1", "input_tokens": -5}"#,
        "\n",
        r#"{"model": "openai/gpt-4.1", "input_tokns": 5}"#,
        "\n",
        r#"{"model": "openai/gpt-4.1", "at": "noon"}"#,
        "\n",
        r#"{"model": "openai/gpt-4.1", "input_tokens": 1, "cached_input_tokens": 2}"#,
        "\n",
        r#"{"model": "openai/gpt-4.1", "batch": "yes"}"#,
        "\n",
        "[1, 2]\n",
        r#"{"model": "openai/gpt-4.1", "input_tokens": 1e999}"#,
        "\n",
        r#"{"model": "openai/gpt-4-1106-preview", "at": "2023-11-22T12:00:00Z", "output_tokens": 1000}"#,
    );
    let output = command().args(["price", "--usage", "-"]).write_stdin(records).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let reasons: Vec<&str> = lines.iter().map(|line| line["reason"].as_str().unwrap_or("")).collect();
    let expected = [
        "",
        "unknown model `openai/gpt-4.11`",
        "not a JSON object",
        "`model` is missing",
        "`input_tokens` should be a number from 0 to 1e15, found -5",
        "unknown meter `input_tokns`",
        "`at` is no",
        "cached_input_tokens are more than input_tokens",
        "`batch` should be true or false",
        "not a JSON object",
        "",
        "",
    ];
    assert_eq!(lines.len(), expected.len(), "{reasons:#?}");
    for (at, (reason, expected)) in reasons.iter().zip(expected).enumerate() {
        if at != 10 {
            assert!(reason.starts_with(expected), "line {at}: {reason}");
            assert_eq!(lines[at]["cost"].is_null(), !expected.is_empty(), "line {at}");
        }
    }
    assert!(lines[10]["cost"].is_null() && !reasons[10].is_empty(), "{}", reasons[10]);
    // 128,000 input tokens at $10 per million; 1,000 output tokens at $30 per million.
    assert_eq!((lines[0]["cost"].to_string(), lines[11]["cost"].to_string()), ("1.28".into(), "0.03".into()));
}

#[test]
fn good_usage_records_end_well() {
    let record = r#"{"model": "openai/gpt-4.1", "input_tokens": 10}"#;
    let output = command().args(["price", "--usage", "-"]).write_stdin(record).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    let empty = command().args(["price", "--usage", "-"]).write_stdin("").output().unwrap();
    assert!(empty.status.success() && empty.stdout.is_empty());
}

// Streams

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for arguments in [&["models"][..], &["scenario", "reference"], &["compare", "devday", "--format", "json"]]
    {
        let mut child = Process::new(cargo_bin!("ragonomics"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!first.is_empty());
        assert_eq!(stderr(&output), "", "{arguments:?}");
        assert!(output.status.success(), "{arguments:?}: {:?}", output.status);
    }
}

#[test]
fn messages_stay_out_of_the_results() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("suspicious.toml");
    fs::write(&table, OWN_MODEL.replace("= 2\n", "= 0.002\n")).unwrap();
    let table = table.to_str().unwrap();
    let arguments = [
        "compare",
        "devday",
        "--models=acme/own-model",
        "--as-of=2026-11-22",
        "--pricing",
        table,
        "--format=json",
    ];
    let output = run(&arguments);
    assert!(stderr(&output).starts_with("warning: ") && stderr(&output).contains("per thousand"));
    serde_json::from_str::<Value>(&stdout(&output)).unwrap();
    let quiet = run(&[&arguments[..], &["--quiet"]].concat());
    assert_eq!((stdout(&quiet), stderr(&quiet)), (stdout(&output), String::new()));
    let verbose = run(&[&arguments[..], &["--verbose"]].concat());
    assert_eq!(stdout(&verbose), stdout(&output));
    assert!(stderr(&verbose).contains("tables"));
    let chosen = run(&["bill", "devday"]);
    assert!(stderr(&chosen).contains("the cheapest design that fits"), "{}", stderr(&chosen));
    assert_eq!(stderr(&run(&["bill", "devday", "--quiet"])), "");
}

#[test]
fn errors_are_printed_even_in_quiet() {
    assert!(refused(&["compare", "--quiet", "--as-of", "soon"]).contains("`soon`"));
}

#[test]
fn colour_is_used_only_where_it_is_wanted() {
    let escapes = |command: &mut Command| stdout(&command.output().unwrap()).contains('\u{1b}');
    let compare = |flags: &[&str]| {
        let mut command = command();
        command.args(["compare", "devday"]).args(flags);
        command
    };
    assert!(!escapes(&mut compare(&[])), "a pipe is no terminal");
    assert!(!escapes(&mut compare(&["--color", "never"])));
    assert!(!escapes(compare(&[]).env("NO_COLOR", "1")));
    assert!(escapes(&mut compare(&["--color", "always"])));
}

#[test]
fn tables_of_every_shipped_scenario_fit_into_eighty_columns() {
    for scenario in SHIPPED {
        for arguments in [&["compare", scenario][..], &["bill", scenario], &["limits", scenario]] {
            for line in result(arguments).lines() {
                let width = line.width();
                assert!(width <= 80 || !line.trim().contains(' '), "{arguments:?}: {width} columns:\n{line}");
            }
        }
    }
}

// Formats

#[test]
fn numbers_in_json_have_no_exponent() {
    for scenario in SHIPPED {
        for extreme in
            ["workload.requests_per_month=1", "workload.requests_per_month=1e15", "corpus.tokens=1"]
        {
            let text = result(&["compare", scenario, "--format=json", "--set", extreme]);
            let document: Value = serde_json::from_str(&text).unwrap();
            assert_plain(&document);
        }
    }
    assert_plain(&serde_json::from_str(&result(&["bill", "devday", "--format=json"])).unwrap());
}

fn assert_plain(value: &Value) {
    match value {
        Value::Number(number) => assert!(!number.to_string().contains(['e', 'E']), "{number}"),
        Value::Array(items) => items.iter().for_each(assert_plain),
        Value::Object(fields) => fields.values().for_each(assert_plain),
        _ => {}
    }
}

#[test]
fn csv_and_markdown_have_the_same_number_of_cells_in_every_row() {
    for scenario in SHIPPED {
        let text = result(&["compare", scenario, "--format", "csv"]);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let width = reader.headers().unwrap().len();
        assert!(reader.records().all(|record| record.unwrap().len() == width));
        let text = result(&["compare", scenario, "--format", "md"]);
        let bars = |line: &str| line.replace("\\|", "").matches('|').count();
        for table in text.split("\n\n").filter(|part| part.starts_with('|')) {
            let widths: Vec<usize> = table.lines().map(bars).collect();
            assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
        }
    }
}

#[test]
fn names_that_a_spreadsheet_would_run_are_defused() {
    let scenario = "name = \"=cmd()\"\n[[cost]]\nname = \"=cmd()|' /C calc'!A0\"\nmonthly = 5\n[compare]\nmodels = [\"openai/gpt-4.1\"]\nstrategies = [\"rag\"]\n";
    for arguments in [
        &["compare", "-", "--format", "csv"][..],
        &["bill", "-", "--model=openai/gpt-4.1", "--strategy=rag", "--format=csv"],
        &["scenario", "show", "-", "--effective", "--format", "csv"],
    ] {
        let output = command().args(arguments).write_stdin(scenario).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        let text = stdout(&output);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            for cell in &record.unwrap() {
                assert!(!cell.starts_with(['=', '+', '@']), "{arguments:?}: {cell}");
            }
        }
    }
    let output = command()
        .args(["bill", "-", "--model=openai/gpt-4.1", "--strategy=rag", "--format=csv"])
        .write_stdin(scenario)
        .output()
        .unwrap();
    assert!(stdout(&output).contains("'=cmd()"));
}

// Scenarios

#[test]
fn every_value_of_a_new_scenario_is_a_default() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("bot.toml");
    let bare = folder.path().join("bare.toml");
    result(&["scenario", "new", new.to_str().unwrap()]);
    fs::write(&bare, "name = \"bot\"\n").unwrap();
    for arguments in [
        &["compare", "--format=json", "--as-of=2026-11-22"][..],
        &["limits", "--format=json", "--as-of=2026-11-22"],
        &["bill", "--format=json", "--as-of=2026-11-22"],
    ] {
        let of = |file: &std::path::Path| result(&[arguments, &[file.to_str().unwrap()]].concat());
        assert_eq!(of(&new), of(&bare), "{arguments:?}");
    }
}

#[test]
fn a_new_scenario_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, "mine").unwrap();
    let message = refused(&["scenario", "new", path.to_str().unwrap()]);
    assert!(message.contains("exists and is left as it is"), "{message}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    let nowhere = folder.path().join("no/such/folder.toml");
    let output = run(&["scenario", "new", nowhere.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left behind");
}

#[test]
fn the_effective_scenario_marks_what_is_set() {
    let arguments = ["scenario", "show", "-", "--effective", "--format=csv", "--set=retrieval.top_k=9"];
    let scenario = "name = \"bot\"\n[caching]\nhit_share = 0.25\n";
    let output = command().args(arguments).write_stdin(scenario).output().unwrap();
    let text = stdout(&output);
    for line in ["retrieval.top_k,9,set", "caching.hit_share,25%,set", "retrieval.chunk_tokens,512,default"] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[test]
fn shipped_scenarios_can_be_listed_shown_and_checked() {
    let list = result(&["scenario", "list"]);
    for scenario in SHIPPED {
        assert!(list.contains(scenario));
        assert!(result(&["scenario", "show", scenario]).contains("name = "));
        assert!(result(&["scenario", "check", scenario]).contains("no errors"));
    }
    let json = result(&["scenario", "check", "devday", "--format", "json"]);
    let facts: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(facts["errors"].to_string(), "0", "{json}");
    assert_eq!(facts["prices_of"], "2023-11-22");
    let csv = result(&["scenario", "check", "devday", "--format", "csv"]);
    assert!(csv.starts_with("scenario,errors,models,strategies,prices_of\n"), "{csv}");
}

#[test]
fn without_a_terminal_the_bare_program_compares() {
    assert_eq!(result(&["devday"]), result(&["compare", "devday"]));
}

#[test]
fn a_count_by_flag_goes_before_the_files_of_the_corpus() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("text.txt"), "some words to count").unwrap();
    let path = folder.path().join("files.toml");
    fs::write(&path, "name = \"files\"\n[corpus]\nfiles = [\"text.txt\"]\n").unwrap();
    let shown = |flags: &[&str]| {
        let show = ["scenario", "show", path.to_str().unwrap(), "--effective", "--format=csv"];
        let text = result(&[&show[..], flags].concat());
        text.lines().find(|line| line.starts_with("corpus.tokens,")).unwrap().to_owned()
    };
    assert_eq!(shown(&[]), "corpus.tokens,4,counted");
    assert_eq!(shown(&["--set=corpus.tokens=5000"]), "corpus.tokens,5k,set");
}

#[test]
fn a_derivation_stands_behind_a_result_and_a_scenario_behind_the_flag_is_no_design() {
    let text = result(&["compare", "--explain", "support-bot", "-q"]);
    assert!(text.contains("How the bill of ") && text.contains("requests × hit share × "), "{text}");
    let json =
        result(&["compare", "support-bot", "--explain", "openai/gpt-4.1:rag", "--format", "json", "-q"]);
    let document: Value = serde_json::from_str(&json).unwrap();
    let told = &document["explanations"][0];
    assert_eq!((told["model"].as_str(), told["strategy"].as_str()), (Some("openai/gpt-4.1"), Some("rag")));
    assert_eq!(document["schema"], "ragonomics/compare/1");
}

#[test]
fn bills_are_explained_at_the_crossing_of_a_break_even() {
    let arguments = [
        "breakeven",
        "saas-assistant",
        "--vary=workload.users",
        "--b=price",
        "--explain",
        "--format=json",
        "-q",
    ];
    let document: Value = serde_json::from_str(&result(&arguments)).unwrap();
    let told = &document["explanations"][0];
    assert_eq!(told["changes"][0]["value"], document["crossings"][0]["at"]);
    let cost = document["crossings"][0]["cost"].as_f64().unwrap();
    assert!((told["monthly"].as_f64().unwrap() - cost).abs() <= 1e-9 * cost);
}

#[test]
fn what_users_pay_needs_a_price_and_a_map_needs_designs() {
    let price = refused(&[
        "breakeven",
        "devday",
        "--vary=workload.requests_per_month",
        "--a=openai/gpt-4:rag",
        "--b=price",
    ]);
    assert!(price.starts_with("error: --b: business.price_per_user is not given"), "{price}");
    assert!(price.contains("--set business.price_per_user=6"), "{price}");
    let total =
        refused(&["breakeven", "saas-assistant", "--vary=workload.users", "--b=price", "--metric=total"]);
    assert!(total.contains("what users pay is by the month"), "{total}");
    let map = refused(&[
        "breakeven",
        "saas-assistant",
        "--vary=workload.users",
        "--b=price",
        "--and=corpus.tokens",
    ]);
    assert!(map.contains("`price` is none"), "{map}");
    let sheet = refused(&["compare", "devday", "--explain", "--format=csv"]);
    assert!(sheet.contains("a derivation does not fit"), "{sheet}");
}

#[test]
fn a_map_of_two_parameters_fits_a_terminal_and_is_in_json_cell_by_cell() {
    let arguments =
        ["breakeven", "support-bot", "--vary=workload.requests_per_month", "--and=corpus.tokens", "-q"];
    let text = result(&arguments);
    assert!(text.lines().count() <= 24 && text.lines().all(|line| line.width() <= 80), "{text}");
    let document: Value =
        serde_json::from_str(&result(&[&arguments[..], &["--format=json"]].concat())).unwrap();
    let (columns, rows) = (&document["axes"][0]["values"], &document["axes"][1]["values"]);
    let cells = document["cells"].as_array().unwrap();
    assert_eq!(cells.len(), rows.as_array().unwrap().len());
    assert_eq!(cells[0].as_array().unwrap().len(), columns.as_array().unwrap().len());
    let shares = document["shares"].as_array().unwrap().iter().map(|share| share["share"].as_f64().unwrap());
    assert!((shares.sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn a_text_cannot_be_varied_and_the_message_says_so() {
    for command in ["sweep", "breakeven"] {
        let said = refused(&[command, "support-bot", "--vary", "retrieval.store"]);
        assert!(said.contains("--vary: `retrieval.store` is no number"), "{said}");
        assert!(!said.contains("did you mean"), "{said}");
    }
}

#[test]
fn a_break_even_says_why_a_design_ends() {
    let asked = ["breakeven", "support-bot", "--vary", "corpus.tokens", "--to", "10M"];
    let said = result(&[&asked[..], &["--a", "gpt-6-luna:long_context", "--b", "gpt-6-luna:rag"]].concat());
    let said = said.replace('\n', " ");
    assert!(
        said.contains("gpt-6-luna:long_context has no cost at corpus.tokens = 10,000,000: over the"),
        "{said}"
    );
    assert!(!said.contains("rag has no cost"), "{said}");
}

#[test]
fn a_model_of_another_vendor_is_suggested_by_its_name() {
    let said =
        refused(&["compare", "support-bot", "--set", "retrieval.embedding=alibaba/qwen3-embedding-8b"]);
    assert!(said.contains("did you mean `fireworks/qwen3-embedding-8b`"), "{said}");
    let said = refused(&["bill", "support-bot", "--model", "opnai/gpt-4o", "--strategy", "rag"]);
    assert!(said.contains("did you mean `openai/gpt-4o`"), "{said}");
}

#[test]
fn a_number_of_a_class_out_of_range_is_named_with_the_class() {
    let text = "[[class]]\nname = \"a\"\n[[class]]\nname = \"b\"\nshare = 0.5\n";
    let asked = ["compare", "-", "--set", "class.b.share=200%"];
    let output = command().args(asked).write_stdin(text).output().unwrap();
    assert!(stderr(&output).contains("`class.b.share` is 200%"), "{}", stderr(&output));
    let asked = ["compare", "-", "--set", "class.b.language=chinese"];
    let output = command().args(asked).write_stdin(text).output().unwrap();
    assert!(stderr(&output).contains("`class.b.language` is no number"), "{}", stderr(&output));
}

#[test]
fn a_small_quantity_of_a_bill_keeps_its_digits() {
    // 135 chunks of 1,536 x 4 + 1,008 bytes are 0.00096552 GB; 0.001 at $0.33 would not be $0.0003186.
    let less =
        ["bill", "support-bot", "--model", "gpt-6-luna", "--strategy", "rag", "--set", "corpus.tokens=60k"];
    let usual = ["--set", "retrieval.overlap_tokens=50", "--set", "retrieval.chunk_tokens=512"];
    let bill = result(&[&less[..], &usual].concat());
    let words: Vec<&str> = bill.split_whitespace().collect();
    assert!(words.windows(3).any(|seen| seen == ["0.000966", "$0.33/GB-month", "$0.0003186"]), "{bill}");
}
