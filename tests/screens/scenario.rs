//! The scenario as a form: what it shows, how keys are changed, and what is saved.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ragonomics::tui::open::File;
use ragonomics::tui::state::{Message, Overlay, State};

use super::*;

/// A scenario with comments and repeated tables.
pub const FILE: &str = r#"# How we answer customers.
name = "Help desk"

[workload]
requests_per_month = "30k" # from the ticket system

[corpus]
tokens = "128k"

[retrieval]
embedding = "acme/vectors"
store = "none"
top_k = 5

[compare]
models = ["acme/large", "acme/small"]

# Short questions.
[[class]]
name = "short"
share = "70%"

# Long ones, as in the survey.
[[class]]
name = "long"
share = "30%" # of 400 tickets
output_tokens = 900

[[cost]]
name = "search servers" # leased
monthly = 90
"#;

/// The key that opens the form, and more keys.
pub fn opening(keys: &str) -> String {
    format!("{}{keys}", Screen::Scenario.number())
}

/// Opens a scenario that has a file in a folder, at its form.
pub fn form_in(folder: &Path, text: &str) -> (State, PathBuf) {
    let path = folder.join("desk.toml");
    std::fs::write(&path, text).unwrap();
    let mut state = open(text, Theme::default());
    state.places.exports = folder.to_path_buf();
    state.file = File::of(text, Some(&path));
    press(&mut state, &opening(""));
    assert_eq!(state.screen, Screen::Scenario);
    (state, path)
}

pub fn form() -> (tempfile::TempDir, State, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (state, path) = form_in(folder.path(), FILE);
    (folder, state, path)
}

/// Selects the one key that has some words.
pub fn select(state: &mut State, words: &str) {
    press(state, &format!("\x1b/{words}\ng"));
}

fn row<'s>(shown: &'s str, key: &str) -> &'s str {
    let has = |line: &&str| line.split_whitespace().any(|word| word == key);
    shown.lines().find(has).unwrap_or_else(|| panic!("no {key} in\n{shown}"))
}

pub fn said(state: &State) -> String {
    match &state.message {
        Some(Message::Note(text) | Message::Fault(text)) => text.clone(),
        None => String::new(),
    }
}

/// The words of a row behind its key: value, unit, origin.
pub fn facts(state: &mut State, key: &str) -> String {
    let shown = screen(state, (80, 24));
    let words: Vec<&str> = row(&shown, key).split_whitespace().filter(|word| *word != "▸").collect();
    words[1..].join(" ")
}

#[test]
fn keys_are_shown_at_every_size() {
    for size in SIZES {
        let mut state = state();
        press(&mut state, &opening("jj"));
        insta::assert_snapshot!(format!("form_{}x{}", size.0, size.1), screen(&mut state, size));
    }
}

#[test]
fn a_changed_key_is_marked_and_explained_without_colour_too() {
    let (_folder, mut state, _) = form();
    select(&mut state, "requests_per_month");
    press(&mut state, "\n45k\n");
    assert_eq!(facts(&mut state, "requests_per_month"), "* 45k requests a month changed");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("it was 30k"), "{shown}");
    let mut mono = state.clone();
    mono.theme = Theme { palette: Palette::Mono, ..Theme::default() };
    assert_eq!(screen(&mut mono, (80, 24)), shown);
    state.theme = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
    assert!(screen(&mut state, (80, 24)).is_ascii() || shown.contains('▏'));
}

#[test]
fn a_number_takes_units_percent_words_and_ranges() {
    let (_folder, mut state, _) = form();
    let cases = [
        ("corpus.tokens", "1.5M", "1.5M tokens"),
        ("corpus.changed_per_month", "3%", "3%"),
        ("long_context.context_tokens", "fill", "fill tokens"),
        ("output_tokens request", "200..800", "200..800 tokens"),
        ("question_tokens request", "{ low = 50, mode = 100, high = 400 }", "50..100..400 tokens"),
        ("class.long.output_tokens", "1k..2k", "1k..2k tokens"),
        ("as_of", "2026-11-20", "2026-11-20"),
        ("cost.search monthly", "120.50", "120.5 USD"),
        ("workload.seasonal", "1,1,1,1,1,1,1,1,1,1,1,2", "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2"),
    ];
    for (words, typed, value) in cases {
        select(&mut state, words);
        press(&mut state, &format!("\n{typed}\n"));
        assert_eq!(state.overlay, Overlay::None, "{words}: {}", said(&state));
        let key = words.split([' ', '.']).rfind(|word| !["request", "search"].contains(word));
        let facts = facts(&mut state, key.unwrap());
        assert_eq!(facts, format!("* {value} changed"), "{words}");
    }
    // Half way between 200 and 800 on a logarithmic scale: √(200 × 800) = 400.
    let output = state.work.scenario().find_target("request.output_tokens").unwrap();
    assert_eq!(state.work.scenario().number(output), Some(400.0));
}

#[test]
fn what_is_wrong_is_said_while_it_is_typed_and_stays_to_be_corrected() {
    let (_folder, mut state, _) = form();
    select(&mut state, "top_k retrieval.top");
    press(&mut state, "\n2.5");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("! ") && shown.contains("whole number"), "{shown}");
    press(&mut state, "\n");
    assert!(said(&state).contains("whole number"), "{}", said(&state));
    press(&mut state, "\x08\x08");
    assert!(!screen(&mut state, (80, 24)).contains("! "));
    press(&mut state, "\n");
    // What is typed now, 2, is taken.
    assert_eq!(facts(&mut state, "top_k"), "* 2 changed");
}

#[test]
fn words_are_stepped_through_and_typed_with_those_allowed_in_view() {
    let (_folder, mut state, _) = form();
    select(&mut state, "tenants.corpus");
    assert!(screen(&mut state, (80, 24)).contains("tenants.corpus  own, shared"));
    press(&mut state, ">");
    assert_eq!(facts(&mut state, "corpus"), "* shared changed");
    press(&mut state, ">");
    assert!(state.work.unsaved().is_empty(), "own is what the file means");
    press(&mut state, "\nother\n");
    assert!(said(&state).contains("shared"), "{}", said(&state));
    press(&mut state, "\x1b");
    select(&mut state, "keep_warm");
    press(&mut state, "<");
    assert_eq!(facts(&mut state, "keep_warm"), "* true changed");
    select(&mut state, "as_of");
    press(&mut state, "<");
    assert_eq!(facts(&mut state, "as_of"), "* 2026-11-21 changed");
}

#[test]
fn numbers_are_stepped_reset_and_changed_back_and_forth() {
    let (_folder, mut state, _) = form();
    select(&mut state, "class.long.output_tokens");
    press(&mut state, ">");
    assert_eq!(facts(&mut state, "output_tokens"), "* 910 tokens changed");
    press(&mut state, "\x08");
    assert_eq!(facts(&mut state, "output_tokens"), "900 tokens file");
    assert!(state.work.unsaved().is_empty());
    press(&mut state, "u");
    assert_eq!(facts(&mut state, "output_tokens"), "* 910 tokens changed");
    state.press(&KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL));
    assert_eq!(facts(&mut state, "output_tokens"), "900 tokens file");
    // A key that the class does not say holds as for the whole.
    select(&mut state, "class.short.output_tokens");
    assert_eq!(facts(&mut state, "output_tokens"), "300 tokens whole");
}

#[test]
fn every_key_can_be_taken_back_to_what_the_file_says() {
    let (_folder, mut state, _) = form();
    let (count, _) = Screen::Scenario.list(&state).unwrap();
    assert!(count > 150, "{count}");
    for entry in 0..count {
        Screen::Scenario.select(&mut state, entry);
        let before = state.work.scenario().clone();
        for key in ["\x08", ">", "\x08"] {
            press(&mut state, key);
        }
        assert!(state.work.unsaved().is_empty(), "{entry}: {:?}", state.work.unsaved());
        assert_eq!(state.work.scenario().numbers.requests(), before.numbers.requests());
    }
}

#[test]
fn models_are_picked_from_the_catalog_with_window_and_price() {
    let (_folder, mut state, _) = form();
    select(&mut state, "compare.models");
    press(&mut state, "\n");
    insta::assert_snapshot!("models_to_pick", screen(&mut state, (80, 24)));
    // Space chooses acme/short; acme/large goes.
    press(&mut state, "short");
    press(&mut state, " ");
    for _ in 0.."short".len() {
        press(&mut state, "\x08");
    }
    press(&mut state, "large ");
    press(&mut state, "\n");
    let models: Vec<&str> = state.work.scenario().models.iter().map(|model| model.text.as_str()).collect();
    assert_eq!(models, ["acme/small", "acme/short"]);
    // A pattern may be typed.
    press(&mut state, "\nacme/s* \n");
    assert!(state.work.scenario().models.iter().any(|model| model.text == "acme/s*"));
    // A list that nobody touched changes nothing.
    let before = state.work.scenario().clone();
    press(&mut state, "\n\n");
    assert_eq!(*state.work.scenario(), before);
}

#[test]
fn enter_takes_what_is_typed_and_found_and_only_what_is_ticked_where_something_is() {
    let models = |state: &State| -> Vec<String> {
        state.work.scenario().models.iter().map(|model| model.text.clone()).collect()
    };
    let (_folder, mut state, _) = form();
    select(&mut state, "compare.models");
    press(&mut state, "\nshort");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("2 chosen, Enter adds acme/short"), "{shown}");
    assert!(shown.contains("Space tick") && shown.contains("Enter take"), "{shown}");
    press(&mut state, "\n");
    assert_eq!(models(&state), ["acme/large", "acme/small", "acme/short"]);
    // A name with a slash that is not yet whole is one to be found; one with a star is a pattern.
    press(&mut state, "\nacme/unp\n");
    assert_eq!(models(&state).last().map(String::as_str), Some("acme/unpriced"));
    press(&mut state, "u");
    // Letters that find nothing are not dropped.
    press(&mut state, "\x1b");
    select(&mut state, "compare.strategies");
    press(&mut state, "\nzzz\n");
    assert!(matches!(state.overlay, Overlay::Pick(_)));
    press(&mut state, "\x1b");
    // One is taken out and another one only looked for: the ticks count.
    select(&mut state, "compare.models");
    press(&mut state, "\nlarge ");
    for _ in 0.."large".len() {
        press(&mut state, "\x08");
    }
    press(&mut state, "unpriced");
    assert!(!screen(&mut state, (80, 24)).contains("Enter adds"));
    press(&mut state, "\n");
    assert_eq!(models(&state), ["acme/small", "acme/short"]);
    // Tab ticks and goes on: here to the one before last and the last.
    press(&mut state, "\nshort\tunpriced");
    assert!(screen(&mut state, (80, 24)).contains("1 chosen"));
    // Of a list from which one is picked, a blank parts two words.
    press(&mut state, "\x1b");
    select(&mut state, "plan");
    press(&mut state, "\nsmall rag");
    let shown = screen(&mut state, (80, 24));
    assert!(
        shown.contains("┌ plan ─") && shown.contains("> small rag▏") && !shown.contains("Space tick"),
        "{shown}"
    );
}

#[test]
fn strategies_the_plan_and_products_are_picked() {
    let (_folder, mut state, _) = form();
    select(&mut state, "compare.strategies");
    press(&mut state, "\n");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("[x] rag ") && shown.contains("[ ] hybrid"), "{shown}");
    press(&mut state, "\n");
    assert!(state.work.unsaved().is_empty(), "defaults that are kept stay defaults");
    press(&mut state, "\nhybrid ");
    press(&mut state, "\n");
    assert_eq!(state.work.scenario().strategies.len(), 4);
    select(&mut state, "plan");
    press(&mut state, "\nsmall:rag\n");
    assert_eq!(state.work.scenario().plan.as_ref().unwrap().text, "acme/small:rag");
    select(&mut state, "retrieval.embedding");
    press(&mut state, "\nnone\n");
    assert_eq!(state.work.scenario().embedding.as_ref().unwrap().text, "none");
    press(&mut state, "\x08");
    assert_eq!(state.work.scenario().embedding.as_ref().unwrap().text, "acme/vectors");
}

#[test]
fn tables_are_added_changed_saved_and_taken_out() {
    let (_folder, mut state, path) = form();
    press(&mut state, "acall\n");
    assert!(said(&state).contains("call 1"), "{}", said(&state));
    // The name is selected: it is the first thing to change.
    press(&mut state, "\n\x08\x08\x08\x08\x08\x08guardrail\n");
    assert_eq!(state.work.scenario().groups.calls[0].name.text, "guardrail");
    select(&mut state, "call.guardrail.input_tokens");
    press(&mut state, "\n500\n");
    press(&mut state, "w");
    let added = "\n[[call]]\nname = \"guardrail\"\nshare = 1\ninput_tokens = 500\noutput_tokens = 10\n";
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{FILE}{added}"));
    assert!(state.work.unsaved().is_empty());
    // The class of long questions goes with its comments; the other one takes all requests.
    select(&mut state, "class.long.name");
    press(&mut state, "d");
    assert!(said(&state).contains("long is taken out"), "{}", said(&state));
    press(&mut state, "w");
    let start = FILE.find("# Long ones").unwrap();
    let end = FILE.find("[[cost]]").unwrap();
    let without = format!("{}{}{added}", &FILE[..start], &FILE[end..]).replace("70%", "100%");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), without);
    press(&mut state, "u");
    assert_eq!(state.work.scenario().groups.classes.len(), 2);
}

#[test]
fn every_kind_of_table_can_be_added_or_says_why_not() {
    for (kind, outcome) in [
        ("class", "class 1 is added"),
        ("corpus", "needs others beside it"),
        ("model", "acme/small is added"),
        ("host", "needs a GPU with a price"),
        ("quality", "is added"),
        ("cost", "cost 1 is added"),
    ] {
        let (_folder, mut state, path) = form();
        press(&mut state, &format!("a{kind}\n"));
        assert!(said(&state).contains(outcome), "{kind}: {}", said(&state));
        press(&mut state, "\x1bw");
        let saved = std::fs::read_to_string(path).unwrap();
        assert!(saved.starts_with(FILE), "{saved}");
        assert_eq!(saved.len() > FILE.len(), outcome.contains("added"), "{kind}: {saved}");
    }
}

#[test]
fn a_number_that_goes_a_step_and_back_is_not_changed() {
    let (_folder, mut state, _) = form();
    select(&mut state, "class.long.output_tokens");
    press(&mut state, "><");
    assert_eq!(facts(&mut state, "output_tokens"), "900 tokens file");
    select(&mut state, "retrieval.chunk_tokens");
    let before = facts(&mut state, "chunk_tokens");
    press(&mut state, "\n600\n\n512\n");
    assert_eq!(facts(&mut state, "chunk_tokens"), before);
}

#[test]
fn the_filter_finds_keys_while_it_is_typed_and_says_when_there_are_none() {
    let (_folder, mut state, _) = form();
    press(&mut state, "/overlap");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("overlap_tokens") && !shown.contains("requests_per_month"), "{shown}");
    press(&mut state, "zzz");
    assert!(screen(&mut state, (80, 24)).contains("No key has these words"));
    press(&mut state, "\n\n>\x08dy");
    press(&mut state, "\x1bs");
    let shown = screen(&mut state, (120, 40));
    assert!(!shown.contains("overlap_tokens") && shown.contains("top_k"), "{shown}");
}

#[test]
fn keys_are_copied_and_exported() {
    let (_folder, mut state, _) = form();
    select(&mut state, "requests_per_month");
    press(&mut state, "y");
    assert_eq!(state.clipboard.as_deref(), Some("workload.requests_per_month = 30k"));
    let csv = Screen::Scenario.export(&state, ragonomics::tui::export::FileFormat::Csv).unwrap();
    assert!(csv.contains("workload.requests_per_month,30k,set,"), "{csv}");
}

#[test]
fn clicks_select_keys_and_choose_in_lists_and_the_wheel_moves() {
    let (_folder, mut state, _) = form();
    let size = (80, 24);
    let click = |state: &mut State, column: u16, row: usize| {
        let kind = MouseEventKind::Down(MouseButton::Left);
        let event = MouseEvent { kind, column, row: row as u16, modifiers: KeyModifiers::NONE };
        assert!(state.point(&event));
    };
    let line = |shown: &str, text: &str| shown.lines().position(|line| line.contains(text)).unwrap();
    let shown = screen(&mut state, size);
    click(&mut state, 10, line(&shown, "seasonal"));
    assert!(screen(&mut state, size).contains("▸ seasonal"));
    // The header of a table is no key.
    let shown = screen(&mut state, size);
    click(&mut state, 10, line(&shown, "[workload]"));
    assert!(screen(&mut state, size).contains("▸ seasonal"));
    let wheel =
        MouseEvent { kind: MouseEventKind::ScrollDown, column: 10, row: 10, modifiers: KeyModifiers::NONE };
    state.point(&wheel);
    assert!(screen(&mut state, size).contains("▸ sessions_per_user"));
    select(&mut state, "compare.models");
    press(&mut state, "\n");
    let shown = screen(&mut state, size);
    click(&mut state, 10, line(&shown, "acme/short"));
    assert!(screen(&mut state, size).contains("▸ [x] acme/short"));
    // A click beside the list closes it and changes nothing.
    click(&mut state, 10, 20);
    assert_eq!((&state.overlay, state.work.unsaved().len()), (&Overlay::None, 0));
}
