//! The scenario reference, the filled-in view and the template, all made from the two lists of keys.

use super::parameter::{Fallback, PARAMETERS, Unit};
use super::setting::{Form, SETTINGS};
use super::{Origin, Param, Scenario};
use crate::units::write_number;

/// One key of a scenario as the reference prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceRow {
    /// The TOML path.
    pub path: String,
    /// Unit or form.
    pub unit: String,
    /// Range or allowed words.
    pub range: String,
    /// What holds without it.
    pub default: String,
    /// What it means.
    pub help: String,
}

/// Returns every key with its unit, range, default and meaning.
pub fn rows() -> Vec<ReferenceRow> {
    let settings = SETTINGS.iter().map(|setting| ReferenceRow {
        path: setting.path.to_owned(),
        unit: match setting.form {
            Form::Text => "text",
            Form::List => "list",
            Form::Flag => "true or false",
            Form::Date => "date",
        }
        .to_owned(),
        range: String::new(),
        default: setting.default.to_owned(),
        help: setting.help.to_owned(),
    });
    let numbers = PARAMETERS.iter().map(|parameter| ReferenceRow {
        path: parameter.path.to_owned(),
        unit: parameter.unit.to_string(),
        range: format!("{} to {}", write_number(parameter.bounds.0), write_number(parameter.bounds.1)),
        default: match parameter.fallback {
            Fallback::Value(value) => write_number(value),
            Fallback::Derived(text) => text.to_owned(),
        },
        help: parameter.help.to_owned(),
    });
    let costs = [
        ("cost.name", "text", "What a cost of your own is for; [[cost]] may be repeated."),
        ("cost.monthly", "money", "Paid each month."),
        ("cost.one_off", "money", "Paid once."),
        ("cost.per_request", "money", "Paid for each request."),
        ("cost.currency", "text", "Currency of the amounts; the scenario's where absent."),
        ("cost.strategies", "list", "Designs that bear the cost; all where absent."),
        ("cost.models", "list", "Models whose designs bear the cost; all where absent."),
    ]
    .map(|(path, unit, help)| ReferenceRow {
        path: path.to_owned(),
        unit: unit.to_owned(),
        range: String::new(),
        default: "none".to_owned(),
        help: help.to_owned(),
    });
    settings.chain(numbers).chain(costs).collect()
}

/// A key with the value that holds and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveRow {
    /// The TOML path.
    pub path: String,
    /// The value as TOML, or words for a derived one.
    pub value: String,
    /// Where it comes from, in one word.
    pub origin: &'static str,
}

/// Returns every key with the value that holds.
pub fn effective(scenario: &Scenario) -> Vec<EffectiveRow> {
    let mut rows = Vec::new();
    for setting in SETTINGS {
        let shown = (setting.show)(scenario);
        let origin = if shown.is_some() { "set" } else { "default" };
        rows.push(EffectiveRow {
            path: setting.path.to_owned(),
            value: shown.unwrap_or_else(|| setting.default.to_owned()),
            origin,
        });
    }
    for parameter in PARAMETERS {
        rows.push(effective_number(scenario, parameter.param));
    }
    for cost in &scenario.costs {
        let amounts =
            [("monthly", cost.monthly), ("one_off", cost.one_off), ("per_request", cost.per_request)];
        for (key, price) in amounts {
            if let Some(price) = price {
                let path = format!("cost.{key} ({})", cost.name);
                rows.push(EffectiveRow { path, value: price.exact.to_string(), origin: "set" });
            }
        }
    }
    rows
}

fn effective_number(scenario: &Scenario, param: Param) -> EffectiveRow {
    let parameter = param.facts();
    let path = parameter.path.to_owned();
    if param == Param::ContextTokens && scenario.fill_context {
        return EffectiveRow { path, value: "fill".to_owned(), origin: "set" };
    }
    if param == Param::RequestsPerMonth && scenario.numbers.get(Param::Users).is_some() {
        return EffectiveRow { path, value: write_number(scenario.numbers.requests()), origin: "derived" };
    }
    let origin = match scenario.numbers.origin(param) {
        Origin::File | Origin::Override => "set",
        Origin::Counted => "counted",
        Origin::Default => "default",
    };
    let value = match (scenario.numbers.get(param), parameter.fallback) {
        (Some(value), _) if parameter.unit == Unit::Share => {
            format!("{}%", crate::units::decimal(value * 100.0).normalize())
        }
        (Some(value), _) => write_number(value),
        (None, Fallback::Derived(text)) => text.to_owned(),
        (None, Fallback::Value(value)) => write_number(value),
    };
    EffectiveRow { path, value, origin }
}

/// Returns a scenario to start from: every value in it is a default, so that deleting a line
/// changes nothing; keys that are derived or empty stand there as comments.
pub fn template(name: &str) -> String {
    let mut text = format!(
        "# A scenario for ragonomics. Every value below is a default: keep the lines you change.\nname = {name:?}\n"
    );
    let mut group = "";
    let keys =
        SETTINGS.iter().map(|setting| setting.path).chain(PARAMETERS.iter().map(|parameter| parameter.path));
    let mut paths: Vec<&str> = keys.filter(|path| *path != "name").collect();
    let order = |path: &str| paths_group(path).map_or(0, |group| 1 + group_rank(group));
    paths.sort_by_key(|path| order(path));
    for path in paths {
        let own = paths_group(path).unwrap_or("");
        if own != group {
            text.push_str(&format!("\n[{own}]\n"));
            group = own;
        }
        text.push_str(&template_line(path));
    }
    text.push_str("\n# Costs of your own; the table may be repeated.\n# [[cost]]\n# name = \"maintaining the index\"\n# monthly = 500\n# strategies = [\"rag\"]\n");
    text
}

fn paths_group(path: &str) -> Option<&str> {
    path.split_once('.').map(|(group, _)| group)
}

/// Groups stand in the order in which their numbers are listed, then those that hold only texts.
fn group_rank(group: &str) -> usize {
    PARAMETERS
        .iter()
        .position(|parameter| paths_group(parameter.path) == Some(group))
        .unwrap_or(PARAMETERS.len())
}

fn template_line(path: &str) -> String {
    let key = path.rsplit('.').next().unwrap_or(path);
    if let Some(parameter) = PARAMETERS.iter().find(|parameter| parameter.path == path) {
        let help = parameter.help;
        return match parameter.fallback {
            Fallback::Value(value) => format!("{key} = {value} # {help}\n"),
            Fallback::Derived(text) => format!("# {key} = … # {help} Without it: {text}.\n"),
        };
    }
    let Some(setting) = SETTINGS.iter().find(|setting| setting.path == path) else { return String::new() };
    format!("# {key} = … # {} Without it: {}.\n", setting.help, setting.default)
}
