//! Several pieces of work at once.

use std::thread::{self, Builder};

/// Runs a function for each item on a thread of its own and returns the results in the order of the items.
///
/// The threads have the name of the one that waits for them, so that a panic of theirs is told as one of its own.
/// Where the system has no thread left, the waiting one does the work.
pub(super) fn in_parallel<T: Send>(items: &[u32], run: impl Fn(u32) -> T + Sync) -> Vec<T> {
    if let [only] = items {
        return vec![run(*only)];
    }
    let (run, current) = (&run, thread::current());
    let builder = || current.name().map_or_else(Builder::new, |name| Builder::new().name(name.to_owned()));
    thread::scope(|scope| {
        let start = |item: u32| builder().spawn_scoped(scope, move || run(item)).map_err(|_| item);
        let running: Vec<_> = items.iter().map(|item| start(*item)).collect();
        let done = running.into_iter().map(|thread| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(item) => run(item),
        });
        done.collect()
    })
}
