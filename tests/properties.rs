//! Properties that hold for any workload.

mod support;

use proptest::prelude::*;
use ragonomics::analysis::curve::Curve;
use ragonomics::analysis::{Case, Pair};
use ragonomics::bill::Bill;
use ragonomics::catalog::Catalog;
use ragonomics::scenario::{Named, Origin, Param, Scenario};
use ragonomics::usage::strategy::find;
use ragonomics::usage::{Recurrence, Step};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::LazyLock;
use support::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog_with(""));

/// The jobs that can be compared, each with its strategies.
const JOBS: [&str; 6] = [
    "strategies = [\"long_context\", \"cached_context\", \"rag\", \"rag_rerank\", \"contextual_rag\", \"hybrid\", \"map_reduce\"]\n",
    "strategies = [\"conversation\"]\n",
    "strategies = [\"conversation\"]\n[conversation]\nhistory = \"window\"\n",
    "strategies = [\"conversation\"]\n[conversation]\nhistory = \"summary\"\ncached = false\n",
    "strategies = [\"conversation\"]\n[conversation]\ncontext = \"retrieved\"\n",
    "strategies = [\"rewrite\"]\n",
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

/// Models that hybrid falls back to: the one that answers, one with other rules, one that takes no large corpus.
const FALLBACKS: [&str; 3] =
    ["", "fallback_model = \"anthropic/claude-haiku-5-5\"", "fallback_model = \"openai/gpt-4o\""];

prop_compose! {
    /// How requests are served: batch, flex, priority; retries; reasoning as a share of the output; searches.
    fn services()(
        (batch, flex, priority) in (0.0..0.4f64, prop_oneof![Just(0.0), 0.0..0.3f64], prop_oneof![Just(0.0), 0.0..0.3f64]),
        (retries, reasoning, queries) in (prop_oneof![Just(0.0), 0.0..2.0f64], prop_oneof![Just(0.0), 0.0..1.0f64], 1u32..4),
        (declined, declining) in (prop_oneof![Just(0.0), Just(1.0), 0.0..1.0f64], 0u32..300),
        pages in prop_oneof![3 => Just(0u32), 1 => 1..4u32],
    ) -> [(Param, f64); 9] {
        [
            (Param::BatchShare, batch),
            (Param::FlexShare, flex),
            (Param::PriorityShare, priority),
            (Param::Retries, retries),
            // Turned into tokens where the output is known.
            (Param::ReasoningTokens, reasoning),
            (Param::Queries, f64::from(queries)),
            (Param::DeclinedShare, declined),
            (Param::DeclinedTokens, f64::from(declining)),
            (Param::Pages, f64::from(pages)),
        ]
    }
}

prop_compose! {
    /// Repeated tables: classes, a corpus for each of two of them, calls, own hardware.
    fn tables()(
        classes in prop_oneof![2 => Just(0usize), 1 => Just(2), 1 => Just(3)],
        (first, second) in (0.0..0.5f64, 0.0..0.5f64),
        (question, output, top_k) in (0u32..3000, 0u32..2000, 0u32..20),
        two_corpora in any::<bool>(),
        (guard, fee, search) in (0u32..1000, 0u32..100, any::<bool>()),
        (hosted, always_on, utilisation) in (prop_oneof![3 => Just(false), 1 => Just(true)], any::<bool>(), 0.1..1.0f64),
    ) -> String {
        let mut text = String::new();
        let two_corpora = two_corpora && classes > 1;
        if two_corpora {
            text += "[[corpus]]\nname = \"one\"\n[[corpus]]\nname = \"two\"\ntokens = 70_000\nchunk_tokens = 300\noverlap_tokens = 20\n";
        }
        for (name, keys) in [
            ("a", format!("share = {first}\nquestion_tokens = {question}\n")),
            ("b", format!("share = {second}\noutput_tokens = {}\ntop_k = {top_k}\n", output + 4000)),
            ("c", "retries = 0.25\n".to_owned()),
        ]
        .into_iter()
        .skip(3 - classes)
        {
            let corpus = if two_corpora && name == "c" { "corpus = \"two\"\n" } else { "" };
            text += &format!("[[class]]\nname = \"{name}\"\n{keys}{corpus}");
        }
        if guard > 500 {
            text += &format!(
                "[[call]]\nname = \"guard\"\nproduct = \"openai/gpt-6-luna\"\nshare = 0.7\ninput_tokens = {guard}\n\
                 output_tokens = 9\nservice = \"batch\"\nfee = {}\n",
                f64::from(fee) / 10_000.0
            );
        }
        if search {
            text += "[[call]]\nname = \"search\"\nshare = 0.1\nuses = { web_searches = 1 }\n";
        }
        if hosted {
            text += &format!(
                "[[host]]\nmodel = \"deepseek/deepseek-flash\"\ngpu = \"lambda/h100-sxm-80gb\"\nalways_on = {always_on}\n\
                 gpus = 8\nutilisation = {utilisation}\ninput_tokens_per_second = 20_000\noutput_tokens_per_second = 2000\n"
            );
        }
        text
    }
}

prop_compose! {
    fn workloads()(
        job in prop_oneof![3 => Just(0), 2 => 1..6usize],
        talk in talks(),
        service in services(),
        tables in tables(),
        modes in (0usize..3, 0usize..2, 0usize..2, any::<bool>(), 0usize..3),

        requests in 0.0..1e7f64,
        system in 0u32..20_000,
        question in 0u32..2000,
        output in 0u32..4000,
        corpus in 0u32..900_000,
        document in 500u32..50_000,
        changed in 0.0..1.0f64,
        (top_k, chunk, overlap) in (0u32..40, 101u32..2000, 0u32..100),
        (prefixes, zipf) in (1u32..50, prop_oneof![Just(0.0), 0.0..2.0f64]),
        (active, from) in (1.0..24.0f64, prop_oneof![Just(None), (0u32..24).prop_map(Some)]),
        (days, changes, keep_warm) in (1u32..8, prop_oneof![Just(0.0), 0.0..100.0f64], prop_oneof![9 => Just(false), 1 => Just(true)]),
        retrieval in (0u32..300, 0usize..RERANKERS.len(), 0u32..300),
    ) -> Scenario {
        let (candidates, reranker, context) = retrieval;
        let (job, reranker) = (JOBS[job], RERANKERS[reranker]);
        let (prompt_cache, prompt_of, corpus_of, in_batch, fallback) = modes;
        let owner = |at: usize| ["own", "shared"][at];
        let mut scenario = scenario(&format!(
            "as_of = 2026-11-22\n[compare]\n{MODELS}\n{job}\n[retrieval]\nreranker = \"{reranker}\"\nindex_in_batch = {in_batch}\n\
             [caching]\nkeep_warm = {keep_warm}\nsystem_prompt = \"{}\"\n[tenants]\nprompt = \"{}\"\ncorpus = \"{}\"\n[hybrid]\n{}\n{tables}",
            ["automatic", "always", "never"][prompt_cache], owner(prompt_of), owner(corpus_of), FALLBACKS[fallback],
        ));
        for (param, value) in talk.into_iter().chain(service) {
            let value = if param == Param::ReasoningTokens { (value * f64::from(output)).floor() } else { value };
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
            // Of many unlike prefixes each is kept warm in its own way, which takes long to work out.
            (Param::ZipfExponent, if keep_warm { 0.0 } else { zipf }),
            (Param::ActiveHoursPerDay, active),
            (Param::DaysPerWeek, f64::from(days)),
            (Param::PrefixChanges, changes),
        ] {
            scenario.put(param, value, Origin::Override);
        }
        if let Some(from) = from {
            scenario.put(Param::ActiveFrom, f64::from(from), Origin::Override);
        }
        scenario
    }
}

/// Two models without tiers, one of which caches from the first token on, token by token.
static SMOOTH: LazyLock<Catalog> = LazyLock::new(|| {
    let price = "[[product.price]]\nfrom = 2026-01-01\ninput_per_mtok = 1\ncached_input_per_mtok = 0.1\ncache_write_per_mtok = 1.25\n\
                 output_per_mtok = 10\nsource = \"contract\"\nchecked = 2026-11-01\n";
    let dearer = "[[product.price.when]]\nservice = \"priority\"\ninput_per_mtok = 2\ncached_input_per_mtok = 0.2\n\
                  cache_write_per_mtok = 2.5\noutput_per_mtok = 20\n";
    let model = |id: &str, cache: &str| {
        format!(
            "[[product]]\nid = \"{id}\"\nkind = \"chat\"\nwindow = 1_000_000\nmax_output = 100_000\nmodalities = [\"text\", \"image\"]\n\
             [product.image_tokens]\nformula = \"per_image\"\ntokens = 100\n{cache}{price}{dearer}"
        )
    };
    let cache = "[[product.cache]]\nmode = \"explicit\"\nttl_minutes = 5\nwrite = \"cache_write\"\n";
    catalog_with(&format!("[vendor]\nid = \"acme\"\n{}{}", model("flat", ""), model("cached", cache)))
});

/// Returns whether a design costs no less where there is more of a quantity.
///
/// Some rise and save: a longer chunk means fewer of them; more reasoning in the same output leaves less to keep in a
/// conversation, a longer map output fewer levels; turns build on the cache again where a window drops none; a request that declines may write less than it would have answered.
fn rises(param: Param, strategy: &str) -> bool {
    const ALWAYS: &[Param] = &[
        Param::RequestsPerMonth,
        Param::SystemTokens,
        Param::QuestionTokens,
        Param::OutputTokens,
        Param::Retries,
        Param::PriorityShare,
        Param::Pages,
        Param::PageTokens,
        Param::Images,
        Param::CorpusTokens,
        Param::ChangedPerMonth,
        Param::TopK,
        Param::Candidates,
        Param::Queries,
        Param::OverlapTokens,
        Param::MetadataBytes,
        Param::InstructionTokens,
        Param::ChunkContextTokens,
        Param::DeclinedTokens,
        Param::Turns,
        Param::SummaryTokens,
        Param::RewriteTokens,
        Param::RewriteRatio,
        Param::CallShare,
        Param::CallInput,
        Param::CallOutput,
        Param::CallFee,
        Param::HostGpus,
    ];
    ALWAYS.contains(&param) || (param == Param::ReasoningTokens && strategy == "rewrite")
}

/// Reads a scenario; its argument has the name elsewhere.
fn scenario_text(text: &str) -> Scenario {
    scenario(text)
}

fn bills(case: &Case<'_>) -> Vec<(Pair, Bill)> {
    case.pairs().filter_map(|pair| Some((pair, case.evaluate(pair).ok()?.bill))).collect()
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
        for pair in case.pairs() {
            let sums = Curve::new(&case, pair).sums();
            let Ok(found) = case.evaluate(pair) else {
                prop_assert!(sums.is_none(), "{:?}", pair);
                continue;
            };
            let of = |recurrence| found.bill.total(recurrence);
            let (monthly, once) = (of(Recurrence::Monthly), of(Recurrence::OneOff));
            let Some(sums) = sums else {
                prop_assert!(!monthly.complete || !once.complete, "{:?}", pair);
                continue;
            };
            for (swept, exact) in [(sums.monthly, monthly), (sums.one_off, once)] {
                let known = exact.known.to_f64().unwrap();
                prop_assert!(exact.complete && (swept - known).abs() <= 1e-9 * known.abs().max(1e-300), "{:?} {swept} {known}", pair);
            }
        }
    }

    #[test]
    fn scaled_requests_scale_what_is_paid_by_the_request(scenario in workloads(), factor in 1u32..20) {
        let mut fixed = scenario.clone();
        fixed.put(Param::HitShare, 0.4, Origin::Override);
        // The more requests there are, the fewer reads keep a prefix warm.
        fixed.modes.keep_warm = false;
        let mut scaled = fixed.clone();
        scaled.put(Param::RequestsPerMonth, fixed.numbers.requests() * f64::from(factor), Origin::Override);
        let (small, large) = (case(&CATALOG, &fixed), case(&CATALOG, &scaled));
        for ((_, a), (_, b)) in bills(&small).into_iter().zip(bills(&large)) {
            prop_assert_eq!(a.lines.len(), b.lines.len());
            for (one, many) in a.lines.iter().zip(&b.lines) {
                let (Ok(x), Ok(y)) = (&one.price, &many.price) else { continue };
                if one.of == Some(Step::Host) {
                    // Boxes come whole.
                    continue;
                }
                let expected = if one.per_request { x.amount * Decimal::from(factor) } else { x.amount };
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
                let nothing = line.price.as_ref().is_ok_and(|price| price.amount.is_zero());
                prop_assert!(!line.per_request || nothing, "{}", line.step);
            }
        }
    }

    #[test]
    fn equal_classes_are_one(scenario in workloads(), share in 0.0..1.0f64) {
        let mut alone = scenario;
        alone.groups.classes.clear();
        alone.groups.corpora.clear();
        let mut classes = scenario_text(&format!("[[class]]\nname = \"a\"\nshare = {share}\n[[class]]\nname = \"b\"\n"));
        let mut split = alone.clone();
        split.groups.classes.append(&mut classes.groups.classes);
        let (one, two) = (case(&CATALOG, &alone), case(&CATALOG, &split));
        for pair in one.pairs() {
            let (one, two) = (Curve::new(&one, pair).sums(), Curve::new(&two, pair).sums());
            prop_assert_eq!(one.is_some(), two.is_some(), "{:?}", pair);
            let (Some(one), Some(two)) = (one, two) else { continue };
            for (one, two) in [(one.monthly, two.monthly), (one.one_off, two.one_off)] {
                prop_assert!((one - two).abs() <= 1e-9 * one.abs(), "{:?} {one} {two}", pair);
            }
        }
    }

    #[test]
    fn hybrid_that_always_falls_back_is_rag_and_the_long_context(scenario in workloads(), cached in any::<bool>()) {
        let mut always = scenario;
        always.fallback_model = None;
        always.modes.fallback_cached = cached;
        always.groups.classes.clear();
        always.groups.corpora.clear();
        always.groups.calls.clear();
        always.groups.hosts.clear();
        for (param, value) in [(Param::DeclinedShare, 1.0), (Param::DeclinedTokens, always.numbers.value(Param::OutputTokens))] {
            always.put(param, value, Origin::Override);
        }
        let case = case(&CATALOG, &always);
        for model in &case.models {
            let cost = |strategy: &str| {
                let strategy = find(strategy).unwrap();
                Curve::new(&case, Pair { model: *model, strategy }).sums()
            };
            let caches = cached && !case.product(*model).caches.is_empty();
            let long = if caches { "cached_context" } else { "long_context" };
            let Some(hybrid) = cost("hybrid") else { continue };
            let (rag, long) = (cost("rag").unwrap(), cost(long).unwrap());
            let both = rag.monthly + long.monthly;
            prop_assert!((hybrid.monthly - both).abs() <= 1e-9 * both, "{} {both}", hybrid.monthly);
            prop_assert_eq!(hybrid.one_off, rag.one_off);
        }
    }

    #[test]
    fn no_cost_falls_as_a_quantity_rises(scenario in workloads(), hits in 0.0..1.0f64, factor in 1.0..3.0f64) {
        let mut smooth = scenario;
        smooth.models = ["acme/flat", "acme/cached"].map(|id| Named::from_flag(id, "test")).to_vec();
        smooth.fallback_model = None;
        smooth.modes.keep_warm = false;
        smooth.put(Param::HitShare, hits, Origin::Override);
        let case = case(&SMOOTH, &smooth);
        for pair in case.pairs() {
            let Some(before) = Curve::new(&case, pair).sums() else { continue };
            let rising = smooth.targets().into_iter().filter(|target| rises(target.param, pair.strategy.id()));
            for target in rising {
                let facts = target.param.facts();
                let Some(now) = smooth.number(target) else { continue };
                let more = (now * factor + f64::from(u8::from(facts.whole))).min(facts.bounds.1);
                let more = if facts.whole { more.floor() } else { more };
                let mut curve = Curve::new(&case, pair);
                curve.put(target, more);
                let Some(after) = curve.sums() else { continue };
                let path = smooth.path_of(target);
                for (before, after) in [(before.monthly, after.monthly), (before.one_off, after.one_off)] {
                    prop_assert!(after >= before * (1.0 - 1e-9), "{:?} {path} {now} {more}: {before} {after}", pair);
                }
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
