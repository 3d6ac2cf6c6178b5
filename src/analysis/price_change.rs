//! What changed in the prices of a design between two days.

use jiff::civil::Date;

use super::Case;
use crate::catalog::{Confidence, NoPrice, PriceCard, ProductId};

/// A product that has another price card than before, or none any more.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceChange {
    /// The product.
    pub product: ProductId,
    /// The card that holds now, or why none does.
    pub now: Result<CardNow, NoPrice>,
}

/// Which card holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardNow {
    /// First day of the card.
    pub from: Date,
    /// First day on which it no longer holds, where the vendor gave an end.
    pub until: Option<Date>,
    /// Where its figures come from.
    pub source: String,
    /// How sure they are.
    pub confidence: Confidence,
}

impl CardNow {
    fn of(card: &PriceCard) -> CardNow {
        let PriceCard { from, until, confidence, .. } = *card;
        CardNow { from, until, source: card.source.clone(), confidence }
    }
}

/// Returns the card of every product that holds in a case, or why none does.
pub fn prices_in_force(now: &Case<'_>, products: &[ProductId]) -> Vec<PriceChange> {
    let of = |id: &ProductId| PriceChange { product: *id, now: now.book.in_force(*id).map(CardNow::of) };
    products.iter().map(of).collect()
}

/// Returns the products whose card is another one than in the case of an earlier day.
pub fn price_changes(before: &Case<'_>, now: &Case<'_>, products: &[ProductId]) -> Vec<PriceChange> {
    let change = |id: &ProductId| {
        let (old, new) = (before.book.in_force(*id), now.book.in_force(*id));
        let same = match (old, new) {
            (Ok(old), Ok(new)) => std::ptr::eq(old, new),
            (Err(_), Err(_)) => true,
            _ => false,
        };
        (!same).then(|| PriceChange { product: *id, now: new.map(CardNow::of) })
    };
    products.iter().filter_map(change).collect()
}
