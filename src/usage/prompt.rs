//! One call of the model that answers: its texts, media and answer, checked to fit, and its system prompt cached where
//! that is asked for.

use super::caching::{self, Part, Steps};
use super::fit::{self, Fit};
use super::images;
use super::{Calls, Job, Recurrence, Refusal};
use crate::catalog::{CacheMode, CacheRule, Meter, Product, Service};
use crate::scenario::{PagesAs, Param, PromptCache};

/// What a request sends beside text of the corpus, and what it gets back.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Exchange {
    /// Text of the pages that are sent.
    pub page_text: f64,
    /// Image tokens, those of pages included.
    pub images: f64,
    /// Audio tokens.
    pub audio: f64,
    /// Text tokens of the answer, without reasoning.
    pub answer: f64,
    /// Reasoning tokens.
    pub reasoning: f64,
    /// Audio tokens of the answer.
    pub spoken: f64,
}

impl Exchange {
    /// Counts the media and the answer of a request.
    #[inline]
    pub fn of(job: &Job<'_>) -> Result<Exchange, Refusal> {
        let reasoning = job.text(Param::ReasoningTokens);
        let (audio, spoken) = (job.number(Param::AudioTokens), job.number(Param::OutputAudioTokens));
        if audio + spoken > 0.0 && !takes(job.model.1, "audio") {
            return Err(Refusal::NoAudio);
        }
        let pages = job.number(Param::Pages);
        let as_text = pages > 0.0 && job.modes().pages_as != PagesAs::Image;
        Ok(Exchange {
            page_text: if as_text { pages * job.text(Param::PageTokens) } else { 0.0 },
            images: image_tokens(job, pages)?,
            audio,
            answer: (job.text(Param::OutputTokens) - reasoning).max(0.0),
            reasoning,
            spoken,
        })
    }

    /// Returns what goes in beside system prompt, context and question.
    #[inline]
    pub fn sent(&self) -> f64 {
        self.page_text + self.images + self.audio
    }

    /// Returns what comes out.
    #[inline]
    pub fn written(&self) -> f64 {
        self.answer + self.reasoning + self.spoken
    }

    /// Tells how many tokens the media are.
    pub fn tell(&self, calls: &mut dyn Calls) {
        let Some(told) = calls.told() else { return };
        told.formula("page text", self.page_text, "{request.pages} × {request.page_tokens}");
        told.words(
            "image tokens",
            self.images,
            "{request.images} images of {request.image_width} × {request.image_height} pixels and {request.pages} \
             pages, by the model's rule",
        );
    }

    /// Returns the quantities beside text of the prompt.
    #[inline]
    pub fn quantities(&self) -> [(Meter, f64); 5] {
        [
            (Meter::InputImage, self.images),
            (Meter::InputAudio, self.audio),
            (Meter::Output, self.answer),
            (Meter::Reasoning, self.reasoning),
            (Meter::OutputAudio, self.spoken),
        ]
    }
}

fn takes(model: &Product, medium: &str) -> bool {
    model.modalities.iter().any(|modality| modality == medium)
}

/// Returns the tokens of all images in one prompt, those of pages included.
#[inline]
fn image_tokens(job: &Job<'_>, pages: f64) -> Result<f64, Refusal> {
    let count = job.number(Param::Images);
    let pages = if job.modes().pages_as == PagesAs::Text { 0.0 } else { pages };
    if count + pages == 0.0 { Ok(0.0) } else { tokens_of_images(job, count, pages) }
}

/// Counts the tokens of images and of pages that are sent as images.
fn tokens_of_images(job: &Job<'_>, count: f64, pages: f64) -> Result<f64, Refusal> {
    let model = job.model.1;
    if !takes(model, "image") {
        return Err(Refusal::NoImages);
    }
    let formula = model.image_tokens.as_ref().ok_or(Refusal::ImageTokensUnknown)?;
    let of = |count: f64, width: Param, height: Param| {
        if count == 0.0 {
            return 0.0;
        }
        let (width, height) = (job.number(width), job.number(height));
        count * images::tokens(formula, width, height, job.modes().image_detail)
    };
    let pictures = of(count, Param::ImageWidth, Param::ImageHeight);
    Ok(pictures + of(pages, Param::PageWidth, Param::PageHeight))
}

/// The prompt of a call, once it is known to fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prompt {
    /// System prompt.
    pub system: f64,
    /// Text after it.
    pub text: f64,
    /// Media and answer.
    pub exchange: Exchange,
    /// Whether it is known to fit.
    pub fit: Fit,
}

impl Prompt {
    /// Puts that many tokens of the corpus between system prompt and question.
    #[inline]
    pub fn with(job: &Job<'_>, context: f64) -> Result<Prompt, Refusal> {
        let exchange = Exchange::of(job)?;
        Prompt::of(job, context, exchange).map_err(Refusal::Misfit)
    }

    /// Does the same with media and an answer that were counted before.
    #[inline]
    pub fn of(job: &Job<'_>, context: f64, exchange: Exchange) -> Result<Prompt, fit::Misfit> {
        let system = job.text(Param::SystemTokens);
        let text = context + job.text(Param::QuestionTokens) + exchange.page_text;
        let input = system + text + exchange.images + exchange.audio;
        let fit = fit::check(job.model.1, input, exchange.written())?;
        Ok(Prompt { system, text, exchange, fit })
    }

    /// Adds the calls of a month, `share` of the requests of the job.
    ///
    /// The system prompt is found as often as the job's arrivals, whatever their share, leave it in the cache.
    #[inline]
    pub fn push(&self, job: &Job<'_>, share: f64, steps: Steps, calls: &mut dyn Calls) {
        self.push_several(job, (1.0, share), steps, calls);
    }

    /// Adds `count` such calls for a share of the requests.
    ///
    /// The calls of one request run side by side: none waits until another has written the system prompt.
    #[inline]
    pub fn push_several(
        &self,
        job: &Job<'_>,
        (count, share): (f64, f64),
        steps: Steps,
        calls: &mut dyn Calls,
    ) {
        let requests = job.requests * count;
        self.exchange.tell(calls);
        match prompt_rule(job, self.system) {
            None => {
                caching::tell_plain(calls);
                let [images, audio, answer, reasoning, spoken] = self.exchange.quantities();
                let text = (Meter::Input, self.system + self.text);
                let quantities = [text, images, audio, answer, reasoning, spoken];
                calls.call(steps.plain, job.model.0, (requests, share), Recurrence::Monthly, &quantities);
            }
            Some(rule) => {
                let cached = caching::cached_tokens(rule, self.system);
                let (arrivals, prefixes) = (keep_prompt(job), job.prompt_prefixes());
                let hits = caching::hit_share(job, rule, arrivals, prefixes);
                if let Some(told) = calls.told() {
                    told.formula("prefix", self.system, "{request.system_tokens}");
                }
                caching::tell_hits(calls, job, rule, (arrivals, prefixes), hits);
                let part = Part {
                    cached,
                    fresh: self.system - cached + self.text,
                    exchange: self.exchange,
                    hits,
                    kept: None,
                };
                caching::push_calls(calls, job, rule, (requests, share), part, steps);
            }
        }
    }
}

/// Returns how a system prompt is cached where the context after it is not; `None` where it is not cached.
///
/// What a vendor caches by itself is cached whatever other ways there are, and whichever lifetime was asked for; but
/// not in a batch queue, which is worked through at hours of its own, and for which some vendors print no price of hits.
/// A model without one serves such requests as usual, and caches for them as usual.
#[inline]
fn prompt_rule<'a>(job: &Job<'a>, system: f64) -> Option<&'a CacheRule> {
    let wanted = job.modes().prompt_cache;
    if system <= 0.0 || wanted == PromptCache::Never || waits_uncached(job) {
        return None;
    }
    let free =
        |rule: &&CacheRule| rule.mode == CacheMode::Automatic && rule.write == Meter::Input && !rule.rent;
    let asked = caching::choose(job).ok().filter(|rule| wanted == PromptCache::Always || free(rule));
    let rule = asked.or_else(|| caching::offered(job).find(free))?;
    (caching::cached_tokens(rule, system) > 0.0).then_some(rule)
}

/// Returns the requests a month that leave the system prompt in the cache for others.
#[inline]
pub(super) fn keep_prompt(job: &Job<'_>) -> f64 {
    job.prompt_arrivals - if skips_queues(job) { job.prompt_batched } else { 0.0 }
}

/// Returns whether these requests wait in a batch queue that neither writes nor finds system prompts in the cache.
#[inline]
pub(super) fn waits_uncached(job: &Job<'_>) -> bool {
    job.service == Service::Batch && skips_queues(job)
}

/// Returns whether requests in the batch queue of the model neither write nor find system prompts in the cache.
#[inline]
fn skips_queues(job: &Job<'_>) -> bool {
    job.modes().prompt_cache != PromptCache::Always && job.parts.queues
}
