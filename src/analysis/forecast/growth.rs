//! A scenario's numbers as they are in a later month.

use jiff::civil::Date;

use crate::scenario::parameter::LARGEST;
use crate::scenario::{GroupKind, Origin, Param, Scenario, Target};
use crate::units::share;

/// How a scenario grows.
///
/// In month m traffic is what the scenario says × (1 + growth)^(m − 1) × the factor of the calendar month in which
/// month m begins, and a corpus × (1 + corpus growth)^(m − 1). 1,000 requests that grow by 10 % a month are 1,210 in
/// month 3.
#[derive(Debug, Clone, Copy)]
pub struct Growth<'s> {
    scenario: &'s Scenario,
    traffic: f64,
    corpus: f64,
    decline: f64,
}

impl<'s> Growth<'s> {
    /// Reads the rates of a scenario.
    pub fn of(scenario: &'s Scenario) -> Growth<'s> {
        let value = |param| scenario.numbers.value(param);
        let (traffic, corpus) = (value(Param::Growth), value(Param::CorpusGrowth));
        Growth { scenario, traffic, corpus, decline: value(Param::PriceDecline) }
    }

    /// Returns whether corpora become larger, so that something has to be indexed each month.
    pub fn adds_to_corpus(&self) -> bool {
        self.corpus > 0.0
    }

    /// Returns what is left of the prices of models in a month: (1 − decline a year)^((m − 1)/12).
    pub fn prices_left(&self, month: u32) -> f64 {
        (1.0 - self.decline).powf(f64::from(month - 1) / 12.0)
    }

    /// Returns how many times the scenario's traffic a month has by growth alone: (1 + growth)^(m − 1). Growth of 10 % a
    /// month is 1.21 in month 3.
    pub fn traffic_factor(&self, month: u32) -> f64 {
        factor(self.traffic, month)
    }

    /// Returns how many times the scenario's corpora those of a month are.
    pub fn corpus_factor(&self, month: u32) -> f64 {
        factor(self.corpus, month)
    }

    /// Returns the factor of the calendar month in which a month begins, 1 where the scenario has no seasons.
    pub fn season(&self, from: Date) -> f64 {
        let season = usize::try_from(from.month() - 1).ok();
        season.and_then(|at| self.scenario.seasonal.get(at)).copied().unwrap_or(1.0)
    }

    /// Returns the scenario with the traffic and the corpora of a month; `None` where a number grows beyond what
    /// anybody can mean.
    pub fn in_month(&self, month: u32, from: Date) -> Option<Scenario> {
        let season = self.season(from);
        let mut later = self.with_corpus_of(month, self.scenario)?;
        let param = match self.scenario.numbers.get(Param::Users) {
            Some(_) => Param::Users,
            None => Param::RequestsPerMonth,
        };
        let value = grown(self.scenario.numbers.value(param) * season, self.traffic, month);
        later.put(param, within_reason(value)?, Origin::Override);
        within_reason(later.numbers.requests())?;
        Some(later)
    }

    /// Returns a scenario with the corpora of a month.
    pub fn with_corpus_of(&self, month: u32, scenario: &Scenario) -> Option<Scenario> {
        let mut later = scenario.clone();
        if self.corpus != 0.0 {
            for target in corpora(self.scenario) {
                let tokens = grown(self.scenario.number(target).unwrap_or(0.0), self.corpus, month);
                later.put(target, within_reason(tokens.round())?, Origin::Override);
            }
        }
        Some(later)
    }
}

/// Returns the tokens of all corpora of a scenario.
pub fn corpus_tokens(scenario: &Scenario) -> f64 {
    corpora(scenario).into_iter().filter_map(|target| scenario.number(target)).sum()
}

/// Returns the sizes of a scenario's corpora: the one, or each of several.
fn corpora(scenario: &Scenario) -> Vec<Target> {
    let several = 0..scenario.groups.corpora.len() as u16;
    let sized = |at| Target { param: Param::CorpusTokens, group: Some((GroupKind::Corpus, at)) };
    if several.is_empty() { vec![Param::CorpusTokens.into()] } else { several.map(sized).collect() }
}

/// Returns a value × (1 + rate)^(month − 1); nothing stays nothing however it grows.
fn grown(value: f64, rate: f64, month: u32) -> f64 {
    if value == 0.0 { 0.0 } else { value * factor(rate, month) }
}

/// Returns (1 + rate)^(month − 1), rounded to 12 decimals, as derived shares are.
fn factor(rate: f64, month: u32) -> f64 {
    let exponent = i32::try_from(month.saturating_sub(1)).unwrap_or(i32::MAX);
    share((1.0 + rate).powi(exponent))
}

fn within_reason(value: f64) -> Option<f64> {
    (value <= LARGEST).then_some(value)
}
