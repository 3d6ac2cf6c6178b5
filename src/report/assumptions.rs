//! What a result rests on: every value of the scenario, and the conventions of all results.

use super::{Align, Cell, Sheet};
use crate::analysis::Case;
use crate::scenario::reference::{EffectiveRow, effective, rows};
use crate::units::{BYTES_PER_GB, HOURS_PER_MONTH};

/// Keys that a document tells as its title, its first lines and its notes.
const TOLD_ELSEWHERE: [&str; 3] = ["name", "description", "notes"];

/// Returns every key of the case's scenario with the value that holds and where it comes from.
pub fn values(case: &Case<'_>) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("Key", "key", Align::Left),
        ("Value", "value", Align::Right),
        ("Origin", "origin", Align::Left),
        ("Meaning", "meaning", Align::Left),
    ]);
    let reference = rows();
    let told = |row: &EffectiveRow| TOLD_ELSEWHERE.contains(&row.path.as_str());
    for row in effective(case.scenario).into_iter().filter(|row| !told(row)) {
        let help = reference.iter().find(|known| known.path == row.path);
        let help = help.map_or("A cost of the user's own.", |known| known.help.as_str());
        let is_default = row.origin == "default";
        let dated = row.path == "as_of" && is_default;
        let value = if dated { case.book.date.to_string() } else { row.value };
        let origin = if dated { "default: the day of the report" } else { row.origin };
        let cells = vec![Cell::text(row.path), Cell::text(value), Cell::text(origin), Cell::text(help)];
        sheet.push(cells);
    }
    sheet
}

/// Returns what holds for every result.
pub fn conventions() -> [String; 3] {
    [
        format!("A month has {HOURS_PER_MONTH} hours, a twelfth of a year."),
        format!("A gigabyte (GB) is {} bytes.", crate::present::whole(f64::from(BYTES_PER_GB))),
        "Money is before tax.".to_owned(),
    ]
}
