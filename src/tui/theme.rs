//! Styles by role.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::Marker;

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

/// Which colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// The terminal's 16 colours, on a dark background.
    #[default]
    Dark,
    /// Those of the 16 that are read on a light background.
    Light,
    /// Colours that people with any colour vision tell apart; not on terminals of 16 colours.
    Vivid,
    /// No colours at all.
    Mono,
}

impl Palette {
    /// All palettes, in the order in which they are gone through.
    pub const ALL: [Palette; 4] = [Palette::Dark, Palette::Light, Palette::Vivid, Palette::Mono];

    /// Returns the word for the palette.
    pub fn word(self) -> &'static str {
        match self {
            Palette::Dark => "dark",
            Palette::Light => "light",
            Palette::Vivid => "vivid",
            Palette::Mono => "mono",
        }
    }

    /// Returns the palette of a word.
    pub fn find(word: &str) -> Option<Palette> {
        Palette::ALL.into_iter().find(|palette| palette.word() == word)
    }
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Depth {
    /// The 16 that the user's terminal defines.
    #[default]
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// Any.
    True,
}

impl Depth {
    /// Returns what the environment says: `COLORTERM` of `truecolor` or `24bit`, a `TERM` that names 256 colours or a
    /// terminal that has any (`-direct`).
    fn of(variable: impl Fn(&str) -> Option<String>) -> Depth {
        let value = |name: &str| variable(name).unwrap_or_default().to_ascii_lowercase();
        let (color, term) = (value("COLORTERM"), value("TERM"));
        if color == "truecolor" || color == "24bit" || term.ends_with("-direct") {
            Depth::True
        } else if term.contains("256color") {
            Depth::Indexed
        } else {
            Depth::Sixteen
        }
    }
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
    /// Colours in use.
    pub palette: Palette,
    /// Colours that the user chose, which come back where the terminal can show them.
    pub chosen: Palette,
    /// Characters.
    pub glyphs: Glyphs,
    /// How many colours there are.
    pub depth: Depth,
    /// Whether colours are forbidden.
    pub plain: bool,
    /// Whether the font has no braille, as that of the Linux console.
    pub no_braille: bool,
}

impl Theme {
    /// Decides from the choice and the environment, read through `variable`.
    ///
    /// A non-empty `NO_COLOR` and a dumb terminal mean no colours; a locale that is not UTF-8 means ASCII; a
    /// `COLORFGBG` with a light background, such as `0;15`, means the light theme.
    pub fn choose(color: ColorChoice, variable: impl Fn(&str) -> Option<String>) -> Theme {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let plain = !color.is_allowed(&variable);
        let background = set("COLORFGBG").and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok());
        let light = background.is_some_and(|color| color == 7 || color == 15);
        let chosen = if light { Palette::Light } else { Palette::Dark };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        let unicode = cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8");
        Theme {
            palette: if plain { Palette::Mono } else { chosen },
            chosen,
            glyphs: if unicode { Glyphs::Unicode } else { Glyphs::Ascii },
            depth: Depth::of(&variable),
            plain,
            no_braille: set("TERM").as_deref() == Some("linux"),
        }
    }

    /// Takes a palette, where colours are allowed and the terminal has them.
    pub fn take(&mut self, palette: Palette) {
        self.chosen = palette;
        let shown = palette != Palette::Vivid || self.depth > Depth::Sixteen;
        self.palette = match (self.plain, shown) {
            (true, _) => Palette::Mono,
            (false, true) => palette,
            (false, false) => Palette::Dark,
        };
    }

    /// Takes the next palette that the terminal can show; `None` where colours are forbidden.
    pub fn advance(&mut self) -> Option<Palette> {
        let at = Palette::ALL.iter().position(|palette| *palette == self.palette)?;
        let rest = Palette::ALL.iter().cycle().skip(at + 1).copied();
        let next = rest
            .take(Palette::ALL.len())
            .find(|palette| *palette != Palette::Vivid || self.depth > Depth::Sixteen)?;
        if self.plain {
            return None;
        }
        self.take(next);
        Some(next)
    }

    /// Returns the style of a role.
    pub fn style(&self, role: Role) -> Style {
        let style = Style::new().add_modifier(modifier(role));
        match self.palette {
            Palette::Mono => style,
            Palette::Dark => style.fg(dark(role)),
            Palette::Light => style.fg(light(role)),
            Palette::Vivid => style.fg(vivid(role, self.depth)),
        }
    }

    /// Returns the style of an area of a map, by its number: filled, where there are colours.
    pub fn area(&self, area: usize) -> Style {
        let filled = Style::new().bg(self.line_color(area));
        match self.palette {
            Palette::Mono => Style::new(),
            Palette::Light => filled.fg(Color::White),
            Palette::Dark | Palette::Vivid => filled.fg(Color::Black),
        }
    }

    /// Returns what lines of a chart are drawn with: braille, or half blocks where the font has none.
    pub fn marker(&self) -> Marker {
        if self.no_braille { Marker::HalfBlock } else { Marker::Braille }
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

fn dark(role: Role) -> Color {
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

/// Yellow, cyan and bright colours are not read on white.
fn light(role: Role) -> Color {
    const LINES: [Color; 6] =
        [Color::Blue, Color::Red, Color::Magenta, Color::Green, Color::DarkGray, Color::Black];
    match role {
        Role::Named => Color::Blue,
        Role::Changed | Role::Chip => Color::Magenta,
        Role::Line(line) => LINES[line % LINES.len()],
        role => dark(role),
    }
}

/// The colours of Okabe and Ito, which people with any colour vision tell apart
/// (<https://jfly.uni-koeln.de/color/>), with the nearest of xterm's 256.
fn vivid(role: Role, depth: Depth) -> Color {
    const ORANGE: (u8, [u8; 3]) = (178, [230, 159, 0]);
    const SKY: (u8, [u8; 3]) = (74, [86, 180, 233]);
    const GREEN: (u8, [u8; 3]) = (36, [0, 158, 115]);
    const YELLOW: (u8, [u8; 3]) = (227, [240, 228, 66]);
    const BLUE: (u8, [u8; 3]) = (25, [0, 114, 178]);
    const RED: (u8, [u8; 3]) = (166, [213, 94, 0]);
    const PURPLE: (u8, [u8; 3]) = (175, [204, 121, 167]);
    const LINES: [(u8, [u8; 3]); 6] = [SKY, ORANGE, PURPLE, GREEN, YELLOW, RED];
    let (index, [red, green, blue]) = match role {
        Role::Cheapest => GREEN,
        Role::Named => SKY,
        Role::Bar => BLUE,
        Role::Changed | Role::Chip => ORANGE,
        Role::Fault | Role::Crossing => RED,
        Role::Line(line) => LINES[line % LINES.len()],
        role => return dark(role),
    };
    if depth == Depth::True { Color::Rgb(red, green, blue) } else { Color::Indexed(index) }
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
    fn the_linux_console_draws_lines_without_braille() {
        let linux = choose(ColorChoice::Auto, &[("TERM", "linux")]);
        assert_eq!(linux.marker(), Marker::HalfBlock);
        assert_eq!(choose(ColorChoice::Auto, &[("TERM", "xterm")]).marker(), Marker::Braille);
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
        let theme = Theme { palette: Palette::Mono, ..Theme::default() };
        for role in [Role::Selected, Role::Fault, Role::Bar, Role::Line(3), Role::Chip] {
            assert_eq!((theme.style(role).fg, theme.style(role).bg), (None, None));
        }
    }
    #[test]
    fn more_than_sixteen_colours_are_used_only_where_the_terminal_has_them_and_the_user_asks() {
        let depth = |variables: &[(&str, &str)]| choose(ColorChoice::Auto, variables).depth;
        assert_eq!(depth(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]), Depth::True);
        assert_eq!(depth(&[("TERM", "screen-256color")]), Depth::Indexed);
        assert_eq!(depth(&[("TERM", "xterm")]), Depth::Sixteen);
        let mut theme = choose(ColorChoice::Auto, &[("TERM", "xterm")]);
        assert_eq!(
            [theme.advance(), theme.advance(), theme.advance()].map(Option::unwrap),
            [Palette::Light, Palette::Mono, Palette::Dark]
        );
        let mut rich = choose(ColorChoice::Auto, &[("TERM", "xterm-256color")]);
        rich.take(Palette::Vivid);
        assert_eq!(rich.line_color(0), Color::Indexed(74));
        theme.take(Palette::Vivid);
        assert_eq!(theme.line_color(0), Color::Cyan);
    }

    #[test]
    fn a_theme_that_is_asked_for_does_not_bring_forbidden_colours() {
        let mut theme = choose(ColorChoice::Auto, &[("NO_COLOR", "1")]);
        assert_eq!(theme.advance(), None);
        theme.take(Palette::Light);
        assert_eq!((theme.palette, theme.chosen), (Palette::Mono, Palette::Light));
    }

    #[test]
    fn a_light_background_that_the_terminal_tells_of_gives_the_light_theme() {
        assert_eq!(choose(ColorChoice::Auto, &[("COLORFGBG", "0;15")]).palette, Palette::Light);
        assert_eq!(choose(ColorChoice::Auto, &[("COLORFGBG", "15;0")]).palette, Palette::Dark);
    }
}
