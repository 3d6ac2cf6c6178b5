//! Reranking and contexts for chunks: hand-worked calls, bills and refusals.

mod support;

use ragonomics::analysis::compare::compare;
use ragonomics::catalog::Meter;
use ragonomics::usage::{Recurrence, Step, Usage};
use rust_decimal::Decimal;
use support::*;

/// 1,000 requests with a question of 40 tokens over one document of 100 chunks; every chunk is a candidate.
fn reranked(chunk: u32, reranker: &str, more: &str) -> String {
    format!(
        "as_of = 2026-11-22\n[workload]\nrequests_per_month = 1000\n[request]\nsystem_tokens = 0\nquestion_tokens = 40\n\
         output_tokens = 0\n[corpus]\ntokens = {corpus}\ndocument_tokens = {corpus}\n[retrieval]\nchunk_tokens = {chunk}\n\
         overlap_tokens = 0\ncandidates = 100\nreranker = \"{reranker}\"\nembedding = \"none\"\nstore = \"none\"\n{more}\n",
        corpus = 100 * chunk
    )
}

const RERANK: &str = "openai/gpt-4.1:rag_rerank";

/// What ranking costs in a month.
fn rerank_cost(text: &str) -> Decimal {
    let bill = evaluate(text, RERANK).bill;
    let line = bill.lines.iter().find(|line| line.step == "rerank").unwrap();
    assert!(line.per_request);
    line.price.as_ref().unwrap().amount
}

/// What one call of a step uses of a meter.
fn each(usage: &Usage, step: Step, meter: Meter) -> Option<f64> {
    let line = usage.lines.iter().find(|line| line.step == step)?;
    line.per_call.iter().find(|(known, _)| *known == meter).map(|(_, quantity)| *quantity)
}

fn refusal(text: &str, design: &str) -> String {
    let (catalog, scenario) = (catalog_with(""), scenario(text));
    let case = case(&catalog, &scenario);
    case.evaluate(pair(&case, design)).unwrap_err().to_string()
}

#[test]
fn cohere_counts_a_candidate_once_up_to_500_tokens_with_the_question() {
    // 40 + 460 = 500: 100 documents, 1 unit of $2 a thousand, 1,000 times.
    assert_eq!(rerank_cost(&reranked(460, "cohere/rerank-v3.5", "")), dec("2"));
    // 461: ceil(461 / 460) = 2 pieces each, 200, 2 units.
    assert_eq!(rerank_cost(&reranked(461, "cohere/rerank-v3.5", "")), dec("4"));
    // 700: ceil(700 / 460) = 2 pieces each.
    assert_eq!(rerank_cost(&reranked(700, "cohere/rerank-v3.5", "")), dec("4"));
    // 921: 3 pieces each; Rerank 4 Pro costs $2.50 a thousand.
    assert_eq!(rerank_cost(&reranked(921, "cohere/rerank-v4.0-pro", "")), dec("7.5"));
}

#[test]
fn the_101st_candidate_begins_a_unit() {
    let units = |candidates: u32| {
        let text = reranked(100, "cohere/rerank-v3.5", "")
            .replace("candidates = 100", &format!("candidates = {candidates}"));
        let text = text.replace("tokens = 10000\n", "tokens = 20000\n");
        each(&evaluate(&text, RERANK).usage, Step::Rerank, Meter::SearchUnits)
    };
    assert_eq!([units(99), units(100), units(101)], [Some(1.0), Some(1.0), Some(2.0)]);
    // There are 200 chunks, and never fewer candidates than the 5 for the prompt.
    assert_eq!([units(5000), units(0)], [Some(2.0), Some(1.0)]);
}

#[test]
fn rerankers_by_the_token_count_the_question_once_or_with_each_document() {
    // Voyage: 100 x 500 + 100 x 40 = 54,000 tokens at $0.05 a million are $0.0027.
    assert_eq!(rerank_cost(&reranked(500, "voyage/rerank-3", "")), dec("2.7"));
    // Cohere 5: 100 x 500 + 40 = 50,040 tokens at $0.02.
    assert_eq!(rerank_cost(&reranked(500, "cohere/rerank-v5.0-fast", "")), dec("1.0008"));
}

#[test]
fn candidates_come_from_the_store_and_only_the_best_go_into_the_prompt() {
    let text = reranked(460, "cohere/rerank-v3.5", "").replace(
        "embedding = \"none\"\nstore = \"none\"",
        "embedding = \"openai/text-embedding-3-small\"\nstore = \"turbopuffer/launch\"\nmetadata_bytes = 992",
    );
    let reranked = evaluate(&text, RERANK).usage;
    let plain = evaluate(&text, "openai/gpt-4.1:rag").usage;
    // A record gives back 992 bytes and its id of 8.
    assert_eq!(each(&reranked, Step::Search, Meter::BytesReturned), Some(100_000.0));
    assert_eq!(each(&plain, Step::Search, Meter::BytesReturned), Some(5000.0));
    // 5 x 460 + 40
    for usage in [&reranked, &plain] {
        assert_eq!(each(usage, Step::Answer, Meter::Input), Some(2340.0));
    }
    let steps: Vec<Step> = reranked.lines.iter().map(|line| line.step).collect();
    let order = [
        Step::EmbedCorpus,
        Step::WriteIndex,
        Step::StoreIndex,
        Step::EmbedQuestion,
        Step::Search,
        Step::Rerank,
    ];
    assert_eq!(steps, [&order[..], &[Step::Answer]].concat());
    // Beside ranking and what the search gives back it is the same.
    assert_eq!(plain.lines.len() + 1, reranked.lines.len());
}

#[test]
fn nothing_to_rank_is_not_billed() {
    let text = reranked(460, "voyage/rerank-3", "top_k = 0").replace("candidates = 100", "candidates = 0");
    assert_eq!(each(&evaluate(&text, RERANK).usage, Step::Rerank, Meter::Input), None);
    // An empty corpus has no candidates.
    let text =
        reranked(460, "voyage/rerank-3", "").replace("[corpus]\ntokens = 46000", "[corpus]\ntokens = 0");
    assert_eq!(each(&evaluate(&text, RERANK).usage, Step::Rerank, Meter::Input), None);
}

#[test]
fn a_question_as_long_as_the_split_is_refused() {
    let text = |question: u32, reranker: &str| {
        reranked(460, reranker, "").replace("question_tokens = 40", &format!("question_tokens = {question}"))
    };
    assert_eq!(
        refusal(&text(500, "cohere/rerank-v3.5"), RERANK),
        "a question of 500 tokens leaves no room for documents in the reranker's pieces of 500"
    );
    // One token of each piece is left: 100 x 460 pieces are 460 units.
    let units =
        each(&evaluate(&text(499, "cohere/rerank-v3.5"), RERANK).usage, Step::Rerank, Meter::SearchUnits);
    assert_eq!(units, Some(460.0));
    // By the token nothing is split.
    assert_eq!(rerank_cost(&text(500, "cohere/rerank-v5.0-fast")), dec("0.93"));
}

#[test]
fn a_chunk_that_does_not_fit_the_reranker_is_refused() {
    assert_eq!(
        refusal(&reranked(4060, "cohere/rerank-v3.5", ""), RERANK),
        "reranking a chunk with the question: over the 4,096 token window by 4"
    );
    assert_eq!(rerank_cost(&reranked(4056, "cohere/rerank-v3.5", "")), dec("18"));
}

#[test]
fn without_a_reranker_or_its_rule_there_is_no_cost() {
    let table = "[vendor]\nid = \"acme\"\n[[product]]\nid = \"chat\"\nkind = \"chat\"\nwindow = 100_000\n[[product.price]]\n\
                 from = 2026-01-01\ninput_per_mtok = 1\noutput_per_mtok = 2\nsource = \"page\"\nchecked = 2026-11-01\n";
    let rerankers = "[[product]]\nid = \"rank\"\nkind = \"rerank\"\n[[product.price]]\nfrom = 2026-01-01\n\
                     search_unit_per_k = 2\nsource = \"page\"\nchecked = 2026-11-01\n";
    let why = |table: &str, reranker: &str| {
        let text = reranked(460, "x", "[compare]\nmodels = [\"acme/chat\"]\nstrategies = [\"rag_rerank\"]");
        let (catalog, scenario) = (catalog_of(table), scenario(&text.replace("reranker = \"x\"", reranker)));
        let comparison = compare(&case(&catalog, &scenario));
        let row = &comparison.rows[0];
        assert_eq!((row.monthly, row.cheapest), (None, false));
        row.reason.as_ref().unwrap().to_string()
    };
    assert_eq!(why(table, ""), "no reranker; retrieval.reranker names one");
    let unknown = why(&format!("{table}{rerankers}"), "reranker = \"acme/rank\"");
    assert_eq!(unknown, "how the reranker counts search units is not known");
}

#[test]
fn a_reranker_and_a_writer_of_contexts_outside_the_constraints_are_refused() {
    let text = |constraints: &str| {
        reranked(
            460,
            "cohere/rerank-v3.5",
            &format!("[contextual]\nmodel = \"deepseek/deepseek-flash\"\n[constraints]\n{constraints}"),
        )
    };
    let vendors = text("vendors = [\"openai\"]");
    assert_eq!(refusal(&vendors, RERANK), "reranker: vendor not allowed by the scenario's constraints");
    assert_eq!(
        refusal(&vendors, "openai/gpt-4.1:contextual_rag"),
        "model of the contexts: vendor not allowed by the scenario's constraints"
    );
    assert!(evaluate(&vendors, "openai/gpt-4.1:rag").bill.total(Recurrence::Monthly).complete);
    let models = text("models = [\"openai/gpt-4.1\", \"cohere/rerank-*\"]");
    assert!(evaluate(&models, RERANK).bill.total(Recurrence::Monthly).complete);
}

/// A million tokens in documents of 8,000 and chunks of 800, on a day of Claude 3 Haiku.
const CLAUDE: &str = "as_of = 2024-09-20\n[workload]\nrequests_per_month = 1\n[request]\nsystem_tokens = 0\nquestion_tokens = 0\n\
                      output_tokens = 0\n[corpus]\ntokens = 1_000_000\ndocument_tokens = 8000\nchanged_per_month = 0\n[retrieval]\n\
                      chunk_tokens = 800\noverlap_tokens = 0\ntop_k = 20\nembedding = \"none\"\nstore = \"none\"\n";

const HAIKU: &str = "anthropic/claude-3-haiku-20240307:contextual_rag";

fn total(text: &str, design: &str, recurrence: Recurrence) -> Decimal {
    evaluate(text, design).bill.total(recurrence).amount().unwrap()
}

#[test]
fn contexts_for_a_million_tokens_cost_99_cents_with_claude_3_haiku() {
    let evaluation = evaluate(CLAUDE, HAIKU);
    // Written: 125 x 8,000 at $0.30. Read: 125 x 9 x 8,000 at $0.03. Chunks: 1,250 x 850 at $0.25. Contexts: 1,250 x 100 at
    // $1.25. 0.30 + 0.27 + 0.265625 + 0.15625 = 0.991875.
    assert_eq!(evaluation.bill.total(Recurrence::OneOff).amount(), Some(dec("0.991875")));
    // 20 x (800 + 100) tokens in the prompt, at $0.25.
    assert_eq!(evaluation.bill.total(Recurrence::Monthly).amount(), Some(dec("0.0045")));
}

#[test]
fn a_call_of_its_own_that_writes_the_document_makes_the_published_102_cents() {
    // A read for every chunk: 125 x 10 x 8,000 at $0.03 are 0.30. 0.30 + 0.30 + 0.265625 + 0.15625 = 1.021875.
    let warmed = format!("{CLAUDE}[contextual]\nwarm_up = true\n");
    let evaluation = evaluate(&warmed, HAIKU);
    assert_eq!(evaluation.bill.total(Recurrence::OneOff).amount(), Some(dec("1.021875")));
    let usage = &evaluation.usage;
    assert_eq!(each(usage, Step::WriteContextsMiss, Meter::CacheWrite), Some(8000.0));
    assert_eq!(each(usage, Step::WriteContextsMiss, Meter::Input), None);
    let hits = usage.lines.iter().find(|line| line.step == Step::WriteContextsHit).unwrap();
    assert_eq!((hits.count(), hits.output_tokens()), (1250.0, 100.0));
    // Below the cache's minimum, or with one chunk a document, there is nothing to warm up.
    for (from, to) in [("document_tokens = 8000", "document_tokens = 2000"), ("= 800\n", "= 8000\n")] {
        let (plain, warmed) = (CLAUDE.replace(from, to), warmed.replace(from, to));
        assert_eq!(total(&plain, HAIKU, Recurrence::OneOff), total(&warmed, HAIKU, Recurrence::OneOff));
    }
}

#[test]
fn what_changes_gets_new_contexts_each_month() {
    let text = CLAUDE.replace("changed_per_month = 0", "changed_per_month = 0.1");
    assert_eq!(total(&text, HAIKU, Recurrence::OneOff), dec("0.991875"));
    assert_eq!(total(&text, HAIKU, Recurrence::Monthly), dec("0.0991875") + dec("0.0045"));
    // Three tenants have three corpora.
    let text = format!("{text}\n[tenants]\ncount = 3\n");
    assert_eq!(total(&text, HAIKU, Recurrence::OneOff), dec("2.975625"));
}

#[test]
fn a_document_too_short_for_the_cache_is_sent_whole_with_each_chunk() {
    // Below the minimum of 2,048: 500 documents of 2,000 in chunks of 800, 800, 400.
    // In: 500 x (3 x 2,050 + 2,000) = 4,075,000 at $0.25. Out: 1,500 x 100 at $1.25.
    let text = CLAUDE.replace("document_tokens = 8000", "document_tokens = 2000");
    let evaluation = evaluate(&text, HAIKU);
    assert_eq!(evaluation.bill.total(Recurrence::OneOff).amount(), Some(dec("1.01875") + dec("0.1875")));
    let steps: Vec<Step> = evaluation.usage.lines.iter().map(|line| line.step).collect();
    assert_eq!(steps, [Step::WriteContexts, Step::WriteContextsLast, Step::Answer]);
    // A document of one chunk: nothing would read what is cached.
    let text =
        CLAUDE.replace("document_tokens = 8000", "document_tokens = 4000").replace("= 800\n", "= 4000\n");
    // In: 250 x 8,050 at $0.25. Out: 250 x 100 at $1.25.
    assert_eq!(total(&text, HAIKU, Recurrence::OneOff), dec("0.503125") + dec("0.03125"));
}

#[test]
fn the_last_chunk_and_the_last_document_have_their_own_length() {
    // 20,000 tokens: 2 documents of 8,000 and one of 4,000; chunks of 1,000 that share 100.
    // 8,000: 1 + ceil(7,000 / 900) = 9 chunks, the last of 8,000 - 8 x 900 = 800; 4,000: 5 chunks, the last of 400.
    let text = CLAUDE.replace("1_000_000", "20_000").replace("= 800\n", "= 1000\n");
    let usage = evaluate(&text.replace("overlap_tokens = 0", "overlap_tokens = 100"), HAIKU).usage;
    let lines = usage.lines.iter().filter(|line| line.recurrence == Recurrence::OneOff);
    let found: Vec<(Step, f64, f64, f64)> =
        lines.map(|line| (line.step, line.count(), line.input_tokens(), line.output_tokens())).collect();
    let expected = [
        (Step::WriteContextsMiss, 2.0, 9050.0, 100.0),
        (Step::WriteContextsHit, 14.0, 9050.0, 100.0),
        (Step::WriteContextsLast, 2.0, 8850.0, 100.0),
        (Step::WriteContextsMiss, 1.0, 5050.0, 100.0),
        (Step::WriteContextsHit, 3.0, 5050.0, 100.0),
        (Step::WriteContextsLast, 1.0, 4450.0, 100.0),
    ];
    assert_eq!(found, expected);
}

#[test]
fn contexts_enlarge_embeddings_records_and_prompts() {
    let text = CLAUDE.replace("as_of = 2024-09-20", "as_of = 2026-11-22").replace(
        "embedding = \"none\"\nstore = \"none\"",
        "embedding = \"openai/text-embedding-3-small\"\nstore = \"turbopuffer/launch\"\nmetadata_bytes = 1000",
    );
    let plain = evaluate(&text, "openai/gpt-4.1:rag").usage;
    let contextual = evaluate(&text, "openai/gpt-4.1:contextual_rag").usage;
    let both = |step, meter| [each(&plain, step, meter).unwrap(), each(&contextual, step, meter).unwrap()];
    // 1,250 chunks, 100 tokens more each.
    assert_eq!(both(Step::EmbedCorpus, Meter::Input), [1_000_000.0, 1_125_000.0]);
    assert_eq!(both(Step::Answer, Meter::Input), [16_000.0, 18_000.0]);
    // 1,000 bytes of 800 tokens become 1,125 of 900.
    let [before, after] = both(Step::WriteIndex, Meter::BytesWritten);
    assert_eq!(after - before, 1250.0 * 125.0);
    let [before, after] = both(Step::Search, Meter::BytesReturned);
    assert_eq!(after - before, 20.0 * 125.0);
}

#[test]
fn another_model_can_write_the_contexts() {
    let text = format!("{CLAUDE}[contextual]\nmodel = \"claude-3-haiku\"\n");
    let design = "openai/gpt-4o-2024-05-13:contextual_rag";
    let evaluation = evaluate(&text, design);
    assert_eq!(evaluation.bill.total(Recurrence::OneOff).amount(), Some(dec("0.991875")));
    // 18,000 tokens at $5.
    assert_eq!(evaluation.bill.total(Recurrence::Monthly).amount(), Some(dec("0.09")));
    // Its calls are none of a request's.
    assert_eq!(evaluation.usage.per_request(1.0), (18_000.0, 0.0, 1.0));
}

#[test]
fn a_document_larger_than_the_window_of_the_writer_is_refused_with_its_size() {
    // 199,050 + 800 + 50 + 100 = 200,000.
    let text =
        |document: u32| CLAUDE.replace("document_tokens = 8000", &format!("document_tokens = {document}"));
    assert!(evaluate(&text(199_050), HAIKU).bill.total(Recurrence::OneOff).complete);
    let expected = "writing contexts for a document of 199,051 tokens: over the 200,000 token window by 1";
    assert_eq!(refusal(&text(199_051), HAIKU), expected);
    // The model that writes them counts, not the one that answers.
    let other = format!("{}[contextual]\nmodel = \"claude-3-haiku\"\n", text(199_051));
    assert_eq!(refusal(&other, "openai/gpt-4o-2024-05-13:contextual_rag"), expected);
    // No document is longer than the corpus.
    let short = text(199_051).replace("1_000_000", "100_000");
    assert!(evaluate(&short, HAIKU).bill.total(Recurrence::OneOff).complete);
}

#[test]
fn a_fee_for_each_request_is_owed_for_contexts_too() {
    let table = "[vendor]\nid = \"acme\"\n[[product]]\nid = \"chat\"\nkind = \"chat\"\nwindow = 100_000\n[[product.price]]\n\
                 from = 2024-01-01\ninput_per_mtok = 1\noutput_per_mtok = 2\nrequest_per_k = 10\nsource = \"page\"\n\
                 checked = 2024-09-01\n";
    let (catalog, scenario) = (catalog_with(table), scenario(CLAUDE));
    let case = case(&catalog, &scenario);
    let bill = case.evaluate(pair(&case, "acme/chat:contextual_rag")).unwrap().bill;
    // In: 1,250 x 8,850 at $1. Out: 1,250 x 100 at $2. Fees: 1,250 at one cent.
    assert_eq!(bill.total(Recurrence::OneOff).amount(), Some(dec("11.0625") + dec("0.25") + dec("12.5")));
}
