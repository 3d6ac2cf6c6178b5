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

/// Ages of a last request at which two blocks of active hours meet, evenly more or evenly less of them.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    /// Ages between which they meet, in hours.
    pub from: f64,
    /// The end of these ages.
    pub to: f64,
    /// Hours of the blocks that meet at the first of these ages.
    pub met: f64,
    /// What an hour more adds to them: 1 or −1.
    pub slope: f64,
    /// Active hours between two requests that are so far apart as the first of these ages.
    pub between: f64,
    /// Share of blocks that have such an earlier one.
    pub weight: f64,
}

impl Piece {
    /// Returns what the ages of a window add to [`Week::overlap`], times the hours of a block.
    fn part(&self, rate: f64, churn: f64, (from, to): (f64, f64)) -> f64 {
        let (start, end) = (from.max(self.from), to.min(self.to));
        if start >= end {
            return 0.0;
        }
        let moved = start - self.from;
        let before = rate * (self.between + moved) + churn * (start - from);
        let lasting = if before == 0.0 { 1.0 } else { (-before).exp() };
        self.weight * lasting * ramp(self.met + self.slope * moved, self.slope, rate + churn, end - start)
    }
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
        let mut sum = self.same().part(rate, churn, window);
        if window.1 > self.gaps().0 {
            self.other_pieces(|piece| sum += piece.part(rate, churn, window));
        }
        sum / self.block
    }

    /// Visits all ages within a period at which a last request can lie, piece by piece.
    pub fn pieces(&self, mut visit: impl FnMut(Piece)) {
        visit(self.same());
        self.other_pieces(visit);
    }

    /// Returns the ages within one block.
    fn same(&self) -> Piece {
        Piece { from: 0.0, to: self.block, met: self.block, slope: -1.0, between: 0.0, weight: 1.0 }
    }

    /// Visits the ages at which different blocks meet that are at most a period apart.
    ///
    /// Days r apart lie in the same week `blocks` − r times, and across a weekend `blocks` + r − 7 times, with
    /// as many steps from block to block between them. With each hour more of age more of the blocks meets, up to their
    /// distance, then less.
    fn other_pieces(&self, mut visit: impl FnMut(Piece)) {
        let mut pair = |apart: f64, steps: f64, weight: f64| {
            let (from, between) = (apart - self.block, (steps - 1.0) * self.block);
            visit(Piece { from, to: apart, met: 0.0, slope: 1.0, between, weight });
            let (to, between) = (apart + self.block, steps * self.block);
            visit(Piece { from: apart, to, met: self.block, slope: -1.0, between, weight });
        };
        if self.blocks > 1.0 {
            for days in 1..7u8 {
                let days = f64::from(days);
                let across = self.blocks + days - WEEK_DAYS;
                for (steps, times) in [(days, self.blocks - days), (across, across)] {
                    if times > 0.0 {
                        pair(DAY * days, steps, times / self.blocks);
                    }
                }
            }
        }
        pair(self.period, self.blocks, 1.0);
    }
}
