//! Where costs lie while numbers are known only roughly: every design over many draws of the scenario's ranges.

mod draw;
mod histogram;
mod scale;
mod table;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::draw::{Layout, draw_empty, draw_simulation, last_of_explanation};
use super::View;
use crate::analysis::assume::assumed_ranges;
use crate::analysis::compare::Reason;
use crate::analysis::sensitivity::Percent;
use crate::analysis::simulate::{Options, Row, Simulation, USUAL_SAMPLES, USUAL_SEED, simulate_while};
use crate::analysis::{Case, Pair};
use crate::present::{money_rough, whole};
use crate::report::{chart, simulate as rows};
use crate::scenario::{Origin, Uncertain};
use crate::tui::action::{Direction, Screen};
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch, key};
use crate::tui::scroll::scroll;
use crate::tui::state::State;
use crate::tui::text::{Words, entry_in};
use crate::tui::work::{Snapshot, Work};
use crate::units::Currency;
use crate::{keys, present};

/// Numbers of draws that can be asked for.
const SAMPLES: [u32; 3] = [1_000, 10_000, 100_000];

/// How many numbers are given a range on request.
const ASSUMED: usize = 5;

/// By how many percent such a range goes down and up.
const ASSUMED_PERCENT: f64 = 25.0;

/// Where costs lie.
#[derive(Debug, Clone)]
pub struct Draws {
    /// How often numbers are drawn.
    pub samples: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Words that a design must have.
    pub filter: String,
    /// The design that the user selected; it stays selected while its place changes.
    pub selected: Option<Pair>,
    /// Whether it is explained.
    pub explained: bool,
    /// The first line of the explanation that is on the screen.
    pub first: usize,
    /// The last result, which may be one of an earlier scenario.
    pub shown: Option<Shown>,
    /// Places of the designs in the result, filtered.
    pub rows: Vec<usize>,
}

/// What a result is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    revision: u64,
    samples: u32,
    seed: u64,
}

impl Request {
    /// Says how often and from which seed numbers are drawn.
    fn in_words(self) -> String {
        let draws = if self.samples == 1 { "draw" } else { "draws" };
        format!("{} {draws}, seed {}", whole(f64::from(self.samples)), self.seed)
    }
}

/// A result with its texts, which are those of the scenario that it is of.
#[derive(Debug, Clone)]
pub struct Shown {
    request: Request,
    snapshot: Snapshot,
    /// The simulation, or why there is none.
    pub simulation: Result<Simulation, String>,
    currency: Currency,
    /// What is drawn from.
    ranges: String,
    notes: Vec<String>,
    explained: Vec<Vec<(&'static str, String)>>,
}

/// What the screen can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Explains the selected design's numbers, or stops to.
    Explain,
    /// Draws less (back) or more (on) often.
    Samples(Direction),
    /// Takes another seed.
    Seed(Direction),
    /// Draws again after the user stopped it.
    Again,
    /// Gives the numbers that move the design's cost most a range.
    Assume,
    /// Scrolls in the explanation.
    Scroll(Direction),
}

impl View for Draws {
    type Action = Action;

    const TITLE: &'static str = "Uncertainty";
    const SHORT: &'static str = "Unc";
    const ABOUT: &'static str = "where costs lie while numbers are known only roughly";
    const KEYS: &'static [Binding] = keys![Uncertainty:
        key(KeyCode::Enter) => Action::Explain, "explain", "say the selected design's chances with their errors, or stop";
        ch('a') => Action::Assume, "assume ±25%", "give the five numbers that move the design most a range of ±25%";
        ch('<'), key(KeyCode::Left) => Action::Samples(Direction::Back), "draws", "draw less often: 100,000, 10,000, 1,000";
        ch('>'), key(KeyCode::Right) => Action::Samples(Direction::On), "draws", "draw more often: 1,000, 10,000, 100,000";
        ch('n') => Action::Seed(Direction::On), "seed", "draws of the next seed";
        ch('N') => Action::Seed(Direction::Back), "seed", "draws of the seed before";
        ch('J') => Action::Scroll(Direction::On), "", "further down in the explanation";
        ch('K') => Action::Scroll(Direction::Back), "", "further up in the explanation";
        ch('r') => Action::Again, "", "draw again after it was stopped";
    ];

    fn new(_work: &Work) -> Draws {
        Draws {
            samples: USUAL_SAMPLES,
            seed: USUAL_SEED,
            filter: String::new(),
            selected: None,
            explained: false,
            first: 0,
            shown: None,
            rows: Vec::new(),
        }
    }

    fn refresh(state: &mut State) {
        if state.work.scenario().ranges.is_empty() {
            state.views.uncertainty.shown = None;
            state.views.uncertainty.rows.clear();
            return;
        }
        let request = wanted(state);
        if state.views.uncertainty.shown.as_ref().is_none_or(|shown| shown.request != request) {
            let snapshot = state.work.snapshot();
            state.start(Screen::Uncertainty, "drawing", move |control| {
                let wanted = |share: f64| {
                    control.progress(share);
                    !control.is_cancelled()
                };
                let shown = Shown::of(snapshot, request, wanted);
                move |state: &mut State| state.views.uncertainty.shown = shown
            });
        }
        let rows = filtered(state, &Words::of(state.filter(Screen::Uncertainty)));
        state.views.uncertainty.rows = rows;
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Explain if selected_row(state).is_some() => {
                state.views.uncertainty.explained = !state.views.uncertainty.explained;
                state.views.uncertainty.first = 0;
            }
            Action::Explain => state.note("there is no design to explain"),
            Action::Samples(direction) => change_samples(state, direction),
            Action::Seed(direction) => {
                let seed = &mut state.views.uncertainty.seed;
                *seed = match direction {
                    Direction::On => seed.wrapping_add(1),
                    Direction::Back => seed.wrapping_sub(1),
                };
                let seed = *seed;
                state.jobs.cancel(Screen::Uncertainty);
                state.note(format!("seed {seed}"));
            }
            Action::Again if state.jobs.is_stopped(Screen::Uncertainty) => {
                state.jobs.cancel(Screen::Uncertainty);
            }
            Action::Again => state.note("nothing was stopped; n draws with another seed"),
            Action::Assume => assume(state),
            Action::Scroll(direction) => {
                let last = last_of_explanation(state);
                scroll(state, last, direction, |state| &mut state.views.uncertainty.first);
            }
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        match &state.views.uncertainty.shown {
            Some(Shown { simulation: Err(why), .. }) => {
                draw_empty(state, std::slice::from_ref(why), area, buffer)
            }
            Some(shown) => draw_simulation(state, shown, area, buffer),
            None => draw_empty(state, &why_empty(state), area, buffer),
        }
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        let draws = &state.views.uncertainty;
        draws.simulation().map(|_| (draws.rows.len(), selected_at(state)))
    }

    fn select(state: &mut State, entry: usize) {
        let draws = &state.views.uncertainty;
        let at = draws.rows.get(entry).copied();
        state.views.uncertainty.selected = at.and_then(|at| Some(draws.simulation()?.rows.get(at)?.pair));
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        let draws = &state.views.uncertainty;
        let rows = Layout::of(state, draws.shown.as_ref()?, area).rows;
        entry_in(rows, at, selected_at(state), draws.rows.len())
    }

    fn filter(&self) -> Option<&String> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.filter)
    }

    fn back(state: &mut State) -> bool {
        std::mem::take(&mut state.views.uncertainty.explained)
    }

    fn copied(state: &State) -> Option<String> {
        let row = selected_row(state)?;
        let currency = state.views.uncertainty.shown.as_ref()?.currency;
        let costs = match row.costs {
            Some(costs) => {
                [costs.p5, costs.p50, costs.p95].map(|cost| money_rough(cost, currency)).join("\t")
            }
            None => present::UNKNOWN.to_owned(),
        };
        Some(format!("{}\t{costs}", state.work.name(row.pair)))
    }

    fn formats(state: &State) -> Vec<FileFormat> {
        if state.views.uncertainty.simulation().is_some() {
            vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown, FileFormat::Svg]
        } else {
            Vec::new()
        }
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        let shown = state.views.uncertainty.shown.as_ref()?;
        let found = shown.simulation.as_ref().ok()?;
        let case = shown.snapshot.case()?;
        match format {
            FileFormat::Csv => Some(rows::full(found, &case).to_csv()),
            FileFormat::Json => {
                let histogram = selected_row(state).and_then(|row| row.histogram.clone());
                Some(rows::to_json(&Simulation { histogram, ..found.clone() }, &case))
            }
            FileFormat::Markdown => {
                let (head, table) = (rows::head(found, &case), rows::full(found, &case).to_markdown());
                Some(format!("{head}\n\n{table}\n{}\n", rows::notes(found, &case).join("\n\n")))
            }
            FileFormat::Svg => Some(chart::bands(&case, state.work.comparison(), found)),
        }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("draws", self.samples.to_string())]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        let samples = SAMPLES.into_iter().find(|samples| key == "draws" && samples.to_string() == value);
        self.samples = samples.unwrap_or(self.samples);
        samples.is_some()
    }
}

impl Draws {
    /// Returns the last simulation.
    pub fn simulation(&self) -> Option<&Simulation> {
        self.shown.as_ref()?.simulation.as_ref().ok()
    }
}

impl Shown {
    /// Draws; `None` where the scenario cannot be opened, which that on the screen always can.
    fn of(snapshot: Snapshot, request: Request, wanted: impl Fn(f64) -> bool) -> Option<Shown> {
        let case = snapshot.case()?;
        let options = Options { samples: request.samples, seed: request.seed, ..Options::default() };
        let found = simulate_while(&case, &options, wanted);
        let texts = |found: &Simulation, case: &Case<'_>| {
            let explained = found.rows.iter().map(|row| rows::explain(found, row, case)).collect();
            (rows::notes(found, case), explained)
        };
        let (notes, explained) =
            found.as_ref().map_or_else(|_| Default::default(), |found| texts(found, &case));
        let (ranges, currency) = (rows::ranges(&case), case.book.currency);
        drop(case);
        let simulation = found.map_err(|fault| match fault.remedy() {
            Some(remedy) => format!("{fault}; {remedy}"),
            None => fault.to_string(),
        });
        Some(Shown { request, snapshot, simulation, currency, ranges, notes, explained })
    }
}

/// Says to those who see single costs that some numbers are known only roughly, and where the spread is; `None` where
/// none is.
pub fn hint(state: &State) -> Option<String> {
    let numbers = match state.work.scenario().ranges.len() {
        0 => return None,
        1 => "1 number is a range".to_owned(),
        count => format!("{count} numbers are ranges"),
    };
    Some(format!("{numbers}: {} shows the spread.", Screen::Uncertainty.number()))
}

/// Returns what the screen should show.
fn wanted(state: &State) -> Request {
    let Draws { samples, seed, .. } = state.views.uncertainty;
    Request { revision: state.work.revision(), samples, seed }
}

/// Returns the places of the designs that have words in their name.
fn filtered(state: &State, words: &Words) -> Vec<usize> {
    let Some(found) = state.views.uncertainty.simulation() else { return Vec::new() };
    let has_words = |at: &usize| words.are_in(&state.work.name(found.rows[*at].pair));
    (0..found.rows.len()).filter(has_words).collect()
}

/// Returns the place of the selected design in the list: the user's, or the one that screens about one design show.
fn selected_at(state: &State) -> usize {
    let draws = &state.views.uncertainty;
    let Some(found) = draws.simulation() else { return 0 };
    let place = |pair: Pair| draws.rows.iter().position(|at| found.rows[*at].pair == pair);
    let own = draws.selected.and_then(place);
    own.or_else(|| state.design().and_then(|(pair, _)| place(pair))).unwrap_or(0)
}

/// Returns the selected design's row.
fn selected_row(state: &State) -> Option<&Row> {
    let draws = &state.views.uncertainty;
    draws.simulation()?.rows.get(*draws.rows.get(selected_at(state))?)
}

/// Says why there is nothing to see, and what to do.
fn why_empty(state: &State) -> Vec<String> {
    if !state.work.scenario().ranges.is_empty() {
        let stopped = state.jobs.is_stopped(Screen::Uncertainty);
        let text = if stopped { "Drawing was stopped; r begins again." } else { "Drawing …" };
        return vec![text.to_owned()];
    }
    let mut told =
        vec!["No number of this scenario is a range, so there is nothing to draw.".to_owned(), String::new()];
    if let Some((pair, _)) = state.design() {
        told.push(format!(
            "a takes the five numbers that move {} most for known to ±{ASSUMED_PERCENT}% only; u takes that back.",
            state.work.name(pair)
        ));
        told.push(String::new());
    }
    told.extend(crate::scenario::reference::RANGES.map(str::to_owned));
    told
}

fn change_samples(state: &mut State, direction: Direction) {
    let now = state.views.uncertainty.samples;
    let to = match direction {
        Direction::Back => SAMPLES.into_iter().rev().find(|samples| *samples < now),
        Direction::On => SAMPLES.into_iter().find(|samples| *samples > now),
    };
    let word = if direction == Direction::On { "most" } else { "fewest" };
    let text = match to {
        Some(samples) => format!("{} draws", whole(f64::from(samples))),
        None => format!("{} draws are the {word}", whole(f64::from(now))),
    };
    if let Some(samples) = to {
        state.views.uncertainty.samples = samples;
        state.jobs.cancel(Screen::Uncertainty);
    }
    state.note(text);
}

/// Gives the numbers that move the design's cost most a range, as one change that can be taken back.
fn assume(state: &mut State) {
    let Some((pair, _)) = state.design() else {
        return state.note("no design is compared, so no number moves one");
    };
    let Some(by) = Percent::new(ASSUMED_PERCENT) else { return };
    state.jobs.cancel(Screen::Uncertainty);
    let snapshot = state.work.snapshot();
    state.start(Screen::Uncertainty, "looking for what moves the cost", move |_| {
        let found = snapshot.case().map(|case| assumed_ranges(&case, pair, ASSUMED, by));
        move |state: &mut State| {
            if let Some(found) = found {
                take_ranges(state, pair, found);
            }
        }
    });
}

fn take_ranges(state: &mut State, pair: Pair, found: Result<Vec<Uncertain>, Reason>) {
    let name = state.work.name(pair);
    let ranges = match found {
        Ok(ranges) if ranges.is_empty() => {
            let text = format!("the numbers that move {name} most are ranges already, or none moves it");
            return state.note(text);
        }
        Ok(ranges) => ranges,
        Err(reason) => return state.fault(format!("{name} has no cost, so nothing moves it: {reason}")),
    };
    let labels: Vec<String> =
        ranges.iter().map(|known| state.work.scenario().label_of(known.target)).collect();
    let changed = state.change(|scenario| {
        for known in &ranges {
            scenario.put_range(known.target, known.range, Origin::Override);
        }
        Ok(())
    });
    if changed {
        state.note(format!("±{ASSUMED_PERCENT}%: {}; u takes it back", labels.join(", ")));
    }
}
