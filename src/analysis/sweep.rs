//! The cost of designs along one parameter.

use std::panic::resume_unwind;
use std::thread;

use super::curve::{Curve, Metric};
use super::{Case, Pair};
use crate::diagnostic::Fault;
use crate::scenario::parameter::Parameter;
use crate::scenario::{Param, Scenario, Target};

/// A stretch of one parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// The number that is varied.
    pub target: Target,
    /// Smallest value.
    pub from: f64,
    /// Largest value.
    pub to: f64,
    /// Whether steps multiply instead of add.
    pub log: bool,
}

impl Axis {
    /// Checks a stretch against the parameter's bounds.
    ///
    /// # Errors
    /// A fault where an end is out of bounds, the ends are reversed, or a logarithmic stretch
    /// begins at zero.
    pub fn new(target: impl Into<Target>, from: f64, to: f64, log: bool) -> Result<Axis, Fault> {
        let target = target.into();
        Axis::named(target.param.facts().path, target, (from, to), log)
    }

    /// Checks a stretch like [`Axis::new`], and calls the number by its path in a scenario.
    ///
    /// # Errors
    /// The same faults.
    pub fn of(scenario: &Scenario, target: Target, ends: (f64, f64), log: bool) -> Result<Axis, Fault> {
        Axis::named(&scenario.path_of(target), target, ends, log)
    }

    fn named(path: &str, target: Target, (from, to): (f64, f64), log: bool) -> Result<Axis, Fault> {
        let facts = target.param.facts();
        let within = |value: f64| value.is_finite() && value >= facts.bounds.0 && value <= facts.bounds.1;
        for value in [from, to] {
            if !within(value) {
                let range = facts.range_in_words();
                return Err(Fault::OutOfRange { key: path.into(), value: value.to_string(), range });
            }
        }
        if from >= to {
            let message = format!("the range of {path} runs from {from} to {to}");
            return Err(Fault::Conflict { message, remedy: "begin it below its end".into() });
        }
        if facts.whole && from.ceil() >= to.floor() {
            let message = format!("no two whole numbers lie between {from} and {to}, the range of {path}");
            return Err(Fault::Conflict { message, remedy: "make the range wider".into() });
        }
        if log && from <= 0.0 {
            let message = format!("a logarithmic range of {path} cannot begin at {from}");
            return Err(Fault::Conflict { message, remedy: "begin it above zero".into() });
        }
        Ok(Axis { target, from, to, log })
    }

    /// Returns the stretch that is usual for a parameter.
    pub fn usual(parameter: &Parameter) -> Axis {
        let (from, to) = parameter.range;
        Axis { target: parameter.param.into(), from, to, log: from > 0.0 && to / from >= 100.0 }
    }

    /// Returns the parameter whose facts hold for the number.
    pub fn param(&self) -> Param {
        self.target.param
    }

    /// Returns the value at a position from 0 to 1, whole where the parameter is.
    pub fn value(&self, position: f64) -> f64 {
        let position = position.clamp(0.0, 1.0);
        let value = if position == 1.0 {
            self.to
        } else if self.log {
            self.from * (self.to / self.from).powf(position)
        } else {
            self.from + (self.to - self.from) * position
        };
        if self.param().facts().whole {
            value.round().clamp(self.from.ceil(), self.to.floor())
        } else {
            value
        }
    }

    /// Returns the values at evenly spaced points, ends included; whole numbers that fall together once.
    pub fn values(&self, points: usize) -> Vec<f64> {
        let steps = points.max(2) - 1;
        let mut values: Vec<f64> = (0..=steps).map(|step| self.value(step as f64 / steps as f64)).collect();
        values.dedup();
        values
    }

    /// Returns the position of a value, from 0 to 1.
    pub fn position(&self, value: f64) -> f64 {
        let share = if self.log {
            (value / self.from).ln() / (self.to / self.from).ln()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        share.clamp(0.0, 1.0)
    }
}

/// One design's cost along an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The design.
    pub pair: Pair,
    /// Costs at the sweep's values; `None` where the design does not fit or has no price.
    pub costs: Vec<Option<f64>>,
}

/// Costs of designs along an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// The stretch.
    pub axis: Axis,
    /// What is compared.
    pub metric: Metric,
    /// Values of the parameter.
    pub values: Vec<f64>,
    /// Costs, design by design.
    pub series: Vec<Series>,
}

/// Works out the costs of designs at evenly spaced points of an axis, ends included.
///
/// Values of a whole-numbered parameter that fall together are given once.
pub fn sweep(case: &Case<'_>, pairs: &[Pair], axis: Axis, points: usize, metric: Metric) -> Sweep {
    let values = axis.values(points);
    let series = |pair: &Pair| {
        let mut curve = Curve::new(case, *pair);
        let costs = values.iter().map(|value| curve.cost_at(axis.target, *value, metric)).collect();
        Series { pair: *pair, costs }
    };
    let series = in_parallel(pairs, pairs.len() * values.len(), series);
    Sweep { axis, metric, values, series }
}

/// A sweep that may be too long to be held: its designs are worked out a few at a time.
#[derive(Clone, Copy)]
pub struct LongSweep<'a> {
    /// The scenario and its prices.
    pub case: &'a Case<'a>,
    /// The designs.
    pub pairs: &'a [Pair],
    /// The stretch.
    pub axis: Axis,
    /// Points along it, ends included.
    pub points: usize,
    /// What is compared.
    pub metric: Metric,
}

/// Costs of a long sweep that are held at a time: as rows of text they take some ten megabytes.
const HELD_AT_A_TIME: usize = 20_000;

impl LongSweep<'_> {
    /// Works the designs out in their order, as many at a time as can well be held, one at least.
    pub fn parts(&self) -> impl Iterator<Item = Sweep> {
        self.pairs.chunks((HELD_AT_A_TIME / self.points.max(1)).max(1)).map(|part| self.of(part))
    }

    /// Works out the designs of one model at a time; all at once where there are no more than `together`.
    pub fn by_model(&self, together: usize) -> impl Iterator<Item = Sweep> {
        let few = self.pairs.len() <= together;
        self.pairs.chunk_by(move |a, b| few || a.model == b.model).map(|part| self.of(part))
    }

    fn of(&self, pairs: &[Pair]) -> Sweep {
        sweep(self.case, pairs, self.axis, self.points, self.metric)
    }
}

/// Evaluations that take about a millisecond; fewer are not worth a thread.
const WORTH_A_THREAD: usize = 8000;

/// Makes one thing of each design, on as many processors as the number of evaluations is worth; in the order of the designs.
fn in_parallel<T: Send>(pairs: &[Pair], evaluations: usize, make: impl Fn(&Pair) -> T + Sync) -> Vec<T> {
    let most = pairs.len().min(evaluations / WORTH_A_THREAD);
    // Asking for the processors takes as long as hundreds of evaluations.
    let threads =
        if most < 2 { 1 } else { thread::available_parallelism().map_or(1, |known| most.min(known.get())) };
    if threads < 2 {
        return pairs.iter().map(make).collect();
    }
    let make = &make;
    thread::scope(|scope| {
        let parts = pairs.chunks(pairs.len().div_ceil(threads));
        let parts: Vec<_> =
            parts.map(|part| scope.spawn(move || part.iter().map(make).collect::<Vec<T>>())).collect();
        let made = parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        made.flatten().collect()
    })
}
