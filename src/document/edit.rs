//! A TOML text with single values changed: comments, order, layout and line ends of all the rest stay byte for byte.
//!
//! Each function finds the place of a value in the tree of the text and returns the text with that place changed.

mod layout;
mod list;

use std::ops::Range;

use super::tree::{self, Entry, Node, Tree};
use layout::{Form, Layout};
pub use list::with_list;

/// A step from a table to what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'k> {
    /// The value of a key, which is written without quotes.
    Key(&'k str),
    /// A table of an array of tables; a single table counts as an array of one.
    Item(usize),
}

/// Where a value stands.
struct Found<'t> {
    entry: &'t Entry<'t>,
    /// The table written `{ … }` that it stands in.
    inline: Option<&'t Node<'t>>,
}

/// Goes down from the root; returns the table at the end of all steps with the inline table that it is or stands in.
fn table_at<'t>(
    tree: &'t Tree<'t>,
    text: &str,
    path: &[Step<'_>],
) -> Option<(&'t Node<'t>, Option<&'t Node<'t>>)> {
    let (mut node, mut inline) = (&tree.root, None);
    for step in path {
        node = match step {
            Step::Key(key) => {
                let table = tree.table(node)?;
                &table.entries[table.position(key, 0)?].value
            }
            Step::Item(at) => match tree.list(node) {
                Some(items) => items.get(*at)?,
                None if *at == 0 => node,
                None => return None,
            },
        };
        if layout::form(text, node) == Form::Inline {
            inline = Some(node);
        }
    }
    Some((node, inline))
}

fn find<'t>(tree: &'t Tree<'t>, text: &str, path: &[Step<'_>]) -> Option<Found<'t>> {
    let (Step::Key(key), above) = path.split_last()? else { return None };
    let (node, inline) = table_at(tree, text, above)?;
    let table = tree.table(node)?;
    Some(Found { entry: &table.entries[table.position(key, 0)?], inline })
}

/// Returns the text of a value as it is written; that of a table not in braces is its header or key.
pub fn written<'t>(text: &'t str, path: &[Step<'_>]) -> Option<&'t str> {
    let (tree, _) = tree::parse(text);
    let span = find(&tree, text, path)?.entry.value.span.range();
    text.get(span)
}

/// Returns whether a key has a value.
pub fn holds(text: &str, path: &[Step<'_>]) -> bool {
    written(text, path).is_some()
}

/// Sets a key to a value that is TOML already. A key that was not there is added to its table behind the last key, and
/// the table at the end of the text where it is missing.
///
/// Returns `None` where the path leads through what is no table.
pub fn with_value(text: &str, path: &[Step<'_>], value: &str) -> Option<String> {
    let (tree, _) = tree::parse(text);
    if let Some(found) = find(&tree, text, path) {
        let node = &found.entry.value;
        if !matches!(layout::form(text, node), Form::Headed | Form::Dotted) {
            return Some(replaced(text, node.span.range(), value));
        }
        // A table over several lines makes room for one value.
        return with_value(&without(text, path), path, value);
    }
    let (Step::Key(key), above) = path.split_last()? else { return None };
    let layout = Layout::of(&tree, text);
    match table_at(&tree, text, above) {
        Some((node, _)) => layout.add(node, key, value).or_else(|| missing_table(&layout, above, key, value)),
        None => missing_table(&layout, above, key, value),
    }
}

fn missing_table(layout: &Layout<'_>, above: &[Step<'_>], key: &str, value: &str) -> Option<String> {
    let [Step::Key(table)] = above else { return None };
    Some(layout.append(&format!("[{table}]"), key, value))
}

/// Takes a key out with its value and the comment on its line.
pub fn without(text: &str, path: &[Step<'_>]) -> String {
    let (tree, _) = tree::parse(text);
    let Some(found) = find(&tree, text, path) else { return text.to_owned() };
    let layout = Layout::of(&tree, text);
    match found.inline {
        Some(table) => layout.cut_inline(table, found.entry),
        None => layout.cut_lines(found.entry),
    }
}

/// Takes one of several tables out that each have a header, `[[key]]`, with the comments that touch it.
///
/// Returns `None` where there is no such table.
pub fn without_table(text: &str, key: &str, at: usize) -> Option<String> {
    let (tree, _) = tree::parse(text);
    let (node, _) = table_at(&tree, text, &[Step::Key(key), Step::Item(at)])?;
    Layout::of(&tree, text).cut_table(node)
}

/// Adds a text at the end, behind a blank line.
pub fn with_more(text: &str, more: &str) -> String {
    let (tree, _) = tree::parse(text);
    Layout::of(&tree, text).append_block(more)
}

/// Returns a text with another one in the place of a part.
fn replaced(text: &str, span: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..span.start], &text[span.end..])
}
