//! What a month costs, by what it pays for.

use rust_decimal::Decimal;

use crate::analysis::compare::Reason;
use crate::analysis::{Case, Evaluation, Failure, Pair};
use crate::bill::{AdjustmentKind, Charge, LineItem, Overflow, Total};
use crate::catalog::{Kind, ProductId};
use crate::usage::{Recurrence, Step};

/// What a part of the money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Models that answer, and their caches.
    Answers,
    /// Making an index, keeping it up to date, adding to it.
    Indexing,
    /// Embedding what is asked.
    Embedding,
    /// Keeping vectors and searching them, with what is missing to a monthly minimum.
    Store,
    /// Ranking what a search found.
    Reranking,
    /// Calls beside those of the strategy, with their fees.
    Calls,
    /// Hardware of the user's own.
    Hardware,
    /// Costs that the user wrote down.
    Own,
    /// What is owed to vendors beyond what is used.
    Commitments,
    /// Changing from the baseline.
    Switching,
}

impl Purpose {
    /// Every purpose, in the order in which they are told.
    pub const ALL: [Purpose; 10] = [
        Purpose::Answers,
        Purpose::Indexing,
        Purpose::Embedding,
        Purpose::Store,
        Purpose::Reranking,
        Purpose::Calls,
        Purpose::Hardware,
        Purpose::Own,
        Purpose::Commitments,
        Purpose::Switching,
    ];

    /// Returns the purpose in one word, for JSON and CSV.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Answers => "answers",
            Purpose::Indexing => "indexing",
            Purpose::Embedding => "embedding",
            Purpose::Store => "store",
            Purpose::Reranking => "reranking",
            Purpose::Calls => "calls",
            Purpose::Hardware => "hardware",
            Purpose::Own => "own",
            Purpose::Commitments => "commitments",
            Purpose::Switching => "switching",
        }
    }

    /// Returns the heading of a column.
    pub fn heading(self) -> &'static str {
        match self {
            Purpose::Answers => "Answers",
            Purpose::Indexing => "Indexing",
            Purpose::Embedding => "Embedding",
            Purpose::Store => "Store",
            Purpose::Reranking => "Reranking",
            Purpose::Calls => "Calls",
            Purpose::Hardware => "Hardware",
            Purpose::Own => "Own costs",
            Purpose::Commitments => "Committed",
            Purpose::Switching => "Switching",
        }
    }

    /// Returns what a line is for.
    fn of_line(case: &Case<'_>, line: &LineItem) -> Purpose {
        let id = match &line.charge {
            Charge::Own(name) => {
                let mut fees = case.scenario.groups.calls.iter().map(|call| call.fee_as_cost());
                return if fees.any(|fee| fee.name == *name) { Purpose::Calls } else { Purpose::Own };
            }
            Charge::Product(id, _) => *id,
        };
        match line.of {
            Some(Step::Extra(_)) => Purpose::Calls,
            Some(Step::WriteIndex | Step::WriteChanges | Step::HostIndex) => Purpose::Indexing,
            Some(step) if step.makes_index() => Purpose::Indexing,
            _ => Purpose::of_product(case, id),
        }
    }

    fn of_product(case: &Case<'_>, id: ProductId) -> Purpose {
        match case.kind(id) {
            Kind::Embedding => Purpose::Embedding,
            Kind::VectorStore => Purpose::Store,
            Kind::Rerank => Purpose::Reranking,
            Kind::Gpu => Purpose::Hardware,
            _ => Purpose::Answers,
        }
    }
}

/// Money that is spent in a month, or before the first.
///
/// The parts come to the cost exactly. Each holds what is paid after allowances and discounts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outlay {
    /// What is known, by purpose, in the order of [`Purpose::ALL`]; none is zero.
    pub parts: Vec<(Purpose, Decimal)>,
    /// Why that is not all of it.
    pub reason: Option<Reason>,
}

impl Outlay {
    /// Returns money of which nothing is known, with the reason.
    pub(super) fn unknown(reason: Reason) -> Outlay {
        Outlay { parts: Vec::new(), reason: Some(reason) }
    }

    /// Adds up what a bill says for one recurrence.
    pub(super) fn of(case: &Case<'_>, pair: Pair, evaluation: &Evaluation, recurrence: Recurrence) -> Outlay {
        let bill = &evaluation.bill;
        let mut outlay = Outlay::default();
        for line in bill.lines.iter().filter(|line| line.recurrence == recurrence) {
            if let Ok(price) = &line.price {
                outlay.add(Purpose::of_line(case, line), price.effective);
            }
        }
        for adjustment in bill.adjustments.iter().filter(|adjustment| adjustment.recurrence == recurrence) {
            let purpose = match (adjustment.kind, adjustment.product) {
                // They are inside the lines' effective amounts.
                (AdjustmentKind::Included | AdjustmentKind::Discount, _) => continue,
                (AdjustmentKind::Minimum, Some(product)) => Purpose::of_product(case, product),
                _ => Purpose::Commitments,
            };
            outlay.add(purpose, adjustment.amount);
        }
        if !bill.total(recurrence).complete {
            outlay.reason = Reason::of_bill(case, pair, bill);
        }
        outlay
    }

    /// Adds an amount for a purpose.
    pub(super) fn add(&mut self, purpose: Purpose, amount: Decimal) {
        if amount.is_zero() {
            return;
        }
        let at = self.parts.partition_point(|(known, _)| *known < purpose);
        match self.parts.get_mut(at).filter(|(known, _)| *known == purpose) {
            None => self.parts.insert(at, (purpose, amount)),
            Some((_, known)) => match known.checked_add(amount) {
                Some(sum) => *known = sum.normalize(),
                None => self.reason = Some(Reason::Failure(Failure::Overflow(Overflow))),
            },
        }
    }

    /// Adds what it costs to index that by which a corpus has grown: all of it less what was there before. Where one of
    /// the two is not known, neither is the difference; what is missing in both alike is missing from the sum.
    pub(super) fn add_index(&mut self, whole: &Outlay, before: Result<Outlay, Reason>) {
        let known = |outlay: &Outlay| outlay.part(Purpose::Indexing);
        let missing = match &before {
            Err(reason) => Some(reason.clone()),
            Ok(before) => before.reason.clone(),
        };
        if let Ok(before) = &before
            && (before.reason.is_none() || whole.reason.is_some())
        {
            self.add(Purpose::Indexing, (known(whole) - known(before)).max(Decimal::ZERO));
        }
        self.reason = self.reason.take().or_else(|| whole.reason.clone()).or(missing);
    }

    /// Returns what is spent for a purpose.
    pub fn part(&self, purpose: Purpose) -> Decimal {
        self.parts.iter().find(|(known, _)| *known == purpose).map_or(Decimal::ZERO, |(_, amount)| *amount)
    }

    /// Returns the sum, and whether it is all.
    pub fn total(&self) -> Total {
        let nothing = Total { known: Decimal::ZERO, complete: self.reason.is_none() };
        self.parts.iter().fold(nothing, |sum, (_, amount)| plus(sum, *amount))
    }

    /// Returns the cost where all of it is known.
    pub fn cost(&self) -> Option<Decimal> {
        self.total().amount()
    }

    /// Returns the known part of a cost that is not known as a whole; `None` where nothing is.
    pub fn at_least(&self) -> Option<Decimal> {
        let total = self.total();
        (!total.complete && !total.known.is_zero()).then_some(total.known)
    }
}

/// Adds an amount to a total, which is no longer complete where a decimal cannot hold the sum.
pub(super) fn plus(total: Total, amount: Decimal) -> Total {
    match total.known.checked_add(amount) {
        Some(known) => Total { known: known.normalize(), ..total },
        None => Total { complete: false, ..total },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indexed(dollars: i64, reason: Option<Reason>) -> Outlay {
        Outlay { parts: vec![(Purpose::Indexing, Decimal::from(dollars))], reason }
    }

    #[test]
    fn what_a_corpus_cost_before_is_never_taken_for_nothing() {
        let unknown = || Reason::Failure(Failure::Overflow(Overflow));
        let month = |whole: &Outlay, before| {
            let mut month = Outlay::default();
            month.add_index(whole, before);
            (month.cost(), month.at_least(), month.reason)
        };
        let whole = indexed(30, None);
        let dollars = |amount: i64| Some(Decimal::from(amount));
        assert_eq!(month(&whole, Ok(indexed(20, None))), (dollars(10), None, None));
        assert_eq!(month(&whole, Err(unknown())), (None, None, Some(unknown())));
        assert_eq!(month(&whole, Ok(indexed(20, Some(unknown())))), (None, None, Some(unknown())));
        // The same price is missing from both, so that the rest can be told.
        let partly = indexed(30, Some(unknown()));
        assert_eq!(month(&partly, Ok(indexed(20, Some(unknown())))), (None, dollars(10), Some(unknown())));
    }
}
