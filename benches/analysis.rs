//! How long the main job takes: `cargo bench`.

use std::path::Path;
use std::process::Command;

use jiff::civil::{Date, date};
use ragonomics::analysis::break_even::break_even;
use ragonomics::analysis::compare::compare;
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::grid::{Rule, grid};
use ragonomics::analysis::sensitivity::{Percent, tornado};
use ragonomics::analysis::simulate::{Options, simulate};
use ragonomics::analysis::sweep::{Axis, sweep};
use ragonomics::analysis::{Case, Pair};
use ragonomics::catalog::load::embedded;
use ragonomics::catalog::{Catalog, Kind, ProductId};
use ragonomics::import::{self, Source, import};
use ragonomics::scenario::{Param, Scenario, load};
use ragonomics::usage::STRATEGIES;

const DAY: Date = date(2026, 11, 22);

fn main() {
    divan::main();
}

fn scenario(text: &str) -> Scenario {
    load::scenario("bench", text, Path::new(".")).expect("a sound scenario").0
}

/// Reading every embedded table.
#[divan::bench]
fn load_the_catalog() -> Catalog {
    embedded().expect("sound tables")
}

/// Taking in another tool's table of some 4,500 models, a good three megabytes of JSON.
#[divan::bench]
fn import_a_large_table(bencher: divan::Bencher<'_, '_>) {
    let text = large_table();
    let options = import::Options { date: Some(DAY), ..import::Options::default() };
    bencher.bench_local(|| import(Source::LiteLlm, "table.json", &text, &options).expect("a sound table"));
}

/// A table in LiteLLM's shape, with the fields that its larger entries have.
fn large_table() -> String {
    let entry = |number: usize| {
        format!(
            r#""vendor/model-{number}": {{"litellm_provider": "vendor-{}", "mode": "chat", "max_input_tokens": 272000,
            "max_output_tokens": 128000, "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1.5e-05,
            "cache_read_input_token_cost": 2.5e-07, "input_cost_per_token_above_272k_tokens": 5e-06,
            "output_cost_per_token_above_272k_tokens": 2.25e-05, "cache_read_input_token_cost_above_272k_tokens": 5e-07,
            "input_cost_per_token_batches": 1.25e-06, "output_cost_per_token_batches": 7.5e-06,
            "input_cost_per_token_priority": 5e-06, "output_cost_per_token_priority": 3e-05,
            "supports_vision": true, "supports_prompt_caching": true, "source": "https://vendor.example/prices"}}"#,
            number % 90
        )
    };
    let entries: Vec<String> = (0..4500).map(entry).collect();
    format!("{{{}}}", entries.join(",\n"))
}

/// Every chat model of the catalog × every strategy that answers questions, exact bills included.
#[divan::bench]
fn compare_the_whole_catalog(bencher: divan::Bencher<'_, '_>) {
    let catalog = embedded().expect("sound tables");
    let scenario = scenario("[compare]\nmodels = [\"*\"]\n");
    let case = Case::open(&catalog, &scenario, DAY).expect("known names");
    bencher.bench_local(|| compare(&case));
}

/// The same for the strategy that rewrites texts.
#[divan::bench]
fn compare_the_whole_catalog_rewriting(bencher: divan::Bencher<'_, '_>) {
    let catalog = embedded().expect("sound tables");
    let scenario = scenario("[compare]\nmodels = [\"*\"]\nstrategies = [\"rewrite\"]\n");
    let case = Case::open(&catalog, &scenario, DAY).expect("known names");
    bencher.bench_local(|| compare(&case));
}

/// The winner among every chat model of the catalog × the strategies that answer questions, at 200 points.
#[divan::bench]
fn map_the_whole_catalog(bencher: divan::Bencher<'_, '_>) {
    let catalog = embedded().expect("sound tables");
    let text = "[compare]\nmodels = [\"*\"]\nstrategies = [\"long_context\", \"cached_context\", \"rag\", \"rag_rerank\", \
                \"contextual_rag\", \"hybrid\", \"map_reduce\"]\n";
    let scenario = scenario(text);
    let case = Case::open(&catalog, &scenario, DAY).expect("known names");
    let pairs: Vec<Pair> = case.pairs().collect();
    let across = Axis::new(Param::RequestsPerMonth, 100.0, 1e6, true).expect("a sound axis");
    let up = Axis::new(Param::CorpusTokens, 1000.0, 200_000.0, true).expect("a sound axis");
    let how = (Metric::Monthly, Rule::Cheapest);
    bencher.bench_local(|| grid(&case, &pairs, (across, up), (100, 2), how));
}

/// One evaluation on the sweep path; the counter shows evaluations a second.
#[divan::bench(args = ["long_context", "cached_context", "rag"])]
fn evaluate_a_curve(bencher: divan::Bencher<'_, '_>, strategy: &str) {
    let catalog = embedded().expect("sound tables");
    let scenario = scenario("name = \"bench\"\n");
    let case = Case::open(&catalog, &scenario, DAY).expect("known names");
    let pair = case.find_pair(&format!("openai/gpt-6.1-sol:{strategy}")).expect("a known design");
    let mut curve = Curve::new(&case, pair);
    let mut requests = 1000.0;
    bencher.counter(divan::counter::ItemsCount::new(1000u32)).bench_local(|| {
        for _ in 0..1000 {
            requests += 1.0;
            divan::black_box(curve.cost_at(Param::RequestsPerMonth, requests, Metric::Monthly));
        }
    });
}

/// 200 models × all nine strategies × 200 points along requests: what a chart of everything would take.
#[divan::bench]
fn sweep_a_grid(bencher: divan::Bencher<'_, '_>) {
    let catalog = embedded().expect("sound tables");
    let scenario = scenario("name = \"bench\"\n");
    let case = Case::open(&catalog, &scenario, DAY).expect("known names");
    let chat = catalog.iter().filter(|(_, product)| product.kind == Kind::Chat).map(|(id, _)| id);
    let priced = chat.filter(|id| case.book.card(*id).is_ok());
    let models: Vec<ProductId> = priced.take(200).collect();
    assert_eq!(models.len(), 200);
    let pairs: Vec<Pair> =
        models.into_iter().flat_map(|model| STRATEGIES.map(|strategy| Pair { model, strategy })).collect();
    let axis = Axis::new(Param::RequestsPerMonth, 1.0, 1e7, true).expect("a sound axis");
    bencher.bench_local(|| sweep(&case, &pairs, axis, 200, Metric::Monthly));
}

/// Both crossings of two designs along requests.
#[divan::bench]
fn find_a_break_even(bencher: divan::Bencher<'_, '_>) {
    let catalog = embedded().expect("sound tables");
    let scenario = scenario("name = \"bench\"\n");
    let case = Case::open(&catalog, &scenario, DAY).expect("known names");
    let pair = |text: &str| case.find_pair(text).expect("a known design");
    let (a, b) = (pair("deepseek/deepseek-flash:cached_context"), pair("deepseek/deepseek-flash:rag"));
    let axis = Axis::new(Param::RequestsPerMonth, 1.0, 1e7, true).expect("a sound axis");
    bencher.bench_local(|| break_even(&case, a, b, axis, Metric::Monthly));
}

/// 100,000 draws of the default comparison, 10 models × 3 strategies, with three rough numbers.
#[divan::bench(sample_count = 10)]
fn simulate_the_default_comparison(bencher: divan::Bencher<'_, '_>) {
    let catalog = embedded().expect("sound tables");
    let text = "[workload]\nrequests_per_month = { p10 = \"5k\", p90 = \"40k\" }\n\
                [request]\noutput_tokens = { p10 = 200, p90 = 600 }\n\
                [corpus]\ntokens = { low = \"50k\", mode = \"100k\", high = \"1.2M\" }\n";
    let scenario = scenario(text);
    let case = Case::open(&catalog, &scenario, DAY).expect("known names");
    let options = Options { samples: 100_000, ..Options::default() };
    bencher.bench_local(|| simulate(&case, &options).expect("sound ranges"));
}

/// Every number moved for one design, and the cheapest of the default comparison at each end.
#[divan::bench(name = "tornado")]
fn move_every_number(bencher: divan::Bencher<'_, '_>) {
    let catalog = embedded().expect("sound tables");
    let scenario = scenario("name = \"bench\"\n");
    let case = Case::open(&catalog, &scenario, DAY).expect("known names");
    let pair = case.find_pair("openai/gpt-6.1-sol:rag").expect("a known design");
    bencher.bench_local(|| tornado(&case, pair, Percent::default(), Metric::Monthly).expect("a known cost"));
}

/// The whole process, from start to exit.
#[divan::bench]
fn run_the_process() {
    let output = Command::new(env!("CARGO_BIN_EXE_ragonomics")).arg("compare").output().expect("the program");
    assert!(output.status.success());
}

/// From a loaded catalog and scenario to the first frame of the terminal application.
#[divan::bench]
fn draw_the_first_frame(bencher: divan::Bencher<'_, '_>) {
    use ragonomics::tui::{draw::draw, state::State, theme::Theme};
    use ratatui::{buffer::Buffer, layout::Rect};
    let catalog = embedded().expect("sound tables");
    let text = ragonomics::scenario::library::shipped("support-bot").expect("a shipped scenario");
    let scenario = scenario(text);
    let area = Rect::new(0, 0, 200, 60);
    bencher.with_inputs(|| (catalog.clone(), scenario.clone())).bench_local_values(|(catalog, scenario)| {
        let mut state = State::open(catalog, scenario, DAY, Theme::default()).expect("known names");
        state.resize(area.width, area.height);
        let mut buffer = Buffer::empty(area);
        draw(&state, area, &mut buffer);
        buffer
    });
}
