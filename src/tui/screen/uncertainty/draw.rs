//! Draws the designs over all draws, and the spread of the selected one.
//!
//! ```text
//! Cost of a month in 10,000 draws, seed 1
//! requests/month 22,500 to 37,500, most likely 30,000
//! acme/small:rag is the cheapest at the middle values; another one is in 31% of the draws
//!                        p5      p50      p95   over  cheapest  $100       $1k (log)
//! ▸★ acme/small:rag  $110.1  $130.26  $151.02    12%     69.1%  ├──┼───┤
//!
//! acme/small:rag: p5 $110.1, p50 $130.26, p95 $151.02
//!       ▂▄▇█▇▅▃▂
//! ────────────────▲──
//! $98.02   $131   $164
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::histogram::draw_histogram;
use super::scale::Scale;
use super::{Shown, selected_at, wanted};
use crate::analysis::simulate::{Quantiles, Row, Simulation};
use crate::present::{self, cut, money_axis, money_rough, whole};
use crate::report::simulate as rows;
use crate::tui::action::Screen;
use crate::tui::facts;
use crate::tui::screen::said::filter_chip;
use crate::tui::state::{Focus, State};
use crate::tui::text::{first_shown, left, put, put_line, right, split_bottom, split_top, wrap, wrap_up_to};
use crate::tui::theme::Role;
use crate::tui::ticks::ticks;

/// Columns of cursor, mark of the cheapest, and a blank.
const MARKS: usize = 3;

/// Columns that names keep before numbers give way.
const NAME: usize = 20;

/// Fewest columns of a band, and the most.
const BAND: (usize, usize) = (9, 60);

/// Columns that a band has beside whole names before its ends are written there too.
const EASY_BAND: usize = 20;

/// Rows from which the ranges and what follows have a line of their own, from which what follows may have two, since its
/// number is the answer, and from which the ranges may have three, in which five of them find room on 80 columns.
const ROWS_FOR_TOP: (u16, u16, u16) = (9, 13, 19);

/// Rows from which there is a histogram.
const ROWS_FOR_HISTOGRAM: u16 = 15;

/// Fewest and most rows of a histogram's bars.
const BARS: (u16, u16) = (3, 8);

/// Where the parts of the screen lie.
pub(super) struct Layout {
    told: Vec<Line<'static>>,
    top: Rect,
    head: Rect,
    /// The list below its head.
    pub(super) rows: Rect,
    foot: Rect,
    /// The explanation, where it is asked for; else the foot is the histogram's.
    explained: Vec<Line<'static>>,
}

impl Layout {
    pub(super) fn of(state: &State, shown: &Shown, area: Rect) -> Layout {
        let told = told(state, shown, area);
        let (top, rest) = split_top(area, told.len() as u16);
        let explained = explanation(state, shown, usize::from(area.width));
        let foot = match explained.len() as u16 {
            0 if area.height < ROWS_FOR_HISTOGRAM => 0,
            // A blank line, the title, the axis and its labels.
            0 => (area.height / 5).clamp(BARS.0, BARS.1) + 4,
            lines => lines,
        };
        let (list, foot) = split_bottom(rest, foot.min(rest.height * 2 / 3));
        let (head, rows) = split_top(list, 1);
        Layout { told, top, head, rows, foot, explained }
    }
}

/// Says why there is nothing to see.
pub(super) fn draw_empty(state: &State, told: &[String], area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let lines = told.iter().flat_map(|text| {
        let lines = wrap(text, width);
        if lines.is_empty() { vec![String::new()] } else { lines }
    });
    for (row, line) in lines.enumerate() {
        put(buffer, area, row as u16, &line, state.theme.style(Role::Text));
    }
}

pub(super) fn draw_simulation(state: &State, shown: &Shown, area: Rect, buffer: &mut Buffer) {
    let Ok(found) = &shown.simulation else { return };
    let layout = Layout::of(state, shown, area);
    for (row, line) in layout.told.iter().enumerate() {
        put_line(buffer, layout.top, row as u16, line);
    }
    draw_list(state, shown, found, &layout, buffer);
    for (row, line) in layout.explained.iter().enumerate() {
        put_line(buffer, layout.foot, row as u16, line);
    }
    if layout.explained.is_empty() {
        draw_histogram(state, shown, found, layout.foot, buffer);
    }
}

/// Returns the lines above the list: what was drawn, from which ranges, and how sure the answer is.
fn told(state: &State, shown: &Shown, area: Rect) -> Vec<Line<'static>> {
    let theme = &state.theme;
    let width = usize::from(area.width);
    let mut lines = vec![title(state, shown, width)];
    if area.height < ROWS_FOR_TOP.0 {
        return lines;
    }
    let (ranges, note) = match area.height {
        height if height >= ROWS_FOR_TOP.2 => (3, 2),
        height if height >= ROWS_FOR_TOP.1 => (1, 2),
        _ => (1, 1),
    };
    let told = |text: &str, most: usize| {
        let lines = wrap_up_to(text, width, most).into_iter();
        lines.map(|line| Line::styled(line, theme.style(Role::Dim))).collect::<Vec<_>>()
    };
    lines.extend(told(&shown.ranges, ranges));
    match filter_chip(state, Screen::Uncertainty, "Esc clears", width) {
        None => lines.extend(told(shown.notes.first().map_or("", String::as_str), note)),
        Some(spans) => lines.push(Line::from(spans)),
    }
    lines
}

/// Says what was drawn, and whether it is of earlier numbers.
fn title(state: &State, shown: &Shown, width: usize) -> Line<'static> {
    let theme = &state.theme;
    let request = shown.request;
    let samples = whole(f64::from(request.samples));
    let title = cut(&format!("Cost of a month in {samples} draws, seed {}", request.seed), width);
    let room = width.saturating_sub(title.width() + 1);
    let mut spans = vec![Span::styled(title, theme.style(Role::Heading))];
    if request != wanted(state) {
        let stopped = state.jobs.is_stopped(Screen::Uncertainty);
        let text = if stopped { " of earlier numbers; r draws again " } else { " of earlier numbers " };
        spans.extend([Span::raw(" "), Span::styled(cut(text, room), theme.style(Role::Chip))]);
    }
    Line::from(spans)
}

fn draw_list(state: &State, shown: &Shown, found: &Simulation, layout: &Layout, buffer: &mut Buffer) {
    let theme = &state.theme;
    let listed = &state.views.uncertainty.rows;
    if listed.is_empty() {
        return put(
            buffer,
            layout.rows,
            0,
            "No design has these words; Esc clears them.",
            theme.style(Role::Text),
        );
    }
    let table = Table::of(state, shown, found, usize::from(layout.rows.width));
    put(buffer, layout.head, 0, &table.head(), theme.style(Role::Dim));
    let selected = selected_at(state);
    let first = first_shown(selected, listed.len(), usize::from(layout.rows.height));
    for (at, row) in listed.iter().enumerate().skip(first).take(usize::from(layout.rows.height)) {
        let y = (at - first) as u16;
        put_line(buffer, layout.rows, y, &table.line(state, &found.rows[*row], at == selected));
        if at == selected {
            let role = if state.focus == Focus::Screen { Role::Selected } else { Role::Marked };
            let row = Rect { y: layout.rows.y + y, height: 1, ..layout.rows };
            buffer.set_style(row, theme.style(role));
        }
    }
}

fn explanation(state: &State, shown: &Shown, width: usize) -> Vec<Line<'static>> {
    let draws = &state.views.uncertainty;
    let row = draws.rows.get(selected_at(state)).filter(|_| draws.explained);
    let told = row.and_then(|row| shown.explained.get(*row));
    told.map_or(Vec::new(), |told| facts::lines(&state.theme, told, width))
}

/// The list's columns; a width of 0 leaves one out.
struct Table<'s> {
    shown: &'s Shown,
    found: &'s Simulation,
    scale: Scale,
    name: usize,
    /// Whether there is room for the vendors in all names.
    in_full: bool,
    /// p5, p50, p95, chance over the budget, chance to be the cheapest.
    cells: [usize; 5],
    band: usize,
}

const TITLES: [&str; 5] = ["p5", "p50", "p95", "over", "cheapest"];

impl<'s> Table<'s> {
    /// Gives numbers the room that they need, names and bands the rest; the ends of bands, the chance over the budget
    /// and that to be the cheapest go, in this order, where bands would be too short.
    fn of(state: &State, shown: &'s Shown, found: &'s Simulation, width: usize) -> Table<'s> {
        let mut table =
            Table { shown, found, scale: Scale::of(found), name: 0, in_full: true, cells: [0; 5], band: 0 };
        let texts: Vec<[String; 5]> = found.rows.iter().map(|row| table.texts(row)).collect();
        for (cell, title) in TITLES.iter().enumerate() {
            let widest = texts.iter().map(|texts| texts[cell].width()).max().unwrap_or(0);
            let unused = cell == 3 && found.budget.is_none();
            table.cells[cell] = if unused { 0 } else { widest.max(title.width()) };
        }
        let longest = [true, false].map(|in_full| {
            // One more for the mark of those without a cost in some draws.
            let names = found.rows.iter().map(|row| name(state, row, in_full).width() + 1);
            names.max().unwrap_or(0).max(1)
        });
        let median = texts.iter().map(|texts| texts[1].width()).max().unwrap_or(0).max(TITLES[1].width());
        table.fit(width.saturating_sub(MARKS), longest, median);
        table
    }

    /// Leaves out what there is no room for.
    fn fit(&mut self, room: usize, [full, short]: [usize; 2], median: usize) {
        self.name = full;
        if self.taken() + 2 + EASY_BAND > room {
            (self.cells[0], self.cells[2]) = (0, 0);
        }
        self.in_full = self.taken() + 2 + BAND.0 <= room;
        let longest = if self.in_full { full } else { short };
        self.name = longest.min(NAME);
        for gone in [3, 4] {
            if self.taken() + 2 + BAND.0 > room {
                self.cells[gone] = 0;
            }
        }
        let spare = room.saturating_sub(self.taken());
        if spare < 2 + BAND.0 {
            // No band; the median says as much in fewer columns.
            self.name = self.name.min(room).max(1);
            self.cells[1] = if self.name + 2 + median <= room { median } else { 0 };
            self.name += room.saturating_sub(self.taken()).min(longest - self.name);
            return;
        }
        self.name += (spare - 2 - BAND.0).min(longest - self.name);
        self.band = (room - self.taken() - 2).min(BAND.1);
    }

    fn taken(&self) -> usize {
        self.name + self.cells.iter().filter(|width| **width > 0).map(|width| width + 2).sum::<usize>()
    }

    fn texts(&self, row: &Row) -> [String; 5] {
        let Some(costs) = row.costs else { return Default::default() };
        let money = |cost| money_rough(cost, self.shown.currency);
        let chance = |chance: Option<crate::analysis::simulate::Chance>| {
            chance.map_or(present::UNKNOWN.to_owned(), |chance| rows::shown(chance.share))
        };
        let (over, cheapest) = (chance(row.over_budget), chance(row.cheapest));
        [money(costs.p5), money(costs.p50), money(costs.p95), over, cheapest]
    }

    fn cells(&self, texts: &[String; 5]) -> String {
        let cells = texts.iter().zip(self.cells).filter(|(_, width)| *width > 0);
        cells.map(|(text, width)| format!("  {}", right(text, width))).collect()
    }

    fn head(&self) -> String {
        let titles = self.cells(&TITLES.map(str::to_owned));
        format!("{}{}{titles}  {}", " ".repeat(MARKS), " ".repeat(self.name), self.marks())
    }

    /// Returns round costs along the band, each written from its place on.
    fn marks(&self) -> String {
        let mut text = String::new();
        for cost in ticks(self.scale.from, self.scale.to, self.scale.log, (self.band / 9).max(2)) {
            let label = money_axis(cost, self.shown.currency);
            let Some(column) = self.scale.column(cost, self.band) else { continue };
            if column + label.width() <= self.band && (text.is_empty() || column > text.width()) {
                text.push_str(&" ".repeat(column - text.width()));
                text.push_str(&label);
            }
        }
        let log = " (log)";
        if self.scale.log && text.width() + log.len() <= self.band { text + log } else { text }
    }

    fn line(&self, state: &State, row: &Row, chosen: bool) -> Line<'static> {
        let theme = &state.theme;
        let cheapest = self.found.cheapest == Some(row.pair);
        let partly = if row.costs.is_some() && row.without_cost > 0.0 { "~" } else { "" };
        let name = left(&format!("{}{partly}", name(state, row, self.in_full)), self.name);
        let role = if cheapest { Role::Cheapest } else { Role::Text };
        let mut spans = vec![
            Span::raw(if chosen { "▸" } else { " " }),
            Span::styled(if cheapest { "★ " } else { "  " }, theme.style(Role::Cheapest)),
            Span::styled(name, theme.style(role)),
        ];
        match row.costs {
            Some(costs) => {
                spans.push(Span::styled(self.cells(&self.texts(row)), theme.style(role)));
                spans.push(Span::raw("  "));
                spans.extend(self.band(state, &costs));
            }
            None => {
                let reason = row.reason.as_ref().map_or("no cost".to_owned(), |reason| reason.to_string());
                let taken = self.taken() - self.name + 2 + self.band;
                spans.push(Span::styled(
                    format!("  {}", cut(&reason, taken.saturating_sub(2))),
                    theme.style(Role::Dim),
                ));
            }
        }
        Line::from(spans)
    }

    /// Draws from p5 over p50 to p95, with the budget where nothing else is.
    fn band(&self, state: &State, costs: &Quantiles) -> Vec<Span<'static>> {
        let place = |cost: f64| self.scale.column(cost, self.band);
        let (Some(p5), Some(p50), Some(p95)) = (place(costs.p5), place(costs.p50), place(costs.p95)) else {
            return Vec::new();
        };
        let budget = self.found.budget.and_then(place);
        let symbol = |cell: usize| match cell {
            _ if cell == p50 => ("┼", Role::Heading),
            _ if cell == p5 => ("├", Role::Bar),
            _ if cell == p95 => ("┤", Role::Bar),
            _ if Some(cell) == budget => ("┃", Role::Crossing),
            _ if (p5..p95).contains(&cell) => ("─", Role::Bar),
            _ => (" ", Role::Text),
        };
        let styled = |(symbol, role)| Span::styled(symbol, state.theme.style(role));
        (0..self.band).map(symbol).map(styled).collect()
    }
}

/// Returns the name of a design, with the vendor or without.
fn name(state: &State, row: &Row, in_full: bool) -> String {
    let name = state.work.name(row.pair);
    match name.split_once('/') {
        Some((_, short)) if !in_full => short.to_owned(),
        _ => name,
    }
}
