//! A scenario's requests as slices of alike ones, each with all its numbers: what strategies count from.
//!
//! Classes, corpora and models say only what is different about them; here each slice has every number filled in, so
//! that a strategy asks one list. A number can be changed in place, which is what sweeps do a million times.

use super::group::GroupKind;
use super::{Numbers, Origin, Param, Scenario, Target};
use crate::units::share;

/// Requests that are alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Index of the class; `None` where the scenario has none.
    pub class: Option<u16>,
    /// Index of the corpus.
    pub corpus: u16,
    /// Share of all requests.
    pub share: f64,
    /// The share that the scenario gives it; where another is varied, the rest is divided in proportion to it.
    given_share: f64,
    /// Share of all requests that begin with the same system prompt and context.
    pub prefix_share: f64,
    /// Every number, as it holds for these requests.
    pub numbers: Numbers,
    /// Factor by which the tokens of texts are more on the answering model than they were measured.
    pub tokens_factor: f64,
    /// Numbers that the slice has of its own, with the kind of table that sets them: a change elsewhere does not reach them.
    own: Vec<(Param, GroupKind)>,
}

/// Numbers of a call beside those of the strategy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CallNumbers {
    /// Calls for one request.
    pub share: f64,
    /// Input tokens of a call.
    pub input: f64,
    /// Output tokens of a call.
    pub output: f64,
}

/// Everything that one model is asked for in a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// Numbers of the whole.
    pub numbers: Numbers,
    /// Alike requests; their shares come to 1.
    pub slices: Vec<Slice>,
    /// Calls beside those of the strategy, in the order of the scenario.
    pub calls: Vec<CallNumbers>,
    /// Indexes of the `[[model]]` tables that hold for the model.
    models: Vec<u16>,
}

/// Numbers that count tokens of texts, which are more or fewer on another model; limits of caches and the like are not.
const TEXTS: &[Param] = &[
    Param::SystemTokens,
    Param::QuestionTokens,
    Param::OutputTokens,
    Param::PageTokens,
    Param::CorpusTokens,
    Param::DocumentTokens,
    Param::ContextTokens,
    Param::ChunkTokens,
    Param::OverlapTokens,
    Param::InstructionTokens,
    Param::ChunkContextTokens,
    Param::DeclinedTokens,
    Param::MapOutputTokens,
    Param::SummaryTokens,
    Param::RewriteTokens,
];

impl Workload {
    /// Fills in every number for one model.
    ///
    /// `models` are the indexes of the `[[model]]` tables that hold for it, the last of which goes first, and
    /// `tokens_factor` gives for a class, or for all requests, by how much texts are longer on it.
    pub fn of(scenario: &Scenario, models: Vec<u16>, tokens_factor: impl Fn(Option<u16>) -> f64) -> Workload {
        let groups = &scenario.groups;
        let classes: Vec<Option<u16>> = match groups.classes.len() {
            0 => vec![None],
            count => (0..count as u16).map(Some).collect(),
        };
        let slice = |class: Option<u16>| {
            let corpus = class.and_then(|class| scenario.corpus_of_class(usize::from(class))).unwrap_or(0);
            let mut slice = Slice {
                class,
                corpus,
                share: 1.0,
                given_share: 1.0,
                prefix_share: 1.0,
                numbers: scenario.numbers,
                tokens_factor: tokens_factor(class),
                own: Vec::new(),
            };
            let corpus = groups.corpora.get(usize::from(corpus)).map(|own| (GroupKind::Corpus, &own.numbers));
            let models = models.iter().map(|at| (GroupKind::Model, &groups.models[usize::from(*at)].numbers));
            let class = class.map(|class| (GroupKind::Class, &groups.classes[usize::from(class)].numbers));
            for (kind, numbers) in corpus.into_iter().chain(models).chain(class) {
                for (param, value) in numbers.iter() {
                    slice.own.push((param, kind));
                    slice.numbers.set(param, value, Origin::File);
                }
            }
            slice.convert_tokens();
            slice
        };
        let mut workload = Workload {
            numbers: scenario.numbers,
            slices: classes.into_iter().map(slice).collect(),
            calls: groups.calls.iter().map(|call| CallNumbers::of(&call.numbers)).collect(),
            models,
        };
        if workload.slices.len() > 1 {
            let shares = groups.class_shares();
            for (slice, share) in workload.slices.iter_mut().zip(shares) {
                (slice.share, slice.given_share) = (share, share);
            }
            workload.share_prefixes();
        }
        workload
    }

    /// Returns requests a month.
    #[inline]
    pub fn requests(&self) -> f64 {
        self.numbers.requests()
    }

    /// Returns whether the slice at an index is the first of its corpus, from which the corpus is counted.
    #[inline]
    pub fn is_first_of_corpus(&self, at: usize) -> bool {
        self.slices[..at].iter().all(|earlier| earlier.corpus != self.slices[at].corpus)
    }

    /// Changes a number that was checked before.
    pub fn put(&mut self, target: Target, value: f64) {
        let param = target.param;
        match target.group {
            None => {
                self.numbers.set(param, value, Origin::Override);
                for slice in self.slices.iter_mut().filter(|slice| !slice.sets(param, None)) {
                    slice.put(param, value);
                }
            }
            Some((GroupKind::Class, at)) if param == Param::ClassShare => self.put_share(at, value),
            Some((GroupKind::Class, at)) => self.slices[usize::from(at)].put(param, value),
            Some((GroupKind::Corpus, at)) => {
                for slice in self.slices.iter_mut().filter(|slice| slice.corpus == at) {
                    slice.put(param, value);
                }
            }
            Some((GroupKind::Model, at)) if self.models.contains(&at) => {
                // A class that says its own goes before the model.
                let class = Some(GroupKind::Class);
                for slice in self.slices.iter_mut().filter(|slice| !slice.sets(param, class)) {
                    slice.put(param, value);
                }
            }
            Some((GroupKind::Call, at)) => self.calls[usize::from(at)].put(param, value),
            Some((GroupKind::Model | GroupKind::Host | GroupKind::Quality, _)) => {}
        }
        if self.slices.len() > 1 && matches!(param, Param::SystemTokens | Param::ContextTokens) {
            self.share_prefixes();
        }
    }

    /// Gives a class another share; the others divide the rest in the proportions that the scenario gives them, evenly
    /// where it gives them nothing.
    fn put_share(&mut self, at: u16, value: f64) {
        let varied = usize::from(at);
        let others: f64 =
            self.slices.iter().map(|slice| slice.given_share).sum::<f64>() - self.slices[varied].given_share;
        let evenly = 1.0 / (self.slices.len() as f64 - 1.0);
        for (at, slice) in self.slices.iter_mut().enumerate() {
            slice.share = if at == varied {
                value
            } else {
                let part = if others > 0.0 { slice.given_share / others } else { evenly };
                share(part * (1.0 - value))
            };
        }
        self.share_prefixes();
    }

    /// Works out how many requests share each prefix: those of one corpus with the same system prompt and context.
    fn share_prefixes(&mut self) {
        let prefix = |slice: &Slice| {
            let context = slice.numbers.get(Param::ContextTokens);
            (slice.corpus, slice.numbers.value(Param::SystemTokens).to_bits(), context.map(f64::to_bits))
        };
        for at in 0..self.slices.len() {
            let own = prefix(&self.slices[at]);
            let alike = self.slices.iter().filter(|other| prefix(other) == own);
            self.slices[at].prefix_share = alike.map(|other| other.share).sum();
        }
    }

    /// Returns whether the numbers can hold together; a sweep may pass through some that cannot, such as a share of the
    /// only class that leaves requests to none.
    #[inline]
    pub fn is_consistent(&self) -> bool {
        let alone = self.slices.len() == 1;
        self.slices
            .iter()
            .all(|slice| contradiction(&slice.numbers).is_none() && (!alone || slice.share == 1.0))
    }
}

/// Returns the number that contradicts others: an overlap as large as its chunk, more reasoning than output, service
/// classes for more than all requests.
#[inline]
pub(super) fn contradiction(numbers: &Numbers) -> Option<Param> {
    let value = |param| numbers.value(param);
    if value(Param::OverlapTokens) >= value(Param::ChunkTokens) {
        return Some(Param::OverlapTokens);
    }
    if value(Param::ReasoningTokens) > value(Param::OutputTokens) {
        return Some(Param::ReasoningTokens);
    }
    let served = value(Param::BatchShare) + value(Param::FlexShare) + value(Param::PriorityShare);
    (served > 1.0 + 1e-9).then_some(Param::BatchShare)
}

impl Slice {
    /// Returns whether a table sets a number for these requests, of any kind or of one.
    fn sets(&self, param: Param, by: Option<GroupKind>) -> bool {
        self.own.iter().any(|(own, kind)| *own == param && by.is_none_or(|by| by == *kind))
    }

    /// Changes a number, converted where it counts the tokens of a text.
    fn put(&mut self, param: Param, value: f64) {
        let converted = if self.tokens_factor != 1.0 && TEXTS.contains(&param) {
            (value * self.tokens_factor).round().max(value.min(1.0))
        } else {
            value
        };
        self.numbers.set(param, converted, Origin::Override);
    }

    /// Converts every number that counts the tokens of a text.
    fn convert_tokens(&mut self) {
        if self.tokens_factor != 1.0 {
            for param in TEXTS {
                if let Some(value) = self.numbers.get(*param) {
                    self.put(*param, value);
                }
            }
        }
    }
}

impl CallNumbers {
    fn of(numbers: &super::group::Overrides) -> CallNumbers {
        CallNumbers {
            share: numbers.value(Param::CallShare),
            input: numbers.value(Param::CallInput),
            output: numbers.value(Param::CallOutput),
        }
    }

    fn put(&mut self, param: Param, value: f64) {
        match param {
            Param::CallShare => self.share = value,
            Param::CallInput => self.input = value,
            Param::CallOutput => self.output = value,
            _ => {}
        }
    }
}

impl Scenario {
    /// Returns the index of the corpus that a class draws on; `None` for a name that no corpus has.
    pub fn corpus_of_class(&self, class: usize) -> Option<u16> {
        let Some(named) = &self.groups.classes.get(class)?.corpus else { return Some(0) };
        let at = self.groups.corpora.iter().position(|corpus| corpus.name.text == named.text)?;
        u16::try_from(at).ok()
    }
}
