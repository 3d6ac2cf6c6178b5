//! The repeated tables of a scenario: classes of requests, corpora, extra calls, numbers of single models, hardware of
//! one's own, known accuracy. Each holds numbers of the one list of parameters, for its own part of the workload.

use super::parameter::{COUNT, Origin, Param};
use super::{Named, OwnCost};
use crate::catalog::{Meter, Service};
use crate::diagnostic::Place;
use crate::units::{Price, decimal};

/// A kind of repeated table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupKind {
    /// `[[class]]`: alike requests.
    Class,
    /// `[[corpus]]`: one of several corpora.
    Corpus,
    /// `[[call]]`: a call beside those of the strategy.
    Call,
    /// `[[model]]`: numbers that are different on one model.
    Model,
    /// `[[host]]`: a model on hardware of one's own.
    Host,
    /// `[[quality]]`: how often answers are right.
    Quality,
}

impl GroupKind {
    /// Every kind, in the order in which a reader meets them.
    pub const ALL: [GroupKind; 6] = [
        GroupKind::Class,
        GroupKind::Corpus,
        GroupKind::Call,
        GroupKind::Model,
        GroupKind::Host,
        GroupKind::Quality,
    ];

    /// Returns the key of the table in files.
    pub fn key(self) -> &'static str {
        match self {
            GroupKind::Class => "class",
            GroupKind::Corpus => "corpus",
            GroupKind::Call => "call",
            GroupKind::Model => "model",
            GroupKind::Host => "host",
            GroupKind::Quality => "quality",
        }
    }

    /// Returns the numbers that such a table may set.
    pub fn params(self) -> &'static [Param] {
        match self {
            GroupKind::Class => CLASS,
            GroupKind::Corpus => CORPUS,
            GroupKind::Call => &[Param::CallShare, Param::CallInput, Param::CallOutput, Param::CallFee],
            GroupKind::Model => MODEL,
            GroupKind::Host => {
                &[Param::HostGpus, Param::HostInputRate, Param::HostOutputRate, Param::HostUtilisation]
            }
            GroupKind::Quality => &[Param::Accuracy],
        }
    }

    /// Finds a number that such a table may set by its key there: the last part of its path.
    pub fn param(self, key: &str) -> Option<Param> {
        self.params().iter().copied().find(|param| param.key() == key)
    }
}

/// What a class may say otherwise: all that belongs to single requests.
const CLASS: &[Param] = &[
    Param::ClassShare,
    Param::SystemTokens,
    Param::QuestionTokens,
    Param::OutputTokens,
    Param::ReasoningTokens,
    Param::Retries,
    Param::AudioTokens,
    Param::OutputAudioTokens,
    Param::Pages,
    Param::PageTokens,
    Param::PageWidth,
    Param::PageHeight,
    Param::Images,
    Param::ImageWidth,
    Param::ImageHeight,
    Param::ContextTokens,
    Param::HitShare,
    Param::TopK,
    Param::Candidates,
    Param::Queries,
    Param::DeclinedShare,
    Param::DeclinedTokens,
    Param::FetchedRecords,
    Param::MapOutputTokens,
    Param::MapParts,
    Param::Turns,
    Param::WindowTurns,
    Param::SummaryTokens,
    Param::TurnGapMinutes,
    Param::RewriteTokens,
    Param::RewriteRatio,
    Param::BatchShare,
    Param::FlexShare,
    Param::PriorityShare,
];

/// Numbers of single requests by their place in the list, those that say how many requests there are among them.
const OF_REQUESTS: [bool; COUNT] = {
    let traffic = [Param::RequestsPerMonth, Param::Users, Param::SessionsPerUser, Param::TurnsPerSession];
    let mut table = [false; COUNT];
    let mut at = 0;
    while at < traffic.len() {
        table[traffic[at] as usize] = true;
        at += 1;
    }
    at = 0;
    while at < CLASS.len() {
        table[CLASS[at] as usize] = true;
        at += 1;
    }
    table
};

impl Param {
    /// Returns whether the number is one of requests or of how many there are: what is done for a corpus whatever the
    /// requests does not depend on it.
    #[inline]
    pub fn is_of_requests(self) -> bool {
        OF_REQUESTS[self as usize]
    }
}

/// What a corpus may say otherwise: its size and how it is cut.
const CORPUS: &[Param] = &[
    Param::CorpusTokens,
    Param::DocumentTokens,
    Param::ChangedPerMonth,
    Param::ChunkTokens,
    Param::OverlapTokens,
    Param::MetadataBytes,
    Param::SparseValues,
    Param::TextBytes,
];

/// What is different from model to model.
const MODEL: &[Param] = &[
    Param::OutputTokens,
    Param::ReasoningTokens,
    Param::Retries,
    Param::HitShare,
    Param::TtlMinutes,
    Param::DeclinedShare,
];

/// Numbers that a table of a kind sets, with where each comes from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overrides(Vec<(Param, f64, Origin)>);

impl Overrides {
    /// Returns a number that is set.
    pub fn get(&self, param: Param) -> Option<f64> {
        self.0.iter().find(|(known, ..)| *known == param).map(|(_, value, _)| *value)
    }

    /// Returns a number that is set, else its default; 0 for one that is derived.
    pub fn value(&self, param: Param) -> f64 {
        self.get(param).unwrap_or_else(|| super::Numbers::default().value(param))
    }

    /// Sets a number without a check.
    pub fn set(&mut self, param: Param, value: f64, origin: Origin) {
        match self.0.iter_mut().find(|(known, ..)| *known == param) {
            Some(known) => *known = (param, value, origin),
            None => self.0.push((param, value, origin)),
        }
    }

    /// Returns the numbers that are set.
    pub fn iter(&self) -> impl Iterator<Item = (Param, f64)> + '_ {
        self.0.iter().map(|(param, value, _)| (*param, *value))
    }

    /// Returns where a number comes from.
    pub fn origin(&self, param: Param) -> Origin {
        self.0.iter().find(|(known, ..)| *known == param).map_or(Origin::Default, |(.., origin)| *origin)
    }
}

/// Alike requests: a share of all, with sizes of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// What the requests are called.
    pub name: Named,
    /// The corpus that they draw on; the first where absent.
    pub corpus: Option<Named>,
    /// Language of their texts, where it is not the scenario's.
    pub language: Option<Named>,
    /// What is different about them.
    pub numbers: Overrides,
}

/// One of several corpora, with an index of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Corpus {
    /// What the corpus is called.
    pub name: Named,
    /// Its size and how it is cut.
    pub numbers: Overrides,
}

/// Most meters that one call may use beside input and output tokens.
pub const MOST_USES: usize = 8;

/// A call that every request may make beside those of the strategy: a guardrail, a judge, a web search, a transcription.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtraCall {
    /// What it is for.
    pub name: Named,
    /// The product called; the model that answers where absent and something is used.
    pub product: Option<Named>,
    /// What one call uses beside input and output tokens, by meter.
    pub quantities: Vec<(Meter, f64)>,
    /// Variant, such as an image size.
    pub variant: Option<String>,
    /// Service class.
    pub service: Service,
    /// Strategies that make it; all where empty.
    pub strategies: Vec<Named>,
    /// Models whose designs make it, as ids or patterns; all where empty.
    pub models: Vec<Named>,
    /// Where it was written.
    pub place: Place,
    /// Share of the requests, tokens and fee.
    pub numbers: Overrides,
}

impl ExtraCall {
    /// Returns what one request pays for the fee; zero where there is none.
    pub fn fee(&self) -> Price {
        let fee = self.numbers.value(Param::CallFee) * self.numbers.value(Param::CallShare);
        Price::new(decimal(fee))
    }

    /// Returns the fee as a cost of the user's own.
    pub fn fee_as_cost(&self) -> OwnCost {
        OwnCost {
            name: format!("{}, fee", self.name.text),
            monthly: None,
            one_off: None,
            per_request: Some(self.fee()),
            currency: None,
            strategies: self.strategies.clone(),
            models: self.models.clone(),
            place: self.place.clone(),
        }
    }
}

/// Numbers that are different on some models, such as the output of one that reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelNumbers {
    /// The models, as an id or a pattern.
    pub name: Named,
    /// What is different.
    pub numbers: Overrides,
}

/// A model that runs on hardware of one's own, paid by the hour of its GPUs instead of by the token.
#[derive(Debug, Clone, PartialEq)]
pub struct Host {
    /// The model or embedding model.
    pub name: Named,
    /// The GPU, which has a price by the hour.
    pub gpu: Named,
    /// Whether boxes run all month, and not only for the hours in which they are busy.
    pub always_on: bool,
    /// Size and throughput of a box.
    pub numbers: Overrides,
}

/// How often the answers of some designs are right, where the user knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// The strategy; all where absent.
    pub strategy: Option<Named>,
    /// The models, as an id or a pattern; all where absent.
    pub model: Option<Named>,
    /// Where it was written.
    pub place: Place,
    /// The accuracy.
    pub numbers: Overrides,
}

/// Every repeated table of a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Groups {
    /// Classes of requests; none means that all are alike.
    pub classes: Vec<Class>,
    /// Corpora; none means the one of `[corpus]`.
    pub corpora: Vec<Corpus>,
    /// Calls beside those of the strategy.
    pub calls: Vec<ExtraCall>,
    /// Numbers of single models.
    pub models: Vec<ModelNumbers>,
    /// Models on hardware of one's own.
    pub hosts: Vec<Host>,
    /// Known accuracy.
    pub qualities: Vec<Quality>,
}

impl Groups {
    /// Returns how many tables of a kind there are.
    pub fn count(&self, kind: GroupKind) -> usize {
        match kind {
            GroupKind::Class => self.classes.len(),
            GroupKind::Corpus => self.corpora.len(),
            GroupKind::Call => self.calls.len(),
            GroupKind::Model => self.models.len(),
            GroupKind::Host => self.hosts.len(),
            GroupKind::Quality => self.qualities.len(),
        }
    }

    /// Returns the name by which a path calls a table.
    pub fn name(&self, kind: GroupKind, at: usize) -> String {
        match kind {
            GroupKind::Class => self.classes[at].name.text.clone(),
            GroupKind::Corpus => self.corpora[at].name.text.clone(),
            GroupKind::Call => self.calls[at].name.text.clone(),
            GroupKind::Model => self.models[at].name.text.clone(),
            GroupKind::Host => self.hosts[at].name.text.clone(),
            GroupKind::Quality => {
                let quality = &self.qualities[at];
                let parts = [&quality.model, &quality.strategy].into_iter().flatten();
                let parts: Vec<&str> = parts.map(|named| named.text.as_str()).collect();
                if parts.is_empty() { "all".to_owned() } else { parts.join(":") }
            }
        }
    }

    /// Returns the numbers of a table.
    pub fn numbers(&self, kind: GroupKind, at: usize) -> &Overrides {
        match kind {
            GroupKind::Class => &self.classes[at].numbers,
            GroupKind::Corpus => &self.corpora[at].numbers,
            GroupKind::Call => &self.calls[at].numbers,
            GroupKind::Model => &self.models[at].numbers,
            GroupKind::Host => &self.hosts[at].numbers,
            GroupKind::Quality => &self.qualities[at].numbers,
        }
    }

    /// Returns the numbers of a table, to change them.
    pub fn numbers_mut(&mut self, kind: GroupKind, at: usize) -> &mut Overrides {
        match kind {
            GroupKind::Class => &mut self.classes[at].numbers,
            GroupKind::Corpus => &mut self.corpora[at].numbers,
            GroupKind::Call => &mut self.calls[at].numbers,
            GroupKind::Model => &mut self.models[at].numbers,
            GroupKind::Host => &mut self.hosts[at].numbers,
            GroupKind::Quality => &mut self.qualities[at].numbers,
        }
    }

    /// Returns the share of the requests of each class: what is given, and for one that says none what the others leave.
    pub fn class_shares(&self) -> Vec<f64> {
        let given = |class: &Class| class.numbers.get(Param::ClassShare);
        let sum: f64 = self.classes.iter().filter_map(given).sum();
        let left = crate::units::share((1.0 - sum).max(0.0));
        self.classes.iter().map(|class| given(class).unwrap_or(left)).collect()
    }
}

/// Gives some classes other shares, by their places; the rest take what is left in the proportions that were given.
/// Where no class is left to take it, the new shares are scaled to come to 1.
///
/// `None` where they come to more than all requests, or to none at all. Of shares of 50 %, 30 % and 20 %, the first moved
/// to 60 % leaves 24 % and 16 %.
pub fn shares_with<'a>(
    given: &'a [f64],
    moved: &'a [(usize, f64)],
) -> Option<impl Iterator<Item = f64> + 'a> {
    let moved_to = move |at: usize| moved.iter().find(|(class, _)| *class == at).map(|(_, share)| *share);
    let taken: f64 = moved.iter().map(|(_, share)| share).sum();
    let others = given.iter().enumerate().filter(|(at, _)| moved_to(*at).is_none());
    let others: f64 = others.map(|(_, share)| share).sum();
    let (scale, left) = match others > 0.0 {
        true if taken <= 1.0 => (1.0, (1.0 - taken) / others),
        false if taken > 0.0 => (1.0 / taken, 0.0),
        _ => return None,
    };
    let share = move |(at, given): (usize, &f64)| match moved_to(at) {
        Some(share) => share * scale,
        None => given * left,
    };
    Some(given.iter().enumerate().map(share).map(crate::units::share))
}
