//! Drawing the numbers that are known only roughly.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

use crate::scenario::group::shares_with;
use crate::scenario::{GroupKind, Param, Scenario, Target, Uncertain, Workload};

/// Tries for one draw whose numbers contradict each other, such as an overlap as large as its chunk.
const TRIES: u32 = 1000;

/// The numbers contradict each other in (nearly) every draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contradiction;

/// One value for each number that is known only roughly.
#[derive(Debug, Clone, Default)]
pub(super) struct Draw {
    /// The values, in the order of the scenario's ranges.
    pub values: Vec<f64>,
    /// Shares of all classes, where one of them was drawn.
    pub shares: Option<Vec<f64>>,
}

impl Draw {
    /// Hands over every number but the shares of classes.
    pub fn each(&self, ranges: &[Uncertain], mut put: impl FnMut(Target, f64)) {
        for (range, value) in ranges.iter().zip(&self.values) {
            if class_of(range.target).is_none() {
                put(range.target, *value);
            }
        }
    }

    /// Returns the value of a number of the whole, where it was drawn.
    pub fn value_of(&self, ranges: &[Uncertain], param: Param) -> Option<f64> {
        let at = ranges.iter().position(|range| range.target == param.into())?;
        self.values.get(at).copied()
    }
}

/// Returns the class whose share a number is.
fn class_of(target: Target) -> Option<usize> {
    match target.group {
        Some((GroupKind::Class, at)) if target.param == Param::ClassShare => Some(usize::from(at)),
        _ => None,
    }
}

/// Draws of one block, from a stream of its own.
///
/// The stream is that of the cipher ChaCha with eight rounds, as its authors published it, under a key that holds the
/// seed and with the block's number as nonce: what it yields depends on nothing else. Each number takes one draw of 52
/// bits and is the quantile of its range there.
pub(super) struct Sampler<'s> {
    ranges: &'s [Uncertain],
    /// The workload on a model with the tokens as written, to see contradictions.
    workload: Workload,
    given_shares: Vec<f64>,
    generator: ChaCha8Rng,
    /// Draws that contradicted themselves so far.
    pub redrawn: u64,
}

impl<'s> Sampler<'s> {
    /// Begins a block.
    pub fn new(scenario: &'s Scenario, seed: u64, block: u64) -> Sampler<'s> {
        let mut key = [0u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(block);
        Sampler {
            ranges: &scenario.ranges,
            workload: Workload::of(scenario, Vec::new(), |_| 1.0),
            given_shares: scenario.groups.class_shares(),
            generator,
            redrawn: 0,
        }
    }

    /// Draws every number; where they contradict each other, all of them again.
    ///
    /// # Errors
    /// They do so again and again.
    pub fn next(&mut self, draw: &mut Draw) -> Result<(), Contradiction> {
        for _ in 0..TRIES {
            if self.try_once(draw) {
                return Ok(());
            }
            self.redrawn += 1;
        }
        Err(Contradiction)
    }

    /// Draws once; returns whether the numbers hold together.
    fn try_once(&mut self, draw: &mut Draw) -> bool {
        draw.values.clear();
        let mut classes: Vec<(usize, f64)> = Vec::new();
        for uncertain in self.ranges {
            let facts = uncertain.target.param.facts();
            let value = uncertain.range.quantile(chance(self.generator.next_u64()));
            let value = if facts.whole { value.round() } else { settled(value) };
            let value = value.clamp(facts.bounds.0, facts.bounds.1);
            draw.values.push(value);
            classes.extend(class_of(uncertain.target).map(|class| (class, value)));
        }
        if !classes.is_empty() {
            let Some(shares) = shares_with(&self.given_shares, &classes) else { return false };
            draw.shares = Some(shares.collect());
        }
        draw.each(self.ranges, |target, value| self.workload.put(target, value));
        self.workload.is_consistent()
    }
}

/// Returns the middle of the one of 2^52 equal steps between 0 and 1 that the upper bits of a number name; with more steps
/// the last middle would round to 1.
fn chance(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

/// Keeps 40 of the 52 bits after the point, some twelve digits: logarithms and exponentials are not the same to the last
/// bit in all mathematical libraries, results should be.
fn settled(value: f64) -> f64 {
    const DROPPED: u64 = 12;
    let bits = value.to_bits() + (1 << (DROPPED - 1));
    f64::from_bits(bits >> DROPPED << DROPPED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_lie_between_0_and_1() {
        assert!(chance(0) > 0.0 && chance(u64::MAX) < 1.0);
        assert_eq!(chance(1 << 63), 0.5 + 0.5 / (1u64 << 52) as f64);
    }

    #[test]
    fn what_is_settled_differs_by_less_than_anybody_reads() {
        for value in [0.1, 12_345.678_9, -0.25, 1e15, 0.0] {
            assert!((settled(value) - value).abs() <= value.abs() * 1e-12, "{value}");
        }
        assert_eq!(settled(0.3f64.next_up()), settled(0.3));
        assert_eq!(settled(f64::INFINITY), f64::INFINITY);
    }

    #[test]
    fn the_stream_is_that_of_the_published_cipher() {
        // ChaCha8 with a key and nonce of zeros begins with 3e 00 ef 2f 89 5f 40 d6 (test vector TC1 of
        // draft-strombergson-chacha-test-vectors, 8 rounds, 256 bits).
        let mut generator = ChaCha8Rng::from_seed([0; 32]);
        assert_eq!(
            generator.next_u64(),
            u64::from_le_bytes([0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6])
        );
    }
}
