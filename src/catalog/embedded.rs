//! The tables that ship inside the program.

/// Name and text of every table under `pricing/`.
pub const TABLES: &[(&str, &str)] = &[
    ("pricing/exchange-rates.toml", include_str!("../../pricing/exchange-rates.toml")),
    ("pricing/openai.toml", include_str!("../../pricing/openai.toml")),
    ("pricing/anthropic.toml", include_str!("../../pricing/anthropic.toml")),
    ("pricing/google.toml", include_str!("../../pricing/google.toml")),
];
