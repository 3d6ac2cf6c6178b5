//! Everything that a user can ask for.

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// All designs, ranked.
    Compare,
    /// Cost along a parameter.
    BreakEven,
}

impl Screen {
    /// All screens, in the order of their numbers.
    pub const ALL: [Screen; 2] = [Screen::Compare, Screen::BreakEven];

    /// Returns the title.
    pub fn title(self) -> &'static str {
        match self {
            Screen::Compare => "Compare",
            Screen::BreakEven => "Break-even",
        }
    }

    /// Returns the screen that follows.
    pub fn next(self) -> Screen {
        match self {
            Screen::Compare => Screen::BreakEven,
            Screen::BreakEven => Screen::Compare,
        }
    }
}

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

/// A scale of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The parameter's.
    X,
    /// The cost's.
    Y,
}

/// A change of a text that is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// Adds a character.
    Insert(char),
    /// Takes the last character away.
    Erase,
    /// Takes everything away.
    Clear,
    /// Takes the text as it is.
    Accept,
}

/// A request of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Leaves the program.
    Quit,
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
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
    /// Moves in the list in focus.
    Move(Motion),
    /// Changes the order of the rows.
    Sort,
    /// Begins to type a filter.
    Filter,
    /// Pins or unpins the selected design.
    Pin,
    /// Moves the cursor of the chart.
    Cursor(Direction, Stride),
    /// Takes another parameter for the axis.
    Axis(Direction),
    /// Goes to a crossing.
    Crossing(Direction),
    /// Draws a smaller (on) or larger (back) stretch.
    Zoom(Direction),
    /// Draws the usual stretch.
    Unzoom,
    /// Switches a scale between linear and logarithmic.
    Scale(Scale),
    /// Switches between the cost of a month and of the horizon.
    Metric,
    /// Changes the selected parameter.
    Change(Direction, Stride),
    /// Begins to type a value.
    Type,
    /// Takes the selected parameter back to the scenario's value.
    Reset,
    /// Changes the text that is being typed.
    Typing(Typing),
}
