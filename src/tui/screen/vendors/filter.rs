//! Which products are shown, and in which order.

use unicode_width::UnicodeWidthStr;

use super::rows::HEADS;
use super::{Row, Rows, Shelf, as_of, is_typing};
use crate::catalog::Kind;
use crate::catalog::query::{Column, Form, Listing, Order, Query};
use crate::tui::action::{Direction, Screen};
use crate::tui::state::State;

/// What is shown beside the query; `None` is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only this vendor, by its index.
    pub vendor: Option<usize>,
    /// Only those with a price, or without.
    pub priced: Option<bool>,
    /// Only withdrawn ones, or those still sold.
    pub retired: Option<bool>,
}

impl Facets {
    fn hold(&self, row: &Row) -> bool {
        self.kind.is_none_or(|kind| kind == row.kind)
            && self.vendor.is_none_or(|vendor| vendor == row.vendor)
            && self.priced.is_none_or(|priced| priced == row.priced)
            && self.retired.is_none_or(|retired| retired == row.retired)
    }
}

/// Orders by name: by vendor with what is sold now first, or by a column with what readers want first.
pub const ORDERS: &[(&str, Option<Order>)] = &[
    ("vendor", None),
    ("id", Some(Order { column: Column::Id, descending: false })),
    ("kind", Some(Order { column: Column::Kind, descending: false })),
    ("window", Some(Order { column: Column::Window, descending: true })),
    ("price", Some(Order { column: Column::Price, descending: false })),
    ("cached", Some(Order { column: Column::Cached, descending: false })),
    ("output", Some(Order { column: Column::Output, descending: false })),
    ("since", Some(Order { column: Column::Since, descending: true })),
    ("released", Some(Order { column: Column::Released, descending: true })),
    ("checked", Some(Order { column: Column::Checked, descending: true })),
];

impl Shelf {
    /// Returns the word for the column of the order.
    pub fn order_word(&self) -> &'static str {
        ORDERS[self.order.0].0
    }

    /// Returns the column of the order; `None` for that by vendor.
    pub(super) fn order_by(&self) -> Option<Order> {
        let order = ORDERS[self.order.0].1?;
        Some(Order { descending: order.descending != self.order.1, ..order })
    }
}

/// What a query and facets leave.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Rows by their places, in order.
    pub shown: Vec<usize>,
    /// The last query that could be read.
    pub query: Query,
    /// Why the query that is there now cannot be.
    pub fault: Option<String>,
    /// Widths of the columns of those rows.
    pub widths: [usize; 7],
    /// All rows in order, with the order that they are in.
    ordered: Option<((usize, bool), Vec<usize>)>,
    /// Rows that the query alone leaves, in order.
    queried: Vec<usize>,
    /// What the rows were found by.
    known: Option<Wanted>,
}

/// What rows are found by.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    text: String,
    /// Whether the text is still typed.
    typing: bool,
    facets: Facets,
    order: (usize, bool),
}

/// Finds the rows again, where query, facets or order are others than before.
pub(super) fn refresh(state: &mut State) {
    let shelf = &state.views.vendors;
    let wanted = Wanted {
        text: state.filter(Screen::Vendors).to_owned(),
        typing: is_typing(state),
        facets: shelf.facets.clone(),
        order: shelf.order,
    };
    let Some(rows) = shelf.rows.clone().filter(|_| shelf.found.known.as_ref() != Some(&wanted)) else {
        return;
    };
    let listing = Listing { catalog: state.work.catalog(), date: as_of(state) };
    let mut found = shelf.found.clone();
    if found.ordered.as_ref().is_none_or(|(order, _)| *order != shelf.order) {
        found.ordered = Some((shelf.order, ordered(shelf, &rows, &listing)));
        found.known = None;
    }
    let same_text = |known: &Wanted| known.text == wanted.text && known.typing == wanted.typing;
    if !found.known.as_ref().is_some_and(same_text) {
        found.ask(&rows, &listing, &wanted);
    }
    found.shown = found.queried.iter().copied().filter(|at| wanted.facets.hold(&rows.all[*at])).collect();
    found.widths = std::array::from_fn(|column| {
        let texts = found.shown.iter().map(|at| rows.all[*at].cells[column].width());
        texts.max().unwrap_or(0).max(HEADS[column].width())
    });
    found.known = Some(wanted);
    state.views.vendors.found = found;
}

impl Found {
    /// Asks the query; while it is no query yet, the rows of the last one that was stay.
    fn ask(&mut self, rows: &Rows, listing: &Listing<'_>, wanted: &Wanted) {
        let all = self.ordered.as_ref().map_or(&[][..], |(_, all)| all);
        let of = |query: &Query| -> Vec<usize> {
            all.iter().copied().filter(|at| query.matches(listing, rows.all[*at].id)).collect()
        };
        let asked = match Query::parse(listing.catalog, &wanted.text) {
            Err(fault) => Err(in_words(&fault)),
            Ok(query) => {
                let queried = of(&query);
                match begun(&wanted.text).filter(|_| queried.is_empty() && wanted.typing) {
                    Some(fault) => Err(fault),
                    None => Ok((query, queried)),
                }
            }
        };
        match asked {
            Ok((query, queried)) => (self.query, self.queried, self.fault) = (query, queried, None),
            Err(fault) => (self.queried, self.fault) = (of(&self.query), Some(fault)),
        }
    }
}

/// Says how to go on where the last word begins the name of a column.
fn begun(text: &str) -> Option<String> {
    let last = text.rsplit(char::is_whitespace).next().filter(|last| !last.is_empty())?.to_lowercase();
    let (word, column) = Column::WORDS.iter().find(|(word, _)| word.starts_with(&last))?;
    let operators = if matches!(column.form(), Form::Word | Form::Flag) { ":" } else { ":, < or >" };
    Some(format!("nothing has `{last}`; {word} goes on with {operators}"))
}

fn in_words(fault: &crate::diagnostic::Fault) -> String {
    match fault.remedy() {
        Some(remedy) => format!("{fault}; {remedy}"),
        None => fault.to_string(),
    }
}

fn ordered(shelf: &Shelf, rows: &Rows, listing: &Listing<'_>) -> Vec<usize> {
    let Some(order) = shelf.order_by() else {
        let mut all: Vec<usize> = (0..rows.all.len()).collect();
        all.sort_by_key(|at| rows.all[*at].rank());
        if shelf.order.1 {
            all.reverse();
        }
        return all;
    };
    let mut ids: Vec<_> = rows.all.iter().map(|row| row.id).collect();
    listing.sort(&mut ids, &[order]);
    // Rows stand in the order of the tables, which is that of the ids.
    ids.into_iter().map(|id| id.0 as usize).collect()
}

/// Returns the next one of some values, all of them after the last.
fn next<T: PartialEq + Copy>(present: &[T], now: Option<T>, direction: Direction) -> Option<T> {
    let place = now.and_then(|now| present.iter().position(|value| *value == now));
    match (place, direction) {
        (None, Direction::On) => present.first().copied(),
        (None, Direction::Back) => present.last().copied(),
        (Some(at), Direction::On) => present.get(at + 1).copied(),
        (Some(at), Direction::Back) => at.checked_sub(1).map(|at| present[at]),
    }
}

/// Returns what the rows have that the query and the other facets leave, each once.
fn present<T: PartialEq>(state: &State, without: impl Fn(&mut Facets), of: impl Fn(&Row) -> T) -> Vec<T> {
    let shelf = &state.views.vendors;
    let mut facets = shelf.facets.clone();
    without(&mut facets);
    let mut values = Vec::new();
    let Some(rows) = &shelf.rows else { return values };
    let mut places = shelf.found.queried.clone();
    places.sort_unstable();
    for value in places.iter().map(|at| &rows.all[*at]).filter(|row| facets.hold(row)).map(of) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// Returns the kind to be shown next, of those that are there.
pub(super) fn next_kind(state: &State, direction: Direction) -> Option<Kind> {
    let there = present(state, |facets| facets.kind = None, |row| row.kind);
    let kinds = Kind::WORDS.iter().map(|(_, kind)| *kind).filter(|kind| there.contains(kind));
    next(&kinds.collect::<Vec<_>>(), state.views.vendors.facets.kind, direction)
}

/// Returns the vendor to be shown next, of those that are there, by its index.
pub(super) fn next_vendor(state: &State, direction: Direction) -> Option<usize> {
    let there = present(state, |facets| facets.vendor = None, |row| row.vendor);
    next(&there, state.views.vendors.facets.vendor, direction)
}
