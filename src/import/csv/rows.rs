//! Rows of a CSV file to products, cards and cells.

use std::collections::HashMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cells::{Row, Sheet, is_empty, is_unknown};
use super::layout::{CARD, Field, Layout, MINIMUM, PRODUCT, SET, is_price};
use super::numbers::{Bad, Marks, amount, count};
use crate::catalog::rate::{Basis, Condition, MOST_CONDITIONS, Tier};
use crate::catalog::{Confidence, Kind, PriceCard, Product, Service};
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Place, one_of};
use crate::import::card::{CardBuilder, Refused};
use crate::import::vendors::{vendor_id, vendor_name};
use crate::import::{Intake, Source};
use crate::units::{CURRENCY_CODE, Currency, Price};

/// Faults of one file after which the rest is not worth reading.
const MOST_FAULTS: usize = 50;

/// Reads the rows and hands the products to the intake.
///
/// # Errors
/// All faults of all rows; the intake is then as it was.
pub(super) fn read(intake: &mut Intake, sheet: &Sheet<'_>, layout: &Layout) -> Result<(), Diagnostics> {
    let mut faults = Diagnostics::default();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for row in &sheet.rows {
        let mut record = Record { sheet, layout, row, faults: &mut faults };
        if let Some((vendor, short)) = record.names() {
            let key = format!("{}/{short}", vendor_id(Source::Csv, &vendor)).to_lowercase();
            let at = *known.entry(key).or_insert_with(|| {
                drafts.push(Draft::new(vendor, short));
                drafts.len() - 1
            });
            drafts[at].take(&mut record);
        }
        if faults.0.len() >= MOST_FAULTS {
            faults
                .push(Diagnostic::error(Place::whole(sheet.name()), Fault::TooMany { listed: MOST_FAULTS }));
            break;
        }
    }
    drafts.iter().for_each(|draft| draft.check(sheet, &mut faults));
    check_currencies(sheet, &drafts, &mut faults);
    if faults.has_errors() {
        return Err(once_each(faults));
    }
    drafts.into_iter().for_each(|draft| draft.hand_over(intake));
    name_unmapped(intake, sheet, layout);
    Ok(())
}

/// Refuses a table that says a currency for some prices and none for others: those may well be in the same.
fn check_currencies(sheet: &Sheet<'_>, drafts: &[Draft], faults: &mut Diagnostics) {
    let cards = || drafts.iter().flat_map(|draft| draft.cards.iter().map(move |card| (draft, card)));
    let said = cards().filter_map(|(_, card)| card.currency).find(|(currency, _)| *currency != Currency::USD);
    let silent = cards().find(|(_, card)| card.currency.is_none() && !card.builder.is_empty());
    if let (Some((currency, line)), Some((draft, _))) = (said, silent) {
        let message =
            format!("line {line} says {currency}, and nothing says the currency of `{}`", draft.short);
        let remedy = format!("write a currency in every row, or fix one for all: {SET} currency={currency}");
        faults.push(Diagnostic::error(Place::whole(sheet.name()), Fault::Conflict { message, remedy }));
    }
}

/// Drops repetitions: a fixed value is wrong for every row, and wrong once.
fn once_each(faults: Diagnostics) -> Diagnostics {
    let mut kept = Diagnostics::default();
    for fault in faults.0 {
        if !kept.0.contains(&fault) {
            kept.push(fault);
        }
    }
    kept
}

/// Names each column that holds something and that no key reads, once.
fn name_unmapped(intake: &mut Intake, sheet: &Sheet<'_>, layout: &Layout) {
    for at in &layout.unmapped {
        if sheet.rows.iter().all(|row| row.cells.get(*at).is_none_or(|cell| cell.is_empty())) {
            continue;
        }
        let heading = match sheet.headings[*at].as_str() {
            "" => format!("column {}", at + 1),
            heading => heading.to_owned(),
        };
        let why =
            format!("no key is called so; --map \"{heading}=KEY\" reads it, \"{heading}=-\" leaves it out");
        intake.lose("all rows", &heading, why);
    }
}

/// One row, with where its mistakes are collected.
struct Record<'r, 's> {
    sheet: &'r Sheet<'s>,
    layout: &'r Layout,
    row: &'r Row,
    faults: &'r mut Diagnostics,
}

impl<'r> Record<'r, '_> {
    fn cell(&self, field: &'r Field) -> &'r str {
        match field.column {
            Some(at) => self.row.cells.get(at).map_or("", String::as_str),
            None => &field.fixed,
        }
    }

    /// Returns the text of a key; `None` where the row says nothing.
    fn text(&self, key: &str) -> Option<&'r str> {
        let field = self.layout.field(key)?;
        Some(self.cell(field)).filter(|cell| !is_empty(cell))
    }

    fn place(&self, key: &str) -> Place {
        match self.layout.field(key).map(|field| field.column) {
            Some(Some(at)) => self.sheet.place(self.row, at),
            Some(None) => Place::whole(SET),
            None => self.sheet.place(self.row, 0),
        }
    }

    fn fault(&mut self, key: &str, fault: Fault) {
        self.faults.push(Diagnostic::error(self.place(key), fault));
    }

    fn conflict(&mut self, key: &str, message: String, remedy: &str) {
        self.fault(key, Fault::Conflict { message, remedy: remedy.to_owned() });
    }

    /// Returns the vendor and the id without it.
    fn names(&mut self) -> Option<(String, String)> {
        let Some(id) = self.text("id") else {
            let remedy = "write the model's name, or leave the whole row empty".to_owned();
            self.fault("id", Fault::Missing { key: "id".to_owned(), remedy });
            return None;
        };
        let (vendor, short) = match (self.text("vendor"), id.split_once('/')) {
            (Some(vendor), Some((first, short)))
                if vendor_id(Source::Csv, vendor) == first.to_lowercase() =>
            {
                (vendor, short)
            }
            (Some(vendor), _) => (vendor, id),
            (None, Some((vendor, short))) if !vendor.is_empty() && !short.is_empty() => (vendor, short),
            (None, _) => {
                let remedy =
                    format!("fix one for all rows, such as {SET} vendor=acme, or write the id as acme/{id}");
                self.fault("id", Fault::Missing { key: "vendor".to_owned(), remedy });
                return None;
            }
        };
        Some((vendor.to_owned(), short.to_owned()))
    }

    fn date(&mut self, key: &str) -> Option<Date> {
        let text = self.text(key)?;
        let date = text.parse().ok();
        if date.is_none() {
            self.fault(key, Fault::NotADate { key: key.to_owned(), text: text.to_owned() });
        }
        date
    }

    fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?.to_lowercase();
        one_of(key, &text, words).map_err(|fault| self.fault(key, fault)).ok()
    }

    fn flag(&mut self, key: &str) -> Option<bool> {
        const WORDS: &[(&str, bool)] =
            &[("true", true), ("yes", true), ("1", true), ("false", false), ("no", false), ("0", false)];
        self.word(key, WORDS)
    }

    fn list(&self, key: &str) -> Option<Vec<String>> {
        let parts = self.text(key)?.split([',', ';', '|']).map(str::trim);
        Some(parts.filter(|part| !part.is_empty()).map(str::to_owned).collect())
    }

    /// Returns a number of tokens or dimensions, more than zero.
    fn size(&mut self, key: &str) -> Option<f64> {
        let field = self.layout.field(key)?;
        let text = Some(self.cell(field)).filter(|cell| !is_unknown(cell))?;
        let scaled = count(text, self.layout.marks)
            .map(|size| size.checked_mul(field.scale).and_then(|size| size.to_f64()));
        match scaled {
            Ok(Some(size)) if size > 0.0 => return Some(size),
            Ok(_) => {
                let (value, range) = (text.to_owned(), "more than zero".to_owned());
                self.fault(key, Fault::OutOfRange { key: key.to_owned(), value, range });
            }
            Err(bad) => self.bad_number(key, text, bad),
        }
        None
    }

    /// Returns a price in the unit of its key, with the currencies that its sign can mean.
    fn price(&mut self, field: &'r Field) -> Option<(Decimal, Vec<Currency>)> {
        let text = Some(self.cell(field)).filter(|cell| !is_unknown(cell))?;
        // A fixed value is written as in a pricing table.
        let marks = if field.column.is_some() { self.layout.marks } else { Marks::PointUnlessComma };
        match amount(text, marks) {
            Ok(read) => match read.value.checked_mul(field.scale) {
                Some(price) if price >= Decimal::ZERO => return Some((price.normalize(), read.currencies)),
                _ => self.refuse(field.key, text, Refused::Size),
            },
            Err(bad) => self.bad_number(field.key, text, bad),
        }
        None
    }

    fn bad_number(&mut self, key: &str, text: &str, bad: Bad) {
        match bad {
            Bad::NoNumber if !is_price(key) => {
                self.fault(key, Fault::NotANumber { key: key.to_owned(), text: text.to_owned() });
            }
            Bad::NoNumber => self.fault(key, Fault::NotAPrice { key: key.to_owned(), text: text.to_owned() }),
            Bad::Percent => {
                let message = format!("`{key}` is a share, `{text}`, and nothing says of what");
                self.conflict(key, message, "write the price itself");
            }
            Bad::Ambiguous => {
                let message = format!(
                    "`{text}` has either decimals or thousands, and no other price of the file says which"
                );
                self.conflict(
                    key,
                    message,
                    &format!("say what parts decimals: {SET} decimal=. or {SET} decimal=,"),
                );
            }
        }
    }

    fn refuse(&mut self, key: &str, text: &str, refused: Refused) {
        match refused {
            Refused::Second => {
                let message =
                    format!("`{key}` is a second price of the same product, day, region and condition");
                let remedy = "give the rows different `from`, `region`, `service`, `variant` or thresholds, or keep one";
                self.conflict(key, message, remedy);
            }
            Refused::Size | Refused::NoKey => {
                let (value, range) = (text.to_owned(), "zero or more, with at most 28 digits".to_owned());
                self.fault(key, Fault::OutOfRange { key: key.to_owned(), value, range });
            }
        }
    }

    /// Returns the condition that the row's prices hold under.
    fn condition(&mut self) -> Condition {
        let tier = match (self.size("above_input_tokens"), self.size("from_input_tokens")) {
            (Some(_), Some(_)) => {
                let message = "a tier is either strictly above a size or from it on".to_owned();
                self.conflict("from_input_tokens", message, "leave one of the two cells empty");
                None
            }
            (Some(threshold), None) => Some(Tier { threshold, inclusive: false, basis: Basis::Request }),
            (None, Some(threshold)) => Some(Tier { threshold, inclusive: true, basis: Basis::Request }),
            (None, None) => None,
        };
        let service = self.word("service", Service::WORDS).unwrap_or_default();
        Condition { service, tier, hours: None, variant: self.text("variant").map(str::to_owned) }
    }
}

/// Values on which rows agree so far, with the line of the first that says each.
#[derive(Default)]
struct Agreed(HashMap<&'static str, (String, usize)>);

impl Agreed {
    /// Returns whether a row is the first to say something of a key; names a later one that says otherwise.
    fn is_new(&mut self, key: &'static str, record: &mut Record<'_, '_>, of: &str) -> bool {
        let Some(text) = record.text(key) else { return false };
        let line = record.sheet.line(record.row);
        match self.0.get(key) {
            None => {
                self.0.insert(key, (text.to_owned(), line));
                true
            }
            Some((first, _)) if first == text => false,
            Some((first, line)) => {
                let message = format!("`{key}` of `{of}` is `{text}`, and `{first}` on line {line}");
                record.conflict(key, message, "write the same in all rows of it, or leave the others empty");
                false
            }
        }
    }
}

/// A product that is being put together from its rows.
struct Draft {
    vendor: String,
    short: String,
    facts: Agreed,
    /// The facts, on a product that has no place in a catalog yet.
    product: Product,
    vendor_name: Option<String>,
    cards: Vec<CardDraft>,
    /// For each row, whether it has a price.
    rows: Vec<bool>,
}

/// A card that is being put together from its rows.
struct CardDraft {
    from: Date,
    region: Option<String>,
    facts: Agreed,
    until: Option<Date>,
    /// The currency with the line that says it first.
    currency: Option<(Currency, usize)>,
    source: Option<String>,
    checked: Date,
    confidence: Confidence,
    note: Option<String>,
    minimum: Option<Decimal>,
    builder: CardBuilder,
}

impl Draft {
    fn new(vendor: String, short: String) -> Draft {
        let product = Product::blank(short.clone(), 0, "".into());
        let (facts, vendor_name) = Default::default();
        Draft { vendor, short, facts, product, vendor_name, cards: Vec::new(), rows: Vec::new() }
    }

    /// Takes a row of the product.
    fn take(&mut self, record: &mut Record<'_, '_>) {
        for key in PRODUCT {
            if self.facts.is_new(key, record, &self.short) {
                self.take_fact(key, record);
            }
        }
        let condition = record.condition();
        let layout = record.layout;
        let fields = layout.fields.iter().filter(|field| is_price(field.key));
        let prices: Vec<_> = fields.filter_map(|field| Some((field, record.price(field)?))).collect();
        self.rows.push(prices.iter().any(|(field, _)| field.key != MINIMUM));
        let Some(card) = self.card(record) else { return };
        card.take_facts(record);
        card.take_currency(record, &prices);
        for (field, (price, _)) in prices {
            if field.key == MINIMUM {
                card.minimum = card.minimum.or(Some(price));
            } else if let Err(refused) = card.builder.add(&condition, field.key, price) {
                let text = record.cell(field).to_owned();
                record.refuse(field.key, &text, refused);
            }
        }
    }

    fn take_fact(&mut self, key: &str, record: &mut Record<'_, '_>) {
        let product = &mut self.product;
        let text = || record.text(key).map(str::to_owned);
        match key {
            "name" => product.name = text().unwrap_or_default(),
            "tokenizer" => product.tokenizer = text(),
            "note" => product.note = text(),
            "vendor_name" => self.vendor_name = text(),
            "aliases" => product.aliases = record.list(key).unwrap_or_default(),
            "modalities" => product.modalities = record.list(key).unwrap_or_default(),
            "regions" => product.regions = record.list(key).unwrap_or_default(),
            "kind" => product.kind = record.word(key, Kind::WORDS).unwrap_or(Kind::Chat),
            "released" => product.released = record.date(key),
            "retired" => product.retired = record.date(key),
            "window" => product.window = record.size(key),
            "max_input" => product.max_input = record.size(key),
            "max_output" => product.max_output = record.size(key),
            "dimensions" => product.dimensions = record.size(key),
            "shared_window" => product.shared_window = record.flag(key).unwrap_or(true),
            "open_weights" => product.open_weights = record.flag(key).unwrap_or(false),
            _ => {}
        }
    }

    /// Returns the card of the row's day and region.
    fn card(&mut self, record: &mut Record<'_, '_>) -> Option<&mut CardDraft> {
        let Some(from) = record.text("from").map_or(record.layout.date, |_| record.date("from")) else {
            if record.text("from").is_none() {
                let remedy =
                    "write the first day of the price, or give one for the table with --date".to_owned();
                record.fault("from", Fault::Missing { key: "from".to_owned(), remedy });
            }
            return None;
        };
        let region = record.text("region").map(str::to_owned);
        let known = self.cards.iter().position(|card| card.from == from && card.region == region);
        let at = known.unwrap_or_else(|| {
            self.cards.push(CardDraft::new(from, region, record.layout.date.unwrap_or(from)));
            self.cards.len() - 1
        });
        Some(&mut self.cards[at])
    }

    /// Names what no single row can show.
    fn check(&self, sheet: &Sheet<'_>, faults: &mut Diagnostics) {
        let mut refuse = |message: String, remedy: &str| {
            let fault = Fault::Conflict { message, remedy: remedy.to_owned() };
            faults.push(Diagnostic::error(Place::whole(sheet.name()), fault));
        };
        let id = &self.short;
        if let (Some(released), Some(retired)) = (self.product.released, self.product.retired)
            && retired < released
        {
            refuse(format!("`{id}` is retired before it is released"), "check both dates");
        }
        for card in &self.cards {
            if card.until.is_some_and(|until| until <= card.from) {
                let message = format!("a price of `{id}` ends on or before its first day, {}", card.from);
                refuse(message, "check from and until; the last day is the day before until");
            }
            if card.has_too_many_conditions() {
                let message =
                    format!("`{id}` has more than {MOST_CONDITIONS} conditional prices of one service class");
                refuse(message, "leave out those that no request of yours reaches");
            }
            if card.minimum.is_some() && card.builder.is_empty() {
                refuse(
                    format!("`{id}` has a minimum for a month and no price"),
                    "write at least one price of it",
                );
            }
        }
    }

    fn hand_over(self, intake: &mut Intake) {
        let id = vendor_id(Source::Csv, &self.vendor);
        let known = vendor_name(&id);
        let written = if known == id { self.vendor.as_str() } else { known };
        let vendor = intake.vendor(&id, self.vendor_name.as_deref().unwrap_or(written), None);
        let blank = intake.blank(vendor, &self.short);
        let file = intake.file.clone();
        let mut prices: Vec<PriceCard> =
            self.cards.into_iter().filter_map(|card| card.finish(&file)).collect();
        prices.sort_by_key(|card| card.from);
        let note =
            self.product.note.or_else(|| prices.is_empty().then(|| "the table prints no price".to_owned()));
        let product = Product {
            id: blank.id,
            vendor,
            file: blank.file,
            price_file: blank.price_file,
            prices,
            note,
            ..self.product
        };
        self.rows.iter().for_each(|_| intake.entry());
        let entries: Vec<(&str, bool)> =
            self.rows.iter().map(|priced| (self.short.as_str(), *priced)).collect();
        intake.add_of(&entries, product);
    }
}

impl CardDraft {
    fn new(from: Date, region: Option<String>, checked: Date) -> CardDraft {
        let (facts, builder, confidence) = Default::default();
        let (until, currency, source, note, minimum) = Default::default();
        CardDraft {
            from,
            region,
            facts,
            until,
            currency,
            source,
            checked,
            confidence,
            note,
            minimum,
            builder,
        }
    }

    fn take_facts(&mut self, record: &mut Record<'_, '_>) {
        let of = format!("the price from {}", self.from);
        for key in CARD {
            if !self.facts.is_new(key, record, &of) {
                continue;
            }
            match *key {
                "until" => self.until = record.date(key),
                "source" => self.source = record.text(key).map(str::to_owned),
                "checked" => self.checked = record.date(key).unwrap_or(self.checked),
                "confidence" => self.confidence = record.word(key, Confidence::WORDS).unwrap_or_default(),
                "price_note" => self.note = record.text(key).map(str::to_owned),
                _ => {}
            }
        }
    }

    /// Settles the currency: the one that the row names, or that a sign in it means; all of a card must agree.
    fn take_currency(&mut self, record: &mut Record<'_, '_>, prices: &[(&Field, (Decimal, Vec<Currency>))]) {
        let line = record.sheet.line(record.row);
        let named = record.text("currency").and_then(|text| {
            let currency = Currency::parse(text);
            if currency.is_none() {
                let (expected, key) = (CURRENCY_CODE.to_owned(), "currency".to_owned());
                record.fault("currency", Fault::WrongType { key, expected, found: "another text" });
            }
            currency
        });
        if let Some(named) = named {
            self.agree(record, "currency", &[named], line);
        }
        for (field, (_, currencies)) in prices {
            self.agree(record, field.key, currencies, line);
        }
    }

    /// Takes the likely currency of a sign, or finds the card's own among those that it can mean.
    fn agree(&mut self, record: &mut Record<'_, '_>, key: &str, currencies: &[Currency], line: usize) {
        let Some(likely) = currencies.first() else { return };
        match self.currency {
            Some((known, _)) if currencies.contains(&known) => {}
            Some((known, first)) => {
                let message = format!("a price in {likely}, and line {first} says {known}");
                record.conflict(
                    key,
                    message,
                    "write one currency for all prices of a product's day and region",
                );
            }
            None if currencies.len() > 1 && *likely != Currency::USD => {
                let codes: Vec<&str> = currencies.iter().map(Currency::code).collect();
                let message = format!("the sign may mean {}", codes.join(" or "));
                record.conflict(key, message, &format!("say which, such as {SET} currency={likely}"));
            }
            None => self.currency = Some((*likely, line)),
        }
    }

    /// Returns whether rating would not look at all conditions of a service class and variant.
    fn has_too_many_conditions(&self) -> bool {
        let card = self.builder.clone().finish(self.from, self.checked, "");
        let cells = card.map(|card| card.cells).unwrap_or_default();
        cells.iter().any(|cell| {
            let (service, variant) = (cell.condition.service, &cell.condition.variant);
            let alike = cells.iter().map(|other| &other.condition).filter(|other| {
                other.service == service && (other.variant.is_none() || other.variant == *variant)
            });
            alike.count() > MOST_CONDITIONS
        })
    }

    fn finish(self, file: &str) -> Option<PriceCard> {
        let card = self.builder.finish(self.from, self.checked, self.source.as_deref().unwrap_or(file))?;
        Some(PriceCard {
            until: self.until,
            region: self.region,
            currency: self.currency.map_or(Currency::USD, |(currency, _)| currency),
            minimum_per_month: self.minimum.map(Price::new),
            confidence: self.confidence,
            note: self.note,
            ..card
        })
    }
}

#[cfg(test)]
mod tests;
