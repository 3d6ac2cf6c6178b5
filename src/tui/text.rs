//! Text in a given number of columns; a wide character takes two.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::present::{self, cut, shorten};

/// Shortens or fills a text to a width, flush left.
pub fn left(text: &str, width: usize) -> String {
    let text = shorten(text, width);
    let gap = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(gap))
}

/// Shortens or fills a text to a width, flush right.
pub fn right(text: &str, width: usize) -> String {
    let text = shorten(text, width);
    let gap = width.saturating_sub(text.width());
    format!("{}{text}", " ".repeat(gap))
}

/// Breaks a text into lines that fit a width, however long its words are.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    present::wrap(text, width).iter().map(|line| shorten(line, width.max(1))).collect()
}

/// Breaks a text into lines that fit a width; words that are longer, such as addresses, go on in the next line, so that
/// nothing is lost.
pub fn broken(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut lines = Vec::new();
    for line in present::wrap(text, width) {
        let mut part = String::new();
        for c in line.chars() {
            if part.width() + c.width().unwrap_or(0) > width {
                lines.push(std::mem::take(&mut part));
            }
            part.push(c);
        }
        lines.push(part);
    }
    lines
}

/// Words that a user typed to narrow a list.
pub struct Words(Vec<String>);

impl Words {
    /// Reads what was typed.
    pub fn of(typed: &str) -> Words {
        Words(typed.split_whitespace().map(str::to_lowercase).collect())
    }

    /// Returns whether a text has all of them, in any order and whatever their case.
    pub fn are_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().all(|word| text.contains(word))
    }
}

/// Breaks a text into so many lines at most; what is left over is cut.
pub fn wrap_up_to(text: &str, width: usize, most: usize) -> Vec<String> {
    up_to(wrap(text, width), width, most)
}

/// Returns so many lines at most; the last of them says that there would be more.
pub fn up_to(mut lines: Vec<String>, width: usize, most: usize) -> Vec<String> {
    if lines.len() > most {
        let rest = lines.split_off(most.max(1) - 1).join(" ");
        lines.push(cut(&rest, width));
        lines.truncate(most);
    }
    lines
}

/// Returns a heading in so many lines at most: a name and what is said of it. Where both do not fit the name gives way, so
/// that the numbers stay whole.
pub fn heading(name: &str, said: &str, width: usize, most: usize) -> Vec<String> {
    /// Columns of a name of which something can still be read.
    const NAME: usize = 8;
    let whole = wrap(&format!("{name}: {said}"), width);
    if whole.len() <= most {
        return whole;
    }
    let room = width.saturating_sub(said.width() + 2);
    match most {
        0 => Vec::new(),
        1 if room >= NAME => vec![format!("{}: {said}", shorten(name, room))],
        1 => vec![cut(said, width)],
        _ => {
            [vec![format!("{}:", shorten(name, width.saturating_sub(1)))], wrap_up_to(said, width, most - 1)]
                .concat()
        }
    }
}

/// Puts one line of text at a row of an area, cut at its right end; rows outside are left out.
pub fn put(buffer: &mut Buffer, area: Rect, row: u16, text: &str, style: Style) {
    put_line(buffer, area, row, &Line::from(Span::styled(text, style)));
}

/// Puts one line of styled pieces at a row of an area.
pub fn put_line(buffer: &mut Buffer, area: Rect, row: u16, line: &Line<'_>) {
    if row < area.height && area.width > 0 {
        buffer.set_line(area.x, area.y + row, line, area.width);
    }
}

/// Returns the first rows of an area and the rest.
pub fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let top = Rect { height: rows, ..area };
    let rest = Rect { y: area.y + rows, height: area.height - rows, ..area };
    (top, rest)
}

/// Returns an area without its last rows, and those.
pub fn split_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let (rest, bottom) = split_top(area, area.height.saturating_sub(rows));
    (rest, bottom)
}

/// Returns where a list begins so that the selected entry stays in the middle where it can.
pub fn first_shown(selected: usize, count: usize, rows: usize) -> usize {
    selected.saturating_sub(rows / 2).min(count.saturating_sub(rows))
}

/// Returns the entry of a list, drawn over an area with [`first_shown`], that lies at a place.
pub fn entry_in(area: Rect, at: Position, selected: usize, count: usize) -> Option<usize> {
    if !area.contains(at) {
        return None;
    }
    let first = first_shown(selected, count, usize::from(area.height));
    Some(first + usize::from(at.y - area.y)).filter(|entry| *entry < count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_fill_two_columns() {
        assert_eq!(left("客服", 6), "客服  ");
        assert_eq!(right("客服", 5), " 客服");
        assert_eq!(left("客服机器人", 5).width(), 5);
    }

    #[test]
    fn a_word_longer_than_a_line_loses_its_middle() {
        assert_eq!(wrap("a longest b", 5), ["a", "lo…st", "b"]);
    }

    #[test]
    fn a_heading_keeps_its_numbers_and_shortens_the_name() {
        let (name, said) = ("acme/large:cached_context, the plan", "$20.68 a month");
        assert_eq!(heading(name, said, 80, 1), [format!("{name}: {said}")]);
        assert_eq!(heading(name, said, 40, 2), ["acme/large:cached_context, the plan:", said]);
        assert_eq!(heading(name, said, 30, 1), ["acme/la…e plan: $20.68 a month"]);
        assert_eq!(heading(name, said, 20, 2), ["acme/larg… the plan:", said]);
        assert_eq!(heading(name, said, 16, 1), [said]);
    }

    #[test]
    fn what_is_left_over_of_a_text_is_cut() {
        assert_eq!(wrap_up_to("one two three four", 8, 3), ["one two", "three", "four"]);
        assert_eq!(wrap_up_to("one two three four", 9, 2), ["one two", "three …"]);
        assert!(wrap_up_to("one two", 9, 0).is_empty());
    }

    #[test]
    fn an_address_goes_on_in_the_next_line() {
        assert_eq!(broken("see https://a.b/c now", 9), ["see", "https://a", ".b/c", "now"]);
        assert_eq!(broken("客服机", 4), ["客服", "机"]);
    }

    #[test]
    fn words_are_found_in_any_order_and_case() {
        assert!(Words::of("RAG  gpt").are_in("openai/GPT-5:rag"));
        assert!(Words::of("É").are_in("café"));
        assert!(!Words::of("rag opus").are_in("openai/GPT-5:rag"));
        assert!(Words::of("  ").are_in(""));
    }

    #[test]
    fn a_list_scrolls_only_as_far_as_it_must() {
        assert_eq!(first_shown(0, 10, 4), 0);
        assert_eq!(first_shown(5, 10, 4), 3);
        assert_eq!(first_shown(9, 10, 4), 6);
        assert_eq!(first_shown(2, 3, 0), 2);
    }
}
