//! Worked examples from papers, vendors' pages, blogs and other tools, each driven through the engine.
//!
//! `tests/cases/worked-examples.json` has for each example its inputs, what its source printed (`published`), and a
//! recomputation from the inputs (`expected`). An adapter writes a small pricing table and a scenario from the inputs,
//! runs the engine on them and picks a number out of the result; it changes units and computes nothing. The answer has
//! to be `expected` to a relative 1e-9. What sources got wrong, and where other tools follow another rule, is in
//! [`WRONG`] and [`DISPUTED`] with our answer.

mod support;
mod worked_examples {
    pub mod bench;
    pub mod caching;
    pub mod example;
    pub mod hours;
    pub mod images;
    pub mod prompts;
    pub mod ratios;
    pub mod retrieval;
    pub mod stores;
}

use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_decimal::Decimal;
use serde_json::Value;
use worked_examples::example::{Answer, Example, all, number, same};
use worked_examples::prompts::TierRule;
use worked_examples::{caching, hours, images, prompts, ratios, retrieval, stores};

const EXAMPLES: &str = include_str!("cases/worked-examples.json");

/// Examples that say nothing about what an engine for costs computes, by id.
const EXCLUDED: &[(&str, &str)] = &[
    ("cag-hotpotqa-medium", "seconds with and without a preloaded cache: latency, not money"),
    ("cag-hotpotqa-large", "seconds with and without a preloaded cache: latency, not money"),
    ("cag-squad-small", "seconds with and without a preloaded cache: latency, not money"),
    ("cag-squad-large", "seconds with and without a preloaded cache: latency, not money"),
    ("selfroute-avg-answerable-Gemini-1.5-Pro", "the mean of a printed row: whether a page was read right"),
    ("selfroute-avg-token-Gemini-1.5-Pro", "the mean of a printed row: whether a page was read right"),
];

/// Inputs that need not be used.
const UNUSED: &[(&str, &str)] = &[
    ("model", "a label"),
    ("dataset", "a label"),
    ("k", "a label; the share of tokens at that many chunks is given"),
    ("rag_over_lc_ratio", "follows from the sizes, and the engine has to find it"),
    ("chunks_per_doc", "follows from the sizes, and the engine has to find it"),
];

/// An example where our answer is not what its source printed: id, our answer, why.
type Different = (&'static str, &'static str, &'static str);

/// What sources got wrong: our answer is what follows from their own inputs.
const WRONG: &[Different] = &[
    (
        "ant-support-tickets-opus",
        "185",
        "37M tokens at the cheapest price, input at $5, cost $185; $37 is a fifth of that",
    ),
    (
        "gemini20-forum-est",
        "0.0000827",
        "billed at 0.70 out, which is the price of audio input, and not at 0.40",
    ),
    ("gemini20-forum-act", "0.0003705", "the same slip: 0.70 for 0.40"),
    ("trackai-gpt4o-128k", "0.32", "the price of a million tokens was taken for that of a request"),
    ("learnai-gemini25pro-1m", "2.5", "0.075 a million is the price of another model, Gemini 1.5 Flash"),
    ("neuralbase-gpt4turbo", "0.8", "a price for a thousand tokens was taken for one of a token"),
    (
        "neuralbase-cascade",
        "0.12",
        "the output of the small model, 4,000 tokens at $4 a million, was left out",
    ),
    ("agentbeck-57883-rag", "0.012", "4,000 tokens at $3 a million; the report has five times that"),
    (
        "kjp-sonnet-cached",
        "0.009",
        "0.00255 read + 0.0042 fresh + 0.00225 written out; 0.011 does not follow",
    ),
    ("pintoed-blended", "0.025625", "half off three quarters is 37.5% off, not 41%"),
    ("ccg-breakeven", "111.111111111111", "requests a month, 3.7 a day; the article has 50 a day"),
    (
        "cache-breakeven-5m",
        "0.277777777777778",
        "write / (input - read) = 1.39 forgets that the first request is paid without a cache too",
    ),
    (
        "pc-pods-invoice",
        "321.4329984",
        "six pods at $0.0012 a minute; the invoice's 514.29 would be $0.00192",
    ),
    ("pc-wu-update-19.10-15", "35", "19.10 + 15 KB begin 35 units; the page prints 25"),
    (
        "pc-size-1000000-1536-1000-50-0",
        "7.552",
        "the printed size leaves out the id of 8 bytes that the other rows have",
    ),
    ("pc-size-10000000-1536-1000-50-0", "75.52", "the same: the id of 8 bytes is left out"),
];

/// Where other tools choose tiers by another rule: `expected` is theirs, ours follows the vendors.
const DISPUTED: &[Different] = &[
    (
        "helicone-vertex-gemini3-cache-threshold",
        "1.732",
        "the whole request, of 280,000 tokens, is above 200,000, and its 30,000 reads cost 0.40 a million like the rest of \
         the tier; the tool leaves them at 0.20 because they alone are below",
    ),
    (
        "ccusage-cache300k",
        "2.403",
        "the request has 551,000 tokens: 300,000 written at 7.50 and 250,000 read at 0.60, all of them; the tool prices \
         what is beyond 200,000 of each kind. For the 1,000 of input no price above the threshold is given",
    ),
    ("ccusage-200001", "1.200006", "all 200,001 tokens at 6; the tool prices one token so"),
];

/// Where a source leaves something open: what we take it to mean.
const READ_SO: &[Different] = &[
    (
        "promptunit-rag-100",
        "0.15",
        "input alone; outputs and embeddings are in the published figure but not stated",
    ),
    (
        "agentbus-mapreduce",
        "0.01014",
        "parts of 200 tokens of output and 400 in the end, which the source does not state",
    ),
    (
        "elastic-ratio",
        "3517.24137931034",
        "the two amounts of one query; 1,250 is from averages over queries",
    ),
    (
        "selfroute-k5-meanfield",
        "0.3528",
        "shares of tokens add up; long documents are declined more often, so 0.3863 was measured",
    ),
    (
        "ccusage-gpt5",
        "0.006275",
        "1,000 tokens of input beside 200 of cache reads, as the tool counts; where the vendor counts reads inside the input it is 0.006025",
    ),
    ("pc-ru-old-1.78gb", "2", "a rule in steps of 0.25 that the vendor withdrew; today 1.78"),
    ("pc-ru-old-7.14gb", "7.25", "a rule in steps of 0.25 that the vendor withdrew; today 7.14"),
];

/// Returns what the engine answers, by the rules of vendors; nothing where no adapter knows the kind of example.
fn answer(example: &Example) -> Option<Answer> {
    Some(match example.category.as_str() {
        "agent_session" | "batch_vision" | "long_context" | "peer_suite" | "rag_cached"
        | "simple_completion" | "tiered" => prompts::price(example),
        "breakeven" => ratios::break_even(example),
        "cache_multipliers" => caching::multipliers(example),
        "cache_storage" => caching::storage(example),
        "cached_context" => caching::price(example),
        "cached_context_batch" => caching::blended(example),
        "embedding" => retrieval::embedding(example),
        "image_tokens" => images::tokens(example),
        "index_enrichment_cached" | "index_enrichment_uncached" => retrieval::contexts(example),
        "map_reduce" => retrieval::map_reduce(example),
        "rag" => retrieval::rag(example),
        "rag_fixed" => ratios::fixed(example),
        "rag_rerank" => retrieval::rerank(example),
        "rag_vs_lc_tokens" => retrieval::tokens_saved(example),
        "ratio" => ratios::ratio(example),
        "rerank_units" => retrieval::rerank_units(example),
        "scaling" => ratios::scaling(example),
        "self_route_fallback" => retrieval::self_route_fallback(example),
        "self_route_share" => retrieval::self_route_share(example),
        "time_of_day" => hours::peak(example),
        "vector_memory_size" => stores::memory(example),
        "vector_query_cost" => stores::queries(example),
        "vector_query_units" => stores::read_units(example),
        "vector_storage_cost" => stores::bill(example),
        "vector_storage_size" => stores::size(example),
        "vector_write_units" => stores::write_units(example),
        _ => return None,
    })
}

/// Says how an answer is not what is expected; nothing where it is.
fn difference(found: &Answer, expected: &Value) -> Option<String> {
    let differs = |name: &str, found: Decimal, expected: &Value| {
        let right = number(expected).is_some_and(|expected| same(found, expected));
        (!right).then(|| format!("{name}{found}, not {expected}"))
    };
    match (found, expected) {
        (Answer::Never, Value::Null) => None,
        (Answer::One(found), expected) if !expected.is_object() => differs("", *found, expected),
        (Answer::Named(found), Value::Object(expected)) => {
            expected.iter().find_map(|(name, expected)| match found.iter().find(|(known, _)| known == name) {
                Some((_, found)) => differs(&format!("{name} "), *found, expected),
                None => Some(format!("no {name}")),
            })
        }
        (found, expected) => Some(format!("{found:?}, not {expected}")),
    }
}

/// Returns what the engine answers by the rule for tiers of the tool that an example is from.
fn answer_by_their_rule(example: &Example) -> Answer {
    if prompts::leaves_reads_open(example) {
        prompts::tier_of_reads_alone(example)
    } else {
        prompts::price_by(example, TierRule::Excess)
    }
}

/// Runs an example, or says what keeps it from running: an adapter that is missing or stumbles, an input that it
/// overlooks.
fn run(example: &Example) -> Result<Answer, String> {
    let found = catch_unwind(AssertUnwindSafe(|| answer(example))).map_err(|_| "the adapter stumbles")?;
    let found = found.ok_or("no adapter, and not among the excluded")?;
    let unread = example.unread();
    match unread.iter().find(|name| UNUSED.iter().all(|(unused, _)| unused != *name)) {
        Some(name) => Err(format!("the adapter overlooks `{name}`")),
        None => Ok(found),
    }
}

/// Returns the examples that say something about the engine.
fn ours() -> impl Iterator<Item = Example> {
    all(EXAMPLES).into_iter().filter(|example| EXCLUDED.iter().all(|(id, _)| *id != example.id))
}

/// Returns whether an example is there to be listed with our answer, and not to be equalled.
fn is_disputed(example: &Example) -> bool {
    example.status == "disputed_rule"
}

#[test]
fn every_example_is_answered_as_its_inputs_say() {
    let (mut exact, mut wrong) = (0, Vec::new());
    for example in ours().filter(|example| !is_disputed(example)) {
        println!("{} ({})", example.id, example.category);
        match run(&example).map(|found| difference(&found, &example.expected)) {
            Ok(None) => exact += 1,
            Ok(Some(said)) | Err(said) => wrong.push(format!("{}: {said}", example.id)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(exact >= 140, "{exact} examples");
}

#[test]
fn disputed_tiers_are_priced_by_the_whole_request_and_the_other_rule_can_be_written_in_a_table() {
    for example in ours().filter(is_disputed) {
        let found = run(&example).unwrap_or_else(|said| panic!("{}: {said}", example.id));
        let Some((_, our_answer, why)) = DISPUTED.iter().find(|(id, ..)| *id == example.id) else {
            println!("{}: theirs {}, ours {found:?}: {}", example.id, example.expected, example.derivation);
            continue;
        };
        println!("{}: theirs {}, ours {our_answer}: {why}", example.id, example.expected);
        assert_eq!(difference(&found, &Value::from(*our_answer)), None, "{}", example.id);
        let theirs = answer_by_their_rule(&example);
        assert_eq!(difference(&theirs, &example.expected), None, "{} by the tool's own rule", example.id);
    }
}

#[test]
fn what_sources_got_wrong_or_left_open_is_listed_with_our_answer() {
    let listed: Vec<&Different> = WRONG.iter().chain(READ_SO).collect();
    let known: Vec<Example> = ours().collect();
    for (id, our_answer, why) in &listed {
        let example =
            known.iter().find(|example| example.id == *id).unwrap_or_else(|| panic!("no example {id}"));
        println!("{id}: published {}, ours {our_answer}: {why}", example.published);
        let found = match run(example).unwrap_or_else(|said| panic!("{id}: {said}")) {
            Answer::Named(numbers) => Answer::One(numbers[0].1),
            other => other,
        };
        assert_eq!(difference(&found, &Value::from(*our_answer)), None, "{id}");
    }
    let open = ["wrong_in_source", "ambiguous", "superseded", "convention"];
    for example in known.iter().filter(|example| open.contains(&example.status.as_str())) {
        if listed.iter().all(|(id, ..)| *id != example.id) {
            println!(
                "{}: published {}, ours {}: {}",
                example.id, example.published, example.expected, example.derivation
            );
        }
    }
    assert!(listed.len() >= 23);
}

#[test]
fn what_was_printed_is_met_as_closely_as_it_was_rounded() {
    let (mut met, mut missed) = (0, Vec::new());
    let right = ["solid", "derived", "rounded_in_source", "approximate"];
    for example in ours().filter(|example| right.contains(&example.status.as_str())) {
        let (Some(published), Ok(Answer::One(found))) = (number(&example.published), run(&example)) else {
            continue;
        };
        if (found - published).abs() <= example.tolerance || same(found, published) {
            met += 1;
        } else {
            missed.push(format!("{}: {found}, published {published}", example.id));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(met > 80, "{met} figures");
}

#[test]
fn what_is_excluded_is_there_and_has_a_reason() {
    let known = all(EXAMPLES);
    for (id, reason) in EXCLUDED {
        assert!(known.iter().any(|example| example.id == *id), "no example {id}: {reason}");
    }
}
