//! Words by which people look for an action that do not stand in its name.

use crate::tui::action::{Action, Screen};

/// What an action is also called, and what a screen holds.
static WORDS: &[(Action, &str)] = &[
    (Action::Open(Screen::Compare), "ranking table home overview designs cheapest strategies groups"),
    (Action::Open(Screen::BreakEven), "chart curve plot crossing map heatmap when is it worth it"),
    (Action::Open(Screen::Bill), "invoice items breakdown formula explanation sources"),
    (Action::Open(Screen::Vendors), "models products providers price history price list timeline"),
    (Action::Open(Screen::Sensitivity), "tornado levers drivers what matters most"),
    (
        Action::Open(Screen::Uncertainty),
        "histogram distribution percentiles p50 p95 monte carlo simulation risk",
    ),
    (Action::Open(Screen::Forecast), "growth seasons runway margin budget months horizon trend"),
    (Action::Open(Screen::Limits), "quota tier rate limits rpm tpm throughput peak batch"),
    (Action::Open(Screen::Scenario), "parameters settings edit description name configuration assumptions"),
    (Action::Quit, "exit close"),
    (Action::Help, "keys shortcuts keyboard legend marks"),
    (Action::Parameters, "numbers inputs edit"),
    (Action::Panel, "sidebar show toggle"),
    (Action::Save, "write store disk"),
    (Action::OpenScenario, "load file another"),
    (Action::Reread, "reload refresh revert"),
    (Action::Copy, "clipboard yank"),
    (Action::Export, "write download csv json markdown svg picture"),
    (Action::Theme, "colours colors"),
    (Action::Mouse, "click wheel"),
    (Action::Filter, "search find"),
];

/// Returns the other words for an action; empty where its name says enough.
pub fn of(action: Action) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == action).map_or("", |(_, words)| words)
}
