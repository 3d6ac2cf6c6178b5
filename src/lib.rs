//! Prices long context against retrieval.
pub mod catalog;
pub mod diagnostic;
pub mod document;
pub mod units;
