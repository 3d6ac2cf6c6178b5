//! One broken file for each message, with the whole text that is expected.
//!
//! A file under `tests/errors` begins with `# scenario` or `# pricing`, which says what it is read as, and
//! ends with what is said of it, on lines that begin with `#>`. After a change of wording, run with
//! `UPDATE_ERRORS=1`, which writes the new texts into the files, and read every difference as a user would.
//!
//! What cannot be written as a TOML file, such as bytes that are no text, goes through the program below.

mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Output;

use jiff::civil::date;
use ragonomics::analysis::Case;
use ragonomics::catalog::load::{self, Table};
use ragonomics::catalog::{Catalog, audit};
use ragonomics::diagnostic::Diagnostics;
use ragonomics::scenario::load as scenario_load;
use ragonomics::tokens::{CountCache, count_corpus};

const FOLDER: &str = "tests/errors";
const MARK: &str = "#>";

#[test]
fn every_broken_file_is_answered_with_its_text() {
    let catalog = catalog();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for path in fixtures() {
        let text = fs::read_to_string(&path).unwrap();
        let said = answer(&path, &text, &catalog);
        if std::env::var_os("UPDATE_ERRORS").is_some() {
            fs::write(&path, with_expectation(&text, &said)).unwrap();
        } else if expectation(&text).is_empty() {
            wrong.push(format!("{}: has no line that begins with {MARK}", path.display()));
        } else if expectation(&text) != said {
            wrong.push(format!("{}:\n-- expected\n{}\n-- said\n{said}", path.display(), expectation(&text)));
        }
        seen += 1;
    }
    assert!(seen > 100, "only {seen} files in {FOLDER}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_message_says_where_it_is() {
    for path in fixtures() {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let expected = expectation(&fs::read_to_string(&path).unwrap());
        let heads =
            expected.lines().filter(|line| line.starts_with("error:") || line.starts_with("warning:"));
        for head in heads {
            let of_the_whole = name.starts_with("only-comments");
            let placed = head.contains(&format!("{name}:")) && !head.contains(&format!("{name}: "));
            assert!(placed || of_the_whole, "{head}");
        }
    }
}

/// Returns the shipped tables, and two vendors that sell a product of the same name.
fn catalog() -> Catalog {
    let product = "[[product]]\nid = \"twin\"\nkind = \"chat\"\nnote = \"for a test\"\n";
    let texts = ["acme", "bolt"].map(|vendor| format!("[vendor]\nid = \"{vendor}\"\n\n{product}"));
    let tables = texts.each_ref().map(|text| Table { name: "twin.toml", text });
    load::with_overlays(&tables).unwrap().0
}

fn fixtures() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn answer(path: &Path, text: &str, catalog: &Catalog) -> String {
    let name = path.file_name().unwrap().to_str().unwrap();
    match text.lines().next() {
        Some("# scenario") => scenario(name, text, catalog).unwrap_or_else(|faults| faults.to_string()),
        Some("# pricing") => pricing(name, text).unwrap_or_else(|faults| faults.to_string()),
        _ => panic!("{}: begins neither with `# scenario` nor with `# pricing`", path.display()),
    }
}

/// Does what `prices check` does; returns the warnings and what is worth a look in this table.
fn pricing(name: &str, text: &str) -> Result<String, Diagnostics> {
    let table = Table { name, text };
    let (catalog, mut warnings) = load::with_overlays(&[table])?;
    let places = load::Places::new(&[table]);
    let own = catalog.iter().filter(|(_, product)| *product.price_file == *name);
    let findings = own.flat_map(|(id, _)| audit::of_product(&catalog, id, date(2026, 11, 22)));
    warnings.0.extend(findings.map(|finding| finding.diagnostic(&catalog, &places)));
    Ok(warnings.to_string())
}

/// Does what `scenario check` does; returns the warnings.
fn scenario(name: &str, text: &str, catalog: &Catalog) -> Result<String, Diagnostics> {
    let (mut scenario, warnings) = scenario_load::scenario(name, text, Path::new(FOLDER))?;
    count_corpus(&mut scenario, &mut CountCache::default(), &|_| true)?;
    Case::open(catalog, &scenario, date(2026, 11, 22))?;
    Ok(warnings.to_string())
}

fn expectation(text: &str) -> String {
    let lines = text.lines().filter_map(|line| line.strip_prefix(MARK));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn with_expectation(text: &str, said: &str) -> String {
    let broken: Vec<&str> = text.lines().filter(|line| !line.starts_with(MARK)).collect();
    let said = said.lines().map(|line| format!("{MARK} {line}").trim_end().to_owned());
    let broken = broken.join("\n");
    format!("{}\n\n{}\n", broken.trim_end(), said.collect::<Vec<_>>().join("\n"))
}

// Through the program: exit code 2 for bad input, 3 for what cannot be read; one message, no result.

fn run(arguments: &[&str], input: impl Into<Vec<u8>>) -> Output {
    support::program().args(arguments).write_stdin(input).output().unwrap()
}

/// Returns the message of a run that must fail with that code and print no result.
fn refused(arguments: &[&str], input: impl Into<Vec<u8>>, code: i32) -> String {
    let output = run(arguments, input);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result beside its error");
    message.trim_end().to_owned()
}

fn file(bytes: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.toml");
    fs::File::create(&path).unwrap().write_all(bytes).unwrap();
    let name = path.to_str().unwrap().to_owned();
    (folder, name)
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let (_folder, name) = file(b"name = \"caf\xe9\"\n");
    let expected = format!(
        "error: {name}: is not UTF-8 text (first bad byte at offset 11)\n  help: save the file as UTF-8"
    );
    assert_eq!(refused(&["compare", &name], "", 2), expected);
    assert_eq!(refused(&["compare", "--pricing", &name], "", 2), expected);
    assert_eq!(refused(&["prices", "check", &name], "", 2), expected);
    assert_eq!(refused(&["compare", "-"], b"name = \"caf\xe9\"\n", 2), expected.replace(&name, "-"));
}

#[test]
fn a_missing_file_cannot_be_read() {
    for arguments in [
        ["compare", "no/such.toml"],
        ["bill", "no/such.toml"],
        ["limits", "no/such.toml"],
        ["price", "--usage=no/such.toml"],
        ["compare", "--pricing=no/such.toml"],
        ["models", "--pricing=no/such.toml"],
        ["tokens", "no/such.toml"],
    ] {
        let message = refused_with_any_result(&arguments, 3);
        assert_eq!(message, "error: no/such.toml: cannot be read: no such file", "{arguments:?}");
    }
    assert_eq!(
        refused(&["prices", "check", "no/such.toml"], "", 3),
        "error: no/such.toml: cannot be read: no such file"
    );
}

fn refused_with_any_result(arguments: &[&str], code: i32) -> String {
    let output = run(arguments, "");
    assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap().trim_end().to_owned()
}

#[test]
fn a_name_that_is_no_file_names_the_shipped_scenarios() {
    let message = refused(&["compare", "suport-bot"], "", 2);
    assert_eq!(
        message,
        "error: SCENARIO: unknown scenario, and no such file: `suport-bot`\n  help: did you mean `support-bot`?"
    );
    assert!(refused(&["compare", "zzz"], "", 2).contains("`devday`"));
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    let expected = format!("error: {name}: is a folder, a file was expected\n  help: name a file inside it");
    assert_eq!(refused(&["compare", name], "", 2), expected);
    assert_eq!(refused(&["price", "--usage", name], "", 2), expected);
}

#[test]
fn a_folder_without_tables_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    assert_eq!(
        refused(&["compare", "--pricing", name], "", 2),
        format!(
            "error: {name}: is empty; a folder with pricing tables (*.toml, *.json) was expected\n  help: put a table into it, or name a file"
        )
    );
}

#[test]
fn nothing_on_standard_input_is_an_empty_scenario() {
    let expected = "error: -: is empty; a scenario was expected\n  help: `ragonomics scenario new` prints one to start from";
    for input in ["", "\n\n", "# a comment\n", "\u{feff}"] {
        assert_eq!(refused(&["compare", "-"], input, 2), expected, "{input:?}");
    }
}

#[test]
fn a_file_larger_than_any_scenario_is_refused() {
    let long = format!("name = \"{}\"\n", "x".repeat(10 * 1024 * 1024));
    let (_folder, name) = file(long.as_bytes());
    let message = refused(&["compare", &name], "", 2);
    assert!(message.contains("at most 8388608 are read"), "{message}");
    assert!(refused(&["compare", "-"], long, 2).contains("at most 8388608 are read"));
}

#[test]
fn a_mistake_far_inside_a_long_line_stays_in_sight() {
    let text = format!("notes = [\"{}\"]\nname = 7 # {}\n", "x".repeat(1_000_000), "y".repeat(1_000_000));
    let message = refused(&["compare", "-"], text, 2);
    assert!(
        message.starts_with("error: -:2:8: `name` should be a text in quotes, found integer\n"),
        "{message}"
    );
    assert!(message.chars().count() < 400, "{} characters", message.chars().count());
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_are_no_mistakes() {
    let shipped = fs::read_to_string("scenarios/devday.toml").unwrap();
    let plain = run(&["compare", "-", "--format", "json"], shipped.as_str());
    let windows = format!("\u{feff}{}", shipped.replace('\n', "\r\n"));
    let windows = run(&["compare", "-", "--format", "json"], windows);
    assert!(plain.status.success() && plain.stdout == windows.stdout);
}

#[test]
fn places_are_the_same_with_a_byte_order_mark_and_line_ends_of_windows() {
    let broken = "name = \"x\"\n\n[retrieval]\ntop_k = -1\n";
    let expected = "error: -:4:9: `retrieval.top_k` is -1; it should be from 0 to 1M\n  4 | top_k = -1\n    |         ^^";
    assert_eq!(refused(&["compare", "-"], broken, 2), expected);
    assert_eq!(refused(&["compare", "-"], format!("\u{feff}{}", broken.replace('\n', "\r\n")), 2), expected);
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let message = refused(&["compare", "-"], "name = \"\u{1b}[31mred\u{7}\"\n", 2);
    assert!(!message.contains(['\u{1b}', '\u{7}']), "{message:?}");
    let message = refused(&["compare", "-"], "\"\\u001b[31m\" = 1\n", 2);
    assert!(!message.contains('\u{1b}'), "{message:?}");
    let message = refused(&["compare", "--set", "name=\u{1b}[31mred"], "", 2);
    assert!(message.contains("`name` holds a control character"), "{message:?}");
    let message = refused(&["compare", "--models", "\u{1b}[31mred"], "", 2);
    assert!(!message.contains('\u{1b}'), "{message:?}");
}

#[test]
fn a_file_of_nothing_but_mistakes_is_answered_soon_and_in_a_hundred_messages() {
    let keys: String = (0..50_000).map(|at| format!("key{at} = 1\n")).collect();
    let names: Vec<String> = (0..50_000).map(|at| format!("\"model{at}\"")).collect();
    let names = format!("[compare]\nmodels = [{}]\n", names.join(", "));
    let deep = format!("{} = 1\n", vec!["a"; 50_000].join("."));
    let nested = format!("x = {}{}\n", "[".repeat(50_000), "]".repeat(50_000));
    let garbage = "= = = [[[\n".repeat(20_000);
    let begun = std::time::Instant::now();
    for text in [keys, names, deep, nested, garbage] {
        let message = refused(&["compare", "-"], text, 2);
        let errors = message.lines().filter(|line| line.starts_with("error: ")).count();
        assert!((1..=101).contains(&errors), "{errors} errors");
    }
    // Seconds in a build without optimisation; what was quadratic took minutes.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
