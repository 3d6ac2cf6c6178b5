//! Which stretch of a number an axis shows: the usual one, a smaller or larger one, the one beside it.

use crate::analysis::sweep::Axis;
use crate::scenario::Target;
use crate::tui::action::{Direction, Stride};
use crate::tui::work::Work;

/// Steps of the cursor from end to end, fine and coarse.
const CURSOR_STEPS: (f64, f64) = (200.0, 20.0);

/// How far beyond a parameter's usual range one can zoom out or pan.
const FARTHEST: f64 = 1000.0;

/// Smallest stretch that can be drawn, as a share of its upper end; whole numbers need this many.
const SMALLEST: (f64, f64) = (1e-6, 4.0);

/// Share of the stretch by which it is panned.
const PAN: f64 = 0.25;

/// Returns the usual stretch of a number, widened to the scenario's value.
pub fn usual(work: &Work, target: Target) -> Axis {
    let facts = target.param.facts();
    let axis = Axis { target, ..Axis::usual(facts) };
    let Some(value) = work.scenario().number(target).filter(|value| value.is_finite()) else { return axis };
    let mut wide = axis;
    if value > axis.to {
        wide.to = (value * 2.0).min(facts.bounds.1);
    }
    // A logarithmic stretch cannot begin at zero; it is drawn without the scenario's value.
    if value < axis.from && (value > 0.0 || !axis.log) {
        wide.from = (value / 2.0).max(facts.bounds.0);
    }
    if facts.whole {
        (wide.from, wide.to) = (wide.from.floor(), wide.to.ceil());
    }
    wide.log = axis.log && wide.from > 0.0;
    if wide.from < wide.to { wide } else { axis }
}

/// Returns the usual stretch of an axis, on a scale like its own where that can be.
pub fn reset(work: &Work, axis: Axis) -> Axis {
    let usual = usual(work, axis.target);
    Axis { log: axis.log && usual.from > 0.0, ..usual }
}

/// Returns the scenario's value on an axis, or its middle where the value is derived.
pub fn now(work: &Work, axis: Axis) -> f64 {
    let value = work.scenario().number(axis.target).unwrap_or_else(|| axis.value(0.5));
    value.clamp(axis.from, axis.to)
}

/// Returns where a cursor comes to.
pub fn moved(axis: Axis, cursor: f64, direction: Direction, stride: Stride) -> f64 {
    let sign = sign(direction);
    let step = match stride {
        Stride::Fine => 1.0 / CURSOR_STEPS.0,
        Stride::Coarse => 1.0 / CURSOR_STEPS.1,
        Stride::End => 1.0,
    };
    let mut to = axis.value(axis.position(cursor) + sign * step);
    if to == cursor && axis.param().facts().whole {
        to += sign;
    }
    to.clamp(axis.from, axis.to)
}

/// Returns half (on) or twice (back) the stretch, in which a value keeps its place; `None` where there is none.
pub fn zoomed(axis: Axis, around: f64, direction: Direction) -> Option<Axis> {
    let factor = if direction == Direction::On { 0.5 } else { 2.0 };
    let place = axis.position(around);
    let (low, high) = farthest(axis);
    let from = beyond(axis, place - place * factor).max(low);
    let to = beyond(axis, place + (1.0 - place) * factor).min(high);
    checked(axis, from, to)
}

/// Returns the stretch beside an axis; `None` at the end of what can be drawn.
pub fn panned(axis: Axis, direction: Direction) -> Option<Axis> {
    let (low, high) = farthest(axis);
    let room = |end: f64| if axis.log { end.ln() } else { end };
    let length = room(axis.to) - room(axis.from);
    let wanted = sign(direction) * PAN;
    // The length stays, so that panning is not zooming.
    let step = match direction {
        Direction::On => wanted.min((room(high) - room(axis.to)) / length),
        Direction::Back => wanted.max((room(low) - room(axis.from)) / length),
    };
    checked(axis, beyond(axis, step).max(low), beyond(axis, 1.0 + step).min(high))
}

/// Returns an axis with its scale linear or logarithmic; `None` where it has no other. A stretch from zero, where no
/// logarithmic scale can begin, is from zero again on the way back.
pub fn rescaled(axis: Axis) -> Option<Axis> {
    let facts = axis.param().facts();
    let least = if facts.whole { 1.0 } else { axis.to / FARTHEST };
    let from = match axis.log {
        false if axis.from <= 0.0 => least,
        true if axis.from == least && facts.range.0 <= 0.0 => facts.range.0,
        _ => axis.from,
    };
    (from < axis.to).then_some(Axis { from, log: !axis.log, ..axis })
}

fn sign(direction: Direction) -> f64 {
    if direction == Direction::On { 1.0 } else { -1.0 }
}

/// Returns the ends beyond which nothing is drawn, except what is drawn already.
fn farthest(axis: Axis) -> (f64, f64) {
    let facts = axis.param().facts();
    let low = if axis.log { facts.range.0 / FARTHEST } else { facts.bounds.0 };
    let low = low.max(facts.bounds.0).max(if facts.whole && axis.log { 1.0 } else { 0.0 });
    let high = (facts.range.1 * FARTHEST).min(facts.bounds.1);
    (low.min(axis.from), high.max(axis.to))
}

/// Returns another stretch of an axis, unless it is too small or the same.
fn checked(axis: Axis, from: f64, to: f64) -> Option<Axis> {
    let whole = axis.param().facts().whole;
    let (from, to) = if whole { (from.floor(), to.ceil()) } else { (from, to) };
    let smallest = if whole { SMALLEST.1 } else { SMALLEST.0 * to.abs() };
    let new = Axis::new(axis.target, from, to, axis.log).ok()?;
    (to - from >= smallest && new != axis).then_some(new)
}

/// Returns the value at a place that may lie outside the axis.
fn beyond(axis: Axis, place: f64) -> f64 {
    if axis.log {
        axis.from * (axis.to / axis.from).powf(place)
    } else {
        axis.from + (axis.to - axis.from) * place
    }
}
