//! One product in full: its facts, every price that it ever had, and both as JSON.
//!
//! Rules with many numbers, such as those of a store or an image formula, are shown by the keys of their table, so
//! that nothing of them is left out.

mod rates;

use std::cmp::Reverse;

use jiff::civil::Date;
use serde::Serialize;

use super::json::{Exact, Plain};
use super::{Align, Cell, Sheet};
use crate::catalog::meter::price_key;
use crate::catalog::rate::{Basis, Condition};
use crate::catalog::tokenizer::REFERENCE;
use crate::catalog::tree::{self, Node, Table};
use crate::catalog::write::json_table;
use crate::catalog::{
    CacheRule, Catalog, Confidence, Disagreement, Language, PriceCard, Product, ProductId, RateLimit,
    Service, Tokenizers, Vendor,
};
use crate::present::{compact, exact_money, quantity, whole};
use crate::units::parse_decimal;
pub use rates::{in_reading_order, rates, shortly};

/// Returns everything known of a product but its prices.
pub fn facts(catalog: &Catalog, id: ProductId, date: Date) -> Sheet {
    let product = catalog.product(id);
    let mut facts = Facts::default();
    identity(&mut facts, product, catalog.vendor_of(id), date);
    sizes(&mut facts, product, &catalog.tokenizers);
    rules(&mut facts, product);
    product.limits.iter().for_each(|limit| facts.add("rate limit", Some(rate_limit(limit))));
    product.disagreements.iter().for_each(|entry| facts.add("other table", Some(disagreement(entry))));
    facts.add("note", product.note.clone());
    facts.add("table", Some(product.file.to_string()));
    let elsewhere = product.price_file != product.file;
    facts.add("price table", elsewhere.then(|| product.price_file.to_string()));
    facts.sheet()
}

/// Names with values; what is not known is left out.
#[derive(Default)]
struct Facts(Vec<(&'static str, String)>);

impl Facts {
    fn add(&mut self, name: &'static str, value: Option<String>) {
        self.0.extend(value.filter(|value| !value.is_empty()).map(|value| (name, value)));
    }

    fn sheet(self) -> Sheet {
        let mut sheet = Sheet::new(&[("Fact", "fact", Align::Name), ("Value", "value", Align::Left)]);
        self.0.into_iter().for_each(|(name, value)| sheet.push(vec![Cell::text(name), Cell::text(value)]));
        sheet
    }
}

fn identity(facts: &mut Facts, product: &Product, vendor: &Vendor, date: Date) {
    let announced = |day: Date| if day <= date { "" } else { " (announced)" };
    let day = |day: Option<Date>| day.map(|day| format!("{day}{}", announced(day)));
    let page = vendor.pricing_page.iter().map(|page| format!(", {page}")).collect::<String>();
    facts.add("id", Some(product.id.clone()));
    facts.add("name", Some(product.name.clone()));
    facts.add("aliases", Some(product.aliases.join(", ")));
    facts.add("vendor", Some(format!("{}{page}", vendor.name)));
    facts.add("kind", Some(product.kind.word().to_owned()));
    facts.add("released", day(product.released));
    facts.add("retired", day(product.retired));
    facts.add("regions", Some(product.regions.join(", ")));
}

fn sizes(facts: &mut Facts, product: &Product, tokenizers: &Tokenizers) {
    let tokens = |size: Option<f64>| size.map(|size| format!("{} tokens", whole(size)));
    let apart = if product.shared_window { "" } else { ", output apart" };
    facts.add("window", tokens(product.window).map(|text| text + apart));
    facts.add("largest input", tokens(product.max_input));
    facts.add("largest output", tokens(product.max_output));
    facts.add("takes", Some(product.modalities.join(", ")));
    facts.add("tokenizer", product.tokenizer.as_deref().map(|name| tokenizer(tokenizers, name)));
    facts.add("open weights", product.open_weights.then(|| "yes".to_owned()));
    facts.add("dimensions", product.dimensions.map(whole));
}

/// Says which tokenizer it is and what it counts: `gemma2: english 1.0365, chinese 0.9009 tokens for one of
/// o200k_base, not certain`.
fn tokenizer(tokenizers: &Tokenizers, name: &str) -> String {
    let Some(measured) = tokenizers.named(name).filter(|known| !known.is_named(REFERENCE)) else {
        return name.to_owned();
    };
    let ratio = |(language, ratio): &(Language, f64)| format!("{} {ratio}", language.word());
    let ratios: Vec<String> = measured.ratios.iter().map(ratio).collect();
    let sure = if measured.confidence == Confidence::High { "" } else { ", not certain" };
    format!("{name}: {} tokens for one of {REFERENCE}{sure}", ratios.join(", "))
}

/// Rules that are shown by their keys: their key in a table and their name.
const BY_KEY: [(&str, &str); 5] = [
    ("image_tokens", "image tokens"),
    ("store", "store"),
    ("rerank", "reranking"),
    ("provisioned", "provisioned"),
    ("throughput", "throughput"),
];

fn rules(facts: &mut Facts, product: &Product) {
    product.caches.iter().for_each(|rule| facts.add("cache", Some(cache(rule))));
    let entry = tree::product(product);
    for (key, name) in BY_KEY {
        match node(&entry, key) {
            Some(Node::Tables(tables)) => {
                tables.iter().for_each(|table| facts.add(name, Some(in_words(table))))
            }
            Some(Node::Table(table)) => facts.add(name, Some(in_words(table))),
            _ => {}
        }
    }
}

fn node<'t>(table: &'t Table, key: &str) -> Option<&'t Node> {
    table.iter().find(|(known, _)| *known == key).map(|(_, node)| node)
}

/// Writes the keys of a table with their values in one line; the name of a formula goes before its numbers.
fn in_words(table: &[(&'static str, Node)]) -> String {
    if let Some((("formula", Node::Text(name)), numbers)) = table.split_first() {
        return format!("{name}: {}", in_words(numbers));
    }
    let part = |(key, node): &(&'static str, Node)| format!("{key} {}", node_in_words(node));
    table.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn node_in_words(node: &Node) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Number(number) => {
            parse_decimal(number).map_or_else(|| number.clone(), |number| quantity(number, number.scale()))
        }
        Node::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Node::Date(date) => date.to_string(),
        Node::Texts(texts) => format!("[{}]", texts.join(", ")),
        Node::Table(table) => in_words(table),
        Node::Tables(tables) => tables.iter().map(|table| in_words(table)).collect::<Vec<_>>().join(" / "),
    }
}

fn cache(rule: &CacheRule) -> String {
    let mut parts = vec![
        rule.mode.word().to_owned(),
        format!("{} min", rule.ttl_minutes),
        if rule.renews_on_hit { "renewed by hits" } else { "not renewed" }.to_owned(),
        format!("from {} tokens on", whole(rule.minimum_tokens)),
    ];
    parts.extend(
        (rule.increment_tokens > 1.0).then(|| format!("in steps of {}", whole(rule.increment_tokens))),
    );
    parts.push(format!("writes billed as {}", rule.write.label()));
    parts.push(format!("reads as {}", rule.read.label()));
    parts.extend(rule.rent.then(|| "rent by the hour".to_owned()));
    parts.extend(rule.since.map(|date| format!("since {date}")));
    format!("{}{}", parts.join(", "), after(rule.note.as_deref()))
}

fn rate_limit(limit: &RateLimit) -> String {
    let pool = limit.above_input_tokens.map(|size| format!(", inputs over {}", compact(size)));
    let quotas = limit.quotas.iter().map(|(quota, size)| format!("{} {}", compact(*size), quota.label()));
    let needs = limit.needs.as_ref().map(|needs| format!("needs {needs}"));
    let cached = (!limit.counts_cached).then(|| "cached tokens do not count".to_owned());
    let parts: Vec<String> = quotas.chain(cached).chain(needs).collect();
    format!(
        "{} (since {}{}{}): {}; source {}{}",
        limit.tier,
        limit.from,
        limit.until.map(|until| format!(", until {until}")).unwrap_or_default(),
        pool.unwrap_or_default(),
        parts.join(", "),
        limit.source,
        unless_certain(limit.confidence)
    )
}

fn disagreement(entry: &Disagreement) -> String {
    let keys = if entry.keys.is_empty() { String::new() } else { format!(" on {}", entry.keys.join(", ")) };
    format!("{}{keys}: {} ({}; ours from {})", entry.table, entry.note, entry.reason.word(), entry.source)
}

/// Writes a remark after something else.
fn after(note: Option<&str>) -> String {
    note.map(|note| format!("; {note}")).unwrap_or_default()
}

fn unless_certain(confidence: Confidence) -> String {
    if confidence == Confidence::High { String::new() } else { format!("; confidence {}", confidence.word()) }
}

/// Says when a cell of a price card applies.
pub fn condition(condition: &Condition) -> String {
    let mut parts: Vec<String> = Vec::new();
    if condition.service != Service::Standard {
        parts.push(condition.service.word().to_owned());
    }
    if let Some(tier) = &condition.tier {
        let from = if tier.inclusive { "from" } else { "over" };
        let basis = if tier.basis == Basis::Excess { ", the excess only" } else { "" };
        parts.push(format!("{from} {} in{basis}", whole(tier.threshold)));
    }
    if let Some(hours) = &condition.hours {
        let days = hours.day_names().map(|days| format!(" on {days}")).unwrap_or_default();
        parts.push(format!("{} UTC{days}", hours.text));
    }
    parts.extend(condition.variant.clone());
    parts.join(", ")
}

/// What a price card is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    InForce,
    Announced,
    Past,
    Withdrawn,
}

impl Standing {
    fn of(catalog: &Catalog, id: ProductId, card: &PriceCard, date: Date) -> Standing {
        let holds = || catalog.price_on(id, date, card.region.as_deref()).is_ok_and(|held| held == card);
        if card.withdrawn {
            Standing::Withdrawn
        } else if card.from > date {
            Standing::Announced
        } else if holds() {
            Standing::InForce
        } else {
            Standing::Past
        }
    }

    fn word(self) -> &'static str {
        match self {
            Standing::InForce => "in force",
            Standing::Announced => "announced",
            Standing::Past => "past",
            Standing::Withdrawn => "withdrawn",
        }
    }
}

/// Returns a product's cards, newest first; of one day the one for all regions first, and regions that pay the same
/// together.
fn cards_by_region(product: &Product) -> Vec<(&PriceCard, Vec<&str>)> {
    let mut cards: Vec<&PriceCard> = product.prices.iter().collect();
    cards.sort_by_key(|card| (Reverse(card.from), card.region.is_some()));
    let mut grouped: Vec<(&PriceCard, Vec<&str>)> = Vec::new();
    for card in cards {
        let region = card.region.as_deref();
        match grouped.last_mut().filter(|(other, _)| region.is_some() && differ_by_region(other, card)) {
            Some((_, regions)) => regions.extend(region),
            None => grouped.push((card, region.into_iter().collect())),
        }
    }
    grouped
}

/// Returns whether two cards are for two regions and otherwise the same.
fn differ_by_region(one: &PriceCard, two: &PriceCard) -> bool {
    one.region.is_some() && *one == PriceCard { region: one.region.clone(), ..two.clone() }
}

/// Returns every price that a product ever had, newest first.
pub fn price_history(catalog: &Catalog, id: ProductId, date: Date) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("From", "from", Align::Left),
        ("When", "when", Align::Left),
        ("Price", "price", Align::Left),
        ("Checked", "checked", Align::Left),
        ("Source", "source", Align::Left),
        ("Standing", "standing", Align::Left),
    ]);
    for (card, regions) in cards_by_region(catalog.product(id)) {
        let standing = Standing::of(catalog, id, card, date);
        let word = if regions.len() > 1 { "regions" } else { "region" };
        let region = (!regions.is_empty()).then(|| format!("{word} {}", regions.join(", ")));
        let first = [
            first_day(card),
            joined([region]),
            whole_card(card),
            checked(card, standing, date),
            source(card),
        ];
        for (at, cell) in card.cells.iter().enumerate() {
            let [from, region, beside, checked, source] =
                if at == 0 { first.clone() } else { Default::default() };
            let prices = cell.rates.iter().map(|(meter, rate)| {
                format!(
                    "{} {}/{}",
                    meter.label(),
                    exact_money(rate.price.exact, card.currency),
                    rate.key.unit
                )
            });
            let prices: Vec<String> = prices.chain(Some(beside).filter(|text| !text.is_empty())).collect();
            let when = joined([Some(condition(&cell.condition)), Some(region)]);
            let standing = if at == 0 { standing.word() } else { "" }.to_owned();
            sheet.push([from, when, prices.join("; "), checked, source, standing].map(Cell::text).to_vec());
        }
    }
    sheet
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

fn first_day(card: &PriceCard) -> String {
    let until = card.until.map(|until| format!(" until {until}")).unwrap_or_default();
    format!("{}{until}", card.from)
}

/// Says what belongs to a card and not to one of its conditions: a floor, and what costs nothing.
fn whole_card(card: &PriceCard) -> String {
    let floor = card.minimum_per_month;
    let floor = floor.map(|price| format!("at least {}/month", exact_money(price.exact, card.currency)));
    let entry = tree::card(card);
    let included = node(&entry, "included");
    let included = included.map(|included| format!("included each month: {}", node_in_words(included)));
    [floor, included].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Says when a card was last checked and how long that was before the day of the prices, which need not be today; and
/// whether one that holds or will hold is old.
fn checked(card: &PriceCard, standing: Standing, date: Date) -> String {
    let age = match card.age_in_days(date) {
        days if days < 0 => String::new(),
        0 => " (the day of the prices)".to_owned(),
        1 => " (1 day before)".to_owned(),
        days => format!(" ({} days before)", whole(f64::from(days))),
    };
    let matters = matches!(standing, Standing::InForce | Standing::Announced);
    let old = if matters && card.is_stale(date) { ", old" } else { "" };
    format!("{}{age}{old}", card.checked)
}

fn source(card: &PriceCard) -> String {
    let looked_at = if card.unit_checked { "; its size was looked at" } else { "" };
    format!("{}{}{looked_at}{}", card.source, unless_certain(card.confidence), after(card.note.as_deref()))
}

/// Returns the price history as text: each card with its conditions, then its source.
pub fn history_text(catalog: &Catalog, id: ProductId, date: Date) -> Vec<String> {
    cards_text(catalog, id, date).into_iter().flatten().collect()
}

/// Returns the price in force for the vendor's default region as text, with its source; why there is none otherwise.
pub fn in_force_text(catalog: &Catalog, id: ProductId, date: Date) -> Vec<String> {
    let held = match catalog.price_on(id, date, None) {
        Ok(held) => held,
        Err(why) => return vec![format!("Price: {why}")],
    };
    let cards = cards_by_region(catalog.product(id)).into_iter().filter(|(card, _)| !card.cells.is_empty());
    let texts = cards.zip(cards_text(catalog, id, date));
    texts.filter(|((card, _), _)| std::ptr::eq(*card, held)).flat_map(|(_, lines)| lines).collect()
}

/// Returns the lines of each price card that has prices, newest first.
fn cards_text(catalog: &Catalog, id: ProductId, date: Date) -> Vec<Vec<String>> {
    let mut cards: Vec<Vec<String>> = Vec::new();
    for (cells, _) in &price_history(catalog, id, date).rows {
        let texts = [0, 1, 2, 3, 4, 5].map(|at| cells[at].shown.as_str());
        let [from, when, prices, checked, source, standing] = texts;
        if from.is_empty() {
            cards.last_mut().into_iter().for_each(|lines| lines.push(format!("  {when}: {prices}")));
        } else {
            let when = if when.is_empty() { String::new() } else { format!(", {when}") };
            let first = format!("From {from}{when} ({standing}): {prices}");
            cards.push(vec![first, format!("  Source: {source}; checked {checked}")]);
        }
    }
    cards
}

#[derive(Serialize)]
struct JsonRate {
    key: &'static str,
    price: Exact,
}

#[derive(Serialize)]
struct JsonCell {
    when: Option<String>,
    /// The same by the keys of a table.
    condition: Option<serde_json::Value>,
    prices: Vec<JsonRate>,
}

#[derive(Serialize)]
struct JsonCard<'a> {
    from: String,
    until: Option<String>,
    standing: &'static str,
    region: Option<&'a str>,
    currency: String,
    cells: Vec<JsonCell>,
    minimum_per_month: Option<Exact>,
    included: Option<serde_json::Value>,
    source: &'a str,
    checked: String,
    age_days: i32,
    stale: bool,
    confidence: &'static str,
    note: Option<&'a str>,
    withdrawn: bool,
    unit_checked: bool,
}

fn json_card(card: &PriceCard, standing: Standing, date: Date) -> JsonCard<'_> {
    let entry = tree::card(card);
    let mut conditions = match node(&entry, "when") {
        Some(Node::Tables(tables)) => tables.iter().map(json_condition).collect::<Vec<_>>(),
        _ => Vec::new(),
    }
    .into_iter();
    let cells = card.cells.iter().map(|cell| JsonCell {
        when: Some(condition(&cell.condition)).filter(|text| !text.is_empty()),
        condition: if cell.condition == Condition::default() { None } else { conditions.next() },
        prices: cell
            .rates
            .iter()
            .map(|(_, rate)| JsonRate { key: rate.key.key, price: Exact(rate.price.exact) })
            .collect(),
    });
    JsonCard {
        from: card.from.to_string(),
        until: card.until.map(|date| date.to_string()),
        standing: standing.word(),
        region: card.region.as_deref(),
        currency: card.currency.to_string(),
        cells: cells.collect(),
        minimum_per_month: card.minimum_per_month.map(|price| Exact(price.exact)),
        included: match node(&entry, "included") {
            Some(Node::Table(table)) => Some(json_table(table)),
            _ => None,
        },
        source: &card.source,
        checked: card.checked.to_string(),
        age_days: card.age_in_days(date),
        stale: card.is_stale(date),
        confidence: card.confidence.word(),
        note: card.note.as_deref(),
        withdrawn: card.withdrawn,
        unit_checked: card.unit_checked,
    }
}

/// Returns the condition of an entry of `[[product.price.when]]` without its prices.
fn json_condition(entry: &Table) -> serde_json::Value {
    let condition = entry.iter().filter(|(key, _)| price_key(key).is_none());
    json_table(&condition.cloned().collect())
}

/// A product with the price of a day, as lists have it.
#[derive(Serialize)]
pub(super) struct JsonProduct<'a> {
    id: &'a str,
    name: &'a str,
    aliases: &'a [String],
    kind: &'static str,
    released: Option<String>,
    retired: Option<String>,
    window: Option<Plain>,
    max_input: Option<Plain>,
    max_output: Option<Plain>,
    modalities: &'a [String],
    tokenizer: Option<&'a str>,
    open_weights: bool,
    note: Option<&'a str>,
    table: &'a str,
    price: Option<JsonCard<'a>>,
    no_price: Option<String>,
}

impl JsonProduct<'_> {
    /// Returns a product with the price of a day.
    pub(super) fn of(catalog: &Catalog, id: ProductId, date: Date) -> JsonProduct<'_> {
        let product = catalog.product(id);
        let card = catalog.price_on(id, date, None);
        JsonProduct {
            id: &product.id,
            name: &product.name,
            aliases: &product.aliases,
            kind: product.kind.word(),
            released: product.released.map(|date| date.to_string()),
            retired: product.retired.map(|date| date.to_string()),
            window: product.window.map(Plain),
            max_input: product.max_input.map(Plain),
            max_output: product.max_output.map(Plain),
            modalities: &product.modalities,
            tokenizer: product.tokenizer.as_deref(),
            open_weights: product.open_weights,
            note: product.note.as_deref(),
            table: &product.file,
            price: card.ok().map(|card| json_card(card, Standing::InForce, date)),
            no_price: card.err().map(|reason| reason.to_string()),
        }
    }
}

#[derive(Serialize)]
struct JsonVendor<'a> {
    id: &'a str,
    name: &'a str,
    pricing_page: Option<&'a str>,
}

/// A product with everything else that is known of it.
#[derive(Serialize)]
struct JsonWhole<'a> {
    #[serde(flatten)]
    product: JsonProduct<'a>,
    as_of: String,
    vendor: JsonVendor<'a>,
    price_table: &'a str,
    shared_window: bool,
    dimensions: Option<Plain>,
    /// The entry of the tokenizer; `None` where it was not measured.
    tokenizer_measured: Option<serde_json::Value>,
    regions: &'a [String],
    /// Rules by the keys of a table, where a default is left out.
    #[serde(flatten)]
    rules: serde_json::Map<String, serde_json::Value>,
    prices: Vec<JsonCard<'a>>,
}

/// Keys of a table's entry that hold rules.
const RULES: [&str; 8] =
    ["image_tokens", "store", "rerank", "provisioned", "cache", "limit", "throughput", "differs"];

/// Returns one product with its whole price history as JSON.
pub fn to_json(catalog: &Catalog, id: ProductId, date: Date) -> String {
    let (product, vendor) = (catalog.product(id), catalog.vendor_of(id));
    let rules: Table = tree::product(product).into_iter().filter(|(key, _)| RULES.contains(key)).collect();
    let rules = match json_table(&rules) {
        serde_json::Value::Object(rules) => rules,
        _ => serde_json::Map::new(),
    };
    let card = |card| json_card(card, Standing::of(catalog, id, card, date), date);
    let measured = product.tokenizer.as_deref().and_then(|name| catalog.tokenizers.named(name));
    super::json::pretty(&JsonWhole {
        product: JsonProduct::of(catalog, id, date),
        as_of: date.to_string(),
        vendor: JsonVendor {
            id: &vendor.id,
            name: &vendor.name,
            pricing_page: vendor.pricing_page.as_deref(),
        },
        price_table: &product.price_file,
        shared_window: product.shared_window,
        dimensions: product.dimensions.map(Plain),
        tokenizer_measured: measured.map(|measured| json_table(&tree::tokenizer(measured))),
        regions: &product.regions,
        rules,
        prices: product.prices.iter().map(card).collect(),
    })
}
