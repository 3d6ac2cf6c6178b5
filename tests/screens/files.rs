//! The scenario's file: saved, opened, written by somebody else, and changes that were not saved offered again.

use std::path::Path;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ragonomics::tui::state::{Overlay, Places, Question, State};

use super::scenario::{FILE, facts, form, form_in, opening, said, select};
use super::*;

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
fn two_windows_on_one_file_keep_the_changes_of_both() {
    let folder = tempfile::tempdir().unwrap();
    let run = || {
        let (mut state, path) = form_in(folder.path(), FILE);
        state.source = Some(path.display().to_string());
        let places = Places { state: Some(folder.path().join("state")), ..state.places.clone() };
        state.recall(places);
        state
    };
    let (mut first, mut second) = (run(), run());
    select(&mut first, "retrieval.top_k");
    press(&mut first, "\n7\n");
    select(&mut second, "requests_per_month");
    press(&mut second, "\n45k\n");
    ragonomics::tui::memory::keep_changes(&first).unwrap();
    ragonomics::tui::memory::keep_changes(&second).unwrap();
    let mut third = run();
    assert!(screen(&mut third, (80, 24)).contains("Make 2 unsaved changes of the last run again?"));
    press(&mut third, "y");
    let top_k = third.work.scenario().find_target("retrieval.top_k").unwrap();
    assert_eq!((requests(&third), third.work.scenario().number(top_k)), (45_000.0, Some(7.0)));
    // What was offered and taken back is not there again.
    press(&mut third, "u");
    ragonomics::tui::memory::keep_changes(&third).unwrap();
    assert_eq!(run().overlay, Overlay::None);
}
