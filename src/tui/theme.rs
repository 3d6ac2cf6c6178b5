//! Styles by role, and the fall-back to plain ASCII.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// Unless `NO_COLOR` is set or the terminal is dumb.
    #[default]
    Auto,
    /// Whatever the environment says.
    Always,
    /// Never; bold, dim and reversed text remain.
    Never,
}

impl ColorChoice {
    /// Returns whether colours may be used, from the choice and the environment: a non-empty
    /// `NO_COLOR` and a dumb terminal forbid them unless the user insists.
    pub fn is_allowed(self, variable: impl Fn(&str) -> Option<String>) -> bool {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => set("NO_COLOR").is_none() && set("TERM").as_deref() != Some("dumb"),
        }
    }
}

/// Which colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// The terminal's 16 colours.
    #[default]
    Dark,
    /// No colours at all.
    Mono,
}

/// Which characters there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Braille, blocks and lines.
    #[default]
    Unicode,
    /// Characters of ASCII alone.
    Ascii,
}

/// What a piece of text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What is read most.
    Text,
    /// What is read second.
    Dim,
    /// Titles and column heads.
    Heading,
    /// The row or field that keys act on.
    Selected,
    /// The selection of a part that is not in focus.
    Marked,
    /// The cheapest design.
    Cheapest,
    /// The design that is meant to run, or runs today.
    Named,
    /// A bar beside a number.
    Bar,
    /// A value that differs from the scenario file's.
    Changed,
    /// A key in the footer or the help.
    Key,
    /// What is being typed, and filters in force.
    Chip,
    /// What went wrong.
    Fault,
    /// A crossing on the chart.
    Crossing,
    /// A line of the chart, by its number.
    Line(usize),
}

/// How everything looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// Colours.
    pub palette: Palette,
    /// Characters.
    pub glyphs: Glyphs,
}

impl Theme {
    /// Decides from the choice and the environment, read through `variable`.
    ///
    /// A non-empty `NO_COLOR` and a dumb terminal mean no colours; a locale that is not UTF-8 means ASCII.
    pub fn choose(color: ColorChoice, variable: impl Fn(&str) -> Option<String>) -> Theme {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let palette = if color.is_allowed(&variable) { Palette::Dark } else { Palette::Mono };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        let unicode = cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8");
        Theme { palette, glyphs: if unicode { Glyphs::Unicode } else { Glyphs::Ascii } }
    }

    /// Returns the style of a role.
    pub fn style(&self, role: Role) -> Style {
        let style = Style::new().add_modifier(modifier(role));
        match self.palette {
            Palette::Mono => style,
            Palette::Dark => style.fg(color(role)),
        }
    }

    /// Returns the colour of a chart's line.
    pub fn line_color(&self, line: usize) -> Color {
        self.style(Role::Line(line)).fg.unwrap_or(Color::Reset)
    }
}

fn modifier(role: Role) -> Modifier {
    match role {
        Role::Text | Role::Bar | Role::Line(_) => Modifier::empty(),
        Role::Dim => Modifier::DIM,
        Role::Selected | Role::Chip => Modifier::REVERSED,
        Role::Marked => Modifier::UNDERLINED,
        Role::Fault => Modifier::BOLD.union(Modifier::REVERSED),
        Role::Heading | Role::Cheapest | Role::Named | Role::Changed | Role::Key | Role::Crossing => {
            Modifier::BOLD
        }
    }
}

fn color(role: Role) -> Color {
    const LINES: [Color; 6] =
        [Color::Cyan, Color::Yellow, Color::Magenta, Color::Green, Color::Blue, Color::Red];
    match role {
        Role::Text | Role::Dim | Role::Selected | Role::Marked | Role::Heading | Role::Key => Color::Reset,
        Role::Cheapest => Color::Green,
        Role::Named => Color::Cyan,
        Role::Bar => Color::Blue,
        Role::Changed | Role::Chip => Color::Yellow,
        Role::Fault | Role::Crossing => Color::Red,
        Role::Line(line) => LINES[line % LINES.len()],
    }
}

/// Replaces every character of a finished screen that is not ASCII.
pub fn fold_to_ascii(buffer: &mut Buffer) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let symbol = buffer[(x, y)].symbol().to_owned();
            let width = (symbol.width() as u16).max(1);
            if !symbol.is_ascii() {
                for part in x..(x + width).min(area.right()) {
                    buffer[(part, y)].set_symbol(ascii(&symbol));
                }
            }
            x += width;
        }
    }
}

fn ascii(symbol: &str) -> &'static str {
    match symbol {
        "★" => "*",
        "●" => "P",
        "○" => "B",
        "◆" | "×" => "x",
        "▲" | "↑" => "^",
        "▸" | "→" => ">",
        "↓" => "v",
        "←" => "<",
        "│" | "┃" => "|",
        "─" | "━" | "—" | "–" => "-",
        "└" | "┘" | "┌" | "┐" | "┴" | "┬" | "├" | "┤" | "┼" => "+",
        "█" | "▉" | "▊" | "▋" | "▌" => "#",
        "▍" | "▎" | "▏" | "⇧" => " ",
        "…" => "~",
        "·" => "-",
        "≥" => ">",
        "¥" => "Y",
        "€" => "E",
        "£" => "L",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(color: ColorChoice, variables: &[(&str, &str)]) -> Theme {
        Theme::choose(color, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_empty_no_color_means_nothing() {
        assert_eq!(choose(ColorChoice::Auto, &[("NO_COLOR", "")]).palette, Palette::Dark);
        assert_eq!(choose(ColorChoice::Auto, &[("NO_COLOR", "1")]).palette, Palette::Mono);
        assert_eq!(choose(ColorChoice::Always, &[("NO_COLOR", "1")]).palette, Palette::Dark);
        assert_eq!(choose(ColorChoice::Never, &[]).palette, Palette::Mono);
        assert_eq!(choose(ColorChoice::Auto, &[("TERM", "dumb")]).palette, Palette::Mono);
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert_eq!(choose(ColorChoice::Auto, &[("LANG", "zh_CN.UTF-8")]).glyphs, Glyphs::Unicode);
        let overruled = [("LC_ALL", "C"), ("LANG", "en_US.utf8")];
        assert_eq!(choose(ColorChoice::Auto, &overruled).glyphs, Glyphs::Ascii);
        assert_eq!(choose(ColorChoice::Auto, &[]).glyphs, Glyphs::Ascii);
    }

    #[test]
    fn the_mono_theme_has_no_colour_for_any_role() {
        let theme = Theme { palette: Palette::Mono, glyphs: Glyphs::Unicode };
        for role in [Role::Selected, Role::Fault, Role::Bar, Role::Line(3), Role::Chip] {
            assert_eq!((theme.style(role).fg, theme.style(role).bg), (None, None));
        }
    }
}
