//! `cached_context`: the corpus in every prompt, as a prefix that the vendor caches.

use super::caching::{self, CachedCall};
use super::long_context::stuff;
use super::strategy::Family;
use super::{Job, Refusal, Remark, Shape, Strategy, Usage};
use crate::scenario::Param;

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

    fn parameters(&self) -> &'static [Param] {
        &[
            Param::CorpusTokens,
            Param::ContextTokens,
            Param::HitShare,
            Param::TtlMinutes,
            Param::ActiveHoursPerDay,
            Param::Prefixes,
        ]
    }

    fn usage(&self, job: &Job<'_>, usage: &mut Usage) -> Result<Shape, Refusal> {
        let stuffed = stuff(job)?;
        let rule = caching::choose(job)?;
        let prefix = job.number(Param::SystemTokens) + stuffed.context;
        let cached = caching::cached_tokens(rule, prefix);
        let hits =
            if cached > 0.0 { caching::hit_share(job, rule, job.number(Param::Prefixes)) } else { 0.0 };
        let call = CachedCall {
            cached,
            fresh: prefix - cached + job.number(Param::QuestionTokens),
            images: stuffed.images,
            output: job.number(Param::OutputTokens),
            hits,
        };
        caching::push_calls(usage, job, rule, call);
        let remark = if cached > 0.0 {
            Remark::HitShare(hits)
        } else {
            Remark::BelowCacheMinimum(rule.minimum_tokens)
        };
        Ok(Shape { coverage: stuffed.coverage, fit: stuffed.fit, remark: Some(remark) })
    }
}
