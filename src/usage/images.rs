//! How many tokens an image of the prompt is.
//!
//! Every function cites the page whose rule it follows and works one image. Nothing is rounded after a multiplier:
//! OpenAI's guide prints 2,352.24 tokens for an image and no page says how a bill rounds that, so a bill counts the
//! fraction. Calculators that round each image up find at most one token more.

use crate::catalog::{ImageTokens, PatchLimits, PatchRule};
use crate::scenario::ImageDetail;

/// Side of the square that OpenAI's tile rule first fits an image into, in pixels.
const TILED_SQUARE: f64 = 2048.0;
/// Side of OpenAI's tile, in pixels.
const OPENAI_TILE: f64 = 512.0;
/// Side of OpenAI's patch, in pixels.
const OPENAI_PATCH: f64 = 32.0;
/// Side of Anthropic's patch, in pixels.
const ANTHROPIC_PATCH: f64 = 28.0;
/// Side of Google's tile, in pixels.
const GEMINI_TILE: f64 = 768.0;
/// Longest side of an image that Google counts as one tile, whatever its shape, in pixels.
const GEMINI_SMALL: f64 = 384.0;
/// Shorter side of an image over the side of Google's tile that follows it.
const GEMINI_CROP: f64 = 1.5;
/// Fewest tokens of an image on Qwen; a smaller one is enlarged.
const QWEN_FEWEST: f64 = 4.0;
/// Part of a pixel by which a computed side may fall short of the whole number that it stands for.
const SLACK: f64 = 0.0005;

/// Returns the tokens of one image of `width` × `height` pixels.
///
/// Only OpenAI's rules and [`ImageTokens::PerImage`] know a detail; the vendors of the others have no such switch, or
/// none with published numbers, so any detail counts alike. A word that a vendor does not know counts as high:
/// OpenAI refuses `medium`, and `original` on models without limits for it, and such a caller would send high
/// instead. On its tile models `auto` is the vendor's choice by an unpublished rule; high is the most that it costs.
pub fn tokens(formula: &ImageTokens, width: f64, height: f64, detail: ImageDetail) -> f64 {
    let image = Size { width, height };
    match *formula {
        ImageTokens::OpenAiTiles { base, .. } if detail == ImageDetail::Low => base,
        ImageTokens::OpenAiTiles { base, per_tile, short_side } => {
            base + per_tile * openai_tiles(image, short_side)
        }
        ImageTokens::OpenAiPatches(rule) => rule.multiplier * openai_patches(image, limits_at(&rule, detail)),
        ImageTokens::AnthropicPatches { max_side, max_tokens } => {
            anthropic_patches(image, max_side, max_tokens)
        }
        ImageTokens::GeminiTiles { per_tile } => per_tile * gemini_tiles(image),
        ImageTokens::GeminiCrops { per_tile, smallest_unit, largest_unit } => {
            per_tile * gemini_crops(image, smallest_unit, largest_unit)
        }
        ImageTokens::PixelArea { pixels_per_token, max_side, max_tokens } => {
            pixel_area(image, pixels_per_token, max_side).min(max_tokens.unwrap_or(f64::INFINITY))
        }
        ImageTokens::PerImage { tokens, low_tokens, medium_tokens } => match detail {
            ImageDetail::Low => low_tokens.unwrap_or(tokens),
            ImageDetail::Medium => medium_tokens.unwrap_or(tokens),
            ImageDetail::High | ImageDetail::Original | ImageDetail::Auto => tokens,
        },
        ImageTokens::QwenPatches { patch, max_tokens } => qwen_patches(image, patch, max_tokens),
        ImageTokens::LlamaTiles { per_tile, tile_side, max_tiles } => {
            per_tile * llama_tiles(image, tile_side, max_tiles)
        }
    }
}

/// The sides of an image, in pixels.
#[derive(Debug, Clone, Copy)]
struct Size {
    width: f64,
    height: f64,
}

impl Size {
    fn longer(self) -> f64 {
        self.width.max(self.height)
    }

    fn shorter(self) -> f64 {
        self.width.min(self.height)
    }

    fn area(self) -> f64 {
        self.width * self.height
    }

    /// Shrinks an image by a factor, by one above 1 not at all. An image has whole pixels: the part of one that would
    /// remain is dropped, lest it begin a tile.
    fn shrunk(self, factor: f64) -> Size {
        let whole = |pixels: f64| inside(pixels * factor.min(1.0), 1.0);
        Size { width: whole(self.width), height: whole(self.height) }
    }

    /// Shrinks an image until no side is longer than `side`, to the nearest whole pixels.
    fn fitted(self, side: f64) -> Size {
        let factor = (side / self.longer()).min(1.0);
        let nearest = |pixels: f64| (pixels * factor).round_ties_even().max(1.0);
        Size { width: nearest(self.width), height: nearest(self.height) }
    }

    /// Returns how many squares of a side cover the image.
    fn squares(self, side: f64) -> f64 {
        (self.width / side).ceil() * (self.height / side).ceil()
    }
}

/// Returns how many squares of a side lie inside a length, one at least.
fn inside(pixels: f64, side: f64) -> f64 {
    ((pixels + SLACK) / side).floor().max(1.0)
}

/// Counts tiles by the images and vision guide of OpenAI: the image is fitted into 2048 × 2048, its shorter side
/// reduced to 768 (512 for `gpt-image-1`), and each 512-pixel tile counted.
///
/// 1024 × 1024 becomes 768 × 768, 2 × 2 tiles: 85 + 4 × 170 = 765 tokens on GPT-4o. A small image is not enlarged.
fn openai_tiles(image: Size, short_side: f64) -> f64 {
    let factor = (TILED_SQUARE / image.longer()).min(short_side / image.shorter());
    image.shrunk(factor).squares(OPENAI_TILE)
}

/// Returns what bounds the patches of an image at a detail.
///
/// The square of low detail needs no budget: 512 pixels are 16 × 16 patches at most.
fn limits_at(rule: &PatchRule, detail: ImageDetail) -> PatchLimits {
    let low = rule.low_side.map(|side| PatchLimits { budget: f64::INFINITY, max_side: Some(side) });
    let own = match detail {
        ImageDetail::Low => low,
        ImageDetail::Original => rule.original,
        ImageDetail::Auto if rule.auto_is_original => rule.original,
        ImageDetail::Medium | ImageDetail::High | ImageDetail::Auto => None,
    };
    own.unwrap_or(rule.high)
}

/// Counts 32-pixel patches by the images and vision guide of OpenAI: the longer side is reduced to its most, then
/// the image shrunk until its patches are within the budget. The guide does not say how pixels are rounded; here
/// they are as in LiteLLM 1.109, the first step to the nearest and the second down.
///
/// 1800 × 2400 is 57 × 75 patches, more than 1,536; it becomes 1056 × 1408, 33 × 44 = 1,452 patches, 2,352.24 tokens
/// at a multiplier of 1.62.
fn openai_patches(image: Size, limits: PatchLimits) -> f64 {
    let image = limits.max_side.map_or(image, |side| image.fitted(side));
    let patches = image.squares(OPENAI_PATCH);
    if patches <= limits.budget {
        return patches;
    }
    // A strip thinner than a patch cannot be shrunk to the budget by its area, only cut off at it.
    within_budget(image, limits.budget).squares(OPENAI_PATCH).min(limits.budget)
}

/// Shrinks an image to the area of the budget, then to whole patches along the side that misses them by more.
fn within_budget(image: Size, budget: f64) -> Size {
    let factor = (OPENAI_PATCH * OPENAI_PATCH * budget / image.area()).sqrt();
    let to_whole = |pixels: f64| inside(pixels * factor, OPENAI_PATCH) * OPENAI_PATCH / pixels;
    image.shrunk(to_whole(image.width).min(to_whole(image.height)))
}

/// Counts 28-pixel patches by the vision page of Anthropic: the image has the longest whole side at which both the
/// side and the tokens are within their most; the other side is rounded, halves to even.
///
/// 1920 × 1080 with limits of 1568 becomes 1456 × 819, 52 × 30 = 1,560 tokens; one pixel more would be 53 × 30.
fn anthropic_patches(image: Size, max_side: f64, max_tokens: f64) -> f64 {
    let at = |side: f64| {
        let other = (side * image.shorter() / image.longer()).round_ties_even().max(1.0);
        Size { width: side, height: other }.squares(ANTHROPIC_PATCH)
    };
    let longest = image.longer().min(max_side);
    if at(longest) <= max_tokens {
        return at(longest);
    }
    // A longer side never has fewer patches, so halving the range finds the longest that fits.
    let (mut fits, mut too_long) = (1.0, longest.ceil());
    while too_long - fits > 1.0 {
        let middle = ((fits + too_long) / 2.0).floor();
        if at(middle) <= max_tokens {
            fits = middle;
        } else {
            too_long = middle;
        }
    }
    at(fits)
}

/// Counts 768-pixel tiles by Google's image page for Gemini 2, where an image of at most 384 pixels is one tile too.
///
/// 1920 × 1080 is 3 × 2 tiles, 6 × 258 = 1,548 tokens. The tiles that follow the shorter side are [`gemini_crops`].
fn gemini_tiles(image: Size) -> f64 {
    image.squares(GEMINI_TILE)
}

/// Counts tiles whose side is ⌊shorter side / 1.5⌋, as Google's image page describes them beside the fixed ones; an
/// image of at most 384 × 384 is one tile (<https://ai.google.dev/gemini-api/docs/image-understanding>).
///
/// 960 × 540 has a unit of 360 and 3 × 2 tiles, 1,548 tokens; 1000 × 1000 one of 666 and 2 × 2, 1,032 tokens. A copy of
/// the page for Vertex holds the unit between 256 and 768 pixels.
fn gemini_crops(image: Size, smallest: Option<f64>, largest: Option<f64>) -> f64 {
    if image.longer() <= GEMINI_SMALL {
        return 1.0;
    }
    let unit = (image.shorter() / GEMINI_CROP).floor().max(1.0);
    image.squares(unit.max(smallest.unwrap_or(0.0)).min(largest.unwrap_or(f64::INFINITY)))
}

/// Divides the area, once the longer side is reduced to its most, as Anthropic's vision guide did until its patches:
/// width × height / 750 (<https://docs.anthropic.com/en/docs/build-with-claude/vision>, 2025).
///
/// 1092 × 1092 is 1,589.952 tokens, which the guide prints as about 1,590.
fn pixel_area(image: Size, pixels: f64, max_side: Option<f64>) -> f64 {
    max_side.map_or(image, |side| image.fitted(side)).area() / pixels
}

/// Counts patches by `smart_resize` of Qwen's published processor: each side is rounded to whole patches, halves to
/// even; above the most tokens, or below 4, the image is scaled to that area first.
///
/// 1920 × 1080 in patches of 28 is 69 × 39 = 2,691 tokens; with a most of 1,280 it is 47 × 26 = 1,222. The two markers
/// around an image are not counted. The processor refuses strips longer than 200 times their width; here they cost
/// the most.
fn qwen_patches(image: Size, patch: f64, max_tokens: f64) -> f64 {
    let rounded = |pixels: f64| (pixels / patch).round_ties_even().max(1.0);
    let patches = rounded(image.width) * rounded(image.height);
    let factor_to = |tokens: f64| (tokens * patch * patch / image.area()).sqrt();
    let scaled = if patches > max_tokens {
        let along = |pixels: f64| inside(pixels * factor_to(max_tokens), patch);
        along(image.width) * along(image.height)
    } else if patches < QWEN_FEWEST {
        let along = |pixels: f64| ((pixels * factor_to(QWEN_FEWEST) - SLACK) / patch).ceil().max(1.0);
        along(image.width) * along(image.height)
    } else {
        patches
    };
    scaled.min(max_tokens)
}

/// Counts tiles by the vision page of Together: the whole tiles along each side, one at least.
///
/// 1280 × 720 is 2 × 1 tiles, 2 × 1,601 = 3,202 tokens. That is the formula that the page calls exact; a table
/// beside it already begins a second tile at 560 pixels.
fn llama_tiles(image: Size, tile_side: f64, max_tiles: f64) -> f64 {
    let along = |pixels: f64| inside(pixels, tile_side).min(max_tiles);
    along(image.width) * along(image.height)
}
