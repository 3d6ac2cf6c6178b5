//! `rag_rerank`: more chunks retrieved, ranked again, and only the best of them in the prompt.

use super::caching::Steps;
use super::prompt::Prompt;
use super::rag::{Index, push_index, push_search};
use super::strategy::{ANSWERED, ASKED, CACHE, Family, INDEX, Uses};
use super::{Calls, Job, Recurrence, Refusal, Shape, Step, Strategy, fit};
use crate::catalog::{Meter, ProductId, RerankRule};
use crate::scenario::{Modes, Param};
use crate::units::converted;

/// Retrieves candidates, ranks them again, and sends the best with the question.
pub struct RagRerank;

impl Strategy for RagRerank {
    fn id(&self) -> &'static str {
        "rag_rerank"
    }

    fn summary(&self) -> &'static str {
        "as rag, with more chunks retrieved and a reranker that picks those for the prompt"
    }

    fn family(&self) -> Family {
        Family::Retrieve
    }

    fn parameters(&self) -> &'static [&'static [Param]] {
        &[ASKED, ANSWERED, INDEX, CACHE, &[Param::Candidates]]
    }

    fn uses(&self, _modes: &Modes) -> Uses {
        Uses { index: true, reranker: true, ..Uses::default() }
    }

    fn prepare(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<(), Refusal> {
        push_index(job, &Index::of(job, 0.0), calls);
        Ok(())
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let index = Index::of(job, 0.0);
        let top_k = job.number(Param::TopK);
        let prompt = Prompt::with(job, index.tokens_of(top_k))?;
        // No more candidates than chunks, and never fewer than go into the prompt.
        let candidates = job.number(Param::Candidates).max(top_k).min(index.cut.count);
        let (reranker, billed) = rerank(job, &index, candidates)?;
        push_search(job, &index, candidates, calls);
        let rankings = (job.requests * job.number(Param::Queries), 1.0);
        calls.call(Step::Rerank, reranker, rankings, Recurrence::Monthly, &[billed]);
        prompt.push(job, 1.0, Steps::ANSWER, calls);
        Ok(Shape { coverage: 1.0, fit: prompt.fit, remark: None })
    }
}

/// Returns what ranking the candidates of one request is billed.
fn rerank(job: &Job<'_>, index: &Index, candidates: f64) -> Result<(ProductId, (Meter, f64)), Refusal> {
    let (id, reranker, meter) = job.parts.reranker.ok_or(Refusal::NoReranker)?;
    let factor = job.parts.reranker_tokens / job.tokens;
    let as_ranked = |tokens: f64| converted(tokens, factor);
    let (question, piece) = (as_ranked(job.text(Param::QuestionTokens)), as_ranked(index.piece));
    fit::check(reranker, piece + question, 0.0).map_err(Refusal::RerankMisfit)?;
    let rule = reranker.rerank.as_ref();
    let quantity = if meter == Meter::SearchUnits {
        let rule = rule.ok_or(Refusal::RerankRuleUnknown)?;
        search_units(rule, candidates, piece, question)?
    } else {
        let repeated = rule.is_some_and(|rule| rule.query_per_document);
        let questions = if repeated { candidates } else { candidates.min(1.0) };
        as_ranked(index.tokens_of(candidates)) + questions * question
    };
    Ok((id, (meter, quantity)))
}

/// Returns the search units of one request.
///
/// A document of c tokens counts once where c and the question are no longer than the split, else
/// ⌈c/(split − question)⌉ times, since each piece carries the question. With a question of 40 tokens and a split
/// of 500, 100 documents of 460 tokens are 1 unit of 100; of 700 tokens they are 200 pieces, 2 units
/// (<https://cohere.com/pricing>).
fn search_units(rule: &RerankRule, documents: f64, tokens: f64, question: f64) -> Result<f64, Refusal> {
    let room = rule.split_tokens - question;
    if room <= 0.0 {
        return Err(Refusal::QuestionFillsSplit { question, split: rule.split_tokens });
    }
    let pieces = (tokens / room).ceil().max(1.0);
    Ok((documents * pieces / rule.documents_per_unit).ceil())
}
