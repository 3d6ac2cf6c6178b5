//! Finds texts that hold the letters of a word in order, as editors do.

/// Returns how well a text matches what is typed; larger is better, `None` where a letter is missing.
///
/// Every word of the pattern must be found by itself. Letters at the beginning of a word of the text and letters
/// that follow each other count more: `sord` finds "order of rows: sort" less well than "sort, or drop".
pub fn score(pattern: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    pattern.split_whitespace().map(|word| word_score(word, &text)).sum()
}

fn word_score(word: &str, text: &[char]) -> Option<i32> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let first = *word.first()?;
    let starts = (0..text.len()).filter(|at| text[*at] == first);
    starts.filter_map(|start| score_from(&word, text, start)).max()
}

/// Takes each letter at its first place from a start on.
fn score_from(word: &[char], text: &[char], start: usize) -> Option<i32> {
    const STEP: i32 = 1;
    const NEXT: i32 = 5;
    const BEGINNING: i32 = 4;
    const GAP: i32 = 1;
    let (mut total, mut at, mut last) = (0, start, None::<usize>);
    for letter in word {
        let found = (at..text.len()).find(|place| text[*place] == *letter)?;
        total += STEP;
        total += if last.is_some_and(|last| last + 1 == found) { NEXT } else { 0 };
        total -= last.map_or(0, |last| (found - last - 1).min(5) as i32 * GAP);
        let begins = found == 0 || !text[found - 1].is_alphanumeric();
        total += if begins { BEGINNING } else { 0 };
        (at, last) = (found + 1, Some(found));
    }
    // Of two equal finds the one nearer the beginning is the better one.
    Some(total * 100 - start.min(99) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_must_come_in_order() {
        assert!(score("cpy", "copy the row").is_some());
        assert!(score("ypc", "copy the row").is_none());
        assert!(score("", "anything").is_some());
        assert!(score("é中", "café 中文").is_some());
    }

    #[test]
    fn letters_that_follow_each_other_and_begin_words_count_more() {
        assert!(score("sort", "sort rows") > score("sort", "some other text"));
        assert!(score("row", "write rows") > score("row", "throw"));
    }
}
