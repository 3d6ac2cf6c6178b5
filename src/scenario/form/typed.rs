//! What a user types for a key, put into a scenario.

use super::Field;
use crate::diagnostic::{Fault, Place};
use crate::scenario::save::text::quoted;
use crate::scenario::save::view::Written;
use crate::scenario::setting::{Form, SETTINGS, Setting};
use crate::scenario::table::{TableKind, as_toml, first, number_as_toml};
use crate::scenario::{Origin, Param, Range, Scenario, Target, Uncertain, load};

/// What stands between remarks, which have commas of their own.
const BETWEEN_NOTES: &str = " / ";

impl Scenario {
    /// Sets a key from what a user types. Numbers take ranges too: `50k..200k`, which is what holds in eight of ten cases,
    /// `50k..100k..200k` with the most likely value between, or `{ low = 50k, mode = 100k, high = 200k }`. An empty text
    /// takes the key back to its default.
    ///
    /// # Errors
    /// What is wrong with the text, and what would be right.
    pub fn type_in(&mut self, field: Field, text: &str) -> Result<(), Fault> {
        match field {
            Field::Setting(at) if text.trim().is_empty() => {
                self.clear_setting(&SETTINGS[at]);
                Ok(())
            }
            Field::Setting(at) => {
                let items: Vec<String> = match (SETTINGS[at].path, SETTINGS[at].form) {
                    ("notes", _) => text.split(BETWEEN_NOTES).map(|note| note.trim().to_owned()).collect(),
                    (_, Form::List | Form::Numbers) => text
                        .split(',')
                        .map(|item| item.trim().to_owned())
                        .filter(|item| !item.is_empty())
                        .collect(),
                    _ => vec![text.trim().to_owned()],
                };
                self.set_items(&SETTINGS[at], &items)
            }
            Field::Text(kind, at, key) => {
                let value = as_toml(key.form, text);
                self.set_in_table((kind, usize::from(at)), key.key, value.as_deref())
            }
            Field::Number(target) => self.type_number(target, text),
        }
    }

    /// Sets a key that is a list, or one text.
    ///
    /// # Errors
    /// What is wrong with an item.
    pub fn put_items(&mut self, field: Field, items: &[String]) -> Result<(), Fault> {
        match field {
            Field::Setting(at) if items.is_empty() => {
                self.clear_setting(&SETTINGS[at]);
                Ok(())
            }
            Field::Setting(at) => self.set_items(&SETTINGS[at], items),
            Field::Text(kind, at, key) => {
                let quoted: Vec<String> = items.iter().map(|item| quoted(item, None)).collect();
                let value = (!items.is_empty()).then(|| format!("[{}]", quoted.join(", ")));
                self.set_in_table((kind, usize::from(at)), key.key, value.as_deref())
            }
            Field::Number(_) => self.type_in(field, &items.join(", ")),
        }
    }

    fn set_items(&mut self, setting: &Setting, items: &[String]) -> Result<(), Fault> {
        if items.iter().any(|item| item.chars().any(|c| c.is_control())) {
            let key = setting.path.to_owned();
            return Err(Fault::BadText { key, problem: "holds a control character", remedy: "remove it" });
        }
        if setting.path == "currency" {
            // What is typed is what the file says, of results and of amounts.
            self.amounts_currency = None;
        }
        let place = Place::whole(setting.path);
        let items: Vec<(String, Place)> = items.iter().map(|item| (item.clone(), place.clone())).collect();
        (setting.set)(self, &items)
    }

    /// Takes a setting back to its default.
    fn clear_setting(&mut self, setting: &Setting) {
        match setting.path {
            "as_of" => self.as_of = None,
            "currency" => (self.currency, self.currency_place, self.amounts_currency) = (None, None, None),
            // A list or a name of nothing is none; what needs a word has one as its default.
            _ => {
                if (setting.set)(self, &[]).is_err() {
                    let default = [(setting.default.to_owned(), Place::whole(setting.path))];
                    let _ = (setting.set)(self, &default);
                }
            }
        }
    }

    fn type_number(&mut self, target: Target, text: &str) -> Result<(), Fault> {
        let own = target.group.map(|(kind, at)| (TableKind::Group(kind), usize::from(at)));
        let Some(parts) = range_parts(text) else {
            return match (text.trim(), own) {
                ("", Some(table)) => self.set_in_table(table, target.param.key(), None),
                ("", None) => {
                    self.forget_number(target.param);
                    Ok(())
                }
                _ => {
                    let path = self.path_of(target);
                    self.set(&path, text.trim())
                }
            };
        };
        let parts: Vec<String> =
            parts.into_iter().map(|(part, value)| format!("{part} = {}", quoted(value, None))).collect();
        let toml = format!("{{ {} }}", parts.join(", "));
        if let Some(table) = own {
            return self.set_in_table(table, target.param.key(), Some(&toml));
        }
        let part = load::part(&format!("{} = {toml}", self.path_of(target))).map_err(first)?;
        self.put(target, part.numbers.value(target.param), Origin::Override);
        self.ranges.extend(part.ranges);
        Ok(())
    }

    /// Takes a number of the whole back to its default.
    fn forget_number(&mut self, param: Param) {
        self.numbers.reset(param);
        self.ranges.retain(|known| known.target != param.into());
        if param == Param::ContextTokens {
            self.modes.fill_context = false;
        }
    }

    /// Takes a key back to what it was in the scenario as it was opened.
    ///
    /// # Errors
    /// That the scenario as it was opened had no such table.
    pub fn restore(&mut self, field: Field, opened: &Scenario) -> Result<(), Fault> {
        let Some(earlier) = field.in_other(self, opened) else {
            let message = "this table is not in the file yet".to_owned();
            let remedy = "take the whole table out, or undo".to_owned();
            return Err(Fault::Conflict { message, remedy });
        };
        match field {
            Field::Setting(at) if SETTINGS[at].path == "currency" => {
                self.currency = opened.currency;
                self.currency_place.clone_from(&opened.currency_place);
                self.amounts_currency = opened.amounts_currency;
                Ok(())
            }
            Field::Setting(at) => match earlier.given(opened) {
                None => self.put_items(field, &[]),
                Some(Written::List(items)) => self.set_items(&SETTINGS[at], &items),
                Some(Written::Numbers(numbers)) => {
                    let items: Vec<String> = numbers.iter().map(f64::to_string).collect();
                    self.set_items(&SETTINGS[at], &items)
                }
                Some(_) => self.set_items(&SETTINGS[at], &[earlier.text(opened)]),
            },
            Field::Number(target @ Target { param, group: None }) => {
                self.numbers.restore(param, &opened.numbers);
                self.ranges = restored(self, opened, target);
                if param == Param::ContextTokens {
                    self.modes.fill_context = opened.modes.fill_context;
                }
                Ok(())
            }
            Field::Number(target @ Target { group: Some((kind, at)), .. }) => {
                let value = earlier.given(opened).map(|value| number_as_toml(target, &value));
                let table = (TableKind::Group(kind), usize::from(at));
                self.set_in_table(table, target.param.key(), value.as_deref())
            }
            Field::Text(kind, at, key) => {
                let value = match earlier.given(opened) {
                    Some(Written::Text(toml)) => Some(toml),
                    _ => None,
                };
                self.set_in_table((kind, usize::from(at)), key.key, value.as_deref())
            }
        }
    }
}

/// Returns what is known roughly, with that of one number as it was opened.
fn restored(now: &Scenario, opened: &Scenario, target: Target) -> Vec<Uncertain> {
    let of = |known: &&Uncertain| known.target == target;
    let others = now.ranges.iter().filter(|known| !of(known));
    let own = opened.ranges.iter().filter(of);
    let mut ranges: Vec<Uncertain> = others.chain(own).cloned().collect();
    // In the order of the file, so that a value taken back is no change.
    ranges.sort_by_key(|known| opened.ranges.iter().position(|other| other.target == known.target));
    ranges
}

/// Returns the parts of a range that is typed: two ends are those of eight in ten cases, three have the most likely value
/// between them, and braces name them.
fn range_parts(text: &str) -> Option<Vec<(&str, &str)>> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix('{') {
        let parts = inner.trim_end_matches('}').split(',').map(str::trim).filter(|part| !part.is_empty());
        let named = |part: &'_ str| -> Option<(usize, usize)> {
            let at = part.find(['=', ':'])?;
            Some((at, at + 1))
        };
        return parts
            .map(|part| {
                let (end, start) = named(part)?;
                let value = part[start..].trim().trim_matches(['"', '\'']);
                let key = part[..end].trim();
                let known = ["low", "mode", "high", "p10", "p90"].contains(&key);
                // Any other name would be TOML of its own; an empty value says that none is known.
                known.then_some((key, value))
            })
            .collect::<Option<Vec<_>>>()
            .or(Some(vec![("low", "")]));
    }
    let ends: Vec<&str> = text.split("..").map(str::trim).collect();
    match ends.as_slice() {
        [p10, p90] => Some(vec![("p10", *p10), ("p90", *p90)]),
        [low, mode, high] => Some(vec![("low", *low), ("mode", *mode), ("high", *high)]),
        _ => None,
    }
}

/// Returns what a range says in the way in which a user types it.
pub(super) fn typed_range(range: &Range, write: impl Fn(f64) -> String) -> String {
    match range {
        Range::Triangle { low, mode, high } => {
            format!("{}..{}..{}", write(*low), write(*mode), write(*high))
        }
        Range::Tenths { p10, p90, .. } => format!("{}..{}", write(*p10), write(*p90)),
    }
}
