//! The list of designs: a name, quantiles and chances in figures, and a band from p5 over p50 to p95.
//!
//! ```text
//!                        p5      p50      p95   over  $100       │$200
//! ▸★ small:rag      $110.10  $130.26  $151.02    12%    ╺━▌━━╸   │
//! ```

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::Shown;
use super::scale::Scale;
use crate::analysis::simulate::{Chance, Quantiles, Row, Simulation};
use crate::present::{self, cut, money_axis, money_rough, shorten};
use crate::report::simulate as rows;
use crate::tui::state::State;
use crate::tui::text::{left, right};
use crate::tui::theme::Role;
use crate::tui::ticks::ticks;

/// Columns of cursor, mark of the cheapest, and a blank.
const MARKS: usize = 3;

/// Columns that names keep before numbers give way.
const NAME: usize = 18;

/// Columns that a model keeps beside its strategy.
const LEAST_MODEL: usize = 5;

/// Columns of a band: fewest, those that it has before figures stand beside it, those before names become longer, most.
const BAND: [usize; 4] = [9, 24, 30, 60];

/// Figures in the order in which they are needed, beside the median: both ends, the chance to be the cheapest, that to
/// be over the budget.
const NEEDED: [&[usize]; 3] = [&[0, 2], &[4], &[3]];

const TITLES: [&str; 5] = ["p5", "p50", "p95", "over", "cheapest"];

/// How much of a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// Vendor, model and strategy.
    Full,
    /// Model and strategy.
    WithoutVendor,
    /// Model and strategy, that without what both strategies over a context have in their names.
    Brief,
}

impl Naming {
    /// From the shortest on.
    const ALL: [Naming; 3] = [Naming::Brief, Naming::WithoutVendor, Naming::Full];

    fn of(self, name: &str) -> &str {
        let short = name.split_once('/').map_or(name, |(_, short)| short);
        match self {
            Naming::Full => name,
            Naming::WithoutVendor => short,
            Naming::Brief => short.strip_suffix("_context").unwrap_or(short),
        }
    }
}

/// The list's columns; a width of 0 leaves one out.
pub(super) struct Table<'s> {
    shown: &'s Shown,
    found: &'s Simulation,
    scale: Scale,
    name: usize,
    naming: Naming,
    /// p5, p50, p95, chance over the budget, chance to be the cheapest.
    cells: [usize; 5],
    band: usize,
}

impl<'s> Table<'s> {
    /// Gives the median and the band the room that they need, then the other figures, then longer names; bands are on a
    /// scale of the rows that are seen.
    pub(super) fn of(
        state: &State,
        shown: &'s Shown,
        found: &'s Simulation,
        seen: &[usize],
        width: usize,
    ) -> Table<'s> {
        let scale = Scale::of_bands(found, seen);
        let (naming, cells) = (Naming::Brief, [0; 5]);
        let mut table = Table { shown, found, scale, name: 0, naming, cells, band: 0 };
        let texts: Vec<[String; 5]> = found.rows.iter().map(|row| table.texts(row)).collect();
        let widest = |cell: usize| {
            let widest = texts.iter().map(|texts| texts[cell].width()).max().unwrap_or(0);
            let unused = cell == 3 && found.budget.is_none();
            if unused { 0 } else { widest.max(TITLES[cell].width()) }
        };
        let names: Vec<String> = found.rows.iter().map(|row| state.work.name(row.pair)).collect();
        table.fit(width.saturating_sub(MARKS), &names, [0, 1, 2, 3, 4].map(widest));
        table
    }

    /// Leaves out what there is no room for.
    fn fit(&mut self, room: usize, names: &[String], widths: [usize; 5]) {
        let namings = distinct(names);
        let (naming, longest) = namings[0];
        let names: Vec<&str> = names.iter().map(|name| naming.of(name)).collect();
        // One column stays for the mark of those without a cost in some draws.
        let apart = (NAME..longest).find(|width| are_apart(names.iter().map(|name| fitted(name, width - 1))));
        (self.naming, self.name) = (naming, apart.unwrap_or(longest));
        self.cells[1] = widths[1];
        for figures in NEEDED {
            let needed: usize =
                figures.iter().map(|cell| widths[*cell]).filter(|w| *w > 0).map(|w| w + 2).sum();
            if self.taken() + needed + 2 + BAND[1] <= room {
                figures.iter().for_each(|cell| self.cells[*cell] = widths[*cell]);
            }
        }
        if self.taken() + 2 + BAND[0] > room {
            // No band; the median says as much in fewer columns.
            self.name = self.name.min(room).max(1);
            self.cells[1] = if self.name + 2 + widths[1] <= room { widths[1] } else { 0 };
            self.name += room.saturating_sub(self.taken()).min(longest.saturating_sub(self.name));
            return;
        }
        let spare = |table: &Table<'_>, band: usize| room.saturating_sub(table.taken() + 2 + band);
        let enough = if self.name < longest { BAND[1] } else { BAND[2] };
        self.name += spare(self, enough).min(longest - self.name);
        for (naming, longest) in &namings[1..] {
            if longest - self.name.min(*longest) <= spare(self, BAND[2]) {
                (self.naming, self.name) = (*naming, self.name.max(*longest));
            }
        }
        self.band = (room - self.taken() - 2).min(BAND[3]);
    }

    fn taken(&self) -> usize {
        self.name + self.cells.iter().filter(|width| **width > 0).map(|width| width + 2).sum::<usize>()
    }

    fn texts(&self, row: &Row) -> [String; 5] {
        let Some(costs) = row.costs else { return Default::default() };
        let money = |cost| money_rough(cost, self.shown.currency);
        let chance = |chance: Option<Chance>| {
            chance.map_or(present::UNKNOWN.to_owned(), |chance| rows::shown(chance.share))
        };
        let (over, cheapest) = (chance(row.over_budget), chance(row.cheapest));
        [money(costs.p5), money(costs.p50), money(costs.p95), over, cheapest]
    }

    fn cells(&self, texts: &[String; 5]) -> String {
        let cells = texts.iter().zip(self.cells).filter(|(_, width)| *width > 0);
        cells.map(|(text, width)| format!("  {}", right(text, width))).collect()
    }

    /// Returns whether the budget is a column of the bands.
    pub(super) fn has_budget(&self) -> bool {
        self.band > 0
            && self.found.budget.is_some_and(|budget| self.scale.column(budget, self.band).is_some())
    }

    pub(super) fn head(&self) -> String {
        let titles = self.cells(&TITLES.map(str::to_owned));
        format!("{}{}{titles}  {}", " ".repeat(MARKS), " ".repeat(self.name), self.marks())
    }

    /// Returns round costs along the band, each written from its place on.
    fn marks(&self) -> String {
        let mut text = String::new();
        for cost in ticks(self.scale.from, self.scale.to, self.scale.log, (self.band / 8).max(2)) {
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

    pub(super) fn line(&self, state: &State, row: &Row, chosen: bool) -> Line<'static> {
        let theme = &state.theme;
        let cheapest = self.found.cheapest == Some(row.pair);
        let partly = if row.costs.is_some() && row.without_cost > 0.0 { "~" } else { "" };
        let name = state.work.name(row.pair);
        let name = fitted(self.naming.of(&name), self.name - partly.width().min(self.name));
        let name = left(&format!("{name}{partly}"), self.name);
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
                let room = self.taken() - self.name + self.band;
                spans.push(Span::styled(format!("  {}", cut(&reason, room)), theme.style(Role::Dim)));
            }
        }
        Line::from(spans)
    }

    /// Draws from p5 over p50 to p95 in halves of a cell, with the budget as a column across all rows.
    fn band(&self, state: &State, costs: &Quantiles) -> Vec<Span<'static>> {
        let place = |cost: f64| self.scale.column(cost, 2 * self.band);
        let (Some(p5), Some(p50), Some(p95)) = (place(costs.p5), place(costs.p50), place(costs.p95)) else {
            return Vec::new();
        };
        let budget = self.found.budget.and_then(place).map(|half| half / 2);
        let symbol = |cell: usize| {
            let [starts, ends] = [2 * cell, 2 * cell + 1].map(|half| (p5..=p95).contains(&half));
            let line = match (starts, ends) {
                (true, true) => "━",
                (true, false) => "╸",
                (false, true) => "╺",
                (false, false) => " ",
            };
            match (line, Some(cell) == budget) {
                _ if cell == p50 / 2 => (if p50 % 2 == 0 { "▌" } else { "▐" }, Role::Heading),
                (" ", true) => ("│", Role::Crossing),
                (_, true) => ("┿", Role::Crossing),
                (line, false) => (line, Role::Bar),
            }
        };
        let styled = |(symbol, role)| Span::styled(symbol, state.theme.style(role));
        (0..self.band).map(symbol).map(styled).collect()
    }
}

/// Returns the namings that keep all designs apart, from the shortest on, each with its longest name and a column more
/// for the mark of those without a cost in some draws.
fn distinct(names: &[String]) -> Vec<(Naming, usize)> {
    let namings = Naming::ALL.into_iter().filter_map(|naming| {
        let written = || names.iter().map(|name| naming.of(name));
        let longest = written().map(|name| name.width() + 1).max().unwrap_or(1);
        (naming == Naming::Full || are_apart(written())).then_some((naming, longest))
    });
    namings.collect()
}

fn are_apart<T: Ord>(names: impl Iterator<Item = T>) -> bool {
    let mut names: Vec<T> = names.collect();
    names.sort_unstable();
    names.windows(2).all(|two| two[0] != two[1])
}

/// Shortens the model in a name before its strategy.
fn fitted(name: &str, width: usize) -> String {
    let strategy = name.rfind(':').map_or("", |at| &name[at..]);
    match width.checked_sub(strategy.width()) {
        Some(room) if room >= LEAST_MODEL => {
            format!("{}{strategy}", shorten(&name[..name.len() - strategy.len()], room))
        }
        _ => shorten(name, width),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_short_as_keeps_designs_apart() {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let shortest = |all: &[&str]| distinct(&names(all))[0];
        assert_eq!(shortest(&["a/m:rag", "a/m:long_context"]), (Naming::Brief, 7));
        assert_eq!(shortest(&["a/m:rag", "b/m:rag"]), (Naming::Full, 8));
        assert_eq!(fitted("deepseek-flash:rag", 12), "deep…ash:rag");
        assert_eq!(fitted("deepseek-flash:rag", 30), "deepseek-flash:rag");
    }
}
