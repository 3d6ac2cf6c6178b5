//! Every key of the scenario: its value, unit and origin, changed in place, saved with the file's comments.

mod draw;
mod pick;

use crossterm::event::KeyCode;
use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::draw::Layout;
use super::View;
use crate::keys;
use crate::report::assumptions;
use crate::scenario::form::{Field, Source, sections};
use crate::scenario::setting::Form;
use crate::scenario::table::{TableKind, TextForm};
use crate::scenario::{Param, Scenario};
use crate::tui::action::{Direction, Screen, Stride};
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch, key, shift};
use crate::tui::open::{self, Next};
use crate::tui::panel;
use crate::tui::picker::{Choice, Picker, Purpose};
use crate::tui::state::{Asked, Overlay, State};
use crate::tui::text::{Words, entry_in};
use crate::tui::work::Work;
pub use pick::{add, put_items};

/// The form of the scenario.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    /// Words that a key must have.
    pub filter: String,
    /// Place of the selected key among those shown.
    pub selected: usize,
    /// Its path, by which it is found again when others come or go.
    path: Option<String>,
    /// Whether only keys are shown that somebody set.
    pub set_only: bool,
    /// The rows; nothing when something changed since.
    rows: Option<Vec<Row>>,
    /// What the rows were made for.
    made_for: (String, bool),
}

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    /// The header of a table.
    Head(String),
    /// A key.
    Key(Entry),
}

/// A key as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    field: Field,
    path: String,
    value: String,
    unit: String,
    source: Source,
}

impl Entry {
    fn of(work: &Work, field: Field) -> Entry {
        let (scenario, opened) = (work.scenario(), work.opened());
        Entry {
            field,
            path: field.path(scenario),
            value: field.text(scenario),
            unit: field.unit(scenario),
            source: field.source(scenario, opened),
        }
    }
}

/// What the form can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Types or picks a value.
    Edit,
    /// Goes a step.
    Step(Direction, Stride),
    /// Takes a key back to the file's value.
    Reset,
    /// Shows only keys that somebody set, or all.
    SetOnly,
    /// Adds a repeated table.
    Add,
    /// Takes the selected table out.
    Remove,
    /// Begins a scenario from the template.
    New,
}

use Direction::{Back, On};
use Stride::{Coarse, Fine};

impl View for Keys {
    type Action = Action;

    const TITLE: &'static str = "Scenario";
    const SHORT: &'static str = "Scen";
    const ABOUT: &'static str = "every key, to be changed and saved";
    const KEYS: &'static [Binding] = keys![Scenario:
        key(KeyCode::Enter) => Action::Edit, "edit", "type a value, or pick it from a list";
        key(KeyCode::Left), ch('h') => Action::Step(Back, Fine), "step", "less, or the word before";
        key(KeyCode::Right), ch('l') => Action::Step(On, Fine), "step", "more, or the next word";
        shift(KeyCode::Left), ch('H') => Action::Step(Back, Coarse), "", "much less";
        shift(KeyCode::Right), ch('L') => Action::Step(On, Coarse), "", "much more";
        key(KeyCode::Backspace), ch('r') => Action::Reset, "reset", "back to the file's value";
        ch('s') => Action::SetOnly, "set only", "only keys that somebody set, or all";
        ch('a') => Action::Add, "add", "add a class, a call, a cost or another table";
        key(KeyCode::Delete), ch('d') => Action::Remove, "", "take the selected class, call, cost or other table out";
        ch('n') => Action::New, "new", "begin a scenario from the template";
    ];

    fn new(_work: &Work) -> Keys {
        Keys::default()
    }

    fn forget(&mut self) {
        self.rows = None;
    }

    fn refresh(state: &mut State) {
        let wanted = (state.filter(Screen::Scenario).to_owned(), state.views.scenario.set_only);
        let fresh = state.views.scenario.rows.is_none() || state.views.scenario.made_for != wanted;
        if fresh {
            let rows = rows(&state.work, &Words::of(&wanted.0), wanted.1);
            let view = &mut state.views.scenario;
            let at = view.path.as_ref().and_then(|path| entries(&rows).position(|entry| entry.path == *path));
            view.selected = at.unwrap_or(view.selected).min(entries(&rows).count().saturating_sub(1));
            (view.rows, view.made_for) = (Some(rows), wanted);
        }
        let path = selected(state).map(|entry| entry.path.clone());
        state.views.scenario.path = path.or(state.views.scenario.path.take());
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::SetOnly => state.views.scenario.set_only = !state.views.scenario.set_only,
            Action::Add => ask_table(state),
            Action::New => open::go(state, Next::New),
            _ => {
                let Some(entry) = selected(state).cloned() else {
                    return state.note("no key is selected");
                };
                match action {
                    Action::Edit => edit(state, &entry),
                    Action::Step(direction, stride) => step(state, &entry, direction, stride),
                    Action::Reset => reset(state, &entry),
                    _ => remove(state, &entry),
                }
            }
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        draw::draw(state, area, buffer);
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        let rows = state.views.scenario.rows.as_deref().unwrap_or_default();
        Some((entries(rows).count(), state.views.scenario.selected))
    }

    fn select(state: &mut State, entry: usize) {
        let view = &mut state.views.scenario;
        view.selected = entry;
        view.path = view.rows.as_deref().and_then(|rows| Some(entries(rows).nth(entry)?.path.clone()));
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        let rows = state.views.scenario.rows.as_deref()?;
        let row = entry_in(Layout::of(state, area).rows, at, selected_row(state, rows), rows.len())?;
        matches!(rows[row], Row::Key(_)).then(|| entries(&rows[..row]).count())
    }

    fn filter(&self) -> Option<&String> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.filter)
    }

    fn copied(state: &State) -> Option<String> {
        selected(state).map(|entry| format!("{} = {}", entry.path, entry.value))
    }

    fn formats(_state: &State) -> Vec<FileFormat> {
        vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown]
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        let sheet = assumptions::values(&state.work.case()?);
        match format {
            FileFormat::Csv => Some(sheet.to_csv()),
            FileFormat::Json => Some(sheet.to_json()),
            FileFormat::Markdown => Some(sheet.to_markdown()),
            FileFormat::Svg => None,
        }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("set_only", self.set_only.to_string())]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        match (key, value.parse()) {
            ("set_only", Ok(set_only)) => self.set_only = set_only,
            _ => return false,
        }
        true
    }
}

/// Returns the rows: tables with the keys that have all words, in their path, value or meaning.
fn rows(work: &Work, words: &Words, set_only: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for section in sections(work.scenario()) {
        let entries = section.fields.into_iter().map(|field| Entry::of(work, field));
        let mut kept = entries.filter(|entry| {
            let idle = matches!(entry.source, Source::Default | Source::Derived | Source::Whole);
            !(set_only && idle) && has_words(entry, words)
        });
        if let Some(first) = kept.next() {
            if !section.title.is_empty() {
                rows.push(Row::Head(section.title.clone()));
            }
            rows.push(Row::Key(first));
            rows.extend(kept.map(Row::Key));
        }
    }
    rows
}

fn has_words(entry: &Entry, words: &Words) -> bool {
    let label = match entry.field {
        Field::Number(target) => target.param.facts().label,
        _ => "",
    };
    // What a default is said to be often names another key.
    let idle = matches!(entry.source, Source::Default | Source::Derived);
    let value = if idle { "" } else { &entry.value };
    words.are_in(&format!("{} {label} {value} {}", entry.path, entry.source))
}

fn entries(rows: &[Row]) -> impl Iterator<Item = &Entry> {
    rows.iter().filter_map(|row| match row {
        Row::Key(entry) => Some(entry),
        Row::Head(_) => None,
    })
}

/// Returns the selected key.
fn selected(state: &State) -> Option<&Entry> {
    entries(state.views.scenario.rows.as_deref()?).nth(state.views.scenario.selected)
}

/// Returns the place of the selected key among all rows.
fn selected_row(state: &State, rows: &[Row]) -> usize {
    let keys = rows.iter().enumerate().filter(|(_, row)| matches!(row, Row::Key(_)));
    keys.map(|(at, _)| at).nth(state.views.scenario.selected).unwrap_or(0)
}

/// Begins to change a key, on whatever screen.
pub fn edit_key(state: &mut State, field: Field) {
    let entry = Entry::of(&state.work, field);
    edit(state, &entry);
}

/// Opens the list to pick from, or begins to type.
fn edit(state: &mut State, entry: &Entry) {
    if let Some(picker) = pick::picker(&state.work, entry) {
        state.overlay = Overlay::Pick(picker);
        return;
    }
    let words = entry.field.words();
    let known = if words.is_empty() { entry.value.clone() } else { words.join(", ") };
    // A number or a word is typed anew, a text is changed.
    let is_text = matches!(
        entry.field.form(),
        Some(TextForm::Plain(Form::Text | Form::List | Form::Numbers) | TextForm::Table)
    );
    let given = !matches!(entry.source, Source::Default) && is_text && words.is_empty();
    let given = given && entry.field.is_given(state.work.scenario());
    let prompt = if given { entry.path.clone() } else { format!("{} ({known})", entry.path) };
    let text = if given { entry.value.clone() } else { String::new() };
    state.ask_for(Asked::Key(entry.path.clone()), prompt, text);
}

fn step(state: &mut State, entry: &Entry, direction: Direction, stride: Stride) {
    let field = entry.field;
    let words = field.words();
    if !words.is_empty() {
        return step_word(state, entry, &words, direction);
    }
    match field {
        Field::Number(target) => panel::nudge_number(state, target, direction, stride),
        _ if field.form() == Some(TextForm::Plain(Form::Date)) => {
            let Some(day) = next_day(state.work.date(), direction, stride) else { return };
            state.change(|scenario| scenario.type_in(field, &day.to_string()));
        }
        _ => state.note("Enter changes this key"),
    }
}

/// Returns a day or a month before or after.
fn next_day(day: Date, direction: Direction, stride: Stride) -> Option<Date> {
    let sign = if direction == On { 1 } else { -1 };
    let span = if stride == Fine { sign.days() } else { sign.months() };
    day.checked_add(span).ok()
}

fn step_word(state: &mut State, entry: &Entry, words: &[&'static str], direction: Direction) {
    let Some(word) = direction.turned(words, |word| *word == entry.value) else { return };
    state.change(|scenario| scenario.type_in(entry.field, word));
}

fn reset(state: &mut State, entry: &Entry) {
    match state.work.restore(entry.field) {
        Ok(()) => state.note(format!("{} as in the file", entry.path)),
        Err(fault) => state.refuse(fault),
    }
}

/// Asks which kind of table to add.
fn ask_table(state: &mut State) {
    let choices = TableKind::ALL.map(|kind| Choice::new(kind.key(), kind.about()));
    state.overlay = Overlay::Pick(Picker::one("add a table", Purpose::Table, choices.into(), None));
}

/// Takes the table of the selected key out.
fn remove(state: &mut State, entry: &Entry) {
    let Some((kind, at)) = entry.field.table() else {
        return state.note("only a class, a call, a cost or another repeated table can be taken out");
    };
    let name = state.work.scenario().table_name(kind, at);
    if state.change(|scenario| scenario.remove_table(kind, at)) {
        state.note(format!("[[{}]] {name} is taken out; u brings it back", kind.key()));
    }
}

/// Returns whether a number holds only because users are given.
fn follows_from_users(scenario: &Scenario, field: Field) -> bool {
    field == Field::Number(Param::RequestsPerMonth.into()) && scenario.numbers.get(Param::Users).is_some()
}
