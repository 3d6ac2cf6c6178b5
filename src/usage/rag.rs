//! `rag`: an index of chunks, and only the nearest ones in the prompt.

use super::caching::Steps;
use super::prompt::Prompt;
use super::strategy::{ANSWERED, ASKED, CACHE, Family, INDEX, Uses};
use super::{Calls, Job, Part, Recurrence, Refusal, Shape, Step, Strategy};
use crate::catalog::{Meter, StoreRule};
use crate::scenario::{IndexPlace, Modes, Param};
use crate::units::{HOURS_PER_MONTH, converted};

/// Retrieves chunks and sends them with the question.
pub struct Rag;

mod telling;

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

    fn parameters(&self) -> &'static [&'static [Param]] {
        &[ASKED, ANSWERED, INDEX, CACHE]
    }

    fn uses(&self, _modes: &Modes) -> Uses {
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

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        (step.is_answer() && part == Part::Each(Meter::Input)).then_some(RETRIEVED)
    }
}

/// The text of a prompt with chunks in it.
pub(super) const RETRIEVED: &str = "{request.system_tokens} + {retrieved} + {request.question_tokens}";

/// What is embedded, stored and looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Index {
    /// The chunks of one context's corpus, with what is written before each.
    pub cut: Chunks,
    /// Tokens of a chunk in a prompt.
    pub piece: f64,
    /// Bytes stored beside a vector.
    metadata: f64,
    /// Bytes of text indexed beside it.
    text: f64,
    /// Values of a sparse vector.
    sparse: f64,
}

impl Index {
    /// Cuts the corpus, with that many tokens written before each chunk.
    ///
    /// What is stored beside a vector, and the text that is indexed, grow as the chunk does, to whole bytes: 1,000 bytes
    /// of a chunk of 800 tokens are 1,125 with 100 more.
    #[inline]
    pub fn of(job: &Job<'_>, context: f64) -> Index {
        let (corpus, document) = (job.text(Param::CorpusTokens), job.text(Param::DocumentTokens));
        let chunk = job.text(Param::ChunkTokens);
        let bare = chunks(corpus, document, chunk, job.overlap());
        let cut = Chunks { tokens: bare.tokens + bare.count * context, ..bare };
        let own = own_tokens(job);
        let grown = |bytes: f64| bytes + (bytes * context / own).ceil();
        let metadata = grown(job.number(Param::MetadataBytes));
        let text = grown(job.number(Param::TextBytes));
        Index { cut, piece: own + context, metadata, text, sparse: job.number(Param::SparseValues) }
    }

    /// Returns the tokens of that many chunks: no more than there are.
    #[inline]
    pub fn tokens_of(&self, chunks: f64) -> f64 {
        (chunks.min(self.cut.count) * self.piece).min(self.cut.tokens)
    }
}

/// Returns the tokens of a chunk without what is written before it: a document shorter than a chunk is a chunk of its own
/// length, and so is a corpus shorter than a document.
#[inline]
fn own_tokens(job: &Job<'_>) -> f64 {
    let whole = job.text(Param::ChunkTokens).min(job.text(Param::DocumentTokens));
    let corpus = job.text(Param::CorpusTokens);
    if corpus > 0.0 { whole.min(corpus) } else { whole }
}

/// Returns the length of a stored vector: the store's own, else the embedding model's.
#[inline]
fn dimensions(job: &Job<'_>, rule: &StoreRule) -> f64 {
    rule.own_dimensions.or(job.parts.embedding.and_then(|(_, model)| model.dimensions)).unwrap_or(0.0)
}

/// Returns the tokens of a text as the embedding model counts them.
#[inline]
fn as_embedded(job: &Job<'_>, tokens: f64) -> f64 {
    converted(tokens, job.parts.embedding_tokens / job.tokens)
}

/// Returns bytes of one context's records in a store.
///
/// A record is its id, 4 bytes for each dimension, 8 for each value of a sparse vector, metadata and indexed text
/// (<https://docs.pinecone.io/guides/manage-cost/understanding-cost>): 8 + 768 × 4 + 100 × 8 + 500 + 2,000 are 6,380.
#[inline]
fn record_bytes(job: &Job<'_>, rule: &StoreRule, index: &Index) -> f64 {
    let dense = dimensions(job, rule) * rule.bytes_per_dimension;
    let sparse = index.sparse * rule.bytes_per_sparse_value;
    index.cut.count * (dense + sparse + payload_bytes(rule, index) + index.text)
}

/// Returns bytes of a record beside its vector: what a query gives back.
#[inline]
fn payload_bytes(rule: &StoreRule, index: &Index) -> f64 {
    rule.record_overhead_bytes + index.metadata
}

/// Adds embedding and writing the index, once and for what changes, and keeping it.
pub(super) fn push_index(job: &Job<'_>, index: &Index, calls: &mut dyn Calls) {
    index.tell(job, calls);
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
    index.tell_store(job, rule, calls);
    if job.modes().index == IndexPlace::Dedicated {
        calls.pay_minimum();
    }
    let bytes = contexts * record_bytes(job, rule, index);
    let written =
        billed(rule, &[(Meter::WriteUnits, write_units(rule, bytes)), (Meter::BytesWritten, bytes)]);
    calls.call(Step::WriteIndex, store, (1.0, 1.0), Recurrence::OneOff, &written);
    calls.call(Step::WriteChanges, store, (changed, 1.0), Recurrence::Monthly, &written);
    let hours = f64::from(HOURS_PER_MONTH);
    let stored = billed(
        rule,
        &[
            (Meter::Storage, bytes * rule.index_factor * hours),
            (Meter::DimensionHours, contexts * index.cut.count * dimensions(job, rule) * hours),
            // One instance holds every corpus.
            (Meter::InstanceHours, if job.opens_store { hours } else { 0.0 }),
        ],
    );
    calls.call(Step::StoreIndex, store, (1.0, 1.0), Recurrence::Monthly, &stored);
}

/// Adds embedding each question and searching one context's part of the index for that many chunks.
pub(super) fn push_search(job: &Job<'_>, index: &Index, wanted: f64, calls: &mut dyn Calls) {
    index.tell(job, calls);
    index.tell_search(job, wanted, calls);
    let requests = (job.requests * job.number(Param::Queries), 1.0);
    let rule = job.parts.store.and_then(|(_, store)| store.store.as_ref());
    if let Some((embedding, _)) = job.parts.embedding.filter(|_| !rule.is_some_and(|rule| rule.embeds)) {
        let question = [(Meter::Input, as_embedded(job, job.text(Param::QuestionTokens)))];
        calls.call(Step::EmbedQuestion, embedding, requests, Recurrence::Monthly, &question);
    }
    let (Some((store, _)), Some(rule)) = (job.parts.store, rule) else { return };
    index.tell_store(job, rule, calls);
    let namespace = record_bytes(job, rule, index);
    let searched = billed(
        rule,
        &[
            (Meter::ReadUnits, read_units(rule, namespace)),
            (Meter::Queries, 1.0),
            (Meter::FileSearches, 1.0),
            (Meter::BytesQueried, namespace.max(rule.minimum_bytes_queried)),
            (Meter::BytesReturned, payload_bytes(rule, index) * wanted.min(index.cut.count)),
        ],
    );
    calls.call(Step::Search, store, requests, Recurrence::Monthly, &searched);
    let fetched = billed(rule, &[(Meter::ReadUnits, fetch_units(rule, job.number(Param::FetchedRecords)))]);
    calls.call(Step::Fetch, store, requests, Recurrence::Monthly, &fetched);
}

/// Returns the units of writing records of that many bytes: whole ones, and the fewest of a write at least. 6,400 bytes
/// in units of 1,000 are 7, 3,000 with a fewest of 5 are 5, and nothing is written for 0.
fn write_units(rule: &StoreRule, bytes: f64) -> f64 {
    if bytes > 0.0 { (bytes / rule.bytes_per_write_unit).ceil().max(rule.minimum_write_units) } else { 0.0 }
}

/// Returns the units of a query that searches that many bytes. 1.78 GB at one a GB are 1.78 units, and 2 in steps of
/// 0.25.
fn read_units(rule: &StoreRule, bytes: f64) -> f64 {
    searched_units(rule, bytes).max(rule.minimum_read_units)
}

/// Returns the same for a store that takes less than its fewest too.
fn searched_units(rule: &StoreRule, bytes: f64) -> f64 {
    let exact = crate::units::share(bytes / 1e9 * rule.read_units_per_gb);
    let step = rule.read_unit_step;
    // A quotient that should be whole may come out a little above.
    if step > 0.0 { crate::units::share(crate::units::share(exact / step).ceil() * step) } else { exact }
}

/// Returns the units of fetching records by their ids: 107 at ten a unit are 11.
fn fetch_units(rule: &StoreRule, records: f64) -> f64 {
    if rule.fetched_per_read_unit > 0.0 { (records / rule.fetched_per_read_unit).ceil() } else { 0.0 }
}

/// Keeps the quantities that a store bills; the others come to zero and fall away.
#[inline]
fn billed<const N: usize>(rule: &StoreRule, quantities: &[(Meter, f64); N]) -> [(Meter, f64); N] {
    quantities.map(|(meter, quantity)| (meter, if rule.bills.contains(&meter) { quantity } else { 0.0 }))
}
