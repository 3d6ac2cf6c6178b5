//! Facts of an entry that are no prices: what it is, how much it takes, how it caches.

use jiff::civil::Date;
use serde_json::Value;

use super::super::Intake;
use super::super::caches;
use super::super::card::day;
use super::{Entry, Fields, size};
use crate::catalog::{Confidence, Kind, Product, Quota, RateLimit};

/// Modes of the table, with our kinds.
const MODES: &[(&str, Kind)] = &[
    ("chat", Kind::Chat),
    ("completion", Kind::Chat),
    ("responses", Kind::Chat),
    ("realtime", Kind::Chat),
    ("decisions", Kind::Chat),
    ("evaluation", Kind::Chat),
    ("extraction", Kind::Chat),
    ("embedding", Kind::Embedding),
    ("rerank", Kind::Rerank),
    ("image_generation", Kind::Image),
    ("image_edit", Kind::Image),
    ("audio_transcription", Kind::Transcription),
    ("audio_speech", Kind::Speech),
    ("video_generation", Kind::Video),
    ("ocr", Kind::Ocr),
    ("moderation", Kind::Moderation),
    ("guardrail", Kind::Moderation),
    ("search", Kind::Search),
    // A search of documents, sold by the call; how it stores them is not said.
    ("vector_store", Kind::Search),
];

/// Returns what an entry is; one without a known mode is judged by its name and its prices.
pub(super) fn kind(key: &str, fields: &Fields) -> Kind {
    let mode = fields.get("mode").and_then(Value::as_str);
    let known = mode.and_then(|mode| MODES.iter().find(|(word, _)| *word == mode)).map(|(_, kind)| *kind);
    known.unwrap_or_else(|| {
        if key.contains("embedding") {
            Kind::Embedding
        } else if fields.contains_key("input_cost_per_character") {
            Kind::Speech
        } else {
            Kind::Chat
        }
    })
}

/// Fills in the facts of an entry.
pub(super) fn fill(intake: &mut Intake, product: &mut Product, entry: &Entry<'_>, day_of_table: Date) {
    let fields = entry.fields;
    product.kind = entry.kind;
    if let Some(text) = fields.get("deprecation_date").and_then(Value::as_str) {
        product.retired = day(text);
        if product.retired.is_none() {
            intake.lose(entry.name.key, "deprecation_date", "not a day");
        }
    }
    // The table prints the largest input and the largest output, each by itself.
    product.window = size(fields, "max_input_tokens");
    product.max_output = size(fields, "max_output_tokens");
    product.shared_window = false;
    product.dimensions = size(fields, "output_vector_size");
    product.modalities = modalities(fields, entry.kind);
    product.regions = texts(fields, "supported_regions");
    product.limits = limit(fields, day_of_table).into_iter().collect();
    product.note = note(fields);
}

/// Returns whether anything is known of a product beside its name and kind.
pub(super) fn has_any(product: &Product) -> bool {
    product.window.is_some() || product.max_output.is_some() || product.retired.is_some()
}

fn texts(fields: &Fields, key: &str) -> Vec<String> {
    let list = fields.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns what goes in: as listed, or else by what the entry says it supports.
fn modalities(fields: &Fields, kind: Kind) -> Vec<String> {
    const FLAGS: [(&str, &str); 5] = [
        ("supports_vision", "image"),
        ("supports_image_input", "image"),
        ("supports_audio_input", "audio"),
        ("supports_video_input", "video"),
        ("supports_pdf_input", "pdf"),
    ];
    let mut found = texts(fields, "supported_modalities");
    if found.is_empty() {
        found.push(if kind == Kind::Transcription { "audio" } else { "text" }.to_owned());
    }
    for (flag, modality) in FLAGS {
        let supported = fields.get(flag).and_then(Value::as_bool).unwrap_or(false);
        if supported && !found.iter().any(|known| known == modality) {
            found.push(modality.to_owned());
        }
    }
    found
}

/// Returns the rate limit of an entry, which is that of an account without a contract.
fn limit(fields: &Fields, from: Date) -> Option<RateLimit> {
    let quotas: Vec<(Quota, f64)> = [("rpm", Quota::Rpm), ("tpm", Quota::Tpm)]
        .into_iter()
        .filter_map(|(key, quota)| Some((quota, size(fields, key)?)))
        .collect();
    (!quotas.is_empty()).then(|| RateLimit {
        tier: "default".to_owned(),
        from,
        needs: None,
        quotas,
        until: None,
        counts_cached: true,
        above_input_tokens: None,
        source: "LiteLLM, model_prices_and_context_window.json".to_owned(),
        confidence: Confidence::Low,
    })
}

/// Returns what the entry says in words.
fn note(fields: &Fields) -> Option<String> {
    let metadata = fields.get("metadata");
    let of_metadata = ["notes", "note", "comment"].into_iter().filter_map(|key| metadata?.get(key));
    let texts = of_metadata.chain(fields.get("comment")).filter_map(Value::as_str);
    let joined: Vec<&str> = texts.map(str::trim).filter(|text| !text.is_empty()).collect();
    (!joined.is_empty()).then(|| joined.join(" "))
}

/// Adds the caches that a product's prices are for.
pub(super) fn add_caches(product: &mut Product, fields: &Fields) {
    caches::add(product, size(fields, "prompt_cache_min_tokens"));
}
