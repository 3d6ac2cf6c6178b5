//! A TOML text as a tree: keys and values in the order of the file, each with its place.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A byte range of a text; files are far shorter than four gigabytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte behind it.
    pub end: u32,
}

impl Span {
    /// Returns the range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span { start: range.start as u32, end: range.end as u32 }
    }
}

/// A text as a tree.
///
/// All entries are in one list, and all items in another, so that a tree of thousands of tables is made and thrown
/// away at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree<'t> {
    /// The table of the whole text.
    pub root: Node<'t>,
    /// Entries of all tables; those of one table together.
    pub entries: Vec<Entry<'t>>,
    /// Items of all lists; those of one list together.
    pub items: Vec<Node<'t>>,
}

impl<'t> Tree<'t> {
    /// Returns a node's table, if it is one.
    pub fn table(&self, node: &Node<'t>) -> Option<Table<'_>> {
        match &node.content {
            Content::Table(entries) => Some(Table::new(&self.entries[entries.range()])),
            _ => None,
        }
    }

    /// Returns a node's items, if it is a list.
    pub fn list(&self, node: &Node<'t>) -> Option<&[Node<'t>]> {
        match &node.content {
            Content::List(items) => Some(&self.items[items.range()]),
            _ => None,
        }
    }
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    /// What it is.
    pub content: Content<'t>,
    /// Where it is; a table's header, where it has one.
    pub span: Span,
}

impl Node<'_> {
    /// A node in the place of one that is to come.
    const NONE: Self = Node { content: Content::Bool(false), span: Span { start: 0, end: 0 } };

    /// Returns TOML's name for the type.
    pub fn kind(&self) -> &'static str {
        match self.content {
            Content::Text(_) => "string",
            Content::Integer(..) => "integer",
            Content::Float(_) => "float",
            Content::Bool(_) => "boolean",
            Content::Day(_) => "datetime",
            Content::List(_) => "array",
            Content::Table(_) => "table",
        }
    }
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Content<'t> {
    /// A text, without its quotes.
    Text(Cow<'t, str>),
    /// Digits, with the base that they count in.
    Integer(Cow<'t, str>, u8),
    /// A number with a point or an exponent, infinity or not a number.
    Float(Cow<'t, str>),
    /// True or false.
    Bool(bool),
    /// Year, month and day; `None` where a time of day is given.
    Day(Option<(u16, u8, u8)>),
    /// A list of values, or of tables written `[[name]]`: where the tree has its items.
    List(Span),
    /// Keys with their values: where the tree has its entries.
    Table(Span),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'t> {
    /// The key, without quotes.
    pub key: Cow<'t, str>,
    /// Where the key is.
    pub key_span: Span,
    /// Its value.
    pub value: Node<'t>,
    /// The key's [`mark`].
    mark: u8,
}

impl<'t> Entry<'t> {
    /// An entry in the place of one that is to come.
    const NONE: Self =
        Entry { key: Cow::Borrowed(""), key_span: Span { start: 0, end: 0 }, value: Node::NONE, mark: 0 };

    /// Makes an entry.
    #[inline(always)]
    pub fn new(key: Cow<'t, str>, key_span: Span, value: Node<'t>) -> Entry<'t> {
        let mark = mark(&key);
        Entry { key, key_span, value, mark }
    }
}

/// A table of a tree.
#[derive(Debug, Clone, Copy)]
pub struct Table<'d> {
    /// The keys with their values, each once, in the order of the file.
    pub entries: &'d [Entry<'d>],
    /// One bit for each key's mark.
    marks: u64,
}

impl<'d> Table<'d> {
    /// A table without keys.
    pub const EMPTY: Self = Table { entries: &[], marks: 0 };

    fn new(entries: &'d [Entry<'d>]) -> Table<'d> {
        Table { entries, marks: entries.iter().fold(0, |marks, entry| marks | 1 << entry.mark) }
    }

    /// Returns the index of a key's entry, looking from one entry on and then at those before it.
    #[inline]
    pub fn position(&self, key: &str, from: usize) -> Option<usize> {
        let mark = mark(key);
        if self.marks >> mark & 1 == 0 {
            return None;
        }
        let (before, behind) = self.entries.split_at_checked(from)?;
        let wanted = |entry: &Entry<'_>| entry.mark == mark && entry.key == key;
        behind.iter().position(wanted).map(|at| from + at).or_else(|| before.iter().position(wanted))
    }
}

/// Returns a number below 64 for a key. A table is asked for many more keys than it has: most are known to be
/// missing by their mark alone.
#[inline]
fn mark(key: &str) -> u8 {
    let end = |byte: Option<&u8>| byte.map_or(0, |byte| u32::from(*byte));
    let bytes = key.as_bytes();
    ((bytes.len() as u32 * 5 + end(bytes.first()) * 3 + end(bytes.last())) % u64::BITS) as u8
}

/// What the parser says of a text that is not TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is.
    pub span: Range<usize>,
    /// The parser's own words.
    pub message: String,
}

/// Parses a text; what can be understood behind a mistake is kept.
pub fn parse(text: &str) -> (Tree<'_>, Vec<Mistake>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut tree = Tree { root: Node::NONE, entries: Vec::new(), items: Vec::new() };
    tree.root = Node { content: tree.add_table(text, root.get_ref()), span: root.span().into() };
    let mistakes = errors.into_iter().map(|error| Mistake {
        span: error.span().unwrap_or(0..0),
        message: error.message().trim().to_owned(),
    });
    (tree, mistakes.collect())
}

impl<'t> Tree<'t> {
    fn add_table(&mut self, text: &'t str, parsed: &DeTable<'t>) -> Content<'t> {
        let mut sorted: Vec<(&Spanned<Cow<'t, str>>, &Spanned<DeValue<'t>>)> = parsed.iter().collect();
        sorted.sort_by_key(|(key, _)| key.span().start);
        let first = self.entries.len();
        let entries = (first..first + sorted.len()).into();
        // The entries of tables inside come behind all of this one.
        self.entries.resize(first + sorted.len(), Entry::NONE);
        for (at, (key, value)) in (first..).zip(sorted) {
            let (key, key_span) = (key.get_ref().clone(), key.span().into());
            self.entries[at] = Entry::new(key, key_span, self.add(text, value));
        }
        Content::Table(entries)
    }

    fn add_list(&mut self, text: &'t str, parsed: &[Spanned<DeValue<'t>>]) -> Content<'t> {
        let first = self.items.len();
        self.items.resize(first + parsed.len(), Node::NONE);
        for (at, item) in (first..).zip(parsed) {
            self.items[at] = self.add(text, item);
        }
        Content::List((first..first + parsed.len()).into())
    }

    fn add(&mut self, text: &'t str, parsed: &Spanned<DeValue<'t>>) -> Node<'t> {
        let span: Span = parsed.span().into();
        let content = match parsed.get_ref() {
            DeValue::String(string) => Content::Text(string.clone()),
            DeValue::Integer(number) => {
                Content::Integer(digits(text, span, number.as_str()), number.radix() as u8)
            }
            DeValue::Float(number) => Content::Float(digits(text, span, number.as_str())),
            DeValue::Boolean(value) => Content::Bool(*value),
            DeValue::Datetime(when) => {
                let day = when.date.filter(|_| when.time.is_none());
                Content::Day(day.map(|day| (day.year, day.month, day.day)))
            }
            DeValue::Array(list) => self.add_list(text, list),
            DeValue::Table(table) => self.add_table(text, table),
        };
        Node { content, span }
    }
}

/// Returns the digits of a number, as a part of the text where they stand in it just so.
fn digits<'t>(text: &'t str, span: Span, digits: &str) -> Cow<'t, str> {
    match text.get(span.range()).filter(|written| *written == digits) {
        Some(written) => Cow::Borrowed(written),
        None => Cow::Owned(digits.to_owned()),
    }
}
