//! Other ways to cache the same design: other lifetimes, kept warm, and from which hit share caching pays at all.

use rust_decimal::Decimal;

use super::{Case, Failure, Pair};
use crate::bill::rating::mean_unit_cost;
use crate::catalog::rate::{CallContext, Moment};
use crate::catalog::{CacheRule, Meter};
use crate::scenario::Param;
use crate::usage::arrivals::{pays_above, pays_above_with_rent};
use crate::usage::caching::offered_by;
use crate::usage::{Recurrence, Remark, UsageLine};

/// One way to cache.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// Lifetime of an entry in minutes.
    pub ttl_minutes: f64,
    /// Whether entries are kept from expiring on purpose.
    pub kept_warm: bool,
    /// Cost of a month; `None` where it is not known.
    pub monthly: Option<Decimal>,
    /// Whether it is the way of the design's bill.
    pub chosen: bool,
}

/// The ways to cache of one design.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternatives {
    /// The design's own way first, then the others.
    pub ways: Vec<Way>,
    /// Share of requests that hit, where the design says one.
    pub hits: Option<f64>,
    /// Hit share above which caching costs less than sending everything anew; `None` where it never does or a price is
    /// missing.
    pub pays_above: Option<f64>,
}

/// Works out the other ways to cache of a design; `None` where it caches nothing.
///
/// # Errors
/// Why the design itself cannot run.
pub fn alternatives(case: &Case<'_>, pair: Pair) -> Result<Option<Alternatives>, Failure> {
    case.may_run(pair)?;
    let own = case.design(pair);
    let evaluation = own.evaluate(case)?;
    let reads = |line: &&UsageLine| line.per_call.iter().any(|(meter, _)| is_read(*meter));
    let Some(line) = evaluation.usage.lines.iter().find(|line| line.step.is_answer() && reads(line)) else {
        return Ok(None);
    };
    let numbers = &own.workload.slices[0].numbers;
    let rules: Vec<&CacheRule> = offered_by(own.model.1, case.book.date).collect();
    let asked = numbers.get(Param::TtlMinutes);
    let Some(rule) = rules.iter().find(|rule| asked.is_none_or(|asked| asked == rule.ttl_minutes)) else {
        return Ok(None);
    };
    let monthly = evaluation.bill.total(Recurrence::Monthly).amount();
    let warm = own.parts.modes.keep_warm;
    let mut ways = vec![Way { ttl_minutes: rule.ttl_minutes, kept_warm: warm, monthly, chosen: true }];
    for other in &rules {
        for kept_warm in [false, true] {
            let known = |way: &Way| way.ttl_minutes == other.ttl_minutes && way.kept_warm == kept_warm;
            let possible = !kept_warm || other.renews_on_hit || other.rent;
            if possible && !ways.iter().any(known) {
                ways.push(way(case, pair, other.ttl_minutes, kept_warm));
            }
        }
    }
    let hits = match evaluation.shape.remark {
        Some(Remark::HitShare(hits)) => Some(hits),
        _ => None,
    };
    Ok(Some(Alternatives { ways, hits, pays_above: threshold(case, rule, line) }))
}

fn way(case: &Case<'_>, pair: Pair, ttl_minutes: f64, kept_warm: bool) -> Way {
    let mut design = case.design(pair);
    design.workload.put(Param::TtlMinutes.into(), ttl_minutes);
    design.parts.modes.keep_warm = kept_warm;
    let bill = design.evaluate(case).ok().map(|evaluation| evaluation.bill);
    let monthly = bill.and_then(|bill| bill.total(Recurrence::Monthly).amount());
    Way { ttl_minutes, kept_warm, monthly, chosen: false }
}

fn is_read(meter: Meter) -> bool {
    matches!(meter, Meter::CachedInput | Meter::ExplicitCachedInput)
}

/// Returns the hit share above which a cache pays, at the prices of one call of the design.
fn threshold(case: &Case<'_>, rule: &CacheRule, line: &UsageLine) -> Option<f64> {
    let (card, _) = case.book.card(line.product).ok()?;
    let call =
        CallContext { input_tokens: line.input_tokens(), moment: Moment::Spread, ..CallContext::default() };
    // Only how prices compare matters, so they stay in the currency of the card.
    let price = |meter: Meter| mean_unit_cost(&card.segments(meter, 1.0, &call), 1.0);
    let input = price(Meter::Input).filter(|input| *input > 0.0)?;
    let (write, read) = (price(rule.write)? / input, price(rule.read)? / input);
    if rule.rent {
        return pays_above_with_rent(
            write,
            read,
            price(Meter::CacheStorage)?,
            rule.ttl_minutes / 60.0,
            input,
        );
    }
    pays_above(write, read)
}
