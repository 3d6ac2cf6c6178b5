//! From list amounts to what is paid: corrections in one order.
//!
//! 1. What a plan or an agreement includes is given back at the list price.
//! 2. Discounts take their share off what is left of each line.
//! 3. A product's monthly minimum is a floor under what its lines then come to.
//! 4. A commitment to a vendor is owed in full; what the vendor's products come to is drawn from it.

use arrayvec::ArrayVec;

use super::price_book::{OwnBasis, OwnRate, PriceBook};
use super::sink::{Credit, Party, Payment, Sink};
use super::{AdjustmentKind, Unpriced};
use crate::catalog::contract::Commitment;
use crate::catalog::{MOST_INCLUDED, Meter, PriceCard, ProductId};
use crate::units::{Number, Price};
use crate::usage::Recurrence;

/// What was paid for: a meter of a product on its card.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paid<'a> {
    pub product: ProductId,
    pub meter: Meter,
    pub recurrence: Recurrence,
    pub card: &'a PriceCard,
    pub factor: Price,
}

/// What is taken off one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Credits<'a, N> {
    included: N,
    discount: N,
    source: Option<&'a str>,
}

impl<N: Number + PartialOrd> Credits<'_, N> {
    /// Returns what is left of a list amount.
    pub fn applied_to(&self, amount: N) -> Option<N> {
        amount.minus(self.included)?.minus(self.discount)
    }

    /// Hands the corrections on.
    pub fn each(&self, paid: &Paid<'_>, sink: &mut impl Sink<N>) {
        let (party, recurrence) = (Party::Product(paid.product), paid.recurrence);
        let both = [
            (AdjustmentKind::Included, self.included, None),
            (AdjustmentKind::Discount, self.discount, self.source),
        ];
        for (kind, taken, source) in both {
            if taken > N::ZERO
                && let Some(amount) = N::ZERO.minus(taken)
            {
                sink.adjusted(Credit { kind, party, recurrence, amount, source });
            }
        }
    }
}

/// Quantities that one product can have free, of its plan and by agreement.
const MOST_FREE: usize = 2 * MOST_INCLUDED;

/// What a month of one product came to.
struct Account<'a, N> {
    product: ProductId,
    card: &'a PriceCard,
    factor: Price,
    monthly: N,
    left: ArrayVec<(Meter, N), MOST_FREE>,
}

/// What a month of a design came to, by product.
pub(super) struct Accounts<'a, N>(Vec<Account<'a, N>>);

impl<'a, N: Number + PartialOrd> Accounts<'a, N> {
    /// Opens the accounts of a design.
    pub fn open() -> Self {
        Accounts(Vec::new())
    }

    /// Books a payment and returns what is taken off it; `None` where an amount cannot be held.
    pub fn settle(
        &mut self,
        paid: &Paid<'a>,
        payment: Payment<N>,
        per: u64,
        book: &PriceBook<'a>,
    ) -> Option<Credits<'a, N>> {
        let nothing = Credits { included: N::ZERO, discount: N::ZERO, source: None };
        let plain = paid.card.included.is_empty() && paid.card.minimum_per_month.is_none();
        if plain && !book.has_agreements() {
            return Some(nothing);
        }
        let mut included = N::ZERO;
        if paid.recurrence == Recurrence::Monthly && book.is_by_the_month() {
            let free = self.account(paid, book)?.take(paid.meter, payment.quantity)?;
            if free > N::ZERO {
                included = free.times(payment.unit_price)?.over(N::from_quantity(per as f64)?)?;
            }
        }
        let agreed = book.discount(paid.product, paid.meter);
        let left = payment.amount.minus(included)?;
        let discount = agreed.map_or(Some(N::ZERO), |agreed| left.times(N::from_price(agreed.share)))?;
        let credits = Credits { included, discount, source: agreed.map(|agreed| agreed.source.as_str()) };
        if paid.recurrence == Recurrence::Monthly {
            let effective = credits.applied_to(payment.amount)?;
            let account = self.account(paid, book)?;
            account.monthly = account.monthly.plus(effective)?;
        }
        Some(credits)
    }

    fn account(&mut self, paid: &Paid<'a>, book: &PriceBook<'a>) -> Option<&mut Account<'a, N>> {
        let at = match self.0.iter().position(|account| account.product == paid.product) {
            Some(at) => at,
            None => {
                let Paid { product, card, factor, .. } = *paid;
                let free = card.included.iter().copied().chain(book.allowances(product));
                let free = free.map(|(meter, units)| Some((meter, N::from_quantity(units)?)));
                let left = free.take(MOST_FREE).collect::<Option<_>>()?;
                self.0.push(Account { product, card, factor, monthly: N::ZERO, left });
                self.0.len() - 1
            }
        };
        self.0.get_mut(at)
    }

    /// Adds what is missing to minimums, where the design pays them, then settles commitments.
    pub fn close(mut self, book: &PriceBook<'a>, pays_minimum: bool, sink: &mut impl Sink<N>) -> Option<()> {
        if pays_minimum {
            for account in &mut self.0 {
                account.top_up(sink)?;
            }
        }
        for owed in book.commitments() {
            self.draw(owed, book, sink)?;
        }
        Some(())
    }

    /// Charges a commitment and gives back what the vendor's products come to, as far as it goes.
    fn draw(&self, owed: &'a Commitment, book: &PriceBook<'a>, sink: &mut impl Sink<N>) -> Option<()> {
        let mut of_vendor =
            self.0.iter().filter(|account| book.is_of(account.product, &owed.vendor)).peekable();
        if of_vendor.peek().is_none() && !owed.binding {
            return Some(());
        }
        let Some(factor) = book.factor(owed.currency) else {
            sink.own(&fee(owed), Err(Unpriced::NoExchangeRate(owed.currency)), N::from_quantity(1.0)?);
            return Some(());
        };
        let converted = |price: Price| N::from_price(price).times(N::from_price(factor));
        let left = converted(owed.amount)?.minus(converted(owed.drawn_elsewhere)?)?;
        let left = if left > N::ZERO { left } else { N::ZERO };
        let used = of_vendor.try_fold(N::ZERO, |sum, account| sum.plus(account.monthly))?;
        let drawn = N::ZERO.minus(if used < left { used } else { left })?;
        for (kind, amount) in [(AdjustmentKind::Commitment, left), (AdjustmentKind::Drawdown, drawn)] {
            let (party, source) = (Party::Vendor(&owed.vendor), Some(owed.source.as_str()));
            sink.adjusted(Credit { kind, party, recurrence: Recurrence::Monthly, amount, source });
        }
        Some(())
    }
}

/// Returns a commitment as a cost of its own, for one whose currency has no rate on the day.
fn fee(owed: &Commitment) -> OwnRate {
    OwnRate {
        name: format!("commitment to {}", owed.vendor),
        basis: OwnBasis::Month,
        price: owed.amount,
        currency: owed.currency,
        place: owed.source.clone(),
    }
}

impl<N: Number + PartialOrd> Account<'_, N> {
    /// Takes as much of a quantity from what is free as there is left.
    fn take(&mut self, meter: Meter, quantity: N) -> Option<N> {
        let mut taken = N::ZERO;
        for (_, left) in self.left.iter_mut().filter(|(free, _)| *free == meter) {
            let wanted = quantity.minus(taken)?;
            let part = if wanted < *left { wanted } else { *left };
            *left = left.minus(part)?;
            taken = taken.plus(part)?;
        }
        Some(taken)
    }

    /// Adds what is missing to the product's monthly minimum: a floor, not a fee on top.
    fn top_up(&mut self, sink: &mut impl Sink<N>) -> Option<()> {
        let Some(minimum) = self.card.minimum_per_month else { return Some(()) };
        let minimum = N::from_price(minimum).times(N::from_price(self.factor))?;
        if self.monthly < minimum {
            let amount = minimum.minus(self.monthly)?;
            let (kind, party) = (AdjustmentKind::Minimum, Party::Product(self.product));
            sink.adjusted(Credit { kind, party, recurrence: Recurrence::Monthly, amount, source: None });
            self.monthly = minimum;
        }
        Some(())
    }
}
