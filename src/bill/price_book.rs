//! The prices in force on one day, in one currency: what rating looks up.

use jiff::civil::Date;

use super::Unpriced;
use crate::catalog::contract::{Commitment, Discount};
use crate::catalog::exchange::{Conversion, ExchangeRates};
use crate::catalog::rate::{CallContext, Moment};
use crate::catalog::{Catalog, Meter, NoPrice, PriceCard, ProductId, Service};
use crate::units::{Currency, Price, decimal, share};
use crate::usage::{Recurrence, Step, UsageLine};

/// The variant under which vendors print the prices of answers that are thought out.
const THINKING: &str = "thinking";

/// What a cost of the user's own is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnBasis {
    /// Each month.
    Month,
    /// Once.
    Once,
    /// Each request.
    Request,
}

impl OwnBasis {
    /// Returns the unit in words.
    pub fn unit(self) -> &'static str {
        match self {
            OwnBasis::Month => "month",
            OwnBasis::Once => "once",
            OwnBasis::Request => "request",
        }
    }

    /// Returns how often it is paid.
    pub fn recurrence(self) -> Recurrence {
        match self {
            OwnBasis::Once => Recurrence::OneOff,
            OwnBasis::Month | OwnBasis::Request => Recurrence::Monthly,
        }
    }
}

/// A cost of the user's own that a design bears, as the user wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnRate {
    /// What it is for.
    pub name: String,
    /// What it is counted by.
    pub basis: OwnBasis,
    /// The amount for one unit.
    pub price: Price,
    /// Currency of the amount.
    pub currency: Currency,
    /// Where the user wrote it.
    pub place: String,
}

/// The price cards that hold on one day, with the factors into one currency.
#[derive(Debug, Clone)]
pub struct PriceBook<'a> {
    /// Day whose prices these are.
    pub date: Date,
    /// Currency of the results.
    pub currency: Currency,
    /// When the calls are made.
    pub moment: Moment,
    /// Variant asked for, such as an image size.
    pub variant: Option<String>,
    /// Variants of the scenario's extra calls.
    pub extra_variants: Vec<Option<String>>,
    cards: Vec<Result<&'a PriceCard, NoPrice>>,
    conversions: Vec<(Currency, Option<Conversion>)>,
    agreed: Option<Agreed<'a>>,
    by_the_month: bool,
    decline: Option<Decline>,
}

/// A fall of prices that nobody announced, assumed for models.
#[derive(Debug, Clone)]
struct Decline {
    /// What is left of a price.
    left: Price,
    /// Whether a product's price falls, product by product.
    falls: Vec<bool>,
}

/// What a customer with contracts pays otherwise than others on the day.
#[derive(Debug, Clone)]
struct Agreed<'a> {
    catalog: &'a Catalog,
    commitments: Vec<&'a Commitment>,
}

impl<'a> PriceBook<'a> {
    /// Opens the book for a day, regions in the order of preference, and a currency.
    ///
    /// A product has the price of the first region in which it runs: that region's own, or the vendor's default.
    pub fn open(
        catalog: &'a Catalog,
        exchange: &ExchangeRates,
        date: Date,
        regions: &[&str],
        currency: Currency,
    ) -> Self {
        let in_region = |id, region: &str| {
            let runs = |known: &String| known.eq_ignore_ascii_case(region);
            match catalog.price_on(id, date, Some(region)) {
                Ok(card) if card.region.is_some() => Some(Ok(card)),
                default => catalog.product(id).regions.iter().any(runs).then_some(default),
            }
        };
        let card = |id| {
            let regional = regions.iter().find_map(|region| in_region(id, region));
            regional.unwrap_or_else(|| catalog.price_on(id, date, None))
        };
        let cards: Vec<_> = catalog.iter().map(|(id, _)| card(id)).collect();
        let mut conversions: Vec<(Currency, Option<Conversion>)> = Vec::new();
        // Currencies of the cards come first: they are looked up for every line of a curve.
        let quoted = cards.iter().flatten().map(|card| card.currency);
        for from in quoted.chain(exchange.currencies()).chain([currency]) {
            if !conversions.iter().any(|(known, _)| *known == from) {
                conversions.push((from, exchange.conversion(from, currency, date)));
            }
        }
        let agreed = (!catalog.contracts.is_empty()).then(|| Agreed {
            catalog,
            commitments: catalog.contracts.commitments.iter().filter(|owed| owed.term.holds(date)).collect(),
        });
        PriceBook {
            date,
            currency,
            moment: Moment::Spread,
            variant: None,
            extra_variants: Vec::new(),
            cards,
            conversions,
            agreed,
            by_the_month: true,
            decline: None,
        }
    }

    /// Assumes that the prices of models, whatever they make, have fallen to a share of what their cards say; those of
    /// stores, hardware, seats and searches stay.
    ///
    /// A model at $10 a million tokens has a price of $8 with 0.8 left.
    pub fn with_decline(mut self, catalog: &Catalog, left: f64) -> Self {
        let falls = catalog.products.iter().map(|product| product.kind.is_model()).collect();
        let left = Price::new(decimal(share(left)));
        self.decline = (left.float != 1.0).then_some(Decline { left, falls });
        self
    }

    /// Leaves out what a month has free and what is owed for it, for prices of single requests: which request of
    /// the month it is, nobody knows.
    pub fn for_single_requests(mut self) -> Self {
        self.by_the_month = false;
        if let Some(agreed) = &mut self.agreed {
            agreed.commitments.clear();
        }
        self
    }

    /// Returns whether allowances of a month are taken off.
    #[inline]
    pub fn is_by_the_month(&self) -> bool {
        self.by_the_month
    }

    /// Returns what of a line decides its price. In a month's bill a product without a price for a service class serves
    /// as usual; a single request that asked for the class was not priced so by anybody.
    pub fn context(&self, line: &UsageLine, card: Option<&PriceCard>) -> CallContext<'_> {
        let extra = if let Step::Extra(at) = line.step { Some(at) } else { None };
        let reasons = line.per_call.iter().any(|(meter, _)| *meter == Meter::Reasoning);
        let served = !self.by_the_month || card.is_none_or(|card| card.serves(line.service));
        CallContext {
            input_tokens: line.input_tokens(),
            service: if served { line.service } else { Service::Standard },
            moment: self.moment,
            variant: self.variant(extra, reasons, card),
        }
    }

    /// Returns the variant that a call asks for: an extra call by its place the one of its own, any other the book's.
    /// An answer that is thought out means the variant that thinks, where a card has it and no price for reasoning
    /// alone.
    pub fn variant(&self, extra: Option<u8>, reasons: bool, card: Option<&PriceCard>) -> Option<&str> {
        let asked = match extra {
            Some(at) => self.extra_variants.get(usize::from(at)).and_then(|variant| variant.as_deref()),
            None => self.variant.as_deref(),
        };
        let thinks = |card: &PriceCard| card.has_variant(THINKING) && !card.prices(Meter::Reasoning);
        asked.or_else(|| (reasons && card.is_some_and(thinks)).then_some(THINKING))
    }

    /// Returns whether the customer has agreed on anything.
    #[inline]
    pub fn has_agreements(&self) -> bool {
        self.agreed.is_some()
    }

    /// Returns the share that is taken off a meter's list price, with its agreement.
    pub fn discount(&self, product: ProductId, meter: Meter) -> Option<&'a Discount> {
        let catalog = self.agreed.as_ref()?.catalog;
        catalog.contracts.discount(&catalog.product(product).id, meter, self.date)
    }

    /// Returns the quantities of a product that cost nothing by agreement, in base units a month.
    pub fn allowances(&self, product: ProductId) -> impl Iterator<Item = (Meter, f64)> {
        let catalog = self.agreed.as_ref().map(|agreed| agreed.catalog);
        catalog
            .into_iter()
            .flat_map(move |catalog| catalog.contracts.allowances(&catalog.product(product).id, self.date))
    }

    /// Returns the sums owed each month.
    pub fn commitments(&self) -> &[&'a Commitment] {
        self.agreed.as_ref().map_or(&[], |agreed| &agreed.commitments)
    }

    /// Returns whether a product is sold by a vendor.
    pub fn is_of(&self, product: ProductId, vendor: &str) -> bool {
        self.agreed.as_ref().is_some_and(|agreed| agreed.catalog.vendor_of(product).id == vendor)
    }

    /// Returns a product's card and the factor into the result's currency.
    ///
    /// # Errors
    /// Why there is none.
    #[inline]
    pub fn card(&self, product: ProductId) -> Result<(&'a PriceCard, Price), Unpriced> {
        let card = self.cards[product.0 as usize].map_err(Unpriced::NoCard)?;
        let factor = self.factor(card.currency).ok_or(Unpriced::NoExchangeRate(card.currency))?;
        let declined = self.decline.as_ref().filter(|decline| decline.falls[product.0 as usize]);
        // What is left is at most all of it, so the product can always be held.
        let left = declined.and_then(|decline| factor.exact.checked_mul(decline.left.exact));
        Ok((card, left.map_or(factor, Price::new)))
    }

    /// Returns the card that holds for a product on the day.
    ///
    /// # Errors
    /// Why there is none.
    pub fn in_force(&self, product: ProductId) -> Result<&'a PriceCard, NoPrice> {
        self.cards[product.0 as usize]
    }

    /// Returns the factor from a currency into the result's.
    #[inline]
    pub fn factor(&self, currency: Currency) -> Option<Price> {
        self.conversion(currency).map(|conversion| conversion.factor)
    }

    /// Returns the conversion from a currency, with the quotations it was made from.
    pub fn conversion(&self, currency: Currency) -> Option<&Conversion> {
        let (_, conversion) = self.conversions.iter().find(|(known, _)| *known == currency)?;
        conversion.as_ref()
    }
}
