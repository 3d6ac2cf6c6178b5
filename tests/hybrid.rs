//! `hybrid` by hand: retrieval for all, the long context for those that decline.

mod support;

use ragonomics::analysis::compare::{Row, compare};
use ragonomics::catalog::Meter;
use ragonomics::scenario::Scenario;
use ragonomics::usage::{Recurrence, Step, Usage, UsageLine};
use rust_decimal::Decimal;
use support::*;

/// Models of one vendor, at one a million in and ten out but for `dear`, at twice that. Reads cost a tenth.
const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "plain"
kind = "chat"
window = 10_000
modalities = ["text", "image"]
[product.image_tokens]
formula = "per_image"
tokens = 100
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01

[[product]]
id = "dear"
kind = "chat"
window = 100_000
modalities = ["text", "image"]
[product.image_tokens]
formula = "per_image"
tokens = 700
[[product.cache]]
mode = "automatic"
ttl_minutes = 5
minimum_tokens = 1000
[[product.price]]
from = 2026-01-01
input_per_mtok = 2
cached_input_per_mtok = 0.2
output_per_mtok = 20
source = "contract"
checked = 2026-11-01

[[product]]
id = "blind"
kind = "chat"
window = 100_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01
"#;

/// 1,000 requests over a corpus of 6,000 tokens in 60 chunks, 3 of which go into a prompt of 400 + 300 + 100 tokens; an
/// answer has 200.
fn base(more: &[(&str, &str)]) -> Scenario {
    let mut scenario = scenario(
        "[compare]\nmodels = [\"acme/plain\"]\nstrategies = [\"hybrid\"]\n[workload]\nrequests_per_month = 1000\n\
         [request]\nsystem_tokens = 400\nquestion_tokens = 100\noutput_tokens = 200\n\
         [corpus]\ntokens = 6000\ndocument_tokens = 6000\n\
         [retrieval]\nchunk_tokens = 100\noverlap_tokens = 0\ntop_k = 3\nembedding = \"none\"\nstore = \"none\"\n",
    );
    for (path, value) in more {
        scenario.set(path, value).unwrap();
    }
    scenario
}

fn usage(design: &str, more: &[(&str, &str)]) -> Usage {
    let (catalog, scenario) = (catalog_with(TABLE), base(more));
    let case = case(&catalog, &scenario);
    case.evaluate(pair(&case, &format!("acme/{design}"))).unwrap_or_else(|failure| panic!("{failure}")).usage
}

fn monthly(design: &str, more: &[(&str, &str)]) -> Decimal {
    let (catalog, scenario) = (catalog_with(TABLE), base(more));
    let case = case(&catalog, &scenario);
    let found = case.evaluate(pair(&case, &format!("acme/{design}"))).unwrap();
    found.bill.total(Recurrence::Monthly).amount().unwrap()
}

fn refusal(more: &[(&str, &str)]) -> Option<String> {
    let (catalog, scenario) = (catalog_with(TABLE), base(more));
    let case = case(&catalog, &scenario);
    case.evaluate(pair(&case, "acme/plain:hybrid")).err().map(|failure| failure.to_string())
}

fn row(more: &[(&str, &str)]) -> Row {
    let (catalog, scenario) = (catalog_with(TABLE), base(more));
    compare(&case(&catalog, &scenario)).rows.remove(0)
}

/// Steps with the calls of a month, and the input and output tokens of each.
fn calls(usage: &Usage) -> Vec<(Step, f64, f64, f64)> {
    let told = |line: &UsageLine| (line.step, line.count(), line.input_tokens(), line.output_tokens());
    usage.lines.iter().map(told).collect()
}

#[test]
fn a_request_that_declines_is_asked_again_with_the_corpus() {
    let found = usage("plain:hybrid", &[]);
    assert_eq!(
        calls(&found),
        [
            (Step::Answer, 800.0, 800.0, 200.0),
            (Step::Decline, 200.0, 800.0, 10.0),
            // 400 + 6,000 + 100
            (Step::Fallback, 200.0, 6500.0, 200.0),
        ]
    );
    // In: 1,000 x 800 + 200 x 6,500 = 2.1M at 1. Out: 800 x 200 + 200 x 10 + 200 x 200 = 202,000 at 10.
    assert_eq!(monthly("plain:hybrid", &[]), dec("4.12"));
    let row = row(&[]);
    assert_eq!((row.calls_per_request, row.coverage), (Some(1.2), Some(1.0)));
    assert_eq!(row.remark.unwrap().to_string(), "20.0% fall back");
}

#[test]
fn nobody_who_declines_makes_it_rag() {
    let none = [("hybrid.declined_share", "0")];
    assert_eq!(usage("plain:hybrid", &none), usage("plain:rag", &none));
    // It costs nothing that the corpus would not fit.
    let large = [("hybrid.declined_share", "0"), ("corpus.tokens", "60000")];
    assert_eq!(usage("plain:hybrid", &large), usage("plain:rag", &large));
}

#[test]
fn the_long_context_has_to_fit_where_anybody_declines() {
    // 400 + 9,300 + 100 + 200 = 10,000.
    assert_eq!(refusal(&[("corpus.tokens", "9300")]), None);
    let by_one = "the long context it falls back to: over the 10,000 token window by 1";
    for share in ["0.001", "1"] {
        let more = [("corpus.tokens", "9301"), ("hybrid.declined_share", share)];
        assert_eq!(refusal(&more).as_deref(), Some(by_one), "{share}");
    }
    // Another model's window is what counts.
    assert_eq!(refusal(&[("corpus.tokens", "9301"), ("hybrid.fallback_model", "acme/dear")]), None);
}

#[test]
fn a_part_of_the_corpus_covers_less() {
    let half = [("long_context.context_tokens", "3000")];
    assert_eq!(row(&half).coverage, Some(0.5));
    assert_eq!(calls(&usage("plain:hybrid", &half))[2], (Step::Fallback, 200.0, 3500.0, 200.0));
    // Who never falls back searches all of it.
    assert_eq!(
        row(&[("long_context.context_tokens", "3000"), ("hybrid.declined_share", "0")]).coverage,
        Some(1.0)
    );
}

#[test]
fn it_thinks_before_it_declines() {
    let output = |reasoning: &'static str| {
        let found = usage("plain:hybrid", &[("request.reasoning_tokens", reasoning)]);
        let of =
            |meter| found.lines[1].per_call.iter().filter(|part| part.0 == meter).map(|part| part.1).sum();
        (of(Meter::Output), of(Meter::Reasoning))
    };
    // A decline of 10 tokens has 4 of reasoning among them; one that reasons 150 is no shorter than that.
    assert_eq!([output("0"), output("4"), output("150")], [(10.0, 0.0), (6.0, 4.0), (0.0, 150.0)]);
}

#[test]
fn the_cache_of_the_long_context_sees_only_those_who_decline() {
    // 8,760 requests a month are 12 an hour, one in 5 minutes; a quarter of them falls back.
    let more = |share| {
        [
            ("workload.requests_per_month", "8760"),
            ("hybrid.fallback_model", "acme/dear"),
            ("hybrid.declined_share", share),
        ]
    };
    let hits = |share| {
        let found = usage("plain:hybrid", &more(share));
        found.lines.iter().find(|line| line.step == Step::FallbackHit).map(|line| line.share)
    };
    // 1 - e^(-1/4) = 0.221199, 1 - e^-1 = 0.632121.
    assert!((hits("0.25").unwrap() - 0.221_199).abs() < 1e-6, "{:?}", hits("0.25"));
    assert!((hits("1").unwrap() - 0.632_121).abs() < 1e-6);
    // A hit reads S + C = 6,400 tokens.
    let found = usage("plain:hybrid", &more("0.25"));
    let hit = found.lines.iter().find(|line| line.step == Step::FallbackHit).unwrap();
    assert_eq!(hit.per_call.first(), Some(&(Meter::CachedInput, 6400.0)));
    // Uncached where the scenario says so, and where the model has no cache.
    let mut uncached = more("0.25").to_vec();
    uncached.push(("hybrid.fallback_cached", "false"));
    assert!(usage("plain:hybrid", &uncached).lines.iter().any(|line| line.step == Step::Fallback));
    assert!(usage("plain:hybrid", &[]).lines.iter().any(|line| line.step == Step::Fallback));
}

#[test]
fn classes_with_one_prefix_share_the_cache_of_what_each_declines() {
    // 12 requests an hour, half of them short; a half of the short and none of the long fall back: 3 an hour.
    let classes = "[[class]]\nname = \"short\"\nshare = 0.5\ndeclined_share = 0.5\n[[class]]\nname = \"long\"\ndeclined_share = 0\n";
    let text = format!(
        "[workload]\nrequests_per_month = 8760\n[request]\nsystem_tokens = 400\nquestion_tokens = 100\noutput_tokens = 200\n\
         [corpus]\ntokens = 6000\ndocument_tokens = 6000\n[hybrid]\nfallback_model = \"acme/dear\"\n\
         [retrieval]\nchunk_tokens = 100\noverlap_tokens = 0\ntop_k = 3\nembedding = \"none\"\nstore = \"none\"\n{classes}"
    );
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = case.evaluate(pair(&case, "acme/plain:hybrid")).unwrap_or_else(|failure| panic!("{failure}"));
    let hits: Vec<f64> = found
        .usage
        .lines
        .iter()
        .filter(|line| line.step == Step::FallbackHit)
        .map(|line| line.share)
        .collect();
    // 1 - e^(-3/12), not 1 - e^(-6/12) as if the long ones declined as often.
    assert!(matches!(hits[..], [hit] if (hit - 0.221_199).abs() < 1e-6), "{hits:?}");
}

#[test]
fn the_system_prompt_of_retrieval_is_found_by_all_whoever_declines() {
    // 12 an hour, S = 1,000: every search begins with it. 1 - e^-1 of them find it, in answers and declines alike.
    let more = [
        ("workload.requests_per_month", "8760"),
        ("request.system_tokens", "1000"),
        ("hybrid.declined_share", "0.25"),
        ("hybrid.fallback_cached", "false"),
    ];
    let found = usage("dear:hybrid", &more);
    let read = |step| {
        let lines = found.lines.iter().filter(|line| line.step == step);
        let reads = |line: &&UsageLine| line.per_call.iter().any(|part| part.0 == Meter::CachedInput);
        lines.filter(reads).map(|line| line.share).sum::<f64>()
    };
    assert!((read(Step::AnswerHit) - 0.75 * 0.632_121).abs() < 1e-6);
    assert!((read(Step::Decline) - 0.25 * 0.632_121).abs() < 1e-6);
}

#[test]
fn another_model_counts_images_and_charges_by_its_own_card() {
    let more = [
        ("request.images", "2"),
        ("hybrid.fallback_model", "acme/dear"),
        ("hybrid.fallback_cached", "false"),
    ];
    assert_eq!(
        calls(&usage("plain:hybrid", &more)),
        [
            // 800 + 2 x 100
            (Step::Answer, 800.0, 1000.0, 200.0),
            (Step::Decline, 200.0, 1000.0, 10.0),
            // 6,500 + 2 x 700
            (Step::Fallback, 200.0, 7900.0, 200.0),
        ]
    );
    // Plain: 1M in, 162,000 out: 1 + 1.62. Dear: 200 x 7,900 = 1.58M at 2, 40,000 at 20: 3.16 + 0.8.
    assert_eq!(monthly("plain:hybrid", &more), dec("6.58"));
    let blind = [("request.images", "2"), ("hybrid.fallback_model", "acme/blind")];
    assert_eq!(refusal(&blind).as_deref(), Some("takes no images"));
}

#[test]
fn many_chunks_cost_more_than_the_long_context_alone() {
    // Li et al. 2024 count the tokens of Self-Route as a share of those of the long context: 102.97 % with 50 chunks and
    // 38.63 % with 5. Sizes that give the same: no system prompt or question, a corpus of 100,000 tokens in chunks of
    // 1,759. 50 chunks are 87,950 tokens and 15.02 % fall back: 87,950 + 15,020 = 102,970. 5 chunks are 8,795 tokens
    // and 29.835 % fall back: 8,795 + 29,835 = 38,630.
    for (chunks, declined, share) in [("50", "0.1502", 1.0297), ("5", "0.29835", 0.3863)] {
        let more = [
            ("compare.models", "acme/dear"),
            ("request.system_tokens", "0"),
            ("request.question_tokens", "0"),
            ("request.output_tokens", "0"),
            ("hybrid.declined_output_tokens", "0"),
            ("hybrid.fallback_cached", "false"),
            ("corpus.tokens", "100000"),
            ("corpus.document_tokens", "100000"),
            ("retrieval.chunk_tokens", "1759"),
            ("retrieval.top_k", chunks),
            ("hybrid.declined_share", declined),
        ];
        let tokens = |design| {
            let found = usage(design, &more);
            found.lines.iter().map(|line| line.count() * line.input_tokens()).sum::<f64>()
        };
        let of_long_context = tokens("dear:hybrid") / tokens("dear:long_context");
        assert!((of_long_context - share).abs() < 1e-9, "{of_long_context}");
        assert_eq!(monthly("dear:hybrid", &more) > monthly("dear:long_context", &more), share > 1.0);
    }
}
