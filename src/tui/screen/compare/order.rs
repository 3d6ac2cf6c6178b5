//! Columns of the ranked list, and rows in the order of one of them.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Basis;
use crate::analysis::compare::{Comparison, Row};

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Column {
    /// The amounts that bars are drawn of, those of a month unless something else is chosen.
    #[default]
    Cost,
    /// The model's id.
    Model,
    /// The strategy.
    Strategy,
    /// The amounts beside: of a request, or of a month.
    Other,
    /// Multiples of the cheapest.
    Times,
    /// Cost of a right answer.
    Correct,
    /// Cost of a user.
    User,
    /// What is left of the price.
    Margin,
    /// What a month costs less than the baseline.
    Saving,
    /// Cost of the whole horizon.
    Horizon,
}

impl Column {
    /// All columns, in the order in which rows are ordered by them.
    pub const ALL: [Column; 10] = [
        Column::Cost,
        Column::Model,
        Column::Strategy,
        Column::Other,
        Column::Times,
        Column::Correct,
        Column::User,
        Column::Margin,
        Column::Saving,
        Column::Horizon,
    ];

    /// Returns the word for the column, as the settings have it.
    pub fn word(self) -> &'static str {
        match self {
            Column::Cost => "cost",
            Column::Model => "model",
            Column::Strategy => "strategy",
            Column::Other => "other",
            Column::Times => "times",
            Column::Correct => "correct",
            Column::User => "user",
            Column::Margin => "margin",
            Column::Saving => "saving",
            Column::Horizon => "horizon",
        }
    }

    /// Returns the head of the column.
    pub fn title(self, comparison: &Comparison, basis: Basis) -> String {
        match self {
            Column::Cost => basis.title(comparison),
            Column::Other => basis.other().word().to_owned(),
            Column::Times => "×".to_owned(),
            Column::Saving => "saves".to_owned(),
            Column::Horizon => Basis::Horizon.title(comparison),
            Column::Model | Column::Strategy | Column::Correct | Column::User | Column::Margin => {
                self.word().to_owned()
            }
        }
    }

    /// Returns an amount or share of a row; `None` for names, and where it is not known.
    pub fn amount(self, comparison: &Comparison, basis: Basis, row: &Row) -> Option<Decimal> {
        match self {
            Column::Model | Column::Strategy | Column::Times => None,
            Column::Cost => basis.amount(row),
            Column::Other => basis.other().amount(row),
            Column::Correct => row.per_correct,
            Column::User => row.per_user,
            Column::Margin => row.margin,
            Column::Saving => baseline(comparison)?.checked_sub(row.monthly?),
            Column::Horizon => row.over_horizon,
        }
    }

    /// Returns whether readers want the largest first.
    fn is_largest_first(self) -> bool {
        matches!(self, Column::Margin | Column::Saving)
    }
}

/// Returns what a month of the baseline costs, where it is among the designs and its cost is known.
pub fn baseline(comparison: &Comparison) -> Option<Decimal> {
    comparison.rows.iter().find(|row| row.baseline)?.monthly
}

/// An order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// The column.
    pub column: Column,
    /// Whether it is turned round: what readers want first stands last.
    pub turned: bool,
}

impl Order {
    /// Returns the word for the order, with a minus where it is turned round.
    pub fn word(self) -> String {
        format!("{}{}", if self.turned { "-" } else { "" }, self.column.word())
    }

    /// Reads that word.
    pub fn of_word(text: &str) -> Option<Order> {
        let (turned, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        let column = Column::ALL.into_iter().find(|column| column.word() == word)?;
        Some(Order { column, turned })
    }

    /// Returns whether values fall from the first row on.
    pub fn is_descending(self) -> bool {
        self.column.is_largest_first() != self.turned
    }

    /// Returns the arrow of the order: up where values rise.
    pub fn arrow(self) -> &'static str {
        if self.is_descending() { "↓" } else { "↑" }
    }

    /// Compares two rows; one without a value comes last, however the order is turned.
    pub fn compare(self, comparison: &Comparison, basis: Basis, a: &Row, b: &Row) -> Ordering {
        let turn = |order: Ordering| if self.is_descending() { order.reverse() } else { order };
        let numbers = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => turn(a.total_cmp(&b)),
            _ => a.is_none().cmp(&b.is_none()),
        };
        match self.column {
            Column::Model => turn(a.model.cmp(&b.model)),
            Column::Strategy => turn(a.strategy.cmp(b.strategy)),
            Column::Times => numbers(a.times_cheapest, b.times_cheapest),
            column => {
                let of = |row: &Row| column.amount(comparison, basis, row)?.to_f64();
                numbers(of(a), of(b))
            }
        }
    }
}
