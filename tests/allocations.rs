//! An evaluation on the sweep path takes no memory: a sweep of millions of points costs arithmetic alone.

mod support;

use allocation_counter::measure;
use ragonomics::analysis::Case;
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::scenario::{Scenario, Target};
use ragonomics::usage::STRATEGIES;
use support::*;

/// Returns the allocations of `evaluations` at values of a number, once the curve has seen two of them.
fn allocations(curve: &mut Curve<'_>, target: Target, values: [f64; 2], evaluations: u32) -> u64 {
    for value in values {
        curve.cost_at(target, value, Metric::Total);
    }
    let counted = measure(|| {
        for at in 0..evaluations {
            curve.cost_at(target, values[at as usize % 2], Metric::Total);
        }
    });
    counted.count_total
}

/// Checks every strategy along some numbers of a scenario.
fn takes_no_memory(scenario: &Scenario, model: &str, paths: &[&str]) {
    let catalog = catalog_with("");
    let case: Case<'_> = case(&catalog, scenario);
    for strategy in STRATEGIES {
        let design = pair(&case, &format!("{model}:{}", strategy.id()));
        for path in paths {
            let target = scenario.find_target(path).unwrap();
            let (low, high) = target.param.facts().range;
            let mut curve = Curve::new(&case, design);
            let count = allocations(&mut curve, target, [low, high], 100);
            assert_eq!(count, 0, "{} along {path}", strategy.id());
        }
    }
}

const PATHS: &[&str] = &[
    "workload.requests_per_month",
    "workload.users",
    "request.output_tokens",
    "corpus.tokens",
    "corpus.document_tokens",
    "retrieval.top_k",
    "caching.hit_share",
    "service.batch_share",
    "tenants.count",
    "horizon_months",
];

#[test]
fn along_a_number_no_strategy_takes_memory() {
    takes_no_memory(&scenario("name = \"plain\"\n"), "openai/gpt-6.1-sol", PATHS);
}

#[test]
fn nor_on_a_model_with_tiers_hours_or_rent() {
    for model in ["google/gemini-2.5-pro", "deepseek/deepseek-flash", "zhipu/glm-5.3"] {
        takes_no_memory(&scenario("name = \"plain\"\n"), model, &PATHS[..4]);
    }
}

#[test]
fn nor_with_classes_corpora_calls_and_hardware_of_ones_own() {
    let text = "[[corpus]]\nname = \"a\"\ntokens = 100_000\n[[corpus]]\nname = \"b\"\ntokens = 50_000\n\
                [[class]]\nname = \"short\"\nshare = 0.9\n[[class]]\nname = \"long\"\ncorpus = \"b\"\noutput_tokens = 900\n\
                [[call]]\nname = \"guard\"\ninput_tokens = 200\noutput_tokens = 5\n\
                [[cost]]\nname = \"people\"\nmonthly = 100\n";
    let paths =
        ["workload.requests_per_month", "class.short.share", "class.long.output_tokens", "corpus.a.tokens"];
    takes_no_memory(&scenario(text), "openai/gpt-6.1-sol", &paths);
}
