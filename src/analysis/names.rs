//! The names of a scenario, looked up in the catalog; what is unknown is collected, each at its place.

mod groups;
mod tiers;

use jiff::civil::Date;

use super::{OwnCharge, Pair, Scope, find_chat, find_pair};
use crate::bill::price_book::{OwnBasis, OwnRate};
use crate::catalog::{Catalog, ExchangeRates, Kind, ProductId};
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Place, nearest};
use crate::document::MOST_FAULTS;
use crate::scenario::group::ExtraCall;
use crate::scenario::{DEFAULT_RERANKER, Named, OwnCost, Param, Scenario};
use crate::units::{Currency, Price};
use crate::usage::strategy::{self, Strategy};

/// Looks names up and collects the faults of all of them.
pub(super) struct Names<'a> {
    pub catalog: &'a Catalog,
    pub exchange: &'a ExchangeRates,
    pub faults: Diagnostics,
}

impl<'a> Names<'a> {
    /// Begins to look names up.
    pub fn new(catalog: &'a Catalog, exchange: &'a ExchangeRates) -> Self {
        Names { catalog, exchange, faults: Diagnostics::default() }
    }
    pub(super) fn keep<T>(&mut self, place: &Place, found: Result<T, Fault>) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(fault) => {
                self.faults.push(Diagnostic::error(place.clone(), fault));
                None
            }
        }
    }

    pub(super) fn models(&mut self, named: &[Named]) -> Vec<ProductId> {
        let mut models = Vec::new();
        for name in named {
            if self.faults.0.len() >= MOST_FAULTS {
                break;
            }
            let found =
                self.catalog.find_all(&name.text, Kind::Chat).and_then(|ids| self.all_chat(&name.text, ids));
            for id in self.keep(&name.place, found).unwrap_or_default() {
                if !models.contains(&id) {
                    models.push(id);
                }
            }
        }
        models
    }

    pub(super) fn all_chat(&self, name: &str, ids: Vec<ProductId>) -> Result<Vec<ProductId>, Fault> {
        match ids.iter().find(|id| self.catalog.product(**id).kind != Kind::Chat) {
            Some(id) => Err(wrong_kind(self.catalog, name, *id, Kind::Chat)),
            None => Ok(ids),
        }
    }

    pub(super) fn strategies(&mut self, named: &[Named]) -> Vec<&'static dyn Strategy> {
        let mut found: Vec<&'static dyn Strategy> = Vec::new();
        for name in named {
            if self.faults.0.len() >= MOST_FAULTS {
                break;
            }
            if let Some(strategy) = self.keep(&name.place, strategy::find(&name.text))
                && !found.iter().any(|known| known.id() == strategy.id())
            {
                found.push(strategy);
            }
        }
        found
    }

    pub(super) fn chat(&mut self, named: Option<&Named>) -> Option<ProductId> {
        let name = named?;
        self.keep(&name.place, find_chat(self.catalog, &name.text))
    }

    /// Finds the reranker. The usual one may be missing, since most designs need none.
    pub(super) fn reranker(&mut self, named: &Option<Named>) -> Option<ProductId> {
        match named {
            None => {
                let usual = self.catalog.find(DEFAULT_RERANKER).ok();
                usual.filter(|id| self.catalog.product(*id).kind == Kind::Rerank)
            }
            Some(name) if name.text == "none" => {
                let message = "`none` is no reranker".to_owned();
                let remedy = "name one, or compare `rag`, which has none".to_owned();
                self.keep(&name.place, Err(Fault::Conflict { message, remedy }))
            }
            Some(_) => self.part(named, DEFAULT_RERANKER, Kind::Rerank),
        }
    }

    /// Finds an embedding model or a store; "none" leaves it out.
    pub(super) fn part(&mut self, named: &Option<Named>, default: &str, kind: Kind) -> Option<ProductId> {
        let name = named.clone().unwrap_or_else(|| Named::from_flag(default, "default"));
        if name.text == "none" {
            return None;
        }
        let found = match self.catalog.find(&name.text) {
            Ok(id) if self.catalog.product(id).kind == kind => Ok(id),
            Ok(id) => Err(wrong_kind(self.catalog, &name.text, id, kind)),
            Err(Fault::UnknownName { name, .. }) => Err(self.unknown_part(name, kind)),
            Err(fault) => Err(fault),
        };
        self.keep(&name.place, found)
    }

    pub(super) fn unknown_part(&self, name: String, kind: Kind) -> Fault {
        let of_kind = self.catalog.products.iter().filter(|product| product.kind == kind);
        let nearest = nearest(&name, of_kind.map(|product| product.id.as_str()));
        let kind = match kind {
            Kind::VectorStore => "vector store",
            Kind::Rerank => "reranker",
            _ => "embedding model",
        };
        Fault::UnknownName { kind, name, nearest }
    }

    /// A store needs to say how it bills, and the length of its vectors unless it makes them itself.
    pub(super) fn vectors_have_a_length(
        &mut self,
        scenario: &Scenario,
        embedding: Option<ProductId>,
        store: Option<ProductId>,
        retrieves: bool,
    ) {
        let Some(store) = store.filter(|_| retrieves).map(|id| self.catalog.product(id)) else { return };
        let place =
            |named: &Option<Named>, key| named.as_ref().map_or(Place::whole(key), |n| n.place.clone());
        let Some(rule) = store.store.as_ref() else {
            let message = format!("how `{}` counts what it bills is not known", store.id);
            let remedy = "name another store, or lay a table with its [product.store] over it".to_owned();
            let place = place(&scenario.store, "retrieval.store");
            self.faults.push(Diagnostic::error(place, Fault::Conflict { message, remedy }));
            return;
        };
        let left_out = scenario.embedding.as_ref().is_some_and(|named| named.text == "none");
        let model = embedding.map(|id| self.catalog.product(id));
        let message = match model {
            _ if rule.own_dimensions.is_some() => return,
            Some(model) if model.dimensions.is_none() => {
                format!("the length of the vectors of `{}` is not known", model.id)
            }
            None if left_out => {
                "a vector store without an embedding model has vectors of unknown length".to_owned()
            }
            _ => return,
        };
        let remedy = "name an embedding model, or write retrieval.store = \"none\"".to_owned();
        let place = place(&scenario.embedding, "retrieval.embedding");
        self.faults.push(Diagnostic::error(place, Fault::Conflict { message, remedy }));
    }

    pub(super) fn pair(&mut self, named: Option<&Named>) -> Option<Pair> {
        let name = named?;
        self.keep(&name.place, find_pair(self.catalog, &name.text))
    }

    /// Answering a question, holding a conversation and rewriting a text are different jobs; one ranking cannot hold two.
    pub(super) fn one_job(&mut self, named: &[Named], strategies: &[&'static dyn Strategy]) {
        let other = strategies.iter().find(|strategy| !strategy.family().is_one_question());
        let beside = |other: &&&dyn Strategy| strategies.iter().any(|one| one.family() != other.family());
        let Some(id) = other.filter(beside).map(|other| other.id()) else { return };
        let named = named.iter().find(|name| name.text == id);
        let place = named.map_or(Place::whole("--strategies"), |name| name.place.clone());
        let message = format!(
            "`{id}` does another job than the other strategies, so their costs cannot be ranked together"
        );
        let remedy = format!("compare `{id}` alone, or leave it out");
        self.faults.push(Diagnostic::error(place, Fault::Conflict { message, remedy }));
    }

    /// Checks that amounts of the scenario, where it gives any, can be told in the currency of the results.
    pub(super) fn amounts_have_a_rate(
        &mut self,
        params: &[Param],
        scenario: &Scenario,
        (date, currency): (Date, Currency),
    ) {
        // Nothing is nothing in any currency.
        let given = |param: &&Param| scenario.numbers.get(**param).is_some_and(|amount| amount > 0.0);
        let Some(first) = params.iter().find(given) else { return };
        let written = scenario.amounts_in();
        let place = scenario.currency_place.clone().unwrap_or_else(|| Place::whole(first.facts().path));
        let conversion = self.exchange.conversion(written, currency, date);
        self.keep(&place, conversion.ok_or_else(|| no_rate(written, currency, date)));
    }

    pub(super) fn scope(&mut self, strategies: &[Named], models: &[Named]) -> Scope {
        let catalog = self.catalog;
        let find_strategy = |name: &Named| self.keep(&name.place, strategy::find(&name.text));
        let strategies = strategies.iter().filter_map(find_strategy).map(|found| found.id()).collect();
        let find_models = |name: &Named| self.keep(&name.place, catalog.find_all(&name.text, Kind::Chat));
        let models = models.iter().filter_map(find_models).flatten().collect();
        Scope { strategies, models }
    }

    /// Looks up a cost of the user's own.
    pub(super) fn own(
        &mut self,
        cost: &OwnCost,
        scenario: &Scenario,
        date: Date,
        currency: Currency,
    ) -> OwnCharge {
        let scope = self.scope(&cost.strategies, &cost.models);
        let quoted = cost.currency.unwrap_or(scenario.amounts_in());
        self.has_rate(cost, quoted, date, currency);
        charge(cost, quoted, scope)
    }

    /// Looks up the fee of a call, which may be nothing yet and be varied later.
    pub(super) fn fee(
        &mut self,
        call: &ExtraCall,
        scope: &Scope,
        scenario: &Scenario,
        date: Date,
        currency: Currency,
    ) -> OwnCharge {
        let (cost, quoted) = (call.fee_as_cost(), scenario.amounts_in());
        if call.fee().float > 0.0 {
            self.has_rate(&cost, quoted, date, currency);
        }
        charge(&cost, quoted, scope.clone())
    }

    fn has_rate(&mut self, cost: &OwnCost, quoted: Currency, date: Date, currency: Currency) {
        if self.exchange.conversion(quoted, currency, date).is_none() {
            let fault = no_rate(quoted, currency, date);
            self.faults.push(Diagnostic::error(cost.place.clone(), fault));
        }
    }
}

fn charge(cost: &OwnCost, quoted: Currency, scope: Scope) -> OwnCharge {
    let rate = |(basis, price): (OwnBasis, Option<Price>)| {
        let (name, place) = (cost.name.clone(), cost.place.to_string());
        Some(OwnRate { name, basis, price: price?, currency: quoted, place })
    };
    let prices = [
        (OwnBasis::Month, cost.monthly),
        (OwnBasis::Once, cost.one_off),
        (OwnBasis::Request, cost.per_request),
    ];
    OwnCharge { rates: prices.into_iter().filter_map(rate).collect(), scope }
}

/// Says that an amount cannot be converted on a day.
pub(super) fn no_rate(from: Currency, to: Currency, date: Date) -> Fault {
    let message = format!("no exchange rate from {from} to {to} is known on {date}");
    let remedy = "write the amount in the scenario's currency, give one in exchange_rates, or add an [[exchange_rate]] in a table of your own";
    Fault::Conflict { message, remedy: remedy.into() }
}

pub(super) fn wrong_kind(catalog: &Catalog, name: &str, id: ProductId, wanted: Kind) -> Fault {
    let kind = catalog.product(id).kind.word();
    let message = format!("`{name}` is of kind {kind}; {} is needed here", wanted.word());
    let remedy = format!("`ragonomics models kind:{}` lists them", wanted.word());
    Fault::Conflict { message, remedy }
}

pub(super) fn or_default(given: &[Named], default: &[&str], flag: &str) -> Vec<Named> {
    if given.is_empty() {
        default.iter().map(|text| Named::from_flag(text, flag)).collect()
    } else {
        given.to_vec()
    }
}
