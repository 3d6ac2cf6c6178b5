//! Stuff the context, or retrieve? Prices both for a workload, on every model whose price is known,
//! at any date, with every cent traceable to a quantity, a unit price and a source.
//!
//! Data flows one way, and each stage is a plain value made by a pure function from the one before:
//!
//! 1. [`catalog`]: vendors, products and their dated prices, from TOML tables; [`import`] makes one from other
//!    tools' tables.
//! 2. [`scenario`]: a workload as its user wrote it, checked, with units; it knows no prices.
//! 3. [`usage`]: the calls that one strategy makes on one model; it knows no money.
//! 4. [`bill`]: the usage at the prices in force, line by line, exact; it knows no strategies.
//! 5. [`analysis`]: many bills side by side: comparison, sweep, break-even, sensitivity, uncertainty, forecast, limits,
//!    history.
//! 6. Views that compute nothing: [`answer`] and [`report`] for text, [`tui`] for the terminal, [`cli`].
//!
//! Files, the clock and the terminal are touched only at the edges, in [`cli`] and [`tui`]; the day
//! whose prices hold is an argument. The network is touched by one command that the user gives, and only where the
//! program is built with the feature `online`.
//!
//! ```
//! use std::path::Path;
//! use ragonomics::{analysis::{Case, compare::compare}, catalog, scenario};
//!
//! let text = r#"
//!     name = "Manual"
//!     as_of = 2023-11-22
//!     [corpus]
//!     tokens = "100k"
//!     [retrieval]
//!     embedding = "openai/text-embedding-ada-002"
//!     store = "none"
//!     [compare]
//!     models = ["openai/gpt-4-1106-preview"]
//!     strategies = ["long_context", "rag"]
//! "#;
//! let catalog = catalog::load::embedded()?;
//! let (scenario, _warnings) = scenario::load::scenario("manual.toml", text, Path::new("."))?;
//! let today = jiff::civil::date(2026, 11, 22);
//! let case = Case::open(&catalog, &scenario, today)?;
//! let comparison = compare(&case);
//! assert_eq!(comparison.rows[0].strategy, "rag");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod analysis;
pub mod answer;
pub mod bill;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod document;
#[cfg(feature = "online")]
pub mod fetch;
pub mod import;
pub mod present;
pub mod report;
pub mod scenario;
pub mod tokens;
pub mod tui;
pub mod units;
pub mod usage;
