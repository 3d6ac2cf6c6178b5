//! Draws the list of products.
//!
//! ```text
//! 23 of 1,287 products, prices of 2026-11-22
//!  kind:chat  / context>=128k
//!      Id                     Kind   Window  Input/1M  Cached/1M  Output/1M      Since↓
//! ▸A+  openai/gpt-6-luna      chat       1M     $0.25     $0.025      $2.00  2026-09-01
//!    R openai/gpt-4           chat       8k    $30.00                $60.00  2023-03-14
//!
//! openai/gpt-6-luna: GPT-6 luna, OpenAI, compared
//! ```

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::rows::HEADS;
use super::{Row, Rows, Shelf, as_of, counted, detail, is_typing, selected_at};
use crate::catalog::query::{Column, Listing};
use crate::present::cut;
use crate::report::models;
use crate::tui::screen::compare::letter;
use crate::tui::state::{Focus, State};
use crate::tui::text::{first_shown, left, put, put_line, right, split_bottom, split_top, wrap};
use crate::tui::theme::Role;
use crate::units::Currency;

/// Columns of cursor, letter, and signs of compared and withdrawn ones.
const MARKS: usize = 5;

/// Columns that an id keeps before other columns give way.
const ID: usize = 26;

/// Rows from which the selected product's price and source stand below the list.
const ROWS_FOR_DETAIL: u16 = 12;

/// Fewest and most rows of those, the blank one above them included. A third of the screen, where that is more than the
/// fewest, is enough for both of three products in four on 80 columns; Enter shows all of any.
const DETAIL: (u16, u16) = (5, 9);

struct Layout {
    top: Rect,
    head: Rect,
    rows: Rect,
    detail: Rect,
}

impl Layout {
    fn of(state: &State, area: Rect) -> Layout {
        let chips = u16::from(chips(state).is_some() && area.height > 3);
        let (top, rest) = split_top(area, 1 + chips);
        let detail = match area.height >= ROWS_FOR_DETAIL {
            true => (area.height / 3).clamp(DETAIL.0, DETAIL.1),
            false => 0,
        };
        let (list, detail) = split_bottom(rest, detail);
        let (head, rows) = split_top(list, 1);
        Layout { top, head, rows, detail }
    }
}

/// Returns where the rows of the list lie.
pub(super) fn rows_area(state: &State, area: Rect) -> Rect {
    Layout::of(state, area).rows
}

/// Draws the list.
pub(super) fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let shelf = &state.views.vendors;
    let Some(rows) = &shelf.rows else { return };
    let layout = Layout::of(state, area);
    let width = usize::from(area.width);
    let order = shelf.order_word();
    let turned = if shelf.order.1 { ", turned round" } else { "" };
    // Prices are shown as quoted, whatever the scenario counts in.
    let quoted = match state.work.comparison().currency {
        Currency::USD => "",
        _ => " in the vendors' currencies",
    };
    let title = format!("{}, prices of {}{quoted}, by {order}{turned}", counted(shelf), rows.date);
    put(buffer, layout.top, 0, &cut(&title, width), state.theme.style(Role::Heading));
    if let Some(chips) = chips(state) {
        put_line(buffer, layout.top, 1, &chips);
    }
    if shelf.found.shown.is_empty() {
        let why = "No product is left. What is not known of one matches no condition; Esc clears the filter.";
        for (at, line) in wrap(why, width).iter().enumerate() {
            put(buffer, layout.rows, at as u16, line, state.theme.style(Role::Text));
        }
        return;
    }
    draw_rows(state, rows, &layout, buffer);
    let room = usize::from(layout.detail.height).saturating_sub(1);
    for (at, line) in detail::lines(state, width, room).iter().enumerate() {
        let role = if at == 0 { Role::Heading } else { Role::Text };
        put(buffer, layout.detail, at as u16 + 1, line, state.theme.style(role));
    }
}

fn draw_rows(state: &State, rows: &Rows, layout: &Layout, buffer: &mut Buffer) {
    let shelf = &state.views.vendors;
    let (selected, height) = (selected_at(state), usize::from(layout.rows.height));
    let first = first_shown(selected, shelf.found.shown.len(), height);
    let seen: Vec<&Row> =
        shelf.found.shown.iter().skip(first).take(height).map(|at| &rows.all[*at]).collect();
    let columns = Columns::fit(state, &seen, usize::from(layout.rows.width));
    put(buffer, layout.head, 0, &columns.head(), state.theme.style(Role::Dim));
    for (at, row) in seen.iter().enumerate() {
        let chosen = first + at == selected;
        put_line(buffer, layout.rows, at as u16, &row_line(state, row, &columns.line(at, row), chosen));
        if chosen {
            let role = if state.focus == Focus::Screen { Role::Selected } else { Role::Marked };
            let row = Rect { y: layout.rows.y + at as u16, height: 1, ..layout.rows };
            buffer.set_style(row.intersection(layout.rows), state.theme.style(role));
        }
    }
}

fn row_line(state: &State, row: &Row, text: &str, chosen: bool) -> Line<'static> {
    let shelf = &state.views.vendors;
    let theme = &state.theme;
    let place = shelf.marked.iter().position(|id| *id == row.id);
    let compared = shelf.compared.as_ref().is_some_and(|compared| compared.contains(&row.id));
    let role = if row.retired || !row.priced { Role::Dim } else { Role::Text };
    Line::from(vec![
        Span::styled(if chosen { "▸" } else { " " }, theme.style(Role::Text)),
        Span::styled(place.map_or(' ', letter).to_string(), theme.style(Role::Line(place.unwrap_or(0)))),
        Span::styled(if compared { "+" } else { " " }, theme.style(Role::Named)),
        Span::styled(if row.retired { "R" } else { " " }, theme.style(Role::Dim)),
        Span::styled(format!(" {text}"), theme.style(role)),
    ])
}

/// Widths of the columns, as [`HEADS`] names them, and of those that the query or the order names; 0 leaves one out.
struct Columns {
    /// Heads, that of the order with an arrow.
    heads: [String; 7],
    widths: [usize; 7],
    extra: Vec<(Cow<'static, str>, usize)>,
    /// Texts of the further columns, by row.
    texts: Vec<Vec<String>>,
}

/// Returns the heads of the columns, that of the order with an arrow.
fn heads(shelf: &Shelf) -> [String; 7] {
    let order = shelf.order_by();
    std::array::from_fn(|at| {
        let ordered = order.filter(|order| head_of(order.column) == Some(at));
        format!("{}{}", HEADS[at], ordered.map_or("", |order| arrow(order.descending)))
    })
}

/// Returns the place of the head that a column of the order stands under; `None` for one that comes beside the usual ones.
fn head_of(column: Column) -> Option<usize> {
    Some(match column {
        Column::Id => 0,
        Column::Kind => 1,
        Column::Window => 2,
        Column::Price | Column::Input => 3,
        Column::Cached => 4,
        Column::Output => 5,
        Column::Since => 6,
        _ => return None,
    })
}

/// Returns the arrow of an order.
fn arrow(descending: bool) -> &'static str {
    if descending { "↓" } else { "↑" }
}

/// Columns in the order in which they give way: kind, first day, cached input, window, output, input.
const GIVE_WAY: [usize; 6] = [1, 6, 4, 2, 5, 3];

impl Columns {
    fn fit(state: &State, seen: &[&Row], width: usize) -> Columns {
        let shelf = &state.views.vendors;
        let mut widths = shelf.found.widths;
        let heads = heads(shelf);
        widths.iter_mut().zip(&heads).for_each(|(width, head)| *width = head.width().max(*width));
        let longest = std::mem::replace(&mut widths[0], 0);
        let mut columns = Columns { heads, widths, extra: Vec::new(), texts: vec![Vec::new(); seen.len()] };
        columns.add_extra(state, shelf, seen);
        let room = width.saturating_sub(MARKS);
        for at in GIVE_WAY {
            if columns.taken() + longest.clamp(1, ID) > room {
                columns.widths[at] = 0;
            }
        }
        while columns.taken() + 8 > room && columns.extra.pop().is_some() {}
        columns.widths[0] = room.saturating_sub(columns.taken()).min(longest).max(1);
        columns
    }

    /// Adds columns that the query or the order names and the list does not have anyway.
    fn add_extra(&mut self, state: &State, shelf: &Shelf, seen: &[&Row]) {
        let listing = Listing { catalog: state.work.catalog(), date: as_of(state) };
        let order: Vec<_> = shelf.order_by().into_iter().collect();
        let extra = models::extra_columns(&shelf.found.query, &order);
        let extra = extra.into_iter().filter(|column| *column != Column::Cached).collect::<Vec<_>>();
        let ids: Vec<_> = seen.iter().map(|row| row.id).collect();
        let sheet = models::list(&listing, &ids, &extra);
        let first = sheet.columns.len() - extra.len();
        for (at, column) in sheet.columns.iter().enumerate().skip(first) {
            let ordered = shelf.order_by().filter(|order| order.column == extra[at - first]);
            let heading =
                format!("{}{}", column.heading, ordered.map_or("", |order| arrow(order.descending)));
            self.extra.push((Cow::from(heading.clone()), sheet.column_width(at).max(heading.width())));
            for (row, (cells, _)) in sheet.rows.iter().enumerate() {
                self.texts[row].push(cells[at].shown.clone());
            }
        }
    }

    fn taken(&self) -> usize {
        let widths = self.widths[1..].iter().copied().chain(self.extra.iter().map(|(_, width)| *width));
        widths.filter(|width| *width > 0).map(|width| width + 2).sum()
    }

    fn joined(&self, cells: &[&str], extra: &[&str]) -> String {
        let mut line = left(cells[0], self.widths[0]);
        let further = extra.iter().zip(self.extra.iter().map(|(_, width)| *width));
        let usual = cells.iter().zip(self.widths).skip(1);
        for (text, width) in usual.chain(further).filter(|(_, width)| *width > 0) {
            line.push_str(&format!("  {}", right(text, width)));
        }
        line
    }

    fn line(&self, at: usize, row: &Row) -> String {
        let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        let extra: Vec<&str> = self.texts[at].iter().map(String::as_str).collect();
        self.joined(&cells, &extra)
    }

    fn head(&self) -> String {
        let extra: Vec<&str> = self.extra.iter().map(|(heading, _)| heading.as_ref()).collect();
        let heads: Vec<&str> = self.heads.iter().map(String::as_str).collect();
        format!("{}{}", " ".repeat(MARKS), self.joined(&heads, &extra))
    }
}

/// Shows the facets and the filter in force, and what is wrong with the filter; `None` where there is nothing.
fn chips(state: &State) -> Option<Line<'static>> {
    let shelf = &state.views.vendors;
    let facets = &shelf.facets;
    let vendors = &state.work.catalog().vendors;
    let mut chips: Vec<String> = Vec::new();
    chips.extend(facets.kind.map(|kind| format!("kind:{}", kind.word())));
    chips.extend(facets.vendor.and_then(|at| vendors.get(at)).map(|vendor| format!("vendor:{}", vendor.id)));
    let yes = |flag: bool| if flag { "yes" } else { "no" };
    chips.extend(facets.priced.map(|priced| format!("priced:{}", yes(priced))));
    chips.extend(facets.retired.map(|retired| format!("retired:{}", yes(retired))));
    chips.extend((!is_typing(state) && !shelf.filter.is_empty()).then(|| format!("/ {}", shelf.filter)));
    let mut spans = Vec::new();
    for chip in chips {
        spans.push(Span::styled(format!(" {chip} "), state.theme.style(Role::Chip)));
        spans.push(Span::raw(" "));
    }
    if let Some(fault) = &shelf.found.fault {
        spans.push(Span::styled(format!("not yet a query: {fault}"), state.theme.style(Role::Text)));
    } else if !spans.is_empty() {
        spans.push(Span::styled(" Esc clears", state.theme.style(Role::Dim)));
    }
    (!spans.is_empty()).then(|| Line::from(spans))
}
