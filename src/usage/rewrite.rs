//! `rewrite`: an output as long as the input, in pieces, because the output limit binds.

use super::fit::{self, Limit, Misfit};
use super::strategy::Family;
use super::{Job, Recurrence, Refusal, Remark, Shape, Step, Strategy, Usage};
use crate::catalog::{Meter, Product};
use crate::scenario::Param;

/// Rewrites a text piece by piece.
pub struct Rewrite;

/// Returns the longest piece of text that a model can rewrite in one call, in whole tokens.
///
/// With ratio q of output to input: q·p ≤ m, and S + p + q·p ≤ W where the window is shared. For
/// q = 1 that is min(m, ⌊(W − S)/2⌋). Where the whole text T goes with every call, only the output of
/// the piece is left to fit: S + T + q·p ≤ W. `None` where neither limit is known.
fn longest_piece(model: &Product, beside: f64, ratio: f64, resent: Option<f64>) -> Option<f64> {
    let by_output = model.max_output.map(|output| output / ratio);
    let by_window = model.window.map(|window| window - beside).and_then(|room| match resent {
        None if model.shared_window => Some(room / (1.0 + ratio)),
        None => Some(room),
        Some(text) if model.shared_window => Some((room - text) / ratio),
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

    fn parameters(&self) -> &'static [Param] {
        &[Param::RewriteTokens, Param::RewriteRatio]
    }

    fn usage(&self, job: &Job<'_>, usage: &mut Usage) -> Result<Shape, Refusal> {
        let model = job.model.1;
        let ratio = job.number(Param::RewriteRatio);
        let images = job.image_tokens()?;
        let beside = job.number(Param::SystemTokens) + job.number(Param::QuestionTokens) + images;
        let text = job.numbers.get(Param::RewriteTokens).unwrap_or(job.number(Param::CorpusTokens));
        let piece =
            longest_piece(model, beside, ratio, job.resend_text.then_some(text)).unwrap_or(text).min(text);
        let input_of = |piece: f64| beside + if job.resend_text { text } else { piece };
        if piece < 1.0 && text > 0.0 {
            let size = model.window.unwrap_or(0.0);
            let limit = Limit::Window;
            return Err(Refusal::Misfit(Misfit { limit, size, over: input_of(1.0) + ratio - size }));
        }
        let full = if piece > 0.0 { (text / piece).floor() } else { 0.0 };
        let rest = text - full * piece;
        let fit = fit::check(model, input_of(piece), piece * ratio).map_err(Refusal::Misfit)?;
        let mut push = |step, pieces: f64, piece: f64| {
            let quantities = [
                (Meter::Input, input_of(piece) - images),
                (Meter::InputImage, images),
                (Meter::Output, piece * ratio),
            ];
            usage.push(step, job.model.0, (job.requests() * pieces, 1.0), Recurrence::Monthly, &quantities);
        };
        push(Step::Rewrite, full, piece);
        push(Step::RewriteRest, f64::from(u8::from(rest > 0.0)), rest);
        let calls = full + f64::from(u8::from(rest > 0.0));
        Ok(Shape { coverage: 1.0, fit, remark: Some(Remark::Calls(calls)) })
    }
}
