//! Pages, images, audio and calls of other kinds by hand, at shipped prices as of 2026-11-22.

mod support;

use jiff::civil::date;
use ragonomics::analysis::curve::Curve;
use ragonomics::catalog::{Catalog, Meter};
use ragonomics::usage::{Recurrence, Step, UsageLine};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::LazyLock;
use support::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog_with(""));

/// 1,000 requests that send and get no text at all, so that only what a test adds is paid.
const NOTHING: &str = "as_of = 2026-11-22\n[workload]\nrequests_per_month = 1000\n[corpus]\ntokens = 0\n\
                       [request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n";

/// What a month costs, which a sweep has to find too.
fn monthly(text: &str, design: &str) -> Decimal {
    let scenario = scenario(text);
    let case = case(&CATALOG, &scenario);
    let pair = pair(&case, design);
    let found = case.evaluate(pair).unwrap_or_else(|failure| panic!("{failure}"));
    let exact = found.bill.total(Recurrence::Monthly).amount().unwrap();
    let swept = Curve::new(&case, pair).sums().unwrap().monthly;
    let float = exact.to_f64().unwrap();
    assert!((swept - float).abs() <= 1e-9 * float.abs(), "{swept} {exact}");
    exact
}

fn refusal(text: &str, design: &str) -> String {
    let scenario = scenario(text);
    let case = case(&CATALOG, &scenario);
    case.evaluate(pair(&case, design)).unwrap_err().to_string()
}

/// A scenario that makes one more call for each request.
fn with_call(keys: &str) -> String {
    format!("{NOTHING}[[call]]\nname = \"more\"\n{keys}\n")
}

#[test]
fn pages_are_sent_as_their_text_their_picture_or_both() {
    // gpt-4.1 (2025-04-14): $2 a million in, pictures too. A page of 1,240 x 1,754 has its shorter side reduced to 768:
    // 768 x 1,086 are 2 x 3 tiles, 85 + 6 x 170 = 1,105 tokens; its text has 500.
    let cost = |way: &str| monthly(&format!("{NOTHING}pages = 10\n{way}\n"), "openai/gpt-4.1:long_context");
    // 1,000 x 10 x 500 = 5M; x 1,105 = 11.05M.
    assert_eq!(cost("pages_as = \"text\""), dec("10"));
    assert_eq!(cost("pages_as = \"image\""), dec("22.1"));
    assert_eq!(cost("pages_as = \"both\""), dec("32.1"));
    assert_eq!(cost(""), dec("32.1"));
}

#[test]
fn images_are_counted_by_the_rule_of_each_model() {
    let text = format!("{NOTHING}images = 2\n");
    // gpt-4.1: 1,024 x 1,024 becomes 768 x 768, 4 tiles, 765 tokens. 1.53M at $2.
    assert_eq!(monthly(&text, "openai/gpt-4.1:long_context"), dec("3.06"));
    // Claude Haiku 5.5 (2026-10-07): $0.10 a million. 37 x 37 patches of 28 pixels, 1,369 tokens. 2.738M.
    assert_eq!(monthly(&text, "anthropic/claude-haiku-5-5:long_context"), dec("0.2738"));
    // Gemini 2.5 Pro (2025-06-17): $1.25 a million. 2 x 2 tiles of 258. 2.064M.
    assert_eq!(monthly(&text, "google/gemini-2.5-pro:long_context"), dec("2.58"));
}

#[test]
fn audio_has_prices_of_its_own_in_and_out() {
    // gpt-audio (2025-08-28): audio at $32 a million in and $64 out, text at $2.50 and $10.
    let text = format!("{NOTHING}audio_tokens = 500\noutput_audio_tokens = 250\n")
        .replace("question_tokens = 0", "question_tokens = 100");
    // 0.5M x 32 + 0.25M x 64 + 0.1M x 2.5
    assert_eq!(monthly(&text, "openai/gpt-audio:long_context"), dec("32.25"));
    assert_eq!(refusal(&text, "openai/gpt-4.1:long_context"), "no audio on this model");
}

/// Image tokens of one call of each step.
fn pictures(text: &str, design: &str) -> Vec<(Step, f64)> {
    let scenario = scenario(text);
    let case = case(&CATALOG, &scenario);
    let usage = case.evaluate(pair(&case, design)).unwrap().usage;
    let of =
        |line: &UsageLine| line.per_call.iter().find(|part| part.0 == Meter::InputImage).map(|part| part.1);
    usage.lines.iter().filter_map(|line| Some((line.step, of(line)?))).collect()
}

#[test]
fn media_go_with_every_call_of_every_strategy() {
    let text = format!(
        "{NOTHING}pages = 1\n[hybrid]\ndeclined_share = 0.5\nfallback_model = \"anthropic/claude-haiku-5-5\"\n\
         [conversation]\nturns = 2\n[retrieval]\nembedding = \"none\"\nstore = \"none\"\n\
         [caching]\nhit_share = 0\n"
    );
    // A page is 1,105 tokens on gpt-4.1, and 45 x 63 patches, 2,835 tokens, on Claude.
    let (own, fallback) = (1105.0, 2835.0);
    let on = |strategy: &str| pictures(&text, &format!("openai/gpt-4.1:{strategy}"));
    assert_eq!(on("rag"), [(Step::Answer, own)]);
    assert_eq!(on("hybrid"), [(Step::Answer, own), (Step::Decline, own), (Step::Fallback, fallback)]);
    let talk = on("conversation");
    assert_eq!(talk, [(Step::Turn(1), own), (Step::Turn(2), own)]);
    let read = format!("{text}[map_reduce]\nmap_output_tokens = 500\n")
        .replace("[corpus]\ntokens = 0", "[corpus]\ntokens = 2_000_000");
    // Room: 1,047,576 - 500 - 500 - 1,105 = 1,045,471 tokens, so two parts and one call that joins them.
    assert_eq!(
        pictures(&read, "openai/gpt-4.1:map_reduce"),
        [(Step::Map, own), (Step::MapRest, own), (Step::Reduce, own)]
    );
    let rewrite = format!("{text}[rewrite]\ntext_tokens = 40000\n");
    // 32,768 tokens and the rest.
    assert_eq!(
        pictures(&rewrite, "openai/gpt-4.1:rewrite"),
        [(Step::Rewrite, own), (Step::RewriteRest, own)]
    );
}

#[test]
fn speech_is_transcribed_by_the_minute() {
    // whisper-1 (2023-03-01): $0.006 a minute. 1,000 x 1.5 minutes.
    let text = with_call("product = \"openai/whisper-1\"\nuses = { audio_seconds = 90 }");
    assert_eq!(monthly(&text, "openai/gpt-4.1:long_context"), dec("9"));
}

#[test]
fn speech_is_made_by_the_character() {
    // tts-1 (2023-11-06): $15 a million characters. Every second request speaks 2,000.
    let text = with_call("product = \"openai/tts-1\"\nshare = \"50%\"\nuses = { input_characters = 2000 }");
    assert_eq!(monthly(&text, "openai/gpt-4.1:long_context"), dec("15"));
}

#[test]
fn images_are_made_by_size_and_quality() {
    let cost = |product: &str, variant: &str| {
        let text = with_call(&format!("product = \"openai/{product}\"\nuses = {{ images = 2 }}\n{variant}"));
        monthly(&text, "openai/gpt-4.1:long_context")
    };
    // dall-e-3 (2023-11-06): $0.04 an image, $0.12 in high definition and 1,024 x 1,792. 2,000 images.
    assert_eq!(cost("dall-e-3", ""), dec("80"));
    assert_eq!(cost("dall-e-3", "variant = \"1024x1792 hd\""), dec("240"));
    // gpt-image-1-mini (2025-10-06): $0.005 low, $0.011 medium.
    assert_eq!(cost("gpt-image-1-mini", "variant = \"1024x1024 low\""), dec("10"));
    assert_eq!(cost("gpt-image-1-mini", "variant = \"1024x1024 medium\""), dec("22"));
}

#[test]
fn an_image_model_without_a_price_for_all_variants_says_so() {
    let text = with_call("product = \"openai/gpt-image-1-mini\"\nuses = { images = 1 }");
    let scenario = scenario(&text);
    let case = case(&CATALOG, &scenario);
    let found = case.evaluate(pair(&case, "openai/gpt-4.1:long_context")).unwrap();
    assert_eq!(found.bill.total(Recurrence::Monthly).amount(), None);
    assert_eq!(found.bill.first_unpriced(None).unwrap().1.to_string(), "no price known for images");
}

#[test]
fn the_answering_model_searches_the_web_at_its_own_fee() {
    // $25 a thousand searches for gpt-4.1, $10 for gpt-6-luna (2026-09-22); every fifth request searches.
    let text = with_call("share = 0.2\nuses = { web_searches = 1 }");
    assert_eq!(monthly(&text, "openai/gpt-4.1:long_context"), dec("5"));
    assert_eq!(monthly(&text, "openai/gpt-6-luna:long_context"), dec("2"));
    // What was found is read by the model: 200 x 3,000 tokens at $2 a million more.
    let read = with_call("share = 0.2\ninput_tokens = 3000\nuses = { web_searches = 1 }");
    assert_eq!(monthly(&read, "openai/gpt-4.1:long_context"), dec("6.2"));
}

#[test]
fn documents_are_read_by_the_page_and_cheaper_in_a_batch() {
    // Mistral OCR 3 (2026-11-01): $2 a thousand pages, $3 where they are annotated, half in a batch.
    let cost = |more: &str| {
        monthly(
            &with_call(&format!("product = \"mistral/mistral-ocr-2512\"\n{more}")),
            "openai/gpt-4.1:long_context",
        )
    };
    assert_eq!(cost("uses = { pages = 5 }"), dec("10"));
    assert_eq!(cost("uses = { annotated_pages = 5 }"), dec("15"));
    assert_eq!(cost("uses = { pages = 5 }\nservice = \"batch\""), dec("5"));
}

#[test]
fn a_fee_is_paid_for_each_call_and_can_be_swept_from_nothing() {
    let text = with_call("share = 0.5\nuses = { web_searches = 1 }\nfee = 0.01");
    // 500 searches at $25 a thousand, 500 fees.
    assert_eq!(monthly(&text, "openai/gpt-4.1:long_context"), dec("17.5"));
    for (fee, begun) in [("", false), ("fee = 0.01", true)] {
        let scenario = scenario(&with_call(&format!("share = 0.5\nuses = {{ web_searches = 1 }}\n{fee}")));
        let case = case(&CATALOG, &scenario);
        let pair = pair(&case, "openai/gpt-4.1:long_context");
        let mut curve = Curve::new(&case, pair);
        let target = scenario.find_target("call.more.fee").unwrap();
        for (value, expected) in [(0.02, 22.5), (0.0, 12.5), (0.01, 17.5)] {
            curve.put(target, value);
            let found = curve.sums().unwrap().monthly;
            assert!((found - expected).abs() < 1e-9, "{begun} {value} {found}");
        }
        // A call without a fee is no line.
        let lines = case.evaluate(pair).unwrap().bill.lines.len();
        assert_eq!(lines, if begun { 2 } else { 1 });
    }
}

#[test]
fn the_tokens_of_a_call_can_be_swept_from_nothing() {
    let scenario = scenario(&with_call("fee = 0.01"));
    let case = case(&CATALOG, &scenario);
    let mut curve = Curve::new(&case, pair(&case, "openai/gpt-4.1:long_context"));
    assert!((curve.sums().unwrap().monthly - 10.0).abs() < 1e-9);
    // 1,000 x 1,000 tokens at $2 a million.
    curve.put(scenario.find_target("call.more.input_tokens").unwrap(), 1000.0);
    assert!((curve.sums().unwrap().monthly - 12.0).abs() < 1e-9);
}

#[test]
fn the_text_of_a_call_is_counted_as_its_product_counts() {
    // 1,000 tokens of English in o200k_base are 1,508 on Claude Haiku 5.5, which costs $0.10 a million; the answering
    // model's own tokenizer does not matter.
    let text = with_call("product = \"anthropic/claude-haiku-5-5\"\ninput_tokens = 1000").replace(
        "[workload]",
        "[tokens]\nmeasured_with = \"o200k_base\"\nlanguage = \"english\"\n[workload]",
    );
    assert_eq!(monthly(&text, "openai/gpt-4.1:long_context"), dec("0.1508"));
}

#[test]
fn prices_are_those_of_the_day() {
    // On 2023-12-01 gpt-4-1106-preview read a page of the web at $10 a million, and whisper cost what it does now.
    let text = with_call("product = \"openai/whisper-1\"\nuses = { audio_seconds = 60 }\ninput_tokens = 0")
        .replace("as_of = 2026-11-22", "as_of = 2023-12-01");
    assert_eq!(scenario(&text).as_of, Some(date(2023, 12, 1)));
    assert_eq!(monthly(&text, "openai/gpt-4-1106-preview:long_context"), dec("6"));
}
