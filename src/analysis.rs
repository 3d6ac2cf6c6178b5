//! Many bills side by side. A [`Case`] is a scenario whose names have been looked up and whose
//! prices are open; every analysis starts from one.

pub mod alternatives;
pub mod assume;
pub mod bill_diff;
pub mod break_even;
pub mod check;
pub mod compare;
pub mod constraints;
pub mod curve;
mod dated;
pub mod design;
pub mod explain;
pub mod forecast;
pub mod grid;
pub mod history;
pub mod limits;
mod lineup;
mod names;
pub mod price_change;
pub mod price_diff;
pub mod product_history;
pub mod request;
mod revenue;
pub mod sensitivity;
pub mod simulate;
pub mod summary;
pub mod sweep;

use jiff::civil::Date;

use crate::bill::price_book::{OwnRate, PriceBook};
use crate::bill::{Bill, Overflow};
use crate::catalog::rate::{ActiveHours, Moment};
use crate::catalog::{Catalog, Kind, Language, Meter, Product, ProductId, Service};
use crate::diagnostic::{Diagnostic, Diagnostics, Fault, Place};
use crate::scenario::{DEFAULT_EMBEDDING, DEFAULT_MODELS, DEFAULT_STORE, DEFAULT_STRATEGIES};
use crate::scenario::{Param, Scenario};
use crate::units::Currency;
use crate::usage::hosting::Hosted;
use crate::usage::month::Refused;
use crate::usage::strategy::{self, Strategy};
use crate::usage::{Refusal, Shape, Usage};
use constraints::{Barred, Constraints};
use design::Design;
use names::{Names, or_default};

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

/// The designs that something belongs to; all where nothing is named.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scope {
    strategies: Vec<&'static str>,
    models: Vec<ProductId>,
}

impl Scope {
    /// Returns whether a design is one of them.
    pub(crate) fn holds(&self, pair: Pair) -> bool {
        (self.strategies.is_empty() || self.strategies.contains(&pair.strategy.id()))
            && (self.models.is_empty() || self.models.contains(&pair.model))
    }
}

/// A cost of the user's own with the designs that bear it.
#[derive(Debug, Clone)]
struct OwnCharge {
    rates: Vec<OwnRate>,
    scope: Scope,
}

/// A call beside those of the strategies, with its names looked up.
#[derive(Debug, Clone)]
struct ExtraCall {
    at: u8,
    product: Option<ProductId>,
    service: Service,
    quantities: Vec<(Meter, f64)>,
    scope: Scope,
}

/// How the tokens of a scenario were counted.
#[derive(Debug, Clone)]
struct Measured {
    tokenizer: String,
    language: Option<Language>,
    of_classes: Vec<Option<Language>>,
}

/// Accuracy that the user knows, with the designs that it is about.
#[derive(Debug, Clone)]
struct KnownQuality {
    at: u16,
    scope: Scope,
}

/// The rate-limit tier that the customer is in with a vendor.
#[derive(Debug, Clone)]
struct OwnTier {
    vendor: usize,
    tier: String,
}

/// A scenario with its names looked up and its prices open.
#[derive(Clone)]
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
    /// Model of the long context that hybrid falls back to, where it is not the one that answers.
    pub fallback_model: Option<ProductId>,
    /// The design that is meant to run.
    pub plan: Option<Pair>,
    /// The design that runs today.
    pub baseline: Option<Pair>,
    tiers: Vec<OwnTier>,
    own: Vec<OwnCharge>,
    /// Fees of the scenario's calls, call by call.
    fees: Vec<OwnCharge>,
    extra_calls: Vec<ExtraCall>,
    model_tables: Vec<Vec<ProductId>>,
    hosts: Vec<Hosted>,
    qualities: Vec<KnownQuality>,
    measured: Option<Measured>,
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
    /// It cannot serve the requests of one class.
    RefusedClass(u16, Refusal),
    /// Its amounts are too large.
    Overflow(Overflow),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Barred(barred) => barred.fmt(f),
            Failure::Refused(refusal) => refusal.fmt(f),
            Failure::RefusedClass(class, refusal) => write!(f, "class {}: {refusal}", class + 1),
            Failure::Overflow(overflow) => overflow.fmt(f),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        match refused.class {
            None => Failure::Refused(refused.refusal),
            Some(class) => Failure::RefusedClass(class, refused.refusal),
        }
    }
}

impl Failure {
    /// Returns why a design cannot run on its model, whichever class of requests it cannot serve.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Failure::Refused(refusal) | Failure::RefusedClass(_, refusal) => Some(*refusal),
            Failure::Barred(_) | Failure::Overflow(_) => None,
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
        let mut names = Names::new(catalog, &exchange);
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
        let retrieves = strategies.iter().any(|strategy| strategy.uses(&scenario.modes).index);
        let embedding = names.part(&scenario.embedding, DEFAULT_EMBEDDING, Kind::Embedding);
        let store = names.part(&scenario.store, DEFAULT_STORE, Kind::VectorStore);
        let reranker = names.reranker(&scenario.reranker);
        let context_model = names.chat(scenario.context_model.as_ref());
        names.vectors_have_a_length(scenario, embedding, store, retrieves);
        let fallback_model = names.chat(scenario.fallback_model.as_ref());
        let extra_calls = names.extra_calls(scenario);
        let model_tables = names.model_tables(scenario);
        names.model_numbers(scenario, &model_tables);
        let hosts = names.hosts(scenario);
        let qualities = names.qualities(scenario);
        let measured = names.measured(scenario);
        let plan = names.pair(scenario.plan.as_ref());
        let baseline = names.pair(scenario.baseline.as_ref());
        names.one_job(&scenario.strategies, &strategies);
        let own = scenario.costs.iter().map(|cost| names.own(cost, scenario, date, currency)).collect();
        let calls = scenario.groups.calls.iter().zip(&extra_calls);
        let fees =
            calls.map(|(call, found)| names.fee(call, &found.scope, scenario, date, currency)).collect();
        let amounts = [Param::BudgetPerMonth, Param::PricePerUser, Param::SwitchingCost, Param::Balance];
        names.amounts_have_a_rate(&amounts, scenario, (date, currency));
        let tiers = names.tiers(scenario);
        let constraints = Constraints::open(&mut names, scenario);
        let (mut errors, _) = names.faults.split();
        errors.sort();
        if !errors.0.is_empty() {
            return Err(errors);
        }
        let mut book = PriceBook::open(catalog, &exchange, date, &scenario.regions(), currency);
        book.moment = moment(scenario);
        book.extra_variants = scenario.groups.calls.iter().map(|call| call.variant.clone()).collect();
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
            fallback_model,
            plan,
            baseline,
            tiers,
            own,
            fees,
            extra_calls,
            model_tables,
            hosts,
            qualities,
            measured,
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

    /// Returns what a reranker bills on the case's day: search units, or tokens.
    fn rerank_meter(&self, reranker: ProductId) -> Meter {
        let card = self.book.card(reranker).ok().map(|(card, _)| card);
        let by_search = card.or(self.product(reranker).prices.first());
        let by_search = by_search.is_some_and(|card| card.prices(Meter::SearchUnits));
        if by_search { Meter::SearchUnits } else { Meter::Input }
    }

    /// Returns the user's own costs that a design bears, with the fees of a scenario's calls.
    fn own_rates(&self, pair: Pair, scenario: &Scenario) -> Vec<OwnRate> {
        let borne = self.own.iter().filter(|charge| charge.scope.holds(pair));
        let mut rates: Vec<OwnRate> = borne.flat_map(|charge| charge.rates.iter().cloned()).collect();
        for (charge, call) in self.fees.iter().zip(&scenario.groups.calls) {
            let price = call.fee();
            if charge.scope.holds(pair) && price.float > 0.0 {
                rates.extend(charge.rates.iter().map(|rate| OwnRate { price, ..rate.clone() }));
            }
        }
        rates
    }

    /// Returns the currencies that the user's own costs are written in.
    pub fn own_currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        let fees = self.fees.iter().flat_map(|charge| &charge.rates).filter(|fee| fee.price.float > 0.0);
        self.own.iter().flat_map(|charge| &charge.rates).chain(fees).map(|rate| rate.currency)
    }

    /// Works out a design's usage and exact bill.
    ///
    /// # Errors
    /// Why it cannot run, or that its amounts are too large.
    pub fn evaluate(&self, pair: Pair) -> Result<Evaluation, Failure> {
        self.may_run(pair)?;
        self.design(pair).evaluate(self)
    }

    /// Looks up everything that a design needs.
    pub fn design(&self, pair: Pair) -> Design<'_> {
        Design::of(self, pair, self.scenario)
    }

    /// Returns the share of a design's answers that are right, where the user knows it: what is said of both its model
    /// and its strategy, else of one of them; of equals the last.
    pub fn accuracy(&self, pair: Pair) -> Option<f64> {
        let about = self.qualities.iter().filter(|quality| quality.scope.holds(pair));
        let best = about.max_by_key(|quality| {
            u8::from(!quality.scope.models.is_empty()) + u8::from(!quality.scope.strategies.is_empty())
        })?;
        self.scenario.groups.qualities[usize::from(best.at)].numbers.get(Param::Accuracy)
    }

    /// Returns by how much texts are longer on a product than they were measured, for a class of requests; `None` where
    /// that is not known.
    pub(crate) fn tokens_factor(&self, product: ProductId, class: Option<u16>) -> Option<f64> {
        let measured = self.measured.as_ref()?;
        let of_class = class.and_then(|class| measured.of_classes.get(usize::from(class)).copied());
        let language = of_class.unwrap_or(measured.language)?;
        Some(self.catalog.tokens_ratio(&measured.tokenizer, product, language)?.factor)
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

    /// Returns the rate-limit tier that the scenario names for the vendor of a product.
    pub fn tier_of(&self, product: ProductId) -> Option<&str> {
        let vendor = self.product(product).vendor;
        self.tiers.iter().find(|tier| tier.vendor == vendor).map(|tier| tier.tier.as_str())
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
        Err(names::wrong_kind(catalog, name, id, Kind::Chat))
    }
}

/// Numbers that every design's cost depends on: how many requests there are, when they come, how they are served, and
/// what repeated tables say of them.
const OF_EVERY_WORKLOAD: &[Param] = &[
    Param::RequestsPerMonth,
    Param::Users,
    Param::SessionsPerUser,
    Param::TurnsPerSession,
    Param::ActiveHoursPerDay,
    Param::ActiveFrom,
    Param::UtcOffset,
    Param::DaysPerWeek,
    Param::BatchShare,
    Param::FlexShare,
    Param::PriorityShare,
    Param::ClassShare,
    Param::CallShare,
    Param::CallInput,
    Param::CallOutput,
    Param::CallFee,
    Param::HostGpus,
    Param::HostInputRate,
    Param::HostOutputRate,
    Param::HostUtilisation,
];

/// Returns whether the cost of a strategy's designs can depend on a parameter, for choosing axes.
pub fn depends_on(strategy: &dyn Strategy, param: Param) -> bool {
    let own = strategy.parameters().iter().copied();
    own.chain([OF_EVERY_WORKLOAD]).any(|set| set.contains(&param))
}

/// Returns when the requests of a scenario are made: in its active hours, where it says when they begin or that some
/// days have none.
fn moment(scenario: &Scenario) -> Moment {
    let numbers = &scenario.numbers;
    let days = numbers.value(Param::DaysPerWeek);
    let from = numbers.get(Param::ActiveFrom);
    if from.is_none() && days >= 7.0 {
        return Moment::Spread;
    }
    Moment::Active(ActiveHours {
        from: from.unwrap_or(0.0),
        // Without a beginning the hours of an active day are all alike.
        length: if from.is_none() { 24.0 } else { numbers.value(Param::ActiveHoursPerDay) },
        offset: numbers.value(Param::UtcOffset),
        days,
    })
}
