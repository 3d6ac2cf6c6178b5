//! Repeated tables written back: those that were added, taken out, or whose texts were changed.

use super::unwritable;
use crate::diagnostic::Fault;
use crate::document::edit::{Step, with_more, with_value, without, without_table};
use crate::scenario::range::Uncertain;
use crate::scenario::table::{TableKind, block, texts};
use crate::scenario::{GroupKind, Scenario, Target};

/// Returns the text with the tables of the changed scenario, and the opened scenario as if it had had them, so that only
/// values of keys are left to be written.
pub(super) fn with_tables(
    original: &str,
    opened: &Scenario,
    changed: &Scenario,
) -> Result<(String, Scenario), Fault> {
    let (mut text, mut like) = (original.to_owned(), opened.clone());
    for kind in TableKind::ALL {
        let from = origins(opened, changed, kind);
        if is_untouched(opened, changed, kind, &from) {
            continue;
        }
        // Tables stay in the order of the file, new ones behind.
        let kept: Vec<usize> = from.iter().map_while(|earlier| *earlier).collect();
        if !kept.is_sorted() || from[kept.len()..].iter().any(Option::is_some) {
            return Err(unwritable(kind.key()));
        }
        text = written(&text, opened, changed, kind, &from).ok_or_else(|| unwritable(kind.key()))?;
        match kind {
            TableKind::Cost => like.costs.clone_from(&changed.costs),
            TableKind::Group(group) => {
                like.groups = with_group(&like, changed, group, &from);
                like.ranges = ranges(&like, opened, changed, group, &from);
            }
        }
    }
    Ok((text, like))
}

/// Returns for each table of the changed scenario which one of the opened it is: that of the same name, or at the same
/// place where neither name is anywhere else.
fn origins(opened: &Scenario, changed: &Scenario, kind: TableKind) -> Vec<Option<usize>> {
    let names = |scenario: &Scenario| -> Vec<String> {
        (0..scenario.tables(kind)).map(|at| scenario.table_name(kind, at)).collect()
    };
    let (before, now) = (names(opened), names(changed));
    let mut used = vec![false; before.len()];
    let mut from: Vec<Option<usize>> = Vec::with_capacity(now.len());
    for name in &now {
        let at = (0..before.len()).find(|at| !used[*at] && before[*at] == *name);
        at.into_iter().for_each(|at| used[at] = true);
        from.push(at);
    }
    for at in 0..now.len().min(before.len()) {
        if from[at].is_none() && !used[at] {
            (from[at], used[at]) = (Some(at), true);
        }
    }
    from
}

fn is_untouched(opened: &Scenario, changed: &Scenario, kind: TableKind, from: &[Option<usize>]) -> bool {
    let same_place = from.iter().enumerate().all(|(at, earlier)| *earlier == Some(at));
    let same_texts = || (0..from.len()).all(|at| texts(opened, kind, at) == texts(changed, kind, at));
    from.len() == opened.tables(kind) && same_place && same_texts()
}

/// Writes texts that changed, takes out what is gone, from the last on, and adds what is new at the end.
fn written(
    text: &str,
    opened: &Scenario,
    changed: &Scenario,
    kind: TableKind,
    from: &[Option<usize>],
) -> Option<String> {
    let mut text = text.to_owned();
    for (at, earlier) in from.iter().enumerate() {
        let Some(earlier) = earlier else { continue };
        let (before, now) = (texts(opened, kind, *earlier), texts(changed, kind, at));
        let steps = |key| [Step::Key(kind.key()), Step::Item(*earlier), Step::Key(key)];
        for (key, _) in before.iter().filter(|(key, _)| !now.iter().any(|(known, _)| known == key)) {
            text = without(&text, &steps(key));
        }
        for (key, value) in now.iter().filter(|line| !before.contains(line)) {
            text = with_value(&text, &steps(key), value)?;
        }
    }
    let gone = (0..opened.tables(kind)).rev().filter(|at| !from.contains(&Some(*at)));
    for at in gone {
        text = without_table(&text, kind.key(), at)?;
    }
    for at in (0..from.len()).filter(|at| from[*at].is_none()) {
        text = with_more(&text, &block(changed, kind, at));
    }
    Some(text)
}

fn with_group(
    like: &Scenario,
    changed: &Scenario,
    kind: GroupKind,
    from: &[Option<usize>],
) -> crate::scenario::Groups {
    let own = changed.with_numbers_of(like, kind, from);
    let mut groups = like.groups.clone();
    match kind {
        GroupKind::Class => groups.classes = own.classes,
        GroupKind::Corpus => groups.corpora = own.corpora,
        GroupKind::Call => groups.calls = own.calls,
        GroupKind::Model => groups.models = own.models,
        GroupKind::Host => groups.hosts = own.hosts,
        GroupKind::Quality => groups.qualities = own.qualities,
    }
    groups
}

/// Returns what is known roughly, with that of tables of a kind at the places where they now are.
fn ranges(
    like: &Scenario,
    opened: &Scenario,
    changed: &Scenario,
    kind: GroupKind,
    from: &[Option<usize>],
) -> Vec<Uncertain> {
    let of_kind = |known: &&Uncertain| known.target.group.is_some_and(|(other, _)| other == kind);
    let mut ranges: Vec<Uncertain> = like.ranges.iter().filter(|known| !of_kind(known)).cloned().collect();
    for (at, earlier) in from.iter().enumerate() {
        let (source, place) = match earlier {
            Some(earlier) => (opened, *earlier),
            None => (changed, at),
        };
        let own = source.ranges.iter().filter(|known| known.target.group == Some((kind, place as u16)));
        let group = Some((kind, at as u16));
        ranges.extend(
            own.map(|known| Uncertain { target: Target { group, ..known.target }, range: known.range }),
        );
    }
    ranges
}
