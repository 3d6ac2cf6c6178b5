//! Everything that a user can ask for.

use super::export::FileFormat;
pub use super::screen::{Screen, ScreenAction};
use super::theme::Palette;
use crate::scenario::form::Field;

/// A movement in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// One entry back.
    Up,
    /// One entry on.
    Down,
    /// Half a page back.
    HalfUp,
    /// Half a page on.
    HalfDown,
    /// A page back.
    PageUp,
    /// A page on.
    PageDown,
    /// To the first entry.
    First,
    /// To the last entry.
    Last,
}

impl Motion {
    /// Returns the place in a list of `count` entries after the movement.
    pub fn from(self, at: usize, count: usize, page: usize) -> usize {
        let last = count.saturating_sub(1);
        let page = page.max(1);
        let to = match self {
            Motion::Up => at.saturating_sub(1),
            Motion::Down => at + 1,
            Motion::HalfUp => at.saturating_sub(page.div_ceil(2)),
            Motion::HalfDown => at + page.div_ceil(2),
            Motion::PageUp => at.saturating_sub(page),
            Motion::PageDown => at + page,
            Motion::First => 0,
            Motion::Last => last,
        };
        to.min(last)
    }
}

/// A direction along an axis or a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Toward smaller values, or the one before.
    Back,
    /// Toward larger values, or the next one.
    On,
}

impl Direction {
    /// Returns the next or previous entry of a list that goes round, the first where none is the present one; `None`
    /// where the list is empty.
    pub fn turned<T: Copy>(self, list: &[T], is_now: impl Fn(&T) -> bool) -> Option<T> {
        let step = if self == Direction::On { 1 } else { list.len().checked_sub(1)? };
        let at = list.iter().position(is_now).map_or(0, |now| (now + step) % list.len());
        list.get(at).copied()
    }
}

/// How far a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stride {
    /// A small step.
    Fine,
    /// A large step.
    Coarse,
    /// To the end.
    End,
}

/// A change of a text that is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// Adds a character.
    Insert(char),
    /// Takes the character before the cursor away.
    Erase,
    /// Takes the character at the cursor away.
    EraseNext,
    /// Takes the word before the cursor away.
    EraseWord,
    /// Goes a character back.
    Left,
    /// Goes a character on.
    Right,
    /// Goes a word back.
    WordLeft,
    /// Goes a word on.
    WordRight,
    /// Goes to the start.
    Start,
    /// Goes to the end.
    End,
    /// Takes everything away.
    Clear,
    /// Takes the text as it is.
    Accept,
}

/// A request of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Leaves the program, after a question where changes are unsaved.
    Quit,
    /// Leaves at once; unsaved changes are kept for the next start.
    Interrupt,
    /// Gives the terminal back to the shell until it continues the program.
    Suspend,
    /// Opens or closes the help.
    Help,
    /// Closes the topmost layer.
    Back,
    /// Opens a screen.
    Open(Screen),
    /// Goes to the next or previous screen.
    Turn(Direction),
    /// Enters or leaves the parameters.
    Parameters,
    /// Hides the parameters beside a wide screen, or shows them again.
    Panel,
    /// Opens the list of all actions.
    Palette,
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
    /// Moves in the list in focus.
    Move(Motion),
    /// Begins to type a filter.
    Filter,
    /// Copies what is selected.
    Copy,
    /// Opens the choice of files to write.
    Export,
    /// Writes the screen to a file of a kind.
    ExportAs(FileFormat),
    /// Takes one theme.
    TakeTheme(Palette),
    /// Types or picks the value of a key of the scenario.
    EditKey(Field),
    /// Gives the mouse to the terminal, or takes it back.
    Mouse,
    /// Takes the next theme.
    Theme,
    /// Saves the scenario.
    Save,
    /// Saves it to a new file.
    SaveAs,
    /// Asks for another scenario to open.
    OpenScenario,
    /// Reads the file again.
    Reread,
    /// Chooses the selected entry of a list to pick from, or takes it out again.
    Toggle,
    /// The same, and goes on to the next entry.
    ToggleOn,
    /// Changes the selected parameter.
    Change(Direction, Stride),
    /// Begins to type a value.
    Type,
    /// Takes the selected parameter back to the scenario's value.
    Reset,
    /// Changes the text that is being typed.
    Typing(Typing),
    /// Takes the selected entry of what lies over the screen.
    Choose,
    /// Answers a question.
    Answer(bool),
    /// What one screen alone can do.
    On(ScreenAction),
}
