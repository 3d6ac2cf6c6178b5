//! Draws a product's prices over time as steps, with what happened and where it is printed.
//!
//! ```text
//! openai/gpt-4o: USD/1M tokens since 2024-05-13
//!   $20 ┤
//!       │══════╗
//!   $10 ┤      ╚═══════════════════ ═ output $10.00
//!       │──────┐
//!    $0 ┤      └─────────────────── ─ input $2.50
//!        R     -
//!       └┴──────────────┴──────────
//!        2024-05-13     2025
//! ▸- 2024-10-02  price change: input $5.00 to $2.50/1M tokens, ...
//! Source: ..., checked 2026-08-30
//! ```

use std::collections::HashSet;

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use rust_decimal::prelude::ToPrimitive;
use unicode_width::UnicodeWidthStr;

use super::scale::Scale;
use crate::analysis::product_history::{PriceLine, ProductHistory};
use crate::catalog::Catalog;
use crate::present::{cut, money_axis, readable_money};
use crate::report::product_history::{sign, source, what};
use crate::tui::state::{Focus, State};
use crate::tui::text::{broken, entry_in, first_shown, put, right, split_bottom, split_top, wrap};
use crate::tui::theme::Role;

/// Rows of signs, axis and years.
const AXIS_ROWS: u16 = 3;

/// Rows that a plot needs.
const LEAST_PLOT: u16 = 4;

/// Columns that a plot needs beside its labels.
const LEAST_WIDTH: u16 = 16;

/// Cells after which lines that lie on each other take turns.
const TURN: u16 = 3;

/// Strokes of the lines: across, upright, and corners from the left down and up, to the right from above and below.
const STROKES: [[&str; 6]; 3] =
    [["─", "│", "┐", "┘", "└", "┌"], ["╌", "╎", "┐", "┘", "└", "┌"], ["═", "║", "╗", "╝", "╚", "╔"]];

/// The history on the screen.
#[derive(Debug, Clone)]
pub struct Chart {
    /// The history.
    pub history: ProductHistory,
    /// The selected event.
    pub event: usize,
}

/// Where the parts lie.
struct Layout {
    head: Rect,
    plot: Rect,
    axis: Rect,
    events: Rect,
    detail: Rect,
    explained: Vec<String>,
}

impl Chart {
    /// Opens a history at its newest event that has happened.
    pub fn of(history: ProductHistory) -> Chart {
        let happened = history.events.iter().filter(|event| !event.announced).count();
        Chart { event: happened.saturating_sub(1), history }
    }

    /// Returns the selected event as text: day, what happened, source.
    pub fn copied(&self, catalog: &Catalog) -> Option<String> {
        let event = self.history.events.get(self.event)?;
        let id = &catalog.product(self.history.product).id;
        Some(
            [
                id,
                &event.date.to_string(),
                &what(&self.history, event),
                &source(catalog, &self.history, event),
            ]
            .map(String::as_str)
            .join("\t"),
        )
    }

    /// Returns the event that is drawn at a place.
    pub fn entry_at(&self, state: &State, area: Rect, at: Position) -> Option<usize> {
        let layout = self.layout(state, area);
        let count = self.history.events.len();
        if layout.axis.contains(at) && at.y == layout.axis.y {
            let columns = sign_columns(&self.history, layout.axis);
            return (0..count).min_by_key(|entry| columns[*entry].abs_diff(at.x));
        }
        entry_in(layout.events, at, self.event, count)
    }

    fn layout(&self, state: &State, area: Rect) -> Layout {
        let (head, rest) = split_top(area, 1);
        let explained = self.explained(state, usize::from(area.width), self.event);
        // As many rows as the longest needs: the chart stays where it is while events are gone through.
        let events = 0..self.history.events.len();
        let longest = events.map(|event| self.explained(state, usize::from(area.width), event).len()).max();
        let (upper, detail) = split_bottom(rest, (longest.unwrap_or(0) as u16).min(rest.height / 2));
        let count = self.history.events.len() as u16;
        let spare = upper.height.saturating_sub(AXIS_ROWS + LEAST_PLOT);
        let listed = count.min((spare / 2).max(u16::from(upper.height > 0)));
        let (chart, events) = split_bottom(upper, listed);
        let (plot, axis) = split_bottom(chart, AXIS_ROWS.min(chart.height));
        let (gutter, labels) = self.margins(plot);
        let room = plot.width.saturating_sub(gutter + labels);
        let inner = |rect: Rect| Rect { x: rect.x + gutter.min(rect.width), width: room, ..rect };
        Layout { head, plot: inner(plot), axis: inner(axis), events, detail, explained }
    }

    /// Columns left and right of the plot.
    fn margins(&self, plot: Rect) -> (u16, u16) {
        let gutter = self.marks(plot).iter().map(|(_, label)| label.width() as u16 + 2).max().unwrap_or(2);
        let labels = (0..self.history.lines.len()).map(|at| self.label(at).width() as u16 + 1);
        let labels = labels.max().unwrap_or(0);
        (gutter, if plot.width >= gutter + labels + LEAST_WIDTH { labels } else { 0 })
    }

    /// Says what happened at an event and where it is printed.
    fn explained(&self, state: &State, width: usize, at: usize) -> Vec<String> {
        let Some(event) = self.history.events.get(at) else { return Vec::new() };
        let catalog = state.work.catalog();
        let place = format!("{} of {}", at + 1, self.history.events.len());
        let mut lines = wrap(&format!("{} ({place}) {}", event.date, what(&self.history, event)), width);
        lines.extend(broken(&format!("Source: {}", source(catalog, &self.history, event)), width));
        lines
    }

    fn scale(&self, plot: Rect) -> Option<Scale> {
        let (low, high) = self.history.range()?;
        let now = |line: &PriceLine| line.on(self.history.as_of)?.to_f64();
        let now: Vec<f64> = self.history.lines.iter().filter_map(now).collect();
        Some(Scale::of(low.to_f64()?, high.to_f64()?, &now, plot))
    }

    /// Returns round prices with their text.
    fn marks(&self, plot: Rect) -> Vec<(f64, String)> {
        let marks = self.scale(plot).map(|scale| scale.marks).unwrap_or_default();
        marks.into_iter().map(|price| (price, money_axis(price, self.history.currency))).collect()
    }

    /// Names a line with its stroke and its last price on the chart.
    fn label(&self, at: usize) -> String {
        let Some(line) = self.history.lines.get(at) else { return String::new() };
        // The last price of the chart; where the end is announced only, the one of today.
        let price = line.on(self.history.until).or_else(|| line.on(self.history.as_of));
        let price = price.map(|price| readable_money(price, self.history.currency));
        let stroke = STROKES[at % STROKES.len()][0];
        format!("{stroke} {} {}", line.key.meter.label(), price.unwrap_or_else(|| "ended".to_owned()))
    }

    /// Draws the history.
    pub fn draw(&self, state: &State, area: Rect, buffer: &mut Buffer) {
        let layout = self.layout(state, area);
        let width = usize::from(area.width);
        let title = self.title(state, layout.plot);
        put(buffer, layout.head, 0, &cut(&title, width), state.theme.style(Role::Heading));
        if self.history.events.is_empty() {
            let text = "Nobody has printed a price of this product, nor when it came out; Enter shows what is known.";
            for (row, line) in wrap(text, width).iter().enumerate() {
                put(buffer, split_top(area, 1).1, row as u16, line, state.theme.style(Role::Text));
            }
            return;
        }
        if layout.plot.height >= 2 && layout.plot.width >= 4 {
            self.draw_plot(state, &layout, buffer);
            self.draw_axis(state, &layout, buffer);
        }
        self.draw_events(state, layout.events, buffer);
        for (row, line) in layout.explained.iter().enumerate() {
            put(buffer, layout.detail, row as u16, line, state.theme.style(Role::Text));
        }
    }

    fn title(&self, state: &State, plot: Rect) -> String {
        let history = &self.history;
        let id = &state.work.catalog().product(history.product).id;
        let unit = history.lines.first().map(|line| format!("/{}", line.key.unit)).unwrap_or_default();
        let log = if self.scale(plot).is_some_and(|scale| scale.log) { " (log)" } else { "" };
        let region = history.region.as_ref().map(|region| format!(", region {region}")).unwrap_or_default();
        let converted = if history.converted { ", converted at the rates of then" } else { "" };
        format!("{id}: {}{unit}{log} since {}{region}{converted}", history.currency, history.lifetime().0)
    }

    fn draw_plot(&self, state: &State, layout: &Layout, buffer: &mut Buffer) {
        let plot = layout.plot;
        let Some(scale) = self.scale(plot) else { return };
        let dim = state.theme.style(Role::Dim);
        (plot.top()..plot.bottom())
            .filter(|_| plot.x > 0)
            .for_each(|y| buffer.set_string(plot.x - 1, y, "│", dim));
        for (price, label) in self.marks(plot) {
            let y = scale.row(price, plot);
            let gutter = plot.x.saturating_sub(layout.head.x);
            let text = right(&label, usize::from(gutter.saturating_sub(2)));
            buffer.set_string(layout.head.x, y, text, dim);
            buffer.set_string(plot.x.saturating_sub(1), y, "┤", dim);
        }
        let mut pen = Pen { plot, drawn: HashSet::new() };
        for (at, line) in self.history.lines.iter().enumerate() {
            pen.line(self, &scale, (at, line), state.theme.style(Role::Line(at)), buffer);
        }
        if let Some(event) = self.history.events.get(self.event) {
            let x = column(&self.history, event.date, plot);
            for y in plot.top()..plot.bottom() {
                if buffer[(x, y)].symbol() == " " {
                    buffer.set_string(x, y, "│", state.theme.style(Role::Key));
                }
            }
        }
        self.draw_labels(state, &scale, layout, buffer);
    }

    /// Writes each line's name and last price behind it; names of lines that end together stand below each other.
    fn draw_labels(&self, state: &State, scale: &Scale, layout: &Layout, buffer: &mut Buffer) {
        let plot = layout.plot;
        let room = layout.head.right().saturating_sub(plot.right());
        let mut taken: Vec<u16> = Vec::new();
        for (at, line) in self.history.lines.iter().enumerate() {
            let label = self.label(at);
            let last = line.steps.iter().rev().find_map(|step| step.price?.to_f64());
            let Some(wanted) = last.map(|price| scale.row(price, plot)) else { continue };
            let free = |row: &u16| !taken.contains(row);
            let row = (wanted..plot.bottom()).find(free).or_else(|| (plot.top()..wanted).rev().find(free));
            if let (Some(row), true) = (row, usize::from(room) > label.width()) {
                taken.push(row);
                buffer.set_string(plot.right() + 1, row, &label, state.theme.style(Role::Line(at)));
            }
        }
    }

    /// Draws the signs of events, the axis and its dates.
    fn draw_axis(&self, state: &State, layout: &Layout, buffer: &mut Buffer) {
        let (axis, history) = (layout.axis, &self.history);
        let dim = state.theme.style(Role::Dim);
        for (at, (event, x)) in history.events.iter().zip(sign_columns(history, axis)).enumerate() {
            let role = if at == self.event { Role::Selected } else { Role::Text };
            put_sign(buffer, axis, x, sign(event), state.theme.style(role));
        }
        put(buffer, axis, 1, &"─".repeat(usize::from(axis.width)), dim);
        if axis.x > 0 && axis.height > 1 {
            buffer.set_string(axis.x - 1, axis.y + 1, "└", dim);
        }
        let mut end = axis.left();
        for (day, label) in history.named_days().into_iter().filter(|_| axis.height > 2) {
            let x = column(history, day, axis);
            buffer.set_string(x, axis.y + 1, "┴", dim);
            let width = label.width() as u16;
            if x >= end && x + width <= axis.right() {
                buffer.set_string(x, axis.y + 2, &label, dim);
                end = x + width + 1;
            }
        }
        if history.until > history.as_of && axis.height > 1 {
            let x = column(history, history.as_of, axis);
            buffer.set_string(x, axis.y + 1, "▲", state.theme.style(Role::Changed));
        }
    }

    fn draw_events(&self, state: &State, area: Rect, buffer: &mut Buffer) {
        let events = &self.history.events;
        let first = first_shown(self.event, events.len(), usize::from(area.height));
        for (row, (at, event)) in
            events.iter().enumerate().skip(first).take(usize::from(area.height)).enumerate()
        {
            let mark = if at == self.event { "▸" } else { " " };
            let text = format!("{mark}{} {} {}", sign(event), event.date, what(&self.history, event));
            let role = match (at == self.event, state.focus) {
                (false, _) => Role::Text,
                (true, Focus::Screen) => Role::Selected,
                (true, Focus::Parameters) => Role::Marked,
            };
            put(buffer, area, row as u16, &cut(&text, usize::from(area.width)), state.theme.style(role));
        }
    }
}

/// Returns the column of a day.
fn column(history: &ProductHistory, day: Date, area: Rect) -> u16 {
    let days = |from: Date, to: Date| f64::from((to - from).get_days());
    let (from, until) = history.lifetime();
    let share = days(from, day) / days(from, until).max(1.0);
    area.x + (share.clamp(0.0, 1.0) * f64::from(area.width.saturating_sub(1))).round() as u16
}

/// Returns the columns of the events' signs; one that is taken moves on to the next that is free.
fn sign_columns(history: &ProductHistory, axis: Rect) -> Vec<u16> {
    let mut columns: Vec<u16> = Vec::new();
    for event in &history.events {
        let wanted = column(history, event.date, axis);
        let free = (wanted..axis.right()).find(|x| !columns.contains(x));
        columns.push(free.unwrap_or(wanted));
    }
    columns
}

fn put_sign(buffer: &mut Buffer, axis: Rect, x: u16, sign: char, style: Style) {
    if axis.height > 0 && axis.width > 0 {
        buffer.set_string(x, axis.y, sign.to_string(), style);
    }
}

/// Draws steps; where two lines lie on each other both are seen in turns.
struct Pen {
    plot: Rect,
    /// Cells of the lines drawn before.
    drawn: HashSet<(u16, u16)>,
}

impl Pen {
    fn put(&mut self, x: u16, y: u16, symbol: &str, style: Style, buffer: &mut Buffer) {
        if self.drawn.contains(&(x, y)) && (x / TURN) % 2 == 1 {
            return;
        }
        buffer.set_string(x, y, symbol, style);
    }

    fn line(
        &mut self,
        chart: &Chart,
        scale: &Scale,
        (at, line): (usize, &PriceLine),
        style: Style,
        buffer: &mut Buffer,
    ) {
        let [across, upright, down, up, from_above, from_below] = STROKES[at % STROKES.len()];
        let mut before: Option<u16> = None;
        let mut cells: Vec<(u16, u16)> = Vec::new();
        for (place, step) in line.steps.iter().enumerate() {
            let Some(price) = step.price.and_then(|price| price.to_f64()) else {
                before = None;
                continue;
            };
            let y = scale.row(price, self.plot);
            let x = column(&chart.history, step.date, self.plot);
            let next = line.steps.get(place + 1).map_or(chart.history.until, |next| next.date);
            let end = column(&chart.history, next, self.plot);
            for x in x..=end {
                self.put(x, y, across, style, buffer);
                cells.push((x, y));
            }
            if let Some(last) = before.filter(|last| *last != y) {
                let (leave, enter) = if last < y { (down, from_above) } else { (up, from_below) };
                buffer.set_string(x, last, leave, style);
                buffer.set_string(x, y, enter, style);
                for y in last.min(y) + 1..last.max(y) {
                    // An upright stroke hides no other line's corner.
                    if !self.drawn.contains(&(x, y)) {
                        buffer.set_string(x, y, upright, style);
                    }
                    cells.push((x, y));
                }
            }
            before = Some(y);
        }
        self.drawn.extend(cells);
    }
}
