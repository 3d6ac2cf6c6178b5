//! What changed prices do to workloads: the same designs at the prices of both sides.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{PriceDiff, Side};
use crate::analysis::{Case, Pair};
use crate::bill::Charge;
use crate::catalog::{Kind, ProductId};
use crate::scenario::Scenario;
use crate::usage::Recurrence;

/// What a product's changes do to a month of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Name of the scenario.
    pub scenario: String,
    /// The design in which it matters most, as `MODEL:STRATEGY`.
    pub design: String,
    /// What the product costs there in a month at the prices of the other side, less the one.
    pub amount: Decimal,
}

/// Returns, for each product with a difference, its largest effect on any of the scenarios, in dollars a month.
///
/// A chat model is put into each of a scenario's strategies; other products matter where a scenario uses them.
/// Designs that run on one side only, and scenarios whose names one side lacks, have no effect to tell.
pub fn effects(
    diff: &PriceDiff,
    before: Side<'_>,
    after: Side<'_>,
    scenarios: &[Scenario],
) -> HashMap<ProductId, Effect> {
    let mut changed: Vec<(ProductId, &str)> =
        diff.differences.iter().map(|difference| (difference.product, difference.theirs.as_str())).collect();
    changed.sort();
    changed.dedup();
    let mut largest: HashMap<ProductId, Effect> = HashMap::new();
    for scenario in scenarios {
        let on = |side: Side<'_>| Scenario {
            as_of: Some(side.date),
            currency: None,
            plan: None,
            baseline: None,
            ..scenario.clone()
        };
        let (scenario_before, scenario_after) = (on(before), on(after));
        let (Ok(case_before), Ok(case_after)) = (
            Case::open(before.catalog, &scenario_before, before.date),
            Case::open(after.catalog, &scenario_after, after.date),
        ) else {
            continue;
        };
        for (product, theirs) in &changed {
            let Some(other) = after.catalog.named(theirs) else { continue };
            let models = if before.catalog.product(*product).kind == Kind::Chat {
                vec![(*product, other)]
            } else {
                shared_models(&case_before, &case_after)
            };
            let pairs = models
                .into_iter()
                .flat_map(|models| case_before.strategies.iter().map(move |strategy| (models, *strategy)));
            for ((model, model_after), strategy) in pairs {
                let pair = Pair { model, strategy };
                let then = cost_of(&case_before, pair, *product);
                let now = cost_of(&case_after, Pair { model: model_after, strategy }, other);
                let (Some(then), Some(now)) = (then, now) else { continue };
                let amount = now - then;
                let known = largest.get(product).map_or(Decimal::ZERO, |effect| effect.amount.abs());
                if amount.abs() > known {
                    let (scenario, design) = (scenario.name.clone(), case_before.pair_name(pair));
                    largest.insert(*product, Effect { scenario, design, amount });
                }
            }
        }
    }
    largest
}

/// Returns the models of a scenario that both sides know.
fn shared_models(before: &Case<'_>, after: &Case<'_>) -> Vec<(ProductId, ProductId)> {
    let both = |id: &ProductId| Some((*id, after.catalog.named(&before.catalog.product(*id).id)?));
    before.models.iter().filter_map(both).collect()
}

/// Returns what a product costs in a month of a design, at list prices; `None` where a price is missing.
fn cost_of(case: &Case<'_>, pair: Pair, product: ProductId) -> Option<Decimal> {
    let bill = case.evaluate(pair).ok()?.bill;
    let of_product = bill.lines.iter().filter(|line| {
        line.recurrence == Recurrence::Monthly
            && matches!(line.charge, Charge::Product(id, _) if id == product)
    });
    let amounts: Option<Vec<Decimal>> =
        of_product.map(|line| line.price.as_ref().ok().map(|price| price.amount)).collect();
    amounts.filter(|amounts| !amounts.is_empty()).map(|amounts| amounts.into_iter().sum())
}
