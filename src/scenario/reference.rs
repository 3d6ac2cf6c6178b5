//! The scenario reference, the filled-in view and the template, all made from the two lists of keys.

use super::parameter::{Fallback, PARAMETERS, Unit};
use super::setting::{Form, SETTINGS};
use super::{Origin, Param, Scenario, Target};
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
            Form::Numbers => "numbers",
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
    settings.chain(numbers).chain(GROUP_KEYS.iter().map(GroupKey::row)).collect()
}

/// A key of a repeated table that is not a number.
struct GroupKey(&'static str, &'static str, &'static str, &'static str);

impl GroupKey {
    fn row(&self) -> ReferenceRow {
        let GroupKey(path, unit, default, help) = *self;
        ReferenceRow {
            path: path.to_owned(),
            unit: unit.to_owned(),
            range: String::new(),
            default: default.to_owned(),
            help: help.to_owned(),
        }
    }
}

/// Returns whether a repeated table has a key that is not a number, such as `class.language`.
pub(super) fn is_text_of_a_table(table: &str, key: &str) -> bool {
    GROUP_KEYS.iter().any(|known| known.0.split_once('.') == Some((table, key)))
}

/// Keys of repeated tables that are not numbers; the numbers stand in the one list, under `class`, `call` and so on.
const GROUP_KEYS: &[GroupKey] = &[
    GroupKey(
        "class.name",
        "text",
        "none",
        "What alike requests are called; [[class]] may be repeated, and takes all keys of [request] and others that belong to single requests.",
    ),
    GroupKey("class.corpus", "text", "the first corpus", "Name of the [[corpus]] that the requests draw on."),
    GroupKey("class.language", "text", "tokens.language", "Language of their texts."),
    GroupKey(
        "corpus.name",
        "text",
        "none",
        "What one of several corpora is called; [[corpus]] may be repeated instead of [corpus].",
    ),
    GroupKey(
        "call.name",
        "text",
        "none",
        "What a call beside those of the strategy is for; [[call]] may be repeated.",
    ),
    GroupKey("call.product", "text", "the model that answers", "Product that is called, of any kind."),
    GroupKey(
        "call.uses",
        "table",
        "none",
        "What a call uses beside input and output tokens, by meter, such as { web_searches = 1 }.",
    ),
    GroupKey("call.variant", "text", "none", "Variant of the product, such as an image size and quality."),
    GroupKey("call.service", "text", "standard", "Service class of the call, such as batch."),
    GroupKey("call.strategies", "list", "all", "Strategies whose requests make the call."),
    GroupKey("call.models", "list", "all", "Models whose designs make the call."),
    GroupKey(
        "model.name",
        "text",
        "none",
        "Models on which some numbers are different, as an id or a pattern; [[model]] may be repeated, and takes output_tokens, reasoning_tokens, retries, hit_share, ttl_minutes and declined_share.",
    ),
    GroupKey(
        "host.model",
        "text",
        "none",
        "A model or embedding model that runs on hardware of your own; [[host]] may be repeated.",
    ),
    GroupKey("host.gpu", "text", "none", "The GPU, a product with a price by the hour."),
    GroupKey(
        "host.always_on",
        "true or false",
        "true",
        "Whether boxes run all month; false pays whole hours of use only.",
    ),
    GroupKey(
        "quality.strategy",
        "text",
        "all",
        "Strategy whose accuracy is known; [[quality]] may be repeated.",
    ),
    GroupKey("quality.model", "text", "all", "Models whose accuracy is known, as an id or a pattern."),
    GroupKey("cost.name", "text", "none", "What a cost of your own is for; [[cost]] may be repeated."),
    GroupKey("cost.monthly", "money", "none", "Paid each month."),
    GroupKey("cost.one_off", "money", "none", "Paid once."),
    GroupKey("cost.per_request", "money", "none", "Paid for each request."),
    GroupKey("cost.currency", "text", "none", "Currency of the amounts; the scenario's where absent."),
    GroupKey("cost.strategies", "list", "none", "Designs that bear the cost; all where absent."),
    GroupKey("cost.models", "list", "none", "Models whose designs bear the cost; all where absent."),
];

/// Returns a key of a repeated table that is not a number, by its path without the table's name.
pub fn table_key(path: &str) -> Option<ReferenceRow> {
    GROUP_KEYS.iter().find(|key| key.0 == path).map(GroupKey::row)
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
    for parameter in PARAMETERS.iter().filter(|parameter| !parameter.param.is_grouped()) {
        rows.push(effective_number(scenario, parameter.param));
    }
    for target in scenario.targets().into_iter().filter(|target| target.group.is_some()) {
        let Some(value) = scenario.number(target) else { continue };
        let value =
            shown_range(scenario, target).unwrap_or_else(|| shown_number(target.param.facts().unit, value));
        rows.push(EffectiveRow { path: scenario.path_of(target), value, origin: "set" });
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
    if param == Param::ContextTokens && scenario.modes.fill_context {
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
    let range = shown_range(scenario, param.into());
    let value = match (scenario.numbers.get(param), parameter.fallback) {
        _ if range.is_some() => range.unwrap_or_default(),
        (Some(value), _) => shown_number(parameter.unit, value),
        (None, Fallback::Derived(text)) => text.to_owned(),
        (None, Fallback::Value(value)) => write_number(value),
    };
    EffectiveRow { path, value, origin }
}

/// Returns what is known of a number that is known only roughly, in words.
pub fn shown_range(scenario: &Scenario, target: Target) -> Option<String> {
    let known = scenario.ranges.iter().find(|known| known.target == target)?;
    Some(known.range.in_words(|value| shown_number(target.param.facts().unit, value)))
}

/// Writes a number as files do: shares as percentages.
pub fn shown_number(unit: Unit, value: f64) -> String {
    if unit == Unit::Share {
        return format!("{}%", crate::units::decimal(value * 100.0).normalize());
    }
    write_number(value)
}

/// Returns a scenario to start from: every value in it is a default, so that deleting a line
/// changes nothing; keys that are derived or empty stand there as comments.
pub fn template(name: &str) -> String {
    let mut text = format!(
        "# A scenario for ragonomics. Every value below is a default: keep the lines you change.\n{}name = {name:?}\n",
        RANGES.map(|line| format!("# {line}\n")).concat()
    );
    let mut group = "";
    let numbers = PARAMETERS.iter().filter(|parameter| !parameter.param.is_grouped());
    let keys = SETTINGS.iter().map(|setting| setting.path).chain(numbers.map(|parameter| parameter.path));
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
    text.push_str(REPEATED);
    text
}

/// How a number is written that is known only roughly, line by line.
pub const RANGES: [&str; 3] = [
    "A number that you know only roughly can be a range, which `ragonomics simulate` draws from:",
    "{ low = \"5k\", mode = \"10k\", high = \"30k\" } from the least over the most likely to the largest value, or",
    "{ p10 = \"5k\", p90 = \"20k\" } where one case in ten is below and one in ten above.",
];

/// Repeated tables of a scenario to start from, all of them comments.
const REPEATED: &str = r#"
# Tables that may be repeated; `ragonomics scenario reference` lists their keys.
# [[cost]]
# name = "maintaining the index"
# monthly = 500
# strategies = ["rag"]

# [[class]]
# name = "long answers"
# share = "20%"
# output_tokens = 1500

# [[call]]
# name = "guardrail"
# product = "openai/gpt-6-luna"
# share = "100%"
# input_tokens = 400
# output_tokens = 10

# [[model]]
# name = "openai/*"
# output_tokens = 900
# reasoning_tokens = 600

# [[quality]]
# strategy = "rag"
# accuracy = "85%"
"#;

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
