//! A price card: what a product costs from one day on, with the source of the figures.

use jiff::civil::Date;

use super::meter::Meter;
use super::rate::{CallContext, Cell, Rate, Segments, Service, segments};
use crate::diagnostic::word_for;
use crate::units::{Currency, Price};

/// How far a figure can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Confidence {
    /// From memory or disputed.
    Low,
    /// Second hand, or a rule plus arithmetic.
    Medium,
    /// Read on the vendor's page or a dated copy of it.
    #[default]
    High,
}

impl Confidence {
    /// The words for the grades in files.
    pub const WORDS: &'static [(&'static str, Confidence)] =
        &[("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];

    /// Returns the word for the grade.
    pub fn word(self) -> &'static str {
        word_for(self, Confidence::WORDS)
    }
}

/// A product's whole price list from one day on.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceCard {
    /// First day on which it holds.
    pub from: Date,
    /// First day on which it no longer holds, where the vendor gave an end.
    pub until: Option<Date>,
    /// Region or deployment that it is for; `None` is the vendor's default.
    pub region: Option<String>,
    /// Currency that it is quoted in.
    pub currency: Currency,
    /// Prices by condition, in the order of the service classes, the unconditional cell first.
    pub cells: Vec<Cell>,
    /// Least that a month costs; a floor, not a fee on top.
    pub minimum_per_month: Option<Price>,
    /// Quantities a month that cost nothing, in base units.
    pub included: Vec<(Meter, f64)>,
    /// Where the figures come from.
    pub source: String,
    /// Day on which somebody last compared them with the source.
    pub checked: Date,
    /// How sure they are.
    pub confidence: Confidence,
    /// What a reader should know about this price.
    pub note: Option<String>,
    /// Whether an announced change was called off; such a card never holds.
    pub withdrawn: bool,
    /// Whether somebody looked at an unusual magnitude and found it right.
    pub unit_checked: bool,
}

/// Meters of which one card can include a quantity; rating keeps room for this many.
pub const MOST_INCLUDED: usize = 8;

/// Days after which a price that nobody checked is called old.
pub const STALE_AFTER_DAYS: i32 = 90;

impl PriceCard {
    /// Splits a quantity of one call into parts with their prices; empty when none is known.
    pub fn segments(&self, meter: Meter, quantity: f64, call: &CallContext<'_>) -> Segments {
        segments(&self.cells, meter, quantity, call)
    }

    /// Returns whether a meter has a price for an ordinary call.
    pub fn prices(&self, meter: Meter) -> bool {
        self.cells.iter().any(|cell| cell.rate(meter).is_some())
    }

    /// Returns whether the card has prices for a variant.
    pub fn has_variant(&self, name: &str) -> bool {
        self.cells.iter().any(|cell| cell.condition.variant.as_deref() == Some(name))
    }

    /// Returns the price of a meter for an ordinary call of any size.
    pub fn base_rate(&self, meter: Meter) -> Option<Rate> {
        self.cells.first()?.rate(meter)
    }

    /// Returns the price that a product is known by: of input, the fee of a plan, or of what it sells instead.
    pub fn main_rate(&self) -> Option<Rate> {
        let base = self.cells.first()?;
        let known_by = base.rate(Meter::Input).or(base.rate(Meter::Subscriptions));
        let first = || base.rates.iter().find(|(meter, _)| *meter != Meter::Output).or(base.rates.first());
        known_by.or_else(|| first().map(|(_, rate)| *rate))
    }

    /// Returns whether a service class has a price.
    pub fn serves(&self, service: Service) -> bool {
        self.cells.iter().any(|cell| cell.condition.service == service && !cell.rates.is_empty())
    }

    /// Returns the days since somebody last checked the card.
    pub fn age_in_days(&self, date: Date) -> i32 {
        (date - self.checked).get_days()
    }

    /// Returns whether the card was last checked more than [`STALE_AFTER_DAYS`] before `date`.
    pub fn is_stale(&self, date: Date) -> bool {
        self.age_in_days(date) > STALE_AFTER_DAYS
    }
}
