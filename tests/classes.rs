//! Classes of requests, corpora and tenants by hand.

mod support;

use ragonomics::analysis::curve::Curve;
use ragonomics::catalog::Meter;
use ragonomics::scenario::Scenario;
use ragonomics::usage::{Recurrence, Step, Usage};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use support::*;

/// `tiered` costs one a million in, and two for all of a prompt above 1,000 tokens; `caches` finds prefixes of 1,000.
const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "tiered"
kind = "chat"
window = 100_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01
[[product.price.when]]
above_input_tokens = 1000
input_per_mtok = 2

[[product]]
id = "caches"
kind = "chat"
window = 100_000
[[product.cache]]
mode = "automatic"
ttl_minutes = 5
minimum_tokens = 1000
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
cached_input_per_mtok = 0.1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01

[[product]]
id = "by-the-hour"
kind = "vector_store"
[product.store]
bills = ["instance_hours", "queries", "storage_byte_hours", "write_units"]
bytes_per_write_unit = 1000
[[product.price]]
from = 2026-01-01
instance_per_hour = 1
query_per_m = 1000
storage_per_gb_month = 1
write_unit_per_m = 1000
source = "contract"
checked = 2026-11-01
"#;

fn with(scenario: &Scenario, design: &str) -> (Usage, Decimal, f64) {
    let catalog = catalog_with(TABLE);
    let case = case(&catalog, scenario);
    let pair = pair(&case, &format!("acme/{design}"));
    let found = case.evaluate(pair).unwrap_or_else(|failure| panic!("{failure}"));
    let swept = Curve::new(&case, pair).sums().unwrap().monthly;
    (found.usage, found.bill.total(Recurrence::Monthly).amount().unwrap(), swept)
}

fn monthly(text: &str, design: &str) -> Decimal {
    let (_, exact, swept) = with(&scenario(text), design);
    let float = exact.to_f64().unwrap();
    assert!((swept - float).abs() <= 1e-9 * float.abs(), "{swept} {exact}");
    exact
}

/// A million requests without system prompt, corpus or answer.
const BARE: &str = "[workload]\nrequests_per_month = 1_000_000\n[request]\nsystem_tokens = 0\noutput_tokens = 0\n\
                    [corpus]\ntokens = 0\n";

fn class(name: &str, keys: &str) -> String {
    format!("[[class]]\nname = \"{name}\"\n{keys}\n")
}

#[test]
fn a_mean_cannot_choose_a_tier() {
    let classes = |short: u32, long: u32| {
        format!(
            "{BARE}{}{}",
            class("short", &format!("share = 0.5\nquestion_tokens = {short}")),
            class("long", &format!("share = 0.5\nquestion_tokens = {long}"))
        )
    };
    // Half of 1M requests has 400 tokens at 1, half 1,200 at 2: 200 + 1,200.
    assert_eq!(monthly(&classes(400, 1200), "tiered:long_context"), dec("1400"));
    // The mean, 800 tokens, is below the tier: 1M x 800 at 1.
    let mean = BARE.replace("output_tokens", "question_tokens = 800\noutput_tokens");
    assert_eq!(monthly(&mean, "tiered:long_context"), dec("800"));
    // Two equal classes are one.
    assert_eq!(monthly(&classes(800, 800), "tiered:long_context"), dec("800"));
    // At the tier, and one above it: 500 + 500, 500 + 1,001 x 2 / 2 = 1,001.
    assert_eq!(monthly(&classes(1000, 1000), "tiered:long_context"), dec("1000"));
    assert_eq!(monthly(&classes(1000, 1001), "tiered:long_context"), dec("1501"));
}

#[test]
fn a_class_without_a_share_takes_what_the_others_leave() {
    let text = format!(
        "{BARE}{}{}{}",
        class("a", "share = \"20%\"\nquestion_tokens = 100"),
        class("b", "share = \"30%\"\nquestion_tokens = 200"),
        class("c", "question_tokens = 400"),
    );
    // 0.2 x 100 + 0.3 x 200 + 0.5 x 400 = 280.
    assert_eq!(monthly(&text, "tiered:long_context"), dec("280"));
    let refused = text.replace("\"30%\"", "\"90%\"");
    let faults = ragonomics::scenario::load::scenario("s.toml", &refused, std::path::Path::new("."));
    assert!(faults.unwrap_err().to_string().contains("come to 110%"));
}

#[test]
fn a_class_has_answers_and_service_of_its_own() {
    let text = format!(
        "{BARE}{}{}",
        class("short", "share = 0.75\nquestion_tokens = 100\noutput_tokens = 10"),
        class("long", "question_tokens = 500\noutput_tokens = 100\nretries = 1"),
    );
    // 75M x 1 + 7.5M x 10, and every fourth twice: 2 x (125M x 1 + 25M x 10).
    assert_eq!(monthly(&text, "tiered:long_context"), dec("900"));
}

#[test]
fn the_class_that_cannot_be_served_is_told() {
    let text = format!(
        "{BARE}{}{}",
        class("short", "share = 0.5\nquestion_tokens = 400"),
        class("huge", "share = 0.5\nquestion_tokens = 100_001")
    );
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let failure = case.evaluate(pair(&case, "acme/tiered:long_context")).unwrap_err();
    assert_eq!(failure.to_string(), "class 2: over the 100,000 token window by 1");
}

/// Two corpora of 10 and 20 chunks of 100 tokens without embedding; half of 1,000 requests draws on each.
fn corpora(more: &str) -> String {
    format!(
        "[workload]\nrequests_per_month = 1000\n[request]\nsystem_tokens = 0\nquestion_tokens = 100\noutput_tokens = 0\n\
         [retrieval]\nchunk_tokens = 100\noverlap_tokens = 0\ntop_k = 3\nmetadata_bytes = 856\n\
         embedding = \"openai/text-embedding-3-small\"\nstore = \"acme/by-the-hour\"\n{more}\n\
         [[corpus]]\nname = \"manuals\"\ntokens = 1000\ndocument_tokens = 1000\n\
         [[corpus]]\nname = \"tickets\"\ntokens = 2000\ndocument_tokens = 2000\n\
         [[class]]\nname = \"how\"\nshare = 0.5\ncorpus = \"manuals\"\n\
         [[class]]\nname = \"what\"\nshare = 0.25\ncorpus = \"tickets\"\n\
         [[class]]\nname = \"why\"\nshare = 0.25\ncorpus = \"tickets\"\n"
    )
}

fn once(usage: &Usage, step: Step, meter: Meter) -> f64 {
    let lines = usage.lines.iter().filter(|line| line.step == step);
    let of = |part: &&(Meter, f64)| part.0 == meter;
    lines.map(|line| line.count() * line.per_call.iter().filter(of).map(|part| part.1).sum::<f64>()).sum()
}

#[test]
fn each_corpus_is_indexed_once_and_one_instance_holds_all() {
    let (usage, ..) = with(&scenario(&corpora("")), "tiered:rag");
    assert_eq!(once(&usage, Step::EmbedCorpus, Meter::Input), 3000.0);
    // 30 records of 4 x 1,536 + 856 = 7,000 bytes: 210 write units of 1,000 bytes.
    assert_eq!(once(&usage, Step::WriteIndex, Meter::WriteUnits), 210.0);
    assert_eq!(once(&usage, Step::StoreIndex, Meter::InstanceHours), 730.0);
    assert_eq!(once(&usage, Step::Search, Meter::Queries), 1000.0);
    // What is stuffed is the class's own corpus: 500 x 1,100 at 2 and 500 x 2,100 at 2 a million.
    assert_eq!(monthly(&corpora(""), "tiered:long_context"), dec("3.2"));
}

#[test]
fn tenants_have_a_corpus_each_or_share_one() {
    let (own, ..) = with(&scenario(&corpora("[tenants]\ncount = 7\n")), "tiered:rag");
    let (shared, ..) = with(&scenario(&corpora("[tenants]\ncount = 7\ncorpus = \"shared\"\n")), "tiered:rag");
    let (one, ..) = with(&scenario(&corpora("")), "tiered:rag");
    assert_eq!(once(&own, Step::EmbedCorpus, Meter::Input), 21_000.0);
    assert_eq!(once(&own, Step::WriteIndex, Meter::WriteUnits), 1470.0);
    assert_eq!(once(&own, Step::StoreIndex, Meter::InstanceHours), 730.0);
    assert_eq!(shared, one);
}

#[test]
fn tenants_with_a_prompt_of_their_own_find_it_less_often() {
    // 8,760 a month are 12 an hour, one in 5 minutes: 1 - e^-1 = 0.632121 find S; of 4 tenants each 1 - e^-1/4 = 0.221199.
    let hits = |tenants: &str| {
        let text = format!(
            "[workload]\nrequests_per_month = 8760\n[request]\nsystem_tokens = 1000\n[corpus]\ntokens = 500\n\
             [retrieval]\nembedding = \"none\"\nstore = \"none\"\n{tenants}"
        );
        let (usage, ..) = with(&scenario(&text), "caches:rag");
        usage.lines.iter().find(|line| line.step == Step::AnswerHit).map(|line| line.share).unwrap()
    };
    assert!((hits("") - 0.632_121).abs() < 1e-6);
    // Tenants share the prompt unless it is said to be their own.
    assert!((hits("[tenants]\ncount = 4\n") - 0.632_121).abs() < 1e-6);
    assert!((hits("[tenants]\ncount = 4\nprompt = \"own\"\n") - 0.221_199).abs() < 1e-6);
}

#[test]
fn classes_with_one_system_prompt_keep_it_warm_for_each_other() {
    let text = format!(
        "[workload]\nrequests_per_month = 8760\n[request]\nsystem_tokens = 1000\n[corpus]\ntokens = 500\n\
         [retrieval]\nembedding = \"none\"\nstore = \"none\"\n{}{}",
        class("a", "share = 0.5\nquestion_tokens = 10"),
        class("b", "share = 0.5\nquestion_tokens = 20"),
    );
    let (usage, ..) = with(&scenario(&text), "caches:rag");
    let hits: Vec<f64> =
        usage.lines.iter().filter(|line| line.step == Step::AnswerHit).map(|line| line.share).collect();
    assert_eq!(hits.len(), 2);
    assert!(hits.iter().all(|share| (share - 0.632_121).abs() < 1e-6), "{hits:?}");
}

#[test]
fn a_swept_share_leaves_the_others_their_proportions() {
    let text = format!(
        "{BARE}{}{}{}",
        class("a", "share = 0.2\nquestion_tokens = 100"),
        class("b", "share = 0.2\nquestion_tokens = 200"),
        class("c", "share = 0.6\nquestion_tokens = 400"),
    );
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let mut curve = Curve::new(&case, pair(&case, "acme/tiered:long_context"));
    curve.put(scenario.find_target("class.a.share").unwrap(), 0.6);
    // 0.6 x 100 + 0.1 x 200 + 0.3 x 400 = 200.
    assert!((curve.sums().unwrap().monthly - 200.0).abs() < 1e-9);
}

#[test]
fn of_two_model_tables_the_later_holds_and_a_class_goes_before_both() {
    let text = format!(
        "{BARE}[[model]]\nname = \"acme/*\"\noutput_tokens = 100\n[[model]]\nname = \"acme/tiered\"\noutput_tokens = 10\n\
         {}{}",
        class("a", "share = 0.5\nquestion_tokens = 0"),
        class("b", "share = 0.5\nquestion_tokens = 0\noutput_tokens = 1"),
    );
    // 0.5M x 10 and 0.5M x 1 at 10 a million.
    assert_eq!(monthly(&text, "tiered:long_context"), dec("55"));
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    for (path, expected) in [("model.acme/*.output_tokens", 55.0), ("model.acme/tiered.output_tokens", 255.0)]
    {
        let mut curve = Curve::new(&case, pair(&case, "acme/tiered:long_context"));
        curve.put(scenario.find_target(path).unwrap(), 50.0);
        assert!((curve.sums().unwrap().monthly - expected).abs() < 1e-9, "{path}");
    }
}

#[test]
fn a_bill_that_one_class_prevents_names_the_class() {
    let text = format!(
        "{}{}",
        class("short", "question_tokens = 10"),
        class("whole books", "share = 0.5\nquestion_tokens = 5_000_000"),
    );
    let asked = ["bill", "-", "--model", "gpt-6-luna", "--strategy", "rag"];
    for more in [&[][..], &["--explain"]] {
        let said = program().args(asked).args(more).write_stdin(text.clone()).output().unwrap();
        let message = String::from_utf8(said.stderr).unwrap();
        assert!(message.contains("class whole books: over the "), "{message}");
        assert_eq!(said.status.code(), Some(2));
    }
}
