//! A case on another day: names stay looked up, prices and rates are those of that day.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Case, Pair};
use crate::bill::price_book::PriceBook;
use crate::catalog::ProductId;
use crate::scenario::Param;
use crate::units::decimal;

impl<'a> Case<'a> {
    /// Returns the case at the prices and exchange rates of another day. Rates that the scenario fixes hold there too.
    pub fn on(&self, date: Date) -> Case<'a> {
        let exchange = self.catalog.exchange.with_fixed(&self.scenario.fixed_rates, date);
        let (regions, currency) = (self.scenario.regions(), self.book.currency);
        let mut book = PriceBook::open(self.catalog, &exchange, date, &regions, currency);
        book.moment = self.book.moment;
        book.extra_variants.clone_from(&self.book.extra_variants);
        Case { book, ..self.clone() }
    }

    /// Returns an amount of the scenario, such as its budget, in the currency of the results; `None` where it is not
    /// given, where no exchange rate of the day is known, or where it is more than a decimal holds: a budget that
    /// nothing exceeds.
    pub fn amount(&self, param: Param) -> Option<Decimal> {
        let amount = decimal(self.scenario.numbers.get(param)?);
        // Nothing is nothing in any currency.
        if amount.is_zero() {
            return Some(amount);
        }
        let factor = self.book.factor(self.scenario.amounts_in())?;
        amount.checked_mul(factor.exact)
    }

    /// Returns what changing from the baseline to a design costs once, beside what the design itself pays once: nothing for
    /// the baseline, and where there is none; `None` where it cannot be told.
    pub fn switching_to(&self, pair: Pair) -> Option<Decimal> {
        match self.baseline {
            Some(baseline) if baseline != pair => self.amount(Param::SwitchingCost),
            _ => Some(Decimal::ZERO),
        }
    }

    /// Returns the products whose prices a design is billed by, each once, the model that answers first. A model on
    /// hardware of the user's own stands for its GPU.
    pub fn products_of(&self, pair: Pair) -> Vec<ProductId> {
        let uses = pair.strategy.uses(&self.scenario.modes);
        let parts = [
            Some(pair.model),
            self.embedding.filter(|_| uses.index),
            self.store.filter(|_| uses.index),
            self.reranker.filter(|_| uses.reranker),
            self.context_model.filter(|_| uses.context_model),
            self.fallback_model.filter(|_| uses.fallback),
        ];
        let called = self.extra_calls.iter().filter(|call| call.scope.holds(pair));
        let called = called.filter_map(|call| call.product);
        let billed_as = |id: ProductId| {
            let host = self.hosts.iter().find(|host| host.product == id);
            host.map_or(id, |host| host.gpu)
        };
        let mut products: Vec<ProductId> = Vec::new();
        for id in parts.into_iter().flatten().chain(called).map(billed_as) {
            if !products.contains(&id) {
                products.push(id);
            }
        }
        products
    }

    /// Says what a design calls that is no longer sold on the day of the prices, and since when.
    pub fn sold_no_more(&self, pair: Pair) -> Vec<String> {
        let products = self.products_of(pair);
        products.iter().filter_map(|id| self.product(*id).sold_no_more(self.book.date)).collect()
    }
}
