//! Rows of a comparison in groups, each with its cheapest.

use super::{Comparison, Row};

/// What rows are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// Nothing: all rows are one list.
    #[default]
    None,
    /// The vendor of the model.
    Vendor,
    /// The strategy.
    Strategy,
}

impl Grouping {
    /// All groupings.
    pub const ALL: [Grouping; 3] = [Grouping::None, Grouping::Vendor, Grouping::Strategy];

    /// Returns the word for the grouping.
    pub fn word(self) -> &'static str {
        match self {
            Grouping::None => "none",
            Grouping::Vendor => "vendor",
            Grouping::Strategy => "strategy",
        }
    }

    /// Returns the name of the group that a row belongs to.
    fn name(self, row: &Row) -> &str {
        match self {
            Grouping::None => "",
            Grouping::Vendor => row.model.split_once('/').map_or(&*row.model, |(vendor, _)| vendor),
            Grouping::Strategy => row.strategy,
        }
    }
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Vendor or strategy; empty where nothing is grouped.
    pub name: String,
    /// Places of its rows in the comparison.
    pub rows: Vec<usize>,
    /// Place of the cheapest of its rows that may be called so, among those with the group's largest coverage.
    pub cheapest: Option<usize>,
}

impl Comparison {
    /// Groups some of the rows, given by their places; groups stand in the order of their first rows, and rows keep
    /// theirs.
    ///
    /// The cheapest of a group is found among all rows of the comparison that belong to it, given or not: what is left
    /// out of sight does not make another one cheaper.
    pub fn groups(&self, places: &[usize], grouping: Grouping) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for at in places {
            let name = grouping.name(&self.rows[*at]);
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.rows.push(*at),
                None => groups.push(Group { name: name.to_owned(), rows: vec![*at], cheapest: None }),
            }
        }
        for group in &mut groups {
            group.cheapest = cheapest(&self.rows, |row| grouping.name(row) == group.name);
        }
        groups
    }
}

/// Returns the place of the cheapest of some ranked rows that may be called so, among those with the largest coverage.
pub(super) fn cheapest(rows: &[Row], belongs: impl Fn(&Row) -> bool) -> Option<usize> {
    let mine = |row: &&Row| row.may_win() && belongs(row);
    let coverage = rows.iter().filter(mine).filter_map(|row| row.coverage).fold(0.0, f64::max);
    rows.iter().position(|row| mine(&row) && row.coverage >= Some(coverage))
}
