//! `map_reduce`: the whole corpus read part by part, and the parts' outputs put together.

use super::caching::Steps;
use super::fit::{self, Fit};
use super::prompt::{Exchange, Prompt};
use super::strategy::{ANSWERED, ASKED, CACHE, Family, Uses};
use super::{Calls, Job, Part, Refusal, Remark, Shape, Step, Strategy};
use crate::catalog::Meter;
use crate::scenario::{Modes, Param};

/// Reads the corpus in parts, then puts their outputs together.
///
/// Where S + Q + D with output O fits, a request is that one call. Else each of ⌈D/room⌉ map calls takes S + Q and
/// room = min(I, W − Oₘ) − S − Q tokens of the corpus, the last one the rest, and writes Oₘ. One reduce call takes
/// S + Q and all map outputs and writes O. Where they overflow it, calls that write Oₘ first condense them level by
/// level, each taking ⌊room/Oₘ⌋ outputs and the last of a level what is left, be it a single one. Images of the
/// prompt go with every call. Where `map_reduce.parts` asks for more, room is ⌈D/parts⌉ at most.
///
/// With W = 1,000, S = 50, Q = 50, O = 100 and Oₘ = 200 room is 700: 3,000 tokens are 4 map calls of 700 tokens and
/// one of 200. A reduce call has room for ⌊800/200⌋ = 4 outputs, so 5 are condensed by threes to 2 first.
pub struct MapReduce;

impl Strategy for MapReduce {
    fn id(&self) -> &'static str {
        "map_reduce"
    }

    fn summary(&self) -> &'static str {
        "the whole corpus in as many calls as it needs, their outputs put together by more"
    }

    fn family(&self) -> Family {
        Family::Stuff
    }

    fn parameters(&self) -> &'static [&'static [Param]] {
        &[ASKED, ANSWERED, CACHE, &[Param::CorpusTokens, Param::MapOutputTokens, Param::MapParts]]
    }

    fn uses(&self, _modes: &Modes) -> Uses {
        Uses::default()
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let corpus = job.text(Param::CorpusTokens);
        let mut reading = Reading::of(job, calls)?;
        let parts = job.numbers.get(Param::MapParts).unwrap_or(1.0);
        let whole = Prompt::of(job, corpus, reading.exchange);
        let fit = match whole.ok().filter(|_| parts <= 1.0) {
            Some(prompt) => {
                prompt.push(job, 1.0, Steps::ANSWER, reading.calls);
                reading.made = 1.0;
                prompt.fit
            }
            None => reading.map_and_reduce(corpus, parts)?,
        };
        Ok(Shape { coverage: 1.0, fit, remark: Some(Remark::Calls(reading.made)) })
    }

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        let maps = matches!(step, Step::Map | Step::MapRest | Step::Condense | Step::CondenseRest);
        match part {
            Part::Each(Meter::Input)
                if step == Step::Answer || step == Step::AnswerHit || step == Step::AnswerMiss =>
            {
                Some("{request.system_tokens} + {corpus.tokens} + {request.question_tokens}")
            }
            Part::Each(Meter::Input) if step.is_answer() => {
                Some("{request.system_tokens} + {taken by a call} + {request.question_tokens}")
            }
            Part::Each(Meter::Output) if maps => Some("{map_reduce.map_output_tokens}"),
            _ => None,
        }
    }
}

/// The calls of one request as they are written down.
struct Reading<'a, 'j> {
    job: &'a Job<'j>,
    calls: &'a mut dyn Calls,
    /// Media of every call, and the answer of the last.
    exchange: Exchange,
    /// Output of a map call.
    part: f64,
    /// Calls so far.
    made: f64,
}

impl<'a, 'j> Reading<'a, 'j> {
    fn of(job: &'a Job<'j>, calls: &'a mut dyn Calls) -> Result<Self, Refusal> {
        let (exchange, part) = (Exchange::of(job)?, job.text(Param::MapOutputTokens));
        Ok(Reading { job, calls, exchange, part, made: 0.0 })
    }

    /// Returns media and answer of a map call: it thinks as the last one does.
    fn mapping(&self) -> Exchange {
        Exchange { answer: self.part, spoken: 0.0, ..self.exchange }
    }

    /// Returns the whole tokens that a call can take beside system prompt, question and media.
    fn room(&self, exchange: &Exchange) -> Result<f64, Refusal> {
        let job = self.job;
        let input = fit::room_for_input(job.model.1, exchange.written()).ok_or(Refusal::WindowUnknown)?;
        let beside = job.text(Param::SystemTokens) + job.text(Param::QuestionTokens) + exchange.sent();
        Ok((input - beside).floor())
    }

    fn prompt(&self, taken: f64, exchange: Exchange) -> Result<Prompt, Refusal> {
        Prompt::of(self.job, taken, exchange).map_err(Refusal::Misfit)
    }

    /// Adds alike calls of each request.
    fn push(&mut self, step: Step, count: f64, taken: f64, exchange: Exchange) -> Result<(), Refusal> {
        let prompt = self.prompt(taken, exchange)?;
        self.tell(step, count, taken);
        prompt.push_several(self.job, (count, 1.0), Steps::all(step), self.calls);
        self.made += count;
        Ok(())
    }

    /// Tells what alike calls take and how many of them a request makes.
    fn tell(&mut self, step: Step, count: f64, taken: f64) {
        let Some(told) = self.calls.told() else { return };
        let (calls, each) = match step {
            Step::Map => (
                "⌊{corpus.tokens} ÷ {taken by a call}⌋",
                "what a call has room for beside the rest of its prompt",
            ),
            Step::MapRest => ("1", "what is left of {corpus.tokens}"),
            Step::Condense => {
                ("", "outputs of {map_reduce.map_output_tokens} tokens, as many as a call has room for")
            }
            Step::CondenseRest => {
                ("1", "outputs of {map_reduce.map_output_tokens} tokens that are left of a level")
            }
            _ => ("1", "outputs of {map_reduce.map_output_tokens} tokens, all that are left"),
        };
        told.words("taken by a call", taken, each);
        if calls.is_empty() {
            told.words("calls for a request", count, "outputs of the level before, shared out");
        } else {
            told.formula("calls for a request", count, calls);
        }
    }

    /// Adds calls that share something out evenly, and one for the rest; returns how many there are.
    fn share_out(&mut self, steps: (Step, Step), whole: f64, each: f64) -> Result<f64, Refusal> {
        let full = (whole / each).floor();
        let rest = whole - full * each;
        if full > 0.0 {
            self.push(steps.0, full, each, self.mapping())?;
        }
        if rest > 0.0 {
            self.push(steps.1, 1.0, rest, self.mapping())?;
        }
        Ok(full + f64::from(u8::from(rest > 0.0)))
    }

    fn map_and_reduce(&mut self, corpus: f64, parts: f64) -> Result<Fit, Refusal> {
        // The reduce call has to hold one output, a map call one token of the corpus.
        let fit = self.prompt(self.part, self.exchange)?.fit;
        let room = self.room(&self.mapping())?;
        self.prompt(room.max(1.0), self.mapping())?;
        let held = (self.room(&self.exchange)? / self.part).floor();
        let group = (room / self.part).floor();
        let mut outputs =
            self.share_out((Step::Map, Step::MapRest), corpus, room.min((corpus / parts).ceil()).max(1.0))?;
        while outputs > held {
            if group < 2.0 {
                return Err(Refusal::NoRoomToReduce { room, output: self.part });
            }
            let taken = outputs * self.part;
            outputs = self.share_out((Step::Condense, Step::CondenseRest), taken, group * self.part)?;
        }
        self.push(Step::Reduce, 1.0, outputs * self.part, self.exchange)?;
        Ok(fit)
    }
}
