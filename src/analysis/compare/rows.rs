//! One design as a row: worked out once, with what its bill and its usage say.

use rust_decimal::Decimal;

use super::worth::{Worth, target_margin};
use super::{Reason, Row};
use crate::analysis::limits::verdict::judge;
use crate::analysis::{Case, Evaluation, Failure, Pair};
use crate::catalog::ProductId;
use crate::scenario::Param;
use crate::units::decimal;
use crate::usage::fit::largest_input;
use crate::usage::{Fit, Recurrence, Refusal};

pub(in crate::analysis) fn row(case: &Case<'_>, pair: Pair, used: &mut Vec<ProductId>) -> Row {
    let product = case.product(pair.model);
    let blank = Row {
        pair,
        model: product.id.clone(),
        strategy: pair.strategy.id(),
        fits: Some(true),
        reason: None,
        retired: product.is_retired(case.book.date),
        price_age: case.book.card(pair.model).ok().map(|(card, _)| card.age_in_days(case.book.date)),
        coverage: None,
        per_request: None,
        monthly: None,
        one_off: None,
        over_horizon: None,
        at_least: None,
        input_tokens_per_request: None,
        output_tokens_per_request: None,
        calls_per_request: None,
        remark: None,
        times_cheapest: None,
        cheapest: false,
        plan: case.plan == Some(pair),
        baseline: case.baseline == Some(pair),
        over_budget: false,
        within_limits: None,
        limits_unknown: None,
        over_limits: None,
        accuracy: case.accuracy(pair),
        per_correct: None,
        per_user: None,
        margin: None,
        meets_target: None,
    };
    match case.evaluate(pair) {
        Ok(evaluation) => priced(case, blank, &evaluation, used),
        Err(failure) => {
            let fits = match failure.refusal() {
                Some(
                    Refusal::Misfit(_)
                    | Refusal::DocumentMisfit { .. }
                    | Refusal::RerankMisfit(_)
                    | Refusal::Fallback(_)
                    | Refusal::NoRoomToReduce { .. },
                ) => Some(false),
                // The size of the prompt is not known, or was not looked at.
                Some(
                    Refusal::WindowUnknown
                    | Refusal::NotReleased(_)
                    | Refusal::NoImages
                    | Refusal::NoAudio
                    | Refusal::ImageTokensUnknown,
                ) => None,
                // What is refused later has passed the check, if there was a window to check against.
                Some(
                    Refusal::NoCache
                    | Refusal::NoCacheBefore(_)
                    | Refusal::NoCacheOfLifetime(_)
                    | Refusal::QuestionFillsSplit { .. }
                    | Refusal::NoReranker
                    | Refusal::RerankRuleUnknown,
                ) => largest_input(product).map(|_| true),
                None if matches!(failure, Failure::Barred(_)) => None,
                None => largest_input(product).map(|_| true),
            };
            Row { fits, reason: Some(Reason::of_failure(case, failure)), ..blank }
        }
    }
}

fn priced(case: &Case<'_>, blank: Row, evaluation: &Evaluation, used: &mut Vec<ProductId>) -> Row {
    let requests = case.scenario.numbers.requests();
    let monthly = evaluation.bill.total(Recurrence::Monthly);
    let one_off = evaluation.bill.total(Recurrence::OneOff);
    let (input, output, calls) = evaluation.usage.per_request(requests);
    if monthly.complete {
        for line in &evaluation.usage.lines {
            if !used.contains(&line.product) {
                used.push(line.product);
            }
        }
    }
    let reason = Reason::of_bill(case, blank.pair, &evaluation.bill).filter(|_| !monthly.complete);
    let amount = monthly.amount();
    let verdict = judge(case, blank.pair, &evaluation.usage);
    let worth = Worth::of(case, amount, blank.accuracy);
    Row {
        fits: (evaluation.shape.fit == Fit::Fits).then_some(true),
        reason,
        coverage: Some(evaluation.shape.coverage),
        per_request: amount.filter(|_| requests > 0.0).and_then(|total| total.checked_div(decimal(requests))),
        monthly: amount,
        one_off: one_off.amount(),
        over_horizon: over_horizon(case, blank.pair, amount, one_off.amount()),
        at_least: (!monthly.complete && !monthly.known.is_zero()).then_some(monthly.known),
        input_tokens_per_request: Some(input),
        output_tokens_per_request: Some(output),
        calls_per_request: Some(calls),
        remark: evaluation.shape.remark,
        within_limits: verdict.within,
        limits_unknown: verdict.unknown,
        over_limits: verdict.over,
        per_correct: worth.per_correct,
        per_user: worth.per_user,
        margin: worth.margin,
        meets_target: worth.margin.map(|margin| margin >= decimal(target_margin(case))),
        // What is known may be over it already, whatever the rest costs.
        over_budget: case.amount(Param::BudgetPerMonth).is_some_and(|budget| monthly.known > budget),
        ..blank
    }
}

/// Returns what a design costs over the scenario's horizon, changing to it included; `None` where an amount is unknown or
/// too large.
fn over_horizon(
    case: &Case<'_>,
    pair: Pair,
    monthly: Option<Decimal>,
    one_off: Option<Decimal>,
) -> Option<Decimal> {
    let months = decimal(case.scenario.numbers.value(Param::HorizonMonths));
    monthly?.checked_mul(months)?.checked_add(one_off?)?.checked_add(case.switching_to(pair)?)
}
