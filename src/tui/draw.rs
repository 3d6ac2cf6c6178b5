//! Puts a state on the screen; changes nothing.
//!
//! ```text
//!  ragonomics   1 Compare   2 Break-even                 2 values changed
//! ┌ screen ─────────────────────────────────┐│ Parameters
//! │                                         ││ requests/month   30,000
//! └─────────────────────────────────────────┘│ ...
//!  Support bot · prices of 2026-11-22 · USD · 12 prices, 2 old
//!  Space pin  s sort  / filter  ? help  q quit
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::action::{Action, Screen};
use super::keys::{self, Key};
use super::screen::{chart, ranking};
use super::state::{Message, Overlay, State};
use super::text::{put, put_line, split_bottom, split_top};
use super::theme::{Glyphs, Role, fold_to_ascii};
use super::{help, panel};
use crate::analysis::compare::Comparison;
use crate::present::{self, cut};

/// Columns and rows below which nothing useful can be shown.
const LEAST: (u16, u16) = (40, 10);

/// Draws everything.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    if area.width < LEAST.0 || area.height < LEAST.1 {
        put(buffer, area, 0, "terminal too small", state.theme.style(Role::Text));
        let wanted = format!("{}×{} needed", LEAST.0, LEAST.1);
        put(buffer, area, 1, &wanted, state.theme.style(Role::Dim));
    } else if let Overlay::Help(first) = state.overlay {
        help::draw(state, first, area, buffer);
    } else {
        draw_screen(state, area, buffer);
    }
    if state.theme.glyphs == Glyphs::Ascii {
        fold_to_ascii(buffer);
    }
}

fn draw_screen(state: &State, area: Rect, buffer: &mut Buffer) {
    let (head, rest) = split_top(area, 1);
    let (body, foot) = split_bottom(rest, 2);
    draw_tabs(state, head, buffer);
    let (main, side) = split_panel(state, body);
    match state.screen {
        Screen::Compare => ranking::draw(state, main, buffer),
        Screen::BreakEven => chart::draw(state, main, buffer),
    }
    if side.width > 0 {
        panel::draw(state, side, buffer);
    }
    draw_status(state, foot, buffer);
    // A value that was refused stays to be corrected; the reason stands below it.
    match (&state.overlay, &state.message) {
        (Overlay::Value(_), Some(Message::Fault(text))) => {
            put_line(buffer, foot, 1, &fault_line(state, text, usize::from(foot.width)));
        }
        _ => put_line(buffer, foot, 1, &footer(state, usize::from(foot.width))),
    }
}

fn fault_line(state: &State, text: &str, width: usize) -> Line<'static> {
    Line::styled(format!(" {} ", cut(text, width.saturating_sub(2))), state.theme.style(Role::Fault))
}

/// Gives the parameters their columns, or all of them where both would be too narrow.
fn split_panel(state: &State, body: Rect) -> (Rect, Rect) {
    const NARROWEST: u16 = 40;
    if !state.has_panel() {
        return (body, Rect { width: 0, ..body });
    }
    let width = if body.width < panel::WIDTH + NARROWEST { body.width } else { panel::WIDTH };
    let main = body.width - width;
    let gap = u16::from(main > 0);
    (Rect { width: main - gap, ..body }, Rect { x: body.x + main, width, ..body })
}

fn draw_tabs(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let mut spans = vec![Span::styled(" ragonomics ", theme.style(Role::Heading))];
    for (at, screen) in Screen::ALL.into_iter().enumerate() {
        let role = if screen == state.screen { Role::Selected } else { Role::Text };
        spans.push(Span::styled(format!(" {} {} ", at + 1, screen.title()), theme.style(role)));
        spans.push(Span::raw(" "));
    }
    let tabs = Line::from(spans);
    put_line(buffer, area, 0, &tabs);
    let text = match state.work.changes() {
        0 => return,
        1 => "1 value changed ".to_owned(),
        count => format!("{count} values changed "),
    };
    let width = text.width() as u16;
    if usize::from(area.width) > tabs.width() + text.width() {
        let corner = Rect { x: area.right() - width, width, ..area };
        put(buffer, corner, 0, &text, theme.style(Role::Changed));
    }
}

fn draw_status(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    let width = usize::from(area.width);
    let prompt = |what: &str, text: &str| {
        let text = format!(" {what} {text}");
        Line::from(vec![
            Span::styled(present::shorten(&text, width.saturating_sub(1)), theme.style(Role::Chip)),
            Span::styled("▏", theme.style(Role::Text)),
        ])
    };
    let line = match (&state.overlay, &state.message) {
        (Overlay::Filter(text), _) => prompt("filter:", text),
        (Overlay::Value(text), _) => prompt(&value_prompt(state), text),
        (_, Some(Message::Fault(text))) => fault_line(state, text, width),
        (_, Some(Message::Note(text))) => {
            Line::styled(format!(" {}", cut(text, width.saturating_sub(1))), theme.style(Role::Text))
        }
        (_, None) => Line::styled(status(state, width), theme.style(Role::Dim)),
    };
    put_line(buffer, area, 0, &line);
}

fn value_prompt(state: &State) -> String {
    let Some(param) = panel::selected(state) else { return String::new() };
    format!("{} ({} now) =", param.facts().label, panel::shown(state, param))
}

/// Says what is compared at which prices; the name gives way where there is no room.
fn status(state: &State, width: usize) -> String {
    let comparison = state.work.comparison();
    let prices = if width >= 70 { "prices of " } else { "" };
    let (day, currency) = (comparison.as_of, comparison.currency);
    let facts = format!(" · {prices}{day} · {currency} · {}", price_ages(comparison));
    let name = match (&state.source, comparison.scenario.as_str()) {
        (Some(source), "") => source.clone(),
        (Some(source), name) if width >= 140 => format!("{name} ({source})"),
        (_, "") => "unnamed scenario".to_owned(),
        (_, name) => name.to_owned(),
    };
    let room = width.saturating_sub(facts.width() + 2).max(8);
    present::shorten(&format!(" {}{facts}", present::shorten(&name, room)), width)
}

fn price_ages(comparison: &Comparison) -> String {
    let shown = comparison.prices_shown;
    let mut parts = vec![if shown == 1 { "1 price".to_owned() } else { format!("{shown} prices") }];
    if comparison.prices_stale > 0 {
        parts.push(format!("{} old", comparison.prices_stale));
    }
    if comparison.prices_uncertain > 0 {
        parts.push(format!("{} uncertain", comparison.prices_uncertain));
    }
    parts.join(", ")
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
