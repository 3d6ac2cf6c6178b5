//! The strategies, one file each behind one small trait; a new one is a file and an entry here.

use super::rewrite::Rewrite;
use super::{Calls, Job, Part, Refusal, Shape, Step};
use super::{
    cached_context::CachedContext, conversation::Conversation, hybrid::Hybrid, long_context::LongContext,
};
use super::{contextual_rag::ContextualRag, map_reduce::MapReduce, rag::Rag, rag_rerank::RagRerank};
use crate::diagnostic::{Fault, nearest_or_all};
use crate::scenario::{Modes, Param};

/// The two sides of the question, and what is beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// The corpus goes into the prompt.
    Stuff,
    /// What is relevant is looked up.
    Retrieve,
    /// A text is rewritten; another job than answering questions.
    Rewrite,
    /// Several questions are answered in a row; another job than answering one.
    Converse,
}

impl Family {
    /// Every family, in the order in which they are told.
    pub const ALL: [Family; 4] = [Family::Stuff, Family::Retrieve, Family::Rewrite, Family::Converse];

    /// Returns the other side of the question.
    pub fn other_side(self) -> Option<Family> {
        match self {
            Family::Stuff => Some(Family::Retrieve),
            Family::Retrieve => Some(Family::Stuff),
            Family::Rewrite | Family::Converse => None,
        }
    }

    /// Returns whether a request is one question, so that costs can be ranked together.
    pub fn is_one_question(self) -> bool {
        self.other_side().is_some()
    }
}

/// The products that a strategy calls beside the model that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Uses {
    /// The embedding model and the vector store.
    pub index: bool,
    /// The reranker.
    pub reranker: bool,
    /// The model that writes contexts for chunks.
    pub context_model: bool,
    /// The model that requests fall back to.
    pub fallback: bool,
}

/// What every request asks with, and how often the model is asked.
pub(super) const ASKED: &[Param] = &[
    Param::SystemTokens,
    Param::QuestionTokens,
    Param::ReasoningTokens,
    Param::Retries,
    Param::AudioTokens,
    Param::Pages,
    Param::PageTokens,
    Param::PageWidth,
    Param::PageHeight,
    Param::Images,
    Param::ImageWidth,
    Param::ImageHeight,
];

/// What comes back.
pub(super) const ANSWERED: &[Param] = &[Param::OutputTokens, Param::OutputAudioTokens];

/// What an index is made of and how it is searched.
pub(super) const INDEX: &[Param] = &[
    Param::CorpusTokens,
    Param::DocumentTokens,
    Param::ChangedPerMonth,
    Param::TopK,
    Param::Queries,
    Param::ChunkTokens,
    Param::OverlapTokens,
    Param::MetadataBytes,
    Param::SparseValues,
    Param::TextBytes,
    Param::FetchedRecords,
    Param::Tenants,
];

/// How often a prefix is found in a cache, be it that of the system prompt alone.
pub(super) const CACHE: &[Param] =
    &[Param::HitShare, Param::TtlMinutes, Param::PrefixChanges, Param::Tenants, Param::ZipfExponent];

/// A way to answer requests from a corpus.
pub trait Strategy: Sync {
    /// Returns the id, as in `MODEL:STRATEGY`.
    fn id(&self) -> &'static str;

    /// Returns one line of explanation.
    fn summary(&self) -> &'static str;

    /// Returns the numbers that it depends on beside those of every workload, set by set.
    fn parameters(&self) -> &'static [&'static [Param]];

    /// Returns which side of the question it is on.
    fn family(&self) -> Family;

    /// Returns which products it calls beside the model that answers, where the workload works in these ways.
    fn uses(&self, modes: &Modes) -> Uses;

    /// Writes down what is done for a corpus whatever the requests: making an index once, keeping it up to date.
    ///
    /// # Errors
    /// Why that cannot be done.
    fn prepare(&self, _job: &Job<'_>, _calls: &mut dyn Calls) -> Result<(), Refusal> {
        Ok(())
    }

    /// Writes down a month's calls for alike requests.
    ///
    /// # Errors
    /// Why the design cannot run on the model.
    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal>;

    /// Returns how many calls of a step there are, or what each uses, as a [`formula`](super::formula) of numbers of the
    /// scenario and of values that the strategy told. `None` where it is as for all strategies.
    ///
    /// The text of a prompt is what the strategy puts into it; pages and what a cache holds are added for all.
    fn formula(&self, _step: Step, _part: Part) -> Option<&'static str> {
        None
    }
}

/// All strategies, in the order in which they are listed.
pub static STRATEGIES: [&dyn Strategy; 9] = [
    &LongContext,
    &CachedContext,
    &Rag,
    &RagRerank,
    &ContextualRag,
    &Hybrid,
    &MapReduce,
    &Conversation,
    &Rewrite,
];

/// Finds a strategy by its id.
///
/// # Errors
/// A fault that names the nearest one.
pub fn find(id: &str) -> Result<&'static dyn Strategy, Fault> {
    let wanted = id.trim();
    STRATEGIES.iter().copied().find(|strategy| strategy.id() == wanted).ok_or_else(|| Fault::UnknownName {
        kind: "strategy",
        name: wanted.to_owned(),
        nearest: nearest_or_all(wanted, STRATEGIES.iter().map(|strategy| strategy.id())),
    })
}
