//! Numbers as companies write them: with currency signs, thousands separators, decimal points or commas.
//!
//! `1,234` is 1234 where the comma parts thousands and 1.234 where it parts decimals. The other figures of the file
//! decide: a cell such as `2.50`, `0,075` or `1.234,5` can be read in one way only. Where none decides, a point is
//! taken for decimals in a file whose cells are parted by commas, and anything else is refused.

use rust_decimal::Decimal;

use crate::units::{Currency, parse_decimal};

/// What parts the decimals from the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A point, so that a comma parts thousands.
    Point,
    /// A comma, so that a point parts thousands.
    Comma,
}

impl Mark {
    /// The words for the marks in `decimal`.
    pub(super) const WORDS: &'static [(&'static str, Mark)] = &[(".", Mark::Point), (",", Mark::Comma)];

    fn character(self) -> char {
        match self {
            Mark::Point => '.',
            Mark::Comma => ',',
        }
    }

    fn other(self) -> Mark {
        match self {
            Mark::Point => Mark::Comma,
            Mark::Comma => Mark::Point,
        }
    }
}

/// What a file says of its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    /// Some cell or the caller says it.
    Known(Mark),
    /// Nothing does, and cells are parted by commas: a point parts decimals, a comma may do either.
    PointUnlessComma,
    /// Nothing does.
    Unknown,
}

/// An amount with the currencies that its sign can mean, the likely one first; empty without a sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amount {
    pub(super) value: Decimal,
    pub(super) currencies: Vec<Currency>,
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bad {
    /// A share of something that the cell does not name.
    Percent,
    /// It can be read in two ways.
    Ambiguous,
    /// Anything else.
    NoNumber,
}

/// Signs with the codes of the currencies that are written with them.
const SIGNS: &[(&str, &[&str])] = &[
    ("US$", &["USD"]),
    ("$", &["USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("¥", &["CNY", "JPY"]),
    ("￥", &["CNY", "JPY"]),
    ("元", &["CNY"]),
    ("円", &["JPY"]),
    ("₹", &["INR"]),
    ("₩", &["KRW"]),
];

/// Reads an amount: `$1,234.50`, `0,075 €`, `USD 3`, `3e-06`, `free`.
pub(super) fn amount(text: &str, marks: Marks) -> Result<Amount, Bad> {
    if text.eq_ignore_ascii_case("free") {
        return Ok(Amount { value: Decimal::ZERO, currencies: Vec::new() });
    }
    let (body, currencies) = without_currency(text);
    if body.ends_with(['%', '‰']) {
        return Err(Bad::Percent);
    }
    let mark = match (marks, evidence(body)) {
        (Marks::Known(mark), _) => mark,
        (_, Evidence::One(mark)) => mark,
        (_, Evidence::None) => Mark::Point,
        (Marks::PointUnlessComma, Evidence::Either) if body.contains('.') => Mark::Point,
        (_, Evidence::Either) => return Err(Bad::Ambiguous),
    };
    let value = decimal(body, mark).ok_or(Bad::NoNumber)?;
    Ok(Amount { value, currencies })
}

/// Reads a number of tokens or the like: `128000`, `128,000`, `128k`, `1.5M`. A whole number has no decimals, so both
/// marks part its thousands.
pub(super) fn count(text: &str, marks: Marks) -> Result<Decimal, Bad> {
    if text.ends_with(|c: char| c.is_ascii_alphabetic()) {
        let (digits, suffix) = text.split_at(text.len() - 1);
        let factor = match suffix {
            "k" | "K" => 1_000,
            "m" | "M" => 1_000_000,
            "b" | "B" => 1_000_000_000,
            _ => return Err(Bad::NoNumber),
        };
        let number = amount(digits.trim_end(), marks)?;
        return number
            .value
            .checked_mul(Decimal::from(factor))
            .map(|size| size.normalize())
            .ok_or(Bad::NoNumber);
    }
    let whole = [Mark::Point, Mark::Comma].into_iter().find_map(|mark| whole(text, mark));
    let exact = || parse_decimal(text).filter(|number| number.fract().is_zero());
    whole.and_then(|digits| parse_decimal(&digits)).or_else(exact).ok_or(Bad::NoNumber)
}

/// What a cell says of the decimals of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// It has no mark.
    None,
    /// Its mark may part decimals or thousands.
    Either,
    /// It can be read with that mark only.
    One(Mark),
}

/// Returns what an amount says of the decimals of its file.
pub(super) fn evidence_of(text: &str) -> Evidence {
    evidence(without_currency(text).0)
}

fn evidence(body: &str) -> Evidence {
    let last = |mark: Mark| body.rfind(mark.character());
    let mark = match (last(Mark::Point), last(Mark::Comma)) {
        (None, None) => return Evidence::None,
        (Some(point), Some(comma)) => {
            return Evidence::One(if point > comma { Mark::Point } else { Mark::Comma });
        }
        (Some(_), None) => Mark::Point,
        (None, Some(_)) => Mark::Comma,
    };
    if body.matches(mark.character()).count() > 1 {
        // A number has one decimal mark, so these part thousands.
        return Evidence::One(mark.other());
    }
    let (before, after) = body.split_once(mark.character()).unwrap_or((body, ""));
    let before = before.trim_start_matches(['-', '+']);
    let digits = after.len() == 3 && after.bytes().all(|byte| byte.is_ascii_digit());
    let thousands = digits && (1..=3).contains(&before.len()) && !before.starts_with('0');
    if thousands { Evidence::Either } else { Evidence::One(mark) }
}

/// Splits off a sign or a code of a currency, before or after the number.
fn without_currency(text: &str) -> (&str, Vec<Currency>) {
    let text = text.trim();
    for (sign, codes) in SIGNS {
        let rest = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
        if let Some(rest) = rest {
            return (rest.trim(), codes.iter().filter_map(|code| Currency::parse(code)).collect());
        }
    }
    let code = |part: &str| {
        Some(part).filter(|part| part.bytes().all(|b| b.is_ascii_uppercase())).and_then(Currency::parse)
    };
    let before = text.split_at_checked(3).and_then(|(first, rest)| Some((rest, code(first)?)));
    let after = || {
        let (rest, last) = text.split_at_checked(text.len().checked_sub(3)?)?;
        Some((rest, code(last)?))
    };
    before.or_else(after).map_or((text, Vec::new()), |(rest, code)| (rest.trim(), vec![code]))
}

/// Reads a number with a decimal mark, and maybe an exponent.
fn decimal(body: &str, mark: Mark) -> Option<Decimal> {
    let (number, exponent) = match body.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, format!("e{exponent}")),
        None => (body, String::new()),
    };
    let (before, after) = number.split_once(mark.character()).unwrap_or((number, ""));
    let before = if before.is_empty() && !after.is_empty() { "0".to_owned() } else { whole(before, mark)? };
    if !after.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let after = if after.is_empty() { "0" } else { after };
    parse_decimal(&format!("{before}.{after}{exponent}"))
}

/// Returns the digits of a whole number without what parts its thousands, in groups of three.
fn whole(text: &str, mark: Mark) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let parts = |c: char| {
        matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | '_')
            || c == mark.other().character()
    };
    let mut separators: Vec<char> = digits.chars().filter(|c| parts(*c)).collect();
    separators.dedup();
    let groups: Vec<&str> = digits.split(parts).collect();
    let all_digits =
        groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    let grouped =
        groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    (all_digits && grouped && separators.len() <= 1).then(|| format!("{sign}{}", groups.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, marks: Marks) -> Result<String, Bad> {
        amount(text, marks).map(|amount| amount.value.to_string())
    }

    #[test]
    fn amounts_are_read_as_companies_write_them() {
        for (text, expected) in [
            ("1.50", "1.5"),
            ("$1,234.50", "1234.5"),
            ("1.234,50 €", "1234.5"),
            ("0,075", "0.075"),
            ("EUR 3", "3"),
            ("3USD", "3"),
            ("1 234.5", "1234.5"),
            ("1'234.5", "1234.5"),
            ("1\u{202f}234,5", "1234.5"),
            ("1,234,567", "1234567"),
            ("3e-06", "0.000003"),
            (".5", "0.5"),
            ("¥2", "2"),
            ("Free", "0"),
            ("0", "0"),
            ("1234.567", "1234.567"),
        ] {
            assert_eq!(read(text, Marks::Unknown).as_deref(), Ok(expected), "{text}");
        }
        for text in ["", "$", "abc", "1.2.3,4,5", "12,34.5", "1 2", "1.5/M", "1e", "3 per 1K"] {
            assert_eq!(read(text, Marks::Unknown), Err(Bad::NoNumber), "{text}");
        }
        assert_eq!(read("50 %", Marks::Unknown), Err(Bad::Percent));
    }

    #[test]
    fn what_can_be_read_in_two_ways_needs_the_file() {
        for (text, point, comma) in [("1,234", "1234", "1.234"), ("2.500", "2.5", "2500")] {
            assert_eq!(read(text, Marks::Unknown), Err(Bad::Ambiguous), "{text}");
            assert_eq!(read(text, Marks::Known(Mark::Point)).as_deref(), Ok(point));
            assert_eq!(read(text, Marks::Known(Mark::Comma)).as_deref(), Ok(comma));
        }
        assert_eq!(read("2.500", Marks::PointUnlessComma).as_deref(), Ok("2.5"));
        assert_eq!(read("1,234", Marks::PointUnlessComma), Err(Bad::Ambiguous));
        assert_eq!(read("2,5", Marks::Known(Mark::Point)), Err(Bad::NoNumber));
    }

    #[test]
    fn counts_have_no_decimals() {
        let read = |text: &str| count(text, Marks::Unknown).map(|count| count.to_string());
        for (text, expected) in [
            ("128000", "128000"),
            ("128,000", "128000"),
            ("128.000", "128000"),
            ("128k", "128000"),
            ("1.5M", "1500000"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(count("1,5M", Marks::Unknown).map(|count| count.to_string()).as_deref(), Ok("1500000"));
        for text in ["1.5", "128 tokens", "12,34"] {
            assert_eq!(read(text), Err(Bad::NoNumber), "{text}");
        }
    }

    #[test]
    fn a_sign_says_its_currency() {
        let codes = |text: &str| -> Vec<String> {
            let amount = amount(text, Marks::Unknown).expect("an amount");
            amount.currencies.iter().map(|currency| currency.code().to_owned()).collect()
        };
        assert_eq!(codes("2 €"), ["EUR"]);
        assert_eq!(codes("CNY2"), ["CNY"]);
        assert_eq!(codes("¥2"), ["CNY", "JPY"]);
        assert_eq!(codes("$2")[0], "USD");
        assert!(codes("2").is_empty());
    }
}
