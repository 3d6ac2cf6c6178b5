//! An explanation: names with texts, each text as many lines as it needs.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::text::{left, wrap};
use super::theme::{Role, Theme};

/// Fewest columns of a text beside its name; where there are less, it stands below.
const LEAST_TEXT: usize = 14;

/// Returns the lines, after an empty one.
pub fn lines(theme: &Theme, facts: &[(&'static str, String)], width: usize) -> Vec<Line<'static>> {
    let name_width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0) + 2;
    let beside = width >= name_width + LEAST_TEXT;
    let (dim, plain) = (theme.style(Role::Dim), theme.style(Role::Text));
    let mut lines = vec![Line::default()];
    for (name, text) in facts {
        if !beside {
            lines.push(Line::styled(*name, dim));
        }
        let parts = wrap(text, if beside { width - name_width } else { width });
        for (at, part) in parts.into_iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            let name = if beside { left(name, name_width) } else { String::new() };
            lines.push(Line::from(vec![Span::styled(name, dim), Span::styled(part, plain)]));
        }
    }
    lines
}
