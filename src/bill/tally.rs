//! What designs cost in `f64`, added up while their calls are written down: the path of sweeps and simulations.
//!
//! It charges what [`rate`](super::rating::rate) charges for the same calls, and a property test holds the two together.
//! `Tariff` asks the price card once for the price of every meter, in every band of input sizes between two tiers,
//! through the same rule that bills use; a call then costs a look-up and a multiplication for each meter. What cannot be
//! said so, because it depends on the quantity of a month or of a call, makes [`Tariffs::are_plain`] false, and the
//! general path has to be taken: quantities that a plan includes, graduated tiers, agreements with vendors.

use super::price_book::{OwnBasis, OwnRate, PriceBook};
use super::rating::{Sum, mean_unit_cost, unit_cost};
use crate::catalog::rate::{Basis, CallContext, Moment, Tier};
use crate::catalog::{Meter, PriceCard, ProductId, Service};
use crate::usage::hosting::Hosted;
use crate::usage::{Calls, Frame, Recurrence, Step};

/// Number of meters.
const METERS: usize = Meter::ALL.len();

/// Prices of one base unit of each meter, for calls whose input lies between two tiers; not-a-number where unknown.
#[derive(Debug, Clone)]
struct Band {
    /// Where the band begins; `None` for the first.
    tier: Option<Tier>,
    unit: [f64; METERS],
    /// Fee for a request beside what it uses.
    request: f64,
}

/// What decides which prices of a product hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    product: ProductId,
    service: Service,
    /// An extra call by its place, which may have a variant of its own.
    extra: Option<u8>,
    /// Whether the answer is thought out.
    reasons: bool,
}

/// The prices of one product for one kind of call.
#[derive(Debug, Clone)]
struct Tariff {
    key: Key,
    bands: Vec<Band>,
    /// Least that a month of the product costs.
    minimum: f64,
    /// Place of the product among hosted models.
    host: Option<usize>,
    /// What a month has come to.
    spent: Spent,
    /// What of that is for preparing the corpora.
    prepared: Spent,
}

/// What a month of a product has come to, and whether anything was called in it.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    monthly: f64,
    used: bool,
}

/// A model on hardware of the user's own, with the seconds for which it was busy.
#[derive(Debug, Clone, Copy)]
struct Host {
    facts: Hosted,
    busy: Busy,
    /// What of that is for preparing the corpora.
    prepared: Busy,
}

/// Busy seconds of a hosted model; `None` where it was not called.
#[derive(Debug, Clone, Copy, Default)]
struct Busy {
    monthly: Option<f64>,
    once: Option<f64>,
}

/// The prices of all products that a design calls, asked for once.
#[derive(Debug, Clone)]
pub struct Tariffs<'b> {
    book: &'b PriceBook<'b>,
    moment: Moment,
    known: Vec<Tariff>,
    hosts: Vec<Host>,
    own: Own,
    plain: bool,
    /// What preparing the corpora comes to, where that was added up already.
    prepared: Option<Counted>,
}

/// What has been added up.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    sum: Sum,
    pays_minimum: bool,
}

/// Costs of the user's own.
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    monthly: f64,
    one_off: f64,
    per_request: f64,
}

impl<'b> Tariffs<'b> {
    /// Begins with no price known; each is asked for when its product is first called.
    pub fn new(book: &'b PriceBook<'b>, hosts: &[Hosted], own: &[OwnRate]) -> Tariffs<'b> {
        let plain = !book.has_agreements();
        let idle = Busy::default();
        let hosts = hosts.iter().map(|facts| Host { facts: *facts, busy: idle, prepared: idle }).collect();
        let (moment, own) = (book.moment, own_costs(book, own));
        Tariffs { book, moment, known: Vec::new(), hosts, own, plain, prepared: None }
    }

    /// Takes the prices of calls that are made at other hours.
    pub fn move_to(&mut self, moment: Moment) {
        if self.moment != moment {
            self.moment = moment;
            self.known.clear();
            self.prepared = None;
        }
    }

    /// Takes other numbers of the models on hardware of the user's own.
    pub fn renumber(&mut self, hosts: &[Hosted]) {
        for (host, facts) in self.hosts.iter_mut().zip(hosts) {
            host.facts = *facts;
        }
        self.prepared = None;
    }

    /// Returns whether every cost can be added up call by call.
    pub fn are_plain(&self) -> bool {
        self.plain
    }

    /// Forgets what preparing the corpora came to, because a number changed that it may depend on.
    #[inline]
    pub fn prepare_anew(&mut self) {
        self.prepared = None;
    }

    /// Returns the place of the prices that hold for a call.
    #[inline]
    fn place(&mut self, key: Key) -> usize {
        match self.known.iter().position(|tariff| tariff.key == key) {
            Some(at) => at,
            None => self.ask(key),
        }
    }

    /// Asks the price book for the prices of a product.
    #[cold]
    fn ask(&mut self, key: Key) -> usize {
        let priced = self.book.card(key.product);
        let variant = self.book.variant(key.extra, key.reasons, priced.ok().map(|(card, _)| card));
        let (bands, minimum) = match priced {
            Err(_) => (vec![Band { tier: None, unit: [f64::NAN; METERS], request: 0.0 }], 0.0),
            Ok((card, factor)) => {
                let serves = card.serves(key.service);
                let service = if serves { key.service } else { Service::Standard };
                self.plain &= card.included.is_empty() && !has_graduated(card);
                let call = CallContext { service, moment: self.moment, variant, input_tokens: 0.0 };
                let minimum = card.minimum_per_month.map_or(0.0, |price| unit_cost(price, factor.float, 1));
                (bands(card, factor.float, call), minimum)
            }
        };
        let host = self.hosts.iter().position(|host| host.facts.product == key.product);
        let nothing = Spent::default();
        self.known.push(Tariff { key, bands, minimum, host, spent: nothing, prepared: nothing });
        self.known.len() - 1
    }
}

fn own_costs(book: &PriceBook<'_>, own: &[OwnRate]) -> Own {
    let mut sum = Own::default();
    for rate in own {
        let factor = book.factor(rate.currency).map_or(f64::NAN, |factor| factor.float);
        let cost = unit_cost(rate.price, factor, 1);
        match rate.basis {
            OwnBasis::Month => sum.monthly += cost,
            OwnBasis::Once => sum.one_off += cost,
            OwnBasis::Request => sum.per_request += cost,
        }
    }
    sum
}

/// Returns whether a price depends on the quantity of a call.
fn has_graduated(card: &PriceCard) -> bool {
    card.cells.iter().any(|cell| cell.condition.tier.is_some_and(|tier| tier.basis == Basis::Excess))
}

/// Returns the meters that a card may have a price for, its own or that of the meter they are billed as.
fn priced_meters(card: &PriceCard) -> Vec<Meter> {
    let mut printed = [false; METERS];
    for (meter, _) in card.cells.iter().flat_map(|cell| &cell.rates) {
        printed[*meter as usize] = true;
    }
    let is_printed = |meter: Meter| printed[meter as usize];
    let may_be_priced = |meter: &Meter| is_printed(*meter) || meter.billed_as().is_some_and(is_printed);
    Meter::ALL.iter().copied().filter(may_be_priced).collect()
}

/// Works out the prices of every meter in every band between two tiers.
fn bands(card: &PriceCard, factor: f64, call: CallContext<'_>) -> Vec<Band> {
    let mut tiers: Vec<Tier> = card.cells.iter().filter_map(|cell| cell.condition.tier).collect();
    tiers.sort_by(|a, b| {
        (a.threshold, !a.inclusive)
            .partial_cmp(&(b.threshold, !b.inclusive))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    tiers.dedup();
    let meters = priced_meters(card);
    let band = |tier: Option<Tier>| {
        // The smallest input of the band stands for all of it.
        let input_tokens = match tier {
            None => 0.0,
            Some(tier) if tier.inclusive => tier.threshold,
            Some(tier) => tier.threshold.next_up(),
        };
        let call = CallContext { input_tokens, ..call };
        let mut unit = [f64::NAN; METERS];
        for meter in &meters {
            let cost = mean_unit_cost(&card.segments(*meter, 1.0, &call), factor);
            unit[*meter as usize] = cost.unwrap_or(f64::NAN);
        }
        // A class may leave out a fee that ordinary calls pay; it is then unknown, as in a bill.
        let ordinary = CallContext { service: Service::Standard, ..call };
        let charged = !card.segments(Meter::Requests, 1.0, &ordinary).is_empty();
        let request = if charged { unit[Meter::Requests as usize] } else { 0.0 };
        Band { tier, unit, request }
    };
    std::iter::once(None).chain(tiers.into_iter().map(Some)).map(band).collect()
}

/// Adds up the cost of a design while its calls are written down.
pub struct Tally<'t, 'b> {
    tariffs: &'t mut Tariffs<'b>,
    frame: Frame,
    counted: Counted,
    is_prepared: bool,
}

impl<'t, 'b> Tally<'t, 'b> {
    /// Begins to add up: with what preparing the corpora comes to, where that was kept, else with nothing.
    #[inline]
    pub fn new(tariffs: &'t mut Tariffs<'b>) -> Tally<'t, 'b> {
        let is_prepared = tariffs.prepared.is_some();
        for tariff in &mut tariffs.known {
            tariff.spent = if is_prepared { tariff.prepared } else { Spent::default() };
        }
        for host in &mut tariffs.hosts {
            host.busy = if is_prepared { host.prepared } else { Busy::default() };
        }
        let counted = tariffs.prepared.unwrap_or_default();
        Tally { tariffs, frame: Frame::default(), counted, is_prepared }
    }

    /// Returns whether the corpora are prepared already.
    pub fn is_prepared(&self) -> bool {
        self.is_prepared
    }

    /// Keeps what was added up so far, all of it for preparing the corpora, for the tallies that follow.
    pub fn keep_prepared(&mut self) {
        for tariff in &mut self.tariffs.known {
            tariff.prepared = tariff.spent;
        }
        for host in &mut self.tariffs.hosts {
            host.prepared = host.busy;
        }
        self.tariffs.prepared = Some(self.counted);
        self.is_prepared = true;
    }

    /// Adds what does not belong to single calls, and returns the sums.
    #[inline]
    pub fn close(mut self, requests: f64) -> Sum {
        for at in 0..self.tariffs.hosts.len() {
            self.close_host(at);
        }
        if self.counted.pays_minimum {
            self.top_up();
        }
        let own = self.tariffs.own;
        let Sum { monthly, one_off, .. } = self.counted.sum;
        let (monthly, one_off) = (monthly + own.monthly + own.per_request * requests, one_off + own.one_off);
        Sum { monthly, one_off, incomplete: monthly.is_nan() || one_off.is_nan() }
    }

    fn close_host(&mut self, at: usize) {
        let Host { facts, busy, .. } = self.tariffs.hosts[at];
        self.frame = Frame::default();
        let parts = [
            (Recurrence::Monthly, Step::Host, busy.monthly),
            (Recurrence::OneOff, Step::HostIndex, busy.once),
        ];
        for (recurrence, step, seconds) in parts {
            if let Some(seconds) = seconds {
                let hours = facts.gpu_hours(seconds, recurrence);
                self.call(step, facts.gpu, (1.0, 1.0), recurrence, &[(Meter::GpuHours, hours)]);
            }
        }
    }

    /// Adds what is missing to the monthly minimums of the products that were called.
    fn top_up(&mut self) {
        let known = &self.tariffs.known;
        let pays = |(_, tariff): &(usize, &Tariff)| tariff.spent.used && tariff.minimum > 0.0;
        for (at, tariff) in known.iter().enumerate().filter(pays) {
            let product = tariff.key.product;
            let same = |other: &&Tariff| other.key.product == product;
            if known[..at].iter().any(|earlier| same(&earlier) && earlier.spent.used) {
                continue;
            }
            let spent: f64 = known.iter().filter(same).map(|other| other.spent.monthly).sum();
            self.counted.sum.monthly += (tariff.minimum - spent).max(0.0);
        }
    }
}

impl Calls for Tally<'_, '_> {
    fn enter(&mut self, frame: Frame) {
        self.frame = frame;
    }

    fn call(
        &mut self,
        step: Step,
        product: ProductId,
        (calls, share): (f64, f64),
        recurrence: Recurrence,
        quantities: &[(Meter, f64)],
    ) {
        let count = calls * self.frame.attempts_of(step) * share;
        if count.is_nan() || count <= 0.0 {
            return;
        }
        let service = self.frame.service_of(step);
        let extra = if let Step::Extra(at) = step { Some(at) } else { None };
        let reasons =
            quantities.iter().any(|(meter, quantity)| *meter == Meter::Reasoning && *quantity > 0.0);
        let at = self.tariffs.place(Key { product, service, extra, reasons });
        let tariff = &mut self.tariffs.known[at];
        if let Some(host) = tariff.host.filter(|_| Hosted::serves(quantities)) {
            if quantities.iter().any(|(_, quantity)| *quantity > 0.0) {
                let host = &mut self.tariffs.hosts[host];
                let seconds = count * host.facts.seconds(quantities);
                let busy = &mut host.busy;
                let sum = if recurrence == Recurrence::Monthly { &mut busy.monthly } else { &mut busy.once };
                *sum = Some(sum.unwrap_or(0.0) + seconds);
            }
            return;
        }
        let mut band = &tariff.bands[0];
        if tariff.bands.len() > 1 {
            let prompt = quantities.iter().filter(|(meter, _)| meter.is_prompt());
            let input: f64 = prompt.map(|(_, quantity)| quantity).sum();
            for higher in &tariff.bands[1..] {
                if higher.tier.is_some_and(|tier| tier.holds(input)) {
                    band = higher;
                }
            }
        }
        let (mut cost, mut any, mut requests) = (0.0, false, 0.0);
        for (meter, quantity) in quantities {
            if *quantity > 0.0 {
                if *meter == Meter::Requests {
                    requests = *quantity;
                    continue;
                }
                any = true;
                cost += quantity * band.unit[*meter as usize];
            }
        }
        if any {
            // A call counts as one request unless it says how many it is; beside other meters they need no price.
            let of_call = if requests == 0.0 && step.is_model_call() { 1.0 } else { requests };
            cost += of_call * band.request;
        } else if requests > 0.0 {
            cost = requests * band.unit[Meter::Requests as usize];
        } else {
            return;
        }
        let amount = cost * count;
        match recurrence {
            Recurrence::Monthly => {
                tariff.spent.used = true;
                tariff.spent.monthly += amount;
                self.counted.sum.monthly += amount;
            }
            Recurrence::OneOff => self.counted.sum.one_off += amount,
        }
    }

    fn pay_minimum(&mut self) {
        self.counted.pays_minimum = true;
    }
}
