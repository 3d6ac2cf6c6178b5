//! A forecast as rows and as JSON; what it says in sentences is in [`words`], one month in
//! [`month`].

mod json;
pub mod month;
pub mod words;

use super::price_change;
use super::{Align, Cell, Sheet, escape_markdown};
use crate::analysis::Case;
use crate::analysis::forecast::outlay::{Outlay, Purpose};
use crate::analysis::forecast::{Forecast, Month};
use crate::bill::Total;
use crate::present::{money, percent, whole};
use crate::scenario::Param;
use crate::units::Currency;
pub use json::to_json;

/// Most purposes that stand beside each other in a terminal.
const PURPOSES: usize = 6;

/// Returns an amount; the known part of one that is not known as a whole for people, and nothing for programs.
fn total(total: Total, sign: char, currency: Currency) -> Cell {
    match total.amount() {
        Some(amount) => Cell::money(Some(amount), currency),
        None if total.known.is_zero() => Cell::unknown(),
        None => Cell::both(format!("{sign} {}", money(total.known, currency)), ""),
    }
}

fn count(count: Option<f64>) -> Cell {
    count.map_or_else(Cell::unknown, |count| Cell::number(whole(count), count))
}

/// What makes a month stand out: the test, a mark and words.
type Mark = (fn(&Month) -> bool, char, &'static str);

const MARKS: [Mark; 3] = [
    (|month| month.over_budget == Some(true), '!', "over the budget"),
    (|month| !month.changes.is_empty(), '$', "a price changes"),
    (|month| !month.retired.is_empty(), 'R', "a product is no longer sold"),
];

/// Explains the marks that a forecast uses; empty where it uses none.
pub fn legend(forecast: &Forecast) -> String {
    let used = MARKS.iter().filter(|(test, ..)| forecast.months.iter().any(test));
    used.map(|(_, mark, words)| format!("{mark} {words}")).collect::<Vec<_>>().join(", ")
}

/// Returns what each month costs, within 80 columns.
pub fn costs(forecast: &Forecast, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Month", "month", Align::Right),
        ("From", "from", Align::Name),
        ("Requests", "requests", Align::Right),
        ("Users", "users", Align::Right),
        ("Cost", "cost", Align::Right),
        ("So far", "so_far", Align::Right),
        ("", "marks", Align::Name),
    ]);
    let currency = case.book.currency;
    if forecast.start.parts.is_empty() && forecast.start.reason.is_none() {
        // Nothing is paid before month 1.
    } else {
        let blank = || Cell::text("");
        let paid = || total(forecast.start.total(), '≥', currency);
        sheet.push(vec![Cell::text("0"), Cell::text("before"), blank(), blank(), paid(), paid(), blank()]);
    }
    for month in &forecast.months {
        let marks: String = MARKS.iter().filter(|(test, ..)| test(month)).map(|(_, mark, _)| mark).collect();
        let cells = vec![
            Cell::text(month.number.to_string()),
            Cell::text(month.from.to_string()),
            count(month.requests),
            count(month.users),
            total(month.outlay.total(), '≥', currency),
            total(month.so_far, '≥', currency),
            Cell::text(marks),
        ];
        sheet.push_marked(
            cells,
            forecast.findings.over_budget.and_then(|first| first.month) == Some(month.number),
        );
    }
    if case.scenario.numbers.get(Param::Users).is_none() { sheet.without("users") } else { sheet }
}

/// Returns what users pay and what is left; `None` where the scenario gives neither a price nor a balance.
pub fn business(forecast: &Forecast, case: &Case<'_>) -> Option<Sheet> {
    let priced = forecast.months.iter().any(|month| month.revenue.is_some());
    let held = forecast.start_balance.is_some();
    let per_user = forecast.months.iter().any(|month| month.cost_per_user.is_some());
    if !priced && !held && !per_user {
        return None;
    }
    let mut sheet = Sheet::new(&[
        ("Month", "month", Align::Right),
        ("Cost per user", "cost_per_user", Align::Right),
        ("Revenue", "revenue", Align::Right),
        ("Margin", "margin", Align::Right),
        ("Margin %", "margin_share", Align::Right),
        ("Balance", "balance", Align::Right),
    ]);
    let currency = case.book.currency;
    for month in &forecast.months {
        sheet.push(vec![
            Cell::text(month.number.to_string()),
            Cell::money(month.cost_per_user, currency),
            Cell::money(month.revenue, currency),
            Cell::money(month.margin, currency),
            month.margin_share.map_or_else(Cell::unknown, |share| Cell::number(percent(share), share)),
            month.balance.map_or_else(Cell::unknown, |left| total(left, '≤', currency)),
        ]);
    }
    let mut absent: Vec<&str> = Vec::new();
    if !priced {
        absent.extend(["revenue", "margin", "margin_share"]);
    }
    absent.extend((!held).then_some("balance"));
    absent.extend((!per_user).then_some("cost_per_user"));
    Some(absent.into_iter().fold(sheet, |sheet, key| sheet.without(key)))
}

/// Returns what each month pays for, within 80 columns; none where all of it is for one purpose.
pub fn purposes(forecast: &Forecast, case: &Case<'_>) -> Vec<Sheet> {
    let purposes = forecast.purposes();
    if purposes.len() < 2 {
        return Vec::new();
    }
    purposes.chunks(PURPOSES).map(|some| purposes_of(forecast, case, some)).collect()
}

fn purposes_of(forecast: &Forecast, case: &Case<'_>, purposes: &[Purpose]) -> Sheet {
    let mut columns = vec![("Month", "month", Align::Right)];
    columns.extend(purposes.iter().map(|purpose| (purpose.heading(), purpose.word(), Align::Right)));
    let mut sheet = Sheet::new(&columns);
    let parts = |outlay: &Outlay| {
        let part = |purpose: &Purpose| Cell::money(Some(outlay.part(*purpose)), case.book.currency);
        purposes.iter().map(part).collect::<Vec<_>>()
    };
    let months = forecast.months.iter().map(|month| (month.number, &month.outlay));
    for (number, outlay) in std::iter::once((0, &forecast.start)).chain(months) {
        sheet.push(std::iter::once(Cell::text(number.to_string())).chain(parts(outlay)).collect());
    }
    sheet
}

/// Returns all tables that people read: costs, business, purposes.
pub fn tables(forecast: &Forecast, case: &Case<'_>) -> Vec<Sheet> {
    let first = [Some(costs(forecast, case)), business(forecast, case)];
    first.into_iter().flatten().chain(purposes(forecast, case)).collect()
}

/// Returns the same side by side in one table, a row for each month.
pub fn table(forecast: &Forecast, case: &Case<'_>) -> Sheet {
    let mut all = tables(forecast, case).into_iter();
    let first = all.next().unwrap_or_default();
    all.fold(first, |table, other| table.joined(&other))
}

/// Returns a forecast as Markdown: what stands out, the tables, what they rest on.
pub fn to_markdown(forecast: &Forecast, case: &Case<'_>) -> String {
    let list = |texts: &[String]| {
        texts.iter().map(|text| format!("- {}\n", escape_markdown(text))).collect::<String>()
    };
    let tables: Vec<String> = tables(forecast, case).iter().map(Sheet::to_markdown).collect();
    let (findings, notes) = (words::findings(forecast, case), words::notes(forecast, case));
    let name = format!("{}\n", case.pair_name(forecast.pair));
    [name, list(&findings), tables.join("\n"), list(&notes)].join("\n")
}

/// Returns the letter that stands for a purpose in charts.
pub fn letter(purpose: Purpose) -> char {
    match purpose {
        Purpose::Answers => 'A',
        Purpose::Indexing => 'I',
        Purpose::Embedding => 'E',
        Purpose::Store => 'S',
        // R is revenue's.
        Purpose::Reranking => 'K',
        Purpose::Calls => 'C',
        Purpose::Hardware => 'H',
        Purpose::Own => 'O',
        Purpose::Commitments => 'M',
        Purpose::Switching => 'W',
    }
}

/// Returns every month with every field, for CSV; month 0 is what is paid before.
pub fn full(forecast: &Forecast, case: &Case<'_>) -> Sheet {
    const BEFORE: [&str; 8] =
        ["month", "from", "requests", "users", "corpus_tokens", "cost", "at_least", "reason"];
    const AFTER: [&str; 13] = [
        "saved_by_decline",
        "so_far",
        "so_far_at_least",
        "over_budget",
        "revenue",
        "margin",
        "margin_share",
        "cost_per_user",
        "balance",
        "balance_at_most",
        "retired",
        "price_changes",
        "currency",
    ];
    let keys = BEFORE.into_iter().chain(Purpose::ALL.map(Purpose::word)).chain(AFTER);
    let columns: Vec<_> = keys.map(|key| (key, key, Align::Left)).collect();
    let mut sheet = Sheet::new(&columns);
    sheet.push(start_cells(forecast, case));
    for month in &forecast.months {
        sheet.push(month_cells(month, case));
    }
    sheet
}

fn exact(amount: Option<rust_decimal::Decimal>) -> String {
    amount.map(|amount| amount.normalize().to_string()).unwrap_or_default()
}

fn number(value: Option<f64>) -> String {
    value.map(|value| Cell::number("", value).raw).unwrap_or_default()
}

fn outlay_texts(outlay: &Outlay) -> Vec<String> {
    let reason = outlay.reason.as_ref().map(|reason| reason.to_string()).unwrap_or_default();
    let mut texts = vec![exact(outlay.cost()), exact(outlay.at_least()), reason];
    texts.extend(Purpose::ALL.map(|purpose| exact(Some(outlay.part(purpose)))));
    texts
}

/// Returns an amount in full and the known part of one that is not known.
fn both(total: Option<Total>) -> [String; 2] {
    let known = total.filter(|total| !total.complete).map(|total| total.known);
    [exact(total.and_then(|total| total.amount())), exact(known)]
}

fn start_cells(forecast: &Forecast, case: &Case<'_>) -> Vec<Cell> {
    let mut texts = vec!["0".to_owned()];
    texts.extend(std::iter::repeat_n(String::new(), 4));
    texts.extend(outlay_texts(&forecast.start));
    texts.push(String::new());
    texts.extend(both(Some(forecast.start.total())));
    texts.extend(std::iter::repeat_n(String::new(), 5));
    texts.extend(both(forecast.start_balance));
    texts.extend([String::new(), String::new(), case.book.currency.to_string()]);
    texts.into_iter().map(Cell::text).collect()
}

fn month_cells(month: &Month, case: &Case<'_>) -> Vec<Cell> {
    let mut texts = vec![month.number.to_string(), month.from.to_string()];
    texts.extend([month.requests, month.users, month.corpus_tokens].map(number));
    texts.extend(outlay_texts(&month.outlay));
    texts.push(exact(month.saved_by_decline));
    texts.extend(both(Some(month.so_far)));
    texts.push(month.over_budget.map(|over| over.to_string()).unwrap_or_default());
    texts.extend([exact(month.revenue), exact(month.margin), number(month.margin_share)]);
    texts.push(exact(month.cost_per_user));
    texts.extend(both(month.balance));
    let retired: Vec<&str> = month.retired.iter().map(|id| case.product(*id).id.as_str()).collect();
    let changes: Vec<String> =
        month.changes.iter().map(|change| price_change::sentence(change, case)).collect();
    texts.extend([retired.join(", "), changes.join("; "), case.book.currency.to_string()]);
    texts.into_iter().map(Cell::text).collect()
}
