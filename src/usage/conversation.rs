//! `conversation`: a request is a talk of several turns over the stuffed corpus, or over chunks looked up for each turn.

mod talk;

use super::caching;
use super::long_context::stuff_with_history;
use super::prompt::{Prompt, waits_uncached};
use super::rag::{Index, push_index, push_search};
use super::strategy::{ANSWERED, ASKED, CACHE, Family, INDEX, Uses};
use super::{Calls, Job, Part, Refusal, Remark, Shape, Step, Strategy};
use crate::catalog::{CacheRule, Meter};
use crate::scenario::{Modes, Param, TalkContext};
use crate::units::share;
use talk::Talk;

/// Asks T questions about the corpus, one after the other.
///
/// Turn t takes S + C + Q and a history, and writes O, of which V = O less reasoning is kept. The history is
/// - `full`: (t − 1)(Q + V), so a conversation takes T(S + C + Q) + (Q + V)·T(T − 1)/2;
/// - `window` of w turns: min(t − 1, w)(Q + V), so w·T − w(w + 1)/2 stands for T(T − 1)/2 where w < T;
/// - `summary` of H tokens: 0, then H. Before each turn but the first an extra call of S + Q + V, and H from the third
///   turn on, brings the summary up to date and writes H. A conversation takes T(S + C + Q) + (T − 1)H for its turns
///   and (T − 1)(S + Q + V) + (T − 2)H for the summaries, which write (T − 1)H beside T·O.
///
/// S + C = 1,000, Q = 100, V = 200 and 3 turns: 1,100, 1,400 and 1,700 tokens, 3·1,100 + 300·3 = 4,200.
///
/// The last turn has to fit. Media of the prompt go with every turn, once.
///
/// The context is `stuffed`, the same in every turn, or `retrieved`: each turn embeds its question, searches the index
/// that is made as for `rag`, and takes min(k, n) chunks for itself alone, so that no history holds any.
///
/// Where the model caches, in its first way or with the lifetime that the scenario asks for, turns are cached unless
/// `conversation.cached` says otherwise. What can be found again stands first:
/// - stuffed: S, C, history, Q. Each later turn reads the last turn's whole input and writes V + Q;
/// - retrieved: S, history, C, Q. A later turn reads S and the history that the last turn had, and writes that turn's
///   Q + V; its own chunks and question are always plain input. With S = 400, Q = 100, V = 200 the third turn reads
///   400 + 300 and writes 300.
///
/// Both are rounded as the cache's rule says, and need the gap between turns to be within the lifetime. The first turn
/// finds S + C as `cached_context` does, or S as `rag` does, in batch queues neither, with conversations for arrivals, which
/// counts too few hits where turns keep the prefix warm for others. If the gap is longer, or history is dropped, or the
/// cache takes rent, only that is cached: later turns find it surely where hits renew it within the lifetime, else as the
/// first does.
pub struct Conversation;

impl Strategy for Conversation {
    fn id(&self) -> &'static str {
        "conversation"
    }

    fn summary(&self) -> &'static str {
        "several turns with their history, over the stuffed corpus or chunks retrieved for each"
    }

    fn family(&self) -> Family {
        Family::Converse
    }

    fn parameters(&self) -> &'static [&'static [Param]] {
        const TURNS: &[Param] = &[
            Param::Turns,
            Param::WindowTurns,
            Param::SummaryTokens,
            Param::TurnGapMinutes,
            Param::ContextTokens,
        ];
        &[ASKED, ANSWERED, INDEX, CACHE, TURNS]
    }

    fn uses(&self, modes: &Modes) -> Uses {
        Uses { index: modes.talk_context == TalkContext::Retrieved, ..Uses::default() }
    }

    fn prepare(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<(), Refusal> {
        if job.modes().talk_context == TalkContext::Retrieved {
            push_index(job, &Index::of(job, 0.0), calls);
        }
        Ok(())
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let mut talk = Talk::of(job);
        let (coverage, fit) = match job.modes().talk_context {
            TalkContext::Stuffed => {
                let stuffed = stuff_with_history(job, talk.history(talk.turns))?;
                stuffed.tell(job, calls);
                talk.start_with(job, stuffed.context, stuffed.prompt.exchange);
                (stuffed.coverage, stuffed.prompt.fit)
            }
            TalkContext::Retrieved => {
                let (index, top_k) = (Index::of(job, 0.0), job.number(Param::TopK));
                let chunks = index.tokens_of(top_k);
                let prompt = Prompt::with(job, chunks + talk.history(talk.turns))?;
                talk.look_up(job, chunks, prompt.exchange);
                let turns = Job { requests: job.requests * f64::from(talk.turns), ..*job };
                if let Some(told) = calls.told() {
                    told.formula("turns of a conversation", f64::from(talk.turns), "{conversation.turns}");
                }
                push_search(&turns, &index, top_k, calls);
                if let Some(told) = calls.told() {
                    told.formula("context", chunks, "{retrieved}");
                    told.formula("prefix", job.text(Param::SystemTokens), "{request.system_tokens}");
                }
                (1.0, prompt.fit)
            }
        };
        let rule = cache(job)?;
        let mut hits = 0.0;
        for turn in 1..=talk.turns {
            talk.push_summary(job, calls, turn)?;
            hits += match rule {
                Some(rule) => talk.push_cached(job, calls, rule, turn),
                None => talk.push_plain(job, calls, turn),
            };
        }
        let remark = talk.dropped.unwrap_or(match rule {
            None => Remark::Calls(f64::from(talk.turns)),
            Some(rule) if talk.longest_cached(rule) == 0.0 => Remark::BelowCacheMinimum(rule.minimum_tokens),
            Some(_) => Remark::HitShare(share(hits / f64::from(talk.turns))),
        });
        Ok(Shape { coverage, fit, remark: Some(remark) })
    }

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        match (step, part) {
            (Step::Summarise(_), Part::Each(Meter::Input)) => Some(
                "{request.system_tokens} + {request.question_tokens} + {kept of an answer}[ + {last summary}]",
            ),
            (Step::Summarise(_), Part::Each(Meter::Output)) => Some("{conversation.summary_tokens}"),
            (_, Part::Each(Meter::Input)) if step.is_answer() => {
                Some("{request.system_tokens} + {context} + {request.question_tokens}[ + {history}]")
            }
            _ => None,
        }
    }
}

/// Returns how turns are cached; `None` where they are not. What begins with the system prompt alone is cached in a batch
/// queue only where system prompts are.
fn cache<'a>(job: &Job<'a>) -> Result<Option<&'a CacheRule>, Refusal> {
    let retrieves = job.modes().talk_context == TalkContext::Retrieved;
    if !job.modes().talk_cached || (retrieves && waits_uncached(job)) {
        return Ok(None);
    }
    match caching::choose(job) {
        Ok(rule) => Ok(Some(rule)),
        Err(Refusal::NoCache | Refusal::NoCacheBefore(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
