//! What holds for every case, whatever the numbers: each cost is a number, and curves tell what bills tell.

use jiff::civil::{Date, date};
use ragonomics::analysis::compare::compare;
use ragonomics::analysis::curve::{Curve, Metric};
use ragonomics::analysis::{Case, Pair};
use ragonomics::answer::sentence;
use ragonomics::report;
use ragonomics::usage::Recurrence;

/// The day on which everything is priced.
pub const DAY: Date = date(2026, 11, 22);

/// Compares and prints all designs of a case, and follows some of them along one of its numbers.
///
/// # Panics
/// Where something is wrong.
pub fn case_holds(case: &Case<'_>, choice: usize) {
    let comparison = compare(case);
    for row in &comparison.rows {
        let shares = [row.coverage, row.times_cheapest];
        let tokens = [row.input_tokens_per_request, row.output_tokens_per_request, row.calls_per_request];
        let sound = |value: &f64| value.is_finite() && *value >= 0.0;
        assert!(shares.iter().chain(&tokens).flatten().all(sound), "{row:?}");
    }
    report::compare::full(&comparison).to_csv();
    report::compare::ranked(&comparison).to_table(80, false);
    report::compare::to_json(&comparison, Some(sentence(&comparison)));
    let targets = case.scenario.targets();
    let target = targets[choice % targets.len()];
    for pair in case.pairs() {
        agrees_with_its_bill(case, pair);
        let mut curve = Curve::new(case, pair);
        let (low, high) = target.param.facts().bounds;
        for value in [low, high, low] {
            let cost = curve.cost_at(target, value, Metric::Total);
            assert!(cost.is_none_or(f64::is_finite), "{} at {value}: {cost:?}", case.pair_name(pair));
        }
    }
}

fn agrees_with_its_bill(case: &Case<'_>, pair: Pair) {
    let Ok(evaluation) = case.evaluate(pair) else { return };
    let sums = Curve::new(case, pair).sums();
    let of = |recurrence| {
        let amount = evaluation.bill.total(recurrence).amount();
        amount.and_then(|amount| amount.to_string().parse::<f64>().ok())
    };
    let billed = of(Recurrence::Monthly).zip(of(Recurrence::OneOff));
    let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1e-9);
    let alike = match (billed, sums) {
        (Some((monthly, once)), Some(sums)) => near(monthly, sums.monthly) && near(once, sums.one_off),
        (billed, sums) => billed.is_none() && sums.is_none(),
    };
    assert!(alike, "{}: {billed:?}, {sums:?}", case.pair_name(pair));
}
