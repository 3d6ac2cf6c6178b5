//! Tokenizers of models: how many tokens one text has in each.
//!
//! A tokenizer counts the same text longer or shorter than another, and by how much depends on what the text is: of
//! Chinese, DeepSeek's makes 0.84 tokens for one of OpenAI's, of JSON 1.07. Vocabularies are compared through one of
//! them, [`REFERENCE`]; the figures and the texts that were counted are in `pricing/tokenizers.toml`.

use jiff::civil::Date;

use super::{Catalog, Confidence, ProductId};
use crate::diagnostic::{Fault, nearest, word_for};

/// Name of the tokenizer in whose tokens every ratio is given.
pub const REFERENCE: &str = "o200k_base";

/// What a text is, as far as tokenizers differ on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English prose.
    English,
    /// Chinese prose in the simplified script.
    Chinese,
    /// Source code.
    Code,
    /// JSON.
    Json,
    /// Markdown, in English.
    Markdown,
}

impl Language {
    /// The words for the languages in files, which are the keys of their ratios, too.
    pub const WORDS: &'static [(&'static str, Language)] = &[
        ("english", Language::English),
        ("chinese", Language::Chinese),
        ("code", Language::Code),
        ("json", Language::Json),
        ("markdown", Language::Markdown),
    ];

    /// Returns the word for the language.
    pub fn word(self) -> &'static str {
        word_for(self, Language::WORDS)
    }
}

/// A tokenizer and what it was measured to count.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokenizer {
    /// Name, as products have it.
    pub name: String,
    /// Tokens of a text for one token of it in [`REFERENCE`], by language; a language that nobody measured is absent.
    pub ratios: Vec<(Language, f64)>,
    /// Where the figures come from.
    pub source: String,
    /// Day on which somebody last compared them with the source.
    pub checked: Date,
    /// How sure they are.
    pub confidence: Confidence,
}

impl Tokenizer {
    /// Returns the tokens of a text for one token of it in [`REFERENCE`].
    pub fn ratio(&self, language: Language) -> Option<f64> {
        self.ratios.iter().find(|(known, _)| *known == language).map(|(_, ratio)| *ratio)
    }

    /// Returns whether a name means it, in any case.
    pub fn is_named(&self, name: &str) -> bool {
        same(&self.name, name)
    }
}

/// Returns whether two names mean the same tokenizer: case and blanks around them do not count.
fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// All tokenizers that were measured, in the order of the tables.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tokenizers {
    /// The tokenizers.
    pub known: Vec<Tokenizer>,
}

impl Tokenizers {
    /// Adds a tokenizer; a later one of the same name replaces it as a whole, so that figures of two sources never mix.
    pub fn add(&mut self, tokenizer: Tokenizer) {
        match self.known.iter_mut().find(|known| known.is_named(&tokenizer.name)) {
            Some(known) => *known = tokenizer,
            None => self.known.push(tokenizer),
        }
    }

    /// Returns the tokenizer of a name, in any case.
    pub fn named(&self, name: &str) -> Option<&Tokenizer> {
        self.known.iter().find(|known| known.is_named(name))
    }

    /// Returns the tokens of a text in one tokenizer for one token of it in another.
    ///
    /// A tokenizer has one token of its own for each, of any text, whether it was measured or not. `None` where one of
    /// the two was not measured on such a text.
    pub fn ratio(&self, from: &str, to: &str, language: Language) -> Option<TokenRatio> {
        if same(from, to) {
            return Some(TokenRatio { factor: 1.0, confidence: Confidence::High });
        }
        let (from, to) = (self.named(from)?, self.named(to)?);
        let factor = rounded(to.ratio(language)? / from.ratio(language)?);
        Some(TokenRatio { factor, confidence: from.confidence.min(to.confidence) })
    }
}

/// How many tokens a text has in one tokenizer for one token of it in another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenRatio {
    /// The factor on a number of tokens, to six decimals.
    pub factor: f64,
    /// How sure it is: as sure as the less sure of the two.
    pub confidence: Confidence,
}

/// Rounds to a millionth: the figures have four decimals.
fn rounded(factor: f64) -> f64 {
    (factor * 1e6).round() / 1e6
}

impl Catalog {
    /// Finds a tokenizer that was measured by its name, in any case.
    ///
    /// # Errors
    /// A fault that names the nearest ones.
    pub fn find_tokenizer(&self, name: &str) -> Result<&Tokenizer, Fault> {
        self.tokenizers.named(name).ok_or_else(|| Fault::UnknownName {
            kind: "tokenizer",
            name: name.to_owned(),
            nearest: nearest(name, self.tokenizers.known.iter().map(|known| known.name.as_str())),
        })
    }

    /// Returns the tokens that a text has for a product for one token of it in a tokenizer, for texts of a language.
    ///
    /// 1,000 tokens of Chinese in `o200k_base` are 839.4 for DeepSeek. `None` where the product's tokenizer is not
    /// known, or one of the two was not measured on such texts.
    ///
    /// ```
    /// use ragonomics::catalog::{Language, load};
    ///
    /// let catalog = load::embedded().unwrap();
    /// let deepseek = catalog.find("deepseek/deepseek-flash").unwrap();
    /// let ratio = catalog.tokens_ratio("o200k_base", deepseek, Language::Chinese).unwrap();
    /// assert_eq!(ratio.factor, 0.8394);
    /// ```
    pub fn tokens_ratio(&self, from: &str, to: ProductId, language: Language) -> Option<TokenRatio> {
        let to = self.product(to).tokenizer.as_deref()?;
        self.tokenizers.ratio(from, to, language)
    }
}
