//! `long_context`: the corpus, or as much of it as is asked for, in every prompt.

use super::caching::{self, Steps};
use super::fit;
use super::prompt::{Exchange, Prompt};
use super::strategy::{ANSWERED, ASKED, Family, Uses};
use super::{Calls, Job, Part, Recurrence, Refusal, Remark, Shape, Step, Strategy};
use crate::catalog::{CacheMode, Meter};
use crate::scenario::{Modes, Param};

/// Stuffs the corpus into each prompt.
pub struct LongContext;

/// A prompt with the corpus in it, checked to fit.
pub(super) struct Stuffed {
    /// Corpus tokens in the prompt.
    pub context: f64,
    /// Share of the corpus that the prompt holds.
    pub coverage: f64,
    /// The prompt.
    pub prompt: Prompt,
}

/// Works out how much of the corpus goes into a prompt: C = min(D, asked), the same on every model
/// unless the scenario says `"fill"`.
#[inline]
pub(super) fn stuff(job: &Job<'_>) -> Result<Stuffed, Refusal> {
    stuff_with_history(job, 0.0)
}

/// Does the same beside a history of that many tokens, which has to fit too.
#[inline]
pub(super) fn stuff_with_history(job: &Job<'_>, history: f64) -> Result<Stuffed, Refusal> {
    let corpus = job.text(Param::CorpusTokens);
    let exchange = Exchange::of(job)?;
    let asked = if job.modes().fill_context {
        let beside =
            job.text(Param::SystemTokens) + job.text(Param::QuestionTokens) + history + exchange.sent();
        let room = fit::room_for_input(job.model.1, exchange.written()).ok_or(Refusal::WindowUnknown)?;
        // Images may leave a part of a token, with which the sum could come out above the window.
        (room - beside).floor().max(0.0)
    } else {
        job.numbers.get(Param::ContextTokens).map_or(corpus, |_| job.text(Param::ContextTokens))
    };
    let context = corpus.min(asked);
    let coverage = if corpus > 0.0 { context / corpus } else { 1.0 };
    let prompt = Prompt::of(job, context + history, exchange).map_err(Refusal::Misfit)?;
    Ok(Stuffed { context, coverage, prompt })
}

/// The text of a prompt with the corpus in it.
pub(super) const STUFFED: &str = "{request.system_tokens} + {context} + {request.question_tokens}";

impl Stuffed {
    /// Tells how much of the corpus is in the prompt.
    pub fn tell(&self, job: &Job<'_>, calls: &mut dyn Calls) {
        self.prompt.exchange.tell(calls);
        let Some(told) = calls.told() else { return };
        if job.modes().fill_context {
            let words =
                "as much of {corpus.tokens} as fits the model beside system prompt, question and output";
            told.words("context", self.context, words);
        } else if job.numbers.get(Param::ContextTokens).is_some() {
            told.formula("context", self.context, "min({corpus.tokens}, {long_context.context_tokens})");
        } else {
            told.formula("context", self.context, "{corpus.tokens}");
        }
        told.formula("prefix", self.prompt.system + self.context, "{request.system_tokens} + {context}");
    }

    /// Adds the calls without a cache.
    #[inline]
    pub fn push(&self, job: &Job<'_>, steps: Steps, calls: &mut dyn Calls) {
        self.tell(job, calls);
        caching::tell_plain(calls);
        let Prompt { system, text, exchange, .. } = self.prompt;
        let [images, audio, answer, reasoning, spoken] = exchange.quantities();
        let quantities = [(Meter::Input, system + text), images, audio, answer, reasoning, spoken];
        calls.call(steps.plain, job.model.0, (job.requests, 1.0), Recurrence::Monthly, &quantities);
    }
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

    fn parameters(&self) -> &'static [&'static [Param]] {
        &[ASKED, ANSWERED, &[Param::CorpusTokens, Param::ContextTokens]]
    }

    fn uses(&self, _modes: &Modes) -> Uses {
        Uses::default()
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let stuffed = stuff(job)?;
        stuffed.push(job, Steps::ANSWER, calls);
        let automatic = caching::offered(job).any(|rule| rule.mode == CacheMode::Automatic);
        let remark = automatic.then_some(Remark::NoHitsCounted);
        Ok(Shape { coverage: stuffed.coverage, fit: stuffed.prompt.fit, remark })
    }

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        (step.is_answer() && part == Part::Each(Meter::Input)).then_some(STUFFED)
    }
}
