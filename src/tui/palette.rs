//! The list of all actions and of the scenario's keys, found by a few letters of their names or by other words for them.
//!
//! ```text
//!  ┌ Actions ───────────────────────────────────────────────┐
//!  │ : bil▏                                                 │
//!  │ ▸ Bill: one design, line by line                    3  │
//!  │   Bill: say how the selected line comes about   Enter  │
//!  └────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::action::{Action, Motion};
use super::fuzzy::Search;
use super::keys::{self, Binding, Scope, words};
use super::listing::Listing;
use super::state::{Focus, Overlay, State};
use super::text::left;
use super::theme::Role;
use super::typed::Typed;
use crate::present::shorten;
use crate::scenario::Scenario;
use crate::scenario::form::{Field, sections};

/// Widest list.
const WIDTH: u16 = 90;

/// What is typed, and which of the actions found is selected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Palette {
    /// What is typed.
    pub text: Typed,
    /// Place among the actions found.
    pub selected: usize,
}

/// An action by name.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// Other words by which it is found.
    pub words: String,
    /// Its keys.
    pub keys: String,
    /// What it does.
    pub action: Action,
    /// Where it applies.
    pub scope: Scope,
}

/// Columns of a key's value in its name.
const WIDEST_VALUE: usize = 24;

impl Entry {
    fn of(binding: &Binding, scope: Scope) -> Entry {
        let place = match (scope, binding.action) {
            (Scope::View(screen), _) | (_, Action::Open(screen)) => Some(screen.title()),
            (Scope::Parameters, _) => Some(Scope::Parameters.title()),
            _ => None,
        };
        let name = match place {
            Some(place) => format!("{place}: {}", binding.help),
            None => binding.help.to_owned(),
        };
        // What it is called in the footer and in the settings, such as `undo`.
        let called = keys::named(binding.action).unwrap_or_default().replace('_', " ");
        let words = format!(" {} {called} {}", binding.brief, words::of(binding.action));
        Entry { name, words, keys: binding.shown(), action: binding.action, scope }
    }

    /// Makes the entry that changes a key of the scenario.
    fn of_key(scenario: &Scenario, field: Field) -> Entry {
        let label = match field {
            Field::Number(target) => scenario.label_of(target),
            _ => String::new(),
        };
        let value = field.text(scenario);
        let value = if value.is_empty() { "none" } else { &shorten(&value, WIDEST_VALUE) };
        Entry {
            name: format!("{} ({value})", field.path(scenario)),
            words: format!(" {label} change parameter"),
            keys: String::new(),
            action: Action::EditKey(field),
            scope: Scope::Screens,
        }
    }

    fn is_key(&self) -> bool {
        matches!(self.action, Action::EditKey(_))
    }

    /// Returns how well it is found.
    fn score(&self, search: &mut Search) -> Option<i32> {
        match self.is_key() {
            // There are hundreds, of which scattered letters would find too many.
            true => search.score_with(&[], &[&self.name, &self.words]),
            false => search.score_with(&[&self.name], &[&self.words]),
        }
    }
}

/// Returns all actions that have a name of their own, each once.
pub fn entries(state: &State) -> Vec<Entry> {
    let listed = |scope: &Scope| {
        matches!(
            scope,
            Scope::Always
                | Scope::Screens
                | Scope::List
                | Scope::Filtered
                | Scope::View(_)
                | Scope::Parameters
        )
    };
    let offered = |binding: &&Binding| match binding.action {
        Action::Palette | Action::Back => false,
        Action::ExportAs(format) => state.screen.formats(state).contains(&format),
        _ => true,
    };
    let named = keys::all().filter(offered);
    named
        .filter_map(|binding| Some(Entry::of(binding, *binding.scopes.iter().find(|scope| listed(scope))?)))
        .collect()
}

/// Returns the actions and keys that what is typed finds, the best first; without anything typed the actions.
pub fn found(state: &State, text: &str) -> Vec<Entry> {
    let mut search = Search::new(text);
    let mut all = entries(state);
    if !text.trim().is_empty() {
        let scenario = state.work.scenario();
        let fields = sections(scenario).into_iter().flat_map(|section| section.fields);
        all.extend(fields.map(|field| Entry::of_key(scenario, field)));
    }
    let mut scored: Vec<(i32, Entry)> =
        all.into_iter().filter_map(|entry| Some((entry.score(&mut search)?, entry))).collect();
    // Enter in a list that was only opened must not leave.
    let leaves = |entry: &Entry| matches!(entry.action, Action::Interrupt);
    scored.sort_by_key(|(score, entry)| (std::cmp::Reverse(*score), leaves(entry), entry.is_key()));
    scored.into_iter().map(|(_, entry)| entry).collect()
}

/// Moves the selection.
pub fn step(state: &State, palette: &mut Palette, motion: Motion, page: usize) {
    palette.selected = motion.from(palette.selected, found(state, palette.text.text()).len(), page);
}

/// Returns what is to be done for the selected action, after what it needs is made ready.
pub fn choose(state: &mut State) -> Option<Action> {
    let Overlay::Palette(palette) = std::mem::take(&mut state.overlay) else { return None };
    let entry = found(state, palette.text.text()).into_iter().nth(palette.selected)?;
    match entry.scope {
        Scope::View(screen) => {
            state.screen = screen;
            state.focus = Focus::Screen;
        }
        Scope::Parameters => state.focus = Focus::Parameters,
        _ => {}
    }
    Some(entry.action)
}

fn listing(palette: &Palette, area: Rect, count: usize) -> Listing {
    Listing::over(area, WIDTH, palette.selected, count)
}

/// Returns the action that is drawn at a place.
pub fn entry_at(state: &State, palette: &Palette, area: Rect, at: Position) -> Option<usize> {
    listing(palette, area, found(state, palette.text.text()).len()).entry_at(at)
}

/// Draws the list over the body.
pub fn draw(state: &State, palette: &Palette, area: Rect, buffer: &mut Buffer) {
    let entries = found(state, palette.text.text());
    let listing = listing(palette, area, entries.len());
    let line = |entry: usize| {
        let Entry { name, keys, .. } = &entries[entry];
        let room = usize::from(listing.head.width).saturating_sub(keys.width() + 5);
        Line::from(vec![
            Span::raw(format!("{} ", left(name, room))),
            Span::styled(keys.clone(), state.theme.style(Role::Key)),
        ])
    };
    listing.draw(
        &state.theme,
        ("Actions", " : ", &palette.text),
        line,
        "no action has these letters",
        buffer,
    );
}
