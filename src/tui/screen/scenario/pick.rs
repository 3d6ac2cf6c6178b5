//! What a key is picked from: models, strategies, vendors, designs, corpora.

use super::Entry;
use crate::catalog::{Kind, ProductId};
use crate::diagnostic::Fault;
use crate::present::compact;
use crate::report::models::main_prices;
use crate::scenario::form::Field;
use crate::scenario::table::{Known, TableKind};
use crate::tui::picker::{Choice, Picker, Purpose};
use crate::tui::state::State;
use crate::tui::work::Work;
use crate::usage::strategy::STRATEGIES;

/// What a pattern or a name that no table lists means.
const AS_TYPED: &str = "as typed; * stands for any letters";

/// Returns the list from which a key is picked; nothing where it is typed.
pub(super) fn picker(work: &Work, entry: &Entry) -> Option<Picker> {
    let listed = entry.field.listed_path();
    let purpose = Purpose::Key(entry.path.clone());
    let title = entry.path.clone();
    let given = entry.field.is_given(work.scenario());
    let items = || if given { entry.field.items(work.scenario()) } else { Vec::new() };
    let one = |mut choices: Vec<Choice>| {
        choices.insert(0, Choice::new("", without(&listed)));
        let chosen = items().into_iter().next();
        if let Some(chosen) = chosen.as_ref().filter(|chosen| !choices.iter().any(|c| c.value == **chosen)) {
            choices.insert(1, Choice::new(chosen.clone(), ""));
        }
        Picker::one(title.clone(), purpose.clone(), choices, chosen.or(Some(String::new())))
    };
    let many = |choices: Vec<Choice>, chosen: Vec<String>| {
        Picker::many(title.clone(), purpose.clone(), choices, chosen)
    };
    let typed = |picker: Picker| Picker { free: Some(AS_TYPED), ..picker };
    let none = || Choice::new("none", "left out");
    Some(match listed.as_str() {
        "compare.models" => {
            let chosen = if given { items() } else { compared(work) };
            typed(many(products(work, |kind| kind == Kind::Chat), chosen))
        }
        "compare.strategies" => {
            let chosen = if given { items() } else { strategies_compared(work) };
            many(strategies(), chosen)
        }
        "call.strategies" | "cost.strategies" => many(strategies(), items()),
        "call.models" | "cost.models" | "constraints.models" => {
            typed(many(products(work, |kind| kind == Kind::Chat), items()))
        }
        "constraints.vendors" => many(vendors(work), items()),
        "plan" | "baseline" => one(designs(work)),
        "quality.strategy" => one(strategies()),
        "contextual.model" | "hybrid.fallback_model" | "quality.model" => {
            typed(one(products(work, |kind| kind == Kind::Chat)))
        }
        "model.name" | "host.model" => typed(required(one(products(work, |kind| kind == Kind::Chat)))),
        "host.gpu" => required(one(products(work, |kind| kind == Kind::Gpu))),
        "call.product" => one(products(work, |_| true)),
        "retrieval.embedding" => one([vec![none()], products(work, |kind| kind == Kind::Embedding)].concat()),
        "retrieval.store" => one([vec![none()], products(work, |kind| kind == Kind::VectorStore)].concat()),
        "retrieval.reranker" => one(products(work, |kind| kind == Kind::Rerank)),
        "class.corpus" => one(corpora(work)),
        _ => return None,
    })
}

/// Takes the entry away that means to leave the key out.
fn required(mut picker: Picker) -> Picker {
    picker.choices.retain(|choice| !choice.value.is_empty());
    picker.selected = picker.selected.saturating_sub(1);
    picker
}

/// Says what holds without the key.
fn without(listed: &str) -> String {
    let row = crate::scenario::reference::rows().into_iter().find(|row| row.path == listed);
    row.map_or_else(String::new, |row| row.default)
}

/// Returns the products of some kinds with window and main prices, those that are retired or without a price behind.
fn products(work: &Work, wanted: impl Fn(Kind) -> bool) -> Vec<Choice> {
    let (catalog, date) = (work.catalog(), work.date());
    let mut found: Vec<(bool, ProductId)> = catalog
        .iter()
        .filter(|(_, product)| wanted(product.kind))
        .map(|(id, product)| (product.is_retired(date) || catalog.price_on(id, date, None).is_err(), id))
        .collect();
    found.sort_by_key(|(behind, _)| *behind);
    found
        .into_iter()
        .map(|(_, id)| Choice::with_figures(catalog.product(id).id.clone(), detail(work, id)))
        .collect()
}

fn detail(work: &Work, id: ProductId) -> String {
    let (catalog, date) = (work.catalog(), work.date());
    let product = catalog.product(id);
    let window = product.window.map_or_else(String::new, compact);
    let retired = if product.is_retired(date) { "retired  " } else { "" };
    match catalog.price_on(id, date, None) {
        Ok(card) => {
            let (input, output) = main_prices(card);
            format!("{retired}{window:>6}  {input:>8} {output:>8}")
        }
        Err(_) => format!("{retired}{window:>6}  {:>17}", "no price"),
    }
}

fn strategies() -> Vec<Choice> {
    STRATEGIES.iter().map(|strategy| Choice::new(strategy.id(), strategy.summary())).collect()
}

fn vendors(work: &Work) -> Vec<Choice> {
    work.catalog().vendors.iter().map(|vendor| Choice::new(vendor.id.clone(), vendor.name.clone())).collect()
}

/// Returns the designs of the comparison with their costs.
fn designs(work: &Work) -> Vec<Choice> {
    let comparison = work.comparison();
    let rows = comparison.rows.iter();
    rows.map(|row| {
        let cost = row.monthly.map_or_else(
            || "no cost".to_owned(),
            |monthly| format!("{} a month", crate::present::money(monthly, comparison.currency)),
        );
        Choice::with_figures(work.name(row.pair), cost)
    })
    .collect()
}

fn corpora(work: &Work) -> Vec<Choice> {
    let corpora = &work.scenario().groups.corpora;
    corpora.iter().map(|corpus| Choice::new(corpus.name.text.clone(), "")).collect()
}

/// Returns the models of the comparison.
fn compared(work: &Work) -> Vec<String> {
    let mut models: Vec<String> = Vec::new();
    for row in &work.comparison().rows {
        let id = &work.catalog().product(row.pair.model).id;
        if !models.contains(id) {
            models.push(id.clone());
        }
    }
    models
}

fn strategies_compared(work: &Work) -> Vec<String> {
    let in_use = |id: &str| work.comparison().rows.iter().any(|row| row.pair.strategy.id() == id);
    STRATEGIES.iter().map(|strategy| strategy.id().to_owned()).filter(|id| in_use(id)).collect()
}

/// Sets a key to what was picked; false where that is refused.
pub fn put_items(state: &mut State, path: &str, picked: &[String]) -> bool {
    let Some(field) = Field::find(state.work.scenario(), path) else { return true };
    let items: Vec<String> = picked.iter().filter(|item| !item.is_empty()).cloned().collect();
    let unset = !field.is_given(state.work.scenario());
    // What holds by default and is taken as it is stays a default.
    if unset && same(&items, &default_items(&state.work, field)) {
        return true;
    }
    state.change(|scenario| match (items.as_slice(), field.is_list()) {
        ([one], false) => scenario.type_in(field, one),
        ([], false) => scenario.type_in(field, ""),
        (items, _) => scenario.put_items(field, items),
    })
}

fn default_items(work: &Work, field: Field) -> Vec<String> {
    match field.listed_path().as_str() {
        "compare.models" => compared(work),
        "compare.strategies" => strategies_compared(work),
        _ => Vec::new(),
    }
}

fn same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|item| b.contains(item))
}

/// Adds a table of a kind and selects it; false where that is refused.
pub fn add(state: &mut State, key: &str) -> bool {
    let Some(kind) = TableKind::ALL.into_iter().find(|kind| kind.key() == key) else { return true };
    let known = known(&state.work);
    let mut place = None;
    let added = state.change(|scenario| -> Result<(), Fault> {
        place = Some(scenario.add_table(kind, &known)?);
        Ok(())
    });
    if let (true, Some(at)) = (added, place) {
        let scenario = state.work.scenario();
        let name = scenario.table_name(kind, at);
        let first = kind.texts().first().map(|text| Field::Text(kind, at as u16, *text));
        let path = first.map(|field| field.path(scenario));
        let view = &mut state.views.scenario;
        view.filter.clear();
        (view.path, view.rows) = (path, None);
        state.note(format!("[[{}]] {name} is added; u takes it back", kind.key()));
    }
    added
}

/// Returns names that a new table can be made of.
fn known(work: &Work) -> Known {
    let gpu = |(id, product): &(ProductId, &crate::catalog::Product)| {
        product.kind == Kind::Gpu && work.catalog().price_on(*id, work.date(), None).is_ok()
    };
    Known {
        model: compared(work).into_iter().next(),
        gpu: work.catalog().iter().find(gpu).map(|(_, product)| product.id.clone()),
        strategy: strategies_compared(work).into_iter().next_back(),
    }
}
