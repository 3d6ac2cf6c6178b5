//! Products beside each other: prices by meter, sizes, cache rules, facts and limits, with what differs marked.

use jiff::civil::Date;
use serde::Serialize;

use super::{Align, Cell, Sheet, product};
use crate::catalog::rate::{self, Rate};
use crate::catalog::{CacheRule, Catalog, Meter, NoPrice, PriceCard, ProductId};
use crate::present::{duration, exact_money, whole};

/// Products that fit beside each other.
pub const MOST: usize = 4;

/// One thing that products have, and what each has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aspect {
    /// What it is.
    pub name: String,
    /// What each product has, in their order; `None` where nothing is known.
    pub values: Vec<Option<Cell>>,
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

/// Facts that stand with the sizes, and those with a section of their own behind the others.
const SIZES: [&str; 3] = ["window", "largest input", "largest output"];
const LIMIT: &str = "rate limit";

/// Facts that are those of one table and say nothing beside another product's, or that are told otherwise.
const LEFT_OUT: [&str; 6] = ["id", "name", "aliases", "table", "price table", "cache"];

/// Puts products beside each other, with the prices of a day: what they cost, how much they take and how they cache comes
/// first. Sections that no product has anything in are left out.
pub fn sections(catalog: &Catalog, ids: &[ProductId], date: Date) -> Vec<Section> {
    let of = |told: &dyn Fn(ProductId) -> Vec<Told>| ids.iter().map(|id| told(*id)).collect::<Vec<_>>();
    let facts = of(&|id| facts_of(catalog, id, date));
    let is_fact = |name: &str| !LEFT_OUT.contains(&name) && !SIZES.contains(&name) && name != LIMIT;
    let mut sections = vec![
        Section { title: "Prices", aspects: aspects(&of(&|id| prices_of(catalog, id, date)), |_| true) },
        Section { title: "Sizes", aspects: aspects(&facts, |name| SIZES.contains(&name)) },
        Section { title: "Cache rules", aspects: aspects(&of(&|id| caches_of(catalog, id)), |_| true) },
        Section {
            title: "Prices under conditions",
            aspects: aspects(&of(&|id| conditional_of(catalog, id, date)), |_| true),
        },
        Section { title: "Facts", aspects: aspects(&facts, is_fact) },
        Section { title: "Source", aspects: aspects(&of(&|id| source_of(catalog, id, date)), |_| true) },
        Section { title: "Limits", aspects: aspects(&facts, |name| name == LIMIT) },
    ];
    sections.retain(|section| !section.aspects.is_empty());
    sections
}

/// Something that is told of a product, with its name.
type Told = (String, Cell);

fn told(name: &str, text: impl Into<String>) -> Told {
    (name.to_owned(), Cell::text(text))
}

fn facts_of(catalog: &Catalog, id: ProductId, date: Date) -> Vec<Told> {
    let rows = product::facts(catalog, id, date).rows;
    rows.into_iter().map(|(cells, _)| told(&cells[0].shown, cells[1].shown.clone())).collect()
}

/// Returns the ordinary prices in force by meter, those that readers want first at the beginning, and the currency of
/// their numbers.
fn prices_of(catalog: &Catalog, id: ProductId, date: Date) -> Vec<Told> {
    let card: Result<&PriceCard, NoPrice> = catalog.price_on(id, date, None);
    let card = match card {
        Ok(card) => card,
        Err(why) => return vec![told("price", why.to_string())],
    };
    let mut prices = card.cells.first().map_or_else(Vec::new, |cell| cell_prices(card, cell));
    prices.push(told("currency", card.currency.to_string()));
    prices
}

/// Returns the prices in force that hold under a condition, such as a size or a batch.
fn conditional_of(catalog: &Catalog, id: ProductId, date: Date) -> Vec<Told> {
    let card = catalog.price_on(id, date, None).ok();
    let cells = card.into_iter().flat_map(|card| card.cells.iter().skip(1).map(move |cell| (card, cell)));
    cells.flat_map(|(card, cell)| cell_prices(card, cell)).collect()
}

fn cell_prices(card: &PriceCard, cell: &rate::Cell) -> Vec<Told> {
    let when = product::condition(&cell.condition);
    let when = if when.is_empty() { when } else { format!(" ({when})") };
    let price = |(meter, rate): (Meter, Rate)| {
        let price = rate.price.exact;
        let cell = Cell::both(exact_money(price, card.currency), price.normalize().to_string());
        (format!("{}/{}{when}", meter.label(), rate.key.unit), cell)
    };
    product::in_reading_order(&cell.rates).into_iter().map(price).collect()
}

/// Returns where the prices in force come from, and what is known of them.
fn source_of(catalog: &Catalog, id: ProductId, date: Date) -> Vec<Told> {
    let card = catalog.price_on(id, date, None).ok();
    card.map_or_else(Vec::new, |card| {
        vec![
            told("price since", card.from.to_string()),
            told("checked", card.checked.to_string()),
            told("confidence", card.confidence.word()),
            told("source", card.source.clone()),
        ]
    })
}

/// Returns what decides on a cache, rule by rule; what all rules of a product have alike stands once.
fn caches_of(catalog: &Catalog, id: ProductId) -> Vec<Told> {
    let rules = &catalog.product(id).caches;
    if rules.is_empty() {
        return Vec::new();
    }
    let each = |text: &dyn Fn(&CacheRule) -> String| {
        let mut texts: Vec<String> = rules.iter().map(text).collect();
        texts.dedup();
        texts.join(" / ")
    };
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let mut caches = vec![
        told("cached by", each(&|rule| rule.mode.word().to_owned())),
        told("lifetime", each(&|rule| duration(rule.ttl_minutes))),
        told("renewed by hits", each(&|rule| yes(rule.renews_on_hit))),
        told("cached from", each(&|rule| format!("{} tokens", whole(rule.minimum_tokens)))),
        told("writes billed as", each(&|rule| rule.write.label().to_owned())),
        told("reads billed as", each(&|rule| rule.read.label().to_owned())),
        told("rent by the hour", each(&|rule| yes(rule.rent))),
    ];
    if rules.iter().any(|rule| rule.increment_tokens > 1.0) {
        let steps = each(&|rule| format!("{} tokens", whole(rule.increment_tokens.max(1.0))));
        caches.push(told("in steps of", steps));
    }
    let notes: Vec<&str> = rules.iter().filter_map(|rule| rule.note.as_deref()).collect();
    caches.extend((!notes.is_empty()).then(|| told("cache note", notes.join(" / "))));
    caches
}

/// Lines named values of products up; what one product has several of stands together.
fn aspects(all: &[Vec<Told>], wanted: impl Fn(&str) -> bool) -> Vec<Aspect> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in all.iter().flatten().filter(|(name, _)| wanted(name)) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let value = |facts: &Vec<Told>, name: &str| {
        let cells: Vec<&Cell> =
            facts.iter().filter(|(known, _)| known == name).map(|(_, cell)| cell).collect();
        let joined = |text: &dyn Fn(&Cell) -> String| {
            cells.iter().map(|cell| text(cell)).collect::<Vec<_>>().join(" / ")
        };
        let cell = || Cell::both(joined(&|cell| cell.shown.clone()), joined(&|cell| cell.raw.clone()));
        (!cells.is_empty()).then(cell)
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
        let values = aspect.values.into_iter().map(|value| value.unwrap_or_else(Cell::unknown));
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
            values: aspect.values.into_iter().map(|value| value.map(|cell| cell.shown)).collect(),
        }));
    }
    super::json::pretty(&Document {
        schema: "ragonomics/side_by_side/1",
        as_of: date.to_string(),
        products: ids.iter().map(|id| catalog.product(*id).id.as_str()).collect(),
        aspects,
    })
}
