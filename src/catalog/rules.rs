//! Billing rules of a product: caches, stores, rerankers, rate limits, reserved capacity, and what is known of
//! other tables that say otherwise.

use jiff::civil::Date;

use super::Confidence;
use super::meter::Meter;
use crate::diagnostic::word_for;

/// How a prompt cache is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheMode {
    /// The vendor caches prefixes on its own; hits cannot be relied upon.
    Automatic,
    /// The caller marks what to cache.
    Explicit,
}

impl CacheMode {
    /// The words for the modes in files.
    pub const WORDS: &'static [(&'static str, CacheMode)] =
        &[("automatic", CacheMode::Automatic), ("explicit", CacheMode::Explicit)];

    /// Returns the word for the mode.
    pub fn word(self) -> &'static str {
        word_for(self, CacheMode::WORDS)
    }
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
    /// Meter that a read is billed under.
    pub read: Meter,
    /// Whether stored tokens pay rent by the hour.
    pub rent: bool,
    /// What a reader should know, such as what is not promised.
    pub note: Option<String>,
}

impl CacheRule {
    /// Returns whether the cache could be used on a day.
    pub fn is_open(&self, date: Date) -> bool {
        self.since.is_none_or(|since| since <= date)
    }
}

/// How a vector store turns vectors and queries into billed units.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreRule {
    /// Bytes of one vector dimension.
    pub bytes_per_dimension: f64,
    /// Bytes of one value of a sparse vector, with its place in it.
    pub bytes_per_sparse_value: f64,
    /// Bytes of a record beside its vector and metadata, such as its id.
    pub record_overhead_bytes: f64,
    /// Stored bytes for each byte of records; 1.5 where an index stays in memory.
    pub index_factor: f64,
    /// Read units of a query for each GB of the namespace it searches.
    pub read_units_per_gb: f64,
    /// Fewest read units of a query.
    pub minimum_read_units: f64,
    /// Step to which the read units of a query are rounded up; not at all where it is 0.
    pub read_unit_step: f64,
    /// Records that one read unit fetches by their ids; fetching is not billed in read units where it is 0.
    pub fetched_per_read_unit: f64,
    /// Fewest bytes that a query is billed for.
    pub minimum_bytes_queried: f64,
    /// Bytes of records that one write unit holds.
    pub bytes_per_write_unit: f64,
    /// Fewest write units of a write.
    pub minimum_write_units: f64,
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
    /// Whether the query's tokens are billed once for each document.
    pub query_per_document: bool,
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
    /// First day on which it was not any more; `None` where it holds until its tier gets another.
    pub until: Option<Date>,
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
    /// Returns whether it was in force on a day, unless a later one of its tier was.
    pub fn holds_on(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date < until)
    }

    /// Returns those of a product's limits that hold on a day: the newest of each tier and size of input.
    pub fn in_force(limits: &[RateLimit], date: Date) -> impl DoubleEndedIterator<Item = &RateLimit> {
        let held = move || limits.iter().filter(move |limit| limit.holds_on(date));
        held().filter(move |limit| {
            let newer = |other: &RateLimit| {
                other.from > limit.from
                    && other.above_input_tokens == limit.above_input_tokens
                    && other.tier == limit.tier
            };
            !held().any(newer)
        })
    }

    /// Returns the size of a quota; `None` where the tier has none.
    pub fn size(&self, quota: Quota) -> Option<f64> {
        self.quotas.iter().find(|(known, _)| *known == quota).map(|(_, size)| *size)
    }
}

/// What one unit of reserved throughput serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Provisioned {
    /// The vendor's name for a unit, such as PTU.
    pub unit: String,
    /// Fewest units that can be reserved.
    pub minimum_units: f64,
    /// Step in which units are sold.
    pub increment_units: f64,
    /// Input tokens a minute that one unit serves.
    pub input_tokens_per_minute: Option<f64>,
    /// Output tokens a minute that one unit serves.
    pub output_tokens_per_minute: Option<f64>,
    /// Where the figures come from.
    pub source: String,
    /// How sure they are.
    pub confidence: Confidence,
}

/// How much of a model one piece of rented hardware was measured to serve.
#[derive(Debug, Clone, PartialEq)]
pub struct Throughput {
    /// The model, in its usual name.
    pub model: String,
    /// Number format of the weights, such as `fp8`.
    pub precision: Option<String>,
    /// GPUs that the measurement used together.
    pub gpus: f64,
    /// Input tokens a second, of all requests together.
    pub input_tokens_per_second: Option<f64>,
    /// Output tokens a second, of all requests together.
    pub output_tokens_per_second: Option<f64>,
    /// Images a second.
    pub images_per_second: Option<f64>,
    /// Batch size, lengths, software.
    pub conditions: Option<String>,
    /// Where the figures come from.
    pub source: String,
    /// How sure they are.
    pub confidence: Confidence,
}

/// Why a public table of prices says something else than ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Theirs is the price of another day.
    Date,
    /// Theirs is the price of another region.
    Region,
    /// One of the two is a promotion.
    Promotion,
    /// Theirs is the price of another tier, service class or hour.
    Tier,
    /// Theirs slipped in the unit.
    Unit,
    /// Theirs was converted from another currency.
    Currency,
    /// Their name means another product.
    Alias,
    /// Theirs is rounded.
    Rounding,
    /// Theirs contradicts the vendor's page.
    TheirError,
    /// Sources contradict each other and none decides.
    Disputed,
}

impl Reason {
    /// The words for the reasons in files.
    pub const WORDS: &'static [(&'static str, Reason)] = &[
        ("date", Reason::Date),
        ("region", Reason::Region),
        ("promotion", Reason::Promotion),
        ("tier", Reason::Tier),
        ("unit", Reason::Unit),
        ("currency", Reason::Currency),
        ("alias", Reason::Alias),
        ("rounding", Reason::Rounding),
        ("their_error", Reason::TheirError),
        ("disputed", Reason::Disputed),
    ];

    /// Returns the word for the reason.
    pub fn word(self) -> &'static str {
        word_for(self, Reason::WORDS)
    }
}

/// A place where another price table says something else, with the reason that it is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The other table: an importer's name such as `litellm`.
    pub table: String,
    /// Price keys and facts in question, as written in tables; empty for all.
    pub keys: Vec<String>,
    /// Why.
    pub reason: Reason,
    /// What there is to know.
    pub note: String,
    /// What ours rests on.
    pub source: String,
}
