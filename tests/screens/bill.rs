//! The bill of one design.

use super::*;

#[test]
fn a_bill_is_shown_at_every_size() {
    for size in SIZES {
        let mut state = state();
        press(&mut state, "3");
        let shown = screen(&mut state, size);
        insta::assert_snapshot!(format!("bill_{}x{}", size.0, size.1), shown);
    }
}

#[test]
fn a_line_is_explained_down_to_its_source() {
    let mut state = state();
    press(&mut state, "3\n");
    insta::assert_snapshot!(screen(&mut state, (100, 30)));
    press(&mut state, "\x1b");
    assert!(!screen(&mut state, (100, 30)).contains("source"));
}

#[test]
fn the_bill_is_that_of_the_plan_until_a_design_is_selected() {
    let mut state = state();
    press(&mut state, "3");
    assert!(screen(&mut state, (100, 30)).contains("acme/large:rag, the plan: "));
    // The second row of the comparison is rag on acme/small.
    press(&mut state, "1j3");
    assert!(screen(&mut state, (100, 30)).contains("acme/small:rag, selected: "));
}

#[test]
fn lines_come_to_the_cost_of_the_comparison_and_a_filter_keeps_the_sum() {
    let mut state = state();
    let plan = state.work.comparison().rows.iter().find(|row| row.plan).unwrap();
    let monthly = ragonomics::present::money(plan.monthly.unwrap(), state.work.comparison().currency);
    press(&mut state, "3");
    let total = |shown: &str| shown.lines().find(|line| line.contains("Total")).unwrap().to_owned();
    assert!(total(&screen(&mut state, (120, 40))).contains(&monthly));
    press(&mut state, "/servers\n");
    let shown = screen(&mut state, (120, 40));
    assert!(total(&shown).contains(&monthly) && !shown.contains("acme/large\n"), "{shown}");
    // The user's own search servers cost 90 a month.
    assert!(shown.lines().any(|line| line.starts_with('▸') && line.contains("$90.00")), "{shown}");
}

#[test]
fn a_design_without_a_bill_says_why() {
    let mut state = state();
    press(&mut state, "/short cached\nj3");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("No bill: ") && shown.contains("8,192 token window"), "{shown}");
    press(&mut state, "\nxy");
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn the_derivation_of_a_line_is_reached_on_a_small_screen_and_the_source_is_there_at_once() {
    let mut state = state();
    press(&mut state, "3j\n");
    let shown = screen(&mut state, (60, 20));
    assert!(shown.contains("source       a test") && shown.contains("formula "), "{shown}");
    assert!(shown.contains("more below, J scrolls"), "{shown}");
    insta::assert_snapshot!("bill_derived_60x20", shown);
    press(&mut state, "JJJJJJJJJJJJJJJJJJJJ");
    let shown = screen(&mut state, (60, 20));
    assert!(shown.contains("more above, K scrolls") && shown.contains("charged      acme/large"), "{shown}");
    // Another line begins at its first fact again.
    press(&mut state, "j");
    assert!(screen(&mut state, (60, 20)).contains("more below, J scrolls"));
}

/// The bar of a bill: its second line, below the title.
fn bar_of(shown: &str) -> String {
    let lines: Vec<&str> = shown.lines().collect();
    let title = lines.iter().position(|line| line.contains(" a month")).unwrap();
    lines[title + 1].split('│').next().unwrap().trim_end().to_owned()
}

fn cells_of(bar: &str, letter: char) -> usize {
    bar.chars().filter(|c| *c == letter).count()
}

/// A store with a monthly minimum that the lines of a small corpus are far below.
const STORE: &str = r#"
[[product]]
id = "store"
kind = "vector_store"
[product.store]
bills = ["storage_byte_hours", "read_units", "write_units"]
record_overhead_bytes = 8
read_units_per_gb = 1
minimum_read_units = 0.25
fetched_per_read_unit = 10
minimum_write_units = 5
[[product.price]]
from = 2026-01-01
storage_per_gb_month = 1
read_unit_per_m = 16
write_unit_per_m = 4
minimum_per_month = 500
source = "a test"
checked = 2026-11-22
"#;

#[test]
fn the_bar_is_of_the_whole_month_the_minimum_too() {
    let scenario = SCENARIO.replace("store = \"none\"", "store = \"acme/store\"");
    let mut state = open_with(&format!("{PRICES}{STORE}"), &scenario, Theme::default());
    press(&mut state, "3");
    let shown = screen(&mut state, (80, 40));
    assert!(line_with(&shown, "up to the monthly minimum").starts_with(" A "), "{shown}");
    assert!(line_with(&shown, "answer: input").contains("B "), "{shown}");
    // Of $991.46, the store's $500 are 40 of 80 cells, input of $266.40 is 21, output of $135 is 11 and servers of $90 are
    // 7: at 77 cells for those, as three lines of cents take a cell each.
    let bar = bar_of(&shown);
    let cells = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map(|letter| cells_of(&bar, letter));
    assert_eq!(cells, [39, 21, 10, 7, 1, 1, 1], "{shown}");
    assert!(shown.contains("E to G are less than a cell of the bar"), "{shown}");
    assert!(line_with(&shown, "embed question").trim_end().ends_with("<0.1%"), "{shown}");
    // The minimum is explained as any line is.
    while !line_with(&screen(&mut state, (80, 40)), "▸").contains("minimum") {
        press(&mut state, "j");
    }
    press(&mut state, "\n");
    let shown = screen(&mut state, (80, 40));
    assert!(line_with(&shown, "amount   ").contains("$500.00 − $0."), "{shown}");
    assert!(line_with(&shown, "source").contains("a test"), "{shown}");
}

#[test]
fn shares_of_a_bill_come_to_all_of_it_where_something_is_included() {
    // 40 of 88.8 million input tokens are included, so that input comes to 48.8 × $3 = $146.40 of $371.46.
    let prices = PRICES.replacen(
        "output_per_mtok = 15\n",
        "output_per_mtok = 15\nincluded = { input_tokens = 40_000_000 }\n",
        1,
    );
    let mut state = open_with(&prices, SCENARIO, Theme::default());
    press(&mut state, "3");
    let shown = screen(&mut state, (100, 30));
    let line = shown.lines().find(|line| line.contains("answer: input")).unwrap();
    assert!(line.contains("$266.40") && line.trim_end().ends_with("39.4%"), "{shown}");
    assert!(shown.contains("shares are of what is paid, credits taken off"), "{shown}");
}

#[test]
fn a_line_is_explained_from_its_formula_to_the_age_of_its_price() {
    let mut state = state();
    press(&mut state, "3j\n");
    let shown = screen(&mut state, (100, 40));
    let place = |name: &str| {
        shown.lines().position(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name}: {shown}"))
    };
    let order = ["formula", "with values", "amount", "source", "checked"].map(place);
    assert!(order.is_sorted(), "{shown}");
    assert!(shown.contains("2026-01-10, 316 days before 2026-11-22"), "{shown}");
}

fn line_with(shown: &str, words: &str) -> String {
    let line = shown.lines().find(|line| line.contains(words));
    line.unwrap_or_else(|| panic!("no {words}: {shown}")).to_owned()
}
