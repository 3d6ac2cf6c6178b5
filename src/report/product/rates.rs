//! The prices of one product as plain numbers for other programs, and the price in force in one line.

use jiff::civil::Date;

use super::{Standing, cards_by_region, condition, joined, source};
use crate::catalog::rate::Rate;
use crate::catalog::{Catalog, Meter, PriceCard, ProductId};
use crate::present::exact_money;
use crate::report::{Align, Cell, Sheet};

/// Columns of [`rates`].
const COLUMNS: [&str; 11] = [
    "from",
    "until",
    "standing",
    "when",
    "meter",
    "price",
    "currency",
    "unit",
    "checked",
    "confidence",
    "source",
];

/// Returns every price that a product ever had as numbers, newest first: a row for each meter and condition.
pub fn rates(catalog: &Catalog, id: ProductId, date: Date) -> Sheet {
    let columns = COLUMNS.map(|key| (key, key, Align::Left));
    let mut sheet = Sheet::new(&columns);
    for (card, regions) in cards_by_region(catalog.product(id)) {
        let standing = Standing::of(catalog, id, card, date).word();
        let region = (!regions.is_empty()).then(|| format!("region {}", regions.join(", ")));
        let mut push = |when: String, meter: &str, price: String, unit: &str| {
            let texts = [
                card.from.to_string(),
                card.until.map(|until| until.to_string()).unwrap_or_default(),
                standing.to_owned(),
                when,
                meter.to_owned(),
                price,
                card.currency.to_string(),
                unit.to_owned(),
                card.checked.to_string(),
                card.confidence.word().to_owned(),
                source(card),
            ];
            sheet.push(texts.map(Cell::text).to_vec());
        };
        for cell in &card.cells {
            for (meter, rate) in &cell.rates {
                let when = joined([Some(condition(&cell.condition)), region.clone()]);
                push(when, meter.label(), rate.price.exact.normalize().to_string(), rate.key.unit);
            }
        }
        if let Some(least) = card.minimum_per_month {
            push(joined([region.clone()]), "at least", least.exact.normalize().to_string(), "month");
        }
    }
    sheet
}

/// Meters that readers want to know first.
const FIRST: [Meter; 3] = [Meter::Input, Meter::Output, Meter::CachedInput];

/// Returns rates with those first that readers want first.
pub fn in_reading_order(rates: &[(Meter, Rate)]) -> Vec<(Meter, Rate)> {
    let mut rates = rates.to_vec();
    let place = |meter: &Meter| FIRST.iter().position(|first| first == meter).unwrap_or(FIRST.len());
    rates.sort_by_key(|(meter, _)| place(meter));
    rates
}

/// Returns the ordinary prices in one line, those that readers want first at its beginning:
/// `input $3.00, output $15.00, cached input $0.30/1M tokens, since 2026-01-01`; why there are none otherwise.
pub fn shortly(catalog: &Catalog, id: ProductId, date: Date) -> String {
    match catalog.price_on(id, date, None) {
        Ok(card) => format!("{}, since {}", base_prices(card), card.from),
        Err(why) => format!("Price: {why}"),
    }
}

/// Names the ordinary prices; a unit that follows on itself stands once.
fn base_prices(card: &PriceCard) -> String {
    let rates = card.cells.first().map_or_else(Vec::new, |cell| in_reading_order(&cell.rates));
    let mut texts: Vec<String> = Vec::new();
    for (at, (meter, rate)) in rates.iter().enumerate() {
        let price = exact_money(rate.price.exact, card.currency);
        let last = rates.get(at + 1).is_none_or(|(_, next)| next.key.unit != rate.key.unit);
        let unit = if last { format!("/{}", rate.key.unit) } else { String::new() };
        texts.push(format!("{} {price}{unit}", meter.label()));
    }
    let least = card.minimum_per_month;
    texts.extend(least.map(|price| format!("at least {}/month", exact_money(price.exact, card.currency))));
    texts.join(", ")
}
