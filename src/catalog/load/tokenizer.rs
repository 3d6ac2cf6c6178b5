//! Tokenizers and their ratios: `[[tokenizer]]`.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

use super::super::Confidence;
use super::super::tokenizer::{Language, REFERENCE, Tokenizer, Tokenizers};
use crate::diagnostic::Fault;
use crate::document::Section;

/// Ratios that a tokenizer can have: one that has a token for each byte makes about five of English for one. Counts of
/// tokens and per cents lie outside.
const RATIOS: RangeInclusive<f64> = 0.1..=10.0;

/// The same in words.
const RATIOS_IN_WORDS: &str = "from 0.1 to 10: tokens for one token of the same text in o200k_base";

/// Reads the tokenizers of a file, each of which goes over one of that name from an earlier file.
pub(super) fn read(root: &Section<'_>, tokenizers: &mut Tokenizers) {
    let mut seen = HashMap::new();
    for section in root.sections("tokenizer") {
        let read = tokenizer(&section);
        section.refuse_unknown_keys();
        if let Some(tokenizer) = read {
            keep_reference(&section, &tokenizer);
            refuse_second(&section, &tokenizer, &mut seen);
            tokenizers.add(tokenizer);
        }
    }
}

fn tokenizer(section: &Section<'_>) -> Option<Tokenizer> {
    let name = section.required_text("name", "write its name, as in the `tokenizer` of a product");
    let ratios: Vec<(Language, f64)> = Language::WORDS
        .iter()
        .filter_map(|(word, language)| Some((*language, ratio(section, word)?)))
        .collect();
    if Language::WORDS.iter().all(|(word, _)| section.value(word).is_none()) {
        let remedy = "write the tokens for one of o200k_base in each kind of text that was counted, such as english = 1.02";
        section.missing("english", remedy);
    }
    let source = section.required_text("source", "write who counted what");
    section.require(
        "checked",
        "write the day on which you compared it with its source, such as checked = 2026-11-22",
    );
    let checked = section.date("checked");
    let confidence = section.word("confidence", Confidence::WORDS).unwrap_or_default();
    Some(Tokenizer {
        name: name?.to_owned(),
        ratios,
        source: source?.to_owned(),
        checked: checked?,
        confidence,
    })
}

fn ratio(section: &Section<'_>, key: &'static str) -> Option<f64> {
    let ratio = section.number(key)?;
    if RATIOS.contains(&ratio) {
        return Some(ratio);
    }
    section.out_of_range(key, section.value(key)?, RATIOS_IN_WORDS);
    None
}

/// Reports other ratios than 1 of the tokenizer that all are measured against.
fn keep_reference(section: &Section<'_>, tokenizer: &Tokenizer) {
    if !tokenizer.is_named(REFERENCE) {
        return;
    }
    for (language, ratio) in tokenizer.ratios.iter().filter(|(_, ratio)| *ratio != 1.0) {
        let span = section.value(language.word()).map_or(section.span(), |value| value.span());
        let message = format!("`{REFERENCE}` has {ratio} tokens for one of its own");
        let remedy = "leave it out; the others are measured against it".to_owned();
        section.document().fault(span, Fault::Conflict { message, remedy });
    }
}

/// Reports a tokenizer that the file has already.
fn refuse_second(section: &Section<'_>, tokenizer: &Tokenizer, seen: &mut HashMap<String, Range<usize>>) {
    let span = section.value("name").map_or(section.span(), |value| value.span());
    // Names are looked up in any case.
    if let Some(first) = seen.insert(tokenizer.name.to_lowercase(), span.clone()) {
        let first = format!("on line {}", section.document().line(&first));
        let fault = Fault::Duplicate { kind: "tokenizer", value: tokenizer.name.clone(), first };
        section.document().fault(span, fault);
    }
}
