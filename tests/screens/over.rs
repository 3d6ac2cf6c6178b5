//! What lies over a screen: lists in a frame, questions, messages and texts that are typed.

use ragonomics::tui::memory::keep_changes;
use ragonomics::tui::state::{Leave, Places, Question};

use super::*;

/// A state that remembers in a folder.
fn remembering(folder: &std::path::Path, theme: Theme) -> State {
    let mut state = open(SCENARIO, theme);
    state.recall(Places { state: Some(folder.to_path_buf()), exports: folder.to_path_buf(), home: None });
    state
}

/// A state that offers three changes of an earlier run.
fn offering(folder: &std::path::Path, theme: Theme) -> State {
    let mut first = remembering(folder, theme);
    press(&mut first, "p\n60k\n");
    assert!(first.change(|scenario| scenario.set("retrieval.top_k", "7")));
    assert!(first.change(|scenario| scenario.set("name", "新的名称很长很长的客服机器人")));
    keep_changes(&first).unwrap();
    remembering(folder, theme)
}

/// The columns between the borders of a frame, line by line.
fn framed(shown: &str) -> Vec<&str> {
    let from = shown.lines().skip_while(|line| !line.contains('┌'));
    let inside = from.skip(1).take_while(|line| !line.contains('└'));
    inside
        .map(|line| line.split('│').nth(1).unwrap_or_else(|| panic!("no borders in {line}\n{shown}")))
        .collect()
}

#[test]
fn lists_and_questions_lie_in_a_frame_and_nothing_of_the_screen_is_within_it() {
    for (keys, title) in [
        (":group", "┌ Actions ─"),
        ("9/plan\n\n", "┌ plan ─"),
        ("x", "┌ Write Compare as ─"),
        ("p\n60k\nq", "┌ Unsaved changes ─"),
    ] {
        for size in [(60, 20), (80, 24), (120, 40), (200, 50)] {
            let mut state = state();
            press(&mut state, keys);
            let shown = screen(&mut state, size);
            assert!(shown.contains(title), "{shown}");
            let inside = framed(&shown);
            // The mark of the cheapest stands on the screen beneath, and a wide name.
            let widths: Vec<usize> = inside.iter().map(|line| line.width()).collect();
            assert!(!inside.is_empty() && widths.windows(2).all(|pair| pair[0] == pair[1]), "{shown}");
            let beneath = inside.iter().any(|line| line.contains("★") || line.contains("客服"));
            assert!(!beneath, "{shown}");
        }
        let mut small = state();
        press(&mut small, keys);
        assert!(!screen(&mut small, (40, 10)).contains('┌'), "no borders on a small terminal");
    }
}

#[test]
fn what_lies_beneath_a_list_is_dimmed_where_there_are_colours() {
    for palette in [Palette::Dark, Palette::Mono] {
        let mut state = open(SCENARIO, Theme { palette, ..Theme::default() });
        press(&mut state, "x");
        let buffer = buffer(&mut state, (80, 24));
        let dim = buffer[(1, 0)].modifier.contains(Modifier::DIM);
        assert_eq!(dim, palette == Palette::Dark);
        let title = (0..80 * 24).map(|at| (at % 80, at / 80)).find(|at| buffer[*at].symbol() == "W").unwrap();
        assert!(!buffer[title].modifier.contains(Modifier::DIM), "what lies over it is not");
    }
}

#[test]
fn changes_of_the_last_run_are_offered_in_a_box_with_both_values_and_all_keys() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = offering(folder.path(), Theme::default());
    for size in [(60, 20), (80, 24)] {
        insta::assert_snapshot!(format!("recovery_{}x{}", size.0, size.1), screen(&mut state, size));
    }
    let small = screen(&mut state, (40, 10));
    assert!(
        small.contains("Make 3 unsaved changes of the last run") && small.contains("forget them"),
        "{small}"
    );
    let ascii = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
    let plain = screen(&mut remembering(folder.path(), ascii), (80, 24));
    assert!(plain.contains("+ Unsaved changes of the last run -") && plain.contains("5 > 7"), "{plain}");
}

#[test]
fn a_key_that_is_no_answer_is_told_which_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = offering(folder.path(), Theme::default());
    for key in ["j", "q", "\n", "2"] {
        press(&mut state, key);
        assert!(matches!(state.overlay, Overlay::Question(_)));
        assert!(screen(&mut state, (80, 24)).contains("y or n is wanted here, or Esc"));
    }
    press(&mut state, "y");
    assert_eq!(state.work.unsaved().len(), 3);
}

#[test]
fn escape_leaves_offered_changes_for_the_next_start_and_n_forgets_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = offering(folder.path(), Theme::default());
    press(&mut state, "\x1b");
    assert_eq!((&state.overlay, state.work.unsaved().len()), (&Overlay::None, 0));
    press(&mut state, "q");
    assert_eq!(state.done, Some(Leave::Quit));
    ragonomics::tui::memory::leave_changes(&state);
    // Changes that are made meanwhile come to them.
    let mut meanwhile = remembering(folder.path(), Theme::default());
    press(&mut meanwhile, "\x1bp\n70k\n");
    keep_changes(&meanwhile).unwrap();
    let mut again = remembering(folder.path(), Theme::default());
    assert!(matches!(again.overlay, Overlay::Question(Question::Recover(_))));
    let shown = screen(&mut again, (80, 24));
    assert!(shown.contains("30k → 70k") && shown.contains("5 → 7"), "{shown}");
    press(&mut again, "n");
    assert_eq!(remembering(folder.path(), Theme::default()).overlay, Overlay::None);
}

#[test]
fn an_answer_can_be_clicked() {
    let mut state = state();
    press(&mut state, "p\n60k\nq");
    let shown = screen(&mut state, (80, 24));
    let row = shown.lines().position(|line| line.contains("leave without them")).unwrap() as u16;
    let column = (80 - 72) / 2 + 2;
    let kind = crossterm::event::MouseEventKind::Down(crossterm::event::MouseButton::Left);
    let event = crossterm::event::MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    state.point(&event);
    assert_eq!(state.done, Some(Leave::Quit));
}

#[test]
fn many_changes_are_listed_as_far_as_there_is_room() {
    let mut state = state();
    for at in 0..9 {
        press(&mut state, "p");
        state.panel.selected = at;
        press(&mut state, "\x1bp>\x1b");
    }
    let count = state.work.unsaved().len();
    press(&mut state, "q");
    assert!(count > 5, "{count}");
    let shown = screen(&mut state, (80, 14));
    assert!(shown.contains(" more") && shown.contains("leave without them"), "{shown}");
}

/// Presses a key of a name, with Control where it is a character.
fn edit(state: &mut State, code: KeyCode) {
    let held = if matches!(code, KeyCode::Char(_)) { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
    state.press(&KeyEvent::new(code, held));
}

#[test]
fn a_name_is_corrected_where_the_cursor_is() {
    let mut state = state();
    press(&mut state, "9/name\n\n");
    edit(&mut state, KeyCode::Char('u'));
    press(&mut state, "客机器人😀<<<服");
    assert!(screen(&mut state, (80, 24)).contains("客机服▏器人😀"), "{}", screen(&mut state, (80, 24)));
    edit(&mut state, KeyCode::Delete);
    edit(&mut state, KeyCode::Home);
    press(&mut state, "新 ");
    edit(&mut state, KeyCode::End);
    edit(&mut state, KeyCode::Backspace);
    press(&mut state, "\n");
    assert_eq!(state.work.scenario().name, "新 客机服人");
}

#[test]
fn every_typed_text_has_a_cursor_and_lists_still_move() {
    for (opening, before) in
        [("/", "filter: "), (":", ": "), ("9/plan\n\n", "> "), ("p\n", "= "), ("W", "= ")]
    {
        let mut state = state();
        press(&mut state, opening);
        edit(&mut state, KeyCode::Char('u'));
        press(&mut state, "lrge rag");
        edit(&mut state, KeyCode::Char('w'));
        edit(&mut state, KeyCode::Home);
        press(&mut state, ">a");
        let shown = screen(&mut state, (80, 24));
        assert!(shown.contains(&format!("{before}la▏rge")), "{opening:?}\n{shown}");
        let ascii = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
        state.theme = ascii;
        assert!(screen(&mut state, (80, 24)).contains("la|rge"), "{opening:?}");
    }
    let mut state = state();
    press(&mut state, ":order↓<<");
    assert!(matches!(&state.overlay, Overlay::Palette(palette) if palette.selected == 1));
}

#[test]
fn a_text_longer_than_its_line_goes_along_with_the_cursor() {
    let mut state = state();
    press(&mut state, "9/name\n\n");
    press(&mut state, &"很长的名称".repeat(30));
    for size in [(40, 10), (80, 24), (120, 40)] {
        assert!(screen(&mut state, size).contains("长的名称▏"));
    }
    edit(&mut state, KeyCode::Home);
    for size in [(40, 10), (80, 24), (120, 40)] {
        assert!(screen(&mut state, size).contains("▏客服机器人"), "{}", screen(&mut state, size));
    }
}

#[test]
fn a_message_that_is_longer_than_the_line_takes_several_and_is_whole() {
    let mut state = state();
    let text = "not saved: the file was changed by somebody else since it was opened; save under another name, or open the file again, 客服机器人的文件";
    for size in [(40, 10), (60, 20), (80, 24), (120, 40), (30, 8)] {
        for typing in [false, true] {
            press(&mut state, if typing { "p\n60k" } else { "" });
            state.fault(text);
            let shown = screen(&mut state, size);
            let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(text), "{size:?}\n{shown}");
            assert_eq!(typing, shown.contains("60k▏"), "{size:?}\n{shown}");
            press(&mut state, "\x1b\x1b\x1b");
        }
    }
    state.message = None;
    assert!(!screen(&mut state, (80, 24)).contains("not saved"));
}

#[test]
fn the_status_says_how_old_the_prices_are_at_every_width() {
    let mut state = state();
    for (size, said) in [
        ((40, 10), " · 2026-11-22 · USD · oldest 316 d"),
        ((60, 20), " · 2026-11-22 · USD · oldest 316 d, 2 old/unsure"),
        ((80, 24), " · prices of 2026-11-22 · USD · oldest 316 d, 1 old, 1 uncertain"),
        ((120, 40), " · prices of 2026-11-22 · USD · 4 prices, oldest 316 d, 1 old, 1 uncertain"),
        ((200, 50), " · USD · 4 prices, oldest checked 316 days ago, 1 old, 1 uncertain"),
    ] {
        let shown = screen(&mut state, size);
        assert!(shown.contains(said), "{said}\n{shown}");
        // The name keeps both ends, as wide as its characters are.
        assert!(shown.contains(" 客"), "{shown}");
        press(&mut state, "p>");
        let changed = screen(&mut state, size);
        assert!(changed.contains(" *1") && changed.contains("316 d"), "{changed}");
        press(&mut state, "up");
    }
    let fresh = PRICES.replace("2026-01-10", "2026-11-21").replace("confidence = \"medium\"", "");
    let shown = screen(&mut open_with(&fresh, SCENARIO, Theme::default()), (140, 40));
    assert!(shown.contains("4 prices, oldest checked 2 days ago\n"), "{shown}");
    for (day, said) in [("2026-11-22", "oldest checked that day"), ("2026-11-23", "all checked later")] {
        let fresh = fresh.replace("2026-11-21", day).replace("2026-11-20", day);
        let shown = screen(&mut open_with(&fresh, SCENARIO, Theme::default()), (140, 40));
        assert!(shown.contains(said), "{shown}");
    }
}

/// Clicks on the last row at the first place of a text.
fn click_on_footer(state: &mut State, text: &str) {
    let shown = screen(state, (80, 24));
    let last = shown.lines().nth(23).unwrap();
    let column = last.split_once(text).unwrap_or_else(|| panic!("no {text} in\n{shown}")).0.width() as u16;
    let kind = crossterm::event::MouseEventKind::Down(crossterm::event::MouseButton::Left);
    let event = crossterm::event::MouseEvent { kind, column, row: 23, modifiers: KeyModifiers::NONE };
    state.point(&event);
}

#[test]
fn a_click_on_a_key_of_the_footer_does_what_it_says() {
    let mut state = state();
    click_on_footer(&mut state, "sort");
    assert_eq!(state.views.compare.order.word(), "model");
    click_on_footer(&mut state, "s sort");
    click_on_footer(&mut state, "? help");
    assert!(matches!(state.overlay, Overlay::Help(_)));
    click_on_footer(&mut state, "close");
    assert_eq!(state.overlay, Overlay::None);
    press(&mut state, "2");
    let before = state.views.break_even.cursor;
    click_on_footer(&mut state, "→ cursor");
    assert!(state.views.break_even.cursor > before);
    press(&mut state, ":");
    click_on_footer(&mut state, "close");
    assert_eq!(state.overlay, Overlay::None);
    press(&mut state, "p\n60k\nq");
    click_on_footer(&mut state, "yes");
    assert!(state.done.is_some());
}

#[test]
fn the_footer_names_no_key_that_would_do_nothing() {
    let mut state = state();
    let has =
        |state: &mut State, text: &str| screen(state, (200, 50)).lines().nth(49).unwrap().contains(text);
    assert!(!has(&mut state, "undo") && !has(&mut state, "save"));
    press(&mut state, "p>p");
    assert!(has(&mut state, "undo") && has(&mut state, "save"));
    press(&mut state, "2p");
    // The parameters take the place of the chart.
    assert!(!screen(&mut state, (60, 20)).lines().nth(19).unwrap().contains("crossing"));
    assert!(has(&mut state, "crossing"));
}

#[test]
fn q_leads_out_of_the_help_and_only_from_a_screen_out_of_the_program() {
    let mut state = state();
    press(&mut state, "?q");
    assert_eq!((&state.overlay, state.done), (&Overlay::None, None));
    press(&mut state, "q");
    assert_eq!(state.done, Some(Leave::Quit));
}

#[test]
fn the_choice_of_files_goes_by_letters_too_and_the_footer_says_so() {
    let mut state = state();
    press(&mut state, "xjjk");
    assert_eq!(state.overlay, Overlay::Export(1));
    for opening in ["x", ":", "9/plan\n\n"] {
        let mut state = self::state();
        press(&mut state, opening);
        assert!(screen(&mut state, (80, 24)).lines().nth(23).unwrap().contains("↑↓ move"));
    }
}

#[test]
fn the_palette_finds_what_people_call_things() {
    let mut state = state();
    for (typed, expected) in [
        ("tornado", Screen::Sensitivity),
        ("histogram", Screen::Uncertainty),
        ("quota", Screen::Limits),
        ("price history", Screen::Vendors),
        ("heatmap", Screen::BreakEven),
        ("seasons", Screen::Forecast),
    ] {
        press(&mut state, &format!(":{typed}\n"));
        assert_eq!(state.screen, expected, "{typed}");
    }
    press(&mut state, ":growth");
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("Forecast: ") && shown.contains("forecast.growth_per_month (0%)"), "{shown}");
}

#[test]
fn the_palette_exports_in_one_format_and_takes_one_theme() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = state();
    state.places.exports = folder.path().to_path_buf();
    press(&mut state, ":json\n");
    let written = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().file_name();
    assert!(written.to_string_lossy().ends_with("-compare.json"), "{written:?}");
    press(&mut state, ":mono\n");
    assert_eq!(state.theme.palette, Palette::Mono);
    press(&mut state, ":dark\n");
    assert_eq!(state.theme.palette, Palette::Dark);
    // A screen without a chart has none to write.
    press(&mut state, "9:svg");
    assert!(!screen(&mut state, (80, 24)).contains("export as SVG"));
}

#[test]
fn the_palette_finds_the_keys_of_the_scenario_and_begins_to_change_the_chosen_one() {
    let mut state = state();
    press(&mut state, "3:top k");
    assert!(
        screen(&mut state, (80, 24)).contains("▸ retrieval.top_k (5)"),
        "{}",
        screen(&mut state, (80, 24))
    );
    press(&mut state, "\n7\n");
    assert_eq!((state.screen, state.work.unsaved().len()), (Screen::Bill, 1));
    assert!(state.work.is_changed_at("retrieval.top_k"));
    // One that is picked opens its list.
    press(&mut state, ":compare.models\n");
    assert!(matches!(state.overlay, Overlay::Pick(_)));
}

#[test]
fn the_parameters_beside_a_wide_screen_can_be_hidden() {
    let mut state = state();
    assert!(screen(&mut state, (120, 40)).contains("│ Parameters"));
    press(&mut state, "P");
    let shown = screen(&mut state, (200, 50));
    assert!(!shown.contains("│ Parameters") && shown.contains("P panel"), "{shown}");
    press(&mut state, "p");
    assert!(screen(&mut state, (120, 40)).contains("│ Parameters"), "in focus they are seen");
    press(&mut state, "pP");
    assert!(screen(&mut state, (120, 40)).contains("│ Parameters"));
    assert!(!screen(&mut state, (80, 24)).contains("P panel"));
}

#[test]
fn without_unicode_amounts_in_euros_and_the_order_are_still_read() {
    let ascii = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
    let scenario = format!("currency = \"EUR\"\nexchange_rates = [\"EUR=0.9\"]\n{SCENARIO}");
    for size in [(60, 20), (80, 24), (120, 40), (200, 50)] {
        let shown = screen(&mut open(&scenario, ascii), size);
        assert!(shown.is_ascii() && shown.contains("a month ^"), "{shown}");
        let named = shown.contains(" EUR103.48 a month") || shown.contains(" EUR126.23)");
        assert!(named, "a sentence with room names the currency: {shown}");
        // The right ends of the first amounts stand below each other, with the sign alone; the status says what it is.
        let rows = shown
            .lines()
            .filter(|line| line.contains("  E1") || line.contains("  E4") || line.contains("  E8"));
        let end =
            |line: &str| line.find("  E").map(|at| at + 2 + line[at + 2..].find(' ').unwrap_or(line.len()));
        let ends: Vec<Option<usize>> = rows.map(end).collect();
        assert!(ends.len() >= 3 && shown.contains(" EUR"), "{shown}");
        assert!(ends.windows(2).all(|pair| pair[0] == pair[1]), "{ends:?}\n{shown}");
    }
}

#[test]
fn the_linux_console_is_shown_no_braille() {
    for number in 1..=9 {
        let mut state = open(SCENARIO, Theme { no_braille: true, ..Theme::default() });
        press(&mut state, &number.to_string());
        let shown = screen(&mut state, (120, 40));
        assert!(!shown.contains(|c| ('\u{2800}'..='\u{28ff}').contains(&c)), "{shown}");
        assert!(number != 2 || shown.contains('▀'), "{shown}");
    }
}
