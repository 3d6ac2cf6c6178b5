//! A curve on which a number was put costs what a new scenario with that number costs, and what its bill says: nothing
//! that a sweep keeps from one evaluation to the next may outlive a change that touches it.

mod support;

use ragonomics::analysis::Case;
use ragonomics::analysis::curve::Curve;
use ragonomics::bill::rating::Sum;
use ragonomics::catalog::Catalog;
use ragonomics::scenario::{Origin, Scenario, Target};
use ragonomics::usage::{Recurrence, STRATEGIES};
use rust_decimal::prelude::ToPrimitive;
use support::*;

/// Everything that a scenario can repeat: classes, corpora, calls with a fee, numbers of a model, own hardware, own costs.
const EVERYTHING: &str = r#"
[workload]
users = 300
sessions_per_user = 4
active_from_hour = 9
active_hours_per_day = 10
[service]
batch_share = 0.2
flex_share = 0.1
[tenants]
count = 3
[[corpus]]
name = "handbook"
tokens = 60_000
document_tokens = 5000
changed_per_month = "10%"
[[corpus]]
name = "tickets"
tokens = 90_000
[[class]]
name = "short"
share = 0.7
[[class]]
name = "long"
corpus = "tickets"
output_tokens = 900
reasoning_tokens = 100
[[call]]
name = "guard"
input_tokens = 200
output_tokens = 5
fee = 0.001
share = 0.5
[[call]]
name = "search"
input_tokens = 0
fee = 0
[call.uses]
web_searches = 1
[[call]]
name = "twice"
input_tokens = 300
output_tokens = 0
[call.uses]
requests = 2
[[model]]
name = "acme/*"
retries = 0.1
[[host]]
model = "acme/embed"
gpu = "acme/box"
input_tokens_per_second = 9000
output_tokens_per_second = 900
gpus = 2
utilisation = 0.4
[[cost]]
name = "people"
monthly = 100
one_off = 7
per_request = 0.0001
[retrieval]
embedding = "acme/embed"
store = "acme/store"
reranker = "cohere/rerank-v3.5"
"#;

/// A vendor with tiers, hours, a class of its own, a store with a minimum and an allowance, and a box by the hour.
const ACME: &str = r#"
[vendor]
id = "acme"
[[product]]
id = "tiered"
kind = "chat"
window = 1_000_000
[[product.cache]]
mode = "explicit"
ttl_minutes = 5
minimum_tokens = 1024
write = "cache_write"
[[product.price]]
from = 2026-01-01
input_per_mtok = 2
cached_input_per_mtok = 0.2
cache_write_per_mtok = 2.5
output_per_mtok = 10
web_search_per_k = 5
source = "list"
checked = 2026-11-01
[[product.price.when]]
above_input_tokens = 100_000
input_per_mtok = 4
cached_input_per_mtok = 0.4
cache_write_per_mtok = 5
output_per_mtok = 15
[[product.price.when]]
service = "batch"
factor = 0.5
[[product.price.when]]
hours_utc = "08:00-12:00"
output_per_mtok = 20
[[product]]
id = "embed"
kind = "embedding"
dimensions = 512
max_input = 8192
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.1
source = "list"
checked = 2026-11-01
[[product]]
id = "store"
kind = "vector_store"
[product.store]
bills = ["storage_byte_hours", "read_units", "write_units"]
read_units_per_gb = 1
minimum_read_units = 0.25
[[product.price]]
from = 2026-01-01
storage_per_gb_month = 0.33
read_unit_per_m = 16
write_unit_per_m = 4
minimum_per_month = 50
source = "list"
checked = 2026-11-01
[[product]]
id = "box"
kind = "gpu"
[[product.price]]
from = 2026-01-01
gpu_per_hour = 2
source = "list"
checked = 2026-11-01
"#;

const AGREEMENT: &str = "[[discount]]\nvendor = \"acme\"\npercent = 10\nsource = \"contract\"\n\
                         [[allowance]]\nproduct = \"acme/tiered\"\noutput_tokens = 1_000_000\nsource = \"contract\"\n";

fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

fn agree(one: Option<Sum>, other: Option<Sum>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            is_close(one.monthly, other.monthly) && is_close(one.one_off, other.one_off)
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// Returns what the exact bills say; `None` where a design does not run or misses a price.
fn billed(case: &Case<'_>, curve: &Curve<'_>) -> Option<Sum> {
    let bill = case.evaluate(curve.pair).ok()?.bill;
    let of = |recurrence| bill.total(recurrence).amount().and_then(|amount| amount.to_f64());
    Some(Sum { monthly: of(Recurrence::Monthly)?, one_off: of(Recurrence::OneOff)?, incomplete: false })
}

/// Puts value after value on every number, in curves and in a scenario of its own, and compares the two.
fn holds_for_every_number(catalog: &Catalog, text: &str, model: &str) {
    let start = scenario(text);
    let opened = case(catalog, &start);
    let pairs = STRATEGIES.map(|strategy| pair(&opened, &format!("{model}:{}", strategy.id())));
    let mut curves = pairs.map(|pair| Curve::new(&opened, pair));
    let mut moved: Scenario = start.clone();
    let (mut compared, mut priced) = (0, 0);
    for target in start.targets() {
        let own = start.number(target);
        let tried = [0.3, 0.0, 1.0].map(|position| value_at(target, position));
        for value in tried.into_iter().chain(own) {
            let mut next = moved.clone();
            next.put(target, value, Origin::Override);
            if next.consistency().is_err() {
                continue;
            }
            moved = next;
            let fresh = case(catalog, &moved);
            for curve in &mut curves {
                curve.put(target, value);
                let (kept, new, bill) =
                    (curve.sums(), Curve::new(&fresh, curve.pair).sums(), billed(&fresh, curve));
                let place = format!("{} at {} = {value}", curve.pair.strategy.id(), start.path_of(target));
                assert!(agree(kept, new), "{place}: {kept:?}, anew {new:?}");
                assert!(agree(kept, bill), "{place}: {kept:?}, billed {bill:?}");
                compared += 1;
                priced += u32::from(kept.is_some());
            }
        }
    }
    assert!(compared > 1000 && priced > compared / 3, "{priced} of {compared} have a cost");
}

/// Returns a value of a number's usual range, whole where it has to be.
fn value_at(target: Target, position: f64) -> f64 {
    let facts = target.param.facts();
    let value = facts.range.0 + (facts.range.1 - facts.range.0) * position;
    if facts.whole { value.round() } else { value }
}

#[test]
fn what_a_curve_keeps_is_what_a_new_one_finds() {
    let catalog = catalog_with(ACME);
    holds_for_every_number(&catalog, EVERYTHING, "acme/tiered");
    holds_for_every_number(&catalog, "name = \"plain\"\n", "google/gemini-2.5-pro");
}

#[test]
fn so_it_is_where_a_customer_has_agreements() {
    let catalog = catalog_with(&format!("{ACME}{AGREEMENT}"));
    holds_for_every_number(&catalog, EVERYTHING, "acme/tiered");
}
