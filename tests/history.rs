//! The past of a workload, against the prices that were published in 2023 and 2024.

mod support;

use jiff::civil::{Date, date};
use ragonomics::analysis::history::{BEGINNING, History, Step, history};
use ragonomics::analysis::{Case, Pair};
use ragonomics::catalog::Catalog;
use ragonomics::report::history as report;
use ragonomics::scenario::{Named, Scenario};
use serde_json::Value;
use support::*;

/// Published prices by the million input tokens: vendor, model, window, facts, and each price with its first day,
/// currency and source.
type Published = (
    &'static str,
    &'static str,
    u32,
    &'static str,
    &'static [(&'static str, &'static str, &'static str, &'static str)],
);

const OPENAI_PAGE: &str = "https://openai.com/pricing (text copy dated 2023-11-15)";

const PUBLISHED: &[Published] = &[
    ("openai", "gpt-4-32k", 32_768, "released = 2023-03-14", &[("2023-03-14", "60", "USD", OPENAI_PAGE)]),
    (
        "openai",
        "gpt-4-turbo-preview",
        128_000,
        "released = 2023-11-06",
        &[
            ("2023-11-06", "10", "USD", OPENAI_PAGE),
            ("2024-01-25", "10", "USD", "https://openai.com/pricing (text copy dated 2024-02-10)"),
        ],
    ),
    (
        "openai",
        "gpt-4o",
        128_000,
        "released = 2024-05-13",
        &[("2024-05-13", "5", "USD", "https://community.openai.com/t/announcing-gpt-4o-in-the-api/744700")],
    ),
    (
        "openai",
        "gpt-4o-mini",
        128_000,
        "released = 2024-07-18",
        &[("2024-07-18", "0.15", "USD", "https://github.com/flanker/llmprice.cn 2024-07-19")],
    ),
    (
        "anthropic",
        "claude-2",
        100_000,
        "",
        &[
            ("2023-07-11", "11.02", "USD", "https://github.com/songquanpeng/one-api 2023-11-10"),
            ("2023-11-21", "8", "USD", "https://github.com/small-tou/llm-price 2024-05-15"),
        ],
    ),
    (
        "zhipu",
        "glm-3-turbo",
        128_000,
        "",
        &[
            ("2024-01-16", "5", "CNY", "https://open.bigmodel.cn/pricing (2024-05-01)"),
            ("2024-05-01", "1", "CNY", "https://open.bigmodel.cn/pricing (2024-05-23)"),
        ],
    ),
];

const EMBEDDING: &str = "
[vendor]
id = \"openai\"
[[product]]
id = \"text-embedding-ada-002\"
kind = \"embedding\"
dimensions = 1536
[[product.price]]
from = 2023-06-13
input_per_mtok = 0.1
source = \"https://openai.com/pricing (text copy dated 2023-11-15)\"
checked = 2023-11-15
[[exchange_rate]]
date = 2023-01-01
currency = \"CNY\"
per_usd = 8
source = \"a round figure\"
";

fn catalog_with_more(more: &str) -> Catalog {
    let mut tables: Vec<(String, String)> = vec![("embedding.toml".into(), EMBEDDING.into())];
    for (vendor, model, window, facts, prices) in PUBLISHED {
        let mut text = format!(
            "[vendor]\nid = \"{vendor}\"\n[[product]]\nid = \"{model}\"\nkind = \"chat\"\nwindow = {window}\n{facts}\n"
        );
        for (from, price, currency, source) in *prices {
            text.push_str(&format!(
                "[[product.price]]\nfrom = {from}\ncurrency = \"{currency}\"\ninput_per_mtok = {price}\n\
                 output_per_mtok = 0\nsource = \"{source}\"\nchecked = 2024-07-19\n"
            ));
        }
        tables.push((format!("{model}.toml"), text));
    }
    if !more.is_empty() {
        tables.push(("more.toml".into(), more.into()));
    }
    let tables: Vec<_> =
        tables.iter().map(|(name, text)| ragonomics::catalog::load::Table { name, text }).collect();
    ragonomics::catalog::load::load(&tables).unwrap_or_else(|faults| panic!("{faults}")).0
}

fn catalog() -> Catalog {
    catalog_with_more("")
}

/// The shipped workload of 100,000 full prompts of 128,000 tokens, on other models up to another day.
fn devday(models: &[&str]) -> Scenario {
    let mut scenario = shipped("devday");
    scenario.as_of = Some(date(2024, 8, 1));
    scenario.models = models.iter().map(|model| Named::from_flag(model, "test")).collect();
    scenario.strategies = vec![Named::from_flag("long_context", "test")];
    scenario
}

fn of(case: &Case<'_>) -> History {
    history(case, &case.pairs().collect::<Vec<Pair>>(), BEGINNING)
}

fn shown(steps: &[Step]) -> Vec<(Date, String)> {
    let cost = |step: &Step| match (step.row.monthly, &step.row.reason) {
        (Some(cost), _) => cost.normalize().to_string(),
        (None, reason) => reason.as_ref().unwrap().to_string(),
    };
    steps.iter().map(|step| (step.date, cost(step))).collect()
}

/// 128,000 tokens at $10 a million are $1.28, 100,000 times.
#[test]
fn gpt_4_turbo_costs_what_was_published_from_its_first_day_on() {
    let (catalog, scenario) = (catalog(), devday(&["openai/gpt-4-turbo-preview"]));
    let case = case(&catalog, &scenario);
    let steps = &of(&case).series[0].steps;
    let expected = [
        (date(2023, 3, 1), "not released until 2023-11-06".to_owned()),
        (date(2023, 11, 6), "128000".to_owned()),
        (date(2024, 1, 25), "128000".to_owned()),
    ];
    assert_eq!(shown(steps), expected);
    assert_eq!(steps.iter().map(|step| step.factor).collect::<Vec<_>>(), [None, None, Some(1.0)]);
    assert_eq!(steps[1].changes[0].now.as_ref().unwrap().source, OPENAI_PAGE);
}

/// 60,000 tokens: 100,000 prompts are 6,000 million tokens, $66,120 at $11.02 and $48,000 at $8.
#[test]
fn a_price_cut_is_a_step_with_its_factor() {
    let (catalog, mut scenario) = (catalog(), devday(&["anthropic/claude-2"]));
    scenario.set("long_context.context_tokens", "60k").unwrap();
    let case = case(&catalog, &scenario);
    let series = &of(&case).series[0];
    let costs: Vec<String> = shown(&series.steps).into_iter().map(|(_, cost)| cost).collect();
    assert_eq!(costs, ["no price known before 2023-07-11", "66120", "48000"]);
    assert!((series.steps[2].factor.unwrap() - 8.0 / 11.02).abs() < 1e-12);
    assert!((series.whole_factor().unwrap() - 8.0 / 11.02).abs() < 1e-12);
}

/// CN¥5 a million make 64,000 yuan, $8,000 at 8; CN¥1 makes $1,600. GPT-4o halves GPT-4 Turbo to $64,000, and mini at
/// $0.15 costs $1,920.
#[test]
fn who_was_cheapest_changes_with_each_model_and_price_and_leaves_out_what_does_not_fit() {
    let models: Vec<String> =
        PUBLISHED.iter().map(|(vendor, model, ..)| format!("{vendor}/{model}")).collect();
    let reigns = |without: &str| {
        let models: Vec<&str> = models.iter().map(String::as_str).filter(|model| *model != without).collect();
        let (catalog, scenario) = (catalog(), devday(&models));
        let case = case(&catalog, &scenario);
        let of_row = |row: &ragonomics::analysis::compare::Row| {
            format!("{} {}", row.model, row.monthly.unwrap().normalize())
        };
        of(&case)
            .cheapest
            .iter()
            .map(|reign| (reign.from, reign.row.as_ref().map(of_row)))
            .collect::<Vec<_>>()
    };
    let some = |text: &str| Some(text.to_owned());
    let with_glm = [
        (date(2023, 3, 1), None),
        (date(2023, 11, 6), some("openai/gpt-4-turbo-preview 128000")),
        (date(2024, 1, 16), some("zhipu/glm-3-turbo 8000")),
        (date(2024, 5, 1), some("zhipu/glm-3-turbo 1600")),
    ];
    assert_eq!(reigns(""), with_glm);
    let without = [
        (date(2023, 3, 1), None),
        (date(2023, 11, 6), some("openai/gpt-4-turbo-preview 128000")),
        // The second card of GPT-4 Turbo has the same price.
        (date(2024, 5, 13), some("openai/gpt-4o 64000")),
        (date(2024, 7, 18), some("openai/gpt-4o-mini 1920")),
    ];
    assert_eq!(reigns("zhipu/glm-3-turbo"), without);
}

const OWN: &str = "
[vendor]
id = \"acme\"
[[product]]
id = \"chat\"
kind = \"chat\"
window = 128_000
released = 2023-05-01
retired = 2024-03-01
[[product.price]]
from = 2023-06-01
until = 2023-09-01
input_per_mtok = 1
output_per_mtok = 0
source = \"first list\"
checked = 2023-06-01
[[product.price]]
from = 2023-07-01
input_per_mtok = 99
output_per_mtok = 0
withdrawn = true
source = \"called off\"
checked = 2023-06-01
[[product.price]]
from = 2023-08-01
region = \"eu\"
input_per_mtok = 5
output_per_mtok = 0
source = \"elsewhere\"
checked = 2023-06-01
[[product.price]]
from = 2024-01-01
input_per_mtok = 2
output_per_mtok = 0
source = \"second list\"
checked = 2023-06-01
[[product.price]]
from = 2024-09-01
input_per_mtok = 3
output_per_mtok = 0
source = \"after the as-of date\"
checked = 2023-06-01
";

#[test]
fn ended_prices_withdrawn_cards_other_regions_and_retirement_are_told_apart() {
    let (catalog, scenario) = (catalog_with_more(OWN), devday(&["acme/chat"]));
    let case = case(&catalog, &scenario);
    let found = of(&case);
    let expected = [
        (date(2023, 3, 1), "not released until 2023-05-01"),
        (date(2023, 5, 1), "no price known before 2023-06-01"),
        (date(2023, 6, 1), "12800"),
        (date(2023, 9, 1), "no public price known on 2023-09-01"),
        (date(2024, 1, 1), "25600"),
        (date(2024, 3, 1), "25600"),
    ];
    let steps = &found.series[0].steps;
    assert_eq!(shown(steps), expected.map(|(day, text)| (day, text.to_owned())));
    // The price doubled over the gap.
    assert_eq!(steps[4].factor, Some(2.0));
    assert!(!steps[4].row.retired && steps[5].row.retired && steps[5].changes.is_empty());
    // A withdrawn model is never called the cheapest.
    let reigns: Vec<(Date, bool)> =
        found.cheapest.iter().map(|reign| (reign.from, reign.row.is_some())).collect();
    let expected = [
        (date(2023, 3, 1), false),
        (date(2023, 6, 1), true),
        (date(2023, 9, 1), false),
        (date(2024, 1, 1), true),
        (date(2024, 3, 1), false),
    ];
    assert_eq!(reigns, expected);
    assert_eq!(found.cheapest[1].until, Some(date(2023, 9, 1)));
}

#[test]
fn a_history_can_begin_later_and_never_after_the_as_of_date() {
    let (catalog, mut scenario) = (catalog(), devday(&["openai/gpt-4-turbo-preview"]));
    let begun = |scenario: &Scenario, from: Date| {
        let case = case(&catalog, scenario);
        let found = history(&case, &case.pairs().collect::<Vec<_>>(), from);
        shown(&found.series[0].steps)
    };
    assert_eq!(begun(&scenario, date(2024, 2, 1)), [(date(2024, 2, 1), "128000".to_owned())]);
    scenario.as_of = Some(date(2023, 1, 1));
    assert_eq!(begun(&scenario, BEGINNING)[0].0, date(2023, 1, 1));
}

#[test]
fn a_part_of_the_design_makes_steps_of_its_own_and_an_unused_one_does_not() {
    let more = EMBEDDING.split("[[exchange_rate]]").next().unwrap().replace("ada-002", "new").replace(
        "[[product.price]]\nfrom = 2023-06-13",
        "[[product.price]]\nfrom = 2024-02-01\ninput_per_mtok = 4\nsource = \"a test\"\nchecked = 2024-02-01\n\
         [[product.price]]\nfrom = 2023-06-13",
    );
    let (catalog, mut scenario) = (catalog_with_more(&more), devday(&["openai/gpt-4-turbo-preview"]));
    scenario.set("retrieval.embedding", "openai/text-embedding-new").unwrap();
    scenario.set("request.question_tokens", "100").unwrap();
    scenario.strategies = ["long_context", "rag"].map(|name| Named::from_flag(name, "test")).to_vec();
    scenario.set("long_context.context_tokens", "100k").unwrap();
    let case = case(&catalog, &scenario);
    let found = of(&case);
    let days = |at: usize| found.series[at].steps.iter().map(|step| step.date).collect::<Vec<_>>();
    let own = [date(2023, 3, 1), date(2023, 11, 6), date(2024, 1, 25)];
    assert_eq!(days(0), own);
    assert_eq!(days(1), [own[0], own[1], own[2], date(2024, 2, 1)]);
    // 2,148 tokens at $10 are $2,148 for 100,000 requests, and the questions $1 at $0.1 a million, then $40 at $4.
    assert_eq!(shown(&found.series[1].steps)[2].1, "2149");
    assert_eq!(shown(&found.series[1].steps)[3].1, "2188");
}

#[test]
fn json_names_each_change_with_its_source_and_tables_stay_within_80_columns() {
    let (catalog, mut scenario) = (catalog(), devday(&["openai/gpt-4-turbo-preview", "openai/gpt-4o"]));
    scenario.name = "发布会：装满窗口".into();
    let case = case(&catalog, &scenario);
    let found = of(&case);
    let json: Value = serde_json::from_str(&report::to_json(&found, &case)).unwrap();
    assert_eq!(json["schema"], "ragonomics/history/1");
    let first = &json["series"][0]["steps"][0];
    assert_eq!(
        (&first["monthly"], first["reason"].as_str()),
        (&Value::Null, Some("not released until 2023-11-06"))
    );
    let step = &json["series"][0]["steps"][1];
    assert_eq!(step["monthly"].to_string(), "128000");
    assert_eq!(step["changes"][0]["product"], "openai/gpt-4-turbo-preview");
    assert_eq!(step["changes"][0]["price_from"], "2023-11-06");
    assert_eq!(step["changes"][0]["source"], OPENAI_PAGE);
    assert_eq!(json["cheapest"][2]["model"], "openai/gpt-4o");
    assert_eq!(json["cheapest"][1]["until"], "2024-05-13");
    assert_eq!(report::full(&found, &case).to_csv().lines().count(), 1 + 3 + 2);
    let table = report::steps(&found.series[0], &case).to_table(80, false);
    let expected = "From         Monthly  Factor  What changed\n\
                    2023-03-01         —          not released until 2023-11-06\n\
                    2023-11-06  $128,000          openai/gpt-4-turbo-preview: price of 2023-11-06\n\
                    2024-01-25  $128,000      ×1  openai/gpt-4-turbo-preview: price of 2024-01-25\n";
    assert_eq!(table, expected);
}
