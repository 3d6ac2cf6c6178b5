//! Numbers that cannot be, or hardly: the right answer or a clear refusal, never a panic, an infinity or not-a-number.

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use ragonomics::analysis::break_even::break_even;
use ragonomics::analysis::compare::compare;
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::limits::limits;
use ragonomics::analysis::summary::summary;
use ragonomics::analysis::sweep::{Axis, sweep};
use ragonomics::analysis::{Case, Evaluation, Pair};
use ragonomics::answer::sentence;
use ragonomics::catalog::Catalog;
use ragonomics::report::{self, Sheet, document::Charts};
use ragonomics::scenario::parameter::PARAMETERS;
use ragonomics::scenario::{GroupKind, Origin, Param, Scenario, Target};
use ragonomics::usage::{Recurrence, STRATEGIES};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use support::*;

/// A model for everything, one with a window of 1, one of 8,192 tokens, one that comes out after the tests' day, an
/// embedding model, a store with a monthly minimum, a reranker and a box. Prices are 1 and 10 a million, a cache write
/// 2, a read 0.1.
const ACME: &str = r#"
[vendor]
id = "acme"
[[product]]
id = "large"
kind = "chat"
window = 1_000_000_000
modalities = ["text", "image", "audio"]
[product.image_tokens]
formula = "openai_tiles"
base = 85
per_tile = 170
[[product.cache]]
mode = "explicit"
ttl_minutes = 5
write = "cache_write"
[[product.cache]]
mode = "explicit"
ttl_minutes = 60
write = "cache_write"
rent = true
renews_on_hit = false
[[product.limit]]
tier = "one"
from = 2026-01-01
rpm = 10
tpm = 1000
source = "list"
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
cached_input_per_mtok = 0.1
cache_write_per_mtok = 2
cache_storage_per_mtok_hour = 1
output_per_mtok = 10
source = "list"
checked = 2026-11-01
[[product]]
id = "small"
kind = "chat"
window = 8192
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "list"
checked = 2026-11-01
[[product]]
id = "pinhole"
kind = "chat"
window = 1
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "list"
checked = 2026-11-01
[[product]]
id = "later"
kind = "chat"
window = 8192
released = 2027-01-01
[[product.price]]
from = 2027-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "list"
checked = 2026-11-01
[[product]]
id = "embed"
kind = "embedding"
dimensions = 100
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
source = "list"
checked = 2026-11-01
[[product]]
id = "store"
kind = "vector_store"
[product.store]
bills = ["storage_byte_hours", "read_units", "write_units", "queries", "bytes_returned"]
read_units_per_gb = 1
minimum_read_units = 0.25
[[product.price]]
from = 2026-01-01
storage_per_gb_month = 1
read_unit_per_m = 1
write_unit_per_m = 1
query_per_m = 1
returned_per_gb = 1
minimum_per_month = 50
source = "list"
checked = 2026-11-01
[[product]]
id = "rank"
kind = "rerank"
[product.rerank]
documents_per_unit = 100
split_tokens = 500
[[product.price]]
from = 2026-01-01
search_unit_per_k = 1
source = "list"
checked = 2026-11-01
[[product]]
id = "box"
kind = "gpu"
[[product.price]]
from = 2026-01-01
gpu_per_hour = 1
source = "list"
checked = 2026-11-01
"#;

const MODELS: [&str; 4] = ["acme/large", "acme/small", "acme/pinhole", "acme/later"];

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog_with(ACME));

/// The jobs that can be compared, each with its strategies.
const JOBS: [&str; 3] = [
    "\"long_context\", \"cached_context\", \"rag\", \"rag_rerank\", \"contextual_rag\", \"hybrid\", \"map_reduce\"",
    "\"conversation\"",
    "\"rewrite\"",
];

/// A scenario of a job over the models above, with keys of its own before and tables behind.
fn scenario_of(job: &str, set: &[(&str, &str)], tables: &str) -> Scenario {
    let text = format!(
        "as_of = 2026-11-22\n[compare]\nmodels = [\"acme/*\"]\nstrategies = [{job}]\n\
         [retrieval]\nembedding = \"acme/embed\"\nstore = \"acme/store\"\nreranker = \"acme/rank\"\n{tables}"
    );
    let mut scenario = scenario(&text);
    for (path, value) in set {
        scenario.set(path, value).unwrap_or_else(|fault| panic!("{path} = {value}: {fault}"));
    }
    scenario.consistency().unwrap_or_else(|(_, fault)| panic!("{fault}"));
    scenario
}

fn pairs(case: &Case<'_>) -> Vec<Pair> {
    let of = |model: &str| STRATEGIES.map(|strategy| pair(case, &format!("{model}:{}", strategy.id())));
    MODELS.iter().flat_map(|model| of(model)).collect()
}

/// Fails where a text that somebody reads holds a number that is none.
fn is_readable(what: &str, text: &str) {
    let words = text.split(|c: char| !c.is_alphanumeric());
    for word in words {
        let word = word.to_lowercase();
        assert!(word != "nan" && word != "inf" && word != "infinity", "{what}:\n{text}");
    }
}

fn sheet_is_readable(what: &str, sheet: &Sheet) {
    for text in [sheet.to_table(100, false), sheet.to_csv(), sheet.to_json(), sheet.to_markdown()] {
        is_readable(what, &text);
    }
}

fn amount(evaluation: &Evaluation, recurrence: Recurrence) -> Option<f64> {
    evaluation.bill.total(recurrence).amount().and_then(|amount| amount.to_f64())
}

fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1e-12)
}

/// Checks one design: its usage counts, its bill and its curve agree, and what refuses it says why.
fn design_holds(case: &Case<'_>, pair: Pair) {
    let name = case.pair_name(pair);
    let sums = Curve::new(case, pair).sums();
    if let Some(sums) = sums {
        assert!(sums.monthly.is_finite() && sums.one_off.is_finite(), "{name}: {sums:?}");
    }
    match case.evaluate(pair) {
        Err(failure) => {
            is_readable(&name, &failure.to_string());
            assert!(sums.is_none() || failure.refusal().is_none(), "{name}: {failure}, but {sums:?}");
        }
        Ok(evaluation) => {
            for line in &evaluation.usage.lines {
                assert!(line.count().is_finite() && line.count() > 0.0, "{name}: {line:?}");
                let sound = |quantity: f64| quantity.is_finite() && quantity >= 0.0;
                assert!(line.per_call.iter().all(|(_, quantity)| sound(*quantity)), "{name}: {line:?}");
            }
            assert!((0.0..=1.0).contains(&evaluation.shape.coverage), "{name}: {:?}", evaluation.shape);
            if let Some(remark) = evaluation.shape.remark {
                is_readable(&name, &remark.to_string());
            }
            let monthly = amount(&evaluation, Recurrence::Monthly);
            let one_off = amount(&evaluation, Recurrence::OneOff);
            match (monthly.zip(one_off), sums) {
                (Some((monthly, one_off)), Some(sums)) => {
                    assert!(is_close(monthly, sums.monthly), "{name}: {monthly} and {sums:?}");
                    assert!(is_close(one_off, sums.one_off), "{name}: {one_off} and {sums:?}");
                }
                (billed, sums) => assert!(billed.is_none() && sums.is_none(), "{name}: {billed:?}, {sums:?}"),
            }
            for sheet in [Recurrence::Monthly, Recurrence::OneOff] {
                sheet_is_readable(&name, &report::bill::lines(&evaluation.bill, case.catalog, sheet));
            }
        }
    }
    if let Ok(found) = limits(case, pair) {
        sheet_is_readable(&name, &report::limits::tiers(&found.products, case));
        is_readable(&name, &report::limits::summary(&found, case));
        is_readable(&name, &report::limits::to_json(&found, case));
    }
}

/// Checks all that is said about a case as a whole.
fn reports_hold(case: &Case<'_>) {
    let comparison = compare(case);
    for sheet in [
        report::compare::ranked(&comparison),
        report::compare::without_cost(&comparison),
        report::compare::full(&comparison),
    ] {
        sheet_is_readable("compare", &sheet);
    }
    is_readable("compare", &report::compare::to_json(&comparison, Some(sentence(&comparison))));
    let summary = summary(case);
    let charts = Charts { comparison: "a.svg".into(), break_even: "b.svg".into() };
    is_readable("report", &report::document::markdown(case, &summary, &charts));
    is_readable("chart", &report::chart::both(case, &summary));
}

/// Checks curves along a number over all that it may be, and the crossings of two designs there.
fn axis_holds(case: &Case<'_>, target: Target) {
    let (low, high) = target.param.facts().bounds;
    for (from, to, log) in [(low, high, false), (low.max(1e-3).min(high / 2.0), high, true)] {
        let Ok(axis) = Axis::new(target, from, to, log) else { continue };
        let pairs = pairs(case);
        let swept = sweep(case, &pairs, axis, 7, Metric::Total);
        let costs = swept.series.iter().flat_map(|series| series.costs.iter().flatten());
        assert!(costs.into_iter().all(|cost| cost.is_finite()), "{target:?}");
        sheet_is_readable("sweep", &report::sweep::long(&swept, case));
        let found = break_even(case, pairs[0], pairs[2], axis, Metric::Monthly);
        for crossing in &found.crossings {
            assert!(crossing.at.is_finite() && crossing.cost.is_none_or(f64::is_finite), "{crossing:?}");
        }
        is_readable("breakeven", &report::break_even::to_json(&found, &[], case));
        is_readable("breakeven", &report::break_even::note(&found, case));
        sheet_is_readable("breakeven", &report::break_even::regions(&found, case));
    }
}

/// A workload that cannot be, or hardly: keys, and tables behind them.
type Workload = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const HOST: &str = "[[host]]\nmodel = \"acme/large\"\ngpu = \"acme/box\"\ngpus = 8\ninput_tokens_per_second = 1000\noutput_tokens_per_second = 100\n";

const WORKLOADS: &[Workload] = &[
    ("as usual", &[], ""),
    ("more requests than anybody counts", &[("workload.requests_per_month", "1e15")], ""),
    ("no traffic", &[("workload.requests_per_month", "0")], ""),
    ("nobody", &[("workload.users", "0")], ""),
    ("nothing to read", &[("corpus.tokens", "0")], ""),
    (
        "a corpus in chunks of one token",
        &[("corpus.tokens", "1e15"), ("retrieval.chunk_tokens", "1"), ("retrieval.overlap_tokens", "0")],
        "",
    ),
    (
        "all overlap",
        &[
            ("corpus.tokens", "1e15"),
            ("retrieval.chunk_tokens", "1e9"),
            ("retrieval.overlap_tokens", "999999999"),
        ],
        "",
    ),
    ("documents of one token", &[("corpus.document_tokens", "1"), ("corpus.tokens", "1e15")], ""),
    ("no hit", &[("caching.hit_share", "0")], ""),
    ("nothing but hits", &[("caching.hit_share", "1")], ""),
    ("a cache that lives no time", &[("caching.ttl_minutes", "0")], ""),
    ("a cache with rent", &[("caching.ttl_minutes", "60")], ""),
    ("more tenants than people", &[("tenants.count", "1e15")], ""),
    ("skewed tenants", &[("tenants.count", "1e15"), ("tenants.zipf_exponent", "10")], ""),
    ("a corpus each", &[("tenants.count", "1e15"), ("corpus.tokens", "1e15")], ""),
    ("nobody falls back", &[("hybrid.declined_share", "0")], ""),
    ("all fall back", &[("hybrid.declined_share", "1")], ""),
    ("nothing but thought", &[("request.reasoning_tokens", "300")], ""),
    ("a peak", &[("workload.peak_factor", "1e6"), ("workload.active_hours_per_day", "0.1")], ""),
    ("answers as long as anything", &[("request.output_tokens", "1e15")], ""),
    ("questions as long as anything", &[("request.question_tokens", "1e15")], ""),
    (
        "empty requests",
        &[
            ("request.system_tokens", "0"),
            ("request.question_tokens", "0"),
            ("request.output_tokens", "0"),
            ("corpus.tokens", "0"),
        ],
        "",
    ),
    (
        "a whole library of images",
        &[("request.images", "1e6"), ("request.image_width", "1e6"), ("request.image_height", "1")],
        "",
    ),
    (
        "a talk of no words",
        &[("conversation.turns", "200"), ("request.question_tokens", "0"), ("request.output_tokens", "0")],
        "",
    ),
    ("a text of nothing", &[("rewrite.text_tokens", "0")], ""),
    ("a text of everything", &[("rewrite.text_tokens", "1e15"), ("rewrite.output_ratio", "0.01")], ""),
    (
        "nothing served as usual",
        &[("service.batch_share", "0.5"), ("service.flex_share", "0.3"), ("service.priority_share", "0.2")],
        "",
    ),
    ("all context", &[("long_context.context_tokens", "fill"), ("corpus.tokens", "1e15")], ""),
    ("no chunks", &[("retrieval.top_k", "0"), ("retrieval.candidates", "0")], ""),
    (
        "all chunks",
        &[
            ("retrieval.top_k", "1e6"),
            ("retrieval.candidates", "1e6"),
            ("retrieval.queries_per_request", "1000"),
        ],
        "",
    ),
    ("everything again each day", &[("corpus.changed_per_month", "100"), ("request.retries", "100")], ""),
    ("an idle box", &[("workload.requests_per_month", "0")], HOST),
    (
        "a box that does nothing for most of its time",
        &[("host.acme/large.utilisation", "0.001"), ("host.acme/large.output_tokens_per_second", "0.001")],
        HOST,
    ),
    (
        "a class of nobody",
        &[],
        "[[class]]\nname = \"all\"\n[[class]]\nname = \"none\"\nshare = 0\noutput_tokens = 900\n",
    ),
    ("one class", &[], "[[class]]\nname = \"all\"\nshare = 1\n"),
    (
        "a call that is made a million times",
        &[],
        "[[call]]\nname = \"guard\"\nshare = 1e6\ninput_tokens = 1e15\nfee = 1e15\n",
    ),
    ("money beyond counting", &[], "[[cost]]\nname = \"moon\"\nmonthly = 70000000000000000000000000000\n"),
];

#[test]
fn no_workload_breaks_a_design_or_a_report() {
    for (what, set, tables) in WORKLOADS {
        for job in JOBS {
            eprintln!("{what}, {job}");
            let scenario = scenario_of(job, set, tables);
            let case = case(&CATALOG, &scenario);
            if job == JOBS[0] {
                pairs(&case).into_iter().for_each(|pair| design_holds(&case, pair));
            }
            reports_hold(&case);
        }
    }
}

#[test]
fn no_number_breaks_a_curve_over_all_that_it_may_be() {
    let scenario = scenario_of(JOBS[0], &[], HOST);
    let case = case(&CATALOG, &scenario);
    for target in scenario.targets() {
        axis_holds(&case, target);
    }
}

#[test]
fn two_hundred_classes_are_the_sum_of_their_shares() {
    let classes: String =
        (0..200).map(|at| format!("[[class]]\nname = \"c{at}\"\nshare = 0.005\n")).collect();
    let (many, one) = (scenario_of(JOBS[0], &[], &classes), scenario_of(JOBS[0], &[], ""));
    let (many, one) = (case(&CATALOG, &many), case(&CATALOG, &one));
    for pair in pairs(&one) {
        design_holds(&many, pair);
        let cost = |case: &Case<'_>| Some(amount(&case.evaluate(pair).ok()?, Recurrence::Monthly));
        match (cost(&many), cost(&one)) {
            (Some(Some(many)), Some(Some(one))) => assert!(is_close(many, one), "{}", many - one),
            (many, one) => assert_eq!(many, one),
        }
    }
}

/// Cost of a month of a design on `acme/large`, and what is paid once; or why there is none.
fn answer(design: &str, set: &[(&str, &str)], tables: &str) -> Result<(Decimal, Decimal), String> {
    let scenario = scenario_of(JOBS[0], set, tables);
    let case = case(&CATALOG, &scenario);
    let evaluation = case.evaluate(pair(&case, design)).map_err(|failure| failure.to_string())?;
    let of = |recurrence| evaluation.bill.total(recurrence).amount().unwrap();
    Ok((of(Recurrence::Monthly), of(Recurrence::OneOff)))
}

#[test]
fn the_answer_at_an_end_is_the_one_worked_by_hand() {
    const PLAIN: [(&str, &str); 4] = [
        ("request.system_tokens", "0"),
        ("request.question_tokens", "0"),
        ("request.output_tokens", "0"),
        ("corpus.tokens", "1000"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&PLAIN[..], more].concat();
    let priced = |monthly: &str, once: &str| Ok((dec(monthly), dec(once)));
    // 1e15 requests of 1,000 tokens at 1 a million.
    let many = with(&[("workload.requests_per_month", "1e15")]);
    assert_eq!(answer("acme/large:long_context", &many, ""), priced("1000000000000", "0"));
    // Nobody asks: the store's minimum is all that is paid, and the index once: 1,000 tokens and one write unit.
    let idle = with(&[("workload.requests_per_month", "0"), ("retrieval.chunk_tokens", "1000")]);
    assert_eq!(answer("acme/large:long_context", &idle, ""), priced("0", "0"));
    assert_eq!(answer("acme/large:rag", &idle, "").unwrap().0, dec("50"));
    // All hits: 10,000 x 1,000 tokens at 0.1; none: at 2.
    let hits = |share| with(&[("workload.requests_per_month", "10000"), ("caching.hit_share", share)]);
    assert_eq!(answer("acme/large:cached_context", &hits("1"), ""), priced("1", "0"));
    assert_eq!(answer("acme/large:cached_context", &hits("0"), ""), priced("20", "0"));
    // Nothing to read and nothing to write is nothing to pay.
    let empty = with(&[("corpus.tokens", "0")]);
    assert_eq!(answer("acme/large:long_context", &empty, ""), priced("0", "0"));
    // No box is switched off: 730 hours of 8 GPUs at 1.
    assert_eq!(answer("acme/large:long_context", &many[..0], HOST).unwrap().0, dec("5840"));
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let refused = |design: &str, set: &[(&str, &str)], reason: &str| {
        let said = answer(design, set, "").unwrap_err();
        assert!(said.contains(reason), "{design}: {said}");
    };
    refused("acme/pinhole:long_context", &[], "over the 1 token window by");
    refused("acme/pinhole:map_reduce", &[], "over the 1 token window by");
    refused("acme/later:long_context", &[], "not released until 2027-01-01");
    refused("acme/large:cached_context", &[("caching.ttl_minutes", "0")], "no prompt cache of 0 minutes");
    refused("acme/large:rewrite", &[("request.system_tokens", "1e15")], "window");
    let too_much =
        [("workload.requests_per_month", "1e15"), ("corpus.tokens", "999000000"), ("request.retries", "100")];
    // 1e15 x 1e9 tokens at 1 a million are 1e18, which a decimal still holds.
    assert!(answer("acme/large:long_context", &too_much, "").is_ok());
}

/// Returns values of a number that are likely to break something: its ends, nothing, next to nothing, much.
fn extremes(param: Param) -> impl Strategy<Value = f64> {
    let facts = param.facts();
    let (low, high) = facts.bounds;
    let rounded = move |value: f64| if facts.whole { value.round().clamp(low, high) } else { value };
    let tiny = rounded((low + 1e-9).min(high));
    let spread = move |part: f64| rounded(low.max(1e-9).abs() * (high / low.max(1e-9)).abs().powf(part));
    prop_oneof![
        2 => Just(low),
        2 => Just(high),
        1 => Just(tiny),
        1 => Just(rounded(0.0_f64.clamp(low, high))),
        3 => (0.0..1.0f64).prop_map(move |part| spread(part).clamp(low, high)),
    ]
}

/// A handful of numbers with values that hardly anybody has.
fn strange_numbers() -> impl Strategy<Value = Vec<(Param, f64)>> {
    let whole: Vec<Param> =
        PARAMETERS.iter().map(|facts| facts.param).filter(|param| !param.is_grouped()).collect();
    let one = prop::sample::select(whole).prop_flat_map(|param| (Just(param), extremes(param)));
    prop::collection::vec(one, 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_mixture_of_strange_numbers_breaks_anything(numbers in strange_numbers(), fill in any::<bool>()) {
        let mut scenario = scenario_of(JOBS[0], &[], HOST);
        for (param, value) in &numbers {
            scenario.put(*param, *value, Origin::Override);
        }
        scenario.modes.fill_context |= fill;
        if scenario.consistency().is_ok() {
            let case = case(&CATALOG, &scenario);
            pairs(&case).into_iter().for_each(|pair| design_holds(&case, pair));
            reports_hold(&case);
            let host = Target { param: Param::HostUtilisation, group: Some((GroupKind::Host, 0)) };
            for target in [numbers[0].0.into(), host] {
                axis_holds(&case, target);
            }
        }
    }
}
