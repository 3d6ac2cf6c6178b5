//! Rate limits of one design.

use ragonomics::tui::export::FileFormat;

use super::*;

/// A vendor with two tiers for its model and one for its embeddings.
const LIMITED: &str = r#"
[vendor]
id = "limited"
[[product]]
id = "chat"
kind = "chat"
window = 200_000
[[product.limit]]
tier = "Start"
from = 2026-08-01
rpm = 50
itpm = 30_000
source = "a page about limits"
[[product.limit]]
tier = "Build"
from = 2026-08-01
needs = "$100 paid"
rpm = 1000
itpm = 2_000_000
batch_queue_tokens = 90_000_000
source = "a page about limits"
[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "a test"
checked = 2026-11-20
[[product]]
id = "vectors"
kind = "embedding"
window = 8192
dimensions = 1024
[[product.limit]]
tier = "Start"
from = 2026-08-01
rpm = 100
tpm = 1_000_000
source = "a page about limits"
[[product.price]]
from = 2026-01-01
input_per_mtok = 0.02
source = "a test"
checked = 2026-11-20
"#;

/// 43,800 requests a month at all hours are one a minute, and 3 at the peak; each sends 10,000 tokens of text.
const STEADY: &str = r#"
name = "限额:峰值测试"
plan = "limited/chat:rag"
[workload]
requests_per_month = 43_800
active_hours_per_day = 24
days_per_week = 7
peak_factor = 3
[corpus]
tokens = 100_000
[retrieval]
embedding = "limited/vectors"
store = "none"
[compare]
models = ["limited/*"]
strategies = ["rag", "long_context"]
"#;

fn steady(rest: &str) -> State {
    opened(&format!("{STEADY}{rest}"))
}

fn opened(scenario: &str) -> State {
    let mut state = open_with(LIMITED, scenario, Theme::default());
    go(&mut state, Screen::Limits);
    state
}

#[test]
fn tiers_are_shown_at_every_size() {
    for size in SIZES {
        let mut state = steady("");
        insta::assert_snapshot!(format!("limits_{}x{}", size.0, size.1), screen(&mut state, size));
    }
}

/// Returns the line of a tier.
fn tier(shown: &str, name: &str) -> String {
    let begins =
        |line: &&str| line.trim_start_matches('▸').trim_start().starts_with(name) && line.contains('%');
    shown.lines().find(begins).unwrap_or_else(|| panic!("no {name} in\n{shown}")).to_owned()
}

fn set(state: &mut State, path: &str, value: &str) {
    assert!(state.change(|scenario| scenario.set(path, value)), "{path} = {value}");
}

#[test]
fn headroom_follows_from_peak_and_quota() {
    let mut state = steady("");
    let shown = screen(&mut state, (120, 40));
    // A request sends 300 + 100 + 5 × 512 = 2,960 tokens; three a minute are 8,880 of 30,000, which leaves 70.4 %.
    // 30,000 / 2,960 = 10.13 requests a minute cost (2,960 × $1 + 300 × $10 + 100 × $0.02) / 1M each: $0.06043.
    let line = tier(&shown, "Start");
    assert!(["holds", "70%", "10.13", "$0.06043"].iter().all(|text| line.contains(text)), "{line}");
    assert!(shown.contains("3 of 50") && shown.contains("94% left"), "{shown}");
    assert!(shown.contains("8,880 of 30,000") && shown.contains("70% left (binds)"), "{shown}");
    // Twelve times the mean are 35,520 tokens a minute: 1.2 times what Start allows.
    set(&mut state, "workload.peak_factor", "12");
    let shown = screen(&mut state, (120, 40));
    assert!(tier(&shown, "Start").contains("too low") && tier(&shown, "Start").contains("│→"), "{shown}");
    assert!(shown.contains("too small: 1.2× is asked for"), "{shown}");
    assert!(shown.contains("The peak needs tier \"Build\" of limited/chat ($100 paid)."), "{shown}");
}

#[test]
fn the_tiers_are_those_of_the_exported_json() {
    let mut state = steady("");
    let json = Screen::Limits.export(&state, FileFormat::Json).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["schema"], "ragonomics/limits/1");
    let shown = screen(&mut state, (120, 40));
    let tiers = json["products"][0]["tiers"].as_array().unwrap();
    assert_eq!(tiers.len(), 2);
    for found in tiers {
        let line = tier(&shown, found["tier"].as_str().unwrap());
        let headroom = (found["headroom"].as_f64().unwrap() * 100.0).floor();
        assert!(line.contains(&format!("{headroom}%")), "{line}");
        assert!(line.contains(found["bound_by"].as_str().unwrap()), "{line}");
        let money = rust_decimal::Decimal::from_str_exact(&found["money_per_minute"].to_string()).unwrap();
        let money = ragonomics::present::money(money, state.work.comparison().currency);
        assert!(line.contains(&money), "{line}");
    }
}

#[test]
fn the_peak_goes_up_and_down_and_comes_back() {
    let mut state = steady("");
    press(&mut state, "+");
    let shown = screen(&mut state, (120, 40));
    // 3.1 a minute of 2,960 tokens each.
    assert!(shown.contains("3.1 requests/min at the peak") && shown.contains("9,176 of 30,000"), "{shown}");
    press(&mut state, "u");
    assert!(screen(&mut state, (120, 40)).contains("8,880 of 30,000"));
    press(&mut state, "--");
    assert!(screen(&mut state, (120, 40)).contains("2.8 requests/min"));
}

#[test]
fn a_tier_is_taken_for_the_customers_own_and_given_up_again() {
    let mut state = steady("");
    let tiers = |state: &State| {
        state.work.scenario().tiers.iter().map(|named| named.text.clone()).collect::<Vec<_>>()
    };
    press(&mut state, "o");
    assert_eq!(tiers(&state), ["limited=Start"]);
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("Start (yours)") && shown.contains("Yours, \"Start\", holds it."), "{shown}");
    press(&mut state, "jo");
    assert_eq!(tiers(&state), ["limited=Build"]);
    press(&mut state, "o");
    assert_eq!(tiers(&state), Vec::<String>::new());
    press(&mut state, "uu");
    assert_eq!(tiers(&state), ["limited=Start"]);
    press(&mut state, "u");
    assert!(tiers(&state).is_empty() && state.work.unsaved().is_empty());
}

#[test]
fn the_products_of_a_design_are_shown_one_after_the_other() {
    let mut state = steady("");
    assert!(screen(&mut state, (80, 24)).contains("[limited/chat: holds]"));
    press(&mut state, ">");
    let shown = screen(&mut state, (80, 24));
    // Three questions of 100 tokens a minute.
    assert!(
        shown.contains("[limited/vectors: holds, binds]") && shown.contains("300 of 1,000,000"),
        "{shown}"
    );
    press(&mut state, "y");
    assert!(state.clipboard.as_ref().is_some_and(|text| text.starts_with("limited/vectors\tStart\t100\t")));
    press(&mut state, ">");
    assert!(screen(&mut state, (80, 24)).contains("[limited/chat: holds]"));
}

#[test]
fn a_tier_is_explained_down_to_its_source() {
    let mut state = steady("");
    assert!(!screen(&mut state, (120, 40)).contains("a page about limits"));
    press(&mut state, "\n");
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("Known since 2026-08-01: a page about limits"), "{shown}");
    press(&mut state, "\x1b");
    assert!(!screen(&mut state, (120, 40)).contains("a page about limits"));
}

#[test]
fn a_batch_queue_is_a_quota_of_its_own() {
    let prices = LIMITED.replacen(
        "source = \"a test\"",
        "source = \"a test\"\n[[product.price.when]]\nservice = \"batch\"\ninput_per_mtok = 0.5\noutput_per_mtok = 5",
        1,
    );
    let prices = prices.replacen("checked = 2026-11-20\n", "", 1).replacen(
        "source = \"a test\"\n[[product.price.when]]",
        "source = \"a test\"\nchecked = 2026-11-20\n[[product.price.when]]",
        1,
    );
    let mut state = open_with(&prices, &format!("{STEADY}[service]\nbatch_share = 0.5\n"), Theme::default());
    go(&mut state, Screen::Limits);
    press(&mut state, "j");
    let shown = screen(&mut state, (120, 40));
    // Half of 1,440 requests of 2,960 tokens a day.
    assert!(shown.contains("2,131,200 of 90,000,000"), "{shown}");
}

#[test]
fn without_published_limits_the_screen_says_what_is_asked_and_what_to_do() {
    let mut state = state();
    go(&mut state, Screen::Limits);
    insta::assert_snapshot!("limits_not_published_80x24", screen(&mut state, (80, 24)));
    press(&mut state, "\no");
    assert!(screen(&mut state, (80, 24)).contains("there is no tier to take"));
}

#[test]
fn a_model_on_hardware_of_ones_own_has_boxes() {
    let prices = format!(
        "{LIMITED}[[product]]\nid = \"card\"\nkind = \"gpu\"\n[[product.price]]\nfrom = 2026-01-01\ngpu_per_hour = 2\n\
         source = \"a test\"\nchecked = 2026-11-20\n"
    );
    let host = "[[host]]\nmodel = \"limited/chat\"\ngpu = \"limited/card\"\nalways_on = true\nutilisation = 0.5\n\
                input_tokens_per_second = 2960\noutput_tokens_per_second = 100\n";
    let mut state = open_with(&prices, &format!("{STEADY}{host}"), Theme::default());
    go(&mut state, Screen::Limits);
    let shown = screen(&mut state, (80, 24));
    // A request takes 1 + 3 seconds, so a box answers 15 a minute and three at the peak need one. A month of 43,800 × 4
    // seconds at half the time is 97.3 hours: one box.
    assert!(shown.contains("answers 15 requests") && shown.contains("needed   1"), "{shown}");
    insta::assert_snapshot!("limits_of_boxes_80x24", shown);
}

#[test]
fn a_design_that_cannot_run_says_why() {
    let mut state = state();
    press(&mut state, "/short cached\nj");
    go(&mut state, Screen::Limits);
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("No limits: ") && shown.contains("8,192 token window"), "{shown}");
    press(&mut state, "\nxyo><");
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn tiers_are_drawn_at_small_sizes_and_in_ascii() {
    let ascii = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
    let mut state = open_with(LIMITED, STEADY, ascii);
    go(&mut state, Screen::Limits);
    set(&mut state, "workload.peak_factor", "12");
    for keys in ["", "\n", "j", ">"] {
        press(&mut state, keys);
        assert!(screen(&mut state, (120, 40)).is_ascii());
        for (columns, rows) in (1..40).flat_map(|columns| (1..24).map(move |rows| (columns, rows))) {
            buffer(&mut state, (columns, rows));
        }
    }
}

#[test]
fn a_design_is_said_to_hold_from_the_first_tier_that_does() {
    // 100 a minute at the peak send 296,000 tokens, which Start does not allow and Build does.
    let mut state = opened(&STEADY.replace("43_800", "1_460_000"));
    let shown = screen(&mut state, (80, 24));
    assert!(shown.contains("[limited/chat: holds from Build"), "{shown}");
    // With a tier of one's own there is no other to hold from.
    press(&mut state, "o");
    assert!(screen(&mut state, (80, 24)).contains("[limited/chat: too low"));
    press(&mut state, "ojo");
    assert!(screen(&mut state, (80, 24)).contains("[limited/chat: holds"));
}

#[test]
fn what_a_minute_costs_stays_beside_a_tier_of_ones_own() {
    let mut state = opened(&STEADY.replace("43_800", "1_460_000"));
    for keys in ["", "o"] {
        press(&mut state, keys);
        let shown = screen(&mut state, (80, 24));
        assert!(shown.contains("Money/min") && shown.contains("$0.06043"), "{shown}");
    }
}

#[test]
fn a_class_that_does_not_fit_is_named() {
    let classes = "[[class]]\nname = \"questions\"\n[[class]]\nname = \"reports\"\nshare = \"5%\"\nquestion_tokens = 250_000\n";
    let mut state = opened(&format!("{STEADY}{classes}"));
    let shown = screen(&mut state, (120, 40));
    assert!(shown.contains("No limits: class reports: over the 200,000"), "{shown}");
}

#[test]
fn the_title_loses_no_figure_and_all_that_is_said_is_read() {
    let mut state = opened(STEADY);
    let shown = screen(&mut state, (60, 20)).replace('\n', " ");
    assert!(shown.contains("3 requests/min at the peak, 3 times the mean"), "{shown}");
    press(&mut state, "\n");
    let mut read = String::new();
    for _ in 0..30 {
        read += &screen(&mut state, (60, 20));
        press(&mut state, "J");
    }
    assert!(read.contains("more below, J scrolls") && read.contains("what is indexed again"), "{read}");
}
