//! Vendors, their products and what each cost on any day.
//!
//! A [`Catalog`] is made from TOML tables by [`load`](mod@load): the ones under `pricing/`, embedded in
//! the program, then the user's files over them. It knows nothing of scenarios. Prices are looked
//! up by product and date through [`Catalog::price_on`]; an absent price is a [`NoPrice`] with its
//! reason, never zero.

pub mod check;
pub mod embedded;
pub mod exchange;
pub mod image_tokens;
pub mod load;
pub mod meter;
pub mod rate;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use wildmatch::WildMatch;

use crate::diagnostic::{Fault, nearest, word_for};
use crate::units::{Currency, Price};
pub use exchange::ExchangeRates;
pub use image_tokens::{ImageTokens, PatchLimits, PatchRule};
pub use meter::Meter;
pub use rate::Service;
use rate::{CallContext, Cell, Segments, segments};

/// Index of a product in its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProductId(pub u32);

/// A company that sells products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// Short id, the first half of a product id.
    pub id: String,
    /// Name as the company writes it.
    pub name: String,
    /// Address of the pricing page.
    pub pricing_page: Option<String>,
}

/// What a product is sold as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A language model that answers prompts.
    Chat,
    /// A model that turns text into vectors.
    Embedding,
    /// A model that orders candidates.
    Rerank,
    /// A database of vectors, or a hosted file search.
    VectorStore,
    /// A model that makes images.
    Image,
    /// Speech to text.
    Transcription,
    /// Text to speech.
    Speech,
    /// Rented hardware.
    Gpu,
    /// A flat fee for a user.
    Subscription,
}

impl Kind {
    /// The words for the kinds in files and filters.
    pub const WORDS: &'static [(&'static str, Kind)] = &[
        ("chat", Kind::Chat),
        ("embedding", Kind::Embedding),
        ("rerank", Kind::Rerank),
        ("vector_store", Kind::VectorStore),
        ("image", Kind::Image),
        ("transcription", Kind::Transcription),
        ("speech", Kind::Speech),
        ("gpu", Kind::Gpu),
        ("subscription", Kind::Subscription),
    ];

    /// Returns the word for the kind.
    pub fn word(self) -> &'static str {
        word_for(self, Kind::WORDS)
    }
}

/// How a prompt cache is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheMode {
    /// The vendor caches prefixes on its own; hits cannot be relied upon.
    Automatic,
    /// The caller marks what to cache.
    Explicit,
}

/// One way in which a model's prompts can be cached.
#[derive(Debug, Clone, PartialEq)]
pub struct CacheRule {
    /// Who decides what is cached.
    pub mode: CacheMode,
    /// First day on which it could be used, where that was after the model came out.
    pub since: Option<Date>,
    /// Minutes that an entry lives without being used.
    pub ttl_minutes: f64,
    /// Whether a hit starts the lifetime anew.
    pub renews_on_hit: bool,
    /// Shortest prefix that is cached, in tokens.
    pub minimum_tokens: f64,
    /// Step to which the cached part is rounded down, in tokens.
    pub increment_tokens: f64,
    /// Meter that a write is billed under; [`Meter::Input`] where writes cost plain input.
    pub write: Meter,
    /// Whether stored tokens pay rent by the hour.
    pub rent: bool,
}

/// How a vector store turns vectors and queries into billed units.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreRule {
    /// Bytes of one vector dimension.
    pub bytes_per_dimension: f64,
    /// Bytes of a record beside its vector and metadata, such as its id.
    pub record_overhead_bytes: f64,
    /// Stored bytes for each byte of records; 1.5 where an index stays in memory.
    pub index_factor: f64,
    /// Read units of a query for each GB of the namespace it searches.
    pub read_units_per_gb: f64,
    /// Fewest read units of a query.
    pub minimum_read_units: f64,
    /// Bytes of records that one write unit holds.
    pub bytes_per_write_unit: f64,
    /// Vector dimensions, where the store embeds by itself and fixes them.
    pub own_dimensions: Option<f64>,
    /// Whether the store makes the vectors itself and charges nothing for it.
    pub embeds: bool,
    /// What the store bills.
    pub bills: Vec<Meter>,
}

/// How a reranker counts what it bills.
#[derive(Debug, Clone, PartialEq)]
pub struct RerankRule {
    /// Documents that one search unit covers.
    pub documents_per_unit: f64,
    /// Tokens, query included, above which a document is split.
    pub split_tokens: f64,
}

/// What a rate limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quota {
    /// Requests per minute.
    Rpm,
    /// Tokens per minute, input and output together.
    Tpm,
    /// Input tokens per minute.
    Itpm,
    /// Output tokens per minute.
    Otpm,
    /// Requests per day.
    Rpd,
    /// Tokens that may wait in the batch queue.
    BatchQueue,
}

impl Quota {
    /// The keys of the quotas in files.
    pub const WORDS: &'static [(&'static str, Quota)] = &[
        ("rpm", Quota::Rpm),
        ("tpm", Quota::Tpm),
        ("itpm", Quota::Itpm),
        ("otpm", Quota::Otpm),
        ("rpd", Quota::Rpd),
        ("batch_queue_tokens", Quota::BatchQueue),
    ];

    /// Returns the usual abbreviation, or words where there is none.
    pub fn label(self) -> &'static str {
        match self {
            Quota::Rpm => "RPM",
            Quota::Tpm => "TPM",
            Quota::Itpm => "ITPM",
            Quota::Otpm => "OTPM",
            Quota::Rpd => "RPD",
            Quota::BatchQueue => "batch queue",
        }
    }
}

/// How much a customer may send in a minute or a day.
#[derive(Debug, Clone, PartialEq)]
pub struct RateLimit {
    /// Name of the tier.
    pub tier: String,
    /// First day on which it was in force.
    pub from: Date,
    /// What qualifies for the tier.
    pub needs: Option<String>,
    /// The quotas with their sizes, in the order of [`Quota::WORDS`].
    pub quotas: Vec<(Quota, f64)>,
    /// Whether cached tokens count toward token limits.
    pub counts_cached: bool,
    /// Input size above which this limit, and not the ordinary one, applies.
    pub above_input_tokens: Option<f64>,
    /// Where the figures come from.
    pub source: String,
    /// How sure they are.
    pub confidence: Confidence,
}

impl RateLimit {
    /// Returns the size of a quota; `None` where the tier has none.
    pub fn size(&self, quota: Quota) -> Option<f64> {
        self.quotas.iter().find(|(known, _)| *known == quota).map(|(_, size)| *size)
    }
}

/// How far a figure can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Confidence {
    /// From memory or disputed.
    Low,
    /// Second hand, or a rule plus arithmetic.
    Medium,
    /// Read on the vendor's page or a dated copy of it.
    #[default]
    High,
}

impl Confidence {
    /// The words for the grades in files.
    pub const WORDS: &'static [(&'static str, Confidence)] =
        &[("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];

    /// Returns the word for the grade.
    pub fn word(self) -> &'static str {
        word_for(self, Confidence::WORDS)
    }
}

/// A product's whole price list from one day on.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceCard {
    /// First day on which it holds.
    pub from: Date,
    /// First day on which it no longer holds, where the vendor gave an end.
    pub until: Option<Date>,
    /// Region or deployment that it is for; `None` is the vendor's default.
    pub region: Option<String>,
    /// Currency that it is quoted in.
    pub currency: Currency,
    /// Prices by condition, in the order of the service classes, the unconditional cell first.
    pub cells: Vec<Cell>,
    /// Least that a month costs; a floor, not a fee on top.
    pub minimum_per_month: Option<Price>,
    /// Quantities a month that cost nothing, in base units.
    pub included: Vec<(Meter, f64)>,
    /// Where the figures come from.
    pub source: String,
    /// Day on which somebody last compared them with the source.
    pub checked: Date,
    /// How sure they are.
    pub confidence: Confidence,
    /// What a reader should know about this price.
    pub note: Option<String>,
    /// Whether an announced change was called off; such a card never holds.
    pub withdrawn: bool,
}

/// Meters of which one card can include a quantity; rating keeps room for this many.
pub const MOST_INCLUDED: usize = 8;

/// Days after which a price that nobody checked is called old.
pub const STALE_AFTER_DAYS: i32 = 90;

impl PriceCard {
    /// Splits a quantity of one call into parts with their prices; empty when none is known.
    pub fn segments(&self, meter: Meter, quantity: f64, call: &CallContext<'_>) -> Segments {
        segments(&self.cells, meter, quantity, call)
    }

    /// Returns whether a meter has a price for an ordinary call.
    pub fn prices(&self, meter: Meter) -> bool {
        self.cells.iter().any(|cell| cell.rate(meter).is_some())
    }

    /// Returns whether the card was last checked more than [`STALE_AFTER_DAYS`] before `date`.
    pub fn is_stale(&self, date: Date) -> bool {
        (date - self.checked).get_days() > STALE_AFTER_DAYS
    }
}

/// Something that is sold, with everything known about it but its use.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Full id, `vendor/model`.
    pub id: String,
    /// Index of the vendor.
    pub vendor: usize,
    /// Name as the vendor writes it.
    pub name: String,
    /// Other ids that mean this product.
    pub aliases: Vec<String>,
    /// What it is sold as.
    pub kind: Kind,
    /// First day on which it could be bought.
    pub released: Option<Date>,
    /// First day on which it can no longer be bought.
    pub retired: Option<Date>,
    /// Context window in tokens.
    pub window: Option<f64>,
    /// Largest input in tokens, where it is less than the window.
    pub max_input: Option<f64>,
    /// Largest output in tokens.
    pub max_output: Option<f64>,
    /// Whether input and output share the window.
    pub shared_window: bool,
    /// What goes in: `text`, `image`, `audio`, `video`, `pdf`.
    pub modalities: Vec<String>,
    /// Name of the tokenizer.
    pub tokenizer: Option<String>,
    /// How an image of the prompt is counted.
    pub image_tokens: Option<ImageTokens>,
    /// Whether the weights are published.
    pub open_weights: bool,
    /// Vector dimensions of an embedding model.
    pub dimensions: Option<f64>,
    /// Ways to cache prompts, the usual one first.
    pub caches: Vec<CacheRule>,
    /// How a vector store counts.
    pub store: Option<StoreRule>,
    /// How a reranker counts.
    pub rerank: Option<RerankRule>,
    /// Rate limits by tier, in ascending order.
    pub limits: Vec<RateLimit>,
    /// What a reader should know, such as why there is no price.
    pub note: Option<String>,
    /// Price cards by date, oldest first.
    pub prices: Vec<PriceCard>,
    /// File that the product's facts come from.
    pub file: Arc<str>,
    /// File that the product's prices come from, an overlay perhaps.
    pub price_file: Arc<str>,
}

impl Product {
    /// Returns the id without the vendor.
    pub fn short_id(&self) -> &str {
        self.id.split_once('/').map_or(&self.id, |(_, short)| short)
    }

    /// Returns whether the product was withdrawn on or before a day.
    pub fn is_retired(&self, date: Date) -> bool {
        self.retired.is_some_and(|retired| retired <= date)
    }
}

/// Why a product has no price on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPrice {
    /// It came out later.
    NotReleased(Date),
    /// Its first price is dated later, though nothing says when it came out.
    NotYetPriced(Date),
    /// Nobody printed a price that holds on that day.
    Unknown(Date),
}

impl fmt::Display for NoPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoPrice::NotReleased(date) => write!(f, "not released until {date}"),
            NoPrice::NotYetPriced(date) => write!(f, "no price known before {date}"),
            NoPrice::Unknown(date) => write!(f, "no public price known on {date}"),
        }
    }
}

/// All vendors, products, prices and exchange rates.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Vendors in the order of the tables.
    pub vendors: Vec<Vendor>,
    /// Products in the order of the tables.
    pub products: Vec<Product>,
    /// Exchange rates by date.
    pub exchange: ExchangeRates,
    /// Files read, in order; later ones overlay earlier ones.
    pub files: Vec<Arc<str>>,
    names: HashMap<String, ProductId>,
    bare: HashMap<String, Vec<ProductId>>,
}

impl Catalog {
    /// Builds the indexes; the loader calls it once.
    pub(crate) fn index(&mut self) {
        self.names.clear();
        self.bare.clear();
        for (at, product) in self.products.iter().enumerate() {
            let id = ProductId(at as u32);
            self.names.insert(product.id.to_lowercase(), id);
            let vendor = &self.vendors[product.vendor].id;
            for alias in &product.aliases {
                self.names.insert(format!("{vendor}/{alias}").to_lowercase(), id);
                self.bare.entry(alias.to_lowercase()).or_default().push(id);
            }
            self.bare.entry(product.short_id().to_lowercase()).or_default().push(id);
        }
    }

    /// Returns a product.
    #[inline]
    pub fn product(&self, id: ProductId) -> &Product {
        &self.products[id.0 as usize]
    }

    /// Returns the vendor of a product.
    pub fn vendor_of(&self, id: ProductId) -> &Vendor {
        &self.vendors[self.product(id).vendor]
    }

    /// Returns all products with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (ProductId, &Product)> {
        self.products.iter().enumerate().map(|(at, product)| (ProductId(at as u32), product))
    }

    /// Finds a product by full id, alias, or a bare name that only one vendor uses.
    ///
    /// # Errors
    /// A fault that names the nearest ids, or all that the name could mean.
    pub fn find(&self, name: &str) -> Result<ProductId, Fault> {
        let wanted = name.trim().to_lowercase();
        if let Some(id) = self.names.get(&wanted) {
            return Ok(*id);
        }
        match self.bare.get(&wanted).map(Vec::as_slice) {
            Some([id]) => Ok(*id),
            Some(several) => Err(Fault::AmbiguousName {
                kind: "model",
                name: name.to_owned(),
                candidates: several.iter().map(|id| self.product(*id).id.clone()).collect(),
            }),
            None => Err(Fault::UnknownName {
                kind: "model",
                name: name.to_owned(),
                nearest: nearest(name, self.products.iter().map(|product| product.id.as_str())),
            }),
        }
    }

    /// Finds all products that a pattern names: an id, an alias, or a glob such as `openai/*`.
    ///
    /// # Errors
    /// A fault when nothing matches.
    pub fn find_all(&self, pattern: &str, kind: Kind) -> Result<Vec<ProductId>, Fault> {
        if !pattern.contains(['*', '?']) {
            return self.find(pattern).map(|id| vec![id]).map_err(|fault| self.with_pattern(fault, kind));
        }
        let glob = WildMatch::new(&pattern.trim().to_lowercase());
        let matching: Vec<ProductId> = self
            .iter()
            .filter(|(_, product)| product.kind == kind)
            .filter(|(_, product)| {
                glob.matches(&product.id.to_lowercase()) || glob.matches(&product.short_id().to_lowercase())
            })
            .map(|(id, _)| id)
            .collect();
        if matching.is_empty() {
            return Err(Fault::UnknownName {
                kind: "model pattern",
                name: pattern.to_owned(),
                nearest: Vec::new(),
            });
        }
        Ok(matching)
    }

    /// Suggests a pattern first where an unknown name is a vendor, or a part of several ids.
    fn with_pattern(&self, fault: Fault, kind: Kind) -> Fault {
        let Fault::UnknownName { kind: what, name, mut nearest } = fault else { return fault };
        let part = name.trim().to_lowercase();
        let of_kind = || self.products.iter().filter(|product| product.kind == kind);
        let inside = of_kind().filter(|product| product.short_id().to_lowercase().contains(&part));
        if self.vendors.iter().any(|vendor| vendor.id == part) {
            nearest = vec![format!("{part}/*")];
        } else if part.len() >= 3 && inside.count() > 1 {
            nearest.truncate(2);
            nearest.insert(0, format!("*{part}*"));
        }
        Fault::UnknownName { kind: what, name, nearest }
    }

    /// Returns the price card that holds on a day.
    ///
    /// The newest card from that day or before holds, unless it has ended; a card for the region
    /// asked for goes before one without a region.
    ///
    /// # Errors
    /// Why there is none.
    pub fn price_on(&self, id: ProductId, date: Date, region: Option<&str>) -> Result<&PriceCard, NoPrice> {
        let product = self.product(id);
        if let Some(released) = product.released.filter(|released| *released > date) {
            return Err(NoPrice::NotReleased(released));
        }
        let holding = |wanted: Option<&str>| {
            product
                .prices
                .iter()
                .rev()
                .find(|card| card.from <= date && !card.withdrawn && card.region.as_deref() == wanted)
                .filter(|card| card.until.is_none_or(|until| until > date))
        };
        if let Some(card) = region.and_then(|region| holding(Some(region))).or_else(|| holding(None)) {
            return Ok(card);
        }
        let next = product
            .prices
            .iter()
            .filter(|card| card.from > date && !card.withdrawn)
            .map(|card| card.from)
            .min();
        let earlier = product.prices.iter().any(|card| card.from <= date);
        match next {
            Some(first) if !earlier => Err(NoPrice::NotYetPriced(first)),
            _ => Err(NoPrice::Unknown(date)),
        }
    }
}
