//! Service classes, hours and batch queues by hand, at shipped prices as of 2026-11-22.

mod support;

use ragonomics::analysis::curve::Curve;
use ragonomics::catalog::{Catalog, Service};
use ragonomics::usage::{Recurrence, Step};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::LazyLock;
use support::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog_with(""));

/// A million requests with a question of 100 tokens and an answer of 10: 100M tokens in and 10M out.
const PLAIN: &str = "as_of = 2026-11-22\n[corpus]\ntokens = 0\n[request]\nsystem_tokens = 0\nquestion_tokens = 100\n\
                     output_tokens = 10\n[workload]\nrequests_per_month = 1_000_000\n";

/// What a month and what is done once cost, which a sweep has to find too.
fn costs(text: &str, design: &str) -> (Decimal, Decimal) {
    let scenario = scenario(text);
    let case = case(&CATALOG, &scenario);
    let pair = pair(&case, design);
    let found = case.evaluate(pair).unwrap_or_else(|failure| panic!("{failure}"));
    let total = |recurrence| found.bill.total(recurrence).amount().unwrap();
    let (monthly, once) = (total(Recurrence::Monthly), total(Recurrence::OneOff));
    let swept = Curve::new(&case, pair).sums().unwrap();
    for (swept, exact) in [(swept.monthly, monthly), (swept.one_off, once)] {
        let exact = exact.to_f64().unwrap();
        assert!((swept - exact).abs() <= 1e-9 * exact.abs(), "{swept} {exact}");
    }
    (monthly, once)
}

fn monthly(text: &str, design: &str) -> Decimal {
    costs(text, design).0.round_dp(12)
}

#[test]
fn shares_of_the_requests_are_served_at_the_prices_of_their_class() {
    // gpt-6-luna (2026-09-22), a million in and out: $0.10 and $0.50; batch and flex half; priority double.
    // Standard: 100M x 0.10 + 10M x 0.50 = 15.
    let cost =
        |shares: &str| monthly(&format!("{PLAIN}[service]\n{shares}"), "openai/gpt-6-luna:long_context");
    assert_eq!(cost(""), dec("15"));
    assert_eq!(cost("batch_share = 1"), dec("7.5"));
    assert_eq!(cost("flex_share = 1"), dec("7.5"));
    assert_eq!(cost("priority_share = 1"), dec("30"));
    // 0.4 x 7.5 + 0.2 x 7.5 + 0.1 x 30 + 0.3 x 15
    assert_eq!(cost("batch_share = 0.4\nflex_share = 0.2\npriority_share = 0.1"), dec("12"));
}

#[test]
fn a_model_without_a_price_for_a_class_serves_as_usual() {
    let cost = |model: &str, shares: &str| {
        monthly(&format!("{PLAIN}[service]\n{shares}"), &format!("{model}:long_context"))
    };
    // Claude Haiku 5.5 (2026-10-07) costs $0.10 and $0.50, half of it in batch; it has no flex and no priority.
    let haiku = "anthropic/claude-haiku-5-5";
    assert_eq!(cost(haiku, "batch_share = 0.5\nflex_share = 0.5"), dec("11.25"));
    assert_eq!(cost(haiku, "priority_share = 1"), dec("15"));
    // GPT-4.1 (2025-04-14) costs $2 and $8: 280 in all, half in batch; priority $3.50 and $14, 490; no flex.
    assert_eq!(cost("openai/gpt-4.1", "batch_share = 0.5\nflex_share = 0.5"), dec("210"));
    assert_eq!(cost("openai/gpt-4.1", "priority_share = 0.1"), dec("301"));
    // The bill says which price it was.
    let scenario = scenario(&format!("{PLAIN}[service]\nflex_share = 1"));
    let case = case(&CATALOG, &scenario);
    let bill = case.evaluate(pair(&case, "openai/gpt-4.1:long_context")).unwrap().bill;
    assert!(bill.lines.iter().all(|line| line.service == Service::Standard));
}

#[test]
fn a_tier_holds_in_a_batch_too() {
    // Claude Haiku 5.5 above 100,000 tokens in: $0.50 in and $2.50 out, half in batch.
    let text = |corpus: u32| {
        format!("{PLAIN}[service]\nbatch_share = 0.5")
            .replace("tokens = 0\n[request]", &format!("tokens = {corpus}\n[request]"))
            .replace("1_000_000", "10")
    };
    let cost = |corpus| monthly(&text(corpus), "anthropic/claude-haiku-5-5:long_context");
    // 100,000 tokens: 5 x (0.01 + 0.000005) + 5 x half of it.
    assert_eq!(cost(99_900), dec("0.0750375"));
    // 100,001: 5 x (0.0500005 + 0.000025) x 1.5
    assert_eq!(cost(99_901), dec("0.37519125"));
}

#[test]
fn only_the_answers_wait_in_a_queue() {
    let text = format!(
        "{PLAIN}[service]\nbatch_share = 1\n[[call]]\nname = \"guard\"\nproduct = \"openai/gpt-6-luna\"\n\
         input_tokens = 10\n"
    );
    // 7.5 as above, and the guardrail's 10M tokens at $0.10, in a batch only where it says so.
    assert_eq!(monthly(&text, "openai/gpt-6-luna:long_context"), dec("8.5"));
    let queued = format!("{text}service = \"batch\"\n");
    assert_eq!(monthly(&queued, "openai/gpt-6-luna:long_context"), dec("8"));
}

/// An index of 100M tokens in documents of one chunk, a tenth of which changes each month.
const INDEXED: &str = "as_of = 2026-11-22\n[workload]\nrequests_per_month = 0\n[corpus]\ntokens = 100_000_000\n\
                       document_tokens = 500\nchanged_per_month = 0.1\n[retrieval]\nchunk_tokens = 500\nstore = \"none\"\n";

#[test]
fn an_index_is_made_through_batch_queues_where_it_can_wait() {
    // text-embedding-3-small (2024-01-25): $0.02 a million, $0.01 in batch.
    let cost = |keys: &str| costs(&format!("{INDEXED}{keys}"), "openai/gpt-6-luna:rag");
    assert_eq!(cost(""), (dec("0.2"), dec("2")));
    assert_eq!(cost("index_in_batch = true\n"), (dec("0.1"), dec("1")));
    // The questions are embedded at once whatever the index does.
    let asked = INDEXED.replace("requests_per_month = 0", "requests_per_month = 1_000_000");
    let scenario = scenario(&format!("{asked}index_in_batch = true\n[service]\nbatch_share = 1\n"));
    let case = case(&CATALOG, &scenario);
    let bill = case.evaluate(pair(&case, "openai/gpt-6-luna:rag")).unwrap().bill;
    for line in &bill.lines {
        let queued = ["embed corpus", "embed changes", "answer"].contains(&line.step);
        assert_eq!(line.service == Service::Batch, queued, "{}", line.step);
    }
}

#[test]
fn contexts_for_chunks_are_written_in_the_same_queue() {
    // 200,000 documents of one chunk: 500 + 500 + 50 in at $0.10, 100 out at $0.50: 21 + 10, half in batch; and
    // (500 + 100) x 200,000 tokens to embed at $0.02 or $0.01.
    let cost = |keys: &str| costs(&format!("{INDEXED}{keys}"), "openai/gpt-6-luna:contextual_rag");
    assert_eq!(cost("").1, dec("33.4"));
    assert_eq!(cost("index_in_batch = true\n").1, dec("16.7"));
}

#[test]
fn a_system_prompt_is_not_found_in_a_queue_unless_that_is_asked_for() {
    // GPT-4.1 caches by itself from 1,024 tokens on and prints no price of hits in a batch.
    let text = |more: &str| {
        format!(
            "{PLAIN}[service]\nbatch_share = 0.5\n[retrieval]\nembedding = \"none\"\nstore = \"none\"\n{more}"
        )
        .replace("system_tokens = 0", "system_tokens = 1280")
    };
    let steps = |more: &str| {
        let scenario = scenario(&text(more));
        let case = case(&CATALOG, &scenario);
        let found = case.evaluate(pair(&case, "openai/gpt-4.1:rag")).unwrap();
        let complete = found.bill.total(Recurrence::Monthly).complete;
        let lines = found.usage.lines.iter().filter(|line| line.step == Step::AnswerHit);
        (lines.map(|line| line.service).collect::<Vec<_>>(), complete)
    };
    assert_eq!(steps(""), (vec![Service::Standard], true));
    let (hits, complete) = steps("[caching]\nsystem_prompt = \"always\"\n");
    assert_eq!((hits, complete), (vec![Service::Batch, Service::Standard], false));
}

/// DeepSeek Flash (2026-09-10) costs $0.15 a million in and $0.60 out; from 01:00 to 04:00 and 06:00 to 10:00 UTC of
/// working days twice as much. 100M in and 10M out are $21, at the peak $42.
fn at_hours(keys: &str) -> Decimal {
    monthly(&format!("{PLAIN}{keys}\n"), "deepseek/deepseek-flash:long_context")
}

/// $21 and the share of the requests at the peak of $21 more.
fn with_peak(share: f64) -> Decimal {
    (dec("21") + dec("21") * Decimal::from_f64_retain(share).unwrap()).round_dp(6)
}

#[test]
fn requests_at_all_hours_pay_the_peak_for_its_share_of_the_week() {
    // 7 hours of 5 days: 35 of 168.
    assert_eq!(at_hours("").round_dp(6), with_peak(35.0 / 168.0));
    assert_eq!(with_peak(35.0 / 168.0), dec("25.375"));
    // Five days from Monday on, at all hours: 35 of 120.
    assert_eq!(at_hours("days_per_week = 5").round_dp(6), dec("27.125"));
}

#[test]
fn office_hours_decide_what_share_is_off_peak() {
    let office = |offset: &str, days: u32| {
        at_hours(&format!(
            "active_from_hour = 9\nactive_hours_per_day = 8\nutc_offset_hours = {offset}\ndays_per_week = {days}"
        ))
        .round_dp(6)
    };
    // 09:00 to 17:00 UTC meets the peak for one hour of eight; in China (UTC+8) it is 01:00 to 09:00 UTC, which meets it for
    // three and three; in New York (UTC-5) 14:00 to 22:00 meets none.
    assert_eq!(office("0", 5), with_peak(1.0 / 8.0));
    assert_eq!(office("8", 5), dec("36.75"));
    assert_eq!(office("-5", 5), dec("21"));
    // On seven days a week the peak has five of them.
    assert_eq!(office("8", 7), with_peak(6.0 / 8.0 * 5.0 / 7.0));
    // Half hours: 09:00 to 17:00 at UTC+5:30 is 03:30 to 11:30, which meets 03:30 to 04:00 and 06:00 to 10:00.
    assert_eq!(office("5.5", 5), with_peak(4.5 / 8.0));
}

#[test]
fn a_night_before_monday_belongs_to_the_day_it_begins() {
    // From 22:00 for 8 hours, Monday to Friday, UTC: 01:00 to 04:00 of Tuesday to Friday are peak, that of Saturday is not.
    let found = at_hours("active_from_hour = 22\nactive_hours_per_day = 8\ndays_per_week = 5");
    assert_eq!(found.round_dp(6), with_peak(3.0 / 8.0 * 4.0 / 5.0));
}

#[test]
fn hours_can_be_swept() {
    let scenario =
        scenario(&format!("{PLAIN}active_from_hour = 9\nactive_hours_per_day = 8\ndays_per_week = 5\n"));
    let case = case(&CATALOG, &scenario);
    let mut curve = Curve::new(&case, pair(&case, "deepseek/deepseek-flash:long_context"));
    for (offset, expected) in [(8.0, 36.75), (-5.0, 21.0), (0.0, 23.625)] {
        curve.put(scenario.find_target("workload.utc_offset_hours").unwrap(), offset);
        let found = curve.sums().unwrap().monthly;
        assert!((found - expected).abs() < 1e-9, "{offset}: {found}");
    }
}
