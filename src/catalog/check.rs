//! Rules across the fields of a table and across tables.

use std::collections::HashMap;
use std::ops::Range;

use rust_decimal::Decimal;

use super::rate::{Basis, Cell, MOST_CONDITIONS, MOST_GRADUATED, Service};
use super::{Kind, Meter, PriceCard, Product};
use crate::diagnostic::Fault;
use crate::document::{Document, Section};

/// Ids and aliases of one file, to find doubled ones.
pub(super) struct Seen {
    ids: HashMap<String, Range<usize>>,
    aliases: Vec<(String, String, Range<usize>)>,
}

impl Seen {
    /// Returns room for as many products.
    pub(super) fn with_capacity(products: usize) -> Seen {
        Seen { ids: HashMap::with_capacity(products), aliases: Vec::new() }
    }

    /// Notes a product of the file and reports an id that the file already has.
    pub(super) fn product(&mut self, section: &Section<'_>, product: &Product) {
        let document = section.document();
        let span = section.value("id").map_or(section.span(), |value| value.span());
        // Names are looked up in any case, so ids that differ only in case are the same.
        let id = product.id.to_lowercase();
        if let Some(first) = self.ids.get(&id) {
            let first = format!("on line {}", document.line(first));
            let fault = Fault::Duplicate { kind: "product id", value: product.id.clone(), first };
            document.fault(span.clone(), fault);
        }
        self.ids.insert(id, span);
        for (alias, span) in section.text_list("aliases").unwrap_or_default() {
            self.aliases.push((alias.to_lowercase(), product.id.clone(), span));
        }
    }

    /// Reports aliases that another product of the vendor has as alias or id, in this file or in an earlier one.
    pub(super) fn aliases<'c>(
        &self,
        document: &Document<'_>,
        earlier: impl Iterator<Item = &'c Product> + Clone,
    ) {
        let mut firsts: HashMap<&str, (&str, &Range<usize>)> = HashMap::new();
        for (alias, id, span) in &self.aliases {
            let vendor = id.split_once('/').map_or("", |(vendor, _)| vendor);
            let known = firsts.get(alias.as_str()).copied();
            firsts.entry(alias).or_insert((id, span));
            let first = if let Some((other, span)) = known {
                format!("on line {}, for `{other}`", document.line(span))
            } else if let Some(span) = self.ids.get(&[vendor, "/", alias].concat().to_lowercase()) {
                format!("on line {}, as an id", document.line(span))
            } else if let Some(other) = earlier.clone().find(|other| self.is_taken(alias, other)) {
                format!("in {}, for `{}`", other.file, other.id)
            } else {
                continue;
            };
            document.fault(span.clone(), Fault::Duplicate { kind: "alias", value: alias.clone(), first });
        }
    }

    /// Returns whether a product of an earlier file, which this file does not have again, has the alias.
    fn is_taken(&self, alias: &str, other: &Product) -> bool {
        other.aliases.iter().any(|known| known.to_lowercase() == alias)
            && !self.ids.contains_key(&other.id.to_lowercase())
    }
}

/// Checks facts of a product against each other.
pub(super) fn product(section: &Section<'_>, product: &Product) {
    let document = section.document();
    let conflict = |key: &'static str, message: String, remedy: &str| {
        let span = section.value(key).map_or(section.span(), |value| value.span());
        document.fault(span, Fault::Conflict { message, remedy: remedy.to_owned() });
    };
    if let (Some(released), Some(retired)) = (product.released, product.retired)
        && retired < released
    {
        conflict("retired", format!("`{}` is retired before it is released", product.id), "check both dates");
    }
    if let (Some(window), Some(max_output), true) =
        (product.window, product.max_output, product.shared_window)
        && max_output > window
        // A table that gives one of the two is not to blame for what an earlier one gave.
        && section.value("window").is_some()
        && section.value("max_output").is_some()
    {
        let message = format!("max_output {max_output} is larger than the shared window {window}");
        conflict("max_output", message, "correct one, or write shared_window = false");
    }
    if product.kind == Kind::Embedding && product.dimensions.is_none() {
        let message =
            format!("the length of the vectors of `{}` is not given, so no store can hold them", product.id);
        let remedy = "write it, such as dimensions = 1536".to_owned();
        document.warn(section.span(), Fault::Suspicious { message, remedy });
    }
    if product.prices.is_empty() && product.note.is_none() && section.value("price").is_none() {
        let message = format!("`{}` has neither a price nor a note", product.id);
        conflict("id", message, "write [[product.price]], or a note that says why there is none");
    }
    let cached = product.prices.iter().any(|card| card.prices(Meter::CachedInput));
    if let (true, true, Some(price)) = (cached, product.caches.is_empty(), section.value("price")) {
        let message = format!(
            "`{}` has a price of cached input and no cache, so cached_context does not run",
            product.id
        );
        let remedy =
            "write [[product.cache]] before the price, with mode = \"automatic\" and ttl_minutes = 5"
                .to_owned();
        document.warn(price.span(), Fault::Suspicious { message, remedy });
    }
    for card in &product.prices {
        let ended = card.until.is_some_and(|until| until <= card.from);
        if ended {
            conflict(
                "price",
                format!("a price of `{}` ends on or before its first day, {}", product.id, card.from),
                "check from and until",
            );
        }
    }
}

/// Reports two prices of one product that begin on the same day for the same region.
///
/// `spans` are the places of the cards.
pub(super) fn same_day(document: &Document<'_>, product: &str, cards: &[PriceCard], spans: &[Range<usize>]) {
    for (at, (card, span)) in cards.iter().zip(spans).enumerate() {
        let earlier = cards[..at].iter().position(|other| {
            other.from == card.from && other.region == card.region && !other.withdrawn && !card.withdrawn
        });
        if let Some(first) = earlier {
            let line = document.line(&spans[first]);
            let message =
                format!("two prices of `{product}` begin on {}; the first on line {line}", card.from);
            let remedy = "give each its own first day, or its own region".to_owned();
            document.fault(span.clone(), Fault::Conflict { message, remedy });
        }
    }
}

/// Reports a card with more conditions of one kind than rating looks at.
pub(super) fn not_too_many(section: &Section<'_>, cells: &[Cell]) {
    for cell in cells {
        let alike = |other: &&Cell| {
            let (one, two) = (&cell.condition, &other.condition);
            one.service == two.service && (two.variant.is_none() || two.variant == one.variant)
        };
        let graduated = |other: &&Cell| other.condition.tier.is_some_and(|tier| tier.basis == Basis::Excess);
        let found = if cells.iter().filter(alike).count() > MOST_CONDITIONS {
            Some(format!("{MOST_CONDITIONS} conditional prices"))
        } else if cells.iter().filter(alike).filter(graduated).count() > MOST_GRADUATED {
            Some(format!("{MOST_GRADUATED} graduated tiers"))
        } else {
            None
        };
        if let Some(most) = found {
            let message = format!("more than {most} of one service class");
            let remedy = "leave out those that no request of yours reaches".to_owned();
            section.document().fault(section.span(), Fault::Conflict { message, remedy });
            return;
        }
    }
}

/// Reports a card whose prices of one service class hold in different hours: rating knows one window and
/// the time outside it.
pub(super) fn one_window(section: &Section<'_>, cells: &[Cell]) {
    let two = cells.iter().enumerate().find_map(|(at, cell)| {
        let hours = cell.condition.hours.as_ref()?;
        cells[..at]
            .iter()
            .filter(|other| other.condition.service == cell.condition.service)
            .filter_map(|other| other.condition.hours.as_ref())
            .find(|other| (other.days, &other.ranges) != (hours.days, &hours.ranges))
            .map(|other| (other, hours))
    });
    if let Some((first, second)) = two {
        let hours = if first.text == second.text {
            format!("`{}` on different days", first.text)
        } else {
            format!("`{}` and `{}`", first.text, second.text)
        };
        let message = format!("conditional prices of one service class in different hours: {hours}");
        let remedy = "write one window; the prices outside it are those of the entry itself".to_owned();
        section.document().fault(section.span(), Fault::Conflict { message, remedy });
    }
}

/// Reports a card that prices a meter twice under the same condition: nothing says which of the two holds.
fn same_condition(section: &Section<'_>, cells: &[Cell]) {
    let twice = cells.iter().enumerate().find_map(|(at, cell)| {
        let alike = cells[..at].iter().filter(|other| other.condition == cell.condition);
        let keys = || cell.rates.iter().map(|(meter, rate)| (*meter, rate.key.key));
        alike
            .flat_map(|other| keys().filter(|(meter, _)| other.rate(*meter).is_some()))
            .next()
            .map(|(_, key)| (at, key))
    });
    if let Some((at, key)) = twice {
        let whens = section.sections("when");
        // A factor writes several cells, so that only without one each has its own place.
        let own = (whens.len() + 1 == cells.len()).then(|| whens[at - 1].span());
        let message = format!("`{key}` is priced twice under the same condition");
        let remedy = "keep one of them, or give each its own size, class or hours".to_owned();
        let fault = Fault::Conflict { message, remedy };
        section.document().fault(own.unwrap_or(section.span()), fault);
    }
}

/// A price of chat tokens below this is more often a price per thousand than a bargain.
const PER_THOUSAND_BELOW: Decimal = Decimal::from_parts(2, 0, 0, false, 2);
/// A price of tokens above this is more often a slip of the unit than a product.
const TOO_DEAR_ABOVE: Decimal = Decimal::from_parts(2000, 0, 0, false, 0);

/// Checks one price card.
pub(super) fn card(section: &Section<'_>, card: &PriceCard) {
    let document = section.document();
    if card.cells.iter().all(|cell| cell.rates.is_empty()) && card.minimum_per_month.is_none() {
        let message = "a price entry without a price".to_owned();
        let remedy = "write at least one, with its unit in the key, such as input_per_mtok = 3".to_owned();
        document.fault(section.span(), Fault::Conflict { message, remedy });
    }
    same_condition(section, &card.cells);
    if card.unit_checked {
        return;
    }
    for cell in card.cells.iter().filter(|cell| cell.condition.service == Service::Standard) {
        for (meter, rate) in &cell.rates {
            let price = rate.price.exact;
            let suspicion = if *meter == Meter::Output && price > Decimal::ZERO && price < PER_THOUSAND_BELOW
            {
                format!(
                    "{} of {price} looks like a price per thousand tokens; per million it would be {}",
                    rate.key.key,
                    (price * Decimal::ONE_THOUSAND).normalize()
                )
            } else if (meter.is_prompt() || meter.is_answer()) && price > TOO_DEAR_ABOVE {
                format!("{} of {price} is very high for a million tokens", rate.key.key)
            } else {
                continue;
            };
            let span = section.value(rate.key.key).map_or(section.span(), |value| value.span());
            let remedy = "check the unit on the vendor's page, or write unit_checked = true".to_owned();
            document.warn(span, Fault::Suspicious { message: suspicion, remedy });
        }
    }
}
