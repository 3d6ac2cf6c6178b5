//! The closed list of things that vendors bill: what is counted, and under which key it is priced.

use crate::units::{BYTES_PER_GB, HOURS_PER_MONTH};

/// A billable quantity. Its base unit is in [`Meter::unit`]; a price is per a number of base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Meter {
    /// Input tokens that are neither read from nor written to a cache.
    Input,
    /// Input tokens read from a prompt cache.
    CachedInput,
    /// Input tokens written to a prompt cache with its default lifetime.
    CacheWrite,
    /// Input tokens written to a cache that lives one hour.
    CacheWrite1h,
    /// Input tokens written to a cache that lives twelve hours or more.
    CacheWriteLong,
    /// Tokens kept in an explicit cache, times hours.
    CacheStorage,
    /// Output tokens, reasoning included.
    Output,
    /// Audio tokens in the prompt.
    InputAudio,
    /// Audio tokens read from a prompt cache.
    CachedAudio,
    /// Audio tokens in the answer.
    OutputAudio,
    /// Image tokens in the prompt.
    InputImage,
    /// Video tokens in the prompt.
    InputVideo,
    /// Image tokens in the answer.
    OutputImage,
    /// Video tokens in the answer.
    OutputVideo,
    /// Characters in the prompt, or characters spoken.
    InputCharacters,
    /// Characters in the answer.
    OutputCharacters,
    /// Training tokens of a fine-tuning job.
    Training,
    /// Seconds of audio.
    AudioSeconds,
    /// Images made.
    Images,
    /// Requests, where a vendor charges for each.
    Requests,
    /// Web searches made on a model's behalf.
    WebSearches,
    /// Calls of a vendor's file-search tool.
    FileSearches,
    /// Rerank searches, by the vendor's counting rule.
    SearchUnits,
    /// Pages of a document.
    Pages,
    /// Vector-store read units.
    ReadUnits,
    /// Vector-store write units.
    WriteUnits,
    /// Vector-store queries.
    Queries,
    /// Bytes that vector-store queries touch.
    BytesQueried,
    /// Bytes that vector-store queries return.
    BytesReturned,
    /// Bytes written to a vector store.
    BytesWritten,
    /// Bytes stored, times hours.
    Storage,
    /// Vector dimensions stored, times hours.
    DimensionHours,
    /// Hours of a server that runs whether used or not.
    InstanceHours,
    /// Hours of one GPU.
    GpuHours,
    /// Tool sessions.
    Sessions,
    /// Months of one user's subscription.
    Subscriptions,
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
    key("cache_write_per_mtok", Meter::CacheWrite, MILLION, "1M tokens"),
    key("cache_write_1h_per_mtok", Meter::CacheWrite1h, MILLION, "1M tokens"),
    key("cache_write_long_per_mtok", Meter::CacheWriteLong, MILLION, "1M tokens"),
    key("cache_storage_per_mtok_hour", Meter::CacheStorage, MILLION, "1M token-hours"),
    key("output_per_mtok", Meter::Output, MILLION, "1M tokens"),
    key("input_audio_per_mtok", Meter::InputAudio, MILLION, "1M tokens"),
    key("cached_audio_per_mtok", Meter::CachedAudio, MILLION, "1M tokens"),
    key("output_audio_per_mtok", Meter::OutputAudio, MILLION, "1M tokens"),
    key("input_image_per_mtok", Meter::InputImage, MILLION, "1M tokens"),
    key("input_video_per_mtok", Meter::InputVideo, MILLION, "1M tokens"),
    key("output_image_per_mtok", Meter::OutputImage, MILLION, "1M tokens"),
    key("output_video_per_mtok", Meter::OutputVideo, MILLION, "1M tokens"),
    key("input_per_mchar", Meter::InputCharacters, MILLION, "1M characters"),
    key("output_per_mchar", Meter::OutputCharacters, MILLION, "1M characters"),
    key("training_per_mtok", Meter::Training, MILLION, "1M tokens"),
    key("audio_per_second", Meter::AudioSeconds, 1, "second"),
    key("audio_per_minute", Meter::AudioSeconds, 60, "minute"),
    key("audio_per_hour", Meter::AudioSeconds, 3600, "hour"),
    key("image_each", Meter::Images, 1, "image"),
    key("request_each", Meter::Requests, 1, "request"),
    key("request_per_k", Meter::Requests, 1000, "1K requests"),
    key("web_search_per_k", Meter::WebSearches, 1000, "1K searches"),
    key("file_search_per_k", Meter::FileSearches, 1000, "1K calls"),
    key("search_unit_per_k", Meter::SearchUnits, 1000, "1K search units"),
    key("page_per_k", Meter::Pages, 1000, "1K pages"),
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
    key("gpu_per_hour", Meter::GpuHours, 1, "GPU-hour"),
    key("session_each", Meter::Sessions, 1, "session"),
    key("subscription_per_month", Meter::Subscriptions, 1, "user-month"),
];

/// What a meter counts, and under which name a usage record carries it.
struct Registered {
    name: &'static str,
    unit: &'static str,
    label: &'static str,
}

impl Meter {
    /// Every meter, in the order of the enum.
    pub const ALL: [Meter; 36] = [
        Meter::Input,
        Meter::CachedInput,
        Meter::CacheWrite,
        Meter::CacheWrite1h,
        Meter::CacheWriteLong,
        Meter::CacheStorage,
        Meter::Output,
        Meter::InputAudio,
        Meter::CachedAudio,
        Meter::OutputAudio,
        Meter::InputImage,
        Meter::InputVideo,
        Meter::OutputImage,
        Meter::OutputVideo,
        Meter::InputCharacters,
        Meter::OutputCharacters,
        Meter::Training,
        Meter::AudioSeconds,
        Meter::Images,
        Meter::Requests,
        Meter::WebSearches,
        Meter::FileSearches,
        Meter::SearchUnits,
        Meter::Pages,
        Meter::ReadUnits,
        Meter::WriteUnits,
        Meter::Queries,
        Meter::BytesQueried,
        Meter::BytesReturned,
        Meter::BytesWritten,
        Meter::Storage,
        Meter::DimensionHours,
        Meter::InstanceHours,
        Meter::GpuHours,
        Meter::Sessions,
        Meter::Subscriptions,
    ];

    fn registered(self) -> Registered {
        let (name, unit, label) = match self {
            Meter::Input => ("input_tokens", "tokens", "input"),
            Meter::CachedInput => ("cached_input_tokens", "tokens", "cached input"),
            Meter::CacheWrite => ("cache_write_tokens", "tokens", "cache write"),
            Meter::CacheWrite1h => ("cache_write_1h_tokens", "tokens", "cache write, 1 h"),
            Meter::CacheWriteLong => ("cache_write_long_tokens", "tokens", "cache write, long"),
            Meter::CacheStorage => ("cache_storage_token_hours", "token-hours", "cache storage"),
            Meter::Output => ("output_tokens", "tokens", "output"),
            Meter::InputAudio => ("input_audio_tokens", "tokens", "audio input"),
            Meter::CachedAudio => ("cached_audio_tokens", "tokens", "cached audio"),
            Meter::OutputAudio => ("output_audio_tokens", "tokens", "audio output"),
            Meter::InputImage => ("input_image_tokens", "tokens", "image input"),
            Meter::InputVideo => ("input_video_tokens", "tokens", "video input"),
            Meter::OutputImage => ("output_image_tokens", "tokens", "image output"),
            Meter::OutputVideo => ("output_video_tokens", "tokens", "video output"),
            Meter::InputCharacters => ("input_characters", "characters", "characters in"),
            Meter::OutputCharacters => ("output_characters", "characters", "characters out"),
            Meter::Training => ("training_tokens", "tokens", "training"),
            Meter::AudioSeconds => ("audio_seconds", "seconds", "audio"),
            Meter::Images => ("images", "images", "images"),
            Meter::Requests => ("requests", "requests", "requests"),
            Meter::WebSearches => ("web_searches", "searches", "web searches"),
            Meter::FileSearches => ("file_searches", "calls", "file search"),
            Meter::SearchUnits => ("search_units", "search units", "rerank"),
            Meter::Pages => ("pages", "pages", "pages"),
            Meter::ReadUnits => ("read_units", "read units", "read units"),
            Meter::WriteUnits => ("write_units", "write units", "write units"),
            Meter::Queries => ("queries", "queries", "queries"),
            Meter::BytesQueried => ("bytes_queried", "bytes", "bytes queried"),
            Meter::BytesReturned => ("bytes_returned", "bytes", "bytes returned"),
            Meter::BytesWritten => ("bytes_written", "bytes", "bytes written"),
            Meter::Storage => ("storage_byte_hours", "byte-hours", "storage"),
            Meter::DimensionHours => ("dimension_hours", "dimension-hours", "dimensions"),
            Meter::InstanceHours => ("instance_hours", "hours", "instance"),
            Meter::GpuHours => ("gpu_hours", "GPU-hours", "GPU"),
            Meter::Sessions => ("sessions", "sessions", "sessions"),
            Meter::Subscriptions => ("user_months", "user-months", "subscription"),
        };
        Registered { name, unit, label }
    }

    /// Returns the registry name, as used in usage records.
    pub fn name(self) -> &'static str {
        self.registered().name
    }

    /// Returns the base unit that quantities of this meter are counted in.
    pub fn unit(self) -> &'static str {
        self.registered().unit
    }

    /// Returns a short label for a bill line.
    pub fn label(self) -> &'static str {
        self.registered().label
    }

    /// Finds a meter by its registry name.
    pub fn by_name(name: &str) -> Option<Meter> {
        Meter::ALL.into_iter().find(|meter| meter.name() == name)
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
                | Meter::CacheWrite
                | Meter::CacheWrite1h
                | Meter::CacheWriteLong
                | Meter::InputAudio
                | Meter::CachedAudio
                | Meter::InputImage
                | Meter::InputVideo
        )
    }

    /// Returns whether the meter counts tokens of the answer.
    #[inline]
    pub fn is_answer(self) -> bool {
        matches!(self, Meter::Output | Meter::OutputAudio | Meter::OutputImage | Meter::OutputVideo)
    }

    /// Returns the meter whose price applies where a card has none for this one.
    ///
    /// Image, audio and video tokens of a prompt are prompt tokens: a vendor that prints no price
    /// of their own bills them as text. Cached and written tokens have no such default.
    #[inline]
    pub fn billed_as(self) -> Option<Meter> {
        match self {
            Meter::InputAudio | Meter::InputImage | Meter::InputVideo => Some(Meter::Input),
            Meter::CachedAudio => Some(Meter::CachedInput),
            Meter::OutputAudio | Meter::OutputImage | Meter::OutputVideo => Some(Meter::Output),
            _ => None,
        }
    }
}

/// Finds a price key by its name in the TOML files.
pub fn price_key(name: &str) -> Option<&'static PriceKey> {
    PRICE_KEYS.iter().find(|candidate| candidate.key == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meter_has_a_price_key_and_a_name_of_its_own() {
        for (index, meter) in Meter::ALL.into_iter().enumerate() {
            assert_eq!(meter as usize, index);
            assert!(PRICE_KEYS.iter().any(|key| key.meter == meter), "{meter:?}");
            assert_eq!(Meter::by_name(meter.name()), Some(meter));
        }
    }
}
