//! How many tokens an image of the prompt is.

use crate::catalog::ImageTokens;
use crate::scenario::ImageDetail;

/// Side of the square that an image is first fitted into, in pixels.
const LARGEST_SIDE: f64 = 2048.0;
/// Length to which the shorter side is then reduced, in pixels.
const SHORT_SIDE: f64 = 768.0;
/// Side of a tile, in pixels.
const TILE: f64 = 512.0;

/// Returns the tokens of one image.
///
/// OpenAI's tile rule (images and vision guide): at low detail the base; at high detail the image
/// is fitted into 2048 × 2048, its shorter side reduced to 768, and each 512-pixel tile counted.
/// 1024 × 1024 becomes 768 × 768, 2 × 2 tiles, 85 + 4 × 170 = 765 tokens.
pub fn tokens(formula: &ImageTokens, width: f64, height: f64, detail: ImageDetail) -> f64 {
    match (formula, detail) {
        (ImageTokens::OpenAiTiles { base, .. }, ImageDetail::Low) => *base,
        (ImageTokens::OpenAiTiles { base, per_tile }, ImageDetail::High) => {
            let fit = (LARGEST_SIDE / width.max(height)).min(1.0);
            let shrink = (SHORT_SIDE / (width.min(height) * fit)).min(1.0);
            // Half a thousandth of a pixel keeps a side of exactly 512 from rounding up.
            let side = |pixels: f64| ((pixels * fit * shrink - 0.0005) / TILE).ceil().max(1.0);
            base + per_tile * side(width) * side(height)
        }
    }
}
