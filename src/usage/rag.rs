//! `rag`: an index of chunks, and only the nearest ones in the prompt.

use super::caching::Steps;
use super::prompt::Prompt;
use super::strategy::{Family, Uses};
use super::{Calls, Job, Recurrence, Refusal, Shape, Step, Strategy};
use crate::catalog::{Meter, StoreRule};
use crate::scenario::{IndexPlace, Param};
use crate::units::HOURS_PER_MONTH;

/// Retrieves chunks and sends them with the question.
pub struct Rag;

/// The corpus cut into chunks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chunks {
    /// Chunks of one context's corpus.
    pub count: f64,
    /// Tokens of those chunks, overlaps counted twice.
    pub tokens: f64,
}

/// Alike documents of a corpus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Documents {
    /// How many there are.
    pub count: f64,
    /// Tokens of each.
    pub tokens: f64,
}

/// Splits a corpus into whole documents and what is left of it, which is one shorter document.
#[inline]
pub(super) fn documents(corpus: f64, document: f64) -> impl Iterator<Item = Documents> {
    let whole = (corpus / document).floor();
    let rest = corpus - whole * document;
    let both = [Documents { count: whole, tokens: document }, Documents { count: 1.0, tokens: rest }];
    both.into_iter().filter(|alike| alike.count > 0.0 && alike.tokens > 0.0)
}

/// Cuts one document into overlapping chunks.
///
/// A document of d tokens makes n = max(1, 1 + ⌈(d − c)/(c − v)⌉) chunks of c tokens that share v
/// with their neighbour, d + (n − 1)·v tokens in all. 10,000 tokens in chunks of 800 with 400 shared:
/// 24 chunks, 19,200 tokens.
#[inline]
pub(super) fn cut(document: f64, chunk: f64, overlap: f64) -> Chunks {
    let count = (1.0 + ((document - chunk) / (chunk - overlap)).ceil()).max(1.0);
    Chunks { count, tokens: document + (count - 1.0) * overlap }
}

/// Cuts every document of a corpus.
#[inline]
pub fn chunks(corpus: f64, document: f64, chunk: f64, overlap: f64) -> Chunks {
    let none = Chunks { count: 0.0, tokens: 0.0 };
    documents(corpus, document).fold(none, |sum, alike| {
        let each = cut(alike.tokens, chunk, overlap);
        Chunks { count: sum.count + alike.count * each.count, tokens: sum.tokens + alike.count * each.tokens }
    })
}

impl Strategy for Rag {
    fn id(&self) -> &'static str {
        "rag"
    }

    fn summary(&self) -> &'static str {
        "embed and search the corpus, the nearest chunks in the prompt"
    }

    fn family(&self) -> Family {
        Family::Retrieve
    }

    fn parameters(&self) -> &'static [Param] {
        &[
            Param::CorpusTokens,
            Param::DocumentTokens,
            Param::ChangedPerMonth,
            Param::TopK,
            Param::ChunkTokens,
            Param::OverlapTokens,
            Param::MetadataBytes,
            Param::Queries,
            Param::Tenants,
        ]
    }

    fn uses(&self) -> Uses {
        Uses { index: true, ..Uses::default() }
    }

    fn prepare(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<(), Refusal> {
        push_index(job, &Index::of(job, 0.0), calls);
        Ok(())
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let index = Index::of(job, 0.0);
        let top_k = job.number(Param::TopK);
        let prompt = Prompt::with(job, index.tokens_of(top_k))?;
        push_search(job, &index, top_k, calls);
        prompt.push(job, 1.0, Steps::ANSWER, calls);
        Ok(Shape { coverage: 1.0, fit: prompt.fit, remark: None })
    }
}

/// What is embedded, stored and looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Index {
    /// The chunks of one context's corpus, with what is written before each.
    pub cut: Chunks,
    /// Tokens of a chunk in a prompt.
    pub piece: f64,
    /// Bytes stored beside a vector.
    metadata: f64,
}

impl Index {
    /// Cuts the corpus, with that many tokens written before each chunk.
    ///
    /// What is stored beside a vector grows as the chunk does, to whole bytes: 1,000 bytes of a chunk of 800
    /// tokens are 1,125 with 100 more.
    #[inline]
    pub fn of(job: &Job<'_>, context: f64) -> Index {
        let (corpus, document) = (job.text(Param::CorpusTokens), job.text(Param::DocumentTokens));
        let chunk = job.text(Param::ChunkTokens);
        let bare = chunks(corpus, document, chunk, job.text(Param::OverlapTokens));
        let cut = Chunks { tokens: bare.tokens + bare.count * context, ..bare };
        // A document shorter than a chunk is a chunk of its own length.
        let own = chunk.min(document);
        let metadata = job.number(Param::MetadataBytes);
        let metadata = metadata + (metadata * context / own).ceil();
        Index { cut, piece: own + context, metadata }
    }

    /// Returns the tokens of that many chunks: no more than there are.
    #[inline]
    pub fn tokens_of(&self, chunks: f64) -> f64 {
        (chunks.min(self.cut.count) * self.piece).min(self.cut.tokens)
    }
}

/// Returns the length of a stored vector: the store's own, else the embedding model's.
#[inline]
fn dimensions(job: &Job<'_>, rule: &StoreRule) -> f64 {
    rule.own_dimensions.or(job.parts.embedding.and_then(|(_, model)| model.dimensions)).unwrap_or(0.0)
}

/// Returns the tokens of a text as the embedding model counts them.
#[inline]
fn as_embedded(job: &Job<'_>, tokens: f64) -> f64 {
    let factor = job.parts.embedding_tokens / job.tokens;
    if factor == 1.0 { tokens } else { (tokens * factor).round() }
}

/// Returns bytes of one context's records in a store.
#[inline]
fn record_bytes(job: &Job<'_>, rule: &StoreRule, index: &Index) -> f64 {
    index.cut.count * (dimensions(job, rule) * rule.bytes_per_dimension + payload_bytes(rule, index))
}

/// Returns bytes of a record beside its vector: what a query gives back.
#[inline]
fn payload_bytes(rule: &StoreRule, index: &Index) -> f64 {
    rule.record_overhead_bytes + index.metadata
}

/// Adds embedding and writing the index, once and for what changes, and keeping it.
pub(super) fn push_index(job: &Job<'_>, index: &Index, calls: &mut dyn Calls) {
    let contexts = job.corpora();
    let changed = job.number(Param::ChangedPerMonth);
    let embeds_itself =
        job.parts.store.and_then(|(_, store)| store.store.as_ref()).is_some_and(|rule| rule.embeds);
    if let Some((embedding, _)) = job.parts.embedding.filter(|_| !embeds_itself) {
        let tokens = [(Meter::Input, contexts * as_embedded(job, index.cut.tokens))];
        calls.call(Step::EmbedCorpus, embedding, (1.0, 1.0), Recurrence::OneOff, &tokens);
        calls.call(Step::EmbedChanges, embedding, (changed, 1.0), Recurrence::Monthly, &tokens);
    }
    let Some((store, product)) = job.parts.store else { return };
    let Some(rule) = product.store.as_ref() else { return };
    if job.modes().index == IndexPlace::Dedicated {
        calls.pay_minimum();
    }
    let bytes = contexts * record_bytes(job, rule, index);
    let written = billed(
        rule,
        &[(Meter::WriteUnits, (bytes / rule.bytes_per_write_unit).ceil()), (Meter::BytesWritten, bytes)],
    );
    calls.call(Step::WriteIndex, store, (1.0, 1.0), Recurrence::OneOff, &written);
    calls.call(Step::WriteChanges, store, (changed, 1.0), Recurrence::Monthly, &written);
    let hours = f64::from(HOURS_PER_MONTH);
    let stored = billed(
        rule,
        &[
            (Meter::Storage, bytes * rule.index_factor * hours),
            (Meter::DimensionHours, contexts * index.cut.count * dimensions(job, rule) * hours),
            (Meter::InstanceHours, hours),
        ],
    );
    calls.call(Step::StoreIndex, store, (1.0, 1.0), Recurrence::Monthly, &stored);
}

/// Adds embedding each question and searching one context's part of the index for that many chunks.
pub(super) fn push_search(job: &Job<'_>, index: &Index, wanted: f64, calls: &mut dyn Calls) {
    let requests = (job.requests * job.number(Param::Queries), 1.0);
    let rule = job.parts.store.and_then(|(_, store)| store.store.as_ref());
    if let Some((embedding, _)) = job.parts.embedding.filter(|_| !rule.is_some_and(|rule| rule.embeds)) {
        let question = [(Meter::Input, as_embedded(job, job.text(Param::QuestionTokens)))];
        calls.call(Step::EmbedQuestion, embedding, requests, Recurrence::Monthly, &question);
    }
    let (Some((store, _)), Some(rule)) = (job.parts.store, rule) else { return };
    let namespace = record_bytes(job, rule, index);
    let searched = billed(
        rule,
        &[
            (
                Meter::ReadUnits,
                crate::units::share(namespace / 1e9 * rule.read_units_per_gb).max(rule.minimum_read_units),
            ),
            (Meter::Queries, 1.0),
            (Meter::FileSearches, 1.0),
            (Meter::BytesQueried, namespace.max(rule.minimum_bytes_queried)),
            (Meter::BytesReturned, payload_bytes(rule, index) * wanted.min(index.cut.count)),
        ],
    );
    calls.call(Step::Search, store, requests, Recurrence::Monthly, &searched);
}

/// Keeps the quantities that a store bills; the others come to zero and fall away.
#[inline]
fn billed<const N: usize>(rule: &StoreRule, quantities: &[(Meter, f64); N]) -> [(Meter, f64); N] {
    quantities.map(|(meter, quantity)| (meter, if rule.bills.contains(&meter) { quantity } else { 0.0 }))
}
