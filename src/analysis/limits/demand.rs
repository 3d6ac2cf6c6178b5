//! What the products of a design are asked for, as rate limits count it.

use crate::analysis::Case;
use crate::catalog::{Meter, ProductId, Quota, Service};
use crate::scenario::{Param, Scenario};
use crate::units::{HOURS_PER_MONTH, MINUTES_PER_MONTH, share};
use crate::usage::{Recurrence, Step, Usage, UsageLine};

const HOURS_PER_DAY: f64 = 24.0;
const DAYS_PER_WEEK: f64 = 7.0;

/// When the requests of a month arrive.
///
/// Requests come in the active hours of the active days. 30,000 a month on 5 days of 8 hours are
/// 30,000 / (43,800 × 8/24 × 5/7) = 2.88 a minute on average, and 8.63 in a minute three times as busy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Active minutes of a month.
    pub active_minutes: f64,
    /// Active days of a month.
    pub active_days: f64,
    /// Requests in the busiest minute, as a multiple of the mean active minute.
    pub peak_factor: f64,
    /// Requests a month that are answered at once and not from a batch queue.
    pub at_once: f64,
}

impl Pace {
    /// Works out the pace of a scenario on a model, which may have no batch queue.
    pub fn of(case: &Case<'_>, model: ProductId) -> Pace {
        let numbers = &case.scenario.numbers;
        let days = numbers.value(Param::DaysPerWeek) / DAYS_PER_WEEK;
        let hours = numbers.value(Param::ActiveHoursPerDay) / HOURS_PER_DAY;
        let waiting = if has_queue(case, model) { waiting_share(case.scenario) } else { 0.0 };
        Pace {
            active_minutes: f64::from(MINUTES_PER_MONTH) * hours * days,
            active_days: f64::from(HOURS_PER_MONTH) / HOURS_PER_DAY * days,
            peak_factor: numbers.value(Param::PeakFactor),
            at_once: numbers.requests() * share((1.0 - waiting).max(0.0)),
        }
    }

    /// Returns the requests of the mean active minute.
    pub fn mean_per_minute(&self) -> f64 {
        self.at_once / self.active_minutes
    }

    /// Returns the requests of the busiest minute.
    pub fn peak_per_minute(&self) -> f64 {
        self.peak(self.at_once)
    }

    /// Returns how much of a month falls into its busiest minute.
    pub fn peak(&self, month: f64) -> f64 {
        month / self.active_minutes * self.peak_factor
    }

    /// Returns how much of a month falls on an active day.
    pub fn day(&self, month: f64) -> f64 {
        month / self.active_days
    }
}

/// Returns whether a product sells a batch queue; one that does not serves such requests as usual.
pub(super) fn has_queue(case: &Case<'_>, product: ProductId) -> bool {
    case.book.card(product).is_ok_and(|(card, _)| card.serves(Service::Batch))
}

/// Returns the share of the requests that may wait for a batch queue, over all classes.
fn waiting_share(scenario: &Scenario) -> f64 {
    let whole = scenario.numbers.value(Param::BatchShare);
    let classes = &scenario.groups.classes;
    if classes.is_empty() {
        return whole;
    }
    let shares = scenario.groups.class_shares();
    let of_class = |(class, share): (&crate::scenario::group::Class, &f64)| {
        class.numbers.get(Param::BatchShare).unwrap_or(whole) * share
    };
    classes.iter().zip(&shares).map(of_class).sum()
}

/// How a limit counts the tokens of a call: with those found in a cache, or without.
type Counted = [f64; 2];

/// The largest call of a product, by what limits count.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Largest {
    input: Counted,
    output: f64,
    both: Counted,
}

/// What a product of a design is asked for in a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    /// The product.
    pub product: ProductId,
    /// Calls that are answered at once.
    pub calls: f64,
    /// Their input tokens.
    pub input: f64,
    /// Those of them that were found in a cache.
    pub cached: f64,
    /// Their output tokens.
    pub output: f64,
    /// Input tokens of the calls that wait in a batch queue.
    pub waiting: f64,
    /// Input tokens of the largest call of all.
    pub largest_prompt: f64,
    largest: Largest,
}

impl Demand {
    /// Adds up what a usage asks of a product: the calls made for each request, retries and calls beside the
    /// strategy's among them. What is indexed again is left out, for it can wait until fewer requests come; what
    /// surrounds an answer that waits, such as embedding its question, counts like the rest.
    pub fn of(usage: &Usage, product: ProductId, has_queue: bool) -> Demand {
        let mut demand = Demand {
            product,
            calls: 0.0,
            input: 0.0,
            cached: 0.0,
            output: 0.0,
            waiting: 0.0,
            largest_prompt: 0.0,
            largest: Largest::default(),
        };
        let lines = usage.lines.iter().filter(|line| line.product == product && !line.hosted);
        for line in lines.filter(|line| line.recurrence == Recurrence::Monthly) {
            let waits = has_queue && line.service == Service::Batch;
            if waits {
                demand.waiting += line.count() * line.input_tokens();
            } else if is_asked(line.step) {
                demand.add(line);
            }
            if line.step.is_model_call() {
                demand.largest_prompt = demand.largest_prompt.max(line.input_tokens());
            }
        }
        demand
    }

    fn add(&mut self, line: &UsageLine) {
        let (count, input, output) = (line.count(), line.input_tokens(), line.output_tokens());
        let cached = cached_tokens(line);
        self.calls += count;
        self.input += count * input;
        self.cached += count * cached;
        self.output += count * output;
        let Largest { input: inputs, output: largest_output, both } = &mut self.largest;
        for (at, input) in [input - cached, input].into_iter().enumerate() {
            inputs[at] = inputs[at].max(input);
            both[at] = both[at].max(input + output);
        }
        *largest_output = largest_output.max(output);
    }

    /// Returns how much of a quota a month takes, in its unit.
    pub fn total(&self, quota: Quota, counts_cached: bool) -> f64 {
        let input = if counts_cached { self.input } else { self.input - self.cached };
        match quota {
            Quota::Rpm | Quota::Rpd => self.calls,
            Quota::Tpm => input + self.output,
            Quota::Itpm => input,
            Quota::Otpm => self.output,
            Quota::BatchQueue => self.waiting,
        }
    }

    /// Returns how much of a minute's quota the largest call takes; 0 where no single call can be over it.
    pub fn largest(&self, quota: Quota, counts_cached: bool) -> f64 {
        let Largest { input, output, both } = &self.largest;
        match quota {
            Quota::Rpm | Quota::Rpd | Quota::BatchQueue => 0.0,
            Quota::Tpm => both[usize::from(counts_cached)],
            Quota::Itpm => input[usize::from(counts_cached)],
            Quota::Otpm => *output,
        }
    }

    /// Returns whether the product is asked for anything.
    pub fn is_any(&self) -> bool {
        self.calls > 0.0 || self.waiting > 0.0
    }
}

/// Returns the tokens of one call that were found in a cache.
pub(super) fn cached_tokens(line: &UsageLine) -> f64 {
    let read = |(meter, quantity): &(Meter, f64)| if meter.is_cache_read() { *quantity } else { 0.0 };
    line.per_call.iter().map(read).sum()
}

/// Returns whether a step asks something of its product each time that a request comes: a call, and neither a look
/// into a store nor a cache's rent.
pub(super) fn is_asked(step: Step) -> bool {
    step.is_per_request() && !matches!(step, Step::Search | Step::StoreCache)
}
