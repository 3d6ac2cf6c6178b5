//! Tokens of real documents, counted with the vocabularies that ship in the program.
//!
//! A vocabulary takes a fifth of a second to load. It is loaded when the first text is counted that
//! was not counted before, so that commands that count nothing new never wait for it.

pub mod cache;

use std::fs;
use std::path::{Path, PathBuf};

use tiktoken_rs::CoreBPE;

pub use cache::CountCache;

use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Place, nearest_or_all, one_of, word_for};
use crate::document::{read_document, reason};
use crate::scenario::{Origin, Param, Scenario};

/// A vocabulary that can be counted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokenizer {
    /// GPT-4o and later.
    O200k,
    /// GPT-3.5 Turbo, GPT-4, the embedding models.
    Cl100k,
    /// GPT-3 completions.
    P50k,
}

/// Tokenizer that stands in for one whose vocabulary is not published.
pub const STAND_IN: Tokenizer = Tokenizer::O200k;

/// Longest run of white space given to the tokenizer at once, in bytes. Its regular expression
/// overflows its stack on a million spaces; a cut inside a run this long moves a count by one token
/// at most, and no document is priced by the number of its blanks.
const LONGEST_BLANK_RUN: usize = 50_000;

impl Tokenizer {
    /// The names, as in the pricing tables.
    pub const WORDS: &'static [(&'static str, Tokenizer)] = &[
        ("o200k_base", Tokenizer::O200k),
        ("cl100k_base", Tokenizer::Cl100k),
        ("p50k_base", Tokenizer::P50k),
    ];

    /// Finds a tokenizer by name.
    ///
    /// # Errors
    /// A fault that lists the names.
    pub fn find(name: &str) -> Result<Tokenizer, Fault> {
        one_of("tokenizer", name, Tokenizer::WORDS).map_err(|_| Fault::UnknownName {
            kind: "tokenizer",
            name: name.to_owned(),
            nearest: nearest_or_all(name, Tokenizer::WORDS.iter().map(|(word, _)| *word)),
        })
    }

    /// Returns the name.
    pub fn word(self) -> &'static str {
        word_for(self, Tokenizer::WORDS)
    }

    fn vocabulary(self) -> &'static CoreBPE {
        match self {
            Tokenizer::O200k => tiktoken_rs::o200k_base_singleton(),
            Tokenizer::Cl100k => tiktoken_rs::cl100k_base_singleton(),
            Tokenizer::P50k => tiktoken_rs::p50k_base_singleton(),
        }
    }

    /// Counts the tokens of a text; markup such as `<|endoftext|>` counts as ordinary text.
    pub fn count(self, text: &str) -> usize {
        let vocabulary = self.vocabulary();
        cut_blank_runs(text).into_iter().map(|piece| vocabulary.encode_ordinary(piece).len()).sum()
    }
}

/// Cuts a text inside overlong runs of white space, and nowhere else.
fn cut_blank_runs(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut run) = (0, 0);
    for (at, c) in text.char_indices() {
        run = if c.is_whitespace() { run + c.len_utf8() } else { 0 };
        if run >= LONGEST_BLANK_RUN {
            let end = at + c.len_utf8();
            pieces.push(&text[start..end]);
            (start, run) = (end, 0);
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// The count of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCount {
    /// The file.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: usize,
    /// Its characters.
    pub characters: usize,
    /// Its tokens.
    pub tokens: usize,
}

/// Endings of files that are read inside folders: plain text and Markdown.
const ENDINGS: [&str; 4] = ["txt", "md", "markdown", "text"];

/// Lists the files that paths name: files as they are, folders by their plain text and Markdown.
///
/// Hidden entries are left out and links to folders are not followed, so a loop of links ends.
pub fn files(paths: &[PathBuf]) -> (Vec<PathBuf>, Diagnostics) {
    let (mut found, mut faults) = (Vec::new(), Diagnostics::default());
    for path in paths {
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => walk(path, &mut found, &mut faults),
            Ok(_) => found.push(path.clone()),
            Err(error) => faults.push(unreadable(path, &error)),
        }
    }
    (found, faults)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>, faults: &mut Diagnostics) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return faults.push(unreadable(folder, &error)),
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        if hidden {
            continue;
        }
        if meta.is_dir() {
            walk(&path, found, faults);
        } else if path
            .extension()
            .is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
        {
            found.push(path);
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Place::whole(&path.display().to_string()), Fault::Unreadable { reason: reason(error) })
}

/// Counts the files that paths name; files that cannot be counted are faults, the rest goes on.
///
/// It goes on for as long as that is wanted: `wanted` is told which share of the bytes is done, from 0 to 1, and says
/// whether to go on; files that were not reached are left out.
pub fn count(
    paths: &[PathBuf],
    tokenizer: Tokenizer,
    cache: &mut CountCache,
    wanted: &dyn Fn(f64) -> bool,
) -> (Vec<FileCount>, Diagnostics) {
    let (files, mut faults) = files(paths);
    let sizes: Vec<u64> = files.iter().map(|path| fs::metadata(path).map_or(0, |meta| meta.len())).collect();
    let (mut done, all) = (0, sizes.iter().sum::<u64>().max(1));
    let mut counts = Vec::new();
    for (path, size) in files.into_iter().zip(sizes) {
        if !wanted(done as f64 / all as f64) {
            break;
        }
        done += size;
        match read_document(&path) {
            Ok(text) => counts.push(FileCount {
                bytes: text.len(),
                characters: text.chars().count(),
                tokens: cache.count(tokenizer, &text),
                path,
            }),
            Err(found) => faults.0.extend(found.0),
        }
    }
    (counts, faults)
}

/// Returns the paths of a scenario's corpus files.
fn corpus_paths(scenario: &Scenario) -> Vec<PathBuf> {
    scenario.files.iter().map(|named| scenario.folder.join(&named.text)).collect()
}

/// Looks whether the corpus files of a scenario exist.
///
/// # Errors
/// Those that do not, where the scenario names them.
pub fn files_are_there(scenario: &Scenario) -> Result<(), Diagnostics> {
    let mut faults = Diagnostics::default();
    for (named, path) in scenario.files.iter().zip(corpus_paths(scenario)) {
        if let Err(error) = fs::metadata(&path) {
            let message = format!("`{}` cannot be read: {}", named.text, reason(&error));
            let remedy = format!("it was looked for at {}", path.display());
            faults.push(Diagnostic::error(named.place.clone(), Fault::Conflict { message, remedy }));
        }
    }
    if faults.has_errors() { Err(faults) } else { Ok(()) }
}

/// Counts the corpus files of a scenario and puts the sums into its numbers, unless that is not wanted any more: `wanted` is
/// told which share is done, from 0 to 1. A count that was stopped changes nothing.
///
/// # Errors
/// Files that cannot be read, or none at all.
pub fn count_corpus(
    scenario: &mut Scenario,
    cache: &mut CountCache,
    wanted: &dyn Fn(f64) -> bool,
) -> Result<(), Diagnostics> {
    if scenario.files.is_empty() {
        return Ok(());
    }
    files_are_there(scenario)?;
    let (counts, faults) = count(&corpus_paths(scenario), STAND_IN, cache, wanted);
    if !wanted(1.0) {
        return Ok(());
    }
    if faults.has_errors() {
        return Err(faults);
    }
    let tokens: usize = counts.iter().map(|count| count.tokens).sum();
    if counts.is_empty() || tokens == 0 {
        let message = "corpus.files names no text that could be counted".to_owned();
        let remedy = "name .txt or .md files, or folders that hold some".to_owned();
        return Err(Diagnostics::one(scenario.files[0].place.clone(), Fault::Conflict { message, remedy }));
    }
    // A count given by a flag goes before the files.
    if scenario.numbers.origin(Param::CorpusTokens) != Origin::Override {
        scenario.put(Param::CorpusTokens, tokens as f64, Origin::Counted);
    }
    if scenario.numbers.origin(Param::DocumentTokens) == Origin::Default {
        let mean = (tokens as f64 / counts.len() as f64).round().max(1.0);
        scenario.put(Param::DocumentTokens, mean, Origin::Counted);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_spaces_are_counted() {
        let blanks = " ".repeat(1_000_000);
        assert!(Tokenizer::O200k.count(&blanks) > 0);
        assert!(Tokenizer::O200k.count(&(blanks + "x")) > 0);
    }

    #[test]
    fn cutting_blank_runs_loses_no_text() {
        let text = format!("a{}中文{}b", " ".repeat(120_000), "\u{3000}".repeat(40_000));
        assert_eq!(cut_blank_runs(&text).concat(), text);
        assert_eq!(cut_blank_runs("one two").len(), 1);
    }
}
