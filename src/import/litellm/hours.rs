//! Off-peak windows of a week, and the window of the rest.

use serde_json::Value;

use crate::catalog::rate::Hours;

const DAY: usize = 24 * 60;
const DAYS: usize = 7;

/// The minutes of a week in UTC that are off-peak, from Monday 0:00.
type Week = Vec<bool>;

/// When the peak price holds, or failing that when it does not.
#[derive(Debug, PartialEq)]
pub(super) enum Window {
    /// The peak is one window on some days.
    Peak(Hours),
    /// The time off the peak is one window on some days.
    OffPeak(Hours),
}

/// Reads the windows of an `off_peak_pricing`; `None` where neither the peak nor the rest is one window that is the
/// same on all its days.
pub(super) fn window(off_peak: &Value) -> Option<Window> {
    let week = read(off_peak)?;
    let peak: Week = week.iter().map(|off| !off).collect();
    hours(&peak).map(Window::Peak).or_else(|| hours(&week).map(Window::OffPeak))
}

fn read(off_peak: &Value) -> Option<Week> {
    let mut week = vec![false; DAYS * DAY];
    let offset = match off_peak.get("weekday_timezone").and_then(Value::as_str) {
        None | Some("UTC") => 0,
        // China keeps one time, eight hours ahead, without summer time.
        Some("Asia/Shanghai") => 8 * 60,
        Some(_) => return None,
    };
    let every_day: Vec<usize> = (0..DAYS).collect();
    if let Some(hours) = off_peak.get("hours_utc") {
        mark(&mut week, hours, &every_day, offset)?;
    }
    for rule in off_peak.get("windows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice) {
        let days = rule.get("weekdays").map_or(Some(every_day.clone()), weekdays)?;
        mark(&mut week, rule.get("hours_utc")?, &days, offset)?;
    }
    Some(week)
}

/// Reads weekdays by the ISO number, Monday 1.
fn weekdays(value: &Value) -> Option<Vec<usize>> {
    let number = |day: &Value| day.as_u64().filter(|day| (1..=7).contains(day)).map(|day| day as usize - 1);
    value.as_array()?.iter().map(number).collect()
}

/// Marks hours in UTC on days of a calendar that is `offset` minutes ahead.
fn mark(week: &mut Week, hours: &Value, days: &[usize], offset: usize) -> Option<()> {
    let texts: Vec<&str> = match hours {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().map(Value::as_str).collect::<Option<_>>()?,
        _ => return None,
    };
    for text in texts {
        let (from, to) = text.split_once('-')?;
        let (from, to) = (minute(from)?, minute(to)?);
        for (at, off) in week.iter_mut().enumerate() {
            let of_day = at % DAY;
            // A window that ends where it begins is the whole day; one that ends earlier runs past midnight.
            let inside = if from < to { (from..to).contains(&of_day) } else { of_day >= from || of_day < to };
            *off |= inside && days.contains(&((at + offset) / DAY % DAYS));
        }
    }
    Some(())
}

fn minute(text: &str) -> Option<usize> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (usize, usize) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// Returns marked minutes as hours of some days; `None` where they are not the same on all days that have any.
fn hours(week: &Week) -> Option<Hours> {
    let mut found = Hours::default();
    for (day, minutes) in week.chunks(DAY).enumerate() {
        let ranges = ranges(minutes);
        if ranges.is_empty() {
            continue;
        }
        if !found.ranges.is_empty() && found.ranges != ranges {
            return None;
        }
        found.ranges = ranges;
        found.days |= 1 << day;
    }
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let parts: Vec<String> =
        found.ranges.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to))).collect();
    found.text = parts.join(", ");
    (!found.ranges.is_empty()).then_some(found)
}

fn ranges(minutes: &[bool]) -> Vec<(u16, u16)> {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for (at, _) in minutes.iter().enumerate().filter(|(_, marked)| **marked) {
        let at = at as u16;
        match ranges.last_mut() {
            Some((_, to)) if *to == at => *to = at + 1,
            _ => ranges.push((at, at + 1)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Window> {
        window(&serde_json::from_str(text).expect("JSON"))
    }

    #[test]
    fn the_peak_is_what_the_off_peak_windows_leave() {
        let text = r#"{"windows": [
            {"hours_utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]},
            {"hours_utc": "00:00-00:00", "weekdays": [6, 7]}]"#;
        let peak = Hours {
            text: "01:00-04:00, 06:00-10:00".into(),
            days: 0b1_1111,
            ranges: vec![(60, 240), (360, 600)],
        };
        assert_eq!(of(&format!("{text}}}")), Some(Window::Peak(peak.clone())));
        // Monday in China begins on Sunday at 16:00 UTC, outside the peak: the same window.
        let china = format!(r#"{text}, "weekday_timezone": "Asia/Shanghai"}}"#);
        assert_eq!(of(&china), Some(Window::Peak(peak)));
        assert_eq!(of(&format!(r#"{text}, "weekday_timezone": "Mars/Olympus"}}"#)), None);
    }

    #[test]
    fn hours_past_midnight_are_two_ranges_of_the_day() {
        let peak = Hours { text: "00:30-16:30".into(), days: 0b111_1111, ranges: vec![(30, 990)] };
        assert_eq!(of(r#"{"hours_utc": "16:30-00:30"}"#), Some(Window::Peak(peak)));
    }

    #[test]
    fn where_the_peak_differs_by_the_day_the_rest_may_not() {
        // Off-peak on Saturday alone from 8 to 20: the peak is 0 to 8 and 20 to 24 then, and all day otherwise.
        let rest = Hours { text: "08:00-20:00".into(), days: 0b10_0000, ranges: vec![(480, 1200)] };
        let saturday = r#"{"windows": [{"hours_utc": "08:00-20:00", "weekdays": [6]}]}"#;
        assert_eq!(of(saturday), Some(Window::OffPeak(rest)));
        let both = r#"{"windows": [{"hours_utc": "08:00-20:00", "weekdays": [6]},
            {"hours_utc": "09:00-20:00", "weekdays": [7]}]}"#;
        assert_eq!(of(both), None);
    }
}
