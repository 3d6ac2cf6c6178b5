//! What an action does to the state.

use super::action::{Action, Direction, Motion, Screen, Typing};
use super::job::Owner;
use super::open::{self, Next};
use super::palette::{self, Palette};
use super::picker::Purpose;
use super::screen::scenario;
use super::state::{Asked, Focus, Leave, Overlay, Question, State};
use super::typed::Typed;
use super::{export, frame, help, memory, panel, reading, save, theme};
use crate::scenario::form::Field;

/// Does what an action asks for and works out what follows from it.
pub fn update(state: &mut State, action: Action) {
    state.message = None;
    act(state, action);
    settle(state);
}

fn act(state: &mut State, action: Action) {
    match action {
        // From the help it leads back only; the program is left from the screens.
        Action::Quit if matches!(state.overlay, Overlay::Help(_)) => state.overlay = Overlay::None,
        Action::Quit => quit(state),
        Action::Interrupt => state.done = Some(Leave::Interrupt),
        Action::Suspend => suspend(state),
        Action::Help => toggle_help(state),
        Action::Back => back(state),
        Action::Open(screen) => state.screen = screen,
        Action::Turn(direction) => state.screen = state.screen.turned(direction),
        Action::Parameters => toggle_parameters(state),
        Action::Panel => toggle_panel(state),
        Action::Palette => state.overlay = Overlay::Palette(Palette::default()),
        Action::Undo => travel(state, Direction::Back),
        Action::Redo => travel(state, Direction::On),
        Action::Move(motion) => step(state, motion),
        Action::Filter => begin_filter(state),
        Action::Copy => copy(state),
        Action::Export => export::open(state),
        Action::Mouse => toggle_mouse(state),
        Action::ExportAs(format) => export::write(state, format),
        Action::Theme => next_theme(state),
        Action::TakeTheme(palette) => take_theme(state, palette),
        Action::EditKey(field) => scenario::edit_key(state, field),
        Action::Save => save::save(state),
        Action::SaveAs => save::ask(state),
        Action::OpenScenario => open::ask(state),
        Action::Reread => open::go(state, Next::Again),
        Action::Toggle => toggle(state, None),
        Action::ToggleOn => toggle(state, Some(Motion::Down)),
        Action::Change(direction, stride) => panel::change(state, direction, stride),
        Action::Type => panel::ask(state),
        Action::Reset => panel::reset(state),
        Action::Typing(typing) => type_text(state, typing),
        Action::Choose => choose(state),
        Action::Answer(yes) => answer(state, yes),
        Action::On(action) => action.update(state),
    }
}

/// Works out what the open screen shows. What screens know of an earlier scenario or other pins is dropped first,
/// and so is work that was started for it.
pub fn settle(state: &mut State) {
    panel::settle(state, state.known.0 != state.work.revision());
    if state.known.0 != state.work.revision() || state.known.1 != state.pins {
        state.jobs.cancel_screens();
        state.views.forget();
        state.known = (state.work.revision(), state.pins.clone());
    }
    // The selected design of the comparison is what other screens show.
    Screen::Compare.refresh(state);
    if state.screen != Screen::Compare {
        state.screen.refresh(state);
    }
}

/// Asks for the terminal to be given back; what is said is seen on the return.
fn suspend(state: &mut State) {
    state.suspended = cfg!(unix);
    state.note(match state.suspended {
        true => "back from the shell",
        false => "this system cannot suspend a program",
    });
}

fn quit(state: &mut State) {
    if reading::is_busy(state) {
        return;
    }
    match state.work.unsaved().is_empty() {
        true => state.done = Some(Leave::Quit),
        false => state.overlay = Overlay::Question(Question::Leave),
    }
}

fn answer(state: &mut State, yes: bool) {
    let Overlay::Question(question) = std::mem::take(&mut state.overlay) else { return };
    match (question, yes) {
        (Question::Leave, true) => state.done = Some(Leave::Quit),
        (Question::Leave, false) => {}
        (Question::Recover(kept), true) => memory::recover(state, &kept),
        (Question::Recover(_), false) => memory::forget_changes(state),
        (Question::Lose(next), true) => {
            // What is left behind on purpose is not offered again.
            memory::leave_changes(state);
            open::put(state, &next);
        }
        (Question::Reread, true) => open::put(state, &Next::Again),
        (Question::Reread, false) => state.file.left = true,
        (Question::Overwrite, true) => save::overwrite(state),
        (Question::Lose(_) | Question::Overwrite, false) => {}
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

/// Hides the parameters beside the screen, or shows them again; in focus they are always seen.
fn toggle_panel(state: &mut State) {
    state.panel.hidden = !state.panel.hidden;
    if state.panel.hidden {
        state.focus = Focus::Screen;
    }
    let word = if state.panel.hidden { "hidden" } else { "shown" };
    let wide = frame::WIDE;
    state.note(match state.size.0 >= wide {
        true => format!("the parameters beside the screen are {word}; p enters them, P changes this"),
        false => format!("the parameters beside the screen are {word} from {wide} columns on; p enters them"),
    });
}

/// Closes one layer: what lies over the screen, then the parameters, then work that is running, then what the screen
/// has open, then the filter.
fn back(state: &mut State) {
    let screen = state.screen;
    match std::mem::take(&mut state.overlay) {
        Overlay::None => {}
        Overlay::Question(Question::Recover(_)) => {
            state.file.later = true;
            return state.note("they are offered again at the next start");
        }
        Overlay::Question(Question::Reread) => {
            state.file.left = true;
            return;
        }
        _ => return,
    }
    if state.focus == Focus::Parameters {
        state.focus = Focus::Screen;
    } else if let Some(what) = state.jobs.stop_any(&[Owner::Scenario, screen.into()]) {
        let files = state.counting.take().map_or("", |_| "; corpus.files stay as they were");
        state.note(format!("{what} stopped{files}"));
    } else if !screen.back(state)
        && let Some(filter) = state.views.filter_mut(screen)
    {
        filter.clear();
    }
}

fn travel(state: &mut State, direction: Direction) {
    let (moved, word) = match direction {
        Direction::Back => (state.work.undo(), "taken back"),
        Direction::On => (state.work.redo(), "made again"),
    };
    state.note(if moved { format!("change {word}") } else { format!("no change to be {word}") });
}

fn step(state: &mut State, motion: Motion) {
    let page = state.page();
    match &mut state.overlay {
        Overlay::Help(line) => {
            let line = *line;
            state.overlay = Overlay::Help(motion.from(line, help::last_first_line(state) + 1, page));
        }
        Overlay::Palette(list) => {
            let mut list = list.clone();
            palette::step(state, &mut list, motion, page);
            state.overlay = Overlay::Palette(list);
        }
        Overlay::Pick(picker) => picker.step(motion, page),
        Overlay::Export(selected) => {
            let selected = *selected;
            let count = state.screen.formats(state).len();
            state.overlay = Overlay::Export(motion.from(selected, count, page));
        }
        Overlay::None if state.focus == Focus::Parameters => {
            let count = state.work.targets().len();
            state.panel.selected = motion.from(state.panel.selected, count, page);
        }
        _ => {
            if let Some((count, selected)) = state.screen.list(state) {
                state.screen.select(state, motion.from(selected, count, page));
            }
        }
    }
}

fn begin_filter(state: &mut State) {
    let screen = state.screen;
    match state.views.filter_mut(screen) {
        Some(filter) => state.overlay = Overlay::Filter(Typed::from(std::mem::take(filter))),
        None => state.note("there is nothing to filter here"),
    }
}

fn copy(state: &mut State) {
    match state.screen.copied(state) {
        Some(text) => {
            state.note(format!("copied: {}", text.replace(['\t', '\n'], "  ")));
            state.clipboard = Some(text);
        }
        None => state.note("there is nothing to copy here"),
    }
}

fn toggle_mouse(state: &mut State) {
    state.mouse = !state.mouse;
    state.note(match state.mouse {
        true => "the mouse clicks and scrolls here",
        false => "the mouse is the terminal's: it selects text",
    });
}

fn next_theme(state: &mut State) {
    let word = match state.theme.advance() {
        Some(palette) => format!("theme: {}", palette.word()),
        None => "colours are off, by NO_COLOR or --color never".to_owned(),
    };
    state.note(word);
}

fn take_theme(state: &mut State, palette: theme::Palette) {
    state.theme.take(palette);
    state.note(match (state.theme.plain, state.theme.palette == palette) {
        (true, _) => "colours are off, by NO_COLOR or --color never".to_owned(),
        (false, true) => format!("theme: {}", palette.word()),
        (false, false) => format!("this terminal has too few colours for {}", palette.word()),
    });
}

fn choose(state: &mut State) {
    match state.overlay {
        Overlay::Palette(_) => {
            if let Some(action) = palette::choose(state) {
                // An action of another screen needs what that screen works out when it is opened.
                settle(state);
                act(state, action);
            }
        }
        Overlay::Export(_) => export::choose(state),
        Overlay::Pick(_) => pick(state),
        _ => {}
    }
}

/// Does what is asked for with what was picked; a value that is refused leaves the list open.
fn pick(state: &mut State) {
    let Overlay::Pick(picker) = std::mem::take(&mut state.overlay) else { return };
    let Some(picked) = picker.picked() else {
        state.overlay = Overlay::Pick(picker);
        return;
    };
    let one = picked.first().cloned().unwrap_or_default();
    let done = match &picker.purpose {
        Purpose::Key(path) => scenario::put_items(state, path, &picked),
        Purpose::Table => scenario::add(state, &one),
        Purpose::Open => {
            open::go(state, Next::Named(one));
            true
        }
    };
    if !done {
        state.overlay = Overlay::Pick(picker);
    }
}

/// Chooses an entry of a list, or takes it out again, and goes on.
fn toggle(state: &mut State, on: Option<Motion>) {
    if let Overlay::Pick(picker) = &mut state.overlay {
        picker.toggle();
        if let Some(motion) = on {
            picker.step(motion, 1);
        }
    }
}

fn type_text(state: &mut State, typing: Typing) {
    if typing == Typing::Accept {
        return accept(state);
    }
    let (typed, selected) = match &mut state.overlay {
        Overlay::Filter(typed) => (typed, None),
        Overlay::Value(value) => (&mut value.text, None),
        Overlay::Palette(palette) => (&mut palette.text, Some(&mut palette.selected)),
        Overlay::Pick(picker) => (&mut picker.text, Some(&mut picker.selected)),
        _ => return,
    };
    // Another text finds others, of which the best is selected.
    if typed.edit(typing)
        && let Some(selected) = selected
    {
        *selected = 0;
    }
}

fn accept(state: &mut State) {
    let screen = state.screen;
    match std::mem::take(&mut state.overlay) {
        Overlay::Filter(typed) => {
            if let Some(filter) = state.views.filter_mut(screen) {
                *filter = typed.to_string();
            }
        }
        Overlay::Value(value) => set_value(state, value),
        other => state.overlay = other,
    }
}

/// Takes what was typed; a text that is refused stays to be corrected. An empty one changes nothing, unless it was
/// emptied.
fn set_value(state: &mut State, value: super::state::Value) {
    let text = value.text.text().trim();
    if text == value.before.trim() && value.asked != Asked::NewFile
        || text.is_empty() && value.before.is_empty()
    {
        return;
    }
    let taken = match &value.asked {
        Asked::Key(path) => state.change(|scenario| match Field::find(scenario, path) {
            Some(field) => scenario.type_in(field, text),
            None => scenario.set(path, text),
        }),
        Asked::NewFile => save::save_as(state, text),
    };
    if !taken {
        state.overlay = Overlay::Value(value);
    }
}
