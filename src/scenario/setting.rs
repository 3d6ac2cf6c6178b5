//! The list of scenario keys that are not numbers: texts, lists, flags, dates.
//!
//! Like the numeric list it serves the loader, `--set`, `scenario show --effective` and the
//! scenario reference.

use rust_decimal::Decimal;

use super::{History, ImageDetail, IndexPlace, Named, Scenario};
use crate::diagnostic::{Fault, Place, one_of};
use crate::units::{CURRENCY_CODE, Currency, parse_decimal};

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One text.
    Text,
    /// A list of texts.
    List,
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
            scenario.image_detail = one_of("request.image_detail", &first(items), ImageDetail::WORDS)?;
            Ok(())
        },
        show: |scenario| {
            (scenario.image_detail != ImageDetail::default()).then(|| scenario.image_detail.word().to_owned())
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
            scenario.index = one_of("retrieval.index", &first(items), IndexPlace::WORDS)?;
            Ok(())
        },
        show: |scenario| (scenario.index != IndexPlace::default()).then(|| scenario.index.word().to_owned()),
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
        path: "conversation.history",
        form: Form::Text,
        default: "full",
        help: "What a turn knows of those before it: full, window (the last conversation.window_turns) or summary (of conversation.summary_tokens, by an extra call a turn).",
        set: |scenario, items| {
            scenario.history = one_of("conversation.history", &first(items), History::WORDS)?;
            Ok(())
        },
        show: |scenario| (scenario.history != History::default()).then(|| scenario.history.word().to_owned()),
    },
    Setting {
        path: "rewrite.resend_text",
        form: Form::Flag,
        default: "false",
        help: "Whether every call of a rewrite sends the whole text again and writes only its piece.",
        set: |scenario, items| {
            scenario.resend_text = one_of("rewrite.resend_text", &first(items), FLAG_WORDS)?;
            Ok(())
        },
        show: |scenario| scenario.resend_text.then(|| "true".to_owned()),
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
