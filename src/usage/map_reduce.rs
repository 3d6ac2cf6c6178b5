//! `map_reduce`: the whole corpus read part by part, and the parts' outputs put together.

use super::fit::{self, Fit};
use super::strategy::Family;
use super::{Job, Recurrence, Refusal, Remark, Shape, Step, Strategy, Usage};
use crate::catalog::Meter;
use crate::scenario::Param;

/// Reads the corpus in parts, then puts their outputs together.
///
/// Where S + Q + D with output O fits, a request is that one call. Else each of ⌈D/room⌉ map calls takes S + Q and
/// room = min(I, W − Oₘ) − S − Q tokens of the corpus, the last one the rest, and writes Oₘ. One reduce call takes
/// S + Q and all map outputs and writes O. Where they overflow it, calls that write Oₘ first condense them level by
/// level, each taking ⌊room/Oₘ⌋ outputs and the last of a level what is left, be it a single one. Images of the
/// prompt go with every call.
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

    fn parameters(&self) -> &'static [Param] {
        &[Param::CorpusTokens, Param::MapOutputTokens]
    }

    fn usage(&self, job: &Job<'_>, usage: &mut Usage) -> Result<Shape, Refusal> {
        let mut calls = Calls::of(job, usage)?;
        let corpus = job.number(Param::CorpusTokens);
        let fit = match fit::check(job.model.1, calls.beside() + corpus, calls.output) {
            Ok(fit) => {
                calls.push(Step::Answer, 1.0, corpus, calls.output);
                fit
            }
            Err(_) => calls.map_and_reduce(corpus)?,
        };
        Ok(Shape { coverage: 1.0, fit, remark: Some(Remark::Calls(calls.made)) })
    }
}

/// The calls of one request as they are written down.
struct Calls<'a, 'j> {
    job: &'a Job<'j>,
    usage: &'a mut Usage,
    /// System prompt and question.
    text: f64,
    /// Image tokens.
    images: f64,
    /// Output of a map call.
    part: f64,
    /// Output of the last call.
    output: f64,
    /// Calls so far.
    made: f64,
}

impl<'a, 'j> Calls<'a, 'j> {
    fn of(job: &'a Job<'j>, usage: &'a mut Usage) -> Result<Self, Refusal> {
        Ok(Calls {
            job,
            usage,
            text: job.number(Param::SystemTokens) + job.number(Param::QuestionTokens),
            images: job.image_tokens()?,
            part: job.number(Param::MapOutputTokens),
            output: job.number(Param::OutputTokens),
            made: 0.0,
        })
    }

    /// Returns what every call takes beside its part of the corpus.
    fn beside(&self) -> f64 {
        self.text + self.images
    }

    /// Returns the whole tokens that a call with an output can take beside system prompt and question.
    fn room(&self, output: f64) -> Result<f64, Refusal> {
        let input = fit::room_for_input(self.job.model.1, output).ok_or(Refusal::WindowUnknown)?;
        Ok((input - self.beside()).floor())
    }

    /// Adds alike calls of each request.
    fn push(&mut self, step: Step, count: f64, taken: f64, output: f64) {
        let quantities =
            [(Meter::Input, self.text + taken), (Meter::InputImage, self.images), (Meter::Output, output)];
        let calls = (self.job.requests() * count, 1.0);
        self.usage.push(step, self.job.model.0, calls, Recurrence::Monthly, &quantities);
        self.made += count;
    }

    /// Adds calls that share something out evenly, and one for the rest; returns how many there are.
    fn share_out(&mut self, steps: (Step, Step), whole: f64, each: f64) -> f64 {
        let full = (whole / each).floor();
        let rest = whole - full * each;
        self.push(steps.0, full, each, self.part);
        if rest > 0.0 {
            self.push(steps.1, 1.0, rest, self.part);
        }
        full + f64::from(u8::from(rest > 0.0))
    }

    fn map_and_reduce(&mut self, corpus: f64) -> Result<Fit, Refusal> {
        let model = self.job.model.1;
        let check = |taken: f64, output| fit::check(model, taken, output).map_err(Refusal::Misfit);
        // The reduce call has to hold one output, a map call one token of the corpus.
        let fit = check(self.beside() + self.part, self.output)?;
        let room = self.room(self.part)?;
        check(self.beside() + room.max(1.0), self.part)?;
        let held = (self.room(self.output)? / self.part).floor();
        let group = (room / self.part).floor();
        let mut outputs = self.share_out((Step::Map, Step::MapRest), corpus, room);
        while outputs > held {
            if group < 2.0 {
                return Err(Refusal::NoRoomToReduce { room, output: self.part });
            }
            let taken = outputs * self.part;
            outputs = self.share_out((Step::Condense, Step::CondenseRest), taken, group * self.part);
        }
        self.push(Step::Reduce, 1.0, outputs * self.part, self.output);
        Ok(fit)
    }
}
