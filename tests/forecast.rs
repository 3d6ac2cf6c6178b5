//! Months ahead: growth, seasons, dated prices, what is paid once, and what a business makes of it. A month without
//! growth is 1,000 requests of 100,000 input tokens at $1 a million: $100.

mod support;

use ragonomics::analysis::compare::compare;
use ragonomics::analysis::forecast::afford::Affordable;
use ragonomics::analysis::forecast::findings::First;
use ragonomics::analysis::forecast::outlay::Purpose;
use ragonomics::analysis::forecast::{Forecast, forecast};
use ragonomics::bill::Total;
use ragonomics::catalog::Catalog;
use ragonomics::report::forecast as report;
use ragonomics::usage::Recurrence;
use rust_decimal::Decimal;
use serde_json::Value;
use support::*;

const VENDOR: &str = "[vendor]\nid = \"acme\"\n";

const FREE: &str = "
[[product]]
id = \"free\"
kind = \"chat\"
window = 1_000_000
[[product.price]]
from = 2025-01-01
input_per_mtok = 0
output_per_mtok = 0
source = \"a test\"
checked = 2025-01-01
";

/// Returns a model with the facts and cards of a test; each card is its first day, its price, and what else it says.
fn model(facts: &str, cards: &[(&str, &str, &str)]) -> String {
    let mut text = format!("[[product]]\nid = \"chat\"\nkind = \"chat\"\nwindow = 1_000_000\n{facts}\n");
    for (from, price, rest) in cards {
        text.push_str(&format!(
            "[[product.price]]\nfrom = {from}\ninput_per_mtok = {price}\noutput_per_mtok = 0\n\
             source = \"list of {from}\"\nchecked = {from}\n{rest}\n"
        ));
    }
    text
}

fn tables(model: &str) -> Catalog {
    catalog_of(&format!("{VENDOR}{model}{FREE}"))
}

fn plain() -> Catalog {
    tables(&model("", &[("2025-01-01", "1", "")]))
}

fn text(rest: &str) -> String {
    let own = rest.contains("[workload]");
    let workload = if own { "" } else { "[workload]\nrequests_per_month = 1000\n" };
    format!(
        "as_of = 2026-01-01\nhorizon_months = 6\n{rest}\n{workload}\
         [request]\nsystem_tokens = 0\nquestion_tokens = 0\noutput_tokens = 0\n\
         [retrieval]\nembedding = \"none\"\nstore = \"none\"\n\
         [compare]\nmodels = [\"acme/chat\"]\nstrategies = [\"long_context\"]\n"
    )
}

/// Forecasts the stuffing of 100,000 tokens, with more of a scenario: keys first, then tables.
fn ahead(catalog: &Catalog, rest: &str) -> Forecast {
    of(catalog, &with_corpus(rest), "acme/chat:long_context")
}

fn with_corpus(rest: &str) -> String {
    if rest.contains("[corpus]") {
        text(rest)
    } else {
        text(&format!("{rest}\n[corpus]\ntokens = 100_000\n"))
    }
}

fn of(catalog: &Catalog, text: &str, design: &str) -> Forecast {
    let scenario = scenario(text);
    let case = case(catalog, &scenario);
    forecast(&case, pair(&case, design))
}

fn costs(forecast: &Forecast) -> Vec<String> {
    let shown = |cost: Option<Decimal>| cost.map_or("?".to_owned(), |cost| cost.normalize().to_string());
    forecast.months.iter().map(|month| shown(month.outlay.cost())).collect()
}

fn in_month(number: u32) -> Option<First> {
    Some(First { month: Some(number), unknown_from: None })
}

const NEVER: Option<First> = Some(First { month: None, unknown_from: None });

#[test]
fn growth_is_compound_and_month_1_begins_on_the_as_of_date() {
    let found = ahead(&plain(), "[forecast]\ngrowth_per_month = 0.1");
    assert_eq!(costs(&found), ["100", "110", "121", "133.1", "146.41", "161.051"]);
    let days: Vec<String> = found.months.iter().map(|month| month.from.to_string()).collect();
    assert_eq!(days[..3], ["2026-01-01", "2026-02-01", "2026-03-01"]);
    // 100 + 110 + 121, and with the others 771.561.
    assert_eq!(found.months[2].so_far.amount(), Some(dec("331")));
    assert_eq!(found.total.amount(), Some(dec("771.561")));
    assert_eq!(found.months[2].requests.map(f64::round), Some(1210.0));
}

#[test]
fn what_is_spent_so_far_adds_up_by_purpose_from_what_is_paid_before() {
    let rest = "[[cost]]\nname = \"desk\"\nmonthly = 5\n[[cost]]\nname = \"move\"\none_off = 7";
    let found = ahead(&plain(), rest);
    let all = found.cumulated();
    let parts = |at: usize| [Purpose::Answers, Purpose::Own].map(|purpose| all[at].part(purpose));
    // 7 before month 1, then 100 and 5 a month.
    assert_eq!(all.len(), 7);
    assert_eq!(parts(0), [dec("0"), dec("7")]);
    assert_eq!(parts(1), [dec("100"), dec("12")]);
    assert_eq!(parts(6), [dec("600"), dec("37")]);
    assert_eq!(all[6].total(), found.total);
}

#[test]
fn months_that_begin_on_a_day_that_others_lack_do_not_drift() {
    let found = ahead(&plain(), "").months;
    assert_eq!(found.len(), 6);
    let text = with_corpus("").replace("2026-01-01", "2026-01-31");
    let days: Vec<String> =
        of(&plain(), &text, "acme/chat:long_context").months.iter().map(|m| m.from.to_string()).collect();
    assert_eq!(days[..4], ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
}

#[test]
fn seasons_multiply_the_requests_of_their_calendar_month() {
    let seasonal = "[workload]\nrequests_per_month = 1000\nseasonal = [2, 0.5, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]\n\
                    [forecast]\ngrowth_per_month = 1";
    // 100 × 2 × 1, × 0.5 × 2, then 4, 8 and 16 times as much, and nothing in June.
    assert_eq!(costs(&ahead(&plain(), seasonal)), ["200", "100", "400", "800", "1600", "0"]);
}

#[test]
fn a_scheduled_price_holds_from_the_month_whose_first_day_has_it() {
    let cards = [("2025-01-01", "1", ""), ("2026-04-01", "2", ""), ("2026-05-01", "9", "withdrawn = true")];
    let catalog = tables(&model("", &cards));
    let found = ahead(&catalog, "");
    assert_eq!(costs(&found), ["100", "100", "100", "200", "200", "200"]);
    let changes: Vec<usize> = found.months.iter().map(|month| month.changes.len()).collect();
    assert_eq!(changes, [0, 0, 0, 1, 0, 0]);
    assert_eq!(found.months[3].changes[0].now.as_ref().unwrap().source, "list of 2026-04-01");
    // Month 4 begins on 2026-03-31 here, a day too early for the new price.
    let text = with_corpus("").replace("2026-01-01", "2025-12-31");
    assert_eq!(costs(&of(&catalog, &text, "acme/chat:long_context"))[3..], ["100", "200", "200"]);
}

#[test]
fn a_month_without_a_price_is_unknown_and_totals_say_at_least() {
    let catalog = tables(&model("", &[("2025-01-01", "1", "until = 2026-03-01")]));
    let found = ahead(
        &catalog,
        "[[cost]]\nname = \"desk\"\nmonthly = 5\n[budget]\nmonthly = 200\n[business]\nbalance = 212",
    );
    assert_eq!(costs(&found), ["105", "105", "?", "?", "?", "?"]);
    assert_eq!(found.months[2].outlay.at_least(), Some(dec("5")));
    let reason = found.months[2].outlay.reason.as_ref().unwrap().to_string();
    assert_eq!(reason, "no public price known on 2026-03-01");
    // Two months of 105, and 5 in each of four.
    assert_eq!(found.total, Total { known: dec("230"), complete: false });
    // The 2 that are left after two months are spent by the desk alone.
    assert_eq!(found.findings.balance_spent, in_month(3));
    assert_eq!(found.findings.over_budget, Some(First { month: None, unknown_from: Some(3) }));
    // Affordable is said at the prices of the as-of date: 195 at 0.1.
    assert_eq!(found.findings.requests, Some(Affordable::UpTo(1950.0)));
}

#[test]
fn the_assumed_decline_is_on_models_and_not_on_own_costs() {
    let rest = "[[cost]]\nname = \"desk\"\nmonthly = 10\n[forecast]\nprice_decline_per_year = 0.19";
    let text = with_corpus(rest).replace("horizon_months = 6", "horizon_months = 13");
    let found = of(&plain(), &text, "acme/chat:long_context");
    let costs = costs(&found);
    // 0.81 is left after a year, its root 0.9 after half of one; the desk stays at 10.
    assert_eq!((costs[0].as_str(), costs[6].as_str(), costs[12].as_str()), ("110", "100", "91"));
    assert_eq!(found.months[6].saved_by_decline, Some(dec("10")));
    assert_eq!(found.months[6].outlay.part(Purpose::Answers), dec("90"));
    assert_eq!(found.months[6].outlay.part(Purpose::Own), dec("10"));
    assert_eq!(ahead(&plain(), "").months[5].saved_by_decline, None);
}

/// $150 are owed whether $100 or $90 of them are used.
#[test]
fn a_decline_saves_nothing_of_what_is_committed() {
    let agreed = "[[commitment]]\nvendor = \"acme\"\namount_per_month = 150\nsource = \"contract\"\n";
    let tables =
        [("a.toml", format!("{VENDOR}{}", model("", &[("2025-01-01", "1", "")]))), ("b.toml", agreed.into())];
    let tables: Vec<_> =
        tables.iter().map(|(name, text)| ragonomics::catalog::load::Table { name, text }).collect();
    let catalog = ragonomics::catalog::load::load(&tables).unwrap_or_else(|faults| panic!("{faults}")).0;
    let text = with_corpus("[forecast]\nprice_decline_per_year = 0.19")
        .replace("horizon_months = 6", "horizon_months = 7");
    let found = of(&catalog, &text, "acme/chat:long_context");
    assert_eq!(costs(&found)[6], "150");
    assert_eq!(found.months[6].outlay.part(Purpose::Commitments), dec("60"));
    assert_eq!(found.months[6].saved_by_decline, Some(Decimal::ZERO));
}

#[test]
fn the_month_that_crosses_the_budget_costs_more_than_it_and_not_as_much() {
    let found = |budget: &str| {
        let rest = format!("[budget]\nmonthly = {budget}\n[forecast]\ngrowth_per_month = 0.1");
        ahead(&plain(), &rest).findings.over_budget
    };
    assert_eq!(found("110"), in_month(3));
    assert_eq!(found("109.99"), in_month(2));
    assert_eq!(found("99"), in_month(1));
    assert_eq!(found("1000"), NEVER);
    assert_eq!(ahead(&plain(), "").findings.over_budget, None);
}

#[test]
fn a_balance_is_spent_in_the_month_whose_end_finds_less_than_nothing() {
    let found = |balance: &str| {
        let rest = format!("[business]\nbalance = {balance}\n[forecast]\ngrowth_per_month = 0.1");
        ahead(&plain(), &rest)
    };
    // 100, 210, 331 spent.
    assert_eq!(found("331").findings.balance_spent, in_month(4));
    assert_eq!(found("330").findings.balance_spent, in_month(3));
    assert_eq!(found("1000").findings.balance_spent, NEVER);
    // 1,000 less 771.561.
    assert_eq!(found("1000").months[5].balance.unwrap().amount(), Some(dec("228.439")));
}

/// 100 users of 10 requests, a fifth of them on trial: 80 pay 1.5, together 120; the price doubles in month 4.
#[test]
fn users_who_pay_make_revenue_margin_and_a_longer_balance() {
    let catalog = tables(&model("", &[("2025-01-01", "1", ""), ("2026-04-01", "2", "")]));
    let rest = "[workload]\nusers = 100\nsessions_per_user = 10\ntrial_share = 0.2\n\
                [business]\nprice_per_user = 1.5\nbalance = 100\ntarget_margin = 0.2\n[budget]\nmonthly = 55";
    let found = ahead(&catalog, rest);
    let first = &found.months[0];
    assert_eq!((first.revenue, first.margin), (Some(dec("120")), Some(dec("20"))));
    assert_eq!(first.cost_per_user, Some(dec("1")));
    assert!((first.margin_share.unwrap() - 1.0 / 6.0).abs() < 1e-12);
    assert_eq!(found.months[3].margin, Some(dec("-80")));
    assert_eq!(found.findings.margin_lost, in_month(4));
    assert_eq!(found.findings.below_target, in_month(1));
    // 100 + 3 × 20 − 2 × 80 = 0 after month 5, which is not yet less than nothing.
    assert_eq!(found.months[4].balance.unwrap().amount(), Some(Decimal::ZERO));
    assert_eq!(found.findings.balance_spent, in_month(6));
    // 55 pay for 550 requests of 0.1, which is 55 users.
    assert_eq!(found.findings.requests, Some(Affordable::UpTo(550.0)));
    assert_eq!(found.findings.users, Some(Affordable::UpTo(55.0)));
    assert_eq!(found.revenue, Some(dec("720")));
}

#[test]
fn a_budget_may_pay_for_any_number_or_for_none() {
    let affordable = |rest: &str, design: &str| of(&plain(), &with_corpus(rest), design).findings.requests;
    let budget = "[budget]\nmonthly = 55\n";
    assert_eq!(affordable(budget, "acme/free:long_context"), Some(Affordable::Any));
    let desk = format!("{budget}[[cost]]\nname = \"desk\"\nmonthly = 60");
    assert_eq!(affordable(&desk, "acme/chat:long_context"), Some(Affordable::None));
    let desk = desk.replace("60", "50");
    assert_eq!(affordable(&desk, "acme/chat:long_context"), Some(Affordable::UpTo(50.0)));
    assert_eq!(affordable("[budget]\nmonthly = 0.09", "acme/chat:long_context"), Some(Affordable::None));
    assert_eq!(affordable("", "acme/chat:long_context"), None);
}

const EMBEDDING: &str = "
[[product]]
id = \"embed\"
kind = \"embedding\"
dimensions = 8
[[product.price]]
from = 2025-01-01
input_per_mtok = 1
source = \"a test\"
checked = 2025-01-01
[[product.price]]
from = 2026-03-01
input_per_mtok = 2
source = \"a test\"
checked = 2025-01-01
";

/// A corpus of 1M tokens is embedded for $1 before month 1. 0.1M more are $0.10 in month 2, 0.11M more at the doubled
/// price $0.22 in month 3.
#[test]
fn what_is_added_to_the_corpus_is_indexed_in_its_month_at_its_prices() {
    let catalog = catalog_of(&format!("{VENDOR}{}{EMBEDDING}", model("", &[("2025-01-01", "1", "")])));
    let rest = "baseline = \"acme/chat:long_context\"\n[workload]\nrequests_per_month = 0\n\
                [corpus]\ntokens = 1_000_000\ndocument_tokens = 1000\n\
                [forecast]\ncorpus_growth_per_month = 0.1\n[business]\nswitching_cost = 40\n\
                [[cost]]\nname = \"move\"\none_off = 7";
    let text = text(rest).replace(
        "embedding = \"none\"",
        "embedding = \"acme/embed\"\nchunk_tokens = 1000\noverlap_tokens = 0",
    );
    let found = of(&catalog, &text, "acme/chat:rag");
    let parts = [(Purpose::Indexing, dec("1")), (Purpose::Own, dec("7")), (Purpose::Switching, dec("40"))];
    assert_eq!(found.start.parts, parts);
    assert_eq!(costs(&found)[..3], ["0", "0.1", "0.22"]);
    assert_eq!(found.months[2].corpus_tokens, Some(1_210_000.0));
    assert_eq!(found.months[2].so_far.amount(), Some(dec("48.32")));
    // The baseline itself need not be switched to.
    assert_eq!(of(&catalog, &text, "acme/chat:long_context").start.parts, [(Purpose::Own, dec("7"))]);
}

#[test]
fn a_corpus_that_outgrows_the_window_ends_the_design_in_that_month() {
    let catalog = tables(&model("", &[("2025-01-01", "1", "")]).replace("1_000_000", "115_000"));
    let found = ahead(&catalog, "[forecast]\ncorpus_growth_per_month = 0.1");
    assert_eq!(costs(&found)[..3], ["100", "110", "?"]);
    let reason = found.months[2].outlay.reason.as_ref().unwrap().to_string();
    assert_eq!(reason, "over the 115,000 token window by 6,000");
    assert!(found.never_runs().is_none());
}

#[test]
fn a_month_in_which_the_model_is_no_longer_sold_is_marked_and_still_priced() {
    let catalog = tables(&model("retired = 2026-03-01", &[("2025-01-01", "1", "")]));
    let found = ahead(&catalog, "");
    let retired: Vec<bool> = found.months.iter().map(|month| !month.retired.is_empty()).collect();
    assert_eq!(retired, [false, false, true, true, true, true]);
    assert_eq!(costs(&found)[5], "100");
}

#[test]
fn months_take_the_last_known_exchange_rate_or_the_fixed_one() {
    let rate = |date: &str, rate: &str| {
        format!(
            "[[exchange_rate]]\ndate = {date}\ncurrency = \"CNY\"\nper_usd = {rate}\nsource = \"a test\"\n"
        )
    };
    let card = model("", &[("2025-01-01", "7", "currency = \"CNY\"")]);
    let catalog =
        catalog_of(&format!("{VENDOR}{card}{}{}", rate("2025-01-01", "7"), rate("2026-03-01", "8")));
    // 700 CNY are $100 at 7 and $87.5 at 8.
    let found = ahead(&catalog, "").months;
    let shown: Vec<f64> =
        found.iter().map(|m| m.outlay.cost().unwrap().to_string().parse().unwrap()).collect();
    assert!(
        shown.iter().zip([100.0, 100.0, 87.5]).all(|(cost, known)| (cost - known).abs() < 1e-9),
        "{shown:?}"
    );
    let fixed = ahead(&catalog, "exchange_rates = [\"CNY=10\"]");
    assert_eq!(costs(&fixed), ["70", "70", "70", "70", "70", "70"]);
}

#[test]
fn growth_beyond_all_bounds_is_unknown_and_neither_panics_nor_runs_forever() {
    let text = with_corpus(
        "[forecast]\ngrowth_per_month = 10\ncorpus_growth_per_month = 10\n[business]\nbalance = 5",
    );
    let text =
        text.replace("horizon_months = 6", "horizon_months = 1200").replace("2026-01-01", "9950-01-01");
    let found = of(&plain(), &text, "acme/chat:long_context");
    // The calendar ends with the year 9999.
    assert_eq!(found.months.len(), 600);
    assert!(found.months[599].requests.is_none() && !found.total.complete);
    let shrinking = with_corpus("[forecast]\ngrowth_per_month = -0.99")
        .replace("horizon_months = 6", "horizon_months = 1200");
    assert!(of(&plain(), &shrinking, "acme/chat:long_context").total.complete);
}

#[test]
fn a_first_month_without_growth_costs_what_the_bill_says_for_every_design_of_every_shipped_scenario() {
    let catalog = catalog_with("");
    for (name, _) in ragonomics::scenario::library::SHIPPED {
        let mut scenario = shipped(name);
        scenario.seasonal.clear();
        scenario.set("horizon_months", "1").unwrap();
        let case = case(&catalog, &scenario);
        for row in compare(&case).rows {
            let found = forecast(&case, row.pair);
            let cost = found.months[0].outlay.cost();
            assert_eq!(
                cost.map(|cost| cost.round_dp(20)),
                row.monthly.map(|cost| cost.round_dp(20)),
                "{}",
                row.name()
            );
            let Ok(evaluation) = case.evaluate(row.pair) else { continue };
            let once = evaluation.bill.total(Recurrence::OneOff).amount();
            let switching = found.start.part(Purpose::Switching);
            let start = found.start.cost().map(|start| (start - switching).round_dp(20));
            assert_eq!(start, once.map(|once| once.round_dp(20)), "{}", row.name());
        }
    }
}

#[test]
fn json_csv_and_tables_tell_the_same_months_within_80_columns() {
    let catalog = tables(&model("", &[("2025-01-01", "1", ""), ("2026-04-01", "2", "")]));
    let rest = "name = \"客服机器人：半年\"\n[workload]\nusers = 100\nsessions_per_user = 10\n[budget]\nmonthly = 150\n\
                [business]\nprice_per_user = 1.5\nbalance = 1000";
    let scenario = scenario(&with_corpus(rest));
    let case = case(&catalog, &scenario);
    let found = forecast(&case, pair(&case, "acme/chat:long_context"));
    let json: Value = serde_json::from_str(&report::to_json(&found, &case)).unwrap();
    assert_eq!(json["schema"], "ragonomics/forecast/1");
    assert_eq!(json["months"][3]["cost"].to_string(), "200");
    assert_eq!(json["months"][3]["parts"]["answers"].to_string(), "200");
    assert_eq!(json["months"][3]["over_budget"], true);
    assert_eq!(json["months"][3]["price_changes"][0]["price_from"], "2026-04-01");
    assert_eq!(json["findings"]["over_budget"]["month"], 4);
    assert_eq!(json["findings"]["over_budget"]["from"], "2026-04-01");
    assert_eq!(json["findings"]["affordable_users"]["count"].to_string(), "150");
    let csv = report::full(&found, &case).to_csv();
    assert_eq!(csv.lines().count(), 1 + 1 + 6);
    assert!(csv.lines().nth(5).unwrap().starts_with("4,2026-04-01,1000,100,100000,200,,,200,"), "{csv}");
    let costs = report::costs(&found, &case).to_table(80, false);
    assert_eq!(
        costs.lines().nth(4),
        Some("    4  2026-04-01     1,000    100  $200.00  $500.00  !$"),
        "{costs}"
    );
    let words = report::words::findings(&found, &case);
    assert_eq!(words[1], "The first month over the budget of $150.00 is month 4 (2026-04-01).");
}
