//! Any bytes as a pricing table: refused with faults, or a catalog whose products can be looked over, shown and priced.
#![no_main]

mod checks;

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use ragonomics::analysis::Case;
use ragonomics::analysis::request::{Pricer, Request};
use ragonomics::catalog::audit::audit;
use ragonomics::catalog::load::{Table, load};
use ragonomics::catalog::rate::Moment;
use ragonomics::catalog::{Catalog, Kind, Meter, ProductId};
use ragonomics::report::product;
use ragonomics::scenario::{Scenario, load as load_scenario};
use ragonomics::units::Currency;

/// A workload with the parts of retrieval that a table may not have left out.
static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| {
    let text = "[workload]\nactive_from_hour = 8\nactive_hours_per_day = 9\n[service]\nbatch_share = 0.25\n\
                [request]\nreasoning_tokens = 50\nimages = 1\n[retrieval]\nembedding = \"none\"\nstore = \"none\"\n\
                [compare]\nmodels = [\"*\"]\n";
    load_scenario::scenario("scenario.toml", text, Path::new(".")).expect("a sound scenario").0
});

/// Products that are looked at: more of them take longer and find no more.
const PRODUCTS: usize = 4;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let catalog = match load(&[Table { name: "table.toml", text }]) {
        Ok((catalog, warnings)) => {
            warnings.to_string();
            catalog
        }
        Err(faults) => {
            faults.to_string();
            return;
        }
    };
    audit(&catalog, checks::DAY);
    for (id, _) in catalog.iter().take(PRODUCTS) {
        product::facts(&catalog, id, checks::DAY).to_table(80, false);
        product::to_json(&catalog, id, checks::DAY);
        price_a_request(&catalog, id);
    }
    compare_designs(&catalog, data.len());
});

fn price_a_request(catalog: &Catalog, product: ProductId) {
    let meters = [Meter::Input, Meter::CachedInput, Meter::Output, Meter::Images, Meter::SearchUnits];
    let request = Request {
        product,
        date: checks::DAY,
        moment: Moment::At(2, 600),
        service: Default::default(),
        variant: None,
        quantities: meters.map(|meter| (meter, 100_000.0)).to_vec(),
    };
    if let Ok(bill) = Pricer::new(catalog, Currency::USD, None).price(&request) {
        ragonomics::report::price::to_line("model", &bill, catalog);
    }
}

fn compare_designs(catalog: &Catalog, choice: usize) {
    let mut scenario = SCENARIO.clone();
    let first =
        |kind| catalog.iter().find(|(_, product)| product.kind == kind).map(|(_, product)| &product.id);
    let parts = [("embedding", Kind::Embedding), ("store", Kind::VectorStore), ("reranker", Kind::Rerank)];
    for (part, kind) in parts {
        if let Some(id) = first(kind) {
            // A name with a comma or without letters is refused, and the part left out.
            let _ = scenario.set(&format!("retrieval.{part}"), id);
        }
    }
    if let Ok(mut case) = Case::open(catalog, &scenario, checks::DAY) {
        case.models.truncate(PRODUCTS);
        checks::case_holds(&case, choice);
    }
}
