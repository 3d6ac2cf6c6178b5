//! What stays whole where there is little room.

use super::*;

#[test]
fn the_help_begins_with_the_keys_of_the_open_screen_and_still_has_all_others() {
    for opened in Screen::ALL {
        let mut state = state();
        go(&mut state, *opened);
        press(&mut state, "?");
        let shown = screen(&mut state, (80, 24));
        assert_eq!(shown.lines().nth(1), Some(opened.title()), "{shown}");
        let all = screen(&mut state, (80, 500));
        for scope in Scope::all().filter(|scope| keys::of(*scope).next().is_some()) {
            assert_eq!(all.lines().filter(|line| *line == scope.title()).count(), 1, "{}", scope.title());
        }
    }
    let mut state = state();
    press(&mut state, "3p?");
    let shown = screen(&mut state, (80, 24));
    assert_eq!(shown.lines().nth(1), Some("Parameters"), "the parameters are in focus: {shown}");
    press(&mut state, "G");
    assert!(screen(&mut state, (80, 24)).contains("Marks"));
}

#[test]
fn no_line_of_the_help_is_cut() {
    for width in [80, 60] {
        let mut state = state();
        press(&mut state, "?");
        let shown = screen(&mut state, (width, 500));
        assert!(!shown.contains('…'), "{shown}");
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        for binding in keys::all().filter(|binding| !binding.keys.is_empty()) {
            assert!(words.contains(binding.help), "{} at {width}\n{shown}", binding.help);
        }
    }
}

#[test]
fn no_amount_is_cut_at_any_width() {
    let mut state = state();
    for keys in ["1", "2", "3"] {
        press(&mut state, keys);
        let amounts = |shown: &str| -> Vec<String> {
            let words = shown.lines().flat_map(str::split_whitespace).filter(|word| word.starts_with('$'));
            words.map(|word| word.trim_end_matches([',', ':', ';']).to_owned()).collect()
        };
        let whole = amounts(&screen(&mut state, (200, 60)));
        for width in 1..120 {
            let shown = screen(&mut state, (width, 20));
            // Marks of a chart's axis, such as $1k, follow its size.
            let rows = shown.lines().filter(|line| !line.contains(['┤', '│'])).collect::<Vec<_>>().join("\n");
            for amount in amounts(&rows) {
                let known = whole.contains(&amount) || amount.contains('…');
                assert!(known, "{amount} at {width} columns\n{shown}");
            }
        }
    }
}

/// A shipped scenario, over the prices that come with the program: its designs have long names.
fn opened(name: &str) -> State {
    let text = ragonomics::scenario::library::shipped(name).unwrap();
    let (scenario, _) = ragonomics::scenario::load::scenario(name, text, std::path::Path::new(".")).unwrap();
    let catalog = ragonomics::catalog::load::embedded().unwrap();
    State::open(catalog, scenario, date(2026, 11, 22), Theme::default()).unwrap()
}

#[test]
fn what_a_heading_says_of_a_design_with_a_long_name_is_never_cut() {
    let mut state = opened("support-bot");
    for (opened, said) in [
        (Screen::Sensitivity, "a month, each number ±20%"),
        (Screen::Limits, "requests/min at the peak, 3 times the mean"),
    ] {
        go(&mut state, opened);
        for (size, rows) in [((80, 24), 2), ((60, 20), 2), ((200, 50), 1)] {
            let shown = screen(&mut state, size);
            let heading: Vec<&str> = shown.lines().skip(1).take(rows).collect();
            assert!(!heading.concat().contains('…'), "{shown}");
            assert!(heading.join(" ").contains(said), "{shown}");
        }
        // Without room for a second line the name gives way.
        let shown = screen(&mut state, (80, 12));
        assert!(shown.lines().nth(1).unwrap().ends_with(said), "{shown}");
    }
}

#[test]
fn the_price_and_the_source_of_the_selected_product_are_whole() {
    let mut state = opened("support-bot");
    press(&mut state, "4");
    let shown = screen(&mut state, (80, 24));
    let lines: Vec<&str> = shown.lines().collect();
    let price =
        lines.iter().position(|line| line.starts_with("input $")).unwrap_or_else(|| panic!("{shown}"));
    let detail = &lines[price..22];
    assert!(!detail.concat().contains('…'), "{shown}");
    assert!(detail.join(" ").contains("output $") && detail.join(" ").contains("checked 2026-"), "{shown}");
}

#[test]
fn the_ranges_that_were_drawn_from_and_the_answer_are_whole() {
    let mut state = opened("support-bot");
    state.views.uncertainty.samples = 1_000;
    go(&mut state, Screen::Uncertainty);
    press(&mut state, "a");
    let shown = screen(&mut state, (80, 24));
    let above: Vec<&str> = shown.lines().skip(1).take_while(|line| !line.contains("cheapest  ")).collect();
    assert!(above.join(" ").matches(" to ").count() >= 5 && !above.concat().contains('…'), "{shown}");
    // On a small one at least the answer is.
    let shown = screen(&mut state, (60, 20));
    let answer = shown.lines().skip(3).take(2).collect::<Vec<_>>().join(" ");
    assert!(answer.contains("draw") && !answer.contains('…'), "{shown}");
}

#[test]
fn no_two_lines_of_a_bill_look_alike() {
    let catalog = ragonomics::catalog::load::embedded().unwrap();
    for (name, text) in ragonomics::scenario::library::SHIPPED {
        let (scenario, _) =
            ragonomics::scenario::load::scenario(name, text, std::path::Path::new(".")).unwrap();
        let mut state = State::open(catalog.clone(), scenario, date(2026, 11, 22), Theme::default()).unwrap();
        press(&mut state, "3");
        for size in [(80, 24), (60, 20)] {
            let shown = screen(&mut state, size);
            let mut heading = "";
            let mut seen = Vec::new();
            for line in shown.lines().skip(5).take_while(|line| !line.contains("Total")) {
                let row = line.get(if line.starts_with('▸') { 5.. } else { 3.. }).unwrap_or_default();
                // What it is paid for stands above the lines, without an amount.
                if !row.starts_with(' ') {
                    heading = row;
                    continue;
                }
                let label = row.trim_start().split("  ").next().unwrap_or_default();
                assert!(!seen.contains(&(heading, label)), "{label} twice in {name}\n{shown}");
                seen.push((heading, label));
            }
            assert!(!seen.is_empty(), "{shown}");
        }
    }
    // The names of the six lines that differ in one word at most are whole.
    let mut state = opened("support-bot");
    press(&mut state, "3");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("answer, cache write: output (hours)") && !shown.contains('…'), "{shown}");
}
