//! A list over the screen from which one entry is picked, or several, found by a few letters.
//!
//! ```text
//!  ┌ compare.models ─────────────────────────────────────────┐
//!  │ > lar▏               2 chosen, Enter adds acme/larger   │
//!  │ ▸ [x] acme/large        200k   $3.00 in  $15.00 out     │
//!  │   [ ] acme/larger         1M   $0.25 in   $2.00 out     │
//!  └─────────────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::action::Motion;
use super::fuzzy::Search;
use super::listing::Listing;
use super::state::State;
use super::text::{left, put};
use super::theme::Role;
use super::typed::Typed;
use crate::present::{cut, shorten};

/// Widest list.
const WIDTH: u16 = 100;

/// Columns that a value keeps before what is said of it gives way.
const NARROWEST: usize = 20;

/// What is done with what is picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// It is the value of a key, by its path.
    Key(String),
    /// It is a scenario to open.
    Open,
    /// It is a kind of table to add.
    Table,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is picked.
    pub value: String,
    /// What is said of it.
    pub detail: String,
    /// Whether that is figures, which are whole or left out and never cut.
    pub figures: bool,
}

impl Choice {
    /// Makes one.
    pub fn new(value: impl Into<String>, detail: impl Into<String>) -> Choice {
        Choice { value: value.into(), detail: detail.into(), figures: false }
    }

    /// Makes one with figures.
    pub fn with_figures(value: impl Into<String>, figures: impl Into<String>) -> Choice {
        Choice { figures: true, ..Choice::new(value, figures) }
    }
}

/// A list to pick from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    /// What is picked.
    pub title: String,
    /// What is done with it.
    pub purpose: Purpose,
    /// All entries.
    pub choices: Vec<Choice>,
    /// Values that are chosen; one at most where only one can be.
    pub chosen: Vec<String>,
    /// Whether several can be chosen.
    pub many: bool,
    /// What picking a text means that is no entry, such as `open the file`; nothing where it cannot be.
    pub free: Option<&'static str>,
    /// What is typed.
    pub text: Typed,
    /// Place among the entries found.
    pub selected: usize,
    /// Whether the user has chosen entries, or taken some out, rather than only typed.
    pub ticked: bool,
}

impl Picker {
    /// Makes a list from which one entry is picked.
    pub fn one(
        title: impl Into<String>,
        purpose: Purpose,
        choices: Vec<Choice>,
        chosen: Option<String>,
    ) -> Picker {
        let at = chosen.as_ref().and_then(|value| choices.iter().position(|choice| choice.value == *value));
        Picker {
            title: title.into(),
            purpose,
            choices,
            chosen: chosen.into_iter().collect(),
            many: false,
            free: None,
            text: Typed::default(),
            selected: at.unwrap_or(0),
            ticked: false,
        }
    }

    /// Makes a list from which several are picked. What is chosen and no entry, such as a pattern, becomes one.
    pub fn many(
        title: impl Into<String>,
        purpose: Purpose,
        mut choices: Vec<Choice>,
        chosen: Vec<String>,
    ) -> Picker {
        for value in chosen.iter().rev() {
            if !choices.iter().any(|choice| choice.value == *value) {
                choices.insert(0, Choice::new(value.clone(), ""));
            }
        }
        let mut picker = Picker::one(title, purpose, choices, None);
        picker.selected =
            picker.choices.iter().position(|choice| chosen.contains(&choice.value)).unwrap_or(0);
        (picker.chosen, picker.many) = (chosen, true);
        picker
    }

    /// Returns the entries that what is typed finds, the best first; what is typed itself where it may be picked.
    pub fn found(&self) -> Vec<Choice> {
        if self.text.text().trim().is_empty() {
            return self.choices.clone();
        }
        let mut search = Search::new(self.text.text());
        let scored = self
            .choices
            .iter()
            .filter_map(|choice| Some((search.score(&[&choice.value, " ", &choice.detail])?, choice)));
        let mut scored: Vec<(i32, &Choice)> = scored.collect();
        // Of names that are found alike the shorter one has less besides.
        scored.sort_by_key(|(score, choice)| (std::cmp::Reverse(*score), choice.value.len()));
        let mut found: Vec<Choice> = scored.into_iter().map(|(_, choice)| choice.clone()).collect();
        let typed = self.text.text().trim();
        if let Some(what) = self.free.filter(|_| !found.iter().any(|choice| choice.value == typed)) {
            // What looks like a path or a pattern is meant so; names of models have points and slashes of their own.
            let meant = match self.purpose {
                Purpose::Open => typed.contains(['/', '\\', '.']),
                Purpose::Key(_) | Purpose::Table => typed.contains('*'),
            };
            let at = if meant { 0 } else { found.len() };
            found.insert(at, Choice::new(typed, what));
        }
        found
    }

    /// Moves the selection.
    pub fn step(&mut self, motion: Motion, page: usize) {
        self.selected = motion.from(self.selected, self.found().len(), page);
    }

    /// Chooses the selected entry, or takes it out again.
    pub fn toggle(&mut self) {
        let Some(choice) = self.found().get(self.selected).cloned() else { return };
        self.ticked = true;
        if let Some(at) = self.chosen.iter().position(|value| *value == choice.value) {
            self.chosen.remove(at);
            return;
        }
        if !self.choices.iter().any(|known| known.value == choice.value) {
            self.choices.insert(0, Choice::new(choice.value.clone(), ""));
        }
        self.chosen.push(choice.value);
    }

    /// Returns whether what is typed is meant rather than what is chosen: nobody who ticks entries types for nothing, and
    /// somebody who only types wants what was found.
    fn means_typed(&self) -> bool {
        !self.many || !self.ticked && !self.text.text().trim().is_empty()
    }

    /// Returns what is picked: the values chosen, or the one selected. What is typed and found without any tick is
    /// picked beside what was chosen before; nothing where it is not found.
    pub fn picked(&self) -> Option<Vec<String>> {
        if !self.means_typed() {
            return Some(self.chosen.clone());
        }
        let value = self.found().get(self.selected)?.value.clone();
        let earlier = self.chosen.iter().filter(|earlier| self.many && **earlier != value).cloned();
        Some(earlier.chain([value.clone()]).collect())
    }

    fn listing(&self, area: Rect, count: usize) -> Listing {
        Listing::over(area, WIDTH, self.selected, count)
    }

    /// Returns the entry that is drawn at a place.
    pub fn entry_at(&self, area: Rect, at: Position) -> Option<usize> {
        self.listing(area, self.found().len()).entry_at(at)
    }

    /// Says what Enter takes where several can be chosen.
    fn enter_takes(&self, found: &[Choice]) -> String {
        let chosen = self.chosen.len();
        match found.get(self.selected) {
            _ if !self.many => String::new(),
            Some(choice) if self.means_typed() && !self.chosen.contains(&choice.value) => {
                format!(" {chosen} chosen, Enter adds {} ", choice.value)
            }
            _ => format!(" {chosen} chosen "),
        }
    }
}

/// Draws the list over the body.
pub fn draw(state: &State, picker: &Picker, area: Rect, buffer: &mut Buffer) {
    let found = picker.found();
    let listing = picker.listing(area, found.len());
    let width = usize::from(listing.head.width);
    let takes = picker.enter_takes(&found);
    let typed = picker.text.text().width();
    let head = match listing.has_title() {
        true => " > ".to_owned(),
        // What is asked gives way to what is typed.
        false => {
            format!(" {}: ", shorten(&picker.title, width.saturating_sub(takes.width() + typed + 5).max(8)))
        }
    };
    let used = head.width() + typed + 1;
    let widest = found.iter().map(|choice| choice.value.width()).max().unwrap_or(0);
    let line = |entry: usize| line(state, picker, &found[entry], entry == picker.selected, (width, widest));
    listing.draw(
        &state.theme,
        (&picker.title, &head, &picker.text),
        line,
        "nothing has these letters",
        buffer,
    );
    if used + takes.width() <= width {
        let columns = takes.width() as u16;
        let place = Rect { x: listing.head.right() - columns, width: columns, ..listing.head };
        put(buffer, place, 0, &takes, state.theme.style(Role::Dim));
    }
}

/// Returns the line of an entry; the values take as many columns as the widest, before what is said of them.
fn line(
    state: &State,
    picker: &Picker,
    choice: &Choice,
    selected: bool,
    (width, widest): (usize, usize),
) -> Line<'static> {
    let chosen = picker.chosen.contains(&choice.value);
    let mark = match (picker.many, chosen) {
        (true, true) => "[x] ",
        (true, false) => "[ ] ",
        (false, true) => "* ",
        (false, false) => "  ",
    };
    let room = width.saturating_sub(4 + mark.width());
    let value = if choice.value.is_empty() { "(default)" } else { &choice.value };
    let wanted = choice.detail.width() + 2;
    let (value_room, detail) = match choice.figures {
        true if room >= NARROWEST + wanted => (room - wanted, choice.detail.clone()),
        false if room >= NARROWEST + 10 => {
            let value_room = widest.max("(default)".len()).min(room / 2);
            (value_room, cut(&choice.detail, room - value_room - 2))
        }
        _ => (room, String::new()),
    };
    let tail = if detail.is_empty() { String::new() } else { format!("  {detail}") };
    Line::from(vec![
        Span::raw(format!("{mark}{}", left(value, value_room))),
        Span::styled(tail, state.theme.style(if selected { Role::Text } else { Role::Dim })),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_before_longer_ones_that_begin_like_it() {
        let names = ["acme/gpt-4o-mini", "acme/gpt-4o", "acme/gpt-4", "big/piglet-4o"];
        let choices = names.map(|name| Choice::new(name, "")).to_vec();
        let picker = Picker::one("model", Purpose::Open, choices, None);
        let found = Picker { text: "gpt-4o".into(), ..picker }.found();
        let found: Vec<&str> = found.iter().map(|choice| choice.value.as_str()).collect();
        // Letters in order stand behind the word itself.
        assert_eq!(found, ["acme/gpt-4o", "acme/gpt-4o-mini", "big/piglet-4o"]);
    }
}
