//! Values as their user would write them.

use crate::scenario::parameter::Unit;
use crate::units::{decimal, parse_number, write_number};

/// Writes a number in the style of the value that it replaces; a new one as scenarios have it: 600, "128k", "5%".
pub(super) fn number(value: f64, unit: Unit, old: Option<&str>) -> String {
    let plain = format!("{value}");
    let reads_back = |text: &str| parse_number(text) == Some(value);
    let percent = || {
        let text = format!("{}%", decimal(value * 100.0).normalize());
        if reads_back(&text) { text } else { plain.clone() }
    };
    let short = || {
        let text = write_number(value);
        if reads_back(&text) { text } else { plain.clone() }
    };
    let old = old.filter(|old| old.starts_with(['"', '\'']) || parse_number(old).is_some());
    match old {
        Some(old) if old.starts_with(['"', '\'']) => {
            let quote = if old.starts_with('"') { '"' } else { '\'' };
            let inner = old.trim_matches(quote).trim();
            let text = if inner.ends_with('%') { percent() } else { short() };
            format!("{quote}{text}{quote}")
        }
        Some(old) if old.contains('_') => grouped(&plain),
        Some(_) => plain,
        None if unit == Unit::Share && value != 0.0 => format!("\"{}\"", percent()),
        None => {
            let text = short();
            if text.ends_with(|last: char| last.is_ascii_alphabetic()) { format!("\"{text}\"") } else { text }
        }
    }
}

/// Puts underscores between groups of three digits: 1_500_000.
fn grouped(plain: &str) -> String {
    let (whole, fraction) = plain.split_once('.').map_or((plain, None), |(w, f)| (w, Some(f)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push('_');
        }
        text.push(digit);
    }
    fraction.map_or(text.clone(), |fraction| format!("{text}.{fraction}"))
}

/// Writes a text in quotes, in single ones where the old value has them and the new one can.
pub(crate) fn quoted(text: &str, old: Option<&str>) -> String {
    let literal = old.is_some_and(|old| old.starts_with('\'') && !old.starts_with("'''"));
    if literal && !text.contains('\'') && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
