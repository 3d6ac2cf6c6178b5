//! One design month by month.

use ragonomics::tui::export::FileFormat;
use ragonomics::tui::screen::forecast::Bars;
use serde_json::Value;

use super::*;

/// A model whose price doubles in the fourth month, and a scenario that grows by half a month: requests of 1,000 input
/// tokens, so 100,000 cost $100 at $1 a million.
const GROWING: &str = r#"
name = "成长:每月增长的测试"
horizon_months = 6
plan = "grown/model:long_context"
[budget]
monthly = 500
[forecast]
growth_per_month = 0.5
[workload]
requests_per_month = 100_000
[corpus]
tokens = 1000
[request]
system_tokens = 0
question_tokens = 0
output_tokens = 0
[retrieval]
embedding = "none"
store = "none"
[compare]
models = ["grown/*"]
strategies = ["long_context"]
[[cost]]
name = "people"
monthly = 40
"#;

const CHANGING: &str = r#"
[vendor]
id = "grown"
[[product]]
id = "model"
kind = "chat"
window = 100_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 0
source = "list of January"
checked = 2026-11-20
[[product.price]]
from = 2027-02-01
input_per_mtok = 2
output_per_mtok = 0
source = "list of February"
checked = 2026-11-20
"#;

fn growing(rest: &str) -> State {
    let mut state = open_with(CHANGING, &format!("{GROWING}{rest}"), Theme::default());
    go(&mut state, Screen::Forecast);
    state
}

#[test]
fn months_are_shown_at_every_size() {
    for size in SIZES {
        let mut state = growing("");
        insta::assert_snapshot!(format!("forecast_{}x{}", size.0, size.1), screen(&mut state, size));
    }
}

/// Returns the line of a month in the table.
fn row(shown: &str, number: u32) -> String {
    let begins = |line: &&str| {
        let mut words = line.trim_start_matches('▸').split_whitespace();
        words.next() == Some(&number.to_string()) && words.next().is_some_and(|from| from.contains("20"))
    };
    shown.lines().find(begins).unwrap_or_else(|| panic!("no month {number} in\n{shown}")).to_owned()
}

#[test]
fn every_month_has_its_requests_at_its_price_beside_the_costs_of_the_users_own() {
    let shown = screen(&mut growing(""), (100, 40));
    // 100,000 requests of 1,000 tokens at $1 a million and $40; half as many more each month; $2 from month 4 on.
    for (number, cost, so_far) in [
        (1, "$140.00", "$140.00"),
        (2, "$190.00", "$330.00"),
        (3, "$265.00", "$595.00"),
        (4, "$715.00", "$1,310.00"),
        (5, "$1,052.50", "$2,362.50"),
        (6, "$1,558.75", "$3,921.25"),
    ] {
        let line = row(&shown, number);
        assert!(line.contains(cost) && line.contains(so_far), "{line}");
        assert_eq!(line.contains('!'), number >= 4, "{line}");
        assert_eq!(line.contains(" !$ "), number == 4, "{line}");
    }
    assert!(shown.contains("◆ crossed in month 4"), "{shown}");
}

#[test]
fn the_months_are_those_of_the_exported_json() {
    let state = growing("");
    let json: Value =
        serde_json::from_str(&Screen::Forecast.export(&state, FileFormat::Json).unwrap()).unwrap();
    assert_eq!(json["schema"], "ragonomics/forecast/1");
    let shown = screen(&mut state.clone(), (100, 40));
    let months = json["months"].as_array().unwrap();
    assert_eq!(months.len(), 6);
    for month in months {
        let line = row(&shown, month["month"].as_u64().unwrap() as u32);
        for key in ["cost", "so_far"] {
            let amount = rust_decimal::Decimal::from_str_exact(&month[key].to_string()).unwrap();
            let amount = ragonomics::present::money(amount, state.work.comparison().currency);
            assert!(line.contains(&amount), "{key} {amount}: {line}");
        }
        assert!(line.contains(month["from"].as_str().unwrap()), "{line}");
    }
}

#[test]
fn a_month_is_explained_by_growth_new_prices_and_their_sources() {
    let mut state = growing("");
    press(&mut state, "jjj\n");
    insta::assert_snapshot!(screen(&mut state, (80, 24)));
    let shown = screen(&mut state, (120, 40));
    // 1.5 × 1.5 × 1.5 = 3.375
    assert!(shown.contains("100,000 × 3.375 (growth) = 337,500"), "{shown}");
    assert!(shown.contains("$715.00 = answers $675.00 + own $40.00"), "{shown}");
    assert!(shown.contains("new price") && shown.contains("list of February"), "{shown}");
    press(&mut state, "k");
    let shown = screen(&mut state, (120, 40));
    assert!(!shown.contains("new price") && shown.contains("list of January"), "{shown}");
    press(&mut state, "\x1b");
    assert!(!screen(&mut state, (120, 40)).contains("list of January"));
}

#[test]
fn a_season_stands_beside_growth() {
    let text = GROWING.replace(
        "requests_per_month = 100_000",
        "requests_per_month = 100_000\nseasonal = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]",
    );
    let mut state = open_with(CHANGING, &text, Theme::default());
    go(&mut state, Screen::Forecast);
    press(&mut state, "j\n");
    let shown = screen(&mut state, (120, 40));
    // Month 2 begins on 22 December.
    assert!(shown.contains("100,000 × 1.5 (growth) × 2 (season) = 300,000"), "{shown}");
}

#[test]
fn bars_stand_for_months_for_what_is_spent_so_far_and_beside_what_users_pay() {
    let mut state = growing("");
    press(&mut state, "v");
    assert_eq!(state.views.forecast.bars, Bars::SoFar);
    insta::assert_snapshot!("forecast_so_far_80x24", screen(&mut state, (80, 24)));
    press(&mut state, "v");
    assert_eq!(state.views.forecast.bars, Bars::Months);
    assert!(screen(&mut state, (120, 40)).contains("nobody pays: give business.price_per_user"));
    // 100,000 requests are those of 1,000 users with 100 each; 900 of them pay 0.5.
    let text = GROWING.replace(
        "requests_per_month = 100_000",
        "users = 1000\nsessions_per_user = 100\nturns_per_session = 1\ntrial_share = 0.1",
    ) + "[business]\nprice_per_user = 0.5\nbalance = 1000\n";
    let mut state = open_with(CHANGING, &text, Theme::default());
    go(&mut state, Screen::Forecast);
    press(&mut state, "V");
    assert_eq!(state.views.forecast.bars, Bars::Business);
    insta::assert_snapshot!("forecast_business_80x24", screen(&mut state, (80, 24)));
    let shown = screen(&mut state, (120, 40));
    // 450 − 140 = 310, which is 68.9 % of 450; the balance is then 1,310.
    let line = row(&shown, 1);
    assert!(["$450.00", "$310.00", "68.9%", "$1,310.00"].iter().all(|text| line.contains(text)), "{line}");
    press(&mut state, "\n");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("1,000 × 90% × $0.50 = $450.00"), "{shown}");
}

#[test]
fn every_bar_is_seen_whatever_lies_across_and_the_level_only_where_no_bar_is() {
    let text = GROWING.replace("requests_per_month = 100_000", "users = 1000\nsessions_per_user = 100")
        + "[business]\nprice_per_user = 0.5\n";
    let mut state = open_with(CHANGING, &text, Theme::default());
    go(&mut state, Screen::Forecast);
    for size in SIZES {
        for _view in 0..3 {
            let shown = screen(&mut state, size);
            let rows: Vec<Vec<char>> = shown.lines().map(|line| line.chars().collect()).collect();
            let axis = rows.iter().position(|row| row.contains(&'└')).unwrap();
            let first = rows[axis].iter().position(|c| *c == '└').unwrap() + 1;
            let blocks = "▁▂▃▄▅▆▇█";
            let pitch = (rows[axis][first..].iter().take_while(|c| "─▲".contains(**c)).count() / 6).min(9);
            for month in 0..6 {
                let foot = rows[axis - 1][first + month * pitch];
                assert!(blocks.contains(foot), "no bar of month {} at {size:?}:\n{shown}", month + 1);
            }
            press(&mut state, "v");
        }
    }
    // The budget of $500 crosses the gaps and the axis, not the bars of $715 and more.
    let shown = screen(&mut state, (120, 40));
    let level = shown.lines().find(|line| line.contains('┼')).unwrap();
    assert!(level.contains("◆████████─████████─████████─") && level.starts_with(" $500 ┼"), "{shown}");
}

#[test]
fn parts_of_a_bar_differ_by_letters_where_there_are_no_colours() {
    let drawn = |theme: Theme| {
        let mut state = open_with(CHANGING, &GROWING.replace("monthly = 40", "monthly = 400"), theme);
        go(&mut state, Screen::Forecast);
        screen(&mut state, (120, 40))
    };
    let mono = drawn(Theme { palette: Palette::Mono, ..Theme::default() });
    assert!(mono.contains("███A████") && mono.contains("███O████"), "{mono}");
    let ascii = drawn(Theme { glyphs: Glyphs::Ascii, ..Theme::default() });
    assert!(ascii.contains("AAAAAAAA") && ascii.contains("OOOOOOOO"), "{ascii}");
}

#[test]
fn all_that_is_said_is_read_on_a_small_screen() {
    let mut state = growing("[business]\nbalance = 3000\n");
    let mut read = String::new();
    for _ in 0..30 {
        read += &screen(&mut state, (60, 20));
        press(&mut state, "J");
    }
    for said in
        ["The balance of $3,000.00 is spent in month 6", "the budget pays for 460,000", "price of 2027-02-01"]
    {
        assert!(read.contains(said), "{said} is not in\n{read}");
    }
    assert!(!screen(&mut state, (60, 20)).contains("more below"));
    // An explanation begins at its beginning.
    press(&mut state, "\n");
    assert!(screen(&mut state, (60, 20)).contains("1, from 2026-11-22"));
}

#[test]
fn months_are_selected_by_keys_in_the_bars_and_in_the_table() {
    let mut state = growing("");
    press(&mut state, ">>");
    assert_eq!(state.views.forecast.selected, 2);
    press(&mut state, "<");
    assert_eq!(state.views.forecast.selected, 1);
    let shown = screen(&mut state, (80, 24));
    // Bars are nine columns apart, behind the gutter and its line.
    let axis = shown.lines().position(|line| line.contains('└')).unwrap() as u16;
    let first =
        shown.lines().nth(usize::from(axis)).unwrap().chars().position(|c| c == '└').unwrap() as u16 + 1;
    let click = |state: &mut State, column: u16, row: u16| {
        let kind = crossterm::event::MouseEventKind::Down(crossterm::event::MouseButton::Left);
        state.point(&crossterm::event::MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    };
    click(&mut state, first + 9 * 4 + 1, axis - 1);
    assert_eq!(state.views.forecast.selected, 4);
    press(&mut state, "gj");
    let shown = screen(&mut state, (80, 24));
    let row = shown
        .lines()
        .position(|line| line.contains("2026-11-22    100,000") || line.contains("1  2026-11-22"))
        .unwrap();
    click(&mut state, 5, row as u16);
    assert_eq!(state.views.forecast.selected, 0);
    press(&mut state, "y");
    assert!(
        state.clipboard.as_ref().is_some_and(|text| text.starts_with("1\t2026-11-22\t100,000\t$140.00\t"))
    );
}

#[test]
fn a_long_horizon_scrolls_in_bars_and_table() {
    let text = GROWING.replace("horizon_months = 6", "horizon_months = 120").replace("0.5", "0");
    let mut state = open_with(CHANGING, &text, Theme::default());
    go(&mut state, Screen::Forecast);
    press(&mut state, "G");
    for size in SIZES {
        let shown = screen(&mut state, size);
        assert!(row(&shown, 120).starts_with('▸'), "{shown}");
        assert!(shown.lines().any(|line| line.contains('└') && line.contains('▲')), "{shown}");
    }
    insta::assert_snapshot!("forecast_of_ten_years_80x24", screen(&mut state, (80, 24)));
}

#[test]
fn what_is_paid_before_the_first_month_is_a_month_of_its_own() {
    let mut state = state();
    go(&mut state, Screen::Forecast);
    let shown = screen(&mut state, (120, 40));
    // 128,000 tokens in chunks of 512 of which 50 are said twice: 278 chunks and 140,800 tokens at $0.02 a million.
    assert!(
        shown.lines().any(|line| line.starts_with("▸     0  before") && line.contains("$0.002816")),
        "{shown}"
    );
    press(&mut state, "\n");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("what is paid once, before month 1"), "{shown}");
}

#[test]
fn a_design_that_runs_in_no_month_says_why_and_one_without_a_price_what_is_known() {
    let mut state = state();
    press(&mut state, "/short cached\nj");
    go(&mut state, Screen::Forecast);
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("No forecast: ") && shown.contains("8,192 token window"), "{shown}");
    press(&mut state, "\nxyvV");
    assert_eq!(state.overlay, Overlay::None);
    let mut state = self::state();
    press(&mut state, "/unpriced rag\n");
    press(&mut state, "j");
    go(&mut state, Screen::Forecast);
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("at least") && shown.contains('≥') && shown.contains('?'), "{shown}");
}

#[test]
fn the_bars_are_written_as_a_picture() {
    let mut state = growing("");
    let picture = Screen::Forecast.export(&state, FileFormat::Svg).unwrap();
    for text in
        ["budget $500.00 a month", "A answers", "O own", "Cost of each month", "is month 4 (2027-02-22)"]
    {
        assert!(picture.contains(text), "no {text}");
    }
    let parsed = roxmltree::Document::parse(&picture).unwrap();
    // 300 pixels for $2,000: $100 of answers are 15, $40 of people 6; six months share 824 pixels with 8 free on
    // either side of a bar, which leaves 121 or 122.
    let boxes: Vec<(i32, i32)> = parsed
        .descendants()
        .filter(|node| node.has_tag_name("rect"))
        .map(|node| ["width", "height"].map(|side| node.attribute(side).unwrap().parse().unwrap()))
        .map(|[width, height]: [i32; 2]| (width, height))
        .filter(|(width, _)| (121..=122).contains(width))
        .collect();
    assert_eq!(boxes.len(), 12, "{boxes:?}");
    assert_eq!((boxes[0].1, boxes[1].1), (15, 6), "{boxes:?}");
    press(&mut state, "v");
    let picture = Screen::Forecast.export(&state, FileFormat::Svg).unwrap();
    assert!(
        picture.contains("Spent by the end of each month") && !picture.contains("budget $500.00 a month")
    );
}

#[test]
fn the_bars_that_were_chosen_come_back_and_a_word_that_means_nothing_does_not() {
    let mut state = growing("");
    press(&mut state, "v");
    let settings = state.views.settings(Screen::Forecast);
    assert_eq!(settings, [("bars", "so_far".to_owned())]);
    let mut state = growing("");
    assert!(state.views.set(Screen::Forecast, "bars", "so_far"));
    assert!(!state.views.set(Screen::Forecast, "bars", "pie"));
    assert!(screen(&mut state, (80, 24)).contains("spent by the end of each month"));
    // Where nobody pays there is nothing to stand beside.
    assert!(state.views.set(Screen::Forecast, "bars", "business"));
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("cost of each month\n") && !shown.contains("users pay"), "{shown}");
}

#[test]
fn every_view_is_drawn_at_small_sizes_and_in_ascii() {
    let text = GROWING.replace("requests_per_month = 100_000", "users = 1000\nsessions_per_user = 100")
        + "[business]\nprice_per_user = 0.5\nbalance = 1000\n";
    let ascii = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
    let mut state = open_with(CHANGING, &text, ascii);
    go(&mut state, Screen::Forecast);
    for keys in ["", "v", "v", "\n", "G"] {
        press(&mut state, keys);
        assert!(screen(&mut state, (120, 40)).is_ascii());
        for (columns, rows) in (1..40).flat_map(|columns| (1..24).map(move |rows| (columns, rows))) {
            buffer(&mut state, (columns, rows));
        }
    }
}

#[test]
fn a_sum_with_growth_says_so_and_one_without_is_of_months_as_today() {
    let mut state = growing("");
    // 6 × $140 are $840 as today; with growth and the new price of February it is more.
    assert!(
        screen(&mut state, (120, 40)).contains("6 months with growth and new prices cost $3,921.25 in all")
    );
    go(&mut state, Screen::Sensitivity);
    press(&mut state, "m");
    assert!(screen(&mut state, (160, 40)).contains("$840.00 for 6 months as today and what is paid once"));
    go(&mut state, Screen::Compare);
    press(&mut state, "aa");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("6 months as today") && shown.contains("$840.00"), "{shown}");
}
