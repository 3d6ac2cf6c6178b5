//! The rate-limit tiers that a scenario says the customer is in.

use super::Names;
use crate::analysis::OwnTier;
use crate::catalog::Catalog;
use crate::diagnostic::{Fault, nearest_or_all};
use crate::scenario::{Named, Scenario};

impl Names<'_> {
    /// Looks up tiers written `vendor=tier`, in any case of letters; each vendor has one.
    pub fn tiers(&mut self, scenario: &Scenario) -> Vec<OwnTier> {
        let catalog = self.catalog;
        let mut tiers: Vec<OwnTier> = Vec::new();
        for named in &scenario.tiers {
            let Some(found) = self.keep(&named.place, find(catalog, named)) else { continue };
            match tiers.iter().find(|known| known.vendor == found.vendor) {
                None => tiers.push(found),
                Some(_) => {
                    let vendor = &catalog.vendors[found.vendor].id;
                    let message = format!("limits.tiers names two tiers of `{vendor}`");
                    let remedy = "keep the one that you are in".to_owned();
                    let _: Option<()> = self.keep(&named.place, Err(Fault::Conflict { message, remedy }));
                }
            }
        }
        tiers
    }
}

fn find(catalog: &Catalog, named: &Named) -> Result<OwnTier, Fault> {
    let (vendor, tier) = named.text.split_once('=').unwrap_or((&named.text, ""));
    let (vendor, tier) = (catalog.find_vendor(vendor.trim())?, tier.trim());
    let at = catalog.vendors.iter().position(|known| known.id == vendor.id).unwrap_or_default();
    let mut known: Vec<&str> = Vec::new();
    for limit in catalog.products.iter().filter(|product| product.vendor == at).flat_map(|of| &of.limits) {
        if !known.contains(&limit.tier.as_str()) {
            known.push(&limit.tier);
        }
    }
    if known.is_empty() {
        let message = format!("no rate limits of `{}` are in the tables", vendor.id);
        let remedy = "leave its tier out, or lay a table with [[product.limit]] over them".to_owned();
        return Err(Fault::Conflict { message, remedy });
    }
    match known.iter().find(|known| known.eq_ignore_ascii_case(tier)) {
        Some(tier) => Ok(OwnTier { vendor: at, tier: (*tier).to_owned() }),
        None => {
            let nearest = nearest_or_all(tier, known.iter().copied());
            Err(Fault::UnknownName { kind: "rate-limit tier", name: tier.to_owned(), nearest })
        }
    }
}
