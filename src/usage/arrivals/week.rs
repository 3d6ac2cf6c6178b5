//! The active hours of a week, and the chance that two moments in them lie a given time apart.

use super::integral::{geometric, ramp};
use super::{DAY, Traffic, WEEK_DAYS};

/// Active hours that repeat: blocks a day apart, then a longer gap, then the same again.
///
/// Seven days alike are one block in a period of a day; days without nights are one long block in a week.
#[derive(Debug, Clone, Copy)]
pub struct Week {
    /// Blocks in a period, a whole number.
    pub blocks: f64,
    /// Hours of a block.
    pub block: f64,
    /// Hours after which everything repeats.
    pub period: f64,
}

/// Two blocks of active hours as a request in the later one sees them.
struct Pair {
    /// Hours from the start of the earlier to the start of the later.
    apart: f64,
    /// Blocks from the one to the other: 0 for the same, 1 for neighbours.
    steps: f64,
    /// Share of blocks that have such an earlier one.
    weight: f64,
}

impl Week {
    /// Returns the active hours of a week, or nothing where they never pause.
    pub fn of(traffic: &Traffic) -> Option<Week> {
        let (all_day, all_week) = (traffic.active >= DAY, traffic.days >= WEEK_DAYS);
        if all_day && all_week {
            return None;
        }
        let days = traffic.days.round();
        let week = DAY * WEEK_DAYS;
        Some(match (all_day, all_week) {
            (_, true) => Week { blocks: 1.0, block: traffic.active, period: DAY },
            (true, _) => Week { blocks: 1.0, block: DAY * days, period: week },
            _ => Week { blocks: days, block: traffic.active, period: week },
        })
    }

    /// Returns the active hours of a period.
    pub fn active(&self) -> f64 {
        self.blocks * self.block
    }

    /// Returns the hours between a block and the next, and those after the last block.
    pub fn gaps(&self) -> (f64, f64) {
        let last = self.period - (self.blocks - 1.0) * DAY - self.block;
        (if self.blocks > 1.0 { DAY - self.block } else { last }, last)
    }

    /// Returns the hours of a lifetime before a request in which a last request can lie, by their chance.
    ///
    /// That is ∫ c(s)·e^(−churn·s) ds over ages s up to `ttl` hours, c(s) being the chance that the moment s
    /// hours before a random active one is active too, times e^(−rate·n), the chance of no arrival in the n
    /// active hours between. Times the rate it is the hit share of renewed entries; with a rate of 0 it is how many
    /// hours of a lifetime are active on average. A period later c is smaller by a constant factor, so whole
    /// periods are a geometric sum.
    pub fn overlap(&self, rate: f64, churn: f64, ttl: f64) -> f64 {
        if ttl < self.period {
            return self.window(rate, churn, (0.0, ttl));
        }
        let periods = (ttl / self.period).floor();
        let decay = rate * self.active() + churn * self.period;
        let whole = geometric(decay, periods) * self.window(rate, churn, (0.0, self.period));
        whole + (-decay * periods).exp() * self.window(rate, churn, (0.0, ttl % self.period))
    }

    /// Returns the part of [`overlap`](Self::overlap) from ages in a window within the first period, with
    /// changes counted from the window's start.
    pub fn window(&self, rate: f64, churn: f64, window: (f64, f64)) -> f64 {
        let same = Pair { apart: 0.0, steps: 0.0, weight: 1.0 };
        let mut sum = self.falling(rate, churn, window, &same);
        if window.1 <= self.gaps().0 {
            return sum / self.block;
        }
        self.pairs(|pair| {
            sum += self.rising(rate, churn, window, &pair) + self.falling(rate, churn, window, &pair);
        });
        sum / self.block
    }

    /// Visits the pairs of different blocks that are at most a period apart.
    ///
    /// Days r apart lie in the same week `blocks` − r times, and across a weekend `blocks` + r − 7 times, with
    /// as many steps between them.
    fn pairs(&self, mut visit: impl FnMut(Pair)) {
        if self.blocks > 1.0 {
            for days in 1..7u8 {
                let days = f64::from(days);
                for (steps, times) in [
                    (days, self.blocks - days),
                    (self.blocks + days - WEEK_DAYS, self.blocks + days - WEEK_DAYS),
                ] {
                    if times > 0.0 {
                        visit(Pair { apart: DAY * days, steps, weight: times / self.blocks });
                    }
                }
            }
        }
        visit(Pair { apart: self.period, steps: self.blocks, weight: 1.0 });
    }

    /// Returns what ages below the distance of two blocks add, where with each hour more of the blocks meets.
    fn rising(&self, rate: f64, churn: f64, (from, to): (f64, f64), pair: &Pair) -> f64 {
        let (start, end) = (from.max(pair.apart - self.block), to.min(pair.apart));
        if start >= end {
            return 0.0;
        }
        let shared = start - (pair.apart - self.block);
        let before = rate * ((pair.steps - 1.0) * self.block + shared) + churn * (start - from);
        pair.weight * (-before).exp() * ramp(shared, 1.0, rate + churn, end - start)
    }

    /// Returns what ages above the distance of two blocks add, where with each hour less of the blocks meets.
    fn falling(&self, rate: f64, churn: f64, (from, to): (f64, f64), pair: &Pair) -> f64 {
        let (start, end) = (from.max(pair.apart), to.min(pair.apart + self.block));
        if start >= end {
            return 0.0;
        }
        let later = start - pair.apart;
        let before = rate * (pair.steps * self.block + later) + churn * (start - from);
        let lasting = if before == 0.0 { 1.0 } else { (-before).exp() };
        pair.weight * lasting * ramp(self.block - later, -1.0, rate + churn, end - start)
    }
}
