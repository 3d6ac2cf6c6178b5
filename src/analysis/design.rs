//! One design of a case with everything looked up that its numbers do not change.

use super::{Case, Evaluation, Failure, Pair};
use crate::bill::price_book::{OwnRate, PriceBook};
use crate::bill::{Bill, bill as rate_bill};
use crate::catalog::{Kind, Product, ProductId, Service};
use crate::scenario::{GroupKind, Param, Scenario, Workload};
use crate::usage::extra::Extra;
use crate::usage::hosting::Hosted;
use crate::usage::told::{Listener, Origin};
use crate::usage::{Calls, Month, Parts, Shape, Usage, Writer};

/// A pair with its products, its requests and the costs that it bears.
#[derive(Debug, Clone)]
pub struct Design<'c> {
    /// The pair.
    pub pair: Pair,
    /// The model that answers.
    pub model: (ProductId, &'c Product),
    /// The products beside it.
    pub parts: Parts<'c>,
    /// What it is asked for in a month.
    pub workload: Workload,
    /// Calls beside those of the strategy.
    pub extras: Vec<Extra>,
    /// Models that run on hardware of the user's own.
    pub hosts: Vec<Hosted>,
    /// Costs of the user's own that it bears.
    pub own: Vec<OwnRate>,
}

impl<'c> Design<'c> {
    /// Looks up everything that a design needs, with the numbers of a scenario: the case's own or a variation of it.
    pub fn of(case: &'c Case<'_>, pair: Pair, scenario: &Scenario) -> Design<'c> {
        let with_facts = |id: ProductId| (id, case.catalog.product(id));
        let factor = |id: Option<ProductId>| {
            id.and_then(|id| case.tokens_factor(id, None)).unwrap_or(1.0)
                / case.tokens_factor(pair.model, None).unwrap_or(1.0)
        };
        let context_model = case.context_model.unwrap_or(pair.model);
        let fallback = case.fallback_model.unwrap_or(pair.model);
        let parts = Parts {
            date: case.book.date,
            queues: case.book.card(pair.model).is_ok_and(|(card, _)| card.serves(Service::Batch)),
            embedding: case.embedding.map(with_facts),
            embedding_tokens: factor(case.embedding),
            store: case.store.map(with_facts),
            reranker: case.reranker.map(|id| (id, case.catalog.product(id), case.rerank_meter(id))),
            reranker_tokens: factor(case.reranker),
            context_model: with_facts(context_model),
            context_tokens: factor(Some(context_model)),
            fallback: with_facts(fallback),
            fallback_tokens: factor(Some(fallback)),
            modes: scenario.modes,
        };
        let tokens_factor = |class| case.tokens_factor(pair.model, class).unwrap_or(1.0);
        Design {
            pair,
            model: with_facts(pair.model),
            parts,
            workload: Workload::of(scenario, case.models_tables(pair.model), tokens_factor),
            extras: case.extras(pair),
            hosts: case.hosts_of(scenario),
            own: case.own_rates(pair, scenario),
        }
    }

    /// Writes down a month's calls.
    ///
    /// # Errors
    /// Why the design cannot run.
    pub fn write(&self, calls: &mut dyn Calls) -> Result<Shape, Failure> {
        let month = self.month();
        month.prepare(calls)?;
        Ok(month.answer(calls)?)
    }

    /// Returns the month to be written down.
    pub(super) fn month(&self) -> Month<'_> {
        let Design { pair, model, workload, parts, extras, .. } = self;
        Month { strategy: pair.strategy, model: *model, workload, parts, extras }
    }

    /// Counts a month's calls, those of hosted models turned into GPU-hours.
    ///
    /// # Errors
    /// Why the design cannot run.
    pub fn usage(&self) -> Result<(Usage, Shape), Failure> {
        let mut usage = Usage::default();
        let shape = self.write(&mut Writer::new(&mut usage, &self.hosts))?;
        usage.host(&self.hosts);
        Ok((usage, shape))
    }

    /// Counts the same, and keeps what was told of the calls of each line.
    ///
    /// # Errors
    /// Why the design cannot run.
    pub fn listen(&self) -> Result<(Usage, Shape, Vec<Origin>), Failure> {
        let mut usage = Usage::default();
        let mut listener = Listener::new(&mut usage, &self.hosts);
        let shape = self.write(&mut listener)?;
        let origins = listener.origins;
        usage.host(&self.hosts);
        Ok((usage, shape, origins))
    }

    /// Counts a month's calls and rates them exactly.
    ///
    /// # Errors
    /// Why the design cannot run, or that its amounts are too large.
    pub fn evaluate(&self, case: &Case<'_>) -> Result<Evaluation, Failure> {
        let (usage, shape) = self.usage()?;
        let bill = self.bill(case, &usage)?;
        Ok(Evaluation { usage, shape, bill })
    }

    /// Rates usage exactly.
    ///
    /// # Errors
    /// The amounts are too large.
    pub fn bill(&self, case: &Case<'_>, usage: &Usage) -> Result<Bill, Failure> {
        self.bill_at(case, usage, &case.book)
    }

    /// Rates usage with other prices than the case's.
    ///
    /// # Errors
    /// The amounts are too large.
    pub fn bill_at(&self, case: &Case<'_>, usage: &Usage, book: &PriceBook<'_>) -> Result<Bill, Failure> {
        let requests = self.workload.requests();
        let mut bill = rate_bill(usage, requests, book, &self.own).map_err(Failure::Overflow)?;
        let groups = &case.scenario.groups;
        bill.name_lines(
            |class| groups.name(GroupKind::Class, usize::from(class)),
            |corpus| groups.name(GroupKind::Corpus, usize::from(corpus)),
            |call| groups.name(GroupKind::Call, usize::from(call)),
        );
        Ok(bill)
    }
}

impl Case<'_> {
    /// Returns the indexes of the `[[model]]` tables that hold for a model.
    fn models_tables(&self, model: ProductId) -> Vec<u16> {
        let holds = |(_, ids): &(usize, &Vec<ProductId>)| ids.contains(&model);
        self.model_tables.iter().enumerate().filter(holds).map(|(at, _)| at as u16).collect()
    }

    /// Returns the calls beside those of the strategy that a design makes.
    fn extras(&self, pair: Pair) -> Vec<Extra> {
        let made = self.extra_calls.iter().filter(|call| call.scope.holds(pair));
        made.map(|call| {
            let product = call.product.unwrap_or(pair.model);
            Extra {
                at: call.at,
                product,
                service: call.service,
                tokens: self.tokens_factor(product, None).unwrap_or(1.0),
                quantities: call.quantities.clone(),
            }
        })
        .collect()
    }

    /// Returns the models on hardware of the user's own, with the numbers of a scenario.
    fn hosts_of(&self, scenario: &Scenario) -> Vec<Hosted> {
        self.hosts.iter().map(|host| numbered(host, scenario)).collect()
    }

    /// Changes the numbers of models on hardware of the user's own to those of a scenario.
    pub(super) fn renumber(&self, hosts: &mut [Hosted], scenario: &Scenario) {
        for (changed, host) in hosts.iter_mut().zip(&self.hosts) {
            *changed = numbered(host, scenario);
        }
    }

    /// Returns the kind of a product; the models that answer are those of kind chat.
    pub fn kind(&self, id: ProductId) -> Kind {
        self.catalog.product(id).kind
    }
}

/// Returns a hosted model with the numbers of a scenario, else those that were measured.
fn numbered(host: &Hosted, scenario: &Scenario) -> Hosted {
    let numbers = scenario.groups.numbers(GroupKind::Host, usize::from(host.at));
    let given = |param, measured| numbers.get(param).unwrap_or(measured);
    Hosted {
        gpus: given(Param::HostGpus, host.gpus),
        input_rate: given(Param::HostInputRate, host.input_rate),
        output_rate: given(Param::HostOutputRate, host.output_rate),
        utilisation: numbers.value(Param::HostUtilisation),
        ..*host
    }
}
