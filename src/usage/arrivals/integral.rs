//! The two integrals that everything here is made of, and sums of Poisson chances.

/// Below this exponent a series is more exact than differences of exponentials; its error is 1e-13 there.
const SMALL: f64 = 0.01;

/// Returns ∫ e^(−decay·y) dy and ∫ y·e^(−decay·y) dy over y from 0 to `length`.
pub fn decayed(decay: f64, length: f64) -> (f64, f64) {
    let x = decay * length;
    if x < SMALL {
        let plain = 1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x / 120.0)));
        let weighted = 0.5 - x * (1.0 / 3.0 - x * (0.125 - x * (1.0 / 30.0 - x / 144.0)));
        return (length * plain, length * length * weighted);
    }
    let gone = -(-x).exp_m1();
    let plain = gone / decay;
    (plain, (plain - length * (1.0 - gone)) / decay)
}

/// Returns ∫ (start + slope·y)·e^(−decay·y) dy over y from 0 to `length`.
pub fn ramp(start: f64, slope: f64, decay: f64, length: f64) -> f64 {
    let (plain, weighted) = decayed(decay, length);
    start * plain + slope * weighted
}

/// Returns 1 + x + … over `count` terms (a whole number), where x is e^(−decay).
pub fn geometric(decay: f64, count: f64) -> f64 {
    // The least decay stands for none: the quotient is then the count itself.
    let decay = decay.max(1e-300);
    (-decay * count).exp_m1() / (-decay).exp_m1()
}

/// Exponent below which a chance no longer shows: e^−40 is 4e-18.
pub const NOTHING: f64 = 40.0;

/// Returns the chance that a Poisson count of that mean is at least `least`, a whole number from 1.
///
/// `log_factorial` is ln(least!), which a caller that counts up has at hand. Far from the mean the answer is
/// 0 or 1 by the bound e^(−(least − mean)²/(2·max)); near it the terms are summed away from the mean.
pub fn at_least(least: f64, mean: f64, log_factorial: f64) -> f64 {
    let gap = mean - least;
    if gap * gap > 2.0 * NOTHING * mean.max(least) {
        return if gap > 0.0 { 1.0 } else { 0.0 };
    }
    let mut term = (least * mean.ln() - mean - log_factorial).exp();
    let (mut sum, mut count) = (0.0, least);
    if gap < 0.0 {
        while term > 1e-18 * sum {
            sum += term;
            count += 1.0;
            term *= mean / count;
        }
        return sum.min(1.0);
    }
    while count > 0.0 && term > 1e-18 {
        term *= count / mean;
        count -= 1.0;
        sum += term;
    }
    (1.0 - sum).max(0.0)
}
