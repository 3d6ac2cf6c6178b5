//! Draws the chart of costs along a parameter.
//!
//! ```text
//! Cost of a month by requests/month, 100 to 1M (log)
//!  $100 │            ⢀⡠⠔⠊⠁  A
//!   $10 │     ⢀⡠⠔⠊◆⠤⠤⠒⠒⠒⠉⠉  B
//!       └─────┴────▲────┴──
//!         AAAAAAAABBBBBBBBB   cheapest
//!           1k       10k
//! at requests/month 30,000
//! A openai/gpt-6-luna:cached_context   $64.17
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use ratatui::widgets::canvas::{Canvas, Context, Line as Stroke, Points};
use unicode_width::UnicodeWidthStr;

use super::Chart;
use crate::analysis::break_even::CrossingKind;
use crate::present;
use crate::scenario::Param;
use crate::scenario::parameter::Unit;
use crate::tui::curves::{Curves, Found, LineGap};
use crate::tui::screen::compare::letter;
use crate::tui::state::State;
use crate::tui::text::{left, put, put_line, right, split_bottom, split_top, wrap_up_to};
use crate::tui::theme::{Glyphs, Role};
use crate::tui::ticks::ticks;

/// Rows of axis, letters and labels below the plot.
const AXIS_ROWS: u16 = 3;

/// Columns right of the plot for the letters of the lines.
const LETTERS: u16 = 2;

/// Columns of an amount at the cursor.
const READOUT: usize = 12;

/// Rows from which the title may have a second line.
const ROWS_FOR_TITLE: u16 = 15;

/// Rows that the chart keeps, its axis included, whatever stands below.
const LEAST_CHART: u16 = 9;

/// Draws the screen.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let titled = titled(state, area);
    let (head, rest) = split_top(area, titled.len() as u16);
    for (row, line) in titled.iter().enumerate() {
        put(buffer, head, row as u16, line, theme.style(Role::Heading));
    }
    let Some(curves) = state.views.break_even.curves.as_ref().filter(|curves| curves.range.is_some()) else {
        put(
            buffer,
            rest,
            1,
            "No design has a cost here, so there is nothing to draw.",
            theme.style(Role::Text),
        );
        put_lines(buffer, split_top(rest, 3).1, &gap_lines(state, state.views.break_even.curves.as_ref()));
        return;
    };
    let below = lines_below(state, curves, usize::from(area.width));
    let (plot, foot) = split_below(rest, below.len());
    draw_plot(state, curves, plot, buffer);
    put_lines(buffer, foot, &as_many_as_fit(state, below, foot));
}

/// Says how many lines there is no room for.
fn as_many_as_fit(state: &State, mut lines: Vec<Line<'static>>, area: Rect) -> Vec<Line<'static>> {
    let room = usize::from(area.height);
    if lines.len() > room && room > 1 {
        let hidden = lines.len() - (room - 1);
        lines.truncate(room - 1);
        let text = format!("and {hidden} more lines, which a higher terminal shows and y copies");
        lines.push(Line::styled(present::cut(&text, usize::from(area.width)), state.theme.style(Role::Dim)));
    }
    lines
}

/// Gives the lines below the chart their rows, as far as the chart can spare them.
fn split_below(area: Rect, lines: usize) -> (Rect, Rect) {
    let least = LEAST_CHART.max(area.height / 2);
    split_bottom(area, (lines as u16).min(area.height.saturating_sub(least)))
}

/// Returns the value of the parameter that a place of the screen stands for.
pub fn value_at(state: &State, area: Rect, at: Position) -> Option<f64> {
    let curves = state.views.break_even.curves.as_ref()?;
    let below = lines_below(state, curves, usize::from(area.width));
    let rest = split_top(area, titled(state, area).len() as u16).1;
    let (upper, _) = split_below(rest, below.len());
    let parts = Parts::of(state, curves.range?, upper)?;
    let plot = Rect { height: upper.height, ..parts.plot };
    let share = f64::from(at.x.checked_sub(plot.x)?) / f64::from(plot.width.max(2) - 1);
    plot.contains(at).then(|| state.views.break_even.axis.value(share))
}

/// Where plot and axes lie.
struct Parts {
    labels: Vec<(f64, String)>,
    gutter: Rect,
    plot: Rect,
    axis: Rect,
}

impl Parts {
    /// Returns the parts; `None` where there is no room.
    fn of(state: &State, range: (f64, f64), area: Rect) -> Option<Parts> {
        let (upper, axis) = split_bottom(area, AXIS_ROWS.min(area.height.saturating_sub(1)));
        let labels = cost_labels(state, range, upper);
        let gutter = labels.iter().map(|(_, label)| label.width() as u16).max().unwrap_or(0) + 2;
        if upper.width < gutter + LETTERS + 4 || upper.height < 2 {
            return None;
        }
        let plot = Rect { x: upper.x + gutter, width: upper.width - gutter - LETTERS, ..upper };
        let axis = Rect { x: plot.x, width: plot.width, ..axis };
        Some(Parts { labels, gutter: Rect { width: gutter, ..upper }, plot, axis })
    }
}

fn put_lines(buffer: &mut Buffer, area: Rect, lines: &[Line<'_>]) {
    for (row, line) in lines.iter().enumerate() {
        put_line(buffer, area, row as u16, line);
    }
}

/// Returns the title in one line, or two where there is room.
fn titled(state: &State, area: Rect) -> Vec<String> {
    wrap_up_to(&title(state), usize::from(area.width), usize::from(1 + area.height / ROWS_FOR_TITLE).min(2))
}

fn title(state: &State) -> String {
    let chart = &state.views.break_even;
    let cost = format!("Cost of {}", chart.metric.of(state.work.scenario()));
    let x = if chart.axis.log { " (log)" } else { "" };
    let y = if chart.is_log_cost() { " (log)" } else { "" };
    let from = label_of(chart.axis.param(), chart.axis.from);
    let to = label_of(chart.axis.param(), chart.axis.to);
    let label = state.work.scenario().label_of(chart.axis.target);
    format!("{cost}{y} by {label}{x}, {from} to {to}")
}

/// Where costs and values lie on the plot.
struct Frame<'c> {
    chart: &'c Chart,
    plot: Rect,
    low: f64,
    high: f64,
    log: bool,
}

impl<'c> Frame<'c> {
    fn new(chart: &'c Chart, range: (f64, f64), plot: Rect) -> Frame<'c> {
        let log = chart.is_log_cost();
        let (low, high) = range;
        let (low, high) = match log {
            true => (low / 1.1, high * 1.1),
            false if high > 0.0 => (low.min(0.0), high * 1.05),
            false => (low.min(0.0), 1.0),
        };
        Frame { chart, plot, low, high, log }
    }

    /// Returns the height of a cost, from 0 to 1.
    fn height(&self, cost: f64) -> f64 {
        let share = match self.log {
            true => (cost / self.low).ln() / (self.high / self.low).ln(),
            false => (cost - self.low) / (self.high - self.low),
        };
        share.clamp(0.0, 1.0)
    }

    /// Returns the column of a value.
    fn column(&self, value: f64) -> u16 {
        let last = self.plot.width.saturating_sub(1);
        self.plot.x + (self.chart.axis.position(value) * f64::from(last)).round() as u16
    }

    /// Returns the row of a cost.
    fn row(&self, cost: f64) -> u16 {
        let last = self.plot.height.saturating_sub(1);
        self.plot.y + ((1.0 - self.height(cost)) * f64::from(last)).round() as u16
    }
}

fn draw_plot(state: &State, curves: &Curves, area: Rect, buffer: &mut Buffer) {
    let Some(range) = curves.range else { return };
    let Some(Parts { labels, gutter, plot, axis }) = Parts::of(state, range, area) else { return };
    let frame = Frame::new(&state.views.break_even, range, plot);
    draw_cost_axis(state, &frame, &labels, gutter, buffer);
    draw_gaps(state, curves, &frame, buffer);
    draw_lines(state, curves, &frame, buffer);
    draw_cursor(state, &frame, buffer);
    draw_crossings(state, curves, &frame, buffer);
    draw_letters(state, curves, &frame, buffer);
    draw_value_axis(state, curves, &frame, axis, buffer);
}

/// Returns round costs with their text.
fn cost_labels(state: &State, range: (f64, f64), area: Rect) -> Vec<(f64, String)> {
    let frame = Frame::new(&state.views.break_even, range, area);
    let currency = state.work.comparison().currency;
    let most = usize::from(area.height / 3).max(1);
    ticks(frame.low, frame.high, frame.log, most)
        .into_iter()
        .map(|cost| (cost, format!("{}{}", present::sign(currency), present::compact(cost))))
        .collect()
}

fn draw_cost_axis(
    state: &State,
    frame: &Frame<'_>,
    labels: &[(f64, String)],
    area: Rect,
    buffer: &mut Buffer,
) {
    let style = state.theme.style(Role::Dim);
    for row in 0..area.height {
        buffer.set_string(area.right() - 1, area.y + row, "│", style);
    }
    for (cost, label) in labels {
        let row = frame.row(*cost);
        buffer.set_string(area.x, row, right(label, usize::from(area.width) - 2), style);
        buffer.set_string(area.right() - 1, row, "┤", style);
    }
}

fn draw_lines(state: &State, curves: &Curves, frame: &Frame<'_>, buffer: &mut Buffer) {
    let paint = |context: &mut Context<'_>| {
        for line in 0..curves.sweep.series.len() {
            if state.theme.glyphs == Glyphs::Ascii {
                context.marker(ratatui::symbols::Marker::Custom(letter(line).to_ascii_lowercase()));
            }
            draw_line(state, curves, frame, line, context);
        }
    };
    let canvas = Canvas::default().marker(state.theme.marker()).x_bounds([0.0, 1.0]).y_bounds([0.0, 1.0]);
    canvas.paint(paint).render(frame.plot, buffer);
}

/// Shades where a design has no cost that has one elsewhere, one design below the other, each with its letter.
fn draw_gaps(state: &State, curves: &Curves, frame: &Frame<'_>, buffer: &mut Buffer) {
    let somewhere = |line: usize| curves.sweep.series[line].costs.iter().any(Option::is_some);
    let gaps: Vec<&LineGap> = curves.gaps.iter().filter(|gap| somewhere(gap.line)).collect();
    let mut lines: Vec<usize> = gaps.iter().map(|gap| gap.line).collect();
    lines.dedup();
    for gap in gaps {
        let place = lines.iter().position(|line| *line == gap.line).unwrap_or(0);
        let part = |at: usize| frame.plot.y + (usize::from(frame.plot.height) * at / lines.len()) as u16;
        let (top, bottom) = (part(place), part(place + 1));
        let style = state.theme.style(Role::Line(gap.line));
        let (left, right) = (frame.column(gap.from), frame.column(gap.to));
        for row in top..bottom {
            for column in left..=right {
                buffer[(column, row)].set_symbol("░").set_style(style.add_modifier(Modifier::DIM));
            }
        }
        // Beside the end of the line and its letter.
        let (start, text) = (left + 3, format!("{}: no cost", letter(gap.line)));
        if top < bottom && start + text.width() as u16 <= right {
            buffer.set_string(start, top, text, style);
        }
    }
}

/// Draws one line; all lines share the dots of a cell, so that none is lost where they cross.
fn draw_line(state: &State, curves: &Curves, frame: &Frame<'_>, line: usize, context: &mut Context<'_>) {
    let axis = frame.chart.axis;
    let color = state.theme.line_color(line);
    let mut last: Option<(f64, f64)> = None;
    for (value, cost) in curves.sweep.values.iter().zip(&curves.sweep.series[line].costs) {
        let point = cost.map(|cost| (axis.position(*value), frame.height(cost)));
        match (last, point) {
            (Some((x1, y1)), Some((x2, y2))) => context.draw(&Stroke { x1, y1, x2, y2, color }),
            (None, Some(point)) => context.draw(&Points { coords: &[point], color }),
            _ => {}
        }
        last = point;
    }
}

fn draw_cursor(state: &State, frame: &Frame<'_>, buffer: &mut Buffer) {
    let column = frame.column(frame.chart.cursor);
    for row in frame.plot.top()..frame.plot.bottom() {
        let cell = &mut buffer[(column, row)];
        if matches!(cell.symbol(), " " | "░" | "\u{2800}") {
            cell.set_symbol("│").set_style(state.theme.style(Role::Key));
        }
    }
}

fn draw_crossings(state: &State, curves: &Curves, frame: &Frame<'_>, buffer: &mut Buffer) {
    for found in &curves.crossings {
        if let Some(cost) = found.cost {
            let cell = &mut buffer[(frame.column(found.at), frame.row(cost))];
            cell.set_symbol("◆").set_style(state.theme.style(Role::Crossing));
        }
    }
}

/// Writes each line's letter behind its last point; letters that would lie on each other stand one below the other, in
/// the order of their costs.
fn draw_letters(state: &State, curves: &Curves, frame: &Frame<'_>, buffer: &mut Buffer) {
    let mut ends: Vec<(u16, f64, usize)> = Vec::new();
    for (line, series) in curves.sweep.series.iter().enumerate() {
        let points = curves.sweep.values.iter().zip(&series.costs).rev();
        let last = points.filter_map(|(value, cost)| Some((*value, (*cost)?))).next();
        ends.extend(last.map(|(value, cost)| (frame.column(value) + 1, cost, line)));
    }
    ends.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    for ends in ends.chunk_by(|a, b| a.0 == b.0) {
        let wanted: Vec<u16> = ends.iter().map(|(_, cost, _)| frame.row(*cost)).collect();
        for ((column, _, line), row) in ends.iter().zip(spread(&wanted, frame.plot)) {
            let style = state.theme.style(Role::Line(*line)).add_modifier(Modifier::BOLD);
            buffer.set_string(*column, row, letter(*line).to_string(), style);
        }
    }
}

/// Moves rows, which go down, apart until each is another's; those that do not fit at the lower edge move up.
fn spread(wanted: &[u16], plot: Rect) -> Vec<u16> {
    let mut rows: Vec<u16> = Vec::with_capacity(wanted.len());
    for row in wanted {
        rows.push(rows.last().map_or(*row, |last| last.saturating_add(1).max(*row)));
    }
    let mut most = plot.bottom();
    for row in rows.iter_mut().rev() {
        most = most.saturating_sub(1);
        *row = (*row).min(most).max(plot.top());
        most = *row;
    }
    rows
}

/// Draws the axis, the letter of the cheapest line along it, and round values.
fn draw_value_axis(state: &State, curves: &Curves, frame: &Frame<'_>, area: Rect, buffer: &mut Buffer) {
    let style = state.theme.style(Role::Dim);
    let axis = frame.chart.axis;
    put(buffer, area, 0, &"─".repeat(usize::from(area.width)), style);
    if area.x > 0 && area.height > 0 {
        buffer.set_string(area.x - 1, area.y, "└", style);
    }
    let mut end = area.left();
    for value in ticks(axis.from, axis.to, axis.log, usize::from(area.width / 9).max(1)) {
        let label = label_of(axis.param(), value);
        let column = frame.column(value);
        let width = label.width() as u16;
        let start = column.saturating_sub(width / 2).max(area.left());
        if area.height > 0 {
            buffer.set_string(column, area.y, "┴", style);
        }
        if start >= end && start + width <= area.right() + LETTERS && area.height > 2 {
            buffer.set_string(start, area.y + 2, &label, style);
            end = start + width + 1;
        }
    }
    draw_now(state, frame, area, buffer);
    if area.height > 1 {
        draw_cheapest(state, curves, area, buffer);
    }
}

/// Marks the scenario's own value on the axis.
fn draw_now(state: &State, frame: &Frame<'_>, area: Rect, buffer: &mut Buffer) {
    let axis = frame.chart.axis;
    let value =
        state.work.scenario().number(axis.target).filter(|value| (axis.from..=axis.to).contains(value));
    if let (Some(value), true) = (value, area.height > 0) {
        buffer.set_string(frame.column(value), area.y, "▲", state.theme.style(Role::Changed));
    }
}

fn draw_cheapest(state: &State, curves: &Curves, area: Rect, buffer: &mut Buffer) {
    let last = curves.cheapest.len().saturating_sub(1);
    let axis = state.views.break_even.axis;
    for column in 0..area.width {
        let value = axis.value(f64::from(column) / f64::from(area.width.max(2) - 1));
        let sample = curves.sweep.values.partition_point(|at| *at < value).min(last);
        if let Some(Some(line)) = curves.cheapest.get(sample) {
            let style = state.theme.style(Role::Line(*line));
            buffer.set_string(area.x + column, area.y + 1, letter(*line).to_string(), style);
        }
    }
}

fn label_of(param: Param, value: f64) -> String {
    let facts = param.facts();
    if facts.unit == Unit::Share { present::percent(value) } else { present::compact(value) }
}

/// Returns the readout at the cursor, the crossings and the gaps.
fn lines_below(state: &State, curves: &Curves, width: usize) -> Vec<Line<'static>> {
    let chart = &state.views.break_even;
    let theme = &state.theme;
    let facts = chart.axis.param().facts();
    let currency = state.work.comparison().currency;
    let at = present::parameter(facts, chart.cursor);
    let label = state.work.scenario().label_of(chart.axis.target);
    let head = present::cut(&format!("At {label} {at}:"), width);
    let mut lines = vec![Line::styled(head, theme.style(Role::Heading))];
    let longest = curves.names.iter().map(|name| name.width()).max().unwrap_or(0);
    let name_width = longest.min(width / 2).min(width.saturating_sub(READOUT + 4));
    for (line, name) in curves.names.iter().enumerate() {
        let cost = chart.costs.get(line).copied().flatten();
        let cost = cost.map_or(present::UNKNOWN.to_owned(), |cost| present::money_float(cost, currency));
        lines.push(Line::from(vec![
            Span::styled(format!("{} ", letter(line)), theme.style(Role::Line(line))),
            Span::raw(present::cut(
                &format!("{}  {}", left(name, name_width), right(&cost, READOUT)),
                width.saturating_sub(2),
            )),
        ]));
    }
    lines.extend(crossing_lines(state, curves, width));
    lines.extend(gap_lines(state, Some(curves)));
    lines
}

/// Returns the crossings and the gaps as text to copy.
pub fn findings(state: &State, curves: &Curves) -> Vec<String> {
    let lines = crossing_lines(state, curves, usize::MAX).into_iter().chain(gap_lines(state, Some(curves)));
    lines.map(|line| line.to_string()).collect()
}

fn crossing_lines(state: &State, curves: &Curves, width: usize) -> Vec<Line<'static>> {
    let facts = state.views.break_even.axis.param().facts();
    if curves.crossings.is_empty() {
        let text = match curves.names.len() {
            0 | 1 => "One design alone crosses nothing; pin another with Space on the first screen.",
            _ => "No crossing in this stretch.",
        };
        return vec![Line::styled(text, state.theme.style(Role::Dim))];
    }
    let currency = state.work.comparison().currency;
    curves
        .crossings
        .iter()
        .map(|found| {
            let cost = found.cost.map(|cost| format!(" ({})", present::money_float(cost, currency)));
            let (at, cost) = (value_of(facts.param, found.at), cost.unwrap_or_default());
            let text = format!(" at {at}: {}{cost}", order(found, facts.whole));
            let text = present::cut(&text, width.saturating_sub(1));
            Line::from(vec![Span::styled("◆", state.theme.style(Role::Crossing)), Span::raw(text)])
        })
        .collect()
}

fn value_of(param: Param, value: f64) -> String {
    let facts = param.facts();
    if facts.unit == Unit::Share { present::parameter(facts, value) } else { present::rough(value) }
}

/// Says who is cheaper on either side; whole numbers always go by steps.
fn order(found: &Found, whole: bool) -> String {
    let name = |line: Option<usize>| line.map(|line| letter(line).to_string());
    let step = if found.kind == CrossingKind::Jump && !whole { " (a step)" } else { "" };
    match (name(found.before), name(found.after)) {
        (Some(before), Some(after)) => format!("{before} cheaper below, {after} above{step}"),
        (Some(before), None) => format!("{before} cheaper below, both the same above{step}"),
        (None, Some(after)) => format!("both the same below, {after} cheaper above{step}"),
        (None, None) => format!("{} and {} change{step}", letter(found.lines.0), letter(found.lines.1)),
    }
}

fn gap_lines(state: &State, curves: Option<&Curves>) -> Vec<Line<'static>> {
    let axis = state.views.break_even.axis;
    let line = |gap: &LineGap| {
        let (from, to) = (value_of(axis.param(), gap.from), value_of(axis.param(), gap.to));
        let stretch = match (gap.from <= axis.from, gap.to >= axis.to) {
            (true, true) => "in this stretch".to_owned(),
            (true, false) => format!("up to {to}"),
            (false, true) => format!("from {from} on"),
            (false, false) => format!("from {from} to {to}"),
        };
        let text = format!("{}: no cost {stretch}: {}", letter(gap.line), gap.reason);
        Line::styled(text, state.theme.style(Role::Dim))
    };
    curves.iter().flat_map(|curves| curves.gaps.iter()).map(line).collect()
}
