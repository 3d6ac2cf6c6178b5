//! Draws the designs over all draws, and the spread of the selected one.
//!
//! ```text
//! Cost of a month in 10,000 draws, seed 1
//! requests/month 22,500 to 37,500, most likely 30,000
//! acme/small:rag is the cheapest at the most likely values; another one is in 31% of the draws
//!                        p5      p50      p95   over  cheapest  $100       $200
//! ▸★ acme/small:rag  $110.1  $130.26  $151.02    12%     69.1%  ╺━━▌━━━╸
//!
//! acme/small:rag: p5 $110.1, p50 $130.26, p95 $151.02
//!       ▂▄▇█▇▅▃▂
//! ────────────────▲──
//! $98.02   $131   $164
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::histogram::draw_histogram;
use super::table::Table;
use super::{Shown, selected_at, wanted};
use crate::analysis::simulate::Simulation;
use crate::present::{cut, money_float};
use crate::tui::action::Screen;
use crate::tui::facts;
use crate::tui::frame::Frame;
use crate::tui::screen::said::filter_chip;
use crate::tui::scroll::{draw_scrolled, last_first};
use crate::tui::state::{Focus, State};
use crate::tui::text::{first_shown, put, put_line, split_bottom, split_top, wrap, wrap_up_to};
use crate::tui::theme::Role;

/// Rows from which the ranges and what follows have a line of their own, from which what follows may have two, since its
/// number is the answer, and from which the ranges may have three, in which five of them find room on 80 columns.
const ROWS_FOR_TOP: (u16, u16, u16) = (9, 13, 19);

/// Rows from which there is a histogram.
const ROWS_FOR_HISTOGRAM: u16 = 15;

/// Fewest and most rows of a histogram's bars.
const BARS: (u16, u16) = (3, 8);

/// Where the parts of the screen lie.
pub(super) struct Layout {
    told: Vec<Line<'static>>,
    top: Rect,
    head: Rect,
    /// The list below its head.
    pub(super) rows: Rect,
    foot: Rect,
    /// The explanation, where it is asked for; else the foot is the histogram's.
    explained: Vec<Line<'static>>,
}

impl Layout {
    pub(super) fn of(state: &State, shown: &Shown, area: Rect) -> Layout {
        let told = told(state, shown, area);
        let (top, rest) = split_top(area, told.len() as u16);
        let explained = explanation(state, shown, usize::from(area.width));
        let foot = match explained.len() as u16 {
            0 if area.height < ROWS_FOR_HISTOGRAM => 0,
            // A blank line, the title, the axis and its labels.
            0 => (area.height / 5).clamp(BARS.0, BARS.1) + 4,
            lines => lines,
        };
        let (list, foot) = split_bottom(rest, foot.min(rest.height * 2 / 3));
        let (head, rows) = split_top(list, 1);
        Layout { told, top, head, rows, foot, explained }
    }
}

/// Returns the last line that the explanation can begin with.
pub(super) fn last_of_explanation(state: &State) -> usize {
    let shown = state.views.uncertainty.shown.as_ref();
    let (Some(shown), Some(frame)) = (shown, Frame::of(state)) else { return 0 };
    let layout = Layout::of(state, shown, frame.main);
    last_first(layout.explained.len(), usize::from(layout.foot.height))
}

/// Says why there is nothing to see.
pub(super) fn draw_empty(state: &State, told: &[String], area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let lines = told.iter().flat_map(|text| {
        let lines = wrap(text, width);
        if lines.is_empty() { vec![String::new()] } else { lines }
    });
    for (row, line) in lines.enumerate() {
        put(buffer, area, row as u16, &line, state.theme.style(Role::Text));
    }
}

pub(super) fn draw_simulation(state: &State, shown: &Shown, area: Rect, buffer: &mut Buffer) {
    let Ok(found) = &shown.simulation else { return };
    let layout = Layout::of(state, shown, area);
    for (row, line) in layout.told.iter().enumerate() {
        put_line(buffer, layout.top, row as u16, line);
    }
    draw_list(state, shown, found, &layout, buffer);
    draw_scrolled(&state.theme, &layout.explained, state.views.uncertainty.first, layout.foot, buffer);
    if layout.explained.is_empty() {
        draw_histogram(state, shown, found, layout.foot, buffer);
    }
}

/// Returns the lines above the list: what was drawn, from which ranges, and how sure the answer is.
fn told(state: &State, shown: &Shown, area: Rect) -> Vec<Line<'static>> {
    let theme = &state.theme;
    let width = usize::from(area.width);
    let mut lines = vec![title(state, shown, width)];
    if area.height < ROWS_FOR_TOP.0 {
        return lines;
    }
    let (ranges, note) = match area.height {
        height if height >= ROWS_FOR_TOP.2 => (3, 2),
        height if height >= ROWS_FOR_TOP.1 => (1, 2),
        _ => (1, 1),
    };
    let told = |text: &str, most: usize| {
        let lines = wrap_up_to(text, width, most).into_iter();
        lines.map(|line| Line::styled(line, theme.style(Role::Dim))).collect::<Vec<_>>()
    };
    lines.extend(told(&shown.ranges, ranges));
    match filter_chip(state, Screen::Uncertainty, "Esc clears", width) {
        None => lines.extend(told(shown.notes.first().map_or("", String::as_str), note)),
        Some(spans) => lines.push(Line::from(spans)),
    }
    lines
}

/// Says what was drawn, and what is shown until it is drawn anew.
fn title(state: &State, shown: &Shown, width: usize) -> Line<'static> {
    let theme = &state.theme;
    let title = cut(&format!("Cost of a month in {}", shown.request.in_words()), width);
    let room = width.saturating_sub(title.width() + 1);
    let mut spans = vec![Span::styled(title, theme.style(Role::Heading))];
    let wanted = wanted(state);
    if shown.request != wanted {
        let stopped = state.jobs.is_stopped(Screen::Uncertainty);
        let text = match (shown.request.revision == wanted.revision, stopped) {
            (false, false) => " of earlier numbers ".to_owned(),
            (false, true) => " of earlier numbers; r draws again ".to_owned(),
            // The numbers are the same; only how often or from where they are drawn changed.
            (true, false) => format!(" {} follow ", wanted.in_words()),
            (true, true) => format!(" {} stopped; r draws ", wanted.in_words()),
        };
        spans.extend([Span::raw(" "), Span::styled(cut(&text, room), theme.style(Role::Chip))]);
    }
    Line::from(spans)
}

fn draw_list(state: &State, shown: &Shown, found: &Simulation, layout: &Layout, buffer: &mut Buffer) {
    let theme = &state.theme;
    let listed = &state.views.uncertainty.rows;
    if listed.is_empty() {
        return put(
            buffer,
            layout.rows,
            0,
            "No design has these words; Esc clears them.",
            theme.style(Role::Text),
        );
    }
    let (selected, rows) = (selected_at(state), usize::from(layout.rows.height));
    let first = first_shown(selected, listed.len(), rows);
    let seen = &listed[first..listed.len().min(first + rows)];
    let table = Table::of(state, shown, found, seen, usize::from(layout.rows.width));
    put(buffer, layout.head, 0, &table.head(), theme.style(Role::Dim));
    if table.has_budget() {
        draw_budget(state, shown, found, layout, buffer);
    }
    for (at, row) in listed.iter().enumerate().skip(first).take(rows) {
        let y = (at - first) as u16;
        put_line(buffer, layout.rows, y, &table.line(state, &found.rows[*row], at == selected));
        if at == selected {
            let role = if state.focus == Focus::Screen { Role::Selected } else { Role::Marked };
            let row = Rect { y: layout.rows.y + y, height: 1, ..layout.rows };
            buffer.set_style(row, theme.style(role));
        }
    }
}

/// Says beside the title which column is the budget's.
fn draw_budget(state: &State, shown: &Shown, found: &Simulation, layout: &Layout, buffer: &mut Buffer) {
    let Some(budget) = found.budget else { return };
    let text = format!("  │ budget {}", money_float(budget, shown.currency));
    let taken = layout.told.first().map_or(0, Line::width) as u16;
    let room = layout.top.width.saturating_sub(taken);
    if text.width() <= usize::from(room) {
        let beside = Rect { x: layout.top.x + taken, width: room, ..layout.top };
        put(buffer, beside, 0, &text, state.theme.style(Role::Crossing));
    }
}

fn explanation(state: &State, shown: &Shown, width: usize) -> Vec<Line<'static>> {
    let draws = &state.views.uncertainty;
    let row = draws.rows.get(selected_at(state)).filter(|_| draws.explained);
    let Some(told) = row.and_then(|row| shown.explained.get(*row)) else { return Vec::new() };
    // What stands above the list may be cut there.
    let mut told = told.clone();
    told.push(("drawn from", shown.ranges.clone()));
    told.extend(shown.notes.iter().map(|note| ("in all", note.clone())));
    facts::lines(&state.theme, &told, width)
}
