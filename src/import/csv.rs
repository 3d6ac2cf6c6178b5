//! A table with a column for each figure: how a company brings its rate card.

use super::{Intake, Options};
use crate::diagnostic::Fault;

/// How one column is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading in the file.
    pub heading: String,
    /// Key of a pricing table that it fills.
    pub key: String,
}

pub(super) fn read(_intake: &mut Intake, _text: &str, _options: &Options) -> Result<(), Fault> {
    Ok(())
}
