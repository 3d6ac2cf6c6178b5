//! Rows of a report on the screen: columns are whole or left out, never cut.

use unicode_width::UnicodeWidthStr;

use super::text::{left, right};
use crate::report::{Align, Sheet};

/// Blanks between columns.
const GAP: usize = 2;

/// The columns of a sheet that there is room for.
#[derive(Debug, Clone)]
pub struct Grid<'s> {
    sheet: &'s Sheet,
    /// Place in the sheet and width of each column that is shown.
    columns: Vec<(usize, usize)>,
}

impl<'s> Grid<'s> {
    /// Takes columns, by their keys in the order of what is needed most, as long as there is room; they stand in the
    /// order of the sheet.
    pub fn fit(sheet: &'s Sheet, width: usize, wanted: &[&str]) -> Grid<'s> {
        let mut columns: Vec<(usize, usize)> = Vec::new();
        let mut taken = 0;
        for key in wanted {
            let Some(at) = sheet.columns.iter().position(|column| column.key == *key) else { continue };
            let cells = sheet.rows.iter().map(|(cells, _)| cells[at].shown.width());
            let needed = cells.max().unwrap_or(0).max(sheet.columns[at].heading.width());
            let gap = if columns.is_empty() { 0 } else { GAP };
            if needed > 0 && taken + gap + needed <= width {
                taken += gap + needed;
                columns.push((at, needed));
            }
        }
        columns.sort_unstable();
        Grid { sheet, columns }
    }

    /// Returns whether there was room for a column.
    pub fn has(&self, key: &str) -> bool {
        self.columns.iter().any(|(at, _)| self.sheet.columns[*at].key == key)
    }

    /// Returns the columns that rows take.
    pub fn width(&self) -> usize {
        let gaps = GAP * self.columns.len().saturating_sub(1);
        self.columns.iter().map(|(_, width)| width).sum::<usize>() + gaps
    }

    /// Returns the headings.
    pub fn head(&self) -> String {
        self.line(|at| &self.sheet.columns[at].heading)
    }

    /// Returns a row; empty where there is none.
    pub fn row(&self, row: usize) -> String {
        self.sheet.rows.get(row).map_or_else(String::new, |(cells, _)| self.line(|at| &cells[at].shown))
    }

    fn line<'t>(&self, text: impl Fn(usize) -> &'t str) -> String {
        let cell = |(at, width): &(usize, usize)| match self.sheet.columns[*at].align {
            Align::Right => right(text(*at), *width),
            Align::Left | Align::Name => left(text(*at), *width),
        };
        self.columns.iter().map(cell).collect::<Vec<_>>().join(&" ".repeat(GAP))
    }
}

/// Returns a row of a sheet as it is copied: all its cells, with tabs between.
pub fn copied(sheet: &Sheet, row: usize) -> Option<String> {
    let (cells, _) = sheet.rows.get(row)?;
    let texts: Vec<&str> = cells.iter().map(|cell| cell.shown.as_str()).collect();
    Some(texts.join("\t"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Cell;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new(&[
            ("Month", "month", Align::Right),
            ("From", "from", Align::Name),
            ("Cost", "cost", Align::Right),
        ]);
        sheet.push(["1", "2026-11-22", "$1,234.50"].map(Cell::text).into());
        sheet
    }

    #[test]
    fn what_is_needed_most_is_whole_and_the_rest_is_left_out() {
        let sheet = sheet();
        let wanted = ["cost", "month", "from"];
        assert_eq!(Grid::fit(&sheet, 80, &wanted).row(0), "    1  2026-11-22  $1,234.50");
        assert_eq!(Grid::fit(&sheet, 20, &wanted).row(0), "    1  $1,234.50");
        assert_eq!(Grid::fit(&sheet, 8, &wanted).row(0), "    1");
        assert_eq!(
            (Grid::fit(&sheet, 4, &wanted).row(0), Grid::fit(&sheet, 4, &wanted).width()),
            (String::new(), 0)
        );
    }
}
