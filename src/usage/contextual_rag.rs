//! `contextual_rag`: a model writes for each chunk how it stands in its document, before it is embedded.

use super::caching::{self, Steps};
use super::prompt::Prompt;
use super::rag::{Chunks, Documents, Index, RETRIEVED, cut, documents, push_index, push_search};
use super::strategy::{ANSWERED, ASKED, CACHE, Family, INDEX, Uses};
use super::{Calls, Fit, Job, Part, Recurrence, Refusal, Shape, Step, Strategy, fit};
use crate::catalog::{CacheRule, Meter};
use crate::scenario::{Modes, Param};

/// Writes a context for each chunk, then retrieves as `rag` does.
pub struct ContextualRag;

impl Strategy for ContextualRag {
    fn id(&self) -> &'static str {
        "contextual_rag"
    }

    fn summary(&self) -> &'static str {
        "as rag, with a context that a model writes for each chunk before it is embedded"
    }

    fn family(&self) -> Family {
        Family::Retrieve
    }

    fn parameters(&self) -> &'static [&'static [Param]] {
        &[ASKED, ANSWERED, INDEX, CACHE, &[Param::InstructionTokens, Param::ChunkContextTokens]]
    }

    fn uses(&self, _modes: &Modes) -> Uses {
        Uses { index: true, context_model: true, ..Uses::default() }
    }

    fn prepare(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<(), Refusal> {
        check_documents(job)?;
        index(job).tell(job, calls);
        push_contexts(job, calls);
        if let Some(told) = calls.told() {
            told.count_as(job);
        }
        push_index(job, &index(job), calls);
        Ok(())
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let index = index(job);
        let top_k = job.number(Param::TopK);
        let prompt = Prompt::with(job, index.tokens_of(top_k))?;
        let fit = if check_documents(job)? == Fit::Unknown { Fit::Unknown } else { prompt.fit };
        push_search(job, &index, top_k, calls);
        prompt.push(job, 1.0, Steps::ANSWER, calls);
        Ok(Shape { coverage: 1.0, fit, remark: None })
    }

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        (step.is_answer() && part == Part::Each(Meter::Input)).then_some(RETRIEVED)
    }
}

/// Cuts the corpus into chunks with their contexts.
fn index(job: &Job<'_>) -> Index {
    Index::of(job, job.text(Param::ChunkContextTokens))
}

/// Returns the job as the model that writes contexts counts its texts.
fn writing<'a>(job: &Job<'a>) -> Job<'a> {
    let parts = job.parts;
    Job { model: parts.context_model, tokens: parts.context_tokens, ..*job }
}

/// Returns the documents of one context's corpus.
fn corpus(job: &Job<'_>) -> impl Iterator<Item = Documents> {
    documents(job.text(Param::CorpusTokens), job.text(Param::DocumentTokens))
}

/// Checks the largest call that writes a context: the document, a chunk of it and the instruction.
fn check_documents(job: &Job<'_>) -> Result<Fit, Refusal> {
    let job = &writing(job);
    let Some(Documents { tokens: document, .. }) = corpus(job).next() else { return Ok(Fit::Fits) };
    let chunk = job.text(Param::ChunkTokens).min(document);
    let input = document + chunk + job.text(Param::InstructionTokens);
    fit::check(job.model.1, input, job.text(Param::ChunkContextTokens))
        .map_err(|misfit| Refusal::DocumentMisfit { document, misfit })
}

/// Adds the calls that write a context for every chunk, once and for the share that changes.
fn push_contexts(job: &Job<'_>, calls: &mut dyn Calls) {
    let (job, changed) = (&writing(job), job.number(Param::ChangedPerMonth));
    if let Some(told) = calls.told() {
        told.count_as(job);
    }
    for (share, recurrence) in [(1.0, Recurrence::OneOff), (changed, Recurrence::Monthly)] {
        for alike in corpus(job) {
            push_document(job, alike, (share, recurrence), calls);
        }
    }
}

/// Adds the calls for alike documents.
///
/// The document stands first in each call, then the chunk and the instruction, and the calls of a document
/// follow one another: the first writes it to the cache, the others find it there. Where only one chunk would
/// use it, nobody asks for a cache.
///
/// 1,000,000 tokens in documents of 8,000 and chunks of 800, with 50 tokens of instruction and 100 of context,
/// at the prices of Claude 3 Haiku ($0.25 in, $1.25 out, $0.30 written, $0.03 read, a million):
/// 0.30 written + 9/10 of 0.30 read + 1,250 × 850 × 0.25 / 10⁶ + 1,250 × 100 × 1.25 / 10⁶ = $0.991875. The published
/// figure of $1.02 (<https://www.anthropic.com/news/contextual-retrieval>) counts a read for the first chunk too,
/// which makes 1.021875: there `contextual.warm_up` has the document written by a call of its own, as one does who
/// sends the calls of a document at once and not one after the other.
fn push_document(
    job: &Job<'_>,
    alike: Documents,
    (share, recurrence): (f64, Recurrence),
    calls: &mut dyn Calls,
) {
    let (model, facts) = job.model;
    let Documents { count, tokens: document } = alike;
    let count = count * job.corpora();
    let (chunk, overlap) = (job.text(Param::ChunkTokens), job.overlap());
    let Chunks { count: chunks, .. } = cut(document, chunk, overlap);
    let rule = caching::offered_by(facts, job.date()).next();
    let rule = rule.filter(|rule| chunks > 1.0 && caching::cached_tokens(rule, document) > 0.0);
    tell(job, alike, rule, calls);
    let warmed = rule.is_some() && job.modes().warm_up;
    if let Some(rule) = rule.filter(|_| warmed) {
        let quantities = warm_up(rule, document);
        tell_call(calls, Some(rule), Cached::Written, (document, 1.0, 0.0));
        caching::only_prefix(calls, caching::cached_tokens(rule, document));
        calls.call(Step::WriteContextsMiss, model, (count, share), recurrence, &quantities);
        caching::as_usual(calls);
    }
    let mut push = |step, each: f64, chunk: f64, how: Cached| {
        tell_call(calls, rule, how, (document, each, chunk));
        let quantities = call(job, document, chunk, rule.map(|rule| (rule, how)));
        calls.call(step, model, (count * each, share), recurrence, &quantities);
    };
    // All chunks but the last have their full length.
    let last = document - (chunks - 1.0) * (chunk - overlap);
    let shorter = f64::from(u8::from(last < chunk));
    if chunks == 1.0 {
        push(Step::WriteContexts, 1.0, last, Cached::Written);
    } else if rule.is_some() && !warmed {
        push(Step::WriteContextsMiss, 1.0, chunk, Cached::Written);
        push(Step::WriteContextsHit, chunks - 1.0 - shorter, chunk, Cached::Read);
        push(Step::WriteContextsLast, shorter, last, Cached::Read);
    } else {
        let step = if warmed { Step::WriteContextsHit } else { Step::WriteContexts };

        push(step, chunks - shorter, chunk, Cached::Read);
        push(Step::WriteContextsLast, shorter, last, Cached::Read);
    }
}

/// Tells of alike documents.
fn tell(job: &Job<'_>, alike: Documents, rule: Option<&CacheRule>, calls: &mut dyn Calls) {
    if let Some(rule) = rule {
        caching::tell_cache(calls, rule, caching::cached_tokens(rule, alike.tokens));
    }
    let Some(told) = calls.told() else { return };
    let usual = alike.tokens == job.text(Param::DocumentTokens);
    told.words(
        "alike documents",
        alike.count,
        "{whole documents} of the usual length, or the one that is left",
    );
    let formula = if usual {
        "{corpus.document_tokens}"
    } else {
        "{corpus.tokens} − {whole documents} × {corpus.document_tokens}"
    };
    told.formula("document", alike.tokens, formula);
    told.formula("prefix", alike.tokens, "{document}");
}

/// Tells of the next calls: of each document, how many chunks of which length.
fn tell_call(
    calls: &mut dyn Calls,
    rule: Option<&CacheRule>,
    how: Cached,
    (document, each, chunk): (f64, f64, f64),
) {
    let Some(told) = calls.told() else { return };
    told.words(
        "chunks written alike",
        each,
        "those of a document whose calls are of one size and read or write the cache alike",
    );
    told.words("chunk", chunk, "{retrieval.chunk_tokens}, or what is left of the document");
    let cached = rule.map_or(0.0, |rule| caching::cached_tokens(rule, document));
    let at =
        |meter: Option<Meter>, wanted: bool| if wanted && meter != Some(Meter::Input) { cached } else { 0.0 };
    let read = at(rule.map(|rule| rule.read), how == Cached::Read);
    let written = at(rule.map(|rule| rule.write), how == Cached::Written);
    told.formula("read from the cache", read, "{cached prefix}");
    told.formula("written to the cache", written, "{cached prefix}");
}

/// What a call does with the cached document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cached {
    Written,
    Read,
}

/// Returns the quantities of a call that only writes a document to the cache: of a call without output nobody but the
/// cache reads what is beyond the cached part.
fn warm_up(rule: &CacheRule, document: f64) -> [(Meter, f64); 2] {
    let cached = caching::cached_tokens(rule, document);
    let hours = if rule.rent { rule.ttl_minutes / 60.0 } else { 0.0 };
    [(rule.write, cached), (Meter::CacheStorage, cached * hours)]
}

/// Returns the quantities of one call.
fn call(job: &Job<'_>, document: f64, chunk: f64, cache: Option<(&CacheRule, Cached)>) -> [(Meter, f64); 4] {
    let cached = cache.map_or(0.0, |(rule, _)| caching::cached_tokens(rule, document));
    let meter = match cache {
        None => Meter::Input,
        Some((rule, Cached::Written)) => rule.write,
        Some((rule, Cached::Read)) => rule.read,
    };
    let fresh = document - cached + chunk + job.text(Param::InstructionTokens);
    let output = (Meter::Output, job.text(Param::ChunkContextTokens));
    let token_hours = match cache {
        Some((rule, Cached::Written)) if rule.rent => cached * rule.ttl_minutes / 60.0,
        _ => 0.0,
    };
    let rent = (Meter::CacheStorage, token_hours);
    if meter == Meter::Input {
        [(Meter::Input, cached + fresh), output, rent, (Meter::Input, 0.0)]
    } else {
        [(meter, cached), (Meter::Input, fresh), output, rent]
    }
}
