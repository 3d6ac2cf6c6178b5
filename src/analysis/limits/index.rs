//! How long it takes to make the index once, at the limits of the models that make it.

use super::demand::{cached_tokens, has_queue};
use super::tier::of_pool;
use crate::analysis::Case;
use crate::catalog::{ProductId, Quota, RateLimit, Service};
use crate::usage::hosting::Hosted;
use crate::usage::{Recurrence, Step, Usage, UsageLine};

const MINUTES_PER_DAY: f64 = 1440.0;
const SECONDS_PER_MINUTE: f64 = 60.0;

/// What is done once to make an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Writing contexts for chunks.
    WriteContexts,
    /// Embedding the chunks.
    Embed,
}

impl Job {
    /// Returns the job in words.
    pub fn label(self) -> &'static str {
        match self {
            Job::WriteContexts => "write contexts",
            Job::Embed => "embed corpus",
        }
    }

    fn of(step: Step) -> Option<Job> {
        match step {
            Step::EmbedCorpus => Some(Job::Embed),
            step => step.makes_index().then_some(Job::WriteContexts),
        }
    }
}

/// The time that a job takes in one tier.
#[derive(Debug, Clone, PartialEq)]
pub struct TierTime {
    /// Name of the tier.
    pub tier: String,
    /// Minutes that it takes at least, or at most where it goes through a batch queue; `None` where a single call is
    /// over the limit.
    pub minutes: Option<f64>,
    /// The quota that decides.
    pub binding: Quota,
}

/// A job of the index with the model that does it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexJob {
    /// What is done.
    pub job: Job,
    /// The model.
    pub product: ProductId,
    /// Calls; `None` for embedding, where one call takes many chunks.
    pub calls: Option<f64>,
    /// Input tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Whether it goes through a batch queue.
    pub in_batch: bool,
    /// The time in each tier, slowest first; empty where no limits are published.
    pub tiers: Vec<TierTime>,
    /// Minutes on one box, for a model on hardware of one's own.
    pub hosted_minutes: Option<f64>,
}

/// Works out what is done once to make the index of a design.
pub(super) fn jobs(case: &Case<'_>, usage: &Usage, hosts: &[Hosted]) -> Vec<IndexJob> {
    let once = |line: &&UsageLine| line.recurrence == Recurrence::OneOff && line.step.makes_index();
    let mut found: Vec<(Job, ProductId, Vec<&UsageLine>)> = Vec::new();
    for line in usage.lines.iter().filter(once) {
        let Some(job) = Job::of(line.step) else { continue };
        match found.iter_mut().find(|(known, product, _)| (*known, *product) == (job, line.product)) {
            Some((.., lines)) => lines.push(line),
            None => found.push((job, line.product, vec![line])),
        }
    }
    found.into_iter().map(|(job, product, lines)| index_job(case, job, product, &lines, hosts)).collect()
}

/// Tokens and calls of a job.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    calls: f64,
    input: f64,
    cached: f64,
    output: f64,
    largest: f64,
    largest_both: f64,
}

impl Sum {
    fn of(lines: &[&UsageLine]) -> Sum {
        let mut sum = Sum::default();
        for line in lines {
            let (count, input, output) = (line.count(), line.input_tokens(), line.output_tokens());
            sum.calls += count;
            sum.input += count * input;
            sum.cached += count * cached_tokens(line);
            sum.output += count * output;
            sum.largest = sum.largest.max(input);
            sum.largest_both = sum.largest_both.max(input + output);
        }
        sum
    }
}

fn index_job(
    case: &Case<'_>,
    job: Job,
    product: ProductId,
    lines: &[&UsageLine],
    hosts: &[Hosted],
) -> IndexJob {
    let mut sum = Sum::of(lines);
    let (calls, largest) = match job {
        // The corpus is one line of a bill, sent in calls of many chunks each.
        Job::Embed => {
            (sum.largest, sum.largest_both) = (0.0, 0.0);
            (None, 0.0)
        }
        Job::WriteContexts => (Some(sum.calls), sum.largest),
    };
    let in_batch = lines.iter().all(|line| line.service == Service::Batch) && has_queue(case, product);
    let host = hosts.iter().find(|host| host.product == product);
    let seconds =
        |host: &Hosted| -> f64 { lines.iter().map(|line| line.count() * host.seconds(&line.per_call)).sum() };
    let time = |limit: &RateLimit| tier_time(limit, calls, &sum, in_batch);
    let mut tiers: Vec<TierTime> = match host {
        Some(_) => Vec::new(),
        None => of_pool(case.product(product), case.book.date, largest).filter_map(time).collect(),
    };
    let order = |time: &TierTime| time.minutes.unwrap_or(f64::INFINITY);
    tiers.sort_by(|a, b| order(b).total_cmp(&order(a)));
    IndexJob {
        job,
        product,
        calls,
        input: sum.input,
        output: sum.output,
        in_batch,
        tiers,
        hosted_minutes: host.map(|host| seconds(host) / SECONDS_PER_MINUTE),
    }
}

/// Works out the time of a job in a tier: the longest that any quota makes it.
///
/// 10 million tokens take 10 minutes at 1,000,000 TPM. Through a queue that holds 3 million they go in 4 fills, each of
/// which may take a day: 4 days at most.
fn tier_time(limit: &RateLimit, calls: Option<f64>, sum: &Sum, in_batch: bool) -> Option<TierTime> {
    let input = if limit.counts_cached { sum.input } else { sum.input - sum.cached };
    let minutes = |(quota, size): &(Quota, f64)| {
        let needed = match (quota, calls, in_batch) {
            (Quota::BatchQueue, _, true) => (sum.input / size).ceil() * MINUTES_PER_DAY,
            (Quota::BatchQueue, _, false) | (_, _, true) => return None,
            (Quota::Rpm, calls, _) => calls? / size,
            (Quota::Rpd, calls, _) => calls? / size * MINUTES_PER_DAY,
            (Quota::Tpm, ..) if sum.largest_both > *size => f64::INFINITY,
            (Quota::Itpm, ..) if limit.counts_cached && sum.largest > *size => f64::INFINITY,
            (Quota::Tpm, ..) => (input + sum.output) / size,
            (Quota::Itpm, ..) => input / size,
            (Quota::Otpm, ..) => sum.output / size,
        };
        (needed > 0.0).then_some((needed, *quota))
    };
    let longest = limit.quotas.iter().filter_map(minutes).max_by(|a, b| a.0.total_cmp(&b.0))?;
    let minutes = Some(longest.0).filter(|minutes| minutes.is_finite());
    Some(TierTime { tier: limit.tier.clone(), minutes, binding: longest.1 })
}
