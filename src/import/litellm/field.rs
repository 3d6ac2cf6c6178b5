//! What a `..cost..` field counts, and under which condition.
//!
//! A field is a quantity, then a threshold `_above_272k_tokens`, then a class `_batches`:
//! `cache_read_input_token_cost_above_272k_tokens_flex`.

use rust_decimal::Decimal;

use super::{MILLION, SECONDS_PER_HOUR};
use crate::catalog::rate::{Basis, Condition, Tier};
use crate::catalog::{Kind, Service};

/// Where the price of a field goes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// Our price key.
    pub key: &'static str,
    /// Units of the field in one unit of the key.
    pub times: Decimal,
    /// When it holds; the variant is that of the field alone.
    pub condition: Condition,
}

/// What decides the meaning of a field beside its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sold {
    /// What the product is.
    pub kind: Kind,
    /// Whether a threshold of tokens belongs to the tier above it: so at xAI, and nowhere else in this table.
    pub inclusive: bool,
    /// Whether the entry is for reserved throughput.
    pub reserved: bool,
    /// Whether the entry has a price of images made beside one of images.
    pub makes_images: bool,
}

const ONE: Decimal = Decimal::ONE;
const THOUSAND: Decimal = Decimal::ONE_THOUSAND;

/// Quantities whose name says all.
const QUANTITIES: &[(&str, &str, Decimal)] = &[
    ("input_cost_per_token", "input_per_mtok", MILLION),
    ("input_cost_per_token_cache_hit", "cached_input_per_mtok", MILLION),
    ("cache_read_input_token_cost", "cached_input_per_mtok", MILLION),
    ("explicit_cache_read_input_token_cost", "explicit_cached_input_per_mtok", MILLION),
    ("cache_creation_input_token_cost", "cache_write_per_mtok", MILLION),
    ("cache_creation_input_token_cost_above_1hr", "cache_write_1h_per_mtok", MILLION),
    ("cache_creation_input_token_cost_above_12hr", "cache_write_long_per_mtok", MILLION),
    ("output_cost_per_token", "output_per_mtok", MILLION),
    ("output_cost_per_reasoning_token", "reasoning_per_mtok", MILLION),
    ("citation_cost_per_token", "citation_per_mtok", MILLION),
    ("input_cost_per_audio_token", "input_audio_per_mtok", MILLION),
    ("cache_read_input_audio_token_cost", "cached_audio_per_mtok", MILLION),
    ("cache_creation_input_audio_token_cost", "cache_write_audio_per_mtok", MILLION),
    ("output_cost_per_audio_token", "output_audio_per_mtok", MILLION),
    ("input_cost_per_image_token", "input_image_per_mtok", MILLION),
    ("cache_read_input_image_token_cost", "cached_image_per_mtok", MILLION),
    ("output_cost_per_image_token", "output_image_per_mtok", MILLION),
    ("input_cost_per_video_token", "input_video_per_mtok", MILLION),
    ("output_cost_per_video_token", "output_video_per_mtok", MILLION),
    ("input_cost_per_character", "input_per_mchar", MILLION),
    ("output_cost_per_character", "output_per_mchar", MILLION),
    ("output_cost_per_pixel", "pixel_per_m", MILLION),
    ("input_cost_per_audio_per_second", "audio_per_second", ONE),
    ("input_cost_per_video_per_second", "input_video_per_second", ONE),
    ("output_cost_per_video_per_second", "output_video_per_second", ONE),
    ("input_cost_per_request", "request_each", ONE),
    ("input_cost_per_text_message", "message_each", ONE),
    ("code_interpreter_cost_per_session", "session_each", ONE),
    ("google_maps_grounding_cost_per_query", "maps_query_per_k", THOUSAND),
    ("ocr_cost_per_page", "page_per_k", THOUSAND),
    ("annotation_cost_per_page", "annotated_page_per_k", THOUSAND),
];

const SERVICES: [(&str, Service); 4] = [
    ("_batches", Service::Batch),
    ("_flex", Service::Flex),
    ("_priority", Service::Priority),
    ("_ultrafast", Service::Ultrafast),
];

/// Classes that one vendor alone sells: they become variants.
const OWN_CLASSES: [(&str, &str); 2] = [("_balanced", "balanced"), ("_decisions", "decisions")];

/// Returns where the price of a field goes; `None` where the tables have no place for it.
pub(super) fn place(field: &str, sold: Sold) -> Option<Place> {
    let mut condition = Condition::default();
    let mut rest = field;
    if let Some((head, service)) = cut(rest, &SERVICES) {
        (rest, condition.service) = (head, service);
    } else if let Some((head, variant)) = cut(rest, &OWN_CLASSES) {
        (rest, condition.variant) = (head, Some(variant.to_owned()));
    }
    if let Some((head, threshold)) = cut_threshold(rest) {
        rest = head;
        condition.tier = Some(Tier { threshold, inclusive: sold.inclusive, basis: Basis::Request });
    }
    if let Some((head, variant)) = cut_variant(rest) {
        rest = head;
        condition.variant = Some(variant);
    }
    let (key, times) = quantity(rest, sold)?;
    Some(Place { key, times, condition })
}

fn cut<'f, T: Copy>(field: &'f str, suffixes: &[(&str, T)]) -> Option<(&'f str, T)> {
    suffixes.iter().find_map(|(suffix, means)| Some((field.strip_suffix(suffix)?, *means)))
}

/// Cuts `_above_272k_tokens` off and returns 272,000.
fn cut_threshold(field: &str) -> Option<(&str, f64)> {
    let (head, threshold) = field.strip_suffix("k_tokens")?.rsplit_once("_above_")?;
    Some((head, threshold.parse::<u32>().ok().map(f64::from)? * 1000.0))
}

/// Cuts off what makes a price one of several: a resolution of videos or images, the length of an interval.
fn cut_variant(field: &str) -> Option<(&str, String)> {
    if let Some((head, interval)) =
        field.strip_suffix("_interval").and_then(|rest| rest.rsplit_once("_above_"))
    {
        return Some((head, format!("interval above {interval}")));
    }
    ["output_cost_per_second", "output_cost_per_image"].into_iter().find_map(|head| {
        let resolution = field.strip_prefix(head)?.strip_prefix('_')?;
        resolution.starts_with(|c: char| c.is_ascii_digit()).then(|| (head, resolution.to_owned()))
    })
}

fn quantity(field: &str, sold: Sold) -> Option<(&'static str, Decimal)> {
    let known = QUANTITIES.iter().find(|(name, _, _)| *name == field);
    known.map(|(_, key, times)| (*key, *times)).or_else(|| quantity_by_kind(field, sold))
}

/// Quantities that mean another thing at another kind of product.
fn quantity_by_kind(field: &str, sold: Sold) -> Option<(&'static str, Decimal)> {
    Some(match (field, sold.kind) {
        ("cost_per_second" | "input_cost_per_second", _) if sold.reserved => {
            ("provisioned_unit_per_hour", SECONDS_PER_HOUR)
        }
        // The length of a recording is printed as input, as output, or as both; it is paid once.
        ("input_cost_per_second" | "output_cost_per_second", Kind::Transcription) => {
            ("audio_per_second", ONE)
        }
        ("input_cost_per_second", Kind::Chat) => ("audio_per_second", ONE),
        ("output_cost_per_second", Kind::Video) => ("output_video_per_second", ONE),
        ("output_cost_per_second", Kind::Speech) => ("output_audio_per_second", ONE),
        // Models that make images have the price of a pixel or an image made under the name of input, unless there
        // is one of output beside it.
        ("input_cost_per_pixel", Kind::Image) => ("pixel_per_m", MILLION),
        ("input_cost_per_image", Kind::Image) if !sold.makes_images => ("image_each", ONE),
        ("input_cost_per_image", _) => ("input_image_each", ONE),
        // A piece of music is priced as an image; it is one request.
        ("output_cost_per_image", Kind::Speech) => ("request_each", ONE),
        ("output_cost_per_image", _) => ("image_each", ONE),
        ("input_cost_per_query", Kind::Rerank) => ("search_unit_per_k", THOUSAND),
        ("input_cost_per_query", Kind::Search) => ("web_search_per_k", THOUSAND),
        ("input_cost_per_query", _) => ("query_per_m", MILLION),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat(inclusive: bool) -> Sold {
        Sold { kind: Kind::Chat, inclusive, reserved: false, makes_images: false }
    }

    #[test]
    fn a_field_is_a_quantity_a_threshold_and_a_class() {
        let field = "cache_creation_input_token_cost_above_12hr_above_272k_tokens_flex";
        let place = place(field, chat(false)).expect("a place");
        assert_eq!((place.key, place.times), ("cache_write_long_per_mtok", MILLION));
        let tier = Some(Tier { threshold: 272_000.0, inclusive: false, basis: Basis::Request });
        assert_eq!(place.condition, Condition { service: Service::Flex, tier, ..Condition::default() });
    }

    #[test]
    fn a_lifetime_is_no_threshold_and_a_class_of_one_vendor_is_a_variant() {
        let hour = place("cache_creation_input_token_cost_above_1hr", chat(true)).expect("a place");
        assert_eq!((hour.key, hour.condition), ("cache_write_1h_per_mtok", Condition::default()));
        let own = place("input_cost_per_token_above_200k_tokens_decisions", chat(true)).expect("a place");
        assert_eq!(own.condition.variant.as_deref(), Some("decisions"));
        assert!(own.condition.tier.is_some_and(|tier| tier.inclusive));
    }

    #[test]
    fn a_second_is_of_audio_of_video_or_of_a_server_by_what_is_sold() {
        let of = |field, kind, reserved| {
            let place = place(field, Sold { kind, reserved, ..chat(false) })?;
            Some((place.key, place.condition.variant))
        };
        let variant = |text: &str| Some(text.to_owned());
        assert_eq!(
            of("output_cost_per_second", Kind::Transcription, false),
            Some(("audio_per_second", None))
        );
        assert_eq!(
            of("output_cost_per_second_720p", Kind::Video, false),
            Some(("output_video_per_second", variant("720p")))
        );
        assert_eq!(of("cost_per_second", Kind::Chat, true), Some(("provisioned_unit_per_hour", None)));
        assert_eq!(of("cost_per_second", Kind::Chat, false), None);
        assert_eq!(
            of("input_cost_per_video_per_second_above_8s_interval", Kind::Embedding, false),
            Some(("input_video_per_second", variant("interval above 8s")))
        );
        assert_eq!(of("input_dbu_cost_per_token", Kind::Chat, false), None);
    }
}
