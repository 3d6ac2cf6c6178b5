//! What chose a line's price: the size of the call, the hour, the service class, the variant, the region.

use crate::bill::LineItem;
use crate::bill::price_book::PriceBook;
use crate::catalog::rate::{Basis, Moment, Tier};
use crate::catalog::{PriceCard, Service};
use crate::present::{percent, whole};
use crate::usage::UsageLine;

/// Returns what chose the price of a line, each in a few words; nothing where the card has one price only.
pub(super) fn chosen(book: &PriceBook<'_>, line: &LineItem, usage: &UsageLine) -> Vec<String> {
    let (Ok(price), Ok((card, _))) = (&line.price, book.card(usage.product)) else { return Vec::new() };
    let tier = tier(card, price.why.tier, usage.input_tokens());
    let hours = hours(card, line.service, price.why.in_hours, book.moment);
    let call = book.context(usage, Some(card));
    let variant = call.variant.filter(|name| card.has_variant(name)).map(|name| format!("variant {name}"));
    let service = match (usage.service, line.service) {
        (Service::Standard, _) => None,
        (asked, Service::Standard) => Some(format!("no {} price: served as usual", asked.word())),
        (_, priced) => Some(format!("{} price", priced.word())),
    };
    let region = card.region.as_ref().map(|region| format!("region {region}"));
    [service, tier, hours, variant, region].into_iter().flatten().collect()
}

/// Says which band of input sizes a call is in, where the card has several.
fn tier(card: &PriceCard, reached: Option<f64>, input: f64) -> Option<String> {
    let mut tiers: Vec<Tier> = card.cells.iter().filter_map(|cell| cell.condition.tier).collect();
    tiers.sort_by(|a, b| a.threshold.total_cmp(&b.threshold));
    let at = |size: f64| tiers.iter().find(|tier| tier.threshold == size);
    let tier = reached.map_or(tiers.first(), at)?;
    let begins = format!("{} {}", if tier.inclusive { "from" } else { "over" }, whole(tier.threshold));
    Some(match (tier.basis, reached.is_some()) {
        (Basis::Excess, true) => format!("the part of a call {begins} tokens"),
        (Basis::Excess, false) => format!("the part of a call before the tier {begins} tokens"),
        (Basis::Request, true) => format!("an input of {} tokens is in the tier {begins}", whole(input)),
        (Basis::Request, false) => format!("an input of {} tokens is below the tier {begins}", whole(input)),
    })
}

/// Says whether the price is for certain hours, where the card has such.
fn hours(card: &PriceCard, service: Service, inside: bool, moment: Moment) -> Option<String> {
    let of_class = card.cells.iter().filter(|cell| cell.condition.service == service);
    let hours = of_class.filter_map(|cell| cell.condition.hours.as_ref()).next()?;
    let within = match moment {
        Moment::Active(active) => hours.share_of_active(&active),
        _ => hours.share_of_week(),
    };
    let (word, share) = if inside { ("within", within) } else { ("outside", 1.0 - within) };
    Some(format!("{} of the calls, {word} {} UTC", percent(share), hours.text))
}
