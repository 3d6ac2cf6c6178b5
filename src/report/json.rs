//! Numbers in JSON: plain decimal notation with all digits, never an exponent, null for unknown.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use crate::units::decimal;

/// An exact amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact(pub Decimal);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        number(&self.0.normalize().to_string()).serialize(serializer)
    }
}

/// A float; not-a-number and infinities become null.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plain(pub f64);

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.0.is_finite() {
            return serializer.serialize_none();
        }
        number(&plain(self.0)).serialize(serializer)
    }
}

/// Returns a float in plain notation: a decimal drops the noise of binary fractions; what it cannot hold is written by
/// the float.
pub fn plain(value: f64) -> String {
    if value.abs() < 1e20 { decimal(value).normalize().to_string() } else { format!("{value}") }
}

fn number(text: &str) -> serde_json::Number {
    serde_json::Number::from_string_unchecked(text.to_owned())
}

/// Writes a document with two spaces of indentation and a final newline.
pub fn pretty(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// Writes a document on one line, without a newline.
pub fn line(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_all_digits_and_no_exponent() {
        assert_eq!(line(&Exact(Decimal::new(765, 5))), "0.00765");
        assert_eq!(line(&Exact(Decimal::new(1, 12))), "0.000000000001");
        assert_eq!(line(&Plain(1e-7)), "0.0000001");
        assert_eq!(line(&Plain(f64::NAN)), "null");
        assert_eq!(line(&Plain(1000.0 / 9.0)), "111.1111111111111");
    }
}
