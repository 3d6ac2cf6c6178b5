//! Two catalogs, or two days of one: what changed in price, size, limits and sale.
//!
//! Between two tables only what both of them print is compared, for what a table leaves out is unknown. Between
//! two days of one table an entry that comes or goes is a change.

mod explain;
mod limits;
mod matching;
pub mod money;
mod prices;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::catalog::rules::Reason;
use crate::catalog::{Catalog, ProductId};
use crate::units::Currency;
pub use matching::{Match, matches};

/// A catalog on a day.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The tables.
    pub catalog: &'a Catalog,
    /// The day.
    pub date: Date,
}

/// What is compared with what.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The one side; explanations are looked for in its tables.
    pub before: Side<'a>,
    /// The other side.
    pub after: Side<'a>,
    /// Name of the table of the other side, as `[[product.differs]]` names it; `None` for another day of the same.
    pub table: Option<&'a str>,
    /// Relative size from which a difference counts, such as 0.01.
    pub tolerance: f64,
}

impl Question<'_> {
    /// Returns whether both sides are the same tables on different days.
    fn is_about_days(&self) -> bool {
        std::ptr::eq(self.before.catalog, self.after.catalog)
    }
}

/// One side of a difference.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// A price, in the unit of the key that names it.
    Price(Decimal, Currency),
    /// A size in tokens, or of a limit.
    Number(f64),
    /// A day.
    Day(Date),
    /// Words, such as the reason that there is none.
    Words(String),
    /// Nothing is known.
    Unknown,
}

impl Figure {
    fn number(&self) -> Option<f64> {
        match self {
            Figure::Price(price, _) => price.to_f64(),
            Figure::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// Why a difference is no mistake of ours, with what that rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// In a word.
    pub reason: Reason,
    /// In a sentence.
    pub note: String,
    /// The source.
    pub source: String,
}

/// A figure that is not the same on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The product, in the catalog of the one side.
    pub product: ProductId,
    /// Its id on the other side.
    pub theirs: String,
    /// What differs: a price key or a fact, with its condition in words.
    pub what: String,
    /// The price key or fact alone.
    pub key: &'static str,
    /// The one side.
    pub before: Figure,
    /// The other side.
    pub after: Figure,
    /// Why, where the tables of the one side say it.
    pub explanation: Option<Explanation>,
}

impl Difference {
    /// Returns how much larger the other side is, as a share of the one: 0.5 for half as much again.
    ///
    /// `None` where one of the two is no number; infinite where something free is no longer free.
    pub fn relative(&self) -> Option<f64> {
        let (before, after) = (self.before.number()?, self.after.number()?);
        if before == after {
            return Some(0.0);
        }
        Some((after - before) / before)
    }

    /// Returns the size of the change for sorting: what came or went is larger than any number.
    fn weight(&self) -> f64 {
        self.relative().map_or(f64::INFINITY, |relative| {
            let factor = (1.0 + relative).max(0.0);
            if factor == 0.0 || !factor.is_finite() { f64::MAX } else { factor.ln().abs() }
        })
    }
}

/// What came of a comparison.
#[derive(Debug, Clone, Default)]
pub struct PriceDiff {
    /// Entries of the other side that are a product of the one.
    pub matched: usize,
    /// Products of the one side that the other side has.
    pub products: usize,
    /// Figures that both sides print.
    pub compared: usize,
    /// Those that differ by more than the tolerance, the largest change first.
    pub differences: Vec<Difference>,
}

impl PriceDiff {
    /// Returns the differences that nothing explains.
    pub fn unexplained(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|difference| difference.explanation.is_none())
    }
}

/// Compares two catalogs, or two days of one.
pub fn diff(question: &Question<'_>) -> PriceDiff {
    let mut found = PriceDiff::default();
    let mut products: Vec<ProductId> = Vec::new();
    for pair in matches(question) {
        found.matched += 1;
        products.push(pair.before);
        prices::compare(question, pair, &mut found);
        limits::compare(question, pair, &mut found);
    }
    products.sort();
    products.dedup();
    found.products = products.len();
    if question.table.is_some() {
        for difference in &mut found.differences {
            difference.explanation = explain::explain(question, difference);
        }
    }
    let by_weight = |a: &Difference, b: &Difference| b.weight().total_cmp(&a.weight());
    found.differences.sort_by(|a, b| by_weight(a, b).then_with(|| a.product.cmp(&b.product)));
    found
}
