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
use crate::usage::month::{Month, Refused};
use crate::usage::{Shape, Usage, Writer};

/// What is compared along a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metric {
    /// Cost of one month.
    #[default]
    Monthly,
    /// Cost over the horizon, with what is paid once and what changing from the baseline costs.
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
    /// Currency of the results for one unit of the scenario's in what changing to the design costs; `None` where nothing
    /// changes.
    switching: Option<f64>,
}

impl<'c> Curve<'c> {
    /// Prepares a design with the numbers of the case.
    pub fn new(case: &'c Case<'c>, pair: Pair) -> Self {
        let runs = case.may_run(pair).is_ok();
        let design = case.design(pair);
        let tariffs = Tariffs::new(&case.book, &design.hosts, &design.own);
        let (scenario, book) = (Cow::Borrowed(case.scenario), Cow::Borrowed(&case.book));
        let changes = case.baseline.is_some_and(|baseline| baseline != pair);
        // Without a rate no total is a number.
        let factor = || case.book.factor(case.scenario.amounts_in()).map_or(f64::NAN, |factor| factor.float);
        let switching = changes.then(factor);
        Curve { case, pair, scenario, design, book, tariffs, usage: Usage::default(), runs, switching }
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
        if let Some(of) = PriceNumber::of(target, &self.scenario) {
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

    /// Gives every class of requests a share; they come to 1.
    pub fn put_shares(&mut self, shares: &[f64]) {
        self.design.workload.put_shares(shares);
        self.tariffs.prepare_anew();
    }

    /// Returns the sums; `None` where the design is not allowed, does not fit or a price is missing, where the numbers
    /// contradict each other, or where a sum is more than a bill could hold.
    #[inline]
    pub fn sums(&mut self) -> Option<Sum> {
        self.evaluate(|month, tally| month.answer_unseen(tally), |_| ()).map(|(sum, ())| sum)
    }

    /// Returns the sums, with the coverage and fit that say against which other designs they count; `None` as for
    /// [`Curve::sums`].
    #[inline]
    pub fn outcome(&mut self) -> Option<(Sum, Shape)> {
        self.evaluate(|month, tally| month.answer(tally), |shape| shape)
    }

    /// Adds the design up, and keeps of its shape what is asked for.
    #[inline]
    fn evaluate<T>(
        &mut self,
        answer: impl FnOnce(Month<'_>, &mut Tally<'_, 'c>) -> Result<T, Refused>,
        kept: impl FnOnce(Shape) -> T,
    ) -> Option<(Sum, T)> {
        if !self.runs || !self.design.workload.is_consistent() {
            return None;
        }
        let plain = if self.tariffs.are_plain() { Some(self.tally(answer)?) } else { None };
        // Prices are asked for while calls are written; what came to light then may need the general path.
        let (sum, own) = match plain.filter(|_| self.tariffs.are_plain()) {
            Some(found) => found,
            None => self.rate().map(|(sum, shape)| (sum, kept(shape)))?,
        };
        let can_be_told = sum.monthly.abs() < BEYOND_DECIMALS && sum.one_off.abs() < BEYOND_DECIMALS;
        (!sum.incomplete && can_be_told).then_some((sum, own))
    }

    #[inline]
    fn tally<T>(
        &mut self,
        answer: impl FnOnce(Month<'_>, &mut Tally<'_, 'c>) -> Result<T, Refused>,
    ) -> Option<(Sum, T)> {
        let mut tally = Tally::new(&mut self.tariffs);
        let month = self.design.month();
        if !tally.is_prepared() {
            month.prepare(&mut tally).ok()?;
            tally.keep_prepared();
        }
        let own = answer(month, &mut tally).ok()?;
        Some((tally.close(self.design.workload.requests()), own))
    }

    /// Takes the path of bills, for what does not add up call by call.
    fn rate(&mut self) -> Option<(Sum, Shape)> {
        self.usage.clear();
        let shape = self.design.write(&mut Writer::new(&mut self.usage, &self.design.hosts)).ok()?;
        self.usage.host(&self.design.hosts);
        let mut sum = Sum::default();
        let requests = self.design.workload.requests();
        rate::<f64>(&self.usage, requests, &self.book, &self.design.own, &mut sum).ok()?;
        Some((sum, shape))
    }

    /// Returns the cost by a metric.
    #[inline]
    pub fn cost(&mut self, metric: Metric) -> Option<f64> {
        let sum = self.sums()?;
        Some(self.by(metric, sum)).filter(|cost| cost.abs() < BEYOND_DECIMALS)
    }

    /// Returns what sums come to by a metric.
    #[inline]
    pub fn by(&self, metric: Metric, sum: Sum) -> f64 {
        match metric {
            Metric::Monthly => sum.monthly,
            Metric::Total => {
                let value = |param| self.design.workload.numbers.value(param);
                let switching = value(Param::SwitchingCost);
                // Nothing is nothing in any currency.
                let switched =
                    self.switching.filter(|_| switching > 0.0).map_or(0.0, |factor| switching * factor);
                sum.monthly * value(Param::HorizonMonths) + sum.one_off + switched
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
    fn of(target: Target, scenario: &Scenario) -> Option<PriceNumber> {
        let pays_fee = |at: u16| scenario.groups.calls[usize::from(at)].numbers.value(Param::CallFee) > 0.0;
        match (target.param, target.group) {
            (Param::ActiveFrom | Param::ActiveHoursPerDay | Param::UtcOffset | Param::DaysPerWeek, _) => {
                Some(PriceNumber::Hours)
            }
            (_, Some((GroupKind::Host, _))) => Some(PriceNumber::Host),
            (Param::CallFee, _) => Some(PriceNumber::Fee),
            (Param::CallShare, Some((_, at))) if pays_fee(at) => Some(PriceNumber::Fee),
            _ => None,
        }
    }
}
