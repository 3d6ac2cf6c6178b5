//! A list with some items changed: the others keep their places and comments.

use super::super::tree::{self, Content};
use super::{Step, find, replaced};

/// Sets a key to a list of items that are TOML already. Items that stay at the beginning and at the end are untouched.
///
/// Returns `None` where the key has no list yet, or the new one is empty.
pub fn with_list(text: &str, path: &[Step<'_>], new: &[String]) -> Option<String> {
    let (tree, _) = tree::parse(text);
    let node = &find(&tree, text, path)?.entry.value;
    let Content::List(_) = node.content else { return None };
    let spans: Vec<_> = tree.list(node)?.iter().map(|item| item.span.range()).collect();
    if spans.is_empty() || new.is_empty() {
        return None;
    }
    let old: Vec<&str> = spans.iter().map(|span| &text[span.clone()]).collect();
    let head = old.iter().zip(new).take_while(|(old, new)| **old == **new).count();
    let most = old.len().min(new.len()) - head;
    let tail =
        old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(old, new)| **old == **new).count();
    let (out, added) = (head..old.len() - tail, &new[head..new.len() - tail]);
    let several_lines = text[node.span.range()].contains('\n');
    let separator =
        if several_lines { format!(",{}", break_before(text, spans[0].start)) } else { ", ".to_owned() };
    let joined = added.join(&separator);
    Some(match (out.is_empty(), added.is_empty()) {
        (true, true) => text.to_owned(),
        (false, false) => replaced(text, spans[out.start].start..spans[out.end - 1].end, &joined),
        // Before the item that follows, so that a comment behind the one before stays with it.
        (true, false) if tail > 0 => {
            let at = spans[out.start].start;
            replaced(text, at..at, &format!("{joined}{separator}"))
        }
        (true, false) => append(text, spans[head - 1].end, &joined, &separator),
        (false, true) if tail > 0 => replaced(text, spans[out.start].start..spans[out.end].start, ""),
        (false, true) => replaced(text, spans[out.start - 1].end..spans[out.end - 1].end, ""),
    })
}

/// Returns what stands before an item on a line of its own: the line break and the indentation.
fn break_before(text: &str, item: usize) -> String {
    let line = text[..item].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line..item];
    let indent = &indent[..indent.len() - indent.trim_start_matches([' ', '\t']).len()];
    let newline = if text[..line].ends_with("\r\n") { "\r\n" } else { "\n" };
    let indent = if line == 0 || indent.len() < item - line { "    " } else { indent };
    format!("{newline}{indent}")
}

/// Adds items behind the last one; in a list of several lines on lines of their own, below the comment of the last.
fn append(text: &str, end: usize, joined: &str, separator: &str) -> String {
    let rest = &text[end..];
    let line = rest.find('\n').map_or(rest, |at| &rest[..at]);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let between = line.split('#').next().unwrap_or_default().trim();
    let alone = separator != ", " && rest.len() > line.len() && matches!(between, "" | ",");
    if !alone {
        return replaced(text, end..end, &format!("{separator}{joined}"));
    }
    let at = end + line.len();
    let line_break = separator.trim_start_matches(',');
    if between == "," {
        return replaced(text, at..at, &format!("{line_break}{joined},"));
    }
    let with_items = replaced(text, at..at, &format!("{line_break}{joined}"));
    replaced(&with_items, end..end, ",")
}
