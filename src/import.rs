//! Other tools' price tables, taken in as a [`Catalog`].
//!
//! Each source has a file of its own under `import/` that knows its shape and nothing else: it hands finished
//! products to an [`Intake`], which keeps the account of what was taken, what was skipped and which figures had
//! no place. A figure that the source does not print is unknown, and so is a zero that stands for it.

pub mod caches;
pub mod card;
pub mod csv;
pub mod genai_prices;
pub mod litellm;
pub mod llm_prices;
pub mod models_dev;
pub mod openrouter;
pub mod vendors;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::catalog::{Catalog, Product, Vendor};
use crate::diagnostic::{Diagnostics, Fault, Place};

/// A source whose tables can be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// LiteLLM's `model_prices_and_context_window.json`.
    LiteLlm,
    /// The `api.json` of models.dev.
    ModelsDev,
    /// The `data.json` of genai-prices (version 2).
    GenaiPrices,
    /// One vendor's file of llm-prices.
    LlmPrices,
    /// The answer of OpenRouter's list of models.
    OpenRouter,
    /// A table with a column for each figure, mapped by the caller.
    Csv,
}

impl Source {
    /// The names of the sources in flags and in `[[product.differs]]`.
    pub const WORDS: &'static [(&'static str, Source)] = &[
        ("litellm", Source::LiteLlm),
        ("models.dev", Source::ModelsDev),
        ("genai-prices", Source::GenaiPrices),
        ("llm-prices", Source::LlmPrices),
        ("openrouter", Source::OpenRouter),
        ("csv", Source::Csv),
    ];

    /// Guesses the source of a text from its shape; `None` for tables of our own and anything else.
    pub fn detect(text: &str) -> Option<Source> {
        let text = text.trim_start();
        if !text.starts_with(['{', '[']) {
            return None;
        }
        let document: serde_json::Value = serde_json::from_str(text).ok()?;
        let has = |key: &str| document.get(key).is_some();
        let first = document.as_object().and_then(|entries| entries.values().next());
        if has("sample_spec") || first.is_some_and(|entry| entry.get("litellm_provider").is_some()) {
            Some(Source::LiteLlm)
        } else if has("data") {
            Some(Source::OpenRouter)
        } else if has("vendor") && has("models") {
            Some(Source::LlmPrices)
        } else if has("providers") || document.is_array() {
            Some(Source::GenaiPrices)
        } else {
            first.filter(|entry| entry.get("models").is_some()).map(|_| Source::ModelsDev)
        }
    }

    /// Returns the name of the source.
    pub fn word(self) -> &'static str {
        crate::diagnostic::word_for(self, Source::WORDS)
    }
}

/// What the caller knows of a table beside its text.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Day of the table, where its text does not say: the first day of its prices and the day on which they were
    /// checked.
    pub date: Option<Date>,
    /// How the columns of a CSV file are to be read.
    pub columns: Vec<csv::Column>,
    /// Keys of a CSV file with a value for all rows; `decimal` says what parts the decimals, `.` or `,`.
    pub fixed: Vec<(String, String)>,
}

/// A product of the source that is not in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its name in the source.
    pub name: String,
    /// Why.
    pub why: String,
}

/// A figure of a product that was taken, for which a pricing table has no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Name of the product in the source.
    pub name: String,
    /// The field.
    pub field: String,
    /// Why.
    pub why: String,
}

/// The account of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Entries of the source.
    pub entries: usize,
    /// Entries of which at least one price was taken.
    pub priced: usize,
    /// Entries that became products without a price.
    pub unpriced: usize,
    /// Entries that are not in the catalog, with the reason.
    pub skipped: Vec<Skipped>,
    /// Figures that have no place in a pricing table, of entries that were taken.
    pub lost: Vec<Lost>,
}

/// A catalog from elsewhere with the account of how it was made.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The products.
    pub catalog: Catalog,
    /// What was taken and what was not.
    pub account: Account,
}

/// Takes in a table.
///
/// # Errors
/// A text that is not what the source writes.
pub fn import(source: Source, name: &str, text: &str, options: &Options) -> Result<Imported, Diagnostics> {
    let mut intake = Intake::new(name);
    let read = match source {
        Source::LiteLlm => litellm::read(&mut intake, text, options),
        Source::ModelsDev => models_dev::read(&mut intake, text, options),
        Source::GenaiPrices => genai_prices::read(&mut intake, text, options),
        Source::LlmPrices => llm_prices::read(&mut intake, text, options),
        Source::OpenRouter => openrouter::read(&mut intake, text, options),
        Source::Csv => {
            csv::read(&mut intake, text, options)?;
            Ok(())
        }
    };
    read.map_err(|fault| Diagnostics::one(Place::whole(name), fault))?;
    Ok(intake.finish())
}

/// A catalog that is being filled from a source.
pub struct Intake {
    catalog: Catalog,
    account: Account,
    file: Arc<str>,
    vendors: HashMap<String, usize>,
    products: HashMap<String, String>,
}

impl Intake {
    fn new(name: &str) -> Intake {
        let file: Arc<str> = name.into();
        let mut catalog = Catalog::default();
        catalog.files.push(file.clone());
        let (vendors, products) = Default::default();
        Intake { catalog, account: Account::default(), file, vendors, products }
    }

    /// Counts an entry of the source.
    pub fn entry(&mut self) {
        self.account.entries += 1;
    }

    /// Returns the index of a vendor, which is added where it is new.
    pub fn vendor(&mut self, id: &str, name: &str, pricing_page: Option<&str>) -> usize {
        if let Some(at) = self.vendors.get(id) {
            return *at;
        }
        let at = self.catalog.vendors.len();
        let pricing_page = pricing_page.map(str::to_owned);
        let (name, resells) = (name.to_owned(), false);
        self.catalog.vendors.push(Vendor { id: id.to_owned(), name, pricing_page, resells });
        self.vendors.insert(id.to_owned(), at);
        at
    }

    /// Returns a product without any facts, `vendor/short`; characters that no id may have become dashes.
    pub fn blank(&self, vendor: usize, short: &str) -> Product {
        let bad = |c: char| c.is_whitespace() || matches!(c, ',' | '*' | '?');
        let short: String = short.chars().map(|c| if bad(c) { '-' } else { c }).collect();
        let id = format!("{}/{short}", self.catalog.vendors[vendor].id);
        Product::blank(id, vendor, self.file.clone())
    }

    /// Adds a product that the source calls `name`; a second one of the same id is skipped and named.
    pub fn add(&mut self, name: &str, product: Product) {
        self.add_of(&[(name, !product.prices.is_empty())], product);
    }

    /// Adds a product that several entries of the source describe, such as one for each size of an image; each
    /// with whether a price of it was taken.
    pub fn add_of(&mut self, entries: &[(&str, bool)], product: Product) {
        let id = product.id.to_lowercase();
        if let Some(first) = self.products.get(&id) {
            let why = format!("the same id as `{first}`: {}", product.id);
            entries.iter().for_each(|(name, _)| self.skip(name, why.clone()));
            return;
        }
        let Some((first, _)) = entries.first() else { return };
        self.products.insert(id, (*first).to_owned());
        let priced = entries.iter().filter(|(_, priced)| *priced).count();
        self.account.priced += priced;
        self.account.unpriced += entries.len() - priced;
        self.catalog.products.push(product);
    }

    /// Returns whether the catalog has a product of that id.
    pub fn has(&self, id: &str) -> bool {
        self.products.contains_key(&id.to_lowercase())
    }

    /// Notes an entry that is not taken.
    pub fn skip(&mut self, name: &str, why: impl Into<String>) {
        self.account.skipped.push(Skipped { name: name.to_owned(), why: why.into() });
    }

    /// Notes a figure that has no place in a pricing table.
    pub fn lose(&mut self, name: &str, field: &str, why: impl Into<String>) {
        self.account.lost.push(Lost { name: name.to_owned(), field: field.to_owned(), why: why.into() });
    }

    fn finish(mut self) -> Imported {
        self.drop_clashing_aliases();
        self.catalog.index();
        Imported { catalog: self.catalog, account: self.account }
    }

    /// Drops aliases that are an id or alias already, in any case: a table could not be written with them.
    fn drop_clashing_aliases(&mut self) {
        let mut taken: HashSet<String> =
            self.catalog.products.iter().map(|product| product.id.to_lowercase()).collect();
        for product in &mut self.catalog.products {
            let vendor = vendor_part(&product.id).to_owned();
            product.aliases.retain(|alias| taken.insert(format!("{vendor}/{alias}").to_lowercase()));
        }
    }
}

impl Imported {
    /// Makes tables that can be laid over the shipped ones: drops what clashes with them and names it in the account,
    /// and gives products with a price of cached tokens the usual cache where neither side knows one.
    pub fn fit_over(&mut self, shipped: &Catalog) {
        self.drop_shipped_aliases(shipped);
        self.mark_resellers(shipped);
        let cached = shipped.products.iter().filter(|product| !product.caches.is_empty());
        let cached: HashSet<&str> = cached.map(|product| product.id.as_str()).collect();
        let unknown =
            |product: &&mut Product| product.caches.is_empty() && !cached.contains(product.id.as_str());
        self.catalog.products.iter_mut().filter(unknown).for_each(|product| caches::add(product, None));
        self.catalog.index();
    }

    /// Marks vendors that sell what makers of the shipped tables make, so that a bare name still means the maker's.
    fn mark_resellers(&mut self, shipped: &Catalog) {
        let of_makers = shipped.products.iter().filter(|product| !shipped.vendors[product.vendor].resells);
        let made: HashSet<String> = of_makers.map(|product| product.short_id().to_lowercase()).collect();
        for (at, vendor) in self.catalog.vendors.iter_mut().enumerate() {
            let mut own = self.catalog.products.iter().filter(|product| product.vendor == at);
            vendor.resells = match shipped.vendors.iter().find(|known| known.id == vendor.id) {
                Some(known) => known.resells,
                None => own.any(|product| made.contains(&product.short_id().to_lowercase())),
            };
        }
    }

    /// Drops aliases that the shipped tables give to other products.
    fn drop_shipped_aliases(&mut self, shipped: &Catalog) {
        let own: HashSet<String> =
            self.catalog.products.iter().map(|product| product.id.to_lowercase()).collect();
        let others = shipped.products.iter().filter(|product| !own.contains(&product.id.to_lowercase()));
        let held: HashMap<String, &str> = others.flat_map(aliases_in_full).collect();
        for product in &mut self.catalog.products {
            let (vendor, id) = (vendor_part(&product.id).to_owned(), product.id.clone());
            product.aliases.retain(|alias| {
                let holder = held.get(&format!("{vendor}/{alias}").to_lowercase());
                self.account.lost.extend(holder.map(|other| Lost {
                    name: id.clone(),
                    field: format!("the name {alias}"),
                    why: format!("`{other}` of the shipped tables has it"),
                }));
                holder.is_none()
            });
        }
    }
}

fn vendor_part(id: &str) -> &str {
    id.split_once('/').map_or("", |(vendor, _)| vendor)
}

/// Returns the aliases of a product under its vendor, in small letters, with its id.
fn aliases_in_full(product: &Product) -> impl Iterator<Item = (String, &str)> {
    let vendor = vendor_part(&product.id);
    product.aliases.iter().map(move |alias| (format!("{vendor}/{alias}").to_lowercase(), product.id.as_str()))
}

/// Says that a text is JSON, but not what the source writes.
fn other_source(what: &str) -> Fault {
    let remedy = "name the source of the file with --from; `ragonomics prices import --help` lists them";
    Fault::Conflict { message: format!("not a table of that source: {what}"), remedy: remedy.to_owned() }
}

/// Says in a note that a price began on an unknown day, before the one that the card has.
fn first_seen(date: Date) -> String {
    format!("start date not known; first seen in the table of {date}")
}

/// Reads a text as JSON.
///
/// # Errors
/// The place and the words of the parser.
fn json<T: serde::de::DeserializeOwned>(text: &str, expected: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::Conflict {
        message: format!("not {expected}: {error}"),
        remedy: "name the source of the file with --from; `ragonomics prices import --help` lists them"
            .to_owned(),
    })
}
