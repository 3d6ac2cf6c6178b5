//! Which columns of the list there is room for, and what stands in them.

use std::collections::{HashMap, HashSet};

use unicode_width::UnicodeWidthStr;

use crate::analysis::compare::{Comparison, Row};
use crate::present;
use crate::tui::screen::compare::{Basis, Column, Order, baseline};
use crate::tui::text::{left, right};

/// Longest bar in columns.
const LONGEST_BAR: usize = 40;

/// Shortest bar worth drawing, and what is left of it beside further columns.
const SHORTEST_BAR: usize = 5;
const KEPT_BAR: usize = 12;

/// Columns that a strategy keeps while models are in full.
const CUT_STRATEGY: usize = 8;

/// Columns that a model keeps while multiples and costs of a request are shown.
const CUT_MODEL: usize = 20;

/// Columns below which names give way until amounts fit.
const NARROW: usize = 36;

/// Columns from which everything that the scenario gives has a column of its own.
const WIDE: usize = 120;

/// Columns of cursor and marks, and the blanks around them.
const MARKS: usize = 7;

/// Columns of a rank in lists of ordinary length.
const RANK: usize = 3;

/// Further columns, in the order in which they are wanted.
const FURTHER: [Column; 5] = [Column::Margin, Column::User, Column::Saving, Column::Correct, Column::Horizon];

/// Widths of the columns; 0 leaves a column out.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Models that stand with their vendors though the others do not, because another vendor has one of that name.
    alike: HashSet<String>,
    /// Whether all models stand with their vendors.
    vendors: bool,
    pub basis: Basis,
    /// Columns of marks that say what to know of a row.
    pub marks: usize,
    pub rank: usize,
    model: usize,
    strategy: usize,
    monthly: usize,
    each: usize,
    times: usize,
    further: Vec<(Column, usize)>,
    pub bar: usize,
}

impl Columns {
    /// Fits the columns into a width: vendors go first, then bars and the ends of long models, multiples and costs
    /// of a request; at last names are cut. What is left is for further columns.
    pub fn fit(comparison: &Comparison, basis: Basis, marks: usize, width: usize) -> Columns {
        let mut columns = Columns::of(comparison, basis, marks, true);
        let room = width.saturating_sub(columns.prefix());
        if columns.total() + 2 + SHORTEST_BAR > room {
            columns = Columns::of(comparison, basis, marks, false);
        }
        let longest = columns.model;
        let over = columns.total().saturating_sub(room);
        columns.model = longest.saturating_sub(over).max(longest.min(CUT_MODEL));
        if columns.total() > room {
            columns.times = 0;
        }
        if columns.total() > room {
            columns.each = 0;
        }
        let spare = room.saturating_sub(columns.total());
        columns.model = longest.min(columns.model + spare);
        // Strategies are told apart by their beginnings, so they give way before models do.
        let over = columns.total().saturating_sub(room);
        columns.strategy = columns.strategy.saturating_sub(over).max(columns.strategy.min(CUT_STRATEGY));
        let others = columns.total() - columns.model;
        let (model, strategy) = if width < NARROW { (3, 2) } else { (8, 4) };
        columns.model = columns.model.min(room.saturating_sub(others)).max(model.min(columns.model));
        let over = columns.total().saturating_sub(room);
        columns.strategy = columns.strategy.saturating_sub(over).max(strategy);
        if columns.total() > room {
            // Half an amount would be a wrong one.
            columns.monthly = 0;
        }
        columns.add_further(comparison, width, room);
        let spare = room.saturating_sub(columns.total() + 2);
        columns.bar = if spare >= SHORTEST_BAR { spare.min(LONGEST_BAR) } else { 0 };
        columns
    }

    /// Adds what the scenario gives beside costs, as long as bars keep some room: on a narrow screen users and margins.
    fn add_further(&mut self, comparison: &Comparison, width: usize, room: usize) {
        let bar = if width < WIDE { SHORTEST_BAR } else { KEPT_BAR };
        for column in FURTHER {
            let narrow = matches!(column, Column::Margin | Column::User);
            if (width < WIDE && !narrow) || !is_given(column, comparison, self.basis) {
                continue;
            }
            let texts = comparison.rows.iter().map(|row| self.text(comparison, column, row).width());
            let title = column.title(comparison, self.basis).width() + 1;
            let needed = texts.max().unwrap_or(0).max(title);
            if self.total() + 2 + needed + 2 + bar <= room {
                self.further.push((column, needed));
            }
        }
    }

    /// Makes every column as wide as its widest text.
    fn of(comparison: &Comparison, basis: Basis, marks: usize, vendors: bool) -> Columns {
        let mut columns = Columns { alike: alike(comparison), vendors, basis, marks, ..Columns::default() };
        let widest = |column: Column, least: usize| {
            let texts = comparison.rows.iter().map(|row| columns.text(comparison, column, row).width());
            // An arrow may stand behind the head.
            let title = column.title(comparison, basis).width() + 1;
            texts.max().unwrap_or(0).max(title).max(least)
        };
        let (model, strategy) = (widest(Column::Model, 6), widest(Column::Strategy, 9));
        let (monthly, each) = (widest(Column::Cost, 0), widest(Column::Other, 0));
        // Multiples are of a month's cost, and what is paid once would change them.
        let times = if basis == Basis::Horizon { 0 } else { widest(Column::Times, 3) };
        columns.rank = comparison.rows.len().to_string().len().max(RANK);
        (columns.model, columns.strategy, columns.monthly) = (model, strategy, monthly);
        (columns.each, columns.times) = (each, times);
        columns
    }

    /// Columns of cursor, rank and marks.
    pub fn prefix(&self) -> usize {
        MARKS + self.rank + self.marks
    }

    /// Columns of the names with two blanks between and behind them.
    pub fn names(&self) -> usize {
        self.model + 2 + self.strategy + 2
    }

    /// Columns with two blanks between them, bars not counted.
    fn total(&self) -> usize {
        let further = self.further.iter().map(|(_, width)| width);
        let optional = [self.each, self.times].into_iter().chain(further.copied());
        let optional: usize = optional.filter(|width| *width > 0).map(|width| width + 2).sum();
        self.names() + self.monthly + optional
    }

    /// Returns the columns that are shown, with their widths.
    fn shown(&self) -> Vec<(Column, usize)> {
        let usual = [
            (Column::Model, self.model),
            (Column::Strategy, self.strategy),
            (Column::Cost, self.monthly),
            (Column::Other, self.each),
            (Column::Times, self.times),
        ];
        // Where there is no room for the cost there is none for what stands beside it.
        let all = usual.into_iter().chain(self.further.iter().copied());
        all.filter(|(column, width)| *width > 0 && (self.monthly > 0 || is_name(*column))).collect()
    }

    /// Returns the columns that are shown.
    pub fn all(&self) -> Vec<Column> {
        self.shown().into_iter().map(|(column, _)| column).collect()
    }

    /// Returns the column whose head stands at a place: that of the costs for ranks and bars, too.
    pub fn column_at(&self, x: usize) -> Column {
        let mut start = self.prefix();
        if x < start {
            return Column::Cost;
        }
        for (column, width) in self.shown() {
            // Numbers stand at the right of their columns, so the blanks before them are theirs.
            start += width + 2;
            if x + 1 < start {
                return column;
            }
        }
        Column::Cost
    }

    /// Returns the heads from the names on, that of the order with its arrow.
    pub fn heads(&self, comparison: &Comparison, order: Order) -> String {
        let head = |(column, width): (Column, usize)| {
            let arrow = if order.column == column { order.arrow() } else { "" };
            let title = format!("{}{arrow}", column.title(comparison, self.basis));
            if is_name(column) { left(&title, width) } else { right(&title, width) }
        };
        self.shown().into_iter().map(head).collect::<Vec<_>>().join("  ")
    }

    /// Returns the names of a row: its model and its strategy.
    pub fn name_texts(&self, row: &Row) -> [String; 2] {
        [left(self.model_of(row), self.model), left(row.strategy, self.strategy)]
    }

    /// Returns the numbers of a row, each with two blanks before it.
    pub fn numbers(&self, comparison: &Comparison, row: &Row) -> String {
        let numbers = self.shown().into_iter().filter(|(column, _)| !is_name(*column));
        let text = |(column, width): (Column, usize)| {
            format!("  {}", right(&self.text(comparison, column, row), width))
        };
        numbers.map(text).collect()
    }

    /// Returns what stands in a column of a row; nothing where the row has no cost.
    fn text(&self, comparison: &Comparison, column: Column, row: &Row) -> String {
        let amount = column.amount(comparison, self.basis, row);
        match column {
            Column::Model => self.model_of(row).to_owned(),
            Column::Strategy => row.strategy.to_owned(),
            Column::Times => row.times_cheapest.map(present::times).unwrap_or_default(),
            _ if row.monthly.is_none() => String::new(),
            Column::Margin => amount.map_or_else(|| present::UNKNOWN.to_owned(), present::share),
            _ => amount.map_or_else(
                || present::UNKNOWN.to_owned(),
                |amount| present::money(amount, comparison.currency),
            ),
        }
    }

    /// Returns the model, with its vendor where there is room for that or another vendor has a model of the name.
    fn model_of<'r>(&self, row: &'r Row) -> &'r str {
        match row.model.split_once('/') {
            Some((_, short)) if !self.vendors && !self.alike.contains(short) => short,
            _ => &row.model,
        }
    }
}

fn is_name(column: Column) -> bool {
    matches!(column, Column::Model | Column::Strategy)
}

/// Returns whether the scenario gives what a further column needs, and no other column shows the same.
fn is_given(column: Column, comparison: &Comparison, basis: Basis) -> bool {
    let has_users = comparison.users.is_some_and(|users| users > 0.0);
    match column {
        Column::User => has_users && basis != Basis::User,
        Column::Margin => has_users && comparison.price_per_user.is_some(),
        Column::Saving => baseline(comparison).is_some(),
        Column::Correct => comparison.rows.iter().any(|row| row.accuracy.is_some()),
        Column::Horizon => basis != Basis::Horizon,
        _ => true,
    }
}

/// Returns the names of models that several vendors have.
fn alike(comparison: &Comparison) -> HashSet<String> {
    let mut vendors: HashMap<&str, &str> = HashMap::new();
    let mut alike = HashSet::new();
    for (vendor, short) in comparison.rows.iter().filter_map(|row| row.model.split_once('/')) {
        if *vendors.entry(short).or_insert(vendor) != vendor {
            alike.insert(short.to_owned());
        }
    }
    alike
}
