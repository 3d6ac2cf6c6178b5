//! Which number of a scenario is meant: one of the whole, or one of a repeated table, such as `class.contracts.share`.

use super::form::Field;
use super::group::GroupKind;
use super::parameter::{Origin, PARAMETERS, Param};
use super::reference::is_text_of_a_table;
use super::setting::SETTINGS;
use super::{Scenario, unknown_key};
use crate::diagnostic::{Fault, nearest_or_all};

/// A number of a scenario that can be varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// Which number.
    pub param: Param,
    /// The repeated table that it belongs to, where it is not one of the whole.
    pub group: Option<(GroupKind, u16)>,
}

impl From<Param> for Target {
    fn from(param: Param) -> Target {
        Target { param, group: None }
    }
}

impl Scenario {
    /// Finds a number by its path: `corpus.tokens`, or `class.NAME.output_tokens` for one of a repeated table.
    ///
    /// # Errors
    /// A fault that names the nearest path.
    pub fn find_target(&self, path: &str) -> Result<Target, Fault> {
        if let Some(found) = PARAMETERS.iter().find(|parameter| parameter.path == path)
            && !found.param.is_grouped()
            && !self.is_in_every_corpus(found.param)
        {
            return Ok(found.param.into());
        }
        if SETTINGS.iter().any(|setting| setting.path == path) {
            let message = format!("`{path}` is no number");
            let remedy = "name a number: those with a range in `ragonomics scenario reference`".to_owned();
            return Err(Fault::Conflict { message, remedy });
        }
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let kind = GroupKind::ALL.into_iter().find(|kind| kind.key() == first);
        let Some(kind) = kind.filter(|kind| self.groups.count(*kind) > 0) else {
            return Err(unknown_key(path));
        };
        let names: Vec<String> = (0..self.groups.count(kind)).map(|at| self.groups.name(kind, at)).collect();
        let Some((name, key)) = rest.rsplit_once('.') else {
            return Err(group_needed(kind, path, &names));
        };
        let Some(at) = names.iter().position(|known| known == name) else {
            let nearest = nearest_or_all(name, names.iter().map(String::as_str));
            return Err(Fault::UnknownName { kind: kind.key(), name: name.to_owned(), nearest });
        };
        if is_text_of_a_table(first, key) {
            let message = format!("`{path}` is no number");
            let remedy =
                "of a repeated table only numbers can be given here; write it into the file".to_owned();
            return Err(Fault::Conflict { message, remedy });
        }
        let known = kind.params().iter().map(|param| param.key());
        let param = kind.param(key).ok_or_else(|| {
            let near = nearest_or_all(key, known).into_iter().next();
            let near = near.map(|key| format!("{first}.{name}.{key}"));
            Fault::UnknownKey {
                key: path.to_owned(),
                nearest: near,
                otherwise: super::KEYS_LISTED.to_owned(),
            }
        })?;
        Ok(Target { param, group: Some((kind, at as u16)) })
    }

    /// Returns the path of a number.
    pub fn path_of(&self, target: Target) -> String {
        match target.group {
            None => target.param.facts().path.to_owned(),
            Some((kind, at)) => {
                let name = self.groups.name(kind, usize::from(at));
                format!("{}.{name}.{}", kind.key(), target.param.key())
            }
        }
    }

    /// Returns the short label of a number.
    pub fn label_of(&self, target: Target) -> String {
        let label = target.param.facts().label;
        match target.group {
            None => label.to_owned(),
            Some((kind, at)) => format!("{label}, {}", self.groups.name(kind, usize::from(at))),
        }
    }

    /// Returns a number; `None` where it is left to be derived.
    pub fn number(&self, target: Target) -> Option<f64> {
        match target.group {
            None if target.param == Param::RequestsPerMonth => Some(self.numbers.requests()),
            None => self.numbers.get(target.param),
            Some((GroupKind::Class, at)) if target.param == Param::ClassShare => {
                self.groups.class_shares().get(usize::from(at)).copied()
            }
            Some((kind, at)) => {
                let own = self.groups.numbers(kind, usize::from(at)).get(target.param);
                own.or_else(|| self.numbers.get(target.param))
            }
        }
    }

    /// Returns where a number comes from.
    pub fn origin_of(&self, target: Target) -> Origin {
        match target.group {
            None => self.numbers.origin(target.param),
            Some((kind, at)) => self.groups.numbers(kind, usize::from(at)).origin(target.param),
        }
    }

    /// Says of numbers that were changed since and are now in the file, as it was just written, that they are from there.
    /// What a flag gave and no file says stays a flag's.
    pub fn mark_written(&mut self, file: &Scenario) {
        for target in self.targets() {
            let field = Field::Number(target).in_other(self, file);
            let (Some(Field::Number(known)), Some(value)) = (field, self.number(target)) else { continue };
            let written = file.origin_of(known) == Origin::File && file.number(known) == Some(value);
            if !written || self.origin_of(target) != Origin::Override {
                continue;
            }
            // Not by `put`, which ends what is known roughly.
            match target.group {
                None => self.numbers.set(target.param, value, Origin::File),
                Some((kind, at)) => {
                    self.groups.numbers_mut(kind, usize::from(at)).set(target.param, value, Origin::File);
                }
            }
        }
    }

    /// Returns every number that can be varied: those of the whole, then those that repeated tables set.
    pub fn targets(&self) -> Vec<Target> {
        let whole = PARAMETERS.iter().map(|parameter| parameter.param);
        let whole = whole.filter(|param| !param.is_grouped() && !self.is_in_every_corpus(*param));
        let mut all: Vec<Target> = whole.map(Target::from).collect();
        for kind in GroupKind::ALL {
            for at in 0..self.groups.count(kind) {
                let group = Some((kind, at as u16));
                all.extend(self.groups.numbers(kind, at).iter().map(|(param, _)| Target { param, group }));
            }
        }
        all
    }

    /// Returns whether there is such a number: its table may have been taken out.
    pub fn has_target(&self, target: Target) -> bool {
        match target.group {
            None => !self.is_in_every_corpus(target.param),
            Some((kind, at)) => usize::from(at) < self.groups.count(kind),
        }
    }

    /// Returns whether a number belongs to corpora of which there are several, so that one has to be named.
    pub fn is_in_every_corpus(&self, param: Param) -> bool {
        let of_corpus = matches!(param, Param::CorpusTokens | Param::DocumentTokens | Param::ChangedPerMonth);
        of_corpus && !self.groups.corpora.is_empty()
    }
}

fn group_needed(kind: GroupKind, path: &str, names: &[String]) -> Fault {
    let key = path.rsplit('.').next().unwrap_or(path);
    let message = format!("`{path}` does not say which {} is meant", kind.key());
    let paths: Vec<String> = names.iter().map(|name| format!("`{}.{name}.{key}`", kind.key())).collect();
    Fault::Conflict { message, remedy: format!("write {}", paths.join(" or ")) }
}
