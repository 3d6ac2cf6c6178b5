//! What clicks and the wheel do: they focus, select and scroll.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::action::{Action, Direction, Motion};
use super::frame::{self, Frame};
use super::state::{Focus, Overlay, State};
use super::text::split_top;
use super::{export, foot, palette, panel, question, update};

/// Entries that a turn of the wheel goes.
const WHEEL: usize = 3;

/// Does what an event of the mouse asks for; returns whether anything was asked.
pub fn act(state: &mut State, event: &MouseEvent) -> bool {
    let at = Position { x: event.column, y: event.row };
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => click(state, at),
        MouseEventKind::ScrollUp => wheel(state, at, Direction::Back),
        MouseEventKind::ScrollDown => wheel(state, at, Direction::On),
        _ => return false,
    }
    true
}

fn click(state: &mut State, at: Position) {
    let Some(frame) = Frame::of(state) else { return };
    state.message = None;
    let keys = split_top(frame.foot, 1).1;
    if keys.contains(at) && matches!(state.overlay, Overlay::Help(_)) {
        // There it says how to close the help.
        return update::update(state, Action::Back);
    }
    if keys.contains(at) {
        if let Some(action) = foot::action_at(state, keys.width, at.x - keys.x) {
            update::update(state, action);
        }
        return;
    }
    let entry = match &state.overlay {
        Overlay::None => return click_body(state, &frame, at),
        Overlay::Palette(palette) => palette::entry_at(state, palette, frame.body, at),
        Overlay::Export(_) => export::entry_at(state, frame.body, at),
        Overlay::Pick(picker) => picker.entry_at(frame.body, at),
        Overlay::Question(question) => {
            return match question::answer_at(state, question, frame.body, at) {
                Some(answer) => update::update(state, answer),
                None => state.fault(question::WANTED),
            };
        }
        _ => return,
    };
    // A click beside a list closes it.
    let Some(entry) = entry else { return update::update(state, Action::Back) };
    match &mut state.overlay {
        Overlay::Palette(palette) => palette.selected = entry,
        Overlay::Export(selected) => *selected = entry,
        Overlay::Pick(picker) => {
            picker.selected = entry;
            if picker.many {
                return update::update(state, Action::Toggle);
            }
        }
        _ => {}
    }
    update::update(state, Action::Choose);
}

fn click_body(state: &mut State, frame: &Frame, at: Position) {
    if frame.head.contains(at) {
        let tab = frame::tabs(state, frame.head.width).into_iter().find(|tab| tab.holds(at.x - frame.head.x));
        if let Some(tab) = tab {
            update::update(state, Action::Open(tab.screen));
        }
    } else if frame.panel.contains(at) {
        state.focus = Focus::Parameters;
        if let Some(entry) = panel::entry_at(state, frame.panel, at) {
            state.panel.selected = entry;
        }
    } else if frame.main.contains(at) {
        state.focus = Focus::Screen;
        state.screen.click(state, frame.main, at);
        update::settle(state);
    }
}

fn wheel(state: &mut State, at: Position, direction: Direction) {
    let motion = if direction == Direction::On { Motion::Down } else { Motion::Up };
    let over_panel = Frame::of(state).is_some_and(|frame| frame.panel.contains(at));
    match (&state.overlay, over_panel) {
        (Overlay::None, true) => {
            let count = state.work.targets().len();
            (0..WHEEL).for_each(|_| state.panel.selected = motion.from(state.panel.selected, count, 1));
        }
        (Overlay::None, false) => match state.screen.list(state) {
            Some((count, selected)) => {
                let to = (0..WHEEL).fold(selected, |at, _| motion.from(at, count, 1));
                state.screen.select(state, to);
            }
            None => state.screen.wheel(state, direction),
        },
        (Overlay::Help(_) | Overlay::Palette(_) | Overlay::Filter(_) | Overlay::Pick(_), _) => {
            (0..WHEEL).for_each(|_| update::update(state, Action::Move(motion)));
        }
        _ => {}
    }
    update::settle(state);
}
