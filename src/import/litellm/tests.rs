use std::str::FromStr;

use jiff::civil::date;
use rust_decimal::Decimal;

use super::super::{Imported, import};
use super::*;
use crate::catalog::rate::{CallContext, Moment};
use crate::catalog::{CacheMode, Meter, NoPrice, Service};

const DAY: Date = date(2026, 11, 22);

fn table(text: &str) -> Imported {
    let options = Options { date: Some(DAY), ..Options::default() };
    import(Source::LiteLlm, "table.json", text, &options).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Returns the price of a meter, in the unit that it is quoted for.
fn price(
    imported: &Imported,
    id: &str,
    region: Option<&str>,
    meter: Meter,
    call: CallContext<'_>,
) -> Option<Decimal> {
    let id = imported.catalog.find(id).unwrap_or_else(|fault| panic!("{fault}"));
    let card = imported.catalog.price_on(id, DAY, region).unwrap_or_else(|why| panic!("{why}"));
    card.segments(meter, 1.0, &call).first().map(|segment| segment.rate.price.exact)
}

fn dec(text: &str) -> Option<Decimal> {
    Some(Decimal::from_str(text).expect("a decimal"))
}

fn of(input_tokens: f64, service: Service) -> CallContext<'static> {
    CallContext { input_tokens, service, ..CallContext::default() }
}

fn variant(variant: &str) -> CallContext<'_> {
    CallContext { variant: Some(variant), ..CallContext::default() }
}

#[test]
fn a_threshold_belongs_to_the_tier_above_it_at_xai_alone() {
    let fields =
        r#""mode": "chat", "input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 4e-06"#;
    let imported = table(&format!(
        r#"{{"xai/grok": {{"litellm_provider": "xai", {fields}}},
            "gemini/pro": {{"litellm_provider": "gemini", {fields}}}}}"#
    ));
    // At 200,000 tokens: $4 a million at xAI, still $2 at Google.
    for (tokens, xai, google) in [(199_999.0, "2", "2"), (200_000.0, "4", "2"), (200_001.0, "4", "4")] {
        let call = of(tokens, Service::Standard);
        assert_eq!(price(&imported, "xai/grok", None, Meter::Input, call), dec(xai), "{tokens}");
        assert_eq!(price(&imported, "google/pro", None, Meter::Input, call), dec(google), "{tokens}");
    }
}

#[test]
fn a_batch_above_a_threshold_has_a_price_of_its_own() {
    let imported = table(
        r#"{"gpt": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2.5e-06,
            "input_cost_per_token_batches": 1.25e-06, "input_cost_per_token_above_272k_tokens": 5e-06,
            "input_cost_per_token_above_272k_tokens_batches": 2.5e-06,
            "input_cost_per_token_ultrafast": 1.5e-05, "input_cost_per_token_balanced": 2e-06}}"#,
    );
    let at = |tokens, service| price(&imported, "openai/gpt", None, Meter::Input, of(tokens, service));
    assert_eq!(at(272_000.0, Service::Batch), dec("1.25"));
    assert_eq!(at(272_001.0, Service::Batch), dec("2.5"));
    assert_eq!(at(272_001.0, Service::Standard), dec("5"));
    assert_eq!(at(1.0, Service::Ultrafast), dec("15"));
    assert_eq!(price(&imported, "openai/gpt", None, Meter::Input, variant("balanced")), dec("2"));
}

#[test]
fn steps_by_range_price_the_whole_request_from_above_their_first_number() {
    let imported = table(
        r#"{"dashscope/qwen": {"litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": [
            {"range": [0, 32000.0], "input_cost_per_token": 1.2e-06, "output_cost_per_token": 6e-06},
            {"range": [32000.0, 128000.0], "input_cost_per_token": 2.4e-06, "output_cost_per_token": 1.2e-05}]},
            "exa_ai/search": {"litellm_provider": "exa_ai", "mode": "search", "tiered_pricing": [
            {"input_cost_per_query": 0.005, "max_results_range": [0, 25]},
            {"input_cost_per_query": 0.025, "max_results_range": [26, 100]}]}}"#,
    );
    for (tokens, input, output) in [(32_000.0, "1.2", "6"), (32_001.0, "2.4", "12"), (500_000.0, "2.4", "12")]
    {
        let call = of(tokens, Service::Standard);
        assert_eq!(price(&imported, "alibaba/qwen", None, Meter::Input, call), dec(input));
        assert_eq!(price(&imported, "alibaba/qwen", None, Meter::Output, call), dec(output));
    }
    let many = variant("26 to 100 results");
    assert_eq!(price(&imported, "exa_ai/search", None, Meter::WebSearches, many), dec("25"));
}

#[test]
fn the_fields_of_an_entry_with_off_peak_prices_are_those_of_the_peak() {
    let imported = table(
        r#"{"deepseek/flash": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 3e-07,
            "output_cost_per_token": 1.2e-06, "cache_creation_input_token_cost": 0.0, "off_peak_pricing": {
            "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07, "windows": [
            {"hours_utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]},
            {"hours_utc": "00:00-00:00", "weekdays": [6, 7]}]}}}"#,
    );
    let at = |day, minute| {
        let call = CallContext { moment: Moment::At(day, minute), ..CallContext::default() };
        price(&imported, "deepseek/flash", None, Meter::Output, call)
    };
    // Tuesday 0:59, 1:00, 3:59, 4:00 and 9:59; Saturday 2:00.
    assert_eq!([at(1, 59), at(1, 60), at(1, 239)], [dec("0.6"), dec("1.2"), dec("1.2")]);
    assert_eq!([at(1, 240), at(1, 599), at(5, 120)], [dec("0.6"), dec("1.2"), dec("0.6")]);
    assert!(imported.account.lost.is_empty());
}

#[test]
fn a_zero_is_unknown_unless_the_product_is_sold_so() {
    let imported = table(
        r#"{"doubao": {"litellm_provider": "volcengine", "mode": "embedding", "input_cost_per_token": 0.0,
                "output_cost_per_token": 0.0, "max_input_tokens": 4096},
            "embed": {"litellm_provider": "openai", "mode": "embedding", "input_cost_per_token": 1e-07,
                "output_cost_per_token": 0.0, "output_vector_size": 1536},
            "judge": {"litellm_provider": "openai", "mode": "evaluation", "input_cost_per_token": 1e-07,
                "output_cost_per_token": 0.0},
            "router": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-07,
                "output_cost_per_token": 0.0},
            "omni": {"litellm_provider": "openai", "mode": "moderation", "input_cost_per_token": 0.0,
                "output_cost_per_token": 0.0},
            "nothing": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 0.0}}"#,
    );
    let any = CallContext::default();
    let doubao = imported.catalog.find("bytedance/doubao").expect("a product without a price");
    assert_eq!(imported.catalog.price_on(doubao, DAY, None), Err(NoPrice::Unknown(DAY)));
    assert!(imported.catalog.product(doubao).note.is_some());
    assert_eq!(price(&imported, "openai/embed", None, Meter::Output, any), None);
    assert_eq!(price(&imported, "openai/judge", None, Meter::Output, any), dec("0"));
    assert_eq!(price(&imported, "openai/router", None, Meter::Output, any), None);
    assert_eq!(price(&imported, "openai/omni", None, Meter::Input, any), dec("0"));
    let account = &imported.account;
    assert_eq!((account.entries, account.priced, account.unpriced, account.skipped.len()), (6, 4, 1, 1));
}

#[test]
fn writes_cost_by_their_lifetime_and_each_lifetime_is_a_cache() {
    let imported = table(
        r#"{"claude": {"litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 3e-06,
                "cache_read_input_token_cost": 3e-07, "cache_creation_input_token_cost": 3.75e-06,
                "cache_creation_input_token_cost_above_1hr": 6e-06, "prompt_cache_min_tokens": 1024},
            "dashscope/max": {"litellm_provider": "dashscope", "mode": "chat", "input_cost_per_token": 2.5e-06,
                "cache_read_input_token_cost": 5e-07, "explicit_cache_read_input_token_cost": 2.5e-07,
                "cache_creation_input_token_cost": 3.125e-06}}"#,
    );
    let any = CallContext::default();
    assert_eq!(price(&imported, "anthropic/claude", None, Meter::CacheWrite1h, any), dec("6"));
    assert_eq!(price(&imported, "alibaba/max", None, Meter::ExplicitCachedInput, any), dec("0.25"));
    let caches = |id| {
        let product = imported.catalog.product(imported.catalog.find(id).expect("a product"));
        let rules = product.caches.iter();
        rules.map(|rule| (rule.mode, rule.ttl_minutes, rule.write, rule.read)).collect::<Vec<_>>()
    };
    assert_eq!(
        caches("anthropic/claude"),
        [
            (CacheMode::Explicit, 5.0, Meter::CacheWrite, Meter::CachedInput),
            (CacheMode::Explicit, 60.0, Meter::CacheWrite1h, Meter::CachedInput)
        ]
    );
    assert_eq!(
        caches("alibaba/max"),
        [
            (CacheMode::Automatic, 5.0, Meter::Input, Meter::CachedInput),
            (CacheMode::Explicit, 5.0, Meter::CacheWrite, Meter::ExplicitCachedInput)
        ]
    );
}

#[test]
fn a_second_of_video_costs_by_its_resolution_and_an_image_by_its_size() {
    let imported = table(
        r#"{"dashscope/wan": {"litellm_provider": "dashscope", "mode": "video_generation",
                "output_cost_per_second": 0.165025, "output_cost_per_second_480p": 0.041256},
            "gpt-image": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_token": 5e-06},
            "low/1024-x-1536/gpt-image": {"litellm_provider": "openai", "mode": "image_generation",
                "input_cost_per_image": 0.013},
            "hd/1024-x-1024/gpt-image": {"litellm_provider": "openai", "mode": "image_generation",
                "input_cost_per_pixel": 7.629e-08}}"#,
    );
    let seconds = |call| price(&imported, "alibaba/wan", None, Meter::VideoSeconds, call);
    assert_eq!(seconds(variant("480p")), dec("0.041256"));
    assert_eq!(seconds(CallContext::default()), dec("0.165025"));
    let image = |meter, call| price(&imported, "openai/gpt-image", None, meter, call);
    assert_eq!(image(Meter::Images, variant("1024x1536 low")), dec("0.013"));
    assert_eq!(image(Meter::Images, CallContext::default()), None);
    // A million pixels at 0.00000007629 each.
    assert_eq!(image(Meter::Pixels, variant("1024x1024 hd")), dec("0.07629"));
    assert_eq!(image(Meter::Input, CallContext::default()), dec("5"));
    assert_eq!((imported.catalog.products.len(), imported.account.priced), (2, 4));
}

#[test]
fn a_region_is_a_card_and_a_commitment_a_variant_of_reserved_throughput() {
    let imported = table(
        r#"{"azure/gpt": {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 2e-06,
                "regional_processing_uplift_multiplier_eu": 1.2, "regional_processing_uplift_multiplier_us": 1.1},
            "azure/eu/gpt": {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 2.3e-06},
            "bedrock/*/1-month-commitment/command": {"litellm_provider": "bedrock", "mode": "chat",
                "cost_per_second": 0.011, "input_cost_per_second": 0.011},
            "claude": {"litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 3e-06,
                "provider_specific_entry": {"us": 1.1, "fast": 2.0}, "search_context_cost_per_query":
                {"search_context_size_low": 0.01, "search_context_size_medium": 0.01, "search_context_size_high": 0.01}}}"#,
    );
    let any = CallContext::default();
    assert_eq!(price(&imported, "azure/gpt", Some("eu"), Meter::Input, any), dec("2.3"));
    assert_eq!(price(&imported, "azure/gpt", None, Meter::Input, any), dec("2"));
    // The factor is for the United States; Europe has an entry of its own.
    assert_eq!(price(&imported, "azure/gpt", Some("us"), Meter::Input, any), dec("2.2"));
    let gpt = imported.catalog.product(imported.catalog.find("azure/gpt").expect("a product"));
    assert_eq!(gpt.prices.len(), 3);
    // 0.011 a second is 39.6 an hour.
    let month = variant("1-month commitment");
    assert_eq!(price(&imported, "bedrock/command", None, Meter::ProvisionedHours, month), dec("39.6"));
    // Tokens cost a tenth more in the United States and twice as much when fast; a search costs the same.
    let of_claude =
        |region, meter, service| price(&imported, "anthropic/claude", region, meter, of(1.0, service));
    assert_eq!(of_claude(Some("us"), Meter::Input, Service::Standard), dec("3.3"));
    assert_eq!(of_claude(Some("us"), Meter::Input, Service::Fast), dec("6.6"));
    assert_eq!(of_claude(Some("us"), Meter::WebSearches, Service::Standard), dec("10"));
    assert_eq!(of_claude(None, Meter::WebSearches, Service::Fast), dec("10"));
}

#[test]
fn a_search_costs_by_its_context_where_that_matters() {
    let imported = table(
        r#"{"perplexity/sonar": {"litellm_provider": "perplexity", "mode": "chat", "citation_cost_per_token": 2e-06,
            "search_context_cost_per_query": {"search_context_size_low": 0.005,
            "search_context_size_medium": 0.008, "search_context_size_high": 0.012}},
            "gemini/pro": {"litellm_provider": "gemini", "mode": "chat", "google_maps_grounding_cost_per_query": 0.025,
            "search_context_cost_per_query": {"search_context_size_low": 0.014,
            "search_context_size_medium": 0.014, "search_context_size_high": 0.014},
            "search_free_requests": {"count": 5000, "period": "month", "shared_group": "gemini-3"}}}"#,
    );
    let high = variant("high search context");
    assert_eq!(price(&imported, "perplexity/sonar", None, Meter::WebSearches, high), dec("12"));
    let any = CallContext::default();
    assert_eq!(price(&imported, "perplexity/sonar", None, Meter::WebSearches, any), None);
    assert_eq!(price(&imported, "perplexity/sonar", None, Meter::Citation, any), dec("2"));
    assert_eq!(price(&imported, "google/pro", None, Meter::WebSearches, any), dec("14"));
    assert_eq!(price(&imported, "google/pro", None, Meter::MapsQueries, any), dec("25"));
    let pro = imported.catalog.product(imported.catalog.find("google/pro").expect("a product"));
    assert_eq!(pro.prices[0].included, [(Meter::WebSearches, 5000.0)]);
}

#[test]
fn what_has_no_place_is_named_with_its_field() {
    let imported = table(
        r#"{"reducto/parse": {"litellm_provider": "reducto", "mode": "ocr", "ocr_cost_per_credit": 0.015,
            "ocr_cost_per_page": 0.002},
            "databricks/llama": {"litellm_provider": "databricks", "mode": "chat", "input_cost_per_token": 1e-06,
            "input_dbu_cost_per_token": 1.4286e-05}}"#,
    );
    let named: Vec<(&str, &str)> =
        imported.account.lost.iter().map(|lost| (lost.name.as_str(), lost.field.as_str())).collect();
    assert_eq!(
        named,
        [("databricks/llama", "input_dbu_cost_per_token"), ("reducto/parse", "ocr_cost_per_credit")]
    );
    let pages = price(&imported, "reducto/parse", None, Meter::Pages, CallContext::default());
    assert_eq!(pages, dec("2"));
}

#[test]
fn one_product_under_two_names_is_one_and_at_two_prices_two() {
    let imported = table(
        r#"{"flash": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 3e-07},
            "deepseek/flash": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 3e-07},
            "azure/gpt": {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 2e-06},
            "azure_ai/gpt": {"litellm_provider": "azure_ai", "mode": "chat", "input_cost_per_token": 3e-06}}"#,
    );
    let ids: Vec<&str> = imported.catalog.products.iter().map(|product| product.id.as_str()).collect();
    assert_eq!(ids, ["azure/gpt", "azure/azure_ai/gpt", "deepseek/flash"]);
    assert_eq!(imported.account.priced, 4);
    assert_eq!(imported.catalog.find("azure_ai/gpt").map(|id| id.0), Ok(1));
}

#[test]
fn a_table_without_a_day_asks_for_one() {
    let refused = import(Source::LiteLlm, "table.json", "{}", &Options::default());
    assert!(refused.is_err_and(|faults| faults.to_string().contains("of which day")));
}
