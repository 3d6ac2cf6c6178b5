//! Where costs lie while numbers are known only roughly.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use ragonomics::tui::export::FileFormat;
use ragonomics::tui::job::Report;
use ragonomics::tui::terminal::Outside;

use super::*;

/// The scenario with requests and answers known roughly, and a budget.
fn rough() -> String {
    let requests = "requests_per_month = { low = \"15k\", mode = \"30k\", high = \"90k\" }";
    let scenario = SCENARIO.replace("requests_per_month = \"30k\"", requests);
    format!("{scenario}[request]\noutput_tokens = {{ p10 = 200, p90 = 450 }}\n[budget]\nmonthly = 200\n")
}

/// Opens the screen with few draws.
fn opened(scenario: &str) -> State {
    opened_in(scenario, Theme::default())
}

fn opened_in(scenario: &str, theme: Theme) -> State {
    let mut state = open(scenario, theme);
    state.views.uncertainty.samples = 1_000;
    go(&mut state, Screen::Uncertainty);
    state
}

/// Takes reports until a piece of work is done.
pub fn finish(state: &mut State, reports: &Receiver<Outside>) {
    loop {
        match reports.recv_timeout(Duration::from_secs(60)) {
            Ok(Outside::Work(Report::Progress)) => {}
            Ok(Outside::Work(report)) => return state.report(report),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn designs_and_the_spread_of_one_are_shown_at_every_size() {
    for size in SIZES {
        let shown = body(&mut opened(&rough()), size);
        insta::assert_snapshot!(format!("uncertainty_{}x{}", size.0, size.1), shown);
    }
}

#[test]
fn bands_and_spreads_are_read_without_unicode() {
    let mut state = opened_in(&rough(), Theme { glyphs: Glyphs::Ascii, ..Theme::default() });
    let shown = body(&mut state, (80, 24));
    assert!(shown.is_ascii());
    insta::assert_snapshot!(shown);
}

#[test]
fn without_colours_bands_say_the_same() {
    let mut mono = opened_in(&rough(), Theme { palette: Palette::Mono, ..Theme::default() });
    let mut dark = opened(&rough());
    for size in SIZES {
        assert_eq!(screen(&mut mono, size), screen(&mut dark, size));
    }
}

#[test]
fn a_scenario_without_ranges_says_how_to_write_one_and_can_be_given_some() {
    let mut state = opened(SCENARIO);
    insta::assert_snapshot!(body(&mut state, (80, 24)));
    press(&mut state, "a");
    let ranges = &state.work.scenario().ranges;
    assert_eq!(ranges.len(), 5);
    // Requests move the plan most: a quarter of 30,000 down and up.
    let requests = ragonomics::scenario::Range::Triangle { low: 22_500.0, mode: 30_000.0, high: 37_500.0 };
    assert_eq!(ranges[0].range, requests);
    assert!(
        matches!(&state.message, Some(Message::Note(text)) if text.contains("requests/month") && text.contains("±25%"))
    );
    // The message goes with the next key.
    press(&mut state, "\n\n");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("30,000 *") && shown.contains("*5 unsaved"), "{shown}");
    assert!(shown.contains("Cost of a month in 1,000 draws, seed 1"), "{shown}");
    press(&mut state, "a");
    assert!(matches!(&state.message, Some(Message::Note(text)) if text.contains("ranges already")));
    press(&mut state, "u");
    assert!(state.work.scenario().ranges.is_empty() && state.work.unsaved().is_empty());
    assert!(body(&mut state, (80, 24)).contains("No number of this scenario is a range"));
}

#[test]
fn a_design_is_explained_with_the_errors_of_its_chances() {
    let mut state = opened(&rough());
    press(&mut state, "\n");
    insta::assert_snapshot!(body(&mut state, (100, 30)));
    press(&mut state, "\x1b");
    assert!(!body(&mut state, (100, 30)).contains("as it is  "));
}

#[test]
fn the_selected_design_stays_selected_while_seed_and_draws_change() {
    let mut state = opened(&rough());
    // The plan is selected until the user selects another design.
    let selected = |state: &mut State| {
        let shown = body(state, (120, 40));
        shown.lines().find(|line| line.starts_with('▸')).unwrap().to_owned()
    };
    assert!(selected(&mut state).contains("large:rag"));
    press(&mut state, "g");
    let first = selected(&mut state);
    press(&mut state, "n");
    assert!(body(&mut state, (120, 40)).contains("1,000 draws, seed 2"));
    assert_ne!(selected(&mut state), first, "another seed gives other numbers");
    press(&mut state, "N");
    assert_eq!(selected(&mut state), first, "the same seed gives the same numbers");
    press(&mut state, ">");
    assert!(body(&mut state, (120, 40)).contains("10,000 draws, seed 1"));
    assert_eq!(selected(&mut state)[..20], first[..20]);
    press(&mut state, "<<");
    assert_eq!(state.message, Some(Message::Note("1,000 draws are the fewest".to_owned())));
}

#[test]
fn escape_stops_the_draws_and_a_key_begins_them_again() {
    let (sender, reports) = channel();
    let mut state = open(&rough(), Theme::default());
    state.jobs.report_to(sender);
    state.views.uncertainty.samples = 100_000;
    go(&mut state, Screen::Uncertainty);
    assert!(state.jobs.of(Screen::Uncertainty).is_some());
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("Drawing …") && shown.contains("Esc stops"), "{shown}");
    let begun = reports.recv_timeout(Duration::from_secs(60));
    assert!(matches!(begun, Ok(Outside::Work(Report::Progress))), "{begun:?}");
    press(&mut state, "\x1b");
    assert!(state.jobs.of(Screen::Uncertainty).is_none());
    assert_eq!(state.message, Some(Message::Note("drawing stopped".to_owned())));
    assert!(body(&mut state, (80, 24)).contains("Drawing was stopped; r begins again."));
    finish(&mut state, &reports);
    assert!(state.views.uncertainty.shown.is_none(), "a result that nobody wants any more");
    press(&mut state, "\tN");
    state.views.uncertainty.samples = 1_000;
    go(&mut state, Screen::Uncertainty);
    press(&mut state, "r");
    while state.views.uncertainty.shown.is_none() {
        finish(&mut state, &reports);
    }
    assert!(body(&mut state, (80, 24)).contains("Cost of a month in 1,000 draws"));
}

#[test]
fn a_result_of_earlier_numbers_stays_and_is_marked_while_new_ones_are_drawn() {
    let (sender, reports) = channel();
    let mut state = opened(&rough());
    state.jobs.report_to(sender);
    let before = state.views.uncertainty.simulation().cloned();
    assert!(state.change(|scenario| scenario.set("corpus.tokens", "64k")));
    assert!(body(&mut state, (80, 24)).contains(" of earlier numbers"));
    assert_eq!(state.views.uncertainty.simulation().cloned(), before);
    finish(&mut state, &reports);
    assert!(!body(&mut state, (80, 24)).contains("of earlier numbers"));
    assert_ne!(state.views.uncertainty.simulation().cloned(), before);
    // Another seed draws from the same numbers.
    press(&mut state, "n");
    let shown = body(&mut state, (80, 24));
    assert!(shown.contains("1,000 draws, seed 1  1,000 draws, seed 2 follow"), "{shown}");
    press(&mut state, "\x1b");
    assert!(body(&mut state, (80, 24)).contains(" 1,000 draws, seed 2 stopped; r draws"));
    assert!(state.change(|scenario| scenario.set("corpus.tokens", "32k")));
    body(&mut state, (80, 24));
    press(&mut state, "\x1b");
    assert!(body(&mut state, (80, 24)).contains(" of earlier numbers; r draws again"));
}

#[test]
fn the_same_seed_shows_the_numbers_of_the_command() {
    let text = "name = \"Rough\"\nas_of = 2026-11-22\n[workload]\nrequests_per_month = { p10 = \"5k\", p90 = \"40k\" }\n[budget]\nmonthly = 500\n";
    let arguments = ["simulate", "-", "--samples", "1000", "--seed", "3", "--format", "json"];
    let output = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("ragonomics"))
        .args(arguments)
        .write_stdin(text)
        .output()
        .unwrap();
    assert!(output.status.success());
    let folder = std::path::Path::new(".");
    let (scenario, _) = ragonomics::scenario::load::scenario("test", text, folder).unwrap();
    let catalog = ragonomics::catalog::load::embedded().unwrap();
    let mut state = State::open(catalog, scenario, date(2026, 11, 22), Theme::default()).unwrap();
    state.views.uncertainty.samples = 1_000;
    go(&mut state, Screen::Uncertainty);
    press(&mut state, "nn");
    let json = Screen::Uncertainty.export(&state, FileFormat::Json).unwrap();
    assert_eq!(json.trim_end(), String::from_utf8(output.stdout).unwrap().trim_end());
    // And what is on the screen is what is written.
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let median = json["rows"][0]["p50"].as_f64().unwrap();
    press(&mut state, "g");
    let shown = body(&mut state, (160, 50));
    let money = ragonomics::present::money_rough(median, state.work.comparison().currency);
    let first = shown.lines().find(|line| line.starts_with('▸')).unwrap();
    assert!(first.contains(&money), "{money} is not in {first}");
}

#[test]
fn bands_are_written_as_a_picture_with_medians_chances_and_the_budget() {
    let mut state = opened(&rough());
    let svg = Screen::Uncertainty.export(&state, FileFormat::Svg).unwrap();
    let picture = roxmltree::Document::parse(&svg).unwrap();
    let texts: Vec<&str> = picture.descendants().filter_map(|node| node.text()).map(str::trim).collect();
    assert!(texts.contains(&"budget $200.00") && texts.contains(&"acme/large:rag"), "{texts:?}");
    assert!(
        texts.iter().any(|text| text.starts_with("1,000 draws, seed 1: requests/month 15k to 90k")),
        "{texts:?}"
    );
    // The median of the screen is that of the picture.
    press(&mut state, "y");
    let copied = state.clipboard.take().unwrap();
    let median = copied.split('\t').nth(2).unwrap();
    assert!(texts.contains(&format!("{median}, over 100%").as_str()), "{median} in {texts:?}");
}

#[test]
fn a_design_without_a_cost_in_some_draws_is_marked_and_one_without_any_says_why() {
    // From 100,000 to 400,000 tokens, the window of 200,000 on acme/large is too small in most draws.
    let scenario = SCENARIO
        .replace("tokens = \"128k\"", "tokens = { low = \"100k\", mode = \"150k\", high = \"400k\" }");
    let mut state = opened(&scenario);
    let shown = body(&mut state, (120, 40));
    let row = |name: &str| shown.lines().find(|line| line.contains(name)).unwrap().to_owned();
    assert!(row(" large:long").contains("long~"), "{shown}");
    assert!(row("short:long").contains("over the 8,192 token window"), "{shown}");
    press(&mut state, "/large long\n\n");
    assert!(body(&mut state, (120, 40)).contains("no cost"), "{shown}");
}

#[test]
fn ranges_that_contradict_each_other_are_told_with_the_remedy() {
    // Chunks of at most 32 tokens and overlaps of at least 30, the middle values of which hold together.
    let ranges = "chunk_tokens = { low = 20, mode = 31, high = 32 }\noverlap_tokens = { low = 30, mode = 30, high = 900 }\n";
    let scenario = SCENARIO.replace("store = \"none\"\n", &format!("store = \"none\"\n{ranges}"));
    let shown = body(&mut opened(&scenario), (80, 24));
    assert!(shown.contains("contradict each other in nearly every draw; narrow them"), "{shown}");
}

#[test]
fn every_small_size_can_be_drawn_with_ranges_too() {
    let mut state = opened(&rough());
    for keys in ["", "\n", "G", "/nothing\n"] {
        press(&mut state, keys);
        for columns in (1..45).step_by(3).chain([59, 60, 79, 80, 119, 120]) {
            for rows in (1..12).chain([16, 20]) {
                buffer(&mut state, (columns, rows));
            }
        }
    }
}

#[test]
fn no_amount_is_cut_at_any_width() {
    let amounts = |shown: &str| -> Vec<String> {
        let words = shown.lines().flat_map(str::split_whitespace).filter(|word| word.starts_with('$'));
        words.map(|word| word.trim_end_matches([',', ';', '.']).to_owned()).collect()
    };
    // The marks above the bands are others at every width.
    let without_marks = |shown: &str| -> String {
        let lines = shown.lines().filter(|line| !line.contains("p50  "));
        lines.map(|line| format!("{line}\n")).collect()
    };
    for keys in ["", "\n"] {
        let mut state = opened(&rough());
        press(&mut state, keys);
        let whole = amounts(&without_marks(&screen(&mut state, (200, 60))));
        for width in 1..120 {
            let shown = without_marks(&screen(&mut state, (width, 60)));
            for amount in amounts(&shown) {
                let known = whole.contains(&amount) || amount.contains('…');
                assert!(known, "{amount} at {width} is none of {whole:?}:\n{shown}");
            }
        }
    }
}

#[test]
fn what_moves_costs_and_where_they_lie_is_shown_at_the_bounds_of_every_number() {
    let opened = open(&rough(), Theme::default());
    for target in opened.work.targets().to_vec() {
        let (param, facts) = (target.param, target.param.facts());
        for bound in [facts.bounds.0, facts.bounds.1] {
            let mut state = opened.clone();
            state.views.uncertainty.samples = 20;
            // Some contradict another number and are refused.
            state.change(|scenario| scenario.set_number(param, bound, facts.path));
            for screen in [Screen::Sensitivity, Screen::Uncertainty] {
                go(&mut state, screen);
                press(&mut state, "\n");
                let shown = body(&mut state, (120, 40));
                assert!(!shown.contains("NaN") && !shown.contains("inf"), "{} {bound}:\n{shown}", facts.path);
                for format in screen.formats(&state) {
                    assert!(screen.export(&state, format).is_some_and(|text| !text.contains("NaN")));
                }
            }
        }
    }
}

#[test]
fn the_values_that_ranges_are_held_at_are_called_what_they_are() {
    let requests = "requests_per_month = \"30k\"";
    let with = |range: &str| SCENARIO.replace(requests, &format!("requests_per_month = {range}"));
    let mut triangle = opened(&with("{ low = \"15k\", mode = \"30k\", high = \"90k\" }"));
    assert!(body(&mut triangle, (120, 40)).contains("the cheapest at the most likely values"));
    let mut tenths = opened(&with("{ p10 = \"15k\", p90 = \"90k\" }"));
    assert!(body(&mut tenths, (120, 40)).contains("the cheapest at the middle values"));
    assert!(body(&mut opened(&rough()), (160, 40)).contains("at the most likely or middle values"));
}

#[test]
fn the_comparison_says_that_its_numbers_stand_on_ranges() {
    let hint = "2 numbers are ranges: 6 shows the spread.";
    for size in [(60, 20), (80, 24), (100, 30)] {
        let shown = screen(&mut open(&rough(), Theme::default()), size);
        let words: Vec<&str> = shown.split_whitespace().collect();
        assert!(words.join(" ").contains(hint), "{shown}");
    }
    assert!(!screen(&mut state(), (120, 40)).contains("the spread"));
}

#[test]
fn bands_have_room_beside_all_quantiles_at_eighty_columns_and_the_budget_is_a_column() {
    let shown = body(&mut opened(&rough()), (80, 24));
    let rows: Vec<&str> = shown.lines().filter(|line| line.contains(['▌', '▐'])).collect();
    assert!(rows.len() > 5, "{shown}");
    for row in &rows {
        assert_eq!(row.matches('$').count(), 3, "p5, p50 and p95: {row}");
    }
    // The budget of $200 stands in the same column of every row, drawn through what reaches over it.
    let column = |row: &str| row.chars().position(|c| c == '│' || c == '┿');
    let columns: Vec<_> = rows.iter().filter_map(|row| column(row)).collect();
    assert!(columns.len() > 4 && columns.iter().all(|at| *at == columns[0]), "{shown}");
    let names: Vec<String> = rows.iter().map(|row| row.chars().skip(3).take(18).collect()).collect();
    assert!(names.iter().all(|name| names.iter().filter(|other| *other == name).count() == 1), "{shown}");
}

#[test]
fn the_scale_of_bands_is_that_of_the_rows_that_are_seen() {
    let mut state = opened(&rough());
    press(&mut state, "/short rag\n");
    let shown = body(&mut state, (80, 24));
    let head = shown.lines().find(|line| line.contains("p50")).unwrap();
    // One design between $117 and $236, beside a budget of $200.
    assert!(head.contains("$150") && !head.contains("$1k"), "{shown}");
}

#[test]
fn what_never_or_always_happens_has_no_error() {
    let mut state = opened(&rough());
    press(&mut state, "/large long\n");
    press(&mut state, "\n");
    let shown = body(&mut state, (120, 40));
    assert!(
        shown.contains("in all of the 1,000 draws, by the budget")
            && shown.contains("in none of the 1,000 draws"),
        "{shown}"
    );
}
