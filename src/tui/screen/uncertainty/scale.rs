//! A common scale for bands and spreads.

use crate::analysis::simulate::Simulation;
use crate::present;

/// How many times as large or small as all costs a budget may be and still have a place beside them.
const BUDGET_BESIDE: f64 = 2.0;

/// A stretch of costs that bands are drawn over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    pub from: f64,
    pub to: f64,
    pub log: bool,
}

impl Scale {
    /// Returns one that fits the bands of some rows, and the budget where it is of their size.
    pub fn of_bands(found: &Simulation, rows: &[usize]) -> Scale {
        let costs = || rows.iter().filter_map(|row| found.rows.get(*row)?.costs);
        let (mut low, mut high) = (
            costs().map(|costs| costs.p5).fold(f64::INFINITY, f64::min),
            costs().map(|costs| costs.p95).fold(0.0, f64::max),
        );
        let beside = |budget: &f64| *budget <= high * BUDGET_BESIDE && *budget >= low / BUDGET_BESIDE;
        if let Some(budget) = found.budget.filter(beside) {
            (low, high) = (low.min(budget), high.max(budget));
        }
        // Costs of nothing at all, or alike in all draws, have a scale too.
        let (from, to) = match (low.is_finite(), low < high) {
            (true, true) => (low, high),
            (true, false) if high > 0.0 => (low * 0.9, high * 1.1),
            _ => (0.0, 1.0),
        };
        Scale { from, to, log: present::far_apart(from, to) }
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
