//! Numbers as they are counted and paid: the generic amount, quantities with units, currencies.

use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

/// Hours in a month: a year of 8,760 hours divided by 12, the convention of the cloud price lists.
pub const HOURS_PER_MONTH: u32 = 730;

/// Bytes in a gigabyte: vendors of storage bill in powers of ten unless their price entry says GiB.
pub const BYTES_PER_GB: u32 = 1_000_000_000;

/// Minutes in a month of [`HOURS_PER_MONTH`].
pub const MINUTES_PER_MONTH: u32 = HOURS_PER_MONTH * 60;

/// Amounts and quantities from here on are more than a decimal holds, and no bill or curve tells them: 2^96, less what
/// rounding adds.
pub const BEYOND_DECIMALS: f64 = 7.9e28;

/// A number that money can be counted in: exact decimals for bills, `f64` for curves.
///
/// Rating is written once over this trait. Both instances see the same `f64` quantities; a
/// decimal takes the shortest decimal text of the float, so 0.1 is one tenth.
pub trait Number: Copy {
    /// Zero.
    const ZERO: Self;
    /// Converts a quantity; `None` when it cannot be represented.
    fn from_quantity(quantity: f64) -> Option<Self>;
    /// Converts a price, kept in both forms.
    fn from_price(price: Price) -> Self;
    /// Adds; `None` when the sum cannot be represented.
    fn plus(self, other: Self) -> Option<Self>;
    /// Subtracts; `None` when the difference cannot be represented.
    fn minus(self, other: Self) -> Option<Self>;
    /// Multiplies; `None` when the product cannot be represented.
    fn times(self, other: Self) -> Option<Self>;
    /// Divides; `None` when the divisor is zero.
    fn over(self, other: Self) -> Option<Self>;
}

impl Number for f64 {
    const ZERO: f64 = 0.0;
    #[inline]
    fn from_quantity(quantity: f64) -> Option<f64> {
        Some(quantity)
    }
    #[inline]
    fn from_price(price: Price) -> f64 {
        price.float
    }
    #[inline]
    fn plus(self, other: f64) -> Option<f64> {
        Some(self + other)
    }
    #[inline]
    fn minus(self, other: f64) -> Option<f64> {
        Some(self - other)
    }
    #[inline]
    fn times(self, other: f64) -> Option<f64> {
        Some(self * other)
    }
    #[inline]
    fn over(self, other: f64) -> Option<f64> {
        Some(self / other)
    }
}

impl Number for Decimal {
    const ZERO: Decimal = Decimal::ZERO;
    fn from_quantity(quantity: f64) -> Option<Decimal> {
        (quantity.abs() < BEYOND_DECIMALS).then(|| decimal(quantity))
    }
    fn from_price(price: Price) -> Decimal {
        price.exact
    }
    fn plus(self, other: Decimal) -> Option<Decimal> {
        self.checked_add(other)
    }
    fn minus(self, other: Decimal) -> Option<Decimal> {
        self.checked_sub(other)
    }
    fn times(self, other: Decimal) -> Option<Decimal> {
        self.checked_mul(other)
    }
    fn over(self, other: Decimal) -> Option<Decimal> {
        self.checked_div(other)
    }
}

/// A unit price as the vendor prints it, with the nearest float beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// The price, digit for digit.
    pub exact: Decimal,
    /// The same for curves.
    pub float: f64,
}

impl Price {
    /// Returns the price of a decimal.
    pub fn new(exact: Decimal) -> Self {
        Price { exact, float: short_float(exact).or_else(|| exact.to_f64()).unwrap_or(f64::NAN) }
    }
}

/// Converts a float to the decimal that a person would write for it.
///
/// Whole numbers are exact; others keep 15 significant digits, so `0.1 + 0.2` is 0.3. Numbers too large for a decimal
/// become its largest value; rating refuses them before, see [`Number::from_quantity`].
pub fn decimal(value: f64) -> Decimal {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Decimal::from(value as i64);
    }
    Decimal::from_f64(value).unwrap_or(Decimal::MAX)
}

/// Returns how many tokens a text has elsewhere, in whole ones; a text that has any has one at least.
#[inline]
pub fn converted(tokens: f64, factor: f64) -> f64 {
    if factor == 1.0 { tokens } else { (tokens * factor).round().max(tokens.min(1.0)) }
}

/// Rounds a derived share to 12 decimals, so that bills and curves use the same figure.
#[inline]
pub fn share(value: f64) -> f64 {
    nearest_whole(value * 1e12) / 1e12
}

/// Rounds to the nearest whole number, halves away from zero, as [`f64::round`] does; sweeps round so often that the
/// call of a library shows.
#[inline]
fn nearest_whole(value: f64) -> f64 {
    /// From here on every float is whole.
    const ALL_WHOLE: f64 = 4_503_599_627_370_496.0;
    if value.is_nan() || value.abs() >= ALL_WHOLE {
        return value;
    }
    let whole = value as i64 as f64;
    // Twice the rest is at least one where it rounds away from zero.
    whole + ((value - whole) * 2.0) as i64 as f64
}

/// A currency by its ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// What a currency is written as, for messages.
pub const CURRENCY_CODE: &str = "a three-letter code such as USD";

impl Currency {
    /// United States dollar.
    pub const USD: Currency = Currency(*b"USD");
    /// Chinese yuan.
    pub const CNY: Currency = Currency(*b"CNY");

    /// Reads a three-letter code in any case; `None` for anything else.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.trim().to_ascii_uppercase().as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Currency(bytes))
    }

    /// Returns the code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Reads a number as people write it in a scenario: `1500`, `1_500`, `128k`, `1.5M`, `2B`, `3%`.
///
/// `k` is 1,000, `M` is 1,000,000, `B` is 1,000,000,000, `%` is a hundredth. Not-a-number and
/// infinities are refused.
///
/// ```
/// use ragonomics::units::parse_number;
/// assert_eq!(parse_number("128k"), Some(128_000.0));
/// assert_eq!(parse_number("3%"), Some(0.03));
/// assert_eq!(parse_number("nan"), None);
/// ```
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (digits, factor) = match text.char_indices().next_back()? {
        (at, 'k' | 'K') => (&text[..at], Decimal::ONE_THOUSAND),
        (at, 'm' | 'M') => (&text[..at], Decimal::from(1_000_000)),
        (at, 'b' | 'B') => (&text[..at], Decimal::from(1_000_000_000)),
        (at, '%') => (&text[..at], Decimal::new(1, 2)),
        _ => (text, Decimal::ONE),
    };
    let digits: String = digits.trim_end().chars().filter(|c| *c != '_').collect();
    let plain = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    if digits.is_empty() || !plain {
        return None;
    }
    match parse_decimal(&digits).and_then(|number| number.checked_mul(factor)) {
        Some(number) => number.to_f64(),
        // Beyond 28 digits a float is as good as anyone needs.
        None => {
            let value = digits.parse::<f64>().ok()? * factor.to_f64()?;
            value.is_finite().then_some(value)
        }
    }
}

/// Writes a number the way [`parse_number`] reads it: 128k, 1.5M, 1024, 0.05.
pub fn write_number(value: f64) -> String {
    if value.abs() >= 1e15 {
        return format!("{value:e}");
    }
    for (unit, suffix) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] {
        let scaled = value / unit;
        let digits = if scaled.abs() >= 10.0 || unit > 1e3 { 10.0 } else { 1.0 };
        if scaled.abs() >= 1.0 && (scaled * digits).fract() == 0.0 {
            return format!("{scaled}{suffix}");
        }
    }
    format!("{value}")
}

/// Reads a decimal number with or without an exponent, digit for digit.
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    if let Some(short) = short_decimal(text) {
        return Some(short);
    }
    if text.contains('_') {
        return parse_decimal(&text.replace('_', ""));
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    if text.contains(['e', 'E']) {
        Decimal::from_scientific(text).ok().map(|d| d.normalize())
    } else {
        Decimal::from_str_exact(text).ok().map(|d| d.normalize())
    }
}

/// Returns the nearest float of a decimal of few digits: both numbers of its fraction are exact, so that their
/// quotient is rounded once.
fn short_float(exact: Decimal) -> Option<f64> {
    const EXACT_TENS: [f64; 12] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11];
    let number = i32::try_from(exact.mantissa()).ok()?;
    Some(f64::from(number) / EXACT_TENS.get(exact.scale() as usize)?)
}

/// Reads a decimal of few digits without sign or exponent, as almost all prices are.
fn short_decimal(text: &str) -> Option<Decimal> {
    const MOST_DIGITS: usize = 18;
    let bytes = text.as_bytes();
    let ends_in_digits = bytes.first()?.is_ascii_digit() && bytes.last()?.is_ascii_digit();
    if !ends_in_digits || bytes.len() > MOST_DIGITS {
        return None;
    }
    let (mut number, mut scale, mut behind_point) = (0_i64, 0, false);
    for byte in bytes {
        match byte {
            b'0'..=b'9' => {
                number = number * 10 + i64::from(byte - b'0');
                scale += u32::from(behind_point);
            }
            b'.' if !behind_point => behind_point = true,
            _ => return None,
        }
    }
    while scale > 0 && number % 10 == 0 {
        number /= 10;
        scale -= 1;
    }
    Some(Decimal::new(number, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_of_few_digits_has_the_float_of_its_text() {
        for text in
            ["0", "0.1", "0.3", "1.75", "-2.5", "0.0000125", "1234567.89", "2147483.647", "21474836.48"]
        {
            let price = Price::new(text.parse().unwrap());
            assert_eq!(price.float, text.parse::<f64>().unwrap(), "{text}");
        }
    }

    #[test]
    fn the_nearest_whole_number_is_that_of_the_library() {
        let ends = [
            0.0,
            0.5,
            1.5,
            2.5,
            0.49999999999999994,
            1e12 - 0.5,
            4503599627370495.5,
            4503599627370496.0,
            1e300,
        ];
        let between = (0..1000).map(|at| f64::from(at) * 0.37 + 1e-9);
        for value in ends.into_iter().chain(between).flat_map(|value| [value, -value]) {
            assert_eq!(nearest_whole(value), value.round(), "{value}");
        }
        assert!(nearest_whole(f64::NAN).is_nan() && nearest_whole(f64::INFINITY).is_infinite());
    }

    #[test]
    fn short_and_long_decimals_are_read_alike() {
        for text in ["0", "0.0", "0.10", "100", "1.500", "0.000000125", "12345678.123456789", "007.50"] {
            let long = Decimal::from_str_exact(text).unwrap().normalize();
            assert_eq!(short_decimal(text).map(|short| short.unpack()), Some(long.unpack()), "{text}");
        }
        for bad in ["", ".", "1.2.3", "1.", "a", "1a2"] {
            assert_eq!(short_decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_with_units_are_read_as_written() {
        assert_eq!(parse_number("1.5M"), Some(1_500_000.0));
        assert_eq!(parse_number("1_000"), Some(1000.0));
        assert_eq!(parse_number("0.1%"), Some(0.001));
        assert_eq!(parse_number("2e3"), Some(2000.0));
        for bad in ["", "k", "nan", "inf", "12x", "1.2.3", "--1", "１２"] {
            assert_eq!(parse_number(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_float_becomes_the_decimal_a_person_would_write() {
        assert_eq!(decimal(0.1 + 0.2), Decimal::new(3, 1));
        assert_eq!(decimal(123_456_789_012.0), Decimal::from(123_456_789_012_i64));
        assert_eq!(decimal(f64::INFINITY), Decimal::MAX);
    }

    #[test]
    fn numbers_are_shortened_only_where_that_reads_better() {
        for (value, text) in [
            (128_000.0, "128k"),
            (1024.0, "1024"),
            (2500.0, "2500"),
            (12_500.0, "12.5k"),
            (1.5e6, "1.5M"),
            (0.05, "0.05"),
            (131_072.0, "131072"),
        ] {
            assert_eq!(write_number(value), text);
        }
    }
}
