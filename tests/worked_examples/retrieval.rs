//! Prompts with chunks, contexts for chunks, embeddings, reranking, parts that are put together.

use ragonomics::catalog::Meter;
use ragonomics::usage::Step;

use super::bench::{Bench, Table, Work, requests_at_which_both_cost_the_same};
use super::example::{Answer, Example, in_percent, shifted};
use super::prompts;

/// A corpus with more chunks than any example asks for.
const LARGE: &str = "1B";

/// Prompts with retrieved chunks, or with input that is given as a whole.
pub fn rag(example: &Example) -> Answer {
    if !example.has("chunk_tokens") {
        return prompts::price(example);
    }
    let (input, output) =
        (example.text("price_input_mtok"), example.maybe("price_output_mtok").unwrap_or("0".into()));
    let prices = [("input_per_mtok", &*input), ("output_per_mtok", &*output)];
    let work = prompts::requests(example, retrieving(example, "rag"))
        .with("retrieval.top_k", &example.any(&["chunks", "top_k"]).expect("how many chunks"));
    Bench::new(Table::default().chat("one", &prices), work).monthly("t/one:rag").into()
}

/// A request of the example's texts with chunks from a large corpus.
fn retrieving(example: &Example, strategies: &str) -> Work {
    Work::of(strategies)
        .with("corpus.tokens", LARGE)
        .with("corpus.document_tokens", LARGE)
        .given("retrieval.chunk_tokens", example.maybe("chunk_tokens"))
        .given("request.system_tokens", example.maybe("system_tokens"))
        .given("request.question_tokens", example.any(&["question_tokens", "input_tokens"]))
        .given("request.output_tokens", example.maybe("output_tokens"))
}

/// By how many percent fewer chunks make the prompt smaller.
pub fn fewer_chunks(example: &Example) -> Answer {
    let size = |key: &str| {
        let work = retrieving(example, "rag").with("retrieval.top_k", &example.text(key));
        Bench::new(Table::default().chat("one", &[("input_per_mtok", "1")]), work)
            .monthly("t/one:rag")
            .to_string()
    };
    super::ratios::saved_percent(&size("k_from"), &size("k_to"))
}

/// A reranker that counts search units.
fn reranker(documents_per_unit: &str, price_per_k: &str) -> Table {
    let facts = format!("[product.rerank]\ndocuments_per_unit = {documents_per_unit}\n");
    Table::default().product("ranker", "rerank", &facts, &[("search_unit_per_k", price_per_k)], "")
}

/// A prompt and the search units of its reranking, or a month of requests at a price.
pub fn rerank(example: &Example) -> Answer {
    if let Some(amount) = example.maybe("per_query_usd") {
        return prompts::per_request_amounts(example, &amount);
    }
    let table = reranker("1", &shifted(&example.text("price_rerank_unit"), 3)).chat(
        "one",
        &[
            ("input_per_mtok", &example.text("price_input_mtok")),
            ("output_per_mtok", &example.text("price_output_mtok")),
        ],
    );
    let work = prompts::requests(example, retrieving(example, "rag_rerank"))
        .with("retrieval.reranker", "\"t/ranker\"")
        .with("retrieval.candidates", &example.text("rerank_units"))
        // Chunks and question together are below the split, so that each is one unit.
        .with("retrieval.chunk_tokens", "1")
        .with("request.question_tokens", "0")
        .with("request.system_tokens", &example.text("input_tokens"));
    Bench::new(table, work).monthly("t/one:rag_rerank").into()
}

/// The search units of one request and what they cost.
pub fn rerank_units(example: &Example) -> Answer {
    let table =
        reranker(&example.text("docs_per_unit"), &example.text("price_per_1k_units")).free_chat("one");
    let work = retrieving(example, "rag_rerank")
        .with("retrieval.reranker", "\"t/ranker\"")
        .with("retrieval.candidates", &example.text("documents"))
        .given("retrieval.chunk_tokens", example.maybe("document_tokens"))
        .given("request.question_tokens", example.maybe("query_tokens"));
    let work = if example.has("document_tokens") { work } else { work.with("retrieval.chunk_tokens", "1") };
    let bench = Bench::new(table, work);
    Answer::Named(vec![
        ("units", bench.used("t/one:rag_rerank", Step::Rerank, Meter::SearchUnits)),
        ("usd", bench.monthly("t/one:rag_rerank")),
    ])
}

/// What contexts for chunks cost for a million tokens of documents. A million documents of d tokens are d times as much,
/// which holds for documents of any size.
pub fn contexts(example: &Example) -> Answer {
    let document = example.text("doc_tokens");
    let mut prices = vec![
        ("input_per_mtok", example.text("price_input_mtok")),
        ("output_per_mtok", example.text("price_output_mtok")),
    ];
    let cached = example.has("price_cache_write_mtok");
    if cached {
        prices.push(("cache_write_per_mtok", example.text("price_cache_write_mtok")));
        prices.push(("cached_input_per_mtok", example.text("price_cache_read_mtok")));
    }
    let prices: Vec<(&str, &str)> = prices.iter().map(|(key, price)| (*key, price.as_str())).collect();
    let cache = "[[product.cache]]\nmode = \"explicit\"\nttl_minutes = 5\nwrite = \"cache_write\"\n";
    let table = Table::default().chat_with("one", if cached { cache } else { "" }, &prices, "");
    assert_eq!(
        example.maybe("cache_writes_per_doc").unwrap_or("1".into()),
        "1",
        "{}: several writes",
        example.id
    );
    // A read for every chunk beside the write means that the write is a call of its own.
    let warm_up = cached && example.text("cache_reads_per_doc") == example.text("chunks_per_doc");
    let work = Work::of("contextual_rag")
        .with("tenants.count", "1_000_000")
        .with("corpus.tokens", &document)
        .with("corpus.document_tokens", &document)
        .with("retrieval.chunk_tokens", &example.text("chunk_tokens"))
        .with("contextual.instruction_tokens", &example.text("instruction_tokens"))
        .with("contextual.context_tokens", &example.text("context_output_tokens"))
        .with("contextual.warm_up", if warm_up { "true" } else { "false" });
    let all = Bench::new(table, work).once("t/one:contextual_rag");
    let of_a_million = requests_at_which_both_cost_the_same(&[
        ("long_context", "monthly", all.to_string()),
        ("rag", "per_request", document),
    ]);
    of_a_million.expect("contexts that cost something").into()
}

/// Texts that are embedded: once for an index, or with each question.
pub fn embedding(example: &Example) -> Answer {
    let price = example.text("price_mtok");
    let facts = "dimensions = 1\n";
    let table = || {
        Table::default().free_chat("one").product(
            "vectors",
            "embedding",
            facts,
            &[("input_per_mtok", &price)],
            "",
        )
    };
    let work = Work::of("long_context rag").with("retrieval.embedding", "\"t/vectors\"");
    if let Some(page) = example.maybe("tokens_per_page") {
        // Pages that cost a dollar.
        let work =
            work.with("request.question_tokens", &page).cost("dollar", "monthly", "1", Some("long_context"));
        let pages = Bench::new(table(), work).crossing(
            "workload.requests_per_month",
            super::bench::REQUESTS,
            "t/one:long_context",
            "t/one:rag",
        );
        return pages.expect("pages that cost something").into();
    }
    let tokens = example.any(&["tokens", "tokens_each"]).expect("tokens of a text");
    if example.id.contains("index") {
        let documents = example.maybe("items").unwrap_or("1".into());
        let work = work.with("corpus.tokens", &tokens).with("corpus.document_tokens", &tokens);
        return Bench::new(table(), work.with("tenants.count", &documents)).once("t/one:rag").into();
    }
    let work = prompts::requests(example, work.with("request.question_tokens", &tokens));
    Bench::new(table(), work).monthly("t/one:rag").into()
}

/// A corpus that is read in parts whose outputs are put together, or a small model before a large one.
pub fn map_reduce(example: &Example) -> Answer {
    let document = example.text("doc_tokens");
    if example.has("price_small_input_mtok") {
        return small_before_large(example, &document);
    }
    let (input, output) = (example.text("price_input_mtok"), example.text("price_output_mtok"));
    let prices = [("input_per_mtok", &*input), ("output_per_mtok", &*output)];
    let summary = example.any(&["summary_tokens", "summary_tokens_assumed"]).expect("the output of a part");
    let work = Work::of("map_reduce")
        .with("corpus.tokens", &document)
        .with("map_reduce.parts", &example.text("chunks"))
        .with("map_reduce.map_output_tokens", &summary)
        .given("request.output_tokens", example.any(&["final_tokens", "final_tokens_assumed"]));
    Bench::new(Table::default().chat("one", &prices), work).monthly("t/one:map_reduce").into()
}

/// A small model writes what a large one reads.
fn small_before_large(example: &Example, document: &str) -> Answer {
    let (input, output) = (example.text("price_small_input_mtok"), example.text("price_small_output_mtok"));
    let large_output = example.maybe("price_large_output_mtok").unwrap_or("0".into());
    let table =
        Table::default().chat("small", &[("input_per_mtok", &input), ("output_per_mtok", &output)]).chat(
            "large",
            &[
                ("input_per_mtok", &example.text("price_large_input_mtok")),
                ("output_per_mtok", &large_output),
            ],
        );
    let summary = example.text("summary_tokens");
    let work = Work::of("long_context")
        .table(
            "call",
            &format!("name = \"summary\"\nproduct = \"t/small\"\ninput_tokens = {document}\noutput_tokens = {summary}\n"),
        )
        .with("request.question_tokens", &summary)
        .given("request.output_tokens", example.maybe("final_tokens"));
    Bench::new(table, work).monthly("t/large:long_context").into()
}

/// The share of long-context tokens that retrieval takes with the long context behind it, for what it cannot answer.
///
/// Of two classes of requests the one that can be answered has the share that is given; the other is what is left, and
/// all of it is declined. Words stand for tokens. The share is how many whole contexts cost as much.
pub fn self_route_share(example: &Example) -> Answer {
    let (context, chunk) = match example.maybe("rag_share") {
        // Shares of 10⁹ tokens.
        Some(share) => ("1_000_000_000".to_owned(), shifted(&share, 9)),
        None => (example.text("avg_context_words"), example.text("chunk_words")),
    };
    let answered = example.text("answerable_fraction");
    let work = hybrid(&context, &chunk, &example.maybe("top_k").unwrap_or("1".into()))
        .table("class", &format!("name = \"answerable\"\nshare = {answered}\ndeclined_share = 0\n"))
        .table("class", "name = \"unanswerable\"\ndeclined_share = 1\n")
        .table(
            "call",
            &format!(
                "name = \"whole\"\nproduct = \"t/one\"\nstrategies = [\"long_context\"]\ninput_tokens = {context}\n"
            ),
        );
    let share = Bench::new(one_and_free(), work).crossing(
        "call.whole.share",
        (0.0, 10.0),
        "t/one:hybrid",
        "t/free:long_context",
    );
    share.expect("a share").into()
}

/// The share of requests, in percent, that must have fallen back for retrieval to take so many tokens of the long context.
pub fn self_route_fallback(example: &Example) -> Answer {
    // A percent of the context is a million tokens.
    let chunk = shifted(&example.text("rag_token_percent"), 6);
    let whole = shifted(&example.text("self_route_token_percent"), 6);
    let work = hybrid("100_000_000", &chunk, "1").table(
        "call",
        &format!("name = \"measured\"\nproduct = \"t/one\"\nstrategies = [\"long_context\"]\ninput_tokens = {whole}\n"),
    );
    let share = Bench::new(one_and_free(), work).crossing(
        "hybrid.declined_share",
        (0.0, 1.0),
        "t/one:hybrid",
        "t/free:long_context",
    );
    in_percent(share.expect("a share")).into()
}

fn hybrid(context: &str, chunk: &str, top_k: &str) -> Work {
    Work::of("hybrid long_context")
        .with("corpus.tokens", context)
        .with("corpus.document_tokens", context)
        .with("retrieval.chunk_tokens", chunk)
        .with("retrieval.top_k", top_k)
}

fn one_and_free() -> Table {
    Table::default().chat("one", &[("input_per_mtok", "1")]).free_chat("free")
}

/// By how many tokens retrieval is below the long context: money saved where a token costs one.
pub fn tokens_saved(example: &Example) -> Answer {
    let context = example.text("lc_tokens");
    let work = Work::of("rag long_context")
        .with("corpus.tokens", &context)
        .with("corpus.document_tokens", &context)
        .with("retrieval.chunk_tokens", &example.text("rag_tokens"))
        .with("retrieval.top_k", "1")
        .with("plan", "\"t/one:rag\"")
        .with("baseline", "\"t/one:long_context\"");
    let table = Table::default().chat("one", &[("input_per_mtok", "1_000_000")]);
    Bench::new(table, work).saving().monthly.into()
}
