//! A design month by month: bars stacked by what is paid for, told apart by letters and patterns.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::canvas::{Canvas, Ink, Line, Panel, Type, fitted, width, wrapped};
use super::plot::{LEFT, PLOT, RIGHT};
use super::scale::Scale;
use super::{HEAD, MARGIN, WIDTH, grid, head, message};
use crate::analysis::Case;
use crate::analysis::compare::Comparison;
use crate::analysis::forecast::Forecast;
use crate::analysis::forecast::outlay::{Outlay, Purpose};
use crate::present::{money, money_axis};
use crate::report::forecast::{letter, words};
use crate::scenario::Param;

const LABEL: i32 = 12;
const ROW: i32 = 20;

/// Least pixels between the labels of months.
const APART: i32 = 28;

/// How many times the dearest month a budget may be to be drawn.
const FARTHEST: f64 = 3.0;

/// What is drawn.
pub struct Months<'p> {
    /// The scenario with its prices.
    pub case: &'p Case<'p>,
    /// What the head says.
    pub comparison: &'p Comparison,
    /// The months.
    pub forecast: &'p Forecast,
    /// Whether bars stand for all that is spent by the end of a month rather than in it.
    pub so_far: bool,
}

/// A bar: its month, 0 for what is paid before month 1, what is spent, what users pay.
struct Bar {
    number: u32,
    outlay: Outlay,
    revenue: Option<f64>,
}

/// Returns the panel.
pub fn panel<'p>(months: &'p Months<'p>) -> Panel<'p> {
    let what = if months.so_far { "Spent by the end of each month" } else { "Cost of each month" };
    let bars = bars(months);
    if bars.iter().all(|bar| bar.outlay.parts.is_empty()) {
        return message(months.comparison, what, "No month has a known cost.".to_owned());
    }
    let said: Vec<String> = words::findings(months.forecast, months.case)
        .iter()
        .flat_map(|text| wrapped(text, WIDTH - 2 * MARGIN, LABEL))
        .collect();
    let entries = entries(months);
    let top = HEAD + ROW * (2 + entries.last().map_or(0, |entry| entry.row)) + 16;
    let bottom = top + PLOT;
    let height = bottom + 56 + ROW * said.len() as i32;
    let draw = move |canvas: &Canvas<'_>| {
        head(canvas, months.comparison, what);
        let name = months.case.pair_name(months.forecast.pair);
        canvas.text(MARGIN, HEAD + 8, &fitted(&name, WIDTH - 2 * MARGIN, LABEL), Type::bold(LABEL));
        legend(canvas, &entries);
        let amounts = bars.iter().flat_map(|bar| [Some(sum(&bar.outlay)), bar.revenue]);
        let cap = cap(months).map(|(amount, _)| amount);
        let scale = Scale::of_amounts(amounts.chain([cap, Some(0.0)]).flatten(), (bottom, top));
        axes(canvas, months, &bars, &scale, bottom);
        for (at, bar) in bars.iter().enumerate() {
            draw_bar(canvas, bar, edges(at, bars.len()), &scale);
        }
        draw_cap(canvas, months, &scale);
        for (at, line) in said.iter().enumerate() {
            let y = bottom + 60 + ROW * at as i32;
            canvas.text(MARGIN, y, line, Type::plain(LABEL));
        }
    };
    Panel { height, draw: Box::new(draw) }
}

fn bars(months: &Months<'_>) -> Vec<Bar> {
    let forecast = months.forecast;
    let revenue = |amount: Option<Decimal>| amount.filter(|_| !months.so_far).and_then(|all| all.to_f64());
    let start = (0, forecast.start.clone(), None);
    let single = forecast.months.iter().map(|month| (month.number, month.outlay.clone(), month.revenue));
    let all: Vec<(u32, Outlay, Option<Decimal>)> = match months.so_far {
        false => std::iter::once(start).chain(single).collect(),
        true => (0..).zip(forecast.cumulated()).map(|(number, outlay)| (number, outlay, None)).collect(),
    };
    let bar = |(number, outlay, paid)| Bar { number, outlay, revenue: revenue(paid) };
    let nothing = |bar: &Bar| bar.number == 0 && bar.outlay.parts.is_empty() && bar.outlay.reason.is_none();
    all.into_iter().map(bar).filter(|bar| !nothing(bar)).collect()
}

fn sum(outlay: &Outlay) -> f64 {
    outlay.total().known.to_f64().unwrap_or(0.0)
}

/// Returns the amount of the line across the bars, with its name; `None` where it lies so far above all of them that
/// they would not be seen.
fn cap(months: &Months<'_>) -> Option<(f64, String)> {
    let budget = months.case.amount(Param::BudgetPerMonth).filter(|_| !months.so_far)?;
    let text = format!("budget {} a month", money(budget, months.case.book.currency));
    let dearest = months.forecast.months.iter().map(|month| sum(&month.outlay)).fold(0.0, f64::max);
    budget.to_f64().filter(|amount| *amount <= dearest * FARTHEST).map(|amount| (amount, text))
}

/// Returns the left and the right edge of a bar.
fn edges(at: usize, count: usize) -> (i32, i32) {
    let edge = |at: usize| LEFT + ((RIGHT - LEFT) as usize * at / count.max(1)) as i32;
    let (left, right) = (edge(at), edge(at + 1));
    let gap = ((right - left) / 6).min(8);
    (left + gap, (right - gap).max(left + gap + 1))
}

/// Returns the colour of a purpose and the distance of the lines across it, in either direction.
fn ink(purpose: Purpose) -> (Ink, Option<usize>, Option<usize>) {
    const INKS: [Ink; 4] = [Ink::Stuff, Ink::Retrieve, Ink::Rewrite, Ink::Converse];
    let at = purpose as usize;
    let (upright, level) = [(None, None), (Some(5), None), (None, Some(5))][at / INKS.len()];
    (INKS[at % INKS.len()], upright, level)
}

/// Fills a box as the purpose asks for.
fn fill(canvas: &Canvas<'_>, purpose: Purpose, (left, top): (i32, i32), (right, bottom): (i32, i32)) {
    let (ink, upright, level) = ink(purpose);
    canvas.rectangle((left, top), (right, bottom), ink);
    let line = Line { ink: Ink::Paper, width: 1, dashed: false };
    for x in upright.into_iter().flat_map(|step| (left + 3..right).step_by(step)) {
        canvas.line(&[(x, top), (x, bottom)], line);
    }
    for y in level.into_iter().flat_map(|step| (top + 3..bottom).step_by(step)) {
        canvas.line(&[(left, y), (right, y)], line);
    }
}

fn draw_bar(canvas: &Canvas<'_>, bar: &Bar, (left, right): (i32, i32), scale: &Scale) {
    let mut reached = 0.0;
    for (purpose, amount) in &bar.outlay.parts {
        let bottom = scale.at(reached);
        reached += amount.to_f64().unwrap_or(0.0);
        let top = scale.at(reached);
        if top >= bottom {
            continue;
        }
        fill(canvas, *purpose, (left, top), (right, bottom));
        if bottom - top >= 14 && right - left >= 14 {
            let middle = ((left + right) / 2, (top + bottom) / 2);
            canvas.rectangle((middle.0 - 6, middle.1 - 7), (middle.0 + 6, middle.1 + 7), ink(*purpose).0);
            let style = Type::bold(LABEL).centered().inked(Ink::Paper);
            canvas.text(middle.0, middle.1, &letter(*purpose).to_string(), style);
        }
    }
    if bar.outlay.reason.is_some() {
        canvas.text((left + right) / 2, scale.at(reached) - 9, "?", Type::bold(LABEL).centered());
    }
    if let Some(revenue) = bar.revenue {
        let y = scale.at(revenue);
        canvas.line(&[(left - 2, y), (right + 2, y)], Line { ink: Ink::Text, width: 3, dashed: false });
    }
}

fn draw_cap(canvas: &Canvas<'_>, months: &Months<'_>, scale: &Scale) {
    let Some((amount, text)) = cap(months) else { return };
    let y = scale.at(amount);
    canvas.line(&[(LEFT, y), (RIGHT, y)], Line { ink: Ink::Text, width: 2, dashed: true });
    let wide = width(&text, 11);
    canvas.rectangle((RIGHT - wide - 4, y - 17), (RIGHT, y - 3), Ink::Paper);
    canvas.text(RIGHT - 2, y - 10, &text, Type::plain(11).ending());
}

/// An entry of the legend: a purpose, or what users pay; where it stands.
struct Entry {
    purpose: Option<Purpose>,
    text: String,
    x: i32,
    row: i32,
}

/// Explains the letters that occur, and the marks, as many in a row as fit.
fn entries(months: &Months<'_>) -> Vec<Entry> {
    let of = |purpose: Purpose| (Some(purpose), format!("{} {}", letter(purpose), purpose.word()));
    let paid = !months.so_far && months.forecast.months.iter().any(|month| month.revenue.is_some());
    let all =
        months.forecast.purposes().into_iter().map(of).chain(paid.then(|| (None, "users pay".to_owned())));
    let (mut x, mut row) = (MARGIN, 0);
    let placed = all.map(|(purpose, text)| {
        let needed = 30 + width(&text, LABEL);
        if x > MARGIN && x + needed > WIDTH - MARGIN {
            (x, row) = (MARGIN, row + 1);
        }
        let entry = Entry { purpose, text, x, row };
        x += needed + 16;
        entry
    });
    placed.collect()
}

fn legend(canvas: &Canvas<'_>, entries: &[Entry]) {
    for Entry { purpose, text, x, row } in entries {
        let y = HEAD + 8 + ROW * (row + 1);
        match purpose {
            Some(purpose) => fill(canvas, *purpose, (*x, y - 8), (x + 24, y + 8)),
            None => canvas.line(&[(*x, y), (x + 24, y)], Line { ink: Ink::Text, width: 3, dashed: false }),
        }
        canvas.text(x + 30, y, text, Type::plain(LABEL));
    }
}

fn axes(canvas: &Canvas<'_>, months: &Months<'_>, bars: &[Bar], scale: &Scale, bottom: i32) {
    let quiet = Type::plain(11).inked(Ink::Quiet);
    let currency = months.case.book.currency;
    for tick in scale.ticks() {
        let y = scale.at(tick);
        grid(canvas, (LEFT - 4, y), (RIGHT, y));
        canvas.text(LEFT - 8, y, &money_axis(tick, currency), quiet.ending());
    }
    let first_over = months.forecast.findings.over_budget.and_then(|first| first.month);
    let mut free = LEFT - APART;
    for (at, bar) in bars.iter().enumerate() {
        let (left, right) = edges(at, bars.len());
        let middle = (left + right) / 2;
        if middle >= free {
            canvas.text(middle, bottom + 14, &bar.number.to_string(), quiet.centered());
            free = middle + APART;
        }
        if first_over == Some(bar.number) && !months.so_far {
            canvas.diamond((middle, bottom), Ink::Text);
        }
    }
    canvas.text(
        (LEFT + RIGHT) / 2,
        bottom + 34,
        "month, 0 is before the first",
        Type::plain(LABEL).centered(),
    );
    let upward = format!("{currency} {}", if months.so_far { "in all" } else { "a month" });
    canvas.text(MARGIN, bottom - PLOT / 2, &upward, Type::plain(LABEL).centered().upright());
}
