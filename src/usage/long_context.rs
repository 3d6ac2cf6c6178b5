//! `long_context`: the corpus, or as much of it as is asked for, in every prompt.

use super::caching;
use super::fit::{self, Fit};
use super::strategy::Family;
use super::{Job, Recurrence, Refusal, Remark, Shape, Step, Strategy, Usage};
use crate::catalog::{CacheMode, Meter};
use crate::scenario::Param;

/// Stuffs the corpus into each prompt.
pub struct LongContext;

/// A prompt with the corpus in it, checked to fit.
pub(super) struct Stuffed {
    /// Corpus tokens in the prompt.
    pub context: f64,
    /// Image tokens.
    pub images: f64,
    /// Share of the corpus that the prompt holds.
    pub coverage: f64,
    /// Whether it is known to fit.
    pub fit: Fit,
}

/// Works out how much of the corpus goes into a prompt: C = min(D, asked), the same on every model
/// unless the scenario says `"fill"`.
pub(super) fn stuff(job: &Job<'_>) -> Result<Stuffed, Refusal> {
    stuff_with_history(job, 0.0)
}

/// Does the same beside a history of that many tokens, which has to fit too.
pub(super) fn stuff_with_history(job: &Job<'_>, history: f64) -> Result<Stuffed, Refusal> {
    let corpus = job.number(Param::CorpusTokens);
    let images = job.image_tokens()?;
    let beside = job.number(Param::SystemTokens) + job.number(Param::QuestionTokens) + history + images;
    let output = job.number(Param::OutputTokens);
    let asked = if job.fill_context {
        let room = fit::room_for_input(job.model.1, output).ok_or(Refusal::WindowUnknown)?;
        (room - beside).max(0.0)
    } else {
        job.numbers.get(Param::ContextTokens).unwrap_or(corpus)
    };
    let context = corpus.min(asked);
    let fit = fit::check(job.model.1, beside + context, output).map_err(Refusal::Misfit)?;
    let coverage = if corpus > 0.0 { context / corpus } else { 1.0 };
    Ok(Stuffed { context, images, coverage, fit })
}

impl Strategy for LongContext {
    fn id(&self) -> &'static str {
        "long_context"
    }

    fn summary(&self) -> &'static str {
        "the whole corpus in every prompt, no cache hits counted"
    }

    fn family(&self) -> Family {
        Family::Stuff
    }

    fn parameters(&self) -> &'static [Param] {
        &[Param::CorpusTokens, Param::ContextTokens]
    }

    fn usage(&self, job: &Job<'_>, usage: &mut Usage) -> Result<Shape, Refusal> {
        let stuffed = stuff(job)?;
        let text = job.number(Param::SystemTokens) + stuffed.context + job.number(Param::QuestionTokens);
        let quantities = [
            (Meter::Input, text),
            (Meter::InputImage, stuffed.images),
            (Meter::Output, job.number(Param::OutputTokens)),
        ];
        usage.push(Step::Answer, job.model.0, (job.requests(), 1.0), Recurrence::Monthly, &quantities);
        let automatic = caching::offered(job).any(|rule| rule.mode == CacheMode::Automatic);
        let remark = automatic.then_some(Remark::NoHitsCounted);
        Ok(Shape { coverage: stuffed.coverage, fit: stuffed.fit, remark })
    }
}
