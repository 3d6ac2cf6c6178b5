//! Price cards made from the figures of a source: prices under conditions, in the order that rating expects.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::Options;
use crate::catalog::meter::price_key;
use crate::catalog::rate::{Cell, Condition, Rate};
use crate::catalog::{Confidence, Meter, PriceCard};
use crate::diagnostic::Fault;
use crate::units::{Currency, Price, parse_decimal};

/// Tokens that a price of a million is for.
pub const MILLION: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// Tokens that a price of a thousand is for.
pub const THOUSAND: Decimal = Decimal::ONE_THOUSAND;

/// Significant digits that people write; more are the trace of binary arithmetic, as in 1.0000000000000001e-07.
const WRITTEN_DIGITS: u32 = 15;

/// Reads a number as the source writes it, digit for digit up to the fifteenth; a number in quotes is read too.
pub fn number(value: &Value) -> Option<Decimal> {
    let exact = match value {
        Value::Number(number) => parse_decimal(&number.to_string()),
        Value::String(text) => parse_decimal(text.trim()),
        _ => None,
    }?;
    exact.round_sf(WRITTEN_DIGITS).map(|rounded| rounded.normalize())
}

/// Returns the day of a table whose text does not say it.
///
/// # Errors
/// That the caller must say it: a price has a first day.
pub fn table_day(options: &Options) -> Result<Date, Fault> {
    options.date.ok_or_else(|| Fault::Conflict {
        message: "the table does not say of which day it is".to_owned(),
        remedy: "give the day on which it was fetched, such as --date 2026-11-22".to_owned(),
    })
}

/// Reads a day written `2026-11-22`, or the day of a moment such as `2026-11-22T10:00:00Z`.
pub fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Why a price was not put on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is below zero, or times its unit it has more than 28 digits.
    Size,
    /// The cell has another price of that meter already.
    Second,
    /// The tables have no such key.
    NoKey,
}

impl Refused {
    /// Returns the reason in words, for the account.
    pub fn words(self) -> &'static str {
        match self {
            Refused::Size => "below zero, or with more than 28 digits",
            Refused::Second => "a second price of the same meter under the same condition",
            Refused::NoKey => "no price key of the tables counts this",
        }
    }
}

/// Collects prices under conditions into the cells of a card.
#[derive(Debug, Clone, Default)]
pub struct CardBuilder {
    cells: Vec<Cell>,
}

impl CardBuilder {
    /// Adds a price under a condition; `price` is for the unit in the key.
    ///
    /// The same price a second time is no second price.
    ///
    /// # Errors
    /// Why it has no place.
    pub fn add(&mut self, condition: &Condition, key: &str, price: Decimal) -> Result<(), Refused> {
        let key = price_key(key).ok_or(Refused::NoKey)?;
        if price < Decimal::ZERO {
            return Err(Refused::Size);
        }
        let rate = Rate { price: Price::new(price.normalize()), key };
        let cell = self.cell(condition);
        match cell.rate(key.meter) {
            Some(known) if known == rate => Ok(()),
            Some(_) => Err(Refused::Second),
            None => {
                cell.rates.push((key.meter, rate));
                Ok(())
            }
        }
    }

    /// Adds a price for `per` units of what the key's price is for `of` units: 0.000003 for a token is 3 for a million.
    ///
    /// # Errors
    /// Why it has no place.
    pub fn add_scaled(
        &mut self,
        condition: &Condition,
        key: &str,
        price: Decimal,
        times: Decimal,
    ) -> Result<(), Refused> {
        self.add(condition, key, price.checked_mul(times).ok_or(Refused::Size)?)
    }

    /// Returns whether a meter has a price under any condition.
    pub fn prices(&self, meter: Meter) -> bool {
        self.cells.iter().any(|cell| cell.rate(meter).is_some())
    }

    /// Returns whether there is no price at all.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Returns the card, in US dollars and of medium confidence, as a table at second hand is; `None` without any
    /// price.
    pub fn finish(mut self, from: Date, checked: Date, source: &str) -> Option<PriceCard> {
        if self.is_empty() {
            return None;
        }
        self.cell(&Condition::default());
        // The unconditional cell first, then by class; within a class the order of the source.
        self.cells.sort_by_key(|cell| (cell.condition != Condition::default(), cell.condition.service));
        for cell in &mut self.cells {
            cell.rates.sort_by_key(|(meter, _)| *meter);
        }
        Some(PriceCard {
            from,
            until: None,
            region: None,
            currency: Currency::USD,
            cells: self.cells,
            minimum_per_month: None,
            included: Vec::new(),
            source: source.to_owned(),
            checked,
            confidence: Confidence::Medium,
            note: None,
            withdrawn: false,
            unit_checked: false,
        })
    }

    fn cell(&mut self, condition: &Condition) -> &mut Cell {
        let at = self.cells.iter().position(|cell| cell.condition == *condition).unwrap_or_else(|| {
            self.cells.push(Cell { condition: condition.clone(), rates: Vec::new() });
            self.cells.len() - 1
        });
        &mut self.cells[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Service;

    #[test]
    fn the_trace_of_binary_arithmetic_is_no_digit() {
        let price = |text: &str| number(&serde_json::from_str(text).expect("a number"));
        assert_eq!(price("1.0000000000000001e-07"), Some(Decimal::new(1, 7)));
        assert_eq!(price("8.33333333333e-05"), Some(Decimal::new(833_333_333_333, 16)));
        assert_eq!(price("\"0.0000025\""), Some(Decimal::new(25, 7)));
        assert_eq!(price("\"free\""), None);
    }

    #[test]
    fn a_price_of_a_token_is_a_price_of_a_million_digit_for_digit() {
        let mut card = CardBuilder::default();
        let batch = Condition { service: Service::Batch, ..Condition::default() };
        let price = |text: &str| number(&serde_json::from_str(text).expect("a number")).expect("a decimal");
        card.add_scaled(&batch, "input_per_mtok", price("1.5e-06"), MILLION).expect("a place");
        card.add_scaled(&Condition::default(), "output_per_mtok", price("0.00000333333"), MILLION)
            .expect("a place");
        assert_eq!(card.add(&batch, "input_per_mtok", Decimal::TWO), Err(Refused::Second));
        assert_eq!(card.add(&batch, "input_per_mtok", Decimal::new(150, 2)), Ok(()));
        assert_eq!(card.add(&batch, "no_such_key", Decimal::ONE), Err(Refused::NoKey));
        let day = day("2026-11-22T01:00:00Z").expect("a day");
        let card = card.finish(day, day, "test").expect("a card");
        assert_eq!(card.cells[0].condition, Condition::default());
        let of = |at: usize, meter| card.cells[at].rate(meter).map(|rate| rate.price.exact);
        assert_eq!(of(0, Meter::Output), Some(Decimal::new(333_333, 5)));
        assert_eq!(of(1, Meter::Input), Some(Decimal::new(15, 1)));
    }
}
