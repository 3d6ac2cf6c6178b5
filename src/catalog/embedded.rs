//! The tables that ship inside the program.

/// Name and text of every table under `pricing/`.
pub const TABLES: &[(&str, &str)] = &[
    ("pricing/exchange-rates.toml", include_str!("../../pricing/exchange-rates.toml")),
    ("pricing/openai.toml", include_str!("../../pricing/openai.toml")),
    ("pricing/anthropic.toml", include_str!("../../pricing/anthropic.toml")),
    ("pricing/google.toml", include_str!("../../pricing/google.toml")),
    ("pricing/deepseek.toml", include_str!("../../pricing/deepseek.toml")),
    ("pricing/moonshot.toml", include_str!("../../pricing/moonshot.toml")),
    ("pricing/zhipu.toml", include_str!("../../pricing/zhipu.toml")),
    ("pricing/01ai.toml", include_str!("../../pricing/01ai.toml")),
    ("pricing/alibaba.toml", include_str!("../../pricing/alibaba.toml")),
    ("pricing/meta.toml", include_str!("../../pricing/meta.toml")),
    ("pricing/pinecone.toml", include_str!("../../pricing/pinecone.toml")),
    ("pricing/cohere.toml", include_str!("../../pricing/cohere.toml")),
];
