//! Break-evens, ratios, fixed costs: amounts of money without tokens behind them.

use super::bench::{Bench, Table, Work, requests_at_which_both_cost_the_same, saving};
use super::caching;
use super::example::{Answer, Example, in_percent};
use super::{prompts, retrieval};
use ragonomics::units::decimal;

/// Where one way begins to cost less than another.
pub fn break_even(example: &Example) -> Answer {
    if example.has("price_write_mtok") {
        return caching::pays_from(example);
    }
    let found = requests_at_which_both_cost_the_same(&[
        ("long_context", "per_request", example.text("lc_per_query")),
        ("rag", "per_request", example.text("rag_per_query")),
        ("rag", "monthly", example.text("rag_infra_monthly")),
    ]);
    found.map_or(Answer::Never, Answer::One)
}

/// A ratio of two amounts, or by how many percent one is below another, or the share of a part of a whole.
pub fn ratio(example: &Example) -> Answer {
    if example.has("k_from") {
        return retrieval::fewer_chunks(example);
    }
    if example.has("before") {
        return saved_percent(&example.text("before"), &example.text("after"));
    }
    if example.has("hit") {
        let (hit, miss) = (example.text("hit"), example.text("miss"));
        let share = requests_at_which_both_cost_the_same(&[
            ("long_context", "monthly", hit.clone()),
            ("rag", "per_request", hit),
            ("rag", "per_request", miss),
        ]);
        return in_percent(share.expect("some hits")).into();
    }
    let times = requests_at_which_both_cost_the_same(&[
        ("long_context", "monthly", example.text("lc_usd")),
        ("rag", "per_request", example.text("rag_usd")),
    ]);
    times.expect("amounts above zero").into()
}

/// By how many percent a month that costs the second amount is below one that costs the first.
pub fn saved_percent(before: &str, after: &str) -> Answer {
    in_percent(decimal(saving(before, after).share.expect("an amount before"))).into()
}

/// Fixed costs of a month, of which some are known as a lower and a higher figure.
pub fn fixed(example: &Example) -> Answer {
    let sum = |leave_out: &str| {
        let known = example.names().filter(|key| !key.ends_with(leave_out));
        let work = known
            .fold(Work::of("long_context"), |work, key| work.cost(key, "monthly", &example.text(key), None));
        Bench::new(Table::default().free_chat("one"), work).monthly("t/one:long_context")
    };
    if example.names().any(|key| key.ends_with("_low")) {
        Answer::Named(vec![("low", sum("_high")), ("high", sum("_low"))])
    } else {
        sum("_").into()
    }
}

/// What a request costs where a month is given.
pub fn scaling(example: &Example) -> Answer {
    prompts::per_request_of_a_month(example)
}
