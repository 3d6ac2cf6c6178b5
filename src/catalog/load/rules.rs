//! Billing rules of a product: caches, stores, rerankers, rate limits.

use jiff::civil::Date;

use super::super::meter::Meter;
use super::super::{CacheMode, CacheRule, Confidence, Quota, RateLimit, RerankRule, StoreRule};
use crate::diagnostic::Fault;
use crate::document::Section;

pub(super) fn read_cache(section: &Section<'_>) -> Option<CacheRule> {
    const MODES: &[(&str, CacheMode)] =
        &[("automatic", CacheMode::Automatic), ("explicit", CacheMode::Explicit)];
    const WRITES: &[(&str, Meter)] = &[
        ("input", Meter::Input),
        ("cache_write", Meter::CacheWrite),
        ("cache_write_1h", Meter::CacheWrite1h),
        ("cache_write_long", Meter::CacheWriteLong),
    ];
    let mode = section.word("mode", MODES);
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
        write: section.word("write", WRITES).unwrap_or(Meter::Input),
        rent: section.boolean("rent").unwrap_or(false),
    };
    let _ = section.text("note");
    section.refuse_unknown_keys();
    (mode.is_some() && ttl.is_some()).then_some(rule)
}

pub(super) fn read_store(section: &Section<'_>) -> StoreRule {
    let rule = StoreRule {
        bytes_per_dimension: section.count("bytes_per_dimension").unwrap_or(4.0),
        record_overhead_bytes: section.count("record_overhead_bytes").unwrap_or(0.0),
        index_factor: section.count("index_factor").unwrap_or(1.0),
        read_units_per_gb: section.count("read_units_per_gb").unwrap_or(0.0),
        minimum_read_units: section.count("minimum_read_units").unwrap_or(0.0),
        bytes_per_write_unit: section.count("bytes_per_write_unit").unwrap_or(1000.0).max(1.0),
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
    let source = section.required_text("source", "write the address or document that prints the limit");
    let limit = RateLimit {
        tier: tier.unwrap_or_default().to_owned(),
        from: from.unwrap_or(Date::MIN),
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
