//! Images of a prompt as tokens, by the formula whose numbers the example has.

use ragonomics::catalog::{ImageTokens, Meter};
use ragonomics::usage::Step;

use super::bench::{Bench, Table, Work};
use super::example::{Answer, Example};

/// Counts one image in the prompt of a request.
pub fn tokens(example: &Example) -> Answer {
    let formula =
        format!("modalities = [\"text\", \"image\"]\n[product.image_tokens]\n{}\n", formula(example));
    let table = Table::default().chat_with("one", &formula, &[("input_per_mtok", "0")], "");
    let detail = example.maybe("detail").unwrap_or("high".into());
    let work = Work::of("long_context")
        .with("request.images", "1")
        .with("request.image_width", &example.text("width"))
        .with("request.image_height", &example.text("height"))
        .with("request.image_detail", &format!("\"{detail}\""));
    Bench::new(table, work).used("t/one:long_context", Step::Answer, Meter::InputImage).into()
}

fn formula(example: &Example) -> String {
    if let Some(divisor) = example.maybe("divisor") {
        return format!("formula = \"pixel_area\"\npixels_per_token = {divisor}");
    }
    if let Some(unit) = example.maybe("crop_unit") {
        assert_eq!(unit, "floor(min(w,h)/1.5)", "{}: another rule for tiles", example.id);
        return format!("formula = \"gemini_crops\"\nper_tile = {}", example.text("tile_tokens"));
    }
    // The rule's own numbers, which are constants of the formula.
    for (key, number) in [("tile_px", "512"), ("max_side", "2048")] {
        assert!(
            example.maybe(key).is_none_or(|value| value == number),
            "{}: `{key}` is not {number}",
            example.id
        );
    }
    format!(
        "formula = \"{}\"\nbase = {}\nper_tile = {}\nshort_side = {}",
        ImageTokens::NAMES[0],
        example.text("base_tokens"),
        example.text("tile_tokens"),
        example.maybe("short_side").unwrap_or("768".into())
    )
}
