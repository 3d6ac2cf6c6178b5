//! Numbers that are known only roughly: `{ low, mode, high }` or `{ p10, p90 }`.

use super::target::Target;

/// What is known of a number that is not known exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Between two ends, most likely at a third value: a triangular distribution.
    Triangle {
        /// Smallest value.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Largest value.
        high: f64,
    },
    /// Below the first value in one case of ten, above the second in one of ten.
    Tenths {
        /// Tenth percentile.
        p10: f64,
        /// Ninetieth percentile.
        p90: f64,
        /// Whether the logarithm is spread normally, and not the value itself: for sizes and counts, not for shares.
        log: bool,
    },
}

/// Standard normal quantile of 90 %.
const Z90: f64 = 1.281_551_565_544_600_4;

impl Range {
    /// Returns the value that holds where one is needed: the mode, or the median.
    pub fn middle(&self) -> f64 {
        match self {
            Range::Triangle { mode, .. } => *mode,
            Range::Tenths { p10, p90, log: true } => (p10 * p90).sqrt(),
            Range::Tenths { p10, p90, log: false } => (p10 + p90) / 2.0,
        }
    }

    /// Returns the value for a draw: `uniform` from 0 to 1 for a triangle, `normal` with mean 0 and deviation 1 otherwise.
    ///
    /// A triangle's quantile at u is low + √(u·(high − low)·(mode − low)) below the mode, and the mirror image above it.
    /// p10 and p90 lie 1.2816 deviations below and above the middle.
    pub fn draw(&self, uniform: f64, normal: f64) -> f64 {
        match *self {
            Range::Triangle { low, mode, high } => {
                let (width, left) = (high - low, mode - low);
                if width <= 0.0 {
                    mode
                } else if uniform * width < left {
                    low + (uniform * width * left).sqrt()
                } else {
                    high - ((1.0 - uniform) * width * (high - mode)).sqrt()
                }
            }
            Range::Tenths { p10, p90, log: true } => {
                let deviation = (p90 / p10).ln() / (2.0 * Z90);
                self.middle() * (deviation * normal).exp()
            }
            Range::Tenths { p10, p90, log: false } => self.middle() + (p90 - p10) / (2.0 * Z90) * normal,
        }
    }
}

/// A number with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertain {
    /// The number.
    pub target: Target,
    /// What is known.
    pub range: Range,
}
