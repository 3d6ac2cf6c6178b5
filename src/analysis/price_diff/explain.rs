//! Why another table may say something else: a note of ours, or another of our own dated, regional or
//! conditional prices that it prints instead.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Difference, Explanation, Figure, Question};
use crate::catalog::meter::{PriceKey, price_key};
use crate::catalog::rate::Rate;
use crate::catalog::rules::Reason;
use crate::catalog::{PriceCard, Product};
use crate::units::Currency;

/// Returns the explanation that our tables have for a difference.
pub(super) fn explain(question: &Question<'_>, difference: &Difference) -> Option<Explanation> {
    let product = question.before.catalog.product(difference.product);
    noted(question, product, difference.key).or_else(|| thousands(product, difference)).or_else(|| {
        let Figure::Price(theirs, currency) = &difference.after else { return None };
        let key = price_key(difference.key)?;
        let price = Theirs { price: *theirs, currency: *currency, key, tolerance: question.tolerance };
        price
            .of_another_day(product, question)
            .or_else(|| price.of_another_region(product, question))
            .or_else(|| price.of_another_hour(product, question))
    })
}

/// Looks for `[[product.differs]]`.
fn noted(question: &Question<'_>, product: &Product, key: &str) -> Option<Explanation> {
    let table = question.table?;
    let about = |keys: &[String]| keys.is_empty() || keys.iter().any(|known| known == key);
    let entry = product.disagreements.iter().find(|entry| entry.table == table && about(&entry.keys))?;
    Some(Explanation { reason: entry.reason, note: entry.note.clone(), source: entry.source.clone() })
}

/// What a size in thousands may be off, since vendors print 1,047,576 for a million too.
const HALF_A_PERCENT: f64 = 0.005;

/// Looks for a size in thousands that one counts as 1,000 and the other as 1,024: 128K is 128,000 or 131,072.
fn thousands(product: &Product, difference: &Difference) -> Option<Explanation> {
    let (Figure::Number(ours), Figure::Number(theirs)) = (&difference.before, &difference.after) else {
        return None;
    };
    let same = |binary: f64, decimal: f64| {
        [1i32, 2].into_iter().any(|power| {
            let (kibi, kilo) = (binary / 1024f64.powi(power), decimal / 1000f64.powi(power));
            (kibi - kilo).abs() <= kilo * HALF_A_PERCENT
        })
    };
    if !same(*ours, *theirs) && !same(*theirs, *ours) {
        return None;
    }
    let note = "the same number of thousands, counted as 1,000 by one and as 1,024 by the other".to_owned();
    let source = product.prices.last().map(|card| card.source.clone()).unwrap_or_default();
    Some(Explanation { reason: Reason::Rounding, note, source })
}

/// The price of the other table.
struct Theirs {
    price: Decimal,
    currency: Currency,
    key: &'static PriceKey,
    tolerance: f64,
}

impl Theirs {
    /// Returns whether one of a card's prices is this one.
    fn is_on(&self, card: &PriceCard, conditional: bool) -> bool {
        let prices = card.cells.iter().filter(|cell| {
            let when = &cell.condition;
            if conditional {
                when.hours.is_some() || when.tier.is_some()
            } else {
                when.hours.is_none() && when.tier.is_none()
            }
        });
        let same = |rate: Rate| {
            let ours = rate.in_unit_of(self.key).and_then(|price| price.to_f64()).unwrap_or(f64::NAN);
            let theirs = self.price.to_f64().unwrap_or(f64::NAN);
            (theirs - ours).abs() <= ours.abs() * self.tolerance
        };
        card.currency == self.currency && prices.filter_map(|cell| cell.rate(self.key.meter)).any(same)
    }

    fn of_another_day(&self, product: &Product, question: &Question<'_>) -> Option<Explanation> {
        let date = question.before.date;
        let same = product.prices.iter().rev().filter(|card| self.is_on(card, false) && !card.withdrawn);
        same.filter_map(|card| {
            let note = if card.from > date {
                format!("theirs holds from {}", card.from)
            } else {
                let later = |next: &&PriceCard| next.from > card.from && next.region == card.region;
                let next = product.prices.iter().find(later).map(|next| next.from);
                let until = card.until.or(next).filter(|until| *until <= date)?;
                format!("theirs held from {} until {until}", card.from)
            };
            Some(Explanation { reason: Reason::Date, note, source: card.source.clone() })
        })
        .next()
    }

    fn of_another_region(&self, product: &Product, question: &Question<'_>) -> Option<Explanation> {
        let date = question.before.date;
        let regional = product
            .prices
            .iter()
            .filter(|card| card.from <= date && card.until.is_none_or(|until| until > date));
        let card = regional.rev().find(|card| card.region.is_some() && self.is_on(card, false))?;
        let note = format!("theirs is the price in {}", card.region.as_deref().unwrap_or_default());
        Some(Explanation { reason: Reason::Region, note, source: card.source.clone() })
    }

    fn of_another_hour(&self, product: &Product, question: &Question<'_>) -> Option<Explanation> {
        let date = question.before.date;
        let card = product.prices.iter().rev().find(|card| card.from <= date && self.is_on(card, true))?;
        let note = "theirs is the price of other hours or sizes".to_owned();
        Some(Explanation { reason: Reason::Tier, note, source: card.source.clone() })
    }
}
