//! What formulas rest on: numbers of the scenario with where they come from, and values worked out from them.

use super::{Digits, Parts, target};
use crate::scenario::workload::counts_text;
use crate::scenario::{Origin, Target};
use crate::usage::formula;
use crate::usage::told::{How, Told, param};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A number of the scenario.
    Number {
        /// Which.
        target: Target,
        /// Who gave it.
        origin: Origin,
        /// Whether it counts tokens on another model than it was given for.
        converted: bool,
    },
    /// Worked out by a formula: in words, and with its values.
    Formula {
        /// The formula in words.
        words: String,
        /// The formula with its values.
        numbers: String,
        /// The same with all digits.
        exact: String,
    },
    /// A rule of a product, or something that words say better.
    Words(String),
}

/// Something that formulas name.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// What formulas call it.
    pub name: String,
    /// The value.
    pub value: f64,
    /// Class of requests that it is about, by name, where there are several.
    pub class: Option<String>,
    /// Where it comes from.
    pub source: Source,
}

impl Value {
    /// Returns the number of the scenario, where it is one.
    pub fn target(&self) -> Option<Target> {
        match self.source {
            Source::Number { target, .. } => Some(target),
            Source::Formula { .. } | Source::Words(_) => None,
        }
    }

    /// Returns whether another value is the same, whatever class it is about.
    fn is_same(&self, other: &Value) -> bool {
        (&self.name, self.value, &self.source) == (&other.name, other.value, &other.source)
    }

    /// Returns where it comes from in one word.
    pub fn origin(&self) -> &'static str {
        match &self.source {
            Source::Number { origin, .. } => match origin {
                Origin::Default => "default",
                Origin::File => "file",
                Origin::Override => "override",
                Origin::Counted => "counted",
            },
            Source::Formula { .. } => "derived",
            Source::Words(_) => "rule",
        }
    }
}

/// Collects what formulas name, and what the formulas of those name.
pub(super) struct Values<'p, 'c> {
    parts: &'p Parts<'p, 'c>,
    found: Vec<Value>,
}

impl<'p, 'c> Values<'p, 'c> {
    pub fn new(parts: &'p Parts<'p, 'c>) -> Self {
        Values { parts, found: Vec::new() }
    }

    /// Adds everything that a formula names, and the names of it all to a list.
    pub fn add(&mut self, formula: &str, told: &Told, names: &mut Vec<String>) {
        for name in formula::names(formula) {
            let Some(value) = self.value(name, told) else { continue };
            if !names.contains(&value.name) {
                names.push(value.name.clone());
            } else if self.found.iter().any(|known| known.is_same(&value)) {
                continue;
            }
            self.keep(value);
            if let Some(named) = told.named(name) {
                let below = match named.how {
                    How::Formula(text) => formula::resolve(text, told),
                    How::Words(text) => Some(text.to_owned()),
                };
                self.add(&below.unwrap_or_default(), told, names);
            }
        }
    }

    /// Keeps a value; one that is alike for several classes is told once, of all.
    fn keep(&mut self, value: Value) {
        match self.found.iter_mut().find(|known| known.is_same(&value)) {
            Some(known) if known.class != value.class => known.class = None,
            Some(_) => {}
            None => self.found.push(value),
        }
    }

    fn value(&self, name: &str, told: &Told) -> Option<Value> {
        let value = told.value(name)?;
        if let Some(param) = param(name) {
            return Some(self.number(target(self.parts, param, told), value, told));
        }
        let write = |text: &str, digits: Digits| {
            formula::written(text, |name| told.value(name).map_or_else(String::new, |v| digits.write(v)))
        };
        let source = match told.named(name)?.how {
            How::Words(words) => Source::Words(formula::written(words, |name| {
                let value = told.value(name).map_or_else(String::new, |value| Digits::Readable.write(value));
                format!("{} ({value})", super::label(name))
            })),
            How::Formula(text) => {
                let resolved = formula::resolve(text, told)?;
                Source::Formula {
                    words: formula::written(&resolved, |name| super::label(name).to_owned()),
                    numbers: write(&resolved, Digits::Readable),
                    exact: write(&resolved, Digits::All),
                }
            }
        };
        let class =
            told.class.map(|class| self.parts.scenario.groups.classes[usize::from(class)].name.text.clone());
        Some(Value { name: name.to_owned(), value, class, source })
    }

    fn number(&self, target: Target, value: f64, told: &Told) -> Value {
        let scenario = self.parts.scenario;
        let measured = scenario.number(target).is_none_or(|given| given == value);
        let converted = told.converts(target.param) || (counts_text(target.param) && !measured);
        let changed = self.parts.changes.iter().any(|(known, _)| *known == target);
        let origin = if changed { Origin::Override } else { scenario.origin_of(target) };
        let source = Source::Number { target, origin, converted };
        // The path of a number says whose it is.
        Value { name: scenario.path_of(target), value, class: None, source }
    }

    /// Returns numbers of the scenario first, in the order of the reference, then the others in the order of the lines.
    pub fn sorted(mut self) -> Vec<Value> {
        self.found.sort_by_key(|value| match value.source {
            Source::Number { target, .. } => (false, Some(target)),
            Source::Formula { .. } | Source::Words(_) => (true, None),
        });
        self.found
    }
}
