//! Prefixes that are cached: hits and writes, rent, multipliers, and when a cache pays.

use jiff::civil::Date;
use ragonomics::analysis::request::{Pricer, Request};
use ragonomics::catalog::rate::{Moment, Service};
use ragonomics::catalog::{Catalog, Meter};
use ragonomics::units::{Currency, decimal};
use ragonomics::usage::{Recurrence, Step};
use rust_decimal::Decimal;

use super::bench::{Bench, Table, Work, requests_at_which_both_cost_the_same};
use super::example::{Answer, Example, in_percent, same, shifted};
use super::prompts;
use crate::support;

const MILLION: f64 = 1e6;

/// Facts of a model whose cache writes are billed as `write`.
fn cache(write: &str, ttl_minutes: &str, rent: bool) -> String {
    format!(
        "[[product.cache]]\nmode = \"explicit\"\nttl_minutes = {ttl_minutes}\nwrite = \"{write}\"\nrent = {rent}\n"
    )
}

/// Prices requests with a cached prefix, by what the example says of them.
pub fn price(example: &Example) -> Answer {
    let has = |key| example.has(key);
    if has("per_request_usd") {
        prompts::per_request_amounts(example, &example.text("per_request_usd"))
    } else if has("prefix_tokens") {
        prefix_of_many_calls(example)
    } else if has("static_tokens") {
        repeated_with_fresh_text(example)
    } else if has("price_write_mtok") {
        one_request_of_a_kind(example)
    } else if has("corpus_tokens") || has("cached_tokens") {
        hits(example)
    } else {
        prompts::price(example)
    }
}

/// Requests of which a share finds the prefix, or all; a miss costs plain input.
fn hits(example: &Example) -> Answer {
    let read = example.any(&["price_cache_read_mtok", "price_read_mtok"]).expect("a price of reads");
    let input = example.maybe("price_input_mtok").unwrap_or(read.clone());
    let output = example.maybe("price_output_mtok").unwrap_or("0".into());
    let prices =
        [("input_per_mtok", &*input), ("cached_input_per_mtok", &*read), ("output_per_mtok", &*output)];
    let table = Table::default().chat_with("one", &cache("input", "5", false), &prices, "");
    let work = prompts::requests(example, Work::of("cached_context"))
        .with("corpus.tokens", &example.any(&["corpus_tokens", "cached_tokens"]).expect("a prefix"))
        .with("caching.hit_share", &example.maybe("hit_fraction").unwrap_or("1".into()))
        .given("request.question_tokens", example.maybe("fresh_tokens"))
        .given("request.output_tokens", example.maybe("output_tokens"));
    let work = match example.maybe("output_usd") {
        Some(fee) => work.cost("output", "per_request", &fee, None),
        None => work,
    };
    Bench::new(table, work).monthly("t/one:cached_context").into()
}

/// Turns that begin with the same prefix: the first writes it, the others find it.
fn turns(count: &str, prefix: &str) -> Work {
    Work::of("conversation")
        .with("conversation.turns", count)
        .with("corpus.tokens", prefix)
        .with("caching.hit_share", "0")
}

/// A model with a cache whose writes have a price, and one without a cache.
fn with_and_without(write_key: &str, write: &str, read: &str, input: &str) -> Table {
    let name = write_key.trim_end_matches("_per_mtok");
    let prices = [("input_per_mtok", input), (write_key, write), ("cached_input_per_mtok", read)];
    Table::default()
        .chat_with("one", &cache(name, "60", false), &prices, "")
        .chat("plain", &[("input_per_mtok", input)])
}

/// A prefix that is written once and read by all calls but the first, against no cache.
fn prefix_of_many_calls(example: &Example) -> Answer {
    let (key, meter, write) = match example.maybe("price_write_1h_mtok") {
        Some(write) => ("cache_write_1h_per_mtok", Meter::CacheWrite1h, write),
        None => {
            let write = example.any(&["price_write_mtok", "price_cache_write_mtok", "price_write_5m_mtok"]);
            ("cache_write_per_mtok", Meter::CacheWrite, write.expect("a price of writes"))
        }
    };
    let read = example.any(&["price_read_mtok", "price_cache_read_mtok"]).expect("a price of reads");
    let table = with_and_without(key, &write, &read, &example.text("price_input_mtok"));
    let (cached, plain) = ("t/one:conversation", "t/plain:conversation");
    let work = turns(&example.text("calls"), &example.text("prefix_tokens"))
        .with("plan", &format!("\"{cached}\""))
        .with("baseline", &format!("\"{plain}\""));
    let bench = Bench::new(table, work);
    let saved = bench.saving().share.expect("a baseline that costs something");
    Answer::Named(vec![
        ("write", bench.charged(cached, meter)),
        ("reads", bench.charged(cached, Meter::CachedInput)),
        ("cached_total", bench.monthly(cached)),
        ("uncached", bench.monthly(plain)),
        ("saving_percent", in_percent(decimal(saved))),
    ])
}

/// Requests in a row with a fixed beginning, which the first pays as plain input, and fresh text that nobody sees again.
fn repeated_with_fresh_text(example: &Example) -> Answer {
    let (input, read) = (example.text("price_input_mtok"), example.text("price_cache_read_mtok"));
    let prices = [("input_per_mtok", &*input), ("cached_input_per_mtok", &*read)];
    let table = Table::default().chat_with("one", &cache("input", "60", false), &prices, "");
    let work = turns(&example.text("requests"), &example.text("static_tokens"))
        .with("request.question_tokens", &example.text("dynamic_tokens"))
        .with("conversation.history", "\"window\"")
        .with("conversation.window_turns", "0");
    Bench::new(table, work).monthly("t/one:conversation").into()
}

/// One request that writes, reads or does without: what the id says. `extra` is what a write costs more than that.
fn one_request_of_a_kind(example: &Example) -> Answer {
    let (input, write) = (example.text("price_input_mtok"), example.text("price_write_mtok"));
    let read = example.text("price_read_mtok");
    let table = with_and_without("cache_write_per_mtok", &write, &read, &input);
    let (cached, plain) = ("t/one:cached_context", "t/one:long_context");
    let of_kind = |kinds: &[&str]| kinds.iter().any(|kind| example.id.split('-').any(|part| part == *kind));
    let hits = if of_kind(&["read", "hit", "cached"]) { "1" } else { "0" };
    let work = Work::of("cached_context long_context")
        .with("corpus.tokens", &example.text("tokens"))
        .with("caching.hit_share", hits)
        .with("plan", &format!("\"{plain}\""))
        .with("baseline", &format!("\"{cached}\""));
    let bench = Bench::new(table, work);
    if of_kind(&["extra", "premium"]) {
        bench.saving().monthly.into()
    } else if of_kind(&["plain", "uncached", "nocache"]) {
        bench.monthly(plain).into()
    } else {
        bench.monthly(cached).into()
    }
}

/// A million tokens written to a cache that takes rent, for its lifetime.
pub fn storage(example: &Example) -> Answer {
    let (input, rent) = (example.text("price_input_mtok"), example.text("price_storage_mtok_hour"));
    let prices = [
        ("input_per_mtok", &*input),
        ("cached_input_per_mtok", "0"),
        ("cache_storage_per_mtok_hour", &*rent),
    ];
    let facts = cache("input", &example.text("ttl_minutes"), true);
    let table = Table::default().chat_with("one", &facts, &prices, "");
    let work = Work::of("cached_context").with("corpus.tokens", "1M").with("caching.hit_share", "0");
    Bench::new(table, work).monthly("t/one:cached_context").into()
}

/// Calls of which a share goes through a batch queue with a discount.
pub fn blended(example: &Example) -> Answer {
    let (call, off) = (example.text("per_call"), example.text("batch_discount"));
    let after = format!("[[product.price.when]]\nservice = \"batch\"\npercent_off = {}\n", shifted(&off, 2));
    let table = Table::default().chat_with("one", "", &[("input_per_mtok", &call)], &after);
    let work = Work::of("long_context")
        .with("corpus.tokens", "1M")
        .with("service.batch_share", &example.text("batch_share"));
    Bench::new(table, work).monthly("t/one:long_context").into()
}

/// The shipped prices of the model that the id names, for a million tokens; the multiplier of a read is how many plain
/// requests cost as much as one that reads.
pub fn multipliers(example: &Example) -> Answer {
    let catalog = support::catalog_with("");
    let product = named_model(&catalog, example.id.trim_start_matches("ant-multipliers-"));
    // Today, or the day on which plain input began to cost what is stated.
    let id = catalog.find(&product).unwrap();
    let days = [support::TODAY].into_iter().chain(catalog.product(id).prices.iter().map(|card| card.from));
    let on = |day: Date, parts: &[(Meter, f64)]| single(&catalog, &product, parts, day, Moment::Spread);
    let stated = support::dec(&example.text("price_input_mtok"));
    let day = days.into_iter().find(|day| on(*day, &[(Meter::Input, MILLION)]) == stated);
    let day = day.unwrap_or_else(|| panic!("{product}: input never cost {stated}"));
    let price = |parts: &[(Meter, f64)]| on(day, parts);
    let plain = price(&[(Meter::Input, MILLION)]);
    let read = price(&[(Meter::Input, MILLION), (Meter::CachedInput, MILLION)]);
    let write = [(Meter::Input, MILLION), (Meter::CacheWrite, MILLION)];
    let (write_5m, write_1h) =
        (price(&write), price(&[&write[..], &[(Meter::CacheWrite1h, MILLION)]].concat()));
    let multiplier = |price: Decimal| {
        let costs =
            [("long_context", "monthly", price.to_string()), ("rag", "per_request", plain.to_string())];
        requests_at_which_both_cost_the_same(&costs).expect("a price above zero")
    };
    for (key, price) in [("write_5m_multiplier", write_5m), ("write_1h_multiplier", write_1h)] {
        let (found, stated) = (multiplier(price), support::dec(&example.text(key)));
        assert!(same(found, stated), "{product}: {key} is {found}, not {stated}");
    }
    Answer::Named(vec![
        ("write_5m", write_5m),
        ("write_1h", write_1h),
        ("read", read),
        ("read_multiplier", multiplier(read)),
    ])
}

/// Returns the id of the model that is called so: Opus 4.1 is `claude-opus-4-1`, Haiku 3.5 `claude-3-5-haiku`.
fn named_model(catalog: &Catalog, name: &str) -> String {
    let name = name.replace('.', "-");
    let (family, version) = name.split_once('-').expect("a family and a version");
    let ids = [format!("anthropic/claude-{name}"), format!("anthropic/claude-{version}-{family}")];
    let known = ids.iter().find(|id| catalog.find(id).is_ok());
    known.unwrap_or_else(|| panic!("no model called {name}")).clone()
}

/// Prices one request as `price` does.
pub fn single(
    catalog: &Catalog,
    product: &str,
    quantities: &[(Meter, f64)],
    date: Date,
    moment: Moment,
) -> Decimal {
    let request = Request {
        product: catalog.find(product).unwrap_or_else(|fault| panic!("{fault}")),
        date,
        moment,
        service: Service::Standard,
        variant: None,
        quantities: quantities.to_vec(),
    };
    let bill = Pricer::new(catalog, Currency::USD, None).price(&request).unwrap();
    bill.total(Recurrence::Monthly).amount().expect("known prices")
}

/// From how many reads on a write is paid back: a prefix of a million tokens that is written once and read so many
/// times, against as many plain requests.
pub fn pays_from(example: &Example) -> Answer {
    let (input, write) = (example.text("price_input_mtok"), example.text("price_write_mtok"));
    let table = with_and_without("cache_write_per_mtok", &write, &example.text("price_read_mtok"), &input);
    // The reads are one call for both sides: of the model that caches it costs a read, of the other plain input.
    let reads = "name = \"again\"\nuses = { cached_input_tokens = 1_000_000 }\n";
    let table = table.chat("uncached", &[("input_per_mtok", &input), ("cached_input_per_mtok", &input)]);
    let work = Work::of("long_context rag")
        .table(
            "call",
            "name = \"write\"\nstrategies = [\"long_context\"]\nuses = { cache_write_tokens = 1_000_000 }\n",
        )
        .table("call", "name = \"first\"\nstrategies = [\"rag\"]\ninput_tokens = 1_000_000\n")
        .table("call", reads);
    let bench = Bench::new(table, work);
    let extra = bench.crossing("call.again.share", (0.0, 1e6), "t/one:long_context", "t/uncached:rag");
    let (total, reads) = whole_requests(example);
    let mut found = vec![("extra_reads_needed", extra.expect("a cache that pays"))];
    found.extend([("smallest_total_requests", total), ("whole_reads", reads)]);
    Answer::Named(found)
}

/// The requests from which on the cache is the cheaper, and how many of them read.
fn whole_requests(example: &Example) -> (Decimal, Decimal) {
    let (input, write) = (example.text("price_input_mtok"), example.text("price_write_mtok"));
    let read = example.text("price_read_mtok");
    let table = || with_and_without("cache_write_per_mtok", &write, &read, &input);
    let (cached, plain) = ("t/one:conversation", "t/plain:conversation");
    let bench = Bench::new(table(), turns("1", "1M"));
    let total = bench.crossing("conversation.turns", (1.0, 200.0), cached, plain).unwrap_or(Decimal::ONE);
    let usage = Bench::new(table(), turns(&total.to_string(), "1M")).evaluate(cached).usage;
    let reads: f64 = usage
        .lines
        .iter()
        .filter(|line| matches!(line.step, Step::TurnHit(_)))
        .map(|line| line.count())
        .sum();
    (total, decimal(reads))
}
