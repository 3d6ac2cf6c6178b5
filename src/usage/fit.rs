//! The one check whether a call fits a model.

use std::fmt;

use crate::catalog::Product;

/// Whether calls are known to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// They fit.
    Fits,
    /// Nobody published the window.
    Unknown,
}

/// Which limit a call breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Largest input.
    Input,
    /// Window shared by input and output.
    Window,
    /// Largest output.
    Output,
}

/// A call that is too large, and by how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Misfit {
    /// The limit.
    pub limit: Limit,
    /// Its size in tokens.
    pub size: f64,
    /// Tokens beyond it.
    pub over: f64,
}

impl Misfit {
    /// Says which limit is broken, not by how much.
    pub fn limit_in_words(&self) -> String {
        let limit = match self.limit {
            Limit::Input => "input limit",
            Limit::Window => "window",
            Limit::Output => "output limit",
        };
        format!("over the {} token {limit}", crate::present::whole(self.size))
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by {}", self.limit_in_words(), crate::present::whole(self.over))
    }
}

/// Returns the largest input of a model in tokens, whatever the output; `None` where unknown.
#[inline]
pub fn largest_input(model: &Product) -> Option<f64> {
    match (model.max_input, model.window) {
        (Some(input), Some(window)) => Some(input.min(window)),
        (input, window) => input.or(window),
    }
}

/// Returns how much input leaves room for an output; `None` where the window is unknown.
pub fn room_for_input(model: &Product, output: f64) -> Option<f64> {
    let largest = largest_input(model)?;
    match model.window {
        Some(window) if model.shared_window => Some(largest.min(window - output)),
        _ => Some(largest),
    }
}

/// Checks one call: input within the input limit, input and output within a shared window, output
/// within the output limit.
///
/// # Errors
/// The first limit that is broken, and by how much.
#[inline]
pub fn check(model: &Product, input: f64, output: f64) -> Result<Fit, Misfit> {
    let over = |limit, size: f64, used: f64| Misfit { limit, size, over: used - size };
    if let Some(size) = model.max_input.filter(|size| input > *size) {
        return Err(over(Limit::Input, size, input));
    }
    if let Some(size) = model.window {
        let used = if model.shared_window { input + output } else { input };
        if used > size {
            return Err(over(Limit::Window, size, used));
        }
    }
    if let Some(size) = model.max_output.filter(|size| output > *size) {
        return Err(over(Limit::Output, size, output));
    }
    Ok(if largest_input(model).is_some() { Fit::Fits } else { Fit::Unknown })
}
