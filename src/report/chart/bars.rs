//! One bar for each design, from the cheapest.

use rust_decimal::prelude::ToPrimitive;

use super::canvas::{Canvas, Ink, Line, Panel, Type, fitted, width};
use super::scale::Scale;
use super::{HEAD, MARGIN, WIDTH, badge, grid, head, message, side};
use crate::analysis::compare::{Comparison, Row};
use crate::analysis::summary::Summary;
use crate::answer::noun;
use crate::present::{money, money_axis};
use crate::report::compare::mark_words;
use crate::usage::strategy::Family;

/// Most bars; the designs that a reader looks for are always among them.
const BARS: usize = 15;

const PITCH: i32 = 26;
const THICKNESS: i32 = 16;
const LABEL: i32 = 12;
const WIDEST_LABEL: i32 = 400;

/// A bar: its design with its rank.
struct Bar<'r> {
    rank: usize,
    row: &'r Row,
    monthly: f64,
    label: String,
    amount: String,
}

/// Returns the panel.
pub fn panel(summary: &Summary) -> Panel<'_> {
    let comparison = &summary.comparison;
    let bars = chosen_bars(summary);
    let what = "Monthly cost of each design";
    if bars.is_empty() {
        return message(comparison, what, "No design has a known cost.".to_owned());
    }
    let height = HEAD + 32 + PITCH * bars.len() as i32 + 76;
    let draw = move |canvas: &Canvas<'_>| {
        head(canvas, comparison, what);
        sides(canvas, &bars);
        draw_bars(canvas, comparison, &bars);
    };
    Panel { height, draw: Box::new(draw) }
}

/// Takes the cheapest designs, and among them those of the answer, the plan and the baseline.
fn chosen_bars(summary: &Summary) -> Vec<Bar<'_>> {
    let comparison = &summary.comparison;
    let priced: Vec<(usize, &Row)> =
        comparison.rows.iter().enumerate().filter(|(_, row)| row.monthly.is_some()).collect();
    let contest = summary.contest.as_ref().map(|contest| &contest.break_even);
    let wanted = |row: &Row| {
        let contends = contest.is_some_and(|found| row.pair == found.a || row.pair == found.b);
        contends || row.cheapest || row.plan || row.baseline
    };
    let reserved = priced.iter().skip(BARS).filter(|(_, row)| wanted(row)).count();
    let mut room = BARS.saturating_sub(reserved);
    let taken = priced.into_iter().filter(|(_, row)| {
        let taken = room > 0 || wanted(row);
        room = room.saturating_sub(1);
        taken
    });
    taken.filter_map(|(at, row)| bar(comparison, at, row)).collect()
}

fn bar<'r>(comparison: &Comparison, at: usize, row: &'r Row) -> Option<Bar<'r>> {
    let monthly = row.monthly?;
    let label = format!("{}. {} · {}", at + 1, row.model, row.strategy);
    let words = mark_words(row);
    let amount = std::iter::once(money(monthly, comparison.currency).as_str())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" · ");
    Some(Bar { rank: at + 1, row, monthly: monthly.to_f64()?, label, amount })
}

/// Explains the letters that occur.
fn sides(canvas: &Canvas<'_>, bars: &[Bar<'_>]) {
    let mut x = MARGIN;
    for family in Family::ALL {
        if bars.iter().any(|bar| bar.row.pair.strategy.family() == family) {
            badge(canvas, x, HEAD + 12, family);
            canvas.text(x + 22, HEAD + 12, noun(family), Type::plain(LABEL));
            x += 22 + width(noun(family), LABEL) + 24;
        }
    }
}

fn draw_bars(canvas: &Canvas<'_>, comparison: &Comparison, bars: &[Bar<'_>]) {
    let widest = |text: &dyn Fn(&Bar<'_>) -> i32| bars.iter().map(text).max().unwrap_or(0);
    let label = widest(&|bar| width(&bar.label, LABEL)).min(WIDEST_LABEL);
    let left = MARGIN + label + 8 + 16 + 4;
    let scale = scale(bars, left);
    let right = scale.end();
    let top = HEAD + 32;
    let bottom = top + PITCH * bars.len() as i32;
    axis(canvas, comparison, &scale, (top, bottom), (left, right));
    for (at, bar) in bars.iter().enumerate() {
        let y = top + PITCH * at as i32 + PITCH / 2;
        let ends = (scale.at(0.0), scale.at(bar.monthly));
        draw_bar(canvas, bar, y, (MARGIN + label, left - 20), ends);
    }
    let hidden = comparison.rows.iter().filter(|row| row.monthly.is_some()).count() - bars.len();
    let skipped = bars.last().is_some_and(|bar| bar.rank > bars.len());
    if hidden > 0 {
        let which = if skipped { "not drawn" } else { "dearer" };
        let more = format!("and {hidden} more, {which}");
        canvas.text(MARGIN + label, bottom + 12, &more, Type::plain(LABEL).ending().inked(Ink::Quiet));
    }
}

/// Returns the widest scale with which every amount fits behind its bar.
fn scale(bars: &[Bar<'_>], left: i32) -> Scale {
    const FINE: i32 = 10_000;
    let shares = Scale::of_amounts(bars.iter().map(|bar| bar.monthly), (0, FINE));
    let room = |bar: &Bar<'_>| {
        let room = WIDTH - MARGIN - 8 - width(&bar.amount, LABEL) - left;
        room.max(0) * FINE / shares.at(bar.monthly).max(shares.at(0.0)).max(1)
    };
    let widest = WIDTH - 2 * MARGIN - left;
    let length = bars.iter().map(room).min().unwrap_or(widest).clamp(WIDTH / 5, widest);
    shares.over((left, left + length))
}

fn draw_bar(
    canvas: &Canvas<'_>,
    bar: &Bar<'_>,
    y: i32,
    (label, letter): (i32, i32),
    (zero, end): (i32, i32),
) {
    let family = bar.row.pair.strategy.family();
    let style = if bar.row.cheapest { Type::bold(LABEL) } else { Type::plain(LABEL) };
    canvas.text(label, y, &fitted(&bar.label, WIDEST_LABEL, LABEL), style.ending());
    badge(canvas, letter, y, family);
    let (from, to) = (zero.min(end), zero.max(end).max(zero.min(end) + 1));
    let (top, bottom) = (y - THICKNESS / 2, y + THICKNESS / 2);
    canvas.rectangle((from, top), (to, bottom), side(family).ink);
    if side(family).hatched {
        for x in (from + 6..to).step_by(7) {
            canvas.line(&[(x, top), (x, bottom)], Line { ink: Ink::Paper, width: 1, dashed: false });
        }
    }
    if bar.row.cheapest {
        canvas.frame((from - 1, top - 2), (to + 1, bottom + 2), Ink::Text);
    }
    let room = WIDTH - MARGIN - to - 8;
    canvas.text(to + 8, y, &fitted(&bar.amount, room, LABEL), style);
}

fn axis(
    canvas: &Canvas<'_>,
    comparison: &Comparison,
    scale: &Scale,
    (top, bottom): (i32, i32),
    (left, right): (i32, i32),
) {
    for tick in scale.ticks() {
        let x = scale.at(tick);
        grid(canvas, (x, top), (x, bottom + 4));
        let text = money_axis(tick, comparison.currency);
        canvas.text(x, bottom + 14, &text, Type::plain(11).centered().inked(Ink::Quiet));
    }
    let kind = if scale.log { ", logarithmic scale" } else { "" };
    let title = format!("{} a month{kind}", comparison.currency);
    canvas.text((left + right) / 2, bottom + 36, &title, Type::plain(LABEL).centered());
}
