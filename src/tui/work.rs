//! The scenario being worked on, its changes, and the comparison that follows from it.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use crate::analysis::compare::{Comparison, compare};
use crate::analysis::{Case, Pair, depends_on};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostics, Fault, Severity};
use crate::scenario::form::{Field, sections};
use crate::scenario::save::differ;
use crate::scenario::table::TableKind;
use crate::scenario::{Origin, Param, Scenario, Target, load};
use crate::usage::strategy::Family;

/// Changes that can be taken back; each keeps a whole scenario.
const LONGEST_HISTORY: usize = 200;

/// A scenario with its changes and results.
#[derive(Debug, Clone)]
pub struct Work {
    catalog: Arc<Catalog>,
    today: Date,
    scenario: Scenario,
    opened: Scenario,
    past: Vec<Scenario>,
    future: Vec<Scenario>,
    comparison: Comparison,
    targets: Vec<Target>,
    unsaved: Vec<(String, String)>,
    revision: u64,
}

/// A scenario with the tables, for work on another thread.
#[derive(Debug, Clone)]
pub struct Snapshot {
    catalog: Arc<Catalog>,
    today: Date,
    /// The scenario as it was then.
    pub scenario: Scenario,
}

impl Snapshot {
    /// Opens the case; `None` where a name is unknown, which the scenario on the screen never has.
    pub fn case(&self) -> Option<Case<'_>> {
        Case::open(&self.catalog, &self.scenario, self.today).ok()
    }
}

impl Work {
    /// Opens a scenario and compares its designs.
    ///
    /// # Errors
    /// All names of the scenario that the catalog does not know.
    pub fn open(catalog: Catalog, scenario: Scenario, today: Date) -> Result<Work, Diagnostics> {
        Work::begin(Arc::new(catalog), scenario, today, 0)
    }

    /// Opens another scenario over the same tables.
    ///
    /// # Errors
    /// All names of the scenario that the catalog does not know.
    pub fn reopened(&self, scenario: Scenario) -> Result<Work, Diagnostics> {
        Work::begin(Arc::clone(&self.catalog), scenario, self.today, self.revision + 1)
    }

    fn begin(
        catalog: Arc<Catalog>,
        scenario: Scenario,
        today: Date,
        revision: u64,
    ) -> Result<Work, Diagnostics> {
        let (comparison, targets) = results(&catalog, &scenario, today)?;
        Ok(Work {
            catalog,
            today,
            opened: scenario.clone(),
            scenario,
            past: Vec::new(),
            future: Vec::new(),
            comparison,
            targets,
            unsaved: Vec::new(),
            revision,
        })
    }

    /// Returns the scenario and the tables for work on another thread.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { catalog: Arc::clone(&self.catalog), today: self.today, scenario: self.scenario.clone() }
    }

    /// Returns a number that changes whenever the scenario does.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the scenario as it is now.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Returns the scenario as its file says it, with the flags of the command line.
    pub fn opened(&self) -> &Scenario {
        &self.opened
    }

    /// Returns the day whose prices hold.
    pub fn date(&self) -> Date {
        self.comparison.as_of
    }

    /// Returns the designs as they compare now.
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// Returns the tables.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Returns the numbers that any compared design depends on: those of the whole, then those of single tables.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Opens a case of a variation of the scenario; `None` where its names are unknown.
    pub fn case_of<'a>(&'a self, scenario: &'a Scenario) -> Option<Case<'a>> {
        Case::open(&self.catalog, scenario, self.today).ok()
    }

    /// Opens the case of the scenario as it is now; its names are known, so there always is one.
    pub fn case(&self) -> Option<Case<'_>> {
        self.case_of(&self.scenario)
    }

    /// Returns whether a number differs from the scenario file.
    pub fn is_changed(&self, target: Target) -> bool {
        Field::Number(target).is_changed(&self.scenario, &self.opened)
    }

    /// Returns whether a key, by its path, differs from the scenario file.
    pub fn is_changed_at(&self, path: &str) -> bool {
        self.unsaved.iter().any(|(changed, _)| changed == path)
    }

    /// Returns the keys that differ from the scenario file, as path and value that [`Scenario::set`] reads.
    pub fn unsaved(&self) -> &[(String, String)] {
        &self.unsaved
    }

    /// Returns the same of another version of the scenario.
    pub fn changes_of(&self, scenario: &Scenario) -> Vec<(String, String)> {
        differences(&self.opened, scenario)
    }

    /// Takes the scenario as it is now for what its file says, of which the text was just written, and in whose folder the
    /// names of corpus files start.
    pub fn mark_saved(&mut self, text: &str, folder: Option<&Path>) {
        if let Some(folder) = folder {
            let all = self.past.iter_mut().chain(&mut self.future).chain([&mut self.scenario]);
            all.for_each(|scenario| scenario.folder = folder.to_owned());
        }
        if let Ok((file, _)) = load::scenario("the file", text, &self.scenario.folder) {
            self.scenario.mark_written(&file);
        }
        self.opened = self.scenario.clone();
        self.unsaved.clear();
    }

    /// Changes the scenario and compares again; a change that contradicts the rest is not made.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn change(&mut self, edit: impl FnOnce(&mut Scenario) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut scenario = self.scenario.clone();
        edit(&mut scenario)?;
        scenario.consistency().map_err(|(_, fault)| fault)?;
        if scenario != self.scenario {
            let before = self.scenario.clone();
            self.put(scenario).map_err(first_fault)?;
            self.past.push(before);
            if self.past.len() > LONGEST_HISTORY {
                self.past.remove(0);
            }
            self.future.clear();
        }
        Ok(())
    }

    /// Takes a key back to what its file says.
    ///
    /// # Errors
    /// That it contradicts another value that was changed, or that the file has no such table.
    pub fn restore(&mut self, field: Field) -> Result<(), Fault> {
        let opened = self.opened.clone();
        self.change(|scenario| scenario.restore(field, &opened))
    }

    /// Returns whether there is a change to be taken back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Takes the last change back; false where there is none.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else { return false };
        let now = self.scenario.clone();
        let moved = self.put(before).is_ok();
        self.future.extend(moved.then_some(now));
        moved
    }

    /// Makes the change that was last taken back again; false where there is none.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        let now = self.scenario.clone();
        let moved = self.put(after).is_ok();
        self.past.extend(moved.then_some(now));
        moved
    }

    /// Returns the cheapest design of a side of the question; where none is known to fit, of those with a cost.
    pub fn cheapest_of(&self, family: Family) -> Option<Pair> {
        let priced = || {
            let rows = self.comparison.rows.iter().filter(|row| row.monthly.is_some() && !row.retired);
            rows.map(|row| row.pair).find(|pair| pair.strategy.family() == family)
        };
        self.comparison.cheapest_of(family).or_else(priced)
    }

    /// Returns a design as `MODEL:STRATEGY`.
    pub fn name(&self, pair: Pair) -> String {
        pair.name(&self.catalog)
    }

    /// Puts another scenario in place, with all that follows from it.
    fn put(&mut self, scenario: Scenario) -> Result<(), Diagnostics> {
        (self.comparison, self.targets) = results(&self.catalog, &scenario, self.today)?;
        self.scenario = scenario;
        self.unsaved = differences(&self.opened, &self.scenario);
        self.revision += 1;
        Ok(())
    }
}

fn results(
    catalog: &Catalog,
    scenario: &Scenario,
    today: Date,
) -> Result<(Comparison, Vec<Target>), Diagnostics> {
    let case = Case::open(catalog, scenario, today)?;
    Ok((compare(&case), relevant(&case)))
}

/// Returns the first error, as the reason of a refusal.
pub(super) fn first_fault(faults: Diagnostics) -> Fault {
    let error = faults.0.into_iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    error.map_or_else(
        || Fault::Conflict { message: "the change was refused".to_owned(), remedy: "try another".to_owned() },
        |diagnostic| diagnostic.fault,
    )
}

/// Returns the keys that a scenario sets otherwise than another, and the tables that only one of them has.
fn differences(opened: &Scenario, now: &Scenario) -> Vec<(String, String)> {
    if opened == now {
        return Vec::new();
    }
    let mut changed = Vec::new();
    for section in sections(now) {
        if let Some((kind, at)) = section.table
            && !has_table(opened, kind, &now.table_name(kind, at))
        {
            changed.push((format!("{}.{}", kind.key(), now.table_name(kind, at)), "added".to_owned()));
            continue;
        }
        let fields = section.fields.into_iter().filter(|field| field.is_changed(now, opened));
        changed.extend(fields.map(|field| (field.path(now), field.text(now))));
    }
    for kind in TableKind::ALL {
        let names = (0..opened.tables(kind)).map(|at| opened.table_name(kind, at));
        let gone = names.filter(|name| !has_table(now, kind, name));
        changed.extend(gone.map(|name| (format!("{}.{name}", kind.key()), "taken out".to_owned())));
    }
    // A change that no key shows is still one.
    if changed.is_empty() && differ(opened, now) { vec![(String::new(), String::new())] } else { changed }
}

fn has_table(scenario: &Scenario, kind: TableKind, name: &str) -> bool {
    (0..scenario.tables(kind)).any(|at| scenario.table_name(kind, at) == name)
}

/// Numbers of which most scenarios say nothing; they are offered where one does.
const RARE: &[Param] = &[
    Param::ActiveFrom,
    Param::UtcOffset,
    Param::DaysPerWeek,
    Param::ZipfExponent,
    Param::PrefixChanges,
    Param::BatchShare,
    Param::FlexShare,
    Param::PriorityShare,
    Param::ReasoningTokens,
    Param::Retries,
    Param::AudioTokens,
    Param::OutputAudioTokens,
    Param::Pages,
];

fn relevant(case: &Case<'_>) -> Vec<Target> {
    let numbers = &case.scenario.numbers;
    let depends = |param: Param| case.strategies.iter().any(|strategy| depends_on(*strategy, param));
    let needed = |target: &Target| match target.param {
        param if target.group.is_some() => depends(param),
        Param::Users | Param::SessionsPerUser | Param::TurnsPerSession => numbers.get(Param::Users).is_some(),
        Param::ImageWidth | Param::ImageHeight => numbers.value(Param::Images) > 0.0,
        Param::PageTokens | Param::PageWidth | Param::PageHeight => numbers.value(Param::Pages) > 0.0,
        param if RARE.contains(&param) => numbers.origin(param) != Origin::Default && depends(param),
        param => depends(param),
    };
    let mut targets = case.scenario.targets();
    targets.retain(needed);
    targets
}
