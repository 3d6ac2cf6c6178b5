//! One broken file for each message, with the whole text that is expected.
//!
//! A file under `tests/errors` begins with `# scenario` or `# pricing`, which says what it is read as, and
//! ends with what is said of it, on lines that begin with `#>`. After a change of wording, run with
//! `UPDATE_ERRORS=1`, which writes the new texts into the files, and read every difference as a user would.
//!
//! What cannot be written as a TOML file, such as bytes that are no text, goes through the program below.

use std::fs;

use std::path::{Path, PathBuf};

use jiff::civil::date;
use ragonomics::analysis::Case;
use ragonomics::catalog::Catalog;
use ragonomics::catalog::load::{self, Table};
use ragonomics::diagnostic::Diagnostics;
use ragonomics::scenario::load as scenario_load;
use ragonomics::tokens::count_corpus;

const FOLDER: &str = "tests/errors";
const MARK: &str = "#>";

#[test]
fn every_broken_file_is_answered_with_its_text() {
    let catalog = load::embedded().unwrap();
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
            let of_the_whole = name.starts_with("only-comments")
                || name.starts_with("file-that-is-missing")
                || name.starts_with("currency-without");
            let placed = head.contains(&format!("{name}:")) && !head.contains(&format!("{name}: "));
            assert!(placed || of_the_whole, "{head}");
        }
    }
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
        Some("# pricing") => match load::with_overlays(&[Table { name, text }]) {
            Ok((_, warnings)) => warnings.to_string(),
            Err(faults) => faults.to_string(),
        },
        _ => panic!("{}: begins neither with `# scenario` nor with `# pricing`", path.display()),
    }
}

/// Does what `scenario check` does; returns the warnings.
fn scenario(name: &str, text: &str, catalog: &Catalog) -> Result<String, Diagnostics> {
    let (mut scenario, warnings) = scenario_load::scenario(name, text, Path::new(FOLDER))?;
    count_corpus(&mut scenario)?;
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
