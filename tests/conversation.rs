//! `conversation` by hand, at one a million in and ten out.

mod support;

use ragonomics::analysis::compare::{Comparison, Row, compare};
use ragonomics::catalog::Meter;
use ragonomics::scenario::Param;
use ragonomics::usage::{Step, Usage, UsageLine};
use support::*;

/// A model with these limits and caches; reads cost a tenth, writes a quarter more.
fn model(id: &str, caches: &str) -> String {
    format!(
        "[[product]]\nid = \"{id}\"\nkind = \"chat\"\nwindow = 10_000\n{caches}\n[[product.price]]\nfrom = 2026-01-01\n\
         input_per_mtok = 1\ncached_input_per_mtok = 0.1\ncache_write_per_mtok = 1.25\ncache_storage_per_mtok_hour = 6\n\
         output_per_mtok = 10\nsource = \"contract\"\nchecked = 2026-11-01\n\n"
    )
}

fn table() -> String {
    let cache = |keys: &str| format!("[[product.cache]]\n{keys}\nttl_minutes = 5\n");
    [
        "[vendor]\nid = \"acme\"\n\n".to_owned(),
        model("plain", "").replace(
            "cached_input_per_mtok = 0.1\ncache_write_per_mtok = 1.25\ncache_storage_per_mtok_hour = 6\n",
            "",
        ),
        model("free-writes", &cache("mode = \"automatic\"")),
        model("paid-writes", &cache("mode = \"explicit\"\nwrite = \"cache_write\"")),
        model("in-steps", &cache("mode = \"automatic\"\nminimum_tokens = 1200\nincrement_tokens = 128")),
        model("once", &cache("mode = \"explicit\"\nwrite = \"cache_write\"\nrenews_on_hit = false")),
        model("rented", &cache("mode = \"explicit\"\nrent = true\nrenews_on_hit = false")),
        model("queued", &cache("mode = \"automatic\""))
            + "[[product.price.when]]\nservice = \"batch\"\nfactor = 0.5\n\n",
    ]
    .concat()
}

/// Three turns over a context of 1,000 tokens, questions of 100, answers of 200; a quarter finds the prefix.
fn workload(model: &str, more: &[(&str, &str)]) -> (Comparison, Option<Usage>) {
    let mut scenario = scenario(&format!(
        "[compare]\nmodels = [\"acme/{model}\"]\nstrategies = [\"conversation\"]\n[workload]\nrequests_per_month = 1\n\
         [request]\nsystem_tokens = 400\nquestion_tokens = 100\noutput_tokens = 200\n[corpus]\ntokens = 600\n\
         [conversation]\nturns = 3\n[caching]\nhit_share = 0.25\n"
    ));
    for (path, value) in more {
        match *value {
            "derived" => scenario.numbers.reset(Param::HitShare),
            value => scenario.set(path, value).unwrap(),
        }
    }
    let catalog = catalog_with(&table());
    let case = case(&catalog, &scenario);
    let usage = case.evaluate(pair(&case, &format!("acme/{model}:conversation"))).ok();
    (compare(&case), usage.map(|found| found.usage))
}

fn row(model: &str, more: &[(&str, &str)]) -> Row {
    workload(model, more).0.rows.remove(0)
}

fn remark(model: &str, more: &[(&str, &str)]) -> String {
    row(model, more).remark.unwrap().to_string()
}

/// Input tokens of the calls with a step, in order.
fn inputs(model: &str, more: &[(&str, &str)], wanted: fn(&Step) -> bool) -> Vec<f64> {
    let usage = workload(model, more).1.unwrap();
    usage.lines.iter().filter(|line| wanted(&line.step)).map(UsageLine::input_tokens).collect()
}

fn turns(more: &[(&str, &str)]) -> Vec<f64> {
    inputs("plain", more, |step| matches!(step, Step::Turn(_)))
}

/// Steps with their share, and what each reads, writes at a price of its own, and takes plain.
fn parts(model: &str, more: &[(&str, &str)]) -> Vec<(Step, f64, [f64; 3])> {
    let usage = workload(model, more).1.unwrap();
    let of = |line: &UsageLine, meter| {
        line.per_call.iter().filter(|part| part.0 == meter).map(|part| part.1).sum()
    };
    let told = |line: &UsageLine| {
        (
            line.step,
            line.share,
            [Meter::CachedInput, Meter::CacheWrite, Meter::Input].map(|meter| of(line, meter)),
        )
    };
    usage.lines.iter().map(told).collect()
}

#[test]
fn each_turn_takes_all_turns_before_it() {
    // 1,100, 1,100 + 300, 1,100 + 600; 3 x 1,100 + 300 x 3 = 4,200 in, 600 out.
    assert_eq!(turns(&[]), [1100.0, 1400.0, 1700.0]);
    let row = row("plain", &[]);
    assert_eq!((row.input_tokens_per_request, row.output_tokens_per_request), (Some(4200.0), Some(600.0)));
    // 0.0042 + 0.006
    assert_eq!(row.monthly, Some(dec("0.0102")));
    assert_eq!(row.remark.unwrap().to_string(), "3 calls a request");
    assert!(row.cheapest);
}

#[test]
fn one_turn_is_long_context() {
    let one = row("plain", &[("conversation.turns", "1")]);
    let stuffed = row("plain", &[("compare.strategies", "long_context")]);
    assert_eq!((one.monthly, one.calls_per_request), (stuffed.monthly, Some(1.0)));
    assert_eq!(stuffed.monthly, Some(dec("0.0031")));
}

#[test]
fn a_window_keeps_the_last_turns() {
    // T = 5, w = 2: 2 x 5 - 2 x 3/2 = 7 pairs of 300 beside 5 x 1,100.
    let window = |turns: &'static str| {
        [
            ("conversation.turns", "5"),
            ("conversation.history", "window"),
            ("conversation.window_turns", turns),
        ]
    };
    assert_eq!(turns(&window("2")), [1100.0, 1400.0, 1700.0, 1700.0, 1700.0]);
    assert_eq!(turns(&window("2")).iter().sum::<f64>(), 5.0 * 1100.0 + 7.0 * 300.0);
    assert_eq!(turns(&window("0")), [1100.0; 5]);
    // Three of four past turns are kept, then all: nothing is dropped.
    assert_eq!(remark("plain", &window("3")), "history of the last 3 turns");
    assert_eq!(turns(&window("4")), turns(&[("conversation.turns", "5")]));
    assert_eq!(remark("plain", &window("4")), "5 calls a request");
}

#[test]
fn a_summary_costs_a_call_for_each_turn_but_the_first() {
    let more = [("conversation.history", "summary"), ("conversation.summary_tokens", "150")];
    // 3 x 1,100 + 2 x 150, and 2 x (400 + 100 + 200) + 1 x 150 for the summaries.
    assert_eq!(turns(&more), [1100.0, 1250.0, 1250.0]);
    assert_eq!(inputs("plain", &more, |step| matches!(step, Step::Summarise(_))), [700.0, 850.0]);
    let row = row("plain", &more);
    assert_eq!(
        (row.input_tokens_per_request, row.output_tokens_per_request, row.calls_per_request),
        (Some(3600.0 + 1550.0), Some(600.0 + 300.0), Some(5.0))
    );
    // 0.00515 + 0.009
    assert_eq!(row.monthly, Some(dec("0.01415")));
}

#[test]
fn what_drops_history_is_never_the_cheapest() {
    for history in ["window", "summary"] {
        let more = [("conversation.history", history), ("conversation.window_turns", "1")];
        let comparison = workload("plain", &more).0;
        let row = &comparison.rows[0];
        assert!(row.monthly.is_some() && !row.cheapest && comparison.answer.is_none(), "{history}");
        assert_eq!(
            ragonomics::answer::sentence(&comparison),
            "No answer: a design that drops history is not called the cheapest."
        );
        assert_eq!(ragonomics::report::compare::mark_words(row), ["drops history"]);
    }
}

#[test]
fn the_last_turn_has_to_fit() {
    // 1,100 + 600 + 200 = 1,900 in a window of 10,000 leaves 8,100 beside the 600 of corpus.
    let corpus = |tokens: &'static str| row("plain", &[("corpus.tokens", tokens)]);
    assert!(corpus("8699").monthly.is_some() && corpus("8700").monthly.is_some());
    let reason = corpus("8701").reason.map(|reason| reason.to_string());
    assert_eq!(reason.as_deref(), Some("over the 10,000 token window by 1"));
    // What fills the window leaves the history its room.
    let filled = [("corpus.tokens", "20000"), ("long_context.context_tokens", "fill")];
    assert_eq!(turns(&filled), [9200.0, 9500.0, 9800.0]);
    assert_eq!(row("plain", &filled).coverage, Some(0.435));
    // A window keeps the last turn smaller.
    let more =
        [("corpus.tokens", "9000"), ("conversation.history", "window"), ("conversation.window_turns", "1")];
    assert_eq!(turns(&more), [9500.0, 9800.0, 9800.0]);
}

#[test]
fn a_turn_reads_the_one_before_it_from_the_cache() {
    let (first, second, third) = (Step::TurnHit(1), Step::TurnHit(2), Step::TurnHit(3));
    let miss = Step::TurnMiss(1);
    // S + C is 1,000; a quarter of conversations finds it. Each later turn writes 300.
    assert_eq!(
        parts("paid-writes", &[]),
        [
            (first, 0.25, [1000.0, 100.0, 0.0]),
            (miss, 0.75, [0.0, 1100.0, 0.0]),
            (second, 1.0, [1100.0, 300.0, 0.0]),
            (third, 1.0, [1400.0, 300.0, 0.0]),
        ]
    );
    // Read 250 + 1,100 + 1,400 at 0.1, written 25 + 825 + 600 at 1.25, 600 out: 0.000275 + 0.0018125 + 0.006.
    let row = row("paid-writes", &[]);
    assert_eq!(row.monthly, Some(dec("0.0080875")));
    // (0.25 + 1 + 1) / 3
    assert_eq!(row.remark.unwrap().to_string(), "75.0% cache hits");
    // Where writes are plain input: 0.000275 + 0.00145 + 0.006.
    assert_eq!(parts("free-writes", &[])[2], (second, 1.0, [1100.0, 0.0, 300.0]));
    assert_eq!(workload("free-writes", &[]).0.rows[0].monthly, Some(dec("0.007725")));
}

#[test]
fn the_gap_between_turns_has_to_be_within_the_lifetime() {
    let gap = |minutes: &'static str| parts("free-writes", &[("conversation.turn_gap_minutes", minutes)]);
    for within in ["0", "4.9", "5"] {
        assert_eq!(gap(within)[3], (Step::TurnHit(3), 1.0, [1400.0, 0.0, 300.0]), "{within}");
    }
    // Beyond it only what all conversations share is found, as often as they find it at first.
    let beyond = gap("5.1");
    assert_eq!(beyond[4], (Step::TurnHit(3), 0.25, [1000.0, 0.0, 700.0]));
    assert_eq!(beyond[5], (Step::TurnMiss(3), 0.75, [0.0, 0.0, 1700.0]));
    assert_eq!(remark("free-writes", &[("conversation.turn_gap_minutes", "5.1")]), "25.0% cache hits");
}

#[test]
fn what_drops_history_caches_the_prefix_alone() {
    let window = [("conversation.history", "window"), ("conversation.window_turns", "1")];
    let of = |model| parts(model, &window);
    assert_eq!(of("paid-writes")[0], (Step::TurnHit(1), 0.25, [1000.0, 0.0, 100.0]));
    assert_eq!(of("paid-writes")[1], (Step::TurnMiss(1), 0.75, [0.0, 1000.0, 100.0]));
    // A hit renews the prefix, so the turns after the first find it.
    assert_eq!(of("paid-writes")[3], (Step::TurnHit(3), 1.0, [1000.0, 0.0, 400.0]));
    // Where it does not, they find it as often as the first.
    assert_eq!(of("once")[4], (Step::TurnHit(3), 0.25, [1000.0, 0.0, 400.0]));
}

#[test]
fn the_cached_part_is_rounded_and_has_a_minimum() {
    // S + C and turn 1 are below 1,200 tokens. 1,400 is 10 x 128 = 1,280; 1,700 is 13 x 128 = 1,664.
    assert_eq!(
        parts("in-steps", &[]),
        [
            (Step::Turn(1), 1.0, [0.0, 0.0, 1100.0]),
            (Step::TurnMiss(2), 1.0, [0.0, 0.0, 1400.0]),
            (Step::TurnHit(3), 1.0, [1280.0, 0.0, 420.0]),
        ]
    );
    assert_eq!(remark("in-steps", &[]), "33.3% cache hits");
    let short = [("conversation.turns", "1")];
    assert_eq!(remark("in-steps", &short), "prefix below the cache minimum of 1200 tokens");
}

#[test]
fn a_cache_that_takes_rent_holds_the_prefix_alone() {
    // Three turns, each a quarter of hits; a miss keeps 1,000 tokens for 5 minutes: 2.25 x 1,000 x 5/60 x 6 a million.
    let row = row("rented", &[]);
    // Read 750 at 0.1, 4,200 - 750 plain, 600 out: 0.000075 + 0.00345 + 0.006 + 0.001125.
    assert_eq!(row.monthly.unwrap().round_dp(12), dec("0.01065"));
}

#[test]
fn a_lifetime_that_the_model_does_not_offer_is_refused() {
    let row = row("paid-writes", &[("caching.ttl_minutes", "60")]);
    assert_eq!(row.reason.unwrap().to_string(), "no prompt cache of 60 minutes on this model");
}

/// Chunks of 100 tokens of a corpus of 600, three for each turn.
const RETRIEVED: [(&str, &str); 4] = [
    ("conversation.context", "retrieved"),
    ("retrieval.chunk_tokens", "100"),
    ("retrieval.overlap_tokens", "0"),
    ("retrieval.top_k", "3"),
];

fn retrieved(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    RETRIEVED.iter().chain(more).copied().collect()
}

/// The parts of turns alone.
fn turn_parts(model: &str, more: &[(&'static str, &'static str)]) -> Vec<(Step, f64, [f64; 3])> {
    let is_turn = |step| matches!(step, Step::Turn(_) | Step::TurnHit(_) | Step::TurnMiss(_));
    parts(model, &retrieved(more)).into_iter().filter(|part| is_turn(part.0)).collect()
}

#[test]
fn retrieved_chunks_are_those_of_their_turn_alone() {
    // 400 + 300 + 100, and the questions and answers before: + 300, + 600.
    assert_eq!(turns(&retrieved(&[])), [800.0, 1100.0, 1400.0]);
    // Six chunks are all that there are.
    assert_eq!(turns(&retrieved(&[("retrieval.top_k", "50")])), [1100.0, 1400.0, 1700.0]);
    assert_eq!(row("plain", &retrieved(&[])).coverage, Some(1.0));
}

#[test]
fn each_turn_embeds_its_question_and_searches_the_index_that_is_made_once() {
    let of = |more: &[(&'static str, &'static str)], step| {
        let usage = workload("plain", &retrieved(more)).1.unwrap();
        let lines = usage.lines.iter().filter(|line| line.step == step);
        lines.map(|line| (line.count(), line.per_call.first().unwrap().1)).collect::<Vec<_>>()
    };
    assert_eq!(of(&[], Step::EmbedCorpus), [(1.0, 600.0)]);
    assert_eq!(of(&[], Step::EmbedQuestion), [(3.0, 100.0)]);
    assert_eq!(of(&[], Step::Search).iter().map(|line| line.0).sum::<f64>(), 3.0);
    let two = [("retrieval.queries_per_request", "2")];
    assert_eq!(of(&two, Step::EmbedQuestion), [(6.0, 100.0)]);
    // Two tenants have a corpus each, and one conversation searches one of them.
    let tenants = [("tenants.count", "2")];
    assert_eq!(of(&tenants, Step::EmbedCorpus), [(1.0, 1200.0)]);
    // A stuffed corpus is not indexed.
    let stuffed = workload("plain", &[]).1.unwrap();
    assert!(stuffed.lines.iter().all(|line| matches!(line.step, Step::Turn(_))) && !stuffed.pays_minimum);
    assert!(workload("plain", &retrieved(&[])).1.unwrap().pays_minimum);
}

#[test]
fn a_constraint_on_the_store_holds_only_where_turns_retrieve() {
    let acme = ("constraints.vendors", "acme");
    assert!(row("plain", &[acme]).monthly.is_some());
    let reason = row("plain", &retrieved(&[acme])).reason.map(|reason| reason.to_string());
    assert!(reason.as_deref().is_some_and(|reason| reason.contains("embedding")), "{reason:?}");
}

#[test]
fn a_retrieved_turn_reads_the_history_that_the_last_one_had() {
    let (first, second, third) = (Step::TurnHit(1), Step::TurnHit(2), Step::TurnHit(3));
    // S is 400, which a quarter of conversations finds; a turn writes the last question and answer, 300. The chunks and
    // the question, 400, are never found again.
    assert_eq!(
        turn_parts("paid-writes", &[]),
        [
            (first, 0.25, [400.0, 0.0, 400.0]),
            (Step::TurnMiss(1), 0.75, [0.0, 400.0, 400.0]),
            (second, 1.0, [400.0, 300.0, 400.0]),
            (third, 1.0, [700.0, 300.0, 400.0]),
        ]
    );
    // Past the lifetime, and where history is dropped, only S is cached.
    assert_eq!(
        turn_parts("free-writes", &[("conversation.turn_gap_minutes", "5.1")])[4],
        (third, 0.25, [400.0, 0.0, 1000.0])
    );
    let window = [("conversation.history", "window"), ("conversation.window_turns", "1")];
    assert_eq!(turn_parts("paid-writes", &window)[3], (third, 1.0, [400.0, 0.0, 700.0]));
    let summary = [("conversation.history", "summary"), ("conversation.summary_tokens", "150")];
    assert_eq!(turn_parts("paid-writes", &summary)[3], (third, 1.0, [400.0, 0.0, 550.0]));
}

#[test]
fn conversations_in_a_batch_queue_keep_no_system_prompt_in_the_cache_for_the_others() {
    // 8,760 conversations a month are 12 an hour, one in each lifetime of 5 minutes: 1 - 1/e find the system prompt.
    let first_hits = |more: &[(&'static str, &'static str)]| {
        let mut all = retrieved(&[("workload.requests_per_month", "8760"), ("caching.hit_share", "derived")]);
        all.extend(more);
        let found = parts("queued", &all).into_iter().filter(|part| matches!(part.0, Step::TurnHit(1)));
        found.map(|part| (part.1 * 1e6).round()).collect::<Vec<_>>()
    };
    assert_eq!(first_hits(&[]), [632_121.0]);
    // Half of them wait in the queue, where nothing is cached; of the 6 an hour that do not, 1 - e^-1/2 find it.
    let half = ("service.batch_share", "50%");
    assert_eq!(first_hits(&[half]), [393_469.0]);
    // Where the scenario has system prompts cached always, those in the queue are, and all count.
    assert_eq!(first_hits(&[half, ("caching.system_prompt", "always")]), [632_121.0; 2]);
    // A stuffed context is cached in a queue too, as `cached_context` has it.
    assert_eq!(first_hits(&[half, ("conversation.context", "stuffed")]), [632_121.0; 2]);
}

#[test]
fn retrieved_history_is_rounded_and_has_a_minimum() {
    // 400, 700, 1,000 are below 1,200 tokens; with a fifth turn 1,300 and 1,600 are 10 and 12 steps of 128.
    let found = turn_parts("in-steps", &[("conversation.turns", "5")]);
    assert_eq!(
        found[2..],
        [
            (Step::Turn(3), 1.0, [0.0, 0.0, 1400.0]),
            (Step::TurnMiss(4), 1.0, [0.0, 0.0, 1700.0]),
            (Step::TurnHit(5), 1.0, [1280.0, 0.0, 720.0]),
        ]
    );
    let short = retrieved(&[]);
    assert_eq!(remark("in-steps", &short), "prefix below the cache minimum of 1200 tokens");
}

#[test]
fn turns_go_uncached_where_the_scenario_says_so() {
    let uncached = [("conversation.cached", "false")];
    assert_eq!(parts("paid-writes", &uncached), parts("plain", &[]));
    assert_eq!(row("paid-writes", &uncached).monthly, Some(dec("0.0102")));
    assert_eq!(remark("paid-writes", &uncached), "3 calls a request");
    // A lifetime that the model does not offer is then no reason.
    let more = [("conversation.cached", "false"), ("caching.ttl_minutes", "60")];
    assert!(row("paid-writes", &more).monthly.is_some());
}

#[test]
fn reasoning_is_paid_in_every_turn_and_kept_in_none() {
    // V = 200 - 150 = 50: histories of 150 and 300.
    let reasons = [("request.reasoning_tokens", "150")];
    assert_eq!(turns(&reasons), [1100.0, 1250.0, 1400.0]);
    // What is cached grows by Q + V = 150 a turn.
    assert_eq!(parts("paid-writes", &reasons)[3], (Step::TurnHit(3), 1.0, [1250.0, 150.0, 0.0]));
    // 3,750 in, and 3 x 200 out at the price of output: 0.00375 + 0.006.
    assert_eq!(row("plain", &reasons).monthly, Some(dec("0.00975")));
    // A summary is made of what is kept: 400 + 100 + 50, then with the summary of 200.
    let summary = [("request.reasoning_tokens", "150"), ("conversation.history", "summary")];
    assert_eq!(inputs("plain", &summary, |step| matches!(step, Step::Summarise(_))), [550.0, 750.0]);
}

#[test]
fn pages_go_with_every_turn_once() {
    let pages = [("request.pages", "2"), ("request.pages_as", "text"), ("request.page_tokens", "50")];
    assert_eq!(turns(&pages), [1200.0, 1500.0, 1800.0]);
    assert_eq!(turns(&retrieved(&pages)), [900.0, 1200.0, 1500.0]);
}

#[test]
fn retrieved_turns_have_to_fit_with_their_history() {
    // 400 + 3 x C + 100 + 600 + 200 = 10,000 with chunks of 2,900.
    let of = |chunk: &'static str| {
        let more = [
            ("retrieval.chunk_tokens", chunk),
            ("corpus.tokens", "90000"),
            ("corpus.document_tokens", "90000"),
        ];
        row("plain", &retrieved(&more))
    };
    assert!(of("2900").monthly.is_some());
    let reason = of("2901").reason.map(|reason| reason.to_string());
    assert_eq!(reason.as_deref(), Some("over the 10,000 token window by 3"));
}
