//! Long work beside the screen.

use std::sync::mpsc::channel;
use std::time::Duration;

use ragonomics::tui::job::Report;
use ragonomics::tui::terminal::Outside;

use super::*;

#[test]
fn work_beside_the_screen_shows_its_progress_and_gives_its_result() {
    let mut state = state();
    let (sender, reports) = channel();
    state.jobs.report_to(sender);
    let (go, wait) = channel::<()>();
    state.start(Screen::Compare, "sampling", move |control| {
        control.progress(0.5);
        wait.recv().unwrap();
        |state: &mut State| state.note("done")
    });
    let Ok(Outside::Work(report)) = reports.recv_timeout(Duration::from_secs(10)) else {
        panic!("no progress")
    };
    state.report(report);
    assert!(
        screen(&mut state, (80, 24)).contains("██████······ sampling 50%  Esc stops"),
        "{}",
        screen(&mut state, (80, 24))
    );
    go.send(()).unwrap();
    let Ok(Outside::Work(report)) = reports.recv_timeout(Duration::from_secs(10)) else {
        panic!("no result")
    };
    state.report(report);
    assert_eq!(state.message, Some(Message::Note("done".to_owned())));
    assert!(state.jobs.of(Screen::Compare).is_none());
}

/// Starts work that ends when it is cancelled, and returns what it reports then.
fn cancelled(state: &mut State, cancel: impl FnOnce(&mut State)) -> Report {
    let (sender, reports) = channel();
    state.jobs.report_to(sender);
    let (begin, begun) = channel();
    state.start(Screen::Compare, "sampling", move |control| {
        begin.send(()).unwrap();
        while !control.is_cancelled() {
            std::thread::sleep(Duration::from_millis(1));
        }
        |state: &mut State| state.note("stale")
    });
    // Work that is cancelled before it begins reports nothing.
    begun.recv_timeout(Duration::from_secs(10)).unwrap();
    cancel(state);
    match reports.recv_timeout(Duration::from_secs(10)) {
        Ok(Outside::Work(report)) => report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn escape_stops_work_and_a_change_makes_it_stale() {
    let mut state = state();
    let report = cancelled(&mut state, |state| press(state, "\x1b"));
    assert_eq!(state.message, Some(Message::Note("sampling stopped".to_owned())));
    assert!(state.jobs.is_stopped(Screen::Compare));
    state.message = None;
    state.report(report);
    assert_eq!(state.message, None, "a result that nobody wants any more");

    let mut state = self::state();
    let report = cancelled(&mut state, |state| press(state, "p>"));
    assert!(state.jobs.may_start(Screen::Compare), "a changed scenario wants new work");
    state.report(report);
    assert_eq!(state.message, None);
}

/// Each press of a key may cancel work and start other work. Were each piece to run at once, those that nobody wants any
/// more would take time and memory from the one that is wanted.
#[test]
fn work_of_a_screen_is_done_piece_by_piece_and_none_that_was_cancelled_before_its_turn() {
    let mut state = state();
    let (sender, reports) = channel();
    state.jobs.report_to(sender);
    let ((say, said), (go, wait)) = (channel(), channel::<()>());
    let say_first = say.clone();
    state.start(Screen::Compare, "sampling", move |_| {
        say_first.send((0, std::thread::current().id())).unwrap();
        wait.recv().unwrap();
        |state: &mut State| state.note("stale")
    });
    let (first, thread) = said.recv_timeout(Duration::from_secs(10)).unwrap();
    for piece in 1..=3 {
        state.jobs.cancel(Screen::Compare);
        let say = say.clone();
        state.start(Screen::Compare, "sampling", move |_| {
            say.send((piece, std::thread::current().id())).unwrap();
            move |state: &mut State| state.note(format!("piece {piece}"))
        });
    }
    // That of another screen does not wait.
    state.start(Screen::Bill, "counting", |_| |state: &mut State| state.note("counted"));
    uncertainty::finish(&mut state, &reports);
    assert_eq!((first, &state.message), (0, &Some(Message::Note("counted".to_owned()))));
    state.message = None;
    go.send(()).unwrap();
    uncertainty::finish(&mut state, &reports);
    assert_eq!(state.message, None, "a result that nobody wants any more");
    uncertainty::finish(&mut state, &reports);
    assert_eq!(state.message, Some(Message::Note("piece 3".to_owned())));
    assert_eq!(said.try_iter().collect::<Vec<_>>(), [(3, thread)]);
}

#[test]
fn work_that_panics_is_told_and_the_screen_stays() {
    let mut state = state();
    let (sender, reports) = channel();
    state.jobs.report_to(sender);
    state.start(Screen::Compare, "sampling", |_| -> fn(&mut State) { panic!("on purpose") });
    let Ok(Outside::Work(report)) = reports.recv_timeout(Duration::from_secs(10)) else {
        panic!("no report")
    };
    state.report(report);
    assert!(matches!(&state.message, Some(Message::Fault(text)) if text.contains("sampling failed")));
    assert!(!state.jobs.may_start(Screen::Compare), "it is not tried again by itself");
    state.jobs.cancel(Screen::Compare);
    state.start(Screen::Compare, "sampling", |_| |state: &mut State| state.note("done"));
    uncertainty::finish(&mut state, &reports);
    assert_eq!(state.message, Some(Message::Note("done".to_owned())), "other work is not affected");
}
