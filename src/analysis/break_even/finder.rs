//! The search: where the smaller of two amounts changes along an axis.

use super::{Cheaper, Crossing, CrossingKind, Region};
use crate::analysis::sweep::Axis;

/// Samples of the axis. Two changes closer than one step may go unseen unless the curves approach
/// each other smoothly there: of a stretch of four powers of ten a step is less than half a percent.
const SAMPLES: usize = 2048;

/// Largest relative difference of the two costs at a reported root.
const ROOT_TOLERANCE: f64 = 1e-9;

/// Relative difference below which two costs count as equal: rounding of a handful of `f64` sums.
const TIE: f64 = 1e-14;

/// Relative width below which a stretch of equal costs is one point. Where curves touch without
/// slope, costs within [`TIE`] of each other reach about the root of it to both sides.
const POINT: f64 = 1e-6;

/// Changes followed inside one step; more would be rounding noise between equal costs.
const CHANGES_PER_STEP: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Sample {
    at: f64,
    a: Option<f64>,
    b: Option<f64>,
}

impl Sample {
    fn difference(&self) -> Option<f64> {
        Some(self.a? - self.b?)
    }

    fn scale(&self) -> f64 {
        self.a.unwrap_or(0.0).abs().max(self.b.unwrap_or(0.0).abs())
    }

    fn state(&self) -> Cheaper {
        match (self.a, self.b) {
            (None, None) => Cheaper::Neither,
            (Some(_), None) => Cheaper::A,
            (None, Some(_)) => Cheaper::B,
            (Some(a), Some(b)) if (a - b).abs() <= TIE * self.scale() => Cheaper::Equal,
            (Some(a), Some(b)) => {
                if a < b {
                    Cheaper::A
                } else {
                    Cheaper::B
                }
            }
        }
    }

    fn agrees(&self, tolerance: f64) -> bool {
        self.difference().is_some_and(|difference| difference.abs() <= tolerance * self.scale())
    }
}

/// Both amounts at a value of the axis; `None` where there is none.
pub(super) type Amounts<'f> = &'f mut dyn FnMut(f64) -> (Option<f64>, Option<f64>);

/// All changes of order along an axis.
pub(super) struct Found {
    pub crossings: Vec<Crossing>,
    pub regions: Vec<Region>,
    pub parallel: bool,
}

/// Both amounts as a function of one number.
struct Pencil<'f> {
    amounts: Amounts<'f>,
    axis: Axis,
}

impl Pencil<'_> {
    fn at(&mut self, value: f64) -> Sample {
        let (a, b) = (self.amounts)(value);
        Sample { at: value, a, b }
    }

    /// Returns a value between two others, or `None` when there is none left to try.
    fn between(&self, low: f64, high: f64) -> Option<f64> {
        let whole = self.axis.param().facts().whole;
        let middle = if self.axis.log && low > 0.0 { (low * high).sqrt() } else { low + (high - low) / 2.0 };
        // Of two whole numbers with one between them, a geometric mean can round to the lower.
        let middle = if whole { middle.floor().max(low.floor() + 1.0) } else { middle };
        (middle > low && middle < high).then_some(middle)
    }

    /// Narrows a change of state to neighbouring numbers.
    fn narrow(&mut self, mut low: Sample, mut high: Sample) -> (Sample, Sample) {
        while let Some(middle) = self.between(low.at, high.at) {
            let sample = self.at(middle);
            if sample.state() == low.state() { low = sample } else { high = sample }
        }
        (low, high)
    }
}

/// Returns the values at which a search begins, ascending.
pub(super) fn samples(axis: Axis) -> Vec<f64> {
    axis.values(SAMPLES)
}

/// Finds every change of order of two amounts along an axis.
pub(super) fn find(axis: Axis, amounts: Amounts<'_>) -> Found {
    let mut pencil = Pencil { amounts, axis };
    let samples: Vec<Sample> = samples(axis).into_iter().map(|value| pencil.at(value)).collect();
    let samples = with_near_misses(&mut pencil, samples);
    let mut crossings: Vec<Crossing> = Vec::new();
    let mut regions: Vec<Region> = Vec::new();
    let mut start = axis.from;
    let mut current = samples[0].state();
    for pair in samples.windows(2) {
        let (mut left, right) = (pair[0], pair[1]);
        for _ in 0..CHANGES_PER_STEP {
            if left.state() == right.state() {
                break;
            }
            let (low, high) = pencil.narrow(left, right);
            let crossing = crossing_between(&low, &high);
            // A root can fall on a sample: the tie is then a point, not a region.
            let point_tie = high.state() == Cheaper::Equal || low.state() == Cheaper::Equal;
            let repeated = point_tie && crossings.last().is_some_and(|last| same_place(last.at, crossing.at));
            if !repeated {
                regions.push(Region { from: start, to: crossing.at, cheaper: current });
                crossings.push(crossing);
                start = crossing.at;
            }
            current = high.state();
            left = high;
        }
    }
    regions.push(Region { from: start, to: axis.to, cheaper: current });
    let (crossings, regions) = without_point_ties(crossings, regions);
    let parallel = crossings.is_empty() && is_parallel(&samples);
    Found { crossings, regions, parallel }
}

/// Returns where the first amount is gone on the way from a value at which it is to one at which it is not, `gone`: the
/// last value there without it.
pub(super) fn edge(axis: Axis, amounts: Amounts<'_>, (gone, there): (f64, f64)) -> f64 {
    let mut pencil = Pencil { amounts, axis };
    let (low, high) = (pencil.at(gone.min(there)), pencil.at(gone.max(there)));
    let (low, high) = pencil.narrow(low, high);
    if gone < there { low.at } else { high.at }
}

/// Adds samples where the curves come close without changing order, and cross inside the step.
fn with_near_misses(pencil: &mut Pencil<'_>, samples: Vec<Sample>) -> Vec<Sample> {
    let mut all = samples.clone();
    for window in samples.windows(3) {
        let sizes: Option<Vec<f64>> = window.iter().map(|sample| sample.difference().map(f64::abs)).collect();
        let Some(sizes) = sizes else { continue };
        let same_side = window.iter().all(|sample| sample.state() == window[1].state());
        if same_side && sizes[1] < sizes[0] && sizes[1] <= sizes[2] {
            let closest = pencil.closest_crossing(window[0].at, window[2].at, window[1].state());
            all.extend(closest);
        }
    }
    all.sort_by(|a, b| a.at.total_cmp(&b.at));
    all.dedup_by(|a, b| a.at == b.at);
    all
}

impl Pencil<'_> {
    /// Returns a sample on the other side of the order, if the curves cross between two values.
    fn closest_crossing(&mut self, low: f64, high: f64, state: Cheaper) -> Option<Sample> {
        // The signed difference has an extremum here; beyond zero it lies on the other side.
        const GOLDEN: f64 = 0.618_033_988_749_894_9;
        let toward = if state == Cheaper::A { 1.0 } else { -1.0 };
        let (mut low, mut high) = (low, high);
        let whole = self.axis.param().facts().whole;
        for _ in 0..60 {
            let span = high - low;
            let (mut left, mut right) = (low + span * (1.0 - GOLDEN), low + span * GOLDEN);
            if whole {
                (left, right) = (left.floor(), right.ceil());
            }
            let (at_left, at_right) = (self.at(left), self.at(right));
            for sample in [at_left, at_right] {
                if sample.state() != state {
                    return Some(sample);
                }
            }
            let height = |sample: &Sample| sample.difference().map_or(f64::NEG_INFINITY, |d| d * toward);
            if height(&at_left) > height(&at_right) { high = right } else { low = left }
        }
        None
    }
}

fn crossing_between(low: &Sample, high: &Sample) -> Crossing {
    for sample in [low, high] {
        if sample.agrees(ROOT_TOLERANCE) && low.difference().is_some() && high.difference().is_some() {
            return Crossing { at: sample.at, kind: CrossingKind::Root, cost: sample.a };
        }
    }
    Crossing { at: high.at, kind: CrossingKind::Jump, cost: None }
}

fn same_place(a: f64, b: f64) -> bool {
    (a - b).abs() <= POINT * a.abs().max(b.abs())
}

/// Removes regions of equality that are only a point: a root met exactly, with or without a change.
fn without_point_ties(crossings: Vec<Crossing>, regions: Vec<Region>) -> (Vec<Crossing>, Vec<Region>) {
    let mut kept: Vec<Region> = Vec::new();
    for region in regions {
        let is_point = region.cheaper == Cheaper::Equal && same_place(region.from, region.to);
        if is_point {
            continue;
        }
        match kept.last_mut() {
            Some(last) if last.cheaper == region.cheaper => last.to = region.to,
            _ => kept.push(region),
        }
    }
    let ends: Vec<f64> = kept.iter().skip(1).map(|region| region.from).collect();
    let crossings = crossings
        .into_iter()
        .filter(|crossing| ends.iter().any(|end| same_place(*end, crossing.at)))
        .collect();
    (crossings, kept)
}

fn is_parallel(samples: &[Sample]) -> bool {
    let differences: Option<Vec<f64>> = samples.iter().map(Sample::difference).collect();
    let Some(differences) = differences else { return false };
    let scale = samples.iter().map(Sample::scale).fold(0.0, f64::max);
    differences.iter().all(|difference| (difference - differences[0]).abs() <= ROOT_TOLERANCE * scale)
}
