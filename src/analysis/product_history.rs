//! What one product cost over time, and what happened to its prices.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::history::BEGINNING;
use crate::catalog::meter::PriceKey;
use crate::catalog::rate::Rate;
use crate::catalog::{Catalog, Meter, PriceCard, Product, ProductId};
use crate::units::Currency;

/// Prices that a history follows, where a product has any of them.
const FOLLOWED: [Meter; 3] = [Meter::Input, Meter::CachedInput, Meter::Output];

/// Days that an axis of time has at least.
const SHORTEST_DAYS: i32 = 14;

/// Days from which an axis names quarters rather than months, and years rather than quarters.
const QUARTERS_FROM_DAYS: i32 = 200;
const YEARS_FROM_DAYS: i32 = 550;

/// What a price is from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceStep {
    /// First day.
    pub date: Date,
    /// The price in the history's currency; `None` where there is none.
    pub price: Option<Decimal>,
}

/// One price of a product over time.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceLine {
    /// What is priced, and per how much of it.
    pub key: &'static PriceKey,
    /// Its steps, oldest first; there is no price before the first.
    pub steps: Vec<PriceStep>,
}

impl PriceLine {
    /// Returns the price on a day.
    pub fn on(&self, date: Date) -> Option<Decimal> {
        self.steps.iter().rev().find(|step| step.date <= date)?.price
    }
}

/// What happened on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// The product came out.
    Released,
    /// The first price that is known begins to hold.
    FirstPrice,
    /// Another price card begins to hold.
    Change,
    /// The price ended and none followed.
    Ended,
    /// The product can no longer be bought.
    Retired,
    /// A change that was announced for the day was called off.
    Withdrawn,
}

/// A price before and after an event, in the history's currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// What is priced, and per how much of it.
    pub key: &'static PriceKey,
    /// The price before; `None` where there was none.
    pub before: Option<Decimal>,
    /// The price after; `None` where there is none.
    pub after: Option<Decimal>,
}

/// Something that happened to a product.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The day.
    pub date: Date,
    /// What happened.
    pub kind: EventKind,
    /// Whether the day lies after the one that the history is told on.
    pub announced: bool,
    /// Ordinary prices that are others than before.
    pub changes: Vec<Change>,
    /// Place of the price card that says so among the product's.
    pub card: Option<usize>,
}

/// The past and the announced future of one product's ordinary prices.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductHistory {
    /// The product.
    pub product: ProductId,
    /// The day it is told on.
    pub as_of: Date,
    /// Region of the prices; `None` is the vendor's default.
    pub region: Option<String>,
    /// First day, [`BEGINNING`] or that of an earlier event.
    pub from: Date,
    /// Last day, the one it is told on or that of a later event.
    pub until: Date,
    /// Currency of all prices, that of the newest card.
    pub currency: Currency,
    /// Whether any price was quoted in another currency and converted at the rate of its first day.
    pub converted: bool,
    /// The prices of input, cached input and output; where a product has none of them, its main price.
    pub lines: Vec<PriceLine>,
    /// What happened, oldest first.
    pub events: Vec<Event>,
}

impl ProductHistory {
    /// Returns the smallest and the largest price; `None` where there is none.
    pub fn range(&self) -> Option<(Decimal, Decimal)> {
        let prices = || self.lines.iter().flat_map(|line| line.steps.iter().filter_map(|step| step.price));
        Some((prices().min()?, prices().max()?))
    }

    /// Returns the first and the last day of the product's own time: from its first event to the day that it is told on,
    /// or that of a later event; two weeks at least.
    pub fn lifetime(&self) -> (Date, Date) {
        let first = self.events.first().map_or(self.from, |event| event.date);
        (first.min(self.until.saturating_sub(SHORTEST_DAYS.days())), self.until)
    }

    /// Returns the days of that time that an axis names: the first one in full, then the beginnings of years, of quarters
    /// where it is short, and of months where it is shorter still.
    pub fn named_days(&self) -> Vec<(Date, String)> {
        let (from, until) = self.lifetime();
        let days = (until - from).get_days();
        let every: i8 = match days {
            0..QUARTERS_FROM_DAYS => 1,
            QUARTERS_FROM_DAYS..YEARS_FROM_DAYS => 3,
            _ => 12,
        };
        let months = || (1..=12).step_by(every as usize);
        let all =
            (from.year()..=until.year()).flat_map(|year| months().map(move |month| date(year, month, 1)));
        let name = |day: Date| {
            if every == 12 { day.year().to_string() } else { format!("{}-{:02}", day.year(), day.month()) }
        };
        let within = all.filter(|day| from < *day && *day <= until).map(|day| (day, name(day)));
        std::iter::once((from, from.to_string())).chain(within).collect()
    }
}

/// Tells the history of a product's ordinary prices, without conditions such as batches, sizes and hours.
///
/// They are those of the vendor's default region; where a product is priced by region only, of the region whose card
/// comes first. Withdrawn announcements are events and never prices.
pub fn product_history(catalog: &Catalog, id: ProductId, as_of: Date) -> ProductHistory {
    let product = catalog.product(id);
    let teller = Teller::of(catalog, id, as_of);
    let lines: Vec<PriceLine> = teller.keys().into_iter().map(|key| teller.line(key)).collect();
    let events = teller.events();
    let days = || events.iter().map(|event| event.date);
    ProductHistory {
        product: id,
        as_of,
        from: days().min().unwrap_or(BEGINNING).min(BEGINNING),
        until: days().max().unwrap_or(as_of).max(as_of),
        currency: teller.currency,
        converted: product.prices.iter().any(|card| teller.counts(card) && card.currency != teller.currency),
        region: teller.region.map(str::to_owned),
        lines,
        events,
    }
}

/// Looks prices of one product up, in one region and one currency.
struct Teller<'c> {
    catalog: &'c Catalog,
    id: ProductId,
    product: &'c Product,
    as_of: Date,
    region: Option<&'c str>,
    currency: Currency,
    /// Days on which something may change.
    days: BTreeSet<Date>,
}

impl<'c> Teller<'c> {
    fn of(catalog: &'c Catalog, id: ProductId, as_of: Date) -> Teller<'c> {
        let product = catalog.product(id);
        let default = product.prices.iter().any(|card| card.region.is_none());
        let region = product.prices.iter().find_map(|card| card.region.as_deref()).filter(|_| !default);
        let of_region = || product.prices.iter().filter(move |card| card.region.as_deref() == region);
        let newest = of_region().rfind(|card| !card.withdrawn).or_else(|| of_region().next_back());
        let cards = of_region().flat_map(|card| [Some(card.from), card.until.filter(|_| !card.withdrawn)]);
        let days = cards.chain([product.released, product.retired]).flatten().collect();
        let currency = newest.map_or(Currency::USD, |card| card.currency);
        Teller { catalog, id, product, as_of, region, currency, days }
    }

    fn counts(&self, card: &PriceCard) -> bool {
        card.region.as_deref() == self.region
    }

    /// Returns the card that holds on a day, with its place; none after the product was withdrawn.
    fn card(&self, date: Date) -> Option<(usize, &'c PriceCard)> {
        let card = self.catalog.price_on(self.id, date, self.region).ok()?;
        let place = self.product.prices.iter().position(|known| std::ptr::eq(known, card))?;
        (!self.product.is_retired(date)).then_some((place, card))
    }

    /// Returns the keys of the prices that are followed, each the newest of its meter.
    fn keys(&self) -> Vec<&'static PriceKey> {
        let cards = || self.product.prices.iter().rev().filter(|card| self.counts(card) && !card.withdrawn);
        let newest = |meter: &Meter| cards().find_map(|card| card.base_rate(*meter)).map(|rate| rate.key);
        let keys: Vec<_> = FOLLOWED.iter().filter_map(newest).collect();
        let main = || cards().find_map(PriceCard::main_rate).map(|rate| rate.key);
        if keys.is_empty() { main().into_iter().collect() } else { keys }
    }

    /// Returns a rate of a card per the unit of a key and in the history's currency; `None` where no exchange rate is
    /// known.
    fn price(&self, card: &PriceCard, rate: Rate, key: &PriceKey) -> Option<Decimal> {
        let conversion = self.catalog.exchange.conversion(card.currency, self.currency, card.from)?;
        rate.in_unit_of(key)?.checked_mul(conversion.factor.exact)
    }

    fn line(&self, key: &'static PriceKey) -> PriceLine {
        let mut steps: Vec<PriceStep> = Vec::new();
        for date in &self.days {
            let card = self.card(*date).map(|(_, card)| card);
            let price =
                card.and_then(|card| card.base_rate(key.meter).and_then(|rate| self.price(card, rate, key)));
            let before = steps.last().and_then(|step| step.price);
            if price != before {
                steps.push(PriceStep { date: *date, price });
            }
        }
        PriceLine { key, steps }
    }

    fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        let (mut held, mut priced) = (None, false);
        for date in &self.days {
            let mut push = |kind: EventKind, changes: Vec<Change>, card: Option<usize>| {
                events.push(Event { date: *date, kind, announced: *date > self.as_of, changes, card });
            };
            if self.product.released == Some(*date) {
                push(EventKind::Released, Vec::new(), None);
            }
            let now = self.card(*date);
            if now.map(|(place, _)| place) != held {
                let before = held.map(|place| &self.product.prices[place]);
                match now {
                    Some((place, card)) => {
                        let kind = if priced { EventKind::Change } else { EventKind::FirstPrice };
                        push(kind, self.changes(before, card), Some(place));
                        priced = true;
                    }
                    None if self.product.is_retired(*date) => {}
                    None => push(EventKind::Ended, Vec::new(), held),
                }
                held = now.map(|(place, _)| place);
            }
            for (place, card) in self.product.prices.iter().enumerate() {
                if card.withdrawn && card.from == *date && self.counts(card) {
                    let before = now.map(|(_, card)| card);
                    // What the announcement says nothing of would have stayed.
                    let mut changes = self.changes(before, card);
                    changes.retain(|change| change.after.is_some());
                    push(EventKind::Withdrawn, changes, Some(place));
                }
            }
            if self.product.retired == Some(*date) {
                push(EventKind::Retired, Vec::new(), None);
            }
        }
        events
    }

    /// Returns the ordinary prices of a card that differ from those before.
    fn changes(&self, before: Option<&PriceCard>, card: &PriceCard) -> Vec<Change> {
        let rates = |card: &PriceCard| -> Vec<(Meter, Rate)> {
            card.cells.first().map(|cell| cell.rates.to_vec()).unwrap_or_default()
        };
        let (old, new) = (before.map(rates).unwrap_or_default(), rates(card));
        let of = |all: &[(Meter, Rate)], meter: Meter| {
            all.iter().find(|(known, _)| *known == meter).map(|(_, rate)| *rate)
        };
        let gone = old.iter().filter(|(meter, _)| of(&new, *meter).is_none());
        let all = new.iter().chain(gone).map(|(meter, rate)| (*meter, rate.key));
        all.map(|(meter, key)| Change {
            key,
            before: before.and_then(|before| of(&old, meter).and_then(|rate| self.price(before, rate, key))),
            after: of(&new, meter).and_then(|rate| self.price(card, rate, key)),
        })
        .filter(|change| change.before != change.after)
        .collect()
    }
}
