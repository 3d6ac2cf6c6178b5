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

/// One design's month: what is done for every corpus whatever the requests, then the requests themselves.
///
/// Each corpus is prepared once, whatever classes draw on it. Requests of one class are written for each service class
/// apart, because tiers and prices are those of single calls. Extra calls are made for all requests.
#[derive(Clone, Copy)]
pub struct Month<'a> {
    /// The way to answer.
    pub strategy: &'a dyn Strategy,
    /// The model that answers.
    pub model: (ProductId, &'a Product),
    /// What it is asked for.
    pub workload: &'a Workload,
    /// The products beside it.
    pub parts: &'a Parts<'a>,
    /// Calls beside those of the strategy.
    pub extras: &'a [Extra],
}

impl<'a> Month<'a> {
    /// Writes down what is done for the corpora. Numbers of single requests play no part in it, which is what
    /// [`Param::is_of_requests`] says.
    ///
    /// # Errors
    /// Why a corpus cannot be prepared, and for which requests.
    pub fn prepare(&self, calls: &mut dyn Calls) -> Result<(), Refused> {
        for (at, slice) in self.workload.slices.iter().enumerate() {
            if self.workload.is_first_of_corpus(at) {
                let several = self.workload.slices.iter().any(|other| other.corpus != slice.corpus);
                calls.enter(self.frame(None, several.then_some(slice.corpus)));
                tell(calls, &self.job(at, slice), slice, (1.0, Service::Standard));
                self.strategy
                    .prepare(&self.job(at, slice), calls)
                    .map_err(|refusal| slice.refused(refusal))?;
            }
        }
        Ok(())
    }

    /// Writes down the calls of the requests.
    ///
    /// # Errors
    /// Why the design cannot run, and which requests it cannot serve.
    pub fn answer(&self, calls: &mut dyn Calls) -> Result<Shape, Refused> {
        let mut shape: Option<Shape> = None;
        self.answer_each(calls, |own| shape = Some(shape.map_or(own, |before| before.with(own))))?;
        Ok(shape.unwrap_or(Shape { coverage: 1.0, fit: Fit::Fits, remark: None }))
    }

    /// Does the same for a sweep, which looks at nothing but the calls.
    ///
    /// # Errors
    /// Those of [`Month::answer`].
    #[inline]
    pub fn answer_unseen(&self, calls: &mut dyn Calls) -> Result<(), Refused> {
        self.answer_each(calls, |_| ())
    }

    /// Writes down the calls of each class and takes what was found out about it.
    #[inline]
    fn answer_each(&self, calls: &mut dyn Calls, mut take: impl FnMut(Shape)) -> Result<(), Refused> {
        for (at, slice) in self.workload.slices.iter().enumerate() {
            let attempts = 1.0 + slice.numbers.value(Param::Retries);
            let frame = Frame { attempts, ..self.frame(slice.class, None) };
            match answer(self.strategy, &self.job(at, slice), slice, frame, calls) {
                Ok(own) => take(own),
                Err(refusal) => return Err(slice.refused(refusal)),
            }
        }
        for extra in self.extras {
            calls.enter(Frame { service: extra.service, ..Frame::default() });
            if let Some(told) = calls.told() {
                told.class = None;
                told.of_numbers(&self.workload.numbers, 1.0);
                tell_requests(told, &self.workload.numbers, self.workload.requests());
            }
            let numbers = &self.workload.calls[usize::from(extra.at)];
            extra.write(self.workload.requests(), numbers, calls);
        }
        Ok(())
    }

    #[inline]
    fn job(&self, at: usize, slice: &'a Slice) -> Job<'a> {
        let requests = self.workload.requests();
        Job {
            numbers: &slice.numbers,
            parts: self.parts,
            model: self.model,
            requests: requests * slice.share,
            arrivals: requests * slice.prefix_share,
            prompt_arrivals: requests * slice.prompt_share,
            prompt_batched: requests * slice.prompt_batch_share,
            declined_arrivals: requests * slice.declined_share,
            tokens: 1.0,
            service: Service::Standard,
            opens_store: at == 0,
        }
    }

    /// Returns what belongs to all calls of a class, or to those that prepare a corpus.
    #[inline]
    fn frame(&self, class: Option<u16>, corpus: Option<u16>) -> Frame {
        let in_batch = self.parts.modes.index_in_batch;
        let index_service = if in_batch { Service::Batch } else { Service::Standard };
        Frame { class, corpus, index_service, ..Frame::default() }
    }
}

impl Slice {
    fn refused(&self, refusal: Refusal) -> Refused {
        Refused { refusal, class: self.class }
    }
}

/// Writes down the requests of one class, for each service class apart.
#[inline]
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
    if left == 1.0 {
        tell(calls, job, slice, (1.0, Service::Standard));
        return strategy.answer(job, calls);
    }
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
