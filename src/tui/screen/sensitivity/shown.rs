//! A tornado with its texts.

use super::Row;
use crate::analysis::curve::Metric;
use crate::analysis::sensitivity::{Move, Percent, Tornado, Unmoved, tornado};
use crate::analysis::{Case, Pair};
use crate::present::{self, money_float, parameter};
use crate::report::sensitivity as rows;
use crate::scenario::Target;
use crate::tui::text::Words;
use crate::tui::work::Snapshot;

/// What a result is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    pub(super) revision: u64,
    pub(super) pair: Pair,
    pub(super) by: Percent,
    pub(super) metric: Metric,
}

/// A result with its texts, which are those of the scenario that it is of.
#[derive(Debug, Clone)]
pub struct Shown {
    pub(super) request: Request,
    pub(super) snapshot: Snapshot,
    /// The tornado, or why there is none.
    pub tornado: Result<Tornado, String>,
    /// What the design costs as it is.
    pub(super) cost: String,
    pub(super) moves: Vec<Entry>,
    pub(super) unmoved: Vec<Entry>,
    /// Whether the cheapest design changes.
    pub(super) notes: Vec<String>,
}

/// The texts of a number.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) label: String,
    pub(super) path: String,
    /// Value, cost at the smaller and the larger end, swing.
    pub(super) cells: [String; 4],
    pub(super) explained: Vec<(&'static str, String)>,
}

impl Shown {
    /// Works a result out; `None` where the scenario cannot be opened, which that on the screen always can.
    pub(super) fn of(snapshot: Snapshot, request: Request) -> Option<Shown> {
        let case = snapshot.case()?;
        let found = tornado(&case, request.pair, request.by, request.metric);
        let (mut moves, mut unmoved, mut notes, mut cost) =
            (Vec::new(), Vec::new(), Vec::new(), String::new());
        if let Ok(found) = &found {
            moves = found.moves.iter().map(|moved| Entry::moved(found, moved, &case)).collect();
            unmoved = found.unmoved.iter().map(|unmoved| Entry::unmoved(found, unmoved, &case)).collect();
            notes = rows::cheapest(found, &case);
            cost = money_float(found.cost, case.book.currency);
        }
        drop(case);
        let tornado = found.map_err(|reason| reason.to_string());
        Some(Shown { request, snapshot, tornado, cost, moves, unmoved, notes })
    }

    pub(super) fn entry(&self, row: Row) -> Option<&Entry> {
        match row {
            Row::Move(at) => self.moves.get(at),
            Row::Unmoved(at) => self.unmoved.get(at),
            Row::Head => None,
        }
    }

    pub(super) fn target(&self, row: Row) -> Option<Target> {
        let tornado = self.tornado.as_ref().ok()?;
        match row {
            Row::Move(at) => tornado.moves.get(at).map(|moved| moved.target),
            Row::Unmoved(at) => tornado.unmoved.get(at).map(|unmoved| unmoved.target),
            Row::Head => None,
        }
    }

    /// Returns the rows whose numbers have words in label or path.
    pub(super) fn rows(&self, words: &Words) -> Vec<Row> {
        let has_words = |row: &Row| {
            let text = self.entry(*row).map(|entry| format!("{} {}", entry.label, entry.path));
            text.is_some_and(|text| words.are_in(&text))
        };
        let moves = (0..self.moves.len()).map(Row::Move).filter(has_words);
        let unmoved: Vec<Row> = (0..self.unmoved.len()).map(Row::Unmoved).filter(has_words).collect();
        let head = (!unmoved.is_empty()).then_some(Row::Head);
        moves.chain(head).chain(unmoved).collect()
    }
}

impl Entry {
    fn moved(found: &Tornado, moved: &Move, case: &Case<'_>) -> Entry {
        let money = |cost: Option<f64>| {
            cost.map_or(present::UNKNOWN.to_owned(), |cost| money_float(cost, case.book.currency))
        };
        let swing = match moved.swing() {
            Some(swing) => money(Some(swing)),
            None => format!("≥{}", money(Some(moved.known_swing))),
        };
        let value = parameter(moved.target.param.facts(), moved.value);
        Entry {
            label: case.scenario.label_of(moved.target),
            path: case.scenario.path_of(moved.target),
            cells: [value, money(moved.low.cost), money(moved.high.cost), swing],
            explained: rows::explain(found, moved, case),
        }
    }

    fn unmoved(found: &Tornado, unmoved: &Unmoved, case: &Case<'_>) -> Entry {
        let value = parameter(unmoved.target.param.facts(), unmoved.value);
        Entry {
            label: case.scenario.label_of(unmoved.target),
            path: case.scenario.path_of(unmoved.target),
            cells: [value, String::new(), String::new(), String::new()],
            explained: rows::explain_unmoved(found, unmoved, case),
        }
    }
}
