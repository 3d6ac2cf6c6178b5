//! Draws the spread of the selected design's cost.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::scale::Scale;
use super::{Shown, selected_row};
use crate::analysis::simulate::{Histogram, Row, Simulation};
use crate::present::{money_float, money_rough};
use crate::tui::state::State;
use crate::tui::text::{left, put, split_bottom, split_top, wrap_up_to};
use crate::tui::theme::Role;

/// Most columns of a bin.
const BIN: usize = 5;

/// Draws how often the selected design costs how much.
pub(super) fn draw_histogram(
    state: &State,
    shown: &Shown,
    found: &Simulation,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = &state.theme;
    let Some(row) = selected_row(state) else { return };
    let (_, area) = split_top(area, 1);
    let width = usize::from(area.width);
    let titled = histogram_title(state, shown, found, row, width);
    let (title, rest) = split_top(area, titled.len() as u16);
    for (line, text) in titled.iter().enumerate() {
        put(buffer, title, line as u16, text, theme.style(Role::Heading));
    }
    let Some(histogram) = row.histogram.as_ref().filter(|histogram| histogram.bins.len() <= width) else {
        return;
    };
    let (bars, axis) = split_bottom(rest, 2.min(rest.height.saturating_sub(1)));
    let bin = (width / histogram.bins.len()).min(BIN);
    let most = histogram.bins.iter().map(|bin| bin.share).fold(0.0, f64::max);
    for (at, share) in histogram.bins.iter().map(|bin| bin.share).enumerate() {
        let eighths = (share / most * f64::from(bars.height) * 8.0).round() as u16;
        // Whatever was drawn at all is seen.
        let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
        for up in 0..bars.height {
            let symbol = BLOCKS[usize::from(eighths.saturating_sub(up * 8).min(8))];
            let (x, y) = (bars.x + (at * bin) as u16, bars.bottom() - 1 - up);
            buffer.set_string(x, y, symbol.repeat(bin), theme.style(Role::Bar));
        }
    }
    draw_costs(
        state,
        shown,
        found,
        histogram,
        Rect { width: (bin * histogram.bins.len()) as u16, ..axis },
        buffer,
    );
}

/// A cell filled by none to eight eighths.
const BLOCKS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Says where the selected design's costs and the budget lie; figures are whole before the vendor is.
fn histogram_title(state: &State, shown: &Shown, found: &Simulation, row: &Row, width: usize) -> Vec<String> {
    let name = state.work.name(row.pair);
    let said = figures(shown, found, row);
    let full = format!("{name}: {said}");
    let short = name.split_once('/').map(|(_, short)| format!("{short}: {said}"));
    match short.filter(|short| full.width() > width && short.width() <= width) {
        Some(short) => vec![short],
        None => wrap_up_to(&full, width, 2),
    }
}

fn figures(shown: &Shown, found: &Simulation, row: &Row) -> String {
    let Some(costs) = row.costs else { return "no cost in any draw".to_owned() };
    let [p5, p50, p95] = [costs.p5, costs.p50, costs.p95].map(|cost| money_rough(cost, shown.currency));
    let always = if row.histogram.is_none() { ", always the same" } else { "" };
    let budget = found.budget.map_or(String::new(), |budget| {
        let inside =
            row.histogram.as_ref().and_then(|histogram| budget_column(histogram, budget, 2)).is_some();
        let mark = if inside { "▲ " } else { "" };
        format!(", {mark}budget {}", money_float(budget, shown.currency))
    });
    format!("p5 {p5}, p50 {p50}, p95 {p95}{always}{budget}")
}

/// Draws the axis of a histogram with its ends, its middle, and the budget.
fn draw_costs(
    state: &State,
    shown: &Shown,
    found: &Simulation,
    histogram: &Histogram,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = &state.theme;
    let width = usize::from(area.width);
    put(buffer, area, 0, &"─".repeat(width), theme.style(Role::Dim));
    let budget = found.budget.and_then(|budget| budget_column(histogram, budget, width));
    if let Some(column) = budget.filter(|_| area.height > 0) {
        buffer.set_string(area.x + column as u16, area.y, "▲", theme.style(Role::Crossing));
    }
    let bins = &histogram.bins;
    let (Some(first), Some(middle), Some(last)) = (bins.first(), bins.get(bins.len() / 2), bins.last())
    else {
        return;
    };
    let money = |cost| money_rough(cost, shown.currency);
    let [from, middle, to] = [first.from, middle.from, last.to].map(money);
    let log = if histogram.log { " (log)" } else { "" };
    let to = format!("{to}{log}");
    if from.width() + to.width() + 2 > width {
        return;
    }
    let mut labels = left(&from, width - to.width());
    let start = (width / 2).saturating_sub(middle.width() / 2);
    if start >= from.width() + 2 && start + middle.width() + 2 <= width - to.width() {
        labels = left(&format!("{}{middle}", left(&from, start)), width - to.width());
    }
    put(buffer, area, 1, &(labels + &to), theme.style(Role::Dim));
}

/// Returns the column of the budget below a histogram; `None` where it lies outside.
fn budget_column(histogram: &Histogram, budget: f64, width: usize) -> Option<usize> {
    let (first, last) = (histogram.bins.first()?, histogram.bins.last()?);
    Scale { from: first.from, to: last.to, log: histogram.log }.column(budget, width)
}
