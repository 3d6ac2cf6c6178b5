//! The calls that one strategy makes on one model: quantities with the size of each call, no money.
//!
//! A strategy sees the facts of products (window, cache rules) but never their prices. It says
//! which tokens are cache writes; rating decides what a write costs. Quantities are `f64`s that
//! hold whole numbers, the few decimals of an image's tokens or shares rounded to 1e-12, so a bill
//! can count them exactly.

pub mod arrivals;
pub mod caching;
pub mod fit;
pub mod images;
pub mod step;
pub mod strategy;

mod cached_context;
mod contextual_rag;
mod conversation;
mod long_context;
mod map_reduce;
mod rag;
mod rag_rerank;
mod rewrite;

use std::fmt;

use arrayvec::ArrayVec;
use jiff::civil::Date;

use crate::catalog::{Meter, Product, ProductId, Service};
use crate::scenario::{History, ImageDetail, IndexPlace, Numbers, Param};
pub use fit::{Fit, Misfit};
pub use step::Step;
pub use strategy::{STRATEGIES, Strategy};

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
    /// The product called.
    pub product: ProductId,
    /// Calls before the share: a month's, or once.
    pub calls: f64,
    /// Share of those calls that look like this.
    pub share: f64,
    /// Once or each month.
    pub recurrence: Recurrence,
    /// Service class of the calls.
    pub service: Service,
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

impl Usage {
    /// Empties the usage but keeps its memory, so that a sweep allocates nothing.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.pays_minimum = false;
    }

    /// Adds calls; quantities of zero are left out, and so are lines without any. Each call of a model that writes is a
    /// request, for models that charge a fee for each.
    pub(crate) fn push(
        &mut self,
        step: Step,
        product: ProductId,
        (calls, share): (f64, f64),
        recurrence: Recurrence,
        quantities: &[(Meter, f64)],
    ) {
        let mut per_call: Quantities =
            quantities.iter().copied().filter(|(_, quantity)| *quantity > 0.0).collect();
        let counted = per_call.iter().any(|(meter, _)| *meter == Meter::Requests);
        if step.is_model_call() && !per_call.is_empty() && !counted {
            per_call.push((Meter::Requests, 1.0));
        }
        if !per_call.is_empty() && calls * share > 0.0 {
            let service = Service::Standard;
            self.lines.push(UsageLine { step, product, calls, share, recurrence, service, per_call });
        }
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

/// What a strategy works from: the numbers of a scenario and the products it would call.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The scenario's numbers.
    pub numbers: &'a Numbers,
    /// Day of the calls; what a product offers can depend on it.
    pub date: Date,
    /// The model that answers.
    pub model: (ProductId, &'a Product),
    /// The embedding model, where one is used.
    pub embedding: Option<(ProductId, &'a Product)>,
    /// The vector store, where one is paid for.
    pub store: Option<(ProductId, &'a Product)>,
    /// The reranker with the meter that it bills, where one is known.
    pub reranker: Option<(ProductId, &'a Product, Meter)>,
    /// The model that writes contexts for chunks.
    pub context_model: (ProductId, &'a Product),
    /// Detail of images.
    pub image_detail: ImageDetail,
    /// Who pays the store's minimum.
    pub index: IndexPlace,
    /// Whether the context takes as much of the corpus as fits.
    pub fill_context: bool,
    /// Whether a rewrite sends the whole text with every call.
    pub resend_text: bool,
    /// What a turn of a conversation knows of those before it.
    pub history: History,
}

impl Job<'_> {
    /// Returns a number of the scenario.
    #[inline]
    pub fn number(&self, param: Param) -> f64 {
        self.numbers.value(param)
    }

    /// Returns requests a month.
    #[inline]
    pub fn requests(&self) -> f64 {
        self.numbers.requests()
    }

    /// Returns the tokens of all images in one prompt.
    pub fn image_tokens(&self) -> Result<f64, Refusal> {
        let count = self.number(Param::Images);
        if count == 0.0 {
            return Ok(0.0);
        }
        let model = self.model.1;
        if !model.modalities.iter().any(|modality| modality == "image") {
            return Err(Refusal::NoImages);
        }
        let formula = model.image_tokens.as_ref().ok_or(Refusal::ImageTokensUnknown)?;
        let (width, height) = (self.number(Param::ImageWidth), self.number(Param::ImageHeight));
        Ok(count * images::tokens(formula, width, height, self.image_detail))
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
            Remark::HitShare(share) => write!(f, "{:.1}% cache hits", share * 100.0),
            Remark::Calls(calls) => write!(f, "{calls} calls a request"),
            Remark::HistoryWindow(turns) => write!(f, "history of the last {turns} turns"),
            Remark::HistorySummary => write!(f, "history as a summary"),
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
    /// Nobody published how the model counts images.
    ImageTokensUnknown,
    /// The model is not sold on that day.
    NotReleased(Date),
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
            Refusal::ImageTokensUnknown => write!(f, "how it counts image tokens is not published"),
            Refusal::NotReleased(date) => write!(f, "not released until {date}"),
        }
    }
}
