//! A scenario file to a [`Scenario`]: the only code that knows the file's shape.

mod groups;

use std::ops::Range;
use std::path::Path;

use super::parameter::PARAMETERS;
use super::setting::{Form, SETTINGS};
use super::{
    GroupKind, KEYS_LISTED, Named, Origin, OwnCost, Param, Range as Spread, Scenario, Target, unknown_key,
};
use crate::diagnostic::{Diagnostics, Fault, Place};
use crate::document::{Document, Section, Value};
use crate::units::Price;

/// What a scenario file should be, and how to get one.
const EXPECTED: (&str, &str) = ("a scenario", "`ragonomics scenario new` prints one to start from");

/// Reads a scenario from its text.
///
/// `source` is the name for messages; `folder` is where relative corpus files start.
///
/// # Errors
/// All faults of the file.
pub fn scenario(source: &str, text: &str, folder: &Path) -> Result<(Scenario, Diagnostics), Diagnostics> {
    let document = Document::parse(source, text, EXPECTED);
    if let Some(table) = document.root().value("vendor").or_else(|| document.root().value("product")) {
        let message = "this is a pricing table; a scenario was expected".to_owned();
        let remedy = "give it with --pricing, beside a scenario".to_owned();
        document.fault(table.span(), Fault::Conflict { message, remedy });
        return Err(document.into_faults());
    }
    let (scenario, spans) = read(&document, folder);
    check_together(&document, &scenario, &spans);
    let faults = document.into_faults();
    if faults.has_errors() { Err(faults) } else { Ok((scenario, faults)) }
}

/// Reads some keys and tables by themselves: each is checked, but not held against the others or the rest of a scenario.
///
/// # Errors
/// All faults of the text.
pub fn part(text: &str) -> Result<Scenario, Diagnostics> {
    let document = Document::parse("what is typed", text, EXPECTED);
    let (scenario, _) = read(&document, Path::new("."));
    let faults = document.into_faults();
    if faults.has_errors() { Err(faults) } else { Ok(scenario) }
}

/// Reads every key and table.
fn read(document: &Document<'_>, folder: &Path) -> (Scenario, Spans) {
    let mut scenario = Scenario { folder: folder.to_owned(), ..Scenario::default() };
    let mut spans: Spans = Vec::new();
    let root = document.root();
    for section in root.sections("cost") {
        if let Some(cost) = read_cost(&section) {
            scenario.costs.push(cost);
        }
    }
    let mut reader = Reader { document, scenario: &mut scenario, spans: &mut spans };
    reader.table(&root, "");
    reader.groups(&root);
    (scenario, spans)
}

/// Where numbers were written.
type Spans = Vec<(Target, Range<usize>)>;

struct Reader<'r, 'd> {
    document: &'d Document<'d>,
    scenario: &'r mut Scenario,
    spans: &'r mut Spans,
}

/// Returns whether a key begins a repeated table; `corpus` may also be a single one.
fn is_repeated(key: &str, value: Value<'_>) -> bool {
    let kind = GroupKind::ALL.into_iter().find(|kind| kind.key() == key);
    key == "cost" || kind.is_some_and(|kind| kind != GroupKind::Corpus || value.kind() == "array")
}

impl Reader<'_, '_> {
    /// Reads the keys of a table, going down into known groups.
    fn table(&mut self, section: &Section<'_>, prefix: &str) {
        for (key, key_span, value) in section.entries() {
            if self.document.is_hopeless() {
                return;
            }
            let path = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
            if prefix.is_empty() && is_repeated(key, value) {
                continue;
            }
            if let Some(setting) = SETTINGS.iter().find(|setting| setting.path == path) {
                self.setting(section, key, setting, value);
            } else if let Some(parameter) = PARAMETERS.iter().find(|parameter| parameter.path == path) {
                self.number(section, key, parameter.param.into(), value);
            } else if is_group(&path) {
                if let Some(inner) = section.section(key) {
                    self.table(&inner, &path);
                }
            } else {
                let fault = if prefix.is_empty() && matches!(value.kind(), "table" | "array") {
                    unknown_group(&path)
                } else {
                    unknown_key(&path)
                };
                self.document.fault(key_span, fault);
            }
        }
    }

    fn setting<'s>(
        &mut self,
        section: &Section<'s>,
        key: &'s str,
        setting: &super::setting::Setting,
        value: Value<'_>,
    ) {
        let items: Option<Vec<(String, Range<usize>)>> = match setting.form {
            Form::Text => section.text(key).map(|text| vec![(text.to_owned(), value.span())]),
            Form::Flag => section.boolean(key).map(|flag| vec![(flag.to_string(), value.span())]),
            Form::Numbers => section.number_list(key),
            Form::Date => section.date(key).map(|date| vec![(date.to_string(), value.span())]),
            Form::List => section
                .text_list(key)
                .map(|items| items.into_iter().map(|(text, span)| (text.to_owned(), span)).collect()),
        };
        let Some(items) = items else { return };
        let placed: Vec<(String, Place)> =
            items.into_iter().map(|(text, span)| (text, self.document.place(span))).collect();
        if let Err(fault) = (setting.set)(self.scenario, &placed) {
            self.document.fault(value.span(), fault);
        }
    }

    fn number<'s>(&mut self, section: &Section<'s>, key: &'s str, target: Target, value: Value<'_>) {
        let param = target.param;
        if target == Param::ContextTokens.into() && value.as_text() == Some("fill") {
            self.scenario.modes.fill_context = true;
            return;
        }
        if value.kind() == "table" {
            self.range(section, key, target, value);
            return;
        }
        let Some(number) = section.number(key) else { return };
        match param.facts().check(number, &value.shown(self.document)) {
            Ok(()) => {
                let shown = value.shown(self.document);
                if param == Param::ChangedPerMonth && number > 1.0 && !shown.contains('%') {
                    let message =
                        format!("{} of {number} is the whole corpus {number} times", param.facts().path);
                    let remedy = format!("{number} percent is written \"{number}%\" or {}", number / 100.0);
                    self.document.warn(value.span(), Fault::Suspicious { message, remedy });
                }
                self.scenario.put(target, number, Origin::File);
                self.spans.push((target, value.span()));
            }
            Err(fault) => self.document.fault(value.span(), fault),
        }
    }

    /// Reads a number that is known only roughly: `{ low, mode, high }` or `{ p10, p90 }`.
    fn range<'s>(&mut self, section: &Section<'s>, key: &'s str, target: Target, value: Value<'_>) {
        let Some(inner) = section.section(key) else { return };
        let facts = target.param.facts();
        let keys = RANGE_KEYS.map(|key| self.range_value(&inner, key, target.param));
        let unknown = inner.entries().any(|(key, ..)| !RANGE_KEYS.contains(&key));
        inner.refuse_unknown_keys();
        // What is wrong with a part is said already.
        if unknown || keys.contains(&Err(())) {
            return;
        }
        let range = match keys.map(|value| value.ok().flatten()) {
            [Some(low), Some(mode), Some(high), None, None] if low <= mode && mode <= high && low < high => {
                Spread::Triangle { low, mode, high }
            }
            [None, None, None, Some(p10), Some(p90)] if p10 < p90 => {
                let log = p10 > 0.0 && facts.unit != super::parameter::Unit::Share;
                Spread::Tenths { p10, p90, log }
            }
            _ => {
                let message = format!("`{}` gives no range", section.full_key(key));
                let remedy = "write { low = …, mode = …, high = … } in ascending order, or { p10 = …, p90 = … } with p10 below p90";
                let fault = Fault::Conflict { message, remedy: remedy.to_owned() };
                self.document.fault(value.span(), fault);
                return;
            }
        };
        self.scenario.put_range(target, range, Origin::File);
        self.spans.push((target, value.span()));
    }

    /// Reads one value of a range; `Ok(None)` where it is not there, an error where it is wrong.
    fn range_value(&self, inner: &Section<'_>, key: &'static str, param: Param) -> Result<Option<f64>, ()> {
        let Some(value) = inner.value(key) else { return Ok(None) };
        let number = inner.number(key).ok_or(())?;
        let checked = param.facts().check(number, &value.shown(self.document));
        checked.map(|()| Some(number)).map_err(|fault| self.document.fault(value.span(), fault))
    }
}

/// Keys of a range.
const RANGE_KEYS: [&str; 5] = ["low", "mode", "high", "p10", "p90"];

fn is_group(path: &str) -> bool {
    let inside = |known: &str| known.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    SETTINGS.iter().any(|setting| inside(setting.path))
        || PARAMETERS.iter().any(|parameter| inside(parameter.path))
}

fn unknown_group(name: &str) -> Fault {
    let groups = SETTINGS
        .iter()
        .map(|setting| setting.path)
        .chain(PARAMETERS.iter().map(|parameter| parameter.path))
        .filter_map(|path| path.split_once('.').map(|(group, _)| group))
        .chain(["cost"])
        .chain(GroupKind::ALL.iter().map(|kind| kind.key()));
    let near = crate::diagnostic::nearest(name, groups).into_iter().next();
    Fault::UnknownKey { key: name.to_owned(), nearest: near, otherwise: KEYS_LISTED.to_owned() }
}

/// Reports keys that contradict each other, at the place of the one to change.
fn check_together(document: &Document<'_>, scenario: &Scenario, spans: &Spans) {
    let span_at =
        |target: Target| spans.iter().find(|(known, _)| *known == target).map(|(_, span)| span.clone());
    let span_of = |param: Param| span_at(param.into());
    if let Err((target, fault)) = scenario.consistency() {
        let any = spans.iter().find(|(known, _)| known.param == target.param).map(|(_, span)| span.clone());
        let class = scenario.groups.classes.first().filter(|_| target.group.is_some());
        match (span_at(target).or(any), class) {
            (Some(span), _) => document.fault(span, fault),
            (None, Some(class)) => document.fault_at(class.name.place.clone(), fault),
            (None, None) => document.fault(span_of(Param::ChunkTokens).unwrap_or(0..0), fault),
        }
    }
    groups::check(document, scenario);
    if let (Some(_), Some(span)) = (span_of(Param::Users), span_of(Param::RequestsPerMonth)) {
        let message = "both workload.users and workload.requests_per_month are given".to_owned();
        let remedy =
            "keep one; users × sessions_per_user × turns_per_session are requests a month".to_owned();
        document.fault(span, Fault::Conflict { message, remedy });
    }
    for param in [Param::SessionsPerUser, Param::TurnsPerSession] {
        let idle = scenario.numbers.get(Param::Users).is_none() && scenario.numbers.value(param) != 1.0;
        if let (true, Some(span)) = (idle, span_of(param)) {
            let message = format!("{} does nothing without workload.users", param.facts().path);
            let remedy = "give workload.users, or count it into workload.requests_per_month".to_owned();
            document.warn(span, Fault::Suspicious { message, remedy });
        }
    }
    if let (None, Some(span)) = (scenario.numbers.get(Param::Users), span_of(Param::PricePerUser)) {
        let message = format!("{} does nothing without workload.users", Param::PricePerUser.facts().path);
        let remedy = "give workload.users, so that revenue and margin can be told".to_owned();
        document.warn(span, Fault::Suspicious { message, remedy });
    }
    if let (false, Some(span)) = (scenario.files.is_empty(), span_of(Param::CorpusTokens)) {
        let message = "both corpus.files and corpus.tokens are given".to_owned();
        document.fault(span, Fault::Conflict { message, remedy: "keep one; the files are counted".into() });
    }
}

fn read_cost(section: &Section<'_>) -> Option<OwnCost> {
    let place = |span: Range<usize>| section.document().place(span);
    let named = |key: &'static str| -> Vec<Named> {
        section
            .text_list(key)
            .unwrap_or_default()
            .into_iter()
            .map(|(text, span)| Named { text: text.to_owned(), place: place(span) })
            .collect()
    };
    let name = section.required_text("name", "write what the cost is for, such as name = \"licence\"");
    let money = |key: &'static str| section.price(key).map(Price::new);
    let (monthly, one_off, per_request) = (money("monthly"), money("one_off"), money("per_request"));
    let currency = section.currency("currency");
    let cost = OwnCost {
        name: name.unwrap_or_default().to_owned(),
        monthly,
        one_off,
        per_request,
        currency,
        strategies: named("strategies"),
        models: named("models"),
        place: place(section.span()),
    };
    let given = ["monthly", "one_off", "per_request"].iter().any(|key| section.value(key).is_some());
    if !given {
        let message = "a cost without an amount".to_owned();
        let remedy = "write monthly, one_off or per_request, such as monthly = 500".to_owned();
        section.document().fault(section.span(), Fault::Conflict { message, remedy });
    }
    section.refuse_unknown_keys();
    name.map(|_| cost)
}
