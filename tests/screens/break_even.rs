//! Costs along a parameter, and the map over two.

use std::sync::mpsc::channel;
use std::time::Duration;

use super::*;
use ragonomics::scenario::Target;
use ragonomics::tui::terminal::Outside;
use rust_decimal::prelude::ToPrimitive;

/// Opens the map.
fn map() -> State {
    let mut state = state();
    press(&mut state, "2a");
    state
}

/// Presses a character's key, also one that [`press`] takes for an arrow.
fn type_in(state: &mut State, mark: char) {
    state.press(&event(keys::ch(mark)));
}

fn path(state: &State, target: Target) -> String {
    state.work.scenario().path_of(target)
}

#[test]
fn costs_are_drawn_at_every_size() {
    for size in SIZES {
        let mut state = state();
        press(&mut state, "2");
        let shown = screen(&mut state, size);
        insta::assert_snapshot!(format!("break_even_{}x{}", size.0, size.1), shown);
    }
}

#[test]
fn a_stretch_in_which_a_design_does_not_fit_is_a_gap_with_its_reason() {
    let mut state = state();
    // The plan and the baseline on acme/large, along the corpus.
    press(&mut state, "/large cached\n \x1b/large rag\n \x1b2");
    while state.views.break_even.axis.param().facts().path != "corpus.tokens" {
        press(&mut state, "v");
    }
    let shown = screen(&mut state, (100, 30));
    assert!(shown.contains("░░░░"), "the stretch is shaded: {shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn the_chart_begins_with_the_design_that_is_called_cheapest() {
    // A cheaper design of the same side, whose window nobody published, is not.
    let text = ragonomics::scenario::library::shipped("devday").unwrap();
    let folder = std::path::Path::new(".");
    let (scenario, _) = ragonomics::scenario::load::scenario("devday", text, folder).unwrap();
    let catalog = ragonomics::catalog::load::embedded().unwrap();
    let state = State::open(catalog, scenario, date(2026, 11, 22), Theme::default()).unwrap();
    let rows = &state.work.comparison().rows;
    let cheapest = rows.iter().find(|row| row.cheapest).unwrap();
    assert!(rows[0].fits.is_none() && !rows[0].cheapest, "the shipped scenario has such a design");
    assert!(state.lines().contains(&cheapest.pair));
}

#[test]
fn of_several_corpora_each_has_its_numbers_and_the_whole_has_none() {
    let several = SCENARIO.replace("[corpus]\ntokens = \"128k\"\n", "")
        + "[[corpus]]\nname = \"a\"\ntokens = \"50k\"\n[[corpus]]\nname = \"b\"\ntokens = \"70k\"\n";
    let paths = |state: &State| {
        let scenario = state.work.scenario();
        state.work.targets().iter().map(|target| scenario.path_of(*target)).collect::<Vec<_>>()
    };
    let has = |state: &State, path: &str| paths(state).iter().any(|known| known == path);
    assert!(has(&state(), "corpus.tokens"));
    let mut state = open(&several, Theme::default());
    assert!(!has(&state, "corpus.tokens"));
    // Those of each corpus are there instead, and can be changed.
    press(&mut state, "p");
    state.panel.selected = paths(&state).iter().position(|path| path == "corpus.b.tokens").unwrap();
    press(&mut state, "\n90k\n");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("corpus, b") && shown.contains("90,000 *"), "{shown}");
    assert_eq!(state.work.unsaved(), [("corpus.b.tokens".to_owned(), "90k".to_owned())]);
    press(&mut state, "r");
    assert!(state.work.unsaved().is_empty());
}

#[test]
fn the_map_is_drawn_at_every_size_in_colours_and_without() {
    for (name, palette) in [("dark", Palette::Dark), ("mono", Palette::Mono)] {
        for size in SIZES {
            let mut state = open(SCENARIO, Theme { palette, ..Theme::default() });
            state.resize(size.0, size.1);
            press(&mut state, "2a");
            let shown = screen(&mut state, size);
            insta::assert_snapshot!(format!("map_{name}_{}x{}", size.0, size.1), shown);
        }
    }
}

#[test]
fn every_area_of_the_map_has_its_letter_and_its_colour() {
    let mut state = map();
    let buffer = buffer(&mut state, (80, 24));
    let colours = |mark: &str| {
        let cells = buffer.content().iter().filter(|cell| cell.symbol() == mark && cell.bg != Color::Reset);
        let mut colours: Vec<Color> = cells.map(|cell| cell.bg).collect();
        colours.dedup();
        colours
    };
    assert_eq!(colours("A").len(), 1, "{}", text(&buffer));
    assert_eq!(colours("B").len(), 1, "{}", text(&buffer));
    assert_ne!(colours("A"), colours("B"));
}

/// Sets the scenario to what lies under the cursor, and returns what is cheapest then and its monthly cost.
fn cheapest_there(state: &State) -> (String, f64) {
    let chart = &state.views.break_even;
    let (x, y) = (chart.axis.target, chart.map.up.target);
    let (across, up) = (chart.cursor, chart.map.cursor);
    let mut there = state.clone();
    for (target, value) in [(x, across), (y, up)] {
        let path = path(state, target);
        assert!(there.change(|scenario| scenario.set_number(target.param, value, &path)));
    }
    let comparison = there.work.comparison();
    let row = comparison.rows.iter().find(|row| row.cheapest).unwrap();
    (there.work.name(row.pair), row.monthly.unwrap().to_f64().unwrap())
}

#[test]
fn what_the_map_names_under_the_cursor_is_what_the_comparison_finds_there() {
    let mut state = map();
    for keys in ["", "gKKKKKKKKKK", "G", "JJJJJJJJJ", "HHHH", "KKKKKKKKKKKKKKKK", "LLLLLLLLL"] {
        press(&mut state, keys);
        let (name, cost) = cheapest_there(&state);
        let shown = screen(&mut state, (80, 24));
        let mut lines = shown.lines().skip_while(|line| !line.starts_with("At "));
        let line = lines.nth(1).unwrap();
        assert!(line.contains(&name), "{name} {cost}: {shown}");
        let amount = ragonomics::present::money_float(cost, state.work.comparison().currency);
        assert!(line.contains(&amount), "{name} {amount}: {shown}");
        // The letter under the cursor is that of the design.
        let buffer = buffer(&mut state, (80, 24));
        let cursor = buffer.content().iter().skip(80).find(|cell| cell.modifier.contains(Modifier::REVERSED));
        assert!(line.starts_with(cursor.unwrap().symbol()), "{shown}");
    }
}

#[test]
fn of_pinned_designs_the_map_shows_which_is_cheaper() {
    let mut state = state();
    press(&mut state, "/large cached\n \x1b/large rag\n \x1b2a");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("Cheapest pinned design"), "{shown}");
    assert!(shown.contains("acme/large:cached_context") && shown.contains("acme/large:rag"), "{shown}");
    assert!(!shown.contains("acme/small"), "{shown}");
}

#[test]
fn a_border_of_the_map_is_where_another_design_begins_to_win() {
    let mut state = map();
    press(&mut state, "g");
    let winner = |state: &mut State| {
        screen(state, (80, 24)).lines().skip_while(|line| !line.starts_with("At ")).nth(1).unwrap().to_owned()
    };
    let name = |line: &str| line.split_whitespace().nth(1).unwrap().to_owned();
    let first = winner(&mut state);
    press(&mut state, "n");
    assert_ne!(name(&first), name(&winner(&mut state)));
    press(&mut state, "N");
    assert_eq!(name(&first), name(&winner(&mut state)));
}

#[test]
fn both_parameters_of_the_map_can_be_changed_and_are_never_the_same() {
    let mut state = map();
    for _ in 0..2 * state.work.targets().len() {
        press(&mut state, "v");
        let chart = &state.views.break_even;
        assert_ne!(chart.axis.target, chart.map.up.target);
        assert!(chart.map.open);
    }
    let before = state.views.break_even.map.up.target;
    press(&mut state, "b");
    assert_ne!(state.views.break_even.map.up.target, before);
    press(&mut state, "B");
    assert_eq!(state.views.break_even.map.up.target, before);
    press(&mut state, "\x1b");
    assert!(!state.views.break_even.map.open);
    press(&mut state, "k");
    assert!(matches!(&state.message, Some(Message::Note(text)) if text.contains("Enter opens it")));
}

#[test]
fn a_click_on_the_map_puts_the_cursor_there_and_copying_says_what_is_cheapest() {
    let mut state = map();
    let before = state.views.break_even.cursor;
    let event = crossterm::event::MouseEvent {
        kind: crossterm::event::MouseEventKind::Down(crossterm::event::MouseButton::Left),
        column: 30,
        row: 6,
        modifiers: KeyModifiers::NONE,
    };
    screen(&mut state, (80, 24));
    state.point(&event);
    assert_ne!(state.views.break_even.cursor, before);
    let buffer = buffer(&mut state, (80, 24));
    assert!(buffer[(30, 6)].modifier.contains(Modifier::REVERSED), "{}", text(&buffer));
    press(&mut state, "y");
    let copied = state.clipboard.clone().unwrap();
    assert!(copied.starts_with("requests/month\t") && copied.contains("\ncorpus\t"), "{copied}");
    assert!(copied.contains("acme/") && copied.contains('$'), "{copied}");
}

#[test]
fn the_map_is_exported_in_every_format_as_it_is_drawn() {
    let mut state = map();
    let folder = tempfile::tempdir().unwrap();
    state.places.exports = folder.path().to_path_buf();
    for down in 0..4 {
        press(&mut state, &format!("x{}\n", "↓".repeat(down)));
    }
    let read = |ending: &str| {
        std::fs::read_to_string(
            folder.path().join(format!("客服机器人-按手册回答客户的长名称测试-break-even.{ending}")),
        )
        .unwrap()
    };
    assert!(read("csv").starts_with("vary,and,model,strategy,cost\n"));
    assert!(read("json").contains("ragonomics/grid/1"));
    assert!(read("md").contains("| A ") && read("md").contains("Share of the area"));
    assert!(read("svg").starts_with("<svg") && read("svg").contains("acme/small:cached_context"));
}

#[test]
fn what_is_mapped_for_another_stretch_is_given_up() {
    let mut state = state();
    let (sender, reports) = channel();
    state.jobs.report_to(sender);
    press(&mut state, "2a+");
    let mut reported = false;
    while state.jobs.of(Screen::BreakEven).is_some() {
        match reports.recv_timeout(Duration::from_secs(20)) {
            Ok(Outside::Work(report)) => {
                state.report(report);
                reported = true;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(reported);
    let shown = screen(&mut state, (80, 24));
    assert!(!shown.contains("Mapping") && shown.contains("%  acme/"), "{shown}");
    let before = shown;
    press(&mut state, "l");
    assert!(state.jobs.of(Screen::BreakEven).is_none(), "a cursor needs no other map");
    assert_ne!(screen(&mut state, (80, 24)), before);
}

#[test]
fn a_stretch_of_one_table_stays_its_own_when_it_is_zoomed_and_panned() {
    let several = SCENARIO.replace("[corpus]\ntokens = \"128k\"\n", "")
        + "[[corpus]]\nname = \"a\"\ntokens = \"50k\"\n[[corpus]]\nname = \"b\"\ntokens = \"70k\"\n";
    let mut state = open(&several, Theme::default());
    press(&mut state, "2");
    while path(&state, state.views.break_even.axis.target) != "corpus.b.tokens" {
        press(&mut state, "v");
    }
    for mark in ['+', '-', '=', '>', '0', 'X'] {
        type_in(&mut state, mark);
        assert_eq!(path(&state, state.views.break_even.axis.target), "corpus.b.tokens", "{mark}");
    }
}

#[test]
fn panning_keeps_the_length_of_the_stretch_and_ends_at_the_bounds() {
    let mut state = state();
    press(&mut state, "2+++");
    let factor = |state: &State| state.views.break_even.axis.to / state.views.break_even.axis.from;
    let (before, length) = (state.views.break_even.axis, factor(&state));
    type_in(&mut state, '>');
    let after = state.views.break_even.axis;
    assert!(after.from > before.from && after.to > before.to);
    assert!((factor(&state) / length - 1.0).abs() < 0.01, "{length} {}", factor(&state));
    state.views.break_even.cursor = after.to;
    for _ in 0..400 {
        type_in(&mut state, '<');
    }
    let chart = &state.views.break_even;
    assert!(matches!(&state.message, Some(Message::Note(text)) if text.contains("no smaller values")));
    assert!(chart.axis.from > 0.0 && chart.cursor <= chart.axis.to, "{:?}", chart.axis);
    assert!(factor(&state) / length > 0.9, "{length} {}", factor(&state));
}

#[test]
fn the_end_of_a_design_is_told_once_with_its_reason_and_is_no_crossing() {
    let mut state = state();
    press(&mut state, "/short long\n \x1b/small long\n \x1b2");
    while path(&state, state.views.break_even.axis.target) != "corpus.tokens" {
        press(&mut state, "v");
    }
    let shown = screen(&mut state, (100, 40));
    assert!(state.views.break_even.curves.as_ref().unwrap().crossings.is_empty(), "{shown}");
    assert!(shown.contains("A: no cost from") && shown.contains("over the 8,192 token window"), "{shown}");
    assert!(shown.contains("B: no cost from") && !shown.contains('◆'), "{shown}");
    press(&mut state, "n");
    assert!(matches!(&state.message, Some(Message::Note(text)) if text.contains("no crossing")));
    press(&mut state, "y");
    assert!(state.clipboard.clone().unwrap().contains("\nA: no cost from"), "{:?}", state.clipboard);
}

#[test]
fn letters_of_lines_that_end_together_stand_in_the_order_of_their_costs() {
    let mut state = state();
    // All that have a cost, in the order of the list, which is that of costs at the scenario's own value.
    for _ in 0..7 {
        press(&mut state, " j");
    }
    press(&mut state, "2G");
    let costs = state.views.break_even.costs.clone();
    // Without the parameters beside it.
    let shown = screen(&mut state, (110, 40));
    let plot = shown.lines().skip(2).take_while(|line| !line.contains('└'));
    let ends = plot.filter_map(|line| line.trim_end().chars().last());
    let letters: Vec<usize> =
        ends.filter(char::is_ascii_uppercase).map(|c| c as usize - 'A' as usize).collect();
    assert!(letters.len() > 3, "{shown}");
    let ordered = letters.windows(2).all(|pair| costs[pair[0]] >= costs[pair[1]]);
    assert!(ordered, "{letters:?} {costs:?} {shown}");
}

#[test]
fn a_number_of_a_table_that_is_taken_out_gives_way_to_another() {
    for (opened, turned) in [("2a", "b"), ("2", "v"), ("2a", "v")] {
        let mut state = state();
        press(&mut state, "9acall\n\x1b");
        let tables = state.work.scenario().groups.calls.len();
        assert!(tables > 0, "{:?}", state.message);
        press(&mut state, opened);
        let on_map = turned == "b";
        for _ in 0..state.work.targets().len() {
            let chart = &state.views.break_even;
            let target = if on_map { chart.map.up.target } else { chart.axis.target };
            if target.group.is_some() {
                break;
            }
            press(&mut state, turned);
        }
        let chart = &state.views.break_even;
        let target = if on_map { chart.map.up.target } else { chart.axis.target };
        assert!(target.group.is_some(), "{opened} {turned}");
        press(&mut state, "u");
        assert_eq!(state.work.scenario().groups.calls.len(), 0);
        screen(&mut state, (80, 24));
        press(&mut state, "vVbB+-nNa");
        screen(&mut state, (80, 24));
    }
}

#[test]
fn with_users_the_map_varies_the_corpus_and_never_what_requests_replace() {
    let text = SCENARIO
        .replace("requests_per_month = \"30k\"", "users = 1000\nsessions_per_user = 6\nturns_per_session = 5")
        .replace("[corpus]\ntokens = \"128k\"\n", "")
        + "[[corpus]]\nname = \"a\"\ntokens = \"50k\"\n[[corpus]]\nname = \"b\"\ntokens = \"70k\"\n";
    let mut state = open(&text, Theme::default());
    press(&mut state, "2a");
    assert_eq!(path(&state, state.views.break_even.map.up.target), "corpus.a.tokens");
    for _ in 0..state.work.targets().len() {
        press(&mut state, "b");
        let up = path(&state, state.views.break_even.map.up.target);
        assert!(
            !["users", "sessions_per_user", "turns_per_session"].iter().any(|word| up.ends_with(word)),
            "{up}"
        );
    }
}

#[test]
fn a_scale_that_is_changed_and_changed_back_shows_the_same_stretch() {
    let mut state = state();
    press(&mut state, "2");
    for _ in 0..state.work.targets().len() {
        let before = state.views.break_even.axis;
        press(&mut state, "XX");
        assert_eq!(state.views.break_even.axis, before, "{}", path(&state, before.target));
        press(&mut state, "v");
    }
}
