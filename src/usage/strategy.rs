//! The strategies, one file each behind one small trait; a new one is a file and an entry here.

use super::{Job, Refusal, Shape, Usage};
use super::{cached_context::CachedContext, long_context::LongContext, rag::Rag, rewrite::Rewrite};
use crate::diagnostic::{Fault, nearest};
use crate::scenario::Param;

/// The two sides of the question, and what is beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// The corpus goes into the prompt.
    Stuff,
    /// What is relevant is looked up.
    Retrieve,
    /// A text is rewritten; another job than answering questions.
    Rewrite,
}

/// A way to answer requests from a corpus.
pub trait Strategy: Sync {
    /// Returns the id, as in `MODEL:STRATEGY`.
    fn id(&self) -> &'static str;

    /// Returns one line of explanation.
    fn summary(&self) -> &'static str;

    /// Returns the numbers that it depends on beside the workload and the request.
    fn parameters(&self) -> &'static [Param];

    /// Returns which side of the question it is on.
    fn family(&self) -> Family;

    /// Writes down a month's calls and what is paid once.
    ///
    /// # Errors
    /// Why the design cannot run on the model.
    fn usage(&self, job: &Job<'_>, usage: &mut Usage) -> Result<Shape, Refusal>;
}

/// All strategies, in the order in which they are listed.
pub static STRATEGIES: [&dyn Strategy; 4] = [&LongContext, &CachedContext, &Rag, &Rewrite];

/// Finds a strategy by its id.
///
/// # Errors
/// A fault that names the nearest one.
pub fn find(id: &str) -> Result<&'static dyn Strategy, Fault> {
    let wanted = id.trim();
    STRATEGIES.iter().copied().find(|strategy| strategy.id() == wanted).ok_or_else(|| Fault::UnknownName {
        kind: "strategy",
        name: wanted.to_owned(),
        nearest: match nearest(wanted, STRATEGIES.iter().map(|strategy| strategy.id())) {
            near if near.is_empty() => STRATEGIES.iter().map(|strategy| strategy.id().to_owned()).collect(),
            near => near,
        },
    })
}
