//! A month of one design: what its strategy does for every corpus and for every kind of request, and what comes beside.

use super::extra::Extra;
use super::{Calls, Fit, Frame, Job, Parts, Refusal, Remark, Shape, Strategy, Told};
use crate::catalog::{Product, ProductId, Service};
use crate::scenario::workload::{Slice, Workload};
use crate::scenario::{Numbers, Owner, Param};

/// Why a design does not run, and for which class of requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Refused {
    /// Why.
    pub refusal: Refusal,
    /// The class, where the scenario has classes.
    pub class: Option<u16>,
}

/// Service classes with the number that says their share; what they leave is served as usual.
const SERVICES: [(Service, Param); 3] = [
    (Service::Batch, Param::BatchShare),
    (Service::Flex, Param::FlexShare),
    (Service::Priority, Param::PriorityShare),
];

/// Writes down a month's calls and what is paid once.
///
/// Each corpus is prepared once, whatever classes draw on it. Requests of one class are written for each service class
/// apart, because tiers and prices are those of single calls. Extra calls are made for all requests.
///
/// # Errors
/// Why the design cannot run, and which requests it cannot serve.
pub fn write_month(
    strategy: &dyn Strategy,
    model: (ProductId, &Product),
    workload: &Workload,
    parts: &Parts<'_>,
    extras: &[Extra],
    calls: &mut dyn Calls,
) -> Result<Shape, Refused> {
    let requests = workload.requests();
    let mut shape: Option<Shape> = None;
    for (at, slice) in workload.slices.iter().enumerate() {
        let refused = |refusal| Refused { refusal, class: slice.class };
        let job = Job {
            numbers: &slice.numbers,
            parts,
            model,
            requests: requests * slice.share,
            arrivals: requests * slice.prefix_share,
            prompt_arrivals: requests * slice.prompt_share,
            tokens: 1.0,
            service: Service::Standard,
            opens_store: at == 0,
        };
        let index_service = if parts.modes.index_in_batch { Service::Batch } else { Service::Standard };
        let frame = Frame { class: slice.class, index_service, ..Frame::default() };
        if workload.is_first_of_corpus(at) {
            let several = workload.slices.iter().any(|other| other.corpus != slice.corpus);
            calls.enter(Frame { class: None, corpus: several.then_some(slice.corpus), ..frame });
            tell(calls, &job, slice, (1.0, Service::Standard));
            strategy.prepare(&job, calls).map_err(refused)?;
        }
        let attempts = 1.0 + slice.numbers.value(Param::Retries);
        let own = answer(strategy, &job, slice, Frame { attempts, ..frame }, calls).map_err(refused)?;
        shape = Some(match shape {
            None => own,
            Some(before) => before.with(own),
        });
    }
    for extra in extras {
        calls.enter(Frame { service: extra.service, ..Frame::default() });
        if let Some(told) = calls.told() {
            told.class = None;
            told.of_numbers(&workload.numbers, 1.0);
            tell_requests(told, &workload.numbers, requests);
        }
        extra.write(requests, &workload.calls[usize::from(extra.at)], calls);
    }
    Ok(shape.unwrap_or(Shape { coverage: 1.0, fit: Fit::Fits, remark: None }))
}

/// Writes down the requests of one class, for each service class apart.
fn answer(
    strategy: &dyn Strategy,
    job: &Job<'_>,
    slice: &Slice,
    frame: Frame,
    calls: &mut dyn Calls,
) -> Result<Shape, Refusal> {
    let mut left = 1.0;
    for (service, param) in SERVICES {
        let share = slice.numbers.value(param);
        if share > 0.0 {
            left -= share;
            let job = Job { requests: job.requests * share, service, ..*job };
            calls.enter(Frame { service, ..frame });
            tell(calls, &job, slice, (share, service));
            strategy.answer(&job, calls)?;
        }
    }
    calls.enter(frame);
    // Rounding may leave a little less than nothing.
    let left = crate::units::share(left.max(0.0));
    let job = Job { requests: job.requests * left, ..*job };
    tell(calls, &job, slice, (left, Service::Standard));
    strategy.answer(&job, calls)
}

/// Returns how the share of a service class comes about.
fn service_share(service: Service) -> &'static str {
    match service {
        Service::Batch => "{service.batch_share}",
        Service::Flex => "{service.flex_share}",
        Service::Priority => "{service.priority_share}",
        _ => "1[ − {service.batch_share}][ − {service.flex_share}][ − {service.priority_share}]",
    }
}

/// Tells whose calls follow: requests of one class in one service class.
fn tell(calls: &mut dyn Calls, job: &Job<'_>, slice: &Slice, (served, service): (f64, Service)) {
    let Some(told) = calls.told() else { return };
    told.about(slice);
    told.count_as(job);
    told.formula("share of the service class", served, service_share(service));
    told.words("class.share", slice.share, "what is given, or what the other classes leave");
    tell_requests(told, job.numbers, job.requests);
}

/// Tells how many requests there are, and which part of them the next calls are for.
pub(crate) fn tell_requests(told: &mut Told, numbers: &Numbers, requests: f64) {
    let formula = match numbers.get(Param::Users) {
        Some(_) => "{workload.users} × {workload.sessions_per_user} × {workload.turns_per_session}",
        None => "{workload.requests_per_month}",
    };
    told.formula("requests of a month", numbers.requests(), formula);
    let part = "{requests of a month}[ × {class.share}][ × {share of the service class}]";
    told.formula("requests", requests, part);
}

impl Shape {
    /// Joins what two classes of requests found out: the smaller coverage, the less certain fit, the first remark, and
    /// one that history is dropped before any other.
    fn with(self, other: Shape) -> Shape {
        let fit = if self.fit == Fit::Unknown { Fit::Unknown } else { other.fit };
        let drops = |remark: Option<Remark>| remark.filter(|remark| remark.drops_history());
        let remark = drops(self.remark).or(drops(other.remark)).or(self.remark).or(other.remark);
        Shape { coverage: self.coverage.min(other.coverage), fit, remark }
    }
}

impl Job<'_> {
    /// Returns over how many prefixes the requests spread where the context is cached: tenants with a corpus or a
    /// system prompt of their own have one each.
    pub fn context_prefixes(&self) -> f64 {
        let modes = self.modes();
        if modes.corpus_of == Owner::Own || modes.prompt_of == Owner::Own { self.tenants() } else { 1.0 }
    }

    /// Returns over how many prefixes they spread where only the system prompt is cached.
    pub fn prompt_prefixes(&self) -> f64 {
        if self.modes().prompt_of == Owner::Own { self.tenants() } else { 1.0 }
    }
}
