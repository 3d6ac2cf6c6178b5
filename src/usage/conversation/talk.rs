//! The sizes of a conversation, and the calls of its turns.

use super::super::caching::{self, cached_tokens};
use super::super::fit;
use super::super::prompt::{Exchange, keep_prompt};
use super::super::{Calls, Job, Recurrence, Refusal, Remark, Step};
use crate::catalog::{CacheRule, Meter};
use crate::scenario::parameter::MOST_TURNS;
use crate::scenario::{History, Param};
use crate::units::share;

/// The sizes of a conversation.
pub(super) struct Talk {
    /// T.
    pub turns: u8,
    /// How history is dropped; `None` where all of it is kept.
    pub dropped: Option<Remark>,
    /// Q.
    question: f64,
    /// V.
    answer: f64,
    /// What all conversations begin with: S + C where the corpus is stuffed, else S.
    prefix: f64,
    /// Conversations a month that begin with one of these, and how many different ones there are.
    arrivals: (f64, f64),
    /// Chunks of a turn, which stand after the history; `None` where the corpus is stuffed.
    chunks: Option<f64>,
    /// Media and answer of a turn.
    exchange: Exchange,
    /// Turns of the history that are kept.
    window: f64,
    /// Tokens that stand for the history, where it is summarised.
    summary: Option<f64>,
    /// Minutes from turn to turn.
    gap: f64,
}

/// What a call reads from a cache and writes to it.
struct Cached {
    read: (Meter, f64),
    written: (Meter, f64),
}

impl Talk {
    /// Begins a conversation whose context is not known yet.
    pub fn of(job: &Job<'_>) -> Self {
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
            dropped,
            question: job.text(Param::QuestionTokens),
            answer: job.text(Param::OutputTokens) - job.text(Param::ReasoningTokens),
            prefix: job.text(Param::SystemTokens),
            arrivals: (0.0, 1.0),
            chunks: None,
            exchange: Exchange::default(),
            window,
            summary,
            gap: job.number(Param::TurnGapMinutes),
        }
    }

    /// Puts as much of the corpus behind the system prompt of every turn.
    pub fn start_with(&mut self, job: &Job<'_>, context: f64, exchange: Exchange) {
        self.prefix += context;
        (self.arrivals, self.exchange) = ((job.arrivals, job.context_prefixes()), exchange);
    }

    /// Puts that many tokens of chunks before the question of every turn.
    pub fn look_up(&mut self, job: &Job<'_>, chunks: f64, exchange: Exchange) {
        self.chunks = Some(chunks);
        (self.arrivals, self.exchange) = ((keep_prompt(job), job.prompt_prefixes()), exchange);
    }

    /// Returns the history that a turn takes.
    pub fn history(&self, turn: u8) -> f64 {
        match self.summary {
            _ if turn <= 1 => 0.0,
            Some(tokens) => tokens,
            None => f64::from(turn - 1).min(self.window) * (self.question + self.answer),
        }
    }

    /// Returns the text that a turn takes.
    fn input(&self, turn: u8) -> f64 {
        self.prefix + self.history(turn) + self.chunks.unwrap_or(0.0) + self.question
    }

    /// Returns how much of a turn's input the next turn begins with.
    fn kept(&self, turn: u8) -> f64 {
        match self.chunks {
            None => self.input(turn),
            Some(_) => self.prefix + self.history(turn),
        }
    }

    /// Returns whether turns build on the cached input of the one before.
    fn grows(&self, rule: &CacheRule) -> bool {
        self.gap <= rule.ttl_minutes && self.dropped.is_none() && !rule.rent
    }

    /// Returns how much of the last turn is cached.
    pub fn longest_cached(&self, rule: &CacheRule) -> f64 {
        cached_tokens(rule, if self.grows(rule) { self.kept(self.turns) } else { self.prefix })
    }

    /// Adds the call that brings the summary up to date before a turn.
    pub fn push_summary(&self, job: &Job<'_>, calls: &mut dyn Calls, turn: u8) -> Result<(), Refusal> {
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

    /// Tells which share of a turn's calls the next is, and what it reads from the cache and writes to it.
    fn tell_cached(&self, calls: &mut dyn Calls, (step, part): (Step, f64), (read, written): (f64, f64)) {
        let hit = matches!(step, Step::TurnHit(_));
        caching::tell_call(calls, hit, part, (read, written));
        let Some(told) = calls.told() else { return };
        told.words("read from the cache", read, "what was cached before, whole steps of the cache");
        told.words("written to the cache", written, "what is not cached yet, whole steps of the cache");
    }

    /// Adds a turn without a cache; no share of it hits.
    pub fn push_plain(&self, job: &Job<'_>, calls: &mut dyn Calls, turn: u8) -> f64 {
        caching::tell_plain(calls);
        let nothing = Cached { read: (Meter::CachedInput, 0.0), written: (Meter::Input, 0.0) };
        self.push(job, calls, (Step::Turn(turn), 1.0), turn, nothing);
        0.0
    }

    /// Adds a turn whose input is cached in part, and returns the share that hits.
    pub fn push_cached(&self, job: &Job<'_>, calls: &mut dyn Calls, rule: &CacheRule, turn: u8) -> f64 {
        let prefix = cached_tokens(rule, self.prefix);
        let grows = self.grows(rule);
        let (read, written) = match turn {
            _ if !grows => (prefix, prefix),
            1 => (prefix, cached_tokens(rule, self.kept(turn))),
            _ => (cached_tokens(rule, self.kept(turn - 1)), cached_tokens(rule, self.kept(turn))),
        };
        let surely = turn > 1 && self.gap <= rule.ttl_minutes && (grows || rule.renews_on_hit);
        let hits = match read {
            0.0 => 0.0,
            _ if surely => 1.0,
            _ => caching::hit_share(job, rule, self.arrivals.0, self.arrivals.1),
        };
        caching::tell_hits(calls, job, rule, self.arrivals, hits);
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
        self.tell_cached(calls, (step, part), (cached.read.1, written.1));
        let [images, audio, answer, reasoning, spoken] = self.exchange.quantities();
        let fresh = (Meter::Input, fresh + self.exchange.page_text);
        let quantities = [cached.read, written, fresh, images, audio, answer, reasoning, spoken];
        calls.call(step, job.model.0, (job.requests, part), Recurrence::Monthly, &quantities);
    }
}
