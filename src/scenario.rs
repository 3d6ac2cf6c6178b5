//! A workload as its user wrote it: checked, with units, knowing nothing of prices.

pub mod library;
pub mod load;
pub mod parameter;
pub mod reference;
pub mod schema;
pub mod setting;

use std::path::PathBuf;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::diagnostic::{Fault, Place, word_for};
use crate::units::{Currency, Price, parse_number};
pub use parameter::{Numbers, Origin, Param};
use setting::SETTINGS;

/// Embedding model of a scenario that names none.
pub const DEFAULT_EMBEDDING: &str = "openai/text-embedding-3-small";

/// Vector store of a scenario that names none.
pub const DEFAULT_STORE: &str = "pinecone/serverless-standard";

/// Reranker of a scenario that names none, where a table has it.
pub const DEFAULT_RERANKER: &str = "cohere/rerank-v3.5";

/// Models of a scenario that names none: a large and a small one of each vendor that most people
/// choose from, and the open-weights vendors beside them.
pub const DEFAULT_MODELS: &[&str] = &[
    "openai/gpt-6.1-sol",
    "openai/gpt-6-luna",
    "anthropic/claude-sonnet-5-5",
    "anthropic/claude-haiku-5-5",
    "google/gemini-4-argon",
    "google/gemini-3.8-flash",
    "deepseek/deepseek-flash",
    "moonshot/kimi-k3",
    "zhipu/glm-5.3",
    "alibaba/qwen3.8-max",
];

/// Designs of a scenario that names none.
pub const DEFAULT_STRATEGIES: &[&str] = &["long_context", "cached_context", "rag"];

/// A name from a scenario, with its place for messages once it is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name as written.
    pub text: String,
    /// Where it was written.
    pub place: Place,
}

impl Named {
    /// Returns a name that comes from a default or a flag.
    pub fn from_flag(text: &str, flag: &str) -> Self {
        Named { text: text.trim().to_owned(), place: Place::whole(flag) }
    }
}

/// How finely images are read, in the words of the vendors. Where a model does not know a word, it counts as high.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImageDetail {
    /// A thumbnail.
    Low,
    /// Between low and high.
    Medium,
    /// In tiles or patches.
    #[default]
    High,
    /// As large as it was sent, or nearly.
    Original,
    /// What the vendor does when a request does not say.
    Auto,
}

impl ImageDetail {
    /// The words in files.
    pub const WORDS: &'static [(&'static str, ImageDetail)] = &[
        ("low", ImageDetail::Low),
        ("medium", ImageDetail::Medium),
        ("high", ImageDetail::High),
        ("original", ImageDetail::Original),
        ("auto", ImageDetail::Auto),
    ];

    /// Returns the word for the detail.
    pub fn word(self) -> &'static str {
        word_for(self, ImageDetail::WORDS)
    }
}

/// Who pays the fixed part of a vector store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndexPlace {
    /// The index is the reason for the account: its monthly minimum counts.
    #[default]
    Dedicated,
    /// The account is there anyway: only use counts.
    Spare,
}

impl IndexPlace {
    /// The words in files.
    pub const WORDS: &'static [(&'static str, IndexPlace)] =
        &[("dedicated", IndexPlace::Dedicated), ("spare", IndexPlace::Spare)];

    /// Returns the word for the place.
    pub fn word(self) -> &'static str {
        word_for(self, IndexPlace::WORDS)
    }
}

/// What a turn of a conversation knows of the turns before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum History {
    /// All of them.
    #[default]
    Full,
    /// The last ones.
    Window,
    /// A summary.
    Summary,
}

impl History {
    /// The words in files.
    pub const WORDS: &'static [(&'static str, History)] =
        &[("full", History::Full), ("window", History::Window), ("summary", History::Summary)];

    /// Returns the word for the history.
    pub fn word(self) -> &'static str {
        word_for(self, History::WORDS)
    }
}

/// A cost that the user knows and no table has, such as engineering time or a licence.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnCost {
    /// What it is for.
    pub name: String,
    /// Each month.
    pub monthly: Option<Price>,
    /// Once.
    pub one_off: Option<Price>,
    /// For each request.
    pub per_request: Option<Price>,
    /// Currency; the scenario's where absent.
    pub currency: Option<Currency>,
    /// Designs that bear it; all where empty.
    pub strategies: Vec<Named>,
    /// Models whose designs bear it, as ids or patterns; all where empty.
    pub models: Vec<Named>,
    /// Where it was written.
    pub place: Place,
}

/// What a workload may use at all; an empty list allows all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constraints {
    /// Vendors of the models and of the store.
    pub vendors: Vec<Named>,
    /// Models of all kinds, as ids or patterns.
    pub models: Vec<Named>,
    /// Regions in which the models and the store run.
    pub regions: Vec<Named>,
}

/// A workload with everything that its file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// What the product does.
    pub description: String,
    /// Remarks that reports carry.
    pub notes: Vec<String>,
    /// Day whose prices hold.
    pub as_of: Option<Date>,
    /// Currency of the results.
    pub currency: Option<Currency>,
    /// Units of currencies for one US dollar that hold instead of the rates of the day.
    pub fixed_rates: Vec<(Currency, Decimal)>,
    /// Where the currency was written.
    pub currency_place: Option<Place>,
    /// Currency of the budget and of own costs that name none, where a flag asks for results in another one.
    pub amounts_currency: Option<Currency>,
    /// Region whose prices are preferred.
    pub region: Option<String>,
    /// Models to compare.
    pub models: Vec<Named>,
    /// Designs to compare.
    pub strategies: Vec<Named>,
    /// The design that is meant to run.
    pub plan: Option<Named>,
    /// The design that runs today.
    pub baseline: Option<Named>,
    /// Files of the corpus.
    pub files: Vec<Named>,
    /// Folder that relative file names start from.
    pub folder: PathBuf,
    /// Detail of images.
    pub image_detail: ImageDetail,
    /// Embedding model.
    pub embedding: Option<Named>,
    /// Vector store.
    pub store: Option<Named>,
    /// Reranker.
    pub reranker: Option<Named>,
    /// Model that writes contexts for chunks; the answering one where absent.
    pub context_model: Option<Named>,
    /// Who pays the store's fixed part.
    pub index: IndexPlace,
    /// What a turn of a conversation knows of those before it.
    pub history: History,
    /// Whether a rewrite sends the whole text with every call.
    pub resend_text: bool,
    /// Whether the context takes as much of the corpus as fits.
    pub fill_context: bool,
    /// What may be used at all.
    pub constraints: Constraints,
    /// Costs of the user's own.
    pub costs: Vec<OwnCost>,
    /// All numbers.
    pub numbers: Numbers,
}

impl Scenario {
    /// Sets any key from text, as `--set PATH=VALUE` does; lists are split at commas.
    ///
    /// # Errors
    /// A fault: unknown key with a suggestion, no number, out of range, not an allowed word.
    pub fn set(&mut self, path: &str, value: &str) -> Result<(), Fault> {
        if value.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            let (key, problem) = (path.to_owned(), "holds a control character");
            return Err(Fault::BadText { key, problem, remedy: "remove it" });
        }
        if let Some(setting) = SETTINGS.iter().find(|setting| setting.path == path) {
            let place = Place::whole("--set");
            let texts = match setting.form {
                setting::Form::List => {
                    value.split(',').map(|part| (part.trim().to_owned(), place.clone())).collect()
                }
                _ => vec![(value.to_owned(), place)],
            };
            return (setting.set)(self, &texts);
        }
        let param = Param::find(path).map_err(|_| unknown_key(path))?;
        if param == Param::ContextTokens && value.trim() == "fill" {
            self.fill_context = true;
            return Ok(());
        }
        let number = parse_number(value)
            .ok_or_else(|| Fault::NotANumber { key: path.to_owned(), text: value.to_owned() })?;
        self.set_number(param, number, value)
    }

    /// Sets a number after a check of its range.
    ///
    /// # Errors
    /// A fault that says the range.
    pub fn set_number(&mut self, param: Param, value: f64, shown: &str) -> Result<(), Fault> {
        param.facts().check(value, shown)?;
        self.put(param, value, Origin::Override);
        Ok(())
    }

    /// Asks for results in a currency. The amounts that the scenario holds stay in its own.
    pub fn show_in(&mut self, currency: Currency, place: Place) {
        self.amounts_currency = Some(self.amounts_in());
        self.currency = Some(currency);
        self.currency_place = Some(place);
    }

    /// Returns the regions whose prices are taken, the preferred one first.
    pub fn regions(&self) -> Vec<&str> {
        let allowed = self.constraints.regions.iter().map(|name| name.text.as_str());
        self.region.as_deref().into_iter().chain(allowed).collect()
    }

    /// Returns the currency of the budget and of own costs that name none.
    pub fn amounts_in(&self) -> Currency {
        self.amounts_currency.or(self.currency).unwrap_or(Currency::USD)
    }

    /// Puts a number that was checked before; a context size ends `"fill"`.
    pub fn put(&mut self, param: Param, value: f64, origin: Origin) {
        if param == Param::ContextTokens {
            self.fill_context = false;
        }
        self.numbers.set(param, value, origin);
    }

    /// Checks numbers against each other.
    ///
    /// # Errors
    /// The first contradiction, with the key to blame.
    pub fn consistency(&self) -> Result<(), (Param, Fault)> {
        let overlap = self.numbers.value(Param::OverlapTokens);
        let chunk = self.numbers.value(Param::ChunkTokens);
        if overlap >= chunk {
            let message = format!("the overlap of {overlap} tokens is not smaller than the chunk of {chunk}");
            let remedy = "make retrieval.overlap_tokens smaller than retrieval.chunk_tokens".to_owned();
            return Err((Param::OverlapTokens, Fault::Conflict { message, remedy }));
        }
        Ok(())
    }
}

/// Where all keys are listed, for a key that is like no other.
pub const KEYS_LISTED: &str = "`ragonomics scenario reference` lists every key";

/// Returns the fault of a key that is in neither list.
pub fn unknown_key(path: &str) -> Fault {
    let known = SETTINGS.iter().map(|s| s.path).chain(parameter::PARAMETERS.iter().map(|p| p.path));
    let near = crate::diagnostic::nearest(path, known).into_iter().next();
    Fault::UnknownKey { key: path.to_owned(), nearest: near, otherwise: KEYS_LISTED.to_owned() }
}
