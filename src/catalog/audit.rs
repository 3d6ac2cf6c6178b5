//! What looks wrong in tables that load: old prices, days without one, and prices that are out of proportion.
//!
//! A finding is a suspicion, not a fault: prices do jump. Those about the size of a price are silenced by
//! `unit_checked = true` on its card. The day is an argument; nothing here asks the clock or reads a file.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::load::Places;
use super::rate::Rate;
use super::{Catalog, Meter, PriceCard, Product, ProductId, Service};
use crate::diagnostic::{Diagnostic, Fault, word_for};
use crate::units::Currency;

/// Days between release and first price that are no finding: tables often have only the month.
pub const LATE_AFTER_DAYS: i32 = 31;

/// Factor between neighbouring prices of one meter from which a slip of the unit is likelier than a change.
pub const JUMP: u32 = 10;

/// Factor between the input and another meter of tokens on one card that no vendor charges.
pub const OUT_OF_PROPORTION: u32 = 1000;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// The price in force was checked long ago.
    Stale,
    /// Days between two cards that no card covers.
    Gap,
    /// The first card begins long after the release.
    Late,
    /// On sale, with no card in force and no note.
    Unpriced,
    /// A card ends after the next one begins.
    Overlap,
    /// Checked on a day that has not come.
    Future,
    /// Quoted in a currency of which no exchange rate is known.
    Currency,
    /// A price far from the one before it.
    Jump,
    /// A price far from that of the input.
    Proportion,
    /// Cached tokens dearer than plain ones.
    Cached,
    /// A batch dearer than the ordinary call.
    Batch,
    /// A price of cache writes that no cache rule uses.
    Unwritten,
}

impl Check {
    /// The words for the checks in JSON.
    pub const WORDS: &'static [(&'static str, Check)] = &[
        ("stale", Check::Stale),
        ("gap", Check::Gap),
        ("late", Check::Late),
        ("unpriced", Check::Unpriced),
        ("overlap", Check::Overlap),
        ("future", Check::Future),
        ("currency", Check::Currency),
        ("jump", Check::Jump),
        ("proportion", Check::Proportion),
        ("cached", Check::Cached),
        ("batch", Check::Batch),
        ("unwritten", Check::Unwritten),
    ];

    /// Returns the word for the check.
    pub fn word(self) -> &'static str {
        word_for(self, Check::WORDS)
    }

    /// Returns what is counted, one and many, for a summary.
    pub fn labels(self) -> (&'static str, &'static str) {
        match self {
            Check::Stale => ("old price", "old prices"),
            Check::Gap => ("gap between prices", "gaps between prices"),
            Check::Late => ("late first price", "late first prices"),
            Check::Unpriced => ("product on sale without a price", "products on sale without a price"),
            Check::Overlap => ("overlap of prices", "overlaps of prices"),
            Check::Future => ("check on a day to come", "checks on days to come"),
            Check::Currency => ("currency without an exchange rate", "currencies without an exchange rate"),
            Check::Jump => ("jump of a price", "jumps of prices"),
            Check::Proportion => ("price out of proportion", "prices out of proportion"),
            Check::Cached => ("cached price above the plain one", "cached prices above the plain ones"),
            Check::Batch => ("batch price above the plain one", "batch prices above the plain ones"),
            Check::Unwritten => {
                ("price of cache writes that no rule uses", "prices of cache writes that no rule uses")
            }
        }
    }

    /// Returns whether it is about the size of a price, so that `unit_checked` silences it.
    fn is_about_size(self) -> bool {
        matches!(self, Check::Jump | Check::Proportion | Check::Cached | Check::Batch)
    }
}

/// Something worth a look in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub check: Check,
    /// The product.
    pub product: ProductId,
    /// First day of the card that it is about; `None` where the product has none.
    pub from: Option<Date>,
    /// Service class of the price that it is about.
    pub service: Service,
    /// Key of the table that it is about.
    pub key: Option<&'static str>,
    /// What looks wrong.
    pub text: String,
    /// What to do.
    pub remedy: &'static str,
}

impl Finding {
    /// Returns the finding as a warning at its place; a table that is not at hand is named as a whole.
    pub fn diagnostic(&self, catalog: &Catalog, places: &Places<'_>) -> Diagnostic {
        let product = catalog.product(self.product);
        let place = places.price(&product.price_file, product.short_id(), self.from, self.service, self.key);
        let fault = Fault::Suspicious { message: self.text.clone(), remedy: self.remedy.to_owned() };
        Diagnostic::warning(place, fault)
    }
}

/// Looks at every product on a day.
pub fn audit(catalog: &Catalog, today: Date) -> Vec<Finding> {
    catalog.iter().flat_map(|(id, _)| of_product(catalog, id, today)).collect()
}

/// Looks at one product on a day.
pub fn of_product(catalog: &Catalog, id: ProductId, today: Date) -> Vec<Finding> {
    let product = catalog.product(id);
    let mut audit = Audit { catalog, today, id, product, found: Vec::new() };
    audit.dates();
    audit.standing();
    product.prices.iter().filter(|card| !card.withdrawn).for_each(|card| audit.card(card));
    audit.found
}

/// One product under audit.
struct Audit<'a> {
    catalog: &'a Catalog,
    today: Date,
    id: ProductId,
    product: &'a Product,
    found: Vec<Finding>,
}

impl Audit<'_> {
    /// Keeps a finding about a card. Cards of several regions that come from one entry have it once.
    fn keep(
        &mut self,
        check: Check,
        card: &PriceCard,
        key: &'static str,
        text: String,
        remedy: &'static str,
    ) {
        self.keep_of(check, card, Service::Standard, key, text, remedy);
    }

    fn keep_of(
        &mut self,
        check: Check,
        card: &PriceCard,
        service: Service,
        key: &'static str,
        text: String,
        remedy: &'static str,
    ) {
        if check.is_about_size() && card.unit_checked {
            return;
        }
        let (product, from, key) = (self.id, Some(card.from), Some(key));
        let text = format!("`{}`: {text}", self.product.id);
        let known = |other: &Finding| {
            (other.check, other.from, other.key, other.service) == (check, from, key, service)
        };
        if !self.found.iter().any(known) {
            self.found.push(Finding { check, product, from, service, key, text, remedy });
        }
    }

    /// Looks at the order of the cards of each region.
    fn dates(&mut self) {
        let product = self.product;
        let cards: Vec<&PriceCard> = product.prices.iter().filter(|card| !card.withdrawn).collect();
        self.first(cards.first().copied());
        let mut regions: Vec<Option<&str>> = cards.iter().map(|card| card.region.as_deref()).collect();
        regions.sort();
        regions.dedup();
        let has_default = regions.contains(&None);
        for region in regions {
            let of_region: Vec<&PriceCard> =
                cards.iter().copied().filter(|card| card.region.as_deref() == region).collect();
            for pair in of_region.windows(2) {
                self.neighbours(pair[0], pair[1], region.is_some() && has_default);
            }
        }
    }

    fn first(&mut self, first: Option<&PriceCard>) {
        let (Some(released), Some(first)) = (self.product.released, first) else { return };
        let days = (first.from - released).get_days();
        if days > LATE_AFTER_DAYS && self.product.note.is_none() && first.note.is_none() {
            let text = format!("no price is known from its release on {released} until {}", first.from);
            self.keep(
                Check::Late,
                first,
                "from",
                text,
                "add the price of those days, or a note that says why none is known",
            );
        }
    }

    /// Looks at two cards of which one follows the other; days without a card of a region are those of the default.
    fn neighbours(&mut self, earlier: &PriceCard, later: &PriceCard, has_default: bool) {
        if let Some(until) = earlier.until.filter(|until| *until < later.from && !has_default) {
            let text = format!("no price holds from {until} until {}", later.from);
            self.keep(Check::Gap, earlier, "until", text, "add the price of those days, or correct until");
        }
        if let Some(until) = earlier.until.filter(|until| *until > later.from) {
            let text = format!(
                "the price from {} ends on {until}, but another holds from {} on",
                earlier.from, later.from
            );
            let remedy = "correct until, or the first day of the price that follows";
            self.keep(Check::Overlap, earlier, "until", text, remedy);
        }
        if !earlier.unit_checked {
            self.jumps(earlier, later);
        }
    }

    fn jumps(&mut self, earlier: &PriceCard, later: &PriceCard) {
        let Some(base) = later.cells.first() else { return };
        for (meter, rate) in &base.rates {
            let Some(before) = earlier.base_rate(*meter) else { continue };
            let Some((old, new)) = self.in_dollars((earlier, before), (later, *rate)) else { continue };
            let Some(factor) = apart(new, old).filter(|factor| *factor >= JUMP.into()) else { continue };
            let text = format!(
                "{} of {}/{} is {} the {}/{} before",
                rate.key.key,
                shown(*rate, later.currency),
                rate.key.unit,
                times(factor, new < old),
                shown(before, earlier.currency),
                before.key.unit
            );
            self.keep(Check::Jump, later, rate.key.key, text, CHECK_THE_UNIT);
        }
    }

    /// Returns two prices of one meter in dollars for the same number of units, at the rate of the later card's day.
    fn in_dollars(
        &self,
        earlier: (&PriceCard, Rate),
        later: (&PriceCard, Rate),
    ) -> Option<(Decimal, Decimal)> {
        let day = later.0.from;
        let (per_earlier, per_later) =
            if earlier.1.key == later.1.key { (1, 1) } else { (earlier.1.key.per, later.1.key.per) };
        let dollars = |(card, rate): (&PriceCard, Rate), units: u64| {
            let conversion = self.catalog.exchange.conversion(card.currency, Currency::USD, day)?;
            rate.price.exact.checked_mul(conversion.factor.exact)?.checked_mul(units.into())
        };
        dollars(earlier, per_later).zip(dollars(later, per_earlier))
    }

    /// Looks at what is in force today.
    fn standing(&mut self) {
        let (product, today) = (self.product, self.today);
        if product.is_retired(today) || product.released.is_some_and(|released| released > today) {
            return;
        }
        let mut any = false;
        for card in &product.prices {
            let held = self.catalog.price_on(self.id, today, card.region.as_deref());
            if held.is_ok_and(|held| held == card) {
                any = true;
                self.stale(card);
            }
        }
        let to_come = product.prices.first().is_some_and(|first| first.from > today);
        if !any && !to_come && product.note.is_none() {
            self.unpriced();
        }
    }

    fn stale(&mut self, card: &PriceCard) {
        if card.is_stale(self.today) {
            let text = format!("checked on {}, {} days ago", card.checked, card.age_in_days(self.today));
            let remedy = "compare it with its source, and write that day into checked";
            self.keep(Check::Stale, card, "checked", text, remedy);
        }
    }

    fn unpriced(&mut self) {
        let text = format!("on sale, but no price is in force on {}", self.today);
        let remedy = "add the price that holds, the day on which it was retired, or a note that says why there is none";
        match self.product.prices.last() {
            Some(last) => self.keep(Check::Unpriced, last, "from", text, remedy),
            None => self.found.push(Finding {
                check: Check::Unpriced,
                product: self.id,
                from: None,
                service: Service::Standard,
                key: None,
                text: format!("`{}`: {text}", self.product.id),
                remedy,
            }),
        }
    }

    /// Looks at one card by itself.
    fn card(&mut self, card: &PriceCard) {
        if card.checked > self.today {
            let text = format!("checked on {}, which is still to come", card.checked);
            self.keep(
                Check::Future,
                card,
                "checked",
                text,
                "write the day on which it was compared with its source",
            );
        }
        self.currency(card);
        self.proportions(card);
        self.cached(card);
        self.batch(card);
        self.unwritten(card);
    }

    /// A rule that does not say what a write is billed as takes plain input, while the card has a price for writes.
    fn unwritten(&mut self, card: &PriceCard) {
        let (Some(base), false) = (card.cells.first(), self.product.caches.is_empty()) else { return };
        let used = |meter: Meter| self.product.caches.iter().any(|rule| rule.write == meter);
        let Some(rate) = base.rate(Meter::CacheWrite).filter(|_| !used(Meter::CacheWrite)) else { return };
        if base.rate(Meter::Input).is_some_and(|input| input.price.exact != rate.price.exact) {
            let text = format!(
                "cache writes cost {}, and no [[product.cache]] says write = \"cache_write\"",
                shown(rate, card.currency)
            );
            let remedy = "write it in the rule that pays this price, or leave the price out";
            self.keep(Check::Unwritten, card, rate.key.key, text, remedy);
        }
    }

    fn currency(&mut self, card: &PriceCard) {
        if !self.catalog.exchange.knows(card.currency) {
            let text = format!("no exchange rate of {} is known, so nothing compares with it", card.currency);
            let remedy = "write the code that others use, such as CNY for yuan, or add an [[exchange_rate]]";
            self.keep(Check::Currency, card, "currency", text, remedy);
        }
    }

    fn proportions(&mut self, card: &PriceCard) {
        let (Some(base), Some(input)) = (card.cells.first(), card.base_rate(Meter::Input)) else { return };
        let of_tokens = |meter: Meter| meter.is_prompt() || meter.is_answer();
        for (meter, rate) in base.rates.iter().filter(|(meter, _)| of_tokens(*meter)) {
            let factor = apart(rate.price.exact, input.price.exact);
            if let Some(factor) = factor.filter(|factor| *factor >= OUT_OF_PROPORTION.into()) {
                let text = format!(
                    "{} of {} is {} the input of {}",
                    meter.label(),
                    shown(*rate, card.currency),
                    times(factor, rate.price.exact < input.price.exact),
                    shown(input, card.currency)
                );
                self.keep(Check::Proportion, card, rate.key.key, text, CHECK_THE_UNIT);
            }
        }
    }

    fn cached(&mut self, card: &PriceCard) {
        const PAIRS: [(Meter, Meter); 4] = [
            (Meter::CachedInput, Meter::Input),
            (Meter::ExplicitCachedInput, Meter::Input),
            (Meter::CachedAudio, Meter::InputAudio),
            (Meter::CachedImage, Meter::InputImage),
        ];
        for cell in &card.cells {
            for (cached, plain) in PAIRS {
                let Some((cached, plain)) = cell.rate(cached).zip(cell.rate(plain)) else { continue };
                if cached.price.exact > plain.price.exact {
                    let text = dearer(card, cached, plain, plain.key.meter.label());
                    let service = cell.condition.service;
                    self.keep_of(Check::Cached, card, service, cached.key.key, text, CHECK_BOTH);
                }
            }
        }
    }

    fn batch(&mut self, card: &PriceCard) {
        let waits = |service: Service| matches!(service, Service::Batch | Service::Flex);
        for cell in card.cells.iter().filter(|cell| waits(cell.condition.service)) {
            let service = cell.condition.service;
            let mut ordinary = cell.condition.clone();
            ordinary.service = Service::Standard;
            let Some(standard) = card.cells.iter().find(|cell| cell.condition == ordinary) else { continue };
            for (meter, rate) in &cell.rates {
                let Some(plain) = standard.rate(*meter) else { continue };
                if rate.price.exact > plain.price.exact && rate.key == plain.key {
                    let text =
                        format!("{}: {}", service.word(), dearer(card, *rate, plain, "the ordinary call"));
                    self.keep_of(Check::Batch, card, service, rate.key.key, text, CHECK_BOTH);
                }
            }
        }
    }
}

const CHECK_THE_UNIT: &str = "check the unit on the vendor's page, or write unit_checked = true";
const CHECK_BOTH: &str = "check both on the vendor's page, or write unit_checked = true";

/// Returns how many times the larger of two prices is the smaller; `None` where one of them is nothing.
fn apart(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.max(b).checked_div(a.min(b))
}

/// Says a factor with at most one decimal: `12 times`, or `1/12 of` where the price fell.
fn times(factor: Decimal, smaller: bool) -> String {
    let factor = factor.round_dp(1).normalize();
    if smaller { format!("1/{factor} of") } else { format!("{factor} times") }
}

fn shown(rate: Rate, currency: Currency) -> String {
    format!("{} {currency}", rate.price.exact.normalize())
}

fn dearer(card: &PriceCard, rate: Rate, plain: Rate, than: &str) -> String {
    let (dear, cheap) = (shown(rate, card.currency), shown(plain, card.currency));
    format!("{} of {dear} is dearer than {than} at {cheap}", rate.key.key)
}
