//! The scenario as a form: what it shows, how keys are changed, and what is saved.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ragonomics::tui::open::File;
use ragonomics::tui::state::{Message, Overlay, Places, Question, State};

use super::*;

/// A scenario with comments and repeated tables.
const FILE: &str = r#"# How we answer customers.
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
fn opening(keys: &str) -> String {
    format!("{}{keys}", Screen::Scenario.number())
}

/// Opens a scenario that has a file in a folder, at its form.
fn form_in(folder: &Path, text: &str) -> (State, PathBuf) {
    let path = folder.join("desk.toml");
    std::fs::write(&path, text).unwrap();
    let mut state = open(text, Theme::default());
    state.places.exports = folder.to_path_buf();
    state.file = File::of(text, Some(&path));
    press(&mut state, &opening(""));
    assert_eq!(state.screen, Screen::Scenario);
    (state, path)
}

fn form() -> (tempfile::TempDir, State, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (state, path) = form_in(folder.path(), FILE);
    (folder, state, path)
}

/// Selects the one key that has some words.
fn select(state: &mut State, words: &str) {
    press(state, &format!("\x1b/{words}\ng"));
}

fn row<'s>(shown: &'s str, key: &str) -> &'s str {
    let has = |line: &&str| line.split_whitespace().any(|word| word == key);
    shown.lines().find(has).unwrap_or_else(|| panic!("no {key} in\n{shown}"))
}

fn said(state: &State) -> String {
    match &state.message {
        Some(Message::Note(text) | Message::Fault(text)) => text.clone(),
        None => String::new(),
    }
}

/// The words of a row behind its key: value, unit, origin.
fn facts(state: &mut State, key: &str) -> String {
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
fn a_saved_file_differs_in_the_changed_line_alone() {
    let (_folder, mut state, path) = form();
    press(&mut state, "w");
    assert!(said(&state).contains("nothing to save"), "{}", said(&state));
    select(&mut state, "requests_per_month");
    press(&mut state, "\n45k\nw");
    assert!(said(&state).starts_with("saved "), "{}", said(&state));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), FILE.replace("\"30k\"", "\"45k\""));
    // A cost's text keeps its comment, too.
    select(&mut state, "cost.search name");
    press(&mut state, "\n 2\nw");
    let twice = FILE.replace("\"30k\"", "\"45k\"").replace("\"search servers\"", "\"search servers 2\"");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), twice);
}

#[test]
fn what_was_saved_is_from_the_file_and_no_longer_changed() {
    let (folder, mut state, _) = form();
    for (words, typed, key, value) in [
        ("requests_per_month", "45k", "requests_per_month", "45k requests a month"),
        ("class.long.output_tokens", "1k", "output_tokens", "1k tokens"),
        ("question_tokens request", "50..400", "question_tokens", "50..400 tokens"),
    ] {
        select(&mut state, words);
        press(&mut state, &format!("\n{typed}\n"));
        assert_eq!(facts(&mut state, key), format!("* {value} changed"));
        press(&mut state, "w");
        assert_eq!(facts(&mut state, key), format!("{value} file"));
        let shown = screen(&mut state, (80, 24));
        assert!(shown.contains("From the file.") && !shown.contains("command line"), "{shown}");
    }
    // Earlier values are changes of what the file says now.
    press(&mut state, "u");
    assert!(facts(&mut state, "question_tokens").ends_with("changed"));
    state.press(&KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL));
    assert_eq!(facts(&mut state, "question_tokens"), "50..400 tokens file");
    select(&mut state, "requests_per_month");
    press(&mut state, "\n60k\nW");
    state.press(&KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
    press(&mut state, "other.toml\n");
    assert_eq!(facts(&mut state, "requests_per_month"), "60k requests a month file");
    assert!(folder.path().join("other.toml").exists());
}

#[test]
fn what_a_flag_gave_stays_a_flags_when_something_else_is_saved() {
    let (_folder, mut state, _) = form();
    let mut flagged = state.work.scenario().clone();
    flagged.set("retrieval.top_k", "7").unwrap();
    state.work = state.work.reopened(flagged).unwrap();
    select(&mut state, "requests_per_month");
    press(&mut state, "\n45k\nw");
    select(&mut state, "retrieval.top_k");
    assert_eq!(facts(&mut state, "top_k"), "* 7 changed");
    assert!(screen(&mut state, (80, 24)).contains("Given on the command line."));
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
fn a_scenario_is_saved_as_a_new_file_and_never_over_another() {
    let (folder, mut state, path) = form();
    select(&mut state, "requests_per_month");
    press(&mut state, "\n45k\nW");
    // A name that is free is offered, and one that is not is refused.
    assert!(screen(&mut state, (120, 24)).contains("desk-2.toml▏"), "{}", screen(&mut state, (120, 24)));
    state.press(&KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
    press(&mut state, "desk.toml\n");
    assert!(said(&state).contains("the file exists"), "{}", said(&state));
    state.press(&KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
    press(&mut state, "other.toml\n");
    assert!(said(&state).starts_with("saved "), "{}", said(&state));
    assert_eq!(std::fs::read_to_string(path).unwrap(), FILE);
    let other = folder.path().join("other.toml");
    assert_eq!(std::fs::read_to_string(&other).unwrap(), FILE.replace("\"30k\"", "\"45k\""));
    assert_eq!(state.file.path, Some(other));
    assert!(state.work.unsaved().is_empty());
}

#[test]
fn another_scenario_is_opened_and_begun_only_after_a_question_where_changes_would_be_lost() {
    let (folder, mut state, path) = form();
    let other = folder.path().join("other.toml");
    std::fs::write(&other, FILE.replace("Help desk", "Other desk")).unwrap();
    select(&mut state, "requests_per_month");
    press(&mut state, "\n45k\n");
    press(&mut state, "oother\n");
    let shown = screen(&mut state, (120, 20));
    assert!(shown.contains("without 1 unsaved change?"), "{shown}");
    press(&mut state, "n");
    assert_eq!(state.work.scenario().name, "Help desk");
    press(&mut state, "oother\ny");
    assert_eq!((state.work.scenario().name.as_str(), &state.file.path), ("Other desk", &Some(other)));
    assert_eq!(state.work.scenario().numbers.requests(), 30_000.0);
    press(&mut state, "o/no/such/file.toml\n");
    assert!(said(&state).contains("no such file"), "{}", said(&state));
    // One that no table fits stays shut, and the open one stays.
    std::fs::write(&path, "[compare]\nmodels = [\"acme/absent\"]\n").unwrap();
    press(&mut state, "odesk.toml\n");
    assert!(said(&state).contains("absent"), "{}", said(&state));
    assert_eq!(state.work.scenario().name, "Other desk");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "[compare]\nmodels = [\"acme/absent\"]\n");
}

#[test]
fn a_file_that_somebody_else_writes_is_noticed_at_the_next_key() {
    let (_folder, mut state, path) = form();
    press(&mut state, "j");
    assert_eq!(state.overlay, Overlay::None);
    // Written again with the same text, it is the same file.
    std::fs::write(&path, FILE).unwrap();
    press(&mut state, "j");
    assert_eq!(state.overlay, Overlay::None);
    std::fs::write(&path, FILE.replace("\"30k\"", "\"1234k\"")).unwrap();
    press(&mut state, "j");
    assert_eq!(state.overlay, Overlay::Question(Question::Reread));
    assert!(screen(&mut state, (80, 24)).contains("desk.toml was changed on the disk. Read it again?"));
    // Left as it was, the file is not written over.
    press(&mut state, "n");
    select(&mut state, "top_k retrieval.top");
    press(&mut state, ">w");
    assert_eq!(state.overlay, Overlay::Question(Question::Overwrite));
    press(&mut state, "nR");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("Read the file again without 1 unsaved change?"), "{shown}");
    press(&mut state, "y");
    assert_eq!(state.work.scenario().numbers.requests(), 1_234_000.0);
    std::fs::remove_file(&path).unwrap();
    press(&mut state, "j");
    assert!(said(&state).contains("no longer there"), "{}", said(&state));
}

#[test]
fn a_change_on_the_disk_is_asked_about_once_nothing_lies_over_the_screen_any_more() {
    for (opening, closing) in [(":", "\x1b"), ("?", "?"), ("/to", "\n"), ("\n", "\x1b"), ("x", "\x1b")] {
        let (_folder, mut state, path) = form();
        press(&mut state, opening);
        std::fs::write(&path, FILE.replace("\"30k\"", "\"1234k\"")).unwrap();
        press(&mut state, "↓");
        assert!(!matches!(state.overlay, Overlay::None | Overlay::Question(_)), "{opening:?}");
        press(&mut state, closing);
        assert_eq!(state.overlay, Overlay::Question(Question::Reread), "{opening:?}");
        press(&mut state, "y");
        assert_eq!(state.work.scenario().numbers.requests(), 1_234_000.0);
    }
    // A click beside a list closes it, too.
    let (_folder, mut state, path) = form();
    press(&mut state, ":");
    std::fs::write(&path, FILE.replace("\"30k\"", "\"1234k\"")).unwrap();
    let kind = MouseEventKind::Down(MouseButton::Left);
    state.point(&MouseEvent { kind, column: 2, row: 21, modifiers: KeyModifiers::NONE });
    assert_eq!(state.overlay, Overlay::Question(Question::Reread));
}

/// A run that remembers in a folder, on what a new user's scenario needs.
fn run_in(folder: &Path) -> State {
    let (catalog, _) = load(&ragonomics::catalog::load::shipped()).unwrap();
    let text = ragonomics::scenario::library::shipped("devday").unwrap();
    let (devday, _) = ragonomics::scenario::load::scenario("devday", text, Path::new(".")).unwrap();
    let mut state = State::open(catalog, devday, date(2026, 11, 22), Theme::default()).unwrap();
    state.source = Some("devday".to_owned());
    let state_folder = Some(folder.join("state"));
    state.recall(Places { state: state_folder, exports: folder.to_path_buf(), home: None });
    state
}

fn requests(state: &State) -> f64 {
    state.work.scenario().numbers.requests()
}

#[test]
fn scenarios_without_a_name_are_kept_apart_and_offered_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut runs = [50_000.0, 70_000.0].map(|count| {
        let mut state = run_in(folder.path());
        press(&mut state, &opening("n"));
        assert_eq!(state.overlay, Overlay::None, "nothing is kept while both run");
        assert!(state.change(|scenario| scenario.set("workload.requests_per_month", &count.to_string())));
        state
    });
    // Both are interrupted, and neither writes over the other.
    runs.iter_mut().for_each(|state| ragonomics::tui::memory::keep_changes(state).unwrap());
    let mut state = run_in(folder.path());
    assert_eq!(state.overlay, Overlay::None, "they are no changes of a scenario that has a name");
    press(&mut state, &opening("n"));
    assert!(screen(&mut state, (80, 24)).contains("Make 1 unsaved change of the last run again?"));
    press(&mut state, "y");
    assert_eq!(requests(&state), 70_000.0);
    // Given up for another new one, it is not offered any more, but the first one is.
    press(&mut state, "ny");
    assert!(matches!(state.overlay, Overlay::Question(Question::Recover(_))));
    press(&mut state, "y");
    assert_eq!(requests(&state), 50_000.0);
    // Saved, it has a name, and nothing is left to be offered.
    press(&mut state, "w\n");
    assert!(said(&state).starts_with("saved "), "{}", said(&state));
    press(&mut state, "n");
    assert_eq!((&state.overlay, state.work.unsaved().len()), (&Overlay::None, 0));
}

#[test]
fn recovered_text_holds_only_for_the_file_that_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    let run = |text: &str| {
        let (mut state, path) = form_in(folder.path(), text);
        state.source = Some(path.display().to_string());
        let places = Places { state: Some(folder.path().join("state")), ..state.places.clone() };
        state.recall(places);
        state
    };
    let mut first = run(FILE);
    select(&mut first, "retrieval.top_k");
    press(&mut first, "\n7\nacost\n\x1b");
    ragonomics::tui::memory::keep_changes(&first).unwrap();
    // The same file takes all of it back, the added table as well.
    let mut second = run(FILE);
    press(&mut second, "y");
    assert_eq!((second.work.scenario().costs.len(), requests(&second)), (2, 30_000.0));
    // Meanwhile somebody else wrote another number: it stays, and only what keys say comes back.
    let mut third = run(&FILE.replace("\"30k\"", "\"99k\""));
    press(&mut third, "y");
    let top_k = third.work.scenario().find_target("retrieval.top_k").unwrap();
    assert_eq!((requests(&third), third.work.scenario().number(top_k)), (99_000.0, Some(7.0)));
    assert_eq!(third.work.scenario().costs.len(), 1);
    assert!(said(&third).contains("not back") && said(&third).contains("cost"), "{}", said(&third));
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
fn changes_of_tables_are_offered_again_after_an_interruption() {
    let (folder, mut state, _) = form();
    let kept = folder.path().join("state");
    state.places.state = Some(kept.clone());
    state.source = state.file.path.as_ref().map(|path| path.display().to_string());
    press(&mut state, "acost\n\x1b");
    ragonomics::tui::memory::keep_changes(&state).unwrap();
    let (mut again, _) = form_in(folder.path(), FILE);
    again.source.clone_from(&state.source);
    again.recall(ragonomics::tui::state::Places { state: Some(kept), ..again.places.clone() });
    assert!(screen(&mut again, (80, 24)).contains("Make 1 unsaved change of the last run again?"));
    press(&mut again, "y");
    assert_eq!(again.work.scenario().costs.len(), 2);
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

#[test]
fn a_scenario_of_defaults_is_begun_and_saved_where_the_user_says() {
    let folder = tempfile::tempdir().unwrap();
    let (catalog, _) = load(&ragonomics::catalog::load::shipped()).unwrap();
    let text = ragonomics::scenario::library::shipped("devday").unwrap();
    let (devday, _) = ragonomics::scenario::load::scenario("devday", text, Path::new(".")).unwrap();
    let mut state = State::open(catalog, devday, date(2026, 11, 22), Theme::default()).unwrap();
    state.places.exports = folder.path().to_path_buf();
    press(&mut state, &opening("n"));
    assert_eq!(state.work.scenario().name, "My scenario", "{}", said(&state));
    select(&mut state, "workload.requests_per_month");
    press(&mut state, "\n50k\n");
    // It has no file yet, so saving asks for one.
    press(&mut state, "w\n");
    assert!(said(&state).starts_with("saved "), "{}", said(&state));
    let saved = std::fs::read_to_string(folder.path().join("scenario.toml")).unwrap();
    let changed: Vec<(&str, &str)> = ragonomics::scenario::reference::template("My scenario")
        .lines()
        .zip(saved.lines())
        .filter(|(before, now)| before != now)
        .map(|(_, now)| now.split_once(" #").unwrap())
        .collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(changed[0].0, "requests_per_month = 50000");
    // Without names that the tables know, nothing is begun.
    let (_folder, mut state, path) = form();
    press(&mut state, "n");
    assert!(said(&state).contains("compare.models"), "{}", said(&state));
    assert_eq!(state.file.path, Some(path));
}
