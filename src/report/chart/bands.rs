//! Where the costs of designs lie: from the twentieth part of the draws to the last but a twentieth, with the median.

use super::canvas::{Canvas, Ink, Line, Panel, Type, fitted, width};
use super::scale::Scale;
use super::{HEAD, MARGIN, WIDTH, badge, grid, head, message, side};
use crate::analysis::Case;
use crate::analysis::compare::Comparison;
use crate::analysis::simulate::{Quantiles, Row, Simulation};
use crate::present::{money_axis, money_float, money_rough, whole};
use crate::report::simulate::{ranges, shown};

/// Most bands.
const BANDS: usize = 20;

const PITCH: i32 = 28;
const THICKNESS: i32 = 10;
const LABEL: i32 = 12;
const WIDEST_LABEL: i32 = 300;

/// Room right of the plot for median and chances.
const WORDS: i32 = 190;

/// Returns the panel.
pub fn panel<'p>(case: &'p Case<'p>, comparison: &'p Comparison, found: &'p Simulation) -> Panel<'p> {
    let what = "Cost of a month while numbers are known only roughly";
    let known = found.rows.iter().filter_map(|row| Some((row, row.costs?)));
    let bands: Vec<(&Row, Quantiles)> = known.take(BANDS).collect();
    if bands.is_empty() {
        return message(comparison, what, "No design has a cost in any draw.".to_owned());
    }
    let height = HEAD + 56 + PITCH * bands.len() as i32 + 76;
    let draw = move |canvas: &Canvas<'_>| {
        head(canvas, comparison, what);
        let samples = whole(f64::from(found.samples));
        let text = format!("{samples} draws, seed {}: {}", found.seed, ranges(case));
        canvas.text(MARGIN, HEAD + 8, &fitted(&text, WIDTH - 2 * MARGIN, LABEL), Type::plain(LABEL));
        let text = "Bars from p5 to p95, a stroke at the median (p50)";
        canvas.text(MARGIN, HEAD + 28, text, Type::plain(LABEL).inked(Ink::Quiet));
        draw_bands(canvas, case, found, &bands);
    };
    Panel { height, draw: Box::new(draw) }
}

fn draw_bands(canvas: &Canvas<'_>, case: &Case<'_>, found: &Simulation, bands: &[(&Row, Quantiles)]) {
    let name = |row: &Row| case.pair_name(row.pair);
    let labels = bands.iter().map(|(row, _)| width(&name(row), LABEL)).max().unwrap_or(0).min(WIDEST_LABEL);
    let left = MARGIN + labels + 36;
    let costs = bands.iter().flat_map(|(_, costs)| [costs.p5, costs.p95]);
    let scale = Scale::of_amounts(costs.chain(found.budget), (left, WIDTH - MARGIN - WORDS));
    let (top, bottom) = (HEAD + 56, HEAD + 56 + PITCH * bands.len() as i32);
    for tick in scale.ticks() {
        let x = scale.at(tick);
        grid(canvas, (x, top), (x, bottom + 4));
        let text = money_axis(tick, case.book.currency);
        canvas.text(x, bottom + 14, &text, Type::plain(11).centered().inked(Ink::Quiet));
    }
    if let Some(budget) = found.budget {
        let x = scale.at(budget);
        canvas.line(&[(x, top - 4), (x, bottom + 4)], Line { ink: Ink::Text, width: 2, dashed: true });
        let text = format!("budget {}", money_float(budget, case.book.currency));
        canvas.text(x, bottom + 36, &text, Type::bold(LABEL).centered());
    }
    for (at, (row, costs)) in bands.iter().enumerate() {
        let y = top + PITCH * at as i32 + PITCH / 2;
        let bold = found.cheapest == Some(row.pair);
        let style = if bold { Type::bold(LABEL) } else { Type::plain(LABEL) };
        canvas.text(left - 36, y, &fitted(&name(row), WIDEST_LABEL, LABEL), style.ending());
        badge(canvas, left - 28, y, row.pair.strategy.family());
        draw_band(canvas, row, *costs, &scale, y);
        let words = fitted(&words(case, row, *costs), WORDS - 12, 11);
        canvas.text(WIDTH - MARGIN - WORDS + 12, y, &words, Type::plain(11));
    }
    let more = found.rows.iter().filter(|row| row.costs.is_some()).count() - bands.len();
    if more > 0 {
        let text = format!("and {more} more, dearer");
        canvas.text(MARGIN, bottom + 56, &text, Type::plain(LABEL).inked(Ink::Quiet));
    }
}

fn draw_band(canvas: &Canvas<'_>, row: &Row, costs: Quantiles, scale: &Scale, y: i32) {
    let ink = side(row.pair.strategy.family()).ink;
    let [p5, p50, p95] = [costs.p5, costs.p50, costs.p95].map(|cost| scale.at(cost));
    canvas.rectangle((p5, y - THICKNESS / 2), (p95.max(p5 + 1), y + THICKNESS / 2), ink);
    canvas.line(
        &[(p50, y - THICKNESS), (p50, y + THICKNESS)],
        Line { ink: Ink::Text, width: 3, dashed: false },
    );
}

/// Says the median, and how likely the design is over the budget and the cheapest.
fn words(case: &Case<'_>, row: &Row, costs: Quantiles) -> String {
    let over = row.over_budget.map_or(String::new(), |over| format!(", over {}", shown(over.share)));
    let best = row.cheapest.filter(|best| best.share > 0.0);
    let best = best.map_or(String::new(), |best| format!(", cheapest {}", shown(best.share)));
    format!("{}{over}{best}", money_rough(costs.p50, case.book.currency))
}
