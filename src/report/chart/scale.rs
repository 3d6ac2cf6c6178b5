//! Values to pixels, and where to put ticks.

/// Factor between the largest and the smallest value from which a scale is logarithmic.
const LOGARITHMIC_FROM: f64 = 100.0;

/// How far a logarithmic scale of amounts goes beyond the largest, as a factor.
const HEADROOM: f64 = 1.25;

/// Most ticks of a scale.
const TICKS: usize = 8;

/// A stretch of values laid over a stretch of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: f64,
    to: f64,
    /// Whether equal steps multiply.
    pub log: bool,
    pixels: (i32, i32),
}

impl Scale {
    /// Returns a scale between two values.
    pub fn between(from: f64, to: f64, log: bool, pixels: (i32, i32)) -> Scale {
        Scale { from, to, log, pixels }
    }

    /// Returns a scale that holds all amounts: from a power of ten where they are far apart and
    /// above zero, else from zero.
    pub fn of_amounts(amounts: impl Iterator<Item = f64>, pixels: (i32, i32)) -> Scale {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for amount in amounts.filter(|amount| amount.is_finite()) {
            (low, high) = (low.min(amount), high.max(amount));
        }
        if low > 0.0 && high / low > LOGARITHMIC_FROM {
            // The smallest amount keeps some distance from the edge.
            let from = 10f64.powf((low / 2.0).log10().floor());
            return Scale::between(from, high * HEADROOM, true, pixels);
        }
        let (low, high) = if low > high { (0.0, 1.0) } else { (low.min(0.0), high.max(0.0)) };
        let step = step(if high > low { high - low } else { 1.0 });
        let to = if high > low { (high / step).ceil() * step } else { 1.0 };
        Scale::between((low / step).floor() * step, to, false, pixels)
    }

    /// Returns the same stretch of values over other pixels.
    pub fn over(self, pixels: (i32, i32)) -> Scale {
        Scale { pixels, ..self }
    }

    /// Returns the pixel of the largest value.
    pub fn end(&self) -> i32 {
        self.pixels.1
    }

    /// Returns the pixel of a value; the nearer end for one outside.
    pub fn at(&self, value: f64) -> i32 {
        self.place(value).round() as i32
    }

    /// Returns the same between pixels.
    pub fn place(&self, value: f64) -> f64 {
        let share = if self.log {
            (value.max(self.from) / self.from).ln() / (self.to / self.from).ln()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        let (first, last) = (f64::from(self.pixels.0), f64::from(self.pixels.1));
        first + share.clamp(0.0, 1.0) * (last - first)
    }

    /// Returns the values that get a tick: powers of ten, or steps of 1, 2 or 5.
    pub fn ticks(&self) -> Vec<f64> {
        if self.log {
            let (first, last) = (self.from.log10().ceil() as i32, self.to.log10().floor() as i32);
            let every = (last - first).unsigned_abs() as usize / TICKS + 1;
            return (first..=last).step_by(every).map(|power| 10f64.powi(power)).collect();
        }
        let step = step(self.to - self.from);
        let (first, last) = ((self.from / step).ceil() as i64, (self.to / step).floor() as i64);
        (first..=last).map(|count| count as f64 * step).collect()
    }
}

/// Returns a step of 1, 2 or 5 times a power of ten that divides a stretch into about five.
fn step(stretch: f64) -> f64 {
    let rough = stretch / 5.0;
    let power = 10f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough * 0.999).unwrap_or(10.0);
    factor * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_far_apart_get_powers_of_ten() {
        let scale = Scale::of_amounts([20.0, 11_694.0].into_iter(), (0, 100));
        assert!(scale.log);
        assert_eq!(scale.ticks(), [10.0, 100.0, 1000.0, 10_000.0]);
        assert_eq!((scale.at(10.0), scale.at(11_694.0 * 1.25)), (0, 100));
    }

    #[test]
    fn amounts_close_together_begin_at_zero() {
        let scale = Scale::of_amounts([3.0, 47.0].into_iter(), (0, 100));
        assert_eq!(scale.ticks(), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
        assert_eq!(scale.at(25.0), 50);
    }

    #[test]
    fn nothing_and_zero_still_make_a_scale() {
        for amounts in [vec![], vec![0.0]] {
            let scale = Scale::of_amounts(amounts.into_iter(), (0, 100));
            assert_eq!((scale.at(0.0), scale.at(1.0)), (0, 100));
        }
    }
}
