//! Numbers as text: the one place that rounds.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::scenario::parameter::{Parameter, Unit};
use crate::units::Currency;

/// Shown where a number is unknown.
pub const UNKNOWN: &str = "—";

/// Writes a whole number with thousands separators: 128,000.
pub fn whole(value: f64) -> String {
    if !value.is_finite() {
        return UNKNOWN.to_owned();
    }
    group(&format!("{value:.0}"))
}

/// Puts commas between groups of three digits of the whole part.
fn group(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::with_capacity(text.len() + text.len() / 3);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{grouped}.{fraction}"),
        None => format!("{sign}{grouped}"),
    }
}

/// Writes a factor with five significant digits: 157.25, 0.00636.
pub fn significant(factor: Decimal) -> String {
    factor.round_sf(5).unwrap_or(factor).normalize().to_string()
}

/// Writes a relative change: +50%, -12.5%, +0.4%.
pub fn signed_percent(change: f64) -> String {
    let percent = change * 100.0;
    let digits = if percent.abs() >= 10.0 { 0 } else { 1 };
    format!("{percent:+.digits$}%")
}

/// Returns the sign of a currency, or its code and a space.
pub fn sign(currency: Currency) -> String {
    match currency.code() {
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        "CNY" => "CN¥".to_owned(),
        "JPY" => "JP¥".to_owned(),
        code => format!("{code} "),
    }
}

/// Writes an amount so that it can be compared at a glance: whole from 10,000 on, two decimals from 1 on,
/// four significant digits below.
pub fn money(amount: Decimal, currency: Currency) -> String {
    let negative = if amount.is_sign_negative() && !amount.is_zero() { "-" } else { "" };
    format!("{negative}{}{}", sign(currency), digits(amount.abs()))
}

/// Writes a curve's amount like [`money`].
pub fn money_float(amount: f64, currency: Currency) -> String {
    if !amount.is_finite() {
        return UNKNOWN.to_owned();
    }
    money(crate::units::decimal(amount), currency)
}

/// Writes an estimate of an amount: whole from 100 on, like [`money`] below.
pub fn money_rough(amount: f64, currency: Currency) -> String {
    if !amount.is_finite() || amount.abs() < 99.995 {
        return money_float(amount, currency);
    }
    let negative = if amount < 0.0 { "-" } else { "" };
    format!("{negative}{}{}", sign(currency), whole(amount.abs()))
}

fn digits(amount: Decimal) -> String {
    let half_up = RoundingStrategy::MidpointAwayFromZero;
    let size = amount.to_f64().unwrap_or(0.0);
    if size >= 10_000.0 {
        return group(&amount.round_dp_with_strategy(0, half_up).to_string());
    }
    if size >= 1.0 || size == 0.0 {
        let rounded = amount.round_dp_with_strategy(2, half_up);
        return group(&format!("{rounded:.2}"));
    }
    let leading_zeros = (-size.log10()).floor().clamp(0.0, 20.0) as u32;
    let rounded = amount.round_dp_with_strategy(leading_zeros + 4, half_up).normalize();
    let places = rounded.scale().max(2) as usize;
    format!("{rounded:.places$}")
}

/// Writes an amount with all its digits, two decimals at least, and its currency.
pub fn exact_money(amount: Decimal, currency: Currency) -> String {
    let negative = if amount.is_sign_negative() && !amount.is_zero() { "-" } else { "" };
    let amount = amount.abs().normalize();
    let places = amount.scale().max(2) as usize;
    format!("{negative}{}{}", sign(currency), group(&format!("{amount:.places$}")))
}

/// Decimals that people read; what has more was converted from another currency.
const READABLE_DECIMALS: u32 = 12;

/// Writes an amount like [`exact_money`], and one with more decimals than anybody reads with six significant digits.
pub fn readable_money(amount: Decimal, currency: Currency) -> String {
    let long = amount.normalize().scale() > READABLE_DECIMALS;
    exact_money(if long { amount.round_sf(6).unwrap_or(amount) } else { amount }, currency)
}

/// Writes a quantity of up to `decimals` decimals with separators.
pub fn quantity(value: Decimal, decimals: u32) -> String {
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero).normalize();
    group(&rounded.to_string())
}

/// Writes how many times one amount is another: 1.0×, 12×, 3,400×.
pub fn times(ratio: f64) -> String {
    if !ratio.is_finite() {
        return UNKNOWN.to_owned();
    }
    if ratio < 9.95 { format!("{ratio:.1}×") } else { format!("{}×", whole(ratio)) }
}

/// Factor between two amounts from which a linear scale no longer shows the smaller one.
const FAR_APART: f64 = 100.0;

/// Returns whether amounts lie so far apart that they need a logarithmic scale.
pub fn far_apart(low: f64, high: f64) -> bool {
    low > 0.0 && high / low > FAR_APART
}

/// Returns where a logarithmic scale of amounts begins: at a power of ten that leaves the smallest
/// some distance from the edge.
pub fn log_scale_start(low: f64) -> f64 {
    10f64.powf((low / 2.0).log10().floor())
}

/// Names the months of a horizon of which each is as today, as against those of a forecast.
pub fn months_as_today(months: f64) -> String {
    if months == 1.0 { "1 month as today".to_owned() } else { format!("{} months as today", value(months)) }
}

/// Writes a share as a percentage with at most one decimal.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if (percent - percent.round()).abs() < 0.05 { format!("{percent:.0}%") } else { format!("{percent:.1}%") }
}

/// Writes an exact share as a percentage.
pub fn share(share: Decimal) -> String {
    share.to_f64().map_or_else(|| UNKNOWN.to_owned(), percent)
}

/// Writes a value on an axis or in a crossing: up to six significant digits, grouped.
pub fn value(number: f64) -> String {
    if !number.is_finite() {
        return UNKNOWN.to_owned();
    }
    let decimals =
        if number == 0.0 { 0 } else { (5 - number.abs().log10().floor() as i32).clamp(0, 6) as usize };
    let text = format!("{number:.decimals$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    group(&text)
}

/// Writes a value with that many significant digits, without zeros at its end, grouped.
pub fn with_digits(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return UNKNOWN.to_owned();
    }
    let power = if number == 0.0 { 0 } else { number.abs().log10().floor() as i32 };
    let decimals = (digits as i32 - 1 - power).clamp(0, 30) as usize;
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    // A difference of two equal values may be below zero by its last bit.
    group(if text == "-0" { "0" } else { text })
}

/// Writes minutes as people say them: 30 s, 12 min, 3.4 h, 2.1 days.
pub fn duration(minutes: f64) -> String {
    const HOUR: f64 = 60.0;
    const DAY: f64 = 24.0 * HOUR;
    if minutes < 1.0 {
        format!("{} s", whole((minutes * 60.0).ceil()))
    } else if minutes < 2.0 * HOUR {
        format!("{} min", rough(minutes))
    } else if minutes < 2.0 * DAY {
        format!("{} h", rough(minutes / HOUR))
    } else {
        format!("{} days", rough(minutes / DAY))
    }
}

/// Writes a value for a sentence: whole from 100 on, three significant digits below.
pub fn rough(number: f64) -> String {
    if !number.is_finite() {
        return UNKNOWN.to_owned();
    }
    if number.abs() >= 99.5 || number == 0.0 {
        return whole(number);
    }
    let decimals = (2 - number.abs().log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Writes a scenario's number the way its user would: shares as percentages, others grouped.
pub fn parameter(facts: &Parameter, number: f64) -> String {
    if facts.unit == Unit::Share { percent(number) } else { value(number) }
}

/// Writes a value on an axis in few characters: 128k, 1.5M.
pub fn compact(number: f64) -> String {
    for (size, suffix) in [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")] {
        if number.abs() >= size {
            let scaled = number / size;
            let text = if scaled >= 99.95 { format!("{scaled:.0}") } else { format!("{scaled:.1}") };
            return format!("{}{suffix}", text.strip_suffix(".0").unwrap_or(&text));
        }
    }
    value(number)
}

/// Writes an amount on an axis in few characters: $128k, CN¥0.05.
pub fn money_axis(amount: f64, currency: Currency) -> String {
    let negative = if amount < 0.0 { "-" } else { "" };
    format!("{negative}{}{}", sign(currency), compact(amount.abs()))
}

/// Breaks a text at blanks into lines of at most a display width; all lines keep its indentation. A word
/// that is longer, such as an address, stands whole on a line of its own.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let indent = &text[..text.len() - text.trim_start_matches(' ').len()];
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}{word}")),
        }
    }
    lines
}

/// Cuts a text at its end to a display width, between words where it can.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let first = wrap(text, width.saturating_sub(2)).into_iter().next().unwrap_or_default();
    shorten(&format!("{} …", shorten(&first, width.saturating_sub(2).max(1))), width)
}

/// Shortens a text to a display width, with an ellipsis in the middle so that both ends stay.
pub fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width <= 1 {
        return "…".chars().take(width).collect();
    }
    let front = (width - 1) / 2 + (width - 1) % 2;
    let mut used = 0;
    let head: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= front
        })
        .collect();
    let room = width - 1 - head.width();
    let mut used = 0;
    let mut tail: Vec<char> = text
        .chars()
        .rev()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= room
        })
        .collect();
    tail.reverse();
    format!("{head}…{}", tail.into_iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_keeps_what_a_reader_compares() {
        let usd = |text: &str| money(Decimal::from_str_exact(text).unwrap(), Currency::USD);
        assert_eq!(usd("128000"), "$128,000");
        assert_eq!(usd("1.28"), "$1.28");
        assert_eq!(usd("0.00765"), "$0.00765");
        assert_eq!(usd("0.000000123456"), "$0.0000001235");
        assert_eq!(usd("0"), "$0.00");
        assert_eq!(usd("-2.5"), "-$2.50");
        assert_eq!(usd("9.097856"), "$9.10");
        assert_eq!(usd("0.99999"), "$1.00");
    }

    #[test]
    fn a_value_has_the_digits_that_are_asked_for_and_no_zeros_behind_them() {
        assert_eq!(with_digits(0.000_476_451_535, 6), "0.000476452");
        assert_eq!(with_digits(45_600.0, 9), "45,600");
        assert_eq!(with_digits(0.0, 9), "0");
        assert_eq!(with_digits(1_234_567.891, 3), "1,234,568");
    }

    #[test]
    fn an_estimate_has_no_cents_from_a_hundred_on() {
        let texts = [5258.849, 99.994, 99.996, -120.4, f64::NAN].map(|a| money_rough(a, Currency::USD));
        assert_eq!(texts, ["$5,259", "$99.99", "$100", "-$120", UNKNOWN]);
    }

    #[test]
    fn converted_amounts_are_cut_to_what_people_read_and_typed_ones_are_not() {
        let usd = |text: &str| readable_money(Decimal::from_str_exact(text).unwrap(), Currency::USD);
        assert_eq!(usd("0.8937648728060865387838094494"), "$0.893765");
        assert_eq!(usd("0.0005411174074463767680259736"), "$0.000541117");
        assert_eq!(usd("0.000000123456"), "$0.000000123456");
        assert_eq!(usd("12"), "$12.00");
    }

    #[test]
    fn lines_break_at_blanks_and_keep_their_indentation() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("  one two", 6), ["  one", "  two"]);
        assert_eq!(wrap("a longest b", 3), ["a", "longest", "b"]);
        assert!(wrap("", 10).is_empty());
    }

    #[test]
    fn a_cut_text_ends_between_words_where_it_can() {
        assert_eq!(cut("one two three", 10), "one two …");
        assert_eq!(cut("one two", 7), "one two");
        assert_eq!(cut("one two", 1), "…");
    }

    #[test]
    fn long_names_keep_both_ends_and_wide_characters_count_twice() {
        assert_eq!(shorten("openai/gpt-4-1106-preview", 12), "openai…eview");
        assert_eq!(shorten("模型名称很长的模型", 9), "模型…模型");
    }
}
