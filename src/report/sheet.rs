//! Rows and columns, and the three ways of writing them.

use std::borrow::Cow;

use comfy_table::{Attribute, CellAlignment, ContentArrangement, Table, presets};
use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

use super::json::plain;
use crate::present::{money, shorten};
use crate::units::Currency;

/// Side on which a column's texts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Texts; they wrap where the terminal is narrow.
    Left,
    /// Names such as ids, which are never broken.
    Name,
    /// Numbers.
    Right,
}

/// A column: what people read above it, and what programs call it.
#[derive(Debug, Clone)]
pub struct Column {
    /// Heading for people.
    pub heading: Cow<'static, str>,
    /// Name in CSV headers.
    pub key: &'static str,
    /// Side.
    pub align: Align,
}

/// A value, rounded for people and in full for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What people read.
    pub shown: String,
    /// What CSV holds: all digits, empty for unknown.
    pub raw: String,
}

impl Cell {
    /// Returns a text that is the same for both.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        Cell { raw: text.clone(), shown: text }
    }

    /// Returns a value that is rounded for people.
    pub fn both(shown: impl Into<String>, raw: impl Into<String>) -> Cell {
        Cell { shown: shown.into(), raw: raw.into() }
    }

    /// Returns a number, with the digits that a person would write for it.
    pub fn number(shown: impl Into<String>, value: f64) -> Cell {
        Cell::both(shown, plain(value))
    }

    /// Returns an amount of money; unknown where there is none.
    pub fn money(amount: Option<Decimal>, currency: Currency) -> Cell {
        let known = |amount| Cell::both(money(amount, currency), amount.normalize().to_string());
        amount.map_or_else(Cell::unknown, known)
    }

    /// Returns an unknown value: a dash for people, nothing for programs.
    pub fn unknown() -> Cell {
        Cell::both(crate::present::UNKNOWN, "")
    }
}

/// One result as rows.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Columns, from the left.
    pub columns: Vec<Column>,
    /// Rows, each with one cell for each column, and whether it stands out.
    pub rows: Vec<(Vec<Cell>, bool)>,
}

impl Sheet {
    /// Returns an empty sheet; a column is heading, key, side.
    pub fn new(columns: &[(&'static str, &'static str, Align)]) -> Sheet {
        let columns = columns
            .iter()
            .map(|(heading, key, align)| Column { heading: Cow::Borrowed(heading), key, align: *align })
            .collect();
        Sheet { columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push((cells, false));
    }

    /// Adds a row that stands out.
    pub fn push_marked(&mut self, cells: Vec<Cell>, marked: bool) {
        self.rows.push((cells, marked));
    }

    /// Gives the first column a heading that is not known beforehand.
    pub fn headed(mut self, heading: String) -> Sheet {
        if let Some(column) = self.columns.first_mut() {
            column.heading = Cow::Owned(heading);
        }
        self
    }

    /// Returns the sheet without a column, for a narrow terminal.
    pub fn without(mut self, key: &str) -> Sheet {
        if let Some(at) = self.columns.iter().position(|column| column.key == key) {
            self.columns.remove(at);
            self.rows.iter_mut().for_each(|(cells, _)| {
                cells.remove(at);
            });
        }
        self
    }

    /// Returns the sheet with the columns of another one beside its own: rows belong together where their first cells
    /// are the same. What the other one has no row for stays blank.
    pub fn joined(mut self, other: &Sheet) -> Sheet {
        self.columns.extend(other.columns.iter().skip(1).cloned());
        for (cells, _) in &mut self.rows {
            let same = other.rows.iter().find(|(others, _)| others.first() == cells.first());
            match same {
                Some((others, _)) => cells.extend(others.iter().skip(1).cloned()),
                None => cells.extend(other.columns.iter().skip(1).map(|_| Cell::text(""))),
            }
        }
        self
    }

    /// Writes columns for a terminal of that width: texts wrap inside their column, and where that is
    /// not enough, names lose their middle.
    pub fn to_table(&self, width: u16, color: bool) -> String {
        let name_width = self.name_width(usize::from(width));
        let text_width = self.text_width(usize::from(width));
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
        if color {
            table.enforce_styling()
        } else {
            table.force_no_tty()
        };
        let heading = |column: &Column| {
            let cell = comfy_table::Cell::new(column.heading.as_ref()).set_alignment(alignment(column.align));
            cell.add_attribute(Attribute::Bold)
        };
        if self.columns.iter().any(|column| !column.heading.is_empty()) {
            table.set_header(self.columns.iter().map(heading));
        }
        for (cells, marked) in &self.rows {
            table.add_row(cells.iter().zip(&self.columns).map(|(cell, column)| {
                let shown = match column.align {
                    Align::Name => shorten(&cell.shown, name_width),
                    Align::Left if cell.shown.starts_with(' ') => hang(&cell.shown, text_width),
                    Align::Left | Align::Right => cell.shown.clone(),
                };
                let cell = comfy_table::Cell::new(shown).set_alignment(alignment(column.align));
                if *marked { cell.add_attribute(Attribute::Bold) } else { cell }
            }));
        }
        for (at, column) in self.columns.iter().enumerate() {
            let whole = column.align != Align::Left;
            if let Some(column) = table.column_mut(at) {
                column.set_padding((0, if at + 1 == self.columns.len() { 0 } else { 2 }));
                if whole {
                    column.set_constraint(comfy_table::ColumnConstraint::ContentWidth);
                }
            }
        }
        let shown = table.to_string().replace(FIXED, " ");
        let lines: Vec<String> = shown.lines().map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n") + "\n"
    }

    /// Writes comma-separated values with the columns' keys as header.
    ///
    /// Cells that a spreadsheet would run as formulas get an apostrophe before them.
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let rows =
            std::iter::once(self.columns.iter().map(|column| column.key.to_owned()).collect::<Vec<_>>())
                .chain(
                    self.rows.iter().map(|(cells, _)| cells.iter().map(|cell| defused(&cell.raw)).collect()),
                );
        for row in rows {
            // Writing to memory fails only without memory.
            let _ = writer.write_record(&row);
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Writes an array of objects, one for each row, of the texts in full.
    pub fn to_json(&self) -> String {
        let object = |cells: &Vec<Cell>| {
            let fields = self.columns.iter().zip(cells);
            fields
                .map(|(column, cell)| (column.key.to_owned(), serde_json::Value::from(cell.raw.clone())))
                .collect::<serde_json::Map<_, _>>()
        };
        super::json::pretty(&self.rows.iter().map(|(cells, _)| object(cells)).collect::<Vec<_>>())
    }

    /// Writes a Markdown table.
    pub fn to_markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(self.columns.iter().map(|column| escape_markdown(&column.heading)).collect());
        let rule = |column: &Column| match column.align {
            Align::Left | Align::Name => "---".to_owned(),
            Align::Right => "---:".to_owned(),
        };
        text.push_str(&line(self.columns.iter().map(rule).collect()));
        for (cells, marked) in &self.rows {
            let strong = |cell: &Cell| {
                let indent = cell.shown.chars().take_while(|c| *c == ' ').count();
                // A renderer drops plain spaces at the edge of a cell.
                let shown = "&nbsp;".repeat(indent) + &escape_markdown(&cell.shown[indent..]);
                if *marked && !shown.trim().is_empty() { format!("**{shown}**") } else { shown }
            };
            text.push_str(&line(cells.iter().map(strong).collect()));
        }
        text
    }

    /// Shows a column in full where there is room for it.
    pub fn in_full(mut self, key: &str) -> Sheet {
        if let Some(at) = self.columns.iter().position(|column| column.key == key) {
            for (cells, _) in &mut self.rows {
                cells[at].shown = cells[at].raw.clone();
            }
        }
        self
    }

    /// Returns how long names may be, so that columns of names and numbers leave room for texts.
    fn name_width(&self, width: usize) -> usize {
        const GAP: usize = 2;
        const SHORTEST_NAME: usize = 8;
        const SHORTEST_TEXT: usize = 14;
        let of = |align| (0..self.columns.len()).filter(move |at| self.columns[*at].align == align);
        // A column without a heading or a text takes one place all the same.
        let natural = |at: usize| self.column_width(at).max(self.columns[at].heading.width()).max(1);
        let numbers: usize = of(Align::Right).map(natural).sum();
        let texts: usize = of(Align::Left).map(|at| natural(at).min(SHORTEST_TEXT)).sum();
        let room = width.saturating_sub(numbers + texts + GAP * self.columns.len().saturating_sub(1));
        let mut names: Vec<usize> = of(Align::Name).map(natural).collect();
        names.sort_unstable();
        // The shorter names keep their length, the longest share what is left.
        let mut left = room;
        for (at, name) in names.iter().enumerate() {
            let share = left / (names.len() - at);
            if *name > share {
                return share.max(SHORTEST_NAME);
            }
            left -= name;
        }
        usize::MAX
    }

    /// Returns how wide a column of texts may be beside the others; no limit where there are several.
    fn text_width(&self, width: usize) -> usize {
        const GAP: usize = 2;
        let (texts, others): (Vec<usize>, Vec<usize>) =
            (0..self.columns.len()).partition(|at| self.columns[*at].align == Align::Left);
        let taken =
            others.iter().map(|at| self.column_width(*at).max(self.columns[*at].heading.width()) + GAP);
        if texts.len() == 1 { width.saturating_sub(taken.sum()) } else { usize::MAX }
    }

    /// Returns the width of the whole table with nothing cut or wrapped.
    pub fn natural_width(&self) -> usize {
        const GAP: usize = 2;
        let of = |at: usize| self.column_width(at).max(self.columns[at].heading.width()).max(1);
        (0..self.columns.len()).map(|at| of(at) + GAP).sum::<usize>().saturating_sub(GAP)
    }

    /// Returns whether there is a column of that key.
    pub fn has(&self, key: &str) -> bool {
        self.columns.iter().any(|column| column.key == key)
    }

    /// Returns the width of the widest cell of a column.
    pub fn column_width(&self, at: usize) -> usize {
        self.rows.iter().map(|(cells, _)| cells[at].shown.width()).max().unwrap_or(0)
    }
}

/// A blank at which no line is broken and which none begins without.
const FIXED: &str = "\u{a0}";

/// Breaks an indented text at a width; the lines that follow are indented further.
fn hang(text: &str, width: usize) -> String {
    let indent = text.chars().take_while(|c| *c == ' ').count();
    let (mut broken, mut used) = (FIXED.repeat(indent), indent);
    for (at, word) in text.split_whitespace().enumerate() {
        if at > 0 && used + 1 + word.width() > width {
            broken.push_str(&format!("\n{}", FIXED.repeat(indent + 2)));
            used = indent + 2;
        } else if at > 0 {
            broken.push(' ');
            used += 1;
        }
        broken.push_str(word);
        used += word.width();
    }
    broken
}

fn alignment(align: Align) -> CellAlignment {
    match align {
        Align::Left | Align::Name => CellAlignment::Left,
        Align::Right => CellAlignment::Right,
    }
}

/// Writes a text so that Markdown shows it as it is, on one line.
///
/// Underscores inside words and lone ampersands mean nothing to Markdown and stay bare.
pub fn escape_markdown(text: &str) -> String {
    let characters: Vec<char> = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let word = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(|c| c.is_alphanumeric());
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in characters.iter().enumerate() {
        let special = match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' => true,
            '#' => at == 0,
            '_' => !(word(at.checked_sub(1)) && word(Some(at + 1))),
            '&' => word(Some(at + 1)) || characters.get(at + 1) == Some(&'#'),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(*character);
    }
    escaped
}

/// Puts an apostrophe before a text that a spreadsheet would run; numbers stay numbers.
fn defused(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_negative_numbers_are_not() {
        let mut sheet = Sheet::new(&[("a", "a", Align::Left), ("b", "b", Align::Right)]);
        sheet.push(vec![Cell::text("=HYPERLINK(\"x\")"), Cell::both("-$2.50", "-2.5")]);
        assert_eq!(sheet.to_csv(), "a,b\n\"'=HYPERLINK(\"\"x\"\")\",-2.5\n");
    }

    #[test]
    fn an_indented_text_stays_indented_in_markdown() {
        let mut sheet = Sheet::new(&[("Step", "step", Align::Left)]);
        sheet.push(vec![Cell::text("  answer *")]);
        assert_eq!(sheet.to_markdown(), "| Step |\n| --- |\n| &nbsp;&nbsp;answer \\* |\n");
    }

    #[test]
    fn an_indented_text_stays_indented_where_it_is_broken() {
        let mut sheet =
            Sheet::new(&[("Each month", "step", Align::Left), ("Amount", "amount", Align::Right)]);
        sheet.push(vec![Cell::text("acme/chat"), Cell::text("")]);
        sheet.push(vec![Cell::text("  answer, cache hit: cached input (priced hours)"), Cell::text("$8.52")]);
        let shown = "Each month                         Amount\nacme/chat\n  answer, cache hit: cached input   $8.52\n    (priced hours)\n";
        assert_eq!(sheet.to_table(41, false), shown);
    }

    #[test]
    fn a_table_with_an_empty_column_keeps_within_the_width() {
        let columns =
            [("", "mark", Align::Right), ("Id", "id", Align::Name), ("Window", "window", Align::Right)];
        let mut sheet = Sheet::new(&columns);
        sheet.push(["", "vendor/a-model-with-a-long-name", "128k"].map(Cell::text).to_vec());
        assert_eq!(sheet.to_table(24, false), "   Id             Window\n   vendor…g-name    128k\n");
    }

    #[test]
    fn a_pipe_in_a_name_does_not_end_a_markdown_cell() {
        let mut sheet = Sheet::new(&[("a", "a", Align::Left)]);
        sheet.push(vec![Cell::text("x|y")]);
        assert!(sheet.to_markdown().contains("x\\|y"));
    }

    #[test]
    fn markdown_shows_a_text_as_it_is() {
        assert_eq!(escape_markdown("A & B <c>"), "A & B \\<c\\>");
        assert_eq!(escape_markdown("long_context"), "long_context");
        assert_eq!(escape_markdown("_x_ *y* &lt; [z](u)"), "\\_x\\_ \\*y\\* \\&lt; \\[z\\](u)");
        assert_eq!(escape_markdown("# two\nlines"), "\\# two lines");
    }
}
