//! TOML tables to a catalog: the only code that knows the shape of a pricing file.
//!
//! Files are read in order. A product that an earlier file has is overlaid: facts that the later
//! file gives replace the earlier ones, and if it gives any price, its prices replace the whole
//! earlier list, so that a private rate card never mixes with a public one.

pub(in crate::catalog) mod card;
mod contract;
mod image_tokens;
mod places;
pub(in crate::catalog) mod rules;
mod tokenizer;

use std::collections::HashMap;
use std::sync::Arc;

use super::check;
use super::embedded::{Shipped, TABLES};
use super::exchange::ExchangeRate;
use super::{Catalog, Confidence, Kind, PriceCard, Product, Vendor};
use crate::diagnostic::{Diagnostics, Fault};
use crate::document::{Document, Section, packed};

pub use places::Places;

/// A pricing file's name and text.
#[derive(Debug, Clone, Copy)]
pub struct Table<'t> {
    /// Name for messages.
    pub name: &'t str,
    /// The TOML text.
    pub text: &'t str,
}

/// What a pricing file should be, and how to get one.
const EXPECTED: (&str, &str) =
    ("a pricing table", "begin with [vendor], then [[product]] and [[product.price]]");

/// Returns the tables that ship with the program.
pub fn shipped() -> Vec<Table<'static>> {
    TABLES.iter().map(|table| Table { name: table.name, text: table.text }).collect()
}

/// Loads the tables that ship with the program.
///
/// # Errors
/// Only if the tables themselves are broken, which the tests exclude.
pub fn embedded() -> Result<Catalog, Diagnostics> {
    with_overlays(&[]).map(|(catalog, _)| catalog)
}

/// Loads the shipped tables with the user's tables over them.
///
/// # Errors
/// All faults of all tables.
pub fn with_overlays(overlays: &[Table<'_>]) -> Result<(Catalog, Diagnostics), Diagnostics> {
    read_all(TABLES.iter().map(unpack).chain(overlays.iter().map(parse)))
}

/// Loads tables in order and returns the catalog with its warnings.
///
/// # Errors
/// All faults of all tables, if any of them is an error.
pub fn load(tables: &[Table<'_>]) -> Result<(Catalog, Diagnostics), Diagnostics> {
    read_all(tables.iter().map(parse))
}

fn parse<'t>(table: &Table<'t>) -> Document<'t> {
    Document::parse(table.name, table.text, EXPECTED)
}

/// Returns a shipped table, which was parsed when the program was built.
fn unpack<'t>(table: &Shipped) -> Document<'t> {
    match packed::unpack(table.packed, table.text) {
        Some(tree) => Document::new(table.name, table.text, tree),
        None => Document::parse(table.name, table.text, EXPECTED),
    }
}

fn read_all<'t>(
    documents: impl Iterator<Item = Document<'t>>,
) -> Result<(Catalog, Diagnostics), Diagnostics> {
    let mut catalog = Catalog::default();
    let mut all = Diagnostics::default();
    for document in documents {
        read_table(&document, document.source().into(), &mut catalog);
        all.0.extend(document.into_faults().0);
    }
    catalog.index();
    let mut names = Diagnostics::default();
    contract::resolve(&mut catalog, &mut names);
    names.sort();
    all.0.extend(names.0);
    if all.has_errors() { Err(all) } else { Ok((catalog, all)) }
}

/// Products that earlier files have of the vendor of the file that is read.
#[derive(Default)]
struct Earlier {
    /// Their indexes in the catalog, in its order.
    products: Vec<usize>,
    /// The same by id.
    ids: HashMap<String, usize>,
}

impl Earlier {
    fn of(vendor: usize, catalog: &Catalog) -> Earlier {
        let all = catalog.products.iter().enumerate();
        let products: Vec<usize> =
            all.filter(|(_, product)| product.vendor == vendor).map(|(at, _)| at).collect();
        let ids = products.iter().map(|at| (catalog.products[*at].id.clone(), *at)).collect();
        Earlier { products, ids }
    }
}

fn read_table(document: &Document<'_>, file: Arc<str>, catalog: &mut Catalog) {
    let root = document.root();
    let has = |keys: &[&str]| root.entries().find(|(key, ..)| keys.contains(key)).map(|(_, span, _)| span);
    if let (Some(span), None) = (
        has(&["workload", "corpus", "request", "compare"]),
        has(&["vendor", "product", "exchange_rate", "tokenizer", "discount", "allowance", "commitment"]),
    ) {
        let message = "this is a scenario; a pricing table was expected".to_owned();
        let remedy = "name it without --pricing, such as `ragonomics compare FILE`".to_owned();
        document.fault(span, Fault::Conflict { message, remedy });
        return;
    }
    catalog.files.push(file.clone());
    for section in root.sections("exchange_rate") {
        if let Some(rate) = read_exchange_rate(&section) {
            catalog.exchange.add(rate);
        }
        section.refuse_unknown_keys();
    }
    tokenizer::read(&root, &mut catalog.tokenizers);
    contract::read(&root, &mut catalog.contracts);
    let products = root.sections("product");
    let vendors_before = catalog.vendors.len();
    let vendor = root.section("vendor").and_then(|section| read_vendor(&section, catalog));
    if let (None, Some(first)) = (root.value("vendor"), products.first()) {
        let remedy = "begin the file with [vendor], id and name".to_owned();
        document.fault(first.span(), Fault::Missing { key: "vendor".into(), remedy });
    }
    if vendor.is_none() && products.is_empty() {
        root.refuse_unknown_keys();
        return;
    }
    // Products of a vendor that could not be read are looked at all the same, for their own mistakes.
    let vendor = vendor.unwrap_or_else(|| {
        catalog.vendors.push(Vendor { id: "?".into(), name: "?".into(), pricing_page: None, resells: false });
        catalog.vendors.len() - 1
    });
    // Most files are the only one of their vendor, and lie over nothing.
    let known_vendor = vendor < vendors_before;
    let earlier = if known_vendor { Earlier::of(vendor, catalog) } else { Earlier::default() };
    let mut seen = check::Seen::with_capacity(products.len());
    for section in products {
        if document.is_hopeless() {
            break;
        }
        let read = read_product(&section, vendor, &earlier, catalog, &file);
        section.refuse_unknown_keys();
        if let Some(product) = read {
            seen.product(&section, &product);
            check::product(&section, &product);
            overlay(catalog, &earlier, product);
        }
    }
    seen.aliases(document, earlier.products.iter().map(|at| &catalog.products[*at]));
    root.refuse_unknown_keys();
}

fn read_vendor(section: &Section<'_>, catalog: &mut Catalog) -> Option<usize> {
    let id = section.required_text("id", "write a short lower-case name, such as id = \"openai\"");
    let name = section.text("name");
    let pricing_page = section.text("pricing_page").map(str::to_owned);
    let resells = section.boolean("resells");
    section.refuse_unknown_keys();
    let id = id.filter(|id| can_be_named(section, id, true))?;
    if let Some(known) = catalog.vendors.iter().position(|vendor| vendor.id == id) {
        let vendor = &mut catalog.vendors[known];
        vendor.name = name.map_or(std::mem::take(&mut vendor.name), str::to_owned);
        vendor.pricing_page = pricing_page.or(vendor.pricing_page.take());
        vendor.resells = resells.unwrap_or(vendor.resells);
        return Some(known);
    }
    let (id, name, resells) = (id.to_owned(), name.unwrap_or(id).to_owned(), resells.unwrap_or(false));
    catalog.vendors.push(Vendor { id, name, pricing_page, resells });
    Some(catalog.vendors.len() - 1)
}

/// Refuses ids that no flag could name: lists are split at commas, a star is a pattern, and the vendor ends at
/// the first slash.
fn can_be_named(section: &Section<'_>, id: &str, vendor: bool) -> bool {
    let bad =
        |c: char| c.is_whitespace() || matches!(c, ',' | '*' | '?') || (vendor && matches!(c, '/' | ':'));
    let good = !id.contains(bad);
    if !good && let Some(value) = section.value("id") {
        let range = if vendor {
            "without blanks, commas, slashes, colons, stars and question marks"
        } else {
            "without blanks, commas, stars and question marks"
        };
        section.out_of_range("id", value, range);
    }
    good
}

/// Adds a product, or lays it over the one of the same id from an earlier file.
fn overlay(catalog: &mut Catalog, earlier: &Earlier, product: Product) {
    match earlier.ids.get(&product.id) {
        Some(at) => catalog.products[*at] = product,
        None => catalog.products.push(product),
    }
}

/// Reads a product; facts that it leaves out come from the product of that id in earlier files.
fn read_product(
    section: &Section<'_>,
    vendor: usize,
    earlier: &Earlier,
    catalog: &Catalog,
    file: &Arc<str>,
) -> Option<Product> {
    let short = section.required_text("id", "write the model's name in the vendor's API");
    let short = short.filter(|short| can_be_named(section, short, false));
    let id = short.map(|short| [&catalog.vendors[vendor].id, "/", short].concat());
    let named = id.is_some();
    let earlier = id.as_ref().and_then(|id| earlier.ids.get(id)).map(|at| catalog.products[*at].clone());
    let kind = match earlier.as_ref() {
        Some(known) => section.word("kind", Kind::WORDS).or(Some(known.kind)),
        None if section.value("kind").is_none() => {
            let words: Vec<&str> = Kind::WORDS.iter().map(|(word, _)| *word).collect();
            section.missing("kind", &format!("write one of {}", words.join(", ")));
            None
        }
        None => section.word("kind", Kind::WORDS),
    };
    let base = earlier.unwrap_or_else(|| Product::blank(id.unwrap_or_default(), vendor, file.clone()));
    let overlaid = overlaid(section, &base, file);
    let prices: Vec<PriceCard> = card::read_prices(section, short.unwrap_or("?"));
    let own_prices = section.value("price").is_some();
    let texts = |key: &'static str| {
        let list = section.text_list(key)?;
        Some(list.into_iter().map(|(text, _)| text.to_owned()).collect::<Vec<_>>())
    };
    let product = Product {
        name: section.text("name").map_or(base.name, str::to_owned),
        aliases: texts("aliases").unwrap_or(base.aliases),
        kind: kind.unwrap_or(base.kind),
        released: section.date("released").or(base.released),
        retired: section.date("retired").or(base.retired),
        window: section.positive("window").or(base.window),
        max_input: section.positive("max_input").or(base.max_input),
        max_output: section.positive("max_output").or(base.max_output),
        shared_window: section.boolean("shared_window").unwrap_or(base.shared_window),
        modalities: texts("modalities").unwrap_or(base.modalities),
        tokenizer: section.text("tokenizer").map(str::to_owned).or(base.tokenizer),
        image_tokens: section
            .section("image_tokens")
            .and_then(|s| image_tokens::read(&s))
            .or(base.image_tokens),
        open_weights: section.boolean("open_weights").unwrap_or(base.open_weights),
        dimensions: section.positive("dimensions").or(base.dimensions),
        regions: texts("regions").unwrap_or(base.regions),
        caches: list(section, "cache", rules::read_cache).unwrap_or(base.caches),
        store: section.section("store").map(|s| rules::read_store(&s)).or(base.store),
        rerank: section.section("rerank").map(|s| rules::read_rerank(&s)).or(base.rerank),
        limits: list(section, "limit", rules::read_limit).unwrap_or(base.limits),
        provisioned: section
            .section("provisioned")
            .and_then(|s| rules::read_provisioned(&s))
            .or(base.provisioned),
        throughput: list(section, "throughput", rules::read_throughput).unwrap_or(base.throughput),
        disagreements: list(section, "differs", rules::read_disagreement).unwrap_or(base.disagreements),
        note: section.text("note").map(str::to_owned).or(base.note),
        prices: if own_prices { prices } else { base.prices },
        price_file: if own_prices { file.clone() } else { base.price_file },
        file: base.file,
        overlaid,
        id: base.id,
        vendor,
    };
    (named && kind.is_some()).then_some(product)
}

/// Returns which facts of a product later files have replaced, this one among them.
fn overlaid(section: &Section<'_>, base: &Product, file: &Arc<str>) -> Vec<(String, Arc<str>)> {
    let mut overlaid = base.overlaid.clone();
    if base.file != *file {
        let facts = section.entries().map(|(key, ..)| key).filter(|key| !matches!(*key, "id" | "price"));
        for key in facts {
            overlaid.retain(|(known, _)| known != key);
            overlaid.push((key.to_owned(), file.clone()));
        }
    }
    overlaid
}

/// Reads the entries of a list of tables; `None` where the section has no such list.
fn list<T>(
    section: &Section<'_>,
    key: &'static str,
    read: impl Fn(&Section<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    section.value(key)?;
    Some(section.sections(key).iter().filter_map(read).collect())
}

fn read_exchange_rate(section: &Section<'_>) -> Option<ExchangeRate> {
    let date = section.date("date");
    section.require("date", "write the day of the quotation, such as date = 2026-11-20");
    section.require("currency", "write a three-letter code such as currency = \"CNY\"");
    let currency = section.currency("currency");
    let per_usd = section.price("per_usd");
    section
        .require("per_usd", "write how many units of the currency one US dollar buys, such as per_usd = 7.1");
    let source = section.required_text("source", "write who published the rate");
    let confidence = section.word("confidence", Confidence::WORDS).unwrap_or_default();
    let per_usd = per_usd.filter(|rate| {
        if rate.is_zero()
            && let Some(value) = section.value("per_usd")
        {
            section.out_of_range("per_usd", value, "more than zero");
        }
        !rate.is_zero()
    });
    Some(ExchangeRate {
        date: date?,
        currency: currency?,
        per_usd: per_usd?,
        source: source?.to_owned(),
        confidence,
    })
}
