//! Rate limits of one product on two days.

use super::{Difference, Figure, Match, PriceDiff, Question};
use crate::catalog::{Product, Quota, RateLimit};
use crate::diagnostic::word_for;

/// Compares the limits in force; other tables print none by tier, so only two days of one are compared.
pub(super) fn compare(question: &Question<'_>, pair: Match, found: &mut PriceDiff) {
    if !question.is_about_days() {
        return;
    }
    let product = question.before.catalog.product(pair.before);
    for later in in_force(product, question.after.date) {
        let same = |limit: &&RateLimit| {
            limit.tier == later.tier && limit.above_input_tokens == later.above_input_tokens
        };
        let Some(earlier) = in_force(product, question.before.date).find(same) else { continue };
        for (quota, _) in Quota::WORDS.iter().map(|(_, quota)| (*quota, ())) {
            let (before, after) = (earlier.size(quota), later.size(quota));
            if before.is_none() && after.is_none() {
                continue;
            }
            found.compared += 1;
            if before != after {
                let figure = |size: Option<f64>| size.map_or(Figure::Unknown, Figure::Number);
                let key = word_for(quota, Quota::WORDS);
                found.differences.push(Difference {
                    product: pair.before,
                    theirs: product.id.clone(),
                    what: format!("{key} ({})", later.tier),
                    key,
                    before: figure(before),
                    after: figure(after),
                    explanation: None,
                });
            }
        }
    }
}

/// Returns the newest limit of each tier that held on a day.
fn in_force(product: &Product, date: jiff::civil::Date) -> impl Iterator<Item = &RateLimit> {
    let holds = move |limit: &&RateLimit| limit.from <= date;
    let limits = move || product.limits.iter().filter(holds);
    limits().filter(move |limit| {
        let newer = |other: &RateLimit| {
            other.tier == limit.tier
                && other.above_input_tokens == limit.above_input_tokens
                && other.from > limit.from
        };
        !limits().any(newer)
    })
}
