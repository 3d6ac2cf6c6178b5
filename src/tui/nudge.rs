//! Steps of a parameter: round numbers, near the value they start from.

use super::action::{Direction, Stride};
use crate::scenario::parameter::{Parameter, Unit};
use crate::scenario::{Numbers, Param};

/// Returns the value one step away, within the parameter's bounds.
///
/// Shares, hours and small counts go by fixed steps. Other numbers go by two significant digits
/// (12,000 to 13,000), or by 1, 2, 5, 10 in coarse steps.
pub fn nudge(facts: &Parameter, value: f64, direction: Direction, stride: Stride) -> f64 {
    let (low, high) = facts.bounds;
    let next = match (fixed_step(facts), stride) {
        (Some((fine, _)), Stride::Fine) => on_grid(value, fine, direction),
        (Some((_, coarse)), _) => on_grid(value, coarse, direction),
        (None, Stride::Fine) => two_digits(value, direction, facts.whole),
        (None, _) => one_two_five(value, direction, facts.whole),
    };
    next.clamp(low, high)
}

/// Returns the value that steps of a derived parameter start from.
pub fn start(facts: &Parameter, numbers: &Numbers) -> f64 {
    match facts.param {
        Param::RequestsPerMonth => numbers.requests(),
        Param::ContextTokens => numbers.value(Param::CorpusTokens),
        param => numbers.get(param).unwrap_or_else(|| middle(facts)),
    }
}

fn middle(facts: &Parameter) -> f64 {
    let (low, high) = facts.range;
    if facts.unit == Unit::Share {
        return (low + high) / 2.0;
    }
    let middle = if low > 0.0 { (low * high).sqrt() } else { (low + high) / 2.0 };
    round_to_digits(middle, 1)
}

fn fixed_step(facts: &Parameter) -> Option<(f64, f64)> {
    match facts.unit {
        Unit::Share => Some((0.01, 0.1)),
        Unit::Hours | Unit::Months => Some((1.0, 6.0)),
        Unit::Ratio => Some((0.1, 1.0)),
        Unit::Count if facts.whole => Some((1.0, 5.0)),
        _ => None,
    }
}

/// Returns the next multiple of a step; values between two multiples go to the nearer end.
fn on_grid(value: f64, step: f64, direction: Direction) -> f64 {
    let place = value / step;
    let next = match direction {
        Direction::On => (place + 1e-9).floor() + 1.0,
        Direction::Back => (place - 1e-9).ceil() - 1.0,
    };
    round_to_digits(next * step, 12)
}

fn two_digits(value: f64, direction: Direction, whole: bool) -> f64 {
    if value <= 0.0 {
        return if direction == Direction::On { 1.0 } else { 0.0 };
    }
    let step = |of: f64| {
        let step = 10f64.powi(of.log10().floor() as i32 - 1);
        if whole { step.max(1.0) } else { step }
    };
    let next = on_grid(value, step(value), direction);
    // A power of ten is left downward by the finer steps below it: 1,000 to 990.
    if direction == Direction::Back && next > 0.0 && step(next) < step(value) {
        return on_grid(value, step(next), direction);
    }
    next
}

fn one_two_five(value: f64, direction: Direction, whole: bool) -> f64 {
    const MANTISSAS: [f64; 3] = [1.0, 2.0, 5.0];
    if value <= 0.0 {
        return if direction == Direction::On { 1.0 } else { 0.0 };
    }
    let exponent = value.log10().floor() as i32;
    let rungs = (exponent - 1..=exponent + 1)
        .flat_map(|power| {
            MANTISSAS.iter().map(move |mantissa| round_to_digits(mantissa * 10f64.powi(power), 12))
        })
        .filter(|rung| !whole || *rung >= 1.0);
    let next = match direction {
        Direction::On => rungs.filter(|rung| *rung > value * (1.0 + 1e-9)).reduce(f64::min),
        Direction::Back => rungs.filter(|rung| *rung < value * (1.0 - 1e-9)).reduce(f64::max),
    };
    next.unwrap_or(0.0)
}

fn round_to_digits(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let places = digits - 1 - value.abs().log10().floor() as i32;
    let factor = 10f64.powi(places.abs());
    if places >= 0 { (value * factor).round() / factor } else { (value / factor).round() * factor }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Back, On};
    use Stride::{Coarse, Fine};

    fn step(param: Param, value: f64, direction: Direction, stride: Stride) -> f64 {
        nudge(param.facts(), value, direction, stride)
    }

    #[test]
    fn tokens_go_by_two_digits_or_one_two_five() {
        assert_eq!(step(Param::CorpusTokens, 128_000.0, On, Fine), 130_000.0);
        assert_eq!(step(Param::CorpusTokens, 128_000.0, Back, Fine), 120_000.0);
        assert_eq!(step(Param::CorpusTokens, 1000.0, Back, Fine), 990.0);
        assert_eq!(step(Param::CorpusTokens, 128_000.0, On, Coarse), 200_000.0);
        assert_eq!(step(Param::CorpusTokens, 100_000.0, Back, Coarse), 50_000.0);
        assert_eq!(step(Param::CorpusTokens, 9.0, On, Fine), 10.0);
        assert_eq!(step(Param::CorpusTokens, 1.0, Back, Fine), 0.0);
        assert_eq!(step(Param::CorpusTokens, 0.0, On, Coarse), 1.0);
    }

    #[test]
    fn shares_hours_and_counts_go_by_fixed_steps_within_their_bounds() {
        assert_eq!(step(Param::HitShare, 0.5, On, Fine), 0.51);
        assert_eq!(step(Param::HitShare, 0.95, On, Coarse), 1.0);
        assert_eq!(step(Param::TopK, 5.0, On, Fine), 6.0);
        assert_eq!(step(Param::TopK, 5.0, Back, Coarse), 0.0);
        assert_eq!(step(Param::ActiveHoursPerDay, 24.0, On, Fine), 24.0);
        assert_eq!(step(Param::ActiveHoursPerDay, 1.0, Back, Coarse), 0.1);
    }

    #[test]
    fn every_parameter_stays_in_bounds_and_whole_from_end_to_end() {
        for facts in crate::scenario::parameter::PARAMETERS {
            for direction in [On, Back] {
                let mut value = start(facts, &Numbers::default());
                for _ in 0..400 {
                    value = nudge(facts, value, direction, if value > 1e6 { Coarse } else { Fine });
                    facts.check(value, "a step").unwrap_or_else(|fault| panic!("{fault}"));
                }
            }
        }
    }
}
