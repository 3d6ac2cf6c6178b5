//! `hybrid`: retrieval first, the long context for what it cannot answer.

use super::cached_context;
use super::caching::{self, Steps};
use super::long_context::{STUFFED, stuff};
use super::prompt::{Exchange, Prompt};
use super::rag::{Index, RETRIEVED, push_index, push_search};
use super::strategy::{ANSWERED, ASKED, CACHE, Family, INDEX, Uses};
use super::{Calls, Fit, Job, Part, Refusal, Remark, Shape, Step, Strategy};
use crate::catalog::Meter;
use crate::scenario::{Modes, Param};
use crate::units::share;

/// Answers every request by retrieval, and again from the long context where the chunks are not enough.
///
/// Of N requests the share 1 − f is answered as by `rag`. The share f writes only that it declines, and is then asked
/// again with the corpus in the prompt, of another model perhaps, by whose window, images and caches that is counted.
/// The long context is cached where its model caches and `hybrid.fallback_cached` says so; its cache sees only the f·λ
/// requests that fall back, of every class with that prefix, while the system prompt of retrieval sees all λ. It has to fit only where some requests
/// fall back.
///
/// A request thinks before it declines as it does before it answers, so a decline is never shorter than the reasoning.
///
/// A request costs rag + f·long context where a decline is as long as an answer, so that hybrid may cost more than the
/// long context alone: in the Self-Route paper (Li et al. 2024, <https://arxiv.org/abs/2407.16833>) it takes 102.97 % of
/// its tokens at 50 chunks, and 38.63 % at 5.
pub struct Hybrid;

impl Strategy for Hybrid {
    fn id(&self) -> &'static str {
        "hybrid"
    }

    fn summary(&self) -> &'static str {
        "as rag, and the long context for the requests that the chunks cannot answer"
    }

    fn family(&self) -> Family {
        Family::Retrieve
    }

    fn parameters(&self) -> &'static [&'static [Param]] {
        &[ASKED, ANSWERED, INDEX, CACHE, &[Param::ContextTokens, Param::DeclinedShare, Param::DeclinedTokens]]
    }

    fn uses(&self, _modes: &Modes) -> Uses {
        Uses { index: true, fallback: true, ..Uses::default() }
    }

    fn prepare(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<(), Refusal> {
        push_index(job, &Index::of(job, 0.0), calls);
        Ok(())
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let index = Index::of(job, 0.0);
        let top_k = job.number(Param::TopK);
        let declined = job.number(Param::DeclinedShare);
        let retrieved = index.tokens_of(top_k);
        let prompt = Prompt::with(job, retrieved)?;
        push_search(job, &index, top_k, calls);
        tell_share(calls, share(1.0 - declined), "1 − {hybrid.declined_share}");
        prompt.push(job, share(1.0 - declined), Steps::ANSWER, calls);
        let mut shape = Shape { coverage: 1.0, fit: prompt.fit, remark: Some(Remark::FallsBack(declined)) };
        if declined > 0.0 {
            let answer = (job.text(Param::DeclinedTokens) - prompt.exchange.reasoning).max(0.0);
            let exchange = Exchange { answer, spoken: 0.0, ..prompt.exchange };
            let declining = Prompt::of(job, retrieved, exchange).map_err(Refusal::Misfit)?;
            tell_share(calls, declined, "{hybrid.declined_share}");
            declining.push(job, declined, Steps::all(Step::Decline), calls);
            let again = Job {
                arrivals: job.declined_arrivals,
                ..job.on(job.parts.fallback, declined, job.parts.fallback_tokens)
            };
            let (coverage, fit) = fall_back(&again, calls)?;
            shape.coverage = coverage;
            if fit == Fit::Unknown {
                shape.fit = Fit::Unknown;
            }
        }
        Ok(shape)
    }

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        let again = matches!(step, Step::Fallback | Step::FallbackHit | Step::FallbackMiss);
        match part {
            Part::Each(Meter::Input) if again => Some(STUFFED),
            Part::Each(Meter::Input) if step.is_answer() => Some(RETRIEVED),
            Part::Each(Meter::Output) if step == Step::Decline => Some("{hybrid.declined_output_tokens}"),
            _ => None,
        }
    }
}

/// Tells for which share of the requests the next calls are.
fn tell_share(calls: &mut dyn Calls, share: f64, formula: &'static str) {
    if let Some(told) = calls.told() {
        told.formula("share of requests", share, formula);
    }
}

/// Adds the requests that are asked again with the corpus in the prompt; returns how much of it that is, and the fit.
fn fall_back(job: &Job<'_>, calls: &mut dyn Calls) -> Result<(f64, Fit), Refusal> {
    let stuffed = stuff(job).map_err(|refusal| match refusal {
        Refusal::Misfit(misfit) => Refusal::Fallback(misfit),
        other => other,
    })?;
    if let Some(told) = calls.told() {
        told.count_as(job);
    }
    match caching::choose(job) {
        Ok(rule) if job.modes().fallback_cached => {
            cached_context::push(job, rule, &stuffed, Steps::FALLBACK, calls);
        }
        Err(refusal @ Refusal::NoCacheOfLifetime(_)) if job.modes().fallback_cached => return Err(refusal),
        _ => stuffed.push(job, Steps::FALLBACK, calls),
    }
    Ok((stuffed.coverage, stuffed.prompt.fit))
}
