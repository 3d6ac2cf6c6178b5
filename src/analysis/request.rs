//! The price of single requests, as flags or usage records describe them.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::bill::price_book::PriceBook;
use crate::bill::{Bill, Overflow, bill};
use crate::catalog::rate::Moment;
use crate::catalog::{Catalog, Meter, ProductId, Service};
use crate::units::Currency;
use crate::usage::{Calls, Frame, MOST_METERS, Recurrence, Step, Usage, Writer};

/// One request as a vendor reports it.
///
/// `quantities` are as reported: input tokens count all of the prompt, cached and written ones
/// included, and cache writes include those that live an hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The product called.
    pub product: ProductId,
    /// Day of the call.
    pub date: Date,
    /// Weekday (Monday 0) and minute of the day of the call in UTC, where the time is known.
    pub moment: Moment,
    /// Service class.
    pub service: Service,
    /// Variant, such as an image size.
    pub variant: Option<String>,
    /// What it used, by meter.
    pub quantities: Vec<(Meter, f64)>,
}

/// Reported quantities that contradict each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// The part.
    pub part: Vec<Meter>,
    /// The whole that it should be inside.
    pub whole: Meter,
}

impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<&str> = self.part.iter().map(|meter| meter.name()).collect();
        write!(f, "{} are more than {}, which should include them", parts.join(" and "), self.whole.name())
    }
}

/// Meters that vendors report inside another one.
const INSIDE: [(Meter, &[Meter]); 4] = [
    (Meter::CacheWrite, &[Meter::CacheWrite1h, Meter::CacheWriteLong, Meter::CacheWriteAudio]),
    (
        Meter::CachedInput,
        &[Meter::CachedAudio, Meter::CachedImage, Meter::CachedVideo, Meter::ExplicitCachedInput],
    ),
    (
        Meter::Input,
        &[Meter::CachedInput, Meter::CacheWrite, Meter::InputAudio, Meter::InputImage, Meter::InputVideo],
    ),
    (Meter::Output, &[Meter::Reasoning, Meter::OutputAudio, Meter::OutputImage, Meter::OutputVideo]),
];

/// Meters whose cached and written parts are reported twice: under the medium and under the cache. The cache
/// keeps them.
const TWICE: [(Meter, &[Meter]); 3] = [
    (Meter::InputAudio, &[Meter::CachedAudio, Meter::CacheWriteAudio]),
    (Meter::InputImage, &[Meter::CachedImage]),
    (Meter::InputVideo, &[Meter::CachedVideo]),
];

/// Takes parts out of the wholes that they were reported in, so that each token is billed once.
///
/// # Errors
/// Parts that are larger than their whole.
pub fn disjoint(reported: &[(Meter, f64)]) -> Result<Vec<(Meter, f64)>, Contradiction> {
    let all: HashMap<Meter, f64> = reported.iter().copied().collect();
    let of = |meter: Meter| all.get(&meter).copied().unwrap_or(0.0);
    let fresh = |meter: Meter| {
        let twice = TWICE.iter().find(|(medium, _)| *medium == meter).map_or(&[][..], |(_, parts)| parts);
        (of(meter) - twice.iter().map(|part| of(*part)).sum::<f64>()).max(0.0)
    };
    let mut own: HashMap<Meter, f64> = all.keys().map(|meter| (*meter, fresh(*meter))).collect();
    for (whole, parts) in INSIDE {
        let sum: f64 = parts.iter().map(|part| fresh(*part)).sum();
        if sum > of(whole) {
            let part = parts.iter().copied().filter(|part| of(*part) > 0.0).collect();
            return Err(Contradiction { part, whole });
        }
        own.insert(whole, of(whole) - sum);
    }
    let mut quantities: Vec<(Meter, f64)> = own.into_iter().filter(|(_, quantity)| *quantity > 0.0).collect();
    quantities.sort_by_key(|(meter, _)| *meter);
    Ok(quantities)
}

/// Why a request has no bill.
#[derive(Debug, Clone, PartialEq)]
pub enum NoBill {
    /// Its quantities contradict each other.
    Contradiction(Contradiction),
    /// It uses more kinds of things than one call can.
    TooMany,
    /// The product has no such variant; those that it has.
    UnknownVariant(String, Vec<String>),
    /// Its amount is too large.
    Overflow(Overflow),
}

impl std::fmt::Display for NoBill {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoBill::Contradiction(contradiction) => contradiction.fmt(f),
            NoBill::TooMany => write!(f, "more than {} meters in one request", MOST_METERS - 1),
            NoBill::UnknownVariant(name, known) if known.is_empty() => {
                write!(f, "there is no variant `{name}`: the product has none on that day")
            }
            NoBill::UnknownVariant(name, known) => {
                let known: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
                write!(f, "there is no variant `{name}`; it has {}", known.join(", "))
            }
            NoBill::Overflow(overflow) => overflow.fmt(f),
        }
    }
}

/// Prices requests, keeping the price book of each day.
pub struct Pricer<'a> {
    catalog: &'a Catalog,
    currency: Currency,
    region: Option<String>,
    books: HashMap<Date, PriceBook<'a>>,
}

impl<'a> Pricer<'a> {
    /// Returns a pricer in a currency and region.
    pub fn new(catalog: &'a Catalog, currency: Currency, region: Option<String>) -> Self {
        Pricer { catalog, currency, region, books: HashMap::new() }
    }

    /// Prices one request; a product that bills each request is charged for one unless it says more.
    ///
    /// # Errors
    /// Why there is no bill. A missing price is no error: the bill then has a line that says so.
    pub fn price(&mut self, request: &Request) -> Result<Bill, NoBill> {
        let mut quantities = disjoint(&request.quantities).map_err(NoBill::Contradiction)?;
        let book = self.books.entry(request.date).or_insert_with(|| {
            let regions = self.region.as_deref();
            let exchange = &self.catalog.exchange;
            PriceBook::open(self.catalog, exchange, request.date, regions.as_slice(), self.currency)
                .for_single_requests()
        });
        let variant = variant(book, request)?;
        // A request that used nothing is one all the same, where each has a fee.
        let has_fee = || book.card(request.product).is_ok_and(|(card, _)| card.prices(Meter::Requests));
        if quantities.is_empty() && has_fee() {
            quantities.push((Meter::Requests, 1.0));
        }
        // Each answer is a request: there is room for its fee.
        if quantities.len() >= MOST_METERS {
            return Err(NoBill::TooMany);
        }
        book.moment = request.moment;
        book.variant = variant;
        let mut usage = Usage::default();
        let mut writer = Writer::new(&mut usage, &[]);
        writer.enter(Frame { service: request.service, ..Frame::default() });
        writer.call(Step::Answer, request.product, (1.0, 1.0), Recurrence::Monthly, &quantities);
        bill(&usage, 1.0, book, &[]).map_err(NoBill::Overflow)
    }
}

/// Returns the variant of a request as the product's card writes it.
fn variant(book: &PriceBook<'_>, request: &Request) -> Result<Option<String>, NoBill> {
    let Ok((card, _)) = book.card(request.product) else { return Ok(request.variant.clone()) };
    let mut known: Vec<&str> =
        card.cells.iter().filter_map(|cell| cell.condition.variant.as_deref()).collect();
    known.sort_unstable();
    known.dedup();
    let Some(asked) = request.variant.as_deref() else { return Ok(None) };
    match known.iter().find(|known| known.eq_ignore_ascii_case(asked.trim())) {
        Some(known) => Ok(Some((*known).to_owned())),
        None => {
            let known = known.into_iter().map(str::to_owned).collect();
            Err(NoBill::UnknownVariant(asked.to_owned(), known))
        }
    }
}
