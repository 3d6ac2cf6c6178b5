//! Vendors, their products and what each cost on any day.
//!
//! A [`Catalog`] is made from TOML tables by [`load`](mod@load): the ones under `pricing/`, embedded in
//! the program, then the user's files over them. It knows nothing of scenarios. Prices are looked
//! up by product and date through [`Catalog::price_on`]; an absent price is a [`NoPrice`] with its
//! reason, never zero.

pub mod audit;
pub mod card;
pub mod check;
pub mod contract;
pub mod embedded;
pub mod exchange;
pub mod image_tokens;
pub mod load;
pub mod meter;
pub mod query;
pub mod rate;
pub mod rules;
pub mod schema;
pub mod tokenizer;
pub mod tree;
pub mod write;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use wildmatch::WildMatch;

use crate::diagnostic::{Fault, nearest, word_for};
pub use card::{Confidence, MOST_INCLUDED, PriceCard, STALE_AFTER_DAYS};
pub use exchange::ExchangeRates;
pub use image_tokens::{ImageTokens, PatchLimits, PatchRule};
pub use meter::Meter;
pub use rate::Service;
pub use rules::{
    CacheMode, CacheRule, Disagreement, Provisioned, Quota, RateLimit, Reason, RerankRule, StoreRule,
    Throughput,
};
pub use tokenizer::{Language, TokenRatio, Tokenizer, Tokenizers};

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
    /// Whether it sells other companies' models under their names.
    pub resells: bool,
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
    /// A model that makes videos.
    Video,
    /// A model that reads documents page by page.
    Ocr,
    /// A model that judges whether a text is allowed.
    Moderation,
    /// A search of the web or of documents, sold by the call.
    Search,
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
        ("video", Kind::Video),
        ("ocr", Kind::Ocr),
        ("moderation", Kind::Moderation),
        ("search", Kind::Search),
    ];

    /// Returns the word for the kind.
    pub fn word(self) -> &'static str {
        word_for(self, Kind::WORDS)
    }

    /// Returns whether it is a model, and not a store, hardware, a seat or a search.
    pub fn is_model(self) -> bool {
        !matches!(self, Kind::VectorStore | Kind::Gpu | Kind::Subscription | Kind::Search)
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
    /// Name of the tokenizer, which [`Tokenizers`] has if it was measured.
    pub tokenizer: Option<String>,
    /// How an image of the prompt is counted.
    pub image_tokens: Option<ImageTokens>,
    /// Whether the weights are published.
    pub open_weights: bool,
    /// Regions in which it can be used, where they are known: `us`, `eu`, `china`.
    pub regions: Vec<String>,
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
    /// What one unit of reserved throughput serves.
    pub provisioned: Option<Provisioned>,
    /// Measured throughput of models on rented hardware.
    pub throughput: Vec<Throughput>,
    /// Where other price tables say otherwise, and why.
    pub disagreements: Vec<Disagreement>,
    /// What a reader should know, such as why there is no price.
    pub note: Option<String>,
    /// Price cards by date, oldest first.
    pub prices: Vec<PriceCard>,
    /// File that the product's facts come from.
    pub file: Arc<str>,
    /// Facts that a later file replaced: the key as written there, and that file.
    pub overlaid: Vec<(String, Arc<str>)>,
    /// File that the product's prices come from, an overlay perhaps.
    pub price_file: Arc<str>,
}

impl Product {
    /// Returns a product of which nothing is known but its id.
    pub fn blank(id: String, vendor: usize, file: Arc<str>) -> Product {
        Product {
            name: id.split_once('/').map_or(id.as_str(), |(_, short)| short).to_owned(),
            id,
            vendor,
            aliases: Vec::new(),
            kind: Kind::Chat,
            released: None,
            retired: None,
            window: None,
            max_input: None,
            max_output: None,
            shared_window: true,
            modalities: vec!["text".into()],
            tokenizer: None,
            image_tokens: None,
            open_weights: false,
            regions: Vec::new(),
            dimensions: None,
            caches: Vec::new(),
            store: None,
            rerank: None,
            limits: Vec::new(),
            provisioned: None,
            throughput: Vec::new(),
            disagreements: Vec::new(),
            note: None,
            prices: Vec::new(),
            file: file.clone(),
            overlaid: Vec::new(),
            price_file: file,
        }
    }

    /// Returns the id without the vendor.
    pub fn short_id(&self) -> &str {
        self.id.split_once('/').map_or(&self.id, |(_, short)| short)
    }

    /// Returns whether the product was withdrawn on or before a day.
    pub fn is_retired(&self, date: Date) -> bool {
        self.retired.is_some_and(|retired| retired <= date)
    }

    /// Says on a day that it is no longer sold, and since when; `None` while it is.
    pub fn sold_no_more(&self, date: Date) -> Option<String> {
        let since = self.retired.filter(|retired| *retired <= date)?;
        Some(format!("{} is no longer sold since {since}", self.id))
    }

    /// Returns the regions in which the product is known to run, each once: those of its facts and of its prices.
    pub fn regions_known(&self) -> impl Iterator<Item = &str> {
        let priced =
            self.prices.iter().filter(|card| !card.withdrawn).filter_map(|card| card.region.as_deref());
        let mut known: Vec<&str> = Vec::new();
        for region in self.regions.iter().map(String::as_str).chain(priced) {
            if !known.contains(&region) {
                known.push(region);
            }
        }
        known.into_iter()
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

/// All vendors, products, prices, tokenizers and exchange rates.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Vendors in the order of the tables.
    pub vendors: Vec<Vendor>,
    /// Products in the order of the tables.
    pub products: Vec<Product>,
    /// Exchange rates by date.
    pub exchange: ExchangeRates,
    /// Tokenizers that were measured.
    pub tokenizers: Tokenizers,
    /// What the customer has agreed with vendors.
    pub contracts: contract::Contracts,
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
        let names = self.products.iter().map(|product| 1 + product.aliases.len()).sum();
        self.names.reserve(names);
        self.bare.reserve(names);
        for (at, product) in self.products.iter().enumerate() {
            let id = ProductId(at as u32);
            self.names.insert(product.id.to_lowercase(), id);
            let vendor = &self.vendors[product.vendor].id;
            for alias in &product.aliases {
                self.names.insert([vendor, "/", alias].concat().to_lowercase(), id);
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

    /// Returns the product of a full id, or of a vendor's alias, in any case.
    pub fn named(&self, id: &str) -> Option<ProductId> {
        self.names.get(&id.to_lowercase()).copied()
    }

    /// Finds a vendor by its id, in any case.
    ///
    /// # Errors
    /// A fault that names the nearest ids.
    pub fn find_vendor(&self, name: &str) -> Result<&Vendor, Fault> {
        let found = self.vendors.iter().find(|vendor| vendor.id.eq_ignore_ascii_case(name.trim()));
        found.ok_or_else(|| Fault::UnknownName {
            kind: "vendor",
            name: name.to_owned(),
            nearest: nearest(name, self.vendors.iter().map(|vendor| vendor.id.as_str())),
        })
    }

    /// Finds a product by full id, alias, or a bare name that only one vendor uses; a name that resellers use
    /// too means the product of the vendor that makes it.
    ///
    /// # Errors
    /// A fault that names the nearest ids, or all that the name could mean.
    pub fn find(&self, name: &str) -> Result<ProductId, Fault> {
        let wanted = name.trim().to_lowercase();
        if let Some(id) = self.names.get(&wanted) {
            return Ok(*id);
        }
        let named = self.bare.get(&wanted).map(Vec::as_slice);
        let mut of_makers = named.unwrap_or_default().iter().filter(|id| !self.vendor_of(**id).resells);
        if let (Some(id), None) = (of_makers.next(), of_makers.next()) {
            return Ok(*id);
        }
        match named {
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
