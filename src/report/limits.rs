//! Rate limits as rows and as JSON.

use serde::Serialize;

use super::json::{Exact, Plain};
use super::{Align, Cell, Sheet};
use crate::analysis::Case;
use crate::analysis::limits::Limits;
use crate::catalog::Confidence;
use crate::present::{value, whole};

/// Returns the tiers, lowest first.
pub fn tiers(limits: &Limits, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Tier", "tier", Align::Left),
        ("Requests/min", "requests_per_minute", Align::Right),
        ("Bound by", "bound_by", Align::Left),
        ("Peak", "holds_peak", Align::Left),
        ("Money/min", "money_per_minute", Align::Right),
        ("Needs", "needs", Align::Left),
    ]);
    let currency = case.book.currency;
    for tier in &limits.tiers {
        let unsure = if tier.limit.confidence == Confidence::High { "" } else { " (not certain)" };
        let fits = if tier.holds_peak { "holds" } else { "too low" };
        sheet.push(vec![
            Cell::both(format!("{}{unsure}", tier.limit.tier), tier.limit.tier.clone()),
            Cell::number(value((tier.requests_per_minute * 100.0).floor() / 100.0), tier.requests_per_minute),
            Cell::text(tier.binding.label()),
            Cell::both(fits, tier.holds_peak.to_string()),
            Cell::money(tier.money_per_minute, currency),
            Cell::text(tier.limit.needs.clone().unwrap_or_default()),
        ]);
    }
    sheet
}

/// Says demand and the tier needed.
pub fn summary(limits: &Limits, case: &Case<'_>) -> String {
    let demand = format!(
        "{}: {} input and {} output tokens a request; {} requests a minute on average, {} at the peak.",
        case.pair_name(limits.pair),
        whole(limits.input_tokens),
        whole(limits.output_tokens),
        value(limits.mean_per_minute),
        value(limits.peak_per_minute)
    );
    let verdict = match (limits.tiers.is_empty(), limits.tier_needed()) {
        (true, _) => "No rate limits are known for this model on that day.".to_owned(),
        (false, Some(tier)) => format!("The peak needs tier \"{}\".", tier.limit.tier),
        (false, None) => "No known tier holds the peak.".to_owned(),
    };
    format!("{demand} {verdict}")
}

#[derive(Serialize)]
struct JsonTier<'a> {
    tier: &'a str,
    from: String,
    needs: Option<&'a str>,
    requests_per_minute: Plain,
    bound_by: &'static str,
    holds_peak: bool,
    money_per_minute: Option<Exact>,
    source: &'a str,
    confidence: &'static str,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    model: &'a str,
    strategy: &'static str,
    as_of: String,
    currency: String,
    input_tokens_per_request: Plain,
    output_tokens_per_request: Plain,
    mean_requests_per_minute: Plain,
    peak_requests_per_minute: Plain,
    money_per_request: Option<Exact>,
    tier_needed: Option<&'a str>,
    tiers: Vec<JsonTier<'a>>,
}

/// Returns limits as JSON.
pub fn to_json(limits: &Limits, case: &Case<'_>) -> String {
    let tiers = limits.tiers.iter().map(|tier| JsonTier {
        tier: &tier.limit.tier,
        from: tier.limit.from.to_string(),
        needs: tier.limit.needs.as_deref(),
        requests_per_minute: Plain(tier.requests_per_minute),
        bound_by: tier.binding.label(),
        holds_peak: tier.holds_peak,
        money_per_minute: tier.money_per_minute.map(Exact),
        source: &tier.limit.source,
        confidence: tier.limit.confidence.word(),
    });
    super::json::pretty(&Document {
        schema: "ragonomics/limits/1",
        scenario: &case.scenario.name,
        model: &case.product(limits.pair.model).id,
        strategy: limits.pair.strategy.id(),
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        input_tokens_per_request: Plain(limits.input_tokens),
        output_tokens_per_request: Plain(limits.output_tokens),
        mean_requests_per_minute: Plain(limits.mean_per_minute),
        peak_requests_per_minute: Plain(limits.peak_per_minute),
        money_per_request: limits.money_per_request.map(Exact),
        tier_needed: limits.tier_needed().map(|tier| tier.limit.tier.as_str()),
        tiers: tiers.collect(),
    })
}
