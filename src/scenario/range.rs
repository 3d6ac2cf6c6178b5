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
            // The root of each, because the product of small ones may be too small to be told from 0.
            Range::Tenths { p10, p90, log: true } => p10.sqrt() * p90.sqrt(),
            Range::Tenths { p10, p90, log: false } => (p10 + p90) / 2.0,
        }
    }

    /// Says the range, with its values as `write` puts them: 50k to 200k, most likely 100k.
    pub fn in_words(&self, write: impl Fn(f64) -> String) -> String {
        match self {
            Range::Triangle { low, mode, high } => {
                format!("{} to {}, most likely {}", write(*low), write(*high), write(*mode))
            }
            Range::Tenths { p10, p90, .. } => {
                format!("{} to {} in eight of ten cases", write(*p10), write(*p90))
            }
        }
    }

    /// Returns the value below which the number lies with a chance between 0 and 1, both left out.
    ///
    /// A triangle's is low + √(u·(high − low)·(mode − low)) below the mode, and the mirror image above it: from 0 to 10
    /// with the mode at 4, the chance of 0.1 is at √(0.1·10·4) = 2. p10 and p90 lie 1.2816 deviations below and above
    /// the middle.
    pub fn quantile(&self, chance: f64) -> f64 {
        match *self {
            Range::Triangle { low, mode, high } => {
                let (width, left) = (high - low, mode - low);
                if chance * width < left {
                    low + (chance * width * left).sqrt()
                } else {
                    high - ((1.0 - chance) * width * (high - mode)).sqrt()
                }
            }
            Range::Tenths { p10, p90, log: true } => {
                let deviation = (p90 / p10).ln() / (2.0 * Z90);
                self.middle() * (deviation * normal_quantile(chance)).exp()
            }
            Range::Tenths { p10, p90, log: false } => {
                self.middle() + (p90 - p10) / (2.0 * Z90) * normal_quantile(chance)
            }
        }
    }
}

/// Returns the value below which a standard normal number lies with a chance between 0 and 1, within 1e-15 of itself.
///
/// Algorithm AS 241 of M. J. Wichura, "The percentage points of the normal distribution", Applied Statistics 37 (1988),
/// 477–484, routine PPND16.
fn normal_quantile(chance: f64) -> f64 {
    let from_middle = chance - 0.5;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle * polynomial(r, &NEAR_MIDDLE.0) / polynomial(r, &NEAR_MIDDLE.1);
    }
    let tail = if from_middle < 0.0 { chance } else { 1.0 - chance };
    let r = (-tail.ln()).sqrt();
    let (r, (above, below)) = if r <= 5.0 { (r - 1.6, &TAIL) } else { (r - 5.0, &FAR_TAIL) };
    (polynomial(r, above) / polynomial(r, below)).copysign(from_middle)
}

/// Returns a polynomial's value, its coefficients from the constant on.
fn polynomial(x: f64, coefficients: &[f64; 8]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Coefficients of a fraction of two polynomials.
type Fraction = ([f64; 8], [f64; 8]);

const NEAR_MIDDLE: Fraction = (
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
);

const TAIL: Fraction = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

const FAR_TAIL: Fraction = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

/// A number with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertain {
    /// The number.
    pub target: Target,
    /// What is known.
    pub range: Range,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        // From tables of the normal distribution: 0.975 is 1.959964, 0.995 is 2.575829, 1e-9 is -5.997807.
        for (chance, value) in [
            (0.5, 0.0),
            (0.9, Z90),
            (0.975, 1.959_963_984_540_054),
            (0.995, 2.575_829_303_548_901),
            (0.05, -1.644_853_626_951_472_7),
            (1e-9, -5.997_807_015_007_686),
            (1e-12, -7.034_483_825_301_131),
        ] {
            let found = normal_quantile(chance);
            assert!((found - value).abs() <= 1e-12 * value.abs().max(1.0), "{chance}: {found}");
        }
    }

    #[test]
    fn a_range_has_its_own_ends_and_middle() {
        let triangle = Range::Triangle { low: 0.0, mode: 4.0, high: 10.0 };
        // Below the mode lies 4/10 of the triangle; at 0.85 it is 10 − √(0.15·10·6) = 7.
        for (chance, value) in [(0.1, 2.0), (0.4, 4.0), (0.85, 7.0)] {
            assert!((triangle.quantile(chance) - value).abs() < 1e-12, "{chance}");
        }
        for log in [true, false] {
            let tenths = Range::Tenths { p10: 50.0, p90: 200.0, log };
            let middle = if log { 100.0 } else { 125.0 };
            for (chance, value) in [(0.1, 50.0), (0.5, middle), (0.9, 200.0)] {
                assert!((tenths.quantile(chance) - value).abs() < 1e-9, "{chance} of {tenths:?}");
            }
        }
    }

    #[test]
    fn the_smallest_numbers_have_a_middle_above_nothing() {
        let range = Range::Tenths { p10: 5e-324, p90: 1e-10, log: true };
        assert!(range.middle() > 0.0 && !range.quantile(1.0 - 1e-16).is_nan());
    }
}
