//! Draws rate limits.
//!
//! ```text
//! acme/large:rag, the plan: 8.63 requests a minute at the peak, 3 times the mean
//! [acme/large: holds]  acme/vectors: too low, binds
//!   Tier            Requests/min  Headroom  Peak
//! ▸ Start (yours)             20       56%  holds    █████████···········│
//!   Build                     50       82%  holds    ████················│
//!
//!   RPM   8.63 of 20           ███████████·············│   56% left (binds)
//!   ITPM  17,260 of 2,000,000  █·······················│   99% left
//!
//! The peak needs tier "Start".
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{ProductText, Shown, product, selected};
use crate::analysis::limits::tier::QuotaUse;
use crate::analysis::limits::{Boxes, Limits, ProductLimits, TierRow};
use crate::catalog::Confidence;
use crate::present::{self, cut, rough, whole};
use crate::report::limits::headroom;
use crate::tui::grid::Grid;
use crate::tui::screen::said::draw_reason;
use crate::tui::state::{Focus, State};
use crate::tui::text::{first_shown, heading, left, put, put_line, split_bottom, split_top, wrap};
use crate::tui::theme::Role;

/// Columns of the mark of the selected row.
const MARKS: usize = 2;

/// Columns of a bar beside a tier.
const BAR: (usize, usize) = (12, 40);

/// Columns of the screen from which there are bars beside tiers.
const WIDTH_FOR_BARS: usize = 50;

/// Rows that tiers keep, their head included.
const LEAST_TIERS: u16 = 4;

/// Rows from which the title may have two.
const ROWS_FOR_TITLE: u16 = 12;

/// Where the parts of the screen lie.
pub(super) struct Layout {
    heading: Vec<String>,
    title: Rect,
    head: Rect,
    /// The tiers below their head.
    pub(super) rows: Rect,
    said: Rect,
    lines: Vec<Line<'static>>,
}

impl Layout {
    pub(super) fn of(state: &State, product: &ProductLimits, text: &ProductText, area: Rect) -> Layout {
        let heading = title(state, area);
        let (title, rest) = split_top(area, heading.len() as u16 + 1);
        let lines = lines(state, product, text, usize::from(area.width));
        let tiers = product.tiers.len() as u16 + u16::from(!product.tiers.is_empty());
        let (list, said) = match tiers {
            0 => split_top(rest, 0),
            _ => {
                let spare = rest.height.saturating_sub(LEAST_TIERS.min(tiers));
                let (list, said) = split_bottom(rest, (lines.len() as u16).min(spare));
                let (list, free) = split_top(list, tiers);
                (list, Rect { y: free.y, height: free.height + said.height, ..said })
            }
        };
        let (head, rows) = split_top(list, u16::from(tiers > 0));
        Layout { heading, title, head, rows, said, lines }
    }
}

/// Says why there is nothing to draw.
pub(super) fn draw_nothing(state: &State, area: Rect, buffer: &mut Buffer) {
    let Some(design) = state.design() else {
        let text = state.theme.style(Role::Text);
        return put(buffer, area, 0, "No design to hold against limits.", text);
    };
    let failed = state.views.limits.shown.as_ref().and_then(|shown| shown.limits.as_ref().err());
    let reason = failed.map_or("nothing is known of it", String::as_str);
    let said = format!("No limits: {reason}. Select a design that runs on the first screen.");
    draw_reason(state, design, &said, area, buffer);
}

pub(super) fn draw_limits(state: &State, shown: &Shown, found: &Limits, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let Some((of, text)) = product(state) else { return };
    let layout = Layout::of(state, of, text, area);
    let width = usize::from(area.width);
    for (row, line) in layout.heading.iter().enumerate() {
        put(buffer, layout.title, row as u16, line, theme.style(Role::Heading));
    }
    put_line(buffer, layout.title, layout.heading.len() as u16, &products(state, shown, found, width));
    draw_tiers(state, of, text, &layout, buffer);
    let room = usize::from(layout.said.height);
    for (row, line) in layout.lines.iter().enumerate().take(room) {
        put_line(buffer, layout.said, row as u16, line);
    }
    if layout.lines.len() > room && room > 0 && width > 0 {
        buffer.set_string(area.right() - 1, layout.said.bottom() - 1, "…", theme.style(Role::Key));
    }
}

fn title(state: &State, area: Rect) -> Vec<String> {
    let Some(shown) = &state.views.limits.shown else { return Vec::new() };
    let Ok(found) = &shown.limits else { return Vec::new() };
    let why = state.design().map(|(_, why)| format!(", {why}")).unwrap_or_default();
    let (peak, factor) = (rough(found.pace.peak_per_minute()), present::value(found.pace.peak_factor));
    let name = state.work.name(shown.pair);
    let said = format!("{peak} requests a minute at the peak, {factor} times the mean");
    let most = if area.height >= ROWS_FOR_TITLE { 2 } else { 1 };
    heading(&format!("{name}{why}"), &said, usize::from(area.width), most)
}

/// Names the products that the design calls, the shown one marked, with whether each holds the peak.
fn products(state: &State, shown: &Shown, found: &Limits, width: usize) -> Line<'static> {
    let theme = &state.theme;
    let binding = found.binding().map(|(product, _)| product.product);
    let at = state.views.limits.product;
    let entry = |(place, text): (usize, &ProductText)| {
        let product = &found.products[place];
        let holds = match (product.judged_by(), product.boxes.and_then(|boxes| boxes.holds_peak())) {
            (Some(tier), _) if tier.holds_peak => "holds",
            (Some(_), _) | (None, Some(false)) => "too low",
            (None, Some(true)) => "holds",
            (None, None) if product.boxes.is_some() => "own boxes",
            (None, None) => "unknown",
        };
        let binds = found.products.len() > 1 && binding == Some(product.product);
        let binds = if binds { ", binds" } else { "" };
        let (open, close) = if place == at { ("[", "]") } else { (" ", " ") };
        let role = if place == at { Role::Key } else { Role::Dim };
        Span::styled(format!("{open}{}: {holds}{binds}{close} ", text.id), theme.style(role))
    };
    let spans: Vec<Span<'static>> = shown.products.iter().enumerate().map(entry).collect();
    let all: usize = spans.iter().map(|span| span.content.width()).sum();
    if all <= width {
        return Line::from(spans);
    }
    // Too many for one line: the shown one alone, and how many there are.
    let of = format!("{}/{} ", at + 1, spans.len());
    let span = &spans[at];
    let text = cut(&format!("{of}{}", span.content.trim()), width);
    Line::styled(text, span.style)
}

fn draw_tiers(state: &State, of: &ProductLimits, text: &ProductText, layout: &Layout, buffer: &mut Buffer) {
    let theme = &state.theme;
    let width = usize::from(layout.rows.width);
    let reserved = if width >= WIDTH_FOR_BARS { BAR.0 + 2 } else { 0 };
    let wanted =
        ["tier", "headroom", "holds_peak", "bound_by", "requests_per_minute", "money_per_minute", "needs"];
    let grid = Grid::fit(&text.tiers, width.saturating_sub(MARKS + reserved), &wanted);
    put(buffer, layout.head, 0, &format!("  {}", grid.head()), theme.style(Role::Dim));
    let selected = state.views.limits.selected;
    let first = first_shown(selected, of.tiers.len(), usize::from(layout.rows.height));
    let shown = of.tiers.iter().enumerate().skip(first).take(usize::from(layout.rows.height));
    for (at, tier) in shown {
        let chosen = at == selected;
        let role = match (chosen, state.focus) {
            (true, Focus::Screen) => Role::Selected,
            (true, _) => Role::Marked,
            (false, _) if tier.is_own => Role::Named,
            (false, _) => Role::Text,
        };
        let row = left(&format!("{} {}", if chosen { "▸" } else { " " }, grid.row(at)), MARKS + grid.width());
        let mut line = vec![Span::styled(row, theme.style(role))];
        if reserved > 0 {
            let room = width.saturating_sub(MARKS + grid.width() + 2).min(BAR.1);
            line.push(Span::raw("  "));
            line.push(bar(state, &tier.binding, room));
        }
        put_line(buffer, layout.rows, (at - first) as u16, &Line::from(line));
    }
}

/// Draws which share of a quota is taken: up to `│` where it holds, beyond it with `▶` where it does not.
fn bar(state: &State, quota: &QuotaUse, columns: usize) -> Span<'static> {
    let room = columns.saturating_sub(2);
    let taken = ((quota.used() * room as f64).ceil().min(room as f64)) as usize;
    let (end, role) = if quota.holds() { ("│ ", Role::Bar) } else { ("│→", Role::Fault) };
    // What does not hold is told by the arrow too.
    let style = state.theme.style(role).remove_modifier(ratatui::style::Modifier::REVERSED);
    Span::styled(format!("{}{}{end}", "█".repeat(taken), "·".repeat(room - taken)), style)
}

/// Returns what stands below the tiers.
fn lines(state: &State, of: &ProductLimits, text: &ProductText, width: usize) -> Vec<Line<'static>> {
    let theme = &state.theme;
    let width = width.saturating_sub(2);
    let said = |text: &str, role: Role| {
        let style = theme.style(role);
        wrap(text, width).into_iter().map(|line| Line::styled(line, style)).collect::<Vec<_>>()
    };
    let mut lines = Vec::new();
    if let Some(tier) = selected(state) {
        lines.push(Line::default());
        lines.extend(quotas(state, tier, width));
        lines.extend(said(&price(tier, text, state.views.limits.selected), Role::Text));
        if state.views.limits.explained {
            lines.extend(facts(tier).iter().flat_map(|fact| said(fact, Role::Text)));
        }
    }
    lines.push(Line::default());
    lines.extend(of.boxes.iter().flat_map(|boxes| of_boxes(state, boxes, width)));
    lines.extend(said(&text.verdict, Role::Text));
    if of.tiers.is_empty() && of.boxes.is_none() {
        lines.extend(said(&nothing_known(of, text), Role::Text));
    }
    let asked: Vec<String> = text.asked.iter().map(|(name, amount)| format!("{amount} {name}")).collect();
    if !asked.is_empty() {
        lines.extend(said(&format!("Asked at the peak: {}.", asked.join(", ")), Role::Dim));
    }
    let Some(shown) = &state.views.limits.shown else { return lines };
    lines.extend(index(shown, width).into_iter().map(|line| Line::styled(line, theme.style(Role::Text))));
    if of.tiers.is_empty() || state.views.limits.explained || state.size.1 > 30 {
        lines.push(Line::default());
        lines.extend(shown.notes.iter().flat_map(|note| said(note, Role::Dim)));
    }
    lines
}

/// Says what to do where no limits are published.
fn nothing_known(of: &ProductLimits, text: &ProductText) -> String {
    if !of.demand.is_any() {
        return "Give the workload requests to see what they ask for.".to_owned();
    }
    format!(
        "To hold it against the limits of your contract, write them as [[product.limit]] of {} in a price table of your \
         own and lay it over the others with --pricing FILE.",
        text.id
    )
}

/// Draws each quota of a tier with its demand.
fn quotas(state: &State, tier: &TierRow, width: usize) -> Vec<Line<'static>> {
    let amounts = |quota: &QuotaUse| format!("{} of {}", rough_tokens(quota.demand), whole(quota.size));
    let labels = tier.quotas.iter().map(|quota| quota.quota.label().width()).max().unwrap_or(0);
    let figures = tier.quotas.iter().map(|quota| amounts(quota).width()).max().unwrap_or(0);
    let words = tier.quotas.iter().map(|quota| headroom(quota).width() + 8).max().unwrap_or(0);
    let room = width.saturating_sub(MARKS + labels + figures + words + 4).min(BAR.1);
    let line = |quota: &QuotaUse| {
        let binds = if quota.quota == tier.bound_by() { " (binds)" } else { "" };
        let figures = format!("  {}  {}", left(quota.quota.label(), labels), left(&amounts(quota), figures));
        let mut spans = vec![Span::raw(figures)];
        if room >= BAR.0 {
            spans.push(Span::raw("  "));
            spans.push(bar(state, quota, room));
        }
        spans.push(Span::raw(format!("  {}{binds}", headroom(quota))));
        Line::from(spans)
    };
    tier.quotas.iter().map(line).collect()
}

/// Writes a demand: small ones with three digits, large ones whole.
fn rough_tokens(amount: f64) -> String {
    if amount < 100.0 { rough(amount) } else { whole(amount) }
}

/// Says what a minute at the limit costs, and what the tier takes.
fn price(tier: &TierRow, text: &ProductText, at: usize) -> String {
    let money = text.money.get(at).cloned().flatten();
    let money = money.map(|money| format!("a minute at the limit costs {money}"));
    let needs = tier.limit.needs.as_ref().map(|needs| format!("it takes {needs}"));
    let said: Vec<String> = [money, needs].into_iter().flatten().collect();
    if said.is_empty() { String::new() } else { format!("{}: {}.", tier.limit.tier, said.join("; ")) }
}

/// Says where the figures of a tier come from and how they count.
fn facts(tier: &TierRow) -> Vec<String> {
    let limit = &tier.limit;
    let mut facts = vec![format!("Known since {}: {}", limit.from, limit.source)];
    if limit.confidence != Confidence::High {
        facts.push(format!("The figures are of {} confidence.", limit.confidence.word()));
    }
    if !limit.counts_cached {
        facts.push("Tokens found in a cache do not count.".to_owned());
    }
    facts.extend(
        limit
            .above_input_tokens
            .map(|above| format!("It holds for calls of more than {} input tokens.", whole(above))),
    );
    facts
}

/// Draws how many boxes the peak needs against those that run.
fn of_boxes(state: &State, boxes: &Boxes, width: usize) -> Vec<Line<'static>> {
    let Some(count) = boxes.count else { return Vec::new() };
    let most = boxes.needed.max(count).max(1.0);
    let room = width.saturating_sub(24).clamp(1, BAR.1) as f64;
    let line = |name: &str, boxes: f64, role: Role| {
        let bar = "█".repeat((boxes / most * room).ceil().clamp(0.0, room) as usize);
        Line::from(vec![
            Span::raw(format!("  {} {} ", left(name, 8), left(&whole(boxes), 6))),
            Span::styled(bar, state.theme.style(role)),
        ])
    };
    vec![line("needed", boxes.needed, Role::Bar), line("running", count, Role::Named), Line::default()]
}

/// Returns how long the index takes once, as far as there is room for columns.
fn index(shown: &Shown, width: usize) -> Vec<String> {
    if shown.index.rows.is_empty() {
        return Vec::new();
    }
    let wanted = ["job", "minutes", "tier", "product", "bound_by", "tokens"];
    let grid = Grid::fit(&shown.index, width, &wanted);
    let rows = (0..shown.index.rows.len()).map(|row| grid.row(row));
    [String::new(), grid.head()].into_iter().chain(rows).collect()
}
