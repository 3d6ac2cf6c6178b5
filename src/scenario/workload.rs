//! A scenario's requests as slices of alike ones, each with all its numbers: what strategies count from.
//!
//! Classes, corpora and models say only what is different about them; here each slice has every number filled in, so
//! that a strategy asks one list. A number can be changed in place, which is what sweeps do a million times.

use super::group::{GroupKind, shares_with};
use super::{Numbers, Origin, Param, Scenario, Target};
use crate::units::converted;

/// Requests that are alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Index of the class; `None` where the scenario has none.
    pub class: Option<u16>,
    /// Index of the corpus.
    pub corpus: u16,
    /// Share of all requests.
    pub share: f64,
    /// Share of all requests that begin with the same system prompt and context.
    pub prefix_share: f64,
    /// Share of all requests that begin with the same system prompt, whatever follows.
    pub prompt_share: f64,
    /// Those of them that can wait for a batch queue, as a share of all requests.
    pub prompt_batch_share: f64,
    /// Share of all requests that begin with the same system prompt and context once retrieval declined them.
    pub declined_share: f64,
    /// Every number, as it holds for these requests.
    pub numbers: Numbers,
    /// Factor by which the tokens of texts are more on the answering model than they were measured.
    pub tokens_factor: f64,
    /// Numbers that the slice has of its own, with the tables that set them, the last of which holds: a change elsewhere
    /// does not reach them.
    own: Vec<(Param, GroupKind, u16)>,
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
    /// Shares of the classes as the scenario gives them, in whose proportions they share what one of them leaves.
    class_shares: Vec<f64>,
}

/// Returns whether a number counts tokens of texts, which are more or fewer on another model.
pub fn counts_text(param: Param) -> bool {
    TEXTS.contains(&param)
}

/// Numbers that count tokens of texts, which are more or fewer on another model; limits of caches and the like are not.
const TEXTS: &[Param] = &[
    Param::SystemTokens,
    Param::QuestionTokens,
    Param::OutputTokens,
    Param::ReasoningTokens,
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
                prefix_share: 1.0,
                prompt_share: 1.0,
                prompt_batch_share: 0.0,
                declined_share: 0.0,
                numbers: scenario.numbers,
                tokens_factor: tokens_factor(class),
                own: Vec::new(),
            };
            let corpus = (usize::from(corpus) < groups.corpora.len()).then_some((GroupKind::Corpus, corpus));
            let models = models.iter().map(|at| (GroupKind::Model, *at));
            let class = class.map(|class| (GroupKind::Class, class));
            for (kind, at) in corpus.into_iter().chain(models).chain(class) {
                for (param, value) in groups.numbers(kind, usize::from(at)).iter() {
                    slice.own.push((param, kind, at));
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
            class_shares: Vec::new(),
        };
        if workload.slices.len() > 1 {
            workload.class_shares = groups.class_shares();
            workload.put_shares(&groups.class_shares());
        } else {
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
                for slice in self.slices.iter_mut().filter(|slice| slice.table_of(param).is_none()) {
                    slice.put(param, value);
                }
            }
            Some((GroupKind::Class, at)) if param == Param::ClassShare => self.put_share(at, value),
            Some(table @ (GroupKind::Class, at)) => {
                self.slices[usize::from(at)].put_own(param, table, value);
            }
            Some(table @ (GroupKind::Corpus, at)) => {
                for slice in self.slices.iter_mut().filter(|slice| slice.corpus == at) {
                    slice.put_own(param, table, value);
                }
            }
            Some(table @ (GroupKind::Model, at)) if self.models.contains(&at) => {
                for slice in &mut self.slices {
                    slice.put_own(param, table, value);
                }
            }
            Some((GroupKind::Call, at)) => self.calls[usize::from(at)].put(param, value),
            Some((GroupKind::Model | GroupKind::Host | GroupKind::Quality, _)) => {}
        }
        let says_prefix =
            matches!(param, Param::SystemTokens | Param::ContextTokens) && self.slices.len() > 1;
        if says_prefix || matches!(param, Param::DeclinedShare | Param::BatchShare) {
            self.share_prefixes();
        }
    }

    /// Gives a class another share; the others divide the rest in the proportions that the scenario gives them, evenly
    /// where it gives them nothing.
    fn put_share(&mut self, at: u16, value: f64) {
        let moved = [(usize::from(at), value)];
        let Some(shares) = shares_with(&self.class_shares, &moved) else { return };
        for (slice, share) in self.slices.iter_mut().zip(shares) {
            slice.share = share;
        }
        self.share_prefixes();
    }

    /// Gives every class a share, in the order of the scenario; they come to 1.
    pub fn put_shares(&mut self, shares: &[f64]) {
        for (slice, share) in self.slices.iter_mut().zip(shares) {
            slice.share = *share;
        }
        self.share_prefixes();
    }

    /// Works out how many requests share each prefix: those with the same system prompt, and of them those of one corpus
    /// with the same context, and how many of these decline.
    fn share_prefixes(&mut self) {
        for at in 0..self.slices.len() {
            let own = &self.slices[at];
            let same = |param, other: &Slice| own.numbers.get(param) == other.numbers.get(param);
            let alike = || self.slices.iter().filter(|other| same(Param::SystemTokens, other));
            let with_context =
                alike().filter(|other| other.corpus == own.corpus && same(Param::ContextTokens, other));
            let prefix_share = with_context.clone().map(|other| other.share).sum();
            let declined = |other: &Slice| other.share * other.numbers.value(Param::DeclinedShare);
            let declined_share = with_context.map(declined).sum();
            let prompt_share = alike().map(|other| other.share).sum();
            let waits = |other: &Slice| other.share * other.numbers.value(Param::BatchShare);
            let prompt_batch_share = alike().map(waits).sum();
            let slice = &mut self.slices[at];
            (slice.prefix_share, slice.prompt_share) = (prefix_share, prompt_share);
            (slice.prompt_batch_share, slice.declined_share) = (prompt_batch_share, declined_share);
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
    /// Returns the table whose number holds for these requests; `None` where it is one of the whole.
    pub fn table_of(&self, param: Param) -> Option<(GroupKind, u16)> {
        let tables = self.own.iter().rev();
        tables.filter(|(own, ..)| *own == param).map(|(_, kind, at)| (*kind, *at)).next()
    }

    /// Changes a number of a table, unless one that goes before it says its own: a class before a model, a model before
    /// a corpus, and of two models the later.
    fn put_own(&mut self, param: Param, table: (GroupKind, u16), value: f64) {
        let rank = |(kind, at): (GroupKind, u16)| match kind {
            GroupKind::Class => (2, at),
            GroupKind::Model => (1, at),
            _ => (0, at),
        };
        let holds = self.table_of(param);
        if holds.is_some_and(|other| rank(other) > rank(table)) {
            return;
        }
        if holds != Some(table) {
            self.own.push((param, table.0, table.1));
        }
        self.put(param, value);
    }

    /// Changes a number, converted where it counts the tokens of a text.
    fn put(&mut self, param: Param, value: f64) {
        let factor = if TEXTS.contains(&param) { self.tokens_factor } else { 1.0 };
        self.numbers.set(param, converted(value, factor), Origin::Override);
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
