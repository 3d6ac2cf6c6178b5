//! JSON, CSV and Markdown.

use super::*;

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
