//! Rate limits as sentences and rows.

mod json;

use super::{Align, Cell, Sheet};
use crate::analysis::Case;
use crate::analysis::limits::tier::QuotaUse;
use crate::analysis::limits::{Boxes, Limits, ProductLimits, TierRow};
use crate::catalog::{Confidence, Quota};
use crate::present::{UNKNOWN, duration, percent, rough, times, value, whole};
use crate::scenario::Param;
pub use json::to_json;

/// Returns the tiers of products, lowest first.
pub fn tiers(products: &[ProductLimits], case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Product", "product", Align::Name),
        ("Tier", "tier", Align::Left),
        ("Requests/min", "requests_per_minute", Align::Right),
        ("Bound by", "bound_by", Align::Left),
        ("Peak", "holds_peak", Align::Left),
        ("Headroom", "headroom", Align::Right),
        ("Money/min", "money_per_minute", Align::Right),
        ("Needs", "needs", Align::Left),
    ]);
    for product in products {
        for tier in &product.tiers {
            sheet.push_marked(tier_cells(product, tier, case), tier.is_own);
        }
    }
    sheet
}

/// Returns the heading above the tiers of a product: its id, and what the design uses it for.
pub fn heading(product: &ProductLimits, case: &Case<'_>) -> String {
    format!("{} ({})", case.product(product.product).id, product.roles.join(", "))
}

fn tier_cells(product: &ProductLimits, tier: &TierRow, case: &Case<'_>) -> Vec<Cell> {
    let unsure = if tier.limit.confidence == Confidence::High { "" } else { " (not certain)" };
    let own = if tier.is_own { " (yours)" } else { "" };
    let fits = if tier.holds_peak { "holds" } else { "too low" };
    let floored = |allowed: f64| Cell::number(value((allowed * 100.0).floor() / 100.0), allowed);
    vec![
        Cell::text(case.product(product.product).id.clone()),
        Cell::both(format!("{}{own}{unsure}", tier.limit.tier), tier.limit.tier.clone()),
        tier.requests_per_minute.map_or_else(Cell::unknown, floored),
        Cell::text(tier.bound_by().label()),
        Cell::both(fits, tier.holds_peak.to_string()),
        tier.binding.headroom().map_or_else(Cell::unknown, |left| {
            let shown = if tier.holds_peak { left.max(0.0) } else { left };
            Cell::number(headroom_cell(shown), left)
        }),
        Cell::money(tier.money_per_minute, case.book.currency),
        Cell::text(tier.limit.needs.clone().unwrap_or_default()),
    ]
}

/// Writes the share of a quota that is left, and how many times over it a demand is: 25%, 7% over, 19.7× over.
fn headroom_cell(left: f64) -> String {
    let used = 1.0 - left;
    match used {
        _ if left >= 0.0 => format!("{}%", whole((left * 100.0).floor())),
        ..2.0 => format!("{}% over", whole((-left * 100.0).ceil())),
        _ => format!("{}× over", rough(used)),
    }
}

/// Returns the tiers of each product under its name, which one alone does not need.
pub fn sections(found: &Limits, case: &Case<'_>) -> Vec<(String, Sheet)> {
    let several = found.products.len() > 1;
    let section = |product: &ProductLimits| {
        let head = if several { heading(product, case) } else { String::new() };
        (head, tiers(std::slice::from_ref(product), case).without("product"))
    };
    found.products.iter().map(section).collect()
}

/// Returns limits as Markdown: the verdict, the tables, what they rest on.
pub fn to_markdown(found: &Limits, case: &Case<'_>) -> String {
    let mut text = format!("{}\n", summary(found, case));
    for (head, sheet) in sections(found, case) {
        if !sheet.rows.is_empty() {
            let head = if head.is_empty() { head } else { format!("{head}\n\n") };
            text.push_str(&format!("\n{head}{}", sheet.to_markdown()));
        }
    }
    let index = self::index(found, case);
    if !index.rows.is_empty() {
        text.push_str(&format!("\n{}", index.to_markdown()));
    }
    text.push_str(&format!("\n{}\n", notes(found, case).join("\n")));
    text
}

/// Returns how long the index takes once, in each tier of the models that make it.
pub fn index(limits: &Limits, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Index once", "job", Align::Left),
        ("Model", "product", Align::Name),
        ("Tokens", "tokens", Align::Right),
        ("Tier", "tier", Align::Left),
        ("Time", "minutes", Align::Right),
        ("Bound by", "bound_by", Align::Left),
    ]);
    for job in &limits.index {
        let tokens = job.input + job.output;
        let mut push = |tier: &str, minutes: Option<f64>, bound_by: &str| {
            let most = if job.in_batch { "≤ " } else { "" };
            let time = |minutes: f64| Cell::number(format!("{most}{}", duration(minutes)), minutes);
            sheet.push(vec![
                Cell::text(job.job.label()),
                Cell::text(case.product(job.product).id.clone()),
                Cell::number(whole(tokens), tokens),
                Cell::text(tier),
                minutes.map_or_else(Cell::unknown, time),
                Cell::text(bound_by),
            ]);
        };
        match job.hosted_minutes {
            Some(minutes) => push("one box", Some(minutes), "throughput"),
            None if job.tiers.is_empty() => push(UNKNOWN, None, "no limits known"),
            None => {
                for alike in job.tiers.chunk_by(|a, b| (a.minutes, a.binding) == (b.minutes, b.binding)) {
                    let names: Vec<&str> = alike.iter().map(|tier| tier.tier.as_str()).collect();
                    push(&names.join(", "), alike[0].minutes, alike[0].binding.label());
                }
            }
        }
    }
    sheet
}

/// Says demand and, for each product, the tier needed.
pub fn summary(limits: &Limits, case: &Case<'_>) -> String {
    let demand = format!(
        "{}: {} input and {} output tokens a request; {} requests a minute on average, {} at the peak{}.",
        case.pair_name(limits.pair),
        whole(limits.input_tokens),
        whole(limits.output_tokens),
        value(limits.pace.mean_per_minute()),
        value(limits.pace.peak_per_minute()),
        waiting(limits, case),
    );
    let verdicts = limits.products.iter().map(|product| verdict(product, limits, case));
    let binding = binding(limits, case);
    [demand].into_iter().chain(verdicts).chain(binding).collect::<Vec<_>>().join(" ")
}

/// Says what a product is asked for, as names and quantities: calls and tokens of the busiest minute, and what waits in
/// a batch queue on an active day. Empty where that is nothing.
pub fn asked(product: &ProductLimits, limits: &Limits) -> Vec<(&'static str, String)> {
    let (demand, pace) = (&product.demand, &limits.pace);
    let all = [
        ("calls/min", pace.peak(demand.calls)),
        ("input tokens/min", pace.peak(demand.input)),
        ("of them cached", pace.peak(demand.cached)),
        ("output tokens/min", pace.peak(demand.output)),
        ("batch tokens/day", pace.day(demand.waiting)),
    ];
    all.into_iter().filter(|(_, amount)| *amount > 0.0).map(|(name, amount)| (name, rough(amount))).collect()
}

/// Says in words what a quota leaves, or by how much it is too small.
pub fn headroom(quota: &QuotaUse) -> String {
    if quota.bars_a_call() {
        return format!("a single call of {} is over it", whole(quota.largest_call));
    }
    match quota.headroom() {
        Some(left) if quota.holds() => format!("{}% left", whole((left.max(0.0) * 100.0).floor())),
        _ => format!("too small: {} is asked for", times(quota.used())),
    }
}

/// Says how many requests do not come at once.
fn waiting(limits: &Limits, case: &Case<'_>) -> String {
    let requests = case.scenario.numbers.requests();
    let waiting = if requests > 0.0 { 1.0 - limits.pace.at_once / requests } else { 0.0 };
    if waiting > 1e-9 {
        format!(", beside {} that wait in a batch queue", percent(waiting))
    } else {
        String::new()
    }
}

/// Says for one product which tier the peak needs, and whether the customer's holds it.
pub fn verdict(product: &ProductLimits, limits: &Limits, case: &Case<'_>) -> String {
    let several = limits.products.len() > 1;
    let id = &case.product(product.product).id;
    let of = if several { format!(" of {id}") } else { String::new() };
    if let Some(boxes) = &product.boxes {
        return on_boxes(id, boxes);
    }
    if !product.demand.is_any() {
        return "Nothing is asked for, so no limit is reached.".to_owned();
    }
    if product.tiers.is_empty() {
        return if several {
            format!("No rate limits are known for {id} on that day.")
        } else {
            "No rate limits are known for this model on that day.".to_owned()
        };
    }
    let needed = match product.tier_needed() {
        Some(tier) => {
            let needs = tier.limit.needs.as_ref().map(|needs| format!(" ({needs})")).unwrap_or_default();
            format!("The peak needs tier \"{}\"{of}{needs}.", tier.limit.tier)
        }
        None => format!("No known tier{of} holds the peak."),
    };
    let own = product.own_tier.as_ref().map(|own| match product.judged_by() {
        Some(tier) if tier.holds_peak => format!("Yours, \"{own}\", holds it."),
        Some(_) => format!("Yours, \"{own}\", is too low."),
        None => format!("Yours, \"{own}\", has no limits known there."),
    });
    [Some(needed), own].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Says what boxes of one's own answer.
fn on_boxes(id: &str, boxes: &Boxes) -> String {
    let each = boxes
        .requests_per_minute_each
        .map(|each| format!(": a box that is busy all the time answers {} requests a minute", rough(each)));
    let there = match (boxes.count, boxes.holds_peak()) {
        (Some(1.0), Some(true)) => "and the one that runs all month holds it".to_owned(),
        (Some(1.0), _) => "and the one that runs all month is too few".to_owned(),
        (Some(count), Some(true)) => format!("and {} that run all month hold it", whole(count)),
        (Some(count), _) => format!("and the {} that run all month are too few", whole(count)),
        (None, _) => "rented by the hour".to_owned(),
    };
    let noun = if boxes.needed == 1.0 { "box" } else { "boxes" };
    format!(
        "{id} runs on hardware of your own, so no vendor limits it{}; the peak needs {} {noun}, {there}.",
        each.unwrap_or_default(),
        whole(boxes.needed),
    )
}

/// Names the product that binds, where several have limits.
fn binding(limits: &Limits, case: &Case<'_>) -> Option<String> {
    let limited = limits.products.iter().filter(|product| product.judged_by().is_some()).count();
    let (product, tier) = limits.binding().filter(|_| limited > 1)?;
    let id = &case.product(product.product).id;
    let (name, quota) = (&tier.limit.tier, tier.bound_by().label());
    let allowed = tier.requests_per_minute.map(|allowed| format!(", {} requests a minute", rough(allowed)));
    Some(format!("{id} binds: \"{name}\" allows the least{} ({quota}).", allowed.unwrap_or_default()))
}

/// Says what the design calls that is no longer sold, and what the figures take for granted.
pub fn notes(limits: &Limits, case: &Case<'_>) -> Vec<String> {
    let numbers = &case.scenario.numbers;
    let mut notes: Vec<String> = case.sold_no_more(limits.pair).into_iter().map(|gone| gone + ".").collect();
    notes.push(format!(
        "The peak is {} times the mean of {} active hours on {} days a week; a tier is judged by the calls of all requests \
         together, in the pool that the largest call belongs to.",
        value(limits.pace.peak_factor),
        value(numbers.value(Param::ActiveHoursPerDay)),
        value(numbers.value(Param::DaysPerWeek)),
    ));
    let queued = |tier: &TierRow| tier.quotas.iter().any(|quota| quota.quota == Quota::BatchQueue);
    if limits.products.iter().flat_map(|product| &product.tiers).any(queued) {
        notes.push(
            "The input tokens that go into the batch queue on an active day are taken to wait there all at once."
                .to_owned(),
        );
    }
    if limits.index.iter().any(|job| job.calls.is_none()) {
        notes.push(
            "Embedding is timed by its tokens, since one call takes many chunks; what is indexed again is not counted into the peak."
                .to_owned(),
        );
    }
    if limits.index.iter().any(|job| job.in_batch && !job.tiers.is_empty()) {
        notes.push("Each filling of a batch queue may take a day.".to_owned());
    }
    notes
}
