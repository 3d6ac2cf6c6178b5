//! What moves the cost of one design.

use super::*;

fn opened(scenario: &str) -> State {
    let mut state = open(scenario, Theme::default());
    go(&mut state, Screen::Sensitivity);
    state
}

/// Returns the line of a number.
fn line(shown: &str, label: &str) -> String {
    let found = shown.lines().find(|line| line.trim_start_matches(['▸', ' ']).starts_with(label));
    found.unwrap_or_else(|| panic!("no {label} in\n{shown}")).to_owned()
}

#[test]
fn a_tornado_is_shown_at_every_size() {
    for size in SIZES {
        let shown = body(&mut opened(SCENARIO), size);
        insta::assert_snapshot!(format!("sensitivity_{}x{}", size.0, size.1), shown);
    }
}

#[test]
fn a_tornado_is_read_without_unicode() {
    let mut state = open(SCENARIO, Theme { glyphs: Glyphs::Ascii, ..Theme::default() });
    go(&mut state, Screen::Sensitivity);
    insta::assert_snapshot!(body(&mut state, (80, 24)));
}

#[test]
fn every_number_has_its_costs_at_both_ends() {
    // 88.8M tokens in at $3 are $266.40, 9M out at $15 $135, questions $0.06: $401.46 beside servers of $90.
    let mut state = opened(SCENARIO);
    let shown = body(&mut state, (160, 40));
    assert!(shown.contains("acme/large:rag, the plan: $491.46 a month, each number ±20%"), "{shown}");
    // A fifth of $401.46 is $80.29, of $135 it is $27.
    let requests = line(&shown, "requests/month");
    for text in ["30,000", "$411.17", "$571.75", "$160.58"] {
        assert!(requests.contains(text), "{requests}");
    }
    let output = line(&shown, "output ");
    for text in ["300", "$464.46", "$518.46", "$54.00"] {
        assert!(output.contains(text), "{output}");
    }
    // The longest bar is as long on both sides, the smaller number to the left.
    assert!(requests.contains(&format!("{0}│{1}", "░".repeat(24), "█".repeat(24))), "{requests}");
    // 27 of 80.29 of 24 places are 8.07.
    assert!(output.contains(&format!(" {0}│{1}", "░".repeat(8), "█".repeat(8))), "{output}");
    assert!(!output.contains(&"█".repeat(9)), "{output}");
}

#[test]
fn keys_change_by_how_much_and_which_cost() {
    let mut state = opened(SCENARIO);
    press(&mut state, ">");
    // Half of $401.46 down and up is a swing of it all.
    assert!(line(&body(&mut state, (160, 40)), "requests/month").contains("$401.46"));
    press(&mut state, ">");
    assert_eq!(state.message, Some(Message::Note("±50% is the most".to_owned())));
    press(&mut state, "<<<");
    let shown = body(&mut state, (160, 40));
    // A twentieth: $20.07 down and up.
    assert!(shown.contains("±5%") && line(&shown, "requests/month").contains("$40.15"), "{shown}");
    press(&mut state, "m");
    // Twelve months of it, and 140,800 tokens embedded once for $0.0028.
    assert!(body(&mut state, (160, 40)).contains(": $5,897.52 for 12 months as today and what is paid once"));
}

#[test]
fn a_number_is_explained_at_both_ends_with_the_cheapest_design_there() {
    let mut state = opened(SCENARIO);
    press(&mut state, ">\n");
    let shown = body(&mut state, (120, 40));
    for text in [
        "workload.requests_per_month: ",
        "15,000: $290.73, $200.73 less",
        "45,000: $692.19, $200.73 more",
        // Requests from 36,137 on are cheaper with retrieval, as the comparison says.
        "acme/small:cached_context; at 45,000: acme/small:rag",
    ] {
        assert!(shown.contains(text), "{text} is not in\n{shown}");
    }
    press(&mut state, "\x1b");
    assert!(!body(&mut state, (120, 40)).contains("$200.73 less"));
}

#[test]
fn an_end_without_a_cost_is_marked_and_says_why() {
    // 170,000 tokens and a fifth more are beyond the window of 200,000.
    let scenario = SCENARIO.replace("128k", "170k").replace("acme/large:rag", "acme/large:cached_context");
    let mut state = opened(&scenario);
    press(&mut state, "/corpus\n\n");
    let shown = body(&mut state, (120, 40));
    let corpus = line(&shown, "corpus");
    assert!(corpus.contains('—') && corpus.contains('≥') && corpus.contains('×'), "{shown}");
    assert!(shown.contains("204,000: no cost: over the 200,000 token window"), "{shown}");
}

#[test]
fn numbers_that_are_not_moved_stand_below_with_the_reason() {
    let mut state = opened(SCENARIO);
    press(&mut state, "G\n");
    let shown = body(&mut state, (120, 60));
    assert!(shown.contains("Not moved") && shown.contains("▸ queries"), "{shown}");
    assert!(shown.contains("it is whole, and ±20% of it is less than half a step"), "{shown}");
    press(&mut state, "kk");
    let shown = body(&mut state, (120, 60));
    assert!(shown.contains("▸ retries") && shown.contains("it is 0, and any part of that is 0"), "{shown}");
}

#[test]
fn a_key_goes_to_the_costs_along_the_selected_number() {
    let mut state = opened(SCENARIO);
    press(&mut state, "/output\nmb");
    assert_eq!(state.screen, Screen::BreakEven);
    let chart = &state.views.break_even;
    assert_eq!((chart.axis.param().facts().path, chart.cursor), ("request.output_tokens", 300.0));
    assert_eq!(chart.metric, ragonomics::analysis::curve::Metric::Total);
    assert!(chart.curves.is_some());
}

#[test]
fn a_number_of_a_class_is_moved_and_drawn_under_its_own_name() {
    let classes =
        "[[class]]\nname = \"短问题\"\nshare = 0.75\n[[class]]\nname = \"long\"\noutput_tokens = 900\n";
    let mut state = opened(&format!("{SCENARIO}{classes}"));
    press(&mut state, "/短问题 share\n");
    assert!(line(&body(&mut state, (80, 24)), "class share").contains("短问题"));
    press(&mut state, "b");
    let shown = body(&mut state, (80, 24));
    assert!(
        shown.contains("by class share, 短问题") && shown.contains("At class share, 短问题 75%:"),
        "{shown}"
    );
}

#[test]
fn a_design_without_a_cost_says_why_nothing_moves_it() {
    let mut state = open(SCENARIO, Theme::default());
    press(&mut state, "/unpriced rag\ng");
    go(&mut state, Screen::Sensitivity);
    let shown = body(&mut state, (80, 24));
    assert!(shown.contains("acme/unpriced:rag has no cost, so nothing moves it:"), "{shown}");
    press(&mut state, "\nxyb");
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn a_tornado_is_written_as_a_picture_with_its_numbers() {
    let mut state = opened(SCENARIO);
    let format = ragonomics::tui::export::FileFormat::Svg;
    let svg = Screen::Sensitivity.export(&state, format).unwrap();
    let picture = roxmltree::Document::parse(&svg).unwrap();
    let texts: Vec<&str> = picture.descendants().filter_map(|node| node.text()).map(str::trim).collect();
    for text in [
        "Cost of a month with acme/large:rag, each number moved by ±20%",
        "requests/month 30,000",
        "24,000",
        "36,000",
        "$491.46 as it is",
        "smaller number (hatched)",
    ] {
        assert!(texts.contains(&text), "{text} is not in {texts:?}");
    }
    press(&mut state, "y");
    assert_eq!(
        state.clipboard.as_deref(),
        Some("workload.requests_per_month\t30,000\t$411.17\t$571.75\t$160.58")
    );
}

#[test]
fn a_result_of_earlier_numbers_is_marked_until_the_new_one_is_there() {
    let (sender, reports) = std::sync::mpsc::channel();
    let mut state = opened(SCENARIO);
    state.jobs.report_to(sender);
    assert!(state.change(|scenario| scenario.set("request.output_tokens", "600")));
    assert!(body(&mut state, (120, 40)).contains("of earlier numbers"));
    uncertainty::finish(&mut state, &reports);
    let shown = body(&mut state, (120, 40));
    // Twice the output is $135 more.
    assert!(shown.contains("$626.46 a month") && !shown.contains("of earlier numbers"), "{shown}");
}

#[test]
fn no_amount_is_cut_at_any_width() {
    let amounts = |shown: &str| -> Vec<String> {
        let words = shown.lines().flat_map(str::split_whitespace).filter(|word| word.starts_with(['$', '≥']));
        words.map(|word| word.trim_end_matches([',', ';']).to_owned()).collect()
    };
    for keys in ["", "\n"] {
        let mut state = opened(SCENARIO);
        press(&mut state, keys);
        let whole = amounts(&screen(&mut state, (200, 40)));
        for width in 1..120 {
            let shown = screen(&mut state, (width, 40));
            for amount in amounts(&shown) {
                let known = whole.contains(&amount) || amount.contains('…');
                assert!(known, "{amount} at {width} is none of {whole:?}:\n{shown}");
            }
        }
    }
}

#[test]
fn a_long_title_goes_on_in_the_next_line_and_loses_no_figure() {
    let mut state = opened(SCENARIO);
    press(&mut state, "m");
    for width in [60, 80, 120] {
        let shown = body(&mut state, (width, 24));
        for said in ["$5,897.52 for 12 months as today", "each number ±20%"] {
            assert!(shown.contains(said), "{width}: {shown}");
        }
    }
}
