//! The one list of numeric scenario parameters.
//!
//! The loader, `--set`, sweeps, break-even, the sliders of the terminal application and the
//! scenario reference all work on [`PARAMETERS`]; a number that is not in it cannot be set.

use std::fmt;

use crate::diagnostic::Fault;
use crate::units::write_number;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Tokens.
    Tokens,
    /// Requests a month.
    RequestsPerMonth,
    /// People.
    Users,
    /// A plain count.
    Count,
    /// A share from 0 to 1, also written as a percentage.
    Share,
    /// Hours.
    Hours,
    /// Minutes.
    Minutes,
    /// Months.
    Months,
    /// Bytes.
    Bytes,
    /// Pixels.
    Pixels,
    /// Money, in the scenario's currency.
    Money,
    /// A plain ratio.
    Ratio,
    /// Pages of a document.
    Pages,
    /// Days.
    Days,
    /// Tokens that hardware handles in a second.
    TokensPerSecond,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Tokens => "tokens",
            Unit::RequestsPerMonth => "requests a month",
            Unit::Users => "users",
            Unit::Count => "",
            Unit::Share => "share",
            Unit::Hours => "hours",
            Unit::Minutes => "minutes",
            Unit::Months => "months",
            Unit::Bytes => "bytes",
            Unit::Pixels => "pixels",
            Unit::Money => "money",
            Unit::Ratio => "times",
            Unit::Pages => "pages",
            Unit::Days => "days",
            Unit::TokensPerSecond => "tokens a second",
        })
    }
}

/// What holds when a scenario does not give a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fallback {
    /// This value.
    Value(f64),
    /// A value worked out from others; the text says how.
    Derived(&'static str),
}

/// A number of a scenario: its path, meaning, range and default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// The number's name in code.
    pub param: Param,
    /// Its TOML path, with dots.
    pub path: &'static str,
    /// A short label for a slider or an axis.
    pub label: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// Smallest and largest value accepted.
    pub bounds: (f64, f64),
    /// Range over which a curve is worth drawing.
    pub range: (f64, f64),
    /// Whether only whole numbers mean anything.
    pub whole: bool,
    /// What holds without it.
    pub fallback: Fallback,
    /// One sentence of explanation.
    pub help: &'static str,
}

/// Most turns of a conversation: each is a line of the bill.
pub const MOST_TURNS: u8 = 200;

/// Largest count accepted anywhere: beyond it no table or currency means anything.
pub const LARGEST: f64 = 1e15;

macro_rules! parameters {
    ($($name:ident $path:literal $label:literal $unit:ident $bounds:expr, $range:expr, $whole:literal, $fallback:expr, $help:literal;)+) => {
        /// A numeric parameter of a scenario; its facts are in [`PARAMETERS`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Param {
            $(#[doc = $help] $name,)+
        }

        /// Every numeric parameter, in the order in which a reader meets them.
        pub static PARAMETERS: &[Parameter] = &[
            $(Parameter {
                param: Param::$name,
                path: $path,
                label: $label,
                unit: Unit::$unit,
                bounds: $bounds,
                range: $range,
                whole: $whole,
                fallback: $fallback,
                help: $help,
            },)+
        ];
    };
}

use Fallback::{Derived, Value};

parameters! {
    RequestsPerMonth "workload.requests_per_month" "requests/month" RequestsPerMonth (0.0, LARGEST), (100.0, 1e6), false,
        Value(10_000.0), "Requests answered in a month of 730 hours.";
    Users "workload.users" "users" Users (0.0, LARGEST), (10.0, 1e5), false,
        Derived("not used; requests_per_month holds"), "People who use the product in a month; with sessions and turns it replaces requests_per_month.";
    SessionsPerUser "workload.sessions_per_user" "sessions/user" Count (0.0, 1e6), (1.0, 100.0), false,
        Value(1.0), "Sessions of one user in a month.";
    TurnsPerSession "workload.turns_per_session" "turns/session" Count (0.0, 1e6), (1.0, 50.0), false,
        Value(1.0), "Requests in one session.";
    ActiveHoursPerDay "workload.active_hours_per_day" "active hours" Hours (0.1, 24.0), (1.0, 24.0), false,
        Value(24.0), "Hours of each day in which requests arrive; caches go cold in the others.";
    ActiveFrom "workload.active_from_hour" "active from" Hours (0.0, 23.99), (0.0, 23.0), false,
        Derived("requests spread evenly over all hours of the active days where a price depends on the hour"), "Local hour at which the active hours begin; it decides what share of the traffic pays a price for certain hours.";
    UtcOffset "workload.utc_offset_hours" "UTC offset" Hours (-12.0, 14.0), (-12.0, 14.0), false,
        Value(0.0), "Hours by which local time is ahead of UTC.";
    DaysPerWeek "workload.days_per_week" "days/week" Days (1.0, 7.0), (1.0, 7.0), true,
        Value(7.0), "Active days of a week, from Monday on: 5 leaves Saturday and Sunday out.";
    PeakFactor "workload.peak_factor" "peak factor" Ratio (1.0, 1e6), (1.0, 20.0), false,
        Value(3.0), "Requests in the busiest minute, as a multiple of the mean active minute.";
    TrialShare "workload.trial_share" "on trial" Share (0.0, 1.0), (0.0, 1.0), false,
        Value(0.0), "Share of the users who are on a free trial: they cost what others cost and pay nothing.";
    Tenants "tenants.count" "tenants" Count (1.0, LARGEST), (1.0, 1000.0), true,
        Value(1.0), "Tenants that share the traffic; each has a corpus of corpus.tokens of its own unless tenants.corpus says otherwise.";
    ZipfExponent "tenants.zipf_exponent" "tenant skew" Ratio (0.0, 10.0), (0.0, 2.0), false,
        Value(0.0), "How unevenly tenants use the product: the i-th has traffic as 1/i to this power; 0 is evenly.";
    BatchShare "service.batch_share" "batch" Share (0.0, 1.0), (0.0, 1.0), false,
        Value(0.0), "Share of the requests that can wait for a batch queue; a model without a batch price serves them as usual.";
    FlexShare "service.flex_share" "flex" Share (0.0, 1.0), (0.0, 1.0), false,
        Value(0.0), "Share of the requests at the low-priority price, where a model has one.";
    PriorityShare "service.priority_share" "priority" Share (0.0, 1.0), (0.0, 1.0), false,
        Value(0.0), "Share of the requests at the high-priority price, where a model has one.";
    SystemTokens "request.system_tokens" "system" Tokens (0.0, LARGEST), (0.0, 10_000.0), true,
        Value(300.0), "System prompt and instructions, sent with every request.";
    QuestionTokens "request.question_tokens" "question" Tokens (0.0, LARGEST), (10.0, 5000.0), true,
        Value(100.0), "What the user asks.";
    OutputTokens "request.output_tokens" "output" Tokens (0.0, LARGEST), (10.0, 5000.0), true,
        Value(300.0), "The answer, reasoning tokens included.";
    ReasoningTokens "request.reasoning_tokens" "reasoning" Tokens (0.0, LARGEST), (0.0, 20_000.0), true,
        Value(0.0), "Reasoning tokens among the output tokens: billed as output, not kept in a conversation.";
    Retries "request.retries" "retries" Ratio (0.0, 100.0), (0.0, 1.0), false,
        Value(0.0), "Attempts of the answering model beyond the first, on average for a request; each is billed whole.";
    AudioTokens "request.audio_tokens" "audio in" Tokens (0.0, LARGEST), (0.0, 50_000.0), true,
        Value(0.0), "Audio tokens in the prompt of each request, for models that hear.";
    OutputAudioTokens "request.output_audio_tokens" "audio out" Tokens (0.0, LARGEST), (0.0, 50_000.0), true,
        Value(0.0), "Audio tokens in the answer, beside its text, for models that speak.";
    Pages "request.pages" "pages" Pages (0.0, 1e6), (0.0, 100.0), true,
        Value(0.0), "PDF pages in the prompt of each request, sent as request.pages_as says.";
    PageTokens "request.page_tokens" "page text" Tokens (0.0, 1e6), (100.0, 3000.0), true,
        Value(500.0), "Text tokens of one page.";
    PageWidth "request.page_width" "page width" Pixels (1.0, 1e6), (64.0, 4096.0), true,
        Value(1240.0), "Width of a page's image; 1,240 x 1,754 is A4 at 150 dots an inch.";
    PageHeight "request.page_height" "page height" Pixels (1.0, 1e6), (64.0, 4096.0), true,
        Value(1754.0), "Height of a page's image.";
    Images "request.images" "images" Count (0.0, 1e6), (0.0, 20.0), true,
        Value(0.0), "Images in the prompt of each request.";
    ImageWidth "request.image_width" "image width" Pixels (1.0, 1e6), (64.0, 4096.0), true,
        Value(1024.0), "Width of each image.";
    ImageHeight "request.image_height" "image height" Pixels (1.0, 1e6), (64.0, 4096.0), true,
        Value(1024.0), "Height of each image.";
    CorpusTokens "corpus.tokens" "corpus" Tokens (0.0, LARGEST), (1000.0, 1e7), true,
        Value(128_000.0), "All documents together.";
    DocumentTokens "corpus.document_tokens" "document" Tokens (1.0, LARGEST), (500.0, 100_000.0), true,
        Value(4000.0), "One document, on average; it decides how chunks fall.";
    ChangedPerMonth "corpus.changed_per_month" "changed/month" Share (0.0, 100.0), (0.0, 1.0), false,
        Value(0.0), "Share of the corpus that changes in a month and is indexed again.";
    ContextTokens "long_context.context_tokens" "context" Tokens (0.0, LARGEST), (1000.0, 1e6), true,
        Derived("the whole corpus"), "Corpus tokens put into each prompt, system prompt and question not counted; \"fill\" means the most that fits.";
    HitShare "caching.hit_share" "hit share" Share (0.0, 1.0), (0.0, 1.0), false,
        Derived("from the traffic and the cache's lifetime"), "Share of requests that find their prefix in the cache.";
    TtlMinutes "caching.ttl_minutes" "cache TTL" Minutes (0.0, 1e6), (1.0, 1440.0), false,
        Derived("the first lifetime that the model offers"), "Cache lifetime to price; a model that does not offer it has no cached_context.";
    PrefixChanges "caching.changes_per_month" "prefix changes" Count (0.0, 1e9), (0.0, 1000.0), false,
        Value(0.0), "Times a month that a cached prefix changes and has to be written anew, such as by edits of the corpus.";
    TopK "retrieval.top_k" "top k" Count (0.0, 1e6), (1.0, 50.0), true,
        Value(5.0), "Chunks put into each prompt.";
    Candidates "retrieval.candidates" "candidates" Count (0.0, 1e6), (5.0, 500.0), true,
        Value(50.0), "Chunks that rag_rerank retrieves and ranks again; never fewer than top_k.";
    Queries "retrieval.queries_per_request" "queries" Count (1.0, 1000.0), (1.0, 8.0), true,
        Value(1.0), "Searches of one request, such as for variants of the question: each is embedded and searched, and its candidates are ranked.";
    ChunkTokens "retrieval.chunk_tokens" "chunk" Tokens (1.0, LARGEST), (64.0, 4096.0), true,
        Value(512.0), "Tokens in a chunk.";
    OverlapTokens "retrieval.overlap_tokens" "overlap" Tokens (0.0, LARGEST), (0.0, 512.0), true,
        Value(50.0), "Tokens that neighbouring chunks share; less than a chunk.";
    MetadataBytes "retrieval.metadata_bytes" "metadata" Bytes (0.0, 1e9), (0.0, 40_000.0), true,
        Value(1000.0), "Bytes stored beside each vector, such as the chunk's text.";
    SparseValues "retrieval.sparse_values" "sparse values" Count (0.0, 1e6), (0.0, 500.0), true,
        Value(0.0), "Values other than zero in the sparse vector of each record, where the index has one beside or instead of the dense.";
    TextBytes "retrieval.text_bytes" "indexed text" Bytes (0.0, 1e9), (0.0, 40_000.0), true,
        Value(0.0), "Bytes of each record's text that the store indexes for full-text search, beside its metadata.";
    FetchedRecords "retrieval.fetched_records" "fetched" Count (0.0, 1e6), (0.0, 100.0), true,
        Value(0.0), "Records that each search is followed by fetching by their ids, such as the neighbours of a chunk; priced where the store charges for it.";
    InstructionTokens "contextual.instruction_tokens" "instruction" Tokens (0.0, LARGEST), (0.0, 1000.0), true,
        Value(50.0), "Instruction beside the document and the chunk in each call of contextual_rag that writes a context.";
    ChunkContextTokens "contextual.context_tokens" "chunk context" Tokens (0.0, LARGEST), (0.0, 500.0), true,
        Value(100.0), "Context that contextual_rag writes for each chunk and keeps before it.";
    DeclinedShare "hybrid.declined_share" "declined" Share (0.0, 1.0), (0.0, 1.0), false,
        Value(0.2), "Share of the requests that hybrid cannot answer from the retrieved chunks and answers again from the long context.";
    DeclinedTokens "hybrid.declined_output_tokens" "decline" Tokens (0.0, LARGEST), (0.0, 500.0), true,
        Value(10.0), "Output of a request that declines, such as the word unanswerable, reasoning included; never less than request.reasoning_tokens.";
    MapOutputTokens "map_reduce.map_output_tokens" "map output" Tokens (1.0, LARGEST), (50.0, 4000.0), true,
        Value(500.0), "What a map call writes about its part of the corpus.";
    MapParts "map_reduce.parts" "map parts" Count (1.0, 1e6), (1.0, 100.0), true,
        Derived("as few as the window allows"), "Parts in which map_reduce reads the corpus where the window would allow fewer.";
    Turns "conversation.turns" "turns" Count (1.0, MOST_TURNS as f64), (1.0, 20.0), true,
        Value(5.0), "Questions in a conversation; the strategy conversation counts each request as one conversation.";
    WindowTurns "conversation.window_turns" "window turns" Count (0.0, MOST_TURNS as f64), (0.0, 20.0), true,
        Value(3.0), "Past turns that a turn knows where conversation.history is \"window\".";
    SummaryTokens "conversation.summary_tokens" "summary" Tokens (0.0, LARGEST), (50.0, 4000.0), true,
        Value(200.0), "Summary that stands for past turns where conversation.history is \"summary\".";
    TurnGapMinutes "conversation.turn_gap_minutes" "turn gap" Minutes (0.0, 1e6), (0.1, 120.0), false,
        Value(1.0), "Minutes from one turn to the next; a turn within the cache's lifetime finds the one before it.";
    RewriteTokens "rewrite.text_tokens" "text" Tokens (0.0, LARGEST), (500.0, 200_000.0), true,
        Derived("the whole corpus"), "Length of the text that a request rewrites.";
    RewriteRatio "rewrite.output_ratio" "output ratio" Ratio (0.01, 100.0), (0.1, 2.0), false,
        Value(1.0), "Tokens written for each token of the text.";
    HorizonMonths "horizon_months" "horizon" Months (1.0, 1200.0), (1.0, 60.0), true,
        Value(12.0), "Months over which totals are formed.";
    BudgetPerMonth "budget.monthly" "budget" Money (0.0, LARGEST), (10.0, 1e5), false,
        Derived("no limit"), "What a month may cost; designs above it are marked.";
    Growth "forecast.growth_per_month" "growth" Share (-0.99, 10.0), (-0.1, 0.5), false,
        Value(0.0), "Growth of requests and users from month to month, compound.";
    CorpusGrowth "forecast.corpus_growth_per_month" "corpus growth" Share (-0.99, 10.0), (-0.1, 0.5), false,
        Value(0.0), "Growth of the corpus from month to month, compound; what is added is indexed.";
    PriceDecline "forecast.price_decline_per_year" "price decline" Share (0.0, 0.99), (0.0, 0.9), false,
        Value(0.0), "Assumed fall of the prices of models in a year, beside price changes that are known already.";
    PricePerUser "business.price_per_user" "price/user" Money (0.0, LARGEST), (1.0, 1000.0), false,
        Derived("unknown; no margin is told"), "What a paying user pays a month.";
    TargetMargin "business.target_margin" "target margin" Share (0.0, 0.99), (0.0, 0.9), false,
        Value(0.0), "Share of the price that is to be left after the cost of the design.";
    Balance "business.balance" "balance" Money (0.0, LARGEST), (100.0, 1e6), false,
        Derived("unknown; no runway is told"), "Money that is there to be spent.";
    SwitchingCost "business.switching_cost" "switching" Money (0.0, LARGEST), (0.0, 1e5), false,
        Value(0.0), "What changing from the baseline to another design costs once, beside what that design itself pays once.";
    ClassShare "class.share" "class share" Share (0.0, 1.0), (0.0, 1.0), false,
        Derived("what the other classes leave"), "Share of the requests that are of a class.";
    CallShare "call.share" "calls" Ratio (0.0, 1e6), (0.0, 2.0), false,
        Value(1.0), "Calls of this kind for one request; 0.1 is one in ten requests.";
    CallInput "call.input_tokens" "call input" Tokens (0.0, LARGEST), (0.0, 10_000.0), true,
        Value(0.0), "Input tokens of the call.";
    CallOutput "call.output_tokens" "call output" Tokens (0.0, LARGEST), (0.0, 5000.0), true,
        Value(0.0), "Output tokens of the call.";
    CallFee "call.fee" "call fee" Money (0.0, LARGEST), (0.0, 1.0), false,
        Value(0.0), "Fee for the call beside what it uses.";
    HostGpus "host.gpus" "GPUs" Count (1.0, 100_000.0), (1.0, 64.0), true,
        Derived("as in the measurement"), "GPUs of one box, which serves the model as a whole.";
    HostInputRate "host.input_tokens_per_second" "host input" TokensPerSecond (0.001, LARGEST), (100.0, 1e6), false,
        Derived("the GPU's measured throughput of the model"), "Input tokens a second that one box handles.";
    HostOutputRate "host.output_tokens_per_second" "host output" TokensPerSecond (0.001, LARGEST), (10.0, 1e5), false,
        Derived("the GPU's measured throughput of the model"), "Output tokens a second that one box writes.";
    HostUtilisation "host.utilisation" "utilisation" Share (0.001, 1.0), (0.05, 1.0), false,
        Value(0.5), "Share of its time for which a box is busy; the rest is headroom.";
    Accuracy "quality.accuracy" "accuracy" Share (0.0, 1.0), (0.0, 1.0), false,
        Derived("unknown; nothing is assumed"), "Share of the answers that are right.";
}

/// Number of parameters.
pub const COUNT: usize = Param::Accuracy as usize + 1;

impl Param {
    /// Returns the parameter's facts.
    pub fn facts(self) -> &'static Parameter {
        &PARAMETERS[self as usize]
    }

    /// Returns the last part of the path: the key inside a repeated table.
    pub fn key(self) -> &'static str {
        let path = self.facts().path;
        path.rsplit_once('.').map_or(path, |(_, key)| key)
    }

    /// Returns whether the number exists only inside repeated tables.
    pub fn is_grouped(self) -> bool {
        self >= Param::ClassShare
    }
}

impl Parameter {
    /// Returns the bounds as a user would write them: from 0 to 1M.
    pub fn range_in_words(&self) -> String {
        format!("from {} to {}", write_number(self.bounds.0), write_number(self.bounds.1))
    }

    /// Checks a value against the bounds and for being whole where it must be.
    ///
    /// # Errors
    /// A fault that says the range.
    pub fn check(&self, value: f64, shown: &str) -> Result<(), Fault> {
        let out =
            |range: String| Fault::OutOfRange { key: self.path.to_owned(), value: shown.to_owned(), range };
        if !value.is_finite() || value < self.bounds.0 || value > self.bounds.1 {
            return Err(out(self.range_in_words()));
        }
        if self.whole && value.fract() != 0.0 {
            return Err(out("a whole number".to_owned()));
        }
        Ok(())
    }
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// Nobody gave it.
    #[default]
    Default,
    /// The scenario file.
    File,
    /// The command line or the terminal application.
    Override,
    /// Counted from the corpus files.
    Counted,
}

/// The values of all parameters.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// Not-a-number where a value is left to be derived: a number that a user gives never is one.
    values: [f64; COUNT],
    origins: [Origin; COUNT],
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
        self.values.iter().zip(&other.values).all(same) && self.origins == other.origins
    }
}

impl Default for Numbers {
    fn default() -> Self {
        let mut values = [f64::NAN; COUNT];
        for parameter in PARAMETERS {
            if let Fallback::Value(value) = parameter.fallback {
                values[parameter.param as usize] = value;
            }
        }
        Numbers { values, origins: [Origin::Default; COUNT] }
    }
}

impl Numbers {
    /// Returns a value; `None` where it is left to be derived.
    #[inline]
    pub fn get(&self, param: Param) -> Option<f64> {
        let value = self.values[param as usize];
        (!value.is_nan()).then_some(value)
    }

    /// Returns a value that has a default; 0 for one that is derived and absent.
    #[inline]
    pub fn value(&self, param: Param) -> f64 {
        let value = self.values[param as usize];
        if value.is_nan() { 0.0 } else { value }
    }

    /// Returns where a value comes from.
    pub fn origin(&self, param: Param) -> Origin {
        self.origins[param as usize]
    }

    /// Sets a value without a check. Users and requests per month replace each other.
    pub fn set(&mut self, param: Param, value: f64, origin: Origin) {
        self.values[param as usize] = value;
        self.origins[param as usize] = origin;
        match param {
            Param::Users => self.origins[Param::RequestsPerMonth as usize] = Origin::Default,
            Param::RequestsPerMonth => self.reset(Param::Users),
            _ => {}
        }
    }

    /// Takes a value back to its default.
    pub fn reset(&mut self, param: Param) {
        self.values[param as usize] = match param.facts().fallback {
            Fallback::Value(value) => value,
            Fallback::Derived(_) => f64::NAN,
        };
        self.origins[param as usize] = Origin::Default;
    }

    /// Takes a value and its origin over from other numbers. Requests per month come with users.
    pub fn restore(&mut self, param: Param, from: &Numbers) {
        let mut copy = |param: Param| {
            self.values[param as usize] = from.values[param as usize];
            self.origins[param as usize] = from.origins[param as usize];
        };
        copy(param);
        match param {
            Param::RequestsPerMonth => copy(Param::Users),
            Param::Users => copy(Param::RequestsPerMonth),
            _ => {}
        }
    }

    /// Returns requests a month: users × sessions × turns where users are given.
    #[inline]
    pub fn requests(&self) -> f64 {
        match self.get(Param::Users) {
            Some(users) => users * self.value(Param::SessionsPerUser) * self.value(Param::TurnsPerSession),
            None => self.value(Param::RequestsPerMonth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_the_order_of_the_enum_and_its_defaults_are_in_bounds() {
        assert_eq!(PARAMETERS.len(), COUNT);
        for (at, parameter) in PARAMETERS.iter().enumerate() {
            assert_eq!(parameter.param as usize, at);
            if let Fallback::Value(value) = parameter.fallback {
                parameter.check(value, "default").unwrap();
            }
            for end in [parameter.range.0, parameter.range.1] {
                assert!(end >= parameter.bounds.0 && end <= parameter.bounds.1, "{}", parameter.path);
            }
        }
    }

    #[test]
    fn users_times_sessions_times_turns_replace_requests() {
        let mut numbers = Numbers::default();
        numbers.set(Param::Users, 200.0, Origin::File);
        numbers.set(Param::SessionsPerUser, 5.0, Origin::File);
        numbers.set(Param::TurnsPerSession, 3.0, Origin::File);
        assert_eq!(numbers.requests(), 3000.0);
        numbers.set(Param::RequestsPerMonth, 10.0, Origin::Override);
        assert_eq!(numbers.requests(), 10.0);
    }
}
