//! The names in a scenario's repeated tables: products of calls, models, hardware, accuracy.

use super::Names;
use crate::analysis::{ExtraCall, KnownQuality, Measured};
use crate::catalog::rules::Throughput;
use crate::catalog::{Kind, Language, Meter, ProductId};
use crate::diagnostic::{Fault, one_of};
use crate::scenario::group::{Host, ModelNumbers};
use crate::scenario::{Named, Param, Scenario};
use crate::usage::hosting::Hosted;

impl Names<'_> {
    /// Looks up the calls beside those of the strategies. One that only has a fee uses nothing, unless a sweep says so.
    pub fn extra_calls(&mut self, scenario: &Scenario) -> Vec<ExtraCall> {
        let catalog = self.catalog;
        let mut calls = Vec::new();
        for (at, call) in scenario.groups.calls.iter().enumerate() {
            let product = call.product.as_ref();
            let product = product.and_then(|named| self.keep(&named.place, catalog.find(&named.text)));
            let scope = self.scope(&call.strategies, &call.models);
            // One that uses nothing is looked up too: its tokens may be varied.
            let quantities = call.quantities.clone();
            calls.push(ExtraCall { at: at as u8, product, service: call.service, quantities, scope });
        }
        calls
    }

    /// Looks up the models of each `[[model]]` table.
    pub fn model_tables(&mut self, scenario: &Scenario) -> Vec<Vec<ProductId>> {
        let catalog = self.catalog;
        let mut find = |table: &ModelNumbers| {
            let found = catalog.find_all(&table.name.text, Kind::Chat);
            self.keep(&table.name.place, found).unwrap_or_default()
        };
        scenario.groups.models.iter().map(&mut find).collect()
    }

    /// Checks the numbers of `[[model]]` tables against those of the classes, on each model.
    pub fn model_numbers(&mut self, scenario: &Scenario, tables: &[Vec<ProductId>]) {
        let mut checked: Vec<Vec<u16>> = Vec::new();
        for model in tables.iter().flatten() {
            let of_model: Vec<u16> =
                (0..tables.len()).filter(|at| tables[*at].contains(model)).map(|at| at as u16).collect();
            if checked.contains(&of_model) {
                continue;
            }
            if let (Some(last), Err((_, fault))) =
                (of_model.last(), scenario.consistency_of(of_model.clone()))
            {
                let place = scenario.groups.models[usize::from(*last)].name.place.clone();
                let _: Option<()> = self.keep(&place, Err(fault));
            }
            checked.push(of_model);
        }
    }

    /// Looks up models on hardware of the user's own, with the throughput that was measured on the GPU.
    pub fn hosts(&mut self, scenario: &Scenario) -> Vec<Hosted> {
        let hosts = scenario.groups.hosts.iter().enumerate();
        hosts.filter_map(|(at, host)| self.host(at as u16, host)).collect()
    }

    fn host(&mut self, at: u16, host: &Host) -> Option<Hosted> {
        let catalog = self.catalog;
        let product = self.keep(&host.name.place, catalog.find(&host.name.text));
        let gpu = self.gpu(&host.gpu);
        let (product, gpu) = (product?, gpu?);
        let names = [&catalog.product(product).id, catalog.product(product).short_id(), &host.name.text];
        let is_about =
            |measured: &&Throughput| names.iter().any(|name| name.eq_ignore_ascii_case(&measured.model));
        let all = || catalog.product(gpu).throughput.iter().filter(is_about);
        // Of several measurements the one on as many GPUs, else the first.
        let alike = host.numbers.get(Param::HostGpus).and_then(|gpus| all().find(|of| of.gpus == gpus));
        let measured = alike.or_else(|| all().next());
        let rate = |param: Param, measured: Option<f64>| host.numbers.get(param).or(measured);
        let input =
            rate(Param::HostInputRate, measured.and_then(|measured| measured.input_tokens_per_second));
        let output =
            rate(Param::HostOutputRate, measured.and_then(|measured| measured.output_tokens_per_second));
        let writes = catalog.product(product).kind == Kind::Chat;
        let (Some(input_rate), Some(output_rate)) = (input, output.or((!writes).then_some(1.0))) else {
            self.throughput_missing(host, input.is_none());
            return None;
        };
        let gpus =
            host.numbers.get(Param::HostGpus).or(measured.map(|measured| measured.gpus)).unwrap_or(1.0);
        let utilisation = host.numbers.value(Param::HostUtilisation);
        let always_on = host.always_on;
        Some(Hosted { at, product, gpu, gpus, input_rate, output_rate, utilisation, always_on })
    }

    fn gpu(&mut self, named: &Named) -> Option<ProductId> {
        let catalog = self.catalog;
        let found = catalog.find(&named.text).and_then(|id| {
            let product = catalog.product(id);
            let by_the_hour = product.prices.iter().any(|card| card.prices(Meter::GpuHours));
            if by_the_hour { Ok(id) } else { Err(super::wrong_kind(catalog, &named.text, id, Kind::Gpu)) }
        });
        self.keep(&named.place, found)
    }

    fn throughput_missing(&mut self, host: &Host, input: bool) {
        let key = if input { "input_tokens_per_second" } else { "output_tokens_per_second" };
        let message = format!("how fast `{}` runs on `{}` was not measured", host.name.text, host.gpu.text);
        let remedy = format!("write {key} of one box, from a measurement of your own");
        let _: Option<()> = self.keep(&host.name.place, Err(Fault::Conflict { message, remedy }));
    }

    /// Looks up what known accuracy is about.
    pub fn qualities(&mut self, scenario: &Scenario) -> Vec<KnownQuality> {
        let list = |named: &Option<Named>| named.iter().cloned().collect::<Vec<Named>>();
        let qualities = scenario.groups.qualities.iter().enumerate();
        qualities
            .map(|(at, quality)| KnownQuality {
                at: at as u16,
                scope: self.scope(&list(&quality.strategy), &list(&quality.model)),
            })
            .collect()
    }

    /// Looks up the tokenizer with which tokens were counted and the languages of the texts.
    pub fn measured(&mut self, scenario: &Scenario) -> Option<Measured> {
        let catalog = self.catalog;
        let classes = scenario.groups.classes.iter().map(|class| class.language.as_ref());
        let language = self.language("tokens.language", scenario.language.as_ref());
        let of_classes: Vec<Option<Language>> =
            classes.map(|named| self.language("class.language", named).or(language)).collect();
        let Some(named) = &scenario.measured_with else {
            let classes = scenario.groups.classes.iter().filter_map(|class| class.language.as_ref());
            if let Some(language) = scenario.language.iter().chain(classes).next() {
                let message = "a language is given without tokens.measured_with".to_owned();
                let remedy =
                    "write tokens.measured_with = \"o200k_base\", or whichever tokenizer counted".to_owned();
                let _: Option<()> = self.keep(&language.place, Err(Fault::Conflict { message, remedy }));
            }
            return None;
        };
        let tokenizer = self.keep(&named.place, catalog.find_tokenizer(&named.text))?.name.clone();
        if language.is_none() && of_classes.iter().all(Option::is_none) {
            let message = "tokens.measured_with is given without a language".to_owned();
            let remedy = "write tokens.language = \"english\", chinese, code, json or markdown".to_owned();
            let _: Option<()> = self.keep(&named.place, Err(Fault::Conflict { message, remedy }));
        }
        Some(Measured { tokenizer, language, of_classes })
    }

    fn language(&mut self, key: &str, named: Option<&Named>) -> Option<Language> {
        let named = named?;
        self.keep(&named.place, one_of(key, &named.text, Language::WORDS))
    }
}
