//! What the commands of the analyses print.

use super::*;

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
fn tables_along_a_number_say_which_prices_they_rest_on() {
    let along = ["--vary=corpus.tokens", "--as-of=2026-11-22", "--currency=EUR", "-q"];
    for command in ["sweep", "breakeven"] {
        for format in ["table", "md"] {
            let text = result(&[&[command, "support-bot", "--format", format][..], &along].concat());
            let head = text.replace('\n', " ");
            assert!(head.contains(", prices of 2026-11-22, EUR"), "{command} {format}: {text}");
        }
    }
    let map = result(
        &[&["breakeven", "support-bot", "--and=workload.requests_per_month", "--points=4"][..], &along]
            .concat(),
    );
    assert!(map.replace('\n', " ").contains(", prices of 2026-11-22, EUR"), "{map}");
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
fn a_break_even_says_why_a_design_ends() {
    let asked = ["breakeven", "support-bot", "--vary", "corpus.tokens", "--to", "10M"];
    let said = result(&[&asked[..], &["--a", "gpt-6-luna:long_context", "--b", "gpt-6-luna:rag"]].concat());
    let said = said.replace('\n', " ");
    assert!(said.contains("gpt-6-luna:long_context has no cost from corpus.tokens = "), "{said}");
    assert!(said.contains(" on; at 10,000,000: over the"), "{said}");
    assert!(!said.contains("rag has no cost"), "{said}");
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
