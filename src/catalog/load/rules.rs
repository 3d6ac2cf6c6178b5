//! Billing rules of a product: caches, stores, rerankers, rate limits.

use jiff::civil::Date;

use super::super::meter::Meter;
use super::super::{
    CacheMode, CacheRule, Confidence, Disagreement, Provisioned, Quota, RateLimit, Reason, RerankRule,
    StoreRule, Throughput,
};
use crate::diagnostic::Fault;
use crate::document::Section;

/// Words for what a cache write is billed as.
pub(in crate::catalog) const CACHE_WRITES: &[(&str, Meter)] = &[
    ("input", Meter::Input),
    ("cache_write", Meter::CacheWrite),
    ("cache_write_1h", Meter::CacheWrite1h),
    ("cache_write_long", Meter::CacheWriteLong),
];

/// Words for what a cache read is billed as.
pub(in crate::catalog) const CACHE_READS: &[(&str, Meter)] =
    &[("cached_input", Meter::CachedInput), ("explicit_cached_input", Meter::ExplicitCachedInput)];

pub(super) fn read_cache(section: &Section<'_>) -> Option<CacheRule> {
    let mode = section.word("mode", CacheMode::WORDS);
    section.require("mode", "write automatic or explicit");
    let ttl = section.count("ttl_minutes");
    section.require("ttl_minutes", "write how many minutes an unused entry lives, such as ttl_minutes = 5");
    let rule = CacheRule {
        mode: mode.unwrap_or(CacheMode::Automatic),
        since: section.date("since"),
        ttl_minutes: ttl.unwrap_or(0.0),
        renews_on_hit: section.boolean("renews_on_hit").unwrap_or(true),
        minimum_tokens: section.count("minimum_tokens").unwrap_or(0.0),
        increment_tokens: section.count("increment_tokens").unwrap_or(1.0).max(1.0),
        write: section.word("write", CACHE_WRITES).unwrap_or(Meter::Input),
        read: section.word("read", CACHE_READS).unwrap_or(Meter::CachedInput),
        rent: section.boolean("rent").unwrap_or(false),
        note: section.text("note").map(str::to_owned),
    };
    section.refuse_unknown_keys();
    (mode.is_some() && ttl.is_some()).then_some(rule)
}

pub(super) fn read_store(section: &Section<'_>) -> StoreRule {
    let rule = StoreRule {
        bytes_per_dimension: section.count("bytes_per_dimension").unwrap_or(4.0),
        bytes_per_sparse_value: section.count("bytes_per_sparse_value").unwrap_or(8.0),
        record_overhead_bytes: section.count("record_overhead_bytes").unwrap_or(0.0),
        index_factor: section.count("index_factor").unwrap_or(1.0),
        read_units_per_gb: section.count("read_units_per_gb").unwrap_or(0.0),
        minimum_read_units: section.count("minimum_read_units").unwrap_or(0.0),
        read_unit_step: section.count("read_unit_step").unwrap_or(0.0),
        fetched_per_read_unit: section.count("fetched_per_read_unit").unwrap_or(0.0),
        minimum_bytes_queried: section.count("minimum_bytes_queried").unwrap_or(0.0),
        bytes_per_write_unit: section.count("bytes_per_write_unit").unwrap_or(1000.0).max(1.0),
        minimum_write_units: section.count("minimum_write_units").unwrap_or(0.0),
        own_dimensions: section.count("own_dimensions"),
        embeds: section.boolean("embeds").unwrap_or(false),
        bills: read_bills(section),
    };
    section.refuse_unknown_keys();
    rule
}

/// Reads which quantities a store bills, by the registry names of their meters.
fn read_bills(section: &Section<'_>) -> Vec<Meter> {
    const BILLED: [Meter; 10] = [
        Meter::Storage,
        Meter::ReadUnits,
        Meter::WriteUnits,
        Meter::Queries,
        Meter::FileSearches,
        Meter::BytesQueried,
        Meter::BytesReturned,
        Meter::BytesWritten,
        Meter::DimensionHours,
        Meter::InstanceHours,
    ];
    let Some(names) = section.text_list("bills") else {
        section.missing(
            "bills",
            "write what the store charges for, such as bills = [\"storage_byte_hours\", \"read_units\"]",
        );
        return Vec::new();
    };
    let mut bills = Vec::new();
    for (name, span) in names {
        match BILLED.into_iter().find(|meter| meter.name() == name) {
            Some(meter) => bills.push(meter),
            None => {
                let allowed = BILLED.iter().map(|meter| meter.name().to_owned()).collect();
                let fault =
                    Fault::NotOneOf { key: section.full_key("bills"), value: name.to_owned(), allowed };
                section.document().fault(span, fault);
            }
        }
    }
    bills
}

pub(super) fn read_rerank(section: &Section<'_>) -> RerankRule {
    let rule = RerankRule {
        documents_per_unit: section.count("documents_per_unit").unwrap_or(100.0).max(1.0),
        split_tokens: section.count("split_tokens").unwrap_or(500.0).max(1.0),
        query_per_document: section.boolean("query_per_document").unwrap_or(false),
    };
    section.refuse_unknown_keys();
    rule
}

pub(super) fn read_limit(section: &Section<'_>) -> Option<RateLimit> {
    let tier = section.required_text("tier", "write the vendor's name for the tier");
    let from = section.date("from");
    section.require(
        "from",
        "write the first day on which the limit is known to hold, such as from = 2026-11-22",
    );
    let until = section.date("until");
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        let message = "a limit ends on or before its first day".to_owned();
        let fault = Fault::Conflict { message, remedy: "check from and until".to_owned() };
        section.document().fault(section.span(), fault);
    }
    let source = section.required_text("source", "write the address or document that prints the limit");
    let limit = RateLimit {
        tier: tier.unwrap_or_default().to_owned(),
        from: from.unwrap_or(Date::MIN),
        until,
        needs: section.text("needs").map(str::to_owned),
        quotas: Quota::WORDS.iter().filter_map(|(key, quota)| Some((*quota, section.count(key)?))).collect(),
        counts_cached: section.boolean("counts_cached").unwrap_or(true),
        above_input_tokens: section.count("above_input_tokens"),
        source: source.unwrap_or_default().to_owned(),
        confidence: section.word("confidence", Confidence::WORDS).unwrap_or_default(),
    };
    section.refuse_unknown_keys();
    (tier.is_some() && from.is_some() && source.is_some()).then_some(limit)
}

/// Remedy for rules without a source.
const RULE_SOURCE: &str = "write the address or document that prints the figures";

pub(super) fn read_provisioned(section: &Section<'_>) -> Option<Provisioned> {
    let unit = section.required_text("unit", "write the vendor's name for a unit, such as PTU");
    let source = section.required_text("source", RULE_SOURCE);
    let rule = Provisioned {
        unit: unit.unwrap_or_default().to_owned(),
        minimum_units: section.count("minimum_units").unwrap_or(1.0),
        increment_units: section.positive("increment_units").unwrap_or(1.0),
        input_tokens_per_minute: section.positive("input_tokens_per_minute"),
        output_tokens_per_minute: section.positive("output_tokens_per_minute"),
        source: source.unwrap_or_default().to_owned(),
        confidence: section.word("confidence", Confidence::WORDS).unwrap_or_default(),
    };
    section.refuse_unknown_keys();
    (unit.is_some() && source.is_some()).then_some(rule)
}

pub(super) fn read_throughput(section: &Section<'_>) -> Option<Throughput> {
    let model = section.required_text("model", "write the usual name of the model that was measured");
    let source = section.required_text("source", RULE_SOURCE);
    let measured = Throughput {
        model: model.unwrap_or_default().to_owned(),
        precision: section.text("precision").map(str::to_owned),
        gpus: section.positive("gpus").unwrap_or(1.0),
        input_tokens_per_second: section.positive("input_tokens_per_second"),
        output_tokens_per_second: section.positive("output_tokens_per_second"),
        images_per_second: section.positive("images_per_second"),
        conditions: section.text("conditions").map(str::to_owned),
        source: source.unwrap_or_default().to_owned(),
        confidence: section.word("confidence", Confidence::WORDS).unwrap_or_default(),
    };
    let any =
        measured.input_tokens_per_second.or(measured.output_tokens_per_second).or(measured.images_per_second);
    if any.is_none() && !section.has_unread_keys() {
        section.missing(
            "output_tokens_per_second",
            "write what was measured: input_tokens_per_second, output_tokens_per_second or images_per_second",
        );
    }
    section.refuse_unknown_keys();
    (model.is_some() && source.is_some() && any.is_some()).then_some(measured)
}

/// Tables that a disagreement can be with: the importers' names.
pub const PUBLIC_TABLES: &[(&str, &str)] = &[
    ("litellm", "litellm"),
    ("models.dev", "models.dev"),
    ("genai-prices", "genai-prices"),
    ("llm-prices", "llm-prices"),
    ("openrouter", "openrouter"),
];

pub(super) fn read_disagreement(section: &Section<'_>) -> Option<Disagreement> {
    section.require("table", "name the table that says otherwise, such as table = \"litellm\"");
    let table = section.word("table", PUBLIC_TABLES);
    section.require("reason", "write why it is not followed, such as reason = \"date\"");
    let reason = section.word("reason", Reason::WORDS);
    let note = section.required_text("note", "write what that table says and why ours is right");
    let source = section.required_text("source", RULE_SOURCE);
    let keys = section.text_list("keys").unwrap_or_default();
    section.refuse_unknown_keys();
    Some(Disagreement {
        table: table?.to_owned(),
        keys: keys.into_iter().map(|(key, _)| key.to_owned()).collect(),
        reason: reason?,
        note: note?.to_owned(),
        source: source?.to_owned(),
    })
}
