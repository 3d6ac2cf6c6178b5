//! What is paid each month or once in parts: every line and correction that costs anything, the dearest first, and how
//! many cells of a bar each has.

use rust_decimal::prelude::ToPrimitive;

use super::Row;
use crate::bill::{Adjustment, AdjustmentKind, Bill};
use crate::usage::Recurrence;

/// A part of what is paid.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The row of the table that it stands in.
    pub row: Row,
    /// What is paid for it, after what is included or taken off.
    pub amount: f64,
}

/// Returns the parts of what is paid, the dearest first; together they are the whole.
///
/// Lines count with what is left of them after included quantities and discounts. What a commitment adds is what no
/// line draws from it: $1,000 of which $600 are drawn add $400.
pub fn parts(bill: &Bill, recurrence: Recurrence) -> Vec<Part> {
    let lines = bill.lines.iter().enumerate().filter(|(_, line)| line.recurrence == recurrence);
    let lines = lines.filter_map(|(at, line)| {
        let amount = line.price.as_ref().ok()?.effective.to_f64()?;
        Some(Part { row: Row::Line(at), amount })
    });
    let found = bill.adjustments.iter().enumerate().filter(|(_, found)| found.recurrence == recurrence);
    let added = found.filter_map(|(at, found)| {
        let amount = match found.kind {
            AdjustmentKind::Minimum => found.amount,
            AdjustmentKind::Commitment => found.amount.checked_add(drawn_from(bill, at)?)?,
            AdjustmentKind::Included | AdjustmentKind::Discount | AdjustmentKind::Drawdown => return None,
        };
        Some(Part { row: Row::Adjustment(at), amount: amount.to_f64()? })
    });
    let mut parts: Vec<Part> = lines.chain(added).filter(|part| part.amount > 0.0).collect();
    parts.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    parts
}

/// Returns what is drawn from a commitment, as the negative amount that it stands with in the bill: the drawdowns of a
/// vendor belong to its commitments in their order.
fn drawn_from(bill: &Bill, commitment: usize) -> Option<rust_decimal::Decimal> {
    let own = bill.adjustments.get(commitment)?;
    let of_vendor =
        |found: &&Adjustment, kind: AdjustmentKind| found.kind == kind && found.vendor == own.vendor;
    let before = bill.adjustments.iter().take(commitment);
    let place = before.filter(|found| of_vendor(found, AdjustmentKind::Commitment)).count();
    let mut drawn = bill.adjustments.iter().filter(|found| of_vendor(found, AdjustmentKind::Drawdown));
    Some(drawn.nth(place).map_or(rust_decimal::Decimal::ZERO, |found| found.amount))
}

/// Gives parts their cells of a bar by largest remainders, one at least to each where there is room for all of them.
///
/// Of 10 cells, parts of 600, 390 and 10 have 5, 4 and 1: the last one keeps its cell, and the other two share nine.
pub fn cells(amounts: &[f64], width: usize) -> Vec<usize> {
    let mut fixed = vec![false; amounts.len()];
    if amounts.len() <= width {
        // A part that has less than a cell takes one, which leaves less for the others, and so on.
        loop {
            let (each, _) = scale(amounts, &fixed, width);
            let small = |at: &usize| !fixed[*at] && amounts[*at] * each < 1.0;
            let Some(at) = (0..amounts.len()).rev().find(small) else { break };
            fixed[at] = true;
        }
    }
    let (each, room) = scale(amounts, &fixed, width);
    let mut cells: Vec<usize> = (0..amounts.len())
        .map(|at| if fixed[at] { 1 } else { (amounts[at] * each).floor() as usize })
        .collect();
    let mut rest: Vec<usize> = (0..amounts.len()).filter(|at| !fixed[*at]).collect();
    let taken: usize = rest.iter().map(|at| cells[*at]).sum();
    let remainder = |at: usize| (amounts[at] * each).fract();
    rest.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)));
    rest.iter().take(room.saturating_sub(taken)).for_each(|at| cells[*at] += 1);
    cells
}

/// Returns the cells of an amount of one among the parts that share what the fixed ones leave, and that room.
fn scale(amounts: &[f64], fixed: &[bool], width: usize) -> (f64, usize) {
    let room = width.saturating_sub(fixed.iter().filter(|fixed| **fixed).count());
    let shared = amounts.iter().zip(fixed).filter(|(_, fixed)| !**fixed).map(|(amount, _)| amount);
    let total: f64 = shared.sum();
    (if total > 0.0 { room as f64 / total } else { 0.0 }, room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_and_every_part_has_a_cell_where_there_is_room() {
        assert_eq!(cells(&[600.0, 390.0, 10.0], 10), [5, 4, 1]);
        // Thirds of ten: the first of equal remainders takes the cell that is left.
        assert_eq!(cells(&[1.0, 1.0, 1.0], 10), [4, 3, 3]);
        assert_eq!(cells(&[1000.0, 1.0, 1.0, 1.0], 8), [5, 1, 1, 1]);
        assert_eq!(cells(&[5.0], 80), [80]);
        assert!(cells(&[], 80).is_empty());
    }

    #[test]
    fn without_room_for_all_the_largest_are_drawn_and_a_smaller_one_is_never_longer() {
        let drawn = cells(&[9.0, 5.0, 1.0, 0.5], 3);
        assert_eq!(drawn, [2, 1, 0, 0]);
        for width in 0..60 {
            let drawn = cells(&[40.0, 13.0, 12.5, 3.0, 0.7, 0.2], width);
            assert_eq!(drawn.iter().sum::<usize>(), width);
            assert!(drawn.is_sorted_by(|a, b| a >= b), "{drawn:?}");
        }
    }
}
