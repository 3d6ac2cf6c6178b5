//! Which entry of one catalog is which product of the other.

use super::Question;
use crate::catalog::{Catalog, Product, ProductId};

/// The same product in both catalogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// In the one catalog.
    pub before: ProductId,
    /// In the other.
    pub after: ProductId,
}

/// Pairs the products of two catalogs by id and alias; several entries of the other side, such as dated
/// snapshots, can be one product.
pub fn matches(question: &Question<'_>) -> Vec<Match> {
    let (ours, theirs) = (question.before.catalog, question.after.catalog);
    if question.is_about_days() {
        return ours.iter().map(|(id, _)| Match { before: id, after: id }).collect();
    }
    let pair = |(after, product): (ProductId, &Product)| {
        Some(Match { before: of_same_name(ours, theirs, product)?, after })
    };
    theirs.iter().filter_map(pair).collect()
}

/// Finds a product by the other's full id, then by its aliases under its vendor; only of the same kind.
fn of_same_name(ours: &Catalog, theirs: &Catalog, product: &Product) -> Option<ProductId> {
    let vendor = &theirs.vendors[product.vendor].id;
    let aliases = product.aliases.iter().map(|alias| format!("{vendor}/{alias}"));
    let names = std::iter::once(product.id.clone()).chain(aliases);
    let mut found = names.filter_map(|name| ours.named(&name));
    found.find(|id| ours.product(*id).kind == product.kind)
}
