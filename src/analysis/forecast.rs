//! One design month by month: growth, seasons, dated prices, what is paid once, and what a business makes of it.
//!
//! Month 1 begins on the case's day, month m as many months later; each is priced by its first day. What is paid before
//! it is month 0: making the index, one-off costs of the user's own, changing from the baseline. Where the corpus grows,
//! what is added is indexed in the month in which it is there.

pub mod afford;
pub mod findings;
pub mod growth;
pub mod outlay;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::compare::{Reason, conversions};
use super::design::Design;
use super::price_change::{PriceChange, price_changes};
use super::revenue::revenue;
use super::{Case, Evaluation, Failure, Pair};
use crate::bill::{Overflow, Total};
use crate::catalog::ProductId;
use crate::catalog::exchange::Conversion;
use crate::scenario::{Param, Scenario};
use crate::units::decimal;
use crate::usage::Recurrence;
use findings::Findings;
use growth::{Growth, corpus_tokens};
use outlay::{Outlay, Purpose, plus};

/// One month of a forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    /// Its number, from 1.
    pub number: u32,
    /// Its first day, whose prices hold.
    pub from: Date,
    /// Requests; `None` where they have grown beyond what anybody can mean.
    pub requests: Option<f64>,
    /// Users, where the scenario counts them.
    pub users: Option<f64>,
    /// Tokens of all corpora.
    pub corpus_tokens: Option<f64>,
    /// What is spent.
    pub outlay: Outlay,
    /// How much more it would be without the assumed fall of prices; `None` where none is assumed.
    pub saved_by_decline: Option<Decimal>,
    /// What has been spent so far, what is paid before month 1 included.
    pub so_far: Total,
    /// Whether it costs more than the budget, where there is one and that can be told.
    pub over_budget: Option<bool>,
    /// What paying users pay.
    pub revenue: Option<Decimal>,
    /// Revenue less cost.
    pub margin: Option<Decimal>,
    /// Margin over revenue.
    pub margin_share: Option<f64>,
    /// Cost over all users, paying or not.
    pub cost_per_user: Option<Decimal>,
    /// What is left of the balance at its end: at most that where a cost is not known.
    pub balance: Option<Total>,
    /// Products that are no longer sold.
    pub retired: Vec<ProductId>,
    /// Products with another price than the month before.
    pub changes: Vec<PriceChange>,
}

/// A design month by month.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The design.
    pub pair: Pair,
    /// What is paid before month 1.
    pub start: Outlay,
    /// What is left of the balance then.
    pub start_balance: Option<Total>,
    /// The months of the horizon.
    pub months: Vec<Month>,
    /// What is spent in all of them and before.
    pub total: Total,
    /// What is paid by users in all of them, where it is known.
    pub revenue: Option<Decimal>,
    /// How much more all of it would be without the assumed fall of prices; `None` where none is assumed.
    pub saved_by_decline: Option<Decimal>,
    /// Conversions behind the amounts, at the rates of the case's day.
    pub conversions: Vec<Conversion>,
    /// What stands out.
    pub findings: Findings,
}

impl Forecast {
    /// Returns why the design cannot run in any month; `None` where it can in some, its prices known or not.
    pub fn never_runs(&self) -> Option<&Reason> {
        let refused = |month: &Month| !matches!(month.outlay.reason, None | Some(Reason::Unpriced { .. }));
        let all = self.months.iter().all(refused);
        self.months.first().filter(|_| all).and_then(|month| month.outlay.reason.as_ref())
    }

    /// Returns what has been spent by the end of each month, by purpose, that before month 1 first.
    ///
    /// $30 of indexing before month 1 and $100 a month for answers are $30, $130 and $230.
    pub fn cumulated(&self) -> Vec<Outlay> {
        let mut sum = self.start.clone();
        let mut all = vec![sum.clone()];
        for month in &self.months {
            month.outlay.parts.iter().for_each(|(purpose, amount)| sum.add(*purpose, *amount));
            sum.reason = sum.reason.or_else(|| month.outlay.reason.clone());
            all.push(sum.clone());
        }
        all
    }

    /// Returns the purposes for which anything is spent, in their order.
    pub fn purposes(&self) -> Vec<Purpose> {
        let outlays = || std::iter::once(&self.start).chain(self.months.iter().map(|month| &month.outlay));
        let spent = |purpose: &Purpose| outlays().any(|outlay| !outlay.part(*purpose).is_zero());
        Purpose::ALL.into_iter().filter(spent).collect()
    }
}

/// Forecasts one design over the scenario's horizon.
///
/// A design of $100 a month whose requests grow by 10 % a month costs $100, $110 and $121.
pub fn forecast(case: &Case<'_>, pair: Pair) -> Forecast {
    let start = start(case, pair);
    let (mut so_far, mut balance) = (start.total(), None);
    if let Some(amount) = case.amount(Param::Balance) {
        balance = Some(spend(Total { known: amount, complete: true }, &start));
    }
    let start_balance = balance;
    let ahead = Ahead { pair, products: case.products_of(pair), growth: Growth::of(case.scenario) };
    let mut months: Vec<Month> = Vec::new();
    let mut before: Option<Case<'_>> = None;
    let horizon = case.scenario.numbers.value(Param::HorizonMonths) as u32;
    for number in 1..=horizon {
        // The calendar ends after the year 9999.
        let Ok(from) = case.book.date.checked_add((i64::from(number) - 1).months()) else { break };
        let now = case.on(from);
        let mut month = ahead.month(number, &now, before.as_ref());
        so_far = add(so_far, &month.outlay);
        month.so_far = so_far;
        account(&mut month, &now);
        balance = balance.map(|left| {
            let left = spend(left, &month.outlay);
            month.revenue.map_or(left, |revenue| plus(left, revenue))
        });
        month.balance = balance;
        months.push(month);
        before = Some(now);
    }
    Forecast {
        pair,
        start,
        start_balance,
        total: so_far,
        revenue: sum(&months, |month| month.revenue),
        saved_by_decline: sum(&months, |month| month.saved_by_decline),
        conversions: conversions(case, &ahead.products),
        findings: Findings::of(case, pair, start_balance, &months),
        months,
    }
}

/// Adds up what is known of every month.
fn sum(months: &[Month], of: impl Fn(&Month) -> Option<Decimal>) -> Option<Decimal> {
    months.iter().map(of).try_fold(Decimal::ZERO, |sum, one| sum.checked_add(one?))
}

/// Returns what is paid before month 1, at the prices of the case's day.
fn start(case: &Case<'_>, pair: Pair) -> Outlay {
    let mut start = match case.evaluate(pair) {
        Ok(evaluation) => Outlay::of(case, pair, &evaluation, Recurrence::OneOff),
        Err(failure) => Outlay::unknown(Reason::of_failure(case, failure)),
    };
    match case.switching_to(pair) {
        Some(switching) => start.add(Purpose::Switching, switching),
        None => start.reason = start.reason.or(Some(Reason::Failure(Failure::Overflow(Overflow)))),
    }
    start
}

fn add(total: Total, outlay: &Outlay) -> Total {
    let spent = outlay.total();
    let sum = plus(total, spent.known);
    Total { complete: sum.complete && spent.complete, ..sum }
}

fn spend(total: Total, outlay: &Outlay) -> Total {
    let spent = outlay.total();
    let left = plus(total, -spent.known);
    Total { complete: left.complete && spent.complete, ..left }
}

/// What months are worked out from.
struct Ahead<'f> {
    pair: Pair,
    products: Vec<ProductId>,
    growth: Growth<'f>,
}

impl Ahead<'_> {
    /// Works out what a month uses and costs; money is accounted for later.
    fn month(&self, number: u32, now: &Case<'_>, before: Option<&Case<'_>>) -> Month {
        let from = now.book.date;
        let scenario = self.growth.in_month(number, from);
        let outlay = match &scenario {
            None => Outlay::unknown(Reason::Failure(Failure::Overflow(Overflow))),
            Some(scenario) => self.declined(number, now, scenario),
        };
        let numbers = scenario.as_ref().map(|scenario| &scenario.numbers);
        let sold_no_more = |id: &&ProductId| now.product(**id).is_retired(from);
        Month {
            number,
            from,
            requests: numbers.map(|numbers| numbers.requests()),
            users: numbers.and_then(|numbers| numbers.get(Param::Users)),
            corpus_tokens: scenario.as_ref().map(corpus_tokens),
            saved_by_decline: self.saved(number, now, scenario.as_ref(), &outlay),
            outlay,
            so_far: Total { known: Decimal::ZERO, complete: true },
            over_budget: None,
            revenue: None,
            margin: None,
            margin_share: None,
            cost_per_user: None,
            balance: None,
            retired: self.products.iter().filter(sold_no_more).copied().collect(),
            changes: before.map_or_else(Vec::new, |before| price_changes(before, now, &self.products)),
        }
    }

    /// Works out what a month costs at prices that have fallen as the scenario assumes.
    fn declined(&self, number: u32, now: &Case<'_>, scenario: &Scenario) -> Outlay {
        let left = self.growth.prices_left(number);
        if left == 1.0 {
            return self.outlay(number, now, scenario);
        }
        let mut fallen = now.clone();
        fallen.book = fallen.book.with_decline(now.catalog, left);
        self.outlay(number, &fallen, scenario)
    }

    /// Returns by how much a month would cost more at the prices that are known.
    fn saved(
        &self,
        number: u32,
        now: &Case<'_>,
        scenario: Option<&Scenario>,
        outlay: &Outlay,
    ) -> Option<Decimal> {
        if self.growth.prices_left(2) == 1.0 {
            return None;
        }
        let full = self.outlay(number, now, scenario?).cost()?;
        full.checked_sub(outlay.cost()?)
    }

    /// Adds up the month's bill and the indexing of what was added to the corpora.
    fn outlay(&self, number: u32, now: &Case<'_>, scenario: &Scenario) -> Outlay {
        let evaluate = |scenario: &Scenario| {
            now.may_run(self.pair)?;
            Design::of(now, self.pair, scenario).evaluate(now)
        };
        let evaluation = match evaluate(scenario) {
            Ok(evaluation) => evaluation,
            Err(failure) => return Outlay::unknown(Reason::of_failure(now, failure)),
        };
        let mut month = Outlay::of(now, self.pair, &evaluation, Recurrence::Monthly);
        if number == 1 || !self.growth.adds_to_corpus() {
            return month;
        }
        let once = |evaluation: &Evaluation| Outlay::of(now, self.pair, evaluation, Recurrence::OneOff);
        let before = match self.growth.with_corpus_of(number - 1, scenario).map(|smaller| evaluate(&smaller))
        {
            Some(Ok(evaluation)) => Ok(once(&evaluation)),
            Some(Err(failure)) => Err(Reason::of_failure(now, failure)),
            None => Err(Reason::Failure(Failure::Overflow(Overflow))),
        };
        month.add_index(&once(&evaluation), before);
        month
    }
}

/// Fills in what a month's cost means for the budget and for the user's business.
fn account(month: &mut Month, now: &Case<'_>) {
    let total = month.outlay.total();
    month.over_budget = now.amount(Param::BudgetPerMonth).and_then(|budget| {
        let over = total.known > budget;
        // The known part alone may be over it.
        (over || total.complete).then_some(over)
    });
    let trial = now.scenario.numbers.value(Param::TrialShare);
    let priced = month.users.zip(now.amount(Param::PricePerUser));
    month.revenue = priced.and_then(|(users, price)| revenue(users, trial, price));
    let cost = total.amount();
    month.margin = month.revenue.zip(cost).and_then(|(revenue, cost)| revenue.checked_sub(cost));
    let over_revenue = month.margin.zip(month.revenue);
    month.margin_share = over_revenue.and_then(|(margin, revenue)| margin.checked_div(revenue)?.to_f64());
    let users = month.users.map(decimal);
    month.cost_per_user = cost.zip(users).and_then(|(cost, users)| cost.checked_div(users));
}
