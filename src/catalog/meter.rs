//! The closed list of things that vendors bill: what is counted, and under which key it is priced.

use crate::units::{BYTES_PER_GB, HOURS_PER_MONTH};

/// Declares the meters: each once, with its name in usage records, its base unit and its label on a bill.
macro_rules! meters {
    ($($(#[$doc:meta])* $meter:ident: $name:literal, $unit:literal, $label:literal;)*) => {
        /// A billable quantity. Its base unit is in [`Meter::unit`]; a price is per a number of base units.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Meter {
            $($(#[$doc])* $meter,)*
        }

        impl Meter {
            /// Every meter, in the order of the enum.
            pub const ALL: &'static [Meter] = &[$(Meter::$meter,)*];

            /// Returns the registry name, as used in usage records.
            pub fn name(self) -> &'static str {
                match self { $(Meter::$meter => $name,)* }
            }

            /// Returns the base unit that quantities of this meter are counted in.
            pub fn unit(self) -> &'static str {
                match self { $(Meter::$meter => $unit,)* }
            }

            /// Returns a short label for a bill line.
            pub fn label(self) -> &'static str {
                match self { $(Meter::$meter => $label,)* }
            }
        }
    };
}

meters! {
    /// Input tokens that are neither read from nor written to a cache.
    Input: "input_tokens", "tokens", "input";
    /// Input tokens read from a prompt cache.
    CachedInput: "cached_input_tokens", "tokens", "cached input";
    /// Input tokens read from a cache that the caller marked, where that has a price of its own.
    ExplicitCachedInput: "explicit_cached_input_tokens", "tokens", "cached input, explicit";
    /// Input tokens written to a prompt cache with its default lifetime.
    CacheWrite: "cache_write_tokens", "tokens", "cache write";
    /// Input tokens written to a cache that lives one hour.
    CacheWrite1h: "cache_write_1h_tokens", "tokens", "cache write, 1 h";
    /// Input tokens written to a cache that lives twelve hours or more.
    CacheWriteLong: "cache_write_long_tokens", "tokens", "cache write, long";
    /// Tokens kept in an explicit cache, times hours.
    CacheStorage: "cache_storage_token_hours", "token-hours", "cache storage";
    /// Output tokens, reasoning included.
    Output: "output_tokens", "tokens", "output";
    /// Reasoning tokens, where they have a price apart from other output.
    Reasoning: "reasoning_tokens", "tokens", "reasoning";
    /// Tokens of the sources that an answer cites.
    Citation: "citation_tokens", "tokens", "citations";
    /// Audio tokens in the prompt.
    InputAudio: "input_audio_tokens", "tokens", "audio input";
    /// Audio tokens read from a prompt cache.
    CachedAudio: "cached_audio_tokens", "tokens", "cached audio";
    /// Audio tokens written to a prompt cache.
    CacheWriteAudio: "cache_write_audio_tokens", "tokens", "cache write, audio";
    /// Audio tokens in the answer.
    OutputAudio: "output_audio_tokens", "tokens", "audio output";
    /// Image tokens in the prompt.
    InputImage: "input_image_tokens", "tokens", "image input";
    /// Image tokens read from a prompt cache.
    CachedImage: "cached_image_tokens", "tokens", "cached image";
    /// Video tokens read from a prompt cache.
    CachedVideo: "cached_video_tokens", "tokens", "cached video";
    /// Video tokens in the prompt.
    InputVideo: "input_video_tokens", "tokens", "video input";
    /// Image tokens in the answer.
    OutputImage: "output_image_tokens", "tokens", "image output";
    /// Video tokens in the answer.
    OutputVideo: "output_video_tokens", "tokens", "video output";
    /// Characters in the prompt, or characters spoken.
    InputCharacters: "input_characters", "characters", "characters in";
    /// Characters in the answer.
    OutputCharacters: "output_characters", "characters", "characters out";
    /// Training tokens of a fine-tuning job.
    Training: "training_tokens", "tokens", "training";
    /// Seconds of audio.
    AudioSeconds: "audio_seconds", "seconds", "audio";
    /// Seconds of audio made.
    SpokenSeconds: "spoken_seconds", "seconds", "audio out";
    /// Seconds of video in the prompt.
    InputVideoSeconds: "input_video_seconds", "seconds", "video in";
    /// Seconds of video made.
    VideoSeconds: "video_seconds", "seconds", "video out";
    /// Images made.
    Images: "images", "images", "images";
    /// Pixels of images made.
    Pixels: "pixels", "pixels", "pixels";
    /// Images in the prompt, where each has a price.
    InputImages: "input_images", "images", "images in";
    /// Requests, where a vendor charges for each.
    Requests: "requests", "requests", "requests";
    /// Messages of a voice or chat session.
    Messages: "messages", "messages", "messages";
    /// Jobs that a subscription sells.
    Jobs: "jobs", "jobs", "jobs";
    /// Web searches made on a model's behalf.
    WebSearches: "web_searches", "searches", "web searches";
    /// Look-ups of a map service on a model's behalf.
    MapsQueries: "maps_queries", "queries", "maps";
    /// Calls of a vendor's file-search tool.
    FileSearches: "file_searches", "calls", "file search";
    /// Rerank searches, by the vendor's counting rule.
    SearchUnits: "search_units", "search units", "rerank";
    /// Pages of a document.
    Pages: "pages", "pages", "pages";
    /// Pages of a document read into a structure that the caller gives.
    AnnotatedPages: "annotated_pages", "pages", "annotated pages";
    /// Vector-store read units.
    ReadUnits: "read_units", "read units", "read units";
    /// Vector-store write units.
    WriteUnits: "write_units", "write units", "write units";
    /// Vector-store queries.
    Queries: "queries", "queries", "queries";
    /// Bytes that vector-store queries touch.
    BytesQueried: "bytes_queried", "bytes", "bytes queried";
    /// Bytes that vector-store queries return.
    BytesReturned: "bytes_returned", "bytes", "bytes returned";
    /// Bytes written to a vector store.
    BytesWritten: "bytes_written", "bytes", "bytes written";
    /// Bytes stored, times hours.
    Storage: "storage_byte_hours", "byte-hours", "storage";
    /// Vector dimensions stored, times hours.
    DimensionHours: "dimension_hours", "dimension-hours", "dimensions";
    /// Hours of a server that runs whether used or not.
    InstanceHours: "instance_hours", "hours", "instance";
    /// Hours of one unit of reserved throughput.
    ProvisionedHours: "provisioned_unit_hours", "unit-hours", "provisioned";
    /// Hours of one GPU.
    GpuHours: "gpu_hours", "GPU-hours", "GPU";
    /// Tool sessions.
    Sessions: "sessions", "sessions", "sessions";
    /// Months of one user's subscription.
    Subscriptions: "user_months", "user-months", "subscription";
}

/// How a price key of the TOML files counts: which meter, and per how many base units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceKey {
    /// The key as written in a pricing file; it carries the unit.
    pub key: &'static str,
    /// The meter that it prices.
    pub meter: Meter,
    /// Base units that the price buys.
    pub per: u64,
    /// The priced unit in words, for bills: "1M tokens".
    pub unit: &'static str,
}

const MILLION: u64 = 1_000_000;
const GB: u64 = BYTES_PER_GB as u64;
const GIB: u64 = 1 << 30;
const MONTH: u64 = HOURS_PER_MONTH as u64;

const fn key(key: &'static str, meter: Meter, per: u64, unit: &'static str) -> PriceKey {
    PriceKey { key, meter, per, unit }
}

/// Every price key. A meter may be priced under several, one for each unit that vendors print.
pub const PRICE_KEYS: &[PriceKey] = &[
    key("input_per_mtok", Meter::Input, MILLION, "1M tokens"),
    key("cached_input_per_mtok", Meter::CachedInput, MILLION, "1M tokens"),
    key("explicit_cached_input_per_mtok", Meter::ExplicitCachedInput, MILLION, "1M tokens"),
    key("cache_write_per_mtok", Meter::CacheWrite, MILLION, "1M tokens"),
    key("cache_write_1h_per_mtok", Meter::CacheWrite1h, MILLION, "1M tokens"),
    key("cache_write_long_per_mtok", Meter::CacheWriteLong, MILLION, "1M tokens"),
    key("cache_storage_per_mtok_hour", Meter::CacheStorage, MILLION, "1M token-hours"),
    key("output_per_mtok", Meter::Output, MILLION, "1M tokens"),
    key("reasoning_per_mtok", Meter::Reasoning, MILLION, "1M tokens"),
    key("citation_per_mtok", Meter::Citation, MILLION, "1M tokens"),
    key("input_audio_per_mtok", Meter::InputAudio, MILLION, "1M tokens"),
    key("cached_audio_per_mtok", Meter::CachedAudio, MILLION, "1M tokens"),
    key("cache_write_audio_per_mtok", Meter::CacheWriteAudio, MILLION, "1M tokens"),
    key("output_audio_per_mtok", Meter::OutputAudio, MILLION, "1M tokens"),
    key("input_image_per_mtok", Meter::InputImage, MILLION, "1M tokens"),
    key("cached_image_per_mtok", Meter::CachedImage, MILLION, "1M tokens"),
    key("cached_video_per_mtok", Meter::CachedVideo, MILLION, "1M tokens"),
    key("input_video_per_mtok", Meter::InputVideo, MILLION, "1M tokens"),
    key("output_image_per_mtok", Meter::OutputImage, MILLION, "1M tokens"),
    key("output_video_per_mtok", Meter::OutputVideo, MILLION, "1M tokens"),
    key("input_per_mchar", Meter::InputCharacters, MILLION, "1M characters"),
    key("output_per_mchar", Meter::OutputCharacters, MILLION, "1M characters"),
    key("training_per_mtok", Meter::Training, MILLION, "1M tokens"),
    key("audio_per_second", Meter::AudioSeconds, 1, "second"),
    key("audio_per_minute", Meter::AudioSeconds, 60, "minute"),
    key("audio_per_hour", Meter::AudioSeconds, 3600, "hour"),
    key("output_audio_per_second", Meter::SpokenSeconds, 1, "second"),
    key("output_audio_per_minute", Meter::SpokenSeconds, 60, "minute"),
    key("input_video_per_second", Meter::InputVideoSeconds, 1, "second"),
    key("output_video_per_second", Meter::VideoSeconds, 1, "second"),
    key("image_each", Meter::Images, 1, "image"),
    key("pixel_per_m", Meter::Pixels, MILLION, "1M pixels"),
    key("input_image_each", Meter::InputImages, 1, "image"),
    key("request_each", Meter::Requests, 1, "request"),
    key("request_per_k", Meter::Requests, 1000, "1K requests"),
    key("message_each", Meter::Messages, 1, "message"),
    key("job_each", Meter::Jobs, 1, "job"),
    key("web_search_per_k", Meter::WebSearches, 1000, "1K searches"),
    key("maps_query_per_k", Meter::MapsQueries, 1000, "1K queries"),
    key("file_search_per_k", Meter::FileSearches, 1000, "1K calls"),
    key("search_unit_per_k", Meter::SearchUnits, 1000, "1K search units"),
    key("page_per_k", Meter::Pages, 1000, "1K pages"),
    key("annotated_page_per_k", Meter::AnnotatedPages, 1000, "1K pages"),
    key("read_unit_per_m", Meter::ReadUnits, MILLION, "1M read units"),
    key("write_unit_per_m", Meter::WriteUnits, MILLION, "1M write units"),
    key("query_per_m", Meter::Queries, MILLION, "1M queries"),
    key("queried_per_tb", Meter::BytesQueried, 1000 * GB, "TB queried"),
    key("queried_per_tib", Meter::BytesQueried, 1 << 40, "TiB queried"),
    key("queried_per_pb", Meter::BytesQueried, 1_000_000 * GB, "PB queried"),
    key("returned_per_gb", Meter::BytesReturned, GB, "GB returned"),
    key("returned_per_gib", Meter::BytesReturned, GIB, "GiB returned"),
    key("written_per_gb", Meter::BytesWritten, GB, "GB written"),
    key("written_per_gib", Meter::BytesWritten, GIB, "GiB written"),
    key("storage_per_gb_month", Meter::Storage, GB * MONTH, "GB-month"),
    key("storage_per_gib_month", Meter::Storage, GIB * MONTH, "GiB-month"),
    key("storage_per_gb_day", Meter::Storage, GB * 24, "GB-day"),
    key("storage_per_gib_day", Meter::Storage, GIB * 24, "GiB-day"),
    key("dimensions_per_m_month", Meter::DimensionHours, MILLION * MONTH, "1M dimension-months"),
    key("instance_per_hour", Meter::InstanceHours, 1, "hour"),
    key("instance_per_month", Meter::InstanceHours, MONTH, "month"),
    key("provisioned_unit_per_hour", Meter::ProvisionedHours, 1, "unit-hour"),
    key("provisioned_unit_per_month", Meter::ProvisionedHours, MONTH, "unit-month"),
    key("gpu_per_hour", Meter::GpuHours, 1, "GPU-hour"),
    key("session_each", Meter::Sessions, 1, "session"),
    key("subscription_per_month", Meter::Subscriptions, 1, "user-month"),
];

impl Meter {
    /// Finds a meter by its registry name.
    pub fn by_name(name: &str) -> Option<Meter> {
        Meter::ALL.iter().copied().find(|meter| meter.name() == name)
    }

    /// Returns whether the meter counts tokens of the prompt, cached ones included.
    ///
    /// Their sum is the input size by which a price tier is chosen.
    #[inline]
    pub fn is_prompt(self) -> bool {
        matches!(
            self,
            Meter::Input
                | Meter::CachedInput
                | Meter::ExplicitCachedInput
                | Meter::CacheWrite
                | Meter::CacheWrite1h
                | Meter::CacheWriteLong
                | Meter::InputAudio
                | Meter::CachedAudio
                | Meter::CacheWriteAudio
                | Meter::InputImage
                | Meter::CachedImage
                | Meter::CachedVideo
                | Meter::InputVideo
        )
    }

    /// Returns whether the meter counts tokens of the prompt that were found in a cache.
    #[inline]
    pub fn is_cache_read(self) -> bool {
        matches!(
            self,
            Meter::CachedInput
                | Meter::ExplicitCachedInput
                | Meter::CachedAudio
                | Meter::CachedImage
                | Meter::CachedVideo
        )
    }

    /// Returns whether the meter counts tokens, or tokens kept for hours.
    pub fn is_tokens(self) -> bool {
        matches!(self.unit(), "tokens" | "token-hours")
    }

    /// Returns whether the meter counts tokens of the answer.
    #[inline]
    pub fn is_answer(self) -> bool {
        matches!(
            self,
            Meter::Output | Meter::Reasoning | Meter::OutputAudio | Meter::OutputImage | Meter::OutputVideo
        )
    }

    /// Returns the meter whose price applies where a card has none for this one.
    ///
    /// Image, audio and video tokens of a prompt are prompt tokens: a vendor that prints no price
    /// of their own bills them as text, and reasoning as output. Cached and written tokens have no such default.
    #[inline]
    pub fn billed_as(self) -> Option<Meter> {
        match self {
            Meter::InputAudio | Meter::InputImage | Meter::InputVideo => Some(Meter::Input),
            Meter::CachedAudio | Meter::CachedImage | Meter::CachedVideo | Meter::ExplicitCachedInput => {
                Some(Meter::CachedInput)
            }
            Meter::CacheWriteAudio => Some(Meter::CacheWrite),
            Meter::Reasoning | Meter::OutputAudio | Meter::OutputImage | Meter::OutputVideo => {
                Some(Meter::Output)
            }
            _ => None,
        }
    }
}

/// The names of [`PRICE_KEYS`], in their order.
pub const PRICE_KEY_NAMES: &[&str] = &price_key_names();

const fn price_key_names() -> [&'static str; PRICE_KEYS.len()] {
    let mut names = [""; PRICE_KEYS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = PRICE_KEYS[at].key;
        at += 1;
    }
    names
}

/// Finds a price key by its name in the TOML files.
pub fn price_key(name: &str) -> Option<&'static PriceKey> {
    price_key_index(name).map(|at| &PRICE_KEYS[at])
}

/// Finds the index of a price key in [`PRICE_KEYS`]; it is asked for each price of every table.
pub(super) fn price_key_index(name: &str) -> Option<usize> {
    let mut slot = slot(name.as_bytes());
    loop {
        let at = usize::from(SLOTS[slot]);
        if PRICE_KEYS.get(at)?.key == name {
            return Some(at);
        }
        slot = (slot + 1) % SLOT_COUNT;
    }
}

/// Indexes into [`PRICE_KEYS`], each in the slot of its name or the next one that was free; other slots hold a
/// number above all.
static SLOTS: [u8; SLOT_COUNT] = slots();

/// Four times the price keys, so that most names have a slot of their own.
const SLOT_COUNT: usize = 256;

const fn slots() -> [u8; SLOT_COUNT] {
    let mut slots = [u8::MAX; SLOT_COUNT];
    let mut at = 0;
    while at < PRICE_KEYS.len() {
        let mut free = slot(PRICE_KEYS[at].key.as_bytes());
        while slots[free] != u8::MAX {
            free = (free + 1) % SLOT_COUNT;
        }
        slots[free] = at as u8;
        at += 1;
    }
    slots
}

/// Returns a slot from the length of a name and four of its letters.
const fn slot(name: &[u8]) -> usize {
    let length = name.len();
    if length == 0 {
        return 0;
    }
    let (second, third, last) =
        (name[length / 3] as usize, name[length / 2] as usize, name[length - 1] as usize);
    (length * 3 + name[0] as usize * 5 + second * 7 + third * 11 + last * 13) % SLOT_COUNT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meter_has_a_price_key_and_a_name_of_its_own() {
        for (index, meter) in Meter::ALL.iter().copied().enumerate() {
            assert_eq!(meter as usize, index);
            assert!(PRICE_KEYS.iter().any(|key| key.meter == meter), "{meter:?}");
            assert_eq!(Meter::by_name(meter.name()), Some(meter));
        }
    }

    #[test]
    fn every_price_key_is_found_by_its_name_and_no_other_name_is() {
        for (at, known) in PRICE_KEYS.iter().enumerate() {
            assert_eq!(price_key_index(known.key), Some(at));
        }
        for other in ["", "k", "input", "input_per_mtoken", "source"] {
            assert_eq!(price_key_index(other), None);
        }
    }
}
