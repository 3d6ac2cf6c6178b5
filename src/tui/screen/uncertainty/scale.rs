//! A common scale for bands and spreads.

use crate::analysis::simulate::Simulation;
use crate::present;

/// How many times as large or small as all costs a budget may be and still have a place beside them.
const BUDGET_BESIDE: f64 = 10.0;

/// A stretch of costs that bands are drawn over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    pub from: f64,
    pub to: f64,
    pub log: bool,
}

impl Scale {
    /// Returns one that holds all bands, and the budget where it is of their size.
    pub fn of(found: &Simulation) -> Scale {
        let costs = || found.rows.iter().filter_map(|row| row.costs);
        let (mut low, mut high) = (
            costs().map(|costs| costs.p5).fold(f64::INFINITY, f64::min),
            costs().map(|costs| costs.p95).fold(0.0, f64::max),
        );
        let beside = |budget: &f64| *budget <= high * BUDGET_BESIDE && *budget >= low / BUDGET_BESIDE;
        if let Some(budget) = found.budget.filter(beside) {
            (low, high) = (low.min(budget), high.max(budget));
        }
        if present::far_apart(low, high) {
            return Scale { from: present::log_scale_start(low), to: high, log: true };
        }
        Scale { from: low.min(0.0), to: if high > 0.0 { high } else { 1.0 }, log: false }
    }

    /// Returns the column of a cost among some; `None` outside.
    pub fn column(&self, cost: f64, columns: usize) -> Option<usize> {
        let share = if self.log {
            (cost / self.from).ln() / (self.to / self.from).ln()
        } else {
            (cost - self.from) / (self.to - self.from)
        };
        let last = columns.saturating_sub(1) as f64;
        (0.0..=1.0).contains(&share).then(|| (share * last).round() as usize)
    }
}
