//! All designs, ranked: which rows there are, in which order, and which one is selected.

mod order;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use rust_decimal::Decimal;

pub use self::order::{Column, Order, baseline};
use super::{View, ranking};
use crate::analysis::Pair;
use crate::analysis::compare::{Comparison, Grouping, Row};
use crate::analysis::summary::summary;
use crate::report::{self, compare as rows};
use crate::tui::action::Screen;
use crate::tui::export::FileFormat;
use crate::tui::keys::{Binding, ch, key};
use crate::tui::state::{MOST_PINS, State};
use crate::tui::text::Words;
use crate::tui::work::Work;
use crate::{answer, keys, present};

/// What the amounts of the list are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// A month.
    #[default]
    Month,
    /// One request.
    Request,
    /// One user in a month.
    User,
    /// All months of the horizon, and what is paid once.
    Horizon,
}

impl Basis {
    /// All of them.
    pub const ALL: [Basis; 4] = [Basis::Month, Basis::Request, Basis::User, Basis::Horizon];

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Basis::Month => "month",
            Basis::Request => "request",
            Basis::User => "user",
            Basis::Horizon => "horizon",
        }
    }

    /// Returns the title of the amounts' column.
    pub fn title(self, comparison: &Comparison) -> String {
        match self {
            Basis::Horizon => present::months_as_today(comparison.horizon_months),
            _ => format!("a {}", self.word()),
        }
    }

    /// Returns a row's amount.
    pub fn amount(self, row: &Row) -> Option<Decimal> {
        match self {
            Basis::Month => row.monthly,
            Basis::Request => row.per_request,
            Basis::User => row.per_user,
            Basis::Horizon => row.over_horizon,
        }
    }

    /// Returns what stands beside such amounts: those of a request, or of a month where they are of a request themselves.
    pub fn other(self) -> Basis {
        if self == Basis::Request { Basis::Month } else { Basis::Request }
    }

    /// Returns whether a comparison has such amounts: users are not always given.
    fn is_known(self, comparison: &Comparison) -> bool {
        self != Basis::User || comparison.users.is_some_and(|users| users > 0.0)
    }

    fn next(self, comparison: &Comparison) -> Basis {
        let known = Basis::ALL.into_iter().filter(|basis| basis.is_known(comparison));
        let all: Vec<Basis> = known.collect();
        let at = all.iter().position(|basis| *basis == self).map_or(0, |at| at + 1);
        all[at % all.len()]
    }
}

/// What stands in a row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// The name of a group, which cannot be selected.
    Heading(String),
    /// A design, by its place among those shown.
    Design(usize),
}

/// The rows on the screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranking {
    /// Order of the rows.
    pub order: Order,
    /// Words that a row must have.
    pub filter: String,
    /// The selected design; it stays selected while its cost changes.
    pub selected: Option<Pair>,
    /// Whether the user selected it.
    pub by_user: bool,
    /// What the rows are grouped by.
    pub grouping: Grouping,
    /// What the amounts are for; a month where the scenario gives no users to divide by.
    pub basis: Basis,
    /// Indexes of the rows in the comparison, filtered, grouped and ordered.
    pub shown: Vec<usize>,
    /// The same with the names of the groups between them.
    pub entries: Vec<Entry>,
    /// Indexes of the cheapest of each group; none where nothing is grouped.
    pub cheapest: Vec<usize>,
}

/// What the list can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Orders the rows by the next column.
    Sort,
    /// Turns the order round.
    Reverse,
    /// Opens the bill of the selected design.
    Bill,
    /// Pins or unpins the selected design.
    Pin,
    /// Groups the rows by something else.
    Group,
    /// Shows amounts for something else.
    Basis,
}

impl View for Ranking {
    type Action = Action;

    const TITLE: &'static str = "Compare";
    const SHORT: &'static str = "Comp";
    const ABOUT: &'static str = "all designs, ranked";
    const KEYS: &'static [Binding] = keys![Compare:
        key(KeyCode::Enter) => Action::Bill, "bill", "open the bill of the selected design";
        ch(' ') => Action::Pin, "pin", "pin or unpin the design for the chart";
        ch('s') => Action::Sort, "sort", "order by cost, model, strategy or the next column that is shown";
        ch('S') => Action::Reverse, "", "turn the order round";
        ch('b') => Action::Group, "by", "group by vendor, by strategy, or not at all";
        ch('a') => Action::Basis, "amounts", "amounts of a month, a request, a user (where users are given) or the whole horizon";
    ];

    fn new(_work: &Work) -> Ranking {
        Ranking::default()
    }

    fn refresh(state: &mut State) {
        let words = Words::of(state.filter(Screen::Compare));
        let comparison = state.work.comparison();
        let rows = &comparison.rows;
        let basis = basis(state);
        let mut shown: Vec<usize> = (0..rows.len()).filter(|at| words.are_in(&rows[*at].name())).collect();
        let order = state.views.compare.order;
        shown.sort_by(|a, b| order.compare(comparison, basis, &rows[*a], &rows[*b]));
        let grouping = state.views.compare.grouping;
        let mut groups = comparison.groups(&shown, grouping);
        let (mut entries, mut place) = (Vec::new(), 0);
        for group in &groups {
            if grouping != Grouping::None {
                entries.push(Entry::Heading(group.name.clone()));
            }
            entries.extend((place..place + group.rows.len()).map(Entry::Design));
            place += group.rows.len();
        }
        let shown: Vec<usize> = groups.iter_mut().flat_map(|group| std::mem::take(&mut group.rows)).collect();
        groups.retain(|_| grouping != Grouping::None);
        let ranking = &mut state.views.compare;
        ranking.cheapest = groups.iter().filter_map(|group| group.cheapest).collect();
        ranking.entries = entries;
        let still_there = |pair: &Pair| shown.iter().any(|at| rows[*at].pair == *pair);
        ranking.selected = ranking.selected.filter(still_there);
        ranking.by_user &= ranking.selected.is_some();
        ranking.selected = ranking.selected.or(shown.first().map(|at| rows[*at].pair));
        ranking.shown = shown;
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Sort => sort(state),
            Action::Reverse => {
                let Order { column, turned } = state.views.compare.order;
                order_by(state, Order { column, turned: !turned });
            }
            Action::Bill => open_bill(state),
            Action::Pin => pin(state),
            Action::Group => group(state),
            Action::Basis => {
                let next = basis(state).next(state.work.comparison());
                state.views.compare.basis = next;
                let title = next.title(state.work.comparison());
                state.note(format!("amounts of {title}"));
            }
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        ranking::draw(state, area, buffer);
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        Some((state.views.compare.shown.len(), selected_at(state)))
    }

    fn select(state: &mut State, entry: usize) {
        let row = state.views.compare.shown.get(entry).map(|at| state.work.comparison().rows[*at].pair);
        state.views.compare.selected = row;
        state.views.compare.by_user = row.is_some();
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        ranking::entry_at(state, area, at)
    }

    fn click(state: &mut State, area: Rect, at: Position) {
        let now = state.views.compare.order;
        if let Some(column) = ranking::column_at(state, area, at) {
            let turned = now.column == column && !now.turned;
            order_by(state, Order { column, turned });
        } else if let Some(entry) = Self::entry_at(state, area, at) {
            Self::select(state, entry);
        }
    }

    fn filter(&self) -> Option<&String> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.filter)
    }

    fn copied(state: &State) -> Option<String> {
        let row = selected_row(state)?;
        let currency = state.work.comparison().currency;
        let basis = basis(state);
        let cost = match basis.amount(row) {
            Some(amount) if basis == Basis::Horizon => {
                format!("{} in {}", present::money(amount, currency), basis.title(state.work.comparison()))
            }
            Some(amount) => {
                format!("{} {}", present::money(amount, currency), basis.title(state.work.comparison()))
            }
            None => answer::reason(row).unwrap_or_else(|| present::UNKNOWN.to_owned()),
        };
        Some(format!("{}\t{cost}", row.name()))
    }

    fn formats(_state: &State) -> Vec<FileFormat> {
        vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown, FileFormat::Svg]
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        let comparison = state.work.comparison();
        match format {
            FileFormat::Csv => Some(rows::full(comparison).to_csv()),
            FileFormat::Json => Some(rows::to_json(comparison, Some(answer::sentence(comparison)))),
            FileFormat::Markdown => Some(rows::to_markdown(comparison, &answer::sentence(comparison))),
            FileFormat::Svg => state.work.case().map(|case| report::chart::comparison(&summary(&case))),
        }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("order", self.order.word()),
            ("group", self.grouping.word().to_owned()),
            ("amounts", self.basis.word().to_owned()),
        ]
    }

    fn set(&mut self, key: &str, value: &str) -> bool {
        match key {
            "order" => take(&mut self.order, Order::of_word(value)),
            "group" => {
                take(&mut self.grouping, Grouping::ALL.into_iter().find(|known| known.word() == value))
            }
            "amounts" => take(&mut self.basis, Basis::ALL.into_iter().find(|known| known.word() == value)),
            _ => false,
        }
    }
}

/// Takes a setting where there is one.
fn take<T>(setting: &mut T, found: Option<T>) -> bool {
    found.map(|found| *setting = found).is_some()
}

/// Returns what the amounts of the list are for.
pub fn basis(state: &State) -> Basis {
    Some(state.views.compare.basis)
        .filter(|basis| basis.is_known(state.work.comparison()))
        .unwrap_or_default()
}

/// Groups by the next of vendor, strategy and nothing.
fn group(state: &mut State) {
    let (next, text) = match state.views.compare.grouping {
        Grouping::None => (Grouping::Vendor, "grouped by vendor"),
        Grouping::Vendor => (Grouping::Strategy, "grouped by strategy"),
        Grouping::Strategy => (Grouping::None, "not grouped"),
    };
    state.views.compare.grouping = next;
    state.note(text);
}

/// Returns the place of the selected row in the list with the names of groups.
pub fn selected_entry(state: &State) -> usize {
    let selected = Entry::Design(selected_at(state));
    state.views.compare.entries.iter().position(|entry| *entry == selected).unwrap_or(0)
}

/// Returns the place of the selected row among those shown.
pub fn selected_at(state: &State) -> usize {
    let rows = &state.work.comparison().rows;
    let place = |pair: Pair| state.views.compare.shown.iter().position(|at| rows[*at].pair == pair);
    state.views.compare.selected.and_then(place).unwrap_or(0)
}

/// Returns the selected row.
pub fn selected_row(state: &State) -> Option<&Row> {
    let at = state.views.compare.shown.get(selected_at(state))?;
    state.work.comparison().rows.get(*at)
}

/// Orders by the next column of those that are shown.
fn sort(state: &mut State) {
    let shown = ranking::columns(state);
    let all: Vec<Column> = Column::ALL.into_iter().filter(|column| shown.contains(column)).collect();
    let at = all.iter().position(|column| *column == state.views.compare.order.column);
    let next = all.get(at.map_or(0, |at| at + 1)).or(all.first()).copied().unwrap_or_default();
    order_by(state, Order { column: next, turned: false });
}

fn order_by(state: &mut State, order: Order) {
    state.views.compare.order = order;
    let title = match order.column {
        Column::Times => "multiples of the cheapest".to_owned(),
        Column::Saving => "what is saved against the baseline".to_owned(),
        column => column.title(state.work.comparison(), basis(state)),
    };
    let direction = match (order.column, order.is_descending()) {
        (Column::Model | Column::Strategy, false) => "from A to Z",
        (Column::Model | Column::Strategy, true) => "from Z to A",
        (_, false) => "the smallest first",
        (_, true) => "the largest first",
    };
    state.note(format!("ordered by {title}, {direction}"));
}

/// Opens the bill of the selected design, which then is the one that the user selected.
fn open_bill(state: &mut State) {
    let Some(row) = selected_row(state) else { return state.note("there is no design to bill") };
    state.views.compare.selected = Some(row.pair);
    state.views.compare.by_user = true;
    state.screen = Screen::Bill;
}

/// Pins the selected design for the chart, or unpins it.
fn pin(state: &mut State) {
    let Some(row) = selected_row(state) else { return };
    let (pair, name) = (row.pair, row.name());
    if let Some(at) = state.pins.iter().position(|pinned| *pinned == pair) {
        state.pins.remove(at);
        state.note(format!("unpinned {name}"));
    } else if state.pins.len() == MOST_PINS {
        state.fault(format!("{MOST_PINS} designs are pinned, which is the most; unpin one first"));
    } else {
        state.pins.push(pair);
        state.note(format!("pinned {name}"));
    }
}

/// Returns the letter of a pinned design.
pub fn pin_letter(state: &State, pair: Pair) -> Option<char> {
    state.pins.iter().position(|pinned| *pinned == pair).map(letter)
}

/// Returns the letter of a line of the chart.
pub fn letter(line: usize) -> char {
    char::from(b'A' + (line % 26) as u8)
}
