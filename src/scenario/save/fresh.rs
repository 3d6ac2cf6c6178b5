//! The text of a scenario that came from no file: the template with its values, and its repeated tables behind.

use super::text::quoted;
use super::view::{Key, View, rest, view};
use super::{Step, one, read_again, saved, unwritable, without};
use crate::catalog::Service;
use crate::diagnostic::Fault;
use crate::document::edit::with_more;
use crate::scenario::reference::template;
use crate::scenario::{GroupKind, Groups, Named, OwnCost, Scenario, Target};
use crate::units::Price;

/// Returns the text of a new scenario file: every key with its meaning, the changed ones with their values.
///
/// # Errors
/// What of the scenario a file cannot say.
pub fn created(changed: &Scenario) -> Result<String, Fault> {
    let name = if changed.name.is_empty() { "My scenario" } else { &changed.name };
    let mut text = template(name);
    if !changed.groups.corpora.is_empty() {
        text = without(&text, &[Step::Key("corpus")]);
    }
    // Tables come first, so that the values of their keys are among what is compared.
    let tables = tables(changed);
    if !tables.is_empty() {
        text = with_more(&text, &tables);
    }
    let opened = read_again(&text, changed)?;
    if rest(&opened) != rest(changed) {
        return Err(unwritable("a repeated table"));
    }
    let named = Scenario { name: name.to_owned(), ..changed.clone() };
    saved(&text, &opened, &named)
}

/// Lines of one table.
struct Lines(String);

impl Lines {
    fn under(header: &str) -> Lines {
        Lines(format!("[[{header}]]\n"))
    }

    fn raw(mut self, key: &str, value: Option<String>) -> Lines {
        if let Some(value) = value {
            self.0.push_str(&format!("{key} = {value}\n"));
        }
        self
    }

    fn text(self, key: &str, value: Option<&str>) -> Lines {
        self.raw(key, value.map(|value| quoted(value, None)))
    }

    fn named(self, key: &str, named: &Option<Named>) -> Lines {
        self.text(key, named.as_ref().map(|named| named.text.as_str()))
    }

    fn list(self, key: &str, names: &[Named]) -> Lines {
        let items: Vec<String> = names.iter().map(|named| quoted(&named.text, None)).collect();
        self.raw(key, (!items.is_empty()).then(|| format!("[{}]", items.join(", "))))
    }
}

fn tables(scenario: &Scenario) -> String {
    let values = view(scenario);
    let mut blocks: Vec<String> = Vec::new();
    for kind in GroupKind::ALL {
        for at in 0..scenario.groups.count(kind) {
            let Lines(head) = texts(&scenario.groups, kind, at);
            blocks.push(head + &numbers(&values, kind, at));
        }
    }
    blocks.extend(scenario.costs.iter().map(cost));
    blocks.join("\n")
}

fn texts(groups: &Groups, kind: GroupKind, at: usize) -> Lines {
    let lines = Lines::under(kind.key());
    match kind {
        GroupKind::Class => {
            let class = &groups.classes[at];
            let lines = lines.text("name", Some(&class.name.text));
            lines.named("corpus", &class.corpus).named("language", &class.language)
        }
        GroupKind::Corpus => lines.text("name", Some(&groups.corpora[at].name.text)),
        GroupKind::Call => {
            let call = &groups.calls[at];
            let uses = call.quantities.iter().map(|(meter, count)| format!("{} = {count}", meter.name()));
            let uses: Vec<String> = uses.collect();
            let uses = (!uses.is_empty()).then(|| format!("{{ {} }}", uses.join(", ")));
            let service = Some(call.service.word()).filter(|_| call.service != Service::Standard);
            let lines = lines.text("name", Some(&call.name.text)).named("product", &call.product);
            let lines = lines.raw("uses", uses).text("variant", call.variant.as_deref());
            let lines = lines.text("service", service);
            lines.list("strategies", &call.strategies).list("models", &call.models)
        }
        GroupKind::Model => lines.text("name", Some(&groups.models[at].name.text)),
        GroupKind::Host => {
            let host = &groups.hosts[at];
            let lines = lines.text("model", Some(&host.name.text)).text("gpu", Some(&host.gpu.text));
            lines.raw("always_on", (!host.always_on).then(|| "false".to_owned()))
        }
        GroupKind::Quality => {
            let quality = &groups.qualities[at];
            lines.named("strategy", &quality.strategy).named("model", &quality.model)
        }
    }
}

/// Returns the lines of the numbers that a repeated table sets.
fn numbers(values: &View, kind: GroupKind, at: usize) -> String {
    let own = |target: &Target| target.group == Some((kind, at as u16));
    let mut lines = String::new();
    for (key, value) in values {
        if let (Key::Number(target), Some(value)) = (key, value)
            && own(target)
        {
            let value = one(value, target.param.facts().unit, None);
            lines.push_str(&format!("{} = {value}\n", target.param.key()));
        }
    }
    lines
}

fn cost(cost: &OwnCost) -> String {
    let amount = |price: &Option<Price>| price.map(|price| price.exact.to_string());
    let currency = cost.currency.map(|currency| currency.to_string());
    let lines = Lines::under("cost").text("name", Some(&cost.name));
    let lines = lines.raw("monthly", amount(&cost.monthly)).raw("one_off", amount(&cost.one_off));
    let lines = lines.raw("per_request", amount(&cost.per_request)).text("currency", currency.as_deref());
    lines.list("strategies", &cost.strategies).list("models", &cost.models).0
}
