//! Rate limits of one design: what each product is asked for at the peak against what its tiers allow.

mod draw;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::draw::{Layout, draw_limits, draw_nothing, last_of_said};
use super::View;
use crate::analysis::compare::Reason;
use crate::analysis::limits::{Limits, ProductLimits, TierRow, limits};
use crate::analysis::{Case, Pair};
use crate::diagnostic::Fault;
use crate::keys;
use crate::present;
use crate::report::Sheet;
use crate::report::limits as rows;
use crate::scenario::{Named, Origin, Param, Scenario};
use crate::tui::action::{Direction, Stride};
use crate::tui::export::FileFormat;
use crate::tui::grid;
use crate::tui::keys::{Binding, ch, key};
use crate::tui::nudge::nudge;
use crate::tui::scroll::scroll;
use crate::tui::state::State;
use crate::tui::text::entry_in;
use crate::tui::work::Work;
use Direction::{Back, On};

/// The limits of one design.
#[derive(Debug, Clone, Default)]
pub struct Quotas {
    /// Place of the product that is shown.
    pub product: usize,
    /// Place of the selected tier among those of the product.
    pub selected: usize,
    /// Whether the selected tier is explained.
    pub explained: bool,
    /// The first line of what is said below the tiers that is on the screen.
    pub first: usize,
    /// The limits; `None` when something changed since.
    pub shown: Option<Shown>,
}

/// Limits as they are shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The design.
    pub pair: Pair,
    /// The limits, or why the design cannot run.
    pub limits: Result<Limits, String>,
    /// What each product is called and what is said of it.
    pub products: Vec<ProductText>,
    /// What is asked for, and what follows.
    pub summary: String,
    /// How long the index takes.
    pub index: Sheet,
    /// What the figures take for granted.
    pub notes: Vec<String>,
}

/// A product as it is shown.
#[derive(Debug, Clone)]
pub struct ProductText {
    /// Its id.
    pub id: String,
    /// Its id with what the design uses it for.
    pub heading: String,
    /// Which tier the peak needs.
    pub verdict: String,
    /// A row for each tier.
    pub tiers: Sheet,
    /// What it is asked for in the busiest minute, as names and quantities.
    pub asked: Vec<(&'static str, String)>,
    /// What a minute at the limit costs in each tier.
    pub money: Vec<Option<String>>,
}

impl Shown {
    fn of(case: &Case<'_>, pair: Pair) -> Shown {
        let found = limits(case, pair).map_err(|failure| Reason::of_failure(case, failure).to_string());
        let limits = found.as_ref().ok();
        let text = |product: &ProductLimits, limits: &Limits| {
            let money = |tier: &TierRow| {
                tier.money_per_minute.map(|amount| present::money(amount, case.book.currency))
            };
            ProductText {
                id: case.product(product.product).id.clone(),
                heading: rows::heading(product, case),
                verdict: rows::verdict(product, limits, case),
                tiers: rows::tiers(std::slice::from_ref(product), case).without("product"),
                asked: rows::asked(product, limits),
                money: product.tiers.iter().map(money).collect(),
            }
        };
        let products =
            |limits: &Limits| limits.products.iter().map(|product| text(product, limits)).collect();
        Shown {
            pair,
            products: limits.map_or_else(Vec::new, products),
            summary: limits.map_or_else(String::new, |limits| rows::summary(limits, case)),
            index: limits.map_or_else(Sheet::default, |limits| rows::index(limits, case)),
            notes: limits.map_or_else(Vec::new, |limits| rows::notes(limits, case)),
            limits: found,
        }
    }
}

/// What the limits can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Explains the selected tier, or stops to.
    Explain,
    /// Shows the next or the previous product.
    Product(Direction),
    /// Makes the peak higher or lower.
    Peak(Direction),
    /// Takes the selected tier for the customer's own, or gives it up.
    Own,
    /// Scrolls in what is said below the tiers.
    Scroll(Direction),
}

impl View for Quotas {
    type Action = Action;

    const TITLE: &'static str = "Limits";
    const SHORT: &'static str = "Lim";
    const ABOUT: &'static str = "rate limits of one design";
    const KEYS: &'static [Binding] = keys![Limits:
        key(KeyCode::Right), ch('l') => Action::Product(On), "product", "the next product of the design";
        key(KeyCode::Left), ch('h') => Action::Product(Back), "", "the product before";
        ch('+'), ch('=') => Action::Peak(On), "peak", "a higher peak: raises workload.peak_factor";
        ch('-') => Action::Peak(Back), "", "a lower peak";
        ch('o') => Action::Own, "own tier", "take the selected tier for yours in limits.tiers, or give it up";
        key(KeyCode::Enter) => Action::Explain, "explain", "say what the selected tier takes and where that is printed, or stop";
        ch('J') => Action::Scroll(On), "", "further down in what is said below the tiers";
        ch('K') => Action::Scroll(Back), "", "further up in what is said below the tiers";
    ];

    fn new(_work: &Work) -> Quotas {
        Quotas::default()
    }

    fn forget(&mut self) {
        self.shown = None;
    }

    fn refresh(state: &mut State) {
        let pair = state.design().map(|(pair, _)| pair);
        let known = state.views.limits.shown.take().filter(|shown| Some(shown.pair) == pair);
        let found = || Some(Shown::of(&state.work.case()?, pair?));
        let shown = known.or_else(found);
        let quotas = &mut state.views.limits;
        let products = shown.as_ref().map_or(0, |shown| shown.products.len());
        quotas.product = quotas.product.min(products.saturating_sub(1));
        quotas.shown = shown;
        let tiers = product(state).map_or(0, |(product, _)| product.tiers.len());
        let quotas = &mut state.views.limits;
        quotas.selected = quotas.selected.min(tiers.saturating_sub(1));
    }

    fn update(state: &mut State, action: Action) {
        match action {
            Action::Explain if selected(state).is_some() => {
                state.views.limits.explained = !state.views.limits.explained;
                state.views.limits.first = 0;
            }
            Action::Explain => state.note("there is no tier to explain"),
            Action::Product(direction) => turn(state, direction),
            Action::Peak(direction) => change_peak(state, direction),
            Action::Own => take_tier(state),
            Action::Scroll(direction) => {
                scroll(state, last_of_said(state), direction, |state| &mut state.views.limits.first);
            }
        }
    }

    fn draw(state: &State, area: Rect, buffer: &mut Buffer) {
        match state.views.limits.shown.as_ref().map(|shown| (shown, &shown.limits)) {
            Some((shown, Ok(found))) => draw_limits(state, shown, found, area, buffer),
            _ => draw_nothing(state, area, buffer),
        }
    }

    fn list(state: &State) -> Option<(usize, usize)> {
        let count = product(state)?.0.tiers.len();
        (count > 0).then_some((count, state.views.limits.selected))
    }

    fn select(state: &mut State, entry: usize) {
        state.views.limits.selected = entry;
    }

    fn entry_at(state: &State, area: Rect, at: Position) -> Option<usize> {
        let (product, text) = product(state)?;
        let shown = state.views.limits.shown.as_ref()?;
        let rows = Layout::of(state, (shown, shown.limits.as_ref().ok()?), (product, text), area).rows;
        entry_in(rows, at, state.views.limits.selected, product.tiers.len())
    }

    fn back(state: &mut State) -> bool {
        std::mem::take(&mut state.views.limits.explained)
    }

    fn copied(state: &State) -> Option<String> {
        let (_, text) = product(state)?;
        let row = grid::copied(&text.tiers, state.views.limits.selected)?;
        Some(format!("{}\t{row}", text.id))
    }

    fn formats(state: &State) -> Vec<FileFormat> {
        let there = state.views.limits.shown.as_ref().is_some_and(|shown| shown.limits.is_ok());
        if there { vec![FileFormat::Csv, FileFormat::Json, FileFormat::Markdown] } else { Vec::new() }
    }

    fn export(state: &State, format: FileFormat) -> Option<String> {
        let found = state.views.limits.shown.as_ref()?.limits.as_ref().ok()?;
        let case = &state.work.case()?;
        match format {
            FileFormat::Csv => Some(rows::tiers(&found.products, case).to_csv()),
            FileFormat::Json => Some(rows::to_json(found, case)),
            FileFormat::Markdown => Some(rows::to_markdown(found, case)),
            FileFormat::Svg => None,
        }
    }
}

/// Returns the product that is shown.
fn product(state: &State) -> Option<(&ProductLimits, &ProductText)> {
    let shown = state.views.limits.shown.as_ref()?;
    let at = state.views.limits.product;
    Some((shown.limits.as_ref().ok()?.products.get(at)?, shown.products.get(at)?))
}

/// Returns the tier that is selected.
fn selected(state: &State) -> Option<&TierRow> {
    product(state)?.0.tiers.get(state.views.limits.selected)
}

fn turn(state: &mut State, direction: Direction) {
    let count = state.views.limits.shown.as_ref().map_or(0, |shown| shown.products.len());
    if count < 2 {
        return state.note("the design calls no other product that has limits or boxes");
    }
    let step = if direction == On { 1 } else { count - 1 };
    let quotas = &mut state.views.limits;
    quotas.product = (quotas.product + step) % count;
    (quotas.selected, quotas.first) = (0, 0);
}

/// Moves the peak factor one step; it can be taken back.
fn change_peak(state: &mut State, direction: Direction) {
    let facts = Param::PeakFactor.facts();
    let from = state.work.scenario().numbers.value(Param::PeakFactor);
    let to = nudge(facts, from, direction, Stride::Fine);
    if to == from {
        return state.note(format!("{} ends at {}", facts.label, present::parameter(facts, to)));
    }
    let changed = state.change(|scenario| {
        scenario.put(Param::PeakFactor, to, Origin::Override);
        Ok(())
    });
    if changed {
        state.note(format!("{} {}; u takes it back", facts.label, present::parameter(facts, to)));
    }
}

/// Names the selected tier as the customer's of that vendor; where it is already, none is named any more.
fn take_tier(state: &mut State) {
    let Some((tier, own)) = selected(state).map(|tier| (tier.limit.tier.clone(), tier.is_own)) else {
        return state.note("there is no tier to take");
    };
    let Some((product, _)) = product(state) else { return };
    let catalog = state.work.catalog();
    let vendor = catalog.vendors[catalog.product(product.product).vendor].id.clone();
    let named = |text: &str| text.split_once('=').map_or("", |(vendor, _)| vendor.trim()).to_owned();
    let is_other =
        |known: &Named| catalog.find_vendor(&named(&known.text)).map_or(true, |found| found.id != vendor);
    let mut tiers: Vec<Named> =
        state.work.scenario().tiers.iter().filter(|known| is_other(known)).cloned().collect();
    if !own {
        tiers.push(Named::from_flag(&format!("{vendor}={tier}"), "limits.tiers"));
    }
    let edit = |scenario: &mut Scenario| -> Result<(), Fault> {
        scenario.tiers = tiers;
        Ok(())
    };
    if state.change(edit) {
        let said =
            if own { format!("{vendor}: no tier is yours") } else { format!("{vendor}: {tier} is yours") };
        state.note(format!("{said}; u takes it back"));
    }
}
