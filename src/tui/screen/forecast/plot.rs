//! Draws the bars of the months.
//!
//! ```text
//! $600 ┤                    ▄▄▄▄
//!      │              ▂▂▂▂  ████
//! $400 ┼────────────◆ ████ ─█A██── budget
//!      │  ▅▅▅▅  ▇▇▇▇  ████  ▄▄▄▄
//! $200 ┤  █O██  █O██  █O██  █O██
//!      └───▲─────────────────────
//!                     !     !
//!           1     2     3     4
//! ```
//!
//! The level that bars are held against is drawn where no bar is, and on the axis.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use unicode_width::UnicodeWidthStr;

use super::stack::{Bar, Foot, Height};
use super::{Bars, Shown};
use crate::analysis::forecast::Forecast;
use crate::analysis::forecast::findings::First;
use crate::present;
use crate::tui::state::State;
use crate::tui::text::{first_shown, put, right, split_bottom, split_top};
use crate::tui::theme::Role;
use crate::tui::ticks::ticks;
use crate::units::Currency;

/// Rows of axis and numbers below the bars; marks, where there are any, take one more.
const AXIS_ROWS: u16 = 2;

/// Rows below which the name of a level far above all bars is left out, so that bars keep them.
const ROWS_FOR_ABOVE: u16 = 4;

/// Amounts beside the bars at most.
const MOST_LABELS: usize = 8;

/// Columns from one bar to the next at most.
const WIDEST: usize = 9;

/// How many times the dearest month a line above all bars, or what is paid before month 1, may be to be drawn in full.
const FARTHEST: f64 = 3.0;

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
    /// Name of the level where it lies far above all bars, and the row that says so.
    above: Option<(&'static str, Rect)>,
}

impl Plot {
    /// Lays the bars out; `None` where there is no room for any.
    pub(super) fn of(state: &State, shown: &Shown, found: &Forecast, area: Rect) -> Option<Plot> {
        let kind = state.views.forecast.drawn();
        let bars = bars(state, shown, found);
        let level = cap(kind, shown, found);
        let name = level.as_ref().map(|level| level.name);
        let level = level.and_then(|level| Some((level.amount.to_f64()?, level.crossed)));
        let (dearest, high) = heights(&bars, shown, kind);
        let cap = level.filter(|(amount, _)| *amount <= dearest * FARTHEST);
        let high = high.max(cap.map_or(0.0, |(amount, _)| amount)) * 1.05;
        let rows = AXIS_ROWS + u16::from(has_marks(shown));
        let (upper, axis) = split_bottom(area, rows.min(area.height.saturating_sub(2)));
        let is_above = level.is_some() && cap.is_none() && upper.height >= ROWS_FOR_ABOVE;
        let (over, upper) = split_top(upper, u16::from(is_above));
        let labels = labels(high, upper.height, state.work.comparison().currency);
        let gutter = labels.iter().map(|(_, label)| label.width() as u16).max().unwrap_or(0) + 2;
        if upper.width < gutter + 4 || upper.height < 2 || high <= 0.0 || bars.is_empty() {
            return None;
        }
        let beside = |area: Rect| Rect { x: area.x + gutter, width: area.width - gutter, ..area };
        let columns = usize::from(beside(upper).width);
        let pitch = (columns / bars.len()).clamp(1, WIDEST);
        let first = first_shown(state.views.forecast.selected, bars.len(), columns / pitch);
        let above = name.filter(|_| is_above).map(|name| (name, beside(over)));
        Some(Plot {
            bars,
            cap,
            high,
            labels,
            gutter: Rect { width: gutter, ..upper },
            plot: beside(upper),
            axis: beside(axis),
            first,
            pitch,
            above,
        })
    }

    /// Returns the rows of the table whose bars are drawn, with the first column of each.
    fn drawn(&self) -> impl Iterator<Item = (usize, u16)> + '_ {
        let fit = usize::from(self.plot.width) / self.pitch;
        let rows = self.first..self.bars.len().min(self.first + fit);
        rows.map(|row| (row, self.plot.x + ((row - self.first) * self.pitch) as u16))
    }

    /// Returns the columns of a month's bars; the rest up to the next one stays empty.
    fn width(&self) -> u16 {
        (self.pitch as u16 - u16::from(self.pitch > 1)).max(1)
    }

    /// Returns the columns of what a month costs and those of what users pay beside it.
    fn widths(&self) -> (u16, u16) {
        let all = self.pitch as u16;
        let has_revenue = self.bars.iter().any(|bar| bar.revenue.is_some());
        match all {
            _ if !has_revenue => (self.width(), 0),
            0 | 1 => (1, 0),
            // No gap: a bar of one column beside one of another shade.
            2 => (1, 1),
            _ => (all - 1 - (all - 1).div_ceil(3), (all - 1).div_ceil(3)),
        }
    }

    fn height(&self) -> Height {
        Height { high: self.high, rows: self.plot.height }
    }

    /// Returns the row of an amount.
    fn row(&self, amount: f64) -> u16 {
        let rows = f64::from(self.plot.height);
        let from_below = (amount / self.high * rows).floor().clamp(0.0, rows - 1.0) as u16;
        self.plot.bottom() - 1 - from_below
    }
}

/// Returns round amounts for the axis.
fn labels(high: f64, rows: u16, currency: Currency) -> Vec<(f64, String)> {
    let most = usize::from(rows / 2).clamp(2, MOST_LABELS);
    let amounts = ticks(0.0, high, false, most).into_iter().filter(|amount| *amount > 0.0);
    amounts.map(|amount| (amount, present::money_axis(amount, currency))).collect()
}

/// Returns the place of the column of marks in the table.
fn marks(shown: &Shown) -> Option<usize> {
    shown.table.columns.iter().position(|column| column.key == "marks")
}

fn has_marks(shown: &Shown) -> bool {
    marks(shown).is_some_and(|at| shown.table.rows.iter().any(|(cells, _)| !cells[at].shown.is_empty()))
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
    let (bar, theme) = (&plot.bars[row], &state.theme);
    let ((columns, beside), bottom) = (plot.widths(), plot.plot.bottom());
    bar.draw(theme, plot.height(), Foot { x, columns, bottom }, buffer);
    if beside > 0 {
        bar.draw_revenue(theme, plot.height(), Foot { x: x + columns, columns: beside, bottom }, buffer);
    }
    let top = bottom.saturating_sub(bar.rows(plot.height()));
    if bar.total > plot.high {
        let arrows = "↑".repeat(usize::from(columns));
        buffer.set_string(x, top, arrows, theme.style(Role::Heading));
    }
    if !bar.known {
        let y = top.saturating_sub(1).max(plot.plot.y);
        buffer.set_string(x, y, "?", theme.style(Role::Heading));
    }
}

/// Draws the level where no bar is and on the axis, and before the bar that crosses it first.
fn draw_cap(state: &State, shown: &Shown, plot: &Plot, buffer: &mut Buffer) {
    let style = state.theme.style(Role::Crossing);
    if let Some((name, area)) = plot.above {
        put(buffer, area, 0, &format!("↑ {name}"), style);
    }
    let Some((amount, crossed)) = plot.cap else { return };
    let y = plot.row(amount);
    for x in plot.plot.left()..plot.plot.right() {
        if buffer[(x, y)].symbol() == " " {
            buffer[(x, y)].set_symbol("─").set_style(style);
        }
    }
    buffer[(plot.plot.x - 1, y)].set_symbol("┼").set_style(style);
    let at = plot.drawn().find(|(row, _)| crossed == Some(shown.number(*row))).map(|(_, x)| x);
    if let Some(x) = at {
        buffer[(x - u16::from(plot.pitch > 1), y)].set_symbol("◆").set_style(style);
    }
}

/// Draws the axis with the selected month, the marks of the table, and numbers as far as they keep clear of each other
/// and of the selected month's.
fn draw_axis(state: &State, shown: &Shown, plot: &Plot, buffer: &mut Buffer) {
    let (area, dim) = (plot.axis, state.theme.style(Role::Dim));
    if area.height == 0 {
        return;
    }
    buffer.set_string(area.x - 1, area.y, format!("└{}", "─".repeat(usize::from(area.width))), dim);
    let marks = marks(shown).filter(|_| has_marks(shown) && area.height > AXIS_ROWS);
    for (row, x) in plot.drawn() {
        let middle = x + plot.width() / 2;
        if row == state.views.forecast.selected {
            buffer.set_string(middle, area.y, "▲", state.theme.style(Role::Key));
        }
        if let Some(mark) = marks.and_then(|at| shown.table.rows[row].0[at].shown.chars().next()) {
            buffer.set_string(middle, area.y + 1, mark.to_string(), state.theme.style(Role::Crossing));
        }
    }
    if area.height > 1 {
        draw_numbers(state, shown, plot, area.bottom() - 1, buffer);
    }
}

fn draw_numbers(state: &State, shown: &Shown, plot: &Plot, y: u16, buffer: &mut Buffer) {
    let area = plot.axis;
    let place = |(row, x): (usize, u16)| {
        let label = shown.number(row).to_string();
        let start = (x + plot.width() / 2).saturating_sub(label.len() as u16 / 2);
        // At the right end a number moves to the left rather than going missing.
        let start = start.min(area.right().saturating_sub(label.len() as u16)).max(area.x);
        (row == state.views.forecast.selected, start, label)
    };
    let all: Vec<(bool, u16, String)> = plot.drawn().map(place).collect();
    let chosen =
        all.iter().find(|(chosen, ..)| *chosen).map(|(_, start, label)| *start..*start + label.len() as u16);
    let mut free = area.x;
    for (is_chosen, start, label) in &all {
        let end = *start + label.len() as u16;
        let clear = chosen.as_ref().is_none_or(|chosen| end < chosen.start || *start > chosen.end);
        if end > area.right() || !(*is_chosen || *start >= free && clear) {
            continue;
        }
        let role = if *is_chosen { Role::Key } else { Role::Dim };
        buffer.set_string(*start, y, label, state.theme.style(role));
        free = end + 1;
    }
}
