//! A catalog in the shape of its tables: the other way round from [`load`](mod@super::load).
//!
//! [`tables`] gives one table for each vendor, with the keys that the loader reads, so that what is written loads
//! as the same catalog. The one difference: factors and uplifts come out as the prices that they make.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::contract::{Allowance, Commitment, Contracts, Discount, Term};
use super::load::card::INCLUDED_KEYS;
use super::load::rules::{CACHE_READS, CACHE_WRITES};
use super::rate::{Basis, Cell, Condition};
use super::rules::{CacheRule, Disagreement, Provisioned, RateLimit, RerankRule, StoreRule, Throughput};
use super::{
    Catalog, Confidence, ExchangeRates, ImageTokens, Meter, PriceCard, Product, Quota, Service, Tokenizer,
    Tokenizers, Vendor,
};
use crate::diagnostic::word_for;
use crate::units::{Currency, Price, decimal};

/// A value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A text.
    Text(String),
    /// A number, digit for digit.
    Number(String),
    /// True or false.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A list of texts.
    Texts(Vec<String>),
    /// A table inside a table.
    Table(Table),
    /// A list of tables.
    Tables(Vec<Table>),
}

/// Keys with their values, in the order in which a person would write them.
pub type Table = Vec<(&'static str, Node)>;

/// Returns one table for each vendor that has a product, in the catalog's order, with the vendor's id.
pub fn tables(catalog: &Catalog) -> Vec<(String, Table)> {
    let of_vendor = |at: usize| catalog.products.iter().filter(move |product| product.vendor == at);
    let vendors = catalog.vendors.iter().enumerate().filter(|(at, _)| of_vendor(*at).next().is_some());
    vendors
        .map(|(at, known)| {
            let products = of_vendor(at).map(product).collect();
            let table = vec![("vendor", Node::Table(vendor(known))), ("product", Node::Tables(products))];
            (known.id.clone(), table)
        })
        .collect()
}

/// Returns the exchange rates as a table of their own; empty where there are none.
pub fn exchange_rates(rates: &ExchangeRates) -> Table {
    let rate = |rate: &super::exchange::ExchangeRate| {
        Keys::default()
            .with("date", Node::Date(rate.date))
            .with("currency", text(rate.currency.code()))
            .with("per_usd", Node::Number(rate.per_usd.to_string()))
            .with("source", text(&rate.source))
            .given("confidence", confidence(rate.confidence))
            .0
    };
    let rates: Vec<Table> = rates.rates.iter().map(rate).collect();
    if rates.is_empty() { Vec::new() } else { vec![("exchange_rate", Node::Tables(rates))] }
}

/// Returns the tokenizers as a table of their own; empty where there are none.
pub fn tokenizers(tokenizers: &Tokenizers) -> Table {
    each(&tokenizers.known, tokenizer).map(|list| ("tokenizer", list)).into_iter().collect()
}

/// Returns a tokenizer as an entry of `[[tokenizer]]`.
pub fn tokenizer(measured: &Tokenizer) -> Table {
    let keys = Keys::default().with("name", text(&measured.name));
    let keys = measured
        .ratios
        .iter()
        .fold(keys, |keys, (language, ratio)| keys.with(language.word(), number(*ratio)));
    keys.with("source", text(&measured.source))
        .with("checked", Node::Date(measured.checked))
        .given("confidence", confidence(measured.confidence))
        .0
}

/// Returns the customer's agreements as a table of their own; empty where there are none.
pub fn contracts(contracts: &Contracts) -> Table {
    let lists = [
        ("discount", each(&contracts.discounts, discount)),
        ("allowance", each(&contracts.allowances, allowance)),
        ("commitment", each(&contracts.commitments, commitment)),
    ];
    lists.into_iter().filter_map(|(key, list)| Some((key, list?))).collect()
}

fn discount(discount: &Discount) -> Table {
    let percent = discount.share.exact * Decimal::ONE_HUNDRED;
    let keys = Keys::default()
        .given("vendor", optional(&discount.scope.vendor))
        .given("product", optional(&discount.scope.product))
        .given("meter", discount.scope.meter.map(|meter| text(meter.name())))
        .with("percent", Node::Number(percent.normalize().to_string()));
    agreed(keys, &discount.term, &discount.source)
}

fn allowance(allowance: &Allowance) -> Table {
    let keys = Keys::default().with("product", text(&allowance.product));
    let mut table = agreed(keys, &allowance.term, &allowance.source);
    table.extend(quantities(&allowance.quantities));
    table
}

fn commitment(owed: &Commitment) -> Table {
    let price = |price: Price| Node::Number(price.exact.to_string());
    let keys = Keys::default()
        .with("vendor", text(&owed.vendor))
        .with("amount_per_month", price(owed.amount))
        .given("currency", (owed.currency != Currency::USD).then(|| text(owed.currency.code())))
        .given(
            "drawn_elsewhere",
            (!owed.drawn_elsewhere.exact.is_zero()).then(|| price(owed.drawn_elsewhere)),
        )
        .given("binding", yes(owed.binding));
    agreed(keys, &owed.term, &owed.source)
}

fn agreed(keys: Keys, term: &Term, source: &str) -> Table {
    keys.given("from", term.from.map(Node::Date))
        .given("until", term.until.map(Node::Date))
        .with("source", text(source))
        .0
}

/// A table under construction.
#[derive(Default)]
struct Keys(Table);

impl Keys {
    fn with(mut self, key: &'static str, node: Node) -> Keys {
        self.0.push((key, node));
        self
    }

    /// Adds what is known; a default that the loader fills in is `None`.
    fn given(self, key: &'static str, node: Option<Node>) -> Keys {
        match node {
            Some(node) => self.with(key, node),
            None => self,
        }
    }
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn texts(list: &[String]) -> Option<Node> {
    (!list.is_empty()).then(|| Node::Texts(list.to_vec()))
}

fn optional(known: &Option<String>) -> Option<Node> {
    known.as_deref().map(text)
}

fn number(value: f64) -> Node {
    Node::Number(decimal(value).normalize().to_string())
}

fn unless(value: f64, default: f64) -> Option<Node> {
    (value != default).then(|| number(value))
}

fn yes(value: bool) -> Option<Node> {
    value.then_some(Node::Bool(true))
}

fn confidence(grade: Confidence) -> Option<Node> {
    (grade != Confidence::High).then(|| text(grade.word()))
}

fn each<T>(list: &[T], table: impl Fn(&T) -> Table) -> Option<Node> {
    (!list.is_empty()).then(|| Node::Tables(list.iter().map(table).collect()))
}

fn vendor(vendor: &Vendor) -> Table {
    let keys = Keys::default().with("id", text(&vendor.id)).with("name", text(&vendor.name));
    keys.given("pricing_page", optional(&vendor.pricing_page)).given("resells", yes(vendor.resells)).0
}

/// Returns a product as an entry of `[[product]]`.
pub fn product(product: &Product) -> Table {
    let keys = Keys::default()
        .with("id", text(product.short_id()))
        .given("name", (product.name != product.short_id()).then(|| text(&product.name)))
        .given("aliases", texts(&product.aliases))
        .with("kind", text(product.kind.word()))
        .given("released", product.released.map(Node::Date))
        .given("retired", product.retired.map(Node::Date))
        .given("window", product.window.map(number))
        .given("max_input", product.max_input.map(number))
        .given("max_output", product.max_output.map(number))
        .given("shared_window", (!product.shared_window).then_some(Node::Bool(false)))
        .given(
            "modalities",
            (product.modalities != ["text"]).then(|| Node::Texts(product.modalities.clone())),
        )
        .given("tokenizer", optional(&product.tokenizer))
        .given("open_weights", yes(product.open_weights))
        .given("regions", texts(&product.regions))
        .given("dimensions", product.dimensions.map(number))
        .given("note", optional(&product.note));
    keys.given("image_tokens", product.image_tokens.as_ref().map(|rule| Node::Table(image_tokens(rule))))
        .given("store", product.store.as_ref().map(|rule| Node::Table(store(rule))))
        .given("rerank", product.rerank.as_ref().map(|rule| Node::Table(rerank(rule))))
        .given("provisioned", product.provisioned.as_ref().map(|rule| Node::Table(provisioned(rule))))
        .given("cache", each(&product.caches, cache))
        .given("limit", each(&product.limits, limit))
        .given("throughput", each(&product.throughput, throughput))
        .given("differs", each(&product.disagreements, disagreement))
        .given("price", each(&product.prices, card))
        .0
}

fn image_tokens(rule: &ImageTokens) -> Table {
    let keys = Keys::default().with("formula", text(rule.name()));
    let keys = rule.numbers().into_iter().fold(keys, |keys, (key, value)| keys.with(key, number(value)));
    let original = matches!(rule, ImageTokens::OpenAiPatches(patches) if patches.auto_is_original);
    keys.given("auto", original.then(|| text("original"))).0
}

fn store(rule: &StoreRule) -> Table {
    let bills = rule.bills.iter().map(|meter| meter.name().to_owned()).collect();
    Keys::default()
        .with("bills", Node::Texts(bills))
        .with("bytes_per_dimension", number(rule.bytes_per_dimension))
        .given("bytes_per_sparse_value", unless(rule.bytes_per_sparse_value, 8.0))
        .given("record_overhead_bytes", unless(rule.record_overhead_bytes, 0.0))
        .given("index_factor", unless(rule.index_factor, 1.0))
        .given("read_units_per_gb", unless(rule.read_units_per_gb, 0.0))
        .given("minimum_read_units", unless(rule.minimum_read_units, 0.0))
        .given("read_unit_step", unless(rule.read_unit_step, 0.0))
        .given("fetched_per_read_unit", unless(rule.fetched_per_read_unit, 0.0))
        .given("minimum_bytes_queried", unless(rule.minimum_bytes_queried, 0.0))
        .with("bytes_per_write_unit", number(rule.bytes_per_write_unit))
        .given("minimum_write_units", unless(rule.minimum_write_units, 0.0))
        .given("own_dimensions", rule.own_dimensions.map(number))
        .given("embeds", yes(rule.embeds))
        .0
}

fn rerank(rule: &RerankRule) -> Table {
    Keys::default()
        .with("documents_per_unit", number(rule.documents_per_unit))
        .with("split_tokens", number(rule.split_tokens))
        .given("query_per_document", yes(rule.query_per_document))
        .0
}

fn provisioned(rule: &Provisioned) -> Table {
    Keys::default()
        .with("unit", text(&rule.unit))
        .with("minimum_units", number(rule.minimum_units))
        .with("increment_units", number(rule.increment_units))
        .given("input_tokens_per_minute", rule.input_tokens_per_minute.map(number))
        .given("output_tokens_per_minute", rule.output_tokens_per_minute.map(number))
        .with("source", text(&rule.source))
        .given("confidence", confidence(rule.confidence))
        .0
}

fn cache(rule: &CacheRule) -> Table {
    let word = |meter, words: &[(&'static str, Meter)]| text(word_for(meter, words));
    Keys::default()
        .given("since", rule.since.map(Node::Date))
        .with("mode", text(rule.mode.word()))
        .with("ttl_minutes", number(rule.ttl_minutes))
        .given("renews_on_hit", (!rule.renews_on_hit).then_some(Node::Bool(false)))
        .given("minimum_tokens", unless(rule.minimum_tokens, 0.0))
        .given("increment_tokens", unless(rule.increment_tokens, 1.0))
        .given("write", (rule.write != Meter::Input).then(|| word(rule.write, CACHE_WRITES)))
        .given("read", (rule.read != Meter::CachedInput).then(|| word(rule.read, CACHE_READS)))
        .given("rent", yes(rule.rent))
        .given("note", optional(&rule.note))
        .0
}

fn limit(limit: &RateLimit) -> Table {
    let keys = Keys::default()
        .with("tier", text(&limit.tier))
        .with("from", Node::Date(limit.from))
        .given("until", limit.until.map(Node::Date))
        .given("needs", optional(&limit.needs));
    let keys = limit
        .quotas
        .iter()
        .fold(keys, |keys, (quota, size)| keys.with(word_for(*quota, Quota::WORDS), number(*size)));
    keys.given("counts_cached", (!limit.counts_cached).then_some(Node::Bool(false)))
        .given("above_input_tokens", limit.above_input_tokens.map(number))
        .with("source", text(&limit.source))
        .given("confidence", confidence(limit.confidence))
        .0
}

fn throughput(measured: &Throughput) -> Table {
    Keys::default()
        .with("model", text(&measured.model))
        .given("precision", optional(&measured.precision))
        .given("gpus", unless(measured.gpus, 1.0))
        .given("input_tokens_per_second", measured.input_tokens_per_second.map(number))
        .given("output_tokens_per_second", measured.output_tokens_per_second.map(number))
        .given("images_per_second", measured.images_per_second.map(number))
        .given("conditions", optional(&measured.conditions))
        .with("source", text(&measured.source))
        .given("confidence", confidence(measured.confidence))
        .0
}

fn disagreement(entry: &Disagreement) -> Table {
    Keys::default()
        .with("table", text(&entry.table))
        .given("keys", texts(&entry.keys))
        .with("reason", text(entry.reason.word()))
        .with("note", text(&entry.note))
        .with("source", text(&entry.source))
        .0
}

/// Returns a price card as an entry of `[[product.price]]`.
pub fn card(card: &PriceCard) -> Table {
    let keys = Keys::default()
        .with("from", Node::Date(card.from))
        .given("until", card.until.map(Node::Date))
        .given("region", optional(&card.region))
        .given("currency", (card.currency != Currency::USD).then(|| text(card.currency.code())));
    let base = card.cells.iter().find(|cell| cell.condition == Condition::default());
    let keys = base.into_iter().fold(keys, with_rates);
    let conditional: Vec<Table> = card
        .cells
        .iter()
        .filter(|cell| cell.condition != Condition::default())
        .map(|cell| with_rates(condition(&cell.condition), cell).0)
        .collect();
    let minimum = card.minimum_per_month.map(|price| Node::Number(price.exact.to_string()));
    keys.given("minimum_per_month", minimum)
        .given("note", optional(&card.note))
        .with("source", text(&card.source))
        .with("checked", Node::Date(card.checked))
        .given("confidence", confidence(card.confidence))
        .given("withdrawn", yes(card.withdrawn))
        .given("unit_checked", yes(card.unit_checked))
        .given("included", included(&card.included))
        .given("when", (!conditional.is_empty()).then_some(Node::Tables(conditional)))
        .0
}

fn with_rates(keys: Keys, cell: &Cell) -> Keys {
    cell.rates
        .iter()
        .fold(keys, |keys, (_, rate)| keys.with(rate.key.key, Node::Number(rate.price.exact.to_string())))
}

fn included(included: &[(Meter, f64)]) -> Option<Node> {
    (!included.is_empty()).then(|| Node::Table(quantities(included)))
}

fn quantities(quantities: &[(Meter, f64)]) -> Table {
    let key = |(meter, quantity): &(Meter, f64)| {
        let (key, _, units) = INCLUDED_KEYS.iter().find(|(_, known, _)| known == meter)?;
        Some((*key, number(quantity / units)))
    };
    quantities.iter().filter_map(key).collect()
}

fn condition(condition: &Condition) -> Keys {
    let service = (condition.service != Service::Standard).then(|| text(condition.service.word()));
    let keys = Keys::default().given("service", service);
    let keys = match &condition.tier {
        None => keys,
        Some(tier) => keys
            .with(
                if tier.inclusive { "from_input_tokens" } else { "above_input_tokens" },
                number(tier.threshold),
            )
            .given("basis", (tier.basis == Basis::Excess).then(|| text("excess"))),
    };
    let keys = match &condition.hours {
        None => keys,
        Some(hours) => {
            keys.with("hours_utc", text(&hours.text)).given("days", hours.day_names().as_deref().map(text))
        }
    };
    keys.given("variant", optional(&condition.variant))
}
