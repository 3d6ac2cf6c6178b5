//! Findings as pictures: a bar for each design, the cost of designs along a number, a stacked bar for each month, what
//! moves a cost, and where costs lie.
//!
//! Pictures are SVG. Nothing in them depends on colour alone: stuffing and retrieval carry a
//! letter and a pattern, and what stands out says so in words. No font is measured; widths of
//! texts are estimated so that labels keep clear of each other in any common sans-serif.

pub mod along;
mod bands;
mod bars;
mod canvas;
mod curves;
mod map;
pub mod months;
mod plot;
mod prices;
mod scale;
mod tornado;

use crate::analysis::Case;
use crate::analysis::compare::Comparison;
use crate::analysis::grid::Grid;
use crate::analysis::product_history::ProductHistory;
use crate::analysis::sensitivity::Tornado;
use crate::analysis::simulate::Simulation;
use crate::analysis::summary::Summary;
use crate::catalog::Catalog;
use crate::usage::strategy::Family;
use canvas::{Canvas, Ink, Line, Panel, Type, picture};

/// Width of every picture, in pixels.
const WIDTH: i32 = 960;

/// Empty space along the edges.
const MARGIN: i32 = 24;

/// Height of title and subtitles.
const HEAD: i32 = 82;

/// Draws the comparison.
pub fn comparison(summary: &Summary) -> String {
    picture(WIDTH, vec![bars::panel(summary)])
}

/// Draws the break-even.
pub fn break_even(case: &Case<'_>, summary: &Summary) -> String {
    picture(WIDTH, vec![curves::panel(case, summary)])
}

/// Draws the cost of designs along any number.
pub fn along(along: &along::Along<'_>) -> String {
    picture(WIDTH, vec![along::panel(along)])
}

/// Draws which design wins over two numbers.
pub fn map(case: &Case<'_>, comparison: &Comparison, grid: &Grid) -> String {
    picture(WIDTH, vec![map::panel(case, comparison, grid)])
}

/// Draws the prices of one product over time.
pub fn prices(catalog: &Catalog, history: &ProductHistory) -> String {
    picture(WIDTH, vec![prices::panel(catalog, history)])
}

/// Draws a forecast month by month.
pub fn months(months: &months::Months<'_>) -> String {
    picture(WIDTH, vec![months::panel(months)])
}

/// Draws what every number does to a design's cost.
pub fn tornado(case: &Case<'_>, comparison: &Comparison, found: &Tornado) -> String {
    picture(WIDTH, vec![tornado::panel(case, comparison, found)])
}

/// Draws where the costs of designs lie while numbers are known only roughly.
pub fn bands(case: &Case<'_>, comparison: &Comparison, found: &Simulation) -> String {
    picture(WIDTH, vec![bands::panel(case, comparison, found)])
}

/// Draws both, one above the other.
pub fn both(case: &Case<'_>, summary: &Summary) -> String {
    picture(WIDTH, vec![bars::panel(summary), curves::panel(case, summary)])
}

/// Returns a panel that only says something.
fn message<'p>(comparison: &'p Comparison, what: &'static str, text: String) -> Panel<'p> {
    let draw = move |canvas: &Canvas<'_>| {
        head(canvas, comparison, what);
        let lines = canvas::wrapped(&text, WIDTH - 2 * MARGIN, 13);
        for (at, line) in lines.iter().enumerate() {
            canvas.text(MARGIN, HEAD + 24 + 20 * at as i32, line, Type::plain(13));
        }
    };
    Panel { height: HEAD + 80, draw: Box::new(draw) }
}

/// Draws scenario, subject, day and currency.
fn head(canvas: &Canvas<'_>, comparison: &Comparison, what: &str) {
    let name = canvas::fitted(&comparison.scenario, WIDTH - 2 * MARGIN, 18);
    canvas.text(MARGIN, 26, &name, Type::bold(18));
    canvas.text(MARGIN, 49, what, Type::plain(14));
    let requests = crate::present::whole(comparison.requests);
    let (date, currency) = (comparison.as_of, comparison.currency);
    let subtitle = format!("Prices of {date}, in {currency}; {requests} requests a month");
    canvas.text(MARGIN, 69, &subtitle, Type::plain(12).inked(Ink::Quiet));
}

/// How a side of the question is drawn.
struct Side {
    letter: &'static str,
    ink: Ink,
    hatched: bool,
}

fn side(family: Family) -> Side {
    match family {
        Family::Stuff => Side { letter: "S", ink: Ink::Stuff, hatched: false },
        Family::Retrieve => Side { letter: "R", ink: Ink::Retrieve, hatched: true },
        Family::Rewrite => Side { letter: "W", ink: Ink::Rewrite, hatched: false },
        Family::Converse => Side { letter: "C", ink: Ink::Converse, hatched: false },
    }
}

/// Draws the letter of a side in a box of its colour; `y` is the middle.
fn badge(canvas: &Canvas<'_>, x: i32, y: i32, family: Family) {
    let side = side(family);
    canvas.rectangle((x, y - 8), (x + 16, y + 8), side.ink);
    canvas.text(x + 8, y, side.letter, Type::bold(12).centered().inked(Ink::Paper));
}

/// Draws a grid line in either direction.
fn grid(canvas: &Canvas<'_>, from: (i32, i32), to: (i32, i32)) {
    canvas.line(&[from, to], Line { ink: Ink::Faint, width: 1, dashed: false });
}
