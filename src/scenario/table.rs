//! The repeated tables of a scenario as a file writes them: one at a time to text and back, added and taken out.

use super::group::{Groups, Overrides, shares_with};
use super::range::Uncertain;
use super::save::text::quoted;
use super::save::view::number_value;
use super::save::{self, view::Written};
use super::setting::Form;
use super::{GroupKind, Named, Origin, OwnCost, Param, Scenario, Target, load};
use crate::catalog::Service;
use crate::diagnostic::{Diagnostics, Fault};
use crate::document::edit::{Step, with_value, without};
use crate::units::Price;

/// A kind of repeated table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// One that holds numbers of the list of parameters.
    Group(GroupKind),
    /// `[[cost]]`: a cost of the user's own.
    Cost,
}

/// A key of a table that is no number of the list, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextKey {
    /// The key.
    pub key: &'static str,
    /// How a user types it.
    pub form: TextForm,
}

/// How a key of a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// As a scenario's keys are.
    Plain(Form),
    /// A table in braces, such as `{ web_searches = 1 }`.
    Table,
    /// An amount of money.
    Money,
}

const fn text(key: &'static str) -> TextKey {
    TextKey { key, form: TextForm::Plain(Form::Text) }
}

const fn list(key: &'static str) -> TextKey {
    TextKey { key, form: TextForm::Plain(Form::List) }
}

const fn money(key: &'static str) -> TextKey {
    TextKey { key, form: TextForm::Money }
}

static NAMED: [TextKey; 1] = [text("name")];
static CLASS: [TextKey; 3] = [text("name"), text("corpus"), text("language")];
static CALL: [TextKey; 7] = [
    text("name"),
    text("product"),
    TextKey { key: "uses", form: TextForm::Table },
    text("variant"),
    text("service"),
    list("strategies"),
    list("models"),
];
static HOST: [TextKey; 3] =
    [text("model"), text("gpu"), TextKey { key: "always_on", form: TextForm::Plain(Form::Flag) }];
static QUALITY: [TextKey; 2] = [text("strategy"), text("model")];
static COST: [TextKey; 7] = [
    text("name"),
    money("monthly"),
    money("one_off"),
    money("per_request"),
    text("currency"),
    list("strategies"),
    list("models"),
];

impl TableKind {
    /// Every kind, in the order in which a reader meets them.
    pub const ALL: [TableKind; 7] = [
        TableKind::Group(GroupKind::Class),
        TableKind::Group(GroupKind::Corpus),
        TableKind::Group(GroupKind::Call),
        TableKind::Group(GroupKind::Model),
        TableKind::Group(GroupKind::Host),
        TableKind::Group(GroupKind::Quality),
        TableKind::Cost,
    ];

    /// Returns the key of the table in files.
    pub fn key(self) -> &'static str {
        match self {
            TableKind::Group(kind) => kind.key(),
            TableKind::Cost => "cost",
        }
    }

    /// Says what such a table is for.
    pub fn about(self) -> &'static str {
        match self {
            TableKind::Group(GroupKind::Class) => "alike requests, with sizes of their own",
            TableKind::Group(GroupKind::Corpus) => "one of several corpora",
            TableKind::Group(GroupKind::Call) => "a call beside those of the strategy, such as a guardrail",
            TableKind::Group(GroupKind::Model) => "numbers that are different on one model",
            TableKind::Group(GroupKind::Host) => "a model on hardware of your own",
            TableKind::Group(GroupKind::Quality) => "how often answers are right",
            TableKind::Cost => "a cost of your own, such as engineering time",
        }
    }

    /// Returns its keys that are no numbers of the list.
    pub fn texts(self) -> &'static [TextKey] {
        match self {
            TableKind::Group(GroupKind::Class) => &CLASS,
            TableKind::Group(GroupKind::Corpus | GroupKind::Model) => &NAMED,
            TableKind::Group(GroupKind::Call) => &CALL,
            TableKind::Group(GroupKind::Host) => &HOST,
            TableKind::Group(GroupKind::Quality) => &QUALITY,
            TableKind::Cost => &COST,
        }
    }
}

/// The keys of one table with their values as TOML, in the order of a file; numbers of the list are left out.
pub(super) fn texts(scenario: &Scenario, kind: TableKind, at: usize) -> Vec<(&'static str, String)> {
    let groups = &scenario.groups;
    let lines = Lines(Vec::new());
    let lines = match kind {
        TableKind::Group(kind) => group_lines(lines, groups, kind, at),
        TableKind::Cost => cost_lines(lines, &scenario.costs[at]),
    };
    lines.0
}

/// Lines of one table.
struct Lines(Vec<(&'static str, String)>);

impl Lines {
    fn raw(mut self, key: &'static str, value: Option<String>) -> Lines {
        self.0.extend(value.map(|value| (key, value)));
        self
    }

    fn text(self, key: &'static str, value: Option<&str>) -> Lines {
        self.raw(key, value.map(|value| quoted(value, None)))
    }

    fn named(self, key: &'static str, named: &Option<Named>) -> Lines {
        self.text(key, named.as_ref().map(|named| named.text.as_str()))
    }

    fn list(self, key: &'static str, names: &[Named]) -> Lines {
        let items: Vec<String> = names.iter().map(|named| quoted(&named.text, None)).collect();
        self.raw(key, (!items.is_empty()).then(|| format!("[{}]", items.join(", "))))
    }
}

fn group_lines(lines: Lines, groups: &Groups, kind: GroupKind, at: usize) -> Lines {
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

fn cost_lines(lines: Lines, cost: &OwnCost) -> Lines {
    let amount = |price: &Option<Price>| price.map(|price| price.exact.to_string());
    let currency = cost.currency.map(|currency| currency.to_string());
    let lines = lines.text("name", Some(&cost.name));
    let lines = lines.raw("monthly", amount(&cost.monthly)).raw("one_off", amount(&cost.one_off));
    let lines = lines.raw("per_request", amount(&cost.per_request)).text("currency", currency.as_deref());
    lines.list("strategies", &cost.strategies).list("models", &cost.models)
}

/// Writes one table with its numbers, as a file would.
pub(super) fn block(scenario: &Scenario, kind: TableKind, at: usize) -> String {
    let mut block = format!("[[{}]]\n", kind.key());
    for (key, value) in texts(scenario, kind, at) {
        block.push_str(&format!("{key} = {value}\n"));
    }
    let TableKind::Group(group) = kind else { return block };
    for param in group.params() {
        let target = Target { param: *param, group: Some((group, at as u16)) };
        if let Some(value) = number_value(scenario, target) {
            let value = save::one(&value, param.facts().unit, None);
            block.push_str(&format!("{} = {value}\n", param.key()));
        }
    }
    block
}

/// Writes what a user types for a key as TOML; nothing where it is empty.
pub(super) fn as_toml(form: TextForm, typed: &str) -> Option<String> {
    let typed = typed.trim();
    let value = || match form {
        TextForm::Plain(Form::List | Form::Numbers) => {
            let items = typed.split(',').map(str::trim).filter(|item| !item.is_empty());
            format!("[{}]", items.map(|item| quoted(item, None)).collect::<Vec<_>>().join(", "))
        }
        TextForm::Table if !typed.starts_with('{') => format!("{{ {typed} }}"),
        TextForm::Table => typed.to_owned(),
        TextForm::Plain(Form::Flag) if matches!(typed, "true" | "false") => typed.to_owned(),
        // A price is a number; what is none is said to be none where it is read.
        TextForm::Money if typed.parse::<f64>().is_ok_and(f64::is_finite) => typed.to_owned(),
        _ => quoted(typed, None),
    };
    (!typed.is_empty()).then(value)
}

/// What a new table is made of: names that the tables of prices know.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// A model that is compared.
    pub model: Option<String>,
    /// A GPU with a price.
    pub gpu: Option<String>,
    /// A strategy that is compared.
    pub strategy: Option<String>,
}

impl Scenario {
    /// Returns how many tables of a kind there are.
    pub fn tables(&self, kind: TableKind) -> usize {
        match kind {
            TableKind::Group(kind) => self.groups.count(kind),
            TableKind::Cost => self.costs.len(),
        }
    }

    /// Returns the name by which a path calls a table.
    pub fn table_name(&self, kind: TableKind, at: usize) -> String {
        match kind {
            TableKind::Group(kind) => self.groups.name(kind, at),
            TableKind::Cost => self.costs[at].name.clone(),
        }
    }

    /// Sets a key of a table to a value that is TOML, or takes it out.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub(super) fn set_in_table(
        &mut self,
        (kind, at): (TableKind, usize),
        key: &str,
        value: Option<&str>,
    ) -> Result<(), Fault> {
        let block = block(self, kind, at);
        let path = [Step::Key(kind.key()), Step::Item(0), Step::Key(key)];
        let edited = match value {
            Some(value) => with_value(&block, &path, value).unwrap_or(block),
            None => without(&block, &path),
        };
        let part = load::part(&edited).map_err(first)?;
        self.put_table(kind, at, part)
    }

    /// Adds a table such as a user would begin with, and returns its place.
    ///
    /// # Errors
    /// What it lacks.
    pub fn add_table(&mut self, kind: TableKind, known: &Known) -> Result<usize, Fault> {
        let part = load::part(&self.beginning(kind, known)?).map_err(first)?;
        let at = self.tables(kind);
        self.put_table(kind, at, part)?;
        Ok(at)
    }

    /// Takes a table out.
    ///
    /// # Errors
    /// That something draws on it.
    pub fn remove_table(&mut self, kind: TableKind, at: usize) -> Result<(), Fault> {
        let name = self.table_name(kind, at);
        match kind {
            TableKind::Cost => drop(self.costs.remove(at)),
            TableKind::Group(GroupKind::Corpus) => {
                let drawn = self
                    .groups
                    .classes
                    .iter()
                    .find(|class| class.corpus.as_ref().is_some_and(|corpus| corpus.text == name));
                if let Some(class) = drawn {
                    let message = format!("the class `{}` draws on the corpus `{name}`", class.name.text);
                    let remedy = "give the class another corpus first".to_owned();
                    return Err(Fault::Conflict { message, remedy });
                }
                self.groups.corpora.remove(at);
            }
            TableKind::Group(GroupKind::Class) => {
                self.groups.classes.remove(at);
                self.share_out();
            }
            TableKind::Group(GroupKind::Call) => drop(self.groups.calls.remove(at)),
            TableKind::Group(GroupKind::Model) => drop(self.groups.models.remove(at)),
            TableKind::Group(GroupKind::Host) => drop(self.groups.hosts.remove(at)),
            TableKind::Group(GroupKind::Quality) => drop(self.groups.qualities.remove(at)),
        }
        if let TableKind::Group(kind) = kind {
            self.ranges.retain(|known| known.target.group != Some((kind, at as u16)));
            for known in &mut self.ranges {
                if let Some((other, place)) = &mut known.target.group
                    && *other == kind
                    && usize::from(*place) > at
                {
                    *place -= 1;
                }
            }
        }
        Ok(())
    }

    /// Gives the share of a class that is gone to the others, in proportion; one that leaves its share open takes it anyway.
    fn share_out(&mut self) {
        let classes = &mut self.groups.classes;
        let given: Vec<f64> =
            classes.iter().filter_map(|class| class.numbers.get(Param::ClassShare)).collect();
        if given.len() < classes.len() {
            return;
        }
        for (class, share) in classes.iter_mut().zip(shares_with(&given, &[]).into_iter().flatten()) {
            class.numbers.set(Param::ClassShare, share, Origin::Override);
        }
    }

    /// Puts the one table of another scenario at a place: over the one there, or behind the last.
    fn put_table(&mut self, kind: TableKind, at: usize, part: Scenario) -> Result<(), Fault> {
        let incomplete = || Fault::Conflict {
            message: format!("a [[{}]] without what it needs", kind.key()),
            remedy: "keep its name".to_owned(),
        };
        if part.tables(kind) != 1 {
            return Err(incomplete());
        }
        self.refuse_name(kind, at, &part)?;
        let groups = part.groups;
        match kind {
            TableKind::Cost => put(&mut self.costs, at, part.costs),
            TableKind::Group(GroupKind::Class) => put(&mut self.groups.classes, at, groups.classes),
            TableKind::Group(GroupKind::Corpus) => put(&mut self.groups.corpora, at, groups.corpora),
            TableKind::Group(GroupKind::Call) => put(&mut self.groups.calls, at, groups.calls),
            TableKind::Group(GroupKind::Model) => put(&mut self.groups.models, at, groups.models),
            TableKind::Group(GroupKind::Host) => put(&mut self.groups.hosts, at, groups.hosts),
            TableKind::Group(GroupKind::Quality) => put(&mut self.groups.qualities, at, groups.qualities),
        }
        if let TableKind::Group(kind) = kind {
            let group = Some((kind, at as u16));
            self.ranges.retain(|known| known.target.group != group);
            let moved = |known: Uncertain| Uncertain { target: Target { group, ..known.target }, ..known };
            self.ranges.extend(part.ranges.into_iter().map(moved));
        }
        Ok(())
    }

    /// Refuses a name that another table of the kind has, and a corpus that is not there.
    fn refuse_name(&self, kind: TableKind, at: usize, part: &Scenario) -> Result<(), Fault> {
        let name = part.table_name(kind, 0);
        let unique =
            !matches!(kind, TableKind::Group(GroupKind::Model | GroupKind::Quality) | TableKind::Cost);
        let taken = (0..self.tables(kind)).any(|other| other != at && self.table_name(kind, other) == name);
        if unique && taken {
            let message = format!("two {} tables are called `{name}`", kind.key());
            return Err(Fault::Conflict { message, remedy: "give each a name of its own".to_owned() });
        }
        let corpus = part.groups.classes.first().and_then(|class| class.corpus.as_ref());
        let known = || self.groups.corpora.iter().map(|corpus| corpus.name.text.as_str());
        match corpus {
            Some(corpus) if !known().any(|name| name == corpus.text) => {
                let nearest = crate::diagnostic::nearest_or_all(&corpus.text, known());
                Err(Fault::UnknownName { kind: "corpus", name: corpus.text.clone(), nearest })
            }
            _ => Ok(()),
        }
    }

    /// Writes a table to begin with.
    fn beginning(&self, kind: TableKind, known: &Known) -> Result<String, Fault> {
        let lacks = |what: &str, remedy: &str| Fault::Conflict {
            message: format!("a [[{}]] needs {what}", kind.key()),
            remedy: remedy.to_owned(),
        };
        let model = || known.model.as_deref().ok_or_else(|| lacks("a model", "compare one first"));
        let name = quoted(&self.free_name(kind), None);
        let lines = match kind {
            TableKind::Group(GroupKind::Class) => {
                // One class may leave its share open: it takes what the others leave.
                let open =
                    self.groups.classes.iter().any(|class| class.numbers.get(Param::ClassShare).is_none());
                format!("name = {name}\n{}", if open { "share = 0\n" } else { "" })
            }
            TableKind::Group(GroupKind::Corpus) if self.groups.corpora.is_empty() => {
                let remedy = "write them into the file with an editor, in the place of [corpus]";
                return Err(lacks("others beside it", remedy));
            }
            TableKind::Group(GroupKind::Corpus) => format!("name = {name}\ntokens = \"100k\"\n"),
            TableKind::Group(GroupKind::Call) => {
                format!("name = {name}\nshare = \"100%\"\ninput_tokens = 400\noutput_tokens = 10\n")
            }
            TableKind::Group(GroupKind::Model) => {
                let output = self.numbers.value(Param::OutputTokens);
                format!("name = {}\noutput_tokens = {output}\n", quoted(model()?, None))
            }
            TableKind::Group(GroupKind::Host) => {
                let gpu = known.gpu.as_deref();
                let gpu = gpu.ok_or_else(|| lacks("a GPU with a price", "add one to a table of your own"))?;
                format!("model = {}\ngpu = {}\n", quoted(model()?, None), quoted(gpu, None))
            }
            TableKind::Group(GroupKind::Quality) => {
                let strategy = known.strategy.as_deref().unwrap_or("rag");
                format!("strategy = {}\naccuracy = \"85%\"\n", quoted(strategy, None))
            }
            TableKind::Cost => format!("name = {name}\nmonthly = 500\n"),
        };
        Ok(format!("[[{}]]\n{lines}", kind.key()))
    }

    /// Returns a name that no table of the kind has: class 1, class 2.
    fn free_name(&self, kind: TableKind) -> String {
        let taken: Vec<String> = (0..self.tables(kind)).map(|at| self.table_name(kind, at)).collect();
        let mut names = (1..).map(|number| format!("{} {number}", kind.key()));
        names.find(|name| !taken.contains(name)).unwrap_or_default()
    }

    /// Returns a scenario's tables with the numbers of others in their places: `from` says which table of `opened` each is.
    pub(super) fn with_numbers_of(
        &self,
        opened: &Scenario,
        kind: GroupKind,
        from: &[Option<usize>],
    ) -> Groups {
        let mut groups = self.groups.clone();
        for (at, earlier) in from.iter().enumerate() {
            if let Some(earlier) = earlier {
                let numbers: Overrides = opened.groups.numbers(kind, *earlier).clone();
                *groups.numbers_mut(kind, at) = numbers;
            }
        }
        groups
    }
}

fn put<T>(tables: &mut Vec<T>, at: usize, one: Vec<T>) {
    let Some(one) = one.into_iter().next() else { return };
    match tables.get_mut(at) {
        Some(place) => *place = one,
        None => tables.push(one),
    }
}

/// Returns the first fault of a text.
pub(super) fn first(faults: Diagnostics) -> Fault {
    let fault = faults.0.into_iter().next().map(|diagnostic| diagnostic.fault);
    fault.unwrap_or_else(|| Fault::Conflict {
        message: "the value was refused".to_owned(),
        remedy: "try another".to_owned(),
    })
}

/// Returns a value as TOML for a table of a kind.
pub(super) fn number_as_toml(target: Target, value: &Written) -> String {
    save::one(value, target.param.facts().unit, None)
}
