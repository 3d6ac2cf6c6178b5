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
use unicode_width::UnicodeWidthStr;

use super::action::{Direction, Stride};
use super::nudge;
use super::state::{Focus, State};
use super::text::{first_shown, left, put, put_line, right, wrap};
use super::theme::Role;
use crate::present;
use crate::scenario::form::Field;
use crate::scenario::parameter::{Fallback, Unit};
use crate::scenario::{Origin, Param, Target};

/// Columns of the panel, its border included.
pub const WIDTH: u16 = 34;

/// Rows from which the selected parameter is explained.
const ROWS_FOR_HELP: u16 = 12;

/// Where the user is in the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panel {
    /// Index of the selected parameter.
    pub selected: usize,
    /// Whether a wide screen has no parameters beside it.
    pub hidden: bool,
    /// The parameter itself, by which it is found again when others come or go.
    target: Option<Target>,
}

/// Keeps the selection on its parameter after a change of the scenario, or else within the list.
pub fn settle(state: &mut State, changed: bool) {
    let targets = state.work.targets();
    let place = |target: Target| targets.iter().position(|other| *other == target);
    let kept = state.panel.target.filter(|_| changed).and_then(place);
    state.panel.selected = kept.unwrap_or(state.panel.selected).min(targets.len().saturating_sub(1));
    state.panel.target = targets.get(state.panel.selected).copied();
}

/// Returns the selected parameter.
pub fn selected(state: &State) -> Option<Target> {
    state.work.targets().get(state.panel.selected).copied()
}

/// Moves the selected parameter one step.
pub fn change(state: &mut State, direction: Direction, stride: Stride) {
    if let Some(target) = selected(state) {
        nudge_number(state, target, direction, stride);
    }
}

/// Moves a number of the scenario one step, or says that it is at its end.
pub fn nudge_number(state: &mut State, target: Target, direction: Direction, stride: Stride) {
    let (scenario, facts) = (state.work.scenario(), target.param.facts());
    let from = scenario.number(target).unwrap_or_else(|| nudge::start(facts, &scenario.numbers));
    let to = nudge::nudge(facts, from, direction, stride);
    if to == from {
        state.note(format!("{} ends at {}", facts.label, present::parameter(facts, to)));
        return;
    }
    state.change(|scenario| {
        scenario.put(target, to, Origin::Override);
        Ok(())
    });
}

/// Begins to type the selected parameter's value.
pub fn ask(state: &mut State) {
    let Some(target) = selected(state) else { return };
    let scenario = state.work.scenario();
    let prompt = format!("{} ({} now)", scenario.label_of(target), shown(state, target));
    state.ask(scenario.path_of(target), prompt);
}

/// Takes the selected parameter back to the scenario's value.
pub fn reset(state: &mut State) {
    let Some(target) = selected(state) else { return };
    let label = state.work.scenario().label_of(target);
    match state.work.restore(Field::Number(target)) {
        Ok(()) => state.note(format!("{label} as in the scenario")),
        Err(fault) => state.refuse(fault),
    }
}

/// Returns the value of a parameter as the panel shows it.
pub fn shown(state: &State, target: Target) -> String {
    let (scenario, facts) = (state.work.scenario(), target.param.facts());
    if target == Param::ContextTokens.into() && scenario.modes.fill_context {
        return "fill".to_owned();
    }
    match scenario.number(target) {
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
        let first = first_shown(state.panel.selected, state.work.targets().len(), usize::from(rows));
        Layout { inner, explained, rows, first }
    }
}

/// Returns the parameter that is drawn at a place.
pub fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
    let layout = Layout::of(state, area);
    let row = at.y.checked_sub(layout.inner.y + 1).filter(|row| *row < layout.rows)?;
    Some(layout.first + usize::from(row)).filter(|entry| *entry < state.work.targets().len())
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
    for (at, target) in state.work.targets().iter().enumerate().skip(first).take(usize::from(rows)) {
        let line = entry(state, *target, usize::from(inner.width));
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

fn entry(state: &State, target: Target, width: usize) -> Line<'static> {
    let theme = &state.theme;
    let value = shown(state, target);
    let changed = state.work.is_changed(target);
    let role = match (changed, value.as_str()) {
        (true, _) => Role::Changed,
        (false, "derived") => Role::Dim,
        _ => Role::Text,
    };
    let label = state.work.scenario().label_of(target);
    // The name of a table takes what the value leaves.
    let room = width.saturating_sub(value.width() + 3).max(width / 2);
    let label_width = if target.group.is_some() { room } else { 15.min(width / 2) };
    let value_width = width.saturating_sub(label_width + 2);
    let mark = if changed { " *" } else { "  " };
    Line::from(vec![
        Span::styled(left(&label, label_width), theme.style(Role::Text)),
        Span::styled(right(&value, value_width), theme.style(role)),
        Span::styled(mark, theme.style(role)),
    ])
}

/// Returns what the selected parameter means, for the foot of the panel.
fn explanation(state: &State, area: Rect) -> Option<Vec<String>> {
    const MOST: usize = 5;
    let target = selected(state)?;
    let facts = target.param.facts();
    let unit = match facts.unit {
        Unit::Count | Unit::Share | Unit::Ratio => String::new(),
        unit => format!(" ({unit})"),
    };
    let derived = match (facts.fallback, state.work.scenario().number(target)) {
        (Fallback::Derived(how), None) => format!(" Derived: {how}."),
        _ => String::new(),
    };
    let text = format!("{}{unit}: {}{derived}", state.work.scenario().label_of(target), facts.help);
    let mut lines = wrap(&text, usize::from(area.width));
    lines.truncate(MOST);
    lines.insert(0, String::new());
    Some(lines)
}
