//! Models on hardware of one's own by hand.

mod support;

use ragonomics::analysis::curve::Curve;
use ragonomics::bill::Charge;
use ragonomics::catalog::Meter;
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use support::*;

/// An open model and an embedding model that cost something by the token, and a GPU at $2 an hour that was measured.
const TABLE: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "open-8b"
kind = "chat"
window = 100_000
open_weights = true
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01

[[product]]
id = "embedder"
kind = "embedding"
dimensions = 100
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
source = "contract"
checked = 2026-11-01

[[product]]
id = "card"
kind = "gpu"
[[product.throughput]]
model = "open-8b"
gpus = 1
input_tokens_per_second = 1000
output_tokens_per_second = 100
source = "measured"
[[product.throughput]]
model = "open-8b"
gpus = 4
input_tokens_per_second = 8000
output_tokens_per_second = 800
source = "measured"
[[product.price]]
from = 2026-01-01
gpu_per_hour = 2
source = "contract"
checked = 2026-11-01
"#;

/// 1,000 requests of 3,600 tokens in and 360 out: on one card 3,600 + 3,600 = 7,200 busy seconds.
const WORK: &str = "[workload]\nrequests_per_month = 1000\n[corpus]\ntokens = 3000\ndocument_tokens = 3000\n\
                    [request]\nsystem_tokens = 500\nquestion_tokens = 100\noutput_tokens = 360\n";

fn host(keys: &str) -> String {
    format!("[[host]]\nmodel = \"acme/open-8b\"\ngpu = \"acme/card\"\n{keys}\n")
}

/// What a month and what is done once cost, which a sweep has to find too.
fn costs(text: &str, strategy: &str) -> (Decimal, Decimal) {
    let (catalog, scenario) = (catalog_with(TABLE), scenario(text));
    let case = case(&catalog, &scenario);
    let pair = pair(&case, &format!("acme/open-8b:{strategy}"));
    let bill = case.evaluate(pair).unwrap_or_else(|failure| panic!("{failure}")).bill;
    let total = |recurrence| bill.total(recurrence).amount().unwrap();
    let (monthly, once) = (total(Recurrence::Monthly), total(Recurrence::OneOff));
    let swept = Curve::new(&case, pair).sums().unwrap();
    for (swept, exact) in [(swept.monthly, monthly), (swept.one_off, once)] {
        let exact = exact.to_f64().unwrap();
        assert!((swept - exact).abs() <= 1e-9 * exact.abs(), "{swept} {exact}");
    }
    (monthly, once)
}

fn monthly(keys: &str) -> Decimal {
    costs(&format!("{WORK}{}", host(keys)), "long_context").0
}

#[test]
fn boxes_that_run_all_month_come_whole() {
    // 2 busy hours at half its time: one box, 730 hours at $2.
    assert_eq!(monthly(""), dec("1460"));
    // A box serves 365 busy hours at half: 182,500 requests, and one more begins a second box.
    let cost = |requests: u32| {
        let text = format!("{WORK}{}", host("")).replace("= 1000\n", &format!("= {requests}\n"));
        costs(&text, "long_context").0
    };
    assert_eq!([cost(182_500), cost(182_501)], [dec("1460"), dec("2920")]);
    // Without requests there is no box; the least of them needs one.
    assert_eq!([cost(0), cost(1)], [dec("0"), dec("1460")]);
}

#[test]
fn boxes_by_the_hour_pay_whole_hours_of_use() {
    // 2 busy hours at half are 4; at 100 % 2; at 60 % 3.33, so 4.
    assert_eq!(monthly("always_on = false"), dec("8"));
    assert_eq!(monthly("always_on = false\nutilisation = 1"), dec("4"));
    assert_eq!(monthly("always_on = false\nutilisation = 0.6"), dec("8"));
}

#[test]
fn a_box_has_the_throughput_that_was_measured_on_as_many_cards() {
    // 4 cards: 1,000 x (3,600/8,000 + 360/800) = 900 seconds, a quarter of an hour, at half one half: 1 hour x 4.
    assert_eq!(monthly("gpus = 4\nalways_on = false"), dec("8"));
    // What the scenario says goes before: 3.6M / 2,000 + 360,000 / 200 = 3,600 seconds, 2 hours at half, of 4 cards.
    let own = "gpus = 4\nalways_on = false\ninput_tokens_per_second = 2000\noutput_tokens_per_second = 200";
    assert_eq!(monthly(own), dec("16"));
}

#[test]
fn tokens_of_a_hosted_model_cost_nothing_beside_its_hours() {
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&format!("{WORK}{}", host(""))));
    let case = case(&catalog, &scenario);
    let bill = case.evaluate(pair(&case, "acme/open-8b:long_context")).unwrap().bill;
    let charged: Vec<Meter> = bill
        .lines
        .iter()
        .filter_map(|line| if let Charge::Product(_, meter) = line.charge { Some(meter) } else { None })
        .collect();
    assert_eq!(charged, [Meter::GpuHours]);
    assert_eq!(bill.lines[0].step, "run the model");
}

#[test]
fn an_embedder_runs_once_for_the_index_and_monthly_for_questions() {
    // 36M tokens in documents of one chunk at 1,000 a second are 10 hours, 20 at half. Each question of 100 tokens is a
    // tenth of a second: 1,000 are 100 seconds, one hour.
    let text = "[workload]\nrequests_per_month = 1000\n[corpus]\ntokens = 36_000_000\ndocument_tokens = 500\n\
                [request]\nsystem_tokens = 0\nquestion_tokens = 100\noutput_tokens = 0\n\
                [retrieval]\ntop_k = 0\nchunk_tokens = 500\nembedding = \"acme/embedder\"\nstore = \"none\"\n\
                [[host]]\nmodel = \"acme/embedder\"\ngpu = \"acme/card\"\ninput_tokens_per_second = 1000\n";
    // 1,000 questions of 100 tokens at $1 a million for the model that answers.
    assert_eq!(costs(&format!("{text}always_on = false\n"), "rag"), (dec("2.1"), dec("40")));
    // A box that runs all month is there for the questions; what is done once is paid by the hour.
    assert_eq!(costs(text, "rag"), (dec("1460.1"), dec("40")));
}

#[test]
fn what_a_box_cannot_do_is_never_free() {
    // The box answers; the pages that a call wants read have no price on the model, so the total is unknown.
    let text = format!("{WORK}[[call]]\nname = \"file\"\nuses = {{ pages = 1 }}\n{}", host(""));
    let (catalog, scenario) = (catalog_with(TABLE), scenario(&text));
    let case = case(&catalog, &scenario);
    let design = pair(&case, "acme/open-8b:long_context");
    let bill = case.evaluate(design).unwrap().bill;
    let total = bill.total(Recurrence::Monthly);
    assert_eq!((total.amount(), total.known), (None, dec("1460")));
    let (line, why) = bill.first_unpriced(None).unwrap();
    assert_eq!((line.title().as_str(), why.to_string().as_str()), ("file", "no price known for pages"));
    assert_eq!(Curve::new(&case, design).sums(), None);
}

#[test]
fn retries_keep_boxes_busy() {
    // 1.5 attempts: 3 busy hours, 6 at half.
    let text = format!("{WORK}retries = 0.5\n{}", host("always_on = false"));
    assert_eq!(costs(&text, "long_context").0, dec("12"));
}

#[test]
fn utilisation_and_size_can_be_swept() {
    let (catalog, scenario) =
        (catalog_with(TABLE), scenario(&format!("{WORK}{}", host("always_on = false"))));
    let case = case(&catalog, &scenario);
    let mut curve = Curve::new(&case, pair(&case, "acme/open-8b:long_context"));
    let mut at = |key: &str, value: f64| {
        curve.put(scenario.find_target(&format!("host.acme/open-8b.{key}")).unwrap(), value);
        curve.sums().unwrap().monthly
    };
    assert_eq!(at("utilisation", 1.0), 4.0);
    assert_eq!(at("utilisation", 0.2), 20.0);
    assert_eq!(at("gpus", 2.0), 40.0);
    // 3,600 / 2 + 3,600 seconds at 20 %: 7.5 hours, so 8.
    assert_eq!(at("input_tokens_per_second", 2000.0), 32.0);
}
