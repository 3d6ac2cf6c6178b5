//! The cells of a CSV file with their places.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Lines, Place};

/// Characters that part the cells of a line, the usual one first.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// A table as text: headings, and rows that are not empty.
pub(super) struct Sheet<'t> {
    /// Headings, without blanks around them.
    pub(super) headings: Vec<String>,
    /// Rows in the order of the file.
    pub(super) rows: Vec<Row>,
    /// What parts the cells.
    pub(super) delimiter: char,
    name: &'t str,
    text: &'t str,
    lines: Lines<'t>,
}

/// A row.
pub(super) struct Row {
    /// Cells, without blanks around them.
    pub(super) cells: Vec<String>,
    start: usize,
}

impl<'t> Sheet<'t> {
    /// Parses a text whose first line holds the headings.
    ///
    /// # Errors
    /// No line, headings that are not parted by one character, rows that are longer or shorter than them, and a
    /// quotation mark that is never closed.
    pub(super) fn parse(name: &'t str, text: &'t str) -> Result<Sheet<'t>, Diagnostics> {
        let (head, named) = separator_line(text);
        let first = records(&text[head..], ',').next();
        if first.is_none() {
            let remedy = "the first line holds the headings of the columns";
            return Err(Diagnostics::one(
                Place::whole(name),
                Fault::Empty { expected: "a CSV table", remedy },
            ));
        }
        let delimiter = match named {
            Some(named) => named,
            None => delimiter(&text[head..]).map_err(|fault| Diagnostics::one(Place::whole(name), fault))?,
        };
        let mut rows = records(&text[head..], delimiter).map(|row| Row { start: row.start + head, ..row });
        let headings = rows.next().map(|row| row.cells).unwrap_or_default();
        let rows = rows.filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect();
        let sheet = Sheet { headings, rows, delimiter, name, text, lines: Lines::new(name, text) };
        let faults = sheet.misshapen();
        if faults.0.is_empty() { Ok(sheet) } else { Err(faults) }
    }

    /// Returns the name of the file.
    pub(super) fn name(&self) -> &'t str {
        self.name
    }

    /// Returns the place of a cell; of the row where it has no such cell.
    pub(super) fn place(&self, row: &Row, column: usize) -> Place {
        let (spans, _) = spans(&self.text[row.start..], self.delimiter);
        let span = spans.get(column).or(spans.first()).cloned().unwrap_or(0..0);
        self.lines.place(row.start + span.start..row.start + span.end)
    }

    /// Returns the line of a row, from 1.
    pub(super) fn line(&self, row: &Row) -> usize {
        self.lines.line(row.start)
    }

    /// Finds rows that do not fit the headings: their figures could stand under a wrong one.
    fn misshapen(&self) -> Diagnostics {
        let mut faults = Diagnostics::default();
        let width = self.headings.len();
        for row in &self.rows {
            let extra = row.cells.iter().skip(width).any(|cell| !cell.is_empty());
            if row.cells.len() < width || extra {
                let message = format!("{} cells under {width} headings", row.cells.len());
                let remedy =
                    "write an empty cell for what is not known, and put a text that has the separator in \
                              it between quotation marks"
                        .to_owned();
                faults.push(Diagnostic::error(self.place(row, 0), Fault::Conflict { message, remedy }));
            }
        }
        if let Some(last) = self.rows.last()
            && !spans(&self.text[last.start..], self.delimiter).1
        {
            let message = "a quotation mark is never closed".to_owned();
            let remedy = "close it, or double it where it is part of the text".to_owned();
            faults.0.insert(0, Diagnostic::error(self.place(last, 0), Fault::Conflict { message, remedy }));
            faults.0.truncate(1);
        }
        faults
    }
}

/// Reads the line `sep=;` that spreadsheets write before the headings; returns where the headings begin.
fn separator_line(text: &str) -> (usize, Option<char>) {
    let line = text.lines().next().unwrap_or_default();
    let mut rest = line.strip_prefix("sep=").unwrap_or_default().chars();
    match (rest.next(), rest.next()) {
        (Some(separator), None) if DELIMITERS.contains(&separator) => {
            let end = text.find('\n').map_or(text.len(), |at| at + 1);
            (end, Some(separator))
        }
        _ => (0, None),
    }
}

/// Finds what parts the headings: the one of the usual characters that stands between them, or of several the one
/// by which all rows have as many cells as there are headings. `Price per 1,000;Note` is parted by the semicolon.
fn delimiter(text: &str) -> Result<char, Fault> {
    let first = text.trim_start_matches(['\r', '\n']);
    let found = DELIMITERS.into_iter().filter(|delimiter| spans(first, *delimiter).0.len() > 1);
    let found: Vec<char> = found.collect();
    let even = |delimiter: &&char| {
        let widths: Vec<usize> = records(text, **delimiter).map(|row| row.cells.len()).collect();
        widths.iter().all(|width| Some(width) == widths.first())
    };
    let fitting: Vec<char> = found.iter().filter(even).copied().collect();
    match (found.as_slice(), fitting.as_slice()) {
        ([one], _) | (_, [one]) => Ok(*one),
        ([], _) => {
            Err(no_separator("the first line has no comma, semicolon, tab or bar between headings".into()))
        }
        ([a, b, ..], _) => Err(no_separator(format!("the headings could be parted by `{a}` or by `{b}`"))),
    }
}

fn no_separator(message: String) -> Fault {
    let remedy = "begin the file with the separator, such as a line sep=; before the headings";
    Fault::Conflict { message, remedy: remedy.to_owned() }
}

/// Parses the records; a text is always UTF-8, and rows of any length are read, so none is an error.
fn records(text: &str, delimiter: char) -> impl Iterator<Item = Row> + '_ {
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(u8::try_from(delimiter).unwrap_or(b','));
    reader.from_reader(text.as_bytes()).into_records().filter_map(Result::ok).map(move |record| {
        let start = record.position().map_or(0, |position| position.byte()) as usize;
        // The position is that of the line breaks before the record.
        let start = start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        Row { cells: record.iter().map(|cell| cell.trim().to_owned()).collect(), start }
    })
}

/// Finds the cells of the first record of a text, and whether its quotation marks are closed.
fn spans(text: &str, delimiter: char) -> (Vec<Range<usize>>, bool) {
    let mut spans = Vec::new();
    let (mut start, mut quoted, mut end) = (0, false, text.len());
    for (at, c) in text.char_indices() {
        match c {
            // A doubled mark inside closes and opens again.
            '"' if quoted || at == start => quoted = !quoted,
            '"' if text[..at].ends_with('"') && text[start..].starts_with('"') => quoted = !quoted,
            '\n' | '\r' if !quoted => {
                end = at;
                break;
            }
            c if c == delimiter && !quoted => {
                spans.push(start..at);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    spans.push(start..end);
    (spans, !quoted)
}

/// Returns whether a cell stands for a figure that nobody knows.
pub(super) fn is_unknown(cell: &str) -> bool {
    const WORDS: &[&str] = &["n/a", "na", "n.a.", "null", "none", "tbd", "unknown", "?"];
    is_empty(cell) || WORDS.contains(&cell.to_lowercase().as_str())
}

/// Returns whether a cell says nothing; a text may well be `NA`.
pub(super) fn is_empty(cell: &str) -> bool {
    matches!(cell, "" | "-" | "–" | "—")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let sheet = Sheet::parse("t.csv", text).expect("a table");
        std::iter::once(sheet.headings.clone()).chain(sheet.rows.into_iter().map(|row| row.cells)).collect()
    }

    #[test]
    fn the_separator_is_found_in_the_headings() {
        for text in
            ["a,b\n1,2\n", "a;b\r\n1;2\r\n", "a\tb\n1\t2", "sep=|\na|b\n1|2\n", "\n\na,b\n\n1,2\n\n,\n"]
        {
            assert_eq!(cells(text), [["a", "b"], ["1", "2"]], "{text:?}");
        }
        assert_eq!(cells("\"a,x,y\";b\n1;2\n")[0], ["a,x,y", "b"]);
        assert_eq!(cells("a per 1,000,000;b\n1;2,5\n")[1], ["1", "2,5"]);
    }

    #[test]
    fn quotes_line_breaks_and_wide_characters_are_read_and_placed() {
        let text = "名前,b\r\n\"say \"\"hi\"\", you\",2\r\n\r\n\"two\r\nlines\",値\r\n";
        let sheet = Sheet::parse("t.csv", text).expect("a table");
        assert_eq!(sheet.rows[0].cells, ["say \"hi\", you", "2"]);
        assert_eq!(sheet.rows[1].cells, ["two\r\nlines", "値"]);
        let place = sheet.place(&sheet.rows[0], 1);
        assert_eq!((place.line, place.column), (2, 19));
        assert_eq!(sheet.line(&sheet.rows[1]), 4);
        assert_eq!(sheet.place(&sheet.rows[1], 1).line, 5);
    }

    #[test]
    fn what_does_not_fit_the_headings_is_refused() {
        for (text, expected) in [
            ("", "is empty"),
            ("one\n1\n", "no comma"),
            ("a,b;c\n1,2;3\n", "could be parted"),
            ("a,b\n1\n", "t.csv:2:1: 1 cells under 2 headings"),
            ("a,b\n1,2\n1,2,3\n", "t.csv:3:1: 3 cells under 2 headings"),
            ("a,b\n\"1,2\n3,4\n", "never closed"),
        ] {
            let said = Sheet::parse("t.csv", text).err().map(|faults| faults.to_string()).unwrap_or_default();
            assert!(said.contains(expected), "{text:?}: {said}");
        }
        // Empty cells at the end of a row are no figures.
        assert_eq!(cells("a,b\n1,2,,\n")[1], ["1", "2", "", ""]);
    }
}
