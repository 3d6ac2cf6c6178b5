//! What all screens share: palette, mouse, messages, exports, and what is remembered.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use ragonomics::tui::action::Direction;
use ragonomics::tui::export::write_new;
use ragonomics::tui::frame::tabs;
use ragonomics::tui::palette;
use ragonomics::tui::state::{Asked, Focus, Leave, Places, Question};

use super::*;

fn mouse(state: &mut State, kind: MouseEventKind, column: u16, row: u16) {
    state.point(&MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
}

fn click(state: &mut State, column: u16, row: u16) {
    mouse(state, MouseEventKind::Down(MouseButton::Left), column, row);
}

/// Returns the place of the first cell of a text on a screen without wide characters before it.
fn place(shown: &str, text: &str) -> (u16, u16) {
    let row =
        shown.lines().position(|line| line.contains(text)).unwrap_or_else(|| panic!("no {text} in\n{shown}"));
    let column = shown.lines().nth(row).unwrap().split(text).next().unwrap().width();
    (column as u16, row as u16)
}

fn control(state: &mut State, c: char) {
    state.press(&KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL));
}

#[test]
fn without_colours_every_screen_says_the_same_and_marks_what_is_selected() {
    let numbers = || Screen::ALL.iter().map(|screen| screen.number().to_string());
    for (number, size) in numbers().flat_map(|number| SIZES.map(|size| (number.clone(), size))) {
        let mut dark = state();
        let mut mono = open(SCENARIO, Theme { palette: Palette::Mono, ..Theme::default() });
        press(&mut dark, &number);
        press(&mut mono, &number);
        let shown = screen(&mut mono, size);
        assert_eq!(shown, screen(&mut dark, size));
        // The open screen's title is reversed, and a list marks its selected entry by a sign too.
        let reversed = buffer(&mut mono, size);
        let marked = |x: u16, y: u16| reversed[(x, y)].modifier.contains(Modifier::REVERSED);
        assert!((0..size.0).any(|x| marked(x, 0)), "{shown}");
        let list = mono.screen.list(&mono).is_some();
        assert_eq!(list, shown.lines().any(|line| line.starts_with('▸')), "{shown}");
    }
}

#[test]
fn titles_of_screens_shorten_until_they_fit_and_the_open_one_is_always_there() {
    let mut state = state();
    for screen in Screen::ALL {
        assert!(screen.short().width() <= 4, "nine of {} fit on 80 columns", screen.short());
        press(&mut state, &screen.number().to_string());
        for width in 1..130u16 {
            let tabs = tabs(&state, width);
            assert!(tabs.iter().any(|tab| tab.screen == state.screen), "{width}");
            assert!(tabs.windows(2).all(|pair| pair[0].start + pair[0].text.width() as u16 <= pair[1].start));
        }
    }
}

#[test]
fn number_keys_and_tab_go_through_all_screens() {
    let mut state = state();
    for (at, expected) in Screen::ALL.iter().enumerate() {
        press(&mut state, &(at + 1).to_string());
        assert_eq!(state.screen, *expected);
    }
    press(&mut state, "\t");
    assert_eq!(state.screen, Screen::ALL[0]);
    state.press(&KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT));
    assert_eq!(Some(&state.screen), Screen::ALL.last());
}

#[test]
fn the_palette_finds_every_action_by_its_name_and_does_it() {
    let mut state = state();
    for entry in palette::entries(&state) {
        let found = palette::found(&state, &entry.name);
        assert_eq!(found.first().map(|entry| entry.action), Some(entry.action), "{}", entry.name);
    }
    // Enter in the list as it opens must not leave the program.
    assert_ne!(
        palette::found(&state, "")[0].name,
        "leave at once; unsaved changes are offered at the next start"
    );
    press(&mut state, ":log cost");
    insta::assert_snapshot!(screen(&mut state, (80, 24)));
    press(&mut state, "\n");
    assert_eq!(state.screen, Screen::BreakEven);
    assert!(state.views.break_even.log_cost.is_some());
    press(&mut state, ":\x1b");
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn the_palette_finds_words_before_letters_and_what_an_action_is_called_elsewhere() {
    let state = state();
    let first = |typed: &str| palette::found(&state, typed)[0].name.clone();
    for (typed, name) in [
        ("save", "save the scenario into its file, whose comments stay"),
        ("theme", "next theme: dark, light, vivid, mono"),
        ("group", "Compare: group by vendor, by strategy, or not at all"),
        ("export", "export this screen to a file"),
        ("less often", "Uncertainty: draw less often: 100,000, 10,000, 1,000"),
        ("mouse", "leave the mouse to the terminal, or take it back"),
        // Neither word stands in the name.
        ("undo", "take the last change of the scenario back"),
        ("redo", "make that change again"),
        ("quit", "leave; asks once where changes are unsaved"),
    ] {
        assert_eq!(first(typed), name, "{typed}");
    }
    // All that have the word stand before all that have only its letters, such as those of "order by cost, model".
    let found = palette::found(&state, "model");
    let names: Vec<String> = found.iter().map(|entry| format!("{}{}", entry.name, entry.words)).collect();
    let has: Vec<bool> = names.iter().map(|name| name.contains("model")).collect();
    assert!(has.contains(&false) && has.is_sorted_by(|a, b| a >= b), "{names:#?}");
}

#[test]
fn every_change_of_the_scenario_is_taken_back_and_made_again() {
    let mut state = state();
    let opened = state.work.scenario().clone();
    for (path, value) in [("name", "another"), ("corpus.tokens", "64k"), ("compare.strategies", "rag")] {
        assert!(state.change(|scenario| scenario.set(path, value)));
    }
    let changed = state.work.scenario().clone();
    assert_eq!(state.work.unsaved().len(), 3);
    press(&mut state, "uuu");
    assert_eq!(*state.work.scenario(), opened);
    assert!(state.work.unsaved().is_empty());
    (0..3).for_each(|_| control(&mut state, 'r'));
    assert_eq!(*state.work.scenario(), changed);
    assert!(state.work.comparison().rows.iter().all(|row| row.strategy == "rag"));
}

#[test]
fn a_name_that_no_table_knows_is_refused_and_changes_nothing() {
    let mut state = state();
    let before = state.work.scenario().clone();
    assert!(!state.change(|scenario| scenario.set("plan", "acme/nothing:rag")));
    assert!(
        matches!(&state.message, Some(Message::Fault(text)) if text.contains("acme/nothing")),
        "{:?}",
        state.message
    );
    assert_eq!(*state.work.scenario(), before);
}

#[test]
fn what_is_known_of_a_number_comes_back_with_it() {
    let scenario =
        SCENARIO.replace("tokens = \"128k\"", "tokens = { low = 100_000, mode = 128_000, high = 200_000 }");
    let mut state = open(&scenario, Theme::default());
    let opened = state.work.scenario().clone();
    assert_eq!(opened.ranges.len(), 1);
    let at =
        state.work.targets().iter().position(|target| target.param.facts().path == "corpus.tokens").unwrap();
    press(&mut state, "p");
    state.panel.selected = at;
    press(&mut state, "\n64k\n");
    assert!(state.work.scenario().ranges.is_empty());
    press(&mut state, "r");
    assert_eq!(state.work.scenario().ranges, opened.ranges);
    assert!(state.work.unsaved().is_empty(), "{:?}", state.work.unsaved());
}

#[test]
fn a_click_selects_a_row_a_screen_and_a_parameter() {
    let mut state = state();
    let shown = screen(&mut state, (120, 40));
    let (column, row) = place(&shown, "acme/short     rag");
    click(&mut state, column, row);
    assert_eq!(state.work.name(state.views.compare.selected.unwrap()), "acme/short:rag");
    let (column, row) = place(&shown, "corpus");
    click(&mut state, column, row);
    assert_eq!(state.focus, Focus::Parameters);
    assert_eq!(state.work.targets()[state.panel.selected].param.facts().label, "corpus");
    let (column, row) = place(&shown, "3 Bill");
    click(&mut state, column, row);
    assert_eq!(state.screen, Screen::Bill);
    let shown = screen(&mut state, (120, 40));
    let (column, row) = place(&shown, "search servers  ");
    click(&mut state, column, row + 1);
    assert_eq!(state.focus, Focus::Screen);
    let shown = screen(&mut state, (120, 40));
    assert!(shown.lines().any(|line| line.starts_with('▸') && line.contains("$90.00")), "{shown}");
}

#[test]
fn a_click_on_the_chart_puts_the_cursor_there() {
    let mut state = state();
    press(&mut state, "2");
    let shown = screen(&mut state, (80, 24));
    let (column, row) = place(&shown, "┴");
    click(&mut state, column, row - 1);
    // The first mark of the axis is its beginning.
    assert_eq!(state.views.break_even.cursor, 100.0);
    // The marks of the axis are powers of ten; the second one is 1,000.
    let marks = shown.lines().nth(usize::from(row)).unwrap();
    let second =
        marks.chars().collect::<Vec<_>>().iter().enumerate().filter(|(_, c)| **c == '┴').nth(1).unwrap().0;
    click(&mut state, second as u16, row - 1);
    let cursor = state.views.break_even.cursor;
    assert!((cursor / 1000.0 - 1.0).abs() < 0.08, "{cursor}");
    let wide = state.views.break_even.axis;
    mouse(&mut state, MouseEventKind::ScrollUp, 40, 10);
    assert!(state.views.break_even.axis.to < wide.to);
}

#[test]
fn the_wheel_scrolls_what_lies_under_it() {
    let mut state = state();
    screen(&mut state, (120, 40));
    let before = state.views.compare.selected;
    mouse(&mut state, MouseEventKind::ScrollDown, 10, 12);
    assert_ne!(state.views.compare.selected, before);
    mouse(&mut state, MouseEventKind::ScrollUp, 10, 12);
    assert_eq!(state.views.compare.selected, before);
    mouse(&mut state, MouseEventKind::ScrollDown, 110, 12);
    assert_eq!(state.panel.selected, 3);
    press(&mut state, "?");
    mouse(&mut state, MouseEventKind::ScrollDown, 10, 12);
    assert_eq!(state.overlay, Overlay::Help(3));
}

#[test]
fn a_click_in_the_palette_does_the_action_and_one_beside_it_closes_it() {
    let mut state = state();
    press(&mut state, ":order of");
    press(&mut state, "\x15");
    press(&mut state, "\x1b:sort");
    control(&mut state, 'u');
    press(&mut state, "order by cost");
    let shown = screen(&mut state, (80, 24));
    let (column, row) = place(&shown, "Compare: order by");
    click(&mut state, column, row);
    assert_eq!(state.views.compare.order.word(), "model");
    press(&mut state, ":");
    click(&mut state, 5, 20);
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn a_message_is_gone_with_the_next_key() {
    let mut state = state();
    press(&mut state, "s");
    assert!(screen(&mut state, (80, 24)).contains("ordered by model"));
    press(&mut state, "j");
    assert!(!screen(&mut state, (80, 24)).contains("ordered by model"));
}

#[test]
fn the_selected_row_is_copied() {
    let mut state = state();
    press(&mut state, "y");
    assert_eq!(state.clipboard.take().as_deref(), Some("acme/small:cached_context\t$114.98 a month"));
    press(&mut state, "3Gy");
    assert_eq!(state.clipboard.take().as_deref().map(|text| text.split('\t').count()), Some(4));
    press(&mut state, "2y");
    assert!(
        state
            .clipboard
            .take()
            .unwrap()
            .starts_with("requests/month\t30,000\nacme/small:cached_context\t$114.98")
    );
}

#[test]
fn a_screen_is_exported_into_a_new_file_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = state();
    state.places.exports = folder.path().to_path_buf();
    state.source = Some("some/where/My bot.toml".to_owned());
    press(&mut state, "x");
    insta::assert_snapshot!(screen(&mut state, (80, 24)));
    press(&mut state, "\nx\n");
    let path = folder.path().join("my-bot-compare-2.csv");
    assert_eq!(state.message, Some(Message::Note(format!("wrote {}", path.display()))));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("my-bot-compare.csv"), read("my-bot-compare-2.csv"));
    assert!(read("my-bot-compare.csv").contains("acme/small,cached_context"));
    for screen in Screen::ALL {
        press(&mut state, &screen.number().to_string());
        for at in 0..screen.formats(&state).len() {
            press(&mut state, "x");
            press(&mut state, &"↓".repeat(at));
            press(&mut state, "\n");
            assert!(matches!(state.message, Some(Message::Note(_))), "{:?}", state.message);
        }
    }
    let text = read("my-bot-break-even.svg");
    let picture = roxmltree::Document::parse(&text).unwrap();
    let texts: Vec<&str> = picture.descendants().filter_map(|node| node.text()).map(str::trim).collect();
    for text in ["acme/small:cached_context", "acme/small:rag", "A", "B", "requests/month, logarithmic scale"]
    {
        assert!(texts.contains(&text), "{text} is not in {texts:?}");
    }
    assert!(read("my-bot-bill.json").contains("\"ragonomics/bill/1\""));
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let mut state = state();
    state.places.exports = "/there/is/no/such/folder".into();
    press(&mut state, "x\n");
    assert!(
        matches!(&state.message, Some(Message::Fault(text)) if text.contains("not written")),
        "{:?}",
        state.message
    );
}

#[test]
fn a_file_that_appears_meanwhile_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "theirs").unwrap();
    let written = write_new(folder.path(), "a", "csv", "ours").unwrap();
    assert_eq!(written.file_name().unwrap(), "a-2.csv");
    assert_eq!(std::fs::read_to_string(folder.path().join("a.csv")).unwrap(), "theirs");
}

#[test]
fn leaving_asks_once_where_changes_are_unsaved() {
    let mut state = state();
    press(&mut state, "q");
    assert_eq!(state.done, Some(Leave::Quit));
    let mut state = self::state();
    press(&mut state, "p\n60k\nq");
    assert_eq!((state.done, &state.overlay), (None, &Overlay::Question(Question::Leave)));
    assert!(screen(&mut state, (80, 24)).contains("Leave without 1 unsaved change?"));
    press(&mut state, "n");
    assert_eq!((state.done, &state.overlay), (None, &Overlay::None));
    press(&mut state, "qy");
    assert_eq!(state.done, Some(Leave::Quit));
}

#[test]
fn control_c_leaves_from_everywhere() {
    for keys in ["", "2", "p\n12", "/ab", ":x", "x", "?", "p\n60k\nq"] {
        let mut state = state();
        press(&mut state, keys);
        control(&mut state, 'c');
        assert_eq!(state.done, Some(Leave::Interrupt), "{keys:?}");
    }
}

/// A state that remembers in a folder.
fn remembering(folder: &std::path::Path) -> State {
    let mut state = state();
    state.recall(Places { state: Some(folder.to_path_buf()), exports: folder.to_path_buf(), home: None });
    state
}

#[test]
fn changes_of_an_interrupted_run_are_offered_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = remembering(folder.path());
    press(&mut first, "p\n60k\n");
    assert!(first.change(|scenario| scenario.set("retrieval.top_k", "7")));
    ragonomics::tui::memory::keep_changes(&first).unwrap();

    let mut second = remembering(folder.path());
    assert!(screen(&mut second, (80, 24)).contains("Make 2 unsaved changes of the last run again?"));
    press(&mut second, "y");
    assert_eq!(second.work.scenario().numbers, first.work.scenario().numbers);
    press(&mut second, "u");
    assert!(second.work.unsaved().is_empty(), "one step takes all back");

    let mut third = remembering(folder.path());
    press(&mut third, "n");
    assert!(third.work.unsaved().is_empty());
    assert_eq!(remembering(folder.path()).overlay, Overlay::None);
}

#[test]
fn the_view_is_remembered_and_foreign_files_are_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = remembering(folder.path());
    assert_eq!(first.message, None);
    press(&mut first, "stM3Pp\n60k\n");
    ragonomics::tui::memory::keep_view(&first).unwrap();
    let kept = std::fs::read_to_string(folder.path().join("view.json")).unwrap();
    assert!(!kept.contains("60"), "no number of the scenario: {kept}");
    let second = remembering(folder.path());
    assert_eq!((second.screen, second.mouse, second.theme.palette), (Screen::Bill, false, Palette::Light));
    assert_eq!(second.views.compare.order.word(), "model");
    assert!(second.panel.hidden);
    for foreign in ["", "not json", "[1, 2]", "{\"schema\": \"another/1\"}", "\u{0}\u{1}"] {
        std::fs::write(folder.path().join("view.json"), foreign).unwrap();
        let third = remembering(folder.path());
        assert_eq!(third.screen, Screen::Compare);
        assert!(
            matches!(&third.message, Some(Message::Fault(text)) if text.contains("view.json")),
            "{foreign:?}"
        );
    }
}

#[derive(Debug, Clone)]
enum Event {
    Key(KeyCode, KeyModifiers),
    Mouse(MouseEventKind, u16, u16),
    Resize(u16, u16),
}

fn any_event() -> impl Strategy<Value = Event> {
    let codes: Vec<KeyCode> = keys::all()
        .flat_map(|binding| binding.keys.iter().map(|key| key.code))
        .chain("019.k%xé中😀".chars().map(KeyCode::Char))
        .collect();
    let modifiers = prop::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::SHIFT,
        KeyModifiers::CONTROL,
    ]);
    let kinds = prop::sample::select(vec![
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::ScrollUp,
        MouseEventKind::ScrollDown,
        MouseEventKind::Drag(MouseButton::Left),
    ]);
    prop_oneof![
        9 => (prop::sample::select(codes), modifiers).prop_map(|(code, held)| Event::Key(code, held)),
        2 => (kinds, 0..130u16, 0..45u16).prop_map(|(kind, x, y)| Event::Mouse(kind, x, y)),
        1 => (1..220u16, 1..70u16).prop_map(|(columns, rows)| Event::Resize(columns, rows)),
        1 => (1..50u16, 1..15u16).prop_map(|(columns, rows)| Event::Resize(columns, rows)),
    ]
}

/// Does random things to a scenario in a file, draws after each, and at the end goes back to the first screen. Nothing but
/// saving writes into the file.
fn survives(events: Vec<Event>, folder: &std::path::Path) {
    let path = folder.join("scenario.toml");
    std::fs::write(&path, SCENARIO).unwrap();
    let mut state = state();
    state.file = File::of(SCENARIO, Some(&path));
    state.places.exports = folder.to_path_buf();
    let mut written = SCENARIO.to_owned();
    for event in events {
        let saves = saves(&state, &event);
        match event {
            // Random exports would fill the folder.
            Event::Key(KeyCode::Char('x'), _) if matches!(state.overlay, Overlay::None) => {}
            // A random path may be anywhere.
            Event::Key(KeyCode::Enter, _) if matches!(&state.overlay, Overlay::Value(value) if value.asked == Asked::NewFile) =>
                {}
            Event::Key(code, held) => state.press(&KeyEvent::new(code, held)),
            Event::Mouse(kind, column, row) => mouse(&mut state, kind, column, row),
            Event::Resize(columns, rows) => state.resize(columns, rows),
        }
        let now = std::fs::read_to_string(&path).unwrap();
        assert!(saves || now == written, "written without being saved:\n{now}");
        written = now;
        state.done = None;
        let size = state.size;
        buffer(&mut state, size);
    }
    // A few Esc close everything, whatever is open.
    press(&mut state, "\x1b\x1b\x1b\x1b\x1b1");
    assert_eq!((&state.overlay, state.focus, state.screen), (&Overlay::None, Focus::Screen, Screen::Compare));
}

/// Returns whether an event may save: the key for it, or what is chosen in the list of all actions.
fn saves(state: &State, event: &Event) -> bool {
    match (&state.overlay, event) {
        (Overlay::None, Event::Key(code, _)) => *code == KeyCode::Char('w'),
        (Overlay::Palette(_), Event::Key(code, _)) => *code == KeyCode::Enter,
        (Overlay::Palette(_), Event::Mouse(..)) => true,
        _ => false,
    }
}

/// Runs random events in pieces of a hundred.
fn run_random(count: u32) {
    use proptest::test_runner::{Config, TestRunner};
    let folder = tempfile::tempdir().unwrap();
    let config =
        Config { cases: count / 100, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let pieces = prop::collection::vec(any_event(), 100);
    TestRunner::new(config)
        .run(&pieces, |events| {
            survives(events, folder.path());
            Ok(())
        })
        .unwrap();
}

#[test]
fn no_sequence_of_keys_clicks_and_sizes_panics() {
    run_random(5_000);
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn no_long_sequence_of_keys_clicks_and_sizes_panics() {
    run_random(100_000);
}

#[test]
fn screens_turn_both_ways() {
    for screen in Screen::ALL {
        assert_eq!(screen.turned(Direction::On).turned(Direction::Back), *screen);
    }
}
