//! What a customer has agreed with vendors beside the list prices: discounts, allowances, commitments.

use jiff::civil::Date;

use super::Meter;
use crate::diagnostic::Place;
use crate::units::{Currency, Price};

/// Days on which an agreement holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Term {
    /// First day, where it has one.
    pub from: Option<Date>,
    /// First day on which it no longer holds, where it has one.
    pub until: Option<Date>,
}

impl Term {
    /// Returns whether the agreement holds on a day.
    pub fn holds(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| until > date)
    }
}

/// What an agreement is about; the more it names, the more it is worth against another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Id of a vendor; `None` for all.
    pub vendor: Option<String>,
    /// Id of a product; `None` for all of the vendor's.
    pub product: Option<String>,
    /// The meter; `None` for all.
    pub meter: Option<Meter>,
}

impl Scope {
    /// Returns whether the agreement is about a meter of a product, by its full id.
    pub fn covers(&self, product: &str, meter: Meter) -> bool {
        let vendor = product.split_once('/').map_or("", |(vendor, _)| vendor);
        self.vendor.as_deref().is_none_or(|known| known == vendor)
            && self.product.as_deref().is_none_or(|known| known == product)
            && self.meter.is_none_or(|known| known == meter)
    }

    /// Returns how much the scope names: a product before a vendor, with a meter before without.
    pub fn precision(&self) -> (bool, bool, bool) {
        (self.product.is_some(), self.vendor.is_some(), self.meter.is_some())
    }
}

/// A share taken off the list price.
#[derive(Debug, Clone, PartialEq)]
pub struct Discount {
    /// What it is about.
    pub scope: Scope,
    /// The share, from 0 to 1.
    pub share: Price,
    /// When it holds.
    pub term: Term,
    /// Where it was agreed.
    pub source: String,
    /// Where it is written.
    pub place: Place,
}

/// Quantities a month that cost nothing, beside those that a plan includes.
#[derive(Debug, Clone, PartialEq)]
pub struct Allowance {
    /// Id of the product.
    pub product: String,
    /// Base units a month.
    pub quantities: Vec<(Meter, f64)>,
    /// When it holds.
    pub term: Term,
    /// Where it was agreed.
    pub source: String,
    /// Where it is written.
    pub place: Place,
}

/// A sum that is owed to a vendor each month, whether it is used or not; use draws it down.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// Id of the vendor.
    pub vendor: String,
    /// The sum for a month.
    pub amount: Price,
    /// Currency of the sums.
    pub currency: Currency,
    /// What other workloads draw from it each month.
    pub drawn_elsewhere: Price,
    /// Whether it is owed by designs that use nothing of the vendor, too.
    pub binding: bool,
    /// When it holds.
    pub term: Term,
    /// Where it was agreed.
    pub source: String,
    /// Where it is written.
    pub place: Place,
}

/// All agreements of a customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contracts {
    /// Shares taken off list prices.
    pub discounts: Vec<Discount>,
    /// Quantities that cost nothing.
    pub allowances: Vec<Allowance>,
    /// Sums owed each month.
    pub commitments: Vec<Commitment>,
}

impl Contracts {
    /// Returns the discount on a meter of a product on a day: the one that names most, of equals the last.
    ///
    /// Discounts do not add up: one of 10 % on a vendor and one of 20 % on its output make 20 % on output.
    pub fn discount(&self, product: &str, meter: Meter, date: Date) -> Option<&Discount> {
        let holding = self.discounts.iter().filter(|discount| discount.term.holds(date));
        holding
            .filter(|discount| discount.scope.covers(product, meter))
            .max_by_key(|discount| discount.scope.precision())
    }

    /// Returns what a product's allowances come to on a day, in base units.
    pub fn allowances(&self, product: &str, date: Date) -> impl Iterator<Item = (Meter, f64)> {
        let holding = self.allowances.iter().filter(move |allowance| allowance.term.holds(date));
        holding
            .filter(move |allowance| allowance.product == product)
            .flat_map(|a| a.quantities.iter().copied())
    }

    /// Returns the days on which an agreement begins or ends.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        let discounts = self.discounts.iter().map(|discount| discount.term);
        let allowances = self.allowances.iter().map(|allowance| allowance.term);
        let commitments = self.commitments.iter().map(|owed| owed.term);
        let terms = discounts.chain(allowances).chain(commitments);
        terms.flat_map(|term| [term.from, term.until]).flatten()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.discounts.is_empty() && self.allowances.is_empty() && self.commitments.is_empty()
    }
}
