//! How the tables of a text are written, and where its lines begin and end.

use std::ops::Range;

use super::replaced;
use crate::document::tree::{Content, Entry, Node, Tree};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One value, or a list of values.
    Value,
    /// A table in braces.
    Inline,
    /// A table under a header of its own.
    Headed,
    /// A table that only the dots of its keys tell, or the header of a table inside it.
    Dotted,
}

/// Returns how a value is written, by what its place begins with.
pub(super) fn form(text: &str, node: &Node<'_>) -> Form {
    match (&node.content, text.as_bytes().get(node.span.start as usize)) {
        (Content::Table(_), Some(b'{')) => Form::Inline,
        (Content::Table(_), Some(b'[')) => Form::Headed,
        (Content::Table(_), _) => Form::Dotted,
        _ => Form::Value,
    }
}

/// A statement `key = value`, without its line.
#[derive(Debug, Clone)]
struct Statement {
    key: usize,
    end: usize,
}

/// A text with what is asked of its lines again and again.
pub(super) struct Layout<'t> {
    tree: &'t Tree<'t>,
    text: &'t str,
    newline: &'static str,
    /// First bytes of the headers, in order.
    headers: Vec<usize>,
}

impl<'t> Layout<'t> {
    pub(super) fn of(tree: &'t Tree<'t>, text: &'t str) -> Layout<'t> {
        let newline = match text.find('\n') {
            Some(at) if text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        };
        let mut headers = Vec::new();
        collect_headers(tree, text, &tree.root, &mut headers);
        headers.sort_unstable();
        Layout { tree, text, newline, headers }
    }

    /// Returns the statements of a table that stand outside tables with headers, in order.
    fn statements(&self, node: &Node<'_>) -> Vec<Statement> {
        let mut found = Vec::new();
        self.collect(node, None, &mut found);
        found.sort_by_key(|statement| statement.key);
        found
    }

    fn collect(&self, node: &Node<'_>, key: Option<usize>, found: &mut Vec<Statement>) {
        let Some(table) = self.tree.table(node) else { return };
        for entry in table.entries {
            let own = entry.key_span.start as usize;
            match form(self.text, &entry.value) {
                Form::Value if self.is_header(&entry.value) => {}
                Form::Headed => {}
                Form::Dotted => self.collect(&entry.value, Some(key.unwrap_or(own)), found),
                Form::Value | Form::Inline => {
                    // A dotted key begins further left, on the same line.
                    let key = if key.is_some() { self.content_start(own) } else { own };
                    found.push(Statement { key, end: entry.value.span.end as usize });
                }
            }
        }
    }

    /// Returns whether an array is one of tables, each under a header.
    fn is_header(&self, node: &Node<'_>) -> bool {
        self.text[node.span.range()].starts_with("[[") && self.headers.contains(&(node.span.start as usize))
    }

    /// Returns the first byte of a line.
    fn line_start(&self, byte: usize) -> usize {
        self.text[..byte].rfind('\n').map_or(0, |at| at + 1)
    }

    /// Returns the first byte of the line behind, or the end of the text.
    fn line_end(&self, byte: usize) -> usize {
        self.text[byte..].find('\n').map_or(self.text.len(), |at| byte + at + 1)
    }

    /// Returns the first byte of a line that is no blank.
    fn content_start(&self, byte: usize) -> usize {
        let start = self.line_start(byte);
        start + self.indent(byte).len()
    }

    fn indent(&self, byte: usize) -> &'t str {
        let line = &self.text[self.line_start(byte)..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// Adds a key to a table; `None` where the table has no place of its own.
    pub(super) fn add(&self, node: &Node<'_>, key: &str, value: &str) -> Option<String> {
        if std::ptr::eq(node, &self.tree.root) {
            return Some(self.add_to_root(key, value));
        }
        let statement = format!("{key} = {value}");
        match form(self.text, node) {
            Form::Inline => Some(self.add_inline(node, &statement)),
            Form::Headed => {
                let header = node.span.start as usize;
                let next = self.headers.iter().copied().find(|start| *start > header);
                let body = header..next.unwrap_or(self.text.len());
                let last = self.statements(node).into_iter().rfind(|statement| body.contains(&statement.key));
                // A header is indented as its keys are in most files, or neither is.
                let (line, like) = last.map_or((node.span.end as usize, header), |last| (last.end, last.key));
                Some(self.line_behind(line, &format!("{}{statement}", self.indent(like))))
            }
            Form::Dotted => {
                let table = self.tree.table(node)?;
                let first = table.entries.first()?.key_span.start as usize;
                let start = self.content_start(first);
                // Only a table inside has a header: this one still waits for its own.
                let dotted = !self.text[start..].starts_with('[');
                let last = self.statements(node).into_iter().next_back().filter(|_| dotted)?;
                let prefix = &self.text[start..first];
                Some(self.line_behind(last.end, &format!("{}{prefix}{statement}", self.indent(first))))
            }
            Form::Value => None,
        }
    }

    fn add_inline(&self, node: &Node<'_>, statement: &str) -> String {
        let table = self.tree.table(node);
        let last = table.and_then(|table| self.inline_statements(table.entries).into_iter().next_back());
        match last {
            Some(last) => replaced(self.text, last.end..last.end, &format!(", {statement}")),
            None => replaced(self.text, node.span.range(), &format!("{{ {statement} }}")),
        }
    }

    /// Adds a key before the first header: behind the other keys there, or below the comment that begins the file.
    fn add_to_root(&self, key: &str, value: &str) -> String {
        let first = self.headers.first().copied().unwrap_or(self.text.len());
        let statement = format!("{key} = {value}");
        let statements = self.statements(&self.tree.root);
        if let Some(last) = statements.into_iter().rfind(|statement| statement.key < first) {
            return self.line_behind(last.end, &statement);
        }
        let blank = |text: &str| text.trim().is_empty();
        let mut at = self.line_start(first);
        // Comments that touch the header are about it, unless the file begins with them.
        while at > 0 && !blank(&self.text[self.line_start(at - 1)..at]) {
            at = self.line_start(at - 1);
        }
        if blank(&self.text[..at]) {
            at = self.line_start(first);
        }
        let gap = if at == self.text.len() { "" } else { self.newline };
        let before = if at > 0 && !self.text[..at].ends_with('\n') { self.newline } else { "" };
        replaced(self.text, at..at, &format!("{before}{statement}{}{gap}", self.newline))
    }

    /// Adds a line behind the one of a byte.
    fn line_behind(&self, byte: usize, line: &str) -> String {
        let at = self.line_end(byte);
        if self.text[..at].ends_with('\n') {
            replaced(self.text, at..at, &format!("{line}{}", self.newline))
        } else {
            replaced(self.text, at..at, &format!("{}{line}", self.newline))
        }
    }

    /// Adds a table with one key at the end of the text.
    pub(super) fn append(&self, header: &str, key: &str, value: &str) -> String {
        self.append_block(&format!("{header}\n{key} = {value}\n"))
    }

    /// Adds lines at the end of the text, behind a blank one.
    pub(super) fn append_block(&self, block: &str) -> String {
        let block = block.trim_end().replace('\n', self.newline);
        let (ended, empty) = (self.text.ends_with('\n'), self.text.trim().is_empty());
        let blank_already = empty || self.text.ends_with(&self.newline.repeat(2));
        let before = match (ended || empty, blank_already) {
            (true, true) => "",
            (true, false) => self.newline,
            (false, _) => &self.newline.repeat(2),
        };
        let after = if ended || empty { self.newline } else { "" };
        format!("{}{before}{block}{after}", self.text)
    }

    /// Takes the lines of a value out; of a table with a header or dots, those of all its keys.
    pub(super) fn cut_lines(&self, entry: &Entry<'_>) -> String {
        let mut spans: Vec<Range<usize>> = Vec::new();
        let node = &entry.value;
        let form = form(self.text, node);
        match form {
            Form::Value | Form::Inline => spans.push(self.lines(entry.key_span.start, node.span.end)),
            Form::Headed => spans.push(self.lines(node.span.start, node.span.end)),
            Form::Dotted => {}
        }
        // Keys in braces stand on the lines of their table, which must not be taken out twice.
        if matches!(form, Form::Headed | Form::Dotted) {
            let inside = self.statements(node);
            spans.extend(inside.iter().map(|s| self.line_start(s.key)..self.line_end(s.end)));
        }
        spans.sort_by_key(|span| span.start);
        let mut text = self.text.to_owned();
        for span in spans.into_iter().rev() {
            text.replace_range(span, "");
        }
        // A text that ended without a line break still does.
        if !self.text.ends_with('\n') && text.ends_with('\n') {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        text
    }

    /// Takes a table with a header out, with the comments that touch its header and the blank lines behind it; `None`
    /// where it is written otherwise.
    pub(super) fn cut_table(&self, node: &Node<'_>) -> Option<String> {
        if form(self.text, node) != Form::Headed {
            return None;
        }
        let blank = |text: &str| text.trim().is_empty();
        let header = self.line_start(node.span.start as usize);
        let mut start = header;
        while start > 0 && self.text[self.line_start(start - 1)..start].trim_start().starts_with('#') {
            start = self.line_start(start - 1);
        }
        // A comment that begins the file is about all of it.
        if start == 0 {
            start = header;
        }
        let mut end = self.line_end(self.last_byte(node));
        while end < self.text.len() && blank(&self.text[end..self.line_end(end)]) {
            end = self.line_end(end);
        }
        if end == self.text.len() {
            let kept = self.text[..start].trim_end_matches(['\r', '\n']);
            let newline = if self.text.ends_with('\n') && !kept.is_empty() { self.newline } else { "" };
            return Some(format!("{kept}{newline}"));
        }
        Some(replaced(self.text, start..end, ""))
    }

    /// Returns the last byte of a table, of all that stands in it.
    fn last_byte(&self, node: &Node<'_>) -> usize {
        let inside = self.tree.table(node).into_iter().flat_map(|table| table.entries);
        let inside = inside.map(|entry| self.last_byte(&entry.value));
        let items = self.tree.list(node).into_iter().flatten().map(|item| self.last_byte(item));
        inside.chain(items).max().unwrap_or(0).max((node.span.end as usize).saturating_sub(1))
    }

    fn lines(&self, start: u32, end: u32) -> Range<usize> {
        self.line_start(start as usize)..self.line_end(end as usize)
    }

    /// Returns the statements of a table in braces, in order.
    fn inline_statements(&self, entries: &[Entry<'_>]) -> Vec<Statement> {
        let mut found = Vec::new();
        for entry in entries {
            let key = entry.key_span.start as usize;
            match (form(self.text, &entry.value), self.tree.table(&entry.value)) {
                (Form::Dotted, Some(inner)) => {
                    // Dotted keys of one table may stand apart: the first begins where the table's own key does.
                    let mut inside = self.inline_statements(inner.entries);
                    if let Some(first) = inside.first_mut() {
                        first.key = key;
                    }
                    found.append(&mut inside);
                }
                _ => found.push(Statement { key, end: entry.value.span.end as usize }),
            }
        }
        found.sort_by_key(|statement| statement.key);
        found
    }

    /// Takes a key out of a table in braces, with one of the commas beside it.
    pub(super) fn cut_inline(&self, node: &Node<'_>, entry: &Entry<'_>) -> String {
        let statements = self.tree.table(node).map(|table| self.inline_statements(table.entries));
        let statements = statements.unwrap_or_default();
        let end = entry.value.span.end as usize;
        let Some(at) = statements.iter().position(|statement| statement.end == end) else {
            return self.text.to_owned();
        };
        if let Some(next) = statements.get(at + 1) {
            return replaced(self.text, statements[at].key..next.key, "");
        }
        match at.checked_sub(1) {
            Some(before) => replaced(self.text, statements[before].end..end, ""),
            None => replaced(self.text, node.span.range(), "{}"),
        }
    }
}

fn collect_headers(tree: &Tree<'_>, text: &str, node: &Node<'_>, headers: &mut Vec<usize>) {
    if form(text, node) == Form::Headed && node.span.end > 0 {
        headers.push(node.span.start as usize);
    }
    if let Some(table) = tree.table(node) {
        table.entries.iter().for_each(|entry| collect_headers(tree, text, &entry.value, headers));
    }
    tree.list(node).into_iter().flatten().for_each(|item| collect_headers(tree, text, item, headers));
}
