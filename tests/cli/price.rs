//! Single requests and files of usage records.

use super::*;

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
