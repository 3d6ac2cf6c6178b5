//! The traps that other tools fell into, one test each, worked by hand on a table of the test's own.
//!
//! What the tests of tiers, requests, rerankers, caches and importers look at in full is here once in its plainest form.

mod support;

use jiff::civil::{Date, date};
use ragonomics::analysis::break_even::{Cheaper, CrossingKind, break_even};
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::request::{NoBill, Pricer, Request};
use ragonomics::analysis::sweep::Axis;
use ragonomics::bill::Charge;
use ragonomics::catalog::audit::{self, Check};
use ragonomics::catalog::load::{Table, load};
use ragonomics::catalog::rate::{CallContext, Moment, Service};
use ragonomics::catalog::{Catalog, Meter};
use ragonomics::import::{Options, Source, import};
use ragonomics::scenario::Param;
use ragonomics::units::Currency;
use ragonomics::usage::{Recurrence, Step};
use rust_decimal::Decimal;
use support::*;

/// A model of a vendor, with facts, prices and what follows the card.
fn model(id: &str, facts: &str, prices: &str) -> String {
    format!(
        "[[product]]\nid = \"{id}\"\nkind = \"chat\"\n{facts}\n[[product.price]]\nfrom = 2026-01-01\nsource = \"test\"\n\
         checked = 2026-11-22\n{prices}\n"
    )
}

fn table(products: &[String]) -> Catalog {
    catalog_of(&format!("[vendor]\nid = \"acme\"\n{}", products.concat()))
}

/// What one request costs that used so much, as its vendor reports it.
fn request(catalog: &Catalog, day: Date, used: &[(Meter, f64)]) -> Result<Decimal, NoBill> {
    let request = Request {
        product: catalog.find("acme/one").unwrap(),
        date: day,
        moment: Moment::Spread,
        service: Service::Standard,
        variant: None,
        quantities: used.to_vec(),
    };
    let bill = Pricer::new(catalog, Currency::USD, None).price(&request)?;
    Ok(bill.total(Recurrence::Monthly).amount().expect("known prices"))
}

/// A request without a token but for the question and the output, nothing to retrieve with, and what `more` says.
fn workload(strategies: &str, question: u32, output: u32, more: &str) -> String {
    let retrieval = if more.contains("[retrieval]") {
        ""
    } else {
        "[retrieval]\nembedding = \"none\"\nstore = \"none\"\n"
    };
    format!(
        "[compare]\nmodels = [\"acme/*\"]\nstrategies = [{strategies}]\n[request]\nsystem_tokens = 0\n\
         question_tokens = {question}\noutput_tokens = {output}\n{retrieval}{more}\n"
    )
}

/// What a month of a design costs.
fn monthly(catalog: &Catalog, design: &str, text: &str) -> Decimal {
    let scenario = scenario(text);
    let case = case(catalog, &scenario);
    let bill = case.evaluate(pair(&case, design)).unwrap().bill;
    bill.total(Recurrence::Monthly).amount().expect("known prices")
}

#[test]
fn trap_1_cached_tokens_are_counted_inside_the_prompt_by_some_and_outside_by_others() {
    let prices = "input_per_mtok = 1.25\ncached_input_per_mtok = 0.125\ncache_write_per_mtok = 2\noutput_per_mtok = 10";
    let catalog = table(&[model("one", "", prices)]);
    let cost = |used: &[(Meter, f64)]| request(&catalog, TODAY, used);
    // Reported inside: 800 at 1.25, 200 at 0.125, 500 out at 10: 0.001 + 0.000025 + 0.005. Counting all 1,000 at the full
    // price beside the reads would be 0.006275.
    let inside = [(Meter::Input, 1000.0), (Meter::CachedInput, 200.0), (Meter::Output, 500.0)];
    assert_eq!(cost(&inside), Ok(dec("0.006025")));
    // Written tokens are inside too, and replace plain input: 500 at 1.25, 200 at 0.125, 300 at 2.
    let written = [(Meter::Input, 1000.0), (Meter::CachedInput, 200.0), (Meter::CacheWrite, 300.0)];
    assert_eq!(cost(&written), Ok(dec("0.00125")));
    // A prompt that is smaller than what was read from the cache was counted without it.
    assert!(matches!(
        cost(&[(Meter::Input, 100.0), (Meter::CachedInput, 200.0)]),
        Err(NoBill::Contradiction(_))
    ));
    // A call of a scenario says what it uses of each meter, so that nothing is inside: all 1,000 at 1.25.
    let call = "[corpus]\ntokens = 0\n[workload]\nrequests_per_month = 1\n[[call]]\nname = \"one\"\ninput_tokens = 1000\n\
                output_tokens = 500\nuses = { cached_input_tokens = 200 }";
    let found = monthly(&catalog, "acme/one:long_context", &workload("\"long_context\"", 0, 0, call));
    assert_eq!(found, dec("0.006275"));
}

#[test]
fn trap_2_the_tier_is_that_of_the_whole_input_prices_all_of_it_and_differs_by_meter() {
    let prices = "input_per_mtok = 2\ncached_input_per_mtok = 0.2\noutput_per_mtok = 10\ncache_write_per_mtok = 3\n\
                  [[product.price.when]]\nabove_input_tokens = 200_000\ninput_per_mtok = 4\ncached_input_per_mtok = 0.4\n\
                  output_per_mtok = 15";
    let catalog = table(&[model("one", "", prices)]);
    let cost = |input: f64, cached: f64, written: f64| {
        let used = [
            (Meter::Input, input),
            (Meter::CachedInput, cached),
            (Meter::CacheWrite, written),
            (Meter::Output, 1000.0),
        ];
        request(&catalog, TODAY, &used).unwrap()
    };
    // 200,000 in all: 150,000 at 2, 50,000 at 0.2, 1,000 at 10.
    assert_eq!(cost(200_000.0, 50_000.0, 0.0), dec("0.32"));
    // One more, and cached: all 150,000 at 4, all 50,001 at 0.4, 1,000 at 15: twice the input, half more of the output.
    assert_eq!(cost(200_001.0, 50_001.0, 0.0), dec("0.6350004"));
    // What is written counts, too, but its price is the same above: 1 at 4, 200,000 at 3.
    assert_eq!(cost(200_001.0, 0.0, 200_000.0), dec("0.615004"));
}

#[test]
fn trap_3_a_window_of_128k_is_128000_tokens_here_and_131072_there() {
    let prices = "input_per_mtok = 1\noutput_per_mtok = 1";
    let catalog = table(&[
        model("thousands", "window = \"128k\"", prices),
        model("powers", "window = 131_072", prices),
        model("prompt", "window = 131_072\nmax_input = 128_000\nshared_window = false", prices),
    ]);
    // 128,000 or 131,072 tokens with 1,000 of output among them, or beside.
    for (name, limit) in [("thousands", 127_000), ("powers", 130_072), ("prompt", 128_000)] {
        for (tokens, fits) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            let more = format!("[corpus]\ntokens = {tokens}");
            let scenario = scenario(&workload("\"long_context\"", 0, 1000, &more));
            let case = case(&catalog, &scenario);
            let found = case.evaluate(pair(&case, &format!("acme/{name}:long_context")));
            assert_eq!(found.is_ok(), fits, "{name} with {tokens} tokens");
        }
    }
    // The same letter in a scenario.
    assert_eq!(scenario("[corpus]\ntokens = \"128k\"\n").numbers.get(Param::CorpusTokens), Some(128_000.0));
}

#[test]
fn trap_4_a_surcharge_ends_and_what_was_announced_may_be_called_off() {
    let card = |more: &str| format!("[[product.price]]\nsource = \"test\"\nchecked = 2026-11-22\n{more}\n");
    let catalog = table(&[
        model("one", "", "input_per_mtok = 2"),
        card("from = 2026-02-01\nuntil = 2026-03-01\ninput_per_mtok = 3"),
        card("from = 2026-03-01\ninput_per_mtok = 2"),
        card("from = 2026-05-01\ninput_per_mtok = 5\nwithdrawn = true"),
        // One whose end is known, but not what follows.
        model("lost", "", "input_per_mtok = 2")
            .replace("from = 2026-01-01", "from = 2026-01-01\nuntil = 2026-03-01"),
    ]);
    let on = |day: Date| request(&catalog, day, &[(Meter::Input, 1e6)]).unwrap();
    let days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 1)];
    assert_eq!(days.map(on), [dec("2"), dec("3"), dec("3"), dec("2"), dec("2")]);
    // After its end a price is unknown, and not the last one that was heard of.
    let lost = catalog.find("acme/lost").unwrap();
    assert!(catalog.price_on(lost, date(2026, 2, 28), None).is_ok());
    assert!(catalog.price_on(lost, date(2026, 3, 1), None).is_err());
}

/// A free model beside a reranker by the search, stores by the unit and by the hour, and a GPU.
fn meters() -> Catalog {
    let product = |id: &str, kind: &str, facts: &str, price: &str| {
        model(id, facts, price).replace("kind = \"chat\"", &format!("kind = \"{kind}\""))
    };
    table(&[
        model("one", "", "input_per_mtok = 0\noutput_per_mtok = 0"),
        product("rank", "rerank", "[product.rerank]", "search_unit_per_k = 2"),
        product(
            "units",
            "vector_store",
            "[product.store]\nbills = [\"read_units\"]\nown_dimensions = 1\nminimum_read_units = 1",
            "read_unit_per_m = 16",
        ),
        product(
            "hours",
            "vector_store",
            "[product.store]\nbills = [\"instance_hours\"]\nown_dimensions = 1",
            "instance_per_hour = 0.1",
        ),
        product("gpu", "gpu", "", "gpu_per_hour = 2"),
    ])
}

#[test]
fn trap_5_a_rerank_is_billed_by_the_search_a_store_by_the_unit_or_hour_a_gpu_by_the_whole_hour() {
    let catalog = meters();
    // 100 documents with a question of 40 tokens: 1 search of $0.002 up to 500 tokens together, 2 above; and 2 for 101.
    let ranked = |chunk: u32, candidates: u32| {
        let more = format!(
            "[workload]\nrequests_per_month = 1000\n[corpus]\ntokens = 1_000_000\ndocument_tokens = 1_000_000\n[retrieval]\n\
             embedding = \"none\"\nstore = \"none\"\nreranker = \"acme/rank\"\noverlap_tokens = 0\nchunk_tokens = {chunk}\n\
             candidates = {candidates}"
        );
        monthly(&catalog, "acme/one:rag_rerank", &workload("\"rag_rerank\"", 40, 0, &more))
    };
    assert_eq!([ranked(460, 100), ranked(461, 100), ranked(460, 101)], [dec("2"), dec("4"), dec("4")]);
    // A search is a read unit, so that use decides; 730 hours are 730 hours.
    let stored = |store: &str, requests: u32| {
        let more = format!(
            "[workload]\nrequests_per_month = {requests}\n[corpus]\ntokens = 1000\n[retrieval]\nembedding = \"none\"\n\
             store = \"acme/{store}\""
        );
        monthly(&catalog, "acme/one:rag", &workload("\"rag\"", 0, 0, &more))
    };
    assert_eq!([stored("units", 1_000_000), stored("units", 2_000_000)], [dec("16"), dec("32")]);
    assert_eq!([stored("hours", 1), stored("hours", 2_000_000)], [dec("73"), dec("73")]);
    // A request of 1,000 tokens keeps a box of 8 GPUs busy for a second: 3,600 are one hour of 8 x $2, one more begins
    // another.
    let hosted = |requests: u32| {
        let more = format!(
            "[workload]\nrequests_per_month = {requests}\n[corpus]\ntokens = 1000\n[[host]]\nmodel = \"acme/one\"\n\
             gpu = \"acme/gpu\"\ngpus = 8\ninput_tokens_per_second = 1000\noutput_tokens_per_second = 1000\n\
             utilisation = 1\nalways_on = false"
        );
        monthly(&catalog, "acme/one:long_context", &workload("\"long_context\"", 0, 0, &more))
    };
    assert_eq!([hosted(1), hosted(3600), hosted(3601)], [dec("16"), dec("16"), dec("32")]);
}

#[test]
fn trap_6_in_public_tables_zero_is_unknown_the_peak_stands_as_the_price_and_units_slip() {
    let text = r#"{
        "acme/blank": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 0.0,
            "output_cost_per_token": 2e-06},
        "deepseek/peak": {"litellm_provider": "deepseek", "mode": "chat", "input_cost_per_token": 3e-07,
            "output_cost_per_token": 1.2e-06, "off_peak_pricing": {"input_cost_per_token": 1.5e-07,
            "output_cost_per_token": 6e-07, "windows": [
            {"hours_utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]},
            {"hours_utc": "00:00-00:00", "weekdays": [6, 7]}]}}}"#;
    let options = Options { date: Some(TODAY), ..Options::default() };
    let imported = import(Source::LiteLlm, "table.json", text, &options).unwrap();
    let price = |id: &str, meter: Meter, moment: Moment| {
        let id = imported.catalog.find(id).unwrap_or_else(|fault| panic!("{fault}"));
        let card = imported.catalog.price_on(id, TODAY, None).unwrap();
        let call = CallContext { moment, ..CallContext::default() };
        card.segments(meter, 1.0, &call).first().map(|segment| segment.rate.price.exact)
    };
    let blank =
        imported.catalog.iter().find(|(_, product)| product.id.ends_with("blank")).unwrap().1.id.clone();
    assert_eq!(price(&blank, Meter::Input, Moment::Spread), None);
    assert_eq!(price(&blank, Meter::Output, Moment::Spread), Some(dec("2")));
    // Monday at 2 and at 5: the price of the table is that of the peak alone.
    let (peak, rest) = (Moment::At(0, 120), Moment::At(0, 300));
    assert_eq!(price("deepseek/peak", Meter::Input, peak), Some(dec("0.3")));
    assert_eq!(price("deepseek/peak", Meter::Input, rest), Some(dec("0.15")));
    // A price for a thousand tokens where one for a million is meant, and the other way round.
    let slipped = |prices: &str| {
        let text = format!("[vendor]\nid = \"acme\"\n{}", model("one", "", prices));
        load(&[Table { name: "acme.toml", text: &text }]).unwrap().1.to_string()
    };
    assert!(slipped("input_per_mtok = 3000").contains("very high for a million tokens"));
    assert_eq!(slipped("input_per_mtok = 3"), "");
    let next = "[[product.price]]\nfrom = 2026-06-01\nsource = \"test\"\nchecked = 2026-11-22\ninput_per_mtok = 0.003\n";
    let jumped = table(&[model("one", "", "input_per_mtok = 3"), next.to_owned()]);
    let found = audit::audit(&jumped, TODAY);
    assert!(found.iter().any(|finding| finding.check == Check::Jump), "{found:?}");
}

#[test]
fn trap_7_paid_writes_lose_below_a_hit_share_and_cost_falls_as_traffic_rises() {
    let cache = "[[product.cache]]\nmode = \"explicit\"\nttl_minutes = 5\nwrite = \"cache_write\"";
    let prices = "input_per_mtok = 3\ncached_input_per_mtok = 0.3\ncache_write_per_mtok = 3.75";
    let catalog = table(&[model("one", cache, prices)]);
    let text = workload("\"long_context\", \"cached_context\"", 0, 0, "[corpus]\ntokens = 100_000");
    let scenario = scenario(&text);
    let case = case(&catalog, &scenario);
    let (cached, plain) = (pair(&case, "acme/one:cached_context"), pair(&case, "acme/one:long_context"));
    // h = (w - 1) / (w - r) with w = 1.25 and r = 0.1: 0.25 / 1.15.
    let axis = Axis::new(Param::HitShare, 0.0, 1.0, false).unwrap();
    let found = break_even(&case, cached, plain, axis, Metric::Monthly);
    assert_eq!(found.crossings.len(), 1);
    assert_eq!(found.crossings[0].kind, CrossingKind::Root);
    assert!((found.crossings[0].at - 0.25 / 1.15).abs() < 1e-9, "{:?}", found.crossings);
    assert_eq!([found.regions[0].cheaper, found.regions[1].cheaper], [Cheaper::B, Cheaper::A]);
    // Arrivals in a lifetime of five minutes: x = N / (730 x 12). A month costs N x 100,000 tokens x (r + 1.15 e^-x) x $3 a
    // million: at x = 1.5, N = 13,140, 1,405.70; at x = 2.5, N = 21,900, 1,277.19.
    let mut curve = Curve::new(&case, cached);
    let mut cost = |requests: f64| curve.cost_at(Param::RequestsPerMonth, requests, Metric::Monthly).unwrap();
    for (requests, x) in [(13_140.0, 1.5_f64), (21_900.0, 2.5)] {
        let expected = requests * 0.3 * (0.1 + 1.15 * (-x).exp());
        let found = cost(requests);
        assert!((found - expected).abs() < 1e-6 * expected, "{requests}: {found}, not {expected}");
    }
    assert!(cost(21_900.0) < cost(13_140.0) - 100.0, "more traffic, less cost");
    // Each miss is a write in place of plain input, not beside it.
    let usage = case.evaluate(cached).unwrap().usage;
    let miss = usage.lines.iter().find(|line| line.step == Step::AnswerMiss).unwrap();
    assert_eq!(
        miss.per_call.iter().map(|(meter, _)| *meter).collect::<Vec<_>>(),
        [Meter::CacheWrite, Meter::Requests]
    );
    let bill = case.evaluate(cached).unwrap().bill;
    assert!(bill.lines.iter().all(|line| !matches!(line.charge, Charge::Product(_, Meter::Input))));
}
