//! Costs of all designs as they are, while there are few enough of them to be held.

/// Costs that are held, of all designs together: 48 MB. Where there are more, they are counted by size.
const HELD: usize = 6_000_000;

/// Fewest costs of one design that are held.
const LEAST_HELD: usize = 1000;

/// Costs of all designs, from block to block of draws.
pub(super) struct Costs {
    /// Blocks one after the other; in each of them, the costs of one design stand in a row. Not-a-number where a design
    /// has none.
    all: Vec<f64>,
    designs: usize,
    /// Costs in a block; the last one may have fewer.
    block: usize,
    /// How many are held before they must be counted.
    held: usize,
}

impl Costs {
    /// Begins with none; a block has `draws` of each design, the last one perhaps fewer.
    ///
    /// There is room for all from the beginning: what is never filled takes no memory, growing would take twice as much,
    /// and one large piece goes back to the system afterwards, where many small ones would stay with the program.
    pub fn new(designs: usize, draws: usize) -> Costs {
        let (block, held) = (designs * draws, HELD.max(LEAST_HELD * designs));
        Costs { all: Vec::with_capacity(held + block), designs, block, held }
    }

    /// Adds the costs of a block.
    pub fn add(&mut self, block: &[f64]) {
        self.all.extend_from_slice(block);
    }

    /// Returns whether there are too many to be held.
    pub fn is_full(&self) -> bool {
        self.all.len() > self.held
    }

    /// Drops all.
    pub fn clear(&mut self) {
        self.all.clear();
    }

    /// Returns the costs of a design in the order of the draws, without those that are not a number.
    pub fn of(&self, design: usize) -> impl Iterator<Item = f64> {
        let blocks = self.all.chunks(self.block.max(1));
        let costs = blocks.flat_map(move |block| {
            let draws = block.len() / self.designs;
            &block[design * draws..(design + 1) * draws]
        });
        costs.copied().filter(|cost| !cost.is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_of_a_design_are_found_in_every_block() {
        let mut costs = Costs::new(2, 3);
        costs.add(&[1.0, 2.0, f64::NAN, 10.0, 20.0, 30.0]);
        costs.add(&[4.0, 40.0]);
        assert_eq!(costs.of(0).collect::<Vec<_>>(), [1.0, 2.0, 4.0]);
        assert_eq!(costs.of(1).collect::<Vec<_>>(), [10.0, 20.0, 30.0, 40.0]);
        costs.clear();
        assert_eq!(costs.of(1).next(), None);
    }

    #[test]
    fn room_is_taken_once_in_a_piece_that_goes_back_to_the_system() {
        /// What the C library of Linux never keeps, however much of its kind was freed before.
        const NEVER_KEPT: usize = 32 << 20;
        for designs in [0, 1, 30, 10_000] {
            let mut costs = Costs::new(designs, 8);
            let room = costs.all.capacity();
            assert!(room * size_of::<f64>() > NEVER_KEPT, "{designs}");
            while designs > 0 && !costs.is_full() {
                costs.add(&vec![1.0; 8 * designs]);
            }
            assert_eq!(costs.all.capacity(), room, "{designs}");
        }
    }
}
