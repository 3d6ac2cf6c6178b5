//! What a call is for: the words of a bill line, and what follows from it.

use std::sync::LazyLock;

/// Words for the steps of each turn of a conversation: the turn, with a hit, with a write, the summary before it.
static TURNS: LazyLock<Vec<[String; 4]>> = LazyLock::new(|| {
    let words = |turn: u8| {
        [
            format!("answer, turn {turn}"),
            format!("answer, turn {turn}, cache hit"),
            format!("answer, turn {turn}, cache write"),
            format!("summarise before turn {turn}"),
        ]
    };
    (0..=u8::MAX).map(words).collect()
});

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Writing contexts for chunks, without a cache.
    WriteContexts,
    /// Writing a context while its document is written to the cache.
    WriteContextsMiss,
    /// Writing a context with its document found in the cache.
    WriteContextsHit,
    /// Writing the context of a document's last chunk, which is shorter than the others.
    WriteContextsLast,
    /// Embedding the corpus the first time.
    EmbedCorpus,
    /// Embedding again what changed.
    EmbedChanges,
    /// Writing vectors the first time.
    WriteIndex,
    /// Writing again the vectors that changed.
    WriteChanges,
    /// Keeping vectors.
    StoreIndex,
    /// Embedding the question.
    EmbedQuestion,
    /// Searching the index.
    Search,
    /// Fetching records by their ids.
    Fetch,
    /// Ranking again what the search found.
    Rerank,
    /// Answering without a cache.
    Answer,
    /// Answering with the prefix found in the cache.
    AnswerHit,
    /// Answering while the prefix is written to the cache.
    AnswerMiss,
    /// Keeping tokens in a cache that takes rent.
    StoreCache,
    /// Rewriting a full piece of a text.
    Rewrite,
    /// Rewriting the rest of a text.
    RewriteRest,
    /// Reading a full part of the corpus.
    Map,
    /// Reading the rest of the corpus.
    MapRest,
    /// Making one output of as many as fit.
    Condense,
    /// Making one output of what is left of a level.
    CondenseRest,
    /// Answering from all outputs that are left.
    Reduce,
    /// A turn of a conversation, counted from 1, without a cache.
    Turn(u8),
    /// A turn that finds its prefix in the cache.
    TurnHit(u8),
    /// A turn that writes its prefix to the cache.
    TurnMiss(u8),
    /// Bringing the summary of a conversation up to date before a turn.
    Summarise(u8),
    /// Answering from chunks that turn out not to be enough.
    Decline,
    /// Answering again from the long context.
    Fallback,
    /// Answering again from the long context, found in the cache.
    FallbackHit,
    /// Answering again from the long context, which is written to the cache.
    FallbackMiss,
    /// Reading a prefix only to keep it in the cache.
    KeepWarm,
    /// A call beside those of the strategy, by its place in the scenario.
    Extra(u8),
    /// Running a model on hardware of one's own.
    Host,
    /// Running it to make the index.
    HostIndex,
}

impl Step {
    /// Returns the step in words.
    pub fn label(self) -> &'static str {
        match self {
            Step::WriteContexts => "write contexts",
            Step::WriteContextsMiss => "write contexts, cache write",
            Step::WriteContextsHit => "write contexts, cache hit",
            Step::WriteContextsLast => "write contexts, last chunk",
            Step::EmbedCorpus => "embed corpus",
            Step::EmbedChanges => "embed changes",
            Step::WriteIndex => "write index",
            Step::WriteChanges => "write changes",
            Step::StoreIndex => "store index",
            Step::EmbedQuestion => "embed question",
            Step::Search => "search",
            Step::Fetch => "fetch",
            Step::Rerank => "rerank",
            Step::Answer => "answer",
            Step::AnswerHit => "answer, cache hit",
            Step::AnswerMiss => "answer, cache write",
            Step::StoreCache => "keep cache",
            Step::Rewrite => "rewrite",
            Step::RewriteRest => "rewrite, last piece",
            Step::Map => "map",
            Step::MapRest => "map, last part",
            Step::Condense => "condense",
            Step::CondenseRest => "condense, last group",
            Step::Reduce => "reduce",
            Step::Turn(turn) => &TURNS[usize::from(turn)][0],
            Step::TurnHit(turn) => &TURNS[usize::from(turn)][1],
            Step::TurnMiss(turn) => &TURNS[usize::from(turn)][2],
            Step::Summarise(turn) => &TURNS[usize::from(turn)][3],
            Step::Decline => "answer, declined",
            Step::Fallback => "answer again",
            Step::FallbackHit => "answer again, cache hit",
            Step::FallbackMiss => "answer again, cache write",
            Step::KeepWarm => "keep cache warm",
            Step::Extra(_) => "extra call",
            Step::Host => "run the model",
            Step::HostIndex => "run the model for the index",
        }
    }

    /// Returns whether the step is a call of the model that answers, made for a request.
    pub fn is_answer(self) -> bool {
        match self {
            Step::Answer | Step::AnswerHit | Step::AnswerMiss | Step::Rewrite | Step::RewriteRest => true,
            Step::Map | Step::MapRest | Step::Condense | Step::CondenseRest | Step::Reduce => true,
            Step::Turn(_) | Step::TurnHit(_) | Step::TurnMiss(_) | Step::Summarise(_) => true,
            Step::Decline | Step::Fallback | Step::FallbackHit | Step::FallbackMiss => true,
            Step::KeepWarm | Step::Extra(_) | Step::Host | Step::HostIndex => false,
            Step::EmbedCorpus | Step::EmbedChanges | Step::EmbedQuestion => false,
            Step::WriteIndex | Step::WriteChanges | Step::StoreIndex => false,
            Step::Search | Step::Fetch | Step::Rerank | Step::StoreCache => false,
            Step::WriteContexts | Step::WriteContextsMiss | Step::WriteContextsHit => false,
            Step::WriteContextsLast => false,
        }
    }

    /// Returns whether the step is a call of a model that writes an answer, whoever asked for it.
    pub(crate) fn is_model_call(self) -> bool {
        self.is_answer() || self.writes_contexts() || matches!(self, Step::Extra(_) | Step::KeepWarm)
    }

    /// Returns whether the step is a call of the model that writes contexts for chunks.
    fn writes_contexts(self) -> bool {
        use Step::{WriteContexts, WriteContextsHit, WriteContextsLast, WriteContextsMiss};
        matches!(self, WriteContexts | WriteContextsMiss | WriteContextsHit | WriteContextsLast)
    }

    /// Returns whether the step is a call of a model for the index, which may go through a batch queue.
    pub fn makes_index(self) -> bool {
        self.writes_contexts() || matches!(self, Step::EmbedCorpus | Step::EmbedChanges)
    }

    /// Returns whether the step happens for each request, so that its cost grows with them.
    pub fn is_per_request(self) -> bool {
        self.is_answer()
            || matches!(
                self,
                Step::EmbedQuestion | Step::Search | Step::Fetch | Step::Rerank | Step::StoreCache
            )
            || matches!(self, Step::Extra(_) | Step::KeepWarm)
    }
}
