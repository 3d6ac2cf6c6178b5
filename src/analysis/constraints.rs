//! What a scenario allows at all: vendors, models, regions. A design outside is not worked out, and says why.

use std::collections::BTreeSet;
use std::fmt;

use super::names::Names;
use super::{Case, Pair};
use crate::catalog::{Catalog, Kind, Product, ProductId};
use crate::diagnostic::{Diagnostic, Fault, Place, nearest_or_all};
use crate::scenario::{Named, Scenario};

/// A part of a design that constraints look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The model that answers.
    Model,
    /// The model that makes the vectors.
    Embedding,
    /// The store that keeps them.
    Store,
    /// The model that ranks what the store finds.
    Reranker,
    /// The model that writes contexts for chunks.
    ContextModel,
    /// The model that hybrid falls back to.
    Fallback,
}

/// The constraint that a part does not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// `constraints.vendors`.
    Vendor,
    /// `constraints.models`.
    Model,
    /// `constraints.regions`, of which the product has none.
    Region,
    /// `constraints.regions`, where nothing says in which region the product runs.
    RegionUnknown,
}

/// Why a scenario does not allow a design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Barred {
    /// The part that is outside.
    pub part: Part,
    /// The constraint that it does not meet.
    pub constraint: Constraint,
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.part {
            Part::Model => "",
            Part::Embedding => "embedding model: ",
            Part::Store => "vector store: ",
            Part::Reranker => "reranker: ",
            Part::ContextModel => "model of the contexts: ",
            Part::Fallback => "model of the long context: ",
        })?;
        f.write_str(match self.constraint {
            Constraint::Vendor => "vendor not allowed by the scenario's constraints",
            Constraint::Model => "model not allowed by the scenario's constraints",
            Constraint::Region => "not known to run in an allowed region",
            Constraint::RegionUnknown => "no region known, and only some are allowed",
        })
    }
}

/// What a scenario allows, with its names looked up; an empty list allows all.
#[derive(Debug, Clone, Default)]
pub(super) struct Constraints {
    vendors: Vec<String>,
    models: Vec<ProductId>,
    regions: Vec<String>,
}

impl Constraints {
    /// Looks the names of a scenario's constraints up.
    pub(super) fn open(names: &mut Names<'_>, scenario: &Scenario) -> Constraints {
        let catalog = names.catalog;
        let wanted = &scenario.constraints;
        let vendor = |name: &Named| names.keep(&name.place, catalog.find_vendor(&name.text));
        let vendors = wanted.vendors.iter().filter_map(vendor).map(|vendor| vendor.id.clone()).collect();
        let models = |name: &Named| names.keep(&name.place, find_models(catalog, &name.text));
        let models = wanted.models.iter().filter_map(models).flatten().collect();
        preferred_region_is_allowed(names, scenario);
        let region = |name: &Named| names.keep(&name.place, find_region(catalog, &name.text));
        let regions = wanted.regions.iter().filter_map(region).collect();
        Constraints { vendors, models, regions }
    }

    /// Returns the first part of a design that is outside.
    pub(super) fn barred(&self, case: &Case<'_>, pair: Pair) -> Option<Barred> {
        let uses = pair.strategy.uses(&case.scenario.modes);
        let parts = [
            (Part::Model, Some(pair.model)),
            (Part::Embedding, case.embedding.filter(|_| uses.index)),
            (Part::Store, case.store.filter(|_| uses.index)),
            (Part::Reranker, case.reranker.filter(|_| uses.reranker)),
            (Part::ContextModel, case.context_model.filter(|_| uses.context_model)),
            (Part::Fallback, case.fallback_model.filter(|_| uses.fallback)),
        ];
        let outside = |(part, id): (Part, Option<ProductId>)| {
            let constraint = self.broken_by(case.catalog, id?, part)?;
            Some(Barred { part, constraint })
        };
        parts.into_iter().find_map(outside)
    }

    fn broken_by(&self, catalog: &Catalog, id: ProductId, part: Part) -> Option<Constraint> {
        if !self.vendors.is_empty() && !self.vendors.contains(&catalog.vendor_of(id).id) {
            return Some(Constraint::Vendor);
        }
        // A store is no model; whoever restricts stores does so by vendor or region.
        if !self.models.is_empty() && part != Part::Store && !self.models.contains(&id) {
            return Some(Constraint::Model);
        }
        if self.regions.is_empty() { None } else { self.region_broken_by(catalog.product(id)) }
    }

    fn region_broken_by(&self, product: &Product) -> Option<Constraint> {
        let allowed = |known: &str| self.regions.iter().any(|region| region.eq_ignore_ascii_case(known));
        match product.regions_known().next() {
            None => Some(Constraint::RegionUnknown),
            Some(_) => (!product.regions_known().any(allowed)).then_some(Constraint::Region),
        }
    }
}

/// Finds the models that a name or pattern of the constraints means: those that answer, embed and rerank.
fn find_models(catalog: &Catalog, name: &str) -> Result<Vec<ProductId>, Fault> {
    let mut found = catalog.find_all(name, Kind::Chat);
    for kind in [Kind::Embedding, Kind::Rerank] {
        if let Ok(more) = catalog.find_all(name, kind) {
            found = found.map(|known| known.into_iter().chain(more.clone()).collect()).or(Ok(more));
        }
    }
    found
}

/// Finds a region that some product is known to run in: another word would keep everything out.
fn find_region(catalog: &Catalog, name: &str) -> Result<String, Fault> {
    let known: BTreeSet<&str> = catalog.products.iter().flat_map(Product::regions_known).collect();
    if known.iter().any(|region| region.eq_ignore_ascii_case(name)) {
        return Ok(name.to_owned());
    }
    let nearest = nearest_or_all(name, known);
    Err(Fault::UnknownName { kind: "region", name: name.to_owned(), nearest })
}

/// Reports a scenario that prefers the prices of a region in which nothing may run.
fn preferred_region_is_allowed(names: &mut Names<'_>, scenario: &Scenario) {
    let allowed = &scenario.constraints.regions;
    if let Some(region) = &scenario.region {
        names.keep(&Place::whole("region"), find_region(names.catalog, region));
    }
    let (Some(region), Some(first)) = (&scenario.region, allowed.first()) else { return };
    if allowed.iter().any(|name| name.text.eq_ignore_ascii_case(region)) {
        return;
    }
    let message = format!("region `{region}` is not among constraints.regions");
    let remedy = "add it there, or leave region out: prices are those of the allowed regions".to_owned();
    names.faults.push(Diagnostic::error(first.place.clone(), Fault::Conflict { message, remedy }));
}
