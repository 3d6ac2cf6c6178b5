//! Draws the map of which design wins.
//!
//! ```text
//! Cheapest design a month by requests/month (log) and corpus (log)
//!   1M │AAAAAAABBBBBBBBBBBB
//! 100k ▸AAAAAAAAAAABBBBBBBB
//!   1k │AAAAAAAAAAAAAAAAAAA
//!      └─────┴────▲────┴──
//!           1k       10k
//! At requests/month 30,000, corpus 128,000:
//! A openai/gpt-6-luna:cached_context   $64.17
//! A   54%  openai/gpt-6-luna:cached_context
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Shown, winner_at};
use crate::analysis::Pair;
use crate::analysis::grid::{Grid, Rule};
use crate::analysis::sweep::Axis;
use crate::present;
use crate::report::grid::{NO_DESIGN, axis_value, letter};
use crate::tui::action::Screen;
use crate::tui::state::State;
use crate::tui::text::{left, put, put_line, right, split_bottom, split_top, wrap};
use crate::tui::theme::{Palette, Role};
use crate::tui::ticks::ticks;

/// Most rows of the title.
const TITLE_ROWS: u16 = 2;

/// Rows of axis and labels below the map.
const AXIS_ROWS: u16 = 2;

/// Rows that say what the cursor is on.
const HERE_ROWS: u16 = 3;

/// Fewest rows that a map is drawn in.
const LEAST_MAP: u16 = 3;

/// Columns of the labels of the second parameter, with the axis.
const GUTTER: u16 = 8;

/// Columns after which a letter is repeated where colours show the areas.
const EVERY: u16 = 8;

/// Columns of an amount under the cursor, and of how many times the least it is.
const READOUT: (usize, usize) = (12, 7);

/// Where the parts lie; it depends on the size alone, because the map is worked out for it.
struct Layout {
    title: Rect,
    gutter: Rect,
    plot: Rect,
    axis: Rect,
    here: Rect,
    legend: Rect,
}

impl Layout {
    fn of(area: Rect) -> Layout {
        let (title, rest) = split_top(area, TITLE_ROWS.min(area.height / 6).max(1));
        let spare = rest.height.saturating_sub(LEAST_MAP + AXIS_ROWS);
        let here = HERE_ROWS.min(spare);
        let legend = (rest.height / 4).min(spare - here);
        let (rest, legend) = split_bottom(rest, legend);
        let (rest, here) = split_bottom(rest, here);
        let (rest, axis) = split_bottom(rest, AXIS_ROWS);
        let gutter = GUTTER.min(rest.width);
        let plot = Rect { x: rest.x + gutter, width: rest.width - gutter, ..rest };
        let axis = Rect { x: plot.x, width: plot.width, ..axis };
        Layout { title, gutter: Rect { width: gutter, ..rest }, plot, axis, here, legend }
    }
}

/// Returns how many columns and rows of the map there is room for.
pub fn points(area: Rect) -> (usize, usize) {
    let plot = Layout::of(area).plot;
    (usize::from(plot.width).max(2), usize::from(plot.height).max(2))
}

/// Returns the values of both parameters that a place of the screen stands for.
pub fn values_at(state: &State, area: Rect, at: Position) -> Option<(f64, f64)> {
    let (plot, grid) = (Layout::of(area).plot, super::grid(state)?);
    plot.contains(at).then(|| (across(grid.across, plot, at.x), up(grid.up, plot, at.y)))
}

/// Returns the value in a column.
fn across(axis: Axis, plot: Rect, column: u16) -> f64 {
    axis.value(f64::from(column - plot.x) / f64::from(plot.width.max(2) - 1))
}

/// Returns the value in a row; the last row is the smallest.
fn up(axis: Axis, plot: Rect, row: u16) -> f64 {
    axis.value(f64::from(plot.bottom() - 1 - row) / f64::from(plot.height.max(2) - 1))
}

/// Returns the column of a value.
fn column(axis: Axis, plot: Rect, value: f64) -> u16 {
    plot.x + (axis.position(value) * f64::from(plot.width.saturating_sub(1))).round() as u16
}

/// Returns the row of a value.
fn row(axis: Axis, plot: Rect, value: f64) -> u16 {
    plot.y + ((1.0 - axis.position(value)) * f64::from(plot.height.saturating_sub(1))).round() as u16
}

/// Draws the screen.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let layout = Layout::of(area);
    let theme = &state.theme;
    for (at, line) in wrap(&title(state), usize::from(area.width)).iter().enumerate() {
        put(buffer, layout.title, at as u16, line, theme.style(Role::Heading));
    }
    let Some(shown) = super::shown(state) else {
        let text = if state.jobs.is_stopped(Screen::BreakEven) {
            "The map was stopped; any change of it begins again."
        } else {
            "Mapping …"
        };
        return put(buffer, layout.plot, 0, text, theme.style(Role::Text));
    };
    draw_cells(state, &shown.grid, layout.plot, buffer);
    draw_cursor(state, &shown.grid, layout.plot, buffer);
    draw_up_axis(state, &shown.grid, &layout, buffer);
    draw_across_axis(state, &shown.grid, &layout, buffer);
    for (at, line) in here_lines(state, shown, area.width).iter().enumerate() {
        put_line(buffer, layout.here, at as u16, line);
    }
    for (at, line) in legend(state, shown, layout.legend).iter().enumerate() {
        put_line(buffer, layout.legend, at as u16, line);
    }
}

fn title(state: &State) -> String {
    let chart = &state.views.break_even;
    let which = if state.pins.len() > 1 { "Cheapest pinned design" } else { "Cheapest design" };
    let of = format!("by the cost of {}", chart.metric.of(state.work.scenario()));
    let axis = |axis: Axis, mark: &str| {
        let label = state.work.scenario().label_of(axis.target);
        let log = if axis.log { " (log)" } else { "" };
        format!("{mark} {label}{log}, {} to {}", axis_value(axis, axis.from), axis_value(axis, axis.to))
    };
    format!("{which} {of}: {}; {}", axis(chart.axis, "→"), axis(chart.map.up, "↑"))
}

fn draw_cells(state: &State, grid: &Grid, plot: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    for y in plot.top()..plot.bottom() {
        let mut before = None;
        for x in plot.left()..plot.right() {
            let design = winner_at(grid, across(grid.across, plot, x), up(grid.up, plot, y))
                .map(|winner| winner.design);
            let begins = before != Some(design);
            before = Some(design);
            let staggered = (x - plot.x + 3 * (y - plot.y)).is_multiple_of(EVERY);
            let written = theme.palette == Palette::Mono || begins || staggered;
            let mark = if written || design.is_none() { letter(design) } else { ' ' };
            let style = design.map_or(theme.style(Role::Dim), |design| theme.area(design));
            buffer[(x, y)].set_char(mark).set_style(style);
        }
    }
}

/// Marks the cursor with the letter of what is cheapest at its very values, which near a border may be another than the
/// cell's.
fn draw_cursor(state: &State, grid: &Grid, plot: Rect, buffer: &mut Buffer) {
    let chart = &state.views.break_even;
    if plot.is_empty() {
        return;
    }
    let at = (column(grid.across, plot, chart.cursor), row(grid.up, plot, chart.map.cursor));
    let cheapest = chart.map.here.first().and_then(|(pair, _)| place(grid, *pair));
    let cell = &mut buffer[at];
    cell.reset();
    cell.set_char(letter(cheapest)).set_style(state.theme.style(Role::Selected));
}

/// Returns the place of a design on the map; one that wins nowhere has none.
fn place(grid: &Grid, pair: Pair) -> Option<usize> {
    grid.designs.iter().position(|known| *known == pair)
}

fn draw_up_axis(state: &State, grid: &Grid, layout: &Layout, buffer: &mut Buffer) {
    let (style, area, axis) = (state.theme.style(Role::Dim), layout.gutter, grid.up);
    let Some(line) = area.width.checked_sub(1) else { return };
    for y in area.top()..area.bottom() {
        buffer.set_string(area.x + line, y, "│", style);
    }
    let most = usize::from(area.height / 3).max(2);
    for value in ticks(axis.from, axis.to, axis.log, most) {
        let y = row(axis, layout.plot, value);
        if y < area.bottom() {
            let label = right(&axis_value(axis, value), usize::from(line.saturating_sub(1)));
            buffer.set_string(area.x, y, label, style);
            buffer.set_string(area.x + line, y, "┤", style);
        }
    }
    if let Some(value) = own(state, axis)
        && !area.is_empty()
    {
        let y = row(axis, layout.plot, value);
        buffer.set_string(area.x + line, y, "▸", state.theme.style(Role::Changed));
    }
}

fn draw_across_axis(state: &State, grid: &Grid, layout: &Layout, buffer: &mut Buffer) {
    let (style, area, axis) = (state.theme.style(Role::Dim), layout.axis, grid.across);
    if area.is_empty() {
        return;
    }
    put(buffer, area, 0, &"─".repeat(usize::from(area.width)), style);
    if layout.gutter.width > 0 {
        buffer.set_string(area.x - 1, area.y, "└", style);
    }
    let mut end = area.left();
    for value in ticks(axis.from, axis.to, axis.log, usize::from(area.width / 9).max(1)) {
        let label = axis_value(axis, value);
        let at = column(axis, layout.plot, value);
        buffer.set_string(at, area.y, "┴", style);
        let width = label.width() as u16;
        let last = area.right().saturating_sub(width);
        let start = at.saturating_sub(width / 2).clamp(area.left(), last.max(area.left()));
        if start >= end && start + width <= area.right() && area.height > 1 {
            buffer.set_string(start, area.y + 1, &label, style);
            end = start + width + 1;
        }
    }
    if let Some(value) = own(state, axis) {
        let at = column(axis, layout.plot, value);
        buffer.set_string(at, area.y, "▲", state.theme.style(Role::Changed));
    }
}

/// Returns the scenario's own value where it lies on an axis.
fn own(state: &State, axis: Axis) -> Option<f64> {
    state.work.scenario().number(axis.target).filter(|value| (axis.from..=axis.to).contains(value))
}

/// Says what is cheapest under the cursor, and what comes next.
fn here_lines(state: &State, shown: &Shown, width: u16) -> Vec<Line<'static>> {
    let (chart, width) = (&state.views.break_even, usize::from(width));
    let value = |axis: Axis, value: f64| {
        let label = state.work.scenario().label_of(axis.target);
        format!("{label} {}", present::parameter(axis.param().facts(), value))
    };
    let point = format!("At {}, {}:", value(chart.axis, chart.cursor), value(chart.map.up, chart.map.cursor));
    let mut lines = vec![Line::styled(present::cut(&point, width), state.theme.style(Role::Heading))];
    let currency = state.work.comparison().currency;
    let least = chart.map.here.first().map(|(_, cost)| *cost);
    for (pair, cost) in &chart.map.here {
        let design = place(&shown.grid, *pair);
        let times = least.filter(|least| cost > least && *least > 0.0).map(|least| cost / least);
        let times = right(&times.map_or(String::new(), present::times), READOUT.1);
        let amount = right(&present::money_float(*cost, currency), READOUT.0);
        let room = width.saturating_sub(READOUT.0 + READOUT.1 + 4).min(60);
        let name = left(&state.work.name(*pair), room);
        lines.push(Line::from(vec![
            design_mark(state, design),
            Span::raw(format!(" {name}  {amount}{times}")),
        ]));
    }
    if chart.map.here.is_empty() {
        lines.push(Line::raw(format!("No design: each {NO_DESIGN}.")));
    }
    lines
}

/// Returns a design's letter as it is on the map.
fn design_mark(state: &State, design: Option<usize>) -> Span<'static> {
    match design {
        Some(design) => Span::styled(letter(Some(design)).to_string(), state.theme.area(design)),
        None => Span::raw(" "),
    }
}

/// Names the designs with the share of the map in which each wins; the last row stands for those without room.
fn legend(state: &State, shown: &Shown, area: Rect) -> Vec<Line<'static>> {
    let (grid, width) = (&shown.grid, usize::from(area.width));
    let entry = |design: Option<usize>, name: &str| {
        let text = format!(" {:>6}  {name}", present::percent(grid.share(design)));
        let mark = match design {
            Some(_) => design_mark(state, design),
            None => Span::styled(letter(None).to_string(), state.theme.style(Role::Dim)),
        };
        Line::from(vec![mark, Span::raw(present::cut(&text, width.saturating_sub(1)))])
    };
    // Those that win most are named first, whatever their letters.
    let mut designs: Vec<usize> = (0..shown.names.len()).collect();
    designs.sort_by(|a, b| grid.share(Some(*b)).total_cmp(&grid.share(Some(*a))));
    let mut lines: Vec<Line<'static>> =
        designs.into_iter().map(|at| entry(Some(at), &shown.names[at])).collect();
    if grid.share(None) > 0.0 {
        let why = if grid.rule == Rule::Cheaper { NO_DESIGN } else { "no design fits, or none has a price" };
        lines.push(entry(None, why));
    }
    let room = usize::from(area.height);
    if lines.len() > room && room > 0 {
        let hidden = lines.len() - (room - 1);
        lines.truncate(room - 1);
        let text = format!("  and {hidden} more, which x exports");
        lines.push(Line::styled(present::cut(&text, width), state.theme.style(Role::Dim)));
    }
    lines
}
