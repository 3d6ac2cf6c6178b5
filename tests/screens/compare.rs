//! Groups, amounts and marks of the ranked list.

use super::*;
use ragonomics::tui::screen::compare::{Entry, selected_row};

/// A second vendor beside the first.
const OTHER: &str = r#"
[vendor]
id = "other"
[[product]]
id = "plain"
kind = "chat"
window = 1_000_000
max_output = 16_000
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 5
source = "a test"
checked = 2026-11-20
"#;

/// 300 users of 100 requests are the 30,000 of the scenario; at a price of $1 a user most are below the margin.
fn with_users(head: &str, more: &str) -> State {
    let users = "[workload]\nusers = 300\nsessions_per_user = 100\nturns_per_session = 1\n";
    let scenario = SCENARIO.replace("[workload]\nrequests_per_month = \"30k\"\n", users);
    let scenario = scenario.replace("[\"acme/*\"]", "[\"acme/*\", \"other/*\"]");
    let scenario = format!("{head}{scenario}{more}");
    let tables = [Table { name: "prices", text: PRICES }, Table { name: "other", text: OTHER }];
    let (catalog, _) = load(&tables).unwrap();
    let folder = std::path::Path::new(".");
    let (scenario, _) = ragonomics::scenario::load::scenario("test", &scenario, folder).unwrap();
    State::open(catalog, scenario, date(2026, 11, 22), Theme::default()).unwrap()
}

const PRICE: &str = "[business]\nprice_per_user = 1\ntarget_margin = 0.5\n";

fn line_of(shown: &str, words: &[&str]) -> String {
    let has = |line: &&str| words.iter().all(|word| line.contains(word));
    shown.lines().filter(|line| !line.contains("Cheapest")).find(has).unwrap_or_default().to_owned()
}

#[test]
fn groups_are_headed_and_each_has_its_cheapest_marked_at_every_size() {
    for size in SIZES {
        let mut state = with_users("", PRICE);
        press(&mut state, "b");
        insta::assert_snapshot!(format!("compare_vendors_{}x{}", size.0, size.1), screen(&mut state, size));
    }
    let mut state = with_users("", "");
    press(&mut state, "b");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.lines().any(|line| line.starts_with("other ") || line == "other"), "{shown}");
    assert_eq!(shown.lines().filter(|line| line.contains(" ☆") && line.contains('$')).count(), 1, "{shown}");
    press(&mut state, "b");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.lines().any(|line| line.starts_with("cached_context")), "{shown}");
    press(&mut state, "b");
    assert!(state.views.compare.entries.iter().all(|entry| matches!(entry, Entry::Design(_))));
}

#[test]
fn the_name_of_a_group_is_never_selected_and_a_filter_holds_in_groups() {
    let mut state = with_users("", "");
    press(&mut state, "b");
    let all = state.views.compare.shown.len();
    let mut seen = Vec::new();
    for _ in 0..all {
        let shown = screen(&mut state, (120, 60));
        let line = shown.lines().find(|line| line.starts_with('▸')).unwrap_or_default().to_owned();
        let row = selected_row(&state).unwrap();
        assert!(line.contains(row.strategy), "{line} is not {}", row.name());
        seen.push(row.name());
        press(&mut state, "j");
    }
    seen.dedup();
    assert_eq!(seen.len(), all);
    press(&mut state, "/other rag\n");
    assert!(state.views.compare.shown.len() < all);
    assert!(!screen(&mut state, (120, 40)).lines().any(|line| line.starts_with("acme")));
    press(&mut state, " ");
    assert_eq!(state.pins.len(), 1);
}

#[test]
fn a_click_on_the_name_of_a_group_selects_nothing() {
    use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
    let mut state = with_users("", "");
    press(&mut state, "b");
    let shown = screen(&mut state, (120, 60));
    let before = state.views.compare.selected;
    let row = shown.lines().position(|line| line.starts_with("other ") || line == "other").unwrap() as u16;
    let click = |row| MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: 2,
        row,
        modifiers: KeyModifiers::NONE,
    };
    ragonomics::tui::mouse::act(&mut state, &click(row));
    assert_eq!(state.views.compare.selected, before);
    ragonomics::tui::mouse::act(&mut state, &click(row + 1));
    assert!(selected_row(&state).unwrap().model.starts_with("other/"));
}

#[test]
fn amounts_are_of_a_month_a_request_a_user_or_the_horizon() {
    let mut state = with_users("horizon_months = 6\n", "");
    // The plan's $491.46 a month and $0.002816 once, of 30,000 requests and 300 users.
    let plan = ["large", "rag", "●"];
    let shown = |state: &mut State| screen(state, (120, 40));
    assert!(line_of(&shown(&mut state), &plan).contains("$491.46"));
    for (title, amount) in [
        ("a request↑", "$0.01638"),          // 491.46 / 30,000 = 0.016382
        ("a user↑", "$1.64"),                // 491.46 / 300 = 1.6382
        ("6 months as today↑", "$2,948.76"), // 6 x 491.46 = 2,948.76, and less than a cent once
        ("a month↑", "$491.46"),
    ] {
        press(&mut state, "a");
        let shown = shown(&mut state);
        assert!(
            shown.contains(title) && line_of(&shown, &plan).contains(amount),
            "{title} {amount}: {shown}"
        );
    }
}

#[test]
fn without_users_no_amount_is_of_a_user() {
    let mut state = state();
    for title in ["a request↑", "12 months as today↑", "a month↑"] {
        press(&mut state, "a");
        assert!(screen(&mut state, (120, 40)).contains(title), "{title}");
    }
}

#[test]
fn a_row_below_the_margin_has_its_mark_and_the_mark_its_legend() {
    let mut state = with_users("", PRICE);
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("m below the target margin"), "{shown}");
    // $1.64 of a user who pays $1.
    assert!(line_of(&shown, &["large", "rag", "$"]).contains("● m"), "{shown}");
    assert!(!screen(&mut with_users("", ""), (120, 40)).contains("m below the target margin"));
}

#[test]
fn a_row_over_its_rate_limits_has_its_mark_and_the_mark_its_legend() {
    // 30,000 requests in the 43,800 minutes of a month are 0.7 a minute; at the peak they are more than one.
    let limit =
        "[[product.limit]]\ntier = \"Start\"\nfrom = 2026-08-01\nrpm = 1\nsource = \"a page about limits\"\n";
    let large = "window = 200_000\nmax_output = 16_000\n";
    let prices = PRICES.replace(large, &format!("{large}{limit}"));
    let shown = screen(&mut open_with(&prices, SCENARIO, Theme::default()), (120, 40));
    assert!(shown.contains("L over its rate limits"), "{shown}");
    assert!(line_of(&shown, &["large", "rag", "$"]).contains(" ● L  acme"), "{shown}");
    assert!(!line_of(&shown, &["small", "rag", "$"]).contains('L'), "{shown}");
}

#[test]
fn groups_and_marks_are_ascii_where_the_terminal_has_no_more() {
    let mut state = with_users("", PRICE);
    state.theme.glyphs = Glyphs::Ascii;
    press(&mut state, "ba");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.is_ascii() && line_of(&shown, &["other/plain", "rag"]).contains('+'), "{shown}");
}

/// The designs as they are listed, model and strategy.
fn listed(state: &State) -> Vec<String> {
    let rows = &state.work.comparison().rows;
    state.views.compare.shown.iter().map(|at| rows[*at].name()).collect()
}

fn head_of(shown: &str) -> String {
    shown.lines().find(|line| line.contains("model") && line.contains("strategy")).unwrap().to_owned()
}

#[test]
fn rows_are_ordered_by_every_column_that_is_shown_and_turned_round() {
    use ragonomics::tui::screen::compare::Column;
    let mut state = with_users("", PRICE);
    state.resize(200, 60);
    let by_cost = listed(&state);
    let mut titles =
        vec!["model", "strategy", "request", "×", "user", "margin", "saves", "12 months as today"];
    for title in titles.drain(..) {
        press(&mut state, "s");
        let down = matches!(state.views.compare.order.column, Column::Margin | Column::Saving);
        let head = head_of(&screen(&mut state, (200, 60)));
        assert!(head.contains(&format!("{title}{}", if down { "↓" } else { "↑" })), "{title}: {head}");
        press(&mut state, "S");
        let head = head_of(&screen(&mut state, (200, 60)));
        assert!(head.contains(&format!("{title}{}", if down { "↑" } else { "↓" })), "{title}: {head}");
    }
    press(&mut state, "s");
    assert_eq!(listed(&state), by_cost);
    assert!(head_of(&screen(&mut state, (200, 60))).contains("a month↑"));
    // Turned round, the dearest stands first, and what has no cost still last.
    press(&mut state, "S");
    let rows = &state.work.comparison().rows;
    let costs: Vec<_> = state.views.compare.shown.iter().map(|at| rows[*at].monthly).collect();
    let priced = costs.iter().take_while(|cost| cost.is_some()).count();
    assert!(costs[..priced].is_sorted_by(|a, b| a >= b) && costs[priced..].iter().all(Option::is_none));
    press(&mut state, "s");
    let models: Vec<_> =
        listed(&state).iter().map(|name| name.split(':').next().unwrap().to_owned()).collect();
    assert!(models.is_sorted(), "{models:?}");
}

#[test]
fn a_click_on_a_head_orders_by_it_and_another_one_turns_it_round() {
    use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
    let mut state = state();
    for (title, arrow) in
        [("strategy", "↑"), ("strategy", "↓"), ("model", "↑"), ("request", "↑"), ("a month", "↑")]
    {
        let shown = screen(&mut state, (80, 24));
        let row = shown.lines().position(|line| line.contains("strategy") && line.contains('#')).unwrap();
        let head = shown.lines().nth(row).unwrap();
        let column = head[..head.find(title).unwrap()].width() as u16 + 1;
        let kind = MouseEventKind::Down(MouseButton::Left);
        state.point(&MouseEvent { kind, column, row: row as u16, modifiers: KeyModifiers::NONE });
        let head = head_of(&screen(&mut state, (80, 24)));
        assert!(head.contains(&format!("{title}{arrow}")), "{title}{arrow}: {head}");
    }
}

#[test]
fn what_the_plan_saves_is_always_there_and_further_columns_where_there_is_room() {
    // $1,731.07 of the baseline less $491.46 of the plan.
    for size in SIZES {
        let shown = screen(&mut state(), size);
        assert!(shown.contains("$1,239.61"), "{shown}");
        assert!(shown.contains("$491.46") && shown.contains("$1,731.07"), "{shown}");
    }
    let shown = screen(&mut with_users("", PRICE), (200, 60));
    let head = head_of(&shown);
    assert!(["margin", "user", "saves", "12 months"].iter().all(|title| head.contains(title)), "{shown}");
    // $1 of a user less $1.64 of cost; 12 × $491.46 and less than a cent once.
    let plan = line_of(&shown, &["large", "rag", "●", "%"]);
    assert!(["-63.8%", "$1.64", "$1,239.61", "$5,897.52"].iter().all(|text| plan.contains(text)), "{plan}");
    // Without users there is nothing to show of them.
    let head = head_of(&screen(&mut state(), (200, 60)));
    assert!(!head.contains("user") && !head.contains("margin") && head.contains("saves"), "{head}");
}

#[test]
fn every_mark_that_occurs_has_a_legend_and_what_has_no_cost_no_rank() {
    let retired = PRICES.replace("id = \"small\"\n", "id = \"small\"\nretired = 2026-06-01\n");
    let scenario = format!("{SCENARIO}[long_context]\ncontext_tokens = \"50k\"\n[budget]\nmonthly = 100\n");
    let mut state = open_with(&retired, &scenario, Theme::default());
    let shown = screen(&mut state, (120, 40));
    for words in ["! over the budget", "R retired", "~ reads only part of the corpus", "● plan", "○ baseline"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(line_of(&shown, &["small", "rag", "$"]).contains("!R"), "{shown}");
    let unpriced = line_of(&shown, &["unpriced", "rag"]);
    assert!(!unpriced.trim_start_matches(['▸', ' ']).starts_with(|c: char| c.is_ascii_digit()), "{unpriced}");
    // Where the legend has no room for all, the selected row says its marks in words.
    press(&mut state, "/small rag\n");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("over the budget, retired"), "{shown}");
}

#[test]
fn models_of_one_name_stand_with_their_vendors_on_a_narrow_screen() {
    let other = OTHER.replace("\"plain\"", "\"small\"");
    let tables = [Table { name: "prices", text: PRICES }, Table { name: "other", text: &other }];
    let (catalog, _) = load(&tables).unwrap();
    let scenario = SCENARIO.replace("[\"acme/*\"]", "[\"acme/*\", \"other/*\"]");
    let folder = std::path::Path::new(".");
    let (scenario, _) = ragonomics::scenario::load::scenario("test", &scenario, folder).unwrap();
    let mut state = State::open(catalog, scenario, date(2026, 11, 22), Theme::default()).unwrap();
    let shown = screen(&mut state, (66, 24));
    let row = |words: &[&str]| line_of(&shown, words);
    assert!(
        !row(&["acme/small", "rag", "$"]).is_empty() && !row(&["other/small", "rag", "$"]).is_empty(),
        "{shown}"
    );
    // A name that only one vendor has needs none.
    assert!(
        row(&["acme/large", "rag", "$"]).is_empty() && !row(&["large", "rag", "$"]).is_empty(),
        "{shown}"
    );
}

#[test]
fn enter_opens_the_bill_of_the_selected_design() {
    let mut state = state();
    assert!(screen(&mut state, (80, 24)).contains("Enter bill"));
    press(&mut state, "\n");
    let shown = screen(&mut state, (80, 24));
    assert_eq!(state.screen, Screen::Bill);
    assert!(shown.contains("acme/small:cached_context, selected: $114.98 a month"), "{shown}");
}

#[test]
fn the_comparison_is_written_as_the_table_that_people_read() {
    let state = state();
    let text = Screen::Compare.export(&state, ragonomics::tui::export::FileFormat::Markdown).unwrap();
    assert!(text.starts_with("Cheapest: cached_context on acme/small at $114.98 a month"), "{text}");
    assert!(text.contains("| 4 | P | acme/large | rag | $491.46 | $0.01638 | 4.3× |"), "{text}");
    assert!(text.contains("The plan saves $1,239.61 a month"), "{text}");
}

#[test]
fn a_long_reason_goes_on_in_the_next_line() {
    let scenario = format!(
        "{SCENARIO}[[class]]\nname = \"questions\"\n[[class]]\nname = \"quarterly reports\"\nshare = \"5%\"\nquestion_tokens = 9000\n"
    );
    let mut state = open(&scenario, Theme::default());
    press(&mut state, "/unpriced long\n");
    let shown = screen(&mut state, (80, 24));
    let detail: Vec<&str> =
        shown.lines().skip_while(|line| !line.starts_with("acme/unpriced:long")).collect();
    assert!(detail[1..3].join(" ").contains("token window by"), "{shown}");
}
