//! What designs cost where numbers are known only roughly: each draw is one set of numbers, the same for all designs.

mod budget;
mod costs;
mod draw;
mod parallel;
mod spread;

use super::compare::{Reason, why_without_cost};
use super::curve::Metric;
use super::lineup::Lineup;
use super::{Case, Pair};
use crate::diagnostic::Fault;
use crate::scenario::{GroupKind, Origin, Param, Scenario, Target};
use budget::Budget;
use costs::Costs;
use draw::{Contradiction, Draw, Sampler};
use parallel::in_parallel;
use rust_decimal::prelude::ToPrimitive;
pub use spread::Bin;
use spread::Spread;

/// Draws unless another number is asked for.
pub const USUAL_SAMPLES: u32 = 10_000;

/// Most draws: with the designs of a usual comparison some minutes.
pub const MOST_SAMPLES: u32 = 10_000_000;

/// Seed unless another one is asked for.
pub const USUAL_SEED: u64 = 1;

/// Draws that are made one after the other, from a stream of their own.
const BLOCK: u32 = 2048;

/// Bins of the histogram.
const BINS: usize = 20;

/// Most threads that take part.
const MOST_THREADS: usize = 16;

/// How to simulate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Draws, 1 at least.
    pub samples: u32,
    /// Seed of the draws: the same one gives the same result.
    pub seed: u64,
    /// The design whose histogram is made.
    pub chosen: Option<Pair>,
    /// Threads that share the work; the result does not depend on them.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Options {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        Options { samples: USUAL_SAMPLES, seed: USUAL_SEED, chosen: None, threads }
    }
}

/// A share of draws as an estimate of a chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// The share.
    pub share: f64,
    /// Its standard error √(p·(1 − p)/n): 0.05 at a chance of a half in 100 draws.
    pub error: f64,
}

impl Chance {
    fn of(count: u64, total: u64) -> Option<Chance> {
        if total == 0 {
            return None;
        }
        let share = count as f64 / total as f64;
        Some(Chance { share, error: (share * (1.0 - share) / total as f64).sqrt() })
    }
}

/// Where the costs of a design lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiles {
    /// One in twenty draws is cheaper.
    pub p5: f64,
    /// Half of them are.
    pub p50: f64,
    /// One in twenty is dearer.
    pub p95: f64,
    /// Mean.
    pub mean: f64,
}

/// One design over all draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The design.
    pub pair: Pair,
    /// What a month costs at the middle values.
    pub middle: Option<f64>,
    /// Where the cost of a month lies, among the draws in which it has one.
    pub costs: Option<Quantiles>,
    /// Chance that a month costs more than the budget, among the same; `None` without a budget.
    pub over_budget: Option<Chance>,
    /// Chance that it is the cheapest; `None` where it cannot be called so.
    pub cheapest: Option<Chance>,
    /// Share of the draws in which it has no cost, because it does not fit or a price is missing.
    pub without_cost: f64,
    /// Why it has none in the first of them.
    pub reason: Option<Reason>,
    /// Spread of its cost; `None` where it is always the same, or never known.
    pub histogram: Option<Histogram>,
}

/// The spread of one design's cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// The design.
    pub pair: Pair,
    /// Whether each bin is as many times as wide as the one before.
    pub log: bool,
    /// Bins from the least to the largest cost.
    pub bins: Vec<Bin>,
}

/// All designs over all draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// Draws.
    pub samples: u32,
    /// Seed.
    pub seed: u64,
    /// Draws that contradicted themselves and were made again.
    pub redrawn: u64,
    /// What a month may cost at most, at the middle values.
    pub budget: Option<f64>,
    /// Designs, by the median of their cost; those without a cost last.
    pub rows: Vec<Row>,
    /// The cheapest design at the middle values.
    pub cheapest: Option<Pair>,
    /// Chance that another one is the cheapest; `None` where none is at the middle values.
    pub changes: Option<Chance>,
    /// Chance that no design can be called the cheapest.
    pub none_cheapest: Option<Chance>,
    /// Spread of the chosen design's cost, which its row has too.
    pub histogram: Option<Histogram>,
}

/// Draws the numbers that a scenario gives as ranges and works out every compared design, the plan and the chosen one.
///
/// Draws are clamped to the bounds of their number and rounded where it is whole. Those that contradict themselves, such
/// as an overlap as large as its chunk, are made again and counted. Of classes whose shares are drawn, the others take
/// what is left in their proportions; where all are drawn, they are scaled to come to 1.
///
/// Up to 6 million draws times designs, such as 200,000 draws of 30 designs, quantiles are exact for the draws; beyond, they
/// are within a thousandth.
///
/// # Errors
/// A fault where no number is a range, or where nearly all draws contradict themselves.
pub fn simulate(case: &Case<'_>, options: &Options) -> Result<Simulation, Fault> {
    simulate_while(case, options, |_| true)
}

/// Does the same for as long as it is wanted: `wanted` is told now and then which share of the draws is made, from 0 to
/// 1, and where it says no, the rest of them is left out.
///
/// # Errors
/// The same.
pub fn simulate_while(
    case: &Case<'_>,
    options: &Options,
    wanted: impl Fn(f64) -> bool,
) -> Result<Simulation, Fault> {
    if case.scenario.ranges.is_empty() {
        return Err(no_range());
    }
    let others: Vec<Pair> = case.plan.into_iter().chain(options.chosen).collect();
    let mut middle = Lineup::of(case, &others);
    let pairs: Vec<Pair> = middle.pairs().collect();
    let (mut outcomes, samples) = (Vec::new(), options.samples.max(1));
    middle.run(&mut outcomes);
    let mut record = Record::new(pairs.len());
    let blocks: Vec<u32> = (0..samples.div_ceil(BLOCK)).collect();
    for wave in blocks.chunks(options.threads.max(1)) {
        let draws = |block: u32| BLOCK.min(samples - block * BLOCK);
        let run = |block: u32| Block::run(case, &others, options.seed, block, draws(block));
        // One after the other into the record, whichever was done first: sums of floats depend on their order.
        for block in in_parallel(wave, run) {
            record.add(block.map_err(|Contradiction| contradictory())?);
        }
        if !wanted(record.samples as f64 / f64::from(samples)) {
            break;
        }
    }
    let samples = record.samples;
    let cheapest = middle.cheapest(&outcomes, Metric::Monthly);
    let cost = |at: usize| middle.cost(at, &outcomes[at], Metric::Monthly);
    let mut found = Simulation {
        samples: u32::try_from(samples).unwrap_or(u32::MAX),
        seed: options.seed,
        redrawn: record.redrawn,
        budget: case.amount(Param::BudgetPerMonth).and_then(|budget| budget.to_f64()),
        cheapest: cheapest.map(|at| pairs[at]),
        changes: cheapest.and_then(|at| {
            let stays = record.cheapest[at] + record.none_cheapest;
            Chance::of(samples - stays, samples)
        }),
        none_cheapest: Chance::of(record.none_cheapest, samples),
        histogram: None,
        rows: Vec::new(),
    };
    for (at, pair) in pairs.iter().enumerate() {
        let row = record.row(case, *pair, at, cost(at), middle.competes(at));
        if options.chosen == Some(*pair) {
            found.histogram.clone_from(&row.histogram);
        }
        found.rows.push(row);
    }
    let median = |row: &Row| row.costs.map_or(f64::INFINITY, |costs| costs.p50);
    found.rows.sort_by(|a, b| median(a).total_cmp(&median(b)));
    Ok(found)
}

fn no_range() -> Fault {
    Fault::Conflict {
        message: "no number of this scenario is a range, so that there is nothing to draw".to_owned(),
        remedy: "write one as a range, such as requests_per_month = { low = \"5k\", mode = \"10k\", high = \"30k\" }, \
                 or { p10 = \"5k\", p90 = \"20k\" }"
            .to_owned(),
    }
}

fn contradictory() -> Fault {
    Fault::Conflict {
        message: "the ranges contradict each other in nearly every draw".to_owned(),
        remedy: "narrow them so that an overlap is below its chunk, reasoning below the output, and shares come to 100% at most"
            .to_owned(),
    }
}

/// What some draws in a row came to.
struct Block {
    draws: usize,
    /// Costs, those of one design in a row; not-a-number where there is none.
    costs: Vec<f64>,
    /// Draws in which each design costs more than the budget.
    over_budget: Vec<u64>,
    /// Draws in which each design is the cheapest, and in which none is.
    cheapest: Vec<u64>,
    none_cheapest: u64,
    /// The first draw in which each design has no cost.
    without_cost: Vec<Option<Draw>>,
    redrawn: u64,
}

impl Block {
    /// Begins a block in which nothing was drawn yet.
    fn new(designs: usize, draws: usize) -> Block {
        Block {
            draws,
            costs: vec![f64::NAN; designs * draws],
            over_budget: vec![0; designs],
            cheapest: vec![0; designs],
            none_cheapest: 0,
            without_cost: vec![None; designs],
            redrawn: 0,
        }
    }

    /// Makes the draws of one block. It depends on nothing but the case, the seed and the block's number.
    fn run(
        case: &Case<'_>,
        others: &[Pair],
        seed: u64,
        number: u32,
        draws: u32,
    ) -> Result<Block, Contradiction> {
        let mut lineup = Lineup::of(case, others);
        let mut sampler = Sampler::new(case.scenario, seed, u64::from(number));
        let mut block = Block::new(lineup.pairs().count(), draws as usize);
        let (ranges, budget) = (&case.scenario.ranges, Budget::of(case));
        let (mut draw, mut outcomes) = (Draw::default(), Vec::new());
        for at in 0..block.draws {
            sampler.next(&mut draw)?;
            draw.each(ranges, |target, value| lineup.put(target, value));
            if let Some(shares) = &draw.shares {
                lineup.put_shares(shares);
            }
            lineup.run(&mut outcomes);
            let limit = budget.at(draw.value_of(ranges, Param::BudgetPerMonth));
            for (design, outcome) in outcomes.iter().enumerate() {
                let cost = lineup.cost(design, outcome, Metric::Monthly);
                block.note(design, at, cost, limit, &draw);
            }
            match lineup.cheapest(&outcomes, Metric::Monthly) {
                Some(design) => block.cheapest[design] += 1,
                None => block.none_cheapest += 1,
            }
        }
        block.redrawn = sampler.redrawn;
        Ok(block)
    }

    /// Notes what a design costs in one draw.
    fn note(&mut self, design: usize, at: usize, cost: Option<f64>, limit: Option<f64>, draw: &Draw) {
        match cost {
            Some(cost) => {
                self.costs[design * self.draws + at] = cost;
                self.over_budget[design] += u64::from(limit.is_some_and(|limit| cost > limit));
            }
            None => {
                self.without_cost[design].get_or_insert_with(|| draw.clone());
            }
        }
    }
}

/// What all blocks together came to.
struct Record {
    costs: Costs,
    spreads: Vec<Spread>,
    over_budget: Vec<u64>,
    cheapest: Vec<u64>,
    none_cheapest: u64,
    without_cost: Vec<Option<Draw>>,
    redrawn: u64,
    samples: u64,
}

impl Record {
    fn new(designs: usize) -> Record {
        Record {
            costs: Costs::new(designs, BLOCK as usize),
            spreads: vec![Spread::new(); designs],
            over_budget: vec![0; designs],
            cheapest: vec![0; designs],
            none_cheapest: 0,
            without_cost: vec![None; designs],
            redrawn: 0,
            samples: 0,
        }
    }

    fn add(&mut self, block: Block) {
        for (spread, costs) in self.spreads.iter_mut().zip(block.costs.chunks(block.draws)) {
            spread.add(costs);
        }
        self.costs.add(&block.costs);
        if self.costs.is_full() {
            for (at, spread) in self.spreads.iter_mut().enumerate() {
                spread.count_by_size(self.costs.of(at));
            }
            self.costs.clear();
        }
        let add = |sums: &mut [u64], more: &[u64]| sums.iter_mut().zip(more).for_each(|(sum, n)| *sum += n);
        add(&mut self.over_budget, &block.over_budget);
        add(&mut self.cheapest, &block.cheapest);
        self.none_cheapest += block.none_cheapest;
        self.samples += block.draws as u64;
        self.redrawn += block.redrawn;
        for (first, draw) in self.without_cost.iter_mut().zip(block.without_cost) {
            *first = first.take().or(draw);
        }
    }

    fn row(&self, case: &Case<'_>, pair: Pair, at: usize, middle: Option<f64>, competes: bool) -> Row {
        let spread = self.spreads[at].closed(self.costs.of(at));
        let quantile = |chance| spread.quantile(chance);
        let costs = quantile(0.05).zip(quantile(0.5)).zip(quantile(0.95)).zip(spread.mean());
        let first = self.without_cost[at].as_ref();
        Row {
            pair,
            middle,
            costs: costs.map(|(((p5, p50), p95), mean)| Quantiles { p5, p50, p95, mean }),
            over_budget: case
                .amount(Param::BudgetPerMonth)
                .and_then(|_| Chance::of(self.over_budget[at], spread.count())),
            cheapest: Chance::of(self.cheapest[at], self.samples).filter(|_| competes),
            without_cost: (self.samples - spread.count()) as f64 / self.samples as f64,
            reason: first.and_then(|draw| why_without_cost(case, pair, &drawn(case.scenario, draw))),
            histogram: spread.bins(BINS).map(|(bins, log)| Histogram { pair, log, bins }),
        }
    }
}

/// Returns a scenario with the numbers of a draw.
fn drawn(scenario: &Scenario, draw: &Draw) -> Scenario {
    let mut changed = scenario.clone();
    draw.each(&scenario.ranges, |target, value| changed.put(target, value, Origin::Override));
    for (class, share) in draw.shares.iter().flatten().enumerate() {
        let group = Some((GroupKind::Class, class as u16));
        changed.put(Target { param: Param::ClassShare, group }, *share, Origin::Override);
    }
    changed
}
