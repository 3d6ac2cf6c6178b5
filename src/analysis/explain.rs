//! Where every number of a bill comes from: the formula of each line's quantity in words and with its values, what chose
//! its price, and everything that the formulas rest on.
//!
//! Strategies tell how they count while they count, see [`told`](crate::usage::told); nothing is worked out a second time.

pub mod price;
pub mod value;

use super::design::Design;
use super::{Case, Failure, Pair, moment};
use crate::bill::price_book::{OwnRate, PriceBook};
use crate::bill::rating::rate;
use crate::bill::sink::{Credit, Payment, Rated, Sink};
use crate::bill::{Bill, Charge, Unpriced};
use crate::catalog::Meter;
use crate::scenario::{GroupKind, Origin as From, Param, Scenario, Target};
use crate::usage::told::{Origin, Told};
use crate::usage::{Shape, Step, Usage, UsageLine, formula};
use value::Values;
pub use value::{Source, Value};

/// The part of a line's quantity that alike calls make.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The formula, with what it names in braces.
    pub formula: String,
    /// What it comes to.
    pub amount: f64,
    told: Told,
}

/// How a number is written into a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// As people read it.
    Readable,
    /// With this many significant digits, so that the formula comes to what is shown of its result.
    Significant(usize),
    /// With all its digits, so that the formula can be worked out again.
    All,
}

impl Digits {
    fn write(self, value: f64) -> String {
        match self {
            Digits::Readable => crate::present::value(value),
            Digits::Significant(digits) => crate::present::with_digits(value, digits),
            Digits::All => format!("{value}"),
        }
    }
}

impl Term {
    /// Returns the formula in words: `requests × (system + context + question)`.
    pub fn in_words(&self) -> String {
        formula::written(&self.formula, |name| label(name).to_owned())
    }

    /// Returns the formula with its values: `10,000 × (300 + 128,000 + 100)`.
    pub fn in_numbers(&self, digits: Digits) -> String {
        formula::written(&self.formula, |name| digits.write(self.told.value(name).unwrap_or(f64::NAN)))
    }

    /// Returns what the formula names, with its values.
    pub fn named(&self) -> Vec<(&str, f64)> {
        let names = formula::names(&self.formula);
        names.filter_map(|name| Some((name, self.told.value(name)?))).collect()
    }
}

/// Returns what people call a value: the label of a number of the scenario, or the name itself.
pub fn label(name: &str) -> &str {
    crate::usage::told::param(name).map_or(name, |param| param.facts().label)
}

/// How one line of a bill came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivation {
    /// What its quantity is the sum of: one term, more where calls of several kinds are counted together.
    pub terms: Vec<Term>,
    /// What chose the price, in words; empty where nothing was to be chosen.
    pub chosen: Vec<String>,
    /// Names of all [`values`](Explanation::values) that the terms rest on, directly or through others.
    pub rests_on: Vec<String>,
}

impl Derivation {
    /// Returns what the terms come to: the line's quantity.
    pub fn quantity(&self) -> f64 {
        self.terms.iter().map(|term| term.amount).sum()
    }
}

/// A bill with the derivation of each line.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The design.
    pub pair: Pair,
    /// Numbers that are not those of the case.
    pub changes: Vec<(Target, f64)>,
    /// Coverage, fit and remark.
    pub shape: Shape,
    /// The bill.
    pub bill: Bill,
    /// How each of its lines came about, in their order.
    pub lines: Vec<Derivation>,
    /// Everything that the formulas rest on, each once: numbers of the scenario, then what was worked out from them.
    pub values: Vec<Value>,
}

/// Explains the bill of a design.
///
/// # Errors
/// Why the design cannot run, or that its amounts are too large.
pub fn explain(case: &Case<'_>, pair: Pair) -> Result<Explanation, Failure> {
    explain_at(case, pair, &[])
}

/// Explains the bill of a design with other numbers than the case's, which were checked before.
///
/// # Errors
/// Why the design cannot run, or that its amounts are too large.
pub fn explain_at(case: &Case<'_>, pair: Pair, changes: &[(Target, f64)]) -> Result<Explanation, Failure> {
    case.may_run(pair)?;
    let mut scenario = case.scenario.clone();
    // Shares of classes have to come to one: the workload sees to that, and a scenario does not.
    for (target, number) in changes.iter().filter(|(target, _)| target.param != Param::ClassShare) {
        scenario.put(*target, *number, From::Override);
    }
    let mut design = Design::of(case, pair, &scenario);
    for (target, number) in changes {
        design.workload.put(*target, *number);
    }
    let mut book = case.book.clone();
    book.moment = moment(&scenario);
    let (usage, shape, origins) = design.listen()?;
    let bill = design.bill_at(case, &usage, &book)?;
    let parts = Parts { scenario: &scenario, design: &design, book: &book, usage: &usage, origins, changes };
    let mut lines = parts.lines(&bill)?;
    let mut values = Values::new(&parts);
    for line in &mut lines {
        let mut names = Vec::new();
        line.terms.iter().for_each(|term| values.add(&term.formula, &term.told, &mut names));
        line.rests_on = names;
    }
    let (changes, values) = (changes.to_vec(), values.sorted());
    Ok(Explanation { pair, changes, shape, bill, lines, values })
}

/// What an explanation is made from.
struct Parts<'p, 'c> {
    scenario: &'p Scenario,
    design: &'p Design<'p>,
    book: &'p PriceBook<'c>,
    usage: &'p Usage,
    origins: Vec<Origin>,
    changes: &'p [(Target, f64)],
}

/// A priced part of a line of the usage, in the order of the bill; `None` for a cost of the user's own.
type Counted = (Option<usize>, f64);

/// Notes which line of the usage each line of a bill counts, and how much of it.
struct Matcher<'u> {
    usage: &'u Usage,
    found: Vec<Counted>,
}

impl Matcher<'_> {
    fn push(&mut self, line: &UsageLine, quantity: f64) {
        let at = self.usage.lines.iter().position(|known| std::ptr::eq(known, line));
        self.found.push((at, quantity));
    }
}

impl Sink<f64> for Matcher<'_> {
    fn paid(&mut self, line: &UsageLine, _: Meter, rated: Rated<'_, f64>) {
        self.push(line, rated.payment.quantity);
    }
    fn unpriced(&mut self, line: &UsageLine, _: Meter, quantity: f64, _: Unpriced) {
        self.push(line, quantity);
    }
    fn own(&mut self, _: &OwnRate, _: Result<Payment<f64>, Unpriced>, units: f64) {
        self.found.push((None, units));
    }
    fn adjusted(&mut self, _: Credit<'_, f64>) {}
}

impl Parts<'_, '_> {
    fn lines(&self, bill: &Bill) -> Result<Vec<Derivation>, Failure> {
        let mut matcher = Matcher { usage: self.usage, found: Vec::new() };
        let requests = self.design.workload.requests();
        rate::<f64>(self.usage, requests, self.book, &self.design.own, &mut matcher)
            .map_err(Failure::Overflow)?;
        let lines = bill.lines.iter().zip(matcher.found);
        Ok(lines
            .map(|(line, (at, quantity))| match (&line.charge, at) {
                (Charge::Product(_, meter), Some(at)) => {
                    let chosen = price::chosen(self.book, line, &self.usage.lines[at]);
                    Derivation { terms: self.terms(at, *meter, quantity), chosen, rests_on: Vec::new() }
                }
                _ => {
                    let terms = vec![self.own_term(line.per_request, quantity)];
                    Derivation { terms, chosen: Vec::new(), rests_on: Vec::new() }
                }
            })
            .collect())
    }

    /// Returns the terms of a line of the usage for one meter, of whose quantity a part has one price.
    fn terms(&self, at: usize, meter: Meter, quantity: f64) -> Vec<Term> {
        let line = &self.usage.lines[at];
        let each = line.per_call.iter().find(|(known, _)| *known == meter).map_or(0.0, |(_, each)| *each);
        let whole = line.count() * each;
        let part = if whole > 0.0 { quantity / whole } else { 1.0 };
        // Rounding of a product of several factors.
        let part = if (part - 1.0).abs() < 1e-12 { 1.0 } else { part };
        if matches!(line.step, Step::Host | Step::HostIndex) {
            return vec![self.term(line, meter, (1.0, each), part, self.told_of_host(line))];
        }
        let origins = self.origins.iter().filter(|origin| origin.line == at);
        origins
            .map(|origin| self.term(line, meter, (origin.count, each), part, origin.told.clone()))
            .collect()
    }

    fn term(
        &self,
        line: &UsageLine,
        meter: Meter,
        (count, each): (f64, f64),
        part: f64,
        mut told: Told,
    ) -> Term {
        let strategy = self.design.pair.strategy;
        let mut factors = vec![formula::of(strategy, line.step, meter, &told).unwrap_or_else(|| {
            told.words("calls", count, "as the strategy counts them");
            told.words("used by a call", each, "as the strategy or the scenario says");
            "{calls} × {used by a call}".to_owned()
        })];
        if part != 1.0 {
            told.words("share at this price", part, "of calls in certain hours, or of tokens beyond a tier");
            factors.push("{share at this price}".to_owned());
        }
        Term { formula: formula::product(&factors), amount: count * each * part, told }
    }

    /// Returns what is told of a month's or a job's GPU-hours.
    fn told_of_host(&self, line: &UsageLine) -> Told {
        let mut told = Told::default();
        let month = line.recurrence;
        let busy = |host: &&crate::usage::hosting::Hosted| {
            let hours = line.per_call.first().map_or(0.0, |(_, hours)| *hours);
            host.gpu == line.product && host.gpu_hours(self.usage.busy_seconds(host, month), month) == hours
        };
        if let Some(host) = self.design.hosts.iter().find(busy) {
            told.host = Some(host.at);
            host.tell(&mut told, self.usage.busy_seconds(host, month), month);
        }
        told
    }

    /// Returns the term of a cost of the user's own.
    fn own_term(&self, per_request: bool, units: f64) -> Term {
        let mut told = Told::default();
        told.of_numbers(&self.design.workload.numbers, 1.0);
        crate::usage::month::tell_requests(&mut told, &self.design.workload.numbers, units);
        let formula = if per_request { "{requests of a month}" } else { "1" };
        Term { formula: formula.to_owned(), amount: units, told }
    }
}

/// Returns the number that a name means for some requests: of the whole, or of the table that sets it for them.
fn target(parts: &Parts<'_, '_>, param: Param, told: &Told) -> Target {
    let workload = &parts.design.workload;
    let group = if let Some(call) = told.call.filter(|_| GroupKind::Call.params().contains(&param)) {
        Some((GroupKind::Call, u16::from(call)))
    } else if let Some(host) = told.host.filter(|_| GroupKind::Host.params().contains(&param)) {
        Some((GroupKind::Host, host))
    } else if param == Param::ClassShare {
        told.class.map(|class| (GroupKind::Class, class))
    } else {
        let alike = |slice: &&crate::scenario::workload::Slice| match told.class {
            Some(class) => slice.class == Some(class),
            None => slice.corpus == told.corpus,
        };
        let slice = workload.slices.iter().find(alike);
        slice.and_then(|slice| slice.table_of(param))
    };
    Target { param, group }
}
