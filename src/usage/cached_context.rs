//! `cached_context`: the corpus in every prompt, as a prefix that the vendor caches.

use super::caching::{self, Steps};
use super::long_context::{STUFFED, Stuffed, stuff};
use super::strategy::{ANSWERED, ASKED, CACHE, Family, Uses};
use super::{Calls, Job, Part, Refusal, Remark, Shape, Step, Strategy};
use crate::catalog::{CacheRule, Meter};
use crate::scenario::{Modes, Param};

/// Stuffs the corpus as a cached prefix.
pub struct CachedContext;

impl Strategy for CachedContext {
    fn id(&self) -> &'static str {
        "cached_context"
    }

    fn summary(&self) -> &'static str {
        "the whole corpus in every prompt, as a cached prefix"
    }

    fn family(&self) -> Family {
        Family::Stuff
    }

    fn parameters(&self) -> &'static [&'static [Param]] {
        &[ASKED, ANSWERED, CACHE, &[Param::CorpusTokens, Param::ContextTokens]]
    }

    fn uses(&self, _modes: &Modes) -> Uses {
        Uses::default()
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let stuffed = stuff(job)?;
        let rule = caching::choose(job)?;
        let remark = push(job, rule, &stuffed, Steps::ANSWER, calls);
        Ok(Shape { coverage: stuffed.coverage, fit: stuffed.prompt.fit, remark: Some(remark) })
    }

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        (step.is_answer() && part == Part::Each(Meter::Input)).then_some(STUFFED)
    }
}

/// Adds a month's calls with S + C as cached prefix.
pub(super) fn push(
    job: &Job<'_>,
    rule: &CacheRule,
    stuffed: &Stuffed,
    steps: Steps,
    calls: &mut dyn Calls,
) -> Remark {
    let prefix = stuffed.prompt.system + stuffed.context;
    let cached = caching::cached_tokens(rule, prefix);
    if cached == 0.0 {
        stuffed.push(job, steps, calls);
        return Remark::BelowCacheMinimum(rule.minimum_tokens);
    }
    let prefixes = job.context_prefixes();
    let kept = job.modes().keep_warm.then(|| caching::keep(job, rule, job.arrivals, prefixes)).flatten();
    let hits = match kept {
        Some(kept) => kept.hits,
        None => caching::hit_share(job, rule, job.arrivals, prefixes),
    };
    let fresh = prefix - cached + stuffed.prompt.text - stuffed.context;
    stuffed.tell(job, calls);
    caching::tell_hits(calls, job, rule, (job.arrivals, prefixes), hits);
    let part = caching::Part { cached, fresh, exchange: stuffed.prompt.exchange, hits, kept };
    caching::push_calls(calls, job, rule, (job.requests, 1.0), part, steps);
    caching::push_keeping(calls, job, rule, &part, prefixes);
    match kept {
        Some(kept) if kept.pings > 0.0 => Remark::KeptWarm(kept.pings),
        _ => Remark::HitShare(hits),
    }
}
