//! One month of a forecast explained: what makes it up, how much there is of everything, which prices hold and why.

use crate::analysis::Case;
use crate::analysis::forecast::growth::{Growth, corpus_tokens};
use crate::analysis::forecast::outlay::Outlay;
use crate::analysis::forecast::{Forecast, Month};
use crate::analysis::price_change::prices_in_force;
use crate::present::{money, percent, readable_money, value, whole};
use crate::report::price_change;
use crate::scenario::Param;
use crate::units::share;

/// A name and what is said of it.
type Fact = (&'static str, String);

/// Explains a month by its number, as names and texts; 0 is what is paid before month 1. Empty for one that is not there.
pub fn explain(forecast: &Forecast, case: &Case<'_>, number: u32) -> Vec<Fact> {
    if number == 0 {
        let mut facts = vec![("before", "what is paid once, before month 1".to_owned())];
        facts.extend(outlay(&forecast.start, case));
        facts.extend(prices(forecast, case));
        return facts;
    }
    let Some(month) = forecast.months.iter().find(|month| month.number == number) else { return Vec::new() };
    let now = case.on(month.from);
    let mut facts = vec![("month", format!("{number}, from {}; the prices of that day", month.from))];
    facts.extend(outlay(&month.outlay, &now));
    facts.extend(amounts(month, case));
    facts.extend(month.changes.iter().map(|change| ("new price", price_change::sentence(change, case))));
    facts.extend(month.retired.iter().map(|id| ("sold no more", case.product(*id).id.clone())));
    facts.extend(fallen(month, case));
    facts.extend(business(month, &now));
    facts.extend(prices(forecast, &now));
    facts
}

/// Says what an outlay is made of; the parts come to the sum exactly.
fn outlay(outlay: &Outlay, case: &Case<'_>) -> Vec<Fact> {
    let money = |amount| readable_money(amount, case.book.currency);
    let total = outlay.total();
    let parts: Vec<String> = outlay
        .parts
        .iter()
        .map(|(purpose, amount)| format!("{} {}", purpose.word(), money(*amount)))
        .collect();
    let least = if total.complete { "" } else { "at least " };
    let parts = if parts.is_empty() { String::new() } else { format!(" = {}", parts.join(" + ")) };
    let cost = ("cost", format!("{least}{}{parts}", money(total.known)));
    let reason = outlay.reason.as_ref().map(|reason| ("not known", reason.to_string()));
    std::iter::once(cost).chain(reason).collect()
}

/// Derives requests, users and corpus from the scenario's by growth and season.
fn amounts(month: &Month, case: &Case<'_>) -> Vec<Fact> {
    let (growth, numbers) = (Growth::of(case.scenario), &case.scenario.numbers);
    let traffic = (growth.traffic_factor(month.number), growth.season(month.from));
    let of = |start: f64, now: Option<f64>, (grown, season): (f64, f64)| {
        let mut text = value(start);
        for (factor, why) in [(grown, "growth"), (season, "season")] {
            if factor != 1.0 {
                text += &format!(" × {} ({why})", value(factor));
            }
        }
        match now {
            None => format!("{text}: beyond what anybody can mean"),
            Some(now) if text.contains('×') => format!("{text} = {}", whole(now)),
            Some(_) => text,
        }
    };
    let mut facts = Vec::new();
    match numbers.get(Param::Users) {
        Some(users) => {
            facts.push(("users", of(users, month.users, traffic)));
            facts.extend(month.requests.map(|requests| ("requests", whole(requests))));
        }
        None => facts.push(("requests", of(numbers.requests(), month.requests, traffic))),
    }
    let corpus = (growth.corpus_factor(month.number), 1.0);
    if corpus.0 != 1.0 {
        facts.push(("corpus", of(corpus_tokens(case.scenario), month.corpus_tokens, corpus) + " tokens"));
    }
    facts
}

/// Says by how much prices are assumed to have fallen.
fn fallen(month: &Month, case: &Case<'_>) -> Option<Fact> {
    let left = Growth::of(case.scenario).prices_left(month.number);
    let saved = month.saved_by_decline.map(|saved| money(saved, case.book.currency));
    let saved = saved.map(|saved| format!(", which saves {saved}")).unwrap_or_default();
    (left != 1.0).then(|| ("assumed", format!("models at {} of their known prices{saved}", percent(left))))
}

/// Says what the month means for budget, margin and balance.
fn business(month: &Month, now: &Case<'_>) -> Vec<Fact> {
    let money = |amount| money(amount, now.book.currency);
    let least = |complete: bool, word: &str| if complete { String::new() } else { format!("at {word} ") };
    let so_far = month.so_far;
    let mut facts = vec![("so far", least(so_far.complete, "least") + &money(so_far.known))];
    facts.extend(now.amount(Param::BudgetPerMonth).map(|budget| {
        let said = match month.over_budget {
            Some(true) => "it costs more",
            Some(false) => "it is within",
            None => "whether it is within cannot be told",
        };
        ("budget", format!("{}: {said}", money(budget)))
    }));
    if let (Some(revenue), Some(price), Some(users)) =
        (month.revenue, now.amount(Param::PricePerUser), month.users)
    {
        let paying = share(1.0 - now.scenario.numbers.value(Param::TrialShare));
        let users =
            if paying == 1.0 { value(users) } else { format!("{} × {}", value(users), percent(paying)) };
        facts.push(("users pay", format!("{users} × {} = {}", money(price), money(revenue))));
    }
    facts.extend(month.margin.map(|margin| {
        let part = month.margin_share.map(|part| format!(", {} of what users pay", percent(part)));
        ("margin", money(margin) + &part.unwrap_or_default())
    }));
    facts.extend(month.balance.map(|left| ("balance", least(left.complete, "most") + &money(left.known))));
    facts
}

/// Names the price of every product of the design with its source.
fn prices(forecast: &Forecast, now: &Case<'_>) -> Vec<Fact> {
    let in_force = prices_in_force(now, &now.products_of(forecast.pair));
    in_force.iter().map(|found| ("price", price_change::sentence(found, now))).collect()
}
