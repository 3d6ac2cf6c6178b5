//! Changed prices as text and as JSON.

use serde::Serialize;

use crate::analysis::Case;
use crate::analysis::price_change::PriceChange;
use crate::catalog::Confidence;

/// Says which price a product has from now on, and where that is printed.
pub fn sentence(change: &PriceChange, case: &Case<'_>) -> String {
    let source = change.now.as_ref().map(|card| format!("; {}", card.source)).unwrap_or_default();
    short(change, case) + &source
}

/// Says which price a product has from now on.
pub fn short(change: &PriceChange, case: &Case<'_>) -> String {
    let product = &case.product(change.product).id;
    match &change.now {
        Err(why) => format!("{product}: {why}"),
        Ok(card) => {
            let until = card.until.map(|until| format!(" until {until}")).unwrap_or_default();
            let unsure = if card.confidence == Confidence::High { "" } else { " (not certain)" };
            format!("{product}: price of {}{until}{unsure}", card.from)
        }
    }
}

/// A changed price in JSON.
#[derive(Serialize)]
pub struct JsonChange<'a> {
    product: &'a str,
    price_from: Option<String>,
    until: Option<String>,
    source: Option<&'a str>,
    confidence: Option<&'static str>,
    reason: Option<String>,
}

/// Returns changed prices for JSON.
pub fn json<'a>(changes: &'a [PriceChange], case: &'a Case<'_>) -> Vec<JsonChange<'a>> {
    let of = |change: &'a PriceChange| {
        let card = change.now.as_ref().ok();
        JsonChange {
            product: &case.product(change.product).id,
            price_from: card.map(|card| card.from.to_string()),
            until: card.and_then(|card| card.until).map(|until| until.to_string()),
            source: card.map(|card| card.source.as_str()),
            confidence: card.map(|card| card.confidence.word()),
            reason: change.now.as_ref().err().map(|why| why.to_string()),
        }
    };
    changes.iter().map(of).collect()
}
