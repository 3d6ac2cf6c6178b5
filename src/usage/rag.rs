//! `rag`: an index of chunks, and only the nearest ones in the prompt.

use super::strategy::Family;
use super::{Job, Recurrence, Refusal, Shape, Step, Strategy, Usage, fit};
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

/// Cuts a corpus of equal documents into overlapping chunks.
///
/// A document of d tokens makes n = max(1, 1 + ⌈(d − c)/(c − v)⌉) chunks of c tokens that share v
/// with their neighbour, d + (n − 1)·v tokens in all. What is left of the corpus after whole
/// documents is one shorter document. 10,000 tokens in chunks of 800 with 400 shared: 24 chunks,
/// 19,200 tokens.
pub fn chunks(corpus: f64, document: f64, chunk: f64, overlap: f64) -> Chunks {
    let cut = |size: f64| {
        let count = (1.0 + ((size - chunk) / (chunk - overlap)).ceil()).max(1.0);
        (count, size + (count - 1.0) * overlap)
    };
    if corpus <= 0.0 {
        return Chunks { count: 0.0, tokens: 0.0 };
    }
    let whole = (corpus / document).floor();
    let rest = corpus - whole * document;
    let (count, tokens) = cut(document);
    let (rest_count, rest_tokens) = if rest > 0.0 { cut(rest) } else { (0.0, 0.0) };
    Chunks { count: whole * count + rest_count, tokens: whole * tokens + rest_tokens }
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
            Param::Prefixes,
        ]
    }

    fn usage(&self, job: &Job<'_>, usage: &mut Usage) -> Result<Shape, Refusal> {
        let chunk = job.number(Param::ChunkTokens);
        let cut = chunks(
            job.number(Param::CorpusTokens),
            job.number(Param::DocumentTokens),
            chunk,
            job.number(Param::OverlapTokens),
        );
        // A document shorter than a chunk is a chunk of its own length, and no prompt holds more than there is.
        let piece = chunk.min(job.number(Param::DocumentTokens));
        let retrieved = (job.number(Param::TopK).min(cut.count) * piece).min(cut.tokens);
        let images = job.image_tokens()?;
        let text = job.number(Param::SystemTokens) + retrieved + job.number(Param::QuestionTokens);
        let output = job.number(Param::OutputTokens);
        let fit = fit::check(job.model.1, text + images, output).map_err(Refusal::Misfit)?;
        push_index(job, &cut, usage);
        push_search(job, &cut, usage);
        let quantities = [(Meter::Input, text), (Meter::InputImage, images), (Meter::Output, output)];
        usage.push(Step::Answer, job.model.0, (job.requests(), 1.0), Recurrence::Monthly, &quantities);
        Ok(Shape { coverage: 1.0, fit, remark: None })
    }
}

/// Returns the length of a stored vector: the store's own, else the embedding model's.
fn dimensions(job: &Job<'_>, rule: &StoreRule) -> f64 {
    rule.own_dimensions.or(job.embedding.and_then(|(_, model)| model.dimensions)).unwrap_or(0.0)
}

/// Returns bytes of one context's records in a store.
fn record_bytes(job: &Job<'_>, rule: &StoreRule, cut: &Chunks) -> f64 {
    cut.count * (dimensions(job, rule) * rule.bytes_per_dimension + payload_bytes(job, rule))
}

/// Returns bytes of a record beside its vector: what a query gives back.
fn payload_bytes(job: &Job<'_>, rule: &StoreRule) -> f64 {
    rule.record_overhead_bytes + job.number(Param::MetadataBytes)
}

/// Adds embedding and writing the index, once and for what changes, and keeping it.
fn push_index(job: &Job<'_>, cut: &Chunks, usage: &mut Usage) {
    let contexts = job.number(Param::Prefixes);
    let changed = job.number(Param::ChangedPerMonth);
    let embeds_itself = job.store.and_then(|(_, store)| store.store.as_ref()).is_some_and(|rule| rule.embeds);
    if let Some((embedding, _)) = job.embedding.filter(|_| !embeds_itself) {
        let tokens = [(Meter::Input, contexts * cut.tokens)];
        usage.push(Step::EmbedCorpus, embedding, (1.0, 1.0), Recurrence::OneOff, &tokens);
        usage.push(Step::EmbedChanges, embedding, (changed, 1.0), Recurrence::Monthly, &tokens);
    }
    let Some((store, product)) = job.store else { return };
    let Some(rule) = product.store.as_ref() else { return };
    usage.pays_minimum = job.index == IndexPlace::Dedicated;
    let bytes = contexts * record_bytes(job, rule, cut);
    let written = billed(
        rule,
        &[(Meter::WriteUnits, (bytes / rule.bytes_per_write_unit).ceil()), (Meter::BytesWritten, bytes)],
    );
    usage.push(Step::WriteIndex, store, (1.0, 1.0), Recurrence::OneOff, &written);
    usage.push(Step::WriteChanges, store, (changed, 1.0), Recurrence::Monthly, &written);
    let hours = f64::from(HOURS_PER_MONTH);
    let stored = billed(
        rule,
        &[
            (Meter::Storage, bytes * rule.index_factor * hours),
            (Meter::DimensionHours, contexts * cut.count * dimensions(job, rule) * hours),
            (Meter::InstanceHours, hours),
        ],
    );
    usage.push(Step::StoreIndex, store, (1.0, 1.0), Recurrence::Monthly, &stored);
}

/// Adds embedding each question and searching one context's part of the index.
fn push_search(job: &Job<'_>, cut: &Chunks, usage: &mut Usage) {
    let requests = (job.requests(), 1.0);
    let rule = job.store.and_then(|(_, store)| store.store.as_ref());
    if let Some((embedding, _)) = job.embedding.filter(|_| !rule.is_some_and(|rule| rule.embeds)) {
        let question = [(Meter::Input, job.number(Param::QuestionTokens))];
        usage.push(Step::EmbedQuestion, embedding, requests, Recurrence::Monthly, &question);
    }
    let (Some((store, _)), Some(rule)) = (job.store, rule) else { return };
    let namespace = record_bytes(job, rule, cut);
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
            (Meter::BytesReturned, payload_bytes(job, rule) * job.number(Param::TopK).min(cut.count)),
        ],
    );
    usage.push(Step::Search, store, requests, Recurrence::Monthly, &searched);
}

/// Keeps the quantities that a store bills; the others come to zero and fall away.
fn billed<const N: usize>(rule: &StoreRule, quantities: &[(Meter, f64); N]) -> [(Meter, f64); N] {
    quantities.map(|(meter, quantity)| (meter, if rule.bills.contains(&meter) { quantity } else { 0.0 }))
}
