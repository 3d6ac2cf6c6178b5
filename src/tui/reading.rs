//! What is done with a scenario once it is read: flags are put into it, and its files are counted, which can take long and
//! is done beside the screen.

use std::fmt;
use std::sync::Arc;

use super::job::Owner;
use super::state::State;
use super::work::first_fault;
use crate::diagnostic::Diagnostics;
use crate::scenario::{Named, Param, Scenario};
use crate::tokens::{CountCache, count_corpus, files_are_there};

/// When a scenario is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// It is the one that the program was started with.
    Again,
    /// It is another one.
    Other,
    /// Only its corpus files are others.
    Files,
}

/// Told which share of work is done, from 0 to 1; says whether to go on.
pub type Wanted<'w> = &'w dyn Fn(f64) -> bool;

type Step = dyn Fn(&mut Scenario, Occasion, Wanted<'_>) -> Result<(), Diagnostics> + Send + Sync;

/// What is done with a scenario once it is read: flags are put into it, and its files are counted.
#[derive(Clone)]
pub struct Reading(Arc<Step>);

impl Reading {
    /// Takes what is to be done.
    pub fn new(
        step: impl Fn(&mut Scenario, Occasion, Wanted<'_>) -> Result<(), Diagnostics> + Send + Sync + 'static,
    ) -> Reading {
        Reading(Arc::new(step))
    }

    /// Does it, for as long as it is wanted.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn finish(
        &self,
        scenario: &mut Scenario,
        occasion: Occasion,
        wanted: Wanted<'_>,
    ) -> Result<(), Diagnostics> {
        (self.0)(scenario, occasion, wanted)
    }
}

impl Default for Reading {
    /// Counts files without the counts of earlier runs.
    fn default() -> Reading {
        Reading::new(|scenario, _, wanted| count_corpus(scenario, &mut CountCache::default(), wanted))
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reading")
    }
}

/// Does what is left to do with a scenario, and then something with the result: at once where there are no files to count,
/// else beside the screen, where Esc stops it and nothing happens.
pub fn finish(
    state: &mut State,
    mut scenario: Scenario,
    occasion: Occasion,
    then: impl FnOnce(&mut State, Result<Scenario, Diagnostics>) + Send + 'static,
) {
    state.jobs.cancel(Owner::Scenario);
    let reading = state.reading.clone();
    if scenario.files.is_empty() {
        let done = reading.finish(&mut scenario, occasion, &|_| true);
        return then(state, done.map(|()| scenario));
    }
    state.start(Owner::Scenario, "counting the tokens of corpus.files", move |control| {
        let wanted = |share: f64| {
            control.progress(share);
            !control.is_cancelled()
        };
        let done = reading.finish(&mut scenario, occasion, &wanted);
        move |state: &mut State| then(state, done.map(|()| scenario))
    });
}

/// Returns whether two scenarios name other corpus files.
pub fn files_differ(one: &Scenario, other: &Scenario) -> bool {
    let texts = |named: &[Named]| named.iter().map(|file| file.text.clone()).collect::<Vec<_>>();
    texts(&one.files) != texts(&other.files)
}

/// Takes a change of the scenario that names other files, once they are counted; false where one of them is not there.
pub fn take_files(state: &mut State, changed: Scenario) -> bool {
    if let Err(faults) = files_are_there(&changed) {
        state.refuse(first_fault(faults));
        return false;
    }
    let revision = state.work.revision();
    state.counting = Some(changed.clone());
    finish(state, changed, Occasion::Files, move |state, read| {
        state.counting = None;
        match read {
            // What was changed meanwhile stays.
            Ok(counted) if state.work.revision() != revision => {
                state.change_to(with_files(state.work.scenario(), &counted));
            }
            Ok(counted) => {
                state.change_to(counted);
            }
            Err(faults) => state.refuse(first_fault(faults)),
        }
    });
    true
}

/// Says that files are being counted, which whatever puts the scenario away or into a file has to wait for; false where none
/// are.
pub fn is_busy(state: &mut State) -> bool {
    let busy = state.jobs.of(Owner::Scenario).is_some();
    if busy {
        state.note("corpus.files are still being counted; Esc stops that and leaves the files as they were");
    }
    busy
}

/// Returns the scenario as it would be with the files that are being counted.
pub fn with_pending(state: &State) -> Option<Scenario> {
    state.counting.as_ref().map(|counting| with_files(state.work.scenario(), counting))
}

/// Returns a scenario with the files of another and what was counted in them.
fn with_files(now: &Scenario, counted: &Scenario) -> Scenario {
    let mut scenario = now.clone();
    scenario.files.clone_from(&counted.files);
    for param in [Param::CorpusTokens, Param::DocumentTokens] {
        if let Some(value) = counted.numbers.get(param) {
            scenario.put(param, value, counted.numbers.origin(param));
        }
    }
    scenario
}
