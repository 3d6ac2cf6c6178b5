//! Fetches a table, looks at it, and puts it in its place only where everything loads with it.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{FETCHED, delete, fetched, folder};
use crate::catalog::load::with_overlays;
use crate::catalog::{Catalog, PriceCard, Product};
use crate::cli::output::{CliError, Output, write_file};
use crate::cli::tables::{
    TableText, borrowed, is_json, overlaid, own_tables, read_tables, table_files, table_texts, user_folder,
};
use crate::diagnostic::{Diagnostics, Fault, Place};
use crate::document::{LARGEST_FILE, text_from_bytes};
use crate::fetch::{Address, FetchError, Limits, fetch};

/// Longest wait for a connection: a server that has not answered by then will not.
const CONNECT: Duration = Duration::from_secs(10);

/// Most redirects followed; a file that moved is two or three steps away.
const REDIRECTS: usize = 3;

/// Fetches a table and lays it over the shipped ones; on any failure nothing has changed, and the user is told.
pub fn update(url: &str, seconds: u64, output: &Output) -> Result<(), CliError> {
    let folder = folder()?;
    let result = replace(url, seconds, &folder, output);
    if result.is_err() {
        output.note(&unchanged(&folder));
    }
    result
}

fn unchanged(folder: &Path) -> String {
    match fetched(folder).first() {
        Some(file) => format!("the table fetched earlier stays as it was: {}", file.display()),
        None => "nothing was changed".to_owned(),
    }
}

fn replace(url: &str, seconds: u64, folder: &Path, output: &Output) -> Result<(), CliError> {
    let address = Address::parse(url).map_err(|error| CliError::flag("--url", fault(&error)))?;
    output.detail(&format!("fetching {address}"));
    let time = Duration::from_secs(seconds);
    let limits = Limits { bytes: LARGEST_FILE, time, connect: CONNECT, redirects: REDIRECTS };
    let name = address.to_string();
    let bytes = fetch(&address, &limits)
        .map_err(|error| CliError::Io(Diagnostics::one(Place::whole(&name), fault(&error))))?;
    let text = table_of_bytes(&name, bytes)?;
    // Tables that did not load before are no measure of what is new.
    let before =
        own_tables(&output.config).and_then(|paths| overlaid(&paths)).ok().map(|(catalog, _)| catalog);
    let (after, warnings) = with_fetched(&name, &text, folder)?;
    let file = put(folder, &text)?;
    output.warnings(&warnings);
    let differs = before.map_or_else(
        || "The tables before did not load, so the new one was not compared with them.".to_owned(),
        |before| Differences::between(&before, &after).to_string(),
    );
    let from = format!("Fetched {} from {name}.", counted(products_of(&after, &name), "product"));
    output.result(&format!(
        "{from}\n{differs}\nIt lies over the shipped tables and under your own, in {}\n",
        file.display()
    ))
}

fn fault(error: &FetchError) -> Fault {
    Fault::Conflict { message: error.to_string(), remedy: remedy(error).to_owned() }
}

/// Says what the user can do about a fetch that failed.
fn remedy(error: &FetchError) -> &'static str {
    match error {
        FetchError::NoAddress => {
            "write it as https://HOST/PATH; a file that you have is laid over with --pricing"
        }
        FetchError::OtherScheme(_) => {
            "name an https address; a file that you have is laid over with --pricing"
        }
        FetchError::Insecure => "write https; plain http is for 127.0.0.1, ::1 and localhost alone",
        FetchError::Redirected(_) => "only https is followed; ask for the file's own address",
        FetchError::TooManyRedirects => "three are followed; ask for the file's own address",
        FetchError::Status(404 | 410) => "check the address",
        FetchError::Status(401 | 403) => {
            "download the file where you are signed in, and lay it over with --pricing"
        }
        FetchError::Status(_) => "check the address, or try again later",
        FetchError::Unreachable(_) => {
            "check the address, the network, and HTTPS_PROXY where there is a proxy"
        }
        FetchError::Untrusted(_) => {
            "check the address; where a proxy opens connections, download the file and lay it over with --pricing"
        }
        FetchError::NotConnected => "check the address, the network, and HTTPS_PROXY where there is a proxy",
        FetchError::TimedOut => "allow more time with --timeout, or try again later",
        FetchError::CutOff => "try again",
        FetchError::TooLarge => "at most 8 MiB are read; is this the right file?",
        FetchError::NoLength | FetchError::Encoded(_) => {
            "download the file, look at it, and lay it over with --pricing"
        }
    }
}

/// Reads bytes as a table; what is something else is called by its name.
fn table_of_bytes(name: &str, bytes: Vec<u8>) -> Result<String, CliError> {
    let other = |message: &str, remedy: &str| {
        let (message, remedy) = (message.to_owned(), remedy.to_owned());
        CliError::flag(name, Fault::Conflict { message, remedy })
    };
    // Every gzip file begins so (RFC 1952, section 2.3.1).
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let remedy = "name the plain file; or download it, unpack it, and lay it over with --pricing";
        return Err(other("is a compressed file (gzip)", remedy));
    }
    let text = text_from_bytes(name, bytes)?;
    if text.trim().is_empty() {
        return Err(CliError::flag(
            name,
            Fault::Empty { expected: "a pricing table", remedy: "check the address" },
        ));
    }
    if text.trim_start().starts_with('<') {
        let remedy = "name the file itself, not the page that shows it";
        return Err(other("is a web page (HTML or XML), not a pricing table", remedy));
    }
    Ok(text)
}

/// Loads what every command will load once the table is in its place: the shipped tables, it, and the user's own.
fn with_fetched(name: &str, text: &str, folder: &Path) -> Result<(Catalog, Diagnostics), CliError> {
    let mut texts: Vec<TableText> = table_texts(name, text.to_owned())?;
    if texts.is_empty() {
        let fault = Fault::Empty { expected: "a catalog with tables", remedy: "check the address" };
        return Err(CliError::flag(name, fault));
    }
    // Both folders can be one, where the system is set up so; the earlier table is not the user's own.
    let earlier = fetched(folder);
    let mut own = user_folder().and_then(|folder| table_files(&folder).ok()).unwrap_or_default();
    own.retain(|file| !earlier.contains(file));
    texts.extend(read_tables(&own)?);
    Ok(with_overlays(&borrowed(&texts))?)
}

/// Writes the table whole or not at all, and deletes one in the other form.
fn put(folder: &Path, text: &str) -> Result<PathBuf, CliError> {
    std::fs::create_dir_all(folder)
        .map_err(|error| CliError::write(&folder.display().to_string(), &error))?;
    let file = folder.join(FETCHED[usize::from(is_json(text))]);
    write_file(&file, text.as_bytes())?;
    for other in fetched(folder).iter().filter(|other| **other != file) {
        delete(other)?;
    }
    Ok(file)
}

/// Counts the products of which a table gives a fact or a price.
fn products_of(catalog: &Catalog, name: &str) -> usize {
    let from = |product: &&Product| {
        let files = product.overlaid.iter().map(|(_, file)| file);
        files.chain([&product.file, &product.price_file]).any(|file| **file == *name)
    };
    catalog.products.iter().filter(from).count()
}

/// How many things of two catalogs differ.
#[derive(Debug, Default, PartialEq, Eq)]
struct Differences {
    new: usize,
    gone: usize,
    repriced: usize,
    entries: usize,
    entries_gone: usize,
    facts: usize,
    rates: usize,
    tokenizers: usize,
}

impl Differences {
    fn between(before: &Catalog, after: &Catalog) -> Differences {
        let mut differences = Differences::default();
        let (known, present) = (by_id(before), by_id(after));
        for product in &after.products {
            match known.get(product.id.as_str()) {
                Some(known) => differences.product(known, product),
                None => differences.new += 1,
            }
        }
        differences.gone = known.keys().filter(|id| !present.contains_key(*id)).count();
        differences.rates = without(&after.exchange.rates, &before.exchange.rates);
        differences.tokenizers = without(&after.tokenizers.known, &before.tokenizers.known);
        differences
    }

    fn product(&mut self, before: &Product, after: &Product) {
        let begins = |card: &PriceCard| (card.from, card.region.clone());
        let begin: Vec<_> = after.prices.iter().map(begins).collect();
        let changed = without(&after.prices, &before.prices);
        let gone = before.prices.iter().filter(|card| !begin.contains(&begins(card))).count();
        self.repriced += usize::from(changed + gone > 0);
        self.entries += changed;
        self.entries_gone += gone;
        self.facts += usize::from(facts(before) != facts(after));
    }
}

fn by_id(catalog: &Catalog) -> HashMap<&str, &Product> {
    catalog.products.iter().map(|product| (product.id.as_str(), product)).collect()
}

/// Counts the entries that another list does not have.
fn without<T: PartialEq>(list: &[T], other: &[T]) -> usize {
    list.iter().filter(|entry| !other.contains(entry)).count()
}

/// Returns a product without its prices and without what says where it was read.
fn facts(product: &Product) -> Product {
    let nowhere: std::sync::Arc<str> = "".into();
    let prices: Vec<PriceCard> = Vec::new();
    let (file, price_file) = (nowhere.clone(), nowhere);
    Product { vendor: 0, prices, file, price_file, overlaid: Vec::new(), ..product.clone() }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.new, "product", "new"),
            (self.gone, "product", "gone"),
            (self.repriced, "product", "with other prices"),
            (self.entries, "price", "new or changed in them"),
            (self.entries_gone, "price", "gone from them"),
            (self.facts, "product", "with other facts"),
            (self.rates, "exchange rate", "new or changed"),
            (self.tokenizers, "tokenizer", "new or changed"),
        ];
        let said: Vec<String> = parts
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, noun, what)| format!("{} {what}", counted(*count, noun)))
            .collect();
        if said.is_empty() {
            return f.write_str("Nothing differs from before.");
        }
        write!(f, "Differs from before: {}.", said.join(", "))
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
