//! The difference of two catalogs as rows and as JSON.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::json::{Exact, Plain};
use super::{Align, Cell, Sheet};
use crate::analysis::price_diff::money::Effect;
use crate::analysis::price_diff::{Difference, Figure, PriceDiff};
use crate::catalog::{Catalog, ProductId};
use crate::present::{UNKNOWN, money, signed_percent, whole};
use crate::units::{Currency, decimal};

/// What a view of a difference works from.
pub struct View<'a> {
    /// What was found.
    pub diff: &'a PriceDiff,
    /// The catalog of the one side.
    pub catalog: &'a Catalog,
    /// What the changes do to scenarios, where some were given.
    pub effects: Option<HashMap<ProductId, Effect>>,
    /// Whether only what nothing explains is shown.
    pub unexplained_only: bool,
}

impl View<'_> {
    /// Returns the differences to show, by relative size; where scenarios were given, the largest of each product
    /// that matters to one of them, by money.
    fn shown(&self) -> Vec<&Difference> {
        let mut shown: Vec<&Difference> = self.diff.differences.iter().collect();
        shown.retain(|difference| !self.unexplained_only || difference.explanation.is_none());
        let Some(effects) = &self.effects else { return shown };
        let mut seen: HashSet<ProductId> = HashSet::new();
        let size = |difference: &Difference| difference.relative().filter(|change| change.is_finite());
        let by_size = |a: &&Difference, b: &&Difference| {
            size(b).unwrap_or(0.0).abs().total_cmp(&size(a).unwrap_or(0.0).abs())
        };
        shown.sort_by(by_size);
        shown.retain(|difference| {
            effects.contains_key(&difference.product) && seen.insert(difference.product)
        });
        shown.sort_by_key(|difference| {
            std::cmp::Reverse(effects.get(&difference.product).map(|effect| effect.amount.abs()))
        });
        shown
    }

    fn effect(&self, difference: &Difference) -> Option<&Effect> {
        self.effects.as_ref()?.get(&difference.product)
    }

    /// Returns the differences as rows; several entries of the other side that say the same are one.
    pub fn sheet(&self) -> Sheet {
        let mut columns = vec![
            ("Product", "product", Align::Name),
            ("What", "what", Align::Name),
            ("Before", "before", Align::Right),
            ("After", "after", Align::Right),
            ("Change", "change", Align::Right),
        ];
        if self.effects.is_some() {
            columns.push(("USD/month", "effect", Align::Right));
            columns.push(("In", "design", Align::Name));
        }
        columns.push(("Why", "why", Align::Left));
        let mut sheet = Sheet::new(&columns);
        for difference in self.shown() {
            let mut cells = vec![
                Cell::text(self.catalog.product(difference.product).id.clone()),
                Cell::text(difference.what.clone()),
                figure(&difference.before),
                figure(&difference.after),
                difference
                    .relative()
                    .filter(|change| change.is_finite())
                    .map_or_else(Cell::unknown, |change| {
                        Cell::both(signed_percent(change), decimal(change).normalize().to_string())
                    }),
            ];
            if self.effects.is_some() {
                let effect = self.effect(difference);
                cells.push(Cell::money(effect.map(|effect| effect.amount), Currency::USD));
                let design = effect.map(|effect| format!("{}, {}", effect.scenario, effect.design));
                cells.push(Cell::text(design.unwrap_or_default()));
            }
            let why = difference.explanation.as_ref();
            cells.push(Cell::text(
                why.map(|why| format!("{}: {}", why.reason.word(), why.note)).unwrap_or_default(),
            ));
            if !sheet.rows.iter().any(|(row, _)| *row == cells) {
                sheet.push(cells);
            }
        }
        sheet
    }

    /// Returns the differences as JSON.
    pub fn to_json(&self, about: &About<'_>) -> String {
        let rows = self.shown().into_iter().map(|difference| JsonRow {
            product: &self.catalog.product(difference.product).id,
            theirs: &difference.theirs,
            what: &difference.what,
            key: difference.key,
            before: json_figure(&difference.before),
            after: json_figure(&difference.after),
            change: difference.relative().map(Plain),
            reason: difference.explanation.as_ref().map(|why| why.reason.word()),
            note: difference.explanation.as_ref().map(|why| why.note.as_str()),
            source: difference.explanation.as_ref().map(|why| why.source.as_str()),
            effect: self.effect(difference).map(|effect| Exact(effect.amount)),
            scenario: self.effect(difference).map(|effect| effect.scenario.as_str()),
            design: self.effect(difference).map(|effect| effect.design.as_str()),
        });
        super::json::pretty(&Document {
            schema: "ragonomics/price-diff/1",
            before: about.before,
            before_date: about.dates[0].to_string(),
            after: about.after,
            after_date: about.dates[1].to_string(),
            matched_entries: self.diff.matched,
            matched_products: self.diff.products,
            compared: self.diff.compared,
            different: self.diff.differences.len(),
            unexplained: self.diff.unexplained().count(),
            rows: rows.collect(),
        })
    }
}

/// Names and days of the two sides.
pub struct About<'a> {
    /// The one side.
    pub before: &'a str,
    /// The other side.
    pub after: &'a str,
    /// Their days.
    pub dates: [jiff::civil::Date; 2],
}

/// Says what was compared, in a sentence or two.
pub fn summary(diff: &PriceDiff, about: &About<'_>, tolerance: f64) -> String {
    let PriceDiff { matched, products, compared, differences } = diff;
    let unexplained = diff.unexplained().count();
    let [before, after] = about.dates;
    if about.before == about.after {
        return format!(
            "From {before} to {after}: {} changes of {compared} figures of {products} products.",
            differences.len()
        );
    }
    format!(
        "{} on {before} against {} on {after}: {matched} entries of the second are {products} products of the first. \
         {compared} figures compared, {} differ by more than {}%: {} explained, {unexplained} unexplained.",
        about.before,
        about.after,
        differences.len(),
        decimal(tolerance * 100.0).normalize(),
        differences.len() - unexplained,
    )
}

fn figure(figure: &Figure) -> Cell {
    match figure {
        Figure::Price(price, currency) => Cell::both(money(*price, *currency), price.normalize().to_string()),
        Figure::Number(number) => Cell::both(whole(*number), decimal(*number).normalize().to_string()),
        Figure::Day(day) => Cell::text(day.to_string()),
        Figure::Words(words) => Cell::text(words.clone()),
        Figure::Unknown => Cell::both(UNKNOWN, ""),
    }
}

fn json_figure(figure: &Figure) -> serde_json::Value {
    let value = |exact| serde_json::to_value(exact).unwrap_or_default();
    match figure {
        Figure::Price(price, _) => value(Exact(*price)),
        Figure::Number(number) => value(Exact(decimal(*number))),
        Figure::Day(day) => day.to_string().into(),
        Figure::Words(words) => words.clone().into(),
        Figure::Unknown => serde_json::Value::Null,
    }
}

#[derive(Serialize)]
struct JsonRow<'a> {
    product: &'a str,
    theirs: &'a str,
    what: &'a str,
    key: &'a str,
    before: serde_json::Value,
    after: serde_json::Value,
    change: Option<Plain>,
    reason: Option<&'a str>,
    note: Option<&'a str>,
    source: Option<&'a str>,
    effect: Option<Exact>,
    scenario: Option<&'a str>,
    design: Option<&'a str>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    before: &'a str,
    before_date: String,
    after: &'a str,
    after_date: String,
    matched_entries: usize,
    matched_products: usize,
    compared: usize,
    different: usize,
    unexplained: usize,
    rows: Vec<JsonRow<'a>>,
}
