//! The cost of designs along any number of a scenario: a line for each, told apart by letters.

use super::canvas::{Canvas, Ink, Line, Panel, Type, fitted};
use super::plot::{LEFT, PLOT, Plot, RIGHT};
use super::scale::Scale;
use super::{HEAD, MARGIN, WIDTH, head, message, side};
use crate::analysis::Case;
use crate::analysis::compare::Comparison;
use crate::analysis::curve::Metric;
use crate::analysis::sweep::Sweep;

/// Height of a line of the legend.
const ROW: i32 = 20;

/// What is drawn.
pub struct Along<'p> {
    /// The scenario with its prices.
    pub case: &'p Case<'p>,
    /// What the head says.
    pub comparison: &'p Comparison,
    /// The costs.
    pub sweep: &'p Sweep,
    /// Values at which the cheaper design changes, with the cost there where both have one.
    pub crossings: Vec<(f64, Option<f64>)>,
}

/// Returns the panel.
pub fn panel<'p>(along: &'p Along<'p>) -> Panel<'p> {
    let what = "Cost of designs along one number of the scenario";
    let sweep = along.sweep;
    if sweep.series.iter().all(|series| series.costs.iter().all(Option::is_none)) {
        return message(along.comparison, what, "No design has a known cost in this stretch.".to_owned());
    }
    let top = HEAD + ROW * sweep.series.len() as i32 + 12;
    let bottom = top + PLOT;
    let draw = move |canvas: &Canvas<'_>| {
        head(canvas, along.comparison, what);
        let axis = sweep.axis;
        let x = Scale::between(axis.from, axis.to, axis.log, (LEFT, RIGHT));
        let costs = sweep.series.iter().flat_map(|series| series.costs.iter().copied().flatten());
        let y = Scale::of_amounts(costs, (bottom, top));
        let plot = Plot { top, bottom, x: &x, y: &y };
        let of = if sweep.metric == Metric::Monthly { "a month" } else { "in all" };
        plot.axes(canvas, along.case.book.currency, &along.case.scenario.label_of(axis.target), of);
        lines(canvas, along, &plot);
        for (at, cost) in &along.crossings {
            match cost {
                Some(cost) => canvas.ring((x.at(*at), y.at(*cost)), Ink::Text),
                None => canvas.diamond((x.at(*at), bottom), Ink::Text),
            }
        }
    };
    Panel { height: bottom + 64, draw: Box::new(draw) }
}

/// Draws the lines with their letters, and the legend.
fn lines(canvas: &Canvas<'_>, along: &Along<'_>, plot: &Plot<'_>) {
    let mut taken: Vec<i32> = Vec::new();
    for (at, series) in along.sweep.series.iter().enumerate() {
        let side = side(series.pair.strategy.family());
        let line = Line { ink: side.ink, width: 3, dashed: at % 2 == 1 };
        let letter = char::from(b'A' + (at % 26) as u8).to_string();
        let y = HEAD + 12 + ROW * at as i32;
        canvas.text(MARGIN, y, &letter, Type::bold(12));
        canvas.line(&[(MARGIN + 24, y), (MARGIN + 68, y)], line);
        let name = along.case.pair_name(series.pair);
        canvas.text(MARGIN + 76, y, &fitted(&name, WIDTH - 2 * MARGIN - 76, 12), Type::plain(12));
        plot.curve(canvas, series, &along.sweep.values, line);
        let ends = along.sweep.values.iter().zip(&series.costs).rev();
        let end = ends.filter_map(|(value, cost)| Some((*value, (*cost)?))).next();
        if let Some((value, cost)) = end {
            // Letters of lines that end together stand below each other.
            let mut y = plot.y.at(cost);
            while taken.iter().any(|other| (other - y).abs() < 14) {
                y += 14;
            }
            taken.push(y);
            canvas.text(plot.x.at(value) + 8, y, &letter, Type::bold(12));
        }
    }
}
