//! The same workload at each price change of the past, and which design was cheapest when.

use std::collections::BTreeSet;
use std::mem::discriminant;

use jiff::civil::{Date, date};
use rust_decimal::prelude::ToPrimitive;

use super::compare::rows::row;
use super::compare::{Row, rank_rows};
use super::price_change::{PriceChange, price_changes};
use super::{Case, Pair};
use crate::catalog::{PriceCard, ProductId};

/// Where a history begins that is not told otherwise: the month in which the first models that a budget had to be made
/// for could be called by anybody, GPT-3.5 Turbo on its first day and GPT-4 two weeks later.
pub const BEGINNING: Date = date(2023, 3, 1);

/// A design from one change on.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// First day.
    pub date: Date,
    /// What the design costs then, or why it has no cost.
    pub row: Row,
    /// Monthly cost over the last one known before.
    pub factor: Option<f64>,
    /// Prices that changed on the day.
    pub changes: Vec<PriceChange>,
}

/// One design over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The design.
    pub pair: Pair,
    /// Its steps, oldest first; the first begins with the history.
    pub steps: Vec<Step>,
}

impl Series {
    /// Returns whether the design had a cost at any time.
    pub fn was_priced(&self) -> bool {
        self.steps.iter().any(|step| step.row.monthly.is_some())
    }

    /// Returns the last known cost over the first one; `None` where there is no cost, or only one.
    pub fn whole_factor(&self) -> Option<f64> {
        let mut costs = self.steps.iter().filter_map(|step| step.row.monthly?.to_f64());
        let (first, last) = (costs.next()?, costs.next_back()?);
        Some(last / first).filter(|factor| factor.is_finite())
    }
}

/// A time in which one design was cheapest.
#[derive(Debug, Clone, PartialEq)]
pub struct Reign {
    /// First day.
    pub from: Date,
    /// First day of the next.
    pub until: Option<Date>,
    /// The cheapest row; `None` while no design could be called so.
    pub row: Option<Row>,
}

/// Designs over time.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// The designs.
    pub series: Vec<Series>,
    /// Which was cheapest when, among those that cover as much of the corpus.
    pub cheapest: Vec<Reign>,
}

/// Works out what designs cost at each change of a price that they are billed by, up to the case's day.
///
/// A step begins where a product has another price card, or none any more, where a product is withdrawn, where a prompt
/// cache opens, and where an agreement with a vendor begins or ends; while a design has no cost for the same reason,
/// none begins. Cards that were announced and called off change
/// nothing. Exchange rates are those of each step's day, and a rate alone begins no step.
pub fn history(case: &Case<'_>, pairs: &[Pair], from: Date) -> History {
    let until = case.book.date;
    let from = from.min(until);
    let mut tracks: Vec<Track<'_>> = pairs.iter().map(|pair| Track::new(case, *pair, from)).collect();
    let mut dates: BTreeSet<Date> = tracks.iter().flat_map(|track| track.dates.iter().copied()).collect();
    dates.insert(from);
    let mut cheapest: Vec<Reign> = Vec::new();
    let mut before: Option<Case<'_>> = None;
    for day in dates {
        let now = case.on(day);
        let stepped: Vec<bool> =
            tracks.iter_mut().map(|track| track.advance(&now, before.as_ref())).collect();
        crown(&mut cheapest, day, &tracks, &stepped);
        before = Some(now);
    }
    let series = tracks.into_iter().map(|track| Series { pair: track.pair, steps: track.steps }).collect();
    History { from, until, series, cheapest }
}

/// Begins a new reign where another design has become the cheapest, or the same one has another price.
fn crown(cheapest: &mut Vec<Reign>, day: Date, tracks: &[Track<'_>], stepped: &[bool]) {
    let mut rows: Vec<Row> = tracks.iter().filter_map(|track| track.row.clone()).collect();
    let winner = rank_rows(&mut rows).map(|at| rows.swap_remove(at));
    let pair = |row: &Option<Row>| row.as_ref().map(|row| row.pair);
    let repriced = |pair: Pair| tracks.iter().zip(stepped).any(|(track, step)| *step && track.pair == pair);
    if let Some(reign) = cheapest.last_mut() {
        let same_cost = || {
            let cost = |row: &Option<Row>| row.as_ref().and_then(|row| row.monthly);
            cost(&reign.row) == cost(&winner) || !pair(&winner).is_some_and(repriced)
        };
        if pair(&reign.row) == pair(&winner) && same_cost() {
            return;
        }
        reign.until = Some(day);
    }
    cheapest.push(Reign { from: day, until: None, row: winner });
}

/// What a design's cost rests on: the card of each product and the factor from its currency, then the factors of the
/// user's own costs.
type Basis<'a> = Vec<(Option<&'a PriceCard>, Option<f64>)>;

/// A design on its way through time.
struct Track<'a> {
    pair: Pair,
    products: Vec<ProductId>,
    /// Days on which something about it may change.
    dates: BTreeSet<Date>,
    /// Days on which an agreement with a vendor begins or ends.
    agreements: Vec<Date>,
    basis: Basis<'a>,
    row: Option<Row>,
    steps: Vec<Step>,
}

impl<'a> Track<'a> {
    fn new(case: &Case<'a>, pair: Pair, from: Date) -> Track<'a> {
        let products = case.products_of(pair);
        let mut dates: BTreeSet<Date> = products.iter().flat_map(|id| dates_of(case, *id)).collect();
        let agreements: Vec<Date> = case.catalog.contracts.dates().collect();
        dates.extend(&agreements);
        let within = |day: &Date| *day > from && *day <= case.book.date;
        dates.retain(within);
        Track { pair, products, dates, agreements, basis: Vec::new(), row: None, steps: Vec::new() }
    }

    /// Moves on to a day; returns whether a step begins.
    fn advance(&mut self, now: &Case<'a>, before: Option<&Case<'a>>) -> bool {
        let day = now.book.date;
        let eventful = self.row.is_none() || self.dates.contains(&day);
        let basis = basis(now, &self.products);
        if !eventful && is_same(&basis, &self.basis) {
            return false;
        }
        self.basis = basis;
        let row = row(now, self.pair, &mut Vec::new());
        let agreed = |last: &Row| self.agreements.contains(&day) && last.monthly != row.monthly;
        let changes = before.map_or_else(Vec::new, |before| price_changes(before, now, &self.products));
        let repriced = |last: &Row| !changes.is_empty() && !is_as_unknown(last, &row);
        let begins = match self.steps.last() {
            None => true,
            Some(last) => eventful && (repriced(&last.row) || differs(&last.row, &row) || agreed(&last.row)),
        };
        if begins {
            let known =
                self.steps.iter().rev().find_map(|step| step.row.monthly).and_then(|cost| cost.to_f64());
            let cost = row.monthly.and_then(|cost| cost.to_f64());
            let factor =
                cost.zip(known).map(|(cost, known)| cost / known).filter(|factor| factor.is_finite());
            self.steps.push(Step { date: day, row: row.clone(), factor, changes });
        }
        self.row = Some(row);
        begins
    }
}

/// Returns whether a design is another one to its user although no card changed: it fits or runs where it did not,
/// or is withdrawn.
fn differs(before: &Row, now: &Row) -> bool {
    let kind = |row: &Row| row.reason.as_ref().map(discriminant);
    let facts = |row: &Row| (row.fits, row.retired, row.monthly.is_some());
    facts(before) != facts(now) || kind(before) != kind(now)
}

/// Returns whether a design has no cost for the same reason as before, so that a price of another part tells nobody
/// anything.
fn is_as_unknown(before: &Row, now: &Row) -> bool {
    let unknown = before.monthly.is_none() && now.monthly.is_none();
    unknown && before.reason == now.reason && before.at_least == now.at_least
}

/// Returns the days on which something about a product begins or ends.
fn dates_of<'c>(case: &'c Case<'_>, id: ProductId) -> impl Iterator<Item = Date> + 'c {
    let product = case.product(id);
    let cards = product.prices.iter().filter(|card| !card.withdrawn);
    let cards = cards.flat_map(|card| [Some(card.from), card.until]);
    let caches = product.caches.iter().map(|rule| rule.since);
    cards.chain(caches).chain([product.released, product.retired]).flatten()
}

fn basis<'a>(now: &Case<'a>, products: &[ProductId]) -> Basis<'a> {
    let priced = products.iter().map(|id| match (now.book.in_force(*id), now.book.card(*id)) {
        (Ok(card), priced) => (Some(card), priced.ok().map(|(_, factor)| factor.float)),
        (Err(_), _) => (None, None),
    });
    let own = now.own_currencies().map(|currency| (None, now.book.factor(currency).map(|f| f.float)));
    priced.chain(own).collect()
}

fn is_same(a: &Basis<'_>, b: &Basis<'_>) -> bool {
    let same = |one: Option<&PriceCard>, other: Option<&PriceCard>| match (one, other) {
        (Some(one), Some(other)) => std::ptr::eq(one, other),
        (None, None) => true,
        _ => false,
    };
    a.len() == b.len() && a.iter().zip(b).all(|(one, other)| same(one.0, other.0) && one.1 == other.1)
}
