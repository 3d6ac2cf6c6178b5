//! What the catalog copies and writes to files.

use super::{Chart, Mode, as_of};
use crate::catalog::ProductId;
use crate::catalog::query::{Listing, Order};
use crate::report::{Cell, Sheet, chart, models, product, product_history as events, side_by_side};
use crate::tui::export::FileFormat;
use crate::tui::state::State;

/// Returns what is selected, with the source of its price.
pub(super) fn copied(state: &State) -> Option<String> {
    let catalog = state.work.catalog();
    let shelf = &state.views.vendors;
    match &shelf.mode {
        Mode::Side(_) => {
            let sheet = side_by_side::sheet(catalog, &shelf.marked, as_of(state));
            let line = |cells: &Vec<Cell>| {
                cells.iter().map(|cell| cell.shown.as_str()).collect::<Vec<_>>().join("\t")
            };
            Some(sheet.rows.iter().map(|(cells, _)| line(cells)).collect::<Vec<_>>().join("\n"))
        }
        Mode::History(chart) => chart.copied(catalog),
        Mode::List | Mode::Full(_) => {
            let id = shelf.selected?;
            let price = product::in_force_text(catalog, id, as_of(state));
            let price: Vec<&str> = price.iter().map(|line| line.trim()).collect();
            Some(format!("{}\t{}", catalog.product(id).id, price.join("\t")))
        }
    }
}

/// Returns the kinds of files that can be written now.
pub(super) fn formats(state: &State) -> Vec<FileFormat> {
    let shelf = &state.views.vendors;
    let texts = [FileFormat::Csv, FileFormat::Json, FileFormat::Markdown];
    match &shelf.mode {
        Mode::List if shelf.found.shown.is_empty() => Vec::new(),
        Mode::History(_) => texts.into_iter().chain([FileFormat::Svg]).collect(),
        _ => texts.to_vec(),
    }
}

/// Returns what is on the screen as a file.
pub(super) fn export(state: &State, format: FileFormat) -> Option<String> {
    let (catalog, date) = (state.work.catalog(), as_of(state));
    let shelf = &state.views.vendors;
    match &shelf.mode {
        Mode::List => export_list(state, format),
        Mode::Full(_) => {
            let id = shelf.selected?;
            let history = || product::price_history(catalog, id, date);
            if format == FileFormat::Markdown {
                let facts = product::facts(catalog, id, date).to_markdown();
                return Some(format!("{facts}\n{}", history().to_markdown()));
            }
            let rates = || product::rates(catalog, id, date);
            written(format, rates, || product::to_json(catalog, id, date))
        }
        Mode::Side(_) => {
            let sheet = || side_by_side::sheet(catalog, &shelf.marked, date);
            written(format, sheet, || side_by_side::to_json(catalog, &shelf.marked, date))
        }
        Mode::History(Chart { history, .. }) if format == FileFormat::Svg => {
            Some(chart::prices(catalog, history))
        }
        Mode::History(Chart { history, .. }) if format == FileFormat::Csv => {
            Some(events::changes(catalog, history).to_csv())
        }
        Mode::History(Chart { history, .. }) => {
            written(format, || events::events(catalog, history), || events::to_json(catalog, history))
        }
    }
}

fn export_list(state: &State, format: FileFormat) -> Option<String> {
    let shelf = &state.views.vendors;
    let rows = shelf.rows.as_ref()?;
    let listing = Listing { catalog: state.work.catalog(), date: as_of(state) };
    let found: Vec<ProductId> = shelf.found.shown.iter().map(|at| rows.all[*at].id).collect();
    let order: Vec<Order> = shelf.order_by().into_iter().collect();
    let extra = models::extra_columns(&shelf.found.query, &order);
    if format == FileFormat::Csv {
        return Some(models::list_csv(&listing, &found, &extra));
    }
    let sheet = || models::list(&listing, &found, &extra);
    written(format, sheet, || models::list_json(&listing, &found))
}

fn written(format: FileFormat, sheet: impl Fn() -> Sheet, json: impl Fn() -> String) -> Option<String> {
    match format {
        FileFormat::Csv => Some(sheet().to_csv()),
        FileFormat::Json => Some(json()),
        FileFormat::Markdown => Some(sheet().to_markdown()),
        FileFormat::Svg => None,
    }
}
