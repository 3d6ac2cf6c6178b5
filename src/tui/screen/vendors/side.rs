//! Products beside each other.
//!
//! ```text
//!                      A openai/           B anthropic/
//!                        gpt-6-luna          claude-haiku-5-5
//! Prices
//! ≠ input/1M tokens    $0.25               $1.00
//! = currency           USD
//! ```

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::present::{UNKNOWN, cut};
use crate::report::Cell;
use crate::report::side_by_side::{Aspect, Section};
use crate::tui::screen::compare::letter;
use crate::tui::text::{broken, left};
use crate::tui::theme::{Role, Theme};

/// Columns that a product needs so that several stand beside, and not below, each other.
const LEAST_COLUMN: usize = 10;

/// Columns of names on a terminal with little room, and where there is more of it.
const NAMES: (usize, usize) = (18, 26);

/// Columns from which there is more room.
const ROOMY: usize = 100;

/// Lines of a text beside others; a longer one has the whole width.
const MOST_LINES: usize = 5;

/// Columns of the sign of what differs or is the same.
const SIGN: usize = 2;

/// Columns of names and of each product.
struct Widths {
    all: usize,
    name: usize,
    /// `None` where products stand below each other.
    product: Option<usize>,
}

/// Returns the lines that name the products, and those that say what each has.
pub(super) fn lines(
    ids: &[String],
    sections: &[Section],
    theme: &Theme,
    width: usize,
) -> (Vec<Line<'static>>, Vec<Line<'static>>) {
    let longest =
        sections.iter().flat_map(|section| &section.aspects).map(|aspect| aspect.name.width()).max();
    let name = longest.unwrap_or(0).min(if width < ROOMY { NAMES.0 } else { NAMES.1 });
    let product = width.saturating_sub(SIGN + name) / ids.len().max(1);
    let widths = Widths { all: width, name, product: (product >= LEAST_COLUMN + 2).then(|| product - 2) };
    let heads = match widths.product {
        Some(column) => row(&heads(ids, column), &widths, column, ("  ", Role::Heading), theme),
        None => ids
            .iter()
            .enumerate()
            .map(|(at, id)| lettered(at, &cut(id, width.saturating_sub(2)), theme))
            .collect(),
    };
    let mut lines = Vec::new();
    for (place, section) in sections.iter().enumerate() {
        lines.extend((place > 0).then(Line::default));
        lines.push(Line::styled(section.title, theme.style(Role::Heading)));
        for aspect in &section.aspects {
            lines.extend(aspect_lines(aspect, &widths, theme));
        }
    }
    (heads, lines)
}

/// Returns what products have: once where it is the same, else beside each other; below where there is no room.
fn aspect_lines(aspect: &Aspect, widths: &Widths, theme: &Theme) -> Vec<Line<'static>> {
    if !aspect.differs() {
        return same(aspect, widths, theme);
    }
    let cells = |column: usize| {
        let values = aspect.values.iter().map(|value| broken(text(value), column));
        let cells: Cells = std::iter::once(broken(&aspect.name, widths.name)).chain(values).collect();
        cells.iter().skip(1).all(|lines| lines.len() <= MOST_LINES).then_some(cells)
    };
    match widths.product.and_then(|column| Some((column, cells(column)?))) {
        Some((column, cells)) => row(&cells, widths, column, ("≠ ", Role::Heading), theme),
        None => below(aspect, widths.all, theme),
    }
}

fn text(value: &Option<Cell>) -> &str {
    value.as_ref().map_or(UNKNOWN, |cell| cell.shown.as_str())
}

/// Lines of the name, then of each product.
type Cells = Vec<Vec<String>>;

/// Names products in full, in as many lines as that takes.
fn heads(ids: &[String], column: usize) -> Cells {
    let room = column.saturating_sub(2).max(1);
    let head = |(at, id): (usize, &String)| {
        let parts = match id.split_once('/').filter(|_| id.width() > room) {
            Some((vendor, model)) => [broken(&format!("{vendor}/"), room), broken(model, room)].concat(),
            None => broken(id, room),
        };
        let named = |(row, part): (usize, &String)| match row {
            0 => format!("{} {part}", letter(at)),
            _ => format!("  {part}"),
        };
        parts.iter().enumerate().map(named).collect::<Vec<_>>()
    };
    std::iter::once(vec![String::new()]).chain(ids.iter().enumerate().map(head)).collect()
}

/// Puts cells beside each other.
fn row(
    cells: &Cells,
    widths: &Widths,
    column: usize,
    (sign, role): (&str, Role),
    theme: &Theme,
) -> Vec<Line<'static>> {
    let rows = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |row: usize| {
        let text = |at: usize| cells[at].get(row).map_or("", String::as_str);
        let sign = if row == 0 { sign } else { "  " };
        let mut spans = vec![
            Span::styled(sign.to_owned(), theme.style(Role::Changed)),
            Span::styled(left(text(0), widths.name), theme.style(Role::Dim)),
        ];
        for at in 1..cells.len() {
            spans.push(Span::styled(format!("  {}", left(text(at), column)), theme.style(role)));
        }
        Line::from(spans)
    };
    (0..rows).map(line).collect()
}

/// Says once what all products have alike, over all their columns.
fn same(aspect: &Aspect, widths: &Widths, theme: &Theme) -> Vec<Line<'static>> {
    let room = widths.all.saturating_sub(SIGN + widths.name + 2);
    let name = broken(&aspect.name, widths.name);
    let value = broken(aspect.values.first().map_or(UNKNOWN, text), room);
    let line = |row: usize| {
        let part = |parts: &[String]| parts.get(row).cloned().unwrap_or_default();
        Line::from(vec![
            Span::styled(if row == 0 { "= " } else { "  " }, theme.style(Role::Dim)),
            Span::styled(left(&part(&name), widths.name), theme.style(Role::Dim)),
            Span::styled(format!("  {}", part(&value)), theme.style(Role::Text)),
        ])
    };
    (0..name.len().max(value.len())).map(line).collect()
}

fn lettered(at: usize, text: &str, theme: &Theme) -> Line<'static> {
    let letter = Span::styled(format!("{} ", letter(at)), theme.style(Role::Line(at)));
    Line::from(vec![letter, Span::raw(text.to_owned())])
}

/// Puts what products have below each other, where there is no room beside.
fn below(aspect: &Aspect, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let name = Span::styled(cut(&aspect.name, width.saturating_sub(SIGN)), theme.style(Role::Dim));
    let mut lines = vec![Line::from(vec![Span::styled("≠ ", theme.style(Role::Changed)), name])];
    for (at, value) in aspect.values.iter().enumerate() {
        for (row, part) in broken(text(value), width.saturating_sub(6)).into_iter().enumerate() {
            let mut line =
                if row == 0 { lettered(at, &part, theme) } else { Line::from(format!("  {part}")) };
            line.spans.insert(0, Span::raw("    "));
            lines.push(line);
        }
    }
    lines
}
