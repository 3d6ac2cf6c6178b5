//! The rules that a scenario sets itself, held against one design: budget, margin, rate limits, constraints.

use rust_decimal::Decimal;

use super::compare::rows::row;
use super::compare::{Reason, Row};
use super::limits::{Limits, limits};
use super::{Case, Failure, Pair};
use crate::scenario::{Named, Param};
use crate::units::decimal;

/// What a rule says of a design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The design keeps it.
    Kept,
    /// The design breaks it.
    Broken,
    /// That cannot be told, such as where a price is missing.
    Unknown,
}

impl Verdict {
    /// Returns the verdict in one word.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Kept => "ok",
            Verdict::Broken => "broken",
            Verdict::Unknown => "unknown",
        }
    }

    fn of(kept: Option<bool>) -> Verdict {
        match kept {
            Some(true) => Verdict::Kept,
            Some(false) => Verdict::Broken,
            None => Verdict::Unknown,
        }
    }
}

/// A value that is held against a bound.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// An amount, in the currency of the results.
    Money(Decimal),
    /// A share.
    Share(Decimal),
    /// Words.
    Words(String),
}

/// One rule with what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its key in the scenario; `fits` for the rule that every design has to keep.
    pub name: &'static str,
    /// What was found; `None` where that is not known.
    pub value: Option<Measure>,
    /// What is allowed.
    pub bound: Measure,
    /// What that comes to.
    pub verdict: Verdict,
    /// Why it is broken or not known, where the numbers do not say it.
    pub reason: Option<String>,
}

/// The rules of a scenario, held against a design.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The design.
    pub pair: Pair,
    /// The rules, that of every design first.
    pub rules: Vec<Rule>,
}

impl Check {
    /// Returns whether the scenario sets rules of its own.
    pub fn sets_rules(&self) -> bool {
        self.rules.len() > 1
    }

    /// Returns whether every rule is known to be kept. An unknown window alone breaks nothing.
    pub fn passes(&self) -> bool {
        let passes = |rule: &Rule| match rule.verdict {
            Verdict::Kept => true,
            Verdict::Broken => false,
            Verdict::Unknown => rule.name == FITS,
        };
        self.rules.iter().all(passes)
    }
}

/// Everything that the design calls can be bought on the day; said only where something cannot.
fn sold(case: &Case<'_>, pair: Pair) -> Option<Rule> {
    let gone = case.sold_no_more(pair);
    (!gone.is_empty()).then(|| Rule {
        name: "sold",
        value: Some(Measure::Words("no longer".to_owned())),
        bound: Measure::Words("all that it calls is sold".to_owned()),
        verdict: Verdict::Broken,
        reason: Some(gone.join("; ")),
    })
}

/// Name of the rule that every design has to keep.
pub const FITS: &str = "fits";

/// Holds the rules of a scenario against one design.
///
/// At a budget of $3,000 a month of $2,412 keeps the rule, one of $3,000.01 breaks it. At a price of $10 a user and a
/// target of 70 % a design may cost $3 a user.
pub fn check(case: &Case<'_>, pair: Pair) -> Check {
    let row = row(case, pair, &mut Vec::new());
    let rules = [
        fits(&row),
        sold(case, pair),
        constraints(case, &row),
        budget(case, &row),
        margin(case, &row),
        tier(case, &row),
    ];
    let mut rules: Vec<Rule> = rules.into_iter().flatten().collect();
    if row.coverage.is_none() {
        // Why, a rule before these says.
        let reason = Some("the design was not worked out".to_owned());
        let open = rules.iter_mut().filter(|rule| rule.verdict == Verdict::Unknown);
        open.for_each(|rule| rule.reason.clone_from(&reason));
    }
    Check { pair, rules }
}

/// Returns why the scenario does not allow a design.
fn barred(row: &Row) -> Option<String> {
    match &row.reason {
        Some(Reason::Failure(Failure::Barred(barred))) => Some(barred.to_string()),
        _ => None,
    }
}

/// The design runs on its model.
fn fits(row: &Row) -> Option<Rule> {
    let failure = row.reason.as_ref().filter(|_| row.coverage.is_none() && barred(row).is_none());
    let verdict = match (failure, row.fits) {
        (Some(_), _) => Verdict::Broken,
        (None, fits) => Verdict::of(fits.filter(|_| row.coverage.is_some())),
    };
    let words = match verdict {
        Verdict::Kept => Some("it does".to_owned()),
        Verdict::Broken => Some("it does not".to_owned()),
        Verdict::Unknown => None,
    };
    let unknown = (verdict == Verdict::Unknown).then(|| "the model's window is not known".to_owned());
    Some(Rule {
        name: FITS,
        value: words.map(Measure::Words),
        bound: Measure::Words("the design runs on its model".to_owned()),
        verdict,
        reason: failure.map(|reason| reason.to_string()).or(unknown),
    })
}

fn budget(case: &Case<'_>, row: &Row) -> Option<Rule> {
    let budget = case.amount(Param::BudgetPerMonth)?;
    // What is priced already can be too much.
    let over = row.monthly.or(row.at_least).map(|known| known > budget);
    let kept = match (row.monthly, over) {
        (_, Some(true)) => Some(false),
        (Some(_), Some(false)) => Some(true),
        _ => None,
    };
    let at_least = row.at_least.filter(|_| row.monthly.is_none());
    Some(Rule {
        name: Param::BudgetPerMonth.facts().path,
        value: row.monthly.or(at_least.filter(|_| kept.is_some())).map(Measure::Money),
        bound: Measure::Money(budget),
        verdict: Verdict::of(kept),
        reason: row.reason.as_ref().map(|reason| reason.to_string()),
    })
}

fn margin(case: &Case<'_>, row: &Row) -> Option<Rule> {
    let numbers = &case.scenario.numbers;
    let (Some(_), Some(_)) = (numbers.get(Param::PricePerUser), numbers.get(Param::Users)) else {
        return None;
    };
    let nothing_paid = || "nobody pays, so there is no margin".to_owned();
    let reason = row.reason.as_ref().map(|reason| reason.to_string());
    Some(Rule {
        name: Param::TargetMargin.facts().path,
        value: row.margin.map(Measure::Share),
        bound: Measure::Share(decimal(numbers.value(Param::TargetMargin))),
        verdict: Verdict::of(row.meets_target),
        reason: reason.or_else(|| row.margin.is_none().then(nothing_paid)),
    })
}

/// The peak is within the tiers that the scenario names, where it names one of a vendor that the design calls.
fn tier(case: &Case<'_>, row: &Row) -> Option<Rule> {
    let named = |text: String| Measure::Words(text);
    let Ok(limits) = limits(case, row.pair) else {
        let vendor = &case.catalog.vendor_of(row.pair.model).id;
        let tier = format!("{vendor}={}", case.tier_of(row.pair.model)?);
        let verdict = Verdict::Unknown;
        return Some(Rule { name: TIERS, value: None, bound: named(tier), verdict, reason: None });
    };
    let tier = own_tiers(case, &limits)?;
    let used = limits.binding().and_then(|(_, tier)| share(tier.binding.used()));
    let over = row.over_limits.as_ref().map(|over| over.to_string());
    Some(Rule {
        name: TIERS,
        value: used.map(Measure::Share),
        bound: named(tier),
        verdict: Verdict::of(row.within_limits),
        reason: over.or_else(|| row.limits_unknown.map(str::to_owned)),
    })
}

const TIERS: &str = "limits.tiers";

/// Returns the tiers that the scenario names of the vendors that a design calls.
fn own_tiers(case: &Case<'_>, limits: &Limits) -> Option<String> {
    let mut tiers: Vec<String> = Vec::new();
    for product in &limits.products {
        let vendor = &case.catalog.vendor_of(product.product).id;
        let tier = product.own_tier.as_ref().map(|tier| format!("{vendor}={tier}"));
        tiers.extend(tier.filter(|tier| !tiers.contains(tier)));
    }
    (!tiers.is_empty()).then(|| tiers.join(", "))
}

/// Returns a share of a limit; `None` where a call can never be made.
fn share(used: f64) -> Option<Decimal> {
    used.is_finite().then(|| decimal((used * 1e6).round() / 1e6))
}

/// Everything that the design calls is allowed.
fn constraints(case: &Case<'_>, row: &Row) -> Option<Rule> {
    let wanted = &case.scenario.constraints;
    let lists = [("vendors", &wanted.vendors), ("models", &wanted.models), ("regions", &wanted.regions)];
    let said: Vec<String> = lists
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| format!("{what} {}", listed(names)))
        .collect();
    if said.is_empty() {
        return None;
    }
    let barred = barred(row);
    let found = if barred.is_none() { "all that it calls is allowed" } else { "not allowed" };
    Some(Rule {
        name: "constraints",
        value: Some(Measure::Words(found.to_owned())),
        bound: Measure::Words(said.join("; ")),
        verdict: Verdict::of(Some(barred.is_none())),
        reason: barred,
    })
}

fn listed(names: &[Named]) -> String {
    names.iter().map(|named| named.text.as_str()).collect::<Vec<_>>().join(", ")
}
