//! The formulas by which vendors turn an image of the prompt into tokens, each with its numbers.
//!
//! Which formula a model follows is a fact of its table; the arithmetic belongs to the usage. A formula has the
//! name of the vendor that published it, but others may follow it with numbers of their own.

/// A formula that turns an image of the prompt into tokens.
///
/// Sides are in pixels, all other numbers in tokens, tiles or patches of one image.
#[derive(Debug, Clone, PartialEq)]
pub enum ImageTokens {
    /// OpenAI's tile rule: `base + per_tile × tiles` at high detail, `base` at low.
    OpenAiTiles {
        /// Tokens of an image before tiles.
        base: f64,
        /// Tokens of a 512-pixel tile.
        per_tile: f64,
        /// Length to which the shorter side is reduced, in pixels.
        short_side: f64,
    },
    /// OpenAI's patch rule: 32-pixel patches of the image, shrunk to its limits, times a multiplier.
    OpenAiPatches(PatchRule),
    /// Anthropic's rule: 28-pixel patches of the image, shrunk until both limits hold.
    AnthropicPatches {
        /// Longest side, in pixels.
        max_side: f64,
        /// Most tokens of an image.
        max_tokens: f64,
    },
    /// Google's rule for Gemini 2: 768-pixel tiles.
    GeminiTiles {
        /// Tokens of a tile.
        per_tile: f64,
    },
    /// Google's other rule for Gemini: tiles that follow the shorter side.
    GeminiCrops {
        /// Tokens of a tile.
        per_tile: f64,
        /// Smallest side of a tile, in pixels; any where absent.
        smallest_unit: Option<f64>,
        /// Largest side of a tile, in pixels; any where absent.
        largest_unit: Option<f64>,
    },
    /// The same number of tokens for every image, whatever its size.
    PerImage {
        /// Tokens of an image.
        tokens: f64,
        /// Tokens at low detail, where they differ.
        low_tokens: Option<f64>,
        /// Tokens at medium detail, where they differ.
        medium_tokens: Option<f64>,
    },
    /// Tokens in proportion to the area, as Anthropic's guide had it until 2026.
    PixelArea {
        /// Pixels of a token.
        pixels_per_token: f64,
        /// Longest side to which an image is shrunk first, in pixels; any where absent.
        max_side: Option<f64>,
        /// Most tokens of an image; any number where absent.
        max_tokens: Option<f64>,
    },
    /// Qwen's rule: the image in whole patches, shrunk to a most.
    QwenPatches {
        /// Side of a patch that becomes one token, in pixels: 28 up to Qwen2.5-VL, 32 from Qwen3-VL on.
        patch: f64,
        /// Most tokens of an image.
        max_tokens: f64,
    },
    /// Together's rule for Llama 3.2: whole tiles of each side, up to a most.
    LlamaTiles {
        /// Tokens of a tile.
        per_tile: f64,
        /// Side of a tile, in pixels.
        tile_side: f64,
        /// Most tiles along one side.
        max_tiles: f64,
    },
}

/// The numbers of OpenAI's patch rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PatchRule {
    /// Tokens of a patch.
    pub multiplier: f64,
    /// Limits at high detail.
    pub high: PatchLimits,
    /// Side of the square that an image is fitted into at low detail, in pixels; the square bounds the patches,
    /// so no budget applies. Where it is absent, low detail is as high.
    pub low_side: Option<f64>,
    /// Limits at original detail; where they are absent, the vendor refuses it.
    pub original: Option<PatchLimits>,
    /// Whether the vendor reads `auto` as original and not as high.
    pub auto_is_original: bool,
}

/// How large an image stays before its patches are counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PatchLimits {
    /// Most patches.
    pub budget: f64,
    /// Longest side, in pixels; any where absent.
    pub max_side: Option<f64>,
}

impl ImageTokens {
    /// The names of the formulas in files.
    pub const NAMES: [&'static str; 9] = [
        "openai_tiles",
        "openai_patches",
        "anthropic_patches",
        "gemini_tiles",
        "gemini_crops",
        "per_image",
        "pixel_area",
        "qwen_patches",
        "llama_tiles",
    ];

    /// Returns the name of the formula in files.
    pub fn name(&self) -> &'static str {
        match self {
            ImageTokens::OpenAiTiles { .. } => "openai_tiles",
            ImageTokens::OpenAiPatches(_) => "openai_patches",
            ImageTokens::AnthropicPatches { .. } => "anthropic_patches",
            ImageTokens::GeminiTiles { .. } => "gemini_tiles",
            ImageTokens::GeminiCrops { .. } => "gemini_crops",
            ImageTokens::PerImage { .. } => "per_image",
            ImageTokens::PixelArea { .. } => "pixel_area",
            ImageTokens::QwenPatches { .. } => "qwen_patches",
            ImageTokens::LlamaTiles { .. } => "llama_tiles",
        }
    }

    /// Returns the numbers of the formula with their keys in files, in the order in which they are explained.
    pub fn numbers(&self) -> Vec<(&'static str, f64)> {
        match *self {
            ImageTokens::OpenAiTiles { base, per_tile, short_side } => {
                vec![("base", base), ("per_tile", per_tile), ("short_side", short_side)]
            }
            ImageTokens::OpenAiPatches(rule) => known(&[
                ("multiplier", Some(rule.multiplier)),
                ("budget", Some(rule.high.budget)),
                ("max_side", rule.high.max_side),
                ("low_side", rule.low_side),
                ("original_budget", rule.original.map(|limits| limits.budget)),
                ("original_max_side", rule.original.and_then(|limits| limits.max_side)),
            ]),
            ImageTokens::AnthropicPatches { max_side, max_tokens } => {
                vec![("max_side", max_side), ("max_tokens", max_tokens)]
            }
            ImageTokens::GeminiTiles { per_tile } => vec![("per_tile", per_tile)],
            ImageTokens::GeminiCrops { per_tile, smallest_unit, largest_unit } => known(&[
                ("per_tile", Some(per_tile)),
                ("smallest_unit", smallest_unit),
                ("largest_unit", largest_unit),
            ]),
            ImageTokens::PixelArea { pixels_per_token, max_side, max_tokens } => known(&[
                ("pixels_per_token", Some(pixels_per_token)),
                ("max_side", max_side),
                ("max_tokens", max_tokens),
            ]),
            ImageTokens::PerImage { tokens, low_tokens, medium_tokens } => known(&[
                ("tokens", Some(tokens)),
                ("low_tokens", low_tokens),
                ("medium_tokens", medium_tokens),
            ]),
            ImageTokens::QwenPatches { patch, max_tokens } => {
                vec![("patch", patch), ("max_tokens", max_tokens)]
            }
            ImageTokens::LlamaTiles { per_tile, tile_side, max_tiles } => {
                vec![("per_tile", per_tile), ("tile_side", tile_side), ("max_tiles", max_tiles)]
            }
        }
    }
}

fn known(numbers: &[(&'static str, Option<f64>)]) -> Vec<(&'static str, f64)> {
    numbers.iter().filter_map(|(key, number)| Some((*key, (*number)?))).collect()
}
