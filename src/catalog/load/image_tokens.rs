//! The formula of a product's image tokens: which keys each one has.

use super::super::{ImageTokens, PatchLimits, PatchRule};
use crate::document::Section;

/// Reads the numbers of one formula; all that are missing or wrong are reported before it gives up.
type Reader = fn(&Section<'_>) -> Option<ImageTokens>;

const FORMULAS: &[(&str, Reader)] = &[
    ("openai_tiles", openai_tiles),
    ("openai_patches", openai_patches),
    ("anthropic_patches", anthropic_patches),
    ("gemini_tiles", gemini_tiles),
    ("gemini_crops", gemini_crops),
    ("per_image", per_image),
    ("pixel_area", pixel_area),
    ("qwen_patches", qwen_patches),
    ("llama_tiles", llama_tiles),
];

/// Length to which OpenAI reduces the shorter side where a table does not say, in pixels.
const SHORT_SIDE: f64 = 768.0;

/// What to write for a number of tokens.
const TOKENS: &str = "write the tokens that the vendor's formula has for it";

pub(super) fn read(section: &Section<'_>) -> Option<ImageTokens> {
    section.require("formula", "write the name of the vendor's formula, such as formula = \"openai_tiles\"");
    // Without a formula nobody can say which numbers belong to it.
    let reader = section.word("formula", FORMULAS)?;
    let formula = reader(section);
    section.refuse_unknown_keys();
    formula
}

/// Reads tokens that may be zero.
fn tokens(section: &Section<'_>, key: &'static str) -> Option<f64> {
    section.require(key, TOKENS);
    section.count(key)
}

/// Reads a number that must be above zero.
fn size(section: &Section<'_>, key: &'static str, remedy: &str) -> Option<f64> {
    section.require(key, remedy);
    section.positive(key)
}

fn openai_tiles(section: &Section<'_>) -> Option<ImageTokens> {
    let (base, per_tile) = (tokens(section, "base"), tokens(section, "per_tile"));
    let short_side = section.positive("short_side").unwrap_or(SHORT_SIDE);
    Some(ImageTokens::OpenAiTiles { base: base?, per_tile: per_tile?, short_side })
}

fn openai_patches(section: &Section<'_>) -> Option<ImageTokens> {
    const AUTO: &[(&str, bool)] = &[("high", false), ("original", true)];
    let multiplier = size(section, "multiplier", "write the tokens of a patch, such as multiplier = 1.2");
    let budget = size(section, "budget", "write the most patches of an image, such as budget = 1536");
    let max_side = section.positive("max_side");
    let low_side = section.positive("low_side");
    let auto_is_original = section.word("auto", AUTO).unwrap_or(false);
    let original = original_limits(section, auto_is_original);
    let (multiplier, high) = (multiplier?, PatchLimits { budget: budget?, max_side });
    Some(ImageTokens::OpenAiPatches(PatchRule { multiplier, high, low_side, original, auto_is_original }))
}

/// Reads the limits at original detail; whatever speaks of that detail needs its budget.
fn original_limits(section: &Section<'_>, auto_is_original: bool) -> Option<PatchLimits> {
    let max_side = section.positive("original_max_side");
    if auto_is_original || max_side.is_some() {
        section.require(
            "original_budget",
            "write the most patches at original detail, such as original_budget = 10_000",
        );
    }
    section.positive("original_budget").map(|budget| PatchLimits { budget, max_side })
}

fn anthropic_patches(section: &Section<'_>) -> Option<ImageTokens> {
    let max_side = size(section, "max_side", "write the longest side in pixels, such as max_side = 1568");
    let max_tokens =
        size(section, "max_tokens", "write the most tokens of an image, such as max_tokens = 1568");
    Some(ImageTokens::AnthropicPatches { max_side: max_side?, max_tokens: max_tokens? })
}

fn gemini_tiles(section: &Section<'_>) -> Option<ImageTokens> {
    Some(ImageTokens::GeminiTiles { per_tile: tokens(section, "per_tile")? })
}

fn gemini_crops(section: &Section<'_>) -> Option<ImageTokens> {
    let per_tile = tokens(section, "per_tile");
    let (smallest_unit, largest_unit) = (section.positive("smallest_unit"), section.positive("largest_unit"));
    Some(ImageTokens::GeminiCrops { per_tile: per_tile?, smallest_unit, largest_unit })
}

fn pixel_area(section: &Section<'_>) -> Option<ImageTokens> {
    let pixels = size(
        section,
        "pixels_per_token",
        "write how many pixels are a token, such as pixels_per_token = 750",
    );
    let (max_side, max_tokens) = (section.positive("max_side"), section.positive("max_tokens"));
    Some(ImageTokens::PixelArea { pixels_per_token: pixels?, max_side, max_tokens })
}

fn per_image(section: &Section<'_>) -> Option<ImageTokens> {
    let all = tokens(section, "tokens");
    let (low_tokens, medium_tokens) = (section.count("low_tokens"), section.count("medium_tokens"));
    Some(ImageTokens::PerImage { tokens: all?, low_tokens, medium_tokens })
}

fn qwen_patches(section: &Section<'_>) -> Option<ImageTokens> {
    let patch = size(section, "patch", "write the side of a patch in pixels, such as patch = 28");
    let max_tokens =
        size(section, "max_tokens", "write the most tokens of an image, such as max_tokens = 1280");
    Some(ImageTokens::QwenPatches { patch: patch?, max_tokens: max_tokens? })
}

fn llama_tiles(section: &Section<'_>) -> Option<ImageTokens> {
    let per_tile = tokens(section, "per_tile");
    let tile_side = size(section, "tile_side", "write the side of a tile in pixels, such as tile_side = 560");
    let max_tiles = size(section, "max_tiles", "write the most tiles along one side, such as max_tiles = 2");
    Some(ImageTokens::LlamaTiles { per_tile: per_tile?, tile_side: tile_side?, max_tiles: max_tiles? })
}
