//! `rag_rerank`: more chunks retrieved, ranked again, and only the best of them in the prompt.

use super::caching::Steps;
use super::prompt::Prompt;
use super::rag::{Index, RETRIEVED, push_index, push_search};
use super::strategy::{ANSWERED, ASKED, CACHE, Family, INDEX, Uses};
use super::{Calls, Job, Part, Recurrence, Refusal, Shape, Step, Strategy, fit};
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
        tell(job, &index, candidates, calls);
        push_search(job, &index, candidates, calls);
        let rankings = (job.requests * job.number(Param::Queries), 1.0);
        calls.call(Step::Rerank, reranker, rankings, Recurrence::Monthly, &[billed]);
        prompt.push(job, 1.0, Steps::ANSWER, calls);
        Ok(Shape { coverage: 1.0, fit: prompt.fit, remark: None })
    }

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        (step.is_answer() && part == Part::Each(Meter::Input)).then_some(RETRIEVED)
    }
}

/// Tells what is ranked.
fn tell(job: &Job<'_>, index: &Index, candidates: f64, calls: &mut dyn Calls) {
    let Some(told) = calls.told() else { return };
    let formula = "min(max({retrieval.candidates}, {retrieval.top_k}), {chunks})";
    told.formula("candidates", candidates, formula);
    let Some((_, reranker, _)) = job.parts.reranker else { return };
    let (question, piece) = (as_ranked(job, job.text(Param::QuestionTokens)), as_ranked(job, index.piece));
    told.words("tokens on the reranker for one", job.parts.reranker_tokens / job.tokens, "by measured texts");
    let formula = "{request.question_tokens}[ × {tokens on the reranker for one}]";
    told.formula("question as ranked", question, formula);
    told.formula("candidate as ranked", piece, "{tokens of a chunk}[ × {tokens on the reranker for one}]");
    let tokens = as_ranked(job, index.tokens_of(candidates));
    let formula = "min({candidates} × {tokens of a chunk}, {tokens of all chunks})[ × {tokens on the reranker for one}]";
    told.formula("candidates' tokens", tokens, formula);
    let repeated = reranker.rerank.as_ref().is_some_and(|rule| rule.query_per_document);
    let (questions, formula) =
        if repeated { (candidates, "{candidates}") } else { (candidates.min(1.0), "min({candidates}, 1)") };
    told.formula("questions sent", questions, formula);
    if let Some(rule) = &reranker.rerank {
        told.words("tokens of a piece", rule.split_tokens, "question included, by the reranker's rules");
        told.words("documents of a search unit", rule.documents_per_unit, "by the reranker's rules");
        let pieces = (piece / (rule.split_tokens - question)).ceil().max(1.0);
        let formula = "max(1, ⌈{candidate as ranked} ÷ ({tokens of a piece} − {question as ranked})⌉)";
        told.formula("pieces of a candidate", pieces, formula);
    }
}

/// Returns the tokens of a text as the reranker counts them.
fn as_ranked(job: &Job<'_>, tokens: f64) -> f64 {
    converted(tokens, job.parts.reranker_tokens / job.tokens)
}

/// Returns what ranking the candidates of one request is billed.
fn rerank(job: &Job<'_>, index: &Index, candidates: f64) -> Result<(ProductId, (Meter, f64)), Refusal> {
    let (id, reranker, meter) = job.parts.reranker.ok_or(Refusal::NoReranker)?;
    let (question, piece) = (as_ranked(job, job.text(Param::QuestionTokens)), as_ranked(job, index.piece));
    fit::check(reranker, piece + question, 0.0).map_err(Refusal::RerankMisfit)?;
    let rule = reranker.rerank.as_ref();
    let quantity = if meter == Meter::SearchUnits {
        let rule = rule.ok_or(Refusal::RerankRuleUnknown)?;
        search_units(rule, candidates, piece, question)?
    } else {
        let repeated = rule.is_some_and(|rule| rule.query_per_document);
        let questions = if repeated { candidates } else { candidates.min(1.0) };
        as_ranked(job, index.tokens_of(candidates)) + questions * question
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
