//! What an action does to the state.

use super::action::{Action, Direction, Motion, Screen, Typing};
use super::screen::{break_even, compare};
use super::state::{Focus, Message, Overlay, State};
use super::{help, panel};

/// Does what an action asks for and works out what follows from it.
pub fn update(state: &mut State, action: Action) {
    state.message = None;
    match action {
        Action::Quit => state.done = true,
        Action::Help => toggle_help(state),
        Action::Back => back(state),
        Action::Open(screen) => state.screen = screen,
        // With two screens the next one is also the previous one.
        Action::Turn(_) => state.screen = state.screen.next(),
        Action::Parameters => toggle_parameters(state),
        Action::Undo => travel(state, Direction::Back),
        Action::Redo => travel(state, Direction::On),
        Action::Move(motion) => step(state, motion),
        Action::Sort => compare::sort(state),
        Action::Filter => state.overlay = Overlay::Filter(std::mem::take(&mut state.compare.filter)),
        Action::Pin => compare::pin(state),
        Action::Change(direction, stride) => panel::change(state, direction, stride),
        Action::Type => state.overlay = Overlay::Value(String::new()),
        Action::Reset => panel::reset(state),
        Action::Typing(typing) => type_text(state, typing),
        Action::Cursor(..)
        | Action::Axis(_)
        | Action::Crossing(_)
        | Action::Zoom(_)
        | Action::Unzoom
        | Action::Scale(_)
        | Action::Metric => break_even::update(state, action),
    }
    refresh(state);
}

/// Works out what the open screen shows.
pub fn refresh(state: &mut State) {
    compare::refresh(state);
    if state.screen == Screen::BreakEven {
        break_even::refresh(state);
    }
}

fn toggle_help(state: &mut State) {
    state.overlay = match state.overlay {
        Overlay::Help(_) => Overlay::None,
        _ => Overlay::Help(0),
    };
}

fn toggle_parameters(state: &mut State) {
    state.focus = match state.focus {
        Focus::Screen => Focus::Parameters,
        Focus::Parameters => Focus::Screen,
    };
}

/// Closes one layer: what lies over the screen, then the parameters, then the filter.
fn back(state: &mut State) {
    match std::mem::take(&mut state.overlay) {
        Overlay::None if state.focus == Focus::Parameters => state.focus = Focus::Screen,
        Overlay::None if state.screen == Screen::Compare => state.compare.filter.clear(),
        _ => {}
    }
}

fn travel(state: &mut State, direction: Direction) {
    let (moved, word) = match direction {
        Direction::Back => (state.work.undo(), "taken back"),
        Direction::On => (state.work.redo(), "made again"),
    };
    let text = if moved { format!("change {word}") } else { format!("no change to be {word}") };
    state.message = Some(Message::Note(text));
    state.break_even.forget();
}

fn step(state: &mut State, motion: Motion) {
    let page = state.page();
    if let Overlay::Help(line) = &mut state.overlay {
        *line = motion.from(*line, help::last_first_line(state.size) + 1, page);
    } else if state.focus == Focus::Parameters && state.overlay == Overlay::None {
        let count = state.work.parameters().len();
        state.panel.selected = motion.from(state.panel.selected, count, page);
    } else {
        compare::step(state, motion, page);
    }
}

fn type_text(state: &mut State, typing: Typing) {
    let (Overlay::Filter(text) | Overlay::Value(text)) = &mut state.overlay else { return };
    match typing {
        Typing::Insert(c) if text.chars().count() < LONGEST_TEXT => text.push(c),
        Typing::Insert(_) => {}
        Typing::Erase => {
            text.pop();
        }
        Typing::Clear => text.clear(),
        Typing::Accept => accept(state),
    }
}

/// Characters of a filter or a value; no name and no number is longer.
const LONGEST_TEXT: usize = 100;

fn accept(state: &mut State) {
    match std::mem::take(&mut state.overlay) {
        Overlay::Filter(text) => state.compare.filter = text,
        Overlay::Value(text) => panel::set(state, &text),
        other => state.overlay = other,
    }
}
