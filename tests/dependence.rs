//! What a strategy says that its cost depends on is what moves it, and nothing else does.

mod support;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ragonomics::analysis::curve::Curve;
use ragonomics::analysis::{Case, depends_on};
use ragonomics::catalog::Catalog;
use ragonomics::scenario::parameter::{PARAMETERS, Parameter};
use ragonomics::scenario::{Origin, Param, Scenario, Target};
use ragonomics::usage::Strategy;
use ragonomics::usage::strategy::STRATEGIES;
use support::*;

/// A model that takes everything and caches in two ways, at prices by size, service and hour.
const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "all"
kind = "chat"
window = 100_000
max_output = 8000
modalities = ["text", "image", "audio"]
[product.image_tokens]
formula = "openai_tiles"
base = 85
per_tile = 170
[[product.cache]]
mode = "automatic"
ttl_minutes = 5
minimum_tokens = 64
[[product.cache]]
mode = "explicit"
ttl_minutes = 60
write = "cache_write_1h"
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
cached_input_per_mtok = 0.1
cache_write_1h_per_mtok = 2
output_per_mtok = 10
reasoning_per_mtok = 4
input_audio_per_mtok = 5
output_audio_per_mtok = 20
source = "contract"
checked = 2026-11-01
[[product.price.when]]
hours_utc = "01:00-04:00"
days = "mon-fri"
input_per_mtok = 2
[[product.price.when]]
service = "batch"
input_per_mtok = 0.5
cached_input_per_mtok = 0.05
cache_write_1h_per_mtok = 1
output_per_mtok = 5
reasoning_per_mtok = 2
input_audio_per_mtok = 2.5
output_audio_per_mtok = 10
[[product.price.when]]
service = "flex"
input_per_mtok = 0.6
cached_input_per_mtok = 0.06
cache_write_1h_per_mtok = 1.2
output_per_mtok = 6
reasoning_per_mtok = 3
input_audio_per_mtok = 3
output_audio_per_mtok = 12
[[product.price.when]]
service = "priority"
input_per_mtok = 3
cached_input_per_mtok = 0.3
cache_write_1h_per_mtok = 6
output_per_mtok = 30
reasoning_per_mtok = 12
input_audio_per_mtok = 15
output_audio_per_mtok = 60

[[product]]
id = "hosted"
kind = "chat"
window = 100_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01

[[product]]
id = "card"
kind = "gpu"
[[product.price]]
from = 2026-01-01
gpu_per_hour = 2
source = "contract"
checked = 2026-11-01

[[product]]
id = "store"
kind = "vector_store"
[product.store]
bills = ["queries", "read_units", "storage_byte_hours", "bytes_written", "bytes_queried", "bytes_returned"]
bytes_per_dimension = 4
fetched_per_read_unit = 10
[[product.price]]
from = 2026-01-01
query_per_m = 1000
read_unit_per_m = 1000
storage_per_gb_month = 1
written_per_gb = 1
queried_per_tb = 1
returned_per_gb = 1
source = "contract"
checked = 2026-11-01
"#;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| catalog_with(TABLE));

/// A workload in which most numbers matter.
const RICH: &str = r#"
[workload]
active_from_hour = 0
active_hours_per_day = 6
days_per_week = 6
utc_offset_hours = -2
[request]
system_tokens = 500
question_tokens = 100
output_tokens = 400
reasoning_tokens = 200
audio_tokens = 100
output_audio_tokens = 50
images = 2
pages = 3
[corpus]
tokens = 20_000
document_tokens = 3000
changed_per_month = 0.1
[tenants]
count = 3
prompt = "own"
[retrieval]
store = "acme/store"
[hybrid]
declined_share = 0.3
declined_output_tokens = 300
[rewrite]
text_tokens = 30_000
[conversation]
turns = 4
"#;

/// What is different in each workload, so that every number matters in one of them.
const WORKLOADS: &[&str] = &[
    "",
    "caching.system_prompt = always\ncaching.ttl_minutes = 60\nworkload.users = 1000",
    "conversation.context = retrieved",
    "caching.keep_warm = true\ncaching.ttl_minutes = 60\ncaching.changes_per_month = 4",
    "conversation.history = window\nconversation.window_turns = 2",
    "conversation.history = summary\nconversation.turn_gap_minutes = 10",
    "workload.users = 100\nworkload.sessions_per_user = 4\ncaching.system_prompt = never",
    // The corpus does not fit, and is the text to rewrite.
    "corpus.tokens = 400000\nlong_context.context_tokens = 50000\nrewrite.text_tokens = none",
];

/// Repeated tables with all their numbers.
const TABLES: &str = r#"
[[class]]
name = "a"
share = 0.4
question_tokens = 200
output_tokens = 300
[[class]]
name = "b"
share = 0.6
[[call]]
name = "guard"
product = "acme/hosted"
share = 0.9
input_tokens = 100
output_tokens = 10
fee = 0.01
[[host]]
model = "acme/hosted"
gpu = "acme/card"
always_on = false
gpus = 2
utilisation = 0.4
input_tokens_per_second = 1000
output_tokens_per_second = 100
[[quality]]
accuracy = 0.9
"#;

/// Reads the rich workload with some numbers changed and repeated tables added.
fn workload_of(changes: &str, tables: &str) -> Scenario {
    let mut scenario = scenario(&format!("{RICH}{tables}"));
    for line in changes.lines() {
        let (path, value) = line.split_once(" = ").unwrap();
        if value == "none" {
            scenario.numbers.reset(scenario.find_target(path).unwrap().param);
        } else {
            scenario.set(path, value).unwrap();
        }
    }
    scenario
}

/// Values to try beside the one that holds.
fn values(facts: &Parameter, now: Option<f64>) -> Vec<f64> {
    let near = now.unwrap_or(facts.range.0);
    let tried = [facts.range.0, facts.range.1, near * 2.0, near / 2.0, near + 1.0, 0.25, 60.0];
    let whole = |value: f64| if facts.whole { value.round() } else { value };
    tried.map(whole).into_iter().filter(|value| facts.check(*value, "").is_ok()).collect()
}

/// Returns whether a number changes what a month or the beginning costs.
fn moves(case: &Case<'_>, strategy: &'static dyn Strategy, target: Target) -> bool {
    let pair = pair(case, &format!("acme/all:{}", strategy.id()));
    let Some(before) = Curve::new(case, pair).sums() else { return false };
    let now = case.scenario.number(target);
    values(target.param.facts(), now).into_iter().any(|value| {
        let mut curve = Curve::new(case, pair);
        curve.put(target, value);
        let differs = |a: f64, b: f64| (a - b).abs() > 1e-9 * a.abs().max(b.abs());
        curve.sums().is_some_and(|after| {
            differs(after.monthly, before.monthly) || differs(after.one_off, before.one_off)
        })
    })
}

#[test]
fn what_moves_a_cost_is_listed_and_what_is_listed_moves_it() {
    let mut found: BTreeSet<(&str, Param)> = BTreeSet::new();
    for (workload, tables) in WORKLOADS.iter().map(|more| (more, "")).chain([(&"", TABLES)]) {
        let scenario = workload_of(workload, tables);
        let case = case(&CATALOG, &scenario);
        for strategy in STRATEGIES {
            let moving = scenario.targets().into_iter().filter(|target| moves(&case, strategy, *target));
            found.extend(moving.map(|target| (strategy.id(), target.param)));
        }
    }
    let mut wrong = Vec::new();
    for strategy in STRATEGIES {
        for facts in PARAMETERS {
            let (listed, moves) =
                (depends_on(strategy, facts.param), found.contains(&(strategy.id(), facts.param)));
            if listed != moves {
                let what = if moves { "moves it and is not listed" } else { "is listed and moves nothing" };
                wrong.push(format!("{}: {} {what}", strategy.id(), facts.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_number_within_its_bounds_makes_a_cost_that_is_none() {
    for (workload, tables) in WORKLOADS.iter().map(|more| (more, "")).chain([(&"", TABLES)]) {
        let scenario = workload_of(workload, tables);
        for target in scenario.targets() {
            let facts = target.param.facts();
            for value in [facts.bounds.0, facts.bounds.1, facts.bounds.0 + 1.0] {
                if facts.check(value, "").is_err() {
                    continue;
                }
                let mut extreme = scenario.clone();
                extreme.put(target, value, Origin::Override);
                if extreme.consistency().is_err() {
                    continue;
                }
                let case = case(&CATALOG, &extreme);
                for strategy in STRATEGIES {
                    let pair = pair(&case, &format!("acme/all:{}", strategy.id()));
                    let path = || format!("{} {} {value}", strategy.id(), scenario.path_of(target));
                    let swept = Curve::new(&case, pair).sums();
                    if let Some(sums) = swept {
                        assert!(sums.monthly.is_finite() && sums.one_off.is_finite(), "{}", path());
                    }
                    let Ok(found) = case.evaluate(pair) else { continue };
                    let quantities = found.usage.lines.iter().flat_map(|line| &line.per_call);
                    for (meter, quantity) in quantities {
                        assert!(quantity.is_finite() && *quantity >= 0.0, "{} {meter:?}", path());
                    }
                    assert!(swept.is_some(), "{} has a bill and no cost in a sweep", path());
                }
            }
        }
    }
}
