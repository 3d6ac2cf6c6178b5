//! Draws a forecast.
//!
//! ```text
//! acme/large:rag, the plan: the cost of each month
//!   Month  From           Cost   $400 ┼─▃▃▃▃──▃▃▃▃──▃▃▃▃──
//! ▸     1  2026-11-22  $491.46        │ █A██  █A██  █A██
//!       2  2026-12-22  $491.46        └───▲──────────────
//!       3  2027-01-22  $491.46   A answers  O own costs
//!       4  2027-02-22  $491.46   12 months cost $5,897.55 in all.
//! ```
//!
//! On narrow terminals the months stand below the bars; an explanation takes the place of bars and sentences. What is
//! said is scrolled where there is not room for all of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::plot::{self, Plot, cap};
use super::stack::{REVENUE, is_filled};
use super::{Bars, Shown};
use crate::analysis::forecast::Forecast;
use crate::present;
use crate::report::forecast::letter;
use crate::tui::action::Screen;
use crate::tui::frame::Frame;
use crate::tui::grid::Grid;
use crate::tui::screen::said::draw_reason;
use crate::tui::scroll::{draw_scrolled, last_first};
use crate::tui::state::{Focus, State};
use crate::tui::text::{first_shown, left, put, split_bottom, split_top, wrap, wrap_up_to};
use crate::tui::theme::Role;

/// Columns from which the months stand beside the bars.
const WIDE: u16 = 100;

/// Most lines of the title.
const TITLE: usize = 2;

/// Columns of the mark of the selected row.
const MARKS: u16 = 2;

/// Columns between months and bars.
const GAP: u16 = 2;

/// Rows that bars need, their axis included, and that they take at most while anything else is missing.
const LEAST_CHART: u16 = 6;
const MOST_CHART: u16 = 24;

/// Rows that months below the bars keep, their head included.
const LEAST_MONTHS: u16 = 5;

/// Where the parts of the screen lie.
#[derive(Default)]
pub(super) struct Layout {
    titled: Vec<String>,
    title: Rect,
    /// The bars.
    pub(super) chart: Rect,
    said: Rect,
    head: Rect,
    /// The months below their head.
    pub(super) rows: Rect,
    lines: Vec<Line<'static>>,
}

impl Layout {
    pub(super) fn of(state: &State, shown: &Shown, area: Rect) -> Layout {
        let titled = wrap_up_to(&title(state, shown), usize::from(area.width), TITLE);
        let (title, rest) = split_top(area, titled.len() as u16);
        let place = if area.width >= WIDE { Layout::wide } else { Layout::narrow };
        Layout { titled, title, ..place(state, shown, rest) }
    }

    /// Puts the months beside the bars.
    fn wide(state: &State, shown: &Shown, rest: Rect) -> Layout {
        let table = (columns(state, shown, rest.width / 2).width() as u16 + MARKS).min(rest.width);
        let list = Rect { width: table, ..rest };
        let gap = GAP.min(rest.width - table);
        let beside = Rect { x: rest.x + table + gap, width: rest.width - table - gap, ..rest };
        let lines = lines(state, shown, usize::from(beside.width));
        // Bars have half of the room, but for an explanation that needs it.
        let share = if state.views.forecast.explained { 3 } else { 2 };
        let most = rest.height.saturating_sub(LEAST_CHART.max(rest.height / share));
        let (chart, said) = split_bottom(beside, (lines.len() as u16).min(most));
        let (head, rows) = split_top(list, 1);
        Layout { chart, said, head, rows, lines, ..Layout::default() }
    }

    /// Puts the months below: bars, what is said, months. Bars have most of the room, since the months scroll; what the
    /// months do not need goes to what is said, and the rest to the bars. An explanation goes before the bars.
    fn narrow(state: &State, shown: &Shown, rest: Rect) -> Layout {
        let lines = lines(state, shown, usize::from(rest.width));
        let needed = lines.len() as u16;
        let months = shown.table.rows.len() as u16 + 1;
        let explained = state.views.forecast.explained;
        if explained && needed + LEAST_CHART + LEAST_MONTHS.min(months) > rest.height {
            let room = rest.height.saturating_sub(LEAST_MONTHS.min(months));
            let (said, list) =
                split_top(rest, (explanation(state, usize::from(rest.width)).len() as u16).min(room));
            let (head, rows) = split_top(list, 1);
            let lines = explanation(state, usize::from(rest.width));
            let chart = Rect { height: 0, ..said };
            return Layout { chart, said, head, rows, lines, ..Layout::default() };
        }
        let wanted =
            if explained { LEAST_CHART } else { (rest.height * 9 / 20).clamp(LEAST_CHART, MOST_CHART) };
        let left = rest.height.saturating_sub(wanted);
        let least = LEAST_MONTHS.min(months);
        let most = if explained { left } else { (left / 2).max(left.saturating_sub(months)) };
        let said = needed.min(most).min(left.saturating_sub(least));
        let (above, list) = split_bottom(rest, months.min(left - said));
        let (chart, said) = split_bottom(above, said);
        let (head, rows) = split_top(list, 1);
        Layout { chart, said, head, rows, lines, ..Layout::default() }
    }
}

/// Returns the last line that what is said can begin with.
pub(super) fn last_of_said(state: &State) -> usize {
    let (Some(shown), Some(frame)) = (&state.views.forecast.shown, Frame::of(state)) else { return 0 };
    let layout = Layout::of(state, shown, frame.main);
    last_first(layout.lines.len(), usize::from(layout.said.height))
}

/// Says why there is nothing to draw.
pub(super) fn draw_nothing(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(design) = state.design() else {
        return put(buffer, area, 0, "No design to forecast.", state.theme.style(Role::Text));
    };
    let failed = state.views.forecast.shown.as_ref().and_then(|shown| shown.forecast.as_ref().err());
    let said = match failed {
        Some(reason) => format!("No forecast: {reason}. Select a design that runs on the first screen."),
        None if state.jobs.is_stopped(Screen::Forecast) => {
            "The forecast was stopped; it starts again when the scenario changes.".to_owned()
        }
        None => "The months are being worked out.".to_owned(),
    };
    draw_reason(state, design, &said, area, buffer);
}

pub(super) fn draw_months(state: &State, shown: &Shown, found: &Forecast, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let layout = Layout::of(state, shown, area);
    for (row, line) in layout.titled.iter().enumerate() {
        put(buffer, layout.title, row as u16, line, theme.style(Role::Heading));
    }
    if let Some(plot) = Plot::of(state, shown, found, layout.chart) {
        plot::draw(state, shown, &plot, buffer);
    } else if layout.chart.height >= LEAST_CHART {
        put(buffer, layout.chart, 1, "No month has a known cost to draw.", theme.style(Role::Text));
    }
    let first = state.views.forecast.first;
    draw_scrolled(theme, &layout.lines, first, layout.said, buffer);
    draw_table(state, shown, &layout, buffer);
}

fn title(state: &State, shown: &Shown) -> String {
    let name = state.work.name(shown.pair);
    let why = state.design().map(|(_, why)| format!(", {why}")).unwrap_or_default();
    let what = match state.views.forecast.drawn() {
        Bars::Months => "cost of each month",
        Bars::SoFar => "spent by the end of each month",
        Bars::Business => "cost of each month beside what users pay",
    };
    format!("{name}{why}: {what}")
}

/// Takes the columns of the months that the view needs most.
fn columns<'s>(state: &State, shown: &'s Shown, width: u16) -> Grid<'s> {
    let first: &[&str] = match state.views.forecast.drawn() {
        Bars::Months => &["month", "cost", "marks", "from", "so_far", "requests", "users"],
        Bars::SoFar => &["month", "so_far", "balance", "marks", "from", "cost", "requests", "users"],
        Bars::Business => {
            &["month", "margin", "revenue", "cost", "margin_share", "marks", "from", "balance", "so_far"]
        }
    };
    let rest = shown.table.columns.iter().map(|column| column.key).filter(|key| !first.contains(key));
    let wanted: Vec<&str> = first.iter().copied().chain(rest).collect();
    Grid::fit(&shown.table, usize::from(width.saturating_sub(MARKS)), &wanted)
}

fn draw_table(state: &State, shown: &Shown, layout: &Layout, buffer: &mut Buffer) {
    let theme = &state.theme;
    let grid = columns(state, shown, layout.rows.width);
    put(buffer, layout.head, 0, &format!("  {}", grid.head()), theme.style(Role::Dim));
    let (selected, count) = (state.views.forecast.selected, shown.table.rows.len());
    let first = first_shown(selected, count, usize::from(layout.rows.height));
    for row in (first..count).take(usize::from(layout.rows.height)) {
        let chosen = row == selected;
        let text = format!("{} {}", if chosen { "▸" } else { " " }, grid.row(row));
        let role = match (chosen, state.focus) {
            (true, Focus::Screen) => Role::Selected,
            (true, _) => Role::Marked,
            // The first month over the budget stands out.
            (false, _) if shown.table.rows[row].1 => Role::Heading,
            (false, _) => Role::Text,
        };
        let text = left(&text, usize::from(layout.rows.width));
        put(buffer, layout.rows, (row - first) as u16, &text, theme.style(role));
    }
}

/// Returns what stands below the bars: what they mean, and what stands out, or why the selected month is as it is.
fn lines(state: &State, shown: &Shown, width: usize) -> Vec<Line<'static>> {
    let theme = &state.theme;
    let mut lines = legend(state, shown, width);
    if state.views.forecast.explained {
        lines.extend(explanation(state, width));
        return lines;
    }
    let said = |text: &String, role: Role| {
        let style = theme.style(role);
        let lines = wrap(text, width);
        lines.into_iter().map(|line| Line::styled(line, style)).collect::<Vec<_>>()
    };
    lines.extend(shown.findings.iter().flat_map(|text| said(text, Role::Text)));
    lines.extend(shown.notes.iter().flat_map(|text| said(text, Role::Dim)));
    lines
}

/// Explains letters, marks and levels, as many to a line as fit.
fn legend(state: &State, shown: &Shown, width: usize) -> Vec<Line<'static>> {
    let theme = &state.theme;
    let Ok(found) = &shown.forecast else { return Vec::new() };
    let currency = state.work.comparison().currency;
    let mut entries: Vec<(String, String, Style)> = Vec::new();
    let crossing = theme.style(Role::Crossing);
    for purpose in found.purposes() {
        let role = Role::Line(purpose as usize);
        let style = if is_filled(theme) { theme.area(purpose as usize) } else { theme.style(role) };
        entries.push((letter(purpose).to_string(), purpose.heading().to_lowercase(), style));
    }
    if let Some(level) = cap(state.views.forecast.drawn(), shown, found) {
        let (name, amount) = (level.name, present::money(level.amount, currency));
        entries.push(("─".to_owned(), format!("{name} {amount}"), crossing));
        entries.extend(
            level.crossed.map(|number| ("◆".to_owned(), format!("crossed in month {number}"), crossing)),
        );
    }
    if state.views.forecast.drawn() == Bars::Business {
        entries.push((REVENUE.to_owned(), "users pay".to_owned(), theme.style(Role::Heading)));
    }
    let marks = shown.legend.split(", ").filter_map(|mark| mark.split_once(' '));
    entries.extend(marks.map(|(mark, words)| (mark.to_owned(), words.to_owned(), crossing)));
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut taken = usize::MAX;
    for (mark, words, style) in entries {
        let needed = mark.width() + words.width() + 3;
        if taken.saturating_add(needed) > width + 2 {
            lines.push(Line::default());
            taken = 0;
        }
        taken += needed;
        if let Some(line) = lines.last_mut() {
            line.push_span(Span::styled(mark, style));
            line.push_span(Span::styled(format!(" {words}  "), theme.style(Role::Dim)));
        }
    }
    lines
}

fn explanation(state: &State, width: usize) -> Vec<Line<'static>> {
    let theme = &state.theme;
    let facts = &state.views.forecast.facts;
    let name_width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0) + 2;
    let mut lines = Vec::new();
    for (name, text) in facts {
        for (at, part) in wrap(text, width.saturating_sub(name_width).max(8)).into_iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            lines.push(Line::from(vec![
                Span::styled(left(name, name_width), theme.style(Role::Dim)),
                Span::styled(part, theme.style(Role::Text)),
            ]));
        }
    }
    lines
}
