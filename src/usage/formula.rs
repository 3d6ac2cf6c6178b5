//! How quantities are worked out, in words: what all strategies share, and how a formula is read.
//!
//! A formula names numbers in braces. What stands in square brackets is left out where it changes nothing: a sum with
//! zero, a product with one, a value that nobody told. `{requests}[ × {attempts}]` is `{requests}` without retries.

use std::fmt::Write;

use super::told::{How, Told};
use super::{Step, Strategy};
use crate::catalog::Meter;

/// What a formula gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// How many calls there are.
    Calls,
    /// What one call uses of a meter.
    Each(Meter),
}

/// Calls of the answering model; what one request asks for stands between.
const ANSWERS: &str = "{requests}[ × {calls for a request}][ × {share of requests}][ × {hit share}][ × {miss share}][ × {attempts}]";

/// What is added to the text of a prompt, and what of it stands under other meters.
const REST_OF_TEXT: &str = "[ + {page text}][ − {read from the cache}][ − {written to the cache}]";

/// Told where the number of calls follows a formula of its own.
pub(super) const CALLS_MADE: &str = "calls made";

/// Told where the input of a call does.
pub(super) const INPUT_OF_A_CALL: &str = "input of a call";

/// Told where the token-hours do that a call keeps in a cache.
pub(super) const RENT_OF_A_CALL: &str = "rent of a call";

/// Returns the formula of a told value.
fn told_formula(told: &Told, name: &str) -> Option<&'static str> {
    match told.named(name)?.how {
        How::Formula(text) => Some(text),
        How::Words(_) => None,
    }
}

/// Returns the formula of a quantity: how many calls, times what one uses; the strategy's own where it has one.
///
/// `None` where a value that it needs was not told.
pub fn of(strategy: &dyn Strategy, step: Step, meter: Meter, told: &Told) -> Option<String> {
    let own = |part| strategy.formula(step, part);
    let calls = told_formula(told, CALLS_MADE).or(own(Part::Calls)).or(shared_calls(step))?;
    let special = match meter {
        Meter::Input => told_formula(told, INPUT_OF_A_CALL),
        Meter::CacheStorage => told_formula(told, RENT_OF_A_CALL),
        _ => None,
    };
    let each = special.or(own(Part::Each(meter))).or(shared_each(step, meter))?;
    let rest = if step.is_answer() && meter == Meter::Input { REST_OF_TEXT } else { "" };
    let factors = [resolve(calls, told)?, resolve(&format!("{each}{rest}"), told)?];
    Some(product(&factors))
}

/// Joins factors; sums among them in parentheses, ones left out.
pub fn product(factors: &[String]) -> String {
    let factors: Vec<&String> = factors.iter().filter(|factor| *factor != "1").collect();
    let alone = factors.len() == 1;
    let written = |factor: &&String| {
        if !alone && is_sum(factor) { format!("({factor})") } else { (*factor).clone() }
    };
    let joined: Vec<String> = factors.iter().map(written).collect();
    if joined.is_empty() { "1".to_owned() } else { joined.join(" × ") }
}

/// Returns whether a formula has a sum outside all brackets, or a quotient, which a factor before it would not leave alone.
fn is_sum(formula: &str) -> bool {
    let mut depth = 0i32;
    formula.chars().any(|character| {
        match character {
            '(' | '⌈' | '⌊' | '{' => depth += 1,
            ')' | '⌉' | '⌋' | '}' => depth -= 1,
            _ => {}
        }
        depth == 0 && matches!(character, '+' | '−')
    })
}

fn shared_calls(step: Step) -> Option<&'static str> {
    Some(match step {
        Step::EmbedCorpus | Step::EmbedChanges | Step::WriteIndex | Step::WriteChanges => {
            "1[ × {what changes}]"
        }
        Step::StoreIndex | Step::Host | Step::HostIndex => "1",
        Step::WriteContexts | Step::WriteContextsMiss | Step::WriteContextsHit | Step::WriteContextsLast => {
            "{alike documents} × {chunks written alike}[ × {corpora}][ × {what changes}]"
        }
        Step::EmbedQuestion | Step::Search | Step::Fetch | Step::Rerank => {
            "{requests}[ × {turns of a conversation}][ × {retrieval.queries_per_request}]"
        }
        Step::StoreCache => "{requests}[ × {calls for a request}][ × {share of requests}][ × {miss share}]",
        Step::Extra(_) => "{requests} × {call.share}",
        _ if step.is_answer() => ANSWERS,
        _ => return None,
    })
}

fn shared_each(step: Step, meter: Meter) -> Option<&'static str> {
    Some(match (step, meter) {
        (_, Meter::Requests | Meter::Queries | Meter::FileSearches) => "1",
        (Step::EmbedCorpus | Step::EmbedChanges, Meter::Input) => "{tokens to embed}[ × {corpora}]",
        (Step::EmbedQuestion, Meter::Input) => "{question as embedded}",
        (Step::WriteIndex | Step::WriteChanges, Meter::WriteUnits) => {
            "max(⌈{bytes of records}[ × {corpora}] ÷ {bytes of a write unit}⌉, {fewest write units})"
        }
        (Step::WriteIndex | Step::WriteChanges, Meter::BytesWritten) => "{bytes of records}[ × {corpora}]",
        (Step::StoreIndex, Meter::Storage) => {
            "{bytes of records}[ × {corpora}][ × {index factor}] × {hours of a month}"
        }
        (Step::StoreIndex, Meter::DimensionHours) => {
            "{chunks} × {dimensions}[ × {corpora}] × {hours of a month}"
        }
        (Step::StoreIndex, Meter::InstanceHours) => "{hours of a month}",
        (Step::Search, Meter::ReadUnits) => "max({read units of a search}, {fewest read units})",
        (Step::Fetch, Meter::ReadUnits) => "⌈{retrieval.fetched_records} ÷ {records of a read unit}⌉",
        (Step::Search, Meter::BytesQueried) => "max({bytes of records}, {fewest bytes queried})",
        (Step::Search, Meter::BytesReturned) => "{bytes beside a vector} × min({chunks wanted}, {chunks})",
        (Step::Rerank, Meter::SearchUnits) => {
            "⌈{candidates} × {pieces of a candidate} ÷ {documents of a search unit}⌉"
        }
        (Step::Rerank, _) => "{candidates' tokens} + {questions sent} × {question as ranked}",
        (Step::StoreCache, Meter::CacheStorage) => "{tokens kept} × {cache lifetime} ÷ 60",
        (
            Step::WriteContexts | Step::WriteContextsMiss | Step::WriteContextsHit | Step::WriteContextsLast,
            _,
        ) => contexts(meter)?,
        (Step::Extra(_), Meter::Input) => "{call.input_tokens}",
        (Step::Extra(_), Meter::Output) => "{call.output_tokens}",
        (Step::KeepWarm, Meter::Output) => "1",
        (Step::Host | Step::HostIndex, Meter::GpuHours) => "{GPU-hours}",
        (_, Meter::InputImage) => "{image tokens}",
        (_, Meter::InputAudio) => "{request.audio_tokens}",
        (_, Meter::Output) => "{request.output_tokens}[ − {request.reasoning_tokens}]",
        (_, Meter::Reasoning) => "{request.reasoning_tokens}",
        (_, Meter::OutputAudio) => "{request.output_audio_tokens}",
        (_, Meter::CachedInput) => "{read from the cache}",
        (_, Meter::CacheWrite | Meter::CacheWrite1h | Meter::CacheWriteLong) => "{written to the cache}",
        _ => return None,
    })
}

/// What a call that writes a context for a chunk uses.
fn contexts(meter: Meter) -> Option<&'static str> {
    Some(match meter {
        Meter::Input => {
            "{document} + {chunk} + {contextual.instruction_tokens}[ − {read from the cache}][ − {written to the cache}]"
        }
        Meter::Output => "{contextual.context_tokens}",
        Meter::CachedInput => "{read from the cache}",
        Meter::CacheWrite | Meter::CacheWrite1h | Meter::CacheWriteLong => "{written to the cache}",
        Meter::CacheStorage => "{tokens kept} × {cache lifetime} ÷ 60",
        _ => return None,
    })
}

/// Leaves out what changes nothing; `None` where something that has to be there was not told.
pub fn resolve(template: &str, told: &Told) -> Option<String> {
    let mut resolved = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('[') {
        resolved.push_str(&rest[..open]);
        let (inside, after) = rest[open + 1..].split_once(']')?;
        if changes_something(inside, told) {
            resolved.push_str(inside);
        }
        rest = after;
    }
    resolved.push_str(rest);
    let known = names(&resolved).all(|name| told.value(name).is_some());
    let resolved = resolved.strip_prefix("1 × ").map(str::to_owned).unwrap_or(resolved);
    known.then_some(resolved)
}

fn changes_something(inside: &str, told: &Told) -> bool {
    let neutral = if inside.trim_start().starts_with('×') { 1.0 } else { 0.0 };
    names(inside).all(|name| told.value(name).is_some_and(|value| value != neutral))
}

/// Returns what stands in braces, from the left.
pub fn names(formula: &str) -> impl Iterator<Item = &str> {
    formula.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

/// Puts a text in the place of each name in braces.
pub fn written(formula: &str, text: impl Fn(&str) -> String) -> String {
    let mut written = String::new();
    let mut parts = formula.split('{');
    written.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        let _ = write!(written, "{}{rest}", text(name));
    }
    written
}
