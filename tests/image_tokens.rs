//! Images as tokens, against the vendors' printed examples and a second calculation of the same rules.
//!
//! Every case goes from the table that it is written in to the count. Verified cases are printed by a vendor or were
//! measured on a live call; computed ones come from a separate implementation that found the verified ones, those of
//! LiteLLM from its version 1.109.1.

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use ragonomics::catalog::ImageTokens;
use ragonomics::report::product::facts;
use ragonomics::scenario::ImageDetail;
use ragonomics::scenario::ImageDetail::{Auto, High, Low, Medium, Original};
use ragonomics::units::decimal;
use ragonomics::usage::Recurrence;
use ragonomics::usage::images::tokens;
use support::*;

const GPT_4O: &str = "formula = \"openai_tiles\"\nbase = 85\nper_tile = 170";
const GPT_4O_MINI: &str = "formula = \"openai_tiles\"\nbase = 2833\nper_tile = 5667";
const O3: &str = "formula = \"openai_tiles\"\nbase = 75\nper_tile = 150";
const GPT_5: &str = "formula = \"openai_tiles\"\nbase = 70\nper_tile = 140";
const GPT_IMAGE_1: &str = "formula = \"openai_tiles\"\nbase = 65\nper_tile = 129\nshort_side = 512";
const PATCHES_OF_2025: &str = "formula = \"openai_patches\"\nmultiplier = 1\nbudget = 1536";
const GPT_4_1_MINI_OF_2025: &str = "formula = \"openai_patches\"\nmultiplier = 1.62\nbudget = 1536";
const GPT_4_1_NANO_OF_2025: &str = "formula = \"openai_patches\"\nmultiplier = 2.46\nbudget = 1536";
const O4_MINI_OF_2025: &str = "formula = \"openai_patches\"\nmultiplier = 1.72\nbudget = 1536";
const GPT_4_1_MINI: &str = "formula = \"openai_patches\"\nmultiplier = 1.62\nbudget = 6144\nmax_side = 2048";
const GPT_5_4: &str = "formula = \"openai_patches\"\nmultiplier = 1.2\nbudget = 2500\nmax_side = 2048\nlow_side = 2048\n\
                       original_budget = 10_000\noriginal_max_side = 6000";
const GPT_5_6: &str = "formula = \"openai_patches\"\nmultiplier = 1.2\nbudget = 2500\nmax_side = 2048\nlow_side = 512\n\
                       original_budget = 30_000\nauto = \"original\"";
const CLAUDE: &str = "formula = \"anthropic_patches\"\nmax_side = 1568\nmax_tokens = 1568";
const CLAUDE_HIGH: &str = "formula = \"anthropic_patches\"\nmax_side = 2576\nmax_tokens = 4784";
const GEMINI_2: &str = "formula = \"gemini_tiles\"\nper_tile = 258";
const GEMINI_CROPS: &str = "formula = \"gemini_crops\"\nper_tile = 258";
const GEMINI_CROPS_HELD: &str =
    "formula = \"gemini_crops\"\nper_tile = 258\nsmallest_unit = 256\nlargest_unit = 768";
const CLAUDE_OF_2025: &str =
    "formula = \"pixel_area\"\npixels_per_token = 750\nmax_side = 1568\nmax_tokens = 1600";
const GEMINI_3: &str = "formula = \"per_image\"\ntokens = 1120\nlow_tokens = 280\nmedium_tokens = 560";
const DEEPSEEK: &str = "formula = \"per_image\"\ntokens = 384";
const QWEN_2_5: &str = "formula = \"qwen_patches\"\npatch = 28\nmax_tokens = 1280";
const QWEN_2_5_LARGE: &str = "formula = \"qwen_patches\"\npatch = 28\nmax_tokens = 16384";
const QWEN_3: &str = "formula = \"qwen_patches\"\npatch = 32\nmax_tokens = 16384";
const LLAMA: &str = "formula = \"llama_tiles\"\nper_tile = 1601\ntile_side = 560\nmax_tiles = 2";

/// Reads a formula as a product's table has it.
fn formula(numbers: &str) -> ImageTokens {
    catalog_of(&table(numbers)).products[0].image_tokens.clone().unwrap()
}

fn table(numbers: &str) -> String {
    format!(
        "[vendor]\nid = \"acme\"\n[[product]]\nid = \"own\"\nkind = \"chat\"\nmodalities = [\"text\", \"image\"]\n\
         [product.image_tokens]\n{numbers}\n[[product.cache]]\nmode = \"automatic\"\nttl_minutes = 5\n\
         [[product.price]]\nfrom = 2026-01-01\ninput_per_mtok = 1\n\
         cached_input_per_mtok = 0.1\noutput_per_mtok = 4\nsource = \"a test\"\nchecked = 2026-11-01\n"
    )
}

/// An image with the tokens that it must come to: name, formula, width, height, detail, tokens.
type Example = (&'static str, &'static str, f64, f64, ImageDetail, &'static str);

fn check(examples: &[Example]) {
    let counted = examples.iter().map(|(name, numbers, width, height, detail, expected)| {
        let found = decimal(tokens(&formula(numbers), *width, *height, *detail));
        (found != dec(expected))
            .then(|| format!("{name}, {width} x {height}, {detail:?}: {found}, not {expected}"))
    });
    let wrong: Vec<String> = counted.flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tiles_of_openai_are_counted_as_published() {
    check(&[
        ("verified: GPT-4o, 4 tiles", GPT_4O, 1024.0, 1024.0, High, "765"),
        ("verified: GPT-4o, 6 tiles of 768 x 1536", GPT_4O, 2048.0, 4096.0, High, "1105"),
        ("verified: GPT-4o, the base alone", GPT_4O, 4096.0, 8192.0, Low, "85"),
        ("verified: GPT-4o, one tile, not enlarged", GPT_4O, 512.0, 512.0, High, "255"),
        ("computed: GPT-4o, 6 tiles of 1365 x 768", GPT_4O, 1920.0, 1080.0, High, "1105"),
        ("computed: GPT-4o mini, 4 tiles", GPT_4O_MINI, 1024.0, 1024.0, High, "25501"),
        ("verified: GPT-4o mini, the base alone", GPT_4O_MINI, 1024.0, 1024.0, Low, "2833"),
        ("computed: o3, 4 tiles", O3, 1024.0, 1024.0, High, "675"),
        ("computed: GPT-5, 4 tiles", GPT_5, 1024.0, 1024.0, High, "630"),
        // 1024.3 x 768 pixels are 1024 x 768, 2 x 2 tiles
        ("LiteLLM: GPT-4o, no tile for part of a pixel", GPT_4O, 4532.0, 3398.0, High, "765"),
        // 1024 x 1024 becomes 512 x 512, one tile: 65 + 129
        ("by hand: GPT Image 1, shorter side 512", GPT_IMAGE_1, 1024.0, 1024.0, High, "194"),
    ]);
}

#[test]
fn patches_of_2025_are_counted_as_published() {
    check(&[
        ("verified: 32 x 32 patches", PATCHES_OF_2025, 1024.0, 1024.0, High, "1024"),
        ("verified: 33 x 44 patches", PATCHES_OF_2025, 1800.0, 2400.0, High, "1452"),
        ("computed: 52 x 29 patches", PATCHES_OF_2025, 1920.0, 1080.0, High, "1508"),
        ("LiteLLM: part of a pixel", PATCHES_OF_2025, 1651.0, 2848.0, High, "1450"),
        ("computed: GPT-4.1 mini", GPT_4_1_MINI_OF_2025, 1024.0, 1024.0, High, "1658.88"),
        ("verified: GPT-4.1 mini", GPT_4_1_MINI_OF_2025, 1800.0, 2400.0, High, "2352.24"),
        ("measured: GPT-4.1 mini, lying", GPT_4_1_MINI_OF_2025, 2400.0, 1800.0, High, "2352.24"),
        ("computed: GPT-4.1 mini", GPT_4_1_MINI_OF_2025, 1920.0, 1080.0, High, "2442.96"),
        ("computed: GPT-4.1 nano", GPT_4_1_NANO_OF_2025, 1024.0, 1024.0, High, "2519.04"),
        ("computed: GPT-4.1 nano", GPT_4_1_NANO_OF_2025, 1800.0, 2400.0, High, "3571.92"),
        ("computed: GPT-4.1 nano", GPT_4_1_NANO_OF_2025, 1920.0, 1080.0, High, "3709.68"),
        ("computed: o4-mini", O4_MINI_OF_2025, 1024.0, 1024.0, High, "1761.28"),
        ("computed: o4-mini", O4_MINI_OF_2025, 1800.0, 2400.0, High, "2497.44"),
        ("computed: o4-mini", O4_MINI_OF_2025, 1920.0, 1080.0, High, "2593.76"),
    ]);
}

#[test]
fn patches_of_2026_follow_the_detail() {
    check(&[
        ("computed: GPT-5.6", GPT_5_6, 1024.0, 1024.0, High, "1228.8"),
        ("computed: GPT-5.6", GPT_5_6, 1024.0, 1024.0, Original, "1228.8"),
        ("computed: GPT-5.6, 1368 x 1824", GPT_5_6, 1800.0, 2400.0, High, "2941.2"),
        ("computed: GPT-5.6, as sent", GPT_5_6, 1800.0, 2400.0, Original, "5130"),
        ("computed: GPT-5.6, auto is original", GPT_5_6, 1800.0, 2400.0, Auto, "5130"),
        ("computed: GPT-5.6, 384 x 512", GPT_5_6, 1800.0, 2400.0, Low, "230.4"),
        ("computed: GPT-5.6, as sent", GPT_5_6, 3840.0, 2160.0, Original, "9792"),
        ("computed: GPT-5.6, auto is original", GPT_5_6, 3840.0, 2160.0, Auto, "9792"),
        ("computed: GPT-5.6, 2048 x 1152", GPT_5_6, 3840.0, 2160.0, High, "2764.8"),
        // 1025 x 2048, 33 x 64 = 2,112 patches
        ("LiteLLM: GPT-5.6, to the nearest pixel", GPT_5_6, 2179.0, 4354.0, High, "2534.4"),
        // Low bounds only the side: 1536 x 2048 is 48 x 64 = 3,072 patches, above the 2,500 of high.
        ("by hand: GPT-5.4, low above high", GPT_5_4, 1800.0, 2400.0, Low, "3686.4"),
        ("by hand: GPT-5.4, auto is high", GPT_5_4, 1800.0, 2400.0, Auto, "2941.2"),
        // A square of 6,000 is 188 x 188 patches, above 10,000; it shrinks to 100 x 100.
        ("by hand: GPT-5.4, the budget of original", GPT_5_4, 9000.0, 9000.0, Original, "12000"),
        // 1536 x 2048 is 3,072 patches, within 6,144: 3,072 x 1.62
        ("by hand: GPT-4.1 mini", GPT_4_1_MINI, 1800.0, 2400.0, High, "4976.64"),
        ("by hand: GPT-4.1 mini, original refused", GPT_4_1_MINI, 1800.0, 2400.0, Original, "4976.64"),
    ]);
}

#[test]
fn patches_of_claude_are_counted_as_published() {
    check(&[
        ("verified: standard", CLAUDE, 200.0, 200.0, High, "64"),
        ("verified: standard", CLAUDE, 1000.0, 1000.0, High, "1296"),
        ("verified: standard", CLAUDE, 1092.0, 1092.0, High, "1521"),
        ("verified: standard, 924 x 1307", CLAUDE, 1075.0, 1520.0, High, "1551"),
        ("verified: standard, 1456 x 819", CLAUDE, 1920.0, 1080.0, High, "1560"),
        ("verified: standard, 1456 x 819", CLAUDE, 3840.0, 2160.0, High, "1560"),
        ("computed: standard, a letter page", CLAUDE, 2550.0, 3300.0, High, "1496"),
        ("verified: high", CLAUDE_HIGH, 200.0, 200.0, High, "64"),
        ("verified: high", CLAUDE_HIGH, 1000.0, 1000.0, High, "1296"),
        ("verified: high", CLAUDE_HIGH, 1092.0, 1092.0, High, "1521"),
        ("verified: high", CLAUDE_HIGH, 1075.0, 1520.0, High, "2145"),
        ("verified: high", CLAUDE_HIGH, 1920.0, 1080.0, High, "2691"),
        ("verified: high, 2576 x 1449", CLAUDE_HIGH, 3840.0, 2160.0, High, "4784"),
        ("computed: high, a letter page", CLAUDE_HIGH, 2550.0, 3300.0, High, "4758"),
    ]);
}

#[test]
fn areas_of_claude_are_counted_as_published_in_2025() {
    check(&[
        ("printed: about 54", CLAUDE_OF_2025, 200.0, 200.0, High, "53.3333333333333"),
        ("printed: about 1,334", CLAUDE_OF_2025, 1000.0, 1000.0, High, "1333.333333333333"),
        ("printed: about 1,590", CLAUDE_OF_2025, 1092.0, 1092.0, High, "1589.952"),
        // 3840 x 2160 becomes 1568 x 882, 1,843.968 tokens, more than 1,600.
        ("computed: shrunk", CLAUDE_OF_2025, 3840.0, 2160.0, High, "1600"),
        ("computed: shrunk", CLAUDE_OF_2025, 3136.0, 1000.0, High, "1045.333333333333"),
    ]);
}

#[test]
fn images_of_gemini_are_counted_as_published() {
    check(&[
        ("verified: one tile", GEMINI_2, 384.0, 384.0, High, "258"),
        ("computed: 2 x 2 tiles", GEMINI_2, 1024.0, 1024.0, High, "1032"),
        ("computed: 3 x 2 tiles", GEMINI_2, 1920.0, 1080.0, High, "1548"),
        ("published: crops of 360, 3 x 2", GEMINI_CROPS, 960.0, 540.0, High, "1548"),
        ("computed: crops of 666, 2 x 2", GEMINI_CROPS, 1000.0, 1000.0, High, "1032"),
        // floor(3000 / 1.5) = 2000; held to 768, 4 x 4 tiles.
        ("computed: only the shape counts", GEMINI_CROPS, 3000.0, 3000.0, High, "1032"),
        ("computed: held to 768", GEMINI_CROPS_HELD, 3000.0, 3000.0, High, "4128"),
        // floor(300 / 1.5) = 200 is held to 256: 2 x 2 tiles, not 3 x 2.
        ("computed: held to 256", GEMINI_CROPS_HELD, 500.0, 300.0, High, "1032"),
        ("published: one crop", GEMINI_CROPS, 384.0, 100.0, High, "258"),
        ("published: low", GEMINI_3, 1024.0, 1024.0, Low, "280"),
        ("published: medium", GEMINI_3, 1024.0, 1024.0, Medium, "560"),
        ("published: high", GEMINI_3, 64.0, 64.0, High, "1120"),
        ("published: unasked", GEMINI_3, 4096.0, 4096.0, Auto, "1120"),
    ]);
}

#[test]
fn patches_of_qwen_are_counted_as_published() {
    check(&[
        ("computed: at most 1,280", QWEN_2_5, 1024.0, 1024.0, High, "1225"),
        ("computed: at most 1,280", QWEN_2_5, 1920.0, 1080.0, High, "1222"),
        ("computed: at most 1,280", QWEN_2_5, 3840.0, 2160.0, High, "1222"),
        ("computed: at most 16,384", QWEN_2_5_LARGE, 1024.0, 1024.0, High, "1369"),
        ("computed: at most 16,384", QWEN_2_5_LARGE, 1920.0, 1080.0, High, "2691"),
        ("computed: at most 16,384", QWEN_2_5_LARGE, 3840.0, 2160.0, High, "10549"),
        ("computed: patches of 32", QWEN_3, 1024.0, 1024.0, High, "1024"),
        ("computed: patches of 32", QWEN_3, 1920.0, 1080.0, High, "2040"),
        ("computed: patches of 32", QWEN_3, 3840.0, 2160.0, High, "8160"),
        ("published: a dot is enlarged to 4", QWEN_2_5, 1.0, 1.0, High, "4"),
    ]);
}

#[test]
fn tiles_of_llama_are_counted_as_published() {
    check(&[
        ("published: one tile", LLAMA, 559.0, 559.0, High, "1601"),
        ("published: a second tile is begun only when it is full", LLAMA, 1119.0, 1119.0, High, "1601"),
        ("published: 2 x 1 tiles", LLAMA, 1280.0, 720.0, High, "3202"),
        ("published: 2 x 2 tiles", LLAMA, 1120.0, 1120.0, High, "6404"),
        ("published: never more", LLAMA, 8000.0, 8000.0, High, "6404"),
    ]);
}

#[test]
fn a_fraction_of_a_token_reaches_the_bill() {
    let text = "as_of = 2026-11-22\n[workload]\nrequests_per_month = 1\n[request]\nsystem_tokens = 0\n\
                question_tokens = 0\noutput_tokens = 0\nimages = 1\nimage_width = 1800\nimage_height = 2400\n\
                image_detail = \"DETAIL\"\n[corpus]\ntokens = 0\n";
    let cost = |numbers: &str, detail: &str| {
        let (catalog, scenario) = (catalog_with(&table(numbers)), scenario(&text.replace("DETAIL", detail)));
        let case = case(&catalog, &scenario);
        let evaluation = case.evaluate(pair(&case, "acme/own:long_context")).unwrap();
        evaluation.bill.total(Recurrence::Monthly).amount().unwrap()
    };
    // 2,352.24 tokens at $1 a million
    assert_eq!(cost(GPT_4_1_MINI_OF_2025, "high"), dec("0.00235224"));
    assert_eq!(cost(GPT_5_6, "low"), dec("0.0002304"));
    assert_eq!(cost(GPT_5_6, "original"), dec("0.00513"));
    assert_eq!(cost(GPT_5_6, "auto"), dec("0.00513"));
    assert_eq!(cost(GEMINI_3, "medium"), dec("0.00056"));
}

#[test]
fn a_cache_changes_the_price_of_an_image_and_not_its_tokens() {
    let text = "as_of = 2026-11-22\n[workload]\nrequests_per_month = 1000\n[request]\nimages = 3\n\
                [corpus]\ntokens = 10_000\n";
    let (catalog, scenario) = (catalog_with(&table(CLAUDE)), scenario(text));
    let case = case(&catalog, &scenario);
    let input = |strategy: &str| {
        case.evaluate(pair(&case, &format!("acme/own:{strategy}"))).unwrap().usage.per_request(1000.0).0
    };
    let (plain, cached) = (input("long_context"), input("cached_context"));
    assert!((plain - cached).abs() < 1e-6, "{plain} without a cache, {cached} with one");
}

#[test]
fn the_facts_of_a_product_name_its_formula_with_the_numbers() {
    for (numbers, expected) in [
        (GPT_4O, "openai_tiles: base 85, per_tile 170, short_side 768"),
        (PATCHES_OF_2025, "openai_patches: multiplier 1, budget 1,536"),
        (
            GPT_5_6,
            "openai_patches: multiplier 1.2, budget 2,500, max_side 2,048, low_side 512, original_budget 30,000, auto original",
        ),
        (CLAUDE, "anthropic_patches: max_side 1,568, max_tokens 1,568"),
        (GEMINI_2, "gemini_tiles: per_tile 258"),
        (GEMINI_CROPS, "gemini_crops: per_tile 258"),
        (CLAUDE_OF_2025, "pixel_area: pixels_per_token 750, max_side 1,568, max_tokens 1,600"),
        (GEMINI_3, "per_image: tokens 1,120, low_tokens 280, medium_tokens 560"),
        (QWEN_3, "qwen_patches: patch 32, max_tokens 16,384"),
        (LLAMA, "llama_tiles: per_tile 1,601, tile_side 560, max_tiles 2"),
    ] {
        let catalog = catalog_of(&table(numbers));
        let sheet = facts(&catalog, catalog.find("acme/own").unwrap(), TODAY);
        let row = sheet.rows.iter().find(|(cells, _)| cells[0].shown == "image tokens").unwrap();
        assert_eq!(row.0[1].shown, expected);
    }
}

/// A formula with the most that any image costs, and the longest side up to which no image is shrunk, in pixels.
struct Bounded {
    formula: ImageTokens,
    most: f64,
    unshrunk: u32,
}

static BOUNDED: LazyLock<Vec<Bounded>> = LazyLock::new(|| {
    // Squares of 39 patches of 32 are 1,521, within 1,536; of 49 are 2,401; of 39 patches of 28 are 1,521; of 35 are
    // 1,225. A tiled image has at most 4 x 2 tiles, or 4 x 1 with a shorter side of 512.
    [
        (GPT_4O, 85.0 + 8.0 * 170.0, 768),
        (GPT_4O_MINI, 2833.0 + 8.0 * 5667.0, 768),
        (GPT_IMAGE_1, 65.0 + 4.0 * 129.0, 512),
        (PATCHES_OF_2025, 1536.0, 39 * 32),
        (GPT_4_1_MINI, 6144.0 * 1.62, 2048),
        (GPT_5_4, 2500.0 * 1.2, 49 * 32),
        (GPT_5_6, 2500.0 * 1.2, 49 * 32),
        (CLAUDE, 1568.0, 39 * 28),
        (CLAUDE_HIGH, 4784.0, 69 * 28),
        (GEMINI_2, f64::INFINITY, 1_000_000),
        (GEMINI_CROPS, f64::INFINITY, 384),
        (CLAUDE_OF_2025, 1600.0, 1064),
        (GEMINI_3, 1120.0, 1_000_000),
        (DEEPSEEK, 384.0, 1_000_000),
        (QWEN_2_5, 1280.0, 35 * 28),
        (QWEN_2_5_LARGE, 16384.0, 128 * 28),
        (QWEN_3, 16384.0, 128 * 32),
        (LLAMA, 6404.0, 1_000_000),
    ]
    .map(|(numbers, most, unshrunk)| Bounded { formula: formula(numbers), most, unshrunk })
    .into()
});

/// Side in pixels from which on an image is never enlarged; Qwen enlarges one of fewer than 2 x 2 patches.
const SMALLEST: f64 = 64.0;

const DETAILS: [ImageDetail; 5] = [Low, Medium, High, Original, Auto];

/// Sides as photographs have them, and now and then strips and posters.
fn sides() -> impl Strategy<Value = (f64, f64)> {
    let side = || prop_oneof![4 => 1u32..5000, 1 => 1u32..1_000_000];
    (side(), side()).prop_map(|(width, height)| (f64::from(width), f64::from(height)))
}

proptest! {
    #[test]
    fn a_turned_image_costs_the_same((width, height) in sides()) {
        for bounded in BOUNDED.iter() {
            for detail in DETAILS {
                let (upright, lying) =
                    (tokens(&bounded.formula, width, height, detail), tokens(&bounded.formula, height, width, detail));
                prop_assert_eq!(upright, lying, "{:?}, {:?}", bounded.formula, detail);
            }
        }
    }

    #[test]
    fn no_image_costs_more_than_the_most_or_nothing((width, height) in sides()) {
        for bounded in BOUNDED.iter() {
            let found = tokens(&bounded.formula, width, height, High);
            prop_assert!(found > 0.0 && found <= bounded.most + 1e-9, "{:?}: {}", bounded.formula, found);
        }
    }

    #[test]
    fn patches_stay_within_the_budget_at_every_detail((width, height) in sides()) {
        // 10,000 and 30,000 at original; 64 x 64 and 16 x 16 at low, which only a square bounds
        for (numbers, low, original) in [(GPT_5_4, 4096.0, 10_000.0), (GPT_5_6, 256.0, 30_000.0)] {
            let formula = formula(numbers);
            prop_assert!(tokens(&formula, width, height, Low) <= low * 1.2 + 1e-9);
            prop_assert!(tokens(&formula, width, height, Original) <= original * 1.2 + 1e-9);
        }
    }

    #[test]
    fn a_larger_image_never_costs_less_until_it_is_shrunk(
        part in (0.0..1.0f64, 0.0..1.0f64),
        whole in (0.0..1.0f64, 0.0..1.0f64),
    ) {
        for bounded in BOUNDED.iter() {
            let side = |share: f64| (share * f64::from(bounded.unshrunk)).ceil().max(SMALLEST);
            let large = (side(whole.0), side(whole.1));
            let small = ((large.0 * part.0).ceil().max(SMALLEST), (large.1 * part.1).ceil().max(SMALLEST));
            let (less, more) = (
                tokens(&bounded.formula, small.0, small.1, High),
                tokens(&bounded.formula, large.0, large.1, High),
            );
            prop_assert!(less <= more, "{:?}: {} of {:?}, {} of {:?}", bounded.formula, less, small, more, large);
        }
    }

    #[test]
    fn low_detail_does_not_depend_on_the_size_of_a_tiled_image((width, height) in sides()) {
        for (numbers, base) in [(GPT_4O, 85.0), (GPT_4O_MINI, 2833.0), (O3, 75.0), (GPT_5, 70.0)] {
            prop_assert_eq!(tokens(&formula(numbers), width, height, Low), base);
        }
    }

    #[test]
    fn low_detail_saves_nothing_where_no_smaller_square_is_given((width, height) in sides()) {
        for numbers in [GPT_4_1_MINI, PATCHES_OF_2025] {
            let formula = formula(numbers);
            prop_assert_eq!(tokens(&formula, width, height, Low), tokens(&formula, width, height, High));
        }
    }
}
