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
