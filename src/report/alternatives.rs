//! Other ways to cache a design, as sentences and for JSON.

use serde::Serialize;

use super::json::{Exact, Plain};
use crate::analysis::alternatives::{Alternatives, Way};
use crate::present::{UNKNOWN, money, percent, value};
use crate::units::Currency;

/// Says from which hit share caching pays, and what the other ways to cache cost.
pub fn notes(found: &Alternatives, currency: Currency) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(least) = found.pays_above {
        let here = found.hits.map(|hits| format!("; here it is {}", percent(hits))).unwrap_or_default();
        notes.push(match least {
            0.0 => format!("Caching costs less than sending everything anew at any hit share{here}."),
            least => {
                let least = percent(least);
                format!("Caching costs less than sending everything anew above a hit share of {least}{here}.")
            }
        });
    }
    let others: Vec<String> =
        found.ways.iter().filter(|way| !way.chosen).map(|way| told(way, currency)).collect();
    if !others.is_empty() {
        notes.push(format!("Other ways to cache: {}.", others.join("; ")));
    }
    notes
}

fn told(way: &Way, currency: Currency) -> String {
    let cost =
        way.monthly.map_or(UNKNOWN.to_owned(), |amount| format!("{} a month", money(amount, currency)));
    let kept = if way.kept_warm { ", kept warm (caching.keep_warm)" } else { "" };
    format!("for {} minutes{kept} {cost}", value(way.ttl_minutes))
}

/// The ways to cache in JSON.
#[derive(Serialize)]
pub struct JsonAlternatives {
    hit_share: Option<Plain>,
    pays_above_hit_share: Option<Plain>,
    ways: Vec<JsonWay>,
}

#[derive(Serialize)]
struct JsonWay {
    ttl_minutes: Plain,
    kept_warm: bool,
    monthly: Option<Exact>,
    chosen: bool,
}

/// Returns the ways to cache for JSON.
pub fn json(found: &Alternatives) -> JsonAlternatives {
    let way = |way: &Way| JsonWay {
        ttl_minutes: Plain(way.ttl_minutes),
        kept_warm: way.kept_warm,
        monthly: way.monthly.map(Exact),
        chosen: way.chosen,
    };
    JsonAlternatives {
        hit_share: found.hits.map(Plain),
        pays_above_hit_share: found.pays_above.map(Plain),
        ways: found.ways.iter().map(way).collect(),
    }
}
