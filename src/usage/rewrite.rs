//! `rewrite`: an output as long as the input, in pieces, because the output limit binds.

use super::caching::Steps;
use super::prompt::{Exchange, Prompt};
use super::strategy::{ASKED, CACHE, Family, Uses};
use super::{Calls, Job, Part, Refusal, Remark, Shape, Step, Strategy};
use crate::catalog::{Meter, Product};
use crate::scenario::{Modes, Param};

/// Rewrites a text piece by piece.
///
/// A call takes S, Q and a piece of p tokens and writes q·p of text for it, beside what it reasons. 10,000 tokens on a
/// model that writes 4,096 at most are two pieces of 4,096 and one of 1,808.
pub struct Rewrite;

/// Returns the longest piece of text that a model can rewrite in one call, in whole tokens.
///
/// With ratio q of output to input and R tokens of reasoning: q·p + R ≤ m, and S + p + q·p + R ≤ W where the window is
/// shared. For q = 1 and R = 0 that is min(m, ⌊(W − S)/2⌋). Where the whole text T goes with every call, only the
/// output of the piece is left to fit: S + T + q·p + R ≤ W. `None` where neither limit is known.
fn longest_piece(
    model: &Product,
    (beside, reasoning): (f64, f64),
    ratio: f64,
    resent: Option<f64>,
) -> Option<f64> {
    let by_output = model.max_output.map(|output| (output - reasoning) / ratio);
    let by_window = model.window.map(|window| window - beside).and_then(|room| match resent {
        None if model.shared_window => Some((room - reasoning) / (1.0 + ratio)),
        None => Some(room),
        Some(text) if model.shared_window => Some((room - text - reasoning) / ratio),
        // The text is as long in every call, however short the piece.
        Some(_) => None,
    });
    let by_input = model.max_input.map(|input| input - beside).filter(|_| resent.is_none());
    [by_output, by_window, by_input].into_iter().flatten().reduce(f64::min).map(f64::floor)
}

impl Strategy for Rewrite {
    fn id(&self) -> &'static str {
        "rewrite"
    }

    fn summary(&self) -> &'static str {
        "rewrite a whole text, in as many calls as the output limit needs"
    }

    fn family(&self) -> Family {
        Family::Rewrite
    }

    fn parameters(&self) -> &'static [&'static [Param]] {
        &[ASKED, CACHE, &[Param::CorpusTokens, Param::RewriteTokens, Param::RewriteRatio]]
    }

    fn uses(&self, _modes: &Modes) -> Uses {
        Uses::default()
    }

    fn answer(&self, job: &Job<'_>, calls: &mut dyn Calls) -> Result<Shape, Refusal> {
        let model = job.model.1;
        let ratio = job.number(Param::RewriteRatio);
        // The answer is as long as the text asks for; only reasoning comes on top.
        let media = Exchange { answer: 0.0, spoken: 0.0, ..Exchange::of(job)? };
        let beside = job.text(Param::SystemTokens) + job.text(Param::QuestionTokens) + media.sent();
        let given = job.numbers.get(Param::RewriteTokens).map(|_| job.text(Param::RewriteTokens));
        let text = given.unwrap_or(job.text(Param::CorpusTokens));
        let resent = job.modes().resend_text.then_some(text);
        let piece = longest_piece(model, (beside, media.reasoning), ratio, resent).unwrap_or(text).min(text);
        let input_of = |piece: f64| resent.unwrap_or(piece);
        let prompt = |piece: f64| {
            let exchange = Exchange { answer: piece * ratio, ..media };
            Prompt::of(job, input_of(piece), exchange).map_err(Refusal::Misfit)
        };
        // No call is made for less than a token, nor for a text without any.
        let piece = if text > 0.0 { piece.max(1.0) } else { 0.0 };
        let fit = prompt(piece)?.fit;
        let full = if piece > 0.0 { (text / piece).floor() } else { 0.0 };
        let rest = text - full * piece;
        let last = f64::from(u8::from(rest > 0.0));
        tell(calls, (text, given.is_some()), (piece, full), resent.is_some());
        prompt(piece)?.push_several(job, (full, 1.0), Steps::all(Step::Rewrite), calls);
        if let Some(told) = calls.told() {
            told.forget(&["calls for a request"]);
            told.formula("piece", rest, "{text} − ⌊{text} ÷ {longest piece}⌋ × {longest piece}");
            if resent.is_none() {
                told.formula("sent of the text", rest, "{piece}");
            }
        }
        prompt(rest)?.push_several(job, (last, 1.0), Steps::all(Step::RewriteRest), calls);
        Ok(Shape { coverage: 1.0, fit, remark: Some(Remark::Calls(full + last)) })
    }

    fn formula(&self, step: Step, part: Part) -> Option<&'static str> {
        match part {
            Part::Each(Meter::Input) if step.is_answer() => {
                Some("{request.system_tokens} + {sent of the text} + {request.question_tokens}")
            }
            Part::Each(Meter::Output) if step.is_answer() => Some("{piece} × {rewrite.output_ratio}"),
            _ => None,
        }
    }
}

/// Tells of the text, of its pieces and how many full ones there are.
fn tell(calls: &mut dyn Calls, (text, given): (f64, bool), (piece, full): (f64, f64), resent: bool) {
    let Some(told) = calls.told() else { return };
    told.formula("text", text, if given { "{rewrite.text_tokens}" } else { "{corpus.tokens}" });
    let words =
        "as much of {text} as one answer of {rewrite.output_ratio} tokens for each can hold on the model";
    told.words("longest piece", piece, words);
    told.formula("piece", piece, "{longest piece}");
    told.formula("calls for a request", full, "⌊{text} ÷ {longest piece}⌋");
    told.formula(
        "sent of the text",
        if resent { text } else { piece },
        if resent { "{text}" } else { "{piece}" },
    );
}
