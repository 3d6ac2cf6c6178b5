//! What the keys of the break-even screen do.

use super::{Action, Chart, Scale, map, stretch};
use crate::analysis::curve::Metric;
use crate::analysis::sweep::Axis;
use crate::present;
use crate::tui::action::{Direction, Stride};
use crate::tui::state::State;
use Direction::On;

/// Does what an action asks for.
pub fn act(state: &mut State, action: Action) {
    match action {
        Action::Cursor(direction, stride) => {
            let chart = &mut state.views.break_even;
            chart.cursor = stretch::moved(chart.axis, chart.cursor, direction, stride);
        }
        Action::Rise(direction, stride) => rise(state, direction, stride),
        Action::Map => {
            let map = &mut state.views.break_even.map;
            map.open = !map.open;
        }
        Action::Axis(direction) => next_parameter(state, direction),
        Action::Second(direction) => next_second(state, direction),
        Action::Crossing(direction) if state.views.break_even.map.open => map::to_border(state, direction),
        Action::Crossing(direction) => to_crossing(state, direction),
        Action::Zoom(direction) => {
            let word = if direction == On { "smaller" } else { "larger" };
            change_stretch(state, word, |axis, cursor| stretch::zoomed(axis, cursor, direction));
        }
        Action::Pan(direction) => pan(state, direction),
        Action::Unzoom => unzoom(state),
        Action::Scale(Scale::X) => {
            let chart = &mut state.views.break_even;
            if let Some(axis) = stretch::rescaled(chart.axis) {
                chart.set_axis(axis);
            }
        }
        Action::Scale(Scale::Y) => toggle_upward(state),
        Action::Metric => toggle_metric(&mut state.views.break_even),
    }
}

/// Says that a key is for the map; false where the map is open.
fn needs_map(state: &mut State, what: &str) -> bool {
    let missing = !state.views.break_even.map.open;
    if missing {
        state.note(format!("{what} on the map; Enter opens it"));
    }
    missing
}

fn rise(state: &mut State, direction: Direction, stride: Stride) {
    if !needs_map(state, "up and down move the cursor") {
        let map = &mut state.views.break_even.map;
        map.cursor = stretch::moved(map.up, map.cursor, direction, stride);
    }
}

fn next_parameter(state: &mut State, direction: Direction) {
    let targets = state.work.targets();
    let now = state.views.break_even.axis.target;
    let Some(next) = direction.turned(targets, |target| *target == now) else { return };
    state.views.break_even.set_number(&state.work, next);
}

/// Takes the next second parameter that can be varied against the first.
fn next_second(state: &mut State, direction: Direction) {
    if needs_map(state, "b takes another second parameter") {
        return;
    }
    let chart = &state.views.break_even;
    let choices = map::choices(&state.work, chart.axis.target);
    let now = chart.map.up.target;
    if let Some(next) = direction.turned(&choices, |target| *target == now) {
        state.views.break_even.map.set_number(&state.work, next);
    }
}

fn to_crossing(state: &mut State, direction: Direction) {
    let chart = &mut state.views.break_even;
    let crossings = chart.curves.iter().flat_map(|curves| curves.crossings.iter().map(|found| found.at));
    let near = |at: &f64| (at - chart.cursor).abs() <= 1e-9 * at.abs();
    let to = match direction {
        Direction::On => crossings.filter(|at| *at > chart.cursor && !near(at)).reduce(f64::min),
        Direction::Back => crossings.filter(|at| *at < chart.cursor && !near(at)).reduce(f64::max),
    };
    match to {
        Some(at) => chart.cursor = at,
        None => {
            let side = if direction == Direction::On { "above" } else { "below" };
            let text = format!("no crossing {side} {}", present::value(chart.cursor));
            state.note(text);
        }
    }
}

/// Changes the stretch of what is drawn: on the map both.
fn change_stretch(state: &mut State, word: &str, change: impl Fn(Axis, f64) -> Option<Axis>) {
    let chart = &mut state.views.break_even;
    let across = change(chart.axis, chart.cursor);
    let up = if chart.map.open { change(chart.map.up, chart.map.cursor) } else { None };
    if across.is_none() && up.is_none() {
        return state.note(format!("no {word} stretch"));
    }
    if let Some(axis) = across {
        chart.set_axis(axis);
    }
    if let Some(axis) = up {
        chart.map.set_axis(axis);
    }
}

fn pan(state: &mut State, direction: Direction) {
    match stretch::panned(state.views.break_even.axis, direction) {
        Some(axis) => state.views.break_even.set_axis(axis),
        None => {
            let word = if direction == On { "larger" } else { "smaller" };
            state.note(format!("no {word} values are drawn"));
        }
    }
}

fn unzoom(state: &mut State) {
    let chart = &mut state.views.break_even;
    chart.set_axis(stretch::reset(&state.work, chart.axis));
    if chart.map.open {
        chart.map.set_axis(stretch::reset(&state.work, chart.map.up));
    }
}

fn toggle_upward(state: &mut State) {
    let chart = &mut state.views.break_even;
    if chart.map.open {
        if let Some(axis) = stretch::rescaled(chart.map.up) {
            chart.map.set_axis(axis);
        }
        return;
    }
    let range = chart.curves.as_ref().and_then(|curves| curves.range);
    if range.is_some_and(|(low, _)| low > 0.0) {
        chart.log_cost = Some(!chart.is_log_cost());
    } else {
        state.note("costs of zero have no place on a logarithmic scale");
    }
}

fn toggle_metric(chart: &mut Chart) {
    chart.metric = match chart.metric {
        Metric::Monthly => Metric::Total,
        Metric::Total => Metric::Monthly,
    };
    chart.curves = None;
}
