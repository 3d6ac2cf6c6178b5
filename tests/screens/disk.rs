//! The scenario's file, when others write it too, and changes that cannot be kept.

use ragonomics::tui::memory::keep_changes;
use ragonomics::tui::state::{Places, Question};

use super::*;

/// A state of a file that says the usual scenario.
fn of_file(path: &std::path::Path) -> State {
    std::fs::write(path, SCENARIO).unwrap();
    let mut state = state();
    state.file = File::of(SCENARIO, Some(path));
    state
}

/// What somebody else writes into the file: one more comment.
fn others() -> String {
    format!("# theirs\n{SCENARIO}")
}

#[test]
fn a_file_that_was_changed_meanwhile_is_noticed_when_the_user_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = of_file(&folder.path().join("mine.toml"));
    state.come_back();
    assert_eq!(state.overlay, Overlay::None);
    std::fs::write(folder.path().join("mine.toml"), others()).unwrap();
    state.come_back();
    assert_eq!(state.overlay, Overlay::Question(Question::Reread));
    press(&mut state, "n");
    state.come_back();
    assert_eq!(state.overlay, Overlay::None, "it is asked once for a change");
}

#[test]
fn edits_are_kept_beside_a_file_that_was_changed_and_written_over_it_after_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    for no in ["n", "\x1b"] {
        let mut state = of_file(&path);
        press(&mut state, "p\n60k\n\x1b");
        std::fs::write(&path, others()).unwrap();
        state.come_back();
        let shown = screen(&mut state, (80, 24));
        assert!(shown.contains("30k → 60k") && shown.contains("W saves a new file"), "{shown}");
        press(&mut state, no);
        assert_eq!((&state.overlay, state.work.unsaved().len()), (&Overlay::None, 1));
        press(&mut state, "w");
        let shown = screen(&mut state, (80, 24));
        assert!(
            shown.contains("mine.toml was changed on the disk since it was read here. Write over"),
            "{shown}"
        );
        press(&mut state, no);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), others());
        press(&mut state, "wy");
        let expected = SCENARIO.replace("\"30k\"", "\"60k\"");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
        assert!(state.work.unsaved().is_empty());
        press(&mut state, "w");
        assert!(matches!(&state.message, Some(Message::Note(text)) if text.contains("nothing to save")));
    }
    // The same without edits of one's own, and read again.
    let mut state = of_file(&path);
    std::fs::write(&path, others()).unwrap();
    press(&mut state, "jnw");
    assert_eq!(state.overlay, Overlay::Question(Question::Overwrite));
    press(&mut state, "nR");
    assert_eq!(state.file.text, Some(others()));
    press(&mut state, "w");
    assert!(matches!(&state.message, Some(Message::Note(text)) if text.contains("nothing to save")));
}

#[test]
fn a_file_that_is_gone_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let mut state = of_file(&path);
    press(&mut state, "p\n60k\n\x1b");
    std::fs::remove_file(&path).unwrap();
    press(&mut state, "w");
    assert!(screen(&mut state, (80, 24)).contains("the file is no longer there; Enter writes it anew"));
    press(&mut state, "\n");
    assert!(std::fs::read_to_string(&path).unwrap().contains("60k"));
}

#[test]
fn changes_that_cannot_be_kept_are_told_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let mut state = state();
    state.recall(Places { state: Some(file.clone()), exports: folder.path().to_path_buf(), home: None });
    let said = match &state.message {
        Some(Message::Fault(text)) => text.clone(),
        other => panic!("{other:?}"),
    };
    assert!(
        said.contains("the settings of the last run cannot be read (") && said.contains("view.json"),
        "{said}"
    );
    press(&mut state, "p\n60k\n");
    for places in [Some(file), None] {
        state.places.state = places;
        let error = keep_changes(&state).unwrap_err();
        let told = ragonomics::tui::memory::told_lost(&state, &error);
        assert!(told.starts_with("1 unsaved change could not be kept for the next start: "), "{told}");
        assert!(told.ends_with("\n  workload.requests_per_month = 60k"), "{told}");
    }
}
