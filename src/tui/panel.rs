//! The parameters beside a screen.
//!
//! ```text
//! │ Parameters
//! │ requests/month      30,000
//! │ system                 300
//! │ corpus            200,000 *
//! │ context            derived
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::action::{Direction, Stride};
use super::nudge;
use super::state::{Focus, State};
use super::text::{first_shown, left, put, put_line, right, wrap};
use super::theme::Role;
use crate::present;
use crate::scenario::parameter::{Fallback, Unit};
use crate::scenario::{Origin, Param};

/// Columns of the panel, its border included.
pub const WIDTH: u16 = 34;

/// Rows from which the selected parameter is explained.
const ROWS_FOR_HELP: u16 = 12;

/// Where the user is in the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panel {
    /// Index of the selected parameter.
    pub selected: usize,
    /// The parameter itself, by which it is found again when others come or go.
    param: Option<Param>,
}

/// Keeps the selection on its parameter after a change of the scenario, or else within the list.
pub fn settle(state: &mut State, changed: bool) {
    let parameters = state.work.parameters();
    let place = |param: Param| parameters.iter().position(|other| *other == param);
    let kept = state.panel.param.filter(|_| changed).and_then(place);
    state.panel.selected = kept.unwrap_or(state.panel.selected).min(parameters.len().saturating_sub(1));
    state.panel.param = parameters.get(state.panel.selected).copied();
}

/// Returns the selected parameter.
pub fn selected(state: &State) -> Option<Param> {
    state.work.parameters().get(state.panel.selected).copied()
}

/// Moves the selected parameter one step.
pub fn change(state: &mut State, direction: Direction, stride: Stride) {
    let Some(param) = selected(state) else { return };
    let facts = param.facts();
    let from = state.work.value(param).unwrap_or_else(|| nudge::start(facts, &state.work.scenario().numbers));
    let to = nudge::nudge(facts, from, direction, stride);
    if to == from {
        state.note(format!("{} ends at {}", facts.label, present::parameter(facts, to)));
        return;
    }
    state.change(|scenario| {
        scenario.put(param, to, Origin::Override);
        Ok(())
    });
}

/// Begins to type the selected parameter's value.
pub fn ask(state: &mut State) {
    let Some(param) = selected(state) else { return };
    let prompt = format!("{} ({} now)", param.facts().label, shown(state, param));
    state.ask(param.facts().path, prompt);
}

/// Takes the selected parameter back to the scenario's value.
pub fn reset(state: &mut State) {
    let Some(param) = selected(state) else { return };
    match state.work.reset(param) {
        Ok(()) => state.note(format!("{} as in the scenario", param.facts().label)),
        Err(fault) => state.refuse(fault),
    }
}

/// Returns the value of a parameter as the panel shows it.
pub fn shown(state: &State, param: Param) -> String {
    let facts = param.facts();
    if param == Param::ContextTokens && state.work.scenario().modes.fill_context {
        return "fill".to_owned();
    }
    match state.work.value(param) {
        Some(value) if value >= 1e10 => present::compact(value),
        Some(value) => present::parameter(facts, value),
        None => "derived".to_owned(),
    }
}

/// Where the parts of the panel lie.
struct Layout {
    inner: Rect,
    explained: Vec<String>,
    rows: u16,
    first: usize,
}

impl Layout {
    fn of(state: &State, area: Rect) -> Layout {
        let inner = Rect { x: area.x + 2.min(area.width), width: area.width.saturating_sub(2), ..area };
        let explained =
            explanation(state, inner).filter(|_| area.height >= ROWS_FOR_HELP).unwrap_or_default();
        let rows = inner.height.saturating_sub(1 + explained.len() as u16);
        let first = first_shown(state.panel.selected, state.work.parameters().len(), usize::from(rows));
        Layout { inner, explained, rows, first }
    }
}

/// Returns the parameter that is drawn at a place.
pub fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
    let layout = Layout::of(state, area);
    let row = at.y.checked_sub(layout.inner.y + 1).filter(|row| *row < layout.rows)?;
    Some(layout.first + usize::from(row)).filter(|entry| *entry < state.work.parameters().len())
}

/// Draws the parameters.
pub fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
    let theme = &state.theme;
    for row in 0..area.height {
        put(buffer, area, row, "│", theme.style(Role::Dim));
    }
    let Layout { inner, explained, rows, first } = Layout::of(state, area);
    let focused = state.focus == Focus::Parameters;
    put(buffer, inner, 0, "Parameters", theme.style(if focused { Role::Key } else { Role::Dim }));
    for (at, param) in state.work.parameters().iter().enumerate().skip(first).take(usize::from(rows)) {
        let line = entry(state, *param, usize::from(inner.width));
        let row = 1 + (at - first) as u16;
        put_line(buffer, inner, row, &line);
        if at == state.panel.selected && focused {
            let area = Rect { y: inner.y + row, height: 1, ..inner };
            buffer.set_style(area, theme.style(Role::Selected));
        }
    }
    for (at, line) in explained.iter().enumerate() {
        let row = inner.height - explained.len() as u16 + at as u16;
        put(buffer, inner, row, line, theme.style(Role::Dim));
    }
}

fn entry(state: &State, param: Param, width: usize) -> Line<'static> {
    let theme = &state.theme;
    let value = shown(state, param);
    let changed = state.work.is_changed(param);
    let role = match (changed, value.as_str()) {
        (true, _) => Role::Changed,
        (false, "derived") => Role::Dim,
        _ => Role::Text,
    };
    let label_width = 15.min(width / 2);
    let value_width = width.saturating_sub(label_width + 2);
    let mark = if changed { " *" } else { "  " };
    Line::from(vec![
        Span::styled(left(param.facts().label, label_width), theme.style(Role::Text)),
        Span::styled(right(&value, value_width), theme.style(role)),
        Span::styled(mark, theme.style(role)),
    ])
}

/// Returns what the selected parameter means, for the foot of the panel.
fn explanation(state: &State, area: Rect) -> Option<Vec<String>> {
    const MOST: usize = 5;
    let facts = selected(state)?.facts();
    let unit = match facts.unit {
        Unit::Count | Unit::Share | Unit::Ratio => String::new(),
        unit => format!(" ({unit})"),
    };
    let derived = match (facts.fallback, state.work.value(facts.param)) {
        (Fallback::Derived(how), None) => format!(" Derived: {how}."),
        _ => String::new(),
    };
    let text = format!("{}{unit}: {}{derived}", facts.label, facts.help);
    let mut lines = wrap(&text, usize::from(area.width));
    lines.truncate(MOST);
    lines.insert(0, String::new());
    Some(lines)
}
