//! `price`: single requests, from flags or from usage records.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::common::{FormatArg, today};
use super::output::{CliError, Output};
use super::tables::{TableOptions, load_catalog};
use crate::analysis::request::{Pricer, Request};
use crate::catalog::rate::Moment;
use crate::catalog::{Catalog, Meter, Service};
use crate::diagnostic::{Diagnostics, Fault, Place, nearest, one_of};
use crate::document::reason;
use crate::report::Format;
use crate::report::price as rows;
use crate::units::{Currency, parse_number};
use crate::usage::Recurrence;

/// Flags of `price`.
#[derive(Debug, Clone, Args)]
pub struct PriceArgs {
    /// Model or other product
    #[arg(long, value_name = "M", required_unless_present = "usage")]
    model: Option<String>,
    /// Price each line of a file of usage records (JSON Lines), or `-`
    #[arg(long, value_name = "FILE.jsonl", conflicts_with_all = ["model", "at", "batch", "service", "variant", "meter", "input_tokens", "cached_input_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens", "images", "audio_seconds", "web_searches"])]
    usage: Option<PathBuf>,
    /// Input tokens, cached and written ones included
    #[arg(long, value_name = "N")]
    input_tokens: Option<String>,
    /// Input tokens read from the cache
    #[arg(long, value_name = "N")]
    cached_input_tokens: Option<String>,
    /// Input tokens written to the cache, those that live an hour included
    #[arg(long, value_name = "N")]
    cache_write_tokens: Option<String>,
    /// Input tokens written to a cache that lives an hour
    #[arg(long, value_name = "N")]
    cache_write_1h_tokens: Option<String>,
    /// Output tokens, reasoning included
    #[arg(long, value_name = "N")]
    output_tokens: Option<String>,
    /// Images made
    #[arg(long, value_name = "N")]
    images: Option<String>,
    /// Seconds of audio
    #[arg(long, value_name = "N")]
    audio_seconds: Option<String>,
    /// Web searches
    #[arg(long, value_name = "N")]
    web_searches: Option<String>,
    /// Any other meter by its name, such as input_audio_tokens=69
    #[arg(long, value_name = "NAME=N")]
    meter: Vec<String>,
    /// Time of the request: a date, or a time such as 2026-11-22T09:30:00Z
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Price it in the batch queue
    #[arg(long, conflicts_with = "service")]
    batch: bool,
    /// Service class: standard, batch, flex, priority or fast
    #[arg(long, value_name = "CLASS")]
    service: Option<String>,
    /// Variant, such as "1024x1024 hd"
    #[arg(long, value_name = "TEXT")]
    variant: Option<String>,
    /// Region whose price is preferred
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Currency of the result; without it, the one of your settings, else USD
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    #[command(flatten)]
    tables: TableOptions,
    /// How the result is written
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatArg>,
}

/// Prices one request, or a file of them.
pub fn run(args: &PriceArgs, output: &Output) -> Result<(), CliError> {
    let catalog = load_catalog(&args.tables, output)?;
    let currency = result_currency(args, &catalog, output)?;
    let mut pricer = Pricer::new(&catalog, currency, args.region.clone());
    if args.usage.is_some() && !matches!(args.format, None | Some(FormatArg::Json)) {
        let message = "--usage writes one line of JSON for each record".to_owned();
        return Err(CliError::flag(
            "--format",
            Fault::Conflict { message, remedy: "leave --format out".into() },
        ));
    }
    if let Some(path) = &args.usage {
        return price_file(path, &catalog, &mut pricer, currency);
    }
    let request = request(args, &catalog)?;
    let id = &catalog.product(request.product).id;
    let bill = pricer.price(&request).map_err(|why| {
        let remedy = "check the quantities".to_owned();
        CliError::flag("price", Fault::Conflict { message: why.to_string(), remedy })
    })?;
    match args.format.map(Format::from).unwrap_or_default() {
        Format::Json => output.result(&rows::to_json(id, &bill, &catalog)),
        Format::Csv => output.result(&crate::report::bill::focus(&bill, &catalog).to_csv()),
        Format::Markdown => output.result(&rows::lines(&bill).to_markdown()),
        Format::Table => {
            let class = match request.service {
                Service::Standard => String::new(),
                class => format!(", {}", class.word()),
            };
            let mut text = format!("{id}{class}, price of {}\n\n", request.date);
            text.push_str(&rows::lines(&bill).to_table(output.width, output.color));
            for source in crate::report::bill::sources(&bill, &catalog) {
                text.push_str(&output.wrapped(&source));
            }
            if let Some((_, why)) = bill.first_unpriced(None) {
                output.note(&format!("{id}: {why}"));
            }
            debug_assert!(bill.total(Recurrence::OneOff).complete);
            output.result(&text)
        }
    }
}

fn request(args: &PriceArgs, catalog: &Catalog) -> Result<Request, CliError> {
    let model = args.model.as_deref().unwrap_or_default();
    let product = catalog.find(model).map_err(|fault| CliError::flag("--model", fault))?;
    let flags: [(&str, Meter, &Option<String>); 8] = [
        ("--input-tokens", Meter::Input, &args.input_tokens),
        ("--cached-input-tokens", Meter::CachedInput, &args.cached_input_tokens),
        ("--cache-write-tokens", Meter::CacheWrite, &args.cache_write_tokens),
        ("--cache-write-1h-tokens", Meter::CacheWrite1h, &args.cache_write_1h_tokens),
        ("--output-tokens", Meter::Output, &args.output_tokens),
        ("--images", Meter::Images, &args.images),
        ("--audio-seconds", Meter::AudioSeconds, &args.audio_seconds),
        ("--web-searches", Meter::WebSearches, &args.web_searches),
    ];
    let mut quantities = Vec::new();
    for (flag, meter, text) in flags {
        if let Some(text) = text {
            quantities.push((meter, quantity(flag, text)?));
        }
    }
    for assignment in &args.meter {
        let (name, text) = assignment.split_once('=').ok_or_else(|| {
            let message = format!("`{assignment}` gives no quantity");
            let remedy = "write it as --meter input_audio_tokens=69, or input_tokens=69".to_owned();
            CliError::flag("--meter", Fault::Conflict { message, remedy })
        })?;
        let meter =
            Meter::by_name(name.trim()).ok_or_else(|| CliError::flag("--meter", unknown_meter(name)))?;
        quantities.push((meter, quantity("--meter", text)?));
    }
    let service = match &args.service {
        None if args.batch => Service::Batch,
        None => Service::Standard,
        Some(word) => {
            one_of("--service", word, Service::WORDS).map_err(|fault| CliError::flag("--service", fault))?
        }
    };
    let (date, moment) = match &args.at {
        None => (today(), Moment::Spread),
        Some(text) => time(text).ok_or_else(|| {
            let message = format!("`--at` is no date or time: `{text}`");
            CliError::flag("--at", Fault::Conflict { message, remedy: TIME_REMEDY.into() })
        })?,
    };
    if quantities.is_empty() {
        let message = "no quantity is given".to_owned();
        let remedy = "give --input-tokens, --output-tokens or another quantity; --help lists them".to_owned();
        return Err(CliError::flag("price", Fault::Conflict { message, remedy }));
    }
    Ok(Request { product, date, moment, service, variant: args.variant.clone(), quantities })
}

/// Returns the currency of the result: the flag's, else that of the settings, else US dollars.
fn result_currency(args: &PriceArgs, catalog: &Catalog, output: &Output) -> Result<Currency, CliError> {
    let (currency, value, place) = match (&args.currency, &output.config.currency) {
        (Some(code), _) => (Currency::parse(code), code.clone(), Place::whole("--currency")),
        (None, Some(set)) => (Some(set.value), set.value.to_string(), set.place.clone()),
        (None, None) => return Ok(Currency::USD),
    };
    currency.filter(|currency| catalog.exchange.knows(*currency)).ok_or_else(|| {
        let range = "a three-letter code with a known exchange rate, such as USD or CNY".to_owned();
        let (key, value) = ("--currency".to_owned(), format!("{value:?}"));
        CliError::Input(Diagnostics::one(place, Fault::OutOfRange { key, value, range }))
    })
}

fn unknown_meter(name: &str) -> Fault {
    Fault::UnknownName {
        kind: "meter",
        name: name.to_owned(),
        nearest: nearest(name, Meter::ALL.iter().map(|meter| meter.name())),
    }
}

fn quantity(flag: &str, text: &str) -> Result<f64, CliError> {
    let number = parse_number(text).ok_or_else(|| {
        CliError::flag(flag, Fault::NotANumber { key: flag.to_owned(), text: text.to_owned() })
    })?;
    if !(0.0..=crate::scenario::parameter::LARGEST).contains(&number) {
        let range = "from 0 to 1e15".to_owned();
        return Err(CliError::flag(
            flag,
            Fault::OutOfRange { key: flag.to_owned(), value: text.to_owned(), range },
        ));
    }
    Ok(number)
}

/// How a time is written.
const TIME_REMEDY: &str = "write 2026-11-22, or a time with its zone such as 2026-11-22T09:30:00Z";

/// Reads a date, or a time with its zone; a date alone says nothing of the hour.
fn time(text: &str) -> Option<(jiff::civil::Date, Moment)> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        let utc = timestamp.to_zoned(TimeZone::UTC);
        let weekday = utc.date().weekday().to_monday_zero_offset().unsigned_abs();
        let minute = utc.hour().unsigned_abs() as u16 * 60 + utc.minute().unsigned_abs() as u16;
        return Some((utc.date(), Moment::At(weekday, minute)));
    }
    // A time without its zone would be read as the whole day, and priced for none of its hours.
    let date: jiff::civil::Date = text.parse().ok()?;
    (date.to_string() == text.trim()).then_some((date, Moment::Spread))
}

/// Prices each line of a file, one line out for each line in; bad lines say why and the rest goes on.
fn price_file(
    path: &PathBuf,
    catalog: &Catalog,
    pricer: &mut Pricer<'_>,
    currency: Currency,
) -> Result<(), CliError> {
    let name = path.display().to_string();
    let unreadable = |error: &io::Error| {
        CliError::Io(Diagnostics::one(Place::whole(&name), Fault::Unreadable { reason: reason(error) }))
    };
    let mut reader: Box<dyn BufRead> = if name == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        if file.metadata().is_ok_and(|meta| meta.is_dir()) {
            return Err(CliError::flag(&name, Fault::IsADirectory));
        }
        Box::new(BufReader::new(file))
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let (mut line, mut bad) = (Vec::new(), false);
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(|error| unreadable(&error))? == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let (answer, good) = price_line(&line, catalog, pricer, currency);
        bad |= !good;
        match writeln!(out, "{answer}") {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(CliError::write("standard output", &error)),
            Ok(()) => {}
        }
    }
    match out.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(CliError::write("standard output", &error));
        }
        _ => {}
    }
    if bad { Err(CliError::Reported) } else { Ok(()) }
}

fn price_line(line: &[u8], catalog: &Catalog, pricer: &mut Pricer<'_>, currency: Currency) -> (String, bool) {
    let read = read_record(line, catalog);
    let (model, priced) = match read {
        Ok(request) => {
            let model = catalog.product(request.product).id.clone();
            (model, pricer.price(&request).map_err(|why| why.to_string()))
        }
        Err((model, why)) => (model.unwrap_or_default(), Err(why)),
    };
    match priced {
        Ok(bill) => (rows::to_line(&model, &bill, catalog), true),
        Err(why) => (rows::failed_line(&model, currency, &why), false),
    }
}

/// Reads a usage record; on failure returns the model as written and the reason.
fn read_record(line: &[u8], catalog: &Catalog) -> Result<Request, (Option<String>, String)> {
    let text = std::str::from_utf8(line).map_err(|_| (None, "not UTF-8 text".to_owned()))?;
    let record: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|error| (None, format!("not a JSON object: {error}")))?;
    let model = record.get("model").and_then(|value| value.as_str()).map(str::to_owned);
    let fail = |why: String| (model.clone(), why);
    let with_remedy = |fault: Fault| match fault.remedy() {
        Some(remedy) => format!("{fault}; {remedy}"),
        None => fault.to_string(),
    };
    let name = model.as_deref().ok_or_else(|| fail("`model` is missing".to_owned()))?;
    let product = catalog.find(name).map_err(|fault| fail(with_remedy(fault)))?;
    let (mut date, mut moment) = (today(), Moment::Spread);
    let (mut chosen, mut batch, mut variant) = (Service::Standard, false, None);
    let mut quantities = Vec::new();
    for (key, value) in &record {
        let text = value.as_str();
        match key.as_str() {
            "model" => {}
            "at" => {
                let at = text.and_then(time);
                (date, moment) =
                    at.ok_or_else(|| fail(format!("`at` is no date or time: {value}; {TIME_REMEDY}")))?;
            }
            "batch" => match value.as_bool() {
                Some(flag) => batch = flag,
                None => return Err(fail(format!("`batch` should be true or false, found {value}"))),
            },
            "service" => {
                let found = text.and_then(|word| one_of("service", word, Service::WORDS).ok());
                chosen = found.ok_or_else(|| fail(format!("`service` cannot be {value}")))?;
            }
            "variant" => {
                let found = text.ok_or_else(|| fail(format!("`variant` should be a text, found {value}")))?;
                variant = Some(found.to_owned());
            }
            _ => {
                let meter = Meter::by_name(key).ok_or_else(|| fail(with_remedy(unknown_meter(key))))?;
                let number = value.as_number().and_then(|number| parse_number(&number.to_string()));
                let number =
                    number.filter(|number| (0.0..=crate::scenario::parameter::LARGEST).contains(number));
                let number = number.ok_or_else(|| {
                    fail(format!("`{key}` should be a number from 0 to 1e15, found {value}"))
                })?;
                quantities.push((meter, number));
            }
        }
    }
    if batch && record.contains_key("service") && chosen != Service::Batch {
        return Err(fail("`batch` and `service` contradict each other".to_owned()));
    }
    if quantities.is_empty() {
        return Err(fail(
            "no quantity is given; write input_tokens, output_tokens or another one".to_owned(),
        ));
    }
    let service = if batch { Service::Batch } else { chosen };
    Ok(Request { product, date, moment, service, variant, quantities })
}
