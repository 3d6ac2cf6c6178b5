//! The figures that the project grew out of, each through scenario, usage and bill.
//!
//! The arithmetic beside each is from the published claims and price pages, not from this program.

mod support;

use ragonomics::analysis::compare::compare;
use ragonomics::analysis::limits::limits;
use ragonomics::analysis::request::{Pricer, Request};
use ragonomics::catalog::rate::Moment;
use ragonomics::catalog::{Meter, Quota, Service};
use ragonomics::units::Currency;
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;
use support::*;

/// One request of the given sizes, nothing else.
fn one_request(as_of: &str, context: u32, output: u32, more: &str) -> String {
    format!(
        "as_of = {as_of}\n{more}\n[workload]\nrequests_per_month = 1\n[request]\nsystem_tokens = 0\n\
         question_tokens = 0\noutput_tokens = {output}\n[corpus]\ntokens = {context}\n"
    )
}

fn monthly(text: &str, design: &str) -> Decimal {
    evaluate(text, design).bill.total(Recurrence::Monthly).amount().unwrap()
}

#[test]
fn filling_128k_of_gpt_4_turbo_costs_1_28_dollars_a_request() {
    let (catalog, scenario) = (catalog_with(""), shipped("devday"));
    let comparison = compare(&case(&catalog, &scenario));
    let row = comparison
        .rows
        .iter()
        .find(|row| row.model == "openai/gpt-4-1106-preview" && row.strategy == "long_context");
    let row = row.unwrap();
    // 128,000 / 1,000 x $0.01
    assert_eq!(row.per_request, Some(dec("1.28")));
    assert_eq!(row.monthly, Some(dec("128000")));
    assert_eq!((row.fits, row.retired, row.coverage), (Some(true), false, Some(1.0)));
    assert_eq!(
        (row.input_tokens_per_request, row.output_tokens_per_request, row.calls_per_request),
        (Some(128_000.0), Some(0.0), Some(1.0))
    );
    assert_eq!((row.one_off, row.at_least, row.cheapest), (Some(Decimal::ZERO), None, false));
}

#[test]
fn the_full_answer_inside_the_window_makes_it_1_36192() {
    // 123,904 x 0.00001 = 1.23904, 4,096 x 0.00003 = 0.12288
    let text = one_request("2023-11-22", 123_904, 4096, "");
    assert_eq!(monthly(&text, "openai/gpt-4-1106-preview:long_context"), dec("1.36192"));
}

#[test]
fn one_token_more_than_the_window_does_not_fit() {
    let text = one_request("2023-11-22", 123_905, 4096, "");
    let (catalog, scenario) = (catalog_with(""), scenario(&text));
    let case = case(&catalog, &scenario);
    let failure = case.evaluate(pair(&case, "openai/gpt-4-1106-preview:long_context")).unwrap_err();
    assert_eq!(failure.to_string(), "over the 128,000 token window by 1");
}

#[test]
fn in_yuan_it_is_9_10_at_the_rate_of_may_2024() {
    let text = one_request("2024-05-22", 128_000, 0, "currency = \"CNY\"");
    // 1.28 x 7.1077
    assert_eq!(monthly(&text, "openai/gpt-4-1106-preview:long_context"), dec("9.097856"));
}

#[test]
fn gpt_4_turbo_is_3_times_cheaper_in_2_times_out_and_2_25_to_2_91_times_blended() {
    let catalog = catalog_with("");
    let mut pricer = Pricer::new(&catalog, Currency::USD, None);
    let mut price = |model: &str, input: f64, output: f64| {
        let request = Request {
            product: catalog.find(model).unwrap(),
            date: "2023-11-22".parse().unwrap(),
            moment: Moment::Spread,
            service: Service::Standard,
            variant: None,
            quantities: vec![(Meter::Input, input), (Meter::Output, output)],
        };
        pricer.price(&request).unwrap().total(Recurrence::Monthly).amount().unwrap()
    };
    let mut ratio =
        |input, output| price("gpt-4", input, output) / price("gpt-4-1106-preview", input, output);
    assert_eq!(ratio(1000.0, 0.0), dec("3"));
    assert_eq!(ratio(0.0, 1000.0), dec("2"));
    // (0.03x + 0.06) / (0.01x + 0.03) for x input tokens for each output token
    for (x, blended) in [(1.0, "2.25"), (3.0, "2.50"), (9.0, "2.75"), (31.0, "2.91")] {
        assert_eq!(ratio(1000.0 * x, 1000.0).round_dp(2), dec(blended), "{x}:1");
    }
}

#[test]
fn an_image_of_1024_pixels_is_765_tokens_and_low_detail_is_85() {
    let text = |size: &str, detail: &str| {
        format!("{}[long_context]\n[retrieval]\n", one_request("2023-11-22", 0, 0, ""))
            .replace("[request]", &format!("[request]\nimages = 1\n{size}\nimage_detail = \"{detail}\""))
    };
    let cost =
        |size: &str, detail: &str| monthly(&text(size, detail), "openai/gpt-4-vision-preview:long_context");
    assert_eq!(cost("", "high"), dec("0.00765"));
    assert_eq!(cost("", "low"), dec("0.00085"));
    // 2048 x 4096 shrinks to 768 x 1536: 6 tiles, 85 + 6 x 170 = 1,105
    assert_eq!(cost("image_width = 2048\nimage_height = 4096", "high"), dec("0.01105"));
    // one tile: 85 + 170 = 255, not enlarged
    assert_eq!(cost("image_width = 512\nimage_height = 512", "high"), dec("0.00255"));
}

#[test]
fn a_limit_of_300k_tokens_a_minute_burns_3_dollars_and_allows_2_34_full_prompts() {
    let (catalog, scenario) = (catalog_with(""), shipped("devday"));
    let case = case(&catalog, &scenario);
    let found = limits(&case, pair(&case, "openai/gpt-4-1106-preview:long_context")).unwrap();
    let tier = found.tiers().iter().find(|tier| tier.limit.size(Quota::Tpm) == Some(300_000.0)).unwrap();
    assert_eq!(tier.requests_per_minute, Some(300_000.0 / 128_000.0));
    assert_eq!(format!("{:.2}", 300_000.0 / 128_000.0), "2.34");
    assert_eq!(tier.money_per_minute, Some(dec("3")));
    // On launch day 40,000 tokens a minute could not send a single full prompt.
    let small = found.tiers().iter().find(|tier| tier.limit.size(Quota::Tpm) == Some(40_000.0)).unwrap();
    assert_eq!((small.requests_per_minute, small.holds_peak), (Some(0.0), false));
}

#[test]
fn the_retrieval_variants_cost_16_cents_and_2_5_cents() {
    let retrieval = |question: u32, k: u32, chunk: u32| {
        format!(
            "as_of = 2023-11-22\n[workload]\nrequests_per_month = 1\n[request]\nsystem_tokens = 0\nquestion_tokens = {question}\n\
             output_tokens = 0\n[corpus]\ntokens = 128_000\n[retrieval]\ntop_k = {k}\nchunk_tokens = {chunk}\noverlap_tokens = 0\n\
             embedding = \"openai/text-embedding-ada-002\"\nstore = \"none\"\n"
        )
    };
    let design = "openai/gpt-4-1106-preview:rag";
    let answer = |text: &str| {
        let bill = evaluate(text, design).bill;
        let line = bill.lines.iter().find(|line| line.step == "answer").unwrap();
        line.price.as_ref().unwrap().amount
    };
    // The ceiling of file search, 20 x 800 = 16,000 tokens: 8 times less than 1.28.
    assert_eq!(answer(&retrieval(0, 20, 800)), dec("0.16"));
    // 4 x 512 + 500 = 2,548 tokens: 50 times less.
    assert_eq!(answer(&retrieval(500, 4, 512)), dec("0.02548"));
    // Embedding 128,000 tokens once at $0.10 a million.
    let once = evaluate(&retrieval(0, 4, 512), design).bill.total(Recurrence::OneOff).amount();
    assert_eq!(once, Some(dec("0.0128")));
}

#[test]
fn the_transcript_takes_3_calls_because_of_the_output_limit() {
    let (catalog, scenario) = (catalog_with(""), shipped("transcript-cleanup"));
    let opened = case(&catalog, &scenario);
    let of = |design: &str| opened.evaluate(pair(&opened, design)).unwrap();
    let turbo = of("openai/gpt-4-1106-preview:rewrite");
    // ceil(8,730 / 4,096) = 3
    assert_eq!(turbo.usage.per_request(200.0).2, 3.0);
    // 8.73 x (0.01 + 0.03) and 8.73 x (0.03 + 0.06), for 200 transcripts
    assert_eq!(turbo.bill.total(Recurrence::Monthly).amount(), Some(dec("0.3492") * dec("200")));
    let small = of("openai/gpt-4:rewrite").bill.total(Recurrence::Monthly).amount();
    assert_eq!(small, Some(dec("0.7857") * dec("200")));
    let mut again = scenario.clone();
    again.set("rewrite.resend_text", "true").unwrap();
    let again = case(&catalog, &again);
    let resent = again.evaluate(pair(&again, "openai/gpt-4-1106-preview:rewrite")).unwrap();
    // 3 x 8.73 x 0.01 + 8.73 x 0.03 = 0.5238
    assert_eq!(resent.bill.total(Recurrence::Monthly).amount(), Some(dec("0.5238") * dec("200")));
}

#[test]
fn what_one_full_128k_fill_cost_on_each_model() {
    // Input only; the price pages of the day, recomputed by hand in the facts that came with the claims.
    let fills = [
        ("openai/gpt-4-1106-preview", "2023-11-22", "USD", "1.28"),
        ("anthropic/claude-2.1", "2023-11-22", "USD", "1.024"),
        ("anthropic/claude-3-opus-20240229", "2024-03-20", "USD", "1.92"),
        ("anthropic/claude-3-sonnet-20240229", "2024-03-20", "USD", "0.384"),
        ("anthropic/claude-3-haiku-20240307", "2024-03-20", "USD", "0.032"),
        ("google/gemini-1.5-pro", "2024-05-01", "USD", "0.896"),
        ("google/gemini-1.5-pro", "2024-06-01", "USD", "0.448"),
        ("openai/gpt-4o-2024-05-13", "2024-05-13", "USD", "0.64"),
        ("zhipu/glm-4", "2024-01-20", "CNY", "12.80"),
        ("zhipu/glm-3-turbo", "2024-01-20", "CNY", "0.64"),
        ("zhipu/glm-3-turbo", "2024-05-31", "CNY", "0.128"),
        ("moonshot/moonshot-v1-128k", "2024-02-20", "CNY", "7.68"),
        ("01-ai/yi-34b-chat-200k", "2024-03-20", "CNY", "1.536"),
        ("alibaba/qwen-long", "2024-05-22", "CNY", "0.064"),
    ];
    for (model, day, currency, expected) in fills {
        let text = one_request(day, 128_000, 0, &format!("currency = \"{currency}\""));
        assert_eq!(monthly(&text, &format!("{model}:long_context")), dec(expected), "{model} on {day}");
    }
}

#[test]
fn claude_2_before_the_cut_could_hold_100k_for_1_102() {
    assert_eq!(
        monthly(&one_request("2023-11-20", 100_000, 0, ""), "anthropic/claude-2:long_context"),
        dec("1.102")
    );
}

#[test]
fn dall_e_3_costs_by_size_and_quality() {
    let catalog = catalog_with("");
    let mut pricer = Pricer::new(&catalog, Currency::USD, None);
    for (variant, expected) in [
        ("1024x1024 standard", "0.04"),
        ("1024x1024 hd", "0.08"),
        ("1024x1792 standard", "0.08"),
        ("1792x1024 hd", "0.12"),
    ] {
        let request = Request {
            product: catalog.find("openai/dall-e-3").unwrap(),
            date: "2023-11-22".parse().unwrap(),
            moment: Moment::Spread,
            service: Service::Standard,
            variant: Some(variant.to_owned()),
            quantities: vec![(Meter::Images, 1.0)],
        };
        let amount = pricer.price(&request).unwrap().total(Recurrence::Monthly).amount();
        assert_eq!(amount, Some(dec(expected)), "{variant}");
    }
}

#[test]
fn documents_shorter_than_a_chunk_are_sent_at_their_own_length() {
    // 100 entries of 200 tokens in chunks of 512: 5 of them are 1,000 tokens, not 2,560.
    let text = "as_of = 2026-11-22\n[workload]\nrequests_per_month = 1\n[request]\nsystem_tokens = 0\nquestion_tokens = 0\n\
                [corpus]\ntokens = 20_000\ndocument_tokens = 200\n[retrieval]\ntop_k = 5\nstore = \"none\"\n";
    let usage = evaluate(text, "openai/gpt-4.1:rag").usage;
    assert_eq!(usage.per_request(1.0).0, 1000.0);
    // A corpus of 300 tokens is one chunk of 300, not of 512.
    let text = text.replace("20_000", "300").replace("document_tokens = 200", "document_tokens = 4000");
    assert_eq!(evaluate(&text, "openai/gpt-4.1:rag").usage.per_request(1.0).0, 300.0);
}

#[test]
fn a_model_has_no_prompt_cache_before_its_vendor_opened_them() {
    // Claude 3 Haiku came in March 2024, prompt caching in August.
    for (day, refusal) in
        [("2024-03-15", Some("no prompt cache on this model before 2024-08-14")), ("2024-08-14", None)]
    {
        let (catalog, scenario) = (catalog_with(""), scenario(&one_request(day, 100_000, 100, "")));
        let case = case(&catalog, &scenario);
        let found = case.evaluate(pair(&case, "anthropic/claude-3-haiku-20240307:cached_context"));
        assert_eq!(found.err().map(|failure| failure.to_string()).as_deref(), refusal, "{day}");
    }
}

#[test]
fn images_go_with_every_call_of_a_rewrite() {
    // 5,000 tokens out in calls of 4,096: 2 calls, each with an image of 765 tokens.
    // In: (5,000 + 2 x 765) x 0.00001 = 0.0653. Out: 5,000 x 0.00003 = 0.15.
    let text = one_request("2023-11-22", 5000, 0, "").replace("[request]", "[request]\nimages = 1");
    assert_eq!(monthly(&text, "openai/gpt-4-vision-preview:rewrite"), dec("0.2153"));
}
