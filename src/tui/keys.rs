//! The one table of keys: what they do, where they apply, and what the help says about them.
//!
//! The footer, the help, the palette and the translation of key presses are all made from [`all`]: the shell's keys
//! here, and each screen's own from its file. What an action is called in settings stands in `own`, by what other
//! words it is found in `words`.

mod own;
pub mod words;

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::action::{Action, Direction, Motion, Screen, Stride, Typing};
use super::export::FileFormat;
use super::screen::OPENING;
use super::theme::Palette;
use crate::config::key::{KeyName, KeyPress};
pub use own::{NAMED, meant, named, take_own, with_own};

/// Where a binding applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere, even while a text is typed.
    Always,
    /// On every screen.
    Screens,
    /// On screens with a list.
    List,
    /// On screens whose list has a filter.
    Filtered,
    /// On one screen.
    View(Screen),
    /// In the list of parameters.
    Parameters,
    /// In the help.
    Help,
    /// While a filter is typed.
    Filter,
    /// While a value is typed.
    Value,
    /// In the list of all actions.
    Palette,
    /// In the choice of files to write.
    Menu,
    /// In a list of which several entries can be picked.
    Ticks,
    /// In a list to pick from.
    Pick,
    /// While a question is open.
    Question,
}

impl Scope {
    /// Returns all scopes, in the order of the help.
    pub fn all() -> impl Iterator<Item = Scope> {
        use Scope::{
            Always, Filter, Filtered, Help, List, Menu, Palette, Parameters, Pick, Question, Screens, Ticks,
            Value,
        };
        let views = Screen::ALL.iter().map(|screen| Scope::View(*screen));
        let rest = [Parameters, Palette, Filter, Value, Menu, Pick, Ticks, Question, Help];
        [Always, Screens, List, Filtered].into_iter().chain(views).chain(rest)
    }

    /// Returns the title in the help.
    pub fn title(self) -> &'static str {
        match self {
            Scope::Always => "Always",
            Scope::Screens => "On every screen",
            Scope::List => "In every list",
            Scope::Filtered => "In lists with a filter",
            Scope::View(screen) => screen.title(),
            Scope::Parameters => "Parameters",
            Scope::Help => "Help",
            Scope::Filter => "While typing a filter",
            Scope::Value => "While typing a value",
            Scope::Palette => "While choosing an action",
            Scope::Menu => "While choosing a file to write",
            Scope::Pick => "In a list to pick from",
            Scope::Ticks => "In a list to pick several from",
            Scope::Question => "While a question is open",
        }
    }

    /// Returns whether plain characters are typed rather than obeyed.
    pub fn takes_text(self) -> bool {
        matches!(self, Scope::Filter | Scope::Value | Scope::Palette | Scope::Pick)
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

impl Key {
    /// Returns the key that a user names.
    fn named(press: &KeyPress) -> Option<Key> {
        let code = match press.name {
            KeyName::Char(c) => KeyCode::Char(c),
            KeyName::F(number) => KeyCode::F(number),
            KeyName::Named("Tab") if press.shift => return Some(key(KeyCode::BackTab)),
            KeyName::Named(name) => match name {
                "Enter" => KeyCode::Enter,
                "Esc" => KeyCode::Esc,
                "Tab" => KeyCode::Tab,
                "Backspace" => KeyCode::Backspace,
                "Delete" => KeyCode::Delete,
                "Insert" => KeyCode::Insert,
                "Up" => KeyCode::Up,
                "Down" => KeyCode::Down,
                "Left" => KeyCode::Left,
                "Right" => KeyCode::Right,
                "Home" => KeyCode::Home,
                "End" => KeyCode::End,
                "PageUp" => KeyCode::PageUp,
                "PageDown" => KeyCode::PageDown,
                _ => return None,
            },
        };
        Some(Key { code, control: press.control, shift: press.shift })
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

/// Returns a key.
pub const fn key(code: KeyCode) -> Key {
    Key { code, control: false, shift: false }
}

/// Returns a character's key.
pub const fn ch(c: char) -> Key {
    key(KeyCode::Char(c))
}

/// Returns a character's key with Control.
pub const fn ctrl(c: char) -> Key {
    Key { code: KeyCode::Char(c), control: true, shift: false }
}

/// Returns another key with Control.
const fn ctrl_key(code: KeyCode) -> Key {
    Key { code, control: true, shift: false }
}

/// Returns a key with Shift.
pub const fn shift(code: KeyCode) -> Key {
    Key { code, control: false, shift: true }
}

macro_rules! bindings {
    ($([$($scope:ident)+] $($key:expr),* => $action:expr, $brief:literal, $help:literal;)+) => {
        /// The shell's keys.
        static SHELL: &[Binding] = &[
            $(Binding {
                keys: &[$($key),*],
                action: $action,
                scopes: &[$(Scope::$scope),+],
                help: $help,
                brief: $brief,
            },)+
        ];
    };
}

use Direction::{Back, On};
use Stride::{Coarse, Fine};

bindings! {
    [Always] ctrl('c') => Action::Interrupt, "", "leave at once; unsaved changes are offered at the next start";
    [Always] ctrl('z') => Action::Suspend, "", "give the terminal back to the shell; `fg` comes back here";
    [Screens Help] ch('?'), key(KeyCode::F(1)) => Action::Help, "help", "open or close this list";
    [Screens] ch('q') => Action::Quit, "quit", "leave; asks once where changes are unsaved";
    [Help] ch('q') => Action::Quit, "", "close the help";
    [Screens Help] key(KeyCode::Esc) => Action::Back, "", "close one layer: help, parameters, explanation, filter; stop work";
    [Screens] ch(':') => Action::Palette, "actions", "find any action by its name";
    [Screens] key(KeyCode::Tab) => Action::Turn(On), "screen", "next screen";
    [Screens] key(KeyCode::BackTab) => Action::Turn(Back), "", "previous screen";
    [Screens] ch('p') => Action::Parameters, "parameters", "enter or leave the parameters";
    [Screens] ch('P') => Action::Panel, "panel", "hide the parameters that stand beside a wide screen, or show them again";
    [Screens] ch('u') => Action::Undo, "undo", "take the last change of the scenario back";
    [Screens] ctrl('r') => Action::Redo, "", "make that change again";
    [Screens] ch('y') => Action::Copy, "copy", "copy the selected row or number";
    [Screens] ch('x') => Action::Export, "export", "export this screen to a file";
    [Screens] ch('w') => Action::Save, "save", "save the scenario into its file, whose comments stay";
    [Screens] ch('W') => Action::SaveAs, "", "save it as a new file";
    [Screens] ch('o') => Action::OpenScenario, "open", "open another scenario";
    [Screens] ch('R') => Action::Reread, "", "read the scenario's file again";
    [Screens] ch('t') => Action::Theme, "", "next theme: dark, light, vivid, mono";
    [Screens] => Action::TakeTheme(Palette::Dark), "", "the dark theme: 16 colours on a dark background";
    [Screens] => Action::TakeTheme(Palette::Light), "", "the light theme: 16 colours on a light background";
    [Screens] => Action::TakeTheme(Palette::Vivid), "", "the vivid theme: colours that everybody tells apart";
    [Screens] => Action::TakeTheme(Palette::Mono), "", "the mono theme: no colours";
    [Screens] => Action::ExportAs(FileFormat::Csv), "", "export as CSV, for spreadsheets";
    [Screens] => Action::ExportAs(FileFormat::Json), "", "export as JSON, for programs";
    [Screens] => Action::ExportAs(FileFormat::Markdown), "", "export as Markdown, for documents";
    [Screens] => Action::ExportAs(FileFormat::Svg), "", "export as SVG, the chart";
    [Screens] ch('M') => Action::Mouse, "", "leave the mouse to the terminal, or take it back";

    [List Parameters Help] key(KeyCode::Up), ch('k') => Action::Move(Motion::Up), "move", "up";
    [List Parameters Help] key(KeyCode::Down), ch('j') => Action::Move(Motion::Down), "move", "down";
    [List Parameters Help] ctrl('u') => Action::Move(Motion::HalfUp), "", "half a page up";
    [List Parameters Help] ctrl('d') => Action::Move(Motion::HalfDown), "", "half a page down";
    [List Parameters Help] key(KeyCode::PageUp) => Action::Move(Motion::PageUp), "", "a page up";
    [List Parameters Help] key(KeyCode::PageDown) => Action::Move(Motion::PageDown), "", "a page down";
    [List Parameters Help] ch('g'), key(KeyCode::Home) => Action::Move(Motion::First), "", "to the top";
    [List Parameters Help] ch('G'), key(KeyCode::End) => Action::Move(Motion::Last), "", "to the bottom";
    [Filtered] ch('/') => Action::Filter, "filter", "show only entries with these words";

    [Parameters] key(KeyCode::Left), ch('h') => Action::Change(Back, Fine), "change", "less";
    [Parameters] key(KeyCode::Right), ch('l') => Action::Change(On, Fine), "change", "more";
    [Parameters] shift(KeyCode::Left), ch('H') => Action::Change(Back, Coarse), "", "much less: 1, 2, 5, 10, ...";
    [Parameters] shift(KeyCode::Right), ch('L') => Action::Change(On, Coarse), "", "much more: 1, 2, 5, 10, ...";
    [Parameters] key(KeyCode::Enter) => Action::Type, "type", "type a value, such as 128k, 1.5M or 3%";
    [Parameters] key(KeyCode::Backspace), ch('r') => Action::Reset, "reset", "back to the scenario's value";

    [Filter Value] key(KeyCode::Enter) => Action::Typing(Typing::Accept), "keep", "keep it";
    [Filter Value] key(KeyCode::Esc) => Action::Back, "drop", "drop it";
    [Filter Value Palette Pick] key(KeyCode::Left) => Action::Typing(Typing::Left), "", "a character back";
    [Filter Value Palette Pick] key(KeyCode::Right) => Action::Typing(Typing::Right), "", "a character on";
    [Filter Value Palette Pick] ctrl_key(KeyCode::Left) => Action::Typing(Typing::WordLeft), "", "a word back";
    [Filter Value Palette Pick] ctrl_key(KeyCode::Right) => Action::Typing(Typing::WordRight), "", "a word on";
    [Filter Value Palette Pick] key(KeyCode::Home), ctrl('a') => Action::Typing(Typing::Start), "", "to the start of the text";
    [Filter Value Palette Pick] key(KeyCode::End), ctrl('e') => Action::Typing(Typing::End), "", "to the end of the text";
    [Filter Value Palette Pick] key(KeyCode::Backspace) => Action::Typing(Typing::Erase), "", "take the character before the cursor away";
    [Filter Value Palette Pick] key(KeyCode::Delete), ctrl('d') => Action::Typing(Typing::EraseNext), "", "take the character at the cursor away";
    [Filter Value Palette Pick] ctrl('w') => Action::Typing(Typing::EraseWord), "", "take the word before the cursor away";
    [Filter Value Palette Pick] ctrl('u') => Action::Typing(Typing::Clear), "", "take everything away";
    [Palette] key(KeyCode::Enter) => Action::Choose, "do", "do the selected action";
    [Pick] key(KeyCode::PageUp) => Action::Move(Motion::PageUp), "", "a page up";
    [Pick] key(KeyCode::PageDown) => Action::Move(Motion::PageDown), "", "a page down";
    [Ticks] ch(' ') => Action::Toggle, "tick", "choose the entry, or take it out again";
    [Ticks] key(KeyCode::Tab) => Action::ToggleOn, "tick", "the same, and go on to the next";
    [Pick] key(KeyCode::Enter) => Action::Choose, "take", "take what is chosen, or what was found where nothing was chosen";
    [Palette Menu Pick] key(KeyCode::Esc) => Action::Back, "close", "close the list";
    [Menu] key(KeyCode::Enter) => Action::Choose, "write", "write the selected kind of file";
    [Filter Palette Pick] key(KeyCode::Up) => Action::Move(Motion::Up), "move", "up";
    [Filter Palette Pick] key(KeyCode::Down) => Action::Move(Motion::Down), "move", "down";
    [Menu] key(KeyCode::Up), ch('k') => Action::Move(Motion::Up), "move", "up";
    [Menu] key(KeyCode::Down), ch('j') => Action::Move(Motion::Down), "move", "down";
    [Question] ch('y') => Action::Answer(true), "yes", "yes";
    [Question] ch('n') => Action::Answer(false), "no", "no";
    [Question] key(KeyCode::Esc) => Action::Back, "neither", "neither: nothing is done, and what was offered is offered again";
}

/// Returns every key of the program, in the order of the help.
pub fn all() -> impl Iterator<Item = &'static Binding> {
    let own: Option<&'static Vec<Binding>> = own::table();
    own.into_iter().flatten().chain(standard().filter(move |_| own.is_none()))
}

fn standard() -> impl Iterator<Item = &'static Binding> {
    SHELL.iter().chain(OPENING).chain(Screen::ALL.iter().flat_map(|screen| screen.keys()))
}

/// Returns what a key means in scopes, the first of which goes first.
pub fn translate(event: &KeyEvent, scopes: &[Scope]) -> Option<Action> {
    let key = Key::of(event)?;
    for scope in scopes {
        if let Some(binding) = of(*scope).find(|binding| binding.keys.contains(&key)) {
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
    all().filter(move |binding| binding.scopes.contains(&scope))
}

/// Returns the bindings of scopes that no earlier scope takes the first key from.
pub fn in_force(scopes: &[Scope]) -> impl Iterator<Item = &'static Binding> {
    let taken = |key: Key, before: &[Scope]| {
        before.iter().any(|scope| of(*scope).any(|binding| binding.keys.contains(&key)))
    };
    scopes.iter().enumerate().flat_map(move |(at, scope)| {
        let free =
            move |binding: &&Binding| binding.keys.first().is_some_and(|key| !taken(*key, &scopes[..at]));
        of(*scope).filter(free)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::tui::action::ScreenAction;
    use crate::tui::screen::break_even;

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        for scope in Scope::all() {
            let keys: Vec<Key> = of(scope).flat_map(|binding| binding.keys.iter().copied()).collect();
            for (at, key) in keys.iter().enumerate() {
                assert!(!keys[..at].contains(key), "{key} twice in {}", scope.title());
            }
        }
    }

    #[test]
    fn control_c_leaves_even_while_a_text_is_typed() {
        let event = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(translate(&event, &[Scope::Filter, Scope::Always]), Some(Action::Interrupt));
    }

    #[test]
    fn a_key_that_another_scope_takes_first_is_not_in_force() {
        let scopes = [Scope::Parameters, Scope::View(Screen::BreakEven)];
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
            assert_eq!(
                translate(&event, &[Scope::View(Screen::BreakEven)]),
                Some(Action::On(ScreenAction::BreakEven(break_even::Action::Axis(Direction::Back))))
            );
        }
    }

    #[test]
    fn own_keys_take_the_place_of_the_usual_ones_but_not_where_texts_are_typed() {
        let table = with_own(&[(Action::Quit, ctrl('q')), (Action::Move(Motion::Up), ch('u'))]);
        let keys = |action: Action, scope: Scope| -> Vec<Key> {
            let of =
                table.iter().filter(|binding| binding.action == action && binding.scopes.contains(&scope));
            of.flat_map(|binding| binding.keys.iter().copied()).collect()
        };
        assert_eq!(keys(Action::Quit, Scope::Screens), [ctrl('q')]);
        assert_eq!(keys(Action::Move(Motion::Up), Scope::List), [ch('u')]);
        assert_eq!(keys(Action::Move(Motion::Up), Scope::Palette), [key(KeyCode::Up)]);
        // What had the key has none now; the palette still finds it.
        assert_eq!(keys(Action::Undo, Scope::Screens), []);
        assert_eq!(keys(Action::Help, Scope::Screens), [ch('?'), key(KeyCode::F(1))]);
    }

    #[test]
    fn a_key_of_ones_own_holds_on_every_screen_that_has_the_action() {
        let sort = config::Binding {
            action: "sort".to_owned(),
            key: KeyPress::parse("z").unwrap(),
            place: crate::diagnostic::Place::whole("config.toml"),
        };
        let table = with_own(&meant(&[sort]));
        let briefs = |brief: &str| -> Vec<(&'static [Scope], &'static [Key])> {
            let found = table.iter().filter(|binding| binding.brief == brief);
            found.map(|binding| (binding.scopes, binding.keys)).collect()
        };
        let sorts = briefs("sort");
        assert_eq!(sorts.len(), 2, "{sorts:?}");
        assert!(sorts.iter().all(|(_, keys)| *keys == [ch('z')]), "{sorts:?}");
        // The arrow still goes through the events of a history, and s is free where it sorted, and only there.
        let right = |binding: &&Binding| binding.keys.contains(&key(KeyCode::Right));
        assert!(table.iter().filter(right).any(|binding| binding.scopes == [Scope::View(Screen::Vendors)]));
        assert_eq!(briefs("set only"), [(&[Scope::View(Screen::Scenario)][..], &[ch('s')][..])]);
    }

    #[test]
    fn every_key_that_settings_can_name_is_one() {
        for name in config::key::NAMED {
            let press = KeyPress::parse(name).unwrap();
            assert!(Key::named(&press).is_some(), "{name}");
        }
        assert_eq!(Key::named(&KeyPress::parse("Shift-Tab").unwrap()), Some(key(KeyCode::BackTab)));
    }

    #[test]
    fn keys_are_written_as_people_say_them() {
        assert_eq!(ctrl('r').to_string(), "Ctrl-r");
        assert_eq!(shift(KeyCode::Left).to_string(), "Shift-←");
        assert_eq!(ch(' ').to_string(), "Space");
    }
}
