//! The cost of two designs along requests a month, and where the cheaper one changes.
//!
//! ```text
//! title
//! S ---- design of one side
//! R - -  design of the other side
//!   equal at 299,934     <- labels, in as many rows as keep them apart
//! SSSSSSSSSSS|RRRRRRRR   <- who is cheaper
//! |      /  /
//! |    / /
//! +--------------------
//! ```

use std::cmp::Ordering;

use super::canvas::{Canvas, Ink, Line, Panel, Type, fitted, width};
use super::plot::{LEFT, PLOT, Plot, RIGHT};
use super::scale::Scale;
use super::{HEAD, MARGIN, WIDTH, badge, head, message, side};
use crate::analysis::Case;
use crate::analysis::break_even::{BreakEven, Cheaper, CrossingKind};
use crate::analysis::summary::{Contest, Summary};
use crate::analysis::sweep::Series;
use crate::answer::noun;
use crate::present::value;
use crate::report::break_even::{coverage, nothing_to_cross};

const LABEL: i32 = 12;
const ROW: i32 = 18;
const MOST_ROWS: usize = 5;
const STRIP: i32 = 16;
const LEGEND: i32 = 64;

/// Returns the panel.
pub fn panel<'p>(case: &'p Case<'_>, summary: &'p Summary) -> Panel<'p> {
    let what = "Stuffing against retrieval along requests a month";
    let Some(contest) = &summary.contest else {
        return message(&summary.comparison, what, nothing_to_cross());
    };
    let frame = Frame::of(case, contest);
    let height = frame.bottom + 64;
    let draw = move |canvas: &Canvas<'_>| {
        head(canvas, &summary.comparison, what);
        legend(canvas, case, contest);
        axes(canvas, case, &frame);
        strip(canvas, &contest.break_even, &frame);
        for series in &contest.curves.series {
            curve(canvas, series, &contest.curves.values, &frame);
        }
        marks(canvas, &contest.break_even, &frame);
    };
    Panel { height, draw: Box::new(draw) }
}

/// Where the parts of the panel lie.
struct Frame {
    labels: Vec<Label>,
    unlabeled: usize,
    strip: i32,
    top: i32,
    bottom: i32,
    x: Scale,
    y: Scale,
}

impl Frame {
    fn of(case: &Case<'_>, contest: &Contest) -> Frame {
        let axis = contest.break_even.axis;
        let x = Scale::between(axis.from, axis.to, axis.log, (LEFT, RIGHT));
        let wanted = wanted_labels(case, &contest.break_even, &x);
        let count = wanted.len();
        let labels = placed(wanted);
        let rows = labels.iter().map(|label| label.row + 1).max().unwrap_or(0);
        let unlabeled = count - labels.len();
        let strip = HEAD + LEGEND + ROW * rows as i32 + 4;
        let top = strip + STRIP;
        let bottom = top + PLOT;
        let costs = contest.curves.series.iter().flat_map(|series| &series.costs);
        let y = Scale::of_amounts(costs.copied().flatten(), (bottom, top));
        Frame { labels, unlabeled, strip, top, bottom, x, y }
    }
}

/// A text above the plot with a line down to its value.
struct Label {
    at: i32,
    middle: i32,
    row: usize,
    text: String,
}

impl Label {
    /// Returns whether this label and another one, with their lines down, stay apart.
    fn keeps_clear(&self, other: &Label) -> bool {
        let half = |label: &Label| width(&label.text, LABEL) / 2;
        match self.row.cmp(&other.row) {
            Ordering::Equal => (self.middle - other.middle).abs() > half(self) + half(other) + 8,
            Ordering::Less => (other.middle - self.at).abs() > half(other) + 2,
            Ordering::Greater => (self.middle - other.at).abs() > half(self) + 2,
        }
    }
}

/// Returns the crossings' labels and, last because it may be missed, the scenario's own.
fn wanted_labels(case: &Case<'_>, found: &BreakEven, x: &Scale) -> Vec<Label> {
    let label = |at: f64, text: String| Label { at: x.at(at), middle: 0, row: 0, text };
    let crossings = found.crossings.iter().map(|crossing| {
        let what = if crossing.kind == CrossingKind::Root { "equal at" } else { "changes at" };
        label(crossing.at, format!("{what} {}", value(crossing.at)))
    });
    let requests = case.scenario.numbers.requests();
    let inside = requests >= found.axis.from && requests <= found.axis.to;
    let here = inside.then(|| label(requests, format!("this scenario: {}", value(requests))));
    crossings.chain(here).collect()
}

/// Gives each label the first place in which it keeps clear of the others: over its line, to the
/// right of it or to the left, row by row. Drops those without one.
fn placed(wanted: Vec<Label>) -> Vec<Label> {
    let mut kept: Vec<Label> = Vec::new();
    for label in wanted {
        let half = width(&label.text, LABEL) / 2;
        let within = |middle: i32| middle.clamp(LEFT + half, (RIGHT - half).max(LEFT + half));
        let places = (0..MOST_ROWS).flat_map(|row| [0, half + 6, -half - 6].map(|aside| (row, aside)));
        let mut tries = places.map(|(row, aside)| {
            let middle = within(label.at + aside);
            Label { middle, row, text: label.text.clone(), ..label }
        });
        kept.extend(tries.find(|label| kept.iter().all(|other| label.keeps_clear(other))));
    }
    kept
}

fn legend(canvas: &Canvas<'_>, case: &Case<'_>, contest: &Contest) {
    for (at, series) in contest.curves.series.iter().enumerate() {
        let (family, y) = (series.pair.strategy.family(), HEAD + 12 + 20 * at as i32);
        badge(canvas, MARGIN, y, family);
        let line = Line { ink: side(family).ink, width: 3, dashed: side(family).hatched };
        canvas.line(&[(MARGIN + 24, y), (MARGIN + 68, y)], line);
        let none = series.costs.iter().all(Option::is_none);
        let without = if none { ", without a cost here" } else { "" };
        let text = format!("{}: {}{without}", noun(family), case.pair_name(series.pair));
        canvas.text(MARGIN + 76, y, &fitted(&text, WIDTH - 2 * MARGIN - 76, LABEL), Type::plain(LABEL));
    }
    let warning = Type::plain(11).inked(Ink::Quiet);
    canvas.text(MARGIN, HEAD + 52, coverage(contest), warning);
}

fn axes(canvas: &Canvas<'_>, case: &Case<'_>, frame: &Frame) {
    let plot = Plot { top: frame.top, bottom: frame.bottom, x: &frame.x, y: &frame.y };
    plot.axes(canvas, case.book.currency, "requests a month", "a month");
}

/// Says along the top of the plot who is cheaper.
fn strip(canvas: &Canvas<'_>, found: &BreakEven, frame: &Frame) {
    for region in &found.regions {
        let (from, to) = (frame.x.at(region.from), frame.x.at(region.to));
        let (ink, long, short) = match region.cheaper {
            Cheaper::A | Cheaper::B => {
                let pair = if region.cheaper == Cheaper::A { found.a } else { found.b };
                let family = pair.strategy.family();
                (side(family).ink, format!("{} is cheaper", noun(family)), side(family).letter)
            }
            Cheaper::Equal => (Ink::Quiet, "equal".to_owned(), "="),
            Cheaper::Neither => (Ink::Faint, "no cost".to_owned(), ""),
        };
        canvas.rectangle((from, frame.strip), (to, frame.top), ink);
        let room = to - from - 4;
        let text = if width(&long, 11) <= room { long.as_str() } else { short };
        if width(text, 11) <= room {
            let text_ink = if ink == Ink::Faint { Ink::Text } else { Ink::Paper };
            let middle = ((from + to) / 2, frame.strip + STRIP / 2);
            canvas.text(middle.0, middle.1, text, Type::bold(11).centered().inked(text_ink));
        }
    }
}

fn curve(canvas: &Canvas<'_>, series: &Series, values: &[f64], frame: &Frame) {
    let style = side(series.pair.strategy.family());
    let line = Line { ink: style.ink, width: 3, dashed: style.hatched };
    let plot = Plot { top: frame.top, bottom: frame.bottom, x: &frame.x, y: &frame.y };
    plot.curve(canvas, series, values, line);
}

/// Marks crossings and the scenario's own requests.
fn marks(canvas: &Canvas<'_>, found: &BreakEven, frame: &Frame) {
    for label in &frame.labels {
        let y = HEAD + LEGEND + ROW * label.row as i32 + ROW / 2;
        let thin = Line { ink: Ink::Quiet, width: 1, dashed: true };
        canvas.line(&[(label.at, y + 8), (label.at, frame.strip)], Line { dashed: false, ..thin });
        canvas.line(&[(label.at, frame.top), (label.at, frame.bottom)], thin);
        canvas.text(label.middle, y, &label.text, Type::plain(LABEL).centered());
    }
    for crossing in &found.crossings {
        let x = frame.x.at(crossing.at);
        match crossing.cost {
            Some(cost) => canvas.ring((x, frame.y.at(cost)), Ink::Text),
            None => canvas.diamond((x, frame.bottom), Ink::Text),
        }
    }
    if frame.unlabeled > 0 {
        let more = format!("marks without a label for want of room: {}", frame.unlabeled);
        canvas.text(RIGHT, HEAD + 52, &more, Type::plain(11).ending().inked(Ink::Quiet));
    }
}
