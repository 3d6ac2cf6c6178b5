//! The system prompt as a cached prefix of designs that do not cache their context.

mod support;

use ragonomics::catalog::Meter;
use ragonomics::usage::{Step, Usage};
use support::*;

/// Models with caches of these kinds; `both` names the one that has to be asked for first.
fn table() -> String {
    let cache = |keys: &str| format!("[[product.cache]]\n{keys}\n");
    let by_itself =
        cache("mode = \"automatic\"\nttl_minutes = 5\nminimum_tokens = 1000\nincrement_tokens = 128");
    let asked =
        cache("mode = \"explicit\"\nttl_minutes = 60\nminimum_tokens = 1000\nwrite = \"cache_write\"");
    let model = |id: &str, caches: &str| {
        format!(
            "[[product]]\nid = \"{id}\"\nkind = \"chat\"\nwindow = 10_000\nmax_output = 1000\n{caches}[[product.price]]\n\
             from = 2026-01-01\ninput_per_mtok = 1\ncached_input_per_mtok = 0.1\ncache_write_per_mtok = 1.25\n\
             output_per_mtok = 10\nsource = \"contract\"\nchecked = 2026-11-01\n"
        )
    };
    [
        "[vendor]\nid = \"acme\"\n".to_owned(),
        model("none", ""),
        model("by-itself", &by_itself),
        model("asked", &asked),
        model("both", &format!("{asked}{by_itself}")),
    ]
    .concat()
}

/// 8,760 requests a month, 12 an hour, with a system prompt of 1,300 tokens over a corpus of 500.
fn usage(design: &str, more: &[(&str, &str)]) -> Usage {
    let mut scenario = scenario(
        "[workload]\nrequests_per_month = 8760\n[request]\nsystem_tokens = 1300\nquestion_tokens = 100\noutput_tokens = 100\n\
         [corpus]\ntokens = 500\n[retrieval]\nchunk_tokens = 100\noverlap_tokens = 0\ntop_k = 2\nembedding = \"none\"\n\
         store = \"none\"\n",
    );
    for (path, value) in more {
        scenario.set(path, value).unwrap();
    }
    let catalog = catalog_with(&table());
    let case = case(&catalog, &scenario);
    case.evaluate(pair(&case, &format!("acme/{design}"))).unwrap_or_else(|failure| panic!("{failure}")).usage
}

/// Steps with their share, and what each reads, writes at a price of its own, and takes plain.
fn parts(design: &str, more: &[(&str, &str)]) -> Vec<(Step, f64, [f64; 3])> {
    let found = usage(design, more);
    let of = |line: &ragonomics::usage::UsageLine, meter| {
        line.per_call.iter().filter(|part| part.0 == meter).map(|part| part.1).sum()
    };
    let meters = [Meter::CachedInput, Meter::CacheWrite, Meter::Input];
    found.lines.iter().map(|line| (line.step, line.share, meters.map(|meter| of(line, meter)))).collect()
}

/// 1 - e^-1: of 12 requests an hour, one in 5 minutes, those that find it.
const FOUND: f64 = 0.632_121;

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-6
}

#[test]
fn what_a_vendor_caches_by_itself_at_no_charge_is_counted() {
    let found = parts("by-itself:rag", &[]);
    // 1,300 tokens are 10 steps of 128; the other 20, two chunks and the question are plain.
    assert_eq!((found[0].0, found[0].2), (Step::AnswerHit, [1280.0, 0.0, 320.0]));
    assert_eq!((found[1].0, found[1].2), (Step::AnswerMiss, [0.0, 0.0, 1600.0]));
    assert!(near(found[0].1, FOUND) && near(found[1].1, 1.0 - FOUND));
    // Too short a prompt is not cached, and neither is one on a model without a cache.
    for (design, system) in [("by-itself:rag", "999"), ("none:rag", "1300")] {
        let found = parts(design, &[("request.system_tokens", system)]);
        assert_eq!(found.iter().map(|part| part.0).collect::<Vec<_>>(), [Step::Answer], "{design}");
    }
}

#[test]
fn a_cache_whose_writes_cost_more_is_used_only_where_that_is_asked_for() {
    let plain = [(Step::Answer, 1.0, [0.0, 0.0, 1600.0])];
    assert_eq!(parts("asked:rag", &[]), plain);
    let always = [("caching.system_prompt", "always")];
    assert_eq!(parts("asked:rag", &always)[0].2, [1300.0, 0.0, 300.0]);
    assert_eq!(parts("asked:rag", &always)[1].2, [0.0, 1300.0, 300.0]);
    let never = [("caching.system_prompt", "never")];
    assert_eq!(parts("by-itself:rag", &never), plain);
}

#[test]
fn of_several_ways_to_cache_the_one_that_costs_nothing_happens_anyway() {
    assert_eq!(parts("both:rag", &[])[0].2, [1280.0, 0.0, 320.0]);
    // A lifetime that is asked for is one for the context.
    assert_eq!(parts("both:rag", &[("caching.ttl_minutes", "60")])[0].2, [1280.0, 0.0, 320.0]);
    assert_eq!(parts("by-itself:rag", &[("caching.ttl_minutes", "60")])[0].2, [1280.0, 0.0, 320.0]);
    assert_eq!(parts("both:rag", &[("caching.system_prompt", "always")])[0].2, [1300.0, 0.0, 300.0]);
}

#[test]
fn calls_of_one_request_run_side_by_side_and_find_what_the_last_request_left() {
    // A corpus of 20,000 tokens takes three calls of 10,000 - 1,300 - 100 - 500 = 8,100 tokens, and one that joins them.
    let found = parts("by-itself:map_reduce", &[("corpus.tokens", "20000")]);
    for step in [Step::Map, Step::MapRest, Step::Reduce] {
        let hits = found.iter().find(|part| part.0 == step && part.2[0] > 0.0).unwrap();
        assert!(near(hits.1, FOUND), "{step:?} {}", hits.1);
    }
    let found = parts("by-itself:rewrite", &[("rewrite.text_tokens", "2500")]);
    for step in [Step::Rewrite, Step::RewriteRest] {
        let hits = found.iter().find(|part| part.0 == step && part.2[0] > 0.0).unwrap();
        assert!(near(hits.1, FOUND), "{step:?} {}", hits.1);
    }
}

#[test]
fn requests_over_several_corpora_share_their_system_prompt() {
    let mut scenario = scenario(
        "[workload]\nrequests_per_month = 8760\n[request]\nsystem_tokens = 1300\n[retrieval]\nembedding = \"none\"\n\
         store = \"none\"\n[[corpus]]\nname = \"one\"\n[[corpus]]\nname = \"two\"\n\
         [[class]]\nname = \"a\"\nshare = 0.5\ncorpus = \"one\"\n[[class]]\nname = \"b\"\nshare = 0.5\ncorpus = \"two\"\n",
    );
    scenario.set("long_context.context_tokens", "1000").unwrap();
    let catalog = catalog_with(&table());
    let case = case(&catalog, &scenario);
    let hits = |strategy: &str| {
        let found = case.evaluate(pair(&case, &format!("acme/by-itself:{strategy}"))).unwrap();
        found.usage.lines.iter().find(|line| line.step == Step::AnswerHit).map_or(0.0, |line| line.share)
    };
    // Retrieval begins with the prompt alone, 12 times an hour; a stuffed corpus is found by half: 1 - e^-1/2.
    assert!(near(hits("rag"), FOUND));
    assert!(near(hits("cached_context"), 0.393_469));
}

#[test]
fn a_rewrite_leaves_room_for_what_it_reasons() {
    let pieces = |reasoning: &str| {
        let more = [
            ("request.reasoning_tokens", reasoning),
            ("request.output_tokens", "500"),
            ("rewrite.text_tokens", "2500"),
        ];
        let found = usage("none:rewrite", &more);
        found
            .lines
            .iter()
            .map(|line| (line.step, line.calls / 8760.0, line.output_tokens()))
            .collect::<Vec<_>>()
    };
    // 1,000 tokens of output: two pieces and a half, or with 400 of reasoning four of 600 and one of 100.
    assert_eq!(pieces("0"), [(Step::Rewrite, 2.0, 1000.0), (Step::RewriteRest, 1.0, 500.0)]);
    assert_eq!(pieces("400"), [(Step::Rewrite, 4.0, 1000.0), (Step::RewriteRest, 1.0, 500.0)]);
}

#[test]
fn a_model_without_a_batch_queue_caches_for_those_that_could_wait_as_for_others() {
    // Nobody prints a batch price of the model: it serves all 8,760 requests as usual, and 1 - e^-1 find the prompt.
    assert_eq!(parts("by-itself:rag", &[("service.batch_share", "100%")]), parts("by-itself:rag", &[]));
}

#[test]
fn requests_in_a_batch_queue_do_not_keep_the_prompt_of_the_others_in_the_cache() {
    let half = "[[product.price.when]]\nservice = \"batch\"\nfactor = 0.5\n";
    let mut scenario = scenario(
        "[workload]\nrequests_per_month = 8760\n[request]\nsystem_tokens = 1300\nquestion_tokens = 100\noutput_tokens = 100\n\
         [corpus]\ntokens = 500\n[retrieval]\nchunk_tokens = 100\noverlap_tokens = 0\ntop_k = 2\nembedding = \"none\"\n\
         store = \"none\"\n",
    );
    let table = table();
    let own = table.find("id = \"asked\"").unwrap();
    let place = table[..own].rfind("[[product]]").unwrap();
    let catalog = catalog_with(&format!("{}{half}{}", &table[..place], &table[place..]));
    let mut hits = |share: &str| {
        scenario.set("service.batch_share", share).unwrap();
        let case = case(&catalog, &scenario);
        let found = case.evaluate(pair(&case, "acme/by-itself:rag")).unwrap();
        let lines = found.usage.lines.iter();
        lines.filter(|line| line.step == Step::AnswerHit).map(|line| line.share).sum::<f64>()
    };
    assert!(near(hits("0%"), FOUND));
    // Half of the 12 requests an hour wait in the queue; of the 6 that do not, 1 - e^-1/2 find the prompt.
    assert!(near(hits("50%"), 0.393_469), "{}", hits("50%"));
}
