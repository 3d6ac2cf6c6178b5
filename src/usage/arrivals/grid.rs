//! Entries of a fixed life that outlive a pause: the state of the cache over a week, on a grid of moments.
//!
//! Let w(t) be the chance that the cache holds no entry that could hit. Writes happen at λ·w in active hours,
//! changes kill at μ whatever lives, and what was written τ hours ago and has not changed expires:
//! w′ = −λ·w + μ·(1 − w) + e^(−μτ)·λ·w(t − τ), λ being 0 in pauses. Poisson arrivals see w as it is on average,
//! so the share of misses is the mean over active hours of the w that repeats with the week. A w that
//! repeats does not tell τ from its rest after whole periods. The writes of a cell of the grid are taken as
//! even over it; the equation is then solved exactly, whatever the rates.

use std::f64::consts::PI;

use super::integral::{decayed, ramp};
use super::week::Week;
use super::{DAY, Life};

/// Cells of all active hours of a period, at least.
const CELLS: f64 = 512.0;

/// Cells of the active hours of a lifetime, at least.
const CELLS_PER_LIFE: f64 = 8.0;

/// Rounds of the week in which nearly every w settles.
const ROUNDS: u32 = 16;

/// Rounds over which what then still swings is averaged.
const SWINGING_ROUNDS: u32 = 64;

/// Share of requests by which a round may still move misses when they count as settled.
const SETTLED: f64 = 1e-8;

/// A stretch of hours: a part of a block, or a whole pause.
#[derive(Clone, Copy)]
struct Cell {
    start: f64,
    length: f64,
    /// Requests an hour in it: none in a pause.
    rate: f64,
    /// By how much w falls within it by requests and changes, in 1/hours.
    decay: f64,
    /// What is left of w at its end: e^(−decay·length).
    kept: f64,
    /// ∫w over it for a w of 1 at its start; as much reaches its end of an inflow of 1 an hour.
    reached: f64,
    /// ∫w over it for an inflow of 1 an hour.
    summed: f64,
    /// The end of its links among all links.
    links: usize,
}

/// From where entries expire in a cell.
struct Link {
    /// The cell in which they were written.
    from: usize,
    /// What is left of each write there in w at the end here.
    reached: f64,
    /// What each write there adds to ∫w here.
    summed: f64,
}

struct Grid {
    cells: Vec<Cell>,
    links: Vec<Link>,
}

/// Returns the share of requests that find no entry.
pub fn missing(week: &Week, life: &Life) -> f64 {
    let grid = Grid::new(week, life);
    let requests = life.rate * week.active();
    let of_requests = |writes: f64, scale: f64| (writes * scale / requests).min(1.0);
    // The start is as if nothing were ever cached.
    let mut state =
        State { empty: 1.0, written: grid.cells.iter().map(|cell| cell.rate * cell.length).collect() };
    for _ in 0..ROUNDS {
        let turn = grid.round(life, &mut state);
        let scale = turn.scale(week, life);
        if turn.moved <= SETTLED * requests {
            return of_requests(turn.writes, scale);
        }
        state.empty *= scale;
        state.written.iter_mut().for_each(|writes| *writes *= scale);
    }
    // Swings, as of entries that live for three days and a half, cancel in a mean that fades in and out.
    // Scaling would not be linear, so it waits for the end.
    let mut mean = Turn::default();
    for round in 0..SWINGING_ROUNDS {
        let turn = grid.round(life, &mut state);
        if turn.moved <= SETTLED * requests {
            return of_requests(turn.writes, turn.scale(week, life));
        }
        let weight = f64::sin(PI * (f64::from(round) + 0.5) / f64::from(SWINGING_ROUNDS)).powi(2);
        mean.writes += weight * turn.writes;
        mean.empty_hours += weight * turn.empty_hours;
    }
    of_requests(mean.writes, mean.scale(week, life))
}

/// What a round of the week starts from: the chance of no entry, and the writes of each cell a round before.
struct State {
    empty: f64,
    written: Vec<f64>,
}

/// What happens in a round of the week.
#[derive(Default)]
struct Turn {
    /// Expected writes.
    writes: f64,
    /// Expected hours without an entry.
    empty_hours: f64,
    /// By how much the writes of its cells differ from the round before, summed.
    moved: f64,
}

impl Turn {
    /// Returns by what to multiply it so that the hours with and without an entry add up to the period.
    ///
    /// A w that repeats is at 1; one that only has its shape is then right.
    fn scale(&self, week: &Week, life: &Life) -> f64 {
        let mean_life = decayed(life.churn, life.ttl).0;
        week.period / (mean_life * self.writes + self.empty_hours)
    }
}

impl Cell {
    fn new(start: f64, length: f64, rate: f64, churn: f64) -> Cell {
        let decay = rate + churn;
        let mut cell = Cell { start, length, rate, decay, kept: 0.0, reached: 0.0, summed: 0.0, links: 0 };
        cell.kept = (-decay * length).exp();
        (cell.reached, cell.summed) = cell.inflow(0.0, length);
        cell
    }

    /// Returns what an inflow of 1 an hour leaves at the end and adds to ∫w, lasting some hours and ending
    /// `left` hours before the end.
    fn inflow(&self, left: f64, hours: f64) -> (f64, f64) {
        let until = |hours: f64| ramp(hours, -1.0, self.decay, hours);
        ((-self.decay * left).exp() * decayed(self.decay, hours).0, until(left + hours) - until(left))
    }
}

impl Grid {
    fn new(week: &Week, life: &Life) -> Grid {
        let cells = cells(week, life);
        let mut grid = Grid { links: Vec::with_capacity(2 * cells.len()), cells };
        grid.link(week.period, life);
        grid
    }

    /// Finds for each cell the cells that lie a lifetime before it.
    fn link(&mut self, period: f64, life: &Life) {
        let survive = (-life.churn * life.ttl).exp();
        let shift = life.ttl % period;
        let count = self.cells.len();
        let end_of = |cells: &[Cell], at: usize| cells[at].start + cells[at].length;
        // The cells a lifetime before the first ones are those of the period before, a lap earlier.
        let (mut from, mut lap) = (0, -period);
        while end_of(&self.cells, from) + lap <= -shift && from + 1 < count {
            from += 1;
        }
        for to in 0..count {
            let (start, length) = (self.cells[to].start - shift, self.cells[to].length);
            loop {
                let source = &self.cells[from];
                let (begin, end) = (source.start + lap, source.start + source.length + lap);
                let common = end.min(start + length) - begin.max(start);
                if common > 0.0 && source.rate > 0.0 {
                    let left = (start + length - end).max(0.0);
                    let (reached, summed) = self.cells[to].inflow(left, common);
                    let density = survive / source.length;
                    self.links.push(Link { from, reached: density * reached, summed: density * summed });
                }
                if end >= start + length {
                    break;
                }
                from += 1;
                if from == count {
                    (from, lap) = (0, lap + period);
                }
            }
            self.cells[to].links = self.links.len();
        }
    }

    /// Follows w once around the week.
    fn round(&self, life: &Life, state: &mut State) -> Turn {
        let mut turn = Turn::default();
        let mut link = 0;
        for (at, cell) in self.cells.iter().enumerate() {
            let mut empty_hours = state.empty * cell.reached + life.churn * cell.summed;
            state.empty = state.empty * cell.kept + life.churn * cell.reached;
            for link in &self.links[link..cell.links] {
                state.empty += state.written[link.from] * link.reached;
                empty_hours += state.written[link.from] * link.summed;
            }
            link = cell.links;
            let writes = cell.rate * empty_hours;
            turn.moved += (writes - state.written[at]).abs();
            turn.writes += writes;
            turn.empty_hours += empty_hours;
            state.written[at] = writes;
        }
        turn
    }
}

/// Cuts a period into cells: each block evenly, each pause not at all.
fn cells(week: &Week, life: &Life) -> Vec<Cell> {
    let fine = (CELLS_PER_LIFE * week.block / life.ttl).ceil();
    let per_block = (CELLS / week.blocks).ceil().max(fine) as u32;
    let length = week.block / f64::from(per_block);
    let (night, last) = week.gaps();
    let part = Cell::new(0.0, length, life.rate, life.churn);
    let mut cells = Vec::new();
    for block in 0..week.blocks as u32 {
        let start = DAY * f64::from(block);
        cells.extend((0..per_block).map(|at| Cell { start: start + f64::from(at) * length, ..part }));
        let pause = if f64::from(block) + 1.0 < week.blocks { night } else { last };
        cells.push(Cell::new(start + week.block, pause, 0.0, life.churn));
    }
    cells
}
