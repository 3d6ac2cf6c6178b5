//! A workload as its user wrote it: checked, with units, knowing nothing of prices.

pub mod form;
pub mod group;
pub mod library;
pub mod load;
pub mod parameter;
pub mod range;
pub mod reference;
pub mod save;
pub mod schema;
pub mod setting;
pub mod table;
pub mod target;
pub mod workload;

use std::path::PathBuf;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::diagnostic::{Fault, Place, word_for};
use crate::units::{Currency, Price, parse_number};
pub use group::{GroupKind, Groups};
pub use parameter::{Numbers, Origin, Param};
pub use range::{Range, Uncertain};
use setting::SETTINGS;
pub use target::Target;
pub use workload::Workload;

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

/// Which system prompts are cached in designs that do not cache their context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PromptCache {
    /// Where the vendor caches by itself and writing costs no more than plain input, so that nothing can be lost.
    #[default]
    Automatic,
    /// Wherever the model's rules allow.
    Always,
    /// Nowhere.
    Never,
}

impl PromptCache {
    /// The words in files.
    pub const WORDS: &'static [(&'static str, PromptCache)] = &[
        ("automatic", PromptCache::Automatic),
        ("always", PromptCache::Always),
        ("never", PromptCache::Never),
    ];

    /// Returns the word for the rule.
    pub fn word(self) -> &'static str {
        word_for(self, PromptCache::WORDS)
    }
}

/// Whose something is, where tenants share the traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Each tenant has one of its own.
    Own,
    /// All tenants use the same.
    Shared,
}

impl Owner {
    /// The words in files.
    pub const WORDS: &'static [(&'static str, Owner)] = &[("own", Owner::Own), ("shared", Owner::Shared)];

    /// Returns the word for the owner.
    pub fn word(self) -> &'static str {
        word_for(self, Owner::WORDS)
    }
}

/// How PDF pages are sent to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PagesAs {
    /// As their text.
    Text,
    /// As pictures.
    Image,
    /// As both, as models that read PDFs take them.
    #[default]
    Both,
}

impl PagesAs {
    /// The words in files.
    pub const WORDS: &'static [(&'static str, PagesAs)] =
        &[("text", PagesAs::Text), ("image", PagesAs::Image), ("both", PagesAs::Both)];

    /// Returns the word for the way.
    pub fn word(self) -> &'static str {
        word_for(self, PagesAs::WORDS)
    }
}

/// What a turn of a conversation knows of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TalkContext {
    /// The corpus in every prompt.
    #[default]
    Stuffed,
    /// Chunks that are retrieved anew for each turn.
    Retrieved,
}

impl TalkContext {
    /// The words in files.
    pub const WORDS: &'static [(&'static str, TalkContext)] =
        &[("stuffed", TalkContext::Stuffed), ("retrieved", TalkContext::Retrieved)];

    /// Returns the word for the context.
    pub fn word(self) -> &'static str {
        word_for(self, TalkContext::WORDS)
    }
}

/// How a workload works, beside its numbers; what strategies ask for while they count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Modes {
    /// Detail of images.
    pub image_detail: ImageDetail,
    /// How PDF pages are sent.
    pub pages_as: PagesAs,
    /// Who pays the store's fixed part.
    pub index: IndexPlace,
    /// Whose the corpus is.
    pub corpus_of: Owner,
    /// Whose the system prompt is.
    pub prompt_of: Owner,
    /// Which system prompts are cached.
    pub prompt_cache: PromptCache,
    /// Whether a cached context is kept warm by reads of no use.
    pub keep_warm: bool,
    /// Whether the index is made through batch queues.
    pub index_in_batch: bool,
    /// Whether a call of its own writes each document to the cache before contexts are written.
    pub warm_up: bool,
    /// Whether the long context that hybrid falls back to is cached.
    pub fallback_cached: bool,
    /// What a turn of a conversation knows of those before it.
    pub history: History,
    /// What it knows of the corpus.
    pub talk_context: TalkContext,
    /// Whether the turns of a conversation are cached.
    pub talk_cached: bool,
    /// Whether a rewrite sends the whole text with every call.
    pub resend_text: bool,
    /// Whether the context takes as much of the corpus as fits.
    pub fill_context: bool,
}

impl Default for Modes {
    fn default() -> Self {
        Modes {
            image_detail: ImageDetail::default(),
            pages_as: PagesAs::default(),
            index: IndexPlace::default(),
            corpus_of: Owner::Own,
            prompt_of: Owner::Shared,
            prompt_cache: PromptCache::default(),
            keep_warm: false,
            index_in_batch: false,
            warm_up: false,
            fallback_cached: true,
            history: History::default(),
            talk_context: TalkContext::default(),
            talk_cached: true,
            resend_text: false,
            fill_context: false,
        }
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
    /// How it works, beside the numbers.
    pub modes: Modes,
    /// Language of the texts whose tokens were counted.
    pub language: Option<Named>,
    /// Tokenizer with which tokens were counted, where they are to be converted for each model.
    pub measured_with: Option<Named>,
    /// Factors on the requests of each month of the year, from January on; empty where all months are alike.
    pub seasonal: Vec<f64>,
    /// The rate-limit tiers that the customer is in, as `vendor=tier`.
    pub tiers: Vec<Named>,
    /// Embedding model.
    pub embedding: Option<Named>,
    /// Vector store.
    pub store: Option<Named>,
    /// Reranker.
    pub reranker: Option<Named>,
    /// Model that writes contexts for chunks; the answering one where absent.
    pub context_model: Option<Named>,
    /// Model of the long context that hybrid falls back to; the answering one where absent.
    pub fallback_model: Option<Named>,
    /// What may be used at all.
    pub constraints: Constraints,
    /// Costs of the user's own.
    pub costs: Vec<OwnCost>,
    /// Classes, corpora, calls and other repeated tables.
    pub groups: Groups,
    /// Numbers that are known only roughly.
    pub ranges: Vec<Uncertain>,
    /// All numbers of the whole.
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
                setting::Form::List | setting::Form::Numbers => {
                    value.split(',').map(|part| (part.trim().to_owned(), place.clone())).collect()
                }
                _ => vec![(value.to_owned(), place)],
            };
            return (setting.set)(self, &texts);
        }
        let target = self.find_target(path)?;
        if target == Param::ContextTokens.into() && value.trim() == "fill" {
            self.modes.fill_context = true;
            return Ok(());
        }
        let number = parse_number(value)
            .ok_or_else(|| Fault::NotANumber { key: path.to_owned(), text: value.to_owned() })?;
        self.set_number(target, number, value)
    }

    /// Sets a number after a check of its range.
    ///
    /// # Errors
    /// A fault that says the range.
    pub fn set_number(&mut self, target: impl Into<Target>, value: f64, shown: &str) -> Result<(), Fault> {
        let target = target.into();
        target.param.facts().check(value, shown).map_err(|fault| match fault {
            Fault::OutOfRange { value, range, .. } => {
                Fault::OutOfRange { key: self.path_of(target), value, range }
            }
            fault => fault,
        })?;
        self.put(target, value, Origin::Override);
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

    /// Puts a number that was checked before; a context size ends `"fill"`, and a value ends what was known roughly. Users
    /// and requests a month replace each other.
    pub fn put(&mut self, target: impl Into<Target>, value: f64, origin: Origin) {
        let target = target.into();
        if target == Param::ContextTokens.into() {
            self.modes.fill_context = false;
        }
        let replaced = match target {
            Target { param: Param::RequestsPerMonth, group: None } => Some(Param::Users.into()),
            Target { param: Param::Users, group: None } => Some(Param::RequestsPerMonth.into()),
            _ => None,
        };
        self.ranges.retain(|known| known.target != target && Some(known.target) != replaced);
        match target.group {
            None => self.numbers.set(target.param, value, origin),
            Some((kind, at)) => {
                self.groups.numbers_mut(kind, usize::from(at)).set(target.param, value, origin);
            }
        }
    }

    /// Puts a number that is known only roughly; its middle value, whole where it has to be, holds where one is needed.
    pub fn put_range(&mut self, target: impl Into<Target>, range: Range, origin: Origin) {
        let target = target.into();
        let facts = target.param.facts();
        let middle = if facts.whole { range.middle().round() } else { range.middle() };
        self.put(target, middle.clamp(facts.bounds.0, facts.bounds.1), origin);
        self.ranges.push(Uncertain { target, range });
    }

    /// Checks numbers against each other, for each class of requests.
    ///
    /// # Errors
    /// The first contradiction, with the number to blame.
    pub fn consistency(&self) -> Result<(), (Target, Fault)> {
        self.shares_come_to_one()?;
        self.consistency_of(Vec::new())
    }

    /// Checks numbers against each other with those of some `[[model]]` tables.
    ///
    /// # Errors
    /// The first contradiction, with the number to blame.
    pub fn consistency_of(&self, models: Vec<u16>) -> Result<(), (Target, Fault)> {
        let workload = Workload::of(self, models, |_| 1.0);
        for slice in &workload.slices {
            let Some(param) = workload::contradiction(&slice.numbers) else { continue };
            let group = slice.class.map(|class| (GroupKind::Class, class));
            let own =
                group.filter(|(kind, at)| self.groups.numbers(*kind, usize::from(*at)).get(param).is_some());
            return Err((Target { param, group: own }, contradiction_in_words(param, &slice.numbers)));
        }
        Ok(())
    }

    /// Checks that the shares of classes come to all requests.
    fn shares_come_to_one(&self) -> Result<(), (Target, Fault)> {
        let classes = &self.groups.classes;
        if classes.is_empty() {
            return Ok(());
        }
        let given: Vec<f64> =
            classes.iter().filter_map(|class| class.numbers.get(Param::ClassShare)).collect();
        let (sum, open) = (given.iter().sum::<f64>(), classes.len() - given.len());
        let target = Target { param: Param::ClassShare, group: Some((GroupKind::Class, 0)) };
        let percent = crate::units::decimal(sum * 100.0).normalize();
        let (message, remedy) = match open {
            0 if (sum - 1.0).abs() > 1e-9 => (
                format!("the shares of the classes come to {percent}%"),
                "make them come to 100%, or leave one share out: it takes what the others leave",
            ),
            1 if sum > 1.0 + 1e-9 => (
                format!("the shares of the classes come to {percent}%, and one has no share yet"),
                "make the others smaller",
            ),
            0 | 1 => return Ok(()),
            open => (
                format!("{open} classes have no share"),
                "give a share to all, or to all but one: that takes what the others leave",
            ),
        };
        Err((target, Fault::Conflict { message, remedy: remedy.to_owned() }))
    }
}

fn contradiction_in_words(param: Param, numbers: &Numbers) -> Fault {
    let value = |param| numbers.value(param);
    let (message, remedy) = match param {
        Param::ReasoningTokens => (
            format!(
                "{} reasoning tokens are more than the {} output tokens that they are a part of",
                value(Param::ReasoningTokens),
                value(Param::OutputTokens)
            ),
            "make request.output_tokens include them",
        ),
        Param::BatchShare => (
            "service.batch_share, flex_share and priority_share come to more than all requests".to_owned(),
            "make them come to 100% at most; the rest is served as usual",
        ),
        _ => (
            format!(
                "the overlap of {} tokens is not smaller than the chunk of {}",
                value(Param::OverlapTokens),
                value(Param::ChunkTokens)
            ),
            "make retrieval.overlap_tokens smaller than retrieval.chunk_tokens",
        ),
    };
    Fault::Conflict { message, remedy: remedy.to_owned() }
}

/// Where all keys are listed, for a key that is like no other.
pub const KEYS_LISTED: &str = "`ragonomics scenario reference` lists every key";

/// Returns the fault of a key that is in neither list.
pub fn unknown_key(path: &str) -> Fault {
    let known = SETTINGS.iter().map(|s| s.path).chain(parameter::PARAMETERS.iter().map(|p| p.path));
    let near = crate::diagnostic::nearest(path, known).into_iter().next();
    Fault::UnknownKey { key: path.to_owned(), nearest: near, otherwise: KEYS_LISTED.to_owned() }
}
