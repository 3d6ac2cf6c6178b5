//! Many bills side by side. A [`Case`] is a scenario whose names have been looked up and whose
//! prices are open; every analysis starts from one.

pub mod break_even;
pub mod compare;
pub mod constraints;
pub mod curve;
pub mod limits;
pub mod price_diff;
pub mod request;
pub mod summary;
pub mod sweep;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::bill::price_book::{OwnBasis, OwnRate, PriceBook};
use crate::bill::{Bill, Overflow, bill};
use crate::catalog::{Catalog, ExchangeRates, Kind, Meter, Product, ProductId};
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Place, nearest};
use crate::document::MOST_FAULTS;
use crate::scenario::{
    DEFAULT_EMBEDDING, DEFAULT_MODELS, DEFAULT_RERANKER, DEFAULT_STORE, DEFAULT_STRATEGIES,
};
use crate::scenario::{Named, OwnCost, Param, Scenario};
use crate::units::{Currency, Price, decimal};
use crate::usage::strategy::{self, Family, Strategy};
use crate::usage::{Job, Refusal, Shape, Usage};
use constraints::{Barred, Constraints};

/// One design: a strategy on a model.
#[derive(Clone, Copy)]
pub struct Pair {
    /// The model that answers.
    pub model: ProductId,
    /// How it is used.
    pub strategy: &'static dyn Strategy,
}

impl Pair {
    /// Returns the design as `MODEL:STRATEGY`.
    pub fn name(self, catalog: &Catalog) -> String {
        format!("{}:{}", catalog.product(self.model).id, self.strategy.id())
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.model == other.model && self.strategy.id() == other.strategy.id()
    }
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}:{}", self.model, self.strategy.id())
    }
}

/// A cost of the user's own with the designs that bear it.
#[derive(Debug, Clone)]
struct OwnCharge {
    rates: Vec<OwnRate>,
    strategies: Vec<&'static str>,
    models: Vec<ProductId>,
}

impl OwnCharge {
    fn is_borne_by(&self, pair: Pair) -> bool {
        (self.strategies.is_empty() || self.strategies.contains(&pair.strategy.id()))
            && (self.models.is_empty() || self.models.contains(&pair.model))
    }
}

/// A scenario with its names looked up and its prices open.
pub struct Case<'a> {
    /// The tables.
    pub catalog: &'a Catalog,
    /// The workload.
    pub scenario: &'a Scenario,
    /// The prices in force.
    pub book: PriceBook<'a>,
    /// Models to compare.
    pub models: Vec<ProductId>,
    /// Strategies to compare.
    pub strategies: Vec<&'static dyn Strategy>,
    /// Embedding model, where one is used.
    pub embedding: Option<ProductId>,
    /// Vector store, where one is paid for.
    pub store: Option<ProductId>,
    /// Reranker, where one is known.
    pub reranker: Option<ProductId>,
    /// Model that writes contexts for chunks, where it is not the one that answers.
    pub context_model: Option<ProductId>,
    /// The design that is meant to run.
    pub plan: Option<Pair>,
    /// The design that runs today.
    pub baseline: Option<Pair>,
    /// What a month may cost, in the currency of the results.
    pub budget: Option<Decimal>,
    own: Vec<OwnCharge>,
    constraints: Constraints,
}

/// A design that was worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What it uses.
    pub usage: Usage,
    /// Coverage, fit and remark.
    pub shape: Shape,
    /// What that costs.
    pub bill: Bill,
}

/// Why a design was not worked out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Failure {
    /// The scenario does not allow it.
    Barred(Barred),
    /// It cannot run on the model.
    Refused(Refusal),
    /// Its amounts are too large.
    Overflow(Overflow),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Barred(barred) => barred.fmt(f),
            Failure::Refused(refusal) => refusal.fmt(f),
            Failure::Overflow(overflow) => overflow.fmt(f),
        }
    }
}

impl<'a> Case<'a> {
    /// Looks up every name of a scenario and opens the prices of its day, or of `today` where it
    /// names none.
    ///
    /// # Errors
    /// All names that are unknown or of the wrong kind, each at its place.
    pub fn open(catalog: &'a Catalog, scenario: &'a Scenario, today: Date) -> Result<Self, Diagnostics> {
        let date = scenario.as_of.unwrap_or(today);
        let exchange = catalog.exchange.with_fixed(&scenario.fixed_rates, date);
        let mut names = Names { catalog, exchange: &exchange, faults: Diagnostics::default() };
        let currency = scenario.currency.unwrap_or(Currency::USD);
        if !exchange.knows(currency) {
            let known = exchange.currencies();
            let known: Vec<String> = known.iter().map(|code| format!("`{code}`")).collect();
            let known = known.join(", ");
            let remedy = format!(
                "write one of {known}, give one in exchange_rates, or add an [[exchange_rate]] in a table of your own"
            );
            let fault =
                Fault::Conflict { message: format!("no exchange rate of {currency} is known"), remedy };
            let place = scenario.currency_place.clone().unwrap_or_else(|| Place::whole("currency"));
            names.faults.push(Diagnostic::error(place, fault));
        }
        let models = names.models(&or_default(&scenario.models, DEFAULT_MODELS, "compare.models"));
        let strategies =
            names.strategies(&or_default(&scenario.strategies, DEFAULT_STRATEGIES, "compare.strategies"));
        let retrieves = strategies.iter().any(|strategy| strategy.family() == Family::Retrieve);
        let embedding = names.part(&scenario.embedding, DEFAULT_EMBEDDING, Kind::Embedding);
        let store = names.part(&scenario.store, DEFAULT_STORE, Kind::VectorStore);
        let reranker = names.reranker(&scenario.reranker);
        let context_model = names.chat(scenario.context_model.as_ref());
        names.vectors_have_a_length(scenario, embedding, store, retrieves);
        let plan = names.pair(scenario.plan.as_ref());
        let baseline = names.pair(scenario.baseline.as_ref());
        names.one_job(&scenario.strategies, &strategies);
        let own = scenario.costs.iter().map(|cost| names.own(cost, scenario, date, currency)).collect();
        let budget = names.budget(scenario, date, currency);
        let constraints = Constraints::open(&mut names, scenario);
        let (mut errors, _) = names.faults.split();
        errors.sort();
        if !errors.0.is_empty() {
            return Err(errors);
        }
        let book = PriceBook::open(catalog, &exchange, date, &scenario.regions(), currency);
        Ok(Case {
            catalog,
            scenario,
            book,
            models,
            strategies,
            embedding,
            store,
            reranker,
            context_model,
            plan,
            baseline,
            budget,
            own,
            constraints,
        })
    }

    /// Returns every design to compare.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        let strategies = &self.strategies;
        self.models
            .iter()
            .flat_map(|model| strategies.iter().map(|strategy| Pair { model: *model, strategy: *strategy }))
    }

    /// Finds a design written `MODEL:STRATEGY`, split at the last colon.
    ///
    /// # Errors
    /// Which half is unknown, with the nearest names.
    pub fn find_pair(&self, text: &str) -> Result<Pair, Fault> {
        find_pair(self.catalog, text)
    }

    /// Returns a design as `MODEL:STRATEGY`.
    pub fn pair_name(&self, pair: Pair) -> String {
        pair.name(self.catalog)
    }

    /// Returns what a strategy works from; `scenario` is the case's own or a variation of its numbers.
    pub fn job<'n>(&'n self, pair: Pair, scenario: &'n Scenario) -> Job<'n> {
        let with_facts = |id: ProductId| (id, self.catalog.product(id));
        Job {
            numbers: &scenario.numbers,
            date: self.book.date,
            model: with_facts(pair.model),
            embedding: self.embedding.map(with_facts),
            store: self.store.map(with_facts),
            reranker: self.reranker.map(|id| (id, self.catalog.product(id), self.rerank_meter(id))),
            context_model: with_facts(self.context_model.unwrap_or(pair.model)),
            image_detail: scenario.image_detail,
            index: scenario.index,
            fill_context: scenario.fill_context,
            resend_text: scenario.resend_text,
            history: scenario.history,
        }
    }

    /// Returns what a reranker bills on the case's day: search units, or tokens.
    fn rerank_meter(&self, reranker: ProductId) -> Meter {
        let card = self.book.card(reranker).ok().map(|(card, _)| card);
        let by_search = card.or(self.product(reranker).prices.first());
        let by_search = by_search.is_some_and(|card| card.prices(Meter::SearchUnits));
        if by_search { Meter::SearchUnits } else { Meter::Input }
    }

    /// Returns the user's own costs that a design bears.
    pub fn own_rates(&self, pair: Pair) -> Vec<OwnRate> {
        let borne = self.own.iter().filter(|charge| charge.is_borne_by(pair));
        borne.flat_map(|charge| charge.rates.iter().cloned()).collect()
    }

    /// Returns the currencies that the user's own costs are written in.
    pub fn own_currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        self.own.iter().flat_map(|charge| &charge.rates).map(|rate| rate.currency)
    }

    /// Works out a design's usage and exact bill.
    ///
    /// # Errors
    /// Why it cannot run, or that its amounts are too large.
    pub fn evaluate(&self, pair: Pair) -> Result<Evaluation, Failure> {
        self.may_run(pair)?;
        let mut usage = Usage::default();
        let shape =
            pair.strategy.usage(&self.job(pair, self.scenario), &mut usage).map_err(Failure::Refused)?;
        let own = self.own_rates(pair);
        let bill =
            bill(&usage, self.scenario.numbers.requests(), &self.book, &own).map_err(Failure::Overflow)?;
        Ok(Evaluation { usage, shape, bill })
    }

    /// Returns why a design cannot run whatever its numbers: the scenario does not allow it, or its model could not
    /// be bought yet on the case's day.
    fn may_run(&self, pair: Pair) -> Result<(), Failure> {
        if let Some(barred) = self.constraints.barred(self, pair) {
            return Err(Failure::Barred(barred));
        }
        let later = self.product(pair.model).released.filter(|released| *released > self.book.date);
        later.map_or(Ok(()), |date| Err(Failure::Refused(Refusal::NotReleased(date))))
    }

    /// Returns a model's facts.
    pub fn product(&self, id: ProductId) -> &'a Product {
        self.catalog.product(id)
    }
}

/// Finds a design written `MODEL:STRATEGY`, split at the last colon.
///
/// # Errors
/// Which half is unknown, with the nearest names.
pub fn find_pair(catalog: &Catalog, text: &str) -> Result<Pair, Fault> {
    let Some((model, strategy)) = text.rsplit_once(':') else {
        let message = format!("`{text}` names no design");
        return Err(Fault::Conflict {
            message,
            remedy: "write MODEL:STRATEGY, such as openai/gpt-4.1:rag".into(),
        });
    };
    let strategy = strategy::find(strategy)?;
    Ok(Pair { model: find_chat(catalog, model)?, strategy })
}

/// Finds a model that answers prompts.
///
/// # Errors
/// The name is unknown, or of another kind of product.
pub fn find_chat(catalog: &Catalog, name: &str) -> Result<ProductId, Fault> {
    let id = catalog.find(name)?;
    if catalog.product(id).kind == Kind::Chat {
        Ok(id)
    } else {
        Err(wrong_kind(catalog, name, id, Kind::Chat))
    }
}

fn wrong_kind(catalog: &Catalog, name: &str, id: ProductId, wanted: Kind) -> Fault {
    let kind = catalog.product(id).kind.word();
    let message = format!("`{name}` is of kind {kind}; {} is needed here", wanted.word());
    let remedy = format!("`ragonomics models kind:{}` lists them", wanted.word());
    Fault::Conflict { message, remedy }
}

fn or_default(given: &[Named], default: &[&str], flag: &str) -> Vec<Named> {
    if given.is_empty() {
        default.iter().map(|text| Named::from_flag(text, flag)).collect()
    } else {
        given.to_vec()
    }
}

/// Looks names up and collects the faults of all of them.
struct Names<'a> {
    catalog: &'a Catalog,
    exchange: &'a ExchangeRates,
    faults: Diagnostics,
}

impl Names<'_> {
    fn keep<T>(&mut self, place: &Place, found: Result<T, Fault>) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(fault) => {
                self.faults.push(Diagnostic::error(place.clone(), fault));
                None
            }
        }
    }

    fn models(&mut self, named: &[Named]) -> Vec<ProductId> {
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

    fn all_chat(&self, name: &str, ids: Vec<ProductId>) -> Result<Vec<ProductId>, Fault> {
        match ids.iter().find(|id| self.catalog.product(**id).kind != Kind::Chat) {
            Some(id) => Err(wrong_kind(self.catalog, name, *id, Kind::Chat)),
            None => Ok(ids),
        }
    }

    fn strategies(&mut self, named: &[Named]) -> Vec<&'static dyn Strategy> {
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

    fn chat(&mut self, named: Option<&Named>) -> Option<ProductId> {
        let name = named?;
        self.keep(&name.place, find_chat(self.catalog, &name.text))
    }

    /// Finds the reranker. The usual one may be missing, since most designs need none.
    fn reranker(&mut self, named: &Option<Named>) -> Option<ProductId> {
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
    fn part(&mut self, named: &Option<Named>, default: &str, kind: Kind) -> Option<ProductId> {
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

    fn unknown_part(&self, name: String, kind: Kind) -> Fault {
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
    fn vectors_have_a_length(
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

    fn pair(&mut self, named: Option<&Named>) -> Option<Pair> {
        let name = named?;
        self.keep(&name.place, find_pair(self.catalog, &name.text))
    }

    /// Answering a question, holding a conversation and rewriting a text are different jobs; one ranking cannot hold two.
    fn one_job(&mut self, named: &[Named], strategies: &[&'static dyn Strategy]) {
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

    /// Returns the scenario's budget in the currency of the results.
    fn budget(&mut self, scenario: &Scenario, date: Date, currency: Currency) -> Option<Decimal> {
        let budget = decimal(scenario.numbers.get(Param::BudgetPerMonth)?);
        let written = scenario.amounts_in();
        let conversion = self.exchange.conversion(written, currency, date);
        let place = scenario.currency_place.clone().unwrap_or_else(|| Place::whole("budget.monthly"));
        let conversion = self.keep(&place, conversion.ok_or_else(|| no_rate(written, currency, date)))?;
        // A budget beyond what a decimal holds is one that nothing exceeds.
        budget.checked_mul(conversion.factor.exact)
    }

    fn own(&mut self, cost: &OwnCost, scenario: &Scenario, date: Date, currency: Currency) -> OwnCharge {
        let catalog = self.catalog;
        let find_strategy = |name: &Named| self.keep(&name.place, strategy::find(&name.text));
        let strategies = cost.strategies.iter().filter_map(find_strategy).map(|found| found.id()).collect();
        let find_models = |name: &Named| self.keep(&name.place, catalog.find_all(&name.text, Kind::Chat));
        let models = cost.models.iter().filter_map(find_models).flatten().collect();
        let quoted = cost.currency.unwrap_or(scenario.amounts_in());
        if self.exchange.conversion(quoted, currency, date).is_none() {
            let fault = no_rate(quoted, currency, date);
            self.faults.push(Diagnostic::error(cost.place.clone(), fault));
        }
        let rate = |(basis, price): (OwnBasis, Option<Price>)| {
            let (name, place) = (cost.name.clone(), cost.place.to_string());
            Some(OwnRate { name, basis, price: price?, currency: quoted, place })
        };
        let prices = [
            (OwnBasis::Month, cost.monthly),
            (OwnBasis::Once, cost.one_off),
            (OwnBasis::Request, cost.per_request),
        ];
        OwnCharge { rates: prices.into_iter().filter_map(rate).collect(), strategies, models }
    }
}

fn no_rate(from: Currency, to: Currency, date: Date) -> Fault {
    let message = format!("no exchange rate from {from} to {to} is known on {date}");
    let remedy = "write the amount in the scenario's currency, give one in exchange_rates, or add an [[exchange_rate]] in a table of your own";
    Fault::Conflict { message, remedy: remedy.into() }
}

/// Returns whether the cost of a strategy's designs depends on a parameter, for choosing axes.
pub fn depends_on(strategy: &dyn Strategy, param: Param) -> bool {
    const ALWAYS: [Param; 6] = [
        Param::RequestsPerMonth,
        Param::Users,
        Param::SystemTokens,
        Param::QuestionTokens,
        Param::OutputTokens,
        Param::Images,
    ];
    ALWAYS.contains(&param) || strategy.parameters().contains(&param)
}
