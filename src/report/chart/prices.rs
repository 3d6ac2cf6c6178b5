//! The prices of one product over time as steps, with what happened marked below.

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;

use super::canvas::{Canvas, Ink, Line, Panel, Type, fitted, wrapped};
use super::plot::{LEFT, PLOT, RIGHT};
use super::scale::Scale;
use super::{HEAD, MARGIN, WIDTH, grid};
use crate::analysis::product_history::{PriceLine, ProductHistory};
use crate::catalog::Catalog;
use crate::present::{money_axis, readable_money};
use crate::report::product_history::{sign, what};

/// Height of a line of the legend and of the list of events.
const ROW: i32 = 20;

/// Width of an event's sign.
const SIGN: i32 = 12;

/// Room for the name of a day.
const DAY: i32 = 72;

/// Inks of the lines.
const INKS: [Ink; 3] = [Ink::Stuff, Ink::Retrieve, Ink::Rewrite];

/// Returns the panel.
pub fn panel<'p>(catalog: &'p Catalog, history: &'p ProductHistory) -> Panel<'p> {
    let top = HEAD + ROW * history.lines.len() as i32 + 12;
    let bottom = top + PLOT;
    let listed = bottom + 64;
    let texts: Vec<String> = history
        .events
        .iter()
        .flat_map(|event| {
            let text = format!("{} {} {}", sign(event), event.date, what(history, event));
            wrapped(&text, WIDTH - 2 * MARGIN, 12)
        })
        .collect();
    let height = listed + ROW * texts.len() as i32 + MARGIN;
    let draw = move |canvas: &Canvas<'_>| {
        let id = fitted(&catalog.product(history.product).id, WIDTH - 2 * MARGIN, 18);
        canvas.text(MARGIN, 26, &id, Type::bold(18));
        canvas.text(MARGIN, 49, "Ordinary prices since they are known", Type::plain(14));
        let quiet = Type::plain(12).inked(Ink::Quiet);
        let converted =
            if history.converted { ", others converted at the rate of their first day" } else { "" };
        let region = history.region.as_ref().map(|region| format!(", region {region}")).unwrap_or_default();
        let subtitle = format!("As of {}, in {}{converted}{region}", history.as_of, history.currency);
        canvas.text(MARGIN, 69, &subtitle, quiet);
        plot(canvas, history, (top, bottom));
        for (at, text) in texts.iter().enumerate() {
            canvas.text(MARGIN, listed + ROW * at as i32, text, Type::plain(12));
        }
    };
    Panel { height, draw: Box::new(draw) }
}

fn plot(canvas: &Canvas<'_>, history: &ProductHistory, (top, bottom): (i32, i32)) {
    let (first, last) = history.lifetime();
    let days = |date: Date| f64::from((date - first).get_days());
    let x = Scale::between(0.0, days(last).max(1.0), false, (LEFT, RIGHT));
    let steps = history.lines.iter().flat_map(|line| &line.steps);
    let prices = steps.filter_map(|step| step.price?.to_f64());
    let y = Scale::of_amounts(prices, (bottom, top));
    let quiet = Type::plain(11).inked(Ink::Quiet);
    let mut end = i32::MIN;
    for (day, name) in history.named_days() {
        let x = x.at(days(day));
        grid(canvas, (x, top), (x, bottom + 4));
        // Names that would touch give way to the one before.
        if x >= end {
            canvas.text(x, bottom + 34, &name, quiet.centered());
            end = x + DAY;
        }
    }
    for tick in y.ticks() {
        grid(canvas, (LEFT - 4, y.at(tick)), (RIGHT, y.at(tick)));
        canvas.text(LEFT - 8, y.at(tick), &money_axis(tick, history.currency), quiet.ending());
    }
    let scale = if y.log { ", logarithmic scale" } else { "" };
    let name = format!("{}{scale}", history.currency);
    canvas.text(MARGIN, (top + bottom) / 2, &name, Type::plain(12).centered().upright());
    for (at, line) in history.lines.iter().enumerate() {
        let stroke = Line { ink: INKS[at % INKS.len()], width: 3, dashed: at % 2 == 1 };
        let row = HEAD + 12 + ROW * at as i32;
        canvas.line(&[(MARGIN, row), (MARGIN + 44, row)], stroke);
        let price = line.on(history.as_of).map(|price| readable_money(price, history.currency));
        let price = price.map_or_else(|| "no price".to_owned(), |price| format!("{price}/{}", line.key.unit));
        let text = format!("{}, {price} on {}", line.key.meter.label(), history.as_of);
        canvas.text(MARGIN + 56, row, &text, Type::plain(12));
        for piece in pieces(line, history.until) {
            let place = |(date, price): (Date, f64)| (x.at(days(date)), y.at(price));
            canvas.line(&piece.into_iter().map(place).collect::<Vec<_>>(), stroke);
        }
    }
    let mut free = i32::MIN;
    for event in &history.events {
        // Signs of days close to each other stand beside each other.
        let at = x.at(days(event.date)).max(free).min(WIDTH - SIGN);
        free = at + SIGN;
        canvas.text(at, bottom + 14, &sign(event).to_string(), Type::bold(12).centered());
    }
}

/// Returns the steps of a line as corners, a new piece after each time without a price.
fn pieces(line: &PriceLine, until: Date) -> Vec<Vec<(Date, f64)>> {
    let mut pieces: Vec<Vec<(Date, f64)>> = Vec::new();
    let mut open = false;
    for (at, step) in line.steps.iter().enumerate() {
        let Some(price) = step.price.and_then(|price| price.to_f64()) else {
            open = false;
            continue;
        };
        if !open {
            pieces.push(Vec::new());
        }
        open = true;
        let end = line.steps.get(at + 1).map_or(until, |next| next.date);
        if let Some(piece) = pieces.last_mut() {
            piece.extend([(step.date, price), (end, price)]);
        }
    }
    pieces
}
