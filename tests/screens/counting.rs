//! Corpus files that are counted beside the screen.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use ragonomics::tui::job::Report;
use ragonomics::tui::reading::Reading;
use ragonomics::tui::terminal::Outside;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with texts, and a screen whose counting waits until it is let go.
struct Waiting {
    folder: tempfile::TempDir,
    state: State,
    reports: Receiver<Outside>,
    go: Sender<()>,
}

impl Waiting {
    fn open() -> Waiting {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("texts")).unwrap();
        for name in ["a.md", "b.txt"] {
            std::fs::write(folder.path().join("texts").join(name), "one two three four\n".repeat(500))
                .unwrap();
        }
        let text = SCENARIO.replace("[corpus]\ntokens = \"128k\"\n", "");
        let mut state = open(&text, Theme::default());
        state.places.exports = folder.path().to_path_buf();
        state.change(|scenario| {
            scenario.folder = folder.path().to_path_buf();
            Ok(())
        });
        let (sender, reports) = channel();
        state.jobs.report_to(sender);
        let (go, wait) = channel::<()>();
        let wait = std::sync::Mutex::new(wait);
        let usual = Reading::default();
        state.reading = Reading::new(move |scenario, occasion, wanted| {
            wanted(0.5);
            wait.lock().unwrap().recv_timeout(PATIENCE).unwrap();
            usual.finish(scenario, occasion, wanted)
        });
        Waiting { folder, state, reports, go }
    }

    /// Takes reports until the count is done.
    fn finish(&mut self) {
        self.go.send(()).unwrap();
        loop {
            let Ok(Outside::Work(report)) = self.reports.recv_timeout(PATIENCE) else { panic!("no report") };
            let done = matches!(report, Report::Done(..));
            self.state.report(report);
            if done {
                return;
            }
        }
    }

    fn name_files(&mut self) {
        assert!(self.state.change(|scenario| scenario.set("corpus.files", "texts")));
    }

    fn tokens(&self) -> f64 {
        self.state.work.scenario().number(ragonomics::scenario::Param::CorpusTokens.into()).unwrap_or(0.0)
    }
}

#[test]
fn files_are_counted_beside_the_screen_and_the_screen_goes_on() {
    let mut waiting = Waiting::open();
    waiting.name_files();
    let Ok(Outside::Work(report)) = waiting.reports.recv_timeout(PATIENCE) else { panic!("no progress") };
    waiting.state.report(report);
    let shown = screen(&mut waiting.state, (100, 24));
    assert!(shown.contains("counting the tokens of corpus.files 50%  Esc stops"), "{shown}");
    // Another number is changed meanwhile and stays.
    assert!(waiting.state.change(|scenario| scenario.set("retrieval.top_k", "9")));
    waiting.finish();
    // 18 characters of four words and a line's end, in 500 lines of two files.
    assert!((4_000.0..8_000.0).contains(&waiting.tokens()), "{}", waiting.tokens());
    let paths: Vec<_> = waiting.state.work.unsaved().iter().map(|(path, _)| path.as_str()).collect();
    assert!(paths.contains(&"corpus.files") && paths.contains(&"retrieval.top_k"), "{paths:?}");
    press(&mut waiting.state, "u");
    assert!(waiting.state.work.scenario().files.is_empty(), "the files are one change");
}

#[test]
fn counting_is_stopped_with_escape_and_changes_nothing() {
    let mut waiting = Waiting::open();
    let before = waiting.state.work.scenario().clone();
    waiting.name_files();
    let Ok(Outside::Work(_)) = waiting.reports.recv_timeout(PATIENCE) else { panic!("no progress") };
    press(&mut waiting.state, "\x1b");
    let told = "counting the tokens of corpus.files stopped; corpus.files stay as they were";
    assert_eq!(waiting.state.message, Some(Message::Note(told.to_owned())));
    waiting.finish();
    assert_eq!(*waiting.state.work.scenario(), before);
    // It can be asked for again.
    waiting.name_files();
    waiting.finish();
    assert!(waiting.tokens() > 0.0);
}

#[test]
fn a_file_that_is_not_there_is_refused_at_once() {
    let mut waiting = Waiting::open();
    assert!(!waiting.state.change(|scenario| scenario.set("corpus.files", "nowhere")));
    assert!(matches!(&waiting.state.message, Some(Message::Fault(text)) if text.contains("`nowhere`")));
}

#[test]
fn a_scenario_with_files_is_opened_once_they_are_counted() {
    let mut waiting = Waiting::open();
    let other = "name = \"Other\"\n[corpus]\nfiles = [\"texts\"]\n[compare]\nmodels = [\"acme/small\"]\n\
                 [retrieval]\nembedding = \"acme/vectors\"\nstore = \"none\"\n";
    std::fs::write(waiting.folder.path().join("other.toml"), other).unwrap();
    press(&mut waiting.state, "oother.toml\n");
    if matches!(waiting.state.overlay, Overlay::Question(_)) {
        press(&mut waiting.state, "y");
    }
    assert_ne!(waiting.state.work.scenario().name, "Other", "the screen stays meanwhile");
    waiting.finish();
    assert_eq!(waiting.state.work.scenario().name, "Other");
    assert!(waiting.tokens() > 0.0);
    assert!(waiting.state.work.unsaved().is_empty());
}

#[test]
fn files_that_are_being_counted_are_neither_saved_nor_left_behind_unasked() {
    let mut waiting = Waiting::open();
    let path = waiting.folder.path().join("mine.toml");
    std::fs::write(&path, SCENARIO).unwrap();
    waiting.state.file = File::of(SCENARIO, Some(&path));
    waiting.name_files();
    for key in ["q", "w", "o\x1b", "R"] {
        press(&mut waiting.state, key);
        let message = waiting.state.message.clone();
        let told = matches!(&message, Some(Message::Note(text)) if text.contains("still being counted"));
        assert!(told || key.starts_with('o'), "{key}: {message:?}");
        assert_eq!(waiting.state.done, None);
    }
    // Interrupted, they are offered at the next start.
    let kept = waiting.folder.path().join("state");
    waiting.state.places.state = Some(kept.clone());
    ragonomics::tui::memory::keep_changes(&waiting.state).unwrap();
    let files: Vec<_> = std::fs::read_dir(&kept).unwrap().flatten().map(|entry| entry.path()).collect();
    let text: String = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(text.contains("corpus.files") && text.contains("texts"), "{text}");
    waiting.finish();
    assert!(waiting.state.counting.is_none() && waiting.tokens() > 0.0);
}
