//! A key as a user names it: `q`, `Ctrl-r`, `Shift-Left`, `F5`.

use std::fmt;

/// Which key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyName {
    /// The key that types a character.
    Char(char),
    /// A function key, from 1 to 12.
    F(u8),
    /// Any other, by its name in [`NAMED`].
    Named(&'static str),
}

/// Names of keys that type no character.
pub const NAMED: &[&str] = &[
    "Enter",
    "Esc",
    "Tab",
    "Backspace",
    "Delete",
    "Insert",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "PageUp",
    "PageDown",
];

/// A key with what is held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyPress {
    /// The key.
    pub name: KeyName,
    /// Whether Control is held.
    pub control: bool,
    /// Whether Shift is held; characters say so themselves.
    pub shift: bool,
}

impl KeyPress {
    /// Reads a key; `None` for a text that names none.
    ///
    /// ```
    /// use ragonomics::config::key::KeyPress;
    /// assert_eq!(KeyPress::parse("ctrl-R").unwrap().to_string(), "Ctrl-r");
    /// assert_eq!(KeyPress::parse("-").unwrap().to_string(), "-");
    /// assert!(KeyPress::parse("F13").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<KeyPress> {
        let (mut rest, mut control, mut shift) = (text.trim(), false, false);
        loop {
            let (held, behind) = match rest.split_once('-') {
                // A minus may be the key itself.
                Some((held, behind)) if !held.is_empty() && !behind.is_empty() => (held, behind),
                _ => break,
            };
            let flag = match held.to_ascii_lowercase().as_str() {
                "ctrl" | "control" => &mut control,
                "shift" => &mut shift,
                _ => return None,
            };
            if std::mem::replace(flag, true) {
                return None;
            }
            rest = behind;
        }
        let name = key_name(rest)?;
        match name {
            // A terminal sends a shifted character as another one, and no difference with Control.
            KeyName::Char(_) if shift => None,
            KeyName::Char(c) if control => {
                Some(KeyPress { name: KeyName::Char(c.to_ascii_lowercase()), control, shift })
            }
            _ => Some(KeyPress { name, control, shift }),
        }
    }
}

fn key_name(text: &str) -> Option<KeyName> {
    let mut characters = text.chars();
    if let (Some(one), None) = (characters.next(), characters.next()) {
        return (!one.is_control() && !one.is_whitespace()).then_some(KeyName::Char(one));
    }
    let same = |name: &str| text.eq_ignore_ascii_case(name);
    if same("Space") {
        return Some(KeyName::Char(' '));
    }
    let alias =
        [("PgUp", "PageUp"), ("PgDn", "PageDown"), ("Escape", "Esc"), ("Return", "Enter"), ("Del", "Delete")];
    let full = alias.iter().find(|(short, _)| same(short)).map_or(text, |(_, full)| full);
    if let Some(name) = NAMED.iter().find(|name| full.eq_ignore_ascii_case(name)) {
        return Some(KeyName::Named(name));
    }
    let number: u8 = text.strip_prefix(['F', 'f'])?.parse().ok()?;
    (1..=12).contains(&number).then_some(KeyName::F(number))
}

impl fmt::Display for KeyPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.name {
            KeyName::Char(' ') => f.write_str("Space"),
            KeyName::Char(c) => write!(f, "{c}"),
            KeyName::F(number) => write!(f, "F{number}"),
            KeyName::Named(name) => f.write_str(name),
        }
    }
}
