//! Rate limits by hand: what tiers allow, which product binds, whether the peak fits, how long an index takes.

mod support;

use jiff::civil::date;
use ragonomics::analysis::compare::{Comparison, compare};
use ragonomics::analysis::limits::{Limits, limits};
use ragonomics::analysis::{Case, Pair};
use ragonomics::answer::sentence;
use ragonomics::catalog::{Catalog, Quota};
use ragonomics::report::limits as report;
use support::{case, catalog_of, catalog_with, dec, pair, scenario};

/// A vendor of the test's own: a model whose cached tokens do not count, with the rows that Anthropic prints for its
/// Start and Build tiers (`facts/rate-limits.csv`, Opus 5 and Sonnet 5), and the parts of a design around it.
const ACME: &str = r#"
[vendor]
id = "acme"
[[product]]
id = "chat"
kind = "chat"
window = 1_000_000
[[product.cache]]
mode = "explicit"
ttl_minutes = 5
write = "cache_write"
[[product.limit]]
tier = "Start"
from = 2026-08-01
rpm = 1000
itpm = 2_000_000
otpm = 400_000
counts_cached = false
source = "s"
[[product.limit]]
tier = "Build"
from = 2026-08-01
needs = "history"
rpm = 5000
itpm = 5_000_000
otpm = 1_000_000
counts_cached = false
source = "s"
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
cached_input_per_mtok = 0.1
cache_write_per_mtok = 1.25
output_per_mtok = 10
source = "s"
checked = 2026-11-01
[[product]]
id = "queued"
kind = "chat"
window = 1_000_000
[[product.limit]]
tier = "Start"
from = 2026-08-01
rpm = 100
tpm = 1_000_000
batch_queue_tokens = 1_500_000
source = "s"
[[product.limit]]
tier = "Start"
from = 2026-08-01
rpm = 10
tpm = 400_000
above_input_tokens = 100_000
source = "s"
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "s"
checked = 2026-11-01
[[product.price.when]]
service = "batch"
input_per_mtok = 0.5
output_per_mtok = 5
[[product]]
id = "dear"
kind = "chat"
window = 1_000_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 100
output_per_mtok = 1000
source = "s"
checked = 2026-11-01
[[product]]
id = "embed"
kind = "embedding"
dimensions = 10
window = 8192
[[product.limit]]
tier = "Start"
from = 2026-08-01
rpm = 50
tpm = 1_000_000
source = "s"
[[product.limit]]
tier = "Build"
from = 2026-08-01
needs = "a paid key"
rpm = 500
tpm = 10_000_000
source = "s"
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.1
source = "s"
checked = 2026-11-01
[[product]]
id = "gpu"
kind = "gpu"
[[product.price]]
from = 2026-01-01
gpu_per_hour = 2
source = "s"
checked = 2026-11-01
"#;

/// 43,800 requests a month are one a minute; 100,000 tokens in and 1,000 out each, ten times as many at the peak.
fn workload(more: &str) -> String {
    format!(
        "[compare]\nmodels = [\"acme/chat\"]\nstrategies = [\"long_context\"]\n[request]\nsystem_tokens = 0\n\
         question_tokens = 0\noutput_tokens = 1000\n[retrieval]\nstore = \"none\"\nembedding = \"acme/embed\"\n\
         [workload]\nrequests_per_month = 43_800\npeak_factor = 10\n[corpus]\ntokens = 100_000\n{more}"
    )
}

fn found(text: &str, design: &str) -> Limits {
    let (catalog, scenario) = (catalog_of(ACME), scenario(text));
    let case = case(&catalog, &scenario);
    limits(&case, pair(&case, design)).unwrap()
}

fn compared(text: &str) -> Comparison {
    let (catalog, scenario) = (catalog_of(ACME), scenario(text));
    compare(&case(&catalog, &scenario))
}

#[test]
fn cached_reads_do_not_count_where_the_vendor_says_so() {
    let allowed = |text: &str, design: &str| {
        let found = found(text, design);
        let start = &found.tiers()[0];
        assert_eq!((start.limit.tier.as_str(), start.bound_by()), ("Start", Quota::Itpm));
        start.requests_per_minute.unwrap()
    };
    // 2,000,000 / 100,000 = 20 a minute without a cache.
    assert_eq!(allowed(&workload(""), "acme/chat:long_context"), 20.0);
    // With 90% hits a tenth of the tokens is written and counts: 10,000 a request, ten times as many requests.
    let cached = workload("[caching]\nhit_share = 0.9\n");
    assert!((allowed(&cached, "acme/chat:cached_context") - 200.0).abs() < 1e-9);
}

#[test]
fn the_tier_needed_has_what_it_takes_and_the_headroom_of_each_is_told() {
    // 30 a minute at the peak are 3,000,000 input tokens: 1.5 times Start, 0.6 of Build.
    let found =
        found(&workload("").replace("peak_factor = 10", "peak_factor = 30"), "acme/chat:long_context");
    let (start, build) = (&found.tiers()[0], &found.tiers()[1]);
    assert_eq!((start.holds_peak, build.holds_peak), (false, true));
    assert!((start.binding.headroom().unwrap() + 0.5).abs() < 1e-9);
    assert!((build.binding.headroom().unwrap() - 0.4).abs() < 1e-9);
    let needed = found.products[0].tier_needed().unwrap();
    assert_eq!((needed.limit.tier.as_str(), needed.limit.needs.as_deref()), ("Build", Some("history")));
    // 100,000 in at 1 and 1,000 out at 10 a million: 0.11 a request, 50 requests a minute.
    assert_eq!(build.money_per_minute, Some(dec("5.5")));
}

#[test]
fn a_quota_that_is_too_small_says_how_many_times_over_it_is() {
    // 30 a minute at the peak are 3,000,000 input tokens, 1.5 times what Start allows; 394 are 19.7 times.
    let shown = |peak: &str| {
        let text = workload("").replace("peak_factor = 10", &format!("peak_factor = {peak}"));
        let (catalog, scenario) = (catalog_of(ACME), scenario(&text));
        let case = case(&catalog, &scenario);
        let found = limits(&case, pair(&case, "acme/chat:long_context")).unwrap();
        let sheet = report::tiers(&found.products, &case);
        let at = sheet.columns.iter().position(|column| column.key == "headroom").unwrap();
        sheet.rows.iter().map(|(cells, _)| cells[at].shown.clone()).collect::<Vec<_>>()
    };
    assert_eq!(shown("30"), ["50% over", "40%"]);
    assert_eq!(shown("394"), ["19.7× over", "7.88× over"]);
    assert_eq!(shown("20.001"), ["1% over", "59%"]);
    assert_eq!(shown("20"), ["0%", "60%"]);
}

#[test]
fn a_model_that_is_no_longer_sold_is_said_to_be() {
    let table = ACME.replacen("kind = \"chat\"\n", "kind = \"chat\"\nretired = 2026-10-01\n", 1);
    let (catalog, scenario) = (catalog_of(&table), scenario(&workload("")));
    let case = case(&catalog, &scenario);
    let found = limits(&case, pair(&case, "acme/chat:long_context")).unwrap();
    assert_eq!(report::notes(&found, &case)[0], "acme/chat is no longer sold since 2026-10-01.");
}

#[test]
fn the_peak_lies_in_the_active_hours_of_the_active_days() {
    // 8 of 24 hours on 5 of 7 days: 1 / (8/24 x 5/7) = 4.2 a minute on average.
    let hours = "active_hours_per_day = 8\ndays_per_week = 5\npeak_factor = 10";
    let found = found(&workload("").replace("peak_factor = 10", hours), "acme/chat:long_context");
    assert!((found.pace.mean_per_minute() - 4.2).abs() < 1e-9);
    assert!((found.pace.peak_per_minute() - 42.0).abs() < 1e-9);
    // A month of 730 / 24 x 5/7 = 21.73 active days has 43,800 / 21.726 = 2,016 requests on each.
    assert!((found.pace.day(found.pace.at_once) - 2016.0).abs() < 1e-6);
}

#[test]
fn retries_and_other_calls_on_the_same_model_count_into_its_demand() {
    // Half a retry more, and a guardrail on every second request: 1.5 + 0.5 calls of 150,000 + 1,000 tokens.
    let guard = "[[call]]\nname = \"guard\"\nproduct = \"acme/chat\"\nshare = 0.5\ninput_tokens = 2000\n";
    let text = workload(guard).replace("output_tokens = 1000", "output_tokens = 1000\nretries = 0.5");
    let found = found(&text, "acme/chat:long_context");
    let demand = found.products[0].demand;
    assert_eq!((demand.calls / 43_800.0, demand.input / 43_800.0), (2.0, 151_000.0));
    assert_eq!(found.products[0].roles, ["answer", "guard"]);
    // 1,000 calls a minute are enough for 500 requests, 2,000,000 tokens for 13.2.
    assert!((found.tiers()[0].requests_per_minute.unwrap() - 2e6 / 151_000.0).abs() < 1e-9);
}

#[test]
fn the_embedding_model_of_a_design_may_bind() {
    // A request embeds one question of 100 tokens: 50 a minute in Start, while the model allows 1,000.
    let text = workload("").replace("question_tokens = 0", "question_tokens = 100");
    let found = found(&text, "acme/chat:rag");
    assert_eq!(found.products.len(), 2);
    let embedding = &found.products[1];
    assert_eq!(embedding.roles, ["embed question"]);
    assert_eq!(embedding.tiers[0].requests_per_minute, Some(50.0));
    let (product, tier) = found.binding().unwrap();
    assert_eq!((product.product, tier.limit.tier.as_str()), (embedding.product, "Build"));
    // Start holds 10 a minute of either; both are told.
    assert_eq!(embedding.tier_needed().unwrap().limit.tier, "Start");
}

#[test]
fn the_largest_call_chooses_the_pool_and_all_classes_count() {
    let classes = |large: &str| {
        format!(
            "{}\n[[class]]\nname = \"small\"\nshare = 0.9\ncontext_tokens = 10_000\n[[class]]\nname = \"large\"\ncontext_tokens = {large}\n",
            workload("").replace("tokens = 100_000", "tokens = 200_000")
        )
    };
    // 0.9 x 10,000 + 0.1 x 100,000 + 1,000 out = 20,000 tokens a request: 1,000,000 / 20,000 = 50 a minute.
    let ordinary = found(&classes("100_000"), "acme/queued:long_context");
    assert_eq!(ordinary.tiers()[0].limit.above_input_tokens, None);
    assert!((ordinary.tiers()[0].requests_per_minute.unwrap() - 50.0).abs() < 1e-9);
    // 110,000 tokens are over 100,000: the pool of 10 a minute.
    let long = found(&classes("110_000"), "acme/queued:long_context");
    assert_eq!(long.tiers()[0].limit.above_input_tokens, Some(100_000.0));
    assert_eq!((long.tiers()[0].requests_per_minute, long.tiers()[0].bound_by()), (Some(10.0), Quota::Rpm));
}

#[test]
fn requests_that_wait_are_held_against_the_batch_queue() {
    // A fifth of 43,800 requests of 10,000 tokens a month: 87,600,000 / (730 / 24) = 2,880,000 a day into a queue of
    // 1,500,000. The others are 0.8 a minute, 8 at the peak.
    let text = workload("[service]\nbatch_share = 0.2\n").replace("tokens = 100_000", "tokens = 10_000");
    let limited = found(&text, "acme/queued:long_context");
    let tier = &limited.tiers()[0];
    assert_eq!((tier.bound_by(), tier.holds_peak), (Quota::BatchQueue, false));
    assert!((tier.binding.demand - 2_880_000.0).abs() < 1e-3);
    assert!((limited.pace.peak_per_minute() - 8.0).abs() < 1e-9);
    // 1,500,000 / 2,880,000 of the peak.
    assert!((tier.requests_per_minute.unwrap() - 8.0 * 1.5 / 2.88).abs() < 1e-9);
    // A model without a batch price serves them at once.
    assert!((found(&text, "acme/chat:long_context").pace.peak_per_minute() - 10.0).abs() < 1e-9);
    // Where all wait, no request comes in a minute.
    let all = found(&text.replace("0.2", "1"), "acme/queued:long_context");
    assert_eq!(all.tiers()[0].requests_per_minute, None);
    assert!(!all.tiers()[0].holds_peak);
}

#[test]
fn an_index_takes_as_long_as_the_limits_make_it() {
    // 5,000,000 tokens in documents of one chunk: 5 minutes at 1,000,000 a minute, half a minute at 10,000,000.
    let text = workload("").replace("tokens = 100_000", "tokens = 5_000_000\ndocument_tokens = 500");
    let plain = found(&text, "acme/chat:rag");
    let times = |found: &Limits, at: usize| {
        found.index[at].tiers.iter().map(|tier| (tier.tier.clone(), tier.minutes)).collect::<Vec<_>>()
    };
    assert_eq!(times(&plain, 0), [("Start".to_owned(), Some(5.0)), ("Build".to_owned(), Some(0.5))]);
    // 10,000 contexts of a document and its chunk, 1,000 tokens and 50 of instruction in and 100 out, are 10,500,000
    // tokens: 5.25 minutes at 2,000,000, but 10 minutes at 1,000 calls.
    let contextual = found(&text, "acme/chat:contextual_rag");
    assert_eq!(contextual.index[0].calls, Some(10_000.0));
    assert_eq!(times(&contextual, 0), [("Start".to_owned(), Some(10.0)), ("Build".to_owned(), Some(2.1))]);
    assert_eq!(contextual.index[0].tiers[0].binding, Quota::Rpm);
}

#[test]
fn boxes_of_ones_own_set_the_rate_of_a_hosted_model() {
    let host = "[[host]]\nmodel = \"acme/chat\"\ngpu = \"acme/gpu\"\ngpus = 8\nalways_on = true\nutilisation = 0.5\n\
                input_tokens_per_second = 100_000\noutput_tokens_per_second = 1000\n";
    let found = found(&workload(host), "acme/chat:long_context");
    let boxes = found.products[0].boxes.unwrap();
    // A request takes 1 + 1 seconds: 30 a minute on a box, which is more than the peak of 10.
    assert_eq!((boxes.requests_per_minute_each, boxes.needed), (Some(30.0), 1.0));
    // 87,600 seconds / 3,600 / 0.5 = 48.7 hours: one box.
    assert_eq!((boxes.count, boxes.holds_peak()), (Some(1.0), Some(true)));
    assert!(found.products[0].tiers.is_empty());
    assert_eq!(compared(&workload(host)).rows[0].within_limits, None);
    // A box searches nothing: calls that do are the vendor's, and keep no box busy.
    let search = "[[call]]\nname = \"search\"\nproduct = \"acme/chat\"\ninput_tokens = 100_000\nuses = { web_searches = 1 }\n";
    let searching = self::found(&workload(&format!("{host}{search}")), "acme/chat:long_context");
    assert_eq!(searching.products[0].boxes, Some(boxes));
}

#[test]
fn a_tier_that_was_given_up_does_not_hold_any_more() {
    let (catalog, scenario) = (catalog_with(""), scenario("[corpus]\ntokens = 1000\n"));
    let tiers = |day| {
        let case = Case::open(&catalog, &scenario, day).unwrap_or_else(|faults| panic!("{faults}"));
        let found = limits(&case, pair(&case, "anthropic/claude-sonnet-4-6:long_context")).unwrap();
        found.tiers().iter().map(|tier| tier.limit.tier.clone()).collect::<Vec<_>>()
    };
    assert_eq!(tiers(date(2026, 7, 31)), ["tier 1", "tier 2", "tier 3", "tier 4"]);
    assert_eq!(tiers(date(2026, 8, 1)), ["Start", "Build", "Scale"]);
}

/// Opens both designs: chat is cheap and limited, dear is a hundred times as dear and is not.
fn cheap_and_dear(more: &str) -> Comparison {
    compared(
        &workload(&format!("[limits]\ntiers = [{more}]\n"))
            .replace("[\"acme/chat\"]", "[\"acme/chat\", \"acme/dear\"]")
            .replace("peak_factor = 10", "peak_factor = 30"),
    )
}

#[test]
fn a_design_over_its_limits_is_marked_and_never_the_cheapest() {
    let names = |comparison: &Comparison| {
        let row = comparison.rows.iter().find(|row| row.cheapest).unwrap();
        (row.name(), comparison.rows[0].within_limits)
    };
    // Without a tier of one's own the highest decides: Build allows 50 a minute.
    assert_eq!(names(&cheap_and_dear("")), ("acme/chat:long_context".to_owned(), Some(true)));
    // Start allows 20 of the 30.
    let limited = cheap_and_dear("\"acme=start\"");
    assert_eq!(names(&limited), ("acme/dear:long_context".to_owned(), Some(false)));
    let over = limited.rows[0].over_limits.as_ref().unwrap();
    assert_eq!(over.to_string(), "peak 30 requests/min, Start allows 20 (ITPM)");
    assert_eq!(limited.rows[1].within_limits, None);
    let told = sentence(&limited);
    let expected = "Cheaper, but over its rate limits: acme/chat:long_context at $4,818.00 \
                    (peak 30 requests/min, Start allows 20 (ITPM)).";
    assert!(told.ends_with(expected), "{told}");
}

#[test]
fn where_every_design_is_over_its_limits_there_is_no_answer() {
    let text =
        workload("[limits]\ntiers = [\"acme=Start\"]\n").replace("peak_factor = 10", "peak_factor = 30");
    let comparison = compared(&text);
    assert_eq!(comparison.answer, None);
    assert_eq!(
        sentence(&comparison),
        "No answer: every design that fits at a known cost is over its rate limits."
    );
}

#[test]
fn a_call_that_no_minute_can_hold_is_said_to_be_one() {
    let text = workload("").replace("tokens = 100_000", "tokens = 500_000");
    let text = text.replace("acme/chat", "acme/queued");
    let over = compared(&text).rows[0].over_limits.clone().unwrap();
    assert_eq!(over.to_string(), "a call of 501,000 tokens is over the 400,000 TPM of Start");
}

#[test]
fn the_embedding_model_can_put_a_design_over_its_limits() {
    // 60 questions a minute, of which Start embeds 50; the model allows 1,000 requests.
    let text = workload("[limits]\ntiers = [\"acme=Start\"]\n")
        .replace("long_context", "rag")
        .replace("question_tokens = 0", "question_tokens = 100")
        .replace("peak_factor = 10", "peak_factor = 60");
    let over = compared(&text).rows[0].over_limits.clone().unwrap();
    assert_eq!(over.to_string(), "acme/embed: peak 60 requests/min, Start allows 50 (RPM)");
}

#[test]
fn compare_and_limits_judge_alike() {
    let catalog: Catalog = catalog_with("");
    let text = "[compare]\nmodels = [\"openai/gpt-5.4*\", \"anthropic/claude-sonnet*\", \"google/*\"]\n\
                strategies = [\"long_context\", \"rag\", \"hybrid\"]\n[workload]\nrequests_per_month = 5M\n";
    let text = text.replace("5M", "\"5M\"");
    for tiers in ["", "[limits]\ntiers = [\"openai=tier 3\", \"anthropic=Start\"]\n"] {
        let scenario = scenario(&format!("{text}{tiers}"));
        let case = case(&catalog, &scenario);
        let rows = compare(&case).rows;
        assert!(rows.iter().any(|row| row.is_over_limits()) && rows.iter().any(|row| row.may_win()));
        for row in rows.iter().filter(|row| row.monthly.is_some()) {
            let pair: Pair = row.pair;
            assert_eq!(limits(&case, pair).unwrap().within(), row.within_limits, "{}", row.name());
        }
    }
}

#[test]
fn the_summary_names_the_tier_needed_ones_own_and_what_binds() {
    let text = workload("[limits]\ntiers = [\"acme=Start\"]\n")
        .replace("question_tokens = 0", "question_tokens = 100")
        .replace("peak_factor = 10", "peak_factor = 60");
    let (catalog, scenario) = (catalog_of(ACME), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = limits(&case, pair(&case, "acme/chat:rag")).unwrap();
    assert_eq!(
        report::summary(&found, &case),
        "acme/chat:rag: 2,660 input and 1,000 output tokens a request; 1 requests a minute on average, 60 at the peak. \
         The peak needs tier \"Start\" of acme/chat. Yours, \"Start\", holds it. The peak needs tier \"Build\" of \
         acme/embed (a paid key). Yours, \"Start\", is too low. acme/embed binds: \"Start\" allows the least, 50 \
         requests a minute (RPM)."
    );
    let rows = report::tiers(&found.products, &case).to_csv();
    assert!(rows.contains("acme/embed,Start,50,RPM,false,-0.2,"), "{rows}");
}

#[test]
fn json_holds_every_product_with_its_quotas_and_the_index() {
    let text = workload("").replace("question_tokens = 0", "question_tokens = 100");
    let (catalog, scenario) = (catalog_of(ACME), scenario(&text));
    let case = case(&catalog, &scenario);
    let found = limits(&case, pair(&case, "acme/chat:rag")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&report::to_json(&found, &case)).unwrap();
    assert_eq!(json["within_limits"], true);
    assert_eq!(json["tier_needed"], "Start");
    assert_eq!(json["binding"]["product"], "acme/embed");
    let embedding = &json["products"][1];
    assert_eq!(embedding["tiers"][0]["quotas"][0]["quota"], "rpm");
    // 10 of 50 calls and 1,000 of 1,000,000 tokens at the peak.
    assert_eq!(embedding["tiers"][0]["quotas"][0]["headroom"].to_string(), "0.8");
    assert_eq!(embedding["tiers"][0]["quotas"][1]["demand"].to_string(), "1000");
    assert_eq!(json["index"][0]["product"], "acme/embed");
    assert!(json["index"][0]["calls"].is_null());
    assert_eq!(json["index"][0]["tiers"][0]["bound_by"], "TPM");
}

#[test]
fn a_limit_that_is_not_certain_bars_nothing_unless_the_scenario_names_its_tier() {
    let unsure = ACME.replace(
        "source = \"s\"\n[[product.price]]",
        "source = \"s\"\nconfidence = \"low\"\n[[product.price]]",
    );
    let row = |tiers: &str| {
        let text = workload(&format!("[limits]\ntiers = [{tiers}]\n"))
            .replace("peak_factor = 10", "peak_factor = 70");
        let (catalog, scenario) = (catalog_of(&unsure), scenario(&text));
        compare(&case(&catalog, &scenario)).rows.remove(0)
    };
    // 70 a minute are more than the 50 of Build, the highest tier.
    let row_by_default = row("");
    assert_eq!((row_by_default.within_limits, row_by_default.cheapest), (None, true));
    assert_eq!(
        row_by_default.limits_unknown,
        Some("over the highest tier that is known, which is not certain")
    );
    assert_eq!(row("\"acme=Build\"").within_limits, Some(false));
}
