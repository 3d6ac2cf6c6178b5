//! Price cards: what a product costs from a day on, and under which conditions.

use arrayvec::ArrayVec;
use rust_decimal::Decimal;

use super::super::check;
use super::super::meter::{Meter, PRICE_KEY_NAMES, PRICE_KEYS, price_key_index};
use super::super::rate::{Basis, Cell, Condition, DAY_NAMES, Hours, Rate, Service, Tier};
use super::super::{Confidence, MOST_INCLUDED, PriceCard};
use crate::diagnostic::Fault;
use crate::document::Section;
use crate::units::{BYTES_PER_GB, Currency, HOURS_PER_MONTH, Price};

pub(super) fn read_prices(section: &Section<'_>, product: &str) -> Vec<PriceCard> {
    let entries = section.sections("price");
    let (mut cards, mut spans) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
    for entry in entries {
        let card = read_card(&entry);
        entry.refuse_unknown_keys();
        if let Some((card, elsewhere)) = card {
            spans.resize(spans.len() + 1 + elsewhere.len(), entry.span());
            cards.push(card);
            cards.extend(elsewhere);
        }
    }
    check::same_day(section.document(), product, &cards, &spans);
    cards.sort_by_key(|card| card.from);
    cards
}

/// Reads a card, and the cards of the regions in which it costs a factor more.
fn read_card(section: &Section<'_>) -> Option<(PriceCard, Vec<PriceCard>)> {
    let from = section.date("from");
    section.require("from", "write the first day on which the price holds, such as from = 2026-11-22");
    let currency = match section.value("currency") {
        Some(_) => section.currency("currency"),
        None => Some(Currency::USD),
    };
    let source = section.required_text("source", "write the address or document that prints the price");
    let checked = section.date("checked");
    section.require(
        "checked",
        "write the day on which you compared the price with its source, such as checked = 2026-11-22",
    );
    let base = Cell { condition: Condition::default(), rates: read_rates(section) };
    let mut cells = vec![base];
    for when in section.sections("when") {
        read_cell(&when, &mut cells);
        when.refuse_unknown_keys();
    }
    cells.sort_by_key(|cell| cell.condition.service);
    check::not_too_many(section, &cells);
    check::one_window(section, &cells);
    // Everything is read before anything is missed, so that no key is said to be unknown for want of another.
    let until = section.date("until");
    let region = section.text("region").map(str::to_owned);
    let minimum_per_month = section.price("minimum_per_month").map(Price::new);
    let included = section.section("included").map(|s| read_included(&s)).unwrap_or_default();
    let confidence = section.word("confidence", Confidence::WORDS).unwrap_or_default();
    let note = section.text("note").map(str::to_owned);
    let withdrawn = section.boolean("withdrawn").unwrap_or(false);
    let unit_checked = section.boolean("unit_checked").unwrap_or(false);
    let uplift = section.section("uplift");
    let card = PriceCard {
        from: from?,
        until,
        region,
        currency: currency?,
        cells,
        minimum_per_month,
        included,
        source: source?.to_owned(),
        checked: checked?,
        confidence,
        note,
        withdrawn,
        unit_checked,
    };
    check::card(section, &card);
    let elsewhere = uplift.map(|uplift| read_uplift(&uplift, &card)).unwrap_or_default();
    Some((card, elsewhere))
}

/// Reads `[product.price.uplift]`: regions with the factor that the vendor states for them. Each becomes a card.
fn read_uplift(section: &Section<'_>, card: &PriceCard) -> Vec<PriceCard> {
    let mut cards = Vec::new();
    for (region, _, value) in section.entries() {
        let Some(factor) = section.price(region) else { continue };
        let cells: Option<Vec<Cell>> = card.cells.iter().map(|cell| cell.times(factor)).collect();
        match cells {
            Some(cells) if !factor.is_zero() => {
                cards.push(PriceCard { region: Some(region.to_owned()), cells, ..card.clone() });
            }
            _ => section.out_of_range(region, value, "above zero and small enough for a price of 28 digits"),
        }
    }
    cards
}

fn read_rates(section: &Section<'_>) -> Vec<(Meter, Rate)> {
    section.knows(PRICE_KEY_NAMES);
    // A table has few of the price keys: those it has are looked up, not each of them in it.
    let mut given: ArrayVec<usize, { PRICE_KEYS.len() }> =
        section.unread_keys().filter_map(price_key_index).collect();
    given.sort_unstable();
    let mut rates: Vec<(Meter, Rate)> = Vec::with_capacity(given.len());
    for key in given.into_iter().map(|at| &PRICE_KEYS[at]) {
        let Some(price) = section.price(key.key) else { continue };
        if let Some((_, other)) = rates.iter().find(|(meter, _)| *meter == key.meter) {
            let message = format!("`{}` and `{}` both price {}", other.key.key, key.key, key.meter.label());
            let span = section.value(key.key).map_or(section.span(), |value| value.span());
            section.document().fault(span, Fault::Conflict { message, remedy: "keep one of them".into() });
            continue;
        }
        rates.push((key.meter, Rate { price: Price::new(price), key }));
    }
    rates.sort_by_key(|(meter, _)| *meter);
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
    let factor = read_factor(section);
    if condition == Condition::default() {
        refuse_without_condition(section);
        return;
    }
    let scales = section.value("factor").or(section.value("percent_off")).is_some();
    if rates.is_empty() && !scales && !section.has_unread_keys() {
        let message = "a conditional price without a price".to_owned();
        let remedy = "write at least one, such as input_per_mtok = 3, or a factor".to_owned();
        section.document().fault(section.span(), Fault::Conflict { message, remedy });
    }
    let Some(factor) = factor else {
        cells.push(Cell { condition, rates });
        return;
    };
    let scaled: Option<Vec<Cell>> = cells
        .iter()
        .filter(|cell| cell.condition.service == Service::Standard && cell.condition.hours.is_none())
        .filter(|cell| cell.condition.tier.is_none() || condition.tier.is_none())
        .map(|cell| {
            let condition = Condition {
                tier: condition.tier.or(cell.condition.tier),
                variant: condition.variant.clone().or(cell.condition.variant.clone()),
                ..condition.clone()
            };
            let mut scaled = Cell { condition, ..cell.times(factor)? };
            // Prices written beside the factor win.
            scaled.rates.retain(|(meter, _)| rates.iter().all(|(own, _)| own != meter));
            scaled.rates.extend(rates.iter().copied());
            scaled.rates.sort_by_key(|(meter, _)| *meter);
            Some(scaled)
        })
        .collect();
    let key = if section.value("factor").is_some() { "factor" } else { "percent_off" };
    match (scaled, section.value(key)) {
        (Some(scaled), _) => cells.extend(scaled),
        (None, Some(value)) => section.out_of_range(key, value, "small enough for a price of 28 digits"),
        (None, None) => {}
    }
}

/// Reads a factor, or the discount in percent that vendors state instead: 50 percent off is a factor of 0.5.
fn read_factor(section: &Section<'_>) -> Option<Decimal> {
    let (factor, percent) = (section.price("factor"), section.price("percent_off"));
    let (Some(percent), Some(value)) = (percent, section.value("percent_off")) else { return factor };
    if factor.is_some() {
        let message = "both a factor and the percent off".to_owned();
        let fault = Fault::Conflict { message, remedy: "keep one of them".to_owned() };
        section.document().fault(value.span(), fault);
    } else if percent > Decimal::ONE_HUNDRED {
        section.out_of_range("percent_off", value, "from 0 to 100");
        return None;
    }
    Some((Decimal::ONE_HUNDRED - percent) / Decimal::ONE_HUNDRED)
}

/// Reports a conditional price that is always in force; a condition with a mistake in it has its own message.
fn refuse_without_condition(section: &Section<'_>) {
    const CONDITIONS: [&str; 6] =
        ["service", "above_input_tokens", "from_input_tokens", "above_quantity", "hours_utc", "variant"];
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

fn read_tier(section: &Section<'_>) -> Option<Tier> {
    const BASES: &[(&str, Basis)] = &[("request", Basis::Request), ("excess", Basis::Excess)];
    let above = section.count("above_input_tokens");
    let from = section.count("from_input_tokens");
    let basis = section.word("basis", BASES).unwrap_or(Basis::Request);
    if let Some(threshold) = section.count("above_quantity") {
        return Some(Tier { threshold, inclusive: false, basis: Basis::Excess });
    }
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
    let index = |name: &str| DAY_NAMES.iter().position(|known| *known == name.trim());
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
pub(in crate::catalog) const INCLUDED_KEYS: &[(&str, Meter, f64)] = &[
    ("storage_gb", Meter::Storage, BYTES_PER_GB as f64 * HOURS_PER_MONTH as f64),
    ("storage_gib", Meter::Storage, (1u64 << 30) as f64 * HOURS_PER_MONTH as f64),
    ("read_units", Meter::ReadUnits, 1.0),
    ("write_units", Meter::WriteUnits, 1.0),
    ("queries", Meter::Queries, 1.0),
    ("web_searches", Meter::WebSearches, 1.0),
    ("file_searches", Meter::FileSearches, 1.0),
    ("input_tokens", Meter::Input, 1.0),
    ("output_tokens", Meter::Output, 1.0),
    ("requests", Meter::Requests, 1.0),
    ("images", Meter::Images, 1.0),
    ("pages", Meter::Pages, 1.0),
    ("jobs", Meter::Jobs, 1.0),
    ("audio_minutes", Meter::AudioSeconds, 60.0),
    ("search_units", Meter::SearchUnits, 1.0),
    ("queried_gb", Meter::BytesQueried, BYTES_PER_GB as f64),
    ("instance_hours", Meter::InstanceHours, 1.0),
];

fn read_included(section: &Section<'_>) -> Vec<(Meter, f64)> {
    let included = read_quantities(section);
    section.refuse_unknown_keys();
    included
}

/// Reads quantities a month by their keys, in base units.
pub(super) fn read_quantities(section: &Section<'_>) -> Vec<(Meter, f64)> {
    let mut included: Vec<(Meter, f64)> = Vec::new();
    for (key, meter, units) in INCLUDED_KEYS {
        let Some(count) = section.count(key) else { continue };
        if included.iter().any(|(known, _)| known == meter) {
            let message = format!("`{}` includes {} a second time", section.full_key(key), meter.label());
            let span = section.value(key).map_or(section.span(), |value| value.span());
            section.document().fault(span, Fault::Conflict { message, remedy: "keep one of them".into() });
            continue;
        }
        if included.len() == MOST_INCLUDED {
            let message = format!("more than {MOST_INCLUDED} included quantities");
            let remedy = "leave out those that no design of yours uses".to_owned();
            section.document().fault(section.span(), Fault::Conflict { message, remedy });
            break;
        }
        included.push((*meter, count * units));
    }
    included
}
