//! Every model × strategy, ranked by what a month costs.

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::break_even::{BreakEven, break_even};
use super::curve::Metric;
use super::sweep::Axis;
use super::{Case, Evaluation, Failure, Pair};
use crate::bill::{Charge, LineItem, Unpriced};
use crate::catalog::exchange::Conversion;
use crate::catalog::{Confidence, ProductId};
use crate::scenario::Param;
use crate::units::{Currency, decimal};
use crate::usage::fit::largest_input;
use crate::usage::strategy::Family;
use crate::usage::{Fit, Recurrence, Refusal, Remark};

/// Requests a month between which the answer looks for a change of order.
pub(super) const ANSWER_RANGE: (f64, f64) = (1.0, 1e7);

/// Why a row has no monthly cost.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The design was not worked out.
    Failure(Failure),
    /// It cannot serve the requests of one class.
    Class {
        /// Name of the class.
        class: String,
        /// Why.
        refusal: Refusal,
    },
    /// A price is missing: of the model, or of the part of the design that is named; with what the
    /// catalog says of a product that never had one.
    Unpriced {
        /// The part, where it is not the model itself.
        part: Option<String>,
        /// What is missing.
        why: Unpriced,
        /// The catalog's note.
        note: Option<String>,
    },
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Failure(failure) => failure.fmt(f),
            Reason::Class { class, refusal } => write!(f, "class {class}: {refusal}"),
            Reason::Unpriced { part, why, note } => {
                if let Some(part) = part {
                    write!(f, "{part}: ")?;
                }
                write!(f, "{why}")?;
                note.as_ref().map_or(Ok(()), |note| write!(f, "; {note}"))
            }
        }
    }
}

/// One design with its cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The design.
    pub pair: Pair,
    /// Id of its model.
    pub model: String,
    /// Id of its strategy.
    pub strategy: &'static str,
    /// Whether it fits; `None` where that is unknown: no window, a model not yet released or not allowed, images that
    /// it does not take or whose size is not published.
    pub fits: Option<bool>,
    /// Why there is no monthly cost.
    pub reason: Option<Reason>,
    /// Whether the model was withdrawn by the as-of date.
    pub retired: bool,
    /// Share of the corpus that a request can draw on; `None` where the design does not run.
    pub coverage: Option<f64>,
    /// Monthly cost over requests.
    pub per_request: Option<Decimal>,
    /// Cost of a month.
    pub monthly: Option<Decimal>,
    /// Paid once, beside the ranking.
    pub one_off: Option<Decimal>,
    /// The priced part of a month whose total is unknown.
    pub at_least: Option<Decimal>,
    /// Input tokens of the answering model for one request.
    pub input_tokens_per_request: Option<f64>,
    /// Output tokens of the answering model for one request.
    pub output_tokens_per_request: Option<f64>,
    /// Calls of the answering model for one request.
    pub calls_per_request: Option<f64>,
    /// A remark, such as the hit share.
    pub remark: Option<Remark>,
    /// Monthly cost over the cheapest row's.
    pub times_cheapest: Option<f64>,
    /// Whether it is the cheapest of the rows that cover as much of the corpus.
    pub cheapest: bool,
    /// Whether the scenario plans to run it.
    pub plan: bool,
    /// Whether the scenario runs it today.
    pub baseline: bool,
    /// Whether it costs more than the budget.
    pub over_budget: bool,
}

impl Row {
    /// Returns the design as `MODEL:STRATEGY`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.model, self.strategy)
    }

    /// Returns whether the design may be called the cheapest: priced, known to fit, still sold, its history whole.
    pub fn may_win(&self) -> bool {
        self.monthly.is_some() && self.fits == Some(true) && !self.retired && !self.drops_history()
    }

    /// Returns whether the design has a cost but drops history of its conversations.
    pub fn drops_history(&self) -> bool {
        self.monthly.is_some() && self.remark.is_some_and(Remark::drops_history)
    }

    /// Returns whether the design has a cost but draws on less than the whole corpus.
    pub fn reads_part(&self) -> bool {
        self.monthly.is_some() && self.coverage.is_some_and(|coverage| coverage < 1.0)
    }

    /// Returns whether the design has a cost but the model's window is not known.
    pub fn window_unknown(&self) -> bool {
        self.monthly.is_some() && self.fits.is_none()
    }
}

/// What changes for the user if the plan replaces the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saving {
    /// Monthly cost of the baseline less that of the plan.
    pub monthly: Decimal,
    /// Cost of switching, paid once.
    pub switching: Decimal,
    /// Months until the saving has paid for the switch; `None` where it never does.
    pub payback_months: Option<f64>,
}

/// The answer to "stuff the context, or retrieve?".
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Row of the cheapest design.
    pub cheapest: usize,
    /// Row of the cheapest design on the other side of the question, of equal coverage.
    pub other_side: Option<usize>,
    /// Where the two change order as requests a month grow.
    pub by_requests: Option<BreakEven>,
}

/// All designs, ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The scenario's name.
    pub scenario: String,
    /// Day whose prices hold.
    pub as_of: Date,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Requests a month.
    pub requests: f64,
    /// Rows: priced ones from the cheapest, then those without a cost.
    pub rows: Vec<Row>,
    /// The answer, where any design has a cost.
    pub answer: Option<Answer>,
    /// Saving of the plan against the baseline, where the scenario names both.
    pub saving: Option<Saving>,
    /// Price cards behind the rows with a cost.
    pub prices_shown: usize,
    /// How many of them are stale.
    pub prices_stale: usize,
    /// How many of them are not certain.
    pub prices_uncertain: usize,
    /// Conversions used.
    pub conversions: Vec<Conversion>,
}

impl Comparison {
    /// Returns the cheapest design of a side of the question, whatever it covers.
    pub fn cheapest_of(&self, family: Family) -> Option<Pair> {
        let mut rows = self.rows.iter().filter(|row| row.may_win()).map(|row| row.pair);
        rows.find(|pair| pair.strategy.family() == family)
    }
}

/// Works out and ranks every design of a case.
pub fn compare(case: &Case<'_>) -> Comparison {
    let mut used: Vec<ProductId> = Vec::new();
    let mut rows: Vec<Row> = case.pairs().map(|pair| row(case, pair, &mut used)).collect();
    rows.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let answer = mark_cheapest(&mut rows);
    let answer = answer.map(|cheapest| answer_of(case, &rows, cheapest));
    let stale = |id: &&ProductId| case.book.card(**id).is_ok_and(|(card, _)| card.is_stale(case.book.date));
    let unsure =
        |id: &&ProductId| case.book.card(**id).is_ok_and(|(card, _)| card.confidence != Confidence::High);
    let saving = saving(case, &rows);
    Comparison {
        scenario: case.scenario.name.clone(),
        as_of: case.book.date,
        currency: case.book.currency,
        requests: case.scenario.numbers.requests(),
        answer,
        saving,
        prices_shown: used.len(),
        prices_stale: used.iter().filter(stale).count(),
        prices_uncertain: used.iter().filter(unsure).count(),
        conversions: conversions(case, &used),
        rows,
    }
}

/// Orders rows: with a cost, then priced in part, then without; cheaper first, then by name.
fn rank(row: &Row) -> impl Ord {
    let class = match (row.monthly, row.at_least, row.fits) {
        (Some(_), _, _) => 0,
        (None, Some(_), _) => 1,
        (None, None, Some(true) | None) => 2,
        (None, None, Some(false)) => 3,
    };
    // What has no amount stands behind what has.
    let amount = |value: Option<Decimal>| (value.is_none(), value);
    (class, amount(row.monthly.or(row.at_least)), amount(row.one_off), &row.model, row.strategy)
}

fn row(case: &Case<'_>, pair: Pair, used: &mut Vec<ProductId>) -> Row {
    let product = case.product(pair.model);
    let blank = Row {
        pair,
        model: product.id.clone(),
        strategy: pair.strategy.id(),
        fits: Some(true),
        reason: None,
        retired: product.is_retired(case.book.date),
        coverage: None,
        per_request: None,
        monthly: None,
        one_off: None,
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
            let class = match failure {
                Failure::RefusedClass(class, _) => {
                    Some(case.scenario.groups.classes[usize::from(class)].name.text.clone())
                }
                _ => None,
            };
            let reason = match (class, failure.refusal()) {
                (Some(class), Some(refusal)) => Reason::Class { class, refusal },
                _ => Reason::Failure(failure),
            };
            Row { fits, reason: Some(reason), ..blank }
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
    let unpriced = evaluation.bill.first_unpriced(Some(blank.pair.model)).filter(|_| !monthly.complete);
    let reason = unpriced.map(|(line, why)| missing_price(case, &blank, line, why));
    let amount = monthly.amount();
    Row {
        fits: (evaluation.shape.fit == Fit::Fits).then_some(true),
        reason,
        coverage: Some(evaluation.shape.coverage),
        per_request: amount.filter(|_| requests > 0.0).and_then(|total| total.checked_div(decimal(requests))),
        monthly: amount,
        one_off: one_off.amount(),
        at_least: (!monthly.complete && !monthly.known.is_zero()).then_some(monthly.known),
        input_tokens_per_request: Some(input),
        output_tokens_per_request: Some(output),
        calls_per_request: Some(calls),
        remark: evaluation.shape.remark,
        over_budget: case.budget.zip(amount).is_some_and(|(budget, amount)| amount > budget),
        ..blank
    }
}

fn missing_price(case: &Case<'_>, row: &Row, line: &LineItem, why: Unpriced) -> Reason {
    let product = match &line.charge {
        Charge::Product(id, _) => Some(case.product(*id)),
        Charge::Own(_) => None,
    };
    let part = product.map(|product| product.id.clone()).filter(|id| *id != row.model);
    let note = product.filter(|product| product.prices.is_empty()).and_then(|product| product.note.clone());
    Reason::Unpriced { part, why, note }
}

/// Marks the cheapest row among those with the largest coverage, and the multiples of it.
fn mark_cheapest(rows: &mut [Row]) -> Option<usize> {
    let coverage = rows.iter().filter(|row| row.may_win()).filter_map(|row| row.coverage).fold(0.0, f64::max);
    let cheapest = rows.iter().position(|row| row.may_win() && row.coverage >= Some(coverage))?;
    rows[cheapest].cheapest = true;
    let lowest = rows[cheapest].monthly.and_then(|amount| amount.to_f64())?;
    for row in rows.iter_mut() {
        let monthly = row.monthly.and_then(|amount| amount.to_f64());
        row.times_cheapest = monthly.map(|amount| amount / lowest).filter(|times| times.is_finite());
    }
    Some(cheapest)
}

fn answer_of(case: &Case<'_>, rows: &[Row], cheapest: usize) -> Answer {
    let winner = &rows[cheapest];
    let other = winner.pair.strategy.family().other_side();
    let other_side = rows.iter().position(|row| {
        row.may_win() && row.coverage >= winner.coverage && Some(row.pair.strategy.family()) == other
    });
    let by_requests = other_side.and_then(|other| {
        let axis = Axis::new(Param::RequestsPerMonth, ANSWER_RANGE.0, ANSWER_RANGE.1, true).ok()?;
        Some(break_even(case, winner.pair, rows[other].pair, axis, Metric::Monthly))
    });
    Answer { cheapest, other_side, by_requests }
}

fn saving(case: &Case<'_>, rows: &[Row]) -> Option<Saving> {
    let costs = |pair: Option<Pair>| {
        let pair = pair?;
        let known = rows.iter().find(|row| row.pair == pair).map(|row| (row.monthly, row.one_off));
        known.or_else(|| {
            let bill = case.evaluate(pair).ok()?.bill;
            Some((bill.total(Recurrence::Monthly).amount(), bill.total(Recurrence::OneOff).amount()))
        })
    };
    let (plan, switching) = costs(case.plan)?;
    let (baseline, _) = costs(case.baseline)?;
    let monthly = baseline?.checked_sub(plan?)?;
    let switching = switching?;
    let months = switching.checked_div(monthly).filter(|_| monthly > Decimal::ZERO);
    let payback_months = months.and_then(|months| months.to_f64());
    Some(Saving { monthly, switching, payback_months })
}

/// Returns the conversions behind the rows with a cost and the user's own costs, each once.
fn conversions(case: &Case<'_>, used: &[ProductId]) -> Vec<Conversion> {
    let quoted = used.iter().filter_map(|id| case.book.card(*id).ok()).map(|(card, _)| card.currency);
    let mut conversions: Vec<Conversion> = Vec::new();
    for currency in quoted.chain(case.own_currencies()) {
        if let Some(conversion) = case.book.conversion(currency).filter(|c| !c.rates.is_empty())
            && !conversions.iter().any(|known| known.from == conversion.from)
        {
            conversions.push(conversion.clone());
        }
    }
    conversions
}

/// Returns the design that a command about one design is about: the plan, else the cheapest that fits.
pub fn chosen_pair(case: &Case<'_>) -> Option<(Pair, &'static str)> {
    chosen_of(case, &compare(case))
}

/// Returns the same as [`chosen_pair`] from a comparison that is there already.
pub(super) fn chosen_of(case: &Case<'_>, comparison: &Comparison) -> Option<(Pair, &'static str)> {
    if let Some(plan) = case.plan {
        return Some((plan, "the scenario's plan"));
    }
    let answer = comparison.answer.as_ref()?;
    Some((comparison.rows[answer.cheapest].pair, "the cheapest design that fits"))
}
