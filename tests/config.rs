//! The user's settings: what each does, what is said of a broken file, and that tests never read them.

mod support;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use ragonomics::config::key::KeyPress;
use ragonomics::config::{Config, Folders, ThemeChoice, read, template};
use ragonomics::scenario::library::default_name;
use ragonomics::units::Currency;
use serde_json::Value;
use tempfile::TempDir;

const ACTIONS: &[&str] = &["quit", "help", "next_screen", "undo"];

fn parsed(text: &str) -> Result<Config, String> {
    let folders =
        Folders { own: Path::new("/home/ada/.config/ragonomics"), home: Some(Path::new("/home/ada")) };
    read("config.toml", text, folders, ACTIONS, &["devday"]).map_err(|faults| faults.to_string())
}

/// A user with settings of their own.
struct User {
    home: TempDir,
}

impl User {
    fn new(settings: &str) -> User {
        let user = User { home: TempDir::new().unwrap() };
        user.write("config.toml", settings);
        user
    }

    /// Writes a file beside the settings.
    fn write(&self, name: &str, text: &str) {
        let folder = self.home.path().join("ragonomics");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }

    fn command(&self) -> Command {
        let mut command = support::program();
        command.env("XDG_CONFIG_HOME", self.home.path());
        command
    }

    /// Returns exit code, result and messages.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command().args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (code, result, messages) = self.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(code, 0, "{messages}");
        serde_json::from_str(&result).unwrap()
    }
}

#[test]
fn every_key_is_read() {
    let config = parsed(
        "theme = \"light\"\nmouse = false\nscenario = \"devday\"\ncurrency = \"eur\"\npricing = [\"own.toml\", \"~/prices\", \"/srv/prices\"]\n[keys]\nquit = \"x\"\nundo = [\"u\", \"Ctrl-Z\"]\n",
    )
    .unwrap();
    assert_eq!((config.theme(), config.mouse()), (ThemeChoice::Light, false));
    assert_eq!(config.scenario.unwrap().value, "devday");
    assert_eq!(config.currency.unwrap().value, Currency::parse("EUR").unwrap());
    let paths: Vec<String> = config.pricing.iter().map(|set| set.value.display().to_string()).collect();
    assert_eq!(paths, ["/home/ada/.config/ragonomics/own.toml", "/home/ada/prices", "/srv/prices"]);
    let keys: Vec<String> = config.keys.iter().map(|key| format!("{} {}", key.action, key.key)).collect();
    assert_eq!(keys, ["quit x", "undo u", "undo Ctrl-z"]);
}

#[test]
fn the_file_to_start_from_changes_nothing_and_each_of_its_lines_is_the_default() {
    let text = template(default_name());
    assert_eq!(parsed(&text), Ok(Config::default()));
    let examples: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.contains(" = ") && !line.contains(", such as"))
        .collect();
    assert_eq!(examples.len(), 5, "{examples:?}");
    let shown = examples.join("\n");
    let folders = Folders { own: Path::new("/x"), home: None };
    let config = read("config.toml", &shown, folders, ACTIONS, &[default_name()]).unwrap();
    assert_eq!((config.theme(), config.mouse()), (Config::default().theme(), Config::default().mouse()));
    assert_eq!(config.scenario.unwrap().value, default_name());
    assert_eq!(config.currency.unwrap().value, Currency::USD);
    assert!(config.pricing.is_empty());
}

#[test]
fn every_mistake_is_answered_with_its_place_and_a_remedy() {
    let said = parsed(
        "theme = \"blue\"\nmuose = true\nmouse = \"yes\"\ncurrency = \"euro\"\n[keys]\nqiut = \"q\"\nhelp = \"Hyper-x\"\nundo = \"u\"\nnext_screen = \"u\"\n",
    )
    .unwrap_err();
    let expected = "error: config.toml:1:9: `theme` cannot be `blue`
  1 | theme = \"blue\"
    |         ^^^^^^
  help: write one of `auto`, `dark`, `light`, `vivid`, `mono`
error: config.toml:2:1: unknown key `muose`
  2 | muose = true
    | ^^^^^
  help: did you mean `mouse`?
error: config.toml:3:9: `mouse` should be true or false, found string
  3 | mouse = \"yes\"
    |         ^^^^^
error: config.toml:4:12: `currency` is \"euro\"; it should be a three-letter code such as USD
  4 | currency = \"euro\"
    |            ^^^^^^
error: config.toml:6:1: unknown key `keys.qiut`
  6 | qiut = \"q\"
    | ^^^^
  help: did you mean `keys.quit`?
error: config.toml:7:8: `keys.help` names no key: `Hyper-x`
  7 | help = \"Hyper-x\"
    |        ^^^^^^^^^
  help: write a character, Ctrl-r, Shift-Left, F5, Enter, Esc, Space, Tab, Up, PageDown, Home or Delete
error: config.toml:9:15: `u` is the key of both undo and next_screen
  9 | next_screen = \"u\"
    |               ^^^
  help: give each action a key of its own";
    assert_eq!(said, expected);
}

#[test]
fn keys_are_named_as_people_write_them() {
    for (text, shown) in [
        ("q", "q"),
        ("?", "?"),
        ("-", "-"),
        ("Ctrl--", "Ctrl--"),
        ("ctrl-R", "Ctrl-r"),
        ("Shift-left", "Shift-Left"),
        ("control-shift-PgUp", "Ctrl-Shift-PageUp"),
        ("f5", "F5"),
        ("space", "Space"),
        ("escape", "Esc"),
        ("说", "说"),
    ] {
        assert_eq!(KeyPress::parse(text).map(|key| key.to_string()).as_deref(), Some(shown), "{text}");
    }
    for text in ["", " ", "Ctrl-", "F0", "F13", "qq", "Shift-a", "Ctrl-Ctrl-a", "Alt-x", "\u{1b}"] {
        assert_eq!(KeyPress::parse(text), None, "{text:?}");
    }
}

#[test]
fn the_scenario_of_the_settings_is_opened_when_none_is_named() {
    let user = User::new("scenario = \"devday\"\n");
    assert_eq!(user.json(&["compare"])["as_of"], "2023-11-22");
    assert_eq!(user.json(&["compare", "novel-qa"])["scenario"], "Novel questions");
    assert_eq!(user.run(&["scenario", "show"]).1, ragonomics::scenario::library::shipped("devday").unwrap());
    let user = User::new("scenario = \"mine.toml\"\n");
    user.write("mine.toml", "name = \"Mine\"\nas_of = 2026-11-22\n");
    assert_eq!(user.json(&["compare"])["scenario"], "Mine");
    let user = User::new("scenario = \"gone.toml\"\n");
    let (code, _, said) = user.run(&["compare"]);
    assert_eq!(code, 2);
    assert!(
        said.contains("config.toml:1:12: `scenario` names `") && said.contains("there is no such file"),
        "{said}"
    );
    assert_eq!(user.run(&["compare", "devday"]).0, 0);
}

#[test]
fn the_currency_of_the_settings_holds_where_nothing_else_names_one_and_leaves_amounts_alone() {
    let user = User::new("currency = \"CNY\"\n");
    let in_cny = ["compare", "devday", "--as-of", "2026-11-22"];
    assert_eq!(user.json(&in_cny)["currency"], "CNY");
    assert_eq!(user.json(&[&in_cny[..], &["--currency", "USD"]].concat())["currency"], "USD");
    assert_eq!(user.json(&[&in_cny[..], &["--set", "currency=EUR"]].concat())["currency"], "EUR");
    assert_eq!(user.json(&["price", "--model", "openai/gpt-4.1", "--input-tokens", "1"])["currency"], "CNY");
    user.write("eur.toml", "currency = \"EUR\"\nas_of = 2026-11-22\n");
    let file = user.home.path().join("ragonomics/eur.toml");
    assert_eq!(user.json(&["compare", file.to_str().unwrap()])["currency"], "EUR");
    // A budget of 3,000 is one of US dollars, whoever looks at it: at a fixed rate of 7 yuan they are 21,000.
    let rules =
        user.json(&["check", "saas-assistant", "--as-of", "2026-11-22", "--set", "exchange_rates=CNY=7"]);
    let budget =
        rules["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == "budget.monthly").unwrap();
    assert_eq!((&rules["currency"], budget["bound"].to_string()), (&"CNY".into(), "21000".into()));
    let user = User::new("currency = \"XXA\"\n");
    let (code, _, said) = user.run(&["compare"]);
    assert_eq!(code, 2);
    assert!(said.contains("config.toml:1:12: no exchange rate of XXA is known"), "{said}");
}

const TABLE: &str = r#"[vendor]
id = "acme"

[[product]]
id = "own"
kind = "chat"
window = 128_000

[[product.price]]
from = 2026-01-01
input_per_mtok = 0.50
output_per_mtok = 2
source = "contract"
checked = 2026-11-01
"#;

#[test]
fn tables_of_the_settings_lie_under_those_of_the_flag() {
    let user = User::new("pricing = [\"acme.toml\"]\n");
    user.write("acme.toml", TABLE);
    let price = |arguments: &[&str]| {
        let one = ["price", "--model", "acme/own", "--input-tokens", "1M", "--at", "2026-11-22"];
        user.json(&[&one[..], arguments].concat())["cost"].to_string()
    };
    assert_eq!(price(&[]), "0.5");
    user.write("dearer.toml", &TABLE.replace("0.50", "0.75"));
    let dearer = user.home.path().join("ragonomics/dearer.toml");
    assert_eq!(price(&["--pricing", dearer.to_str().unwrap()]), "0.75");
    assert!(user.run(&["prices", "where"]).1.contains("acme.toml"));
    let user = User::new("pricing = [\"gone\"]\n");
    let (code, _, said) = user.run(&["models"]);
    assert_eq!(code, 2);
    assert!(said.contains("config.toml:1:12: `pricing` names `"), "{said}");
}

#[test]
fn a_broken_file_stops_every_command_but_those_that_help_to_mend_it() {
    let user = User::new("theme = dark\n");
    for arguments in [&["compare"][..], &["models"], &["config", "show"], &["scenario", "list"], &["man"]] {
        let (code, result, said) = user.run(arguments);
        assert_eq!((code, result.as_str()), (2, ""), "{arguments:?}");
        assert!(said.contains("config.toml:1:9: not valid TOML: a text without quotes"), "{said}");
        assert!(said.contains("help: "), "{said}");
    }
    let (code, result, _) = user.run(&["config", "path"]);
    assert_eq!(code, 0);
    assert_eq!(Path::new(result.trim_end()), user.home.path().join("ragonomics/config.toml"));
    assert_eq!(user.run(&["--help"]).0, 0);
    assert_eq!(user.run(&["config", "--help"]).0, 0);
}

#[test]
fn show_says_where_each_setting_comes_from() {
    let user = User::new("# mine\ntheme = \"mono\"\n[keys]\nquit = \"x\"\n");
    let shown = user.json(&["config", "show"]);
    assert_eq!(shown["schema"], "ragonomics/config/1");
    assert!(shown["file"].as_str().unwrap().ends_with("ragonomics/config.toml"));
    let of = |key: &str| {
        let rows = shown["settings"].as_array().unwrap();
        rows.iter().find(|row| row["setting"] == key).unwrap_or_else(|| panic!("{key}: {shown}")).clone()
    };
    let row = |key: &str| (of(key)["value"].clone(), of(key)["from"].clone(), of(key)["line"].clone());
    assert_eq!(row("theme"), ("mono".into(), "file".into(), 2.into()));
    assert_eq!(row("keys.quit"), ("x".into(), "file".into(), 4.into()));
    assert_eq!(row("scenario"), (default_name().into(), "default".into(), Value::Null));
    assert_eq!(row("pricing"), (Value::Null, "default".into(), Value::Null));
    let (_, table, _) = user.run(&["config", "show"]);
    assert!(table.contains("theme      mono"), "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 80 || line.starts_with('/')), "{table}");
}

#[test]
fn init_writes_a_file_that_changes_nothing_and_never_overwrites_one() {
    let user = User { home: TempDir::new().unwrap() };
    assert!(user.run(&["config", "show"]).1.contains("`ragonomics config init` writes one"));
    let (code, _, said) = user.run(&["config", "init"]);
    assert_eq!(code, 0, "{said}");
    let file = user.home.path().join("ragonomics/config.toml");
    assert_eq!(fs::read_to_string(&file).unwrap(), template(default_name()));
    assert_eq!(user.run(&["config", "show"]).0, 0);
    fs::write(&file, "mouse = false\n").unwrap();
    let (code, _, said) = user.run(&["config", "init"]);
    assert_eq!(code, 2);
    assert!(said.contains("exists and is left as it is"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mouse = false\n");
}

#[test]
fn every_test_that_runs_the_program_keeps_the_settings_of_whoever_runs_it_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let runs = ["cargo_bin", "CARGO_BIN_EXE"].iter().any(|word| text.contains(word));
        assert!(!runs || text.contains("XDG_CONFIG_HOME"), "{}", path.display());
    }
}
