//! Results for people and programs: one [`Sheet`] of rows, written as table, CSV or Markdown, and
//! one JSON document for each command. The same findings as a document and as charts are in
//! [`document`] and [`chart`].

pub mod json;
pub mod sheet;

pub mod alternatives;
pub mod assumptions;
pub mod audit;
pub mod bill;
pub mod bill_diff;
pub mod break_even;
pub mod chart;
pub mod check;
pub mod compare;
pub mod config;
pub mod document;
pub mod explain;
pub mod forecast;
pub mod grid;
pub mod history;
pub mod import;
pub mod limits;
pub mod models;
pub mod price;
pub mod price_change;
pub mod price_diff;
pub mod product;
pub mod product_history;
pub mod sensitivity;
pub mod side_by_side;
pub mod simulate;
pub mod sweep;
pub mod tokens;

use jiff::civil::Date;

use crate::units::Currency;
pub use sheet::{Align, Cell, Sheet, escape_markdown};

/// Says which prices amounts rest on and what they are in: "prices of 2026-11-22, USD".
pub fn prices_of(date: Date, currency: Currency) -> String {
    format!("prices of {date}, {currency}")
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Columns for a terminal.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated values with a header.
    Csv,
    /// A Markdown table.
    Markdown,
}
