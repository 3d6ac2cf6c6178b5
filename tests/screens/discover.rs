//! What a user finds without being told where: three questions, each at most three key presses from the first screen.

use ragonomics::catalog::load::embedded;
use ragonomics::scenario::library::shipped;

use super::*;

/// Most keys that an answer may be away.
const REACH: usize = 3;

const SIZE: (u16, u16) = (100, 30);

/// One model, read whole or by one passage of 1,000 tokens, with nothing else in a prompt and no answer.
///
/// Reading all is 100,000 tokens × $0.25 a million = $0.025 a request. Retrieval is 1,000 × $0.25 a million = $0.00025 a
/// request and $90 a month for the servers. They cost the same at 90 ÷ (0.025 − 0.00025) = 3,636.36 requests a month.
const TWO_DESIGNS: &str = r#"
name = "two designs"
[workload]
requests_per_month = "30k"
[request]
system_tokens = 0
question_tokens = 0
output_tokens = 0
[corpus]
tokens = "100k"
document_tokens = "1k"
changed_per_month = 0
[retrieval]
top_k = 1
chunk_tokens = "1k"
overlap_tokens = 0
embedding = "acme/vectors"
store = "none"
[compare]
models = ["acme/small"]
strategies = ["long_context", "rag"]
[[cost]]
name = "search servers"
monthly = 90
strategies = ["rag"]
"#;

/// Presses keys on the first screen, no more than a user would try, and returns what is shown then.
fn reached(mut state: State, keys: &str) -> String {
    assert!(keys.chars().count() <= REACH, "{keys:?} are too many keys");
    assert_eq!(state.screen, Screen::ALL[0], "a user begins on the first screen");
    press(&mut state, keys);
    screen(&mut state, SIZE)
}

fn two_designs() -> State {
    open(TWO_DESIGNS, Theme::default())
}

/// The program as it opens without any argument.
fn as_opened() -> State {
    let text = shipped("support-bot").unwrap();
    let (scenario, _) =
        ragonomics::scenario::load::scenario("support-bot", text, std::path::Path::new(".")).unwrap();
    State::open(embedded().unwrap(), scenario, date(2026, 11, 22), Theme::default()).unwrap()
}

#[test]
fn the_first_screen_names_the_cheapest_strategy_before_any_key() {
    let shown = reached(two_designs(), "");
    // 30,000 × $0.00025 + $90 = $97.50, against 30,000 × $0.025 = $750.
    assert!(shown.contains("Cheapest: rag on acme/small at $97.50 a month"), "{shown}");
    assert!(shown.contains("$750.00"), "{shown}");
}

#[test]
fn the_first_screen_names_the_requests_at_which_another_becomes_cheaper() {
    let shown = reached(two_designs(), "");
    assert!(shown.contains("3,636 requests a month"), "{shown}");
}

#[test]
fn two_keys_put_the_cursor_of_the_chart_on_that_number() {
    let shown = reached(two_designs(), "2N");
    // Both cost 3,636.36 × $0.025 = $90.91 there.
    assert!(shown.contains("At requests/month 3,636"), "{shown}");
    assert!(shown.matches("$90.91").count() >= 2, "{shown}");
}

#[test]
fn two_keys_lead_from_the_first_screen_to_the_source_of_a_price() {
    let shown = reached(two_designs(), "3\n");
    assert!(shown.contains("$0.25/1M tokens"), "{shown}");
    let line = shown.lines().find(|line| line.starts_with("source ")).unwrap_or_else(|| panic!("{shown}"));
    assert!(line.contains("a test"), "{line}");
    assert!(shown.contains("2026-11-20"), "the day it was checked: {shown}");
}

#[test]
fn the_catalog_shows_the_source_of_a_price_after_two_keys_too() {
    let shown = reached(two_designs(), "4\n");
    assert!(shown.contains("a test"), "{shown}");
}

#[test]
fn the_footer_of_the_first_screen_and_its_titles_lead_there() {
    let shown = reached(two_designs(), "");
    for word in ["1 Compare", "2 Even", "3 Bill", "? help"] {
        assert!(shown.contains(word), "no {word:?}: {shown}");
    }
    assert!(reached(two_designs(), "3").contains("Enter explain"));
    assert!(reached(two_designs(), "2").contains("nN crossing"));
}

#[test]
fn the_shipped_scenario_answers_the_three_questions_as_near() {
    let first = reached(as_opened(), "");
    assert!(first.contains("Cheapest: ") && first.contains(" requests a month."), "{first}");
    let crossing = reached(as_opened(), "2n");
    assert!(crossing.contains("cheaper below"), "{crossing}");
    let source = reached(as_opened(), "3\n");
    let line = source.lines().find(|line| line.starts_with("source ")).unwrap_or_else(|| panic!("{source}"));
    assert!(line.contains("https://"), "{line}");
}
