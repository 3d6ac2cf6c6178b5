//! Counts kept from one run to the next, so that nobody waits twice for the same text.
//!
//! A count is kept under the tokenizer, the length and a 128-bit hash of the text: it is never
//! stale, whatever the file is called. A cache that cannot be read or written is left out.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Tokenizer;

/// Most counts kept; beyond them the cache starts anew.
const MOST_COUNTS: usize = 100_000;

/// Counts of texts that were counted before.
#[derive(Debug, Default)]
pub struct CountCache {
    file: Option<PathBuf>,
    counts: BTreeMap<String, usize>,
    changed: bool,
}

impl CountCache {
    /// Opens the cache in a folder, which need not exist yet.
    pub fn open(folder: &Path) -> CountCache {
        let file = folder.join("token-counts.json");
        let kept = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        CountCache { file: Some(file), counts: kept.unwrap_or_default(), changed: false }
    }

    /// Returns the tokens of a text, counted now or before.
    pub fn count(&mut self, tokenizer: Tokenizer, text: &str) -> usize {
        let key = key(tokenizer, text);
        if let Some(count) = self.counts.get(&key) {
            return *count;
        }
        let count = tokenizer.count(text);
        if self.counts.len() >= MOST_COUNTS {
            self.counts.clear();
        }
        self.counts.insert(key, count);
        self.changed = true;
        count
    }

    /// Writes new counts, whole or not at all; a cache that cannot be written is no error.
    pub fn keep(&self) {
        let (Some(file), true) = (&self.file, self.changed) else { return };
        let Some(folder) = file.parent() else { return };
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(folder)?;
            let mut new = tempfile::NamedTempFile::new_in(folder)?;
            new.write_all(&serde_json::to_vec(&self.counts)?)?;
            new.persist(file)?;
            Ok(())
        };
        let _ = write();
    }
}

/// Names a text by tokenizer, length and hash. The version is part of it, because another one may
/// bring another vocabulary or hash.
fn key(tokenizer: Tokenizer, text: &str) -> String {
    let hash = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(seed);
        hasher.write(text.as_bytes());
        hasher.finish()
    };
    let version = env!("CARGO_PKG_VERSION");
    format!("{version} {} {} {:016x}{:016x}", tokenizer.word(), text.len(), hash(0), hash(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_once_and_other_texts_are_not_confused_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut cache = CountCache::open(folder.path());
        let first = cache.count(Tokenizer::O200k, "one two three");
        assert_eq!(first, Tokenizer::O200k.count("one two three"));
        cache.keep();
        let mut again = CountCache::open(folder.path());
        assert_eq!(again.count(Tokenizer::O200k, "one two three"), first);
        assert!(!again.changed);
        assert_eq!(again.count(Tokenizer::O200k, "one two, three"), Tokenizer::O200k.count("one two, three"));
        assert!(again.changed);
    }

    #[test]
    fn a_broken_cache_is_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("token-counts.json"), "{ rubbish").expect("a file");
        assert_eq!(CountCache::open(folder.path()).count(Tokenizer::Cl100k, "a b"), 2);
    }
}
