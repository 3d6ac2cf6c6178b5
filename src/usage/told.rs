//! What was worked out on the way to quantities, for whoever wants a bill explained.
//!
//! Strategies tell it to [`Calls::told`], which only a [`Listener`] answers; bills and curves lose a
//! look and nothing else. A value is told with the formula that it was worked out by, in which `{corpus.tokens}` stands for a
//! number of the scenario and `{chunks}` for another told value.

use super::{Calls, Frame, Job, Meter, Recurrence, Step, Usage, Writer};
use crate::catalog::ProductId;
use crate::scenario::parameter::PARAMETERS;
use crate::scenario::workload::{Slice, counts_text};
use crate::scenario::{Numbers, Param};
use crate::usage::hosting::Hosted;

/// How a told value came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By a formula that can be worked out again.
    Formula(&'static str),
    /// In a way that words say better; numbers that it depends on stand in braces.
    Words(&'static str),
}

impl How {
    /// Returns the formula or the words.
    pub fn text(self) -> &'static str {
        let (How::Formula(text) | How::Words(text)) = self;
        text
    }
}

/// A told value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Named {
    /// What it is, in words.
    pub name: &'static str,
    /// The value.
    pub value: f64,
    /// How it came about.
    pub how: How,
}

/// Values that hold for the calls that follow, with the requests that they are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Class of the requests, where the scenario has classes.
    pub class: Option<u16>,
    /// Corpus of the requests.
    pub corpus: u16,
    /// Place of the extra call in the scenario, for one beside those of the strategy.
    pub call: Option<u8>,
    /// Place of the hosted model in the scenario, for hours of hardware.
    pub host: Option<u16>,
    numbers: Numbers,
    tokens: f64,
    named: Vec<Named>,
}

impl Default for Told {
    fn default() -> Self {
        Told {
            class: None,
            corpus: 0,
            call: None,
            host: None,
            numbers: Numbers::default(),
            tokens: 1.0,
            named: Vec::new(),
        }
    }
}

impl Told {
    /// Takes whose calls follow.
    pub fn about(&mut self, slice: &Slice) {
        (self.class, self.corpus) = (slice.class, slice.corpus);
    }

    /// Takes the numbers of the calls that follow, and by how much texts are longer on their model.
    pub fn count_as(&mut self, job: &Job<'_>) {
        self.of_numbers(job.numbers, job.tokens);
    }

    /// Takes numbers, and by how much texts are longer than they say.
    pub fn of_numbers(&mut self, numbers: &Numbers, tokens: f64) {
        (self.numbers, self.tokens) = (*numbers, tokens);
    }

    /// Takes a value that a formula gives.
    pub fn formula(&mut self, name: &'static str, value: f64, formula: &'static str) {
        self.put(Named { name, value, how: How::Formula(formula) });
    }

    /// Takes a value with words on where it comes from.
    pub fn words(&mut self, name: &'static str, value: f64, words: &'static str) {
        self.put(Named { name, value, how: How::Words(words) });
    }

    fn put(&mut self, named: Named) {
        self.forget(&[named.name]);
        self.named.push(named);
    }

    /// Forgets values that do not hold for the calls that follow.
    pub fn forget(&mut self, names: &[&str]) {
        self.named.retain(|known| !names.contains(&known.name));
    }

    /// Finds a told value.
    pub fn named(&self, name: &str) -> Option<Named> {
        self.named.iter().copied().find(|known| known.name == name)
    }

    /// Returns what stands in braces: a told value, else a number of the scenario.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.named(name).map(|known| known.value).or_else(|| {
            let param = param(name)?;
            let value = self.numbers.get(param)?;
            let converted = self.tokens != 1.0 && counts_text(param);
            Some(if converted { crate::units::converted(value, self.tokens) } else { value })
        })
    }

    /// Returns whether a number that counts tokens of a text was converted for another model than its own.
    pub fn converts(&self, param: Param) -> bool {
        self.tokens != 1.0 && counts_text(param)
    }
}

/// Finds the number of the scenario that a path names.
pub fn param(path: &str) -> Option<Param> {
    PARAMETERS.iter().find(|parameter| parameter.path == path).map(|parameter| parameter.param)
}

/// Some of the calls that a line counts, with what was told of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The line of the usage.
    pub line: usize,
    /// How many calls these are.
    pub count: f64,
    /// What was told.
    pub told: Told,
}

/// Keeps calls as a [`Writer`] does, with what was told of each.
pub struct Listener<'u> {
    writer: Writer<'u>,
    frame: Frame,
    told: Told,
    /// The calls, in the order in which they were written down.
    pub origins: Vec<Origin>,
}

impl<'u> Listener<'u> {
    /// Begins to write, with the models that run on hardware of the user's own.
    pub fn new(usage: &'u mut Usage, hosts: &'u [Hosted]) -> Listener<'u> {
        let writer = Writer::new(usage, hosts);
        Listener { writer, frame: Frame::default(), told: Told::default(), origins: Vec::new() }
    }
}

impl Calls for Listener<'_> {
    fn enter(&mut self, frame: Frame) {
        self.frame = frame;
        self.told.named.clear();
        self.writer.enter(frame);
    }

    fn call(
        &mut self,
        step: Step,
        product: ProductId,
        (calls, share): (f64, f64),
        recurrence: Recurrence,
        quantities: &[(Meter, f64)],
    ) {
        let attempts = self.frame.attempts_of(step);
        self.told.formula("attempts", attempts, "1 + {request.retries}");
        let again = recurrence == Recurrence::Monthly && (step.makes_index() || step == Step::WriteChanges);
        let changed = self.told.value(Param::ChangedPerMonth.facts().path).filter(|_| again);
        self.told.formula("what changes", changed.unwrap_or(1.0), "{corpus.changed_per_month}");
        if let Some(line) = self.writer.write(step, product, (calls, share), recurrence, quantities) {
            let count = calls * attempts * share;
            self.origins.push(Origin { line, count, told: self.told.clone() });
        }
    }

    fn pay_minimum(&mut self) {
        self.writer.pay_minimum();
    }

    fn told(&mut self) -> Option<&mut Told> {
        Some(&mut self.told)
    }
}
