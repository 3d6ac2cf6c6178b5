//! Draws the bars of the months.
//!
//! ```text
//! $600 ┤                    AAAA
//!      │              AAAA  AAAA
//! $400 ┤──────◆─AAAA──AAAA──AAAA── budget
//!      │  AAAA  AAAA  AAAA  AAAA
//! $200 ┤  AAAA  AAAA  OOOO  OOOO
//!      └───▲─────────────────────
//!                 !     !     !
//!           1     2     3     4
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use unicode_width::UnicodeWidthStr;

use super::{Bars, Shown};
use crate::analysis::forecast::Forecast;
use crate::analysis::forecast::findings::First;
use crate::analysis::forecast::outlay::{Outlay, Purpose};
use crate::present;
use crate::report::forecast::letter;
use crate::tui::state::State;
use crate::tui::text::{first_shown, left, right, split_bottom};
use crate::tui::theme::Role;
use crate::tui::ticks::ticks;

/// Rows of axis, marks and numbers below the bars.
const AXIS_ROWS: u16 = 3;

/// Amounts beside the bars at most.
const MOST_LABELS: usize = 8;

/// Columns from one bar to the next at most.
const WIDEST: usize = 9;

/// How many times the dearest month a line above all bars, or what is paid before month 1, may be to be drawn in full.
const FARTHEST: f64 = 3.0;

/// A bar.
struct Bar {
    parts: Vec<(Purpose, f64)>,
    total: f64,
    known: bool,
    revenue: Option<f64>,
}

impl Bar {
    fn of(outlay: &Outlay, revenue: Option<Decimal>) -> Bar {
        let float = |amount: Decimal| amount.to_f64().unwrap_or(0.0).max(0.0);
        Bar {
            parts: outlay.parts.iter().map(|(purpose, amount)| (*purpose, float(*amount))).collect(),
            total: float(outlay.total().known),
            known: outlay.reason.is_none(),
            revenue: revenue.map(float),
        }
    }

    /// Returns the purpose that takes most of a stretch of heights; `None` where the bar fills less than half of it.
    fn purpose_in(&self, from: f64, to: f64) -> Option<Purpose> {
        let mut reached = 0.0;
        let mut most: Option<(Purpose, f64)> = None;
        for (purpose, amount) in &self.parts {
            let part = (reached + amount).min(to) - f64::max(reached, from);
            reached += amount;
            if most.is_none_or(|(_, known)| part > known) {
                most = Some((*purpose, part));
            }
        }
        most.filter(|_| reached >= (from + to) / 2.0).map(|(purpose, _)| purpose)
    }
}

/// Returns a bar for each row of the table.
fn bars(state: &State, shown: &Shown, found: &Forecast) -> Vec<Bar> {
    let kind = state.views.forecast.drawn();
    let mut all: Vec<Bar> = match kind {
        Bars::SoFar => found.cumulated().iter().map(|outlay| Bar::of(outlay, None)).collect(),
        Bars::Months | Bars::Business => {
            let paid = |revenue: Option<Decimal>| revenue.filter(|_| kind == Bars::Business);
            let months = found.months.iter().map(|month| Bar::of(&month.outlay, paid(month.revenue)));
            std::iter::once(Bar::of(&found.start, None)).chain(months).collect()
        }
    };
    // Where nothing is paid before month 1, it is no row either.
    all.drain(..all.len().saturating_sub(shown.table.rows.len()));
    all
}

/// A level across the bars: its amount and what it is.
pub(super) struct Cap {
    /// The amount.
    pub(super) amount: Decimal,
    /// What it is.
    pub(super) name: &'static str,
    /// The month in which it is crossed.
    pub(super) crossed: Option<u32>,
}

/// Returns the level that bars are held against: the budget of a month, or the balance where nothing is added to it.
pub(super) fn cap(kind: Bars, shown: &Shown, found: &Forecast) -> Option<Cap> {
    let first = |first: Option<First>| first.and_then(|first| first.month);
    let findings = &found.findings;
    if kind != Bars::SoFar {
        return Some(Cap { amount: shown.budget?, name: "budget", crossed: first(findings.over_budget) });
    }
    let amount = shown.balance.filter(|_| !shown.has_revenue())?;
    Some(Cap { amount, name: "balance", crossed: first(findings.balance_spent) })
}

/// Where the bars lie and how high they are.
pub(super) struct Plot {
    bars: Vec<Bar>,
    cap: Option<(f64, Option<u32>)>,
    high: f64,
    labels: Vec<(f64, String)>,
    gutter: Rect,
    plot: Rect,
    axis: Rect,
    first: usize,
    pitch: usize,
    /// Name of the level where it lies far above all bars.
    above: Option<&'static str>,
}

impl Plot {
    /// Lays the bars out; `None` where there is no room for any.
    pub(super) fn of(state: &State, shown: &Shown, found: &Forecast, area: Rect) -> Option<Plot> {
        let bars = bars(state, shown, found);
        let level = cap(state.views.forecast.drawn(), shown, found);
        let name = level.as_ref().map(|level| level.name);
        let cap = level.and_then(|level| Some((level.amount.to_f64()?, level.crossed)));
        let (dearest, high) = heights(&bars, shown, state.views.forecast.drawn());
        let drawn = cap.filter(|(amount, _)| *amount <= dearest * FARTHEST);
        let high = high.max(drawn.map_or(0.0, |(amount, _)| amount)) * 1.05;
        let (upper, axis) = split_bottom(area, AXIS_ROWS.min(area.height.saturating_sub(2)));
        let currency = state.work.comparison().currency;
        let label = |amount: f64| (amount, present::money_axis(amount, currency));
        let most = usize::from(upper.height / 2).clamp(1, MOST_LABELS);
        let labels: Vec<_> =
            ticks(0.0, high, false, most).into_iter().filter(|amount| *amount > 0.0).map(label).collect();
        let gutter = labels.iter().map(|(_, label)| label.width() as u16).max().unwrap_or(0) + 2;
        if upper.width < gutter + 4 || upper.height < 2 || high <= 0.0 || bars.is_empty() {
            return None;
        }
        let plot = Rect { x: upper.x + gutter, width: upper.width - gutter, ..upper };
        let columns = usize::from(plot.width);
        let pitch = (columns / bars.len()).clamp(1, WIDEST);
        let first = first_shown(state.views.forecast.selected, bars.len(), columns / pitch);
        let axis = Rect { x: plot.x, width: plot.width, ..axis };
        let gutter = Rect { width: gutter, ..upper };
        let above = name.filter(|_| cap.is_some() && drawn.is_none());
        Some(Plot { bars, cap: drawn, high, labels, gutter, plot, axis, first, pitch, above })
    }

    /// Returns the rows of the table whose bars are drawn, with the first column of each.
    fn drawn(&self) -> impl Iterator<Item = (usize, u16)> + '_ {
        let fit = usize::from(self.plot.width) / self.pitch;
        let rows = self.first..self.bars.len().min(self.first + fit);
        rows.map(|row| (row, self.plot.x + ((row - self.first) * self.pitch) as u16))
    }

    /// Returns the columns of a bar; the rest up to the next one stays empty.
    fn width(&self) -> u16 {
        (self.pitch as u16 - u16::from(self.pitch > 1)).max(1)
    }

    /// Returns the row of an amount.
    fn row(&self, amount: f64) -> u16 {
        let rows = f64::from(self.plot.height);
        let from_below = (amount / self.high * rows).floor().clamp(0.0, rows - 1.0) as u16;
        self.plot.bottom() - 1 - from_below
    }

    /// Returns the amounts at the lower and the upper edge of a row.
    fn edges(&self, row: u16) -> (f64, f64) {
        let below = f64::from(self.plot.bottom() - 1 - row);
        let amount = |rows: f64| rows / f64::from(self.plot.height) * self.high;
        (amount(below), amount(below + 1.0))
    }
}

/// Returns what the dearest month comes to and how high the bars are drawn: what is paid before month 1 may be so much
/// more than any month that they would not be seen beside it.
fn heights(bars: &[Bar], shown: &Shown, kind: Bars) -> (f64, f64) {
    let height = |bar: &Bar| bar.revenue.map_or(bar.total, |revenue| revenue.max(bar.total));
    let before = usize::from(shown.number(0) == 0 && kind != Bars::SoFar);
    let months = bars.iter().skip(before).map(height).fold(0.0, f64::max);
    let all = bars.iter().map(height).fold(0.0, f64::max);
    if months > 0.0 { (months, all.min(months * FARTHEST)) } else { (all, all) }
}

/// Returns the row of the table whose bar lies at a place.
pub(super) fn entry_at(
    state: &State,
    shown: &Shown,
    found: &Forecast,
    area: Rect,
    at: Position,
) -> Option<usize> {
    let plot = Plot::of(state, shown, found, area).filter(|_| area.contains(at))?;
    let mut drawn = plot.drawn();
    drawn.find(|(_, x)| (*x..*x + plot.pitch as u16).contains(&at.x)).map(|(row, _)| row)
}

/// Draws the bars with their axes.
pub(super) fn draw(state: &State, shown: &Shown, plot: &Plot, buffer: &mut Buffer) {
    draw_amounts(state, plot, buffer);
    for (row, x) in plot.drawn() {
        draw_bar(state, plot, row, x, buffer);
    }
    draw_cap(state, shown, plot, buffer);
    draw_axis(state, shown, plot, buffer);
}

fn draw_amounts(state: &State, plot: &Plot, buffer: &mut Buffer) {
    let style = state.theme.style(Role::Dim);
    let area = plot.gutter;
    for y in area.top()..area.bottom() {
        buffer.set_string(area.right() - 1, y, "│", style);
    }
    for (amount, label) in &plot.labels {
        let y = plot.row(*amount);
        buffer.set_string(area.x, y, right(label, usize::from(area.width) - 2), style);
        buffer.set_string(area.right() - 1, y, "┤", style);
    }
}

fn draw_bar(state: &State, plot: &Plot, row: usize, x: u16, buffer: &mut Buffer) {
    let bar = &plot.bars[row];
    let columns = usize::from(plot.width());
    let selected = row == state.views.forecast.selected;
    let mut top = plot.plot.bottom();
    for y in plot.plot.top()..plot.plot.bottom() {
        let (from, to) = plot.edges(y);
        let Some(purpose) = bar.purpose_in(from, to) else { continue };
        top = top.min(y);
        let style = state.theme.style(Role::Line(purpose as usize));
        let style = if selected { style.patch(state.theme.style(Role::Selected)) } else { style };
        buffer.set_string(x, y, letter(purpose).to_string().repeat(columns), style);
    }
    let text = state.theme.style(Role::Text);
    if top == plot.plot.bottom() && bar.total > 0.0 {
        // Less than half a row is still more than nothing.
        top -= 1;
        buffer.set_string(x, top, "_".repeat(columns), text);
    }
    if bar.total > plot.high {
        buffer.set_string(x, top, "↑".repeat(columns), state.theme.style(Role::Heading));
    }
    if !bar.known {
        let y = top.saturating_sub(1).max(plot.plot.y);
        buffer.set_string(x, y, "?", state.theme.style(Role::Heading));
    }
    if let Some(revenue) = bar.revenue {
        let y = plot.row(revenue);
        buffer.set_string(x, y, "=".repeat(columns), state.theme.style(Role::Heading));
    }
}

/// Draws the level across all bars, and where it is crossed.
fn draw_cap(state: &State, shown: &Shown, plot: &Plot, buffer: &mut Buffer) {
    let style = state.theme.style(Role::Crossing);
    if let Some(name) = plot.above {
        let text = left(&format!("↑ {name}"), usize::from(plot.plot.width));
        buffer.set_string(plot.plot.x, plot.plot.y, text.trim_end(), style);
    }
    let Some((amount, crossed)) = plot.cap else { return };
    let y = plot.row(amount);
    // Bars below the level stay whole; those above it are crossed.
    let below = |x: u16| {
        let mut drawn = plot.drawn();
        let bar = drawn.find(|(_, start)| (*start..*start + plot.width()).contains(&x));
        bar.is_some_and(|(row, _)| plot.bars[row].total <= amount)
    };
    for x in plot.plot.left()..plot.plot.right() {
        if buffer[(x, y)].symbol() == " " || !below(x) {
            buffer[(x, y)].set_symbol("─").set_style(style);
        }
    }
    for (row, x) in plot.drawn() {
        if crossed == Some(shown.number(row)) {
            buffer[(x + plot.width() / 2, y)].set_symbol("◆").set_style(style);
        }
    }
}

/// Draws the axis with the selected month, the marks of the table, and numbers as far as they keep clear.
fn draw_axis(state: &State, shown: &Shown, plot: &Plot, buffer: &mut Buffer) {
    let (area, dim) = (plot.axis, state.theme.style(Role::Dim));
    if area.height == 0 {
        return;
    }
    buffer.set_string(area.x - 1, area.y, format!("└{}", "─".repeat(usize::from(area.width))), dim);
    let marks = shown.table.columns.iter().position(|column| column.key == "marks");
    let mut free = area.x;
    for (row, x) in plot.drawn() {
        let middle = x + plot.width() / 2;
        if row == state.views.forecast.selected {
            buffer.set_string(middle, area.y, "▲", state.theme.style(Role::Key));
        }
        let mark = marks.and_then(|at| shown.table.rows[row].0[at].shown.chars().next());
        if let (Some(mark), true) = (mark, area.height > 1) {
            buffer.set_string(middle, area.y + 1, mark.to_string(), state.theme.style(Role::Crossing));
        }
        let label = shown.number(row).to_string();
        let (start, width) = (middle.saturating_sub(label.len() as u16 / 2), label.len() as u16);
        if area.height > 2 && start >= free && start + width <= area.right() {
            buffer.set_string(start, area.y + 2, &label, dim);
            free = start + width + 1;
        }
    }
}
