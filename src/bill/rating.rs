//! The one place where a quantity meets a price.
//!
//! [`rate`] is written once over [`Number`]: bills run it with decimals and collect lines, curves
//! run it with `f64` and only sum.

use arrayvec::ArrayVec;

use super::price_book::{OwnBasis, OwnRate, PriceBook};
use super::{AdjustmentKind, Overflow, Unpriced};
use crate::catalog::meter::PriceKey;
use crate::catalog::rate::{CallContext, Why};
use crate::catalog::{MOST_INCLUDED, Meter, PriceCard, ProductId, Service};
use crate::units::{Number, Price};
use crate::usage::{Recurrence, Step, Usage, UsageLine};

/// A quantity, its unit price and the product of the two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payment<N> {
    /// Base units.
    pub quantity: N,
    /// Price in the result's currency.
    pub unit_price: N,
    /// Quantity × unit price ÷ per.
    pub amount: N,
}

/// A payment with the card it was priced from.
#[derive(Debug, Clone, Copy)]
pub struct Rated<'a, N> {
    /// What was multiplied.
    pub payment: Payment<N>,
    /// Price as the vendor quotes it.
    pub quoted: Price,
    /// The key it stands under, which says per how many units.
    pub key: &'static PriceKey,
    /// The card it stands on.
    pub card: &'a PriceCard,
    /// Which condition chose it.
    pub why: Why,
}

/// A correction to the sum of the lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Credit<N> {
    /// Why.
    pub kind: AdjustmentKind,
    /// The product.
    pub product: ProductId,
    /// Amount each month.
    pub amount: N,
}

/// What takes the results of rating.
pub trait Sink<N> {
    /// Takes a priced quantity.
    fn paid(
        &mut self,
        step: Step,
        recurrence: Recurrence,
        product: ProductId,
        meter: Meter,
        rated: Rated<'_, N>,
    );
    /// Takes a quantity without a price.
    fn unpriced(
        &mut self,
        step: Step,
        recurrence: Recurrence,
        product: ProductId,
        meter: Meter,
        quantity: N,
        why: Unpriced,
    );
    /// Takes a cost of the user's own, for that many months, requests or once.
    fn own(&mut self, rate: &OwnRate, payment: Result<Payment<N>, Unpriced>, units: N);
    /// Takes a correction.
    fn adjusted(&mut self, credit: Credit<N>);
}

/// Multiplies: the product of some quantities, times a price and a factor, per a number of units.
fn pay<N: Number>(quantities: &[f64], price: Price, factor: Price, per: u64) -> Option<Payment<N>> {
    let mut quantity = N::from_quantity(1.0);
    for part in quantities {
        if *part != 1.0 {
            quantity = quantity.times(N::from_quantity(*part))?;
        }
    }
    let mut unit_price = N::from_price(price);
    if factor.float != 1.0 {
        unit_price = unit_price.times(N::from_price(factor))?;
    }
    let mut amount = quantity.times(unit_price)?;
    if per != 1 {
        amount = amount.over(N::from_quantity(per as f64))?;
    }
    Some(Payment { quantity, unit_price, amount })
}

/// What a month of one product came to, for allowances and minimums.
struct Account<'a, N> {
    product: ProductId,
    card: &'a PriceCard,
    factor: Price,
    monthly: N,
    left: ArrayVec<(Meter, N), MOST_INCLUDED>,
}

/// Products of one design: a model, an embedding model, a store, and room for more.
type Accounts<'a, N> = ArrayVec<Account<'a, N>, 8>;

/// Rates a usage: lines first, then allowances, then minimums.
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
    let mut accounts: Accounts<'_, N> = Accounts::new();
    for line in &usage.lines {
        rate_line(line, book, &mut accounts, sink)?;
    }
    for cost in own {
        let units = if cost.basis == OwnBasis::Request { requests } else { 1.0 };
        let payment = match book.factor(cost.currency) {
            Some(factor) => Ok(pay(&[units], cost.price, factor, 1).ok_or(Overflow)?),
            None => Err(Unpriced::NoExchangeRate(cost.currency)),
        };
        sink.own(cost, payment, N::from_quantity(units));
    }
    if usage.pays_minimum {
        for account in &accounts {
            top_up(account, sink).ok_or(Overflow)?;
        }
    }
    Ok(())
}

fn rate_line<'a, N: Number + PartialOrd>(
    line: &UsageLine,
    book: &PriceBook<'a>,
    accounts: &mut Accounts<'a, N>,
    sink: &mut impl Sink<N>,
) -> Result<(), Overflow> {
    let call = CallContext {
        input_tokens: line.input_tokens(),
        service: line.service,
        moment: book.moment,
        variant: book.variant.as_deref(),
    };
    let priced = book.card(line.product);
    for (meter, quantity) in &line.per_call {
        let unpriced = |sink: &mut _, why| -> Result<(), Overflow> {
            let total = pay::<N>(&[line.calls, line.share, *quantity], ZERO, ONE, 1).ok_or(Overflow)?;
            Sink::<N>::unpriced(sink, line.step, line.recurrence, line.product, *meter, total.quantity, why);
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
            let why = match line.service {
                Service::Standard => Unpriced::NoMeter(*meter),
                service => Unpriced::NoService(service),
            };
            unpriced(sink, why)?;
        }
        for segment in segments {
            let quantities = [line.calls, line.share, segment.share, segment.quantity];
            let key = segment.rate.key;
            let payment = pay::<N>(&quantities, segment.rate.price, factor, key.per).ok_or(Overflow)?;
            let rated = Rated { payment, quoted: segment.rate.price, key, card, why: segment.why };
            sink.paid(line.step, line.recurrence, line.product, *meter, rated);
            if line.recurrence == Recurrence::Monthly {
                settle(accounts, line.product, (card, factor), *meter, key.per, payment, sink)
                    .ok_or(Overflow)?;
            }
        }
    }
    Ok(())
}

const ZERO: Price = Price { exact: rust_decimal::Decimal::ZERO, float: 0.0 };
const ONE: Price = Price { exact: rust_decimal::Decimal::ONE, float: 1.0 };

/// Books a monthly payment and gives back what the plan includes.
fn settle<'a, N: Number + PartialOrd>(
    accounts: &mut Accounts<'a, N>,
    product: ProductId,
    (card, factor): (&'a PriceCard, Price),
    meter: Meter,
    per: u64,
    payment: Payment<N>,
    sink: &mut impl Sink<N>,
) -> Option<()> {
    if card.included.is_empty() && card.minimum_per_month.is_none() {
        return Some(());
    }
    let at = match accounts.iter().position(|account| account.product == product) {
        Some(at) => at,
        None => {
            let included = card.included.iter().map(|(meter, units)| (*meter, N::from_quantity(*units)));
            let left = included.take(MOST_INCLUDED).collect();
            accounts.try_push(Account { product, card, factor, monthly: N::ZERO, left }).ok()?;
            accounts.len() - 1
        }
    };
    let account = &mut accounts[at];
    account.monthly = account.monthly.plus(payment.amount)?;
    if let Some((_, left)) = account.left.iter_mut().find(|(included, _)| *included == meter) {
        let free = if payment.quantity < *left { payment.quantity } else { *left };
        *left = left.minus(free)?;
        if free > N::ZERO {
            let value = free.times(payment.unit_price)?.over(N::from_quantity(per as f64))?;
            account.monthly = account.monthly.minus(value)?;
            let amount = N::ZERO.minus(value)?;
            sink.adjusted(Credit { kind: AdjustmentKind::Included, product, amount });
        }
    }
    Some(())
}

/// Adds what is missing to a product's monthly minimum: a floor, not a fee on top.
fn top_up<N: Number + PartialOrd>(account: &Account<'_, N>, sink: &mut impl Sink<N>) -> Option<()> {
    let Some(minimum) = account.card.minimum_per_month else { return Some(()) };
    let minimum = N::from_price(minimum).times(N::from_price(account.factor))?;
    if account.monthly < minimum {
        let amount = minimum.minus(account.monthly)?;
        sink.adjusted(Credit { kind: AdjustmentKind::Minimum, product: account.product, amount });
    }
    Some(())
}

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
    fn paid(&mut self, _: Step, recurrence: Recurrence, _: ProductId, _: Meter, rated: Rated<'_, f64>) {
        self.add(recurrence, rated.payment.amount);
    }
    fn unpriced(&mut self, _: Step, _: Recurrence, _: ProductId, _: Meter, _: f64, _: Unpriced) {
        self.incomplete = true;
    }
    fn own(&mut self, rate: &OwnRate, payment: Result<Payment<f64>, Unpriced>, _: f64) {
        match payment {
            Ok(payment) => self.add(rate.basis.recurrence(), payment.amount),
            Err(_) => self.incomplete = true,
        }
    }
    fn adjusted(&mut self, credit: Credit<f64>) {
        self.monthly += credit.amount;
    }
}
