//! TOML tables to a catalog: the only code that knows the shape of a pricing file.
//!
//! Files are read in order. A product that an earlier file has is overlaid: facts that the later
//! file gives replace the earlier ones, and if it gives any price, its prices replace the whole
//! earlier list, so that a private rate card never mixes with a public one.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::check;
use super::exchange::ExchangeRate;
use super::meter::{Meter, PRICE_KEYS};
use super::rate::{Basis, Cell, Condition, Hours, Rate, Service, Tier};
use super::{
    CacheMode, CacheRule, Catalog, Confidence, ImageTokens, Kind, PriceCard, Product, RateLimit, RerankRule,
    StoreRule, Vendor,
};
use crate::diagnostic::{Diagnostics, Fault};
use crate::document::{Document, Section};
use crate::units::{Currency, Price};

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

/// Loads the tables that ship with the program.
///
/// # Errors
/// Only if the tables themselves are broken, which the tests exclude.
pub fn embedded() -> Result<Catalog, Diagnostics> {
    let tables: Vec<Table<'_>> =
        super::embedded::TABLES.iter().map(|(name, text)| Table { name, text }).collect();
    load(&tables).map(|(catalog, _)| catalog)
}

/// Loads the shipped tables with the user's tables over them.
///
/// # Errors
/// All faults of all tables.
pub fn with_overlays(overlays: &[Table<'_>]) -> Result<(Catalog, Diagnostics), Diagnostics> {
    let mut tables: Vec<Table<'_>> =
        super::embedded::TABLES.iter().map(|(name, text)| Table { name, text }).collect();
    tables.extend_from_slice(overlays);
    load(&tables)
}

/// Loads tables in order and returns the catalog with its warnings.
///
/// # Errors
/// All faults of all tables, if any of them is an error.
pub fn load(tables: &[Table<'_>]) -> Result<(Catalog, Diagnostics), Diagnostics> {
    let mut catalog = Catalog::default();
    let mut all = Diagnostics::default();
    for table in tables {
        let document = Document::parse(table.name, table.text, EXPECTED);
        read_table(&document, table.name.into(), &mut catalog);
        all.0.extend(document.into_faults().0);
    }
    catalog.index();
    if all.has_errors() { Err(all) } else { Ok((catalog, all)) }
}

fn read_table(document: &Document<'_>, file: Arc<str>, catalog: &mut Catalog) {
    let root = document.root();
    catalog.files.push(file.clone());
    for section in root.sections("exchange_rate") {
        if let Some(rate) = read_exchange_rate(&section) {
            catalog.exchange.add(rate);
        }
        section.refuse_unknown_keys();
    }
    let products = root.sections("product");
    let vendor = root.section("vendor").and_then(|section| read_vendor(&section, catalog));
    if let (None, Some(first)) = (root.value("vendor"), products.first()) {
        let remedy = "begin the file with [vendor], id and name".to_owned();
        document.fault(first.span(), Fault::Missing { key: "vendor".into(), remedy });
    }
    // Products of a vendor that could not be read are looked at all the same, for their own mistakes.
    let vendor = vendor.unwrap_or_else(|| {
        catalog.vendors.push(Vendor { id: "?".into(), name: "?".into(), pricing_page: None });
        catalog.vendors.len() - 1
    });
    let first_new = catalog.products.len();
    let mut seen = check::Seen::default();
    for section in &products {
        if document.is_hopeless() {
            break;
        }
        let read = read_product(section, vendor, &catalog.products[..first_new], catalog, &file);
        section.refuse_unknown_keys();
        if let Some(product) = read {
            seen.product(section, &product);
            check::product(section, &product);
            overlay(catalog, first_new, product);
        }
    }
    seen.aliases(document, catalog);
    root.refuse_unknown_keys();
}

fn read_vendor(section: &Section<'_>, catalog: &mut Catalog) -> Option<usize> {
    let id = section.required_text("id", "write a short lower-case name, such as id = \"openai\"");
    let name = section.text("name");
    let pricing_page = section.text("pricing_page").map(str::to_owned);
    section.refuse_unknown_keys();
    let id = id.filter(|id| can_be_named(section, id, true))?;
    if let Some(known) = catalog.vendors.iter().position(|vendor| vendor.id == id) {
        let vendor = &mut catalog.vendors[known];
        vendor.name = name.map_or(std::mem::take(&mut vendor.name), str::to_owned);
        vendor.pricing_page = pricing_page.or(vendor.pricing_page.take());
        return Some(known);
    }
    catalog.vendors.push(Vendor { id: id.to_owned(), name: name.unwrap_or(id).to_owned(), pricing_page });
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
fn overlay(catalog: &mut Catalog, first_new: usize, product: Product) {
    let known = catalog.products[..first_new].iter().position(|known| known.id == product.id);
    match known {
        Some(at) => catalog.products[at] = product,
        None => catalog.products.push(product),
    }
}

/// Reads a product; facts that it leaves out come from the product of that id in earlier files.
fn read_product(
    section: &Section<'_>,
    vendor: usize,
    earlier: &[Product],
    catalog: &Catalog,
    file: &Arc<str>,
) -> Option<Product> {
    let short = section.required_text("id", "write the model's name in the vendor's API");
    let short = short.filter(|short| can_be_named(section, short, false));
    let id = short.map(|short| format!("{}/{short}", catalog.vendors[vendor].id));
    let earlier = id.as_ref().and_then(|id| earlier.iter().find(|known| known.id == *id)).cloned();
    let kind = match earlier.as_ref() {
        Some(known) => section.word("kind", Kind::WORDS).or(Some(known.kind)),
        None if section.value("kind").is_none() => {
            section.missing("kind", "write one of chat, embedding, rerank, vector_store, image, transcription, speech, gpu, subscription");
            None
        }
        None => section.word("kind", Kind::WORDS),
    };
    let base = earlier.unwrap_or_else(|| blank(id.clone().unwrap_or_default(), vendor, file.clone()));
    let prices: Vec<PriceCard> = read_prices(section, short.unwrap_or("?"));
    let own_prices = section.value("price").is_some();
    let texts = |key: &str| {
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
            .and_then(|s| read_image_tokens(&s))
            .or(base.image_tokens),
        open_weights: section.boolean("open_weights").unwrap_or(base.open_weights),
        dimensions: section.positive("dimensions").or(base.dimensions),
        caches: if section.value("cache").is_some() {
            section.sections("cache").iter().filter_map(read_cache).collect()
        } else {
            base.caches
        },
        store: section.section("store").map(|s| read_store(&s)).or(base.store),
        rerank: section.section("rerank").map(|s| read_rerank(&s)).or(base.rerank),
        limits: if section.value("limit").is_some() {
            section.sections("limit").iter().filter_map(read_limit).collect()
        } else {
            base.limits
        },
        note: section.text("note").map(str::to_owned).or(base.note),
        prices: if own_prices { prices } else { base.prices },
        price_file: if own_prices { file.clone() } else { base.price_file },
        file: file.clone(),
        id: base.id,
        vendor,
    };
    (id.is_some() && kind.is_some()).then_some(product)
}

fn blank(id: String, vendor: usize, file: Arc<str>) -> Product {
    Product {
        name: id.split_once('/').map_or(id.as_str(), |(_, short)| short).to_owned(),
        id,
        vendor,
        aliases: Vec::new(),
        kind: Kind::Chat,
        released: None,
        retired: None,
        window: None,
        max_input: None,
        max_output: None,
        shared_window: true,
        modalities: vec!["text".into()],
        tokenizer: None,
        image_tokens: None,
        open_weights: false,
        dimensions: None,
        caches: Vec::new(),
        store: None,
        rerank: None,
        limits: Vec::new(),
        note: None,
        prices: Vec::new(),
        file: file.clone(),
        price_file: file,
    }
}

fn read_prices(section: &Section<'_>, product: &str) -> Vec<PriceCard> {
    let mut cards: Vec<(PriceCard, Range<usize>)> = Vec::new();
    for entry in section.sections("price") {
        let card = read_card(&entry);
        entry.refuse_unknown_keys();
        if let Some(card) = card {
            cards.push((card, entry.span()));
        }
    }
    check::same_day(section.document(), product, &cards);
    let mut cards: Vec<PriceCard> = cards.into_iter().map(|(card, _)| card).collect();
    cards.sort_by_key(|card| card.from);
    cards
}

fn read_card(section: &Section<'_>) -> Option<PriceCard> {
    let from = section.date("from");
    if section.value("from").is_none() {
        section.missing("from", "write the first day on which the price holds, such as from = 2026-11-22");
    }
    let currency = match section.text("currency") {
        Some(code) => currency(section, code),
        None => Some(Currency::USD),
    };
    let source = section.required_text("source", "write the address or document that prints the price");
    let checked = section.date("checked");
    if section.value("checked").is_none() {
        section.missing(
            "checked",
            "write the day on which you compared the price with its source, such as checked = 2026-11-22",
        );
    }
    let base = Cell { condition: Condition::default(), rates: read_rates(section) };
    let mut cells = vec![base];
    for when in section.sections("when") {
        read_cell(&when, &mut cells);
        when.refuse_unknown_keys();
    }
    check::not_too_many(section, &cells);
    check::one_window(section, &cells);
    let card = PriceCard {
        from: from?,
        until: section.date("until"),
        region: section.text("region").map(str::to_owned),
        currency: currency?,
        cells,
        minimum_per_month: section.price("minimum_per_month").map(Price::new),
        included: section.section("included").map(|s| read_included(&s)).unwrap_or_default(),
        source: source?.to_owned(),
        checked: checked?,
        confidence: section.word("confidence", Confidence::WORDS).unwrap_or_default(),
        note: section.text("note").map(str::to_owned),
        withdrawn: section.boolean("withdrawn").unwrap_or(false),
    };
    check::card(section, &card, section.boolean("unit_checked").unwrap_or(false));
    Some(card)
}

fn currency(section: &Section<'_>, code: &str) -> Option<Currency> {
    let parsed = Currency::parse(code);
    if parsed.is_none()
        && let Some(value) = section.value("currency")
    {
        section.out_of_range("currency", value, "a three-letter code such as USD");
    }
    parsed
}

fn read_rates(section: &Section<'_>) -> Vec<(Meter, Rate)> {
    let mut rates: Vec<(Meter, Rate)> = Vec::new();
    for key in PRICE_KEYS {
        let Some(price) = section.price(key.key) else { continue };
        if let Some((_, other)) = rates.iter().find(|(meter, _)| *meter == key.meter) {
            let message = format!("`{}` and `{}` both price {}", other.key.key, key.key, key.meter.label());
            let span = section.value(key.key).map_or(section.span(), |value| value.span());
            section.document().fault(span, Fault::Conflict { message, remedy: "keep one of them".into() });
            continue;
        }
        rates.push((key.meter, Rate { price: Price::new(price), key }));
    }
    rates
}

/// Reads a `[[product.price.when]]` cell; one with a factor is written out from the cells before it.
fn read_cell(section: &Section<'_>, cells: &mut Vec<Cell>) {
    let condition = Condition {
        service: section.word("service", Service::WORDS).unwrap_or_default(),
        tier: read_tier(section),
        hours: read_hours(section),
        variant: section.text("variant").map(str::to_owned),
    };
    let rates = read_rates(section);
    let factor = section.price("factor");
    if condition == Condition::default() {
        refuse_without_condition(section);
        return;
    }
    if rates.is_empty() && factor.is_none() && !section.has_unread_keys() {
        let message = "a conditional price without a price".to_owned();
        let remedy = "write at least one, such as input_per_mtok = 3, or a factor".to_owned();
        section.document().fault(section.span(), Fault::Conflict { message, remedy });
    }
    let Some(factor) = factor else {
        cells.push(Cell { condition, rates });
        return;
    };
    let scaled: Vec<Cell> = cells
        .iter()
        .filter(|cell| cell.condition.service == Service::Standard && cell.condition.hours.is_none())
        .filter(|cell| cell.condition.tier.is_none() || condition.tier.is_none())
        .map(|cell| Cell {
            condition: Condition {
                tier: condition.tier.or(cell.condition.tier),
                variant: condition.variant.clone().or(cell.condition.variant.clone()),
                ..condition.clone()
            },
            rates: scale(&cell.rates, factor, &rates),
        })
        .collect();
    cells.extend(scaled);
}

/// Reports a conditional price that is always in force; a condition with a mistake in it has its own message.
fn refuse_without_condition(section: &Section<'_>) {
    const CONDITIONS: [&str; 5] =
        ["service", "above_input_tokens", "from_input_tokens", "hours_utc", "variant"];
    let (message, remedy) = if CONDITIONS.iter().any(|key| section.value(key).is_some()) {
        return;
    } else if section.value("days").is_some() {
        ("days without hours_utc", "write the hours too; whole days are hours_utc = \"00:00-24:00\"")
    } else {
        (
            "a conditional price without a condition",
            "name a service, above_input_tokens, from_input_tokens, hours_utc or a variant",
        )
    };
    let (message, remedy) = (message.to_owned(), remedy.to_owned());
    section.document().fault(section.span(), Fault::Conflict { message, remedy });
}

/// Multiplies prices by a factor the vendor states; prices written beside the factor win.
fn scale(rates: &[(Meter, Rate)], factor: Decimal, own: &[(Meter, Rate)]) -> Vec<(Meter, Rate)> {
    let mut scaled = own.to_vec();
    for (meter, rate) in rates {
        if !own.iter().any(|(priced, _)| priced == meter) {
            let price = Price::new((rate.price.exact * factor).normalize());
            scaled.push((*meter, Rate { price, key: rate.key }));
        }
    }
    scaled
}

fn read_tier(section: &Section<'_>) -> Option<Tier> {
    const BASES: &[(&str, Basis)] = &[("request", Basis::Request), ("excess", Basis::Excess)];
    let above = section.count("above_input_tokens");
    let from = section.count("from_input_tokens");
    let basis = section.word("basis", BASES).unwrap_or(Basis::Request);
    match (above, from) {
        (Some(threshold), None) => Some(Tier { threshold, inclusive: false, basis }),
        (None, Some(threshold)) => Some(Tier { threshold, inclusive: true, basis }),
        (Some(_), Some(_)) => {
            let message = "a tier is either strictly above a size or from it on".to_owned();
            let remedy = "keep above_input_tokens or from_input_tokens".to_owned();
            section.document().fault(section.span(), Fault::Conflict { message, remedy });
            None
        }
        (None, None) => None,
    }
}

/// Reads `hours_utc = "01:00-04:00, 06:00-10:00"` and `days = "mon-fri"`.
fn read_hours(section: &Section<'_>) -> Option<Hours> {
    let days = section.text("days");
    let text = section.text("hours_utc")?;
    let parsed = parse_ranges(text);
    let days_mask = days.map_or(Some(0b111_1111), parse_days);
    match (parsed, days_mask) {
        (Some(ranges), Some(mask)) => Some(Hours { text: text.to_owned(), days: mask, ranges }),
        (None, _) => {
            let value = section.value("hours_utc")?;
            section.out_of_range(
                "hours_utc",
                value,
                "ranges that do not overlap, such as \"01:00-04:00, 22:00-06:00\"",
            );
            None
        }
        (_, None) => {
            let value = section.value("days")?;
            section.out_of_range("days", value, "days such as \"mon-fri\" or \"sat, sun\"");
            None
        }
    }
}

fn parse_ranges(text: &str) -> Option<Vec<(u16, u16)>> {
    const DAY: u16 = 24 * 60;
    let mut ranges = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.trim().split_once('-')?;
        let (from, to) = (parse_minute(from)?, parse_minute(to)?);
        if from < to {
            ranges.push((from, to));
        } else {
            ranges.extend([(from, DAY), (0, to)]);
        }
    }
    let mut in_order: Vec<(u16, u16)> = ranges.clone();
    in_order.sort_unstable();
    in_order.windows(2).all(|pair| pair[0].1 <= pair[1].0).then_some(ranges)
}

fn parse_minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

fn parse_days(text: &str) -> Option<u8> {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let index = |name: &str| NAMES.iter().position(|known| *known == name.trim());
    let mut mask = 0;
    for part in text.split(',') {
        match part.split_once('-') {
            Some((from, to)) => {
                let (from, to) = (index(from)?, index(to)?);
                let count = (to + 7 - from) % 7;
                (0..=count).for_each(|step| mask |= 1 << ((from + step) % 7));
            }
            None => mask |= 1 << index(part)?,
        }
    }
    Some(mask)
}

/// Names under `[product.price.included]`, with the base units that one of them is.
const INCLUDED_KEYS: &[(&str, Meter, f64)] = &[
    ("storage_gb", Meter::Storage, 1e9 * 730.0),
    ("storage_gib", Meter::Storage, 1_073_741_824.0 * 730.0),
    ("read_units", Meter::ReadUnits, 1.0),
    ("write_units", Meter::WriteUnits, 1.0),
    ("queries", Meter::Queries, 1.0),
    ("web_searches", Meter::WebSearches, 1.0),
    ("file_searches", Meter::FileSearches, 1.0),
    ("input_tokens", Meter::Input, 1.0),
];

fn read_included(section: &Section<'_>) -> Vec<(Meter, f64)> {
    let included = INCLUDED_KEYS
        .iter()
        .filter_map(|(key, meter, units)| Some((*meter, section.count(key)? * units)))
        .collect();
    section.refuse_unknown_keys();
    included
}

fn read_cache(section: &Section<'_>) -> Option<CacheRule> {
    const MODES: &[(&str, CacheMode)] =
        &[("automatic", CacheMode::Automatic), ("explicit", CacheMode::Explicit)];
    const WRITES: &[(&str, Meter)] = &[
        ("input", Meter::Input),
        ("cache_write", Meter::CacheWrite),
        ("cache_write_1h", Meter::CacheWrite1h),
        ("cache_write_long", Meter::CacheWriteLong),
    ];
    let mode = section.word("mode", MODES);
    if section.value("mode").is_none() {
        section.missing("mode", "write automatic or explicit");
    }
    let ttl = section.count("ttl_minutes");
    if section.value("ttl_minutes").is_none() {
        section
            .missing("ttl_minutes", "write how many minutes an unused entry lives, such as ttl_minutes = 5");
    }
    let rule = CacheRule {
        mode: mode.unwrap_or(CacheMode::Automatic),
        ttl_minutes: ttl.unwrap_or(0.0),
        renews_on_hit: section.boolean("renews_on_hit").unwrap_or(true),
        minimum_tokens: section.count("minimum_tokens").unwrap_or(0.0),
        increment_tokens: section.count("increment_tokens").unwrap_or(1.0).max(1.0),
        write: section.word("write", WRITES).unwrap_or(Meter::Input),
        rent: section.boolean("rent").unwrap_or(false),
    };
    let _ = section.text("note");
    section.refuse_unknown_keys();
    (mode.is_some() && ttl.is_some()).then_some(rule)
}

fn read_store(section: &Section<'_>) -> StoreRule {
    let rule = StoreRule {
        bytes_per_dimension: section.count("bytes_per_dimension").unwrap_or(4.0),
        record_overhead_bytes: section.count("record_overhead_bytes").unwrap_or(0.0),
        index_factor: section.count("index_factor").unwrap_or(1.0),
        read_units_per_gb: section.count("read_units_per_gb").unwrap_or(0.0),
        minimum_read_units: section.count("minimum_read_units").unwrap_or(0.0),
        bytes_per_write_unit: section.count("bytes_per_write_unit").unwrap_or(1000.0).max(1.0),
        own_dimensions: section.count("own_dimensions"),
        embeds: section.boolean("embeds").unwrap_or(false),
        bills: read_bills(section),
    };
    section.refuse_unknown_keys();
    rule
}

/// Reads which quantities a store bills, by the registry names of their meters.
fn read_bills(section: &Section<'_>) -> Vec<Meter> {
    const BILLED: [Meter; 10] = [
        Meter::Storage,
        Meter::ReadUnits,
        Meter::WriteUnits,
        Meter::Queries,
        Meter::FileSearches,
        Meter::BytesQueried,
        Meter::BytesReturned,
        Meter::BytesWritten,
        Meter::DimensionHours,
        Meter::InstanceHours,
    ];
    let Some(names) = section.text_list("bills") else {
        section.missing(
            "bills",
            "write what the store charges for, such as bills = [\"storage_byte_hours\", \"read_units\"]",
        );
        return Vec::new();
    };
    let mut bills = Vec::new();
    for (name, span) in names {
        match BILLED.into_iter().find(|meter| meter.name() == name) {
            Some(meter) => bills.push(meter),
            None => {
                let allowed = BILLED.iter().map(|meter| meter.name().to_owned()).collect();
                let fault =
                    Fault::NotOneOf { key: section.full_key("bills"), value: name.to_owned(), allowed };
                section.document().fault(span, fault);
            }
        }
    }
    bills
}

fn read_rerank(section: &Section<'_>) -> RerankRule {
    let rule = RerankRule {
        documents_per_unit: section.count("documents_per_unit").unwrap_or(100.0).max(1.0),
        split_tokens: section.count("split_tokens").unwrap_or(500.0).max(1.0),
    };
    section.refuse_unknown_keys();
    rule
}

fn read_image_tokens(section: &Section<'_>) -> Option<ImageTokens> {
    const FORMULAS: &[(&str, ())] = &[("openai_tiles", ())];
    let formula = section.word("formula", FORMULAS);
    if section.value("formula").is_none() {
        section.missing("formula", "write openai_tiles");
    }
    let (base, per_tile) = (section.count("base"), section.count("per_tile"));
    for key in ["base", "per_tile"] {
        if section.value(key).is_none() {
            section.missing(key, "write the tokens that the vendor's formula has for it");
        }
    }
    section.refuse_unknown_keys();
    formula?;
    Some(ImageTokens::OpenAiTiles { base: base?, per_tile: per_tile? })
}

fn read_limit(section: &Section<'_>) -> Option<RateLimit> {
    let tier = section.required_text("tier", "write the vendor's name for the tier");
    let from = section.date("from");
    if section.value("from").is_none() {
        section.missing(
            "from",
            "write the first day on which the limit is known to hold, such as from = 2026-11-22",
        );
    }
    let source = section.required_text("source", "write the address or document that prints the limit");
    let limit = RateLimit {
        tier: tier.unwrap_or_default().to_owned(),
        from: from.unwrap_or(Date::MIN),
        needs: section.text("needs").map(str::to_owned),
        rpm: section.count("rpm"),
        tpm: section.count("tpm"),
        itpm: section.count("itpm"),
        otpm: section.count("otpm"),
        rpd: section.count("rpd"),
        batch_queue_tokens: section.count("batch_queue_tokens"),
        counts_cached: section.boolean("counts_cached").unwrap_or(true),
        above_input_tokens: section.count("above_input_tokens"),
        source: source.unwrap_or_default().to_owned(),
        confidence: section.word("confidence", Confidence::WORDS).unwrap_or_default(),
    };
    section.refuse_unknown_keys();
    (tier.is_some() && from.is_some() && source.is_some()).then_some(limit)
}

fn read_exchange_rate(section: &Section<'_>) -> Option<ExchangeRate> {
    let date = section.date("date");
    if section.value("date").is_none() {
        section.missing("date", "write the day of the quotation, such as date = 2026-11-20");
    }
    let code = section.required_text("currency", "write a three-letter code such as currency = \"CNY\"");
    let currency = code.and_then(|code| currency(section, code));
    let per_usd = section.price("per_usd");
    if section.value("per_usd").is_none() {
        section.missing(
            "per_usd",
            "write how many units of the currency one US dollar buys, such as per_usd = 7.1",
        );
    }
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
