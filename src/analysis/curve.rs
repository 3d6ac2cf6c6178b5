//! One design's cost as a function of the scenario's numbers, in `f64` and without allocation.

use std::borrow::Cow;

use super::design::Design;
use super::{Case, Pair};
use crate::bill::price_book::PriceBook;
use crate::bill::rating::{Sum, rate};
use crate::bill::tally::{Tally, Tariffs};
use crate::diagnostic::word_for;
use crate::scenario::{GroupKind, Origin, Param, Scenario, Target};
use crate::units::BEYOND_DECIMALS;
use crate::usage::{Usage, Writer};

/// What is compared along a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metric {
    /// Cost of one month.
    #[default]
    Monthly,
    /// Cost over the horizon, one-off costs included.
    Total,
}

impl Metric {
    /// The words in flags and JSON.
    pub const WORDS: &'static [(&'static str, Metric)] =
        &[("monthly", Metric::Monthly), ("total", Metric::Total)];

    /// Returns the word for the metric.
    pub fn word(self) -> &'static str {
        word_for(self, Metric::WORDS)
    }
}

/// A design's cost as a function of numbers.
///
/// [`Curve::put`] changes a number, [`Curve::sums`] tells what the design then costs. Prices are looked up once, so that
/// an evaluation allocates nothing; only a change of the hours or fees that prices depend on looks them up anew.
pub struct Curve<'c> {
    case: &'c Case<'c>,
    /// The design.
    pub pair: Pair,
    scenario: Cow<'c, Scenario>,
    design: Design<'c>,
    /// The prices for the general path.
    book: Cow<'c, PriceBook<'c>>,
    tariffs: Tariffs<'c>,
    usage: Usage,
    runs: bool,
}

impl<'c> Curve<'c> {
    /// Prepares a design with the numbers of the case.
    pub fn new(case: &'c Case<'c>, pair: Pair) -> Self {
        let runs = case.may_run(pair).is_ok();
        let design = case.design(pair);
        let tariffs = Tariffs::new(&case.book, &design.hosts, &design.own);
        let (scenario, book) = (Cow::Borrowed(case.scenario), Cow::Borrowed(&case.book));
        Curve { case, pair, scenario, design, book, tariffs, usage: Usage::default(), runs }
    }

    /// Changes a number that was checked before.
    pub fn put(&mut self, target: impl Into<Target>, value: f64) {
        let target = target.into();
        self.design.workload.put(target, value);
        if !target.param.is_of_requests() {
            self.tariffs.prepare_anew();
        }
        if target == Param::ContextTokens.into() {
            self.design.parts.modes.fill_context = false;
        }
        if let Some(of) = PriceNumber::of(target) {
            self.scenario.to_mut().put(target, value, Origin::Override);
            self.put_prices(of);
        }
    }

    fn put_prices(&mut self, of: PriceNumber) {
        match of {
            PriceNumber::Hours => {
                let moment = super::moment(&self.scenario);
                self.tariffs.move_to(moment);
                if self.book.moment != moment {
                    self.book.to_mut().moment = moment;
                }
            }
            PriceNumber::Host => {
                self.case.renumber(&mut self.design.hosts, &self.scenario);
                self.tariffs.renumber(&self.design.hosts);
            }
            PriceNumber::Fee => {
                self.design.own = self.case.own_rates(self.pair, &self.scenario);
                self.tariffs = Tariffs::new(&self.case.book, &self.design.hosts, &self.design.own);
                self.tariffs.move_to(self.book.moment);
            }
        }
    }

    /// Returns the sums; `None` where the design is not allowed, does not fit or a price is missing, where the numbers
    /// contradict each other, or where a sum is more than a bill could hold.
    #[inline]
    pub fn sums(&mut self) -> Option<Sum> {
        if !self.runs || !self.design.workload.is_consistent() {
            return None;
        }
        let sum = if self.tariffs.are_plain() { self.tally() } else { self.rate() }?;
        let can_be_told = sum.monthly.abs() < BEYOND_DECIMALS && sum.one_off.abs() < BEYOND_DECIMALS;
        (!sum.incomplete && can_be_told).then_some(sum)
    }

    #[inline]
    fn tally(&mut self) -> Option<Sum> {
        let mut tally = Tally::new(&mut self.tariffs);
        let month = self.design.month();
        if !tally.is_prepared() {
            month.prepare(&mut tally).ok()?;
            tally.keep_prepared();
        }
        month.answer_unseen(&mut tally).ok()?;
        let sum = tally.close(self.design.workload.requests());
        // Prices are asked for while calls are written; what came to light then may need the general path.
        if self.tariffs.are_plain() { Some(sum) } else { self.rate() }
    }

    /// Takes the path of bills, for what does not add up call by call.
    fn rate(&mut self) -> Option<Sum> {
        self.usage.clear();
        self.design.write(&mut Writer::new(&mut self.usage, &self.design.hosts)).ok()?;
        self.usage.host(&self.design.hosts);
        let mut sum = Sum::default();
        let requests = self.design.workload.requests();
        rate::<f64>(&self.usage, requests, &self.book, &self.design.own, &mut sum).ok()?;
        Some(sum)
    }

    /// Returns the cost by a metric.
    #[inline]
    pub fn cost(&mut self, metric: Metric) -> Option<f64> {
        let sum = self.sums()?;
        match metric {
            Metric::Monthly => Some(sum.monthly),
            Metric::Total => {
                let months = self.design.workload.numbers.value(Param::HorizonMonths);
                Some(sum.monthly * months + sum.one_off).filter(|total| total.abs() < BEYOND_DECIMALS)
            }
        }
    }

    /// Returns the cost with one number changed.
    #[inline]
    pub fn cost_at(&mut self, target: impl Into<Target>, value: f64, metric: Metric) -> Option<f64> {
        self.put(target, value);
        self.cost(metric)
    }
}

/// A number that is not one of calls but of what they cost.
#[derive(Clone, Copy)]
enum PriceNumber {
    /// When calls are made, where prices depend on the hour.
    Hours,
    /// Hardware of the user's own.
    Host,
    /// A fee for a call or how often it is paid.
    Fee,
}

impl PriceNumber {
    #[inline]
    fn of(target: Target) -> Option<PriceNumber> {
        match (target.param, target.group) {
            (Param::ActiveFrom | Param::ActiveHoursPerDay | Param::UtcOffset | Param::DaysPerWeek, _) => {
                Some(PriceNumber::Hours)
            }
            (_, Some((GroupKind::Host, _))) => Some(PriceNumber::Host),
            (_, Some((GroupKind::Call, _))) => Some(PriceNumber::Fee),
            _ => None,
        }
    }
}
