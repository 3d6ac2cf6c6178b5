//! The screens of the terminal application, as a user sees them, on fixed prices and a fixed day.

#[path = "screens/bill.rs"]
mod bill;
#[path = "screens/break_even.rs"]
mod break_even;
#[path = "screens/compare.rs"]
mod compare;
#[path = "screens/counting.rs"]
mod counting;
#[path = "screens/discover.rs"]
mod discover;
#[path = "screens/disk.rs"]
mod disk;
#[path = "screens/files.rs"]
mod files;
#[path = "screens/forecast.rs"]
mod forecast;
#[path = "screens/limits.rs"]
mod limits;
#[path = "screens/over.rs"]
mod over;
#[path = "screens/room.rs"]
mod room;
#[path = "screens/scenario.rs"]
mod scenario;
#[path = "screens/sensitivity.rs"]
mod sensitivity;
#[path = "screens/shell.rs"]
mod shell;
#[path = "screens/uncertainty.rs"]
mod uncertainty;
#[path = "screens/vendors.rs"]
mod vendors;
#[path = "screens/work.rs"]
mod work;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::date;
use ragonomics::catalog::load::{Table, load};
use ragonomics::tui::action::{Action, Motion, Screen, ScreenAction, Typing};
use ragonomics::tui::draw::draw;
use ragonomics::tui::keys::{self, Key, Scope};
use ragonomics::tui::open::File;
use ragonomics::tui::state::{Message, Overlay, State};
use ragonomics::tui::theme::{Glyphs, Palette, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

const PRICES: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "large"
kind = "chat"
window = 200_000
max_output = 16_000
[[product.cache]]
mode = "explicit"
ttl_minutes = 5
minimum_tokens = 1024
write = "cache_write"
[[product.price]]
from = 2026-01-01
input_per_mtok = 3
cached_input_per_mtok = 0.3
cache_write_per_mtok = 3.75
output_per_mtok = 15
source = "a test"
checked = 2026-01-10

[[product]]
id = "small"
kind = "chat"
window = 1_000_000
max_output = 16_000
[[product.cache]]
mode = "explicit"
ttl_minutes = 60
minimum_tokens = 1024
write = "cache_write"
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.25
cached_input_per_mtok = 0.025
cache_write_per_mtok = 0.3
output_per_mtok = 2
source = "a test"
checked = 2026-11-20

[[product]]
id = "short"
kind = "chat"
window = 8192
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.5
output_per_mtok = 1.5
source = "a test"
checked = 2026-11-20
confidence = "medium"

[[product]]
id = "unpriced"
note = "no price is printed anywhere"
kind = "chat"
window = 128_000

[[product]]
id = "vectors"
kind = "embedding"
window = 8192
dimensions = 1024
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.02
source = "a test"
checked = 2026-11-20
"#;

const SCENARIO: &str = r#"
name = "客服机器人:按手册回答客户的长名称测试"
plan = "acme/large:rag"
baseline = "acme/large:cached_context"
[workload]
requests_per_month = "30k"
[corpus]
tokens = "128k"
[retrieval]
embedding = "acme/vectors"
store = "none"
[compare]
models = ["acme/*"]
[[cost]]
name = "search servers"
monthly = 90
strategies = ["rag"]
"#;

const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (120, 40), (200, 60)];

fn open(scenario: &str, theme: Theme) -> State {
    open_with(PRICES, scenario, theme)
}

fn open_with(prices: &str, scenario: &str, theme: Theme) -> State {
    let (catalog, _) = load(&[Table { name: "prices", text: prices }]).unwrap();
    let folder = std::path::Path::new(".");
    let (scenario, _) = ragonomics::scenario::load::scenario("test", scenario, folder).unwrap();
    State::open(catalog, scenario, date(2026, 11, 22), theme).unwrap()
}

fn state() -> State {
    open(SCENARIO, Theme::default())
}

fn buffer(state: &mut State, (columns, rows): (u16, u16)) -> Buffer {
    state.resize(columns, rows);
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    draw(state, area, &mut buffer);
    buffer
}

/// The characters of a screen; what a wide character covers is left out.
fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += symbol.width().max(1) as u16;
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn screen(state: &mut State, size: (u16, u16)) -> String {
    text(&buffer(state, size))
}

/// What a screen shows below the titles of all, which other screens change.
fn body(state: &mut State, size: (u16, u16)) -> String {
    let shown = screen(state, size);
    shown.split_once('\n').unwrap().1.to_owned()
}

/// Opens a screen by its number.
fn go(state: &mut State, screen: Screen) {
    press(state, &screen.number().to_string());
}

fn press(state: &mut State, keys: &str) {
    for c in keys.chars() {
        let code = match c {
            '\n' => KeyCode::Enter,
            '\x1b' => KeyCode::Esc,
            '\t' => KeyCode::Tab,
            '\x08' => KeyCode::Backspace,
            '>' => KeyCode::Right,
            '<' => KeyCode::Left,
            '↓' => KeyCode::Down,
            '↑' => KeyCode::Up,
            c => KeyCode::Char(c),
        };
        state.press(&KeyEvent::new(code, KeyModifiers::NONE));
    }
}

#[test]
fn designs_are_ranked_at_every_size() {
    for size in SIZES {
        let shown = screen(&mut state(), size);
        insta::assert_snapshot!(format!("compare_{}x{}", size.0, size.1), shown);
    }
}

#[test]
fn a_thousand_designs_with_long_names_keep_their_ranks_strategies_and_costs() {
    let product = &PRICES[PRICES.find("[[product]]\nid = \"small\"").unwrap()..];
    let product = &product[..product.find("[[product]]\nid = \"short\"").unwrap()];
    let copy = |at: usize| {
        product.replace("small", &format!("a-name-that-is-longer-than-the-screen-has-room-for-{at}"))
    };
    let prices = format!("{PRICES}\n{}", (0..400).map(copy).collect::<String>());
    let mut state = open_with(&prices, SCENARIO, Theme::default());
    press(&mut state, "G");
    let shown = screen(&mut state, (80, 24));
    let last = shown.lines().find(|line| line.starts_with('▸')).unwrap();
    assert!(last.contains("unpriced"), "what has no cost has no rank\n{shown}");
    assert!(shown.lines().any(|line| line.starts_with(" 1207 ") && line.contains("large")), "{shown}");
    press(&mut state, "g");
    let shown = screen(&mut state, (80, 24));
    let first = shown.lines().find(|line| line.starts_with('▸')).unwrap();
    assert!(first.contains("cached_context") && first.matches('$').count() == 2, "{shown}");
}

#[test]
fn a_row_that_may_not_win_or_is_too_dear_says_so_in_the_list() {
    let scenario = format!("{SCENARIO}[long_context]\ncontext_tokens = \"50k\"\n[budget]\nmonthly = 1\n");
    let shown = screen(&mut open(&scenario, Theme::default()), (120, 40));
    let row = |words: &[&str]| {
        let has = |line: &&str| words.iter().all(|word| line.contains(word)) && line.contains('$');
        shown.lines().filter(|line| !line.contains("Cheapest")).find(has).unwrap().to_owned()
    };
    assert!(row(&["acme/large", "long_context"]).contains(" !~ "), "{shown}");
    assert!(row(&["acme/large", "rag"]).contains(" ● ! "), "{shown}");
    assert!(!row(&["acme/small", "rag"]).contains('~'), "{shown}");
}

#[test]
fn the_help_lists_every_key() {
    let mut state = state();
    press(&mut state, "?");
    let shown = screen(&mut state, (130, 320));
    for binding in keys::all().filter(|binding| !binding.keys.is_empty()) {
        for scope in binding.scopes {
            assert!(shown.contains(scope.title()), "{}", scope.title());
        }
        let line = shown.lines().find(|line| line.trim_start().starts_with(&binding.shown()));
        assert!(line.is_some(), "{} is not listed", binding.shown());
        assert!(shown.contains(binding.help), "{} is not explained", binding.shown());
    }
    insta::assert_snapshot!(screen(&mut state, (80, 24)));
}

#[test]
fn without_unicode_the_whole_screen_is_ascii() {
    let mut state = open(SCENARIO, Theme { glyphs: Glyphs::Ascii, ..Theme::default() });
    for keys in ["", "2", "a", "ap", "?", "\x1b\x1b3", "\n", "x", "\x1b:", "\x1bp\n5"] {
        press(&mut state, keys);
        let shown = screen(&mut state, (120, 40));
        assert!(shown.is_ascii(), "{shown}");
    }
    for screen_number in Screen::ALL.iter().map(|screen| screen.number().to_string()) {
        press(&mut state, &format!("\x1b\x1b\x1b{screen_number}"));
        let shown = screen(&mut state, (120, 40));
        assert!(shown.is_ascii(), "{shown}");
    }
    press(&mut state, "2");
    insta::assert_snapshot!(screen(&mut state, (80, 24)));
}

#[test]
fn without_colours_the_selection_is_still_seen() {
    let mut state = open(SCENARIO, Theme { palette: Palette::Mono, ..Theme::default() });
    for keys in ["", "2", "p", "?", "\x1b\n12q"] {
        press(&mut state, keys);
        let buffer = buffer(&mut state, (120, 40));
        let plain = |cell: &ratatui::buffer::Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        assert!(buffer.content().iter().all(plain), "colours after {keys:?}");
        let reversed = buffer.content().iter().filter(|cell| cell.modifier.contains(Modifier::REVERSED));
        assert!(reversed.count() > 0, "no selection after {keys:?}");
    }
}

#[test]
fn without_colours_the_terminal_is_sent_none_and_keeps_reversed_text() {
    use ratatui::backend::{Backend, CrosstermBackend};
    let mut state = open(SCENARIO, Theme { palette: Palette::Mono, ..Theme::default() });
    let buffer = buffer(&mut state, (80, 24));
    let mut bytes: Vec<u8> = Vec::new();
    let cells = (0..24).flat_map(|y| (0..80).map(move |x| (x, y))).map(|(x, y)| (x, y, &buffer[(x, y)]));
    CrosstermBackend::new(&mut bytes).draw(cells).unwrap();
    let sent = String::from_utf8(bytes).unwrap();
    let body = sent.rsplit_once("requests").map_or(sent.as_str(), |(body, _)| body);
    assert!(sent.contains("\x1b[7m"));
    for colour in ["\x1b[3", "\x1b[4"] {
        for digit in '0'..='8' {
            assert!(!body.contains(&format!("{colour}{digit}m")), "a colour is sent");
        }
        assert!(!body.contains(&format!("{colour}8;")), "a colour is sent");
    }
}

#[test]
fn a_changed_value_is_marked_recomputed_taken_back_and_made_again() {
    let mut state = state();
    press(&mut state, "p");
    let before = state.work.comparison().clone();
    press(&mut state, "\n60k\n");
    assert_eq!(state.work.comparison().requests, 60_000.0);
    assert!(screen(&mut state, (120, 40)).contains("60,000 *"));
    assert!(screen(&mut state, (120, 40)).contains("*1 unsaved"));
    press(&mut state, "u");
    assert_eq!(*state.work.comparison(), before);
    state.press(&KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL));
    assert_eq!(state.work.comparison().requests, 60_000.0);
    press(&mut state, "r");
    assert_eq!(*state.work.comparison(), before);
}

#[test]
fn a_wrong_value_is_refused_with_the_reason_and_changes_nothing() {
    let mut state = state();
    let before = state.work.comparison().clone();
    press(&mut state, "p\nmany\n");
    let fault = "`workload.requests_per_month` is no number: `many`; write it as 1500, 128k, 1.5M or 3%";
    assert_eq!(state.message, Some(Message::Fault(fault.to_owned())));
    assert_eq!(*state.work.comparison(), before);
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("(30,000 now) = many▏") && shown.contains(fault), "{shown}");
    press(&mut state, "\u{8}\u{8}\u{8}\u{8}60k\n");
    assert_eq!(state.work.comparison().requests, 60_000.0);
}

#[test]
fn a_filter_works_while_it_is_typed_and_escape_clears_it() {
    let mut state = state();
    let all = state.views.compare.shown.len();
    press(&mut state, "/small rag");
    assert_eq!(state.views.compare.shown.len(), 1);
    press(&mut state, "\n");
    assert!(screen(&mut state, (80, 24)).contains(" / small rag "));
    press(&mut state, "\x1b");
    assert_eq!(state.views.compare.shown.len(), all);
}

#[test]
fn a_selection_stays_on_its_design_while_costs_change() {
    let mut state = state();
    press(&mut state, "jj");
    let selected = state.views.compare.selected;
    press(&mut state, "p\n1\n");
    assert_eq!(state.views.compare.selected, selected);
}

#[test]
fn escape_closes_one_layer_at_a_time() {
    let mut state = state();
    press(&mut state, "/rag\np?");
    press(&mut state, "\x1b");
    assert_eq!(state.overlay, Overlay::None);
    press(&mut state, "\x1b");
    assert_eq!(state.views.compare.filter, "rag");
    press(&mut state, "\x1b");
    assert_eq!(state.views.compare.filter, "");
    assert_eq!(state.done, None);
}

/// A state in the middle of everything, so that every key has something to do.
fn midway(scope: Scope) -> State {
    let mut state = state();
    state.resize(120, 20);
    press(&mut state, "p\n60k\n\n70k\nu\x1b");
    match scope {
        Scope::Always | Scope::Screens | Scope::List | Scope::Filtered | Scope::View(Screen::Compare) => {
            press(&mut state, "jjj");
        }
        Scope::Palette => press(&mut state, ":sort"),
        Scope::Menu => press(&mut state, "x"),
        Scope::Question => press(&mut state, "q"),
        Scope::View(Screen::BreakEven) => {
            press(&mut state, "2n+++-");
            let middle = state.views.break_even.axis.value(0.5);
            state.views.break_even.cursor = middle;
        }
        Scope::View(Screen::Uncertainty) => {
            state.views.uncertainty.samples = 1_000;
            press(&mut state, &format!("{}aj", Screen::Uncertainty.number()));
        }
        Scope::View(screen) => press(&mut state, &format!("{}j", screen.number())),
        Scope::Parameters => press(&mut state, "p"),
        Scope::Help => press(&mut state, "?jjj"),
        Scope::Filter => press(&mut state, "/a"),
        Scope::Value => press(&mut state, "p\n12"),
        Scope::Pick | Scope::Ticks => {
            press(&mut state, &format!("{}/compare.models\n\n", Screen::Scenario.number()));
        }
    }
    if scope == Scope::Filter {
        state.views.compare.selected = Some(state.work.comparison().rows[state.views.compare.shown[2]].pair);
    }
    state
}

fn event(key: Key) -> KeyEvent {
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::CONTROL, key.control);
    modifiers.set(KeyModifiers::SHIFT, key.shift);
    KeyEvent::new(key.code, modifiers)
}

/// Keys that make something to do for an action that `midway` leaves nothing to do for.
fn first(action: Action, scope: Scope) -> &'static str {
    match (action, scope) {
        (Action::Move(Motion::Up), Scope::Palette | Scope::Menu) => "↓",
        (Action::Move(Motion::Up | Motion::PageUp), Scope::Pick) => "↓↓",
        (Action::Typing(Typing::Right | Typing::WordRight | Typing::End | Typing::EraseNext), scope) => {
            match scope {
                Scope::Pick => "a<",
                _ => "<",
            }
        }
        (Action::Typing(_), Scope::Pick) => "a",
        (Action::Move(_), Scope::Parameters) => "jjj",
        (Action::Open(Screen::Compare), _) => "2",
        (Action::Back, Scope::Screens) => "/a\n",
        (Action::On(ScreenAction::Uncertainty(ragonomics::tui::screen::uncertainty::Action::Assume)), _) => {
            "u"
        }
        _ => "",
    }
}

#[test]
fn every_listed_key_does_something() {
    let folder = tempfile::tempdir().unwrap();
    for scope in Scope::all() {
        let mut midway = midway(scope);
        midway.places.exports = folder.path().to_path_buf();
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, SCENARIO).unwrap();
        midway.file = File::of(SCENARIO, Some(&path));
        for binding in keys::of(scope) {
            for key in binding.keys {
                // A key before may have saved into it.
                std::fs::write(&path, SCENARIO).unwrap();
                let mut state = midway.clone();
                press(&mut state, first(binding.action, scope));
                state.message = None;
                let before = (screen(&mut state, (120, 20)), state.done);
                state.press(&event(*key));
                let after = (screen(&mut state, (120, 20)), state.done);
                assert!(before != after, "{key} ({}) does nothing: {}", scope.title(), binding.help);
            }
        }
    }
}

#[test]
fn scenarios_at_the_edge_are_shown() {
    let bare = |rest: &str| format!("[retrieval]\nembedding = \"acme/vectors\"\nstore = \"none\"\n{rest}");
    let cases = [
        ("no_requests", "[workload]\nrequests_per_month = 0\n[compare]\nmodels = [\"acme/small\"]"),
        ("no_prices", "[compare]\nmodels = [\"acme/unpriced\"]"),
        ("one_side", "[compare]\nmodels = [\"acme/short\"]\nstrategies = [\"rag\"]"),
        (
            "nothing_fits",
            "[corpus]\ntokens = \"50M\"\n[compare]\nmodels = [\"acme/*\"]\nstrategies = [\"long_context\"]",
        ),
    ];
    for (name, rest) in cases {
        let mut state = open(&bare(rest), Theme::default());
        insta::assert_snapshot!(format!("edge_{name}_compare"), screen(&mut state, (80, 24)));
        press(&mut state, "2");
        insta::assert_snapshot!(format!("edge_{name}_break_even"), screen(&mut state, (80, 24)));
        press(&mut state, "nN+-0XYmvV<>hHlLgGanN+-0XYmvV<>bBkjKJgG");
        assert_eq!(state.screen, Screen::BreakEven);
    }
}

#[test]
fn every_parameter_can_go_to_its_bounds() {
    let mut opened = state();
    press(&mut opened, "2p");
    for (at, target) in opened.work.targets().to_vec().into_iter().enumerate() {
        assert_eq!(opened.views.break_even.axis.target, target);
        let (low, high) = target.param.facts().bounds;
        for bound in [low, high] {
            let mut state = opened.clone();
            state.panel.selected = at;
            press(&mut state, &format!("\n{bound}\n"));
            press(&mut state, "X---YnG");
            buffer(&mut state, (120, 40));
            press(&mut state, "aX---YnG>>bkj");
            buffer(&mut state, (120, 40));
            press(&mut state, "1");
            buffer(&mut state, (120, 40));
        }
        press(&mut opened, "v");
    }
}

#[test]
fn every_small_size_can_be_drawn() {
    let mut state = state();
    let opened = Screen::ALL.iter().map(|screen| format!("\x1b\x1b\x1b{}", screen.number()));
    for keys in opened {
        press(&mut state, &keys);
        for keys in ["", "p", "?", "\x1b\x1b\n", ":", "\x1bx", "\x1b/"] {
            press(&mut state, keys);
            for columns in (1..45).step_by(3).chain([40, 59, 60, 73, 74, 79, 80, 119, 120]) {
                for rows in (1..11).chain([16]) {
                    buffer(&mut state, (columns, rows));
                }
            }
        }
    }
}
