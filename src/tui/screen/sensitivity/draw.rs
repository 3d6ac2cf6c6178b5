//! Draws the tornado.
//!
//! ```text
//! acme/large:rag, the plan: $491.46 a month, each number moved by ±20%
//! █ number larger  ░ number smaller
//!                    value   smaller    larger    swing   cheaper │ dearer
//! ▸ requests/month  30,000   $411.17   $571.75  $160.58   ░░░░░░░░│████████
//!   Not moved
//!   rewritten            0
//!
//! acme/small:rag is the cheapest as it is and at every end of every move.
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Row, Shown, is_stale, selected_at, selected_entry};
use crate::analysis::curve::Metric;
use crate::analysis::sensitivity::Tornado;
use crate::present::{self, cut};
use crate::report::sensitivity::percent;
use crate::scenario::Param;
use crate::tui::action::Screen;
use crate::tui::facts;
use crate::tui::screen::said::filter_chip;
use crate::tui::state::{Focus, State};
use crate::tui::text::{first_shown, heading, left, put, put_line, right, split_bottom, split_top, wrap};
use crate::tui::theme::Role;

/// Columns of the cursor.
const MARK: usize = 2;

/// Columns that labels keep before numbers give way.
const LABEL: usize = 14;

/// Fewest columns of a bar, and the most of one side.
const BAR: (usize, usize) = (13, 24);

/// Rows from which there are lines about the signs and the cheapest design.
const ROWS_FOR_NOTES: u16 = 10;

/// Most lines about the cheapest design.
const NOTES: usize = 4;

/// Where the parts of the screen lie.
pub(super) struct Layout {
    title: Vec<String>,
    top: Rect,
    head: Rect,
    /// The list below its head.
    pub(super) rows: Rect,
    foot: Rect,
    told: Vec<Line<'static>>,
}

impl Layout {
    pub(super) fn of(state: &State, shown: &Shown, area: Rect) -> Layout {
        let tall = area.height >= ROWS_FOR_NOTES;
        let title = title(state, shown, usize::from(area.width), if tall { 2 } else { 1 });
        let (top, rest) = split_top(area, title.len() as u16 + u16::from(tall));
        let told = told(state, shown, usize::from(area.width), tall);
        let (list, foot) = split_bottom(rest, (told.len() as u16).min(rest.height * 2 / 3));
        let (head, rows) = split_top(list, 1);
        Layout { title, top, head, rows, foot, told }
    }
}

pub(super) fn draw_tornado(state: &State, shown: &Shown, tornado: &Tornado, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let layout = Layout::of(state, shown, area);
    let width = usize::from(area.width);
    for (row, line) in layout.title.iter().enumerate() {
        put(buffer, layout.top, row as u16, line, theme.style(Role::Heading));
    }
    put_line(buffer, layout.top, layout.title.len() as u16, &signs(state, shown, width));
    let rows = &state.views.sensitivity.rows;
    let columns = Columns::fit(shown, width);
    if rows.is_empty() {
        let filtered = !state.filter(Screen::Sensitivity).is_empty();
        let text =
            if filtered { "No number has these words; Esc clears them." } else { "No number moves it." };
        put(buffer, layout.rows, 0, text, theme.style(Role::Text));
    } else {
        put(buffer, layout.head, 0, &columns.head(), theme.style(Role::Dim));
    }
    let selected = selected_at(state);
    let first = first_shown(selected, rows.len(), usize::from(layout.rows.height));
    for (at, row) in rows.iter().enumerate().skip(first).take(usize::from(layout.rows.height)) {
        let y = (at - first) as u16;
        put_line(buffer, layout.rows, y, &row_line(state, shown, tornado, *row, &columns, at == selected));
        if at == selected {
            let role = if state.focus == Focus::Screen { Role::Selected } else { Role::Marked };
            let row = Rect { y: layout.rows.y + y, height: 1, ..layout.rows };
            buffer.set_style(row, theme.style(role));
        }
    }
    for (row, line) in layout.told.iter().enumerate() {
        put_line(buffer, layout.foot, row as u16, line);
    }
}

fn title(state: &State, shown: &Shown, width: usize, most: usize) -> Vec<String> {
    let Ok(tornado) = &shown.tornado else { return Vec::new() };
    let name = state.work.name(tornado.pair);
    let why = state.design().filter(|(pair, _)| *pair == tornado.pair);
    let why = why.map_or(String::new(), |(_, why)| format!(", {why}"));
    let of = match tornado.metric {
        Metric::Monthly => "a month".to_owned(),
        Metric::Total => {
            let months = shown.snapshot.scenario.numbers.value(Param::HorizonMonths);
            format!("in {} months and once", present::value(months))
        }
    };
    let said = format!("{} {of}, each number ±{}", shown.cost, percent(tornado));
    heading(&format!("{name}{why}"), &said, width, most)
}

/// Says what the bars' signs mean, whether the result is an earlier one, and which filter is in force.
fn signs(state: &State, shown: &Shown, width: usize) -> Line<'static> {
    let theme = &state.theme;
    let stale = is_stale(state, shown);
    let stopped = state.jobs.is_stopped(Screen::Sensitivity);
    let mut spans = Vec::new();
    let mut room = width;
    if stale {
        let text = if stopped { " of earlier numbers; > begins again " } else { " of earlier numbers " };
        spans.push(Span::styled(cut(text, room), theme.style(Role::Chip)));
        room = room.saturating_sub(text.width());
    } else if let Some(spans) = filter_chip(state, Screen::Sensitivity, "Esc clears", room) {
        return Line::from(spans);
    }
    for (sign, role, text) in [("█", Role::Bar, " number larger  "), ("░", Role::Text, " number smaller")]
    {
        let gap = if spans.len() == 1 { " " } else { "" };
        if gap.len() + 1 + text.width() <= room {
            spans.push(Span::raw(gap));
            spans.push(Span::styled(sign, theme.style(role)));
            spans.push(Span::styled(text, theme.style(Role::Dim)));
            room -= gap.len() + 1 + text.width();
        }
    }
    Line::from(spans)
}

/// Returns the lines below the list: the explanation where it is asked for, else who is the cheapest.
fn told(state: &State, shown: &Shown, width: usize, tall: bool) -> Vec<Line<'static>> {
    if let Some(entry) = selected_entry(state).filter(|_| state.views.sensitivity.explained) {
        return facts::lines(&state.theme, &entry.explained, width);
    }
    if !tall || shown.notes.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<String> = shown.notes.iter().flat_map(|note| wrap(note, width)).collect();
    if lines.len() > NOTES {
        lines.truncate(NOTES - 1);
        lines.push("… Enter says it for one number".to_owned());
    }
    let dim = state.theme.style(Role::Dim);
    let lines = lines.into_iter().map(|line| Line::styled(cut(&line, width), dim));
    std::iter::once(Line::default()).chain(lines).collect()
}

/// Widths of the columns; 0 leaves a column out.
struct Columns {
    label: usize,
    /// Value, cost at either end, swing.
    cells: [usize; 4],
    /// One side of the bar.
    half: usize,
}

const TITLES: [&str; 4] = ["value", "smaller", "larger", "swing"];

impl Columns {
    /// Gives numbers the room that they need, and labels and bars the rest; costs at the ends, values and swings go,
    /// in this order, where bars would be too short. Half an amount would be a wrong one.
    fn fit(shown: &Shown, width: usize) -> Columns {
        let entries = || shown.moves.iter().chain(&shown.unmoved);
        let widest = |cell: usize| {
            let widths = entries().map(|entry| entry.cells[cell].width());
            widths.max().unwrap_or(0).max(TITLES[cell].width())
        };
        let longest = entries().map(|entry| entry.label.width()).max().unwrap_or(0).max(1);
        let mut columns = Columns { label: longest.min(LABEL), cells: [0, 1, 2, 3].map(widest), half: 0 };
        let room = width.saturating_sub(MARK);
        for gone in [&[1, 2][..], &[0][..], &[3][..]] {
            if columns.taken() + BAR.0 + 2 > room {
                gone.iter().for_each(|cell| columns.cells[*cell] = 0);
            }
        }
        if columns.taken() + BAR.0 + 2 > room {
            // No bar; the swing says as much in fewer columns.
            let swing = widest(3);
            columns.label = columns.label.min(room).max(1);
            columns.cells[3] = if columns.label + 2 + swing <= room { swing } else { 0 };
            return columns;
        }
        let spare = room - columns.taken() - 2 - BAR.0;
        columns.label += spare.min(longest - columns.label);
        columns.half = ((room - columns.taken() - 2 - 1) / 2).min(BAR.1);
        columns
    }

    /// Columns of label and numbers, with two blanks before each number.
    fn taken(&self) -> usize {
        self.label + self.cells.iter().filter(|width| **width > 0).map(|width| width + 2).sum::<usize>()
    }

    fn line(&self, label: &str, cells: &[String; 4]) -> String {
        let mut line = left(label, self.label);
        for (text, width) in cells.iter().zip(self.cells) {
            if width > 0 {
                line.push_str(&format!("  {}", right(text, width)));
            }
        }
        line
    }

    fn head(&self) -> String {
        let titles = self.line("", &TITLES.map(str::to_owned));
        let bar = match self.half {
            0 => String::new(),
            half if half < 8 => format!("  {}│", " ".repeat(half)),
            half => format!("  {}│ dearer", right("cheaper ", half)),
        };
        format!("{}{titles}{bar}", " ".repeat(MARK))
    }
}

fn row_line(
    state: &State,
    shown: &Shown,
    tornado: &Tornado,
    row: Row,
    columns: &Columns,
    chosen: bool,
) -> Line<'static> {
    let theme = &state.theme;
    let mark = if chosen { "▸ " } else { "  " };
    let Some(entry) = shown.entry(row) else {
        return Line::styled("  Not moved", theme.style(Role::Dim));
    };
    let mut spans = vec![
        Span::raw(mark),
        Span::styled(columns.line(&entry.label, &entry.cells), theme.style(Role::Text)),
    ];
    if let (Row::Move(at), true) = (row, columns.half > 0) {
        spans.push(Span::raw("  "));
        spans.extend(bar(state, tornado, at, columns.half));
    }
    Line::from(spans)
}

/// Draws how far either end's cost lies from the present one, the nearer over the farther where they lie on one side.
fn bar(state: &State, tornado: &Tornado, at: usize, half: usize) -> Vec<Span<'static>> {
    let moved = &tornado.moves[at];
    let widest = tornado.widest();
    let places = |difference: f64| {
        let places =
            if widest > 0.0 { (difference.abs() / widest * half as f64).round() as usize } else { 0 };
        // Whatever moves the cost at all is seen to.
        if difference == 0.0 { 0 } else { places.clamp(1, half) }
    };
    let mut cells: Vec<Option<bool>> = vec![None; 2 * half + 1];
    let ends = [(&moved.low, false), (&moved.high, true)];
    let mut ends: Vec<(f64, bool)> = ends
        .into_iter()
        .filter_map(|(end, larger)| tornado.difference(end).map(|difference| (difference, larger)))
        .collect();
    ends.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    for (difference, larger) in ends {
        for place in 1..=places(difference) {
            let cell = if difference < 0.0 { half - place } else { half + place };
            cells[cell] = Some(larger);
        }
    }
    let unknown = moved.swing().is_none();
    let span = |(cell, end): (usize, &Option<bool>)| {
        let (symbol, role) = match end {
            _ if cell == half && unknown => ("×", Role::Crossing),
            _ if cell == half => ("│", Role::Dim),
            Some(true) => ("█", Role::Bar),
            Some(false) => ("░", Role::Text),
            None => (" ", Role::Text),
        };
        Span::styled(symbol, state.theme.style(role))
    };
    cells.iter().enumerate().map(span).collect()
}
