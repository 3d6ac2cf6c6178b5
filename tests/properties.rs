//! Properties that hold for any workload.

mod support;

use proptest::prelude::*;
use ragonomics::analysis::curve::Curve;
use ragonomics::analysis::{Case, Pair};
use ragonomics::bill::Bill;
use ragonomics::catalog::Catalog;
use ragonomics::scenario::{Origin, Param, Scenario};
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::LazyLock;
use support::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog_with(""));

/// The jobs that can be compared, each with its strategies.
const JOBS: [&str; 4] = [
    "strategies = [\"long_context\", \"cached_context\", \"rag\", \"rag_rerank\", \"contextual_rag\", \"map_reduce\"]\n",
    "strategies = [\"conversation\"]\n",
    "strategies = [\"conversation\"]\n[conversation]\nhistory = \"window\"\n",
    "strategies = [\"conversation\"]\n[conversation]\nhistory = \"summary\"\n",
];

/// Models of all shapes: flat, tiered, priced by the hour, in another currency, with rent.
const MODELS: &str = "models = [\"openai/gpt-6.1-sol\", \"anthropic/claude-haiku-5-5\", \"deepseek/deepseek-flash\", \
                      \"google/gemini-2.5-pro\", \"moonshot/kimi-k3\", \"zhipu/glm-5.3\", \"openai/gpt-4.1\"]";

/// Rerankers of all shapes: by the search, by the token, with the question once or for each document.
const RERANKERS: [&str; 4] =
    ["cohere/rerank-v3.5", "cohere/rerank-v5.0-fast", "voyage/rerank-3", "zhipu/rerank"];

prop_compose! {
    fn talks()(turns in 1u32..12, window in 0u32..12, summary in 0u32..1000, gap in 0.0..90.0f64, map_output in 1u32..3000)
        -> [(Param, f64); 5]
    {
        [
            (Param::Turns, f64::from(turns)),
            (Param::WindowTurns, f64::from(window)),
            (Param::SummaryTokens, f64::from(summary)),
            (Param::TurnGapMinutes, gap),
            (Param::MapOutputTokens, f64::from(map_output)),
        ]
    }
}

prop_compose! {
    fn workloads()(
        job in prop_oneof![3 => Just(0), 1 => 1..4usize],
        talk in talks(),

        requests in 0.0..1e7f64,
        system in 0u32..20_000,
        question in 0u32..2000,
        output in 0u32..4000,
        corpus in 0u32..900_000,
        document in 500u32..50_000,
        changed in 0.0..1.0f64,
        (top_k, chunk, overlap) in (0u32..40, 101u32..2000, 0u32..100),
        prefixes in 1u32..50,
        active in 1.0..24.0f64,
        retrieval in (0u32..300, 0usize..RERANKERS.len(), 0u32..300),
    ) -> Scenario {
        let (candidates, reranker, context) = retrieval;
        let (job, reranker) = (JOBS[job], RERANKERS[reranker]);
        let mut scenario = scenario(&format!(
            "as_of = 2026-11-22\n[compare]\n{MODELS}\n{job}\n[retrieval]\nreranker = \"{reranker}\"\n"
        ));
        for (param, value) in talk {
            scenario.put(param, value, Origin::Override);
        }
        for (param, value) in [
            (Param::RequestsPerMonth, requests),
            (Param::SystemTokens, f64::from(system)),
            (Param::QuestionTokens, f64::from(question)),
            (Param::OutputTokens, f64::from(output)),
            (Param::CorpusTokens, f64::from(corpus)),
            (Param::DocumentTokens, f64::from(document)),
            (Param::ChangedPerMonth, changed),
            (Param::TopK, f64::from(top_k)),
            (Param::ChunkTokens, f64::from(chunk)),
            (Param::OverlapTokens, f64::from(overlap)),
            (Param::Candidates, f64::from(candidates)),
            (Param::ChunkContextTokens, f64::from(context)),
            (Param::Tenants, f64::from(prefixes)),
            (Param::ActiveHoursPerDay, active),
        ] {
            scenario.put(param, value, Origin::Override);
        }
        scenario
    }
}

fn bills(case: &Case<'_>) -> Vec<(Pair, Bill)> {
    case.pairs().filter_map(|pair| Some((pair, case.evaluate(pair).ok()?.bill))).collect()
}

fn is_answer(step: &str) -> bool {
    ["answer", "map", "condense", "reduce", "summarise"].iter().any(|word| step.starts_with(word))
}

fn sum(bill: &Bill, recurrence: Recurrence) -> Decimal {
    let lines = bill.lines.iter().filter(|line| line.recurrence == recurrence);
    lines.filter_map(|line| line.price.as_ref().ok()).map(|price| price.amount).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_bill_is_the_sum_of_its_lines_and_adjustments(scenario in workloads()) {
        let case = case(&CATALOG, &scenario);
        for (pair, bill) in bills(&case) {
            let adjustments: Decimal = bill.adjustments.iter().map(|adjustment| adjustment.amount).sum();
            prop_assert_eq!(bill.total(Recurrence::Monthly).known, sum(&bill, Recurrence::Monthly) + adjustments, "{:?}", pair);
            prop_assert_eq!(bill.total(Recurrence::OneOff).known, sum(&bill, Recurrence::OneOff), "{:?}", pair);
            for line in &bill.lines {
                let Ok(price) = &line.price else { continue };
                let product = line.quantity * price.unit_price / price.per;
                let gap = (product - price.amount).abs();
                // Decimals have 28 digits; prices converted from another currency use all of them.
                prop_assert!(gap <= product.abs() * dec("0.000000000000000000001"), "{product} {}", price.amount);
            }
        }
    }

    #[test]
    fn bills_and_curves_agree(scenario in workloads()) {
        let case = case(&CATALOG, &scenario);
        for (pair, bill) in bills(&case) {
            let exact = bill.total(Recurrence::Monthly).known.to_f64().unwrap();
            let once = bill.total(Recurrence::OneOff).known.to_f64().unwrap();
            let sums = Curve::new(&case, pair).sums().unwrap();
            prop_assert!((sums.monthly - exact).abs() <= 1e-9 * exact.abs().max(1e-300), "{} {exact}", sums.monthly);
            prop_assert!((sums.one_off - once).abs() <= 1e-9 * once.abs().max(1e-300), "{} {once}", sums.one_off);
        }
    }

    #[test]
    fn scaled_requests_scale_what_is_paid_by_the_request(scenario in workloads(), factor in 1u32..20) {
        let mut fixed = scenario.clone();
        fixed.put(Param::HitShare, 0.4, Origin::Override);
        let mut scaled = fixed.clone();
        scaled.put(Param::RequestsPerMonth, fixed.numbers.requests() * f64::from(factor), Origin::Override);
        let (small, large) = (case(&CATALOG, &fixed), case(&CATALOG, &scaled));
        for ((_, a), (_, b)) in bills(&small).into_iter().zip(bills(&large)) {
            prop_assert_eq!(a.lines.len(), b.lines.len());
            for (one, many) in a.lines.iter().zip(&b.lines) {
                let (Ok(x), Ok(y)) = (&one.price, &many.price) else { continue };
                let grows = is_answer(one.step) || ["embed question", "search", "rerank", "keep cache"].contains(&one.step);
                let expected = if grows { x.amount * Decimal::from(factor) } else { x.amount };
                let gap = (y.amount - expected).abs();
                prop_assert!(gap <= expected.abs() * dec("0.000000000001"), "{}: {} {}", one.step, y.amount, expected);
            }
        }
    }

    #[test]
    fn no_traffic_costs_nothing_by_the_request(scenario in workloads()) {
        let mut idle = scenario.clone();
        idle.put(Param::RequestsPerMonth, 0.0, Origin::Override);
        let case = case(&CATALOG, &idle);
        for (_, bill) in bills(&case) {
            for line in &bill.lines {
                prop_assert!(!is_answer(line.step) && !["embed question", "search", "rerank"].contains(&line.step), "{}", line.step);
            }
        }
    }
}

#[test]
fn caching_without_hits_and_with_free_writes_is_long_context() {
    let text = format!("[caching]\nhit_share = 0\n[compare]\n{MODELS}\n");
    let scenario = scenario(&text);
    let case = case(&CATALOG, &scenario);
    // These write to their caches at the plain input price.
    for model in ["deepseek/deepseek-flash", "google/gemini-2.5-pro", "openai/gpt-4.1"] {
        let cost = |strategy: &str| {
            let design = pair(&case, &format!("{model}:{strategy}"));
            case.evaluate(design).unwrap().bill.total(Recurrence::Monthly).amount().unwrap()
        };
        assert_eq!(cost("cached_context"), cost("long_context"), "{model}");
    }
}
