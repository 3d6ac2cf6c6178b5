//! Designs at their edges, on prices of one and ten a million, with the expected figure worked beside each.

mod support;

use ragonomics::analysis::compare::{Comparison, compare};
use support::*;

/// A vendor with a model of 8,192 tokens and one whose window nobody published.
const ACME: &str = r#"
[vendor]
id = "acme"

[[product]]
id = "small"
kind = "chat"
window = 8192
max_output = 8192

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01

[[product]]
id = "unknown-window"
kind = "chat"

[[product.price]]
from = 2026-01-01
input_per_mtok = 1
output_per_mtok = 10
source = "contract"
checked = 2026-11-01
"#;

fn compared(table: &str, text: &str) -> Comparison {
    let (catalog, scenario) = (catalog_with(table), scenario(text));
    compare(&case(&catalog, &scenario))
}

#[test]
fn what_was_not_checked_is_not_said_to_fit() {
    let text = "[compare]\nmodels = [\"acme/small\", \"acme/unknown-window\"]\nstrategies = [\"cached_context\"]\n\
                [corpus]\ntokens = 1000\n[request]\n";
    let fits = |text: &str| {
        let comparison = compared(ACME, text);
        ["acme/small", "acme/unknown-window"].map(|model| {
            let row = comparison.rows.iter().find(|row| row.model == model).unwrap();
            assert!(row.monthly.is_none() && row.reason.is_some());
            row.fits
        })
    };
    // Neither has a cache; 1,000 + 400 + 300 tokens fit into 8,192, and into a window that nobody knows perhaps.
    assert_eq!(fits(text), [Some(true), None]);
    // Neither takes images, so the size of the prompt was never worked out.
    assert_eq!(fits(&format!("{text}images = 1\n")), [None, None]);
}
