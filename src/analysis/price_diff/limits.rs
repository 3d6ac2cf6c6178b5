//! Rate limits of one product on two days.

use super::{Difference, Figure, Match, PriceDiff, Question};
use crate::catalog::{Quota, RateLimit};
use crate::diagnostic::word_for;

/// Compares the limits in force; other tables print none by tier, so only two days of one are compared.
pub(super) fn compare(question: &Question<'_>, pair: Match, found: &mut PriceDiff) {
    if !question.is_about_days() {
        return;
    }
    let product = question.before.catalog.product(pair.before);
    for later in RateLimit::in_force(&product.limits, question.after.date) {
        let same = |limit: &&RateLimit| {
            limit.tier == later.tier && limit.above_input_tokens == later.above_input_tokens
        };
        let Some(earlier) = RateLimit::in_force(&product.limits, question.before.date).find(same) else {
            continue;
        };
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
