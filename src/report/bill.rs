//! A bill as rows and as JSON.

mod facts;

use rust_decimal::Decimal;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::alternatives::JsonAlternatives;
use super::json::Exact;
use super::{Align, Cell, Sheet};
use crate::analysis::alternatives::Alternatives;
use crate::bill::{Adjustment, AdjustmentKind, Bill, Charge, LineItem, LinePrice, Quoted};
use crate::catalog::Catalog;
use crate::catalog::exchange::FIXED;
use crate::present::{exact_money, money, quantity, shorten};
use crate::usage::Recurrence;
pub use facts::{explain_adjustment, explain_line};

/// Returns the id of the product that a line is charged for, or the name of a cost of the user's own.
pub fn product<'a>(catalog: &'a Catalog, line: &'a LineItem) -> &'a str {
    match &line.charge {
        Charge::Product(id, _) => &catalog.product(*id).id,
        Charge::Own(name) => name,
    }
}

/// Returns what a line counts, with what chose its price.
pub(super) fn meter(line: &LineItem) -> String {
    meter_with(line, " (priced hours)")
}

fn meter_with(line: &LineItem, in_hours: &str) -> String {
    let label = match &line.charge {
        Charge::Product(_, meter) => meter.label(),
        Charge::Own(_) => "own cost",
    };
    let why = line.price.as_ref().ok().map(|price| price.why);
    let tier = why.and_then(|why| why.tier).map(|size| format!(" (over {})", crate::present::compact(size)));
    let hours = why.filter(|why| why.in_hours).map_or("", |_| in_hours);
    format!("{label}{}{hours}", tier.unwrap_or_default())
}

/// Returns the lines of one recurrence under the product that they are paid for.
pub fn lines(bill: &Bill, catalog: &Catalog, recurrence: Recurrence) -> Sheet {
    let heading = if recurrence == Recurrence::Monthly { "Each month" } else { "Once" };
    let mut sheet = Sheet::new(&[
        (heading, "step", Align::Left),
        ("Quantity", "quantity", Align::Right),
        ("Unit price", "unit_price", Align::Right),
        ("Amount", "amount", Align::Right),
    ]);
    let mut push = |texts: [String; 4], marked| sheet.push_marked(texts.map(Cell::text).to_vec(), marked);
    let paid = || bill.lines.iter().filter(|line| line.recurrence == recurrence);
    let adjusted = || bill.adjustments.iter().filter(|adjustment| adjustment.recurrence == recurrence);
    let mut products: Vec<&str> = Vec::new();
    for line in paid() {
        let name = product(catalog, line);
        if !products.contains(&name) {
            products.push(name);
        }
    }
    for name in products {
        push([name.to_owned(), String::new(), String::new(), String::new()], true);
        for line in paid().filter(|line| product(catalog, line) == name) {
            push(line_texts(bill, line), false);
        }
        for adjustment in adjusted().filter(|adjustment| party(catalog, adjustment) == name) {
            push(adjustment_texts(bill, adjustment), false);
        }
    }
    let mut vendors: Vec<&str> = Vec::new();
    for adjustment in adjusted().filter(|adjustment| adjustment.vendor.is_some()) {
        let name = party(catalog, adjustment);
        if !vendors.contains(&name) {
            vendors.push(name);
            push([name.to_owned(), String::new(), String::new(), String::new()], true);
        }
        push(adjustment_texts(bill, adjustment), false);
    }
    let total = bill.total(recurrence);
    let known = money(total.known, bill.currency);
    let (label, shown) = match total.complete {
        true => ("Total", known),
        false => ("Total unknown", format!("at least {known}")),
    };
    push([label.to_owned(), String::new(), String::new(), shown], true);
    sheet
}

/// Returns the product or vendor that a correction is with.
pub fn party<'a>(catalog: &'a Catalog, adjustment: &'a Adjustment) -> &'a str {
    match adjustment.product {
        Some(product) => &catalog.product(product).id,
        None => adjustment.vendor.as_deref().unwrap_or_default(),
    }
}

fn adjustment_texts(bill: &Bill, adjustment: &Adjustment) -> [String; 4] {
    let amount = money(adjustment.amount, bill.currency);
    [format!("  {}", adjustment_label(adjustment)), String::new(), String::new(), amount]
}

/// Returns why a bill is corrected, and where that was agreed.
pub fn adjustment_label(adjustment: &Adjustment) -> String {
    let source = adjustment.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
    format!("{}{source}", adjustment.kind.label())
}

/// Returns what a quantity is counted in where it is priced by the thousand or million.
fn scale(unit: &str) -> &'static str {
    match unit.split_once(' ') {
        Some(("1M", _)) => "M",
        Some(("1K", _)) => "k",
        _ => "",
    }
}

/// Returns step and meter of a line, indented by two.
fn label(line: &LineItem) -> String {
    match &line.charge {
        Charge::Product(..) => format!("  {}: {}", line.title(), meter(line)),
        Charge::Own(_) => format!("  {}", line.step),
    }
}

/// Returns the same in so many columns, which are too few for the label of this line or another. The step gives way in its
/// middle and the meter stays, in which the lines of a step differ: `answ…hit: output (hours)`.
pub fn brief_label(line: &LineItem, width: usize) -> String {
    /// Columns of a step that still differs from others.
    const STEP: usize = 8;
    if matches!(line.charge, Charge::Own(_)) {
        return shorten(&label(line), width);
    }
    let meter = meter_with(line, " (hours)");
    let room = width.saturating_sub(meter.width() + 4).max(STEP);
    shorten(&format!("  {}: {meter}", shorten(&line.title(), room)), width)
}

/// Returns what a unit costs; `brief` leaves out of what it is a thousand or million, where the meter beside says that.
pub fn unit_price(bill: &Bill, price: &LinePrice, brief: bool) -> String {
    let unit = match price.unit.split_once(' ') {
        Some((count, _)) if brief && !scale(price.unit).is_empty() => count,
        _ => price.unit,
    };
    format!("{}/{unit}", money(price.unit_price, bill.currency))
}

/// Returns step and meter, pricing quantity, unit price and amount of a line, the first indented by two.
pub fn line_texts(bill: &Bill, line: &LineItem) -> [String; 4] {
    let label = label(line);
    match &line.price {
        Ok(price) => {
            let count = line.quantity.checked_div(price.per).unwrap_or(line.quantity);
            let unit_price = unit_price(bill, price, false);
            // Below one thousand or million, the quantity itself is easier to read.
            let count = match scale(price.unit) {
                // Four decimals would leave next to nothing of a small index.
                "" if count < Decimal::new(1, 2) => {
                    count.round_sf(3).unwrap_or(count).normalize().to_string()
                }
                "" => quantity(count, 4),
                _ if count < Decimal::ONE => quantity(line.quantity, 2),
                scale => format!("{}{scale}", quantity(count, 4)),
            };
            [label, count, unit_price, money(price.amount, bill.currency)]
        }
        Err(why) => {
            let counted = format!("{} {}", quantity(line.quantity, 2), line.unit);
            [label, counted, why.to_string(), crate::present::UNKNOWN.to_owned()]
        }
    }
}

/// Says where an exchange rate comes from.
fn rate_of(quoted: &Quoted) -> String {
    quoted.rate_of.map_or_else(|| format!(" {FIXED}"), |date| format!(" on {date}"))
}

/// Returns every line with every field, for CSV, under the column names of the FOCUS specification;
/// columns of our own begin with `x_`.
pub fn focus(bill: &Bill, catalog: &Catalog) -> Sheet {
    let columns = [
        "x_Step",
        "SkuId",
        "SkuMeter",
        "ConsumedQuantity",
        "ConsumedUnit",
        "PricingQuantity",
        "PricingUnit",
        "ListUnitPrice",
        "ListCost",
        "EffectiveCost",
        "BillingCurrency",
        "x_Recurrence",
        "x_PriceFrom",
        "x_Source",
        "x_Reason",
    ];
    let columns: Vec<(&'static str, &'static str, Align)> =
        columns.iter().map(|key| (*key, *key, Align::Left)).collect();
    let mut sheet = Sheet::new(&columns);
    let exact = |value: Decimal| value.normalize().to_string();
    for line in &bill.lines {
        let price = line.price.as_ref().ok();
        let known = |text: &dyn Fn(&crate::bill::LinePrice) -> String| price.map(text).unwrap_or_default();
        let texts = [
            line.title(),
            product(catalog, line).to_owned(),
            meter(line),
            exact(line.quantity),
            line.unit.to_owned(),
            known(&|price| line.quantity.checked_div(price.per).map(exact).unwrap_or_default()),
            known(&|price| price.unit.to_owned()),
            known(&|price| exact(price.unit_price)),
            known(&|price| exact(price.amount)),
            known(&|price| exact(price.effective)),
            bill.currency.to_string(),
            line.recurrence.word().to_owned(),
            known(&|price| price.from.map(|date| date.to_string()).unwrap_or_default()),
            known(&|price| price.source.clone()),
            line.price.as_ref().err().map(|why| why.to_string()).unwrap_or_default(),
        ];
        sheet.push(texts.map(Cell::text).to_vec());
    }
    for adjustment in &bill.adjustments {
        let mut texts: [String; 15] = Default::default();
        texts[0] = "adjustment".to_owned();
        texts[1] = party(catalog, adjustment).to_owned();
        texts[2] = adjustment.kind.label().to_owned();
        // What is included or taken off is already inside the lines' effective cost.
        let in_lines = matches!(adjustment.kind, AdjustmentKind::Included | AdjustmentKind::Discount);
        texts[8] = exact(adjustment.amount);
        texts[9] = if in_lines { "0".to_owned() } else { exact(adjustment.amount) };
        texts[10] = bill.currency.to_string();
        texts[11] = adjustment.recurrence.word().to_owned();
        texts[13] = adjustment.source.clone().unwrap_or_default();
        sheet.push(texts.map(Cell::text).to_vec());
    }
    sheet
}

/// One line of a bill in JSON.
#[derive(Serialize)]
pub struct JsonLine<'a> {
    step: &'a str,
    call: Option<&'a str>,
    class: Option<&'a str>,
    service: &'a str,
    product: &'a str,
    meter: &'a str,
    quantity: Exact,
    unit: &'a str,
    unit_price: Option<Exact>,
    per: Option<Exact>,
    amount: Option<Exact>,
    effective_amount: Option<Exact>,
    recurring: &'a str,
    price_from: Option<String>,
    source: Option<&'a str>,
    checked: Option<String>,
    confidence: Option<&'a str>,
    quoted_price: Option<Exact>,
    quoted_currency: Option<String>,
    exchange_rate: Option<Exact>,
    exchange_rate_date: Option<String>,
    reason: Option<String>,
}

/// One correction of a bill in JSON.
#[derive(Serialize)]
pub struct JsonAdjustment<'a> {
    kind: &'a str,
    product: Option<&'a str>,
    vendor: Option<&'a str>,
    amount: Exact,
    recurring: &'a str,
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    model: &'a str,
    strategy: &'a str,
    as_of: String,
    currency: String,
    total: Option<Exact>,
    monthly: Option<Exact>,
    one_off: Option<Exact>,
    at_least: Option<Exact>,
    lines: Vec<JsonLine<'a>>,
    adjustments: Vec<JsonAdjustment<'a>>,
    caching: Option<JsonAlternatives>,
}

/// Returns the lines of a bill for JSON.
pub fn json_lines<'a>(bill: &'a Bill, catalog: &'a Catalog) -> Vec<JsonLine<'a>> {
    bill.lines.iter().map(|line| json_line(line, catalog)).collect()
}

/// Returns the corrections of a bill for JSON.
pub fn json_adjustments<'a>(bill: &'a Bill, catalog: &'a Catalog) -> Vec<JsonAdjustment<'a>> {
    let adjustments = bill.adjustments.iter().map(|adjustment| JsonAdjustment {
        kind: adjustment.kind.label(),
        product: adjustment.product.map(|product| catalog.product(product).id.as_str()),
        vendor: adjustment.vendor.as_deref(),
        amount: Exact(adjustment.amount),
        recurring: adjustment.recurrence.word(),
        source: adjustment.source.as_deref(),
    });
    adjustments.collect()
}

/// Returns one line for JSON.
pub(in crate::report) fn json_line<'a>(line: &'a LineItem, catalog: &'a Catalog) -> JsonLine<'a> {
    let price = line.price.as_ref().ok();
    let quoted = price.and_then(|price| price.quoted.as_ref());
    JsonLine {
        step: line.step,
        call: line.call.as_deref(),
        class: line.class_name.as_deref(),
        service: line.service.word(),
        product: product(catalog, line),
        meter: match &line.charge {
            Charge::Product(_, meter) => meter.name(),
            Charge::Own(_) => "own_cost",
        },
        quantity: Exact(line.quantity),
        unit: line.unit,
        unit_price: price.map(|price| Exact(price.unit_price)),
        per: price.map(|price| Exact(price.per)),
        amount: price.map(|price| Exact(price.amount)),
        effective_amount: price.map(|price| Exact(price.effective)),
        recurring: line.recurrence.word(),
        price_from: price.and_then(|price| price.from).map(|date| date.to_string()),
        source: price.map(|price| price.source.as_str()),
        checked: price.and_then(|price| price.checked).map(|date| date.to_string()),
        confidence: price.map(|price| price.confidence.word()),
        quoted_price: quoted.map(|quoted| Exact(quoted.price)),
        quoted_currency: quoted.map(|quoted| quoted.currency.to_string()),
        exchange_rate: quoted.map(|quoted| Exact(quoted.factor)),
        exchange_rate_date: quoted.and_then(|quoted| quoted.rate_of).map(|date| date.to_string()),
        reason: line.price.as_ref().err().map(|why| why.to_string()),
    }
}

/// What a bill is about, for its JSON.
pub struct About<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// Id of the model.
    pub model: &'a str,
    /// Id of the strategy.
    pub strategy: &'a str,
    /// Day whose prices hold.
    pub as_of: jiff::civil::Date,
}

/// Returns a bill as the JSON of the contract; `total` is the first month with what is paid once.
pub fn to_json(bill: &Bill, catalog: &Catalog, about: &About<'_>, caching: Option<&Alternatives>) -> String {
    let (monthly, one_off) = (bill.total(Recurrence::Monthly), bill.total(Recurrence::OneOff));
    let first_month = bill.first_month();
    super::json::pretty(&Document {
        schema: "ragonomics/bill/1",
        scenario: about.scenario,
        model: about.model,
        strategy: about.strategy,
        as_of: about.as_of.to_string(),
        currency: bill.currency.to_string(),
        total: first_month.amount().map(Exact),
        monthly: monthly.amount().map(Exact),
        one_off: one_off.amount().map(Exact),
        at_least: (!first_month.complete).then_some(Exact(first_month.known)),
        lines: json_lines(bill, catalog),
        adjustments: json_adjustments(bill, catalog),
        caching: caching.map(super::alternatives::json),
    })
}

/// Returns where the prices of a bill come from, each source once.
pub fn sources(bill: &Bill, catalog: &Catalog) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for text in bill.lines.iter().filter_map(|line| source(bill, catalog, line)) {
        if !sources.contains(&text) {
            sources.push(text);
        }
    }
    sources
}

/// Returns where the price of a line comes from; nothing for a cost of the user's own.
pub(super) fn source(bill: &Bill, catalog: &Catalog, line: &LineItem) -> Option<String> {
    let price = line.price.as_ref().ok()?;
    let from = price.from?;
    let sure = match price.confidence {
        crate::catalog::Confidence::High => String::new(),
        grade => format!(", confidence {}", grade.word()),
    };
    let checked = price.checked.map(|date| format!(", checked {date}")).unwrap_or_default();
    let quoted = price.quoted.as_ref().map(|quoted| {
        let day = rate_of(quoted);
        let (from, factor) = (quoted.currency, crate::present::significant(quoted.factor));
        format!(", quoted in {from}, 1 {from} = {factor} {}{day}", bill.currency)
    });
    let (product, quoted) = (product(catalog, line), quoted.unwrap_or_default());
    Some(format!("{product}: price since {from}{checked}{sure}{quoted}; {}", price.source))
}

/// Returns an amount with all digits, for a total that must be defended.
pub fn exact_total(bill: &Bill, recurrence: Recurrence) -> Option<String> {
    bill.total(recurrence).amount().map(|amount| exact_money(amount, bill.currency))
}
