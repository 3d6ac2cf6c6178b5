//! Prices long context against retrieval.
pub mod analysis;
pub mod answer;
pub mod bill;
pub mod catalog;
pub mod cli;
pub mod diagnostic;
pub mod document;
pub mod present;
pub mod report;
pub mod scenario;
pub mod tokens;
pub mod tui;
pub mod units;
pub mod usage;
