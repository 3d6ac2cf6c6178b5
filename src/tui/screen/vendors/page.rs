//! A text to scroll in: one product in full, or several side by side.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::side;
use crate::catalog::{Catalog, ProductId};
use crate::present::cut;
use crate::report::product;
use crate::report::side_by_side::{Section, sections};
use crate::tui::frame::Frame;
use crate::tui::state::State;
use crate::tui::text::{broken, left, put, put_line, split_top};
use crate::tui::theme::{Role, Theme};

/// A text to scroll in.
#[derive(Debug, Clone)]
pub struct Page {
    /// First line that is shown.
    pub first: usize,
    title: String,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    /// Paragraphs, and facts with their names.
    One(Vec<Paragraph>),
    /// Ids of products, and what each has.
    Several(Vec<String>, Vec<Section>),
}

#[derive(Debug, Clone)]
enum Paragraph {
    Heading(String),
    Plain(String),
    Fact(String, String),
}

impl Page {
    /// Shows everything known of a product: the price in force with its source, the facts, every price.
    pub fn of_product(catalog: &Catalog, id: ProductId, date: Date) -> Page {
        let mut text: Vec<Paragraph> =
            product::in_force_text(catalog, id, date).into_iter().map(Paragraph::Plain).collect();
        text.push(Paragraph::Heading("Facts".to_owned()));
        let facts = product::facts(catalog, id, date).rows.into_iter();
        text.extend(facts.map(|(cells, _)| Paragraph::Fact(cells[0].shown.clone(), cells[1].shown.clone())));
        let history = product::history_text(catalog, id, date);
        text.push(Paragraph::Heading(match history.is_empty() {
            true => "No price is known".to_owned(),
            false => "Every price, newest first".to_owned(),
        }));
        text.extend(history.into_iter().map(Paragraph::Plain));
        let title = format!("{} on {date}", catalog.product(id).id);
        Page { first: 0, title, content: Content::One(text) }
    }

    /// Shows products side by side.
    pub fn of_several(catalog: &Catalog, ids: &[ProductId], date: Date) -> Page {
        let names = ids.iter().map(|id| catalog.product(*id).id.clone()).collect();
        let title = format!("{} side by side on {date}: ≠ differs, = the same in all", ids.len());
        Page { first: 0, title, content: Content::Several(names, sections(catalog, ids, date)) }
    }

    /// Returns how many first lines there can be, and which one is shown.
    pub fn place(&self, state: &State) -> (usize, usize) {
        let Some(main) = Frame::of(state).map(|frame| frame.main) else { return (0, 0) };
        let (fixed, lines) = self.lines(&state.theme, usize::from(main.width));
        let last = lines.len().saturating_sub(usize::from(split_top(main, 1 + fixed.len() as u16).1.height));
        (last + 1, self.first.min(last))
    }

    /// Draws it.
    pub fn draw(&self, state: &State, area: Rect, buffer: &mut Buffer) {
        let (head, rest) = split_top(area, 1);
        let width = usize::from(area.width);
        let (fixed, lines) = self.lines(&state.theme, width);
        let (names, rest) = split_top(rest, fixed.len() as u16);
        fixed.iter().enumerate().for_each(|(row, line)| put_line(buffer, names, row as u16, line));
        let rows = usize::from(rest.height);
        let first = self.first.min(lines.len().saturating_sub(rows));
        let seen = (first + rows).min(lines.len());
        let place = if lines.len() > rows {
            format!("  lines {} to {seen} of {}", first + 1, lines.len())
        } else {
            String::new()
        };
        let title = cut(&self.title, width.saturating_sub(place.width()));
        put(buffer, head, 0, &title, state.theme.style(Role::Heading));
        let beside = Rect {
            x: head.x + (title.width() as u16).min(head.width),
            width: head.width.saturating_sub(title.width() as u16),
            ..head
        };
        put(buffer, beside, 0, &place, state.theme.style(Role::Dim));
        for (row, line) in lines[first..seen].iter().enumerate() {
            put_line(buffer, rest, row as u16, line);
        }
    }

    /// Returns the lines that stay where they are, and those that scroll.
    fn lines(&self, theme: &Theme, width: usize) -> (Vec<Line<'static>>, Vec<Line<'static>>) {
        match &self.content {
            Content::One(text) => (Vec::new(), one(text, theme, width)),
            Content::Several(ids, sections) => side::lines(ids, sections, theme, width),
        }
    }
}

fn one(text: &[Paragraph], theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let names = text.iter().filter_map(|paragraph| match paragraph {
        Paragraph::Fact(name, _) => Some(name.width() + 2),
        _ => None,
    });
    let name_width = names.max().unwrap_or(0).min(width / 2);
    let mut lines = Vec::new();
    for paragraph in text {
        match paragraph {
            Paragraph::Heading(title) => {
                lines.extend([Line::default(), Line::styled(title.clone(), theme.style(Role::Heading))]);
            }
            Paragraph::Plain(text) => {
                let indent = text.chars().take_while(|c| *c == ' ').count();
                let parts = broken(text.trim_start(), width.saturating_sub(indent));
                lines.extend(
                    parts.into_iter().map(|part| Line::from(format!("{}{part}", " ".repeat(indent)))),
                );
            }
            Paragraph::Fact(name, value) => {
                for (at, part) in broken(value, width.saturating_sub(name_width)).into_iter().enumerate() {
                    let name = if at == 0 { name } else { "" };
                    let name = Span::styled(left(name, name_width), theme.style(Role::Dim));
                    lines.push(Line::from(vec![name, Span::raw(part)]));
                }
            }
        }
    }
    lines
}
