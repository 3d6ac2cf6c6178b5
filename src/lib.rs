//! Prices long context against retrieval.
pub mod analysis;
pub mod answer;
pub mod bill;
pub mod catalog;
pub mod diagnostic;
pub mod document;
pub mod present;
pub mod scenario;
pub mod tui;
pub mod units;
pub mod usage;
