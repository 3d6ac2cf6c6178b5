//! The scenarios that ship inside the program.

/// Name and text of every file under `scenarios/`; the first is the default.
pub const SHIPPED: &[(&str, &str)] = &[
    ("support-bot", include_str!("../../scenarios/support-bot.toml")),
    ("devday", include_str!("../../scenarios/devday.toml")),
    ("contract-review", include_str!("../../scenarios/contract-review.toml")),
    ("novel-qa", include_str!("../../scenarios/novel-qa.toml")),
    ("saas-assistant", include_str!("../../scenarios/saas-assistant.toml")),
    ("transcript-cleanup", include_str!("../../scenarios/transcript-cleanup.toml")),
];

/// Returns the text of a shipped scenario.
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Returns the name of the scenario that is opened when none is named.
pub fn default_name() -> &'static str {
    SHIPPED[0].0
}
