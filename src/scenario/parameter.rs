//! The one list of numeric scenario parameters.
//!
//! The loader, `--set`, sweeps, break-even, the sliders of the terminal application and the
//! scenario reference all work on [`PARAMETERS`]; a number that is not in it cannot be set.

use std::fmt;

use crate::diagnostic::{Fault, nearest};
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
    Prefixes "workload.prefixes" "prefixes" Count (1.0, LARGEST), (1.0, 1000.0), true,
        Value(1.0), "Different contexts that requests are spread over evenly, such as one for each tenant.";
    PeakFactor "workload.peak_factor" "peak factor" Ratio (1.0, 1e6), (1.0, 20.0), false,
        Value(3.0), "Requests in the busiest minute, as a multiple of the mean active minute.";
    SystemTokens "request.system_tokens" "system" Tokens (0.0, LARGEST), (0.0, 10_000.0), true,
        Value(300.0), "System prompt and instructions, sent with every request.";
    QuestionTokens "request.question_tokens" "question" Tokens (0.0, LARGEST), (10.0, 5000.0), true,
        Value(100.0), "What the user asks.";
    OutputTokens "request.output_tokens" "output" Tokens (0.0, LARGEST), (10.0, 5000.0), true,
        Value(300.0), "The answer, reasoning tokens included.";
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
    TopK "retrieval.top_k" "top k" Count (0.0, 1e6), (1.0, 50.0), true,
        Value(5.0), "Chunks put into each prompt.";
    Candidates "retrieval.candidates" "candidates" Count (0.0, 1e6), (5.0, 500.0), true,
        Value(50.0), "Chunks that rag_rerank retrieves and ranks again; never fewer than top_k.";
    ChunkTokens "retrieval.chunk_tokens" "chunk" Tokens (1.0, LARGEST), (64.0, 4096.0), true,
        Value(512.0), "Tokens in a chunk.";
    OverlapTokens "retrieval.overlap_tokens" "overlap" Tokens (0.0, LARGEST), (0.0, 512.0), true,
        Value(50.0), "Tokens that neighbouring chunks share; less than a chunk.";
    MetadataBytes "retrieval.metadata_bytes" "metadata" Bytes (0.0, 1e9), (0.0, 40_000.0), true,
        Value(1000.0), "Bytes stored beside each vector, such as the chunk's text.";
    InstructionTokens "contextual.instruction_tokens" "instruction" Tokens (0.0, LARGEST), (0.0, 1000.0), true,
        Value(50.0), "Instruction beside the document and the chunk in each call of contextual_rag that writes a context.";
    ChunkContextTokens "contextual.context_tokens" "chunk context" Tokens (0.0, LARGEST), (0.0, 500.0), true,
        Value(100.0), "Context that contextual_rag writes for each chunk and keeps before it.";
    MapOutputTokens "map_reduce.map_output_tokens" "map output" Tokens (1.0, LARGEST), (50.0, 4000.0), true,
        Value(500.0), "What a map call writes about its part of the corpus.";
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
    HorizonMonths "horizon_months" "horizon" Months (1.0, 1200.0), (1.0, 60.0), false,
        Value(12.0), "Months over which totals are formed.";
    BudgetPerMonth "budget.monthly" "budget" Money (0.0, LARGEST), (10.0, 1e5), false,
        Derived("no limit"), "What a month may cost; designs above it are marked.";
}

/// Number of parameters.
pub const COUNT: usize = Param::BudgetPerMonth as usize + 1;

impl Param {
    /// Returns the parameter's facts.
    pub fn facts(self) -> &'static Parameter {
        &PARAMETERS[self as usize]
    }

    /// Finds a parameter by its path, or by the last part of it where that is unique.
    ///
    /// # Errors
    /// A fault that names the nearest path.
    pub fn find(path: &str) -> Result<Param, Fault> {
        if let Some(found) = PARAMETERS.iter().find(|parameter| parameter.path == path) {
            return Ok(found.param);
        }
        let near = nearest(path, PARAMETERS.iter().map(|parameter| parameter.path)).into_iter().next();
        Err(Fault::UnknownKey {
            key: path.to_owned(),
            nearest: near,
            otherwise: super::KEYS_LISTED.to_owned(),
        })
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    values: [Option<f64>; COUNT],
    origins: [Origin; COUNT],
}

impl Default for Numbers {
    fn default() -> Self {
        let mut values = [None; COUNT];
        for parameter in PARAMETERS {
            if let Fallback::Value(value) = parameter.fallback {
                values[parameter.param as usize] = Some(value);
            }
        }
        Numbers { values, origins: [Origin::Default; COUNT] }
    }
}

impl Numbers {
    /// Returns a value; `None` where it is left to be derived.
    #[inline]
    pub fn get(&self, param: Param) -> Option<f64> {
        self.values[param as usize]
    }

    /// Returns a value that has a default; 0 for one that is derived and absent.
    #[inline]
    pub fn value(&self, param: Param) -> f64 {
        self.values[param as usize].unwrap_or(0.0)
    }

    /// Returns where a value comes from.
    pub fn origin(&self, param: Param) -> Origin {
        self.origins[param as usize]
    }

    /// Sets a value without a check. Users and requests per month replace each other.
    pub fn set(&mut self, param: Param, value: f64, origin: Origin) {
        self.values[param as usize] = Some(value);
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
            Fallback::Value(value) => Some(value),
            Fallback::Derived(_) => None,
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
