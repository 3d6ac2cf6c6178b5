//! Usage with prices: lines that multiply out exactly, then adjustments, then totals.
//!
//! The order is: each line is quantity × unit price in the currency of the result; then
//! [`Adjustment`]s in the order of [`AdjustmentKind`], which [`settle`] makes. A line without a price has no amount and
//! says why; the total it belongs to is then unknown, with the priced part as "at least".

pub mod price_book;
pub mod rating;
pub mod settle;
pub mod sink;
pub mod tally;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::catalog::exchange::FIXED;
use crate::catalog::rate::Why;
use crate::catalog::{Confidence, Meter, NoPrice, ProductId, Service};
use crate::units::{Currency, Price};
use crate::usage::{Recurrence, Step, Usage, UsageLine};
use price_book::{OwnBasis, OwnRate, PriceBook};
use rating::rate;
use sink::{Credit, Party, Payment, Rated, Sink};

/// Why a line has no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpriced {
    /// The product has no price on that day.
    NoCard(NoPrice),
    /// The product's card has no price for this meter.
    NoMeter(Meter),
    /// The card has no price for this service class.
    NoService(Service),
    /// No exchange rate is known for that day.
    NoExchangeRate(Currency),
}

impl std::fmt::Display for Unpriced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unpriced::NoCard(reason) => reason.fmt(f),
            Unpriced::NoMeter(meter) => write!(f, "no price known for {}", meter.label()),
            Unpriced::NoService(service) => write!(f, "no {} price known", service.word()),
            Unpriced::NoExchangeRate(currency) => write!(f, "no exchange rate known for {currency}"),
        }
    }
}

/// What a line's unit price was before conversion.
#[derive(Debug, Clone, PartialEq)]
pub struct Quoted {
    /// Price as the vendor prints it.
    pub price: Decimal,
    /// Currency that the vendor quotes in.
    pub currency: Currency,
    /// Units of the result's currency for one of the quoted.
    pub factor: Decimal,
    /// Day of the oldest quotation that the factor was made from; `None` where the scenario fixed all of them.
    pub rate_of: Option<Date>,
}

/// The price of a line and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct LinePrice {
    /// Price for `per` base units, in the result's currency.
    pub unit_price: Decimal,
    /// Base units that the unit price buys.
    pub per: Decimal,
    /// The priced unit in words.
    pub unit: &'static str,
    /// Quantity × unit price ÷ per, at the list price.
    pub amount: Decimal,
    /// The amount after what is included and what is taken off.
    pub effective: Decimal,
    /// First day of the price.
    pub from: Option<Date>,
    /// Where the price comes from.
    pub source: String,
    /// Day on which the price was compared with its source.
    pub checked: Option<Date>,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it was before conversion, where it was converted.
    pub quoted: Option<Quoted>,
    /// Which condition chose it.
    pub why: Why,
}

/// What a line charges for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charge {
    /// A meter of a product.
    Product(ProductId, Meter),
    /// A cost of the user's own, by name.
    Own(String),
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq)]
pub struct LineItem {
    /// What it is for.
    pub step: &'static str,
    /// The step that it is paid for; `None` for a cost of the user's own.
    pub of: Option<Step>,
    /// Name of the call, for one beside those of the strategy.
    pub call: Option<String>,
    /// Class of the requests, where the scenario has classes.
    pub class: Option<u16>,
    /// Corpus that is prepared, where there are several.
    pub corpus: Option<u16>,
    /// Name of that class, or of the corpus that is prepared where there are several.
    pub class_name: Option<String>,
    /// Service class whose price it is.
    pub service: Service,
    /// What is charged.
    pub charge: Charge,
    /// Base units.
    pub quantity: Decimal,
    /// Name of the base unit.
    pub unit: &'static str,
    /// Once or each month.
    pub recurrence: Recurrence,
    /// Whether it is paid for each request.
    pub per_request: bool,
    /// The price, or why there is none.
    pub price: Result<LinePrice, Unpriced>,
}

impl LineItem {
    /// Returns what the line is for, as a reader calls it: the step, or the extra call by its name, with the service
    /// class where it is not the usual one, and the class of requests.
    pub fn title(&self) -> String {
        let mut title = self.call.clone().unwrap_or_else(|| self.step.to_owned());
        if self.service != Service::Standard {
            title = format!("{title}, {}", self.service.word());
        }
        match &self.class_name {
            Some(class) => format!("{class}: {title}"),
            None => title,
        }
    }
}

/// Corrections to a bill, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdjustmentKind {
    /// A quantity a month that costs nothing.
    Included,
    /// A share taken off list prices by agreement.
    Discount,
    /// What is missing to a product's monthly minimum.
    Minimum,
    /// What is owed to a vendor each month, less what other workloads draw.
    Commitment,
    /// What the vendor's products draw from that.
    Drawdown,
}

impl AdjustmentKind {
    /// Returns the kind in words.
    pub fn label(self) -> &'static str {
        match self {
            AdjustmentKind::Included => "included in the plan",
            AdjustmentKind::Discount => "discount",
            AdjustmentKind::Minimum => "up to the monthly minimum",
            AdjustmentKind::Commitment => "commitment",
            AdjustmentKind::Drawdown => "drawn from the commitment",
        }
    }
}

/// A correction, as a line of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjustment {
    /// Why.
    pub kind: AdjustmentKind,
    /// Product that it belongs to; `None` for one with a vendor.
    pub product: Option<ProductId>,
    /// Id of the vendor, for one that is about all that is bought from it.
    pub vendor: Option<String>,
    /// Each month or once.
    pub recurrence: Recurrence,
    /// The amount; negative for a credit.
    pub amount: Decimal,
    /// Where it was agreed, where the price list does not say it.
    pub source: Option<String>,
}

/// A design's cost, line by line.
#[derive(Debug, Clone, PartialEq)]
pub struct Bill {
    /// Currency of all amounts.
    pub currency: Currency,
    /// Lines in the order in which things happen.
    pub lines: Vec<LineItem>,
    /// Corrections after the lines.
    pub adjustments: Vec<Adjustment>,
}

/// An amount that may miss a part whose price is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The priced part.
    pub known: Decimal,
    /// Whether that is all of it.
    pub complete: bool,
}

impl Total {
    /// Returns the amount where it is complete.
    pub fn amount(&self) -> Option<Decimal> {
        self.complete.then_some(self.known)
    }
}

impl Bill {
    /// Returns what is paid with that recurrence. [`bill`] makes no bill whose sums a decimal cannot hold.
    pub fn total(&self, recurrence: Recurrence) -> Total {
        let lines = self.lines.iter().filter(|line| line.recurrence == recurrence);
        let mut total = Total { known: Decimal::ZERO, complete: true };
        for line in lines {
            match &line.price {
                Ok(price) => total.known += price.amount,
                Err(_) => total.complete = false,
            }
        }
        let corrections = self.adjustments.iter().filter(|adjustment| adjustment.recurrence == recurrence);
        total.known += corrections.map(|adjustment| adjustment.amount).sum::<Decimal>();
        total
    }

    /// Returns what the first month comes to, with what is paid once.
    pub fn first_month(&self) -> Total {
        let (monthly, one_off) = (self.total(Recurrence::Monthly), self.total(Recurrence::OneOff));
        Total { known: monthly.known + one_off.known, complete: monthly.complete && one_off.complete }
    }

    /// Gives lines the names of their classes of requests, corpora and extra calls.
    pub fn name_lines(
        &mut self,
        class: impl Fn(u16) -> String,
        corpus: impl Fn(u16) -> String,
        call: impl Fn(u8) -> String,
    ) {
        for line in &mut self.lines {
            line.class_name = line.class.map(&class).or(line.corpus.map(&corpus));
            if let Some(Step::Extra(at)) = line.of {
                line.call = Some(call(at));
            }
        }
    }

    /// Returns whether a decimal can hold any sum of the bill's amounts.
    fn can_be_summed(&self) -> bool {
        let priced = self.lines.iter().filter_map(|line| line.price.as_ref().ok()).map(|price| price.amount);
        let mut amounts = priced.chain(self.adjustments.iter().map(|adjustment| adjustment.amount));
        amounts.try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(amount.abs())).is_some()
    }

    /// Returns the line without a price that matters most, with its reason: one of `product` first, such as
    /// the model that answers, then what recurs, then any.
    pub fn first_unpriced(&self, product: Option<ProductId>) -> Option<(&LineItem, Unpriced)> {
        let of_product =
            |line: &&LineItem| matches!(line.charge, Charge::Product(id, _) if Some(id) == product);
        let monthly_first = |line: &&LineItem| line.recurrence == Recurrence::Monthly;
        let unpriced = |line: &&LineItem| line.price.is_err();
        let lines = || self.lines.iter().filter(unpriced);
        let line = lines().find(of_product).or(lines().find(monthly_first)).or(lines().next())?;
        line.price.as_ref().err().map(|reason| (line, *reason))
    }
}

/// Amounts grew beyond what a decimal can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;

impl std::fmt::Display for Overflow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an amount is too large to be written down; use smaller quantities")
    }
}

impl std::error::Error for Overflow {}

/// Rates a usage exactly, line by line.
///
/// # Errors
/// [`Overflow`] where an amount, or the sum of all, has more digits than a decimal.
pub fn bill(usage: &Usage, requests: f64, book: &PriceBook<'_>, own: &[OwnRate]) -> Result<Bill, Overflow> {
    let mut collector = Collector {
        book,
        bill: Bill { currency: book.currency, lines: Vec::new(), adjustments: Vec::new() },
    };
    rate::<Decimal>(usage, requests, book, own, &mut collector)?;
    collector.bill.adjustments.sort_by_key(|adjustment| adjustment.kind);
    if collector.bill.can_be_summed() { Ok(collector.bill) } else { Err(Overflow) }
}

struct Collector<'a> {
    book: &'a PriceBook<'a>,
    bill: Bill,
}

impl Collector<'_> {
    fn push(
        &mut self,
        line: &UsageLine,
        service: Service,
        meter: Meter,
        quantity: Decimal,
        price: Result<LinePrice, Unpriced>,
    ) {
        self.bill.lines.push(LineItem {
            step: line.step.label(),
            of: Some(line.step),
            call: None,
            class: line.class,
            corpus: line.corpus,
            class_name: None,
            service,
            charge: Charge::Product(line.product, meter),
            quantity: quantity.normalize(),
            unit: meter.unit(),
            recurrence: line.recurrence,
            per_request: line.step.is_per_request(),
            price,
        });
    }

    fn quoted(&self, price: Price, currency: Currency) -> Quoted {
        let conversion = self.book.conversion(currency);
        let factor = conversion.map_or(Decimal::ONE, |conversion| conversion.factor.exact);
        let rates = conversion.map(|conversion| conversion.rates.as_slice()).unwrap_or_default();
        let rate_of = rates.iter().filter(|rate| rate.source != FIXED).map(|rate| rate.date).min();
        Quoted { price: price.exact, currency, factor, rate_of }
    }
}

impl Sink<Decimal> for Collector<'_> {
    fn paid(&mut self, line: &UsageLine, meter: Meter, rated: Rated<'_, Decimal>) {
        let card = rated.card;
        let quoted = (card.currency != self.book.currency).then(|| self.quoted(rated.quoted, card.currency));
        let Payment { quantity, unit_price, amount } = rated.payment;
        let price = LinePrice {
            unit_price: unit_price.normalize(),
            per: Decimal::from(rated.key.per),
            unit: rated.key.unit,
            amount: amount.normalize(),
            effective: rated.effective.normalize(),
            from: Some(card.from),
            source: card.source.clone(),
            checked: Some(card.checked),
            confidence: card.confidence,
            quoted,
            why: rated.why,
        };
        self.push(line, rated.service, meter, quantity, Ok(price));
    }

    fn unpriced(&mut self, line: &UsageLine, meter: Meter, quantity: Decimal, why: Unpriced) {
        self.push(line, line.service, meter, quantity, Err(why));
    }

    fn own(&mut self, rate: &OwnRate, payment: Result<Payment<Decimal>, Unpriced>, units: Decimal) {
        let quoted = (rate.currency != self.book.currency).then(|| self.quoted(rate.price, rate.currency));
        let price = payment.map(|payment| LinePrice {
            unit_price: payment.unit_price.normalize(),
            per: Decimal::ONE,
            unit: rate.basis.unit(),
            amount: payment.amount.normalize(),
            effective: payment.amount.normalize(),
            from: None,
            source: rate.place.clone(),
            checked: None,
            confidence: Confidence::High,
            quoted,
            why: Why::default(),
        });
        self.bill.lines.push(LineItem {
            step: "own cost",
            of: None,
            call: None,
            class: None,
            corpus: None,
            class_name: None,
            service: Service::Standard,
            charge: Charge::Own(rate.name.clone()),
            quantity: units.normalize(),
            unit: rate.basis.unit(),
            recurrence: rate.basis.recurrence(),
            per_request: rate.basis == OwnBasis::Request,
            price,
        });
    }

    /// Corrections of one kind with one party become one line.
    fn adjusted(&mut self, credit: Credit<'_, Decimal>) {
        let (product, vendor) = match credit.party {
            Party::Product(product) => (Some(product), None),
            Party::Vendor(vendor) => (None, Some(vendor.to_owned())),
        };
        let source = credit.source.map(str::to_owned);
        let Credit { kind, recurrence, amount, .. } = credit;
        let new = Adjustment { kind, product, vendor, recurrence, amount: amount.normalize(), source };
        let known = self
            .bill
            .adjustments
            .iter_mut()
            .find(|known| Adjustment { amount: new.amount, ..(*known).clone() } == new);
        match known.and_then(|known| Some((known.amount.checked_add(new.amount)?, known))) {
            Some((sum, known)) => known.amount = sum.normalize(),
            None => self.bill.adjustments.push(new),
        }
    }
}
