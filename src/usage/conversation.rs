//! `conversation`: a request is a talk of several turns over the stuffed corpus.

use super::caching::{self, cached_tokens};
use super::fit;
use super::long_context::stuff_with_history;
use super::prompt::Exchange;
use super::strategy::{Family, Uses};
use super::{Calls, Job, Part, Recurrence, Refusal, Remark, Shape, Step, Strategy};
use crate::catalog::{CacheRule, Meter};
use crate::scenario::parameter::MOST_TURNS;
use crate::scenario::{History, Param};
use crate::units::share;

/// Asks T questions about the stuffed corpus, one after the other.
///
/// Turn t takes S + C + Q and a history, and writes V = O, all of it kept (reasoning is not told apart). The history is
/// - `full`: (t − 1)(Q + V), so a conversation takes T(S + C + Q) + (Q + V)·T(T − 1)/2;
/// - `window` of w turns: min(t − 1, w)(Q + V), so w·T − w(w + 1)/2 stands for T(T − 1)/2 where w < T;
/// - `summary` of H tokens: 0, then H. Before each turn but the first an extra call of S + Q + V, and H from the third
///   turn on, brings the summary up to date and writes H. A conversation takes T(S + C + Q) + (T − 1)H for its turns
///   and (T − 1)(S + Q + V) + (T − 2)H for the summaries, which write (T − 1)H beside T·V.
///
/// S + C = 1,000, Q = 100, V = 200 and 3 turns: 1,100, 1,400 and 1,700 tokens, 3·1,100 + 300·3 = 4,200.
///
/// The last turn has to fit. Images of the prompt stay in every turn. The context is the same in every turn; one that
/// is retrieved anew for each is not priced.
///
/// Where the model caches, in its first way or with the lifetime that the scenario asks for, turns are cached. The
/// first finds S + C as `cached_context` does, with conversations for arrivals, which counts too few hits where turns
/// keep the prefix warm for others. If the gap between turns is within the lifetime, each later turn reads the last
/// turn's whole input and writes V + Q, both rounded as the rule says. If the gap is longer, or history is dropped, or
/// the cache takes rent, only S + C is cached: later turns find it surely where hits renew it within the lifetime,
/// else as the first does.
pub struct Conversation;

impl Strategy for Conversation {
    fn id(&self) -> &'static str {
        "conversation"
    }

    fn summary(&self) -> &'static str {
        "several turns over the stuffed corpus, with their history"
    }

    fn family(&self) -> Family {
        Family::Converse
    }

    fn parameters(&self) -> &'static [Param] {
        &[
            Param::CorpusTokens,
            Param::ContextTokens,
            Param::Turns,
            Param::WindowTurns,
            Param::SummaryTokens,
            Param::TurnGapMinutes,
            Param::HitShare,
            Param::TtlMinutes,
            Param::ActiveHoursPerDay,
            Param::Tenants,
        ]
    }

    fn uses(&self) -> Uses {
        Uses::default()
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let mut talk = Talk::of(job);
        let stuffed = stuff_with_history(job, talk.history(talk.turns))?;
        talk.prefix = stuffed.prompt.system + stuffed.context;
        talk.exchange = stuffed.prompt.exchange;
        let rule = match caching::choose(job) {
            Ok(rule) => Some(rule),
            Err(Refusal::NoCache | Refusal::NoCacheBefore(_)) => None,
            Err(other) => return Err(other),
        };
        stuffed.tell(job, calls);
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
        Ok(Shape { coverage: stuffed.coverage, fit: stuffed.prompt.fit, remark: Some(remark) })
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

/// The sizes of a conversation.
struct Talk {
    /// T.
    turns: u8,
    /// Q.
    question: f64,
    /// V.
    answer: f64,
    /// S + C.
    prefix: f64,
    /// Media and answer of a turn.
    exchange: Exchange,
    /// Turns of the history that are kept.
    window: f64,
    /// Tokens that stand for the history, where it is summarised.
    summary: Option<f64>,
    /// How history is dropped; `None` where all of it is kept.
    dropped: Option<Remark>,
    /// Minutes from turn to turn.
    gap: f64,
}

impl Talk {
    fn of(job: &Job<'_>) -> Self {
        let turns = job.number(Param::Turns).clamp(1.0, f64::from(MOST_TURNS)) as u8;
        let past = f64::from(turns - 1);
        let window = job.number(Param::WindowTurns);
        let (window, summary, dropped) = match job.modes().history {
            History::Window if window < past => (window, None, Some(Remark::HistoryWindow(window))),
            History::Summary if past > 0.0 => {
                (past, Some(job.text(Param::SummaryTokens)), Some(Remark::HistorySummary))
            }
            History::Full | History::Window | History::Summary => (past, None, None),
        };
        Talk {
            turns,
            question: job.text(Param::QuestionTokens),
            answer: job.text(Param::OutputTokens) - job.number(Param::ReasoningTokens),
            prefix: 0.0,
            exchange: Exchange::default(),
            window,
            summary,
            dropped,
            gap: job.number(Param::TurnGapMinutes),
        }
    }

    /// Returns the history that a turn takes.
    fn history(&self, turn: u8) -> f64 {
        match self.summary {
            _ if turn <= 1 => 0.0,
            Some(tokens) => tokens,
            None => f64::from(turn - 1).min(self.window) * (self.question + self.answer),
        }
    }

    /// Returns the text that a turn takes.
    fn input(&self, turn: u8) -> f64 {
        self.prefix + self.question + self.history(turn)
    }

    /// Returns whether turns build on the cached input of the one before.
    fn grows(&self, rule: &CacheRule) -> bool {
        self.gap <= rule.ttl_minutes && self.dropped.is_none() && !rule.rent
    }

    /// Returns how much of the last turn is cached.
    fn longest_cached(&self, rule: &CacheRule) -> f64 {
        cached_tokens(rule, if self.grows(rule) { self.input(self.turns) } else { self.prefix })
    }

    /// Adds the call that brings the summary up to date before a turn.
    fn push_summary(&self, job: &Job<'_>, calls: &mut dyn Calls, turn: u8) -> Result<(), Refusal> {
        let Some(written) = self.summary.filter(|_| turn > 1) else { return Ok(()) };
        let last_turn = job.text(Param::SystemTokens) + self.question + self.answer;
        let input = last_turn + self.history(turn - 1);
        fit::check(job.model.1, input, written).map_err(Refusal::Misfit)?;
        self.tell_turn(calls, turn);
        caching::tell_plain(calls);
        if let Some(told) = calls.told() {
            told.forget(&["page text"]);
        }
        let quantities = [(Meter::Input, input), (Meter::Output, written)];
        calls.call(Step::Summarise(turn), job.model.0, (job.requests, 1.0), Recurrence::Monthly, &quantities);
        Ok(())
    }

    /// Tells what a turn knows of those before it.
    fn tell_turn(&self, calls: &mut dyn Calls, turn: u8) {
        let Some(told) = calls.told() else { return };
        told.formula(
            "kept of an answer",
            self.answer,
            "{request.output_tokens} − {request.reasoning_tokens}",
        );
        told.words("turns before", f64::from(turn - 1), "of the same conversation");
        told.words("turns kept", self.window, "all, or the last {conversation.window_turns}");
        let history = "min({turns before}, {turns kept}) × ({request.question_tokens} + {kept of an answer})";
        let summary = "{conversation.summary_tokens}";
        let history = if self.summary.is_some() && turn > 1 { summary } else { history };
        told.formula("history", self.history(turn), history);
        told.formula("last summary", self.history(turn - 1), if turn > 2 { summary } else { "0" });
    }

    /// Adds a turn on a model without a cache; no share of it hits.
    fn push_plain(&self, job: &Job<'_>, calls: &mut dyn Calls, turn: u8) -> f64 {
        caching::tell_plain(calls);
        let nothing = Cached { read: (Meter::CachedInput, 0.0), written: (Meter::Input, 0.0) };
        self.push(job, calls, (Step::Turn(turn), 1.0), turn, nothing);
        0.0
    }

    /// Adds a turn whose input is cached in part, and returns the share that hits.
    fn push_cached(&self, job: &Job<'_>, calls: &mut dyn Calls, rule: &CacheRule, turn: u8) -> f64 {
        let prefix = cached_tokens(rule, self.prefix);
        let grows = self.grows(rule);
        let (read, written) = match turn {
            _ if !grows => (prefix, prefix),
            1 => (prefix, cached_tokens(rule, self.input(turn))),
            _ => (cached_tokens(rule, self.input(turn - 1)), cached_tokens(rule, self.input(turn))),
        };
        let surely = turn > 1 && self.gap <= rule.ttl_minutes && (grows || rule.renews_on_hit);
        let hits = match read {
            0.0 => 0.0,
            _ if surely => 1.0,
            _ => caching::hit_share(job, rule, job.arrivals, job.context_prefixes()),
        };
        caching::tell_hits(calls, job, rule, (job.arrivals, job.context_prefixes()), hits);
        if let Some(told) = calls.told().filter(|_| surely || read == 0.0) {
            let words = if surely {
                "surely: {conversation.turn_gap_minutes} minutes from turn to turn are within the cache's lifetime"
            } else {
                "none: nothing is long enough for the cache"
            };
            told.words("cache hits", hits, words);
        }
        let misses = share(1.0 - hits);
        let hit = Cached { read: (rule.read, read), written: (rule.write, written - read) };
        let miss = Cached { read: (rule.read, 0.0), written: (rule.write, written) };
        let missed = if written > 0.0 { Step::TurnMiss(turn) } else { Step::Turn(turn) };
        self.push(job, calls, (Step::TurnHit(turn), hits), turn, hit);
        self.push(job, calls, (missed, misses), turn, miss);
        if rule.rent {
            caching::tell_cache(calls, rule, written);
            caching::tell_call(calls, false, misses, (0.0, 0.0));
            let token_hours = [(Meter::CacheStorage, written * rule.ttl_minutes / 60.0)];
            let keeping = (job.requests, misses);
            calls.call(Step::StoreCache, job.model.0, keeping, Recurrence::Monthly, &token_hours);
        }
        hits
    }

    /// Adds a share of the calls of a turn; a write that costs plain input is plain input.
    fn push(
        &self,
        job: &Job<'_>,
        calls: &mut dyn Calls,
        (step, part): (Step, f64),
        turn: u8,
        cached: Cached,
    ) {
        let mut fresh = self.input(turn) - cached.read.1 - cached.written.1;
        let mut written = cached.written;
        if written.0 == Meter::Input {
            fresh += written.1;
            written.1 = 0.0;
        }
        self.tell_turn(calls, turn);
        self.exchange.tell(calls);
        if let Some(told) = calls.told() {
            match step {
                Step::TurnHit(_) => told.formula("hit share", part, "{cache hits}"),
                _ => told.formula("miss share", part, "1 − {cache hits}"),
            }
            told.forget(if matches!(step, Step::TurnHit(_)) { &["miss share"] } else { &["hit share"] });
            told.words(
                "read from the cache",
                cached.read.1,
                "what was cached before, whole steps of the cache",
            );
            let words = "what is not cached yet, whole steps of the cache";
            told.words("written to the cache", written.1, words);
        }
        let [images, audio, answer, reasoning, spoken] = self.exchange.quantities();
        let fresh = (Meter::Input, fresh + self.exchange.page_text);
        let quantities = [cached.read, written, fresh, images, audio, answer, reasoning, spoken];
        calls.call(step, job.model.0, (job.requests, part), Recurrence::Monthly, &quantities);
    }
}

/// What a call reads from a cache and writes to it.
struct Cached {
    read: (Meter, f64),
    written: (Meter, f64),
}
