//! Which price applies: by the size of the call, its service class, the hour and the variant.
//!
//! A price card is a list of [`Cell`]s: a base cell without conditions, and cells that hold under
//! conditions. The boundary rule of tiers lives here and nowhere else.

use arrayvec::ArrayVec;

use super::meter::{Meter, PriceKey};
use crate::units::Price;

/// A unit price of one meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// The price, in the card's currency.
    pub price: Price,
    /// The key it was written under, which says the meter and per how many units.
    pub key: &'static PriceKey,
}

/// How urgently a request is served, where vendors price that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
}

impl Service {
    /// The words for the classes in files and flags.
    pub const WORDS: &'static [(&'static str, Service)] = &[
        ("standard", Service::Standard),
        ("batch", Service::Batch),
        ("flex", Service::Flex),
        ("priority", Service::Priority),
        ("fast", Service::Fast),
    ];

    /// Returns the word for the class.
    pub fn word(self) -> &'static str {
        Service::WORDS.iter().find(|(_, class)| *class == self).map_or("standard", |(word, _)| word)
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

/// A tier by the whole input of one request, cached and written tokens included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tier {
    /// Input tokens at which the tier begins.
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

impl Hours {
    /// Returns whether a minute of a weekday (Monday 0) lies inside.
    pub fn contains(&self, weekday: u8, minute: u16) -> bool {
        self.days & (1 << weekday) != 0 && self.ranges.iter().any(|(from, to)| (*from..*to).contains(&minute))
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
}

/// When requests are made.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Moment {
    /// Spread evenly over the week.
    #[default]
    Spread,
    /// At one minute of the week: weekday from Monday 0, minute of the day, in UTC.
    At(u8, u16),
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

/// Parts that one quantity can fall into: base and window, times excess tiers.
pub type Segments = ArrayVec<Segment, 8>;

/// Splits a quantity of one meter of one call into parts with their prices.
///
/// The rule, in this order: cells of the call's service class only; the variant asked for before
/// none; inside an hours window before outside; the highest tier that the request reaches. A cell
/// under a condition that has no price for the meter leaves the next best in force, but a service
/// class never borrows from another. Returns nothing when no price is known.
pub fn segments(cells: &[Cell], meter: Meter, quantity: f64, call: &CallContext<'_>) -> Segments {
    let mut found = Segments::new();
    split_by_hours(cells, meter, quantity, call, &mut found);
    if found.is_empty()
        && let Some(parent) = meter.billed_as()
    {
        split_by_hours(cells, parent, quantity, call, &mut found);
    }
    found
}

fn split_by_hours(cells: &[Cell], meter: Meter, quantity: f64, call: &CallContext<'_>, found: &mut Segments) {
    let window = cells
        .iter()
        .filter(|cell| cell.condition.service == call.service && cell.rate(meter).is_some())
        .find_map(|cell| cell.condition.hours.as_ref());
    let inside = match (window, call.moment) {
        (None, _) => 0.0,
        (Some(hours), Moment::Spread) => hours.share_of_week(),
        (Some(hours), Moment::At(day, minute)) => f64::from(u8::from(hours.contains(day, minute))),
    };
    let inside = crate::units::share(inside);
    for (in_hours, share) in [(false, 1.0 - inside), (true, inside)] {
        if share > 0.0 {
            split_by_tier(cells, meter, quantity, call, in_hours, crate::units::share(share), found);
        }
    }
}

/// Returns the threshold of the highest whole-request tier that a standard call would be in.
fn reached_tier(cells: &[Cell], meter: Meter, call: &CallContext<'_>) -> Option<f64> {
    let standard =
        cells.iter().filter(|cell| cell.condition.service == Service::Standard && cell.rate(meter).is_some());
    let tiers = standard.filter_map(|cell| cell.condition.tier);
    let reached = tiers.filter(|tier| tier.basis == Basis::Request && tier.holds(call.input_tokens));
    reached.map(|tier| tier.threshold).reduce(f64::max)
}

fn split_by_tier(
    cells: &[Cell],
    meter: Meter,
    quantity: f64,
    call: &CallContext<'_>,
    in_hours: bool,
    share: f64,
    found: &mut Segments,
) {
    let applies = |cell: &&Cell| {
        let when = &cell.condition;
        when.service == call.service
            && (when.variant.is_none() || when.variant.as_deref() == call.variant)
            && (when.hours.is_none() || in_hours)
    };
    let rank = |cell: &Cell| {
        let when = &cell.condition;
        (when.variant.is_some(), when.hours.is_some(), when.tier.map_or(-1.0, |tier| tier.threshold))
    };
    let mut base: Option<(&Cell, Rate)> = None;
    for cell in cells.iter().filter(applies) {
        let reached = match &cell.condition.tier {
            None => true,
            Some(tier) => tier.basis == Basis::Request && tier.holds(call.input_tokens),
        };
        let Some(rate) = cell.rate(meter).filter(|_| reached) else { continue };
        if base.is_none_or(|(best, _)| rank(cell) > rank(best)) {
            base = Some((cell, rate));
        }
    }
    let Some((cell, rate)) = base else { return };
    if call.service != Service::Standard
        && reached_tier(cells, meter, call) > cell.condition.tier.map(|t| t.threshold)
    {
        // The vendor prints a tier for this size but not for this class: the lower price is not its price.
        return;
    }
    let in_window = cell.condition.hours.is_some();
    let mut upper = quantity;
    let mut excess: ArrayVec<(f64, Rate), 6> = cells
        .iter()
        .filter(applies)
        .filter_map(|cell| {
            let tier = cell.condition.tier.filter(|tier| tier.basis == Basis::Excess)?;
            Some((tier.threshold, cell.rate(meter)?))
        })
        .take(6)
        .collect();
    excess.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (threshold, rate) in excess {
        if upper > threshold {
            let why = Why { tier: Some(threshold), in_hours: in_window };
            let _ = found.try_push(Segment { quantity: upper - threshold, share, rate, why });
            upper = threshold;
        }
    }
    let why = Why { tier: cell.condition.tier.map(|tier| tier.threshold), in_hours: in_window };
    let _ = found.try_push(Segment { quantity: upper, share, rate, why });
}
