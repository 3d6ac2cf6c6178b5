//! A text that is being typed, with a cursor in it.

use std::fmt;

use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::action::Typing;
use super::theme::{Glyphs, Theme};

/// Characters of a text; no name, number or remark is longer.
const LONGEST: usize = 2000;

/// Columns behind the cursor that stay in view where the text is longer than its line.
const AHEAD: usize = 8;

/// A text and the place in it where the next character goes. It moves by what people take for one character, however
/// many code points and columns that has.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    input: Input,
}

impl PartialEq for Typed {
    fn eq(&self, other: &Typed) -> bool {
        (self.text(), self.input.cursor()) == (other.text(), other.input.cursor())
    }
}

impl Eq for Typed {}

impl From<String> for Typed {
    /// Takes a text, with the cursor at its end.
    fn from(text: String) -> Typed {
        Typed { input: Input::new(text) }
    }
}

impl From<&str> for Typed {
    fn from(text: &str) -> Typed {
        Typed::from(text.to_owned())
    }
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Typed {
    /// Returns the text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Changes the text, or moves in it; returns whether it has changed.
    pub fn edit(&mut self, typing: Typing) -> bool {
        let request = match typing {
            Typing::Insert(_) if self.text().chars().count() >= LONGEST => return false,
            Typing::Insert(c) => InputRequest::InsertChar(c),
            Typing::Erase => InputRequest::DeletePrevChar,
            Typing::EraseNext => InputRequest::DeleteNextChar,
            Typing::EraseWord => InputRequest::DeletePrevWord,
            Typing::Clear => InputRequest::DeleteLine,
            Typing::Left => InputRequest::GoToPrevChar,
            Typing::Right => InputRequest::GoToNextChar,
            Typing::WordLeft => InputRequest::GoToPrevWord,
            Typing::WordRight => InputRequest::GoToNextWord,
            Typing::Start => InputRequest::GoToStart,
            Typing::End => InputRequest::GoToEnd,
            Typing::Accept => return false,
        };
        self.input.handle(request).is_some_and(|changed| changed.value)
    }

    /// Returns what is seen of it in a width: before the cursor and behind it, with `…` where more is. The cursor takes
    /// a column of its own, and is always seen.
    pub fn around(&self, width: usize) -> (String, String) {
        let at = self.text().char_indices().nth(self.input.cursor()).map_or(self.text().len(), |(at, _)| at);
        let (before, behind) = self.text().split_at(at);
        let room = width.saturating_sub(1);
        if before.width() + behind.width() <= room {
            return (before.to_owned(), behind.to_owned());
        }
        let ahead = behind.width().min(AHEAD).min(room / 2);
        let before = end_of(before, room - ahead);
        let behind = start_of(behind, room - before.width());
        (before, behind)
    }

    /// Returns what is seen of it in a width, with the cursor.
    pub fn shown(&self, theme: &Theme, width: usize) -> String {
        let (before, behind) = self.around(width);
        format!("{before}{}{behind}", cursor(theme))
    }
}

/// Returns the sign of the cursor: a line at the left of its column, or one that ASCII has.
pub fn cursor(theme: &Theme) -> &'static str {
    match theme.glyphs {
        Glyphs::Ascii => "|",
        Glyphs::Unicode => "▏",
    }
}

/// Returns the end of a text in a width, without a part of a character.
fn end_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = text.len();
    let mut used = 1;
    for (at, character) in text.grapheme_indices(true).rev() {
        used += character.width();
        if used > width {
            break;
        }
        kept = at;
    }
    if width == 0 { String::new() } else { format!("…{}", &text[kept..]) }
}

/// Returns the start of a text in a width, without a part of a character.
fn start_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |character: &&str| {
        used += character.width();
        used <= width
    };
    let kept: String = text.graphemes(true).take_while(fits).collect();
    if width == 0 { String::new() } else { format!("{kept}…") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, moves: &[Typing]) -> Typed {
        let mut typed = Typed::from(text);
        moves.iter().for_each(|typing| {
            typed.edit(*typing);
        });
        typed
    }

    fn shown(typed: &Typed, width: usize) -> String {
        typed.shown(&Theme::default(), width)
    }

    #[test]
    fn a_character_is_put_in_and_taken_away_where_the_cursor_is() {
        let mut text = typed("acme/lrge", &[Typing::Start, Typing::WordRight, Typing::Right]);
        text.edit(Typing::Insert('a'));
        assert_eq!(shown(&text, 20), "acme/la▏rge");
        text.edit(Typing::EraseNext);
        text.edit(Typing::Erase);
        assert_eq!(shown(&text, 20), "acme/l▏ge");
        text.edit(Typing::End);
        text.edit(Typing::EraseWord);
        assert_eq!(shown(&text, 20), "acme/▏");
        assert!(text.edit(Typing::Clear) && !text.edit(Typing::Clear));
    }

    #[test]
    fn chinese_and_emoji_go_by_whole_characters() {
        // The last one is five code points in two columns.
        let text = "客服🤦🏼‍♂️";
        assert_eq!(shown(&typed(text, &[Typing::Left]), 20), "客服▏🤦🏼‍♂️");
        assert_eq!(shown(&typed(text, &[Typing::Erase]), 20), "客服▏");
        assert_eq!(shown(&typed(text, &[Typing::Start, Typing::Right, Typing::EraseNext]), 20), "客▏🤦🏼‍♂️");
    }

    #[test]
    fn the_cursor_is_seen_at_any_width_and_place() {
        for text in ["a long text that goes on and on", "很长的文字一直写下去没有尽头", "", "ab"]
        {
            for left in 0..text.chars().count() {
                let typed = typed(text, &vec![Typing::Left; left]);
                for width in 1..40 {
                    let shown = shown(&typed, width);
                    assert!(shown.contains('▏') && shown.width() <= width, "{shown:?} in {width}");
                }
            }
        }
        assert_eq!(shown(&typed("0123456789", &[]), 6), "…6789▏");
        assert_eq!(shown(&typed("0123456789", &[Typing::Start]), 6), "▏0123…");
    }
}
