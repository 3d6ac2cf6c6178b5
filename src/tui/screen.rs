//! The screens, one file each.

pub mod break_even;
pub mod chart;
pub mod compare;
pub mod ranking;
