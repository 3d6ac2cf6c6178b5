//! A scenario as keys with their values: what can be written back, and all the rest.

use std::path::PathBuf;

use crate::diagnostic::Place;
use crate::scenario::group::{Groups, Overrides};
use crate::scenario::parameter::PARAMETERS;
use crate::scenario::setting::{Form, SETTINGS, Setting};
use crate::scenario::{
    Constraints, GroupKind, Modes, Named, Numbers, Origin, OwnCost, Param, Range, Scenario, Target,
};

/// A key that can be written back.
#[derive(Clone, Copy)]
pub(in crate::scenario) enum Key {
    /// One that is not a number.
    Setting(&'static Setting),
    /// A number, or what is known of it.
    Number(Target),
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        match (self, other) {
            (Key::Setting(a), Key::Setting(b)) => a.path == b.path,
            (Key::Number(a), Key::Number(b)) => a == b,
            _ => false,
        }
    }
}

/// A value as a file can say it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) enum Written {
    Number(f64),
    Range(Range),
    /// The word that means the largest context that fits.
    Fill,
    Text(String),
    List(Vec<String>),
    Numbers(Vec<f64>),
    Flag(bool),
    /// A day of the calendar.
    Day(String),
}

/// Digits beyond the fifteenth of a number are noise, and a decimal does not always keep them.
fn alike(a: f64, b: f64) -> bool {
    const NOISE: f64 = 1e-14;
    a == b || (a - b).abs() <= NOISE * a.abs().max(b.abs())
}

impl Written {
    /// Returns whether two values are the same once written and read.
    pub(in crate::scenario) fn is(&self, other: &Written) -> bool {
        match (self, other) {
            (Written::Number(a), Written::Number(b)) => alike(*a, *b),
            (Written::Numbers(a), Written::Numbers(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(*a, *b))
            }
            (Written::Range(a), Written::Range(b)) => match (a, b) {
                (
                    Range::Triangle { low, mode, high },
                    Range::Triangle { low: low_b, mode: mode_b, high: high_b },
                ) => alike(*low, *low_b) && alike(*mode, *mode_b) && alike(*high, *high_b),
                (Range::Tenths { p10, p90, log }, Range::Tenths { p10: p10_b, p90: p90_b, log: log_b }) => {
                    alike(*p10, *p10_b) && alike(*p90, *p90_b) && log == log_b
                }
                _ => false,
            },
            (a, b) => a == b,
        }
    }
}

/// Every key of a scenario with its value; none where the default holds.
pub(in crate::scenario) type View = Vec<(Key, Option<Written>)>;

/// Returns every key of a scenario with its value.
pub(in crate::scenario) fn view(scenario: &Scenario) -> View {
    let settings = SETTINGS.iter().map(|setting| (Key::Setting(setting), setting_value(scenario, setting)));
    let whole = PARAMETERS.iter().map(|parameter| parameter.param).filter(|param| !param.is_grouped());
    let mut targets: Vec<Target> = whole.map(Target::from).collect();
    for kind in GroupKind::ALL {
        for at in 0..scenario.groups.count(kind) {
            let group = Some((kind, at as u16));
            targets.extend(kind.params().iter().map(|param| Target { param: *param, group }));
        }
    }
    let numbers = targets.into_iter().map(|target| (Key::Number(target), number_value(scenario, target)));
    settings.chain(numbers).collect()
}

pub(in crate::scenario) fn setting_value(scenario: &Scenario, setting: &Setting) -> Option<Written> {
    if setting.path == "currency" {
        // A flag may ask for results in another currency; the file says in which its amounts are.
        let shown = scenario.currency.is_some() || scenario.amounts_currency.is_some();
        return shown.then(|| Written::Text(scenario.amounts_in().to_string()));
    }
    match setting.form {
        Form::Text => (setting.show)(scenario).map(Written::Text),
        Form::Flag => (setting.show)(scenario).map(|word| Written::Flag(word == "true")),
        Form::Date => (setting.show)(scenario).map(Written::Day),
        Form::Numbers => (!scenario.seasonal.is_empty()).then(|| Written::Numbers(scenario.seasonal.clone())),
        Form::List => Some(items(scenario, setting)).filter(|items| !items.is_empty()).map(Written::List),
    }
}

/// Returns the items of a list.
fn items(scenario: &Scenario, setting: &Setting) -> Vec<String> {
    let texts = |names: &[Named]| names.iter().map(|named| named.text.clone()).collect();
    match setting.path {
        "notes" => scenario.notes.clone(),
        "exchange_rates" => {
            scenario.fixed_rates.iter().map(|(currency, rate)| format!("{currency}={rate}")).collect()
        }
        "compare.models" => texts(&scenario.models),
        "compare.strategies" => texts(&scenario.strategies),
        "corpus.files" => texts(&scenario.files),
        "limits.tiers" => texts(&scenario.tiers),
        "constraints.vendors" => texts(&scenario.constraints.vendors),
        "constraints.models" => texts(&scenario.constraints.models),
        "constraints.regions" => texts(&scenario.constraints.regions),
        // No item of the other lists holds a comma.
        _ => {
            let shown = (setting.show)(scenario);
            shown.iter().flat_map(|shown| shown.split(", ")).map(str::to_owned).collect()
        }
    }
}

pub(in crate::scenario) fn number_value(scenario: &Scenario, target: Target) -> Option<Written> {
    if target == Param::ContextTokens.into() && scenario.modes.fill_context {
        return Some(Written::Fill);
    }
    if let Some(known) = scenario.ranges.iter().find(|known| known.target == target) {
        return Some(Written::Range(known.range));
    }
    let value = match target.group {
        Some((kind, at)) => scenario.groups.numbers(kind, usize::from(at)).get(target.param),
        None => {
            let given = matches!(scenario.numbers.origin(target.param), Origin::File | Origin::Override);
            scenario.numbers.get(target.param).filter(|_| given)
        }
    };
    value.map(Written::Number)
}

/// Returns whether a number means the same, whether a file says it or not: one that was taken elsewhere and back
/// needs no line of its own.
pub(in crate::scenario) fn holds_the_same(key: Key, opened: &Scenario, changed: &Scenario) -> bool {
    let Key::Number(target @ Target { param, group: None }) = key else { return false };
    let special = |scenario: &Scenario| {
        scenario.ranges.iter().any(|known| known.target == target)
            || param == Param::ContextTokens && scenario.modes.fill_context
            || matches!(param, Param::Users | Param::RequestsPerMonth)
                && scenario.numbers.get(Param::Users).is_some()
    };
    !special(opened) && !special(changed) && opened.numbers.get(param) == changed.numbers.get(param)
}

/// What of a scenario no key of the view says: own costs, and the texts of repeated tables.
#[derive(Debug, PartialEq)]
pub(in crate::scenario) struct Rest {
    folder: PathBuf,
    costs: Vec<OwnCost>,
    groups: Groups,
}

/// Returns the rest of a scenario, without places.
pub(in crate::scenario) fn rest(scenario: &Scenario) -> Rest {
    // Whoever adds a field decides here whether the view says it.
    let Scenario {
        folder,
        costs,
        groups,
        name: _,
        description: _,
        notes: _,
        as_of: _,
        currency: _,
        fixed_rates: _,
        currency_place: _,
        amounts_currency: _,
        region: _,
        models: _,
        strategies: _,
        plan: _,
        baseline: _,
        files: _,
        modes: Modes { .. },
        language: _,
        measured_with: _,
        seasonal: _,
        tiers: _,
        embedding: _,
        store: _,
        reranker: _,
        context_model: _,
        fallback_model: _,
        constraints: Constraints { .. },
        ranges: _,
        numbers: Numbers { .. },
    } = scenario;
    let (mut costs, mut groups) = (costs.clone(), groups.clone());
    for cost in &mut costs {
        cost.place = nowhere();
        forget(cost.strategies.iter_mut().chain(&mut cost.models));
    }
    forget_places(&mut groups);
    for kind in GroupKind::ALL {
        (0..groups.count(kind)).for_each(|at| *groups.numbers_mut(kind, at) = Overrides::default());
    }
    Rest { folder: folder.clone(), costs, groups }
}

fn nowhere() -> Place {
    Place::whole("")
}

fn forget<'n>(names: impl IntoIterator<Item = &'n mut Named>) {
    names.into_iter().for_each(|named| named.place = nowhere());
}

fn forget_places(groups: &mut Groups) {
    for class in &mut groups.classes {
        forget([&mut class.name]);
        forget(class.corpus.iter_mut().chain(&mut class.language));
    }
    forget(groups.corpora.iter_mut().map(|corpus| &mut corpus.name));
    for call in &mut groups.calls {
        call.place = nowhere();
        forget([&mut call.name]);
        forget(call.product.iter_mut().chain(&mut call.strategies).chain(&mut call.models));
    }
    forget(groups.models.iter_mut().map(|model| &mut model.name));
    forget(groups.hosts.iter_mut().flat_map(|host| [&mut host.name, &mut host.gpu]));
    for quality in &mut groups.qualities {
        quality.place = nowhere();
        forget(quality.strategy.iter_mut().chain(&mut quality.model));
    }
}
