//! A scenario as a form: every key with its value, unit, origin and meaning, set from what a user types.

mod typed;

use std::fmt;

use super::parameter::{Fallback, PARAMETERS, Unit};
use super::reference;
use super::save::view::{Written, number_value, setting_value};
use super::setting::{Form, SETTINGS, Setting};
use super::table::{TableKind, TextForm, TextKey, texts};
use super::{
    History, ImageDetail, IndexPlace, Origin, Owner, PagesAs, Param, PromptCache, Scenario, TalkContext,
    Target,
};
use crate::catalog::Service;
use crate::document::Document;

/// A key of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// One that is not a number, by its place in the list of settings.
    Setting(usize),
    /// A number, or what is known of it.
    Number(Target),
    /// One of a repeated table that is no number of the list.
    Text(TableKind, u16, TextKey),
}

/// A table of a scenario file with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The header as a file writes it, with the name of a repeated table behind; empty for keys above all tables.
    pub title: String,
    /// The repeated table, by kind and place.
    pub table: Option<(TableKind, usize)>,
    /// Its keys.
    pub fields: Vec<Field>,
}

/// Where the value of a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Nobody gave it.
    Default,
    /// The file.
    File,
    /// It was changed since the file was opened, or given by a flag.
    Changed,
    /// It was counted from the corpus files.
    Counted,
    /// It follows from other values.
    Derived,
    /// The whole scenario says it for this table too.
    Whole,
}

impl Source {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Source::Default => "default",
            Source::File => "file",
            Source::Changed => "changed",
            Source::Counted => "counted",
            Source::Derived => "derived",
            Source::Whole => "whole",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Returns every key of a scenario, table by table as in a file.
pub fn sections(scenario: &Scenario) -> Vec<Section> {
    let settings = SETTINGS.iter().enumerate().map(|(at, setting)| (setting.path, Field::Setting(at)));
    let numbers = scenario.targets().into_iter().filter(|target| target.group.is_none());
    let numbers = numbers.map(|target| (target.param.facts().path, Field::Number(target)));
    let mut sections: Vec<Section> = Vec::new();
    for (path, field) in settings.chain(numbers) {
        let title = path.rsplit_once('.').map_or(String::new(), |(table, _)| format!("[{table}]"));
        match sections.iter_mut().find(|section| section.title == title) {
            Some(section) => section.fields.push(field),
            None => sections.push(Section { title, table: None, fields: vec![field] }),
        }
    }
    // Tables stand in the order of their numbers, those that hold only texts behind.
    let rank = |section: &Section| {
        let table = section.title.trim_matches(['[', ']']);
        let own = |path: &str| path.rsplit_once('.').map_or("", |(table, _)| table) == table;
        PARAMETERS.iter().position(|parameter| own(parameter.path)).unwrap_or(PARAMETERS.len())
    };
    sections.sort_by_key(|section| if section.title.is_empty() { 0 } else { 1 + rank(section) });
    for kind in TableKind::ALL {
        sections.extend((0..scenario.tables(kind)).map(|at| table_section(scenario, kind, at)));
    }
    sections
}

fn table_section(scenario: &Scenario, kind: TableKind, at: usize) -> Section {
    let mut fields: Vec<Field> = kind.texts().iter().map(|key| Field::Text(kind, at as u16, *key)).collect();
    if let TableKind::Group(group) = kind {
        let target = |param: &Param| Target { param: *param, group: Some((group, at as u16)) };
        fields.extend(group.params().iter().map(target).map(Field::Number));
    }
    let title = format!("[[{}]] {}", kind.key(), scenario.table_name(kind, at));
    Section { title, table: Some((kind, at)), fields }
}

impl Field {
    /// Finds a key by its path.
    pub fn find(scenario: &Scenario, path: &str) -> Option<Field> {
        sections(scenario)
            .into_iter()
            .flat_map(|section| section.fields)
            .find(|field| field.path(scenario) == path)
    }

    /// Returns the path: the keys with dots, the name of a repeated table between.
    pub fn path(self, scenario: &Scenario) -> String {
        match self {
            Field::Setting(at) => SETTINGS[at].path.to_owned(),
            Field::Number(target) => scenario.path_of(target),
            Field::Text(kind, at, text) => {
                format!("{}.{}.{}", kind.key(), scenario.table_name(kind, usize::from(at)), text.key)
            }
        }
    }

    /// Returns the path that the reference lists it under, without the name of a repeated table.
    pub fn listed_path(self) -> String {
        match self {
            Field::Setting(at) => SETTINGS[at].path.to_owned(),
            Field::Number(target) => target.param.facts().path.to_owned(),
            Field::Text(kind, _, text) => format!("{}.{}", kind.key(), text.key),
        }
    }

    /// Returns the key inside its table.
    pub fn key(self) -> &'static str {
        match self {
            Field::Setting(at) => SETTINGS[at].path.rsplit('.').next().unwrap_or_default(),
            Field::Number(target) => target.param.key(),
            Field::Text(_, _, text) => text.key,
        }
    }

    /// Returns the repeated table that it stands in.
    pub fn table(self) -> Option<(TableKind, usize)> {
        match self {
            Field::Setting(_) => None,
            Field::Number(target) => target.group.map(|(kind, at)| (TableKind::Group(kind), usize::from(at))),
            Field::Text(kind, at, _) => Some((kind, usize::from(at))),
        }
    }

    /// Returns what it means.
    pub fn help(self) -> String {
        match self {
            Field::Setting(at) => SETTINGS[at].help.to_owned(),
            Field::Number(target) => target.param.facts().help.to_owned(),
            Field::Text(..) => {
                reference::table_key(&self.listed_path()).map_or_else(String::new, |row| row.help)
            }
        }
    }

    /// Returns its setting, where it is one.
    pub fn setting(self) -> Option<&'static Setting> {
        match self {
            Field::Setting(at) => Some(&SETTINGS[at]),
            _ => None,
        }
    }

    /// Returns how it is written, where it is no number.
    pub fn form(self) -> Option<TextForm> {
        match self {
            Field::Setting(at) => Some(TextForm::Plain(SETTINGS[at].form)),
            Field::Text(_, _, text) => Some(text.form),
            Field::Number(_) => None,
        }
    }

    /// Returns the unit; the currency for money, nothing for plain counts.
    pub fn unit(self, scenario: &Scenario) -> String {
        match self {
            Field::Number(target) => match target.param.facts().unit {
                Unit::Money => scenario.amounts_in().to_string(),
                Unit::Share => String::new(),
                unit => unit.to_string(),
            },
            Field::Text(_, at, text) if text.form == TextForm::Money => {
                let own = scenario.costs.get(usize::from(at)).and_then(|cost| cost.currency);
                own.unwrap_or(scenario.amounts_in()).to_string()
            }
            _ => String::new(),
        }
    }

    /// Returns the words that it may be, where only some are allowed.
    pub fn words(self) -> Vec<&'static str> {
        if self.form() == Some(TextForm::Plain(Form::Flag)) {
            return vec!["true", "false"];
        }
        fn of<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
            words.iter().map(|(word, _)| *word).collect()
        }
        match self.listed_path().as_str() {
            "tenants.corpus" | "tenants.prompt" => of(Owner::WORDS),
            "request.image_detail" => of(ImageDetail::WORDS),
            "request.pages_as" => of(PagesAs::WORDS),
            "caching.system_prompt" => of(PromptCache::WORDS),
            "retrieval.index" => of(IndexPlace::WORDS),
            "conversation.context" => of(TalkContext::WORDS),
            "conversation.history" => of(History::WORDS),
            "call.service" => of(Service::WORDS),
            _ => Vec::new(),
        }
    }

    /// Says what may be typed: the range of a number, the words, or how it is written.
    pub fn allowed(self) -> String {
        let words = self.words();
        if !words.is_empty() {
            return words.join(", ");
        }
        match self {
            Field::Number(target) => {
                let facts = target.param.facts();
                let whole = if facts.whole { ", whole" } else { "" };
                format!("{}{whole}; roughly: low..high or low..likely..high", facts.range_in_words())
            }
            _ => match self.form() {
                Some(TextForm::Plain(Form::Date)) => "a date such as 2026-11-22".to_owned(),
                Some(TextForm::Plain(Form::List)) => "a list with commas between".to_owned(),
                Some(TextForm::Plain(Form::Numbers)) => "numbers with commas between".to_owned(),
                Some(TextForm::Table) => "meters with counts, such as web_searches = 1".to_owned(),
                Some(TextForm::Money) => "an amount, zero or more".to_owned(),
                _ => "a text".to_owned(),
            },
        }
    }

    /// Returns what a file would say; nothing where it is left out.
    pub(super) fn given(self, scenario: &Scenario) -> Option<Written> {
        match self {
            Field::Setting(at) => setting_value(scenario, &SETTINGS[at]),
            Field::Number(target) => number_value(scenario, target),
            Field::Text(kind, at, text) => {
                let lines = texts(scenario, kind, usize::from(at));
                lines.into_iter().find(|(key, _)| *key == text.key).map(|(_, value)| Written::Text(value))
            }
        }
    }

    /// Returns whether a file would say it.
    pub fn is_given(self, scenario: &Scenario) -> bool {
        self.given(scenario).is_some()
    }

    /// Returns whether it is a list of texts.
    pub fn is_list(self) -> bool {
        self.form() == Some(TextForm::Plain(Form::List))
    }

    /// Returns the items of a list, or the one text; none where a file would not say it.
    pub fn items(self, scenario: &Scenario) -> Vec<String> {
        match self.given(scenario) {
            None => Vec::new(),
            Some(Written::List(items)) => items,
            Some(_) if self.is_list() => self.text(scenario).split(", ").map(str::to_owned).collect(),
            Some(_) => vec![self.text(scenario)],
        }
    }

    /// Returns the same key of another scenario, found by the name of its table; nothing where that has no such table.
    pub fn in_other(self, own: &Scenario, other: &Scenario) -> Option<Field> {
        let Some((kind, at)) = self.table() else { return Some(self) };
        let name = own.table_name(kind, at);
        let is_it = |at: &usize| *at < other.tables(kind) && other.table_name(kind, *at) == name;
        // Nearly always it is where it was.
        let place = Some(at).filter(is_it).or_else(|| (0..other.tables(kind)).find(is_it))?;
        Some(match self {
            Field::Text(kind, _, text) => Field::Text(kind, place as u16, text),
            Field::Number(Target { param, group: Some((kind, _)) }) => {
                Field::Number(Target { param, group: Some((kind, place as u16)) })
            }
            field => field,
        })
    }

    /// Returns whether it differs from what the scenario said as it was opened.
    pub fn is_changed(self, scenario: &Scenario, opened: &Scenario) -> bool {
        let users = scenario.numbers.get(Param::Users).is_some();
        if users && self == Field::Number(Param::RequestsPerMonth.into()) {
            return false;
        }
        let now = self.given(scenario);
        match self.in_other(scenario, opened) {
            Some(field) => match (&now, &field.given(opened)) {
                (Some(now), Some(before)) => !now.is(before),
                // What follows from other keys changes with them.
                (None, None) => false,
                // A number that was taken elsewhere and back says the same.
                _ => self.text(scenario) != field.text(opened),
            },
            None => now.is_some(),
        }
    }

    /// Returns the value that holds, as a file would say it.
    pub fn text(self, scenario: &Scenario) -> String {
        match self {
            Field::Setting(at) => {
                let setting = &SETTINGS[at];
                (setting.show)(scenario).unwrap_or_else(|| setting.default.to_owned())
            }
            Field::Text(..) => match self.given(scenario) {
                Some(Written::Text(toml)) => plain(&toml),
                _ => self.left_out(),
            },
            Field::Number(target @ Target { param, .. }) => {
                if target == Param::ContextTokens.into() && scenario.modes.fill_context {
                    return "fill".to_owned();
                }
                let shown = |value| reference::shown_number(param.facts().unit, value);
                let range = scenario.ranges.iter().find(|known| known.target == target);
                let range = range.map(|known| typed::typed_range(&known.range, shown));
                range.or_else(|| scenario.number(target).map(shown)).unwrap_or_else(|| {
                    match param.facts().fallback {
                        Fallback::Value(value) => shown(value),
                        Fallback::Derived(_) => "derived".to_owned(),
                    }
                })
            }
        }
    }

    /// Returns what holds for a key of a repeated table that is left out.
    fn left_out(self) -> String {
        reference::table_key(&self.listed_path()).map_or_else(String::new, |row| row.default)
    }

    /// Returns where the value comes from.
    pub fn source(self, scenario: &Scenario, opened: &Scenario) -> Source {
        if self.is_changed(scenario, opened) {
            return Source::Changed;
        }
        let given = self.given(scenario).is_some();
        let Field::Number(target) = self else {
            return if given { Source::File } else { Source::Default };
        };
        let users = target == Param::RequestsPerMonth.into() && scenario.numbers.get(Param::Users).is_some();
        match scenario.origin_of(target) {
            _ if users => Source::Derived,
            Origin::Counted => Source::Counted,
            // What was changed and changed back is what it was.
            Origin::Override => match self.in_other(scenario, opened) {
                Some(Field::Number(before)) if opened.origin_of(before) != Origin::Override => {
                    Field::Number(before).source(opened, opened)
                }
                _ => Source::Changed,
            },
            _ if given => Source::File,
            _ if target.group.is_some() && !target.param.is_grouped() => Source::Whole,
            _ if scenario.number(target).is_none() => Source::Derived,
            _ => Source::Default,
        }
    }

    /// Says how a value that is derived comes about, or what is there without it.
    pub fn derivation(self, scenario: &Scenario) -> Option<String> {
        let Field::Number(target) = self else { return None };
        if target == Param::RequestsPerMonth.into() && scenario.numbers.get(Param::Users).is_some() {
            return Some("users × sessions_per_user × turns_per_session".to_owned());
        }
        match (target.param.facts().fallback, scenario.number(target)) {
            (Fallback::Derived(how), None) => Some(how.to_owned()),
            _ => None,
        }
    }
}

/// Returns a TOML value as a user would type it: texts without quotes and brackets.
fn plain(toml: &str) -> String {
    if !toml.starts_with(['"', '\'', '[']) {
        return toml.to_owned();
    }
    let text = format!("value = {toml}");
    let document = Document::parse("a value", &text, ("a value", "write one"));
    let texts = document.root().text_list("value").unwrap_or_default();
    texts.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(", ")
}
