//! Every tier of the shipped tables at one token below its threshold, at it and above it.
//!
//! The expected price is read off the card by the words of its tiers, not by the code that bills: strictly above a
//! size, or from it on.

mod support;

use ragonomics::analysis::request::{Pricer, Request};
use ragonomics::catalog::rate::{Basis, Cell, Moment};
use ragonomics::catalog::{Catalog, Kind, Meter, PriceCard, ProductId};
use ragonomics::units::Currency;
use rust_decimal::Decimal;
use support::*;

/// Cells that are like one another but for the size they are for.
fn alike(one: &Cell, other: &Cell) -> bool {
    let (one, other) = (&one.condition, &other.condition);
    one.service == other.service && one.variant == other.variant && one.hours == other.hours
}

/// Price of a meter for an input of a size, read off the card.
fn on_the_card(card: &PriceCard, cell: &Cell, meter: Meter, size: f64) -> Option<Decimal> {
    let mut best: Option<(f64, Decimal)> = None;
    for other in card.cells.iter().filter(|other| alike(cell, other)) {
        let Some(rate) = other.rate(meter) else { continue };
        let from = match other.condition.tier {
            None => -1.0,
            Some(tier) if tier.basis == Basis::Excess => continue,
            Some(tier) if tier.inclusive && size >= tier.threshold => tier.threshold,
            Some(tier) if !tier.inclusive && size > tier.threshold => tier.threshold,
            Some(_) => continue,
        };
        if best.is_none_or(|(known, _)| from > known) {
            best = Some((from, rate.price.exact));
        }
    }
    best.map(|(_, price)| price)
}

/// Price of a meter on the bill of a request of that input.
fn on_the_bill(
    catalog: &Catalog,
    id: ProductId,
    card: &PriceCard,
    cell: &Cell,
    size: f64,
) -> Vec<(Meter, Decimal)> {
    // A moment inside the hours that the cell is for.
    let moment = cell.condition.hours.as_ref().map_or(Moment::Spread, |hours| {
        let day = (0..7).find(|day| hours.days & (1 << day) != 0).unwrap();
        Moment::At(day, hours.ranges[0].0)
    });
    let request = Request {
        product: id,
        date: card.from,
        moment,
        service: cell.condition.service,
        variant: cell.condition.variant.clone(),
        quantities: vec![(Meter::Input, size), (Meter::CachedInput, size - 1.0), (Meter::Output, 1.0)],
    };
    let bill = Pricer::new(catalog, card.currency, card.region.clone()).price(&request).unwrap();
    let priced = |line: &ragonomics::bill::LineItem| match (&line.charge, &line.price) {
        (ragonomics::bill::Charge::Product(_, meter), Ok(price)) => Some((*meter, price.unit_price)),
        _ => None,
    };
    bill.lines.iter().filter_map(priced).collect()
}

#[test]
fn every_tier_begins_where_its_table_says() {
    let catalog = catalog_with("");
    let (mut tiers, mut checked) = (0, 0);
    for (id, product) in catalog.iter().filter(|(_, product)| product.kind == Kind::Chat) {
        for card in product.prices.iter().filter(|card| !card.withdrawn) {
            let in_force = catalog.price_on(id, card.from, card.region.as_deref());
            if in_force.is_err() {
                continue;
            }
            for cell in &card.cells {
                let Some(tier) = cell.condition.tier.filter(|tier| tier.basis == Basis::Request) else {
                    continue;
                };
                tiers += 1;
                for size in [tier.threshold - 1.0, tier.threshold, tier.threshold + 1.0] {
                    for (meter, price) in on_the_bill(&catalog, id, card, cell, size) {
                        let Some(expected) = on_the_card(card, cell, meter, size) else { continue };
                        assert_eq!(
                            price, expected,
                            "{} {} {} {meter:?} at {size}",
                            product.id, card.from, cell.condition
                        );
                        checked += 1;
                    }
                }
            }
        }
    }
    assert!(tiers > 100 && checked > 600, "{tiers} tiers, {checked} prices");
}

#[test]
fn a_graduated_store_charges_less_for_what_is_beyond_a_quantity() {
    // turbopuffer's own example: a namespace of 61.4 GB is billed as 32 + 29.4 x 0.2 = 37.88 GB, at 1 a PB.
    let catalog = catalog_with("");
    let price = |gigabytes: f64| {
        let request = Request {
            product: catalog.find("turbopuffer/launch").unwrap(),
            date: TODAY,
            moment: Moment::Spread,
            service: Default::default(),
            variant: None,
            quantities: vec![(Meter::BytesQueried, gigabytes * 1e9)],
        };
        let bill = Pricer::new(&catalog, Currency::USD, None).price(&request).unwrap();
        bill.total(ragonomics::usage::Recurrence::Monthly).amount().unwrap()
    };
    assert_eq!(price(32.0), dec("0.000032"));
    assert_eq!(price(61.4), dec("0.00003788"));
    // 32 + 96 x 0.2 + 72 x 0.04 = 54.08.
    assert_eq!(price(200.0), dec("0.00005408"));
}
