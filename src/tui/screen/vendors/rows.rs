//! The products as rows, made once for a day.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::catalog::query::{Column, Listing};
use crate::catalog::{Catalog, Kind, ProductId};
use crate::report::models;

/// Heads of the columns: id, kind, window, input, cached input, output, first day of the price.
pub const HEADS: [&str; 7] = ["Id", "Kind", "Window", "Input/1M", "Cached/1M", "Output/1M", "Since"];

/// Keys of the same columns in the list of `models`.
const KEYS: [&str; 7] = ["id", "kind", "window", "input", "cached", "output", "price_from"];

/// A product as a row.
#[derive(Debug, Clone)]
pub struct Row {
    /// The product.
    pub id: ProductId,
    /// Its texts, as `HEADS` name them.
    pub cells: [String; 7],
    /// What it is sold as.
    pub kind: Kind,
    /// Index of its vendor.
    pub vendor: usize,
    /// Whether a price is in force.
    pub priced: bool,
    /// Whether it was withdrawn.
    pub retired: bool,
    /// The day on which it came out, and that of its first price, which is often only the day of a copy of a list.
    pub since: (Option<Date>, Option<Date>),
}

impl Row {
    /// Returns its place among all: vendors in the order of the tables, and of each what is sold now, then what has no
    /// price, then what was withdrawn; the newest of them first, and those of which the day is not known
    /// behind them.
    pub fn rank(&self) -> impl Ord + use<> {
        (self.vendor, self.retired, !self.priced, Reverse(self.since))
    }
}

/// All products.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Day whose prices they have.
    pub date: Date,
    /// The products, in the order of the tables.
    pub all: Vec<Row>,
}

impl Rows {
    /// Makes the rows of a day.
    pub fn of(catalog: &Catalog, date: Date) -> Rows {
        let listing = Listing { catalog, date };
        let ids: Vec<ProductId> = catalog.iter().map(|(id, _)| id).collect();
        let sheet = models::list(&listing, &ids, &[Column::Cached]);
        let places = KEYS.map(|key| sheet.columns.iter().position(|column| column.key == key));
        let row = |(id, cells): (ProductId, &Vec<crate::report::Cell>)| {
            let product = catalog.product(id);
            Row {
                id,
                cells: places.map(|place| place.map(|at| cells[at].shown.clone()).unwrap_or_default()),
                kind: product.kind,
                vendor: product.vendor,
                priced: catalog.price_on(id, date, None).is_ok(),
                retired: product.is_retired(date),
                since: (product.released, product.prices.first().map(|card| card.from)),
            }
        };
        let all = ids.into_iter().zip(sheet.rows.iter().map(|(cells, _)| cells)).map(row).collect();
        Rows { date, all }
    }
}
