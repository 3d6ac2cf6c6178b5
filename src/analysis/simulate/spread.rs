//! Costs of many draws: exact while they are few, counted by size where they are many.

/// Bits of a float that name a bucket are those above these: 1,024 buckets between a size and its double, each a
/// thousandth wide or less.
const DROPPED_BITS: u32 = 42;

/// Costs of one design, from draw to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spread {
    /// Costs as they are, ascending; empty until it is closed, and where they are counted by size.
    exact: Vec<f64>,
    /// Buckets by size with how many costs are in them, ascending.
    buckets: Vec<(u32, u32)>,
    count: u64,
    sum: f64,
    low: f64,
    high: f64,
}

/// A stretch of costs with the share of the draws in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Share of the draws that have a cost; those at its end belong to the next one, but for the last.
    pub share: f64,
}

impl Spread {
    /// Begins with none.
    pub fn new() -> Spread {
        Spread {
            exact: Vec::new(),
            buckets: Vec::new(),
            count: 0,
            sum: 0.0,
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
        }
    }

    /// Takes the sum and the ends of the costs of a block; what is not a number is not a cost. The costs themselves are
    /// handed over when they are counted or when the spread is closed.
    pub fn add(&mut self, costs: &[f64]) {
        let mut sum = 0.0;
        for cost in costs.iter().filter(|cost| !cost.is_nan()) {
            sum += cost;
            self.low = self.low.min(*cost);
            self.high = self.high.max(*cost);
            self.count += 1;
        }
        self.sum += sum;
    }

    /// Returns how many costs there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the mean; `None` without a cost.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| (self.sum / self.count as f64).clamp(self.low, self.high))
    }

    /// Returns the spread with the costs that were not counted yet in order, so that quantiles can be told.
    pub fn closed(&self, rest: impl Iterator<Item = f64>) -> Spread {
        let mut spread = self.clone();
        if spread.buckets.is_empty() {
            spread.exact = rest.collect();
            spread.exact.sort_unstable_by(f64::total_cmp);
        } else {
            spread.count_by_size(rest);
        }
        spread
    }

    /// Puts costs into their buckets.
    pub fn count_by_size(&mut self, costs: impl Iterator<Item = f64>) {
        let mut keys: Vec<u32> = costs.map(key).collect();
        keys.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(self.buckets.len() + 64);
        let mut old = self.buckets.drain(..).peekable();
        for run in keys.chunk_by(|a, b| a == b) {
            merged.extend(std::iter::from_fn(|| old.next_if(|(key, _)| *key < run[0])));
            let known = old.next_if(|(key, _)| *key == run[0]).map_or(0, |(_, count)| count);
            merged.push((run[0], known + run.len() as u32));
        }
        merged.extend(old);
        self.buckets = merged;
    }

    /// Returns a quantile of closed costs: between two neighbours in proportion; `None` without a cost.
    pub fn quantile(&self, chance: f64) -> Option<f64> {
        let rank = chance * self.count.checked_sub(1)? as f64;
        if self.buckets.is_empty() {
            let (below, part) = (rank.floor() as usize, rank.fract());
            let (a, b) = (self.exact[below], self.exact[(below + 1).min(self.exact.len() - 1)]);
            return Some(a + (b - a) * part);
        }
        let mut before = 0.0;
        for (bucket, count) in &self.buckets {
            let count = f64::from(*count);
            if before + count > rank {
                let (from, to) = edges(*bucket);
                return Some((from + (to - from) * (rank - before) / count).clamp(self.low, self.high));
            }
            before += count;
        }
        Some(self.high)
    }

    /// Returns a histogram, and whether its bins grow by a factor; none where all costs are the same.
    pub fn bins(&self, count: usize) -> Option<(Vec<Bin>, bool)> {
        /// Factor between the ends from which bins of equal width would leave most of them empty.
        const WIDE: f64 = 10.0;
        let (low, high) = (self.low, self.high);
        if self.count == 0 || low >= high {
            return None;
        }
        let log = low > 0.0 && high / low > WIDE;
        let edge = |at: usize| match at as f64 / count as f64 {
            1.0 => high,
            part if log => low * (high / low).powf(part),
            part => low + (high - low) * part,
        };
        let mut bins: Vec<Bin> =
            (0..count).map(|at| Bin { from: edge(at), to: edge(at + 1), share: 0.0 }).collect();
        let mut put = |cost: f64, draws: f64| {
            let at = bins.partition_point(|bin| bin.to <= cost).min(count - 1);
            bins[at].share += draws;
        };
        self.exact.iter().for_each(|cost| put(*cost, 1.0));
        for (bucket, draws) in &self.buckets {
            let (from, to) = edges(*bucket);
            put((from + to) / 2.0, f64::from(*draws));
        }
        for bin in &mut bins {
            bin.share /= self.count as f64;
        }
        Some((bins, log))
    }
}

/// Returns the bucket of a cost; none is below 0.
fn key(cost: f64) -> u32 {
    (cost.max(0.0).to_bits() >> DROPPED_BITS) as u32
}

/// Returns where a bucket begins and ends.
fn edges(bucket: u32) -> (f64, f64) {
    let edge = |bucket: u64| f64::from_bits(bucket << DROPPED_BITS);
    (edge(u64::from(bucket)), edge(u64::from(bucket) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 to 1,000, in an order that is not theirs.
    fn thousand() -> Vec<f64> {
        (0..1000).map(|at| f64::from(at * 617 % 1000 + 1)).collect()
    }

    /// The spread of costs that are exact, or counted by size.
    fn spread(costs: &[f64], exact: bool) -> Spread {
        let mut spread = Spread::new();
        for block in costs.chunks(64) {
            spread.add(block);
            if !exact {
                spread.count_by_size(block.iter().copied());
            }
        }
        let rest = if exact { costs } else { &[] };
        spread.closed(rest.iter().copied())
    }

    #[test]
    fn quantiles_of_a_thousand_numbers_lie_between_neighbours() {
        // Rank 0.05 · 999 = 49.95 from 0: between 50 and 51.
        let exact = spread(&thousand(), true);
        for (chance, value) in [(0.05, 50.95), (0.5, 500.5), (0.95, 950.05), (0.0, 1.0), (1.0, 1000.0)] {
            assert!((exact.quantile(chance).unwrap() - value).abs() < 1e-9, "{chance}");
        }
        assert_eq!(exact.mean(), Some(500.5));
    }

    #[test]
    fn counted_by_size_they_are_within_a_thousandth() {
        let counted = spread(&thousand(), false);
        assert!(counted.exact.is_empty() && counted.count() == 1000);
        for (chance, value) in [(0.05, 50.95), (0.5, 500.5), (0.95, 950.05)] {
            let found = counted.quantile(chance).unwrap();
            // A thousandth of the value, and the distance of one neighbour.
            assert!((found - value).abs() < value / 1000.0 + 1.0, "{chance}: {found}");
        }
        assert_eq!(counted.mean(), Some(500.5));
    }

    #[test]
    fn a_cost_that_never_changes_is_told_exactly() {
        for exact in [false, true] {
            let same = spread(&[123.456; 500], exact);
            assert_eq!((same.quantile(0.05), same.quantile(0.95)), (Some(123.456), Some(123.456)));
            assert_eq!((same.mean(), same.bins(20)), (Some(123.456), None));
        }
    }

    #[test]
    fn bins_hold_all_draws_and_grow_by_a_factor_where_costs_lie_far_apart() {
        for exact in [false, true] {
            let (bins, log) = spread(&thousand(), exact).bins(20).unwrap();
            assert!(log && bins.len() == 20 && bins[0].from == 1.0 && bins[19].to == 1000.0);
            assert!((bins.iter().map(|bin| bin.share).sum::<f64>() - 1.0).abs() < 1e-12);
        }
        let near: Vec<f64> = (0..=20).map(|at| 100.0 + f64::from(at)).collect();
        let (bins, log) = spread(&near, true).bins(20).unwrap();
        // 21 costs in 20 bins: one each, and the last with both of its ends.
        assert!(
            !log && (bins[0].share - 1.0 / 21.0).abs() < 1e-12 && (bins[19].share - 2.0 / 21.0).abs() < 1e-12
        );
    }

    #[test]
    fn without_a_cost_there_is_nothing_to_tell() {
        let mut none = Spread::new();
        none.add(&[f64::NAN; 3]);
        let none = none.closed(std::iter::empty());
        assert_eq!((none.count(), none.mean(), none.quantile(0.5), none.bins(20)), (0, None, None, None));
    }
}
