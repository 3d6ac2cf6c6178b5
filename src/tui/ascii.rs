//! The fall-back to plain ASCII, for terminals and fonts that have nothing else.
//!
//! A sign becomes one character in its column. Where that would be hard to read, it becomes several and takes blanks of its
//! line for them: `€30.09` in a sentence becomes `EUR30.09`, `±25%` becomes `+-25%`, `a month↓` becomes `a month v`.

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

/// Replaces everything that is not ASCII.
pub fn fold_to_ascii(buffer: &mut Buffer) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        let mut row = Row::read(buffer, y);
        row.grow();
        for (x, slot) in (area.left()..area.right()).zip(row.slots) {
            buffer[(x, y)] = slot.cell;
        }
    }
}

/// Letters of a currency's code.
const CODE: usize = 3;

/// A cell of a row.
struct Slot {
    cell: Cell,
    /// Whether it is part of a border, a bar or a chart and stays in its column.
    fixed: bool,
    /// What it becomes where there is room.
    grows: Option<&'static str>,
}

impl Slot {
    fn is_blank(&self) -> bool {
        !self.fixed && self.cell.symbol() == " "
    }
}

/// A row of the screen.
struct Row {
    slots: Vec<Slot>,
}

impl Row {
    /// Reads a row, each sign as one character.
    fn read(buffer: &Buffer, y: u16) -> Row {
        let area = buffer.area;
        let mut slots: Vec<Slot> = Vec::with_capacity(usize::from(area.width));
        let mut x = area.left();
        while x < area.right() {
            let cell = &buffer[(x, y)];
            let symbol = cell.symbol();
            let width = (symbol.width() as u16).max(1);
            let behind_a_word = slots.last().is_some_and(|slot| is_word(slot.cell.symbol()));
            let (fixed, grows) = (is_drawing(symbol), grown(symbol, behind_a_word));
            for part in x..(x + width).min(area.right()) {
                let mut cell = buffer[(part, y)].clone();
                if !symbol.is_ascii() {
                    cell.set_symbol(ascii(symbol));
                }
                slots.push(Slot { cell, fixed, grows });
            }
            x += width;
        }
        Row { slots }
    }

    /// Writes signs as several characters as far as there are blanks to be taken.
    fn grow(&mut self) {
        for at in (0..self.slots.len()).rev() {
            let Some(text) = self.slots[at].grows.take() else { continue };
            let wanted = text.len() - 1;
            // Amounts of a table keep to their columns; the status names the currency.
            if text.len() == CODE && !self.is_in_sentence(at) {
                continue;
            }
            let blank = self.blanks_before(at, wanted).or_else(|| self.blanks_behind(at, wanted));
            let Some(blank) = blank else { continue };
            self.write(at, text);
            // Behind the sign, blanks have moved by as much as it has grown.
            let from = if blank > at { blank + wanted } else { blank };
            self.slots.drain(from..from + wanted);
        }
    }

    /// Returns whether a place is in a sentence rather than a table: between borders, no gap parts its words.
    fn is_in_sentence(&self, at: usize) -> bool {
        let is_border = |slot: &Slot| slot.fixed && slot.cell.symbol() == "|";
        let start = self.slots[..at].iter().rposition(is_border).map_or(0, |border| border + 1);
        let words = self.slots[start..].iter().take_while(|slot| !is_border(slot));
        !words.map(|slot| slot.cell.symbol()).collect::<String>().trim().contains("  ")
    }

    /// Puts a text in the place of a sign.
    fn write(&mut self, at: usize, text: &str) {
        let cell = self.slots[at].cell.clone();
        let letters = text.chars().map(|letter| {
            let mut cell = cell.clone();
            cell.set_char(letter);
            Slot { cell, fixed: false, grows: None }
        });
        self.slots.splice(at..=at, letters.collect::<Vec<_>>());
    }

    /// Returns where blanks before a place begin that can be taken: those of a gap in which one stays.
    fn blanks_before(&self, at: usize, wanted: usize) -> Option<usize> {
        let mut run = 0;
        for place in (0..at).rev() {
            match &self.slots[place] {
                slot if slot.fixed => return None,
                slot if slot.is_blank() => run += 1,
                _ => run = 0,
            }
            if run == wanted + 1 {
                return Some(place);
            }
        }
        None
    }

    /// Returns the same behind a place; at the end of the row no blank has to stay.
    fn blanks_behind(&self, at: usize, wanted: usize) -> Option<usize> {
        let mut run = 0;
        for (place, slot) in self.slots.iter().enumerate().skip(at + 1) {
            match slot {
                slot if slot.fixed => return None,
                slot if slot.is_blank() => run += 1,
                _ => run = 0,
            }
            let last = place + 1 == self.slots.len();
            if run == wanted + 1 || run == wanted && last {
                return Some(place + 1 - run);
            }
        }
        None
    }
}

fn is_word(symbol: &str) -> bool {
    symbol.chars().next().is_some_and(char::is_alphanumeric)
}

/// Returns whether a sign is part of a drawing: a border, a block, a mark, or braille.
fn is_drawing(symbol: &str) -> bool {
    symbol.chars().next().is_some_and(|c| matches!(c, '\u{2500}'..='\u{25ff}' | '\u{2800}'..='\u{28ff}'))
}

/// Returns what a sign becomes where there is room for more than one character.
fn grown(symbol: &str, behind_a_word: bool) -> Option<&'static str> {
    match symbol {
        "€" => Some("EUR"),
        "£" => Some("GBP"),
        "±" => Some("+-"),
        "≥" => Some(">="),
        "≤" => Some("<="),
        "↓" if behind_a_word => Some(" v"),
        "↑" if behind_a_word => Some(" ^"),
        _ => None,
    }
}

fn ascii(symbol: &str) -> &'static str {
    match symbol {
        "★" => "*",
        "☆" | "±" => "+",
        "●" => "P",
        "○" => "B",
        "◆" | "×" => "x",
        "▲" | "↑" | "▴" => "^",
        "▸" | "→" => ">",
        "↓" | "▾" => "v",
        "←" => "<",
        "│" | "┃" | "║" => "|",
        "─" | "━" | "╺" | "╸" | "—" | "–" => "-",
        "└" | "┘" | "┌" | "┐" | "┴" | "┬" | "├" | "┤" | "┼" | "┿" | "╔" | "╗" | "╚" | "╝" => {
            "+"
        }
        "═" => "=",
        "╌" => ".",
        "╎" => ":",
        "≠" => "!",
        "█" | "▉" | "▊" | "▋" | "▌" | "▐" => "#",
        "▍" | "▎" | "▏" | "⇧" => " ",
        "░" => ":",
        "▁" => "_",
        "▂" | "▃" | "▄" => "=",
        "▅" | "▆" | "▇" => "#",
        "÷" => "/",
        "…" => "~",
        "·" => "-",
        "≥" => ">",
        "≤" => "<",
        "¥" => "Y",
        "€" => "E",
        "£" => "L",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn folded(text: &str, width: u16) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        buffer.set_string(0, 0, text, Style::new());
        fold_to_ascii(&mut buffer);
        buffer.content().iter().map(Cell::symbol).collect()
    }

    #[test]
    fn amounts_of_a_table_keep_to_their_columns() {
        assert_eq!(folded("rag        €130.26  €0.0043", 27), "rag        E130.26  E0.0043");
        assert_eq!(folded("rag         €9.26  €0.004", 25), "rag         E9.26  E0.004");
    }

    #[test]
    fn sentences_and_heads_move_on_where_there_is_room() {
        assert_eq!(folded("costs €1.20 a month", 24), "costs EUR1.20 a month   ");
        assert_eq!(folded("strategy  a month↓  x", 21), "strategy a month v  x");
        assert_eq!(folded("a ±25%", 8), "a +-25% ");
        assert_eq!(folded("↓ more", 8), "v more  ");
    }

    #[test]
    fn borders_and_bars_keep_their_columns() {
        assert_eq!(folded("│ €5 │", 6), "| E5 |");
        assert_eq!(folded("€100 ┤ ██", 9), "E100 + ##");
        assert_eq!(folded("客服 ±1  x", 10), "???? +-1 x");
    }
}
