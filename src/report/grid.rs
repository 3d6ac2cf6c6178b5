//! Which design wins where, as a map of letters, as rows and as JSON.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::json::Plain;
use super::{Align, Cell, Sheet, escape_markdown, prices_of};
use crate::analysis::Case;
use crate::analysis::grid::{Grid, Rule, Winner};
use crate::analysis::sweep::Axis;
use crate::present::{compact, money_float, percent, shorten, value};
use crate::scenario::parameter::Unit;

/// Letters of the designs, in their order.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What it means that no design has a letter somewhere.
pub const NO_DESIGN: &str = "does not fit, or has no price";

/// Stands where no design has a cost.
const NONE: char = '·';

/// Stands for all designs for which no letter is left.
const OTHERS: char = '#';

/// Most lines that a map may take in a terminal, so that its axis and the first designs are seen with it.
const MOST_LINES: usize = 40;

/// Returns the letter of a design by its place in a grid.
pub fn letter(design: Option<usize>) -> char {
    design.map_or(NONE, |at| LETTERS.chars().nth(at).unwrap_or(OTHERS))
}

/// Returns the map for a terminal of that width, with its axes and a legend.
pub fn map(grid: &Grid, case: &Case<'_>, width: u16) -> String {
    let up_label = |number: &f64| axis_value(grid.up, *number);
    let margin = grid.rows.iter().map(|number| up_label(number).width()).max().unwrap_or(0);
    let room = usize::from(width).saturating_sub(margin + 4).max(8);
    let (columns, rows) = (thinned(grid.columns.len(), room), thinned(grid.rows.len(), MOST_LINES));
    let name = |axis: Axis| {
        let spacing = if axis.log { ", by factors" } else { "" };
        format!("{}{spacing}", case.scenario.label_of(axis.target))
    };
    let mut text = format!("{} ↑\n", name(grid.up));
    let labelled = labelled(rows.len());
    for (line, row) in rows.iter().enumerate().rev() {
        let label = if labelled.contains(&line) { up_label(&grid.rows[*row]) } else { String::new() };
        let cells =
            columns.iter().map(|column| letter(grid.cells[*row][*column].map(|winner| winner.design)));
        text.push_str(&format!("{label:>margin$} │{}\n", cells.collect::<String>()));
    }
    text.push_str(&format!("{:margin$} └{}\n", "", "─".repeat(columns.len())));
    text.push_str(&under(grid, &columns, margin + 2));
    text.push_str(&format!("{:>right$} →\n", name(grid.across), right = margin + 2 + columns.len()));
    text.push_str(&legend(grid, case, width));
    text
}

/// Returns which of some values are shown, at most so many, both ends included.
fn thinned(count: usize, room: usize) -> Vec<usize> {
    if count <= room {
        return (0..count).collect();
    }
    (0..room).map(|at| (at * (count - 1) + (room - 1) / 2) / (room - 1)).collect()
}

/// Returns the lines of the map that have a label: both ends and the middle.
fn labelled(lines: usize) -> [usize; 3] {
    [0, lines.saturating_sub(1) / 2, lines.saturating_sub(1)]
}

/// Writes values under both ends of the map, and one under its middle where there is room.
fn under(grid: &Grid, columns: &[usize], margin: usize) -> String {
    let at = |column: usize| axis_value(grid.across, grid.columns[columns[column]]);
    let last = columns.len().saturating_sub(1);
    let (first, middle, end) = (at(0), at(last / 2), at(last));
    let mut line = format!("{:margin$}{first}", "");
    let middle_from = (margin + last / 2).saturating_sub(middle.width() / 2);
    let end_from = (margin + columns.len()).saturating_sub(end.width());
    if middle_from > line.width() + 1 && middle_from + middle.width() + 1 < end_from {
        line = format!("{line:middle_from$}{middle}");
    }
    if end_from > line.width() {
        line = format!("{line:end_from$}{end}");
    }
    line + "\n"
}

/// Returns a value on an axis in few characters.
pub fn axis_value(axis: Axis, number: f64) -> String {
    if axis.param().facts().unit == Unit::Share { percent(number) } else { compact(number) }
}

fn legend(grid: &Grid, case: &Case<'_>, width: u16) -> String {
    let room = usize::from(width).saturating_sub(9);
    let mut lines: Vec<String> = grid
        .designs
        .iter()
        .enumerate()
        .map(|(at, pair)| {
            let name = shorten(&case.pair_name(*pair), room);
            format!("{} {:>5}  {name}", letter(Some(at)), percent(grid.share(Some(at))))
        })
        .collect();
    if grid.share(None) > 0.0 {
        lines.push(format!("{NONE} {:>5}  {NO_DESIGN}", percent(grid.share(None))));
    }
    lines.join("\n") + "\n"
}

/// Says what the map shows.
pub fn head(grid: &Grid, case: &Case<'_>) -> String {
    let axis = |axis: Axis| {
        let path = case.scenario.path_of(axis.target);
        format!("{path} from {} to {}", axis_value(axis, axis.from), axis_value(axis, axis.to))
    };
    let which = match grid.rule {
        Rule::Cheaper => "the cheaper design",
        Rule::Cheapest => "the cheapest design",
    };
    let metric = grid.metric.word();
    let prices = prices_of(case.book.date, case.book.currency);
    let (name, across, up) = (&case.scenario.name, axis(grid.across), axis(grid.up));
    format!("{name}: {which} by {metric} cost, {across} and {up}, {prices}")
}

/// Returns the map in Markdown, with the share of it in which each design wins.
pub fn to_markdown(grid: &Grid, case: &Case<'_>) -> String {
    let (map, shares) = (map(grid, case, u16::MAX), shares(grid, case).to_markdown());
    format!("{}\n\n```text\n{map}```\n\n{shares}", escape_markdown(&head(grid, case)))
}

/// Returns the designs with the share of the map in which each wins.
fn shares(grid: &Grid, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("", "letter", Align::Left),
        ("Design", "design", Align::Name),
        ("Share of the area", "share", Align::Right),
    ]);
    let designs = grid.designs.iter().enumerate().map(|(at, pair)| (Some(at), case.pair_name(*pair)));
    for (design, name) in designs.chain([(None, NO_DESIGN.to_owned())]) {
        let share = grid.share(design);
        let cell = Cell::number(percent(share), share);
        sheet.push(vec![Cell::text(letter(design).to_string()), Cell::text(name), cell]);
    }
    sheet
}

/// Returns one row for each cell, for CSV.
pub fn long(grid: &Grid, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Across", "vary", Align::Right),
        ("Up", "and", Align::Right),
        ("Model", "model", Align::Left),
        ("Strategy", "strategy", Align::Left),
        ("Cost", "cost", Align::Right),
    ]);
    for (up, cells) in grid.rows.iter().zip(&grid.cells) {
        for (across, cell) in grid.columns.iter().zip(cells) {
            let pair = cell.map(|winner| grid.designs[winner.design]);
            let model = pair.map(|pair| case.product(pair.model).id.clone());
            let strategy = pair.map(|pair| pair.strategy.id());
            let cost =
                |winner: Winner| Cell::number(money_float(winner.cost, case.book.currency), winner.cost);
            sheet.push(vec![
                Cell::number(value(*across), *across),
                Cell::number(value(*up), *up),
                Cell::text(model.unwrap_or_default()),
                Cell::text(strategy.unwrap_or_default()),
                cell.map_or_else(Cell::unknown, cost),
            ]);
        }
    }
    sheet
}

#[derive(Serialize)]
struct JsonAxis {
    vary: String,
    label: String,
    from: Plain,
    to: Plain,
    log: bool,
    values: Vec<Plain>,
}

#[derive(Serialize)]
struct JsonShare {
    design: Option<String>,
    share: Plain,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    currency: String,
    metric: &'static str,
    axes: [JsonAxis; 2],
    designs: Vec<String>,
    cells: Vec<Vec<Option<usize>>>,
    costs: Vec<Vec<Option<Plain>>>,
    shares: Vec<JsonShare>,
    none_means: &'static str,
}

/// Returns the grid as JSON: `cells` row by row in the order of the values of the second axis, each a place in `designs`.
pub fn to_json(grid: &Grid, case: &Case<'_>) -> String {
    let axis = |axis: Axis, values: &[f64]| JsonAxis {
        vary: case.scenario.path_of(axis.target),
        label: case.scenario.label_of(axis.target),
        from: Plain(axis.from),
        to: Plain(axis.to),
        log: axis.log,
        values: values.iter().copied().map(Plain).collect(),
    };
    let rows = || grid.cells.iter();
    let names: Vec<String> = grid.designs.iter().map(|pair| case.pair_name(*pair)).collect();
    let shares =
        names.iter().enumerate().map(|(at, name)| (Some(at), Some(name.clone()))).chain([(None, None)]);
    super::json::pretty(&Document {
        schema: "ragonomics/grid/1",
        scenario: &case.scenario.name,
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        metric: grid.metric.word(),
        axes: [axis(grid.across, &grid.columns), axis(grid.up, &grid.rows)],
        cells: rows().map(|row| row.iter().map(|cell| cell.map(|winner| winner.design)).collect()).collect(),
        costs: rows()
            .map(|row| row.iter().map(|cell| cell.map(|winner| Plain(winner.cost))).collect())
            .collect(),
        shares: shares.map(|(at, design)| JsonShare { design, share: Plain(grid.share(at)) }).collect(),
        designs: names,
        none_means: "no design fits there, or none has a price",
    })
}
