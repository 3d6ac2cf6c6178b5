//! What every number does to a design's cost: a bar from the present cost to that of either end.

use super::canvas::{Canvas, Ink, Line, Panel, Type, fitted, width};
use super::scale::Scale;
use super::{HEAD, MARGIN, WIDTH, grid, head, message};
use crate::analysis::Case;
use crate::analysis::compare::Comparison;
use crate::analysis::sensitivity::{End, Move, Tornado};
use crate::present::{money_axis, money_float, parameter};
use crate::report::sensitivity::percent;

/// Most bars.
const BARS: usize = 25;

const PITCH: i32 = 28;
const THICKNESS: i32 = 16;
const LABEL: i32 = 12;
const WIDEST_LABEL: i32 = 320;

/// Room beside a bar for the value at its end.
const VALUE: i32 = 76;

/// Returns the panel.
pub fn panel<'p>(case: &'p Case<'p>, comparison: &'p Comparison, found: &'p Tornado) -> Panel<'p> {
    let of = found.metric.of(case.scenario);
    let what = "What every number does to the cost of one design";
    if found.moves.is_empty() {
        return message(comparison, what, "No number moves it.".to_owned());
    }
    let bars = &found.moves[..found.moves.len().min(BARS)];
    let height = HEAD + 56 + PITCH * bars.len() as i32 + 76;
    let draw = move |canvas: &Canvas<'_>| {
        head(canvas, comparison, what);
        let by = percent(found);
        let text = format!("Cost of {of} with {}, each number moved by ±{by}", case.pair_name(found.pair));
        canvas.text(MARGIN, HEAD + 8, &fitted(&text, WIDTH - 2 * MARGIN, 13), Type::bold(13));
        legend(canvas);
        draw_bars(canvas, case, found, bars);
    };
    Panel { height, draw: Box::new(draw) }
}

fn legend(canvas: &Canvas<'_>) {
    let (y, box_height) = (HEAD + 32, 12);
    let mut x = MARGIN;
    for (larger, text) in [(false, "smaller number (hatched)"), (true, "larger number")] {
        fill(canvas, (x, y - box_height / 2), (x + 28, y + box_height / 2), larger);
        canvas.text(x + 36, y, text, Type::plain(LABEL));
        x += 36 + width(text, LABEL) + 24;
    }
}

/// Fills a box; that of a smaller number is hatched, so that nothing depends on its colour.
fn fill(canvas: &Canvas<'_>, from: (i32, i32), to: (i32, i32), larger: bool) {
    canvas.rectangle(from, to, if larger { Ink::Stuff } else { Ink::Retrieve });
    if !larger {
        for x in (from.0 + 5..to.0).step_by(6) {
            canvas.line(&[(x, from.1), (x, to.1)], Line { ink: Ink::Paper, width: 1, dashed: false });
        }
    }
}

fn draw_bars(canvas: &Canvas<'_>, case: &Case<'_>, found: &Tornado, bars: &[Move]) {
    let label = |moved: &Move| {
        let value = parameter(moved.target.param.facts(), moved.value);
        format!("{} {value}", case.scenario.label_of(moved.target))
    };
    let labels = bars.iter().map(|moved| width(&label(moved), LABEL)).max().unwrap_or(0).min(WIDEST_LABEL);
    let left = MARGIN + labels + 12;
    let widest = found.widest();
    // Where nothing has a cost but the middle, the scale still needs a length.
    let reach = if widest > 0.0 { widest } else { found.cost.abs().max(1.0) };
    let pixels = (left + VALUE, WIDTH - MARGIN - VALUE);
    let scale = Scale::between(found.cost - reach, found.cost + reach, false, pixels);
    let top = HEAD + 56;
    let bottom = top + PITCH * bars.len() as i32;
    axis(canvas, case, found, &scale, (top, bottom));
    for (at, moved) in bars.iter().enumerate() {
        let y = top + PITCH * at as i32 + PITCH / 2;
        canvas.text(left - 12, y, &fitted(&label(moved), WIDEST_LABEL, LABEL), Type::plain(LABEL).ending());
        draw_move(canvas, found, moved, &scale, y);
    }
    if found.moves.len() > bars.len() {
        let more = format!("and {} more with smaller swings", found.moves.len() - bars.len());
        canvas.text(MARGIN, bottom + 36, &more, Type::plain(LABEL).inked(Ink::Quiet));
    }
}

/// Draws both ends of a move, the farther one below the other where they lie on one side.
fn draw_move(canvas: &Canvas<'_>, found: &Tornado, moved: &Move, scale: &Scale, y: i32) {
    let distance = |end: &End| found.difference(end).unwrap_or(0.0).abs();
    let mut ends = [(&moved.low, false), (&moved.high, true)];
    ends.sort_by(|a, b| distance(b.0).total_cmp(&distance(a.0)));
    let middle = scale.at(found.cost);
    let same_side = matches!(
        (found.difference(&moved.low), found.difference(&moved.high)),
        (Some(low), Some(high)) if low * high > 0.0
    );
    for (place, (end, larger)) in ends.into_iter().enumerate() {
        let Some(cost) = end.cost else { continue };
        let x = scale.at(cost);
        fill(canvas, (x.min(middle), y - THICKNESS / 2), (x.max(middle), y + THICKNESS / 2), larger);
        // Two values on one side would stand upon each other; a bound is no end of its own.
        if end.value != moved.value && (place == 0 || !same_side) {
            let text = fitted(&parameter(moved.target.param.facts(), end.value), VALUE - 8, 11);
            let quiet = Type::plain(11).inked(Ink::Quiet);
            let (x, style) = if cost < found.cost { (x - 6, quiet.ending()) } else { (x + 6, quiet) };
            canvas.text(x, y, &text, style);
        }
    }
    if moved.swing().is_none() {
        let dearer =
            ends.iter().any(|(end, _)| found.difference(end).is_some_and(|difference| difference > 0.0));
        let style = Type::bold(11);
        let (x, style) = if dearer { (middle - 6, style.ending()) } else { (middle + 6, style) };
        canvas.text(x, y, "no cost at an end", style);
    }
}

fn axis(canvas: &Canvas<'_>, case: &Case<'_>, found: &Tornado, scale: &Scale, (top, bottom): (i32, i32)) {
    for tick in scale.ticks() {
        let x = scale.at(tick);
        grid(canvas, (x, top), (x, bottom + 4));
        let text = money_axis(tick, case.book.currency);
        canvas.text(x, bottom + 14, &text, Type::plain(11).centered().inked(Ink::Quiet));
    }
    let x = scale.at(found.cost);
    canvas.line(&[(x, top - 4), (x, bottom + 4)], Line { ink: Ink::Text, width: 2, dashed: false });
    let text = format!("{} as it is", money_float(found.cost, case.book.currency));
    canvas.text(x, bottom + 36, &text, Type::bold(LABEL).centered());
}
