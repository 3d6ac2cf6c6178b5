//! The list of all actions, found by a few letters of their names.
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
use super::keys::{self, Binding, Scope};
use super::listing::Listing;
use super::state::{Focus, Overlay, State};
use super::text::left;
use super::theme::Role;
use super::typed::Typed;

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
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its keys.
    pub binding: &'static Binding,
    /// Where it applies.
    pub scope: Scope,
}

impl Entry {
    /// Returns the name.
    pub fn name(&self) -> String {
        match self.place() {
            Some(place) => format!("{place}: {}", self.binding.help),
            None => self.binding.help.to_owned(),
        }
    }

    /// Returns the screen that the name begins with.
    fn place(&self) -> Option<&'static str> {
        match (self.scope, self.binding.action) {
            (Scope::View(screen), _) | (_, Action::Open(screen)) => Some(screen.title()),
            (Scope::Parameters, _) => Some(Scope::Parameters.title()),
            _ => None,
        }
    }

    /// Returns how well it is found by its name, or by a word for it in the footer or the settings, such as `undo`.
    fn score(&self, search: &mut Search) -> Option<i32> {
        let (place, colon) = self.place().map_or(("", ""), |place| (place, ": "));
        let Binding { help, brief, action, .. } = self.binding;
        search.score(&[place, colon, help, " ", brief, " ", keys::named(*action).unwrap_or_default()])
    }
}

/// Returns all actions that have a name of their own, each once.
pub fn entries() -> Vec<Entry> {
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
    let named = keys::all().filter(|binding| !matches!(binding.action, Action::Palette | Action::Back));
    named
        .filter_map(|binding| {
            Some(Entry { binding, scope: *binding.scopes.iter().find(|scope| listed(scope))? })
        })
        .collect()
}

/// Returns the actions that what is typed finds, the best first.
pub fn found(text: &str) -> Vec<Entry> {
    let mut search = Search::new(text);
    let mut scored: Vec<(i32, Entry)> =
        entries().into_iter().filter_map(|entry| Some((entry.score(&mut search)?, entry))).collect();
    // Enter in a list that was only opened must not leave.
    let leaves = |entry: &Entry| matches!(entry.binding.action, Action::Interrupt);
    scored.sort_by_key(|(score, entry)| (std::cmp::Reverse(*score), leaves(entry)));
    scored.into_iter().map(|(_, entry)| entry).collect()
}

/// Moves the selection.
pub fn step(palette: &mut Palette, motion: Motion, page: usize) {
    palette.selected = motion.from(palette.selected, found(palette.text.text()).len(), page);
}

/// Returns what is to be done for the selected action, after what it needs is made ready.
pub fn choose(state: &mut State) -> Option<Action> {
    let Overlay::Palette(palette) = std::mem::take(&mut state.overlay) else { return None };
    let entry = *found(palette.text.text()).get(palette.selected)?;
    match entry.scope {
        Scope::View(screen) => {
            state.screen = screen;
            state.focus = Focus::Screen;
        }
        Scope::Parameters => state.focus = Focus::Parameters,
        _ => {}
    }
    Some(entry.binding.action)
}

fn listing(palette: &Palette, area: Rect, count: usize) -> Listing {
    Listing::over(area, WIDTH, palette.selected, count)
}

/// Returns the action that is drawn at a place.
pub fn entry_at(palette: &Palette, area: Rect, at: Position) -> Option<usize> {
    listing(palette, area, found(palette.text.text()).len()).entry_at(at)
}

/// Draws the list over the body.
pub fn draw(state: &State, palette: &Palette, area: Rect, buffer: &mut Buffer) {
    let entries = found(palette.text.text());
    let listing = listing(palette, area, entries.len());
    let line = |entry: usize| {
        let keys = entries[entry].binding.shown();
        let room = usize::from(listing.head.width).saturating_sub(keys.width() + 5);
        Line::from(vec![
            Span::raw(format!("{} ", left(&entries[entry].name(), room))),
            Span::styled(keys, state.theme.style(Role::Key)),
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
