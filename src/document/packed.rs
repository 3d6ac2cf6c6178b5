//! A tree in the form of bytes, beside the text that it was made from: read many times faster than the text is parsed.
//!
//! Keys, texts and numbers stand in the text already, so that only their places are packed; the few that stand there
//! otherwise, such as texts with escapes, are behind the rest. Everything is in words of 32 bits, the lowest byte first:
//! the numbers of entries and of items, the root, the entries, the items. A node is five words:
//!
//! 1. its kind, the form of its text, and its base or its day
//! 2. where it starts
//! 3. where it ends
//! 4. where its entries, its items or its text begin, where it has any
//! 5. how many they are
//!
//! An entry is the same five words for its value, then a start, and a length with a form, for its key. [`pack`] runs
//! when the program is built, [`unpack`] when it starts.

use std::borrow::Cow;

use super::tree::{Content, Entry, Node, Span, Tree};

/// Kinds of values, in the order of [`Content`].
const TEXT: u32 = 0;
const INTEGER: u32 = 1;
const FLOAT: u32 = 2;
const FALSE: u32 = 3;
const TRUE: u32 = 4;
const DAY: u32 = 5;
const MOMENT: u32 = 6;
const LIST: u32 = 7;
const TABLE: u32 = 8;

/// Forms of a text: as the text of the file has it, so but for quotes around it, or neither.
const PLAIN: u32 = 0;
const QUOTED: u32 = 1;
const OTHER: u32 = 2;

/// Bytes of a node and of an entry.
const NODE: usize = 5 * 4;
const ENTRY: usize = NODE + 2 * 4;

/// Packs a tree, given the text that it was made from.
///
/// # Panics
/// If a key is written with escapes.
pub fn pack(tree: &Tree<'_>, text: &str) -> Vec<u8> {
    let mut packer = Packer { text, bytes: Vec::new(), others: String::new() };
    packer.words([tree.entries.len() as u32, tree.items.len() as u32]);
    packer.node(&tree.root);
    for entry in &tree.entries {
        packer.node(&entry.value);
        packer.key(&entry.key, entry.key_span);
    }
    tree.items.iter().for_each(|item| packer.node(item));
    packer.bytes.extend_from_slice(packer.others.as_bytes());
    packer.bytes
}

struct Packer<'t> {
    text: &'t str,
    bytes: Vec<u8>,
    /// Texts that do not stand in the file as they are.
    others: String,
}

impl Packer<'_> {
    fn words<const N: usize>(&mut self, words: [u32; N]) {
        self.bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// Packs a key. No table of ours has keys with escapes, so that there is no room for others than those written.
    fn key(&mut self, key: &str, span: Span) {
        let form = self.form(key, span);
        assert!(form != OTHER, "the key {key} is written with escapes");
        self.words([span.start, ((span.end - span.start) << 2) | form]);
    }

    fn form(&self, string: &str, span: Span) -> u32 {
        let written = self.text.get(span.range()).unwrap_or_default();
        if written == string {
            PLAIN
        } else if without_quotes(written) == Some(string) {
            QUOTED
        } else {
            OTHER
        }
    }

    fn node(&mut self, node: &Node<'_>) {
        let (kind, more, part) = match &node.content {
            Content::Text(string) => self.string(TEXT, string, node.span),
            Content::Integer(digits, radix) => {
                let (kind, _, part) = self.string(INTEGER, digits, node.span);
                (kind, u32::from(*radix), part)
            }
            Content::Float(digits) => self.string(FLOAT, digits, node.span),
            Content::Bool(value) => (if *value { TRUE } else { FALSE }, 0, Span::default()),
            Content::Day(Some((year, month, day))) => {
                (DAY, (u32::from(*year) << 9) | (u32::from(*month) << 5) | u32::from(*day), Span::default())
            }
            Content::Day(None) => (MOMENT, 0, Span::default()),
            Content::List(items) => (LIST, 0, *items),
            Content::Table(entries) => (TABLE, 0, *entries),
        };
        self.words([kind | (more << 8), node.span.start, node.span.end, part.start, part.end - part.start]);
    }

    /// Returns a kind with the form of a text above it, and the part of the other texts that it is.
    fn string(&mut self, kind: u32, string: &str, span: Span) -> (u32, u32, Span) {
        let (form, first) = (self.form(string, span), self.others.len());
        if form == OTHER {
            self.others.push_str(string);
        }
        (kind | (form << 4), 0, (first..self.others.len()).into())
    }
}

/// Returns the tree that was packed; `None` where the bytes were made from another text.
pub fn unpack<'t>(bytes: &'t [u8], text: &'t str) -> Option<Tree<'t>> {
    let (counts, rest) = bytes.split_first_chunk::<8>()?;
    let [entries, items] = words(counts);
    let (root, rest) = rest.split_first_chunk::<NODE>()?;
    let (packed_entries, rest) = rest.split_at_checked((entries as usize).checked_mul(ENTRY)?)?;
    let (packed_items, others) = rest.split_at_checked((items as usize).checked_mul(NODE)?)?;
    let source = Source { text, others: std::str::from_utf8(others).ok()?, entries, items };
    let root = source.node(words(root))?;
    let entries = packed_entries.as_chunks().0.iter().map(|entry| source.entry(words::<ENTRY, 7>(entry)));
    let items = packed_items.as_chunks().0.iter().map(|item| source.node(words::<NODE, 5>(item)));
    Some(Tree { root, entries: all(entries)?, items: all(items)? })
}

/// Collects with room for all from the start.
fn all<T>(values: impl ExactSizeIterator<Item = Option<T>>) -> Option<Vec<T>> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        all.push(value?);
    }
    Some(all)
}

#[inline(always)]
fn words<const BYTES: usize, const WORDS: usize>(bytes: &[u8; BYTES]) -> [u32; WORDS] {
    let words = bytes.as_chunks().0;
    std::array::from_fn(|at| u32::from_le_bytes(words[at]))
}

/// What the places in packed bytes are places of.
struct Source<'t> {
    text: &'t str,
    others: &'t str,
    entries: u32,
    items: u32,
}

impl<'t> Source<'t> {
    #[inline(always)]
    fn entry(&self, [kind, start, end, first, count, key, length]: [u32; 7]) -> Option<Entry<'t>> {
        let key_span = Span { start: key, end: key.checked_add(length >> 2)? };
        let key = self.string(length & 3, key_span, Span::default())?;
        Some(Entry::new(Cow::Borrowed(key), key_span, self.node([kind, start, end, first, count])?))
    }

    #[inline(always)]
    fn node(&self, [kind, start, end, first, count]: [u32; 5]) -> Option<Node<'t>> {
        let (span, part) = (Span { start, end }, Span { start: first, end: first.checked_add(count)? });
        let more = kind >> 8;
        let string = || self.string(kind >> 4 & 3, span, part).map(Cow::Borrowed);
        let content = match kind & 0xf {
            TEXT => Content::Text(string()?),
            INTEGER => Content::Integer(string()?, more as u8),
            FLOAT => Content::Float(string()?),
            FALSE => Content::Bool(false),
            TRUE => Content::Bool(true),
            DAY => Content::Day(Some(((more >> 9) as u16, (more >> 5 & 0xf) as u8, (more & 0x1f) as u8))),
            MOMENT => Content::Day(None),
            LIST if part.end <= self.items => Content::List(part),
            TABLE if part.end <= self.entries => Content::Table(part),
            _ => return None,
        };
        Some(Node { content, span })
    }

    #[inline(always)]
    fn string(&self, form: u32, span: Span, part: Span) -> Option<&'t str> {
        match form {
            PLAIN => self.text.get(span.range()),
            QUOTED => self.text.get(span.start as usize + 1..(span.end as usize).checked_sub(1)?),
            _ => self.others.get(part.range()),
        }
    }
}

fn without_quotes(written: &str) -> Option<&str> {
    let inner = written.get(1..written.len().checked_sub(1)?)?;
    let quoted = |quote| written.starts_with(quote) && written.ends_with(quote);
    (quoted('"') || quoted('\'')).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;

    const TEXT: &str = r#"
        # Every kind of value, keys of every form, and tables begun twice.
        text = "plain"
        "a key" = 'as it is \'
        escaped = "one\ttwo – three"
        long = """
          lines
          """
        numbers = [1, -2, +3, 1_000, 0x1F, 0o17, 0b11, 1.5, 1e3, 1_0.5, inf, nan]
        truth = [true, false]
        days = [2026-11-22, 2026-11-22T01:02:03Z, 01:02:03]
        inline = { a.b = 1, c = {} }
        a.dotted.key = 1
        [sub.one]
        x = 1
        [[list]]
        [[list.inner]]
        y = 2
        [sub.two]
        z = []
        [[list]]
    "#;

    #[test]
    fn what_is_packed_comes_back_whole() {
        let (tree, mistakes) = parse(TEXT);
        assert_eq!(mistakes, []);
        let packed = pack(&tree, TEXT);
        assert_eq!(unpack(&packed, TEXT), Some(tree));
    }

    #[test]
    fn bytes_that_do_not_fit_the_text_give_no_tree_and_no_panic() {
        let packed = pack(&parse(TEXT).0, TEXT);
        assert_eq!(unpack(&packed, "a = 1"), None);
        for length in 0..packed.len() {
            assert_ne!(unpack(&packed[..length], TEXT), Some(parse(TEXT).0));
        }
        for at in 0..packed.len() {
            let mut damaged = packed.clone();
            damaged[at] ^= 0xff;
            let _ = unpack(&damaged, TEXT);
        }
    }
}
