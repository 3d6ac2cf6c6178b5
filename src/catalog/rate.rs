//! Which price applies: by the size of the call, its service class, the hour and the variant.
//!
//! A price card is a list of [`Cell`]s: a base cell without conditions, and cells that hold under
//! conditions. The boundary rule of tiers lives here and nowhere else.

use std::fmt;

use arrayvec::ArrayVec;
use rust_decimal::Decimal;

use super::meter::{Meter, PriceKey};
use crate::diagnostic::word_for;
use crate::units::{Price, write_number};

/// A unit price of one meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// The price, in the card's currency.
    pub price: Price,
    /// The key it was written under, which says the meter and per how many units.
    pub key: &'static PriceKey,
}

impl Rate {
    /// Returns the exact price per the units of another key of the meter; `None` where a decimal cannot hold it.
    ///
    /// $0.002 a thousand is $2 a million.
    pub fn in_unit_of(&self, key: &PriceKey) -> Option<Decimal> {
        let (from, to) = (self.key.per, key.per);
        if from == to {
            return Some(self.price.exact);
        }
        let price = self.price.exact.checked_mul(Decimal::from(to))?.checked_div(Decimal::from(from))?;
        Some(price.normalize())
    }
}

/// How urgently a request is served, where vendors price that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Service {
    /// The ordinary synchronous call.
    #[default]
    Standard,
    /// A batch queue with hours of delay.
    Batch,
    /// Synchronous, at low priority.
    Flex,
    /// Synchronous, ahead of others.
    Priority,
    /// A faster deployment of the same model.
    Fast,
    /// The fastest deployment of the same model.
    Ultrafast,
}

impl Service {
    /// The words for the classes in files and flags.
    pub const WORDS: &'static [(&'static str, Service)] = &[
        ("standard", Service::Standard),
        ("batch", Service::Batch),
        ("flex", Service::Flex),
        ("priority", Service::Priority),
        ("fast", Service::Fast),
        ("ultrafast", Service::Ultrafast),
    ];

    /// Returns the word for the class.
    pub fn word(self) -> &'static str {
        word_for(self, Service::WORDS)
    }
}

/// Which tokens a tier's price applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// All tokens of a request whose input passes the threshold (a cliff).
    Request,
    /// Only the tokens of a meter beyond the threshold (graduated).
    Excess,
}

/// A tier by the whole input of one request, cached and written tokens included; a graduated one by the quantity
/// of its own meter in one call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tier {
    /// Input tokens, or base units of the meter, at which the tier begins.
    pub threshold: f64,
    /// Whether exactly `threshold` tokens already belong to the tier (`>=` rather than `>`).
    pub inclusive: bool,
    /// Whole request or excess.
    pub basis: Basis,
}

impl Tier {
    /// Returns whether a request of that input belongs to the tier.
    ///
    /// A tier strictly above 272,000 leaves 272,000 tokens at the base price; an inclusive one at
    /// 200,000 takes them.
    #[inline]
    pub fn holds(&self, input_tokens: f64) -> bool {
        if self.inclusive { input_tokens >= self.threshold } else { input_tokens > self.threshold }
    }
}

/// Minutes of the week in UTC during which a price holds, as (weekday from Monday 0, from, to).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours {
    /// Text of the hours as written, for messages.
    pub text: String,
    /// Bit 0 is Monday.
    pub days: u8,
    /// Half-open ranges of minutes of the day; a range past midnight is written as two.
    pub ranges: Vec<(u16, u16)>,
}

/// Days of the week as tables write them, from Monday.
pub const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Hours {
    /// Returns the days as a table writes them; `None` where the hours hold on every day.
    pub fn day_names(&self) -> Option<String> {
        let named = DAY_NAMES.iter().enumerate().filter(|(at, _)| self.days & (1 << at) != 0);
        let names: Vec<&str> = named.map(|(_, name)| *name).collect();
        (names.len() < DAY_NAMES.len()).then(|| names.join(", "))
    }

    /// Returns whether a minute of a weekday (Monday 0) lies inside.
    pub fn contains(&self, weekday: u8, minute: u16) -> bool {
        self.days & (1 << weekday) != 0 && self.ranges.iter().any(|(from, to)| (*from..*to).contains(&minute))
    }

    /// Returns the share of the active hours of a week that lies inside.
    ///
    /// Active hours from 9 to 17 at UTC+1, Monday to Friday, are 8 to 16 UTC; of a window from 1 to 10 they have two
    /// hours each day, a quarter.
    pub fn share_of_active(&self, active: &ActiveHours) -> f64 {
        const DAY: f64 = 24.0 * 60.0;
        let mut inside = 0.0;
        let days = active.days as u8;
        for day in 0..days {
            let start = f64::from(day) * DAY + (active.from - active.offset) * 60.0;
            let end = start + active.length * 60.0;
            // The block may begin on the day before in UTC and end on the day after.
            for shifted in i32::from(day) - 1..=i32::from(day) + 2 {
                if self.days & (1 << shifted.rem_euclid(7)) == 0 {
                    continue;
                }
                let midnight = f64::from(shifted) * DAY;
                for (from, to) in &self.ranges {
                    let (from, to) = (midnight + f64::from(*from), midnight + f64::from(*to));
                    inside += (end.min(to) - start.max(from)).max(0.0);
                }
            }
        }
        (inside / (f64::from(days) * active.length * 60.0)).clamp(0.0, 1.0)
    }

    /// Returns the share of a week that lies inside, for traffic spread evenly over it.
    pub fn share_of_week(&self) -> f64 {
        let minutes: u32 = self.ranges.iter().map(|(from, to)| u32::from(to - from)).sum();
        f64::from(minutes * self.days.count_ones()) / f64::from(7 * 24 * 60)
    }
}

/// When a cell of a price card applies.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Condition {
    /// The service class it is for.
    pub service: Service,
    /// The request size it is for.
    pub tier: Option<Tier>,
    /// The hours it is for.
    pub hours: Option<Hours>,
    /// The variant it is for, such as an image size and quality.
    pub variant: Option<String>,
}

impl Condition {
    /// Returns whether another table means the same by its condition; hours are the same whatever their text.
    pub fn is_alike(&self, other: &Condition) -> bool {
        let size = |tier: &Option<Tier>| tier.map(|tier| (tier.threshold.to_bits(), tier.basis));
        let window = |hours: &Option<Hours>| hours.as_ref().map(|hours| (hours.days, hours.ranges.clone()));
        self.service == other.service
            && size(&self.tier) == size(&other.tier)
            && window(&self.hours) == window(&other.hours)
            && self.variant == other.variant
    }
}

impl fmt::Display for Condition {
    /// Writes the condition in words; nothing for prices that always hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        if self.service != Service::Standard {
            parts.push(self.service.word().to_owned());
        }
        if let Some(tier) = &self.tier {
            let from = if tier.inclusive { "from" } else { "over" };
            let what = if tier.basis == Basis::Excess { ", the excess only" } else { " in" };
            parts.push(format!("{from} {}{what}", write_number(tier.threshold)));
        }
        if let Some(hours) = &self.hours {
            parts.push(format!("{} UTC", hours.text));
        }
        parts.extend(self.variant.clone());
        f.write_str(&parts.join(", "))
    }
}

/// Prices that hold under one condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// When they hold.
    pub condition: Condition,
    /// The prices, at most one for each meter.
    pub rates: Vec<(Meter, Rate)>,
}

impl Cell {
    /// Returns the price of a meter.
    #[inline]
    pub fn rate(&self, meter: Meter) -> Option<Rate> {
        self.rates.iter().find(|(priced, _)| *priced == meter).map(|(_, rate)| *rate)
    }

    /// Returns the cell with its prices times a factor; `None` where one would have too many digits.
    ///
    /// Where tokens are priced, the factor is on them: a fee for each search or session stays as it is.
    pub fn times(&self, factor: Decimal) -> Option<Cell> {
        let sells_tokens = self.rates.iter().any(|(meter, _)| meter.is_tokens());
        let scaled = |(meter, rate): &(Meter, Rate)| {
            if sells_tokens && !meter.is_tokens() {
                return Some((*meter, *rate));
            }
            let price = Price::new(rate.price.exact.checked_mul(factor)?.normalize());
            Some((*meter, Rate { price, key: rate.key }))
        };
        let rates = self.rates.iter().map(scaled).collect::<Option<Vec<_>>>()?;
        Some(Cell { condition: self.condition.clone(), rates })
    }
}

/// The hours of a week in which requests are made: one block on each active day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActiveHours {
    /// Local hour at which the block begins.
    pub from: f64,
    /// Hours of the block, up to 24.
    pub length: f64,
    /// Hours by which local time is ahead of UTC.
    pub offset: f64,
    /// Active days, from Monday on.
    pub days: f64,
}

/// When requests are made.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Moment {
    /// Spread evenly over the week.
    #[default]
    Spread,
    /// At one minute of the week: weekday from Monday 0, minute of the day, in UTC.
    At(u8, u16),
    /// Spread evenly over the active hours of a week.
    Active(ActiveHours),
}

/// What of a call decides its price, beside the quantities.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CallContext<'a> {
    /// Input tokens of the whole request, cached and written ones included.
    pub input_tokens: f64,
    /// Service class.
    pub service: Service,
    /// When it is made.
    pub moment: Moment,
    /// Variant asked for.
    pub variant: Option<&'a str>,
}

/// A part of a quantity with the price that applies to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// The quantity, in base units of the meter, for one call.
    pub quantity: f64,
    /// Share of the calls that pay this price.
    pub share: f64,
    /// The price.
    pub rate: Rate,
    /// Why this price and not the base one.
    pub why: Why,
}

/// Which condition chose a price, for the text of a bill line.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Why {
    /// The tier's threshold in tokens, where one applied.
    pub tier: Option<f64>,
    /// Whether an hours window applied.
    pub in_hours: bool,
}

/// Most conditional prices of one service class and variant, the unconditional one included.
pub const MOST_CONDITIONS: usize = 12;

/// Most of them that may be graduated tiers.
pub const MOST_GRADUATED: usize = 3;

/// Parts that one quantity can fall into: outside and inside a window of hours, the base and each graduated tier.
pub type Segments = ArrayVec<Segment, { 2 * (MOST_GRADUATED + 1) }>;

/// A price that could apply: its condition beside it.
type Candidate<'a> = (&'a Condition, Rate);

/// Candidates of one meter in one service class: a base price, tiers, hours, variants.
type Candidates<'a> = ArrayVec<Candidate<'a>, MOST_CONDITIONS>;

/// Splits a quantity of one meter of one call into parts with their prices.
///
/// The rule, in this order: cells of the call's service class only; the variant asked for before
/// none; inside an hours window before outside; the highest tier that the request reaches. A cell
/// under a condition that has no price for the meter leaves the next best in force, but a service
/// class never borrows from another. A meter that the card prices nowhere is billed as its parent, such as images
/// of a prompt as its text. Returns nothing when no price is known.
pub fn segments(cells: &[Cell], meter: Meter, quantity: f64, call: &CallContext<'_>) -> Segments {
    let mut found = Segments::new();
    split(cells, meter, quantity, call, &mut found);
    if found.is_empty()
        && let Some(parent) = meter.billed_as()
        && !of_class(cells, Service::Standard).any(|cell| cell.rate(meter).is_some())
    {
        split(cells, parent, quantity, call, &mut found);
    }
    found
}

fn split(cells: &[Cell], meter: Meter, quantity: f64, call: &CallContext<'_>, found: &mut Segments) {
    let mut candidates = Candidates::new();
    for cell in of_class(cells, call.service) {
        let when = &cell.condition;
        let for_variant = when.variant.is_none() || when.variant.as_deref() == call.variant;
        if let Some(rate) = cell.rate(meter).filter(|_| for_variant) {
            let _ = candidates.try_push((when, rate));
        }
    }
    if call.service != Service::Standard && above_its_tiers(cells, &candidates, meter, call) {
        // The vendor prints a tier for this size but not for this class: the lower price is not its price.
        return;
    }
    split_by_hours(&candidates, quantity, call, found);
}

/// Returns the cells of one service class; a card keeps its cells in the order of the classes.
fn of_class(cells: &[Cell], service: Service) -> impl Iterator<Item = &Cell> {
    let before = move |cell: &&Cell| cell.condition.service < service;
    cells.iter().skip_while(before).take_while(move |cell| cell.condition.service == service)
}

/// Returns whether a standard call of this size would be in a higher tier than any the class has.
fn above_its_tiers(
    cells: &[Cell],
    candidates: &Candidates<'_>,
    meter: Meter,
    call: &CallContext<'_>,
) -> bool {
    let highest = |conditions: &mut dyn Iterator<Item = &Condition>| {
        let tiers = conditions.filter_map(|condition| condition.tier);
        let reached = tiers.filter(|tier| tier.basis == Basis::Request && tier.holds(call.input_tokens));
        reached.map(|tier| tier.threshold).reduce(f64::max)
    };
    let standard = of_class(cells, Service::Standard).filter(|cell| cell.rate(meter).is_some());
    let printed = highest(&mut standard.map(|cell| &cell.condition));
    printed > highest(&mut candidates.iter().map(|(condition, _)| *condition))
}

/// Splits by the hours window, where a candidate has one: the share of calls inside and outside.
fn split_by_hours(candidates: &Candidates<'_>, quantity: f64, call: &CallContext<'_>, found: &mut Segments) {
    let window = candidates.iter().find_map(|(condition, _)| condition.hours.as_ref());
    let Some(window) = window else { return split_by_tier(candidates, quantity, call, false, 1.0, found) };
    let inside = match call.moment {
        Moment::Spread => crate::units::share(window.share_of_week()),
        Moment::Active(active) => crate::units::share(window.share_of_active(&active)),
        Moment::At(day, minute) => f64::from(u8::from(window.contains(day, minute))),
    };
    for (in_hours, share) in [(false, crate::units::share(1.0 - inside)), (true, inside)] {
        if share > 0.0 {
            split_by_tier(candidates, quantity, call, in_hours, share, found);
        }
    }
}

/// Chooses the price for calls inside or outside the hours window, and cuts off graduated tiers.
fn split_by_tier(
    candidates: &Candidates<'_>,
    quantity: f64,
    call: &CallContext<'_>,
    in_hours: bool,
    share: f64,
    found: &mut Segments,
) {
    let rank = |when: &Condition| {
        (when.variant.is_some(), when.hours.is_some(), when.tier.map_or(-1.0, |tier| tier.threshold))
    };
    let mut base: Option<Candidate<'_>> = None;
    let mut excess: ArrayVec<(f64, Rate), MOST_GRADUATED> = ArrayVec::new();
    for (when, rate) in candidates.iter().filter(|(when, _)| when.hours.is_none() || in_hours) {
        match &when.tier {
            Some(tier) if tier.basis == Basis::Excess => {
                let _ = excess.try_push((tier.threshold, *rate));
                continue;
            }
            Some(tier) if !tier.holds(call.input_tokens) => continue,
            _ => {}
        }
        if base.is_none_or(|(best, _)| rank(when) > rank(best)) {
            base = Some((*when, *rate));
        }
    }
    let Some((when, rate)) = base else { return };
    let in_window = when.hours.is_some();
    let mut upper = quantity;
    excess.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (threshold, rate) in excess {
        if upper > threshold {
            let why = Why { tier: Some(threshold), in_hours: in_window };
            let _ = found.try_push(Segment { quantity: upper - threshold, share, rate, why });
            upper = threshold;
        }
    }
    let why = Why { tier: when.tier.map(|tier| tier.threshold), in_hours: in_window };
    let _ = found.try_push(Segment { quantity: upper, share, rate, why });
}

#[cfg(test)]
mod tests {
    use super::super::meter::price_key;
    use super::*;

    fn rate(price: i64) -> (Meter, Rate) {
        let key = price_key("input_per_mtok").expect("a known key");
        (Meter::Input, Rate { price: Price::new(Decimal::from(price)), key })
    }

    fn cell(condition: Condition, price: i64) -> Cell {
        Cell { condition, rates: vec![rate(price)] }
    }

    fn tier(threshold: f64, inclusive: bool, basis: Basis) -> Condition {
        Condition { tier: Some(Tier { threshold, inclusive, basis }), ..Condition::default() }
    }

    fn price(cells: &[Cell], call: CallContext<'_>) -> Vec<(f64, f64)> {
        let found = segments(cells, Meter::Input, call.input_tokens, &call);
        found.iter().map(|segment| (segment.quantity * segment.share, segment.rate.price.float)).collect()
    }

    fn of(input_tokens: f64) -> CallContext<'static> {
        CallContext { input_tokens, ..CallContext::default() }
    }

    #[test]
    fn a_strict_tier_begins_one_token_above_and_an_inclusive_one_at_its_threshold() {
        let strict = [cell(Condition::default(), 2), cell(tier(200.0, false, Basis::Request), 4)];
        let inclusive = [cell(Condition::default(), 2), cell(tier(200.0, true, Basis::Request), 4)];
        for (tokens, above, from) in [(199.0, 2.0, 2.0), (200.0, 2.0, 4.0), (201.0, 4.0, 4.0)] {
            assert_eq!(price(&strict, of(tokens)), [(tokens, above)]);
            assert_eq!(price(&inclusive, of(tokens)), [(tokens, from)]);
        }
    }

    #[test]
    fn a_graduated_tier_prices_only_the_excess() {
        let cells = [cell(Condition::default(), 2), cell(tier(200.0, false, Basis::Excess), 4)];
        assert_eq!(price(&cells, of(201.0)), [(1.0, 4.0), (200.0, 2.0)]);
        assert_eq!(price(&cells, of(200.0)), [(200.0, 2.0)]);
    }

    #[test]
    fn a_class_without_its_own_price_for_the_size_has_none() {
        let batch = Condition { service: Service::Batch, ..Condition::default() };
        let cells =
            [cell(Condition::default(), 2), cell(tier(200.0, false, Basis::Request), 4), cell(batch, 1)];
        let call = |input_tokens, service| CallContext { input_tokens, service, ..CallContext::default() };
        assert_eq!(price(&cells, call(200.0, Service::Batch)), [(200.0, 1.0)]);
        assert_eq!(price(&cells, call(201.0, Service::Batch)), []);
        assert_eq!(price(&cells, call(10.0, Service::Flex)), []);
    }

    #[test]
    fn hours_split_even_traffic_and_decide_single_calls() {
        // Monday to Friday, seven hours a day: 35 of 168 hours.
        let hours = Hours { text: String::new(), days: 0b1_1111, ranges: vec![(60, 240), (360, 600)] };
        let peak = Condition { hours: Some(hours), ..Condition::default() };
        let cells = [cell(Condition::default(), 1), cell(peak, 2)];
        let spread = price(&cells, of(168.0));
        assert!((spread[0].0 - 133.0).abs() < 1e-9 && (spread[1].0 - 35.0).abs() < 1e-9, "{spread:?}");
        let at = |day, minute| CallContext {
            input_tokens: 1.0,
            moment: Moment::At(day, minute),
            ..CallContext::default()
        };
        for (day, minute, expected) in
            [(0, 59, 1.0), (0, 60, 2.0), (0, 239, 2.0), (0, 240, 1.0), (5, 60, 1.0)]
        {
            assert_eq!(price(&cells, at(day, minute)), [(1.0, expected)], "day {day}, minute {minute}");
        }
    }
}
