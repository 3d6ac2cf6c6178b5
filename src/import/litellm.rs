//! LiteLLM's `model_prices_and_context_window.json`: one object for each name under which its callers reach a
//! model, with prices in dollars for one unit.
//!
//! Read in steps: `name` takes a region, an image size or a commitment out of the name, so that entries of
//! one product come together; `field` says what each `..cost..` field counts and under which condition;
//! `hours` turns off-peak windows round and `factors` applies what changes a whole card; `facts` reads all
//! that is no price.
//!
//! A zero is unknown, since the table writes it where nobody filled in a price. It is a price only where the
//! product is sold so: a moderation model, a name that ends in `free`, and the verdict of a model that decides,
//! judges or extracts, whose input alone is paid.

mod factors;
mod facts;
mod field;
mod hours;
mod name;
mod prices;

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::card::{MILLION, table_day};
use super::vendors::{vendor_id, vendor_name};
use super::{Intake, Options, Source};
use crate::catalog::{Kind, Product};
use crate::diagnostic::Fault;
use name::Name;

/// An object of the table.
type Fields = Map<String, Value>;

/// An entry with its name taken apart.
struct Entry<'t> {
    name: Name<'t>,
    fields: &'t Fields,
    kind: Kind,
}

impl Entry<'_> {
    /// Returns whether the entry is for a product as such, not for a region or a variant of it.
    fn is_plain(&self) -> bool {
        self.name.region.is_none() && self.name.variant.is_none()
    }
}

/// Keys of the file that are not models: the specimen of an entry, and rules for names that it does not have.
const NOT_MODELS: [&str; 2] = ["sample_spec", "fallback_generalizations"];

pub(super) fn read(intake: &mut Intake, text: &str, options: &Options) -> Result<(), Fault> {
    let table: Fields = super::json(text, "LiteLLM's table of models")?;
    let day = table_day(options)?;
    for group in groups(intake, &table) {
        add_group(intake, &group, day);
    }
    Ok(())
}

/// Brings together the entries of one product, the plain one first.
fn groups<'t>(intake: &mut Intake, table: &'t Fields) -> Vec<Vec<Entry<'t>>> {
    let mut groups: BTreeMap<(&str, String), Vec<Entry<'t>>> = BTreeMap::new();
    for (key, value) in table {
        if NOT_MODELS.contains(&key.as_str()) {
            continue;
        }
        intake.entry();
        let provider = value.get("litellm_provider").and_then(Value::as_str);
        let (Some(fields), Some(provider)) = (value.as_object(), provider) else {
            intake.skip(key, "no object with a litellm_provider");
            continue;
        };
        let kind = facts::kind(key, fields);
        let name = name::parse(key, provider, kind);
        // In the order of the names `azure` comes before `azure_ai`, and keeps the ids that both have.
        let at = (name.family, name.short.to_lowercase());
        groups.entry(at).or_default().push(Entry { name, fields, kind });
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    for group in &mut groups {
        group.sort_by_key(|entry| !entry.is_plain());
    }
    groups
}

/// Adds the product of a group, and products of their own for plain entries that contradict the first.
fn add_group(intake: &mut Intake, group: &[Entry<'_>], day: Date) {
    let Some(first) = group.first() else { return };
    let same = |entry: &&Entry<'_>| !entry.is_plain() || prices::same(first.fields, entry.fields);
    let (joined, others): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) = group.iter().partition(same);
    add_product(intake, &joined, first.name.short.clone(), day);
    for entry in others {
        add_product(intake, &[entry], entry.name.unmistakable(), day);
    }
}

/// Adds one product made of entries, the first of which has the facts.
fn add_product(intake: &mut Intake, entries: &[&Entry<'_>], short: String, day: Date) {
    let Some(first) = entries.first() else { return };
    let id = vendor_id(Source::LiteLlm, first.name.family);
    let vendor = intake.vendor(&id, vendor_name(&id), None);
    let mut product = intake.blank(vendor, &short);
    if intake.has(&product.id) {
        product = intake.blank(vendor, &first.name.unmistakable());
    }
    facts::fill(intake, &mut product, first, day);
    let priced = prices::fill(intake, &mut product, entries, day);
    facts::add_caches(&mut product, first.fields);
    product.aliases = aliases(&product, entries);
    if product.prices.is_empty() && !facts::has_any(&product) {
        entries.iter().for_each(|entry| skip(intake, entry.name.key));
        return;
    }
    if product.prices.is_empty() {
        let why = "The table of LiteLLM has no price of it; a zero there stands for unknown.";
        product.note = Some(product.note.map_or(why.to_owned(), |note| format!("{note} {why}")));
    }
    let counted: Vec<(&str, bool)> =
        entries.iter().zip(priced).map(|(entry, has)| (entry.name.key, has)).collect();
    intake.add_of(&counted, product);
}

/// Notes an entry of which nothing could be taken.
fn skip(intake: &mut Intake, key: &str) {
    let lost = intake.account.lost.iter().any(|lost| lost.name == key);
    let why =
        if lost { "none of its prices has a place in the tables" } else { "neither a price nor a fact" };
    intake.skip(key, why);
}

/// Returns the names of plain entries, which callers of LiteLLM know the product by.
fn aliases(product: &Product, entries: &[&Entry<'_>]) -> Vec<String> {
    let plain = entries.iter().filter(|entry| entry.is_plain()).map(|entry| entry.name.key);
    let other =
        |key: &&str| !key.eq_ignore_ascii_case(product.short_id()) && !key.eq_ignore_ascii_case(&product.id);
    plain.filter(other).map(str::to_owned).collect()
}

/// Returns a number of tokens, requests or dimensions; zero and below are no size.
fn size(fields: &Fields, key: &str) -> Option<f64> {
    fields.get(key).and_then(Value::as_f64).filter(|size| *size > 0.0)
}

/// Hours in seconds, for prices of a second that the tables quote for an hour.
const SECONDS_PER_HOUR: Decimal = Decimal::from_parts(3600, 0, 0, false, 0);

#[cfg(test)]
mod tests;
