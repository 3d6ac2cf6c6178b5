//! Finds texts by a few letters, as editors do. A text that has a typed word as a word comes before one in which a word
//! begins so, that before one that has it inside of a word, and any of them before one in which its letters only come in
//! order. Two crates do the last part as well (`nucleo-matcher`, `frizbee`), but know no whole words; what they are made
//! for, lists of hundreds of thousands, is not here.

/// A place of a word that is a word of the text, begins one, or lies inside of one.
const WHOLE: i32 = 60_000;
const BEGINNING: i32 = 40_000;
const INSIDE: i32 = 20_000;

/// What a column from the beginning of the text costs: of two equal finds the earlier one is better.
const COLUMN: i32 = 100;

/// The furthest place that makes a difference.
const FURTHEST: usize = 99;

/// What scattered letters can count; less than those that stand together.
const LEAST: i32 = 99;

/// What is typed, to be looked for in many texts.
#[derive(Debug, Clone)]
pub struct Search {
    words: Vec<Vec<char>>,
    /// The text that is looked at, in a place that is used for all of them.
    text: Vec<char>,
}

impl Search {
    /// Takes what is typed; every word of it must be found by itself.
    pub fn new(typed: &str) -> Search {
        let lower = |word: &str| word.chars().flat_map(char::to_lowercase).collect();
        Search { words: typed.split_whitespace().map(lower).collect(), text: Vec::new() }
    }

    /// Returns how well a text, given in parts, matches; larger is better, `None` where a letter is missing.
    pub fn score(&mut self, parts: &[&str]) -> Option<i32> {
        self.score_with(parts, &[])
    }

    /// Returns the same with more text behind, in which a word is found only with its letters together.
    pub fn score_with(&mut self, parts: &[&str], more: &[&str]) -> Option<i32> {
        if self.words.is_empty() {
            return Some(0);
        }
        let letters = |parts: &[&str], text: &mut Vec<char>| {
            text.extend(parts.iter().flat_map(|part| part.chars()).flat_map(char::to_lowercase));
        };
        self.text.clear();
        letters(parts, &mut self.text);
        let end = self.text.len();
        letters(more, &mut self.text);
        let text = &self.text;
        let words = self.words.iter();
        words.map(|word| together(word, text).or_else(|| scattered(word, &text[..end]))).sum()
    }
}

/// Returns how well a word is found with all letters together, at its best place.
fn together(word: &[char], text: &[char]) -> Option<i32> {
    let is_letter = |at: usize| text.get(at).is_some_and(|c| c.is_alphanumeric());
    let places = text.windows(word.len()).enumerate().filter(|(_, letters)| *letters == word);
    places
        .map(|(at, _)| {
            let begins = at == 0 || !is_letter(at - 1) || !is_letter(at);
            let kind = match (begins, is_letter(at + word.len())) {
                (true, false) => WHOLE,
                (true, true) => BEGINNING,
                (false, _) => INSIDE,
            };
            kind - at.min(FURTHEST) as i32 * COLUMN
        })
        .max()
}

/// Returns how well a word's letters are found in their order.
fn scattered(word: &[char], text: &[char]) -> Option<i32> {
    let first = word.first()?;
    let starts = (0..text.len()).filter(|at| text[*at] == *first);
    let best = starts.filter_map(|start| score_from(word, text, start)).max()?;
    Some(best.clamp(-LEAST, LEAST) * COLUMN)
}

/// Takes each letter at its first place from a start on. Letters that follow each other, or begin words, count more.
fn score_from(word: &[char], text: &[char], start: usize) -> Option<i32> {
    const STEP: i32 = 1;
    const NEXT: i32 = 5;
    const BEGINS: i32 = 4;
    const GAP: i32 = 1;
    let (mut total, mut at, mut last) = (0, start, None::<usize>);
    for letter in word {
        let found = (at..text.len()).find(|place| text[*place] == *letter)?;
        total += STEP;
        total += if last.is_some_and(|last| last + 1 == found) { NEXT } else { 0 };
        total -= last.map_or(0, |last| (found - last - 1).min(5) as i32 * GAP);
        let begins = found == 0 || !text[found - 1].is_alphanumeric();
        total += if begins { BEGINS } else { 0 };
        (at, last) = (found + 1, Some(found));
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(typed: &str, text: &str) -> Option<i32> {
        Search::new(typed).score(&[text])
    }

    #[test]
    fn letters_must_come_in_order() {
        assert!(score("cpy", "copy the row").is_some());
        assert!(score("ypc", "copy the row").is_none());
        assert!(score("", "anything").is_some());
    }

    #[test]
    fn words_come_before_beginnings_those_before_insides_and_those_before_scattered_letters() {
        let texts = ["write rows, row by row", "throw: rows", "throw", "read from web"];
        let scores = texts.map(|text| score("row", text));
        assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
        // However far behind it stands, and however the letters of the other begin words.
        let far = format!("{} save", "x".repeat(300));
        assert!(score("save", &far) > score("save", "s a v e"));
    }

    #[test]
    fn every_word_is_found_by_itself() {
        assert!(score("read again", "again, read the file") > score("read again", "draw again after a step"));
        assert!(score("read write", "read the file").is_none());
    }

    #[test]
    fn letters_of_any_script_and_case_are_found_across_parts() {
        assert!(score("é中", "Café 中文").is_some());
        assert!(score("CAFÉ", "café") == score("café", "CAFÉ"));
        assert!(score("中文", "café 中文") > score("中文", "中间的文字"));
        assert_eq!(
            Search::new("bill: one").score(&["Bill", ": ", "one design"]),
            score("bill: one", "Bill: one design")
        );
    }
}
