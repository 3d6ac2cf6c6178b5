//! The one table of keys: what they do, where they apply, and what the help says about them.
//!
//! The footer, the help screen and the translation of key presses are all made from [`BINDINGS`].

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::action::{Action, Direction, Motion, Scale, Screen, Stride, Typing};

/// Where a binding applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere, even while a text is typed.
    Always,
    /// On every screen.
    Screens,
    /// On the ranked list.
    Compare,
    /// On the chart.
    BreakEven,
    /// In the list of parameters.
    Parameters,
    /// In the help.
    Help,
    /// While a filter is typed.
    Filter,
    /// While a value is typed.
    Value,
}

impl Scope {
    /// All scopes, in the order of the help.
    pub const ALL: [Scope; 8] = [
        Scope::Always,
        Scope::Screens,
        Scope::Compare,
        Scope::BreakEven,
        Scope::Parameters,
        Scope::Filter,
        Scope::Value,
        Scope::Help,
    ];

    /// Returns the title in the help.
    pub fn title(self) -> &'static str {
        match self {
            Scope::Always => "Always",
            Scope::Screens => "On every screen",
            Scope::Compare => "Compare",
            Scope::BreakEven => "Break-even",
            Scope::Parameters => "Parameters",
            Scope::Help => "Help",
            Scope::Filter => "While typing a filter",
            Scope::Value => "While typing a value",
        }
    }

    /// Returns whether plain characters are typed rather than obeyed.
    pub fn takes_text(self) -> bool {
        matches!(self, Scope::Filter | Scope::Value)
    }
}

/// A key with what is held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Whether Control is held.
    pub control: bool,
    /// Whether Shift is held; characters say so themselves.
    pub shift: bool,
}

impl Key {
    /// Reads a key press; releases and other modifiers are none.
    fn of(event: &KeyEvent) -> Option<Key> {
        let ignored = KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META | KeyModifiers::HYPER;
        if event.kind == KeyEventKind::Release || event.modifiers.intersects(ignored) {
            return None;
        }
        let character = matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab);
        let shift = event.modifiers.contains(KeyModifiers::SHIFT) && !character;
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            KeyCode::Char(c) if control => KeyCode::Char(c.to_ascii_lowercase()),
            code => code,
        };
        Some(Key { code, control, shift })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// Keys with their meaning.
#[derive(Debug)]
pub struct Binding {
    /// Keys that do it.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// Where they do it.
    pub scopes: &'static [Scope],
    /// A sentence for the help.
    pub help: &'static str,
    /// A word or two for the footer; empty where there is no room for it.
    pub brief: &'static str,
}

impl Binding {
    /// Returns the keys as text.
    pub fn shown(&self) -> String {
        self.keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
    }
}

const fn key(code: KeyCode) -> Key {
    Key { code, control: false, shift: false }
}

const fn ch(c: char) -> Key {
    key(KeyCode::Char(c))
}

const fn ctrl(c: char) -> Key {
    Key { code: KeyCode::Char(c), control: true, shift: false }
}

const fn shift(code: KeyCode) -> Key {
    Key { code, control: false, shift: true }
}

macro_rules! bindings {
    ($([$($scope:ident)+] $($key:expr),+ => $action:expr, $brief:literal, $help:literal;)+) => {
        /// Every key of the program.
        pub static BINDINGS: &[Binding] = &[
            $(Binding {
                keys: &[$($key),+],
                action: $action,
                scopes: &[$(Scope::$scope),+],
                help: $help,
                brief: $brief,
            },)+
        ];
    };
}

use Direction::{Back, On};
use Stride::{Coarse, End, Fine};

bindings! {
    [Always] ctrl('c') => Action::Quit, "", "leave at once";
    [Screens Help] ch('?'), key(KeyCode::F(1)) => Action::Help, "help", "open or close this list";
    [Screens Help] ch('q') => Action::Quit, "quit", "leave";
    [Screens Help] key(KeyCode::Esc) => Action::Back, "", "close one layer: help, parameters, filter";
    [Screens] ch('1') => Action::Open(Screen::Compare), "", "all designs, ranked";
    [Screens] ch('2') => Action::Open(Screen::BreakEven), "", "cost along a parameter";
    [Screens] key(KeyCode::Tab) => Action::Turn(On), "screen", "next screen";
    [Screens] key(KeyCode::BackTab) => Action::Turn(Back), "", "previous screen";
    [Screens] ch('p') => Action::Parameters, "parameters", "enter or leave the parameters";
    [Screens] ch('u') => Action::Undo, "undo", "take the last change of a parameter back";
    [Screens] ctrl('r') => Action::Redo, "", "make that change again";

    [Compare Parameters Help] key(KeyCode::Up), ch('k') => Action::Move(Motion::Up), "move", "up";
    [Compare Parameters Help] key(KeyCode::Down), ch('j') => Action::Move(Motion::Down), "move", "down";
    [Compare Parameters Help] ctrl('u') => Action::Move(Motion::HalfUp), "", "half a page up";
    [Compare Parameters Help] ctrl('d') => Action::Move(Motion::HalfDown), "", "half a page down";
    [Compare Parameters Help] key(KeyCode::PageUp) => Action::Move(Motion::PageUp), "", "a page up";
    [Compare Parameters Help] key(KeyCode::PageDown) => Action::Move(Motion::PageDown), "", "a page down";
    [Compare Parameters Help] ch('g'), key(KeyCode::Home) => Action::Move(Motion::First), "", "to the top";
    [Compare Parameters Help] ch('G'), key(KeyCode::End) => Action::Move(Motion::Last), "", "to the bottom";

    [Compare] ch(' ') => Action::Pin, "pin", "pin or unpin the design for the chart";
    [Compare] ch('s') => Action::Sort, "sort", "order by cost, model or strategy";
    [Compare] ch('/') => Action::Filter, "filter", "show only designs with these words";

    [BreakEven] key(KeyCode::Left), ch('h') => Action::Cursor(Back, Fine), "cursor", "cursor to smaller values";
    [BreakEven] key(KeyCode::Right), ch('l') => Action::Cursor(On, Fine), "cursor", "cursor to larger values";
    [BreakEven] shift(KeyCode::Left), ch('H') => Action::Cursor(Back, Coarse), "", "the same in large steps";
    [BreakEven] shift(KeyCode::Right), ch('L') => Action::Cursor(On, Coarse), "", "the same in large steps";
    [BreakEven] ch('g'), key(KeyCode::Home) => Action::Cursor(Back, End), "", "cursor to the beginning";
    [BreakEven] ch('G'), key(KeyCode::End) => Action::Cursor(On, End), "", "cursor to the end";
    [BreakEven] ch('n') => Action::Crossing(On), "crossing", "cursor to the next crossing";
    [BreakEven] ch('N') => Action::Crossing(Back), "crossing", "cursor to the previous crossing";
    [BreakEven] ch('v') => Action::Axis(On), "axis", "next parameter on the axis";
    [BreakEven] ch('V') => Action::Axis(Back), "axis", "previous parameter on the axis";
    [BreakEven] ch('+'), ch('=') => Action::Zoom(On), "zoom", "a smaller stretch around the cursor";
    [BreakEven] ch('-') => Action::Zoom(Back), "zoom", "a larger stretch";
    [BreakEven] ch('0') => Action::Unzoom, "", "the usual stretch";
    [BreakEven] ch('X') => Action::Scale(Scale::X), "log x", "parameter linear or logarithmic";
    [BreakEven] ch('Y') => Action::Scale(Scale::Y), "log y", "cost linear or logarithmic";
    [BreakEven] ch('m') => Action::Metric, "metric", "cost of a month, or of the horizon with what is paid once";

    [Parameters] key(KeyCode::Left), ch('h') => Action::Change(Back, Fine), "change", "less";
    [Parameters] key(KeyCode::Right), ch('l') => Action::Change(On, Fine), "change", "more";
    [Parameters] shift(KeyCode::Left), ch('H') => Action::Change(Back, Coarse), "", "much less: 1, 2, 5, 10, ...";
    [Parameters] shift(KeyCode::Right), ch('L') => Action::Change(On, Coarse), "", "much more: 1, 2, 5, 10, ...";
    [Parameters] key(KeyCode::Enter) => Action::Type, "type", "type a value, such as 128k, 1.5M or 3%";
    [Parameters] key(KeyCode::Backspace), ch('r') => Action::Reset, "reset", "back to the scenario's value";

    [Filter] key(KeyCode::Up) => Action::Move(Motion::Up), "", "up";
    [Filter] key(KeyCode::Down) => Action::Move(Motion::Down), "", "down";
    [Filter Value] key(KeyCode::Enter) => Action::Typing(Typing::Accept), "keep", "keep it";
    [Filter Value] key(KeyCode::Esc) => Action::Back, "drop", "drop it";
    [Filter Value] key(KeyCode::Backspace) => Action::Typing(Typing::Erase), "", "take the last character away";
    [Filter Value] ctrl('u') => Action::Typing(Typing::Clear), "", "take everything away";
}

/// Returns what a key means in scopes, the first of which goes first.
pub fn translate(event: &KeyEvent, scopes: &[Scope]) -> Option<Action> {
    let key = Key::of(event)?;
    for scope in scopes {
        let bound = |binding: &&Binding| binding.scopes.contains(scope) && binding.keys.contains(&key);
        if let Some(binding) = BINDINGS.iter().find(bound) {
            return Some(binding.action);
        }
        if let (true, KeyCode::Char(c), false) = (scope.takes_text(), key.code, key.control) {
            return Some(Action::Typing(Typing::Insert(c)));
        }
    }
    None
}

/// Returns the bindings of a scope.
pub fn of(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.scopes.contains(&scope))
}

/// Returns the bindings of scopes that no earlier scope takes the first key from.
pub fn in_force(scopes: &[Scope]) -> impl Iterator<Item = &'static Binding> {
    let taken = |key: Key, before: &[Scope]| {
        before.iter().any(|scope| of(*scope).any(|binding| binding.keys.contains(&key)))
    };
    scopes
        .iter()
        .enumerate()
        .flat_map(move |(at, scope)| of(*scope).filter(move |binding| !taken(binding.keys[0], &scopes[..at])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        for scope in Scope::ALL {
            let keys: Vec<Key> = of(scope).flat_map(|binding| binding.keys.iter().copied()).collect();
            for (at, key) in keys.iter().enumerate() {
                assert!(!keys[..at].contains(key), "{key} twice in {}", scope.title());
            }
        }
    }

    #[test]
    fn control_c_leaves_even_while_a_text_is_typed() {
        let event = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(translate(&event, &[Scope::Filter, Scope::Always]), Some(Action::Quit));
    }

    #[test]
    fn a_key_that_another_scope_takes_first_is_not_in_force() {
        let scopes = [Scope::Parameters, Scope::BreakEven];
        let left = KeyEvent::new(KeyCode::Left, KeyModifiers::NONE);
        let meanings = in_force(&scopes).filter(|binding| binding.keys.contains(&key(KeyCode::Left)));
        assert_eq!(
            meanings.map(|binding| Some(binding.action)).collect::<Vec<_>>(),
            [translate(&left, &scopes)]
        );
    }

    #[test]
    fn capitals_come_with_and_without_shift() {
        for modifiers in [KeyModifiers::NONE, KeyModifiers::SHIFT] {
            let event = KeyEvent::new(KeyCode::Char('V'), modifiers);
            assert_eq!(translate(&event, &[Scope::BreakEven]), Some(Action::Axis(Direction::Back)));
        }
    }

    #[test]
    fn keys_are_written_as_people_say_them() {
        assert_eq!(ctrl('r').to_string(), "Ctrl-r");
        assert_eq!(shift(KeyCode::Left).to_string(), "Shift-←");
        assert_eq!(ch(' ').to_string(), "Space");
    }
}
