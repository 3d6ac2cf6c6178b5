//! The list of scenario keys that are not numbers: texts, lists, flags, dates.
//!
//! Like the numeric list it serves the loader, `--set`, `scenario show --effective` and the
//! scenario reference.

use rust_decimal::Decimal;

use super::{
    History, ImageDetail, IndexPlace, Modes, Named, Owner, PagesAs, PromptCache, Scenario, TalkContext,
};
use crate::diagnostic::{Fault, Place, one_of};
use crate::units::{CURRENCY_CODE, Currency, parse_decimal, parse_number};

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One text.
    Text,
    /// A list of texts.
    List,
    /// A list of numbers.
    Numbers,
    /// True or false.
    Flag,
    /// A calendar date.
    Date,
}

/// Texts of a setting with their places.
pub type Items<'a> = &'a [(String, Place)];

/// A key that is not a number.
pub struct Setting {
    /// Its TOML path, with dots.
    pub path: &'static str,
    /// How it is written.
    pub form: Form,
    /// What holds without it.
    pub default: &'static str,
    /// One sentence of explanation.
    pub help: &'static str,
    /// Sets it from texts.
    pub set: fn(&mut Scenario, Items<'_>) -> Result<(), Fault>,
    /// Shows what is set; `None` where the default holds.
    pub show: fn(&Scenario) -> Option<String>,
}

/// The words of a key that is true or false.
const FLAG_WORDS: &[(&str, bool)] = &[("true", true), ("false", false)];

fn first(items: Items<'_>) -> String {
    items.first().map(|(text, _)| text.trim().to_owned()).unwrap_or_default()
}

/// Reads a rate such as `EUR=0.92`.
fn fixed_rate(text: &str) -> Result<(Currency, Decimal), Fault> {
    let read = || {
        let (code, rate) = text.split_once('=')?;
        let rate = parse_decimal(rate.trim()).filter(|rate| *rate > Decimal::ZERO)?;
        Currency::parse(code).filter(|code| *code != Currency::USD).map(|code| (code, rate))
    };
    read().ok_or_else(|| {
        let range = "a currency and its units for one US dollar, such as \"EUR=0.92\"".to_owned();
        Fault::OutOfRange { key: "exchange_rates".into(), value: format!("{text:?}"), range }
    })
}

fn names(items: Items<'_>) -> Vec<Named> {
    items.iter().map(|(text, place)| Named { text: text.trim().to_owned(), place: place.clone() }).collect()
}

fn list(names: &[Named]) -> Option<String> {
    let texts: Vec<&str> = names.iter().map(|named| named.text.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Shows a mode that is not the default.
fn shown_mode<T: PartialEq>(
    scenario: &Scenario,
    of: fn(&Modes) -> T,
    word: impl Fn(T) -> &'static str,
) -> Option<String> {
    let (set, usual) = (of(&scenario.modes), of(&Modes::default()));
    (set != usual).then(|| word(set).to_owned())
}

/// Reads twelve factors, one for each month.
fn seasonal(items: Items<'_>) -> Result<Vec<f64>, Fault> {
    const MONTHS: usize = 12;
    let read = |text: &str| parse_number(text).filter(|factor| (0.0..=1000.0).contains(factor));
    let factors: Option<Vec<f64>> = items.iter().map(|(text, _)| read(text)).collect();
    factors.filter(|factors| factors.is_empty() || factors.len() == MONTHS).ok_or_else(|| {
        let value: Vec<&str> = items.iter().map(|(text, _)| text.as_str()).collect();
        let range = "twelve factors from 0 to 1000, from January on".to_owned();
        Fault::OutOfRange { key: "workload.seasonal".into(), value: value.join(", "), range }
    })
}

/// Reads tiers such as `openai=Tier 3`.
fn tiers(items: Items<'_>) -> Result<Vec<Named>, Fault> {
    let tiers = names(items);
    match tiers.iter().find(|tier| !tier.text.contains('=')) {
        None => Ok(tiers),
        Some(bad) => {
            let range = "a vendor and its tier, such as \"openai=Tier 3\"".to_owned();
            let value = format!("{:?}", bad.text);
            Err(Fault::OutOfRange { key: "limits.tiers".into(), value, range })
        }
    }
}

/// Every key that is not a number, in the order in which a reader meets them.
pub static SETTINGS: &[Setting] = &[
    Setting {
        path: "name",
        form: Form::Text,
        default: "the file's name",
        help: "What the scenario is called on screen and in reports.",
        set: |scenario, items| {
            scenario.name = first(items);
            Ok(())
        },
        show: |scenario| some(&scenario.name),
    },
    Setting {
        path: "description",
        form: Form::Text,
        default: "none",
        help: "One or two sentences about the product.",
        set: |scenario, items| {
            scenario.description = first(items);
            Ok(())
        },
        show: |scenario| some(&scenario.description),
    },
    Setting {
        path: "notes",
        form: Form::List,
        default: "none",
        help: "Remarks that reports carry, such as where a figure comes from.",
        set: |scenario, items| {
            scenario.notes = items.iter().map(|(text, _)| text.clone()).collect();
            Ok(())
        },
        show: |scenario| some(&scenario.notes.join(" / ")),
    },
    Setting {
        path: "as_of",
        form: Form::Date,
        default: "today",
        help: "The day whose prices hold.",
        set: |scenario, items| {
            let text = first(items);
            let parsed = text.parse().map_err(|_| Fault::NotADate { key: "as_of".into(), text });
            scenario.as_of = Some(parsed?);
            Ok(())
        },
        show: |scenario| scenario.as_of.map(|date| date.to_string()),
    },
    Setting {
        path: "currency",
        form: Form::Text,
        default: "USD",
        help: "Currency of the results, the budget and own costs; prices are converted at the rate of the as-of date.",
        set: |scenario, items| {
            let value = first(items);
            let range = CURRENCY_CODE.to_owned();
            let parsed = Currency::parse(&value);
            let value = format!("{value:?}");
            scenario.currency =
                Some(parsed.ok_or(Fault::OutOfRange { key: "currency".into(), value, range })?);
            scenario.currency_place = items.first().map(|(_, place)| place.clone());
            Ok(())
        },
        show: |scenario| scenario.currency.map(|currency| currency.to_string()),
    },
    Setting {
        path: "exchange_rates",
        form: Form::List,
        default: "the rates of the as-of date",
        help: "Fixed rates, as a budget has them: units of a currency for one US dollar, such as \"EUR=0.92\".",
        set: |scenario, items| {
            scenario.fixed_rates =
                items.iter().map(|(text, _)| fixed_rate(text)).collect::<Result<_, _>>()?;
            Ok(())
        },
        show: |scenario| {
            let rates = scenario.fixed_rates.iter().map(|(currency, rate)| format!("{currency}={rate}"));
            some(&rates.collect::<Vec<_>>().join(", "))
        },
    },
    Setting {
        path: "region",
        form: Form::Text,
        default: "each vendor's default",
        help: "Region whose prices are taken where a vendor has them; constraints.regions says where anything may run.",
        set: |scenario, items| {
            scenario.region = some(&first(items));
            Ok(())
        },
        show: |scenario| scenario.region.clone(),
    },
    Setting {
        path: "plan",
        form: Form::Text,
        default: "none",
        help: "The design you mean to run, MODEL:STRATEGY; commands that price one design take it.",
        set: |scenario, items| {
            scenario.plan = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.plan.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "baseline",
        form: Form::Text,
        default: "none",
        help: "The design you run today, MODEL:STRATEGY; savings are counted against it.",
        set: |scenario, items| {
            scenario.baseline = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.baseline.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "workload.seasonal",
        form: Form::Numbers,
        default: "none; all months are alike",
        help: "Twelve factors on the requests of the months from January on, for forecasts.",
        set: |scenario, items| {
            scenario.seasonal = seasonal(items)?;
            Ok(())
        },
        show: |scenario| {
            let factors: Vec<String> = scenario.seasonal.iter().map(|factor| factor.to_string()).collect();
            some(&factors.join(", "))
        },
    },
    Setting {
        path: "tokens.language",
        form: Form::Text,
        default: "none; typed counts are taken as they are",
        help: "Language of the texts whose tokens are typed or counted: english, chinese, code, json or markdown; with tokens.measured_with they are converted for each model.",
        set: |scenario, items| {
            scenario.language = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.language.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "tokens.measured_with",
        form: Form::Text,
        default: "none; typed counts are taken as they are",
        help: "Tokenizer with which tokens were counted, such as o200k_base; with tokens.language they are converted for each model whose tokenizer is known.",
        set: |scenario, items| {
            scenario.measured_with = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.measured_with.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "tenants.corpus",
        form: Form::Text,
        default: "own",
        help: "Whether each tenant has a corpus of its own, or all share one: own or shared.",
        set: |scenario, items| {
            scenario.modes.corpus_of = one_of("tenants.corpus", &first(items), Owner::WORDS)?;
            Ok(())
        },
        show: |scenario| shown_mode(scenario, |modes| modes.corpus_of, Owner::word),
    },
    Setting {
        path: "tenants.prompt",
        form: Form::Text,
        default: "shared",
        help: "Whether each tenant has a system prompt of its own, or all share one: own or shared.",
        set: |scenario, items| {
            scenario.modes.prompt_of = one_of("tenants.prompt", &first(items), Owner::WORDS)?;
            Ok(())
        },
        show: |scenario| shown_mode(scenario, |modes| modes.prompt_of, Owner::word),
    },
    Setting {
        path: "compare.models",
        form: Form::List,
        default: "one current model of each class",
        help: "Models to compare: ids, aliases, or patterns such as openai/*.",
        set: |scenario, items| {
            scenario.models = names(items);
            Ok(())
        },
        show: |scenario| list(&scenario.models),
    },
    Setting {
        path: "compare.strategies",
        form: Form::List,
        default: "long_context, cached_context, rag",
        help: "Designs to compare.",
        set: |scenario, items| {
            scenario.strategies = names(items);
            Ok(())
        },
        show: |scenario| list(&scenario.strategies),
    },
    Setting {
        path: "corpus.files",
        form: Form::List,
        default: "none; corpus.tokens holds",
        help: "Plain text or Markdown files and folders whose tokens are counted, relative to the scenario file.",
        set: |scenario, items| {
            scenario.files = names(items);
            Ok(())
        },
        show: |scenario| list(&scenario.files),
    },
    Setting {
        path: "request.image_detail",
        form: Form::Text,
        default: "high",
        help: "Detail at which images are read: low, medium, high, original, or auto for what the vendor does unasked; a word that a model does not know counts as high.",
        set: |scenario, items| {
            scenario.modes.image_detail = one_of("request.image_detail", &first(items), ImageDetail::WORDS)?;
            Ok(())
        },
        show: |scenario| shown_mode(scenario, |modes| modes.image_detail, ImageDetail::word),
    },
    Setting {
        path: "request.pages_as",
        form: Form::Text,
        default: "both",
        help: "How PDF pages are sent: as their text, as an image, or both, as models that read PDFs take them.",
        set: |scenario, items| {
            scenario.modes.pages_as = one_of("request.pages_as", &first(items), PagesAs::WORDS)?;
            Ok(())
        },
        show: |scenario| shown_mode(scenario, |modes| modes.pages_as, PagesAs::word),
    },
    Setting {
        path: "caching.system_prompt",
        form: Form::Text,
        default: "automatic",
        help: "Which system prompts are cached where the context is not: automatic (where the vendor caches by itself at no charge for writing, and not in batch queues), always, never.",
        set: |scenario, items| {
            scenario.modes.prompt_cache = one_of("caching.system_prompt", &first(items), PromptCache::WORDS)?;
            Ok(())
        },
        show: |scenario| shown_mode(scenario, |modes| modes.prompt_cache, PromptCache::word),
    },
    Setting {
        path: "caching.keep_warm",
        form: Form::Flag,
        default: "false",
        help: "Whether the prefix of cached_context is kept warm by a read each time it would expire.",
        set: |scenario, items| {
            scenario.modes.keep_warm = one_of("caching.keep_warm", &first(items), FLAG_WORDS)?;
            Ok(())
        },
        show: |scenario| {
            shown_mode(scenario, |modes| modes.keep_warm, |flag| if flag { "true" } else { "false" })
        },
    },
    Setting {
        path: "retrieval.embedding",
        form: Form::Text,
        default: super::DEFAULT_EMBEDDING,
        help: "Embedding model that indexes the corpus and the questions; \"none\" to leave it out.",
        set: |scenario, items| {
            scenario.embedding = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.embedding.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "retrieval.store",
        form: Form::Text,
        default: super::DEFAULT_STORE,
        help: "Vector store that holds the index; \"none\" where a database you already pay for holds it.",
        set: |scenario, items| {
            scenario.store = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.store.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "retrieval.reranker",
        form: Form::Text,
        default: super::DEFAULT_RERANKER,
        help: "Reranker of rag_rerank.",
        set: |scenario, items| {
            scenario.reranker = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.reranker.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "retrieval.index",
        form: Form::Text,
        default: "dedicated",
        help: "dedicated: the store's monthly minimum is paid for this index; spare: it is paid anyway, only the use counts.",
        set: |scenario, items| {
            scenario.modes.index = one_of("retrieval.index", &first(items), IndexPlace::WORDS)?;
            Ok(())
        },
        show: |scenario| shown_mode(scenario, |modes| modes.index, IndexPlace::word),
    },
    Setting {
        path: "retrieval.index_in_batch",
        form: Form::Flag,
        default: "false",
        help: "Whether the index is made through batch queues, where the embedding model and the one that writes contexts have such a price.",
        set: |scenario, items| {
            scenario.modes.index_in_batch = one_of("retrieval.index_in_batch", &first(items), FLAG_WORDS)?;
            Ok(())
        },
        show: |scenario| {
            shown_mode(scenario, |modes| modes.index_in_batch, |flag| if flag { "true" } else { "false" })
        },
    },
    Setting {
        path: "contextual.model",
        form: Form::Text,
        default: "the model that answers",
        help: "Model that writes the contexts of contextual_rag.",
        set: |scenario, items| {
            scenario.context_model = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.context_model.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "contextual.warm_up",
        form: Form::Flag,
        default: "false",
        help: "Whether a call of its own writes each document to the cache, so that every chunk finds it there; without it the first chunk's call writes.",
        set: |scenario, items| {
            scenario.modes.warm_up = one_of("contextual.warm_up", &first(items), FLAG_WORDS)?;
            Ok(())
        },
        show: |scenario| {
            shown_mode(scenario, |modes| modes.warm_up, |flag| if flag { "true" } else { "false" })
        },
    },
    Setting {
        path: "hybrid.fallback_model",
        form: Form::Text,
        default: "the model that answers",
        help: "Model of the long context that hybrid falls back to.",
        set: |scenario, items| {
            scenario.fallback_model = names(items).into_iter().next();
            Ok(())
        },
        show: |scenario| scenario.fallback_model.as_ref().map(|named| named.text.clone()),
    },
    Setting {
        path: "hybrid.fallback_cached",
        form: Form::Flag,
        default: "true",
        help: "Whether that long context is cached, where its model caches; its cache sees only the requests that fall back.",
        set: |scenario, items| {
            scenario.modes.fallback_cached = one_of("hybrid.fallback_cached", &first(items), FLAG_WORDS)?;
            Ok(())
        },
        show: |scenario| {
            shown_mode(scenario, |modes| modes.fallback_cached, |flag| if flag { "true" } else { "false" })
        },
    },
    Setting {
        path: "conversation.context",
        form: Form::Text,
        default: "stuffed",
        help: "What a turn knows of the corpus: stuffed (all of it in every prompt) or retrieved (chunks looked up anew for each turn).",
        set: |scenario, items| {
            scenario.modes.talk_context = one_of("conversation.context", &first(items), TalkContext::WORDS)?;
            Ok(())
        },
        show: |scenario| shown_mode(scenario, |modes| modes.talk_context, TalkContext::word),
    },
    Setting {
        path: "conversation.cached",
        form: Form::Flag,
        default: "true",
        help: "Whether turns are cached, where the model caches.",
        set: |scenario, items| {
            scenario.modes.talk_cached = one_of("conversation.cached", &first(items), FLAG_WORDS)?;
            Ok(())
        },
        show: |scenario| {
            shown_mode(scenario, |modes| modes.talk_cached, |flag| if flag { "true" } else { "false" })
        },
    },
    Setting {
        path: "conversation.history",
        form: Form::Text,
        default: "full",
        help: "What a turn knows of those before it: full, window (the last conversation.window_turns) or summary (of conversation.summary_tokens, by an extra call a turn).",
        set: |scenario, items| {
            scenario.modes.history = one_of("conversation.history", &first(items), History::WORDS)?;
            Ok(())
        },
        show: |scenario| shown_mode(scenario, |modes| modes.history, History::word),
    },
    Setting {
        path: "rewrite.resend_text",
        form: Form::Flag,
        default: "false",
        help: "Whether every call of a rewrite sends the whole text again and writes only its piece.",
        set: |scenario, items| {
            scenario.modes.resend_text = one_of("rewrite.resend_text", &first(items), FLAG_WORDS)?;
            Ok(())
        },
        show: |scenario| scenario.modes.resend_text.then(|| "true".to_owned()),
    },
    Setting {
        path: "limits.tiers",
        form: Form::List,
        default: "none; the highest published tier",
        help: "Rate-limit tiers that you are in, as vendor=tier; a design whose peak they do not hold is marked and never called the cheapest.",
        set: |scenario, items| {
            scenario.tiers = tiers(items)?;
            Ok(())
        },
        show: |scenario| list(&scenario.tiers),
    },
    Setting {
        path: "constraints.vendors",
        form: Form::List,
        default: "all",
        help: "Vendors that may be used, such as openai; a design with another one, all that it calls included, is listed with that reason.",
        set: |scenario, items| {
            scenario.constraints.vendors = names(items);
            Ok(())
        },
        show: |scenario| list(&scenario.constraints.vendors),
    },
    Setting {
        path: "constraints.models",
        form: Form::List,
        default: "all",
        help: "Models that may be used, as ids or patterns such as openai/*; they hold for everything that a design calls, but not for the store.",
        set: |scenario, items| {
            scenario.constraints.models = names(items);
            Ok(())
        },
        show: |scenario| list(&scenario.constraints.models),
    },
    Setting {
        path: "constraints.regions",
        form: Form::List,
        default: "all",
        help: "Regions in which everything must be known to run, such as eu; prices are those of the first one in which a product runs.",
        set: |scenario, items| {
            scenario.constraints.regions = names(items);
            Ok(())
        },
        show: |scenario| list(&scenario.constraints.regions),
    },
];
