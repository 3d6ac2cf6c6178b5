//! The scenario being worked on, its changes, and the comparison that follows from it.

use jiff::civil::Date;

use crate::analysis::compare::{Comparison, compare};
use crate::analysis::{Case, Pair, depends_on};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostics, Fault};
use crate::scenario::parameter::PARAMETERS;
use crate::scenario::{Numbers, Origin, Param, Scenario};
use crate::usage::strategy::Family;

/// Changes that can be taken back.
const LONGEST_HISTORY: usize = 1000;

/// The part of a scenario that can be changed on screen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Setup {
    numbers: Numbers,
    fill_context: bool,
}

/// A scenario with its changes and results.
#[derive(Debug, Clone)]
pub struct Work {
    catalog: Catalog,
    today: Date,
    scenario: Scenario,
    opened: Setup,
    past: Vec<Setup>,
    future: Vec<Setup>,
    comparison: Comparison,
    parameters: Vec<Param>,
}

impl Work {
    /// Opens a scenario and compares its designs.
    ///
    /// # Errors
    /// All names of the scenario that the catalog does not know.
    pub fn open(catalog: Catalog, scenario: Scenario, today: Date) -> Result<Work, Diagnostics> {
        let case = Case::open(&catalog, &scenario, today)?;
        let comparison = compare(&case);
        let parameters = relevant(&case);
        let opened = Setup { numbers: scenario.numbers, fill_context: scenario.modes.fill_context };
        let (past, future) = (Vec::new(), Vec::new());
        Ok(Work { catalog, today, scenario, opened, past, future, comparison, parameters })
    }

    /// Returns the scenario as it is now.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Returns the designs as they compare now.
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// Returns the tables.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Returns the parameters that any compared design depends on.
    pub fn parameters(&self) -> &[Param] {
        &self.parameters
    }

    /// Opens a case of a variation of the scenario; `None` where its names are unknown.
    pub fn case_of<'a>(&'a self, scenario: &'a Scenario) -> Option<Case<'a>> {
        Case::open(&self.catalog, scenario, self.today).ok()
    }

    /// Returns a parameter's value; `None` where it is derived.
    pub fn value(&self, param: Param) -> Option<f64> {
        let numbers = &self.scenario.numbers;
        if param == Param::RequestsPerMonth { Some(numbers.requests()) } else { numbers.get(param) }
    }

    /// Returns whether a parameter differs from the scenario file.
    pub fn is_changed(&self, param: Param) -> bool {
        let fill =
            param == Param::ContextTokens && self.scenario.modes.fill_context != self.opened.fill_context;
        fill || self.scenario.numbers.get(param) != self.opened.numbers.get(param)
    }

    /// Returns how many parameters differ from the scenario file.
    pub fn changes(&self) -> usize {
        PARAMETERS.iter().filter(|facts| self.is_changed(facts.param)).count()
    }

    /// Changes the scenario and compares again; a change that contradicts the rest is not made.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn change(&mut self, edit: impl FnOnce(&mut Scenario) -> Result<(), Fault>) -> Result<(), Fault> {
        let before = self.setup();
        let mut scenario = self.scenario.clone();
        edit(&mut scenario)?;
        scenario.consistency().map_err(|(_, fault)| fault)?;
        self.scenario = scenario;
        if self.setup() != before {
            self.past.push(before);
            if self.past.len() > LONGEST_HISTORY {
                self.past.remove(0);
            }
            self.future.clear();
            self.compare();
        }
        Ok(())
    }

    /// Takes a parameter back to the scenario file's value.
    ///
    /// # Errors
    /// That it contradicts another value that was changed.
    pub fn reset(&mut self, param: Param) -> Result<(), Fault> {
        let opened = self.opened;
        self.change(|scenario| {
            scenario.numbers.restore(param, &opened.numbers);
            if param == Param::ContextTokens {
                scenario.modes.fill_context = opened.fill_context;
            }
            Ok(())
        })
    }

    /// Takes the last change back; false where there is none.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else { return false };
        self.future.push(self.setup());
        self.put(before);
        true
    }

    /// Makes the change that was last taken back again; false where there is none.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        self.past.push(self.setup());
        self.put(after);
        true
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

    fn setup(&self) -> Setup {
        Setup { numbers: self.scenario.numbers, fill_context: self.scenario.modes.fill_context }
    }

    fn put(&mut self, setup: Setup) {
        self.scenario.numbers = setup.numbers;
        self.scenario.modes.fill_context = setup.fill_context;
        self.compare();
    }

    /// Names were looked up when the scenario was opened, and numbers change none of them.
    fn compare(&mut self) {
        if let Ok(case) = Case::open(&self.catalog, &self.scenario, self.today) {
            self.comparison = compare(&case);
        }
    }
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

fn relevant(case: &Case<'_>) -> Vec<Param> {
    let numbers = &case.scenario.numbers;
    let depends = |param: Param| case.strategies.iter().any(|strategy| depends_on(*strategy, param));
    let needed = |param: Param| match param {
        Param::Users | Param::SessionsPerUser | Param::TurnsPerSession => numbers.get(Param::Users).is_some(),
        Param::ImageWidth | Param::ImageHeight => numbers.value(Param::Images) > 0.0,
        Param::PageTokens | Param::PageWidth | Param::PageHeight => numbers.value(Param::Pages) > 0.0,
        _ if param.is_grouped() => false,
        _ if RARE.contains(&param) => numbers.origin(param) != Origin::Default && depends(param),
        _ => depends(param),
    };
    PARAMETERS.iter().map(|facts| facts.param).filter(|param| needed(*param)).collect()
}
