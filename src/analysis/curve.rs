//! One design's cost as a function of the scenario's numbers, in `f64` and without allocation.

use super::design::Design;
use super::{Case, Pair};
use crate::bill::rating::{Sum, rate};
use crate::bill::tally::{Tally, Tariffs};
use crate::diagnostic::word_for;
use crate::scenario::{GroupKind, Origin, Param, Scenario, Target};
use crate::usage::{Shape, Usage, Writer};

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
/// an evaluation allocates nothing.
pub struct Curve<'c> {
    case: &'c Case<'c>,
    /// The design.
    pub pair: Pair,
    /// The scenario with the numbers that change prices, once one of them was changed.
    changed: Option<Scenario>,
    design: Design<'c>,
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
        Curve { case, pair, changed: None, design, tariffs, usage: Usage::default(), runs }
    }

    /// Changes a number that was checked before.
    pub fn put(&mut self, target: impl Into<Target>, value: f64) {
        let target = target.into();
        self.design.workload.put(target, value);
        if target == Param::ContextTokens.into() {
            self.design.parts.modes.fill_context = false;
        }
        if self.is_of_prices(target) {
            let scenario = self.changed.get_or_insert_with(|| self.case.scenario.clone());
            scenario.put(target, value, Origin::Override);
            if !HOURS.contains(&target.param) {
                let Design { hosts, own, .. } = Design::of(self.case, self.pair, scenario);
                self.tariffs = Tariffs::new(&self.case.book, &hosts, &own);
                (self.design.hosts, self.design.own) = (hosts, own);
            }
            self.tariffs.move_to(super::moment(scenario));
        }
    }

    /// Gives every class of requests a share; they come to 1.
    pub fn put_shares(&mut self, shares: &[f64]) {
        self.design.workload.put_shares(shares);
    }

    /// Returns the sums; `None` where the design is not allowed, does not fit or a price is missing, or where the numbers
    /// contradict each other.
    #[inline]
    pub fn sums(&mut self) -> Option<Sum> {
        self.outcome().map(|(sum, _)| sum)
    }

    /// Returns the sums, with the coverage and fit that say against which other designs they count; `None` as for
    /// [`Curve::sums`].
    #[inline]
    pub fn outcome(&mut self) -> Option<(Sum, Shape)> {
        if !self.runs || !self.design.workload.is_consistent() {
            return None;
        }
        let (sum, shape) = if self.tariffs.are_plain() { self.tally() } else { self.rate() }?;
        (!sum.incomplete && sum.monthly.is_finite()).then_some((sum, shape))
    }

    #[inline]
    fn tally(&mut self) -> Option<(Sum, Shape)> {
        let mut tally = Tally::new(&mut self.tariffs);
        let shape = self.design.write(&mut tally).ok()?;
        let sum = tally.close(self.design.workload.requests());
        // Prices are asked for while calls are written; what came to light then may need the general path.
        if self.tariffs.are_plain() { Some((sum, shape)) } else { self.rate() }
    }

    /// Takes the path of bills, for what does not add up call by call.
    fn rate(&mut self) -> Option<(Sum, Shape)> {
        self.usage.clear();
        let shape = self.design.write(&mut Writer::new(&mut self.usage, &self.design.hosts)).ok()?;
        self.usage.host(&self.design.hosts);
        let mut sum = Sum::default();
        let requests = self.design.workload.requests();
        rate::<f64>(&self.usage, requests, &self.case.book, &self.design.own, &mut sum).ok()?;
        Some((sum, shape))
    }

    /// Returns the cost by a metric.
    #[inline]
    pub fn cost(&mut self, metric: Metric) -> Option<f64> {
        let sum = self.sums()?;
        Some(self.by(metric, sum))
    }

    /// Returns what sums come to by a metric.
    #[inline]
    pub fn by(&self, metric: Metric, sum: Sum) -> f64 {
        match metric {
            Metric::Monthly => sum.monthly,
            Metric::Total => {
                sum.monthly * self.design.workload.numbers.value(Param::HorizonMonths) + sum.one_off
            }
        }
    }

    /// Returns the cost with one number changed.
    #[inline]
    pub fn cost_at(&mut self, target: impl Into<Target>, value: f64, metric: Metric) -> Option<f64> {
        self.put(target, value);
        self.cost(metric)
    }

    /// Returns whether a number is not one of calls but of prices: hours, own hardware, fees.
    fn is_of_prices(&self, target: Target) -> bool {
        match (target.group, target.param) {
            (Some((GroupKind::Host, _)), _) | (_, Param::CallFee) => true,
            (Some((GroupKind::Call, at)), Param::CallShare) => {
                self.changed.as_ref().unwrap_or(self.case.scenario).groups.calls[usize::from(at)]
                    .numbers
                    .value(Param::CallFee)
                    > 0.0
            }
            (_, param) => HOURS.contains(&param),
        }
    }
}

/// Numbers that say when requests are made, for prices that hold at certain hours.
const HOURS: [Param; 4] = [Param::ActiveFrom, Param::ActiveHoursPerDay, Param::UtcOffset, Param::DaysPerWeek];
