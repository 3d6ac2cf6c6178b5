//! `map_reduce` by hand, on a model of 1,000 tokens at one and ten a million.

mod support;

use ragonomics::analysis::compare::{Row, compare};
use ragonomics::usage::{Recurrence, Step, Usage, UsageLine};
use support::*;

/// A window of 1,000 tokens, and models that differ in one limit.
const ACME: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "small"
kind = "chat"
window = 1000

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01

[[product]]
id = "terse"
kind = "chat"
window = 1000
max_output = 199

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01

[[product]]
id = "unknown-window"
kind = "chat"

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01
"#;

/// One request with 50 tokens each of system prompt and question, 100 of output, 200 of map output.
fn workload(model: &str, corpus: u32, more: &[(&str, &str)]) -> (Row, Option<Usage>) {
    let mut scenario = scenario(&format!(
        "[compare]\nmodels = [\"acme/{model}\"]\nstrategies = [\"map_reduce\"]\n[workload]\nrequests_per_month = 1\n\
         [request]\nsystem_tokens = 50\nquestion_tokens = 50\noutput_tokens = 100\n[corpus]\ntokens = {corpus}\n\
         [map_reduce]\nmap_output_tokens = 200\n"
    ));
    for (path, value) in more {
        scenario.set(path, value).unwrap();
    }
    let catalog = catalog_with(ACME);
    let case = case(&catalog, &scenario);
    let row = compare(&case).rows.remove(0);
    let usage = case.evaluate(pair(&case, &format!("acme/{model}:map_reduce"))).ok();
    (row, usage.map(|found| found.usage))
}

/// The calls of a request: step, how many, tokens in and out of each.
fn calls(corpus: u32, more: &[(&str, &str)]) -> Vec<(Step, f64, f64, f64)> {
    let usage = workload("small", corpus, more).1.unwrap();
    let told = |line: &UsageLine| (line.step, line.count(), line.input_tokens(), line.output_tokens());
    usage.lines.iter().map(told).collect()
}

fn refusal(model: &str, corpus: u32, more: &[(&str, &str)]) -> String {
    let row = workload(model, corpus, more).0;
    assert_eq!((row.monthly, row.fits), (None, Some(false)));
    row.reason.unwrap().to_string()
}

#[test]
fn a_corpus_that_fits_one_call_is_one_call() {
    // 1,000 - 100 of output - 100 = 800 tokens.
    assert_eq!(calls(799, &[]), [(Step::Answer, 1.0, 899.0, 100.0)]);
    assert_eq!(calls(800, &[]), [(Step::Answer, 1.0, 900.0, 100.0)]);
    // One more: parts of 1,000 - 200 - 100 = 700, then 2 outputs of 200 beside the 100.
    let parts = [
        (Step::Map, 1.0, 800.0, 200.0),
        (Step::MapRest, 1.0, 201.0, 200.0),
        (Step::Reduce, 1.0, 500.0, 100.0),
    ];
    assert_eq!(calls(801, &[]), parts);
}

#[test]
fn the_last_part_is_smaller_unless_the_parts_come_out_even() {
    let maps =
        |corpus| calls(corpus, &[]).into_iter().filter(|call| call.0 != Step::Reduce).collect::<Vec<_>>();
    assert_eq!(maps(1399), [(Step::Map, 1.0, 800.0, 200.0), (Step::MapRest, 1.0, 799.0, 200.0)]);
    assert_eq!(maps(1400), [(Step::Map, 2.0, 800.0, 200.0)]);
    assert_eq!(maps(1401), [(Step::Map, 2.0, 800.0, 200.0), (Step::MapRest, 1.0, 101.0, 200.0)]);
}

#[test]
fn a_bill_adds_up_all_calls() {
    // In: 801 of corpus, 3 x 100 beside it, 2 x 200 to reduce: 1,501. Out: 2 x 200 + 100 = 500.
    let row = workload("small", 801, &[]).0;
    assert_eq!(row.monthly, Some(dec("0.006501")));
    assert_eq!((row.calls_per_request, row.coverage), (Some(3.0), Some(1.0)));
    assert_eq!(row.remark.unwrap().to_string(), "3 calls a request");
}

#[test]
fn outputs_that_overflow_the_reduce_call_are_condensed_by_levels() {
    // 4 outputs of 200 fill the 800 of a reduce call: 4 x 700 = 2,800.
    assert_eq!(calls(2800, &[]), [(Step::Map, 4.0, 800.0, 200.0), (Step::Reduce, 1.0, 900.0, 100.0)]);
    // Two levels: 5 outputs by threes (600 of 700) are 2.
    assert_eq!(
        calls(2801, &[]),
        [
            (Step::Map, 4.0, 800.0, 200.0),
            (Step::MapRest, 1.0, 101.0, 200.0),
            (Step::Condense, 1.0, 700.0, 200.0),
            (Step::CondenseRest, 1.0, 500.0, 200.0),
            (Step::Reduce, 1.0, 500.0, 100.0),
        ]
    );
    // Three levels: 13 outputs (13 x 700 = 9,100) are 4 groups of 3 and one of 1, so 5, then one of 3 and one of 2. Full
    // groups of both levels are alike, and one line.
    assert_eq!(
        calls(9100, &[]),
        [
            (Step::Map, 13.0, 800.0, 200.0),
            (Step::Condense, 5.0, 700.0, 200.0),
            (Step::CondenseRest, 1.0, 300.0, 200.0),
            (Step::CondenseRest, 1.0, 500.0, 200.0),
            (Step::Reduce, 1.0, 500.0, 100.0),
        ]
    );
    // 12 outputs are 4 even groups, which one call takes.
    assert_eq!(
        calls(8400, &[]),
        [
            (Step::Map, 12.0, 800.0, 200.0),
            (Step::Condense, 4.0, 700.0, 200.0),
            (Step::Reduce, 1.0, 900.0, 100.0),
        ]
    );
}

#[test]
fn without_room_for_two_outputs_there_is_no_level() {
    // Room is 900 - O: two outputs of 300 fill the 600, two of 301 do not fit the 599.
    let output = |tokens: &'static str| [("map_reduce.map_output_tokens", tokens)];
    assert_eq!(calls(2401, &output("300")).last().unwrap().0, Step::Reduce);
    assert_eq!(
        refusal("small", 2401, &output("301")),
        "room for 599 tokens a call, less than two map outputs of 301"
    );
    // Where one reduce call takes all of them no level is needed: 800 hold 2 x 400, parts are 500.
    assert_eq!(calls(1000, &output("400")).last().unwrap(), &(Step::Reduce, 1.0, 900.0, 100.0));
}

#[test]
fn what_no_call_can_hold_is_refused_with_the_limit() {
    let long = |tokens: &'static str| [("map_reduce.map_output_tokens", tokens)];
    // 100 + 800 + 100 is the window; with 801 neither map nor reduce is possible.
    assert_eq!(refusal("small", 2000, &long("801")), "over the 1,000 token window by 1");
    assert_eq!(refusal("terse", 2000, &[]), "over the 199 token output limit by 1");
    assert!(workload("terse", 2000, &long("199")).0.monthly.is_some());
}

#[test]
fn an_unknown_window_is_one_call_that_is_not_said_to_fit() {
    let (row, usage) = workload("unknown-window", 5_000_000, &[]);
    assert_eq!(row.fits, None);
    assert_eq!(usage.unwrap().lines.len(), 1);
    assert!(row.monthly.is_some());
}

#[test]
fn a_corpus_is_read_in_more_parts_than_the_window_asks_for_where_that_is_wanted() {
    // Room for 700: 1,400 tokens are 2 parts, or 4 of 350; 1,401 are 3 of 351 and one of 348.
    assert_eq!(calls(1400, &[])[0], (Step::Map, 2.0, 800.0, 200.0));
    assert_eq!(calls(1400, &[("map_reduce.parts", "4")])[0], (Step::Map, 4.0, 450.0, 200.0));
    let uneven = calls(1401, &[("map_reduce.parts", "4")]);
    assert_eq!(uneven[..2], [(Step::Map, 3.0, 451.0, 200.0), (Step::MapRest, 1.0, 448.0, 200.0)]);
    // Fewer than the window asks for cannot be had; one call is one part.
    assert_eq!(calls(1400, &[("map_reduce.parts", "1")]), calls(1400, &[]));
    assert_eq!(calls(100, &[("map_reduce.parts", "1")]), calls(100, &[]));
    assert_eq!(calls(100, &[("map_reduce.parts", "2")])[0], (Step::Map, 2.0, 150.0, 200.0));
    // An empty corpus has no parts, and more parts than tokens are one token each.
    assert_eq!(calls(0, &[("map_reduce.parts", "5")]), [(Step::Reduce, 1.0, 100.0, 100.0)]);
    assert_eq!(calls(3, &[("map_reduce.parts", "5")])[0], (Step::Map, 3.0, 101.0, 200.0));
}

#[test]
fn a_published_map_reduce_of_16_parts_comes_out() {
    // agentbus.sh: 50,000 tokens in 16 parts with outputs of 200, 400 in the end, on GPT-4o mini at 0.15 and 0.60:
    // 0.0075 + 0.00192 + 0.00048 + 0.00024 = 0.01014. A largest input of 3,200 makes 16 parts, and takes their outputs.
    let table = ACME
        .replacen("window = 1000", "window = 3200\nshared_window = false", 1)
        .replacen("input_per_mtok = 1\n", "input_per_mtok = 0.15\n", 1)
        .replacen("output_per_mtok = 10\n", "output_per_mtok = 0.60\n", 1);
    let catalog = catalog_with(&table);
    let scenario = scenario(
        "[workload]\nrequests_per_month = 1\n[request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 400\n\
         [corpus]\ntokens = 50_000\n[map_reduce]\nmap_output_tokens = 200\n",
    );
    let case = case(&catalog, &scenario);
    let found = case.evaluate(pair(&case, "acme/small:map_reduce")).unwrap();
    assert_eq!(found.bill.total(Recurrence::Monthly).amount(), Some(dec("0.01014")));
    assert_eq!(found.usage.per_request(1.0).2, 17.0);
}
