//! The data.json of genai-prices.

use super::{Intake, Options};
use crate::diagnostic::Fault;

pub(super) fn read(_intake: &mut Intake, _text: &str, _options: &Options) -> Result<(), Fault> {
    Ok(())
}
