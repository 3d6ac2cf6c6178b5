//! What a forecast says: what stands out, and what it rests on.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::analysis::Case;
use crate::analysis::forecast::Forecast;
use crate::analysis::forecast::afford::Affordable;
use crate::analysis::forecast::findings::First;
use crate::catalog::exchange::FIXED;
use crate::present::{money, percent, whole};
use crate::report::price_change;
use crate::scenario::Param;

/// Returns the first day of a month; `None` for what is paid before month 1.
pub fn first_day(forecast: &Forecast, month: u32) -> Option<Date> {
    forecast.months.iter().find(|known| known.number == month).map(|known| known.from)
}

/// Returns a month with its first day.
fn month(forecast: &Forecast, number: u32) -> String {
    first_day(forecast, number)
        .map_or_else(|| format!("month {number}"), |day| format!("month {number} ({day})"))
}

/// Says of which months a first one could not be told.
fn unless(first: First) -> String {
    let number = first.unknown_from;
    number.map(|number| format!(" Of month {number} it cannot be told.")).unwrap_or_default()
}

/// Says what stands out, one finding a sentence.
pub fn findings(forecast: &Forecast, case: &Case<'_>) -> Vec<String> {
    let all = [total(forecast, case), budget(forecast, case), balance(forecast, case)];
    let rest = [margin(forecast), target(forecast, case), affordable(forecast, case)];
    all.into_iter().chain(rest).flatten().collect()
}

fn total(forecast: &Forecast, case: &Case<'_>) -> Option<String> {
    let amount = |amount: Decimal| money(amount, case.book.currency);
    let count = forecast.months.len();
    let months = if count == 1 { "1 month costs".to_owned() } else { format!("{count} months cost") };
    let known = amount(forecast.total.known);
    let before = forecast.start.total().known;
    let before = (!before.is_zero()).then(|| format!(", {} of it before month 1", amount(before)));
    let before = before.unwrap_or_default();
    let paid = forecast.revenue.map(|revenue| format!("; users pay {}", amount(revenue))).unwrap_or_default();
    let least = if forecast.total.complete { "" } else { "at least " };
    Some(format!("{months} {least}{known} in all{before}{paid}."))
}

fn budget(forecast: &Forecast, case: &Case<'_>) -> Option<String> {
    let first = forecast.findings.over_budget?;
    let budget = money(case.amount(Param::BudgetPerMonth)?, case.book.currency);
    let found = match first.month {
        Some(number) => {
            format!("The first month over the budget of {budget} is {}.", month(forecast, number))
        }
        None => format!("No month is over the budget of {budget}."),
    };
    Some(found + &unless(first))
}

fn balance(forecast: &Forecast, case: &Case<'_>) -> Option<String> {
    let first = forecast.findings.balance_spent?;
    let currency = case.book.currency;
    let held = money(case.amount(Param::Balance)?, currency);
    let paid = if forecast.revenue.is_some() { ", with what users pay," } else { "" };
    let found = match (first.month, forecast.months.last()) {
        (Some(0), _) => format!("The balance of {held} is spent before month 1."),
        (Some(number), _) => {
            format!("The balance of {held}{paid} is spent in {}.", month(forecast, number))
        }
        (None, Some(last)) => {
            let left = last.balance?;
            let most = if left.complete { "" } else { "at most " };
            let left = money(left.known, currency);
            let with = if paid.is_empty() { "" } else { "with what users pay, " };
            format!("The balance of {held} lasts: {with}{most}{left} is there after month {}.", last.number)
        }
        (None, None) => return None,
    };
    Some(found + &unless(first))
}

fn margin(forecast: &Forecast) -> Option<String> {
    let first = forecast.findings.margin_lost?;
    let found = match first.month {
        Some(number) => {
            format!("The first month that costs more than its users pay is {}.", month(forecast, number))
        }
        None => "No month costs more than its users pay.".to_owned(),
    };
    Some(found + &unless(first))
}

fn target(forecast: &Forecast, case: &Case<'_>) -> Option<String> {
    let first = forecast.findings.below_target?;
    let target = percent(case.scenario.numbers.value(Param::TargetMargin));
    let found = match first.month {
        Some(number) => {
            format!("The first month below the target margin of {target} is {}.", month(forecast, number))
        }
        None => format!("Every month reaches the target margin of {target}."),
    };
    Some(found + &unless(first))
}

fn affordable(forecast: &Forecast, case: &Case<'_>) -> Option<String> {
    let counted = |found: Affordable, noun: &str| match found {
        Affordable::Any => Some(format!("any number of {noun}s")),
        Affordable::None => Some(format!("not even one {noun}")),
        Affordable::UpTo(1.0) => Some(format!("1 {noun}")),
        Affordable::UpTo(count) => Some(format!("{} {noun}s", whole(count))),
        Affordable::Unknown => None,
    };
    let requests = forecast.findings.requests.and_then(|found| counted(found, "request"))?;
    let users = forecast.findings.users.and_then(|found| counted(found, "user"));
    let users = users.map(|users| format!(", or for {users}")).unwrap_or_default();
    Some(format!("At the prices of {} the budget pays for {requests} a month{users}.", case.book.date))
}

/// Says what the months rest on.
pub fn notes(forecast: &Forecast, case: &Case<'_>) -> Vec<String> {
    let mut notes = vec![format!(
        "Month 1 begins on {}; each month has the prices of its first day. Month 0 is what is paid once, before it.",
        case.book.date
    )];
    notes.extend(growth(case));
    notes.extend(decline(forecast, case));
    notes.extend(conversions(forecast));
    notes.extend(reasons(forecast));
    notes.extend(changes(forecast, case));
    notes
}

fn growth(case: &Case<'_>) -> Vec<String> {
    let numbers = &case.scenario.numbers;
    let rate = |param| Some(numbers.value(param)).filter(|rate| *rate != 0.0).map(percent);
    let traffic = rate(Param::Growth).map(|rate| format!("Requests and users grow by {rate} a month."));
    let corpus = rate(Param::CorpusGrowth)
        .map(|rate| format!("The corpus grows by {rate} a month; what is added is indexed in that month."));
    let seasons = (!case.scenario.seasonal.is_empty())
        .then(|| "A month has the seasonal factor of the calendar month in which it begins.".to_owned());
    [traffic, corpus, seasons].into_iter().flatten().collect()
}

fn decline(forecast: &Forecast, case: &Case<'_>) -> Option<String> {
    let rate = case.scenario.numbers.value(Param::PriceDecline);
    if rate == 0.0 {
        return None;
    }
    let saved = forecast.saved_by_decline.map(|saved| money(saved, case.book.currency));
    let saved = saved.map(|saved| format!(" Without that it would be {saved} more.")).unwrap_or_default();
    Some(format!(
        "Assumed: prices of models (answers, embedding, reranking and other models called) fall by {} a year, beside \
         changes that are known; stores, searches, hardware and own costs keep theirs.{saved}",
        percent(rate)
    ))
}

fn conversions(forecast: &Forecast) -> Vec<String> {
    let text = |conversion: &crate::catalog::exchange::Conversion| {
        let fixed = conversion.rates.iter().all(|rate| rate.source == FIXED);
        let rates: Vec<String> = conversion
            .rates
            .iter()
            .map(|rate| format!("1 USD = {} {}, {}", rate.per_usd, rate.currency, rate_day(rate)))
            .collect();
        let later =
            if fixed { "in every month" } else { "later months have the last rate that is known then" };
        format!("Converted from {} to {}: {}; {later}.", conversion.from, conversion.to, rates.join("; "))
    };
    forecast.conversions.iter().map(text).collect()
}

fn rate_day(rate: &crate::catalog::exchange::ExchangeRate) -> String {
    if rate.source == FIXED { FIXED.to_owned() } else { format!("of {}", rate.date) }
}

/// Says why costs are not known, alike months together.
fn reasons(forecast: &Forecast) -> Vec<String> {
    let start = (0, forecast.start.reason.as_ref());
    let months = forecast.months.iter().map(|month| (month.number, month.outlay.reason.as_ref()));
    let mut spans: Vec<(u32, u32, String)> = Vec::new();
    for (number, reason) in std::iter::once(start).chain(months) {
        let Some(reason) = reason.map(|reason| reason.to_string()) else { continue };
        match spans.last_mut() {
            Some((_, last, known)) if *last + 1 == number && *known == reason => *last = number,
            _ => spans.push((number, number, reason)),
        }
    }
    let text = |(from, to, reason): (u32, u32, String)| match from == to {
        true => format!("Month {from} has no known cost: {reason}."),
        false => format!("Months {from} to {to} have no known cost: {reason}."),
    };
    spans.into_iter().map(text).collect()
}

/// Says which prices change in which month, and which products are no longer sold from when on.
fn changes(forecast: &Forecast, case: &Case<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut gone = Vec::new();
    for month in &forecast.months {
        for change in &month.changes {
            notes.push(format!("Month {}: {}", month.number, price_change::sentence(change, case)));
        }
        for id in month.retired.iter().filter(|id| !gone.contains(*id)).collect::<Vec<_>>() {
            gone.push(*id);
            let said = case.product(*id).sold_no_more(month.from);
            notes.extend(said.map(|said| format!("Month {}: {said}", month.number)));
        }
    }
    notes
}
