//! How far long work is, on one line of a terminal that is wiped away when it is done.

use std::cell::Cell;
use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// Work that is shorter is not worth a line.
const PATIENCE: Duration = Duration::from_millis(300);

/// Work whose progress is told on standard error, where that is a terminal.
pub struct Progress {
    what: &'static str,
    told: bool,
    start: Instant,
    /// Percent that stand on the line.
    shown: Cell<Option<u32>>,
}

impl Progress {
    /// Begins; nothing is told where nobody wants to read it.
    pub fn of(what: &'static str, quiet: bool) -> Progress {
        let told = !quiet && stderr().is_terminal();
        Progress { what, told, start: Instant::now(), shown: Cell::new(None) }
    }

    /// Says which share is done, from 0 to 1; work always goes on.
    pub fn at(&self, share: f64) -> bool {
        let percent = (share.clamp(0.0, 1.0) * 100.0) as u32;
        if self.told && self.start.elapsed() >= PATIENCE && self.shown.get() != Some(percent) {
            self.shown.set(Some(percent));
            // Nothing can be done about a terminal that went away.
            let _ = write!(stderr(), "\r{} {percent}%", self.what);
            let _ = stderr().flush();
        }
        true
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.get().is_some() {
            let _ = write!(stderr(), "\r{}\r", " ".repeat(self.what.len() + 5));
        }
    }
}
