//! One bar of the forecast: what it is made of, and how it fills rows of cells.
//!
//! Heights are counted in eighths of a row, which is what block characters can show. A part is a block in its colour,
//! its letter in the first and the last row that it fills, so that it is told from its neighbours without colours too. In
//! ASCII its rows are letters.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::analysis::forecast::outlay::{Outlay, Purpose};
use crate::report::forecast::letter;
use crate::tui::theme::{Glyphs, Role, Theme};

/// A cell filled by none to eight eighths.
const BLOCKS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Eighths of a row.
const ROW: u32 = 8;

/// A bar.
pub(super) struct Bar {
    parts: Vec<(Purpose, f64)>,
    pub(super) total: f64,
    /// Whether all of it is known.
    pub(super) known: bool,
    /// What users pay, where that is drawn beside.
    pub(super) revenue: Option<f64>,
}

/// How amounts become heights.
#[derive(Clone, Copy)]
pub(super) struct Height {
    /// The amount at the upper edge.
    pub(super) high: f64,
    /// The rows.
    pub(super) rows: u16,
}

/// Where a bar stands: its first column, its columns, and the row below it.
#[derive(Clone, Copy)]
pub(super) struct Foot {
    pub(super) x: u16,
    pub(super) columns: u16,
    pub(super) bottom: u16,
}

/// A part of a bar from some eighth up to another.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece {
    purpose: Purpose,
    from: u32,
    to: u32,
}

impl Height {
    /// Returns the eighths of an amount.
    fn eighths(self, amount: f64) -> u32 {
        let most = f64::from(u32::from(self.rows) * ROW);
        (amount / self.high * most).round().clamp(0.0, most) as u32
    }

    /// Returns the eighths of a whole bar: whatever is more than nothing is seen.
    fn eighths_seen(self, amount: f64) -> u32 {
        if amount > 0.0 { self.eighths(amount).max(1) } else { 0 }
    }
}

impl Bar {
    pub(super) fn of(outlay: &Outlay, revenue: Option<Decimal>) -> Bar {
        let float = |amount: Decimal| amount.to_f64().unwrap_or(0.0).max(0.0);
        Bar {
            parts: outlay.parts.iter().map(|(purpose, amount)| (*purpose, float(*amount))).collect(),
            total: float(outlay.total().known),
            known: outlay.reason.is_none(),
            revenue: revenue.map(float),
        }
    }

    /// Returns the rows that it takes, the last one perhaps in part.
    pub(super) fn rows(&self, height: Height) -> u16 {
        height.eighths_seen(self.total).div_ceil(ROW) as u16
    }

    /// Returns the parts that are high enough to be seen; each ends where the sum of all up to it does.
    fn pieces(&self, height: Height) -> Vec<Piece> {
        let (mut reached, mut from, mut pieces) = (0.0, 0, Vec::new());
        for (purpose, amount) in &self.parts {
            reached += amount;
            let to = height.eighths(reached);
            if to > from && *amount > 0.0 {
                pieces.push(Piece { purpose: *purpose, from, to });
                from = to;
            }
        }
        let largest =
            self.parts.iter().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, amount)| *amount > 0.0);
        if let (Some((purpose, _)), true) = (largest, pieces.is_empty()) {
            pieces.push(Piece { purpose: *purpose, from: 0, to: 1 });
        }
        pieces
    }

    /// Draws what it is made of.
    pub(super) fn draw(&self, theme: &Theme, height: Height, foot: Foot, buffer: &mut Buffer) {
        let pieces = self.pieces(height);
        for row in 0..self.rows(height) {
            let (from, to) = (u32::from(row) * ROW, u32::from(row + 1) * ROW);
            let inside: Vec<Piece> =
                pieces.iter().filter(|piece| piece.from < to && piece.to > from).copied().collect();
            let y = foot.bottom - 1 - row;
            if is_filled(theme) {
                draw_blocks(theme, &inside, from, foot, y, buffer);
            } else {
                draw_letters(theme, &inside, from, foot, y, buffer);
            }
        }
    }

    /// Draws what users pay, as a bar of its own.
    pub(super) fn draw_revenue(&self, theme: &Theme, height: Height, foot: Foot, buffer: &mut Buffer) {
        let eighths = self.revenue.map_or(0, |revenue| height.eighths_seen(revenue));
        // Shades have no eighths; less than half a row is a line at its foot.
        for row in 0..eighths.div_ceil(ROW) {
            let symbol = if eighths - row * ROW >= ROW / 2 { REVENUE } else { "▁" };
            let text = symbol.repeat(usize::from(foot.columns));
            buffer.set_string(foot.x, foot.bottom - 1 - row as u16, text, theme.style(Role::Heading));
        }
    }
}

/// What the bar of what users pay is filled with.
pub(super) const REVENUE: &str = "░";

/// Returns whether parts are blocks with letters in them, or letters alone.
pub(super) fn is_filled(theme: &Theme) -> bool {
    theme.glyphs == Glyphs::Unicode
}

/// Fills a row with the colours of its parts: the lower one as a block, the upper one behind it.
fn draw_blocks(theme: &Theme, inside: &[Piece], from: u32, foot: Foot, y: u16, buffer: &mut Buffer) {
    let (Some(lower), Some(top)) = (inside.first(), inside.last()) else { return };
    let line = |piece: &Piece| theme.style(Role::Line(piece.purpose as usize));
    let eighths = |reached: u32| (reached - from).min(ROW) as usize;
    let (symbol, style) = match (inside.len(), eighths(top.to)) {
        (1, filled) => (BLOCKS[filled], line(lower)),
        (_, 8) => {
            // Without colours the upper part begins with a gap.
            let behind = Style { bg: line(largest(&inside[1..], from)).fg, ..Style::new() };
            (BLOCKS[eighths(lower.to)], line(lower).patch(behind))
        }
        // Two colours and an empty rest do not go into one cell.
        (_, filled) => (BLOCKS[filled], line(largest(inside, from))),
    };
    buffer.set_string(foot.x, y, symbol.repeat(usize::from(foot.columns)), style);
    let part = largest(inside, from);
    if has_letter(part, from) {
        let middle = foot.x + (foot.columns - 1) / 2;
        buffer.set_string(middle, y, letter(part.purpose).to_string(), theme.area(part.purpose as usize));
    }
}

/// Returns whether a row is the first or the last that a part fills; of one that fills none, whether it takes half of it.
fn has_letter(piece: &Piece, from: u32) -> bool {
    let (first, end) = (piece.from.div_ceil(ROW) * ROW, piece.to / ROW * ROW);
    if first < end {
        return from == first || from + ROW == end;
    }
    piece.to.min(from + ROW) - piece.from.max(from) >= ROW / 2
}

/// Fills a row with the letter of its largest part, the top row where at least half of it is filled.
fn draw_letters(theme: &Theme, inside: &[Piece], from: u32, foot: Foot, y: u16, buffer: &mut Buffer) {
    let Some(top) = inside.last() else { return };
    let (filled, part) = ((top.to - from).min(ROW), largest(inside, from));
    let symbol = if filled >= ROW / 2 { letter(part.purpose) } else { '_' }.to_string();
    let style = theme.style(Role::Line(part.purpose as usize));
    buffer.set_string(foot.x, y, symbol.repeat(usize::from(foot.columns)), style);
}

/// Returns the part that takes most of a row; the lower one of two alike.
fn largest(inside: &[Piece], from: u32) -> &Piece {
    let taken = |piece: &Piece| piece.to.min(from + ROW) - piece.from.max(from);
    let largest = |a, b| if taken(b) > taken(a) { b } else { a };
    inside[1..].iter().fold(&inside[0], largest)
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Color;

    use super::*;
    use crate::tui::theme::Palette;

    fn bar(parts: &[(Purpose, f64)]) -> Bar {
        let total = parts.iter().map(|(_, amount)| amount).sum();
        Bar { parts: parts.to_vec(), total, known: true, revenue: None }
    }

    /// Draws a bar of three columns over four rows that stand for $40, from above.
    fn drawn(theme: Theme, bar: &Bar) -> (Vec<String>, Buffer) {
        let area = Rect::new(0, 0, 3, 4);
        let mut buffer = Buffer::empty(area);
        let foot = Foot { x: 0, columns: 3, bottom: 4 };
        bar.draw(&theme, Height { high: 40.0, rows: 4 }, foot, &mut buffer);
        let row = |y| (0..3).map(|x| buffer[(x, y)].symbol()).collect();
        ((0..4).map(row).collect(), buffer)
    }

    #[test]
    fn a_part_has_its_letter_in_the_first_and_the_last_row_that_it_fills() {
        // $20 of answers are 16 eighths, two rows; $15 of own costs the 12 above, one row and a half.
        let (rows, buffer) = drawn(Theme::default(), &bar(&[(Purpose::Answers, 20.0), (Purpose::Own, 15.0)]));
        assert_eq!(rows, ["▄▄▄", "█O█", "█A█", "█A█"]);
        assert_ne!(buffer[(0, 1)].fg, buffer[(0, 2)].fg);
        assert_eq!(buffer[(1, 2)].bg, buffer[(0, 2)].fg);
    }

    #[test]
    fn two_parts_of_one_row_share_it() {
        // $15 are 12 eighths: the lower half of the second row, own costs behind it.
        let (rows, buffer) = drawn(Theme::default(), &bar(&[(Purpose::Answers, 15.0), (Purpose::Own, 5.0)]));
        assert_eq!(rows, ["   ", "   ", "▄▄▄", "█A█"]);
        let theme = Theme::default();
        assert_eq!(buffer[(0, 2)].bg, theme.line_color(Purpose::Own as usize));
        assert_ne!(buffer[(0, 2)].bg, Color::Reset);
    }

    #[test]
    fn without_colours_a_part_above_another_begins_with_a_gap_and_without_blocks_parts_are_letters() {
        let mono = Theme { palette: Palette::Mono, ..Theme::default() };
        let (rows, buffer) = drawn(mono, &bar(&[(Purpose::Answers, 15.0), (Purpose::Own, 15.0)]));
        assert_eq!(rows, ["   ", "█O█", "▄▄▄", "█A█"]);
        assert_eq!((buffer[(0, 2)].fg, buffer[(0, 2)].bg), (Color::Reset, Color::Reset));
        // 12 of the 40 are 9.6 eighths above 16.
        let both = bar(&[(Purpose::Answers, 20.0), (Purpose::Own, 12.0)]);
        let ascii = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
        assert_eq!(drawn(ascii, &both).0, ["___", "OOO", "AAA", "AAA"]);
    }

    #[test]
    fn whatever_is_more_than_nothing_is_seen() {
        assert_eq!(drawn(Theme::default(), &bar(&[(Purpose::Answers, 0.001)])).0[3], "▁▁▁");
        assert_eq!(drawn(Theme::default(), &bar(&[])).0[3], "   ");
    }
}
