//! The one place where a quantity meets a price.
//!
//! [`rate`] is written once over [`Number`]: bills run it with decimals and collect lines, curves
//! run it with `f64` and only sum.

use super::price_book::{OwnBasis, OwnRate, PriceBook};
use super::settle::{Accounts, Paid};
use super::sink::{Credit, Payment, Rated, Sink};
use super::{Overflow, Unpriced};
use crate::catalog::rate::{CallContext, Segment};
use crate::catalog::{Meter, PriceCard, Service};
use crate::units::{Number, Price};
use crate::usage::{Recurrence, Usage, UsageLine};

/// Multiplies: the product of some quantities, times a price and a factor, per a number of units.
fn pay<N: Number>(quantities: &[f64], price: Price, factor: Price, per: u64) -> Option<Payment<N>> {
    let mut quantity = N::from_quantity(1.0)?;
    for part in quantities {
        if *part != 1.0 {
            quantity = quantity.times(N::from_quantity(*part)?)?;
        }
    }
    let mut unit_price = N::from_price(price);
    if factor.float != 1.0 {
        unit_price = unit_price.times(N::from_price(factor))?;
    }
    let mut amount = quantity.times(unit_price)?;
    if per != 1 {
        amount = amount.over(N::from_quantity(per as f64)?)?;
    }
    Some(Payment { quantity, unit_price, amount })
}

/// Returns what one base unit costs in the result's currency, for curves: price × factor ÷ per.
#[inline]
pub(super) fn unit_cost(price: Price, factor: f64, per: u64) -> f64 {
    price.float * factor / per as f64
}

/// Returns what one base unit costs on average over the parts that a quantity of one unit falls into, each as often as calls
/// pay its price; `None` where no price is known.
pub(crate) fn mean_unit_cost(parts: &[Segment], factor: f64) -> Option<f64> {
    let costs = parts.iter().map(|part| part.share * unit_cost(part.rate.price, factor, part.rate.key.per));
    (!parts.is_empty()).then(|| costs.sum())
}

/// Rates a usage: lines first, then the corrections of [`settle`](super::settle) in their order.
///
/// # Errors
/// [`Overflow`] where a decimal cannot hold an amount.
pub fn rate<N: Number + PartialOrd>(
    usage: &Usage,
    requests: f64,
    book: &PriceBook<'_>,
    own: &[OwnRate],
    sink: &mut impl Sink<N>,
) -> Result<(), Overflow> {
    let mut accounts = Accounts::open();
    for line in usage.lines.iter().filter(|line| !line.hosted) {
        rate_line(line, book, &mut accounts, sink)?;
    }
    for cost in own {
        let units = if cost.basis == OwnBasis::Request { requests } else { 1.0 };
        let payment = match book.factor(cost.currency) {
            Some(factor) => Ok(pay(&[units], cost.price, factor, 1).ok_or(Overflow)?),
            None => Err(Unpriced::NoExchangeRate(cost.currency)),
        };
        sink.own(cost, payment, N::from_quantity(units).ok_or(Overflow)?);
    }
    accounts.close(book, usage.pays_minimum, sink).ok_or(Overflow)
}

fn rate_line<'a, N: Number + PartialOrd>(
    line: &UsageLine,
    book: &PriceBook<'a>,
    accounts: &mut Accounts<'a, N>,
    sink: &mut impl Sink<N>,
) -> Result<(), Overflow> {
    let priced = book.card(line.product);
    let call = book.context(line, priced.ok().map(|(card, _)| card));
    for (meter, quantity) in &line.per_call {
        if *meter == Meter::Requests && line.per_call.len() > 1 && !charges_requests(priced, &call) {
            continue;
        }
        let unpriced = |sink: &mut _, why| -> Result<(), Overflow> {
            let total = pay::<N>(&[line.calls, line.share, *quantity], ZERO, ONE, 1).ok_or(Overflow)?;
            Sink::<N>::unpriced(sink, line, *meter, total.quantity, why);
            Ok(())
        };
        let (card, factor) = match priced {
            Ok(found) => found,
            Err(why) => {
                unpriced(sink, why)?;
                continue;
            }
        };
        let segments = card.segments(*meter, *quantity, &call);
        if segments.is_empty() {
            let why = match call.service {
                Service::Standard => Unpriced::NoMeter(*meter),
                service => Unpriced::NoService(service),
            };
            unpriced(sink, why)?;
        }
        for segment in segments {
            let quantities = [line.calls, line.share, segment.share, segment.quantity];
            let key = segment.rate.key;
            let payment = pay::<N>(&quantities, segment.rate.price, factor, key.per).ok_or(Overflow)?;
            let paid =
                Paid { product: line.product, meter: *meter, recurrence: line.recurrence, card, factor };
            let credits = accounts.settle(&paid, payment, key.per, book).ok_or(Overflow)?;
            let effective = credits.applied_to(payment.amount).ok_or(Overflow)?;
            let (quoted, why, service) = (segment.rate.price, segment.why, call.service);
            sink.paid(line, *meter, Rated { payment, effective, quoted, key, card, why, service });
            credits.each(&paid, sink);
        }
    }
    Ok(())
}

/// Returns whether a request costs a fee beside what it uses: most cards print none, and none is then owed.
fn charges_requests(priced: Result<(&PriceCard, Price), Unpriced>, call: &CallContext<'_>) -> bool {
    let ordinary = CallContext { service: Service::Standard, ..*call };
    priced.is_ok_and(|(card, _)| !card.segments(Meter::Requests, 1.0, &ordinary).is_empty())
}

const ZERO: Price = Price { exact: rust_decimal::Decimal::ZERO, float: 0.0 };
const ONE: Price = Price { exact: rust_decimal::Decimal::ONE, float: 1.0 };

/// Sums in `f64`, for curves: monthly and one-off, unknown parts noted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sum {
    /// Paid each month.
    pub monthly: f64,
    /// Paid once.
    pub one_off: f64,
    /// Whether a price is missing.
    pub incomplete: bool,
}

impl Sum {
    fn add(&mut self, recurrence: Recurrence, amount: f64) {
        match recurrence {
            Recurrence::Monthly => self.monthly += amount,
            Recurrence::OneOff => self.one_off += amount,
        }
    }
}

impl Sink<f64> for Sum {
    fn paid(&mut self, line: &UsageLine, _: Meter, rated: Rated<'_, f64>) {
        self.add(line.recurrence, rated.payment.amount);
    }
    fn unpriced(&mut self, _: &UsageLine, _: Meter, _: f64, _: Unpriced) {
        self.incomplete = true;
    }
    fn own(&mut self, rate: &OwnRate, payment: Result<Payment<f64>, Unpriced>, _: f64) {
        match payment {
            Ok(payment) => self.add(rate.basis.recurrence(), payment.amount),
            Err(_) => self.incomplete = true,
        }
    }
    fn adjusted(&mut self, credit: Credit<'_, f64>) {
        self.add(credit.recurrence, credit.amount);
    }
}
