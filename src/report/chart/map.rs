//! Which design wins over two numbers: areas told apart by letters.

use super::canvas::{Canvas, Ink, Panel, Type, fitted, width};
use super::plot::{LEFT, PLOT, RIGHT};
use super::scale::Scale;
use super::{HEAD, MARGIN, WIDTH, head};
use crate::analysis::Case;
use crate::analysis::compare::Comparison;
use crate::analysis::grid::{Grid, Rule, edges};
use crate::analysis::sweep::Axis;
use crate::present::percent;
use crate::report::grid::{NO_DESIGN, axis_value, letter};

/// Height of a line of the legend.
const ROW: i32 = 20;

/// Height and width in which a letter is written.
const LETTER: i32 = 16;

/// Returns the panel.
pub fn panel<'p>(case: &'p Case<'p>, comparison: &'p Comparison, grid: &'p Grid) -> Panel<'p> {
    let none = grid.share(None) > 0.0;
    let top = HEAD + ROW * (grid.designs.len() as i32 + i32::from(none)) + 12;
    let bottom = top + PLOT;
    let draw = move |canvas: &Canvas<'_>| {
        let which =
            if grid.rule == Rule::Cheaper { "The cheaper of the designs" } else { "The cheapest design" };
        let what = format!("{which} by {} cost, over two numbers of the scenario", grid.metric.word());
        head(canvas, comparison, &what);
        legend(canvas, case, grid);
        areas(canvas, grid, (top, bottom));
        axes(canvas, case, grid, (top, bottom));
    };
    Panel { height: bottom + 64, draw: Box::new(draw) }
}

fn legend(canvas: &Canvas<'_>, case: &Case<'_>, grid: &Grid) {
    let designs = grid.designs.iter().enumerate().map(|(at, pair)| (Some(at), case.pair_name(*pair)));
    let none = (grid.share(None) > 0.0).then(|| (None, NO_DESIGN.to_owned()));
    for (line, (design, name)) in designs.chain(none).enumerate() {
        let y = HEAD + 12 + ROW * line as i32;
        canvas.rectangle((MARGIN, y - 8), (MARGIN + LETTER, y + 8), ink(design));
        canvas.text(MARGIN + LETTER / 2, y, &letter(design).to_string(), Type::bold(12).centered());
        canvas.text(MARGIN + 80, y, &percent(grid.share(design)), Type::plain(12).ending());
        canvas.text(MARGIN + 92, y, &fitted(&name, WIDTH - 2 * MARGIN - 92, 12), Type::plain(12));
    }
}

fn ink(design: Option<usize>) -> Ink {
    design.map_or(Ink::Paper, Ink::Area)
}

/// Fills the cells, those of one design beside each other as one box, and writes letters into the boxes.
fn areas(canvas: &Canvas<'_>, grid: &Grid, (top, bottom): (i32, i32)) {
    let across = pixels(grid.across, &grid.columns, (LEFT, RIGHT));
    let up = pixels(grid.up, &grid.rows, (bottom, top));
    let mut lettered = i32::MAX / 2;
    for (row, cells) in grid.cells.iter().enumerate() {
        let (low, high) = (up[row], up[row + 1]);
        let middle = (low + high) / 2;
        let inside = (top + LETTER / 2 + 2..=bottom - LETTER / 2 - 2).contains(&middle);
        let write = inside && (lettered - middle).abs() >= 2 * LETTER;
        lettered = if write { middle } else { lettered };
        let mut column = 0;
        while column < cells.len() {
            let design = cells[column].map(|winner| winner.design);
            let length =
                cells[column..].iter().take_while(|cell| cell.map(|winner| winner.design) == design).count();
            let (from, to) = (across[column], across[column + length]);
            canvas.rectangle((from, high), (to, low), ink(design));
            if write && to - from >= LETTER {
                let mark = letter(design).to_string();
                canvas.text((from + to) / 2, middle, &mark, Type::bold(12).centered());
            }
            column += length;
        }
    }
}

/// Returns the pixels between which cells lie.
fn pixels(axis: Axis, values: &[f64], (from, to): (i32, i32)) -> Vec<i32> {
    let pixel = |place: f64| (f64::from(from) + place * f64::from(to - from)).round() as i32;
    edges(axis, values).into_iter().map(pixel).collect()
}

fn axes(canvas: &Canvas<'_>, case: &Case<'_>, grid: &Grid, (top, bottom): (i32, i32)) {
    let quiet = Type::plain(11).inked(Ink::Quiet);
    let scale = |axis: Axis, pixels| Scale::between(axis.from, axis.to, axis.log, pixels);
    let (x, y) = (scale(grid.across, (LEFT, RIGHT)), scale(grid.up, (bottom, top)));
    canvas.frame((LEFT, top), (RIGHT, bottom), Ink::Quiet);
    for tick in x.ticks() {
        canvas.text(x.at(tick), bottom + 14, &axis_value(grid.across, tick), quiet.centered());
    }
    for tick in y.ticks() {
        canvas.text(LEFT - 8, y.at(tick), &axis_value(grid.up, tick), quiet.ending());
    }
    let name = |axis: Axis| {
        let log = if axis.log { ", logarithmic scale" } else { "" };
        format!("{}{log}", case.scenario.label_of(axis.target))
    };
    canvas.text((LEFT + RIGHT) / 2, bottom + 38, &name(grid.across), Type::plain(12).centered());
    let upward = name(grid.up);
    let size = if width(&upward, 12) > PLOT { 9 } else { 12 };
    canvas.text(MARGIN, (top + bottom) / 2, &upward, Type::plain(size).centered().upright());
    let own =
        |axis: Axis| case.scenario.number(axis.target).filter(|value| (axis.from..=axis.to).contains(value));
    if let (Some(across), Some(up)) = (own(grid.across), own(grid.up)) {
        canvas.ring((x.at(across), y.at(up)), Ink::Text);
        canvas.ring((LEFT + 6, bottom + 38), Ink::Text);
        canvas.text(LEFT + 18, bottom + 38, "the scenario", quiet);
    }
}
