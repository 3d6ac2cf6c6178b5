//! Where prices lie on a plot, and which round prices stand beside it.

use ratatui::layout::Rect;

use crate::present::far_apart;
use crate::tui::ticks::ticks;

/// A scale whose ends are round prices: no price lies above the last mark.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    /// Whether it is logarithmic.
    pub log: bool,
    /// Round prices, ascending.
    pub marks: Vec<f64>,
}

impl Scale {
    /// Makes a scale for prices between two ends; a logarithmic one where they lie far apart, or where prices that hold
    /// together would lie on one row though they differ.
    pub fn of(low: f64, high: f64, together: &[f64], plot: Rect) -> Scale {
        let most = usize::from(plot.height / 3).max(1);
        let linear = Scale::linear(high, most);
        let crowded = |(a, b): (&f64, &f64)| a != b && linear.row(*a, plot) == linear.row(*b, plot);
        let pairs =
            || together.iter().enumerate().flat_map(|(at, a)| together[..at].iter().map(move |b| (a, b)));
        let log = low > 0.0 && (far_apart(low, high) || pairs().any(crowded));
        if log { Scale::logarithmic(low, high, most) } else { linear }
    }

    fn linear(high: f64, most: usize) -> Scale {
        let high = if high > 0.0 { high } else { 1.0 };
        let step = match ticks(0.0, high, false, most)[..] {
            [first, second, ..] => second - first,
            _ => round_up(high),
        };
        let steps = (high / step - 1e-9).ceil().max(1.0);
        let marks = (0..=steps as usize).map(|at| at as f64 * step).collect();
        Scale { low: 0.0, high: steps * step, log: false, marks }
    }

    fn logarithmic(low: f64, high: f64, most: usize) -> Scale {
        let (low, high) = (round_down(low), round_up(high));
        let mut marks = ticks(low, high, true, most);
        if marks.last().is_none_or(|last| *last < high * (1.0 - 1e-9)) {
            marks.push(high);
        }
        Scale { low, high, log: true, marks }
    }

    /// Returns the row of a price.
    pub fn row(&self, price: f64, plot: Rect) -> u16 {
        let share = match self.log {
            true => (price / self.low).ln() / (self.high / self.low).ln(),
            false => (price - self.low) / (self.high - self.low),
        };
        let last = f64::from(plot.height.saturating_sub(1));
        plot.y + ((1.0 - share.clamp(0.0, 1.0)) * last).round() as u16
    }
}

/// Returns the next 1, 2 or 5 times a power of ten that is not below a price.
fn round_up(price: f64) -> f64 {
    let power = 10f64.powf(price.log10().floor());
    let fits = |candidate: &f64| *candidate >= price * (1.0 - 1e-9);
    [1.0, 2.0, 5.0].into_iter().map(|m| m * power).find(fits).unwrap_or(10.0 * power)
}

/// Returns the last one that is not above it.
fn round_down(price: f64) -> f64 {
    let power = 10f64.powf(price.log10().floor());
    let fits = |candidate: &f64| *candidate <= price * (1.0 + 1e-9);
    [5.0, 2.0, 1.0].into_iter().map(|m| m * power).find(fits).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Rect = Rect { x: 0, y: 0, width: 40, height: 12 };

    #[test]
    fn no_price_lies_above_the_last_mark() {
        for (low, high) in [(2.5, 15.0), (0.02, 80.0), (3.0, 3.0), (0.0, 0.0), (0.1, 97.0), (1.0, 1000.0)] {
            let scale = Scale::of(low, high, &[low, high], PLOT);
            assert!(scale.marks.last().is_some_and(|last| *last >= high), "{scale:?}");
            assert!(scale.marks.len() >= 2, "{scale:?}");
        }
    }

    #[test]
    fn prices_that_hold_together_lie_on_rows_of_their_own() {
        // Beside an output of $0.40, both $0.015 and $0.005 are on the row of $0.
        let scale = Scale::of(0.005, 0.4, &[0.015, 0.005, 0.4], PLOT);
        assert!(scale.log, "{scale:?}");
        let rows = [0.015, 0.005, 0.4].map(|price| scale.row(price, PLOT));
        assert!(rows[0] != rows[1] && rows[0] != rows[2], "{rows:?}");
        // Nothing tells equal prices apart, and a linear scale is easier to read.
        assert!(!Scale::of(3.0, 15.0, &[3.0, 3.0, 15.0], PLOT).log);
    }
}
