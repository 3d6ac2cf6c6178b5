//! Requests by what they use: stuffed prompts, plain completions, photographs, agents, other tools' tests.
//!
//! A request is known by the names of its quantities and prices, so that one that uses other meters needs no adapter of
//! its own.

use jiff::civil::date;
use ragonomics::analysis::request::{Pricer, Request};
use ragonomics::bill::Charge;
use ragonomics::catalog::rate::{Moment, Service};
use ragonomics::catalog::{Catalog, Meter};
use ragonomics::units::Currency;
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;

use super::bench::{Bench, Table, Work};
use super::example::{Answer, Example, shifted};
use crate::support;

/// A meter: the inputs that say its quantity, its name, its price key, and the inputs that say its price and that of its tier.
struct Metered {
    quantity: &'static [&'static str],
    name: &'static str,
    key: &'static str,
    price: &'static [&'static str],
    tier: &'static [&'static str],
}

const METERS: &[Metered] = &[
    Metered {
        quantity: &[
            "input_tokens",
            "input_tokens_per_item",
            "uncached_input",
            "uncached_input_tokens",
            "fresh_tokens",
            "miss",
            "miss_tokens",
            "cache_miss_tokens",
            "tokens_per_conversation",
            "tokens",
        ],
        name: "input_tokens",
        key: "input_per_mtok",
        price: &[
            "price_input_mtok",
            "price_miss_mtok",
            "price_cache_miss_mtok",
            "base_mtok",
            "base_in",
            "price_mtok",
        ],
        tier: &["tier_mtok", "tier_in"],
    },
    Metered {
        quantity: &[
            "cache_read",
            "cache_read_tokens",
            "cached_tokens",
            "read",
            "hit",
            "hit_tokens",
            "cache_hit_tokens",
        ],
        name: "cached_input_tokens",
        key: "cached_input_per_mtok",
        price: &[
            "price_cache_read_mtok",
            "price_hit_mtok",
            "price_cache_hit_mtok",
            "base_r",
            "price_read_mtok",
        ],
        tier: &["tier_r"],
    },
    Metered {
        quantity: &["cache_write", "cache_write_tokens", "cache_write_5m", "write"],
        name: "cache_write_tokens",
        key: "cache_write_per_mtok",
        price: &["price_cache_write_mtok", "price_write_5m_mtok", "base_w", "price_write_mtok"],
        tier: &["tier_w"],
    },
    Metered {
        quantity: &["cache_write_1h", "cache_write_1h_tokens", "write_1h"],
        name: "cache_write_1h_tokens",
        key: "cache_write_1h_per_mtok",
        price: &["price_cache_write_1h_mtok", "price_write_1h_mtok"],
        tier: &[],
    },
    Metered {
        quantity: &["output_tokens", "output_tokens_per_item"],
        name: "output_tokens",
        key: "output_per_mtok",
        price: &["price_output_mtok", "base_out"],
        tier: &["tier_out"],
    },
    Metered {
        quantity: &["input_audio", "input_audio_tokens"],
        name: "input_audio_tokens",
        key: "input_audio_per_mtok",
        price: &["price_audio_in_mtok", "price_input_audio_mtok"],
        tier: &[],
    },
    Metered {
        quantity: &["output_audio", "output_audio_tokens"],
        name: "output_audio_tokens",
        key: "output_audio_per_mtok",
        price: &["price_audio_out_mtok", "price_output_audio_mtok"],
        tier: &[],
    },
    Metered {
        quantity: &["output_image", "output_image_tokens"],
        name: "output_image_tokens",
        key: "output_image_per_mtok",
        price: &["price_image_out_mtok", "price_output_image_mtok"],
        tier: &[],
    },
    Metered {
        quantity: &["web_searches"],
        name: "web_searches",
        key: "web_search_per_k",
        price: &[],
        tier: &[],
    },
    Metered {
        quantity: &["session_hours"],
        name: "instance_hours",
        key: "instance_per_hour",
        price: &["price_session_hour"],
        tier: &[],
    },
];

/// Inputs that say how many requests there are; with `days` beside, each day.
const COUNTS: &[&str] =
    &["calls", "queries", "items", "conversations", "requests", "queries_per_day", "per_day"];

/// Which tokens a tier is chosen by, and which it prices.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TierRule {
    /// The whole request by its whole input, as vendors bill.
    Request,
    /// Of each meter what is beyond the threshold, as some calculators have it.
    Excess,
}

/// Prices the requests of an example; the tier's rule is the vendors' unless the example says another.
pub fn price(example: &Example) -> Answer {
    if leaves_reads_open(example) {
        return shipped(example);
    }
    let marginal = example.flag("whole_request") == Some(false);
    price_by(example, if marginal { TierRule::Excess } else { TierRule::Request })
}

/// Prices the requests of an example by a rule for tiers.
pub fn price_by(example: &Example, rule: TierRule) -> Answer {
    let used: Vec<(&Metered, String)> =
        METERS.iter().filter_map(|meter| Some((meter, example.any(meter.quantity)?))).collect();
    let prices = base_prices(example);
    let prices: Vec<(&str, &str)> = prices.iter().map(|(key, price)| (*key, price.as_str())).collect();
    let table = Table::default().chat_with("one", "", &prices, &conditions(example, rule));
    let work = requests(example, Work::of("long_context"));
    let work = match example.maybe("output_usd") {
        Some(fee) => work.cost("output", "per_request", &fee, None),
        None => work,
    };
    let is_prompt = |name: &str| matches!(name, "input_tokens" | "output_tokens");
    let plain = used.iter().all(|(meter, _)| is_prompt(meter.name));
    let stuffed = matches!(example.category.as_str(), "long_context" | "tiered");
    let work = if plain {
        used.into_iter().fold(work, |work, (meter, quantity)| {
            let path = match meter.name {
                "output_tokens" => "request.output_tokens",
                _ if stuffed => "corpus.tokens",
                _ => "request.question_tokens",
            };
            work.with(path, &quantity)
        })
    } else {
        work.table("call", &call(example, used))
    };
    Bench::new(table, work).monthly("t/one:long_context").into()
}

/// Writes the call of a request that uses more than text; its tier is chosen by all of its input.
fn call(example: &Example, used: Vec<(&Metered, String)>) -> String {
    let mut lines = "name = \"request\"\nproduct = \"t/one\"\n".to_owned();
    // A price that is given as a multiple of the input's is a variant with that factor.
    if example.has("read_mult") {
        lines.push_str("variant = \"cached\"\n");
    }
    let mut uses = Vec::new();
    for (meter, quantity) in used {
        match meter.name {
            "input_tokens" | "output_tokens" => lines.push_str(&format!("{} = {quantity}\n", meter.name)),
            name => uses.push(format!("{name} = {quantity}")),
        }
    }
    lines + &format!("uses = {{ {} }}\n", uses.join(", "))
}

fn base_prices(example: &Example) -> Vec<(&'static str, String)> {
    let stated = METERS.iter().filter_map(|meter| Some((meter.key, example.any(meter.price)?)));
    let search = example.maybe("price_per_search").map(|price| ("web_search_per_k", shifted(&price, 3)));
    stated.chain(search).collect()
}

/// Writes the conditions of a card: the tier, and a read that is priced as a multiple of the input.
fn conditions(example: &Example, rule: TierRule) -> String {
    let mut text = String::new();
    if let Some(factor) = example.maybe("read_mult") {
        let input = example.text("price_input_mtok");
        let output = example.maybe("price_output_mtok").unwrap_or("0".to_owned());
        // The factor scales the whole variant; what it does not mean is written beside it.
        text.push_str(&format!(
            "cached_input_per_mtok = {input}\n[[product.price.when]]\nvariant = \"cached\"\nfactor = {factor}\n\
             input_per_mtok = {input}\noutput_per_mtok = {output}\n"
        ));
    }
    let tiers: Vec<(&Metered, String)> =
        METERS.iter().filter_map(|meter| Some((meter, example.any(meter.tier)?))).collect();
    if let (false, Some(threshold)) = (tiers.is_empty(), example.maybe("threshold")) {
        let basis = if rule == TierRule::Excess { "excess" } else { "request" };
        text.push_str(&format!(
            "[[product.price.when]]\nabove_input_tokens = {threshold}\nbasis = \"{basis}\"\n"
        ));
        for (meter, price) in tiers {
            text.push_str(&format!("{} = {price}\n", meter.key));
        }
    }
    text
}

/// Sets how many requests a month has: a count, or so many a day for some days.
pub fn requests(example: &Example, work: Work) -> Work {
    let Some(count) = example.any(COUNTS) else { return work };
    match example.maybe("days") {
        None => work.with("workload.requests_per_month", &count),
        Some(days) => work
            .without("workload.requests_per_month")
            .with("workload.users", &count)
            .with("workload.sessions_per_user", &days),
    }
}

/// Prices amounts that are given for each request.
pub fn per_request_amounts(example: &Example, amount: &str) -> Answer {
    let work = requests(example, Work::of("long_context")).cost("request", "per_request", amount, None);
    Bench::new(Table::default().free_chat("one"), work).monthly("t/one:long_context").into()
}

/// Returns what a request costs where a month is given.
pub fn per_request_of_a_month(example: &Example) -> Answer {
    let work = requests(example, Work::of("long_context"));
    let work = work.cost("month", "monthly", &example.text("monthly_usd"), None);
    Bench::new(Table::default().free_chat("one"), work).per_request("t/one:long_context").into()
}

/// Returns whether an example has tiers and reads from a cache, but no price for reads.
pub fn leaves_reads_open(example: &Example) -> bool {
    let reads = &METERS[1];
    example.has("tier_in") && example.any(reads.quantity).is_some() && example.any(reads.price).is_none()
}

/// The product whose reads, and whose threshold, an example means that leaves them open.
const LEFT_OPEN: &str = "google/gemini-3-pro-preview";

/// Prices a request on that product.
fn shipped(example: &Example) -> Answer {
    let catalog = support::catalog_with("");
    let text = Work::of("long_context")
        .with("as_of", "2026-01-15")
        .with("compare.models", &format!("[\"{LEFT_OPEN}\"]"))
        .table("call", &read_call(example, LEFT_OPEN));
    let scenario = support::scenario(&text.text());
    let case = support::case(&catalog, &scenario);
    let bill = case.evaluate(support::pair(&case, &format!("{LEFT_OPEN}:long_context"))).unwrap().bill;
    // The prices that the example gives are those of the table.
    for (key, meter, size) in
        [("base_in", Meter::Input, 1e5), ("tier_in", Meter::Input, 1e6), ("tier_out", Meter::Output, 1e6)]
    {
        let mut quantities = vec![(Meter::Input, size)];
        quantities.extend((meter == Meter::Output).then_some((meter, 1.0)));
        let found = unit_price(&catalog, &quantities, meter);
        assert_eq!(found, support::dec(&example.text(key)), "{}: {key}", example.id);
    }
    bill.total(Recurrence::Monthly).amount().expect("known prices").into()
}

fn unit_price(catalog: &Catalog, quantities: &[(Meter, f64)], meter: Meter) -> Decimal {
    let request = Request {
        product: catalog.find(LEFT_OPEN).unwrap_or_else(|fault| panic!("{fault}")),
        date: date(2026, 1, 15),
        moment: Moment::Spread,
        service: Service::Standard,
        variant: None,
        quantities: quantities.to_vec(),
    };
    let bill = Pricer::new(catalog, Currency::USD, None).price(&request).unwrap();
    let line = bill.lines.iter().find(|line| matches!(line.charge, Charge::Product(_, of) if of == meter));
    line.expect("a line of the meter").price.as_ref().expect("a known price").unit_price
}

/// Writes a call that reads from a cache.
fn read_call(example: &Example, product: &str) -> String {
    format!(
        "name = \"request\"\nproduct = \"{product}\"\ninput_tokens = {}\noutput_tokens = {}\n\
         uses = {{ cached_input_tokens = {} }}\n",
        example.text("uncached_input"),
        example.text("output_tokens"),
        example.text("cache_read")
    )
}

/// Prices such an example by the rule of its tool, which chooses the tier of reads by those alone: of that product's
/// reads only what is beyond the threshold costs more.
pub fn tier_of_reads_alone(example: &Example) -> Answer {
    let (input, output) = (example.text("tier_in"), example.text("tier_out"));
    let after = format!(
        "[[product.price.when]]\nabove_input_tokens = 200_000\ninput_per_mtok = {input}\noutput_per_mtok = {output}\n\
         [[product.price.when]]\nabove_quantity = 200_000\ncached_input_per_mtok = 0.40\n"
    );
    let base = example.text("base_in");
    let prices = [("input_per_mtok", &*base), ("cached_input_per_mtok", "0.20"), ("output_per_mtok", "12")];
    let table = Table::default().chat_with("one", "", &prices, &after);
    let work = Work::of("long_context").table("call", &read_call(example, "t/one"));
    Bench::new(table, work).monthly("t/one:long_context").into()
}
