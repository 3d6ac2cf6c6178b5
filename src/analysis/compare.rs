//! Every model × strategy, ranked by what a month costs.

mod group;
pub(super) mod rows;
mod saving;
mod worth;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::break_even::{BreakEven, break_even};
use super::curve::Metric;
use super::design::Design;
use super::limits::verdict::OverLimit;
use super::sweep::Axis;
use super::{Case, Failure, Pair};
use crate::bill::{Bill, Charge, Unpriced};
use crate::catalog::exchange::Conversion;
use crate::catalog::{Confidence, ProductId};
use crate::diagnostic::Fault;
use crate::scenario::{Param, Scenario};
use crate::units::Currency;
use crate::usage::strategy::Family;
use crate::usage::{Refusal, Remark};
pub use group::{Group, Grouping};
pub use saving::Saving;

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
    /// Its numbers cannot hold together.
    Contradiction(String),
}

impl Reason {
    /// Returns why a design was not worked out, with the name of the class that it cannot serve.
    pub fn of_failure(case: &Case<'_>, failure: Failure) -> Reason {
        match failure {
            Failure::RefusedClass(class, refusal) => {
                let class = case.scenario.groups.classes[usize::from(class)].name.text.clone();
                Reason::Class { class, refusal }
            }
            _ => Reason::Failure(failure),
        }
    }

    /// Returns which price a design's bill misses; `None` where it has all.
    pub(super) fn of_bill(case: &Case<'_>, pair: Pair, bill: &Bill) -> Option<Reason> {
        let (line, why) = bill.first_unpriced(Some(pair.model))?;
        let id = match &line.charge {
            Charge::Product(id, _) => Some(*id),
            Charge::Own(_) => None,
        };
        let part = id.filter(|id| *id != pair.model).map(|id| case.product(id).id.clone());
        let product = id.map(|id| case.product(id)).filter(|product| product.prices.is_empty());
        Some(Reason::Unpriced { part, why, note: product.and_then(|product| product.note.clone()) })
    }
}

impl Reason {
    /// Returns the reason without amounts that hold for one value of a number only, such as by how much a text does not
    /// fit: for a whole stretch of values.
    pub fn lasting(&self) -> String {
        match self {
            Reason::Failure(Failure::Refused(refusal)) => refusal.lasting(),
            Reason::Class { class, refusal } => format!("class {class}: {}", refusal.lasting()),
            reason => reason.to_string(),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Failure(failure) => failure.fmt(f),
            Reason::Class { class, refusal } => write!(f, "class {class}: {refusal}"),
            Reason::Contradiction(contradiction) => f.write_str(contradiction),
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
    /// Days since the model's price was last checked; `None` without a price.
    pub price_age: Option<i32>,
    /// Share of the corpus that a request can draw on; `None` where the design does not run.
    pub coverage: Option<f64>,
    /// Monthly cost over requests.
    pub per_request: Option<Decimal>,
    /// Cost of a month.
    pub monthly: Option<Decimal>,
    /// Paid once, beside the ranking.
    pub one_off: Option<Decimal>,
    /// What the months of the horizon and what is paid once come to, changing from the baseline included: $3 a month over
    /// 12 months and $5 once are $41.
    pub over_horizon: Option<Decimal>,
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
    /// Whether its peak is within the rate limits of the customer's tier, or of the highest; `None` where none are
    /// published for its model on the day.
    pub within_limits: Option<bool>,
    /// Why no limit was held against it; `None` where one was or the design does not run.
    pub limits_unknown: Option<&'static str>,
    /// The limit that it is over.
    pub over_limits: Option<OverLimit>,
    /// Share of its answers that are right, where the scenario says so.
    pub accuracy: Option<f64>,
    /// Monthly cost over the requests that are answered right.
    pub per_correct: Option<Decimal>,
    /// Monthly cost over users, where the scenario gives users.
    pub per_user: Option<Decimal>,
    /// Share of what a user pays that is left after the monthly cost, users on trial counted; negative at a loss.
    pub margin: Option<Decimal>,
    /// Whether the margin is the target at least.
    pub meets_target: Option<bool>,
}

impl Row {
    /// Returns the design as `MODEL:STRATEGY`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.model, self.strategy)
    }

    /// Returns whether the design may be called the cheapest: priced, known to fit, still sold, its history whole, and
    /// not over its rate limits.
    pub fn may_win(&self) -> bool {
        self.would_win() && !self.is_over_limits()
    }

    /// Returns whether it might be called the cheapest if nobody limited the rate of requests.
    pub fn would_win(&self) -> bool {
        self.monthly.is_some() && self.fits == Some(true) && !self.retired && !self.drops_history()
    }

    /// Returns whether the design's peak is over its rate limits.
    pub fn is_over_limits(&self) -> bool {
        self.within_limits == Some(false)
    }

    /// Returns whether less is left of the price than the scenario asks for.
    pub fn misses_margin(&self) -> bool {
        self.meets_target == Some(false)
    }

    /// Says why there is no cost of a right answer; `None` where there is one.
    pub fn no_per_correct(&self) -> Option<&'static str> {
        match (self.per_correct, self.accuracy) {
            (Some(_), _) => None,
            (None, None) => Some("no accuracy is given"),
            (None, _) if self.monthly.is_none() => Some("no monthly cost"),
            (None, Some(0.0)) => Some("no answer is right"),
            (None, Some(_)) => Some("no requests"),
        }
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

/// The answer to "stuff the context, or retrieve?".
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Row of the cheapest design.
    pub cheapest: usize,
    /// Row of the cheapest design on the other side of the question, of equal coverage; one over its rate limits where
    /// no other is left.
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
    /// Months that [`over_horizon`](Row::over_horizon) counts.
    pub horizon_months: f64,
    /// Users, where the scenario gives them.
    pub users: Option<f64>,
    /// What a paying user pays a month, where the scenario says so.
    pub price_per_user: Option<Decimal>,
    /// Share of the users who pay nothing yet.
    pub trial_share: f64,
    /// Share of the price that is to be left.
    pub target_margin: f64,
    /// Rows: priced ones from the cheapest, then those without a cost.
    pub rows: Vec<Row>,
    /// The answer, where any design has a cost.
    pub answer: Option<Answer>,
    /// Whether the scenario names both a plan and a baseline.
    pub names_saving: bool,
    /// Saving of the plan against the baseline, where the scenario names both.
    pub saving: Option<Saving>,
    /// The plan and the baseline, where they are not among the rows: the word for each, and its name.
    pub left_out: Vec<(&'static str, String)>,
    /// Price cards behind the rows with a cost.
    pub prices_shown: usize,
    /// Days since the one was checked that nobody has checked for longest, on the day whose prices hold; negative where all
    /// were checked after it.
    pub oldest_days: Option<i32>,
    /// How many of them are stale.
    pub prices_stale: usize,
    /// How many of them are not certain.
    pub prices_uncertain: usize,
    /// Conversions used.
    pub conversions: Vec<Conversion>,
}

impl Comparison {
    /// Returns the cheapest design of a side of the question, whatever it covers; one over its rate limits where no other
    /// is left.
    pub fn cheapest_of(&self, family: Family) -> Option<Pair> {
        let of_side = |row: &&Row| row.pair.strategy.family() == family;
        let mut rows = self.rows.iter().filter(of_side);
        let within = rows.clone().find(|row| row.may_win());
        within.or_else(|| rows.find(|row| row.would_win())).map(|row| row.pair)
    }
}

/// Works out and ranks every design of a case.
pub fn compare(case: &Case<'_>) -> Comparison {
    let mut used: Vec<ProductId> = Vec::new();
    let mut rows: Vec<Row> = case.pairs().map(|pair| rows::row(case, pair, &mut used)).collect();
    let answer = rank_rows(&mut rows);
    let answer = answer.map(|cheapest| answer_of(case, &rows, cheapest));
    let stale = |id: &&ProductId| case.book.card(**id).is_ok_and(|(card, _)| card.is_stale(case.book.date));
    let age = |id: &ProductId| Some(case.book.card(*id).ok()?.0.age_in_days(case.book.date));
    let unsure =
        |id: &&ProductId| case.book.card(**id).is_ok_and(|(card, _)| card.confidence != Confidence::High);
    let saving = saving::saving(case, &rows);
    let named = [("plan", case.plan), ("baseline", case.baseline)];
    let left_out = named.into_iter().filter_map(|(word, pair)| {
        let pair = pair.filter(|pair| !rows.iter().any(|row| row.pair == *pair))?;
        Some((word, case.pair_name(pair)))
    });
    Comparison {
        left_out: left_out.collect(),
        scenario: case.scenario.name.clone(),
        as_of: case.book.date,
        currency: case.book.currency,
        requests: case.scenario.numbers.requests(),
        horizon_months: case.scenario.numbers.value(Param::HorizonMonths),
        users: case.scenario.numbers.get(Param::Users),
        price_per_user: case.amount(Param::PricePerUser),
        trial_share: case.scenario.numbers.value(Param::TrialShare),
        target_margin: worth::target_margin(case),
        answer,
        names_saving: case.plan.is_some() && case.baseline.is_some(),
        saving,
        prices_shown: used.len(),
        oldest_days: used.iter().filter_map(age).max(),
        prices_stale: used.iter().filter(stale).count(),
        prices_uncertain: used.iter().filter(unsure).count(),
        conversions: conversions(case, &used),
        rows,
    }
}

/// Ranks rows and marks the cheapest; returns its place.
pub(super) fn rank_rows(rows: &mut [Row]) -> Option<usize> {
    rows.sort_by(|a, b| rank(a).cmp(&rank(b)));
    mark_cheapest(rows)
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

/// Returns why a design has no monthly cost with the numbers of a scenario: the case's own or a variation of it.
pub(super) fn why_without_cost(case: &Case<'_>, pair: Pair, scenario: &Scenario) -> Option<Reason> {
    if let Err((_, fault)) = scenario.consistency() {
        return Some(Reason::Contradiction(fault.to_string()));
    }
    let run = case.may_run(pair).and_then(|()| Design::of(case, pair, scenario).evaluate(case));
    match run {
        Ok(evaluation) => Reason::of_bill(case, pair, &evaluation.bill),
        Err(failure) => Some(Reason::of_failure(case, failure)),
    }
}

/// Marks the cheapest row among those with the largest coverage, and the multiples of it.
fn mark_cheapest(rows: &mut [Row]) -> Option<usize> {
    let cheapest = group::cheapest(rows, |_| true)?;
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
    let of_side = |row: &Row| row.coverage >= winner.coverage && Some(row.pair.strategy.family()) == other;
    let within = rows.iter().position(|row| row.may_win() && of_side(row));
    // What the other side would cost is worth telling though nobody sells as much.
    let other_side = within.or_else(|| rows.iter().position(|row| row.would_win() && of_side(row)));
    let by_requests = other_side.and_then(|other| {
        let axis = Axis::new(Param::RequestsPerMonth, ANSWER_RANGE.0, ANSWER_RANGE.1, true).ok()?;
        Some(break_even(case, winner.pair, rows[other].pair, axis, Metric::Monthly))
    });
    Answer { cheapest, other_side, by_requests }
}

/// Returns the conversions behind the rows with a cost and the user's own costs, each once.
pub(super) fn conversions(case: &Case<'_>, used: &[ProductId]) -> Vec<Conversion> {
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

/// The cheapest design of the other side of the question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OtherSide {
    /// The design.
    pub pair: Pair,
    /// Whether it draws on as much of the corpus.
    pub covers_as_much: bool,
}

/// Finds the cheapest design of the other side of the question than a design's, of equal coverage where there is one.
///
/// # Errors
/// The design is on no side, or nothing on the other one can be called the cheapest.
pub fn other_side(case: &Case<'_>, pair: Pair) -> Result<OtherSide, Fault> {
    let remedy = "name a second design with --b".to_owned();
    let Some(family) = pair.strategy.family().other_side() else {
        let message =
            format!("{} neither stuffs nor retrieves, so there is no other side", case.pair_name(pair));
        return Err(Fault::Conflict { message, remedy });
    };
    let coverage = case.evaluate(pair).map_or(0.0, |evaluation| evaluation.shape.coverage);
    let comparison = compare(case);
    let mut rows = comparison.rows.iter().filter(|row| row.may_win() && row.pair.strategy.family() == family);
    let equal = rows.clone().find(|row| row.coverage >= Some(coverage)).map(|row| (row.pair, true));
    let (pair, covers_as_much) = equal.or(rows.next().map(|row| (row.pair, false))).ok_or_else(|| {
        let message = "no compared design of the other side of the question has a cost".to_owned();
        Fault::Conflict { message, remedy }
    })?;
    Ok(OtherSide { pair, covers_as_much })
}

/// Returns the same as [`chosen_pair`] from a comparison that is there already.
pub(super) fn chosen_of(case: &Case<'_>, comparison: &Comparison) -> Option<(Pair, &'static str)> {
    if let Some(plan) = case.plan {
        return Some((plan, "the scenario's plan"));
    }
    let answer = comparison.answer.as_ref()?;
    Some((comparison.rows[answer.cheapest].pair, "the cheapest design that fits"))
}
