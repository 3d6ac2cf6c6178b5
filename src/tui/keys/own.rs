//! Keys of the user's own: what actions are called in the settings, and the table with other keys.

use std::sync::OnceLock;

use super::{Binding, Direction, Key, Scope, ctrl, standard};
use crate::config;
use crate::tui::action::{Action, Motion, ScreenAction};
use crate::tui::export::FileFormat;
use crate::tui::screen::{compare, vendors};
use crate::tui::theme::Palette;
use Direction::{Back, On};

/// Names of actions in the user's settings, where they may be given other keys. What several screens have, each in its
/// own way, has one name and gets its keys on all of them.
pub static NAMED: &[(&str, &[Action])] = &[
    ("quit", &[Action::Quit]),
    ("help", &[Action::Help]),
    ("back", &[Action::Back]),
    ("next_screen", &[Action::Turn(On)]),
    ("previous_screen", &[Action::Turn(Back)]),
    ("parameters", &[Action::Parameters]),
    ("panel", &[Action::Panel]),
    ("undo", &[Action::Undo]),
    ("redo", &[Action::Redo]),
    ("save", &[Action::Save]),
    ("save_as", &[Action::SaveAs]),
    ("open", &[Action::OpenScenario]),
    ("read_again", &[Action::Reread]),
    ("copy", &[Action::Copy]),
    ("export", &[Action::Export]),
    ("export_csv", &[Action::ExportAs(FileFormat::Csv)]),
    ("export_json", &[Action::ExportAs(FileFormat::Json)]),
    ("export_markdown", &[Action::ExportAs(FileFormat::Markdown)]),
    ("export_svg", &[Action::ExportAs(FileFormat::Svg)]),
    ("palette", &[Action::Palette]),
    ("theme", &[Action::Theme]),
    ("theme_dark", &[Action::TakeTheme(Palette::Dark)]),
    ("theme_light", &[Action::TakeTheme(Palette::Light)]),
    ("theme_vivid", &[Action::TakeTheme(Palette::Vivid)]),
    ("theme_mono", &[Action::TakeTheme(Palette::Mono)]),
    ("mouse", &[Action::Mouse]),
    ("filter", &[Action::Filter]),
    (
        "sort",
        &[
            Action::On(ScreenAction::Compare(compare::Action::Sort)),
            Action::On(ScreenAction::Vendors(vendors::Action::Sort)),
        ],
    ),
    ("up", &[Action::Move(Motion::Up)]),
    ("down", &[Action::Move(Motion::Down)]),
    ("half_page_up", &[Action::Move(Motion::HalfUp)]),
    ("half_page_down", &[Action::Move(Motion::HalfDown)]),
    ("page_up", &[Action::Move(Motion::PageUp)]),
    ("page_down", &[Action::Move(Motion::PageDown)]),
    ("first", &[Action::Move(Motion::First)]),
    ("last", &[Action::Move(Motion::Last)]),
];

/// Returns the name of an action in the user's settings.
pub fn named(action: Action) -> Option<&'static str> {
    NAMED.iter().find(|(_, known)| known.contains(&action)).map(|(name, _)| *name)
}

/// The table with the user's own keys, where the settings name any.
static OWN: OnceLock<Vec<Binding>> = OnceLock::new();

/// Returns the actions that the settings name, with their keys.
pub fn meant(settings: &[config::Binding]) -> Vec<(Action, Key)> {
    let named = |name: &str| NAMED.iter().find(|(known, _)| *known == name).map(|(_, actions)| *actions);
    let each = |binding: &config::Binding| {
        let key = Key::named(&binding.key).filter(|key| *key != ctrl('c'))?;
        Some(named(&binding.action)?.iter().map(move |action| (*action, key)))
    };
    settings.iter().filter_map(each).flatten().collect()
}

/// Returns the table with the user's own keys, where there are any.
pub(super) fn table() -> Option<&'static Vec<Binding>> {
    OWN.get()
}

/// Takes the user's own keys for the whole run.
pub fn take_own(settings: &[config::Binding]) {
    let own = meant(settings);
    if !own.is_empty() {
        // Settings are read once; a second call would find the first ones.
        let _ = OWN.set(with_own(&own));
    }
}

/// Returns the table with some actions on other keys. Those keys mean nothing else any more outside of texts, lists to
/// pick from and questions, whose keys stay as they are.
pub fn with_own(own: &[(Action, Key)]) -> Vec<Binding> {
    let changed = |binding: &Binding| {
        let fixed = |scope: &Scope| {
            scope.takes_text()
                || matches!(scope, Scope::Always | Scope::Ticks | Scope::Menu | Scope::Question)
        };
        let mine: Vec<Key> =
            own.iter().filter(|(action, _)| *action == binding.action).map(|(_, key)| *key).collect();
        let keys: Vec<Key> = match (binding.scopes.iter().all(fixed), mine.is_empty()) {
            (true, _) => binding.keys.to_vec(),
            (false, false) => mine,
            (false, true) => {
                let free = |key: &&Key| !own.iter().any(|(_, taken)| taken == *key);
                binding.keys.iter().filter(free).copied().collect()
            }
        };
        // The table lives as long as the program.
        let keys: &'static [Key] = Vec::leak(keys);
        Binding {
            keys,
            action: binding.action,
            scopes: binding.scopes,
            help: binding.help,
            brief: binding.brief,
        }
    };
    standard().map(changed).collect()
}
