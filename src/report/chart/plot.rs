//! Axes and curves of costs along a number, for every picture that has them.

use super::canvas::{Canvas, Line, Type, thinned};
use super::scale::Scale;
use super::{MARGIN, WIDTH, grid};
use crate::analysis::sweep::Series;
use crate::present::{compact, money_axis};
use crate::units::Currency;

/// Height of a plot.
pub const PLOT: i32 = 300;

/// Left edge of a plot.
pub const LEFT: i32 = 96;

/// Right edge of a plot.
pub const RIGHT: i32 = WIDTH - 40;

/// Where values and costs lie.
pub struct Plot<'p> {
    /// Upper edge.
    pub top: i32,
    /// Lower edge.
    pub bottom: i32,
    /// The number's scale.
    pub x: &'p Scale,
    /// The costs' scale.
    pub y: &'p Scale,
}

impl Plot<'_> {
    /// Draws both axes with their names; `of` says what the costs are of, such as `a month`.
    pub fn axes(&self, canvas: &Canvas<'_>, currency: Currency, number: &str, of: &str) {
        let quiet = Type::plain(11).inked(super::Ink::Quiet);
        for tick in self.x.ticks() {
            let x = self.x.at(tick);
            grid(canvas, (x, self.top), (x, self.bottom + 4));
            canvas.text(x, self.bottom + 14, &compact(tick), quiet.centered());
        }
        for tick in self.y.ticks() {
            let y = self.y.at(tick);
            grid(canvas, (LEFT - 4, y), (RIGHT, y));
            canvas.text(LEFT - 8, y, &money_axis(tick, currency), quiet.ending());
        }
        let kind = |scale: &Scale| if scale.log { ", logarithmic scale" } else { "" };
        let across = format!("{number}{}", kind(self.x));
        canvas.text((LEFT + RIGHT) / 2, self.bottom + 38, &across, Type::plain(12).centered());
        let upward = format!("{currency} {of}{}", kind(self.y));
        canvas.text(MARGIN, (self.top + self.bottom) / 2, &upward, Type::plain(12).centered().upright());
    }

    /// Draws a curve with gaps where the design has no cost.
    pub fn curve(&self, canvas: &Canvas<'_>, series: &Series, values: &[f64], line: Line) {
        let place = |at: f64, cost: f64| (self.x.place(at), self.y.place(cost));
        let points: Vec<Option<(f64, f64)>> =
            values.iter().zip(&series.costs).map(|(at, cost)| cost.map(|cost| place(*at, cost))).collect();
        for piece in points.split(Option::is_none) {
            let piece: Vec<(f64, f64)> = piece.iter().copied().flatten().collect();
            let pixels = thinned(&piece).into_iter().map(|(x, y)| (x.round() as i32, y.round() as i32));
            match pixels.collect::<Vec<_>>().as_slice() {
                [] => {}
                [point] => canvas.dot(*point, line.ink),
                pixels => canvas.line(pixels, line),
            }
        }
    }
}
