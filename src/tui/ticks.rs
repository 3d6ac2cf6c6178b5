//! Round numbers for the marks of a scale.

/// Returns at most `most` round values between two ends, ascending.
///
/// A linear scale goes by steps of 1, 2 or 5 times a power of ten; a logarithmic one by powers of
/// ten, or by 1, 2, 5 where it is short.
pub fn ticks(from: f64, to: f64, log: bool, most: usize) -> Vec<f64> {
    if !(from.is_finite() && to.is_finite() && from < to) || most == 0 {
        return Vec::new();
    }
    let ticks = if log && from > 0.0 { logarithmic(from, to, most) } else { Vec::new() };
    if ticks.len() >= 2 { ticks } else { linear(from, to, most) }
}

fn linear(from: f64, to: f64, most: usize) -> Vec<f64> {
    let raw = (to - from) / most as f64;
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= raw * 0.999_999);
    let Some(step) = step.filter(|step| *step > 0.0) else { return Vec::new() };
    let first = (from / step - 1e-9).ceil();
    let last = (to / step + 1e-9).floor();
    let count = (last - first).max(0.0) as usize + 1;
    (0..count.min(most + 1)).map(|at| (first + at as f64) * step).collect()
}

fn logarithmic(from: f64, to: f64, most: usize) -> Vec<f64> {
    let (low, high) = (from.log10().floor() as i32, to.log10().ceil() as i32);
    let within = |value: &f64| *value >= from * (1.0 - 1e-9) && *value <= to * (1.0 + 1e-9);
    for mantissas in [&[1.0, 2.0, 5.0][..], &[1.0][..]] {
        let all: Vec<f64> = (low..=high)
            .flat_map(|power| mantissas.iter().map(move |mantissa| mantissa * 10f64.powi(power)))
            .filter(within)
            .collect();
        if all.len() <= most {
            return all;
        }
        if mantissas.len() == 1 {
            let every = all.len().div_ceil(most);
            return all.into_iter().step_by(every).collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_scales_go_by_one_two_or_five() {
        assert_eq!(ticks(0.0, 10.0, false, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.0, 97.0, false, 4), [0.0, 50.0]);
    }

    #[test]
    fn logarithmic_scales_go_by_powers_of_ten() {
        assert_eq!(ticks(100.0, 1e6, true, 6), [1e2, 1e3, 1e4, 1e5, 1e6]);
        assert_eq!(ticks(90.0, 1100.0, true, 6), [100.0, 200.0, 500.0, 1000.0]);
        assert_eq!(ticks(1.0, 1e8, true, 3), [1.0, 1e3, 1e6]);
    }

    #[test]
    fn a_scale_without_length_has_no_marks() {
        assert!(ticks(3.0, 3.0, false, 5).is_empty());
        assert!(ticks(0.0, f64::INFINITY, false, 5).is_empty());
        assert!(ticks(0.0, 1.0, false, 0).is_empty());
    }
}
