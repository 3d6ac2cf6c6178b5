//! One design's cost as a function of the scenario's numbers, in `f64` and without allocation.

use super::{Case, Pair};
use crate::bill::price_book::OwnRate;
use crate::bill::rating::{Sum, rate};
use crate::diagnostic::word_for;
use crate::scenario::{Param, Scenario};
use crate::usage::Usage;

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
pub struct Curve<'c> {
    case: &'c Case<'c>,
    /// The design.
    pub pair: Pair,
    own: Vec<OwnRate>,
    usage: Usage,
    runs: bool,
}

impl<'c> Curve<'c> {
    /// Prepares a design.
    pub fn new(case: &'c Case<'c>, pair: Pair) -> Self {
        let runs = case.may_run(pair).is_ok();
        Curve { case, pair, own: case.own_rates(pair), usage: Usage::default(), runs }
    }

    /// Returns the sums for a variation of the case's scenario; `None` where the design is not allowed, does not fit
    /// or a price is missing.
    #[inline]
    pub fn sums(&mut self, scenario: &Scenario) -> Option<Sum> {
        if !self.runs {
            return None;
        }
        self.usage.clear();
        let job = self.case.job(self.pair, scenario);
        self.pair.strategy.usage(&job, &mut self.usage).ok()?;
        let mut sum = Sum::default();
        rate::<f64>(&self.usage, scenario.numbers.requests(), &self.case.book, &self.own, &mut sum).ok()?;
        (!sum.incomplete && sum.monthly.is_finite()).then_some(sum)
    }

    /// Returns the cost for a variation of the case's scenario by a metric.
    #[inline]
    pub fn cost(&mut self, scenario: &Scenario, metric: Metric) -> Option<f64> {
        let sum = self.sums(scenario)?;
        Some(match metric {
            Metric::Monthly => sum.monthly,
            Metric::Total => sum.monthly * scenario.numbers.value(Param::HorizonMonths) + sum.one_off,
        })
    }
}
