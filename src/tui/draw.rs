//! Puts a state on the screen; changes nothing. Where the parts lie is said in [`super::frame`].
//!
//! ```text
//!  ragonomics   1 Compare   2 Break-even   3 Bill
//!  ┌ screen ────────────────────────────────┐│ Parameters
//!  │                                        ││ requests/month   30,000
//!  └────────────────────────────────────────┘│ ...
//!  Support bot · 2 unsaved · prices of 2026-11-22 · USD · 12 prices, 2 old
//!  ? help  q quit  Space pin  s sort  / filter
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::action::Action;
use super::frame::{Frame, LEAST, NAME, tabs};
use super::job::Running;
use super::keys::{self, Key};
use super::listing::typed_line;
use super::state::{Message, Overlay, State};
use super::text::{put, put_line};
use super::theme::{Glyphs, Role, fold_to_ascii};
use super::typed::Typed;
use super::{export, help, palette, panel, picker, popup, question};
use crate::analysis::compare::Comparison;
use crate::present::{self, cut};

/// Columns of the bar that shows how far work is.
const PROGRESS: usize = 12;

/// Draws everything.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    match state.overlay {
        Overlay::Help(first) => help::draw(state, first, area, buffer),
        _ => draw_screen(state, area, buffer),
    }
    if state.theme.glyphs == Glyphs::Ascii {
        fold_to_ascii(buffer);
    }
}

fn draw_screen(state: &State, area: Rect, buffer: &mut Buffer) {
    let frame = Frame::within(state, area);
    draw_tabs(state, frame.head, buffer);
    state.screen.draw(state, frame.main, buffer);
    if frame.panel.width > 0 {
        panel::draw(state, frame.panel, buffer);
    }
    draw_over(state, &frame, buffer);
    draw_foot(state, &frame, buffer);
}

/// Draws what lies over the screen, which is dimmed beneath it.
fn draw_over(state: &State, frame: &Frame, buffer: &mut Buffer) {
    let body = frame.body;
    let covers = matches!(
        state.overlay,
        Overlay::Palette(_) | Overlay::Pick(_) | Overlay::Export(_) | Overlay::Question(_)
    );
    if covers {
        popup::dim(&state.theme, frame.head.union(body), buffer);
    }
    match &state.overlay {
        Overlay::Palette(palette) => palette::draw(state, palette, body, buffer),
        Overlay::Pick(picker) => picker::draw(state, picker, body, buffer),
        Overlay::Export(selected) => export::draw(state, *selected, body, buffer),
        Overlay::Question(question) => question::draw(state, question, body, buffer),
        _ => {}
    }
}

/// Draws status and keys; on a small terminal what is typed or said, or else that there is more to see.
fn draw_foot(state: &State, frame: &Frame, buffer: &mut Buffer) {
    let width = usize::from(frame.foot.width);
    if frame.small {
        let quiet = matches!(state.overlay, Overlay::None) && state.message.is_none();
        let hint = format!(" {}×{} shows more · ? q", LEAST.0, LEAST.1);
        let line = if quiet {
            Line::styled(cut(&hint, width), state.theme.style(Role::Dim))
        } else {
            status_line(state, width)
        };
        return put_line(buffer, frame.foot, 0, &line);
    }
    put_line(buffer, frame.foot, 0, &status_line(state, width));
    // A value that was refused stays to be corrected; the reason stands below it.
    match (&state.overlay, &state.message) {
        (Overlay::Value(_) | Overlay::Pick(_), Some(Message::Fault(text))) => {
            put_line(buffer, frame.foot, 1, &fault_line(state, text, width));
        }
        _ => put_line(buffer, frame.foot, 1, &footer(state, width)),
    }
}

fn fault_line(state: &State, text: &str, width: usize) -> Line<'static> {
    Line::styled(format!(" {} ", cut(text, width.saturating_sub(2))), state.theme.style(Role::Fault))
}

fn draw_tabs(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let tabs = tabs(state, area.width);
    if tabs.first().is_some_and(|tab| usize::from(tab.start) >= NAME.width()) {
        put(buffer, area, 0, NAME, theme.style(Role::Heading));
    }
    for tab in tabs {
        let role = if tab.screen == state.screen { Role::Selected } else { Role::Text };
        let place = Rect {
            x: area.x + tab.start.min(area.width),
            width: area.width.saturating_sub(tab.start),
            ..area
        };
        put(buffer, place, 0, &tab.text, theme.style(role));
    }
}

fn status_line(state: &State, width: usize) -> Line<'static> {
    let theme = &state.theme;
    let prompt = |what: &str, typed: &Typed| {
        // A long prompt gives way to what is typed, and keeps some columns.
        let least = 8.min(width / 3);
        let room = width.saturating_sub(typed.text().width() + 4).max(least);
        typed_line(theme, &format!(" {} ", present::shorten(what, room)), typed, width)
    };
    match (&state.overlay, &state.message) {
        (Overlay::Filter(typed), _) => prompt("filter:", typed),
        (Overlay::Value(value), _) => prompt(&format!("{} =", value.prompt), &value.text),
        // The box says it in full, where there is room for one.
        (Overlay::Question(question), _) if state.size.0 < LEAST.0 || state.size.1 < LEAST.1 => {
            let text = format!(" {} y/n ", cut(&question::text(state, question), width.saturating_sub(6)));
            Line::styled(text, theme.style(Role::Chip))
        }
        (Overlay::Question(_), _) => Line::from(status(state, width)),
        (_, Some(Message::Fault(text))) => fault_line(state, text, width),
        (_, Some(Message::Note(text))) => {
            Line::styled(format!(" {}", cut(text, width.saturating_sub(1))), theme.style(Role::Text))
        }
        (_, None) => match state.jobs.shown(state.screen) {
            Some(running) => progress(state, running, width),
            None => Line::from(status(state, width)),
        },
    }
}

/// Says what is being worked on and how far it is.
fn progress(state: &State, running: &Running, width: usize) -> Line<'static> {
    let done = (running.progress() * PROGRESS as f64).round() as usize;
    let bar = format!("{}{}", "█".repeat(done.min(PROGRESS)), "·".repeat(PROGRESS - done.min(PROGRESS)));
    let percent = present::percent(running.progress());
    let tail = if width >= 60 { "  Esc stops" } else { "" };
    let text = format!("{} {percent}{tail}", running.what);
    Line::from(vec![
        Span::raw(" "),
        Span::styled(bar, state.theme.style(Role::Bar)),
        Span::raw(format!(" {}", cut(&text, width.saturating_sub(PROGRESS + 2)))),
    ])
}

/// Says what is compared at which prices; the name gives way where there is no room.
fn status(state: &State, width: usize) -> Vec<Span<'static>> {
    let comparison = state.work.comparison();
    let prices = if width >= 70 { "prices of " } else { "" };
    let (day, currency) = (comparison.as_of, comparison.currency);
    let facts = |counted| format!(" · {prices}{day} · {currency}{}", price_ages(comparison, counted));
    let unsaved = match state.work.unsaved().len() {
        0 => String::new(),
        count => format!(" *{count} unsaved"),
    };
    let name = match (&state.source, comparison.scenario.as_str()) {
        (Some(source), "") => source.clone(),
        (Some(source), name) if width >= 140 => format!("{name} ({source})"),
        (_, "") => "unnamed scenario".to_owned(),
        (_, name) => name.to_owned(),
    };
    // The number of prices gives way before what is wrong with some of them.
    let whole = facts(true);
    let facts = if unsaved.width() + whole.width() + 10 > width { facts(false) } else { whole };
    let room = width.saturating_sub(unsaved.width() + facts.width() + 2).max(8);
    let name = format!(" {}", present::shorten(&name, room));
    let left = width.saturating_sub(name.width() + unsaved.width());
    let dim = state.theme.style(Role::Dim);
    vec![
        Span::styled(name, dim),
        Span::styled(unsaved, state.theme.style(Role::Changed)),
        Span::styled(cut(&facts, left), dim),
    ]
}

fn price_ages(comparison: &Comparison, counted: bool) -> String {
    let shown = comparison.prices_shown;
    let mut parts = Vec::new();
    if counted {
        parts.push(if shown == 1 { "1 price".to_owned() } else { format!("{shown} prices") });
    }
    if comparison.prices_stale > 0 {
        parts.push(format!("{} old", comparison.prices_stale));
    }
    if comparison.prices_uncertain > 0 {
        parts.push(format!("{} uncertain", comparison.prices_uncertain));
    }
    if parts.is_empty() { String::new() } else { format!(" · {}", parts.join(", ")) }
}

/// Returns the keys of the scopes in force that have a short name, as many as there is room for.
fn footer(state: &State, width: usize) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    for (keys, brief) in footer_entries(state) {
        used += keys.width() + brief.width() + 3;
        if used > width + 2 {
            break;
        }
        spans.push(Span::styled(keys, state.theme.style(Role::Key)));
        spans.push(Span::styled(format!(" {brief}  "), state.theme.style(Role::Dim)));
    }
    Line::from(spans)
}

/// The way to the help and out stands first; keys with the same short name stand together.
fn footer_entries(state: &State) -> Vec<(String, &'static str)> {
    let (first, rest): (Vec<_>, Vec<_>) = keys::in_force(&state.scopes())
        .partition(|binding| matches!(binding.action, Action::Help | Action::Quit));
    let mut entries: Vec<(String, &'static str)> = Vec::new();
    for binding in first.into_iter().chain(rest).filter(|binding| !binding.brief.is_empty()) {
        let key = binding.keys.first().map(Key::to_string).unwrap_or_default();
        match entries.iter_mut().find(|(_, brief)| *brief == binding.brief) {
            Some((keys, _)) if keys.chars().count() == 1 => keys.push_str(&key),
            Some(_) => {}
            None => entries.push((key, binding.brief)),
        }
    }
    entries
}
