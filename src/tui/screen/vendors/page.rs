//! A text to scroll in: one product in full, or several side by side.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::catalog::{Catalog, ProductId};
use crate::present::{UNKNOWN, cut};
use crate::report::product;
use crate::report::side_by_side::{Aspect, Section, sections};
use crate::tui::frame::Frame;
use crate::tui::screen::compare::letter;
use crate::tui::state::State;
use crate::tui::text::{broken, left, put, put_line, split_top};
use crate::tui::theme::{Role, Theme};

/// Columns that a product needs so that several stand beside, and not below, each other.
const LEAST_COLUMN: usize = 16;

/// Widest column of names.
const WIDEST_NAME: usize = 30;

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
        let title = format!("{} side by side, ≠ differs, on {date}", ids.len());
        Page { first: 0, title, content: Content::Several(names, sections(catalog, ids, date)) }
    }

    /// Returns how many first lines there can be, and which one is shown.
    pub fn place(&self, state: &State) -> (usize, usize) {
        let Some(main) = Frame::of(state).map(|frame| frame.main) else { return (0, 0) };
        let count = self.lines(&state.theme, usize::from(main.width)).len();
        let last = count.saturating_sub(usize::from(split_top(main, 1).1.height));
        (last + 1, self.first.min(last))
    }

    /// Draws it.
    pub fn draw(&self, state: &State, area: Rect, buffer: &mut Buffer) {
        let (head, rest) = split_top(area, 1);
        let (width, rows) = (usize::from(area.width), usize::from(rest.height));
        let lines = self.lines(&state.theme, width);
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

    fn lines(&self, theme: &Theme, width: usize) -> Vec<Line<'static>> {
        match &self.content {
            Content::One(text) => one(text, theme, width),
            Content::Several(ids, sections) => several(ids, sections, theme, width),
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

fn several(ids: &[String], sections: &[Section], theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let aspects = sections.iter().flat_map(|section| &section.aspects);
    let longest = aspects.map(|aspect| aspect.name.width()).max().unwrap_or(0);
    let name = longest.min(WIDEST_NAME).min(width / 4);
    // A mark, the name, and two blanks before each product.
    let column = width.saturating_sub(2 + name) / ids.len().max(1);
    let column = (column >= LEAST_COLUMN + 2).then(|| column - 2);
    let mut lines = match column {
        Some(column) => beside(&heads(ids, column), name, column, None, theme),
        None => ids
            .iter()
            .enumerate()
            .map(|(at, id)| lettered(at, &cut(id, width.saturating_sub(2)), theme))
            .collect(),
    };
    for section in sections {
        lines.extend([Line::default(), Line::styled(section.title, theme.style(Role::Heading))]);
        for aspect in &section.aspects {
            match column {
                Some(column) => {
                    lines.extend(beside(&cells(aspect, name, column), name, column, Some(aspect), theme))
                }
                None => lines.extend(below(aspect, width, theme)),
            }
        }
    }
    lines
}

/// Lines of the name, then of each product.
type Cells = Vec<Vec<String>>;

fn heads(ids: &[String], column: usize) -> Cells {
    let head = |(at, id): (usize, &String)| {
        vec![format!("{} {}", letter(at), crate::present::shorten(id, column.saturating_sub(2)))]
    };
    std::iter::once(vec![String::new()]).chain(ids.iter().enumerate().map(head)).collect()
}

fn cells(aspect: &Aspect, name: usize, column: usize) -> Cells {
    let value = |value: &Option<String>| broken(value.as_deref().unwrap_or(UNKNOWN), column);
    std::iter::once(broken(&aspect.name, name)).chain(aspect.values.iter().map(value)).collect()
}

/// Puts cells beside each other; what differs has a mark and stands out.
fn beside(
    cells: &Cells,
    name: usize,
    column: usize,
    aspect: Option<&Aspect>,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let differs = aspect.is_some_and(Aspect::differs);
    let role = if differs || aspect.is_none() { Role::Heading } else { Role::Text };
    let rows = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |row: usize| {
        let text = |at: usize| cells[at].get(row).map_or("", String::as_str);
        let mark = if differs && row == 0 { "≠ " } else { "  " };
        let mut spans = vec![
            Span::styled(mark, theme.style(Role::Changed)),
            Span::styled(left(text(0), name), theme.style(Role::Dim)),
        ];
        for at in 1..cells.len() {
            spans.push(Span::styled(format!("  {}", left(text(at), column)), theme.style(role)));
        }
        Line::from(spans)
    };
    (0..rows).map(line).collect()
}

fn lettered(at: usize, text: &str, theme: &Theme) -> Line<'static> {
    let letter = Span::styled(format!("{} ", letter(at)), theme.style(Role::Line(at)));
    Line::from(vec![letter, Span::raw(text.to_owned())])
}

/// Puts what products have below each other, where there is no room beside.
fn below(aspect: &Aspect, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mark = if aspect.differs() { "≠ " } else { "  " };
    let name = Span::styled(cut(&aspect.name, width.saturating_sub(2)), theme.style(Role::Dim));
    let mut lines = vec![Line::from(vec![Span::styled(mark, theme.style(Role::Changed)), name])];
    if !aspect.differs() {
        let text = aspect.values.first().and_then(Option::as_deref).unwrap_or(UNKNOWN);
        lines.extend(
            broken(text, width.saturating_sub(4)).into_iter().map(|part| Line::from(format!("    {part}"))),
        );
        return lines;
    }
    for (at, value) in aspect.values.iter().enumerate() {
        for (row, part) in
            broken(value.as_deref().unwrap_or(UNKNOWN), width.saturating_sub(6)).into_iter().enumerate()
        {
            let mut line =
                if row == 0 { lettered(at, &part, theme) } else { Line::from(format!("  {part}")) };
            line.spans.insert(0, Span::raw("    "));
            lines.push(line);
        }
    }
    lines
}
