//! A sweep as rows and as JSON.

use std::ops::Range;

use serde::{Serialize, Serializer};

use super::json::Plain;
use super::{Align, Cell, Sheet, prices_of};
use crate::analysis::Case;
use crate::analysis::sweep::{LongSweep, Series, Sweep};
use crate::present::{money_float, shorten, value};

/// Most designs whose columns fit beside each other in a terminal.
pub const COLUMNS: usize = 4;

/// Rows of one table for a terminal; a longer one begins anew with its headings.
const ROWS: usize = 5000;

/// Says what is swept along what, and at which prices.
pub fn head(sweep: &LongSweep<'_>) -> String {
    let (case, of) = (sweep.case, sweep.metric.of(sweep.case.scenario));
    let (name, path) = (&case.scenario.name, case.scenario.path_of(sweep.axis.target));
    let prices = prices_of(case.book.date, case.book.currency);
    format!("{name}: cost of {of} along {path}, {prices}")
}

/// Returns one column for each design, for a terminal; with many designs, one sheet for each model. Sheets are made as
/// they are asked for.
pub fn tables<'a>(sweep: &'a Sweep, case: &'a Case<'_>) -> impl Iterator<Item = Sheet> + 'a {
    let few = sweep.series.len() <= COLUMNS;
    let models = sweep.series.chunk_by(move |a, b| few || a.pair.model == b.pair.model);
    models.flat_map(|model| model.chunks(COLUMNS)).flat_map(move |series| {
        let blocks = (0..sweep.values.len()).step_by(ROWS);
        blocks.map(move |from| table(series, sweep, from..sweep.values.len().min(from + ROWS), case))
    })
}

fn table(series: &[Series], sweep: &Sweep, rows: Range<usize>, case: &Case<'_>) -> Sheet {
    let mut sheet =
        Sheet::new(&[("", "value", Align::Right)]).headed(case.scenario.label_of(sweep.axis.target));
    let names: Vec<String> = series.iter().map(|series| case.pair_name(series.pair)).collect();
    let mut heading = vec![Cell::text("")];
    for name in &names {
        sheet.columns.push(super::sheet::Column { heading: "".into(), key: "", align: Align::Right });
        let (model, strategy) = name.rsplit_once(':').unwrap_or((name, ""));
        let short = model.split_once('/').map_or(model, |(_, short)| short);
        heading.push(Cell::text(format!("{}\n{strategy}", shorten(short, 18))));
    }
    sheet.push_marked(heading, true);
    for at in rows {
        let costs = series.iter().map(|series| cost(series.costs[at], case));
        sheet.push(std::iter::once(Cell::text(value(sweep.values[at]))).chain(costs).collect());
    }
    sheet
}

/// Returns one row for each value and design, for CSV and Markdown.
pub fn long(sweep: &Sweep, case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("", "value", Align::Right),
        ("Model", "model", Align::Left),
        ("Strategy", "strategy", Align::Left),
        ("Cost", "cost", Align::Right),
    ])
    .headed(case.scenario.label_of(sweep.axis.target));
    for series in &sweep.series {
        for (x, y) in sweep.values.iter().zip(&series.costs) {
            sheet.push(vec![
                Cell::number(value(*x), *x),
                Cell::text(case.product(series.pair.model).id.clone()),
                Cell::text(series.pair.strategy.id()),
                cost(*y, case),
            ]);
        }
    }
    sheet
}

fn cost(cost: Option<f64>, case: &Case<'_>) -> Cell {
    cost.map_or_else(Cell::unknown, |cost| Cell::number(money_float(cost, case.book.currency), cost))
}

#[derive(Serialize)]
struct JsonSeries {
    model: String,
    strategy: &'static str,
    costs: Vec<Option<Plain>>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    as_of: String,
    currency: String,
    vary: String,
    metric: &'static str,
    values: Vec<Plain>,
    series: AllSeries<'a>,
}

/// Every series of a sweep, worked out while it is written.
struct AllSeries<'a>(&'a LongSweep<'a>);

impl Serialize for AllSeries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let series = |series: Series| JsonSeries {
            model: self.0.case.product(series.pair.model).id.clone(),
            strategy: series.pair.strategy.id(),
            costs: series.costs.iter().map(|cost| cost.map(Plain)).collect(),
        };
        serializer.collect_seq(self.0.parts().flat_map(|part| part.series).map(series))
    }
}

/// Returns the sweep as a JSON document, which is worked out while it is written.
pub fn json<'a>(sweep: &'a LongSweep<'a>) -> impl Serialize + 'a {
    let case = sweep.case;
    Document {
        schema: "ragonomics/sweep/1",
        scenario: &case.scenario.name,
        as_of: case.book.date.to_string(),
        currency: case.book.currency.to_string(),
        vary: case.scenario.path_of(sweep.axis.target),
        metric: sweep.metric.word(),
        values: sweep.axis.values(sweep.points).into_iter().map(Plain).collect(),
        series: AllSeries(sweep),
    }
}

/// Returns the rows of [`long`] part by part, each written by `write`; the header stands in the first alone.
pub fn parts<'a>(
    sweep: &'a LongSweep<'a>,
    header_lines: usize,
    write: fn(&Sheet) -> String,
) -> impl Iterator<Item = String> + 'a {
    sweep.parts().enumerate().map(move |(at, part)| {
        let text = write(&long(&part, sweep.case));
        if at == 0 { text } else { text.split_inclusive('\n').skip(header_lines).collect() }
    })
}
