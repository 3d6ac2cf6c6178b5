//! Prices long context against retrieval.
pub mod analysis;
pub mod bill;
pub mod catalog;
pub mod diagnostic;
pub mod document;
pub mod present;
pub mod report;
pub mod scenario;
pub mod units;
pub mod usage;
