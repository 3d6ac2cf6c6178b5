//! Dated exchange rates, each with its source.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Confidence;
use crate::units::{Currency, Price};

/// Units of a currency that one US dollar bought on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangeRate {
    /// Day of the quotation.
    pub date: Date,
    /// The currency.
    pub currency: Currency,
    /// Units for one US dollar.
    pub per_usd: Decimal,
    /// Where the figure comes from.
    pub source: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// Source of a rate that a scenario gives instead of the day's.
pub const FIXED: &str = "fixed by the scenario";

/// All exchange rates, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExchangeRates {
    /// The dated rates.
    pub rates: Vec<ExchangeRate>,
}

/// A factor from one currency to another, with the quotations it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    /// Currency of the amounts that are converted.
    pub from: Currency,
    /// Currency that they become.
    pub to: Currency,
    /// Units of `to` for one unit of `from`.
    pub factor: Price,
    /// Quotations used: none for a conversion to itself.
    pub rates: Vec<ExchangeRate>,
}

impl ExchangeRates {
    /// Adds a rate; a later one for the same day and currency replaces it.
    pub fn add(&mut self, rate: ExchangeRate) {
        self.rates.retain(|known| (known.date, known.currency) != (rate.date, rate.currency));
        self.rates.push(rate);
        self.rates.sort_by_key(|rate| rate.date);
    }

    /// Returns the rates with some of them fixed from a day on, such as those of a budget.
    pub fn with_fixed(&self, fixed: &[(Currency, Decimal)], date: Date) -> Cow<'_, ExchangeRates> {
        if fixed.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut rates = self.clone();
        for (currency, per_usd) in fixed {
            let source = FIXED.to_owned();
            let confidence = Confidence::High;
            rates.add(ExchangeRate { date, currency: *currency, per_usd: *per_usd, source, confidence });
        }
        Cow::Owned(rates)
    }

    /// Returns the last rate known on a day.
    pub fn rate_on(&self, currency: Currency, date: Date) -> Option<&ExchangeRate> {
        self.rates.iter().rev().find(|rate| rate.currency == currency && rate.date <= date)
    }

    /// Returns the factor between two currencies on a day; `None` where no rate was known by then.
    pub fn conversion(&self, from: Currency, to: Currency, date: Date) -> Option<Conversion> {
        if from == to {
            let factor = Price::new(Decimal::ONE);
            return Some(Conversion { from, to, factor, rates: Vec::new() });
        }
        let mut rates = Vec::new();
        let mut per_usd = |currency: Currency| {
            if currency == Currency::USD {
                return Some(Decimal::ONE);
            }
            let rate = self.rate_on(currency, date)?;
            rates.push(rate.clone());
            Some(rate.per_usd)
        };
        let (paid, wanted) = (per_usd(from)?, per_usd(to)?);
        let factor = Price::new(wanted.checked_div(paid)?);
        Some(Conversion { from, to, factor, rates })
    }

    /// Returns every currency with a rate, and the dollar that rates are quoted against, by code.
    pub fn currencies(&self) -> BTreeSet<Currency> {
        self.rates.iter().map(|rate| rate.currency).chain([Currency::USD]).collect()
    }

    /// Returns whether any rate of a currency is known.
    pub fn knows(&self, currency: Currency) -> bool {
        self.currencies().contains(&currency)
    }
}
