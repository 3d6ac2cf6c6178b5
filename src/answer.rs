//! The answer to "stuff the context, or retrieve?" in a few sentences.

use crate::analysis::break_even::{BreakEven, Cheaper, Region};
use crate::analysis::compare::{Answer, Comparison, Row};
use crate::catalog::STALE_AFTER_DAYS;
use crate::present;
use crate::units::Currency;
use crate::usage::strategy::Family;

/// Ranges of requests that are spelled out; more are counted.
const RANGES_TOLD: usize = 3;

/// Says which design is cheapest, what the other side of the question costs at best, and at how
/// many requests a month that changes.
///
/// The last part is about the two designs named before it, not about all others.
pub fn sentence(comparison: &Comparison) -> String {
    match &comparison.answer {
        None => no_answer(comparison),
        Some(answer) => {
            let barred = beaten_by_limits(comparison, answer).unwrap_or_default();
            let parts =
                [winner(comparison, answer), requests(answer), barred, old_prices(comparison, answer)];
            let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            told.join(" ").trim_end().to_owned()
        }
    }
}

/// Says why a row has no monthly cost; `None` where it has one.
pub fn reason(row: &Row) -> Option<String> {
    let reason = row.reason.as_ref()?;
    Some(if row.fits == Some(false) { format!("does not fit: {reason}") } else { reason.to_string() })
}

fn no_answer(comparison: &Comparison) -> String {
    let Some(first) = comparison.rows.first() else {
        return "No answer: there is nothing to compare.".to_owned();
    };
    if comparison.rows.iter().any(|row| row.monthly.is_some()) {
        if comparison.rows.iter().any(Row::drops_history) {
            return "No answer: a design that drops history is not called the cheapest.".to_owned();
        }
        if comparison.rows.iter().any(|row| row.would_win() && row.is_over_limits()) {
            return "No answer: every design that fits at a known cost is over its rate limits.".to_owned();
        }
        return "No answer: no design with a known cost is known to fit and is still sold.".to_owned();
    }
    let why = reason(first).map(|why| format!(" {}: {why}.", first.name())).unwrap_or_default();
    match comparison.rows.len() {
        1 => format!("No answer: the only design has no known cost.{why}"),
        count => format!("No answer: none of {count} designs has a known cost.{why}"),
    }
}

/// Names the cheapest of the designs that cost less than the winner but are over their rate limits.
fn beaten_by_limits(comparison: &Comparison, answer: &Answer) -> Option<String> {
    let winner = &comparison.rows[answer.cheapest];
    let cheaper = comparison.rows[..answer.cheapest].iter();
    let mut barred = cheaper.filter(|row| row.would_win() && row.coverage >= winner.coverage);
    let first = barred.next()?;
    let over = first.over_limits.as_ref()?;
    let more = match barred.count() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let amount = monthly(first, comparison.currency);
    Some(format!("Cheaper, but over its rate limits: {} at {amount} ({over}){more}.", first.name()))
}

fn winner(comparison: &Comparison, answer: &Answer) -> String {
    let row = &comparison.rows[answer.cheapest];
    let currency = comparison.currency;
    let each = row.per_request.map(|amount| format!(" ({} a request)", present::money(amount, currency)));
    let head = format!(
        "Cheapest: {} on {} at {} a month{}",
        row.strategy,
        row.model,
        monthly(row, currency),
        each.unwrap_or_default()
    );
    match (row.pair.strategy.family().other_side(), answer.other_side) {
        (Some(family), Some(other)) => {
            format!("{head}; {}.", other_side(family, row, &comparison.rows[other], currency))
        }
        (Some(family), None) => format!("{head}. {}", nothing_on_the_other_side(comparison, family)),
        (None, _) => format!("{head}."),
    }
}

fn other_side(family: Family, winner: &Row, other: &Row, currency: Currency) -> String {
    let word = noun(family);
    let limits = if other.is_over_limits() { ", over its rate limits" } else { "" };
    let design = format!("{} on {}, {}{limits}", other.strategy, other.model, monthly(other, currency));
    match other.times_cheapest {
        _ if other.monthly == winner.monthly => format!("{word} costs the same at best ({design})"),
        Some(times) => format!("{word} costs {} that at best ({design})", present::times(times)),
        None => format!("{word} costs more at best ({design})"),
    }
}

fn nothing_on_the_other_side(comparison: &Comparison, family: Family) -> String {
    let word = noun(family);
    let mut rows = comparison.rows.iter().filter(|row| row.pair.strategy.family() == family).peekable();
    if rows.peek().is_none() {
        return format!("No design with {word} is compared.");
    }
    if rows.all(|row| row.fits == Some(false)) {
        return format!("No design with {word} fits.");
    }
    format!("No design with {word} covers as much of the corpus at a known cost.")
}

/// Says which of the two designs of the answer stand on a price that nobody has looked at for a long time.
fn old_prices(comparison: &Comparison, answer: &Answer) -> String {
    let rows =
        [Some(answer.cheapest), answer.other_side].into_iter().flatten().map(|at| &comparison.rows[at]);
    let mut models: Vec<(&str, i32)> =
        rows.filter_map(|row| Some((row.model.as_str(), row.price_age?))).collect();
    models.retain(|(_, age)| *age > STALE_AFTER_DAYS);
    models.dedup();
    let told = |(model, age): &(&str, i32)| {
        let days = present::whole(f64::from(*age));
        format!("The price of {model} was last checked {days} days before {}.", comparison.as_of)
    };
    models.iter().map(told).collect::<Vec<_>>().join(" ")
}

/// Says where the two designs of the answer change places as requests grow.
fn requests(answer: &Answer) -> String {
    let Some(break_even) = &answer.by_requests else { return String::new() };
    let ranges: Vec<String> = break_even
        .regions
        .iter()
        .filter(|region| region.cheaper == Cheaper::B)
        .map(|region| range(break_even, region))
        .collect();
    let (from, to) = (break_even.axis.from, break_even.axis.to);
    match ranges.len() {
        0 => {
            let (from, to) = (present::rough(from), present::rough(to));
            format!("That order holds from {from} to {to} requests a month.")
        }
        count if count > RANGES_TOLD => {
            let told = ranges[..RANGES_TOLD].join(", ");
            let more = count - RANGES_TOLD;
            format!("The latter is cheaper {told} requests a month, and in {more} more ranges.")
        }
        _ => format!("The latter is cheaper {} requests a month.", ranges.join(" and ")),
    }
}

fn range(break_even: &BreakEven, region: &Region) -> String {
    let (from, to) = (present::rough(region.from), present::rough(region.to));
    let begins = region.from <= break_even.axis.from;
    let ends = region.to >= break_even.axis.to;
    match (begins, ends) {
        (true, false) => format!("below {to}"),
        (false, true) => format!("above {from}"),
        _ => format!("between {from} and {to}"),
    }
}

/// Returns what a side of the question does, as a noun.
pub fn noun(family: Family) -> &'static str {
    match family {
        Family::Stuff => "stuffing",
        Family::Retrieve => "retrieval",
        Family::Rewrite => "rewriting",
        Family::Converse => "conversation",
    }
}

fn monthly(row: &Row, currency: Currency) -> String {
    row.monthly.map_or(present::UNKNOWN.to_owned(), |amount| present::money(amount, currency))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Case;
    use crate::analysis::compare::compare;
    use crate::catalog::load::{Table, load};
    use crate::scenario::load::scenario;

    const PRICES: &str = "
[vendor]
id = \"acme\"
[[product]]
id = \"chat\"
kind = \"chat\"
window = 10_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = \"a test\"
checked = 2026-01-01
";

    /// S 0, Q 0, O 100: stuffing 4,000 tokens costs 0.004 + 0.001 = $0.005 a request, retrieving
    /// 2 × 500 tokens 0.001 + 0.001 = $0.002. The servers for retrieval cost $30 a month, so the
    /// order changes at 30 / 0.003 = 10,000 requests.
    fn answer(rest: &str) -> String {
        answer_on(rest, jiff::civil::date(2026, 2, 1))
    }

    fn answer_on(rest: &str, day: jiff::civil::Date) -> String {
        let (catalog, _) = load(&[Table { name: "prices", text: PRICES }]).unwrap();
        let text = format!(
            "
request = {{ system_tokens = 0, question_tokens = 0, output_tokens = 100 }}
retrieval = {{ embedding = \"none\", store = \"none\", top_k = 2, chunk_tokens = 500, overlap_tokens = 0 }}
{rest}
[[cost]]
name = \"servers\"
monthly = 30
strategies = [\"rag\"]
"
        );
        let (scenario, _) = scenario("test", &text, std::path::Path::new(".")).unwrap();
        let case = Case::open(&catalog, &scenario, day).unwrap();
        sentence(&compare(&case))
    }

    const BOTH: &str = "compare = { models = [\"acme/chat\"], strategies = [\"long_context\", \"rag\"] }";

    #[test]
    fn the_answer_names_both_sides_and_where_they_change_places() {
        let rest =
            format!("corpus = {{ tokens = 4000 }}\nworkload = {{ requests_per_month = 20_000 }}\n{BOTH}");
        assert_eq!(
            answer(&rest),
            "Cheapest: rag on acme/chat at $70.00 a month ($0.0035 a request); stuffing costs 1.4× that at best \
             (long_context on acme/chat, $100.00). The latter is cheaper below 10,000 requests a month."
        );
        let rest = rest.replace("20_000", "1000");
        assert_eq!(
            answer(&rest),
            "Cheapest: long_context on acme/chat at $5.00 a month ($0.005 a request); retrieval costs 6.4× that \
             at best (rag on acme/chat, $32.00). The latter is cheaper above 10,000 requests a month."
        );
    }

    #[test]
    fn a_price_that_nobody_looked_at_for_long_is_told_with_its_age() {
        let rest =
            format!("corpus = {{ tokens = 4000 }}\nworkload = {{ requests_per_month = 1000 }}\n{BOTH}");
        let old = answer_on(&rest, jiff::civil::date(2027, 1, 1));
        let told = "The price of acme/chat was last checked 365 days before 2027-01-01.";
        assert!(old.ends_with(told), "{old}");
        assert_eq!(old.matches("last checked").count(), 1, "once for both designs: {old}");
        assert!(!answer(&rest).contains("last checked"));
    }

    #[test]
    fn a_side_that_does_not_fit_is_said_to_fit_nowhere() {
        let rest =
            format!("corpus = {{ tokens = 40_000 }}\nworkload = {{ requests_per_month = 1000 }}\n{BOTH}");
        assert_eq!(
            answer(&rest),
            "Cheapest: rag on acme/chat at $32.00 a month ($0.032 a request). No design with stuffing fits."
        );
    }

    #[test]
    fn without_any_cost_the_first_reason_is_given() {
        let rest = "corpus = { tokens = 40_000 }
compare = { models = [\"acme/chat\"], strategies = [\"long_context\"] }";
        assert_eq!(
            answer(rest),
            "No answer: the only design has no known cost. acme/chat:long_context: does not fit: \
             over the 10,000 token window by 30,100."
        );
    }
}
