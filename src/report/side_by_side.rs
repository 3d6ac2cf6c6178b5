//! Products beside each other: facts, prices by meter, cache rules and limits, with what differs marked.

use jiff::civil::Date;
use serde::Serialize;

use super::{Align, Cell, Sheet, product};
use crate::catalog::{Catalog, NoPrice, PriceCard, ProductId};
use crate::present::{UNKNOWN, exact_money};

/// Products that fit beside each other.
pub const MOST: usize = 4;

/// One thing that products have, and what each has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aspect {
    /// What it is.
    pub name: String,
    /// What each product has, in their order; `None` where nothing is known.
    pub values: Vec<Option<String>>,
}

impl Aspect {
    /// Returns whether the products differ in it.
    pub fn differs(&self) -> bool {
        self.values.windows(2).any(|pair| pair[0] != pair[1])
    }
}

/// Aspects that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What they are about.
    pub title: &'static str,
    /// The aspects.
    pub aspects: Vec<Aspect>,
}

/// Facts with a section of their own, by their names.
const APART: [(&str, &str); 2] = [("cache", "Cache rules"), ("rate limit", "Limits")];

/// Facts that are those of one table and say nothing beside another product's.
const LEFT_OUT: [&str; 5] = ["id", "name", "aliases", "table", "price table"];

/// Puts products beside each other, with the prices of a day; sections that no product has anything in are left out.
pub fn sections(catalog: &Catalog, ids: &[ProductId], date: Date) -> Vec<Section> {
    let facts: Vec<Vec<(String, String)>> = ids.iter().map(|id| facts_of(catalog, *id, date)).collect();
    let prices: Vec<Vec<(String, String)>> = ids.iter().map(|id| prices_of(catalog, *id, date)).collect();
    let own = |name: &str| !LEFT_OUT.contains(&name) && !APART.iter().any(|(apart, _)| *apart == name);
    let mut sections = vec![
        Section { title: "Facts", aspects: aspects(&facts, own) },
        Section { title: "Prices", aspects: aspects(&prices, |_| true) },
    ];
    for (apart, title) in APART {
        sections.push(Section { title, aspects: aspects(&facts, |name| name == apart) });
    }
    sections.retain(|section| !section.aspects.is_empty());
    sections
}

fn facts_of(catalog: &Catalog, id: ProductId, date: Date) -> Vec<(String, String)> {
    let rows = product::facts(catalog, id, date).rows;
    rows.into_iter().map(|(cells, _)| (cells[0].shown.clone(), cells[1].shown.clone())).collect()
}

/// Returns the prices in force by condition and meter, and what is known of them.
fn prices_of(catalog: &Catalog, id: ProductId, date: Date) -> Vec<(String, String)> {
    let card: Result<&PriceCard, NoPrice> = catalog.price_on(id, date, None);
    let card = match card {
        Ok(card) => card,
        Err(why) => return vec![("price".to_owned(), why.to_string())],
    };
    let mut prices = Vec::new();
    for cell in &card.cells {
        let when = product::condition(&cell.condition);
        let when = if when.is_empty() { when } else { format!(" ({when})") };
        for (meter, rate) in &cell.rates {
            let name = format!("{}/{}{when}", meter.label(), rate.key.unit);
            prices.push((name, exact_money(rate.price.exact, card.currency)));
        }
    }
    prices.push(("price since".to_owned(), card.from.to_string()));
    prices.push(("checked".to_owned(), card.checked.to_string()));
    prices.push(("confidence".to_owned(), card.confidence.word().to_owned()));
    prices.push(("source".to_owned(), card.source.clone()));
    prices
}

/// Lines named values of products up; what one product has several of stands together.
fn aspects(all: &[Vec<(String, String)>], wanted: impl Fn(&str) -> bool) -> Vec<Aspect> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in all.iter().flatten().filter(|(name, _)| wanted(name)) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let value = |facts: &Vec<(String, String)>, name: &str| {
        let texts = facts.iter().filter(|(known, _)| known == name).map(|(_, text)| text.as_str());
        let texts: Vec<&str> = texts.collect();
        (!texts.is_empty()).then(|| texts.join(" / "))
    };
    let aspect = |name: &str| Aspect {
        name: name.to_owned(),
        values: all.iter().map(|facts| value(facts, name)).collect(),
    };
    names.into_iter().map(aspect).collect()
}

/// Columns for values of up to [`MOST`] products; headings are letters, and the first row has the ids.
const COLUMNS: [(&str, &str, Align); MOST] =
    [("A", "a", Align::Left), ("B", "b", Align::Left), ("C", "c", Align::Left), ("D", "d", Align::Left)];

/// Returns products beside each other as rows; the first one has their ids, and what differs is marked.
pub fn sheet(catalog: &Catalog, ids: &[ProductId], date: Date) -> Sheet {
    let ids = &ids[..ids.len().min(MOST)];
    let first = [("", "differs", Align::Left), ("Aspect", "aspect", Align::Name)];
    let mut sheet = Sheet::new(&[&first[..], &COLUMNS[..ids.len()]].concat());
    let names = ids.iter().map(|id| Cell::text(catalog.product(*id).id.clone()));
    sheet.push([Cell::text(""), Cell::text("id")].into_iter().chain(names).collect());
    for aspect in sections(catalog, ids, date).into_iter().flat_map(|section| section.aspects) {
        let differs = aspect.differs();
        let mark = Cell::both(if differs { "≠" } else { "" }, differs.to_string());
        let values = aspect.values.into_iter().map(|value| match value {
            Some(text) => Cell::text(text),
            None => Cell::both(UNKNOWN, ""),
        });
        let cells = [mark, Cell::text(aspect.name)].into_iter().chain(values).collect();
        sheet.push_marked(cells, differs);
    }
    sheet
}

#[derive(Serialize)]
struct JsonAspect {
    section: &'static str,
    name: String,
    values: Vec<Option<String>>,
    differs: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    as_of: String,
    products: Vec<&'a str>,
    aspects: Vec<JsonAspect>,
}

/// Returns products beside each other as JSON.
pub fn to_json(catalog: &Catalog, ids: &[ProductId], date: Date) -> String {
    let mut aspects = Vec::new();
    for section in sections(catalog, ids, date) {
        aspects.extend(section.aspects.into_iter().map(|aspect| JsonAspect {
            section: section.title,
            differs: aspect.differs(),
            name: aspect.name,
            values: aspect.values,
        }));
    }
    super::json::pretty(&Document {
        schema: "ragonomics/side_by_side/1",
        as_of: date.to_string(),
        products: ids.iter().map(|id| catalog.product(*id).id.as_str()).collect(),
        aspects,
    })
}
