//! The repeated tables of a scenario file: `[[class]]`, `[[corpus]]`, `[[call]]`, `[[model]]`, `[[host]]`, `[[quality]]`.

use std::collections::HashSet;
use std::ops::Range;

use super::Reader;
use crate::catalog::{Meter, Service};
use crate::diagnostic::{Fault, Place, nearest, nearest_or_all};
use crate::document::{Document, Section};
use crate::scenario::group::{Class, Corpus, ExtraCall, Host, MOST_USES, ModelNumbers, Overrides, Quality};
use crate::scenario::{GroupKind, Named, Param, Scenario, Target};

/// Most tables of one kind: each class is a slice of every bill.
const MOST_TABLES: usize = 200;

impl Reader<'_, '_> {
    /// Reads every repeated table.
    pub(super) fn groups(&mut self, root: &Section<'_>) {
        for kind in GroupKind::ALL {
            let Some(value) = root.value(kind.key()) else { continue };
            if kind == GroupKind::Corpus && value.kind() != "array" {
                continue;
            }
            let sections = root.sections(kind.key());
            if sections.len() > MOST_TABLES {
                let message = format!("{} tables [[{}]]", sections.len(), kind.key());
                let remedy = format!("keep {MOST_TABLES} at most");
                self.document.fault(value.span(), Fault::Conflict { message, remedy });
                continue;
            }
            for section in sections {
                if self.document.is_hopeless() {
                    return;
                }
                self.group(&section, kind);
            }
        }
    }

    fn group(&mut self, section: &Section<'_>, kind: GroupKind) {
        let at = self.scenario.groups.count(kind);
        let numbers = Overrides::default();
        let place = || section.document().place(section.span());
        let name = |key: &'static str, remedy: &str| {
            let text = section.required_text(key, remedy)?.trim();
            let span = section.value(key)?.span();
            Some(Named { text: text.to_owned(), place: section.document().place(span) })
        };
        let groups = &mut self.scenario.groups;
        match kind {
            GroupKind::Class => {
                let Some(name) = name("name", "write what the requests are called") else { return };
                let (corpus, language) = (named(section, "corpus"), named(section, "language"));
                groups.classes.push(Class { name, corpus, language, numbers });
            }
            GroupKind::Corpus => {
                let Some(name) =
                    name("name", "write what the corpus is called, so that a class can draw on it")
                else {
                    return;
                };
                groups.corpora.push(Corpus { name, numbers });
            }
            GroupKind::Call => {
                let Some(name) = name("name", "write what the call is for, such as name = \"guardrail\"")
                else {
                    return;
                };
                groups.calls.push(ExtraCall {
                    name,
                    product: named(section, "product"),
                    quantities: uses(section),
                    variant: section.text("variant").map(str::to_owned),
                    service: section.word("service", Service::WORDS).unwrap_or_default(),
                    strategies: list(section, "strategies"),
                    models: list(section, "models"),
                    place: place(),
                    numbers,
                });
            }
            GroupKind::Model => {
                let Some(name) = name("name", "write an id or a pattern, such as name = \"openai/*\"") else {
                    return;
                };
                groups.models.push(ModelNumbers { name, numbers });
            }
            GroupKind::Host => {
                let model = name("model", "write the id of the model that you run");
                let gpu = name("gpu", "write the id of a GPU; `ragonomics models kind:gpu` lists them");
                let (Some(name), Some(gpu)) = (model, gpu) else { return };
                let always_on = section.boolean("always_on").unwrap_or(true);
                groups.hosts.push(Host { name, gpu, always_on, numbers });
            }
            GroupKind::Quality => {
                let (strategy, model) = (named(section, "strategy"), named(section, "model"));
                section.require(
                    "accuracy",
                    "write the share of answers that are right, such as accuracy = \"85%\"",
                );
                groups.qualities.push(Quality { strategy, model, place: place(), numbers });
            }
        }
        self.numbers_of(section, kind, at);
        if kind == GroupKind::Call && self.scenario.groups.count(kind) > at {
            self.call_uses_something(section, at);
        }
        section.refuse_unknown_keys();
    }

    /// Refuses a call without tokens, other uses and a fee.
    fn call_uses_something(&self, section: &Section<'_>, at: usize) {
        let call = &self.scenario.groups.calls[at];
        let used = [Param::CallInput, Param::CallOutput, Param::CallFee];
        if section.value("uses").is_none() && used.iter().all(|param| call.numbers.value(*param) == 0.0) {
            let message = format!("the call `{}` uses nothing and has no fee", call.name.text);
            let remedy = "write input_tokens, output_tokens, uses or fee".to_owned();
            self.document.fault_at(call.name.place.clone(), Fault::Conflict { message, remedy });
        }
    }

    /// Reads the numbers that a repeated table sets.
    fn numbers_of(&mut self, section: &Section<'_>, kind: GroupKind, at: usize) {
        for param in kind.params() {
            if let Some(value) = section.value(param.key()) {
                let target = Target { param: *param, group: Some((kind, at as u16)) };
                self.number(section, param.key(), target, value);
            }
        }
    }
}

fn named(section: &Section<'_>, key: &'static str) -> Option<Named> {
    let text = section.text(key)?.trim().to_owned();
    let place = section.document().place(section.value(key)?.span());
    Some(Named { text, place })
}

fn list(section: &Section<'_>, key: &'static str) -> Vec<Named> {
    let items = section.text_list(key).unwrap_or_default();
    let named = |(text, span): (&str, Range<usize>)| Named {
        text: text.trim().to_owned(),
        place: section.document().place(span),
    };
    items.into_iter().map(named).collect()
}

/// Reads what a call uses, by meter.
fn uses(section: &Section<'_>) -> Vec<(Meter, f64)> {
    let mut quantities = Vec::new();
    let Some(inner) = section.section("uses") else { return quantities };
    for (key, span, _) in inner.entries() {
        let quantity = inner.count(key);
        match Meter::by_name(key) {
            Some(meter) => quantities.extend(quantity.map(|quantity| (meter, quantity))),
            None => {
                let near = nearest(key, Meter::ALL.iter().map(|meter| meter.name())).into_iter().next();
                let names: Vec<&str> = Meter::ALL.iter().map(|meter| meter.name()).collect();
                let otherwise = format!("meters are {}", names.join(", "));
                let fault = Fault::UnknownKey { key: inner.full_key(key), nearest: near, otherwise };
                section.document().fault(span, fault);
            }
        }
    }
    if quantities.len() > MOST_USES {
        let message = format!("a call that uses {} meters", quantities.len());
        let remedy = format!("keep {MOST_USES} at most, or split the call");
        section.document().fault(section.span(), Fault::Conflict { message, remedy });
        quantities.truncate(MOST_USES);
    }
    quantities
}

/// Warns of tables about the same thing, which are no contradiction, but hardly meant.
fn warn_of_doubles(document: &Document<'_>, scenario: &Scenario) {
    let groups = &scenario.groups;
    let models = groups.models.iter().map(|table| (table.name.text.clone(), &table.name.place));
    let said = ("of a number in both the last one holds", "write the numbers into one");
    warn_of_same(document, "model", models, said);
    let named = |at: usize| (groups.name(GroupKind::Quality, at), &groups.qualities[at].place);
    let qualities = (0..groups.qualities.len()).map(named);
    warn_of_same(document, "quality", qualities, ("the last one holds", "keep one"));
    let costs = scenario.costs.iter().map(|cost| (cost.name.clone(), &cost.place));
    let said = ("both are counted", "keep one, or give each a name of its own");
    warn_of_same(document, "cost", costs, said);
}

/// Warns of each table whose name an earlier one of the kind has.
fn warn_of_same<'s>(
    document: &Document<'_>,
    kind: &str,
    tables: impl Iterator<Item = (String, &'s Place)>,
    (means, remedy): (&str, &str),
) {
    let mut seen: HashSet<String> = HashSet::new();
    for (name, place) in tables {
        let message = format!("two {kind} tables are for `{name}`: {means}");
        if !seen.insert(name) {
            let fault = Fault::Suspicious { message, remedy: remedy.to_owned() };
            document.warn_at(place.clone(), fault);
        }
    }
}

/// Reports names that stand twice, corpora that are not there, and corpora that no class draws on.
pub(super) fn check(document: &Document<'_>, scenario: &Scenario) {
    let groups = &scenario.groups;
    let report = |named: &Named, fault| document.fault_at(named.place.clone(), fault);
    let mut names: Vec<(GroupKind, &Named)> = Vec::new();
    names.extend(groups.classes.iter().map(|class| (GroupKind::Class, &class.name)));
    names.extend(groups.corpora.iter().map(|corpus| (GroupKind::Corpus, &corpus.name)));
    names.extend(groups.calls.iter().map(|call| (GroupKind::Call, &call.name)));
    names.extend(groups.hosts.iter().map(|host| (GroupKind::Host, &host.name)));
    for (at, (kind, named)) in names.iter().enumerate() {
        if names[..at].iter().any(|(other, known)| other == kind && known.text == named.text) {
            let message = format!("two {} tables are called `{}`", kind.key(), named.text);
            report(named, Fault::Conflict { message, remedy: "give each a name of its own".to_owned() });
        }
    }
    warn_of_doubles(document, scenario);
    for (at, class) in groups.classes.iter().enumerate() {
        if let (None, Some(corpus)) = (scenario.corpus_of_class(at), &class.corpus) {
            let known = groups.corpora.iter().map(|corpus| corpus.name.text.as_str());
            let nearest = nearest_or_all(&corpus.text, known);
            let fault = Fault::UnknownName { kind: "corpus", name: corpus.text.clone(), nearest };
            report(corpus, fault);
        }
    }
    for (at, corpus) in groups.corpora.iter().enumerate() {
        let classes = 0..groups.classes.len().max(1);
        let used = classes.into_iter().any(|class| scenario.corpus_of_class(class).unwrap_or(0) == at as u16);
        if !used {
            let message = format!("no class draws on the corpus `{}`", corpus.name.text);
            let remedy =
                format!("write corpus = \"{}\" in a [[class]], or leave the corpus out", corpus.name.text);
            document.warn_at(corpus.name.place.clone(), Fault::Suspicious { message, remedy });
        }
    }
}
