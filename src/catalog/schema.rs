//! The shape of a pricing table as JSON Schema, for editors that complete and check while one types.
//!
//! [`SHAPES`] lists every key once with its type and a sentence. The loader does not read it, for it gives places
//! and remedies that a schema cannot; a test holds the two together.

use serde_json::{Map, Value, json};

use super::card::Confidence;
use super::load::card::INCLUDED_KEYS;
use super::load::rules::{CACHE_READS, CACHE_WRITES, PUBLIC_TABLES};
use super::meter::{Meter, PRICE_KEYS};
use super::rate::Service;
use super::rules::{CacheMode, Reason};
use super::{ImageTokens, Kind};

/// What a value may be.
#[derive(Clone, Copy)]
pub enum Type {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A day such as 2026-11-22.
    Date,
    /// A number of zero or more, or a text with a unit such as "128k".
    Number,
    /// A price: a number of zero or more.
    Price,
    /// True or false.
    Bool,
    /// One of a closed list of words.
    Word(fn() -> Vec<&'static str>),
    /// A list of words of a closed list.
    Words(fn() -> Vec<&'static str>),
    /// A table of that shape.
    Table(&'static str),
    /// A list of tables of that shape.
    Tables(&'static str),
    /// A table of numbers under names of one's own.
    Numbers,
}

/// A key of a table.
pub struct Key {
    /// The key.
    pub key: &'static str,
    /// What its value may be.
    pub value: Type,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub help: &'static str,
}

const fn may(key: &'static str, value: Type, help: &'static str) -> Key {
    Key { key, value, required: false, help }
}

const fn must(key: &'static str, value: Type, help: &'static str) -> Key {
    Key { key, value, required: true, help }
}

/// A table with its keys; `prices` says whether every price key may stand in it, `quantities` the same of what is
/// included.
pub struct Shape {
    /// Name of the shape.
    pub name: &'static str,
    /// Its keys beside prices.
    pub keys: &'static [Key],
    /// Whether price keys may stand in it.
    pub prices: bool,
    /// Whether included quantities may stand in it.
    pub quantities: bool,
}

const fn shape(name: &'static str, keys: &'static [Key]) -> Shape {
    Shape { name, keys, prices: false, quantities: false }
}

fn words<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(word, _)| *word).collect()
}

fn meters() -> Vec<&'static str> {
    Meter::ALL.iter().map(|meter| meter.name()).collect()
}

/// Every table of a pricing file; the first is the file itself.
pub const SHAPES: &[Shape] = &[
    shape(
        "file",
        &[
            may("vendor", Type::Table("vendor"), "The company whose products follow."),
            may("product", Type::Tables("product"), "What it sells."),
            may("exchange_rate", Type::Tables("exchange_rate"), "Dated rates of currencies."),
            may(
                "tokenizer",
                Type::Tables("tokenizer"),
                "Tokenizers, and how many tokens the same text has in each.",
            ),
            may(
                "discount",
                Type::Tables("discount"),
                "Shares that a vendor takes off its list prices for you.",
            ),
            may("allowance", Type::Tables("allowance"), "Quantities a month that cost you nothing."),
            may("commitment", Type::Tables("commitment"), "Sums that you owe a vendor each month."),
        ],
    ),
    shape(
        "vendor",
        &[
            must("id", Type::Text, "Short lower-case name, the first half of product ids."),
            may("name", Type::Text, "Name as the company writes it."),
            may("pricing_page", Type::Text, "Address of its price list."),
            may("resells", Type::Bool, "Whether it sells other companies' models under their names."),
        ],
    ),
    shape(
        "product",
        &[
            must("id", Type::Text, "The model's name in the vendor's API."),
            may("name", Type::Text, "Name as the vendor writes it."),
            may("aliases", Type::Texts, "Other ids that mean it, such as dated snapshots."),
            may(
                "kind",
                Type::Word(|| words(Kind::WORDS)),
                "What it is sold as; needed for a product that no earlier table has.",
            ),
            may("released", Type::Date, "First day on which it could be bought."),
            may("retired", Type::Date, "First day on which it can no longer be bought."),
            may("window", Type::Number, "Context window in tokens."),
            may("max_input", Type::Number, "Largest input in tokens, where it is less than the window."),
            may("max_output", Type::Number, "Largest output in tokens."),
            may("shared_window", Type::Bool, "Whether input and output share the window; true without it."),
            may("modalities", Type::Texts, "What goes in: text, image, audio, video, pdf."),
            may("tokenizer", Type::Text, "Name of the tokenizer, as in [[tokenizer]]."),
            may("open_weights", Type::Bool, "Whether the weights are published."),
            may("regions", Type::Texts, "Regions in which it can be used, where they are known."),
            may("dimensions", Type::Number, "Length of the vectors of an embedding model."),
            may("note", Type::Text, "What a reader should know, such as why there is no price."),
            may("image_tokens", Type::Table("image_tokens"), "How an image of the prompt is counted."),
            may("store", Type::Table("store"), "How a vector store counts."),
            may("rerank", Type::Table("rerank"), "How a reranker counts."),
            may("provisioned", Type::Table("provisioned"), "What one unit of reserved throughput serves."),
            may("cache", Type::Tables("cache"), "Ways to cache prompts, the usual one first."),
            may("limit", Type::Tables("limit"), "Rate limits by tier."),
            may(
                "throughput",
                Type::Tables("throughput"),
                "Measured throughput of models on rented hardware.",
            ),
            may("differs", Type::Tables("differs"), "Where another price table says otherwise, and why."),
            may("price", Type::Tables("price"), "The whole price card from a day on."),
        ],
    ),
    shape(
        "image_tokens",
        &[
            must("formula", Type::Word(|| ImageTokens::NAMES.to_vec()), "The formula's name."),
            may("base", Type::Number, "openai_tiles: tokens of an image before tiles."),
            may("per_tile", Type::Number, "Tokens of a tile."),
            may("smallest_unit", Type::Number, "gemini_crops: smallest side of a tile in pixels."),
            may("largest_unit", Type::Number, "gemini_crops: largest side of a tile in pixels."),
            may("pixels_per_token", Type::Number, "pixel_area: pixels of a token."),
            may("short_side", Type::Number, "openai_tiles: pixels to which the shorter side is reduced."),
            may("multiplier", Type::Number, "openai_patches: tokens of a patch."),
            may("budget", Type::Number, "openai_patches: most patches at high detail."),
            may("max_side", Type::Number, "Longest side in pixels."),
            may("low_side", Type::Number, "openai_patches: side of the square of low detail."),
            may("original_budget", Type::Number, "openai_patches: most patches at original detail."),
            may("original_max_side", Type::Number, "openai_patches: longest side at original detail."),
            may("auto", Type::Word(|| vec!["high", "original"]), "openai_patches: what detail auto means."),
            may("max_tokens", Type::Number, "Most tokens of an image."),
            may("tokens", Type::Number, "per_image: tokens of an image."),
            may("low_tokens", Type::Number, "per_image: tokens at low detail."),
            may("medium_tokens", Type::Number, "per_image: tokens at medium detail."),
            may("patch", Type::Number, "qwen_patches: side of a patch in pixels."),
            may("tile_side", Type::Number, "llama_tiles: side of a tile in pixels."),
            may("max_tiles", Type::Number, "llama_tiles: most tiles a side."),
        ],
    ),
    shape(
        "store",
        &[
            must("bills", Type::Words(meters), "What the store charges for."),
            may("bytes_per_dimension", Type::Number, "Bytes of one vector dimension; 4 without it."),
            may(
                "bytes_per_sparse_value",
                Type::Number,
                "Bytes of one value of a sparse vector, with its place in it; 8 without it.",
            ),
            may("record_overhead_bytes", Type::Number, "Bytes of a record beside its vector and metadata."),
            may("index_factor", Type::Number, "Stored bytes for each byte of records."),
            may("read_units_per_gb", Type::Number, "Read units of a query for each GB of its namespace."),
            may("minimum_read_units", Type::Number, "Fewest read units of a query."),
            may("read_unit_step", Type::Number, "Step to which the read units of a query are rounded up."),
            may(
                "fetched_per_read_unit",
                Type::Number,
                "Records that one read unit fetches by their ids; not billed so without it.",
            ),
            may("minimum_bytes_queried", Type::Number, "Fewest bytes that a query is billed for."),
            may("bytes_per_write_unit", Type::Number, "Bytes of records that one write unit holds."),
            may("minimum_write_units", Type::Number, "Fewest write units of a write."),
            may("own_dimensions", Type::Number, "Vector dimensions, where the store embeds by itself."),
            may(
                "embeds",
                Type::Bool,
                "Whether the store makes the vectors itself and charges nothing for it.",
            ),
        ],
    ),
    shape(
        "rerank",
        &[
            may("documents_per_unit", Type::Number, "Documents that one search unit covers."),
            may("split_tokens", Type::Number, "Tokens, query included, above which a document is split."),
            may("query_per_document", Type::Bool, "Whether the query is billed once for each document."),
        ],
    ),
    shape(
        "provisioned",
        &[
            must("unit", Type::Text, "The vendor's name for a unit."),
            may("minimum_units", Type::Number, "Fewest units that can be reserved."),
            may("increment_units", Type::Number, "Step in which units are sold."),
            may("input_tokens_per_minute", Type::Number, "Input tokens a minute that one unit serves."),
            may("output_tokens_per_minute", Type::Number, "Output tokens a minute that one unit serves."),
            must("source", Type::Text, "Where the figures come from."),
            may("confidence", Type::Word(|| words(Confidence::WORDS)), "How sure they are; high without it."),
        ],
    ),
    shape(
        "cache",
        &[
            may("since", Type::Date, "First day, where it came after the model."),
            must("mode", Type::Word(|| words(CacheMode::WORDS)), "Who decides what is cached."),
            must("ttl_minutes", Type::Number, "Minutes that an unused entry lives."),
            may("renews_on_hit", Type::Bool, "Whether a hit starts the lifetime anew; true without it."),
            may("minimum_tokens", Type::Number, "Shortest prefix that is cached."),
            may("increment_tokens", Type::Number, "Step to which the cached part is rounded down."),
            may("write", Type::Word(|| words(CACHE_WRITES)), "What a write is billed as; input without it."),
            may(
                "read",
                Type::Word(|| words(CACHE_READS)),
                "What a read is billed as; cached_input without it.",
            ),
            may("rent", Type::Bool, "Whether stored tokens pay rent by the hour."),
            may("note", Type::Text, "What a reader should know."),
        ],
    ),
    shape(
        "limit",
        &[
            must("tier", Type::Text, "The vendor's name for the tier."),
            must("from", Type::Date, "First day on which it is known to hold."),
            may("until", Type::Date, "First day on which it no longer holds, where its tier was given up."),
            may("needs", Type::Text, "What qualifies for the tier."),
            may("rpm", Type::Number, "Requests a minute."),
            may("tpm", Type::Number, "Tokens a minute."),
            may("itpm", Type::Number, "Input tokens a minute."),
            may("otpm", Type::Number, "Output tokens a minute."),
            may("rpd", Type::Number, "Requests a day."),
            may("batch_queue_tokens", Type::Number, "Tokens that may wait in the batch queue."),
            may("counts_cached", Type::Bool, "Whether cached tokens count; true without it."),
            may("above_input_tokens", Type::Number, "Input size above which this limit applies."),
            must("source", Type::Text, "Where the figures come from."),
            may("confidence", Type::Word(|| words(Confidence::WORDS)), "How sure they are; high without it."),
        ],
    ),
    shape(
        "throughput",
        &[
            must("model", Type::Text, "The model that was measured."),
            may("precision", Type::Text, "Number format of the weights."),
            may("gpus", Type::Number, "GPUs used together; 1 without it."),
            may("input_tokens_per_second", Type::Number, "Input tokens a second of all requests together."),
            may("output_tokens_per_second", Type::Number, "Output tokens a second of all requests together."),
            may("images_per_second", Type::Number, "Images a second."),
            may("conditions", Type::Text, "Batch size, lengths, software."),
            must("source", Type::Text, "Where the figures come from."),
            may("confidence", Type::Word(|| words(Confidence::WORDS)), "How sure they are; high without it."),
        ],
    ),
    shape(
        "differs",
        &[
            must("table", Type::Word(|| words(PUBLIC_TABLES)), "The table that says otherwise."),
            may("keys", Type::Texts, "The price keys and facts in question; all without it."),
            must("reason", Type::Word(|| words(Reason::WORDS)), "Why it is not followed."),
            must("note", Type::Text, "What that table says and why this one is right."),
            must("source", Type::Text, "What this one rests on."),
        ],
    ),
    Shape {
        name: "price",
        keys: &[
            must("from", Type::Date, "First day on which the card holds."),
            may("until", Type::Date, "First day on which it no longer holds, where the vendor gave an end."),
            may("region", Type::Text, "Region or deployment that it is for."),
            may("currency", Type::Text, "Currency that it is quoted in; USD without it."),
            may("minimum_per_month", Type::Price, "Least that a month costs: a floor, not a fee on top."),
            may("note", Type::Text, "What a reader should know."),
            must("source", Type::Text, "Where the figures come from."),
            must("checked", Type::Date, "Day on which somebody compared them with the source."),
            may("confidence", Type::Word(|| words(Confidence::WORDS)), "How sure they are; high without it."),
            may("withdrawn", Type::Bool, "Whether an announced change was called off."),
            may("unit_checked", Type::Bool, "Whether an unusual magnitude was found right."),
            may("uplift", Type::Numbers, "Regions in which the card costs that factor."),
            may("included", Type::Table("included"), "Quantities a month that cost nothing."),
            may("when", Type::Tables("when"), "Prices that hold under a condition."),
        ],
        prices: true,
        quantities: false,
    },
    Shape { name: "included", keys: &[], prices: false, quantities: true },
    Shape {
        name: "when",
        keys: &[
            may("service", Type::Word(|| words(Service::WORDS)), "The service class."),
            may("above_input_tokens", Type::Number, "For requests with more input than this."),
            may("from_input_tokens", Type::Number, "For requests with this input or more."),
            may(
                "basis",
                Type::Word(|| vec!["request", "excess"]),
                "Whether the whole request pays it, or what is beyond.",
            ),
            may("above_quantity", Type::Number, "For what a call uses of the meter beyond this."),
            may("hours_utc", Type::Text, "Hours such as \"01:00-04:00, 06:00-10:00\"."),
            may("days", Type::Text, "Days of those hours, such as \"mon-fri\"."),
            may("variant", Type::Text, "A variant, such as an image size and quality."),
            may("factor", Type::Price, "A factor on the ordinary token prices, where the vendor states one."),
            may("percent_off", Type::Price, "The same as a discount in percent, from 0 to 100."),
        ],
        prices: true,
        quantities: false,
    },
    shape(
        "exchange_rate",
        &[
            must("date", Type::Date, "Day of the quotation."),
            must("currency", Type::Text, "The currency."),
            must("per_usd", Type::Price, "Units of it for one US dollar."),
            must("source", Type::Text, "Who published the rate."),
            may("confidence", Type::Word(|| words(Confidence::WORDS)), "How sure it is; high without it."),
        ],
    ),
    shape(
        "tokenizer",
        &[
            must("name", Type::Text, "Its name, as products have it."),
            may("english", Type::Number, "Tokens of English prose for one token of it in o200k_base."),
            may("chinese", Type::Number, "The same of simplified Chinese prose."),
            may("code", Type::Number, "The same of source code."),
            may("json", Type::Number, "The same of JSON."),
            may("markdown", Type::Number, "The same of Markdown in English."),
            must("source", Type::Text, "Who counted what."),
            must("checked", Type::Date, "Day on which somebody compared the figures with the source."),
            may("confidence", Type::Word(|| words(Confidence::WORDS)), "How sure they are; high without it."),
        ],
    ),
    shape(
        "discount",
        &[
            may("vendor", Type::Text, "Id of the vendor; all without it."),
            may("product", Type::Text, "Id of the product; all of the vendor's without it."),
            may("meter", Type::Word(meters), "What is counted; all without it."),
            must("percent", Type::Price, "How much is taken off."),
            may("from", Type::Date, "First day."),
            may("until", Type::Date, "First day on which it no longer holds."),
            must("source", Type::Text, "Where it was agreed."),
        ],
    ),
    Shape {
        name: "allowance",
        keys: &[
            must("product", Type::Text, "Id of the product."),
            may("from", Type::Date, "First day."),
            may("until", Type::Date, "First day on which it no longer holds."),
            must("source", Type::Text, "Where it was agreed."),
        ],
        prices: false,
        quantities: true,
    },
    shape(
        "commitment",
        &[
            must("vendor", Type::Text, "Id of the vendor."),
            must("amount_per_month", Type::Price, "The sum for a month."),
            may("currency", Type::Text, "Currency of the sums; USD without it."),
            may("drawn_elsewhere", Type::Price, "What other workloads draw from it each month."),
            may("binding", Type::Bool, "Whether designs that use nothing of the vendor owe it, too."),
            may("from", Type::Date, "First day."),
            may("until", Type::Date, "First day on which it no longer holds."),
            must("source", Type::Text, "Where it was agreed."),
        ],
    ),
];

impl Shape {
    /// Returns every key that may stand in the table, with its type and meaning.
    pub fn all_keys(&self) -> Vec<(&'static str, Type, String)> {
        let own = self.keys.iter().map(|key| (key.key, key.value, key.help.to_owned()));
        let prices = PRICE_KEYS.iter().filter(|_| self.prices);
        let prices = prices
            .map(|key| (key.key, Type::Price, format!("Price of {}, for {}.", key.meter.label(), key.unit)));
        let included = INCLUDED_KEYS.iter().filter(|_| self.quantities);
        let included = included
            .map(|(key, meter, _)| (*key, Type::Number, format!("Included each month: {}.", meter.label())));
        own.chain(prices).chain(included).collect()
    }
}

/// Returns the JSON Schema of a pricing table.
pub fn pricing() -> Value {
    let definitions: Map<String, Value> =
        SHAPES.iter().map(|shape| (shape.name.to_owned(), table(shape))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ragonomics pricing table",
        "$ref": "#/$defs/file",
        "$defs": definitions,
    })
}

fn table(shape: &Shape) -> Value {
    let properties: Map<String, Value> = shape
        .all_keys()
        .into_iter()
        .map(|(key, value, help)| (key.to_owned(), property(value, &help)))
        .collect();
    let required: Vec<&str> = shape.keys.iter().filter(|key| key.required).map(|key| key.key).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn property(value: Type, help: &str) -> Value {
    let mut schema = match value {
        Type::Text => json!({ "type": "string", "minLength": 1 }),
        Type::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Type::Date => json!({ "type": "string", "format": "date" }),
        Type::Number => json!({ "type": ["number", "string"], "minimum": 0 }),
        Type::Price => json!({ "type": ["number", "string"], "minimum": 0 }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Word(words) => json!({ "enum": words() }),
        Type::Words(words) => json!({ "type": "array", "items": { "enum": words() } }),
        Type::Table(name) => json!({ "$ref": format!("#/$defs/{name}") }),
        Type::Tables(name) => json!({ "type": "array", "items": { "$ref": format!("#/$defs/{name}") } }),
        Type::Numbers => {
            json!({ "type": "object", "additionalProperties": { "type": "number", "exclusiveMinimum": 0 } })
        }
    };
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("description".to_owned(), help.into());
    }
    schema
}
