//! An explanation: names with texts, each text as many lines as it needs.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::text::{left, wrap};
use super::theme::{Role, Theme};

/// Fewest columns of a text.
const LEAST_TEXT: usize = 8;

/// Returns the lines, after an empty one.
pub fn lines(theme: &Theme, facts: &[(&'static str, String)], width: usize) -> Vec<Line<'static>> {
    let name_width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0) + 2;
    let mut lines = vec![Line::default()];
    for (name, text) in facts {
        let parts = wrap(text, width.saturating_sub(name_width).max(LEAST_TEXT));
        for (at, part) in parts.into_iter().enumerate() {
            let name = if at == 0 { name } else { "" };
            lines.push(Line::from(vec![
                Span::styled(left(name, name_width), theme.style(Role::Dim)),
                Span::styled(part, theme.style(Role::Text)),
            ]));
        }
    }
    lines
}
