//! Questions in a box of their own: the text in full, what is at stake, and the keys that answer.
//!
//! ```text
//!  ┌ Unsaved changes of the last run ─────────────┐
//!  │ Make 2 unsaved changes of the last run again?│
//!  │ They were kept 12 min ago.                   │
//!  │                                              │
//!  │ workload.requests_per_month   30,000 → 60,000│
//!  │ retrieval.top_k               5 → 7          │
//!  │                                              │
//!  │ y    make them again                         │
//!  │ n    forget them                             │
//!  │ Esc  ask again at the next start             │
//!  └──────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::action::Action;
use super::open::Next;
use super::popup::Popup;
use super::state::{Message, Question, State};
use super::text::{broken, left, put_line};
use super::theme::Role;
use crate::present::shorten;
use crate::scenario::Scenario;
use crate::scenario::form::Field;

/// Widest box, within its borders.
const WIDTH: u16 = 72;

/// Changes that are listed.
const MOST_CHANGES: usize = 12;

/// What is said where a key is no answer.
pub const WANTED: &str = "y or n is wanted here, or Esc";

/// A key that answers, and what it does.
type Answer = (&'static str, &'static str, Action);

/// A key that has another value.
struct Change {
    path: String,
    /// The value before; nothing for a table that is new or gone.
    before: Option<String>,
    now: String,
}

impl Change {
    /// Returns both values in a width; where they are longer, both ends of each are kept.
    fn values(&self, width: usize) -> String {
        let said = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
        let now = said(&self.now);
        let Some(before) = self.before.as_deref().map(said) else { return shorten(&now, width) };
        let room = width.saturating_sub(" → ".width());
        // The shorter one leaves what it does not need.
        let left = (room / 2).max(room.saturating_sub(now.width()));
        let before = shorten(&before, left);
        let now = shorten(&now, room.saturating_sub(before.width()));
        format!("{before} → {now}")
    }
}

/// What a question says.
struct Said {
    title: &'static str,
    text: String,
    /// What is lost or comes back.
    changes: Vec<Change>,
    answers: [Answer; 3],
}

const YES: Action = Action::Answer(true);
const NO: Action = Action::Answer(false);

impl Said {
    fn of(state: &State, question: &Question) -> Said {
        let (title, text) = (title(question), text(state, question));
        let answers = |yes, no, back| [("y", yes, YES), ("n", no, NO), ("Esc", back, Action::Back)];
        let unsaved = || unsaved(state);
        let has_unsaved = !state.work.unsaved().is_empty();
        let (changes, answers) = match question {
            Question::Leave => (unsaved(), answers("leave without them", "stay", "stay")),
            Question::Recover(kept) => {
                let back = answers("make them again", "forget them", "ask again at the next start");
                (values(state.work.scenario(), kept.changes()), back)
            }
            Question::Lose(_) => (unsaved(), answers("go on without them", "stay", "stay")),
            Question::Reread if has_unsaved => {
                let keep = "go on here: w asks before it overwrites, W saves a new file";
                (unsaved(), answers("read it again, without these changes", keep, "the same"))
            }
            Question::Reread => (Vec::new(), answers("read it again", "go on with what is here", "the same")),
            Question::Overwrite => {
                let no = "leave it as it is; W saves a new file, R reads it again";
                (unsaved(), answers("write over it; what others wrote there is lost", no, "the same"))
            }
        };
        Said { title, text, changes, answers }
    }
}

fn title(question: &Question) -> &'static str {
    match question {
        Question::Leave | Question::Lose(_) => "Unsaved changes",
        Question::Recover(_) => "Unsaved changes of the last run",
        Question::Reread | Question::Overwrite => "The file has changed",
    }
}

fn counted(count: usize) -> String {
    if count == 1 { "1 unsaved change".to_owned() } else { format!("{count} unsaved changes") }
}

/// Returns what is asked, in full.
pub fn text(state: &State, question: &Question) -> String {
    let lost = counted(state.work.unsaved().len());
    match question {
        Question::Leave => format!("Leave without {lost}?"),
        Question::Recover(kept) => {
            let asked = format!("Make {} of the last run again?", counted(kept.changes().len()));
            match kept.ago() {
                Some(ago) => format!("{asked} Kept {ago}."),
                None => asked,
            }
        }
        Question::Lose(Next::Named(name)) => format!("Open {name} without {lost}?"),
        Question::Lose(Next::New) => format!("Begin a new scenario without {lost}?"),
        Question::Lose(Next::Again) => format!("Read the file again without {lost}?"),
        Question::Reread => {
            let without =
                if state.work.unsaved().is_empty() { String::new() } else { format!(" without {lost}") };
            format!("{} was changed on the disk. Read it again{without}?", file_name(state))
        }
        Question::Overwrite => {
            format!("{} was changed on the disk since it was read here. Write over it?", file_name(state))
        }
    }
}

/// Returns the name of the scenario's file.
fn file_name(state: &State) -> String {
    let name = state.file.path.as_ref().and_then(|path| path.file_name()).unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Returns the changes that are not saved, each with the value of the file and the one that is here.
fn unsaved(state: &State) -> Vec<Change> {
    let opened = state.work.opened();
    let before = |path: &str| Field::find(opened, path).map(|field| field.text(opened));
    let changes = state.work.unsaved().iter();
    changes.map(|(path, now)| Change { path: path.clone(), before: before(path), now: now.clone() }).collect()
}

/// Returns changes that are to be made, each with the value now and the one to come, written alike.
fn values(scenario: &Scenario, changes: &[(String, String)]) -> Vec<Change> {
    let change = |(path, value): &(String, String)| {
        let field = Field::find(scenario, path);
        let before = field.map(|field| field.text(scenario));
        let mut after = scenario.clone();
        let made = field.filter(|field| after.type_in(*field, value).is_ok());
        let now = made.map_or_else(|| value.clone(), |field| field.text(&after));
        Change { path: path.clone(), before, now }
    };
    changes.iter().map(change).collect()
}

/// A box as it is drawn: its lines, and which of them answer.
struct Layout {
    popup: Popup,
    title: &'static str,
    lines: Vec<Line<'static>>,
    /// The first and the last line of each answer.
    answers: Vec<(usize, usize, Action)>,
}

impl Layout {
    fn of(state: &State, question: &Question, area: Rect) -> Layout {
        let said = Said::of(state, question);
        let (columns, rows) = Popup::room(area, WIDTH);
        // A blank column stands on either side.
        let width = usize::from(columns).saturating_sub(2);
        let role = |role| state.theme.style(role);
        let mut lines: Vec<Line<'static>> = Vec::new();
        lines.extend(
            broken(&said.text, width).into_iter().map(|line| Line::styled(line, role(Role::Heading))),
        );
        let (answered, answers) = answer_lines(state, &said.answers, width);
        let message = message_lines(state, width);
        let used = lines.len() + answered.len() + message.len();
        let spare = usize::from(rows).saturating_sub(used);
        let changes = change_lines(state, &said.changes, width, spare.saturating_sub(2).min(MOST_CHANGES));
        let blanks = spare.saturating_sub(changes.len());
        if !changes.is_empty() && blanks > 0 {
            lines.push(Line::default());
        }
        lines.extend(changes);
        if blanks > 1 {
            lines.push(Line::default());
        }
        // On a terminal of a few rows the answers stay.
        lines.truncate(usize::from(rows).saturating_sub(answered.len() + message.len()));
        let first = lines.len();
        lines.extend(answered);
        lines.extend(message);
        let answers =
            answers.into_iter().map(|(from, to, action)| (from + first, to + first, action)).collect();
        let popup = Popup::in_the_middle(area, WIDTH, lines.len() as u16);
        Layout { popup, title: said.title, lines, answers }
    }
}

/// Returns the keys that answer and what each does; those that do the same stand together.
fn answer_lines(
    state: &State,
    answers: &[Answer; 3],
    width: usize,
) -> (Vec<Line<'static>>, Vec<(usize, usize, Action)>) {
    const KEYS: usize = 8;
    let [yes, no, back] = *answers;
    let same = back.1 == no.1 || back.1 == "the same";
    let (no, back) = if same { (("n, Esc", no.1, no.2), None) } else { (no, Some(back)) };
    let (mut lines, mut places) = (Vec::new(), Vec::new());
    for (key, does, action) in [Some(yes), Some(no), back].into_iter().flatten() {
        let from = lines.len();
        for (at, text) in broken(does, width.saturating_sub(KEYS)).into_iter().enumerate() {
            let key = left(if at == 0 { key } else { "" }, KEYS);
            lines.push(Line::from(vec![Span::styled(key, state.theme.style(Role::Key)), Span::raw(text)]));
        }
        places.push((from, lines.len(), action));
    }
    (lines, places)
}

fn message_lines(state: &State, width: usize) -> Vec<Line<'static>> {
    let (text, role) = match &state.message {
        Some(Message::Fault(text)) => (text, Role::Fault),
        Some(Message::Note(text)) => (text, Role::Dim),
        None => return Vec::new(),
    };
    let style = state.theme.style(role);
    broken(text, width).into_iter().map(|line| Line::styled(line, style)).collect()
}

/// Returns as many changes as there is room for, and how many more there are.
fn change_lines(state: &State, changes: &[Change], width: usize, room: usize) -> Vec<Line<'static>> {
    let shown = if changes.len() > room { room.saturating_sub(1) } else { changes.len() };
    let widest = changes[..shown].iter().map(|change| change.path.width()).max().unwrap_or(0).min(width / 2);
    let line = |change: &Change| {
        let values = change.values(width.saturating_sub(widest + 2));
        Line::from(vec![
            Span::raw(format!("{}  ", left(&change.path, widest))),
            Span::styled(values, state.theme.style(Role::Changed)),
        ])
    };
    let mut lines: Vec<Line<'static>> = changes[..shown].iter().map(line).collect();
    if shown < changes.len() && room > 0 {
        let more = format!("and {} more", changes.len() - shown);
        lines.push(Line::styled(more, state.theme.style(Role::Dim)));
    }
    lines
}

/// Returns what a click at a place answers.
pub fn answer_at(state: &State, question: &Question, area: Rect, at: Position) -> Option<Action> {
    let layout = Layout::of(state, question, area);
    let row = layout.popup.inner.contains(at).then(|| usize::from(at.y - layout.popup.inner.y))?;
    let mut answers = layout.answers.into_iter();
    answers.find(|(from, to, _)| (*from..*to).contains(&row)).map(|(_, _, action)| action)
}

/// Draws the box.
pub fn draw(state: &State, question: &Question, area: Rect, buffer: &mut Buffer) {
    let layout = Layout::of(state, question, area);
    layout.popup.draw(&state.theme, layout.title, buffer);
    let inner = layout.popup.inner;
    let text = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner };
    for (row, line) in layout.lines.iter().enumerate() {
        put_line(buffer, text, row as u16, line);
    }
}
