//! A table with a column for each figure: how a company brings its rate card.
//!
//! A row prices one product; rows of one `id` with different days, regions or conditions become the cards and cells
//! of one product. A column whose heading is a key needs no mapping, others are mapped (`Input (USD)` is
//! `input_per_mtok`), and a value that no column has can be fixed for all rows. The keys are those of a pricing
//! table: facts of a product, of a card, of a condition, and every price key.
//!
//! **Scale.** A mapping may say what one figure of the column has to be multiplied with: `input_per_mtok*1000` reads
//! a price per thousand tokens. 0.003 becomes 3, in exact decimals.
//!
//! **Unknown.** An empty cell, a dash and `n/a` are unknown, never zero. A written zero, or `free`, is the company's
//! own word and is free.
//!
//! **Numbers.** Currency signs, thousands separators and decimal commas are read; what could be read in two ways, such
//! as `1,234` where no other price shows what the comma parts, is refused.
//!
//! **Defaults.** The vendor is the `vendor` column or the part of the id before its first slash; the kind is chat,
//! the currency that of a sign in the cells or US dollars, the source the file's name, and `from` and `checked` are
//! the day of the table.
//!
//! **Not read.** Prices by the hour of the day, graduated tiers, included quantities, factors, caches and limits have
//! no columns; they are written into the table that comes out.
//!
//! ```
//! use ragonomics::import::{Options, Source, csv::Column, import};
//!
//! let column = |heading: &str, key: &str| Column { heading: heading.into(), key: key.into() };
//! let options = Options {
//!     date: Some("2026-11-22".parse()?),
//!     columns: vec![column("Model", "id"), column("Input per 1K", "input_per_mtok*1000")],
//!     fixed: vec![("vendor".into(), "acme".into())],
//! };
//! let imported = import(Source::Csv, "rates.csv", "Model;Input per 1K\nbig;0,003\n", &options)?;
//! let card = &imported.catalog.products[0].prices[0];
//! assert_eq!(card.cells[0].rates[0].1.price.float, 3.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cells;
mod layout;
mod numbers;
mod rows;

use super::{Intake, Options};
use crate::diagnostic::Diagnostics;

/// How one column is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading in the file.
    pub heading: String,
    /// Key of a pricing table that it fills, with a scale perhaps: `input_per_mtok*1000`. `-` leaves the column out.
    pub key: String,
}

/// Reads the table.
///
/// # Errors
/// All faults of the file and of its mapping together.
pub(super) fn read(intake: &mut Intake, text: &str, options: &Options) -> Result<(), Diagnostics> {
    let name = intake.file.clone();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let sheet = cells::Sheet::parse(&name, text)?;
    let layout = layout::Layout::new(&sheet, options)?;
    rows::read(intake, &sheet, &layout)
}
