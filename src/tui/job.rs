//! Long work beside the screen: one thread for each screen that has any, with progress and a way to stop it.
//!
//! A screen starts work with [`State::start`]; the closure runs on the screen's thread, says how far it is through
//! [`Control::progress`], looks at [`Control::is_cancelled`] now and then, and returns what is to be done with its
//! result. Results of work that was cancelled meanwhile are dropped: each piece has a number that is used once.
//!
//! A thread does one piece after the other, and passes over those that were cancelled before their turn. Were each
//! piece given a thread of its own, those that nobody wants any more would run beside the one that is wanted, and take
//! memory and time from it for as long as keys are pressed faster than work notices that it is cancelled.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::{io, thread};

use super::action::Screen;
use super::state::State;
use super::terminal::Outside;

/// Name of the threads, by which a panic on one of them is told from one of the program.
pub const THREAD: &str = "ragonomics-work";

/// Steps in which progress is told, so that fast work does not redraw the screen more often.
const STEPS: f64 = 100.0;

/// What is to be done with a result.
pub type Finish = Box<dyn FnOnce(&mut State) + Send>;

/// A piece of work with all that it needs.
type Run = Box<dyn FnOnce() + Send>;

/// What a thread tells.
pub enum Report {
    /// It has come further.
    Progress,
    /// It is done, and this is to be done with its result.
    Done(u64, Finish),
    /// It ended by a panic.
    Failed(u64),
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Report::Progress => f.write_str("Progress"),
            Report::Done(number, _) => write!(f, "Done({number})"),
            Report::Failed(number) => write!(f, "Failed({number})"),
        }
    }
}

/// What work is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// What a screen shows; it is dropped with the scenario that it is of.
    Screen(Screen),
    /// The scenario itself, whose files are counted.
    Scenario,
}

impl From<Screen> for Owner {
    fn from(screen: Screen) -> Owner {
        Owner::Screen(screen)
    }
}

/// How work is watched and stopped.
#[derive(Debug, Clone, Default)]
pub struct Control {
    cancelled: Arc<AtomicBool>,
    done: Arc<AtomicU32>,
    sender: Option<Sender<Outside>>,
}

impl Control {
    /// Says which share is done, from 0 to 1.
    pub fn progress(&self, share: f64) {
        let step = (share.clamp(0.0, 1.0) * STEPS) as u32;
        if self.done.swap(step, Ordering::Relaxed) != step
            && let Some(sender) = &self.sender
        {
            // Nobody listens any more when the program ends.
            let _ = sender.send(Outside::Work(Report::Progress));
        }
    }

    /// Returns whether the result is no longer wanted.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// A piece of work that is not done.
#[derive(Debug, Clone)]
pub struct Running {
    /// What wants the result.
    pub owner: Owner,
    /// What is being done, such as `sampling`.
    pub what: &'static str,
    number: u64,
    control: Control,
}

impl Running {
    /// Returns which share is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        f64::from(self.control.done.load(Ordering::Relaxed)) / STEPS
    }
}

/// All work that is not done.
#[derive(Debug, Clone, Default)]
pub struct Jobs {
    sender: Option<Sender<Outside>>,
    started: u64,
    running: Vec<Running>,
    stopped: Vec<Owner>,
    threads: Vec<(Owner, Sender<Run>)>,
}

impl Jobs {
    /// Sends reports there. Without it, as in tests, work is done at once and on the spot.
    pub fn report_to(&mut self, sender: Sender<Outside>) {
        self.sender = Some(sender);
    }

    /// Returns the work of a screen that is not done.
    pub fn of(&self, owner: impl Into<Owner>) -> Option<&Running> {
        let owner = owner.into();
        self.running.iter().find(|running| running.owner == owner)
    }

    /// Returns the work to show: that of the scenario, of the open screen, or any.
    pub fn shown(&self, open: Screen) -> Option<&Running> {
        self.of(Owner::Scenario).or_else(|| self.of(open)).or(self.running.first())
    }

    /// Returns whether work of a screen may be started: none is running, and the user did not stop it.
    pub fn may_start(&self, owner: impl Into<Owner>) -> bool {
        let owner = owner.into();
        self.of(owner).is_none() && !self.stopped.contains(&owner)
    }

    /// Returns whether the user stopped the work of a screen.
    pub fn is_stopped(&self, owner: impl Into<Owner>) -> bool {
        let owner = owner.into();
        self.stopped.contains(&owner)
    }

    /// Drops the work of a screen, so that other work may be started.
    pub fn cancel(&mut self, owner: impl Into<Owner>) {
        let owner = owner.into();
        self.stopped.retain(|stopped| *stopped != owner);
        self.running.retain(|running| {
            let keep = running.owner != owner;
            if !keep {
                running.control.cancelled.store(true, Ordering::Relaxed);
            }
            keep
        });
    }

    /// Drops the work of a screen because the user says so; returns what was being done. It does not start again
    /// by itself before the scenario changes or the screen calls [`Jobs::cancel`].
    pub fn stop(&mut self, owner: impl Into<Owner>) -> Option<&'static str> {
        let owner = owner.into();
        let what = self.of(owner)?.what;
        self.cancel(owner);
        self.hold(owner);
        Some(what)
    }

    /// Drops the first work that one of some wants, because the user says so; returns what was being done.
    pub fn stop_any(&mut self, owners: &[Owner]) -> Option<&'static str> {
        owners.iter().find_map(|owner| self.stop(*owner))
    }

    /// Keeps work of a screen from starting again by itself; that of the scenario never does.
    fn hold(&mut self, owner: Owner) {
        if owner != Owner::Scenario {
            self.stopped.push(owner);
        }
    }

    /// Drops all work of screens.
    pub fn cancel_screens(&mut self) {
        Screen::ALL.iter().for_each(|owner| self.cancel(*owner));
    }

    /// Gives work to the thread of a screen.
    fn hand(&mut self, owner: Owner, run: Run) -> io::Result<()> {
        let ended = |_| io::ErrorKind::BrokenPipe.into();
        self.thread_of(owner)?.send(run).map_err(ended)
    }

    /// Returns the way to the thread of a screen, which begins with its first work and ends with the last state.
    fn thread_of(&mut self, owner: Owner) -> io::Result<Sender<Run>> {
        if let Some((_, thread)) = self.threads.iter().find(|(known, _)| *known == owner) {
            return Ok(thread.clone());
        }
        let (thread, pieces) = channel::<Run>();
        let begin = thread::Builder::new().name(THREAD.to_owned());
        begin.spawn(move || pieces.into_iter().for_each(|run| run()))?;
        self.threads.push((owner, thread.clone()));
        Ok(thread)
    }

    fn take(&mut self, number: u64) -> Option<Running> {
        let at = self.running.iter().position(|running| running.number == number)?;
        Some(self.running.remove(at))
    }
}

impl State {
    /// Starts work for a screen. Nothing happens while work of that screen is running, or after the user stopped it;
    /// so a screen may call this from its `refresh` whenever it has no result.
    pub fn start<F, G>(&mut self, owner: impl Into<Owner>, what: &'static str, work: F)
    where
        F: FnOnce(&Control) -> G + Send + 'static,
        G: FnOnce(&mut State) + Send + 'static,
    {
        let owner = owner.into();
        if !self.jobs.may_start(owner) {
            return;
        }
        let control = Control { sender: self.jobs.sender.clone(), ..Control::default() };
        let Some(sender) = self.jobs.sender.clone() else {
            return work(&control)(self);
        };
        self.jobs.started += 1;
        let number = self.jobs.started;
        self.jobs.running.push(Running { owner, what, number, control: control.clone() });
        let run = move || {
            if control.is_cancelled() {
                return;
            }
            let report = match catch_unwind(AssertUnwindSafe(|| work(&control))) {
                Ok(finish) => Report::Done(number, Box::new(finish)),
                Err(_) => Report::Failed(number),
            };
            let _ = sender.send(Outside::Work(report));
        };
        if self.jobs.hand(owner, Box::new(run)).is_err() {
            self.jobs.stop(owner);
            self.fault(format!("{what} was not started: the system has no thread left"));
        }
    }

    /// Takes what a thread tells.
    pub fn report(&mut self, report: Report) {
        match report {
            Report::Progress => {}
            Report::Done(number, finish) => {
                if self.jobs.take(number).is_some() {
                    finish(self);
                    super::update::settle(self);
                }
            }
            Report::Failed(number) => {
                if let Some(running) = self.jobs.take(number) {
                    self.jobs.hold(running.owner);
                    self.fault(format!("{} failed; this is a bug of the program", running.what));
                }
            }
        }
    }
}
