//! The calls that one strategy makes on one model: quantities with the size of each call, no money.
//!
//! A strategy sees the facts of products (window, cache rules) but never their prices. It says
//! which tokens are cache writes; rating decides what a write costs. Quantities are `f64`s that
//! hold whole numbers, the few decimals of an image's tokens or shares rounded to 1e-12, so a bill
//! can count them exactly.

pub mod arrivals;
pub mod caching;
pub mod extra;
pub mod fit;
pub mod formula;
pub mod hosting;
pub mod images;
pub mod month;
pub mod step;
pub mod strategy;
pub mod told;

mod cached_context;
mod contextual_rag;
mod conversation;
mod hybrid;
mod long_context;
mod map_reduce;
mod prompt;
mod rag;
mod rag_rerank;
mod rewrite;

use std::fmt;

use arrayvec::ArrayVec;
use jiff::civil::Date;

use crate::catalog::{Meter, Product, ProductId, Service};
use crate::scenario::{Modes, Numbers, Param};
use crate::units::converted;
pub use fit::{Fit, Misfit};
pub use formula::Part;
use hosting::Hosted;
pub use month::Month;
pub use step::Step;
pub use strategy::{STRATEGIES, Strategy};
pub use told::Told;

/// How often a line is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recurrence {
    /// Once, at the start.
    OneOff,
    /// Each month.
    Monthly,
}

impl Recurrence {
    /// Returns the word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Recurrence::OneOff => "one_off",
            Recurrence::Monthly => "monthly",
        }
    }
}

/// Most meters that one call can use.
pub const MOST_METERS: usize = 16;

/// Quantities of one call, by meter, in base units.
pub type Quantities = ArrayVec<(Meter, f64), MOST_METERS>;

/// Alike calls of one product: how many, and what each of them uses.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageLine {
    /// What the calls are for.
    pub step: Step,
    /// Class of the requests, where the scenario has classes.
    pub class: Option<u16>,
    /// Corpus that is prepared, where there are several.
    pub corpus: Option<u16>,
    /// The product called.
    pub product: ProductId,
    /// Calls before the share: a month's, or once.
    pub calls: f64,
    /// Share of those calls that look like this.
    pub share: f64,
    /// Once or each month.
    pub recurrence: Recurrence,
    /// Service class that is asked for.
    pub service: Service,
    /// Whether the product runs on hardware of the user's own, which is paid by the hour instead.
    pub hosted: bool,
    /// What one call uses.
    pub per_call: Quantities,
}

impl UsageLine {
    /// Returns the input tokens of one call, cached and written ones included.
    ///
    /// Price tiers are chosen by it.
    #[inline]
    pub fn input_tokens(&self) -> f64 {
        self.per_call.iter().filter(|(meter, _)| meter.is_prompt()).map(|(_, quantity)| quantity).sum()
    }

    /// Returns the output tokens of one call.
    pub fn output_tokens(&self) -> f64 {
        self.per_call.iter().filter(|(meter, _)| meter.is_answer()).map(|(_, quantity)| quantity).sum()
    }

    /// Returns how many calls there are.
    pub fn count(&self) -> f64 {
        self.calls * self.share
    }
}

/// Everything that one design uses.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Usage {
    /// Alike calls, in the order in which they happen.
    pub lines: Vec<UsageLine>,
    /// Whether the monthly minimum of a store is paid for this design alone.
    pub pays_minimum: bool,
}

/// What belongs to all calls of some alike requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Class of the requests, where the scenario has classes.
    pub class: Option<u16>,
    /// Corpus that is prepared, where there are several.
    pub corpus: Option<u16>,
    /// Service class of the calls that answer, and of those beside the strategy's.
    pub service: Service,
    /// Service class of the calls that make an index.
    pub index_service: Service,
    /// Attempts of the answering model for one request.
    pub attempts: f64,
}

impl Default for Frame {
    fn default() -> Self {
        let standard = Service::Standard;
        Frame { class: None, corpus: None, service: standard, index_service: standard, attempts: 1.0 }
    }
}

/// Takes the calls of a design as strategies write them down: a [`Usage`] keeps them, a sweep adds up what they cost.
pub trait Calls {
    /// Begins the calls of other requests.
    fn enter(&mut self, frame: Frame);

    /// Takes alike calls of a product: how many a month or once, the share of them that look like this, and what each
    /// uses; quantities of zero count nothing.
    fn call(
        &mut self,
        step: Step,
        product: ProductId,
        calls: (f64, f64),
        recurrence: Recurrence,
        quantities: &[(Meter, f64)],
    );

    /// Notes that the monthly minimum of a store is paid for this design.
    fn pay_minimum(&mut self);

    /// Returns where to tell what was worked out on the way, where somebody wants the quantities explained.
    #[inline]
    fn told(&mut self) -> Option<&mut Told> {
        None
    }
}

impl Frame {
    /// Returns the service class of a step's calls.
    #[inline]
    pub fn service_of(&self, step: Step) -> Service {
        if step.is_answer() || matches!(step, Step::Extra(_)) {
            self.service
        } else if step.makes_index() {
            self.index_service
        } else {
            Service::Standard
        }
    }

    /// Returns how often a step's calls are made for each that is needed.
    #[inline]
    pub fn attempts_of(&self, step: Step) -> f64 {
        if step.is_answer() { self.attempts } else { 1.0 }
    }
}

/// A usage while it is written.
pub struct Writer<'u> {
    usage: &'u mut Usage,
    frame: Frame,
    hosts: &'u [Hosted],
}

impl<'u> Writer<'u> {
    /// Begins to write, with the models that run on hardware of the user's own.
    pub fn new(usage: &'u mut Usage, hosts: &'u [Hosted]) -> Writer<'u> {
        Writer { usage, frame: Frame::default(), hosts }
    }
}

impl Writer<'_> {
    /// Adds calls and returns the line that counts them; none where nothing is used.
    ///
    /// Each call of a model that writes is a request, for models that charge a fee for each.
    fn write(
        &mut self,
        step: Step,
        product: ProductId,
        (calls, share): (f64, f64),
        recurrence: Recurrence,
        quantities: &[(Meter, f64)],
    ) -> Option<usize> {
        let mut per_call: Quantities =
            quantities.iter().copied().filter(|(_, quantity)| *quantity > 0.0).collect();
        let counted = per_call.iter().any(|(meter, _)| *meter == Meter::Requests);
        if step.is_model_call() && !per_call.is_empty() && !counted {
            per_call.push((Meter::Requests, 1.0));
        }
        let calls = calls * self.frame.attempts_of(step);
        let happens = calls * share > 0.0;
        if per_call.is_empty() || !happens {
            return None;
        }
        let Frame { class, corpus, .. } = self.frame;
        let service = self.frame.service_of(step);
        let hosted = self.hosts.iter().any(|host| host.product == product) && Hosted::serves(&per_call);
        let line =
            UsageLine { step, class, corpus, product, calls, share, recurrence, service, hosted, per_call };
        Some(self.usage.add(line))
    }
}

impl Calls for Writer<'_> {
    fn enter(&mut self, frame: Frame) {
        self.frame = frame;
    }

    fn call(
        &mut self,
        step: Step,
        product: ProductId,
        calls: (f64, f64),
        recurrence: Recurrence,
        quantities: &[(Meter, f64)],
    ) {
        self.write(step, product, calls, recurrence, quantities);
    }

    fn pay_minimum(&mut self) {
        self.usage.pays_minimum = true;
    }
}

impl Usage {
    /// Adds a line; calls that are like those of another one, such as the searches of requests in several service
    /// classes, are counted with them. Returns the place of the line.
    fn add(&mut self, line: UsageLine) -> usize {
        let alike = |known: &UsageLine| {
            let UsageLine { step, class, corpus, product, share, recurrence, service, .. } = &line;
            (known.step, known.class, known.corpus, known.product) == (*step, *class, *corpus, *product)
                && (known.share, known.recurrence, known.service) == (*share, *recurrence, *service)
                && known.per_call == line.per_call
        };
        match self.lines.iter().position(alike) {
            Some(at) => {
                self.lines[at].calls += line.calls;
                at
            }
            None => {
                self.lines.push(line);
                self.lines.len() - 1
            }
        }
    }

    /// Empties the usage but keeps its memory, so that a sweep allocates nothing.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.pays_minimum = false;
    }

    /// Returns input tokens, output tokens and calls of the answering model, for one request.
    pub fn per_request(&self, requests: f64) -> (f64, f64, f64) {
        if requests <= 0.0 {
            return (0.0, 0.0, 0.0);
        }
        let answers = self.lines.iter().filter(|line| line.step.is_answer());
        answers.fold((0.0, 0.0, 0.0), |(input, output, calls), line| {
            let count = line.count() / requests;
            (input + count * line.input_tokens(), output + count * line.output_tokens(), calls + count)
        })
    }
}

/// The products that a design would call beside the model that answers, and how the workload works.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// Day of the calls; what a product offers can depend on it.
    pub date: Date,
    /// Whether the model that answers has a batch queue with a price of its own; without one it serves as usual.
    pub queues: bool,
    /// The embedding model, where one is used.
    pub embedding: Option<(ProductId, &'a Product)>,
    /// Factor by which texts are longer on the embedding model than on the one that answers.
    pub embedding_tokens: f64,
    /// The vector store, where one is paid for.
    pub store: Option<(ProductId, &'a Product)>,
    /// The reranker with the meter that it bills, where one is known.
    pub reranker: Option<(ProductId, &'a Product, Meter)>,
    /// Factor by which texts are longer on the reranker than on the model that answers.
    pub reranker_tokens: f64,
    /// The model that writes contexts for chunks.
    pub context_model: (ProductId, &'a Product),
    /// Factor by which texts are longer on it than on the model that answers.
    pub context_tokens: f64,
    /// The model that hybrid falls back to.
    pub fallback: (ProductId, &'a Product),
    /// Factor by which texts are longer on it than on the model that answers.
    pub fallback_tokens: f64,
    /// How the workload works.
    pub modes: Modes,
}

/// What a strategy works from: alike requests, the model that answers them and the other products.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The numbers of the requests.
    pub numbers: &'a Numbers,
    /// The other products.
    pub parts: &'a Parts<'a>,
    /// The model that answers.
    pub model: (ProductId, &'a Product),
    /// Requests a month that are served alike.
    pub requests: f64,
    /// Requests a month that begin with the same system prompt and context, these among them, whatever their service
    /// class.
    pub arrivals: f64,
    /// Requests a month that begin with the same system prompt, whatever follows.
    pub prompt_arrivals: f64,
    /// Those of them that can wait for a batch queue.
    pub prompt_batched: f64,
    /// Those of the arrivals that retrieval declines, each as often as its own class does.
    pub declined_arrivals: f64,
    /// Factor by which texts are longer on the model than on the one whose numbers these are.
    pub tokens: f64,
    /// Service class of the requests.
    pub service: Service,
    /// Whether the corpus is the first of several, with which a store is opened.
    pub opens_store: bool,
}

impl<'a> Job<'a> {
    /// Returns a number of the scenario.
    #[inline]
    pub fn number(&self, param: Param) -> f64 {
        self.numbers.value(param)
    }

    /// Returns a number that counts tokens of a text, as the model counts them.
    #[inline]
    pub fn text(&self, param: Param) -> f64 {
        let tokens = self.numbers.value(param);
        converted(tokens, self.tokens)
    }

    /// Returns the overlap of chunks, which rounding does not let grow as long as a chunk.
    #[inline]
    pub fn overlap(&self) -> f64 {
        self.text(Param::OverlapTokens).min(self.text(Param::ChunkTokens) - 1.0).max(0.0)
    }

    /// Returns how the workload works.
    #[inline]
    pub fn modes(&self) -> &'a Modes {
        &self.parts.modes
    }

    /// Returns the day of the calls.
    #[inline]
    pub fn date(&self) -> Date {
        self.parts.date
    }

    /// Returns the same job for a share of its requests, on another model perhaps.
    pub fn on(&self, model: (ProductId, &'a Product), share: f64, tokens: f64) -> Job<'a> {
        Job {
            model,
            requests: self.requests * share,
            arrivals: self.arrivals * share,
            prompt_arrivals: self.prompt_arrivals * share,
            prompt_batched: self.prompt_batched * share,
            tokens,
            ..*self
        }
    }

    /// Returns how many tenants have something of their own.
    #[inline]
    pub fn tenants(&self) -> f64 {
        self.number(Param::Tenants)
    }

    /// Returns how many corpora of the same size there are: one for each tenant unless they share it.
    #[inline]
    pub fn corpora(&self) -> f64 {
        match self.modes().corpus_of {
            crate::scenario::Owner::Own => self.tenants(),
            crate::scenario::Owner::Shared => 1.0,
        }
    }
}

/// What a strategy found out beside its usage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Share of the corpus that a request can draw on.
    pub coverage: f64,
    /// Whether the calls are known to fit.
    pub fit: Fit,
    /// A remark for the row.
    pub remark: Option<Remark>,
}

/// A remark on a priced row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Remark {
    /// The vendor caches by itself; the row counts no hits.
    NoHitsCounted,
    /// The prefix is too short to be cached.
    BelowCacheMinimum(f64),
    /// The share of requests that find their prefix cached.
    HitShare(f64),
    /// The calls that one request takes.
    Calls(f64),
    /// A conversation keeps that many turns of its history and drops the others.
    HistoryWindow(f64),
    /// A conversation keeps a summary of its history.
    HistorySummary,
    /// The share of requests that fall back to the long context.
    FallsBack(f64),
    /// A cached prefix is kept warm by that many reads of no use for each request.
    KeptWarm(f64),
}

impl Remark {
    /// Returns whether history is dropped, so that the design does less than one that keeps all of it.
    pub fn drops_history(self) -> bool {
        matches!(self, Remark::HistoryWindow(_) | Remark::HistorySummary)
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::NoHitsCounted => write!(f, "no cache hits counted"),
            Remark::BelowCacheMinimum(minimum) => {
                write!(f, "prefix below the cache minimum of {minimum} tokens")
            }
            // Some requests always write the cache: rounding must not deny them.
            Remark::HitShare(share) if (0.9995..1.0).contains(share) => write!(f, "over 99.9% cache hits"),
            Remark::HitShare(share) => write!(f, "{:.1}% cache hits", share * 100.0),
            Remark::Calls(calls) => write!(f, "{calls} calls a request"),
            Remark::HistoryWindow(turns) => write!(f, "history of the last {turns} turns"),
            Remark::HistorySummary => write!(f, "history as a summary"),
            Remark::FallsBack(share) => write!(f, "{:.1}% fall back", share * 100.0),
            Remark::KeptWarm(pings) => {
                write!(f, "kept warm, {} reads a request", crate::present::value(*pings))
            }
        }
    }
}

/// Why a design has no cost on a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Refusal {
    /// It does not fit the model.
    Misfit(Misfit),
    /// A document does not fit the model that writes contexts for its chunks.
    DocumentMisfit {
        /// Tokens of the document.
        document: f64,
        /// What its calls break.
        misfit: Misfit,
    },
    /// A chunk and the question do not fit the reranker.
    RerankMisfit(Misfit),
    /// The question leaves nothing of the pieces into which a reranker splits documents.
    QuestionFillsSplit {
        /// Tokens of the question.
        question: f64,
        /// Tokens of a piece, question included.
        split: f64,
    },
    /// No reranker is named, and the usual one is in no table.
    NoReranker,
    /// Nobody wrote down how the reranker counts search units.
    RerankRuleUnknown,
    /// The most that fits cannot be told without a window.
    WindowUnknown,
    /// Outputs cannot be put together, because a call takes less than two of them.
    NoRoomToReduce {
        /// Tokens that a call can take beside system prompt and question.
        room: f64,
        /// Tokens of an output.
        output: f64,
    },
    /// The model has no prompt cache.
    NoCache,
    /// The model has no cache with that lifetime, in minutes.
    NoCacheOfLifetime(f64),
    /// The vendor opened prompt caches on this model later.
    NoCacheBefore(Date),
    /// The model takes no images.
    NoImages,
    /// The model takes no audio, or gives none.
    NoAudio,
    /// The model that hybrid falls back to cannot take the request.
    Fallback(Misfit),
    /// Nobody published how the model counts images.
    ImageTokensUnknown,
    /// The model is not sold on that day.
    NotReleased(Date),
}

impl Refusal {
    /// Returns the reason without amounts that hold for one request only, such as by how many tokens it does not fit.
    pub fn lasting(&self) -> String {
        match self {
            Refusal::Misfit(misfit) => misfit.limit_in_words(),
            Refusal::DocumentMisfit { misfit, .. } => {
                format!("writing contexts: {}", misfit.limit_in_words())
            }
            Refusal::RerankMisfit(misfit) => format!("reranking: {}", misfit.limit_in_words()),
            refusal => refusal.to_string(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Misfit(misfit) => misfit.fmt(f),
            Refusal::DocumentMisfit { document, misfit } => {
                write!(
                    f,
                    "writing contexts for a document of {} tokens: {misfit}",
                    crate::present::whole(*document)
                )
            }
            Refusal::RerankMisfit(misfit) => write!(f, "reranking a chunk with the question: {misfit}"),
            Refusal::QuestionFillsSplit { question, split } => write!(
                f,
                "a question of {} tokens leaves no room for documents in the reranker's pieces of {}",
                crate::present::whole(*question),
                crate::present::whole(*split)
            ),
            Refusal::NoReranker => write!(f, "no reranker; retrieval.reranker names one"),
            Refusal::RerankRuleUnknown => write!(f, "how the reranker counts search units is not known"),
            Refusal::WindowUnknown => write!(f, "context window unknown, so it cannot be filled"),
            Refusal::NoRoomToReduce { room, output } => write!(
                f,
                "room for {} tokens a call, less than two map outputs of {}",
                crate::present::whole(*room),
                crate::present::whole(*output)
            ),
            Refusal::NoCache => write!(f, "no prompt cache on this model"),
            Refusal::NoCacheBefore(date) => write!(f, "no prompt cache on this model before {date}"),
            Refusal::NoCacheOfLifetime(minutes) => {
                write!(f, "no prompt cache of {minutes} minutes on this model")
            }
            Refusal::NoImages => write!(f, "takes no images"),
            Refusal::NoAudio => write!(f, "no audio on this model"),
            Refusal::Fallback(misfit) => write!(f, "the long context it falls back to: {misfit}"),
            Refusal::ImageTokensUnknown => write!(f, "how it counts image tokens is not published"),
            Refusal::NotReleased(date) => write!(f, "not released until {date}"),
        }
    }
}
