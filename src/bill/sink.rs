//! What rating hands on: payments, corrections, and quantities without a price.

use super::price_book::OwnRate;
use super::{AdjustmentKind, Unpriced};
use crate::catalog::meter::PriceKey;
use crate::catalog::rate::Why;
use crate::catalog::{Meter, PriceCard, ProductId, Service};
use crate::units::Price;
use crate::usage::{Recurrence, UsageLine};

/// A quantity, its unit price and the product of the two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payment<N> {
    /// Base units.
    pub quantity: N,
    /// Price in the result's currency.
    pub unit_price: N,
    /// Quantity × unit price ÷ per, at the list price.
    pub amount: N,
}

/// A payment with the card it was priced from.
#[derive(Debug, Clone, Copy)]
pub struct Rated<'a, N> {
    /// What was multiplied.
    pub payment: Payment<N>,
    /// The amount after what is included and what is taken off.
    pub effective: N,
    /// Price as the vendor quotes it.
    pub quoted: Price,
    /// The key it stands under, which says per how many units.
    pub key: &'static PriceKey,
    /// The card it stands on.
    pub card: &'a PriceCard,
    /// Which condition chose it.
    pub why: Why,
    /// Service class whose price it is.
    pub service: Service,
}

/// What takes the results of rating.
pub trait Sink<N> {
    /// Takes a priced quantity of a line.
    fn paid(&mut self, line: &UsageLine, meter: Meter, rated: Rated<'_, N>);
    /// Takes a quantity without a price.
    fn unpriced(&mut self, line: &UsageLine, meter: Meter, quantity: N, why: Unpriced);
    /// Takes a cost of the user's own, for that many months, requests or once.
    fn own(&mut self, rate: &OwnRate, payment: Result<Payment<N>, Unpriced>, units: N);
    /// Takes a correction.
    fn adjusted(&mut self, credit: Credit<'_, N>);
}

/// Whom a correction is with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party<'a> {
    /// A product's price or plan.
    Product(ProductId),
    /// A vendor, by its id.
    Vendor(&'a str),
}

/// A correction to the sum of the lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Credit<'a, N> {
    /// Why.
    pub kind: AdjustmentKind,
    /// With whom.
    pub party: Party<'a>,
    /// Each month or once.
    pub recurrence: Recurrence,
    /// The amount; negative where less is paid.
    pub amount: N,
    /// Where it was agreed, where the price list does not say it.
    pub source: Option<&'a str>,
}
